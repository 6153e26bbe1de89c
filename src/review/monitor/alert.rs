//! What a watch gives: alerts, in one order for all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::screening::Hit;

/// What became of a hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AlertKind {
    /// It was not there before.
    New,
    /// It is there no more.
    Vanished,
    /// It rests on other evidence: another name, score, date.
    Changed,
}

impl AlertKind {
    /// The word for it, as JSON and the store write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Vanished => "vanished",
            Self::Changed => "changed",
        }
    }

    /// The kind of this word.
    pub fn of(word: &str) -> Option<Self> {
        [Self::New, Self::Vanished, Self::Changed].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// A change of the hits on a subject under watch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alert {
    /// Its place among all alerts: a later one has a higher number. Numbers can be left out.
    pub number: i64,
    /// Names it, whoever delivers it and however often.
    pub id: String,
    /// What became of the hit.
    pub kind: AlertKind,
    /// The watch.
    pub watch_id: String,
    /// The caller's own reference of the watch.
    pub reference: String,
    /// The list.
    pub list: String,
    /// The list's own reference of the entity.
    pub entity_id: String,
    /// Whether it comes from the first screening of the watch: the hit may have stood long before.
    pub first: bool,
    /// Of a hit that vanished: whether the entity is on the list no more. Else the evidence is gone.
    pub delisted: bool,
    /// The hit as it stood.
    pub before: Option<Hit>,
    /// The hit as it stands.
    pub after: Option<Hit>,
    /// Id of the snapshot before; empty for the first screening.
    pub snapshot_before: String,
    /// Id of the snapshot that brought it.
    pub snapshot: String,
    /// The matcher's version.
    pub matcher: String,
    /// When it was found.
    pub time: Timestamp,
}
