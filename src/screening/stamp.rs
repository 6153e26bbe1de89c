//! How old lists are, and the stamp that says so.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use crate::index::{ListManifest, Manifest};

use super::{DEFAULT_THRESHOLD, ListStamp, MATCHER_VERSION, Options, Stamp};

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
        let lists = manifest.lists.iter().filter(asked).map(|list| {
            let age_days = age_days(list, now);
            let max = max_age_days.iter().find(|(l, _)| *l == list.list).map(|(_, days)| *days);
            ListStamp {
                list: list.list.clone(),
                as_of: list.as_of.clone(),
                imported: list.imported.clone(),
                age_days,
                stale: max.is_some_and(|max| age_days > max),
            }
        });
        Self {
            snapshot: manifest.id.clone(),
            demo: manifest.demo,
            lists: lists.collect(),
            matcher: MATCHER_VERSION.to_owned(),
            threshold: options.threshold.unwrap_or(DEFAULT_THRESHOLD),
        }
    }
}

/// Whole days from the date a list stands at, or its import where it does not say, to `now`. A date in
/// the future counts as today; a list without any readable date is older than anything.
fn age_days(list: &ListManifest, now: Timestamp) -> i64 {
    let since = instant(&list.as_of).or_else(|| instant(&list.imported));
    since.map_or(i64::MAX, |since| (now.duration_since(since).as_secs() / 86_400).max(0))
}

/// An instant from RFC 3339, or from a date or local time without an offset, taken as UTC.
fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Some(instant);
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
            ("2027-01-01", "", 0),
            ("", "", i64::MAX),
        ] {
            let list =
                ListManifest { as_of: as_of.into(), imported: imported.into(), ..ListManifest::default() };
            assert_eq!(age_days(&list, now), expected, "{as_of:?} {imported:?}");
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
