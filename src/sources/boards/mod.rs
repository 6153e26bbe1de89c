//! A register of governing boards kept by an operator, as CSV: who sits on which organisation's board.
//!
//! UTF-8, with or without a byte-order mark; fields parted by commas, semicolons or tabs, whichever the
//! first line has most of; quotation marks as spreadsheets write them. The first line names the columns,
//! in any order and case; unknown columns are left out with an issue. An empty cell says nothing.
//!
//! | column | other headings | content |
//! |---|---|---|
//! | `organisation` (needed) | `organization`, `institution`, `company`, `organisatie`, `instelling`, `bedrijf` | the organisation's name |
//! | `member` (needed) | `board member`, `director`, `person`, `name`, `lid`, `bestuurslid`, `bestuurder`, `persoon`, `naam` | the member's name |
//! | `role` | `function`, `position`, `rol`, `functie` | chair, member, rector, … |
//! | `since` | `from`, `start`, `start date`, `sinds`, `vanaf`, `begin`, `begindatum`, `startdatum` | a date, see below |
//! | `until` | `to`, `end`, `end date`, `tot`, `tot en met`, `t/m`, `einde`, `einddatum` | likewise; empty, `present` or `heden` for a member who sits |
//! | `source` | `bron` | where it is from |
//! | `source_date` | `as of`, `date`, `peildatum`, `datum`, `datum bron` | as of when the source says so; else the one date written as `2025-03-01` in `source` |
//! | `organisation_id` | `id`, `organisatie id`, `kvk`, `kvk nummer`, `ror` | a number of the organisation |
//! | `country` | `land` | ISO 3166-1 alpha-2 code or the country's English or Dutch name |
//! | `birth_date` | `date of birth`, `born`, `geboortedatum`, `geboren` | the member's birth date |
//!
//! A date is `2020-04-03`, `2020-04` or `2020`, or day first as `3-4-2020` or `3.4.2020`; of `3/4/2020`,
//! which may be April or March, only the year is kept. A bad row is an issue with its line: without
//! organisation or member it is left out; a date that cannot be read, or an end before the beginning,
//! is left out and the member counts as sitting, since a wrong date must not hide anybody.

mod date;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::model::{BoardSeat, PartialDate, country};

use super::opening::{Form, LineCounter, delimiter, form_of, whole_text};
use super::registry::{Register, SeatSink};
use super::spelling::{key, tidy};
use super::{Header, Input, Issue, ReadError, Severity};

/// The register's name: how it is imported and carried.
pub const BOARDS: &str = "boards";

/// The register, for the registry.
pub(super) const REGISTER: Register = Register {
    name: BOARDS,
    title: "Register of governing boards",
    files: "CSV with the columns organisation, member, role, since, until, source",
    read,
};

/// The largest file taken: a million rows have some 100 MB.
const FILE_LIMIT: u64 = 256 << 20;
/// Most seats of a register.
const SEAT_LIMIT: usize = 1_000_000;
/// The longest cell taken, in bytes: a quotation mark that is never closed swallows the file.
const CELL_LIMIT: usize = 20_000;
/// The longest name taken, in characters; longer ones are no names.
const NAME_LIMIT: usize = 500;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Organisation,
    Member,
    Role,
    Since,
    Until,
    Source,
    SourceDate,
    OrganisationId,
    Country,
    BirthDate,
}

/// The columns and the keys of their headings ([`key`]: `source_date` and `Source date` are one).
const HEADINGS: [(Column, &[&str]); 10] = [
    (
        Column::Organisation,
        &[
            "organisation",
            "organization",
            "institution",
            "company",
            "organisatie",
            "instelling",
            "bedrijf",
            "organisation name",
            "naam organisatie",
        ],
    ),
    (
        Column::Member,
        &[
            "member",
            "board member",
            "director",
            "person",
            "name",
            "member name",
            "lid",
            "bestuurslid",
            "bestuurder",
            "persoon",
            "naam",
            "naam lid",
        ],
    ),
    (Column::Role, &["role", "function", "position", "rol", "functie"]),
    (
        Column::Since,
        &["since", "from", "start", "start date", "sinds", "vanaf", "begin", "begindatum", "startdatum"],
    ),
    (Column::Until, &["until", "to", "end", "end date", "tot", "tot en met", "t m", "einde", "einddatum"]),
    (Column::Source, &["source", "bron"]),
    (
        Column::SourceDate,
        &["source date", "as of", "date", "peildatum", "datum", "datum bron", "bron datum", "brondatum"],
    ),
    (
        Column::OrganisationId,
        &["organisation id", "organization id", "id", "organisatie id", "kvk", "kvk nummer", "ror"],
    ),
    (Column::Country, &["country", "land"]),
    (Column::BirthDate, &["birth date", "date of birth", "born", "geboortedatum", "geboren"]),
];

fn column(heading: &str) -> Option<Column> {
    let heading = key(heading);
    HEADINGS.iter().find(|(_, names)| names.contains(&heading.as_str())).map(|(column, _)| *column)
}

/// Reads a register, or several files as one.
///
/// # Errors
/// A file that is no such table, or without any seat.
fn read(inputs: Vec<Input<'_>>, sink: &mut dyn SeatSink) -> Result<Header, ReadError> {
    let mut reading = Reading { sink, seen: HashSet::new(), latest: None };
    for input in inputs {
        reading.file(input)?;
    }
    // The register stands as of its newest source: it says nothing of itself.
    Ok(Header { as_of: reading.latest.map(|d| d.to_string()).unwrap_or_default(), edition: String::new() })
}

struct Reading<'s> {
    sink: &'s mut dyn SeatSink,
    /// Rows so far, to tell doubles.
    seen: HashSet<u128>,
    latest: Option<PartialDate>,
}

impl Reading<'_> {
    fn file(&mut self, mut input: Input<'_>) -> Result<(), ReadError> {
        let file = input.name.clone();
        let refuse = |place: String, what: String| ReadError::Format { file: file.clone(), place, what };
        if form_of(&mut input)? != Form::Table {
            return Err(refuse("line 1".into(), format!("not a table: a {} is expected", REGISTER.files)));
        }
        let text = whole_text(input, FILE_LIMIT)?;
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(&text))
            .has_headers(false)
            .flexible(true)
            .from_reader(text.as_bytes());
        let mut lines = LineCounter::new(&text);
        let mut columns: Option<Vec<Option<Column>>> = None;
        let mut record = csv::StringRecord::new();
        let mut seats = 0;
        loop {
            // The text is UTF-8 and rows may differ in length: nothing else fails.
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => return Err(refuse("row".into(), error.to_string())),
            }
            let line = lines.of_record(&record);
            if record.iter().any(|cell| cell.len() > CELL_LIMIT) {
                let what = "a cell without end: is a quotation mark not closed";
                return Err(refuse(format!("line {line}"), what.into()));
            }
            let Some(columns) = &columns else {
                columns = Some(self.header(&record).map_err(|what| refuse(format!("line {line}"), what))?);
                continue;
            };
            if record.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            if let Some(seat) = self.row(line, columns, &record) {
                seats += 1;
                if self.seen.len() > SEAT_LIMIT {
                    let what = format!("more than {SEAT_LIMIT} seats, which no register has");
                    return Err(refuse(format!("line {line}"), what));
                }
                self.latest = self.latest.max(seat.as_of);
                self.sink.seat(seat);
            }
        }
        if seats == 0 {
            return Err(refuse("line 1".into(), "the table has no seat on a board".into()));
        }
        Ok(())
    }

    /// The columns of the first line.
    fn header(&mut self, record: &csv::StringRecord) -> Result<Vec<Option<Column>>, String> {
        let columns: Vec<Option<Column>> = record.iter().map(column).collect();
        let missing: Vec<&str> = [(Column::Organisation, "organisation"), (Column::Member, "member")]
            .into_iter()
            .filter(|(needed, _)| !columns.contains(&Some(*needed)))
            .map(|(_, name)| name)
            .collect();
        if !missing.is_empty() {
            return Err(format!(
                "no column {}: the first line must name the columns; needed are organisation and member \
                 (organisatie, lid), known are role, since, until, source, source_date, organisation_id, \
                 country, birth_date, parted by , or ;",
                missing.join(" and no column ")
            ));
        }
        let place = || "line 1".to_owned();
        for (at, heading) in record.iter().enumerate() {
            let what = match columns[at] {
                None if !heading.trim().is_empty() => {
                    format!("column {} is not known and left out", at + 1)
                }
                Some(column) if columns[..at].contains(&Some(column)) => {
                    format!("column {} says the same as an earlier one and is left out", at + 1)
                }
                _ => continue,
            };
            self.sink.issue(Issue { severity: Severity::Value, place: place(), what });
        }
        // Of two columns for one thing the first counts.
        let first = |at: usize| !columns[..at].contains(&columns[at]);
        Ok((0..columns.len()).map(|at| columns[at].filter(|_| first(at))).collect())
    }

    /// The seat of one row; `None` where it is left out, which an issue tells.
    fn row(
        &mut self,
        line: usize,
        columns: &[Option<Column>],
        record: &csv::StringRecord,
    ) -> Option<BoardSeat> {
        let place = format!("line {line}");
        let sink = &mut *self.sink;
        let mut report = |severity, what: String| sink.issue(Issue { severity, place: place.clone(), what });
        let mut seat = BoardSeat { line: u32::try_from(line).unwrap_or(u32::MAX), ..BoardSeat::default() };
        for (column, cell) in columns.iter().zip(record.iter()) {
            let Some(column) = *column else { continue };
            let text = tidy(cell);
            if text.is_empty() {
                continue;
            }
            match column {
                Column::Organisation => seat.organisation = text,
                Column::Member => seat.member = text,
                Column::Role => seat.role = text,
                Column::Source => seat.source = text,
                Column::OrganisationId => seat.organisation_id = text,
                Column::Country => match country::code(&text) {
                    Some(code) => seat.country = code.into(),
                    None => report(
                        Severity::Value,
                        "the country is no code, English or Dutch name of a country: left out".into(),
                    ),
                },
                Column::Since | Column::Until | Column::SourceDate | Column::BirthDate => {
                    let (date, fault) = date::read(&text);
                    if let Some(fault) = fault {
                        report(Severity::Value, format!("{} {fault}", name_of(column)));
                    }
                    match column {
                        Column::Since => seat.since = date,
                        Column::Until => seat.until = date,
                        Column::SourceDate => seat.as_of = date,
                        _ => seat.birth_date = date,
                    }
                }
            }
        }
        for (what, text) in [("organisation", &seat.organisation), ("member", &seat.member)] {
            if key(text).is_empty() {
                report(Severity::Record, format!("no {what}: left out"));
                return None;
            }
            if text.chars().count() > NAME_LIMIT {
                report(Severity::Record, format!("the {what} is longer than a name can be: left out"));
                return None;
            }
        }
        if let (Some(since), Some(until)) = (seat.since, seat.until)
            && date::reversed(since, until)
        {
            report(Severity::Value, "until lies before since: both are left out".into());
            (seat.since, seat.until) = (None, None);
        }
        seat.as_of = seat.as_of.or_else(|| date::within(&seat.source));
        if !self.seen.insert(identity(&seat)) {
            report(Severity::Record, "the same seat stands in an earlier line: left out".into());
            return None;
        }
        Some(seat)
    }
}

/// The column's name as documented.
fn name_of(column: Column) -> &'static str {
    match column {
        Column::Since => "since",
        Column::Until => "until",
        Column::SourceDate => "source_date",
        _ => "birth_date",
    }
}

/// A hash of everything that makes two rows one seat.
fn identity(seat: &BoardSeat) -> u128 {
    let mut hasher = blake3::Hasher::new();
    for part in [&seat.organisation, &seat.organisation_id, &seat.country, &seat.member, &seat.role] {
        hasher.update(key(part).as_bytes()).update(&[0]);
    }
    for date in [seat.birth_date, seat.since, seat.until] {
        hasher.update(date.map(|d| d.to_string()).unwrap_or_default().as_bytes()).update(&[0]);
    }
    let hash = hasher.finalize();
    u128::from_le_bytes(std::array::from_fn(|i| hash.as_bytes()[i]))
}
