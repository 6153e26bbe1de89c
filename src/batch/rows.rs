//! Rows of JSON into subjects. What is wrong with a row is said by its field, never by its content.

use serde_json::{Map, Value};

use crate::model::{Gender, PartialDate};
use crate::screening::{Subject, SubjectError, SubjectIdentifier, SubjectKind};

/// A row as a JSON object.
pub(crate) type Object = Map<String, Value>;

/// The names of a subject's fields in a row.
pub(crate) struct Fields {
    name: &'static str,
    aliases: &'static str,
    birth_date: &'static str,
    birth_place: &'static str,
    gender: &'static str,
    countries: &'static str,
    address: &'static str,
    identifiers: &'static str,
}

/// The subject of a row to screen.
pub(crate) const SUBJECT: Fields = Fields { name: "name", ..QUERY };

/// The first side of a row to compare.
pub(crate) const QUERY: Fields = Fields {
    name: "query",
    aliases: "aliases",
    birth_date: "birth_date",
    birth_place: "birth_place",
    gender: "gender",
    countries: "countries",
    address: "address",
    identifiers: "identifiers",
};

/// The second side of a row to compare.
pub(crate) const CANDIDATE: Fields = Fields {
    name: "candidate",
    aliases: "candidate_aliases",
    birth_date: "candidate_birth_date",
    birth_place: "candidate_birth_place",
    gender: "candidate_gender",
    countries: "candidate_countries",
    address: "candidate_address",
    identifiers: "candidate_identifiers",
};

/// A row's id as it is given back: a string, a number, or null where the row has none.
///
/// # Errors
/// When it is anything else.
pub(super) fn id(row: &Object) -> Result<Value, SubjectError> {
    match row.get("id") {
        None => Ok(Value::Null),
        Some(id @ (Value::Null | Value::String(_) | Value::Number(_))) => Ok(id.clone()),
        Some(_) => Err(fault("id", "is neither text nor a number")),
    }
}

/// Reads a line as a JSON object.
///
/// # Errors
/// Says where the line stops being JSON.
pub(crate) fn object(line: &[u8]) -> Result<Object, SubjectError> {
    serde_json::from_slice(line).map_err(|e| {
        let what = match e.classify() {
            serde_json::error::Category::Data => "is not a JSON object".to_owned(),
            serde_json::error::Category::Eof => "breaks off before the JSON object ends".to_owned(),
            _ => format!("is not JSON from column {} on", e.column()),
        };
        fault("row", what)
    })
}

/// The subject that a row's fields describe, checked.
///
/// # Errors
/// Names the field at fault and says how to mend it.
pub(crate) fn subject(row: &Object, fields: &Fields) -> Result<Subject, SubjectError> {
    let subject = Subject {
        name: text(row, fields.name)?,
        aliases: texts(row, fields.aliases)?,
        kind: parsed(row, "kind", kind_named)?.unwrap_or_default(),
        birth_date: birth_date(row, fields.birth_date)?,
        birth_place: text(row, fields.birth_place)?,
        gender: parsed(row, fields.gender, gender_named)?,
        countries: countries(texts(row, fields.countries)?),
        address: text(row, fields.address)?,
        identifiers: identifiers(row, fields.identifiers)?,
    };
    subject.check().map_err(|mut e| {
        // The subject calls its fields by their plain names; the row may not.
        for (plain, own) in
            [("name", fields.name), ("aliases", fields.aliases), ("countries", fields.countries)]
        {
            if let Some(rest) = e.field.strip_prefix(plain) {
                e.field = format!("{own}{rest}");
                break;
            }
        }
        e
    })?;
    Ok(subject)
}

/// A kind by its word, as rows and tables give it.
///
/// # Errors
/// Says which words there are.
pub(super) fn kind_named(word: &str) -> Result<SubjectKind, String> {
    match word {
        "person" => Ok(SubjectKind::Person),
        "organisation" | "organization" => Ok(SubjectKind::Organisation),
        "any" => Ok(SubjectKind::Any),
        _ => Err("is none of person, organisation, any".into()),
    }
}

/// A gender by its word.
///
/// # Errors
/// Says which words there are.
pub(super) fn gender_named(word: &str) -> Result<Gender, String> {
    match word {
        "male" | "m" | "M" => Ok(Gender::Male),
        "female" | "f" | "F" => Ok(Gender::Female),
        _ => Err("is neither male nor female; leave it out if it is neither or not known".into()),
    }
}

/// A birth date by its text.
///
/// # Errors
/// Says how a date is written.
pub(super) fn date_named(text: &str) -> Result<PartialDate, String> {
    text.parse().map_err(|e: crate::model::PartialDateError| e.to_string())
}

/// Country codes as subjects want them: trimmed, in capitals, empty ones left out.
pub(super) fn countries(given: Vec<String>) -> Vec<String> {
    given.iter().map(|c| c.trim().to_ascii_uppercase()).filter(|c| !c.is_empty()).collect()
}

/// A fault of a field.
pub(super) fn fault(field: &str, what: impl Into<String>) -> SubjectError {
    SubjectError { field: field.to_owned(), what: what.into() }
}

/// A field of text; empty where it says nothing.
///
/// # Errors
/// When it is anything else.
pub(crate) fn text(row: &Object, field: &str) -> Result<String, SubjectError> {
    match row.get(field) {
        None | Some(Value::Null) => Ok(String::new()),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(fault(field, "is not text")),
    }
}

/// Texts of a list; a single text stands for a list of one.
fn texts(row: &Object, field: &str) -> Result<Vec<String>, SubjectError> {
    match row.get(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::String(text)) => Ok(vec![text.clone()]),
        Some(Value::Array(all)) => {
            let texts = all.iter().enumerate().map(|(i, v)| match v {
                Value::String(text) => Ok(text.clone()),
                _ => Err(fault(&format!("{field}[{i}]"), "is not text")),
            });
            texts.collect()
        }
        Some(_) => Err(fault(field, "is not a list of texts")),
    }
}

/// A field read by a function; absent, null and empty say nothing.
fn parsed<T>(
    row: &Object,
    field: &str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<T>, SubjectError> {
    match row.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) => parse(text.trim()).map(Some).map_err(|what| fault(field, what)),
        Some(_) => Err(fault(field, "is not text")),
    }
}

/// A birth date; a bare number is a year.
fn birth_date(row: &Object, field: &str) -> Result<Option<PartialDate>, SubjectError> {
    if let Some(Value::Number(year)) = row.get(field) {
        return date_named(&year.to_string()).map(Some).map_err(|what| fault(field, what));
    }
    parsed(row, field, date_named)
}

/// Identifiers: numbers alone, or objects with kind and number.
fn identifiers(row: &Object, field: &str) -> Result<Vec<SubjectIdentifier>, SubjectError> {
    let all = match row.get(field) {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(all)) => all,
        Some(_) => return Err(fault(field, "is not a list")),
    };
    let read = all.iter().enumerate().map(|(i, value)| match value {
        Value::String(number) => Ok(SubjectIdentifier { kind: String::new(), number: number.clone() }),
        Value::Object(parts) => {
            let part = |name| text(parts, name).map_err(|e| fault(&format!("{field}[{i}].{name}"), e.what));
            Ok(SubjectIdentifier { kind: part("kind")?, number: part("number")? })
        }
        _ => Err(fault(&format!("{field}[{i}]"), "is neither text nor an object with kind and number")),
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(row: &str) -> Result<Subject, String> {
        let row = object(row.as_bytes()).map_err(|e| e.to_string())?;
        id(&row).map_err(|e| e.to_string())?;
        subject(&row, &SUBJECT).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_become_subjects() {
        let full = read(
            r#"{"id": 1, "name": "Made Up", "kind": "person", "birth_date": "1970-01-02", "countries": ["ir", ""],
                "aliases": ["Up, Made"], "gender": "F", "identifiers": ["7", {"kind": "passport", "number": "8"}],
                "favourite_colour": {"unknown": ["fields", "are", "no", "fault"]}}"#,
        )
        .unwrap();
        assert_eq!(full.kind, SubjectKind::Person);
        assert_eq!(full.countries, ["IR"]);
        assert_eq!(full.gender, Some(Gender::Female));
        assert_eq!(full.identifiers[1].kind, "passport");
        let bare = Subject::named("A", SubjectKind::Any);
        for row in [
            r#"{"name": "A"}"#,
            r#"{"name": "A", "kind": null, "birth_date": null, "countries": null, "aliases": []}"#,
            r#"{"name": "A", "kind": "", "birth_date": " ", "gender": "", "address": ""}"#,
        ] {
            assert_eq!(read(row).unwrap(), bare, "{row}");
        }
        for row in [r#"{"name": "A", "birth_date": "1970"}"#, r#"{"name": "A", "birth_date": 1970}"#] {
            assert_eq!(read(row).unwrap().birth_date.map(|d| d.year()), Some(1970), "{row}");
        }
    }

    #[test]
    fn faults_name_the_field_and_never_its_content() {
        for (row, says) in [
            ("", "row: breaks off"),
            ("{\"name\": \"Secret", "row: breaks off"),
            ("Secret", "row: is not JSON from column 1 on"),
            ("[\"Secret\"]", "row: is not a JSON object"),
            ("\"Secret\"", "row: is not a JSON object"),
            ("{\"name\": \"Secret\"} Secret", "row: is not JSON"),
            (r#"{"id": ["Secret"], "name": "A"}"#, "id: is neither"),
            (r#"{"id": 1}"#, "name: is empty"),
            (r#"{"name": ""}"#, "name: is empty"),
            (r#"{"name": ["Secret"]}"#, "name: is not text"),
            (r#"{"name": "A", "kind": "Secret"}"#, "kind: is none of"),
            (r#"{"name": "A", "kind": 1}"#, "kind: is not text"),
            (r#"{"name": "A", "gender": "Secret"}"#, "gender: is neither"),
            (r#"{"name": "A", "birth_date": "02.01.1970 Secret"}"#, "birth_date: a date is written"),
            (r#"{"name": "A", "birth_date": "1970-02-30"}"#, "birth_date: day 30"),
            (r#"{"name": "A", "birth_date": 70}"#, "birth_date: a date is written"),
            (r#"{"name": "A", "countries": ["Secret"]}"#, "countries[0]: is not an ISO"),
            (r#"{"name": "A", "countries": [1]}"#, "countries[0]: is not text"),
            (r#"{"name": "A", "aliases": {"Secret": 1}}"#, "aliases: is not a list"),
            (r#"{"name": "A", "identifiers": [1]}"#, "identifiers[0]: is neither"),
            (r#"{"name": "A", "identifiers": [{"number": 1}]}"#, "identifiers[0].number: is not text"),
        ] {
            let error = read(row).unwrap_err();
            assert!(error.starts_with(says), "{row}: {error}");
            assert!(!error.contains("Secret"), "{row}: {error}");
        }
    }

    #[test]
    fn faults_of_compared_names_use_the_rows_field_names() {
        let row = object(br#"{"query": "A", "candidate": " ", "candidate_countries": ["Iran"]}"#).unwrap();
        assert!(subject(&row, &QUERY).is_ok());
        assert_eq!(subject(&row, &CANDIDATE).unwrap_err().field, "candidate");
        let row = object(br#"{"query": "A", "candidate": "B", "candidate_countries": ["Iran"]}"#).unwrap();
        assert_eq!(subject(&row, &CANDIDATE).unwrap_err().field, "candidate_countries[0]");
    }
}
