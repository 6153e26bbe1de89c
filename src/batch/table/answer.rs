//! A row of a table answered.

use crate::batch::answers::guarded;
use crate::batch::pipeline::Tally;
use crate::batch::recording::{Ask, Kept};
use crate::screening::{Answer, Subject, SubjectKind};

use super::layout::Layout;
use super::record::{Asked, Fault, Remark, Row, record_of};

/// One name of a row with its answer.
pub(super) struct NameAnswer {
    /// The columns it comes from.
    pub columns: Vec<usize>,
    /// As what it was screened.
    pub kind: SubjectKind,
    /// The name as given.
    pub name: String,
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
    pub(super) fn of(row: &Row, layout: &Layout, ask: &impl Ask, kept: &mut Kept) -> Self {
        let record = record_of(row, layout);
        let mut answered = Self {
            number: row.number,
            id: record.id,
            names: Vec::with_capacity(record.asked.len()),
            faults: record.faults,
            remarks: record.remarks,
        };
        for Asked { columns, is_institution, subject } in record.asked {
            match guarded(|| ask.ask(&subject, kept).map_err(|e| e.to_string())) {
                Ok(answer) => {
                    if answer.total_hits > answer.hits.len() {
                        let text = format!(
                            "{} of {} hits are shown; --limit sets how many",
                            answer.hits.len(),
                            answer.total_hits
                        );
                        answered.remarks.push(Remark { column: columns.first().copied(), text });
                    }
                    let Subject { name, kind, .. } = subject;
                    answered.names.push(NameAnswer { columns, kind, name, answer });
                }
                Err(what) => {
                    let field = if is_institution { "institution" } else { "row" }.to_owned();
                    answered.faults.push(Fault { column: columns.first().copied(), field, what });
                }
            }
        }
        answered
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

/// The headings of some columns, or their letters where they have none.
pub(super) fn headings_of(columns: &[usize], layout: &Layout) -> String {
    let names = columns
        .iter()
        .filter_map(|index| layout.columns.get(*index))
        .map(|column| if column.heading.is_empty() { column.letter() } else { column.heading.clone() });
    names.collect::<Vec<_>>().join(" + ")
}
