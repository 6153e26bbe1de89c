//! Suspected matches: what screening found and people decide on.
//!
//! A suspected match is a *pair*: a subject and a listed entity that may be the same. It is raised once and
//! then remembered. A cleared pair is shown beside the hit and not raised again, until what it rested on
//! changes on either side ([`Form`] says what counts); then it comes back with the difference. Clearing is per
//! pair, never per name: another subject of the same name is another pair.
//!
//! Who a subject is: the one of that reference where the asker gave a reference; else the one of that
//! name in that case where there is a `case_reference`; else the one of exactly these data.

mod decide;
mod form;
mod list;
mod raise;
mod read;
mod types;
mod wording;

pub(in crate::review) use form::{Forms, Suspect};
pub(in crate::review) use raise::raise;

pub use form::{FieldChange, Form, FormField, Side, by_finding, is_raised};
pub use list::{MAX_PAGE_SIZE, MatchFilter, MatchPage};
pub use types::{
    Action, Decision, Etag, Event, MatchState, Outcome, QueueError, Standing, SuspectedMatch, Verdict,
};

use super::audit::Salts;
use super::store::Store;

/// The queue of suspected matches. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Queue {
    store: Store,
    salts: Salts,
}

impl Queue {
    pub(in crate::review) fn new(store: Store, salts: Salts) -> Self {
        Self { store, salts }
    }
}

#[cfg(test)]
mod tests;
