//! The gRPC service through real sockets.

mod discovery;
mod limits;
mod reading;
mod reload;
mod shutdown;
mod support;
mod without_lists;
