//! Answers to rows of JSON.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde::Serialize;
use serde_json::Value;

use crate::screening::{AnswerError, Comparison, Explanation, Hit, Stamp, Subject};

use super::lines::{Line, LineChunk, MAX_LINE};
use super::pipeline::{Answered, Tally};
use super::recording::{Ask, Kept};
use super::rows::{self, CANDIDATE, Object, QUERY, SUBJECT};

/// What a row of a screening is answered with. README documents it.
#[derive(Serialize)]
struct Screened<'a> {
    id: &'a Value,
    hits: &'a [Hit],
    #[serde(skip_serializing_if = "<[Hit]>::is_empty")]
    set_aside: &'a [Hit],
    /// Only where the limit cut hits off.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_hits: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namesakes_per_million: Option<f64>,
    stamp: RowStamp<'a>,
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

/// Answers rows to be screened.
pub(super) fn screen_lines(chunk: &LineChunk, ask: &impl Ask) -> Answered<Vec<u8>> {
    let kept = RefCell::new(Kept::default());
    let mut answered = answer_lines(chunk, |row, id, text| {
        let subject = rows::subject(row, &SUBJECT).map_err(|e| e.to_string())?;
        let answer = ask.ask(&subject, &mut kept.borrow_mut()).map_err(|e| e.to_string())?;
        write_row(
            text,
            &Screened {
                id,
                hits: &answer.hits,
                set_aside: &answer.set_aside,
                total_hits: (answer.total_hits > answer.hits.len()).then_some(answer.total_hits),
                namesakes_per_million: answer.namesakes_per_million,
                stamp: RowStamp::new(&answer.stamp),
            },
        )?;
        Ok(answer.hits.len() as u64)
    });
    answered.record = ask.record(kept.into_inner());
    answered
}

/// Answers rows to be compared.
pub(super) fn compare_lines(
    chunk: &LineChunk,
    ask: &(impl Fn(&Subject, &Subject) -> Result<Comparison, AnswerError> + Sync),
) -> Answered<Vec<u8>> {
    answer_lines(chunk, |row, id, text| {
        let query = rows::subject(row, &QUERY).map_err(|e| e.to_string())?;
        let candidate = rows::subject(row, &CANDIDATE).map_err(|e| e.to_string())?;
        let answer = ask(&query, &candidate).map_err(|e| e.to_string())?;
        let Comparison { score, is_match, explanation, .. } = &answer;
        write_row(text, &Compared { id, score: *score, is_match: *is_match, explanation })?;
        Ok(u64::from(*is_match))
    })
}

/// Answers each line by `answer`, which appends its row and says how many hits there were.
fn answer_lines(
    chunk: &LineChunk,
    answer: impl Fn(&Object, &Value, &mut Vec<u8>) -> Result<u64, String>,
) -> Answered<Vec<u8>> {
    let mut text = Vec::with_capacity(chunk.lines().count() * 256);
    let mut tally = Tally { position: chunk.bytes_read, ..Tally::default() };
    for (number, line) in chunk.lines() {
        let start = text.len();
        let mut id = Value::Null;
        let mut one = |id: &mut Value| -> Result<u64, String> {
            let line = match line {
                Line::Text(line) => line,
                Line::TooLong => return Err(format!("row: longer than {MAX_LINE} bytes")),
            };
            let row = rows::object(line).map_err(|e| e.to_string())?;
            *id = rows::id(&row).map_err(|e| e.to_string())?;
            guarded(|| answer(&row, id, &mut text))
        };
        tally.rows += 1;
        match one(&mut id) {
            Ok(hits) => {
                tally.names += 1;
                tally.hits += hits;
                tally.with_hits += u64::from(hits > 0);
                tally.without_hits += u64::from(hits == 0);
            }
            Err(error) => {
                // Half a row may have been written before the fault.
                text.truncate(start);
                tally.errors += 1;
                // Writing into memory: only a value that cannot be JSON could fail, and these are.
                let _ = write_row(&mut text, &Bad { id: &id, line: number, error: &error });
            }
        }
    }
    Answered { answers: text, tally, record: None }
}

/// Runs `answer`, and turns a panic into the error of one row: a fault in the matcher must not take the
/// other rows of a long batch with it.
pub(super) fn guarded<T>(answer: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(answer))
        .unwrap_or_else(|_| Err("internal error while answering this row; please report it".into()))
}

fn write_row(text: &mut Vec<u8>, row: &impl Serialize) -> Result<(), String> {
    serde_json::to_writer(&mut *text, row).map_err(|e| e.to_string())?;
    text.push(b'\n');
    Ok(())
}
