//! What the lists say about a case, before any policy.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{PartialDate, RiskRating};
use crate::screening::{Hit, Stamp, Subject};

/// Which part somebody or something plays in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The candidate.
    Candidate,
    /// A relevant contact or referee of the candidate, or a contact person of the partner.
    Contact,
    /// A supervisor.
    Supervisor,
    /// An institution on the CV, or for which a contact speaks.
    Affiliation,
    /// The home university.
    HomeUniversity,
    /// Who pays.
    Funder,
    /// The scholarship programme.
    Scholarship,
    /// The partner organisation.
    Partner,
    /// A company of its group.
    GroupCompany,
    /// An owner.
    Owner,
    /// A person on a governing board.
    BoardMember,
}

/// When a tie held, seen from the day of the screening.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// It holds now. Weighs more than the past.
    Current,
    /// It is over.
    Past,
    /// The case does not say. Never read as past.
    #[default]
    Unknown,
}

/// One subject of a case, ready to be screened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseSubject {
    /// Where it stands in the case (`hire.affiliations[2]`), for people and programs to find it again.
    pub path: String,
    /// Which part it plays.
    pub role: Role,
    /// Its role in the case's own words (`rector`, `PhD student`), may be empty.
    pub role_text: String,
    /// Whether it came from the register of governing boards instead of the case, and as of when that
    /// knowledge stands.
    pub on_file_since: Option<String>,
    /// When the tie held.
    pub period: Period,
    /// From when, as the case says.
    pub start: Option<PartialDate>,
    /// Until when.
    pub end: Option<PartialDate>,
    /// Share of the partner it owns, in per cent.
    pub share: Option<f64>,
    /// The subject to which it belongs, as a place in [`Screened::subjects`]: of a board member, a
    /// company or an owner the organisation, of a contact's institution the contact.
    pub belongs_to: Option<usize>,
    /// What is screened.
    pub subject: Subject,
}

/// How sure it is that a finding speaks of the subject. Graded by the hit's strength and the facts known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Set aside by other evidence (another birth date): shown, raises nothing by itself.
    SetAside,
    /// Worth a look.
    Possible,
    /// Much agrees.
    Likely,
}

/// A tie through which a listed entity concerns the subject without being it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tie {
    /// The subject is a laboratory or part of the listed entity.
    PartOf,
    /// The subject is supervised by the listed agency.
    SupervisedBy,
    /// The subject is a parent of the listed entity.
    ParentOf,
    /// The listed one sits on the subject's governing board.
    BoardOf,
    /// The listed one belongs to the subject's group.
    GroupOf,
    /// The listed one owns the subject, wholly or in part.
    OwnerOf,
    /// The list names a tie and does not say which.
    Related,
}

/// One step of a trace.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trace {
    /// Which tie.
    pub tie: Tie,
    /// The other end, as the list or the case names it.
    pub name: String,
    /// Where the tie is said (`aspi`, `ror`, `case`, `boards`).
    pub source: String,
    /// Role or kind of the tie in the source's own words (`rector`, `laboratory`), may be empty.
    pub detail: String,
    /// Since when, where it is known.
    pub since: Option<PartialDate>,
    /// Until when, where it is known.
    pub until: Option<PartialDate>,
    /// Share that is owned, in per cent, where it is known.
    pub share: Option<f64>,
}

/// What the list says about the entity that a policy may ask for.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ListedFacts {
    /// Categories of the list, in its own words.
    pub categories: Vec<String>,
    /// The tracker's rating; `None` is unknown, never low.
    pub rating: Option<RiskRating>,
    /// Programmes under which it is listed.
    pub programmes: Vec<String>,
    /// Agencies that supervise it.
    pub supervised_by: Vec<String>,
    /// Pages about it.
    pub links: Vec<String>,
    /// Countries tied to it, ISO 3166-1 alpha-2.
    pub countries: Vec<String>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum FindingKind {
    /// The subject may be a listed entity.
    Listed,
    /// The subject is tied to a listed entity.
    Tied {
        /// The way from the subject to it, nearest first.
        trace: Vec<Trace>,
    },
    /// Owners listed on one list hold half of the partner or more, together.
    Ownership {
        /// The list.
        list: String,
        /// Their shares summed, in per cent.
        share: f64,
        /// Places of the owners in [`Screened::subjects`].
        owners: Vec<usize>,
    },
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Short reference within the answer (`F1`), in the order shown.
    pub id: String,
    /// Place in [`Screened::subjects`].
    pub subject: usize,
    /// What was found.
    #[serde(flatten)]
    pub what: FindingKind,
    /// How sure it is.
    pub certainty: Certainty,
    /// The hit with its reasons; none for ownership sums.
    pub hit: Option<Hit>,
    /// What the list says about the entity.
    pub facts: ListedFacts,
}

/// A list that a policy asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredList {
    /// The list's id.
    pub list: String,
    /// The age in days from which it counts as stale; the operator's when absent.
    #[serde(default)]
    pub max_age_days: Option<i64>,
}

/// A list that should have been asked and could not be relied upon.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "gap")]
pub enum ListGap {
    /// The policy asks for it; it is not loaded.
    Missing {
        /// The list's id.
        list: String,
    },
    /// It is older than the policy allows.
    Stale {
        /// The list's id.
        list: String,
        /// Its age in days.
        age_days: i64,
        /// The most that the policy allows.
        max_age_days: i64,
    },
    /// These are the bundled demonstration lists, which protect nobody.
    Demonstration,
}

impl ListGap {
    /// The list concerned; none where it is all of them.
    pub fn list(&self) -> Option<&str> {
        match self {
            Self::Missing { list } | Self::Stale { list, .. } => Some(list),
            Self::Demonstration => None,
        }
    }
}

/// A case after screening, before policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Screened {
    /// Everyone and everything screened, in the case's order, then those on file.
    pub subjects: Vec<CaseSubject>,
    /// What was found, most pressing first.
    pub findings: Vec<Finding>,
    /// Lists that were missing or stale: a finding of its own kind.
    pub gaps: Vec<ListGap>,
    /// What it rests on: one snapshot for the whole case.
    pub stamp: Arc<Stamp>,
    /// How many listed names were candidates and scored, for each of `subjects`: for whoever watches the
    /// service. No part of what is answered.
    #[serde(skip)]
    pub candidates: Vec<usize>,
}
