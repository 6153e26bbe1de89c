//! Hebrew: consonants, and the letters that stand for vowels.
//!
//! ב, כ and פ have two sounds each that unpointed text does not tell apart, ש two as well, and ו and י
//! are consonants or vowels: the first form takes the likelier by position, the others the rest.

use super::any;

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    /// The likelier sound by position.
    Likely,
    /// The other sound within the word: v, f, ch; ו as u.
    Soft,
    /// ש as s, ו as v, צ as z.
    Other,
}

/// The spellings of a run of Hebrew, likeliest first. They lack most vowels.
pub(super) fn forms(run: &str) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    [System::Likely, System::Soft, System::Other].map(|system| write(&letters, system)).into()
}

fn write(letters: &[char], system: System) -> String {
    use System::{Likely, Other, Soft};
    let mut out = String::with_capacity(letters.len() * 2);
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let first = at == 0;
        let next = letters.get(at + 1).copied();
        let last = next.is_none();
        let mut taken = 1;
        let latin = match letter {
            // Geresh: sounds of foreign names.
            'ג' | 'ז' | 'צ' | 'ץ' | 'ת' | 'ו' if next == Some('\'') => {
                taken = 2;
                match letter {
                    'ג' => "j",
                    'ז' => "zh",
                    'ת' => "th",
                    'ו' => "w",
                    _ => "ch",
                }
            }
            'א' | 'ע' if first && !next.is_some_and(|n| matches!(n, 'ו' | 'י')) => "a",
            'א' | 'ע' | '\'' => "",
            'ב' if first || system == Likely => "b",
            'ב' => "v",
            'ג' => "g",
            'ד' => "d",
            'ה' if last => {
                if system == Soft {
                    "h"
                } else {
                    "a"
                }
            }
            'ה' => "h",
            'ו' if next == Some('ו') => {
                taken = 2;
                "v"
            }
            'ו' if first => "v",
            'ו' => match system {
                Likely => "o",
                Soft => "u",
                Other => "v",
            },
            'ז' => "z",
            'ח' if system == Soft => "ch",
            'ח' => "h",
            'ט' => "t",
            'י' if next == Some('י') => {
                taken = 2;
                "y"
            }
            'י' if first => "y",
            'י' => "i",
            'כ' if first && system != Soft => "k",
            'כ' | 'ך' => match system {
                Likely => "kh",
                Soft => "ch",
                Other => "k",
            },
            'ל' => "l",
            'מ' | 'ם' => "m",
            'נ' | 'ן' => "n",
            'ס' => "s",
            'פ' if first || system == Likely => "p",
            'פ' | 'ף' => "f",
            'צ' | 'ץ' if system == Other => "z",
            'צ' | 'ץ' => "ts",
            'ק' => "k",
            'ר' => "r",
            'ש' if system == Other => "s",
            'ש' => "sh",
            'ת' => "t",
            other => any(other),
        };
        out.push_str(latin);
        at += taken;
    }
    out
}
