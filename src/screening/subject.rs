//! Who is screened, and how.

use serde::{Deserialize, Serialize};

use crate::model::{Gender, PartialDate};

/// What sort of thing a subject is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectKind {
    /// A natural person: matched with listed people.
    Person,
    /// An institution, company or affiliation string: matched with listed organisations.
    Organisation,
    /// Not known: matched with both.
    #[default]
    Any,
}

/// A number by which the subject can be known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SubjectIdentifier {
    /// Kind (`passport`), empty if not known.
    pub kind: String,
    /// The number, as written.
    pub number: String,
}

/// A person or organisation to be screened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Subject {
    /// The name as given, in any script. Required.
    pub name: String,
    /// Other names or spellings of the same subject; the best-matching one counts.
    pub aliases: Vec<String>,
    /// Person, organisation or any.
    pub kind: SubjectKind,
    /// Birth date, as much as is known.
    pub birth_date: Option<PartialDate>,
    /// Birth place, free text.
    pub birth_place: String,
    /// Gender.
    pub gender: Option<Gender>,
    /// Countries tied to the subject, ISO 3166-1 alpha-2. For a person shown only; for an
    /// organisation part of the evidence.
    pub countries: Vec<String>,
    /// Address or city of an organisation, free text.
    pub address: String,
    /// Documents and registration numbers.
    pub identifiers: Vec<SubjectIdentifier>,
}

/// How to screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Lists to screen against; empty for all that are loaded.
    pub lists: Vec<String>,
    /// Lowest score shown, 0 to 1; [`super::DEFAULT_THRESHOLD`] when absent.
    pub threshold: Option<f64>,
    /// Most hits returned; 20 when absent.
    pub limit: Option<usize>,
}

/// A subject that cannot be screened as given. Never quotes the subject's data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct SubjectError {
    /// The field at fault (`name`, `aliases[2]`, `threshold`).
    pub field: String,
    /// What is wrong and how to mend it.
    pub what: String,
}

/// Longest name accepted, in characters. The longest name on the EU list has 245.
pub const MAX_NAME_CHARS: usize = 2_000;
/// Most aliases accepted. The largest EU entity has 145 names.
pub const MAX_ALIASES: usize = 200;

impl Subject {
    /// A subject of which only a name and kind are known.
    pub fn named(name: impl Into<String>, kind: SubjectKind) -> Self {
        Self { name: name.into(), kind, ..Self::default() }
    }

    /// Checks that the subject can be screened.
    ///
    /// # Errors
    /// Names the field and says how to mend it.
    pub fn check(&self) -> Result<(), SubjectError> {
        let fault = |field: String, what: String| Err(SubjectError { field, what });
        if self.name.trim().is_empty() {
            return fault("name".into(), "is empty; give the name to screen".into());
        }
        if self.aliases.len() > MAX_ALIASES {
            return fault("aliases".into(), format!("more than {MAX_ALIASES}; send fewer"));
        }
        let all = std::iter::once(&self.name).chain(&self.aliases);
        for (i, name) in all.enumerate() {
            if name.chars().count() > MAX_NAME_CHARS {
                let field = if i == 0 { "name".into() } else { format!("aliases[{}]", i - 1) };
                return fault(field, format!("longer than {MAX_NAME_CHARS} characters; shorten it"));
            }
        }
        for (i, c) in self.countries.iter().enumerate() {
            if c.len() != 2 || !c.bytes().all(|b| b.is_ascii_alphabetic()) {
                return fault(
                    format!("countries[{i}]"),
                    "is not an ISO 3166-1 alpha-2 code; write two letters, such as IR".into(),
                );
            }
        }
        Ok(())
    }
}

impl Options {
    /// Checks the options' ranges.
    ///
    /// # Errors
    /// Names the option and says how to mend it.
    pub fn check(&self) -> Result<(), SubjectError> {
        match self.threshold {
            Some(t) if !(0.0..=1.0).contains(&t) => {
                Err(SubjectError { field: "threshold".into(), what: "lies outside 0 to 1".into() })
            }
            _ => Ok(()),
        }
    }
}
