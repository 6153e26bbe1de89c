//! Names as the tracker writes them: `English (中文)`, laboratories with several names in one entry,
//! remarks between them, and brackets that do not balance.

use crate::sources::institution::{after_known_as, without_article};
use crate::sources::spelling::{has_han, is_han, key, tidy};

/// An English name and the same in Chinese; either may be empty, not both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bilingual {
    /// As it stands outside the brackets.
    pub(super) english: String,
    /// As it stands inside.
    pub(super) native: String,
}

/// Splits `English (中文)`: the first bracket at the outermost level that holds Han characters is the
/// native name, whatever kind of brackets they are and whether or not the last one is closed. What
/// stands behind it is returned too. A text without such a bracket is all English, or all native if
/// nothing in it is Latin.
fn split_native(text: &str) -> (Bilingual, String) {
    let mut depth = 0usize;
    let mut opened = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' | '（' => {
                depth += 1;
                if depth == 1 {
                    opened = at;
                }
            }
            ')' | '）' => {
                depth = depth.saturating_sub(1);
                let inside = &text[opened..at];
                if depth == 0 && has_han(inside) {
                    return (bilingual(&text[..opened], inside), tidy(&text[at + c.len_utf8()..]));
                }
            }
            _ => {}
        }
    }
    if depth > 0 && has_han(&text[opened..]) {
        return (bilingual(&text[..opened], &text[opened..]), String::new());
    }
    let whole = tidy(text);
    if has_han(&whole) && !whole.chars().any(|c| c.is_alphabetic() && !is_han(c)) {
        (Bilingual { english: String::new(), native: whole }, String::new())
    } else {
        (Bilingual { english: whole, native: String::new() }, String::new())
    }
}

fn bilingual(english: &str, bracket: &str) -> Bilingual {
    let inside = bracket.strip_prefix(['(', '（']).unwrap_or(bracket);
    // "(XJTLU, 西交利物浦大学)": an acronym beside the Chinese name is no part of it.
    let native = inside.split([',', '，']).filter(|part| has_han(part)).map(str::trim).collect::<Vec<_>>();
    let native = tidy(&native.join("，"));
    Bilingual { english: trim_quotes(&tidy(english)).to_owned(), native }
}

/// Quotation marks around a whole name, or left over at one end of it, say nothing.
fn trim_quotes(text: &str) -> &str {
    text.trim_matches(|c: char| matches!(c, '‘' | '’' | '“' | '”' | '\'' | '"') || c.is_whitespace())
}

/// The English and the Chinese name of an institution, from `English (中文)`.
pub(super) fn institution(text: &str) -> Bilingual {
    split_native(text).0
}

/// What an entry among an institution's laboratories or subsidiaries is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// One or more names of one unit. Names given as alternatives (`A/B`, `A aka B`) stand apart.
    Named(Vec<Bilingual>),
    /// A remark on the entry before it ("Jointly run with …"): the tracker's text, not a name.
    Remark,
}

/// How a laboratory entry starts that gives a further name of the laboratory before it.
const FURTHER_NAME: [&str; 7] = [
    "also known as ",
    "also referred to as ",
    "may also be known as ",
    "may also known as ",
    "this may be known as ",
    "aka ",
    "a.k.a. ",
];

/// How an entry starts that is a remark. Taken from reading all 298 entries of the published file:
/// what follows names a partner, a host or a doubt, and would make the partner a laboratory.
const REMARK: [&str; 22] = [
    "jointly ",
    "based in ",
    "located ",
    "possibly ",
    "probably ",
    "under ",
    "originally ",
    "hosts ",
    "may be ",
    "established ",
    "not included ",
    "does not ",
    "one of ",
    "it is ",
    "this laboratory ",
    "the lab is ",
    "the laboratory is ",
    "previously ",
    "formerly ",
    "a defence science ",
    "a defense science ",
    "unspecified ",
];

/// Reads one entry among an institution's laboratories or subsidiaries.
pub(super) fn unit(text: &str) -> Unit {
    let text = tidy(text);
    let text = text.trim_matches(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let lower = text.trim_start_matches(['(', '（', '‘', '“']).to_lowercase();
    if let Some(lead) = FURTHER_NAME.iter().find(|lead| lower.starts_with(**lead)) {
        // The lead-ins are ASCII: as long in the text as in its lower case.
        let start = text.len() - text.trim_start_matches(['(', '（', '‘', '“']).len();
        return unit_names(without_article(text[start..].get(lead.len()..).unwrap_or_default()));
    }
    if REMARK.iter().any(|lead| lower.starts_with(lead)) || breaks_off(text) {
        return Unit::Remark;
    }
    unit_names(text)
}

/// Whether an entry was cut at a superscript ("Norinco’s 59" of "59th Institute"): it ends in a bare
/// number of at most three digits.
fn breaks_off(text: &str) -> bool {
    text.rsplit_once(' ').is_some_and(|(_, last)| last.len() <= 3 && last.bytes().all(|b| b.is_ascii_digit()))
}

fn unit_names(text: &str) -> Unit {
    let mut names = Vec::new();
    let mut rest = text.to_owned();
    // Each turn takes one "English (中文)"; "A (甲) aka B (乙)" takes two.
    loop {
        let (pair, behind) = split_native(&rest);
        for (english, native) in alternatives(&pair) {
            if !(english.is_empty() && native.is_empty()) {
                names.push(Bilingual { english, native });
            }
        }
        match after_known_as(&behind) {
            Some(further) if further.len() < rest.len() => rest = further.to_owned(),
            _ => break,
        }
    }
    // An entry that is nothing but punctuation names nothing.
    names.retain(|n| !key(&n.english).is_empty() || !key(&n.native).is_empty());
    if names.is_empty() { Unit::Remark } else { Unit::Named(names) }
}

/// Pairs the alternatives of both sides; the shorter side repeats its last.
fn alternatives(pair: &Bilingual) -> Vec<(String, String)> {
    let mut english: Vec<String> = Vec::new();
    for part in pair.english.split(" / ") {
        // "CASC 1st Academy, a.k.a. China Academy of Launch Vehicle Technology (CALT)"
        let lower = part.to_ascii_lowercase();
        let cut = [", a.k.a", ", aka ", " a.k.a", " aka "].iter().filter_map(|lead| lower.find(lead)).min();
        match cut.and_then(|cut| Some((cut, after_known_as(&part[cut..])?))) {
            Some((cut, other)) => english.extend([part[..cut].to_owned(), other.to_owned()]),
            None => english.push(part.to_owned()),
        }
    }
    let native = native_alternatives(&pair.native);
    let last = |side: &[String], at: usize| {
        side.get(at.min(side.len().saturating_sub(1))).map_or("", String::as_str).trim().to_owned()
    };
    (0..english.len().max(native.len())).map(|at| (last(&english, at), last(&native, at))).collect()
}

/// Splits `甲实验室/乙实验室`. A stroke inside a name (微米／纳米) is left alone: only one behind a word
/// for a facility parts two names.
fn native_alternatives(native: &str) -> Vec<String> {
    const FACILITY: [&str; 9] =
        ["实验室", "实验", "研究所", "研究院", "研究室", "中心", "医院", "学院", "基地"];
    let is_facility = |name: &str| {
        let name = name.trim_end();
        let name =
            name.strip_suffix([')', '）']).and_then(|n| n.rsplit_once(['(', '（'])).map_or(name, |n| n.0);
        FACILITY.iter().any(|word| name.trim_end().ends_with(word))
    };
    let mut out: Vec<String> = Vec::new();
    for part in native.replace(" or ", "/").split(['/', '／']) {
        match out.last_mut() {
            Some(last) if !is_facility(last) => {
                last.push('/');
                last.push_str(part);
            }
            _ => out.push(part.to_owned()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<(String, String)> {
        match unit(text) {
            Unit::Named(names) => names.into_iter().map(|n| (n.english, n.native)).collect(),
            Unit::Remark => Vec::new(),
        }
    }

    #[test]
    fn splits_english_and_chinese() {
        for (text, english, native) in [
            ("Beihang University (北京航空航天大学)", "Beihang University", "北京航空航天大学"),
            (
                "China University of Geosciences (Wuhan) (中国地质大学)",
                "China University of Geosciences (Wuhan)",
                "中国地质大学",
            ),
            (
                "Artificial Intelligence Research Center (人工智能研究中心",
                "Artificial Intelligence Research Center",
                "人工智能研究中心",
            ),
            (
                "Space-Ground Laboratory (空地激光通信技术实验室）",
                "Space-Ground Laboratory",
                "空地激光通信技术实验室",
            ),
            ("Laboratory（高功率微波技术）", "Laboratory", "高功率微波技术"),
            ("Ship Laboratory (舰船教育部重点实验室（B类))", "Ship Laboratory", "舰船教育部重点实验室（B类)"),
            ("Liverpool University  (XJTLU, 西交利物浦大学)", "Liverpool University", "西交利物浦大学"),
            ("Automobile Group (Hong Kong)", "Automobile Group (Hong Kong)", ""),
            ("西安电子科大", "", "西安电子科大"),
            ("", "", ""),
        ] {
            let pair = institution(text);
            assert_eq!((pair.english.as_str(), pair.native.as_str()), (english, native), "{text}");
        }
    }

    #[test]
    fn names_every_alternative_of_a_unit() {
        for (text, expected) in [
            ("A Lab (甲实验室/乙实验室)", &[("A Lab", "甲实验室"), ("A Lab", "乙实验室")][..]),
            ("Micro/Nano Lab (微米／纳米加工技术实验室)", &[("Micro/Nano Lab", "微米/纳米加工技术实验室")]),
            ("A Lab (甲实验室 (B类)/ 乙实验室)", &[("A Lab", "甲实验室 (B类)"), ("A Lab", "乙实验室")]),
            ("A Lab / B Lab (甲实验室)", &[("A Lab", "甲实验室"), ("B Lab", "甲实验室")]),
            (
                "No. 1 Institute (第一研究所) aka B Institute (乙研究所)",
                &[("No. 1 Institute", "第一研究所"), ("B Institute", "乙研究所")],
            ),
            (
                "1st Academy, a.k.a China Academy of Rockets (CAR)",
                &[("1st Academy", ""), ("China Academy of Rockets (CAR)", "")],
            ),
            (
                "Third Hospital (第三医院), now known as the Medical Center (医学中心)",
                &[("Third Hospital", "第三医院"), ("Medical Center", "医学中心")],
            ),
            ("May also be known as the B Laboratory (乙实验室)", &[("B Laboratory", "乙实验室")]),
        ] {
            let expected: Vec<_> = expected.iter().map(|(e, n)| (e.to_string(), n.to_string())).collect();
            assert_eq!(named(text), expected, "{text}");
        }
    }

    #[test]
    fn knows_a_remark_from_a_name() {
        for text in [
            "Jointly run with Peking University",
            "(Jointly run with Shanghai Jiao Tong University)",
            "Located in the Department of Engineering Physics.",
            "Norinco’s 59",
            "",
            " ) ",
        ] {
            assert_eq!(unit(text), Unit::Remark, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn takes_any_text(text in "[()（）/,. a-zA中实验室aka’]{0,60}") {
            let _ = unit(&text);
            let _ = institution(&text);
        }
    }
}
