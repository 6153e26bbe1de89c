//! Answered rows as CSV.
//!
//! One line a hit, and one for each name without hits and each row with a fault, so that every question is
//! seen to be answered.

use std::io::Write;

use crate::batch::BatchError;
use crate::batch::pipeline::Output;
use crate::review::audit::Receipt;
use crate::review::queue::Standing;
use crate::screening::{Answer, Stamp};

use super::answer::{NameAnswer, RowAnswer, headings_of, standing_word};
use super::layout::Layout;

/// Headings of the answers. README documents them; new ones are added at the end.
const HEADINGS: [&str; 22] = [
    "id",
    "row",
    "result",
    "score",
    "strength",
    "list",
    "entity_id",
    "kind",
    "name",
    "matched_name",
    "summary",
    "would_settle",
    "error",
    "lists",
    "snapshot",
    "column",
    "given",
    "remarks",
    "record",
    "match",
    "standing",
    "decision",
];

/// One line of the answer; what is not set stays empty.
#[derive(Default)]
struct Line<'a> {
    result: &'a str,
    score: &'a str,
    strength: &'a str,
    list: &'a str,
    entity_id: &'a str,
    kind: &'a str,
    name: &'a str,
    matched_name: &'a str,
    summary: &'a str,
    would_settle: &'a str,
    error: &'a str,
    lists: &'a str,
    snapshot: &'a str,
    column: &'a str,
    given: &'a str,
    record: &'a str,
    match_id: &'a str,
    standing: &'a str,
    decision: &'a str,
}

/// The header line.
pub(super) fn heading() -> Vec<u8> {
    let mut text = HEADINGS.join(",").into_bytes();
    text.push(b'\n');
    text
}

/// Rows written as lines of CSV.
pub(super) struct CsvLines<'a> {
    pub output: &'a mut dyn Write,
    pub layout: &'a Layout,
}

impl Output<Vec<RowAnswer>> for CsvLines<'_> {
    fn write(&mut self, rows: Vec<RowAnswer>, receipts: Vec<Receipt>) -> Result<(), BatchError> {
        let mut receipts = receipts.into_iter();
        let mut text = csv::Writer::from_writer(Vec::with_capacity(rows.len() * 128));
        for row in &rows {
            // Writing into memory cannot fail, and all lines have the same number of cells.
            let _ = write_row(&mut text, row, &mut receipts, self.layout);
        }
        self.output.write_all(&text.into_inner().unwrap_or_default()).map_err(BatchError::Write)
    }

    fn flush(&mut self) -> Result<(), BatchError> {
        self.output.flush().map_err(BatchError::Write)
    }
}

fn write_row(
    text: &mut csv::Writer<Vec<u8>>,
    row: &RowAnswer,
    receipts: &mut impl Iterator<Item = Receipt>,
    layout: &Layout,
) -> csv::Result<()> {
    let remarks: Vec<String> = row
        .remarks
        .iter()
        .map(|remark| match remark.column {
            Some(column) => format!("{}: {}", headings_of(&[column], layout), remark.text),
            None => remark.text.clone(),
        })
        .collect();
    let (number, remarks) = (row.number.to_string(), remarks.join("; "));
    let mut write = |line: Line<'_>| write_line(text, &row.id, &number, &line, &remarks);
    for name in &row.names {
        write_name(&mut write, name, &receipts.next().unwrap_or_default(), layout)?;
    }
    if !row.faults.is_empty() {
        let error: Vec<String> = row.faults.iter().map(ToString::to_string).collect();
        let columns: Vec<usize> = row.faults.iter().filter_map(|fault| fault.column).collect();
        let (error, column) = (error.join("; "), headings_of(&columns, layout));
        write(Line { result: "error", error: &error, column: &column, ..Line::default() })?;
    }
    Ok(())
}

fn write_name(
    write: &mut impl FnMut(Line<'_>) -> csv::Result<()>,
    name: &NameAnswer,
    receipt: &Receipt,
    layout: &Layout,
) -> csv::Result<()> {
    let NameAnswer { answer, .. } = name;
    let Answer { hits, set_aside, stamp, .. } = answer;
    let (lists, column) = (lists_of(stamp), headings_of(&name.columns, layout));
    let record = if receipt.number > 0 { receipt.number.to_string() } else { String::new() };
    let common = || Line {
        lists: &lists,
        snapshot: &stamp.snapshot,
        column: &column,
        given: &name.subject.name,
        record: &record,
        ..Line::default()
    };
    for (hits, result, standings) in
        [(hits, "hit", receipt.standings.as_slice()), (set_aside, "set aside", &[])]
    {
        for (place, hit) in hits.iter().enumerate() {
            let standing = standings.get(place);
            write(Line {
                match_id: standing.map_or("", |s| &s.match_id),
                standing: standing.map_or("", standing_word),
                decision: &standing.map(Standing::sentence).unwrap_or_default(),
                result,
                score: &format!("{:.4}", hit.score),
                strength: hit.strength.as_str(),
                list: &hit.list,
                entity_id: &hit.entity_id,
                kind: hit.kind.as_str(),
                name: &hit.name,
                matched_name: &hit.matched_name,
                summary: &hit.explanation.summary,
                would_settle: &hit.explanation.settle.join("; "),
                ..common()
            })?;
        }
    }
    if hits.is_empty() && set_aside.is_empty() {
        write(Line { result: "no hit", ..common() })?;
    }
    Ok(())
}

/// The lists an answer rests on, as of when, and what is wrong with them.
fn lists_of(stamp: &Stamp) -> String {
    let mut text = String::new();
    for list in &stamp.lists {
        let as_of = if list.as_of.is_empty() { &list.imported } else { &list.as_of };
        let stale = if list.stale { " (STALE)" } else { "" };
        let between = if text.is_empty() { "" } else { "; " };
        text.push_str(&format!("{between}{} {as_of}{stale}", list.list));
    }
    if stamp.demo { format!("DEMONSTRATION LISTS: {text}") } else { text }
}

fn write_line(
    text: &mut csv::Writer<Vec<u8>>,
    id: &str,
    row: &str,
    line: &Line<'_>,
    remarks: &str,
) -> csv::Result<()> {
    let cells: [&str; HEADINGS.len()] = [
        id,
        row,
        line.result,
        line.score,
        line.strength,
        line.list,
        line.entity_id,
        line.kind,
        line.name,
        line.matched_name,
        line.summary,
        line.would_settle,
        line.error,
        line.lists,
        line.snapshot,
        line.column,
        line.given,
        remarks,
        line.record,
        line.match_id,
        line.standing,
        line.decision,
    ];
    for cell in cells {
        // A spreadsheet takes a cell that begins like this for a formula; the apostrophe makes it text.
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
            text.write_field(format!("'{cell}"))?;
        } else {
            text.write_field(cell)?;
        }
    }
    text.write_record(None::<&[u8]>)
}
