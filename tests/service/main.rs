//! The gRPC service through real sockets.

mod access;
mod cases;
mod discovery;
mod foreign;
mod http;
mod idp;
mod limits;
mod login;
mod metrics;
mod monitor;
mod reading;
mod records;
mod reload;
mod screening;
mod shutdown;
mod stale;
mod strain;
mod stream;
mod support;
mod tls;
mod without_lists;
