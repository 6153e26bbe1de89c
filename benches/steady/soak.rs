//! A long steady load of every kind of call, with everything recorded, and what it does to the server's memory.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};
use zeef::index::Snapshot;
use zeef::service::proto;
use zeef::service::proto::case_service_client::CaseServiceClient;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;

use crate::program::Server;
use crate::{Failure, machine};

/// Subjects asked for, again and again.
const SUBJECTS: u64 = 20_000;
/// How often the server's memory is looked at.
const LOOK: Duration = Duration::from_secs(10);
/// Until then caches fill, and what is kept of each thread comes into being.
const WARM: Duration = Duration::from_secs(120);

/// Pauses between calls of one caller: so many calls a second that a small machine has time left.
const UNARY: Duration = Duration::from_millis(10);
const OTHERS: Duration = Duration::from_millis(100);
/// Items of a stream, and of a run that is recorded as one.
const ITEMS: usize = 200;

/// What was asked, by kind, and what failed.
#[derive(Default)]
struct Counts {
    unary: AtomicU64,
    items: AtomicU64,
    runs: AtomicU64,
    cases: AtomicU64,
    json: AtomicU64,
    pages: AtomicU64,
    failed: AtomicU64,
}

/// What callers share.
struct Load {
    subjects: Vec<proto::Subject>,
    counts: Counts,
    next: AtomicU64,
    over: AtomicBool,
}

/// Runs it.
pub fn run() -> Result<(), Failure> {
    let time = Duration::from_secs_f64(crate::number("ZEEF_BENCH_SECONDS", 600.0));
    let home = tempfile::tempdir()?;
    let data = home.path().join("data");
    let (title, lists) = crate::lists::public();
    crate::lists::import(&data, &lists)?;
    let snapshot = Snapshot::open(&data)?;
    let load = Arc::new(Load {
        subjects: crate::subjects(&snapshot, SUBJECTS),
        counts: Counts::default(),
        next: AtomicU64::new(0),
        over: AtomicBool::new(false),
    });
    println!("{title}: {} entities; recording; {} s", snapshot.manifest().entity_count(), time.as_secs());
    drop(snapshot);
    let server = Server::start(&crate::configuration(home.path(), &data, true)?, None);
    let (address, process) = (server.address(), server.id().to_string());
    let runtime = Runtime::new()?;
    let web: Vec<_> = (0..2)
        .map(|kind| {
            let load = Arc::clone(&load);
            std::thread::spawn(move || over_http(&load, address, kind == 0))
        })
        .collect();
    let seen = runtime.block_on(async {
        let channel = || async {
            Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true).connect().await
        };
        let mut callers = JoinSet::new();
        for _ in 0..2 {
            callers.spawn(one_by_one(Arc::clone(&load), channel().await?));
        }
        for run in ["", "nightly"] {
            callers.spawn(in_streams(Arc::clone(&load), channel().await?, run));
        }
        callers.spawn(cases(Arc::clone(&load), channel().await?));
        let seen = watch(&load, &process, time).await;
        load.over.store(true, Ordering::SeqCst);
        callers.join_all().await;
        Ok::<_, Failure>(seen)
    })?;
    for caller in web {
        caller.join().map_err(|_| "a caller panicked")?;
    }
    let stored = std::fs::read_dir(&data)?.filter_map(|f| f.ok()?.metadata().ok()).filter(|m| m.is_file());
    println!("records on disk: {} MB", stored.map(|m| m.len()).sum::<u64>() / 1_000_000);
    flat(&seen);
    if !server.stop() {
        return Err("the server did not end well".into());
    }
    match load.counts.failed.load(Ordering::SeqCst) {
        0 => Ok(()),
        failed => Err(format!("{failed} calls failed").into()),
    }
}

/// Looks at the server's memory again and again: when, and how many bytes it had of its own.
async fn watch(load: &Load, process: &str, time: Duration) -> Vec<(Duration, u64)> {
    let begun = Instant::now();
    let mut seen = Vec::new();
    println!("{:>6} {:>9} {:>10}   answers", "s", "RSS MB", "anon MB");
    while begun.elapsed() < time {
        tokio::time::sleep(LOOK).await;
        let of = |field| machine::memory(process, field).unwrap_or(0);
        let (all, own) = (of("VmRSS"), of("RssAnon"));
        let c = &load.counts;
        let n = |count: &AtomicU64| count.load(Ordering::Relaxed);
        println!(
            "{:>6} {:>9.1} {:>10.1}   {} unary, {} of streams, {} of runs, {} cases, {} JSON, {} pages; {} failed",
            begun.elapsed().as_secs(),
            all as f64 / 1e6,
            own as f64 / 1e6,
            n(&c.unary),
            n(&c.items),
            n(&c.runs),
            n(&c.cases),
            n(&c.json),
            n(&c.pages),
            n(&c.failed)
        );
        seen.push((begun.elapsed(), own));
    }
    seen
}

/// Says how memory went once everything had been asked for some time.
fn flat(seen: &[(Duration, u64)]) {
    let warm: Vec<_> = seen.iter().filter(|(at, _)| *at > WARM).collect();
    let (Some(first), Some(last)) = (warm.first(), warm.last()) else {
        return println!("too short to say how memory goes");
    };
    let most = warm.iter().map(|(_, bytes)| *bytes).max().unwrap_or(0);
    let least = warm.iter().map(|(_, bytes)| *bytes).min().unwrap_or(0);
    // The straight line that lies nearest.
    let n = warm.len() as f64;
    let mean = |value: &dyn Fn(&(Duration, u64)) -> f64| warm.iter().map(|s| value(s)).sum::<f64>() / n;
    let (time, memory) = (mean(&|s| s.0.as_secs_f64()), mean(&|s| s.1 as f64));
    let product = mean(&|s| (s.0.as_secs_f64() - time) * (s.1 as f64 - memory));
    let square = mean(&|s| (s.0.as_secs_f64() - time).powi(2));
    println!(
        "own memory from {} s on: {:.1} MB at first, {:.1} MB at last, between {:.1} and {:.1}; {:+.2} MB a minute",
        first.0.as_secs(),
        first.1 as f64 / 1e6,
        last.1 as f64 / 1e6,
        least as f64 / 1e6,
        most as f64 / 1e6,
        product / square.max(f64::MIN_POSITIVE) * 60.0 / 1e6
    );
}

impl Load {
    fn subject(&self) -> (u64, proto::Subject) {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        // A stock of references, as a university has of its people: the queue of matches stays of one size.
        let mut subject = self.subjects[(n % SUBJECTS) as usize].clone();
        subject.reference = format!("staff-{}", n % SUBJECTS);
        (n, subject)
    }

    fn over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    fn count<T, E>(&self, what: &AtomicU64, result: Result<T, E>) {
        let counted = if result.is_ok() { what } else { &self.counts.failed };
        counted.fetch_add(1, Ordering::Relaxed);
    }
}

async fn one_by_one(load: Arc<Load>, channel: Channel) {
    let mut service = ScreeningServiceClient::new(channel);
    while !load.over() {
        let (n, subject) = load.subject();
        let request =
            proto::ScreenRequest { subject: Some(subject), request_id: n.to_string(), ..Default::default() };
        load.count(&load.counts.unary, service.screen(request).await);
        tokio::time::sleep(UNARY).await;
    }
}

/// Streams; with a run's name they are a batch, which is recorded piece by piece.
async fn in_streams(load: Arc<Load>, channel: Channel, run: &'static str) {
    let mut service = ScreeningServiceClient::new(channel);
    let counted = if run.is_empty() { &load.counts.items } else { &load.counts.runs };
    while !load.over() {
        let items: Vec<_> = (0..ITEMS)
            .map(|_| {
                let (n, subject) = load.subject();
                let occasion = proto::Occasion { run: run.into(), ..Default::default() };
                proto::ScreenStreamRequest {
                    id: n.to_string(),
                    subject: Some(subject),
                    occasion: Some(occasion),
                    ..Default::default()
                }
            })
            .collect();
        match service.screen_stream(tokio_stream::iter(items)).await {
            Err(error) => load.count(counted, Err::<(), _>(error)),
            Ok(answers) => {
                let mut answers = answers.into_inner();
                loop {
                    match answers.message().await {
                        Ok(None) => break,
                        Ok(Some(answer)) => load.count(counted, answer.result.ok_or(())),
                        Err(error) => break load.count(counted, Err::<(), _>(error)),
                    }
                }
            }
        }
        tokio::time::sleep(OTHERS * 10).await;
    }
}

async fn cases(load: Arc<Load>, channel: Channel) {
    let mut service = CaseServiceClient::new(channel);
    while !load.over() {
        let (n, subject) = load.subject();
        let contact = proto::CaseContact {
            name: "Pieter Proefpersoon".into(),
            institution: "Beihang University".into(),
            country: "CN".into(),
            ..Default::default()
        };
        let candidate = proto::Candidate { names: vec![subject.name], ..Default::default() };
        let hire = proto::Hire { candidate: Some(candidate), contacts: vec![contact], ..Default::default() };
        let case = proto::Case {
            case_id: format!("case-{}", n % 1_000),
            about: Some(proto::case::About::Hire(hire)),
        };
        let request =
            proto::ScreenCaseRequest { case: Some(case), policy: "maastricht".into(), ..Default::default() };
        load.count(&load.counts.cases, service.screen_case(request).await);
        tokio::time::sleep(OTHERS).await;
    }
}

/// JSON calls, or pages.
fn over_http(load: &Load, address: SocketAddr, json: bool) {
    let agent = ureq::Agent::new_with_defaults();
    while !load.over() {
        let (n, subject) = load.subject();
        if json {
            let question = serde_json::json!({"name": subject.name});
            let example = serde_json::json!({"schema": "Person", "properties": {"name": [subject.name]}});
            let (path, body) = match n % 3 {
                0 => ("/match/default", serde_json::json!({"queries": {"q": example}})),
                1 => ("/v1/compare", serde_json::json!({"query": subject.name, "candidate": "Nomen Nescio"})),
                _ => ("/v1/screen", question),
            };
            let answer = agent
                .post(format!("http://{address}{path}"))
                .header("content-type", "application/json")
                .send(body.to_string())
                .and_then(|mut answer| answer.body_mut().read_to_vec());
            load.count(&load.counts.json, answer);
        } else {
            let path = match n % 4 {
                0 => "/",
                1 => "/lists",
                2 => "/search?query=university",
                _ => "/review",
            };
            let answer = agent
                .get(format!("http://{address}{path}"))
                .call()
                .and_then(|mut answer| answer.body_mut().read_to_vec());
            load.count(&load.counts.pages, answer);
        }
        std::thread::sleep(OTHERS / 2);
    }
}
