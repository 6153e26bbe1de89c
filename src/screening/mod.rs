//! The [`Screener`]: analyse a subject, find candidates, score them, answer.
//!
//! Every adapter (gRPC, command line, batch) goes through it, so that an answer is the same
//! wherever it is asked for. The screener does no I/O but through the snapshot it was given.

mod answer;
mod boards;
pub mod case;
mod compare;
mod cv;
mod explain;
pub mod policy;
mod screener;
mod stamp;
mod subject;

pub use crate::matching::{Alignment, AlignmentKind, Evidence, EvidenceKind, Explanation, Verdict};
pub use answer::{Answer, AnswerError, Comparison, Hit, ListStamp, Stamp, Strength};
pub use boards::{Board, BoardFound, BoardMember};
pub use cv::{
    CvError, CvFindings, CvMention, CvPeriod, CvProposal, MAX_CV_BYTES, MAX_CV_MENTIONS, cv_text,
    find_institutions,
};
pub use screener::Screener;
pub use stamp::EXPECTED_LISTS;
pub use subject::{Options, Subject, SubjectError, SubjectIdentifier, SubjectKind};

/// Changes whenever the same question on the same snapshot may be answered otherwise.
pub const MATCHER_VERSION: &str = "2";

/// The default threshold: the score from which a hit is shown.
///
/// A score of 0.5 says that the evidence for "the same" outweighs the odds against any one entry of
/// a list being meant; see `matching::score`.
pub const DEFAULT_THRESHOLD: f64 = 0.5;
