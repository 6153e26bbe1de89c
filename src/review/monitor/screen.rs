//! What changed as a small snapshot of its own, and many subjects against it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rayon::prelude::*;

use super::Watched;
use super::compare::{Keys, Standing, standing};
use crate::index::diff::{Change, Edition, differences};
use crate::index::{Snapshot, SnapshotError};
use crate::screening::{AnswerError, Options, Screener};

/// Most entities that may have changed for them to be screened against alone: beyond that (a first import, a
/// new edition of everything) the whole snapshot serves as well, and nothing has to be held in memory.
const MOST_CHANGED: usize = 5_000;

/// Longest that one subject may take. An ordinary one takes a fraction of a millisecond; one with hundreds of
/// names at full length would hold up everybody else.
const LONGEST_SUBJECT: Duration = Duration::from_secs(10);

/// What everyone under watch is screened against.
pub(super) struct Against {
    screener: Screener,
    /// The entities that it covers; none for all.
    pub looked_at: Option<Keys>,
}

impl Against {
    /// The whole snapshot.
    pub fn whole(screener: &Screener) -> Self {
        Self { screener: screener.clone(), looked_at: None }
    }

    /// What differs between `before` and the screener's snapshot, or the whole where that is too much.
    ///
    /// # Errors
    /// When a store cannot be read.
    pub fn changed_since(before: &Edition, screener: &Screener) -> Result<Self, SnapshotError> {
        let snapshot = screener.snapshot();
        let (mut keys, mut entities, mut too_many) = (Keys::new(), Vec::new(), false);
        differences(before, &**snapshot, None, |change| {
            too_many = keys.len() == MOST_CHANGED;
            keys.insert((change.list, change.id));
            match change.change {
                Change::Added(entity) => entities.push(*entity),
                Change::Changed { after, .. } => entities.push(*after),
                Change::Removed(_) => {}
            }
            Ok::<_, SnapshotError>(!too_many)
        })?;
        if too_many {
            return Ok(Self::whole(screener));
        }
        // Under the id and with the lists of the whole: what is asked of it is answered as by the whole.
        let part = Snapshot::of_entities(snapshot.manifest().clone(), &entities)?;
        Ok(Self { screener: Screener::new(Arc::new(part), Vec::new()), looked_at: Some(keys) })
    }

    /// Screens many, on the threads of the caller's rayon pool. The hits of each, or why there are none.
    pub fn screen(&self, watched: &[Watched], now: Timestamp) -> Vec<Result<Vec<Standing>, AnswerError>> {
        watched.par_iter().map(|one| self.screen_one(one, now)).collect()
    }

    fn screen_one(&self, watched: &Watched, now: Timestamp) -> Result<Vec<Standing>, AnswerError> {
        let watch = &watched.watch;
        // Every hit counts: which of them fall under a limit would depend on the others.
        let options = Options { limit: Some(usize::MAX), ..watch.options.clone() };
        let began = Instant::now();
        let too_long = || began.elapsed() > LONGEST_SUBJECT;
        let answer = self.screener.screen_until(&watch.subject, &options, now, &too_long)?;
        Ok(answer.hits.iter().map(standing).collect())
    }
}
