//! What is answered is recorded; hits are decided on; nothing goes unrecorded in silence.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use sqlx::Row as _;
use tempfile::TempDir;
use tokio_stream::StreamExt as _;
use tonic::Code;
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::model::{Entity, EntityKind, Name};
use zeef::review::audit::verify;
use zeef::review::store::{Store, StoreOptions, StoreUrl};
use zeef::review::{OnFailure, Records};
use zeef::screening::Screener;
use zeef::service::proto::review_service_client::ReviewServiceClient;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, proto};
use zeef::sources::{Format, Header, Input, ReadError, Sink};

use crate::support::{TestServer, check_error, config, fields, person, within};

/// A list of made-up people: one a line, their names parted by `|`.
static BETA: Format =
    Format { name: "beta", title: "List beta of the tests", files: "lines", read: read_lines };

fn read_lines(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for input in inputs {
        for (i, line) in input.bytes.lines().enumerate() {
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            sink.entity(Entity {
                id: format!("B.{i}"),
                kind: EntityKind::Person,
                names: line.split('|').map(Name::of).collect(),
                ..Entity::default()
            })?;
        }
    }
    Ok(Header { as_of: "2026-01-02".into(), edition: String::new() })
}

/// Screens on a list of these people.
fn screener(home: &Path, people: &str) -> Screener {
    let file = home.join("beta.txt");
    std::fs::write(&file, people).unwrap();
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    request.lists.push(ListInput { format: &BETA, files: vec![file] });
    Importer::new(home.join("data")).run(&request, &mut |_| {}).unwrap();
    Screener::new(Arc::new(Snapshot::open(&home.join("data")).unwrap()), Vec::new())
}

/// Waits little for locks.
const SHORT: StoreOptions = StoreOptions { patience: Duration::from_millis(200), connections: 4 };

/// A server that records into a store in `home`.
async fn recording(home: &TempDir, people: &str, on_failure: OnFailure) -> (TestServer, Records) {
    let store = Store::open_with(&StoreUrl::in_folder(home.path()), SHORT).await.unwrap();
    let records = Records::of(store, on_failure).unwrap();
    let handle = ScreenerHandle::of(screener(home.path(), people));
    let config = Config { records: Some(records.clone()), ..config() };
    (TestServer::start(handle, config).await, records)
}

fn asked(name: &str, reference: &str) -> proto::ScreenRequest {
    let mut subject = person(name);
    if let Some(subject) = &mut subject {
        subject.reference = reference.into();
    }
    let occasion =
        proto::Occasion { purpose: "hire".into(), case_reference: "C 1".into(), run: String::new() };
    proto::ScreenRequest { subject, occasion: Some(occasion), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_is_cleared_and_comes_back_when_the_list_changes() {
    let home = TempDir::new().unwrap();
    let (server, records) = recording(&home, "Ximenia Tarqwist", OnFailure::Refuse).await;
    let mut reviews = ReviewServiceClient::new(server.channel.clone());

    let screen = async || server.screening().screen(asked("Ximenia Tarqwist", "staff-7")).await.unwrap();
    let answer = screen().await.into_inner().answer.unwrap();
    assert_eq!(answer.record, 1);
    let standing = answer.hits[0].standing.clone().unwrap();
    assert_eq!(standing.state(), proto::MatchState::Open);

    let listed = reviews.list_matches(proto::ListMatchesRequest::default()).await.unwrap().into_inner();
    assert_eq!((listed.total_size, listed.matches[0].id.as_str()), (1, standing.match_id.as_str()));
    let mut decide = proto::DecideMatchRequest {
        id: standing.match_id.clone(),
        etag: listed.matches[0].etag.clone(),
        state: proto::MatchState::Cleared.into(),
        reason: "another person, by the passport shown".into(),
        ..Default::default()
    };
    // Nobody decides without saying who they are.
    let refused = reviews.decide_match(decide.clone()).await.unwrap_err();
    check_error(&refused, Code::InvalidArgument, "INVALID_REQUEST", &["passport"]);
    decide.author = "anna".into();
    let cleared = reviews.decide_match(decide.clone()).await.unwrap().into_inner().r#match.unwrap();
    assert_eq!(cleared.decision.unwrap().author, "anna");
    let late = reviews.decide_match(decide.clone()).await.unwrap_err();
    check_error(&late, Code::Aborted, "CHANGED_MEANWHILE", &["passport"]);

    // Shown, with why; not raised again.
    let again = screen().await.into_inner().answer.unwrap();
    let standing = again.hits[0].standing.clone().unwrap();
    assert_eq!((standing.state(), standing.decided_by.as_str()), (proto::MatchState::Cleared, "anna"));
    assert!(standing.reason.contains("passport") && standing.decide_time.is_some());
    // Another subject of the same name is another pair.
    let other = server.screening().screen(asked("Ximenia Tarqwist", "staff-8")).await.unwrap();
    let other = other.into_inner().answer.unwrap().hits[0].standing.clone().unwrap();
    assert_eq!(other.state(), proto::MatchState::Open);

    // The list learns of another name: the pair comes back and says so.
    server.handle.publish(screener(home.path(), "Ximenia Tarqwist|Quorra Vandervell"));
    let back = screen().await.into_inner().answer.unwrap().hits[0].standing.clone().unwrap();
    assert_eq!((back.state(), back.match_id.as_str()), (proto::MatchState::Open, cleared.id.as_str()));
    let change = &back.difference[0];
    assert_eq!((change.side(), change.field()), (proto::Side::Entity, proto::FormField::Names));
    assert_eq!(change.added, ["Quorra Vandervell"]);

    let found = reviews.get_match(proto::GetMatchRequest { id: cleared.id }).await.unwrap().into_inner();
    let actions: Vec<_> = found.r#match.unwrap().history.iter().map(|e| e.action()).collect();
    use proto::MatchAction::{Decided, Raised, Returned};
    assert_eq!(actions, [Raised, Decided, Returned]);
    assert!(verify(&records.store, None).await.unwrap().is_ok());
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_recorded_item_by_item_or_as_a_run() {
    let home = TempDir::new().unwrap();
    let (server, records) = recording(&home, "Ximenia Tarqwist", OnFailure::Refuse).await;
    for (run, most) in [("", 300), ("nightly-1", 299)] {
        let items = (0..300).map(move |n| proto::ScreenStreamRequest {
            id: n.to_string(),
            subject: person(if n % 100 == 0 { "Ximenia Tarqwist" } else { "Made Up Name" }),
            occasion: Some(proto::Occasion { run: run.into(), ..Default::default() }),
            ..Default::default()
        });
        let mut answers =
            server.screening().screen_stream(tokio_stream::iter(items)).await.unwrap().into_inner();
        let (mut numbers, mut hits) = (Vec::new(), 0);
        while let Some(answer) = within(answers.next()).await {
            let Some(proto::screen_stream_response::Result::Answer(answer)) = answer.unwrap().result else {
                panic!("an item was not answered");
            };
            assert!(answer.record > 0);
            numbers.push(answer.record);
            hits += answer.hits.len();
            assert!(answer.hits.iter().all(|h| h.standing.is_some()));
        }
        assert_eq!((numbers.len(), hits), (300, 3));
        numbers.sort_unstable();
        numbers.dedup();
        assert!(numbers.len() <= most && !numbers.is_empty(), "{} records", numbers.len());
    }
    let verified = verify(&records.store, None).await.unwrap().unwrap();
    assert_eq!(verified.parts, 600);
    // Items of the run are one record per batch, the others one each.
    assert!((301..600).contains(&verified.records), "{verified:?}");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_recorded_is_refused_or_said_to_be_unrecorded() {
    for (on_failure, refused) in [(OnFailure::Refuse, true), (OnFailure::Serve, false)] {
        let home = TempDir::new().unwrap();
        let (server, records) = recording(&home, "Ximenia Tarqwist", on_failure).await;
        let other = Store::open_with(records.store.url(), SHORT).await.unwrap();
        let lock = other.begin().await.unwrap();
        let answer = within(server.screening().screen(asked("Ximenia Tarqwist", ""))).await;
        let item = proto::ScreenStreamRequest { subject: person("Made Up"), ..Default::default() };
        let mut stream =
            server.screening().screen_stream(tokio_stream::iter([item])).await.unwrap().into_inner();
        let streamed = within(stream.next()).await.unwrap().unwrap().result.unwrap();
        drop(lock);
        if refused {
            let status = answer.unwrap_err();
            check_error(&status, Code::Unavailable, "STORE_UNAVAILABLE", &["Tarqwist", "sqlite"]);
            let proto::screen_stream_response::Result::Error(error) = streamed else {
                panic!("an item was answered without a record");
            };
            assert_eq!((error.code, error.reason.as_str()), (Code::Unavailable as i32, "STORE_UNAVAILABLE"));
        } else {
            let answer = answer.unwrap().into_inner().answer.unwrap();
            assert_eq!((answer.record, answer.hits.len()), (0, 1));
        }
        // As soon as it can be, it is recorded again.
        let answer = server.screening().screen(asked("Made Up", "")).await.unwrap().into_inner();
        assert!(answer.answer.unwrap().record > 0);
        server.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_input_is_refused_with_its_field() {
    let home = TempDir::new().unwrap();
    let (server, records) = recording(&home, "Ximenia Tarqwist", OnFailure::Refuse).await;
    let long = "x".repeat(200);
    for (purpose, case, reference, field) in [
        ("made up name", "", "", "occasion.purpose"),
        ("'; DROP TABLE audit_records; --", "", "", "occasion.purpose"),
        ("", "a\u{0}b", "", "occasion.case_reference"),
        ("", &long, "", "occasion.case_reference"),
        ("", "", &long, "subject.reference"),
        ("", "", "a\nb", "subject.reference"),
    ] {
        let mut request = asked("Made Up", reference);
        request.occasion = Some(proto::Occasion {
            purpose: purpose.into(),
            case_reference: case.into(),
            run: String::new(),
        });
        let status = server.screening().screen(request).await.unwrap_err();
        check_error(&status, Code::InvalidArgument, "INVALID_REQUEST", &["made up name", "DROP"]);
        assert_eq!(fields(&status), [field]);
    }
    let mut reviews = ReviewServiceClient::new(server.channel.clone());
    let status = reviews
        .list_matches(proto::ListMatchesRequest { page_token: "1-' OR 1=1".into(), ..Default::default() })
        .await
        .unwrap_err();
    assert_eq!(fields(&status), ["page_token"]);
    let status = reviews.get_match(proto::GetMatchRequest { id: "' OR 1=1 --".into() }).await.unwrap_err();
    check_error(&status, Code::NotFound, "MATCH_NOT_FOUND", &["OR 1=1"]);
    // Odd names are screened and kept as they are.
    let odd = "Robert'); DROP TABLE audit_records;-- \u{202e}\0";
    assert!(server.screening().screen(asked(odd, "'; --")).await.is_ok());
    assert_eq!(verify(&records.store, None).await.unwrap().unwrap().records, 1);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_records_there_is_no_queue_and_it_says_so() {
    let server = TestServer::demo().await;
    let mut reviews = ReviewServiceClient::new(server.channel.clone());
    let status = reviews.list_matches(proto::ListMatchesRequest::default()).await.unwrap_err();
    check_error(&status, Code::FailedPrecondition, "NOT_RECORDING", &[]);
    server.stop().await;
}

/// Lets through connections to a database until it is told to cut them.
struct Gate {
    port: u16,
    target: String,
    task: tokio::task::JoinHandle<()>,
}

impl Gate {
    async fn open(port: u16, target: String) -> Self {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let to = target.clone();
        let task = tokio::spawn(async move {
            // Dropped with the task, and with it all connections.
            let mut connections: tokio::task::JoinSet<()> = tokio::task::JoinSet::new();
            while let Ok((mut near, _)) = listener.accept().await {
                let Ok(mut far) = tokio::net::TcpStream::connect(&to).await else { continue };
                connections.spawn(async move {
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
        Self { port, target, task }
    }

    async fn cut(self) -> (u16, String) {
        self.task.abort();
        let _ = self.task.await;
        (self.port, self.target)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_goes_is_unavailable_and_comes_back() {
    let Ok(server_url) = std::env::var("ZEEF_TEST_POSTGRES") else {
        println!(
            "DID NOT RUN on PostgreSQL: set ZEEF_TEST_POSTGRES to the URL of a server, without a database"
        );
        return;
    };
    let (login, target) = server_url.trim_end_matches('/').rsplit_once('@').unwrap();
    let name = format!("zeef_gate_{}", std::process::id());
    let mut admin =
        <sqlx::PgConnection as sqlx::Connection>::connect(&format!("{server_url}/postgres")).await.unwrap();
    for statement in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut admin).await.unwrap();
    }
    let gate = Gate::open(0, target.to_owned()).await;
    let url: StoreUrl = format!("{login}@127.0.0.1:{}/{name}", gate.port).parse().unwrap();
    let store = Store::open_with(&url, SHORT).await.unwrap();
    let records = Records::of(store, OnFailure::Refuse).unwrap();
    let home = TempDir::new().unwrap();
    let handle = ScreenerHandle::of(screener(home.path(), "Ximenia Tarqwist"));
    let server = TestServer::start(handle, Config { records: Some(records.clone()), ..config() }).await;
    let screen = async || server.screening().screen(asked("Ximenia Tarqwist", "")).await;
    screen().await.unwrap();

    let (port, target) = gate.cut().await;
    let status = within(screen()).await.unwrap_err();
    check_error(&status, Code::Unavailable, "STORE_UNAVAILABLE", &["Tarqwist", "postgres"]);

    let _gate = Gate::open(port, target).await;
    within(async {
        while screen().await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    assert!(verify(&records.store, None).await.unwrap().is_ok());
    server.stop().await;
}

/// The binary itself, ended without a warning while it answers as fast as it can.
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_is_in_the_trail_of_a_killed_service() {
    let home = TempDir::new().unwrap();
    let folder = home.path().join("data");
    let fixture = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name);
    let binary = env!("CARGO_BIN_EXE_zeef");
    let imported = Command::new(binary)
        .args(["import", "--data"])
        .arg(&folder)
        .arg("--eu")
        .arg(fixture("eu-demo.xml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(imported.success());
    let mut child = Command::new(binary)
        .args(["serve", "--listen", "127.0.0.1:0", "--data"])
        .arg(&folder)
        .env_remove("ZEEF_DATA")
        .env_remove("ZEEF_RECORDS_STORE")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().expect("it ended before it was ready").unwrap();
        if let Some(rest) = line.split("ready on ").nth(1) {
            break rest.split(". ").next().unwrap().to_owned();
        }
    };

    let answered = Arc::new(std::sync::Mutex::new(Vec::<(i64, String)>::new()));
    let mut clients = Vec::new();
    for client in 0..8 {
        let (address, answered) = (format!("http://{address}"), Arc::clone(&answered));
        clients.push(tokio::spawn(async move {
            let Ok(mut service) = ScreeningServiceClient::connect(address).await else { return };
            for n in 0.. {
                let name = match n % 7 {
                    0 => "Vladimir Putin".to_owned(),
                    _ => format!("Made Up {client} {n}"),
                };
                let Ok(answer) = service.screen(asked(&name, &format!("{client}-{n}"))).await else { return };
                let number = answer.into_inner().answer.unwrap().record;
                answered.lock().unwrap().push((number, name));
            }
        }));
    }
    within(async {
        while answered.lock().unwrap().len() < 400 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    // SIGKILL: nothing of the process gets a chance to tidy up.
    child.kill().unwrap();
    child.wait().unwrap();
    for client in clients {
        within(client).await.unwrap();
    }

    let store = Store::open(&StoreUrl::in_folder(&folder)).await.unwrap();
    let verified = verify(&store, None).await.unwrap().unwrap();
    let answered = answered.lock().unwrap().clone();
    assert!(verified.records >= answered.len() as i64);
    for (number, name) in &answered {
        let row = sqlx::query("SELECT body FROM audit_contents WHERE number = $1")
            .bind(*number)
            .fetch_one(store.pool())
            .await
            .unwrap();
        assert!(row.get::<String, _>(0).contains(name), "record {number} is of somebody else");
    }
}

/// The story of a hit as a stranger's program lives it: Python's grpcio with server reflection alone.
#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_client_clears_a_hit_and_sees_it_come_back() {
    if !crate::foreign::can_run() {
        println!("DID NOT RUN: there is no Python with grpcio and grpcio-reflection (ZEEF_PYTHON names one)");
        return;
    }
    let home = TempDir::new().unwrap();
    let (server, records) = recording(&home, "Ximenia Tarqwist", OnFailure::Refuse).await;
    let live = async |step: &'static str| {
        let address = server.address.trim_start_matches("http://").to_owned();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/foreign/review_story.py");
        let run = tokio::task::spawn_blocking(move || {
            let mut python = Command::new(crate::foreign::python());
            python.arg(script).args([address.as_str(), "Ximenia Tarqwist", step]).output().unwrap()
        });
        let output = within(run).await.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    let seen = live("clear").await;
    assert_eq!(seen["standing"]["state"], "MATCH_STATE_OPEN");
    assert_eq!(seen["cleared"]["state"], "MATCH_STATE_CLEARED");
    assert_eq!(
        (&seen["cleared"]["decidedBy"], &seen["cleared"]["reason"]),
        (&"anna".into(), &"born elsewhere".into())
    );
    assert_eq!(seen["twice"], "ABORTED");

    server.handle.publish(screener(home.path(), "Ximenia Tarqwist|Quorra Vandervell"));
    let seen = live("look").await;
    assert_eq!(seen["standing"]["state"], "MATCH_STATE_OPEN");
    assert_eq!(seen["standing"]["difference"][0]["added"][0], "Quorra Vandervell");
    assert!(verify(&records.store, None).await.unwrap().is_ok());
    server.stop().await;
}
