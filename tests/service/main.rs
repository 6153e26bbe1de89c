//! The gRPC service through real sockets.

mod discovery;
mod support;
mod without_lists;
