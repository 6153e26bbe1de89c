//! What is kept of screening: the audit trail, suspected matches and the decisions on them.
//!
//! # Layout
//!
//! * [`store`]: one database, a SQLite file in the data folder or PostgreSQL; one schema for both.
//! * [`Occasion`]: why and for whom something is screened.
//!
//! # Invariants
//!
//! * Personal data lies in the store and nowhere else: nothing of it reaches a log, a metric, a trace or an
//!   error text.

mod occasion;
pub mod store;
#[cfg(test)]
pub(crate) mod testing;

pub use occasion::{NO_PURPOSE, Occasion, OccasionError, TEST_PURPOSE};
