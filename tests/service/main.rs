//! The gRPC service through real sockets.

mod cases;
mod discovery;
mod foreign;
mod limits;
mod monitor;
mod reading;
mod records;
mod reload;
mod screening;
mod shutdown;
mod stream;
mod support;
mod without_lists;
