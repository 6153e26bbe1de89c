//! Under which keys a word is filed and looked up.
//!
//! Two words that [`crate::matching::word::compare`] finds to agree should share a key. The keys are
//! hashes of 32 bits; a collision costs one comparison and changes no answer.
//!
//! * the pattern of the sounds, whole and with each one of its symbols left out that may differ: two patterns that
//!   differ by one symbol, or by one put for another, share one (deletion neighbourhood). What a
//!   symbol parted grows together, as it does in the pattern of a word written without it;
//! * the consonant skeleton, where it has three consonants or more: any vowels;
//! * skeletons of words of scripts without vowels, which meet those of the other kind only;
//! * of names in letters, their beginnings: a short form is met by the word that goes on (`faruq`,
//!   `faruqal`);
//! * nickname classes; and the text itself of words without sounds.

use crate::matching::word::{SHORT_FORM_REST, may_be_short_form};
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

fn hash(family: u8, parts: &[&[u8]]) -> u32 {
    // FNV-1a, 64 bits folded to 32: stable across versions of the compiler, unlike std's hasher.
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |b: u8| {
        h ^= u64::from(b);
        h = h.wrapping_mul(0x0000_0100_0000_01b3);
    };
    eat(family);
    parts.iter().for_each(|p| p.iter().for_each(|&b| eat(b)));
    (h ^ (h >> 32)) as u32
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

/// Keys of a word; sorted, each once. Initials have none: too many words begin with a letter.
pub fn of_word(word: &Word, side: Side, out: &mut Vec<u32>) {
    out.clear();
    if word.kind == WordKind::Initial {
        return;
    }
    if word.forms.is_empty() {
        out.push(hash(TEXT, &[word.text.as_bytes()]));
    }
    for form in &word.forms {
        of_sounds(&form.sounds, word.unvowelled, side, out);
    }
    if word.script == Script::Latin
        && let Some(sounds) = word.forms.first().and_then(|f| c_as_ts(&f.letters))
    {
        out.push(hash(PATTERN, &[&sound::pattern(&sounds)]));
        let skeleton = sound::skeleton(&sounds);
        if skeleton.len() >= LEAST_SKELETON {
            out.push(hash(SKELETON, &[&skeleton]));
        }
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
