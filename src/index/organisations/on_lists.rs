//! Organisations of the real lists against the development set, where both are at hand.
//!
//! The lists and the set are no part of the repository: the folder `../shared`, or the one that
//! `ZEEF_SHARED` names, holds them. Without it the test says so and passes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::matching::organisation::OrganisationQuery;
use crate::matching::score::PRIOR_BITS;
use crate::model::{Entity, EntityKind};
use crate::sources::{Input, Issue, Sink, SinkError, format_named};

use super::{OrganisationIndex, OrganisationIndexBuilder, Scratch};

/// Keeps the organisations.
#[derive(Default)]
struct Organisations(Vec<Entity>);

impl Sink for Organisations {
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError> {
        if entity.kind == EntityKind::Organisation {
            self.0.push(entity);
        }
        Ok(())
    }

    fn issue(&mut self, _issue: Issue) {}
}

fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let whole = [
        "lists/eu/eu-fsf-1_1-full.xml.gz",
        "lists/aspi/china-defence-universities.misp.json",
        "eval/dev/aspi.jsonl",
    ]
    .iter()
    .all(|f| folder.join(f).exists());
    if !whole {
        eprintln!("not run: {} does not hold the lists and the development set", folder.display());
    }
    whole.then_some(folder)
}

fn read(list: &str, file: &Path) -> Vec<Entity> {
    let mut sink = Organisations::default();
    let input = Input::open(file).expect("the list opens");
    (format_named(list).expect("a format").read)(vec![input], &mut sink).expect("the list reads");
    sink.0
}

fn compile(entities: &[Entity]) -> OrganisationIndex {
    let mut builder = OrganisationIndexBuilder::new();
    for (i, entity) in entities.iter().enumerate() {
        builder.add(i as u32, entity);
    }
    let index = builder.build();
    OrganisationIndex::from_bytes(&index.to_bytes()).expect("what was written is read")
}

#[derive(Default)]
struct Count {
    rows: usize,
    yes: usize,
    first: usize,
    others: usize,
}

impl Count {
    fn rate(&self) -> f64 {
        self.yes as f64 / self.rows.max(1) as f64
    }
}

#[test]
fn listed_names_word_for_word() {
    let Some(shared) = shared() else { return };
    let mut entities = read("aspi", &shared.join("lists/aspi/china-defence-universities.misp.json"));
    entities.extend(read("eu", &shared.join("lists/eu/eu-fsf-1_1-full.xml.gz")));
    let index = compile(&entities);
    let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
    let mut count = Count::default();
    for (i, entity) in entities.iter().enumerate() {
        for name in &entity.names {
            let query = OrganisationQuery::new(&name.whole, &[], "");
            index.find(&query, PRIOR_BITS, &mut scratch, &mut hits);
            count.rows += 1;
            count.yes += usize::from(hits.iter().any(|h| h.entity as usize == i));
            count.others += hits.iter().filter(|h| h.entity as usize != i).count();
        }
    }
    let others = count.others as f64 / count.rows as f64;
    eprintln!("listed names: {} of {} found, other entities a row {others:.3}", count.yes, count.rows);
    assert_eq!(count.yes, count.rows);
    assert!(others <= 0.5);
}

#[test]
fn affiliations_of_tracked_and_untracked_institutions() {
    let Some(shared) = shared() else { return };
    let entities = read("aspi", &shared.join("lists/aspi/china-defence-universities.misp.json"));
    let index = compile(&entities);
    let (mut scratch, mut hits, mut all) = (Scratch::default(), Vec::new(), Vec::new());
    let (mut candidates, mut lost) = (0, 0);
    let mut slices: BTreeMap<String, Count> = BTreeMap::new();
    let rows = std::fs::read_to_string(shared.join("eval/dev/aspi.jsonl")).expect("the set reads");
    for line in rows.lines() {
        let row: serde_json::Value = serde_json::from_str(line).expect("a row");
        let query = OrganisationQuery::new(row["name"].as_str().expect("a name"), &[], "");
        index.find(&query, PRIOR_BITS, &mut scratch, &mut hits);
        index.find_exhaustively(&query, PRIOR_BITS, &mut scratch, &mut all);
        candidates += all.len();
        lost += all.iter().filter(|h| !hits.contains(h)).count();
        let ids: Vec<&str> = hits.iter().map(|h| entities[h.entity as usize].id.as_str()).collect();
        let expected = row["expected"].as_str();
        let slice = row["slice"].as_str().unwrap_or_default().to_owned();
        for key in [if expected.is_some() { "tracked" } else { "untracked" }.to_owned(), slice] {
            let count = slices.entry(key).or_default();
            count.rows += 1;
            count.yes += usize::from(expected.map_or(!ids.is_empty(), |e| ids.contains(&e)));
            count.first += usize::from(expected.is_some() && ids.first().copied() == expected);
            count.others += ids.iter().filter(|i| Some(**i) != expected).count();
        }
    }
    for (slice, count) in &slices {
        eprintln!(
            "{slice:20} {:4} of {:4} = {:.4}, first {:4}, others {}",
            count.yes,
            count.rows,
            count.rate(),
            count.first,
            count.others
        );
    }
    eprintln!("candidates lost against scoring everything: {lost} of {candidates}");
    assert!(slices["tracked"].rate() >= 0.93);
    assert!(slices["untracked"].rate() <= 0.03);
    assert!(lost as f64 <= 0.001 * candidates as f64);
}
