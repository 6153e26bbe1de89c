//! Downloads from a real server on this machine that misbehaves in every way that real ones do.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;

/// A made-up list, long enough to break off in.
fn list(edition: char) -> Vec<u8> {
    let mut text = String::from("<?xml version=\"1.0\"?>\n<export>\n");
    for i in 0..2_000 {
        text.push_str(&format!("<entity id=\"{edition}.{i}\"/>\n"));
    }
    text.push_str("</export>\n");
    text.into_bytes()
}

/// What the server does with the next request.
#[derive(Clone, Debug)]
enum Manner {
    /// The whole file, or the range that is asked for.
    Serve(char),
    /// The head of the whole file, so many bytes of it, then the end of the connection.
    Truncate(char, usize),
    /// The same and then silence.
    Stall(char, usize),
    /// A status and nothing more.
    Status(u16),
    /// A status that asks to wait.
    Later(u64),
    /// Silence from the beginning.
    Silent,
    /// The whole file a little at a time.
    Slow(char),
    /// A page in the file's place.
    Page,
    /// A length beyond all measure.
    Huge,
    /// Bytes without an end, and without a length.
    Endless,
    /// The rest of another edition under the mark of the first.
    LyingRest(char),
    /// Somewhere else.
    Redirect(String),
}

struct Server {
    url: String,
    /// The `Range` of each request, empty without one.
    ranges: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Behaves as told; `marks` says whether it has ETags and offers ranges.
    fn start(manners: Vec<Manner>, marks: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/list.xml?token=sesame", listener.local_addr().unwrap());
        let ranges = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&ranges);
        std::thread::spawn(move || {
            let mut manners = manners.into_iter();
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let (range, condition) = ask(&stream);
                log.lock().unwrap().push(range.clone());
                let Some(manner) = manners.next() else { return };
                // A client may hang up at any point.
                std::thread::spawn(move || answer(stream, &manner, &range, &condition, marks));
            }
        });
        Self { url, ranges }
    }

    fn ranges(&self) -> Vec<String> {
        self.ranges.lock().unwrap().clone()
    }
}

fn ask(stream: &TcpStream) -> (String, String) {
    let (mut range, mut condition) = (String::new(), String::new());
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap_or_default();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").unwrap_or_default();
        match name.to_lowercase().as_str() {
            "range" => range = value.to_owned(),
            "if-range" => condition = value.to_owned(),
            _ => {}
        }
    }
    (range, condition)
}

fn answer(mut stream: TcpStream, manner: &Manner, range: &str, condition: &str, marks: bool) {
    let head = |status: &str, length: usize, more: &str, edition: char| {
        let marks =
            if marks { format!("ETag: \"{edition}\"\r\nAccept-Ranges: bytes\r\n") } else { String::new() };
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{marks}{more}Connection: close\r\n\r\n")
    };
    let from = range.strip_prefix("bytes=").and_then(|r| r.strip_suffix('-')?.parse::<usize>().ok());
    let rest = |edition: char, from: usize| {
        let all = list(edition);
        let more = format!("Content-Range: bytes {from}-{}/{}\r\n", all.len() - 1, all.len());
        (more, all[from..].to_vec())
    };
    let mut write = |bytes: &[u8]| stream.write_all(bytes).and_then(|()| stream.flush()).is_ok();
    match manner {
        Manner::Serve(edition) => match from {
            Some(from) if condition == format!("\"{edition}\"") => {
                let (more, rest) = rest(*edition, from);
                let _ = write(head("206 Rest", rest.len(), &more, *edition).as_bytes()) && write(&rest);
            }
            _ => {
                let all = list(*edition);
                let _ = write(head("200 OK", all.len(), "", *edition).as_bytes()) && write(&all);
            }
        },
        Manner::Truncate(edition, bytes) | Manner::Stall(edition, bytes) => {
            let all = list(*edition);
            let _ = write(head("200 OK", all.len(), "", *edition).as_bytes()) && write(&all[..*bytes]);
            if let Manner::Stall(..) = manner {
                std::thread::sleep(Duration::from_secs(20));
            }
        }
        Manner::Slow(edition) => {
            let all = list(*edition);
            let _ = write(head("200 OK", all.len(), "", *edition).as_bytes());
            for piece in all.chunks(4_000) {
                if !write(piece) {
                    return;
                }
                std::thread::sleep(Duration::from_millis(5));
            }
        }
        Manner::Status(status) => {
            let _ = write(head(&format!("{status} No"), 0, "", 'x').as_bytes());
        }
        Manner::Later(seconds) => {
            let more = format!("Retry-After: {seconds}\r\n");
            let _ = write(head("503 Later", 0, &more, 'x').as_bytes());
        }
        Manner::Silent => std::thread::sleep(Duration::from_secs(20)),
        Manner::Page => {
            let page = "<!DOCTYPE html><p>Please log in";
            let _ = write(head("200 OK", page.len(), "", 'x').as_bytes()) && write(page.as_bytes());
        }
        Manner::Huge => {
            let _ = write(head("200 OK", 1 << 50, "", 'x').as_bytes());
        }
        Manner::Endless => {
            let _ = write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<export>");
            while write(&[b' '; 4096]) {}
        }
        Manner::LyingRest(edition) => {
            let (more, rest) = rest(*edition, from.unwrap_or(0));
            let _ = write(head("206 Rest", rest.len(), &more, 'a').as_bytes()) && write(&rest);
        }
        Manner::Redirect(to) => {
            let more = format!("Location: {to}\r\n");
            let _ = write(head("302 There", 0, &more, 'x').as_bytes());
        }
    }
    // What the client still sends must not make its end an error.
    let _ = stream.set_read_timeout(Some(Duration::from_millis(10)));
    let _ = stream.read(&mut [0; 64]);
}

fn download(server: &Server) -> Download {
    Download {
        deadline: Duration::from_secs(20),
        silence: Duration::from_millis(300),
        first_wait: Duration::from_millis(1),
        longest_wait: Duration::from_millis(10),
        max_bytes: 1 << 20,
        proxy: Proxy::None,
        ..Download::new(&server.url, ContentKind::Xml)
    }
}

fn run(download: &Download) -> Result<Downloaded, DownloadError> {
    let folder = tempfile::tempdir().unwrap();
    let result = download.run(folder.path(), &|| false);
    if let Ok(downloaded) = &result {
        let bytes = std::fs::read(downloaded.file.path()).unwrap();
        assert_eq!(downloaded.bytes, bytes.len() as u64);
        assert_eq!(downloaded.content_hash, blake3::hash(&bytes).to_hex().as_str());
        assert!(bytes == list('a') || bytes == list('b'), "neither edition whole");
    } else {
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left");
    }
    result
}

/// The edition that came, how many attempts it took, and from where each asked to go on.
#[track_caller]
fn comes(manners: Vec<Manner>, marks: bool, edition: char, expected: &[&str]) {
    let told = format!("{manners:?}");
    let server = Server::start(manners, marks);
    let downloaded = run(&download(&server)).unwrap();
    assert_eq!(downloaded.content_hash, blake3::hash(&list(edition)).to_hex().as_str(), "{told}");
    assert_eq!(downloaded.attempts as usize, expected.len(), "{told}");
    assert_eq!(server.ranges(), expected, "{told}");
}

#[test]
fn what_passes_is_waited_for() {
    use Manner::{Later, Serve, Silent, Slow, Status};
    comes(vec![Serve('a')], false, 'a', &[""]);
    comes(vec![Slow('a')], false, 'a', &[""]);
    comes(vec![Status(500), Status(502), Status(500), Serve('a')], false, 'a', &["", "", "", ""]);
    comes(vec![Status(429), Later(0), Serve('b')], true, 'b', &["", "", ""]);
    comes(vec![Silent, Serve('a')], false, 'a', &["", ""]);
}

#[test]
fn what_breaks_off_goes_on_only_as_the_same_file() {
    use Manner::{LyingRest, Serve, Stall, Status, Truncate};
    // Without marks it begins again.
    comes(vec![Truncate('a', 5_000), Serve('a')], false, 'a', &["", ""]);
    comes(vec![Truncate('a', 5_000), Serve('b')], false, 'b', &["", ""]);
    // With them it goes on, from a little before the end of what is there.
    comes(vec![Truncate('a', 5_000), Serve('a')], true, 'a', &["", "bytes=3976-"]);
    comes(vec![Stall('a', 9_000), Serve('a')], true, 'a', &["", "bytes=7976-"]);
    comes(
        vec![Truncate('a', 5_000), Status(500), Serve('a')],
        true,
        'a',
        &["", "bytes=3976-", "bytes=3976-"],
    );
    // Too little to go on with.
    comes(vec![Truncate('a', 700), Serve('a')], true, 'a', &["", ""]);
    // Changed meanwhile: the server says so and gives the whole.
    comes(vec![Truncate('a', 5_000), Serve('b')], true, 'b', &["", "bytes=3976-"]);
    // Changed meanwhile, and the server does not say so.
    comes(vec![Truncate('a', 5_000), LyingRest('b'), Serve('b')], true, 'b', &["", "bytes=3976-", ""]);
}

#[test]
fn what_is_no_list_is_refused_at_once() {
    use Manner::{Endless, Huge, Page, Redirect, Serve, Status};
    let refused = |manner: Manner| {
        let server = Server::start(vec![manner, Serve('a')], true);
        let error = run(&download(&server)).unwrap_err();
        assert_eq!(server.ranges().len(), 1, "{error}");
        assert!(!error.to_string().contains("sesame"), "{error}");
        error
    };
    for status in [400, 401, 403, 404, 410] {
        assert!(matches!(refused(Status(status)), DownloadError::Refused { status: s, .. } if s == status));
    }
    assert!(matches!(refused(Page), DownloadError::WrongKind { found: "a web page", .. }));
    assert!(matches!(refused(Huge), DownloadError::TooLarge { .. }));
    assert!(matches!(refused(Endless), DownloadError::TooLarge { .. }));
    let elsewhere = Server::start(vec![Serve('b')], false);
    comes(vec![Redirect(elsewhere.url.clone())], false, 'b', &[""]);
}

#[test]
fn a_deadline_a_refusal_to_wait_and_a_bad_address_end_it() {
    use Manner::{Silent, Status};
    let server = Server::start(vec![Status(500); 1_000], false);
    let hasty = Download { deadline: Duration::from_millis(60), ..download(&server) };
    let error = run(&hasty).unwrap_err();
    assert!(matches!(&error, DownloadError::GaveUp { attempts, .. } if *attempts > 1), "{error}");
    assert!(error.to_string().contains("500") && !error.to_string().contains("sesame"), "{error}");

    let server = Server::start(vec![Silent], false);
    let folder = tempfile::tempdir().unwrap();
    let stopped = download(&server).run(folder.path(), &|| true);
    assert!(matches!(stopped, Err(DownloadError::Cancelled)));

    for url in ["ftp://127.0.0.1/x", "list.xml", ""] {
        let server = Server { url: url.into(), ranges: Arc::default() };
        assert!(matches!(run(&download(&server)), Err(DownloadError::Address { .. })), "{url}");
    }
    assert_eq!(shown("https://user:hush@example.org/a?token=t"), "example.org/a");
    assert_eq!(shown("https://example.org/a?token=t#x"), "https://example.org/a");
}

/// A proxy that connects to wherever it is told, and what it was told.
fn proxy() -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    std::thread::spawn(move || {
        for mut client in listener.incoming().map_while(Result::ok) {
            let mut lines = BufReader::new(client.try_clone().unwrap()).lines().map_while(Result::ok);
            let first = lines.next().unwrap_or_default();
            while lines.next().is_some_and(|line| !line.is_empty()) {}
            let to = first.split(' ').nth(1).unwrap_or_default().to_owned();
            heard.lock().unwrap().push(first);
            let Ok(mut server) = TcpStream::connect(to) else { continue };
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").unwrap();
            let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || {
                let _ = std::io::copy(&mut from, &mut back);
                let _ = back.shutdown(std::net::Shutdown::Both);
            });
            std::thread::spawn(move || std::io::copy(&mut client, &mut server));
        }
    });
    (address, told)
}

#[test]
fn a_proxy_is_gone_through_where_the_operator_names_one() {
    let server = Server::start(vec![Manner::Serve('a')], false);
    let (address, told) = proxy();
    let downloaded = run(&Download { proxy: Proxy::Address(address), ..download(&server) }).unwrap();
    assert_eq!(downloaded.content_hash, blake3::hash(&list('a')).to_hex().as_str());
    let host = server.url.trim_start_matches("http://").split('/').next().unwrap();
    assert_eq!(*told.lock().unwrap(), [format!("CONNECT {host} HTTP/1.1")]);
    // One that is not there is no reason to go without it.
    let nobody = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let server = Server::start(vec![Manner::Serve('a')], false);
    let nowhere =
        Download { proxy: Proxy::Address(nobody), deadline: Duration::from_millis(200), ..download(&server) };
    assert!(run(&nowhere).is_err());
    assert!(server.ranges().is_empty(), "it was asked without the proxy");
}
