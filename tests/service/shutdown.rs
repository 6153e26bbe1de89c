//! Health while lists come and go, and the end of a server.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use zeef::service::{Config, ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, demo, person, within};

#[tokio::test]
async fn health_follows_the_lists_and_the_shutdown() {
    // The notice leaves time to see NOT_SERVING before the connection ends.
    let config = Config { drain_notice: Duration::from_millis(200), ..config() };
    let mut server = TestServer::start(ScreenerHandle::empty(), config).await;
    let mut health = HealthClient::new(server.channel.clone());
    let request = HealthCheckRequest { service: "zeef.v1.ScreeningService".into() };
    let mut watch = health.watch(request).await.unwrap().into_inner();
    let mut next = async || within(watch.message()).await.unwrap().unwrap().status();

    assert_eq!(next().await, ServingStatus::NotServing);
    server.handle.publish(demo());
    assert_eq!(next().await, ServingStatus::Serving);
    server.handle.withdraw();
    assert_eq!(next().await, ServingStatus::NotServing);
    server.handle.publish(demo());
    assert_eq!(next().await, ServingStatus::Serving);
    server.begin_stop();
    assert_eq!(next().await, ServingStatus::NotServing);
    // Being watched does not keep a server from its end.
    while let Ok(Some(last)) = within(watch.message()).await {
        assert_eq!(last.status(), ServingStatus::NotServing);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_call_without_end_is_cut_at_the_drain_limit() {
    let config = Config { drain_limit: Duration::from_millis(200), ..config() };
    let mut server = TestServer::start(ScreenerHandle::empty(), config).await;
    // Reflection answers as long as its caller asks, and this one never stops.
    let (questions, asked) = mpsc::channel::<ServerReflectionRequest>(1);
    let mut client = ServerReflectionClient::new(server.channel.clone());
    let mut answers = client.server_reflection_info(ReceiverStream::new(asked)).await.unwrap().into_inner();
    server.begin_stop();
    assert!(within(answers.message()).await.is_err(), "the call ended as if all were well");
    server.stop().await;
    drop(questions);
}

#[tokio::test]
async fn a_shutdown_answers_what_was_read_and_ends_streams() {
    let mut server = TestServer::demo().await;
    let (send, items) = mpsc::channel(1);
    let mut answers =
        server.screening().screen_stream(ReceiverStream::new(items)).await.unwrap().into_inner();
    let item = |i: usize| proto::ScreenStreamRequest {
        id: i.to_string(),
        subject: person("Testname Example"),
        options: None,
        occasion: None,
    };
    // Answers to these wait, unread, when the shutdown begins.
    for i in 0..3 {
        send.send(item(i)).await.unwrap();
    }
    assert_eq!(within(answers.message()).await.unwrap().unwrap().id, "0");
    server.begin_stop();
    let mut answered = 1;
    let status = loop {
        match within(answers.message()).await {
            Ok(Some(answer)) => {
                assert_eq!(answer.id, answered.to_string());
                answered += 1;
            }
            Ok(None) => panic!("the stream ended as if all items had been answered"),
            Err(status) => break status,
        }
    };
    check_error(&status, Code::Unavailable, "DRAINING", &["Testname"]);
    let address = server.address.clone();
    server.stop().await;
    assert!(tonic::transport::Endpoint::from_shared(address).unwrap().connect().await.is_err());
}
