//! A sheet of an XLSX workbook as rows of cells.
//!
//! The sheet is gone through twice: once to see which rows and columns hold anything and where its header
//! line is, and once to answer it. Both times cell by cell, so that a sheet is never held whole.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Dimensions, Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader, XlsxError};

use crate::batch::BatchError;
use crate::model::PartialDate;

use super::headings::Meaning;
use super::layout::{Column, Layout, MAX_COLUMNS, letter};
use super::merged::{Merged, range};
use super::record::{Cell, Remark, Row};
use super::values::date_of;
use super::{NextRows, ROWS_PER_CHUNK, Reading, RowChunk, guard};

/// Most rows of a sheet that are read. Excel has room for 1,048,576; a university screens some thousands of
/// people a year. CSV has no such limit.
const MAX_ROWS: u64 = 250_000;
/// How many rows that hold anything are looked at to find the header line: sheets begin with titles.
const HEADER_WITHIN: usize = 10;

/// The bytes of a workbook.
pub(super) trait Bytes: Read + Seek + Send {}
impl<T: Read + Seek + Send> Bytes for T {}

type Input<'a> = Box<dyn Bytes + 'a>;

/// A sheet whose header line has been found.
pub(super) struct Workbook<'a> {
    xlsx: Xlsx<Input<'a>>,
    sheet: String,
    merged: Vec<Dimensions>,
    /// Rows below the header line that hold anything.
    rows: u64,
}

/// What one pass through a sheet found.
struct Scan {
    /// The first rows that hold anything, by number, with the texts of their cells.
    first: Vec<(u64, Vec<String>)>,
    /// Rows that hold anything.
    rows: u64,
    /// Columns that hold anything, with the last row that does.
    columns: BTreeMap<usize, u64>,
}

/// One cell of a sheet.
struct Found<'a> {
    row: u64,
    column: usize,
    value: DataRef<'a>,
    is_formula: bool,
}

/// Opens a workbook and finds the header line of its sheet.
///
/// # Errors
/// See [`super::Table::workbook`].
pub(super) fn open<'a>(
    mut input: Input<'a>,
    reading: &Reading,
) -> Result<(Layout, Workbook<'a>), BatchError> {
    guard::check(&mut input)?;
    guarded(move || {
        let mut xlsx = Xlsx::new(input).map_err(|e| fault_of("", &e))?;
        let (sheet, scan, others) = choose(&mut xlsx, reading)?;
        let place = format!("sheet {sheet:?}: ");
        let merged = xlsx.merge_cells_by_sheet_name(&sheet).map_err(|e| fault_of(&place, &e))?;
        let layout = layout_of(&sheet, &scan, &merged, others, reading)?;
        let above = scan.first.iter().filter(|(row, _)| *row <= layout.header_row).count() as u64;
        Ok((layout, Workbook { xlsx, sheet, merged, rows: scan.rows - above }))
    })
}

/// The sheet to read, what it holds, and the names of others that hold anything to be looked at.
fn choose(xlsx: &mut Xlsx<Input<'_>>, reading: &Reading) -> Result<(String, Scan, Vec<String>), BatchError> {
    let sheets: Vec<(String, bool)> = xlsx
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let listed = || {
        let names: Vec<String> = sheets.iter().take(50).map(|(name, _)| format!("{name:?}")).collect();
        if names.is_empty() { "none".into() } else { names.join(", ") }
    };
    if let Some(wanted) = &reading.sheet {
        let same = |(name, _): &&(String, bool)| name == wanted;
        let alike = |(name, _): &&(String, bool)| name.to_lowercase() == wanted.to_lowercase();
        let found = sheets.iter().find(same).or_else(|| sheets.iter().find(alike));
        let Some((name, _)) = found else {
            return fault(format!("--sheet: there is no sheet {wanted:?}; there are: {}", listed()));
        };
        let scan = scan(xlsx, name)?;
        if scan.rows == 0 {
            return fault(format!("sheet {name:?} is empty; the sheets are: {}", listed()));
        }
        return Ok((name.clone(), scan, Vec::new()));
    }
    let visible: Vec<&String> = sheets.iter().filter(|(_, visible)| *visible).map(|(name, _)| name).collect();
    for (at, name) in visible.iter().enumerate() {
        let scan = scan(xlsx, name)?;
        if scan.rows > 0 {
            let others = visible.iter().skip(at + 1).map(|name| (*name).clone()).collect();
            return Ok(((*name).clone(), scan, others));
        }
    }
    fault(format!("the workbook has no visible sheet that holds anything; its sheets are: {}", listed()))
}

/// Goes through a sheet once.
fn scan(xlsx: &mut Xlsx<Input<'_>>, sheet: &str) -> Result<Scan, BatchError> {
    let place = format!("sheet {sheet:?}: ");
    let reader = xlsx.worksheet_cells_reader(sheet).map_err(|e| fault_of(&place, &e))?;
    let mut cells = Cells { reader, sheet, last: (0, 0), done: false };
    let mut scan = Scan { first: Vec::new(), rows: 0, columns: BTreeMap::new() };
    let mut row = 0;
    while let Some(found) = cells.next()? {
        let cell = cell_of(&found);
        if cell.is_empty() || found.column >= MAX_COLUMNS {
            continue;
        }
        if found.row != row {
            (row, scan.rows) = (found.row, scan.rows + 1);
            if scan.rows > MAX_ROWS {
                return fault(format!(
                    "sheet {sheet:?} has more than {MAX_ROWS} rows, the most that are read of a workbook; spread \
                     it over several files, or save it as CSV, which has no limit"
                ));
            }
            if scan.first.len() < HEADER_WITHIN {
                scan.first.push((row, Vec::new()));
            }
        }
        scan.columns.insert(found.column, row);
        if let Some((_, texts)) = scan.first.last_mut().filter(|(number, _)| *number == row) {
            texts.resize(texts.len().max(found.column + 1), String::new());
            texts[found.column] = match cell {
                Cell::Text(text) => text,
                Cell::Date(date) => date.to_string(),
                Cell::Empty | Cell::Fault(_) => String::new(),
            };
        }
    }
    Ok(scan)
}

/// Finds the header line among the first rows, and recognises it.
fn layout_of(
    sheet: &str,
    scan: &Scan,
    merged: &[Dimensions],
    others: Vec<String>,
    reading: &Reading,
) -> Result<Layout, BatchError> {
    let header = scan.first.iter().find(|(_, texts)| Layout::has_subject(texts, &reading.corrections));
    let Some((header_row, texts)) = header.or(scan.first.first()) else {
        return fault(format!("sheet {sheet:?} is empty"));
    };
    let mut headings = texts.clone();
    let mut remarks = Vec::new();
    // A heading merged over several columns stands for each of them, where several may hold the same.
    for one in merged.iter().filter(|m| u64::from(m.start.0) + 1 == *header_row && m.end.1 > m.start.1) {
        let (from, to) = (one.start.1 as usize, (one.end.1 as usize).min(MAX_COLUMNS - 1));
        let Some(heading) = headings.get(from).cloned() else { continue };
        if Meaning::of_heading(&heading).is_some_and(Meaning::may_repeat) {
            headings.resize(headings.len().max(to + 1), String::new());
            headings[from..=to].iter_mut().filter(|h| h.is_empty()).for_each(|h| h.clone_from(&heading));
            remarks.push(format!(
                "the heading in {} is merged and was taken for each of its columns",
                range(one)
            ));
        }
    }
    // Columns without a heading that hold anything below it can be named by their letter.
    let below = scan.columns.iter().filter(|(_, last)| **last > *header_row).map(|(column, _)| *column);
    let width = below.max().map_or(0, |last| last + 1).max(headings.len());
    headings.resize(width, String::new());
    let place = format!("sheet {sheet:?}, row {header_row}: ");
    let mut layout = Layout::new(&place, &headings, &reading.corrections)?;
    let holds_something: BTreeSet<usize> =
        scan.columns.iter().filter(|(_, last)| **last > *header_row).map(|(column, _)| *column).collect();
    let is_shown = |c: &Column| !c.heading.is_empty() || c.corrected || holds_something.contains(&c.index);
    // Cells are looked up by place: only at the end may columns go.
    let last = layout.columns.iter().rposition(is_shown).map_or(0, |last| last + 1);
    layout.columns.truncate(last);
    let above = scan.first.iter().filter(|(row, _)| row < header_row).count();
    if above > 0 {
        let rows =
            if above == 1 { "1 row above it was".into() } else { format!("{above} rows above it were") };
        remarks.push(format!("row {header_row} is the header line; {rows} passed over"));
    }
    if !others.is_empty() {
        let names: Vec<String> = others.iter().take(10).map(|name| format!("{name:?}")).collect();
        remarks.push(format!("other sheets were not read: {} (--sheet NAME)", names.join(", ")));
    }
    if scan.rows == above as u64 + 1 {
        remarks.push("there are no rows below the header line".into());
    }
    layout.sheet = Some(sheet.to_owned());
    layout.header_row = *header_row;
    layout.remarks = remarks;
    Ok(layout)
}

impl Workbook<'_> {
    /// Rows below the header line that hold anything.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Gives the rows to `work`, chunk by chunk.
    pub(super) fn read<T>(
        mut self,
        layout: &Layout,
        work: &mut impl FnMut(&mut NextRows<'_>) -> Result<T, BatchError>,
    ) -> Result<T, BatchError> {
        let place = format!("sheet {:?}: ", self.sheet);
        let mut merged =
            Merged::new(&self.merged, layout).map_err(|e| BatchError::Table(format!("{place}{e}")))?;
        let reader = self.xlsx.worksheet_cells_reader(&self.sheet).map_err(|e| fault_of(&place, &e))?;
        let mut cells = Cells { reader, sheet: &self.sheet, last: (0, 0), done: false };
        let mut ahead: Option<Found<'_>> = None;
        let mut position = 0;
        let mut next = || -> Result<Option<RowChunk>, BatchError> {
            let mut rows: Vec<Row> = Vec::new();
            while rows.len() < ROWS_PER_CHUNK {
                let Some(mut row) = next_row(&mut cells, &mut ahead, layout)? else { break };
                merged.apply(&mut row, layout);
                rows.push(row);
                position += 1;
            }
            Ok((!rows.is_empty()).then_some(RowChunk { rows, position }))
        };
        work(&mut next)
    }
}

/// The next row below the header line that holds anything in a column of the layout.
fn next_row<'a>(
    cells: &mut Cells<'a, '_>,
    ahead: &mut Option<Found<'a>>,
    layout: &Layout,
) -> Result<Option<Row>, BatchError> {
    let mut row = Row::default();
    loop {
        let found = match ahead.take() {
            Some(found) => Some(found),
            None => cells.next()?,
        };
        let Some(found) = found else { break };
        let Some(column) = layout.columns.get(found.column).filter(|_| found.row > layout.header_row) else {
            continue;
        };
        let cell = cell_of(&found);
        if cell.is_empty() {
            continue;
        }
        if row.number != 0 && row.number != found.row {
            *ahead = Some(found);
            break;
        }
        row.number = found.row;
        if found.is_formula && column.meaning.is_some() && !matches!(cell, Cell::Fault(_)) {
            let text = "holds a formula; its stored value was taken".to_owned();
            row.remarks.push(Remark { column: Some(found.column), text });
        }
        row.cells.resize(row.cells.len().max(found.column + 1), Cell::Empty);
        row.cells[found.column] = cell;
    }
    Ok((row.number != 0).then_some(row))
}

/// The cells of a sheet in the order of the file.
struct Cells<'a, 's> {
    reader: XlsxCellReader<'a, Input<'s>>,
    sheet: &'a str,
    /// Row and column of the last cell, from 1 and from 0.
    last: (u64, usize),
    /// Whether the sheet has come to its end: behind it the reader finds only faults.
    done: bool,
}

impl<'a> Cells<'a, '_> {
    fn next(&mut self) -> Result<Option<Found<'a>>, BatchError> {
        if self.done {
            return Ok(None);
        }
        let (row, column) = self.last;
        let place = || match row {
            0 => format!("sheet {:?}: ", self.sheet),
            row => format!("sheet {:?}, after cell {}{row}: ", self.sheet, letter(column)),
        };
        let record = match self.reader.next_cell_with_formula_metadata() {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.done = true;
                return Ok(None);
            }
            Err(error) => return Err(fault_of(&place(), &error)),
        };
        let (row, column) = (u64::from(record.pos.0) + 1, record.pos.1 as usize);
        if (row, column) <= self.last && self.last.0 != 0 {
            return fault(format!("{}the cells of the sheet are not in order", place()));
        }
        self.last = (row, column);
        Ok(Some(Found { row, column, value: record.value, is_formula: record.formula.is_some() }))
    }
}

/// What a cell holds.
fn cell_of(found: &Found<'_>) -> Cell {
    let broken = |what: &str| Cell::Fault(what.to_owned());
    match &found.value {
        DataRef::Empty if found.is_formula => broken(
            "holds a formula without a stored value; open the workbook in a spreadsheet program and save it",
        ),
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(number) => Cell::Text(number.to_string()),
        // Rust writes a whole number without a decimal point, and no number with an exponent.
        DataRef::Float(number) => Cell::Text(number.to_string()),
        DataRef::Bool(value) => Cell::Text(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        DataRef::DateTime(date) if date.is_duration() => broken("holds a duration and no date"),
        DataRef::DateTime(date) if !(0.0..2_958_466.0).contains(&date.as_f64()) => {
            broken("holds a number that is no date")
        }
        DataRef::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            let date = PartialDate::new(i32::from(year), Some(u32::from(month)), Some(u32::from(day)));
            date.map_or_else(|_| broken("holds a number that is no date"), Cell::Date)
        }
        DataRef::DateTimeIso(text) => {
            date_of(text).map_or_else(|_| Cell::Text(text.clone()), |read| Cell::Date(read.date))
        }
        DataRef::DurationIso(_) => broken("holds a duration and no date"),
        DataRef::Error(error) => Cell::Fault(format!("holds the error {error} instead of a value")),
    }
}

/// Runs what reads a file that nobody vouches for: a panic in the reader is a fault of the file.
fn guarded<T>(work: impl FnOnce() -> Result<T, BatchError>) -> Result<T, BatchError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| fault("the workbook is damaged: it is not as spreadsheet programs write it"))
}

/// What the reader says of a file, without quoting what is in it.
fn fault_of(place: &str, error: &XlsxError) -> BatchError {
    let what = match error {
        XlsxError::Password => "the workbook is protected by a password; save it without one",
        XlsxError::NotAWorksheet(_) => "this is a chart and no sheet of cells",
        XlsxError::CellError(_) => {
            "a cell holds an error that zeef does not know; replace the formulas by their values"
        }
        XlsxError::Io(_) | XlsxError::Zip(_) => "the workbook is damaged: a part of it cannot be unpacked",
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::XmlEof(_) | XlsxError::Encoding(_) => {
            "the workbook is damaged: a part of it is no XML or breaks off"
        }
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound | XlsxError::WorksheetNotFound(_) => {
            "the workbook is damaged: a part of it is missing"
        }
        _ => "the workbook is damaged: it is not as spreadsheet programs write it",
    };
    BatchError::Table(format!("{place}{what}"))
}

fn fault<T>(what: impl Into<String>) -> Result<T, BatchError> {
    Err(BatchError::Table(what.into()))
}
