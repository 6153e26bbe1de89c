//! Where the words of a search stand in a text, for marking them.

use std::ops::Range;

use super::search::{Clause, clauses};
use super::tokens::{self, Piece};

/// The words of one search.
pub struct Highlighter {
    words: Vec<String>,
    prefixes: Vec<String>,
    runs: Vec<Vec<char>>,
}

impl Highlighter {
    /// Of a search text as [`super::SearchRequest::query`] takes it.
    pub fn new(query: &str) -> Self {
        let mut of = Self { words: Vec::new(), prefixes: Vec::new(), runs: Vec::new() };
        for clause in clauses(query) {
            match clause {
                Clause::Word(word) => of.words.push(word),
                Clause::Prefix(word) => of.prefixes.push(word),
                Clause::Phrase(pieces) => {
                    for piece in pieces {
                        match piece {
                            Piece::Word(word) => of.words.push(word),
                            Piece::Run(run) => of.runs.push(run),
                        }
                    }
                }
            }
        }
        of
    }

    /// Byte ranges of `text` that hold a word searched for: in order, apart from each other, at the
    /// borders of characters.
    pub fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let mut ranges: Vec<Range<usize>> = Vec::new();
        if self.words.is_empty() && self.prefixes.is_empty() && self.runs.is_empty() {
            return ranges;
        }
        // Whatever is no part of a word for people parts words here too; a folded piece never spans that.
        for (start, part) in parts(text) {
            let pieces = tokens::pieces(part);
            let is_wanted = |piece: &Piece| match piece {
                Piece::Word(word) => {
                    self.words.contains(word) || self.prefixes.iter().any(|p| word.starts_with(p))
                }
                Piece::Run(_) => false,
            };
            if pieces.iter().any(is_wanted) {
                ranges.push(start..start + part.len());
                continue;
            }
            for run in &self.runs {
                let run: String = run.iter().collect();
                // Runs are folded by compatibility alone, which changes no usual Han or kana letter.
                ranges
                    .extend(part.match_indices(&run).map(|(at, found)| start + at..start + at + found.len()));
            }
        }
        ranges.sort_by_key(|r| r.start);
        let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
        for range in ranges {
            match apart.last_mut() {
                Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
                _ => apart.push(range),
            }
        }
        apart
    }
}

/// Stretches of a text without a blank or punctuation, with where they begin.
fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let ends_part = |c: char| c.is_whitespace() || (c.is_ascii_punctuation() && !matches!(c, '\'' | '`'));
    let mut start = 0;
    text.split(ends_part).filter_map(move |part| {
        let at = start;
        // The character that ended the part is left out of it.
        let end = at + part.len();
        start = end + text[end..].chars().next().map_or(0, char::len_utf8);
        (!part.is_empty()).then_some((at, part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_the_words_that_were_searched() {
        for (query, text, marked) in [
            ("harbin", "Harbin Institute of Technology", "[Harbin] Institute of Technology"),
            ("inst*", "Harbin Institute, Institut", "Harbin [Institute], [Institut]"),
            ("\"institute of\"", "Institute of X", "[Institute] [of] X"),
            ("muller", "MÜLLER-Lüdenscheidt", "[MÜLLER]-Lüdenscheidt"),
            ("oreilly", "O'Reilly's", "O'Reilly's"),
            ("oreilly", "O'Reilly", "[O'Reilly]"),
            ("工业", "哈尔滨工业大学", "哈尔滨[工业]大学"),
            ("путин", "Владимир ПУТИН", "Владимир [ПУТИН]"),
            ("", "anything", "anything"),
            ("*", "any * thing", "any * thing"),
        ] {
            let mut out = String::new();
            let mut at = 0;
            for range in Highlighter::new(query).ranges(text) {
                out.push_str(&text[at..range.start]);
                out.push('[');
                out.push_str(&text[range.clone()]);
                out.push(']');
                at = range.end;
            }
            out.push_str(&text[at..]);
            assert_eq!(out, marked, "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_lie_apart_at_borders_of_characters(query in "\\PC{0,20}", text in "\\PC{0,60}") {
            let mut end = 0;
            for range in Highlighter::new(&query).ranges(&text) {
                assert!(range.start >= end && range.start < range.end);
                assert!(text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
