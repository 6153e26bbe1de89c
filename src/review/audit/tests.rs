use std::sync::{Arc, LazyLock};
use std::time::Duration;

use sqlx::Row as _;
use tempfile::TempDir;

use super::*;
use crate::index::Snapshot;
use crate::review::store::{Store, StoreOptions, StoreUrl};
use crate::review::{Occasion, OnFailure, Records};
use crate::screening::{Options, Screener, Subject, SubjectKind};

static DEMO: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));

async fn records() -> (TempDir, Records) {
    let folder = TempDir::new().unwrap();
    let records = Records::open(&StoreUrl::in_folder(folder.path()), OnFailure::Refuse).await.unwrap();
    (folder, records)
}

fn occasion() -> Occasion {
    Occasion { case_reference: "case 1".into(), ..Occasion::of("hr").with_purpose("hire") }
}

/// Screens a name and records it.
async fn record(records: &Records, occasion: &Occasion, name: &str) -> Receipt {
    let subject = Subject::named(name, SubjectKind::Person);
    let now = jiff::Timestamp::now();
    let answer = DEMO.screen(&subject, &Options::default(), now).unwrap();
    let asked = Asked { id: "", row: 0, reference: "", subject: &subject, answer: &answer };
    let draft = records.recorder.screening(occasion, &DEMO, now, &[asked]).unwrap();
    records.recorder.record(draft).await.unwrap()
}

async fn check_trail(records: &Records) {
    let many = (0..100).map(|n| {
        let records = records.clone();
        let name = if n % 10 == 0 { "Vladimir Putin".to_owned() } else { format!("Made Up Name {n}") };
        tokio::spawn(async move { record(&records, &occasion(), &name).await.number })
    });
    let mut numbers = Vec::new();
    for task in many.collect::<Vec<_>>() {
        numbers.push(task.await.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=100).collect::<Vec<i64>>(), "each record has a number of its own");

    let verified = verify(&records.store, None).await.unwrap().unwrap();
    assert_eq!((verified.records, verified.parts, verified.erased), (100, 100, 0));
    let expected = Expected { number: 100, hash: verified.hash[..12].to_owned() };
    assert_eq!(verify(&records.store, Some(&expected)).await.unwrap().unwrap(), verified);

    for (form, lines) in [(ExportForm::JsonLines, 100), (ExportForm::Csv, 101)] {
        let mut out = Vec::new();
        let count = export(&records.store, &Period::default(), form, &mut out).await.unwrap();
        assert_eq!(count, 100);
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().count() >= lines, "{text}");
        assert!(text.contains("Made Up Name 7") && text.contains("hire") && text.contains("case 1"));
    }
    let none = Period { case_reference: Some("another".into()), ..Period::default() };
    assert_eq!(export(&records.store, &none, ExportForm::Csv, &mut Vec::new()).await.unwrap(), 0);
    let case = Period { case_reference: Some("case 1".into()), ..Period::default() };
    assert_eq!(export(&records.store, &case, ExportForm::Csv, &mut Vec::new()).await.unwrap(), 100);
    let past = Period { until: Some(jiff::Timestamp::UNIX_EPOCH), ..Period::default() };
    assert_eq!(export(&records.store, &past, ExportForm::Csv, &mut Vec::new()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_verifies_and_can_be_taken_out() {
    let (_folder, records) = records().await;
    check_trail(&records).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgresql() {
    let Some(url) = crate::review::testing::postgres().await else { return };
    check_trail(&Records::open(&url, OnFailure::Refuse).await.unwrap()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_is_found_with_its_place() {
    let attacks: [(&str, Option<i64>, &str); 9] = [
        (
            "UPDATE audit_records SET head = REPLACE(head, 'hire', 'test') WHERE number = 3",
            Some(3),
            "changed",
        ),
        ("UPDATE audit_records SET purpose = 'test' WHERE number = 3", Some(3), "columns"),
        ("UPDATE audit_records SET time = time + 1 WHERE number = 3", Some(3), "columns"),
        (
            "UPDATE audit_contents SET body = REPLACE(body, 'Made', 'Mate') WHERE number = 3",
            Some(3),
            "contents",
        ),
        ("UPDATE audit_contents SET body = body || '\n' || body WHERE number = 3", Some(3), "more parts"),
        ("DELETE FROM audit_contents WHERE number = 3", None, "1 parts of contents are missing"),
        ("DELETE FROM audit_records WHERE number = 3", Some(3), "missing"),
        ("DELETE FROM audit_records WHERE number = 5", None, "its end is missing"),
        ("UPDATE audit_stamps SET body = '{}'", None, "stamp"),
    ];
    for (attack, place, says) in attacks {
        let (_folder, records) = records().await;
        for n in 0..5 {
            record(&records, &occasion(), &format!("Made Up {n}")).await;
        }
        sqlx::query(attack).execute(records.store.pool()).await.unwrap();
        let fault = verify(&records.store, None).await.unwrap().unwrap_err();
        assert_eq!(fault.record, place, "{attack}: {fault}");
        assert!(fault.to_string().contains(says), "{attack}: {fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_cut_off_and_mended_is_found_by_what_was_noted() {
    let (_folder, records) = records().await;
    for n in 0..5 {
        record(&records, &occasion(), &format!("Made Up {n}")).await;
    }
    let noted = verify(&records.store, None).await.unwrap().unwrap();
    for statement in [
        "DELETE FROM audit_contents WHERE number = 5",
        "DELETE FROM audit_records WHERE number = 5",
        "UPDATE audit_chain SET records = 4, hash = (SELECT hash FROM audit_records WHERE number = 4)",
    ] {
        sqlx::query(statement).execute(records.store.pool()).await.unwrap();
    }
    assert!(verify(&records.store, None).await.unwrap().is_ok(), "nothing in the store itself shows it");
    let expected = Expected { number: noted.records, hash: noted.hash.clone() };
    assert!(verify(&records.store, Some(&expected)).await.unwrap().is_err());
    // Nor can the end be written anew.
    record(&records, &occasion(), "Another").await;
    let fault = verify(&records.store, Some(&expected)).await.unwrap().unwrap_err();
    assert_eq!(fault.record, Some(5));
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_kept_as_they_are() {
    let (_folder, records) = records().await;
    let odd = "=cmd|' /C calc'!A0 '; DROP TABLE audit_records; -- \u{202e}\0\n\r\u{7f} 哈";
    let case = Occasion { case_reference: "'; DELETE FROM audit_records; --".into(), ..occasion() };
    record(&records, &case, odd).await;
    assert!(verify(&records.store, None).await.unwrap().is_ok());
    let mut out = Vec::new();
    export(&records.store, &Period::default(), ExportForm::JsonLines, &mut out).await.unwrap();
    let exported: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!(exported["contents"][0]["subject"]["name"], odd);
    let mut out = Vec::new();
    export(&records.store, &Period::default(), ExportForm::Csv, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.contains("'=cmd"), "a spreadsheet would run it: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_said_and_goes_on_when_it_can() {
    let folder = TempDir::new().unwrap();
    let url = StoreUrl::in_folder(folder.path());
    let options = StoreOptions { patience: std::time::Duration::from_millis(100), connections: 4 };
    let store = Store::open_with(&url, options).await.unwrap();
    let records = Records::of(store, OnFailure::Refuse).unwrap();
    record(&records, &occasion(), "Made Up").await;

    let draft = || {
        let subject = Subject::named("Made Up", SubjectKind::Person);
        let answer = DEMO.screen(&subject, &Options::default(), jiff::Timestamp::now()).unwrap();
        let asked = Asked { id: "", row: 0, reference: "", subject: &subject, answer: &answer };
        records.recorder.screening(&occasion(), &DEMO, jiff::Timestamp::now(), &[asked]).unwrap()
    };
    let other = Store::open_with(&url, options).await.unwrap();
    let lock = other.begin().await.unwrap();
    assert_eq!(records.recorder.record(draft()).await.unwrap_err(), crate::review::store::StoreError::Locked);
    drop(lock);
    other.close().await;

    let pages: i64 = sqlx::query("PRAGMA page_count").fetch_one(records.store.pool()).await.unwrap().get(0);
    // The limit counts for each connection.
    let full = format!("PRAGMA max_page_count = {pages}");
    let mut held = Vec::new();
    for _ in 0..options.connections {
        let mut connection = records.store.pool().acquire().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(full.clone())).execute(&mut *connection).await.unwrap();
        held.push(connection);
    }
    drop(held);
    let mut refused = None;
    for _ in 0..200 {
        if let Err(error) = records.recorder.record(draft()).await {
            refused = Some(error);
            break;
        }
    }
    assert_eq!(refused, Some(crate::review::store::StoreError::Full));
    let verified = verify(&records.store, None).await.unwrap();
    assert!(verified.is_ok(), "{verified:?}");
}

#[tokio::test]
async fn the_lag_is_that_of_the_oldest_record_not_yet_written() {
    let (_folder, records) = records().await;
    assert_eq!(records.recorder.lag(), Duration::ZERO);
    // Whoever holds the store keeps all others waiting.
    let mut held = records.store.begin().await.unwrap();
    sqlx::query("UPDATE audit_chain SET records = records WHERE id = 1").execute(&mut *held).await.unwrap();
    let waiting = tokio::spawn({
        let records = records.clone();
        async move { record(&records, &occasion(), "Made Up Name").await.number }
    });
    while records.recorder.lag().is_zero() {
        tokio::task::yield_now().await;
    }
    held.rollback().await.unwrap();
    assert_eq!(waiting.await.unwrap(), 1);
    while !records.recorder.lag().is_zero() {
        tokio::task::yield_now().await;
    }
}
