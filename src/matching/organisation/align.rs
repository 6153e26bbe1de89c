//! A listed name aligned as a window inside one segment of a query.
//!
//! Each word of both sides stands in at most one pair. Words outside the window's segment cost
//! nothing; words inside the window, or touching it, cost what they say against it: "University of X
//! *of Technology*" is another university than "University of X", "*School of Medicine*, University of
//! X" is a part of it.

use crate::names::organisation::{TypeClass, WordKind};

use super::super::AlignmentKind;
use super::words::{WordRef, is_part, similarity, spells, type_conflict};

/// Bits for a name that is found whole: that a name begins and ends just there is itself rare among
/// all strings that happen to hold its words.
const WHOLE: f64 = 9.0;
/// The same for a name of nothing but common words ("Institute of Applied Physics"), of which many
/// institutions have one of their own.
const WHOLE_GENERIC: f64 = 5.0;
/// Cost of words that extend the name after a connector: "of Technology", "of Chinese Medicine".
const EXTENDED: f64 = 12.0;
/// Cost of a field of work or a proper word that stands directly beside the name.
const BESIDE: f64 = 10.0;
/// Cost of matching a name in Han by translation alone, where the bearer has a name in Han: 科技 and
/// 理工 are both "science and technology", and 上海科技大学 is not 上海理工大学.
const TRANSLATED: f64 = 6.0;
/// Least cost of another sort of institution where both sides are in Han.
const UNTRANSLATED: f64 = 9.0;
/// Share of its bits that a place earns when it stands in the segment next to the name.
const NEXT_SEGMENT: f64 = 0.8;
/// Share when it stands anywhere else in the query.
const ELSEWHERE: f64 = 0.4;
/// Bits that a letter of an acronym says: initials of words are far from evenly spread.
pub(super) const LETTER: f64 = 2.4;
/// Longest sides that are aligned; longer ones are cut (the longest listed name has some 40 words).
const LONGEST_LISTED: usize = 64;
/// Words of a query that are looked at.
pub(crate) const LONGEST_QUERY: usize = 400;

/// A part of the evidence, with indices into the two word lists.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Part {
    /// Words that agree.
    Pair { listed: usize, listed_len: usize, query: usize, query_len: usize, kind: AlignmentKind },
    /// Two types of institution that stand against each other.
    Conflict { listed: usize, query: usize },
    /// A listed word that the query lacks.
    ListedOnly { listed: usize },
    /// A word of the query that says something against the name.
    QueryOnly { query: usize },
    /// The name as a whole: found complete.
    Whole,
    /// The words stand in another order.
    Order,
    /// A translation of the query's Han words, though the bearer has a name in Han of its own.
    Translated,
}

#[derive(Clone, Copy, Debug)]
struct Pair {
    listed: u8,
    listed_len: u8,
    query: u16,
    query_len: u8,
    factor: f64,
    kind: AlignmentKind,
}

const NONE: u16 = u16::MAX;

/// Memory that alignments reuse.
#[derive(Default)]
pub struct AlignScratch {
    pairs: Vec<Pair>,
    order: Vec<u8>,
    of_listed: Vec<u16>,
    of_query: Vec<u16>,
    best_listed: Vec<u16>,
    best_query: Vec<u16>,
}

/// The best alignment of `listed` in `query`: its bits, and its parts into `sink`.
///
/// `named_in_han` says that the bearer has a name in Han, against which a query in Han should hold.
/// Bits are the sum of the parts, added in the order in which they are reported.
pub(super) fn align(
    listed: &[WordRef<'_>],
    query: &[WordRef<'_>],
    named_in_han: bool,
    scratch: &mut AlignScratch,
    sink: &mut dyn FnMut(Part, f64),
) -> Option<f64> {
    let listed = &listed[..listed.len().min(LONGEST_LISTED)];
    let query = &query[..query.len().min(LONGEST_QUERY)];
    find_pairs(listed, query, &mut scratch.pairs);
    if scratch.pairs.is_empty() {
        return None;
    }
    scratch.order.clear();
    scratch.order.extend(0..listed.len() as u8);
    scratch.order.sort_by(|a, b| listed[usize::from(*b)].bits.total_cmp(&listed[usize::from(*a)].bits));
    let mut best = f64::NEG_INFINITY;
    let mut start = 0;
    while start < query.len() {
        let segment = query[start].segment;
        let end = query[start..].iter().position(|w| w.segment != segment).map_or(query.len(), |n| start + n);
        align_segment(listed, query, start..end, named_in_han, scratch, &mut best);
        start = end;
    }
    if best == f64::NEG_INFINITY {
        return None;
    }
    let view = View { listed, query, pairs: &scratch.pairs, named_in_han };
    Some(view.evaluate(&scratch.best_listed, &mut scratch.best_query, sink))
}

fn align_segment(
    listed: &[WordRef<'_>],
    query: &[WordRef<'_>],
    segment: std::ops::Range<usize>,
    named_in_han: bool,
    scratch: &mut AlignScratch,
    best: &mut f64,
) {
    let AlignScratch { pairs, order, of_listed, of_query, best_listed, best_query } = scratch;
    let view = View { listed, query, pairs, named_in_han };
    let within = |p: &Pair| segment.contains(&usize::from(p.query));
    // A window is sought around its weightiest word; words that any institution has are no anchor.
    let weight = |p: &Pair| view.bits_of(p);
    let Some(heaviest) = pairs.iter().filter(|p| within(p)).map(weight).max_by(f64::total_cmp) else {
        return;
    };
    let mut anchors = 0;
    for anchor in 0..pairs.len() {
        if !within(&pairs[anchor]) || weight(&pairs[anchor]) < 0.95 * heaviest {
            continue;
        }
        anchors += 1;
        if anchors > 6 {
            break;
        }
        of_listed.clear();
        of_listed.resize(listed.len(), NONE);
        of_query.clear();
        of_query.resize(query.len(), NONE);
        view.assign(anchor, of_listed, of_query);
        let (mut low, mut high) = view.span(anchor);
        for &l in order.iter() {
            if of_listed[usize::from(l)] != NONE {
                continue;
            }
            let nearest = (0..pairs.len())
                .filter(|&p| {
                    pairs[p].listed == l && within(&pairs[p]) && view.is_free(p, of_listed, of_query)
                })
                .min_by(|&a, &b| {
                    let gap = |p| {
                        let (from, to) = view.span(p);
                        from.saturating_sub(high) + low.saturating_sub(to)
                    };
                    gap(a).cmp(&gap(b)).then(weight(&pairs[b]).total_cmp(&weight(&pairs[a])))
                });
            if let Some(p) = nearest {
                view.assign(p, of_listed, of_query);
                let (from, to) = view.span(p);
                (low, high) = (low.min(from), high.max(to));
            }
        }
        view.trim(of_listed, of_query);
        let bits = view.evaluate(of_listed, of_query, &mut |_, _| {});
        if bits > *best {
            *best = bits;
            best_listed.clone_from(of_listed);
            best_query.clone_from(of_query);
        }
    }
}

/// All pairs of words that may stand for each other.
fn find_pairs(listed: &[WordRef<'_>], query: &[WordRef<'_>], pairs: &mut Vec<Pair>) {
    pairs.clear();
    for (l, word) in listed.iter().enumerate() {
        if !word.is_content() {
            continue;
        }
        for (q, other) in query.iter().enumerate() {
            if !other.is_content() {
                continue;
            }
            let mut push = |listed_len, query_len, factor, kind| {
                pairs.push(Pair { listed: l as u8, listed_len, query: q as u16, query_len, factor, kind });
            };
            if let Some((factor, kind)) = similarity(word, other) {
                push(1, 1, factor, kind);
                continue;
            }
            if word.han != other.han {
                continue;
            }
            if let Some(n) = joined(word.key, &query[q..]) {
                push(1, n as u8, 0.95, AlignmentKind::Joined);
            } else if let Some(n) = joined(other.key, &listed[l..]) {
                push(n as u8, 1, 0.95, AlignmentKind::Joined);
            } else if other.capitals && !other.known {
                if let Some((n, factor)) = acronym(other, &listed[l..], listed) {
                    push(n as u8, 1, factor, AlignmentKind::Initial);
                }
            } else if word.capitals
                && !word.known
                && let Some((n, _)) = acronym(word, &query[q..], query)
            {
                let factor = LETTER * word.key.len() as f64 / f64::from(word.bits);
                push(1, n as u8, factor.min(0.9), AlignmentKind::Initial);
            }
        }
    }
}

/// How many of `words`, written together, make `whole`: two to four of a segment, a proper word or
/// place among them. Retrieval files names by the same rule.
fn joined(whole: &str, words: &[WordRef<'_>]) -> Option<usize> {
    let mut rest = whole;
    let mut proper = false;
    for (n, word) in words.iter().take(MOST_JOINED).enumerate() {
        if word.segment != words[0].segment || word.han || !word.is_content() {
            return None;
        }
        rest = rest.strip_prefix(word.text)?;
        proper |= joins(word.kind);
        if rest.is_empty() {
            return (n > 0 && proper && whole.len() <= LONGEST_JOINED).then_some(n + 1);
        }
    }
    None
}

/// Most words that are sought written together.
pub(crate) const MOST_JOINED: usize = 4;
/// Longest word, in bytes, that is sought in pieces.
pub(crate) const LONGEST_JOINED: usize = 40;

/// Whether words of this kind are written together or apart at will.
pub(crate) fn joins(kind: WordKind) -> bool {
    matches!(kind, WordKind::Word | WordKind::Place | WordKind::Direction)
}

/// How many of `words` the acronym spells, and the share of their bits that it can carry: a letter
/// says 2.4 bits, for initials of words are far from evenly spread.
fn acronym(word: &WordRef<'_>, words: &[WordRef<'_>], side: &[WordRef<'_>]) -> Option<(usize, f64)> {
    let letters = word.key.chars().count();
    if !(2..=7).contains(&letters) || !words[0].is_content() {
        return None;
    }
    let longest = words.len().min(2 * letters);
    let n = (2..=longest).find(|&n| {
        words[n - 1].is_content() && words[n - 1].segment == words[0].segment && spells(word.key, &words[..n])
    })?;
    // The whole listed name as an acronym is matched as an acronym name, with its own rules.
    if n == side.len() {
        return None;
    }
    let bits: f64 = words[..n].iter().map(|w| f64::from(w.bits)).sum();
    Some((n, (LETTER * letters as f64 / bits).min(0.9)))
}

#[derive(Clone, Copy)]
struct View<'a, 'w> {
    listed: &'a [WordRef<'w>],
    query: &'a [WordRef<'w>],
    pairs: &'a [Pair],
    named_in_han: bool,
}

impl View<'_, '_> {
    fn bits_of(&self, pair: &Pair) -> f64 {
        let from = usize::from(pair.listed);
        let all: f64 =
            self.listed[from..from + usize::from(pair.listed_len)].iter().map(|w| f64::from(w.bits)).sum();
        all * pair.factor
    }

    fn span(&self, pair: usize) -> (usize, usize) {
        let p = &self.pairs[pair];
        (usize::from(p.query), usize::from(p.query) + usize::from(p.query_len) - 1)
    }

    fn listed_range(&self, pair: usize) -> std::ops::Range<usize> {
        let p = &self.pairs[pair];
        usize::from(p.listed)..usize::from(p.listed) + usize::from(p.listed_len)
    }

    fn is_free(&self, pair: usize, of_listed: &[u16], of_query: &[u16]) -> bool {
        let (from, to) = self.span(pair);
        self.listed_range(pair).all(|l| of_listed[l] == NONE) && (from..=to).all(|q| of_query[q] == NONE)
    }

    fn set(&self, pair: usize, value: u16, of_listed: &mut [u16], of_query: &mut [u16]) {
        let (from, to) = self.span(pair);
        of_listed[self.listed_range(pair)].fill(value);
        of_query[from..=to].fill(value);
    }

    fn assign(&self, pair: usize, of_listed: &mut [u16], of_query: &mut [u16]) {
        self.set(pair, pair as u16, of_listed, of_query);
    }

    /// Gives up words at the window's edges that cost more than they bring.
    fn trim(&self, of_listed: &mut [u16], of_query: &mut [u16]) {
        loop {
            let Some((low, high)) = window(of_query) else { return };
            let mut dropped = false;
            for edge in [low, high] {
                let pair = of_query[edge];
                if pair == NONE {
                    continue;
                }
                let (from, to) = self.span(usize::from(pair));
                let between = if edge == low {
                    let next = (to + 1..=high).find(|&q| of_query[q] != NONE);
                    next.map(|next| to + 1..next)
                } else {
                    let next = (low..from).rev().find(|&q| of_query[q] != NONE);
                    next.map(|next| next + 1..from)
                };
                let Some(between) = between else { continue };
                let cost: f64 = self.query[between].iter().map(inserted).sum();
                if cost > 2.0 * self.bits_of(&self.pairs[usize::from(pair)]) + 1.0 {
                    self.set(usize::from(pair), NONE, of_listed, of_query);
                    dropped = true;
                    break;
                }
            }
            if !dropped {
                return;
            }
        }
    }

    /// The bits of an assignment, part by part. `of_query` is marked where words are
    /// accounted for outside the window.
    fn evaluate(&self, of_listed: &[u16], of_query: &mut [u16], sink: &mut dyn FnMut(Part, f64)) -> f64 {
        let mut total = 0.0;
        let mut add = |part: Part, bits: f64| {
            total += bits;
            sink(part, bits);
        };
        let (mut all, mut missing) = (0.0, 0.0);
        let mut own = false;
        let mut matched = 0.0;
        let mut generic = true;
        let mut inversions = 0;
        let mut last = 0;
        let mut proper = false;
        let mut translated = false;
        // Marks of an earlier evaluation.
        of_query.iter_mut().filter(|q| **q == OUTSIDE).for_each(|q| *q = NONE);
        let Some((low, high)) = window(of_query) else { return f64::NEG_INFINITY };
        for (l, word) in self.listed.iter().enumerate() {
            all += f64::from(word.bits);
            generic &=
                !matches!(word.kind, WordKind::Place | WordKind::Word | WordKind::Direction | WordKind::Body);
            let pair = of_listed[l];
            if pair == NONE || usize::from(self.pairs[usize::from(pair)].listed) != l {
                continue;
            }
            let p = &self.pairs[usize::from(pair)];
            let bits = self.bits_of(p);
            missing += bits / p.factor - bits;
            matched += bits;
            own |= match word.kind {
                WordKind::Place | WordKind::Body => true,
                WordKind::Word => word.bits >= 9.0,
                WordKind::Direction => word.bits >= 5.0,
                _ => false,
            };
            proper |= matches!(word.kind, WordKind::Type(c) if !matches!(c, TypeClass::Department | TypeClass::Division | TypeClass::Branch));
            translated |= self.query[usize::from(p.query)].han && !word.han;
            inversions += usize::from(usize::from(p.query) < last);
            last = usize::from(p.query);
            add(
                Part::Pair {
                    listed: l,
                    listed_len: usize::from(p.listed_len),
                    query: usize::from(p.query),
                    query_len: usize::from(p.query_len),
                    kind: p.kind,
                },
                bits,
            );
        }
        own |= matched >= 18.0;
        let last_found = (0..self.listed.len()).rev().find(|&l| of_listed[l] != NONE);
        for (l, word) in self.listed.iter().enumerate() {
            if of_listed[l] != NONE || !word.is_content() {
                continue;
            }
            let bits = f64::from(word.bits);
            if let Some(class) = word.class()
                && let Some((q, cost)) = self.conflicting_type(class, word.han, low, high, of_query)
            {
                of_query[q] = OUTSIDE;
                missing += bits;
                proper = true;
                add(Part::Conflict { listed: l, query: q }, -cost);
                continue;
            }
            if matches!(word.kind, WordKind::Place | WordKind::Country)
                && let Some((q, share)) = self.elsewhere(word, low, high, of_query)
            {
                of_query[q] = OUTSIDE;
                missing += bits * (1.0 - share);
                add(
                    Part::Pair {
                        listed: l,
                        listed_len: 1,
                        query: q,
                        query_len: 1,
                        kind: AlignmentKind::Same,
                    },
                    bits * share,
                );
                continue;
            }
            missing += bits;
            let cost = match word.kind {
                WordKind::Legal => 0.1,
                WordKind::Body => 0.3 * bits,
                WordKind::Type(_) => bits + 1.0,
                // Cut off at the end, a name is still itself; a word left out within makes another.
                WordKind::Field if Some(l) > last_found => bits + 1.0,
                WordKind::Field => bits + 3.0,
                WordKind::Number => bits + 4.0,
                _ => bits,
            };
            add(Part::ListedOnly { listed: l }, -cost);
        }
        let mut connector_inside = false;
        for (q, word) in self.query.iter().enumerate().take(high + 1).skip(low) {
            connector_inside |= !word.is_content();
            let cost = if of_query[q] == NONE { inserted(word) } else { 0.0 };
            if cost > 0.0 {
                missing += f64::from(word.bits);
                add(Part::QueryOnly { query: q }, -cost);
            }
        }
        if inversions > 0 {
            let cost = if !connector_inside { 3.0 } else { self.crossing(of_query, low, high) };
            if cost > 0.0 {
                add(Part::Order, -cost);
            }
        }
        if self.named_in_han && translated {
            add(Part::Translated, -TRANSLATED);
        }
        let context = Context { query: self.query, of_query, own, proper };
        if let Some((q, cost)) = context.left(low) {
            add(Part::QueryOnly { query: q }, -cost);
        }
        if let Some((q, cost)) = context.right(high) {
            add(Part::QueryOnly { query: q }, -cost);
        }
        let whole = if generic { WHOLE_GENERIC } else { WHOLE };
        let share = 1.0 - 2.0 * missing / all.max(1.0);
        if share > 0.0 {
            add(Part::Whole, whole * share);
        }
        total
    }

    /// Whether a segment says nothing but where ("Harbin 150001").
    fn is_address(&self, segment: u16) -> bool {
        self.query.iter().filter(|w| w.segment == segment).all(|w| {
            matches!(
                w.kind,
                WordKind::Place
                    | WordKind::Country
                    | WordKind::Number
                    | WordKind::Direction
                    | WordKind::Connector
            )
        })
    }

    /// The type word in or beside the window that stands where the listed name has its own.
    fn conflicting_type(
        &self,
        class: TypeClass,
        han: bool,
        low: usize,
        high: usize,
        of_query: &[u16],
    ) -> Option<(usize, f64)> {
        let segment = self.query[low].segment;
        let same = |q: usize| self.query[q].segment == segment;
        let left = (0..low).rev().take_while(|&q| same(q)).find(|&q| self.query[q].is_content());
        let right = (high + 1..self.query.len()).take_while(|&q| same(q)).next();
        (low..=high)
            .chain(right)
            .chain(left)
            .filter(|&q| of_query[q] == NONE)
            .filter_map(|q| {
                let other = self.query[q].class()?;
                // Where no translator stands between, 学院 and 大学 are two things.
                let least = if han && self.query[q].han && other != class { UNTRANSLATED } else { 0.0 };
                Some((q, type_conflict(class, other).max(least)))
            })
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }

    /// What it costs that words of the name stand on both sides of an "of" that joins two things:
    /// "Institute of Technology *of* Shandong University" is no Shandong University of Technology,
    /// while "Aviation University of Air Force" is the Air Force Aviation University.
    fn crossing(&self, of_query: &[u16], low: usize, high: usize) -> f64 {
        let taken = |q: &usize| of_query[*q] < OUTSIDE;
        let listed_at = |q: usize| self.pairs[usize::from(of_query[q])].listed;
        let mut before = None;
        for q in (low..=high).filter(taken) {
            if let Some(b) = before
                && listed_at(q) < listed_at(b)
                && q < high
                && self.query[b].class().is_none()
                && self.query[b + 1..q].iter().any(|w| w.key == "of")
            {
                return 6.0;
            }
            before = Some(q);
        }
        0.0
    }

    /// Where a listed place stands outside the window, and what share of its bits it earns there.
    fn elsewhere(
        &self,
        word: &WordRef<'_>,
        low: usize,
        high: usize,
        of_query: &[u16],
    ) -> Option<(usize, f64)> {
        let segment = self.query[low].segment;
        self.query
            .iter()
            .enumerate()
            .filter(|(q, w)| {
                w.hash == word.hash
                    && w.segment != segment
                    && of_query[*q] == NONE
                    && self.is_address(w.segment)
            })
            .map(|(q, w)| {
                let first_of_segment = low == 0 || self.query[low - 1].segment != segment;
                let last_of_segment = high + 1 == self.query.len() || self.query[high + 1].segment != segment;
                let next = (q + 1 == low && first_of_segment) || (q == high + 1 && last_of_segment);
                (q, if next && w.segment.abs_diff(segment) == 1 { NEXT_SEGMENT } else { ELSEWHERE })
            })
            .max_by(|a, b| a.1.total_cmp(&b.1))
    }
}

/// Marks a word of the query that is accounted for and makes no part of the window: one of two types
/// in conflict, a place that stands elsewhere.
const OUTSIDE: u16 = u16::MAX - 1;

/// First and last word of the query that a pair holds.
fn window(of_query: &[u16]) -> Option<(usize, usize)> {
    let taken = |p: &u16| *p != NONE && *p != OUTSIDE;
    Some((of_query.iter().position(taken)?, of_query.iter().rposition(taken)?))
}

/// Words that names are written with and without.
const SAYS_LITTLE: &[&str] = &["research", "general", "state", "national", "development", "affiliated"];

/// What a word costs that stands inside the window and not in the listed name.
fn inserted(word: &WordRef<'_>) -> f64 {
    let bits = f64::from(word.bits);
    match word.kind {
        WordKind::Connector => 0.0,
        WordKind::Legal => 0.2,
        WordKind::Body => 0.5,
        WordKind::Country => 1.5,
        WordKind::Number if word.known => 5.0,
        WordKind::Number => 0.5,
        WordKind::Type(_) => 4.0,
        WordKind::Place => 5.0,
        WordKind::Direction => 9.0,
        WordKind::Field | WordKind::Word if SAYS_LITTLE.contains(&word.key) => 3.0,
        WordKind::Word if bits < 4.0 => 3.0,
        WordKind::Field | WordKind::Word => (8.0 + 0.8 * bits).min(13.0),
    }
}

/// What stands before and after the window in its segment.
struct Context<'a, 'w> {
    query: &'a [WordRef<'w>],
    of_query: &'a [u16],
    /// The window holds a place or a proper word, so another place beside it is only where it is.
    own: bool,
    /// The window holds the institution's type word, so that the name is known to end.
    proper: bool,
}

impl Context<'_, '_> {
    /// The word before the window that says something against it, and what it costs.
    fn left(&self, low: usize) -> Option<(usize, f64)> {
        let segment = self.query[low].segment;
        let before: std::ops::Range<usize> =
            (0..low).rev().take_while(|&q| self.query[q].segment == segment).last().unwrap_or(low)..low;
        let nearest = before.clone().rev().find(|&q| self.query[q].is_content())?;
        if self.of_query[nearest] == OUTSIDE {
            return None;
        }
        let part = before.clone().filter_map(|q| self.query[q].class()).find(|c| is_part(*c));
        let word = &self.query[nearest];
        let has = |key: &str| self.query[nearest + 1..low].iter().any(|w| w.key == key);
        if nearest + 1 < low {
            let field = |w: &WordRef<'_>| w.kind == WordKind::Field;
            let cost = if has("and") {
                if field(word) && field(&self.query[low]) { 6.0 } else { 1.0 }
            } else if part.is_some() {
                0.5
            } else if ["of", "for", "at"].iter().any(|key| has(key)) {
                4.0
            } else {
                self.beside(word)
            };
            return Some((nearest, cost));
        }
        let cost = match word.kind {
            WordKind::Number if word.known => 6.0,
            WordKind::Type(class) if is_part(class) => 1.0,
            WordKind::Type(_) => 4.0,
            WordKind::Direction => EXTENDED,
            WordKind::Field | WordKind::Word if part.is_some() => 2.5,
            WordKind::Place if !self.own => BESIDE,
            WordKind::Place => 3.0,
            _ => self.beside(word),
        };
        Some((nearest, cost))
    }

    /// The word after the window that says something against it, and what it costs.
    fn right(&self, high: usize) -> Option<(usize, f64)> {
        let segment = self.query[high].segment;
        let end = (high + 1..self.query.len())
            .find(|&q| self.query[q].segment != segment)
            .unwrap_or(self.query.len());
        let nearest = (high + 1..end).find(|&q| self.query[q].is_content())?;
        if self.of_query[nearest] == OUTSIDE {
            return None;
        }
        let word = &self.query[nearest];
        let part = (nearest..end).filter_map(|q| self.query[q].class()).any(is_part);
        let connector = (nearest > high + 1).then(|| &self.query[high + 1]);
        if let Some(connector) = connector {
            let cost = match (connector.key, word.kind) {
                ("and", _) if part || self.query[nearest..end].iter().any(|w| w.class().is_some()) => 1.0,
                ("and", _) => BESIDE,
                ("at", _) => 1.0,
                (_, WordKind::Country) if self.own => 1.5,
                (_, WordKind::Country | WordKind::Place) => 6.0,
                (_, WordKind::Body) => 1.0,
                ("the", _) if part => 1.5,
                _ => EXTENDED,
            };
            return Some((nearest, cost));
        }
        let cost = match word.kind {
            WordKind::Type(class) if is_part(class) => 1.5,
            WordKind::Type(_) => BESIDE,
            WordKind::Place if !self.own => BESIDE,
            WordKind::Place => 1.0,
            WordKind::Direction => 8.0,
            WordKind::Field | WordKind::Word | WordKind::Number if part && self.proper => 1.5,
            _ => self.beside(word),
        };
        Some((nearest, cost))
    }

    /// The cost of a word directly beside the name, on either side.
    fn beside(&self, word: &WordRef<'_>) -> f64 {
        match word.kind {
            WordKind::Number | WordKind::Legal => 0.0,
            WordKind::Body => 0.5,
            WordKind::Country | WordKind::Place if self.own => 1.5,
            WordKind::Country | WordKind::Place => 8.0,
            _ => BESIDE,
        }
    }
}
