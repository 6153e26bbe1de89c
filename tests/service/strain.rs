//! Callers who do not go on: at the beginning, at their question, at their answer. None of them keeps others out.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic::transport::Endpoint;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, demo, person, within};

fn item(id: usize, name: &str) -> proto::ScreenStreamRequest {
    proto::ScreenStreamRequest { id: id.to_string(), subject: person(name), ..Default::default() }
}

async fn answers_others(server: &TestServer) {
    let channel = Endpoint::from_shared(server.address.clone()).unwrap().connect().await.unwrap();
    let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
    within(ScreeningServiceClient::new(channel).screen(request)).await.unwrap();
}

/// Waits until the other side closes.
async fn is_closed(mut stream: TcpStream) {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = within(stream.read_to_end(&mut bytes)).await;
}

#[tokio::test]
async fn connections_that_say_nothing_are_closed() {
    let config = Config { handshake_timeout: Duration::from_millis(100), ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let address = server.address.trim_start_matches("http://");
    for beginning in [&b""[..], b"P", b"PRI * HTTP/2.0\r\n", b"GET / HTTP/1.1\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(beginning).await.unwrap();
        is_closed(stream).await;
    }
    answers_others(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn silent_connections_give_their_places_back() {
    let config = Config { handshake_timeout: Duration::from_millis(100), max_connections: 4, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let address = server.address.trim_start_matches("http://");
    let mut held = Vec::new();
    for _ in 0..8 {
        held.push(TcpStream::connect(address).await.unwrap());
    }
    answers_others(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn one_address_has_so_many_connections() {
    // The test's own channel is one of them.
    let config = Config { max_connections_per_address: 2, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let address = server.address.trim_start_matches("http://");
    let second = TcpStream::connect(address).await.unwrap();
    is_closed(TcpStream::connect(address).await.unwrap()).await;
    drop(second);
    within(async {
        // The place is free as soon as the server has seen the end.
        while Endpoint::from_shared(server.address.clone()).unwrap().connect().await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn who_does_not_take_answers_is_cut_and_holds_up_nobody() {
    let config = Config { slow_reader: Duration::from_millis(300), max_streams: 1, ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let channel = Endpoint::from_shared(server.address.clone()).unwrap().connect().await.unwrap();
    let (send, items) = mpsc::channel(64);
    let stream =
        ScreeningServiceClient::new(channel).screen_stream(ReceiverStream::new(items)).await.unwrap();
    // It sends on and on, and never looks at an answer.
    let feed = tokio::spawn(async move {
        let mut id = 0;
        while send.send(item(id, "Vladimir Putin")).await.is_ok() {
            id += 1;
        }
    });
    within(feed).await.unwrap();
    drop(stream);
    // Its place is free again.
    let (send, items) = mpsc::channel(1);
    send.send(item(0, "Testname Example")).await.unwrap();
    drop(send);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    assert!(within(answers.message()).await.unwrap().is_some());
    server.stop().await;
}

#[tokio::test]
async fn who_reads_slowly_but_reads_is_not_cut() {
    let config = Config { slow_reader: Duration::from_millis(500), ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let (send, items) = mpsc::channel(64);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    for round in 0..4 {
        send.send(item(round, "Vladimir Putin")).await.unwrap();
        assert!(within(answers.message()).await.unwrap().is_some());
        // Waiting for its next question is no fault of a caller.
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    drop(send);
    assert!(within(answers.message()).await.unwrap().is_none());
    server.stop().await;
}

#[tokio::test]
async fn a_stream_without_items_ends() {
    let config = Config { idle_stream: Duration::from_millis(100), ..config() };
    let server = TestServer::start(ScreenerHandle::of(demo()), config).await;
    let (_send, items) = mpsc::channel(1);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    let status = within(answers.message()).await.unwrap_err();
    check_error(&status, Code::DeadlineExceeded, "DEADLINE_EXCEEDED", &[]);
    server.stop().await;
}
