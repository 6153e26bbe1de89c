//! `zeef import`: lists into a data folder, with progress and a summary.

use std::io::{self, IsTerminal};
use std::time::Duration;

use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use serde::Serialize;

use crate::index::import::{
    Change, IdChange, ImportReport, ImportRequest, Importer, ListInput, ListReport, Progress, RegisterChange,
    RegisterReport, Stage,
};
use crate::index::{ListCounts, ListManifest, Manifest, RegisterManifest};
use crate::screening::{Options, Stamp};
use crate::sources::{BOARDS, format_named};

use super::exit::{CliError, code};
use super::plan::{ImportPlan, MaxAge};
use super::print::{safe, table};
use super::{lists, notice, print};

/// Issues shown of each list unless all are asked for.
const ISSUES_SHOWN: usize = 10;

/// Imports, and prints what became of each list.
///
/// # Errors
/// See [`CliError`]; whatever was loaded before is then untouched.
pub(super) fn run(plan: &ImportPlan) -> Result<u8, CliError> {
    let now = jiff::Timestamp::now();
    let mut request = ImportRequest { allow_shrink: plan.allow_shrink, ..ImportRequest::new(now) };
    request.remove.clone_from(&plan.remove);
    request.ror.clone_from(&plan.ror);
    for (list, files) in &plan.sources {
        if list == BOARDS {
            request.boards.clone_from(files);
            continue;
        }
        let format = format_named(list).ok_or_else(|| {
            CliError::Usage(format!("there is no format {list:?}; see `zeef import --formats`"))
        })?;
        request.lists.push(ListInput { format, files: files.clone() });
    }
    let bar = progress_bar();
    let report = Importer::new(&plan.folder).run(&request, &mut |progress| tell(&bar, progress));
    bar.finish_and_clear();
    let report = report?;

    if plan.json {
        print::json(&Imported::new(&report))?;
    } else {
        print::out(&summary(plan, &report))?;
    }
    let manifest = Manifest {
        id: report.snapshot.clone(),
        lists: report.lists.iter().map(|l| l.manifest.clone()).collect(),
        ..Manifest::default()
    };
    notice::warn(&Stamp::new(&manifest, &Options::default(), &MaxAge::default().by_list(), now), &[]);
    Ok(code::ANSWERED)
}

fn progress_bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg:<40} {wide_bar} {percent:>3} %") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn tell(bar: &ProgressBar, progress: &Progress<'_>) {
    let Progress { stage, list, entities, bytes_read, bytes_total } = *progress;
    bar.set_length(bytes_total);
    bar.set_position(bytes_read);
    bar.set_message(match stage {
        Stage::Reading => format!("reading {list}: {entities} entities, {}", HumanBytes(bytes_read)),
        Stage::CarryingOver => format!("keeping {list}: {entities} entities"),
        Stage::Finishing => "writing and switching".to_owned(),
    });
}

/// The import as a person reads it.
fn summary(plan: &ImportPlan, report: &ImportReport) -> String {
    let mut table = table(std::iter::once("").chain(report.lists.iter().map(|l| l.manifest.list.as_str())));
    let mut row = |title: &str, cell: &dyn Fn(&ListReport) -> String| {
        table.add_row(std::iter::once(title.to_owned()).chain(report.lists.iter().map(cell)));
    };
    row("became", &change);
    row("as of", &|l| safe(notice::day(&l.manifest.as_of)));
    row("edition", &|l| safe(&l.manifest.edition));
    let mut count = |title: &str, count: fn(&ListCounts) -> u64| {
        row(title, &|l| count(&l.manifest.counts).to_string());
    };
    count("entities", |c| c.entities);
    count("persons", |c| c.persons);
    count("organisations", |c| c.organisations);
    count("names", |c| c.names);
    count("births", |c| c.births);
    count("citizenships", |c| c.citizenships);
    count("addresses", |c| c.addresses);
    count("identifiers", |c| c.identifiers);
    count("relations", |c| c.relations);
    row("issues", &|l| l.manifest.issue_count.to_string());
    let mut text = format!("{}\n", table.trim_fmt());
    for list in report.lists.iter().filter(|l| l.change != Change::CarriedOver) {
        for lender in &list.manifest.lenders {
            text.push_str(&format!(
                "{} lent names to {} entities of {}.\n",
                safe(&lender.lender),
                lender.entities,
                safe(&list.manifest.list)
            ));
        }
        let most = if plan.all_issues { usize::MAX } else { ISSUES_SHOWN };
        text.push_str(&lists::issues(
            &list.manifest.list,
            list.manifest.issue_count,
            &list.manifest.issues,
            most,
        ));
    }
    for RegisterReport { manifest, change } in &report.registers {
        let became = match *change {
            RegisterChange::New => "new".to_owned(),
            RegisterChange::CarriedOver => "kept".to_owned(),
            RegisterChange::Replaced { seats_before } => format!("replaced, had {seats_before} seats"),
        };
        text.push_str(&format!(
            "Register {} ({became}): {} seats on the boards of {} organisations.\n",
            safe(&manifest.register),
            manifest.counts.seats,
            manifest.counts.organisations
        ));
        if *change != RegisterChange::CarriedOver {
            let most = if plan.all_issues { usize::MAX } else { ISSUES_SHOWN };
            text.push_str(&lists::issues(&manifest.register, manifest.issue_count, &manifest.issues, most));
        }
    }
    if !report.removed.is_empty() {
        text.push_str(&format!("Removed: {}.\n", report.removed.join(", ")));
    }
    let same = if report.unchanged { ", with the same contents as before" } else { "" };
    text.push_str(&format!(
        "Snapshot {} in {}{same}; {:.2} s.\n",
        notice::short(&report.snapshot),
        plan.folder.display(),
        report.timings.total().as_secs_f64()
    ));
    text
}

/// What became of a list, in words.
fn change(list: &ListReport) -> String {
    match list.change {
        Change::New => "new".to_owned(),
        Change::CarriedOver => "kept".to_owned(),
        Change::Replaced { ids: Some(IdChange { added: 0, gone: 0 }), .. } => "same entries".to_owned(),
        Change::Replaced { ids: Some(IdChange { added, gone }), .. } => format!("+{added} -{gone} entries"),
        Change::Replaced { before, ids: None } => format!("replaced, had {}", before.entities),
    }
}

/// The import as programs read it.
#[derive(Serialize)]
struct Imported<'a> {
    snapshot: &'a str,
    unchanged: bool,
    seconds: f64,
    removed: &'a [String],
    lists: Vec<ImportedList<'a>>,
    registers: Vec<ImportedRegister<'a>>,
}

#[derive(Serialize)]
struct ImportedRegister<'a> {
    #[serde(flatten)]
    register: &'a RegisterManifest,
    /// `new`, `replaced` or `kept`.
    change: &'static str,
}

#[derive(Serialize)]
struct ImportedList<'a> {
    #[serde(flatten)]
    list: &'a ListManifest,
    /// `new`, `replaced` or `kept`.
    change: &'static str,
    /// Entities whose ids the edition before did not have, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<u64>,
    /// Entities of the edition before whose ids are no more, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    gone: Option<u64>,
}

impl<'a> Imported<'a> {
    fn new(report: &'a ImportReport) -> Self {
        let lists = report.lists.iter().map(|list| {
            let (change, ids) = match list.change {
                Change::New => ("new", None),
                Change::Replaced { ids, .. } => ("replaced", ids),
                Change::CarriedOver => ("kept", None),
            };
            ImportedList {
                list: &list.manifest,
                change,
                added: ids.map(|i| i.added),
                gone: ids.map(|i| i.gone),
            }
        });
        Self {
            snapshot: &report.snapshot,
            unchanged: report.unchanged,
            seconds: report.timings.total().as_secs_f64(),
            removed: &report.removed,
            lists: lists.collect(),
            registers: report
                .registers
                .iter()
                .map(|register| ImportedRegister {
                    register: &register.manifest,
                    change: match register.change {
                        RegisterChange::New => "new",
                        RegisterChange::Replaced { .. } => "replaced",
                        RegisterChange::CarriedOver => "kept",
                    },
                })
                .collect(),
        }
    }
}
