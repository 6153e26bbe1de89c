//! Analysis and search of organisations' names: on the bundled lists, and on the real ones where
//! `../shared` (or the folder that `ZEEF_SHARED` names) holds them.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use criterion::{Criterion, criterion_group, criterion_main};
use zeef::index::organisations::{OrganisationIndex, OrganisationIndexBuilder, Scratch};
use zeef::matching::organisation::OrganisationQuery;
use zeef::matching::score::PRIOR_BITS;
use zeef::model::Entity;
use zeef::sources::{Input, Issue, Sink, SinkError, format_named};

/// What people write on a CV: listed institutions and others.
const QUERIES: &[&str] = &[
    "Dept. of Comput. Sci. & Technol., Harbin Inst. of Technol., Harbin 150001, China",
    "School of Life Sciences, University of Wuppertal, Germany",
    "Department of Neurosurgery, The First Affiliated Hospital of Nanjing Medical University, Nanjing, China",
    "Northwestern Polytechnical University",
    "Beijing University of Technology",
    "哈尔滨工业大学计算机学院",
    "Key Laboratory of Control, UESTC, Chengdu, China",
    "Maastricht University",
];

#[derive(Default)]
struct Entities(Vec<Entity>);

impl Sink for Entities {
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError> {
        self.0.push(entity);
        Ok(())
    }

    fn issue(&mut self, _issue: Issue) {}
}

fn compile(files: &[(&str, PathBuf)]) -> OrganisationIndex {
    let mut builder = OrganisationIndexBuilder::new();
    let mut sink = Entities::default();
    for (list, file) in files {
        let format = format_named(list).expect("a format");
        (format.read)(vec![Input::open(file).expect("the list opens")], &mut sink).expect("the list reads");
    }
    for (i, entity) in sink.0.iter().enumerate() {
        builder.add(i as u32, entity);
    }
    builder.build()
}

fn search(c: &mut Criterion, label: &str, index: &OrganisationIndex) {
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    c.bench_function(&format!("organisations/find {} queries, {label}", QUERIES.len()), |b| {
        b.iter(|| {
            for query in QUERIES {
                let query = OrganisationQuery::new(black_box(query), &[], "");
                index.find(&query, PRIOR_BITS, &mut scratch, &mut hits);
                black_box(&hits);
            }
        });
    });
    let bytes = index.to_bytes();
    c.bench_function(&format!("organisations/load, {label}"), |b| {
        b.iter(|| OrganisationIndex::from_bytes(black_box(&bytes)).expect("an index"));
    });
}

fn organisations(c: &mut Criterion) {
    c.bench_function(&format!("organisations/analyse {} queries", QUERIES.len()), |b| {
        b.iter(|| {
            QUERIES.iter().map(|q| OrganisationQuery::new(black_box(q), &[], "").whole).fold(0, |a, b| a ^ b)
        });
    });
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bundled = [("eu", home.join("fixtures/eu-demo.xml")), ("aspi", home.join("fixtures/aspi-demo.json"))];
    search(c, "bundled lists", &compile(&bundled));
    let shared = std::env::var_os("ZEEF_SHARED").map_or_else(|| home.join("../shared"), PathBuf::from);
    let real = [
        ("eu", shared.join("lists/eu/eu-fsf-1_1-full.xml.gz")),
        ("aspi", shared.join("lists/aspi/china-defence-universities.misp.json")),
    ];
    if real.iter().all(|(_, file)| file.exists()) {
        search(c, "real lists", &compile(&real));
    } else {
        eprintln!("real lists: not run, {} does not hold them", shared.display());
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = organisations
}
criterion_main!(benches);
