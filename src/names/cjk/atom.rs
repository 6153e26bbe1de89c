//! The smallest parts that names are compared by, as 16-bit numbers: a class of Han characters, a
//! Hangul syllable, a Latin spelling of one syllable, or an initial letter.

/// One part of a name. Numbers hold within one version of the tables only.
pub(crate) type Atom = u16;

/// Numbers below this are classes of Han characters.
pub(super) const HAN: Atom = 0x3000;
const SPELLING: Atom = 0x6000;
const INITIAL: Atom = 0xFF00;
/// How many spellings there is room for.
pub(super) const SPELLINGS: usize = (INITIAL - SPELLING) as usize;

/// What an atom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A class of Han characters that stand for each other.
    Han(u16),
    /// A precomposed Hangul syllable.
    Hangul(u16),
    /// A Latin spelling of one syllable.
    Spelling(u16),
    /// The first letter, a-z, of a part of a name.
    Initial(u8),
}

/// The atom of a class of characters.
pub(super) fn han(class: u16) -> Atom {
    class
}

/// The atom of a Hangul syllable.
pub(super) fn hangul(number: u16) -> Atom {
    HAN + number
}

/// The atom of a spelling.
pub(super) fn spelling(number: u16) -> Atom {
    SPELLING + number
}

/// The atom of an initial letter a-z.
pub(super) fn initial(letter: u8) -> Atom {
    INITIAL + Atom::from(letter)
}

/// The atoms of all initial letters.
pub(crate) fn initials() -> impl Iterator<Item = Atom> {
    (b'a'..=b'z').map(initial)
}

/// What `atom` is.
pub(crate) fn kind(atom: Atom) -> Kind {
    match atom {
        0..HAN => Kind::Han(atom),
        HAN..SPELLING => Kind::Hangul(atom - HAN),
        SPELLING..INITIAL => Kind::Spelling(atom - SPELLING),
        _ => Kind::Initial((atom & 0xFF) as u8),
    }
}
