//! Plans about what is kept.

use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{DataPlan, Environment, Folder, Plan, folder, usage};
use crate::cli::args::{
    AuditArgs, AuditCommandArgs, ExportFormArg, OnFailureArg, PersonArgs, PersonCommandArgs, PurgeArgs,
    RecordArgs, ReviewArgs, ReviewCommandArgs, ReviewDecideArgs, StateArg, StoreArgs, WhoArgs,
};
use crate::cli::exit::CliError;
use crate::review::audit::{Expected, ExportForm, Period};
use crate::review::privacy::{Person, Retention};
use crate::review::queue::{Decision, Etag, MatchFilter, MatchState, Verdict};
use crate::review::store::StoreUrl;
use crate::review::{Occasion, OnFailure};

/// How a screening is recorded.
#[derive(Clone, Debug)]
pub(in crate::cli) struct RecordPlan {
    /// Where; nowhere for development. Demonstration lists are never recorded.
    pub store: Option<StoreUrl>,
    /// Why it is screened, and by whom.
    pub occasion: Occasion,
    /// What happens to it when it cannot be recorded.
    pub on_failure: OnFailure,
}

/// An existing store, and who asks.
#[derive(Clone, Debug)]
pub(in crate::cli) struct StorePlan {
    /// Where it lies.
    pub store: StoreUrl,
    /// Who asks.
    pub by: String,
}

/// A checked `audit`.
#[derive(Debug)]
pub(in crate::cli) enum AuditPlan {
    /// Check it.
    Verify(Option<Expected>),
    /// Write it out.
    Export {
        /// What.
        period: Period,
        /// In which form.
        form: ExportForm,
        /// Where to; standard output when absent.
        output: Option<PathBuf>,
    },
}

/// A checked `person`.
#[derive(Debug)]
pub(in crate::cli) enum PersonPlan {
    /// Write everything out.
    Export {
        /// Who.
        person: Person,
        /// Where to; standard output when absent.
        output: Option<PathBuf>,
    },
    /// Erase everything.
    Erase {
        /// Who.
        person: Person,
        /// Confirmed matches as well.
        with_confirmed: bool,
    },
}

/// A checked `review`.
#[derive(Debug)]
pub(in crate::cli) enum ReviewPlan {
    /// Show some.
    List {
        /// Which.
        filter: MatchFilter,
        /// Most that are shown.
        limit: usize,
        /// As JSON.
        json: bool,
    },
    /// Show one.
    Show {
        /// Its id.
        id: String,
        /// As JSON.
        json: bool,
    },
    /// Give it to somebody.
    Assign {
        /// Its id.
        id: String,
        /// To whom; who asks when absent.
        to: Option<String>,
    },
    /// Decide on it.
    Decide {
        /// Its id.
        id: String,
        /// What was seen; as it is now when absent.
        etag: Option<Etag>,
        /// What is decided.
        decision: Decision,
    },
    /// Take the decision back.
    Reopen {
        /// Its id.
        id: String,
        /// What was seen; as it is now when absent.
        etag: Option<Etag>,
        /// Why.
        reason: String,
    },
}

/// The store that is named here, or else by the environment.
pub(super) fn named_store(named: Option<String>, world: &Environment) -> Result<Option<StoreUrl>, CliError> {
    let variable = || {
        let found =
            world.variables.iter().find(|(name, text)| name == "ZEEF_RECORDS_STORE" && !text.is_empty());
        found.map(|(_, text)| text.clone())
    };
    let (at, text) = match (named, variable()) {
        (Some(text), _) => ("--store", text),
        (None, Some(text)) => ("ZEEF_RECORDS_STORE", text),
        (None, None) => return Ok(None),
    };
    match text.parse::<StoreUrl>() {
        Ok(url) if url.has_password() => usage(format!(
            "{at}: leave the password out, and put it into PGPASSWORD or the file that PGPASSFILE names"
        )),
        Ok(url) => Ok(Some(url)),
        Err(what) => usage(format!("{at}: {what}")),
    }
}

/// Checks how a screening is recorded.
pub(super) fn record(
    args: RecordArgs,
    case_reference: Option<String>,
    data: &DataPlan,
    world: &Environment,
) -> Result<RecordPlan, CliError> {
    let occasion = Occasion {
        case_reference: case_reference.unwrap_or_default(),
        ..Occasion::of(format!("cli:{}", world.user)).with_purpose(args.purpose.as_deref().unwrap_or(""))
    };
    if let Err(error) = occasion.check() {
        return usage(format!("--{error}"));
    }
    let store = match (args.no_record, &data.folder) {
        (true, _) | (false, Folder::Demo) => None,
        (false, Folder::Named(folder) | Folder::User(folder)) => {
            Some(named_store(args.store, world)?.unwrap_or_else(|| StoreUrl::in_folder(folder)))
        }
    };
    Ok(RecordPlan { store, occasion, on_failure: args.record_failure.into() })
}

impl From<OnFailureArg> for OnFailure {
    fn from(arg: OnFailureArg) -> Self {
        match arg {
            OnFailureArg::Refuse => Self::Refuse,
            OnFailureArg::Serve => Self::Serve,
        }
    }
}

fn store(args: StoreArgs, world: &Environment) -> Result<StorePlan, CliError> {
    let store = match named_store(args.store, world)? {
        Some(named) => named,
        None => StoreUrl::in_folder(&folder(args.data, world)?),
    };
    if let StoreUrl::Sqlite(path) = &store
        && !path.is_file()
    {
        // Looking must not make a new one, which would seem to be without fault.
        return usage(format!("{}: there are no records; name their folder with --data DIR", path.display()));
    }
    Ok(StorePlan { store, by: format!("cli:{}", world.user) })
}

/// A day's beginning, some days later.
fn day(option: &str, text: Option<String>, later: i64) -> Result<Option<Timestamp>, CliError> {
    let Some(text) = text else { return Ok(None) };
    let parsed = text.parse::<Date>().ok();
    let shifted = parsed.and_then(|d| d.checked_add(jiff::Span::new().days(later)).ok());
    match shifted.and_then(|d| d.to_zoned(TimeZone::UTC).ok()) {
        Some(zoned) => Ok(Some(zoned.timestamp())),
        None => usage(format!("{option}: write a day such as 2026-01-31")),
    }
}

/// Checks `audit`.
pub(super) fn audit(args: AuditArgs, world: &Environment) -> Result<Plan, CliError> {
    Ok(match args.command {
        AuditCommandArgs::Verify(a) => {
            let expected = match a.expect {
                None => None,
                Some(text) => match text.split_once(':').map(|(n, hash)| (n.parse::<i64>(), hash)) {
                    Some((Ok(number), hash))
                        if hash.len() >= 8 && hash.bytes().all(|b| b.is_ascii_hexdigit()) =>
                    {
                        Some(Expected { number, hash: hash.to_ascii_lowercase() })
                    }
                    _ => return usage("--expect: write NUMBER:HASH as `audit verify` printed them"),
                },
            };
            Plan::Audit(store(a.store, world)?, AuditPlan::Verify(expected))
        }
        AuditCommandArgs::Export(a) => {
            let period = Period {
                from: day("--from", a.from, 0)?,
                until: day("--until", a.until, 1)?,
                case_reference: a.case_reference,
            };
            let form = match a.format {
                ExportFormArg::Jsonl => ExportForm::JsonLines,
                ExportFormArg::Csv => ExportForm::Csv,
            };
            Plan::Audit(store(a.store, world)?, AuditPlan::Export { period, form, output: a.output })
        }
    })
}

/// Checks `purge`.
pub(super) fn purge(args: PurgeArgs, world: &Environment) -> Result<Plan, CliError> {
    let mut retention = Retention::default();
    for text in args.keep_days {
        let (purpose, days) = match text.split_once('=') {
            Some((purpose, days)) => (Some(purpose), days),
            None => (None, text.as_str()),
        };
        let Ok(days) = days.parse::<u32>() else {
            return usage("--keep-days: write a whole number of days, or PURPOSE=DAYS such as visit=30");
        };
        match purpose {
            Some(purpose) => retention.by_purpose.push((purpose.to_owned(), days)),
            None => retention.days = days,
        }
    }
    retention.decided_days = args.keep_decided_days.unwrap_or(retention.decided_days);
    Ok(Plan::Purge(store(args.store, world)?, retention))
}

fn person_of(who: WhoArgs) -> Person {
    Person { name: who.name, birth_date: who.born }
}

/// Checks `person`.
pub(super) fn person(args: PersonArgs, world: &Environment) -> Result<Plan, CliError> {
    Ok(match args.command {
        PersonCommandArgs::Export(a) => {
            let plan = PersonPlan::Export { person: person_of(a.who), output: a.output };
            Plan::Person(store(a.store, world)?, plan)
        }
        PersonCommandArgs::Erase(a) => {
            let plan = PersonPlan::Erase { person: person_of(a.who), with_confirmed: a.with_confirmed };
            Plan::Person(store(a.store, world)?, plan)
        }
    })
}

/// Checks `review`.
pub(super) fn review(args: ReviewArgs, world: &Environment) -> Result<Plan, CliError> {
    let etag = |text: Option<String>| -> Result<Option<Etag>, CliError> {
        text.map(|t| t.parse().or_else(|e| usage(format!("--{e}")))).transpose()
    };
    let decide = |a: ReviewDecideArgs, verdict| -> Result<Plan, CliError> {
        let decision = Decision { verdict, reason: a.reason, note: a.note };
        let plan = ReviewPlan::Decide { id: a.id, etag: etag(a.etag)?, decision };
        Ok(Plan::Review(store(a.store, world)?, plan))
    };
    match args.command {
        ReviewCommandArgs::List(a) => {
            let mut states: Vec<MatchState> = a.states.into_iter().map(Into::into).collect();
            if states.is_empty() {
                states = vec![MatchState::Open, MatchState::InReview];
            }
            let filter = MatchFilter {
                states,
                case_reference: a.case_reference.unwrap_or_default(),
                ..MatchFilter::default()
            };
            let plan = ReviewPlan::List { filter, limit: a.limit, json: a.json };
            Ok(Plan::Review(store(a.store, world)?, plan))
        }
        ReviewCommandArgs::Show(a) => {
            Ok(Plan::Review(store(a.store, world)?, ReviewPlan::Show { id: a.id, json: a.json }))
        }
        ReviewCommandArgs::Assign(a) => {
            Ok(Plan::Review(store(a.store, world)?, ReviewPlan::Assign { id: a.id, to: a.to }))
        }
        ReviewCommandArgs::Confirm(a) => decide(a, Verdict::Confirmed),
        ReviewCommandArgs::Clear(a) => decide(a, Verdict::Cleared),
        ReviewCommandArgs::Reopen(a) => {
            let plan = ReviewPlan::Reopen { id: a.id, etag: etag(a.etag)?, reason: a.reason };
            Ok(Plan::Review(store(a.store, world)?, plan))
        }
    }
}

impl From<StateArg> for MatchState {
    fn from(arg: StateArg) -> Self {
        match arg {
            StateArg::Open => Self::Open,
            StateArg::InReview => Self::InReview,
            StateArg::Confirmed => Self::Confirmed,
            StateArg::Cleared => Self::Cleared,
        }
    }
}
