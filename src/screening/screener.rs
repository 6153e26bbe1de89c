//! The screener itself.

use std::sync::Arc;

use crate::index::Snapshot;

use super::{Answer, AnswerError, Comparison, Options, Stamp, Subject};

/// Screens subjects against one snapshot. Cheap to clone; shared by all threads.
#[derive(Clone)]
pub struct Screener {
    snapshot: Arc<Snapshot>,
    /// `max_age_days` by list: beyond it a list is stale.
    max_age_days: Arc<Vec<(String, i64)>>,
}

impl Screener {
    /// A screener on a snapshot. `max_age_days` says per list when it counts as stale.
    pub fn new(snapshot: Arc<Snapshot>, max_age_days: Vec<(String, i64)>) -> Self {
        Self { snapshot, max_age_days: Arc::new(max_age_days) }
    }

    /// The snapshot screened against.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// What answers given at `now` with these options rest on.
    pub fn stamp(&self, options: &Options, now: jiff::Timestamp) -> Stamp {
        Stamp::new(self.snapshot.manifest(), options, &self.max_age_days, now)
    }

    /// Screens one subject at the given time (for the lists' ages).
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen(
        &self,
        subject: &Subject,
        options: &Options,
        now: jiff::Timestamp,
    ) -> Result<Answer, AnswerError> {
        let _ = (subject, options, now, &self.max_age_days);
        Err(AnswerError::NoLists)
    }

    /// Like [`Screener::screen`], giving up when `cancelled` says so (a deadline, a closed call).
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen_until(
        &self,
        subject: &Subject,
        options: &Options,
        now: jiff::Timestamp,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Answer, AnswerError> {
        let _ = cancelled;
        self.screen(subject, options, now)
    }

    /// Compares two subjects with the same scorer: the second as if it were listed.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn compare(
        query: &Subject,
        candidate: &Subject,
        threshold: Option<f64>,
    ) -> Result<Comparison, AnswerError> {
        let _ = (query, candidate, threshold);
        Err(AnswerError::NoLists)
    }
}
