//! What comes back: hits with their reasons, and the stamp that lets the answer be derived again.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

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

/// How a word of the query stands to a word of the listed name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlignmentKind {
    /// Equal after folding case, accents and punctuation.
    Same,
    /// Another spelling or transliteration of the same word.
    Spelling,
    /// The same word in another script.
    Script,
    /// A nickname, diminutive or cognate.
    Nickname,
    /// An initial and a word it may stand for.
    Initial,
    /// Words written together on one side and apart on the other.
    Joined,
    /// Stands only in the query.
    QueryOnly,
    /// Stands only in the listed name.
    ListedOnly,
    /// Two words that stand against each other.
    Conflict,
    /// A title, particle or legal form that says little.
    Ignored,
}

/// One alignment. Each word of the query and of the listed name stands in exactly one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alignment {
    /// Words of the query, as folded; empty for [`AlignmentKind::ListedOnly`].
    pub query: Vec<String>,
    /// Words of the listed name, as folded; empty for [`AlignmentKind::QueryOnly`].
    pub listed: Vec<String>,
    /// How they stand to each other.
    pub kind: AlignmentKind,
    /// Evidence in bits: positive speaks for the same bearer.
    pub bits: f64,
}

/// What a piece of evidence is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// The names, all alignments together.
    Name,
    /// The name as a whole (complete agreement, weak alias, order).
    WholeName,
    /// Birth date.
    BirthDate,
    /// Birth place.
    BirthPlace,
    /// Gender.
    Gender,
    /// A document or registration number.
    Identifier,
    /// Country: of an organisation part of the score, of a person only shown.
    Country,
    /// Address or city of an organisation.
    Address,
}

/// Whether a piece of evidence agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Both sides say the same.
    Agrees,
    /// Both sides say nearly the same.
    Close,
    /// The sides contradict each other.
    Conflicts,
    /// At least one side says nothing. Never a conflict.
    Unknown,
}

/// One piece of evidence. The bits of all pieces add up to [`Explanation::bits`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is about.
    pub kind: EvidenceKind,
    /// Whether it agrees.
    pub verdict: Verdict,
    /// Bits it adds (0 where it is only shown).
    pub bits: f64,
    /// In words: what the sides say.
    pub text: String,
}

/// Why a score is what it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// One sentence an HR officer can read.
    pub summary: String,
    /// Words aligned.
    pub alignments: Vec<Alignment>,
    /// Evidence, part by part.
    pub evidence: Vec<Evidence>,
    /// Total evidence in bits, the sum of the parts.
    pub bits: f64,
    /// Which missing facts would settle the match (`birth date`), most telling first.
    pub settle: Vec<String>,
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
    /// The deadline passed before the answer was ready.
    #[error("deadline exceeded while screening")]
    DeadlineExceeded,
}
