//! Names that the Research Organization Registry lends while a list is read.

use zeef::index::import::{Change, ImportError, ImportRequest};

use crate::support::{ALPHA, BETA, Bench};

const NOW: &str = "2026-03-02T08:00:00Z";

const LIST: &str = "as of 2026-01-01\n\
    A.1 | organisation | Made-Up Institute of Technology | | NL\n\
    A.2 | organisation | Another Invented Academy | | NL\n";

/// One record in ROR's schema v2, made up.
const ROR: &str = concat!(
    r#"[{"id":"https://ror.org/00example1","status":"active","types":["education"],"links":[],"#,
    r#""names":[{"value":"Made-Up Institute of Technology","types":["ror_display","label"],"lang":"en"},"#,
    r#"{"value":"Verzonnen Technische Hogeschool","types":["alias"],"lang":"nl"}],"#,
    r#""locations":[{"geonames_id":1,"geonames_details":{"country_code":"NL","country_name":"The Netherlands","name":"Nergenshuizen"}}],"#,
    r#""relationships":[],"external_ids":[],"domains":[]}]"#
);

#[test]
fn lent_names_are_stored_found_and_counted_apart() {
    let bench = Bench::new();
    let plain = bench.import(&[(&ALPHA, LIST)], NOW).unwrap();

    let mut request = ImportRequest::new(NOW.parse().unwrap());
    request.lists.push(bench.input(&ALPHA, LIST));
    request.ror.push(bench.file("ror.json", ROR));
    let report = bench.run(&request).unwrap();
    assert_ne!(report.snapshot, plain.snapshot, "the loan is part of the contents");
    let list = &report.lists[0].manifest;
    assert_eq!(list.counts, plain.lists[0].manifest.counts, "counts are the list's own");
    let [lender] = &list.lenders[..] else { panic!("{:?}", list.lenders) };
    assert_eq!((lender.lender.as_str(), lender.entities), ("ror", 1));
    assert_eq!(lender.sources, ["ror.json"]);

    let entity = bench.open().entity("alpha", "A.1").unwrap().unwrap();
    let lent = entity.names.iter().find(|n| n.whole == "Verzonnen Technische Hogeschool").unwrap();
    assert_eq!(lent.lent_by, "ror");

    // Carried over, the list keeps the loan and its record.
    let report = bench.import(&[(&BETA, "B.1 | person | Someone")], NOW).unwrap();
    assert_eq!(report.lists[0].change, Change::CarriedOver);
    let snapshot = bench.open();
    assert_eq!(snapshot.manifest().list("alpha"), Some(list));
    assert_eq!(snapshot.entity("alpha", "A.1").unwrap().unwrap(), entity);
}

#[test]
fn a_lender_needs_lists_and_must_be_readable() {
    let bench = Bench::new();
    let mut request = ImportRequest::new(NOW.parse().unwrap());
    request.ror.push(bench.file("ror.json", "no record"));
    assert!(matches!(bench.run(&request), Err(ImportError::NobodyToLendTo)));
    request.lists.push(bench.input(&ALPHA, LIST));
    let error = bench.run(&request).unwrap_err();
    assert!(
        matches!(&error, ImportError::Read { list, .. } if list == "ror")
            && error.to_string().contains("ror.json"),
        "{error}"
    );
    assert!(zeef::index::Snapshot::open(&bench.data()).is_err());
}
