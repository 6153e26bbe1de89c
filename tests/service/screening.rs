//! `Screen` and `Compare` on the demonstration lists.

use tonic::Code;
use zeef::service::proto;

use crate::support::{TestServer, check_error, fields, person};

fn ask(subject: Option<proto::Subject>) -> proto::ScreenRequest {
    proto::ScreenRequest { subject, ..Default::default() }
}

#[tokio::test]
async fn a_misspelt_name_is_found_with_reasons_that_add_up() {
    let server = TestServer::demo().await;
    let request = proto::ScreenRequest { request_id: "r-1".into(), ..ask(person("Vladimir Poutine")) };
    let response = server.screening().screen(request).await.unwrap().into_inner();
    assert_eq!(response.request_id, "r-1");
    let answer = response.answer.unwrap();
    let hit = &answer.hits[0];
    assert_eq!((hit.list.as_str(), hit.kind()), ("eu", proto::EntityKind::Person));
    assert!(hit.entity_id.starts_with("EU."), "{}", hit.entity_id);
    assert!(hit.name.to_lowercase().contains("putin"), "{}", hit.name);
    assert!(!hit.matched_name.is_empty());
    assert_eq!(hit.query_name, "Vladimir Poutine");
    assert_ne!(hit.strength(), proto::Strength::Unspecified);
    let why = hit.explanation.as_ref().unwrap();
    assert!(!why.summary.is_empty() && !why.alignments.is_empty());
    let sum: f64 = why.evidence.iter().map(|e| e.bits).sum();
    assert!((sum - why.bits).abs() < 1e-6, "parts add up to {sum}, the total is {}", why.bits);

    let stamp = answer.stamp.unwrap();
    assert!(stamp.demo && !stamp.snapshot.is_empty() && !stamp.matcher_version.is_empty());
    assert_eq!(stamp.threshold, Some(0.5));
    let eu = stamp.lists.iter().find(|l| l.list == "eu").unwrap();
    assert!(eu.import_time.is_some() && eu.age_days >= 0);
    server.stop().await;
}

#[tokio::test]
async fn institutions_are_found_in_both_scripts_and_beside_them_nobody() {
    let server = TestServer::demo().await;
    let kind = proto::SubjectKind::Organisation.into();
    for name in ["哈尔滨工业大学", "Harbin Inst. of Technology"] {
        let subject = proto::Subject { name: name.into(), kind, ..Default::default() };
        let answer =
            server.screening().screen(ask(Some(subject))).await.unwrap().into_inner().answer.unwrap();
        let found: Vec<&str> = answer.hits.iter().map(|h| h.entity_id.as_str()).collect();
        assert_eq!(found, ["harbin-institute-of-technology"], "{name}");
    }
    let answer = server.screening().screen(ask(person("Testname Example"))).await.unwrap().into_inner();
    let answer = answer.answer.unwrap();
    assert!(answer.hits.is_empty() && answer.total_hits == 0 && answer.stamp.is_some());
    server.stop().await;
}

#[tokio::test]
async fn options_are_honoured() {
    let server = TestServer::demo().await;
    let with = |options| proto::ScreenRequest { options: Some(options), ..ask(person("Vladimir Putin")) };

    let options = proto::ScreeningOptions { lists: vec!["aspi".into()], ..Default::default() };
    let answer = server.screening().screen(with(options)).await.unwrap().into_inner().answer.unwrap();
    assert!(answer.hits.is_empty());
    let stamped: Vec<_> = answer.stamp.unwrap().lists.into_iter().map(|l| l.list).collect();
    assert_eq!(stamped, ["aspi"]);

    let options = proto::ScreeningOptions { threshold: Some(0.0), limit: Some(1), ..Default::default() };
    let answer = server.screening().screen(with(options)).await.unwrap().into_inner().answer.unwrap();
    assert_eq!(answer.hits.len(), 1);
    assert_eq!(answer.stamp.unwrap().threshold, Some(0.0));

    let options = proto::ScreeningOptions { lists: vec!["mars".into()], ..Default::default() };
    let status = server.screening().screen(with(options)).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "LIST_NOT_LOADED", &["Putin"]);
    server.stop().await;
}

#[tokio::test]
async fn faulty_subjects_are_refused_field_by_field() {
    let server = TestServer::demo().await;
    let subject = |change: fn(&mut proto::Subject)| {
        let mut subject = person("Testname Example").unwrap();
        change(&mut subject);
        Some(subject)
    };
    for (subject, field) in [
        (None, "subject"),
        (subject(|s| s.name = "  ".into()), "subject.name"),
        (subject(|s| s.name = "x".repeat(2_001)), "subject.name"),
        (subject(|s| s.birth_date = "1970-02-30".into()), "subject.birth_date"),
        (subject(|s| s.birth_date = "yesterday".into()), "subject.birth_date"),
        (subject(|s| s.countries = vec!["Iran".into()]), "subject.countries[0]"),
        (subject(|s| s.aliases = vec!["a".into(); 201]), "subject.aliases"),
        (subject(|s| s.kind = 42), "subject.kind"),
    ] {
        let status = server.screening().screen(ask(subject)).await.unwrap_err();
        check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["Testname", "yesterday"]);
        assert_eq!(fields(&status), [field]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_comparison_explains_itself_with_and_without_lists() {
    for server in [TestServer::demo().await, TestServer::empty().await] {
        let request = |a: &str, b: &str| proto::CompareRequest {
            query: person(a),
            candidate: person(b),
            request_id: "c-1".into(),
            ..Default::default()
        };
        let same = server.screening().compare(request("Владимир Путин", "Vladimir Putin")).await.unwrap();
        let same = same.into_inner();
        assert!(same.r#match && same.score >= 0.5, "{}", same.score);
        assert_ne!(same.strength(), proto::Strength::Unspecified);
        assert!(!same.explanation.unwrap().alignments.is_empty());
        assert_eq!((same.request_id.as_str(), same.threshold), ("c-1", 0.5));

        let other = server
            .screening()
            .compare(request("Vladimir Putin", "Testname Example"))
            .await
            .unwrap()
            .into_inner();
        assert!(!other.r#match && other.score < 0.5, "{}", other.score);
        assert_eq!(other.strength(), proto::Strength::Unspecified);
        server.stop().await;
    }
}
