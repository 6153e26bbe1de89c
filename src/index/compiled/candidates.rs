//! Which listed names a query could reach the threshold with.
//!
//! No word can say more than its rarity. The rarest word of the query is looked up first, and the next
//! ones only as long as those not yet looked up could together still reach what is needed; names that
//! hold none of the words looked up cannot reach it. What the other words say is found for the few
//! names met, not for the dictionary. Every bound is from above: no name that the scorer would show is
//! lost here, except where two spellings share no key ([`super::keys`]).

use rustc_hash::FxHashMap;

use crate::matching::person::{self, COMPLETE, CONFLICT, TITLE_BITS};
use crate::matching::word::{self, INITIAL_BITS, JoinedWords};
use crate::names::PersonName;
use crate::names::word::{Word, WordKind};

use super::keys::{self, Side};
use super::people::{People, is_weighty};

/// One word of the query, or two neighbours written as one.
struct Asked<'q> {
    /// The word, or neither.
    word: Option<&'q Word>,
    /// The neighbours.
    pair: Option<JoinedWords>,
    /// The most it can say.
    most: f32,
    /// How many weighty words of the query it stands for.
    weighty: u32,
}

impl Asked<'_> {
    /// What it and a term of the dictionary say, if they agree.
    fn bits(&self, people: &People, term: u32) -> Option<f32> {
        let listed = people.words.get(term as usize);
        let found = match (self.word, &self.pair, listed) {
            (Some(word), _, Some(listed)) => word::compare(word, listed),
            (Some(word), _, None) => {
                let joined = &people.joined_words[term as usize - people.words.len()];
                word::compare_joined(joined.as_ref()?, word)
            }
            (None, Some(pair), Some(listed)) => word::compare_joined(pair, listed),
            _ => None,
        };
        found.map(|m| m.bits)
    }
}

/// Memory reused from one query to the next.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<u32>,
    sharing: Vec<u32>,
    /// For each word of this query that was looked up, the terms that agree with it, in order.
    agreed: Vec<Vec<(u32, f32)>>,
    /// What was found for a word of this query and a term, in a table of one place each: word and
    /// term, query, bits or nothing.
    known: Vec<(u64, u32, Option<f32>)>,
    /// For each name, the query that last met it.
    marks: Vec<u32>,
    query: u32,
    /// Terms that agree with words looked up before, with what they say: given names and surnames
    /// recur from one query of a batch to the next.
    neighbourhoods: FxHashMap<Box<str>, Box<[(u32, f32)]>>,
    /// Which dictionary they are of.
    dictionary: u64,
    /// Kind and text of a word: its place in `neighbourhoods`.
    place: String,
}

/// Most neighbourhoods remembered by a thread. At some 20 terms each they take a few megabytes.
const MOST_NEIGHBOURHOODS: usize = 8192;

impl Scratch {
    fn begin(&mut self, people: &People) {
        let names = people.len();
        if self.dictionary != people.dictionary {
            self.dictionary = people.dictionary;
            self.neighbourhoods.clear();
            self.marks.clear();
        }
        self.known.resize(KNOWN, (0, 0, None));
        self.query = self.query.wrapping_add(1);
        if self.query == 0 || self.marks.len() != names {
            self.marks.clear();
            self.marks.resize(names, 0);
            self.known.fill((0, 0, None));
            self.query = 1;
        }
    }

    /// Whether this query meets the name for the first time.
    fn is_new(&mut self, name: u32) -> bool {
        std::mem::replace(&mut self.marks[name as usize], self.query) != self.query
    }
}

/// Collects into `out` the names that could reach `needed` bits of name evidence with the query.
pub fn collect(people: &People, query: &PersonName, needed: f32, scratch: &mut Scratch, out: &mut Vec<u32>) {
    scratch.begin(people);
    for_equal(&people.exact, query.fold_hash, |name| {
        if scratch.is_new(name) {
            out.push(name);
        }
    });
    if let Some(cjk) = &query.cjk {
        for key in cjk.keys() {
            for_equal(&people.cjk_keys, key, |name| {
                if scratch.is_new(name) {
                    out.push(name);
                }
            });
        }
    }
    if person::is_weak(query) {
        return;
    }
    let count = |kind| query.words.iter().filter(|w| w.kind == kind).count() as f32;
    // A listed initial may stand for a word of the query, and the other way round.
    let extra =
        COMPLETE + TITLE_BITS * count(WordKind::Title) + INITIAL_BITS * (count(WordKind::Initial) + 1.0);
    let asked = asked(query);
    let mut rest: f32 = asked.iter().filter(|a| a.word.is_some()).map(|a| a.most).sum();
    // Even all of it would not do.
    if rest + extra < needed {
        return;
    }
    let query_weighty = query.words.iter().filter(|w| is_weighty(w)).count() as u32;
    for (at, one) in asked.iter().enumerate() {
        if one.word.is_some() {
            if rest + extra < needed {
                break;
            }
            rest -= one.most;
        }
        if scratch.agreed.len() <= at {
            scratch.agreed.resize_with(at + 1, Vec::new);
        }
        let mut terms = std::mem::take(&mut scratch.agreed[at]);
        agreeing(people, one, scratch, &mut terms);
        scratch.agreed[at] = terms;
        for n in 0..scratch.agreed[at].len() {
            let (term, _) = scratch.agreed[at][n];
            for &name in people.names_of(term) {
                if scratch.is_new(name)
                    && bound(people, name, &asked, at, term, query_weighty, needed - extra, scratch) + extra
                        >= needed
                {
                    out.push(name);
                }
            }
        }
    }
}

/// The terms that agree with a word or pair of the query, and what they say, by term.
fn agreeing(people: &People, asked: &Asked<'_>, scratch: &mut Scratch, terms: &mut Vec<(u32, f32)>) {
    terms.clear();
    if let Some(word) = asked.word {
        scratch.place.clear();
        scratch.place.push(char::from(b'0' + word.kind as u8));
        scratch.place.push(char::from(b'0' + word.forms.len().min(64) as u8));
        scratch.place.push_str(&word.text);
        if let Some(known) = scratch.neighbourhoods.get(scratch.place.as_str()) {
            terms.extend_from_slice(known);
            return;
        }
    }
    let mut sharing = std::mem::take(&mut scratch.sharing);
    look_up(people, asked, scratch, &mut sharing);
    terms.extend(sharing.iter().filter_map(|&term| Some((term, asked.bits(people, term)?))));
    scratch.sharing = sharing;
    if asked.word.is_some() {
        if scratch.neighbourhoods.len() >= MOST_NEIGHBOURHOODS {
            scratch.neighbourhoods.clear();
        }
        scratch.neighbourhoods.insert(scratch.place.as_str().into(), terms.as_slice().into());
    }
}

/// The query's words, pairs of neighbours first (they stand for two words each and are always looked
/// up, so that what is left bounds single words), then the rarest first.
fn asked(query: &PersonName) -> Vec<Asked<'_>> {
    let core: Vec<&Word> = query.words.iter().filter(|w| w.kind.is_core()).collect();
    let mut out: Vec<Asked<'_>> = word::neighbours(query.words.iter())
        .filter_map(|(a, b)| {
            let (a, b) = (&query.words[a], &query.words[b]);
            Some(Asked {
                word: None,
                pair: Some(JoinedWords::of(a, b)?),
                most: a.rarity.exact + b.rarity.exact,
                weighty: u32::from(is_weighty(a)) + u32::from(is_weighty(b)),
            })
        })
        .collect();
    let pairs = out.len();
    out.extend(core.iter().filter(|w| w.kind != WordKind::Initial).map(|w| Asked {
        word: Some(*w),
        pair: None,
        most: w.rarity.exact,
        weighty: u32::from(is_weighty(w)),
    }));
    out[pairs..].sort_by(|a, b| b.most.total_cmp(&a.most));
    out
}

/// The terms that share a key with a word or pair of the query, each once.
fn look_up(people: &People, asked: &Asked<'_>, scratch: &mut Scratch, terms: &mut Vec<u32>) {
    let keys = &mut scratch.keys;
    match (asked.word, &asked.pair) {
        (Some(word), _) => keys::of_word(word, Side::Query, keys),
        (None, Some(pair)) => {
            keys.clear();
            for sounds in pair.sounds() {
                keys::of_sounds(sounds, pair.is_unvowelled(), Side::Query, keys);
            }
            keys.sort_unstable();
            keys.dedup();
        }
        (None, None) => keys.clear(),
    }
    terms.clear();
    for &key in keys.iter() {
        terms.extend_from_slice(people.terms(key));
    }
    terms.sort_unstable();
    terms.dedup();
}

/// What a word of the query and a term say, remembered for this query.
fn known(people: &People, asked: &[Asked<'_>], at: usize, term: u32, scratch: &mut Scratch) -> Option<f32> {
    let (key, place) = place_of(at, term);
    let slot = scratch.known[place];
    if slot.0 == key && slot.1 == scratch.query {
        return slot.2;
    }
    let bits = asked[at].bits(people, term);
    scratch.known[place] = (key, scratch.query, bits);
    bits
}

/// A word's number and a term as one key, and its place in the table.
fn place_of(at: usize, term: u32) -> (u64, usize) {
    let key = (at as u64) << 32 | u64::from(term);
    // Fibonacci hashing: the golden ratio spreads neighbouring numbers.
    (key, (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KNOWN.ilog2())) as usize)
}

/// Places of the table of what is known: enough for the terms of one query, small enough to stay in
/// the processor's cache.
const KNOWN: usize = 2048;

/// The most evidence the query's words can find in a name, less what is sure to conflict; or less than
/// `enough` as soon as that much is out of reach. The name was met by `term` of `asked[met_at]`,
/// whose agreeing terms are known without comparing.
#[allow(clippy::too_many_arguments)]
fn bound(
    people: &People,
    name: u32,
    asked: &[Asked<'_>],
    met_at: usize,
    term: u32,
    query_weighty: u32,
    enough: f32,
    scratch: &mut Scratch,
) -> f32 {
    let record = people.name(name);
    let words = people.words_of(record);
    let initials = INITIAL_BITS * record.initials() as f32;
    // A name that holds a term of a pair was met by that pair.
    let by_word = asked[met_at].word.is_some();
    let counts = |one: &Asked<'_>| one.word.is_some() || !by_word;
    // Another word of the query cannot stand for the same word, unless the name has it twice.
    let taken = |word: u32| word == term && words.iter().filter(|w| **w == term).count() == 1;
    let mut reach: f32 = asked.iter().filter(|a| counts(a)).map(|a| a.most).sum::<f32>() + initials;
    let (mut bits, mut met, mut joined) = (initials, 0, term as usize >= people.words.len());
    for (at, one) in asked.iter().enumerate() {
        if !counts(one) {
            continue;
        }
        let mut best: f32 = 0.0;
        let mut find = |other: u32, scratch: &mut Scratch| -> bool {
            // A word looked up before may agree with a word of the name that shares no key with it.
            let found = if at == met_at {
                let terms = &scratch.agreed[at];
                terms.binary_search_by_key(&other, |t| t.0).ok().map(|i| terms[i].1)
            } else {
                known(people, asked, at, other, scratch)
            };
            best = best.max(found.unwrap_or(0.0));
            found.is_some()
        };
        for &word in words {
            if (at == met_at || !taken(word)) && people.words[word as usize].kind.is_core() {
                find(word, scratch);
            }
        }
        if one.word.is_some() {
            for pair in people.joined_terms(record) {
                let (a, b) = people.joined[pair as usize - people.words.len()];
                if at == met_at || !(taken(a) || taken(b)) {
                    joined |= find(pair, scratch);
                }
            }
        }
        reach += best - one.most;
        if reach < enough {
            return reach;
        }
        if best > 0.0 {
            bits += best;
            met += one.weighty;
            joined |= one.pair.is_some();
        }
    }
    if !joined && record.initials() == 0 {
        let conflicts = query_weighty.saturating_sub(met).min(record.weighty().saturating_sub(met));
        bits -= CONFLICT * conflicts as f32;
    }
    bits
}

fn for_equal(sorted: &[(u64, u32)], key: u64, mut f: impl FnMut(u32)) {
    let start = sorted.partition_point(|e| e.0 < key);
    sorted[start..].iter().take_while(|e| e.0 == key).for_each(|e| f(e.1));
}
