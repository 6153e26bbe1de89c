//! What is wrong with a profile, where, and how to mend it.

use std::fmt;

/// One fault in a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as it was named.
    pub file: String,
    /// The line, counted from 1; 0 where it has none (something is absent).
    pub line: usize,
    /// The key at fault (`rule "seven-sons": when.finding.list`).
    pub key: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.key.is_empty() {
            write!(f, ": {}", self.key)?;
        }
        write!(f, ": {}", self.what)
    }
}

/// A profile that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// Neither a profile that comes with zeef nor a TOML file.
    #[error(
        "policy {name:?}: no such profile; name one of {embedded}, or a TOML file (its name ends in .toml)"
    )]
    Unknown {
        /// What was asked for.
        name: String,
        /// The profiles there are.
        embedded: String,
    },
    /// A file could not be read.
    #[error("policy file {path}: {source}")]
    Read {
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// The profile has faults; all that could be found at once.
    #[error("the policy has {} fault(s):\n{}", .0.len(), lines(.0))]
    Faulty(Vec<Fault>),
}

fn lines(faults: &[Fault]) -> String {
    faults.iter().map(|f| format!("  {f}")).collect::<Vec<_>>().join("\n")
}

/// The nearest of `known` to a misspelt word, as a hint to append; empty where none is near.
pub fn suggestion<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = |candidate: &str| strsim::jaro_winkler(&word.to_lowercase(), &candidate.to_lowercase());
    known
        .into_iter()
        .map(|k| (near(k), k))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or_else(String::new, |(_, k)| format!(" (did you mean {k:?}?)"))
}
