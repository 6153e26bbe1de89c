//! Plans of `lists` and of what stands below it.

use std::path::PathBuf;

use super::{ConfigPlan, Environment, Flag, Plan, configuration, data, folder};
use crate::cli::args::{DiffArgs, HistoryArgs, ListsArgs, ListsCommandArgs, RollBackArgs, UpdateArgs};
use crate::cli::exit::CliError;

/// A checked `lists diff`.
#[derive(Debug)]
pub(in crate::cli) struct DiffPlan {
    /// The folder.
    pub folder: PathBuf,
    /// The generation before; the newest before the other when absent.
    pub from: Option<String>,
    /// The generation after; the current one when absent.
    pub to: Option<String>,
    /// Only these lists; empty for all.
    pub lists: Vec<String>,
    /// As JSON.
    pub json: bool,
}

/// A checked `lists update`.
#[derive(Debug)]
pub(in crate::cli) struct UpdateListsPlan {
    /// Where the sources are configured.
    pub config: ConfigPlan,
    /// Only these lists; empty for all.
    pub lists: Vec<String>,
    /// Whether to take up what was held back.
    pub accept: bool,
}

/// Checks `lists`.
pub(super) fn plan(args: ListsArgs, world: &Environment) -> Result<Plan, CliError> {
    Ok(match args.command {
        None => Plan::Lists { data: data(args.data, world)?, issues: args.issues, json: args.json },
        Some(ListsCommandArgs::History(HistoryArgs { data, json })) => {
            Plan::History { folder: folder(data, world)?, json }
        }
        Some(ListsCommandArgs::Diff(DiffArgs { data, from, to, lists, json })) => {
            Plan::Diff(DiffPlan { folder: folder(data, world)?, from, to, lists, json })
        }
        Some(ListsCommandArgs::Update(UpdateArgs { data, lists, accept, config })) => {
            let flag = |folder: PathBuf| Flag::new("--data", "data.folder", folder.display().to_string());
            let flags = data.map(flag).into_iter().collect();
            Plan::UpdateLists(UpdateListsPlan { config: configuration(config, flags, world), lists, accept })
        }
        Some(ListsCommandArgs::Rollback(RollBackArgs { data, to })) => {
            Plan::RollBack { folder: folder(data, world)?, to }
        }
    })
}
