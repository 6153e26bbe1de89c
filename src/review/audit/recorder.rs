//! The one that writes: a queue, a task, one transaction for all that waits.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use sqlx::{AssertSqlSafe, Row as _};
use tokio::sync::{mpsc, oneshot};

use crate::review::Occasion;
use crate::review::queue::{Forms, Standing, raise};
use crate::review::store::{Store, StoreError, in_chunks, placeholders};
use crate::screening::case::CaseResult;
use crate::screening::{Screener, Stamp};

use super::draft::{Asked, Draft, Salts};
use super::stamps::{LastStamp, StampText};

/// Jobs that may wait to be written; whoever brings another waits for a place.
const QUEUE: usize = 1024;

/// Most jobs of one transaction: enough that syncing to disk is shared by all that waits, few enough that a
/// transaction takes milliseconds.
const MOST_JOBS: usize = 256;

/// Longest time that one transaction may take before it is given up: a database that has gone quiet must not
/// hold the callers for ever.
const LONGEST_COMMIT: Duration = Duration::from_secs(15);

/// What a record has become.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Receipt {
    /// Its number in the trail.
    pub number: i64,
    /// How each hit stands in the review queue, in the order of the hits; empty where nothing is raised
    /// (tests).
    pub standings: Vec<Standing>,
}

/// Writes the audit trail. Cheap to clone; what has been handed over is written even when nobody waits for it
/// any longer.
#[derive(Clone, Debug)]
pub struct Recorder {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    queue: mpsc::Sender<Job>,
    salts: Salts,
    last_stamp: LastStamp,
    forms: Forms,
    line: Arc<Line>,
}

/// Since when the jobs have waited that have not been written yet, by the order in which they came.
#[derive(Debug, Default)]
struct Line(Mutex<(u64, BTreeMap<u64, Instant>)>);

impl Line {
    fn waiting(&self) -> MutexGuard<'_, (u64, BTreeMap<u64, Instant>)> {
        // Nothing that panics runs under the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place at the end of the line, from now on.
    fn join(self: &Arc<Self>) -> Place {
        let mut waiting = self.waiting();
        let number = waiting.0;
        waiting.0 += 1;
        waiting.1.insert(number, Instant::now());
        Place { line: Arc::clone(self), number }
    }
}

/// A place in the line, left when dropped: written, refused, or never handed over.
#[derive(Debug)]
struct Place {
    line: Arc<Line>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.line.waiting().1.remove(&self.number);
    }
}

/// Records that wait together, and who waits for them.
#[derive(Debug)]
struct Job {
    drafts: Vec<Draft>,
    done: oneshot::Sender<Result<Vec<Receipt>, StoreError>>,
    /// Kept until the records have been written.
    _place: Place,
}

/// Receipts to come, for threads outside a runtime.
#[derive(Debug)]
pub struct Pending(oneshot::Receiver<Result<Vec<Receipt>, StoreError>>);

impl Pending {
    /// Waits until the records have been written to disk. Not for the threads of a runtime.
    ///
    /// # Errors
    /// See [`StoreError`].
    pub fn wait(self) -> Result<Vec<Receipt>, StoreError> {
        self.0.blocking_recv().map_err(|_| ended())?
    }
}

impl Recorder {
    /// Starts the writing task on the current runtime. It ends when the last clone has gone and all that
    /// waited has been written.
    pub(in crate::review) fn start(store: Store, salts: Salts) -> Self {
        let (queue, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(write(store, jobs, salts.clone()));
        let shared = Shared {
            queue,
            salts,
            last_stamp: LastStamp::default(),
            forms: Forms::default(),
            line: Arc::default(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// How many batches of records wait to be written.
    pub fn waiting(&self) -> usize {
        let queue = &self.shared.queue;
        queue.max_capacity().saturating_sub(queue.capacity())
    }

    /// How long the oldest record has waited that has not been written yet; no time at all where none waits.
    pub fn lag(&self) -> Duration {
        let waiting = self.shared.line.waiting();
        waiting.1.first_key_value().map_or(Duration::ZERO, |(_, since)| since.elapsed())
    }

    /// A record of screenings on one occasion, and with it the hits to be raised. Costs CPU time, so not for
    /// the threads of a runtime.
    ///
    /// # Errors
    /// When a listed entity cannot be read.
    pub fn screening(
        &self,
        occasion: &Occasion,
        screener: &Screener,
        time: jiff::Timestamp,
        asked: &[Asked<'_>],
    ) -> Result<Draft, StoreError> {
        let Some(first) = asked.first() else {
            return Err(StoreError::Damaged("a record of nothing cannot be written".into()));
        };
        let stamp = self.stamp(&first.answer.stamp)?;
        let mut draft =
            Draft::screening(occasion, time, asked, stamp, &self.shared.salts).map_err(|e| unwritable(&e))?;
        if !occasion.is_test() {
            for Asked { reference, subject, answer, .. } in asked {
                let who = (*reference, *subject);
                self.shared.forms.suspects(occasion, screener, who, &answer.hits, &mut draft.suspects)?;
            }
        }
        Ok(draft)
    }

    /// A record of a case, and with it the findings to be raised.
    ///
    /// # Errors
    /// When a listed entity cannot be read.
    pub fn case(
        &self,
        occasion: &Occasion,
        screener: &Screener,
        time: jiff::Timestamp,
        result: &CaseResult,
    ) -> Result<Draft, StoreError> {
        let stamp = self.stamp(&result.screened.stamp)?;
        let mut draft =
            Draft::case(occasion, time, result, stamp, &self.shared.salts).map_err(|e| unwritable(&e))?;
        if !occasion.is_test() {
            self.shared.forms.suspects_of_case(occasion, screener, result, &mut draft.suspects)?;
        }
        Ok(draft)
    }

    fn stamp(&self, stamp: &Arc<Stamp>) -> Result<Arc<StampText>, StoreError> {
        self.shared.last_stamp.text(stamp).map_err(|e| unwritable(&e))
    }

    fn job(&self, drafts: Vec<Draft>, done: oneshot::Sender<Result<Vec<Receipt>, StoreError>>) -> Job {
        Job { drafts, done, _place: self.shared.line.join() }
    }

    /// Hands a record over and waits until it has been written to disk.
    ///
    /// # Errors
    /// See [`StoreError`]: then it has not been written, or nobody knows.
    pub async fn record(&self, draft: Draft) -> Result<Receipt, StoreError> {
        self.record_all(vec![draft]).await?.pop().ok_or_else(ended)
    }

    /// Hands records over and waits until all have been written to disk; a receipt for each, in order.
    ///
    /// # Errors
    /// See [`StoreError`]: then none has been written, or nobody knows.
    pub async fn record_all(&self, drafts: Vec<Draft>) -> Result<Vec<Receipt>, StoreError> {
        let (done, receipts) = oneshot::channel();
        self.shared.queue.send(self.job(drafts, done)).await.map_err(|_| ended())?;
        receipts.await.map_err(|_| ended())?
    }

    /// Hands records over, from a thread outside a runtime; waits only when too many wait already.
    ///
    /// # Errors
    /// When the writing task has ended.
    pub fn hand_over(&self, drafts: Vec<Draft>) -> Result<Pending, StoreError> {
        let (done, receipts) = oneshot::channel();
        self.shared.queue.blocking_send(self.job(drafts, done)).map_err(|_| ended())?;
        Ok(Pending(receipts))
    }
}

fn ended() -> StoreError {
    StoreError::Unavailable("the recorder has ended".into())
}

fn unwritable(_: &serde_json::Error) -> StoreError {
    StoreError::Damaged("a record cannot be written as JSON".into())
}

/// Writes what comes until nobody is left to bring more.
async fn write(store: Store, mut queue: mpsc::Receiver<Job>, ids: Salts) {
    let mut jobs = Vec::new();
    // Stamps that are known to be kept: they are never removed.
    let mut kept = HashSet::new();
    while queue.recv_many(&mut jobs, MOST_JOBS).await > 0 {
        let drafts: Vec<&Draft> = jobs.iter().flat_map(|job| &job.drafts).collect();
        match commit(&store, &drafts, &ids, &mut kept).await {
            Ok(receipts) => {
                let mut receipts = receipts.into_iter();
                for job in jobs.drain(..) {
                    // Whoever hung up is recorded all the same.
                    let _ = job.done.send(Ok(receipts.by_ref().take(job.drafts.len()).collect()));
                }
            }
            // One record that the database refuses must not take the others with it.
            Err(error) if jobs.len() > 1 && !error.is_transient() => {
                for job in jobs.drain(..) {
                    let drafts: Vec<&Draft> = job.drafts.iter().collect();
                    let _ = job.done.send(commit(&store, &drafts, &ids, &mut kept).await);
                }
            }
            Err(error) => {
                for job in jobs.drain(..) {
                    let _ = job.done.send(Err(error.clone()));
                }
            }
        }
    }
}

/// Writes records in one transaction and gives a receipt for each.
async fn commit(
    store: &Store,
    drafts: &[&Draft],
    ids: &Salts,
    kept: &mut HashSet<String>,
) -> Result<Vec<Receipt>, StoreError> {
    let bytes: usize = drafts.iter().map(|d| d.size()).sum();
    tracing::trace!(records = drafts.len(), bytes, "writing records");
    match tokio::time::timeout(LONGEST_COMMIT, transaction(store, drafts, ids, kept)).await {
        Ok(result) => result,
        Err(_) => Err(StoreError::Unavailable("the database does not answer".into())),
    }
}

async fn transaction(
    store: &Store,
    drafts: &[&Draft],
    ids: &Salts,
    kept: &mut HashSet<String>,
) -> Result<Vec<Receipt>, StoreError> {
    let mut work = store.begin().await?;
    let first = super::append(&mut work, drafts).await?;

    let mut stamps: Vec<&StampText> = Vec::new();
    for stamp in drafts.iter().filter_map(|d| d.stamp.as_deref()) {
        if !kept.contains(&stamp.hash) && stamps.iter().all(|s| s.hash != stamp.hash) {
            stamps.push(stamp);
        }
    }
    for chunk in in_chunks(&stamps) {
        let values = placeholders(chunk.len(), 2);
        let sql =
            format!("INSERT INTO audit_stamps (hash, body) VALUES {values} ON CONFLICT (hash) DO NOTHING");
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for stamp in chunk {
            insert = insert.bind(stamp.hash.as_str()).bind(stamp.body.as_str());
        }
        insert.execute(&mut *work).await?;
    }

    let mut suspects = Vec::new();
    for (draft, number) in drafts.iter().zip(first..) {
        suspects.extend(draft.suspects.iter().map(|suspect| (suspect, number, draft.time)));
    }
    let mut standings = raise(&mut work, &suspects, ids).await?.into_iter();
    work.commit().await?;
    kept.extend(stamps.iter().map(|stamp| stamp.hash.clone()));
    Ok(drafts
        .iter()
        .zip(first..)
        .map(|(draft, number)| Receipt {
            number,
            standings: standings.by_ref().take(draft.suspects.len()).collect(),
        })
        .collect())
}

/// How many records the trail holds, and the hash of the last.
pub(super) async fn end_of_chain(store: &Store) -> Result<(i64, String), StoreError> {
    let row =
        sqlx::query("SELECT records, hash FROM audit_chain WHERE id = 1").fetch_one(store.pool()).await?;
    Ok((row.try_get("records")?, row.try_get("hash")?))
}
