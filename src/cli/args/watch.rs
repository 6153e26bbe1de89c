//! Arguments of `watch` and `alerts`.

use std::path::PathBuf;

use clap::Subcommand;

use super::AboutArgs;

/// Arguments of `watch`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WatchArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: WatchCommandArgs,
}

/// What can be done with watches.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum WatchCommandArgs {
    /// Put somebody under watch, or everybody in a file of JSON Lines
    Add(Box<WatchAddArgs>),
    /// Show who is under watch
    List(WatchListArgs),
    /// End watches and delete everything that was kept of them
    Remove(WatchRemoveArgs),
    /// Screen everybody under watch against the lists as they are now; a running service does it by itself
    Check(WatchCheckArgs),
}

/// Where lists and watches are.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WatchPlaceArgs {
    /// Folder that `zeef import` filled [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Where watches are kept: sqlite:FILE or postgres://USER@HOST/DATABASE [default: ZEEF_RECORDS_STORE, else
    /// review.sqlite in the folder]
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
}

/// Arguments of `watch add`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
A file holds one JSON object a line: name, kind, aliases, birth_date, birth_place, gender, countries, address,
identifiers as for `zeef batch`, and reference, purpose, until. All of it is put under watch, or nothing.")]
pub(in crate::cli) struct WatchAddArgs {
    /// The name, in any script; several words need no quotes
    #[arg(value_name = "NAME", required_unless_present = "file", conflicts_with = "file", num_args = 1..)]
    pub name: Vec<String>,
    /// File of JSON Lines, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// What the watch is for (employment, partnership); required, here or in each line
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    /// Last day of the watch [default: a year from now]
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Your own reference, such as a personnel number
    #[arg(long, value_name = "TEXT", conflicts_with = "file")]
    pub reference: Option<String>,
    /// Screen against this list only [repeatable; default: all that are loaded]
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Lowest score that counts, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "T")]
    pub threshold: Option<f64>,
    /// What is known of the subject.
    #[command(flatten)]
    pub about: AboutArgs,
    /// Which lists and store.
    #[command(flatten)]
    pub place: WatchPlaceArgs,
}

/// Arguments of `watch list`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WatchListArgs {
    /// Only those whose last screening could not be done
    #[arg(long)]
    pub troubled: bool,
    /// Which lists and store.
    #[command(flatten)]
    pub place: WatchPlaceArgs,
    /// Print as JSON Lines
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `watch remove`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WatchRemoveArgs {
    /// The watches' ids
    #[arg(value_name = "ID", required = true, num_args = 1..)]
    pub ids: Vec<String>,
    /// Which lists and store.
    #[command(flatten)]
    pub place: WatchPlaceArgs,
}

/// Arguments of `watch check`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WatchCheckArgs {
    /// Which lists and store.
    #[command(flatten)]
    pub place: WatchPlaceArgs,
}

/// Arguments of `alerts`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct AlertsArgs {
    /// Only alerts after the one with this number
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub after: i64,
    /// Which lists and store.
    #[command(flatten)]
    pub place: WatchPlaceArgs,
    /// Print as JSON Lines
    #[arg(long)]
    pub json: bool,
}
