//! Listed organisations' names, laid out to be found in microseconds.
//!
//! A listed name is filed under the keys of its rarest words only: so many of them that a query
//! without any of these cannot reach [`LOWEST_BITS`] (prefix filtering, as in set similarity joins).
//! A query looks up its words, their spellings within reach (deletion neighbourhood), words written
//! together or apart, abbreviations and translations. What is found passes an upper bound and is
//! then scored by [`crate::matching::organisation`], the same scorer that explains hits.

mod build;
mod codec;
mod find;

#[cfg(test)]
mod on_lists;
#[cfg(test)]
mod tests;

pub use build::OrganisationIndexBuilder;
pub use codec::OrganisationIndexError;
pub use find::{OrganisationHit, Scratch};

use super::hashed;
use crate::matching::organisation::{NameClass, WordRef};
use crate::names::organisation::WordKind;

/// The least bits at which nothing is missed: a search for less still finds what it meets, but names
/// that share only common words with the query are not looked at. Far below the default threshold.
pub const LOWEST_BITS: f64 = 9.0;

/// A distinct word of listed names.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StoredWord {
    text: (u32, u32),
    /// Number of its key in [`OrganisationIndex::keys`].
    key: u32,
    kind: WordKind,
    bits: f32,
    country: Option<[u8; 2]>,
    capitals: bool,
    han: bool,
    known: bool,
    common: bool,
}

/// A listed name, or a variant of one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct StoredName {
    entity: u32,
    name_index: u32,
    /// Range in [`OrganisationIndex::name_words`].
    words: (u32, u32),
    /// Number of its bearer's facts.
    facts: u32,
    whole: u64,
    class: NameClass,
    /// Its bearer has a name in Han.
    named_in_han: bool,
}

/// Names of listed organisations, ready to be searched. Never changes.
#[derive(Debug, Default, PartialEq)]
pub struct OrganisationIndex {
    /// Texts and keys of words, one after the other.
    pool: String,
    words: Vec<StoredWord>,
    names: Vec<StoredName>,
    name_words: Vec<u32>,
    /// Hashes of keys, rising.
    keys: Vec<u64>,
    /// Where the text of each key stands in the pool.
    key_texts: Vec<(u32, u32)>,
    /// Keys in the order of their texts.
    keys_by_text: Vec<u32>,
    /// Names filed under key `k`: `postings[posting_starts[k]..posting_starts[k + 1]]`.
    posting_starts: Vec<u32>,
    postings: Vec<u32>,
    /// Hashes of keys with letters left out, rising, and the keys.
    deletions: Vec<(u32, u32)>,
    /// Hashes of neighbouring words written together, rising, and the names.
    joined: Vec<(u64, u32)>,
    /// Hashes of whole names, rising, and the names.
    wholes: Vec<(u64, u32)>,
    /// Hashes of acronyms, rising, and the names.
    acronyms: Vec<(u64, u32)>,
    /// Countries of each bearer: ranges, and the codes.
    country_starts: Vec<u32>,
    countries: Vec<[u8; 2]>,
    /// Places of each bearer: ranges, and the hashes.
    place_starts: Vec<u32>,
    places: Vec<u64>,
}

impl OrganisationIndex {
    /// How many names it holds, variants included.
    pub fn name_count(&self) -> usize {
        self.names.len()
    }

    /// A text of the pool; ranges were checked when the index was made or loaded.
    fn text(&self, range: (u32, u32)) -> &str {
        self.pool.get(range.0 as usize..range.1 as usize).unwrap_or("")
    }

    fn word_ref(&self, word: &StoredWord) -> WordRef<'_> {
        WordRef {
            text: self.text(word.text),
            key: self.text(self.key_texts[word.key as usize]),
            hash: self.keys[word.key as usize],
            kind: word.kind,
            bits: word.bits,
            segment: 0,
            country: word.country,
            abbreviated: false,
            capitals: word.capitals,
            han: word.han,
            known: word.known,
            common: word.common,
        }
    }

    fn words_of(&self, name: &StoredName) -> &[u32] {
        &self.name_words[name.words.0 as usize..name.words.1 as usize]
    }

    fn key_number(&self, hash: u64) -> Option<u32> {
        let at = hashed::first_from(&self.keys, hash, |key| *key);
        self.keys.get(at).is_some_and(|key| *key == hash).then_some(at as u32)
    }

    fn posting(&self, key: u32) -> &[u32] {
        let k = key as usize;
        &self.postings[self.posting_starts[k] as usize..self.posting_starts[k + 1] as usize]
    }

    fn countries_of(&self, facts: u32) -> &[[u8; 2]] {
        let f = facts as usize;
        &self.countries[self.country_starts[f] as usize..self.country_starts[f + 1] as usize]
    }

    fn places_of(&self, facts: u32) -> &[u64] {
        let f = facts as usize;
        &self.places[self.place_starts[f] as usize..self.place_starts[f + 1] as usize]
    }
}

/// Calls `each` with the hash of `key` and of `key` with one letter left out, or two where it is long.
///
/// Two spellings that one edit (two for long words) tells apart share one of these.
fn neighbourhood(key: &str, scratch: &mut Vec<u8>, each: &mut impl FnMut(u32)) {
    let bytes = key.as_bytes();
    let fnv = |bytes: &[u8]| {
        bytes.iter().fold(0x811c_9dc5_u32, |h, b| (h ^ u32::from(*b)).wrapping_mul(0x0100_0193))
    };
    each(fnv(bytes));
    let two = bytes.len() >= 8;
    for i in 0..bytes.len() {
        scratch.clear();
        scratch.extend_from_slice(&bytes[..i]);
        scratch.extend_from_slice(&bytes[i + 1..]);
        each(fnv(scratch));
        if two {
            let one_less = scratch.len();
            for j in i..one_less {
                let letter = scratch.remove(j);
                each(fnv(scratch));
                scratch.insert(j, letter);
            }
        }
    }
}

/// Longest key that is given a neighbourhood: names of one endless word would fill the index.
const LONGEST_FUZZY: usize = 24;

/// Whether misspellings of the key are looked for.
fn is_fuzzy(key: &str, han: bool, kind: WordKind) -> bool {
    let spelled = !matches!(kind, WordKind::Connector | WordKind::Legal | WordKind::Number | WordKind::Body);
    !han && spelled && key.is_ascii() && (4..=LONGEST_FUZZY).contains(&key.len())
}
