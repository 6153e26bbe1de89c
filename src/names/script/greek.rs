//! Greek, with its digraphs.
//!
//! Three systems: ELOT 743, by which passports are written; the press, which writes what is heard
//! (Μπακογιάννη: Bakoyanni); and the classical habit (Demetrios, Basil).

use unicode_normalization::UnicodeNormalization;

use super::any;

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Passport,
    Press,
    Classical,
}

/// A letter without its marks, and what the marks said.
#[derive(Clone, Copy)]
struct Letter {
    base: char,
    /// An accent on the first of two vowels tells that they are spoken apart (Μάιος).
    accented: bool,
    /// So does a diaeresis on the second (Αϊδίνης).
    diaeresis: bool,
}

/// The spellings of a run of Greek, in lower case.
pub(super) fn forms(run: &str) -> Vec<String> {
    let letters = letters(run);
    [System::Passport, System::Press, System::Classical].map(|system| write(&letters, system)).into()
}

fn letters(run: &str) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for c in run.nfd() {
        match (c, letters.last_mut()) {
            ('\u{308}', Some(last)) => last.diaeresis = true,
            ('\u{300}' | '\u{301}' | '\u{342}', Some(last)) => last.accented = true,
            _ if unicode_normalization::char::is_combining_mark(c) => {}
            _ => {
                let base = if c == 'ς' { 'σ' } else { c };
                letters.push(Letter { base, accented: false, diaeresis: false });
            }
        }
    }
    letters
}

fn write(letters: &[Letter], system: System) -> String {
    let mut out = String::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(letter) = letters.get(at) {
        let next = letters.get(at + 1);
        let pair = next.and_then(|next| {
            let after = letters.get(at + 2).map(|l| l.base);
            digraph(*letter, *next, at == 0, after, system)
        });
        if let Some(latin) = pair {
            out.push_str(latin);
            at += 2;
        } else {
            out.push_str(single(letter.base, next.map(|n| n.base), system));
            at += 1;
        }
    }
    out
}

fn digraph(
    first: Letter,
    second: Letter,
    initial: bool,
    after: Option<char>,
    system: System,
) -> Option<&'static str> {
    use System::{Classical, Passport, Press};
    // αυ and ευ end in f before what is spoken without voice.
    let voiceless = after.is_none_or(|c| "θκξπστφχψ".contains(c));
    let last = after.is_none();
    let apart = first.accented || second.diaeresis;
    Some(match (first.base, second.base, system) {
        ('ο', 'υ', _) if apart => return None,
        ('ο', 'υ', Press) => "u",
        ('ο', 'υ', _) => "ou",
        ('α', 'υ', _) if !apart => match (system, voiceless) {
            (Classical, _) => "au",
            (_, true) => "af",
            (_, false) => "av",
        },
        ('ε', 'υ', _) if !apart => match (system, voiceless) {
            (Classical, _) => "eu",
            (_, true) => "ef",
            (_, false) => "ev",
        },
        ('η', 'υ', _) if !apart => {
            if voiceless {
                "if"
            } else {
                "iv"
            }
        }
        ('α', 'ι', Press) if !apart => "e",
        ('ε' | 'ο', 'ι', Press) if !apart => "i",
        ('μ', 'π', Press) => "b",
        ('μ', 'π', _) if initial || last => "b",
        ('ν', 'τ', Press) if initial => "d",
        ('ν', 'τ', Press) => "nd",
        ('ν', 'τ', Classical) if initial => "d",
        ('γ', 'γ', _) => "ng",
        ('γ', 'κ', Press) if initial => "g",
        ('γ', 'κ', Press) => "ng",
        ('γ', 'κ', _) => "gk",
        ('γ', 'ξ', _) => "nx",
        ('γ', 'χ', _) => "nch",
        ('τ', 'ζ', Press) => "dz",
        ('τ', 'ζ', Passport | Classical) => "tz",
        _ => return None,
    })
}

fn single(letter: char, next: Option<char>, system: System) -> &'static str {
    use System::{Classical, Press};
    match (letter, system) {
        ('α', _) => "a",
        ('β', Classical) => "b",
        ('β', _) => "v",
        ('γ', Press) if next.is_some_and(|n| "ειηυ".contains(n)) => "y",
        ('γ', _) => "g",
        ('δ', _) => "d",
        ('ε', _) => "e",
        ('ζ', _) => "z",
        ('η', Classical) => "e",
        ('η', _) => "i",
        ('θ', _) => "th",
        ('ι', _) => "i",
        ('κ', _) => "k",
        ('λ', _) => "l",
        ('μ', _) => "m",
        ('ν', _) => "n",
        ('ξ', _) => "x",
        ('ο' | 'ω', _) => "o",
        ('π', _) => "p",
        ('ρ', _) => "r",
        ('σ', _) => "s",
        ('τ', _) => "t",
        ('υ', Press) => "i",
        ('υ', _) => "y",
        ('φ', Classical) => "ph",
        ('φ', _) => "f",
        ('χ', Press) => "h",
        ('χ', _) => "ch",
        ('ψ', _) => "ps",
        (other, _) => any(other),
    }
}
