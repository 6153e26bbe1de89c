//! Entities in the terms of FollowTheMoney, as OpenSanctions' clients send and read them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::{Address, Entity, EntityKind, Gender, country};
use crate::screening::{Subject, SubjectIdentifier, SubjectKind};
use crate::service::{Failure, Violation};

/// Properties of an entity: each with its values.
pub(super) type Properties = BTreeMap<&'static str, Vec<String>>;

/// Properties that hold numbers of documents and registrations, with what we call their kind.
const NUMBERS: &[(&str, &str)] = &[
    ("passportNumber", "passport"),
    ("idNumber", "id"),
    ("registrationNumber", "regnumber"),
    ("taxNumber", "tax"),
    ("innCode", "inn"),
    ("ogrnCode", "ogrn"),
    ("leiCode", "lei"),
    ("imoNumber", "imo"),
    ("vatCode", "vat"),
    ("socialSecurityNumber", "ssn"),
];

/// The kind that a schema stands for; none for what is never listed here.
fn kind(schema: &str) -> Option<SubjectKind> {
    match schema {
        "Person" => Some(SubjectKind::Person),
        "Organization" | "Company" | "PublicBody" | "Vessel" => Some(SubjectKind::Organisation),
        // Either may be meant.
        "LegalEntity" | "Thing" => Some(SubjectKind::Any),
        _ => None,
    }
}

/// The schema of a listed entity.
pub(super) fn schema(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Person => "Person",
        EntityKind::Organisation => "Organization",
    }
}

/// A query as a subject. `field` is its path in the request, for errors.
///
/// Properties that say nothing of who it is are passed over, as clients expect.
pub(super) fn subject(field: &str, schema: &str, properties: &Value) -> Result<Subject, Failure> {
    let invalid = |at: String, what: String| Failure::invalid(vec![Violation::new(at, what)]);
    let kind = kind(schema).ok_or_else(|| {
        let what = "is none of Person, Organization, Company, PublicBody, Vessel, LegalEntity, Thing";
        invalid(format!("{field}.schema"), what.to_owned())
    })?;
    let Value::Object(properties) = properties else {
        return Err(invalid(format!("{field}.properties"), "is not an object".to_owned()));
    };
    let values = |name: &str| -> Result<Vec<String>, Failure> {
        let at = || format!("{field}.properties.{name}");
        match properties.get(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::String(text)) => Ok(vec![text.clone()]),
            Some(Value::Array(all)) => {
                let texts = all.iter().filter(|v| !v.is_null()).map(|v| v.as_str().map(str::to_owned));
                let texts = texts.collect::<Option<Vec<String>>>();
                Ok(texts.ok_or_else(|| invalid(at(), "is not a list of texts".to_owned()))?)
            }
            Some(_) => Err(invalid(at(), "is not a list of texts".to_owned())),
        }
        .map(|all| all.into_iter().filter(|v| !v.trim().is_empty()).collect())
    };
    let first = |name: &str| values(name).map(|all| all.into_iter().next().unwrap_or_default());

    let mut names = values("name")?;
    for other in ["alias", "weakAlias", "previousName", "abbreviation"] {
        names.extend(values(other)?);
    }
    if names.is_empty() {
        let parts = [
            first("firstName")?,
            first("secondName")?,
            first("middleName")?,
            first("fatherName")?,
            first("lastName")?,
        ];
        let whole = parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" ");
        names.extend((!whole.is_empty()).then_some(whole));
    }
    let mut names = names.into_iter();
    let name = names.next().unwrap_or_default();
    let birth_date = match first("birthDate")? {
        text if text.is_empty() => None,
        // A time beside the date says nothing more.
        text => {
            Some(text.get(..10).unwrap_or(&text).parse().map_err(|e: crate::model::PartialDateError| {
                invalid(format!("{field}.properties.birthDate"), e.to_string())
            })?)
        }
    };
    let mut countries: Vec<String> = Vec::new();
    for property in ["nationality", "citizenship", "country", "jurisdiction", "mainCountry"] {
        for text in values(property)? {
            // FollowTheMoney has codes beyond ISO's; what is no country orders nothing.
            countries.extend(country::code(&text).map(str::to_owned));
        }
    }
    countries.sort();
    countries.dedup();
    let mut identifiers = Vec::new();
    for (property, kind) in NUMBERS {
        let numbers = values(property)?.into_iter();
        identifiers.extend(numbers.map(|number| SubjectIdentifier { kind: (*kind).to_owned(), number }));
    }
    let address = match first("address")? {
        text if text.is_empty() => first("city")?,
        text => text,
    };
    let subject = Subject {
        name,
        aliases: names.collect(),
        kind,
        birth_date,
        birth_place: first("birthPlace")?,
        gender: match first("gender")?.to_ascii_lowercase().as_str() {
            "male" | "m" => Some(Gender::Male),
            "female" | "f" => Some(Gender::Female),
            _ => None,
        },
        countries,
        address,
        identifiers,
    };
    subject.check().map_err(|e| invalid(format!("{field}.properties.{}", e.field), e.what))?;
    Ok(subject)
}

/// What a list says of an entity, as properties.
pub(super) fn properties(entity: &Entity) -> Properties {
    let mut all = Properties::new();
    let mut add = |property: &'static str, value: &str| {
        let value = value.trim();
        if !value.is_empty() {
            let values: &mut Vec<String> = all.entry(property).or_default();
            if !values.iter().any(|v| v == value) {
                values.push(value.to_owned());
            }
        }
    };
    let shown = entity.display_name();
    add("name", shown);
    for name in entity.names.iter().filter(|n| n.whole != shown) {
        let property = match name.quality {
            crate::model::NameQuality::Weak | crate::model::NameQuality::Acronym => "weakAlias",
            crate::model::NameQuality::Former => "previousName",
            crate::model::NameQuality::Strong => "alias",
        };
        add(property, &name.whole);
    }
    for name in &entity.names {
        add("position", &name.function);
        add("title", &name.title);
    }
    for birth in &entity.births {
        if let Some(date) = birth.when.date {
            add("birthDate", &date.to_string());
        }
        let parts = [&birth.city, &birth.place, &birth.region].map(String::as_str);
        add("birthPlace", &joined(&parts));
        add("birthCountry", &birth.country.to_ascii_lowercase());
    }
    if let Some(gender) = entity.gender {
        add("gender", if gender == Gender::Male { "male" } else { "female" });
    }
    for citizenship in &entity.citizenships {
        add("nationality", &citizenship.country.to_ascii_lowercase());
    }
    for address in &entity.addresses {
        add("address", &whole_address(address));
        add("country", &address.country.to_ascii_lowercase());
    }
    for identifier in &entity.identifiers {
        let property =
            NUMBERS.iter().find(|(_, kind)| *kind == identifier.kind).map_or("idNumber", |(p, _)| p);
        add(property, &identifier.number);
    }
    for listing in &entity.listings {
        add("programId", &listing.programme);
        add("program", &listing.title);
        add("sourceUrl", &listing.url);
    }
    for remark in &entity.remarks {
        add("notes", remark);
    }
    for link in &entity.links {
        add("sourceUrl", link);
    }
    for category in entity.categories.iter().chain(&entity.topics) {
        add("keywords", category);
    }
    all
}

fn whole_address(address: &Address) -> String {
    joined(&[
        &address.street,
        &address.po_box,
        &address.postal_code,
        &address.city,
        &address.place,
        &address.region,
        &address.country_description,
    ])
}

fn joined(parts: &[&str]) -> String {
    parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()).collect::<Vec<_>>().join(", ")
}
