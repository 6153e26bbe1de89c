//! The page, through real sockets.

mod api;
mod driver;
mod foreign;
mod forms;
mod grpc_web;
mod review;
mod routes;
mod search;
mod story;
mod support;
mod watched;
