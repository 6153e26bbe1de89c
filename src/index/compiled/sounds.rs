//! How the terms of the dictionary sound, side by side in memory.
//!
//! Most terms that share a key with a word do not agree with it. To find that out, their sounds, rarity
//! and what else could make them agree lie here without a pointer to follow; only what may agree is then
//! compared as [`crate::matching::word`] does it. Made from the words, never stored.

use crate::matching::word::{JoinedWords, Sounds, Spelt, joined_bits, may_be_short_form, spelling_bits};
use crate::names::rarity::Rarity;
use crate::names::sound::{Consonants, Symbol};
use crate::names::word::{Word, WordKind};

/// One way a term sounds.
#[derive(Clone, Copy)]
struct FormAt {
    consonants: Consonants,
    start: u32,
    length: u32,
}

/// One term.
#[derive(Clone, Copy)]
struct Term {
    /// First of its forms.
    forms: u32,
    rarity: Rarity,
    /// Hash of its text; 0 for joined words.
    text: u32,
    /// How its first spelling begins, if it may have a short form or be one.
    beginning: [u8; 2],
    count: u8,
    own_forms: u8,
    unvowelled: bool,
    /// Whether nicknames and national forms of it are known.
    has_classes: bool,
    is_name: bool,
}

/// How all terms sound.
#[derive(Default)]
pub(super) struct SoundTable {
    terms: Vec<Term>,
    forms: Vec<FormAt>,
    symbols: Vec<Symbol>,
}

/// The forms of one term.
struct FormsOf<'a> {
    forms: &'a [FormAt],
    symbols: &'a [Symbol],
}

impl Sounds for FormsOf<'_> {
    fn count(&self) -> usize {
        self.forms.len()
    }

    fn get(&self, at: usize) -> (&[Symbol], Consonants) {
        let form = self.forms[at];
        (&self.symbols[form.start as usize..(form.start + form.length) as usize], form.consonants)
    }
}

fn text_hash(word: &Word) -> u32 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(word.text.as_bytes());
    (hasher.finish() >> 32) as u32 | 1
}

fn beginning(word: &Word) -> [u8; 2] {
    let letters = word.forms.first().map_or(&[][..], |f| f.letters.as_bytes());
    match letters {
        [first, second, _, ..] if may_be_short_form(word) => [*first, *second],
        _ => [0, 0],
    }
}

impl SoundTable {
    /// The table of words, and after them of joined words.
    pub fn of(words: &[Word], joined: &[Option<JoinedWords>]) -> Self {
        let mut table = Self::default();
        for word in words {
            table.add(
                Spelt::of(word),
                Term {
                    text: text_hash(word),
                    beginning: beginning(word),
                    has_classes: !word.classes.is_empty(),
                    is_name: word.kind == WordKind::Name,
                    ..Term::NONE
                },
            );
        }
        for joined in joined {
            match joined {
                Some(joined) => table.add(joined.spelt(), Term::NONE),
                None => table.terms.push(Term::NONE),
            }
        }
        table
    }

    fn add<S: Sounds + ?Sized>(&mut self, spelt: Spelt<'_, S>, term: Term) {
        let forms = self.forms.len() as u32;
        for at in 0..spelt.sounds.count() {
            let (sounds, consonants) = spelt.sounds.get(at);
            let (start, length) = (self.symbols.len() as u32, sounds.len() as u32);
            self.symbols.extend_from_slice(sounds);
            self.forms.push(FormAt { consonants, start, length });
        }
        self.terms.push(Term {
            forms,
            rarity: spelt.rarity,
            count: (self.forms.len() as u32 - forms) as u8,
            own_forms: spelt.own_forms as u8,
            unvowelled: spelt.unvowelled,
            ..term
        });
    }

    fn forms_of(&self, term: &Term) -> FormsOf<'_> {
        let start = term.forms as usize;
        FormsOf { forms: &self.forms[start..start + usize::from(term.count)], symbols: &self.symbols }
    }
}

impl Term {
    const NONE: Self = Self {
        forms: 0,
        rarity: Rarity { exact: 0.0, skeleton: 0.0 },
        text: 0,
        beginning: [0, 0],
        count: 0,
        own_forms: 0,
        unvowelled: false,
        has_classes: false,
        is_name: false,
    };

    fn spelt<'a>(&self, sounds: &'a FormsOf<'a>) -> Spelt<'a, FormsOf<'a>> {
        let own_forms = usize::from(self.own_forms);
        Spelt { sounds, own_forms, unvowelled: self.unvowelled, rarity: self.rarity }
    }
}

/// A word of the query, ready to be held against terms.
pub(super) struct Prepared<'q> {
    word: &'q Word,
    text: u32,
    beginning: [u8; 2],
}

impl<'q> Prepared<'q> {
    pub fn of(word: &'q Word) -> Self {
        Self { word, text: text_hash(word), beginning: beginning(word) }
    }

    /// Whether the word and a term may agree; no word and term that agree are told they may not.
    pub fn may_agree(&self, table: &SoundTable, number: u32, is_joined: bool) -> bool {
        let term = &table.terms[number as usize];
        let forms = table.forms_of(term);
        if is_joined {
            return joined_bits(term.spelt(&forms), Spelt::of(self.word)).is_some();
        }
        term.text == self.text
            || term.has_classes && !self.word.classes.is_empty()
            || self.beginning != [0, 0] && term.beginning == self.beginning
            || spelling_bits(Spelt::of(self.word), term.spelt(&forms)).is_some()
    }
}

/// Whether two neighbours of the query written as one and a term may agree.
pub(super) fn pair_may_agree(pair: &JoinedWords, table: &SoundTable, number: u32) -> bool {
    let term = &table.terms[number as usize];
    term.is_name && joined_bits(pair.spelt(), term.spelt(&table.forms_of(term))).is_some()
}
