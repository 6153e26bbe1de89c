//! Words of the dictionary that agree with the query's.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::matching::word::{self, JoinedWords};
use crate::names::PersonName;
use crate::names::word::{Word, WordKind};

use super::super::keys::{self, Side};
use super::super::people::{People, is_weighty};
use super::super::sounds::{AskedSounds, SoundScratch};
use super::bounds::Bounds;

/// One word of the query, or two neighbours written as one.
pub(super) enum Asked<'q> {
    Word(&'q Word),
    /// The neighbours, and how many of them are weighty.
    Pair(JoinedWords, u8),
}

impl<'q> Asked<'q> {
    /// What is looked up of a query: its words, and pairs of neighbours that may be one.
    pub fn all(query: &'q PersonName) -> Vec<Self> {
        let words = query.words.iter().filter(|w| w.kind.is_core() && w.kind != WordKind::Initial);
        let pairs = word::neighbours(query.words.iter()).filter_map(|(a, b)| {
            let (a, b) = (&query.words[a], &query.words[b]);
            Some(Self::Pair(JoinedWords::of(a, b)?, u8::from(is_weighty(a)) + u8::from(is_weighty(b))))
        });
        words.map(Self::Word).chain(pairs).collect()
    }

    /// Whether it is two neighbours.
    pub fn is_pair(&self) -> bool {
        matches!(self, Self::Pair(..))
    }

    /// How many weighty words of the query it stands for.
    pub fn weighty(&self) -> u8 {
        match self {
            Self::Word(word) => u8::from(is_weighty(word)),
            Self::Pair(_, weighty) => *weighty,
        }
    }

    /// What it and a word of the dictionary say, if they agree.
    fn bits(&self, listed: &Word) -> Option<f32> {
        let found = match self {
            Self::Word(word) => word::compare(word, listed),
            Self::Pair(pair, _) => word::compare_joined(pair, listed),
        };
        found.map(|m| m.bits)
    }
}

/// What the words of a query found in the dictionary.
#[derive(Default)]
pub(super) struct LookedUp {
    /// Terms with what they say; those of one word together.
    pub terms: Vec<(u32, f32)>,
    /// The words, and pairs of neighbours, from the one that can say most on.
    pub words: Vec<Looked>,
}

/// What one word or pair found.
pub(super) struct Looked {
    /// Its place among those asked for.
    pub at: usize,
    /// The terms that agree with it.
    pub terms: Range<usize>,
    /// The most that any of them says.
    pub most: f32,
}

impl LookedUp {
    /// Looks up all that is asked for; false, and nothing looked up, where even all of it would not do.
    pub fn all(
        &mut self,
        people: &People,
        asked: &[Asked<'_>],
        bounds: &Bounds<'_>,
        memory: &mut LookUp,
    ) -> bool {
        self.terms.clear();
        self.words.clear();
        let words = asked.iter().filter_map(|a| match a {
            Asked::Word(word) => Some(word.rarity.exact),
            Asked::Pair(..) => None,
        });
        if !bounds.any_may_reach(words.clone().sum(), words.count().saturating_sub(2)) {
            return false;
        }
        for (at, one) in asked.iter().enumerate() {
            let from = self.terms.len();
            memory.agreeing(people, one, &mut self.terms);
            let most = self.terms[from..].iter().fold(0.0f32, |most, term| most.max(term.1));
            self.words.push(Looked { at, terms: from..self.terms.len(), most });
        }
        self.words.sort_by(|a, b| b.most.total_cmp(&a.most));
        true
    }
}

/// How much a thread remembers at least of what words found, in terms, twice: 16 MB in all. A word of a public list
/// finds some thirty terms, so that tens of thousands of words are remembered; one of a list of a million people
/// finds two hundred.
const LEAST_REMEMBERED: usize = 1_000_000;
/// What remembering a word takes beside its terms, in terms.
const REMEMBERING: usize = 12;

/// What is remembered from one query to the next, and memory.
#[derive(Default)]
pub(super) struct LookUp {
    keys: Vec<u32>,
    /// Words to be compared whole.
    looked_at: Vec<u32>,
    sounds: SoundScratch,
    /// Terms that agree with words looked up before, with what they say: given names and surnames
    /// recur from one query of a batch to the next.
    known: Known,
}

/// What words found, by their place. Those asked for lately stay.
#[derive(Default)]
struct Known {
    lately: FxHashMap<Box<str>, Box<[(u32, f32)]>>,
    before: FxHashMap<Box<str>, Box<[(u32, f32)]>>,
    /// How much `lately` takes.
    size: usize,
    /// How much it may take.
    most: usize,
    /// Kind and text of the word asked for.
    place: String,
}

impl Known {
    /// Goes to the place of a word.
    fn go_to(&mut self, word: &Word) {
        self.place.clear();
        self.place.push(char::from(b'0' + word.kind as u8));
        self.place.push(char::from(b'0' + word.forms.len().min(64) as u8));
        self.place.push_str(&word.text);
    }

    /// What is known there.
    fn get(&mut self) -> Option<&[(u32, f32)]> {
        if !self.lately.contains_key(self.place.as_str()) {
            let (place, terms) = self.before.remove_entry(self.place.as_str())?;
            self.remember(place, terms);
        }
        self.lately.get(self.place.as_str()).map(|terms| &**terms)
    }

    /// Remembers what was found there.
    fn put(&mut self, terms: &[(u32, f32)]) {
        self.remember(self.place.as_str().into(), terms.into());
    }

    fn remember(&mut self, place: Box<str>, terms: Box<[(u32, f32)]>) {
        if self.size >= self.most {
            self.before = std::mem::take(&mut self.lately);
            self.size = 0;
        }
        self.size += terms.len() + REMEMBERING;
        self.lately.insert(place, terms);
    }
}

impl LookUp {
    /// Begins with a dictionary: forgets what it remembers of another. Of one of more names it remembers more,
    /// twice a term for each: a name itself takes a hundred times as much.
    pub fn begin(&mut self, people: &People) {
        self.known = Known { most: people.len().max(LEAST_REMEMBERED), ..Known::default() };
    }

    /// Adds the terms that agree with a word or pair of the query, each once, and what they say.
    fn agreeing(&mut self, people: &People, asked: &Asked<'_>, terms: &mut Vec<(u32, f32)>) {
        let Asked::Word(word) = asked else { return self.look_up(people, asked, terms) };
        self.known.go_to(word);
        if let Some(known) = self.known.get() {
            return terms.extend_from_slice(known);
        }
        let from = terms.len();
        self.look_up(people, asked, terms);
        self.known.put(&terms[from..]);
    }

    fn look_up(&mut self, people: &People, asked: &Asked<'_>, terms: &mut Vec<(u32, f32)>) {
        let from = terms.len();
        let Self { keys, looked_at, sounds: memory, .. } = self;
        let sounds = match asked {
            Asked::Word(word) => {
                keys::of_spellings(word, Side::Query, keys);
                AskedSounds::of(word)
            }
            Asked::Pair(pair, _) => {
                keys.clear();
                for sounds in pair.sounds() {
                    keys::of_sounds(sounds, pair.is_unvowelled(), Side::Query, keys);
                }
                AskedSounds::of_pair(pair)
            }
        };
        looked_at.clear();
        let mut found = |term, bits| terms.push((term, bits));
        let mut look = |term| looked_at.push(term);
        people.sounds.agreeing(&sounds, keys, memory, &mut found, &mut look);
        if let Asked::Word(word) = asked {
            people.joined_sounds.agreeing(&sounds, keys, memory, &mut found, &mut look);
            keys::of_word(word, Side::Query, keys);
            for &key in keys.iter() {
                looked_at.extend_from_slice(people.texts.get(key));
            }
        }
        looked_at.sort_unstable();
        looked_at.dedup();
        let bits = |term: u32| asked.bits(&people.words[term as usize]);
        terms.extend(looked_at.iter().filter_map(|&term| Some((term, bits(term)?))));
        // The best of what the spellings of a term say.
        terms[from..].sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
        let mut kept = from;
        for at in from..terms.len() {
            if kept == from || terms[kept - 1].0 != terms[at].0 {
                terms[kept] = terms[at];
                kept += 1;
            }
        }
        terms.truncate(kept);
    }
}
