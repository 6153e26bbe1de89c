//! The names of listed people: a dictionary of words, and which names hold which.

use std::sync::atomic::{AtomicU64, Ordering};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::matching::person::{self, NameView};
use crate::matching::word::{may_join, neighbours};
use crate::names::PersonName;
use crate::names::cjk::CjkName;
use crate::names::word::{Word, WordKind};

use super::entities::Card;
use super::keys::{self, KeyTable, Side};
use super::outline::{Birth, Outline, Posting, TermKind};
use super::sounds::SoundGroups;
use super::syllables::Syllables;

/// One listed name.
#[derive(Clone, Copy, Debug)]
pub struct NameRecord {
    /// Its entity.
    pub entity: u32,
    /// Hash of the folded name.
    pub fold_hash: u64,
    /// First of its words in `name_words`.
    first_word: u32,
    /// Where its text begins in `text`.
    text_start: u32,
    text_len: u16,
    words: u8,
    /// How many of its words conflict when they stand against others.
    weighty: u8,
    /// How many of its words are initials.
    initials: u8,
    /// Met only whole.
    weak: bool,
}

/// Names of listed people, compiled.
#[derive(Default)]
pub struct People {
    /// Tells this dictionary from every other of the process, for what threads remember of it.
    pub(super) dictionary: u64,
    /// All distinct words.
    pub(super) words: Vec<Word>,
    /// Pairs of neighbouring words that may be written as one.
    pub(super) joined: Vec<(u32, u32)>,
    /// How words sound.
    pub(super) sounds: SoundGroups,
    /// How joined pairs sound.
    pub(super) joined_sounds: SoundGroups,
    /// Words by what they are met with beside their sounds.
    pub(super) texts: KeyTable,
    pub(super) names: Vec<NameRecord>,
    pub(super) name_words: Vec<u32>,
    pub(super) text: String,
    pub(super) cjk: FxHashMap<u32, CjkName>,
    /// Names by term (a word, or a joined pair after all words), as ranges of `postings`.
    pub(super) posting_starts: Vec<u32>,
    pub(super) postings: Vec<Posting>,
    /// Names by hash of the folded name, sorted.
    pub(super) exact: Vec<(u64, u32)>,
    /// Names by their East Asian readings.
    pub(super) syllables: Syllables,
}

impl People {
    /// Compiles analysed names: entity, text as listed, analysis; grouped by entity.
    pub fn compile(names: impl Iterator<Item = (u32, String, PersonName)>) -> Self {
        let mut people = Self::default();
        let mut dictionary: FxHashMap<(Box<str>, u8, u8), u32> = FxHashMap::default();
        let mut pairs: FxHashSet<(u32, u32)> = FxHashSet::default();
        let mut seen: (u32, Vec<Vec<u32>>) = (u32::MAX, Vec::new());
        for (entity, text, name) in names {
            if name.words.is_empty() {
                continue;
            }
            let weak = person::is_weak(&name);
            let weighty = name.words.iter().filter(|w| is_weighty(w)).count() as u8;
            let initials = name.words.iter().filter(|w| w.kind == WordKind::Initial).count() as u8;
            let ids: Vec<u32> = name
                .words
                .into_iter()
                .map(|word| {
                    // A name's other words may give one of them a form more; see `Word::own_forms`.
                    let place = (word.text.as_str().into(), word.kind as u8, word.forms.len() as u8);
                    *dictionary.entry(place).or_insert_with(|| {
                        people.words.push(word);
                        people.words.len() as u32 - 1
                    })
                })
                .collect();
            // The same words in the same order once more say nothing new.
            if seen.0 != entity {
                seen = (entity, Vec::new());
            }
            if seen.1.contains(&ids) {
                continue;
            }
            seen.1.push(ids.clone());
            let number = people.names.len() as u32;
            let place = |at: usize| &people.words[ids[at] as usize];
            for (a, b) in neighbours((0..ids.len()).map(place)) {
                if may_join(place(a), place(b)) {
                    pairs.insert((ids[a], ids[b]));
                }
            }
            people.names.push(NameRecord {
                entity,
                fold_hash: name.fold_hash,
                first_word: people.name_words.len() as u32,
                text_start: people.text.len() as u32,
                text_len: text.floor_char_boundary(usize::from(u16::MAX)) as u16,
                words: ids.len() as u8,
                weighty,
                initials,
                weak,
            });
            people.name_words.extend_from_slice(&ids);
            people.text.push_str(&text[..text.floor_char_boundary(usize::from(u16::MAX))]);
            people.exact.push((name.fold_hash, number));
            if let Some(cjk) = name.cjk {
                people.cjk.insert(number, cjk);
            }
        }
        people.exact.sort_unstable();
        people.joined = pairs.into_iter().collect();
        people.joined.sort_unstable();
        people.post();
        people.derive();
        people
    }

    /// Fills the postings.
    fn post(&mut self) {
        let mut entries: Vec<(u32, u32)> = Vec::with_capacity(self.name_words.len() * 2);
        for (number, name) in self.names.iter().enumerate() {
            if !name.weak {
                let posted = |id: &&u32| {
                    let kind = self.words[**id as usize].kind;
                    kind.is_core() && kind != WordKind::Initial
                };
                entries.extend(self.words_of(name).iter().filter(posted).map(|&id| (id, number as u32)));
            }
            entries.extend(self.joined_terms(name).map(|term| (term, number as u32)));
        }
        entries.sort_unstable();
        entries.dedup();
        let terms = self.words.len() + self.joined.len();
        self.posting_starts = vec![0; terms + 1];
        for &(term, _) in &entries {
            self.posting_starts[term as usize + 1] += 1;
        }
        for i in 0..terms {
            self.posting_starts[i + 1] += self.posting_starts[i];
        }
        self.postings = entries.into_iter().map(|(_, name)| Posting::unknown(name)).collect();
    }

    /// Makes what is not stored: under what the terms are found.
    pub(super) fn derive(&mut self) {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        self.dictionary = NEXT.fetch_add(1, Ordering::Relaxed);
        // A word that stands in weak names only is never looked for.
        let is_met = |term: u32| !self.names_of(term).is_empty();
        let sounds = SoundGroups::of_words(&self.words, is_met);
        let joined_sounds = SoundGroups::of_joined(&self.words, &self.joined, is_met);
        let (mut entries, mut keys) = (Vec::new(), Vec::new());
        for (word, term) in self.words.iter().zip(0..).filter(|&(_, term)| is_met(term)) {
            keys::of_word(word, Side::Listed, &mut keys);
            entries.extend(keys.iter().map(|&key| (key, term)));
        }
        self.texts = KeyTable::of(entries);
        (self.sounds, self.joined_sounds) = (sounds, joined_sounds);
        self.syllables = Syllables::of(&self.cjk);
    }

    /// Takes up what the cards of the entities decide.
    pub(super) fn take_up(&mut self, cards: &[Card]) {
        let births: Vec<Birth> = cards.iter().map(|card| Birth::of(&card.attributes.births)).collect();
        let outline = |(number, name): (u32, &NameRecord)| {
            let is_syllabic = person::is_syllabic(self.cjk.get(&number));
            Outline::of(name.weighty, name.initials, is_syllabic, births[name.entity as usize])
        };
        let outlines: Vec<Outline> = (0..).zip(&self.names).map(outline).collect();
        self.syllables.take_up(&outlines);
        for term in 0..self.words.len() + self.joined.len() {
            let kind = match self.words.get(term) {
                None => TermKind::Joined,
                Some(word) if is_weighty(word) => TermKind::Weighty,
                Some(_) => TermKind::Light,
            };
            let (from, to) = (self.posting_starts[term], self.posting_starts[term + 1]);
            let postings = &mut self.postings[from as usize..to as usize];
            for posting in &mut *postings {
                *posting = Posting::of(posting.name(), outlines[posting.name() as usize], kind);
            }
            postings.sort_unstable();
        }
    }

    /// The names that hold a term.
    pub(super) fn names_of(&self, term: u32) -> &[Posting] {
        let (from, to) = (self.posting_starts[term as usize], self.posting_starts[term as usize + 1]);
        &self.postings[from as usize..to as usize]
    }

    /// Whether a term is two words that may be written as one.
    pub(super) fn is_joined(&self, term: u32) -> bool {
        term as usize >= self.words.len()
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A name's record.
    pub fn name(&self, number: u32) -> &NameRecord {
        &self.names[number as usize]
    }

    /// A name as listed.
    pub fn text(&self, number: u32) -> &str {
        let n = self.name(number);
        let start = n.text_start as usize;
        self.text.get(start..start + usize::from(n.text_len)).unwrap_or_default()
    }

    /// Numbers of an entity's names.
    pub(super) fn range_of(&self, entity: u32) -> std::ops::Range<u32> {
        let start = self.names.partition_point(|n| n.entity < entity);
        let end = start + self.names[start..].partition_point(|n| n.entity == entity);
        start as u32..end as u32
    }

    /// Terms of a name's neighbouring words that may be written as one.
    pub(super) fn joined_terms<'a>(&'a self, name: &NameRecord) -> impl Iterator<Item = u32> + 'a {
        let ids = self.words_of(name);
        neighbours(ids.iter().map(|&id| &self.words[id as usize])).filter_map(|(a, b)| {
            let at = self.joined.binary_search(&(ids[a], ids[b])).ok()?;
            Some((self.words.len() + at) as u32)
        })
    }

    pub(super) fn words_of(&self, name: &NameRecord) -> &[u32] {
        let start = name.first_word as usize;
        &self.name_words[start..start + usize::from(name.words)]
    }

    /// Gives `f` a view of a name; `words` is the view's memory, kept by the caller between calls.
    pub fn view<'a: 'b, 'b>(&'a self, number: u32, words: &'b mut Vec<&'a Word>) -> NameView<'b> {
        let name = self.name(number);
        words.clear();
        words.extend(self.words_of(name).iter().map(|&id| &self.words[id as usize]));
        NameView { raw: self.text(number), words, cjk: self.cjk.get(&number), fold_hash: name.fold_hash }
    }
}

impl NameRecord {
    pub(super) fn write(&self, out: &mut super::container::Output) {
        out.u32(self.entity);
        out.u64(self.fold_hash);
        out.u32(self.first_word);
        out.u32(self.text_start);
        out.u16(self.text_len);
        out.u8(self.words);
        out.u8(self.weighty);
        out.u8(self.initials);
        out.u8(u8::from(self.weak));
    }

    pub(super) fn read(bytes: &mut super::container::Bytes<'_>) -> Result<Self, super::NameIndexError> {
        Ok(Self {
            entity: bytes.u32()?,
            fold_hash: bytes.u64()?,
            first_word: bytes.u32()?,
            text_start: bytes.u32()?,
            text_len: bytes.u16()?,
            words: bytes.u8()?,
            weighty: bytes.u8()?,
            initials: bytes.u8()?,
            weak: bytes.u8()? == 1,
        })
    }

    /// How many words it has.
    pub(super) fn word_count(&self) -> usize {
        usize::from(self.words)
    }

    /// Where its words end in `name_words`, and its text in `text`.
    pub(super) fn ends(&self) -> (usize, usize) {
        (
            self.first_word as usize + usize::from(self.words),
            self.text_start as usize + usize::from(self.text_len),
        )
    }
}

/// Whether a word left over stands against another left over.
pub(super) fn is_weighty(word: &Word) -> bool {
    matches!(word.kind, WordKind::Name | WordKind::Kunya)
}
