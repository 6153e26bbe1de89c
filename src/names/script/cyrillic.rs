//! Cyrillic, per language as far as the letters tell.
//!
//! Each form is one *system* applied to the whole word: a passport or a newspaper writes by one rule
//! throughout, so mixing rules within a word would only invent spellings.

use super::any;

/// The language group whose habits a word is read by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Language {
    /// Russian, and every word whose letters do not say otherwise.
    Russian,
    Ukrainian,
    Belarusian,
    Bulgarian,
    /// Serbian, Macedonian, Montenegrin.
    Serbian,
    /// Mongolian, Kazakh, Kyrgyz, Tatar, Tajik, Uzbek, Caucasian languages.
    Eastern,
}

/// One way of writing Cyrillic in Latin letters.
#[derive(Clone, Copy, Default)]
struct System {
    language: Option<Language>,
    /// г is h.
    g_is_h: bool,
    /// и is y (Ukrainian).
    i_is_y: bool,
    /// е is ye and ё yo at the beginning, after vowels and after signs; ё is e without it.
    ye: bool,
    /// ю and я are iu and ia after consonants, as in passports; else yu and ya.
    soft_is_i: bool,
    /// кс is x.
    x: bool,
    /// х is h, else kh.
    h: bool,
    /// The ending -ий and -ый is y, else spelled out.
    short_ending: bool,
    /// щ is sht and ъ u between consonants (Bulgarian).
    sht: bool,
    /// ц is c, ч ch is c, ш s, ж z: the Latin letters of Serbian without their marks.
    bare: bool,
    /// ў is v, ө is o, қ is q, ж is j.
    other: bool,
}

/// The spellings of a run of Cyrillic, in lower case, likeliest first.
pub(super) fn forms(run: &str) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    let base = System::default();
    let language = language(&letters);
    let systems: Vec<System> = match language {
        Language::Russian => vec![
            System { short_ending: true, ..base },
            System { ye: true, x: true, ..base },
            System { soft_is_i: true, h: true, x: letters.contains(&'ё'), ..base },
            // The word may as well be Ukrainian or Belarusian, or Bulgarian, without a letter to tell.
            System { g_is_h: true, soft_is_i: true, short_ending: true, sht: true, h: true, ..base },
        ],
        Language::Ukrainian => vec![
            System { g_is_h: true, i_is_y: true, soft_is_i: true, ye: true, ..base },
            System { short_ending: true, x: true, ..base },
            System { g_is_h: true, i_is_y: true, ye: true, short_ending: true, h: true, ..base },
            System { g_is_h: true, ..base },
        ],
        Language::Belarusian => vec![
            System { g_is_h: true, soft_is_i: true, ye: true, ..base },
            System { g_is_h: true, ye: true, short_ending: true, x: true, other: true, ..base },
            System { short_ending: true, other: true, ..base },
            System { g_is_h: true, h: true, soft_is_i: true, ..base },
        ],
        Language::Bulgarian => {
            vec![System { sht: true, h: true, ..base }, System { sht: true, other: true, ..base }]
        }
        Language::Serbian => {
            vec![
                System { h: true, bare: true, ..base },
                System { h: true, ..base },
                System { h: true, other: true, ..base },
            ]
        }
        Language::Eastern => vec![
            System { ..base },
            System { ye: true, h: true, other: true, ..base },
            System { h: true, soft_is_i: true, x: true, ..base },
        ],
    };
    systems.into_iter().map(|s| write(&letters, System { language: Some(language), ..s })).collect()
}

/// Tells the language by letters that the others do not have.
fn language(letters: &[char]) -> Language {
    let has = |set: &str| letters.iter().any(|l| set.contains(*l));
    if has("әғқңөұүһҳҷҗӯӣӕӏҡҙҫԥҕ") {
        Language::Eastern
    } else if has("ў") {
        Language::Belarusian
    } else if has("ђјљњћџѓќѕѐѝ") {
        Language::Serbian
    } else if has("іїєґ") {
        // ы, э and ё are letters of Belarusian and not of Ukrainian.
        if has("ыэё") { Language::Belarusian } else { Language::Ukrainian }
    } else if hard_sign_is_vowel(letters) {
        Language::Bulgarian
    } else {
        Language::Russian
    }
}

/// In Russian ъ stands before е, ё, ю, я only; between consonants it is the Bulgarian vowel. At the
/// end it is Russian of before 1918.
fn hard_sign_is_vowel(letters: &[char]) -> bool {
    letters.windows(2).any(|pair| pair[0] == 'ъ' && !is_vowel(pair[1]))
}

fn is_vowel(letter: char) -> bool {
    "аеёиоуыэюяіїєўәөұүӯӣѣ".contains(letter)
}

/// Writes the letters by one system.
fn write(letters: &[char], system: System) -> String {
    use Language::{Belarusian, Bulgarian, Eastern, Serbian, Ukrainian};
    let language = system.language.unwrap_or(Language::Russian);
    let mut out = String::with_capacity(letters.len() * 2);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| letters[b]);
        let after = letters.get(at + 1).copied();
        // Where a softening vowel is pronounced with its y.
        let open = before.is_none_or(|b| is_vowel(b) || matches!(b, 'ь' | 'ъ' | '\'' | 'й'));
        let last = after.is_none();
        let latin = match letter {
            'а' => "a",
            'б' => "b",
            'в' => "v",
            'г' if system.g_is_h && before == Some('з') => "gh",
            'г' if system.g_is_h => "h",
            'г' | 'ґ' => "g",
            'д' => "d",
            'е' if language == Ukrainian => "e",
            'е' if system.ye && open => "ye",
            'е' | 'э' => "e",
            // After ж ч ш щ it is a plain o, but passports and the press write e (Горбачёв, Gorbachev).
            'ё' if language == Belarusian => "io",
            'ё' if before.is_some_and(|b| "жчшщ".contains(b)) => {
                if system.x {
                    "o"
                } else {
                    "e"
                }
            }
            'ё' if system.ye => "yo",
            'ё' if system.soft_is_i => "io",
            'ё' => "e",
            'ж' if system.bare => "z",
            'ж' if language == Eastern && system.other => "j",
            'ж' => "zh",
            'з' => "z",
            'и' if before == Some('ь') && system.ye => "yi",
            'и' if system.short_ending
                && after == Some('й')
                && at + 2 == letters.len()
                && language != Ukrainian =>
            {
                continue;
            }
            'ы' if system.short_ending && after == Some('й') && at + 2 == letters.len() => continue,
            'и' if system.i_is_y => "y",
            'и' => "i",
            'і' if system.short_ending && after == Some('й') && at + 2 == letters.len() => continue,
            'і' => "i",
            'ї' if system.ye && open && !system.soft_is_i => "yi",
            'ї' => "i",
            'й' if system.soft_is_i => "i",
            'й' => "y",
            'к' if system.x && after == Some('с') => continue,
            'к' => "k",
            'л' => "l",
            'м' => "m",
            'н' => "n",
            'о' => "o",
            'п' => "p",
            'р' => "r",
            'с' if system.x && before == Some('к') => "x",
            'с' => "s",
            'т' => "t",
            'у' => "u",
            'ф' => "f",
            'х' if system.h => "h",
            'х' => "kh",
            'ц' if system.bare || (language == Serbian && !system.other) => "c",
            'ц' => "ts",
            'ч' if system.bare => "c",
            'ч' => "ch",
            'ш' if system.bare => "s",
            'ш' => "sh",
            'щ' if system.sht => "sht",
            'щ' => "shch",
            'ъ' if language == Bulgarian && !last => {
                if system.other {
                    "u"
                } else {
                    "a"
                }
            }
            'ъ' | 'ь' | '\'' => "",
            'ы' => "y",
            'є' if open && system.ye => "ye",
            'є' if system.soft_is_i || system.g_is_h => "ie",
            'є' => "e",
            'ю' if system.soft_is_i && !at_start(before) => "iu",
            'ю' => "yu",
            'я' if system.soft_is_i && !at_start(before) => "ia",
            'я' => "ya",
            // Uzbek shares ў with Belarusian, but is told by its other letters.
            'ў' if language == Eastern => "o",
            'ў' if system.other => "v",
            'ў' => "u",
            // Serbian and Macedonian.
            'ђ' if system.bare => "dj",
            'ђ' if system.other => "dz",
            'ђ' => "d",
            'ј' if system.other => "y",
            'ј' => "j",
            'љ' if system.other => "l",
            'љ' => "lj",
            'њ' if system.other => "n",
            'њ' => "nj",
            'ћ' if system.bare => "c",
            'ћ' => "ch",
            'џ' if system.bare => "dz",
            'џ' if system.other => "j",
            'џ' => "dzh",
            'ѓ' if system.other => "g",
            'ѓ' => "gj",
            'ќ' if system.other => "k",
            'ќ' => "kj",
            'ѕ' => "dz",
            'ѐ' => "e",
            'ѝ' => "i",
            // Letters of the languages of Asia and the Caucasus.
            'ә' if system.other => "e",
            'ә' | 'ӕ' => "a",
            'ғ' | 'ҕ' if system.other => "gh",
            'ғ' | 'ҕ' => "g",
            'қ' | 'ҡ' if system.other => "q",
            'қ' | 'ҡ' => "k",
            'ң' if system.other => "n",
            'ң' => "ng",
            'ө' if system.other => "u",
            'ө' => "o",
            'ұ' | 'ү' | 'ӯ' => "u",
            'һ' | 'ҳ' => "h",
            'ҷ' | 'җ' => "j",
            'ӣ' => "i",
            'ҙ' => "z",
            'ҫ' => "s",
            'ӏ' => "",
            'ѣ' => "e",
            other => any(other),
        };
        out.push_str(latin);
    }
    out
}

/// Passports write Iu and Ia even there, but the press and BGN/PCGN Yu and Ya, and the ear cannot tell.
fn at_start(before: Option<char>) -> bool {
    before.is_none()
}
