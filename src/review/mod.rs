//! What is kept of screening: the audit trail, suspected matches and the decisions on them.
//!
//! # Layout
//!
//! * [`monitor`]: people and institutions under watch, and alerts when a list changes.
//! * [`store`]: one database, a SQLite file in the data folder or PostgreSQL; one schema for both.
//! * [`Occasion`]: why and for whom something is screened.
//! * [`audit`]: the trail, append-only and chained by hashes; [`audit::Recorder`] writes it.
//! * [`queue`]: suspected matches, what people decide on them, and what is remembered of that.
//! * [`privacy`]: retention, erasure, and what is handed out to those who were screened.
//! * [`Records`]: all of it, opened.
//!
//! # Invariants
//!
//! * An answer that is to be recorded leaves after its record has been synced to disk, or it says that it was
//!   not recorded.
//! * Records are never changed and never deleted; their personal contents can go, and the trail still verifies.
//! * A decision, its history and its record are written together or not at all.
//! * Personal data lies in the store and nowhere else: nothing of it reaches a log, a metric, a trace or an
//!   error text.

pub mod audit;
mod fold;
pub mod monitor;
mod occasion;
pub mod privacy;
pub mod queue;
mod records;
pub mod store;
#[cfg(test)]
pub(crate) mod testing;

pub(in crate::review) use fold::fold_name;
pub use occasion::{NO_PURPOSE, Occasion, OccasionError, TEST_PURPOSE, check_reference};
pub use records::{OnFailure, Records};
