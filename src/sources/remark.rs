//! What a list's remark on an alias says of the alias.

use crate::model::NameQuality;

/// How far an alias can be trusted, from the beginning of its remark: `strong` is `true` on every alias
/// of the list, and its doubts stand in words.
///
/// `None` where the remark says nothing of it.
pub(super) fn quality(remark: &str) -> Option<NameQuality> {
    use NameQuality::{Acronym, Former, Strong, Weak};
    // Wordings of the list's own remarks and of the United Nations' terms that it takes over.
    const BEGINNINGS: [(&str, NameQuality); 17] = [
        ("low quality", Weak),
        ("low-quality", Weak),
        ("weak alias", Weak),
        ("weak aka", Weak),
        ("weak a.k.a", Weak),
        ("good quality", Strong),
        ("good-quality", Strong),
        ("formerly", Former),
        ("former name", Former),
        ("previously", Former),
        ("f.k.a", Former),
        ("fka", Former),
        ("previous name", Former),
        ("old name", Former),
        ("acronym", Acronym),
        ("abbreviat", Acronym),
        ("initials", Acronym),
    ];
    let mut remark = remark.trim_start();
    // Remarks, as titles, may pack a list: "(a) low quality alias". Quotes and brackets come too.
    if let Some(rest) = remark.strip_prefix('(') {
        remark = match rest.split_once(')') {
            Some((mark, after)) if mark.chars().count() == 1 => after,
            _ => rest,
        };
    }
    let remark = remark.trim_start_matches(|c: char| !c.is_alphanumeric());
    BEGINNINGS
        .iter()
        .find(|(beginning, _)| {
            remark.get(..beginning.len()).is_some_and(|start| start.eq_ignore_ascii_case(beginning))
        })
        .map(|&(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_tell_quality() {
        for (remark, expected) in [
            ("low quality alias", Some(NameQuality::Weak)),
            ("Low Quality Alias; used in 2004", Some(NameQuality::Weak)),
            ("(Low quality alias)", Some(NameQuality::Weak)),
            ("(a) low-quality a.k.a.", Some(NameQuality::Weak)),
            ("Formerly known as", Some(NameQuality::Former)),
            ("f.k.a.", Some(NameQuality::Former)),
            ("Acronym", Some(NameQuality::Acronym)),
            ("good quality alias", Some(NameQuality::Strong)),
            ("also known as", None),
            // Only the beginning counts.
            ("name in Cyrillic, formerly spelt otherwise", None),
            ("", None),
            ("(", None),
            ("é", None),
        ] {
            assert_eq!(quality(remark), expected, "{remark}");
        }
    }
}
