//! What recording costs: the same load on the service with and without an audit trail.
//!
//! `cargo bench --bench audit` prints, without records and with them in SQLite (and in PostgreSQL, where
//! `ZEEF_TEST_POSTGRES` names a server),
//!
//! * `ScreenStream` of 20,000 subjects (`ZEEF_BENCH_ITEMS`), recorded item by item and as one run;
//! * `Screen` by 16 callers who each wait for their answer: throughput, p50 and p99.
//!
//! On the full EU list and the tracker, or the bundled lists where these are not at hand. Client, server and
//! database share the machine. Every answer that is recorded has been synced to disk before it came: the disk
//! is part of what is measured.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tonic::transport::{Channel, Endpoint};
use zeef::index::Snapshot;
use zeef::review::store::StoreUrl;
use zeef::review::{OnFailure, Records};
use zeef::screening::{Screener, Subject, SubjectKind};
use zeef::service::proto::screening_service_client::ScreeningServiceClient;
use zeef::service::{Config, ScreenerHandle, proto, run};

/// The allocator of the binary, so that figures are the binary's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[path = "generate/mod.rs"]
mod generate;
#[path = "scale/lists.rs"]
mod lists;
#[path = "scale/machine.rs"]
mod machine;
#[path = "scale/questions.rs"]
mod questions;
#[path = "../tests/matcher/variants.rs"]
mod variants;

use questions::Questions;

type Failure = Box<dyn std::error::Error + Send + Sync>;
type Client = ScreeningServiceClient<Channel>;

/// Callers who each wait for their answer.
const CALLERS: usize = 16;
/// Subjects of one pass of the stream, unless `ZEEF_BENCH_ITEMS` says otherwise.
const SUBJECTS: u64 = 20_000;
/// How long callers ask, in seconds.
const SECONDS: u64 = 5;

fn main() -> Result<(), Failure> {
    // `cargo test --benches` builds and starts benches too, without this argument.
    if !std::env::args().any(|a| a == "--bench") {
        println!("nothing measured; run `cargo bench --bench audit`");
        return Ok(());
    }
    println!("{}; load average {}", machine::cores(), machine::load());
    let home = tempfile::tempdir()?;
    let data = home.path().join("data");
    lists::import(&data, &lists::public().1)?;
    let snapshot = Arc::new(Snapshot::open(&data)?);
    for list in &snapshot.manifest().lists {
        println!("list {}: {} entities, {} names", list.list, list.counts.entities, list.counts.names);
    }
    let subjects = Arc::new(subjects(&snapshot));
    let mut stores = vec![("no records", None), ("SQLite", Some(StoreUrl::in_folder(home.path())))];
    if let Ok(server) = std::env::var("ZEEF_TEST_POSTGRES") {
        stores.push(("PostgreSQL", Some(format!("{server}/postgres").parse()?)));
    }
    for (name, store) in stores {
        println!("\n{name}");
        measure(&snapshot, &subjects, store)?;
    }
    Ok(())
}

fn measure(
    snapshot: &Arc<Snapshot>,
    subjects: &Arc<Vec<proto::Subject>>,
    store: Option<StoreUrl>,
) -> Result<(), Failure> {
    // Two runtimes, as if server and client were two processes.
    let server = zeef::service::runtime()?;
    let client = Runtime::new()?;
    let recorded = store.is_some();
    let records = match store {
        Some(url) => Some(server.block_on(Records::open(&url, OnFailure::Refuse))?),
        None => None,
    };
    let listener = server.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = format!("http://{}", listener.local_addr()?);
    let handle = Arc::new(ScreenerHandle::of(Screener::new(Arc::clone(snapshot), Vec::new())));
    server.spawn(run(listener, std::future::pending(), Config { records, ..Config::default() }, handle));
    client.block_on(async {
        let screening =
            ScreeningServiceClient::new(Endpoint::from_shared(address)?.tcp_nodelay(true).connect().await?);
        // The first pass warms up, and raises what there is to be raised.
        stream(&screening, subjects, "").await?;
        println!("  ScreenStream:             {}", stream(&screening, subjects, "").await?);
        if recorded {
            println!("  ScreenStream, as one run: {}", stream(&screening, subjects, "bench").await?);
        }
        println!("  Screen, {CALLERS} callers:       {}", closed_loop(&screening, subjects).await?);
        Ok::<_, Failure>(())
    })?;
    server.shutdown_background();
    Ok(())
}

/// Every subject once over one stream.
async fn stream(client: &Client, subjects: &Arc<Vec<proto::Subject>>, run: &str) -> Result<String, Failure> {
    let (subjects, run) = (Arc::clone(subjects), run.to_owned());
    let items = (0..subjects.len()).map(move |i| proto::ScreenStreamRequest {
        id: i.to_string(),
        subject: Some(subjects[i].clone()),
        occasion: Some(proto::Occasion { purpose: "bench".into(), run: run.clone(), ..Default::default() }),
        ..Default::default()
    });
    let begun = Instant::now();
    let mut answers = client.clone().screen_stream(tokio_stream::iter(items)).await?.into_inner();
    let (mut count, mut hits) = (0_u32, 0);
    while let Some(answer) = answers.message().await? {
        match answer.result {
            Some(proto::screen_stream_response::Result::Answer(answer)) => hits += answer.hits.len(),
            _ => return Err("an item was not answered".into()),
        }
        count += 1;
    }
    let rate = f64::from(count) / begun.elapsed().as_secs_f64();
    Ok(format!("{rate:>8.0} a second ({hits} hits)"))
}

/// Callers who each wait for their answer before they ask again.
async fn closed_loop(client: &Client, subjects: &Arc<Vec<proto::Subject>>) -> Result<String, Failure> {
    let next = Arc::new(AtomicUsize::new(0));
    let begun = Instant::now();
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (mut client, subjects, next) = (client.clone(), Arc::clone(subjects), Arc::clone(&next));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while begun.elapsed() < Duration::from_secs(SECONDS) {
                    let subject = subjects[next.fetch_add(1, Ordering::Relaxed) % subjects.len()].clone();
                    let asked = Instant::now();
                    client
                        .screen(proto::ScreenRequest { subject: Some(subject), ..Default::default() })
                        .await?;
                    times.push(asked.elapsed());
                }
                Ok::<_, tonic::Status>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for caller in callers {
        times.extend(caller.await??);
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    Ok(format!("{rate:>8.0} a second, p50 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.99)))
}

/// Subjects, mostly people who are not listed.
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
    let count =
        std::env::var("ZEEF_BENCH_ITEMS").ok().and_then(|n| n.parse().ok()).unwrap_or(SUBJECTS).max(1);
    (0..count).map(|number| message(questions.ask(number).1)).collect()
}
