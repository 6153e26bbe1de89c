//! The tracker as the MISP project publishes it: a galaxy cluster in JSON, one object of `values` an
//! institution.
//!
//! The descriptions are the tracker's own prose: they are not taken over, the page is linked.

use std::fmt;
use std::io::Read;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::model::{Address, Entity, EntityKind, Relation, RelationKind};
use crate::sources::institution::push_name;
use crate::sources::json::json_error;
use crate::sources::spelling::{slug, tidy};
use crate::sources::{Issue, ReadError, Severity};

use super::naming::{self, Unit};
use super::{LIST, NAME_LIMIT, id_of_page, risk};

/// What a galaxy file says of itself.
#[derive(Debug, Default)]
pub(super) struct Galaxy {
    /// `version`, empty if it has none.
    pub(super) version: String,
    /// How many objects `values` holds, readable or not.
    pub(super) records: usize,
}

/// Reads a galaxy file, record by record.
///
/// `institution` takes each institution with its place in the file; `issue` each issue.
///
/// # Errors
/// The file is no JSON, breaks off, or is not of a galaxy cluster's shape.
pub(super) fn read(
    file: &str,
    bytes: impl Read,
    institution: &mut dyn FnMut(Entity, String),
    issue: &mut dyn FnMut(Issue),
) -> Result<Galaxy, ReadError> {
    let mut reader = ClusterReader { galaxy: Galaxy::default(), has_values: false, institution, issue };
    let mut json = serde_json::Deserializer::from_reader(bytes);
    let done = (&mut reader).deserialize(&mut json).and_then(|()| json.end());
    if let Err(error) = done {
        return Err(json_error(file, error, EXPECTED));
    }
    if !reader.has_values {
        return Err(ReadError::Format {
            file: file.into(),
            place: "top level".into(),
            what: format!("no \"values\": {EXPECTED}"),
        });
    }
    Ok(reader.galaxy)
}

const EXPECTED: &str = "expected a MISP galaxy cluster, an object whose \"values\" are the institutions";

struct ClusterReader<'a> {
    galaxy: Galaxy,
    has_values: bool,
    institution: &'a mut dyn FnMut(Entity, String),
    issue: &'a mut dyn FnMut(Issue),
}

impl<'de> DeserializeSeed<'de> for &mut ClusterReader<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for &mut ClusterReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a galaxy cluster")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "values" => {
                    self.has_values = true;
                    map.next_value_seed(Values(&mut *self))?;
                }
                "version" => {
                    self.galaxy.version = match map.next_value::<Value>()? {
                        Value::Number(number) => number.to_string(),
                        Value::String(text) => text,
                        _ => String::new(),
                    };
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// `values`: the records, one held at a time.
struct Values<'a, 'b>(&'a mut ClusterReader<'b>);

impl<'de> DeserializeSeed<'de> for Values<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Values<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of institutions")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<Value>()? {
            self.0.galaxy.records += 1;
            let place = format!("record {}", self.0.galaxy.records);
            Record { place, issue: &mut *self.0.issue }.read(value, &mut *self.0.institution);
        }
        Ok(())
    }
}

/// One record being read, and where its issues go.
struct Record<'a> {
    place: String,
    issue: &'a mut dyn FnMut(Issue),
}

impl Record<'_> {
    fn report(&mut self, severity: Severity, field: &str, what: impl Into<String>) {
        let place = if field.is_empty() { self.place.clone() } else { format!("{}, {field}", self.place) };
        (self.issue)(Issue { severity, place, what: what.into() });
    }

    fn read(mut self, value: Value, institution: &mut dyn FnMut(Entity, String)) {
        let Value::Object(record) = value else {
            return self.report(Severity::Record, "", "not an object: left out");
        };
        let name = match record.get("value") {
            Some(Value::String(text)) if !text.trim().is_empty() && text.chars().count() <= NAME_LIMIT => {
                text
            }
            Some(Value::String(text)) if !text.trim().is_empty() => {
                return self.report(Severity::Record, "value", "the name is absurdly long: left out");
            }
            _ => return self.report(Severity::Record, "value", "no name: left out"),
        };
        let empty = Map::new();
        let meta = match record.get("meta") {
            Some(Value::Object(meta)) => meta,
            None | Some(Value::Null) => &empty,
            Some(_) => {
                self.report(Severity::Value, "meta", "not an object: only the name is taken");
                &empty
            }
        };

        let mut entity = Entity { list: LIST.into(), kind: EntityKind::Organisation, ..Entity::default() };
        let pair = naming::institution(name);
        push_name(&mut entity.names, &pair.english);
        push_name(&mut entity.names, &pair.native);
        entity.links = self.texts(meta, "refs");
        match entity.links.iter().find_map(|page| id_of_page(page)) {
            Some(id) => entity.id = id,
            None => {
                entity.id = slug(if pair.english.is_empty() { &pair.native } else { &pair.english });
                if entity.id.is_empty() {
                    return self.report(
                        Severity::Record,
                        "value",
                        "no name in letters and no page: left out",
                    );
                }
                self.report(Severity::Value, "refs", "no tracker page: the id is made from the name");
            }
        }
        self.place = format!("{}, {}", self.place, entity.id);

        for alias in self.texts(meta, "aliases") {
            push_name(&mut entity.names, &alias);
        }
        entity.categories = self.texts(meta, "categories");
        entity.topics = self.texts(meta, "topics");
        for agency in self.texts(meta, "supervising agencies") {
            push_relation(&mut entity.relations, RelationKind::SupervisedBy, agency, String::new());
        }
        for (field, kind) in [
            ("major defence laboratories", RelationKind::Laboratory),
            ("subsidiaries", RelationKind::Subsidiary),
        ] {
            let texts = self.texts(meta, field);
            let remarks = push_units(&mut entity.relations, kind, &texts);
            if remarks > 0 {
                let what = format!("{remarks} of {} entries are remarks, not names: left out", texts.len());
                self.report(Severity::Value, field, what);
            }
        }
        if let Some(Value::String(text)) = meta.get("risk") {
            match risk(text) {
                Ok(rating) => entity.rating = rating,
                Err(what) => self.report(Severity::Value, "risk", what),
            }
        }
        entity.addresses.push(self.address(meta));
        institution(entity, self.place);
    }

    /// A list of texts. A single text stands for a list of one; what is neither is an issue.
    fn texts(&mut self, meta: &Map<String, Value>, field: &str) -> Vec<String> {
        let items = match meta.get(field) {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(items)) => items.as_slice(),
            Some(single) => std::slice::from_ref(single),
        };
        let mut texts = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let field = || format!("{field}[{at}]");
            match item {
                Value::String(text) if text.trim().is_empty() => {}
                Value::String(text) if text.chars().count() > NAME_LIMIT => {
                    self.report(Severity::Value, &field(), "absurdly long: left out");
                }
                Value::String(text) => {
                    let text = tidy(text);
                    if !texts.contains(&text) {
                        texts.push(text);
                    }
                }
                _ => self.report(Severity::Value, &field(), "not a text: left out"),
            }
        }
        texts
    }

    /// The address. Where the record has none the country is still known: the tracker is one of
    /// institutions in China.
    fn address(&mut self, meta: &Map<String, Value>) -> Address {
        let mut address = Address { country: "CN".into(), ..Address::default() };
        address.place = self.texts(meta, "address").join(", ");
        let mut degrees = |field: &str, most: f64| {
            let number = match meta.get(field)? {
                Value::String(text) => text.trim().parse::<f64>().ok(),
                Value::Number(number) => number.as_f64(),
                _ => None,
            };
            let number = number.filter(|n| n.abs() <= most);
            if number.is_none() {
                self.report(Severity::Value, field, "not an angle in degrees: left out");
            }
            number
        };
        let (latitude, longitude) = (degrees("lat", 90.0), degrees("long", 180.0));
        if let (Some(latitude), Some(longitude)) = (latitude, longitude) {
            // Five decimals are a metre.
            address.remark = format!("latitude {latitude:.5}, longitude {longitude:.5}");
        }
        address
    }
}

/// Appends units (laboratories, subsidiaries) as relations; returns how many entries were remarks.
pub(super) fn push_units(relations: &mut Vec<Relation>, kind: RelationKind, texts: &[String]) -> usize {
    let mut remarks = 0;
    for text in texts {
        match naming::unit(text) {
            Unit::Named(names) => {
                for pair in names {
                    // A unit known only in Chinese bears that as its name.
                    let (name, native) = match pair.english.is_empty() {
                        true => (pair.native, String::new()),
                        false => (pair.english, pair.native),
                    };
                    push_relation(relations, kind, name, native);
                }
            }
            Unit::Remark => remarks += 1,
        }
    }
    remarks
}

/// Appends a relation unless the same stands there already.
pub(super) fn push_relation(
    relations: &mut Vec<Relation>,
    kind: RelationKind,
    name: String,
    native_name: String,
) {
    let known = relations.iter().any(|r| r.kind == kind && r.name == name && r.native_name == native_name);
    if !known && !name.is_empty() {
        relations.push(Relation {
            kind,
            name,
            native_name,
            entity_id: String::new(),
            lent_by: String::new(),
        });
    }
}
