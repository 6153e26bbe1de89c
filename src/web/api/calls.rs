//! The calls under `/v1`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::batch::rows::{self, CANDIDATE, Object, QUERY, SUBJECT};
use crate::index::{ListManifest, RegisterManifest, SearchRequest};
use crate::model::{Entity, EntityKind};
use crate::review::audit::Asked as Recorded;
use crate::review::queue::{Standing, by_finding};
use crate::review::{OccasionError, check_reference};
use crate::screening::case::{CaseForm, CaseResult, CheckedCase, Threads};
use crate::screening::{Answer, Explanation, Options, Screener, Strength, SubjectError};
use crate::service::{Deadline, Failure, Reason, Shared, Violation};

use super::super::caller::{Who, occasion};
use super::problem::Problem;
use super::{body, fault, json};

/// The policy applied when a request names none.
const DEFAULT_POLICY: &str = "generic";
/// Most hits that a caller may ask for, as in gRPC.
const MAX_LIMIT: u64 = 1_000;
/// Most lists that a caller may name.
const MAX_LISTS: usize = 100;

const JSON: &[&str] = &["application/json"];
const JSON_OR_YAML: &[&str] = &["application/json", "application/yaml", "application/x-yaml", "text/yaml"];

fn within(shared: &Shared) -> Deadline {
    Deadline::default().within(shared.config.longest_call)
}

fn at_fault(error: SubjectError) -> Problem {
    fault(error.field, error.what)
}

/// An answer with what its record says.
#[derive(Serialize)]
struct Screened {
    #[serde(flatten)]
    answer: Answer,
    /// Number of its record; none where nothing is recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<i64>,
    /// How each hit stands in the review queue, in the order of the hits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    standings: Vec<Standing>,
}

/// Screens one subject: a row of `zeef batch`, with `lists`, `threshold` and `limit` beside it, and where answers
/// are recorded `purpose`, `case_reference` and `reference`.
pub(super) async fn screen(
    State(shared): State<Arc<Shared>>,
    Who(caller): Who,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let bytes = body(&shared, &headers, sent, JSON).await?;
    let row = rows::object(&bytes).map_err(at_fault)?;
    let subject = rows::subject(&row, &SUBJECT).map_err(at_fault)?;
    let options = options(&row)?;
    let word = |field| rows::text(&row, field).map_err(at_fault);
    let occasion = occasion(&caller, &word("purpose")?, &word("case_reference")?).map_err(unrecordable)?;
    let reference = word("reference")?;
    check_reference("reference", &reference).map_err(unrecordable)?;
    let screener = shared.screener_to_ask()?;
    let recorder = shared.recorder(&screener);
    let deadline = within(&shared);
    let (answer, draft) = shared
        .workers
        .run(deadline, move |wanted| {
            let now = jiff::Timestamp::now();
            let answer = screener.screen_until(&subject, &options, now, &|| wanted.cancelled())?;
            let draft = recorder.map(|recorder| {
                let asked =
                    Recorded { id: "", row: 0, reference: &reference, subject: &subject, answer: &answer };
                recorder.screening(&occasion, &screener, now, &[asked])
            });
            Ok((answer, draft))
        })
        .await?;
    shared.metrics.screened(&answer);
    let receipt = shared.recorded(draft, deadline).await?;
    let record = (receipt.number > 0).then_some(receipt.number);
    json(&Screened { answer, record, standings: receipt.standings })
}

fn unrecordable(error: OccasionError) -> Problem {
    fault(error.field, error.what)
}

fn options(row: &Object) -> Result<Options, Problem> {
    let lists = match row.get("lists") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(all)) if all.len() <= MAX_LISTS => all
            .iter()
            .enumerate()
            .map(|(i, v)| {
                v.as_str().map(str::to_owned).ok_or_else(|| fault(format!("lists[{i}]"), "is not text"))
            })
            .collect::<Result<_, _>>()?,
        Some(_) => return Err(fault("lists", format!("is not a list of at most {MAX_LISTS} texts"))),
    };
    let limit = match row.get("limit") {
        None | Some(Value::Null) => None,
        Some(n) => match n.as_u64() {
            Some(n @ 1..=MAX_LIMIT) => usize::try_from(n).ok(),
            _ => return Err(fault("limit", format!("lies outside 1 to {MAX_LIMIT}"))),
        },
    };
    let options = Options { lists, threshold: threshold(row)?, limit };
    options.check().map_err(at_fault)?;
    Ok(options)
}

fn threshold(row: &Object) -> Result<Option<f64>, Problem> {
    match row.get("threshold") {
        None | Some(Value::Null) => Ok(None),
        Some(n) => n.as_f64().map(Some).ok_or_else(|| fault("threshold", "is not a number")),
    }
}

/// A comparison: the fields of `zeef compare --json`.
#[derive(Serialize)]
struct Compared {
    score: f64,
    #[serde(rename = "match")]
    is_match: bool,
    strength: Option<Strength>,
    explanation: Explanation,
}

/// Compares two subjects: a row of `zeef compare --format jsonl`, with `threshold` beside it.
pub(super) async fn compare(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let bytes = body(&shared, &headers, sent, JSON).await?;
    let row = rows::object(&bytes).map_err(at_fault)?;
    let query = rows::subject(&row, &QUERY).map_err(at_fault)?;
    let candidate = rows::subject(&row, &CANDIDATE).map_err(at_fault)?;
    let threshold = threshold(&row)?;
    let c = shared
        .workers
        .run(within(&shared), move |wanted| {
            Ok(Screener::compare_until(&query, &candidate, threshold, &|| wanted.cancelled())?)
        })
        .await?;
    json(&Compared { score: c.score, is_match: c.is_match, strength: c.strength, explanation: c.explanation })
}

/// Which policy reads a case, and for what purpose it is screened.
#[derive(Deserialize)]
pub(super) struct ByPolicy {
    #[serde(default)]
    policy: String,
    #[serde(default)]
    purpose: String,
}

/// A case's result with the number of its record.
#[derive(Serialize)]
struct CaseScreened<'a> {
    #[serde(flatten)]
    result: &'a CaseResult,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<i64>,
    /// How findings stand in the review queue, by their ids.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    standings: BTreeMap<&'a str, &'a Standing>,
}

/// Screens a case, in the file's form of `zeef case`; answers what `zeef case --json` does.
pub(super) async fn case(
    State(shared): State<Arc<Shared>>,
    Who(caller): Who,
    by: Result<Query<ByPolicy>, QueryRejection>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let Query(ByPolicy { policy, purpose }) = by.map_err(|_| fault("policy", "cannot be read"))?;
    let bytes = body(&shared, &headers, sent, JSON_OR_YAML).await?;
    let now = jiff::Timestamp::now();
    let case = CheckedCase::read(&bytes, CaseForm::of(&bytes), now.to_zoned(TimeZone::UTC).date()).map_err(
        |faults| {
            let named = faults.0.into_iter().map(|f| {
                let field = if f.path.is_empty() { "case".to_owned() } else { f.path };
                let place =
                    f.place.map_or_else(String::new, |p| format!(" (line {}, column {})", p.line, p.column));
                Violation::new(field, format!("{}{place}", f.what))
            });
            Failure::invalid(named.collect())
        },
    )?;
    let (policies, metrics) = (Arc::clone(&shared.config.policies), Arc::clone(&shared.metrics));
    let wanted_policy = if policy.is_empty() { DEFAULT_POLICY } else { &policy };
    let Some(chosen) = policies.iter().position(|p| p.id() == wanted_policy) else {
        let loaded: Vec<&str> = policies.iter().map(|p| p.id()).collect();
        let message = format!("no policy of this id is loaded; loaded are: {}", loaded.join(", "));
        return Err(Failure::new(Reason::PolicyNotFound, message).into());
    };
    let mut occasion = occasion(&caller, &purpose, "").map_err(unrecordable)?;
    let screener = shared.screener_to_ask()?;
    let recorder = shared.recorder(&screener);
    let deadline = within(&shared);
    let (result, draft) = shared
        .workers
        .run(deadline, move |wanted| {
            let policy = &policies[chosen];
            let cancelled = || wanted.cancelled();
            let required = policy.asked_lists();
            let screened = screener.screen_case_until(&case, &required, now, Threads::Own, &cancelled)?;
            metrics.screened_case(&screened);
            let result = policy.apply(&case, screened);
            occasion.case_reference.clone_from(&result.case_id);
            let draft = recorder.map(|recorder| recorder.case(&occasion, &screener, now, &result));
            Ok((result, draft))
        })
        .await?;
    let receipt = shared.recorded(draft, deadline).await?;
    let record = (receipt.number > 0).then_some(receipt.number);
    let standings = by_finding(&result.screened.findings, &receipt.standings);
    json(&CaseScreened { result: &result, record, standings })
}

/// A search as it stands in the address. Several values of a filter are parted by commas.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
#[derive(Default)]
pub(super) struct Asked {
    q: String,
    lists: String,
    kind: String,
    programmes: String,
    countries: String,
    categories: String,
    page_size: Option<usize>,
    page_token: String,
}

/// What was found: the fields of `zeef search --json`, with the token of the next page.
#[derive(Serialize)]
struct Found {
    total: u64,
    suggestions: Vec<String>,
    entities: Vec<Entity>,
    next_page_token: String,
}

/// Searches listed entities. Not screening.
pub(super) async fn search(
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(asked) =
        asked.map_err(|_| fault("query", "has a parameter that is unknown or cannot be read"))?;
    let several = |text: &str| -> Vec<String> {
        text.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect()
    };
    let kind = match asked.kind.as_str() {
        "" => None,
        "person" => Some(EntityKind::Person),
        "organisation" => Some(EntityKind::Organisation),
        _ => return Err(fault("kind", "is neither person nor organisation")),
    };
    let request = SearchRequest {
        query: asked.q,
        lists: several(&asked.lists),
        kind,
        programmes: several(&asked.programmes),
        countries: several(&asked.countries),
        categories: several(&asked.categories),
        page_size: asked.page_size.unwrap_or(0),
        page_token: asked.page_token,
    };
    let screener = shared.screener()?;
    let page =
        shared.workers.run(within(&shared), move |_| Ok(screener.snapshot().search(&request)?)).await?;
    json(&Found {
        total: page.total,
        suggestions: page.suggestions,
        entities: page.found.into_iter().map(|f| f.entity).collect(),
        next_page_token: page.next_page_token,
    })
}

/// Everything a list says of one entity: what `zeef entity --json` prints.
pub(super) async fn entity(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Result<Response, Problem> {
    let Path((list, id)) = path.map_err(|_| fault("id", "cannot be read"))?;
    let screener = shared.screener()?;
    if screener.snapshot().manifest().list(&list).is_none() {
        return Err(Failure::new(Reason::ListNotLoaded, "that list is not loaded; see /v1/lists").into());
    }
    let not_found = || Failure::new(Reason::EntityNotFound, "the list has no such entity");
    let found = shared
        .workers
        .run(within(&shared), move |_| screener.snapshot().entity(&list, &id)?.ok_or_else(not_found))
        .await?;
    json(&found)
}

/// The lists as `zeef lists --json` prints them.
#[derive(Serialize)]
struct Loaded<'a> {
    snapshot: &'a str,
    created: &'a str,
    demo: bool,
    lists: Vec<LoadedList<'a>>,
    registers: Vec<LoadedRegister<'a>>,
}

#[derive(Serialize)]
struct LoadedList<'a> {
    #[serde(flatten)]
    list: &'a ListManifest,
    age_days: i64,
    stale: bool,
}

#[derive(Serialize)]
struct LoadedRegister<'a> {
    #[serde(flatten)]
    register: &'a RegisterManifest,
    age_days: i64,
    stale: bool,
}

/// What is loaded, as of when.
pub(super) async fn lists(State(shared): State<Arc<Shared>>) -> Result<Response, Problem> {
    let screener = shared.screener()?;
    let now = jiff::Timestamp::now();
    let stamp = screener.stamp(&Options::default(), now);
    let manifest = screener.snapshot().manifest();
    let list = |list| {
        let list: &ListManifest = list;
        let age = stamp.lists.iter().find(|s| s.list == list.list);
        LoadedList { list, age_days: age.map_or(0, |a| a.age_days), stale: age.is_some_and(|a| a.stale) }
    };
    let register = |register| {
        let age = screener.register_stamp(register, now);
        LoadedRegister { register, age_days: age.age_days, stale: age.stale }
    };
    json(&Loaded {
        snapshot: &manifest.id,
        created: &manifest.created,
        demo: manifest.demo,
        lists: manifest.lists.iter().map(list).collect(),
        registers: manifest.registers.iter().map(register).collect(),
    })
}
