//! Which listed names a query could reach the threshold with.
//!
//! Each word of the query is looked up in the dictionary; the terms that agree with it carry the bits
//! that the scorer would give. Words are then taken in the order of the most they can say. As long as
//! the words not yet taken could together still reach what is needed, the names holding a term of the
//! next word become candidates; what the rest adds is looked up for those candidates alone. Every
//! bound is from above: no name that the scorer would show is lost here, except where two spellings
//! share no key ([`super::keys`]).

use crate::matching::word;
use crate::names::PersonName;
use crate::names::word::{Word, WordKind};

use super::keys::{self, Side};
use super::people::{People, is_weighty, joined_sounds};

/// The most that a name as a whole, initials and titles can add to its words.
const WHOLE_BITS: f32 = 3.0;
const INITIAL_BITS: f32 = 2.5;
const TITLE_BITS: f32 = 1.5;
/// What a conflict costs, as in [`crate::matching::person`].
const CONFLICT: f32 = 6.5;

/// One word of the query, or two neighbours written as one, with the terms that agree with it.
#[derive(Default)]
struct Lookup {
    /// Agreeing terms, sorted by term.
    terms: Vec<(u32, f32)>,
    /// The most any of them says.
    most: f32,
    /// A pair of neighbours.
    pair: bool,
    /// How many weighty words of the query it stands for.
    weighty: u32,
}

/// Memory reused from one query to the next.
#[derive(Default)]
pub struct Scratch {
    lookups: Vec<Lookup>,
    used: usize,
    keys: Vec<u32>,
    /// For each name, the query that last made it a candidate.
    marks: Vec<u32>,
    query: u32,
}

impl Scratch {
    fn begin(&mut self, names: usize) {
        self.used = 0;
        self.query = self.query.wrapping_add(1);
        if self.query == 0 || self.marks.len() != names {
            self.marks.clear();
            self.marks.resize(names, 0);
            self.query = 1;
        }
    }

    fn lookup(&mut self) -> &mut Lookup {
        if self.used == self.lookups.len() {
            self.lookups.push(Lookup::default());
        }
        self.used += 1;
        let lookup = &mut self.lookups[self.used - 1];
        lookup.terms.clear();
        lookup.most = 0.0;
        lookup.pair = false;
        lookup.weighty = 0;
        lookup
    }
}

/// Collects into `out` the names that could reach `needed` bits of name evidence with the query.
pub fn collect(people: &People, query: &PersonName, needed: f32, scratch: &mut Scratch, out: &mut Vec<u32>) {
    scratch.begin(people.len());
    let stamp = scratch.query;
    for_equal(&people.exact, query.fold_hash, |name| mark(&mut scratch.marks, stamp, name, out));
    if let Some(cjk) = &query.cjk {
        for key in cjk.keys() {
            for_equal(&people.cjk_keys, key, |name| mark(&mut scratch.marks, stamp, name, out));
        }
    }
    if crate::matching::person::is_weak(query) {
        return;
    }
    look_up(people, query, scratch);
    let used = scratch.used;
    let lookups = &mut scratch.lookups[..used];
    lookups.sort_by(|a, b| b.pair.cmp(&a.pair).then(b.most.total_cmp(&a.most)));
    let extra = WHOLE_BITS
        + TITLE_BITS * query.words.iter().filter(|w| w.kind == WordKind::Title).count() as f32
        + INITIAL_BITS * query.words.iter().filter(|w| w.kind == WordKind::Initial).count() as f32;
    // Pairs stand for two words each and are always taken, so that what is left bounds single words.
    let mut rest: f32 = lookups.iter().filter(|l| !l.pair).map(|l| l.most).sum();
    let query_weighty = query.words.iter().filter(|w| is_weighty(w)).count() as u32;
    for taken in 0..lookups.len() {
        // A listed initial may stand for any word of the query.
        let reach = rest + extra + INITIAL_BITS;
        if !lookups[taken].pair {
            if reach < needed {
                break;
            }
            rest -= lookups[taken].most;
        }
        for t in 0..lookups[taken].terms.len() {
            let (term, _) = lookups[taken].terms[t];
            for &name in people.names_of(term) {
                if scratch.marks[name as usize] == stamp {
                    continue;
                }
                scratch.marks[name as usize] = stamp;
                if bound(people, name, lookups, query_weighty) + extra >= needed {
                    out.push(name);
                }
            }
        }
    }
}

/// The most evidence the query's words can find in a name, less what is sure to conflict.
fn bound(people: &People, name: u32, lookups: &[Lookup], query_weighty: u32) -> f32 {
    let record = people.name(name);
    let words = people.words_of(record);
    let mut bits = 0.0;
    let mut met = 0;
    let mut joined = false;
    for lookup in lookups {
        let mut best: f32 = 0.0;
        for &word in words {
            if let Ok(at) = lookup.terms.binary_search_by_key(&word, |t| t.0) {
                best = best.max(lookup.terms[at].1);
            }
        }
        // Joined pairs of the listed name are terms after all words.
        if let Some(joint) = best_joint(people, words, lookup) {
            joined = true;
            best = best.max(joint);
        }
        if best > 0.0 {
            bits += best;
            met += lookup.weighty;
            joined |= lookup.pair;
        }
    }
    bits += INITIAL_BITS * record.initials() as f32;
    if !joined && record.initials() == 0 {
        let conflicts = query_weighty.saturating_sub(met).min(record.weighty().saturating_sub(met));
        bits -= CONFLICT * conflicts as f32;
    }
    bits
}

fn best_joint(people: &People, words: &[u32], lookup: &Lookup) -> Option<f32> {
    let first = people.words.len() as u32;
    let from = lookup.terms.partition_point(|t| t.0 < first);
    let mut best: Option<f32> = None;
    for &(term, bits) in &lookup.terms[from..] {
        let (a, b) = people.joined[(term - first) as usize];
        if words.contains(&a) && words.contains(&b) {
            best = Some(best.map_or(bits, |x| x.max(bits)));
        }
    }
    best
}

fn mark(marks: &mut [u32], stamp: u32, name: u32, out: &mut Vec<u32>) {
    if marks[name as usize] != stamp {
        marks[name as usize] = stamp;
        out.push(name);
    }
}

fn for_equal(sorted: &[(u64, u32)], key: u64, mut f: impl FnMut(u32)) {
    let start = sorted.partition_point(|e| e.0 < key);
    sorted[start..].iter().take_while(|e| e.0 == key).for_each(|e| f(e.1));
}

/// Finds the terms that agree with each word of the query, and with each pair of neighbours.
fn look_up(people: &People, query: &PersonName, scratch: &mut Scratch) {
    let core: Vec<usize> = query.core().collect();
    for &i in &core {
        let word = &query.words[i];
        if word.kind == WordKind::Initial {
            continue;
        }
        let mut keys = std::mem::take(&mut scratch.keys);
        keys::of_word(word, Side::Query, &mut keys);
        let lookup = scratch.lookup();
        lookup.weighty = u32::from(is_weighty(word));
        agreeing(people, &keys, lookup, |term| single(people, word, term));
        scratch.keys = keys;
    }
    for pair in core.windows(2) {
        let (first, second) = (&query.words[pair[0]], &query.words[pair[1]]);
        if !word::may_join(first, second) {
            continue;
        }
        let mut keys = std::mem::take(&mut scratch.keys);
        keys.clear();
        for sounds in joined_sounds(first, second) {
            keys::of_sounds(&sounds, first.unvowelled, Side::Query, &mut keys);
        }
        keys.sort_unstable();
        keys.dedup();
        let lookup = scratch.lookup();
        lookup.pair = true;
        lookup.weighty = u32::from(is_weighty(first)) + u32::from(is_weighty(second));
        let words = people.words.len() as u32;
        agreeing(people, &keys, lookup, |term| {
            let listed = people.words.get(term as usize).filter(|_| term < words)?;
            word::compare_joined(first, second, listed).map(|m| m.bits)
        });
        scratch.keys = keys;
    }
}

/// What a word of the query and a term say.
fn single(people: &People, word: &Word, term: u32) -> Option<f32> {
    match people.words.get(term as usize) {
        Some(listed) => word::compare(word, listed).map(|m| m.bits),
        None => {
            let (a, b) = people.joined[term as usize - people.words.len()];
            word::compare_joined(&people.words[a as usize], &people.words[b as usize], word).map(|m| m.bits)
        }
    }
}

fn agreeing(people: &People, keys: &[u32], lookup: &mut Lookup, bits: impl Fn(u32) -> Option<f32>) {
    for &key in keys {
        lookup.terms.extend(people.terms(key).iter().map(|&t| (t, 0.0)));
    }
    lookup.terms.sort_unstable_by_key(|t| t.0);
    lookup.terms.dedup_by_key(|t| t.0);
    lookup.terms.retain_mut(|t| match bits(t.0) {
        Some(b) => {
            t.1 = b;
            true
        }
        None => false,
    });
    lookup.most = lookup.terms.iter().map(|t| t.1).fold(0.0, f32::max);
}
