//! Analysts' search over a snapshot's entities: full text, filters, pages, suggestions.
//!
//! This is not screening: it finds records that hold given words, and says nothing about whether a
//! subject is one of them.

use std::collections::BTreeMap;

use tantivy::collector::sort_key::{SortBySimilarityScore, SortByStaticFastValue};
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, FuzzyTermQuery, Occur,
    PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Order, Term};

use crate::model::{Entity, EntityKind};

use super::snapshot::SnapshotError;
use super::store::{ORDINAL, Store, StoreError, filter_value, kind_value, number_value};
use super::tokens::{self, Piece};
use super::{Manifest, PageTokenError, page};

/// Entities on a page when the request does not say.
pub const DEFAULT_PAGE_SIZE: usize = 50;
/// Most entities on a page; a larger size asked for becomes this one, as AIP-158 wants it.
pub const MAX_PAGE_SIZE: usize = 1_000;
/// Longest search text, in characters.
pub const MAX_QUERY_CHARS: usize = 1_000;
/// Most values of one filter.
pub const MAX_FILTER_VALUES: usize = 100;

/// Most words of a search; further ones would cost more than they narrow.
const MAX_WORDS: usize = 64;
/// Most suggestions when nothing is found.
const MAX_SUGGESTIONS: usize = 3;

/// How much a word counts by where it stands. Only their order matters: a whole name that equals
/// the search comes first, then names, then everything else.
const WHOLE_NAME_BOOST: f32 = 20.0;
const NAME_BOOST: f32 = 4.0;
const NUMBER_BOOST: f32 = 20.0;

/// What to search for. Filters of one kind are alternatives, filters of different kinds all hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchRequest {
    /// Words that all have to occur in an entity's names, remarks or numbers. `"two words"` in
    /// quotes have to stand beside each other; `word*` stands for any word that begins so. Empty:
    /// everything the filters let through, in the lists' order.
    pub query: String,
    /// Lists to search; empty for all.
    pub lists: Vec<String>,
    /// Persons or organisations only.
    pub kind: Option<EntityKind>,
    /// Programmes (`UKR`), in any case; empty for all.
    pub programmes: Vec<String>,
    /// Countries tied to the entity, ISO 3166-1 alpha-2, in any case; empty for all.
    pub countries: Vec<String>,
    /// Categories (`Military`), in any case; empty for all.
    pub categories: Vec<String>,
    /// Entities on the page; 0 for [`DEFAULT_PAGE_SIZE`].
    pub page_size: usize,
    /// [`SearchPage::next_page_token`] of the page before; empty for the first page. The rest of the
    /// request, but for the page's size, must be the same as then.
    pub page_token: String,
}

/// One entity found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The entity.
    pub entity: Entity,
    /// How well it fits the words, comparable within one search only. Not a screening score.
    pub relevance: f32,
}

/// One page of what was found, best first; equally good ones in the snapshot's order (lists by
/// their ids, entities as their list orders them).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchPage {
    /// Entities of this page.
    pub found: Vec<Found>,
    /// Entities on all pages together.
    pub total: u64,
    /// Asks for the next page; empty on the last one.
    pub next_page_token: String,
    /// When nothing was found: searches with a word replaced by a similar one that occurs.
    pub suggestions: Vec<String>,
}

/// A search that cannot be answered.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// A field of the request is at fault.
    #[error("{field}: {what}")]
    Request {
        /// The field (`query`).
        field: &'static str,
        /// What is wrong and how to mend it.
        what: String,
    },
    /// A list was asked for that is not loaded.
    #[error("list {list:?} is not loaded; loaded are: {loaded}")]
    ListNotLoaded {
        /// The list asked for.
        list: String,
        /// The lists there are, separated by commas.
        loaded: String,
    },
    /// The page token is not of this search.
    #[error(transparent)]
    PageToken(#[from] PageTokenError),
    /// The snapshot cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl From<StoreError> for SearchError {
    fn from(error: StoreError) -> Self {
        Self::Snapshot(error.into())
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        StoreError::from(error).into()
    }
}

impl SearchRequest {
    fn check(&self, manifest: &Manifest) -> Result<(), SearchError> {
        if self.query.chars().count() > MAX_QUERY_CHARS {
            let what = format!("longer than {MAX_QUERY_CHARS} characters; shorten it");
            return Err(SearchError::Request { field: "query", what });
        }
        let filters = [
            ("lists", &self.lists),
            ("programmes", &self.programmes),
            ("countries", &self.countries),
            ("categories", &self.categories),
        ];
        for (field, values) in filters {
            if values.len() > MAX_FILTER_VALUES {
                let what = format!("more than {MAX_FILTER_VALUES} values; send fewer");
                return Err(SearchError::Request { field, what });
            }
        }
        match self.lists.iter().find(|l| manifest.list(l).is_none()) {
            Some(list) => Err(SearchError::ListNotLoaded { list: list.clone(), loaded: manifest.list_ids() }),
            None => Ok(()),
        }
    }
}

/// Answers a search.
pub(super) fn search(
    store: &Store,
    manifest: &Manifest,
    request: &SearchRequest,
) -> Result<SearchPage, SearchError> {
    request.check(manifest)?;
    let offset = page::offset(request, &manifest.id)?;
    let size = match request.page_size {
        0 => DEFAULT_PAGE_SIZE,
        size => size.min(MAX_PAGE_SIZE),
    };
    let clauses = clauses(&request.query);
    let query = query(store, &clauses, request);

    let order = (SortBySimilarityScore, (SortByStaticFastValue::<u64>::for_field(ORDINAL), Order::Asc));
    let top = TopDocs::with_limit(size).and_offset(offset as usize).order_by(order);
    let (top, total) = store.searcher.search(&query, &(top, Count))?;
    let mut page = SearchPage { total: total as u64, ..SearchPage::default() };
    for ((relevance, _), address) in top {
        page.found.push(Found { entity: store.at(address)?, relevance });
    }
    let next = offset + page.found.len() as u64;
    if !page.found.is_empty() && next < page.total {
        page.next_page_token = page::token(request, &manifest.id, next);
    }
    if total == 0 {
        page.suggestions = suggestions(store, &clauses, request)?;
    }
    Ok(page)
}

/// One thing that has to occur.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Clause {
    /// A word.
    Word(String),
    /// The beginning of a word.
    Prefix(String),
    /// Pieces beside each other.
    Phrase(Vec<Piece>),
}

/// Cuts a search text into clauses. Never fails: whatever has no letter or digit is skipped.
pub(super) fn clauses(query: &str) -> Vec<Clause> {
    let mut clauses = Vec::new();
    // Every second part stands between quotes; a quote left open reaches to the end.
    for (i, part) in query.split(['"', '“', '”', '«', '»']).enumerate() {
        if i % 2 == 1 {
            let pieces = tokens::pieces(part);
            match pieces.as_slice() {
                [] => {}
                [Piece::Word(word)] => clauses.push(Clause::Word(word.clone())),
                _ => clauses.push(Clause::Phrase(pieces)),
            }
            continue;
        }
        for word in part.split_whitespace() {
            let prefix = word.ends_with('*');
            let pieces = tokens::pieces(word);
            let last = pieces.len().saturating_sub(1);
            for (i, piece) in pieces.into_iter().enumerate() {
                clauses.push(match piece {
                    Piece::Word(word) if prefix && i == last => Clause::Prefix(word),
                    Piece::Word(word) => Clause::Word(word),
                    Piece::Run(_) => Clause::Phrase(vec![piece]),
                });
            }
        }
    }
    clauses.truncate(MAX_WORDS);
    clauses
}

fn query(store: &Store, clauses: &[Clause], request: &SearchRequest) -> Box<dyn Query> {
    let f = store.fields;
    let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for clause in clauses {
        let boosted = |field, boost| -> Option<Box<dyn Query>> {
            Some(Box::new(BoostQuery::new(clause_query(field, clause)?, boost)))
        };
        let mut places: Vec<Box<dyn Query>> =
            [boosted(f.names, NAME_BOOST), boosted(f.text, 1.0)].into_iter().flatten().collect();
        if let Clause::Word(word) = clause {
            places.push(Box::new(BoostQuery::new(term(f.numbers, word), NUMBER_BOOST)));
        }
        all.push((Occur::Must, Box::new(DisjunctionMaxQuery::new(places))));
    }
    if !all.is_empty() {
        // A reference or number is often written with blanks or dots; a whole name ranks first.
        let whole = term(f.whole, &tokens::whole(&request.query));
        let ranked = BooleanQuery::new(vec![
            (Occur::Must, Box::new(BooleanQuery::new(all)) as Box<dyn Query>),
            (Occur::Should, Box::new(BoostQuery::new(whole, WHOLE_NAME_BOOST))),
        ]);
        let number = BoostQuery::new(term(f.numbers, &number_value(&request.query)), NUMBER_BOOST);
        all = vec![(Occur::Must, Box::new(BooleanQuery::union(vec![Box::new(ranked), Box::new(number)])))];
    }
    let one_of = |field: Field, values: Vec<String>| -> Option<(Occur, Box<dyn Query>)> {
        if values.is_empty() {
            return None;
        }
        let terms: Vec<Term> = values.iter().map(|v| Term::from_field_text(field, v)).collect();
        let any = BooleanQuery::new_multiterms_query(terms);
        // A filter lets through; it does not rank.
        Some((Occur::Must, Box::new(ConstScoreQuery::new(Box::new(any), 0.0))))
    };
    let folded = |values: &[String]| values.iter().map(|v| filter_value(v)).collect::<Vec<_>>();
    let kinds = request.kind.map(|k| kind_value(k).to_owned()).into_iter().collect();
    all.extend(one_of(f.list, request.lists.clone()));
    all.extend(one_of(f.kind, kinds));
    all.extend(one_of(f.programme, folded(&request.programmes)));
    all.extend(one_of(f.country, folded(&request.countries)));
    all.extend(one_of(f.category, folded(&request.categories)));
    if all.is_empty() {
        let wanted_words = request.query.chars().any(|c| !c.is_whitespace());
        // A search of punctuation alone asks for something that does not occur.
        return if wanted_words { Box::new(BooleanQuery::new(Vec::new())) } else { Box::new(AllQuery) };
    }
    if clauses.is_empty() && request.query.chars().any(|c| !c.is_whitespace()) {
        return Box::new(BooleanQuery::new(Vec::new()));
    }
    Box::new(BooleanQuery::new(all))
}

fn term(field: Field, text: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::WithFreqs))
}

fn clause_query(field: Field, clause: &Clause) -> Option<Box<dyn Query>> {
    Some(match clause {
        Clause::Word(word) => term(field, word),
        Clause::Prefix(word) => {
            Box::new(FuzzyTermQuery::new_prefix(Term::from_field_text(field, word), 0, true))
        }
        Clause::Phrase(pieces) => {
            let terms = phrase_terms(field, pieces);
            match terms.as_slice() {
                [] => return None,
                [(_, only)] => Box::new(TermQuery::new(only.clone(), IndexRecordOption::WithFreqs)),
                _ => Box::new(PhraseQuery::new_with_offset(terms)),
            }
        }
    })
}

/// The terms of a phrase with their positions, as [`tokens::SearchTokenizer`] indexes them: words,
/// and of runs the pairs of neighbours (a lone character by itself).
fn phrase_terms(field: Field, pieces: &[Piece]) -> Vec<(usize, Term)> {
    let mut terms = Vec::new();
    let mut position = 0;
    for piece in pieces {
        match piece {
            Piece::Word(word) => {
                terms.push((position, Term::from_field_text(field, word)));
                position += 1;
            }
            Piece::Run(run) if run.len() == 1 => {
                terms.push((position, Term::from_field_text(field, &run[0].to_string())));
                position += 1;
            }
            Piece::Run(run) => {
                for (i, pair) in run.windows(2).enumerate() {
                    let pair: String = pair.iter().collect();
                    terms.push((position + i, Term::from_field_text(field, &pair)));
                }
                position += run.len();
            }
        }
    }
    terms
}

/// Searches that would find something: one word that occurs nowhere is replaced by the most similar
/// one that occurs in a name.
fn suggestions(
    store: &Store,
    clauses: &[Clause],
    request: &SearchRequest,
) -> Result<Vec<String>, SearchError> {
    let f = store.fields;
    let mut found = Vec::new();
    for (i, clause) in clauses.iter().enumerate() {
        let Clause::Word(word) = clause else { continue };
        let occurs = |field| store.searcher.doc_freq(&Term::from_field_text(field, word));
        if word.chars().count() < 3 || occurs(f.names)? + occurs(f.text)? > 0 {
            continue;
        }
        for similar in similar_words(store, word)? {
            if found.len() == MAX_SUGGESTIONS {
                break;
            }
            let mut replaced = clauses.to_vec();
            replaced[i] = Clause::Word(similar);
            let text = written(&replaced);
            let request = SearchRequest { query: text.clone(), ..request.clone() };
            let query = query(store, &replaced, &request);
            if store.searcher.search(&query, &Count)? > 0 {
                found.push(text);
            }
        }
    }
    Ok(found)
}

/// Words of names within one or two typing errors, most similar first.
fn similar_words(store: &Store, word: &str) -> Result<Vec<String>, SearchError> {
    let distance = if word.chars().count() < 5 { 1 } else { 2 };
    let names = store.fields.names;
    let mut frequency: BTreeMap<String, u32> = BTreeMap::new();
    for segment in store.searcher.segment_readers() {
        let automaton =
            FuzzyTermQuery::new(Term::from_field_text(names, word), distance, true).automaton()?;
        let index = segment.inverted_index(names)?;
        let mut terms = index.terms().search(automaton).into_stream().map_err(StoreError::from)?;
        while let Some((key, info)) = terms.next() {
            let term = String::from_utf8_lossy(key).into_owned();
            *frequency.entry(term).or_default() += info.doc_freq;
        }
    }
    let mut ranked: Vec<(f64, u32, String)> = frequency
        .into_iter()
        .map(|(term, frequency)| (strsim::jaro_winkler(word, &term), frequency, term))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)));
    Ok(ranked.into_iter().map(|(_, _, term)| term).take(MAX_SUGGESTIONS * 2).collect())
}

/// Clauses as one would type them.
fn written(clauses: &[Clause]) -> String {
    let words: Vec<String> = clauses
        .iter()
        .map(|clause| match clause {
            Clause::Word(word) => word.clone(),
            Clause::Prefix(word) => format!("{word}*"),
            Clause::Phrase(pieces) => {
                let words: Vec<String> = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Word(word) => word.clone(),
                        Piece::Run(run) => run.iter().collect(),
                    })
                    .collect();
                format!("\"{}\"", words.join(" "))
            }
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_a_search_into_clauses() {
        let word = |w: &str| Clause::Word(w.into());
        for (query, expected) in [
            ("", vec![]),
            (" -- ", vec![]),
            ("Vladimir PUTIN", vec![word("vladimir"), word("putin")]),
            ("EU.27.28", vec![word("eu"), word("27"), word("28")]),
            ("lukash*", vec![Clause::Prefix("lukash".into())]),
            (
                "\"red star\" north",
                vec![
                    Clause::Phrase(vec![Piece::Word("red".into()), Piece::Word("star".into())]),
                    word("north"),
                ],
            ),
            ("\"one\"", vec![word("one")]),
            (
                "\"open quote",
                vec![Clause::Phrase(vec![Piece::Word("open".into()), Piece::Word("quote".into())])],
            ),
            ("工业大学", vec![Clause::Phrase(vec![Piece::Run("工业大学".chars().collect())])]),
        ] {
            assert_eq!(clauses(query), expected, "{query}");
            assert_eq!(clauses(&written(&expected)), expected, "written and read again");
        }
    }
}
