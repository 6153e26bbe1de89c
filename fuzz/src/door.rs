//! The service's own door: gRPC messages and JSON calls over a socket, decoded, checked, screened.
//!
//! Over gRPC-Web, which is one HTTP/1.1 request a call on a connection that stays open: the bytes reach the same
//! services, and the client is small enough to be no part of what is tested.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use prost::Message;
use zeef::review::store::{Store, StoreOptions, StoreUrl};
use zeef::review::{OnFailure, Records};
use zeef::service::{Config, ScreenerHandle, proto, run};

/// Methods, each once. `WatchAlerts` is left out, which answers for as long as its caller stays.
const METHODS: &[&str] = &[
    "ScreeningService/Screen",
    "ScreeningService/ScreenStream",
    "ScreeningService/Compare",
    "CaseService/ScreenCase",
    "EntityService/GetEntity",
    "EntityService/SearchEntities",
    "ListService/ListLists",
    "ListService/ListSnapshots",
    "ListService/DiffSnapshots",
    "MonitorService/Watch",
    "MonitorService/Unwatch",
    "MonitorService/ListWatched",
    "ReviewService/ListMatches",
    "ReviewService/GetMatch",
    "ReviewService/AssignMatch",
    "ReviewService/DecideMatch",
    "ReviewService/ReopenMatch",
    "ReviewService/CommentMatch",
];

/// Words of messages: tags with lengths, and texts that fields take.
pub const GRPC_WORDS: &[&str] = &[
    "\n\u{0e}\n\u{0c}Nomen Nescio",
    "Vladimir Putin",
    "Beihang University",
    "1952-10-07",
    "1952-13-45",
    "eu",
    "aspi",
    "CN",
    "passport",
    "\u{0}\u{0}\u{0}\u{0}\u{5}",
    "\u{1}\u{0}\u{0}\u{0}\u{5}",
    "\u{12}\u{9}\u{11}",
    "\u{8}\u{1}",
    "\u{20}\u{7f}",
];

/// Words of JSON calls.
pub const JSON_WORDS: &[&str] = &[
    "/v1/screen\n",
    "/v1/compare\n",
    "/v1/case\n",
    "/match/default\n",
    "/match/eu\n",
    "GET /v1/entities?query=",
    "GET /v1/entities/eu/EU.7510.16",
    "GET /v1/lists",
    "GET /search?query=",
    "&page_token=",
    "&list=eu",
    "%00",
    "%ff",
    "{\"subject\": {\"name\": \"",
    "\"queries\": {\"q1\": {\"schema\": \"Person\", \"properties\": {\"name\": [\"",
    "\"threshold\": 1e400",
    "\"limit\": -1",
    "\"birth_date\": \"1952-10\"",
    "\"kind\": \"any\"",
    "\\ud800",
    "\\u0000",
    "[[[[[[[[",
    "}}}}",
    "null",
    "18446744073709551616",
];

/// The server: its address.
static ADDRESS: LazyLock<SocketAddr> = LazyLock::new(|| {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async move {
            // Records make the methods of review and monitoring answer; what is screened is not recorded, since
            // these are the demonstration lists' answers over and over.
            let home = tempfile::tempdir().expect("a folder for records");
            let options = StoreOptions { patience: Duration::from_secs(5), connections: 2 };
            let store = Store::open_with(&StoreUrl::in_folder(home.path()), options).await.expect("a store");
            let records = Records::of(store, OnFailure::Refuse).expect("records");
            let config = Config { threads: 2, records: Some(records), ..Config::default() };
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
            tell.send(listener.local_addr().expect("an address")).expect("somebody waits");
            let handle = Arc::new(ScreenerHandle::of(super::SCREENER.clone()));
            run(listener, std::future::pending(), config, handle).await.expect("it serves");
        });
    });
    told.recv().expect("the server starts")
});

/// Longest time that an answer may take: twice what the service gives itself.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer: its status, its head and body as they came.
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

std::thread_local! {
    static CONNECTION: std::cell::RefCell<Option<BufReader<TcpStream>>> = const { std::cell::RefCell::new(None) };
}

/// Asks once more on a new connection where the old one had been closed.
fn ask(method: &str, path: &str, headers: &str, body: &[u8]) -> Answer {
    CONNECTION.with_borrow_mut(|kept| {
        for first in [true, false] {
            let connection = kept.get_or_insert_with(|| {
                let stream = TcpStream::connect(*ADDRESS).expect("the server takes connections");
                stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
                stream.set_nodelay(true).expect("no delay");
                BufReader::new(stream)
            });
            match exchange(connection, method, path, headers, body) {
                Ok((answer, stays)) => {
                    if !stays {
                        *kept = None;
                    }
                    return answer;
                }
                Err(error) => {
                    *kept = None;
                    assert!(first, "no answer: {error}");
                }
            }
        }
        unreachable!("the second failure ends the test")
    })
}

fn exchange(
    connection: &mut BufReader<TcpStream>,
    method: &str,
    path: &str,
    headers: &str,
    body: &[u8],
) -> std::io::Result<(Answer, bool)> {
    let length = body.len();
    let mut request =
        format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n{headers}\r\n")
            .into_bytes();
    request.extend(body);
    connection.get_mut().write_all(&request)?;
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if connection.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    let field = |name: &str| {
        let mut lines = head.lines().filter_map(|l| l.split_once(": "));
        lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let mut body = Vec::new();
    if let Some(length) = field("content-length").and_then(|l| l.parse().ok()) {
        connection.take(length).read_to_end(&mut body)?;
    } else if field("transfer-encoding").is_some() {
        loop {
            let mut line = String::new();
            connection.read_line(&mut line)?;
            let length = u64::from_str_radix(line.trim(), 16).map_err(std::io::Error::other)?;
            connection.take(length).read_to_end(&mut body)?;
            connection.read_line(&mut String::new())?;
            if length == 0 {
                break;
            }
        }
    }
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let stays = field("connection").is_none_or(|c| !c.eq_ignore_ascii_case("close"));
    Ok((Answer { status, head, body }, stays))
}

/// A call of gRPC: the first byte chooses the method; the rest is a message, or the frames of several where the byte
/// is above the middle.
pub fn grpc(data: &[u8]) {
    let Some((&chosen, rest)) = data.split_first() else { return };
    let method = METHODS[usize::from(chosen & 0x7f) % METHODS.len()];
    let frames = if chosen & 0x80 != 0 { rest.to_vec() } else { framed(rest) };
    let headers = "content-type: application/grpc-web+proto\r\nx-grpc-web: 1\r\n";
    let answer = ask("POST", &format!("/zeef.v1.{method}"), headers, &frames);
    assert_eq!(answer.status, 200, "gRPC tells its errors within: {}", answer.head);
    let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains("internal error");
    assert!(!told(answer.head.as_bytes()) && !told(&answer.body), "an internal error of {method}");
}

fn framed(message: &[u8]) -> Vec<u8> {
    let mut frame = vec![0];
    frame.extend((message.len() as u32).to_be_bytes());
    frame.extend(message);
    frame
}

/// A call of HTTP: a line with the path, `GET ` before it or not, and the body behind it.
pub fn json(data: &[u8]) {
    let end = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let (line, body) = (&data[..end], data.get(end + 1..).unwrap_or_default());
    let (method, path) = match line.strip_prefix(b"GET ") {
        Some(path) => ("GET", path),
        None => ("POST", line),
    };
    // What no address may hold is refused before anything of ours sees it.
    let plain = |b: u8| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>');
    let mut address: String = path
        .iter()
        .take(4_000)
        .map(|&b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02x}") })
        .collect();
    if !address.starts_with('/') {
        address.insert(0, '/');
    }
    let answer = ask(method, &address, "content-type: application/json\r\n", body);
    assert!((200..500).contains(&answer.status) || answer.status == 503, "{}", answer.head);
}

/// Messages of every method, whole.
pub fn seeds() -> Vec<Vec<u8>> {
    let subject = |name: &str| proto::Subject {
        name: name.into(),
        aliases: vec!["Владимир Путин".into(), "\u{202e}x\u{0301}".into()],
        birth_date: "1952-10-07".into(),
        birth_place: "Leningrad".into(),
        countries: vec!["RU".into()],
        address: "Moscow".into(),
        identifiers: vec![proto::SubjectIdentifier { kind: "passport".into(), number: "A 123456".into() }],
        reference: "staff-7".into(),
        ..Default::default()
    };
    let options =
        || Some(proto::ScreeningOptions { lists: vec!["eu".into()], threshold: Some(0.4), limit: Some(3) });
    let occasion =
        || Some(proto::Occasion { purpose: "hire".into(), case_reference: "C 1".into(), run: "r".into() });
    let screen = proto::ScreenRequest {
        subject: Some(subject("Vladimir Putin")),
        options: options(),
        request_id: "1".into(),
        occasion: occasion(),
    };
    let item = proto::ScreenStreamRequest {
        id: "1".into(),
        subject: Some(subject("Wladimir Putjin")),
        options: options(),
        occasion: occasion(),
    };
    let compare = proto::CompareRequest {
        query: Some(subject("Vladimir Putin")),
        candidate: Some(subject("Putin")),
        threshold: Some(f64::NAN),
        request_id: String::new(),
    };
    let contact = |name: &str| proto::CaseContact {
        name: name.into(),
        institution: "Beihang University".into(),
        country: "CN".into(),
        ..Default::default()
    };
    let hire = proto::Hire {
        candidate: Some(proto::Candidate { names: vec!["Nomen Nescio".into()], ..Default::default() }),
        supervisors: vec![contact("Pieter Proefpersoon")],
        contacts: vec![contact("Ramsan Kadyrow")],
        duration_months: Some(48),
        ..Default::default()
    };
    let case = proto::Case { case_id: "c".into(), about: Some(proto::case::About::Hire(hire)) };
    let case =
        proto::ScreenCaseRequest { case: Some(case), policy: "maastricht".into(), ..Default::default() };
    let mut seeds = vec![
        of("Screen", &screen),
        of("Compare", &compare),
        of("ScreenCase", &case),
        of(
            "GetEntity",
            &proto::GetEntityRequest {
                list: "eu".into(),
                entity_id: "EU.7510.16".into(),
                ..Default::default()
            },
        ),
        of(
            "SearchEntities",
            &proto::SearchEntitiesRequest { query: "putin~ AND \"x".into(), ..Default::default() },
        ),
        of("DiffSnapshots", &proto::DiffSnapshotsRequest::default()),
        of("Watch", &proto::WatchRequest { subject: Some(subject("Vladimir Putin")), ..Default::default() }),
        of("ListMatches", &proto::ListMatchesRequest { page_size: i32::MIN, ..Default::default() }),
        of(
            "DecideMatch",
            &proto::DecideMatchRequest { id: "x".into(), author: "anna".into(), ..Default::default() },
        ),
    ];
    // Several items, one of them compressed by its flag, one that breaks off.
    let mut stream = vec![0x80 | of("ScreenStream", &item)[0]];
    for _ in 0..3 {
        stream.extend(framed(&item.encode_to_vec()));
    }
    seeds.push(stream.clone());
    stream.extend([1, 0, 0, 0, 2, 9, 9]);
    seeds.push(stream.clone());
    stream.extend([0, 0xff, 0xff, 0xff, 0xff, 1]);
    seeds.push(stream);
    // Every method: nothing, groups within groups, a length beyond the end, a field a hundred thousand times.
    for chosen in 0..METHODS.len() as u8 {
        seeds.push(vec![chosen]);
        seeds.push([vec![chosen], vec![0x0b; 300]].concat());
        seeds.push(vec![chosen, 0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]);
    }
    let many =
        proto::Subject { name: "x".into(), aliases: vec![String::new(); 100_000], ..Default::default() };
    seeds.push(of("Screen", &proto::ScreenRequest { subject: Some(many), ..Default::default() }));
    seeds
}

/// A message behind the number of its method.
fn of(method: &str, message: &impl Message) -> Vec<u8> {
    let number = METHODS.iter().position(|m| m.ends_with(&format!("/{method}"))).expect("a method");
    let mut bytes = vec![number as u8];
    message.encode(&mut bytes).expect("memory grows");
    bytes
}
