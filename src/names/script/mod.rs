//! Characters: hygiene of raw text, which script a word is in, and its Latin spellings.
//!
//! A name passes through here first. [`fold`] makes one character sequence of the many that look or
//! mean the same; [`script_of`] says what script a word is in; [`romanise`] gives the few Latin
//! spellings under which the word is met in passports and in the press. Han and Hangul are read
//! elsewhere (`names` has modules of their own for them); here they fall through to the last resort.
//!
//! The tables are written from the national romanisation standards (ICAO 9303 part 3, ISO 9 and GOST,
//! the Ukrainian resolution 55/2010, the Belarusian instruction of 2007, ELOT 743, BGN/PCGN) and from
//! the spellings that people and newspapers use beside them. Nothing here can fail: what has no table
//! is transliterated by `any_ascii`.

mod arabic;
mod armenian;
mod cyrillic;
mod devanagari;
mod fold;
mod georgian;
mod greek;
mod hebrew;
mod homoglyph;
mod kana;
mod latin;
#[cfg(test)]
mod oracle;
mod thai;

#[cfg(test)]
mod tests;

use unicode_normalization::UnicodeNormalization;
use unicode_script::UnicodeScript;

pub use arabic::{split_article, split_compound};
pub use fold::fold;

/// The most Latin spellings that [`romanise`] gives for a word.
///
/// Each further spelling is a further key to retrieve by and a further chance of a false alarm; the
/// comparison by sound makes up for the systems that are left out.
pub const MAX_FORMS: usize = 4;

/// The script of a word, as far as names have to tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Script {
    /// Latin letters, with or without diacritics.
    Latin,
    /// Cyrillic of any language.
    Cyrillic,
    /// Greek, modern or polytonic.
    Greek,
    /// Arabic letters of any language: Arabic, Persian, Pashto, Urdu, Kurdish, Uyghur.
    Arabic,
    /// Hebrew letters.
    Hebrew,
    /// Devanagari: Hindi, Marathi, Nepali.
    Devanagari,
    /// Georgian, any of its three alphabets.
    Georgian,
    /// Armenian.
    Armenian,
    /// Thai.
    Thai,
    /// Hiragana and katakana.
    Kana,
    /// Chinese characters, simplified or traditional, of any language.
    Han,
    /// Korean letters.
    Hangul,
    /// Another script, or no letters at all.
    Other,
}

impl Script {
    /// The script of one character; `None` for marks, digits and punctuation, which belong to none.
    pub fn of(character: char) -> Option<Self> {
        use unicode_script::Script as U;
        if character.is_ascii_alphabetic() {
            return Some(Self::Latin);
        }
        if character.is_ascii() {
            return None;
        }
        Some(match character.script() {
            U::Latin => Self::Latin,
            U::Cyrillic => Self::Cyrillic,
            U::Greek => Self::Greek,
            U::Arabic => Self::Arabic,
            U::Hebrew => Self::Hebrew,
            U::Devanagari => Self::Devanagari,
            U::Georgian => Self::Georgian,
            U::Armenian => Self::Armenian,
            U::Thai => Self::Thai,
            U::Hiragana | U::Katakana => Self::Kana,
            U::Han | U::Bopomofo => Self::Han,
            U::Hangul => Self::Hangul,
            U::Common | U::Inherited | U::Unknown => return None,
            _ => Self::Other,
        })
    }
}

/// The script that most letters of `word` are in; the first of several that lead. A word without
/// letters is [`Script::Other`].
pub fn script_of(word: &str) -> Script {
    let mut counts: [(Option<Script>, usize); 4] = [(None, 0); 4];
    for script in word.chars().filter_map(Script::of) {
        // Words of more than four scripts are noise: what does not fit is not counted.
        if let Some(slot) = counts.iter_mut().find(|(s, _)| s.is_none_or(|s| s == script)) {
            *slot = (Some(script), slot.1 + 1);
        }
    }
    let mut best = (Script::Other, 0);
    for (script, count) in counts {
        if let Some(script) = script
            && count > best.1
        {
            best = (script, count);
        }
    }
    best.0
}

/// The Latin spellings of a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Romanised {
    /// Spellings of the letters a to z only, the likeliest first, distinct, at most [`MAX_FORMS`].
    /// Empty if the word has nothing to read, such as digits alone.
    pub forms: Vec<String>,
    /// The script writes no short vowels (Arabic, Hebrew, in part Thai): the forms lack them, and
    /// only consonants can be compared.
    pub abjad: bool,
}

/// The Latin spellings of one word, likeliest first.
///
/// The word should have passed [`fold`]; case, marks and apostrophes are dropped here. A word of
/// several scripts is read piece by piece.
///
/// ```
/// use zeef::names::script::romanise;
/// assert_eq!(romanise("Путин").forms, ["putin"]);
/// assert_eq!(romanise("Müller").forms, ["muller", "mueller"]);
/// assert!(romanise("محمد").abjad);
/// ```
pub fn romanise(word: &str) -> Romanised {
    if word.is_ascii() {
        return Romanised { forms: distinct([word.to_owned()]), abjad: false };
    }
    let lower: String = word.nfc().flat_map(char::to_lowercase).nfc().collect();
    let mut pieces: Vec<(Vec<String>, bool)> = runs(&lower).map(|(script, run)| read(script, run)).collect();
    let abjad = pieces.iter().any(|(_, abjad)| *abjad);
    let forms = match pieces.len() {
        0 => Vec::new(),
        1 => pieces.swap_remove(0).0,
        // System n of the whole is system n of each piece: mixing systems would multiply the forms.
        _ => (0..MAX_FORMS)
            .map(|n| {
                pieces
                    .iter()
                    .filter_map(|(forms, _)| forms.get(n).or(forms.last()))
                    .map(String::as_str)
                    .collect()
            })
            .collect(),
    };
    Romanised { forms: distinct(forms), abjad }
}

/// Reads one run of one script; the forms are in order of systems and may repeat.
fn read(script: Script, run: &str) -> (Vec<String>, bool) {
    match script {
        Script::Latin => (latin::forms(run), false),
        Script::Cyrillic => (cyrillic::forms(run), false),
        Script::Greek => (greek::forms(run), false),
        Script::Arabic => (arabic::forms(run), true),
        Script::Hebrew => (hebrew::forms(run), true),
        Script::Devanagari => (devanagari::forms(run), false),
        Script::Georgian => (georgian::forms(run), false),
        Script::Armenian => (armenian::forms(run), false),
        Script::Thai => thai::forms(run),
        Script::Kana => (kana::forms(run), false),
        Script::Han | Script::Hangul | Script::Other => (devanagari::sister_forms(run), false),
    }
}

/// Splits a word into runs of one script. Marks, digits and punctuation stay with what precedes them.
fn runs(word: &str) -> impl Iterator<Item = (Script, &str)> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let mut script = None;
        let mut end = rest.len();
        for (at, character) in rest.char_indices() {
            match (script, Script::of(character)) {
                (_, None) => {}
                (None, found) => script = found,
                (Some(current), Some(found)) if current == found => {}
                _ => {
                    end = at;
                    break;
                }
            }
        }
        let (run, tail) = rest.split_at(end);
        rest = tail;
        (!run.is_empty()).then(|| (script.unwrap_or(Script::Other), run))
    })
}

/// Keeps the letters a to z of each form, then the first [`MAX_FORMS`] distinct ones.
fn distinct(forms: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for mut form in forms {
        if form.bytes().any(|b| !b.is_ascii_lowercase()) {
            form.retain(|c| c.is_ascii_alphabetic());
            form.make_ascii_lowercase();
        }
        if !form.is_empty() && kept.len() < MAX_FORMS && !kept.contains(&form) {
            kept.push(form);
        }
    }
    kept
}

/// The last resort: `any_ascii`, letter by letter, without regard to language.
fn any(character: char) -> &'static str {
    any_ascii::any_ascii_char(character)
}
