//! What the hot path has to know of each entity beside its names.

use crate::matching::attributes::{ListedAttributes, SHORTEST_NUMBER, fold_number};
use crate::model::{DateSpan, Entity, EntityKind, Gender, PartialDate};
use crate::names;

use super::NameIndexError;
use super::container::{Bytes, Output};

/// One listed entity.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Its list, as an index into [`super::NameIndex::lists`].
    pub list: u16,
    /// The list's reference.
    pub id: Box<str>,
    /// Person or organisation.
    pub kind: EntityKind,
    /// Name to show.
    pub display: Box<str>,
    /// What speaks for or against beside the name.
    pub attributes: Box<ListedAttributes>,
}

impl Card {
    /// The card of an entity.
    pub fn of(entity: &Entity, list: u16) -> Self {
        let mut places: Vec<String> = entity
            .births
            .iter()
            .flat_map(|b| [&b.city, &b.place, &b.region])
            .flat_map(|text| names::place_words(text))
            .collect();
        places.sort_unstable();
        places.dedup();
        let mut numbers: Vec<String> = entity.identifiers.iter().flat_map(numbers_of).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut births: Vec<DateSpan> = Vec::new();
        for birth in &entity.births {
            if !birth.when.is_empty() && !births.contains(&birth.when) {
                births.push(birth.when);
            }
        }
        Self {
            list,
            id: entity.id.as_str().into(),
            kind: entity.kind,
            display: entity.display_name().into(),
            attributes: Box::new(ListedAttributes {
                births,
                birth_places: places,
                gender: entity.gender,
                countries: entity.countries().into_iter().map(str::to_owned).collect(),
                numbers,
            }),
        }
    }

    /// Writes the card.
    pub fn write(&self, out: &mut Output) {
        out.u16(self.list);
        out.text(&self.id);
        out.u8(match self.kind {
            EntityKind::Person => 0,
            EntityKind::Organisation => 1,
        });
        out.text(&self.display);
        let a = &self.attributes;
        out.u8(match a.gender {
            None => 0,
            Some(Gender::Male) => 1,
            Some(Gender::Female) => 2,
        });
        out.u16(a.births.len() as u16);
        for span in &a.births {
            out.u16(span.date.map_or(0, |d| d.year() as u16));
            out.u8(span.date.and_then(PartialDate::month).unwrap_or(0) as u8);
            out.u8(span.date.and_then(PartialDate::day).unwrap_or(0) as u8);
            out.u16(span.first_year.unwrap_or(0) as u16);
            out.u16(span.last_year.unwrap_or(0) as u16);
            out.u8(u8::from(span.circa));
        }
        for texts in [&a.birth_places, &a.countries, &a.numbers] {
            out.u16(texts.len() as u16);
            texts.iter().for_each(|t| out.text(t));
        }
    }

    /// Reads a card.
    pub fn read(bytes: &mut Bytes<'_>) -> Result<Self, NameIndexError> {
        let damaged = |what: &str| NameIndexError::Damaged(what.to_owned());
        let list = bytes.u16()?;
        let id = bytes.text()?.into();
        let kind = match bytes.u8()? {
            0 => EntityKind::Person,
            1 => EntityKind::Organisation,
            _ => return Err(damaged("unknown kind of entity")),
        };
        let display = bytes.text()?.into();
        let gender = match bytes.u8()? {
            0 => None,
            1 => Some(Gender::Male),
            2 => Some(Gender::Female),
            _ => return Err(damaged("unknown gender")),
        };
        let mut births = Vec::new();
        for _ in 0..bytes.u16()? {
            let (year, month, day) = (bytes.u16()?, bytes.u8()?, bytes.u8()?);
            let some = |n: u8| (n > 0).then_some(u32::from(n));
            let date = match year {
                0 => None,
                y => Some(
                    PartialDate::new(i32::from(y), some(month), some(day))
                        .map_err(|_| damaged("impossible date"))?,
                ),
            };
            let year = |y: u16| (y > 0).then_some(y as i16);
            births.push(DateSpan {
                date,
                first_year: year(bytes.u16()?),
                last_year: year(bytes.u16()?),
                circa: bytes.u8()? == 1,
            });
        }
        let mut texts = || -> Result<Vec<String>, NameIndexError> {
            (0..bytes.u16()?).map(|_| bytes.text().map(str::to_owned)).collect()
        };
        let attributes = Box::new(ListedAttributes {
            births,
            birth_places: texts()?,
            gender,
            countries: texts()?,
            numbers: texts()?,
        });
        Ok(Self { list, id, kind, display, attributes })
    }
}

/// The numbers of a document; one field may hold several.
fn numbers_of(identifier: &crate::model::Identifier) -> Vec<String> {
    let mut out = Vec::new();
    for text in [&identifier.number, &identifier.latin_number] {
        for part in text.split([',', ';', '\n']) {
            let folded = fold_number(part);
            let digits = folded.chars().filter(char::is_ascii_digit).count();
            if folded.chars().count() >= SHORTEST_NUMBER && digits >= 3 && folded.len() <= 40 {
                out.push(folded);
            }
        }
    }
    out
}
