//! The most that a name can reach, by what is known of it so far.

use std::sync::{Arc, OnceLock};

use crate::matching::attributes::{self, Attributes, MOST_GAIN};
use crate::matching::person::{COMPLETE, CONFLICT, OTHER_SYLLABLES, TITLE_BITS};
use crate::matching::word::INITIAL_BITS;

use super::super::outline::{Birth, BirthYear, Outline};

/// What is needed, and what of the query bounds what a name can gain beside what their words say.
pub(super) struct Bounds<'a> {
    pub needed: f32,
    /// How many titles, initials and weighty words the query has.
    pub titles: u32,
    pub initials: u32,
    pub weighty: u32,
    /// Whether it reads as syllables and nothing else.
    pub is_syllabic: bool,
    pub lift: &'a Lift<'a>,
}

impl Bounds<'_> {
    /// The most that titles, initials and the name as a whole say.
    ///
    /// One initial more than the query has: a listed one may stand for a word of it. Where a name has none, this
    /// is what makes up for words that agree and share no key, of which the search knows nothing: names that
    /// hold one are met by their other words. Without it, and with omissions counted, one hit in two hundred
    /// misspelt names was lost.
    fn extra(&self) -> f32 {
        COMPLETE + TITLE_BITS * self.titles as f32 + INITIAL_BITS * (self.initials + 1) as f32
    }

    /// The most that a name can reach whose words say so much, attributes not counted. At least
    /// `query_left` weighty words of the query and `listed_left` of its own stand for none but initials.
    pub fn reach(&self, outline: Outline, bits: f32, query_left: u32, listed_left: u32) -> f32 {
        let left = match outline.initials() {
            // The query's initials may stand for some of its words.
            0 => -CONFLICT * query_left.min(listed_left.saturating_sub(self.initials)) as f32,
            // Its initials may stand for words of the query.
            n => INITIAL_BITS * n as f32,
        };
        // Names that agree in their syllables are met by those.
        let syllables = if self.is_syllabic && outline.is_syllabic() { OTHER_SYLLABLES } else { 0.0 };
        bits + self.extra() + left - syllables
    }

    /// Whether any name could reach what is needed, whatever its outline, if words say so much and
    /// `words_left` others of the query may yet stand for its initials.
    pub fn any_may_reach(&self, bits: f32, words_left: usize) -> bool {
        bits + self.extra() + INITIAL_BITS * words_left as f32 + self.lift.most() >= self.needed
    }
}

/// What is known of the subject beside the name: how much it can add at most, and how much for an entity.
pub struct Lift<'a> {
    /// By the birth year that a list tells; none where nothing is known.
    by_year: Option<Arc<ByYear>>,
    birth: Birth,
    /// What they add, or take, for an entity.
    of: &'a dyn Fn(u32) -> f32,
}

impl<'a> Lift<'a> {
    /// Nothing is known beside the name.
    pub const NONE: Lift<'static> = Lift { by_year: None, birth: Birth::UNKNOWN, of: &|_| 0.0 };

    /// What a subject's attributes add. `of` tells it of an entity, what they take included.
    pub fn of_subject(subject: &Attributes, of: &'a dyn Fn(u32) -> f32) -> Self {
        if subject.birth_date.is_none() && subject.birth_place.is_empty() {
            return Lift::NONE;
        }
        let birth = subject.birth_date.map_or(Birth::UNKNOWN, Birth::of_date);
        Self { by_year: Some(ByYear::of_subject(subject, birth.year)), birth, of }
    }

    /// Whether nothing is known.
    pub(super) fn is_none(&self) -> bool {
        self.by_year.is_none()
    }

    /// The most they add for anyone.
    pub(super) fn most(&self) -> f32 {
        if self.is_none() { 0.0 } else { MOST_GAIN }
    }

    /// The most they add for an entity of this birth.
    pub(super) fn most_of(&self, birth: Birth) -> f32 {
        let (most, of_other_day) = self.most_of_year(birth.year);
        if birth.may_share_day(self.birth) { most } else { of_other_day }
    }

    /// The most they add for an entity of this birth year, and the most where the day is known to be another.
    pub(super) fn most_of_year(&self, year: BirthYear) -> (f32, f32) {
        self.by_year.as_ref().map_or((0.0, 0.0), |by_year| by_year.most[year.place()])
    }

    /// All birth years, from those that may add most on.
    pub(super) fn years(&self) -> &[BirthYear] {
        self.by_year.as_ref().map_or(&[], |by_year| &by_year.falling)
    }

    /// What they add for an entity, or take.
    pub(super) fn of(&self, entity: u32) -> f32 {
        (self.of)(entity)
    }
}

/// What birth years may add to names of people born in one year.
struct ByYear {
    /// The most by year, and the most where the day is known to be another.
    most: [(f32, f32); BirthYear::COUNT],
    /// All years, from those that may add most on.
    falling: [BirthYear; BirthYear::COUNT],
}

impl ByYear {
    fn new(subject: &Attributes) -> Self {
        let none = attributes::most_without_birth(subject);
        let of_year = BirthYear::table(none, |year| attributes::most_of_year(subject, year), MOST_GAIN);
        let of_other_day =
            BirthYear::table(none, |year| attributes::most_of_other_day(subject, year), MOST_GAIN);
        let mut falling = BirthYear::all();
        falling.sort_by(|a, b| of_year[b.place()].total_cmp(&of_year[a.place()]));
        Self { most: std::array::from_fn(|place| (of_year[place], of_other_day[place])), falling }
    }

    /// By the subject's year. Made once for each: it depends on nothing else but whether a place is known.
    fn of_subject(subject: &Attributes, year: BirthYear) -> Arc<Self> {
        static MADE: [[OnceLock<Arc<ByYear>>; BirthYear::COUNT]; 2] =
            [const { [const { OnceLock::new() }; BirthYear::COUNT] }; 2];
        if !year.is_one() && subject.birth_date.is_some() {
            // A year that no list of living people has.
            return Arc::new(Self::new(subject));
        }
        let made = &MADE[usize::from(!subject.birth_place.is_empty())][year.place()];
        Arc::clone(made.get_or_init(|| Arc::new(Self::new(subject))))
    }
}
