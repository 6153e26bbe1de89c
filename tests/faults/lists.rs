//! Two editions of a list of people who are plainly made up, and questions on which their answers differ.

use std::fmt::Write as _;

/// An edition of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// The first.
    A,
    /// Some people have gone, others have come, and of many it tells another name.
    B,
}

impl Edition {
    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    fn people(self) -> std::ops::Range<u32> {
        match self {
            Self::A => 0..PEOPLE,
            Self::B => CHANGED..PEOPLE + CHANGED,
        }
    }

    /// The edition as the EU's list is written.
    pub fn xml(self) -> String {
        let mut xml = String::from(
            r#"<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-01T00:00:00.000+01:00" globalFileId="1">"#,
        );
        for n in self.people() {
            let other =
                if self == Self::B && n.is_multiple_of(2) { name(n + 40_000) } else { name(n + 20_000) };
            write!(
                xml,
                r#"<sanctionEntity euReferenceNumber="M.{n}" logicalId="{n}"><subjectType code="person" classificationCode="P"/><nameAlias wholeName="{}" strong="true"/><nameAlias wholeName="{other}" strong="true"/><birthdate birthdate="{}-01-02"/></sanctionEntity>"#,
                name(n),
                1950 + n % 40
            )
            .expect("text grows");
        }
        xml + "</export>"
    }
}

/// How many people an edition holds.
const PEOPLE: u32 = 600;
/// How many of them the other one does not.
const CHANGED: u32 = 60;

/// A made-up name, of each number another.
pub fn name(number: u32) -> String {
    const SYLLABLES: [&str; 16] = [
        "qua", "zor", "vel", "mip", "tux", "bra", "nol", "fes", "gwi", "hup", "lar", "jek", "sto", "rif",
        "dom", "pya",
    ];
    let word = |from: u32, syllables: u32| {
        let text: String = (0..syllables).map(|at| SYLLABLES[(from >> (4 * at) & 15) as usize]).collect();
        text[..1].to_uppercase() + &text[1..]
    };
    // Odd factors: no two numbers below 65,536 have the same family name.
    let mixed = number.wrapping_mul(40_503) & 0xffff;
    format!("{} {}", word(number.wrapping_mul(2_654_435_761) >> 20, 2), word(mixed, 4))
}

/// A question: who is asked for.
#[derive(Clone, Debug)]
pub struct Question {
    /// The name.
    pub name: String,
    /// The birth date, empty if unknown.
    pub birth_date: String,
}

/// People of either edition under one of their names, some of them misspelt, and strangers.
pub fn questions() -> Vec<Question> {
    (0..PEOPLE + CHANGED)
        .step_by(5)
        .flat_map(|n| {
            let mut misspelt = name(n);
            misspelt.pop();
            let of = |name: String| Question { name, birth_date: String::new() };
            [
                Question { name: name(n), birth_date: (1950 + n % 40).to_string() },
                of(misspelt),
                of(name(n + if n.is_multiple_of(2) { 40_000 } else { 20_000 })),
                of(name(n + 50_000)),
            ]
        })
        .collect()
}
