//! Nothing of whom one screens comes out where a service is watched: logs, metrics, traces, error texts.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tonic::Request;
use tonic::metadata::MetadataValue;
use tonic::transport::Endpoint;
use zeef::service::proto;
use zeef::service::proto::case_service_client::CaseServiceClient;
use zeef::service::proto::entity_service_client::EntityServiceClient;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;

use crate::support::World;

/// Words that stand in everything that is asked, and in nothing else.
const MARKS: [&str; 3] = ["Qvoxmarkera", "Zyxxmarkerb", "Wvizmarkerc"];

/// Longest time that anything may take; a failure to come, never a measure of speed.
const PATIENCE: Duration = Duration::from_secs(60);

fn marked() -> proto::Subject {
    proto::Subject {
        name: format!("{} {}", MARKS[0], MARKS[1]),
        aliases: vec![MARKS[2].to_owned()],
        ..Default::default()
    }
}

/// A request over HTTP/1.1, and all of the answer.
fn http(port: u16, method: &str, path: &str, headers: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}Content-Length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A place that takes whatever is sent to it, and keeps it.
fn collector() -> (u16, Arc<Mutex<Vec<u8>>>) {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let app = {
        let kept = Arc::clone(&kept);
        axum::Router::new().fallback(async move |request: axum::extract::Request| {
            let (parts, body) = request.into_parts();
            let bytes = axum::body::to_bytes(body, 16 << 20).await.unwrap_or_default();
            let mut kept = kept.lock().unwrap();
            kept.extend_from_slice(parts.uri.path().as_bytes());
            kept.extend_from_slice(&bytes);
            // An answer of gRPC without a message: taken.
            axum::http::Response::builder()
                .header("content-type", "application/grpc")
                .header("grpc-status", "0")
                .body(axum::body::Body::empty())
                .unwrap()
        })
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
    });
    (port, kept)
}

#[cfg(unix)]
#[test]
fn nothing_of_the_screened_comes_out_where_a_service_is_watched() {
    let world = World::new();
    let folder = world.imported("data");
    let (collector, sent) = collector();
    let token = world.run(&["token", "new", "--name", "hr", "--scope", "screen"]);
    assert_eq!(token.code, 0, "{token:?}");
    let (token, entry) = (token.out.trim().to_owned(), token.err.split_once("\n\n").unwrap().1.to_owned());
    let watch = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let text = format!(
        "[server]\nlisten = \"127.0.0.1:0\"\n[data]\nfolder = \"{folder}\"\n[metrics]\nlisten = \"127.0.0.1:{watch}\"\n\
         [log]\nlevel = \"debug,zeef=trace\"\nformat = \"json\"\n[traces]\nendpoint = \"http://127.0.0.1:{collector}\"\n\
         {entry}"
    );
    let file = world.file("zeef.toml", text).display().to_string();
    let mut child = world.command(&["serve", "--config", &file]).spawn().unwrap();
    let said = Arc::new(Mutex::new(String::new()));
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let reader = {
        let said = Arc::clone(&said);
        std::thread::spawn(move || {
            while let Some(Ok(line)) = lines.next() {
                let mut said = said.lock().unwrap();
                said.push_str(&line);
                said.push('\n');
            }
        })
    };
    let began = Instant::now();
    let port: u16 = loop {
        let text = said.lock().unwrap().clone();
        if let Some((_, rest)) = text.split_once("ready on 127.0.0.1:") {
            break rest.split('.').next().unwrap().parse().unwrap();
        }
        assert!(began.elapsed() < PATIENCE, "never ready: {text}");
        std::thread::sleep(Duration::from_millis(20));
    };

    let mut errors = String::new();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let channel =
            Endpoint::from_shared(format!("http://127.0.0.1:{port}")).unwrap().connect().await.unwrap();
        let bearer: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        let with = |mut request: Request<()>| {
            request.metadata_mut().insert("authorization", bearer.clone());
            let caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap();
            request.metadata_mut().insert("traceparent", caller);
            Ok(request)
        };
        let mut screening = ScreeningServiceClient::with_interceptor(channel.clone(), with);
        let request = proto::ScreenRequest { subject: Some(marked()), ..Default::default() };
        screening.screen(request.clone()).await.unwrap();
        let mut faulty = request.clone();
        faulty.subject.as_mut().unwrap().countries = vec![MARKS[0].to_owned()];
        errors += &screening.screen(faulty).await.unwrap_err().to_string();
        let comparison =
            proto::CompareRequest { query: Some(marked()), candidate: Some(marked()), ..Default::default() };
        screening.compare(comparison).await.unwrap();
        let items = (0..3).map(|i| proto::ScreenStreamRequest {
            id: format!("{} {i}", MARKS[2]),
            subject: (i < 2).then(marked),
            ..Default::default()
        });
        let items: Vec<_> = items.collect();
        let mut answers = screening.screen_stream(tokio_stream::iter(items)).await.unwrap().into_inner();
        while let Some(answer) = answers.message().await.unwrap() {
            if let Some(proto::screen_stream_response::Result::Error(error)) = answer.result {
                errors += &error.message;
            }
        }
        let mut entities = EntityServiceClient::with_interceptor(channel.clone(), with);
        let search = proto::SearchEntitiesRequest { query: MARKS[0].to_owned(), ..Default::default() };
        entities.search_entities(search).await.unwrap();
        let unknown =
            proto::GetEntityRequest { list: "eu".into(), entity_id: MARKS[1].into(), ..Default::default() };
        // What was asked for is an entry's reference, and may be said again.
        entities.get_entity(unknown).await.unwrap_err();
        let mut cases = CaseServiceClient::with_interceptor(channel.clone(), with);
        let case = proto::ScreenCaseRequest {
            request_id: MARKS[2].to_owned(),
            policy: MARKS[2].to_owned(),
            ..Default::default()
        };
        errors += &cases.screen_case(case).await.unwrap_err().to_string();
        let candidate = proto::Candidate { names: vec![marked().name], ..Default::default() };
        let hire = proto::Hire { candidate: Some(candidate), ..Default::default() };
        let case = proto::Case { case_id: MARKS[2].to_owned(), about: Some(proto::case::About::Hire(hire)) };
        let case = proto::ScreenCaseRequest { case: Some(case), ..Default::default() };
        cases.screen_case(case).await.unwrap();
        // Without credentials.
        let mut stranger = ScreeningServiceClient::new(channel);
        errors += &stranger.screen(request).await.unwrap_err().to_string();
    });
    let json = format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\n");
    let name = format!("{} {}", MARKS[0], MARKS[1]);
    let answer =
        http(port, "POST", "/v1/screen", &json, &format!("{{\"name\":\"{name}\",\"kind\":\"person\"}}"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    errors +=
        &http(port, "POST", "/v1/screen", &json, &format!("{{\"name\":\"{name}\",\"kind\":\"{name}\"}}"));
    errors += &http(port, "POST", "/v1/screen", "", &name);
    errors += &http(port, "POST", "/match/eu", &json, &format!("{{\"queries\":\"{name}\"}}"));
    let query = format!(
        "{{\"queries\":{{\"{}\":{{\"schema\":\"Person\",\"properties\":{{\"name\":[\"{name}\"]}}}}}}}}",
        MARKS[2]
    );
    let answer = http(port, "POST", "/match/eu", &json, &query);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let browser = format!("Authorization: Bearer {token}\r\nAccept: text/html\r\n");
    let page = http(port, "GET", &format!("/search?q={}", MARKS[0]), &browser, "");
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    errors += &http(
        port,
        "POST",
        "/login",
        "Content-Type: application/x-www-form-urlencoded\r\n",
        &format!("token={}", MARKS[0]),
    );

    let metrics = http(watch, "GET", "/metrics", "", "");
    assert!(metrics.contains("zeef_screenings_total 6"), "{metrics}");
    assert!(metrics.contains("zeef_candidates_count 6"), "{metrics}");
    assert!(
        metrics.contains("method=\"/zeef.v1.ScreeningService/Screen\",code=\"UNAUTHENTICATED\""),
        "{metrics}"
    );
    assert!(http(watch, "GET", "/readyz", "", "").starts_with("HTTP/1.1 200"));
    let kill = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
    assert!(kill.is_ok_and(|s| s.success()));
    assert_eq!(child.wait().unwrap().code(), Some(0));
    reader.join().unwrap();

    let said = said.lock().unwrap().clone();
    let bytes = sent.lock().unwrap().clone();
    // The caller's trace goes on in ours.
    let trace = 0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes();
    assert!(bytes.windows(16).any(|w| w == trace), "the caller's trace is lost");
    let sent = String::from_utf8_lossy(&bytes).into_owned();
    assert!(
        sent.contains("TraceService/Export") && sent.contains("ScreeningService/Screen"),
        "no traces came"
    );
    assert!(
        said.lines()
            .filter(|l| l.starts_with('{'))
            .all(|l| serde_json::from_str::<serde_json::Value>(l).is_ok())
    );
    for (from, text) in [("logs", &said), ("metrics", &metrics), ("traces", &sent), ("errors", &errors)] {
        for secret in MARKS.iter().copied().chain([token.as_str()]) {
            let place = text
                .find(secret)
                .map(|at| text[at.saturating_sub(200)..].chars().take(300).collect::<String>());
            assert!(place.is_none(), "{secret} came out in {from}: {}", place.unwrap_or_default());
        }
    }
}
