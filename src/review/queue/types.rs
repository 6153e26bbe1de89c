//! Suspected matches as people see them.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::review::store::StoreError;
use crate::screening::{Hit, Subject};

use super::form::{FieldChange, Form};

/// How far a suspected match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MatchState {
    /// Nobody has taken it.
    Open,
    /// Somebody has taken it, or it waits for a second person.
    InReview,
    /// The subject is the listed entity.
    Confirmed,
    /// The subject is not: a false positive.
    Cleared,
}

impl MatchState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::InReview, Self::Confirmed, Self::Cleared];

    /// The word for it, as the store and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InReview => "in_review",
            Self::Confirmed => "confirmed",
            Self::Cleared => "cleared",
        }
    }

    /// Whether a decision stands.
    pub fn is_decided(self) -> bool {
        matches!(self, Self::Confirmed | Self::Cleared)
    }
}

impl FromStr for MatchState {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|s| s.as_str() == text)
            .ok_or_else(|| StoreError::Damaged("a suspected match is in no known state".into()))
    }
}

/// What a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They are the same.
    Confirmed,
    /// They are not.
    Cleared,
}

impl Verdict {
    /// The state it leads to.
    pub fn state(self) -> MatchState {
        match self {
            Self::Confirmed => MatchState::Confirmed,
            Self::Cleared => MatchState::Cleared,
        }
    }
}

/// A decision with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What is decided.
    pub verdict: Verdict,
    /// Why; required.
    pub reason: String,
    /// Anything else worth keeping.
    pub note: String,
}

/// Which version of a suspected match somebody has seen: a change is refused when it is another by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Etag(pub i64);

impl fmt::Display for Etag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v{}", self.0)
    }
}

impl FromStr for Etag {
    type Err = QueueError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.strip_prefix('v').and_then(|n| n.parse().ok()).map(Self).ok_or_else(|| QueueError::Request {
            field: "etag",
            what: "is no etag; send the one that came with the suspected match".into(),
        })
    }
}

/// What happened to a suspected match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// A screening found it.
    Raised,
    /// A screening found it with other data; it is not decided.
    Changed,
    /// It had been cleared, and what that rested on changed.
    Returned,
    /// Somebody took it, gave it to somebody else, or let it go.
    Assigned,
    /// One person decided; a second must agree.
    Proposed,
    /// It was decided.
    Decided,
    /// Its decision was taken back.
    Reopened,
    /// Somebody noted something.
    Noted,
}

impl Action {
    const ALL: [Self; 8] = [
        Self::Raised,
        Self::Changed,
        Self::Returned,
        Self::Assigned,
        Self::Proposed,
        Self::Decided,
        Self::Reopened,
        Self::Noted,
    ];

    /// The word for it, as the store and JSON write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Changed => "changed",
            Self::Returned => "returned",
            Self::Assigned => "assigned",
            Self::Proposed => "proposed",
            Self::Decided => "decided",
            Self::Reopened => "reopened",
            Self::Noted => "noted",
        }
    }
}

impl FromStr for Action {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|a| a.as_str() == text)
            .ok_or_else(|| StoreError::Damaged("an event is of no known kind".into()))
    }
}

/// One step in the history of a suspected match.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// When.
    pub time: Timestamp,
    /// Who; empty where it was a screening.
    pub author: String,
    /// What.
    pub action: Action,
    /// The state it led to, or that was proposed.
    pub state: MatchState,
    /// To whom it was given, for [`Action::Assigned`].
    pub assignee: String,
    /// Why.
    pub reason: String,
    /// Anything else.
    pub note: String,
    /// What had changed, for [`Action::Changed`] and [`Action::Returned`].
    pub difference: Vec<FieldChange>,
}

/// The decision that stands, or that waits for a second person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outcome {
    /// What was decided.
    pub verdict: Verdict,
    /// When.
    pub time: Timestamp,
    /// By whom; with four eyes the second person.
    pub author: String,
    /// With four eyes the first person; else empty.
    pub proposed_by: String,
    /// Why.
    pub reason: String,
    /// Anything else.
    pub note: String,
}

/// A pair of a subject and a listed entity that may be the same, with everything known of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SuspectedMatch {
    /// Its id.
    pub id: String,
    /// The version; send it back with a change.
    pub etag: Etag,
    /// How far it is.
    pub state: MatchState,
    /// Who was screened, as last seen.
    pub subject: Subject,
    /// The hit, as last seen: list, entity, score, evidence.
    pub hit: Hit,
    /// For what purpose it was screened first.
    pub purpose: String,
    /// The case it belongs to; empty if none.
    pub case_reference: String,
    /// The asker's reference of the subject; empty if none.
    pub subject_reference: String,
    /// Number of the record in the audit trail that showed it last with other data than before.
    pub record: i64,
    /// Snapshot of the lists then.
    pub snapshot: String,
    /// Who has taken it; empty if nobody.
    pub assignee: String,
    /// Whether a second person must agree.
    pub four_eyes: bool,
    /// What one person decided and a second must agree with.
    pub proposal: Option<Outcome>,
    /// The decision that stands.
    pub decision: Option<Outcome>,
    /// What of the subject the pair rests on.
    pub subject_form: Form,
    /// What of the listed entity it rests on.
    pub entity_form: Form,
    /// Why it came back after it had been cleared; empty if it did not.
    pub difference: Vec<FieldChange>,
    /// When it was raised.
    pub raised: Timestamp,
    /// When it was last changed.
    pub changed: Timestamp,
    /// Its history, oldest first; empty in lists.
    pub history: Vec<Event>,
}

/// How a hit stands in the queue: shown beside it in the answer.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standing {
    /// The suspected match.
    pub match_id: String,
    /// How far it is.
    pub state: MatchState,
    /// When it was decided, if it was.
    pub decided: Option<Timestamp>,
    /// By whom.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// Why it came back after it had been cleared; empty if it did not.
    pub difference: Vec<FieldChange>,
}

/// Why the queue did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueueError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is none of that id.
    #[error("there is no suspected match of this id")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("it was changed by somebody else meanwhile; look at it again, then decide")]
    Conflict,
    /// The request itself is at fault.
    #[error("{field}: {what}")]
    Request {
        /// The field.
        field: &'static str,
        /// What is wrong and how to mend it.
        what: String,
    },
    /// It is not in a state in which that can be done.
    #[error("{0}")]
    State(&'static str),
}
