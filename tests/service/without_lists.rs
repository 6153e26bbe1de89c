//! What the service says when nothing is loaded: never "nothing found".

use tonic::Code;
use zeef::service::proto;

use crate::support::{TestServer, check_error, fields, person};

#[tokio::test]
async fn every_question_about_the_lists_fails() {
    let server = TestServer::empty().await;
    let precondition = |status| check_error(&status, Code::FailedPrecondition, "NO_SNAPSHOT", &["Testname"]);
    let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
    precondition(server.screening().screen(request).await.unwrap_err());
    let items = tokio_stream::iter([proto::ScreenStreamRequest::default()]);
    precondition(server.screening().screen_stream(items).await.unwrap_err());
    let request = proto::GetEntityRequest { list: "eu".into(), entity_id: "1".into(), ..Default::default() };
    precondition(server.entities().get_entity(request).await.unwrap_err());
    precondition(
        server.entities().search_entities(proto::SearchEntitiesRequest::default()).await.unwrap_err(),
    );
    precondition(server.lists().list_lists(proto::ListListsRequest::default()).await.unwrap_err());
    server.stop().await;
}

#[tokio::test]
async fn faults_of_a_comparison_are_named_together() {
    let server = TestServer::empty().await;
    let mut candidate = person("Testname Example").unwrap();
    candidate.birth_date = "31.12.1970".into();
    let request = proto::CompareRequest {
        query: person(""),
        candidate: Some(candidate),
        threshold: Some(2.0),
        request_id: "x".repeat(129),
    };
    let status = server.screening().compare(request).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["Testname", "31.12"]);
    assert_eq!(fields(&status), ["request_id", "threshold", "query.name", "candidate.birth_date"]);
    server.stop().await;
}
