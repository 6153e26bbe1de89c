//! `ScreenCase` on the demonstration lists.

use std::sync::Arc;
use std::time::Duration;

use tonic::{Code, Request};
use zeef::screening::policy::Profile;
use zeef::service::{Config, ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, demo, fields};

fn hire(name: &str, institution: &str) -> proto::Case {
    let candidate = proto::Candidate { names: vec![name.into()], ..Default::default() };
    let affiliation = proto::CaseAffiliation {
        institution: institution.into(),
        country: "China".into(),
        start: "2019-09".into(),
        ..Default::default()
    };
    let hire =
        proto::Hire { candidate: Some(candidate), affiliations: vec![affiliation], ..Default::default() };
    proto::Case { case_id: "c-1".into(), about: Some(proto::case::About::Hire(hire)) }
}

fn ask(case: proto::Case) -> proto::ScreenCaseRequest {
    proto::ScreenCaseRequest { case: Some(case), request_id: "r-1".into(), ..Default::default() }
}

#[tokio::test]
async fn a_case_is_screened_and_read_by_a_policy() {
    let server = TestServer::demo().await;
    for (policy, applied) in [("", "generic"), ("maastricht", "maastricht"), ("leiden", "leiden")] {
        let request = proto::ScreenCaseRequest {
            policy: policy.into(),
            ..ask(hire("Annelies Voorbeeld", "Harbin Inst. of Technology"))
        };
        let response = server.cases().screen_case(request).await.unwrap().into_inner();
        assert_eq!((response.case_id.as_str(), response.request_id.as_str()), ("c-1", "r-1"));
        let result = response.result.unwrap();
        let stamped = result.policy.unwrap();
        assert_eq!(stamped.policy, applied);
        assert_eq!(stamped.hash.len(), 64);
        assert!(!result.questions.is_empty() && result.next_step.is_some());
        let [finding] = result.findings.as_slice() else { panic!("{:?}", result.findings) };
        assert_eq!(finding.hit.as_ref().unwrap().entity_id, "harbin-institute-of-technology");
        assert_eq!(finding.certainty(), proto::Certainty::Likely);
        assert!(matches!(finding.what, Some(proto::case_finding::What::Listed(_))));
        let subject = &result.subjects[usize::try_from(finding.subject).unwrap()];
        assert_eq!(subject.path, "hire.affiliations[0]");
        assert_eq!(
            (subject.role(), subject.period()),
            (proto::CaseRole::Affiliation, proto::Period::Current)
        );
        assert_eq!(subject.subject.as_ref().unwrap().countries, ["CN"]);
        assert!(result.gaps.iter().any(|g| g.kind() == proto::ListGapKind::Demonstration));
        assert!(result.stamp.unwrap().demo);
    }
    server.stop().await;
}

#[tokio::test]
async fn every_field_at_fault_is_named_at_once() {
    let server = TestServer::demo().await;
    let mut case = hire("Secret Name", "  ");
    let Some(proto::case::About::Hire(hire)) = &mut case.about else { panic!() };
    hire.appointment = 99;
    hire.affiliations[0].start = "Secret".into();
    hire.affiliations[0].country = "Secret".into();
    hire.affiliations[0].r#type = 99;
    hire.contacts.push(proto::CaseContact { birth_date: "1.1.1970".into(), ..Default::default() });
    let request = proto::ScreenCaseRequest { request_id: "x".repeat(200), ..ask(case) };
    let status = server.cases().screen_case(request).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["Secret"]);
    let mut named = fields(&status);
    named.sort();
    assert_eq!(
        named,
        [
            "case.hire.affiliations[0].country",
            "case.hire.affiliations[0].institution",
            "case.hire.affiliations[0].start",
            "case.hire.affiliations[0].type",
            "case.hire.appointment",
            "case.hire.contacts[0].birth_date",
            "case.hire.contacts[0].name",
            "request_id",
        ]
    );
    let status = server.cases().screen_case(ask(proto::Case::default())).await.unwrap_err();
    assert_eq!(fields(&status), ["case"]);
    let status = server.cases().screen_case(proto::ScreenCaseRequest::default()).await.unwrap_err();
    assert_eq!(fields(&status), ["case"]);
    server.stop().await;
}

#[tokio::test]
async fn policies_are_those_that_were_loaded() {
    let mut own = config();
    let text = "extends = \"generic\"\nid = \"own\"\n";
    let profile = Profile::parse("own.toml", text, None).unwrap_or_else(|e| panic!("{e}"));
    own.policies = Arc::new(vec![profile]);
    let server = TestServer::start(ScreenerHandle::of(demo()), own).await;
    let with = |policy: &str| proto::ScreenCaseRequest {
        policy: policy.into(),
        ..ask(hire("Annelies Voorbeeld", "Universiteit Hasselt"))
    };
    let result = server.cases().screen_case(with("own")).await.unwrap().into_inner().result.unwrap();
    assert_eq!(result.policy.unwrap().policy, "own");
    let status = server.cases().screen_case(with("maastricht")).await.unwrap_err();
    check_error(&status, Code::NotFound, "POLICY_NOT_FOUND", &["Annelies"]);
    server.stop().await;
}

#[tokio::test]
async fn without_lists_or_time_there_is_no_answer() {
    let server = TestServer::empty().await;
    let status = server.cases().screen_case(ask(hire("Annelies Voorbeeld", "Beihang"))).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "NO_SNAPSHOT", &["Annelies"]);
    server.stop().await;

    let server = TestServer::start(ScreenerHandle::of(demo()), Config { threads: 1, ..config() }).await;
    let mut request = Request::new(ask(hire("Annelies Voorbeeld", "Beihang")));
    request.set_timeout(Duration::from_nanos(1));
    let status = server.cases().screen_case(request).await.unwrap_err();
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status}");
    server.stop().await;
}
