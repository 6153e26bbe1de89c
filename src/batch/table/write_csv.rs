//! Answered rows as CSV.
//!
//! One line a hit, and one for each name without hits and each row with a fault, so that every question is
//! seen to be answered.

use crate::screening::{Answer, Stamp};

use super::answer::{NameAnswer, RowAnswer, headings_of};
use super::layout::Layout;

/// Headings of the answers. README documents them; new ones are added at the end.
const HEADINGS: [&str; 18] = [
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
}

/// The header line.
pub(super) fn heading() -> Vec<u8> {
    let mut text = HEADINGS.join(",").into_bytes();
    text.push(b'\n');
    text
}

/// The lines of some rows.
pub(super) fn render(rows: Vec<RowAnswer>, layout: &Layout) -> Vec<u8> {
    let mut text = csv::Writer::from_writer(Vec::with_capacity(rows.len() * 128));
    for row in &rows {
        // Writing into memory cannot fail, and all lines have the same number of cells.
        let _ = write_row(&mut text, row, layout);
    }
    text.into_inner().unwrap_or_default()
}

fn write_row(text: &mut csv::Writer<Vec<u8>>, row: &RowAnswer, layout: &Layout) -> csv::Result<()> {
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
        write_name(&mut write, name, layout)?;
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
    layout: &Layout,
) -> csv::Result<()> {
    let NameAnswer { answer, .. } = name;
    let Answer { hits, set_aside, stamp, .. } = answer;
    let (lists, column) = (lists_of(stamp), headings_of(&name.columns, layout));
    let common = || Line {
        lists: &lists,
        snapshot: &stamp.snapshot,
        column: &column,
        given: &name.name,
        ..Line::default()
    };
    for (hits, result) in [(hits, "hit"), (set_aside, "set aside")] {
        for hit in hits {
            write(Line {
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
