//! Files that are no tracker file, or one that something happened to: each is refused with its place
//! and what to do, or read with issues that have a place.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::sources::testing::read_bytes;

use super::FORMAT;

/// What is to become of a file.
enum Fate {
    /// Refused, with these words.
    Refused(&'static [&'static str]),
    /// Read: so many institutions, these issues.
    Read(usize, &'static [&'static str]),
}
use Fate::{Read, Refused};

/// Every file in `fixtures/hostile-aspi`.
const FILES: &[(&str, Fate)] = &[
    ("another-json.json", Refused(&["line 1", "expected a MISP galaxy cluster"])),
    ("damaged.json.gz", Refused(&["cannot read"])),
    ("deep.json", Refused(&["line 1", "recursion limit"])),
    ("empty.csv", Refused(&["the file is empty"])),
    ("latin-1.csv", Refused(&["line 2, byte 23", "not UTF-8"])),
    ("no-institutions.json", Refused(&["no institution could be read"])),
    ("no-table.html", Refused(&["no table with the columns Institution and Risk", "CSV"])),
    ("no-values.json", Refused(&["no \"values\"", "expected a MISP galaxy cluster"])),
    ("not-utf-8.json", Refused(&["line 2, column 27", "invalid unicode"])),
    (
        "odd-records.json",
        Read(
            2,
            &[
                "R record 2: not an object: left out",
                "R record 3, value: no name: left out",
                "V record 5, refs[0]: not a text: left out",
                "V record 5, refs: no tracker page: the id is made from the name",
                "V record 5, south-example-university, aliases[1]: not a text: left out",
                "V record 5, south-example-university, lat: not an angle in degrees: left out",
                "R record 4, north-example-university: an institution with this id came before: left out",
            ],
        ),
    ),
    (
        "odd-rows.csv",
        Read(
            2,
            &[
                "V line 1: column 5 is not known and left out",
                "R line 3: no id, page or name: left out",
                "V line 5: not a rating: very high, high, medium, low or unknown is expected \
                 (zeer hoog, hoog, middel, laag, onbekend)",
                "R line 4: no listed institution has this id or page, and there is no name to make one: left out",
                "R line 6: the institution stands at line 2 already: left out",
            ],
        ),
    ),
    ("open-quote.csv", Refused(&["line 2", "is a quotation mark not closed"])),
    ("truncated.json", Refused(&["line 5, column 22", "breaks off"])),
    ("utf-16.csv", Refused(&["UTF-16"])),
    ("values-is-an-object.json", Refused(&["line 2", "expected a MISP galaxy cluster"])),
    ("workbook.xlsx", Refused(&["a zip archive or a workbook", "CSV UTF-8"])),
    ("wrong-columns.csv", Refused(&["line 1", "known are id, name, native_name, aliases, category, risk"])),
];

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

#[test]
fn every_hostile_file_meets_its_fate() {
    for (file, fate) in FILES {
        let bytes = std::fs::read(folder("hostile-aspi").join(file)).unwrap();
        match (read_bytes(&FORMAT, &bytes), fate) {
            (Err(error), Refused(words)) => {
                let error = error.to_string();
                for part in *words {
                    assert!(error.contains(part), "{file}: {part:?} not in {error:?}");
                }
                assert!(!error.contains("Example"), "{file} quotes a name: {error}");
            }
            (Ok(collected), Read(institutions, issues)) => {
                assert_eq!(collected.entities.len(), *institutions, "{file}");
                assert_eq!(collected.marked_issues(), *issues, "{file}");
            }
            (Ok(_), Refused(_)) => panic!("{file} was read"),
            (Err(error), Read(..)) => panic!("{file}: {error}"),
        }
    }
    let here: BTreeSet<String> = std::fs::read_dir(folder("hostile-aspi"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(here, FILES.iter().map(|(file, _)| (*file).to_owned()).collect(), "each file has a fate");
}

#[test]
fn no_hostile_file_of_another_list_is_taken_for_one_of_these() {
    for file in std::fs::read_dir(folder("hostile")).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for format in [&FORMAT, &crate::sources::canada_nro::FORMAT, &crate::sources::us_1286::FORMAT] {
            assert!(read_bytes(format, &bytes).is_err());
        }
    }
}
