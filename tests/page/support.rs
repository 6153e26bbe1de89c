//! A server on a port of its own, and plain HTTP/1.1 requests to it.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::review::monitor::{Monitor, MonitorOptions};
use zeef::review::store::StoreUrl;
use zeef::review::{OnFailure, Records};
use zeef::screening::Screener;
use zeef::service::{Config, ScreenerHandle, Watching, run};
use zeef::sources::format_named;

/// Longest time that anything in a test may take; a failure to come, never a measure of speed.
const PATIENCE: Duration = Duration::from_secs(60);

static DEMO: LazyLock<Arc<Snapshot>> = LazyLock::new(|| Arc::new(Snapshot::demo().unwrap()));

const LIST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/eu-demo.xml");

/// Imports a text as the EU list into a folder, and opens it.
fn import(folder: &Path, list: &str) -> Screener {
    let file = folder.join("eu.xml");
    std::fs::write(&file, list).unwrap();
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    request.lists.push(ListInput { format: format_named("eu").unwrap(), files: vec![file] });
    Importer::new(folder).run(&request, &mut |_| {}).unwrap();
    Screener::new(Arc::new(Snapshot::open(folder).unwrap()), Vec::new())
}

/// A running server; it stops when dropped.
pub struct TestServer {
    pub address: SocketAddr,
    handle: Arc<ScreenerHandle>,
    /// Where lists and records lie, of a server that records.
    folder: Option<tempfile::TempDir>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl TestServer {
    /// A server on the demonstration lists.
    pub fn demo() -> Self {
        Self::start(ScreenerHandle::of(Screener::new(Arc::clone(&DEMO), Vec::new())), None)
    }

    /// A server without any lists.
    pub fn empty() -> Self {
        Self::start(ScreenerHandle::empty(), None)
    }

    /// A server on the demonstration's EU list, imported as if it were the real one, that keeps records.
    pub fn recording() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let screener = import(folder.path(), &std::fs::read_to_string(LIST).unwrap());
        Self::start(ScreenerHandle::of(screener), Some(folder))
    }

    /// Imports the list with a text in it replaced, and serves it from then on.
    pub fn change_list(&self, from: &str, to: &str) {
        let list = std::fs::read_to_string(LIST).unwrap();
        assert!(list.contains(from));
        let folder = self.folder.as_ref().expect("a server with a folder");
        self.handle.publish(import(folder.path(), &list.replace(from, to)));
    }

    fn start(handle: ScreenerHandle, folder: Option<tempfile::TempDir>) -> Self {
        let handle = Arc::new(handle);
        let store = folder.as_ref().map(|f| StoreUrl::in_folder(f.path()));
        let served = Arc::clone(&handle);
        let (stop, stopped) = oneshot::channel();
        let (tell, told) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                tell.send(listener.local_addr().unwrap()).unwrap();
                let shutdown = async {
                    let _ = stopped.await;
                };
                let records = match &store {
                    Some(store) => Some(Records::open(store, OnFailure::Refuse).await.unwrap()),
                    None => None,
                };
                let drain_limit = Duration::from_millis(500);
                let watching = records.as_ref().map(|records| {
                    let monitor = Monitor::new(records.store.clone(), MonitorOptions::default());
                    Watching::new(monitor.unwrap())
                });
                let config = Config { threads: 2, drain_limit, records, watching, ..Config::default() };
                run(listener, shutdown, config, served).await.unwrap();
            });
        });
        let address = told.recv_timeout(PATIENCE).unwrap();
        Self { address, handle, folder, stop: Some(stop), thread: Some(thread) }
    }

    /// Sends a request as it stands, and reads the answer to the end of the connection.
    pub fn send(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        // A server that refuses may close before it has read everything.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        Answer::of(&bytes)
    }

    /// A request of a method, path, further headers and body.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() || method == "POST" {
            request.push_str(&format!("content-length: {}\r\n", body.len()));
        }
        request.push_str("\r\n");
        self.send(&[request.as_bytes(), body].concat())
    }

    /// A page.
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], b"")
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An answer.
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    pub body: String,
    /// The body as it came, for answers that are no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|w| w == b"\r\n\r\n").expect("no answer at all");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|l| l.split_once(": "))
            .map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned()))
            .collect();
        let mut body = bytes[end + 4..].to_vec();
        if headers.iter().any(|(n, v)| n == "transfer-encoding" && v == "chunked") {
            body = unchunked(&body);
        }
        Self { status, headers, body: String::from_utf8_lossy(&body).into_owned(), bytes: body }
    }

    /// The first header of a name.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
}

fn unchunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = bytes.windows(2).position(|w| w == b"\r\n") {
        let size = std::str::from_utf8(&bytes[..end]).unwrap();
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        let start = end + 2;
        if size == 0 || bytes.len() < start + size + 2 {
            break;
        }
        out.extend_from_slice(&bytes[start..start + size]);
        bytes = &bytes[start + size + 2..];
    }
    out
}

/// A browser that has opened a page: its cookie and the token of its forms.
pub struct Session<'a> {
    server: &'a TestServer,
    pub cookie: String,
    pub token: String,
}

impl<'a> Session<'a> {
    /// Opens a page that has a form.
    pub fn open(server: &'a TestServer, path: &str) -> Self {
        let page = server.get(path);
        let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
        let token =
            page.body.split("name=\"token\" value=\"").nth(1).expect("a form").split('"').next().unwrap();
        Self { server, cookie, token: token.to_owned() }
    }

    /// Sends a form as a browser does.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = [("token", self.token.as_str())];
        let pairs = token.iter().chain(fields).map(|(n, v)| {
            let value: String = v.bytes().map(|b| format!("%{b:02X}")).collect();
            format!("{n}={value}")
        });
        let body = pairs.collect::<Vec<_>>().join("&");
        let kind = ("content-type", "application/x-www-form-urlencoded");
        self.server.ask("POST", path, &[kind, ("cookie", &self.cookie)], body.as_bytes())
    }

    /// Sends a form with a file.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: (&str, &str, &str)) -> Answer {
        let mut body = String::new();
        for (name, value) in [("token", self.token.as_str())].iter().chain(fields) {
            body.push_str(&format!(
                "--xYz\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        let (name, file_name, content) = file;
        body.push_str(&format!(
            "--xYz\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file_name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{content}\r\n--xYz--\r\n"
        ));
        let kind = ("content-type", "multipart/form-data; boundary=xYz");
        self.server.ask("POST", path, &[kind, ("cookie", &self.cookie)], body.as_bytes())
    }
}
