//! Whom to ask for: mostly people who are not listed.

use zeef::index::NameIndex;
use zeef::screening::{Subject, SubjectKind};

use crate::generate::{Random, World};
use crate::variants::Phenomenon;

/// The seed of the world that strangers come from. Another than the lists': the same stock of names,
/// other people.
pub const SEED: u64 = 2;
/// Of so many subjects one is a listed person, misspelt.
pub const ONE_LISTED_IN: u64 = 20;
/// Of so many subjects one is an organisation.
pub const ONE_ORGANISATION_IN: u64 = 20;

/// What sort of subject is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A person who is not meant by the list.
    Stranger,
    /// A listed person under another spelling.
    Misspelt,
    /// An organisation.
    Organisation,
}

/// Makes subjects, the same for each number.
pub struct Questions<'a> {
    world: World,
    index: &'a NameIndex,
}

impl<'a> Questions<'a> {
    /// Subjects to screen against these names.
    pub fn of(index: &'a NameIndex) -> Self {
        Self { world: World::new(SEED), index }
    }

    /// The subject of this number.
    pub fn ask(&self, number: u64) -> (Sort, Subject) {
        if number % ONE_LISTED_IN == 7
            && let Some((_, subject)) = self.misspelt(number)
        {
            return (Sort::Misspelt, subject);
        }
        if number % ONE_ORGANISATION_IN == 13 {
            return (Sort::Organisation, self.world.strange_organisation(number));
        }
        let mut stranger = self.world.stranger(number);
        // Half of those who ask know a birth date.
        if number.is_multiple_of(2) {
            stranger.birth_date = None;
        }
        (Sort::Stranger, stranger)
    }

    /// A listed name, by number, and how somebody else would write it; none where the names drawn have no variant
    /// of the kind drawn.
    pub fn misspelt(&self, number: u64) -> Option<(u32, Subject)> {
        let mut random = Random::of(SEED, number);
        let people = self.index.people();
        for _ in 0..8 {
            let listed = random.below(people.len()) as u32;
            let name = people.text(listed);
            let phenomenon = Phenomenon::ALL[random.below(Phenomenon::ALL.len())];
            let variants = phenomenon.variants(name);
            if name.contains(' ') && !variants.is_empty() {
                let variant = variants[random.below(variants.len())].clone();
                return Some((listed, Subject::named(variant, SubjectKind::Person)));
            }
        }
        None
    }
}
