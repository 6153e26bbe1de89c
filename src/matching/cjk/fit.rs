//! Whether readings could agree at all, told from their atoms alone.
//!
//! Keys tell of each syllable no more than how it begins, and thousands of people share the commonest.
//! Two atoms agree only if they may stand for one syllable; for the atoms of one query that is a set, made
//! once and held against all readings that its keys lead to.

use crate::names::cjk::atom::{self, Atom, Kind};
use crate::names::cjk::bearers::{self, Bearers};
use crate::names::cjk::tables::Part;
use crate::names::cjk::{Atoms, CjkName, NO_ATOM, NO_ATOMS};

/// A bit for each atom.
type Set = [u64; (1 << 16) / 64];

/// The atoms that could agree with those of a name. Its memory is reused from one name to the next.
#[derive(Default)]
pub struct Fit {
    /// Of which atom in which part each set is.
    of: Vec<(Atom, Part)>,
    sets: Vec<Box<Set>>,
    /// Of each reading the sets of its atoms, by place.
    readings: Vec<[usize; NO_ATOMS.len()]>,
}

fn insert(set: &mut Set, atom: Atom) {
    set[usize::from(atom) / 64] |= 1 << (atom % 64);
}

fn fill(set: &mut Set, atom: Atom, part: Part) {
    set.fill(0);
    insert(set, atom);
    if atom == NO_ATOM {
        return;
    }
    match atom::kind(atom) {
        // Initials are held against each other when they are compared.
        Kind::Initial(_) => {
            set.fill(u64::MAX);
            set[usize::from(NO_ATOM) / 64] &= !(1 << (NO_ATOM % 64));
        }
        _ => {
            bearers::each_syllable(atom, part, |syllable| {
                Bearers::of_part(part).of(syllable).iter().for_each(|&other| insert(set, other));
            });
            atom::initials().for_each(|initial| insert(set, initial));
        }
    }
}

impl Fit {
    /// Readies it for the readings of `query`.
    pub fn ready(&mut self, query: &CjkName) {
        let Self { of, sets, readings } = self;
        of.clear();
        readings.clear();
        for reading in &query.readings {
            let atoms = reading.atoms();
            readings.push(std::array::from_fn(|place| {
                // The halves of a family name of two syllables are read as the words they are.
                let part = if place == 0 && reading.family_length == 1 { Part::Family } else { Part::Given };
                let wanted = (atoms[place], part);
                of.iter().position(|known| *known == wanted).unwrap_or_else(|| {
                    if sets.len() == of.len() {
                        sets.push(Box::new([0; (1 << 16) / 64]));
                    }
                    fill(&mut sets[of.len()], wanted.0, wanted.1);
                    of.push(wanted);
                    of.len() - 1
                })
            }));
        }
    }

    /// Whether a reading of these atoms could agree with one of the query's. Names without readings always could.
    pub fn may_agree(&self, atoms: &Atoms) -> bool {
        let fits =
            |(set, &atom): (&usize, &Atom)| self.sets[*set][usize::from(atom) / 64] >> (atom % 64) & 1 == 1;
        *atoms == NO_ATOMS || self.readings.iter().any(|reading| reading.iter().zip(atoms).all(fits))
    }
}
