//! The page, through real sockets.

mod routes;
mod support;
