//! Lists that are older than the operator allows.

use std::sync::Arc;
use std::time::Duration;

use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use zeef::index::Snapshot;
use zeef::screening::Screener;
use zeef::service::{Config, FRESH_LISTS, ScreenerHandle, proto};

use crate::http;
use crate::support::{TestServer, check_error, config, demo, person, within};

/// Health of one service.
async fn health(server: &TestServer, service: &str) -> ServingStatus {
    let request = HealthCheckRequest { service: service.into() };
    HealthClient::new(server.channel.clone()).check(request).await.unwrap().into_inner().status()
}

#[tokio::test]
async fn lists_that_are_too_old_are_told_by_health_and_refused_where_the_operator_wants_it() {
    use ServingStatus::{NotServing, Serving};
    const SCREENS: &str = "zeef.v1.ScreeningService";

    // Of the demonstration lists `eu` is too old here.
    for (refuse_stale, screens) in [(false, Serving), (true, NotServing)] {
        let server = TestServer::start(ScreenerHandle::of(demo()), Config { refuse_stale, ..config() }).await;
        within(async {
            while health(&server, "zeef.v1.ListService").await != Serving {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        assert_eq!(health(&server, "").await, screens);
        assert_eq!(health(&server, SCREENS).await, screens);
        assert_eq!(health(&server, FRESH_LISTS).await, NotServing);
        let request = proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() };
        let answer = server.screening().screen(request.clone()).await;
        let json = ("Content-Type", "application/json");
        let over_http =
            http::request(&server.address, "POST", "/v1/screen", &[json], "{\"name\": \"Testname\"}").await;
        if refuse_stale {
            let status = answer.unwrap_err();
            check_error(&status, Code::FailedPrecondition, "STALE_LISTS", &["Testname"]);
            assert!(status.message().contains("eu"), "{status}");
            assert!(over_http.status == 503 && over_http.body.contains("STALE_LISTS"), "{}", over_http.body);
        } else {
            let stamp = answer.unwrap().into_inner().answer.unwrap().stamp.unwrap();
            assert!(stamp.lists.iter().any(|list| list.list == "eu" && list.stale), "answers say it");
            assert_eq!(over_http.status, 200);
        }
        // Looking up is no screening.
        assert!(server.lists().list_lists(proto::ListListsRequest::default()).await.is_ok());
        // A new edition is taken up at once.
        server.handle.publish(Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));
        within(async {
            while health(&server, FRESH_LISTS).await != Serving {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        assert_eq!(health(&server, SCREENS).await, Serving);
        assert!(server.screening().screen(request).await.is_ok());
        server.stop().await;
    }
}
