//! What changed between two generations: entities added, removed and changed, field by field.
//!
//! Both stores are gone through in the order of their keys (list, then reference), one entity of each in
//! memory at a time. Lists that were carried over are not looked at, and of the others only entities whose
//! stored bytes differ are read: an update of a large list costs little more than going through its keys.

mod cursor;
mod fields;
mod page;
mod past;

use std::cmp::Ordering;
use std::path::Path;

use serde::Serialize;

use super::generation::DataFolder;
use super::manifest::{LenderManifest, ListManifest, Manifest};
use super::store::{KEY_SEPARATOR, Store, StoreError};
use super::{Snapshot, SnapshotError, kept};
use crate::model::{Entity, EntityKind};
use cursor::{Keys, Segments};

pub use fields::{Field, FieldChange, fields};
pub use page::{DEFAULT_DIFF_PAGE_SIZE, DiffError, DiffPage, MAX_DIFF_PAGE_SIZE, page};
pub use past::{ListEdition, Past, Step, past};

/// One entity that differs.
#[derive(Clone, Debug)]
pub struct EntityChange {
    /// The list.
    pub list: String,
    /// The list's own reference.
    pub id: String,
    /// How it differs.
    pub change: Change,
}

/// How an entity differs.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is new.
    Added(Box<Entity>),
    /// It is gone.
    Removed(Box<Entity>),
    /// It says something else.
    Changed {
        /// As it was.
        before: Box<Entity>,
        /// As it is.
        after: Box<Entity>,
        /// Field by field. Empty where only the order of values, or which legal act stands behind a single
        /// one of them, has changed.
        fields: Vec<FieldChange>,
    },
}

/// The word for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The entity is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

impl ChangeKind {
    /// The word for it, as JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

impl EntityChange {
    /// Added, removed or changed.
    pub fn kind(&self) -> ChangeKind {
        match self.change {
            Change::Added(_) => ChangeKind::Added,
            Change::Removed(_) => ChangeKind::Removed,
            Change::Changed { .. } => ChangeKind::Changed,
        }
    }

    /// The entity as it is now, or was last.
    pub fn entity(&self) -> &Entity {
        match &self.change {
            Change::Added(entity) | Change::Removed(entity) => entity,
            Change::Changed { after, .. } => after,
        }
    }

    /// What differs, field by field; of an entity that is new or gone nothing, for all of it is.
    pub fn fields(&self) -> &[FieldChange] {
        match &self.change {
            Change::Changed { fields, .. } => fields,
            Change::Added(_) | Change::Removed(_) => &[],
        }
    }

    /// Person or organisation.
    pub fn entity_kind(&self) -> EntityKind {
        self.entity().kind
    }
}

/// The lists of one generation, open for comparing: nothing of it but the store.
pub struct Edition {
    name: String,
    manifest: Manifest,
    store: Store,
}

impl Edition {
    /// Opens a generation that the folder still holds; without a name the current one.
    ///
    /// # Errors
    /// When it is not there, damaged, or of another version.
    pub fn open(folder: &Path, name: Option<&str>) -> Result<Self, SnapshotError> {
        let generation = match name {
            Some(name) => kept::find(folder, name)?,
            None => DataFolder::new(folder)
                .current()?
                .ok_or_else(|| SnapshotError::Missing { folder: folder.display().to_string() })?,
        };
        let manifest = generation.manifest()?;
        generation.verify(&manifest, super::snapshot::VERIFIED_AT_OPEN_BYTES)?;
        let store = Store::open(&generation.store())?;
        Ok(Self { name: generation.name, manifest, store })
    }

    /// Name of the generation.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it holds.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// At most `count` entities of a list, spread evenly over it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn sample(&self, list: &str, count: usize) -> Result<Vec<Entity>, SnapshotError> {
        let before = self.manifest.lists.iter().take_while(|l| l.list != list);
        let first: u64 = before.map(|l| l.counts.entities).sum();
        let entities = self.manifest.list(list).map_or(0, |l| l.counts.entities);
        let step = (entities / (count.max(1) as u64)).max(1);
        let range = first..first + entities;
        let wanted = |ordinal: u64| range.contains(&ordinal) && (ordinal - first).is_multiple_of(step);
        let mut sample = Vec::new();
        self.store.for_each_of(wanted, |entity| {
            sample.push(entity);
            Ok::<(), StoreError>(())
        })?;
        sample.truncate(count);
        Ok(sample)
    }
}

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    manifest: &'a Manifest,
    store: &'a Store,
}

impl<'a> From<&'a Edition> for Side<'a> {
    fn from(edition: &'a Edition) -> Self {
        Self { manifest: &edition.manifest, store: &edition.store }
    }
}

impl<'a> From<&'a Snapshot> for Side<'a> {
    fn from(snapshot: &'a Snapshot) -> Self {
        Self { manifest: snapshot.manifest(), store: snapshot.store() }
    }
}

/// Where a comparison goes on: after this entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The list.
    pub list: String,
    /// The list's own reference.
    pub id: String,
}

/// Hands out every entity that differs, in order of list and reference, from the first or from `after` on,
/// until `take` returns `false`.
///
/// # Errors
/// When a store cannot be read, or whatever `take` returns.
pub fn differences<'a, E: From<SnapshotError>>(
    before: impl Into<Side<'a>>,
    after: impl Into<Side<'a>>,
    resume: Option<&Place>,
    mut take: impl FnMut(EntityChange) -> Result<bool, E>,
) -> Result<(), E> {
    let (before, after) = (before.into(), after.into());
    let mut lists: Vec<&str> =
        before.manifest.lists.iter().chain(&after.manifest.lists).map(|l| l.list.as_str()).collect();
    lists.sort_unstable();
    lists.dedup();
    for list in lists {
        let from = match resume {
            Some(place) if list < place.list.as_str() => continue,
            Some(place) if list == place.list => Some(place.id.as_str()),
            _ => None,
        };
        let (old, new) = (before.manifest.list(list), after.manifest.list(list));
        if let (Some(old), Some(new)) = (old, new)
            && before.manifest.format == after.manifest.format
            && same_contents(old, new)
        {
            continue;
        }
        if !of_list(list, from, before.store, after.store, &mut take)? {
            break;
        }
    }
    Ok(())
}

/// Whether two editions of a list came from the same bytes, with the same names lent to them: their entities
/// are then the same. (What readers make of the same bytes is part of the format's version.)
fn same_contents(old: &ListManifest, new: &ListManifest) -> bool {
    let lent = |list: &ListManifest| -> Vec<(String, String)> {
        let of = |l: &LenderManifest| (l.lender.clone(), l.content_hash.clone());
        list.lenders.iter().map(of).collect()
    };
    old.content_hash == new.content_hash && old.counts == new.counts && lent(old) == lent(new)
}

/// One list; whether to go on with the next.
fn of_list<E: From<SnapshotError>>(
    list: &str,
    resume: Option<&str>,
    before: &Store,
    after: &Store,
    take: &mut impl FnMut(EntityChange) -> Result<bool, E>,
) -> Result<bool, E> {
    let failed = |error: StoreError| E::from(SnapshotError::from(error));
    let prefix = format!("{list}{KEY_SEPARATOR}");
    let (old_segments, new_segments) =
        (Segments::of(before).map_err(failed)?, Segments::of(after).map_err(failed)?);
    let mut old = Keys::of(&old_segments, &prefix, resume).map_err(failed)?;
    let mut new = Keys::of(&new_segments, &prefix, resume).map_err(failed)?;
    loop {
        let order = match (old.id(), new.id()) {
            (None, None) => return Ok(true),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.cmp(new),
        };
        let change = match order {
            Ordering::Less => Some(Change::Removed(Box::new(entity(before, &old).map_err(failed)?))),
            Ordering::Greater => Some(Change::Added(Box::new(entity(after, &new).map_err(failed)?))),
            Ordering::Equal => changed(before, after, &old, &new).map_err(failed)?,
        };
        if let Some(change) = change {
            let id = if order == Ordering::Greater { new.id() } else { old.id() };
            let id = String::from_utf8_lossy(id.unwrap_or_default()).into_owned();
            if !take(EntityChange { list: list.to_owned(), id, change })? {
                return Ok(false);
            }
        }
        if order != Ordering::Greater {
            old.advance();
        }
        if order != Ordering::Less {
            new.advance();
        }
    }
}

fn entity(store: &Store, keys: &Keys<'_>) -> Result<Entity, StoreError> {
    store.entity_of(&keys.stored()?)
}

fn changed(
    before: &Store,
    after: &Store,
    old: &Keys<'_>,
    new: &Keys<'_>,
) -> Result<Option<Change>, StoreError> {
    let (old, new) = (old.stored()?, new.stored()?);
    if old == new {
        return Ok(None);
    }
    let (before, after) = (before.entity_of(&old)?, after.entity_of(&new)?);
    Ok(changed_fields(&before, after))
}

/// How two editions of an entity differ, if they do.
fn changed_fields(before: &Entity, after: Entity) -> Option<Change> {
    // Other bytes can say the same: fields come and go within one format.
    (*before != after).then(|| {
        let fields = fields(before, &after);
        Change::Changed { before: Box::new(before.clone()), after: Box::new(after), fields }
    })
}
