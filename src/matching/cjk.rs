//! Comparison of two names of people as East Asian ones, within and across Han, Hangul and Latin.
//!
//! Each pair of atoms (characters, syllables, spellings) is worth the pointwise mutual information
//! of the two writings in one language: how much likelier both are for one syllable than for two
//! drawn at random. `Kim` beside 김 says 2 bits, since every fifth Korean is a Kim; `chang` beside 張
//! says less than `zhang`, since 常 and 昌 are spelt so too. Everything must agree: a syllable that
//! does not fit ends the comparison.

use crate::names::cjk::atom::{self, Atom, Kind};
use crate::names::cjk::tables::{Candidate, Part, Tables, tables};
use crate::names::cjk::{CHINESE, CjkName, KOREAN, Lect, MIXED, PINYIN, Reading, Script};

use super::AlignmentKind;

/// The whole name agrees, in every part and on both sides, across scripts. Random names that share
/// syllables mostly differ in others; nothing differs here.
const WHOLE_ACROSS_SCRIPTS: f64 = 7.5;
/// The same within Han or Hangul, which say more of a name than its sound.
const WHOLE_WITHIN_SCRIPT: f64 = 4.5;
/// The same between two Latin spellings, where the letters themselves were comparable all along and
/// differ.
const WHOLE_WITHIN_LATIN: f64 = 2.0;
/// No atom is worth more: the tables say little about what is rarer than this.
const MOST_FAMILY_BITS: f64 = 9.0;
const MOST_GIVEN_BITS: f64 = 8.5;
/// An initial that fits a syllable.
const INITIAL_BITS: f64 = 2.0;
/// Two equal initials.
const INITIALS_BITS: f64 = 3.0;
/// A western given name, or a title, that stands on one side only: usual, so it costs little.
const FOREIGN_WORD: f64 = -0.7;
/// The same where both names are in Latin letters, so that the word could have been compared.
const FOREIGN_WORD_WITHIN_SCRIPT: f64 = -4.0;
/// A word that could be a syllable of the name but stands on one side only.
const READABLE_WORD: f64 = -3.0;
/// An initial that stands on one side only.
const LEFT_INITIAL: f64 = -0.5;
/// Family name in another speech of Chinese than the given name, as with most Singaporeans.
const OTHER_SPEECH: f64 = -0.5;
/// Syllables of one given name in different speeches.
const MIXED_SPEECH: f64 = -1.5;
/// Share of given names that are surely in Hanyu Pinyin and yet have a syllable of another system.
const NOT_PINYIN: f64 = 0.002;
/// One character of a long name in Han differs though it sounds alike.
const LIKE_SOUND: f64 = -2.0;

/// Words that stand together. The masks have a bit for each of [`crate::names::cjk::words`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CjkAlignment {
    /// Words of the query; 0 where the other side stands alone.
    pub query: u16,
    /// Words of the listed name; 0 where the other side stands alone.
    pub listed: u16,
    /// How they stand together.
    pub kind: AlignmentKind,
    /// Evidence in bits.
    pub bits: f64,
}

/// Two names that agree as East Asian names.
#[derive(Clone, Debug, PartialEq)]
pub struct CjkMatch {
    /// Evidence in bits: the alignments' bits and `whole_name`.
    pub bits: f64,
    /// Evidence that the names agree as wholes, beyond their parts.
    pub whole_name: f64,
    /// Each word of both names stands in exactly one.
    pub alignments: Vec<CjkAlignment>,
}

/// The bits of [`compare`] alone.
pub fn bits(query: &CjkName, listed: &CjkName) -> Option<f64> {
    if query.script() == Script::Han && listed.script() == Script::Han {
        return compare(query, listed).map(|m| m.bits);
    }
    best(query, listed).map(|scored| scored.bits)
}

/// Compares two analysed names. `None` when they cannot be compared this way, or contradict each
/// other. Symmetric but for the sides of the alignments.
pub fn compare(query: &CjkName, listed: &CjkName) -> Option<CjkMatch> {
    if query.script() == Script::Han && listed.script() == Script::Han {
        return compare_han(query, listed, tables());
    }
    best(query, listed).map(|scored| scored.explain(query, listed))
}

/// The two readings that agree best.
fn best<'a>(query: &'a CjkName, listed: &'a CjkName) -> Option<Scored<'a>> {
    let tables = tables();
    let mut best: Option<Scored> = None;
    for q in &query.readings {
        for l in &listed.readings {
            let Some(scored) = score(q, l, [query.script(), listed.script()], tables) else { continue };
            if best.as_ref().is_none_or(|b| scored.bits > b.bits) {
                best = Some(scored);
            }
        }
    }
    best
}

/// Two readings that agree, part by part.
struct Scored<'a> {
    query: &'a Reading,
    listed: &'a Reading,
    family: f64,
    given: [f64; 3],
    leftovers: f64,
    whole: f64,
    bits: f64,
}

/// Compares two readings: in each language they share, the best.
fn score<'a>(q: &'a Reading, l: &'a Reading, scripts: [Script; 2], t: &Tables) -> Option<Scored<'a>> {
    if q.family_length != l.family_length || q.given_length != l.given_length {
        return None;
    }
    let mut best: Option<Scored> = None;
    let mut consider = |family: f64, given: [f64; 3], language: f64| {
        let bits = family + given.iter().sum::<f64>() + language;
        if best.as_ref().is_none_or(|b| bits > b.bits) {
            best = Some(Scored { query: q, listed: l, family, given, leftovers: 0.0, whole: language, bits });
        }
    };
    let shared = q.groups & l.groups;
    // A spelling that another language, or another cut, explains better is worth less.
    let language = |n: usize| -q.doubt_bits(n) - l.doubt_bits(n);
    if shared & KOREAN != 0
        && let (Some(family), Some(given)) = (family(q, l, Lect::Korean, t), given(q, l, &[Lect::Korean], t))
    {
        consider(family, given, language(Lect::Korean as usize));
    }
    if shared & CHINESE != 0 {
        let families = Lect::CHINESE.map(|lect| family(q, l, lect, t));
        if let Some(best_family) = families.iter().flatten().copied().reduce(f64::max) {
            let strange = best_family + OTHER_SPEECH;
            // What is surely Hanyu Pinyin is Mandarin.
            let pinyin = (q.groups | l.groups) & PINYIN != 0;
            let lects = if pinyin { &Lect::CHINESE[..1] } else { &Lect::CHINESE[..] };
            for (lect, own) in lects.iter().copied().zip(families) {
                if let Some(given) = given(q, l, &[lect], t) {
                    if let Some(own) = own {
                        consider(own, given, language(lect as usize));
                    }
                    consider(strange, given, language(MIXED));
                }
            }
            if q.given_length > 1
                && !pinyin
                && let Some(mut given) = given(q, l, &Lect::CHINESE, t)
            {
                given[0] += MIXED_SPEECH;
                consider(strange, given, language(MIXED));
            }
        }
    }
    let mut scored = best?;
    let foreign = if scripts[0] == scripts[1] { FOREIGN_WORD_WITHIN_SCRIPT } else { FOREIGN_WORD };
    let left = |r: &Reading| {
        f64::from(r.left_readable) * READABLE_WORD
            + f64::from(r.left_foreign) * foreign
            + f64::from(r.left_initials) * LEFT_INITIAL
    };
    let initials = q.given().iter().chain(l.given()).any(|a| matches!(atom::kind(*a), Kind::Initial(_)));
    let whole = match scripts {
        _ if initials || q.left_readable + l.left_readable > 0 => 0.0,
        [Script::Latin, Script::Latin] => WHOLE_WITHIN_LATIN,
        [a, b] if a == b => WHOLE_WITHIN_SCRIPT,
        _ => WHOLE_ACROSS_SCRIPTS,
    };
    scored.leftovers = left(q) + left(l);
    scored.whole += whole;
    scored.bits += scored.leftovers + whole;
    Some(scored)
}

/// Evidence of the family names in one lect.
fn family(q: &Reading, l: &Reading, lect: Lect, t: &Tables) -> Option<f64> {
    if q.family_length == 2 {
        let halves = q.family().iter().zip(l.family());
        let bits: Option<f64> = halves.map(|(a, b)| atoms(*a, *b, Part::Given, lect, [false; 2], t)).sum();
        return bits.map(|b| b.min(MOST_FAMILY_BITS + 1.0));
    }
    atoms(q.family[0], l.family[0], Part::Family, lect, [false; 2], t)
}

/// Evidence of the given names, each syllable in the best of `lects`.
fn given(q: &Reading, l: &Reading, lects: &[Lect], t: &Tables) -> Option<[f64; 3]> {
    let mut out = [0.0; 3];
    let pinyin = [q.groups & PINYIN != 0, l.groups & PINYIN != 0];
    for (slot, (a, b)) in out.iter_mut().zip(q.given().iter().zip(l.given())) {
        *slot =
            lects.iter().filter_map(|lect| atoms(*a, *b, Part::Given, *lect, pinyin, t)).reduce(f64::max)?;
    }
    Some(out)
}

/// The candidates of an atom in one lect; a Hangul syllable is its own.
fn candidates<'a>(
    a: Atom,
    part: Part,
    lect: Lect,
    t: &'a Tables,
    own: &'a mut [Candidate; 1],
) -> &'a [Candidate] {
    if let Kind::Hangul(n) = atom::kind(a) {
        own[0] = (t.hangul(n, part), 1.0);
        return if lect == Lect::Korean { own } else { &[] };
    }
    let all = t.candidates(a, part);
    let from = all.partition_point(|c| (Lect::of(c.0) as u8) < lect as u8);
    let to = all.partition_point(|c| Lect::of(c.0) as u8 <= lect as u8);
    &all[from..to]
}

/// How much likelier two atoms are for one part of a name than for two, in bits; `None` when they
/// cannot stand for the same. `pinyin`: which of them are surely in Hanyu Pinyin.
fn atoms(a: Atom, b: Atom, part: Part, lect: Lect, pinyin: [bool; 2], t: &Tables) -> Option<f64> {
    let most = if part == Part::Family { MOST_FAMILY_BITS } else { MOST_GIVEN_BITS };
    let (kind_a, kind_b) = (atom::kind(a), atom::kind(b));
    if let (Kind::Initial(x), Kind::Initial(y)) = (kind_a, kind_b) {
        return (x == y).then_some(INITIALS_BITS);
    }
    let (mut own_a, mut own_b) = ([(0, 0.0)], [(0, 0.0)]);
    if let (Kind::Initial(letter), other) | (other, Kind::Initial(letter)) = (kind_a, kind_b) {
        let other = if other == kind_a { a } else { b };
        let onsets = t.onsets(lect, letter);
        let fits = candidates(other, part, lect, t, &mut own_a)
            .iter()
            .any(|(s, share)| *share >= 0.05 && onsets >> (t.sound(*s) & 15) & 1 != 0);
        return fits.then_some(INITIAL_BITS);
    }
    let ca = candidates(a, part, lect, t, &mut own_a);
    let cb = candidates(b, part, lect, t, &mut own_b);
    // A spelling's candidates carry the share of the syllable's writers, others the share of its
    // readers.
    let (spelt_a, spelt_b) = (matches!(kind_a, Kind::Spelling(_)), matches!(kind_b, Kind::Spelling(_)));
    let (mut i, mut j, mut joint) = (0, 0, 0.0f64);
    while let (Some((s, p)), Some((r, q))) = (ca.get(i), cb.get(j)) {
        match s.cmp(r) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                let share = f64::from(t.share(*s, part));
                let strange =
                    |pinyin, spelling| pinyin && lect == Lect::Mandarin && !t.is_pinyin_of(spelling, *s);
                let odd = [strange(pinyin[0] && spelt_a, a), strange(pinyin[1] && spelt_b, b)];
                let system: f64 = odd.iter().filter(|odd| **odd).map(|_| NOT_PINYIN).product();
                joint += system
                    * f64::from(*p)
                    * f64::from(*q)
                    * match (spelt_a, spelt_b) {
                        (true, true) => share,
                        (false, false) => 1.0 / share,
                        _ => 1.0,
                    };
                i += 1;
                j += 1;
            }
        }
    }
    if joint <= 0.0 {
        return None;
    }
    let mass = |a: Atom| f64::from(t.masses(a, part)[lect as usize]);
    if spelt_a {
        joint /= mass(a);
    }
    if spelt_b {
        joint /= mass(b);
    }
    Some(joint.log2().min(most))
}

/// Two names in Han: the characters must agree. In a long name, a foreigner's written by sound,
/// one character may be another of the same sound.
fn compare_han(query: &CjkName, listed: &CjkName, t: &Tables) -> Option<CjkMatch> {
    if query.han.len() != listed.han.len() {
        return None;
    }
    let mut alignments = Vec::with_capacity(query.han.len());
    let mut unlike = 0;
    for (place, (a, b)) in query.han.iter().zip(&listed.han).enumerate() {
        let part = if place == 0 { Part::Family } else { Part::Given };
        let (kind, bits) = if a == b {
            let most = if place == 0 { MOST_FAMILY_BITS } else { MOST_GIVEN_BITS };
            let share = f64::from(t.character_share(*a, part));
            (AlignmentKind::Same, (-share.log2()).clamp(0.0, most))
        } else if query.han.len() >= 5
            && t.candidates(*a, Part::Given).first().map(|c| c.0)
                == t.candidates(*b, Part::Given).first().map(|c| c.0)
        {
            unlike += 1;
            (AlignmentKind::Spelling, LIKE_SOUND)
        } else {
            return None;
        };
        alignments.push(CjkAlignment { query: 1 << place, listed: 1 << place, kind, bits });
    }
    if unlike > 1 {
        return None;
    }
    let whole_name = if unlike == 0 { WHOLE_WITHIN_SCRIPT } else { 0.0 };
    let bits = alignments.iter().map(|a| a.bits).sum::<f64>() + whole_name;
    Some(CjkMatch { bits, whole_name, alignments })
}

impl Scored<'_> {
    /// The alignments of the words.
    fn explain(&self, query: &CjkName, listed: &CjkName) -> CjkMatch {
        let (q, l) = (self.query, self.listed);
        let across = query.script() != listed.script();
        let kind = |a: &[Atom], b: &[Atom]| {
            let initial = |x: &[Atom]| x.iter().any(|a| matches!(atom::kind(*a), Kind::Initial(_)));
            if a == b {
                AlignmentKind::Same
            } else if initial(a) || initial(b) {
                AlignmentKind::Initial
            } else if across {
                AlignmentKind::Script
            } else {
                AlignmentKind::Spelling
            }
        };
        let mut alignments = vec![CjkAlignment {
            query: q.family_words,
            listed: l.family_words,
            kind: kind(q.family(), l.family()),
            bits: self.family,
        }];
        // Syllables whose words overlap on either side stand together.
        let mut from = 0;
        let n = usize::from(q.given_length);
        for to in 1..=n {
            if to < n
                && (q.given_words[to] == q.given_words[to - 1] || l.given_words[to] == l.given_words[to - 1])
            {
                continue;
            }
            let mask = |words: &[u8; 3]| words[from..to].iter().fold(0u16, |m, w| m | 1 << w);
            alignments.push(CjkAlignment {
                query: mask(&q.given_words),
                listed: mask(&l.given_words),
                kind: kind(&q.given[from..to], &l.given[from..to]),
                bits: self.given[from..to].iter().sum(),
            });
            from = to;
        }
        // What is left over shares the cost of all that is.
        let rest = |name: &CjkName, side: fn(&CjkAlignment) -> u16| {
            let used = alignments.iter().fold(0u16, |m, a| m | side(a));
            (0..name.word_count() as u16).map(|w| 1u16 << w).filter(|w| used & w == 0).collect::<Vec<_>>()
        };
        let left_query = rest(query, |a| a.query);
        let left_listed = rest(listed, |a| a.listed);
        let each = self.leftovers / (left_query.len() + left_listed.len()).max(1) as f64;
        for w in left_query {
            alignments.push(CjkAlignment { query: w, listed: 0, kind: AlignmentKind::QueryOnly, bits: each });
        }
        for w in left_listed {
            alignments.push(CjkAlignment {
                query: 0,
                listed: w,
                kind: AlignmentKind::ListedOnly,
                bits: each,
            });
        }
        CjkMatch { bits: self.bits, whole_name: self.whole, alignments }
    }
}

mod fit;

pub use fit::Fit;

#[cfg(test)]
mod measured;
#[cfg(test)]
mod tests;
