//! Rows recorded in the audit trail before their answers are written.

use crate::review::audit::{Asked, Pending, Receipt, Recorder};
use crate::review::store::StoreError;
use crate::review::{Occasion, OccasionError, OnFailure, check_reference};
use crate::screening::{Answer, AnswerError, Subject, SubjectError};

use super::rows::fault;
use super::{BatchError, Screening};

/// How rows are recorded: all of them as one run; rows of a chunk that belong to the same case share a record.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// Writes the trail.
    pub recorder: &'a Recorder,
    /// Why the rows are screened.
    pub occasion: &'a Occasion,
    /// What happens to rows that cannot be recorded.
    pub on_failure: OnFailure,
}

/// What a row says of itself, so that it is found again in the records.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    /// Its id, as it is given back; empty where it has none.
    pub id: String,
    /// The asker's reference of the subject; empty where it has none.
    pub reference: String,
    /// The case it belongs to; empty where that is the one of the whole run.
    pub case_reference: String,
}

impl Named {
    /// Checks that it can be recorded.
    pub(super) fn check(&self) -> Result<(), SubjectError> {
        let at_fault = |e: OccasionError| fault(e.field, e.what);
        check_reference("reference", &self.reference).map_err(at_fault)?;
        check_reference("case_reference", &self.case_reference).map_err(at_fault)
    }
}

/// A name that was answered, to be recorded.
pub(super) struct ToRecord<'a> {
    /// Of which row.
    pub named: &'a Named,
    /// The row's number.
    pub row: u64,
    /// Who was screened.
    pub subject: &'a Subject,
    /// What was answered.
    pub answer: &'a Answer,
}

/// By record, the places of its names among those of the chunk, with how many hits each has.
type Places = Vec<Vec<(usize, usize)>>;

/// Records of a chunk under way.
pub(super) struct Recorded {
    pending: Result<Pending, StoreError>,
    on_failure: OnFailure,
    places: Places,
}

impl Recorded {
    /// Waits until the records have been written. Gives a receipt for each name, in order; nothing where they
    /// were not written and the operator chose to go on all the same.
    pub(super) fn wait(self) -> Result<Option<Vec<Receipt>>, BatchError> {
        let written = match (self.pending.and_then(Pending::wait), self.on_failure) {
            (Ok(written), _) => written,
            (Err(error), OnFailure::Refuse) => return Err(BatchError::Record(error)),
            (Err(_), OnFailure::Serve) => return Ok(None),
        };
        let names = self.places.iter().map(Vec::len).sum();
        let mut receipts = vec![Receipt::default(); names];
        for (Receipt { number, standings }, places) in written.into_iter().zip(self.places) {
            let mut standings = standings.into_iter();
            for (place, hits) in places {
                receipts[place] = Receipt { number, standings: standings.by_ref().take(hits).collect() };
            }
        }
        Ok(Some(receipts))
    }
}

/// Answers the names of chunks.
pub(super) trait Ask: Sync {
    /// Answers a name.
    fn ask(&self, subject: &Subject) -> Result<Answer, AnswerError>;

    /// Has the names of a whole chunk recorded.
    fn record(&self, answered: &[ToRecord<'_>]) -> Option<Recorded>;
}

/// What only answers records nothing.
impl<F: Fn(&Subject) -> Result<Answer, AnswerError> + Sync> Ask for F {
    fn ask(&self, subject: &Subject) -> Result<Answer, AnswerError> {
        self(subject)
    }

    fn record(&self, _: &[ToRecord<'_>]) -> Option<Recorded> {
        None
    }
}

impl Ask for Screening<'_> {
    fn ask(&self, subject: &Subject) -> Result<Answer, AnswerError> {
        self.screener.screen(subject, self.options, self.now)
    }

    fn record(&self, answered: &[ToRecord<'_>]) -> Option<Recorded> {
        let recording = self.recording?;
        if answered.is_empty() {
            // Rows at fault alone: nobody was screened.
            return None;
        }
        let (pending, places) = self.hand_over(recording, answered);
        Some(Recorded { pending, on_failure: recording.on_failure, places })
    }
}

impl Screening<'_> {
    /// Drafts a record for each case among the rows, and hands them over together.
    fn hand_over(
        &self,
        Recording { recorder, occasion, .. }: Recording<'_>,
        answered: &[ToRecord<'_>],
    ) -> (Result<Pending, StoreError>, Places) {
        let mut cases: Vec<&str> = Vec::new();
        let mut places = Places::new();
        for (place, one) in answered.iter().enumerate() {
            let case = match one.named.case_reference.as_str() {
                "" => occasion.case_reference.as_str(),
                own => own,
            };
            let of_case = cases.iter().position(|c| *c == case).unwrap_or_else(|| {
                cases.push(case);
                places.push(Vec::new());
                cases.len() - 1
            });
            places[of_case].push((place, one.answer.hits.len()));
        }
        let draft = |(case, places): (&&str, &Vec<(usize, usize)>)| {
            let asked: Vec<Asked<'_>> = places
                .iter()
                .filter_map(|(place, _)| answered.get(*place))
                .map(|ToRecord { named, row, subject, answer }| Asked {
                    id: &named.id,
                    row: *row,
                    reference: &named.reference,
                    subject,
                    answer,
                })
                .collect();
            let occasion = Occasion { case_reference: (*case).to_owned(), ..occasion.clone() };
            recorder.screening(&occasion, self.screener, self.now, &asked)
        };
        let drafts: Result<Vec<_>, _> = cases.iter().zip(&places).map(draft).collect();
        (drafts.and_then(|drafts| recorder.hand_over(drafts)), places)
    }
}
