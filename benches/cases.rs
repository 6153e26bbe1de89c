//! Whole cases: one candidate, five contacts with their institutions, fifteen affiliations.
//!
//! On the full lists where the folder `../shared/lists` (or `$ZEEF_SHARED/lists`) holds them, else on the
//! demonstration lists; the names of the benches say which.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::screening::Screener;
use zeef::screening::case::{CaseForm, CheckedCase, Threads};
use zeef::screening::policy::Profile;
use zeef::sources::format_named;

/// Institutions of a CV: most on no list, some on the tracker, one its laboratory.
const INSTITUTIONS: [&str; 15] = [
    "Rijksuniversiteit Groningen",
    "Dept. of Physics, University of Oxford, Oxford, United Kingdom",
    "School of Astronautics, Harbin Inst. of Technol., Harbin 150001, China",
    "Max Planck Institute for Chemistry, Mainz",
    "Universidad Nacional Autónoma de México",
    "北京大学",
    "Faculty of Engineering, Cairo University, Giza, Egypt",
    "Indian Institute of Technology Bombay",
    "State Key Laboratory of Software Development Environment",
    "Kyoto University, Graduate School of Informatics",
    "Universität Wien",
    "Northwestern University, Evanston, Illinois",
    "Московский государственный университет",
    "Seoul National University Hospital",
    "Tecnológico de Monterrey",
];

/// People of a case, made up.
const PEOPLE: [&str; 6] = [
    "Annelies Voorbeeld",
    "Mohammad Ali Voorbeeldi",
    "Voorbeeld Xiaoming",
    "Иван Примеров",
    "Pieter Proefpersoon",
    "Maria del Ejemplo García",
];

fn case_text() -> String {
    let mut text = format!("hire:\n  candidate: {{names: [\"{}\"], birth_date: 1990-05-17}}\n", PEOPLE[0]);
    text.push_str("  contacts:\n");
    for (person, institution) in PEOPLE[1..].iter().zip(INSTITUTIONS) {
        let _ = writeln!(text, "    - {{name: \"{person}\", institution: \"{institution}\"}}");
    }
    text.push_str("  affiliations:\n");
    for (institution, year) in INSTITUTIONS.iter().zip(2005..) {
        let _ = writeln!(text, "    - {{institution: \"{institution}\", start: {year}, end: {}}}", year + 1);
    }
    text
}

fn shared(path: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(shared.join("lists").join(path)).filter(|p| p.exists())
}

/// The full lists, imported into `folder`.
fn full(folder: &Path) -> Option<Snapshot> {
    let list = |format: &str, path: &str| {
        Some(ListInput { format: format_named(format)?, files: vec![shared(path)?] })
    };
    let mut request = ImportRequest::new(jiff::Timestamp::now());
    request.lists = vec![
        list("eu", "eu/eu-fsf-1_1-full.xml.gz")?,
        list("aspi", "aspi/china-defence-universities.misp.json")?,
    ];
    Importer::new(folder).run(&request, &mut |_| {}).ok()?;
    Snapshot::open(folder).ok()
}

fn cases(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (snapshot, lists) = match full(folder.path()) {
        Some(snapshot) => (snapshot, "full EU list and tracker"),
        None => (Snapshot::demo().expect("the demonstration lists"), "demonstration lists"),
    };
    let screener = Screener::new(Arc::new(snapshot), Vec::new());
    let policy = Profile::open("maastricht").expect("it comes with zeef");
    let required = policy.asked_lists();
    let now = jiff::Timestamp::now();
    let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
    let text = case_text();
    let read = || CheckedCase::read(text.as_bytes(), CaseForm::Yaml, today).expect("the case is right");
    let case = read();

    let mut group = c.benchmark_group(format!("case of 26 subjects ({lists})"));
    group.bench_function("read and checked", |b| b.iter(|| black_box(read())));
    for (name, threads) in [("screened on one thread", Threads::Own), ("screened on all", Threads::All)] {
        group.bench_function(name, |b| {
            b.iter(|| screener.screen_case_until(black_box(&case), &required, now, threads, &|| false))
        });
    }
    let screened = screener.screen_case(&case, &required, now).expect("lists are loaded");
    group.bench_function("read by the policy", |b| {
        b.iter(|| policy.apply(black_box(&case), screened.clone()));
    });
    group.finish();
}

criterion_group!(benches, cases);
criterion_main!(benches);
