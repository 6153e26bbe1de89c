//! How two words of organisations' names stand to each other.

use rapidfuzz::distance::osa;

use crate::names::organisation::{TypeClass, Word, WordKind};

use super::super::AlignmentKind;

/// A word as alignment sees it: borrowed, so that a candidate of the index costs no allocation.
#[derive(Clone, Copy, Debug)]
pub struct WordRef<'a> {
    /// The word as folded.
    pub text: &'a str,
    /// Its key.
    pub key: &'a str,
    /// Hash of its key.
    pub hash: u64,
    /// What it does in a name.
    pub kind: WordKind,
    /// Its information in bits.
    pub bits: f32,
    /// Its segment.
    pub segment: u16,
    /// Country of a place or country word.
    pub country: Option<[u8; 2]>,
    /// Perhaps shortened.
    pub abbreviated: bool,
    /// Perhaps an acronym.
    pub capitals: bool,
    /// In Han characters.
    pub han: bool,
    /// In the word lists.
    pub known: bool,
    /// A word of its own, in the lists or seen in names of other organisations.
    pub common: bool,
}

impl<'a> From<&'a Word> for WordRef<'a> {
    fn from(word: &'a Word) -> Self {
        Self {
            text: &word.text,
            key: &word.key,
            hash: word.hash,
            kind: word.kind,
            bits: word.bits,
            segment: word.segment,
            country: word.country,
            abbreviated: word.abbreviated,
            capitals: word.capitals,
            han: word.han,
            known: word.known,
            common: word.common,
        }
    }
}

impl WordRef<'_> {
    /// Whether the word says something (connectors say nothing).
    pub fn is_content(&self) -> bool {
        self.kind != WordKind::Connector
    }

    /// The sort of institution, for a type word.
    pub fn class(&self) -> Option<TypeClass> {
        match self.kind {
            WordKind::Type(class) => Some(class),
            _ => None,
        }
    }
}

/// The share of its bits that a listed word earns from a word of the query, and how they agree.
/// `None` where they have nothing to do with each other.
pub fn similarity(listed: &WordRef<'_>, query: &WordRef<'_>) -> Option<(f64, AlignmentKind)> {
    if listed.hash == query.hash {
        if listed.text == query.text {
            return Some((1.0, AlignmentKind::Same));
        }
        if listed.han && query.han && !(listed.known && query.known) {
            // Two words of Chinese that only sound alike.
            return None;
        }
        if listed.han != query.han {
            return Some((if listed.known { 1.0 } else { 0.9 }, AlignmentKind::Script));
        }
        return Some((1.0, AlignmentKind::Spelling));
    }
    if listed.han || query.han {
        return None;
    }
    if query.abbreviated && query.key.len() >= 3 && listed.key.starts_with(query.key) {
        return Some((0.85, AlignmentKind::Spelling));
    }
    if listed.kind == WordKind::Field && query.kind == WordKind::Field {
        return related(listed.key, query.key).then_some((0.6, AlignmentKind::Spelling));
    }
    // A word of its own is no misspelling: Jiangsu is not Jiangxi, physical not physics.
    if query.common || listed.key.len() < 5 || query.key.len() < 4 {
        return None;
    }
    // Places look alike (Fuzhou, Wuzhou; Xiangtan, Xiangnan): another letter makes another place, and
    // only a letter too many or too few is taken for a slip, and not the first.
    let place = matches!(listed.kind, WordKind::Place | WordKind::Country);
    let first = |word: &WordRef<'_>| word.key.bytes().next();
    if place && (listed.key.len() == query.key.len() || first(listed) != first(query)) {
        return None;
    }
    let limit = if listed.key.len() >= 9 && !place { 2 } else { 1 };
    if listed.key.len().abs_diff(query.key.len()) > limit {
        return None;
    }
    let distance = osa::distance_with_args(
        listed.key.chars(),
        query.key.chars(),
        &osa::Args::default().score_cutoff(limit),
    )?;
    let length = listed.key.len() as f64;
    Some((1.0 - 1.4 * distance as f64 / length, AlignmentKind::Spelling))
}

/// Field words that translators use for one another.
const RELATED: &[&[&str]] = &[
    &["aeronautics", "aerospace", "flight"],
    &["astronautics", "aerospace", "space"],
    &["technology", "technical"],
    &["electronic", "electrical"],
    &["telecommunication", "communication", "posts"],
    &["shipbuilding", "maritime"],
    &["weapon", "equipment"],
    &["medical", "militarymedical"],
    &["industry", "gongye"],
    &["keji", "technology"],
    &["economics", "finance"],
    &["computer", "information"],
    &["chemistry", "petroleum"],
    &["police", "security"],
    &["defence", "military"],
];

/// Whether two field words may translate the same word.
pub fn related(a: &str, b: &str) -> bool {
    RELATED.iter().any(|group| group.contains(&a) && group.contains(&b))
}

/// The field words that may translate the same word as `key`, itself left out.
pub fn related_to(key: &str) -> impl Iterator<Item = &'static str> + '_ {
    let groups = RELATED.iter().filter(move |g| g.contains(&key));
    groups.flat_map(|g| g.iter().copied()).filter(move |k| *k != key)
}

/// Bits that it costs to find another sort of institution where the listed name has its own.
///
/// Translators render 学院 as college, academy, school or institute alike; a university and an
/// institute of the same town and field are two institutions (Beijing has both of technology).
pub fn type_conflict(listed: TypeClass, query: TypeClass) -> f64 {
    use TypeClass as T;
    let (a, b) = if (listed as u8) <= (query as u8) { (listed, query) } else { (query, listed) };
    match (a, b) {
        (a, b) if a == b => 0.0,
        (T::Academy, T::College) | (T::Academy, T::School) | (T::College, T::School) => 1.5,
        (T::Institute, T::Academy) => 2.5,
        (T::Institute, T::Centre) | (T::Laboratory, T::KeyLaboratory) => 3.0,
        (T::Institute, T::College) | (T::Institute, T::School) => 4.0,
        (T::Company, T::Group) => 0.5,
        (T::Company, T::Plant) | (T::Group, T::Plant) => 3.0,
        (
            T::Department | T::Division | T::Ministry | T::Office,
            T::Department | T::Division | T::Ministry | T::Office,
        ) => 3.0,
        (T::University, T::College) | (T::University, T::Academy) => 6.0,
        _ => 9.0,
    }
}

/// Sorts of institution that are commonly a part of another one.
pub fn is_part(class: TypeClass) -> bool {
    use TypeClass as T;
    !matches!(class, T::University | T::Ministry | T::Team | T::Exchange)
}

/// Whether `acronym` consists of the initials of `words` in order, connectors left out or not.
pub fn spells(acronym: &str, words: &[WordRef<'_>]) -> bool {
    let mut letters = acronym.chars();
    for word in words {
        let initial = word.text.chars().next();
        if word.kind == WordKind::Connector {
            continue;
        }
        // A known phrase is one word here; each of its words has an initial.
        for part in word.text.split(' ') {
            if letters.next() != part.chars().next().or(initial) {
                return false;
            }
        }
    }
    letters.next().is_none()
}
