//! What an import tells while it runs, when it is done, and when it cannot be done.

use std::io;
use std::time::Duration;

use crate::index::{ListCounts, ListManifest, NameIndexError, RegisterManifest, SnapshotError};
use crate::sources::ReadError;

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// What is being done.
    pub stage: Stage,
    /// The list it is done for; empty while finishing.
    pub list: &'a str,
    /// Entities of that list so far.
    pub entities: u64,
    /// Bytes of its files read so far (as they lie on disk, compressed or not).
    pub bytes_read: u64,
    /// Bytes of its files together; 0 when not known.
    pub bytes_total: u64,
}

/// What an import is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading a list's files.
    Reading,
    /// Carrying a list over from the current snapshot.
    CarryingOver,
    /// Writing out what is left, syncing, switching.
    Finishing,
}

/// What an import has done.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// The new snapshot's id.
    pub snapshot: String,
    /// Whether the snapshot before had the same id: the same contents, imported again.
    pub unchanged: bool,
    /// All lists of the new snapshot, in order of their ids.
    pub lists: Vec<ListReport>,
    /// All registers of the new snapshot.
    pub registers: Vec<RegisterReport>,
    /// Lists and registers that were dropped.
    pub removed: Vec<String>,
    /// How long it took.
    pub timings: Timings,
}

/// One list of the new snapshot.
#[derive(Clone, Debug)]
pub struct ListReport {
    /// The list as it now stands: counts, issues, dates.
    pub manifest: ListManifest,
    /// What became of it.
    pub change: Change,
}

/// What an import made of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not loaded before.
    New,
    /// It replaced an earlier edition.
    Replaced {
        /// Counts of the earlier edition.
        before: ListCounts,
        /// Entities whose ids the earlier edition did not have, and entities of it whose ids are no
        /// more. Unknown when the earlier edition could not be read.
        ids: Option<IdChange>,
    },
    /// It was not named in the import and stays as it was.
    CarriedOver,
}

/// One register of the new snapshot.
#[derive(Clone, Debug)]
pub struct RegisterReport {
    /// The register as it now stands.
    pub manifest: RegisterManifest,
    /// What became of it.
    pub change: RegisterChange,
}

/// What an import made of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterChange {
    /// It was not loaded before.
    New,
    /// It replaced an earlier edition.
    Replaced {
        /// Seats of the earlier edition.
        seats_before: u64,
    },
    /// It was not named in the import and stays as it was.
    CarriedOver,
}

/// How the ids of two editions of a list differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdChange {
    /// Ids only the new edition has.
    pub added: u64,
    /// Ids only the old edition had.
    pub gone: u64,
}

/// Where an import's time went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timings {
    /// Reading and carrying over; storing and compiling run beside it.
    pub reading: Duration,
    /// Storing and compiling what was still queued, and committing.
    pub indexing: Duration,
    /// Checksums, syncing, switching.
    pub switching: Duration,
}

impl Timings {
    /// All of it.
    pub fn total(&self) -> Duration {
        self.reading + self.indexing + self.switching
    }
}

/// An import that was not done. The folder's current snapshot is as it was before.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Nothing to read and nothing to remove.
    #[error("nothing to import; name at least one list's files or a list to remove")]
    NothingToDo,
    /// Names to lend, but no list is read.
    #[error("no list is imported that names could be lent to; name its files beside the registry's")]
    NobodyToLendTo,
    /// A list without files.
    #[error("list {list:?}: no files were given")]
    NoFiles {
        /// The list.
        list: String,
    },
    /// A list is named twice, or both to be read and to be removed.
    #[error("list {list:?} is named twice; give all its files together, and do not remove what is imported")]
    NamedTwice {
        /// The list.
        list: String,
    },
    /// A list to be removed is not there.
    #[error("list {list:?} cannot be removed, it is not loaded; loaded are: {loaded}")]
    NotLoaded {
        /// The list.
        list: String,
        /// The lists there are, separated by commas.
        loaded: String,
    },
    /// No list would be left.
    #[error("no list would be left; a snapshot holds at least one (a register is none)")]
    NoListLeft,
    /// `max_shrink` is no share.
    #[error("the share by which a list may shrink lies outside 0 to 1")]
    ShrinkShare,
    /// Another import into the same folder runs.
    #[error("another import into {folder} is running; wait for its end")]
    Busy {
        /// The folder.
        folder: String,
    },
    /// A list's files cannot be read as what they were given as.
    #[error("list {list:?}: {source}")]
    Read {
        /// The list.
        list: String,
        /// The cause.
        source: ReadError,
    },
    /// A list's files hold no entity.
    #[error("list {list:?}: its files hold no entity{first_issue}; the list was not replaced")]
    Empty {
        /// The list.
        list: String,
        /// The first issue, if there was one: ` (place: what)`.
        first_issue: String,
    },
    /// A list has become much smaller.
    #[error(
        "list {list:?} has shrunk from {before} to {now} entries, by more than {percent} %; if that is right, import it with `--allow-shrink`"
    )]
    Shrunk {
        /// The list.
        list: String,
        /// Entities (of a register, seats) in the current snapshot.
        before: u64,
        /// The same in the files.
        now: u64,
        /// The share it may shrink by, in percent.
        percent: f64,
    },
    /// A list did not pass what is held against it before a switch.
    #[error("list {list:?}: {what}; the list was not replaced")]
    Refused {
        /// The list.
        list: String,
        /// What does not hold.
        what: String,
    },
    /// The current snapshot, from which other lists are to be carried over, cannot be read.
    #[error("lists cannot be carried over from the current snapshot: {0}")]
    Current(#[source] SnapshotError),
    /// The new generation cannot be written.
    #[error("cannot write to {folder}: {source}")]
    Write {
        /// The folder.
        folder: String,
        /// The cause.
        source: io::Error,
    },
    /// The new generation's store cannot be written.
    #[error("cannot write the new generation: {0}")]
    Store(String),
    /// The new generation's name index cannot be written.
    #[error(transparent)]
    Names(#[from] NameIndexError),
}
