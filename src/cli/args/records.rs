//! Arguments about what is kept: the audit trail, suspected matches, people's rights.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};

use crate::model::PartialDate;

/// How a screening is recorded.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RecordArgs {
    /// What it is for, such as hire; recorded for ever, so no names; test raises nothing for review
    #[arg(long, value_name = "TEXT")]
    pub purpose: Option<String>,
    /// Do not record it: for development
    #[arg(long)]
    pub no_record: bool,
    /// When it cannot be recorded: refuse to answer, or serve the answer all the same and say so
    #[arg(long, value_enum, default_value_t)]
    pub record_failure: OnFailureArg,
    /// Where records are kept: sqlite:FILE or postgres://USER@HOST/DATABASE [default: ZEEF_RECORDS_STORE, else
    /// review.sqlite in the data folder]
    #[arg(long, value_name = "URL", conflicts_with = "no_record")]
    pub store: Option<String>,
}

/// How a service records screenings.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ServeRecordArgs {
    /// Record nothing: for development. There is no review queue then
    #[arg(long)]
    pub no_record: bool,
    /// When a screening cannot be recorded: refuse to answer, or serve the answer all the same and say so
    #[arg(long, value_enum)]
    pub record_failure: Option<OnFailureArg>,
    /// Where records are kept: sqlite:FILE or postgres://USER@HOST/DATABASE, the password in PGPASSWORD or
    /// PGPASSFILE [default: review.sqlite in the data folder]
    #[arg(long, value_name = "URL", conflicts_with = "no_record")]
    pub store: Option<String>,
}

/// What happens to a screening that cannot be recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OnFailureArg {
    /// It is not answered
    #[default]
    Refuse,
    /// It is answered, and said to be unrecorded
    Serve,
}

/// Which store.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct StoreArgs {
    /// Folder that holds the records [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The store itself: sqlite:FILE or postgres://USER@HOST/DATABASE [default: ZEEF_RECORDS_STORE, else
    /// review.sqlite in the folder]
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
}

/// Arguments of `audit`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct AuditArgs {
    /// What to do with the trail.
    #[command(subcommand)]
    pub command: AuditCommandArgs,
}

/// What can be done with the audit trail.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum AuditCommandArgs {
    /// Check that nothing in the trail was changed, left out or cut off; exit 1 and the place where it was
    Verify(VerifyArgs),
    /// Write the records of a period or a case as JSON Lines or CSV
    Export(ExportArgs),
}

/// Arguments of `audit verify`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Note the number and hash that it prints somewhere else, and give them to --expect the next time: then a
trail that was cut off or written anew as a whole is found too.")]
pub(in crate::cli) struct VerifyArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// A record noted earlier, which must still be there
    #[arg(long, value_name = "NUMBER:HASH")]
    pub expect: Option<String>,
}

/// Form of an export.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ExportFormArg {
    /// A record a line, with everything that is kept
    #[default]
    Jsonl,
    /// A line per subject and hit
    Csv,
}

/// Arguments of `audit export`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ExportArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// From this day on (UTC): 2026-01-31
    #[arg(long, value_name = "DATE")]
    pub from: Option<String>,
    /// Up to this day, which is included (UTC)
    #[arg(long, value_name = "DATE")]
    pub until: Option<String>,
    /// Only what belongs to this case
    #[arg(long = "case", value_name = "REFERENCE")]
    pub case_reference: Option<String>,
    /// Form
    #[arg(long, value_enum, default_value_t)]
    pub format: ExportFormArg,
    /// Write into this file, whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `purge`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PurgeArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Days that personal contents are kept, for one purpose or for all [repeatable; default: 365]
    #[arg(long, value_name = "[PURPOSE=]DAYS")]
    pub keep_days: Vec<String>,
    /// Days that suspected matches are kept after their decision, where the policy of their case says nothing
    /// [default: 365]
    #[arg(long, value_name = "DAYS")]
    pub keep_decided_days: Option<u32>,
}

/// Arguments of `person`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PersonArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: PersonCommandArgs,
}

/// What can be done about one person.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum PersonCommandArgs {
    /// Write everything that is kept of a person, as JSON (GDPR art. 15)
    Export(PersonExportArgs),
    /// Erase everything that is kept of a person; the trail still verifies
    Erase(PersonEraseArgs),
}

/// Who is meant.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct WhoArgs {
    /// A name under which the person was screened, whole; case, accents and punctuation aside
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Leaves out those screened with another birth date
    #[arg(long, value_name = "DATE")]
    pub born: Option<PartialDate>,
}

/// Arguments of `person export`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PersonExportArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Who.
    #[command(flatten)]
    pub who: WhoArgs,
    /// Write into this file, whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Arguments of `person erase`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct PersonEraseArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Who.
    #[command(flatten)]
    pub who: WhoArgs,
    /// Erase confirmed matches as well, which the law may ask to be kept
    #[arg(long)]
    pub with_confirmed: bool,
}

/// Arguments of `review`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: ReviewCommandArgs,
}

/// What can be done with suspected matches.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ReviewCommandArgs {
    /// Show suspected matches, those that have waited longest first
    List(ReviewListArgs),
    /// Show one with its history
    Show(ReviewShowArgs),
    /// Take it for review, or give it to somebody
    Assign(ReviewAssignArgs),
    /// Say that the subject is the listed entity
    Confirm(ReviewDecideArgs),
    /// Say that the subject is not the listed entity
    Clear(ReviewDecideArgs),
    /// Take a decision back
    Reopen(ReviewDecideArgs),
}

/// State of suspected matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum StateArg {
    /// Nobody has taken it
    Open,
    /// Somebody has taken it, or it waits for a second person
    InReview,
    /// The subject is the listed entity
    Confirmed,
    /// The subject is not
    Cleared,
}

/// Arguments of `review list`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewListArgs {
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// In this state [repeatable; default: open and in-review]
    #[arg(long = "state", value_enum)]
    pub states: Vec<StateArg>,
    /// Only those of this case
    #[arg(long = "case", value_name = "REFERENCE")]
    pub case_reference: Option<String>,
    /// Most that are shown
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub limit: usize,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `review show`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewShowArgs {
    /// Its id, as `review list` shows it
    #[arg(value_name = "ID")]
    pub id: String,
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `review assign`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewAssignArgs {
    /// Its id
    #[arg(value_name = "ID")]
    pub id: String,
    /// Who reviews it [default: you]
    #[arg(long, value_name = "NAME")]
    pub to: Option<String>,
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
}

/// Arguments of `review confirm`, `clear` and `reopen`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct ReviewDecideArgs {
    /// Its id
    #[arg(value_name = "ID")]
    pub id: String,
    /// Why, for whoever asks a year from now
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Anything else worth keeping
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub note: String,
    /// The etag of what you have seen [default: as it is now]
    #[arg(long, value_name = "ETAG")]
    pub etag: Option<String>,
    /// Which store.
    #[command(flatten)]
    pub store: StoreArgs,
}
