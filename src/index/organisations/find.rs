//! Searching.

use crate::index::hashed::run;
use crate::matching::organisation::{
    AlignScratch, ListedName, MOST_JOINED, MOST_OTHER_BITS, NameClass, OrganisationQuery, WordRef,
    related_to, score,
};
use crate::names::organisation::{WordKind, hash};

use super::{OrganisationIndex, StoredName, is_fuzzy, neighbourhood};

/// A listed organisation that a query may be, by the name that matches best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrganisationHit {
    /// The number that the builder was given.
    pub entity: u32,
    /// Which of its names.
    pub name_index: u32,
    /// Evidence in bits, attributes included.
    pub bits: f64,
    /// The whole name is the same after folding.
    pub exact: bool,
    /// The hit rests on a weak alias or an acronym.
    pub weak: bool,
}

/// Memory that searches reuse; one per thread.
#[derive(Default)]
pub struct Scratch {
    align: AlignScratch,
    /// Which search met a key or name last: a mark that needs no clearing.
    search: u32,
    key_marks: Vec<u32>,
    name_marks: Vec<u32>,
    candidates: Vec<Candidate>,
    /// Words of the query in capitals: they may stand for words that the bound believes missing.
    acronyms: Vec<String>,
    bytes: Vec<u8>,
    text: String,
}

#[derive(Clone, Copy)]
struct Candidate {
    name: u32,
    /// Met in a way that the upper bound does not know of.
    unbounded: bool,
}

impl OrganisationIndex {
    /// Finds the listed organisations that reach `min_bits`, the best name of each, best first.
    ///
    /// `out` is cleared. Below [`super::LOWEST_BITS`] hits may be missing.
    pub fn find(
        &self,
        query: &OrganisationQuery,
        min_bits: f64,
        scratch: &mut Scratch,
        out: &mut Vec<OrganisationHit>,
    ) {
        out.clear();
        let words = query.words();
        self.collect(query, &words, scratch);
        let mut listed_words = Vec::new();
        let candidates = std::mem::take(&mut scratch.candidates);
        for candidate in &candidates {
            let name = &self.names[candidate.name as usize];
            if !candidate.unbounded && self.upper_bound(name, scratch) < min_bits {
                continue;
            }
            self.score_one(query, &words, name, min_bits, &mut listed_words, &mut scratch.align, out);
        }
        scratch.candidates = candidates;
        keep_best(out);
    }

    /// Like [`OrganisationIndex::find`], scoring every name: what the search is held against.
    pub fn find_exhaustively(
        &self,
        query: &OrganisationQuery,
        min_bits: f64,
        scratch: &mut Scratch,
        out: &mut Vec<OrganisationHit>,
    ) {
        out.clear();
        let words = query.words();
        let mut listed_words = Vec::new();
        for name in &self.names {
            self.score_one(query, &words, name, min_bits, &mut listed_words, &mut scratch.align, out);
        }
        keep_best(out);
    }

    #[allow(clippy::too_many_arguments)]
    fn score_one<'a>(
        &'a self,
        query: &OrganisationQuery,
        words: &[WordRef<'_>],
        name: &StoredName,
        min_bits: f64,
        listed_words: &mut Vec<WordRef<'a>>,
        align: &mut AlignScratch,
        out: &mut Vec<OrganisationHit>,
    ) {
        listed_words.clear();
        listed_words.extend(self.words_of(name).iter().map(|&w| self.word_ref(&self.words[w as usize])));
        let listed = ListedName {
            words: listed_words,
            whole: name.whole,
            class: name.class,
            countries: self.countries_of(name.facts),
            places: self.places_of(name.facts),
            named_in_han: name.named_in_han,
        };
        if let Some(found) = score(query, words, &listed, align)
            && found.bits >= min_bits
        {
            out.push(OrganisationHit {
                entity: name.entity,
                name_index: name.name_index,
                bits: found.bits,
                exact: found.exact,
                weak: found.weak,
            });
        }
    }

    /// Gathers the names that the query's words lead to, and marks the keys that it holds.
    fn collect(&self, query: &OrganisationQuery, words: &[WordRef<'_>], scratch: &mut Scratch) {
        scratch.search = scratch.search.wrapping_add(1);
        if scratch.search == 0
            || scratch.name_marks.len() != self.names.len()
            || scratch.key_marks.len() != self.keys.len()
        {
            scratch.search = 1;
            scratch.name_marks = vec![0; self.names.len()];
            scratch.key_marks = vec![0; self.keys.len()];
        }
        scratch.candidates.clear();
        let Scratch { search, key_marks, name_marks, candidates, acronyms, bytes, text, .. } = scratch;
        acronyms.clear();
        acronyms.extend(words.iter().filter(|w| w.capitals && !w.known).map(|w| w.key.to_owned()));
        let mut meet = |name: u32, unbounded: bool| {
            let mark = &mut name_marks[name as usize];
            if *mark != *search {
                *mark = *search;
                candidates.push(Candidate { name, unbounded });
            }
        };
        for name in run(&self.wholes, query.whole) {
            meet(name, true);
        }
        let mut met_key = |key: u32, meet: &mut dyn FnMut(u32, bool)| {
            if key_marks[key as usize] != *search {
                key_marks[key as usize] = *search;
                for &name in self.posting(key) {
                    meet(name, false);
                }
            }
        };
        // First what lies beyond the bound, since a name is met once.
        for (q, word) in words.iter().enumerate() {
            if !word.is_content() {
                continue;
            }
            if word.capitals {
                for name in run(&self.acronyms, word.hash) {
                    meet(name, true);
                }
            }
            if !word.han {
                for name in run(&self.joined, hash(word.key)) {
                    meet(name, true);
                }
                text.clear();
                text.push_str(word.text);
                for next in words.iter().skip(q + 1).take(MOST_JOINED - 1) {
                    if next.segment != word.segment || next.han || !next.is_content() {
                        break;
                    }
                    text.push_str(next.text);
                    if let Some(key) = self.key_number(hash(text)) {
                        met_key(key, &mut meet);
                    }
                }
            }
        }
        for word in words {
            if !word.is_content() {
                continue;
            }
            if let Some(key) = self.key_number(word.hash) {
                met_key(key, &mut meet);
            }
            if word.kind == WordKind::Field {
                for other in related_to(word.key) {
                    if let Some(key) = self.key_number(hash(other)) {
                        met_key(key, &mut meet);
                    }
                }
            }
            if !word.common && word.kind == WordKind::Word && is_fuzzy(word.key, word.han, word.kind) {
                neighbourhood(word.key, bytes, &mut |h| {
                    for key in run(&self.deletions, h) {
                        met_key(key, &mut meet);
                    }
                });
            }
            if word.abbreviated && word.key.len() >= 3 {
                let from =
                    self.keys_by_text.partition_point(|&k| self.text(self.key_texts[k as usize]) < word.key);
                for &key in self.keys_by_text[from..].iter().take(64) {
                    if !self.text(self.key_texts[key as usize]).starts_with(word.key) {
                        break;
                    }
                    met_key(key, &mut meet);
                }
            }
        }
    }

    /// Whether initials of neighbouring words of the name make the acronym.
    fn spells_part(&self, name: &StoredName, acronym: &str) -> bool {
        let initials = |w: &u32| {
            let word = &self.words[*w as usize];
            let parts = (word.kind != WordKind::Connector).then(|| self.text(word.text).split(' '));
            parts.into_iter().flatten().filter_map(|part| part.chars().next())
        };
        let words = self.words_of(name);
        (0..words.len()).any(|from| {
            let mut letters = words[from..].iter().flat_map(initials);
            acronym.chars().all(|c| letters.next() == Some(c))
        })
    }

    /// No alignment of the name with the marked words can bring more bits than this.
    fn upper_bound(&self, name: &StoredName, scratch: &Scratch) -> f64 {
        if name.class != NameClass::Ordinary {
            return f64::INFINITY;
        }
        if scratch.acronyms.iter().any(|a| self.spells_part(name, a)) {
            return f64::INFINITY;
        }
        let (mut bits, mut all, mut missing) = (0.0, 0.0, 0.0);
        for &w in self.words_of(name) {
            let word = &self.words[w as usize];
            let b = f64::from(word.bits);
            all += b;
            if scratch.key_marks[word.key as usize] == scratch.search || (word.capitals && !word.known) {
                bits += b;
                continue;
            }
            missing += b;
            bits -= match word.kind {
                WordKind::Type(_) | WordKind::Body | WordKind::Legal | WordKind::Connector => 0.0,
                _ => b,
            };
        }
        bits + 9.0 * (1.0 - 2.0 * missing / all.max(1.0)).max(0.0) + MOST_OTHER_BITS
    }
}

/// Keeps the best name of each entity; best entity first. A name that is the query goes before all.
fn keep_best(hits: &mut Vec<OrganisationHit>) {
    let best_first = |a: &OrganisationHit, b: &OrganisationHit| {
        let by_name = a.name_index.cmp(&b.name_index);
        b.exact.cmp(&a.exact).then(b.bits.total_cmp(&a.bits)).then(by_name)
    };
    hits.sort_by(|a, b| a.entity.cmp(&b.entity).then(best_first(a, b)));
    hits.dedup_by_key(|h| h.entity);
    hits.sort_by(|a, b| best_first(a, b).then(a.entity.cmp(&b.entity)));
}
