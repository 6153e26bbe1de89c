//! The screener itself.

use std::cell::RefCell;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use rustc_hash::FxHashMap;

use crate::index::organisations::Scratch as OrganisationScratch;
use crate::index::{Lift, NameIndex, PeopleScratch, RegisterManifest, Snapshot};
use crate::matching::attributes::{self, Attributes};
use crate::matching::organisation::{self, OrganisationQuery};
use crate::matching::person::{AskedName, NameView};
use crate::matching::{Explanation, score};
use crate::model::{EntityKind, country};
use crate::names::PersonName;

use super::explain;
use super::{
    Answer, AnswerError, DEFAULT_THRESHOLD, Hit, ListStamp, Options, Stamp, Strength, Subject, SubjectKind,
};

/// Most hits returned when the caller sets no limit.
const DEFAULT_LIMIT: usize = 20;

/// After how many scored names a screening looks whether it is still wanted.
const CHECK_EVERY: usize = 256;

/// Screens subjects against one snapshot. Cheap to clone; shared by all threads.
#[derive(Clone)]
pub struct Screener {
    snapshot: Arc<Snapshot>,
    /// `max_age_days` by list: beyond it a list is stale.
    max_age_days: Arc<Vec<(String, i64)>>,
    /// The last stamp made: the same for all screenings of a day with the same options.
    last_stamp: Arc<ArcSwapOption<(StampKey, Arc<Stamp>)>>,
}

/// What a stamp depends on beside the snapshot.
#[derive(PartialEq)]
struct StampKey {
    lists: Vec<String>,
    threshold: Option<f64>,
    day: i64,
}

/// A weak alias that equals another of the subject's names than the one that matched best.
#[derive(Clone, Copy)]
pub(super) struct Byname {
    /// Which of the subject's names.
    pub query: usize,
    /// Number of the listed name.
    pub name: u32,
    /// What it adds.
    pub bits: f32,
}

/// The most a weak alias adds beside another name that agrees: a byname such as Abu Ahmad is borne by
/// one in some ten to twenty of those who bear any, however rarely it is met elsewhere.
const MOST_BYNAME_BITS: f32 = 4.0;

/// One entity that could be meant, with the best of its names.
#[derive(Clone, Copy)]
pub(super) struct Found {
    pub entity: u32,
    /// Number of the listed name: among all of people, among the entity's own of an organisation.
    pub name: u32,
    /// Which of the subject's names.
    pub query: usize,
    pub total: f32,
    pub exact: bool,
    pub weak: bool,
    pub conflict: bool,
    /// What else confirms it.
    pub byname: Option<Byname>,
}

thread_local! {
    static SCRATCH: RefCell<PeopleScratch> = RefCell::new(PeopleScratch::default());
    static ORGANISATIONS: RefCell<OrganisationScratch> = RefCell::new(OrganisationScratch::default());
}

impl Screener {
    /// A screener on a snapshot. `max_age_days` says per list when it counts as stale.
    pub fn new(snapshot: Arc<Snapshot>, max_age_days: Vec<(String, i64)>) -> Self {
        Self { snapshot, max_age_days: Arc::new(max_age_days), last_stamp: Arc::default() }
    }

    /// The snapshot screened against.
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// Per list the age in days from which it counts as stale.
    pub(super) fn max_age_days(&self) -> &[(String, i64)] {
        &self.max_age_days
    }

    /// What answers given at `now` with these options rest on.
    pub fn stamp(&self, options: &Options, now: jiff::Timestamp) -> Stamp {
        Stamp::new(self.snapshot.manifest(), options, &self.max_age_days, now)
    }

    /// How old a register of the snapshot is at `now`, and whether that is too old.
    pub fn register_stamp(&self, register: &RegisterManifest, now: jiff::Timestamp) -> ListStamp {
        ListStamp::of_register(register, &self.max_age_days, now)
    }

    fn shared_stamp(&self, options: &Options, now: jiff::Timestamp) -> Arc<Stamp> {
        let key = StampKey {
            lists: options.lists.clone(),
            threshold: options.threshold,
            day: now.as_second().div_euclid(86_400),
        };
        if let Some(last) = &*self.last_stamp.load()
            && last.0 == key
        {
            return last.1.clone();
        }
        let stamp = Arc::new(self.stamp(options, now));
        self.last_stamp.store(Some(Arc::new((key, stamp.clone()))));
        stamp
    }

    /// Screens one subject at the given time (for the lists' ages).
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen(
        &self,
        subject: &Subject,
        options: &Options,
        now: jiff::Timestamp,
    ) -> Result<Answer, AnswerError> {
        self.screen_until(subject, options, now, &|| false)
    }

    /// Like [`Screener::screen`], giving up when `cancelled` says so (a deadline, a closed call).
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn screen_until(
        &self,
        subject: &Subject,
        options: &Options,
        now: jiff::Timestamp,
        cancelled: &(dyn Fn() -> bool + Sync),
    ) -> Result<Answer, AnswerError> {
        subject.check()?;
        options.check()?;
        let lists = self.lists(options)?;
        let threshold = options.threshold.unwrap_or(DEFAULT_THRESHOLD);
        let index = self.snapshot.names();
        let question = Question::of(subject, cancelled)?;
        let mut found: Vec<Found> = Vec::new();
        let mut candidates = 0;
        if subject.kind != SubjectKind::Organisation {
            candidates += self.find_people(&question, threshold, &lists, cancelled, &mut found)?;
        }
        if subject.kind != SubjectKind::Person {
            candidates += self.find_organisations(&question, threshold, &lists, cancelled, &mut found)?;
        }
        wanted(cancelled)?;
        // Best first; a country in common orders what is otherwise equal, and the reference the rest.
        let in_common = |f: &Found| {
            let listed = &index.card(f.entity).attributes.countries;
            question.attributes.countries.iter().any(|c| listed.contains(c))
        };
        found.sort_by(|a, b| {
            b.total
                .total_cmp(&a.total)
                .then_with(|| in_common(b).cmp(&in_common(a)))
                .then_with(|| index.card(a.entity).id.cmp(&index.card(b.entity).id))
        });
        let needed = score::bits(threshold) as f32;
        let limit = options.limit.unwrap_or(DEFAULT_LIMIT);
        let (mut hits, mut set_aside, mut total_hits) = (Vec::new(), Vec::new(), 0);
        for f in found {
            if f.total >= needed {
                total_hits += 1;
                if hits.len() < limit {
                    wanted(cancelled)?;
                    hits.push(self.hit(&question, &f)?);
                }
            } else if f.exact && set_aside.len() < limit {
                wanted(cancelled)?;
                set_aside.push(self.hit(&question, &f)?);
            }
        }
        Ok(Answer {
            hits,
            set_aside,
            total_hits,
            namesakes_per_million: question.namesakes(),
            candidates,
            stamp: self.shared_stamp(options, now),
        })
    }

    /// Which of the index's lists are asked for.
    pub(super) fn lists(&self, options: &Options) -> Result<Vec<bool>, AnswerError> {
        let loaded = &self.snapshot.manifest().lists;
        if loaded.is_empty() {
            return Err(AnswerError::NoLists);
        }
        if let Some(list) = options.lists.iter().find(|l| !loaded.iter().any(|m| m.list == **l)) {
            let names: Vec<&str> = loaded.iter().map(|m| m.list.as_str()).collect();
            return Err(AnswerError::ListNotLoaded { list: list.clone(), loaded: names.join(", ") });
        }
        let index = self.snapshot.names();
        Ok(index
            .lists()
            .iter()
            .map(|list| options.lists.is_empty() || options.lists.contains(list))
            .collect())
    }

    /// Adds the people found to `found`, and says how many names were candidates.
    fn find_people(
        &self,
        question: &Question,
        threshold: f64,
        lists: &[bool],
        cancelled: &(dyn Fn() -> bool + Sync),
        found: &mut Vec<Found>,
    ) -> Result<usize, AnswerError> {
        let index = self.snapshot.names();
        let needed = score::bits(threshold) as f32;
        let of = |entity| attributes::bits(&question.attributes, &index.card(entity).attributes);
        let lift = Lift::of_subject(&question.attributes, &of);
        // Where in `found` each entity stands: a common name may be that of thousands.
        let mut places: FxHashMap<u32, usize> = FxHashMap::default();
        // Weak aliases met whole: they say nothing alone, and confirm another name of the same entity.
        let mut bynames: Vec<(Found, f32)> = Vec::new();
        let confirmable = if question.people.len() > 1 { MOST_BYNAME_BITS } else { 0.0 };
        let mut candidates: Vec<u32> = Vec::new();
        let mut scored = 0;
        for (query, name) in question.people.iter().enumerate() {
            wanted(cancelled)?;
            candidates.clear();
            SCRATCH.with_borrow_mut(|scratch| {
                let needed = needed - confirmable;
                crate::index::collect_people(index.people(), name, needed, &lift, scratch, &mut candidates);
            });
            for entity in index.entities_numbered(&question.attributes.numbers) {
                candidates.extend(index.names_of_entity(entity));
            }
            scored += candidates.len();
            let (mut query_words, mut words) = (Vec::new(), Vec::new());
            let asked = AskedName::of(NameView::of(name, &mut query_words));
            for (n, &candidate) in candidates.iter().enumerate() {
                if n % CHECK_EVERY == CHECK_EVERY - 1 {
                    wanted(cancelled)?;
                }
                let entity = index.people().name(candidate).entity;
                let card = index.card(entity);
                if card.kind != EntityKind::Person || !lists[usize::from(card.list)] {
                    continue;
                }
                let listed = index.people().view(candidate, &mut words);
                let agreement = asked.compare(listed);
                let total = agreement.bits() + attributes::bits(&question.attributes, &card.attributes);
                if total < needed - confirmable && !agreement.exact {
                    continue;
                }
                let one = Found {
                    entity,
                    name: candidate,
                    query,
                    total,
                    exact: agreement.exact,
                    weak: agreement.weak,
                    conflict: agreement.conflict,
                    byname: None,
                };
                if one.weak {
                    bynames.push((one, agreement.word_bits.clamp(0.0, MOST_BYNAME_BITS)));
                    continue;
                }
                let place = *places.entry(entity).or_insert(found.len());
                match found.get_mut(place) {
                    Some(best) if (one.total, one.exact) > (best.total, best.exact) => *best = one,
                    Some(_) => {}
                    None => found.push(one),
                }
            }
        }
        for (alone, bits) in bynames {
            let place = *places.entry(alone.entity).or_insert(found.len());
            let Some(best) = found.get_mut(place) else {
                found.push(alone);
                continue;
            };
            if !best.weak && best.byname.is_none() && best.query != alone.query {
                best.total += bits;
                best.byname = Some(Byname { query: alone.query, name: alone.name, bits });
            }
            if best.total < alone.total {
                *best = alone;
            }
        }
        Ok(scored)
    }

    /// Adds the organisations found to `found`, and says how many names were candidates.
    fn find_organisations(
        &self,
        question: &Question,
        threshold: f64,
        lists: &[bool],
        cancelled: &(dyn Fn() -> bool + Sync),
        found: &mut Vec<Found>,
    ) -> Result<usize, AnswerError> {
        let index = self.snapshot.names();
        let first = found.len();
        let mut hits = Vec::new();
        let mut scored = 0;
        for (query, name) in question.organisations.iter().enumerate() {
            wanted(cancelled)?;
            ORGANISATIONS.with_borrow_mut(|scratch| {
                index.organisations().find(name, score::bits(threshold), scratch, &mut hits);
            });
            scored += hits.len();
            for hit in &hits {
                let card = index.card(hit.entity);
                if !lists[usize::from(card.list)] {
                    continue;
                }
                let one = Found {
                    entity: hit.entity,
                    name: hit.name_index,
                    query,
                    total: hit.bits as f32,
                    exact: hit.exact,
                    weak: hit.weak,
                    conflict: false,
                    byname: None,
                };
                match found[first..].iter_mut().find(|f| f.entity == hit.entity) {
                    Some(best) if one.total > best.total => *best = one,
                    Some(_) => {}
                    None => found.push(one),
                }
            }
        }
        Ok(scored)
    }

    fn hit(&self, question: &Question, found: &Found) -> Result<Hit, AnswerError> {
        let index = self.snapshot.names();
        let card = index.card(found.entity);
        match card.kind {
            EntityKind::Person => Ok(self.person_hit(question, found)),
            EntityKind::Organisation => self.organisation_hit(question, found),
        }
    }

    fn organisation_hit(&self, question: &Question, found: &Found) -> Result<Hit, AnswerError> {
        let index = self.snapshot.names();
        let card = index.card(found.entity);
        let list = &index.lists()[usize::from(card.list)];
        let entity = self
            .snapshot
            .entity(list, &card.id)
            .map_err(|e| AnswerError::Snapshot(e.to_string()))?
            .ok_or_else(|| AnswerError::Snapshot("an indexed entity is not in the store".into()))?;
        let query = &question.organisations[found.query];
        let (_, explanation) = organisation::explain(query, &entity, found.name as usize)
            .ok_or_else(|| AnswerError::Snapshot("an indexed name is not in the store".into()))?;
        Ok(Hit {
            list: list.clone(),
            entity_id: card.id.to_string(),
            kind: card.kind,
            name: card.display.to_string(),
            matched_name: entity.names[found.name as usize].whole.clone(),
            query_name: question.texts[found.query].clone(),
            score: score::score(explanation.bits),
            strength: strength(found, &explanation),
            explanation,
        })
    }

    fn person_hit(&self, question: &Question, found: &Found) -> Hit {
        let index = self.snapshot.names();
        let card = index.card(found.entity);
        let (mut query_words, mut words) = (Vec::new(), Vec::new());
        let view = NameView::of(&question.people[found.query], &mut query_words);
        let listed = index.people().view(found.name, &mut words);
        let mut explanation =
            explain::person(view, listed, &question.attributes, &card.attributes, question.namesakes());
        if let Some(byname) = &found.byname {
            let (given, listed) = (&question.texts[byname.query], index.people().text(byname.name));
            explain::confirm(&mut explanation, given, listed, f64::from(byname.bits));
        }
        let strength = strength(found, &explanation);
        Hit {
            list: index.lists()[usize::from(card.list)].clone(),
            entity_id: card.id.to_string(),
            kind: card.kind,
            name: card.display.to_string(),
            matched_name: index.people().text(found.name).to_owned(),
            query_name: question.texts[found.query].clone(),
            score: score::score(explanation.bits),
            strength,
            explanation,
        }
    }
}

/// Fails once nobody wants the answer any longer.
pub(super) fn wanted(cancelled: &(dyn Fn() -> bool + Sync)) -> Result<(), AnswerError> {
    if cancelled() { Err(AnswerError::DeadlineExceeded) } else { Ok(()) }
}

/// How far above the prior the evidence of a strong hit lies: its odds are then those of 2^6 to one.
const STRONG_BITS: f64 = 6.0;

pub(super) fn strength(found: &Found, explanation: &Explanation) -> Strength {
    graded(found.weak, found.exact, found.conflict, explanation.bits)
}

/// The word for a match of so many bits.
pub(super) fn graded(weak: bool, exact: bool, conflict: bool, bits: f64) -> Strength {
    if weak {
        Strength::Weak
    } else if exact {
        Strength::Exact
    } else if !conflict && bits >= score::PRIOR_BITS + STRONG_BITS {
        Strength::Strong
    } else {
        Strength::Possible
    }
}

/// A subject, analysed once.
pub(super) struct Question {
    /// The subject's names as given.
    pub texts: Vec<String>,
    /// The same analysed as people's names; empty for organisations.
    pub people: Vec<PersonName>,
    /// The same as names of organisations or affiliation strings; empty for people.
    pub organisations: Vec<OrganisationQuery>,
    pub attributes: Attributes,
}

impl Question {
    pub fn of(subject: &Subject, cancelled: &(dyn Fn() -> bool + Sync)) -> Result<Self, AnswerError> {
        let mut texts = vec![subject.name.clone()];
        texts.extend(subject.aliases.iter().filter(|a| !a.trim().is_empty()).cloned());
        let people = match subject.kind {
            SubjectKind::Organisation => Vec::new(),
            _ => texts
                .iter()
                .map(|t| wanted(cancelled).map(|()| PersonName::analyse(t)))
                .collect::<Result<_, _>>()?,
        };
        let organisations = match subject.kind {
            SubjectKind::Person => Vec::new(),
            _ => texts
                .iter()
                .map(|t| {
                    wanted(cancelled)?;
                    Ok(OrganisationQuery::new(t, &subject.countries, &subject.address))
                })
                .collect::<Result<_, AnswerError>>()?,
        };
        let numbers = subject
            .identifiers
            .iter()
            .map(|i| attributes::fold_number(&i.number))
            .filter(|n| n.chars().count() >= attributes::SHORTEST_NUMBER)
            .collect();
        let attributes = Attributes {
            birth_date: subject.birth_date,
            // A country of birth must not count: without it on this side, nothing can agree with it.
            birth_place: crate::names::place_words(&country::without_countries(&subject.birth_place)),
            gender: subject.gender,
            countries: subject.countries.iter().map(|c| c.to_ascii_uppercase()).collect(),
            numbers,
        };
        Ok(Self { texts, people, organisations, attributes })
    }

    pub fn namesakes(&self) -> Option<f64> {
        self.people.first()?.namesakes_per_million()
    }
}

impl NameIndex {
    /// Entities with one of these document numbers.
    fn entities_numbered(&self, numbers: &[String]) -> Vec<u32> {
        numbers.iter().flat_map(|n| self.entities_with_number(n)).collect()
    }
}
