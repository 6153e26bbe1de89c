//! Two subjects compared with the scorer of screenings: the second as if it were listed.
//!
//! Each name of the one is held against each name of the other. What can be known of a name alone is
//! found once for each name, and only the best pair is explained: two subjects with all the aliases that
//! they may have are forty thousand pairs.

use crate::matching::attributes::{self, ListedAttributes};
use crate::matching::organisation::{
    self, AlignScratch, ListedName, NameClass, OrganisationFacts, OrganisationQuery, WordRef,
};
use crate::matching::person::{self, NameView};
use crate::matching::{Explanation, score};
use crate::model::{Address, Entity, EntityKind, Name};
use crate::names::organisation::{AnalysedOrganisation, listed_variants};

use super::screener::{Found, Question, strength, wanted};
use super::{
    AnswerError, Comparison, DEFAULT_THRESHOLD, Options, Screener, Subject, SubjectError, SubjectKind,
    explain,
};

type Cancelled<'a> = &'a (dyn Fn() -> bool + Sync);

impl Screener {
    /// Compares two subjects with the same scorer: the second as if it were listed.
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn compare(
        query: &Subject,
        candidate: &Subject,
        threshold: Option<f64>,
    ) -> Result<Comparison, AnswerError> {
        Self::compare_until(query, candidate, threshold, &|| false)
    }

    /// Like [`Screener::compare`], giving up when `cancelled` says so (a deadline, a closed call).
    ///
    /// # Errors
    /// See [`AnswerError`].
    pub fn compare_until(
        query: &Subject,
        candidate: &Subject,
        threshold: Option<f64>,
        cancelled: Cancelled<'_>,
    ) -> Result<Comparison, AnswerError> {
        query.check()?;
        candidate.check()?;
        Options { threshold, ..Options::default() }.check()?;
        let threshold = threshold.unwrap_or(DEFAULT_THRESHOLD);
        let (asked, listed) = (Question::of(query, cancelled)?, Question::of(candidate, cancelled)?);
        let listed_attributes = listed.attributes.as_listed();
        let as_people = best_people(&asked, &listed, &listed_attributes, cancelled)?;
        let as_organisations = match candidate.kind {
            SubjectKind::Person => None,
            _ => best_organisations(&asked.organisations, &listed_organisation(candidate), cancelled)?,
        };
        let least = as_people.map_or(f32::NEG_INFINITY, |found| found.total);
        let best = match (as_people, as_organisations) {
            (_, Some((found, explanation))) if found.total > least => Some((found, explanation)),
            (Some(found), _) => {
                let (mut a_words, mut b_words) = (Vec::new(), Vec::new());
                let a = NameView::of(&asked.people[found.query], &mut a_words);
                let b = NameView::of(&listed.people[found.name as usize], &mut b_words);
                let explanation =
                    explain::person(a, b, &asked.attributes, &listed_attributes, asked.namesakes());
                Some((found, explanation))
            }
            (None, _) => None,
        };
        let Some((found, explanation)) = best else {
            if query.kind == SubjectKind::Organisation || candidate.kind == SubjectKind::Organisation {
                let explanation = explain::nothing_in_common();
                return Ok(Comparison {
                    score: score::score(explanation.bits),
                    is_match: false,
                    strength: None,
                    explanation,
                });
            }
            return Err(SubjectError { field: "name".into(), what: "is empty".into() }.into());
        };
        let score = score::score(explanation.bits);
        let is_match = score >= threshold;
        let strength = is_match.then(|| strength(&found, &explanation));
        Ok(Comparison { score, is_match, strength, explanation })
    }
}

/// The pair of people's names that agrees best; none where either side has none.
fn best_people(
    asked: &Question,
    listed: &Question,
    listed_attributes: &ListedAttributes,
    cancelled: Cancelled<'_>,
) -> Result<Option<Found>, AnswerError> {
    let beside = attributes::bits(&asked.attributes, listed_attributes);
    let mut best: Option<Found> = None;
    for (query, a) in asked.people.iter().enumerate() {
        for (name, b) in listed.people.iter().enumerate() {
            wanted(cancelled)?;
            let (mut a_words, mut b_words) = (Vec::new(), Vec::new());
            let agreement = person::compare(NameView::of(a, &mut a_words), NameView::of(b, &mut b_words));
            let total = agreement.bits() + beside;
            if best.is_none_or(|found| total > found.total) {
                best = Some(Found {
                    entity: 0,
                    name: name as u32,
                    query,
                    total,
                    exact: agreement.exact,
                    weak: agreement.weak,
                    conflict: agreement.conflict,
                    byname: None,
                });
            }
        }
    }
    Ok(best)
}

/// The pair of organisations' names that agrees best, and why; none where no pair has anything in common.
fn best_organisations(
    asked: &[OrganisationQuery],
    listed: &Entity,
    cancelled: Cancelled<'_>,
) -> Result<Option<(Found, Explanation)>, AnswerError> {
    if asked.is_empty() {
        return Ok(None);
    }
    let facts = OrganisationFacts::of(listed);
    let names: Vec<AnalysedNames> = listed
        .names
        .iter()
        .map(|name| wanted(cancelled).map(|()| AnalysedNames::of(name, &facts)))
        .collect::<Result<_, _>>()?;
    let mut scratch = AlignScratch::default();
    // Which names, and their bits.
    let mut best: Option<(usize, usize, f64)> = None;
    for (query, a) in asked.iter().enumerate() {
        let words = a.words();
        for (name, b) in names.iter().enumerate() {
            wanted(cancelled)?;
            let bits = b.bits(a, &words, &facts, &mut scratch);
            if let Some(bits) = bits
                && best.is_none_or(|(.., most)| bits > most)
            {
                best = Some((query, name, bits));
            }
        }
    }
    let Some((query, name, _)) = best else { return Ok(None) };
    Ok(organisation::explain(&asked[query], listed, name).map(|(m, explanation)| {
        let found = Found {
            entity: 0,
            name: name as u32,
            query,
            total: explanation.bits as f32,
            exact: m.exact,
            weak: m.weak,
            conflict: false,
            byname: None,
        };
        (found, explanation)
    }))
}

/// One name of an organisation as if it were listed, with its variants, analysed once.
struct AnalysedNames {
    variants: Vec<(AnalysedOrganisation, NameClass)>,
    whole: Option<u64>,
}

impl AnalysedNames {
    fn of(name: &Name, facts: &OrganisationFacts) -> Self {
        let variants = listed_variants(&name.whole);
        let whole = variants.first().map(organisation::whole_hash);
        let classed = variants.into_iter().map(|variant| {
            let class = organisation::name_class(name, &variant, facts);
            (variant, class)
        });
        Self { variants: classed.collect(), whole }
    }

    /// The most that it and the query have in common; none where that is nothing.
    fn bits(
        &self,
        query: &OrganisationQuery,
        words: &[WordRef<'_>],
        facts: &OrganisationFacts,
        scratch: &mut AlignScratch,
    ) -> Option<f64> {
        let whole = self.whole?;
        let found = self.variants.iter().filter_map(|(variant, class)| {
            let listed_words: Vec<WordRef<'_>> = variant.words.iter().map(WordRef::from).collect();
            let listed = ListedName {
                words: &listed_words,
                whole,
                class: *class,
                countries: &facts.countries,
                places: &facts.places,
                named_in_han: facts.named_in_han,
            };
            organisation::score(query, words, &listed, scratch).map(|found| found.bits)
        });
        found.max_by(f64::total_cmp)
    }
}

/// A subject as if a list had it as an organisation, for comparing two subjects.
fn listed_organisation(subject: &Subject) -> Entity {
    let address = |country: &String| Address {
        country: country.to_ascii_uppercase(),
        place: subject.address.clone(),
        ..Address::default()
    };
    Entity {
        kind: EntityKind::Organisation,
        names: std::iter::once(&subject.name).chain(&subject.aliases).map(Name::of).collect(),
        addresses: subject.countries.iter().map(address).collect(),
        ..Entity::default()
    }
}
