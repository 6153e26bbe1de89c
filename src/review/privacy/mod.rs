//! The rights of those who were screened: what is kept no longer than needed, handed out and erased on request.
//!
//! Only contents go. Heads and hashes of records stay, so that the trail verifies; each purge and erasure is a
//! record itself and says how many parts it removed, which `audit::verify` holds against what is missing.

mod person;
mod purge;
#[cfg(test)]
mod tests;

pub use person::{Disclosure, Erased, Person, PrivacyError, Seen, Watched, disclose, erase};
pub use purge::{DEFAULT_DAYS, Purged, Retention, purge};
