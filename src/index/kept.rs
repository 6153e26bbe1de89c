//! Generations that a data folder still holds: which there are, and going back to one of them.

use std::io;
use std::path::Path;

use super::generation::{DataFolder, Generation, LockFailure};
use super::{Manifest, Snapshot, SnapshotError};

/// A generation that a data folder still holds.
#[derive(Clone, Debug)]
pub struct KeptGeneration {
    /// Its name: the start of the snapshot's id and a running number (`3f2a9c01d4e8-7`).
    pub name: String,
    /// Whether it is the one being served.
    pub current: bool,
    /// What it holds.
    pub manifest: Manifest,
}

/// What going back has done.
#[derive(Clone, Debug)]
pub struct RolledBack {
    /// The generation that was current before. It stays in the folder until the next import.
    pub from: KeptGeneration,
    /// The generation that is current now.
    pub to: KeptGeneration,
}

/// Why going back was not done. The current generation is as it was.
#[derive(Debug, thiserror::Error)]
pub enum RollBackError {
    /// An import into the folder runs.
    #[error("an import into {folder} is running; wait for its end")]
    Busy {
        /// The folder.
        folder: String,
    },
    /// There is nothing older.
    #[error("{folder} holds no generation older than the current one")]
    NothingOlder {
        /// The folder.
        folder: String,
    },
    /// The generation asked for is the current one.
    #[error("generation {name} is the current one already")]
    Already {
        /// Its name.
        name: String,
    },
    /// The generation cannot be opened, or is not there.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The folder cannot be written.
    #[error("cannot write to {folder}: {source}")]
    Write {
        /// The folder.
        folder: String,
        /// The cause.
        source: io::Error,
    },
}

/// All generations that a data folder holds, oldest first.
///
/// # Errors
/// When the folder, or what it says of a generation, cannot be read.
pub fn kept_generations(folder: &Path) -> Result<Vec<KeptGeneration>, SnapshotError> {
    let data = DataFolder::new(folder);
    let current = data.current()?;
    data.whole()?
        .into_iter()
        .map(|generation| kept(&generation, current.as_ref().is_some_and(|c| c.name == generation.name)))
        .collect()
}

fn kept(generation: &Generation, current: bool) -> Result<KeptGeneration, SnapshotError> {
    Ok(KeptGeneration { name: generation.name.clone(), current, manifest: generation.any_manifest()? })
}

/// The generation of this name.
pub(super) fn find(folder: &Path, name: &str) -> Result<Generation, SnapshotError> {
    let data = DataFolder::new(folder);
    let found = data.whole()?.into_iter().find(|generation| generation.name == name);
    found
        .ok_or_else(|| SnapshotError::NotKept { folder: folder.display().to_string(), name: name.to_owned() })
}

/// Makes an older generation the current one: `to`, or else the newest that is older than the current.
///
/// It is opened and every byte of it compared with its checksum first. The switch is one rename, as that of
/// an import: whoever reads the folder sees the one or the other.
///
/// # Errors
/// See [`RollBackError`]; the current generation then stays as it was.
pub fn roll_back(folder: &Path, to: Option<&str>) -> Result<RolledBack, RollBackError> {
    let data = DataFolder::new(folder);
    let shown = || folder.display().to_string();
    let missing = || SnapshotError::Missing { folder: shown() };
    // Taking the lock makes the folder where there is none.
    data.current()?.ok_or_else(missing)?;
    let lock = data.lock().map_err(|failure| match failure {
        LockFailure::Busy => RollBackError::Busy { folder: shown() },
        LockFailure::Io(source) => RollBackError::Write { folder: shown(), source },
    })?;
    let from = data.current()?.ok_or_else(missing)?;
    let target = match to {
        Some(name) if name == from.name => return Err(RollBackError::Already { name: name.to_owned() }),
        Some(name) => find(folder, name)?,
        None => data
            .whole()?
            .into_iter()
            .rfind(|generation| generation.number() < from.number())
            .ok_or_else(|| RollBackError::NothingOlder { folder: shown() })?,
    };
    Snapshot::open_generation(&target)?.verify()?;
    let rolled_back = RolledBack { from: kept(&from, false)?, to: kept(&target, true)? };
    data.make_current(&lock, &target).map_err(|source| RollBackError::Write { folder: shown(), source })?;
    Ok(rolled_back)
}
