//! The register of governing boards: who sits on which board, found by the organisation's name.
//!
//! Reference data that a snapshot carries beside its lists. Its members are in none of the indexes that
//! are screened against and never become hits; to screen a board is to screen its members as subjects.
//!
//! Organisations are found as listed ones are, by the same index and scorer with the same meaning of a
//! threshold, or by their number. Their names are analysed at import; opening reads bytes.

mod build;
mod file;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

pub use build::BoardsBuilder;

use crate::index::organisations::{OrganisationIndex, Scratch};
use crate::matching::attributes::{SHORTEST_NUMBER, fold_number};
use crate::matching::organisation::OrganisationQuery;
use crate::model::{Address, BoardSeat, Entity, EntityKind, Name};
use crate::names::organisation::hash;

/// An organisation of the register with the seats on its board, in the order of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoardOnFile {
    /// Its names: the spellings of the register, the first one first.
    pub names: Vec<String>,
    /// Its number, empty if the register has none.
    pub id: String,
    /// Its country, ISO 3166-1 alpha-2; empty if not known.
    pub country: String,
    /// The seats, former ones among them.
    pub seats: Vec<BoardSeat>,
}

impl BoardOnFile {
    /// The organisation in the form in which the organisation matcher takes listed ones.
    pub fn as_entity(&self) -> Entity {
        let address = Address { country: self.country.clone(), ..Address::default() };
        Entity {
            kind: EntityKind::Organisation,
            names: self.names.iter().map(Name::of).collect(),
            addresses: (!self.country.is_empty()).then_some(address).into_iter().collect(),
            ..Entity::default()
        }
    }
}

/// How an organisation of the register was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum BoardMatch {
    /// By its number.
    Number,
    /// By a name.
    Name {
        /// Which of the names asked for.
        query: usize,
        /// Which of the names on file.
        name: usize,
        /// Evidence in bits.
        bits: f64,
        /// The whole name is the same after folding.
        exact: bool,
        /// It rests on an acronym or a name too common to tell.
        weak: bool,
    },
}

/// The register, open. Never changes.
pub struct Boards {
    /// Organisations as written by [`file`]; each was read once when the register was opened.
    bytes: Vec<u8>,
    /// Where each organisation begins in `bytes`, and where the last one ends.
    starts: Vec<usize>,
    /// The index of the file; where that is of another version of the analysis, one made on first use.
    index: OnceLock<OrganisationIndex>,
    /// Organisations by the hash of their number, sorted.
    numbers: Vec<(u64, u32)>,
    seats: u64,
    /// The file's index is of another version.
    outdated: bool,
}

impl Boards {
    /// How many organisations are on file.
    pub fn organisation_count(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// How many seats are on file, former ones included.
    pub fn seat_count(&self) -> u64 {
        self.seats
    }

    fn index(&self) -> &OrganisationIndex {
        // What was read without fault when the register was opened is read again.
        self.index.get_or_init(|| build::index(&self.boards().unwrap_or_default()))
    }

    /// The organisation of this number (0 to [`Boards::organisation_count`]).
    pub fn board(&self, organisation: u32) -> Option<BoardOnFile> {
        let at = organisation as usize;
        let bytes = self.bytes.get(*self.starts.get(at)?..*self.starts.get(at + 1)?)?;
        // It was read without fault when the register was opened.
        file::read_board(bytes).ok()
    }

    /// Organisations that may be the one asked for: those with one of these `numbers` first, then those
    /// whose name reaches `min_bits`, best first. A name that is on file as it is asked for leads there
    /// only, and not to neighbours that look like it.
    pub fn find(
        &self,
        queries: &[OrganisationQuery],
        numbers: &[String],
        min_bits: f64,
    ) -> Vec<(u32, BoardMatch)> {
        let mut found: Vec<(u32, BoardMatch)> = Vec::new();
        for key in numbers.iter().filter_map(|number| number_key(number)) {
            let from = self.numbers.partition_point(|n| n.0 < key);
            let same = self.numbers[from..].iter().take_while(|n| n.0 == key).map(|n| n.1);
            for organisation in same {
                if found.iter().all(|f| f.0 != organisation) {
                    found.push((organisation, BoardMatch::Number));
                }
            }
        }
        let by_number = found.len();
        let (mut scratch, mut hits) = (Scratch::default(), Vec::new());
        for (query, analysed) in queries.iter().enumerate() {
            self.index().find(analysed, min_bits, &mut scratch, &mut hits);
            // Where the very name is on file, what is merely like it is another organisation.
            if hits.iter().any(|hit| hit.exact) {
                hits.retain(|hit| hit.exact);
            }
            for hit in &hits {
                let one = BoardMatch::Name {
                    query,
                    name: hit.name_index as usize,
                    bits: hit.bits,
                    exact: hit.exact,
                    weak: hit.weak,
                };
                match found.iter_mut().find(|f| f.0 == hit.entity) {
                    Some((_, best)) if bits(best) < hit.bits => *best = one,
                    Some(_) => {}
                    None => found.push((hit.entity, one)),
                }
            }
        }
        found[by_number..].sort_by(|a, b| bits(&b.1).total_cmp(&bits(&a.1)).then(a.0.cmp(&b.0)));
        found
    }
}

fn bits(found: &BoardMatch) -> f64 {
    match found {
        BoardMatch::Number => f64::INFINITY,
        BoardMatch::Name { bits, .. } => *bits,
    }
}

/// The key of a number long enough to identify anything.
fn number_key(number: &str) -> Option<u64> {
    let folded = fold_number(number);
    (folded.chars().count() >= SHORTEST_NUMBER).then(|| hash(&folded))
}
