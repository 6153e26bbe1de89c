//! Requests: what a caller says, checked.

use crate::model::{Gender, PartialDate};
use crate::screening::{Options, Subject, SubjectIdentifier, SubjectKind};
use crate::service::proto;
use crate::service::status::{Failure, Violation};

/// Most hits that can be asked for.
const MAX_LIMIT: i32 = 1_000;
/// Longest request or item id, in bytes.
const MAX_ID_BYTES: usize = 128;
/// Most lists that can be named.
const MAX_LISTS: usize = 100;
/// Most identifiers of a subject.
const MAX_IDENTIFIERS: usize = 100;
/// Most countries of a subject.
const MAX_COUNTRIES: usize = 50;
/// Longest free text beside the name (place, address, identifier), in bytes.
const MAX_TEXT_BYTES: usize = 2_000;

/// Checks the caller's own id of a request or item.
pub(in crate::service) fn request_id(field: &str, id: &str, violations: &mut Vec<Violation>) {
    if id.len() > MAX_ID_BYTES {
        violations.push(Violation::new(field, format!("longer than {MAX_ID_BYTES} bytes; send a UUID")));
    }
}

/// Checks list ids. An odd one is refused without being quoted: it may be a name in the wrong field.
pub(in crate::service) fn list_ids(field: &str, lists: &[String], violations: &mut Vec<Violation>) {
    if lists.len() > MAX_LISTS {
        violations.push(Violation::new(field, format!("more than {MAX_LISTS}; send fewer")));
    }
    let plain = |id: &str| {
        (1..=64).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    for (i, id) in lists.iter().enumerate() {
        if !plain(id) {
            let what = "is not a list id; ListLists gives those that are loaded";
            violations.push(Violation::new(format!("{field}[{i}]"), what));
        }
    }
}

/// The subject of a request. `field` is its path in the request, for errors.
pub(in crate::service) fn subject(
    field: &str,
    message: Option<proto::Subject>,
    violations: &mut Vec<Violation>,
) -> Option<Subject> {
    let before = violations.len();
    let Some(message) = message else {
        violations.push(Violation::new(field, "is missing; give the person or organisation to screen"));
        return None;
    };
    let mut fault = |part: String, what: String| {
        violations.push(Violation::new(format!("{field}.{part}"), what));
    };
    let kind = match proto::SubjectKind::try_from(message.kind) {
        Ok(proto::SubjectKind::Unspecified | proto::SubjectKind::Any) => SubjectKind::Any,
        Ok(proto::SubjectKind::Person) => SubjectKind::Person,
        Ok(proto::SubjectKind::Organisation) => SubjectKind::Organisation,
        Err(_) => {
            fault("kind".into(), "is not a kind of this version".into());
            SubjectKind::Any
        }
    };
    let gender = match proto::Gender::try_from(message.gender) {
        Ok(proto::Gender::Unspecified) => None,
        Ok(proto::Gender::Female) => Some(Gender::Female),
        Ok(proto::Gender::Male) => Some(Gender::Male),
        Err(_) => {
            fault("gender".into(), "is not a gender of this version".into());
            None
        }
    };
    let birth_date = match message.birth_date.trim() {
        "" => None,
        text => match text.parse::<PartialDate>() {
            Ok(date) => Some(date),
            Err(error) => {
                fault("birth_date".into(), error.to_string());
                None
            }
        },
    };
    for (part, text) in [("birth_place", &message.birth_place), ("address", &message.address)] {
        if text.len() > MAX_TEXT_BYTES {
            fault(part.into(), format!("longer than {MAX_TEXT_BYTES} bytes; shorten it"));
        }
    }
    if message.countries.len() > MAX_COUNTRIES {
        fault("countries".into(), format!("more than {MAX_COUNTRIES}; send fewer"));
    }
    if message.identifiers.len() > MAX_IDENTIFIERS {
        fault("identifiers".into(), format!("more than {MAX_IDENTIFIERS}; send fewer"));
    }
    for (i, identifier) in message.identifiers.iter().enumerate() {
        if identifier.number.trim().is_empty() {
            fault(format!("identifiers[{i}].number"), "is empty; give the number".into());
        } else if identifier.number.len().max(identifier.kind.len()) > MAX_TEXT_BYTES {
            fault(format!("identifiers[{i}]"), format!("longer than {MAX_TEXT_BYTES} bytes; shorten it"));
        }
    }
    let subject = Subject {
        name: message.name,
        aliases: message.aliases,
        kind,
        birth_date,
        birth_place: message.birth_place,
        gender,
        countries: message.countries,
        address: message.address,
        identifiers: message
            .identifiers
            .into_iter()
            .map(|i| SubjectIdentifier { kind: i.kind, number: i.number })
            .collect(),
    };
    if let Err(error) = subject.check() {
        violations.push(Violation::within(field, error));
    }
    (violations.len() == before).then_some(subject)
}

/// The options of a request. `field` is their path in the request, for errors.
pub(in crate::service) fn options(
    field: &str,
    message: Option<proto::ScreeningOptions>,
    violations: &mut Vec<Violation>,
) -> Options {
    let Some(message) = message else { return Options::default() };
    list_ids(&format!("{field}.lists"), &message.lists, violations);
    let limit = match message.limit {
        None => None,
        Some(n) if (1..=MAX_LIMIT).contains(&n) => usize::try_from(n).ok(),
        Some(_) => {
            violations
                .push(Violation::new(format!("{field}.limit"), format!("lies outside 1 to {MAX_LIMIT}")));
            None
        }
    };
    let options = Options { lists: message.lists, threshold: message.threshold, limit };
    if let Err(error) = options.check() {
        violations.push(Violation::within(field, error));
    }
    options
}

/// Ends the checks of a request that has a subject: the subject, or all fields at fault.
pub(in crate::service) fn checked<T>(value: Option<T>, violations: Vec<Violation>) -> Result<T, Failure> {
    match value {
        Some(value) if violations.is_empty() => Ok(value),
        _ => Err(Failure::invalid(violations)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(change: impl FnOnce(&mut proto::Subject)) -> Vec<String> {
        let mut message = proto::Subject { name: "Test Name".into(), ..Default::default() };
        change(&mut message);
        let mut violations = Vec::new();
        let subject = subject("subject", Some(message), &mut violations);
        assert_eq!(subject.is_some(), violations.is_empty());
        violations.into_iter().map(|v| v.field).collect()
    }

    #[test]
    fn names_every_field_at_fault() {
        let none: [&str; 0] = [];
        assert_eq!(faults(|_| {}), none);
        assert_eq!(faults(|s| s.birth_date = " 1970-05 ".into()), none);
        assert_eq!(faults(|s| s.name = " \t".into()), ["subject.name"]);
        assert_eq!(faults(|s| s.birth_date = "02/01/1970".into()), ["subject.birth_date"]);
        assert_eq!(faults(|s| s.birth_date = "1970-02-30".into()), ["subject.birth_date"]);
        assert_eq!(faults(|s| s.kind = 77), ["subject.kind"]);
        assert_eq!(faults(|s| s.gender = -1), ["subject.gender"]);
        assert_eq!(
            faults(|s| s.countries = vec!["NL".into(), "Netherlands".into()]),
            ["subject.countries[1]"]
        );
        assert_eq!(faults(|s| s.aliases = vec!["a".repeat(2_001)]), ["subject.aliases[0]"]);
        assert_eq!(faults(|s| s.address = "a".repeat(2_001)), ["subject.address"]);
        assert_eq!(
            faults(|s| {
                s.kind = 9;
                s.birth_date = "x".into();
                s.identifiers = vec![proto::SubjectIdentifier::default()];
            }),
            ["subject.kind", "subject.birth_date", "subject.identifiers[0].number"]
        );
    }

    #[test]
    fn faults_never_quote_values() {
        let mut violations = Vec::new();
        list_ids("options.lists", &["Jane Doe".into(), "eu".into(), String::new()], &mut violations);
        let fields: Vec<&str> = violations.iter().map(|v| v.field.as_str()).collect();
        assert_eq!(fields, ["options.lists[0]", "options.lists[2]"]);
        assert!(violations.iter().all(|v| !v.what.contains("Jane")));
    }

    #[test]
    fn options_are_checked() {
        let faults = |message: proto::ScreeningOptions| {
            let mut violations = Vec::new();
            options("options", Some(message), &mut violations);
            violations.into_iter().map(|v| v.field).collect::<Vec<_>>()
        };
        let none: [&str; 0] = [];
        let of = |threshold, limit| proto::ScreeningOptions { threshold, limit, ..Default::default() };
        assert_eq!(faults(of(None, None)), none);
        assert_eq!(faults(of(Some(0.0), Some(1))), none);
        assert_eq!(faults(of(Some(1.5), None)), ["options.threshold"]);
        assert_eq!(faults(of(Some(f64::NAN), None)), ["options.threshold"]);
        assert_eq!(faults(of(None, Some(0))), ["options.limit"]);
        assert_eq!(faults(of(None, Some(1001))), ["options.limit"]);
    }
}
