//! CSV tables as rows of cells.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::batch::BatchError;

use super::layout::Layout;
use super::record::{Cell, Fault, Row};
use super::{ROWS_PER_CHUNK, Reading, RowChunk};

/// Longest row accepted, in bytes. A quotation mark that is never closed turns the rest of a file into
/// one row; this stops it from filling the memory.
const MAX_ROW: u64 = 2 << 20;
/// Longest header line accepted, in bytes.
const MAX_HEADER: u64 = 64 << 10;

/// The bytes of a table.
type Input<'a> = Box<dyn Read + Send + 'a>;

/// Lets through a bounded number of bytes between two refills of its allowance.
struct Bounded<'a> {
    inner: Input<'a>,
    allowance: Arc<AtomicU64>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.allowance.load(Ordering::Relaxed) == 0 {
            let what = "a row is too long; is a quotation mark never closed?";
            return Err(io::Error::new(io::ErrorKind::InvalidData, what));
        }
        let read = self.inner.read(buffer)?;
        let left = self.allowance.load(Ordering::Relaxed).saturating_sub(read as u64);
        self.allowance.store(left, Ordering::Relaxed);
        Ok(read)
    }
}

/// The rows below the header line.
pub(super) struct CsvRows<'a> {
    reader: csv::Reader<Bounded<'a>>,
    allowance: Arc<AtomicU64>,
    /// Cells of the header line.
    width: usize,
    /// Number of the row last read, the header line being row 1.
    number: u64,
    /// An error met in the middle of a chunk: told once the rows before it have been given.
    failed: Option<BatchError>,
}

/// Reads the header line.
pub(super) fn open<'a>(input: Input<'a>, reading: &Reading) -> Result<(Layout, CsvRows<'a>), BatchError> {
    if reading.sheet.is_some() {
        return Err(BatchError::Table("--sheet: a CSV table has no sheets".into()));
    }
    let (delimiter, inner) = delimiter_of(input)?;
    let allowance = Arc::new(AtomicU64::new(MAX_ROW));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(true)
        .from_reader(Bounded { inner, allowance: Arc::clone(&allowance) });
    let headings: Vec<String> = reader.headers().map_err(read_error)?.iter().map(str::to_owned).collect();
    let mut layout = Layout::new("", &headings, &reading.corrections)?;
    layout.header_row = 1;
    Ok((layout, CsvRows { reader, allowance, width: headings.len(), number: 1, failed: None }))
}

impl CsvRows<'_> {
    /// The next rows; none at the end.
    pub(super) fn next_chunk(&mut self) -> Result<Option<RowChunk>, BatchError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut rows = Vec::new();
        while rows.len() < ROWS_PER_CHUNK {
            let mut record = csv::ByteRecord::new();
            self.allowance.store(MAX_ROW, Ordering::Relaxed);
            match self.reader.read_byte_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                // Told once the rows before it have been given.
                Err(error) => {
                    self.failed = Some(read_error(error));
                    break;
                }
            }
            self.number += 1;
            rows.push(self.row(&record));
        }
        let position = self.reader.position().byte();
        match self.failed.take_if(|_| rows.is_empty()) {
            Some(error) => Err(error),
            None => Ok((!rows.is_empty()).then_some(RowChunk { rows, position })),
        }
    }

    fn row(&self, record: &csv::ByteRecord) -> Row {
        // Bytes that are no UTF-8 become replacement characters here and a fault of their row below.
        let cell = |bytes| Cell::Text(String::from_utf8_lossy(bytes).into_owned());
        let cells: Vec<Cell> = record.iter().map(cell).collect();
        let is_broken = |cell: &Cell| matches!(cell, Cell::Text(text) if text.contains('\u{fffd}'));
        let fault = if cells.len() > self.width {
            let what =
                format!("has {} cells, the header has {}; is a cell not quoted?", cells.len(), self.width);
            Some(Fault::of_row(what))
        } else if cells.iter().any(is_broken) {
            Some(Fault::of_row("is not UTF-8; save the table as UTF-8"))
        } else {
            None
        };
        Row { number: self.number, cells, fault, ..Row::default() }
    }
}

/// Which of comma, semicolon and tab the header line holds most of; and the input, still whole but for
/// a byte order mark.
fn delimiter_of(input: Input<'_>) -> Result<(u8, Input<'_>), BatchError> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut header = Vec::new();
    (&mut input).take(MAX_HEADER).read_until(b'\n', &mut header).map_err(BatchError::Read)?;
    let fault = |what: &str| Err(BatchError::Table(what.into()));
    if header.starts_with(b"PK\x03\x04") {
        return fault(
            "this is a workbook or another zip file and no CSV; name it .xlsx, or use --format xlsx",
        );
    }
    if header.starts_with(b"\xff\xfe") || header.starts_with(b"\xfe\xff") {
        return fault("the table is UTF-16; save it as CSV UTF-8");
    }
    if header.len() as u64 == MAX_HEADER {
        return fault(&format!("the header line is longer than {MAX_HEADER} bytes"));
    }
    if let Some(rest) = header.strip_prefix(b"\xef\xbb\xbf") {
        header = rest.to_vec();
    }
    let count = |delimiter| header.iter().filter(|b| **b == delimiter).count();
    // The last of equals wins: with none of them at all it is a single column, and commas are the rule.
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',');
    Ok((delimiter, Box::new(Cursor::new(header).chain(input))))
}

fn read_error(error: csv::Error) -> BatchError {
    let place = error.position().map(|p| format!("row {}: ", p.record() + 1)).unwrap_or_default();
    match error.into_kind() {
        csv::ErrorKind::Io(e) if e.kind() == io::ErrorKind::InvalidData => {
            BatchError::Table(format!("{place}{e}"))
        }
        csv::ErrorKind::Io(e) => BatchError::Read(e),
        csv::ErrorKind::Utf8 { .. } => {
            BatchError::Table(format!("{place}the table is not UTF-8; save it as UTF-8"))
        }
        _ => BatchError::Table(format!("{place}the table cannot be read as CSV")),
    }
}
