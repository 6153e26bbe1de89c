//! A saved page of the tracker: the table of institutions as a browser shows it.
//!
//! What is looked for is a table whose head names an institution and a risk. An institution's cell
//! holds its name (the link's text, if there is one, whose address is the tracker page) and below it
//! its aliases. Kind and risk are taken as such; the other columns (security credentials, end-user
//! lists, espionage or misconduct) are kept as remarks, headed by the column's name. A page that
//! shows its rows without a table cannot be read.

use crate::sources::html::{Piece, Pieces};
use crate::sources::institution::institution_name_quality;
use crate::sources::opening::LineCounter;
use crate::sources::spelling::{has_han, tidy};
use crate::sources::{Issue, ReadError, Severity};

use crate::model::NameQuality;

use super::row::Row;
use super::table::{Column, column};
use super::{NAME_LIMIT, risk};

/// One cell of a table.
#[derive(Clone, Debug, Default)]
struct Cell {
    /// Its text, line by line as shown.
    lines: Vec<String>,
    /// Its first link: text and address.
    link: Option<(String, String)>,
    /// Words that stand for a picture (its `alt`, `title` or `aria-label`).
    pictured: String,
}

impl Cell {
    fn text(&self) -> String {
        let text = tidy(&self.lines.join(" "));
        if text.is_empty() { tidy(&self.pictured) } else { text }
    }
}

/// Remarks longer than this are prose and not taken, in characters.
const REMARK_LIMIT: usize = 200;

/// Reads the rows of a saved page.
///
/// # Errors
/// The page has no table with the columns institution and risk.
pub(super) fn read(file: &str, page: &str, issue: &mut dyn FnMut(Issue)) -> Result<Vec<Row>, ReadError> {
    let mut reader = TableReader::default();
    let mut rows = Vec::new();
    let mut found = false;
    let mut line_numbers = LineCounter::new(page);
    for (at, piece) in Pieces::new(page) {
        let Some(table) = reader.take(piece, at) else { continue };
        let mut lines = table.into_iter();
        let Some((_, head)) = lines.next() else { continue };
        let columns: Vec<Heading> = head.iter().map(Heading::of).collect();
        if !columns.iter().any(|h| h.is(Column::Name)) || !columns.iter().any(|h| h.is(Column::Risk)) {
            continue;
        }
        found = true;
        for (at, cells) in lines {
            let line = line_numbers.of(at);
            rows.extend(row(format!("line {line}"), &columns, &cells, issue));
        }
    }
    if found {
        return Ok(rows);
    }
    Err(ReadError::Format {
        file: file.into(),
        place: "whole page".into(),
        what:
            "no table with the columns Institution and Risk: save the tracker's page after it has shown its \
               whole table, or keep the ratings in a CSV with the columns id and risk"
                .into(),
    })
}

/// What a column of the page holds.
struct Heading {
    column: Option<Column>,
    title: String,
}

impl Heading {
    /// "Institution" may be "Institution name", "Risk" may be "Risk level".
    fn of(cell: &Cell) -> Self {
        let title = cell.text();
        let first = title.split_whitespace().next().unwrap_or_default();
        let column = column(&title).or_else(|| column(first));
        Self { column, title }
    }

    fn is(&self, column: Column) -> bool {
        self.column == Some(column)
    }
}

fn row(place: String, columns: &[Heading], cells: &[Cell], issue: &mut dyn FnMut(Issue)) -> Option<Row> {
    let mut row = Row { place, ..Row::default() };
    for (heading, cell) in columns.iter().zip(cells) {
        let text = cell.text();
        match heading.column {
            Some(Column::Name) => institution(cell, &mut row),
            Some(Column::Aliases) => row.aliases.extend(cell.lines.iter().flat_map(|line| aliases(line))),
            Some(Column::Category) => row.categories.extend(cell.lines.iter().cloned()),
            Some(Column::Risk) => match risk(&text) {
                // An empty cell says nothing; the tracker writes unknown where it is.
                Ok(rating) => row.rating = (!text.is_empty()).then_some(rating),
                Err(what) => issue(Issue { severity: Severity::Value, place: row.place.clone(), what }),
            },
            _ if !text.is_empty() && !heading.title.is_empty() && text.chars().count() <= REMARK_LIMIT => {
                row.remarks.push(format!("{}: {text}", heading.title));
            }
            _ => {}
        }
    }
    if row.name.is_empty() || row.name.chars().count() > NAME_LIMIT {
        if cells.iter().any(|cell| !cell.text().is_empty()) {
            let what = "no institution in this row: left out".into();
            issue(Issue { severity: Severity::Record, place: row.place, what });
        }
        return None;
    }
    Some(row)
}

/// The institution's cell: its name, its page, and its aliases in the lines below.
fn institution(cell: &Cell, row: &mut Row) {
    let mut lines = cell.lines.iter();
    match &cell.link {
        Some((text, page)) => {
            row.pages.extend(Some(page.clone()).filter(|page| !page.is_empty()));
            row.name.clone_from(text);
        }
        None => row.name = lines.next().cloned().unwrap_or_default(),
    }
    for line in lines.filter(|line| **line != row.name) {
        row.aliases.extend(aliases(line));
    }
}

/// The aliases in a line: parted by `;` or `|`, and by commas where one of the parts is an acronym or
/// Chinese (`Qinghua University, THU` are two; `University of Mining, Beijing` is one).
fn aliases(line: &str) -> Vec<String> {
    let line =
        ["also known as", "aliases:", "alias:", "a.k.a.", "aka "].iter().fold(line, |line, lead| match line
            .get(..lead.len())
        {
            Some(start) if start.eq_ignore_ascii_case(lead) => {
                line[lead.len()..].trim_start_matches([':', ' '])
            }
            _ => line,
        });
    let mut out = Vec::new();
    for part in line.split([';', '|', '；']) {
        let parts: Vec<String> = part.split([',', '，', '、']).map(tidy).collect();
        let is_list = parts.iter().any(|p| has_han(p) || institution_name_quality(p) == NameQuality::Acronym);
        if is_list { out.extend(parts) } else { out.push(tidy(part)) }
    }
    out.retain(|alias| !alias.is_empty() && alias.chars().count() <= NAME_LIMIT);
    out
}

/// A table's rows, each with the byte it starts at.
type Rows = Vec<(usize, Vec<Cell>)>;

/// Collects the outermost tables of a page; a table within a cell is that cell's text.
#[derive(Default)]
struct TableReader {
    depth: usize,
    rows: Rows,
    in_cell: bool,
    in_link: bool,
    line: String,
}

impl TableReader {
    /// Takes the next piece; gives a table when it ends.
    fn take(&mut self, piece: Piece, at: usize) -> Option<Rows> {
        match &piece {
            Piece::Text(text) => {
                if self.in_cell {
                    self.line.push_str(text);
                    if let (true, Some((link, _))) = (self.in_link, self.cell().and_then(|c| c.link.as_mut()))
                    {
                        link.push_str(text);
                    }
                }
            }
            Piece::Open { name, .. } => self.open(name, &piece, at),
            Piece::Close(name) => match name.as_str() {
                "table" => {
                    self.end_line();
                    self.depth = self.depth.saturating_sub(1);
                    if self.depth == 0 {
                        self.in_cell = false;
                        return Some(std::mem::take(&mut self.rows));
                    }
                }
                "td" | "th" if self.depth == 1 => self.end_cell(),
                "a" => self.in_link = false,
                name if is_block(name) => self.end_line(),
                _ => {}
            },
        }
        None
    }

    fn open(&mut self, name: &str, piece: &Piece, at: usize) {
        match name {
            "table" => {
                self.end_line();
                self.depth += 1;
            }
            "tr" if self.depth == 1 => {
                self.end_cell();
                self.rows.push((at, Vec::new()));
            }
            "td" | "th" if self.depth == 1 => {
                self.end_cell();
                if let Some((_, cells)) = self.rows.last_mut() {
                    cells.push(Cell::default());
                    self.in_cell = true;
                }
            }
            "a" if self.in_cell => {
                let address = piece.attribute("href").unwrap_or_default().to_owned();
                if let Some(cell) = self.cell().filter(|cell| cell.link.is_none()) {
                    cell.link = Some((String::new(), address));
                    self.in_link = true;
                }
            }
            name => {
                if is_block(name) {
                    self.end_line();
                }
                let words = ["alt", "aria-label", "title"].iter().find_map(|a| piece.attribute(a));
                if let (Some(words), true) = (words, self.in_cell)
                    && let Some(cell) = self.cell()
                {
                    cell.pictured.push(' ');
                    cell.pictured.push_str(words);
                }
            }
        }
    }

    fn cell(&mut self) -> Option<&mut Cell> {
        self.rows.last_mut()?.1.last_mut()
    }

    fn end_line(&mut self) {
        let line = tidy(&std::mem::take(&mut self.line));
        if let (false, Some(cell)) = (line.is_empty(), self.cell()) {
            cell.lines.push(line);
        }
    }

    fn end_cell(&mut self) {
        if self.in_cell {
            self.end_line();
            if let Some(cell) = self.cell() {
                // A link without words (a picture, an arrow) names nothing.
                cell.link =
                    cell.link.take().map(|(text, page)| (tidy(&text), page)).filter(|l| !l.0.is_empty());
            }
        }
        self.in_cell = false;
        self.in_link = false;
    }
}

fn is_block(name: &str) -> bool {
    matches!(
        name,
        "br" | "p"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "tr"
            | "td"
            | "th"
            | "table"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "dd"
            | "dt"
    )
}
