//! Which record is a listed institution's, and what it lends.

use std::collections::{HashMap, HashSet};

use crate::model::{Entity, EntityKind, Identifier, Name, NameQuality, Relation};
use crate::sources::institution::institution_name_quality;
use crate::sources::spelling::key;
use crate::sources::{Header, Input, Issue, ReadError};

use super::LENT_BY;
use super::record::{self, RorNameKind, RorRecord};

/// Finds the ROR record of a listed institution and lends it what the record knows.
///
/// A record is an institution's only where its name is the same but for case, accents and
/// punctuation, and, where the institution's country is known, the record is of that country. Where
/// two records could be meant nothing is lent: a wrong loan would put another institution's names
/// on a list.
#[derive(Debug, Default)]
pub struct Lender {
    records: Vec<RorRecord>,
    header: Header,
    by_id: HashMap<Box<str>, usize>,
    /// Records by the key of any of their names.
    by_name: HashMap<Box<str>, Vec<u32>>,
}

impl Lender {
    /// Reads ROR's files, see [`read`](super::read); withdrawn records are left aside. The header is
    /// the first file's.
    ///
    /// # Errors
    /// As [`read`](super::read).
    pub fn read(inputs: Vec<Input<'_>>, issue: &mut dyn FnMut(Issue)) -> Result<Self, ReadError> {
        let mut records = Vec::new();
        let mut header = None;
        for input in inputs {
            let of_file = record::read(input, &mut |record| records.push(record), issue)?;
            header.get_or_insert(of_file);
        }
        Ok(Self { header: header.unwrap_or_default(), ..Self::new(records) })
    }

    /// A lender of these records; withdrawn ones are left aside, and of records with one id all but
    /// the first.
    pub fn new(records: impl IntoIterator<Item = RorRecord>) -> Self {
        let mut ids = HashSet::new();
        let records: Vec<RorRecord> =
            records.into_iter().filter(|record| !record.withdrawn && ids.insert(record.id.clone())).collect();
        let mut by_id = HashMap::with_capacity(records.len());
        let mut by_name: HashMap<Box<str>, Vec<u32>> = HashMap::with_capacity(2 * records.len());
        // More than four thousand million records cannot be in memory.
        for (at, record) in (0u32..).zip(&records) {
            by_id.insert(record.id.clone(), at as usize);
            for name in &record.names {
                let key = key(&name.value);
                let owners = by_name.entry(key.into()).or_default();
                if !key_is_owned(owners, at) {
                    owners.push(at);
                }
            }
        }
        by_name.remove("");
        Self { records, header: Header::default(), by_id, by_name }
    }

    /// How many records can lend.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no record at all.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// What the file said of itself; empty for a lender made of records.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The record of a listed institution, if exactly one is.
    ///
    /// The institution's first Latin and first other name decide; both must mean the same record.
    /// Only if neither means any do its further names count, and then two of them must agree, or one
    /// must contain the first name (`PLA Navy Submarine Academy`): an alias alone may be that of a
    /// part, whose names are not the institution's. Acronyms and weak aliases never count.
    pub fn record_of(&self, entity: &Entity) -> Option<&RorRecord> {
        if entity.kind != EntityKind::Organisation {
            return None;
        }
        let countries = entity.countries();
        let own = |name: &&Name| name.lent_by.is_empty() && name.quality == NameQuality::Strong;
        let is_latin = |name: &Name| name.whole.chars().any(|c| c.is_ascii_alphabetic());
        let names: Vec<&Name> = entity.names.iter().filter(own).collect();
        let latin = names.iter().position(|name| is_latin(name));
        let other = names.iter().position(|name| !is_latin(name));

        let mut meant: Option<Vec<u32>> = None;
        for at in [latin, other].into_iter().flatten() {
            let found = self.named(&names[at].whole, &countries);
            if !found.is_empty() {
                meant = Some(match meant {
                    Some(before) => before.into_iter().filter(|record| found.contains(record)).collect(),
                    None => found,
                });
            }
        }
        let record = match meant {
            Some(meant) => only(&meant)?,
            None => {
                let first = latin.map(|at| key(&names[at].whole)).unwrap_or_default();
                let mut found = Vec::new();
                let mut certain = false;
                for name in &names {
                    for record in self.named(&name.whole, &countries) {
                        certain |= found.contains(&record);
                        certain |= !first.is_empty() && key(&name.whole).contains(&first);
                        if !found.contains(&record) {
                            found.push(record);
                        }
                    }
                }
                only(&found).filter(|_| certain)?
            }
        };
        self.records.get(record as usize)
    }

    /// Lends an entity what its record knows: names, ties, the record's address. Returns the record,
    /// or `None` if there is none and nothing was changed. Lending twice changes nothing more.
    ///
    /// A name that means another record as well (many acronyms do) is not lent.
    pub fn lend(&self, entity: &mut Entity) -> Option<&RorRecord> {
        let record = self.record_of(entity)?;
        let mut known: Vec<String> = entity.names.iter().map(|name| key(&name.whole)).collect();
        for name in &record.names {
            let key = key(&name.value);
            let shared = self.by_name.get(key.as_str()).is_none_or(|owners| owners.len() > 1);
            if shared || known.contains(&key) {
                continue;
            }
            let quality = match name.kind {
                RorNameKind::Acronym => NameQuality::Acronym,
                RorNameKind::Label | RorNameKind::Alias => institution_name_quality(&name.value),
            };
            entity.names.push(Name {
                quality,
                language: name.language.to_string(),
                lent_by: LENT_BY.into(),
                ..Name::of(&*name.value)
            });
            known.push(key);
        }
        for relation in &record.relations {
            let native = self.by_id.get(&relation.id).and_then(|&at| native_name(&self.records[at]));
            let lent = Relation {
                kind: relation.kind,
                name: relation.label.to_string(),
                native_name: native.unwrap_or_default().to_owned(),
                entity_id: String::new(),
                lent_by: LENT_BY.into(),
            };
            let known =
                entity.relations.iter().any(|r| r.kind == lent.kind && key(&r.name) == key(&lent.name));
            if !known && !lent.name.is_empty() {
                entity.relations.push(lent);
            }
        }
        let link = record.id.to_string();
        if !entity.links.contains(&link) {
            entity.identifiers.push(Identifier {
                kind: LENT_BY.into(),
                description: "Research Organization Registry".into(),
                number: link.clone(),
                remark: "lent by ROR, not on the list".into(),
                ..Identifier::default()
            });
            entity.links.push(link);
        }
        Some(record)
    }

    /// Records of a name, not by acronym, and of one of these countries if any are given. A name of
    /// one word identifies no institution unless its country is known.
    fn named(&self, name: &str, countries: &[&str]) -> Vec<u32> {
        let key = key(name);
        if countries.is_empty() && !key.contains(' ') && key.is_ascii() {
            return Vec::new();
        }
        let of_country = |record: &RorRecord| {
            countries.is_empty()
                || record.countries.iter().any(|c| countries.iter().any(|own| same_country(own, c)))
        };
        let by_full_name = |record: &RorRecord| {
            record.names.iter().any(|n| n.kind != RorNameKind::Acronym && self::key(&n.value) == key)
        };
        let owners = self.by_name.get(key.as_str()).map_or(&[][..], Vec::as_slice);
        let record = |at: &u32| self.records.get(*at as usize);
        owners
            .iter()
            .copied()
            .filter(|at| record(at).is_some_and(|r| of_country(r) && by_full_name(r)))
            .collect()
    }
}

fn key_is_owned(owners: &[u32], at: u32) -> bool {
    // Records come in order, so only the last can be this one.
    owners.last() == Some(&at)
}

fn only(records: &[u32]) -> Option<u32> {
    match records {
        [record] => Some(*record),
        _ => None,
    }
}

/// Lists on China have institutions in Hong Kong and Macao under either code.
fn same_country(a: &str, b: &str) -> bool {
    let of = |code: &str| if matches!(code, "HK" | "MO") { "CN".to_owned() } else { code.to_owned() };
    of(a) == of(b)
}

/// A record's first label in another script than Latin.
fn native_name(record: &RorRecord) -> Option<&str> {
    let latin = |name: &str| name.chars().any(|c| c.is_ascii_alphabetic());
    record.names.iter().find(|n| n.kind == RorNameKind::Label && !latin(&n.value)).map(|n| &*n.value)
}
