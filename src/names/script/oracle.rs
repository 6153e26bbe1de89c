//! ICU4X as the oracle: its CLDR transliterators (BGN/PCGN where they exist) and our forms agree on
//! the consonants of generated words.
//!
//! (Not Arabic: its transliterators want the vowel marks that names are written without.)
//! Vowels are left out of the comparison: there the systems differ on purpose. So are the letters that
//! a standard writes by conventions that no passport follows (ayn and soft sign as apostrophes, Greek
//! and Hebrew letters of two sounds): they are not among the letters of the generated words.

use icu_experimental::transliterate::Transliterator;
use unicode_normalization::UnicodeNormalization;

use super::{fold, romanise};

/// The consonants of a Latin spelling as far as systems agree: marks and vowels dropped, digraphs
/// reduced to one letter, doubled letters to one.
fn skeleton(latin: &str) -> String {
    let ascii: String = latin.nfd().map(any_ascii::any_ascii_char).collect::<String>().to_lowercase();
    let mut letters: String = ascii.chars().filter(char::is_ascii_lowercase).collect();
    for (digraph, letter) in [
        ("shch", "S"),
        ("sht", "S"),
        ("kh", "H"),
        ("zh", "Z"),
        ("ch", "C"),
        ("sh", "X"),
        ("ts", "T"),
        ("tz", "T"),
        ("dz", "D"),
        ("gh", "g"),
        ("th", "t"),
        ("dh", "d"),
        ("ph", "f"),
    ] {
        letters = letters.replace(digraph, letter);
    }
    let mut out = String::new();
    for letter in letters.chars() {
        let letter = match letter {
            'a' | 'e' | 'i' | 'o' | 'u' | 'y' | 'j' => continue,
            'h' => 'H',
            'w' => 'v',
            'q' => 'k',
            letter => letter,
        };
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
    out
}

/// Every word of two syllables of the given consonants and vowels, each consonant before and after
/// each vowel at least once.
fn words(consonants: &str, vowels: &str) -> Vec<String> {
    let consonants: Vec<char> = consonants.chars().collect();
    let vowels: Vec<char> = vowels.chars().collect();
    let mut words = Vec::new();
    for (at, first) in consonants.iter().enumerate() {
        for (by, vowel) in vowels.iter().enumerate() {
            let second = consonants[(at + by + 1) % consonants.len()];
            let other = vowels[(at + by) % vowels.len()];
            words.push(format!("{first}{vowel}{second}{other}"));
            words.push(format!("{first}{vowel}{second}"));
        }
    }
    words
}

/// Our forms of every word of these letters hold the consonants that ICU4X's transliterator writes.
fn check(locale: &str, consonants: &str, vowels: &str) {
    let locale = locale.parse().unwrap();
    let oracle = Transliterator::try_new(&locale).unwrap();
    let words = words(consonants, vowels);
    let mut apart = Vec::new();
    let mut compared = 0;
    for word in &words {
        let latin = oracle.transliterate(word.clone());
        // Some of its rules lack letters. What it leaves as it is, `skeleton` would transliterate, and
        // so compare us with `any_ascii`.
        if latin.chars().any(|c| word.contains(c)) {
            continue;
        }
        compared += 1;
        let expected = skeleton(&latin);
        let forms = romanise(&fold(word)).forms;
        if !forms.iter().any(|form| skeleton(form) == expected) {
            apart.push(format!("{word}: {expected} not in {forms:?}"));
        }
    }
    assert!(compared * 2 > words.len(), "{locale}: the oracle read only {compared} words");
    assert!(
        apart.is_empty(),
        "{locale}: {} of {} apart, among them {:#?}",
        apart.len(),
        compared,
        &apart[..apart.len().min(12)]
    );
}

#[test]
fn cyrillic_agrees() {
    check("ru-Latn-t-ru-m0-bgn", "бвгджзклмнпрстфхцчшщ", "аеиоуыэюя");
    // і in every word, so that it is read as Ukrainian.
    check("uk-Latn-t-uk-m0-bgn", "бвгджзклмнпрстфхцчшщ", "іїє");
    check("be-Latn-t-be-m0-bgn", "бвгджзклмнпрстфхцчш", "і");
    check("bg-Latn-t-bg-m0-bgn", "бвгджзклмнпрстфхцчшщ", "аеиоу");
    check("mk-Latn-t-mk-m0-bgn", "бвгдзклмнпрстф", "аеиоу");
}

#[test]
fn greek_agrees() {
    check("el-Latn-t-el-m0-bgn", "βδζθκλμνξπρστφψ", "αεηιουω");
}

#[test]
fn georgian_and_armenian_agree() {
    check("ka-Latn-t-ka-m0-bgn", "ბგდვზთკლმნპჟრსტფქღშჩცძწჭხჯჰ", "აეიოუ");
    check("hy-Latn-t-hy-m0-bgn", "բգդզթժլխկհձղճմնշչպջռսվտրցփքֆ", "աէի");
}

#[test]
fn hebrew_agrees() {
    check("he-Latn-t-he-m0-bgn", "גדזטלמנסרת", "א");
}
