//! An open snapshot.

use std::path::Path;

use crate::model::Entity;

use super::{Manifest, NameIndex, NameIndexError};

/// One generation, open. Never changes; shared by all threads.
pub struct Snapshot {
    manifest: Manifest,
    names: NameIndex,
}

/// A snapshot cannot be opened or read.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The folder holds no snapshot.
    #[error(
        "{folder} holds no snapshot; import lists into it with `zeef import --data {folder} --eu FILE --aspi FILE`"
    )]
    Missing {
        /// The folder.
        folder: String,
    },
    /// The operating system could not read it.
    #[error("cannot read snapshot: {0}")]
    Io(#[from] std::io::Error),
    /// It is damaged.
    #[error("snapshot is damaged: {0}")]
    Damaged(String),
    /// Its name index cannot be rebuilt.
    #[error(transparent)]
    Names(#[from] NameIndexError),
}

impl Snapshot {
    /// Opens the current generation of a data folder.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn open(folder: &Path) -> Result<Self, SnapshotError> {
        Err(SnapshotError::Missing { folder: folder.display().to_string() })
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The compiled name index.
    pub fn names(&self) -> &NameIndex {
        &self.names
    }

    /// Everything a list says of one entity.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn entity(&self, list: &str, id: &str) -> Result<Option<Entity>, SnapshotError> {
        let _ = (list, id);
        Ok(None)
    }
}
