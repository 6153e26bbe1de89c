//! The audit trail: what was asked and answered, append-only, with a hash chain.
//!
//! A record has a *head*, which is kept for ever, and *contents*, which can be erased. The head says who asked,
//! when, for what purpose, on which lists and with what outcome in numbers; of the contents (subjects, hits,
//! evidence) it holds one salted hash per part. Each record's hash covers the hash before it, its number and
//! its head. So contents can go and the chain still verifies; and nobody learns from a hash who it was of, since
//! the salt goes with the contents.
//!
//! One task writes ([`Recorder`]): all that waits goes into one transaction, and an answer leaves only after
//! it has been committed. Whoever is told of an answer finds it in the trail, also after a power cut.
//!
//! What a chain cannot show is that its end was cut off. `zeef audit verify` prints the number and hash of the
//! last record; noted elsewhere, they show that too (`--expect`).

mod chain;
mod draft;
mod export;
mod head;
mod reading;
mod recorder;
mod stamps;
mod verify;

pub(in crate::review) use chain::{append, hold};
pub(in crate::review) use draft::Salts;
pub(in crate::review) use reading::{content, join, lines};

pub use draft::{Asked, Draft};
pub use export::{ExportError, ExportForm, Period, export};
pub use head::{Head, Kind};
pub use recorder::{Pending, Receipt, Recorder};
pub use verify::{Expected, Fault, Verified, verify};

#[cfg(test)]
mod tests;
