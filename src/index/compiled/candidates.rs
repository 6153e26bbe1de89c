//! Which listed names a query could reach the threshold with.
//!
//! No word can say more than its rarity. The words of the query are taken from the rarest on; the names
//! that hold a word agreeing with one of them are met, and what the words say is added up name by name.
//! Once the words still to come could no longer reach what is needed by themselves, no new name is
//! met, and those met are only followed. What is left in the end is held against what is needed with
//! the words that are sure to conflict, and with the attributes of the name's own entity. Every bound
//! is from above: no name that the scorer would show is lost here, except where two spellings share
//! no key ([`super::keys`]).

use rustc_hash::FxHashMap;

use crate::matching::person::{self, COMPLETE, CONFLICT, TITLE_BITS};
use crate::matching::word::{self, INITIAL_BITS, JoinedWords};
use crate::names::PersonName;
use crate::names::word::{Word, WordKind};

use super::keys::{self, Side};
use super::people::{People, is_weighty};
use super::sounds::{Prepared, pair_may_agree};

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

/// A name that holds a word agreeing with one of the query's.
struct Met {
    name: u32,
    /// What its words say together, the best of each word of the query; and pairs of neighbours on top.
    bits: f32,
    /// The word of the query that last found something here, and what.
    last: u32,
    last_bits: f32,
    /// How many weighty words of the query found something.
    weighty: u32,
    /// Whether words joined on either side did.
    joined: bool,
}

/// Memory reused from one query to the next.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<u32>,
    sharing: Vec<u32>,
    terms: Vec<(u32, f32)>,
    met: Vec<Met>,
    /// For each name its place in `met`, counted from `base`; below `base` it was not met.
    places: Vec<u32>,
    base: u32,
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

/// How much it costs to look through the words of a name that was met, beside following one posting.
const LOOK_COST: usize = 8;

impl Scratch {
    fn begin(&mut self, people: &People) {
        let names = people.len();
        if self.dictionary != people.dictionary {
            self.dictionary = people.dictionary;
            self.neighbourhoods.clear();
            self.places.clear();
        }
        self.base = self.base.saturating_add(self.met.len() as u32);
        self.met.clear();
        if self.places.len() != names || u32::MAX - self.base <= names as u32 {
            self.places.clear();
            self.places.resize(names, 0);
            self.base = 1;
        }
    }

    /// The name as met, if it was.
    fn met(&mut self, name: u32) -> Option<&mut Met> {
        let place = self.places[name as usize].checked_sub(self.base)?;
        self.met.get_mut(place as usize)
    }

    /// Adds what a word of the query, or a pair, found in a name.
    fn add(&mut self, name: u32, at: u32, one: &Asked<'_>, bits: f32, joined: bool, meets_new: bool) {
        if self.met(name).is_none() {
            if !meets_new {
                return;
            }
            self.places[name as usize] = self.base + self.met.len() as u32;
            let last = u32::MAX;
            self.met.push(Met { name, bits: 0.0, last, last_bits: 0.0, weighty: 0, joined: false });
        }
        if let Some(met) = self.met(name) {
            met.joined |= joined;
            if met.last != at {
                met.bits += bits;
                met.weighty += one.weighty;
                (met.last, met.last_bits) = (at, bits);
            } else if bits > met.last_bits {
                met.bits += bits - met.last_bits;
                met.last_bits = bits;
            }
        }
    }
}

/// What is known of the subject beside the name: how much it can add at most, and how much for an entity.
pub struct Lift<'a> {
    /// The most that attributes add for anyone.
    pub most: f32,
    /// What they add, or take, for an entity.
    pub of: &'a dyn Fn(u32) -> f32,
}

impl Lift<'_> {
    /// Nothing is known beside the name.
    pub const NONE: Lift<'static> = Lift { most: 0.0, of: &|_| 0.0 };
}

/// Collects into `out` the names that could reach `needed` bits with the query's name and attributes; each
/// once. Names equal to the query's are always among them.
pub fn collect(
    people: &People,
    query: &PersonName,
    needed: f32,
    lift: &Lift<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) {
    scratch.begin(people);
    let first = out.len();
    for_equal(&people.exact, query.fold_hash, |name| out.push(name));
    for key in query.cjk.iter().flat_map(|cjk| cjk.keys()) {
        for_equal(&people.cjk_keys, key, |name| out.push(name));
    }
    if !person::is_weak(query) {
        by_words(people, query, needed, lift, scratch, out);
    }
    out[first..].sort_unstable();
    let mut kept = first;
    for at in first..out.len() {
        if kept == first || out[kept - 1] != out[at] {
            out[kept] = out[at];
            kept += 1;
        }
    }
    out.truncate(kept);
}

fn by_words(
    people: &People,
    query: &PersonName,
    needed: f32,
    lift: &Lift<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) {
    let count = |kind| query.words.iter().filter(|w| w.kind == kind).count() as f32;
    // What the words do not say: the whole name, titles, and initials, since a listed initial may stand
    // for a word of the query and the other way round.
    let extra =
        COMPLETE + TITLE_BITS * count(WordKind::Title) + INITIAL_BITS * (count(WordKind::Initial) + 1.0);
    let asked = asked(query);
    let mut rest: f32 = asked.iter().filter(|a| a.word.is_some()).map(|a| a.most).sum();
    let least = needed - extra - lift.most;
    // Even all of it would not do.
    if rest < least {
        return;
    }
    for (at, one) in asked.iter().enumerate() {
        // A pair stands for two words, and is always looked for.
        let meets_new = one.word.is_none() || rest >= least;
        if one.word.is_some() {
            if !meets_new {
                // Names that can no longer make it need not be followed.
                let Scratch { met, places, base, .. } = &mut *scratch;
                met.retain(|m| {
                    let initials = INITIAL_BITS * people.name(m.name).initials() as f32;
                    let may_reach = m.bits + rest + initials >= least;
                    if !may_reach {
                        places[m.name as usize] = 0;
                    }
                    may_reach
                });
                for (place, m) in met.iter().enumerate() {
                    places[m.name as usize] = *base + place as u32;
                }
                if scratch.met.is_empty() {
                    return;
                }
            }
            rest -= one.most;
        }
        let mut terms = std::mem::take(&mut scratch.terms);
        agreeing(people, one, scratch, &mut terms);
        let postings: usize = terms.iter().map(|&(term, _)| people.names_of(term).len()).sum();
        let is_joined = |term: u32| one.pair.is_some() || term as usize >= people.words.len();
        if meets_new || postings <= scratch.met.len() * LOOK_COST {
            for &(term, bits) in &terms {
                for &name in people.names_of(term) {
                    scratch.add(name, at as u32, one, bits, is_joined(term), meets_new);
                }
            }
        } else {
            for place in 0..scratch.met.len() {
                let name = scratch.met[place].name;
                let record = people.name(name);
                for term in people.words_of(record).iter().copied().chain(people.joined_terms(record)) {
                    if let Ok(found) = terms.binary_search_by_key(&term, |t| t.0) {
                        scratch.add(name, at as u32, one, terms[found].1, is_joined(term), false);
                    }
                }
            }
        }
        scratch.terms = terms;
    }
    let query_weighty = query.words.iter().filter(|w| is_weighty(w)).count() as u32;
    for met in &scratch.met {
        let record = people.name(met.name);
        let mut reach = met.bits + INITIAL_BITS * record.initials() as f32 + extra;
        if !met.joined && record.initials() == 0 {
            let left = query_weighty.saturating_sub(met.weighty);
            reach -= CONFLICT * left.min(record.weighty().saturating_sub(met.weighty)) as f32;
        }
        if reach + lift.most >= needed && (lift.most == 0.0 || reach + (lift.of)(record.entity) >= needed) {
            out.push(met.name);
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
    let words = people.words.len();
    let table = &people.sounds;
    match (asked.word, &asked.pair) {
        (Some(word), _) => {
            let word = Prepared::of(word);
            sharing.retain(|&term| word.may_agree(table, term, term as usize >= words));
        }
        (None, Some(pair)) => {
            sharing.retain(|&term| (term as usize) < words && pair_may_agree(pair, table, term));
        }
        (None, None) => {}
    }
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

fn for_equal(sorted: &[(u64, u32)], key: u64, mut f: impl FnMut(u32)) {
    let start = sorted.partition_point(|e| e.0 < key);
    sorted[start..].iter().take_while(|e| e.0 == key).for_each(|e| f(e.1));
}
