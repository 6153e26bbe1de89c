//! The project's own quality report: how many variants of listed people's names are found, by what
//! happened to them, and how many names of uninvolved people raise an alert.
//!
//! On the bundled lists, and on the full EU list where `../shared` (or the folder that `ZEEF_SHARED`
//! names) holds it. Prints tables; asserts nothing. The same every time: nothing is left to chance.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comfy_table::{Table, presets};
use jiff::Timestamp;
use rayon::prelude::*;
use zeef::index::Snapshot;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::screening::{Hit, Options, Screener, Strength, Subject, SubjectKind};
use zeef::sources::format_named;

#[path = "../tests/matcher/variants.rs"]
mod variants;

use variants::Phenomenon;

/// Most variants tried of each phenomenon, spread evenly over the list.
const MOST_VARIANTS: usize = 2_000;

/// Common given and family names by where they are common. Every given name with every family name of
/// its row makes a person whom thousands bear the name of, and nobody in particular.
const COMMON: &[(&str, &[&str], &[&str])] = &[
    ("Arabic", &["Mohammed", "Ahmed", "Fatima", "Omar", "Mariam"], &["Hassan", "Ali", "Ibrahim", "Saleh"]),
    ("Persian", &["Reza", "Maryam", "Hossein", "Zahra"], &["Hosseini", "Ahmadi", "Karimi", "Moradi"]),
    ("Chinese", &["Wei", "Xiaoming", "Jing", "Li", "Yanan"], &["Wang", "Zhang", "Liu", "Chen"]),
    ("Korean", &["Min-jun", "Ji-woo", "Seo-yeon", "Young-ho"], &["Kim", "Lee", "Park", "Choi"]),
    ("Russian", &["Sergei", "Elena", "Dmitry", "Olga"], &["Ivanov", "Smirnov", "Kuznetsov", "Popov"]),
    ("Spanish", &["Maria", "Jose", "Carmen", "Luis"], &["Garcia", "Rodriguez", "Martinez", "Lopez"]),
    ("Dutch", &["Jan", "Sanne", "Pieter", "Anouk"], &["de Vries", "Jansen", "van den Berg", "Bakker"]),
    ("English", &["James", "Mary", "Robert", "Linda"], &["Smith", "Johnson", "Brown", "Taylor"]),
    ("Indian", &["Rahul", "Priya", "Amit", "Lakshmi"], &["Sharma", "Kumar", "Patel", "Singh"]),
    ("Turkish", &["Mehmet", "Ayşe", "Mustafa", "Zeynep"], &["Yılmaz", "Kaya", "Demir", "Şahin"]),
];

fn screen(screener: &Screener, name: &str) -> Vec<Hit> {
    let subject = Subject::named(name, SubjectKind::Person);
    let options = Options { limit: Some(usize::MAX), ..Options::default() };
    screener.screen(&subject, &options, Timestamp::UNIX_EPOCH).expect("a readable name").hits
}

/// Of the variants of listed names, how many find their entity, and how many of those find it first.
fn recall(screener: &Screener, title: &str) {
    let index = screener.snapshot().names();
    let people = index.people();
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "what happened to the name",
        "variants",
        "found",
        "recall",
        "found first",
    ]);
    for phenomenon in Phenomenon::ALL {
        let variants: Vec<(u32, String)> = (0..people.len() as u32)
            // One word alone is met only whole: no variant of it is meant to be found.
            .filter(|&n| people.text(n).split_whitespace().nth(1).is_some())
            .flat_map(|n| phenomenon.variants(people.text(n)).into_iter().map(move |v| (n, v)))
            .collect();
        let step = variants.len().div_ceil(MOST_VARIANTS).max(1);
        let tried: Vec<&(u32, String)> = variants.iter().step_by(step).collect();
        let found: Vec<Option<usize>> = tried
            .par_iter()
            .map(|(name, variant)| {
                let id = &*index.card(people.name(*name).entity).id;
                screen(screener, variant).iter().position(|hit| hit.entity_id == id)
            })
            .collect();
        let hits = found.iter().flatten().count();
        let first = found.iter().flatten().filter(|at| **at == 0).count();
        table.add_row([
            format!("{phenomenon:?}").to_lowercase(),
            tried.len().to_string(),
            hits.to_string(),
            share(hits, tried.len()),
            first.to_string(),
        ]);
    }
    println!("\nRecall, {title}\n\n{table}");
}

/// How many of the uninvolved raise an alert, and how strong.
fn alerts(screener: &Screener, title: &str) {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header([
        "common names",
        "screened",
        "with an alert",
        "share",
        "alerts",
        "strong or exact",
    ]);
    for (names, given, family) in COMMON {
        let people: Vec<String> =
            given.iter().flat_map(|g| family.iter().map(move |f| format!("{g} {f}"))).collect();
        let hits: Vec<Vec<Hit>> = people.par_iter().map(|p| screen(screener, p)).collect();
        let alerted = hits.iter().filter(|h| !h.is_empty()).count();
        let strong = |h: &&Hit| matches!(h.strength, Strength::Strong | Strength::Exact);
        table.add_row([
            (*names).to_owned(),
            people.len().to_string(),
            alerted.to_string(),
            share(alerted, people.len()),
            hits.iter().map(Vec::len).sum::<usize>().to_string(),
            hits.iter().flatten().filter(strong).count().to_string(),
        ]);
    }
    println!("\nAlerts for uninvolved people, {title}\n\n{table}");
}

fn share(part: usize, whole: usize) -> String {
    if whole == 0 { "-".into() } else { format!("{:.1} %", 100.0 * part as f64 / whole as f64) }
}

fn report(snapshot: Snapshot, title: &str) {
    let screener = Screener::new(Arc::new(snapshot), Vec::new());
    recall(&screener, title);
    alerts(&screener, title);
}

fn main() {
    report(Snapshot::demo().expect("the bundled lists"), "bundled lists");
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let shared = std::env::var_os("ZEEF_SHARED").map_or_else(|| home.join("../shared"), PathBuf::from);
    let file = shared.join("lists/eu/eu-fsf-1_1-full.xml.gz");
    if !file.exists() {
        println!("\nFull EU list: not run, {} does not hold it", shared.display());
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut request = ImportRequest::new(Timestamp::now());
    request.lists.push(ListInput { format: format_named("eu").expect("the format"), files: vec![file] });
    Importer::new(folder.path().to_owned()).run(&request, &mut |_| {}).expect("the list imports");
    report(Snapshot::open(folder.path()).expect("the snapshot opens"), "full EU list");
}
