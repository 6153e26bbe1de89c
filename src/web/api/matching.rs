//! `POST /match/{dataset}` in the shape of OpenSanctions' yente, so that its clients can point here.
//!
//! What differs, and must: scores are zeef's own, whose meaning is evidence (0.5 says that it outweighs the
//! odds against any one entry being meant), so that without a `threshold` of the caller a match is what
//! zeef calls a hit. Algorithms, weights and fuzziness of the other matcher have nothing to act on here and
//! are passed over.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::matching::EvidenceKind;
use crate::model::Entity;
use crate::review::audit::Asked;
use crate::screening::{Answer, DEFAULT_THRESHOLD, Hit, Options, Screener, Subject};
use crate::service::access::Client;
use crate::service::{Deadline, Failure, Reason, Shared};

use super::super::caller::{Who, occasion};
use super::problem::Problem;
use super::{body, fault, ftm, json};

/// Most queries of one request, as in yente.
const MAX_QUERIES: usize = 100;
/// Results per query where the caller does not say, and most of them, as in yente.
const DEFAULT_LIMIT: usize = 5;
const MAX_LIMIT: usize = 500;
/// Names of all lists together: yente's for its default collection.
const ALL: [&str; 2] = ["default", "sanctions"];

/// What may stand in the address. Parameters of the other matcher are passed over.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    limit: Option<usize>,
    threshold: Option<f64>,
    cutoff: Option<f64>,
    purpose: String,
}

/// The queries of a request.
#[derive(Deserialize)]
struct Queries {
    queries: BTreeMap<String, Example>,
}

/// One query.
#[derive(Clone, Deserialize, Serialize)]
struct Example {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    schema: String,
    #[serde(default)]
    properties: Value,
}

#[derive(Serialize)]
struct Matched {
    responses: BTreeMap<String, Matches>,
    /// What each feature of an explanation means.
    matcher: BTreeMap<&'static str, FeatureDoc>,
    limit: usize,
}

#[derive(Serialize)]
struct FeatureDoc {
    description: &'static str,
    coefficient: f64,
    url: &'static str,
}

#[derive(Serialize)]
struct Matches {
    status: u16,
    results: Vec<Scored>,
    total: Total,
    query: Example,
}

#[derive(Serialize)]
struct Total {
    value: usize,
    relation: &'static str,
}

#[derive(Serialize)]
struct Scored {
    id: String,
    caption: String,
    schema: &'static str,
    properties: ftm::Properties,
    datasets: Vec<String>,
    referents: Vec<String>,
    target: bool,
    first_seen: Option<String>,
    last_seen: Option<String>,
    last_change: Option<String>,
    score: f64,
    features: BTreeMap<&'static str, f64>,
    explanations: BTreeMap<&'static str, Feature>,
    #[serde(rename = "match")]
    is_match: bool,
}

/// One piece of evidence. Its score is in bits.
#[derive(Serialize)]
struct Feature {
    score: f64,
    detail: String,
    query: Option<String>,
    candidate: Option<String>,
    weight: f64,
}

/// How one request is answered.
#[derive(Clone)]
struct How {
    options: Options,
    /// From which score a result is called a match.
    threshold: f64,
}

/// Matches entities against a list, or against all.
pub(super) async fn matches(
    State(shared): State<Arc<Shared>>,
    Who(caller): Who,
    dataset: Result<Path<String>, PathRejection>,
    parameters: Result<Query<Parameters>, QueryRejection>,
    client: Option<Extension<Arc<Client>>>,
    headers: HeaderMap,
    sent: Body,
) -> Result<Response, Problem> {
    let Path(dataset) = dataset.map_err(|_| fault("dataset", "cannot be read"))?;
    let Query(parameters) =
        parameters.map_err(|_| fault("query", "has a limit, threshold or cutoff that is no number"))?;
    let bytes = body(&shared, &headers, sent, &["application/json"]).await?;
    // Serde's own errors may quote what stands in the text.
    let asked: Queries = serde_json::from_slice(&bytes).map_err(|e| {
        let what = format!(
            "is not {{\"queries\": {{KEY: {{\"schema\", \"properties\"}}}}}} (column {})",
            e.column()
        );
        fault("body", what)
    })?;
    if asked.queries.is_empty() || asked.queries.len() > MAX_QUERIES {
        return Err(fault("queries", format!("holds none or more than {MAX_QUERIES}")));
    }
    let screener = shared.screener_to_ask()?;
    let lists = if ALL.contains(&dataset.as_str()) {
        Vec::new()
    } else if screener.snapshot().manifest().list(&dataset).is_some() {
        vec![dataset]
    } else {
        let detail = "no such dataset; there are `default` and the lists of /v1/lists";
        return Err(Problem::plain(StatusCode::NOT_FOUND, Reason::ListNotLoaded.as_str(), detail));
    };
    let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let threshold = parameters.threshold.unwrap_or(DEFAULT_THRESHOLD);
    let cutoff = parameters.cutoff.unwrap_or(DEFAULT_THRESHOLD.min(threshold));
    let options = Options { lists, threshold: Some(cutoff), limit: Some(limit) };
    options.check().map_err(|e| fault("cutoff", e.what))?;
    if !(0.0..=1.0).contains(&threshold) {
        return Err(fault("threshold", "lies outside 0 to 1"));
    }
    let how = How { options, threshold };

    let mut subjects: Vec<(String, Example, Subject)> = Vec::with_capacity(asked.queries.len());
    for (key, example) in asked.queries {
        // The key is the caller's own word for the query; it may be a name, and is not quoted.
        let at = format!("queries[{}]", subjects.len());
        let subject = ftm::subject(&at, &example.schema, &example.properties)?;
        subjects.push((key, example, subject));
    }
    if let Some(Extension(client)) = client {
        // The gate has counted the call as one screening.
        client.pay_in_time(u32::try_from(subjects.len() - 1).unwrap_or(u32::MAX)).await?;
    }
    let metrics = Arc::clone(&shared.metrics);
    let occasion = occasion(&caller, &parameters.purpose, "").map_err(|e| fault(e.field, e.what))?;
    let recorder = shared.recorder(&screener);
    let deadline = Deadline::default().within(shared.config.longest_call);
    let (responses, draft) = shared
        .workers
        .run(deadline, move |wanted| {
            let now = jiff::Timestamp::now();
            let mut answers = Vec::with_capacity(subjects.len());
            for (key, query, subject) in subjects {
                let answer = screener.screen_until(&subject, &how.options, now, &|| wanted.cancelled())?;
                metrics.screened(&answer);
                answers.push((key, query, subject, answer));
            }
            let draft = recorder.map(|recorder| {
                let asked = answers.iter().map(|(key, _, subject, answer)| Asked {
                    id: key,
                    row: 0,
                    reference: "",
                    subject,
                    answer,
                });
                recorder.screening(&occasion, &screener, now, &asked.collect::<Vec<_>>())
            });
            let mut responses = BTreeMap::new();
            for (key, query, _, answer) in answers {
                let total = Total { value: answer.total_hits, relation: "eq" };
                let results = results(&screener, answer, &how)?;
                responses.insert(key, Matches { status: 200, results, total, query });
            }
            Ok((responses, draft))
        })
        .await?;
    shared.recorded(draft, deadline).await?;
    json(&Matched { responses, matcher: documented(), limit })
}

/// The hits of an answer as results.
fn results(screener: &Screener, answer: Answer, how: &How) -> Result<Vec<Scored>, Failure> {
    let mut results = Vec::with_capacity(answer.hits.len());
    for hit in answer.hits {
        let entity = screener.snapshot().entity(&hit.list, &hit.entity_id)?;
        let imported = screener.snapshot().manifest().list(&hit.list).map(|l| l.imported.clone());
        results.push(scored(hit, entity.as_ref(), imported.as_deref(), how.threshold));
    }
    Ok(results)
}

fn scored(hit: Hit, entity: Option<&Entity>, imported: Option<&str>, threshold: f64) -> Scored {
    // Clients read `2026-01-31T10:00:00`, without fractions and offset.
    let seen = imported.and_then(|t| t.get(..19)).map(str::to_owned);
    let designated = entity.and_then(|e| e.designation.date).filter(|d| d.is_full());
    let (mut features, mut explanations) = (BTreeMap::new(), BTreeMap::new());
    for e in hit.explanation.evidence {
        let name = feature(e.kind).0;
        features.insert(name, e.bits);
        let feature = Feature { score: e.bits, detail: e.text, query: None, candidate: None, weight: 1.0 };
        explanations.insert(name, feature);
    }
    if let Some(name) = explanations.get_mut(feature(EvidenceKind::Name).0) {
        name.query = Some(hit.query_name);
        name.candidate = Some(hit.matched_name);
        name.detail = hit.explanation.summary;
    }
    Scored {
        // References are unique within a list only.
        id: format!("{}-{}", hit.list, hit.entity_id),
        caption: hit.name,
        schema: ftm::schema(hit.kind),
        properties: entity.map(ftm::properties).unwrap_or_default(),
        datasets: vec![hit.list],
        referents: vec![hit.entity_id],
        target: true,
        first_seen: designated.map(|d| format!("{d}T00:00:00")),
        last_seen: seen.clone(),
        last_change: seen,
        score: hit.score,
        features,
        explanations,
        is_match: hit.score >= threshold,
    }
}

/// What a piece of evidence is called here, and what it means.
fn feature(kind: EvidenceKind) -> (&'static str, &'static str) {
    match kind {
        EvidenceKind::Name => {
            ("name_words", "Bits of evidence from the words of the names, aligned one by one")
        }
        EvidenceKind::WholeName => ("name_whole", "Bits from the name as a whole: completeness and order"),
        EvidenceKind::OtherName => ("other_name", "Bits from another name that agrees as well"),
        EvidenceKind::BirthDate => ("birth_date", "Bits from the birth date"),
        EvidenceKind::BirthPlace => ("birth_place", "Bits from the birth place"),
        EvidenceKind::Gender => ("gender", "Bits from the gender"),
        EvidenceKind::Identifier => ("identifier", "Bits from a document or registration number"),
        EvidenceKind::Country => ("country", "Bits from the country: of organisations only"),
        EvidenceKind::Address => ("address", "Bits from the address of an organisation"),
    }
}

fn documented() -> BTreeMap<&'static str, FeatureDoc> {
    let kinds = [
        EvidenceKind::Name,
        EvidenceKind::WholeName,
        EvidenceKind::OtherName,
        EvidenceKind::BirthDate,
        EvidenceKind::BirthPlace,
        EvidenceKind::Gender,
        EvidenceKind::Identifier,
        EvidenceKind::Country,
        EvidenceKind::Address,
    ];
    let doc = |description| FeatureDoc { description, coefficient: 1.0, url: "" };
    kinds.into_iter().map(feature).map(|(name, text)| (name, doc(text))).collect()
}
