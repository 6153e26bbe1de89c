//! `zeef lists`: what is loaded, as of when; and the formats that can be.

use std::fmt::Write as _;

use serde::Serialize;

use crate::index::{ListManifest, Manifest, RegisterManifest};
use crate::screening::{ListStamp, Options, Screener, Stamp};
use crate::sources::{Issue, Severity, formats, registers};

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
    registers: Vec<LoadedRegister<'a>>,
}

#[derive(Serialize)]
struct LoadedRegister<'a> {
    #[serde(flatten)]
    register: &'a RegisterManifest,
    age_days: i64,
    max_age_days: i64,
    stale: bool,
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
    let now = jiff::Timestamp::now();
    let stamp = screener.stamp(&Options::default(), now);
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
            registers: manifest
                .registers
                .iter()
                .map(|register| {
                    let age = screener.register_stamp(register, now);
                    LoadedRegister {
                        register,
                        age_days: age.age_days,
                        max_age_days: plan.max_age.of(&register.register),
                        stale: age.stale,
                    }
                })
                .collect(),
        })?;
    } else {
        let mut text = overview(manifest, &stamp);
        text.push_str(&registers_overview(&screener, now));
        text.push_str(&format!("Snapshot {}, made {}.\n", notice::short(&manifest.id), manifest.created));
        if with_issues {
            for list in &manifest.lists {
                text.push_str(&issues(&list.list, list.issue_count, &list.issues, usize::MAX));
            }
            for register in &manifest.registers {
                text.push_str(&issues(
                    &register.register,
                    register.issue_count,
                    &register.issues,
                    usize::MAX,
                ));
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
    format!("{}\n", table.trim_fmt())
}

/// The registers of a snapshot: reference data beside the lists, of which nothing is ever a hit.
fn registers_overview(screener: &Screener, now: jiff::Timestamp) -> String {
    let manifest = screener.snapshot().manifest();
    if manifest.registers.is_empty() {
        return String::new();
    }
    let mut table =
        table(["register", "title", "as of", "imported", "days old", "organisations", "seats", "issues"]);
    for register in &manifest.registers {
        let age = screener.register_stamp(register, now);
        table.add_row([
            safe(&register.register),
            safe(&register.title),
            safe(notice::day(&register.as_of)),
            notice::day(&register.imported).to_owned(),
            format!("{}{}", age.age_days, if age.stale { " STALE" } else { "" }),
            register.counts.organisations.to_string(),
            register.counts.seats.to_string(),
            register.issue_count.to_string(),
        ]);
    }
    format!("\n{}\n", table.trim_fmt())
}

/// The first issues of a list or register with their places.
pub(super) fn issues(list: &str, count: u64, issues: &[Issue], most: usize) -> String {
    if count == 0 {
        return String::new();
    }
    let mut text = format!("Issues of {}: {count}\n", safe(list));
    let shown = issues.len().min(most);
    for issue in &issues[..shown] {
        let left_out = match issue.severity {
            Severity::Value => "",
            Severity::Record => " (record left out)",
        };
        let _ = writeln!(text, "  {}: {}{left_out}", safe(&issue.place), safe(&issue.what));
    }
    let more = count.saturating_sub(shown as u64);
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
    for register in registers() {
        let title = format!("{} (a register: reference data, never a hit)", register.title);
        table.add_row([register.name, &title, register.files]);
    }
    print::out(&format!("{}\n", table.trim_fmt()))?;
    Ok(code::ANSWERED)
}
