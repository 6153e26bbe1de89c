//! The arguments as typed: what clap reads, not yet checked against each other or the world.
//!
//! [`super::plan`] turns them into validated plans in one step; nothing else reads them.

mod lists;
mod records;
mod watch;

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::model::PartialDate;

pub(super) use lists::{DiffArgs, HistoryArgs, ListsArgs, ListsCommandArgs, RollBackArgs, UpdateArgs};
pub(super) use records::{
    AuditArgs, AuditCommandArgs, ExportFormArg, OnFailureArg, PersonArgs, PersonCommandArgs, PurgeArgs,
    RecordArgs, ReviewArgs, ReviewCommandArgs, ReviewDecideArgs, ServeRecordArgs, StateArg, StoreArgs,
    WhoArgs,
};
pub(super) use watch::{AlertsArgs, WatchAddArgs, WatchArgs, WatchCommandArgs, WatchPlaceArgs};

/// What `--help` says below the options of the whole command.
const AFTER_HELP: &str = "\
Lists:
  Commands work on the lists in --data DIR, else in the folder that ZEEF_DATA names, else in the
  user's data folder if lists were ever imported there. Only when none of these is given and
  nothing was ever imported, or with --demo, they work on the bundled demonstration lists, which
  protect nobody; every answer says so.

Exit codes:
  0   answered, whatever the answer; imported; served until asked to stop
  1   could not be done: the operating system, a damaged snapshot, a port in use; the audit trail is broken
  2   the arguments or the input are at fault
  3   the lists needed are not there: no snapshot in the folder, or a list that is not loaded
  4   an import was refused; what was loaded before is untouched
  10  with --exit-hit: there are hits (screen), findings to review (case), or the names match (compare)";

/// Screens people and institutions against sanctions lists and the China Defence Universities Tracker,
/// and says why. A person decides; zeef never does.
#[derive(Debug, Parser)]
#[command(name = "zeef", version, after_help = AFTER_HELP, max_term_width = 100)]
pub(super) struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: CommandArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum CommandArgs {
    /// Read lists into a data folder; what is loaded there keeps serving until the switch
    Import(ImportArgs),
    /// Serve gRPC until asked to stop (SIGTERM, Ctrl-C)
    Serve(ServeArgs),
    /// Look at a configuration without serving
    Config(ConfigArgs),
    /// Make tokens that let clients in
    Token(TokenArgs),
    /// Screen one name
    Screen(ScreenArgs),
    /// Screen a whole case: a person about to be hired, or a partner
    Case(CaseArgs),
    /// Compare two names with the scorer of `screen`
    Compare(CompareArgs),
    /// Screen a file of names on all cores, answers in input order
    Batch(BatchArgs),
    /// Show which lists are loaded, as of when; what changed in them; go back to an older edition
    Lists(ListsArgs),
    /// Put people and institutions under watch: they are screened again when a list changes
    Watch(WatchArgs),
    /// Show what changed for those under watch
    Alerts(AlertsArgs),
    /// Show everything a list says of one entity
    Entity(EntityArgs),
    /// Check the audit trail, or write it out
    Audit(AuditArgs),
    /// The queue of suspected matches: look, confirm, clear
    Review(ReviewArgs),
    /// Remove personal data that have been kept long enough
    Purge(PurgeArgs),
    /// Write out, or erase, what is kept of one person
    Person(PersonArgs),
    /// Look entities up by any word of their names and remarks
    Search(SearchArgs),
}

/// Which lists to work on.
#[derive(Debug, clap::Args)]
pub(super) struct DataArgs {
    /// Folder that `zeef import` filled [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Work on the bundled demonstration lists, which protect nobody
    #[arg(long, conflicts_with = "data")]
    pub demo: bool,
    /// Age in days from which a list counts as stale, for one list or for all [repeatable]
    #[arg(long, value_name = "[LIST=]DAYS")]
    pub max_age_days: Vec<String>,
}

/// How to screen.
#[derive(Debug, clap::Args)]
pub(super) struct OptionArgs {
    /// Screen against this list only [repeatable; default: all that are loaded]
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Lowest score shown, 0 to 1 [default: 0.5, where the same bearer is as likely as not]
    #[arg(long, value_name = "T")]
    pub threshold: Option<f64>,
    /// Most hits returned for a name [default: 20]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
}

/// Person, organisation or not known.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(super) enum KindArg {
    /// A natural person
    Person,
    /// An institution, company or affiliation string
    #[value(alias = "organization")]
    Organisation,
    /// Not known: matched with both
    #[default]
    Any,
}

/// A person's gender.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GenderArg {
    /// Male
    Male,
    /// Female
    Female,
}

/// Form of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum FormatArg {
    /// One JSON object a line
    Jsonl,
    /// A table with a header line; commas, semicolons or tabs
    Csv,
    /// A sheet of a workbook with a header line
    Xlsx,
}

/// Arguments of `import`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Only the lists named are replaced; the others stay with their own dates. Give all files of a list
in one import: --aspi galaxy.json --aspi ratings.csv merges them by id.")]
pub(super) struct ImportArgs {
    /// Folder to import into [default: ZEEF_DATA, else the user's data folder]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// EU consolidated financial sanctions list, XML schema 1_1, plain or gzip
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub eu: Vec<PathBuf>,
    /// China Defence Universities Tracker: MISP galaxy JSON and/or the university's CSV
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub aspi: Vec<PathBuf>,
    /// Any list or register that zeef reads, by its format's name [see `zeef import --formats`]
    #[arg(long, value_name = "FORMAT=FILE", num_args = 1..)]
    pub source: Vec<String>,
    /// Research Organization Registry records (JSONL, plain or gzip) that lend listed institutions
    /// their labels, aliases and acronyms
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub ror: Vec<PathBuf>,
    /// Drop this list or register from the data folder [repeatable]
    #[arg(long, value_name = "LIST")]
    pub remove: Vec<String>,
    /// Import even a list that lost a large share of its entities since the last import
    #[arg(long)]
    pub allow_shrink: bool,
    /// Show every issue, not just the first of each list
    #[arg(long)]
    pub all_issues: bool,
    /// Print the summary as JSON
    #[arg(long)]
    pub json: bool,
    /// Show the formats that --source reads, and stop
    #[arg(long)]
    pub formats: bool,
}

/// Arguments of `serve`.
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// Policy to read cases by, beside those that come with zeef: a TOML file [repeatable]
    #[arg(long = "policy", value_name = "FILE")]
    pub policies: Vec<String>,
    /// Address and port to listen on [default: 127.0.0.1:50051]
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// How screenings are recorded.
    #[command(flatten)]
    pub record: ServeRecordArgs,
    /// Listen beyond this machine although TLS or credentials are missing: something before it sees to both
    #[arg(long)]
    pub insecure_listen: bool,
    /// Where the configuration is.
    #[command(flatten)]
    pub config: ConfigFileArgs,
}

/// Arguments of `token`.
#[derive(Debug, clap::Args)]
pub(super) struct TokenArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: TokenCommandArgs,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(super) enum TokenCommandArgs {
    /// Make a token: itself on standard output, the lines for the configuration on standard error
    New(NewTokenArgs),
}

/// Arguments of `token new`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The token is shown this once; the configuration holds its hash. Give it to the client through a safe way:
  zeef token new --name hr-system --scope screen > hr-system.token")]
pub(super) struct NewTokenArgs {
    /// The client's name, as the audit trail will show it
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// What the client may do: screen, review, admin [repeatable]
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    pub scopes: Vec<String>,
    /// Date from which it lets in no longer
    #[arg(long, value_name = "DATE")]
    pub expires: Option<String>,
}

/// Where the configuration is.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigFileArgs {
    /// Configuration file, TOML [default: ZEEF_CONFIG, else none]. Arguments go before variables ZEEF_…, those
    /// before the file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// Arguments of `config`.
#[derive(Debug, clap::Args)]
pub(super) struct ConfigArgs {
    /// What to do with it.
    #[command(subcommand)]
    pub command: ConfigCommandArgs,
}

/// What to do with a configuration.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommandArgs {
    /// Say everything that is wrong with the configuration that `serve` would take
    Check(ConfigFileArgs),
}

/// Arguments of `screen`.
#[derive(Debug, clap::Args)]
pub(super) struct ScreenArgs {
    /// The name, in any script; several words need no quotes
    #[arg(value_name = "NAME", required = true, num_args = 1..)]
    pub name: Vec<String>,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// How it is recorded.
    #[command(flatten)]
    pub record: RecordArgs,
    /// The case it belongs to; records can be found by it
    #[arg(long = "case", value_name = "REFERENCE")]
    pub case_reference: Option<String>,
    /// How to screen.
    #[command(flatten)]
    pub options: OptionArgs,
    /// What is known of the subject.
    #[command(flatten)]
    pub about: AboutArgs,
    /// Print the answer as JSON
    #[arg(long)]
    pub json: bool,
    /// Exit with 10 when there are hits
    #[arg(long)]
    pub exit_hit: bool,
}

/// Language of what is written for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LanguageArg {
    /// English
    #[default]
    En,
    /// Dutch
    Nl,
}

/// Form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportArg {
    /// One page for a browser and for paper
    Html,
    /// Markdown
    Md,
    /// JSON
    Json,
}

/// Arguments of `case`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
The file is YAML or JSON; README documents its fields. A list's age is held against the policy first, and
against --max-age-days where the policy says nothing of it. Everything that is wrong with it is told at once,
with its place. Everyone screened is recorded; the CV is not.")]
pub(super) struct CaseArgs {
    /// File with the case, or - for standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Policy to read it by: maastricht, leiden, generic, or a TOML file
    #[arg(long, value_name = "POLICY", default_value = "generic")]
    pub policy: String,
    /// Print the whole answer as JSON
    #[arg(long)]
    pub json: bool,
    /// Write a report to be filed: one page as html or md, or the case with its answer as json
    #[arg(long, value_enum, value_name = "FORM", conflicts_with = "json")]
    pub report: Option<ReportArg>,
    /// CV as plain text: institutions that it mentions are proposed as affiliations, for you to confirm
    /// [repeatable]
    #[arg(long = "cv", value_name = "FILE", conflicts_with_all = ["json", "report"])]
    pub cvs: Vec<PathBuf>,
    /// Write the answer into this file, whole or not at all [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Language of what is written for people
    #[arg(long, value_enum, default_value_t)]
    pub lang: LanguageArg,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// How it is recorded.
    #[command(flatten)]
    pub record: RecordArgs,
    /// Exit with 10 when there are findings to review
    #[arg(long)]
    pub exit_hit: bool,
}

/// What is known of a subject beside its name.
#[derive(Debug, clap::Args)]
pub(super) struct AboutArgs {
    /// Person, organisation or any
    #[arg(long, value_enum, default_value_t)]
    pub kind: KindArg,
    /// Another name or spelling of the same subject [repeatable]
    #[arg(long = "alias", value_name = "NAME")]
    pub aliases: Vec<String>,
    /// Birth date, as much as is known: 1970-01-02, 1970-01 or 1970
    #[arg(long, value_name = "DATE")]
    pub born: Option<PartialDate>,
    /// Birth place
    #[arg(long, value_name = "PLACE")]
    pub birth_place: Option<String>,
    /// Gender
    #[arg(long, value_enum)]
    pub gender: Option<GenderArg>,
    /// Country tied to the subject, two letters [repeatable]; for a person shown, never scored
    #[arg(long = "country", value_name = "CC")]
    pub countries: Vec<String>,
    /// Address or city of an organisation
    #[arg(long, value_name = "TEXT")]
    pub address: Option<String>,
    /// Document or registration number, with or without its kind [repeatable]
    #[arg(long = "id", value_name = "[KIND=]NUMBER")]
    pub identifiers: Vec<String>,
}

/// Arguments of `compare`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
With --format jsonl, rows {\"id\",\"query\",\"candidate\",\"kind\",\"birth_date\"?,\"candidate_birth_date\"?,...}
become rows {\"id\",\"score\",\"match\",\"explanation\"}, in order; a bad row becomes {\"id\",\"error\"}.")]
pub(super) struct CompareArgs {
    /// The name asked about; with --format jsonl the file of rows, or - for standard input
    #[arg(value_name = "QUERY")]
    pub query: String,
    /// The name it is compared with
    #[arg(value_name = "CANDIDATE", required_unless_present = "format", conflicts_with = "format")]
    pub candidate: Option<String>,
    /// Person, organisation or any
    #[arg(long, value_enum, conflicts_with = "format")]
    pub kind: Option<KindArg>,
    /// Birth date of the query's bearer
    #[arg(long, value_name = "DATE", conflicts_with = "format")]
    pub born: Option<PartialDate>,
    /// Birth date of the candidate's bearer
    #[arg(long, value_name = "DATE", conflicts_with = "format")]
    pub candidate_born: Option<PartialDate>,
    /// Folder that must hold a snapshot; the comparison itself does not depend on the lists
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Score from which the names count as a match, 0 to 1 [default: 0.5]
    #[arg(long, value_name = "T")]
    pub threshold: Option<f64>,
    /// Read rows instead of two names
    #[arg(long, value_enum)]
    pub format: Option<FormatArg>,
    /// Write rows into this file, whole or not at all
    #[arg(long, value_name = "FILE", requires = "format")]
    pub output: Option<PathBuf>,
    /// Print the comparison as JSON
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Exit with 10 when the names match
    #[arg(long, conflicts_with = "format")]
    pub exit_hit: bool,
}

/// Arguments of `batch`.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
JSONL rows {\"id\",\"name\",\"kind\",\"birth_date\"?,\"countries\"?,...} become rows
{\"id\",\"hits\":[{\"entity_id\",\"list\",\"name\",\"matched_name\",\"score\",\"strength\",\"explanation\"}]} in input
order; a bad row becomes {\"id\",\"error\"} and stops nothing. What is recorded also says {\"record\"} and of each
hit {\"standing\"}: open, cleared before and by whom, or come back with what changed. A row may give the
\"reference\" of its subject, by which a cleared pair is known again, and its own \"case_reference\".

A row of a table (CSV, XLSX) is a person or organisation, and the institutions beside it, several in a cell
parted by ; or by lines, or in several columns: each is screened. Its columns are recognised by their headings,
Dutch or English; standard error shows as what. --column corrects that; meanings are: ignore, id,
subject_reference, case_reference, name, given_name, call_name, initials, infix, family_name, birth_family_name, aliases, kind, birth_date, birth_place,
gender, countries, address, identifiers, institution, institution_country.
Dates are day before month. README documents all fields and columns.")]
pub(super) struct BatchArgs {
    /// File of rows, or - for standard input
    #[arg(value_name = "INPUT")]
    pub input: PathBuf,
    /// Write the answers into this file, whole or not at all; those of a table in the form that its extension
    /// names, .csv or .xlsx [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Form of the rows [default: by the input's extension, else jsonl]
    #[arg(long, value_enum)]
    pub format: Option<FormatArg>,
    /// Sheet of a workbook [default: the first visible one that holds anything]
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// What a column of a table holds, by its heading or its letter [repeatable]
    #[arg(long = "column", value_name = "HEADING=MEANING")]
    pub columns: Vec<String>,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// How it is recorded.
    #[command(flatten)]
    pub record: RecordArgs,
    /// The case that rows belong to which name none themselves; records can be found by it
    #[arg(long = "case", value_name = "REFERENCE")]
    pub case_reference: Option<String>,
    /// How to screen.
    #[command(flatten)]
    pub options: OptionArgs,
}

/// Arguments of `entity`.
#[derive(Debug, clap::Args)]
pub(super) struct EntityArgs {
    /// The list, such as eu or aspi
    #[arg(value_name = "LIST")]
    pub list: String,
    /// The list's own reference, such as EU.27.28 or beihang-university
    #[arg(value_name = "ID")]
    pub id: String,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}

/// Arguments of `search`.
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// Words to look for; several need no quotes
    #[arg(value_name = "TEXT", required = true, num_args = 1..)]
    pub text: Vec<String>,
    /// Which lists.
    #[command(flatten)]
    pub data: DataArgs,
    /// Only this list [repeatable]
    #[arg(long = "list", value_name = "LIST")]
    pub lists: Vec<String>,
    /// Only persons or only organisations
    #[arg(long, value_enum, default_value_t)]
    pub kind: KindArg,
    /// Most entities shown
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Print as JSON
    #[arg(long)]
    pub json: bool,
}
