//! What people write into the cells of a sheet: words for kinds and genders, dates in several forms.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::{Gender, PartialDate};
use crate::screening::SubjectKind;

use super::fold::fold;

/// Words by value; the file's own head says how it is written.
const TABLE: &str = include_str!("../data/values.tsv");

static WORDS: LazyLock<HashMap<&'static str, Vec<String>>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let entries = lines.filter_map(|line| line.split_once('\t'));
    entries.map(|(value, words)| (value, words.split('|').map(fold).collect())).collect()
});

/// Whether `text` is one of the words for `value`.
fn means(text: &str, value: &str) -> bool {
    let folded = fold(text);
    WORDS.get(value).is_some_and(|words| words.contains(&folded))
}

/// Whether a cell says nothing: `-`, `n.v.t.`, `none`.
pub(super) fn is_nothing(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric) || means(text, "nothing")
}

/// A kind by its word.
///
/// # Errors
/// Says which words there are.
pub(super) fn kind_of(text: &str) -> Result<SubjectKind, String> {
    let kinds = [
        ("person", SubjectKind::Person),
        ("organisation", SubjectKind::Organisation),
        ("any", SubjectKind::Any),
    ];
    let found = kinds.into_iter().find(|(word, _)| means(text, word)).map(|(_, kind)| kind);
    found.ok_or_else(|| "is none of person, organisation, any".into())
}

/// A gender by its word; none where it is neither, or not known.
///
/// # Errors
/// Says which words there are.
pub(super) fn gender_of(text: &str) -> Result<Option<Gender>, String> {
    let genders =
        [("male", Some(Gender::Male)), ("female", Some(Gender::Female)), ("other", None), ("nothing", None)];
    let found = genders.into_iter().find(|(word, _)| means(text, word)).map(|(_, gender)| gender);
    found.ok_or_else(|| "is neither male nor female; leave it empty if it is neither or not known".into())
}

/// A date as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadDate {
    /// The date.
    pub date: PartialDate,
    /// Whether day and month could be taken for each other (`03/04/1980`): the day was read first.
    pub ambiguous: bool,
}

/// How a date is written, for messages.
const DATE_FORMS: &str = "a date is written 1980-12-31, 31-12-1980 (day, month, year), 12-1980 or 1980";

/// A date from text: `1980-12-31`, `1980-12`, `1980`, with a time behind it or not; `31-12-1980`,
/// `31/12/1980`, `31.12.1980`, `12-1980`; `31 december 1980` in Dutch or English. The day stands before
/// the month, as everywhere in Europe; a date that is none that way (`12/31/1980`) is a fault and is not
/// turned round, for then every other date of its column would be wrong.
///
/// # Errors
/// Says how a date is written.
pub(super) fn date_of(text: &str) -> Result<ReadDate, String> {
    let text = without_time(text.trim());
    let parts: Vec<&str> =
        text.split(|c: char| "-/. ,".contains(c) || c.is_whitespace()).filter(|p| !p.is_empty()).collect();
    let number = |part: &str, most: usize| -> Option<u32> {
        let fits = part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|_| fits)
    };
    let year = |part: &str| number(part, 4).filter(|_| part.len() == 4);
    let month = |part: &str| number(part, 2).or_else(|| month_named(part));
    let form = || DATE_FORMS.to_owned();
    let (y, m, d) = match parts.as_slice() {
        [y] => (year(y).ok_or_else(form)?, None, None),
        [y, m] if year(y).is_some() => (year(y).ok_or_else(form)?, Some(month(m).ok_or_else(form)?), None),
        [m, y] => (year(y).ok_or_else(form)?, Some(month(m).ok_or_else(form)?), None),
        [y, m, d] if year(y).is_some() => {
            let d = number(d, 2).ok_or_else(form)?;
            (year(y).ok_or_else(form)?, Some(month(m).ok_or_else(form)?), Some(d))
        }
        [_, _, y] if number(y, 2).is_some() => {
            return Err("the year has two digits; write all four".into());
        }
        [d, m, y] => {
            let d = number(d, 2).ok_or_else(form)?;
            (year(y).ok_or_else(form)?, Some(month(m).ok_or_else(form)?), Some(d))
        }
        _ => return Err(form()),
    };
    // Zeros stand for what is not known (`00-00-1980`).
    let (m, d) = match (m, d) {
        (Some(0), Some(0) | None) => (None, None),
        (m, Some(0)) => (m, None),
        other => other,
    };
    let date = PartialDate::new(y as i32, m, d).map_err(|e| format!("{e}; {DATE_FORMS}"))?;
    let day_first =
        parts.len() == 3 && year(parts[0]).is_none() && parts[1].bytes().all(|b| b.is_ascii_digit());
    Ok(ReadDate { date, ambiguous: day_first && d.is_some_and(|d| d <= 12) && m != d })
}

/// A text without the time of day behind a date.
fn without_time(text: &str) -> &str {
    match text.split_once(['T', ' ']) {
        Some((date, time)) if time.contains(':') && date.contains(|c: char| c.is_ascii_digit()) => date,
        _ => text,
    }
}

fn month_named(word: &str) -> Option<u32> {
    (1..=12).find(|month| means(word, &format!("{month:02}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written_here() {
        for (text, expected, ambiguous) in [
            ("1980-12-31", "1980-12-31", false),
            ("1980-04-03", "1980-04-03", false),
            ("1980-12", "1980-12", false),
            ("1980", "1980", false),
            ("31-12-1980", "1980-12-31", false),
            ("31/12/1980", "1980-12-31", false),
            ("31.12.1980", "1980-12-31", false),
            (" 3 / 4 / 1980 ", "1980-04-03", true),
            ("03/04/1980", "1980-04-03", true),
            ("4-4-1980", "1980-04-04", false),
            ("12-1980", "1980-12", false),
            ("1980/12/31", "1980-12-31", false),
            ("31 december 1980", "1980-12-31", false),
            ("3 apr. 1980", "1980-04-03", false),
            ("3-mrt-1980", "1980-03-03", false),
            ("mei 1980", "1980-05", false),
            ("00-00-1980", "1980", false),
            ("00-05-1980", "1980-05", false),
            ("1980-12-31T00:00:00", "1980-12-31", false),
            ("31-12-1980 00:00", "1980-12-31", false),
        ] {
            let read = date_of(text).unwrap_or_else(|e| panic!("{text}: {e}"));
            assert_eq!((read.date.to_string().as_str(), read.ambiguous), (expected, ambiguous), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_says_how_one_is_written() {
        for (text, says) in [
            ("soon", "a date is written"),
            ("12/31/1980", "month 31"),
            ("30-02-1980", "day 30"),
            ("31-12-80", "four"),
            ("29221", "a date is written"),
            ("1-2-3-1980", "a date is written"),
            ("05-00-1980", "month 0"),
            ("0980", "year 980"),
            ("31 brumaire 1980", "a date is written"),
            ("-1980-1-1-1", "a date is written"),
            ("", "a date is written"),
            ("١٩٨٠", "a date is written"),
        ] {
            let error = date_of(text).unwrap_err();
            assert!(error.contains(says), "{text}: {error}");
        }
    }

    #[test]
    fn words_for_values_are_known_in_both_languages() {
        assert_eq!(kind_of("Persoon"), Ok(SubjectKind::Person));
        assert_eq!(kind_of("instelling"), Ok(SubjectKind::Organisation));
        assert!(kind_of("employee of the month").is_err());
        for (text, expected) in [
            ("V", Some(Gender::Female)),
            ("man", Some(Gender::Male)),
            ("Mevr.", Some(Gender::Female)),
            ("x", None),
            ("onbekend", None),
        ] {
            assert_eq!(gender_of(text), Ok(expected), "{text}");
        }
        assert!(gender_of("yes").is_err());
        for (text, expected) in
            [("-", true), ("n.v.t.", true), ("N/A", true), ("", true), ("Geen", true), ("TU", false)]
        {
            assert_eq!(is_nothing(text), expected, "{text}");
        }
    }

    #[test]
    fn no_word_has_two_values_of_one_use() {
        let uses: [&[&str]; 3] = [
            &["person", "organisation", "any"],
            &["male", "female", "other"],
            &["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"],
        ];
        for values in uses {
            let mut words: Vec<&String> = values.iter().flat_map(|v| &WORDS[v]).collect();
            let count = words.len();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), count, "{values:?}");
        }
    }
}
