//! A table of institutions kept by an operator, as CSV.
//!
//! UTF-8, with or without a byte-order mark; fields parted by commas, semicolons or tabs, whichever
//! the first line has most of; quotation marks as spreadsheets write them. The first line names the
//! columns, in any order and case; unknown columns are left out with an issue. A row needs one of
//! `id`, `page` and `name`; an empty cell says nothing.
//!
//! | column | other headings | content |
//! |---|---|---|
//! | `id` | | the institution's id, e.g. `beihang-university` |
//! | `name` | `institution`, `naam`, `instelling` | English name, or `English (中文)` |
//! | `native_name` | `native name`, `chinese name`, `eigen naam` | name in its own script |
//! | `aliases` | `alias`, `aliassen` | other names, parted by `;` or `\|` |
//! | `category` | `categories`, `kind`, `categorie`, `soort` | categories, parted by `;` or `\|` |
//! | `risk` | `rating`, `risk rating`, `risico` | very high, high, medium, low or unknown; zeer hoog, hoog, middel, laag, onbekend |
//! | `affiliations` | `affiliation`, `supervising agencies`, `agencies`, `affiliaties` | supervising agencies, parted likewise |
//! | `labs` | `laboratories`, `major defence laboratories`, `laboratoria` | laboratories, `English (中文)` each, parted likewise |
//! | `subsidiaries` | `dochters` | subsidiaries, likewise |
//! | `topics` | `onderwerpen` | fields of work, likewise |
//! | `page` | `pages`, `link`, `url`, `tracker page`, `pagina` | addresses of pages, parted by white space, `;` or `\|` |
//! | `address` | `adres` | address |
//! | `country` | `land` | ISO 3166-1 alpha-2 code or the country's name |
//! | `remarks` | `remark`, `notes`, `opmerkingen` | anything; shown, never matched |

use crate::sources::country;
use crate::sources::opening::{LineCounter, delimiter};
use crate::sources::spelling::{key, tidy};
use crate::sources::{Issue, ReadError, Severity};

use super::row::Row;
use super::{NAME_LIMIT, risk};

/// The longest cell taken, in bytes. All aliases of the institution that has most are 1.5 kB.
const CELL_LIMIT: usize = 20_000;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Id,
    Name,
    NativeName,
    Aliases,
    Category,
    Risk,
    Affiliations,
    Laboratories,
    Subsidiaries,
    Topics,
    Page,
    Address,
    Country,
    Remarks,
}

/// The columns by the key of their headings (`native_name` and `Native name` have one key).
const HEADINGS: [(&str, Column); 45] = [
    ("id", Column::Id),
    ("name", Column::Name),
    ("institution", Column::Name),
    ("naam", Column::Name),
    ("instelling", Column::Name),
    ("native name", Column::NativeName),
    ("chinese name", Column::NativeName),
    ("eigen naam", Column::NativeName),
    ("chinese naam", Column::NativeName),
    ("aliases", Column::Aliases),
    ("alias", Column::Aliases),
    ("aliassen", Column::Aliases),
    ("category", Column::Category),
    ("categories", Column::Category),
    ("kind", Column::Category),
    ("categorie", Column::Category),
    ("soort", Column::Category),
    ("risk", Column::Risk),
    ("rating", Column::Risk),
    ("risk rating", Column::Risk),
    ("risico", Column::Risk),
    ("affiliations", Column::Affiliations),
    ("affiliation", Column::Affiliations),
    ("affiliaties", Column::Affiliations),
    ("supervising agencies", Column::Affiliations),
    ("agencies", Column::Affiliations),
    ("labs", Column::Laboratories),
    ("laboratories", Column::Laboratories),
    ("major defence laboratories", Column::Laboratories),
    ("laboratoria", Column::Laboratories),
    ("subsidiaries", Column::Subsidiaries),
    ("dochters", Column::Subsidiaries),
    ("topics", Column::Topics),
    ("onderwerpen", Column::Topics),
    ("page", Column::Page),
    ("pages", Column::Page),
    ("link", Column::Page),
    ("url", Column::Page),
    ("tracker page", Column::Page),
    ("pagina", Column::Page),
    ("address", Column::Address),
    ("adres", Column::Address),
    ("country", Column::Country),
    ("land", Column::Country),
    ("remarks", Column::Remarks),
];

/// Headings that are also understood for remarks.
const REMARK_HEADINGS: [&str; 4] = ["remark", "notes", "opmerking", "opmerkingen"];

/// The column of a heading.
pub(super) fn column(heading: &str) -> Option<Column> {
    let heading = key(heading);
    if REMARK_HEADINGS.contains(&heading.as_str()) {
        return Some(Column::Remarks);
    }
    HEADINGS.iter().find(|(name, _)| *name == heading).map(|&(_, column)| column)
}

const EXPECTED: &str = "the first line must name the columns, at least one of id, page and name beside another; \
    known are id, name, native_name, aliases, category, risk, affiliations, labs, subsidiaries, topics, \
    page, address, country, remarks, parted by , or ;";

/// Reads a table into rows.
///
/// # Errors
/// No line with known columns, or a quotation mark that is never closed.
pub(super) fn read(file: &str, text: &str, issue: &mut dyn FnMut(Issue)) -> Result<Vec<Row>, ReadError> {
    let refuse = |place: String, what: String| ReadError::Format { file: file.into(), place, what };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut columns: Option<Vec<Option<Column>>> = None;
    let mut rows = Vec::new();
    let mut lines = LineCounter::new(text);
    for record in reader.records() {
        // The text is UTF-8 and rows may differ in length: nothing else fails.
        let record = record.map_err(|error| refuse("row".into(), error.to_string()))?;
        let line = lines.of_record(&record);
        let place = format!("line {line}");
        if record.iter().any(|cell| cell.len() > CELL_LIMIT) {
            return Err(refuse(place, "a cell without end: is a quotation mark not closed".into()));
        }
        let Some(columns) = &columns else {
            columns = Some(header(&record, &place, issue).ok_or_else(|| refuse(place, EXPECTED.into()))?);
            continue;
        };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if record.len() > columns.len() {
            let what =
                format!("{} cells under {} columns: the last are left out", record.len(), columns.len());
            issue(Issue { severity: Severity::Value, place: place.clone(), what });
        }
        let cells = columns.iter().zip(record.iter()).filter_map(|(column, cell)| Some(((*column)?, cell)));
        let row = row(place, cells, issue);
        if row.id.is_empty() && row.name.is_empty() && row.native_name.is_empty() && row.pages.is_empty() {
            let what = "no id, page or name: left out".into();
            issue(Issue { severity: Severity::Record, place: row.place, what });
        } else {
            rows.push(row);
        }
    }
    match columns {
        Some(_) => Ok(rows),
        None => Err(refuse("line 1".into(), EXPECTED.into())),
    }
}

/// The columns of the first line; `None` if it is not one of ours.
fn header(
    record: &csv::StringRecord,
    place: &str,
    issue: &mut dyn FnMut(Issue),
) -> Option<Vec<Option<Column>>> {
    let columns: Vec<Option<Column>> = record.iter().map(column).collect();
    let known = columns.iter().flatten().count();
    let joins = |c: &Column| matches!(c, Column::Id | Column::Page | Column::Name | Column::NativeName);
    if known < 2 || !columns.iter().flatten().any(joins) {
        return None;
    }
    for (at, heading) in record.iter().enumerate() {
        if columns[at].is_none() && !heading.trim().is_empty() {
            let what = format!("column {} is not known and left out", at + 1);
            issue(Issue { severity: Severity::Value, place: place.into(), what });
        }
    }
    Some(columns)
}

/// One row from its cells.
fn row<'a>(
    place: String,
    cells: impl Iterator<Item = (Column, &'a str)>,
    issue: &mut dyn FnMut(Issue),
) -> Row {
    let mut row = Row { place, ..Row::default() };
    for (column, cell) in cells {
        let cell = cell.trim();
        if cell.is_empty() {
            continue;
        }
        let mut report = |what: String| {
            issue(Issue { severity: Severity::Value, place: row.place.clone(), what });
        };
        let single = |report: &mut dyn FnMut(String)| {
            if cell.chars().count() > NAME_LIMIT {
                report("a cell is absurdly long: left out".into());
                String::new()
            } else {
                tidy(cell)
            }
        };
        match column {
            Column::Id => row.id = single(&mut report),
            Column::Name => row.name = single(&mut report),
            Column::NativeName => row.native_name = single(&mut report),
            Column::Address => row.address = single(&mut report),
            Column::Remarks => row.remarks.extend(Some(single(&mut report)).filter(|r| !r.is_empty())),
            Column::Country => match country::code(cell) {
                Some(code) => row.country = code.into(),
                None => report("not a country's code or English name: left out".into()),
            },
            Column::Risk => match risk(cell) {
                Ok(rating) => row.rating = Some(rating),
                Err(what) => report(what),
            },
            Column::Page => {
                row.pages.extend(
                    cell.split(|c: char| c.is_whitespace() || matches!(c, ';' | '|'))
                        .filter(|page| !page.is_empty() && page.len() <= NAME_LIMIT)
                        .map(str::to_owned),
                );
            }
            Column::Aliases => row.aliases.extend(several(cell)),
            Column::Category => row.categories.extend(several(cell)),
            Column::Affiliations => row.agencies.extend(several(cell)),
            Column::Laboratories => row.laboratories.extend(several(cell)),
            Column::Subsidiaries => row.subsidiaries.extend(several(cell)),
            Column::Topics => row.topics.extend(several(cell)),
        }
    }
    row
}

/// The texts of a cell that holds several.
fn several(cell: &str) -> impl Iterator<Item = String> + '_ {
    cell.split([';', '|', '；', '\n'])
        .map(tidy)
        .filter(|text| !text.is_empty() && text.chars().count() <= NAME_LIMIT)
}
