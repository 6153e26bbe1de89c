//! Monitoring: people and institutions under watch, screened again when a list changes.
//!
//! For everyone under watch the store holds which hits stand, and on which snapshot and matcher that rests.
//! When a snapshot is taken up, what changed between it and the one before is compiled into a small snapshot of
//! its own, everyone under watch is screened against that, and where the hits on changed entities differ from
//! those that stand, an alert is written: new, vanished, or with other evidence. What stands moves on in the
//! same transaction, so that an alert is written once, however many replicas look and whenever they are
//! stopped.
//!
//! # Layout
//!
//! * [`NewWatch`], [`Watched`]: who is under watch, why, until when.
//! * `compare`: hits that stand against hits found. Pure.
//! * `screen`: what changed as a snapshot of its own; many subjects against it.
//! * `records`: statements.
//! * [`Monitor`]: takes a snapshot up.
//! * [`webhook`]: alerts to somebody else's server, signed.
//!
//! # Invariants
//!
//! * The outcome is that of screening everyone against the whole snapshot: a hit depends on the subject and the
//!   one listed entity, never on the others. Where what changed cannot be told (the old snapshot is gone, the
//!   matcher is another) everyone is screened whole.
//! * Who cannot be screened (a list that is not loaded) keeps what stood, with the trouble told; never "no
//!   hit".
//! * With the end of a watch everything that was kept of it goes.

mod alert;
mod compare;
mod newest;
mod records;
mod run;
mod screen;
mod watch;
pub mod webhook;

pub use alert::{Alert, AlertKind};
pub use records::{Added, WatchedFilter, WatchedPage};
pub use run::{Monitor, MonitorError, MonitorOptions, TakenUp};
pub use watch::{
    DEFAULT_WATCH_DAYS, MAX_REFERENCE_BYTES, MAX_WATCH_DAYS, NewWatch, Screened, WatchError, Watched,
};

#[cfg(test)]
mod tests;
