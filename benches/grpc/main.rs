//! Load on the gRPC service over loopback, from a client on the same cores.
//!
//! `cargo bench --bench grpc` prints throughput and latency percentiles of
//!
//! * `ScreenStream`, as fast as flow control allows;
//! * `Screen`, as fast as a fixed number of callers can ask;
//! * `Screen` at half of that rate, and at a tenth of it beside a running stream, *open loop*: calls
//!   begin at fixed times whether or not earlier ones have been answered, and latency counts from
//!   the time at which a call was due, so that a stall is charged to every call that it delays;
//! * bytes there and back at the same times, without a service, alone and with as much work about them as a call
//!   makes: the machine's own share of that.
//!
//! Of calls at fixed times two p99 are told: of all, and of the middle one of many short windows. Whatever takes a
//! core for some milliseconds now and then (another process, the system's own threads) is in the first and not in
//! the second.
//!
//! On the full EU list and the tracker, or the bundled lists where these are not at hand; `ZEEF_DATA` names
//! a data folder to serve instead. `ZEEF_BENCH_SECONDS` (5) bounds each part in time, `ZEEF_BENCH_ITEMS`
//! (200,000) in count. Client and server share the
//! machine: figures are of both together, and a busy machine shows in the tail first. The CPU time per
//! answer, again of both together, is what another process on the machine changes least.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};
use zeef::index::Snapshot;
use zeef::screening::{Screener, Subject, SubjectKind};
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, proto, run};

/// The allocator of the binary, so that figures are the binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod client;
mod floor;
#[path = "../generate/mod.rs"]
mod generate;
#[path = "../scale/lists.rs"]
mod lists;
#[path = "../scale/machine.rs"]
mod machine;
mod pace;
#[path = "../scale/questions.rs"]
mod questions;
#[path = "../../tests/matcher/variants.rs"]
mod variants;

use bytes::Bytes;

use client::Client;
use questions::Questions;

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Bulk = ScreeningServiceClient<Channel>;

/// Callers of the closed loop. Enough to keep two cores busy, few enough to queue little.
const CALLERS: usize = 16;
/// Subjects asked for, again and again.
const SUBJECTS: u64 = 20_000;
/// Before a part is measured, such a share of its calls warms up.
const WARM_UP: f64 = 0.1;
/// Windows of which p99 is told for itself: long enough for a thousand calls, short enough that a disturbance of
/// milliseconds is in few.
const WINDOW: Duration = Duration::from_millis(200);

fn main() -> Result<(), Failure> {
    // `cargo test --benches` builds and starts benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        println!("nothing measured; run `cargo bench --bench grpc`");
        return Ok(());
    }
    let time = Duration::from_secs(number("ZEEF_BENCH_SECONDS", 5) as u64);
    let most = number("ZEEF_BENCH_ITEMS", 200_000);

    println!("{}; load average {}", machine::cores(), machine::load());
    let temporary = tempfile::tempdir()?;
    let snapshot = Arc::new(match std::env::var_os("ZEEF_DATA") {
        Some(folder) => Snapshot::open(folder.as_ref())?,
        None => {
            lists::import(temporary.path(), &lists::public().1)?;
            Snapshot::open(temporary.path())?
        }
    });
    for list in &snapshot.manifest().lists {
        println!("list {}: {} entities, {} names", list.list, list.counts.entities, list.counts.names);
    }
    let subjects = Arc::new(subjects(&snapshot));

    // Two runtimes, as if server and client were two processes; the client's has this thread alone.
    let server = zeef::service::runtime()?;
    let client = Builder::new_current_thread().enable_all().build()?;
    let listener = server.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    let messages: Arc<[Bytes]> = subjects.iter().map(client::request).collect();
    let handle = Arc::new(ScreenerHandle::of(Screener::new(snapshot, Vec::new())));
    server.spawn(run(listener, std::future::pending(), Config::default(), handle));

    client.block_on(async {
        let screening = Client::connect(address).await?;
        let endpoint = Endpoint::from_shared(format!("http://{address}"))?.tcp_nodelay(true);
        let bulk = ScreeningServiceClient::new(endpoint.connect().await?);

        let streamed = stream(&bulk, &subjects, time, most).await?;
        println!("\nScreenStream, one stream:           {streamed}");

        let closed = closed_loop(&screening, &messages, time, most).await?;
        println!("Screen, {CALLERS} callers:                 {closed}");

        let half = open_loop(&screening, &messages, closed.rate() / 2.0, time, most).await?;
        println!("Screen, open loop, half of that:    {half}");

        let alone = bare(closed.rate() / 2.0, time, most, Duration::ZERO).await?;
        println!("bytes alone, at the same times:     {alone}");
        if let Some(work) = half.each().zip(alone.each()).map(|(half, alone)| half.saturating_sub(alone)) {
            let busy = bare(closed.rate() / 2.0, time, most, work / 2).await?;
            println!("bytes, and as much work:            {busy}");
        }

        // The stream goes on until the unary calls are done. It has a connection of its own: on one
        // connection calls wait behind its bytes, whatever the service does.
        let stop = Arc::new(AtomicBool::new(false));
        let beside = tokio::spawn({
            let (subjects, stop) = (Arc::clone(&subjects), Arc::clone(&stop));
            async move { stream_until(&bulk, &subjects, move |_| stop.load(Ordering::Relaxed)).await }
        });
        let mut mixed = open_loop(&screening, &messages, closed.rate() / 10.0, time, most).await?;
        // The core time of the whole process is the stream's too.
        mixed.cpu = None;
        stop.store(true, Ordering::Relaxed);
        let mut beside = beside.await??;
        beside.cpu = None;
        println!("Screen, open loop, a tenth of that: {mixed}");
        println!("  beside one ScreenStream of        {beside}");
        Ok::<_, Failure>(())
    })?;
    println!("\nmost memory resident, client and server together: {} MB", machine::peak() / 1_000_000);
    server.shutdown_background();
    Ok(())
}

/// When a part of the bench began.
struct Begun {
    at: Instant,
    cpu: Option<Duration>,
}

impl Begun {
    fn now() -> Self {
        Self { at: Instant::now(), cpu: cpu_time() }
    }

    /// Ends the part.
    fn measured(self, answers: usize, mut latencies: Vec<Duration>) -> Measured {
        latencies.sort_unstable();
        let cpu = cpu_time().zip(self.cpu).map(|(now, then)| now.saturating_sub(then));
        Measured { answers, took: self.at.elapsed(), cpu, latencies, in_windows: None }
    }

    /// Ends the part, of calls at fixed times: when each was due, and how long it took from then.
    fn measured_over_time(self, mut calls: Vec<(Instant, Duration)>) -> Measured {
        let at = self.at;
        let mut measured = self.measured(calls.len(), calls.iter().map(|call| call.1).collect());
        let window = |due: &Instant| due.saturating_duration_since(at).as_nanos() / WINDOW.as_nanos();
        calls.sort_unstable();
        let mut windows: Vec<f64> = calls
            .chunk_by(|a, b| window(&a.0) == window(&b.0))
            .map(|calls| {
                let mut latencies: Vec<Duration> = calls.iter().map(|call| call.1).collect();
                latencies.sort_unstable();
                percentile(&latencies, 0.99)
            })
            .collect();
        windows.sort_by(f64::total_cmp);
        measured.in_windows = windows.get(windows.len() / 2).copied();
        measured
    }
}

/// CPU time of all threads of this process, where `/proc` tells it.
fn cpu_time() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The second field, the name in parentheses, may hold blanks: count from behind it.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks: u64 = fields.get(11..13)?.iter().filter_map(|f| f.parse::<u64>().ok()).sum();
    // Linux tells these in hundredths of a second on every architecture.
    Some(Duration::from_millis(ticks * 10))
}

/// What one part of the bench measured.
struct Measured {
    answers: usize,
    took: Duration,
    /// CPU time of client and server.
    cpu: Option<Duration>,
    /// Sorted; empty where only throughput was measured.
    latencies: Vec<Duration>,
    /// The middle one of the windows' p99 in milliseconds, where calls were at fixed times.
    in_windows: Option<f64>,
}

/// The latency, in milliseconds, that this share of the calls kept to.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let i = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(i).map_or(f64::NAN, |l| l.as_secs_f64() * 1e3)
}

impl Measured {
    fn rate(&self) -> f64 {
        self.answers as f64 / self.took.as_secs_f64()
    }

    /// CPU time of each answer.
    fn each(&self) -> Option<Duration> {
        Some(self.cpu? / u32::try_from(self.answers.max(1)).unwrap_or(u32::MAX))
    }
}

impl std::fmt::Display for Measured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>8.0} /s", self.rate())?;
        if let Some(each) = self.each() {
            write!(f, ", CPU {:>4.0} µs each", each.as_secs_f64() * 1e6)?;
        }
        if !self.latencies.is_empty() {
            let [p50, p99, p999] = [0.5, 0.99, 0.999].map(|share| percentile(&self.latencies, share));
            write!(f, ", p50 {p50:.3} ms, p99 {p99:.3} ms, p99.9 {p999:.3} ms")?;
        }
        if let Some(in_windows) = self.in_windows {
            write!(f, "; p99 of the middle window {in_windows:.3} ms")?;
        }
        Ok(())
    }
}

/// Streams until `time` or `most` items are over.
async fn stream(
    client: &Bulk,
    subjects: &Arc<Vec<proto::Subject>>,
    time: Duration,
    most: usize,
) -> Result<Measured, Failure> {
    let end = Instant::now() + time;
    stream_until(client, subjects, move |sent| sent >= most || Instant::now() >= end).await
}

/// Streams until `over` says so, which is asked before each item with the number of items sent.
async fn stream_until(
    client: &Bulk,
    subjects: &Arc<Vec<proto::Subject>>,
    over: impl Fn(usize) -> bool + Send + 'static,
) -> Result<Measured, Failure> {
    let subjects = Arc::clone(subjects);
    let sent = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&sent);
    let items = std::iter::from_fn(move || {
        let i = counter.load(Ordering::Relaxed);
        (!over(i)).then(|| {
            counter.store(i + 1, Ordering::Relaxed);
            proto::ScreenStreamRequest {
                id: i.to_string(),
                subject: Some(subjects[i % subjects.len()].clone()),
                ..Default::default()
            }
        })
    });
    let begun = Begun::now();
    let mut answers = client.clone().screen_stream(tokio_stream::iter(items)).await?.into_inner();
    let mut received = 0;
    while let Some(answer) = answers.message().await? {
        if answer.id != received.to_string() {
            return Err("answers are not in input order".into());
        }
        received += 1;
    }
    if received != sent.load(Ordering::Relaxed) {
        return Err(format!("{received} answers for {} items", sent.load(Ordering::Relaxed)).into());
    }
    Ok(begun.measured(received, Vec::new()))
}

/// A fixed number of callers, each asking again when it has its answer.
async fn closed_loop(
    client: &Client,
    messages: &Arc<[Bytes]>,
    time: Duration,
    most: usize,
) -> Result<Measured, Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Begun::now();
    let end = begun.at + time;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let (client, messages, next) = (client.clone(), Arc::clone(messages), Arc::clone(&next));
        callers.spawn(async move {
            let mut latencies = Vec::new();
            while Instant::now() < end {
                let i = next.fetch_add(1, Ordering::Relaxed);
                if i >= most {
                    break;
                }
                let asked = Instant::now();
                client.screen(messages[i % messages.len()].clone()).await?;
                latencies.push(asked.elapsed());
            }
            Ok::<_, Failure>(latencies)
        });
    }
    let mut latencies = Vec::new();
    while let Some(caller) = callers.join_next().await {
        latencies.extend(caller??);
    }
    Ok(begun.measured(latencies.len(), latencies))
}

/// Calls at fixed times, `rate` a second, whatever becomes of earlier ones.
async fn open_loop(
    client: &Client,
    messages: &Arc<[Bytes]>,
    rate: f64,
    time: Duration,
    most: usize,
) -> Result<Measured, Failure> {
    let calls = ((rate * time.as_secs_f64()) as usize).clamp(1, most);
    client.at_fixed_times(messages, rate, (calls as f64 * WARM_UP) as usize).await?;
    let begun = Begun::now();
    Ok(begun.measured_over_time(client.at_fixed_times(messages, rate, calls).await?))
}

/// The same without any service: what of the latencies is the machine's own.
/// Either side is busy for `work` with each message.
async fn bare(rate: f64, time: Duration, most: usize, work: Duration) -> Result<Measured, Failure> {
    let calls = ((rate * time.as_secs_f64()) as usize).clamp(1, most);
    let begun = Begun::now();
    Ok(begun.measured_over_time(floor::echo(rate, calls, work).await?))
}

/// Some thousand subjects, mostly people who are not listed.
fn subjects(snapshot: &Snapshot) -> Vec<proto::Subject> {
    let questions = Questions::of(snapshot.names());
    let message = |subject: Subject| proto::Subject {
        name: subject.name,
        birth_date: subject.birth_date.map(|d| d.to_string()).unwrap_or_default(),
        kind: match subject.kind {
            SubjectKind::Person => proto::SubjectKind::Person,
            SubjectKind::Organisation => proto::SubjectKind::Organisation,
            SubjectKind::Any => proto::SubjectKind::Any,
        }
        .into(),
        ..Default::default()
    };
    (0..SUBJECTS).map(|number| message(questions.ask(number).1)).collect()
}

fn number(variable: &str, default: usize) -> usize {
    std::env::var(variable).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}
