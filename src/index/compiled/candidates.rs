//! Which listed names a query could reach the threshold with.
//!
//! Each word of the query is looked up first, so that it is known what it can say at most: nothing, where
//! no listed word agrees with it. The words are taken from the one that can say most on; the names that
//! hold a word agreeing with one of them are met, and what the words say is added up name by name. A name
//! that could not reach what is needed with what has just been found and all the words still to come is
//! not met, and one that was met before is only followed. What is left in the end is held against what is needed with
//! the words that are sure to conflict, and with the attributes of the name's own entity. Every bound
//! is from above: no name that the scorer would show is lost here, except where two spellings share
//! no key ([`super::keys`]).

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::matching::attributes::{self, Attributes, MOST_GAIN};
use crate::matching::cjk;
use crate::matching::person::{self, COMPLETE, CONFLICT, OTHER_SYLLABLES, TITLE_BITS};
use crate::matching::word::{self, INITIAL_BITS, JoinedWords};
use crate::names::PersonName;
use crate::names::cjk::CjkName;
use crate::names::word::{Word, WordKind};

use super::keys::{self, Side};
use super::people::{BirthYear, Outline, People, Posting, TermKind, is_weighty};
use super::sounds::{AskedSounds, SoundScratch};

/// One word of the query, or two neighbours written as one.
struct Asked<'q> {
    /// The word, or neither.
    word: Option<&'q Word>,
    /// The neighbours.
    pair: Option<JoinedWords>,
    /// The most it can say.
    most: f32,
    /// How many weighty words of the query it stands for.
    weighty: u8,
}

impl Asked<'_> {
    /// What it and a word of the dictionary say, if they agree.
    fn bits(&self, listed: &Word) -> Option<f32> {
        let found = match (self.word, &self.pair) {
            (Some(word), _) => word::compare(word, listed),
            (None, Some(pair)) => word::compare_joined(pair, listed),
            (None, None) => None,
        };
        found.map(|m| m.bits)
    }
}

/// A name that holds a word agreeing with one of the query's.
struct Met {
    name: u32,
    outline: Outline,
    /// What its words say together, the best of each word of the query; and pairs of neighbours on top.
    bits: f32,
    /// The word of the query that last found something here, and what.
    last: u32,
    last_bits: f32,
    /// How many weighty words of the query found something, and how many such words they found.
    weighty: u8,
    found: u8,
    /// Whether the last that was found is weighty.
    last_weighty: bool,
    /// Whether words joined on either side did.
    joined: bool,
}

/// What a word of the query, or a pair, found in the dictionary.
#[derive(Clone, Copy)]
struct Found {
    /// The word of the query.
    at: u32,
    bits: f32,
    /// How many weighty words of the query it stands for.
    weighty: u8,
    /// Whether what was found is weighty.
    is_weighty: bool,
    /// Whether words are joined on either side.
    joined: bool,
}

impl Found {
    fn of(asked: &Asked<'_>, at: usize, term: TermKind, bits: f32) -> Self {
        Self {
            at: at as u32,
            bits,
            weighty: asked.weighty,
            is_weighty: term == TermKind::Weighty,
            joined: asked.pair.is_some() || term == TermKind::Joined,
        }
    }
}

impl Met {
    fn new(name: u32, outline: Outline) -> Self {
        Self {
            name,
            outline,
            bits: 0.0,
            last: u32::MAX,
            last_bits: 0.0,
            weighty: 0,
            found: 0,
            last_weighty: false,
            joined: false,
        }
    }

    fn add(&mut self, found: Found) {
        self.joined |= found.joined;
        if self.last != found.at {
            self.bits += found.bits;
            self.weighty = self.weighty.saturating_add(found.weighty);
            (self.last, self.last_bits, self.last_weighty) = (found.at, found.bits, false);
        } else if found.bits > self.last_bits {
            self.bits += found.bits - self.last_bits;
            self.last_bits = found.bits;
        }
        if found.is_weighty && !self.last_weighty {
            self.found = self.found.saturating_add(1);
            self.last_weighty = true;
        }
    }
}

/// What is needed, and the most that names can gain beside what their words say.
struct Bounds<'a> {
    needed: f32,
    /// What the words do not say: the whole name, titles, and initials, since a listed initial may stand
    /// for a word of the query and the other way round.
    extra: f32,
    /// How many weighty words the query has.
    weighty: u32,
    /// Whether it reads as syllables and nothing else.
    is_syllabic: bool,
    lift: &'a Lift<'a>,
}

impl Bounds<'_> {
    /// The most that a name can reach whose words say so much, attributes not counted. At least
    /// `query_left` weighty words of the query and `listed_left` of its own stand for none.
    fn reach(&self, outline: Outline, bits: f32, query_left: u32, listed_left: u32) -> f32 {
        let left = match outline.initials() {
            0 => -CONFLICT * query_left.min(listed_left) as f32,
            // Its initials may stand for words of the query.
            n => INITIAL_BITS * n as f32,
        };
        // Names that agree in their syllables are met by those.
        let syllables = if self.is_syllabic && outline.is_syllabic() { OTHER_SYLLABLES } else { 0.0 };
        bits + self.extra + left - syllables
    }

    /// Whether a name could reach what is needed, by what its outline tells.
    fn may_reach(&self, outline: Outline, bits: f32, query_left: u32, listed_left: u32) -> bool {
        let lift = self.lift.of_year[outline.birth_year.place()];
        self.reach(outline, bits, query_left, listed_left) + lift >= self.needed
    }

    /// Whether any name could, whatever its outline.
    fn any_may_reach(&self, bits: f32) -> bool {
        bits + self.extra + self.lift.most >= self.needed
    }
}

/// Memory reused from one query to the next.
#[derive(Default)]
pub struct Scratch {
    keys: Vec<u32>,
    groups: Vec<u32>,
    /// Words to be compared whole.
    looked_at: Vec<u32>,
    sounds: SoundScratch,
    looked_up: LookedUp,
    /// The atoms that could agree with the query's, and the names that have such.
    fit: cjk::Fit,
    read: Vec<(u32, Outline)>,
    met: Vec<Met>,
    /// A bit for each name: whether it was met. Small enough to stay near.
    is_met: Vec<u64>,
    /// Of a name that was met its place in `met`.
    places: FxHashMap<u32, u32>,
    /// Terms that agree with words looked up before, with what they say: given names and surnames
    /// recur from one query of a batch to the next.
    neighbourhoods: FxHashMap<Box<str>, Box<[(u32, f32)]>>,
    /// Which dictionary they are of.
    dictionary: u64,
    /// Kind and text of a word: its place in `neighbourhoods`.
    place: String,
}

/// Most neighbourhoods remembered by a thread. At some 20 terms each they take a few megabytes.
const MOST_NEIGHBOURHOODS: usize = 8192;

/// How much it costs to look through the words of a name that was met, beside following one posting.
const LOOK_COST: usize = 8;

impl Scratch {
    fn begin(&mut self, people: &People) {
        if self.dictionary != people.dictionary {
            self.dictionary = people.dictionary;
            self.neighbourhoods.clear();
            self.met.clear();
            self.is_met = vec![0; people.len().div_ceil(64)];
        }
        self.places.clear();
        for met in self.met.drain(..) {
            self.is_met[met.name as usize / 64] = 0;
        }
    }

    fn is_met(&self, name: u32) -> bool {
        self.is_met[name as usize / 64] >> (name % 64) & 1 == 1
    }

    /// Adds what a word of the query found in a name; `may_meet` says whether the name may be met anew.
    fn meet(&mut self, name: u32, outline: Outline, found: Found, may_meet: impl FnOnce() -> bool) {
        if self.is_met(name) {
            self.add(name, found);
        } else if may_meet() {
            self.is_met[name as usize / 64] |= 1 << (name % 64);
            self.places.insert(name, self.met.len() as u32);
            let mut met = Met::new(name, outline);
            met.add(found);
            self.met.push(met);
        }
    }

    /// Adds what a word of the query found in a name, if it was met.
    fn follow(&mut self, name: u32, found: Found) {
        if self.is_met(name) {
            self.add(name, found);
        }
    }

    fn add(&mut self, name: u32, found: Found) {
        if let Some(met) = self.places.get(&name).and_then(|&place| self.met.get_mut(place as usize)) {
            met.add(found);
        }
    }

    /// Forgets the names that `keep` says no of.
    fn retain(&mut self, keep: impl Fn(&Met) -> bool) {
        let Self { met, places, is_met, .. } = self;
        met.retain(|m| {
            let kept = keep(m);
            if !kept {
                is_met[m.name as usize / 64] &= !(1 << (m.name % 64));
            }
            kept
        });
        places.clear();
        places.extend(met.iter().zip(0..).map(|(m, place)| (m.name, place)));
    }
}

/// What is known of the subject beside the name: how much it can add at most, and how much for an entity.
pub struct Lift<'a> {
    /// The most that attributes add for anyone.
    most: f32,
    /// The most by the birth year that a list tells.
    of_year: [f32; BirthYear::COUNT],
    /// What they add, or take, for an entity.
    of: &'a dyn Fn(u32) -> f32,
}

impl Lift<'_> {
    /// Nothing is known beside the name.
    pub const NONE: Lift<'static> = Lift { most: 0.0, of_year: [0.0; BirthYear::COUNT], of: &|_| 0.0 };
}

impl<'a> Lift<'a> {
    /// What a subject's attributes add. `of` tells it of an entity, what they take included.
    pub fn of(subject: &Attributes, of: &'a dyn Fn(u32) -> f32) -> Self {
        if subject.birth_date.is_none() && subject.birth_place.is_empty() {
            return Lift::NONE;
        }
        let none = attributes::most_without_birth(subject);
        let of_year = BirthYear::table(none, |year| attributes::most_of_year(subject, year), MOST_GAIN);
        Self { most: MOST_GAIN, of_year, of }
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
    for_equal(&people.exact, query.fold_hash, |name| out.push(name));
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
    let count = |kind| query.words.iter().filter(|w| w.kind == kind).count() as f32;
    let bounds = Bounds {
        needed,
        extra: COMPLETE
            + TITLE_BITS * count(WordKind::Title)
            + INITIAL_BITS * (count(WordKind::Initial) + 1.0),
        weighty: query.words.iter().filter(|w| is_weighty(w)).count() as u32,
        is_syllabic: person::is_syllabic(query.cjk.as_ref()),
        lift,
    };
    let asked = asked(query);
    // Even all of it would not do.
    if !bounds.any_may_reach(asked.iter().filter(|a| a.word.is_some()).map(|a| a.most).sum()) {
        return;
    }
    let mut looked_up = std::mem::take(&mut scratch.looked_up);
    looked_up.all(people, &asked, scratch);
    meet(people, &asked, &looked_up, &bounds, scratch);
    scratch.looked_up = looked_up;
    for met in &scratch.met {
        let outline = met.outline;
        // Of joined words it is not known which they leave.
        let (query_left, listed_left) = if met.joined {
            (0, 0)
        } else {
            let left = |all: u32, found: u8| all.saturating_sub(u32::from(found));
            (left(bounds.weighty, met.weighty), left(outline.weighty(), met.found))
        };
        if !bounds.may_reach(outline, met.bits, query_left, listed_left) {
            continue;
        }
        let reach = bounds.reach(outline, met.bits, query_left, listed_left);
        if lift.most == 0.0 || reach + (lift.of)(people.name(met.name).entity) >= needed {
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
        read.extend(filed.filter(|f| fit.may_agree(&f.atoms)).map(|f| (f.name, f.outline)));
    }
    read.sort_unstable_by_key(|r| r.0);
    read.dedup_by_key(|r| r.0);
    let needed = needed - ROUNDING;
    for &(name, outline) in &*read {
        let Some(bits) = people.cjk.get(&name).and_then(|listed| cjk::bits(query, listed)) else { continue };
        let bits = bits as f32;
        let may_reach = bits + lift.of_year[outline.birth_year.place()] >= needed;
        if may_reach && (lift.most == 0.0 || bits + (lift.of)(people.name(name).entity) >= needed) {
            out.push(name);
        }
    }
}

/// Meets the names that could reach what is needed, and adds up what their words say.
fn meet(
    people: &People,
    asked: &[Asked<'_>],
    looked_up: &LookedUp,
    bounds: &Bounds<'_>,
    scratch: &mut Scratch,
) {
    let mut rest: f32 = looked_up.words.iter().map(|w| w.most).sum();
    let mut postings: Vec<(&[Posting], f32)> = Vec::new();
    for looked in &looked_up.words {
        if !bounds.any_may_reach(rest) {
            // Names that can no longer make it need not be followed.
            scratch.retain(|m| bounds.may_reach(m.outline, m.bits + rest, 0, 0));
            if scratch.met.is_empty() {
                return;
            }
        }
        rest -= looked.most;
        let terms = &looked_up.terms[looked.terms.clone()];
        // Fetches from all over memory go in loops of which no step waits for another.
        postings.clear();
        postings.extend(terms.iter().map(|&(term, bits)| (people.names_of(term), bits)));
        let touched = postings.iter().fold(0, |all, (names, _)| all ^ names.first().map_or(0, |p| p.name));
        std::hint::black_box(touched);
        let found = |term: TermKind, bits: f32| Found::of(&asked[looked.at], looked.at, term, bits);
        // Whether the rest of the words could do for a name of which this is the first that is found.
        let meets_new = |bits: f32| bounds.any_may_reach(bits + rest);
        for &(names, bits) in postings.iter().filter(|p| meets_new(p.1)) {
            for posting in names {
                scratch.meet(posting.name, posting.outline, found(posting.term, bits), || {
                    bounds.may_reach(posting.outline, bits + rest, 0, 0)
                });
            }
        }
        let followed = || postings.iter().filter(|p| !meets_new(p.1));
        if followed().map(|p| p.0.len()).sum::<usize>() <= scratch.met.len() * LOOK_COST {
            for &(names, bits) in followed() {
                names.iter().for_each(|p| scratch.follow(p.name, found(p.term, bits)));
            }
        } else {
            for place in 0..scratch.met.len() {
                let name = scratch.met[place].name;
                let record = people.name(name);
                for term in people.words_of(record).iter().copied().chain(people.joined_terms(record)) {
                    if let Ok(place) = terms.binary_search_by_key(&term, |t| t.0) {
                        let (names, bits) = postings[place];
                        let kind = names.first().map_or(TermKind::default(), |p| p.term);
                        scratch.follow(name, found(kind, bits));
                    }
                }
            }
        }
    }
}

/// What the words of a query found in the dictionary.
#[derive(Default)]
struct LookedUp {
    /// Terms with what they say; those of one word together, by term.
    terms: Vec<(u32, f32)>,
    /// The words, and pairs of neighbours, from the one that can say most on.
    words: Vec<Looked>,
}

/// What one word or pair found.
struct Looked {
    /// Its place among those asked for.
    at: usize,
    /// The terms that agree with it.
    terms: Range<usize>,
    /// The most that any of them says.
    most: f32,
}

impl LookedUp {
    fn all(&mut self, people: &People, asked: &[Asked<'_>], scratch: &mut Scratch) {
        self.terms.clear();
        self.words.clear();
        for (at, one) in asked.iter().enumerate() {
            let from = self.terms.len();
            agreeing(people, one, scratch, &mut self.terms);
            let most = self.terms[from..].iter().fold(0.0f32, |most, term| most.max(term.1));
            self.words.push(Looked { at, terms: from..self.terms.len(), most });
        }
        self.words.sort_by(|a, b| b.most.total_cmp(&a.most));
    }
}

/// Adds the terms that agree with a word or pair of the query, and what they say, by term.
fn agreeing(people: &People, asked: &Asked<'_>, scratch: &mut Scratch, terms: &mut Vec<(u32, f32)>) {
    let from = terms.len();
    if let Some(word) = asked.word {
        scratch.place.clear();
        scratch.place.push(char::from(b'0' + word.kind as u8));
        scratch.place.push(char::from(b'0' + word.forms.len().min(64) as u8));
        scratch.place.push_str(&word.text);
        if let Some(known) = scratch.neighbourhoods.get(scratch.place.as_str()) {
            terms.extend_from_slice(known);
            return;
        }
    }
    look_up(people, asked, scratch, terms);
    if asked.word.is_some() {
        if scratch.neighbourhoods.len() >= MOST_NEIGHBOURHOODS {
            scratch.neighbourhoods.clear();
        }
        scratch.neighbourhoods.insert(scratch.place.as_str().into(), terms[from..].into());
    }
}

/// What is looked up of a query: its words, and pairs of neighbours that may be one.
fn asked(query: &PersonName) -> Vec<Asked<'_>> {
    let words = query.words.iter().filter(|w| w.kind.is_core() && w.kind != WordKind::Initial);
    let words = words.map(|w| Asked {
        word: Some(w),
        pair: None,
        most: w.rarity.exact,
        weighty: u8::from(is_weighty(w)),
    });
    let pairs = word::neighbours(query.words.iter()).filter_map(|(a, b)| {
        let (a, b) = (&query.words[a], &query.words[b]);
        Some(Asked {
            word: None,
            pair: Some(JoinedWords::of(a, b)?),
            most: a.rarity.exact + b.rarity.exact,
            weighty: u8::from(is_weighty(a)) + u8::from(is_weighty(b)),
        })
    });
    words.chain(pairs).collect()
}

/// Adds the terms of the dictionary that agree with a word or pair, by term, each once.
fn look_up(people: &People, asked: &Asked<'_>, scratch: &mut Scratch, terms: &mut Vec<(u32, f32)>) {
    let from = terms.len();
    let Scratch { keys, groups, looked_at, sounds: memory, .. } = scratch;
    let sounds = match (asked.word, &asked.pair) {
        (Some(word), _) => {
            keys::of_spellings(word, Side::Query, keys);
            AskedSounds::of(word)
        }
        (None, Some(pair)) => {
            keys.clear();
            for sounds in pair.sounds() {
                keys::of_sounds(sounds, pair.is_unvowelled(), Side::Query, keys);
            }
            AskedSounds::of_pair(pair)
        }
        (None, None) => return,
    };
    people.sounds.groups_of(keys, groups);
    looked_at.clear();
    let found = |term, bits| terms.push((term, bits));
    people.sounds.agreeing(&sounds, groups, memory, found, |term| looked_at.push(term));
    if let Some(word) = asked.word {
        keys::of_word(word, Side::Query, keys);
        for &key in keys.iter() {
            looked_at.extend_from_slice(people.texts.get(key));
        }
    }
    looked_at.sort_unstable();
    looked_at.dedup();
    terms
        .extend(looked_at.iter().filter_map(|&term| Some((term, asked.bits(&people.words[term as usize])?))));
    // The best of what the spellings of a term say.
    terms[from..].sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let mut kept = from;
    for at in from..terms.len() {
        if kept == from || terms[kept - 1].0 != terms[at].0 {
            terms[kept] = terms[at];
            kept += 1;
        }
    }
    terms.truncate(kept);
}

fn for_equal(sorted: &[(u64, u32)], key: u64, mut f: impl FnMut(u32)) {
    let start = sorted.partition_point(|e| e.0 < key);
    sorted[start..].iter().take_while(|e| e.0 == key).for_each(|e| f(e.1));
}
