//! Why a score is what it is, in parts that add up to it.
//!
//! The explanation is the score's input, not a story told afterwards: each word of the query and of
//! the listed name stands in exactly one alignment, the alignments add up to the evidence of the
//! names, and the pieces of evidence add up to the total.

use serde::{Deserialize, Serialize};

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
    /// Another of the subject's names is a weak alias of the same entity.
    OtherName,
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
