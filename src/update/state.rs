//! What is remembered between updates.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;

use crate::index::RolledBack;

/// Name of the file in a data folder.
const FILE: &str = "updates.json";

/// What was done for each list, and what is held back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// By list.
    pub lists: BTreeMap<String, ListState>,
    /// Content hashes of lists that somebody went back from: they are not taken up again by themselves.
    pub held: Vec<String>,
}

/// What was done for one list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListState {
    /// When it was last fetched and found in order, changed or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checked: Option<Timestamp>,
    /// When that last failed, since `checked`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<Timestamp>,
    /// Why.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// How often in a row.
    pub failures: u32,
}

/// What a folder remembers. Nothing, where it cannot be read: it is only what saves a download.
pub fn state(folder: &Path) -> State {
    fs::read(folder.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

/// Remembers, whole or not at all.
pub(super) fn remember(folder: &Path, state: &State) -> io::Result<()> {
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(&serde_json::to_vec_pretty(state).map_err(io::Error::other)?)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(FILE)).map_err(|e| e.error)?;
    Ok(())
}

/// Holds back the lists that were gone back from: an update that brings the same files again leaves them.
///
/// # Errors
/// When the folder cannot be written.
pub fn hold(folder: &Path, done: &RolledBack) -> io::Result<()> {
    let mut state = state(folder);
    let (from, to) = (&done.from.manifest, &done.to.manifest);
    for list in &from.lists {
        let same = to.list(&list.list).is_some_and(|l| l.content_hash == list.content_hash);
        if !same && !state.held.contains(&list.content_hash) {
            state.held.push(list.content_hash.clone());
        }
    }
    // What is gone to is wanted.
    state.held.retain(|hash| to.lists.iter().all(|l| l.content_hash != *hash));
    remember(folder, &state)
}
