//! How two editions of one entity differ, field by field, in words.
//!
//! Entities are compared by what serde writes of them, not by a list of fields kept here: a field that the
//! model gains is compared from the first day on.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::Entity;

/// A field of an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Field(String);

impl Field {
    /// Its name, as in the JSON of an entity (`names`, `births`).
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether what it says can change a score: names, and what is held beside names. A citizenship is shown
    /// only; a legal act, a remark, a category or a rating say what a listing means, not who is meant.
    pub fn is_evidence(&self) -> bool {
        matches!(self.as_str(), "kind" | "names" | "gender" | "births" | "addresses" | "identifiers")
    }
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// Values that are no more, in words, in the list's order.
    pub removed: Vec<String>,
    /// Values that are new, likewise. A value that was edited is both: lists give their values no names.
    pub added: Vec<String>,
}

/// Keys whose values speak for themselves and come first, in this order, without their names.
const SELF_SPEAKING: &[&str] = &[
    "whole",
    "number",
    "when",
    "date",
    "street",
    "city",
    "region",
    "place",
    "country_description",
    "description",
    "programme",
    "title",
    "name",
    "value",
];

/// What says nothing beyond the rest: which legal act stands behind a value changes with every amendment, and
/// `acts` is compared for itself.
const PASSED_OVER: &str = "act";

/// How two editions of an entity differ, in the order of the fields' names. A field whose values only stand in
/// another order does not count.
pub fn fields(before: &Entity, after: &Entity) -> Vec<FieldChange> {
    let (before, after) = (object(before), object(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let (old, new) = (values(before.get(name)), values(after.get(name)));
            let removed = without(&old, &new);
            let added = without(&new, &old);
            (!removed.is_empty() || !added.is_empty()).then(|| FieldChange {
                field: Field(name.clone()),
                removed: removed.into_iter().map(in_words).collect(),
                added: added.into_iter().map(in_words).collect(),
            })
        })
        .collect()
}

fn object(entity: &Entity) -> Map<String, Value> {
    match serde_json::to_value(entity) {
        Ok(Value::Object(fields)) => fields,
        // An entity came out of JSON and is written as an object.
        _ => Map::new(),
    }
}

/// The values of a field: the items of a list, or the one value, where it says anything.
fn values(field: Option<&Value>) -> Vec<Value> {
    let mut values = match field {
        Some(Value::Array(items)) => items.clone(),
        Some(value) => vec![value.clone()],
        None => Vec::new(),
    };
    for value in &mut values {
        if let Value::Object(parts) = value {
            parts.remove(PASSED_OVER);
        }
    }
    values.retain(|value| !says_nothing(value));
    values
}

/// What `these` have and `those` have not, a value as often as it is missing there.
fn without<'a>(these: &'a [Value], those: &[Value]) -> Vec<&'a Value> {
    let mut those: Vec<Option<&Value>> = those.iter().map(Some).collect();
    these
        .iter()
        .filter(|value| match those.iter_mut().find(|other| **other == Some(*value)) {
            Some(met) => {
                *met = None;
                false
            }
            None => true,
        })
        .collect()
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(says_nothing),
        Value::Object(parts) => parts.values().all(says_nothing),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

/// A value in words: what speaks for itself, then the rest with its names in parentheses.
fn in_words(value: &Value) -> String {
    let (mut plain, mut named) = (Vec::new(), Vec::new());
    gather("", value, &mut plain, &mut named);
    let plain = plain.join(", ");
    match (plain.is_empty(), named.is_empty()) {
        (_, true) => plain,
        (true, false) => named.join(", "),
        (false, false) => format!("{plain} ({})", named.join(", ")),
    }
}

fn gather(name: &str, value: &Value, plain: &mut Vec<String>, named: &mut Vec<String>) {
    let speaks = name.is_empty() || SELF_SPEAKING.contains(&name);
    let mut say = |text: String| {
        if speaks {
            plain.push(text);
        } else {
            named.push(format!("{}: {text}", name.replace('_', " ")));
        }
    };
    match value {
        // Every name is strong unless it is called something else.
        Value::String(text) if name == "quality" && text == "strong" => {}
        Value::String(text) if !text.is_empty() => say(text.clone()),
        Value::Number(number) => say(number.to_string()),
        Value::Bool(true) => named.push(name.replace('_', " ")),
        Value::Array(items) => items.iter().for_each(|item| gather(name, item, plain, named)),
        Value::Object(parts) => {
            let rank = |name: &str| SELF_SPEAKING.iter().position(|n| *n == name).unwrap_or(usize::MAX);
            let mut parts: Vec<(&String, &Value)> = parts.iter().collect();
            parts.sort_by_key(|(name, _)| (rank(name), *name));
            parts.into_iter().for_each(|(name, part)| gather(name, part, plain, named));
        }
        Value::Null | Value::Bool(false) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Birth, DateSpan, Identifier, Name, NameQuality};

    fn entity() -> Entity {
        Entity {
            list: "eu".into(),
            id: "EU.1".into(),
            names: vec![Name::of("Testname One")],
            ..Entity::default()
        }
    }

    #[track_caller]
    fn check(before: &Entity, after: &Entity, expected: &[(&str, &[&str], &[&str])]) {
        let found = fields(before, after);
        let found: Vec<(String, Vec<String>, Vec<String>)> =
            found.iter().map(|c| (c.field.as_str().to_owned(), c.removed.clone(), c.added.clone())).collect();
        let words = |values: &[&str]| values.iter().map(|v| (*v).to_owned()).collect::<Vec<String>>();
        let expected: Vec<(String, Vec<String>, Vec<String>)> =
            expected.iter().map(|(f, r, a)| ((*f).to_owned(), words(r), words(a))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn every_field_is_compared_and_told_in_words() {
        check(&entity(), &entity(), &[]);
        let mut other = entity();
        other.names.push(Name {
            quality: NameQuality::Weak,
            language: "RU".into(),
            act: Some(3),
            ..Name::of("Testname Two")
        });
        other.births.push(Birth {
            when: DateSpan { circa: true, ..DateSpan::of("1970-01-02".parse().unwrap()) },
            city: "Testville".into(),
            country: "XX".into(),
            ..Birth::default()
        });
        other.remarks.push("A remark".into());
        check(
            &entity(),
            &other,
            &[
                ("births", &[], &["1970-01-02, Testville (circa, country: XX)"]),
                ("names", &[], &["Testname Two (language: RU, quality: weak)"]),
                ("remarks", &[], &["A remark"]),
            ],
        );
        let mut edited = other.clone();
        edited.births[0].when = DateSpan::of("1971".parse().unwrap());
        edited.kind = crate::model::EntityKind::Person;
        check(
            &other,
            &edited,
            &[
                (
                    "births",
                    &["1970-01-02, Testville (circa, country: XX)"],
                    &["1971, Testville (country: XX)"],
                ),
                ("kind", &["organisation"], &["person"]),
            ],
        );
    }

    #[test]
    fn order_acts_and_empty_values_do_not_count_but_number_does() {
        let mut before = entity();
        before.remarks = vec!["a".into(), "b".into()];
        let mut after = entity();
        after.remarks = vec!["b".into(), String::new(), "a".into()];
        after.names[0].act = Some(7);
        after.identifiers.push(Identifier::default());
        check(&before, &after, &[]);
        after.remarks.push("a".into());
        check(&before, &after, &[("remarks", &[], &["a"])]);
        check(&after, &before, &[("remarks", &["a"], &[])]);
    }
}
