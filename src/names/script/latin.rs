//! Latin letters with marks: the base letter, and what each language's habits make of it.
//!
//! The same letter is spelled out differently by language (ü is ue in German, u in Turkish, yu in
//! Chinese passports), and a word seldom tells its language. So the systems are: marks dropped; letters
//! spelled out by sound; by sound but with plain vowels; and the Romance and Scandinavian rest.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::any;

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    /// Only the marks are dropped.
    Base,
    /// German vowels, Slavic and Turkish consonants spelled out.
    Sound,
    /// Consonants spelled out, vowels not.
    Consonants,
    /// Plain consonants but ç as s and đ as dj; vowels not spelled out.
    Romance,
}

/// The spellings of a run of Latin letters, in lower case, likeliest first.
pub(super) fn forms(run: &str) -> Vec<String> {
    let vietnamese = run.nfd().any(|c| matches!(c, '\u{309}' | '\u{31b}' | '\u{323}'));
    [System::Base, System::Sound, System::Consonants, System::Romance]
        .map(|system| {
            let mut out = String::with_capacity(run.len() + 4);
            let mut before = None;
            for c in run.chars() {
                // Vietnamese marks say nothing about other spellings: its names just lose them.
                let system = if vietnamese { System::Base } else { system };
                match letter(c, before, system) {
                    Some(latin) => out.push_str(latin),
                    None => {
                        for part in std::iter::once(c).nfd().filter(|c| !is_combining_mark(*c)) {
                            out.push_str(base(part).unwrap_or_else(|| any(part)));
                        }
                    }
                }
                before = Some(c);
            }
            out
        })
        .into()
}

/// What `system` writes for a letter where it is more than the base letter.
fn letter(c: char, before: Option<char>, system: System) -> Option<&'static str> {
    use System::{Base, Consonants, Romance, Sound};
    let consonants = matches!(system, Sound | Consonants);
    Some(match c {
        c if c.is_ascii() || system == Base => return None,
        // Chinese passports write Lyu and Nyu.
        'ü' if system == Consonants && matches!(before, Some('l' | 'n')) => "yu",
        'ä' | 'æ' if system == Sound => "ae",
        'ö' | 'ø' if system == Sound => "oe",
        'ü' if system == Sound => "ue",
        'å' if system == Sound => "aa",
        'ñ' | 'ń' | 'ň' if consonants => "ny",
        'š' | 'ş' | 'ș' | 'ś' if consonants => "sh",
        'č' | 'ć' | 'ç' if consonants => "ch",
        'ç' if system == Romance => "s",
        'ž' if consonants => "zh",
        'ğ' if consonants => "gh",
        'đ' if consonants || system == Romance => "dj",
        'ț' | 'ţ' if consonants => "ts",
        'ł' if system == Sound => "w",
        'ř' if consonants => "rz",
        'ð' if system == Romance => "th",
        'ə' if consonants => "a",
        _ => return None,
    })
}

/// The base of letters that Unicode does not decompose.
fn base(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' | 'ɔ' => "o",
        'å' => "a",
        'ł' => "l",
        'đ' | 'ð' | 'ɖ' | 'ɗ' => "d",
        'þ' => "th",
        'ı' | 'ɪ' => "i",
        'ə' | 'ɛ' | 'ǝ' => "e",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "ng",
        'ĸ' | 'ƙ' => "k",
        'ɓ' => "b",
        'ƴ' => "y",
        'ƣ' => "gh",
        'ſ' => "s",
        _ => return None,
    })
}
