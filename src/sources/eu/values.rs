//! Single values of the EU list: dates, country codes, what a remark says of an alias.

use crate::model::{NameQuality, PartialDate};

/// A flag of the list; missing is `false`.
pub(super) fn flag(value: &str) -> bool {
    matches!(value.trim(), "true" | "1")
}

/// A country code in capitals; `00` is the list's word for unknown and gives an empty code.
///
/// # Errors
/// What is wrong, where it is no code of two letters.
pub(super) fn country(value: &str) -> Result<String, &'static str> {
    match value.trim() {
        "" | "00" | "-" | "UNKNOWN" => Ok(String::new()),
        code if code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic()) => {
            Ok(code.to_ascii_uppercase())
        }
        _ => Err("not a country code of two letters"),
    }
}

/// An `xs:date` (a time zone after it is dropped); empty is `None`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn day(value: &str) -> Result<Option<PartialDate>, &'static str> {
    let value = value.trim();
    if matches!(value, "" | "-" | "UNKNOWN") {
        return Ok(None);
    }
    let (date, rest) = value.split_at_checked(10).ok_or(NOT_A_DATE)?;
    if !(rest.is_empty() || rest.starts_with(['Z', '+', '-', 'T'])) {
        return Err(NOT_A_DATE);
    }
    date.parse().map(Some).map_err(|_| NOT_A_DATE)
}

const NOT_A_DATE: &str = "not a date";

/// How far an alias can be trusted, from the beginning of its remark: `strong` is `true` on every alias
/// of the list, and its doubts stand in words.
///
/// `None` where the remark says nothing of it.
pub(super) fn quality(remark: &str) -> Option<NameQuality> {
    use NameQuality::{Acronym, Former, Strong, Weak};
    // Wordings of the list's own remarks and of the United Nations' terms that it takes over.
    const BEGINNINGS: [(&str, NameQuality); 16] = [
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

    #[test]
    fn days_are_read_with_and_without_zone() {
        for (text, expected) in [
            ("2003-07-08", Ok(Some("2003-07-08"))),
            ("2003-07-08Z", Ok(Some("2003-07-08"))),
            ("2003-07-08+02:00", Ok(Some("2003-07-08"))),
            ("2003-07-08T00:00:00", Ok(Some("2003-07-08"))),
            ("", Ok(None)),
            (" - ", Ok(None)),
            ("2003-07", Err(())),
            ("2003-07-0812", Err(())),
            ("2003-02-30", Err(())),
            ("0001-01-01", Err(())),
            ("يونيو 2003", Err(())),
        ] {
            let found = day(text).map(|d| d.map(|d| d.to_string())).map_err(|_| ());
            assert_eq!(found.as_ref().map(Option::as_deref), expected.as_ref().copied(), "{text}");
        }
    }

    #[test]
    fn countries_are_codes_or_nothing() {
        for (text, expected) in [
            ("IR", Ok("IR")),
            ("ir", Ok("IR")),
            ("00", Ok("")),
            ("", Ok("")),
            ("UNKNOWN", Ok("")),
            ("IRN", Err(())),
            ("7a", Err(())),
        ] {
            let found = country(text).map_err(|_| ());
            assert_eq!(found.as_deref().map_err(|_| ()), expected, "{text}");
        }
    }
}
