//! The one configuration: a TOML file, the environment, the arguments.
//!
//! Flags go before variables of the environment, those before the file, the file before what zeef takes by
//! itself. Every fault is found before anything is done, and told with its line or variable and how to mend
//! it; a key that does not exist is a fault, for a misspelt limit protects nobody.
//!
//! # Layout
//!
//! * `sections`: the keys, as types. `shape` asks the types for their keys, so that there is no second list.
//! * `source`: the file, the environment and the flags as values with their origins; `values`, `fault`.
//! * `check`: what must fit together. `serve`: sections into what the service takes.
//! * `reload`: what a running server takes up, and what only a new one does.

mod check;
mod fault;
mod reload;
mod sections;
mod serve;
mod shape;
mod source;
mod update;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Value;

pub(super) use fault::{ConfigError, Fault, Origin};
pub(super) use reload::Changes;
pub(super) use sections::{Log, LogFormat, Sections, Traces};
pub(super) use values::Instant;

use super::exit::CliError;
use source::{Given, Values};

/// Largest configuration file read, in bytes.
const MAX_BYTES: u64 = 1 << 20;

/// Where the configuration comes from: read again when it is reloaded.
#[derive(Clone, Debug, Default)]
pub(super) struct Sources {
    /// The file, if there is one.
    pub file: Option<PathBuf>,
    /// Variables of the environment.
    pub variables: Vec<(String, String)>,
    /// What arguments say.
    pub flags: Vec<Flag>,
}

/// A value that an argument gives.
#[derive(Clone, Debug)]
pub(super) struct Flag {
    /// The argument (`--listen`).
    pub name: &'static str,
    /// The keys that lead to it.
    pub path: Vec<String>,
    /// The value.
    pub value: Value,
}

impl Flag {
    /// The flag `name`, which gives the value at `path` (`server.listen`).
    pub(super) fn new(name: &'static str, path: &str, value: impl Into<Value>) -> Self {
        Self { name, path: path.split('.').map(str::to_owned).collect(), value: value.into() }
    }
}

/// A configuration without a fault.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    /// The sections.
    pub sections: Sections,
    /// What is worth saying though it is no fault.
    pub remarks: Vec<String>,
    values: Values,
}

impl Settings {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// All faults at once; see [`ConfigError`].
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let mut values = Values::new();
        let mut faults = Vec::new();
        let mut remarks = Vec::new();
        if let Some(file) = &sources.file {
            let unreadable = |source| ConfigError::Read { file: file.clone(), source };
            if std::fs::metadata(file).map_err(unreadable)?.len() > MAX_BYTES {
                return Err(unreadable(std::io::Error::other("it is far too large for a configuration")));
            }
            let text = std::fs::read_to_string(file).map_err(unreadable)?;
            source::from_file::<Sections>(file, &text, &mut values, &mut faults);
        }
        source::from_environment::<Sections>(&sources.variables, &mut values, &mut faults, &mut remarks);
        for flag in &sources.flags {
            let given = Given { value: flag.value.clone(), origin: Origin::Flag(flag.name) };
            values.insert(flag.path.clone(), given);
        }
        one_place_for_lists(&mut values);
        for (path, given) in &values {
            faults.extend(faults_of_value(path, given));
        }
        if !faults.is_empty() {
            return Err(ConfigError::Faulty(faults));
        }
        let mut all = toml::Table::new();
        for (path, given) in &values {
            insert(&mut all, path, given.value.clone());
        }
        let sections = Sections::deserialize(all)
            .map_err(|e| ConfigError::Faulty(vec![Fault::of_key("", e.message().to_owned())]))?;
        let settings = Self { sections, remarks, values };
        let mut faults = check::faults(&settings.sections);
        faults.iter_mut().for_each(|fault| settings.place(fault));
        if faults.is_empty() { Ok(settings) } else { Err(ConfigError::Faulty(faults)) }
    }

    /// Says where the key of a fault was given, if it was.
    fn place(&self, fault: &mut Fault) {
        let path: Vec<String> = fault.key.split('.').map(str::to_owned).collect();
        fault.origin = fault.origin.take().or_else(|| self.values.get(&path).map(|g| g.origin.clone()));
    }

    /// The same result, an error with the places of the keys at fault.
    pub(super) fn placed_in<T>(&self, result: Result<T, CliError>) -> Result<T, CliError> {
        result.map_err(|error| match error {
            CliError::Config(ConfigError::Faulty(mut faults)) => {
                faults.iter_mut().for_each(|fault| self.place(fault));
                ConfigError::Faulty(faults).into()
            }
            other => other,
        })
    }

    /// What a running server goes on with after a reload: the new settings, but for what only a restart takes
    /// up, so that this is told again at the next reload.
    pub(super) fn take_up(&mut self, new: Self) {
        let Changes { taken_up, .. } = Changes::between(self, &new);
        for key in taken_up {
            let path: Vec<String> = key.split('.').map(str::to_owned).collect();
            match new.values.get(&path) {
                Some(given) => self.values.insert(path, given.clone()),
                None => self.values.remove(&path),
            };
        }
    }

    /// How many values were given, by where: in the file, in the environment, by arguments.
    pub(super) fn counts(&self) -> (usize, usize, usize) {
        let mut counts = (0, 0, 0);
        for given in self.values.values() {
            match given.origin {
                Origin::File { .. } => counts.0 += 1,
                Origin::Environment(_) => counts.1 += 1,
                Origin::Flag(_) => counts.2 += 1,
            }
        }
        counts
    }

    /// The values, by their keys.
    fn by_key(&self) -> BTreeMap<String, &Value> {
        self.values.iter().map(|(path, given)| (path.join("."), &given.value)).collect()
    }
}

/// A folder and the demonstration lists exclude each other: where both are given, the stronger word counts.
fn one_place_for_lists(values: &mut Values) {
    let key = |key: &str| vec!["data".to_owned(), key.to_owned()];
    let strength = |values: &Values, path: &[String]| {
        values.get(path).filter(|g| g.value != Value::Boolean(false)).map(|given| match given.origin {
            Origin::File { .. } => 0,
            Origin::Environment(_) => 1,
            Origin::Flag(_) => 2,
        })
    };
    let (folder, demo) = (key("folder"), key("demo"));
    match (strength(values, &folder), strength(values, &demo)) {
        (Some(f), Some(d)) if f > d => values.remove(&demo),
        (Some(f), Some(d)) if f < d => values.remove(&folder),
        _ => None,
    };
}

/// The faults of one value: read alone, whatever is wrong is wrong with it. Every key of the sections has a
/// value of its own when it is not given, so that one can be.
fn faults_of_value(path: &[String], given: &Given) -> Vec<Fault> {
    let fault = |value: Value, origin: Origin| {
        let mut alone = toml::Table::new();
        insert(&mut alone, path, value);
        let error = Sections::deserialize(alone).err()?;
        if error.message().contains("unknown field") {
            // Told already, with its own line.
            return None;
        }
        Some(Fault { origin: Some(origin), key: path.join("."), what: plainly(error.message()) })
    };
    match &given.value {
        // A table in a list is read alone as well.
        Value::Array(items) if items.iter().any(Value::is_table) => items
            .iter()
            .enumerate()
            .filter_map(|(i, item)| fault(Value::Array(vec![item.clone()]), given.origin.item(i)))
            .collect(),
        value => fault(value.clone(), given.origin.clone()).into_iter().collect(),
    }
}

/// A fault of the deserialiser in words that are not Rust's.
fn plainly(message: &str) -> String {
    let mut text = message.trim().replace('\n', "; ");
    for whole in ["a nonzero u32", "usize", "u64", "u32", "u16", "i64"] {
        text = text.replace(&format!("expected {whole}"), "expected a whole number");
    }
    text
}

/// Puts a value where its keys lead.
fn insert(table: &mut toml::Table, path: &[String], value: Value) {
    match path {
        [] => {}
        [key] => {
            table.insert(key.clone(), value);
        }
        [key, rest @ ..] => {
            let inner = table.entry(key.clone()).or_insert_with(|| Value::Table(toml::Table::new()));
            if let Value::Table(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
