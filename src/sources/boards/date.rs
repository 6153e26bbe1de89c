//! Dates as people type them into a table.

use crate::model::PartialDate;

/// Words for a seat that is held still, as a cell for its end has them.
const STILL: [&str; 9] = ["present", "now", "current", "today", "heden", "nu", "huidig", "-", "\u{2013}"];

/// The date of a cell, and what was wrong with it. A cell that says "still" is no date and no fault.
pub(super) fn read(text: &str) -> (Option<PartialDate>, Option<&'static str>) {
    const NO_DATE: (Option<PartialDate>, Option<&str>) =
        (None, Some("is no date (2020-04-03, 2020-04, 2020 or 3-4-2020): left out"));
    let text = text.trim();
    if STILL.contains(&text.to_lowercase().as_str()) {
        return (None, None);
    }
    // A spreadsheet's midnight, and RFC 3339.
    let day = match text.get(..10).zip(text.get(10..)) {
        Some((day, rest)) if rest.starts_with(['T', ' ']) && rest.contains(':') => day,
        _ => text,
    };
    if let Ok(date) = day.parse() {
        return (Some(date), None);
    }
    let Some(separator) = ['-', '/', '.'].into_iter().find(|s| day.contains(*s)) else { return NO_DATE };
    let mut parts = Vec::with_capacity(3);
    for part in day.split(separator) {
        match part.trim().parse::<u32>() {
            Ok(number) if part.trim().len() <= 4 && parts.len() < 3 => parts.push(number),
            _ => return NO_DATE,
        }
    }
    let date = |year: u32, month, day| PartialDate::new(i32::try_from(year).unwrap_or(0), month, day).ok();
    let (found, fault) = match parts[..] {
        [year, month, day] if year >= 1000 => (date(year, Some(month), Some(day)), None),
        // Written with strokes, month and day may stand in either order.
        [a, b, year] if separator == '/' && a <= 12 && b <= 12 && a != b => (
            date(year, None, None),
            Some("may have its day or its month first: only the year is kept, write 2020-04-03"),
        ),
        [month, day, year] if separator == '/' && day > 12 => (date(year, Some(month), Some(day)), None),
        [day, month, year] => (date(year, Some(month), Some(day)), None),
        [year, month] if year >= 1000 => (date(year, Some(month), None), None),
        [month, year] => (date(year, Some(month), None), None),
        _ => (None, None),
    };
    if found.is_none() { NO_DATE } else { (found, fault) }
}

/// Whether an end lies before a beginning, whatever their unknown parts are.
pub(super) fn reversed(since: PartialDate, until: PartialDate) -> bool {
    if since.year() != until.year() {
        return since.year() > until.year();
    }
    match (since.month().zip(until.month()), since.day().zip(until.day())) {
        (Some((a, b)), _) if a != b => a > b,
        (Some(_), Some((a, b))) => a > b,
        _ => false,
    }
}

/// The one full date written as `2025-03-01` inside a text; `None` if there is none or several.
pub(super) fn within(text: &str) -> Option<PartialDate> {
    let is_part = |c: char| c.is_ascii_digit() || c == '-';
    let mut dates = text
        .split(|c: char| !is_part(c))
        .filter(|word| word.len() == 10)
        .filter_map(|word| word.parse::<PartialDate>().ok().filter(|d| d.is_full()));
    let first = dates.next();
    if dates.next().is_some() { None } else { first }
}
