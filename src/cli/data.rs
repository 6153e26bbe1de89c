//! The lists a command works on.

use std::path::Path;
use std::sync::Arc;

use crate::index::{Snapshot, SnapshotError};
use crate::screening::{AnswerError, Screener};

use super::exit::CliError;
use super::plan::{DataPlan, Folder};

/// Opens the lists of a plan.
///
/// # Errors
/// A named folder without a snapshot is an error, and so is one that is damaged: the demonstration
/// lists stand in only where nothing was ever imported.
pub(super) fn open(plan: &DataPlan) -> Result<Screener, CliError> {
    let snapshot = match &plan.folder {
        Folder::Named(folder) => Snapshot::open(folder)?,
        Folder::User(folder) if is_untouched(folder) => Snapshot::demo()?,
        Folder::User(folder) => Snapshot::open(folder)?,
        Folder::Demo => Snapshot::demo()?,
    };
    if snapshot.manifest().lists.is_empty() {
        return Err(AnswerError::NoLists.into());
    }
    Ok(Screener::new(Arc::new(snapshot), plan.max_age.by_list()))
}

/// Whether nothing was ever imported into a folder: it does not exist, or is empty.
pub(super) fn is_untouched(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) => e.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Checks that lists that were asked for are loaded, before a long batch finds out row by row.
///
/// # Errors
/// Names the list that is not.
pub(super) fn require(screener: &Screener, lists: &[String]) -> Result<(), AnswerError> {
    let loaded: Vec<&str> = screener.snapshot().manifest().lists.iter().map(|l| l.list.as_str()).collect();
    match lists.iter().find(|l| !loaded.contains(&l.as_str())) {
        Some(list) => Err(AnswerError::ListNotLoaded { list: list.clone(), loaded: loaded.join(", ") }),
        None => Ok(()),
    }
}

/// Opens a folder only to see that it holds a snapshot.
///
/// # Errors
/// See [`SnapshotError`].
pub(super) fn check(folder: &Path) -> Result<(), SnapshotError> {
    Snapshot::open(folder).map(drop)
}
