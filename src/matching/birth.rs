//! Evidence of two birth dates.

use crate::model::{DateSpan, PartialDate};

use super::Verdict;

/// Bits of two whole dates being the same. Two people at random share one with 1 in some 20,000 (14
/// bits), but lists hold wrong and guessed dates, and the same date found once more in a list of
/// thousands is no proof: half of it counts.
const SAME_DAY: f32 = 7.0;
/// The first of January stands for "some time that year" in passports of many countries.
const NEW_YEAR: f32 = 4.5;
/// Day and month swapped.
const SWAPPED: f32 = 5.5;
/// One digit of the date mistyped.
const ONE_DIGIT: f32 = 4.0;
/// The same month of the same year.
const SAME_MONTH: f32 = 4.5;
/// The same year, or the same day and month of a neighbouring year.
const SAME_YEAR: f32 = 4.0;
/// The same year, but another day.
const SAME_YEAR_OTHER_DAY: f32 = 2.5;
/// Inside a span of years that the list gives.
const IN_SPAN: f32 = 3.0;
/// Bits by how many years two dates lie apart, from one year up; beyond the last they stay the same.
/// Lists that give a year alone are often a year or two off; a colleague of another age is another.
const YEARS_APART: [f32; 10] = [1.0, -1.0, -2.5, -4.0, -5.0, -6.0, -7.0, -8.0, -9.0, -10.0];

/// The evidence of a subject's birth date against all that a list gives; `None` if either is unknown.
/// Of several listed dates the one that agrees best counts.
pub fn compare(subject: PartialDate, listed: &[DateSpan]) -> Option<(f32, Verdict)> {
    let bits = listed.iter().filter_map(|span| one(subject, span)).max_by(f32::total_cmp)?;
    let verdict = match bits {
        b if b >= SAME_YEAR => Verdict::Agrees,
        b if b > 0.0 => Verdict::Close,
        _ => Verdict::Conflicts,
    };
    Some((bits, verdict))
}

/// The most that a subject's birth date can say beside a listed date of a year.
pub fn most_of_year(subject: PartialDate, year: i32) -> f32 {
    let years = subject.year().abs_diff(year);
    // The same day of another year, or one digit of the year mistyped.
    let same_day = apart(years) + 4.0;
    let digits = [1, 10, 100, 1000].iter().filter(|&&d| subject.year() / d % 10 != year / d % 10).count();
    match digits {
        0 => SAME_DAY,
        1 => same_day.max(ONE_DIGIT),
        _ => same_day.max(0.0),
    }
}

/// The most that a subject's birth date can say beside a whole listed date, not a doubtful one, of a year whose
/// day and month are others.
pub fn most_of_other_day(subject: PartialDate, year: i32) -> f32 {
    match subject.year().abs_diff(year) {
        0 => SWAPPED,
        // One digit of the year mistyped would leave the day and the month.
        years => apart(years),
    }
}

fn one(subject: PartialDate, listed: &DateSpan) -> Option<f32> {
    if let Some(date) = listed.date {
        let bits = dates(subject, date);
        return Some(if listed.circa { bits.clamp(-6.0, SAME_YEAR) } else { bits });
    }
    let first = listed.first_year.or(listed.last_year)?;
    let last = listed.last_year.or(listed.first_year)?;
    let (first, last) = (i32::from(first.min(last)), i32::from(first.max(last)));
    let open = listed.first_year.is_none() || listed.last_year.is_none();
    let year = subject.year();
    if (first..=last).contains(&year) {
        // A span of decades says little.
        return Some(if last - first <= 3 { IN_SPAN } else { 1.0 });
    }
    if open {
        // "Before 1970" and "after 1970" are spans without an end; the year itself is the only hold.
        let beyond = if listed.first_year.is_none() { year < last } else { year > first };
        return Some(if beyond { 0.0 } else { apart(first.abs_diff(year)) });
    }
    Some(apart(first.abs_diff(year).min(last.abs_diff(year))))
}

fn apart(years: u32) -> f32 {
    match years {
        0 => SAME_YEAR,
        n => YEARS_APART[(n as usize - 1).min(YEARS_APART.len() - 1)],
    }
}

fn dates(a: PartialDate, b: PartialDate) -> f32 {
    if a == b {
        return match (a.month(), a.day()) {
            (Some(1), Some(1)) => NEW_YEAR,
            (Some(_), Some(_)) => SAME_DAY,
            (Some(_), None) => SAME_MONTH,
            _ => SAME_YEAR,
        };
    }
    let years = a.year().abs_diff(b.year());
    let new_year = |d: PartialDate| d.month() == Some(1) && d.day() == Some(1);
    match (a.month().zip(a.day()), b.month().zip(b.day())) {
        (Some((am, ad)), Some((bm, bd))) if !new_year(a) && !new_year(b) => {
            if years == 0 && (am, ad) == (bd, bm) {
                SWAPPED
            } else if digits_apart(a, b) == 1 {
                // One wrong digit of the year still leaves the day and the month.
                ONE_DIGIT
            } else if years == 0 && am == bm {
                SAME_YEAR
            } else if years == 0 {
                SAME_YEAR_OTHER_DAY
            } else if (am, ad) == (bm, bd) {
                // The same day of another year: one in 365 by chance.
                apart(years) + 4.0
            } else {
                apart(years)
            }
        }
        _ => match (a.month(), b.month()) {
            (Some(am), Some(bm)) if years == 0 && am == bm => SAME_MONTH,
            _ => apart(years),
        },
    }
}

/// In how many digits two whole dates differ.
fn digits_apart(a: PartialDate, b: PartialDate) -> usize {
    a.to_string().bytes().zip(b.to_string().bytes()).filter(|(x, y)| x != y).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// What the year alone tells, or that the day is another, bounds what the dates say.
        #[test]
        fn year_and_day_bound_the_date(
            a in (1900i32..2010, prop::option::of((1u32..13, prop::option::of(1u32..29)))),
            b in (1900i32..2010, prop::option::of((1u32..13, prop::option::of(1u32..29)))),
            circa: bool,
        ) {
            let date = |(year, rest): (i32, Option<(u32, Option<u32>)>)| {
                PartialDate::new(year, rest.map(|r| r.0), rest.and_then(|r| r.1)).unwrap()
            };
            let (a, b) = (date(a), date(b));
            let (bits, _) = compare(a, &[DateSpan { circa, ..DateSpan::of(b) }]).unwrap();
            prop_assert!(bits <= most_of_year(a, b.year()), "{} {} {}", a, b, bits);
            let day = |date: PartialDate| date.month().zip(date.day());
            if !circa && day(b).is_some() && day(a) != day(b) {
                prop_assert!(bits <= most_of_other_day(a, b.year()), "{} {} {}", a, b, bits);
            }
        }
    }

    fn bits(subject: &str, listed: &str) -> f32 {
        compare(subject.parse().unwrap(), &[DateSpan::of(listed.parse().unwrap())]).unwrap().0
    }

    #[test]
    fn evidence_falls_by_degrees() {
        let falling = [
            ("1965-04-14", "1965-04-14"),
            ("1965-03-04", "1965-04-03"),
            ("1965-04-14", "1965-04-15"),
            ("1965-04-14", "1965-09-30"),
            ("1965-04-14", "1966-09-30"),
            ("1965-04-14", "1968-09-30"),
            ("1965-04-14", "1985-09-30"),
        ];
        for pair in falling.windows(2) {
            let (a, b) = (bits(pair[0].0, pair[0].1), bits(pair[1].0, pair[1].1));
            assert!(a > b, "{:?} {a} {:?} {b}", pair[0], pair[1]);
        }
    }

    #[test]
    fn absent_is_no_conflict() {
        assert_eq!(compare("1970".parse().unwrap(), &[]), None);
        assert_eq!(compare("1970".parse().unwrap(), &[DateSpan::default()]), None);
    }

    #[test]
    fn spans_and_open_ends() {
        let span = |first, last| DateSpan { first_year: first, last_year: last, ..DateSpan::default() };
        let year = |y: &str, s| compare(y.parse().unwrap(), &[s]).unwrap().0;
        assert!(year("1964", span(Some(1963), Some(1964))) > 0.0);
        assert!(year("1990", span(Some(1963), Some(1964))) < -5.0);
        assert_eq!(year("1950", span(None, Some(1964))), 0.0);
        assert!(year("1990", span(None, Some(1964))) < -5.0);
    }
}
