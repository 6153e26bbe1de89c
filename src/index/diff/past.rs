//! What became of one entity from one edition of its list to the next, as far as a folder keeps them.

use std::path::Path;

use super::{Change, changed_fields, same_contents};
use crate::index::generation::Generation;
use crate::index::manifest::{ListManifest, Manifest};
use crate::index::store::Store;
use crate::index::{Snapshot, SnapshotError, kept, kept_generations};
use crate::model::Entity;

/// An edition of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListEdition {
    /// The day it stands at, as the list says; empty where it does not.
    pub as_of: String,
    /// When it was imported, RFC 3339.
    pub imported: String,
}

/// A change of an entity between two editions of its list, of which the one was followed by the other.
#[derive(Clone, Debug)]
pub struct Step {
    /// The last edition that said what was before.
    pub before: ListEdition,
    /// The first that says what is after.
    pub after: ListEdition,
    /// How it differs.
    pub change: Change,
}

/// What is known of an entity's past.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Its changes, newest first.
    pub steps: Vec<Step>,
    /// The oldest edition that was looked at; none where the list is not loaded.
    pub since: Option<ListEdition>,
    /// Whether there are older editions that this build cannot read.
    pub is_cut: bool,
}

impl Past {
    /// The entity as the list had it last, where it is on the list no more.
    pub fn last(&self) -> Option<&Entity> {
        match &self.steps.first()?.change {
            Change::Removed(entity) => Some(entity),
            Change::Added(_) | Change::Changed { .. } => None,
        }
    }
}

/// The past of an entity up to the snapshot, from the generations that its folder still keeps. Of these only the
/// lengths of files are compared with what was written, for a page must not wait until lists are hashed: what
/// cannot be read ends what is told, and says so.
///
/// # Errors
/// When the folder or the snapshot cannot be read.
pub fn past(snapshot: &Snapshot, list: &str, id: &str) -> Result<Past, SnapshotError> {
    let Some(newest) = snapshot.manifest().list(list) else { return Ok(Past::default()) };
    let mut past = Past { since: Some(edition(newest)), ..Past::default() };
    let Some((folder, current)) = snapshot.origin() else { return Ok(past) };
    let mut kept = kept_generations(folder)?;
    // What came after, before somebody went back, is no past of what is served.
    kept.truncate(kept.iter().position(|k| k.name == current).unwrap_or(kept.len()));

    let mut after = snapshot.entity(list, id)?;
    let mut newer = (snapshot.manifest().clone(), newest.clone());
    for generation in kept.into_iter().rev() {
        // Before, the list was not loaded: nothing is known of what it said.
        let Some(older) = generation.manifest.list(list).cloned() else { break };
        let is_same = generation.manifest.format == newer.0.format && same_contents(&older, &newer.1);
        if !is_same {
            let Ok(before) = entity(folder, &generation.name, &generation.manifest, list, id) else {
                past.is_cut = true;
                break;
            };
            let change = match (&before, after.take()) {
                (None, None) => None,
                (None, Some(after)) => Some(Change::Added(Box::new(after))),
                (Some(before), None) => Some(Change::Removed(Box::new(before.clone()))),
                (Some(before), Some(after)) => changed_fields(before, after),
            };
            if let Some(change) = change {
                past.steps.push(Step { before: edition(&older), after: edition(&newer.1), change });
            }
            after = before;
        }
        past.since = Some(edition(&older));
        newer = (generation.manifest, older);
    }
    Ok(past)
}

fn edition(list: &ListManifest) -> ListEdition {
    ListEdition { as_of: list.as_of.clone(), imported: list.imported.clone() }
}

/// An entity in an older generation.
fn entity(
    folder: &Path,
    name: &str,
    manifest: &Manifest,
    list: &str,
    id: &str,
) -> Result<Option<Entity>, SnapshotError> {
    let generation: Generation = kept::find(folder, name)?;
    // Refuses another version, as the kept manifest does not.
    generation.manifest()?;
    generation.verify(manifest, 0)?;
    Ok(Store::open(&generation.store())?.entity(list, id)?)
}
