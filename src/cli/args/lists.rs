//! Arguments of `lists` and of what stands below it.

use std::path::PathBuf;

use clap::Subcommand;

use super::{ConfigFileArgs, DataArgs};

/// Arguments of `lists`.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct ListsArgs {
    /// What to do; without it, show what is loaded.
    #[command(subcommand)]
    pub command: Option<ListsCommandArgs>,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// Show the issues of each list too
    #[arg(long)]
    pub issues: bool,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// What can be done with the editions of lists that a data folder holds.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ListsCommandArgs {
    /// Show the generations that the folder still holds
    History(HistoryArgs),
    /// Show what changed between two of them: entities added, removed and changed, field by field
    Diff(DiffArgs),
    /// Fetch the lists that the configuration names, check them, and switch to them
    Update(UpdateArgs),
    /// Go back to an older generation; a running service takes it up by itself
    Rollback(RollBackArgs),
}

/// Arguments of `lists update`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct UpdateArgs {
    /// Folder to update [default: as configured, else ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Only this list [repeatable; default: all that have a source]
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Take up even what somebody went back from
    #[arg(long)]
    pub accept: bool,
    /// The configuration.
    #[command(flatten)]
    pub config: ConfigFileArgs,
}

/// Arguments of `lists history`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct HistoryArgs {
    /// Folder that `zeef import` filled [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `lists diff`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct DiffArgs {
    /// Folder that `zeef import` filled [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The generation before [default: the newest before the other]
    #[arg(long, value_name = "GENERATION")]
    pub from: Option<String>,
    /// The generation after [default: the current one]
    #[arg(long, value_name = "GENERATION")]
    pub to: Option<String>,
    /// Only this list [repeatable]
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `lists rollback`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RollBackArgs {
    /// Folder that `zeef import` filled [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The generation to go back to [default: the newest before the current one]
    #[arg(long, value_name = "GENERATION")]
    pub to: Option<String>,
}
