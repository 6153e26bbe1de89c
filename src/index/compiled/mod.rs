//! The compiled name index: analysed names of all listed entities, laid out for the hot path.
//!
//! Built once at import, stored in the snapshot, loaded whole. An entity's number is the order in
//! which it was added.

mod candidates;
pub(in crate::index) mod container;
mod entities;
#[cfg(test)]
mod fingerprint;
mod keys;
mod numbers;
mod outline;
mod people;
mod sounds;
mod storage;
mod syllables;

use std::path::Path;

use rayon::prelude::*;

pub use candidates::{Lift, Scratch, collect};
pub use entities::Card;
pub use people::{NameRecord, People};

use super::organisations::{OrganisationIndex, OrganisationIndexBuilder};
use crate::model::{Entity, EntityKind, NameQuality};
use crate::names::PersonName;

/// Version of the file and of the name analysis and keys in it: a file of another version is rebuilt.
/// It is the fingerprint of the sources and tables that decide both (`fingerprint`, computed by
/// `build.rs`), so that no change of the analysis can read what the analysis before has stored.
pub const VERSION: u32 = include!(concat!(env!("OUT_DIR"), "/analysis_version.rs"));

/// Longest listed name that is analysed, in characters; the longest on the EU list has 245.
const LONGEST_NAME: usize = 1_000;

/// Names analysed together: enough for all cores, while those of millions of people, which take a
/// kilobyte or two each, are never in memory at once.
const ANALYSED_AT_ONCE: usize = 16_384;

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

/// Collects entities and compiles their names.
pub struct NameIndexBuilder {
    lists: Vec<String>,
    cards: Vec<Card>,
    people: Vec<(u32, String)>,
    organisations: OrganisationIndexBuilder,
}

impl Default for NameIndexBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl NameIndexBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self {
            lists: Vec::new(),
            cards: Vec::new(),
            people: Vec::new(),
            organisations: OrganisationIndexBuilder::new(),
        }
    }

    /// Adds an entity's names.
    pub fn add(&mut self, entity: &Entity) {
        let list = match self.lists.iter().position(|l| *l == entity.list) {
            Some(at) => at,
            None => {
                self.lists.push(entity.list.clone());
                self.lists.len() - 1
            }
        };
        let number = self.cards.len() as u32;
        self.cards.push(Card::of(entity, list as u16));
        self.organisations.add(number, entity);
        if entity.kind == EntityKind::Person {
            for name in &entity.names {
                if name.quality != NameQuality::Acronym {
                    self.people.push((number, name.whole.chars().take(LONGEST_NAME).collect()));
                }
            }
        }
    }

    /// Compiles what was added, for use in memory.
    pub fn build(self) -> NameIndex {
        let mut listed = self.people.into_iter();
        let analysed = std::iter::from_fn(move || {
            let some: Vec<(u32, String)> = listed.by_ref().take(ANALYSED_AT_ONCE).collect();
            let analysed = some.into_par_iter().map(|(entity, text)| {
                let name = PersonName::analyse(&text);
                (entity, text, name)
            });
            Some(analysed.collect::<Vec<(u32, String, PersonName)>>()).filter(|names| !names.is_empty())
        });
        let people = People::compile(analysed.flatten());
        NameIndex::of(self.lists, self.cards, people, self.organisations.build())
    }

    /// Compiles what was added into one file (written and synced, not renamed).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(self, path: &Path) -> Result<(), NameIndexError> {
        self.build().write(path)
    }
}

/// The compiled index, loaded whole.
#[derive(Default)]
pub struct NameIndex {
    lists: Vec<String>,
    cards: Vec<Card>,
    people: People,
    organisations: OrganisationIndex,
    /// Entities by document number; made from the cards when the index is built or opened.
    numbers: Vec<(u64, u32)>,
}

impl NameIndex {
    fn of(
        lists: Vec<String>,
        cards: Vec<Card>,
        mut people: People,
        organisations: OrganisationIndex,
    ) -> Self {
        let numbers = numbers::table(&cards);
        people.take_up(&cards);
        Self { lists, cards, people, organisations, numbers }
    }

    /// Loads a compiled index after checking its version and checksum.
    ///
    /// # Errors
    /// [`NameIndexError::Damaged`] asks for a rebuild.
    pub fn open(path: &Path) -> Result<Self, NameIndexError> {
        storage::read(&container::read(path, VERSION)?)
    }

    /// Writes the index to a file (synced, not renamed).
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), NameIndexError> {
        container::write(path, VERSION, &storage::sections(self))
    }

    /// How many entities it holds.
    pub fn entity_count(&self) -> usize {
        self.cards.len()
    }

    /// Ids of the lists, by [`Card::list`].
    pub fn lists(&self) -> &[String] {
        &self.lists
    }

    /// An entity by its number.
    pub fn card(&self, entity: u32) -> &Card {
        &self.cards[entity as usize]
    }

    /// All entities by number.
    pub fn cards(&self) -> &[Card] {
        &self.cards
    }

    /// Names of listed people.
    pub fn people(&self) -> &People {
        &self.people
    }

    /// Names of listed organisations.
    pub fn organisations(&self) -> &OrganisationIndex {
        &self.organisations
    }

    /// Numbers of the names of an entity; names stand in the order of their entities.
    pub fn names_of_entity(&self, entity: u32) -> std::ops::Range<u32> {
        self.people.range_of(entity)
    }

    /// Entities that have this document number, folded by
    /// [`crate::matching::attributes::fold_number`].
    pub fn entities_with_number(&self, number: &str) -> impl Iterator<Item = u32> + '_ {
        let key = numbers::key(number);
        let start = self.numbers.partition_point(|e| e.0 < key);
        self.numbers[start..].iter().take_while(move |e| e.0 == key).map(|e| e.1)
    }
}
