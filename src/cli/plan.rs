//! From arguments as typed to plans that can be carried out: every check in one step.

mod lists;
mod records;
mod rows;
mod watch;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::model::Gender;
use crate::review::privacy::Retention;
use crate::screening::{Options, Subject, SubjectIdentifier, SubjectKind};
use crate::service::access::{Scope, Scopes};
use crate::sources::{format_named, formats, register_named, registers};

use super::args::{
    AboutArgs, Args, CaseArgs, CommandArgs, CompareArgs, ConfigArgs, ConfigCommandArgs, ConfigFileArgs,
    DataArgs, FormatArg, GenderArg, ImportArgs, KindArg, LanguageArg, OnFailureArg, OptionArgs, ReportArg,
    ScreenArgs, ServeArgs, TokenArgs, TokenCommandArgs,
};
use super::config::{Flag, Instant, Sources};
use super::exit::CliError;
pub(super) use lists::{DiffPlan, UpdateListsPlan};
pub(super) use records::{AuditPlan, PersonPlan, RecordPlan, ReviewPlan, StorePlan};
pub(super) use rows::{Form, RowsFrom, RowsPlan, TableForm};
use rows::{not_over_the_input, rows_from};
pub(super) use watch::{WatchAddPlan, WatchPlan, WatchTask, Who, end_of_day};

/// Days after which a list counts as stale when the operator says nothing.
///
/// The EU and the UN change their lists several times a month and both bind at once, so a month
/// without an import has certainly missed something; the tracker was last revised in years, not weeks.
const MAX_AGE_DAYS: &[(&str, i64)] = &[("eu", 30), ("un", 30), ("aspi", 400), ("boards", 400)];
/// The same for every other list.
const MAX_AGE_DAYS_OTHERS: i64 = 90;

/// What of the world outside decides about defaults.
#[derive(Clone, Debug, Default)]
pub(super) struct Environment {
    /// The value of `ZEEF_DATA`.
    pub zeef_data: Option<OsString>,
    /// The folder for zeef in the user's data directory, where there is one.
    pub user_folder: Option<PathBuf>,
    /// The user's name on this machine, by which records are signed.
    pub user: String,
    /// Variables that the configuration may know: `ZEEF_…` and `RUST_LOG`.
    pub variables: Vec<(String, String)>,
}

impl Environment {
    /// Reads the environment of this process.
    pub(super) fn of_process() -> Self {
        use etcetera::BaseStrategy;
        let ours = |name: &str| name.starts_with("ZEEF_") || name == "RUST_LOG";
        let text = |v: (OsString, OsString)| Some((v.0.into_string().ok()?, v.1.into_string().ok()?));
        let mut variables: Vec<(String, String)> =
            std::env::vars_os().filter_map(text).filter(|(name, _)| ours(name)).collect();
        variables.sort_unstable();
        let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
        Self {
            user: user.filter(|u| !u.is_empty()).unwrap_or_else(|| "unknown".to_owned()),
            variables,
            zeef_data: std::env::var_os("ZEEF_DATA").filter(|v| !v.is_empty()),
            user_folder: etcetera::choose_base_strategy().ok().map(|s| s.data_dir().join("zeef")),
        }
    }
}

/// Where the lists are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Folder {
    /// A folder that the operator named; without a snapshot it is an error.
    Named(PathBuf),
    /// The user's own; without any import ever, the demonstration lists stand in.
    User(PathBuf),
    /// The demonstration lists.
    Demo,
}

impl Folder {
    /// Where the lists are when nobody says so for this command.
    pub(super) fn usual(world: &Environment) -> Self {
        match (&world.zeef_data, &world.user_folder) {
            (Some(named), _) => Self::Named(named.into()),
            (None, Some(user)) => Self::User(user.clone()),
            (None, None) => Self::Demo,
        }
    }
}

/// When lists count as stale.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MaxAge {
    /// For all lists, where given.
    all: Option<i64>,
    /// For single lists, which goes before `all`.
    by_list: Vec<(String, i64)>,
}

impl MaxAge {
    /// These ages: for all lists, where given, and for single ones, which go before.
    pub(super) fn new(all: Option<i64>, by_list: Vec<(String, i64)>) -> Self {
        Self { all, by_list }
    }

    /// The age in days from which `list` counts as stale.
    pub(super) fn of(&self, list: &str) -> i64 {
        let named = self.by_list.iter().rfind(|(l, _)| l == list).map(|(_, days)| *days);
        let usual = || MAX_AGE_DAYS.iter().find(|(l, _)| *l == list).map_or(MAX_AGE_DAYS_OTHERS, |(_, d)| *d);
        named.or(self.all).unwrap_or_else(usual)
    }

    /// The ages of all lists there can be, as the screener and the service want them.
    pub(super) fn by_list(&self) -> Vec<(String, i64)> {
        let mut lists: Vec<&str> = formats().iter().map(|f| f.name).collect();
        lists.extend(registers().iter().map(|r| r.name));
        lists.extend(self.by_list.iter().map(|(list, _)| list.as_str()));
        lists.sort_unstable();
        lists.dedup();
        lists.into_iter().map(|list| (list.to_owned(), self.of(list))).collect()
    }
}

/// Which lists, and when they are too old.
#[derive(Debug)]
pub(super) struct DataPlan {
    /// Where they are.
    pub folder: Folder,
    /// When they are stale.
    pub max_age: MaxAge,
}

/// A checked command.
#[derive(Debug)]
pub(super) enum Plan {
    /// Show the formats that `import` reads.
    Formats,
    /// Import lists.
    Import(ImportPlan),
    /// Serve.
    Serve(ConfigPlan),
    /// Check the configuration that `serve` would take.
    CheckConfig(ConfigPlan),
    /// Make a token.
    NewToken(TokenPlan),
    /// Screen a case.
    Case(CasePlan),
    /// Screen one subject.
    Screen(Box<ScreenPlan>),
    /// Compare two names.
    Compare(Box<ComparePlan>),
    /// Compare rows of names.
    CompareRows(RowsPlan),
    /// Screen rows of names.
    Batch(RowsPlan, Form),
    /// Show what is loaded.
    Lists {
        /// Which lists.
        data: DataPlan,
        /// With their issues.
        issues: bool,
        /// As JSON.
        json: bool,
    },
    /// Show the generations that a folder holds.
    History {
        /// The folder.
        folder: PathBuf,
        /// As JSON.
        json: bool,
    },
    /// Show what changed between two of them.
    Diff(DiffPlan),
    /// Fetch lists and switch to them.
    UpdateLists(UpdateListsPlan),
    /// Go back to an older one.
    RollBack {
        /// The folder.
        folder: PathBuf,
        /// Which generation; the newest older one when absent.
        to: Option<String>,
    },
    /// Work with watches and alerts.
    Watch(WatchPlan),
    /// Show one entity.
    Entity {
        /// Which lists.
        data: DataPlan,
        /// The list.
        list: String,
        /// Its reference.
        id: String,
        /// As JSON.
        json: bool,
    },
    /// Look entities up.
    Search(SearchPlan),
    /// Check the audit trail, or write it out.
    Audit(StorePlan, AuditPlan),
    /// Show suspected matches, or decide on one.
    Review(StorePlan, ReviewPlan),
    /// Remove what has been kept long enough.
    Purge(StorePlan, Retention),
    /// Write out, or erase, what is kept of one person.
    Person(StorePlan, PersonPlan),
}

/// A checked `token new`.
#[derive(Debug)]
pub(super) struct TokenPlan {
    /// The client's name.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Date from which it lets in no longer, as typed.
    pub expires: Option<String>,
}

/// Where a configuration comes from.
#[derive(Clone, Debug)]
pub(super) struct ConfigPlan {
    /// File, environment and flags.
    pub sources: Sources,
    /// What decides where nothing is said.
    pub world: Environment,
}

/// A checked `import`.
#[derive(Debug)]
pub(super) struct ImportPlan {
    /// Folder to import into.
    pub folder: PathBuf,
    /// Files by list, in the order first named.
    pub sources: Vec<(String, Vec<PathBuf>)>,
    /// Files of institution records that lend names.
    pub ror: Vec<PathBuf>,
    /// Lists to drop.
    pub remove: Vec<String>,
    /// Whether a list may lose a large share of its entities.
    pub allow_shrink: bool,
    /// Whether to show every issue.
    pub all_issues: bool,
    /// As JSON.
    pub json: bool,
}

/// A checked `screen`.
#[derive(Debug)]
pub(super) struct ScreenPlan {
    /// Which lists.
    pub data: DataPlan,
    /// How it is recorded.
    pub record: RecordPlan,
    /// Whom.
    pub subject: Subject,
    /// How.
    pub options: Options,
    /// As JSON.
    pub json: bool,
    /// Whether hits show in the exit code.
    pub exit_hit: bool,
}

/// A checked `case`.
#[derive(Debug)]
pub(super) struct CasePlan {
    /// Which lists.
    pub data: DataPlan,
    /// How it is recorded.
    pub record: RecordPlan,
    /// Where the case comes from.
    pub input: RowsFrom,
    /// The policy, by its id or file.
    pub policy: String,
    /// As JSON.
    pub json: bool,
    /// As a report of this form.
    pub report: Option<ReportArg>,
    /// CVs in plain text.
    pub cvs: Vec<PathBuf>,
    /// Where the answer goes; standard output when absent.
    pub output: Option<PathBuf>,
    /// Language of what is written for people.
    pub language: LanguageArg,
    /// Whether findings show in the exit code.
    pub exit_hit: bool,
}

/// A checked `compare` of two names.
#[derive(Debug)]
pub(super) struct ComparePlan {
    /// A folder that must hold a snapshot.
    pub data: Option<PathBuf>,
    /// One side.
    pub query: Subject,
    /// The other.
    pub candidate: Subject,
    /// Score of a match.
    pub threshold: Option<f64>,
    /// As JSON.
    pub json: bool,
    /// Whether a match shows in the exit code.
    pub exit_hit: bool,
}

/// A checked `search`.
#[derive(Debug)]
pub(super) struct SearchPlan {
    /// Which lists.
    pub data: DataPlan,
    /// Words to look for.
    pub text: String,
    /// Only these lists; empty for all.
    pub lists: Vec<String>,
    /// Person, organisation or both.
    pub kind: SubjectKind,
    /// Most entities shown.
    pub limit: usize,
    /// As JSON.
    pub json: bool,
}

fn usage<T>(what: impl Into<String>) -> Result<T, CliError> {
    Err(CliError::Usage(what.into()))
}

impl Plan {
    /// Checks arguments and fills in what they leave open.
    ///
    /// # Errors
    /// Names the argument at fault and says how to mend it.
    pub(super) fn new(args: Args, world: &Environment) -> Result<Self, CliError> {
        Ok(match args.command {
            CommandArgs::Import(ImportArgs { formats: true, .. }) => Self::Formats,
            CommandArgs::Import(a) => Self::Import(import(a, world)?),
            CommandArgs::Serve(a) => Self::Serve(serve(a, world)?),
            CommandArgs::Token(TokenArgs { command: TokenCommandArgs::New(a) }) => {
                let scopes: Option<Scopes> = a.scopes.iter().map(|s| Scope::named(s)).collect();
                let Some(scopes) = scopes else {
                    let all = Scope::ALL.map(Scope::as_str).join(", ");
                    return usage(format!("--scope: there are {all}"));
                };
                if a.name.is_empty() || a.name.chars().any(char::is_control) {
                    return usage("--name: write a name for the client, such as hr-system");
                }
                if a.expires.as_ref().is_some_and(|e| Instant::try_from(e.clone()).is_err()) {
                    return usage("--expires: write a date such as 2027-01-31");
                }
                Self::NewToken(TokenPlan { name: a.name, scopes, expires: a.expires })
            }
            CommandArgs::Config(ConfigArgs { command: ConfigCommandArgs::Check(a) }) => {
                Self::CheckConfig(configuration(a, Vec::new(), world))
            }
            CommandArgs::Audit(a) => records::audit(a, world)?,
            CommandArgs::Review(a) => records::review(a, world)?,
            CommandArgs::Purge(a) => records::purge(a, world)?,
            CommandArgs::Person(a) => records::person(a, world)?,
            CommandArgs::Case(a) => Self::Case(case(a, world)?),
            CommandArgs::Screen(a) => Self::Screen(Box::new(screen(a, world)?)),
            CommandArgs::Compare(a) => compare(a)?,
            CommandArgs::Batch(a) => rows::batch(a, world)?,
            CommandArgs::Lists(a) => lists::plan(a, world)?,
            CommandArgs::Watch(a) => watch::watch(a.command, world)?,
            CommandArgs::Alerts(a) => watch::alerts(a, world)?,
            CommandArgs::Entity(a) => {
                Self::Entity { data: data(a.data, world)?, list: a.list, id: a.id, json: a.json }
            }
            CommandArgs::Search(a) => Self::Search(SearchPlan {
                data: data(a.data, world)?,
                text: a.text.join(" "),
                lists: a.lists,
                kind: a.kind.into(),
                limit: a.limit,
                json: a.json,
            }),
        })
    }
}

fn screen(args: ScreenArgs, world: &Environment) -> Result<ScreenPlan, CliError> {
    let data = data(args.data, world)?;
    Ok(ScreenPlan {
        record: records::record(args.record, args.case_reference, &data, world)?,
        data,
        subject: subject(args.name.join(" "), args.about)?,
        options: options(args.options)?,
        json: args.json,
        exit_hit: args.exit_hit,
    })
}

/// The configuration's sources: the file that is named, or that `ZEEF_CONFIG` names.
fn configuration(args: ConfigFileArgs, flags: Vec<Flag>, world: &Environment) -> ConfigPlan {
    let named = || world.variables.iter().find(|(name, text)| name == "ZEEF_CONFIG" && !text.is_empty());
    let file = args.config.or_else(|| named().map(|(_, file)| file.into()));
    ConfigPlan { sources: Sources { file, variables: world.variables.clone(), flags }, world: world.clone() }
}

fn serve(args: ServeArgs, world: &Environment) -> Result<ConfigPlan, CliError> {
    let mut flags = Vec::new();
    if let Some(listen) = args.listen {
        if listen.parse::<std::net::SocketAddr>().is_err() {
            return usage("--listen: write an IP address and a port, such as 127.0.0.1:50051 or [::1]:50051");
        }
        flags.push(Flag::new("--listen", "server.listen", listen));
    }
    if let Some(folder) = args.data.data {
        flags.push(Flag::new("--data", "data.folder", folder.display().to_string()));
    }
    if args.insecure_listen {
        flags.push(Flag::new("--insecure-listen", "server.insecure_listen", true));
    }
    if args.data.demo {
        flags.push(Flag::new("--demo", "data.demo", true));
    }
    if !args.policies.is_empty() {
        flags.push(Flag::new("--policy", "server.policies", args.policies));
    }
    if args.record.no_record {
        flags.push(Flag::new("--no-record", "records.enabled", false));
    }
    if let Some(on_failure) = args.record.record_failure {
        let word = match on_failure {
            OnFailureArg::Refuse => "refuse",
            OnFailureArg::Serve => "serve",
        };
        flags.push(Flag::new("--record-failure", "records.on_failure", word.to_owned()));
    }
    if let Some(store) = args.record.store {
        flags.push(Flag::new("--store", "records.store", store));
    }
    let ages = max_age(args.data.max_age_days)?;
    for (list, days) in ages.by_list.into_iter().chain(ages.all.map(|days| ("default".to_owned(), days))) {
        let path = ["data", "max_age_days", &list].map(str::to_owned).to_vec();
        flags.push(Flag { name: "--max-age-days", path, value: days.into() });
    }
    Ok(configuration(args.config, flags, world))
}

fn data(args: DataArgs, world: &Environment) -> Result<DataPlan, CliError> {
    let folder = match (args.demo, args.data) {
        (true, _) => Folder::Demo,
        (false, Some(named)) => Folder::Named(named),
        (false, None) => Folder::usual(world),
    };
    Ok(DataPlan { folder, max_age: max_age(args.max_age_days)? })
}

fn max_age(texts: Vec<String>) -> Result<MaxAge, CliError> {
    let mut max_age = MaxAge::default();
    for text in texts {
        let (list, days) = match text.split_once('=') {
            Some((list, days)) => (Some(list), days),
            None => (None, text.as_str()),
        };
        let days = match days.parse::<i64>() {
            Ok(days) if days >= 0 => days,
            _ => return usage("--max-age-days: write a whole number of days, or LIST=DAYS such as eu=14"),
        };
        match list {
            Some("") => return usage("--max-age-days: the list before = is missing"),
            Some(list) => max_age.by_list.push((list.to_owned(), days)),
            None => max_age.all = Some(days),
        }
    }
    Ok(max_age)
}

/// The folder of a command that needs a real one.
fn folder(named: Option<PathBuf>, world: &Environment) -> Result<PathBuf, CliError> {
    named
        .or_else(|| world.zeef_data.as_ref().map(PathBuf::from))
        .or_else(|| world.user_folder.clone())
        .ok_or_else(|| {
            CliError::Usage("there is no data folder for this user; name one with --data DIR".into())
        })
}

fn options(args: OptionArgs) -> Result<Options, CliError> {
    let options = Options { lists: args.lists, threshold: args.threshold, limit: args.limit };
    options.check()?;
    Ok(options)
}

fn subject(name: String, about: AboutArgs) -> Result<Subject, CliError> {
    let identifiers = about.identifiers.iter().map(|text| {
        let (kind, number) = text.split_once('=').unwrap_or(("", text));
        SubjectIdentifier { kind: kind.trim().to_owned(), number: number.trim().to_owned() }
    });
    let subject = Subject {
        name,
        aliases: about.aliases,
        kind: about.kind.into(),
        birth_date: about.born,
        birth_place: about.birth_place.unwrap_or_default(),
        gender: about.gender.map(Into::into),
        countries: about.countries.iter().map(|c| c.trim().to_ascii_uppercase()).collect(),
        address: about.address.unwrap_or_default(),
        identifiers: identifiers.collect(),
    };
    subject.check()?;
    Ok(subject)
}

fn import(args: ImportArgs, world: &Environment) -> Result<ImportPlan, CliError> {
    let mut sources: Vec<(String, Vec<PathBuf>)> = Vec::new();
    let mut add = |list: &str, file: PathBuf| match sources.iter_mut().find(|(l, _)| l == list) {
        Some((_, files)) => files.push(file),
        None => sources.push((list.to_owned(), vec![file])),
    };
    args.eu.into_iter().for_each(|file| add("eu", file));
    args.aspi.into_iter().for_each(|file| add("aspi", file));
    for text in args.source {
        match text.split_once('=') {
            Some((format, file))
                if !file.is_empty()
                    && (format_named(format).is_some() || register_named(format).is_some()) =>
            {
                add(format, file.into());
            }
            Some((format, file)) if !file.is_empty() => {
                let known = formats().iter().map(|f| f.name).chain(registers().iter().map(|r| r.name));
                let known: Vec<&str> = known.collect();
                return usage(format!(
                    "--source: there is no format {format:?}; there are: {}",
                    known.join(", ")
                ));
            }
            _ => return usage("--source: write FORMAT=FILE, such as un=consolidated.xml"),
        }
    }
    if sources.iter().all(|(s, _)| format_named(s).is_none()) && !args.ror.is_empty() {
        return usage("--ror: lends names to the lists of the same import; name their files too");
    }
    if sources.is_empty() && args.remove.is_empty() {
        return usage(
            "nothing to import; give --eu FILE, --aspi FILE, --source FORMAT=FILE or --remove LIST",
        );
    }
    if let Some(list) = args.remove.iter().find(|l| sources.iter().any(|(s, _)| s == *l)) {
        return usage(format!("--remove: list {list:?} is imported in the same command"));
    }
    let missing =
        sources.iter().flat_map(|(_, files)| files).chain(&args.ror).find(|file| !Path::new(file).is_file());
    if let Some(file) = missing {
        return usage(format!("{}: no such file", file.display()));
    }
    Ok(ImportPlan {
        folder: folder(args.data, world)?,
        sources,
        ror: args.ror,
        remove: args.remove,
        allow_shrink: args.allow_shrink,
        all_issues: args.all_issues,
        json: args.json,
    })
}

fn case(args: CaseArgs, world: &Environment) -> Result<CasePlan, CliError> {
    let input = rows_from(args.file);
    not_over_the_input(&input, args.output.as_deref())?;
    let data = data(args.data, world)?;
    Ok(CasePlan {
        record: records::record(args.record, None, &data, world)?,
        data,
        input,
        policy: args.policy,
        json: args.json,
        report: args.report,
        cvs: args.cvs,
        output: args.output,
        language: args.lang,
        exit_hit: args.exit_hit,
    })
}

fn compare(args: CompareArgs) -> Result<Plan, CliError> {
    let options = Options { threshold: args.threshold, ..Options::default() };
    options.check()?;
    if let Some(format) = args.format {
        if format != FormatArg::Jsonl {
            return usage("--format: compare reads jsonl only");
        }
        let rows = RowsPlan {
            record: None,
            data: args.data.map(|d| DataPlan { folder: Folder::Named(d), max_age: MaxAge::default() }),
            input: rows_from(args.query.into()),
            output: args.output,
            options,
        };
        rows.check()?;
        return Ok(Plan::CompareRows(rows));
    }
    let kind = args.kind.unwrap_or_default().into();
    let side = |name: String, born, field: &str| -> Result<Subject, CliError> {
        let subject = Subject { birth_date: born, ..Subject::named(name, kind) };
        subject.check().map_err(|mut e| {
            field.clone_into(&mut e.field);
            e
        })?;
        Ok(subject)
    };
    Ok(Plan::Compare(Box::new(ComparePlan {
        data: args.data,
        query: side(args.query, args.born, "query")?,
        candidate: side(args.candidate.unwrap_or_default(), args.candidate_born, "candidate")?,
        threshold: options.threshold,
        json: args.json,
        exit_hit: args.exit_hit,
    })))
}

impl From<KindArg> for SubjectKind {
    fn from(kind: KindArg) -> Self {
        match kind {
            KindArg::Person => Self::Person,
            KindArg::Organisation => Self::Organisation,
            KindArg::Any => Self::Any,
        }
    }
}

impl From<GenderArg> for Gender {
    fn from(gender: GenderArg) -> Self {
        match gender {
            GenderArg::Male => Self::Male,
            GenderArg::Female => Self::Female,
        }
    }
}

#[cfg(test)]
mod tests;
