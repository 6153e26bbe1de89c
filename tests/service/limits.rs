//! What is refused: too large, too much, too late.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tonic::{Code, Request};
use zeef::screening::{AnswerError, Screener, Subject, SubjectKind};
use zeef::service::{Config, ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, person};

fn compare() -> proto::CompareRequest {
    proto::CompareRequest {
        query: person("Testname Example"),
        candidate: person("Testname Exampel"),
        ..Default::default()
    }
}

#[tokio::test]
async fn oversized_messages_are_refused() {
    let config = Config { max_message_bytes: 10_000, ..config() };
    let server = TestServer::start(ScreenerHandle::empty(), config).await;
    let mut request = compare();
    request.query.as_mut().unwrap().aliases = vec!["x".repeat(1_000); 11];
    let status = server.screening().compare(request).await.unwrap_err();
    // tonic's own refusal, before anything of ours: hence no details.
    assert_eq!(status.code(), Code::OutOfRange, "{status}");
    server.stop().await;
}

#[tokio::test]
async fn a_full_queue_refuses_at_once_and_says_when_to_come_back() {
    let config = Config { max_queued: 0, ..config() };
    let server = TestServer::start(ScreenerHandle::empty(), config).await;
    let status = server.screening().compare(compare()).await.unwrap_err();
    check_error(&status, Code::ResourceExhausted, "OVERLOADED", &["Testname"]);
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_that_has_passed_is_told() {
    let server = TestServer::empty().await;
    let mut request = Request::new(compare());
    request.set_timeout(Duration::ZERO);
    let status = server.screening().compare(request).await.unwrap_err();
    // The client gives up by itself at the same moment; tonic's calls that CANCELLED.
    assert!(matches!(status.code(), Code::DeadlineExceeded | Code::Cancelled), "{status}");
    server.stop().await;
}

#[tokio::test]
async fn a_call_without_a_deadline_has_the_services_own() {
    let config = Config { longest_call: Duration::ZERO, ..config() };
    let server = TestServer::start(ScreenerHandle::empty(), config).await;
    let status = server.screening().compare(compare()).await.unwrap_err();
    check_error(&status, Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &["Testname"]);
    server.stop().await;
}

#[test]
fn a_comparison_ends_once_nobody_wants_it() {
    let subject = |name: &str| Subject {
        aliases: (0..30).map(|n| format!("{name} Number {n}")).collect(),
        ..Subject::named(name, SubjectKind::Any)
    };
    let (query, candidate) = (subject("Testname"), subject("Example"));
    let asked = AtomicUsize::new(0);
    let until = |most: usize| {
        asked.store(0, Ordering::Relaxed);
        let cancelled = || asked.fetch_add(1, Ordering::Relaxed) >= most;
        Screener::compare_until(&query, &candidate, None, &cancelled)
    };
    assert!(until(usize::MAX).is_ok());
    let in_all = asked.load(Ordering::Relaxed);
    assert!(in_all > 2 * 30 * 30, "asked for each pair of names as people and as organisations");
    for most in [0, 1, 45, 99, in_all / 2, in_all - 1] {
        assert!(matches!(until(most), Err(AnswerError::DeadlineExceeded)), "{most}");
        assert_eq!(asked.load(Ordering::Relaxed), most + 1, "nothing is done after that");
    }
}
