//! A switch of lists under load.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tonic::transport::{Channel, Endpoint};
use zeef::index::Snapshot;
use zeef::service::proto;
use zeef::service::proto::screening_service_client::ScreeningServiceClient;

use crate::Failure;
use crate::program::Server;

type Client = ScreeningServiceClient<Channel>;

/// Subjects asked for, again and again.
const SUBJECTS: u64 = 4_000;
/// Callers who find out what the machine can do.
const CALLERS: usize = 16;
/// Connections of the open loop.
const CONNECTIONS: usize = 4;
/// Between two switches.
const EVERY: Duration = Duration::from_secs(6);
/// The windows of which p99 is told.
const WINDOW: Duration = Duration::from_millis(100);

/// What an answer is compared by: hits with their scores, to the last bit.
type Told = Vec<(String, u64)>;

/// One call of the open loop.
struct Call {
    /// When it was due, from the beginning.
    due: Duration,
    latency: Duration,
    outcome: Outcome,
}

enum Outcome {
    /// Answered, by this snapshot.
    By(Arc<str>),
    /// Answered otherwise than its snapshot had before.
    Wrong,
    /// Why not.
    Failed(String),
}

/// Runs it.
pub fn run() -> Result<(), Failure> {
    let (share, seconds) =
        (crate::number("ZEEF_BENCH_SHARE", 0.6), crate::number("ZEEF_BENCH_SECONDS", 24.0));
    let home = tempfile::tempdir()?;
    let data = home.path().join("data");
    let (title, lists) = crate::lists::public();
    crate::lists::import(&data, &lists)?;
    let current = data.join("CURRENT");
    let first = std::fs::read(&current)?;
    // Another snapshot of as many entities: one more file of ratings.
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/aspi-demo-ratings.csv");
    let tracker: Vec<String> = lists.into_iter().filter(|l| l.starts_with("aspi=")).take(1).collect();
    crate::lists::import(&data, &[tracker, vec![format!("aspi={}", fixture.display())]].concat())?;
    let second = std::fs::read(&current)?;

    let snapshot = Snapshot::open(&data)?;
    let subjects = Arc::new(crate::subjects(&snapshot, SUBJECTS));
    println!("{title}: {} entities, two snapshots", snapshot.manifest().entity_count());
    drop(snapshot);
    let server = Server::start(&crate::configuration(home.path(), &data, false)?, None);
    let address = format!("http://{}", server.address());
    let client = Runtime::new()?;
    client.block_on(async {
        let endpoint = Endpoint::from_shared(address)?.tcp_nodelay(true);
        let mut connections = Vec::new();
        for _ in 0..CONNECTIONS {
            connections.push(ScreeningServiceClient::new(endpoint.connect().await?));
        }
        // What each snapshot answers, alone.
        let mut known: HashMap<String, Vec<Told>> = HashMap::new();
        for named in [&first, &second] {
            switch_to(&current, named)?;
            let (snapshot, answers) = alone(&connections[0], &subjects, &known).await?;
            known.insert(snapshot, answers);
        }
        let known = Arc::new(known);
        let rate = closed_loop(&connections, &subjects).await?;
        println!("{CALLERS} callers: {rate:.0} /s; open loop at {share} of that, for {seconds:.0} s");

        let switches = std::thread::spawn({
            let (begun, named) = (Instant::now(), [first, second]);
            move || {
                let mut at = Vec::new();
                for turn in 0.. {
                    std::thread::sleep((EVERY * (turn + 1)).saturating_sub(begun.elapsed()));
                    if begun.elapsed() + Duration::from_secs(3) > Duration::from_secs_f64(seconds) {
                        break;
                    }
                    if switch_to(&current, &named[turn as usize % 2]).is_err() {
                        break;
                    }
                    at.push(begun.elapsed());
                }
                at
            }
        });
        let calls = open_loop(&connections, &subjects, &known, rate * share, seconds).await?;
        let switches = switches.join().map_err(|_| "the switching thread panicked")?;
        report(calls, &switches);
        Ok::<_, Failure>(())
    })?;
    if !server.stop() {
        return Err("the server did not end well".into());
    }
    Ok(())
}

/// Names the current generation, as an import does at its end: written aside, then renamed.
fn switch_to(current: &Path, named: &[u8]) -> std::io::Result<()> {
    let aside = current.with_extension("next");
    std::fs::write(&aside, named)?;
    std::fs::rename(aside, current)
}

/// An answer, by its snapshot.
async fn ask(client: &mut Client, subject: proto::Subject) -> Result<(String, Told), tonic::Status> {
    let request = proto::ScreenRequest { subject: Some(subject), ..Default::default() };
    let answer = client.screen(request).await?.into_inner().answer.unwrap_or_default();
    let hits = answer.hits.into_iter().map(|hit| (hit.entity_id, hit.score.to_bits())).collect();
    Ok((answer.stamp.unwrap_or_default().snapshot, hits))
}

/// All answers of the snapshot that has just been named, once it is served.
async fn alone(
    client: &Client,
    subjects: &[proto::Subject],
    known: &HashMap<String, Vec<Told>>,
) -> Result<(String, Vec<Told>), Failure> {
    let mut client = client.clone();
    let begun = Instant::now();
    // The first is served already, and may be the one that was imported last.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let snapshot = loop {
        let (snapshot, _) = ask(&mut client, subjects[0].clone()).await?;
        if !known.contains_key(&snapshot) {
            break snapshot;
        }
        if begun.elapsed() > Duration::from_secs(60) {
            return Err("the snapshot is not served".into());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    let mut answers = Vec::new();
    for subject in subjects {
        let (by, told) = ask(&mut client, subject.clone()).await?;
        if by != snapshot {
            return Err("the lists were switched by somebody else".into());
        }
        answers.push(told);
    }
    Ok((snapshot, answers))
}

/// Calls a second that a fixed number of callers get who wait for each answer.
async fn closed_loop(clients: &[Client], subjects: &Arc<Vec<proto::Subject>>) -> Result<f64, Failure> {
    let (begun, time) = (Instant::now(), Duration::from_secs(5));
    let next = Arc::new(AtomicUsize::new(0));
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let mut client = clients[caller % clients.len()].clone();
        let (next, subjects) = (Arc::clone(&next), Arc::clone(subjects));
        callers.spawn(async move {
            while begun.elapsed() < time {
                let n = next.fetch_add(1, Ordering::Relaxed);
                ask(&mut client, subjects[n % subjects.len()].clone()).await?;
            }
            Ok::<_, tonic::Status>(())
        });
    }
    while let Some(caller) = callers.join_next().await {
        caller??;
    }
    Ok(next.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64())
}

/// Calls at fixed times, whatever becomes of earlier ones.
async fn open_loop(
    clients: &[Client],
    subjects: &Arc<Vec<proto::Subject>>,
    known: &Arc<HashMap<String, Vec<Told>>>,
    rate: f64,
    seconds: f64,
) -> Result<Vec<Call>, Failure> {
    let calls = (rate * seconds) as usize;
    let begun = Instant::now();
    let (pace, mut due_calls) = tokio::sync::mpsc::unbounded_channel();
    // A thread of its own: the runtime's timer ticks in milliseconds.
    std::thread::spawn(move || {
        for n in 0..calls {
            let due = Duration::from_secs_f64(n as f64 / rate);
            std::thread::sleep(due.saturating_sub(begun.elapsed()));
            if pace.send((n, due)).is_err() {
                break;
            }
        }
    });
    let mut running = JoinSet::new();
    let mut done = Vec::with_capacity(calls);
    while let Some((n, due)) = due_calls.recv().await {
        let mut client = clients[n % clients.len()].clone();
        let (known, subjects) = (Arc::clone(known), Arc::clone(subjects));
        running.spawn(async move {
            let question = n % subjects.len();
            let answer = ask(&mut client, subjects[question].clone()).await;
            // From when it was due, not from when anybody came round to it.
            let latency = begun.elapsed().saturating_sub(due);
            let outcome = match answer {
                Err(status) => Outcome::Failed(format!("{:?}: {}", status.code(), status.message())),
                Ok((by, told)) if known.get(&by).is_some_and(|all| all[question] == told) => {
                    Outcome::By(by.into())
                }
                Ok(_) => Outcome::Wrong,
            };
            Call { due, latency, outcome }
        });
        while let Some(call) = running.try_join_next() {
            done.push(call?);
        }
    }
    while let Some(call) = running.join_next().await {
        done.push(call?);
    }
    done.sort_unstable_by_key(|call| call.due);
    Ok(done)
}

/// The latency that 99 of 100 calls keep to, in milliseconds.
fn p99(calls: &[Call]) -> f64 {
    let mut latencies: Vec<Duration> = calls.iter().map(|call| call.latency).collect();
    latencies.sort_unstable();
    let at = (latencies.len() * 99 / 100).min(latencies.len().saturating_sub(1));
    latencies.get(at).map_or(f64::NAN, |latency| latency.as_secs_f64() * 1e3)
}

/// The calls due from one moment to another.
fn between(calls: &[Call], from: Duration, to: Duration) -> &[Call] {
    let at = |time: Duration| calls.partition_point(|call| call.due < time);
    &calls[at(from)..at(to)]
}

fn report(calls: Vec<Call>, switches: &[Duration]) {
    let count = |is: fn(&Outcome) -> bool| calls.iter().filter(|call| is(&call.outcome)).count();
    let (failed, wrong) =
        (count(|o| matches!(o, Outcome::Failed(_))), count(|o| matches!(o, Outcome::Wrong)));
    println!(
        "{} calls over {} switches: {failed} failed, {wrong} answered otherwise than their snapshot had alone",
        calls.len(),
        switches.len()
    );
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for call in &calls {
        if let Outcome::Failed(reason) = &call.outcome {
            *reasons.entry(reason).or_default() += 1;
        }
    }
    for (reason, times) in reasons {
        println!("failed {times} times: {reason}");
    }
    println!("p99 of all calls: {:.2} ms", p99(&calls));
    for &named in switches {
        // Taken up with the first answer by another snapshot than the one before.
        let by = |call: &Call| match &call.outcome {
            Outcome::By(by) => Some(Arc::clone(by)),
            _ => None,
        };
        let before = between(&calls, Duration::ZERO, named).iter().rev().find_map(by);
        let after = between(&calls, named, Duration::MAX).iter();
        let taken_up = after.clone().find(|c| by(c).is_some_and(|by| Some(by) != before)).map(|c| c.due);
        let quiet = p99(between(&calls, named.saturating_sub(Duration::from_secs(2)), named));
        println!(
            "\nswitch at {:.1} s, taken up {:.0} ms later; p99 of the two seconds before: {quiet:.2} ms",
            named.as_secs_f64(),
            taken_up.map_or(f64::NAN, |at| at.saturating_sub(named).as_secs_f64() * 1e3)
        );
        let mut doubled = 0;
        let mut line = String::new();
        for n in 0..20u32 {
            let window = p99(between(&calls, named + WINDOW * n, named + WINDOW * (n + 1)));
            doubled += u32::from(window > 2.0 * quiet);
            line += &format!(" {window:.1}");
        }
        println!("p99 of each 100 ms from then on, in ms:{line}");
        println!("more than doubled in {} ms of 2,000", doubled * 100);
    }
}
