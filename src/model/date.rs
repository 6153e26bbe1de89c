//! Dates of which a year, a month or a day may be all that is known.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A proleptic Gregorian date of which only the year, or the year and month, may be known.
///
/// Ordered by year, then month, then day, an unknown part before any known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialDate {
    year: i16,
    month: Option<u8>,
    day: Option<u8>,
}

/// Why a text or a triple of numbers is no date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartialDateError {
    /// Not of the form `1970`, `1970-01` or `1970-01-02`.
    #[error("a date is written 1970-01-02, 1970-01 or 1970")]
    Form,
    /// The year lies outside 1000 to 2999.
    #[error("year {0} lies outside 1000 to 2999")]
    Year(i32),
    /// The month lies outside 1 to 12.
    #[error("month {0} lies outside 1 to 12")]
    Month(u32),
    /// The month has no such day.
    #[error("day {0} does not exist in that month")]
    Day(u32),
    /// A day without a month.
    #[error("a day needs a month")]
    DayWithoutMonth,
}

impl PartialDate {
    /// A date from its parts; the day is checked against the month's length.
    ///
    /// # Errors
    /// Names the part that is out of range.
    pub fn new(year: i32, month: Option<u32>, day: Option<u32>) -> Result<Self, PartialDateError> {
        if !(1000..=2999).contains(&year) {
            return Err(PartialDateError::Year(year));
        }
        let Some(m) = month else {
            return match day {
                Some(_) => Err(PartialDateError::DayWithoutMonth),
                None => Ok(Self { year: year as i16, month: None, day: None }),
            };
        };
        if !(1..=12).contains(&m) {
            return Err(PartialDateError::Month(m));
        }
        if let Some(d) = day
            && (d == 0 || d > days_in_month(year, m))
        {
            return Err(PartialDateError::Day(d));
        }
        Ok(Self { year: year as i16, month: Some(m as u8), day: day.map(|d| d as u8) })
    }

    /// The year, 1000 to 2999.
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month, 1 to 12, if known.
    pub fn month(self) -> Option<u32> {
        self.month.map(u32::from)
    }

    /// The day of the month, if known (then the month is known too).
    pub fn day(self) -> Option<u32> {
        self.day.map(u32::from)
    }

    /// Whether year, month and day are all known.
    pub fn is_full(self) -> bool {
        self.day.is_some()
    }
}

fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl FromStr for PartialDate {
    type Err = PartialDateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim().split('-');
        let mut number = |width: usize| -> Result<Option<u32>, PartialDateError> {
            let Some(part) = parts.next() else { return Ok(None) };
            if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err(PartialDateError::Form);
            }
            part.parse().map(Some).map_err(|_| PartialDateError::Form)
        };
        let year = number(4)?.ok_or(PartialDateError::Form)?;
        let month = number(2)?;
        let day = number(2)?;
        if parts.next().is_some() {
            return Err(PartialDateError::Form);
        }
        Self::new(year as i32, month, day)
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl Serialize for PartialDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// When someone was born, as exactly as a list says: one date, or a span of years.
///
/// `first_year` and `last_year` are inclusive; either may be absent, never both while `date` is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DateSpan {
    /// The date, where the list gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<PartialDate>,
    /// First possible year, where the list gives a range, or where another calendar's year spans two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_year: Option<i16>,
    /// Last possible year, likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_year: Option<i16>,
    /// The list calls the date approximate.
    #[serde(default)]
    pub circa: bool,
}

impl DateSpan {
    /// A span that is exactly one date.
    pub fn of(date: PartialDate) -> Self {
        Self { date: Some(date), ..Self::default() }
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.date.is_none() && self.first_year.is_none() && self.last_year.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_dates() {
        for text in ["1970", "1970-01", "1970-01-02", "2000-02-29"] {
            assert_eq!(text.parse::<PartialDate>().unwrap().to_string(), text);
        }
        for (text, error) in [
            ("", PartialDateError::Form),
            ("70", PartialDateError::Form),
            ("1970-1-2", PartialDateError::Form),
            ("1970-01-02-03", PartialDateError::Form),
            ("+970", PartialDateError::Form),
            ("0001", PartialDateError::Year(1)),
            ("1970-13", PartialDateError::Month(13)),
            ("1970-00", PartialDateError::Month(0)),
            ("1900-02-29", PartialDateError::Day(29)),
            ("1970-04-31", PartialDateError::Day(31)),
        ] {
            assert_eq!(text.parse::<PartialDate>(), Err(error), "{text}");
        }
    }
}
