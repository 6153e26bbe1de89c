//! What decides whether a name is looked at, in a few bits: fetching a name from elsewhere takes longer than
//! deciding.

use crate::model::{DateSpan, PartialDate};

/// What decides whether a name that shares a word with a query is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outline {
    /// How many of its words conflict when they stand against others: the upper four bits. How many are
    /// initials: the next three. Whether it reads as syllables and nothing else: the last.
    pub words: u8,
    /// When its entity was born.
    pub birth: Birth,
}

impl Outline {
    /// Of so many words that conflict when they stand against others, and so many initials.
    pub fn of(weighty: u8, initials: u8, is_syllabic: bool, birth: Birth) -> Self {
        let words = weighty.min(15) << 4 | initials.min(7) << 1 | u8::from(is_syllabic);
        Self { words, birth }
    }

    /// How many of its words conflict when they stand against others, at most 15.
    pub fn weighty(self) -> u32 {
        u32::from(self.words >> 4)
    }

    /// How many of its words are initials, at most 7.
    pub fn initials(self) -> u32 {
        u32::from(self.words >> 1 & 7)
    }

    /// Whether it reads as syllables and nothing else.
    pub fn is_syllabic(self) -> bool {
        self.words & 1 == 1
    }
}

/// When an entity was born, in two bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Birth {
    pub year: BirthYear,
    /// Which day of any year; 0 where that is not told. Two days share each number at most.
    day: u8,
}

impl Birth {
    /// Nothing is told.
    pub const UNKNOWN: Self = Self { year: BirthYear(0), day: 0 };

    /// By the dates of a list.
    pub fn of(births: &[DateSpan]) -> Self {
        let year = BirthYear::of(births);
        match births {
            // A doubtful date is as good as its year.
            [DateSpan { date: Some(date), circa: false, .. }] if year.is_one() => {
                Self { year, day: day(*date) }
            }
            _ => Self { year, day: 0 },
        }
    }

    /// By a date.
    pub fn of_date(date: PartialDate) -> Self {
        Self { year: BirthYear::of(&[DateSpan::of(date)]), day: day(date) }
    }

    /// Whether the days of two may be the same, by what is told.
    pub fn may_share_day(self, other: Self) -> bool {
        self.day == 0 || other.day == 0 || self.day == other.day
    }

    /// Its bits, by year first.
    fn bits(self) -> u16 {
        u16::from(self.year.0) << 8 | u16::from(self.day)
    }

    fn of_bits(bits: u16) -> Self {
        Self { year: BirthYear((bits >> 8) as u8), day: bits as u8 }
    }
}

fn day(date: PartialDate) -> u8 {
    let number = |(month, day): (u32, u32)| 1 + (month * 31 + day) % 255;
    date.month().zip(date.day()).map_or(0, |told| number(told) as u8)
}

/// The year an entity was born in, in a byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct BirthYear(u8);

impl BirthYear {
    /// How many there are.
    pub const COUNT: usize = 256;
    /// Several dates, spans of years, or one long ago.
    const ANY: u8 = u8::MAX;
    /// The year before the first that is told.
    const BEFORE: i32 = 1800;

    fn of(births: &[DateSpan]) -> Self {
        let year = match births {
            [] => return Self(0),
            [one] => one.date.map(|date| date.year() - Self::BEFORE),
            _ => None,
        };
        let told = year.and_then(|y| u8::try_from(y).ok()).filter(|&y| y != 0);
        Self(told.unwrap_or(Self::ANY))
    }

    /// Whether it is one year.
    pub fn is_one(self) -> bool {
        self.0 != 0 && self.0 != Self::ANY
    }

    /// Its place in a table of all.
    pub fn place(self) -> usize {
        usize::from(self.0)
    }

    /// All there are, by place.
    pub fn all() -> [Self; Self::COUNT] {
        std::array::from_fn(|place| Self(place as u8))
    }

    /// A table by place: `none` for unknown dates, `of` a year, `any` where no one year is told.
    pub fn table(none: f32, of: impl Fn(i32) -> f32, any: f32) -> [f32; Self::COUNT] {
        std::array::from_fn(|place| match place as u8 {
            0 => none,
            Self::ANY => any,
            year => of(i32::from(year) + Self::BEFORE),
        })
    }
}

/// What a term is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum TermKind {
    /// A word that does not conflict when it stands against another.
    #[default]
    Light,
    /// A word that does.
    Weighty,
    /// Two neighbouring words that may be written as one.
    Joined,
}

/// A name that holds a term, with all that decides whether it is looked at. But for the name made from the
/// tables, never stored. Those of one term are sorted by the words of the outline, the birth and the name, so
/// that names of one outline stand together and any of them can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Posting(u64);

impl Posting {
    /// Of a name of which no more is known yet.
    pub fn unknown(name: u32) -> Self {
        Self::of(name, Outline::default(), TermKind::default())
    }

    /// Of a name of this outline, and a term of this kind.
    pub fn of(name: u32, outline: Outline, term: TermKind) -> Self {
        let outline = u64::from(outline.words) << 48 | u64::from(outline.birth.bits()) << 32;
        Self(u64::from(term as u8) << 56 | outline | u64::from(name))
    }

    /// Before all of a term of this kind that have an outline of these words and a birth of this year, or later.
    pub fn first_of(term: TermKind, words: u8, year: BirthYear) -> Self {
        Self::of(0, Outline { words, birth: Birth { year, day: 0 } }, term)
    }

    /// What its term is.
    pub fn term(self) -> TermKind {
        match self.0 >> 56 {
            0 => TermKind::Light,
            1 => TermKind::Weighty,
            _ => TermKind::Joined,
        }
    }

    /// The name.
    pub fn name(self) -> u32 {
        self.0 as u32
    }

    /// Its outline.
    pub fn outline(self) -> Outline {
        Outline { words: self.words(), birth: self.birth() }
    }

    /// The words of its outline.
    pub fn words(self) -> u8 {
        (self.0 >> 48) as u8
    }

    /// The birth of its outline.
    pub fn birth(self) -> Birth {
        Birth::of_bits((self.0 >> 32) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postings_hold_what_they_are_made_of() {
        let date: PartialDate = "1957-12-31".parse().unwrap();
        let birth = Birth::of(&[DateSpan::of(date)]);
        let outline = Outline::of(3, 1, true, birth);
        assert_eq!((outline.weighty(), outline.initials(), outline.is_syllabic()), (3, 1, true));
        for term in [TermKind::Light, TermKind::Weighty, TermKind::Joined] {
            let posting = Posting::of(u32::MAX, outline, term);
            assert_eq!((posting.name(), posting.outline(), posting.term()), (u32::MAX, outline, term));
            assert!(Posting::first_of(term, outline.words, birth.year) <= posting);
        }
    }

    #[test]
    fn a_day_is_another_only_where_both_are_told() {
        let birth = |dates: &[&str]| {
            let spans: Vec<_> = dates.iter().map(|d| DateSpan::of(d.parse().unwrap())).collect();
            Birth::of(&spans)
        };
        let subject = Birth::of_date("1970-03-01".parse().unwrap());
        assert!(birth(&["1970-03-01"]).may_share_day(subject));
        assert!(birth(&["1950-03-01"]).may_share_day(subject));
        assert!(!birth(&["1970-03-02"]).may_share_day(subject));
        for vague in [&["1970-03"][..], &["1970"], &[], &["1970-03-02", "1971-04-05"]] {
            assert!(birth(vague).may_share_day(subject), "{vague:?}");
        }
        let doubtful = DateSpan { circa: true, ..DateSpan::of("1970-03-02".parse().unwrap()) };
        assert!(Birth::of(&[doubtful]).may_share_day(subject));
    }
}
