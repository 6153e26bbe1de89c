//! Being watched: what is counted, what is under way, what stalls. Never who was screened.
//!
//! # Layout
//!
//! * `metrics`: every number there is, by the names that Prometheus knows.
//! * `calls`: each call from its first byte to its last: counted, timed, cut where it stalls.
//! * `spans`: a span for each call, for traces; part of the caller's own where it has one.
//! * `export`: the numbers as text, and the numbers that are looked up only when somebody asks.
//!
//! Labels are methods, codes, lists and strengths: sets that the operator knows, nothing that a caller sends.

pub(super) mod calls;
mod export;
mod metrics;
mod spans;

pub(super) use export::{Exporter, listen, page};
pub use metrics::Metrics;
pub use spans::CALL_SPANS;
pub(super) use spans::span_of;
