//! One word of a name, analysed once.

use super::rarity::Rarity;
use super::script::Script;
use super::sound::{self, Consonants, Symbol};

/// What part a word plays in a person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum WordKind {
    /// A given or family name, or a word of which no more is known.
    Name = 0,
    /// A patronymic or matronymic (`Viktorovich`): left out as often as not.
    Patronymic = 1,
    /// A single letter that may stand for any word beginning with it.
    Initial = 2,
    /// `abu`, `umm`: makes the next word a byname.
    Kunya = 3,
    /// `bin`, `ben`, `ould`: says whose child.
    Filiation = 4,
    /// `al`, `von`, `de`: says next to nothing.
    Particle = 5,
    /// `Dr`, `Haji`, `Mullah`: says something of the bearer but is left out at will.
    Title = 6,
    /// `Jr`, `PhD`.
    Suffix = 7,
}

impl WordKind {
    /// Whether a word of this kind carries evidence when it is aligned, and costs when it is not.
    pub fn is_core(self) -> bool {
        matches!(self, Self::Name | Self::Patronymic | Self::Initial | Self::Kunya)
    }

    /// The kind with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        [
            Self::Name,
            Self::Patronymic,
            Self::Initial,
            Self::Kunya,
            Self::Filiation,
            Self::Particle,
            Self::Title,
            Self::Suffix,
        ]
        .get(usize::from(number))
        .copied()
    }
}

/// One Latin spelling of a word, read into sounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// The spelling, letters a to z.
    pub letters: String,
    /// Its sounds.
    pub sounds: Vec<Symbol>,
    /// How many consonants of each class it has.
    pub consonants: Consonants,
}

impl Form {
    /// Reads a spelling.
    pub fn of(letters: String) -> Self {
        let sounds = sound::encode(&letters);
        Self { consonants: Consonants::of(&sounds), sounds, letters }
    }
}

/// A word of a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    /// The word folded, in its own script and lower case, as explanations show it.
    pub text: String,
    /// Its part in the name.
    pub kind: WordKind,
    /// Its script.
    pub script: Script,
    /// Its Latin spellings, likeliest first; empty where it cannot be read (Han, digits).
    pub forms: Vec<Form>,
    /// Whether its script leaves vowels out.
    pub unvowelled: bool,
    /// Where its forms end that stand for the word as written; those after it drop an article
    /// written together with the word (`alrawi`: `rawi`) or the ending that Latvian and Lithuanian
    /// give to foreign names (`bakijevs`: `bakijev`).
    pub own_forms: usize,
    /// How rare it is.
    pub rarity: Rarity,
    /// Classes of nicknames and national forms it belongs to, sorted; of a patronymic those of the
    /// father's name.
    pub classes: Vec<u16>,
}
