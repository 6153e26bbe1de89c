//! ROR's files into compact records.

use std::fmt;
use std::io::{BufRead, Read};

use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::Value;

use crate::model::RelationKind;
use crate::sources::json::{json_error, syntax};
use crate::sources::opening::{Bounded, Form, form_of};
use crate::sources::spelling::tidy;
use crate::sources::{Header, Input, Issue, ReadError, Severity};

/// What an institution is called, by ROR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RorName {
    /// The name.
    pub value: Box<str>,
    /// What sort of name.
    pub kind: RorNameKind,
    /// ISO 639-1 code of its language, empty when ROR gives none.
    pub language: Box<str>,
}

/// ROR's sorts of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RorNameKind {
    /// The name in some language; the one ROR shows is among these.
    Label,
    /// Another name.
    Alias,
    /// An acronym.
    Acronym,
}

/// A tie of one ROR record to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RorRelation {
    /// Parent or child.
    pub kind: RelationKind,
    /// The other record's address.
    pub id: Box<str>,
    /// The other's name.
    pub label: Box<str>,
}

/// What is kept of a ROR record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RorRecord {
    /// Its address, `https://ror.org/05r2q4835`.
    pub id: Box<str>,
    /// Its names, in ROR's order, each once.
    pub names: Vec<RorName>,
    /// ISO 3166-1 alpha-2 codes of its places, each once.
    pub countries: Vec<Box<str>>,
    /// Its parents and children. ROR's looser ties (a hospital beside a university, a successor) are not
    /// kept: they would tie half a country's institutions to a listed one.
    pub relations: Vec<RorRelation>,
    /// ROR withdrew the record (entered in error, a double): it lends nothing.
    pub withdrawn: bool,
}

/// The largest file taken, unpacked: some times the registry's whole dump of 2026.
const FILE_LIMIT: u64 = 4 << 30;

/// The longest line taken. The longest record in the registry has some hundred kilobytes (the
/// children of national research bodies).
const LINE_LIMIT: u64 = 8 << 20;

const EXPECTED: &str =
    "expected ROR records of schema v2: one a line, or one JSON array as in ROR's own dump";

/// Reads ROR records of schema v2, either one a line (JSONL) or as the JSON array of ROR's dump, plain
/// or gzip. Holds one record at a time.
///
/// A record that cannot be read is an issue with its line or number. The header's date is the latest
/// change of any record.
///
/// # Errors
/// The file is of neither form, breaks off, or holds no record.
pub fn read(
    mut input: Input<'_>,
    record: &mut dyn FnMut(RorRecord),
    issue: &mut dyn FnMut(Issue),
) -> Result<Header, ReadError> {
    let form = form_of(&mut input)?;
    let mut reading = Reading { latest: String::new(), release: String::new(), read: 0, record, issue };
    let bytes = Bounded::new(input.bytes, FILE_LIMIT);
    match form {
        Form::JsonObject => reading.lines(&input.name, bytes)?,
        Form::JsonArray => {
            let mut json = serde_json::Deserializer::from_reader(bytes);
            let done = json.deserialize_seq(&mut reading).and_then(|()| json.end());
            done.map_err(|error| json_error(&input.name, error, EXPECTED))?;
        }
        Form::Markup | Form::Table => {
            return Err(ReadError::Format {
                file: input.name,
                place: "line 1".into(),
                what: EXPECTED.into(),
            });
        }
    }
    if reading.read == 0 {
        return Err(ReadError::Format {
            file: input.name,
            place: "whole file".into(),
            what: format!("no record could be read: {EXPECTED}"),
        });
    }
    Ok(Header { as_of: reading.latest, edition: reading.release })
}

struct Reading<'a> {
    latest: String,
    release: String,
    read: usize,
    record: &'a mut dyn FnMut(RorRecord),
    issue: &'a mut dyn FnMut(Issue),
}

impl Reading<'_> {
    fn lines(&mut self, file: &str, mut bytes: impl BufRead) -> Result<(), ReadError> {
        let refuse = |place: String, what: String| ReadError::Format { file: file.into(), place, what };
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            let place = format!("line {number}");
            let length = bytes
                .by_ref()
                .take(LINE_LIMIT)
                .read_until(b'\n', &mut line)
                .map_err(|source| ReadError::Io { file: file.into(), source })?;
            if length == 0 {
                break;
            }
            if length as u64 == LINE_LIMIT && !line.ends_with(b"\n") {
                return Err(refuse(place, format!("a line of more than {LINE_LIMIT} bytes: {EXPECTED}")));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            match serde_json::from_slice::<Value>(&line) {
                Ok(value) => self.take(value, place),
                // Nothing read yet: more likely another form of file than a bad line.
                Err(_) if self.read == 0 => return Err(refuse(place, EXPECTED.into())),
                Err(error) => self.left_out(place, syntax(&error)),
            }
        }
        Ok(())
    }

    fn left_out(&mut self, place: String, what: impl Into<String>) {
        (self.issue)(Issue { severity: Severity::Record, place, what: format!("{}: left out", what.into()) });
    }

    fn take(&mut self, value: Value, place: String) {
        // The cause's own text would quote the record.
        let Ok(raw) = serde_json::from_value::<Raw>(value) else {
            return self.left_out(place, "not a ROR record of schema v2");
        };
        let changed = raw.admin.and_then(|a| a.last_modified).map(|m| m.date).unwrap_or_default();
        if changed > self.latest {
            self.latest = changed;
        }
        if raw._release > self.release {
            self.release = raw._release;
        }
        let mut names: Vec<RorName> = Vec::with_capacity(raw.names.len());
        for name in raw.names {
            let value = tidy(&name.value);
            let is = |kind: &str| name.types.iter().any(|t| t == kind);
            let kind = if is("ror_display") || is("label") {
                RorNameKind::Label
            } else if is("acronym") {
                RorNameKind::Acronym
            } else {
                RorNameKind::Alias
            };
            if !value.is_empty() && !names.iter().any(|n| *n.value == *value) {
                let language = name.lang.unwrap_or_default().into();
                names.push(RorName { value: value.into(), kind, language });
            }
        }
        if names.is_empty() || raw.id.trim().is_empty() {
            return self.left_out(place, "a record without an id or a name");
        }
        let mut countries: Vec<Box<str>> = raw
            .locations
            .into_iter()
            .filter_map(|location| location.geonames_details?.country_code)
            .map(|code| code.to_ascii_uppercase().into())
            .collect();
        countries.sort_unstable();
        countries.dedup();
        let relations = raw
            .relationships
            .into_iter()
            .filter_map(|relation| {
                let kind = match relation.r#type.to_ascii_lowercase().as_str() {
                    "parent" => RelationKind::Parent,
                    "child" => RelationKind::Child,
                    _ => return None,
                };
                Some(RorRelation { kind, id: relation.id.into(), label: tidy(&relation.label).into() })
            })
            .collect();
        self.read += 1;
        (self.record)(RorRecord {
            id: raw.id.trim().into(),
            names,
            countries,
            relations,
            withdrawn: raw.status.eq_ignore_ascii_case("withdrawn"),
        });
    }
}

impl<'de> Visitor<'de> for &mut Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of records")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut number = 0;
        while let Some(value) = seq.next_element::<Value>()? {
            number += 1;
            self.take(value, format!("record {number}"));
        }
        Ok(())
    }
}

/// A record as schema v2 writes it, of which only what is used.
#[derive(Deserialize)]
struct Raw {
    id: String,
    #[serde(default)]
    status: String,
    names: Vec<RawName>,
    #[serde(default)]
    locations: Vec<RawLocation>,
    #[serde(default)]
    relationships: Vec<RawRelation>,
    #[serde(default)]
    admin: Option<RawAdmin>,
    /// Not ROR's: excerpts name the release they were taken from.
    #[serde(default)]
    _release: String,
}

#[derive(Deserialize)]
struct RawName {
    value: String,
    #[serde(default)]
    types: Vec<String>,
    #[serde(default)]
    lang: Option<String>,
}

#[derive(Deserialize)]
struct RawLocation {
    #[serde(default)]
    geonames_details: Option<RawPlace>,
}

#[derive(Deserialize)]
struct RawPlace {
    #[serde(default)]
    country_code: Option<String>,
}

#[derive(Deserialize)]
struct RawRelation {
    r#type: String,
    id: String,
    #[serde(default)]
    label: String,
}

#[derive(Deserialize)]
struct RawAdmin {
    #[serde(default)]
    last_modified: Option<RawChange>,
}

#[derive(Deserialize)]
struct RawChange {
    #[serde(default)]
    date: String,
}
