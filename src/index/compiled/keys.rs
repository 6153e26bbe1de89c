//! Under which keys words and the ways they sound are filed and looked up.
//!
//! Two words that [`crate::matching::word::compare`] finds to agree should share a key. The keys are
//! hashes of 32 bits; a collision costs one comparison and changes no answer.
//!
//! * the pattern of the sounds, whole and with each one of its symbols left out that may differ: two patterns that
//!   differ by one symbol, or by one put for another, share one (deletion neighbourhood). What a
//!   symbol parted grows together, as it does in the pattern of a word written without it;
//! * of a word asked for whose pattern is too short for that, the whole patterns of what it is easily written for:
//!   one sound of another tradition (`khan`, `chan`), or two neighbours swapped;
//! * the consonant skeleton, where it has three consonants or more: any vowels;
//! * skeletons of words of scripts without vowels, which meet those of the other kind only;
//! * of names in letters, their beginnings: a short form is met by the word that goes on (`faruq`,
//!   `faruqal`);
//! * nickname classes; and the text itself of words without sounds.

use std::ops::Range;

use rayon::prelude::*;

use crate::matching::sound as distance;
use crate::matching::word::{SHORT_FORM_REST, may_be_short_form, most_cost};
use crate::names::script::Script;
use crate::names::sound::{self, Symbol};
use crate::names::word::{Word, WordKind};

/// Which side of a comparison the keys are for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words of listed names: filed under these keys.
    Listed,
    /// Words of a query: looked up under these keys.
    Query,
}

const PATTERN: u8 = 1;
const SKELETON: u8 = 2;
const UNVOWELLED: u8 = 3;
const VOWELLED: u8 = 4;
const CLASS: u8 = 5;
const TEXT: u8 = 6;
const WHOLE: u8 = 7;
const BEGINNING: u8 = 8;

/// Shortest pattern of which a symbol is left out: what is left of a shorter one is in every third name.
const LEAST_PATTERN: usize = 5;
/// Of so many consonants each one counts: what is left without one is in every tenth word.
const FEW_CONSONANTS: usize = 3;
/// Shortest beginning that is a key: the shortest short form.
const LEAST_BEGINNING: usize = 3;
/// Shortest skeleton that is a key beside the pattern.
const LEAST_SKELETON: usize = 3;

/// A key.
fn hash(family: u8, parts: &[&[u8]]) -> u32 {
    let h = fnv(family, parts);
    (h ^ (h >> 32)) as u32
}

/// FNV-1a.
fn fnv(family: u8, parts: &[&[u8]]) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |b: u8| {
        h ^= u64::from(b);
        h = h.wrapping_mul(0x0000_0100_0000_01b3);
    };
    eat(family);
    parts.iter().for_each(|p| p.iter().for_each(|&b| eat(b)));
    h
}

/// Keys of a pattern or skeleton with each of its symbols left out in turn that `may_go` says may be.
fn without_each(family: u8, symbols: &[u8], may_go: impl Fn(usize) -> bool, out: &mut Vec<u32>) {
    for i in (0..symbols.len()).filter(|&i| may_go(i)) {
        let (before, mut after) = (&symbols[..i], &symbols[i + 1..]);
        if before.last().is_some() && before.last() == after.first() {
            after = &after[1..];
        }
        out.push(hash(family, &[before, after]));
    }
}

/// Whether a symbol of a pattern or skeleton may be another one, or none, in a spelling of the same word.
/// In words of few consonants l, r, m and n may not: no tradition writes another letter for them, and
/// another consonant there makes another word.
fn may_differ(symbols: &[u8], at: usize) -> bool {
    !matches!(symbols[at], b'L' | b'R' | b'M' | b'N')
        || symbols.iter().filter(|&&s| s != b'v').count() > FEW_CONSONANTS
}

/// Keys of a word's sounds.
pub fn of_sounds(sounds: &[Symbol], unvowelled: bool, side: Side, out: &mut Vec<u32>) {
    let skeleton = sound::skeleton(sounds);
    if !unvowelled {
        let pattern = sound::pattern(sounds);
        out.push(hash(PATTERN, &[&pattern]));
        if pattern.len() >= LEAST_PATTERN {
            without_each(PATTERN, &pattern, |at| may_differ(&pattern, at), out);
        }
    }
    if skeleton.len() >= LEAST_SKELETON {
        out.push(hash(SKELETON, &[&skeleton]));
    }
    let families: &[u8] = match (side, unvowelled) {
        (Side::Listed, true) => &[UNVOWELLED],
        (Side::Listed, false) => &[VOWELLED],
        (Side::Query, true) => &[UNVOWELLED, VOWELLED],
        (Side::Query, false) => &[UNVOWELLED],
    };
    for &family in families {
        out.push(hash(family, &[&skeleton]));
        if skeleton.len() >= LEAST_SKELETON {
            without_each(family, &skeleton, |at| may_differ(&skeleton, at), out);
        }
    }
}

/// Keys of what a word of this rarity that writes its vowels is easily written for, where its pattern is too short
/// to be met with a symbol left out.
fn of_nearby(sounds: &[Symbol], rarity: f32, out: &mut Vec<u32>) {
    if sound::pattern(sounds).len() < LEAST_PATTERN {
        let most = most_cost(rarity, sounds.len(), false);
        distance::nearby(sounds, most, |nearby| out.push(hash(PATTERN, &[&sound::pattern(nearby)])));
    }
}

/// The shape of a sound string: strings of one shape have the same keys, and the same consonants by their
/// classes. A hash of 64 bits; of two shapes that share one, only the first's keys would be filed, which
/// among ten million shapes happens once in 400,000 lists.
pub fn shape(sounds: &[Symbol], unvowelled: bool) -> u64 {
    let (pattern, skeleton) = (sound::pattern(sounds), sound::skeleton(sounds));
    fnv(u8::from(unvowelled), &[&pattern, &[0], &skeleton])
}

/// A place for a sound string beside those that begin alike: its pattern, as far as sixteen symbols of it go.
pub fn place(sounds: &[Symbol]) -> u64 {
    let letter =
        |&symbol: &u8| b"vBCDFGJKLMNPRST".iter().position(|&s| s == symbol).map_or(0, |at| at as u64 + 1);
    let pattern = sound::pattern(sounds);
    (0..16).fold(0, |place, at| place << 4 | pattern.get(at).map_or(0, letter))
}

/// The sounds of a word whose every c is read ts, as the Slavic and Baltic languages read it (Kacuba,
/// Katsuba); `None` where no c is read otherwise in any case.
fn c_as_ts(letters: &str) -> Option<Vec<Symbol>> {
    let bytes = letters.as_bytes();
    let is_ts = |at: usize| {
        let next = bytes.get(at + 1);
        bytes[at] == b'c'
            && !next.is_some_and(|n| matches!(n, b'h' | b'k' | b'z' | b'c' | b'e' | b'i' | b'y'))
    };
    if !(0..bytes.len()).any(is_ts) {
        return None;
    }
    let spelt = letters.char_indices().flat_map(|(at, c)| {
        let as_ts = is_ts(at);
        [if as_ts { 't' } else { c }].into_iter().chain(as_ts.then_some('s'))
    });
    Some(sound::encode(&spelt.collect::<String>()))
}

/// Keys of a word's sounds, of all its forms; sorted, each once. Initials have none: too many words begin
/// with a letter.
pub fn of_spellings(word: &Word, side: Side, out: &mut Vec<u32>) {
    out.clear();
    if word.kind != WordKind::Initial {
        for form in &word.forms {
            of_sounds(&form.sounds, word.unvowelled, side, out);
            if side == Side::Query && !word.unvowelled {
                of_nearby(&form.sounds, word.rarity.exact, out);
            }
        }
        if let Some(sounds) = other_reading(word) {
            of_sounds(&sounds, word.unvowelled, side, out);
        }
    }
    out.sort_unstable();
    out.dedup();
}

/// The other way that the letters of a word may be read.
pub fn other_reading(word: &Word) -> Option<Vec<Symbol>> {
    if word.script != Script::Latin {
        return None;
    }
    c_as_ts(&word.forms.first()?.letters)
}

/// Keys of a word beside those of its sounds; sorted, each once.
pub fn of_word(word: &Word, side: Side, out: &mut Vec<u32>) {
    out.clear();
    if word.kind == WordKind::Initial {
        return;
    }
    if word.forms.is_empty() {
        out.push(hash(TEXT, &[word.text.as_bytes()]));
    }
    if may_be_short_form(word)
        && let Some(letters) = word.forms.first().map(|f| f.letters.as_bytes())
    {
        // Each side's whole word meets the other's beginnings.
        let (whole, beginning) = match side {
            Side::Listed => (WHOLE, BEGINNING),
            Side::Query => (BEGINNING, WHOLE),
        };
        if letters.len() >= LEAST_BEGINNING {
            out.push(hash(whole, &[letters]));
        }
        for end in LEAST_BEGINNING..letters.len().saturating_sub(SHORT_FORM_REST - 1) {
            out.push(hash(beginning, &[&letters[..end]]));
        }
    }
    for class in &word.classes {
        out.push(hash(CLASS, &[&class.to_le_bytes()]));
    }
    out.sort_unstable();
    out.dedup();
}

/// Keys and what each leads to.
#[derive(Default)]
pub struct KeyTable {
    /// Sorted.
    keys: Vec<u32>,
    values: Vec<u32>,
    /// Where the keys with given high bits begin.
    buckets: Vec<u32>,
    bucket_shift: u32,
}

impl KeyTable {
    /// A table of keys and values, in any order.
    pub fn of(mut entries: Vec<(u32, u32)>) -> Self {
        entries.par_sort_unstable();
        entries.dedup();
        let keys: Vec<u32> = entries.iter().map(|e| e.0).collect();
        let values = entries.iter().map(|e| e.1).collect();
        // About one bucket per key.
        let bits = (usize::BITS - keys.len().leading_zeros()).clamp(1, 28);
        let bucket_shift = 32 - bits;
        let mut buckets = Vec::with_capacity((1 << bits) + 1);
        let mut at = 0;
        for bucket in 0..=(1u64 << bits) {
            while at < keys.len() && u64::from(keys[at] >> bucket_shift) < bucket {
                at += 1;
            }
            buckets.push(at as u32);
        }
        Self { keys, values, buckets, bucket_shift }
    }

    /// Adds what some keys lead to.
    pub fn get_all(&self, keys: &[u32], values: &mut Vec<u32>) {
        // Fetches from all over memory go in loops of which no step waits for another.
        let touched = keys.iter().fold(0, |all, &key| all ^ self.bucket(key).start);
        std::hint::black_box(touched);
        let touched = keys.iter().fold(0, |all, &key| {
            let bucket = self.bucket(key);
            all ^ self.keys.get(bucket.start).unwrap_or(&0) ^ self.values.get(bucket.start).unwrap_or(&0)
        });
        std::hint::black_box(touched);
        keys.iter().for_each(|&key| values.extend_from_slice(self.get(key)));
    }

    fn bucket(&self, key: u32) -> Range<usize> {
        let bucket = (key >> self.bucket_shift) as usize;
        self.buckets.get(bucket..bucket + 2).map_or(0..0, |b| b[0] as usize..b[1] as usize)
    }

    /// What a key leads to.
    pub fn get(&self, key: u32) -> &[u32] {
        let bucket = self.bucket(key);
        let keys = &self.keys[bucket.clone()];
        let start = keys.partition_point(|&k| k < key);
        let end = start + keys[start..].partition_point(|&k| k == key);
        &self.values[bucket.start + start..bucket.start + end]
    }
}
