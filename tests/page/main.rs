//! The page, through real sockets.

mod api;
mod driver;
mod foreign;
mod forms;
mod grpc_web;
#[path = "../service/idp.rs"]
mod idp;
mod login;
mod review;
mod routes;
mod search;
mod story;
mod support;
mod watched;
