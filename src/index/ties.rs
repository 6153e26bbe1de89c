//! Names of laboratories, subsidiaries, agencies and other units to which listed organisations are tied.
//!
//! A list names them under the organisation that it lists, and not as entries of their own: "Key
//! Laboratory of X" on a CV leads to the university that has it only through here. They are found as
//! listed names are, by the same index and scorer.

use std::collections::HashMap;

use crate::model::spelling::key;
use crate::model::{Address, Entity, EntityKind, Name, RelationKind};

use super::organisations::{OrganisationHit, OrganisationIndex, OrganisationIndexBuilder, Scratch};
use crate::matching::organisation::OrganisationQuery;

/// A listed organisation that is tied to a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TiedEntity {
    /// Its list.
    pub list: String,
    /// The list's own reference.
    pub entity_id: String,
    /// What the named one is to it.
    pub kind: RelationKind,
    /// Who says so: the list, or who lent it the tie.
    pub source: String,
}

/// A name with the listed organisations that are tied to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TiedName {
    /// The named one in the form in which the organisation matcher takes listed ones.
    pub named: Entity,
    /// Who is tied to it, in the order of the lists.
    pub tied: Vec<TiedEntity>,
}

/// All such names of a snapshot, ready to be searched. Never changes.
#[derive(Debug, Default)]
pub struct Ties {
    names: Vec<TiedName>,
    index: OrganisationIndex,
}

impl Ties {
    /// The names that reach `min_bits`, best first; `out` is cleared. [`OrganisationHit::entity`] is for
    /// [`Ties::get`].
    pub fn find(
        &self,
        query: &OrganisationQuery,
        min_bits: f64,
        scratch: &mut Scratch,
        out: &mut Vec<OrganisationHit>,
    ) {
        self.index.find(query, min_bits, scratch, out);
    }

    /// A name by its number.
    pub fn get(&self, number: u32) -> Option<&TiedName> {
        self.names.get(number as usize)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Collects the ties of listed organisations.
#[derive(Default)]
pub(super) struct TiesBuilder {
    names: Vec<TiedName>,
    seen: HashMap<(String, String), usize>,
}

impl TiesBuilder {
    /// Adds the ties of one entity. Ties to entries of a list are left out: these are met as such.
    pub(super) fn add(&mut self, entity: &Entity) {
        for relation in entity.relations.iter().filter(|r| r.entity_id.is_empty()) {
            let native = relation.native_name.as_str();
            let names = [relation.name.as_str(), native];
            // Laboratories and subsidiaries are where their owner is, as far as the list itself tells; an
            // owner elsewhere then speaks against a name as common as "Key Laboratory of Optics".
            let local = relation.lent_by.is_empty()
                && matches!(relation.kind, RelationKind::Laboratory | RelationKind::Subsidiary);
            let mut countries: Vec<&str> = if local {
                entity.addresses.iter().map(|a| a.country.as_str()).filter(|c| !c.is_empty()).collect()
            } else {
                Vec::new()
            };
            countries.sort_unstable();
            countries.dedup();
            let identity = (key(&relation.name), key(native) + "/" + &countries.join(" "));
            let number = *self.seen.entry(identity).or_insert_with(|| {
                let in_country = |c: &&str| Address { country: (*c).to_owned(), ..Address::default() };
                let named = Entity {
                    kind: EntityKind::Organisation,
                    names: names.iter().filter(|n| !n.is_empty()).map(|n| Name::of(*n)).collect(),
                    addresses: countries.iter().map(in_country).collect(),
                    ..Entity::default()
                };
                self.names.push(TiedName { named, tied: Vec::new() });
                self.names.len() - 1
            });
            let source = if relation.lent_by.is_empty() { &entity.list } else { &relation.lent_by };
            self.names[number].tied.push(TiedEntity {
                list: entity.list.clone(),
                entity_id: entity.id.clone(),
                kind: relation.kind,
                source: source.clone(),
            });
        }
    }

    pub(super) fn finish(self) -> Ties {
        let mut index = OrganisationIndexBuilder::new();
        for (number, name) in (0..).zip(&self.names) {
            index.add(number, &name.named);
        }
        Ties { names: self.names, index: index.build() }
    }
}

#[cfg(test)]
mod tests {
    use crate::index::Snapshot;
    use crate::matching::score::PRIOR_BITS;

    use super::*;

    #[test]
    fn a_laboratory_leads_to_its_university() {
        let snapshot = Snapshot::demo().unwrap();
        let ties = snapshot.ties().unwrap();
        let find = |name: &str, country: &str| -> Vec<OrganisationHit> {
            let countries: Vec<String> =
                (!country.is_empty()).then(|| country.to_owned()).into_iter().collect();
            let query = OrganisationQuery::new(name, &countries, "");
            let mut hits = Vec::new();
            ties.find(&query, PRIOR_BITS, &mut Scratch::default(), &mut hits);
            hits
        };
        let owners = |name: &str, country: &str| -> Vec<&str> {
            let hits = find(name, country);
            let tied = hits.iter().flat_map(|h| &ties.get(h.entity).unwrap().tied);
            tied.map(|t| t.entity_id.as_str()).collect()
        };
        let hit = ["harbin-institute-of-technology"];
        assert_eq!(owners("State Key Lab. of Robotics and Systems", "CN"), hit);
        assert_eq!(owners("机器人技术与系统国家重点实验室", ""), hit);
        // Its owner's country counts.
        let bits = |country| find("State Key Laboratory of Robotics and System", country)[0].bits;
        assert!(bits("NL") < bits("") && bits("") <= bits("CN"));
        assert!(owners("Fictional Institute of Pottery", "").is_empty());
    }
}
