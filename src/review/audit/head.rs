//! What of a record stays for ever.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a record is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Subjects were screened: one, or some of a run.
    Screening,
    /// A case was screened and read by a policy.
    Case,
    /// Something was decided or noted on a suspected match.
    Decision,
    /// One person's data were erased on request.
    Erasure,
    /// One person's data were handed out on request.
    Disclosure,
    /// Contents went because their time was over.
    Purge,
}

impl Kind {
    /// The word for it, as JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Screening => "screening",
            Self::Case => "case",
            Self::Decision => "decision",
            Self::Erasure => "erasure",
            Self::Disclosure => "disclosure",
            Self::Purge => "purge",
        }
    }
}

/// What of a record stays for ever: nothing of those who were screened but salted hashes. Its JSON is what the
/// chain covers, byte for byte; fields may be added, none renamed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Head {
    /// What it is of.
    pub kind: Kind,
    /// When, RFC 3339.
    pub time: String,
    /// Who asked or decided.
    pub by: String,
    /// For what purpose.
    #[serde(default)]
    pub purpose: String,
    /// The run of a bulk screening, empty if none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub run: String,
    /// Hash of the stamp that the answer carried: lists, dates, snapshot, matcher, threshold.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stamp: String,
    /// How many hits there were in all.
    #[serde(default)]
    pub hits: u64,
    /// Id, version and hash of the policy that a case was read by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy: Vec<String>,
    /// Outcome by question of the policy.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outcomes: BTreeMap<String, String>,
    /// The suspected match that was decided on.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub suspected_match: String,
    /// What was done to it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// How many parts of contents an erasure or purge removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub erased: u64,
    /// How many suspected matches it removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub erased_matches: u64,
    /// How many watches it removed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub erased_watches: u64,
    /// Salted hash of each part of the contents.
    #[serde(default)]
    pub parts: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Head {
    /// A head of which only this is known.
    pub(in crate::review) fn of(kind: Kind, time: jiff::Timestamp, by: &str, purpose: &str) -> Self {
        Self {
            kind,
            time: time.to_string(),
            by: by.to_owned(),
            purpose: purpose.to_owned(),
            run: String::new(),
            stamp: String::new(),
            hits: 0,
            policy: Vec::new(),
            outcomes: BTreeMap::new(),
            suspected_match: String::new(),
            action: String::new(),
            erased: 0,
            erased_matches: 0,
            erased_watches: 0,
            parts: Vec::new(),
        }
    }
}
