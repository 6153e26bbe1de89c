//! `ListService` and `EntityService` on the demonstration lists.

use std::collections::BTreeSet;

use tonic::Code;
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::screening::Screener;
use zeef::service::{ScreenerHandle, proto};

use crate::support::{TestServer, check_error, config, fields};

#[tokio::test]
async fn lists_tell_what_is_loaded_as_of_when() {
    let server = TestServer::demo().await;
    let request = proto::ListListsRequest { request_id: "l-1".into(), ..Default::default() };
    let response = server.lists().list_lists(request).await.unwrap().into_inner();
    assert_eq!(response.request_id, "l-1");
    let ids: Vec<&str> = response.lists.iter().map(|l| l.list.as_str()).collect();
    assert_eq!(ids, ["aspi", "eu"]);
    for list in &response.lists {
        let counts = list.counts.as_ref().unwrap();
        assert!(counts.entities > 0 && counts.names >= counts.entities);
        assert_eq!(counts.persons + counts.organisations, counts.entities);
        assert!(!list.title.is_empty() && !list.content_hash.is_empty() && list.import_time.is_some());
        assert!(list.issues.len() as i64 <= list.issue_count);
    }
    let stamp = response.stamp.unwrap();
    assert!(stamp.demo && stamp.threshold.is_none());
    assert_eq!(stamp.lists.len(), 2);

    let request = proto::ListListsRequest { issue_limit: Some(-1), ..Default::default() };
    let status = server.lists().list_lists(request).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &[]);
    let request = proto::ListListsRequest { issue_limit: Some(0), ..Default::default() };
    let response = server.lists().list_lists(request).await.unwrap().into_inner();
    assert!(response.lists.iter().all(|l| l.issues.is_empty()));
    server.stop().await;
}

fn get(list: &str, id: &str) -> proto::GetEntityRequest {
    proto::GetEntityRequest { list: list.into(), entity_id: id.into(), request_id: "e-1".into() }
}

#[tokio::test]
async fn an_entity_comes_with_everything_its_list_says() {
    let server = TestServer::demo().await;
    let mut entities = server.entities();
    let response =
        entities.get_entity(get("aspi", "harbin-institute-of-technology")).await.unwrap().into_inner();
    assert_eq!(response.request_id, "e-1");
    assert!(response.stamp.unwrap().demo);
    let entity = response.entity.unwrap();
    assert_eq!(entity.kind(), proto::EntityKind::Organisation);
    assert!(entity.display_name.contains("Harbin Institute of Technology"));
    assert!(entity.names.iter().any(|n| n.whole.contains("哈尔滨工业大学")));
    assert!(entity.relations.iter().any(|r| r.kind() == proto::RelationKind::Laboratory));
    assert!(entity.relations.iter().any(|r| r.kind() == proto::RelationKind::SupervisedBy));
    assert!(entity.links.iter().any(|l| l.contains("harbin-institute-of-technology")));

    let status = entities.get_entity(get("aspi", "no-such-place")).await.unwrap_err();
    check_error(&status, Code::NotFound, "ENTITY_NOT_FOUND", &[]);
    let status = entities.get_entity(get("mars", "x")).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "LIST_NOT_LOADED", &[]);
    let status = entities.get_entity(get("", "")).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &[]);
    assert_eq!(fields(&status), ["list", "entity_id"]);
    server.stop().await;
}

#[tokio::test]
async fn pages_of_a_search_give_everything_once() {
    let server = TestServer::demo().await;
    let mut entities = server.entities();
    let mut request = proto::SearchEntitiesRequest { page_size: 7, ..Default::default() };
    let mut seen = BTreeSet::new();
    let total = loop {
        let page = entities.search_entities(request.clone()).await.unwrap().into_inner();
        for entity in page.entities {
            assert!(!entity.display_name.is_empty() && entity.name_count > 0);
            assert!(seen.insert((entity.list, entity.entity_id)), "an entity came twice");
        }
        if page.next_page_token.is_empty() {
            break page.total_size;
        }
        request.page_token = page.next_page_token;
    };
    assert_eq!(seen.len() as i64, total);
    let lists = server.lists().list_lists(proto::ListListsRequest::default()).await.unwrap().into_inner();
    let counted: i64 = lists.lists.iter().map(|l| l.counts.as_ref().unwrap().entities).sum();
    assert_eq!(total, counted);
    server.stop().await;
}

#[tokio::test]
async fn filters_narrow_a_search() {
    let server = TestServer::demo().await;
    let mut entities = server.entities();
    let request = proto::SearchEntitiesRequest {
        query: "harbin".into(),
        lists: vec!["aspi".into()],
        kind: proto::EntityKind::Organisation.into(),
        countries: vec!["cn".into()],
        ..Default::default()
    };
    let page = entities.search_entities(request.clone()).await.unwrap().into_inner();
    assert!(page.entities.iter().any(|e| e.entity_id == "harbin-institute-of-technology"));
    assert!(page.entities.iter().all(|e| e.list == "aspi"));
    let people = proto::SearchEntitiesRequest { kind: proto::EntityKind::Person.into(), ..request.clone() };
    let page = entities.search_entities(people).await.unwrap().into_inner();
    assert!(page.entities.is_empty() && page.total_size == 0);
    let programme = proto::SearchEntitiesRequest {
        programmes: vec!["UKR".into()],
        lists: vec!["eu".into()],
        page_size: 1000,
        ..Default::default()
    };
    let page = entities.search_entities(programme).await.unwrap().into_inner();
    assert!(!page.entities.is_empty());
    assert!(page.entities.iter().all(|e| e.programmes.iter().any(|p| p == "UKR")));
    server.stop().await;
}

#[tokio::test]
async fn a_page_token_holds_for_its_own_search_alone() {
    let server = TestServer::demo().await;
    let mut entities = server.entities();
    let first = proto::SearchEntitiesRequest { page_size: 1, ..Default::default() };
    let token = entities.search_entities(first).await.unwrap().into_inner().next_page_token;
    for (query, page_token) in [("university", token.as_str()), ("", "x"), ("", &token[1..])] {
        let request = proto::SearchEntitiesRequest {
            query: query.into(),
            page_token: page_token.into(),
            ..Default::default()
        };
        let status = entities.search_entities(request).await.unwrap_err();
        check_error(&status, Code::InvalidArgument, "PAGE_TOKEN_INVALID", &[]);
    }
    let request = proto::SearchEntitiesRequest {
        query: "x".repeat(5_000),
        page_size: -1,
        kind: 9,
        ..Default::default()
    };
    let status = entities.search_entities(request).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["xxxx"]);
    assert_eq!(fields(&status), ["kind", "page_size"]);
    server.stop().await;
}

#[tokio::test]
async fn a_register_is_told_apart_from_the_lists() {
    let home = tempfile::tempdir().unwrap();
    let fixture = |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let mut request = ImportRequest::new("2025-04-07T08:00:00Z".parse().unwrap());
    let format = zeef::sources::format_named("aspi").unwrap();
    request.lists.push(ListInput { format, files: vec![fixture("aspi-demo.json")] });
    request.boards.push(fixture("boards-demo.csv"));
    Importer::new(home.path()).run(&request, &mut |_| {}).unwrap();
    let snapshot = std::sync::Arc::new(Snapshot::open(home.path()).unwrap());
    let screener = Screener::new(snapshot, vec![("boards".into(), 0)]);
    let server = TestServer::start(ScreenerHandle::of(screener), config()).await;

    let response = server.lists().list_lists(proto::ListListsRequest::default()).await.unwrap().into_inner();
    assert_eq!(response.lists.len(), 1);
    let [register] = &response.registers[..] else { panic!("{:?}", response.registers) };
    assert_eq!((register.register.as_str(), register.as_of.as_str()), ("boards", "2025-03-15"));
    assert_eq!((register.organisations, register.seats, register.issue_count), (4, 7, 2));
    assert!(register.stale && register.age_days > 0 && register.import_time.is_some());
    assert_eq!(register.issues[0].place, "line 8");
    server.stop().await;
}
