//! Plans of `watch` and `alerts`.

use std::path::PathBuf;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::records::named_store;
use super::{Environment, Plan, RowsFrom, folder, options, rows_from, subject, usage};
use crate::cli::args::{AlertsArgs, OptionArgs, WatchAddArgs, WatchCommandArgs, WatchPlaceArgs};
use crate::cli::exit::CliError;
use crate::review::store::StoreUrl;
use crate::screening::{Options, Subject};

/// A checked `watch` or `alerts`.
#[derive(Debug)]
pub(in crate::cli) struct WatchPlan {
    /// The folder whose lists are used.
    pub folder: PathBuf,
    /// Where watches are kept.
    pub store: StoreUrl,
    /// What to do.
    pub task: WatchTask,
}

/// What to do with watches.
#[derive(Debug)]
pub(in crate::cli) enum WatchTask {
    /// Put somebody under watch.
    Add(Box<WatchAddPlan>),
    /// Show who is.
    List {
        /// Only those who could not be screened.
        troubled: bool,
        /// As JSON Lines.
        json: bool,
    },
    /// End watches.
    Remove(Vec<String>),
    /// Screen everybody under watch.
    Check,
    /// Show alerts.
    Alerts {
        /// After this number.
        after: i64,
        /// As JSON Lines.
        json: bool,
    },
}

/// A checked `watch add`.
#[derive(Debug)]
pub(in crate::cli) struct WatchAddPlan {
    /// One subject, or where many come from.
    pub who: Who,
    /// What for; empty if it stands in each line.
    pub purpose: String,
    /// Until when; a year when absent.
    pub until: Option<Timestamp>,
    /// The user's own reference.
    pub reference: String,
    /// Lists and threshold.
    pub options: Options,
}

/// Who is put under watch.
#[derive(Debug)]
pub(in crate::cli) enum Who {
    /// One subject.
    One(Box<Subject>),
    /// Those in a file.
    Rows(RowsFrom),
}

/// The end of a day, which is the end of a watch.
///
/// # Errors
/// Says how to write it.
pub(in crate::cli) fn end_of_day(text: &str) -> Result<Timestamp, CliError> {
    let day: Option<Date> = text.trim().parse().ok();
    let end = day.and_then(|d| d.checked_add(1.day()).ok()).and_then(|d| d.to_zoned(TimeZone::UTC).ok());
    match end {
        Some(end) => Ok(end.timestamp()),
        None => usage("until: write a day, such as 2027-01-31"),
    }
}

/// Checks `watch`.
pub(super) fn watch(command: WatchCommandArgs, world: &Environment) -> Result<Plan, CliError> {
    let (place, task) = match command {
        WatchCommandArgs::Add(args) => {
            let (place, plan) = add(*args)?;
            (place, WatchTask::Add(Box::new(plan)))
        }
        WatchCommandArgs::List(a) => (a.place, WatchTask::List { troubled: a.troubled, json: a.json }),
        WatchCommandArgs::Remove(a) => (a.place, WatchTask::Remove(a.ids)),
        WatchCommandArgs::Check(a) => (a.place, WatchTask::Check),
    };
    planned(place, task, world)
}

/// Checks `alerts`.
pub(super) fn alerts(args: AlertsArgs, world: &Environment) -> Result<Plan, CliError> {
    let AlertsArgs { after, place, json } = args;
    planned(place, WatchTask::Alerts { after, json }, world)
}

fn planned(place: WatchPlaceArgs, task: WatchTask, world: &Environment) -> Result<Plan, CliError> {
    let folder = folder(place.data, world)?;
    let store = named_store(place.store, world)?.unwrap_or_else(|| StoreUrl::in_folder(&folder));
    Ok(Plan::Watch(WatchPlan { folder, store, task }))
}

fn add(args: WatchAddArgs) -> Result<(WatchPlaceArgs, WatchAddPlan), CliError> {
    let who = match args.file {
        Some(file) => Who::Rows(rows_from(file)),
        None if args.purpose.is_none() => return usage("--purpose: say what the watch is for"),
        None => Who::One(Box::new(subject(args.name.join(" "), args.about)?)),
    };
    let plan = WatchAddPlan {
        who,
        purpose: args.purpose.unwrap_or_default(),
        until: args.until.as_deref().map(end_of_day).transpose()?,
        reference: args.reference.unwrap_or_default(),
        options: options(OptionArgs { lists: args.lists, threshold: args.threshold, limit: None })?,
    };
    Ok((args.place, plan))
}
