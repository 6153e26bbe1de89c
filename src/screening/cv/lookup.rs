//! Pieces of a line held against the lists, and what they give put together.

use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::index::organisations::{OrganisationHit, Scratch};
use crate::matching::organisation::{self, OrganisationQuery};
use crate::matching::score;
use crate::model::Entity;
use crate::names::organisation::{AnalysedOrganisation, located};
use crate::screening::screener::graded;
use crate::screening::{AnswerError, CvProposal, DEFAULT_THRESHOLD, Options, Screener};

use super::phrase::{Phrase, Sort, Words};

/// Most words of a piece that is looked up at once. A longer line is cut where a segment ends.
const LONGEST_PIECE: usize = 64;
/// How many words two pieces share where a single segment is longer than that: no listed name is cut.
const SHARED: usize = 16;

/// A mention in the making: its bytes in the line, and the listed institutions it may mean by their numbers.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub range: Range<usize>,
    pub proposals: Vec<(u32, CvProposal)>,
}

/// A listed institution found in a piece, and where.
struct Found {
    entity: u32,
    range: Range<usize>,
    weak: bool,
    proposal: CvProposal,
}

/// Looks pieces up, each different one once.
pub(super) struct Lookup<'s> {
    screener: &'s Screener,
    /// Which lists count.
    lists: Vec<bool>,
    min_bits: f64,
    scratch: Scratch,
    hits: Vec<OrganisationHit>,
    /// Entities as the store has them: a CV names the same few again and again.
    entities: FxHashMap<u32, Rc<Entity>>,
    known: FxHashMap<String, Rc<Vec<Found>>>,
    searches: usize,
}

impl<'s> Lookup<'s> {
    /// # Errors
    /// Options at fault, no lists.
    pub fn new(screener: &'s Screener, options: &Options) -> Result<Self, AnswerError> {
        options.check()?;
        Ok(Self {
            screener,
            lists: screener.lists(options)?,
            min_bits: score::bits(options.threshold.unwrap_or(DEFAULT_THRESHOLD)),
            scratch: Scratch::default(),
            hits: Vec::new(),
            entities: FxHashMap::default(),
            known: FxHashMap::default(),
            searches: 0,
        })
    }

    /// How many pieces were looked up.
    pub fn searches(&self) -> usize {
        self.searches
    }

    /// The mentions of a line that was parted, in their order; none overlap.
    ///
    /// # Errors
    /// When the snapshot's store cannot be read.
    pub fn line(&mut self, line: &str) -> Result<Vec<Draft>, AnswerError> {
        let (analysed, places) = located(line);
        let mut drafts = Drafts::default();
        for piece in pieces(&analysed) {
            // To the next word, so that a full stop after the last one still says that it is shortened.
            let start = places[piece.start].start;
            let end = places.get(piece.end).map_or(line.len(), |next| next.start).max(start);
            for found in self.look_up(&line[start..end])?.iter() {
                drafts.listed(found, start);
            }
        }
        for phrase in Words::new(line, &analysed, &places).phrases() {
            let start = phrase.range.start;
            let found = self.look_up(&line[phrase.range.clone()])?;
            // A word without a type word must be a name of somebody's own.
            let counts = |f: &&Found| phrase.sort != Sort::Proper || !f.weak;
            for found in found.iter().filter(counts) {
                drafts.listed(found, start);
            }
            drafts.phrases.push(phrase);
        }
        Ok(drafts.finish())
    }

    /// Listed institutions in a text, with their ranges in it.
    fn look_up(&mut self, text: &str) -> Result<Rc<Vec<Found>>, AnswerError> {
        if let Some(known) = self.known.get(text) {
            return Ok(Rc::clone(known));
        }
        self.searches += 1;
        let (analysed, places) = located(text);
        let query = OrganisationQuery::of_analysed(analysed, &[], "");
        let index = self.screener.snapshot().names();
        let mut hits = std::mem::take(&mut self.hits);
        index.organisations().find(&query, self.min_bits, &mut self.scratch, &mut hits);
        let mut all = Vec::new();
        for hit in &hits {
            if !self.lists[usize::from(index.card(hit.entity).list)] {
                continue;
            }
            let entity = self.entity(hit.entity)?;
            let name = hit.name_index as usize;
            let Some((found, explanation, words)) = organisation::explain_in_place(&query, &entity, name)
            else {
                continue;
            };
            let ends =
                places.get(words.start).zip(words.end.checked_sub(1).and_then(|last| places.get(last)));
            let range = ends.map_or(0..text.len(), |(first, last)| first.start..last.end);
            all.push(Found {
                entity: hit.entity,
                range,
                weak: found.weak,
                proposal: CvProposal {
                    list: entity.list.clone(),
                    entity_id: entity.id.clone(),
                    name: index.card(hit.entity).display.to_string(),
                    matched_name: entity.names.get(name).map(|n| n.whole.clone()).unwrap_or_default(),
                    score: score::score(explanation.bits),
                    strength: graded(found.weak, found.exact, false, explanation.bits),
                    explanation,
                },
            });
        }
        self.hits = hits;
        let all = Rc::new(all);
        self.known.insert(text.to_owned(), Rc::clone(&all));
        Ok(all)
    }

    fn entity(&mut self, number: u32) -> Result<Rc<Entity>, AnswerError> {
        if let Some(entity) = self.entities.get(&number) {
            return Ok(Rc::clone(entity));
        }
        let snapshot = self.screener.snapshot();
        let card = snapshot.names().card(number);
        let list = &snapshot.names().lists()[usize::from(card.list)];
        let entity = snapshot
            .entity(list, &card.id)
            .map_err(|e| AnswerError::Snapshot(e.to_string()))?
            .ok_or_else(|| AnswerError::Snapshot("an indexed entity is not in the store".into()))?;
        let entity = Rc::new(entity);
        self.entities.insert(number, Rc::clone(&entity));
        Ok(entity)
    }
}

/// The words of a line in pieces of bounded length, cut where segments end as far as that can be.
fn pieces(analysed: &AnalysedOrganisation) -> Vec<Range<usize>> {
    let words = &analysed.words;
    let mut all = Vec::new();
    let mut start = 0;
    while start < words.len() {
        if words.len() - start <= LONGEST_PIECE {
            all.push(start..words.len());
            break;
        }
        let latest = start + LONGEST_PIECE;
        let cut = (start + 1..=latest).rev().find(|&at| words[at].segment != words[at - 1].segment);
        match cut {
            Some(cut) => {
                all.push(start..cut);
                start = cut;
            }
            None => {
                all.push(start..latest);
                start = latest - SHARED;
            }
        }
    }
    all
}

/// What pieces and phrases of a line gave.
#[derive(Default)]
struct Drafts {
    listed: Vec<Draft>,
    phrases: Vec<Phrase>,
}

impl Drafts {
    /// Takes a listed institution found in a piece that begins at `start` of the line.
    fn listed(&mut self, found: &Found, start: usize) {
        let range = start + found.range.start..start + found.range.end;
        if !range.is_empty() {
            self.listed.push(Draft { range, proposals: vec![(found.entity, found.proposal.clone())] });
        }
    }

    /// The mentions: what overlaps is one.
    fn finish(self) -> Vec<Draft> {
        let of_sort = |sort: Sort| {
            let phrases = self.phrases.iter().filter(move |p| p.sort == sort);
            phrases.map(|p| Draft { range: p.range.clone(), proposals: Vec::new() }).collect::<Vec<_>>()
        };
        let mut all = self.listed.clone();
        all.extend(of_sort(Sort::Institution));
        if all.is_empty() {
            // Beside another institution "Institute of Physics" is a part of it.
            all = of_sort(Sort::Common);
        }
        all.sort_by_key(|d| (d.range.start, d.range.end));
        let mut merged: Vec<Draft> = Vec::new();
        for draft in all {
            match merged.last_mut() {
                Some(last) if draft.range.start < last.range.end => last.take(draft),
                _ => merged.push(draft),
            }
        }
        for draft in &mut merged {
            draft.proposals.sort_by(|a, b| b.1.score.total_cmp(&a.1.score).then(a.0.cmp(&b.0)));
        }
        merged
    }
}

impl Draft {
    fn take(&mut self, other: Self) {
        self.range.end = self.range.end.max(other.range.end);
        for (entity, proposal) in other.proposals {
            match self.proposals.iter_mut().find(|p| p.0 == entity) {
                Some((_, known)) if known.score < proposal.score => *known = proposal,
                Some(_) => {}
                None => self.proposals.push((entity, proposal)),
            }
        }
    }
}
