//! Other spellings of a listed person's name, as they come in from forms, papers and registers.
//!
//! Everything is derived from the name itself: no chance, so that what fails once fails again.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What happened to a name on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phenomenon {
    /// All capitals, or none.
    Case,
    /// Accents left out.
    Accents,
    /// One letter missing, doubled, swapped with the next or replaced.
    Typo,
    /// Last word first, or all words the other way round.
    Order,
    /// A middle word left out.
    Omission,
    /// A first name shortened to its initial.
    Initial,
    /// Letters as another language writes the same sound.
    Transliteration,
    /// Two words written as one.
    Joined,
}

impl Phenomenon {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Case,
        Self::Accents,
        Self::Typo,
        Self::Order,
        Self::Omission,
        Self::Initial,
        Self::Transliteration,
        Self::Joined,
    ];

    /// The variants of a name that show it, none equal to the name itself.
    pub fn variants(self, name: &str) -> Vec<String> {
        let words: Vec<&str> = name.split_whitespace().collect();
        let mut out = match self {
            Self::Case => vec![name.to_uppercase(), name.to_lowercase()],
            Self::Accents => vec![name.nfd().filter(|c| !is_combining_mark(*c)).nfc().collect()],
            Self::Typo => typos(&words),
            Self::Order => orders(&words),
            Self::Omission => omissions(&words),
            Self::Initial => initials(&words),
            Self::Transliteration => transliterations(name),
            Self::Joined => joined(&words),
        };
        out.retain(|v| v != name);
        out.dedup();
        out
    }
}

/// Errors in the longest word, at a place that depends on its length. Words under five letters are left
/// alone: an error in them is another name.
fn typos(words: &[&str]) -> Vec<String> {
    let Some((at, word)) = words.iter().enumerate().max_by_key(|(_, w)| w.chars().count()) else {
        return Vec::new();
    };
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 || !letters.iter().all(|c| c.is_alphabetic()) {
        return Vec::new();
    }
    // Never the first letter, which people seldom get wrong.
    let place = 1 + letters.len() % (letters.len() - 2);
    let (mut missing, mut doubled, mut swapped, mut replaced) =
        (letters.clone(), letters.clone(), letters.clone(), letters.clone());
    missing.remove(place);
    doubled.insert(place, letters[place]);
    swapped.swap(place, place + 1);
    replaced[place] = letters[place - 1];
    [missing, doubled, swapped, replaced]
        .into_iter()
        .map(|letters| {
            let other: String = letters.into_iter().collect();
            let mut words = words.to_vec();
            words[at] = &other;
            words.join(" ")
        })
        .collect()
}

fn orders(words: &[&str]) -> Vec<String> {
    let Some((last, first)) = words.split_last().filter(|(_, first)| !first.is_empty()) else {
        return Vec::new();
    };
    let reversed: Vec<&str> = words.iter().rev().copied().collect();
    vec![format!("{last}, {}", first.join(" ")), reversed.join(" ")]
}

fn omissions(words: &[&str]) -> Vec<String> {
    (1..words.len().saturating_sub(1))
        .map(|left_out| {
            let kept = words.iter().enumerate().filter(|(i, _)| *i != left_out);
            kept.map(|(_, w)| *w).collect::<Vec<&str>>().join(" ")
        })
        .collect()
}

fn initials(words: &[&str]) -> Vec<String> {
    match words {
        [first, rest @ ..] if !rest.is_empty() && first.chars().count() > 2 => {
            first.chars().next().map(|c| format!("{c}. {}", rest.join(" "))).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// Letters that languages write differently for one sound; each tried alone, and all together.
const SPELLINGS: &[(&str, &str)] = &[
    ("shch", "schtsch"),
    ("sh", "sch"),
    ("kh", "ch"),
    ("zh", "j"),
    ("tch", "ch"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ey ", "ei "),
    ("ya", "ia"),
    ("yu", "iu"),
    ("ev ", "ew "),
    ("ov ", "off "),
    ("q", "k"),
    ("dh", "d"),
    ("ph", "f"),
    ("x", "ks"),
    ("mohammed", "muhammad"),
    ("hussein", "hossein"),
];

fn transliterations(name: &str) -> Vec<String> {
    // A space at the end lets endings be told.
    let lower = format!("{} ", name.to_lowercase());
    let mut out = Vec::new();
    let mut all = lower.clone();
    for (from, to) in SPELLINGS {
        let one = lower.replace(from, to);
        if one != lower {
            out.push(one.trim_end().to_owned());
        }
        all = all.replace(from, to);
    }
    if out.len() > 1 {
        out.push(all.trim_end().to_owned());
    }
    out
}

/// Parts of one given name, of which a family name is still left: nobody writes a given name and a
/// patronymic as one word, nor a name and a hyphened one.
fn joined(words: &[&str]) -> Vec<String> {
    const PATRONYMICS: &[&str] = &["vich", "vitch", "witsch", "vitj", "vych", "vna", "вич", "віч", "вна"];
    let patronymic = |w: &str| PATRONYMICS.iter().any(|end| w.to_lowercase().ends_with(end));
    match words {
        [first, second, rest @ ..]
            if !rest.is_empty() && !words.iter().any(|w| w.contains('-')) && !patronymic(second) =>
        {
            let both = format!("{first}{}", second.to_lowercase());
            let mut words = vec![both.as_str()];
            words.extend(rest);
            vec![words.join(" ")]
        }
        _ => Vec::new(),
    }
}
