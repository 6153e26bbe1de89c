//! Tables in and out, with the screener of `batch::tests` that finds whoever is called "Hit".

use std::io::{Cursor, Write};

use calamine::{Data, Reader as _, Xlsx};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};

use crate::batch::tests::ask;
use crate::batch::{BatchError, Tally};
use crate::screening::Subject;

use super::{About, Correction, Reading, Table};

/// What a row of the CSV answer says of one name: row, result, column, name as given, error, remarks.
type Said = [String; 6];

fn reading(sheet: Option<&str>, corrections: &[&str]) -> Reading {
    let corrections = corrections.iter().map(|c| Correction::parse(c).unwrap()).collect();
    Reading { sheet: sheet.map(str::to_owned), corrections }
}

fn said_of(table: Result<Table<'_>, BatchError>) -> Result<(Vec<Said>, Tally), String> {
    let mut output = Vec::new();
    let tally =
        table.and_then(|table| table.answer_csv(&ask, &mut output, &|_| ())).map_err(|e| e.to_string())?;
    let mut reader = csv::Reader::from_reader(output.as_slice());
    let columns: Vec<usize> = ["row", "result", "column", "given", "error", "remarks"]
        .map(|name| reader.headers().unwrap().iter().position(|h| h == name).unwrap())
        .to_vec();
    let said = reader.records().map(|r| {
        let record = r.unwrap();
        std::array::from_fn(|i| record[columns[i]].to_owned())
    });
    Ok((said.collect(), tally))
}

fn csv(text: &str, corrections: &[&str]) -> Result<(Vec<Said>, Tally), String> {
    said_of(Table::csv(text.as_bytes(), &reading(None, corrections)))
}

fn workbook(bytes: &[u8], reading: &Reading) -> Result<(Vec<Said>, Tally), String> {
    said_of(Table::workbook(Cursor::new(bytes.to_vec()), reading))
}

/// A workbook of one sheet "People".
fn sheet(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("People").unwrap();
    fill(sheet);
    book.save_to_buffer().unwrap()
}

fn fill(sheet: &mut Worksheet, rows: &[&[&str]]) {
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
}

/// A zip file of these parts.
fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const TYPES: &[u8] = b"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
const RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK_RELS: &[u8] = br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook whose one sheet has this content, with other parts beside or instead of the usual ones.
fn raw(properties: &str, content: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let book = format!(
        r#"<workbook xmlns:r="r"><workbookPr {properties}/><sheets><sheet name="People" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let sheet = format!("<worksheet>{content}</worksheet>");
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES),
        ("_rels/.rels", RELS),
        ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    parts.retain(|(name, _)| others.iter().all(|(other, _)| other != name));
    parts.extend(others);
    zip_of(&parts)
}

/// A cell of text.
fn text(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn given(said: &[Said]) -> Vec<(&str, &str)> {
    said.iter().map(|s| (s[2].as_str(), s[3].as_str())).collect()
}

#[test]
fn a_row_asks_about_a_person_and_every_institution() {
    for (table, expected) in [
        (
            "Voornaam;Voorvoegsel;Achternaam;Instelling;Werkgever\nJan;de;Vries;\"A University;B Institute\";C BV\n",
            vec![
                ("Voornaam + Voorvoegsel + Achternaam", "Jan de Vries"),
                ("Instelling", "A University"),
                ("Instelling", "B Institute"),
                ("Werkgever", "C BV"),
            ],
        ),
        (
            "name,affiliation\nA B,\"X\nY\nX\"\n",
            vec![("name", "A B"), ("affiliation", "X"), ("affiliation", "Y")],
        ),
        ("name,employer 1,employer 2\nA B,n/a,-\n", vec![("name", "A B")]),
        (
            "Naam;Voornaam\nVries;Jan\nJan de Vries;Jan\n",
            vec![("Voornaam + Naam", "Jan Vries"), ("Naam", "Jan de Vries")],
        ),
        ("Naam;Voorletters\nde Vries;J.\n", vec![("Voorletters + Naam", "J. de Vries")]),
        ("First name;Middle name;Last name\nA;B;C\n", vec![("First name + Last name", "A B C")]),
        ("Voornaam;Voornamen;Achternaam\nJan;Jan Piet;C\n", vec![("Voornaam + Achternaam", "Jan Piet C")]),
        (
            "Achternaam;Tussenvoegsel;Voornaam\nvan Dam;van;An\n",
            vec![("Voornaam + Achternaam", "An van Dam")],
        ),
        ("Achternaam;Voornaam\nDam;\n;An\n", vec![("Achternaam", "Dam"), ("Voornaam", "An")]),
        (
            "Universiteit\nX\n\"Y; Z\"\n",
            vec![("Universiteit", "X"), ("Universiteit", "Y"), ("Universiteit", "Z")],
        ),
    ] {
        let (said, tally) = csv(table, &[]).unwrap_or_else(|e| panic!("{table}: {e}"));
        assert_eq!(given(&said), expected, "{table}");
        assert_eq!((tally.errors, tally.names), (0, expected.len() as u64), "{table}");
    }
}

#[test]
fn what_is_known_reaches_the_question_as_what_it_is() {
    use std::sync::Mutex;
    let asked: Mutex<Vec<Subject>> = Mutex::new(Vec::new());
    let spy = |subject: &Subject| {
        asked.lock().unwrap().push(subject.clone());
        ask(subject)
    };
    let table = "Nr;Voornaam;Roepnaam;Achternaam;Geboortenaam;Chinese naam;Geb.datum;Geslacht;Nationaliteit;\
                 Paspoort;Universiteit;Land universiteit\n\
                 7;Johanna;An;Dam;Vries;\"丹安; 安丹\";31-12-1980;V;NL, Iran;passport=X1;A;China\n";
    Table::csv(table.as_bytes(), &reading(None, &[]))
        .unwrap()
        .answer_csv(&spy, &mut Vec::new(), &|_| ())
        .unwrap();
    let asked = asked.into_inner().unwrap();
    let [person, institution] = asked.as_slice() else { panic!("{asked:?}") };
    let person = serde_json::to_value(person).unwrap();
    assert_eq!(
        person,
        serde_json::json!({
            "name": "Johanna Dam", "aliases": ["An Dam", "Johanna Vries", "丹安", "安丹"], "kind": "person",
            "birth_date": "1980-12-31", "birth_place": "", "gender": person["gender"], "countries": ["NL", "IR"],
            "address": "", "identifiers": [{"kind": "passport", "number": "X1"}],
        })
    );
    assert!(person["gender"].as_str().unwrap().eq_ignore_ascii_case("female"));
    assert_eq!(institution.kind, crate::screening::SubjectKind::Organisation);
    assert_eq!((institution.name.as_str(), institution.countries.as_slice()), ("A", &["CN".to_owned()][..]));
}

#[test]
fn a_row_at_fault_names_every_fault_and_asks_nothing() {
    let table = "name;born;gender;university\nSecret;12/31/1980;Secret;A\n;;;A\nB;;;\n";
    let (said, tally) = csv(table, &[]).unwrap();
    assert_eq!(said[0][1], "error");
    assert!(
        said[0][4].starts_with("birth_date: month 31") && said[0][4].contains("; gender: is neither"),
        "{said:?}"
    );
    assert_eq!(said[0][2], "born + gender");
    assert!(!said[0][4].contains("Secret"));
    assert!(said[1][4].starts_with("name: is empty"), "{said:?}");
    assert_eq!((said.len(), tally.errors, tally.names, tally.without_hits), (3, 2, 1, 1));
}

#[test]
fn what_was_taken_one_way_of_two_is_said() {
    let many = "X;".repeat(2);
    for (table, column, says) in [
        ("name;born\nA B;03/04/1980\n".to_owned(), "born", "read as day, month, year: 1980-04-03"),
        ("name;nationality\nA B;Atlantean\n".to_owned(), "nationality", "not known by this name"),
        (format!("name;university;country of university\nA B;\"{many}Y\";\"CN;IR\"\n"), "", ""),
        (
            "name;university;country of university\nA B;\"X;Y;Z\";\"CN;IR\"\n".to_owned(),
            "country of university",
            "2 countries for 3",
        ),
        ("name\nHit\n".to_owned(), "name", "2 of 5 hits are shown"),
    ] {
        let (said, _) = csv(&table, &[]).unwrap();
        assert!(said[0][5].contains(says) && said[0][5].starts_with(column), "{table}: {said:?}");
    }
}

#[test]
fn columns_can_be_corrected() {
    let table = "who;where;naam\nA B;X;a note\n";
    assert_eq!(given(&csv(table, &[]).unwrap().0), [("naam", "a note")]);
    let said = csv(table, &["who=name", "B=institution", "naam=ignore"]).unwrap().0;
    assert_eq!(given(&said), [("who", "A B"), ("where", "X")]);
    assert!(
        csv(table, &["nobody=name"]).unwrap_err().contains("the headings are: \"who\", \"where\", \"naam\"")
    );
}

#[test]
fn a_sheet_is_read_like_a_table_of_text() {
    let bytes = sheet(|sheet| {
        let date = Format::new().set_num_format("dd-mm-yyyy");
        fill(
            sheet,
            &[
                &["Candidates of the autumn"],
                &[],
                &["Nr", "Achternaam", "Voornaam", "Geboortedatum", "Instelling", "", "Opmerking"],
                &["", "Hit", "An", "", "X\nY", "stray", "=note"],
                &["", "Dam", "Jan", "31/12/1980"],
                &[],
                &["", "Vries", "Jan"],
            ],
        );
        sheet.write_number(3, 0, 17).unwrap();
        let born = ExcelDateTime::from_ymd(1980, 12, 31).unwrap();
        sheet.write_datetime_with_format(3, 3, &born, &date).unwrap();
        sheet.write_number(6, 3, 1980).unwrap();
        // Formatted to the end of the sheet, as when somebody marks whole columns.
        sheet.write_blank(1_048_575, 1, &date).unwrap();
    });
    let table = Table::workbook(Cursor::new(bytes.clone()), &reading(None, &[])).unwrap();
    let layout = table.layout();
    assert_eq!((layout.sheet.as_deref(), layout.header_row, table.rows()), (Some("People"), 3, Some(3)));
    let taken: Vec<String> =
        layout.columns.iter().map(|c| format!("{} {}", c.letter(), layout.taken_as(c))).collect();
    assert_eq!(taken[0], "A the row's id");
    assert_eq!(taken[5..], ["F ignored", "G ignored"]);
    assert!(layout.remarks[0].contains("1 row above it was passed over"), "{:?}", layout.remarks);
    let (said, tally) = workbook(&bytes, &reading(None, &[])).unwrap();
    let rows: Vec<&str> = said.iter().map(|s| s[0].as_str()).collect();
    assert_eq!(rows, ["4", "4", "4", "4", "5", "7"]);
    assert_eq!((tally.errors, tally.names, tally.position), (0, 5, 3), "{said:?}");
    let (said, _) = workbook(&bytes, &reading(Some("people"), &["f=institution"])).unwrap();
    assert!(said.iter().any(|s| s[3] == "stray"), "{said:?}");
}

#[test]
fn dates_are_those_of_either_calendar_of_spreadsheets() {
    let styles =
        br#"<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;
    // The same day counts 1,462 less from 1904 on.
    for (properties, serial) in [("", 29_586), ("date1904=\"1\"", 28_124), ("date1904=\"true\"", 28_124)] {
        let content = format!(
            r#"<sheetData><row r="1">{}{}</row><row r="2">{}<c r="B2" s="1"><v>{serial}</v></c></row></sheetData>"#,
            text("A1", "name"),
            text("B1", "born"),
            text("A2", "A B"),
        );
        let bytes = raw(properties, &content, &[("xl/styles.xml", styles)]);
        let born = std::sync::Mutex::new(None);
        let spy = |subject: &Subject| {
            *born.lock().unwrap() = subject.birth_date;
            ask(subject)
        };
        let table = Table::workbook(Cursor::new(bytes), &reading(None, &[])).unwrap();
        table.answer_csv(&spy, &mut Vec::new(), &|_| ()).unwrap();
        let born = born.lock().unwrap().map(|d| d.to_string());
        assert_eq!(born.as_deref(), Some("1980-12-31"), "{properties}");
    }
}

#[test]
fn cells_that_hold_no_plain_value_are_said_or_refused_with_their_place() {
    let content = format!(
        r#"<sheetData><row r="1">{}{}{}</row>
        <row r="2">{}<c r="B2"><f>1+1</f><v>1980</v></c></row>
        <row r="3">{}<c r="B3"><f>1+1</f></c></row>
        <row r="4">{}<c r="B4" t="e"><v>#REF!</v></c></row>
        <row r="5">{}<c r="C5" t="e"><v>#REF!</v></c></row>
        <row r="6"><c r="A6" t="str"><f>B6</f><v>Hit</v></c></row>
        <row r="7">{}<c r="B7"><v>29586</v></c></row></sheetData>"#,
        text("A1", "name"),
        text("B1", "born"),
        text("C1", "note"),
        text("A2", "A"),
        text("A3", "B"),
        text("A4", "C"),
        text("A5", "D"),
        text("A7", "E"),
    );
    let (said, tally) = workbook(&raw("", &content, &[]), &reading(None, &[])).unwrap();
    let results: Vec<(&str, &str)> = said.iter().map(|s| (s[0].as_str(), s[1].as_str())).collect();
    let expected = [
        ("2", "no hit"),
        ("3", "error"),
        ("4", "error"),
        ("5", "no hit"),
        ("6", "hit"),
        ("6", "hit"),
        ("7", "error"),
    ];
    assert_eq!(results, expected, "{said:?}");
    assert!(said[0][5].starts_with("born: holds a formula; its stored value was taken"), "{said:?}");
    assert!(said[1][4].contains("formula without a stored value") && said[1][2] == "born", "{said:?}");
    assert!(said[2][4].contains("#REF!"), "{said:?}");
    assert!(said[6][4].contains("needs the format of a date"), "{said:?}");
    assert_eq!((tally.errors, tally.with_remarks), (3, 2));
}

#[test]
fn merged_cells_count_for_each_row_or_refuse_it() {
    let bytes = sheet(|sheet| {
        let plain = Format::new();
        sheet.merge_range(0, 0, 0, 3, "Title", &plain).unwrap();
        fill(sheet, &[&[], &["Naam", "Geboren", "Instellingen", ""]]);
        sheet.merge_range(1, 2, 1, 3, "Instellingen", &plain).unwrap();
        sheet.merge_range(2, 0, 4, 0, "A B", &plain).unwrap();
        for (row, name) in [(2, "X"), (3, "Y"), (4, "Z")] {
            sheet.write_string(row, 2, name).unwrap();
        }
        sheet.merge_range(5, 0, 5, 2, "Faculty of Science", &plain).unwrap();
        sheet.write_string(6, 0, "C D").unwrap();
        sheet.merge_range(6, 2, 6, 3, "W", &plain).unwrap();
        sheet.write_string(7, 0, "E F").unwrap();
        sheet.write_string(7, 3, "V").unwrap();
    });
    let (said, tally) = workbook(&bytes, &reading(None, &[])).unwrap();
    let rows: Vec<[&str; 3]> = said.iter().map(|s| [s[0].as_str(), s[1].as_str(), s[3].as_str()]).collect();
    let expected = [
        ["3", "no hit", "A B"],
        ["3", "no hit", "X"],
        ["4", "no hit", "A B"],
        ["4", "no hit", "Y"],
        ["5", "no hit", "A B"],
        ["5", "no hit", "Z"],
        ["6", "error", ""],
        ["7", "no hit", "C D"],
        ["7", "no hit", "W"],
        ["8", "no hit", "E F"],
        ["8", "no hit", "V"],
    ];
    assert_eq!(rows, expected);
    assert!(said[2][5].contains("cells A3:A5 are merged; their one value was taken"), "{said:?}");
    assert!(
        said[6][4].contains("cells A6:C6 are merged over columns that hold different things"),
        "{said:?}"
    );
    assert_eq!(tally.errors, 1);
}

#[test]
fn workbooks_that_cannot_be_read_say_why_and_where() {
    let people = |rows: &[&[&str]]| sheet(|sheet| fill(sheet, rows));
    let password: Vec<u8> = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]
        .into_iter()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let good = people(&[&["name"], &["A"]]);
    let rows: String =
        (1..=300_000).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\"><v>1</v></c></row>")).collect();
    let named = format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("A1", "name"));
    let disorder =
        format!("<sheetData><row r=\"2\">{0}</row><row r=\"1\">{0}</row></sheetData>", text("A2", "name"));
    let unknown_error = format!(
        "<sheetData><row r=\"1\">{}<c r=\"B1\" t=\"e\"><v>#SPILL!</v></c></row></sheetData>",
        text("A1", "name")
    );
    let long = format!("<sheetData><row r=\"1\">{}</row></sheetData>", text("A1", &"x".repeat(1 << 21)));
    let wide = format!("<a>{}</a>", " ".repeat(100_000));
    let big = format!("<styleSheet>{}</styleSheet>", wide.repeat(200));
    let tags = format!("<styleSheet><cellXfs>{}</cellXfs></styleSheet>", "<xf/>".repeat(600_000));
    let claims: &[u8] = b"<sst uniqueCount=\"99999999999999\"><si><t>name</t></si></sst>";
    let none = reading(None, &[]);
    for (bytes, reading, says) in [
        (Vec::new(), &none, "no bytes at all"),
        (b"name;born\nA;1970\n".to_vec(), &none, "no XLSX workbook"),
        (b"PK but no zip".to_vec(), &none, "damaged"),
        (good[..good.len() / 2].to_vec(), &none, "damaged"),
        (password[..8].to_vec(), &none, "old workbook (.xls)"),
        (password.clone(), &none, "protected by a password"),
        (zip_of(&[("mimetype", b"application/vnd.oasis"), ("content.xml", b"<x/>")]), &none, "OpenDocument"),
        (zip_of(&[("xl/workbook.bin", b"")]), &none, "binary workbook"),
        (zip_of(&[("readme.txt", b"")]), &none, "no XLSX workbook"),
        (zip_of(&[("[Content_Types].xml", TYPES), ("_rels/.rels", RELS)]), &none, "a part of it is missing"),
        (
            raw("", "<sheetData/>", &[]),
            &none,
            "no visible sheet that holds anything; its sheets are: \"People\"",
        ),
        (raw("", "<sheetData>", &[]), &none, "sheet \"People\": the workbook is damaged"),
        (good.clone(), &reading(Some("Persons"), &[]), "no sheet \"Persons\"; there are: \"People\""),
        (
            people(&[&["id", "who"], &["1", "A"]]),
            &none,
            "sheet \"People\", row 1: the table has no column for the name; the headings are: \"id\", \"who\"",
        ),
        (people(&[&["Secret"], &["A"]]), &none, "none of its 1 cells is a heading"),
        (people(&[&["naam", "x", "NAAM"], &["A"]]), &none, "more than one column for name: A, C"),
        (raw("", &format!("<sheetData>{rows}</sheetData>"), &[]), &none, "more than 250000 rows"),
        (raw("", &disorder, &[]), &none, "not in order"),
        (raw("", &unknown_error, &[]), &none, "after cell A1: a cell holds an error"),
        (raw("", &long, &[]), &none, "longer than 1048576 bytes"),
        (raw("", &named, &[("xl/styles.xml", big.as_bytes())]), &none, "unpacks to more than 16 MiB"),
        (raw("", &named, &[("xl/styles.xml", tags.as_bytes())]), &none, "more than 500000 elements"),
        (raw("", &named, &[("xl/sharedStrings.xml", claims)]), &none, "claims more texts"),
    ] {
        let error = workbook(&bytes, reading).unwrap_err();
        assert!(error.contains(says), "expected {says:?}: {error}");
        assert!(!error.contains("Secret"), "{error}");
    }
}

#[test]
fn csv_that_is_something_else_says_what() {
    for (bytes, says) in [
        (sheet(|sheet| fill(sheet, &[&["name"]])), "--format xlsx"),
        (b"\xff\xfen\0a\0m\0e\0".to_vec(), "UTF-16"),
    ] {
        let error = said_of(Table::csv(bytes.as_slice(), &Reading::default())).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

/// The answers to a table as a workbook.
fn answered(table: Table<'_>) -> (Vec<u8>, Tally) {
    let stamp = (*ask(&Subject::named("A", Default::default())).unwrap().stamp).clone();
    let warnings = vec!["STALE LIST: aspi is 9 days old".to_owned()];
    let about = About { stamp, warnings, day: jiff::civil::date(2026, 3, 10) };
    let mut bytes = Vec::new();
    let tally = table.answer_workbook(&ask, &about, &mut bytes, &|_| ()).unwrap();
    (bytes, tally)
}

fn cells(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

#[test]
fn a_workbook_of_answers_has_hits_faults_and_what_they_rest_on() {
    let table = "id;name;born;university\n=7;=Hit;03/04/1980;Hit U\n8;Nobody;;\n9;N;soon;\n10;Aside;;\n";
    let open = || Table::csv(table.as_bytes(), &Reading::default()).unwrap();
    let (bytes, tally) = answered(open());
    assert_eq!((tally.rows, tally.errors, tally.with_hits, tally.without_hits, tally.hits), (4, 1, 1, 2, 4));
    assert_eq!(bytes, answered(open()).0, "the same rows on the same day give the same bytes");
    let mut book = Xlsx::new(Cursor::new(bytes.clone())).unwrap();
    assert_eq!(book.sheet_names(), ["Screening", "Hits", "Rows", "Not read", "Remarks"]);
    let hits = cells(&mut book, "Hits");
    assert_eq!(hits.len(), 6, "{hits:?}");
    assert_eq!(hits[1][..8], ["2", "=7", "name", "person", "=Hit", "hit", "0.75", "strong"]);
    assert_eq!(hits[1][11..14], ["@Listed, \"Name\"", "+Listed", "=so it is"]);
    assert_eq!(hits[3][2..5], ["university", "organisation", "Hit U"]);
    assert_eq!(hits[5][..6], ["5", "10", "name", "any", "Aside", "set aside"]);
    let rows = cells(&mut book, "Rows");
    let outcomes: Vec<&str> = rows[1..].iter().map(|r| r[2].as_str()).collect();
    assert_eq!(outcomes, ["hits", "no hit", "not read", "set aside"]);
    let faults = cells(&mut book, "Not read");
    assert_eq!(faults[1][1..5], ["4", "9", "C", "born"]);
    assert!(faults[1][5].starts_with("birth_date: a date is written"), "{faults:?}");
    let remarks = cells(&mut book, "Remarks");
    assert_eq!(remarks[1][0..4], ["2", "=7", "C", "born"]);
    let overview: Vec<String> = cells(&mut book, "Screening").iter().map(|row| row.join("|")).collect();
    for line in [
        "STALE LIST|aspi is 9 days old|||",
        "Screened on|2026-03-10 (UTC)|||",
        "Rows|4|||",
        "Rows not read, or not wholly|1|||",
        "Rows screened, without hits|2|||",
        "Threshold|0.5|||",
        "Stale lists|aspi|||",
        "Snapshot|s1|||",
        "eu|2026-02-27|2026-01-01|9|no",
        "aspi|not said|2026-01-01|9|STALE",
        "C born|birth date|||",
    ] {
        assert!(overview.iter().any(|l| l == line), "{line}: {overview:#?}");
    }
    for sheet in ["Hits", "Rows", "Not read", "Remarks", "Screening"] {
        let formulas = book.worksheet_formula(sheet).unwrap();
        assert!(formulas.used_cells().all(|(_, _, formula)| formula.is_empty()), "{sheet}");
    }
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut xml = String::new();
    std::io::Read::read_to_string(&mut zip.by_name("xl/worksheets/sheet2.xml").unwrap(), &mut xml).unwrap();
    for piece in ["<pane ySplit=\"1\"", "state=\"frozen\"", "<autoFilter ref=\"A1:S6\"/>", "<cols>"] {
        assert!(xml.contains(piece), "{piece}");
    }
}

#[test]
fn a_workbook_of_answers_can_be_read_again() {
    let bytes = sheet(|sheet| {
        sheet.write_string(0, 0, "name").unwrap();
        sheet.write_string(1, 0, "Hit \u{202e}x").unwrap();
        sheet.write_formula(2, 0, Formula::new("=A1").set_result("Nobody")).unwrap();
        sheet.write_string(3, 0, "y".repeat(3_000)).unwrap();
    });
    let table = Table::workbook(Cursor::new(bytes), &Reading::default()).unwrap();
    let (bytes, tally) = answered(table);
    assert_eq!((tally.rows, tally.errors, tally.with_remarks), (3, 1, 2));
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(cells(&mut book, "Hits")[1][4], "Hit  x");
    assert!(cells(&mut book, "Not read")[1][5].contains("longer than 2000 characters"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_workbook_is_an_answer_or_an_error(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<Option<prop::sample::Index>>(),
    ) {
        let mut bytes = sheet(|sheet| fill(sheet, &[&["name", "born"], &["Secret", "1970"], &["Hit", "x"]]));
        for (at, byte) in flips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        if let Err(error) = workbook(&bytes, &Reading::default()) {
            prop_assert!(!error.contains("Secret"), "{error}");
        }
    }

    #[test]
    fn a_damaged_sheet_is_an_answer_or_an_error(
        flips in proptest::collection::vec((any::<prop::sample::Index>(), "[<>/\"=A-Z0-9 ]"), 1..8),
    ) {
        let mut content = format!(
            "<sheetData><row r=\"1\">{}</row><row r=\"2\">{}<c r=\"B2\" s=\"0\"><f>A1</f><v>1</v></c></row></sheetData>\
             <mergeCells><mergeCell ref=\"A2:A4\"/></mergeCells>",
            text("A1", "name"),
            text("A2", "Hit"),
        )
        .into_bytes();
        for (at, byte) in flips {
            let at = at.index(content.len());
            content[at] = byte.as_bytes()[0];
        }
        let content = String::from_utf8(content).unwrap();
        let _ = workbook(&raw("", &content, &[]), &Reading::default());
    }

    #[test]
    fn any_table_of_text_is_answered_row_by_row(
        rows in proptest::collection::vec(("[^\r\u{fffd}]{0,12}", "\\PC{0,12}", "[0-9/.-]{0,10}"), 1..6),
    ) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["naam", "instelling", "geboren"]).unwrap();
        for (name, institution, born) in &rows {
            writer.write_record([name, institution, born]).unwrap();
        }
        let table = writer.into_inner().unwrap();
        let (said, tally) = said_of(Table::csv(table.as_slice(), &Reading::default())).unwrap();
        prop_assert_eq!(tally.rows, rows.len() as u64);
        let numbers: std::collections::BTreeSet<&str> = said.iter().map(|s| s[0].as_str()).collect();
        prop_assert_eq!(numbers.len(), rows.len(), "every row is seen to be answered");
    }
}
