//! What comes back: hits with their reasons, and the stamp that lets the answer be derived again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::index::SnapshotError;
use crate::matching::Explanation;
use crate::model::EntityKind;

/// How strong a hit is, in words for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strength {
    /// A weak alias or bare acronym equals the whole query.
    Weak,
    /// Enough agrees to look at it.
    Possible,
    /// Much agrees and nothing speaks against it.
    Strong,
    /// The whole name is the same after folding.
    Exact,
}

impl Strength {
    /// The word for it, as JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Possible => "possible",
            Self::Strong => "strong",
            Self::Exact => "exact",
        }
    }
}

/// A listed entity that the subject may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// The list.
    pub list: String,
    /// The list's own reference.
    pub entity_id: String,
    /// Person or organisation.
    pub kind: EntityKind,
    /// The entity's display name.
    pub name: String,
    /// The listed name that matched best.
    pub matched_name: String,
    /// The subject's name that matched it.
    pub query_name: String,
    /// 0 to 1.
    pub score: f64,
    /// In words.
    pub strength: Strength,
    /// Why.
    pub explanation: Explanation,
}

/// One list as it stood when an answer was given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListStamp {
    /// The list.
    pub list: String,
    /// As of when it stands, from the file itself; empty when the file does not say.
    pub as_of: String,
    /// When it was imported, RFC 3339.
    pub imported: String,
    /// Whole days since `as_of` (or the import, where the file does not say), at the time of answering.
    pub age_days: i64,
    /// Whether that is more than the operator allows.
    pub stale: bool,
}

/// What an answer was derived from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// The snapshot's id.
    pub snapshot: String,
    /// Whether the lists are the bundled demonstration lists, which protect nobody.
    pub demo: bool,
    /// Lists screened against.
    pub lists: Vec<ListStamp>,
    /// The matcher's version.
    pub matcher: String,
    /// Threshold used.
    pub threshold: f64,
}

/// The answer to one screening.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Hits at or above the threshold, best first.
    pub hits: Vec<Hit>,
    /// Entities whose whole name is the same, but which other evidence (a birth date) puts below the
    /// threshold: shown, so that nothing vanishes silently.
    pub set_aside: Vec<Hit>,
    /// How many hits there were before the limit.
    pub total_hits: usize,
    /// How many people of a million may carry the subject's name, roughly; none for organisations.
    pub namesakes_per_million: Option<f64>,
    /// How many listed names were candidates and scored, for whoever watches the service. No part of what is
    /// answered.
    #[serde(skip)]
    pub candidates: usize,
    /// What the answer was derived from.
    pub stamp: Arc<Stamp>,
}

/// The comparison of two names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// 0 to 1.
    pub score: f64,
    /// Whether the score reaches the threshold.
    pub is_match: bool,
    /// In words; none below the threshold.
    pub strength: Option<Strength>,
    /// Why.
    pub explanation: Explanation,
}

/// A question that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The subject or options are at fault.
    #[error(transparent)]
    Subject(#[from] super::SubjectError),
    /// A list was asked for that is not loaded.
    #[error("list {list:?} is not loaded; loaded are: {loaded}")]
    ListNotLoaded {
        /// The list asked for.
        list: String,
        /// The lists there are, separated by commas.
        loaded: String,
    },
    /// No list is loaded at all.
    #[error("no list is loaded; import one with `zeef import`")]
    NoLists,
    /// The snapshot's store could not be read.
    #[error("the snapshot cannot be read: {0}")]
    Snapshot(String),
    /// The deadline passed before the answer was ready.
    #[error("deadline exceeded while screening")]
    DeadlineExceeded,
}

impl From<SnapshotError> for AnswerError {
    fn from(error: SnapshotError) -> Self {
        Self::Snapshot(error.to_string())
    }
}
