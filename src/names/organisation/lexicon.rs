//! The word lists, and how much a word tells.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::names::script;

use super::fold::{RawWord, raw_words};
use super::{Word, WordKind, hash};

const WORDS: &str = include_str!("data/words.tsv");
const PLACES: &str = include_str!("data/places.tsv");
const COUNTS: &str = include_str!("data/word_counts.tsv");

/// The sort of institution that a type word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TypeClass {
    /// University.
    University,
    /// Institute.
    Institute,
    /// Academy.
    Academy,
    /// College.
    College,
    /// School.
    School,
    /// Laboratory.
    Laboratory,
    /// Key laboratory, of whatever level.
    KeyLaboratory,
    /// Centre.
    Centre,
    /// Hospital or clinic.
    Hospital,
    /// Department.
    Department,
    /// Faculty.
    Faculty,
    /// Division, section, unit.
    Division,
    /// Bureau, agency, office.
    Office,
    /// Campus or branch.
    Branch,
    /// Company, corporation, enterprise.
    Company,
    /// Group or holding.
    Group,
    /// Plant, factory, works.
    Plant,
    /// Bank.
    Bank,
    /// Ministry.
    Ministry,
    /// Association, foundation, movement, council.
    Association,
    /// Press or publisher.
    Press,
    /// Library or museum.
    Library,
    /// Station, base, observatory.
    Station,
    /// Project, consortium.
    Project,
    /// Exchange.
    Exchange,
    /// Team.
    Team,
}

impl TypeClass {
    /// The class with this number (`class as u8`), for stored names.
    pub fn from_number(number: u8) -> Option<Self> {
        TYPES.get(usize::from(number)).map(|t| t.1)
    }
}

/// In the order of [`TypeClass`].
const TYPES: &[(&str, TypeClass)] = &[
    ("university", TypeClass::University),
    ("institute", TypeClass::Institute),
    ("academy", TypeClass::Academy),
    ("college", TypeClass::College),
    ("school", TypeClass::School),
    ("laboratory", TypeClass::Laboratory),
    ("keylaboratory", TypeClass::KeyLaboratory),
    ("centre", TypeClass::Centre),
    ("hospital", TypeClass::Hospital),
    ("department", TypeClass::Department),
    ("faculty", TypeClass::Faculty),
    ("division", TypeClass::Division),
    ("office", TypeClass::Office),
    ("branch", TypeClass::Branch),
    ("company", TypeClass::Company),
    ("group", TypeClass::Group),
    ("plant", TypeClass::Plant),
    ("bank", TypeClass::Bank),
    ("ministry", TypeClass::Ministry),
    ("association", TypeClass::Association),
    ("press", TypeClass::Press),
    ("library", TypeClass::Library),
    ("station", TypeClass::Station),
    ("project", TypeClass::Project),
    ("exchange", TypeClass::Exchange),
    ("team", TypeClass::Team),
];

/// A word that stands in the lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    concept: &'static str,
    hash: u64,
    kind: WordKind,
    country: Option<[u8; 2]>,
    bits: f32,
    /// Names that hold one of its words.
    count: u32,
    /// Two concepts in one word (科技: science and technology).
    compound: Option<(&'static str, &'static str)>,
}

/// All word lists, read once.
pub(super) struct Lexicon {
    entries: Vec<Entry>,
    /// Folded variant (words of a phrase joined by spaces) to entry.
    variants: FxHashMap<String, u32>,
    /// First word of a phrase to the phrase's greatest length in words.
    phrases: FxHashMap<String, usize>,
    /// Words that an abbreviation can stand for, sorted.
    sorted: Vec<(String, u32)>,
    counts: FxHashMap<&'static str, u32>,
    /// Names that were counted.
    names: f64,
    longest_han: usize,
}

/// The word lists; read on first use.
pub(super) fn get() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(Lexicon::read)
}

impl Lexicon {
    fn read() -> Self {
        let mut lexicon = Self {
            entries: Vec::new(),
            variants: FxHashMap::default(),
            phrases: FxHashMap::default(),
            sorted: Vec::new(),
            counts: FxHashMap::default(),
            names: 1.0,
            longest_han: 2,
        };
        for line in COUNTS.lines() {
            let mut fields = line.split('\t');
            let (word, count) = (fields.next().unwrap_or(""), fields.next().and_then(|c| c.parse().ok()));
            match (word, count) {
                ("# names", Some(n)) => lexicon.names = f64::from(n),
                (word, Some(n)) => drop(lexicon.counts.insert(word, n)),
                _ => {}
            }
        }
        for line in WORDS.lines().filter(|l| !l.starts_with('#')) {
            let mut fields = line.splitn(3, '\t');
            let (Some(kind), Some(concept)) = (fields.next(), fields.next()) else { continue };
            let kind = match kind {
                "connector" => WordKind::Connector,
                "legal" => WordKind::Legal,
                "type" => match TYPES.iter().find(|t| t.0 == concept) {
                    Some(t) => WordKind::Type(t.1),
                    None => continue,
                },
                "field" => WordKind::Field,
                "direction" => WordKind::Direction,
                "number" => WordKind::Number,
                "body" => WordKind::Body,
                _ => WordKind::Word,
            };
            lexicon.add(concept, kind, None, fields.next().unwrap_or("").split('|'));
        }
        for line in PLACES.lines().filter(|l| !l.starts_with('#')) {
            let mut fields = line.splitn(3, '\t');
            let (Some(code), Some(kind), Some(names)) = (fields.next(), fields.next(), fields.next()) else {
                continue;
            };
            let &[a, b] = code.as_bytes() else { continue };
            let kind = if kind == "country" { WordKind::Country } else { WordKind::Place };
            let mut names = names.split('|');
            if let Some(concept) = names.next() {
                lexicon.add(concept, kind, Some([a, b]), names);
            }
        }
        lexicon.sorted.sort();
        lexicon
    }

    fn add(
        &mut self,
        concept: &'static str,
        kind: WordKind,
        country: Option<[u8; 2]>,
        variants: impl Iterator<Item = &'static str>,
    ) {
        // A concept may have several lines.
        let known =
            self.variants.get(concept).copied().filter(|id| self.entries[*id as usize].concept == concept);
        let id = known.unwrap_or(self.entries.len() as u32);
        let mut count = known.map_or(0, |id| self.entries[id as usize].count);
        let mut readings = Vec::new();
        // A compound's concept is a pair of concepts and no spelling.
        let own = (!concept.contains('+')).then_some(concept);
        for variant in own.into_iter().chain(variants) {
            let words = raw_words(variant);
            let (Some(first), false) = (words.first(), words.iter().any(|w| w.text.is_empty())) else {
                continue;
            };
            let joined = words.iter().map(|w| w.latin()).collect::<Vec<_>>().join(" ");
            if self.variants.contains_key(&joined) {
                continue; // The first list line that names a word wins.
            }
            if words.len() > 1 {
                let longest = self.phrases.entry(first.latin().to_owned()).or_default();
                *longest = (*longest).max(words.len());
            } else if first.han {
                self.longest_han = self.longest_han.max(joined.chars().count());
                readings.push(romanised(&joined));
            } else {
                count += self.counts.get(joined.as_str()).copied().unwrap_or(0);
                if matches!(kind, WordKind::Field | WordKind::Type(_)) && joined.len() >= 6 {
                    self.sorted.push((joined.clone(), id));
                }
            }
            self.variants.insert(joined, id);
        }
        // The words of Han names are also met in pinyin (jiefangjun); short readings stand for too much.
        for reading in readings.into_iter().filter(|r| r.len() >= 6) {
            self.variants.entry(reading).or_insert(id);
        }
        if let Some(id) = known {
            let bits = self.entry_bits(self.entries[id as usize].kind, count);
            let entry = &mut self.entries[id as usize];
            (entry.count, entry.bits) = (count, bits);
            return;
        }
        let bits = self.entry_bits(kind, count);
        let compound = concept.split_once('+');
        self.entries.push(Entry { concept, hash: hash(concept), kind, country, bits, count, compound });
    }

    /// Bits of a listed word: from its count, within bounds that stand for what the count cannot
    /// know (the records counted lean to a few countries and to research institutions).
    fn entry_bits(&self, kind: WordKind, count: u32) -> f32 {
        let counted = |unseen: f64, low: f64, high: f64| {
            let bits = if count == 0 { unseen } else { (self.names / f64::from(count)).log2() };
            bits.clamp(low, high) as f32
        };
        match kind {
            WordKind::Connector => 0.0,
            WordKind::Legal => 0.3,
            WordKind::Type(TypeClass::KeyLaboratory) => 3.0,
            WordKind::Type(_) => counted(4.5, 2.0, 5.0),
            WordKind::Field => counted(7.0, 2.5, 7.5),
            WordKind::Direction => counted(6.5, 4.0, 8.0),
            WordKind::Place => counted(9.0, 4.5, 9.0),
            WordKind::Country => counted(6.0, 2.5, 6.0),
            WordKind::Number => 5.0,
            WordKind::Body => 5.0,
            WordKind::Word => 13.0,
        }
    }

    pub(super) fn longest_han(&self) -> usize {
        self.longest_han
    }

    pub(super) fn get(&self, variant: &str) -> Option<Entry> {
        self.variants.get(variant).map(|&id| self.entries[id as usize])
    }

    /// The longest phrase or word of the lists that `words` begin with, and how many words it takes.
    pub(super) fn phrase(&self, words: &[RawWord]) -> (Option<Entry>, usize) {
        let first = &words[0];
        if let Some(&longest) = self.phrases.get(first.latin()) {
            let mut joined = String::new();
            let mut found = None;
            for (n, word) in words.iter().take(longest).enumerate() {
                if word.segment != first.segment || word.han {
                    break;
                }
                if n > 0 {
                    joined.push(' ');
                }
                joined.push_str(word.latin());
                if n > 0 {
                    found = self.get(&joined).map(|e| (e, n + 1)).or(found);
                }
            }
            if let Some((entry, n)) = found {
                return (Some(entry), n);
            }
        }
        (self.single(first), 1)
    }

    fn single(&self, word: &RawWord) -> Option<Entry> {
        let text = word.latin();
        if let Some(entry) = self.get(text) {
            return Some(entry);
        }
        // "Telecommun.", "Aeronaut.": the one word in the lists that begins so.
        if word.dotted && text.len() >= 3 {
            let from = self.sorted.partition_point(|s| s.0.as_str() < text);
            let mut meant = None;
            for (long, id) in &self.sorted[from..] {
                if !long.starts_with(text) {
                    break;
                }
                if meant.is_some_and(|m| m != *id) {
                    return None;
                }
                meant = Some(*id);
            }
            return meant.map(|id| self.entries[id as usize]);
        }
        None
    }

    /// Pushes the word or words of an entry.
    pub(super) fn push_known(&self, entry: Entry, text: &str, raw: &RawWord, words: &mut Vec<Word>) {
        let parts = entry.compound.map(|(a, b)| [self.get(a), self.get(b)]);
        if let Some([Some(a), Some(b)]) = parts {
            words.push(self.known_word(a, text.to_owned(), raw));
            words.push(self.known_word(b, text.to_owned(), raw));
        } else {
            words.push(self.known_word(entry, text.to_owned(), raw));
        }
    }

    fn known_word(&self, entry: Entry, text: String, raw: &RawWord) -> Word {
        Word {
            text,
            key: entry.concept.into(),
            hash: entry.hash,
            kind: entry.kind,
            bits: entry.bits,
            country: entry.country,
            segment: raw.segment,
            place: raw.place,
            abbreviated: raw.dotted,
            capitals: raw.capitals,
            han: raw.han,
            known: true,
            common: true,
        }
    }

    /// Pushes a word that is in no list; "gongchengdaxue" as its two known halves.
    pub(super) fn unknown_word(&self, raw: &RawWord, words: &mut Vec<Word>) {
        if let Some(halves) = self.halves(&raw.text) {
            for (entry, text) in halves {
                self.push_known(entry, text, raw, words);
            }
            return;
        }
        let mut key = raw.latin().to_owned();
        if key.is_empty() {
            key.clone_from(&raw.text);
        }
        let digits = key.bytes().all(|b| b.is_ascii_digit());
        let counted = self.counts.get(key.as_str()).copied();
        let (kind, bits) = if digits {
            (WordKind::Number, [0.0, 3.0, 5.0, 7.0][key.len().min(3)] + 2.0 * f32::from(key.len() > 3))
        } else {
            let bits = match counted {
                Some(n) => (self.names / f64::from(n)).log2().clamp(2.0, 11.0) as f32,
                None => [0.0, 3.0, 7.0, 9.5, 11.0, 12.0, 12.5][key.len().min(6)],
            };
            (WordKind::Word, bits)
        };
        // Plural and singular are one word.
        if !digits
            && key.len() >= 5
            && key.ends_with('s')
            && !["ss", "us", "is"].iter().any(|e| key.ends_with(e))
        {
            key.pop();
        }
        let hash = hash(&key);
        words.push(Word {
            text: raw.text.clone(),
            key: key.into(),
            hash,
            kind,
            bits,
            country: None,
            segment: raw.segment,
            place: raw.place,
            abbreviated: raw.dotted,
            capitals: raw.capitals,
            han: false,
            known: false,
            common: counted.is_some(),
        });
    }

    /// A word written together from two words of the lists, the second of them a type word.
    fn halves<'a>(&self, text: &'a str) -> Option<[(Entry, &'a str); 2]> {
        if !(9..=LONGEST_TOGETHER).contains(&text.len()) || !text.is_ascii() {
            return None;
        }
        (4..=text.len() - 5).find_map(|at| {
            let (front, back) = text.split_at(at);
            let second = self.get(back).filter(|e| matches!(e.kind, WordKind::Type(_)))?;
            let first = self.get(front)?;
            Some([(first, front), (second, back)])
        })
    }
}

/// Longest word that is looked at as two written together, in letters: endless ones are no words.
const LONGEST_TOGETHER: usize = 64;

/// Least letters of an ending that names a sort of institution, and of what stands before it
/// (`rijksuniversiteit`, `forschungsinstitut`): shorter ones end many words (`-lab`, `-xi`).
const LEAST_ENDING: usize = 6;
const LEAST_BEFORE: usize = 3;
/// Longest ending looked for; no type word is longer.
const LONGEST_ENDING: usize = 24;

/// The sort of institution in which a word that is itself in no list ends, as words compounded in Dutch
/// and German (`rijksuniversiteit`) and in Korean (`서울대학교`) do. `key` is a [`Word::key`].
pub fn type_of_ending(key: &str) -> Option<TypeClass> {
    let lexicon = get();
    let latest = key.len().checked_sub(LEAST_ENDING)?;
    let first = LEAST_BEFORE.max(key.len().saturating_sub(LONGEST_ENDING));
    (first..=latest).find_map(|at| match lexicon.get(key.get(at..)?)?.kind {
        WordKind::Type(class) => Some(class),
        _ => None,
    })
}

/// A word of another script in Latin letters and digits: its likeliest spelling.
pub(super) fn romanise(text: &str) -> String {
    let readable = !text.bytes().any(|b| b.is_ascii_digit());
    if let (true, Some(form)) = (readable, script::romanise(text).forms.into_iter().next()) {
        return form;
    }
    romanised(text)
}

/// Letters and digits by the last resort, which reads Han character by character in pinyin.
pub(super) fn romanised(text: &str) -> String {
    let mut key = any_ascii::any_ascii(text);
    key.retain(|c| c.is_ascii_alphanumeric());
    key.make_ascii_lowercase();
    key
}
