//! The bits for one listed name: the only place where they are added up, for hits and reasons alike.

use crate::model::{Name, NameQuality};
use crate::names::organisation::{AnalysedOrganisation, WordKind, hash};

use super::super::{AlignmentKind, EvidenceKind, Verdict};
use super::align::{AlignScratch, LETTER, Part, align};
use super::query::{OrganisationFacts, OrganisationQuery};
use super::words::WordRef;

/// Bits when the caller's country is one of the institution's.
pub(super) const COUNTRY_AGREES: f64 = 1.5;
/// Bits when it is none of them. Institutions have branches abroad: never a cliff.
const COUNTRY_CONFLICTS: f64 = -5.0;
/// Bits when the string itself puts the institution into another country ("Boston, MA, USA").
const WRITTEN_COUNTRY_CONFLICTS: f64 = -6.0;
/// Bits when the caller's address shares a place with the listed one.
pub(super) const PLACE_AGREES: f64 = 2.0;
/// Bits when both addresses name places and share none.
const PLACE_CONFLICTS: f64 = -1.0;
/// Least bits of a name that is the same as a whole. Well above the threshold, so that attributes
/// have to contradict it before it is set aside.
const LEAST_EXACT: f64 = 18.0;
/// Bits of a weak alias or bare acronym that equals the whole query: just enough to be shown.
const WEAK_EXACT: f64 = 15.0;
/// Most bits that places can lend an acronym.
const ACRONYM_SUPPORT: f64 = 6.0;

/// How far a listed name can be trusted to identify its bearer inside a longer string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum NameClass {
    /// It can.
    Ordinary,
    /// Short, common, or called weak by the list: a hit only when it is the whole query.
    Weak,
    /// An acronym: a hit when it is the whole query, or with support from a place.
    Acronym,
}

/// The class of a listed name of the bearer of whom `facts` are known.
pub fn name_class(name: &Name, analysed: &AnalysedOrganisation, facts: &OrganisationFacts) -> NameClass {
    let mut content =
        analysed.words.iter().filter(|w| !matches!(w.kind, WordKind::Connector | WordKind::Legal));
    let (first, second) = (content.next(), content.next());
    if name.quality == NameQuality::Acronym {
        return NameClass::Acronym;
    }
    if name.quality == NameQuality::Weak {
        return NameClass::Weak;
    }
    let Some(first) = first else { return NameClass::Weak };
    let letters = first.text.chars().count();
    if second.is_none() && first.kind == WordKind::Word && !first.han {
        let vowels = first.key.chars().filter(|c| "aeiou".contains(*c)).count();
        let unspoken = letters <= 4 || (letters <= 7 && 5 * vowels <= letters);
        let initials = || letters <= 8 && facts.initials.iter().any(|i| is_made_of(&first.key, i));
        // Beside names that are not in capitals, a short one in capitals is no shouting.
        let stands_out = || letters <= 6 && facts.mixed_case;
        if first.capitals && (unspoken || stands_out() || initials()) {
            return NameClass::Acronym;
        }
        if letters <= 3 {
            return NameClass::Weak;
        }
    }
    let tells = analysed
        .words
        .iter()
        .any(|w| matches!(w.kind, WordKind::Place | WordKind::Direction | WordKind::Word | WordKind::Body));
    let bits: f64 =
        analysed.words.iter().filter(|w| w.kind != WordKind::Legal).map(|w| f64::from(w.bits)).sum();
    // A place or a sort of institution alone ("Moscow", "the Academy") names nothing.
    if bits < if tells { 6.5 } else { 11.0 } || (second.is_none() && first.kind != WordKind::Word) {
        return NameClass::Weak;
    }
    NameClass::Ordinary
}

/// Whether an acronym begins with the first of the initials and takes the others in order, leaving
/// some out (connectors mostly).
fn is_made_of(acronym: &str, initials: &str) -> bool {
    let mut initials = initials.chars().peekable();
    initials.peek() == acronym.chars().next().as_ref() && acronym.chars().all(|c| initials.any(|i| i == c))
}

/// What stands for a whole name: equal for names that are the same after folding.
pub fn whole_hash(name: &AnalysedOrganisation) -> u64 {
    hash(&name.compact)
}

/// One listed name, or a variant of it, ready for scoring.
#[derive(Clone, Copy, Debug)]
pub struct ListedName<'a> {
    /// Its words.
    pub words: &'a [WordRef<'a>],
    /// See [`whole_hash`]; of the whole listed name also in its variants.
    pub whole: u64,
    /// Its class.
    pub class: NameClass,
    /// Countries of its bearer.
    pub countries: &'a [[u8; 2]],
    /// Places of its bearer.
    pub places: &'a [u64],
    /// Its bearer has a name in Han.
    pub named_in_han: bool,
}

/// A listed name that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Evidence in bits, all parts together.
    pub bits: f64,
    /// The whole name is the same after folding.
    pub exact: bool,
    /// The hit rests on a weak alias or an acronym.
    pub weak: bool,
}

/// A piece of evidence as it is added up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Piece {
    /// Of the alignment of names.
    Name(Part, f64),
    /// Of attributes and of the name as a whole.
    Other(EvidenceKind, Verdict, f64),
}

/// Scores a query against one listed name.
///
/// `words` are the query's ([`OrganisationQuery::words`]), made once for many names. `None` when they
/// have no word in common.
pub fn score(
    query: &OrganisationQuery,
    words: &[WordRef<'_>],
    listed: &ListedName<'_>,
    scratch: &mut AlignScratch,
) -> Option<Found> {
    score_into(query, words, listed, scratch, &mut |_| {})
}

pub(super) fn score_into(
    query: &OrganisationQuery,
    words: &[WordRef<'_>],
    listed: &ListedName<'_>,
    scratch: &mut AlignScratch,
    sink: &mut dyn FnMut(Piece),
) -> Option<Found> {
    let exact = query.whole == listed.whole;
    let mut bits = match listed.class {
        NameClass::Acronym if !exact => acronym(words, listed, sink),
        NameClass::Weak if !exact => None,
        _ => align(listed.words, words, listed.named_in_han, scratch, &mut |part, b| {
            sink(Piece::Name(part, b))
        }),
    };
    let mut weak = false;
    if exact {
        let so_far = bits.unwrap_or(0.0);
        let aim = if listed.class == NameClass::Ordinary { so_far.max(LEAST_EXACT) } else { WEAK_EXACT };
        let lift = aim - so_far;
        sink(Piece::Other(EvidenceKind::WholeName, Verdict::Agrees, lift));
        bits = Some(so_far + lift);
    }
    weak |= listed.class != NameClass::Ordinary;
    let mut bits = bits?;
    let mut add = |kind, verdict, b: f64| {
        bits += b;
        sink(Piece::Other(kind, verdict, b));
    };
    country(query, listed, exact, &mut add);
    if !query.address_places.is_empty() && !listed.places.is_empty() {
        if query.address_places.iter().any(|p| listed.places.binary_search(p).is_ok()) {
            add(EvidenceKind::Address, Verdict::Agrees, PLACE_AGREES);
        } else {
            add(EvidenceKind::Address, Verdict::Conflicts, PLACE_CONFLICTS);
        }
    }
    Some(Found { bits, exact, weak })
}

fn country(
    query: &OrganisationQuery,
    listed: &ListedName<'_>,
    exact: bool,
    add: &mut impl FnMut(EvidenceKind, Verdict, f64),
) {
    if listed.countries.is_empty() {
        return;
    }
    let shared = |countries: &[[u8; 2]]| countries.iter().any(|c| listed.countries.contains(c));
    if !query.countries.is_empty() {
        if shared(&query.countries) {
            add(EvidenceKind::Country, Verdict::Agrees, COUNTRY_AGREES);
        } else {
            add(EvidenceKind::Country, Verdict::Conflicts, COUNTRY_CONFLICTS);
        }
    } else if !query.written_countries.is_empty() && !exact {
        if shared(&query.written_countries) {
            // An acronym needs all the support there is; a name found whole has no need of it.
            let bits = if listed.class == NameClass::Acronym { COUNTRY_AGREES } else { 0.0 };
            add(EvidenceKind::Country, Verdict::Agrees, bits);
        } else {
            add(EvidenceKind::Country, Verdict::Conflicts, WRITTEN_COUNTRY_CONFLICTS);
        }
    }
}

/// An acronym inside a longer string: needs a place at which its bearer is known to be.
fn acronym(words: &[WordRef<'_>], listed: &ListedName<'_>, sink: &mut dyn FnMut(Piece)) -> Option<f64> {
    let [word] = listed.words else { return None };
    let q = words.iter().position(|w| w.hash == word.hash && w.capitals)?;
    let mut places: Vec<usize> = (0..words.len())
        .filter(|&p| words[p].kind == WordKind::Place && listed.places.binary_search(&words[p].hash).is_ok())
        .collect();
    places.sort_by(|&a, &b| words[b].bits.total_cmp(&words[a].bits));
    let place = *places.first()?;
    let letters = LETTER * word.key.chars().count() as f64;
    let support = f64::from(words[place].bits).min(ACRONYM_SUPPORT);
    sink(Piece::Name(
        Part::Pair { listed: 0, listed_len: 1, query: q, query_len: 1, kind: AlignmentKind::Initial },
        letters,
    ));
    sink(Piece::Other(EvidenceKind::Address, Verdict::Agrees, support));
    Some(letters + support)
}
