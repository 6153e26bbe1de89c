//! From readers into a new generation: one thread reads, one fills the store, one compiles names.
//!
//! Entities travel in batches through bounded queues, so that a list of millions never sits in
//! memory, whichever thread is the slowest.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rustc_hash::FxHashSet;

use crate::index::manifest::{ListCounts, MAX_ISSUES_KEPT};
use crate::index::store::{Store, StoreError, StoreWriter};
use crate::index::{NameIndex, NameIndexBuilder, NameIndexError};
use crate::model::Entity;
use crate::sources::{Issue, Severity, Sink, SinkError};

use super::ImportError;

/// Entities per batch, and batches waiting per queue: some thousand entities at most, a few MB.
const BATCH: usize = 64;
const QUEUE: usize = 8;

/// Longest id accepted, in bytes: it has to fit into a term of the index, and no list has ids of
/// even a tenth of this.
const MAX_ID_BYTES: usize = 512;

enum Message {
    Batch(Arc<Vec<Entity>>),
    /// Everything was sent. A queue that ends without it belongs to an import that failed.
    End,
}

/// Takes the snapshot's entities in their order.
pub(super) struct Feed {
    batch: Vec<Entity>,
    to_store: SyncSender<Message>,
    to_names: SyncSender<Message>,
}

/// A thread that takes entities has stopped; its own error says why.
#[derive(Debug)]
pub(super) struct Stopped;

impl From<Stopped> for SinkError {
    fn from(_: Stopped) -> Self {
        Self("the new generation cannot be written".into())
    }
}

impl Feed {
    pub fn push(&mut self, entity: Entity) -> Result<(), Stopped> {
        self.batch.push(entity);
        if self.batch.len() == BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), Stopped> {
        let batch = Arc::new(std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH)));
        self.to_store.send(Message::Batch(Arc::clone(&batch))).map_err(|_| Stopped)?;
        self.to_names.send(Message::Batch(batch)).map_err(|_| Stopped)
    }

    fn end(mut self) -> Result<(), Stopped> {
        self.flush()?;
        self.to_store.send(Message::End).map_err(|_| Stopped)?;
        self.to_names.send(Message::End).map_err(|_| Stopped)
    }
}

/// Runs `feed` and writes what it pushes into the store and, compiled, into the file `names`.
/// Gives what `feed` returned and the finished store.
///
/// # Errors
/// The writers' errors before the feed's own, which may only be their consequence.
pub(super) fn run<T>(
    writer: StoreWriter,
    names: &Path,
    feed: impl FnOnce(&mut Feed) -> Result<T, ImportError>,
) -> Result<(T, Store), ImportError> {
    thread::scope(|scope| {
        let (to_store, for_store) = sync_channel(QUEUE);
        let (to_names, for_names) = sync_channel(QUEUE);
        let storing = scope.spawn(move || fill_store(writer, &for_store));
        let naming = scope.spawn(move || compile_names(names, &for_names));

        let mut pushing = Feed { batch: Vec::with_capacity(BATCH), to_store, to_names };
        let fed = feed(&mut pushing);
        // On failure the queues just close, and the threads stop without finishing anything.
        let ended = if fed.is_ok() {
            pushing.end()
        } else {
            drop(pushing);
            Ok(())
        };

        let store = joined(storing.join());
        let names = joined(naming.join());
        let store = store.map_err(|e| ImportError::Store(e.to_string()))?;
        names?;
        let fed = fed?;
        // Both threads came to a good end, so nothing stopped the feed.
        match (store, ended) {
            (Some(store), Ok(())) => Ok((fed, store)),
            _ => Err(ImportError::Store("the new generation was not finished".into())),
        }
    })
}

/// A panic in a thread is a bug and stays one.
fn joined<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

fn fill_store(mut writer: StoreWriter, queue: &Receiver<Message>) -> Result<Option<Store>, StoreError> {
    while let Ok(message) = queue.recv() {
        match message {
            Message::Batch(batch) => batch.iter().try_for_each(|entity| writer.add(entity))?,
            Message::End => return writer.finish().map(Some),
        }
    }
    Ok(None)
}

fn compile_names(path: &Path, queue: &Receiver<Message>) -> Result<(), NameIndexError> {
    let mut builder = NameIndexBuilder::new();
    let mut entities = 0;
    while let Ok(message) = queue.recv() {
        match message {
            Message::Batch(batch) => {
                batch.iter().for_each(|entity| builder.add(entity));
                entities += batch.len();
            }
            Message::End => {
                builder.write(path)?;
                // What is switched to must open; better to learn it now than at the next start.
                let found = NameIndex::open(path)?.entity_count();
                if found == entities {
                    return Ok(());
                }
                let what = format!("it holds {found} entities of {entities}");
                return Err(NameIndexError::Damaged(what));
            }
        }
    }
    Ok(())
}

/// Ids of a list's entities, as hashes of fixed size: millions of ids stay small in memory, and 128
/// bits do not collide.
pub(super) type IdSet = FxHashSet<u128>;

/// An id as [`IdSet`] holds it.
pub(super) fn id_hash(id: &str) -> u128 {
    let hash = blake3::hash(id.as_bytes());
    u128::from_le_bytes(std::array::from_fn(|i| hash.as_bytes()[i]))
}

/// Takes one list from its reader: guards the model's invariants, counts, collects issues.
pub(super) struct ListSink<'a> {
    list: &'a str,
    feed: &'a mut Feed,
    tick: &'a mut dyn FnMut(u64),
    /// Changes an entity before it goes on (names lent by another source).
    change: &'a mut dyn FnMut(&mut Entity),
    /// Ids seen so far.
    pub ids: IdSet,
    /// Counts so far.
    pub counts: ListCounts,
    /// The first issues.
    pub issues: Vec<Issue>,
    /// All issues.
    pub issue_count: u64,
}

impl<'a> ListSink<'a> {
    pub fn new(
        list: &'a str,
        feed: &'a mut Feed,
        tick: &'a mut dyn FnMut(u64),
        change: &'a mut dyn FnMut(&mut Entity),
    ) -> Self {
        Self {
            list,
            feed,
            tick,
            change,
            ids: IdSet::default(),
            counts: ListCounts::default(),
            issues: Vec::new(),
            issue_count: 0,
        }
    }

    fn left_out(&mut self, place: String, what: &str) {
        self.issue(Issue { severity: Severity::Record, place, what: what.into() });
    }
}

impl Sink for ListSink<'_> {
    fn entity(&mut self, mut entity: Entity) -> Result<(), SinkError> {
        let ordinal = self.counts.entities + 1;
        if entity.id.is_empty() || entity.id.len() > MAX_ID_BYTES {
            let what = "the record has no usable id and was left out";
            self.left_out(format!("after entity {}", ordinal - 1), what);
            return Ok(());
        }
        entity.names.retain(|n| !n.whole.trim().is_empty());
        if entity.names.is_empty() {
            self.left_out(entity.id, "the record has no name and was left out");
            return Ok(());
        }
        if !self.ids.insert(id_hash(&entity.id)) {
            self.left_out(
                entity.id,
                "another record has the same id; the first one counts, this one was left out",
            );
            return Ok(());
        }
        if entity.list != self.list {
            entity.list = self.list.to_owned();
        }
        // Counted as its list gives it, before anything is lent.
        self.counts.add(&entity);
        (self.change)(&mut entity);
        self.feed.push(entity)?;
        (self.tick)(self.counts.entities);
        Ok(())
    }

    fn issue(&mut self, issue: Issue) {
        self.issue_count += 1;
        if self.issues.len() < MAX_ISSUES_KEPT {
            self.issues.push(issue);
        }
    }

    fn progress(&mut self, _bytes_read: u64) {
        (self.tick)(self.counts.entities);
    }
}
