//! Several files into one list: rows find their institution, relations find their other end.

use std::collections::HashMap;

use crate::model::{Address, Entity, EntityKind, NameQuality, RelationKind};
use crate::sources::institution::push_name;
use crate::sources::spelling::{key, slug};
use crate::sources::{Issue, Severity};

use super::galaxy::{push_relation, push_units};
use super::row::Row;
use super::{LIST, id_of_page, naming};

/// The list being put together. A few hundred institutions: held whole, since a row may belong to
/// any of them.
#[derive(Default)]
pub(super) struct Institutions {
    entities: Vec<Entity>,
    by_id: HashMap<String, usize>,
    /// By the key of a full name; `None` where two institutions share it.
    by_name: HashMap<String, Option<usize>>,
    /// Where the row stands that was last merged into an institution.
    merged_from: HashMap<usize, String>,
}

impl Institutions {
    /// Adds an institution; false if its id is taken.
    pub(super) fn add(&mut self, entity: Entity) -> bool {
        if self.by_id.contains_key(&entity.id) {
            return false;
        }
        let at = self.entities.len();
        self.by_id.insert(entity.id.clone(), at);
        self.entities.push(entity);
        self.know_names(at);
        true
    }

    /// Full names only: an acronym or a weak alias joins nothing.
    fn know_names(&mut self, at: usize) {
        for name in self.entities[at].names.iter().filter(|n| n.quality == NameQuality::Strong) {
            let owner = self.by_name.entry(key(&name.whole)).or_insert(Some(at));
            if *owner != Some(at) {
                *owner = None;
            }
        }
    }

    fn named(&self, name: &str) -> Option<usize> {
        // Punctuation alone has an empty key and is nobody's name.
        let key = Some(key(name)).filter(|key| !key.is_empty())?;
        self.by_name.get(&key).copied().flatten()
    }

    /// Merges a row into the institution it means: by id, else by its page, else by its exact name;
    /// a row that means none becomes an institution. A second row of one file for one institution is
    /// left out with an issue.
    pub(super) fn merge(&mut self, row: Row, issue: &mut dyn FnMut(Issue)) {
        let mut report = |severity, what: String| {
            issue(Issue { severity, place: row.place.clone(), what });
        };
        let page_id = row.pages.iter().find_map(|page| id_of_page(page));
        let pair = naming::institution(&row.name);
        let native = if row.native_name.is_empty() { &pair.native } else { &row.native_name };
        let by_id = self.by_id.get(&row.id).or_else(|| self.by_id.get(page_id.as_deref()?)).copied();
        let found = by_id.or_else(|| self.named(&pair.english)).or_else(|| self.named(native));
        let at = match found {
            Some(at) => {
                if by_id.is_none() && !row.id.is_empty() {
                    let what =
                        format!("no institution has this id: joined to {} by name", self.entities[at].id);
                    report(Severity::Value, what);
                }
                at
            }
            None => {
                let name = if pair.english.is_empty() { native } else { &pair.english };
                if name.is_empty() {
                    let what = "no listed institution has this id or page, and there is no name to make one: left out";
                    return report(Severity::Record, what.into());
                }
                let id = Some(row.id.clone())
                    .filter(|id| !id.is_empty())
                    .or(page_id)
                    .unwrap_or_else(|| slug(name));
                let entity = Entity {
                    list: LIST.into(),
                    id,
                    kind: EntityKind::Organisation,
                    addresses: vec![Address { country: "CN".into(), ..Address::default() }],
                    ..Entity::default()
                };
                if entity.id.is_empty() || self.by_id.contains_key(&entity.id) {
                    return report(Severity::Record, "no id can be made from the name: give one".into());
                }
                let at = self.entities.len();
                self.by_id.insert(entity.id.clone(), at);
                self.entities.push(entity);
                at
            }
        };
        if let Some(earlier) = self.merged_from.get(&at) {
            // A page and a table may both speak of an institution; one file only once.
            if file_of(earlier) == file_of(&row.place) {
                return report(
                    Severity::Record,
                    format!("the institution stands at {earlier} already: left out"),
                );
            }
        }
        self.merged_from.insert(at, row.place.clone());

        let entity = &mut self.entities[at];
        push_name(&mut entity.names, &pair.english);
        push_name(&mut entity.names, native);
        push_name(&mut entity.names, &pair.native);
        for alias in &row.aliases {
            push_name(&mut entity.names, alias);
        }
        if let Some(rating) = row.rating {
            entity.rating = rating;
        }
        add_new(&mut entity.categories, row.categories);
        add_new(&mut entity.topics, row.topics);
        add_new(&mut entity.links, row.pages);
        add_new(&mut entity.remarks, row.remarks);
        for agency in row.agencies {
            push_relation(&mut entity.relations, RelationKind::SupervisedBy, agency, String::new());
        }
        let remarks = push_units(&mut entity.relations, RelationKind::Laboratory, &row.laboratories)
            + push_units(&mut entity.relations, RelationKind::Subsidiary, &row.subsidiaries);
        if let Some(address) = entity.addresses.first_mut() {
            if !row.address.is_empty() {
                address.place = row.address;
            }
            if !row.country.is_empty() {
                address.country = row.country;
            }
        }
        if remarks > 0 {
            let what = format!("{remarks} laboratories or subsidiaries are remarks, not names: left out");
            issue(Issue { severity: Severity::Value, place: row.place, what });
        }
        self.know_names(at);
    }

    /// The whole list, in the files' order. A relation whose name is that of another institution of
    /// the list, with or without a bracketed acronym behind it, gets its id.
    pub(super) fn finish(mut self) -> Vec<Entity> {
        for at in 0..self.entities.len() {
            let mut relations = std::mem::take(&mut self.entities[at].relations);
            for relation in &mut relations {
                let bare = relation.name.rsplit_once(" (").map_or(relation.name.as_str(), |(name, _)| name);
                let other = self
                    .named(&relation.name)
                    .or_else(|| self.named(bare))
                    .or_else(|| self.named(&relation.native_name))
                    .filter(|&other| other != at);
                if let Some(other) = other {
                    relation.entity_id = self.entities[other].id.clone();
                }
            }
            self.entities[at].relations = relations;
        }
        self.entities
    }
}

/// The file part of a place, empty where only one file was given.
fn file_of(place: &str) -> &str {
    place.rsplit_once(": ").map_or("", |(file, _)| file)
}

/// Appends what is not there yet, case aside.
fn add_new(texts: &mut Vec<String>, more: Vec<String>) {
    for text in more {
        if !texts.iter().any(|t| t.to_lowercase() == text.to_lowercase()) {
            texts.push(text);
        }
    }
}
