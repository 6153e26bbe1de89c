//! `MonitorService` through a real socket, on a data folder whose list changes.

use std::path::Path;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::Code;
use tonic::transport::Channel;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::index::roll_back;
use zeef::model::{Entity, EntityKind, Name};
use zeef::review::monitor::{Monitor, MonitorOptions};
use zeef::review::store::{Store, StoreUrl};
use zeef::service::proto::list_service_client::ListServiceClient;
use zeef::service::proto::monitor_service_client::MonitorServiceClient;
use zeef::service::{DataSource, ServeConfig, Watching, proto, serve};
use zeef::sources::{Format, Header, Input, ReadError, Sink};

use crate::support::{TestServer, check_error, fields, person, within};

/// A list of made-up people, one name per line.
static ALPHA: Format =
    Format { name: "alpha", title: "List alpha of the tests", files: "lines", read: read_lines };

fn read_lines(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for input in inputs {
        for line in std::io::BufRead::lines(input.bytes) {
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            sink.entity(Entity {
                id: line.replace(' ', "-"),
                kind: EntityKind::Person,
                names: vec![Name::of(line)],
                ..Entity::default()
            })?;
        }
    }
    Ok(Header::default())
}

fn import(home: &Path, names: &[&str]) {
    let file = home.join("alpha.txt");
    std::fs::write(&file, names.join("\n")).unwrap();
    let mut request = ImportRequest::new("2026-01-03T00:00:00Z".parse().unwrap());
    request.lists.push(ListInput { format: &ALPHA, files: vec![file] });
    request.allow_shrink = true;
    Importer::new(home.join("data")).run(&request, &mut |_| {}).unwrap();
}

/// A server on `home`'s data folder that watches.
struct Served {
    channel: Channel,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<Result<(), zeef::service::ServiceError>>,
}

impl Served {
    async fn start(home: &Path) -> Self {
        let data = home.join("data");
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let store = Store::open(&StoreUrl::in_folder(&data)).await.unwrap();
        let monitor = Monitor::new(store, MonitorOptions { threads: 1, page: 10 }).unwrap();
        let mut config = ServeConfig {
            poll_interval: Duration::from_millis(10),
            ..ServeConfig::of(DataSource::Folder(data))
        };
        config.server.watching = Some(Watching::new(monitor));
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let task = tokio::spawn(serve(config, listener, shutdown, |_| {}));
        let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
        Self { channel, stop, task }
    }

    fn monitor(&self) -> MonitorServiceClient<Channel> {
        MonitorServiceClient::new(self.channel.clone())
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        within(self.task).await.unwrap().unwrap();
    }
}

type Alerts = tonic::Streaming<proto::WatchAlertsResponse>;

async fn follow(served: &Served, cursor: &str) -> Alerts {
    let request = proto::WatchAlertsRequest { cursor: cursor.into() };
    served.monitor().watch_alerts(request).await.unwrap().into_inner()
}

/// The next alert, past any word of being caught up; with the cursor after it.
async fn next(alerts: &mut Alerts) -> (proto::Alert, String) {
    loop {
        let response = within(alerts.message()).await.unwrap().expect("the stream goes on");
        if let Some(alert) = response.alert {
            return (alert, response.cursor);
        }
    }
}

fn watch(name: &str, reference: &str) -> proto::WatchRequest {
    proto::WatchRequest {
        subject: person(name),
        purpose: "tests".into(),
        reference: reference.into(),
        request_id: "r".into(),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_list_reaches_whoever_watches() {
    let home = tempfile::tempdir().unwrap();
    import(home.path(), &["Testname Once", "Probeus Zweimalig"]);
    let served = Served::start(home.path()).await;
    let mut client = served.monitor();
    let mut alerts = follow(&served, "").await;
    let caught_up = within(alerts.message()).await.unwrap().unwrap();
    assert!(caught_up.caught_up && caught_up.alert.is_none());

    // Who is listed already is told at once, as a first look.
    let standing = client.watch(watch("Probeus Zweimalig", "p-2")).await.unwrap().into_inner();
    assert!(!standing.renewed && standing.request_id == "r");
    let (alert, _) = next(&mut alerts).await;
    assert_eq!((alert.kind(), alert.first), (proto::AlertKind::New, true));
    assert_eq!((alert.reference.as_str(), alert.entity_id.as_str()), ("p-2", "Probeus-Zweimalig"));
    let later = client.watch(watch("Musterina Dreifach", "p-3")).await.unwrap().into_inner();
    assert!(client.watch(watch("Musterina Dreifach", "p-3")).await.unwrap().into_inner().renewed);
    // Only what comes after the first look is news.
    within(async {
        let request = proto::ListWatchedRequest { reference: "p-3".into(), ..Default::default() };
        while client.list_watched(request.clone()).await.unwrap().into_inner().watched[0].snapshot.is_empty()
        {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;

    // A new entry.
    import(home.path(), &["Testname Once", "Probeus Zweimalig", "Musterina Dreifach"]);
    let (alert, cursor) = next(&mut alerts).await;
    assert_eq!((alert.kind(), alert.first, alert.reference.as_str()), (proto::AlertKind::New, false, "p-3"));
    let hit = alert.after.unwrap();
    assert_eq!((hit.name.as_str(), hit.query_name.as_str()), ("Musterina Dreifach", "Musterina Dreifach"));
    assert!(hit.explanation.unwrap().bits > 14.0 && alert.before.is_none());

    // What changed in the list is told too.
    let mut lists = ListServiceClient::new(served.channel.clone());
    let kept = lists.list_snapshots(proto::ListSnapshotsRequest::default()).await.unwrap().into_inner();
    assert_eq!(kept.snapshots.iter().map(|s| s.current).collect::<Vec<_>>(), [false, true]);
    let request = proto::DiffSnapshotsRequest { page_size: 1, ..Default::default() };
    let diff = lists.diff_snapshots(request.clone()).await.unwrap().into_inner();
    assert_eq!(diff.changes.len(), 1);
    assert_eq!(diff.changes[0].kind(), proto::EntityChangeKind::Added);
    assert_eq!(diff.changes[0].entity_id, "Musterina-Dreifach");
    assert_eq!((diff.next_page_token.as_str(), &diff.to), ("", &kept.snapshots.last().cloned()));
    let unknown = proto::DiffSnapshotsRequest { from: "no-such-1".into(), ..Default::default() };
    let status = lists.diff_snapshots(unknown).await.unwrap_err();
    check_error(&status, Code::NotFound, "SNAPSHOT_NOT_KEPT", &[]);
    let wrong = proto::DiffSnapshotsRequest { page_token: "00".into(), ..request };
    let status = lists.diff_snapshots(wrong).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "PAGE_TOKEN_INVALID", &[]);

    // Somebody goes back to the older edition; the service is away meanwhile, and nothing is lost.
    let data = home.path().join("data");
    served.stop().await;
    assert!(within(alerts.message()).await.is_ok_and(|end| end.is_none()));
    let served = Served::start(home.path()).await;
    let mut alerts = follow(&served, &cursor).await;
    assert!(within(alerts.message()).await.unwrap().unwrap().caught_up);
    roll_back(&data, None).unwrap();
    let (alert, _) = next(&mut alerts).await;
    assert_eq!((alert.kind(), alert.delisted), (proto::AlertKind::Vanished, true));
    assert_eq!(alert.watch_id, later.watch_id);

    // Who is watched can be looked up, and let go.
    let mut client = served.monitor();
    let first = proto::ListWatchedRequest { page_size: 1, ..Default::default() };
    let page = client.list_watched(first.clone()).await.unwrap().into_inner();
    assert_eq!(page.watched[0].reference, "p-2");
    assert_eq!(page.watched[0].added_by, "anonymous");
    let second = proto::ListWatchedRequest { page_token: page.next_page_token, ..first };
    let page = client.list_watched(second).await.unwrap().into_inner();
    assert_eq!((page.watched[0].reference.as_str(), page.next_page_token.as_str()), ("p-3", ""));
    assert_eq!(page.watched[0].subject.as_ref().unwrap().name, "Musterina Dreifach");
    let ids = vec![later.watch_id, "no-such".into()];
    let request = proto::UnwatchRequest { watch_ids: ids, request_id: String::new() };
    assert_eq!(client.unwatch(request).await.unwrap().into_inner().ended, 1);
    served.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_watched_is_refused_without_being_quoted() {
    let home = tempfile::tempdir().unwrap();
    import(home.path(), &["Testname Once"]);
    let served = Served::start(home.path()).await;
    let mut client = served.monitor();
    let end = |seconds| Some(prost_types::Timestamp { seconds, nanos: 0 });
    for (request, field) in [
        (proto::WatchRequest { purpose: String::new(), ..watch("Secretus Nomen", "") }, "purpose"),
        (proto::WatchRequest { subject: None, ..watch("Secretus Nomen", "") }, "subject"),
        (proto::WatchRequest { end_time: end(1), ..watch("Secretus Nomen", "") }, "end_time"),
        (proto::WatchRequest { end_time: end(i64::MAX), ..watch("Secretus Nomen", "") }, "end_time"),
        (watch("Secretus Nomen", &"x".repeat(300)), "reference"),
    ] {
        let status = client.watch(request).await.unwrap_err();
        check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["Secretus"]);
        assert_eq!(fields(&status), [field]);
    }
    client.watch(watch("Secretus Nomen", "same")).await.unwrap();
    let status = client.watch(watch("Secretus Alter", "same")).await.unwrap_err();
    check_error(&status, Code::AlreadyExists, "REFERENCE_TAKEN", &["Secretus"]);
    let status = client.watch_alerts(proto::WatchAlertsRequest { cursor: "x".into() }).await.unwrap_err();
    check_error(&status, Code::InvalidArgument, "PAGE_TOKEN_INVALID", &[]);
    served.stop().await;

    let without = TestServer::demo().await;
    let mut client = MonitorServiceClient::new(without.channel.clone());
    let status = client.watch(watch("Secretus Nomen", "")).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "MONITORING_OFF", &["Secretus"]);
    without.stop().await;
}
