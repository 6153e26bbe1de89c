//! How the terms of the dictionary sound, grouped by shape.
//!
//! Most terms that share a key with a word do not agree with it. Keys therefore lead to groups of
//! spellings that share a *shape* (the same pattern and skeleton, hence the same keys), and a group's
//! spellings lie sorted side by side in memory: a word is held against them in one run
//! ([`crate::matching::sound::Against`]). Made from the words, never stored.

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

/// One way a term sounds.
#[derive(Clone, Copy)]
struct Spelling {
    term: u32,
    /// First of its symbols.
    start: u32,
    /// Rarity of the term, in sixteenths of a bit.
    exact: u16,
    skeleton: u16,
    length: u8,
    /// How many symbols it begins with that the spelling before it in the group begins with.
    shared: u8,
    flags: u8,
}

/// A joined pair, not a word.
const JOINED: u8 = 1;
/// A name, which two words of the query written as one may be.
const NAME: u8 = 2;
/// Its sounds are not all there is to compare: the term has other forms, or nicknames and national
/// forms that the tables know.
const MORE: u8 = 4;
/// Of a term that the tables know nicknames or national forms of.
const CLASSED: u8 = 8;

/// Spellings of one shape.
struct Group {
    consonants: Consonants,
    /// First of its spellings, and how many there are.
    first: u32,
    count: u32,
    unvowelled: bool,
}

/// How all terms sound.
#[derive(Default)]
pub(super) struct SoundGroups {
    groups: Vec<Group>,
    spellings: Vec<Spelling>,
    symbols: Vec<Symbol>,
    keys: KeyTable,
}

/// Memory reused from one word to the next.
#[derive(Default)]
pub(super) struct SoundScratch {
    rows: Rows,
    /// The spellings to compare: those of the groups that may agree.
    runs: Vec<Range<usize>>,
}

/// A spelling on its way into a group.
struct Entry {
    shape: u64,
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
            shape: keys::shape(sounds, unvowelled),
            consonants,
            unvowelled,
            sounds: sounds.into(),
            filed_as: None,
            spelling: Spelling { length: sounds.len() as u8, ..spelling },
        }
    }
}

fn spelling(term: u32, rarity: Rarity, flags: u8) -> Spelling {
    let sixteenths = |bits: f32| (bits * 16.0) as u16;
    let (exact, skeleton) = (sixteenths(rarity.exact), sixteenths(rarity.skeleton));
    Spelling { term, start: 0, exact, skeleton, length: 0, shared: 0, flags }
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
            shape: keys::shape(&reading, word.unvowelled),
            filed_as: Some(reading.into()),
            ..Entry::of(&form.sounds, form.consonants, word.unvowelled, spelling)
        });
    }
    entries
}

fn entries_of_joined(term: u32, joined: &JoinedWords) -> Vec<Entry> {
    let spelt = joined.spelt();
    let spelling = spelling(term, spelt.rarity, JOINED);
    joined
        .sounds()
        .filter(|s| !s.is_empty())
        .map(|sounds| Entry::of(sounds, Consonants::of(sounds), spelt.unvowelled, spelling))
        .collect()
}

impl SoundGroups {
    /// The groups of words, and of joined pairs of them, which are the terms after all words. Terms of which
    /// `is_met` says no are never looked for.
    pub fn of(words: &[Word], joined: &[(u32, u32)], is_met: impl Fn(u32) -> bool + Sync) -> Self {
        let terms = (words.len() + joined.len()) as u32;
        let mut entries: Vec<Entry> = (0..terms)
            .into_par_iter()
            .filter(|&term| is_met(term))
            .flat_map_iter(|term| match words.get(term as usize) {
                Some(word) => entries_of_word(term, word),
                None => {
                    let (a, b) = joined[term as usize - words.len()];
                    let joined = JoinedWords::of(&words[a as usize], &words[b as usize]);
                    joined.map_or_else(Vec::new, |joined| entries_of_joined(term, &joined))
                }
            })
            .collect();
        let order = |e: &Entry| (e.shape, e.unvowelled, e.consonants);
        entries.par_sort_unstable_by(|a, b| {
            order(a)
                .cmp(&order(b))
                .then_with(|| (&a.sounds, a.spelling.term).cmp(&(&b.sounds, b.spelling.term)))
        });
        let runs: Vec<&[Entry]> = entries.chunk_by(|a, b| order(a) == order(b)).collect();
        let filed = runs.par_iter().enumerate().flat_map_iter(|(group, run)| {
            let mut keys = Vec::new();
            let first = &run[0];
            let sounds = first.filed_as.as_ref().unwrap_or(&first.sounds);
            keys::of_sounds(sounds, first.unvowelled, Side::Listed, &mut keys);
            keys.into_iter().map(move |key| (key, group as u32))
        });
        let mut out = Self { keys: KeyTable::of(filed.collect()), ..Self::default() };
        for run in runs {
            let Entry { consonants, unvowelled, .. } = run[0];
            let (first, count) = (out.spellings.len() as u32, run.len() as u32);
            out.groups.push(Group { consonants, first, count, unvowelled });
            let mut before: &[Symbol] = &[];
            for entry in run {
                let shared = before.iter().zip(&entry.sounds).take_while(|(a, b)| a == b).count() as u8;
                let start = out.symbols.len() as u32;
                out.symbols.extend_from_slice(&entry.sounds);
                out.spellings.push(Spelling { start, shared, ..entry.spelling });
                before = &entry.sounds;
            }
        }
        out
    }

    /// Collects the groups that the keys lead to, each once.
    pub fn groups_of(&self, keys: &[u32], groups: &mut Vec<u32>) {
        groups.clear();
        for &key in keys {
            groups.extend_from_slice(self.keys.get(key));
        }
        groups.sort_unstable();
        groups.dedup();
    }

    /// Gives `found` the terms of the groups that a word or pair agrees with, with what they say; more than
    /// once where more than one of their spellings does. What the sounds alone do not tell goes to `look`
    /// instead.
    pub fn agreeing(
        &self,
        asked: &AskedSounds<'_>,
        groups: &[u32],
        scratch: &mut SoundScratch,
        mut found: impl FnMut(u32, f32),
        mut look: impl FnMut(u32),
    ) {
        let SoundScratch { rows, runs } = scratch;
        // Fetches from all over memory, here and below, go in loops of which no step waits for another.
        let touched = groups.iter().fold(0, |all, &number| all ^ self.groups[number as usize].first);
        std::hint::black_box(touched);
        for (sounds, consonants) in asked.forms.iter().filter(|(s, _)| !s.is_empty()) {
            for listed_left in [false, true] {
                let one_left = asked.unvowelled != listed_left;
                let most = most_cost(asked.rarity.exact, sounds.len(), one_left);
                let mut against =
                    Against::new(sounds, vowels(asked.unvowelled), vowels(listed_left), most, rows);
                runs.clear();
                let groups = groups.iter().map(|&number| &self.groups[number as usize]);
                runs.extend(groups.filter(|g| g.unvowelled == listed_left).filter_map(|group| {
                    let run = group.first as usize..(group.first + group.count) as usize;
                    consonants.may_spell(group.consonants).then_some(run)
                }));
                let starts = runs.iter().map(|run| self.spellings[run.start].start as usize);
                let touched = starts.fold(0, |all, start| all ^ self.symbols[start]);
                std::hint::black_box(touched);
                for run in &*runs {
                    let mut shared = 0;
                    for listed in &self.spellings[run.clone()] {
                        shared = shared.min(usize::from(listed.shared));
                        if asked.is_pair && listed.flags & NAME == 0 {
                            continue;
                        }
                        let start = listed.start as usize;
                        let symbols = &self.symbols[start..start + usize::from(listed.length)];
                        let cost = against.cost(symbols, std::mem::replace(&mut shared, usize::MAX));
                        let Some(cost) = cost else { continue };
                        if asked.needs_look(listed, listed_left) {
                            look(listed.term);
                        } else if let Some(bits) = asked.bits(listed, sounds.len(), listed_left, cost) {
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

    /// Whether the words have to be compared whole. Joined pairs of the list are known by their sounds alone.
    fn needs_look(&self, listed: &Spelling, listed_left: bool) -> bool {
        let both_left = self.unvowelled && listed_left;
        let both_classed = self.is_classed && listed.flags & CLASSED != 0;
        listed.flags & JOINED == 0 && (self.has_more || both_left || both_classed || listed.flags & MORE != 0)
    }

    /// What it and a spelling so far from it say.
    fn bits(&self, listed: &Spelling, length: usize, listed_left: bool, cost: u16) -> Option<f32> {
        let bits = |sixteenths: u16| f32::from(sixteenths) / 16.0;
        let rarity = Rarity { exact: bits(listed.exact), skeleton: bits(listed.skeleton) };
        let (rarity, extra) = if listed.flags & JOINED != 0 {
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
