//! Arabic letters, in Arabic and in the languages that borrowed them.
//!
//! Short vowels are not written, so a form holds consonants and the long vowels: it is to be compared
//! by consonants. The three systems differ where the regions do: the standard of the Arab east, the
//! Persian of Iran and Afghanistan, and what Egypt and the Maghreb write (ج g, ش ch, ق k).

use super::any;

#[derive(Clone, Copy, PartialEq, Eq)]
enum System {
    Eastern,
    Persian,
    Western,
}

/// Words that begin with ال as part of themselves, not as the article: Elham, Ilyas, Albert, Alma.
/// Written by hand; the folded spelling.
const NOT_ARTICLE: [&str; 22] = [
    "الله",
    "الهام",
    "الهي",
    "الهه",
    "الياس",
    "الناز",
    "الهيار",
    "الماس",
    "الكس",
    "الكسي",
    "الكسندر",
    "الكساندر",
    "البرت",
    "الفرد",
    "الين",
    "الينا",
    "اليزابيت",
    "السا",
    "التون",
    "التن",
    "الما",
    "الوند",
];

/// The article ال and the word after it, or `None` if `word` has none. `word` is folded.
///
/// ```
/// use zeef::names::script::split_article;
/// assert_eq!(split_article("الاسد"), Some(("ال", "اسد")));
/// assert_eq!(split_article("الله"), None);
/// ```
pub fn split_article(word: &str) -> Option<(&str, &str)> {
    let rest = word.strip_prefix("ال")?;
    // Nothing shorter than two letters is a word of its own.
    if rest.chars().nth(1).is_none() || NOT_ARTICLE.contains(&word) {
        return None;
    }
    Some(word.split_at(word.len() - rest.len()))
}

/// The two parts of a compound name that is written as one word, or `None`. `word` is folded.
///
/// Servant names (عبد with the article or الله), names ending in الله or الدين, and those that begin
/// with a kunya (ابوبكر).
///
/// ```
/// use zeef::names::script::split_compound;
/// assert_eq!(split_compound("عبدالرحمن"), Some(("عبد", "الرحمن")));
/// assert_eq!(split_compound("نورالدين"), Some(("نور", "الدين")));
/// assert_eq!(split_compound("عبدي"), None);
/// ```
pub fn split_compound(word: &str) -> Option<(&str, &str)> {
    if let Some(rest) = word.strip_prefix("عبد")
        && (rest == "الله" || split_article(rest).is_some())
    {
        return Some(word.split_at(word.len() - rest.len()));
    }
    for ending in ["الله", "الدين"] {
        // Two letters at least must remain: فتحالله, not a bare بالله.
        if let Some(first) = word.strip_suffix(ending)
            && first.chars().nth(1).is_some()
        {
            return Some(word.split_at(first.len()));
        }
    }
    let rest = word.strip_prefix("ابو")?;
    // Three letters at least: ابوبكر; shorter remainders are words of their own.
    rest.chars().nth(2)?;
    Some(word.split_at(word.len() - rest.len()))
}

/// The spellings of a run of Arabic letters, likeliest first. They lack the short vowels.
pub(super) fn forms(run: &str) -> Vec<String> {
    let letters: Vec<char> = run.chars().collect();
    // Letters that Arabic does not have, before or after folding.
    let persian = letters.iter().any(|c| "پچژگکیټډړږښڼځڅېۍٹڈڑںے".contains(*c));
    let systems = if persian {
        [System::Persian, System::Eastern, System::Western]
    } else {
        [System::Eastern, System::Persian, System::Western]
    };
    systems.map(|system| write(&letters, system)).into()
}

/// Whether a letter stands for a vowel in Kurdish and Uyghur, which write all of theirs.
fn is_vowel(letter: char) -> bool {
    matches!(
        letter,
        '\u{627}' | '\u{622}' | '\u{6d5}' | '\u{6c6}' | '\u{6c7}' | '\u{6c8}' | '\u{6ce}' | '\u{6d0}'
    )
}

fn write(letters: &[char], system: System) -> String {
    use System::{Eastern, Persian, Western};
    let mut out = String::with_capacity(letters.len() * 2);
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|b| letters[b]);
        let after = letters.get(at + 1).copied();
        let first = before.is_none();
        let last = after.is_none();
        // و and ي are consonants at the beginning and before a vowel, else long vowels; so too before
        // the article in ذوالفقار and ابوالقاسم (Zulfiqar, Abulqasim).
        let before_article = before.is_some_and(|b| matches!(b, 'ذ' | 'ب'))
            && letters.get(at + 1..at + 3) == Some(&['\u{627}', 'ل'])
            && letters.len() > at + 4;
        // Between alef and yeh, both long, waw can only be a consonant (Javid).
        let between = before == Some('\u{627}') && matches!(after, Some('\u{64a}' | '\u{6cc}'));
        let consonant =
            first || (after.is_some_and(is_vowel) && !before_article) || (letter == '\u{648}' && between);
        out.push_str(match letter {
            // An alef before a vowel letter at the beginning only carries it: اويغور, ايران.
            '\u{627}' if first && after.is_some_and(|a| matches!(a, '\u{648}' | '\u{64a}')) => "",
            '\u{627}' | '\u{622}' | '\u{623}' | '\u{671}' => "a",
            '\u{625}' => "i",
            'ب' => "b",
            'پ' => "p",
            'ت' | 'ط' | 'ټ' | 'ٹ' => "t",
            'ث' if system == Eastern => "th",
            'ث' if system == Western => "t",
            'ث' | 'س' | 'ص' => "s",
            'ج' if system == Western => "g",
            'ج' => "j",
            'چ' => "ch",
            'ح' | 'ه' | '\u{6be}' | '\u{6c1}' if !last || before.is_some_and(is_vowel) || letter == 'ح' => {
                "h"
            }
            // A final heh is the feminine ending more often than a consonant; after ل it is that of
            // Abdullah, Dawlah and Khairullah.
            'ه' | '\u{6be}' | '\u{6c1}' | '\u{629}' | '\u{6c0}' => match system {
                Eastern if before == Some('ل') => "h",
                Eastern => "a",
                Persian => "eh",
                Western => "h",
            },
            'خ' => "kh",
            'د' | 'ډ' | 'ڈ' => "d",
            'ذ' if system == Eastern => "dh",
            'ذ' if system == Western => "d",
            'ر' | 'ړ' | 'ڑ' | '\u{695}' => "r",
            'ذ' | 'ز' => "z",
            'ژ' | 'ږ' => "zh",
            'ش' if system == Western => "ch",
            'ش' | 'ښ' => "sh",
            'ض' if system == Persian => "z",
            'ض' => "d",
            'ظ' => "z",
            'ع' if first => "a",
            'ع' => "",
            'غ' => "gh",
            'ف' => "f",
            'ق' if system == Western => "k",
            'ق' if system == Persian => "gh",
            'ق' => "q",
            '\u{643}' | '\u{6a9}' | '\u{6ad}' => "k",
            'گ' => "g",
            'ل' | '\u{6b5}' => "l",
            'م' => "m",
            'ن' | 'ڼ' | 'ں' => "n",
            'ځ' => "dz",
            'څ' => "ts",
            '\u{6a4}' => "v",
            '\u{648}' if consonant => match system {
                Persian => "v",
                Eastern | Western => "w",
            },
            '\u{648}' => match system {
                Eastern => "u",
                Persian => "o",
                Western => "ou",
            },
            '\u{64a}' | '\u{6cc}' | '\u{6cd}' if consonant => "y",
            // Folding has made one of final ى and ي; Mustafa and Musa are the second guess.
            '\u{64a}' if last && system == Western => "a",
            '\u{649}' => "a",
            '\u{64a}' | '\u{6cc}' | '\u{6cd}' | '\u{6d2}' => "i",
            '\u{6d0}' | '\u{6ce}' | '\u{6d5}' => "e",
            '\u{6c6}' => "o",
            '\u{6c7}' | '\u{6c8}' => "u",
            '\u{6cb}' => "w",
            '\u{621}' | '\u{624}' | '\u{626}' | '\'' => "",
            other => any(other),
        });
    }
    out
}
