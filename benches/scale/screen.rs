//! One process that opens a snapshot and screens against it, beside two slower ways to the same answer.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use zeef::index::{NameIndex, Snapshot};
use zeef::matching::person::{self, NameView};
use zeef::matching::score::PRIOR_BITS;
use zeef::names::PersonName;
use zeef::screening::{Options, Screener, Subject};

use crate::clock::Clock;
use crate::machine;
use crate::questions::{Questions, Sort};

/// Subjects per round, and rounds: what is told is the median round.
const ROUND: u64 = 10_000;
const ROUNDS: u64 = 5;
/// A round ends early after this time.
const LONGEST_ROUND: Duration = Duration::from_secs(6);
/// Time for each of the slower ways.
const BASELINE: Duration = Duration::from_secs(3);
/// Variants tried for recall of the names that they are of, and the time for it.
const VARIANTS: usize = 20_000;
const RECALL: Duration = Duration::from_secs(20);
/// Recall of all names is measured on lists of at most so many: the oracle scores each of them.
const MOST_FOR_ALL: usize = 300_000;
/// Variants tried for that, and the time for it.
const VARIANTS_FOR_ALL: usize = 300;
const RECALL_OF_ALL: Duration = Duration::from_secs(15);

/// What a fresh process measured.
#[derive(Default, Serialize, Deserialize)]
pub struct Screened {
    /// Entities and their names, as far as people's names are compiled.
    pub entities: u64,
    /// Names of people in the compiled index.
    pub people_names: u64,
    /// Screenings per second of one thread: of core time and on the clock.
    pub per_core: f64,
    /// The same on the clock.
    pub per_second: f64,
    /// Screenings per second on all cores.
    pub all_cores: f64,
    /// Latencies of all screenings, in milliseconds: p50, p99, p99.9, the longest.
    pub latency: [f64; 4],
    /// p50 and p99 of strangers, misspelt listed people, organisations.
    pub by_sort: [[f64; 2]; 3],
    /// Mean microseconds of analysing a name: part of each screening.
    pub analysis: f64,
    /// Screenings per second by strsim's Jaro-Winkler over all folded names.
    pub strsim: f64,
    /// Screenings per second by scoring all names.
    pub exhaustive: f64,
    /// Variants of listed names that score against these, and for how many of them the screener has their entity.
    pub recall: (usize, usize),
    /// Hits of the oracle on variants of listed names, and how many of them the screener has.
    pub recall_of_all: Option<(usize, usize)>,
    /// Memory resident after screening, and the most.
    pub resident: u64,
    /// The most.
    pub peak: u64,
}

/// What opening took.
#[derive(Default, Serialize, Deserialize)]
pub struct Opened {
    /// Seconds.
    pub seconds: f64,
    /// Memory resident once it is open.
    pub resident: u64,
    /// The most on the way.
    pub peak: u64,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Opens a snapshot, and no more.
pub fn open(folder: &Path) -> Result<Opened, Failure> {
    let before = Instant::now();
    let snapshot = Snapshot::open(folder)?;
    let seconds = before.elapsed().as_secs_f64();
    black_box(&snapshot);
    Ok(Opened { seconds, resident: resident(), peak: machine::peak() })
}

/// Opens a snapshot and measures screening against it.
pub fn measure(folder: &Path) -> Result<Screened, Failure> {
    let screener = Screener::new(Arc::new(Snapshot::open(folder)?), Vec::new());
    let index = screener.snapshot().names();
    let questions = Questions::of(index);
    let mut out = Screened {
        entities: index.entity_count() as u64,
        people_names: index.people().len() as u64,
        ..Screened::default()
    };
    one_thread(&screener, &questions, &mut out)?;
    // Memory as a service has it, before the slower ways take theirs.
    (out.resident, out.peak) = (resident(), machine::peak());
    all_cores(&screener, &questions, &mut out)?;
    let strangers: Vec<Subject> = (0..2_000)
        .map(|n| questions.ask(n))
        .filter(|(sort, _)| *sort == Sort::Stranger)
        .map(|s| s.1)
        .collect();
    out.analysis = {
        let clock = Clock::start();
        strangers.iter().for_each(|s| drop(black_box(PersonName::analyse(&s.name))));
        clock.took().on_core.as_secs_f64() * 1e6 / strangers.len() as f64
    };
    let folded: Vec<String> = (0..index.people().len() as u32)
        .map(|n| zeef::names::script::fold(index.people().text(n)).to_lowercase())
        .collect();
    out.strsim = rate(&strangers, |subject| {
        let name = zeef::names::script::fold(&subject.name).to_lowercase();
        black_box(folded.iter().map(|listed| strsim::jaro_winkler(&name, listed)).fold(0.0, f64::max));
    });
    drop(folded);
    out.exhaustive = rate(&strangers, |subject| drop(black_box(oracle(index, subject))));
    out.recall = recall(&screener, &questions);
    if index.people().len() <= MOST_FOR_ALL {
        out.recall_of_all = Some(recall_of_all(&screener, &questions));
    }
    Ok(out)
}

fn one_thread(screener: &Screener, questions: &Questions<'_>, out: &mut Screened) -> Result<(), Failure> {
    let (options, now) = (Options::default(), jiff::Timestamp::now());
    let (mut per_core, mut per_second) = (Vec::new(), Vec::new());
    let mut latencies: Vec<(Sort, Duration)> = Vec::new();
    // The first round warms up: pages, caches, the thread's memory.
    for round in 0..=ROUNDS {
        let subjects: Vec<(Sort, Subject)> =
            (round * ROUND..(round + 1) * ROUND).map(|n| questions.ask(n)).collect();
        let mut times = Vec::with_capacity(subjects.len());
        let clock = Clock::start();
        for (sort, subject) in &subjects {
            let begun = Instant::now();
            black_box(screener.screen(subject, &options, now)?);
            times.push((*sort, begun.elapsed()));
            if times.len() % 64 == 0 && clock.took().wall > LONGEST_ROUND {
                break;
            }
        }
        let took = clock.took();
        if round > 0 {
            per_core.push(times.len() as f64 / took.on_core.as_secs_f64());
            per_second.push(times.len() as f64 / took.wall.as_secs_f64());
            latencies.extend(times);
        }
    }
    out.per_core = median(per_core);
    out.per_second = median(per_second);
    let of = |sort: Option<Sort>| {
        let mut times: Vec<Duration> =
            latencies.iter().filter(|(s, _)| sort.is_none_or(|sort| sort == *s)).map(|(_, t)| *t).collect();
        times.sort_unstable();
        times
    };
    let all = of(None);
    out.latency = [0.5, 0.99, 0.999, 1.0].map(|share| percentile(&all, share));
    out.by_sort = [Sort::Stranger, Sort::Misspelt, Sort::Organisation].map(|sort| {
        let times = of(Some(sort));
        [0.5, 0.99].map(|share| percentile(&times, share))
    });
    Ok(())
}

fn all_cores(screener: &Screener, questions: &Questions<'_>, out: &mut Screened) -> Result<(), Failure> {
    let (options, now) = (Options::default(), jiff::Timestamp::now());
    // Others than before, and as many as take about three seconds.
    let count = ((out.per_core * 3.0) as u64).clamp(500, 100_000);
    let subjects: Vec<Subject> = (1_000_000..1_000_000 + count).map(|n| questions.ask(n).1).collect();
    let begun = Instant::now();
    subjects.par_iter().try_for_each(|s| screener.screen(s, &options, now).map(|a| drop(black_box(a))))?;
    out.all_cores = count as f64 / begun.elapsed().as_secs_f64();
    Ok(())
}

/// How many subjects a second `screen` does, of core time, in the time that there is.
fn rate(subjects: &[Subject], screen: impl Fn(&Subject)) -> f64 {
    let clock = Clock::start();
    let mut done = 0;
    for subject in subjects.iter().cycle() {
        screen(subject);
        done += 1;
        if clock.took().wall > BASELINE {
            break;
        }
    }
    f64::from(done) / clock.took().on_core.as_secs_f64()
}

/// The people whom scoring every listed name puts at or above the default threshold, by name alone.
fn oracle(index: &NameIndex, subject: &Subject) -> BTreeSet<u32> {
    let name = PersonName::analyse(&subject.name);
    let (mut query_words, mut words) = (Vec::new(), Vec::new());
    let view = NameView::of(&name, &mut query_words);
    let people = index.people();
    (0..people.len() as u32)
        .filter(|n| person::compare(view, people.view(*n, &mut words)).bits() >= PRIOR_BITS as f32)
        .map(|n| people.name(n).entity)
        .collect()
}

/// Variants of listed names that score against these, and for how many of them the screener has their entity.
fn recall(screener: &Screener, questions: &Questions<'_>) -> (usize, usize) {
    let index = screener.snapshot().names();
    let begun = Instant::now();
    let variants: Vec<(u32, Subject)> =
        (2_000_000..).take(VARIANTS).filter_map(|number| questions.misspelt(number)).collect();
    let counts = variants.par_iter().map(|(listed, subject)| {
        let name = PersonName::analyse(&subject.name);
        let (mut query_words, mut words) = (Vec::new(), Vec::new());
        let view = NameView::of(&name, &mut query_words);
        let bits = person::compare(view, index.people().view(*listed, &mut words)).bits();
        if begun.elapsed() > RECALL || bits < PRIOR_BITS as f32 {
            return (0, 0);
        }
        let card = index.card(index.people().name(*listed).entity);
        (1, usize::from(found(screener, subject).contains(&*card.id)))
    });
    counts.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// Hits of the oracle on variants of listed names, and how many of them the screener has.
fn recall_of_all(screener: &Screener, questions: &Questions<'_>) -> (usize, usize) {
    let index = screener.snapshot().names();
    let begun = Instant::now();
    let variants: Vec<Subject> = (2_000_000..)
        .take(VARIANTS_FOR_ALL)
        .filter_map(|number| Some(questions.misspelt(number)?.1))
        .collect();
    let counts = variants.par_iter().map(|subject| {
        if begun.elapsed() > RECALL_OF_ALL {
            return (0, 0);
        }
        let (expected, found) = (oracle(index, subject), found(screener, subject));
        (expected.len(), expected.iter().filter(|e| found.contains(&*index.card(**e).id)).count())
    });
    counts.reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1))
}

/// The entities of all hits; none where the screening failed.
fn found(screener: &Screener, subject: &Subject) -> BTreeSet<String> {
    let options = Options { limit: Some(usize::MAX), ..Options::default() };
    let answer = screener.screen(subject, &options, jiff::Timestamp::UNIX_EPOCH);
    answer.into_iter().flat_map(|answer| answer.hits).map(|hit| hit.entity_id).collect()
}

/// Memory that this process has resident now.
fn resident() -> u64 {
    machine::memory("self", "VmRSS").unwrap_or(0)
}

/// The latency in milliseconds that this share of the calls kept to.
fn percentile(sorted: &[Duration], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share) as usize).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(f64::NAN, |t| t.as_secs_f64() * 1e3)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
