//! What must be said loudly about the lists behind an answer, on standard error.

use crate::screening::{EXPECTED_LISTS, Stamp};

use super::print;

/// Warnings about the lists of a stamp; `asked` are the lists that were asked for, none for all.
pub(super) fn warnings(stamp: &Stamp, asked: &[String]) -> Vec<String> {
    if stamp.demo {
        // That says more than any age could.
        return vec![
            "DEMONSTRATION LISTS: a few dozen real entries, far from the whole; no answer protects anybody. \
             Import the real lists with `zeef import`"
                .to_owned(),
        ];
    }
    let mut all = Vec::new();
    for list in stamp.lists.iter().filter(|l| l.stale) {
        all.push(format!(
            "STALE LIST: {} is {} days old; entries since then are not found. Import it again",
            list.list, list.age_days
        ));
    }
    // Who asked for certain lists knows that the others were not asked.
    if asked.is_empty() {
        for (list, title) in EXPECTED_LISTS.iter().filter(|(e, _)| stamp.lists.iter().all(|l| l.list != *e)) {
            all.push(format!(
                "MISSING LIST: {list} ({title}) is not loaded; nothing here says anything about it"
            ));
        }
    }
    all
}

/// Says on standard error that the lists are demonstration lists, if they are. For answers that tell of
/// stale and missing lists themselves.
pub(super) fn warn_demo(stamp: &Stamp) {
    if stamp.demo {
        warn(stamp, &[]);
    }
}

/// Writes the warnings to standard error.
pub(super) fn warn(stamp: &Stamp, asked: &[String]) {
    for warning in warnings(stamp, asked) {
        print::note(&format!("zeef: {warning}"));
    }
}

/// One line that says which lists an answer rests on, as of when.
pub(super) fn lists_line(stamp: &Stamp) -> String {
    let lists: Vec<String> = stamp
        .lists
        .iter()
        .map(|l| {
            let as_of = match l.as_of.as_str() {
                "" => format!("imported {}", day(&l.imported)),
                as_of => format!("as of {}", day(as_of)),
            };
            format!("{} ({as_of}, {} days old{})", l.list, l.age_days, if l.stale { ", STALE" } else { "" })
        })
        .collect();
    format!(
        "Lists: {}. Snapshot {}, matcher {}, threshold {}.",
        lists.join("; "),
        short(&stamp.snapshot),
        stamp.matcher,
        stamp.threshold
    )
}

/// The day of an instant as RFC 3339 writes it.
pub(super) fn day(instant: &str) -> &str {
    instant.split_once('T').map_or(instant, |(day, _)| day)
}

/// The beginning of a snapshot's id, enough to tell it from others by eye.
pub(super) fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use crate::screening::ListStamp;

    use super::*;

    fn stamp(demo: bool, lists: &[(&str, bool)]) -> Stamp {
        let list = |(list, stale): &(&str, bool)| ListStamp {
            list: (*list).to_owned(),
            as_of: "2026-02-27T10:00:00Z".into(),
            imported: "2026-03-01T00:00:00Z".into(),
            age_days: 3,
            stale: *stale,
        };
        Stamp {
            snapshot: "0123456789abcdef".into(),
            demo,
            lists: lists.iter().map(list).collect(),
            matcher: "1".into(),
            threshold: 0.5,
        }
    }

    #[test]
    fn what_an_answer_lacks_is_said() {
        for (stamp, asked, expected) in [
            (stamp(false, &[("eu", false), ("aspi", false)]), vec![], vec![]),
            (stamp(true, &[("eu", true), ("aspi", false)]), vec![], vec!["DEMONSTRATION"]),
            (stamp(false, &[("eu", true), ("aspi", false)]), vec![], vec!["STALE LIST: eu"]),
            (stamp(false, &[("eu", false)]), vec![], vec!["MISSING LIST: aspi"]),
            (stamp(false, &[("eu", false)]), vec!["eu".to_owned()], vec![]),
            (stamp(false, &[("un", false)]), vec![], vec!["MISSING LIST: eu", "MISSING LIST: aspi"]),
        ] {
            let said = warnings(&stamp, &asked);
            assert_eq!(said.len(), expected.len(), "{said:?}");
            assert!(said.iter().zip(&expected).all(|(s, e)| s.starts_with(e)), "{said:?}");
        }
    }

    #[test]
    fn the_lists_are_named_with_their_dates() {
        let line = lists_line(&stamp(false, &[("eu", true)]));
        assert!(line.starts_with("Lists: eu (as of 2026-02-27, 3 days old, STALE). Snapshot 0123456789ab,"));
    }
}
