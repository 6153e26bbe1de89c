//! Letters of another script that merely look right.
//!
//! Lists are typed by people who change keyboards in mid-word, and evaders do it on purpose: about
//! 400 aliases of the EU list mix Latin and Cyrillic letters in one word. A word has one script, so a
//! letter that has a twin in the script of the rest is that twin.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Script;

/// Cyrillic letters with a Latin twin of the same look. Written from the shapes in common typefaces.
const CYRILLIC: [(char, char); 38] = [
    ('А', 'A'),
    ('В', 'B'),
    ('Е', 'E'),
    ('К', 'K'),
    ('М', 'M'),
    ('Н', 'H'),
    ('О', 'O'),
    ('Р', 'P'),
    ('С', 'C'),
    ('Т', 'T'),
    ('У', 'Y'),
    ('Х', 'X'),
    ('І', 'I'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('Ү', 'Y'),
    ('Һ', 'H'),
    ('Ԁ', 'D'),
    ('Ԛ', 'Q'),
    ('Ԝ', 'W'),
    ('а', 'a'),
    ('е', 'e'),
    ('к', 'k'),
    // Kra, of Greenland: on lists it stands for the Cyrillic letter.
    ('к', 'ĸ'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ӏ', 'l'),
    ('Ӏ', 'I'),
];

/// Small Cyrillic letters whose capital has a Latin twin, with that twin made small: what is left of a
/// capital homoglyph where a system writes all names in small letters (`bладимир`). One way only: the
/// small letters themselves do not look alike.
const CYRILLIC_MADE_SMALL: [(char, char); 3] = [('в', 'b'), ('м', 'm'), ('т', 't')];

/// Greek letters with a Latin twin.
const GREEK: [(char, char); 23] = [
    ('Α', 'A'),
    ('Β', 'B'),
    ('Ε', 'E'),
    ('Ζ', 'Z'),
    ('Η', 'H'),
    ('Ι', 'I'),
    ('Κ', 'K'),
    ('Μ', 'M'),
    ('Ν', 'N'),
    ('Ο', 'O'),
    ('Ρ', 'P'),
    ('Τ', 'T'),
    ('Υ', 'Y'),
    ('Χ', 'X'),
    ('α', 'a'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
];

/// Repairs every word of `text` whose letters are of two scripts and can all be read as one, and
/// initials of another script than the rest of the text ("B. Путин" with a Latin B).
pub(super) fn repair(text: &str) -> String {
    let words = each_word(text, repair_word);
    match (only_script(&words, Script::Latin), only_script(&words, Script::Cyrillic)) {
        (Some(_), Some(_)) | (None, None) => words,
        (Some(()), None) => each_word(&words, |word| initial(word, Script::Cyrillic, |(c, l)| (c, l))),
        (None, Some(())) => each_word(&words, |word| initial(word, Script::Latin, |(c, l)| (l, c))),
    }
}

/// Replaces the words of `text`, runs of letters and marks, for which `repaired` has something else.
fn each_word(text: &str, repaired: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_alphabetic() || is_combining_mark(c) {
            word.push(c);
        } else {
            out.push_str(&repaired(&word).unwrap_or_else(|| word.clone()));
            word.clear();
            out.push(c);
        }
    }
    out.pop();
    out
}

/// Whether every word of two letters and more is of `script`, and there is one.
fn only_script(text: &str, script: Script) -> Option<()> {
    let mut long = text
        .split(|c: char| !(c.is_alphabetic() || is_combining_mark(c)))
        .filter(|w| w.chars().nth(1).is_some())
        .peekable();
    long.peek()?;
    long.all(|word| word.chars().all(|c| Script::of(c).is_none_or(|s| s == script))).then_some(())
}

/// The twin of a word of one capital letter of `from`; `order` says which of the two letters of a pair
/// of [`CYRILLIC`] is to be replaced by which.
fn initial(word: &str, from: Script, order: fn((char, char)) -> (char, char)) -> Option<String> {
    let mut letters = word.chars();
    let letter = letters.next().filter(|c| c.is_uppercase() && Script::of(*c) == Some(from))?;
    if letters.next().is_some() {
        return None;
    }
    // Not the letters of Komi and Kurdish (Ԁ, Ԛ, Ԝ): a Latin D beside Russian is a D.
    let common = CYRILLIC.iter().filter(|(cyrillic, _)| u32::from(*cyrillic) < 0x500);
    common.map(|pair| order(*pair)).find(|(find, _)| *find == letter).map(|(_, twin)| twin.to_string())
}

/// The word in one script, or `None` if it already is or cannot be.
fn repair_word(word: &str) -> Option<String> {
    if word.is_ascii() {
        return None;
    }
    let count = |script| word.chars().filter(|c| Script::of(*c) == Some(script)).count();
    let (latin, cyrillic, greek) = (count(Script::Latin), count(Script::Cyrillic), count(Script::Greek));
    // Two scripts only: with three there is nothing to go by.
    let (twins, other, other_count): (&[(char, char)], _, _) = match (latin, cyrillic, greek) {
        (1.., 1.., 0) => (&CYRILLIC, Script::Cyrillic, cyrillic),
        (1.., 0, 1..) => (&GREEK, Script::Greek, greek),
        _ => return None,
    };
    let made_small: &[(char, char)] = if other == Script::Cyrillic { &CYRILLIC_MADE_SMALL } else { &[] };
    let to_other = || {
        replace(word, Script::Latin, |c| {
            twins.iter().chain(made_small).find(|(_, l)| *l == c).map(|(other, _)| *other)
        })
    };
    let to_latin = || replace(word, other, |c| twins.iter().find(|(o, _)| *o == c).map(|(_, latin)| *latin));
    // The letters without twin decide, as `replace` fails on them; if all have twins, the majority.
    // Latin wins ties, being what both keyboards can write.
    if other_count > latin { to_other().or_else(to_latin) } else { to_latin().or_else(to_other) }
}

/// Replaces every letter of `from` by its twin; `None` if one has none. Marks stay: ë and ё are twins
/// because e and е are.
fn replace(word: &str, from: Script, twin: impl Fn(char) -> Option<char>) -> Option<String> {
    let letters = word.nfd().map(|c| if Script::of(c) == Some(from) { twin(c) } else { Some(c) });
    letters.collect::<Option<String>>().map(|word| word.nfc().collect())
}
