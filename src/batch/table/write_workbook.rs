//! Answered rows as an XLSX workbook.
//!
//! Sheets: what was screened against which lists, hits, every row with its outcome, rows that could not be
//! read, remarks. Rows go to temporary files as they come, so that memory does not grow with them. Text is
//! always written as text, never as a formula, whatever it begins with. The same rows, lists, options and
//! day give the same bytes.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use crate::batch::BatchError;
use crate::batch::pipeline::{Output, Tally};
use crate::review::audit::Receipt;
use crate::review::queue::{MatchState, Standing};
use crate::screening::{Hit, Stamp, SubjectKind};

use super::answer::{NameAnswer, RowAnswer, headings_of, standing_word};
use super::layout::{Layout, letter};

/// Rows of a sheet, the header line included: Excel's own limit.
const MAX_SHEET_ROWS: u32 = 1_048_576;
/// Longest text of a cell, in characters. Excel holds 32,767 UTF-16 units, and a character may be two.
const MAX_TEXT: usize = 16_000;

/// What a workbook of answers says of itself beside the answers.
#[derive(Clone, Debug)]
pub struct About {
    /// What the answers rest on.
    pub stamp: Stamp,
    /// What must be said loudly: demonstration, stale and missing lists.
    pub warnings: Vec<String>,
    /// The day of the screening, UTC.
    pub day: jiff::civil::Date,
}

/// The columns of a sheet: heading and width in characters.
type Columns = &'static [(&'static str, u8)];

const HITS: Columns = &[
    ("Row", 7),
    ("Id", 14),
    ("Column", 18),
    ("Screened as", 13),
    ("Name as given", 34),
    ("Result", 10),
    ("Score", 8),
    ("Strength", 10),
    ("List", 9),
    ("Reference", 22),
    ("Kind", 13),
    ("Listed name", 34),
    ("Name matched", 34),
    ("Why", 70),
    ("What would settle it", 30),
    ("Standing", 12),
    ("Decision", 50),
    ("Suspected match", 20),
    ("Record", 10),
];
const ROWS: Columns = &[
    ("Row", 7),
    ("Id", 14),
    ("Outcome", 16),
    ("Names screened", 16),
    ("Hits", 8),
    ("Set aside", 11),
    ("Cleared before", 14),
    ("Record", 10),
];
const FAULTS: Columns =
    &[("Sheet", 18), ("Row", 7), ("Id", 14), ("Column", 10), ("Heading", 24), ("Reason", 90)];
const REMARKS: Columns = &[("Row", 7), ("Id", 14), ("Column", 10), ("Heading", 24), ("Remark", 90)];

/// How cells look.
struct Looks {
    title: Format,
    heading: Format,
    text: Format,
    score: Format,
    warning: Format,
}

impl Looks {
    fn new() -> Self {
        let text = Format::new().set_align(FormatAlign::Top).set_text_wrap();
        Self {
            title: Format::new().set_bold().set_font_size(14),
            heading: Format::new()
                .set_bold()
                .set_align(FormatAlign::Top)
                .set_text_wrap()
                .set_background_color(Color::RGB(0xDD_E6_EE))
                .set_border_bottom(FormatBorder::Thin),
            // Zeros show how finely a score is meant to be read.
            score: Format::new().set_align(FormatAlign::Top).set_num_format("0.00"),
            warning: text.clone().set_bold().set_font_color(Color::RGB(0xB0_00_20)),
            text,
        }
    }
}

/// A sheet that is filled from the top down.
struct Page {
    sheet: Worksheet,
    name: &'static str,
    columns: Columns,
    /// The row written next, from 0.
    next: u32,
}

impl Page {
    fn new(
        workbook: &mut Workbook,
        name: &'static str,
        columns: Columns,
        looks: &Looks,
    ) -> Result<Self, XlsxError> {
        let mut sheet = workbook.new_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_landscape().set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        for (column, (heading, width)) in (0..).zip(columns) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(0, column, *heading, &looks.heading)?;
        }
        Ok(Self { sheet, name, columns, next: 1 })
    }

    /// Begins a row.
    fn row(&mut self) -> Result<u32, BatchError> {
        let row = self.next;
        if row >= MAX_SHEET_ROWS {
            return Err(BatchError::SheetFull { sheet: self.name, rows: MAX_SHEET_ROWS - 1 });
        }
        self.next += 1;
        Ok(row)
    }

    /// Closes the sheet: what was written can be filtered.
    fn finish(mut self) -> Result<Worksheet, XlsxError> {
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        self.sheet.autofilter(0, 0, self.next - 1, last)?;
        Ok(self.sheet)
    }
}

/// A cell to be written.
enum Value<'a> {
    Text(&'a str),
    Count(u64),
    Score(f64),
}

/// A workbook that is being filled.
pub(super) struct Book<'a> {
    workbook: Workbook,
    looks: Looks,
    layout: &'a Layout,
    hits: Page,
    rows: Page,
    faults: Page,
    remarks: Page,
}

impl<'a> Book<'a> {
    /// A workbook without rows.
    ///
    /// # Errors
    /// When there is no place for temporary files.
    pub(super) fn new(layout: &'a Layout) -> Result<Self, BatchError> {
        guarded(|| {
            let mut workbook = Workbook::new();
            let looks = Looks::new();
            Ok(Self {
                hits: Page::new(&mut workbook, "Hits", HITS, &looks)?,
                rows: Page::new(&mut workbook, "Rows", ROWS, &looks)?,
                faults: Page::new(&mut workbook, "Not read", FAULTS, &looks)?,
                remarks: Page::new(&mut workbook, "Remarks", REMARKS, &looks)?,
                workbook,
                looks,
                layout,
            })
        })
    }

    /// Writes what is said of the whole, and the workbook to `output`.
    pub(super) fn finish(
        self,
        about: &About,
        tally: &Tally,
        output: &mut (dyn Write + Send),
    ) -> Result<(), BatchError> {
        guarded(move || {
            let Self { mut workbook, looks, layout, hits, rows, faults, remarks } = self;
            let overview = overview(&mut workbook, &looks, layout, about, tally)?;
            for sheet in [overview, hits.finish()?, rows.finish()?, faults.finish()?, remarks.finish()?] {
                workbook.push_worksheet(sheet);
            }
            let day = about.day;
            let year = u16::try_from(day.year()).unwrap_or(1970);
            let created =
                ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs())?;
            let properties = DocProperties::new().set_title("Screening").set_creation_datetime(&created);
            workbook.set_properties(&properties);
            workbook.save_to_writer(output)?;
            Ok(())
        })
    }

    fn write_row(&mut self, row: &RowAnswer, receipts: &[Receipt]) -> Result<(), BatchError> {
        let Self { looks, layout, hits, rows, faults, remarks, .. } = self;
        let (mut set_aside, mut cleared) = (0, 0);
        let none = Receipt::default();
        for (place, name) in row.names.iter().enumerate() {
            let receipt = receipts.get(place).unwrap_or(&none);
            for (place, hit) in name.answer.hits.iter().enumerate() {
                let shown = Shown {
                    hit,
                    result: "hit",
                    record: receipt.number,
                    standing: receipt.standings.get(place),
                };
                write_hit(hits, looks, layout, row, name, &shown)?;
            }
            for hit in &name.answer.set_aside {
                let shown = Shown { hit, result: "set aside", record: receipt.number, standing: None };
                write_hit(hits, looks, layout, row, name, &shown)?;
            }
            set_aside += name.answer.set_aside.len() as u64;
            cleared += receipt.standings.iter().filter(|s| s.state == MatchState::Cleared).count() as u64;
        }
        // All names of a row are in one record: they are of one chunk and one case.
        let record = receipts.first().map_or(0, |receipt| receipt.number);
        let outcome = if !row.faults.is_empty() {
            if row.names.is_empty() { "not read" } else { "not all answered" }
        } else if row.hits() > cleared {
            "hits"
        } else if cleared > 0 {
            "cleared before"
        } else if set_aside > 0 {
            "set aside"
        } else {
            "no hit"
        };
        let cells = [
            Value::Count(row.number),
            Value::Text(&row.id),
            Value::Text(outcome),
            Value::Count(row.names.len() as u64),
            Value::Count(row.hits()),
            Value::Count(set_aside),
            Value::Count(cleared),
            recorded(record),
        ];
        write_cells(rows, looks, &cells)?;
        let place = |column: Option<usize>| match column {
            Some(column) => (letter(column), headings_of(&[column], layout)),
            None => (String::new(), String::new()),
        };
        for fault in &row.faults {
            let (column, heading) = place(fault.column);
            let sheet = layout.sheet.as_deref().unwrap_or_default();
            let cells = [
                Value::Text(sheet),
                Value::Count(row.number),
                Value::Text(&row.id),
                Value::Text(&column),
                Value::Text(&heading),
                Value::Text(&fault.to_string()),
            ];
            write_cells(faults, looks, &cells)?;
        }
        for remark in &row.remarks {
            let (column, heading) = place(remark.column);
            let cells = [
                Value::Count(row.number),
                Value::Text(&row.id),
                Value::Text(&column),
                Value::Text(&heading),
                Value::Text(&remark.text),
            ];
            write_cells(remarks, looks, &cells)?;
        }
        Ok(())
    }
}

impl Output<Vec<RowAnswer>> for Book<'_> {
    fn write(&mut self, answers: Vec<RowAnswer>, receipts: Vec<Receipt>) -> Result<(), BatchError> {
        guarded_batch(|| {
            let mut receipts = receipts.as_slice();
            answers.iter().try_for_each(|row| {
                let (own, rest) = receipts.split_at(row.names.len().min(receipts.len()));
                receipts = rest;
                self.write_row(row, own)
            })
        })
    }

    fn flush(&mut self) -> Result<(), BatchError> {
        // A workbook can be read when it is whole.
        Ok(())
    }
}

/// The number of a record; nothing where there is none.
fn recorded(number: i64) -> Value<'static> {
    u64::try_from(number).ok().filter(|n| *n > 0).map_or(Value::Text(""), Value::Count)
}

/// A hit as a line of the sheet shows it.
struct Shown<'a> {
    hit: &'a Hit,
    result: &'static str,
    record: i64,
    standing: Option<&'a Standing>,
}

fn write_hit(
    page: &mut Page,
    looks: &Looks,
    layout: &Layout,
    row: &RowAnswer,
    name: &NameAnswer,
    Shown { hit, result, record, standing }: &Shown<'_>,
) -> Result<(), BatchError> {
    let decision = standing.map(Standing::sentence).unwrap_or_default();
    let cells = [
        Value::Count(row.number),
        Value::Text(&row.id),
        Value::Text(&headings_of(&name.columns, layout)),
        Value::Text(match name.subject.kind {
            SubjectKind::Person => "person",
            SubjectKind::Organisation => "organisation",
            SubjectKind::Any => "any",
        }),
        Value::Text(&name.subject.name),
        Value::Text(result),
        Value::Score(hit.score),
        Value::Text(hit.strength.as_str()),
        Value::Text(&hit.list),
        Value::Text(&hit.entity_id),
        Value::Text(hit.kind.as_str()),
        Value::Text(&hit.name),
        Value::Text(&hit.matched_name),
        Value::Text(&hit.explanation.summary),
        Value::Text(&hit.explanation.settle.join("; ")),
        Value::Text(standing.map_or("", standing_word)),
        Value::Text(&decision),
        Value::Text(standing.map_or("", |s| &s.match_id)),
        recorded(*record),
    ];
    write_cells(page, looks, &cells)
}

fn write_cells(page: &mut Page, looks: &Looks, cells: &[Value<'_>]) -> Result<(), BatchError> {
    let row = page.row()?;
    for (column, cell) in (0..).zip(cells) {
        write_cell(&mut page.sheet, row, column, cell, looks).map_err(write_error)?;
    }
    Ok(())
}

fn write_cell(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    value: &Value<'_>,
    looks: &Looks,
) -> Result<(), XlsxError> {
    match value {
        Value::Text("") => {}
        Value::Text(text) => {
            sheet.write_string_with_format(row, column, shown(text), &looks.text)?;
        }
        Value::Count(count) => {
            sheet.write_number_with_format(row, column, *count as f64, &looks.text)?;
        }
        Value::Score(score) => {
            sheet.write_number_with_format(row, column, *score, &looks.score)?;
        }
    }
    Ok(())
}

/// The sheet that says what the answers rest on.
fn overview(
    workbook: &mut Workbook,
    looks: &Looks,
    layout: &Layout,
    about: &About,
    tally: &Tally,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = workbook.new_worksheet_with_constant_memory()?;
    sheet.set_name("Screening")?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    for (column, width) in (0..).zip([30, 44, 26, 12, 12]) {
        sheet.set_column_width(column, width)?;
    }
    sheet.write_string_with_format(0, 0, "Screening", &looks.title)?;
    let mut at = 2;
    let mut line = |cells: &[&str], look: &Format| -> Result<(), XlsxError> {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string_with_format(at, column, shown(cell), look)?;
        }
        at += 1;
        Ok(())
    };
    for warning in &about.warnings {
        let (label, text) = warning.split_once(": ").unwrap_or(("", warning));
        line(&[label, text], &looks.warning)?;
    }
    let Stamp { snapshot, lists, matcher, threshold, .. } = &about.stamp;
    let source = match &layout.sheet {
        Some(sheet) => format!("sheet {sheet}, header line in row {}", layout.header_row),
        None => format!("table, header line in row {}", layout.header_row),
    };
    let stale: Vec<&str> = lists.iter().filter(|l| l.stale).map(|l| l.list.as_str()).collect();
    let number = |n: u64| n.to_string();
    let facts = [
        ("Screened on", format!("{} (UTC)", about.day)),
        ("Read from", source),
        ("Rows", number(tally.rows)),
        ("Rows not read, or not wholly", number(tally.errors)),
        ("Rows with hits", number(tally.with_hits)),
        ("Rows screened, without hits", number(tally.without_hits)),
        ("Rows with remarks", number(tally.with_remarks)),
        ("Names screened", number(tally.names)),
        ("Hits", number(tally.hits)),
        ("Hits cleared before", number(tally.cleared)),
        ("Threshold", threshold.to_string()),
        ("Stale lists", if stale.is_empty() { "none".into() } else { stale.join(", ") }),
        ("Snapshot", snapshot.clone()),
        ("Matcher", matcher.clone()),
        ("Dates", "day before month: 03/04/1980 is 3 April 1980".into()),
    ];
    for (label, value) in &facts {
        line(&[label, value], &looks.text)?;
    }
    line(&[], &looks.text)?;
    line(&["List", "As of", "Imported", "Age in days", "Stale"], &looks.heading)?;
    for list in lists {
        let day = |instant: &'_ str| instant.split('T').next().unwrap_or_default().to_owned();
        let as_of = if list.as_of.is_empty() { "not said".into() } else { day(&list.as_of) };
        let stale = if list.stale { "STALE" } else { "no" };
        let look = if list.stale { &looks.warning } else { &looks.text };
        line(&[&list.list, &as_of, &day(&list.imported), &list.age_days.to_string(), stale], look)?;
    }
    line(&[], &looks.text)?;
    line(&["Column", "Taken as"], &looks.heading)?;
    for column in layout.columns.iter() {
        let heading = headings_of(&[column.index], layout);
        line(&[&format!("{} {heading}", column.letter()), &layout.taken_as(column)], &looks.text)?;
    }
    for remark in &layout.remarks {
        line(&["", remark], &looks.text)?;
    }
    line(&[], &looks.text)?;
    line(&["", "A hit is a reason to look, never a verdict. A person decides."], &looks.text)?;
    Ok(sheet)
}

/// Text as a cell shows it: no control characters, which XML cannot hold or which could show a name as
/// another, and no longer than a cell can be.
fn shown(text: &str) -> String {
    let turns = |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}' | '\u{FFFF}');
    let plain = |c: char| if (c.is_control() && c != '\n') || turns(c) { ' ' } else { c };
    let mut shown: String = text.chars().take(MAX_TEXT).map(plain).collect();
    if text.chars().nth(MAX_TEXT).is_some() {
        shown.push('…');
    }
    shown
}

/// Runs what writes temporary files: the library panics where one cannot be written, as on a full disk.
fn guarded<T>(work: impl FnOnce() -> Result<T, XlsxError>) -> Result<T, BatchError> {
    guarded_batch(|| work().map_err(write_error))
}

fn guarded_batch<T>(work: impl FnOnce() -> Result<T, BatchError>) -> Result<T, BatchError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let what = "the workbook could not be written; is there room for temporary files?";
        Err(BatchError::Write(io::Error::other(what)))
    })
}

fn write_error(error: XlsxError) -> BatchError {
    match error {
        XlsxError::IoError(error) => BatchError::Write(error),
        other => BatchError::Write(io::Error::other(other.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_sheet_is_an_error_that_says_what_to_do() {
        let layout = Layout::default();
        let mut book = Book::new(&layout).unwrap();
        book.rows.next = MAX_SHEET_ROWS - 1;
        let row = RowAnswer { number: 2, id: String::new(), names: vec![], faults: vec![], remarks: vec![] };
        assert!(book.write_row(&row, &[]).is_ok());
        let error = book.write_row(&row, &[]).unwrap_err();
        assert!(error.is_input());
        assert!(
            error.to_string().starts_with("the sheet \"Rows\" of the answers is full after 1048575 rows")
        );
    }

    #[test]
    fn a_cell_shows_no_more_than_it_can_hold() {
        assert_eq!(shown("a\u{7}b\nc\u{202e}d\t"), "a b\nc d ");
        let long = shown(&"𝒳".repeat(40_000));
        assert_eq!(long.chars().count(), MAX_TEXT + 1);
        assert!(long.encode_utf16().count() < 32_767 && long.ends_with('…'));
    }
}
