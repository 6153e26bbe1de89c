//! Import, open, look-up and analysts' search.
//!
//! Always on generated lists of made-up names; on the full EU list and the tracker too where the
//! folder `../shared/lists` (or `$ZEEF_SHARED/lists`) holds them.

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::index::{SearchRequest, Snapshot, SnapshotError};
use zeef::model::{Entity, EntityKind, Name};
use zeef::sources::{Format, Header, Input, ReadError, Sink, format_named};

/// As many people, with as many names each, as the EU list has.
const PEOPLE: usize = 6_000;
const NAMES_EACH: usize = 5;

static GENERATED: Format =
    Format { name: "generated", title: "Generated list", files: "names, one entity a line", read };
static OTHER: Format =
    Format { name: "other", title: "Another generated list", files: "names, one entity a line", read };

fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for input in inputs {
        for (i, line) in input.bytes.lines().enumerate() {
            let line = line.map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
            sink.entity(Entity {
                id: format!("G.{i}"),
                kind: EntityKind::Person,
                names: line.split(';').map(Name::of).collect(),
                ..Entity::default()
            })?;
        }
    }
    Ok(Header::default())
}

/// Made-up names of syllables that a generator with a fixed seed puts together.
fn generate(people: usize, seed: u64) -> String {
    const SYLLABLES: [&str; 24] = [
        "ba", "dor", "fi", "gu", "hal", "ki", "lem", "mo", "nar", "pe", "qui", "ros", "sa", "tev", "u",
        "vin", "wo", "xa", "yel", "zo", "ям", "ко", "哈", "工",
    ];
    let mut state = seed;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut text = String::new();
    for _ in 0..people {
        for name in 0..NAMES_EACH {
            let separator = if name == 0 { "" } else { ";" };
            text.push_str(separator);
            for word in 0..3 {
                let space = if word == 0 { "" } else { " " };
                let (a, b, c) = (next(24), next(24), next(24));
                let _ = write!(text, "{space}{}{}{}", SYLLABLES[a], SYLLABLES[b], SYLLABLES[c]);
            }
        }
        text.push('\n');
    }
    text
}

fn import(data: &Path, lists: &[ListInput]) {
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    request.lists = lists.to_vec();
    let report = Importer::new(data).run(&request, &mut |_| {}).expect("import");
    black_box(report);
}

fn shared(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(shared.join("lists").join(path)).filter(|p| p.exists())
}

fn real_lists() -> Option<Vec<ListInput>> {
    let list = |format: &str, path: &str| {
        Some(ListInput { format: format_named(format)?, files: vec![shared(path)?] })
    };
    Some(vec![
        list("eu", "eu/eu-fsf-1_1-full.xml.gz")?,
        list("aspi", "aspi/china-defence-universities.misp.json")?,
    ])
}

fn benches(c: &mut Criterion) {
    let home = tempfile::tempdir().expect("temporary folder");
    let file = |name: &str, seed: u64| {
        let path = home.path().join(name);
        std::fs::write(&path, generate(PEOPLE, seed)).expect("list file");
        path
    };
    let generated = [ListInput { format: &GENERATED, files: vec![file("generated", 1)] }];
    let other = [ListInput { format: &OTHER, files: vec![file("other", 2)] }];
    let mut sets = vec![("generated", generated.to_vec(), "G.77", "balemmo*")];
    match real_lists() {
        Some(lists) => sets.push(("eu+aspi", lists, "EU.27.28", "institute")),
        None => println!("eu+aspi: NOT RUN, ../shared/lists is not there"),
    }

    let mut group = c.benchmark_group("snapshot");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    for (name, lists, id, query) in &sets {
        let data = home.path().join(format!("data-{name}"));
        group.bench_function(format!("import/{name}"), |b| b.iter(|| import(&data, lists)));
        group.bench_function(format!("open/{name}"), |b| {
            b.iter(|| black_box(Snapshot::open(&data).expect("open").manifest().id.len()));
        });
        let snapshot = Snapshot::open(&data).expect("open");
        let list = lists[0].format.name;
        group.bench_function(format!("entity/{name}"), |b| {
            b.iter(|| black_box(snapshot.entity(list, id).expect("read")));
        });
        let request = SearchRequest { query: (*query).to_owned(), ..SearchRequest::default() };
        group.bench_function(format!("search/{name}"), |b| {
            b.iter(|| black_box(snapshot.search(&request).expect("search").total));
        });
        group.bench_function(format!("all-entities/{name}"), |b| {
            b.iter(|| {
                let mut names = 0;
                let counted = snapshot.for_each_entity(|e| {
                    names += e.names.len();
                    Ok::<(), SnapshotError>(())
                });
                counted.expect("read");
                black_box(names)
            });
        });
    }
    // What an import costs when another list of the same size is carried over.
    let data = home.path().join("carry");
    import(&data, &generated);
    group.bench_function("import-beside-carried-over/generated", |b| b.iter(|| import(&data, &other)));
    group.bench_function("demo", |b| {
        b.iter(|| black_box(Snapshot::demo().expect("demo").names().entity_count()))
    });
    group.finish();
}

criterion_group!(snapshot, benches);
criterion_main!(snapshot);
