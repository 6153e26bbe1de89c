//! Reading the EU list: the bundled excerpt repeated to the size of the real list, and the real list
//! where the folder `../shared/lists` (or `$ZEEF_SHARED/lists`) holds it.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use zeef::model::Entity;
use zeef::sources::{Format, Input, Issue, Sink, SinkError, format_named};

const DEMO: &str = include_str!("../fixtures/eu-demo.xml");

/// Takes everything and keeps nothing, so that reading alone is measured.
#[derive(Default)]
struct Count {
    names: usize,
}

impl Sink for Count {
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError> {
        self.names += black_box(entity).names.len();
        Ok(())
    }

    fn issue(&mut self, issue: Issue) {
        black_box(issue);
    }
}

fn count(format: &Format, bytes: &[u8]) -> usize {
    let mut counted = Count::default();
    let input = Input::from_reader("list.xml".to_owned(), bytes).expect("readable");
    (format.read)(vec![input], &mut counted).expect("a list");
    counted.names
}

/// The excerpt's entities `times` over, each with references of its own.
fn repeated(times: usize) -> String {
    let start = DEMO.find("<sanctionEntity").expect("an entity");
    let end = DEMO.rfind("</export>").expect("an end");
    let mut list = String::with_capacity(times * DEMO.len());
    list.push_str(&DEMO[..start]);
    for n in 0..times {
        list.push_str(
            &DEMO[start..end].replace("euReferenceNumber=\"EU.", &format!("euReferenceNumber=\"EU.{n}.")),
        );
    }
    list.push_str(&DEMO[end..]);
    list
}

fn shared_list(path: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    std::fs::read(shared.join("lists").join(path)).ok()
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut input = Input::from_reader(String::new(), bytes).expect("readable");
    std::io::Read::read_to_end(&mut input.bytes, &mut plain).expect("gzip");
    plain
}

fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    group.sample_size(10).measurement_time(Duration::from_secs(5));

    let eu = format_named("eu").expect("the EU list's format");
    let generated = repeated(270);
    group.throughput(Throughput::Bytes(generated.len() as u64));
    group.bench_function("eu, the excerpt 270 times", |b| b.iter(|| count(eu, generated.as_bytes())));

    for (name, format, path) in [
        ("eu, the full list", eu, "eu/eu-fsf-1_1-full.xml.gz"),
        (
            "un, the full list",
            format_named("un").expect("the UN list's format"),
            "other/un-consolidated.xml.gz",
        ),
    ] {
        let Some(packed) = shared_list(path) else {
            eprintln!("{name}: NOT RUN, the list is not here");
            continue;
        };
        let plain = unpacked(&packed);
        group.throughput(Throughput::Bytes(plain.len() as u64));
        let size = plain.len() as f64 / 1e6;
        group.bench_function(format!("{name}, {size:.1} MB"), |b| b.iter(|| count(format, &plain)));
        group.bench_function(format!("{name}, gzip"), |b| b.iter(|| count(format, &packed)));
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
