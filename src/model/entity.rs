//! A listed person or organisation with everything its list says.

use serde::{Deserialize, Serialize};

use super::{DateSpan, Designation, Listing, PartialDate};

/// What sort of thing is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntityKind {
    /// A natural person.
    Person,
    /// A company, institution, body, ship or group.
    #[default]
    Organisation,
}

impl EntityKind {
    /// The word for it, as JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
        }
    }
}

/// A person's gender where the list gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    /// `M` in the lists.
    Male,
    /// `F` in the lists.
    Female,
}

/// How far an alias can be trusted to identify its bearer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NameQuality {
    /// The name itself, or an alias the list has no doubts about.
    #[default]
    Strong,
    /// The list calls it a low quality or weak alias.
    Weak,
    /// A former name.
    Former,
    /// A bare acronym or abbreviation.
    Acronym,
}

/// One name of an entity, as the list writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Name {
    /// The whole name. Never empty: a reader that has only parts joins them.
    pub whole: String,
    /// Given names, where the list splits the name.
    pub first: String,
    /// Middle names, likewise.
    pub middle: String,
    /// Family name, likewise.
    pub last: String,
    /// Title, as the list packs it (`(a) Maulavi, (b) Mullah`).
    pub title: String,
    /// Function or position of the bearer.
    pub function: String,
    /// Language code the list gives. Unreliable: shown, never relied on.
    pub language: String,
    /// How far the alias can be trusted.
    pub quality: NameQuality,
    /// The list's remark on this alias.
    pub remark: String,
    /// Which of [`Entity::acts`] this stands in, counted from 0; `None` where the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u32>,
    /// Where the name comes from, if not from the list itself (`ror`); empty otherwise.
    pub lent_by: String,
}

impl Name {
    /// A strong name of which only the whole is known.
    pub fn of(whole: impl Into<String>) -> Self {
        Self { whole: whole.into(), ..Self::default() }
    }
}

/// A birth date and place. Either may be unknown, partly or wholly; a few lists have births that say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Birth {
    /// When, in the Gregorian calendar (other calendars are converted to a span of years).
    pub when: DateSpan,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// Region.
    pub region: String,
    /// Free text of the place.
    pub place: String,
    /// ISO 3166-1 alpha-2 code in capitals, empty when unknown.
    pub country: String,
    /// The country's name as the list writes it.
    pub country_description: String,
    /// What the list wrote, where it was not Gregorian or could not be read whole (`1343 ISLAMIC`).
    pub as_written: String,
    /// The list's remark on the birth.
    pub remark: String,
    /// Which of [`Entity::acts`] this stands in, counted from 0; `None` where the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u32>,
}

/// A citizenship. Shown, never part of a score.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Citizenship {
    /// ISO 3166-1 alpha-2 code in capitals, empty when unknown.
    pub country: String,
    /// The country's name as the list writes it.
    pub description: String,
    /// Region.
    pub region: String,
    /// When it was acquired.
    pub acquired: Option<PartialDate>,
    /// When it was lost.
    pub lost: Option<PartialDate>,
    /// The list's remark on the citizenship.
    pub remark: String,
    /// Which of [`Entity::acts`] this stands in, counted from 0; `None` where the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u32>,
}

/// A way to reach an entity.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Kind of contact, as the list codes it (`EMAIL`, `WEB`, `PHONE`).
    pub kind: String,
    /// The value; may hold several numbers.
    pub value: String,
}

/// An address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Street and number.
    pub street: String,
    /// Post-office box.
    pub po_box: String,
    /// City.
    pub city: String,
    /// Postal code.
    pub postal_code: String,
    /// Region.
    pub region: String,
    /// Free text of the place.
    pub place: String,
    /// ISO 3166-1 alpha-2 code in capitals, empty when unknown.
    pub country: String,
    /// The country's name as the list writes it.
    pub country_description: String,
    /// Telephone numbers, mail and web addresses at this address.
    pub contacts: Vec<Contact>,
    /// The list calls it the address at the time of listing.
    pub at_listing: bool,
    /// The list's remarks on this address.
    pub remark: String,
    /// Which of [`Entity::acts`] this stands in, counted from 0; `None` where the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u32>,
}

/// A document or registration number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identifier {
    /// Kind as the list codes it (`passport`, `id`, `regnumber`, `imo`, `grid`).
    pub kind: String,
    /// Kind in words, as the list writes it.
    pub description: String,
    /// The number; may hold several.
    pub number: String,
    /// The number in Latin letters and digits, where the list gives it apart.
    pub latin_number: String,
    /// The name on the document.
    pub name_on_document: String,
    /// Who issued it.
    pub issued_by: String,
    /// Issuing country, ISO 3166-1 alpha-2 in capitals, empty when unknown.
    pub country: String,
    /// The issuing country's name as the list writes it.
    pub country_description: String,
    /// Issuing region.
    pub region: String,
    /// When it was issued.
    pub issued: Option<PartialDate>,
    /// First day of validity.
    pub valid_from: Option<PartialDate>,
    /// Last day of validity.
    pub valid_to: Option<PartialDate>,
    /// What the list says of the document, in its own terms: `diplomatic`, `known_expired`,
    /// `known_false`, `reported_lost`, `revoked_by_issuer`.
    pub flags: Vec<String>,
    /// The list's remark on the document.
    pub remark: String,
    /// Which of [`Entity::acts`] this stands in, counted from 0; `None` where the list does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<u32>,
}

/// How two entities hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// The other supervises this one.
    SupervisedBy,
    /// The other is a laboratory of this one.
    Laboratory,
    /// The other is a subsidiary of this one.
    Subsidiary,
    /// The other is the parent of this one.
    Parent,
    /// The other is a child or part of this one.
    Child,
    /// Any other tie that the list names.
    Related,
}

/// A tie from this entity to another, listed or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// Which tie.
    pub kind: RelationKind,
    /// The other's name as the list writes it.
    pub name: String,
    /// The other's name in its native script, where the list gives it apart.
    #[serde(default)]
    pub native_name: String,
    /// The other's entity id on the same list, if it is listed there.
    #[serde(default)]
    pub entity_id: String,
    /// Where the tie comes from, if not from the list itself (`ror`); empty otherwise.
    #[serde(default)]
    pub lent_by: String,
}

/// The tracker's assessment of an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskRating {
    /// Low risk.
    Low,
    /// Medium risk.
    Medium,
    /// High risk.
    High,
    /// Very high risk.
    VeryHigh,
}

/// One listed person or organisation.
///
/// Within a list `id` is unique. An entity has at least one name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entity {
    /// The list it stands on (`eu`, `aspi`).
    pub list: String,
    /// The list's own reference (`EU.27.28`, `beihang-university`).
    pub id: String,
    /// Another number the list knows it by (the EU's `logicalId`), empty if none.
    pub other_id: String,
    /// Person or organisation.
    pub kind: EntityKind,
    /// All names, in the list's order.
    pub names: Vec<Name>,
    /// Gender, from the entity or any of its names.
    pub gender: Option<Gender>,
    /// Birth dates and places.
    pub births: Vec<Birth>,
    /// Citizenships.
    pub citizenships: Vec<Citizenship>,
    /// Addresses.
    pub addresses: Vec<Address>,
    /// Documents and registration numbers.
    pub identifiers: Vec<Identifier>,
    /// Legal acts and programmes.
    pub listings: Vec<Listing>,
    /// Legal acts in which single names, births, addresses or documents were published, each once
    /// (`programme` and `in_force` are empty here). [`Name::act`] and its like point into this.
    pub acts: Vec<Listing>,
    /// The designation itself.
    pub designation: Designation,
    /// Free remarks.
    pub remarks: Vec<String>,
    /// Categories of the list (`Military`, `Seven Sons of National Defence`).
    pub categories: Vec<String>,
    /// The tracker's rating; `None` is unknown, never low.
    pub rating: Option<RiskRating>,
    /// Fields of work the list names.
    pub topics: Vec<String>,
    /// Ties to other entities.
    pub relations: Vec<Relation>,
    /// Pages about the entity.
    pub links: Vec<String>,
}

impl Entity {
    /// The name to show first: the first strong name with a Latin letter, else the first name with
    /// one, else the first name. Empty only for an entity without names.
    pub fn display_name(&self) -> &str {
        // Basic Latin to Latin Extended-B, and Latin Extended Additional.
        let is_latin = |c: char| matches!(c as u32, 0..0x250 | 0x1E00..0x1F00);
        let letters =
            |n: &Name, latin: bool| n.whole.chars().any(|c| c.is_alphabetic() && is_latin(c) == latin);
        let latin = |n: &&Name| letters(n, true);
        let pure = |n: &&Name| letters(n, true) && !letters(n, false);
        let strong = |n: &&Name| n.quality == NameQuality::Strong;
        self.names
            .iter()
            .find(|n| strong(n) && pure(n))
            .or_else(|| self.names.iter().find(pure))
            .or_else(|| self.names.iter().find(latin))
            .or_else(|| self.names.first())
            .map_or("", |n| n.whole.as_str())
    }

    /// Countries tied to the entity (citizenship, birth, address, documents), each once, sorted.
    pub fn countries(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self
            .citizenships
            .iter()
            .map(|c| c.country.as_str())
            .chain(self.births.iter().map(|b| b.country.as_str()))
            .chain(self.addresses.iter().map(|a| a.country.as_str()))
            .chain(self.identifiers.iter().map(|i| i.country.as_str()))
            .filter(|c| !c.is_empty())
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
