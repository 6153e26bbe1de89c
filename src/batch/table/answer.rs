//! A row of a table answered.

use crate::batch::answers::guarded;
use crate::batch::pipeline::Tally;
use crate::batch::recording::{Ask, Named, ToRecord};
use crate::review::queue::{MatchState, Standing};
use crate::screening::{Answer, Subject};

use super::layout::Layout;
use super::record::{Asked, Fault, Remark, Row, record_of};

/// One name of a row with its answer.
pub(super) struct NameAnswer {
    /// The columns it comes from.
    pub columns: Vec<usize>,
    /// Whom the row gives, and how it is found again in the records.
    pub named: Named,
    /// Who was screened.
    pub subject: Subject,
    /// Its answer.
    pub answer: Answer,
}

/// A row with its answers.
pub(super) struct RowAnswer {
    /// Its number in the table.
    pub number: u64,
    /// Its id; empty where it has none.
    pub id: String,
    /// The names of the row, its own first.
    pub names: Vec<NameAnswer>,
    /// Why the row, or one of its names, could not be answered.
    pub faults: Vec<Fault>,
    /// What is said beside.
    pub remarks: Vec<Remark>,
}

impl RowAnswer {
    /// Answers a row.
    pub(super) fn of(row: &Row, layout: &Layout, ask: &impl Ask) -> Self {
        let record = record_of(row, layout);
        let mut answered = Self {
            number: row.number,
            id: record.id,
            names: Vec::with_capacity(record.asked.len()),
            faults: record.faults,
            remarks: record.remarks,
        };
        for Asked { columns, is_institution, subject } in record.asked {
            let named = Named {
                id: answered.id.clone(),
                // An institution beside a person is somebody else.
                reference: if is_institution { String::new() } else { record.reference.clone() },
                case_reference: record.case_reference.clone(),
            };
            match guarded(|| ask.ask(&subject).map_err(|e| e.to_string())) {
                Ok(answer) => {
                    if answer.total_hits > answer.hits.len() {
                        let text = format!(
                            "{} of {} hits are shown; --limit sets how many",
                            answer.hits.len(),
                            answer.total_hits
                        );
                        answered.remarks.push(Remark { column: columns.first().copied(), text });
                    }
                    answered.names.push(NameAnswer { columns, named, subject, answer });
                }
                Err(what) => {
                    let field = if is_institution { "institution" } else { "row" }.to_owned();
                    answered.faults.push(Fault { column: columns.first().copied(), field, what });
                }
            }
        }
        answered
    }

    /// Its names, as they are recorded.
    pub(super) fn to_record(&self) -> impl Iterator<Item = ToRecord<'_>> {
        self.names.iter().map(|NameAnswer { named, subject, answer, .. }| ToRecord {
            named,
            row: self.number,
            subject,
            answer,
        })
    }

    /// Hits of all its names.
    pub(super) fn hits(&self) -> u64 {
        self.names.iter().map(|name| name.answer.hits.len() as u64).sum()
    }

    /// Adds it to a tally.
    pub(super) fn count(&self, tally: &mut Tally) {
        tally.rows += 1;
        tally.errors += u64::from(!self.faults.is_empty());
        tally.with_hits += u64::from(self.hits() > 0);
        tally.without_hits += u64::from(self.hits() == 0 && self.faults.is_empty());
        tally.names += self.names.len() as u64;
        tally.hits += self.hits();
        tally.with_remarks += u64::from(!self.remarks.is_empty());
    }
}

/// How a hit stands, as cells say it and people filter by it.
pub(super) fn standing_word(standing: &Standing) -> &'static str {
    match standing.state {
        MatchState::Cleared => "cleared",
        MatchState::Confirmed => "confirmed",
        _ if standing.came_back() => "came back",
        MatchState::InReview => "in review",
        MatchState::Open => "open",
    }
}

/// The headings of some columns, or their letters where they have none.
pub(super) fn headings_of(columns: &[usize], layout: &Layout) -> String {
    let names = columns
        .iter()
        .filter_map(|index| layout.columns.get(*index))
        .map(|column| if column.heading.is_empty() { column.letter() } else { column.heading.clone() });
    names.collect::<Vec<_>>().join(" + ")
}
