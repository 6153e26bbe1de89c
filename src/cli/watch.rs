//! `zeef watch` and `zeef alerts`: who is under watch, and what changed for them.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::index::{Snapshot, holds_snapshot};
use crate::review::monitor::{Monitor, MonitorOptions, NewWatch, TakenUp, Watched, WatchedFilter};
use crate::review::store::Store;
use crate::screening::{Screener, Subject};

use super::exit::{CliError, code};
use super::plan::{RowsFrom, WatchAddPlan, WatchPlan, WatchTask, Who, end_of_day};
use super::print::{safe, table};
use super::{notice, print};

/// Watches and alerts read from the store at once.
const AT_ONCE: usize = 1_000;
/// Longest line of a file of subjects, in bytes: two hundred aliases at full length in any script.
const MAX_LINE_BYTES: usize = 4 << 20;

/// Does what was asked with the watches of a data folder.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &WatchPlan) -> Result<u8, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let store = Store::open(&plan.store).await?;
        let monitor = Monitor::new(store, MonitorOptions::default())?;
        match &plan.task {
            WatchTask::Add(add) => {
                let added = monitor.add(&watches(add)?).await?;
                let renewed = added.iter().filter(|a| a.renewed).count();
                if let [one] = added.as_slice() {
                    let word = if one.renewed { "renewed" } else { "under watch" };
                    print::out(&format!("{} {word}\n", one.id))?;
                } else {
                    print::out(&format!("{} under watch, {renewed} of them renewed\n", added.len()))?;
                }
                check(&monitor, &plan.folder).await
            }
            WatchTask::List { troubled, json } => list(&monitor, *troubled, *json).await,
            WatchTask::Remove(ids) => {
                let ended = monitor.remove(ids).await?;
                let ended = usize::try_from(ended).unwrap_or(usize::MAX);
                print::out(&format!("{} ended\n", print::count(ended, "watch", "watches")))?;
                Ok(code::ANSWERED)
            }
            WatchTask::Check => check(&monitor, &plan.folder).await,
            WatchTask::Alerts { after, json } => alerts(&monitor, *after, *json).await,
        }
    })
}

/// A line of a file of subjects.
#[derive(Deserialize)]
struct Line {
    #[serde(flatten)]
    subject: Subject,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    until: String,
}

fn watches(plan: &WatchAddPlan) -> Result<Vec<NewWatch>, CliError> {
    let usual = plan.until.unwrap_or_else(|| NewWatch::usual_end(Timestamp::now()));
    let watch = |subject: Subject| NewWatch {
        reference: plan.reference.clone(),
        subject,
        options: plan.options.clone(),
        purpose: plan.purpose.clone(),
        added_by: whoami(),
        ends: usual,
    };
    let from = match &plan.who {
        Who::One(subject) => return Ok(vec![watch((**subject).clone())]),
        Who::Rows(from) => from,
    };
    let mut input: Box<dyn BufRead> = match from {
        RowsFrom::Stdin => Box::new(std::io::stdin().lock()),
        RowsFrom::File(path) => {
            let at = |source| CliError::File { file: path.display().to_string(), source };
            Box::new(BufReader::new(File::open(path).map_err(at)?))
        }
    };
    let mut watches = Vec::new();
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let most = MAX_LINE_BYTES as u64 + 1;
        if std::io::Read::take(&mut input, most).read_until(b'\n', &mut bytes)? == 0 {
            break;
        }
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        // The parser's own message may quote a name.
        let wrong =
            |what: &str| CliError::Usage(format!("line {number}: {what}; nobody was put under watch"));
        if bytes.len() > MAX_LINE_BYTES {
            return Err(wrong("is too long"));
        }
        let line: Line = serde_json::from_slice(&bytes)
            .map_err(|e| wrong(&format!("cannot be read as a subject, at column {}", e.column())))?;
        let mut one = watch(line.subject);
        one.reference = line.reference;
        if !line.purpose.is_empty() {
            one.purpose = line.purpose;
        }
        if !line.until.is_empty() {
            one.ends = end_of_day(&line.until).map_err(|e| wrong(&e.to_string()))?;
        }
        one.check(Timestamp::now()).map_err(|e| wrong(&e.to_string()))?;
        watches.push(one);
    }
    Ok(watches)
}

/// Under whose name watches of the command line stand.
fn whoami() -> String {
    let name = ["USER", "USERNAME", "LOGNAME"].into_iter().find_map(|v| std::env::var(v).ok());
    format!("cli:{}", name.filter(|n| !n.is_empty()).unwrap_or_else(|| "unknown".into()))
}

/// Brings everybody under watch to the folder's lists.
async fn check(monitor: &Monitor, folder: &Path) -> Result<u8, CliError> {
    if !holds_snapshot(folder)? {
        print::note("zeef: no lists are loaded; whoever is under watch is screened when there are");
        return Ok(code::ANSWERED);
    }
    let screener = Screener::new(Arc::new(Snapshot::open(folder)?), Vec::new());
    monitor.leads_on(&screener.snapshot().manifest().id, false).await?;
    let TakenUp { watched, new, vanished, changed, troubled, .. } = monitor.take_up(&screener).await?;
    print::note(&format!(
        "zeef: {watched} screened against snapshot {}: {new} new hits, {vanished} gone, {changed} with other \
         evidence; `zeef alerts` shows them",
        notice::short(&screener.snapshot().manifest().id)
    ));
    if troubled > 0 {
        print::note(&format!(
            "zeef: {troubled} COULD NOT BE SCREENED; what stood for them stands. `zeef watch list --troubled` says why"
        ));
    }
    Ok(code::ANSWERED)
}

/// A watch as programs read it.
#[derive(Serialize)]
struct Shown<'a> {
    watch_id: &'a str,
    reference: &'a str,
    subject: &'a Subject,
    lists: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    threshold: Option<f64>,
    purpose: &'a str,
    added_by: &'a str,
    added: String,
    ends: String,
    snapshot: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    trouble: &'a str,
}

async fn list(monitor: &Monitor, troubled: bool, json: bool) -> Result<u8, CliError> {
    let filter = WatchedFilter { troubled, ..WatchedFilter::default() };
    let mut after = Some(0);
    while let Some(number) = after {
        let page = monitor.list(&filter, number, AT_ONCE).await?;
        after = page.next;
        if json {
            let lines: Result<Vec<String>, _> =
                page.watched.iter().map(|w| serde_json::to_string(&shown(w))).collect();
            let lines = lines.map_err(std::io::Error::from)?;
            print::out(&lines.into_iter().map(|l| l + "\n").collect::<String>())?;
            continue;
        }
        if page.watched.is_empty() {
            print::out("Nobody.\n")?;
            continue;
        }
        let mut table = table(["watch", "reference", "name", "purpose", "until", "on snapshot"]);
        for watched in &page.watched {
            let watch = &watched.watch;
            let on = match (&watched.screened, watched.trouble.as_str()) {
                (_, trouble) if !trouble.is_empty() => format!("NOT SCREENED: {trouble}"),
                (Some(screened), _) => notice::short(&screened.snapshot).to_owned(),
                (None, _) => "not yet".to_owned(),
            };
            table.add_row([
                watched.id.clone(),
                safe(&watch.reference),
                safe(&watch.subject.name),
                safe(&watch.purpose),
                // A watch ends as its last day does.
                notice::day(&last_moment(watch.ends).to_string()).to_owned(),
                safe(&on),
            ]);
        }
        print::out(&format!("{}\n", table.trim_fmt()))?;
    }
    Ok(code::ANSWERED)
}

/// The last second of a watch, which ends at the end of a day.
fn last_moment(ends: Timestamp) -> Timestamp {
    ends.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(ends)
}

fn shown(watched: &Watched) -> Shown<'_> {
    let watch = &watched.watch;
    Shown {
        watch_id: &watched.id,
        reference: &watch.reference,
        subject: &watch.subject,
        lists: &watch.options.lists,
        threshold: watch.options.threshold,
        purpose: &watch.purpose,
        added_by: &watch.added_by,
        added: watched.added.to_string(),
        ends: watch.ends.to_string(),
        snapshot: watched.screened.as_ref().map_or("", |s| &s.snapshot),
        trouble: &watched.trouble,
    }
}

async fn alerts(monitor: &Monitor, mut after: i64, json: bool) -> Result<u8, CliError> {
    let mut any = false;
    loop {
        let alerts = monitor.alerts(after, AT_ONCE).await?;
        let Some(last) = alerts.last() else { break };
        (after, any) = (last.number, true);
        if json {
            let lines: Result<Vec<String>, _> = alerts.iter().map(serde_json::to_string).collect();
            let lines = lines.map_err(std::io::Error::from)?;
            print::out(&lines.into_iter().map(|l| l + "\n").collect::<String>())?;
            continue;
        }
        let mut table = table(["number", "alert", "watch", "entity", "why"]);
        for alert in &alerts {
            let kind = match (alert.kind.as_str(), alert.first, alert.delisted) {
                ("new", true, _) => "stands at first look".to_owned(),
                ("vanished", _, true) => "vanished, off the list".to_owned(),
                (kind, ..) => kind.to_owned(),
            };
            let hit = alert.after.as_ref().or(alert.before.as_ref());
            let who = if alert.reference.is_empty() { &alert.watch_id } else { &alert.reference };
            let name = hit.map_or("", |h| h.name.as_str());
            table.add_row([
                alert.number.to_string(),
                kind,
                safe(who),
                safe(&format!("{} {} {name}", alert.list, alert.entity_id)),
                safe(hit.map_or("", |h| h.explanation.summary.as_str())),
            ]);
        }
        print::out(&format!("{}\n", table.trim_fmt()))?;
    }
    if !any && !json {
        print::out("No alerts.\n")?;
    }
    Ok(code::ANSWERED)
}
