//! Health and reflection: what a platform looks at before it sends anything.

use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::{v1, v1alpha};

use crate::support::{TestServer, within};

const SERVICES: [&str; 5] = [
    "zeef.v1.ScreeningService",
    "zeef.v1.CaseService",
    "zeef.v1.EntityService",
    "zeef.v1.ListService",
    "zeef.v1.MonitorService",
];

#[tokio::test]
async fn nothing_serves_until_lists_are_loaded() {
    let server = TestServer::empty().await;
    let mut health = HealthClient::new(server.channel.clone());
    for service in std::iter::once("").chain(SERVICES) {
        let request = HealthCheckRequest { service: service.into() };
        let response = health.check(request).await.unwrap().into_inner();
        assert_eq!(response.status(), ServingStatus::NotServing, "{service:?}");
    }
    let unknown = HealthCheckRequest { service: "zeef.v1.Unknown".into() };
    assert_eq!(health.check(unknown).await.unwrap_err().code(), Code::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn reflection_tells_of_every_service_and_message() {
    let server = TestServer::empty().await;

    let mut client = v1::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
    let ask = |request| v1::ServerReflectionRequest { host: String::new(), message_request: Some(request) };
    let questions = tokio_stream::iter([
        ask(v1::server_reflection_request::MessageRequest::ListServices(String::new())),
        ask(v1::server_reflection_request::MessageRequest::FileContainingSymbol(
            "zeef.v1.ScreeningService".into(),
        )),
    ]);
    let mut answers = client.server_reflection_info(questions).await.unwrap().into_inner();
    let mut listed = Vec::new();
    let mut files = 0;
    while let Some(answer) = within(answers.message()).await.unwrap() {
        match answer.message_response.unwrap() {
            v1::server_reflection_response::MessageResponse::ListServicesResponse(services) => {
                listed.extend(services.service.into_iter().map(|s| s.name));
            }
            v1::server_reflection_response::MessageResponse::FileDescriptorResponse(found) => {
                files += found.file_descriptor_proto.len();
            }
            other => panic!("unexpected {other:?}"),
        }
    }
    assert!(files > 0);
    for service in SERVICES.iter().chain(&["grpc.health.v1.Health"]) {
        assert!(listed.iter().any(|l| l == service), "{service} is not listed: {listed:?}");
    }

    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(server.channel.clone());
    let questions = tokio_stream::iter([v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(
            v1alpha::server_reflection_request::MessageRequest::ListServices(String::new()),
        ),
    }]);
    let mut answers = client.server_reflection_info(questions).await.unwrap().into_inner();
    let answer = within(answers.message()).await.unwrap().unwrap();
    let Some(v1alpha::server_reflection_response::MessageResponse::ListServicesResponse(services)) =
        answer.message_response
    else {
        panic!("no list of services")
    };
    assert!(services.service.iter().any(|s| s.name == SERVICES[0]));
    server.stop().await;
}
