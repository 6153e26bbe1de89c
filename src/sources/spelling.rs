//! When two spellings are one name, for joining records by name: nothing fuzzy.
//!
//! Readers join an operator's row to a tracker's record, and an agency to a listed institution, only
//! where the names are the same but for case, accents, punctuation and spaces. Likeness is weighed
//! elsewhere, by the matcher.

use unicode_normalization::UnicodeNormalization;

use crate::model::spelling::is_apostrophe;
pub(super) use crate::model::spelling::key;

/// A text with its white space made single and its ends trimmed. Nothing else is changed: a name
/// stays as its list writes it.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The longest id made from a name, in bytes.
const SLUG_LIMIT: usize = 100;

/// An id made of a name, for lists whose records have none: the name in lower-case ASCII letters and
/// digits with `-` between words (`Xi’an Jiaotong University` is `xian-jiaotong-university`), other
/// scripts romanised, at most 100 bytes. The same name always gives the same id; empty for a text
/// without letters or digits.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in any_ascii::any_ascii(&text.nfkc().filter(|&c| !is_apostrophe(c)).collect::<String>()).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.truncate(SLUG_LIMIT);
    out.truncate(out.trim_end_matches('-').len());
    out
}

/// Whether a character is Han (the unified ideographs and their extensions).
pub(super) fn is_han(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Whether a text has a Han character.
pub(super) fn has_han(text: &str) -> bool {
    text.chars().any(is_han)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_from_names() {
        for (name, id) in [
            ("Xi’an Jiaotong University", "xian-jiaotong-university"),
            ("Ural Federal University (UrFU)", "ural-federal-university-urfu"),
            ("École – Système", "ecole-systeme"),
            ("...", ""),
        ] {
            assert_eq!(slug(name), id);
        }
        assert!(!slug("哈尔滨工业大学").is_empty());
        assert!(slug(&"long name ".repeat(50)).len() <= SLUG_LIMIT);
    }
}
