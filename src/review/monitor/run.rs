//! Taking a snapshot up: everyone under watch is brought to it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::ThreadPool;

use super::compare::compare;
use super::newest::newest;
use super::records::{self, Group, Outcome, Target};
use super::screen::Against;
use super::{Added, Alert, NewWatch, WatchError, WatchedFilter, WatchedPage};
use crate::index::diff::Edition;
use crate::index::{SnapshotError, kept_generations};
use crate::review::store::{Store, StoreError};
use crate::screening::{MATCHER_VERSION, Screener};

/// Watches whose end came are deleted so many at a time.
const ENDED_AT_ONCE: i64 = 500;

/// How watches are screened.
#[derive(Clone, Copy, Debug)]
pub struct MonitorOptions {
    /// Threads that screen. In a service fewer than cores, since callers want to be answered meanwhile.
    pub threads: usize,
    /// Watches that are read, screened and written together. Default: 5,000; their subjects and hits are in
    /// memory meanwhile, and the store is locked for writing for some tens of milliseconds.
    pub page: usize,
}

impl Default for MonitorOptions {
    fn default() -> Self {
        Self { threads: std::thread::available_parallelism().map_or(1, usize::from), page: 5_000 }
    }
}

/// Watches subjects. Cheap to clone.
#[derive(Clone)]
pub struct Monitor {
    store: Store,
    threads: Arc<ThreadPool>,
    page: usize,
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("store", self.store.url()).finish_non_exhaustive()
    }
}

/// What taking a snapshot up has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenUp {
    /// Watches that rest on the snapshot now and did not before.
    pub watched: u64,
    /// Those of them that were screened against the whole snapshot, since what changed could not be told.
    pub screened_whole: u64,
    /// Alerts of hits that are new.
    pub new: u64,
    /// Alerts of hits that are there no more.
    pub vanished: u64,
    /// Alerts of hits that rest on other evidence.
    pub changed: u64,
    /// Watches that could not be screened; what stood for them stands.
    pub troubled: u64,
}

/// A snapshot that could not be taken up. What was done of it stays; the rest is done the next time.
#[derive(Debug, thiserror::Error)]
pub enum MonitorError {
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// No threads, or one of them broke down.
    #[error("screening of watched subjects broke down: {0}")]
    Threads(String),
}

impl Monitor {
    /// A monitor on a store.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn new(store: Store, options: MonitorOptions) -> Result<Self, MonitorError> {
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(options.threads.max(1))
            .thread_name(|i| format!("monitoring-{i}"))
            // Whoever waits for the work hears of it; without this the process would end.
            .panic_handler(|_| ())
            .build()
            .map_err(|error| MonitorError::Threads(error.to_string()))?;
        Ok(Self { store, threads: Arc::new(threads), page: options.page.max(1) })
    }

    /// Puts subjects under watch, all or none. They are screened when a snapshot is next taken up;
    /// [`Monitor::take_up`] does it at once.
    ///
    /// A watch whose reference is there already, with the same data, is renewed: its end and purpose become
    /// those given.
    ///
    /// # Errors
    /// See [`WatchError`].
    pub async fn add(&self, watches: &[NewWatch]) -> Result<Vec<Added>, WatchError> {
        records::add(&self.store, watches, Timestamp::now()).await
    }

    /// Ends watches and deletes all that was kept of them: subject, hits, alerts. How many there were.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove(&self, ids: &[String]) -> Result<u64, StoreError> {
        records::remove(&self.store, ids).await
    }

    /// Ends the watches whose end has come. How many there were.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn remove_ended(&self, now: Timestamp) -> Result<u64, StoreError> {
        let mut removed = 0;
        loop {
            let ids = records::ended(&self.store, now, ENDED_AT_ONCE).await?;
            if ids.is_empty() {
                return Ok(removed);
            }
            removed += records::remove(&self.store, &ids).await?;
        }
    }

    /// A page of at most `limit` watches after a number (0 for the first page).
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn list(
        &self,
        filter: &WatchedFilter,
        after: i64,
        limit: usize,
    ) -> Result<WatchedPage, StoreError> {
        records::list(&self.store, filter, after, limit).await
    }

    /// A page of at most `limit` watches with numbers below `before` ([`i64::MAX`] for the first page), newest
    /// first, one of whose names holds `name` after folding.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn newest(
        &self,
        filter: &WatchedFilter,
        name: &str,
        before: i64,
        limit: usize,
    ) -> Result<WatchedPage, StoreError> {
        newest(&self.store, filter, name, before, limit).await
    }

    /// At most `limit` alerts with numbers above `after`, in their order. Those of watches that have ended
    /// are gone.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn alerts(&self, after: i64, limit: usize) -> Result<Vec<Alert>, StoreError> {
        records::alerts(&self.store, after, limit).await
    }

    /// The number of the last alert that was written; 0 before the first.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn last_alert(&self) -> Result<i64, StoreError> {
        records::last_alert(&self.store).await
    }

    /// The store beneath it.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Whether the snapshot is to be taken up; it is then the latest. With `only_forward` not where it was the
    /// latest once and another has followed since: a process that begins on old lists must not lead everybody
    /// back to them. One that sees its lists switch always may, for then somebody went back on purpose.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub async fn leads_on(&self, snapshot: &str, only_forward: bool) -> Result<bool, StoreError> {
        records::note_snapshot(&self.store, snapshot, only_forward).await
    }

    /// Brings everyone under watch to the screener's snapshot, and writes what changed for them as alerts.
    /// Watches whose end has come are ended first.
    ///
    /// Stopped half-way, the next call goes on where this one was. Several processes can do it at once: each
    /// alert is written once.
    ///
    /// # Errors
    /// See [`MonitorError`].
    pub async fn take_up(&self, screener: &Screener) -> Result<TakenUp, MonitorError> {
        self.remove_ended(Timestamp::now()).await?;
        let snapshot = screener.snapshot().manifest().id.clone();
        let target = Target { snapshot: &snapshot, matcher: MATCHER_VERSION };
        let mut done = TakenUp::default();
        for group in records::groups(&self.store, target).await? {
            let against = Arc::new(self.against(&group, screener).await?);
            let mut after = 0;
            loop {
                let page = records::page(&self.store, &group, target, after, self.page).await?;
                let Some((last, _)) = page.last() else { break };
                after = last.number;
                self.take_up_page(&group, target, screener, &against, page, &mut done).await?;
            }
        }
        Ok(done)
    }

    /// What a group has to be screened against to come to the screener's snapshot.
    async fn against(&self, group: &Group, screener: &Screener) -> Result<Against, MonitorError> {
        let (group, screener) = (group.clone(), screener.clone());
        self.on_threads(move || {
            let folder = screener.snapshot().origin().map(|(folder, _)| folder.to_owned());
            let before = match folder {
                Some(folder) if group.matcher == MATCHER_VERSION => edition(&folder, &group.snapshot),
                _ => None,
            };
            match before {
                Some(before) => Against::changed_since(&before, &screener),
                None => Ok(Against::whole(&screener)),
            }
        })
        .await?
        .map_err(MonitorError::from)
    }

    async fn take_up_page(
        &self,
        group: &Group,
        target: Target<'_>,
        screener: &Screener,
        against: &Arc<Against>,
        page: Vec<(super::Watched, Vec<super::compare::Standing>)>,
        done: &mut TakenUp,
    ) -> Result<(), MonitorError> {
        let now = Timestamp::now();
        let (watched, standing): (Vec<_>, Vec<_>) = page.into_iter().unzip();
        let (on, against_it) = (Arc::clone(against), watched);
        let (watched, results) = self
            .on_threads(move || {
                let results = on.screen(&against_it, now);
                (against_it, results)
            })
            .await?;
        let outcomes: Vec<Outcome<'_>> = watched
            .iter()
            .zip(&standing)
            .zip(results)
            .map(|((watched, standing), result)| Outcome {
                watched,
                result: match result {
                    Ok(found) => Ok(compare(standing, found, against.looked_at.as_ref())),
                    // These texts name lists and fields, never the subject.
                    Err(error) => Err(error.to_string()),
                },
            })
            .collect();
        // Read only for hits that vanished, which are few.
        let delisted = |change: &super::compare::HitChange| {
            change.kind == super::AlertKind::Vanished
                && matches!(screener.snapshot().entity(&change.list, &change.entity_id), Ok(None))
        };
        let written = records::apply(&self.store, group, target, &outcomes, delisted, now).await?;
        done.watched += written.watched - written.troubled;
        done.new += written.new;
        done.vanished += written.vanished;
        done.changed += written.changed;
        done.troubled += written.troubled;
        if against.looked_at.is_none() {
            done.screened_whole += written.watched - written.troubled;
        }
        Ok(())
    }

    /// Runs CPU work on the monitor's own threads, away from async workers.
    async fn on_threads<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, MonitorError> {
        let (done, result) = tokio::sync::oneshot::channel();
        self.threads.spawn(move || {
            // Nobody waits any longer: the process ends.
            let _ = done.send(work());
        });
        // A panic has dropped the sender; its place is in the log.
        result.await.map_err(|_| MonitorError::Threads("a panic was caught".into()))
    }
}

/// The generation that holds a snapshot, if the folder still does and it can be read.
fn edition(folder: &Path, snapshot: &str) -> Option<Edition> {
    let kept = kept_generations(folder).ok()?;
    let name = &kept.iter().rfind(|k| k.manifest.id == snapshot)?.name;
    match Edition::open(folder, Some(name)) {
        Ok(edition) => Some(edition),
        Err(error) => {
            tracing::warn!(%error, "a kept generation cannot be read; everyone under watch is screened whole");
            None
        }
    }
}
