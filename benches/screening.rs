//! Screening and comparing in process, against two baselines measured in the same run: a linear scan
//! with strsim's Jaro-Winkler over folded names, and the exhaustive scorer. And what the search is made of,
//! distances of sounds, against the same taken one by one.
//!
//! On the bundled lists always; on the full EU list and the tracker where `ZEEF_DATA` names a folder
//! they were imported into. The queries are made-up combinations of common names of the world's
//! cultures: as in use, most are of nobody listed.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use zeef::index::Snapshot;
use zeef::matching::person::{self, NameView};
use zeef::matching::sound::{self, Against, Rows, Vowels};
use zeef::matching::word;
use zeef::names::PersonName;
use zeef::names::frequency::{Kind, entries};
use zeef::names::sound::encode;
use zeef::screening::{Options, Screener, Subject, SubjectKind};

/// How many queries there are to draw from.
const QUERIES: usize = 4_096;

/// Given and family names of one culture put together, from a fixed seed.
fn queries() -> Vec<String> {
    let of = |kind: Kind| entries().filter(|e| e.kind == kind).collect::<Vec<_>>();
    let (given, family) = (of(Kind::Given), of(Kind::Family));
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    (0..QUERIES)
        .map(|_| {
            let last = family[next(family.len())];
            let same: Vec<_> = given.iter().filter(|g| g.culture == last.culture).collect();
            let first = same.get(next(same.len())).map_or("maria", |g| g.name);
            format!("{first} {}", last.name)
        })
        .collect()
}

fn screening(c: &mut Criterion) {
    let queries = queries();
    let mut snapshots = Vec::new();
    match Snapshot::demo() {
        Ok(demo) => snapshots.push(("demo", Arc::new(demo))),
        Err(error) => eprintln!("the bundled lists cannot be opened: {error}"),
    }
    match std::env::var("ZEEF_DATA").map(|folder| Snapshot::open(Path::new(&folder))) {
        Ok(Ok(full)) => snapshots.push(("data", Arc::new(full))),
        Ok(Err(error)) => eprintln!("ZEEF_DATA cannot be opened: {error}"),
        Err(_) => eprintln!("ZEEF_DATA is not set: only the bundled lists are measured"),
    }
    for (name, snapshot) in snapshots {
        let mut group = c.benchmark_group(format!("screening/{name}"));
        group.throughput(Throughput::Elements(1)).measurement_time(Duration::from_secs(4)).sample_size(20);
        let screener = Screener::new(snapshot.clone(), Vec::new());
        let (options, now) = (Options::default(), jiff::Timestamp::now());
        let mut at = 0;
        let mut query = || {
            at = (at + 1) % queries.len();
            queries[at].as_str()
        };
        group.bench_function("screen", |b| {
            b.iter_batched(
                || Subject::named(query(), SubjectKind::Person),
                |subject| black_box(screener.screen(&subject, &options, now)),
                BatchSize::SmallInput,
            );
        });
        group.bench_function("analyse", |b| b.iter(|| black_box(PersonName::analyse(query()))));
        let people = snapshot.names().people();
        let folded: Vec<String> = (0..people.len() as u32)
            .map(|n| zeef::names::script::fold(people.text(n)).to_lowercase())
            .collect();
        group.bench_function("baseline: strsim Jaro-Winkler over all names", |b| {
            b.iter(|| {
                let query = query();
                black_box(folded.iter().map(|name| strsim::jaro_winkler(query, name)).fold(0.0, f64::max))
            });
        });
        group.sample_size(10);
        group.bench_function("baseline: the scorer over all names", |b| {
            b.iter(|| {
                let name = PersonName::analyse(query());
                let (mut query_words, mut words) = (Vec::new(), Vec::new());
                let view = NameView::of(&name, &mut query_words);
                let bits = (0..people.len() as u32)
                    .map(|n| person::compare(view, people.view(n, &mut words)).bits())
                    .fold(f32::MIN, f32::max);
                black_box(bits)
            });
        });
        group.finish();
    }
}

/// A word's sounds held against those of the world's names: in one run, as candidates are looked up, and each
/// alone, which is the oracle of the run.
fn distances(c: &mut Criterion) {
    let mut listed: Vec<Vec<u8>> = entries().map(|e| encode(e.name)).filter(|s| !s.is_empty()).collect();
    listed.sort_unstable();
    listed.dedup();
    let shared: Vec<usize> = std::iter::once(0)
        .chain(listed.windows(2).map(|w| w[0].iter().zip(&w[1]).take_while(|(a, b)| a == b).count()))
        .collect();
    let asked: Vec<&Vec<u8>> = listed.iter().step_by(97).collect();
    // What a word of middling rarity may cost.
    let most = word::most_cost(12.0, 6, false);
    let mut group = c.benchmark_group("distances");
    group.throughput(Throughput::Elements(listed.len() as u64));
    let mut at = 0;
    let mut next = || {
        at = (at + 1) % asked.len();
        asked[at]
    };
    group.bench_function("in one run", |b| {
        let mut rows = Rows::default();
        b.iter(|| {
            let mut against = Against::new(next(), Vowels::Written, Vowels::Written, most, &mut rows);
            let costs = listed.iter().zip(&shared).filter_map(|(l, shared)| against.cost(l, *shared));
            black_box(costs.map(u64::from).sum::<u64>())
        });
    });
    group.bench_function("baseline: each alone", |b| {
        b.iter(|| {
            let asked = next();
            let costs =
                listed.iter().filter_map(|l| sound::cost(asked, l, Vowels::Written, Vowels::Written, most));
            black_box(costs.map(u64::from).sum::<u64>())
        });
    });
    group.finish();
}

criterion_group!(benches, screening, distances);
criterion_main!(benches);
