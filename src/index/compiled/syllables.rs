//! Listed East Asian names by the keys of their readings.
//!
//! A key tells little, and the commonest lead to thousands of names. Beside each name stand the atoms of
//! the reading and what decides whether the name is looked at, so that most are passed over in one run
//! through memory. Made from the readings, never stored.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::names::cjk::{Atoms, CjkName};

use super::outline::{Birth, Outline};

/// A reading of a listed name.
#[derive(Clone, Copy)]
pub(super) struct Filed {
    /// The name.
    pub name: u32,
    /// When its entity was born.
    pub birth: Birth,
    /// The atoms of the reading.
    pub atoms: Atoms,
}

/// All readings, by key.
#[derive(Default)]
pub(super) struct Syllables {
    keys: Vec<u64>,
    /// Per key where its readings begin, and where the last ones end.
    starts: Vec<u32>,
    filed: Vec<Filed>,
}

impl Syllables {
    /// Files the readings of listed names.
    pub fn of(names: &FxHashMap<u32, CjkName>) -> Self {
        let mut all: Vec<(u64, u32, Atoms)> = names
            .par_iter()
            .flat_map_iter(|(&name, cjk)| cjk.filed().into_iter().map(move |(key, atoms)| (key, name, atoms)))
            .collect();
        all.par_sort_unstable();
        let mut out = Self::default();
        for (place, (key, ..)) in all.iter().enumerate() {
            if out.keys.last() != Some(key) {
                out.keys.push(*key);
                out.starts.push(place as u32);
            }
        }
        out.starts.push(all.len() as u32);
        let filed = |(_, name, atoms)| Filed { name, birth: Birth::UNKNOWN, atoms };
        out.filed = all.into_iter().map(filed).collect();
        out
    }

    /// Takes up the outlines of all names.
    pub fn take_up(&mut self, outlines: &[Outline]) {
        self.filed.iter_mut().for_each(|filed| filed.birth = outlines[filed.name as usize].birth);
    }

    /// The readings under a key, by name.
    pub fn under(&self, key: u64) -> &[Filed] {
        let Ok(at) = self.keys.binary_search(&key) else { return &[] };
        &self.filed[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}
