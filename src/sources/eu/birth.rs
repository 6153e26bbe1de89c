//! Births of the EU list: whole dates, parts of dates, ranges of years, two calendars.

use crate::model::{Birth, DateSpan, PartialDate};
use crate::sources::hijri::{self, Hijri};
use crate::sources::xsd;

/// A `birthdate` element as written. The calendar of an Islamic year follows from the entity's countries,
/// so that it is read only when the entity is whole.
#[derive(Default)]
pub(super) struct Written {
    /// Place, remark and act; its date is still empty.
    pub birth: Birth,
    /// Line of the element.
    pub line: u64,
    pub calendar: String,
    pub date: String,
    pub year: String,
    pub month: String,
    pub day: String,
    pub first_year: String,
    pub last_year: String,
    pub circa: bool,
}

impl Written {
    /// The birth in the Gregorian calendar, and what could not be read.
    ///
    /// `citizenships` are the entity's country codes.
    pub fn read(self, citizenships: &[&str]) -> (Birth, Vec<&'static str>) {
        let mut issues = Vec::new();
        let mut birth = Birth::default();
        let mut span = match self.calendar.trim() {
            "" | "GREGORIAN" => self.gregorian(&mut issues),
            "ISLAMIC" => {
                birth.as_written = format!("{} ISLAMIC", self.as_written());
                self.hijri(citizenships, &mut issues)
            }
            _ => {
                issues
                    .push("a calendar that is neither GREGORIAN nor ISLAMIC: the date is kept as text only");
                birth.as_written = format!("{} {}", self.as_written(), self.calendar.trim());
                DateSpan::default()
            }
        };
        if !issues.is_empty() && birth.as_written.is_empty() {
            birth.as_written = self.as_written();
        }
        span.circa |= self.circa;
        (Birth { when: span, as_written: birth.as_written, ..self.birth }, issues)
    }

    fn gregorian(&self, issues: &mut Vec<&'static str>) -> DateSpan {
        let parts = self.parts(issues);
        let whole = xsd::day(&self.date).unwrap_or_else(|what| {
            issues.push(what);
            None
        });
        let date = match (whole, parts) {
            (Some(whole), Some(parts)) => {
                let same = |part: Option<u32>, of: Option<u32>| part.is_none() || part == of;
                if parts.0 != whole.year() || !same(parts.1, whole.month()) || !same(parts.2, whole.day()) {
                    issues.push("the date and its parts differ: the date is kept");
                }
                Some(whole)
            }
            (Some(whole), None) => Some(whole),
            (None, Some((year, month, day))) => PartialDate::new(year, month, day)
                .or_else(|_| {
                    issues.push("a day that does not exist: the year is kept");
                    PartialDate::new(year, None, None)
                })
                .ok(),
            (None, None) => None,
        };
        let mut year = |text: &str| {
            let year = number(text, issues)?;
            PartialDate::new(i32::try_from(year).ok()?, None, None).map_or_else(
                |_| {
                    issues.push("a year that is none");
                    None
                },
                |date| i16::try_from(date.year()).ok(),
            )
        };
        DateSpan { date, first_year: year(&self.first_year), last_year: year(&self.last_year), circa: false }
    }

    fn hijri(&self, citizenships: &[&str], issues: &mut Vec<&'static str>) -> DateSpan {
        // The export writes the Gregorian date beside Hijri parts where it knows it.
        if let Ok(Some(date)) = xsd::day(&self.date)
            && !hijri::YEARS.contains(&date.year())
        {
            return DateSpan::of(date);
        }
        let calendars: &[Hijri] = match self.solar(citizenships) {
            Some(true) => &[Hijri::Solar],
            Some(false) => &[Hijri::Lunar],
            // Either may be meant: a span over both says no more than is known.
            None => &[Hijri::Lunar, Hijri::Solar],
        };
        let parts = self.parts(issues).or_else(|| {
            let date = xsd::day(&self.date).ok()??;
            Some((date.year(), date.month(), date.day()))
        });
        if let (Some((year, Some(month), Some(day))), &[calendar]) = (parts, calendars) {
            if let Some(date) = calendar.gregorian(year, month, day) {
                // A day or two off: sighted months differ from computed ones.
                return DateSpan { circa: true, ..DateSpan::of(date) };
            }
            issues.push("a day that does not exist in the Islamic calendar: the year is kept");
        }
        let mut bound = |text: &str| number(text, issues).and_then(|year| i32::try_from(year).ok());
        let (first, last) = match (bound(&self.first_year), bound(&self.last_year)) {
            (None, None) => {
                let year = parts.map(|(year, ..)| year);
                (year, year)
            }
            range => range,
        };
        let spans = |year: Option<i32>| -> Option<(i16, i16)> {
            let spans = || calendars.iter().filter_map(|c| c.gregorian_years(year?));
            Some((spans().map(|s| s.0).min()?, spans().map(|s| s.1).max()?))
        };
        let (from, to) = (spans(first), spans(last));
        if (first.is_some() && from.is_none()) || (last.is_some() && to.is_none()) {
            issues.push("a year that cannot be one of the Islamic calendar");
        }
        DateSpan { first_year: from.map(|s| s.0), last_year: to.map(|s| s.1), ..DateSpan::default() }
    }

    /// Whether an Islamic year is one of the solar calendar, by the country of birth, else of
    /// citizenship; `None` where the list names no country.
    fn solar(&self, citizenships: &[&str]) -> Option<bool> {
        let of = |country: &str| matches!(country, "IR" | "AF");
        if !self.birth.country.is_empty() {
            return Some(of(&self.birth.country));
        }
        let mut known = citizenships.iter().filter(|c| !c.is_empty());
        let first = of(known.next()?);
        known.all(|c| of(c) == first).then_some(first)
    }

    /// Year, month and day as numbers, unchecked; `None` without a year.
    fn parts(&self, issues: &mut Vec<&'static str>) -> Option<(i32, Option<u32>, Option<u32>)> {
        let (month, day) = (number(&self.month, issues), number(&self.day, issues));
        let Some(year) = number(&self.year, issues).and_then(|y| i32::try_from(y).ok()) else {
            if (month.is_some() || day.is_some()) && self.date.trim().is_empty() {
                issues.push("a month or day without a year");
            }
            return None;
        };
        if month.is_none() && day.is_some() && self.date.trim().is_empty() {
            issues.push("a day without a month: the year is kept");
        }
        Some((year, month, day.filter(|_| month.is_some())))
    }

    /// The date as the list writes it, for people.
    fn as_written(&self) -> String {
        let join = |parts: &[&String], by: &str| {
            let parts: Vec<&str> = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect();
            parts.join(by)
        };
        let parts = join(&[&self.year, &self.month, &self.day], "-");
        let range = join(&[&self.first_year, &self.last_year], " to ");
        join(&[if parts.is_empty() { &self.date } else { &parts }, &range], ", ")
    }
}

/// A number; empty and zero are none, as they stand for unknown parts.
fn number(text: &str, issues: &mut Vec<&'static str>) -> Option<u32> {
    let text = text.trim();
    if matches!(text, "" | "-" | "UNKNOWN") {
        return None;
    }
    match text.parse() {
        Ok(0) => None,
        Ok(number) => Some(number),
        Err(_) => {
            issues.push("a part of a date that is no number");
            None
        }
    }
}
