//! Lines of a text, and what parts a line into what belongs together.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use crate::names::organisation::AnalysedOrganisation;

use super::phrase::words_of;

/// One line of a text, without its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// Counted from 1.
    pub number: u32,
    /// Byte of the text at which it begins.
    pub start: usize,
    pub text: &'t str,
}

/// The lines of a text; `\n`, `\r\n` and `\r` end one.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let mut all = Vec::new();
    let mut start = 0;
    let mut signs = text.bytes().enumerate().peekable();
    // Only ASCII bytes are looked for, so every border is one between characters.
    while let Some((at, byte)) = signs.next() {
        if !matches!(byte, b'\n' | b'\r') {
            continue;
        }
        all.push((start, at));
        start = at + 1;
        if byte == b'\r' && signs.next_if(|(_, next)| *next == b'\n').is_some() {
            start += 1;
        }
    }
    all.push((start, text.len()));
    let line =
        |(number, (start, end)): (u32, (usize, usize))| Line { number, start, text: &text[start..end] };
    (1..).zip(all).map(line).collect()
}

/// Words of Chinese prose that stand before or after an institution without a space, by their first
/// character, the longest first: they end its name.
static HAN_BREAKS: LazyLock<FxHashMap<char, Vec<&str>>> = LazyLock::new(|| {
    let mut breaks: FxHashMap<char, Vec<&str>> = FxHashMap::default();
    for word in words_of(include_str!("data/han_breaks.txt")) {
        breaks.entry(word.chars().next().unwrap_or_default()).or_default().push(word);
    }
    breaks.values_mut().for_each(|words| words.sort_by_key(|word| std::cmp::Reverse(word.len())));
    breaks
});

/// Signs that part cells, items and sentences.
fn is_border(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}'
            | '\u{c}'
            | '\u{2028}'
            | '\u{2029}'
            | '|'
            | '¦'
            | '│'
            | '•'
            | '◦'
            | '▪'
            | '■'
            | '□'
            | '●'
            | '○'
            | '‣'
            | '→'
            | '⇒'
            | '★'
            | '※'
            | '。'
            | '；'
            | '！'
            | '？'
            | '!'
            | '?'
            | '*'
            | '…'
    )
}

/// A line of as many bytes in which a comma stands for everything that ends what an institution's name can
/// be part of: borders of cells, items and sentences, columns of spaces, words of Chinese prose.
pub(super) fn parted(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    // The last sign was a digit, or a sign of a date after one.
    let mut dated = false;
    while let Some(c) = rest.chars().next() {
        let here = line.len() - rest.len();
        let taken = if is_border(c)
            || (c == '·' && is_spaced(line, here, c))
            || (c == '.' && ends_sentence(line, here))
            || (matches!(c, '和' | '与' | '與' | '及') && follows_institution(line, here))
            || (dated && matches!(c, '年' | '月' | '日' | '至' | '到' | '起' | '今'))
        {
            c.len_utf8()
        } else if rest.starts_with("   ") {
            rest.len() - rest.trim_start_matches(' ').len()
        } else if ('\u{3400}'..='\u{9fff}').contains(&c) {
            let words = HAN_BREAKS.get(&c).map_or(&[][..], Vec::as_slice);
            words.iter().find(|word| rest.starts_with(**word)).map_or(0, |word| word.len())
        } else {
            0
        };
        let (now, later) = rest.split_at(if taken == 0 { c.len_utf8() } else { taken });
        if taken == 0 {
            out.push_str(now);
        } else {
            out.extend(std::iter::repeat_n(',', taken));
        }
        dated = c.is_ascii_digit() || (dated && (taken > 0 || c.is_whitespace()));
        rest = later;
    }
    out
}

fn is_spaced(line: &str, at: usize, c: char) -> bool {
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    space(line[..at].chars().next_back()) && space(line[at + c.len_utf8()..].chars().next())
}

/// Whether a Chinese "and" stands after what an institution's name ends with; elsewhere it may be part of
/// a name.
fn follows_institution(line: &str, at: usize) -> bool {
    line[..at].ends_with(['学', '學', '院', '所', '校', '系', '司', '室'])
}

/// Whether a full stop ends a sentence and no abbreviation ("Harbin Inst. Technol. Harbin").
fn ends_sentence(line: &str, at: usize) -> bool {
    let mut after = line[at + 1..].chars();
    if !after.next().is_some_and(char::is_whitespace) {
        return false;
    }
    let starts = after.find(|c| !c.is_whitespace());
    if starts.is_none_or(char::is_lowercase) {
        return false;
    }
    let before = &line[..at];
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    if word.chars().count() < 4 {
        return false;
    }
    let meant = AnalysedOrganisation::of(&line[at - word.len()..=at]);
    // A word that stands for a longer one is shortened.
    meant.words.last().is_none_or(|w| !(w.known && w.text.len() < w.key.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_systems_end_them() {
        let text = "a\nb\r\nc\rd\n";
        let found: Vec<(u32, usize, &str)> =
            lines(text).iter().map(|l| (l.number, l.start, l.text)).collect();
        assert_eq!(found, [(1, 0, "a"), (2, 2, "b"), (3, 5, "c"), (4, 7, "d"), (5, 9, "")]);
    }

    #[test]
    fn what_parts_a_line() {
        for (line, expected) in [
            ("a\tb|c", "a,b,c"),
            ("2015年9月至今在清华大学", "2015,,,9,,,,,,,,,,,,清华大学"),
            ("2015   X", "2015,,,X"),
            ("I left Harbin. Later I came", "I left Harbin, Later I came"),
            ("Harbin Inst. Technol. Harbin", "Harbin Inst. Technol. Harbin"),
            ("Dept. Physics. Leiden", "Dept. Physics, Leiden"),
            ("J. S. Bach", "J. S. Bach"),
            ("A · B, l·l", "A ,, B, l·l"),
            ("北京大学和清华大学", "北京大学,,,清华大学"),
            ("和田大学", "和田大学"),
        ] {
            assert_eq!(parted(line), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn parting_keeps_every_byte_in_its_place(line in "\\PC{0,40}") {
            let parted = parted(&line);
            proptest::prop_assert_eq!(parted.len(), line.len());
            for (at, c) in parted.char_indices() {
                proptest::prop_assert!(c == ',' || line[at..].starts_with(c));
            }
        }
    }
}
