//! Names in Han characters: variants folded, words found by the longest known ones.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::fold::RawWord;
use super::lexicon::{Lexicon, romanised};
use super::{Word, WordKind, hash};

/// Classes of characters that stand for each other, from Unihan (Unicode License, kept beside them).
const CLASSES: &str = include_str!("../cjk/data/han.tsv");

/// The character that stands for all its variants: the simplified form, as a rule.
pub(super) fn fold(c: char) -> char {
    static VARIANTS: OnceLock<FxHashMap<char, char>> = OnceLock::new();
    let variants = VARIANTS.get_or_init(|| {
        let mut variants = FxHashMap::default();
        for line in CLASSES.lines().filter(|l| !l.starts_with('#')) {
            let mut class = line.split('\t').next().unwrap_or("").chars();
            if let Some(first) = class.next() {
                variants.extend(class.map(|variant| (variant, first)));
            }
        }
        variants
    });
    variants.get(&c).copied().unwrap_or(c)
}

/// Cuts a run of characters into known words (the longest first) and the chunks between them.
pub(super) fn segment(raw: &RawWord, lexicon: &Lexicon, words: &mut Vec<Word>) {
    let chars: Vec<(usize, char)> = raw.text.char_indices().collect();
    let end_of = |n: usize| chars.get(n).map_or(raw.text.len(), |c| c.0);
    // Each character of the run was read from one of the text.
    let part = |from: usize, to: usize| RawWord {
        place: (raw.place.0 + from as u32, raw.place.0 + to as u32),
        text: String::new(),
        latin: String::new(),
        ..*raw
    };
    let mut chunk = 0;
    let mut at = 0;
    while at < chars.len() {
        let longest = (2..=lexicon.longest_han().min(chars.len() - at))
            .rev()
            .find_map(|n| lexicon.get(&raw.text[chars[at].0..end_of(at + n)]).map(|e| (e, n)));
        // A single character means something only at the end ("…系", "…厂").
        let found = longest.or_else(|| {
            (at + 1 == chars.len() && at > 0)
                .then(|| lexicon.get(&raw.text[chars[at].0..]).map(|e| (e, 1)))
                .flatten()
        });
        let Some((entry, n)) = found else {
            at += 1;
            continue;
        };
        push_chunk(&raw.text[end_of(chunk)..end_of(at)], &part(chunk, at), words);
        lexicon.push_known(entry, &raw.text[chars[at].0..end_of(at + n)], &part(at, at + n), words);
        at += n;
        chunk = at;
    }
    push_chunk(&raw.text[end_of(chunk)..], &part(chunk, chars.len()), words);
}

/// A chunk of characters in no word list is a word of its own; its key is its reading.
fn push_chunk(text: &str, raw: &RawWord, words: &mut Vec<Word>) {
    if text.is_empty() {
        return;
    }
    let key = romanised(text);
    // One character in a few hundred: eight bits each, less where they make one common word.
    let bits = match text.chars().count() {
        1 => 7.0,
        2 => 12.0,
        _ => 13.5,
    };
    let hash = hash(&key);
    words.push(Word {
        text: text.to_owned(),
        key: key.into(),
        hash,
        kind: WordKind::Word,
        bits,
        country: None,
        segment: raw.segment,
        place: raw.place,
        abbreviated: false,
        capitals: false,
        han: true,
        known: false,
        common: false,
    });
}
