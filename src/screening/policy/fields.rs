//! Whether free text speaks of a topic: by words, never by guesswork.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text as it is compared: small letters without accents, words parted by one space, a space at either end.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push(' ');
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            out.push(c);
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}

/// A keyword, ready to be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keyword(String);

impl Keyword {
    /// From how a profile writes it: whole words; a `*` at the end of it stands for any ending. `None` when
    /// nothing is left to look for.
    pub fn new(written: &str) -> Option<Self> {
        let written = written.trim();
        let open = written.ends_with('*');
        let mut folded = folded(written.trim_end_matches('*'));
        if folded.trim().is_empty() {
            return None;
        }
        if open {
            folded.truncate(folded.trim_end().len());
        }
        Some(Self(folded))
    }

    /// Whether it stands in a text that was [`folded`].
    pub fn stands_in(&self, text: &str) -> bool {
        text.contains(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_whole_words_unless_they_say_otherwise() {
        for (keyword, text, expected) in [
            ("laser", "Lasers for surgery", false),
            ("laser*", "Lasers for surgery", true),
            ("high performance computing", "High-Performance  Computing (HPC)", true),
            ("AI", "Trustworthy AI in care", true),
            ("AI", "Maintenance of aircraft", false),
            ("kunstmatige intelligentie", "Kunstmatige intelligentie", true),
            ("materiaux avances", "Matériaux avancés", true),
            ("robot*", "microrobots", false),
            ("量子", "量子", true),
        ] {
            assert_eq!(
                Keyword::new(keyword).unwrap().stands_in(&folded(text)),
                expected,
                "{keyword} in {text}"
            );
        }
        assert_eq!(Keyword::new(" * "), None);
        assert_eq!(Keyword::new("—"), None);
    }
}
