//! Candidates against an oracle that scores every listed name: what the index leaves out must not be
//! what the scorer would have shown.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use jiff::Timestamp;
use rayon::prelude::*;
use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::index::{NameIndex, Snapshot};
use zeef::matching::attributes::{self, Attributes};
use zeef::matching::person::{self, NameView};
use zeef::matching::score::PRIOR_BITS;
use zeef::model::{EntityKind, PartialDate};
use zeef::names::PersonName;
use zeef::screening::{Options, Screener};
use zeef::sources::format_named;

use crate::support::{DEMO, now, person, shared_list};
use crate::variants::Phenomenon;

/// Of what the oracle shows, at least this share must be found.
const LEAST_FOUND: f64 = 0.999;
/// Variants tried on the full list: the oracle scores its 20,000 names for each.
const MOST_VARIANTS: usize = 1200;
/// Variants held against their own names alone: an index that loses one of a thousand shows it.
const MOST_OF_OWN: usize = 20_000;

/// A variant of a listed name, for some with the birth date of its bearer: attributes lift names that
/// would not be shown without them, and the candidates have to hold those too.
#[derive(Clone)]
struct Asked {
    /// The name it is of.
    listed: u32,
    phenomenon: Phenomenon,
    name: String,
    birth_date: Option<PartialDate>,
}

/// All variants of all listed people's names.
fn asked(index: &NameIndex) -> Vec<Asked> {
    let mut out = Vec::new();
    for number in 0..index.people().len() as u32 {
        let name = index.people().text(number);
        let card = index.card(index.people().name(number).entity);
        let birth_date = card.attributes.births.iter().find_map(|b| b.date);
        for phenomenon in Phenomenon::ALL {
            for variant in phenomenon.variants(name) {
                let birth_date = birth_date.filter(|_| out.len() % 3 == 0);
                out.push(Asked { listed: number, phenomenon, name: variant, birth_date });
            }
        }
    }
    out
}

/// The people whom scoring these listed names puts at or above the default threshold.
fn oracle(index: &NameIndex, asked: &Asked, listed: Range<u32>) -> BTreeSet<String> {
    let name = PersonName::analyse(&asked.name);
    let subject = Attributes { birth_date: asked.birth_date, ..Attributes::default() };
    let (mut query_words, mut words) = (Vec::new(), Vec::new());
    let view = NameView::of(&name, &mut query_words);
    let people = index.people();
    listed
        .filter_map(|number| {
            let card = index.card(people.name(number).entity);
            let agreement = person::compare(view, people.view(number, &mut words));
            let bits = agreement.bits() + attributes::bits(&subject, &card.attributes);
            (card.kind == EntityKind::Person && bits >= PRIOR_BITS as f32).then(|| card.id.to_string())
        })
        .collect()
}

fn screened(screener: &Screener, asked: &Asked) -> BTreeSet<String> {
    let mut subject = person(&asked.name);
    subject.birth_date = asked.birth_date;
    let options = Options { limit: Some(usize::MAX), ..Options::default() };
    let answer = screener.screen(&subject, &options, now()).unwrap();
    answer.hits.into_iter().map(|hit| hit.entity_id).collect()
}

/// Which listed names a variant is held against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Against {
    All,
    Own,
}

/// Screens every variant and holds the hits against the oracle's.
fn check(screener: &Screener, asked: &[Asked], against: Against, least_found: f64) {
    let index = screener.snapshot().names();
    let results: Vec<(usize, Vec<String>)> = asked
        .par_iter()
        .map(|one| {
            let listed = match against {
                Against::All => 0..index.people().len() as u32,
                Against::Own => one.listed..one.listed + 1,
            };
            let (expected, found) = (oracle(index, one, listed), screened(screener, one));
            let is_whole = against == Against::Own || found.is_subset(&expected);
            assert!(is_whole, "{:?} {}: hits that do not score", one.phenomenon, one.name);
            let missed = expected.difference(&found);
            (expected.len(), missed.map(|id| format!("{:?} {}: {id}", one.phenomenon, one.name)).collect())
        })
        .collect();
    let expected: usize = results.iter().map(|r| r.0).sum();
    let missed: Vec<&String> = results.iter().flat_map(|r| &r.1).collect();
    println!("{} variants: {} of the oracle's {expected} hits missed", asked.len(), missed.len());
    assert!(expected >= asked.len() / 2, "only {expected} hits of {} variants", asked.len());
    let found = 1.0 - missed.len() as f64 / expected as f64;
    assert!(found >= least_found, "{found:.5} found; missed:\n{missed:#?}");
}

#[test]
fn candidates_on_the_demonstration_lists() {
    let asked = asked(DEMO.snapshot().names());
    for phenomenon in Phenomenon::ALL {
        assert!(asked.iter().any(|a| a.phenomenon == phenomenon), "{phenomenon:?} does not occur");
    }
    check(&DEMO, &asked, Against::All, LEAST_FOUND);
}

#[test]
fn candidates_on_the_full_eu_list() {
    let Some(file) = shared_list("eu/eu-fsf-1_1-full.xml.gz") else {
        println!("not run: the full EU list is not at hand (ZEEF_SHARED, else ../shared)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut request = ImportRequest::new(Timestamp::now());
    request.lists.push(ListInput { format: format_named("eu").unwrap(), files: vec![file] });
    Importer::new(folder.path().to_owned()).run(&request, &mut |_| {}).unwrap();
    let screener = Screener::new(Arc::new(Snapshot::open(folder.path()).unwrap()), Vec::new());
    // Spread evenly over the list. The steps are prime, so that they do not fall in with the
    // number of variants a name has.
    let all = asked(screener.snapshot().names());
    let every = |step: usize, most: usize| -> Vec<Asked> {
        all.iter().step_by(step.min(all.len())).take(most).cloned().collect()
    };
    check(&screener, &every(151, MOST_VARIANTS), Against::All, LEAST_FOUND);
    check(&screener, &every(7, MOST_OF_OWN), Against::Own, LEAST_FOUND);
}
