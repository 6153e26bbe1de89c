//! The tables the other way round: which atoms may stand for a syllable.

use std::sync::LazyLock;

use super::atom::{self, Atom, Kind};
use super::tables::{Part, Syllable, Tables, tables};

/// The atoms that may stand for each syllable as one part of a name.
pub(crate) struct Bearers {
    /// Of all syllables, one after another.
    atoms: Vec<Atom>,
    /// Per syllable where its atoms begin, and where the last ones end.
    starts: Vec<u32>,
}

static FAMILY: LazyLock<Bearers> = LazyLock::new(|| Bearers::build(Part::Family));
static GIVEN: LazyLock<Bearers> = LazyLock::new(|| Bearers::build(Part::Given));

/// Gives `f` each syllable that an atom may stand for as a part of a name; of initials none.
pub(crate) fn each_syllable(atom: Atom, part: Part, mut f: impl FnMut(Syllable)) {
    match atom::kind(atom) {
        Kind::Hangul(n) => f(tables().hangul(n, part)),
        _ => tables().candidates(atom, part).iter().for_each(|c| f(c.0)),
    }
}

impl Bearers {
    /// The bearers for a part of a name, collected on first use.
    pub(crate) fn of_part(part: Part) -> &'static Self {
        match part {
            Part::Family => &FAMILY,
            Part::Given => &GIVEN,
        }
    }

    /// The atoms that may stand for a syllable.
    pub(crate) fn of(&self, syllable: Syllable) -> &[Atom] {
        let start = |n: usize| self.starts.get(n).map_or(self.atoms.len(), |s| *s as usize);
        &self.atoms[start(usize::from(syllable))..start(usize::from(syllable) + 1)]
    }

    fn build(part: Part) -> Self {
        let mut pairs: Vec<(Syllable, Atom)> = Vec::new();
        for atom in tables().atoms() {
            each_syllable(atom, part, |syllable| pairs.push((syllable, atom)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut starts = vec![0u32; Tables::syllables() + 1];
        for &(syllable, _) in &pairs {
            starts[usize::from(syllable) + 1] += 1;
        }
        for n in 1..starts.len() {
            starts[n] += starts[n - 1];
        }
        Self { atoms: pairs.into_iter().map(|(_, atom)| atom).collect(), starts }
    }
}
