//! How the terms of the dictionary sound, grouped by shape.
//!
//! Most terms that share a key with a word do not agree with it. Keys therefore lead to groups of
//! spellings that share a *shape* (the same pattern and skeleton, hence the same keys), and a group's
//! spellings lie sorted side by side in memory: a word is held against them in one run
//! ([`crate::matching::sound::Against`]). Groups that begin alike lie near each other. Words and joined pairs
//! have tables of their own: two words of a query written as one are no two words of a listed name written as
//! one. Made from the words, never stored.

use std::ops::Range;

use rayon::prelude::*;

use crate::matching::sound::{Against, Rows, Vowels};
use crate::matching::word::{
    JOIN_COST, JoinedWords, bits_left, most_cost, rarity_of_joined, rarity_of_spellings,
};
use crate::names::rarity::Rarity;
use crate::names::sound::{Consonants, Symbol};
use crate::names::word::{Word, WordKind};

use super::keys::{self, KeyTable, Side};

/// How many symbols stand beside a spelling: more than most words have.
const BESIDE: usize = 13;

/// One way a term sounds.
#[derive(Clone, Copy)]
struct Spelling {
    term: u32,
    /// Rarity of the term, in sixteenths of a bit.
    exact: u16,
    skeleton: u16,
    length: u8,
    /// How many symbols it begins with that the spelling before it in the group begins with.
    shared: u8,
    flags: u8,
    /// Its symbols; of longer ones where they begin in [`SoundGroups::long`].
    symbols: [Symbol; BESIDE],
}

/// A name, which two words of the query written as one may be.
const NAME: u8 = 1;
/// Its sounds are not all there is to compare: the term has other forms, or nicknames and national
/// forms that the tables know.
const MORE: u8 = 2;
/// Of a term that the tables know nicknames or national forms of.
const CLASSED: u8 = 4;

/// Spellings of one shape. What is known of all of them stands before the first, as a spelling would: fetched from
/// elsewhere it would take as long again.
struct Group {
    consonants: Consonants,
    /// How many there are.
    count: usize,
    unvowelled: bool,
}

impl Group {
    /// As it stands before its spellings.
    fn heading(&self) -> Spelling {
        let mut symbols = [0; BESIDE];
        symbols[..size_of::<Consonants>()].copy_from_slice(&self.consonants.to_bytes());
        let term = (self.count as u32) << 1 | u32::from(self.unvowelled);
        Spelling { term, exact: 0, skeleton: 0, length: 0, shared: 0, flags: 0, symbols }
    }

    /// Of what stands before its spellings.
    fn of_heading(heading: &Spelling) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = heading.symbols;
        Self {
            consonants: Consonants::from_bytes([a, b, c, d, e, f, g, h]),
            count: (heading.term >> 1) as usize,
            unvowelled: heading.term & 1 == 1,
        }
    }
}

/// How terms sound: words, or joined pairs.
#[derive(Default)]
pub(super) struct SoundGroups {
    /// The groups one after the other: what is known of each, then its spellings.
    spellings: Vec<Spelling>,
    /// The symbols of spellings that are too long to stand beside them.
    long: Vec<Symbol>,
    /// Where the groups begin that a key leads to.
    keys: KeyTable,
    /// Whether these are joined pairs.
    are_joined: bool,
}

/// Memory reused from one word to the next.
#[derive(Default)]
pub(super) struct SoundScratch {
    rows: Rows,
    groups: Vec<u32>,
    /// The spellings to compare: those of the groups that may agree.
    runs: Vec<Range<usize>>,
}

/// A spelling on its way into a group.
struct Entry {
    /// Where its group stands, and its shape.
    shape: (u64, u64),
    consonants: Consonants,
    unvowelled: bool,
    /// What is compared.
    sounds: Box<[Symbol]>,
    /// What it is filed under, where that is another reading of its letters.
    filed_as: Option<Box<[Symbol]>>,
    spelling: Spelling,
}

impl Entry {
    fn of(sounds: &[Symbol], consonants: Consonants, unvowelled: bool, spelling: Spelling) -> Self {
        // Longer ones are cut when compared.
        let sounds = &sounds[..sounds.len().min(usize::from(u8::MAX))];
        Self {
            shape: shape(sounds, unvowelled),
            consonants,
            unvowelled,
            sounds: sounds.into(),
            filed_as: None,
            spelling: Spelling { length: sounds.len() as u8, ..spelling },
        }
    }
}

fn shape(sounds: &[Symbol], unvowelled: bool) -> (u64, u64) {
    (keys::place(sounds), keys::shape(sounds, unvowelled))
}

fn spelling(term: u32, rarity: Rarity, flags: u8) -> Spelling {
    let sixteenths = |bits: f32| (bits * 16.0) as u16;
    let (exact, skeleton) = (sixteenths(rarity.exact), sixteenths(rarity.skeleton));
    Spelling { term, exact, skeleton, length: 0, shared: 0, flags, symbols: [0; BESIDE] }
}

fn entries_of_word(term: u32, word: &Word) -> Vec<Entry> {
    if word.kind == WordKind::Initial {
        return Vec::new();
    }
    let mut flags = 0;
    if word.kind == WordKind::Name {
        flags |= NAME;
    }
    if word.forms.len() > 1 || word.own_forms == 0 {
        flags |= MORE;
    }
    if !word.classes.is_empty() {
        flags |= CLASSED;
    }
    let spelling = spelling(term, word.rarity, flags);
    let mut entries: Vec<Entry> = word
        .forms
        .iter()
        .filter(|f| !f.sounds.is_empty())
        .map(|f| Entry::of(&f.sounds, f.consonants, word.unvowelled, spelling))
        .collect();
    if let (Some(reading), Some(form)) = (keys::other_reading(word), word.forms.first()) {
        entries.push(Entry {
            shape: shape(&reading, word.unvowelled),
            filed_as: Some(reading.into()),
            ..Entry::of(&form.sounds, form.consonants, word.unvowelled, spelling)
        });
    }
    entries
}

fn entries_of_joined(term: u32, joined: &JoinedWords) -> Vec<Entry> {
    let spelt = joined.spelt();
    let spelling = spelling(term, spelt.rarity, 0);
    joined
        .sounds()
        .filter(|s| !s.is_empty())
        .map(|sounds| Entry::of(sounds, Consonants::of(sounds), spelt.unvowelled, spelling))
        .collect()
}

impl SoundGroups {
    /// The groups of words. Terms of which `is_met` says no are never looked for.
    pub fn of_words(words: &[Word], is_met: impl Fn(u32) -> bool + Sync) -> Self {
        let entries = |term: u32| entries_of_word(term, &words[term as usize]);
        Self::of((0..words.len() as u32).into_par_iter().filter(|&t| is_met(t)).flat_map_iter(entries), false)
    }

    /// The groups of joined pairs of words, which are the terms after all words.
    pub fn of_joined(words: &[Word], joined: &[(u32, u32)], is_met: impl Fn(u32) -> bool + Sync) -> Self {
        let terms = words.len() as u32..(words.len() + joined.len()) as u32;
        let entries = |term: u32| {
            let (a, b) = joined[term as usize - words.len()];
            let joined = JoinedWords::of(&words[a as usize], &words[b as usize]);
            joined.map_or_else(Vec::new, |joined| entries_of_joined(term, &joined))
        };
        Self::of(terms.into_par_iter().filter(|&t| is_met(t)).flat_map_iter(entries), true)
    }

    fn of(entries: impl ParallelIterator<Item = Entry>, are_joined: bool) -> Self {
        let mut entries: Vec<Entry> = entries.collect();
        let order = |e: &Entry| (e.shape, e.unvowelled, e.consonants);
        entries.par_sort_unstable_by(|a, b| {
            order(a)
                .cmp(&order(b))
                .then_with(|| (&a.sounds, a.spelling.term).cmp(&(&b.sounds, b.spelling.term)))
        });
        let runs: Vec<&[Entry]> = entries.chunk_by(|a, b| order(a) == order(b)).collect();
        let mut begin = 0;
        let groups: Vec<(u32, &[Entry])> = runs
            .into_iter()
            .map(|run| {
                let group = (begin, run);
                begin += 1 + run.len() as u32;
                group
            })
            .collect();
        let filed = groups.par_iter().flat_map_iter(|&(begin, run)| {
            let mut keys = Vec::new();
            let first = &run[0];
            let sounds = first.filed_as.as_ref().unwrap_or(&first.sounds);
            keys::of_sounds(sounds, first.unvowelled, Side::Listed, &mut keys);
            keys.into_iter().map(move |key| (key, begin))
        });
        let mut out = Self { keys: KeyTable::of(filed.collect()), are_joined, ..Self::default() };
        for (_, run) in groups {
            let Entry { consonants, unvowelled, .. } = run[0];
            out.spellings.push(Group { consonants, count: run.len(), unvowelled }.heading());
            let mut before: &[Symbol] = &[];
            for entry in run {
                let shared = before.iter().zip(&entry.sounds).take_while(|(a, b)| a == b).count() as u8;
                out.push(Spelling { shared, ..entry.spelling }, &entry.sounds);
                before = &entry.sounds;
            }
        }
        out
    }

    fn push(&mut self, mut spelling: Spelling, sounds: &[Symbol]) {
        match spelling.symbols.get_mut(..sounds.len()) {
            Some(beside) => beside.copy_from_slice(sounds),
            None => {
                let start = (self.long.len() as u32).to_le_bytes();
                spelling.symbols[..start.len()].copy_from_slice(&start);
                self.long.extend_from_slice(sounds);
            }
        }
        self.spellings.push(spelling);
    }

    fn symbols<'a>(&'a self, spelling: &'a Spelling) -> &'a [Symbol] {
        let length = usize::from(spelling.length);
        spelling.symbols.get(..length).unwrap_or_else(|| {
            let [a, b, c, d, ..] = spelling.symbols;
            let start = u32::from_le_bytes([a, b, c, d]) as usize;
            &self.long[start..start + length]
        })
    }

    /// Gives `found` the terms under these keys that a word or pair agrees with, with what they say; more than
    /// once where more than one of their spellings does. What the sounds alone do not tell goes to `look`
    /// instead.
    pub fn agreeing(
        &self,
        asked: &AskedSounds<'_>,
        keys: &[u32],
        scratch: &mut SoundScratch,
        mut found: impl FnMut(u32, f32),
        mut look: impl FnMut(u32),
    ) {
        let SoundScratch { rows, groups, runs } = scratch;
        groups.clear();
        self.keys.get_all(keys, groups);
        groups.sort_unstable();
        groups.dedup();
        // Fetches from all over memory go in loops of which no step waits for another.
        let touched = groups.iter().fold(0, |all, &begin| all ^ self.spellings[begin as usize].term);
        std::hint::black_box(touched);
        for (sounds, consonants) in asked.forms.iter().filter(|(s, _)| !s.is_empty()) {
            for listed_left in [false, true] {
                runs.clear();
                runs.extend(groups.iter().filter_map(|&begin| {
                    let group = Group::of_heading(&self.spellings[begin as usize]);
                    let may_agree = group.unvowelled == listed_left && consonants.may_spell(group.consonants);
                    let first = begin as usize + 1;
                    may_agree.then_some(first..first + group.count)
                }));
                if runs.is_empty() {
                    continue;
                }
                let one_left = asked.unvowelled != listed_left;
                let most = most_cost(asked.rarity.exact, sounds.len(), one_left);
                let mut against =
                    Against::new(sounds, vowels(asked.unvowelled), vowels(listed_left), most, rows);
                for run in &*runs {
                    let mut shared = 0;
                    for listed in &self.spellings[run.clone()] {
                        shared = shared.min(usize::from(listed.shared));
                        if asked.is_pair && listed.flags & NAME == 0 {
                            continue;
                        }
                        let symbols = self.symbols(listed);
                        let cost = against.cost(symbols, std::mem::replace(&mut shared, usize::MAX));
                        let Some(cost) = cost else { continue };
                        if !self.are_joined && asked.needs_look(listed, listed_left) {
                            look(listed.term);
                        } else if let Some(bits) =
                            asked.bits(listed, self.are_joined, sounds.len(), listed_left, cost)
                        {
                            found(listed.term, bits);
                        }
                    }
                }
            }
        }
    }
}

fn vowels(left: bool) -> Vowels {
    if left { Vowels::Left } else { Vowels::Written }
}

/// A word of the query, or two neighbours written as one, as it sounds.
pub(super) struct AskedSounds<'q> {
    forms: Vec<(&'q [Symbol], Consonants)>,
    rarity: Rarity,
    unvowelled: bool,
    is_pair: bool,
    /// Whether it has other forms, or the tables know nicknames of it.
    has_more: bool,
    is_classed: bool,
}

impl<'q> AskedSounds<'q> {
    /// A word.
    pub fn of(word: &'q Word) -> Self {
        Self {
            forms: word.forms.iter().map(|f| (f.sounds.as_slice(), f.consonants)).collect(),
            rarity: word.rarity,
            unvowelled: word.unvowelled,
            is_pair: false,
            has_more: word.forms.len() > 1 || word.own_forms == 0,
            is_classed: !word.classes.is_empty(),
        }
    }

    /// Two neighbours written as one.
    pub fn of_pair(pair: &'q JoinedWords) -> Self {
        let forms: Vec<_> = pair.sounds().map(|s| (s, Consonants::of(s))).collect();
        let spelt = pair.spelt();
        Self {
            has_more: forms.len() > 1,
            forms,
            rarity: spelt.rarity,
            unvowelled: spelt.unvowelled,
            is_pair: true,
            is_classed: false,
        }
    }

    /// Whether it and a word have to be compared whole. Joined pairs of the list are known by their sounds alone.
    fn needs_look(&self, listed: &Spelling, listed_left: bool) -> bool {
        let both_left = self.unvowelled && listed_left;
        let both_classed = self.is_classed && listed.flags & CLASSED != 0;
        self.has_more || both_left || both_classed || listed.flags & MORE != 0
    }

    /// What it and a spelling so far from it say.
    fn bits(
        &self,
        listed: &Spelling,
        is_joined: bool,
        length: usize,
        listed_left: bool,
        cost: u16,
    ) -> Option<f32> {
        let bits = |sixteenths: u16| f32::from(sixteenths) / 16.0;
        let rarity = Rarity { exact: bits(listed.exact), skeleton: bits(listed.skeleton) };
        let (rarity, extra) = if is_joined {
            (rarity_of_joined(rarity.exact, listed_left, self.rarity, self.unvowelled), JOIN_COST)
        } else if self.is_pair {
            (rarity_of_joined(self.rarity.exact, self.unvowelled, rarity, listed_left), JOIN_COST)
        } else {
            (rarity_of_spellings(self.rarity, self.unvowelled, rarity, listed_left), 0.0)
        };
        let length = length.min(usize::from(listed.length));
        bits_left(rarity, cost, length, self.unvowelled != listed_left, extra)
    }
}
