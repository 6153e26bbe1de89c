//! Answers to rows of JSON.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::Value;

use crate::review::audit::Receipt;
use crate::review::queue::Standing;
use crate::screening::{Answer, AnswerError, Comparison, Explanation, Hit, Stamp, Subject, SubjectError};

use super::BatchError;
use super::lines::{Line, LineChunk, MAX_LINE};
use super::pipeline::{Answered, Output, Tally};
use super::recording::{Ask, Named, ToRecord};
use super::rows::{self, CANDIDATE, Object, QUERY, SUBJECT};

/// What a row of a screening is answered with. README documents it.
#[derive(Serialize)]
struct Screened<'a> {
    id: &'a Value,
    hits: Vec<HitRow<'a>>,
    #[serde(skip_serializing_if = "<[Hit]>::is_empty")]
    set_aside: &'a [Hit],
    /// Only where the limit cut hits off.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_hits: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namesakes_per_million: Option<f64>,
    /// Number of its record in the audit trail, where it was recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<i64>,
    stamp: RowStamp<'a>,
}

/// A hit, and where it was recorded how it stands in the review queue.
#[derive(Serialize)]
struct HitRow<'a> {
    #[serde(flatten)]
    hit: &'a Hit,
    #[serde(skip_serializing_if = "Option::is_none")]
    standing: Option<&'a Standing>,
}

/// The stamp of an answer without what is the same for a whole batch and can be had from
/// `zeef lists`: small, because it stands in every row.
#[derive(Serialize)]
struct RowStamp<'a> {
    snapshot: &'a str,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    /// As-of date by list.
    lists: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<&'a str>,
    matcher: &'a str,
    threshold: f64,
}

impl<'a> RowStamp<'a> {
    fn new(stamp: &'a Stamp) -> Self {
        Self {
            snapshot: &stamp.snapshot,
            demo: stamp.demo,
            lists: stamp.lists.iter().map(|l| (l.list.as_str(), l.as_of.as_str())).collect(),
            stale: stamp.lists.iter().filter(|l| l.stale).map(|l| l.list.as_str()).collect(),
            matcher: &stamp.matcher,
            threshold: stamp.threshold,
        }
    }
}

/// What a row of a comparison is answered with.
#[derive(Serialize)]
struct Compared<'a> {
    id: &'a Value,
    score: f64,
    #[serde(rename = "match")]
    is_match: bool,
    explanation: &'a Explanation,
}

/// What a bad row is answered with.
#[derive(Serialize)]
struct Bad<'a> {
    id: &'a Value,
    /// Its line in the input, from 1: a row without a readable id must be found too.
    line: u64,
    error: &'a str,
}

/// A row to be screened, answered.
pub(super) struct ScreenedRow {
    named: Named,
    subject: Subject,
    answer: Answer,
}

/// A row with its answer, or why it has none.
pub(super) struct RowAnswer<T> {
    /// Its line in the input, from 1.
    line: u64,
    id: Value,
    outcome: Result<T, String>,
}

/// Answers rows to be screened, and has them recorded.
pub(super) fn screen_lines(chunk: &LineChunk, ask: &impl Ask) -> Answered<Vec<RowAnswer<ScreenedRow>>> {
    let mut tally = Tally { position: chunk.bytes_read, ..Tally::default() };
    let answer = |row: &Object, id: &Value| {
        let subject = rows::subject(row, &SUBJECT).map_err(|e| e.to_string())?;
        let named = named(row, id).map_err(|e| e.to_string())?;
        let answer = ask.ask(&subject).map_err(|e| e.to_string())?;
        Ok(ScreenedRow { named, subject, answer })
    };
    let answers: Vec<_> = answer_lines(chunk, answer)
        .inspect(|row| count(&mut tally, row, |screened| screened.answer.hits.len() as u64))
        .collect();
    let to_record = answers.iter().filter_map(|RowAnswer { line, outcome, .. }| {
        let ScreenedRow { named, subject, answer } = outcome.as_ref().ok()?;
        Some(ToRecord { named, row: *line, subject, answer })
    });
    let record = ask.record(&to_record.collect::<Vec<_>>());
    Answered { answers, tally, record }
}

/// What a row says of itself. A number as its id is recorded as it is written.
fn named(row: &Object, id: &Value) -> Result<Named, SubjectError> {
    let id = match id {
        Value::Null => String::new(),
        Value::String(id) => id.clone(),
        other => other.to_string(),
    };
    let named = Named {
        id,
        reference: rows::text(row, "reference")?,
        case_reference: rows::text(row, "case_reference")?,
    };
    named.check()?;
    Ok(named)
}

/// Rows of a screening written as lines of JSON.
pub(super) struct JsonLines<'a>(pub &'a mut dyn Write);

impl Output<Vec<RowAnswer<ScreenedRow>>> for JsonLines<'_> {
    fn write(&mut self, rows: Vec<RowAnswer<ScreenedRow>>, receipts: Vec<Receipt>) -> Result<(), BatchError> {
        let mut receipts = receipts.into_iter();
        let mut text = Vec::with_capacity(rows.len() * 256);
        for row in &rows {
            write_answer(&mut text, row, |text, ScreenedRow { answer, .. }| {
                let receipt = receipts.next().unwrap_or_default();
                let mut standings = receipt.standings.iter();
                let hits = answer.hits.iter().map(|hit| HitRow { hit, standing: standings.next() }).collect();
                write_row(
                    text,
                    &Screened {
                        id: &row.id,
                        hits,
                        set_aside: &answer.set_aside,
                        total_hits: (answer.total_hits > answer.hits.len()).then_some(answer.total_hits),
                        namesakes_per_million: answer.namesakes_per_million,
                        record: (receipt.number > 0).then_some(receipt.number),
                        stamp: RowStamp::new(&answer.stamp),
                    },
                )
            });
        }
        self.0.write_all(&text).map_err(BatchError::Write)
    }

    fn flush(&mut self) -> Result<(), BatchError> {
        self.0.flush().map_err(BatchError::Write)
    }
}

/// Answers rows to be compared.
pub(super) fn compare_lines(
    chunk: &LineChunk,
    ask: &(impl Fn(&Subject, &Subject) -> Result<Comparison, AnswerError> + Sync),
) -> Answered<Vec<u8>> {
    let mut tally = Tally { position: chunk.bytes_read, ..Tally::default() };
    let mut text = Vec::with_capacity(chunk.lines().count() * 256);
    let answer = |row: &Object, _: &Value| {
        let query = rows::subject(row, &QUERY).map_err(|e| e.to_string())?;
        let candidate = rows::subject(row, &CANDIDATE).map_err(|e| e.to_string())?;
        ask(&query, &candidate).map_err(|e| e.to_string())
    };
    for row in answer_lines(chunk, answer) {
        count(&mut tally, &row, |answer| u64::from(answer.is_match));
        write_answer(&mut text, &row, |text, Comparison { score, is_match, explanation, .. }| {
            write_row(text, &Compared { id: &row.id, score: *score, is_match: *is_match, explanation })
        });
    }
    Answered { answers: text, tally, record: None }
}

/// Answers each line by `answer`, which is given the row and its id.
fn answer_lines<'a, T>(
    chunk: &'a LineChunk,
    answer: impl Fn(&Object, &Value) -> Result<T, String> + 'a,
) -> impl Iterator<Item = RowAnswer<T>> + 'a {
    chunk.lines().map(move |(number, line)| {
        let mut id = Value::Null;
        let one = |id: &mut Value| -> Result<T, String> {
            let line = match line {
                Line::Text(line) => line,
                Line::TooLong => return Err(format!("row: longer than {MAX_LINE} bytes")),
            };
            let row = rows::object(line).map_err(|e| e.to_string())?;
            *id = rows::id(&row).map_err(|e| e.to_string())?;
            guarded(|| answer(&row, id))
        };
        let outcome = one(&mut id);
        RowAnswer { line: number, id, outcome }
    })
}

/// Adds a row of so many hits to a tally.
fn count<T>(tally: &mut Tally, row: &RowAnswer<T>, hits: impl Fn(&T) -> u64) {
    tally.rows += 1;
    match &row.outcome {
        Ok(answer) => {
            let hits = hits(answer);
            tally.names += 1;
            tally.hits += hits;
            tally.with_hits += u64::from(hits > 0);
            tally.without_hits += u64::from(hits == 0);
        }
        Err(_) => tally.errors += 1,
    }
}

/// Writes a row by `write`, or its error.
fn write_answer<T>(
    text: &mut Vec<u8>,
    RowAnswer { line, id, outcome }: &RowAnswer<T>,
    write: impl FnOnce(&mut Vec<u8>, &T),
) {
    match outcome {
        Ok(answer) => write(text, answer),
        Err(error) => write_row(text, &Bad { id, line: *line, error }),
    }
}

/// Runs `answer`, and turns a panic into the error of one row: a fault in the matcher must not take the
/// other rows of a long batch with it.
pub(super) fn guarded<T>(answer: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(answer))
        .unwrap_or_else(|_| Err("internal error while answering this row; please report it".into()))
}

/// Writes a row. Into memory: only a value that cannot be JSON could fail, and these are.
fn write_row(text: &mut Vec<u8>, row: &impl Serialize) {
    let _ = serde_json::to_writer(&mut *text, row);
    text.push(b'\n');
}
