//! Holds the audit trail of a store against the answers that were given.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::Value;
use sqlx::Row as _;
use zeef::review::audit::verify;
use zeef::review::store::{Store, StoreUrl};

use crate::clients::Given;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Trail {
    /// Answers whose record is not there.
    pub missing: u64,
    /// Answers whose record tells of another subject, other hits or another snapshot.
    pub unlike: u64,
    /// Records that two answers name.
    pub shared: u64,
    /// Whether chain and contents agree.
    pub is_whole: bool,
    /// Records of screenings that nobody was given: asked before a fault, answered to nobody.
    pub undelivered: u64,
}

/// Looks through the trail in a data folder.
pub async fn check(data: &Path, given: &[Given]) -> Trail {
    let store = Store::open(&StoreUrl::in_folder(data)).await.expect("the store opens");
    let verified = verify(&store, None).await.expect("the store can be read");
    let mut trail = Trail { is_whole: verified.is_ok(), ..Trail::default() };
    let snapshots: HashMap<String, String> = sqlx::query("SELECT hash, body FROM audit_stamps")
        .fetch_all(store.pool())
        .await
        .expect("stamps")
        .iter()
        .map(|row| {
            let body: Value = serde_json::from_str(&row.get::<String, _>(1)).expect("a stamp");
            (row.get(0), body["snapshot"].as_str().unwrap_or_default().to_owned())
        })
        .collect();
    let records: HashMap<i64, (String, String)> = sqlx::query(
        "SELECT r.number, r.head, c.body FROM audit_records r JOIN audit_contents c ON c.number = r.number \
         WHERE r.kind = 'screening'",
    )
    .fetch_all(store.pool())
    .await
    .expect("records")
    .iter()
    .map(|row| (row.get(0), (row.get(1), row.get(2))))
    .collect();
    let mut named = HashSet::new();
    for answer in given {
        if !named.insert(answer.record) {
            trail.shared += 1;
        }
        let Some((head, body)) = records.get(&answer.record) else {
            trail.missing += 1;
            continue;
        };
        let head: Value = serde_json::from_str(head).expect("a head");
        let snapshot = head["stamp"].as_str().and_then(|stamp| snapshots.get(stamp));
        // A line is a salt and JSON.
        let part = body.find('{').map_or("null", |at| body[at..].trim_end());
        let part: Value = serde_json::from_str(part).expect("one part");
        let hits = part["hits"].as_array().map(Vec::as_slice).unwrap_or_default();
        let hits: Vec<&str> = hits.iter().filter_map(|hit| hit["entity_id"].as_str()).collect();
        let is_like = part["subject_reference"] == answer.id
            && hits == answer.hits
            && snapshot == Some(&answer.snapshot);
        trail.unlike += u64::from(!is_like);
    }
    trail.undelivered = records.keys().filter(|number| !named.contains(number)).count() as u64;
    store.close().await;
    trail
}
