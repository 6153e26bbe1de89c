//! Tables of rows: CSV with a header line, in and out.
//!
//! The answer is one row a hit, and one row for each question without hits or with a fault, so that
//! every question is seen to be answered.

use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::StringRecord;

use crate::screening::{Answer, AnswerError, Stamp, Subject, SubjectError, SubjectIdentifier};

use super::BatchError;
use super::answers::guarded;
use super::pipeline::{self, Answered, Tally};
use super::rows::{countries, date_named, fault, gender_named, kind_named};

/// Most rows of a chunk; see [`super::lines`].
const ROWS_PER_CHUNK: usize = 256;
/// Longest row accepted, in bytes. A quotation mark that is never closed turns the rest of a file into
/// one row; this stops it from filling the memory.
const MAX_ROW: u64 = 2 << 20;
/// Longest header line accepted, in bytes.
const MAX_HEADER: u64 = 64 << 10;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Name,
    Aliases,
    Kind,
    BirthDate,
    BirthPlace,
    Gender,
    Countries,
    Address,
    Identifiers,
}

/// Column headings in lower case without spaces and punctuation. The first of each column is the one
/// that README documents; the others are what HR systems write, in English and Dutch.
const HEADINGS: &[(Column, &[&str])] = &[
    (Column::Id, &["id", "rowid", "reference", "ref", "number", "kenmerk", "nummer"]),
    (
        Column::Name,
        &["name", "fullname", "naam", "volledigenaam", "organisation", "institution", "instelling"],
    ),
    (Column::Aliases, &["aliases", "alias", "othernames", "anderenamen"]),
    (Column::Kind, &["kind", "type", "soort"]),
    (Column::BirthDate, &["birthdate", "dateofbirth", "dob", "born", "geboortedatum", "geboren"]),
    (Column::BirthPlace, &["birthplace", "placeofbirth", "geboorteplaats"]),
    (Column::Gender, &["gender", "sex", "geslacht"]),
    (
        Column::Countries,
        &["countries", "country", "nationality", "citizenship", "land", "landen", "nationaliteit"],
    ),
    (Column::Address, &["address", "city", "adres", "plaats", "stad"]),
    (Column::Identifiers, &["identifiers", "identifier", "passport", "paspoort", "paspoortnummer"]),
];

/// Headings of the answers.
const ANSWER_HEADINGS: [&str; 15] = [
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
];

/// Rows in their order, and where they begin in the file.
struct Rows {
    rows: Vec<StringRecord>,
    /// Row of the first, the header being row 1.
    first: u64,
    bytes_read: u64,
}

/// Lets through a bounded number of bytes between two refills of its allowance.
struct Bounded<R> {
    inner: R,
    allowance: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
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

/// Screens every row of a table.
pub(super) fn screen(
    ask: &(impl Fn(&Subject) -> Result<Answer, AnswerError> + Sync),
    input: impl Read + Send,
    output: &mut dyn Write,
    progress: &dyn Fn(&Tally),
) -> Result<Tally, BatchError> {
    let (delimiter, input) = delimiter_of(input)?;
    let allowance = Arc::new(AtomicU64::new(MAX_ROW));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(true)
        .from_reader(Bounded { inner: input, allowance: Arc::clone(&allowance) });
    let columns = columns_of(reader.headers().map_err(read_error)?)?;

    let mut heading = csv::Writer::from_writer(Vec::new());
    heading.write_record(ANSWER_HEADINGS).map_err(|e| BatchError::Write(e.into()))?;
    let heading = heading.into_inner().map_err(|e| BatchError::Write(e.into_error()))?;
    output.write_all(&heading).map_err(BatchError::Write)?;

    let mut number = 1;
    let mut failed = None;
    let next = || {
        if let Some(error) = failed.take() {
            return Err(error);
        }
        let mut rows = Rows { rows: Vec::new(), first: number + 1, bytes_read: 0 };
        while rows.rows.len() < ROWS_PER_CHUNK {
            let mut row = csv::ByteRecord::new();
            allowance.store(MAX_ROW, Ordering::Relaxed);
            match reader.read_byte_record(&mut row) {
                Ok(true) => {}
                Ok(false) => break,
                // Told once the rows before it have been given.
                Err(error) => {
                    failed = Some(read_error(error));
                    break;
                }
            }
            number += 1;
            // Bytes that are no UTF-8 become replacement characters here and an error of their row below.
            let row = StringRecord::from_byte_record(row)
                .unwrap_or_else(|e| StringRecord::from_byte_record_lossy(e.into_byte_record()));
            rows.rows.push(row);
        }
        rows.bytes_read = reader.position().byte();
        match failed.take_if(|_| rows.rows.is_empty()) {
            Some(error) => Err(error),
            None => Ok((!rows.rows.is_empty()).then_some(rows)),
        }
    };
    pipeline::in_order(next, |rows| answer_rows(&rows, &columns, ask), output, progress)
}

/// Which of comma, semicolon and tab the header line holds most of; and the input, still whole but for
/// a byte order mark.
fn delimiter_of(input: impl Read) -> Result<(u8, impl Read), BatchError> {
    let mut input = BufReader::with_capacity(1 << 16, input);
    let mut header = Vec::new();
    (&mut input).take(MAX_HEADER).read_until(b'\n', &mut header).map_err(BatchError::Read)?;
    if header.len() as u64 == MAX_HEADER {
        return Err(BatchError::Table(format!("the header line is longer than {MAX_HEADER} bytes")));
    }
    if let Some(rest) = header.strip_prefix(b"\xef\xbb\xbf") {
        header = rest.to_vec();
    }
    let count = |delimiter| header.iter().filter(|b| **b == delimiter).count();
    // The last of equals wins: with none of them at all it is a single column, and commas are the rule.
    let delimiter = [b'\t', b';', b','].into_iter().max_by_key(|d| count(*d)).unwrap_or(b',');
    Ok((delimiter, Cursor::new(header).chain(input)))
}

/// What each column holds; none for columns that zeef does not know, which are passed over.
fn columns_of(header: &StringRecord) -> Result<Vec<Option<Column>>, BatchError> {
    let columns: Vec<Option<Column>> = header
        .iter()
        .map(|heading| {
            let folded: String =
                heading.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            let known = HEADINGS.iter().find(|(_, names)| names.contains(&folded.as_str()));
            known.map(|(column, _)| *column)
        })
        .collect();
    let named = |column| columns.iter().filter(|c| **c == Some(column)).count();
    if named(Column::Name) == 0 {
        return Err(BatchError::Table(
            "the table has no column for the name; call it name in the header line".into(),
        ));
    }
    if let Some((_, names)) = HEADINGS.iter().find(|(column, _)| !may_repeat(*column) && named(*column) > 1) {
        return Err(BatchError::Table(format!("the table has more than one column for {}", names[0])));
    }
    Ok(columns)
}

/// Whether several columns may hold parts of the same.
fn may_repeat(column: Column) -> bool {
    matches!(column, Column::Aliases | Column::Countries | Column::Identifiers)
}

/// The subject that a row describes.
fn subject_of(row: &StringRecord, columns: &[Option<Column>]) -> Result<Subject, SubjectError> {
    if row.len() > columns.len() {
        let what =
            format!("has {} cells, the header has {}; is a cell not quoted?", row.len(), columns.len());
        return Err(fault("row", what));
    }
    if row.iter().any(|cell| cell.contains('\u{fffd}')) {
        return Err(fault("row", "is not UTF-8; save the table as UTF-8"));
    }
    let mut subject = Subject::default();
    for (cell, column) in row.iter().zip(columns) {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let several = || cell.split([';', '|']).map(str::trim).filter(|part| !part.is_empty());
        match column {
            None | Some(Column::Id) => {}
            Some(Column::Name) => subject.name = cell.to_owned(),
            Some(Column::Aliases) => subject.aliases.extend(several().map(str::to_owned)),
            Some(Column::Kind) => {
                subject.kind = kind_named(&cell.to_lowercase()).map_err(|what| fault("kind", what))?;
            }
            Some(Column::BirthDate) => {
                subject.birth_date = Some(date_named(cell).map_err(|what| fault("birth_date", what))?);
            }
            Some(Column::BirthPlace) => subject.birth_place = cell.to_owned(),
            Some(Column::Gender) => {
                subject.gender =
                    Some(gender_named(&cell.to_lowercase()).map_err(|what| fault("gender", what))?);
            }
            Some(Column::Countries) => {
                let given = cell.split([';', '|', ',']).map(str::to_owned).collect();
                subject.countries.extend(countries(given));
            }
            Some(Column::Address) => subject.address = cell.to_owned(),
            Some(Column::Identifiers) => subject.identifiers.extend(several().map(|part| {
                let (kind, number) = part.split_once('=').unwrap_or(("", part));
                SubjectIdentifier { kind: kind.trim().to_owned(), number: number.trim().to_owned() }
            })),
        }
    }
    subject.check()?;
    Ok(subject)
}

/// Answers a chunk of rows.
fn answer_rows(
    rows: &Rows,
    columns: &[Option<Column>],
    ask: &(impl Fn(&Subject) -> Result<Answer, AnswerError> + Sync),
) -> Answered {
    let mut text = csv::Writer::from_writer(Vec::with_capacity(rows.rows.len() * 128));
    let mut tally = Tally { bytes_read: rows.bytes_read, ..Tally::default() };
    let id_column = columns.iter().position(|c| *c == Some(Column::Id));
    for (row, number) in rows.rows.iter().zip(rows.first..) {
        tally.rows += 1;
        let answer = subject_of(row, columns)
            .map_err(|e| e.to_string())
            .and_then(|subject| guarded(|| ask(&subject).map_err(|e| e.to_string())));
        let id = id_column.and_then(|c| row.get(c)).unwrap_or_default().trim();
        let head = Head { id, row: &number.to_string() };
        // Writing into memory cannot fail, and all rows have the same number of cells.
        let _ = match &answer {
            Ok(answer) => {
                tally.with_hits += u64::from(!answer.hits.is_empty());
                write_answer(&mut text, &head, answer)
            }
            Err(error) => {
                tally.errors += 1;
                write_cells(&mut text, &head, "error", ["", "", "", "", "", "", "", "", "", error, "", ""])
            }
        };
    }
    Answered { text: text.into_inner().unwrap_or_default(), tally }
}

/// The cells with which every row of the answer begins.
struct Head<'a> {
    id: &'a str,
    row: &'a str,
}

fn write_answer(text: &mut csv::Writer<Vec<u8>>, head: &Head<'_>, answer: &Answer) -> csv::Result<()> {
    let lists = lists_of(&answer.stamp);
    for (hits, result) in [(&answer.hits, "hit"), (&answer.set_aside, "set aside")] {
        for hit in hits {
            write_cells(
                text,
                head,
                result,
                [
                    &format!("{:.4}", hit.score),
                    hit.strength.as_str(),
                    &hit.list,
                    &hit.entity_id,
                    hit.kind.as_str(),
                    &hit.name,
                    &hit.matched_name,
                    &hit.explanation.summary,
                    &hit.explanation.settle.join("; "),
                    "",
                    &lists,
                    &answer.stamp.snapshot,
                ],
            )?;
        }
    }
    if answer.hits.is_empty() && answer.set_aside.is_empty() {
        let cells = ["", "", "", "", "", "", "", "", "", "", &lists, &answer.stamp.snapshot];
        write_cells(text, head, "no hit", cells)?;
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

fn write_cells(
    text: &mut csv::Writer<Vec<u8>>,
    head: &Head<'_>,
    result: &str,
    cells: [&str; 12],
) -> csv::Result<()> {
    for cell in [head.id, head.row, result].into_iter().chain(cells) {
        // A spreadsheet takes a cell that begins like this for a formula; the apostrophe makes it text.
        if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
            text.write_field(format!("'{cell}"))?;
        } else {
            text.write_field(cell)?;
        }
    }
    text.write_record(None::<&[u8]>)
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
