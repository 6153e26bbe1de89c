//! Names of organisations and affiliation strings, analysed once.
//!
//! An affiliation string holds a listed name somewhere ("Dept. of X, Harbin Inst. of Technol., China");
//! so a string becomes words in *segments*, each word with what it does in a name ([`WordKind`]), a
//! *key* under which spellings, abbreviations and languages of the same word meet ("Univ.", "大学" and
//! "daxue" are `university`), and how much it tells ([`Word::bits`]).
//!
//! The same analysis serves the listed names and the query: what retrieval folds, scoring folds alike.
//!
//! Word lists are under `data/`: `words.tsv` and `places.tsv` are written for this project,
//! `word_counts.tsv` is counted from ROR records (CC0) by `word_counts.py`.

mod fold;
mod han;
mod lexicon;
mod located;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

pub use lexicon::{TypeClass, type_of_ending};
pub use located::located;

/// What a word does in an organisation's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WordKind {
    /// Joins words: of, for, and, de, und.
    Connector,
    /// Legal form: ltd, GmbH, ООО.
    Legal,
    /// The sort of institution: university, institute, plant.
    Type(TypeClass),
    /// A field of work or another common word: science, engineering, navy, national.
    Field,
    /// A point of the compass or a region named by one: northwest, Huazhong.
    Direction,
    /// A city or province.
    Place,
    /// A country.
    Country,
    /// An ordinal or number.
    Number,
    /// A body that institutions are attached to: PLA, Ministry of Education.
    Body,
    /// Any other word: what tells institutions apart.
    Word,
}

/// One word of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word as folded: lower case, no accents, the native script otherwise.
    pub text: String,
    /// Under what spellings and languages of one word meet.
    pub key: Cow<'static, str>,
    /// Hash of `key`; equal keys have equal hashes, and 64 bits make the reverse safe enough.
    pub hash: u64,
    /// What it does.
    pub kind: WordKind,
    /// Information in bits: how rare the word is in names of the world's organisations.
    pub bits: f32,
    /// Country of a place or country word.
    pub country: Option<[u8; 2]>,
    /// Index of the segment it stands in, counted from 0.
    pub segment: u16,
    /// Which characters of the folded text it was read from: the first, and the one after the last.
    pub place: (u32, u32),
    /// Written with a full stop after it, so perhaps shortened.
    pub abbreviated: bool,
    /// Written in capitals among words that are not: perhaps an acronym.
    pub capitals: bool,
    /// Written in Han characters.
    pub han: bool,
    /// Stands in the word lists (not a proper word of its own that only sounds or looks similar).
    pub known: bool,
    /// Seen in names of other organisations: a word of its own, hence no misspelling of another.
    pub common: bool,
}

/// An organisation's name or an affiliation string, analysed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AnalysedOrganisation {
    /// Words in order.
    pub words: Vec<Word>,
    /// The folded words without anything between them: what "the whole name is the same" means.
    pub compact: String,
    /// How many segments there are.
    pub segments: u16,
}

/// Letters of the longest acronym; longer words in capitals are words.
const LONGEST_ACRONYM: usize = 8;

impl AnalysedOrganisation {
    /// Analyses a name or an affiliation string. Any text is accepted.
    pub fn of(text: &str) -> Self {
        Self::of_words(fold::raw_words(text), text)
    }

    fn of_words(mut raw: Vec<fold::RawWord>, text: &str) -> Self {
        let lexicon = lexicon::get();
        // A long word in capitals is no acronym: the whole text is written so, and capitals say nothing.
        if raw.iter().any(|w| w.capitals && w.text.chars().count() > LONGEST_ACRONYM) {
            raw.iter_mut().for_each(|w| w.capitals = false);
        }
        let mut compact = String::with_capacity(text.len());
        for word in &raw {
            compact.push_str(&word.text);
        }
        if compact.is_empty() {
            // Nothing but signs: the signs themselves are the name.
            compact.extend(text.chars().filter(|c| !c.is_whitespace()));
        }
        let mut words = Vec::with_capacity(raw.len());
        let mut at = 0;
        while at < raw.len() {
            if raw[at].han {
                han::segment(&raw[at], lexicon, &mut words);
                at += 1;
                continue;
            }
            let (entry, taken) = lexicon.phrase(&raw[at..]);
            if let Some(entry) = entry {
                let text = raw[at..at + taken].iter().map(|r| r.text.as_str()).collect::<Vec<_>>().join(" ");
                raw[at].place.1 = raw[at + taken - 1].place.1;
                lexicon.push_known(entry, &text, &raw[at], &mut words);
                at += taken;
                continue;
            }
            lexicon.unknown_word(&raw[at], &mut words);
            at += 1;
        }
        let segments = close_segments(&mut words);
        Self { words, compact, segments }
    }

    /// Bits of all words but connectors.
    pub fn total_bits(&self) -> f64 {
        self.words.iter().map(|w| f64::from(w.bits)).sum()
    }
}

/// A segment of legal forms only ("Co., Ltd.") belongs to the one before it. Numbers the segments
/// anew and returns how many there are.
fn close_segments(words: &mut [Word]) -> u16 {
    let mut next = 0u16;
    let mut at = 0;
    while at < words.len() {
        let raw = words[at].segment;
        let end = words[at..].iter().position(|w| w.segment != raw).map_or(words.len(), |n| at + n);
        let legal_only = words[at..end].iter().all(|w| w.kind == WordKind::Legal);
        let number = if legal_only && next > 0 { next - 1 } else { next };
        for word in &mut words[at..end] {
            word.segment = number;
        }
        if !(legal_only && next > 0) {
            next = next.saturating_add(1);
        }
        at = end;
    }
    next
}

/// The names under which a listed name is looked for: itself, and without what stands in parentheses
/// where that is a mere addition (an acronym, "a.k.a. …"); a place in parentheses tells campuses apart
/// and stays.
pub fn listed_variants(name: &str) -> Vec<AnalysedOrganisation> {
    let whole = AnalysedOrganisation::of(name);
    let mut variants = vec![flatten(whole)];
    if let (Some(open), true) = (name.find('('), name.trim_end().ends_with(')')) {
        let (before, inside) = (&name[..open], &name[open + 1..]);
        let inside = AnalysedOrganisation::of(inside);
        let names_place =
            inside.words.iter().any(|w| matches!(w.kind, WordKind::Place | WordKind::Direction));
        let rest = AnalysedOrganisation::of(before);
        let content = rest.words.iter().filter(|w| w.bits > 1.0).count();
        if !names_place && content >= 2 {
            variants.push(flatten(rest));
        }
    }
    variants
}

fn flatten(mut name: AnalysedOrganisation) -> AnalysedOrganisation {
    for word in &mut name.words {
        word.segment = 0;
    }
    name.segments = name.segments.min(1);
    name
}

/// The hash of keys and of whole names (FNV-1a, 64 bits): the same in every build, since it is stored.
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}
