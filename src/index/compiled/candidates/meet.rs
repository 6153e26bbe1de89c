//! Names that hold words agreeing with the query's.
//!
//! The words are taken from the one that can say most on; the names that hold a word agreeing with one of them
//! are met, and what the words say is added up name by name. A name that could not reach what is needed with
//! what has just been found and all the words still to come is not met. For a name that is met late it is
//! known that the words before found nothing in it: they stand against its own. The postings of a term are
//! sorted by all that decides, so that of a common word only those runs are gone through that could do; names
//! met before are found in them one by one.

use super::super::outline::{Outline, Posting, TermKind};
use super::super::people::People;
use super::bounds::Bounds;
use super::lookup::{Asked, Looked, LookedUp};
use super::places::Places;

/// A name that holds a word agreeing with one of the query's.
pub(super) struct Met {
    pub name: u32,
    pub outline: Outline,
    /// What its words say together, the best of each word of the query; and pairs of neighbours on top.
    pub bits: f32,
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
            weighty: asked.weighty(),
            is_weighty: term == TermKind::Weighty,
            joined: asked.is_pair() || term == TermKind::Joined,
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

    /// How many weighty words of the query found nothing in it, and how many of its own were not found, at
    /// least.
    pub fn left(&self, bounds: &Bounds<'_>) -> (u32, u32) {
        // Of joined words it is not known which they leave.
        if self.joined {
            return (0, 0);
        }
        let left = |all: u32, found: u8| all.saturating_sub(u32::from(found));
        (left(bounds.weighty, self.weighty), left(self.outline.weighty(), self.found))
    }
}

/// What is sure of names that are met only when a word's turn comes.
#[derive(Clone, Copy)]
struct Turn {
    /// What the words whose turn is still to come say at most.
    rest: f32,
    /// How many words of the query may stand for initials beside one.
    words_left: usize,
    /// How many weighty words of the query are left over.
    query_left: u32,
    /// How many words of a listed name those still to come may stand for.
    to_come: u32,
}

impl Turn {
    /// The turns of all that was looked up, in their order.
    fn all(people: &People, asked: &[Asked<'_>], looked_up: &LookedUp) -> Vec<Self> {
        let words = &looked_up.words;
        let is_pair = |looked: &Looked| asked[looked.at].is_pair();
        let singles = words.iter().filter(|looked| !is_pair(looked)).count();
        // A pair of which there are terms may yet stand for words that found nothing by themselves.
        let last_pair = words.iter().rposition(|looked| is_pair(looked) && !looked.terms.is_empty());
        let weighty =
            |looked: &Looked| if is_pair(looked) { 0 } else { u32::from(asked[looked.at].weighty()) };
        let covered = |looked: &Looked| match looked_up.terms[looked.terms.clone()].last() {
            None => 0,
            // Terms are sorted, and joined ones come after all words.
            Some(&(term, _)) => 1 + u32::from(people.is_joined(term)),
        };
        let mut turns = Vec::with_capacity(words.len());
        let mut rest: f32 = words.iter().map(|looked| looked.most).sum();
        let mut to_come: u32 = words.iter().map(covered).sum();
        for (turn, looked) in words.iter().enumerate() {
            rest -= looked.most;
            to_come -= covered(looked);
            let none = words.iter().enumerate().filter(|(at, l)| *at < turn || l.terms.is_empty());
            let query_left = match last_pair {
                Some(last) if turn <= last => 0,
                _ => none.map(|(_, looked)| weighty(looked)).sum(),
            };
            turns.push(Self { rest, words_left: singles.saturating_sub(2), query_left, to_come });
        }
        turns
    }
}

/// What the words of names have to say at a turn, by outline: attributes not counted. Computed as asked for.
struct Wanted<'a> {
    bounds: &'a Bounds<'a>,
    turn: Turn,
    term: TermKind,
    /// By the words of an outline; not a number where not computed yet.
    by_words: [f32; 256],
}

impl<'a> Wanted<'a> {
    fn of(bounds: &'a Bounds<'a>, turn: Turn, term: TermKind) -> Self {
        Self { bounds, turn, term, by_words: [f32::NAN; 256] }
    }

    /// What attributes have to add for a name of these words whose first find says so much.
    fn lift(&mut self, words: u8, bits: f32) -> f32 {
        let place = usize::from(words);
        if self.by_words[place].is_nan() {
            let outline = Outline { words, ..Outline::default() };
            let found = match self.term {
                TermKind::Light => 0,
                TermKind::Weighty => 1,
                TermKind::Joined => 2,
            };
            let listed_left = outline.weighty().saturating_sub(found + self.turn.to_come);
            self.by_words[place] = self.bounds.needed
                - self.bounds.reach(outline, self.turn.rest, self.turn.query_left, listed_left);
        }
        self.by_words[place] - bits
    }
}

/// Postings shorter than this are gone through one by one: finding runs in them costs as much.
const SHORT: usize = if cfg!(test) { 4 } else { 96 };
/// What finding a name in postings costs beside going through one posting, by each halving.
const STEP_COST: usize = 3;

/// The names met so far.
#[derive(Default)]
pub(super) struct Meeting {
    met: Vec<Met>,
    /// Where each stands in `met`.
    places: Places,
}

impl Meeting {
    /// Who was met.
    pub fn met(&self) -> &[Met] {
        &self.met
    }

    /// Meets the names that could reach what is needed, and adds up what their words say.
    pub fn meet(&mut self, people: &People, asked: &[Asked<'_>], looked_up: &LookedUp, bounds: &Bounds<'_>) {
        self.met.clear();
        self.places.clear();
        let mut postings: Vec<(&[Posting], f32)> = Vec::new();
        let turns = Turn::all(people, asked, looked_up);
        for (looked, turn) in looked_up.words.iter().zip(turns) {
            if !bounds.any_may_reach(looked.most + turn.rest, turn.words_left) {
                // Names that can no longer make it need not be followed.
                let rest = looked.most + turn.rest;
                self.retain(|m| {
                    bounds.reach(m.outline, m.bits + rest, 0, 0) + bounds.lift.most_of(m.outline.birth)
                        >= bounds.needed
                });
                if self.met.is_empty() {
                    return;
                }
            }
            // Fetches from all over memory go in loops of which no step waits for another.
            let terms = &looked_up.terms[looked.terms.clone()];
            postings.clear();
            postings.extend(terms.iter().map(|&(term, bits)| (people.names_of(term), bits)));
            let touched =
                postings.iter().fold(0, |all, (names, _)| all ^ names.first().map_or(0, |p| p.name()));
            std::hint::black_box(touched);
            let mut wanted = [TermKind::Light, TermKind::Weighty, TermKind::Joined].map(|term| {
                (Found::of(&asked[looked.at], looked.at, term, 0.0), Wanted::of(bounds, turn, term))
            });
            for &(names, bits) in &postings {
                let Some(term) = names.first().map(|p| p.term()) else { continue };
                let (found, wanted) = &mut wanted[term as usize];
                let found = Found { bits, ..*found };
                let meets_new = bounds.any_may_reach(bits + turn.rest, turn.words_left);
                if names.len() <= SHORT {
                    for &posting in names {
                        self.meet_or_follow(posting, found, meets_new, wanted, bounds);
                    }
                } else {
                    self.follow(names, found);
                    if meets_new {
                        self.meet_runs(names, found, wanted, bounds);
                    }
                }
            }
        }
    }

    fn meet_or_follow(
        &mut self,
        posting: Posting,
        found: Found,
        meets_new: bool,
        wanted: &mut Wanted<'_>,
        bounds: &Bounds<'_>,
    ) {
        if let Some(place) = self.places.get(posting.name()) {
            self.met[place].add(found);
        } else if meets_new
            && bounds.lift.most_of(posting.birth()) >= wanted.lift(posting.words(), found.bits)
        {
            self.meet_new(posting, found);
        }
    }

    /// Meets the names of long postings that were not met before.
    fn meet_runs(
        &mut self,
        mut names: &[Posting],
        found: Found,
        wanted: &mut Wanted<'_>,
        bounds: &Bounds<'_>,
    ) {
        let lift = bounds.lift;
        while let Some(first) = names.first() {
            let words = first.words();
            let (run, rest) = names.split_at(gallop(names, |p| p.words() == words));
            names = rest;
            let wanted = wanted.lift(words, found.bits);
            if lift.most() < wanted {
                continue;
            }
            if run.len() <= SHORT || lift.is_none() {
                for &posting in run {
                    if lift.most_of(posting.birth()) >= wanted && self.places.get(posting.name()).is_none() {
                        self.meet_new(posting, found);
                    }
                }
                continue;
            }
            for &year in lift.years() {
                let (most, most_of_other_day) = lift.most_of_year(year);
                if most < wanted {
                    // Years come in the order of what they may add.
                    break;
                }
                let begin = Posting::first_of(first.term(), words, year);
                let from = run.partition_point(|p| *p < begin);
                for &posting in run[from..].iter().take_while(|p| p.birth().year == year) {
                    let may = most_of_other_day >= wanted || lift.most_of(posting.birth()) >= wanted;
                    if may && self.places.get(posting.name()).is_none() {
                        self.meet_new(posting, found);
                    }
                }
            }
        }
    }

    /// Adds what was found in those names met before that stand in long postings.
    fn follow(&mut self, names: &[Posting], found: Found) {
        if self.met.len() * names.len().ilog2() as usize * STEP_COST > names.len() {
            for &posting in names {
                if let Some(place) = self.places.get(posting.name()) {
                    self.met[place].add(found);
                }
            }
            return;
        }
        let Some(term) = names.first().map(|p| p.term()) else { return };
        for met in &mut self.met {
            if names.binary_search(&Posting::of(met.name, met.outline, term)).is_ok() {
                met.add(found);
            }
        }
    }

    /// Meets a name that was not met before.
    fn meet_new(&mut self, posting: Posting, found: Found) {
        if !self.places.add(posting.name()) {
            self.places.of(self.met.iter().map(|m| m.name));
            let added = self.places.add(posting.name());
            debug_assert!(added, "there is room for twice as many");
        }
        let mut met = Met::new(posting.name(), posting.outline());
        met.add(found);
        self.met.push(met);
    }

    /// Forgets the names that `keep` says no of.
    fn retain(&mut self, keep: impl Fn(&Met) -> bool) {
        self.met.retain(keep);
        self.places.of(self.met.iter().map(|m| m.name));
    }
}

/// How many of the first postings `are` says yes of; it says yes of none after the first no.
fn gallop(names: &[Posting], are: impl Fn(&Posting) -> bool) -> usize {
    let mut end = 1;
    while end < names.len() && are(&names[end]) {
        end *= 2;
    }
    let from = end / 2;
    let end = end.min(names.len());
    from + names[from..end].partition_point(are)
}
