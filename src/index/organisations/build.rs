//! Filing listed names.

use rustc_hash::FxHashMap;

use crate::matching::organisation::{
    LONGEST_JOINED, MOST_JOINED, MOST_OTHER_BITS, NameClass, OrganisationFacts, joins, name_class, whole_hash,
};
use crate::model::{Entity, EntityKind};
use crate::names::organisation::{Word, WordKind, hash, listed_variants};

use super::{LOWEST_BITS, OrganisationIndex, StoredName, StoredWord, is_fuzzy, neighbourhood};

/// Collects listed organisations.
#[derive(Default)]
pub struct OrganisationIndexBuilder {
    index: OrganisationIndex,
    /// Number of a word already stored, by its text, its key and how it is written.
    seen: FxHashMap<(String, u64, [bool; 3]), u32>,
    /// Number of a key already met, in the order of meeting.
    key_numbers: FxHashMap<u64, u32>,
    /// (key, name) to file.
    filed: Vec<(u32, u32)>,
}

impl OrganisationIndexBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        let mut new = Self::default();
        new.index.country_starts.push(0);
        new.index.place_starts.push(0);
        new
    }

    /// Adds the names of an organisation under the caller's number for it; a person is passed over.
    pub fn add(&mut self, entity: u32, e: &Entity) {
        if e.kind != EntityKind::Organisation {
            return;
        }
        let facts = self.index.country_starts.len() as u32 - 1;
        let gathered = OrganisationFacts::of(e);
        self.index.countries.extend(&gathered.countries);
        self.index.country_starts.push(self.index.countries.len() as u32);
        self.index.places.extend(&gathered.places);
        self.index.place_starts.push(self.index.places.len() as u32);
        for (name_index, name) in e.names.iter().enumerate() {
            let variants = listed_variants(&name.whole);
            let Some(whole) = variants.first().map(whole_hash) else { continue };
            for variant in &variants {
                let number = self.index.names.len() as u32;
                let class = name_class(name, variant, &gathered);
                let from = self.index.name_words.len() as u32;
                for word in &variant.words {
                    let word = self.word(word);
                    self.index.name_words.push(word);
                }
                self.index.names.push(StoredName {
                    entity,
                    name_index: name_index as u32,
                    words: (from, self.index.name_words.len() as u32),
                    facts,
                    whole,
                    class,
                    named_in_han: gathered.named_in_han,
                });
                self.index.wholes.push((whole, number));
                match (class, variant.words.as_slice()) {
                    (NameClass::Ordinary, words) => self.file(number, words),
                    (NameClass::Acronym, [word]) => self.index.acronyms.push((word.hash, number)),
                    _ => {}
                }
            }
        }
    }

    fn word(&mut self, word: &Word) -> u32 {
        let identity = (word.text.clone(), word.hash, [word.capitals, word.han, word.known]);
        if let Some(&number) = self.seen.get(&identity) {
            return number;
        }
        let index = &mut self.index;
        let mut put = |text: &str| {
            let from = index.pool.len() as u32;
            index.pool.push_str(text);
            (from, index.pool.len() as u32)
        };
        let text = put(&word.text);
        let key = match self.key_numbers.get(&word.hash) {
            Some(&key) => key,
            None => {
                let range = if word.key == word.text { text } else { put(&word.key) };
                let key = index.keys.len() as u32;
                index.keys.push(word.hash);
                index.key_texts.push(range);
                self.key_numbers.insert(word.hash, key);
                key
            }
        };
        let number = index.words.len() as u32;
        index.words.push(StoredWord {
            text,
            key,
            kind: word.kind,
            bits: word.bits,
            country: word.country,
            capitals: word.capitals,
            han: word.han,
            known: word.known,
            common: word.common,
        });
        self.seen.insert(identity, number);
        number
    }

    /// Files a name under its rarest words, and under neighbouring words written together.
    fn file(&mut self, name: u32, words: &[Word]) {
        let mut content: Vec<&Word> =
            words.iter().filter(|w| !matches!(w.kind, WordKind::Connector | WordKind::Legal)).collect();
        content.sort_by(|a, b| b.bits.total_cmp(&a.bits));
        let all: f64 = content.iter().map(|w| f64::from(w.bits)).sum();
        let (mut left, mut lost, mut missing) = (all, 0.0, 0.0);
        for word in &content {
            let bits = f64::from(word.bits);
            self.filed.push((self.key_numbers[&word.hash], name));
            left -= bits;
            missing += bits;
            // What the query lacks costs its bits; types and bodies may cost less.
            lost += match word.kind {
                WordKind::Type(_) | WordKind::Body => 0.0,
                _ => bits,
            };
            let whole = 9.0 * (1.0 - 2.0 * missing / all).max(0.0);
            if left - lost + whole + MOST_OTHER_BITS < LOWEST_BITS {
                break;
            }
        }
        for (i, word) in words.iter().enumerate() {
            if word.han || word.kind == WordKind::Connector {
                continue;
            }
            let mut together = word.text.clone();
            let mut proper = joins(word.kind);
            for next in words.iter().skip(i + 1).take(MOST_JOINED - 1) {
                if next.han || next.kind == WordKind::Connector {
                    break;
                }
                together.push_str(&next.text);
                proper |= joins(next.kind);
                if proper && together.len() <= LONGEST_JOINED {
                    self.index.joined.push((hash(&together), name));
                }
            }
        }
    }

    /// The index.
    pub fn build(self) -> OrganisationIndex {
        let Self { mut index, mut filed, .. } = self;
        // Keys in the order of their hashes, so that they are found by halving.
        let mut order: Vec<u32> = (0..index.keys.len() as u32).collect();
        order.sort_unstable_by_key(|&k| index.keys[k as usize]);
        let mut renumbered = vec![0u32; order.len()];
        for (new, &old) in order.iter().enumerate() {
            renumbered[old as usize] = new as u32;
        }
        index.keys = order.iter().map(|&k| index.keys[k as usize]).collect();
        index.key_texts = order.iter().map(|&k| index.key_texts[k as usize]).collect();
        for word in &mut index.words {
            word.key = renumbered[word.key as usize];
        }
        for (key, _) in &mut filed {
            *key = renumbered[*key as usize];
        }
        filed.sort_unstable();
        filed.dedup();
        index.posting_starts = Vec::with_capacity(index.keys.len() + 1);
        let mut at = 0;
        for key in 0..index.keys.len() as u32 {
            index.posting_starts.push(at as u32);
            at += filed[at..].partition_point(|f| f.0 == key);
        }
        index.posting_starts.push(filed.len() as u32);
        index.postings = filed.iter().map(|f| f.1).collect();

        index.keys_by_text = (0..index.keys.len() as u32).collect();
        let OrganisationIndex { pool, key_texts, keys_by_text, .. } = &mut index;
        let text = |k: u32| pool.get(key_texts[k as usize].0 as usize..key_texts[k as usize].1 as usize);
        keys_by_text.sort_by(|&a, &b| text(a).cmp(&text(b)));

        let mut deletions = Vec::new();
        let mut scratch = Vec::new();
        let mut done = vec![false; index.keys.len()];
        for word in &index.words {
            let key = index.text(index.key_texts[word.key as usize]);
            if is_fuzzy(key, word.han, word.kind) && !std::mem::replace(&mut done[word.key as usize], true) {
                neighbourhood(key, &mut scratch, &mut |h| deletions.push((h, word.key)));
            }
        }
        deletions.sort_unstable();
        deletions.dedup();
        index.deletions = deletions;
        for table in [&mut index.joined, &mut index.wholes, &mut index.acronyms] {
            table.sort_unstable();
            table.dedup();
        }
        index
    }
}
