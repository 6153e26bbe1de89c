//! What a page costs over loopback: each asked for again and again on one kept connection.
//!
//! `cargo bench --bench pages`, on the full EU list and the tracker, or the bundled lists where these are not
//! at hand; `ZEEF_DATA` names a data folder to serve instead. What is screened is recorded in SQLite before its
//! page leaves. `ZEEF_BENCH_ITEMS` (500) says how often each
//! page is asked for. Times are of server and client together, from the first byte of the request to the
//! last of the answer.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use zeef::index::Snapshot;
use zeef::review::monitor::{Monitor, MonitorOptions};
use zeef::review::store::StoreUrl;
use zeef::review::{OnFailure, Records};
use zeef::screening::Screener;
use zeef::service::{Config, ScreenerHandle, Watching, run};

/// The allocator of the binary, so that figures are the binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[path = "generate/mod.rs"]
#[allow(dead_code)]
mod generate;
#[path = "scale/lists.rs"]
#[allow(dead_code)]
mod lists;
#[path = "scale/machine.rs"]
mod machine;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Name, method and path of each page, and the fields of its form.
const PAGES: &[(&str, &str, &str, &str)] = &[
    ("start", "GET", "/", ""),
    ("lists", "GET", "/lists", ""),
    ("search, common word", "GET", "/search?q=ali", ""),
    ("search, typing error", "GET", "/search?q=harbinn", ""),
    ("search, part for htmx", "GET", "/search?q=harbin+inst*", ""),
    ("screen a person", "POST", "/screen", "name=Wladimir+Putjin&birth_date=7-10-1952"),
    ("screen a common name", "POST", "/screen", "name=Ali+Hassan"),
    ("screen an institution", "POST", "/screen", "kind=organisation&name=Harbin+Inst.+of+Technol."),
    ("compare", "POST", "/compare", "a_name=Wladimir+Putjin&b_name=Vladimir+Putin"),
    ("an entry, its history", "GET", "/entity/eu/EU.7510.16", ""),
    ("review queue", "GET", "/review", ""),
    ("who is under watch", "GET", "/watched", ""),
    ("alerts", "GET", "/alerts", ""),
];

fn main() -> Result<(), Failure> {
    // `cargo test --benches` builds and starts benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        println!("nothing measured; run `cargo bench --bench pages`");
        return Ok(());
    }
    let times =
        std::env::var("ZEEF_BENCH_ITEMS").ok().and_then(|n| n.parse().ok()).unwrap_or(500_usize).max(1);
    println!("{}; load average {}", machine::cores(), machine::load());
    let temporary = tempfile::tempdir()?;
    let snapshot = Arc::new(match std::env::var_os("ZEEF_DATA") {
        Some(folder) => Snapshot::open(folder.as_ref())?,
        None => {
            // Two editions, so that an entry has a past.
            let data = temporary.path().join("data");
            lists::import(&data, &lists::bundled())?;
            lists::import(&data, &lists::public().1)?;
            Snapshot::open(&data)?
        }
    });
    for list in &snapshot.manifest().lists {
        println!("list {}: {} entities, {} names", list.list, list.counts.entities, list.counts.names);
    }
    let server = zeef::service::runtime()?;
    let listener = server.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let handle = Arc::new(ScreenerHandle::of(Screener::new(snapshot, Vec::new())));
    // What is screened is recorded and raised, so that the queue has something to show.
    let records =
        server.block_on(Records::open(&StoreUrl::in_folder(temporary.path()), OnFailure::Refuse))?;
    let monitor = Monitor::new(records.store.clone(), MonitorOptions::default())?;
    let watching = Some(Watching::new(monitor));
    let config = Config { records: Some(records), watching, ..Config::default() };
    server.spawn(run(listener, std::future::pending(), config, handle));

    let mut browser = Browser::open(&address.to_string())?;
    println!("\n{:<24} {:>10} {:>10} {:>10} {:>10}", "page", "bytes", "p50 ms", "p99 ms", "max ms");
    for (name, method, path, form) in PAGES {
        let mut taken: Vec<Duration> = Vec::with_capacity(times);
        let mut bytes = 0;
        for _ in 0..times {
            let begun = Instant::now();
            bytes = browser.ask(method, path, form)?.1.len();
            taken.push(begun.elapsed());
        }
        taken.sort_unstable();
        let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!("{name:<24} {bytes:>10} {:>10.2} {:>10.2} {:>10.2}", at(0.5), at(0.99), at(1.0));
    }
    Ok(())
}

/// One kept connection with the token of its forms.
struct Browser {
    stream: BufReader<TcpStream>,
    host: String,
    token: String,
}

impl Browser {
    fn open(host: &str) -> Result<Self, Failure> {
        let stream = TcpStream::connect(host)?;
        stream.set_nodelay(true)?;
        let stream = BufReader::new(stream);
        let mut browser = Self { stream, host: host.to_owned(), token: String::new() };
        let head = browser.ask("GET", "/screen", "")?.0;
        let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: zeef_form="));
        browser.token = cookie.and_then(|c| c.split(';').next()).ok_or("no form token")?.to_owned();
        Ok(browser)
    }

    /// Head and body of an answer.
    fn ask(&mut self, method: &str, path: &str, form: &str) -> Result<(String, String), Failure> {
        let body = if method == "POST" { format!("token={}&{form}", self.token) } else { String::new() };
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\ncookie: zeef_form={}\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{body}",
            self.host,
            self.token,
            body.len()
        );
        self.stream.get_mut().write_all(request.as_bytes())?;
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut head)? == 0 {
                return Err("the connection ended".into());
            }
        }
        if !head.starts_with("HTTP/1.1 200") {
            return Err(format!("{path}: {}", head.lines().next().unwrap_or_default()).into());
        }
        let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).ok_or("no length")?;
        let mut body = vec![0; length.trim().parse()?];
        self.stream.read_exact(&mut body)?;
        Ok((head, String::from_utf8(body)?))
    }
}
