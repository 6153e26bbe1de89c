//! What is counted of what was asked.

use zeef::service::proto;

use crate::http;
use crate::support::{TestServer, demo, person};

/// A number of `/metrics`, by its whole name with labels.
async fn number(server: &TestServer, name: &str) -> f64 {
    let answer = http::request(&server.address, "GET", "/metrics", &[], "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let lines = answer.body.lines().filter_map(|line| line.rsplit_once(' '));
    let found = lines.into_iter().find(|(n, _)| *n == name);
    found.unwrap_or_else(|| panic!("{name} is not in:\n{}", answer.body)).1.parse().unwrap()
}

#[tokio::test]
async fn a_list_that_is_served_no_longer_has_no_age() {
    let server = TestServer::demo().await;
    assert_eq!(number(&server, "zeef_list_stale{list=\"eu\"}").await, 1.0);
    server.handle.withdraw();
    assert_eq!(number(&server, "zeef_serving").await, 0.0);
    assert!(number(&server, "zeef_list_stale{list=\"eu\"}").await.is_nan());
    server.handle.publish(demo());
    assert_eq!(number(&server, "zeef_list_stale{list=\"eu\"}").await, 1.0);
    server.stop().await;
}

#[tokio::test]
async fn every_subject_of_a_case_is_counted_as_screened() {
    let server = TestServer::demo().await;
    let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
    server.screening().screen(request).await.unwrap();

    let affiliation =
        proto::CaseAffiliation { institution: "Harbin Institute of Technology".into(), ..Default::default() };
    let candidate = proto::Candidate { names: vec!["Annelies Voorbeeld".into()], ..Default::default() };
    let hire =
        proto::Hire { candidate: Some(candidate), affiliations: vec![affiliation], ..Default::default() };
    let case = proto::Case { case_id: "c-1".into(), about: Some(proto::case::About::Hire(hire)) };
    let request = proto::ScreenCaseRequest { case: Some(case.clone()), ..Default::default() };
    let result = server.cases().screen_case(request).await.unwrap().into_inner().result.unwrap();
    let subjects = result.subjects.len();
    assert_eq!((subjects, result.findings.len()), (2, 1));

    assert_eq!(number(&server, "zeef_screenings_total").await, 3.0);
    assert_eq!(number(&server, "zeef_candidates_count").await, 3.0);
    assert_eq!(number(&server, "zeef_screenings_without_hits_total").await, 2.0);
    assert_eq!(number(&server, "zeef_hits_total{list=\"aspi\",strength=\"exact\"}").await, 1.0);

    // The same case over HTTP.
    let json = r#"{"case_id": "c-2", "hire": {"candidate": {"names": ["Annelies Voorbeeld"]},
        "affiliations": [{"institution": "Harbin Institute of Technology"}]}}"#;
    let json_type = ("Content-Type", "application/json");
    let answer = http::request(&server.address, "POST", "/v1/case", &[json_type], json).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(number(&server, "zeef_screenings_total").await, 5.0);
    server.stop().await;
}
