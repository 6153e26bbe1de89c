//! From rows to organisations with their boards.

use rustc_hash::FxHashMap;

use crate::index::organisations::{OrganisationIndex, OrganisationIndexBuilder};
use crate::matching::attributes::fold_number;
use crate::model::BoardSeat;
use crate::names::organisation::AnalysedOrganisation;

use super::BoardOnFile;

/// Collects the seats of a register and gathers them by organisation.
///
/// Rows are of one organisation where they have its number, or else where its name is the same after
/// folding and no other country is given. Nothing fuzzy: what is like it is found, not merged.
#[derive(Default)]
pub struct BoardsBuilder {
    seats: Vec<BoardSeat>,
}

impl BoardsBuilder {
    /// An empty builder.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a seat.
    pub fn add(&mut self, seat: BoardSeat) {
        self.seats.push(seat);
    }

    /// How many seats were added.
    pub fn len(&self) -> usize {
        self.seats.len()
    }

    /// Whether no seat was added.
    pub fn is_empty(&self) -> bool {
        self.seats.is_empty()
    }

    /// The organisations, in the order in which the register first names them.
    pub fn build(self) -> Vec<BoardOnFile> {
        let mut gathered = Gathered::default();
        let mut names: FxHashMap<String, String> = FxHashMap::default();
        let mut folded = |name: &str| match names.get(name) {
            Some(key) => key.clone(),
            None => {
                let key = AnalysedOrganisation::of(name).compact;
                names.insert(name.to_owned(), key.clone());
                key
            }
        };
        let places: Vec<usize> = {
            // Numbers first: a row without one may come before the row that ties its name to it.
            let numbered = |seat: &&BoardSeat| !seat.organisation_id.is_empty();
            for seat in self.seats.iter().filter(numbered) {
                gathered.place(seat, folded(&seat.organisation));
            }
            self.seats.iter().map(|seat| gathered.place(seat, folded(&seat.organisation))).collect()
        };
        // In the order of the register, whatever the order of gathering was.
        let mut order: Vec<Option<usize>> = vec![None; gathered.boards.len()];
        let mut boards: Vec<BoardOnFile> = Vec::with_capacity(gathered.boards.len());
        for (seat, place) in self.seats.into_iter().zip(places) {
            let at = *order[place].get_or_insert_with(|| {
                boards.push(std::mem::take(&mut gathered.boards[place]));
                boards.len() - 1
            });
            let board = &mut boards[at];
            if !board.names.contains(&seat.organisation) {
                board.names.push(seat.organisation.clone());
            }
            board.seats.push(seat);
        }
        boards
    }
}

/// Organisations while rows are placed.
#[derive(Default)]
struct Gathered {
    /// Organisations with number and country, still without names and seats.
    boards: Vec<BoardOnFile>,
    by_number: FxHashMap<String, usize>,
    by_name: FxHashMap<String, Vec<usize>>,
}

impl Gathered {
    /// Which organisation a seat is of; a new one where none fits.
    fn place(&mut self, seat: &BoardSeat, name: String) -> usize {
        let number = fold_number(&seat.organisation_id);
        let next = self.boards.len();
        let named = self.by_name.entry(name).or_default();
        let found = if number.is_empty() {
            let fits = |&&at: &&usize| {
                let country = &self.boards[at].country;
                country.is_empty() || seat.country.is_empty() || *country == seat.country
            };
            // Where two fit, the first: the register does not tell them apart.
            named.iter().find(fits).copied()
        } else {
            self.by_number.get(&number).copied()
        };
        let at = found.unwrap_or(next);
        if found.is_none() {
            self.boards.push(BoardOnFile { id: seat.organisation_id.clone(), ..BoardOnFile::default() });
        }
        if !named.contains(&at) {
            named.push(at);
        }
        if !number.is_empty() {
            self.by_number.entry(number).or_insert(at);
        }
        let country = &mut self.boards[at].country;
        if country.is_empty() {
            country.clone_from(&seat.country);
        }
        at
    }
}

/// The names of organisations, analysed and filed.
pub(super) fn index(boards: &[BoardOnFile]) -> OrganisationIndex {
    let mut builder = OrganisationIndexBuilder::new();
    for (number, board) in (0..).zip(boards) {
        builder.add(number, &board.as_entity());
    }
    builder.build()
}
