//! `serve` on a data folder: it waits for lists, and takes up new ones by itself.

use std::io::BufRead;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tonic::Code;
use tonic::transport::Channel;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::model::{Entity, EntityKind, Name};
use zeef::service::proto::entity_service_client::EntityServiceClient;
use zeef::service::proto::list_service_client::ListServiceClient;
use zeef::service::{DataSource, ServeConfig, ServeEvent, proto, serve};
use zeef::sources::{Format, Header, Input, ReadError, Sink};

use crate::support::{check_error, within};

/// A list of made-up people, one name per line.
static ALPHA: Format =
    Format { name: "alpha", title: "List alpha of the tests", files: "lines", read: read_lines };

fn read_lines(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for input in inputs {
        for (i, line) in input.bytes.lines().enumerate() {
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            sink.entity(Entity {
                id: format!("A.{i}"),
                kind: EntityKind::Person,
                names: vec![Name::of(line)],
                ..Entity::default()
            })?;
        }
    }
    Ok(Header { as_of: "2026-01-02".into(), edition: String::new() })
}

fn import(home: &Path, names: &[&str]) {
    let file = home.join("alpha.txt");
    std::fs::write(&file, names.join("\n")).unwrap();
    let mut request = ImportRequest::new("2026-01-03T00:00:00Z".parse().unwrap());
    request.lists.push(ListInput { format: &ALPHA, files: vec![file] });
    Importer::new(home.join("data")).run(&request, &mut |_| {}).unwrap();
}

/// How many entities are served, once they are.
async fn served(channel: &Channel) -> Result<i64, tonic::Status> {
    let mut lists = ListServiceClient::new(channel.clone());
    let response = lists.list_lists(proto::ListListsRequest::default()).await?.into_inner();
    Ok(response.lists[0].counts.as_ref().unwrap().entities)
}

async fn wait_for(channel: &Channel, entities: i64) {
    within(async {
        while served(channel).await.ok() != Some(entities) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_served_when_it_has_lists_and_anew_when_they_change() {
    let home = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let told = Arc::new(Mutex::new(Vec::new()));
    let config = ServeConfig {
        poll_interval: Duration::from_millis(10),
        ..ServeConfig::of(DataSource::Folder(home.path().join("data")))
    };
    let server = tokio::spawn({
        let told = Arc::clone(&told);
        let shutdown = async {
            let _ = stopped.await;
        };
        serve(config, listener, shutdown, move |event| {
            told.lock().unwrap().push(match event {
                ServeEvent::Serving(snapshot) => format!("{} lists", snapshot.manifest().lists.len()),
                ServeEvent::Unusable(_) => "unusable".into(),
                _ => "something else".into(),
            });
        })
    });
    let channel = Channel::from_shared(address).unwrap().connect().await.unwrap();
    check_error(&served(&channel).await.unwrap_err(), Code::FailedPrecondition, "NO_SNAPSHOT", &[]);

    import(home.path(), &["Testname One", "Testname Two", "Testname Three"]);
    wait_for(&channel, 3).await;

    let mut entities = EntityServiceClient::new(channel.clone());
    let request = proto::SearchEntitiesRequest { page_size: 1, ..Default::default() };
    let first = entities.search_entities(request.clone()).await.unwrap().into_inner();

    import(home.path(), &["Testname One", "Testname Two", "Testname Three", "Testname Four"]);
    wait_for(&channel, 4).await;
    // A page token does not outlive its snapshot.
    let request = proto::SearchEntitiesRequest { page_token: first.next_page_token, ..request };
    let status = entities.search_entities(request).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "SNAPSHOT_CHANGED", &[]);

    // A folder that breaks goes on being served.
    let current = home.path().join("data/CURRENT");
    let whole = std::fs::read(&current).unwrap();
    std::fs::write(&current, "no such generation").unwrap();
    within(async {
        while told.lock().unwrap().last().map(String::as_str) != Some("unusable") {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    assert_eq!(served(&channel).await.unwrap(), 4);

    std::fs::write(&current, whole).unwrap();

    // With the last list removed nothing is served.
    let mut request = ImportRequest::new("2026-01-04T00:00:00Z".parse().unwrap());
    request.remove.push("alpha".into());
    match Importer::new(home.path().join("data")).run(&request, &mut |_| {}) {
        Ok(_) => {
            within(async {
                while served(&channel).await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
            })
            .await
        }
        // An import may also refuse to leave a folder without any list.
        Err(_) => assert_eq!(served(&channel).await.unwrap(), 4),
    }
    assert_eq!(told.lock().unwrap()[..3], ["unusable", "1 lists", "1 lists"]);
    stop.send(()).unwrap();
    within(server).await.unwrap().unwrap();
}
