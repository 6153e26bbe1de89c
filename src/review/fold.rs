//! Names folded so that ways of writing do not count.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A text without case, accents, punctuation and doubled spaces: what two spellings have in common that nobody
/// would call a change. For comparing and finding, never for matching names: that is `names`' work.
pub(in crate::review) fn fold_name(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.ends_with(' ') && !folded.is_empty() {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_of_writing_do_not_count_and_others_do() {
        for (one, other, same) in [
            ("José  Núñez", "JOSE NUNEZ", true),
            ("O'Neil, Ann", "o neil ann", true),
            ("Ａ．Ｂ．", "a b", true),
            ("哈尔滨工业大学", "哈尔滨工程大学", false),
            ("Made Up", "Made Up Junior", false),
            ("1970-01-02", "1970-01-03", false),
        ] {
            assert_eq!(fold_name(one) == fold_name(other), same, "{one} / {other}");
        }
        assert_eq!(fold_name(" ... "), "");
    }
}
