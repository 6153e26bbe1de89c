//! How old lists are, and the stamp that says so.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::index::{ListManifest, Manifest, RegisterManifest};

use crate::model::PartialDate;

use super::{DEFAULT_THRESHOLD, ListStamp, MATCHER_VERSION, Options, Stamp};

/// Lists without which a university's question is not answered, by their ids and titles: a "no hit" must
/// not hide that one of them was never asked.
pub const EXPECTED_LISTS: &[(&str, &str)] =
    &[("eu", "EU sanctions list"), ("aspi", "China Defence Universities Tracker")];

impl Stamp {
    /// The stamp of answers given at `now` from the lists of `manifest` that `options` ask for.
    /// `max_age_days` says per list when it counts as stale; lists it does not name never do.
    pub fn new(
        manifest: &Manifest,
        options: &Options,
        max_age_days: &[(String, i64)],
        now: Timestamp,
    ) -> Self {
        let asked = |list: &&ListManifest| options.lists.is_empty() || options.lists.contains(&list.list);
        let lists = manifest
            .lists
            .iter()
            .filter(asked)
            .map(|list| ListStamp::new(&list.list, &list.as_of, &list.imported, max_age_days, now));
        Self {
            snapshot: manifest.id.clone(),
            demo: manifest.demo,
            lists: lists.collect(),
            matcher: MATCHER_VERSION.to_owned(),
            threshold: options.threshold.unwrap_or(DEFAULT_THRESHOLD),
        }
    }
}

impl ListStamp {
    /// How old a list or register is at `now`, and whether that is more than `max_age_days` says for it.
    pub fn new(
        list: &str,
        as_of: &str,
        imported: &str,
        max_age_days: &[(String, i64)],
        now: Timestamp,
    ) -> Self {
        let age_days = days_since(as_of, imported, now);
        let max = max_age_days.iter().find(|(l, _)| *l == list).map(|(_, days)| *days);
        Self {
            list: list.to_owned(),
            as_of: as_of.to_owned(),
            imported: imported.to_owned(),
            age_days,
            stale: max.is_some_and(|max| age_days > max),
        }
    }

    /// The same of a register.
    pub fn of_register(register: &RegisterManifest, max_age_days: &[(String, i64)], now: Timestamp) -> Self {
        Self::new(&register.register, &register.as_of, &register.imported, max_age_days, now)
    }
}

/// Whole days from the date something stands at, or its import where it does not say, to `now`. A date in
/// the future counts as today; what has no readable date is older than anything.
pub(super) fn days_since(as_of: &str, imported: &str, now: Timestamp) -> i64 {
    let since = instant(as_of).or_else(|| instant(imported));
    since.map_or(i64::MAX, |since| (now.duration_since(since).as_secs() / 86_400).max(0))
}

/// An instant from RFC 3339, or from a date or local time without an offset, taken as UTC; of a year or
/// a month its first day.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
    }
    if let Ok(date) = text.parse::<PartialDate>() {
        let part = |part: Option<u32>| part.and_then(|p| i8::try_from(p).ok()).unwrap_or(1);
        let date = Date::new(i16::try_from(date.year()).ok()?, part(date.month()), part(date.day())).ok()?;
        return date.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp());
    }
    let time = text
        .parse::<DateTime>()
        .ok()
        .or_else(|| text.parse::<Date>().ok().map(|d| d.to_datetime(jiff::civil::Time::midnight())));
    time?.to_zoned(TimeZone::UTC).ok().map(|z| z.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_count_from_the_lists_own_date_then_from_the_import() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        for (as_of, imported, expected) in [
            ("2026-03-10T11:00:00Z", "", 0),
            ("2026-03-01", "2026-03-09T00:00:00Z", 9),
            ("2026-03-01T14:00:00+02:00", "", 9),
            ("2026-03-01T12:00:00", "", 9),
            ("", "2026-03-09T00:00:00Z", 1),
            ("Spring", "2026-03-09T00:00:00Z", 1),
            ("2026-03", "", 9),
            ("2026", "", 68),
            ("2027-01-01", "", 0),
            ("", "", i64::MAX),
        ] {
            assert_eq!(days_since(as_of, imported, now), expected, "{as_of:?} {imported:?}");
        }
    }

    #[test]
    fn a_stamp_names_the_lists_asked_for_and_which_are_stale() {
        let list = |id: &str, as_of: &str| ListManifest {
            list: id.into(),
            as_of: as_of.into(),
            ..ListManifest::default()
        };
        let manifest = Manifest {
            id: "s".into(),
            lists: vec![list("aspi", "2020-08-01"), list("eu", "2026-03-01"), list("un", "2020-01-01")],
            ..Manifest::default()
        };
        let now = "2026-03-10T00:00:00Z".parse().unwrap();
        let max = [("eu".to_owned(), 9), ("aspi".to_owned(), 100)];
        let stale = |options: &Options| -> Vec<(String, bool)> {
            Stamp::new(&manifest, options, &max, now).lists.into_iter().map(|l| (l.list, l.stale)).collect()
        };
        let all = [("aspi".into(), true), ("eu".into(), false), ("un".into(), false)];
        assert_eq!(stale(&Options::default()), all);
        let eu = Options { lists: vec!["eu".into()], ..Options::default() };
        assert_eq!(stale(&eu), [("eu".into(), false)]);
    }
}
