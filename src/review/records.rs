//! Everything that is kept, opened.

use super::audit::{Recorder, Salts};
use super::queue::Queue;
use super::store::{Store, StoreError, StoreUrl};

/// What happens to a screening that cannot be recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnFailure {
    /// It is not answered.
    #[default]
    Refuse,
    /// It is answered all the same; the answer and the log say that it was not recorded.
    Serve,
}

/// The store with its recorder and queue. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Records {
    /// The database.
    pub store: Store,
    /// Writes the audit trail.
    pub recorder: Recorder,
    /// The suspected matches.
    pub queue: Queue,
    /// What happens to a screening that cannot be recorded.
    pub on_failure: OnFailure,
    pub(in crate::review) salts: Salts,
}

impl Records {
    /// Opens the store and starts its recorder on the current runtime.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn open(url: &StoreUrl, on_failure: OnFailure) -> Result<Self, StoreError> {
        Self::of(Store::open(url).await?, on_failure)
    }

    /// Starts a recorder over a store.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn of(store: Store, on_failure: OnFailure) -> Result<Self, StoreError> {
        let salts = Salts::new()?;
        Ok(Self {
            recorder: Recorder::start(store.clone(), salts.clone()),
            queue: Queue::new(store.clone(), salts.clone()),
            store,
            on_failure,
            salts,
        })
    }
}
