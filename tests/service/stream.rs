//! `ScreenStream`: order, ids, errors per item, back-pressure, and how a stream ends.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Endpoint;
use tonic::{Code, Request};
use zeef::service::proto::screen_stream_response::Result as ItemResult;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, demo, person, within};

/// An item; every seventh is at fault, every hundredth is listed.
fn item(i: usize) -> proto::ScreenStreamRequest {
    let name = match i {
        i if i % 7 == 0 => String::new(),
        i if i % 100 == 1 => "Vladimir Putin".into(),
        i => format!("Testname Example {i}"),
    };
    proto::ScreenStreamRequest { id: format!("item {i}"), subject: person(&name), ..Default::default() }
}

#[tokio::test]
async fn ten_thousand_items_are_answered_in_order_under_their_own_ids() {
    const ITEMS: usize = 10_000;
    let server = TestServer::demo().await;
    let items = tokio_stream::iter((0..ITEMS).map(item));
    let mut answers = server.screening().screen_stream(items).await.unwrap().into_inner();
    let mut snapshots = std::collections::BTreeSet::new();
    for i in 0..ITEMS {
        let answer = within(answers.message()).await.unwrap().expect("an answer for every item");
        assert_eq!(answer.id, format!("item {i}"));
        match answer.result.unwrap() {
            ItemResult::Error(error) => {
                assert_eq!(i % 7, 0, "{}", error.message);
                assert_eq!(error.code, Code::InvalidArgument as i32);
                assert_eq!(error.reason, "INVALID_REQUEST");
                assert_eq!(error.field_violations[0].field, "subject.name");
            }
            ItemResult::Answer(answer) => {
                assert_ne!(i % 7, 0);
                assert_eq!(!answer.hits.is_empty(), i % 100 == 1, "item {i}");
                snapshots.insert(answer.stamp.unwrap().snapshot);
            }
        }
    }
    assert!(within(answers.message()).await.unwrap().is_none());
    assert_eq!(snapshots.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn an_item_that_takes_too_long_is_answered_so_and_the_stream_goes_on() {
    let server =
        TestServer::start(ScreenerHandle::of(demo()), Config { longest_call: Duration::ZERO, ..config() })
            .await;
    let items = tokio_stream::iter((1..4).map(item));
    let mut answers = server.screening().screen_stream(items).await.unwrap().into_inner();
    for i in 1..4 {
        let answer = within(answers.message()).await.unwrap().expect("an answer for every item");
        assert_eq!(answer.id, format!("item {i}"));
        let ItemResult::Error(error) = answer.result.unwrap() else { panic!("screened in no time") };
        assert_eq!(error.reason, "DEADLINE_EXCEEDED");
    }
    assert!(within(answers.message()).await.unwrap().is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_stream_of_nothing_ends_well() {
    let server = TestServer::demo().await;
    let nothing = tokio_stream::iter(Vec::<proto::ScreenStreamRequest>::new());
    let mut answers = server.screening().screen_stream(nothing).await.unwrap().into_inner();
    assert!(within(answers.message()).await.unwrap().is_none());
    server.stop().await;
}

#[tokio::test]
async fn an_item_alone_is_answered_before_the_next_is_sent() {
    let server = TestServer::demo().await;
    let (send, items) = mpsc::channel(1);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    for i in 0..20 {
        send.send(item(i)).await.unwrap();
        let answer = within(answers.message()).await.unwrap().unwrap();
        assert_eq!(answer.id, format!("item {i}"));
    }
    drop(send);
    assert!(within(answers.message()).await.unwrap().is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_caller_that_takes_no_answers_is_held_back() {
    let drain_limit = Duration::from_millis(200);
    let config = Config { batch_size: 4, batches_in_flight: 2, drain_limit, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    // A small window of answers, which then fills soon.
    let endpoint = Endpoint::from_shared(server.address.clone()).unwrap().initial_stream_window_size(1 << 14);
    let mut client = ScreeningServiceClient::new(endpoint.connect().await.unwrap());
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let endless = std::iter::from_fn(move || Some(item(counter.fetch_add(1, Ordering::Relaxed))));
    let answers = client.screen_stream(tokio_stream::iter(endless)).await.unwrap();
    // Sending stops by itself. Only how much was sent matters, not how fast.
    let mut before = usize::MAX;
    within(async {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let now = sent.load(Ordering::Relaxed);
            if now == before {
                break;
            }
            before = now;
        }
    })
    .await;
    assert!(before < 200_000, "{before} items were taken from a caller that reads nothing");
    // Others are served meanwhile, on the same connection too.
    for mut other in [client.clone(), server.screening()] {
        let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
        within(other.screen(request)).await.unwrap();
    }
    drop((answers, client));
    server.stop().await;
}

#[tokio::test]
async fn a_caller_that_leaves_frees_its_place() {
    let config = Config { max_streams: 1, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let (send, items) = mpsc::channel(1);
    let mut first = server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    send.send(item(1)).await.unwrap();
    within(first.message()).await.unwrap().unwrap();

    let refused = server.screening().screen_stream(tokio_stream::iter([item(1)])).await.unwrap_err();
    check_error(&refused, Code::ResourceExhausted, "TOO_MANY_STREAMS", &[]);

    // A client of hyper's tells that it has gone only when it holds neither half.
    drop((first, send));
    within(async {
        while server.screening().screen_stream(tokio_stream::iter([item(1)])).await.is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_stream_stays_on_the_snapshot_it_began_with() {
    let server = TestServer::demo().await;
    let (send, items) = mpsc::channel(1);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    send.send(item(1)).await.unwrap();
    within(answers.message()).await.unwrap().unwrap();
    server.handle.withdraw();
    send.send(item(2)).await.unwrap();
    let answer = within(answers.message()).await.unwrap().unwrap();
    assert!(matches!(answer.result, Some(ItemResult::Answer(_))));
    let refused = server.screening().screen_stream(tokio_stream::iter([item(1)])).await.unwrap_err();
    check_error(&refused, Code::FailedPrecondition, "NO_SNAPSHOT", &[]);
    drop(send);
    assert!(within(answers.message()).await.unwrap().is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_deadline_ends_a_stream_that_goes_on() {
    let server = TestServer::demo().await;
    let (send, items) = mpsc::channel(1);
    let mut request = Request::new(ReceiverStream::new(items));
    request.set_timeout(Duration::from_millis(300));
    let mut answers = server.screening().screen_stream(request).await.unwrap().into_inner();
    send.send(item(1)).await.unwrap();
    let status = loop {
        match within(answers.message()).await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended as if all were well"),
            Err(status) => break status,
        }
    };
    check_error(&status, Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &[]);
    server.stop().await;
}
