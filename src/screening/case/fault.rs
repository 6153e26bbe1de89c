//! What is wrong with a case as it is given.

use std::fmt;

/// Where something stands in a file. Both count from 1; columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line.
    pub line: usize,
    /// Column.
    pub column: usize,
}

/// One thing that is wrong with a case. Never quotes what the case says: it may be anybody's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFault {
    /// Path of the field (`hire.affiliations[2].start`); empty when it is the case as a whole.
    pub path: String,
    /// Where in the file, if it came from one that tells.
    pub place: Option<Place>,
    /// What is wrong and how to mend it, reading on after the path.
    pub what: String,
}

impl CaseFault {
    pub(super) fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self { path: path.into(), place: None, what: what.into() }
    }
}

impl fmt::Display for CaseFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.path.is_empty() { "the case" } else { &self.path })?;
        if let Some(Place { line, column }) = self.place {
            write!(f, " (line {line}, column {column})")?;
        }
        write!(f, ": {}", self.what)
    }
}

/// Everything that is wrong with a case, in the order of its fields; never empty.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct CaseFaults(pub Vec<CaseFault>);

impl fmt::Display for CaseFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_slice() {
            [one] => write!(f, "the case cannot be screened as it is: {one}"),
            all => {
                write!(f, "the case cannot be screened as it is; {} things are wrong:", all.len())?;
                all.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
            }
        }
    }
}
