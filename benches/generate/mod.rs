//! A made-up list of any length, and made-up people to screen against it.
//!
//! Names are drawn as names occur: cultures by their size, common names by their shares (the crate's own
//! tables), rare ones by Zipf's law ([`stock`]), in Latin letters, Cyrillic, Arabic script and Han.
//! Everything follows from a seed and a number: the same entity comes out whenever it is asked for, in
//! any order, and nothing is kept. None of it is anybody: what looks like a real name is a combination of
//! common ones.
//!
//! It comes in through the ordinary import, as a list format of its own ([`FORMAT`]) whose file says how
//! many entities there are.

mod organisations;
mod random;
mod scripts;
mod stock;

use std::fmt::Write as _;
use std::io::Read as _;

use zeef::model::{
    Birth, Citizenship, DateSpan, Entity, EntityKind, Gender, Identifier, Listing, Name, PartialDate,
};
use zeef::names::frequency::{Culture, Kind};
use zeef::screening::{Subject, SubjectKind};
use zeef::sources::{Format, Header, Input, ReadError, Sink};

pub use random::Random;
use random::Weighted;
use scripts::{CHINESE, Script, capital, respelled};
use stock::Stock;

/// The list, for the import.
pub static FORMAT: Format =
    Format { name: "generated", title: "Generated list", files: "how many entities, and a seed", read };

fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    for mut input in inputs {
        let failed = |what: &str| ReadError::Format {
            file: input.name.clone(),
            place: "line 1".to_owned(),
            what: what.to_owned(),
        };
        let mut text = String::new();
        let io = |source| ReadError::Io { file: input.name.clone(), source };
        input.bytes.read_to_string(&mut text).map_err(io)?;
        let mut numbers = text.split_whitespace().map(str::parse::<u64>);
        let (Some(Ok(entities)), Some(Ok(seed))) = (numbers.next(), numbers.next()) else {
            return Err(failed("expected two numbers: how many entities, and a seed"));
        };
        let world = World::new(seed);
        for number in 0..entities {
            sink.entity(world.entity(number))?;
        }
    }
    Ok(Header { as_of: "2026-01-01".to_owned(), edition: String::new() })
}

/// The share of organisations on the list; on the EU list it is a quarter, on lists of people in public
/// office next to none.
const ORGANISATIONS: f64 = 0.18;

/// Where names are drawn from.
pub struct World {
    seed: u64,
    /// Numbers of `cultures`, each by the root of its people: every country has its ministers, and a large
    /// one has more, but not as many more as it has people.
    drawn: Weighted<usize>,
    cultures: Vec<Stocks>,
}

/// The names of one culture.
struct Stocks {
    culture: Culture,
    given: Stock,
    family: Option<Stock>,
    patronymic: Option<Stock>,
}

/// A person as a register knows them.
struct Person {
    culture: Culture,
    /// Given names and whatever stands before the family name, in lower case.
    given: Vec<String>,
    family: Vec<String>,
    /// In Han, where that is how the name came about.
    han: String,
    gender: Gender,
    birth: Option<PartialDate>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64) -> Self {
        let mut cultures = Vec::new();
        for &culture in Culture::ALL {
            let Some(given) = Stock::of(lender(culture), Kind::Given) else { continue };
            let family = Stock::of(culture, Kind::Family);
            let patronymic = Stock::of(culture, Kind::Patronymic);
            cultures.push(Stocks { culture, given, family, patronymic });
        }
        let weights = cultures.iter().enumerate().map(|(n, c)| (n, c.culture.millions().sqrt()));
        Self { seed, drawn: Weighted::new(weights), cultures }
    }

    /// An entity of the list.
    pub fn entity(&self, number: u64) -> Entity {
        let mut random = Random::of(self.seed, number);
        let organisation = random.chance(ORGANISATIONS);
        let mut entity = Entity {
            id: format!("G.{number}"),
            kind: if organisation { EntityKind::Organisation } else { EntityKind::Person },
            listings: vec![Listing {
                programme: random.one_of(&["A", "B", "C", "D", "E", "F", "G", "H"]).to_owned(),
                title: format!("{}/{}", 1 + random.below(2_000), 2000 + random.below(26)),
                ..Listing::default()
            }],
            citizenships: vec![Citizenship {
                country: random.one_of(COUNTRIES).to_owned(),
                ..Citizenship::default()
            }],
            ..Entity::default()
        };
        if organisation {
            entity.names = self.organisation(&mut random);
            return entity;
        }
        let person = self.person(&mut random);
        entity.gender = random.chance(0.6).then_some(person.gender);
        entity.births = person.birth.into_iter().map(born).collect();
        if random.chance(0.2) {
            let number = format!("{}{:08}", random.one_of(&["A", "P", "X", "N"]), random.below(100_000_000));
            entity.identifiers.push(Identifier {
                kind: "passport".to_owned(),
                number,
                ..Identifier::default()
            });
        }
        entity.names = person.names(&mut random);
        entity
    }

    /// Somebody to be screened who is not meant by the list; that they share a name with a listed person
    /// happens as often as it happens among people.
    pub fn stranger(&self, number: u64) -> Subject {
        let mut random = Random::of(!self.seed, number);
        let person = self.person(&mut random);
        Subject { birth_date: person.birth, ..Subject::named(person.name(), SubjectKind::Person) }
    }

    /// An organisation to be screened, likewise.
    pub fn strange_organisation(&self, number: u64) -> Subject {
        let mut random = Random::of(!self.seed, number);
        let names = self.organisation(&mut random);
        let name = names.into_iter().next().map(|n| n.whole).unwrap_or_default();
        Subject::named(name, SubjectKind::Organisation)
    }

    fn stocks(&self, random: &mut Random) -> &Stocks {
        &self.cultures[self.drawn.draw(random).unwrap_or_default()]
    }

    fn organisation(&self, random: &mut Random) -> Vec<Name> {
        let stocks = self.stocks(random);
        let founder = stocks.family.as_ref().unwrap_or(&stocks.given);
        let mut brand = founder.rare_name(random);
        if random.chance(0.3) {
            let _ = write!(brand, " {}", stocks.given.rare_name(random));
        }
        organisations::names(&brand, Script::of(stocks.culture), random)
    }

    fn person(&self, random: &mut Random) -> Person {
        let stocks = self.stocks(random);
        let gender = if random.chance(0.75) { Gender::Male } else { Gender::Female };
        let mut person = Person {
            culture: stocks.culture,
            given: Vec::new(),
            family: Vec::new(),
            han: String::new(),
            gender,
            birth: birth(random),
        };
        if stocks.culture == Culture::Chinese {
            let (family, given, han) = CHINESE.draw(random);
            person.given.push(given);
            person.family.push(family);
            person.han = han;
            return person;
        }
        person.given.push(stocks.given.draw(random));
        match &stocks.patronymic {
            Some(patronymics) if random.chance(0.85) => {
                let father = patronymics.draw(random);
                person.given.push(match gender {
                    Gender::Female => father.strip_suffix("ich").map_or(father.clone(), |f| format!("{f}na")),
                    Gender::Male => father,
                });
            }
            _ => {
                // Second given names; in Arab countries the father's name and often the grandfather's.
                let more = if stocks.culture == Culture::Arabic { 0.6 } else { 0.22 };
                for _ in 0..2 {
                    if random.chance(more) {
                        person.given.push(stocks.given.draw(random));
                    }
                }
            }
        }
        let mut family = stocks.family.as_ref().unwrap_or(&stocks.given).draw(random);
        if gender == Gender::Female
            && Script::of(stocks.culture) == Some(Script::Cyrillic)
            && ["ov", "ev", "in"].iter().any(|end| family.ends_with(end))
        {
            family.push('a');
        }
        if stocks.culture == Culture::Arabic && random.chance(0.5) {
            family.insert_str(0, "al-");
        }
        person.family.push(family);
        if matches!(stocks.culture, Culture::Spanish | Culture::Portuguese)
            && random.chance(0.6)
            && let Some(families) = &stocks.family
        {
            person.family.push(families.draw(random));
        }
        person
    }
}

impl Person {
    /// The name as a passport has it.
    fn name(&self) -> String {
        written(self.given.iter().chain(&self.family))
    }

    /// The name with its aliases, about two and a half in all.
    fn names(&self, random: &mut Random) -> Vec<Name> {
        let mut names = vec![Name::of(self.name())];
        if !self.han.is_empty() && random.chance(0.8) {
            names.push(Name::of(self.han.clone()));
        }
        if let Some(script) = Script::of(self.culture)
            && random.chance(0.7)
        {
            let whole = self.given.iter().chain(&self.family).map(|w| w.trim_start_matches("al-"));
            names.push(Name::of(script.write(&whole.collect::<Vec<_>>().join(" "))));
        }
        // Few have many aliases, most have one or none.
        while names.len() < 40 && random.chance(0.52) {
            let words: Vec<&String> = self.given.iter().chain(&self.family).collect();
            names.push(Name::of(match random.below(6) {
                0 => format!("{}, {}", written(&self.family).to_uppercase(), written(&self.given)),
                1 if words.len() > 2 => written(words.iter().take(1).chain(words.last())),
                _ => written(words.iter().map(|word| respelled(word, random)).collect::<Vec<_>>().iter()),
            }));
        }
        names
    }
}

/// Words with capitals, as a name.
fn written<S: AsRef<str>>(words: impl IntoIterator<Item = S>) -> String {
    words.into_iter().map(|w| capital(w.as_ref())).collect::<Vec<_>>().join(" ")
}

/// Whose given names a culture without a table of them is called by: the nearest that has one.
fn lender(culture: Culture) -> Culture {
    match culture {
        Culture::Cantonese | Culture::Taiwanese => Culture::Chinese,
        Culture::NorthernKorean => Culture::Korean,
        Culture::Filipino => Culture::Spanish,
        Culture::Congolese => Culture::French,
        Culture::SouthernAfrican => Culture::American,
        Culture::Albanian => Culture::Turkish,
        Culture::CambodianLao => Culture::Thai,
        own => own,
    }
}

fn birth(random: &mut Random) -> Option<PartialDate> {
    let year = 1930 + random.below(75) as i32;
    let (month, day) = (1 + random.below(12) as u32, 1 + random.below(28) as u32);
    match random.below(20) {
        0..=2 => None,
        3..=5 => PartialDate::new(year, None, None).ok(),
        _ => PartialDate::new(year, Some(month), Some(day)).ok(),
    }
}

fn born(date: PartialDate) -> Birth {
    Birth { when: DateSpan::of(date), ..Birth::default() }
}

const COUNTRIES: &[&str] = &[
    "RU", "BY", "UA", "IR", "IQ", "SY", "AF", "PK", "CN", "KP", "KR", "VN", "IN", "TR", "EG", "LY", "SD",
    "SO", "NG", "CD", "VE", "CO", "MX", "BR", "ES", "FR", "DE", "NL", "GB", "US",
];
