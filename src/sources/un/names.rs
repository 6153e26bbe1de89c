//! Names as the UN list packs them.

/// Text on one line: the list wraps some values, and indents what it wraps.
pub(super) fn on_one_line(text: &str) -> String {
    if !text.contains(['\n', '\t']) {
        return text.trim().to_owned();
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The names in one alias: `A; B; C` gives three, and so does `A (B; C)`. Brackets without a semicolon
/// in them belong to the name.
pub(super) fn apart(alias: &str) -> Vec<&str> {
    let mut names = Vec::new();
    part(alias, &mut names);
    names
}

fn part<'a>(text: &'a str, names: &mut Vec<&'a str>) {
    let mut start = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find([';', '(']) {
        let here = at + found;
        at = here + 1;
        if text.as_bytes()[here] == b';' {
            push(&text[start..here], names);
            start = at;
        } else if let Some(end) = closing(text, here) {
            let inside = &text[at..end];
            if inside.contains(';') {
                push(&text[start..here], names);
                part(inside, names);
                start = end + 1;
            }
            at = end + 1;
        }
    }
    push(&text[start..], names);
}

/// Where the bracket that opens at `open` closes.
fn closing(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'(' => depth += 1,
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn push<'a>(name: &'a str, names: &mut Vec<&'a str>) {
    let name = name.trim();
    if name.chars().any(char::is_alphanumeric) {
        names.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_in_one_alias_are_taken_apart() {
        for (alias, names) in [
            ("Aaa Bbb", &["Aaa Bbb"][..]),
            ("Aaa (Bbb)", &["Aaa (Bbb)"]),
            ("Aaa; Bbb;Ccc ; ", &["Aaa", "Bbb", "Ccc"]),
            ("أبو (Abu; Abou)", &["أبو", "Abu", "Abou"]),
            ("Aaa (A) (أبو (script); Abu); Bbb", &["Aaa (A)", "أبو (script)", "Abu", "Bbb"]),
            ("Aaa (Bbb; Ccc", &["Aaa (Bbb", "Ccc"]),
            ("Aaa) ; Bbb", &["Aaa)", "Bbb"]),
            (";;", &[]),
            ("", &[]),
        ] {
            assert_eq!(apart(alias), names, "{alias}");
        }
    }

    #[test]
    fn wrapped_text_comes_on_one_line() {
        assert_eq!(on_one_line(" a\n      b "), "a b");
        assert_eq!(on_one_line(" a  b "), "a  b");
    }

    proptest::proptest! {
        #[test]
        fn nothing_of_an_alias_is_lost(alias in "[a-c;() é]{0,30}") {
            let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
            let names: String = apart(&alias).concat();
            proptest::prop_assert_eq!(letters(&names), letters(&alias));
        }
    }
}
