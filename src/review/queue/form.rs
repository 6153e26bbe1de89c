//! What of a subject and of a listed entity a decision about the pair rests on.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::index::Snapshot;
use crate::model::{Birth, Entity, EntityKind, Gender};
use crate::review::store::StoreError;
use crate::review::{Occasion, fold_name};
use crate::screening::case::{CaseResult, Certainty, Finding, FindingKind};
use crate::screening::{Hit, Screener, Subject, SubjectKind};

use super::types::Standing;

/// Forms of listed entities kept for the next hit. A few hundred entities are hit again and again; more than
/// this are forgotten together.
const MOST_FORMS: usize = 4096;

/// A field that matters to whether two are the same. What a list says beside these (programmes, remarks,
/// ratings, citizenships) changes nothing about that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormField {
    /// All names.
    Names,
    /// Birth dates.
    BirthDates,
    /// Birth places.
    BirthPlaces,
    /// Gender.
    Gender,
    /// Documents and registration numbers.
    Identifiers,
    /// Addresses and countries of an organisation.
    Addresses,
}

/// One side of a pair: what a decision about it rests on. Values as written; compared after folding, so that
/// case, accents and punctuation do not count as changes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Form(pub BTreeMap<FormField, Vec<String>>);

/// One side of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who was screened.
    Subject,
    /// The listed entity.
    Entity,
}

/// What changed in one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// On which side.
    pub side: Side,
    /// In which field.
    pub field: FormField,
    /// Values that were not there before.
    pub added: Vec<String>,
    /// Values that are no longer there.
    pub removed: Vec<String>,
}

impl Form {
    fn of(fields: impl IntoIterator<Item = (FormField, Vec<String>)>) -> Self {
        let mut form = Self::default();
        for (field, mut values) in fields {
            values.retain(|v| !v.trim().is_empty());
            values.sort_by_cached_key(|v| fold_name(v));
            values.dedup_by_key(|v| fold_name(v));
            if !values.is_empty() {
                form.0.insert(field, values);
            }
        }
        form
    }

    /// Of a subject.
    pub fn of_subject(subject: &Subject) -> Self {
        let names = std::iter::once(&subject.name).chain(&subject.aliases).cloned().collect();
        let identifiers = subject.identifiers.iter().map(|i| i.number.clone()).collect();
        let mut addresses = Vec::new();
        if subject.kind != SubjectKind::Person {
            addresses.push(subject.address.clone());
            addresses.extend(subject.countries.iter().map(|c| c.to_ascii_uppercase()));
        }
        Self::of([
            (FormField::Names, names),
            (FormField::BirthDates, subject.birth_date.iter().map(ToString::to_string).collect()),
            (FormField::BirthPlaces, vec![subject.birth_place.clone()]),
            (FormField::Gender, subject.gender.map(gender).into_iter().collect()),
            (FormField::Identifiers, identifiers),
            (FormField::Addresses, addresses),
        ])
    }

    /// Of a listed entity.
    pub fn of_entity(entity: &Entity) -> Self {
        let joined = |parts: &[&String]| {
            let parts: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
            parts.join(", ")
        };
        let places = |b: &Birth| joined(&[&b.city, &b.region, &b.place, &b.country]);
        let mut addresses = Vec::new();
        if entity.kind == EntityKind::Organisation {
            addresses = entity
                .addresses
                .iter()
                .map(|a| {
                    joined(&[&a.street, &a.po_box, &a.postal_code, &a.city, &a.region, &a.place, &a.country])
                })
                .collect();
        }
        Self::of([
            (FormField::Names, entity.names.iter().map(|n| n.whole.clone()).collect()),
            (FormField::BirthDates, entity.births.iter().map(born).collect()),
            (FormField::BirthPlaces, entity.births.iter().map(places).collect()),
            (FormField::Gender, entity.gender.map(gender).into_iter().collect()),
            (FormField::Identifiers, entity.identifiers.iter().map(|i| i.number.clone()).collect()),
            (FormField::Addresses, addresses),
        ])
    }

    /// Two forms of the same mark do not differ.
    pub(super) fn mark(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        for (field, values) in &self.0 {
            hasher.update(&[0, *field as u8]);
            for value in values {
                hasher.update(&[1]);
                hasher.update(fold_name(value).as_bytes());
            }
        }
        hasher.finalize().to_hex().as_str()[..32].to_owned()
    }

    /// What changed from `before` to this.
    pub fn changes_since(&self, before: &Self, side: Side) -> Vec<FieldChange> {
        let mut fields: Vec<FormField> = before.0.keys().chain(self.0.keys()).copied().collect();
        fields.sort_unstable();
        fields.dedup();
        let values = |form: &Self, field| form.0.get(&field).cloned().unwrap_or_default();
        let beyond = |these: &[String], those: &[String]| -> Vec<String> {
            these.iter().filter(|a| those.iter().all(|b| fold_name(a) != fold_name(b))).cloned().collect()
        };
        fields
            .into_iter()
            .map(|field| {
                let (old, new) = (values(before, field), values(self, field));
                FieldChange { side, field, added: beyond(&new, &old), removed: beyond(&old, &new) }
            })
            .filter(|change| !change.added.is_empty() || !change.removed.is_empty())
            .collect()
    }
}

fn gender(gender: Gender) -> String {
    match gender {
        Gender::Male => "male".into(),
        Gender::Female => "female".into(),
    }
}

fn born(birth: &Birth) -> String {
    let when = &birth.when;
    let years = match (when.first_year, when.last_year) {
        (None, None) => String::new(),
        (first, last) => {
            let year = |y: Option<i16>| y.map_or(String::new(), |y| y.to_string());
            format!("{}..{}", year(first), year(last))
        }
    };
    let date = when.date.map_or(years, |d| d.to_string());
    if when.circa && !date.is_empty() { format!("circa {date}") } else { date }
}

/// A hit that is to be raised in the queue.
#[derive(Debug)]
pub(in crate::review) struct Suspect {
    /// Names the pair.
    pub pair: String,
    pub case_reference: String,
    pub subject_reference: String,
    pub purpose: String,
    pub snapshot: String,
    /// JSON.
    pub subject: String,
    pub subject_name: String,
    pub subject_fold: String,
    pub subject_kind: &'static str,
    pub subject_form: Arc<Form>,
    pub subject_mark: String,
    /// JSON.
    pub hit: String,
    pub list: String,
    pub entity_id: String,
    pub entity_name: String,
    pub score: f64,
    pub entity_form: Arc<Form>,
    pub entity_mark: String,
    pub four_eyes: bool,
    pub retain_days: u32,
}

/// Makes suspects of hits, and keeps the forms of the entities that are hit.
#[derive(Debug, Default)]
pub(in crate::review) struct Forms(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    snapshot: String,
    forms: HashMap<(String, String), Marked>,
}

type Marked = (Arc<Form>, String);

impl Forms {
    /// Adds a suspect for each hit of one subject.
    pub(in crate::review) fn suspects(
        &self,
        occasion: &Occasion,
        screener: &Screener,
        (reference, subject): (&str, &Subject),
        hits: &[Hit],
        suspects: &mut Vec<Suspect>,
    ) -> Result<(), StoreError> {
        if hits.is_empty() {
            return Ok(());
        }
        let form = Arc::new(Form::of_subject(subject));
        let mark = form.mark();
        let who = who(occasion, reference, subject, &mark);
        let json = |e| unwritable(&e);
        let subject_json = serde_json::to_string(subject).map_err(json)?;
        for hit in hits {
            let (entity_form, entity_mark) = self.of_entity(screener.snapshot(), hit)?;
            suspects.push(Suspect {
                pair: pair(&who, &hit.list, &hit.entity_id),
                case_reference: storable(&occasion.case_reference),
                subject_reference: reference.to_owned(),
                purpose: occasion.purpose.clone(),
                snapshot: screener.snapshot().manifest().id.clone(),
                subject: subject_json.clone(),
                subject_name: storable(&subject.name),
                subject_fold: fold_name(&subject.name),
                subject_kind: match subject.kind {
                    SubjectKind::Person => "person",
                    SubjectKind::Organisation => "organisation",
                    SubjectKind::Any => "any",
                },
                subject_form: Arc::clone(&form),
                subject_mark: mark.clone(),
                hit: serde_json::to_string(hit).map_err(json)?,
                list: hit.list.clone(),
                entity_id: storable(&hit.entity_id),
                entity_name: storable(&hit.name),
                score: hit.score,
                entity_form,
                entity_mark,
                four_eyes: false,
                retain_days: 0,
            });
        }
        Ok(())
    }

    /// Adds a suspect for each finding of a case that may be a listed entity itself.
    pub(in crate::review) fn suspects_of_case(
        &self,
        occasion: &Occasion,
        screener: &Screener,
        result: &CaseResult,
        suspects: &mut Vec<Suspect>,
    ) -> Result<(), StoreError> {
        let first = suspects.len();
        for finding in result.screened.findings.iter().filter(|f| is_raised(f)) {
            let subject = result.screened.subjects.get(finding.subject);
            if let (Some(hit), Some(subject)) = (&finding.hit, subject) {
                let hits = std::slice::from_ref(hit);
                self.suspects(occasion, screener, ("", &subject.subject), hits, suspects)?;
            }
        }
        for suspect in &mut suspects[first..] {
            suspect.four_eyes = result.review.four_eyes;
            suspect.retain_days = result.review.retention_days;
        }
        Ok(())
    }

    fn of_entity(&self, snapshot: &Snapshot, hit: &Hit) -> Result<Marked, StoreError> {
        let id = &snapshot.manifest().id;
        let key = (hit.list.clone(), hit.entity_id.clone());
        {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if kept.snapshot != *id || kept.forms.len() >= MOST_FORMS {
                *kept = Kept { snapshot: id.clone(), forms: HashMap::new() };
            }
            if let Some(form) = kept.forms.get(&key) {
                return Ok(form.clone());
            }
        }
        let entity = snapshot
            .entity(&hit.list, &hit.entity_id)
            .map_err(|_| StoreError::Unavailable("a listed entity cannot be read again".into()))?;
        let form = match entity {
            Some(entity) => Form::of_entity(&entity),
            None => Form::of([(FormField::Names, vec![hit.name.clone(), hit.matched_name.clone()])]),
        };
        let mark = form.mark();
        let marked = (Arc::new(form), mark);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Another thread may serve another snapshot by now.
        if kept.snapshot == *id {
            kept.forms.insert(key, marked.clone());
        }
        Ok(marked)
    }
}

/// Whether a finding of a case is raised: it may be a listed entity itself, and nothing set it aside. Standings
/// in a case's receipt are those of these findings, in their order.
pub fn is_raised(finding: &Finding) -> bool {
    matches!(finding.what, FindingKind::Listed)
        && finding.hit.is_some()
        && finding.certainty > Certainty::SetAside
}

/// How the findings of a case stand, by the finding's id; `standings` are those of its receipt.
pub fn by_finding<'a>(findings: &'a [Finding], standings: &'a [Standing]) -> BTreeMap<&'a str, &'a Standing> {
    let raised = findings.iter().filter(|finding| is_raised(finding));
    raised.map(|finding| finding.id.as_str()).zip(standings).collect()
}

fn unwritable(_: &serde_json::Error) -> StoreError {
    StoreError::Damaged("a suspected match cannot be written as JSON".into())
}

/// PostgreSQL keeps no NUL in a text.
fn storable(text: &str) -> String {
    text.replace('\0', " ")
}

/// Who the subject is, for the pair: see the module's head.
fn who(occasion: &Occasion, reference: &str, subject: &Subject, mark: &str) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut part = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    if !reference.is_empty() {
        part("reference");
        part(reference);
    } else if !occasion.case_reference.is_empty() {
        part("case");
        part(&occasion.case_reference);
        part(&fold_name(&subject.name));
    } else {
        part("data");
        part(mark);
    }
    hasher.finalize()
}

fn pair(who: &blake3::Hash, list: &str, entity_id: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(who.as_bytes());
    for text in [list, entity_id] {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    hasher.finalize().to_hex().to_string()
}
