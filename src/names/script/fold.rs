//! Hygiene: one character sequence for the many that look or mean the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{Script, homoglyph};

/// Cleans raw text without changing what it says.
///
/// * NFKC, except for signs that it would turn into words (™, ﷺ), which are dropped;
/// * zero-width characters, bidi controls, soft hyphens, variation selectors, private use: removed;
/// * every apostrophe-like character becomes `'`, every hyphen or dash `-`, every double quote `"`;
/// * middle dots between the parts of a name (阿卜杜·热西提) become a space; that of Catalan l·l is dropped;
/// * other digits become ASCII digits;
/// * Arabic: tatweel and vowel signs removed, the spellings of alef, yeh, kaf and heh unified (final
///   ة and ه are one, as are ى and ي: writers of the region interchange them);
/// * Hebrew points and Cyrillic stress accents removed;
/// * letters of another script that merely look right are repaired: `Bладимир` with a Latin B;
/// * white space and controls become single spaces, none at the ends.
///
/// Case, Latin diacritics and vowel signs of Indic scripts are kept. The result is NFC, and folding
/// it again changes nothing.
///
/// ```
/// use zeef::names::script::fold;
/// assert_eq!(fold(" O\u{2019}Brien\u{200b}  \u{2013} X "), "O'Brien - X");
/// ```
pub fn fold(raw: &str) -> String {
    let clean = if raw.is_ascii() { ascii(raw) } else { unicode(raw) };
    collapse_spaces(&clean)
}

/// ASCII needs no normalisation: only backticks and control characters are of concern.
fn ascii(raw: &str) -> String {
    raw.chars()
        .map(|c| match c {
            '`' => '\'',
            c if c.is_ascii_control() => ' ',
            c => c,
        })
        .collect()
}

fn unicode(raw: &str) -> String {
    // Before NFKC: it would split spacing accents (´ is SPACE + COMBINING ACUTE) in the middle of words.
    let mut before = String::with_capacity(raw.len());
    let mut previous = None;
    let mut rest = raw.chars().peekable();
    while let Some(c) = rest.next() {
        if is_middle_dot(c) {
            let catalan = c == '\u{b7}'
                && previous.is_some_and(|p| matches!(p, 'l' | 'L'))
                && rest.peek().is_some_and(|n| matches!(n, 'l' | 'L'));
            if !catalan {
                before.push(' ');
            }
        } else if let Some(c) = punctuation(c)
            && !is_spacing_mark(c)
            && !is_sign(c)
        {
            before.push(c);
        }
        previous = Some(c);
    }
    // After it: what its decompositions brought to light, and the letters themselves. (Ŀ brings the
    // middle dot of Catalan.)
    let dropped = |c: &char| is_vowel_point(*c) || is_middle_dot(*c);
    let folded: String =
        before.nfkc().filter_map(punctuation).filter(|c| !dropped(c)).map(letter).nfc().collect();
    without_stress(&homoglyph::repair(&folded))
}

/// Drops the stress accents that dictionaries and encyclopedias put on Cyrillic vowels. Accents that
/// make another letter (ѓ, ќ) are part of it in NFC and stay.
fn without_stress(text: &str) -> String {
    let mut cyrillic = false;
    text.chars()
        .filter(|c| {
            let stress = cyrillic && matches!(c, '\u{300}' | '\u{301}' | '\u{341}');
            if !is_combining_mark(*c) {
                cyrillic = Script::of(*c) == Some(Script::Cyrillic);
            }
            !stress
        })
        .nfc()
        .collect()
}

/// Apostrophes, hyphens, quotes and spaces become the ASCII ones; `None` for what has no place in a
/// name at all. Everything else is returned as it is.
fn punctuation(c: char) -> Option<char> {
    Some(match c {
        // Apostrophes, primes, modifier letters for ayn, hamza and soft sign, geresh.
        '\''
        | '`'
        | '\u{b4}'
        | '\u{2b9}'
        | '\u{2ba}'
        | '\u{2bb}'..='\u{2bf}'
        | '\u{2c8}'
        | '\u{2ca}'
        | '\u{2cb}'
        | '\u{384}'
        | '\u{55a}'
        | '\u{5f3}'
        | '\u{1fbd}'
        | '\u{1fbf}'
        | '\u{1fef}'
        | '\u{1ffd}'
        | '\u{1ffe}'
        | '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{a78b}'
        | '\u{a78c}'
        | '\u{ff07}'
        | '\u{ff40}' => '\'',
        // Hyphens and dashes, maqaf, Armenian and Mongolian hyphens; not the long-vowel sign of kana.
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{58a}'
        | '\u{5be}'
        | '\u{1806}'
        | '\u{2e17}'
        | '\u{2e3a}'
        | '\u{2e3b}'
        | '\u{fe31}'
        | '\u{fe32}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}' => '-',
        '\u{201c}'..='\u{201f}'
        | '\u{ab}'
        | '\u{bb}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{5f4}'
        | '\u{300a}'
        | '\u{300b}'
        | '\u{300c}'..='\u{300f}'
        | '\u{ff02}'
        | '\u{275d}'
        | '\u{275e}' => '"',
        // The Arabic comma separates like the ASCII one.
        '\u{60c}' | '\u{3001}' => ',',
        c if c.is_whitespace() => ' ',
        // Soft hyphen, zero-width and bidi controls, fillers, tatweel, variation selectors, tags.
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{640}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{ffff}'
        | '\u{e000}'..='\u{f8ff}'
        | '\u{e0000}'..='\u{10ffff}' => return None,
        c if c.is_control() => ' ',
        c => c,
    })
}

/// Whether `c` is a spacing accent, which NFKC would turn into a space and a combining mark.
fn is_spacing_mark(c: char) -> bool {
    if c.is_ascii() || c.is_whitespace() {
        return false;
    }
    let mut parts = std::iter::once(c).nfkd();
    parts.next() == Some(' ') && parts.next().is_some_and(is_combining_mark)
}

/// Signs that are not part of a name but would become letters of it: ™ ℠ © ®, and the Arabic
/// benedictions written as one character.
fn is_sign(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{2120}' | '\u{2122}' | '\u{fdfa}' | '\u{fdfb}' | '\u{fdfd}')
}

/// Dots that separate the parts of a name, mostly of foreign names in Chinese and Japanese.
fn is_middle_dot(c: char) -> bool {
    matches!(
        c,
        '\u{b7}'
            | '\u{387}'
            | '\u{2022}'
            | '\u{2027}'
            | '\u{2219}'
            | '\u{22c5}'
            | '\u{2e31}'
            | '\u{30fb}'
            | '\u{ff65}'
    )
}

/// Vowel signs and points that are written or left out at will: Arabic harakat and Hebrew niqqud.
fn is_vowel_point(c: char) -> bool {
    matches!(c,
        '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8d3}'..='\u{8ff}'
        | '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}')
}

/// Unifies letters: digits to ASCII, the spellings of one Arabic letter to one.
fn letter(c: char) -> char {
    match c {
        c if c.is_ascii() => c,
        // Alef with hamza or madda, wasla.
        '\u{622}' | '\u{623}' | '\u{625}' | '\u{671}' | '\u{672}' | '\u{673}' => '\u{627}',
        // Waw and yeh as seats of hamza.
        '\u{624}' => '\u{648}',
        '\u{626}' => '\u{64a}',
        // Alef maksura, Persian yeh, barree: all yeh.
        '\u{649}' | '\u{6cc}' | '\u{6cd}' | '\u{6d2}' | '\u{6d3}' | '\u{6ce}' => '\u{64a}',
        // Kaf as written in Persian, Urdu and Sindhi.
        '\u{6a9}' | '\u{6aa}' => '\u{643}',
        // Teh marbuta, heh doachashmee, goal and with yeh above: all heh.
        '\u{629}' | '\u{6be}' | '\u{6c0}' | '\u{6c1}' | '\u{6c2}' | '\u{6c3}' => '\u{647}',
        c => digit(c).unwrap_or(c),
    }
}

/// The ASCII digit of a decimal digit of another script (Unicode general category Nd).
fn digit(c: char) -> Option<char> {
    /// The zeros of the scripts whose digits are met in lists; NFKC has already made ASCII of the
    /// full-width and mathematical ones.
    const ZEROS: [u32; 24] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
        0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0xa8d0, 0xaa50,
    ];
    let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|v| *v < 10))?;
    char::from_digit(value, 10)
}

/// Single spaces between words, none at the ends.
fn collapse_spaces(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
