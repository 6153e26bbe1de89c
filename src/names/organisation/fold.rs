//! From text to folded words and segments.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

use crate::names::script;

/// A word as folded, before its meaning is looked up.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct RawWord {
    pub text: String,
    /// The word in Latin letters; empty where it is written so, or in Han.
    pub latin: String,
    pub segment: u16,
    /// Which characters of the folded text it was read from: the first, and the one after the last.
    pub place: (u32, u32),
    /// A full stop follows.
    pub dotted: bool,
    /// All its letters are capitals (two at least).
    pub capitals: bool,
    pub han: bool,
}

/// Words that are written before an apostrophe and are not part of the word after it.
const ELISIONS: &[&str] = &["d", "l", "dell", "nell", "all", "sull", "dall", "qu", "un"];

/// Whether a character is a Han ideograph.
pub(super) fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF | 0x3007)
}

/// Splits text into folded words.
///
/// Commas, semicolons, slashes, brackets, colons and spaced dashes end a segment; quotes do not.
/// Words that hold an `@` are mail addresses and are left out.
pub(super) fn raw_words(text: &str) -> Vec<RawWord> {
    folded_words(&script::fold(&ends_kept(text)))
}

/// A text in which what hygiene would make plain hyphens and spaces of ends a segment. As many characters
/// as before.
pub(super) fn ends_kept(text: &str) -> String {
    text.replace(['\u{2014}', '\n'], ",")
}

/// Splits text that has passed [`script::fold`].
pub(super) fn folded_words(folded: &str) -> Vec<RawWord> {
    let mut folder = Folder::default();
    let chars: Vec<char> = folded.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if chars[at].is_whitespace() {
            folder.end_word();
            at += 1;
            let end = chars[at..].iter().position(|c| c.is_whitespace()).map_or(chars.len(), |n| at + n);
            if chars[at..end].contains(&'@') {
                at = end;
            }
            continue;
        }
        folder.take(&chars, at);
        at += 1;
    }
    folder.end_word();
    merge_initials(folder.words)
}

#[derive(Default)]
struct Folder {
    words: Vec<RawWord>,
    word: String,
    place: (u32, u32),
    letters: usize,
    lower: usize,
    han: bool,
    /// The next character belongs to a possessive ending and is skipped.
    skip: bool,
    segment: u16,
    /// A word stands in the current segment.
    used: bool,
}

impl RawWord {
    /// The word in Latin letters, or as it is where it has none.
    pub(super) fn latin(&self) -> &str {
        if self.latin.is_empty() { &self.text } else { &self.latin }
    }
}

impl Folder {
    fn take(&mut self, chars: &[char], at: usize) {
        let c = chars[at];
        if std::mem::take(&mut self.skip) {
            return;
        }
        let before = at.checked_sub(1).map(|i| chars[i]);
        let after = chars.get(at + 1).copied();
        if c.is_alphanumeric() {
            self.letter(c, at as u32);
            return;
        }
        match c {
            '\'' => {
                let possessive = matches!(after, Some('s' | 'S'))
                    && !chars.get(at + 2).is_some_and(|c| c.is_alphanumeric());
                if self.word.is_empty() {
                } else if possessive {
                    self.skip = true;
                } else if ELISIONS.contains(&self.word.as_str()) {
                    self.end_word();
                }
            }
            '.' => {
                let dotted = !self.word.is_empty();
                self.end_word();
                if dotted
                    && before.is_some_and(char::is_alphanumeric)
                    && let Some(last) = self.words.last_mut()
                {
                    last.dotted = true;
                }
            }
            '&' | '+' => {
                self.end_word();
                self.word.push_str("and");
                self.place = (at as u32, at as u32 + 1);
                self.end_word();
            }
            ',' | ';' | '/' | '(' | ')' | '[' | ']' | '{' | '}' | ':' | '|' | '\u{3001}' | '\u{2022}'
            | '\u{3014}' | '\u{3015}' | '\u{3010}' | '\u{3011}' | '\u{60c}' | '\u{61b}' => {
                self.end_word();
                self.end_segment();
            }
            '-' => {
                self.end_word();
                let spaced = |c: Option<char>| c.is_none_or(char::is_whitespace);
                if spaced(before) && spaced(after) {
                    self.end_segment();
                }
            }
            // Marks are no part of a word and end none.
            c if is_combining_mark(c) => {}
            _ => self.end_word(),
        }
    }

    fn letter(&mut self, c: char, at: u32) {
        let han = is_han(c);
        if !self.word.is_empty() && han != self.han {
            self.end_word();
        }
        if self.word.is_empty() {
            self.place.0 = at;
        }
        self.place.1 = at + 1;
        self.han = han;
        if han {
            self.word.push(super::han::fold(c));
            return;
        }
        self.letters += usize::from(c.is_alphabetic());
        self.lower += usize::from(c.is_lowercase());
        let word = &mut self.word;
        if c.is_ascii() {
            word.push(c.to_ascii_lowercase());
            return;
        }
        match c {
            'ß' | 'ẞ' => word.push_str("ss"),
            'æ' | 'Æ' => word.push_str("ae"),
            'œ' | 'Œ' => word.push_str("oe"),
            'ø' | 'Ø' => word.push('o'),
            'ł' | 'Ł' => word.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => word.push('d'),
            'þ' | 'Þ' => word.push_str("th"),
            'ı' | 'İ' => word.push('i'),
            // Latin letters lose their accents.
            '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => decompose_canonical(c, |d| {
                if !is_combining_mark(d) {
                    word.extend(d.to_lowercase());
                }
            }),
            _ => word.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
        }
    }

    fn end_word(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let capitals = self.letters >= 2 && self.lower == 0 && !self.han;
        let text = std::mem::take(&mut self.word);
        let latin = if text.is_ascii() || self.han { String::new() } else { super::lexicon::romanise(&text) };
        self.words.push(RawWord {
            text,
            latin,
            segment: self.segment,
            place: self.place,
            dotted: false,
            capitals,
            han: self.han,
        });
        (self.letters, self.lower, self.used) = (0, 0, true);
    }

    fn end_segment(&mut self) {
        if std::mem::take(&mut self.used) {
            self.segment = self.segment.saturating_add(1);
        }
    }
}

/// "P. R. China", "S.A.": letters that stand alone with full stops are one word.
fn merge_initials(words: Vec<RawWord>) -> Vec<RawWord> {
    let mut out: Vec<RawWord> = Vec::with_capacity(words.len());
    let single = |w: &RawWord| w.dotted && !w.han && w.text.chars().count() == 1;
    let mut open = false;
    for word in words {
        let is_single = single(&word);
        match out.last_mut() {
            Some(last) if open && is_single && last.segment == word.segment => {
                last.text.push_str(&word.text);
                last.place.1 = word.place.1;
                last.dotted = false;
                last.capitals = true;
            }
            _ => out.push(word),
        }
        open = is_single;
    }
    out
}
