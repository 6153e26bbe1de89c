//! What is wrong with a configuration, where, and how to mend it.

use std::fmt;
use std::path::PathBuf;

/// Where a value was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Origin {
    /// In the configuration file.
    File {
        /// The file, as it was named.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// For a list, the line of each of its values.
        items: Vec<usize>,
    },
    /// By a variable of the environment.
    Environment(String),
    /// By an argument.
    Flag(&'static str),
}

impl Origin {
    /// The origin of the value at `index` of a list that came from here.
    pub(super) fn item(&self, index: usize) -> Self {
        match self {
            Self::File { file, line, items } => Self::File {
                file: file.clone(),
                line: items.get(index).copied().unwrap_or(*line),
                items: Vec::new(),
            },
            other => other.clone(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { file, line, .. } => write!(f, "{}:{line}", file.display()),
            Self::Environment(name) => f.write_str(name),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// One fault of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Fault {
    /// Where it was given; none where something is absent.
    pub origin: Option<Origin>,
    /// The key, by its path (`tls.certificate`); empty for the file as a whole.
    pub key: String,
    /// What is wrong and how to mend it. Quotes no secret.
    pub what: String,
}

impl Fault {
    /// A fault of a key, of which the place is not known.
    pub(in crate::cli) fn of_key(key: &str, what: impl Into<String>) -> Self {
        Self { origin: None, key: key.to_owned(), what: what.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(origin) = &self.origin {
            write!(f, "{origin}: ")?;
        }
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.what)
    }
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(in crate::cli) enum ConfigError {
    /// The file cannot be read.
    #[error("configuration file {}: {source}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It has faults; all that could be found at once.
    #[error("the configuration has {} fault{}:\n{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, lines(.0))]
    Faulty(Vec<Fault>),
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n")
}
