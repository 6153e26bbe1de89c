//! Names of institutions as lists write them: several packed into one, acronyms in brackets.

use crate::model::{Name, NameQuality};

use super::spelling::{has_han, is_han, tidy};

/// How far an institution's name identifies it: a bare acronym (one word of two to eight capital
/// Latin letters, as `HIT` or `A/SEU`) and its Chinese counterpart (two or three characters, as 北大)
/// are [`NameQuality::Acronym`], all else is strong.
pub(super) fn institution_name_quality(text: &str) -> NameQuality {
    let mut letters = 0;
    let capitals_only = text.chars().all(|c| match c {
        'A'..='Z' => {
            letters += 1;
            true
        }
        '0'..='9' | '&' | '/' | '-' | '.' => true,
        _ => false,
    });
    let han = text.chars().filter(|&c| is_han(c)).count();
    let short_han = (1..=3).contains(&han) && text.chars().all(is_han);
    if (capitals_only && (2..=8).contains(&letters)) || short_han {
        NameQuality::Acronym
    } else {
        NameQuality::Strong
    }
}

/// Appends a name and, where it packs several, each of them: `China Academy of Space Technology
/// (CAST)` is also that without its acronym, and the acronym if its letters are initials of the
/// words; `X (a.k.a. Y)` is also X and also Y. The name as written stays first, so that the list is
/// found word for word. Names already there are not repeated.
pub(super) fn push_name(names: &mut Vec<Name>, text: &str) {
    let whole = tidy(text);
    if whole.is_empty() {
        return;
    }
    add(names, whole.clone());
    let Some((before, inside)) = whole.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) else { return };
    if let Some(other) = after_known_as(inside) {
        add(names, before.to_owned());
        add(names, other.to_owned());
    } else if institution_name_quality(inside) == NameQuality::Acronym && !has_han(inside) {
        add(names, before.to_owned());
        if abbreviates(inside, before) {
            add(names, inside.to_owned());
        }
    }
}

fn add(names: &mut Vec<Name>, whole: String) {
    if !whole.is_empty() && !names.iter().any(|n| n.whole == whole) {
        names.push(Name { quality: institution_name_quality(&whole), ..Name::of(whole) });
    }
}

/// Whether each letter of an acronym is, in order, the first letter of some word.
fn abbreviates(acronym: &str, name: &str) -> bool {
    let mut initials = name.split_whitespace().filter_map(|w| w.chars().next()).flat_map(char::to_uppercase);
    acronym.chars().filter(|c| c.is_alphabetic()).all(|letter| initials.any(|initial| initial == letter))
}

/// What follows `a.k.a.`, `aka` or `also known as` at the start of a text.
pub(super) fn after_known_as(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([',', ' ']);
    for lead in ["a.k.a.,", "a.k.a.", "a.k.a", "aka ", "also known as", "now known as"] {
        if text.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead)) {
            let rest = text[lead.len()..].trim();
            return Some(without_article(rest)).filter(|rest| !rest.is_empty());
        }
    }
    None
}

/// A text without a leading "the".
pub(super) fn without_article(text: &str) -> &str {
    match text.get(..4) {
        Some(start) if start.eq_ignore_ascii_case("the ") => text[4..].trim_start(),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_bare_acronym() {
        for acronym in ["HIT", "NUDT", "A/SEU", "HEBUST", "北大", "海工大"] {
            assert_eq!(institution_name_quality(acronym), NameQuality::Acronym, "{acronym}");
        }
        for name in
            ["Beida", "NJTech", "Unit 63820", "63820部队", "Norinco Group", "清华大学", "X", "PLA AMS"]
        {
            assert_eq!(institution_name_quality(name), NameQuality::Strong, "{name}");
        }
    }

    #[test]
    fn unpacks_names_and_keeps_them_as_written() {
        for (text, expected) in [
            (
                "China Academy of Space Technology (CAST)",
                &["China Academy of Space Technology (CAST)", "China Academy of Space Technology", "CAST"][..],
            ),
            (
                "13th Institute, China Aerospace Corporation (CALT)",
                &[
                    "13th Institute, China Aerospace Corporation (CALT)",
                    "13th Institute, China Aerospace Corporation",
                ],
            ),
            (
                "Haiying Academy (a.k.a., Haiying Corporation)",
                &["Haiying Academy (a.k.a., Haiying Corporation)", "Haiying Academy", "Haiying Corporation"],
            ),
            ("China University (Wuhan)", &["China University (Wuhan)"]),
            ("  ", &[]),
        ] {
            let mut names = Vec::new();
            push_name(&mut names, text);
            push_name(&mut names, text);
            assert_eq!(names.iter().map(|n| n.whole.as_str()).collect::<Vec<_>>(), expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(text in "[()（）/,. a-zA中实验室aka’]{0,60}") {
            push_name(&mut Vec::new(), &text);
        }
    }
}
