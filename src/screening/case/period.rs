//! When a tie held, seen from the day of the screening.

use jiff::civil::Date;

use crate::model::PartialDate;

use super::finding::Period;

/// The first day that a partly known date can mean.
pub(super) fn first_day(date: PartialDate) -> Date {
    let part = |p: Option<u32>| p.and_then(|p| i8::try_from(p).ok()).unwrap_or(1);
    day(date.year(), part(date.month()), part(date.day()))
}

/// The last day that a partly known date can mean.
pub(super) fn last_day(date: PartialDate) -> Date {
    let month = date.month().and_then(|m| i8::try_from(m).ok()).unwrap_or(12);
    match date.day().and_then(|d| i8::try_from(d).ok()) {
        Some(known) => day(date.year(), month, known),
        None => day(date.year(), month, 1).last_of_month(),
    }
}

/// A [`PartialDate`] checks its parts, so that the day always exists.
fn day(year: i32, month: i8, day: i8) -> Date {
    i16::try_from(year).ok().and_then(|year| Date::new(year, month, day).ok()).unwrap_or(Date::ZERO)
}

impl Period {
    /// The period of a tie from `start` to `end` on the day `today`.
    ///
    /// What may not be over yet is current: a year in which the screening falls, an end that is not
    /// given beside a start. So is what is only to begin, since it is meant to hold.
    pub fn of(start: Option<PartialDate>, end: Option<PartialDate>, today: Date) -> Self {
        match (start, end) {
            (_, Some(end)) if last_day(end) < today => Self::Past,
            (None, None) => Self::Unknown,
            _ => Self::Current,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_seen_from_the_day_of_the_screening() {
        let date = |text: &str| (!text.is_empty()).then(|| text.parse::<PartialDate>().unwrap());
        let today: Date = "2026-03-10".parse().unwrap();
        for (start, end, expected) in [
            ("", "", Period::Unknown),
            ("2019", "", Period::Current),
            ("2019-09", "2024", Period::Past),
            ("2019", "2026", Period::Current),
            ("2019", "2026-03", Period::Current),
            ("2019", "2026-02", Period::Past),
            ("2019", "2026-03-10", Period::Current),
            ("2019", "2026-03-09", Period::Past),
            ("", "2025", Period::Past),
            ("", "2027", Period::Current),
            ("2027-01-01", "", Period::Current),
        ] {
            assert_eq!(Period::of(date(start), date(end), today), expected, "{start:?} to {end:?}");
        }
    }

    #[test]
    fn partly_known_dates_span_days() {
        for (text, first, last) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2023-02", "2023-02-01", "2023-02-28"),
            ("2023-02-03", "2023-02-03", "2023-02-03"),
        ] {
            let date: PartialDate = text.parse().unwrap();
            assert_eq!(first_day(date).to_string(), first);
            assert_eq!(last_day(date).to_string(), last);
        }
    }
}
