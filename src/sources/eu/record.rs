//! One `sanctionEntity` of the EU list.

use std::borrow::Cow;

use crate::model::{
    Address, Citizenship, Contact, Entity, EntityKind, Gender, Identifier, Listing, Name, NameQuality,
    PartialDate,
};
use crate::sources::intake::{Record, place};
use crate::sources::xml::{Element, Node, Xml};
use crate::sources::{Issue, ReadError, Severity};
use crate::sources::{remark, xsd};

use super::birth::Written;
use super::{LIST, kept, values};

/// An entity being read.
#[derive(Default)]
pub(super) struct Draft {
    entity: Entity,
    kind: Option<EntityKind>,
    /// Births wait for the entity's countries, which tell their calendar.
    births: Vec<Written>,
    issues: Vec<Issue>,
    line: u64,
}

impl Draft {
    /// An entity with the attributes of its own tag.
    pub fn open(element: &Element<'_>) -> Result<Self, ReadError> {
        let mut draft = Self { line: element.line, ..Self::default() };
        let mut dates = [(); 2].map(|()| String::new());
        let entity = &mut draft.entity;
        element.attributes(|key, value| {
            match key {
                "euReferenceNumber" => entity.id = kept(value),
                "logicalId" => entity.other_id = kept(value),
                "unitedNationId" => entity.designation.united_nations_id = kept(value),
                "designationDetails" => entity.designation.details = kept(value),
                "designationDate" => dates[0] = value.into_owned(),
                "delistingDate" => dates[1] = value.into_owned(),
                _ => return false,
            }
            true
        })?;
        entity.list = LIST.to_owned();
        if entity.id.is_empty() {
            entity.id.clone_from(&entity.other_id);
            draft.issue(element.line, "", "no euReferenceNumber: the logicalId stands for it");
        }
        draft.entity.designation.date = draft.day(&dates[0], element.line, "designationDate");
        draft.entity.designation.delisted = draft.day(&dates[1], element.line, "delistingDate");
        Ok(draft)
    }

    /// Reads what is in the entity, up to where it closes.
    pub fn read(mut self, xml: &mut Xml<'_>) -> Result<Record, ReadError> {
        while let Node::Open(element) = xml.next()? {
            match element.name() {
                "nameAlias" => {
                    let mut name = self.alias(&element)?;
                    let details = Details::read(xml, &mut self, "nameAlias")?;
                    if let Some(quality) = details.remark.lines().find_map(remark::quality) {
                        name.quality = quality;
                    }
                    (name.remark, name.act) = (details.remark, details.act);
                    if !name.whole.is_empty() {
                        self.entity.names.push(name);
                    }
                }
                "citizenship" => {
                    let mut citizenship = self.citizenship(&element)?;
                    let details = Details::read(xml, &mut self, "citizenship")?;
                    (citizenship.remark, citizenship.act) = (details.remark, details.act);
                    self.entity.citizenships.push(citizenship);
                }
                "birthdate" => {
                    let mut written = self.birth(&element)?;
                    let details = Details::read(xml, &mut self, "birthdate")?;
                    (written.birth.remark, written.birth.act) = (details.remark, details.act);
                    self.births.push(written);
                }
                "address" => {
                    let mut address = self.address(&element)?;
                    let details = Details::read(xml, &mut self, "address")?;
                    (address.remark, address.act) = (details.remark, details.act);
                    address.contacts = details.contacts;
                    self.entity.addresses.push(address);
                }
                "identification" => {
                    let mut identifier = self.identifier(&element)?;
                    let details = Details::read(xml, &mut self, "identification")?;
                    (identifier.remark, identifier.act) = (details.remark, details.act);
                    self.entity.identifiers.push(identifier);
                }
                "remark" => {
                    let remark = xml.text()?;
                    self.remark(remark);
                }
                "additionalInformation" => {
                    let remark = additional(&element)?;
                    xml.skip()?;
                    self.remark(remark);
                }
                "regulation" => {
                    let act = self.act(&element)?;
                    self.regulation(xml, act)?;
                }
                "subjectType" => {
                    self.subject_type(&element)?;
                    xml.skip()?;
                }
                _ => {
                    element.count_unknown("sanctionEntity");
                    xml.skip()?;
                }
            }
        }
        Ok(self.close())
    }

    fn close(mut self) -> Record {
        let line = self.line;
        let citizenships: Vec<String> = self.entity.citizenships.iter().map(|c| c.country.clone()).collect();
        let citizenships: Vec<&str> = citizenships.iter().map(String::as_str).collect();
        for written in std::mem::take(&mut self.births) {
            let line = written.line;
            let (birth, issues) = written.read(&citizenships);
            for what in issues {
                self.issue(line, "birthdate", what);
            }
            self.entity.births.push(birth);
        }
        self.entity.kind = self.kind.unwrap_or_else(|| {
            self.issue(line, "subjectType", "no known kind of subject: taken from what the record has");
            let person = self.entity.gender.is_some()
                || !self.entity.births.is_empty()
                || !self.entity.citizenships.is_empty();
            if person { EntityKind::Person } else { EntityKind::Organisation }
        });
        let what = if self.entity.id.is_empty() {
            Some("neither euReferenceNumber nor logicalId: left out")
        } else if self.entity.names.is_empty() {
            Some("no name: left out")
        } else {
            None
        };
        let entity = match what {
            None => Some(self.entity),
            Some(what) => {
                let place = place(line, &self.entity.id, "");
                self.issues.push(Issue { severity: Severity::Record, place, what: what.to_owned() });
                None
            }
        };
        Record { entity, issues: self.issues, line }
    }

    fn alias(&mut self, element: &Element<'_>) -> Result<Name, ReadError> {
        let mut name = Name::default();
        let mut gender = Cow::Borrowed("");
        element.attributes(|key, value| {
            match key {
                "wholeName" => name.whole = kept(value),
                "firstName" => name.first = kept(value),
                "middleName" => name.middle = kept(value),
                "lastName" => name.last = kept(value),
                "title" => name.title = kept(value),
                "function" => name.function = kept(value),
                "nameLanguage" => name.language = kept(value),
                "gender" => gender = value,
                "strong" if matches!(value.trim(), "false" | "0") => name.quality = NameQuality::Weak,
                "strong" | "regulationLanguage" | "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        if name.whole.is_empty() {
            let parts = [&name.first, &name.middle, &name.last];
            let parts: Vec<&str> = parts.iter().map(|p| p.as_str()).filter(|p| !p.is_empty()).collect();
            name.whole = parts.join(" ");
            let what = if name.whole.is_empty() {
                "an alias without a name: left out"
            } else {
                "no wholeName: its parts are joined"
            };
            self.issue(element.line, "nameAlias", what);
        }
        let gender = match gender.trim() {
            "M" => Some(Gender::Male),
            "F" => Some(Gender::Female),
            "" | "-" | "UNKNOWN" => None,
            _ => {
                self.issue(element.line, "nameAlias/@gender", "neither M nor F");
                None
            }
        };
        if let (Some(first), Some(other)) = (self.entity.gender, gender)
            && first != other
        {
            self.issue(
                element.line,
                "nameAlias/@gender",
                "unlike that of an alias before: the first is kept",
            );
        }
        self.entity.gender = self.entity.gender.or(gender);
        Ok(name)
    }

    fn citizenship(&mut self, element: &Element<'_>) -> Result<Citizenship, ReadError> {
        let mut citizenship = Citizenship::default();
        let line = element.line;
        element.attributes(|key, value| {
            match key {
                "countryIso2Code" => citizenship.country = self.country(&value, line, "citizenship"),
                "countryDescription" => citizenship.description = kept(value),
                "region" => citizenship.region = kept(value),
                "acquisitionDate" => citizenship.acquired = self.day(&value, line, "citizenship"),
                "disenfranchisementDate" => citizenship.lost = self.day(&value, line, "citizenship"),
                "regulationLanguage" | "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        Ok(citizenship)
    }

    fn birth(&mut self, element: &Element<'_>) -> Result<Written, ReadError> {
        let mut written = Written { line: element.line, ..Written::default() };
        element.attributes(|key, value| {
            match key {
                "calendarType" => written.calendar = value.into_owned(),
                "birthdate" => written.date = value.into_owned(),
                "year" => written.year = value.into_owned(),
                "monthOfYear" => written.month = value.into_owned(),
                "dayOfMonth" => written.day = value.into_owned(),
                "yearRangeFrom" => written.first_year = value.into_owned(),
                "yearRangeTo" => written.last_year = value.into_owned(),
                "circa" => written.circa = xsd::flag(&value),
                "city" => written.birth.city = kept(value),
                "zipCode" => written.birth.postal_code = kept(value),
                "region" => written.birth.region = kept(value),
                "place" => written.birth.place = kept(value),
                "countryIso2Code" => written.birth.country = self.country(&value, element.line, "birthdate"),
                "countryDescription" => written.birth.country_description = kept(value),
                "regulationLanguage" | "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        Ok(written)
    }

    fn address(&mut self, element: &Element<'_>) -> Result<Address, ReadError> {
        let mut address = Address::default();
        element.attributes(|key, value| {
            match key {
                "street" => address.street = kept(value),
                "poBox" => address.po_box = kept(value),
                "city" => address.city = kept(value),
                "zipCode" => address.postal_code = kept(value),
                "region" => address.region = kept(value),
                "place" => address.place = kept(value),
                "asAtListingTime" => address.at_listing = xsd::flag(&value),
                "countryIso2Code" => address.country = self.country(&value, element.line, "address"),
                "countryDescription" => address.country_description = kept(value),
                "regulationLanguage" | "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        Ok(address)
    }

    fn identifier(&mut self, element: &Element<'_>) -> Result<Identifier, ReadError> {
        let mut identifier = Identifier::default();
        let line = element.line;
        let flag = |value: &str, flag: &str, flags: &mut Vec<String>| {
            if xsd::flag(value) {
                flags.push(flag.to_owned());
            }
        };
        element.attributes(|key, value| {
            match key {
                "identificationTypeCode" => identifier.kind = kept(value),
                "identificationTypeDescription" => identifier.description = kept(value),
                "number" => identifier.number = kept(value),
                "latinNumber" => identifier.latin_number = kept(value),
                "nameOnDocument" => identifier.name_on_document = kept(value),
                "issuedBy" => identifier.issued_by = kept(value),
                "region" => identifier.region = kept(value),
                "countryIso2Code" => identifier.country = self.country(&value, line, "identification"),
                "countryDescription" => identifier.country_description = kept(value),
                "issueDate" => identifier.issued = self.day(&value, line, "identification"),
                "validFrom" => identifier.valid_from = self.day(&value, line, "identification"),
                "validTo" => identifier.valid_to = self.day(&value, line, "identification"),
                "diplomatic" => flag(&value, "diplomatic", &mut identifier.flags),
                "knownExpired" => flag(&value, "known_expired", &mut identifier.flags),
                "knownFalse" => flag(&value, "known_false", &mut identifier.flags),
                "reportedLost" => flag(&value, "reported_lost", &mut identifier.flags),
                "revokedByIssuer" => flag(&value, "revoked_by_issuer", &mut identifier.flags),
                "regulationLanguage" | "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        Ok(identifier)
    }

    fn subject_type(&mut self, element: &Element<'_>) -> Result<(), ReadError> {
        element.attributes(|key, value| {
            match (key, value.trim()) {
                ("code", "person") => self.kind = Some(EntityKind::Person),
                ("code", "enterprise") => self.kind = Some(EntityKind::Organisation),
                ("code" | "classificationCode", _) => {}
                _ => return false,
            }
            true
        })
    }

    /// A `regulation`, `corrigendum` or `regulationSummary`, by its attributes.
    fn act(&mut self, element: &Element<'_>) -> Result<Listing, ReadError> {
        let mut act = Listing::default();
        let line = element.line;
        element.attributes(|key, value| {
            match key {
                "regulationType" => act.act_type = kept(value),
                "organisationType" => act.issued_by = kept(value),
                "numberTitle" => act.title = kept(value),
                "programme" => act.programme = kept(value),
                "publicationUrl" => act.url = kept(value),
                "publicationDate" => act.published = self.day(&value, line, "regulation"),
                "entryIntoForceDate" => act.in_force = self.day(&value, line, "regulation"),
                "logicalId" => {}
                _ => return false,
            }
            true
        })?;
        Ok(act)
    }

    /// Reads what is in a `regulation`, and files it with the corrigenda in it.
    fn regulation(&mut self, xml: &mut Xml<'_>, mut act: Listing) -> Result<(), ReadError> {
        let place = self.entity.listings.len();
        while let Node::Open(element) = xml.next()? {
            match element.name() {
                "publicationUrl" => act.url = kept(Cow::Owned(xml.text()?)),
                "corrigendum" => {
                    let mut corrigendum = self.act(&element)?;
                    if corrigendum.act_type.is_empty() {
                        "corrigendum".clone_into(&mut corrigendum.act_type);
                    }
                    // Corrigenda nest as deep as the walk allows.
                    self.regulation(xml, corrigendum)?;
                }
                "remark" => join_line(&mut act.remark, &xml.text()?),
                "additionalInformation" => {
                    join_line(&mut act.remark, &additional(&element)?);
                    xml.skip()?;
                }
                _ => {
                    element.count_unknown("regulation");
                    xml.skip()?;
                }
            }
        }
        // Before its corrigenda, as in the file.
        self.entity.listings.insert(place, act);
        Ok(())
    }

    /// The place in `acts` of the act that a `regulationSummary` names; many name the same one.
    fn summarised(&mut self, element: &Element<'_>) -> Result<Option<u32>, ReadError> {
        let (mut act_type, mut title) = (Cow::Borrowed(""), Cow::Borrowed(""));
        let (mut url, mut published) = (Cow::Borrowed(""), Cow::Borrowed(""));
        element.attributes(|key, value| {
            match key {
                "regulationType" => act_type = value,
                "numberTitle" => title = value,
                "publicationUrl" => url = value,
                "publicationDate" => published = value,
                _ => return false,
            }
            true
        })?;
        let published = self.day(&published, element.line, "regulationSummary");
        let known = self.entity.acts.iter().position(|act| {
            act.title == title && act.url == url && act.published == published && act.act_type == act_type
        });
        let place = known.unwrap_or_else(|| {
            self.entity.acts.push(Listing {
                title: title.into_owned(),
                act_type: act_type.into_owned(),
                url: url.into_owned(),
                published,
                ..Listing::default()
            });
            self.entity.acts.len() - 1
        });
        Ok(u32::try_from(place).ok())
    }

    fn remark(&mut self, remark: String) {
        if !remark.is_empty() && remark != "-" {
            self.entity.remarks.push(remark);
        }
    }

    fn country(&mut self, value: &str, line: u64, field: &str) -> String {
        values::country(value).unwrap_or_else(|what| {
            self.issue(line, field, what);
            String::new()
        })
    }

    fn day(&mut self, value: &str, line: u64, field: &str) -> Option<PartialDate> {
        xsd::day(value).unwrap_or_else(|what| {
            self.issue(line, field, what);
            None
        })
    }

    fn issue(&mut self, line: u64, field: &str, what: &str) {
        let place = place(line, &self.entity.id, field);
        self.issues.push(Issue { severity: Severity::Value, place, what: what.to_owned() });
    }
}

/// What stands inside an alias, a citizenship, a birth, an address or a document.
#[derive(Default)]
struct Details {
    remark: String,
    act: Option<u32>,
    contacts: Vec<Contact>,
}

impl Details {
    fn read(xml: &mut Xml<'_>, draft: &mut Draft, parent: &'static str) -> Result<Self, ReadError> {
        let mut details = Self::default();
        while let Node::Open(element) = xml.next()? {
            match element.name() {
                "regulationSummary" => {
                    details.act = draft.summarised(&element)?;
                    xml.skip()?;
                }
                "remark" => join_line(&mut details.remark, &xml.text()?),
                "additionalInformation" => {
                    join_line(&mut details.remark, &additional(&element)?);
                    xml.skip()?;
                }
                "contactInfo" if parent == "address" => {
                    let (kind, value) = key_and_value(&element)?;
                    if !value.is_empty() {
                        details.contacts.push(Contact { kind, value });
                    }
                    xml.skip()?;
                }
                _ => {
                    element.count_unknown(parent);
                    xml.skip()?;
                }
            }
        }
        Ok(details)
    }
}

/// `additionalInformation` as a line of remark: `KEY: value`.
fn additional(element: &Element<'_>) -> Result<String, ReadError> {
    let (key, value) = key_and_value(element)?;
    Ok(if key.is_empty() || value.is_empty() { key + &value } else { format!("{key}: {value}") })
}

fn key_and_value(element: &Element<'_>) -> Result<(String, String), ReadError> {
    let (mut key, mut value) = (String::new(), String::new());
    element.attributes(|attribute, text| {
        match attribute {
            "key" => key = kept(text),
            "value" => value = kept(text),
            _ => return false,
        }
        true
    })?;
    Ok((key, value))
}

fn join_line(text: &mut String, line: &str) {
    if !line.is_empty() && line != "-" {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line);
    }
}
