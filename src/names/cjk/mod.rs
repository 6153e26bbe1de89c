//! East Asian names of people: what a name in Han characters, Hangul or Latin letters may be as a
//! Chinese or Korean name.
//!
//! A name is cut into a family name and the syllables of a given name. Each piece, an atom, is
//! a Han character, a Hangul syllable, a Latin spelling or an initial; what syllables it may stand
//! for, and how likely, is in the tables. Nothing is decided here that a comparison can decide
//! better: where a Latin name can be cut in several ways, all are kept.
//!
//! [`crate::matching::cjk`] compares two analysed names.

pub(crate) mod atom;
pub(crate) mod bearers;
mod doubt;
mod hangul;
mod latin;
mod romanise;
mod sound;
pub(crate) mod tables;

use unicode_normalization::UnicodeNormalization;

use atom::{Atom, Kind};
pub use tables::Lect;
use tables::{Part, Tables};

/// Version of the tables and of the stored form: analysed names of another version mean nothing.
pub const VERSION: u8 = 1;

/// Bit of [`Reading::groups`]: may be a Chinese name.
pub(crate) const CHINESE: u8 = 1;
/// Bit of [`Reading::groups`]: may be a Korean name.
pub(crate) const KOREAN: u8 = 2;
/// Bit of [`Reading::groups`]: the given name, if Chinese, is in Hanyu Pinyin.
pub(crate) const PINYIN: u8 = 4;
/// Syllables of the longest given name.
pub(crate) const MOST_GIVEN: usize = 3;
/// How many languages a reading is weighed in: the [`Lect`]s, and [`MIXED`].
const LANGUAGES: usize = 5;
/// Place of Chinese names whose parts are of different speeches, after the [`Lect`]s.
pub(crate) const MIXED: usize = 4;
/// Readings kept of one name.
const MOST_READINGS: usize = 16;
/// Characters of the longest name in Han that is kept, as of a foreigner written by sound.
const MOST_HAN: usize = 16;

/// The script of an analysed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// Chinese characters.
    Han,
    /// Korean letters.
    Hangul,
    /// Latin letters.
    Latin,
}

/// One way to read a name: which words are family name and given name, in which syllables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reading {
    /// One or two atoms.
    pub family: [Atom; 2],
    /// How many of `family` count.
    pub family_length: u8,
    /// A bit for each word that the family name takes.
    pub family_words: u16,
    /// The given name's syllables.
    pub given: [Atom; MOST_GIVEN],
    /// How many of `given` count.
    pub given_length: u8,
    /// The word each syllable stands in.
    pub given_words: [u8; MOST_GIVEN],
    /// [`CHINESE`], [`KOREAN`] and [`PINYIN`].
    pub groups: u8,
    /// Words left over that could be syllables.
    pub left_readable: u8,
    /// Words left over that could not: western given names, titles.
    pub left_foreign: u8,
    /// Initials left over.
    pub left_initials: u8,
    /// How unlikely each language, or a mixture, makes this reading beside the name's others, in
    /// eighths of a bit. Nothing for names in their own script.
    pub doubt: [u8; LANGUAGES],
}

/// The atoms of a reading by their places: two for the family name, the rest for the given name.
/// [`NO_ATOM`] where there is none.
pub(crate) type Atoms = [Atom; 2 + MOST_GIVEN];
/// No atom: no letter of an initial has this number.
pub(crate) const NO_ATOM: Atom = Atom::MAX;
/// Of a name without readings.
pub(crate) const NO_ATOMS: Atoms = [NO_ATOM; 2 + MOST_GIVEN];

impl Reading {
    /// Its atoms by place.
    pub(crate) fn atoms(&self) -> Atoms {
        let mut atoms = NO_ATOMS;
        atoms[..self.family().len()].copy_from_slice(self.family());
        atoms[2..2 + self.given().len()].copy_from_slice(self.given());
        atoms
    }

    /// The family name's atoms.
    pub(crate) fn family(&self) -> &[Atom] {
        &self.family[..usize::from(self.family_length)]
    }

    /// Bits of doubt that this is the reading, in a language.
    pub(crate) fn doubt_bits(&self, language: usize) -> f64 {
        f64::from(self.doubt[language]) / 8.0
    }

    /// The given name's atoms.
    pub(crate) fn given(&self) -> &[Atom] {
        &self.given[..usize::from(self.given_length)]
    }
}

/// A name analysed as an East Asian one.
///
/// Small and free of references; stored with a listed name by [`CjkName::to_bytes`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CjkName {
    script: Script,
    /// How many [`words`] the name has.
    word_count: u8,
    /// The whole name as classes of characters, for names in Han.
    pub(crate) han: Vec<Atom>,
    /// Never empty but for long names in Han.
    pub(crate) readings: Vec<Reading>,
}

/// The words that the analysis of `raw` counts: in Han and Hangul each character, else what spaces
/// and commas part. Alignments refer to them by their place.
pub fn words(raw: &str) -> Vec<&str> {
    if raw.chars().any(|c| is_han(c) || hangul::number(c).is_some()) {
        raw.char_indices()
            .filter(|(_, c)| c.is_alphabetic())
            .map(|(at, c)| &raw[at..at + c.len_utf8()])
            .collect()
    } else {
        latin::words(raw).collect()
    }
}

/// Whether a word of lower-case Latin letters is a syllable of Hanyu Pinyin.
pub fn is_pinyin_syllable(word: &str) -> bool {
    let tables = tables::tables();
    tables::pack(word.as_bytes())
        .and_then(|packed| tables.spelling(packed))
        .is_some_and(|spelling| tables.is_pinyin(spelling))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

impl CjkName {
    /// Analyses a name; `None` when no reading as an East Asian name is plausible.
    pub fn analyse(raw: &str) -> Option<Self> {
        let tables = tables::tables();
        // Most names are of other scripts.
        if !raw.chars().find(|c| c.is_alphabetic()).is_some_and(|c| {
            c < '\u{250}' || is_han(c) || matches!(c, '\u{1100}'..='\u{11ff}' | '\u{1e00}'..='\u{1eff}' | '\u{3131}'..='\u{318e}' | '\u{ac00}'..='\u{d7ff}' | '\u{ff21}'..='\u{ff5a}')
        }) {
            return None;
        }
        // Composes decomposed Hangul and folds compatibility characters, without which the scripts
        // cannot be told; pure Latin names need neither.
        let composed: String;
        let text = if raw.chars().all(|c| c < '\u{300}') {
            raw
        } else {
            if raw.len() > 512 {
                return None;
            }
            composed = raw.nfkc().collect();
            &composed
        };
        let mut letters = text.chars().filter(|c| c.is_alphabetic());
        let first = letters.next()?;
        if is_han(first) {
            Self::analyse_han(text, tables)
        } else if hangul::number(first).is_some() {
            Self::analyse_hangul(text, tables)
        } else {
            let (word_count, readings) = latin::analyse(text, tables)?;
            Some(CjkName { script: Script::Latin, word_count: word_count as u8, han: Vec::new(), readings })
        }
    }

    fn analyse_han(text: &str, tables: &Tables) -> Option<Self> {
        let mut han = Vec::new();
        let mut foreign = false;
        for c in text.chars() {
            if is_han(c) {
                han.push(atom::han(tables.character(c)?));
            } else if c.is_alphanumeric() {
                return None;
            } else {
                // A dot between parts marks a foreign name written by sound.
                foreign |= !c.is_whitespace() && !han.is_empty();
            }
            if han.len() > MOST_HAN {
                return None;
            }
        }
        let mut readings = Vec::new();
        if !foreign {
            let compound = han.len() > 2 && tables.is_compound(han[0], han[1]);
            for length in [1, 2] {
                if length == 1 || compound {
                    readings.extend(whole(&han, length, CHINESE | KOREAN));
                }
            }
        }
        (han.len() >= 2).then_some(CjkName {
            script: Script::Han,
            word_count: han.len() as u8,
            han,
            readings,
        })
    }

    fn analyse_hangul(text: &str, tables: &Tables) -> Option<Self> {
        let mut atoms = Vec::new();
        for c in text.chars() {
            match hangul::number(c) {
                Some(n) => atoms.push(atom::hangul(n)),
                None if c.is_whitespace() => {}
                None => return None,
            }
            if atoms.len() > MOST_GIVEN + 2 {
                return None;
            }
        }
        let mut readings = Vec::new();
        let compound = atoms.len() > 2 && tables.is_compound(atoms[0], atoms[1]);
        for length in [1, 2] {
            if length == 1 || compound {
                readings.extend(whole(&atoms, length, KOREAN));
            }
        }
        (!readings.is_empty()).then(|| CjkName {
            script: Script::Hangul,
            word_count: atoms.len() as u8,
            han: Vec::new(),
            readings,
        })
    }

    /// The script in which the name is written.
    pub fn script(&self) -> Script {
        self.script
    }

    /// Whether some reading takes the whole name but for initials, with a given name in syllables.
    pub fn is_syllabic(&self) -> bool {
        let whole = |r: &Reading| {
            r.left_foreign == 0 && r.given().iter().any(|a| !matches!(atom::kind(*a), atom::Kind::Initial(_)))
        };
        self.readings.is_empty() || self.readings.iter().any(whole)
    }

    /// How many [`words`] the name has.
    pub fn word_count(&self) -> usize {
        usize::from(self.word_count)
    }

    /// Retrieval keys, sorted: two names that compare well share at least one. Stable across runs
    /// and machines, for one [`VERSION`].
    pub fn keys(&self) -> Vec<u64> {
        let mut out: Vec<u64> = self.filed().into_iter().map(|(key, _)| key).collect();
        out.dedup();
        out
    }

    /// The same keys, each with the atoms of every reading that it is of, sorted.
    pub(crate) fn filed(&self) -> Vec<(u64, Atoms)> {
        let tables = tables::tables();
        let (mut keys, mut out) = (Vec::new(), Vec::new());
        for reading in &self.readings {
            keys.clear();
            if reading.groups & KOREAN != 0 {
                keys_of(reading, &[Lect::Korean], tables, &mut keys);
            }
            if reading.groups & CHINESE != 0 {
                keys_of(reading, &Lect::CHINESE, tables, &mut keys);
            }
            let atoms = reading.atoms();
            out.extend(keys.iter().map(|&key| (key, atoms)));
        }
        if self.readings.is_empty() {
            // A foreign name in Han agrees in most of its characters: its beginning or its end.
            let n = self.han.len();
            for (place, half) in [&self.han[..n / 2], &self.han[n / 2..]].into_iter().enumerate() {
                let parts = half.iter().map(|a| u64::from(*a));
                out.push((hash([0x48, place as u64, n as u64].into_iter().chain(parts)), NO_ATOMS));
            }
        }
        out.sort_unstable();
        out.dedup();
        out
    }
}

/// The reading of a name written without gaps whose first `length` atoms are the family name.
fn whole(atoms: &[Atom], length: usize, groups: u8) -> Option<Reading> {
    let given_length = atoms.len().checked_sub(length).filter(|n| (1..=MOST_GIVEN).contains(n))?;
    let mut family = [0; 2];
    family[..length].copy_from_slice(&atoms[..length]);
    let (mut given, mut given_words) = ([0; MOST_GIVEN], [0; MOST_GIVEN]);
    for (place, atom) in atoms[length..].iter().enumerate() {
        given[place] = *atom;
        given_words[place] = (length + place) as u8;
    }
    Some(Reading {
        family,
        family_length: length as u8,
        family_words: (1 << length) - 1,
        given,
        given_length: given_length as u8,
        given_words,
        groups,
        left_readable: 0,
        left_foreign: 0,
        left_initials: 0,
        doubt: [0; LANGUAGES],
    })
}

/// A bit for each class of onset that `atom` may have in any of `lects` as a part of the given name.
fn onsets(atom: Atom, lects: &[Lect], tables: &Tables) -> u16 {
    match atom::kind(atom) {
        Kind::Initial(letter) => lects.iter().fold(0, |bits, l| bits | tables.onsets(*l, letter)),
        Kind::Hangul(n) => 1 << (tables.sound(tables.hangul(n, Part::Given)) & 15),
        Kind::Han(_) | Kind::Spelling(_) => tables
            .candidates(atom, Part::Given)
            .iter()
            .filter(|(s, _)| lects.contains(&Lect::of(*s)))
            .fold(0, |bits, (s, _)| bits | 1 << (tables.sound(*s) & 15)),
    }
}

/// The keys of one reading in a group of lects: a class of the family name's sound with the classes
/// of the given name's onsets, each in any lect of the group.
fn keys_of(reading: &Reading, lects: &[Lect], tables: &Tables, out: &mut Vec<u64>) {
    // The halves of a compound family name are read as the words they are.
    let part = if reading.family_length == 2 { Part::Given } else { Part::Family };
    let mut families: Vec<u8> = match atom::kind(reading.family[0]) {
        Kind::Hangul(n) => vec![tables.sound(tables.hangul(n, part))],
        _ => tables
            .candidates(reading.family[0], part)
            .iter()
            .filter(|(s, _)| lects.contains(&Lect::of(*s)))
            .map(|(s, _)| tables.sound(*s))
            .collect(),
    };
    families.sort_unstable();
    families.dedup();
    let korean = lects.contains(&Lect::Korean);
    let mut tails: Vec<u64> = vec![u64::from(reading.family_length) << 1 | u64::from(korean)];
    for atom in reading.given() {
        let onsets = onsets(*atom, lects, tables);
        tails = tails
            .iter()
            .flat_map(|t| (0..16).filter(move |b| onsets >> b & 1 != 0).map(move |b| t << 5 | b | 16))
            .collect();
    }
    for tail in tails {
        out.extend(families.iter().map(|f| hash([u64::from(*f), tail])));
    }
}

/// FNV-1a over the words of `parts`, finished by a multiplication; fixed for all time.
fn hash(parts: impl IntoIterator<Item = u64>) -> u64 {
    let mut h = 0xcbf2_9ce4_8422_2325u64;
    for part in parts {
        for byte in part.to_le_bytes() {
            h = (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    (h ^ h >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The stored form.
impl CjkName {
    /// Appends a compact form to `out`, which [`CjkName::from_bytes`] reads.
    pub fn to_bytes(&self, out: &mut Vec<u8>) {
        let script = match self.script {
            Script::Han => 0,
            Script::Hangul => 1,
            Script::Latin => 2,
        };
        out.extend([VERSION, script, self.word_count, self.han.len() as u8, self.readings.len() as u8]);
        for a in &self.han {
            out.extend(a.to_le_bytes());
        }
        for r in &self.readings {
            out.extend([r.family_length | r.given_length << 4, r.groups]);
            out.extend([r.left_readable | r.left_foreign << 4, r.left_initials]);
            out.extend(r.doubt);
            out.extend(r.family_words.to_le_bytes());
            for a in r.family().iter().chain(r.given()) {
                out.extend(a.to_le_bytes());
            }
            out.extend(&r.given_words[..r.given().len()]);
        }
    }

    /// Reads one stored name from the beginning of `bytes`, and says how many it took; `None` when
    /// they do not hold one of this [`VERSION`].
    pub fn from_bytes(bytes: &[u8]) -> Option<(Self, usize)> {
        let mut at = 0;
        let mut take = |n: usize| {
            let taken = bytes.get(at..at + n)?;
            at += n;
            Some(taken)
        };
        let &[VERSION, script, word_count, han_length, reading_count] = take(5)? else { return None };
        let script = match script {
            0 => Script::Han,
            1 => Script::Hangul,
            2 => Script::Latin,
            _ => return None,
        };
        let atoms = |bytes: &[u8]| -> Vec<Atom> {
            bytes.chunks_exact(2).map(|b| Atom::from_le_bytes([b[0], b[1]])).collect()
        };
        if usize::from(han_length) > MOST_HAN || usize::from(reading_count) > MOST_READINGS {
            return None;
        }
        let han = atoms(take(2 * usize::from(han_length))?);
        let mut readings = Vec::with_capacity(usize::from(reading_count));
        for _ in 0..reading_count {
            let &[lengths, groups, left, left_initials] = take(4)? else { return None };
            let doubt = take(LANGUAGES)?.try_into().ok()?;
            let &[low, high] = take(2)? else { return None };
            let (family_length, given_length) = (lengths & 15, lengths >> 4);
            let (f, g) = (usize::from(family_length), usize::from(given_length));
            if !(1..=2).contains(&f) || !(1..=MOST_GIVEN).contains(&g) {
                return None;
            }
            let all = atoms(take(2 * (f + g))?);
            let (mut family, mut given, mut given_words) = ([0; 2], [0; MOST_GIVEN], [0; MOST_GIVEN]);
            family[..f].copy_from_slice(&all[..f]);
            given[..g].copy_from_slice(&all[f..]);
            given_words[..g].copy_from_slice(take(g)?);
            if given_words.iter().any(|w| *w >= 16) {
                return None;
            }
            readings.push(Reading {
                family,
                family_length,
                family_words: u16::from_le_bytes([low, high]),
                given,
                given_length,
                given_words,
                groups,
                left_readable: left & 15,
                left_foreign: left >> 4,
                left_initials,
                doubt,
            });
        }
        Some((CjkName { script, word_count, han, readings }, at))
    }
}

#[cfg(test)]
mod tests;
