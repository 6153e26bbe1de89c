//! Where values come from: the file, the environment, the arguments.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;
use toml::Value;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Origin};
use super::shape::{Shape, Step, shape_of};
use crate::screening::policy::suggestion;

/// How the names of our variables begin.
const PREFIX: &str = "ZEEF_";

/// The variable that says where the file is, which is no key of it.
const FILE: &str = "ZEEF_CONFIG";

/// Variables that are called otherwise than their keys, as they were before there was a configuration.
const OTHERWISE: &[(&str, &[&str])] = &[("ZEEF_DATA", &["data", "folder"]), ("RUST_LOG", &["log", "level"])];

/// A value that was given, and where.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) value: Value,
    pub(super) origin: Origin,
}

/// Values by the path of their keys. A list is one value.
pub(super) type Values = BTreeMap<Vec<String>, Given>;

/// The steps of a path of keys.
fn steps(path: &[String]) -> Vec<Step> {
    path.iter().cloned().map(Step::Key).collect()
}

/// Reads the values of a file whose shape is `T`. Keys that do not exist and secrets are faults.
pub(super) fn from_file<T: DeserializeOwned>(
    file: &Path,
    text: &str,
    values: &mut Values,
    faults: &mut Vec<Fault>,
) {
    let place = |error: &toml::de::Error| Fault {
        origin: Some(Origin::File {
            file: file.to_owned(),
            line: error.span().map_or(1, |span| line_of(text, span.start)),
            items: Vec::new(),
        }),
        key: String::new(),
        what: format!("this is not TOML: {}", error.message().replace('\n', "; ")),
    };
    // Once for the places, once for the values.
    let (table, plain) = match (DeTable::parse(text), text.parse::<toml::Table>()) {
        (Ok(table), Ok(plain)) => (table, plain),
        (Err(error), _) | (_, Err(error)) => return faults.push(place(&error)),
    };
    let mut reading = FileReading { file, text, values, faults };
    reading.table::<T>(table.get_ref(), &plain, &mut Vec::new());
}

struct FileReading<'a> {
    file: &'a Path,
    text: &'a str,
    values: &'a mut Values,
    faults: &'a mut Vec<Fault>,
}

impl FileReading<'_> {
    fn origin(&self, at: usize) -> Origin {
        Origin::File { file: self.file.to_owned(), line: line_of(self.text, at), items: Vec::new() }
    }

    fn table<T: DeserializeOwned>(
        &mut self,
        table: &DeTable<'_>,
        plain: &toml::Table,
        path: &mut Vec<String>,
    ) {
        for (key, value) in table {
            let (at, key) = (key.span().start, key.get_ref().as_ref());
            let Some(plain) = plain.get(key) else { continue };
            if let Some(fault) = unknown::<T>(&steps(path), path, key) {
                self.faults.push(Fault { origin: Some(self.origin(at)), ..fault });
                continue;
            }
            path.push(key.to_owned());
            let shape = shape_of::<T>(&steps(path));
            match (value.get_ref(), plain, shape) {
                (DeValue::Table(inner), Value::Table(plain), Some(Shape::Table(_) | Shape::Map)) => {
                    self.table::<T>(inner, plain, path);
                }
                (_, _, Some(Shape::Secret)) => self.faults.push(Fault {
                    origin: Some(self.origin(at)),
                    key: path.join("."),
                    what: format!(
                        "is a secret and must not stand in this file; put it into a file of its own and name \
                         that by {}_file, or set {}{}",
                        path.join("."),
                        PREFIX,
                        path.join("_").to_uppercase()
                    ),
                }),
                (value, plain, shape) => self.value::<T>(at, value, plain.clone(), shape, path),
            }
            path.pop();
        }
    }

    fn value<T: DeserializeOwned>(
        &mut self,
        at: usize,
        found: &DeValue<'_>,
        mut value: Value,
        shape: Option<Shape>,
        path: &[String],
    ) {
        let mut origin = self.origin(at);
        if shape == Some(Shape::Path) {
            self.beside(&mut value);
        }
        if let (DeValue::Array(list), Origin::File { items, .. }) = (found, &mut origin) {
            *items = list.iter().map(|item| line_of(self.text, item.span().start)).collect();
            let mut inside = steps(path);
            inside.push(Step::Item);
            if shape_of::<T>(&inside) == Some(Shape::Path)
                && let Value::Array(list) = &mut value
            {
                list.iter_mut().for_each(|item| self.beside(item));
            }
            for item in list.iter() {
                let DeValue::Table(table) = item.get_ref() else { continue };
                for key in table.keys() {
                    if let Some(fault) = unknown::<T>(&inside, path, key.get_ref()) {
                        self.faults.push(Fault { origin: Some(self.origin(key.span().start)), ..fault });
                    }
                }
            }
        }
        self.values.insert(path.to_vec(), Given { value, origin });
    }

    /// Makes a relative path count from the file's folder.
    fn beside(&self, value: &mut Value) {
        if let (Value::String(path), Some(folder)) = (value, self.file.parent())
            && !path.is_empty()
            && Path::new(path.as_str()).is_relative()
        {
            *path = folder.join(path.as_str()).display().to_string();
        }
    }
}

/// The fault of a key that a table does not have; none where it has it. `path` names the table.
fn unknown<T: DeserializeOwned>(at: &[Step], path: &[String], key: &str) -> Option<Fault> {
    let Some(Shape::Table(known)) = shape_of::<T>(at) else { return None };
    if known.contains(&key) {
        return None;
    }
    let hint = suggestion(key, known.iter().copied());
    let hint = if hint.is_empty() { format!("; there are: {}", known.join(", ")) } else { hint };
    let key = path.iter().map(String::as_str).chain([key]).collect::<Vec<_>>().join(".");
    Some(Fault::of_key(&key, format!("there is no such key{hint}")))
}

/// The line of a byte of `text`, counted from 1.
fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes().iter().take(at).filter(|b| **b == b'\n').count() + 1
}

/// Reads the values that variables of the environment give: `ZEEF_LIMITS_MAX_STREAMS` is the key
/// `max_streams` of the section `limits`. What begins with the name of a section and leads nowhere is a
/// fault; other names that nearly lead somewhere are told as remarks.
pub(super) fn from_environment<T: DeserializeOwned>(
    variables: &[(String, String)],
    values: &mut Values,
    faults: &mut Vec<Fault>,
    remarks: &mut Vec<String>,
) {
    let all = names::<T>();
    for (name, text) in variables {
        if text.is_empty() || name == FILE {
            continue;
        }
        if let Some((_, path)) = OTHERWISE.iter().find(|(n, _)| n == name) {
            let path = path.iter().map(|key| (*key).to_owned()).collect();
            let given =
                Given { value: Value::String(text.clone()), origin: Origin::Environment(name.clone()) };
            // The key's own variable goes before.
            values
                .entry(path)
                .and_modify(|v| {
                    if matches!(v.origin, Origin::File { .. }) {
                        *v = given.clone();
                    }
                })
                .or_insert(given);
            continue;
        }
        let Some(rest) = name.strip_prefix(PREFIX) else { continue };
        let rest = rest.to_ascii_lowercase();
        let origin = Origin::Environment(name.clone());
        let mut path = Vec::new();
        match find::<T>(&rest, &mut path) {
            Some(shape) => match value_of::<T>(text, shape, &path) {
                Ok(value) => {
                    values.insert(path, Given { value, origin });
                }
                Err(what) => faults.push(Fault { origin: Some(origin), key: String::new(), what }),
            },
            None => {
                // Compared without what all names share, and shown with it.
                let hint = suggestion(&rest, all.iter().map(String::as_str));
                let hint =
                    hint.to_uppercase().replace(" (DID YOU MEAN \"", &format!(" (did you mean \"{PREFIX}"));
                let section = rest.split('_').next().unwrap_or("");
                let sections = shape_of::<T>(&[]);
                if matches!(sections, Some(Shape::Table(known)) if known.contains(&section)) {
                    let what = format!("there is no such variable{hint}");
                    faults.push(Fault { origin: Some(origin), key: String::new(), what });
                } else if !hint.is_empty() {
                    remarks.push(format!("{name} is set and means nothing here{hint}"));
                }
            }
        }
    }
}

/// Follows the name of a variable to a key: of several that fit the longest, since keys hold underscores
/// as well.
fn find<T: DeserializeOwned>(rest: &str, path: &mut Vec<String>) -> Option<Shape> {
    match shape_of::<T>(&steps(path))? {
        Shape::Table(keys) => {
            let mut fitting: Vec<&str> = keys
                .iter()
                .copied()
                .filter(|k| rest.strip_prefix(k).is_some_and(|r| r.is_empty() || r.starts_with('_')))
                .collect();
            fitting.sort_unstable_by_key(|k| std::cmp::Reverse(k.len()));
            for key in fitting {
                path.push(key.to_owned());
                if let Some(shape) = find::<T>(rest[key.len()..].trim_start_matches('_'), path) {
                    return Some(shape);
                }
                path.pop();
            }
            None
        }
        Shape::Map if rest.is_empty() => None,
        Shape::Map => {
            path.push(rest.to_owned());
            shape_of::<T>(&steps(path)).filter(|s| !matches!(s, Shape::Table(_) | Shape::Map))
        }
        shape => rest.is_empty().then_some(shape),
    }
}

/// The value that a variable's text means.
fn value_of<T: DeserializeOwned>(text: &str, shape: Shape, path: &[String]) -> Result<Value, String> {
    Ok(match shape {
        Shape::Integer => {
            Value::Integer(text.trim().parse().map_err(|_| "must be a whole number".to_owned())?)
        }
        Shape::Number => Value::Float(text.trim().parse().map_err(|_| "must be a number".to_owned())?),
        Shape::Truth => match text.trim() {
            "true" => Value::Boolean(true),
            "false" => Value::Boolean(false),
            _ => return Err("must be true or false".to_owned()),
        },
        Shape::List => {
            let mut inside = steps(path);
            inside.push(Step::Item);
            if !matches!(shape_of::<T>(&inside), Some(Shape::Text | Shape::Path)) {
                return Err("cannot be given in the environment; write it into the file".to_owned());
            }
            Value::Array(
                text.split(',')
                    .map(str::trim)
                    .filter(|t| !t.is_empty())
                    .map(|t| Value::String(t.into()))
                    .collect(),
            )
        }
        Shape::Text | Shape::Path | Shape::Secret => Value::String(text.to_owned()),
        Shape::Table(_) | Shape::Map => return Err("names a whole section; name a key of it".to_owned()),
    })
}

/// What the names of all variables end in, but for those of maps.
fn names<T: DeserializeOwned>() -> Vec<String> {
    let mut all = Vec::new();
    let mut open = vec![Vec::new()];
    while let Some(path) = open.pop() {
        match shape_of::<T>(&steps(&path)) {
            Some(Shape::Table(keys)) => {
                open.extend(keys.iter().map(|key| [path.as_slice(), &[(*key).to_owned()]].concat()));
            }
            Some(_) => all.push(path.join("_")),
            None => {}
        }
    }
    all
}
