//! When two spellings are one name, for looking things up by name: nothing fuzzy.
//!
//! Likeness is weighed elsewhere, by the matcher.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The form in which two spellings of one name are equal: case, accents, width, apostrophes,
/// punctuation and a leading "the" do not count, `&` is "and". Empty for a text without letters or
/// digits.
pub(crate) fn key(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(c);
        } else if !is_apostrophe(c) {
            gap = true;
        }
    };
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)) {
        if c == '&' {
            " and ".chars().for_each(&mut push);
        } else {
            c.to_lowercase().for_each(&mut push);
        }
    }
    match out.strip_prefix("the ") {
        Some(rest) => rest.to_owned(),
        None => out,
    }
}

/// Apostrophes join what they stand in (`Xi'an`, `Xi’an`, `Xian`).
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '`' | '´')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_has_one_key() {
        for (a, b) in [
            ("Xi’an Jiaotong University", "XI'AN  JIAOTONG UNIVERSITY"),
            ("Science & Technology", "science and technology"),
            ("The Institute, of X.", "Institute of X"),
            ("Université", "universite"),
            ("ＨＩＴ", "hit"),
        ] {
            assert_eq!(key(a), key(b));
        }
        assert_ne!(key("Nanjing University"), key("Nanjing University of Aeronautics and Astronautics"));
        assert_eq!(key(" - "), "");
    }
}
