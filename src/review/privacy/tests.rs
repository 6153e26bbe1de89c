use std::sync::{Arc, LazyLock};

use jiff::{SignedDuration, Timestamp};
use sqlx::Row as _;
use tempfile::TempDir;

use super::*;
use crate::index::Snapshot;
use crate::review::audit::{Asked, verify};
use crate::review::queue::{Decision, Verdict};
use crate::review::store::StoreUrl;
use crate::review::{Occasion, OnFailure, Records};
use crate::screening::{Options, Screener, Subject, SubjectKind};

static DEMO: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));

/// Records a run of these names at this time, and gives the ids of what was raised.
async fn run(records: &Records, purpose: &str, time: Timestamp, names: &[&str]) -> Vec<String> {
    let subjects: Vec<Subject> = names.iter().map(|n| Subject::named(*n, SubjectKind::Person)).collect();
    let answers: Vec<_> =
        subjects.iter().map(|s| DEMO.screen(s, &Options::default(), time).unwrap()).collect();
    let asked: Vec<Asked> = subjects
        .iter()
        .zip(&answers)
        .map(|(subject, answer)| Asked { id: "", row: 0, reference: "", subject, answer })
        .collect();
    let draft =
        records.recorder.screening(&Occasion::of("hr").with_purpose(purpose), &DEMO, time, &asked).unwrap();
    let receipt = records.recorder.record(draft).await.unwrap();
    receipt.standings.into_iter().map(|s| s.match_id).collect()
}

/// Puts somebody under watch until this time, 0 for ever.
async fn watch(records: &Records, name: &str, ends: i64) {
    let subject = serde_json::to_string(&Subject::named(name, SubjectKind::Person)).unwrap();
    sqlx::query(
        "INSERT INTO watched (number, id, reference, added_by, purpose, subject, options, ends, added, \
         screened_snapshot, screened_matcher, screened, tried_snapshot, tried_matcher, trouble) \
         VALUES ($1, $2, '', 'hr', 'hire', $3, '{}', $4, 0, '', '', 0, '', '', '')",
    )
    .bind(i64::try_from(name.len()).unwrap())
    .bind(name)
    .bind(subject)
    .bind(ends)
    .execute(records.store.pool())
    .await
    .unwrap();
}

/// Whether any file of the store's folder holds these bytes.
fn lies_in(folder: &TempDir, text: &str) -> bool {
    std::fs::read_dir(folder.path()).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|w| w == text.as_bytes())
    })
}

async fn check_rights(records: &Records, folder: Option<&TempDir>) {
    let now = Timestamp::now();
    run(records, "hire", now, &["Made Up One", "Testname Secunda", "Made Up Three"]).await;
    let ids = run(records, "hire", now, &["Vladimir Putin", "Testname Secunda"]).await;
    let person = |name: &str| Person { name: name.into(), birth_date: None };

    watch(records, "Testname Secunda", 0).await;
    let told = disclose(records, "officer", &person("TESTNAME, Secunda")).await.unwrap();
    assert_eq!(told.records.len(), 2);
    assert!(told.records.iter().all(|r| r.contents["subject"]["name"] == "Testname Secunda"));
    assert!(told.suspected_matches.is_empty());
    assert_eq!(told.watches.len(), 1);
    let told = disclose(records, "officer", &person("vladimir putin")).await.unwrap();
    assert_eq!((told.records.len(), told.suspected_matches.len()), (1, ids.len()));

    let erased = erase(records, "officer", &person("testname secunda"), false).await.unwrap();
    assert_eq!(erased, Erased { parts: 2, matches: 0, watches: 1 });
    let verified = verify(&records.store, None).await.unwrap().unwrap();
    assert_eq!((verified.parts, verified.erased), (3, 2));
    if let Some(folder) = folder {
        assert!(lies_in(folder, "Made Up Three") && !lies_in(folder, "Testname Secunda"));
    }

    // What was confirmed is not erased by the way.
    let found = records.queue.get(&ids[0]).await.unwrap();
    let confirm = Decision { verdict: Verdict::Confirmed, reason: "it is".into(), note: String::new() };
    records.queue.decide(&found.id, found.etag, "anna", &confirm).await.unwrap();
    let refused = erase(records, "officer", &person("Vladimir Putin"), false).await.unwrap_err();
    assert_eq!(refused, PrivacyError::Confirmed(1));
    let erased = erase(records, "officer", &person("Vladimir Putin"), true).await.unwrap();
    assert_eq!(erased, Erased { parts: 2, matches: ids.len() as u64, watches: 0 });
    assert!(verify(&records.store, None).await.unwrap().is_ok());
    assert_eq!(erase(records, "officer", &person("  ,. "), true).await.unwrap_err(), PrivacyError::NoName);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_screened_is_told_and_forgotten_on_request() {
    let folder = TempDir::new().unwrap();
    let records = Records::open(&StoreUrl::in_folder(folder.path()), OnFailure::Refuse).await.unwrap();
    check_rights(&records, Some(&folder)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(url) = crate::review::testing::postgres().await else { return };
    check_rights(&Records::open(&url, OnFailure::Refuse).await.unwrap(), None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn time_takes_contents_and_old_decisions_and_leaves_work_to_be_done() {
    let folder = TempDir::new().unwrap();
    let records = Records::open(&StoreUrl::in_folder(folder.path()), OnFailure::Refuse).await.unwrap();
    let now = Timestamp::now();
    let days = |n: i64| now - SignedDuration::from_hours(24 * n);
    run(&records, "hire", days(400), &["Made Up One", "Made Up Two"]).await;
    run(&records, "hire", days(300), &["Made Up Three"]).await;
    run(&records, "visit", days(40), &["Made Up Four"]).await;
    let decided = run(&records, "hire", days(1), &["Vladimir Putin"]).await;
    let found = records.queue.get(&decided[0]).await.unwrap();
    let clear = Decision { verdict: Verdict::Cleared, reason: "other".into(), note: String::new() };
    records.queue.decide(&found.id, found.etag, "anna", &clear).await.unwrap();
    let old = days(500).as_microsecond();
    sqlx::query("UPDATE suspected_matches SET decided = $1 WHERE decided > 0")
        .bind(old)
        .execute(records.store.pool())
        .await
        .unwrap();
    let open: i64 = sqlx::query("SELECT COUNT(*) FROM suspected_matches WHERE state = 'open'")
        .fetch_one(records.store.pool())
        .await
        .unwrap()
        .get(0);

    watch(&records, "Made Up Five", days(400).as_microsecond()).await;
    watch(&records, "Made Up Six", days(4).as_microsecond()).await;
    let retention = Retention { by_purpose: vec![("visit".into(), 30)], ..Retention::default() };
    let purged = purge(&records, "nightly", &retention, now).await.unwrap();
    assert_eq!(purged, Purged { parts: 3, matches: 1, watches: 1 });
    assert!(!lies_in(&folder, "Made Up Two") && !lies_in(&folder, "Made Up Four"));
    assert!(lies_in(&folder, "Made Up Three"));
    assert_eq!(purge(&records, "nightly", &retention, now).await.unwrap(), Purged::default());
    let verified = verify(&records.store, None).await.unwrap().unwrap();
    assert_eq!(verified.erased, 3);
    let left: i64 = sqlx::query("SELECT COUNT(*) FROM suspected_matches")
        .fetch_one(records.store.pool())
        .await
        .unwrap()
        .get(0);
    assert_eq!(left, open);
}
