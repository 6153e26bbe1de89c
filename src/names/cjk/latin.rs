//! A Latin name into readings as a Chinese or Korean name.
//!
//! Words are parted at spaces and commas; within a word hyphens, inner capitals and apostrophes
//! part syllables. The family name stands first or last; given names are cut into syllables that
//! some romanisation writes so, in every way that fits.

use unicode_normalization::char::decompose_canonical;

use super::atom::{self, Atom};
use super::tables::{Part, Tables, pack};
use super::{CHINESE, KOREAN, LANGUAGES, MOST_GIVEN, MOST_READINGS, PINYIN, Reading};

/// Longer names are not East Asian.
pub(super) const MOST_WORDS: usize = 7;
/// Letters of the longest spelling of a syllable.
const LONGEST: usize = 8;
/// Ways to cut one word into syllables that are kept.
const MOST_CUTS: usize = 6;

/// One word: its letters folded to a-z, and what its writing says.
#[derive(Default)]
struct Word {
    letters: Vec<u8>,
    /// Places in `letters` where hyphens, inner capitals or apostrophes part it.
    breaks: Vec<usize>,
    /// Written in capitals throughout.
    capitals: bool,
    /// A single letter, or ending in a full stop.
    initial: bool,
    /// A comma follows.
    comma: bool,
    /// A western given name that could be cut into syllables: Susan, Anna.
    western: bool,
}

/// The words of a Latin name as the analysis counts them: parted by spaces and commas, without
/// punctuation around them.
pub(super) fn words(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(|c: char| is_gap(c)).filter(|w| w.chars().any(char::is_alphabetic))
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '，' | ';' | '(' | ')' | '"' | '/')
}

fn is_hyphen(c: char) -> bool {
    matches!(c, '-' | '‐' | '‑' | '‒' | '–' | '—' | '·' | '・' | '.')
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | '`' | 'ʼ' | 'ʻ' | '′' | '´')
}

/// A letter folded to a-z, with the letter that its diacritic stands for before or after it.
#[derive(Clone, Copy)]
struct Folded {
    before: Option<u8>,
    letter: u8,
    after: Option<u8>,
}

impl Folded {
    fn letters(self) -> impl Iterator<Item = u8> {
        self.before.into_iter().chain([self.letter]).chain(self.after)
    }
}

/// The letters a-z that a Latin letter stands for: McCune-Reischauer's ŏ and ŭ are eo and eu, the
/// Czech č, š and ž are ch, sh and zh, other marks are tones. `None` for letters that no
/// romanisation of Chinese or Korean has.
fn fold(c: char) -> Option<Folded> {
    if c.is_ascii_alphabetic() {
        return Some(Folded { before: None, letter: c.to_ascii_lowercase() as u8, after: None });
    }
    let (mut base, mut breve, mut caron, mut foreign) = (None, false, false, false);
    decompose_canonical(c, |d| match d {
        'a'..='z' | 'A'..='Z' => base = Some(d.to_ascii_lowercase() as u8),
        '\u{306}' => breve = true,
        // Tone marks, diaeresis, circumflex.
        '\u{300}' | '\u{301}' | '\u{302}' | '\u{304}' | '\u{308}' => {}
        '\u{30c}' => caron = true,
        // Horn, hook, dot below (Vietnamese), cedilla, ogonek, tilde, ring: other languages.
        _ => foreign = true,
    });
    let letter = base.filter(|b| !foreign && (!breve || matches!(b, b'o' | b'u')))?;
    let after = (caron && matches!(letter, b'c' | b's' | b'z')).then_some(b'h');
    Some(Folded { before: breve.then_some(b'e'), letter, after })
}

/// Whether any part of the name spells a family name: the cheap test that turns away nearly all
/// names of other cultures.
pub(super) fn has_family(raw: &str, tables: &Tables) -> bool {
    let mut whole: u64 = 0; // the word
    let mut part: u64 = 0; // since the last hyphen
    let (mut whole_len, mut part_len) = (0u32, 0u32);
    let mut found = false;
    let ends = |packed: &mut u64, len: &mut u32| {
        let hit = (1..=12).contains(len) && tables.is_family(*packed);
        (*packed, *len) = (0, 0);
        hit
    };
    for c in raw.chars().chain([' ']) {
        if let Some(folded) = fold(c) {
            for l in folded.letters() {
                // Shifting out the first letters of a long word is fine: its length turns it away.
                whole = whole << 5 | u64::from(l - b'a' + 1);
                part = part << 5 | u64::from(l - b'a' + 1);
                whole_len += 1;
                part_len += 1;
            }
        } else if c.is_alphabetic() {
            return false;
        } else if is_apostrophe(c) {
            // Leaves the word whole; a breve written as apostrophe is left to the full analysis.
            found |= whole_len > 0 && whole_len < 5;
        } else if is_hyphen(c) {
            found |= ends(&mut part, &mut part_len);
        } else if is_gap(c) {
            found |= ends(&mut part, &mut part_len);
            found |= ends(&mut whole, &mut whole_len);
        }
    }
    found
}

/// Reads the words; `None` when a letter or their number rules an East Asian name out.
fn read(raw: &str, tables: &Tables) -> Option<Vec<Word>> {
    let mut out: Vec<Word> = Vec::new();
    let mut word = Word { capitals: true, ..Word::default() };
    let mut previous_lower = false;
    let mut characters = raw.chars().peekable();
    while let Some(c) = characters.next() {
        if let Some(folded) = fold(c) {
            if c.is_lowercase() {
                word.capitals = false;
            }
            if previous_lower && c.is_uppercase() {
                word.breaks.push(word.letters.len());
            }
            previous_lower = c.is_lowercase();
            let typed =
                matches!(folded.letter, b'o' | b'u') && types_breve(characters.clone(), folded.letter);
            if typed {
                word.letters.push(b'e');
                characters.next();
            }
            word.letters.extend(folded.letters());
        } else if c.is_alphanumeric() {
            return None;
        } else if is_gap(c) {
            let comma = matches!(c, ',' | '，');
            if comma
                && word.letters.is_empty()
                && let Some(last) = out.last_mut()
            {
                last.comma = true;
            }
            word.comma = comma;
            finish(&mut word, &mut out, tables);
            previous_lower = false;
        } else if is_hyphen(c) {
            // A full stop within or after initials parts them.
            word.initial |= c == '.';
            word.breaks.push(word.letters.len());
            previous_lower = false;
        } else if is_apostrophe(c) {
            // An aspirate (ch', k', p', t') does not part; after a vowel or n, g it does.
            if !matches!(word.letters.last(), Some(b'h' | b'k' | b'p' | b't' | b's' | b'z') | None) {
                word.breaks.push(word.letters.len());
            }
        }
        if out.len() > MOST_WORDS || word.letters.len() > 24 {
            return None;
        }
    }
    finish(&mut word, &mut out, tables);
    (2..=MOST_WORDS).contains(&out.len()).then_some(out)
}

/// Whether what follows an o or u is an apostrophe typed for a breve, as McCune-Reischauer's ŏ and ŭ
/// often are: before a consonant, since before a vowel it parts syllables; or in ŭi.
fn types_breve(mut ahead: std::iter::Peekable<std::str::Chars>, letter: u8) -> bool {
    ahead.next().is_some_and(is_apostrophe)
        && ahead.next().is_some_and(|next| match next.to_ascii_lowercase() {
            'i' => letter == b'u',
            'a' | 'e' | 'o' | 'u' => false,
            other => other.is_ascii_lowercase(),
        })
}

/// Ends a word and begins the next.
fn finish(word: &mut Word, out: &mut Vec<Word>, tables: &Tables) {
    let mut done = std::mem::replace(word, Word { capitals: true, ..Word::default() });
    if done.letters.is_empty() {
        return;
    }
    let length = done.letters.len();
    done.breaks.retain(|b| *b > 0 && *b < length);
    done.breaks.dedup();
    // "M.B." and "M" are initials, "Dr." is not.
    done.initial = length == 1 || done.initial && done.breaks.len() + 1 == length;
    done.capitals &= length > 1;
    done.western = pack(&done.letters).is_some_and(|p| tables.is_western(p));
    out.push(done);
}

/// One way to cut a word into syllables, and in which groups of languages it is one.
struct Cut {
    atoms: Vec<Atom>,
    groups: u8,
}

/// The groups of languages in which `atom` is a syllable of that part of a name.
fn groups(tables: &Tables, atom: Atom, part: Part) -> u8 {
    let [mandarin, cantonese, southern, korean] = tables.masses(atom, part);
    let chinese = mandarin + cantonese + southern > 0.0;
    let chinese = if chinese { CHINESE } else { 0 };
    let korean = if korean > 0.0 { KOREAN } else { 0 };
    chinese | korean
}

/// All ways to cut a word into syllables of given names.
fn cuts(word: &Word, tables: &Tables) -> Vec<Cut> {
    if word.initial {
        let groups = CHINESE | KOREAN;
        let atoms: Vec<Atom> = word.letters.iter().map(|l| atom::initial(*l)).collect();
        return if atoms.len() <= MOST_GIVEN { vec![Cut { atoms, groups }] } else { Vec::new() };
    }
    let mut out = Vec::new();
    cut(word, 0, &mut Vec::new(), CHINESE | KOREAN, tables, &mut out);
    out.sort_by_key(|c: &Cut| c.atoms.len());
    out.truncate(MOST_CUTS);
    out
}

fn cut(word: &Word, from: usize, atoms: &mut Vec<Atom>, kept: u8, tables: &Tables, out: &mut Vec<Cut>) {
    if from == word.letters.len() {
        out.push(Cut { atoms: atoms.clone(), groups: kept });
        return;
    }
    if atoms.len() >= MOST_GIVEN || out.len() >= 4 * MOST_CUTS {
        return;
    }
    let limit = word.breaks.iter().copied().find(|b| *b > from).unwrap_or(word.letters.len());
    // Chinese writers mark a syllable that begins with a vowel, or with ng, inside a word.
    let marked = from == 0 || word.breaks.contains(&from);
    let mut kept = kept;
    if !marked && matches!(word.letters[from], b'a' | b'e' | b'i' | b'o' | b'u') {
        kept &= KOREAN;
    }
    for to in (from + 1..=limit.min(from + LONGEST)).rev() {
        let letters = &word.letters[from..to];
        // No syllable without a vowel but ng, which stands apart.
        if letters == b"ng" && !marked
            || letters.len() == 1 && !matches!(letters[0], b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
        {
            continue;
        }
        let Some(atom) = pack(letters).and_then(|p| tables.spelling(p)) else { continue };
        let groups = kept & groups(tables, atom, Part::Given);
        if groups != 0 {
            atoms.push(atom);
            cut(word, to, atoms, groups, tables, out);
            atoms.pop();
        }
    }
}

/// A family name found at some words.
struct Family {
    words: u16,
    atoms: [Atom; 2],
    length: u8,
    groups: u8,
}

/// The family names that stand at word `at`, or at it and the next.
fn families(words: &[Word], at: usize, tables: &Tables, out: &mut Vec<Family>) {
    let word = &words[at];
    if word.initial {
        return;
    }
    let spelling = |letters: &[u8]| pack(letters).and_then(|p| tables.spelling(p));
    let mut compound = |words: u16, first: Atom, second: Atom| {
        let groups = groups(tables, first, Part::Given) & groups(tables, second, Part::Given);
        out.push(Family { words, atoms: [first, second], length: 2, groups });
    };
    match word.breaks[..] {
        [b] => {
            if let (Some(x), Some(y)) = (spelling(&word.letters[..b]), spelling(&word.letters[b..]))
                && tables.is_compound(x, y)
            {
                compound(1 << at, x, y);
            }
        }
        [] => {
            if let Some((x, y)) = pack(&word.letters).and_then(|p| tables.joined(p)) {
                compound(1 << at, x, y);
            }
            if let Some(next) = words.get(at + 1).filter(|n| n.breaks.is_empty() && !word.comma && !n.initial)
                && let (Some(x), Some(y)) = (spelling(&word.letters), spelling(&next.letters))
                && tables.is_compound(x, y)
            {
                compound(0b11 << at, x, y);
            }
        }
        _ => {}
    }
    // A hyphen or capital may part a family name of one syllable only by mistake: not read.
    if word.breaks.is_empty()
        && let Some(x) = spelling(&word.letters)
    {
        let groups = groups(tables, x, Part::Family);
        if groups != 0 {
            out.push(Family { words: 1 << at, atoms: [x, 0], length: 1, groups });
        }
    }
}

/// One choice of given-name syllables among the words beside the family name.
#[derive(Clone, Copy, Default)]
struct Given {
    atoms: [Atom; MOST_GIVEN],
    words: [u8; MOST_GIVEN],
    length: usize,
    used: u16,
    groups: u8,
    /// Words left that could be read, that could not, and initials.
    left: [u8; 3],
}

impl Given {
    /// With a word's syllables at the end, if they fit.
    fn with(mut self, word: usize, cut: &Cut) -> Option<Given> {
        self.groups &= cut.groups;
        if self.groups == 0 || self.length + cut.atoms.len() > MOST_GIVEN {
            return None;
        }
        for atom in &cut.atoms {
            self.atoms[self.length] = *atom;
            self.words[self.length] = word as u8;
            self.length += 1;
        }
        self.used |= 1 << word;
        Some(self)
    }
}

/// Whether a Chinese given name is surely in Hanyu Pinyin: all of it is valid, and it is written as
/// the other systems are not, in one word or with letters that they use otherwise.
fn is_pinyin(family: &Family, given: &Given, words: &[Word], tables: &Tables) -> bool {
    if given.groups & CHINESE == 0 || !given.atoms[..given.length].iter().all(|a| tables.is_pinyin(*a)) {
        return false;
    }
    // Chang is Zhang in another system far more often than it is the pinyin of a rare name.
    if family.length == 1 && !tables.is_mostly_pinyin(family.atoms[0]) {
        return false;
    }
    let joined = given.words[..given.length]
        .windows(2)
        .any(|w| w[0] == w[1] && words[usize::from(w[0])].breaks.is_empty());
    joined
        || (0..words.len()).filter(|w| given.used & 1 << w != 0).any(|w| {
            let letters = &words[w].letters;
            letters.starts_with(b"zh") || matches!(letters[0], b'x' | b'q' | b'z' | b'g' | b'd' | b'b')
        })
}

/// The readings of a Latin name and its number of words; `None` when there is none.
pub(super) fn analyse(raw: &str, tables: &Tables) -> Option<(usize, Vec<Reading>)> {
    if !has_family(raw, tables) {
        return None;
    }
    let words = read(raw, tables)?;
    let last = words.len() - 1;
    let cuts: Vec<Vec<Cut>> = words.iter().map(|w| cuts(w, tables)).collect();

    let mut found = Vec::new();
    let comma = words.iter().position(|w| w.comma).filter(|c| *c <= 1 && *c < last);
    let capitals: Vec<usize> = (0..=last).filter(|w| words[*w].capitals).collect();
    if comma == Some(0) {
        families(&words, 0, tables, &mut found);
    } else if let [only] = capitals[..] {
        families(&words, only, tables, &mut found);
    } else {
        families(&words, 0, tables, &mut found);
        families(&words, last, tables, &mut found);
        if last >= 2 {
            families(&words, last - 1, tables, &mut found);
            found.retain(|f| f.words != 1 << (last - 1));
            // A western name first, then the family name: Carrie Lam Yuet-ngor.
            if cuts[0].is_empty() || words[0].western {
                families(&words, 1, tables, &mut found);
            }
        }
    }

    let mut readings: Vec<Reading> = Vec::new();
    for family in &found {
        let mut choices = vec![Given { groups: family.groups, ..Given::default() }];
        for (at, word) in words.iter().enumerate() {
            if family.words & 1 << at != 0 {
                continue;
            }
            let mut next = Vec::with_capacity(choices.len() * 2);
            for choice in &choices {
                next.extend(cuts[at].iter().filter_map(|cut| choice.with(at, cut)));
                let mut without = *choice;
                let kind = if word.initial { 2 } else { usize::from(cuts[at].is_empty() || word.western) };
                without.left[kind] += 1;
                next.push(without);
            }
            next.truncate(64);
            choices = next;
        }
        choices.retain(|c| c.length > 0 && c.left[0] + c.left[1] <= 2);
        // A short name is read whole or not at all; where all words together are too long for a
        // Chinese or Korean given name, some of them may be of another culture (Susan, Anna).
        let whole = choices.iter().any(|c| c.left[0] + c.left[2] == 0 && c.length <= 2);
        if whole {
            choices.retain(|c| c.left[0] + c.left[2] == 0);
        }
        for c in choices {
            let pinyin = is_pinyin(family, &c, &words, tables);
            readings.push(Reading {
                family: family.atoms,
                family_length: family.length,
                family_words: family.words,
                given: c.atoms,
                given_length: c.length as u8,
                given_words: c.words,
                groups: c.groups | if pinyin { PINYIN } else { 0 },
                left_readable: c.left[0],
                left_foreign: c.left[1],
                left_initials: c.left[2],
                doubt: [0; LANGUAGES],
            });
        }
    }
    readings.sort_by_key(|r| (r.left_readable, r.left_initials, r.given_length));
    readings.truncate(MOST_READINGS);
    super::doubt::weigh(&mut readings, tables);
    (!readings.is_empty()).then_some((words.len(), readings))
}
