//! Which listed names a query could reach the threshold with.
//!
//! Each word of the query is looked up first ([`lookup`]), so that it is known what it can say at most:
//! nothing, where no listed word agrees with it. Then the names that hold a word agreeing with one of the
//! query's are met ([`meet`]), as far as they could still reach what is needed ([`bounds`]). What is left is
//! held against what is needed once more, with the attributes of each name's own entity. Every bound
//! is from above: no name that the scorer would show is lost here, except where two spellings share
//! no key ([`super::keys`]).

mod bounds;
mod lookup;
mod meet;
mod places;
#[cfg(test)]
mod tests;

use crate::index::hashed;
use crate::matching::cjk;
use crate::matching::person;
use crate::names::PersonName;
use crate::names::cjk::CjkName;
use crate::names::word::WordKind;

use super::outline::Birth;
use super::people::{People, is_weighty};

use bounds::Bounds;
pub use bounds::Lift;
use lookup::{Asked, LookUp, LookedUp};
use meet::Meeting;

/// Memory reused from one query to the next.
#[derive(Default)]
pub struct Scratch {
    look_up: LookUp,
    looked_up: LookedUp,
    meeting: Meeting,
    /// The atoms that could agree with the query's, and the names that have such.
    fit: cjk::Fit,
    read: Vec<(u32, Birth)>,
    /// Which dictionary what is remembered here is of.
    dictionary: u64,
}

impl Scratch {
    fn begin(&mut self, people: &People) {
        if self.dictionary != people.dictionary {
            self.dictionary = people.dictionary;
            self.look_up.begin(people);
        }
    }
}

/// Collects into `out` the names that could reach `needed` bits with the query's name and attributes; each
/// once. Names equal to the query's are always among them.
pub fn collect(
    people: &People,
    query: &PersonName,
    needed: f32,
    lift: &Lift<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) {
    scratch.begin(people);
    let first = out.len();
    out.extend(hashed::run(&people.exact, query.fold_hash));
    if let Some(cjk) = &query.cjk {
        by_syllables(people, cjk, needed, lift, scratch, out);
    }
    if !person::is_weak(query) {
        by_words(people, query, needed, lift, scratch, out);
    }
    out[first..].sort_unstable();
    let mut kept = first;
    for at in first..out.len() {
        if kept == first || out[kept - 1] != out[at] {
            out[kept] = out[at];
            kept += 1;
        }
    }
    out.truncate(kept);
}

fn by_words(
    people: &People,
    query: &PersonName,
    needed: f32,
    lift: &Lift<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) {
    let count = |kind| query.words.iter().filter(|w| w.kind == kind).count() as u32;
    let bounds = Bounds {
        needed: needed - ROUNDING,
        titles: count(WordKind::Title),
        initials: count(WordKind::Initial),
        weighty: query.words.iter().filter(|w| is_weighty(w)).count() as u32,
        is_syllabic: person::is_syllabic(query.cjk.as_ref()),
        lift,
    };
    let asked = Asked::all(query);
    let Scratch { look_up, looked_up, meeting, .. } = scratch;
    if !looked_up.all(people, &asked, &bounds, look_up) {
        return;
    }
    meeting.meet(people, &asked, looked_up, &bounds);
    for met in meeting.met() {
        let (query_left, listed_left) = met.left(&bounds);
        let reach = bounds.reach(met.outline, met.bits, query_left, listed_left);
        if reach + lift.most_of(met.outline.birth) >= bounds.needed
            && (lift.is_none() || reach + lift.of(people.name(met.name).entity) >= bounds.needed)
        {
            out.push(met.name);
        }
    }
}

/// How much two ways to add up the same bits may differ.
const ROUNDING: f32 = 1e-3;

/// The names that reach what is needed as East Asian names.
fn by_syllables(
    people: &People,
    query: &CjkName,
    needed: f32,
    lift: &Lift<'_>,
    scratch: &mut Scratch,
    out: &mut Vec<u32>,
) {
    let Scratch { fit, read, .. } = scratch;
    fit.ready(query);
    read.clear();
    for key in query.keys() {
        let filed = people.syllables.under(key).iter();
        read.extend(filed.filter(|f| fit.may_agree(&f.atoms)).map(|f| (f.name, f.birth)));
    }
    read.sort_unstable_by_key(|r| r.0);
    read.dedup_by_key(|r| r.0);
    let needed = needed - ROUNDING;
    for &(name, birth) in &*read {
        let Some(bits) = people.cjk.get(&name).and_then(|listed| cjk::bits(query, listed)) else { continue };
        let bits = bits as f32;
        if bits + lift.most_of(birth) >= needed
            && (lift.is_none() || bits + lift.of(people.name(name).entity) >= needed)
        {
            out.push(name);
        }
    }
}
