//! Evidence of two people's names.

use crate::names::PersonName;
use crate::names::cjk::CjkName;
use crate::names::word::{Word, WordKind};

use super::align::{self, Edge};
use super::cjk;
use super::score::PRIOR_BITS;
use super::word::{self, JoinedWords, WordMatch, WordRelation};
use super::{Alignment, AlignmentKind};

/// Cost of a word of one name standing against a word of the other: most people whose names share a
/// word differ in another, and the same person's names seldom do.
pub const CONFLICT: f32 = 6.5;
/// Cost of a word that only one name has, by how many such words went before it: the second and third
/// name is left out more readily than the first. The same on both sides, so that the order in which
/// two names are compared does not matter.
const OMISSION: [f32; 4] = [1.4, 1.3, 1.0, 0.6];
/// Cost of a patronymic that only one name has.
const PATRONYMIC_OMISSION: f32 = 0.4;
/// Cost of an initial that only one name has.
const INITIAL_OMISSION: f32 = 0.4;
/// Bits of a title both names have: some of those who bear it bear it in every source.
pub const TITLE_BITS: f32 = 1.5;
/// Bits of two names of several words agreeing in all of them, with nothing left over on either side.
/// Of pairs of people that share some words, most have others that do not fit.
pub const COMPLETE: f32 = 2.5;
/// Likewise where only initials and patronymics are left over.
const NEARLY_COMPLETE: f32 = 2.0;
/// Likewise where the shorter name stands at both ends of the longer: what is left out is in the middle.
const BOTH_ENDS: f32 = 1.0;
/// Cost of spellings between names that both read as East Asian but do not agree as such: their
/// syllables differ, and one syllable's difference makes another name.
pub const OTHER_SYLLABLES: f32 = 5.0;
/// Cost of names of three words and more standing in another order than their own or with the last
/// first: the order of given name, father and grandfather tells cousins apart.
const OTHER_ORDER: f32 = 2.0;
/// Likewise for names of one word.
const COMPLETE_SINGLE: f32 = 1.0;
/// An exact name is shown whatever its rarity: it gets what it lacks to this much above the prior.
const EXACT_MARGIN: f32 = 2.0;
/// Likewise an exact weak alias.
const WEAK_MARGIN: f32 = 0.5;

/// A name as the scorer looks at it: a query's own analysis, or words of the index's dictionary.
#[derive(Clone, Copy)]
pub struct NameView<'a> {
    /// The name as given or listed.
    pub raw: &'a str,
    /// Its words in order.
    pub words: &'a [&'a Word],
    /// Its reading as an East Asian name, if it has one.
    pub cjk: Option<&'a CjkName>,
    /// Hash of the folded name; see [`PersonName::fold_hash`].
    pub fold_hash: u64,
}

impl<'a> NameView<'a> {
    /// A view of an analysed name. `words` is the view's memory.
    pub fn of<'n: 'a>(name: &'n PersonName, words: &'a mut Vec<&'n Word>) -> Self {
        words.clear();
        words.extend(&name.words);
        Self { raw: &name.raw, words, cjk: name.cjk.as_ref(), fold_hash: name.fold_hash }
    }

    fn core(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().filter(|(_, w)| w.kind.is_core()).map(|(i, _)| i)
    }
}

/// How two names agree.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NameAgreement {
    /// Evidence of the words, aligned.
    pub word_bits: f32,
    /// Evidence of the name as a whole: complete agreement, and what an exact name gets on top.
    pub whole_bits: f32,
    /// The names are the same after folding, but for the order of words.
    pub exact: bool,
    /// Nothing is left over on either side.
    pub complete: bool,
    /// A word stands against a word.
    pub conflict: bool,
    /// The listed name is too weak to be met but whole.
    pub weak: bool,
}

impl NameAgreement {
    /// All evidence of the names.
    pub fn bits(&self) -> f32 {
        self.word_bits + self.whole_bits
    }
}

struct Pair {
    query: u32,
    listed: u32,
    found: WordMatch,
}

struct Aligned {
    pairs: Vec<Pair>,
    word_bits: f32,
    /// Core words left over.
    query_left: u32,
    listed_left: u32,
    conflicts: u32,
}

/// Extra gain of any match, because the words are then not left over against each other.
const MATCH_GAIN: f32 = 5.0;

/// A query's name, ready to be held against many.
pub struct AskedName<'a> {
    view: NameView<'a>,
    /// Its neighbours as they sound when written as one, and their places.
    joined: Vec<(u32, JoinedWords)>,
}

impl<'a> AskedName<'a> {
    /// Readies a name.
    pub fn of(view: NameView<'a>) -> Self {
        let joined = word::neighbours(view.words.iter().copied())
            .filter_map(|(a, b)| Some((1 << a | 1 << b, JoinedWords::of(view.words[a], view.words[b])?)))
            .collect();
        Self { view, joined }
    }

    /// The evidence of it and a listed name.
    pub fn compare(&self, listed: NameView<'_>) -> NameAgreement {
        agreement(self.view, listed, &align(self, listed), cjk_match(self.view, listed).as_ref())
    }
}

fn align(asked: &AskedName<'_>, listed: NameView<'_>) -> Aligned {
    let query = asked.view;
    let mut found: Vec<WordMatch> = Vec::new();
    let mut edges: Vec<Edge> = Vec::new();
    let mut add = |query: u32, listed: u32, m: WordMatch, edges: &mut Vec<Edge>| {
        let words = (query.count_ones() + listed.count_ones()) as f32 / 2.0;
        edges.push(Edge { query, listed, gain: m.bits + MATCH_GAIN * words, tag: found.len() as u32 });
        found.push(m);
    };
    let (q, l) = (query.words, listed.words);
    for i in query.core() {
        for j in listed.core() {
            if let Some(m) = word::compare(q[i], l[j]) {
                add(1 << i, 1 << j, m, &mut edges);
            }
        }
    }
    for (two, joined) in &asked.joined {
        for j in listed.core() {
            if let Some(m) = word::compare_joined(joined, l[j]) {
                add(*two, 1 << j, m, &mut edges);
            }
        }
    }
    for (a, b) in word::neighbours(l.iter().copied()) {
        let mut fitting = query.core().filter(|&i| word::may_be_one(l[a], l[b], q[i])).peekable();
        if fitting.peek().is_none() {
            continue;
        }
        let Some(joined) = JoinedWords::of(l[a], l[b]) else { continue };
        for i in fitting {
            if let Some(m) = word::compare_joined(&joined, q[i]) {
                add(1 << i, 1 << a | 1 << b, m, &mut edges);
            }
        }
    }
    let chosen = align::best(&mut edges);
    let mut aligned = Aligned {
        pairs: Vec::with_capacity(chosen.len()),
        word_bits: 0.0,
        query_left: query.core().fold(0, |m, i| m | 1 << i),
        listed_left: listed.core().fold(0, |m, i| m | 1 << i),
        conflicts: 0,
    };
    for i in chosen {
        let e = edges[i];
        let m = found[e.tag as usize];
        aligned.query_left &= !e.query;
        aligned.listed_left &= !e.listed;
        aligned.word_bits += m.bits;
        aligned.pairs.push(Pair { query: e.query, listed: e.listed, found: m });
    }
    // Titles stand by themselves: they never conflict and cost nothing.
    for (i, w) in q.iter().enumerate().filter(|(_, w)| w.kind == WordKind::Title) {
        // Written together with the name after it, it stands there already.
        if aligned.pairs.iter().any(|p| p.query & 1 << i != 0) {
            continue;
        }
        let twin = l.iter().enumerate().find(|(j, v)| {
            v.kind == WordKind::Title
                && (v.text == w.text || v.classes.iter().any(|c| w.classes.contains(c)))
                && !aligned.pairs.iter().any(|p| p.listed & 1 << j != 0)
        });
        if let Some((j, _)) = twin {
            let m = WordMatch { relation: WordRelation::Same, bits: TITLE_BITS };
            aligned.word_bits += m.bits;
            aligned.pairs.push(Pair { query: 1 << i, listed: 1 << j, found: m });
        }
    }
    let (conflicts, cost) = leftovers(q, aligned.query_left, l, aligned.listed_left);
    aligned.conflicts = conflicts;
    aligned.word_bits -= cost;
    aligned
}

/// Cost of the word that only one name has after `n` others.
fn omission(n: u32) -> f32 {
    OMISSION[(n as usize).min(OMISSION.len() - 1)]
}

/// How many words stand against each other, and what all words left over cost.
fn leftovers(q: &[&Word], query_left: u32, l: &[&Word], listed_left: u32) -> (u32, f32) {
    let weighty = |words: &[&Word], left: u32| {
        bits_of(left).filter(|&i| words[i].kind == WordKind::Name || words[i].kind == WordKind::Kunya).count()
            as u32
    };
    let patronymics = |words: &[&Word], left: u32| {
        bits_of(left).filter(|&i| words[i].kind == WordKind::Patronymic).count() as u32
    };
    let initials = |words: &[&Word], left: u32| {
        bits_of(left).filter(|&i| words[i].kind == WordKind::Initial).count() as u32
    };
    let (qn, ln) = (weighty(q, query_left), weighty(l, listed_left));
    let (qp, lp) = (patronymics(q, query_left), patronymics(l, listed_left));
    let (qi, li) = (initials(q, query_left), initials(l, listed_left));
    // An initial that fits no word left over stands against one.
    let against_initial = |initials: u32, names: u32| initials.min(names);
    let conflicts = qn.min(ln)
        + qp.min(lp)
        + against_initial(qi, ln.saturating_sub(qn))
        + against_initial(li, qn.saturating_sub(ln));
    let mut cost = conflicts as f32 * CONFLICT;
    for n in 0..qn.abs_diff(ln) {
        cost += omission(n);
    }
    cost += qp.abs_diff(lp) as f32 * PATRONYMIC_OMISSION;
    cost += qi.abs_diff(li) as f32 * INITIAL_OMISSION;
    (conflicts, cost)
}

fn bits_of(mask: u32) -> impl Iterator<Item = usize> {
    (0..32).filter(move |i| mask >> i & 1 == 1)
}

/// Whether a listed name of these words is met only whole: one word says too little to be looked for
/// inside a longer name, or to be met under another spelling.
pub fn is_weak(name: &PersonName) -> bool {
    weak(name.words.iter(), name.cjk.is_some())
}

fn weak<'a>(words: impl Iterator<Item = &'a Word>, east_asian: bool) -> bool {
    words.filter(|w| w.kind.is_core() || w.kind == WordKind::Title).count() <= 1 && !east_asian
}

/// The evidence of a query's name and a listed name.
pub fn compare(query: NameView<'_>, listed: NameView<'_>) -> NameAgreement {
    AskedName::of(query).compare(listed)
}

/// Whether both names read as syllables, so that they would agree as East Asian names if they did at
/// all. A name with a western given name does not: Jennifer and Jenifer Lai differ in no syllable.
fn differ_in_syllables(query: NameView<'_>, listed: NameView<'_>) -> bool {
    is_syllabic(query.cjk) && is_syllabic(listed.cjk)
}

/// Whether a name reads as syllables and nothing else: by its words alone, it is then less like another
/// such name, by [`OTHER_SYLLABLES`].
pub fn is_syllabic(reading: Option<&CjkName>) -> bool {
    reading.is_some_and(CjkName::is_syllabic)
}

fn cjk_match(query: NameView<'_>, listed: NameView<'_>) -> Option<cjk::CjkMatch> {
    cjk::compare(query.cjk?, listed.cjk?)
}

/// What the names as wholes say beyond their words.
fn whole(query: NameView<'_>, listed: NameView<'_>, aligned: &Aligned) -> f32 {
    if aligned.pairs.is_empty() || aligned.conflicts > 0 {
        return 0.0;
    }
    let words = aligned.pairs.iter().map(|p| p.query.count_ones().max(p.listed.count_ones())).sum::<u32>();
    if words < 2 {
        let none_left = aligned.query_left == 0 && aligned.listed_left == 0;
        return if none_left { COMPLETE_SINGLE } else { 0.0 };
    }
    let weighty = |view: NameView<'_>, left: u32| {
        bits_of(left).any(|i| matches!(view.words[i].kind, WordKind::Name | WordKind::Kunya))
    };
    let (q, l) = (weighty(query, aligned.query_left), weighty(listed, aligned.listed_left));
    let order = if in_order(query, aligned) { 0.0 } else { OTHER_ORDER };
    let agree = if aligned.query_left == 0 && aligned.listed_left == 0 {
        COMPLETE
    } else if !q && !l {
        NEARLY_COMPLETE
    } else if !(q && l) {
        let (longer, left) = if q { (query, aligned.query_left) } else { (listed, aligned.listed_left) };
        let mut core = longer.core();
        let first = core.next();
        let last = core.last().or(first);
        let met = |end: Option<usize>| end.is_some_and(|i| left >> i & 1 == 0);
        if met(first) && met(last) { BOTH_ENDS } else { 0.0 }
    } else {
        0.0
    };
    agree - order
}

/// Whether the aligned words stand in one order on both sides, but for where it begins: a family name
/// may stand first or last.
fn in_order(query: NameView<'_>, aligned: &Aligned) -> bool {
    let mut places: Vec<(u32, u32)> = aligned
        .pairs
        .iter()
        .filter(|p| query.words[p.query.trailing_zeros() as usize].kind.is_core())
        .map(|p| (p.query.trailing_zeros(), p.listed.trailing_zeros()))
        .collect();
    places.sort_unstable();
    let falls = places.windows(2).filter(|w| w[0].1 > w[1].1).count();
    let wraps = places.first().zip(places.last()).is_none_or(|(first, last)| last.1 < first.1);
    falls == 0 || falls == 1 && wraps
}

fn agreement(
    query: NameView<'_>,
    listed: NameView<'_>,
    aligned: &Aligned,
    east_asian: Option<&cjk::CjkMatch>,
) -> NameAgreement {
    let exact = query.fold_hash == listed.fold_hash && !query.words.is_empty();
    let weak = [query, listed].iter().any(|n| weak(n.words.iter().copied(), n.cjk.is_some()));
    let complete = aligned.query_left == 0 && aligned.listed_left == 0 && !aligned.pairs.is_empty();
    let mut whole_bits = whole(query, listed, aligned);
    if !exact && differ_in_syllables(query, listed) {
        whole_bits -= OTHER_SYLLABLES;
    }
    let mut word_bits = aligned.word_bits;
    let mut conflict = aligned.conflicts > 0;
    let by_sound = word_bits + whole_bits;
    if let Some(m) = east_asian.filter(|m| m.bits as f32 > by_sound) {
        whole_bits = m.whole_name as f32;
        word_bits = (m.bits - m.whole_name) as f32;
        conflict = false;
    }
    let margin = if weak { WEAK_MARGIN } else { EXACT_MARGIN };
    if exact {
        whole_bits += (PRIOR_BITS as f32 + margin - word_bits - whole_bits).max(0.0);
    } else if weak {
        // Below anything that could be shown, whatever else agrees.
        whole_bits = whole_bits.min(-word_bits);
    }
    NameAgreement { word_bits, whole_bits, exact, complete, conflict, weak }
}

/// The same evidence with its reasons: each word stands in exactly one alignment, and their bits add
/// up to [`NameAgreement::word_bits`].
pub fn explain(query: NameView<'_>, listed: NameView<'_>) -> (NameAgreement, Vec<Alignment>) {
    let aligned = align(&AskedName::of(query), listed);
    let east_asian = cjk_match(query, listed);
    let agreement = agreement(query, listed, &aligned, east_asian.as_ref());
    let other = !agreement.exact && differ_in_syllables(query, listed);
    let by_sound =
        aligned.word_bits + whole(query, listed, &aligned) - if other { OTHER_SYLLABLES } else { 0.0 };
    if let Some(m) = east_asian.filter(|m| m.bits as f32 > by_sound) {
        return (agreement, east_asian_alignments(query.raw, listed.raw, &m));
    }
    (agreement, alignments(query, listed, &aligned))
}

fn alignments(query: NameView<'_>, listed: NameView<'_>, aligned: &Aligned) -> Vec<Alignment> {
    let (q, l) = (query.words, listed.words);
    let texts = |words: &[&Word], mask: u32| -> Vec<String> {
        bits_of(mask).filter(|&i| i < words.len()).map(|i| words[i].text.clone()).collect()
    };
    let mut out: Vec<Alignment> = Vec::new();
    let (mut used_q, mut used_l) = (0u32, 0u32);
    for p in &aligned.pairs {
        used_q |= p.query;
        used_l |= p.listed;
        let joined = p.query.count_ones() + p.listed.count_ones() > 2;
        out.push(Alignment {
            query: texts(q, p.query),
            listed: texts(l, p.listed),
            kind: match p.found.relation {
                _ if joined => AlignmentKind::Joined,
                WordRelation::Same => AlignmentKind::Same,
                WordRelation::Spelling => AlignmentKind::Spelling,
                WordRelation::Script => AlignmentKind::Script,
                WordRelation::Nickname => AlignmentKind::Nickname,
                WordRelation::Initial => AlignmentKind::Initial,
            },
            bits: f64::from(p.found.bits),
        });
    }
    out.sort_by_key(|a| q.iter().position(|w| a.query.first().is_some_and(|t| *t == w.text)));
    // What is left over costs together; each word carries its part.
    let (_, cost) = leftovers(q, aligned.query_left, l, aligned.listed_left);
    let weigh = |w: &Word| match w.kind {
        WordKind::Patronymic => PATRONYMIC_OMISSION,
        WordKind::Initial => INITIAL_OMISSION,
        _ => OMISSION[0],
    };
    let mut left_q: Vec<usize> = bits_of(aligned.query_left).collect();
    let mut left_l: Vec<usize> = bits_of(aligned.listed_left).collect();
    let mut parts: Vec<(Alignment, f32)> = Vec::new();
    for _ in 0..aligned.conflicts {
        let (Some(i), Some(j)) = (take_weightiest(&mut left_q, q), take_weightiest(&mut left_l, l)) else {
            break;
        };
        let alignment = Alignment {
            query: vec![q[i].text.clone()],
            listed: vec![l[j].text.clone()],
            kind: AlignmentKind::Conflict,
            bits: 0.0,
        };
        parts.push((alignment, CONFLICT));
    }
    for (left, words, kind) in [(left_q, q, AlignmentKind::QueryOnly), (left_l, l, AlignmentKind::ListedOnly)]
    {
        for i in left {
            let text = vec![words[i].text.clone()];
            let (query, listed) =
                if kind == AlignmentKind::QueryOnly { (text, Vec::new()) } else { (Vec::new(), text) };
            parts.push((Alignment { query, listed, kind, bits: 0.0 }, weigh(words[i])));
        }
    }
    let total: f32 = parts.iter().map(|(_, w)| w).sum();
    for (mut alignment, weight) in parts {
        alignment.bits = -f64::from(cost * weight / total.max(f32::MIN_POSITIVE));
        out.push(alignment);
    }
    for (words, used, is_query) in [(q, used_q, true), (l, used_l, false)] {
        for (i, w) in words.iter().enumerate().filter(|(_, w)| !w.kind.is_core()) {
            if used >> i & 1 == 0 {
                let text = vec![w.text.clone()];
                let (query, listed) = if is_query { (text, Vec::new()) } else { (Vec::new(), text) };
                out.push(Alignment { query, listed, kind: AlignmentKind::Ignored, bits: 0.0 });
            }
        }
    }
    out
}

/// The alignments of an East Asian match, in words.
fn east_asian_alignments(query: &str, listed: &str, m: &cjk::CjkMatch) -> Vec<Alignment> {
    let (query, listed) = (crate::names::cjk::words(query), crate::names::cjk::words(listed));
    let texts = |words: &[&str], mask: u16| -> Vec<String> {
        let chosen = words.iter().enumerate().filter(|(i, _)| *i < 16 && mask >> i & 1 == 1);
        chosen.map(|(_, w)| w.to_lowercase()).collect()
    };
    let one = |a: &cjk::CjkAlignment| Alignment {
        query: texts(&query, a.query),
        listed: texts(&listed, a.listed),
        kind: a.kind,
        bits: a.bits,
    };
    m.alignments.iter().map(one).collect()
}

/// Takes the word that says most out of those left over: a name before a patronymic or an initial.
fn take_weightiest(left: &mut Vec<usize>, words: &[&Word]) -> Option<usize> {
    let weight = |w: &Word| match w.kind {
        WordKind::Name => 3,
        WordKind::Kunya => 2,
        WordKind::Patronymic => 1,
        _ => 0,
    };
    let at = (0..left.len()).max_by_key(|&n| (weight(words[left[n]]), std::cmp::Reverse(n)))?;
    Some(left.remove(at))
}
