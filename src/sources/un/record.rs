//! One `INDIVIDUAL` or `ENTITY` of the UN list.

use super::LIST;
use super::names::{apart, on_one_line};
use crate::model::{
    Address, Birth, Citizenship, DateSpan, Entity, EntityKind, Gender, Identifier, Listing, Name,
    NameQuality, PartialDate,
};
use crate::sources::intake::{Record, place};
use crate::sources::remark::quality as alias_quality;
use crate::sources::xml::{Node, Xml};
use crate::sources::{Issue, ReadError, Severity, country, xsd};

/// Reads the record that the walk has just opened, up to where it closes.
pub(super) fn read(xml: &mut Xml<'_>, kind: EntityKind, line: u64) -> Result<Record, ReadError> {
    let mut draft = Draft { line, ..Draft::default() };
    draft.entity.list = LIST.to_owned();
    draft.entity.kind = kind;
    while let Node::Open(element) = xml.next()? {
        draft.at = element.line;
        match element.name() {
            "DATAID" => draft.entity.other_id = xml.text()?,
            "REFERENCE_NUMBER" => draft.entity.id = xml.text()?,
            "FIRST_NAME" => draft.parts[0] = on_one_line(&xml.text()?),
            "SECOND_NAME" => draft.parts[1] = on_one_line(&xml.text()?),
            "THIRD_NAME" => draft.parts[2] = on_one_line(&xml.text()?),
            "FOURTH_NAME" => draft.parts[3] = on_one_line(&xml.text()?),
            "NAME_ORIGINAL_SCRIPT" => {
                let original = on_one_line(&xml.text()?);
                draft.originals.extend(apart(&original).into_iter().map(Name::of));
            }
            "UN_LIST_TYPE" => draft.listing.programme = on_one_line(&xml.text()?),
            "LISTED_ON" => {
                let text = xml.text()?;
                draft.listing.in_force = draft.day(&text, "LISTED_ON");
            }
            "DELISTED_ON" => {
                let text = xml.text()?;
                draft.entity.designation.delisted = draft.day(&text, "DELISTED_ON");
            }
            "LAST_DAY_UPDATED" => {
                let days = values(xml, "LAST_DAY_UPDATED")?;
                if !days.is_empty() {
                    draft.listing.remark = format!("amended {}", days.join(", "));
                }
            }
            "GENDER" => {
                let gender = xml.text()?;
                draft.gender(&gender);
            }
            "COMMENTS1" => {
                let comment = xml.text()?;
                draft.entity.remarks.extend((!comment.is_empty()).then_some(comment));
            }
            "TITLE" => draft.title = values(xml, "TITLE")?.join(", "),
            "DESIGNATION" => draft.function = values(xml, "DESIGNATION")?.join("; "),
            "NATIONALITY" | "NATIONALITY2" => {
                for value in values(xml, "NATIONALITY")? {
                    let (country, description) = draft.country(value, "NATIONALITY");
                    if !description.is_empty() {
                        let citizenship = Citizenship { country, description, ..Citizenship::default() };
                        draft.entity.citizenships.push(citizenship);
                    }
                }
            }
            "INDIVIDUAL_ALIAS" | "ENTITY_ALIAS" => draft.alias(xml)?,
            "INDIVIDUAL_DATE_OF_BIRTH" => draft.birth_date(xml)?,
            "INDIVIDUAL_PLACE_OF_BIRTH" => draft.birth_place(xml)?,
            "INDIVIDUAL_ADDRESS" | "ENTITY_ADDRESS" => draft.address(xml)?,
            "INDIVIDUAL_DOCUMENT" => draft.document(xml)?,
            // Of no use to a reader: how the list sorts and versions its records, and that it is itself.
            "VERSIONNUM" | "SORT_KEY" | "SORT_KEY_LAST_MOD" | "LIST_TYPE" | "SUBMITTED_BY" => xml.skip()?,
            _ => {
                element.count_unknown("record");
                xml.skip()?;
            }
        }
    }
    Ok(draft.close())
}

#[derive(Default)]
struct Draft {
    entity: Entity,
    listing: Listing,
    parts: [String; 4],
    title: String,
    function: String,
    originals: Vec<Name>,
    aliases: Vec<Name>,
    /// Dates and places of birth stand apart in the list.
    dates: Vec<Birth>,
    places: Vec<Birth>,
    issues: Vec<Issue>,
    /// Line of the record, and of the element at hand.
    line: u64,
    at: u64,
}

impl Draft {
    fn close(mut self) -> Record {
        let parts: Vec<&str> = self.parts.iter().map(String::as_str).filter(|p| !p.is_empty()).collect();
        let mut names: Vec<Name> = Vec::new();
        if !parts.is_empty() {
            // Some names are two, as aliases are.
            let whole = parts.join(" ");
            names.extend(apart(&whole).into_iter().map(Name::of));
        }
        names.append(&mut self.originals);
        if let Some(first) = names.first_mut() {
            (first.title, first.function) = (self.title, self.function);
        }
        names.append(&mut self.aliases);

        // One date and one place are of one birth; of several, the list does not say which go together.
        if let ([date], [place]) = (&mut self.dates[..], &self.places[..]) {
            let when = date.when;
            let remark = [date.remark.as_str(), place.remark.as_str()].map(str::to_owned);
            let remark: Vec<String> = remark.into_iter().filter(|r| !r.is_empty()).collect();
            *date = Birth { when, remark: remark.join("\n"), ..place.clone() };
            self.places.clear();
        }
        // Those given with an alias come last.
        let given_with_alias = std::mem::take(&mut self.entity.births);
        self.entity.births = self.dates;
        self.entity.births.append(&mut self.places);
        self.entity.births.extend(given_with_alias);

        let entity = &mut self.entity;
        entity.names = names;
        entity.designation.date = self.listing.in_force;
        entity.designation.united_nations_id.clone_from(&entity.id);
        "UN Security Council".clone_into(&mut self.listing.issued_by);
        entity.listings.push(self.listing);
        let mut issue = |severity, what: &str| {
            let place = place(self.line, &entity.id, "");
            self.issues.push(Issue { severity, place, what: what.to_owned() });
        };
        if entity.id.is_empty() && !entity.other_id.is_empty() {
            issue(Severity::Value, "no REFERENCE_NUMBER: the DATAID stands for it");
        }
        let lost = if entity.id.is_empty() && entity.other_id.is_empty() {
            Some("neither REFERENCE_NUMBER nor DATAID: left out")
        } else {
            entity.names.is_empty().then_some("no name: left out")
        };
        if let Some(what) = lost {
            issue(Severity::Record, what);
        }
        if entity.id.is_empty() {
            entity.id.clone_from(&entity.other_id);
        }
        let entity = lost.is_none().then_some(self.entity);
        Record { entity, issues: self.issues, line: self.line }
    }

    fn gender(&mut self, text: &str) {
        self.entity.gender = match text {
            "Male" => Some(Gender::Male),
            "Female" => Some(Gender::Female),
            "" => None,
            _ => {
                self.issue("GENDER", "neither Male nor Female");
                None
            }
        };
    }

    fn alias(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        let [written, name, note, born, city, land] = fields(
            xml,
            "ALIAS",
            ["QUALITY", "ALIAS_NAME", "NOTE", "DATE_OF_BIRTH", "CITY_OF_BIRTH", "COUNTRY_OF_BIRTH"],
        )?;
        let quality = match written.as_str() {
            "Good" | "a.k.a." | "" => None,
            "Low" => Some(NameQuality::Weak),
            "f.k.a." => Some(NameQuality::Former),
            _ => {
                self.issue("ALIAS", "a quality that is not known: taken as good");
                None
            }
        };
        let quality = quality.or_else(|| alias_quality(&note)).unwrap_or_default();
        for whole in apart(&on_one_line(&name)) {
            let name = Name { quality, remark: note.clone(), ..Name::of(whole) };
            self.aliases.push(name);
        }
        let (country, country_description) = self.country(land, "ALIAS");
        let when = DateSpan { date: self.partial(&born, "ALIAS"), ..DateSpan::default() };
        let mut birth = Birth { when, city, country, country_description, ..Birth::default() };
        if birth != Birth::default() {
            "given with an alias".clone_into(&mut birth.remark);
            self.entity.births.push(birth);
        }
        Ok(())
    }

    fn birth_date(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        const FIELD: &str = "DATE_OF_BIRTH";
        let [kind, date, year, from, to, note] =
            fields(xml, FIELD, ["TYPE_OF_DATE", "DATE", "YEAR", "FROM_YEAR", "TO_YEAR", "NOTE"])?;
        if !matches!(kind.as_str(), "EXACT" | "APPROXIMATELY" | "BETWEEN" | "") {
            self.issue(FIELD, "a type of date that is not known: taken as exact");
        }
        let date = if date.is_empty() { year } else { date };
        let bound = |draft: &mut Self, text: &str| {
            draft.partial(text, FIELD).and_then(|d| i16::try_from(d.year()).ok())
        };
        let when = DateSpan {
            date: self.partial(&date, FIELD),
            first_year: bound(self, &from),
            last_year: bound(self, &to),
            circa: kind == "APPROXIMATELY" || note.to_ascii_lowercase().starts_with("approx"),
        };
        if !when.is_empty() || !note.is_empty() {
            self.dates.push(Birth { when, remark: note, ..Birth::default() });
        }
        Ok(())
    }

    fn birth_place(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        let [street, city, region, country, remark] =
            fields(xml, "PLACE_OF_BIRTH", ["STREET", "CITY", "STATE_PROVINCE", "COUNTRY", "NOTE"])?;
        let (country, country_description) = self.country(country, "PLACE_OF_BIRTH");
        let birth =
            Birth { place: street, city, region, country, country_description, remark, ..Birth::default() };
        if birth != Birth::default() {
            self.places.push(birth);
        }
        Ok(())
    }

    fn address(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        let [street, city, region, postal_code, country, remark] =
            fields(xml, "ADDRESS", ["STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE"])?;
        let (country, country_description) = self.country(country, "ADDRESS");
        let address = Address {
            street,
            city,
            region,
            postal_code,
            country,
            country_description,
            remark,
            ..Address::default()
        };
        if address != Address::default() {
            self.entity.addresses.push(address);
        }
        Ok(())
    }

    fn document(&mut self, xml: &mut Xml<'_>) -> Result<(), ReadError> {
        const FIELD: &str = "DOCUMENT";
        let [kind, more, number, land, other_land, city, issued, remark] = fields(
            xml,
            FIELD,
            [
                "TYPE_OF_DOCUMENT",
                "TYPE_OF_DOCUMENT2",
                "NUMBER",
                "ISSUING_COUNTRY",
                "COUNTRY_OF_ISSUE",
                "CITY_OF_ISSUE",
                "DATE_OF_ISSUE",
                "NOTE",
            ],
        )?;
        let description: Vec<String> =
            [kind, more].iter().map(|k| on_one_line(k)).filter(|k| !k.is_empty()).collect();
        let description = description.join(", ");
        let (country, country_description) =
            self.country(if land.is_empty() { other_land } else { land }, FIELD);
        let mut document = Identifier {
            description,
            number,
            issued_by: city,
            country,
            country_description,
            issued: self.day(&issued, FIELD),
            remark,
            ..Identifier::default()
        };
        if document != Identifier::default() {
            document.kind = document_kind(&document.description).to_owned();
            self.entity.identifiers.push(document);
        }
        Ok(())
    }

    /// The code of a country named in the list, and the name.
    fn country(&mut self, name: String, field: &str) -> (String, String) {
        if matches!(name.to_ascii_lowercase().as_str(), "" | "na" | "n/a" | "unknown" | "-") {
            return (String::new(), String::new());
        }
        let code = country::code(&name).unwrap_or_default();
        if code.is_empty() {
            self.issue(field, "a country's name that is not known: kept without a code");
        }
        (code.to_owned(), name)
    }

    fn day(&mut self, text: &str, field: &str) -> Option<PartialDate> {
        xsd::day(text).unwrap_or_else(|what| {
            self.issue(field, what);
            None
        })
    }

    /// A date of which the year may be all there is.
    fn partial(&mut self, text: &str, field: &str) -> Option<PartialDate> {
        match text.parse() {
            Ok(date) => Some(date),
            Err(_) => self.day(text, field),
        }
    }

    fn issue(&mut self, field: &str, what: &str) {
        let place = place(self.at, &self.entity.id, field);
        self.issues.push(Issue { severity: Severity::Value, place, what: what.to_owned() });
    }
}

/// The texts of the named fields of the element that the walk has just opened, up to where it closes;
/// of a field that stands twice, both.
fn fields<const N: usize>(
    xml: &mut Xml<'_>,
    parent: &'static str,
    names: [&str; N],
) -> Result<[String; N], ReadError> {
    let mut texts = [(); N].map(|()| String::new());
    while let Node::Open(element) = xml.next()? {
        if let Some(at) = names.iter().position(|&name| name == element.name()) {
            let text = xml.text()?;
            if !texts[at].is_empty() && !text.is_empty() {
                texts[at].push_str("; ");
            }
            texts[at].push_str(&text);
        } else {
            element.count_unknown(parent);
            xml.skip()?;
        }
    }
    Ok(texts)
}

/// The texts of the `VALUE`s in the element that the walk has just opened.
fn values(xml: &mut Xml<'_>, parent: &'static str) -> Result<Vec<String>, ReadError> {
    let mut texts = Vec::new();
    while let Node::Open(element) = xml.next()? {
        if element.name() == "VALUE" {
            let text = on_one_line(&xml.text()?);
            texts.extend((!text.is_empty()).then_some(text));
        } else {
            element.count_unknown(parent);
            xml.skip()?;
        }
    }
    Ok(texts)
}

/// What kind of document a description names, coded as the EU list codes it.
fn document_kind(description: &str) -> &'static str {
    let description = description.to_lowercase();
    if ["passport", "passeport", "pasaporte"].iter().any(|p| description.contains(p)) {
        "passport"
    } else if description.contains("identi") || description.contains("id card") {
        "id"
    } else {
        "other"
    }
}
