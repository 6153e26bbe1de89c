//! `batch` on the sheets that people keep: XLSX and CSV, Dutch and English.

use std::fs::File;
use std::io::BufReader;

use calamine::{Data, Reader as _, Xlsx, open_workbook};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::support::World;

/// A made-up sheet as a personnel department keeps it: a title above the header line, names in parts,
/// several institutions in a cell, real dates, a formula that would run.
fn people() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name("Kandidaten").expect("a name of a sheet");
    let rows: [[&str; 8]; 6] = [
        ["Kandidaten najaar (fictief)", "", "", "", "", "", "", ""],
        [
            "Nr.",
            "Achternaam",
            "Voorvoegsel",
            "Voornaam",
            "Geboortedatum",
            "Nationaliteit",
            "Instelling",
            "Opmerking",
        ],
        [
            "k1",
            "Brathwick-Ossulton",
            "van",
            "Quillon",
            "03/04/1980",
            "NL",
            "Harbin Inst. of Technology; Made Up University",
            "",
        ],
        ["k2", "Putjin", "", "Wladimir", "", "Russische", "n.v.t.", "=HYPERLINK(\"x\")"],
        ["k3", "Secretname", "", "Ann", "31-31-1980", "", "", ""],
        ["=k4", "Brathwick-Ossulton", "", "Ann", "1985", "", "", ""],
    ];
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).expect("a cell can be written");
        }
    }
    let date = Format::new().set_num_format("dd-mm-yyyy");
    let born = ExcelDateTime::from_ymd(1952, 10, 7).expect("a date");
    sheet.write_datetime_with_format(3, 4, &born, &date).expect("a date can be written");
    book.save_to_buffer().expect("a workbook can be written")
}

fn sheet(book: &mut Xlsx<BufReader<File>>, name: &str) -> Vec<Vec<String>> {
    let range = book.worksheet_range(name).unwrap_or_else(|e| panic!("{name}: {e}"));
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

#[test]
fn a_workbook_in_gives_a_workbook_out() {
    let world = World::new();
    let input = world.file("people.xlsx", people()).display().to_string();
    let output = world.path("answers.xlsx");
    let run = world.run(&["batch", "--demo", &input, "--output", &output.display().to_string()]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    for said in
        ["sheet \"Kandidaten\", header line in row 2", "family name", "institution", "ignored", "--column"]
    {
        assert!(run.err.contains(said), "{said}: {}", run.err);
    }
    assert!(run.err.contains("4 rows answered, 2 with hits, 1 with errors"), "{}", run.err);
    assert!(!run.err.contains("Secretname") && !run.err.contains("Quillon"), "{}", run.err);
    let mut book: Xlsx<_> = open_workbook(&output).expect("a workbook");
    let hits = sheet(&mut book, "Hits");
    let found = |row: &str, reference: &str| {
        assert!(hits.iter().any(|hit| hit[0] == row && hit[9] == reference), "{hits:#?}");
    };
    found("3", "harbin-institute-of-technology");
    assert!(hits.iter().any(|hit| hit[0] == "4" && hit[8] == "eu" && hit[3] == "person"), "{hits:#?}");
    assert!(hits[1..].iter().all(|hit| hit[4] != "Made Up University"), "{hits:#?}");
    let faults = sheet(&mut book, "Not read");
    assert_eq!(faults[1][..5], ["Kandidaten", "5", "k3", "E", "Geboortedatum"], "{faults:?}");
    let remarks = sheet(&mut book, "Remarks");
    assert!(remarks.iter().any(|r| r[0] == "3" && r[4].contains("day, month, year")), "{remarks:?}");
    let overview = sheet(&mut book, "Screening");
    assert!(overview.iter().any(|row| row[0] == "DEMONSTRATION LISTS"), "{overview:?}");
    assert!(overview.iter().any(|row| row[0] == "eu" && !row[1].is_empty()), "{overview:?}");
}

#[test]
fn a_workbook_can_be_answered_in_csv_and_a_table_in_a_workbook() {
    let world = World::new();
    let input = world.file("people.xlsx", people());
    let csv = world.path("answers.csv");
    let run =
        world.run(&["batch", "--demo", &input.display().to_string(), "--output", &csv.display().to_string()]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = std::fs::read_to_string(&csv).expect("the answers");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("id,row,result,score,strength,list,entity_id,"), "{text}");
    assert!(
        lines[0].ends_with(",lists,snapshot,column,given,remarks,record,match,standing,decision"),
        "{text}"
    );
    assert!(lines.iter().any(|l| l.starts_with("k3,5,error,")), "{text}");
    assert!(lines.iter().any(|l| l.starts_with("'=k4,6,no hit,")), "{text}");
    assert!(
        lines.iter().any(|l| l.starts_with("k1,3,hit,") && l.contains(",harbin-institute-of-technology,"))
    );
    let output = world.path("answers.xlsx");
    let table = world.file("people.csv", "Naam;Werkgever\nQuillon Brathwick-Ossulton;Beihang University\n");
    let run = world.run(&[
        "batch",
        "--demo",
        &table.display().to_string(),
        "--output",
        &output.display().to_string(),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let mut book: Xlsx<_> = open_workbook(&output).expect("a workbook");
    assert_eq!(sheet(&mut book, "Hits")[1][2], "Werkgever");
}

#[test]
fn a_workbook_comes_through_a_pipe_and_columns_are_corrected() {
    let world = World::new();
    let out = world.path("answers.csv").display().to_string();
    let args = ["batch", "--demo", "--format", "xlsx", "-", "--output", &out];
    let run =
        world.feed(&[&args[..], &["--column", "Opmerking=id", "--column", "A=ignore"]].concat(), people());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("the row's id (as told)"), "{run:?}");
    let text = std::fs::read_to_string(&out).expect("the answers");
    assert!(text.lines().any(|l| l.starts_with("\"'=HYPERLINK(\"\"x\"\")\",4,hit,")), "{text}");
}

#[test]
fn a_workbook_that_cannot_be_read_leaves_nothing_behind() {
    let world = World::new();
    let input = world.file("people.xlsx", people()).display().to_string();
    let cut = world.file("cut.xlsx", &people()[..3_000]).display().to_string();
    let old = world.file("old.xls", [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).display().to_string();
    let text = world.file("text.xlsx", "name\nA\n").display().to_string();
    let who = world.file("who.csv", "id,who\n1,A\n").display().to_string();
    let out = world.path("answers.xlsx").display().to_string();
    for (args, says) in [
        (vec![cut.as_str()], "damaged"),
        (vec![&old], ".xls"),
        (vec![&text], "no XLSX workbook"),
        (vec![&input, "--sheet", "Anders"], "no sheet \"Anders\"; there are: \"Kandidaten\""),
        (
            vec![&input, "--column", "Naam=name"],
            "no column \"Naam\"; the headings are: \"Nr.\", \"Achternaam\"",
        ),
        (vec![&who], "the headings are: \"id\", \"who\""),
    ] {
        let run = world.run(&[&["batch", "--demo", "--output", &out], args.as_slice()].concat());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.err.contains(says), "{says}: {run:?}");
    }
    let mut left: Vec<_> =
        std::fs::read_dir(world.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["cut.xlsx", "old.xls", "people.xlsx", "text.xlsx", "who.csv"]);
}
