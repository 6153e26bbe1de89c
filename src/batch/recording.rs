//! Rows recorded in the audit trail before their answers are written.

use crate::review::audit::{Asked, Pending, Recorder};
use crate::review::store::StoreError;
use crate::review::{Occasion, OnFailure};
use crate::screening::{Answer, AnswerError, Screener, Subject};

use super::{BatchError, Screening};

/// How rows are recorded: all of them as one run, a record for each chunk.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// Writes the trail.
    pub recorder: &'a Recorder,
    /// Why the rows are screened.
    pub occasion: &'a Occasion,
    /// What happens to rows that cannot be recorded.
    pub on_failure: OnFailure,
}

/// Names of one chunk with their answers, kept to be recorded together.
#[derive(Default)]
pub(super) struct Kept(Vec<(Subject, Answer)>);

/// A record under way.
pub(super) struct Recorded {
    pending: Result<Pending, StoreError>,
    on_failure: OnFailure,
}

impl Recorded {
    /// Waits until the record has been written. Tells whether it was; not, only where the operator chose to go
    /// on all the same.
    pub(super) fn wait(self) -> Result<bool, BatchError> {
        match (self.pending.and_then(Pending::wait), self.on_failure) {
            (Ok(_), _) => Ok(true),
            (Err(error), OnFailure::Refuse) => Err(BatchError::Record(error)),
            (Err(_), OnFailure::Serve) => Ok(false),
        }
    }
}

/// Answers the names of chunks.
pub(super) trait Ask: Sync {
    /// Answers a name, and keeps it if it is to be recorded.
    fn ask(&self, subject: &Subject, kept: &mut Kept) -> Result<Answer, AnswerError>;

    /// Has a whole chunk recorded.
    fn record(&self, kept: Kept) -> Option<Recorded>;
}

/// What only answers records nothing.
impl<F: Fn(&Subject) -> Result<Answer, AnswerError> + Sync> Ask for F {
    fn ask(&self, subject: &Subject, _: &mut Kept) -> Result<Answer, AnswerError> {
        self(subject)
    }

    fn record(&self, _: Kept) -> Option<Recorded> {
        None
    }
}

impl Ask for Screening<'_> {
    fn ask(&self, subject: &Subject, kept: &mut Kept) -> Result<Answer, AnswerError> {
        let answer = self.screener.screen(subject, self.options, self.now)?;
        if self.recording.is_some() {
            kept.0.push((subject.clone(), answer.clone()));
        }
        Ok(answer)
    }

    fn record(&self, kept: Kept) -> Option<Recorded> {
        let Recording { recorder, occasion, on_failure } = self.recording?;
        let asked: Vec<Asked<'_>> =
            kept.0.iter().map(|(subject, answer)| Asked { id: "", reference: "", subject, answer }).collect();
        if asked.is_empty() {
            // Rows at fault alone: nobody was screened.
            return None;
        }
        let pending = draft_and_hand_over(self.screener, recorder, occasion, self.now, &asked);
        Some(Recorded { pending, on_failure })
    }
}

fn draft_and_hand_over(
    screener: &Screener,
    recorder: &Recorder,
    occasion: &Occasion,
    now: jiff::Timestamp,
    asked: &[Asked<'_>],
) -> Result<Pending, StoreError> {
    let draft = recorder.screening(occasion, screener, now, asked)?;
    recorder.hand_over(vec![draft])
}
