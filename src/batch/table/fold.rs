//! Words of sheets in the one form in which they are compared.

use crate::model::spelling::key;

/// A heading, or a word of a cell, in the one form in which spellings are looked up, without spaces:
/// `date_of_birth` and `Date of Birth` are one heading.
///
/// Not for names: those have their own analysis.
pub(super) fn fold(text: &str) -> String {
    key(text).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_make_no_difference() {
        for (text, expected) in [
            ("Geboorte-datum: ", "geboortedatum"),
            ("Ｎａｍｅ", "name"),
            ("Coördinator", "coordinator"),
            ("m/v/x", "mvx"),
            ("姓名", "姓名"),
            (" -. ", ""),
        ] {
            assert_eq!(fold(text), expected, "{text:?}");
        }
    }
}
