//! `zeef lists`: what is loaded, as of when; and the formats that can be.

use std::fmt::Write as _;

use serde::Serialize;

use crate::index::{ListManifest, Manifest};
use crate::screening::{ListStamp, Options, Stamp};
use crate::sources::{Severity, formats};

use super::exit::{CliError, code};
use super::plan::DataPlan;
use super::print::{safe, table};
use super::{data, notice, print};

/// The lists as programs read them.
#[derive(Serialize)]
struct Loaded<'a> {
    snapshot: &'a str,
    created: &'a str,
    demo: bool,
    lists: Vec<LoadedList<'a>>,
}

#[derive(Serialize)]
struct LoadedList<'a> {
    #[serde(flatten)]
    list: &'a ListManifest,
    age_days: i64,
    max_age_days: i64,
    stale: bool,
}

/// Prints what is loaded.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &DataPlan, with_issues: bool, json: bool) -> Result<u8, CliError> {
    let screener = data::open(plan)?;
    let manifest = screener.snapshot().manifest();
    let stamp = screener.stamp(&Options::default(), jiff::Timestamp::now());
    notice::warn(&stamp, &[]);
    if json {
        let lists = manifest.lists.iter().map(|list| {
            let age = age_of(&stamp, list);
            LoadedList {
                list,
                age_days: age.map_or(0, |a| a.age_days),
                max_age_days: plan.max_age.of(&list.list),
                stale: age.is_some_and(|a| a.stale),
            }
        });
        print::json(&Loaded {
            snapshot: &manifest.id,
            created: &manifest.created,
            demo: manifest.demo,
            lists: lists.collect(),
        })?;
    } else {
        let mut text = overview(manifest, &stamp);
        if with_issues {
            for list in &manifest.lists {
                text.push_str(&issues(list, usize::MAX));
            }
        }
        print::out(&text)?;
    }
    Ok(code::ANSWERED)
}

fn age_of<'a>(stamp: &'a Stamp, list: &ListManifest) -> Option<&'a ListStamp> {
    stamp.lists.iter().find(|l| l.list == list.list)
}

/// The lists of a snapshot with their dates and counts.
fn overview(manifest: &Manifest, stamp: &Stamp) -> String {
    let mut table = table([
        "list",
        "title",
        "as of",
        "imported",
        "days old",
        "persons",
        "organisations",
        "names",
        "issues",
    ]);
    for list in &manifest.lists {
        let age = age_of(stamp, list);
        let stale = if age.is_some_and(|a| a.stale) { " STALE" } else { "" };
        table.add_row([
            safe(&list.list),
            safe(&list.title),
            safe(notice::day(&list.as_of)),
            notice::day(&list.imported).to_owned(),
            format!("{}{stale}", age.map_or(0, |a| a.age_days)),
            list.counts.persons.to_string(),
            list.counts.organisations.to_string(),
            list.counts.names.to_string(),
            list.issue_count.to_string(),
        ]);
    }
    format!("{}\nSnapshot {}, made {}.\n", table.trim_fmt(), notice::short(&manifest.id), manifest.created)
}

/// The first issues of a list with their places.
pub(super) fn issues(list: &ListManifest, most: usize) -> String {
    if list.issue_count == 0 {
        return String::new();
    }
    let mut text = format!("Issues of {}: {}\n", safe(&list.list), list.issue_count);
    let shown = list.issues.len().min(most);
    for issue in &list.issues[..shown] {
        let left_out = match issue.severity {
            Severity::Value => "",
            Severity::Record => " (record left out)",
        };
        let _ = writeln!(text, "  {}: {}{left_out}", safe(&issue.place), safe(&issue.what));
    }
    let more = list.issue_count.saturating_sub(shown as u64);
    if more > 0 {
        let _ = writeln!(text, "  and {more} more");
    }
    text
}

/// Prints the formats that can be imported.
///
/// # Errors
/// When standard output cannot be written.
pub(super) fn formats_table() -> Result<u8, CliError> {
    let mut table = table(["format and list", "title", "files"]);
    for format in formats() {
        table.add_row([format.name, format.title, format.files]);
    }
    print::out(&format!("{}\n", table.trim_fmt()))?;
    Ok(code::ANSWERED)
}
