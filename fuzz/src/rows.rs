//! Rows to screen: JSON Lines, CSV, workbooks.

use std::io::{Cursor, Write as _};

use zeef::batch::{Reading, Screening, Table, compare};
use zeef::screening::Options;

/// Words of rows and tables.
pub const WORDS: &[&str] = &[
    "\"name\": \"Vladimir Putin\"",
    "\"query\": \"",
    "\"candidate\": \"",
    "\"birth_date\": \"1952-13-07\"",
    "\"aliases\": [\"",
    "\"kind\": \"organisation\"",
    "\"identifiers\": [{\"number\": \"",
    "1e999",
    "naam;geboortedatum;nationaliteit;werkgever\n",
    "name,birth date,institution,institution country\n",
    "achternaam\tvoorletters\ttussenvoegsel\n",
    "\"\"",
    "sep=;\n",
    "\u{feff}",
    "=HYPERLINK(\"x\")",
    "=== xl/worksheets/sheet1.xml\n",
    "=== xl/sharedStrings.xml\n",
    "=== xl/workbook.xml\n",
    "<row r=\"1048577\">",
    "<c r=\"XFD1\" t=\"s\"><v>4294967295</v></c>",
    "<c r=\"A1\" t=\"inlineStr\"><is><t>naam</t></is></c>",
    "<c r=\"A0\"><v>1e308</v></c>",
    "<dimension ref=\"A1:XFD1048576\"/>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
    "<sst count=\"4294967295\" uniqueCount=\"4294967295\">",
    "<si><t>",
];

/// Feeds rows, told apart as people's files are: by how they begin.
pub fn run(data: &[u8]) {
    let options = Options::default();
    let screening =
        Screening { screener: &super::SCREENER, options: &options, now: super::now(), recording: None };
    if data.starts_with(b"{") {
        let mut answers = Vec::new();
        if let Ok(tally) = screening.lines(data, &mut answers, &|_| ()) {
            let rows = answers.split(|b| *b == b'\n').filter(|l| !l.is_empty());
            let rows =
                rows.map(|l| serde_json::from_slice::<serde_json::Value>(l).expect("answers are JSON"));
            assert_eq!(rows.count() as u64, tally.rows, "a row was lost");
        }
        let _ = compare(None, data, &mut Vec::new(), &|_| ());
        return;
    }
    let workbook = match data {
        [b'P', b'K', ..] => Some(data.to_vec()),
        _ if data.starts_with(PART) => Some(assembled(data)),
        _ => None,
    };
    let table = || match &workbook {
        Some(book) => Table::workbook(Cursor::new(book.as_slice()), &Reading::default()),
        None => Table::csv(data, &Reading::default()),
    };
    if let Ok(table) = table() {
        let mut answers = Vec::new();
        if let Ok(tally) = screening.table_to_csv(table, &mut answers, &|_| ()) {
            let mut rows = csv::Reader::from_reader(answers.as_slice());
            let rows = rows.records().map(|r| r.expect("answers are CSV"));
            assert!(rows.count() as u64 >= tally.rows, "a row was lost");
        }
    }
    // The same as a workbook, which takes longer: where there are few rows.
    if data.len() < 4_096
        && let Ok(table) = table()
    {
        let mut answers = Vec::new();
        if screening.table_to_workbook(table, Vec::new(), &mut answers, &|_| ()).is_ok() {
            assert!(answers.starts_with(b"PK"), "no workbook");
        }
    }
}

/// How a part of a workbook begins; its name stands behind, to the line's end.
const PART: &[u8] = b"=== ";

/// A workbook of the parts that are told, so that mutations reach what is within and not only the packing.
fn assembled(data: &[u8]) -> Vec<u8> {
    let mut book = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default());
    let mut rest = data;
    let mut open = false;
    while !rest.is_empty() {
        let end = rest.iter().position(|b| *b == b'\n').map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        rest = after;
        if let Some(name) = line.strip_prefix(PART) {
            open = book.start_file(String::from_utf8_lossy(name).trim(), stored).is_ok();
        } else if open {
            open = book.write_all(line).is_ok();
        }
    }
    book.finish().map(Cursor::into_inner).unwrap_or_default()
}
