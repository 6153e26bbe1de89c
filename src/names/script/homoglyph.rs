//! Letters of another script that merely look right.
//!
//! Lists are typed by people who change keyboards in mid-word, and evaders do it on purpose: about
//! 400 aliases of the EU list mix Latin and Cyrillic letters in one word. A word has one script, so a
//! letter that has a twin in the script of the rest is that twin.

use unicode_normalization::char::is_combining_mark;

use super::Script;

/// Cyrillic letters with a Latin twin of the same look. Written from the shapes in common typefaces.
const CYRILLIC: [(char, char); 41] = [
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
    ('Ї', 'Ï'),
    ('Ј', 'J'),
    ('Ѕ', 'S'),
    ('Ё', 'Ë'),
    ('Ү', 'Y'),
    ('Һ', 'H'),
    ('Ԁ', 'D'),
    ('Ԛ', 'Q'),
    ('Ԝ', 'W'),
    ('а', 'a'),
    ('е', 'e'),
    ('к', 'k'),
    ('о', 'o'),
    ('р', 'p'),
    ('с', 'c'),
    ('у', 'y'),
    ('х', 'x'),
    ('і', 'i'),
    ('ї', 'ï'),
    ('ј', 'j'),
    ('ѕ', 's'),
    ('ё', 'ë'),
    ('һ', 'h'),
    ('ԁ', 'd'),
    ('ԛ', 'q'),
    ('ԝ', 'w'),
    ('ӏ', 'l'),
    ('Ӏ', 'I'),
];

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

/// Repairs every word of `text` whose letters are of two scripts and can all be read as one.
pub(super) fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        if c.is_alphabetic() || is_combining_mark(c) {
            word.push(c);
        } else {
            out.push_str(&repair_word(&word).unwrap_or_else(|| word.clone()));
            word.clear();
            out.push(c);
        }
    }
    out.pop();
    out
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
    let to_other =
        || replace(word, Script::Latin, |c| twins.iter().find(|(_, l)| *l == c).map(|(other, _)| *other));
    let to_latin = || replace(word, other, |c| twins.iter().find(|(o, _)| *o == c).map(|(_, latin)| *latin));
    // The letters without twin decide, as `replace` fails on them; if all have twins, the majority.
    // Latin wins ties, being what both keyboards can write.
    if other_count > latin { to_other().or_else(to_latin) } else { to_latin().or_else(to_other) }
}

/// Replaces every letter of `from` by its twin; `None` if one has none.
fn replace(word: &str, from: Script, twin: impl Fn(char) -> Option<char>) -> Option<String> {
    word.chars().map(|c| if Script::of(c) == Some(from) { twin(c) } else { Some(c) }).collect()
}
