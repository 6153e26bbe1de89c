//! Hijri years and dates as Gregorian ones.
//!
//! Lists that call a date "Islamic" mean either of two calendars: the lunar one (354 or 355 days a year)
//! of Arab states, or the solar one of Iran and Afghanistan, whose years begin at the March equinox. For
//! a birth in the year 1343 they lie forty years apart: 1924 and 1964.
//!
//! Lunar dates follow the tabular calendar (civil epoch, 16 July 622 Julian, leap years 2, 5, 7, 10, 13,
//! 16, 18, 21, 24, 26 and 29 of 30; E. M. Reingold and N. Dershowitz, *Calendrical Calculations*,
//! chapter 7): sighted months differ from it by a day or two. Solar dates take 1 Farvardin as 21 March,
//! from which it differs by a day at most in the years of interest (1200 to 1500). Neither error changes
//! what may be said of a birth date that is marked as approximate.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::model::PartialDate;

/// Which calendar a Hijri year counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hijri {
    /// The lunar calendar.
    Lunar,
    /// The solar calendar of Iran and Afghanistan.
    Solar,
}

/// Hijri years that can be a birth year on a list; others are misprints or not Hijri.
pub(super) const YEARS: std::ops::RangeInclusive<i32> = 1200..=1500;

impl Hijri {
    /// The first and last Gregorian year that a Hijri year touches; `None` outside [`YEARS`].
    pub fn gregorian_years(self, year: i32) -> Option<(i16, i16)> {
        let first = self.first_day(year)?;
        let last = self.first_day(year + 1)?.checked_sub(1.day()).ok()?;
        Some((first.year(), last.year()))
    }

    /// The Gregorian date, right to within two days; `None` where the Hijri date does not exist.
    pub fn gregorian(self, year: i32, month: u32, day: u32) -> Option<PartialDate> {
        // Months of either calendar alternate or shrink; the day of the year at which each begins:
        let days_before = match (self, month) {
            // 30 and 29 days in turn.
            (Self::Lunar, 1..=12) => (59 * (month - 1)).div_ceil(2),
            // Six of 31 days, then five of 30.
            (Self::Solar, 1..=6) => 31 * (month - 1),
            (Self::Solar, 7..=12) => 30 * (month - 1) + 6,
            _ => return None,
        };
        let longest = match self {
            Self::Lunar => 30,
            Self::Solar if month <= 6 => 31,
            Self::Solar => 30,
        };
        if !(1..=longest).contains(&day) {
            return None;
        }
        let found = self.first_day(year)?.checked_add(i64::from(days_before + day - 1).days()).ok()?;
        let (month, day) = (u32::try_from(found.month()).ok()?, u32::try_from(found.day()).ok()?);
        PartialDate::new(i32::from(found.year()), Some(month), Some(day)).ok()
    }

    /// The Gregorian date of the year's first day.
    fn first_day(self, year: i32) -> Option<Date> {
        // One year past the end, because a year's last day is found from the next one's first.
        if !(*YEARS.start()..=*YEARS.end() + 1).contains(&year) {
            return None;
        }
        match self {
            Self::Solar => Date::new(i16::try_from(year + 621).ok()?, 3, 21).ok(),
            Self::Lunar => {
                // Days since 1 Muharram of year 1: 354 a year, and the leap days of the 30-year cycle.
                let days = (year - 1) * 354 + (3 + 11 * year) / 30;
                // 1 Muharram 1 in the proleptic Gregorian calendar.
                date(622, 7, 19).checked_add(days.days()).ok()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lunar_dates_agree_with_published_ones() {
        // Pairs from public calendars: new years 1400, 1420 and 1445 (Umm al-Qura lies within a day),
        // and a birth date that the EU list gives in both calendars.
        for ((year, month, day), gregorian) in [
            ((1400, 1, 1), "1979-11-20"),
            ((1420, 1, 1), "1999-04-17"),
            ((1445, 1, 1), "2023-07-19"),
            ((1402, 6, 24), "1982-04-19"),
        ] {
            let found = Hijri::Lunar.gregorian(year, month, day).unwrap();
            let days = |text: &str| text.parse::<Date>().unwrap();
            let off = days(&found.to_string()).until(days(gregorian)).unwrap().get_days().abs();
            assert!(off <= 1, "{year}-{month}-{day} is {found}, published {gregorian}");
        }
    }

    #[test]
    fn solar_dates_agree_with_published_ones() {
        // New years of Iran; 22 Bahman 1357, the revolution; 13 Aban 1358, the embassy.
        for ((year, month, day), gregorian) in [
            ((1343, 1, 1), "1964-03-21"),
            ((1400, 1, 1), "2021-03-21"),
            ((1357, 11, 22), "1979-02-11"),
            ((1358, 8, 13), "1979-11-04"),
        ] {
            assert_eq!(Hijri::Solar.gregorian(year, month, day).unwrap().to_string(), gregorian);
        }
    }

    #[test]
    fn years_span_what_they_touch() {
        assert_eq!(Hijri::Solar.gregorian_years(1343), Some((1964, 1965)));
        assert_eq!(Hijri::Lunar.gregorian_years(1343), Some((1924, 1925)));
        // A lunar year can lie within one Gregorian year.
        assert_eq!(Hijri::Lunar.gregorian_years(1429), Some((2008, 2008)));
        for hijri in [Hijri::Lunar, Hijri::Solar] {
            assert_eq!(hijri.gregorian_years(1964), None);
            assert_eq!(hijri.gregorian(1400, 13, 1), None);
            assert_eq!(hijri.gregorian(1400, 1, 32), None);
            assert!(hijri.gregorian_years(1500).is_some());
        }
    }
}
