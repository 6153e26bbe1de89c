//! The register of governing boards in a snapshot: read, kept, dropped, asked, and never screened against.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use zeef::index::import::{Change, ImportError, ImportReport, ImportRequest, RegisterChange};
use zeef::index::{Snapshot, SnapshotError};
use zeef::screening::{BoardFound, Options, Screener, Strength, Subject, SubjectIdentifier, SubjectKind};

use crate::support::{ALPHA, BETA, Bench, files_below, people};

const MONDAY: &str = "2025-04-07T08:00:00Z";
const TUESDAY: &str = "2025-04-08T08:00:00Z";

fn register() -> String {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/boards-demo.csv");
    std::fs::read_to_string(file).unwrap()
}

fn import_boards(bench: &Bench, text: &str, when: &str) -> Result<ImportReport, ImportError> {
    let mut request = ImportRequest::new(when.parse::<Timestamp>().unwrap());
    request.boards = vec![bench.file("boards.csv", text)];
    bench.run(&request)
}

fn with_boards() -> Bench {
    let bench = Bench::new();
    bench.import(&[(&ALPHA, &people("A", 30, "2025-01-01"))], MONDAY).unwrap();
    import_boards(&bench, &register(), MONDAY).unwrap();
    bench
}

fn screener(bench: &Bench, max_age_days: i64) -> Screener {
    Screener::new(Arc::new(bench.open()), vec![("boards".into(), max_age_days)])
}

fn organisation(name: &str) -> Subject {
    Subject::named(name, SubjectKind::Organisation)
}

fn now() -> Timestamp {
    TUESDAY.parse().unwrap()
}

#[test]
fn a_register_is_imported_beside_the_lists_and_told_with_its_issues() {
    let bench = Bench::new();
    assert!(matches!(import_boards(&bench, &register(), MONDAY), Err(ImportError::NoListLeft)));
    let plain = bench.import(&[(&ALPHA, &people("A", 30, "2025-01-01"))], MONDAY).unwrap();
    assert!(plain.registers.is_empty() && bench.open().boards().is_none());

    let report = import_boards(&bench, &register(), TUESDAY).unwrap();
    assert_ne!(report.snapshot, plain.snapshot, "a register is part of the contents");
    assert_eq!(report.lists[0].change, Change::CarriedOver);
    assert_eq!(report.registers[0].change, RegisterChange::New);
    let snapshot = bench.open();
    let manifest = snapshot.manifest().register("boards").unwrap();
    assert_eq!(manifest, &report.registers[0].manifest);
    assert_eq!(manifest.sources, ["boards.csv"]);
    assert_eq!((manifest.as_of.as_str(), manifest.imported.as_str()), ("2025-03-15", TUESDAY));
    assert_eq!(manifest.content_hash, blake3::hash(register().as_bytes()).to_hex().as_str());
    assert_eq!((manifest.counts.organisations, manifest.counts.seats), (4, 7));
    let places: Vec<&str> = manifest.issues.iter().map(|i| i.place.as_str()).collect();
    assert_eq!((manifest.issue_count, &places[..]), (2, &["line 8", "line 9"][..]));
    let boards = snapshot.boards().unwrap();
    assert_eq!((boards.organisation_count(), boards.seat_count()), (4, 7));
    // It is no list.
    assert_eq!(snapshot.manifest().list_ids(), "alpha");
    assert_eq!(snapshot.names().entity_count(), 30);
    snapshot.verify().unwrap();
}

#[test]
fn a_register_is_kept_replaced_and_removed_like_a_list() {
    let bench = with_boards();
    let before = bench.open().manifest().register("boards").cloned();
    let report = bench.import(&[(&BETA, &people("B", 5, "2025-02-01"))], TUESDAY).unwrap();
    assert_eq!(report.registers[0].change, RegisterChange::CarriedOver);
    assert_eq!(bench.open().manifest().register("boards"), before.as_ref());
    assert!(
        screener(&bench, 400)
            .boards_of(&organisation("虚构理工大学"), &Options::default(), now())
            .unwrap()
            .is_some()
    );

    // One row of seven is a loss that has to be allowed.
    let less = "organisation,member\nFictional University,Doortje Nergens\n";
    let error = import_boards(&bench, less, TUESDAY).unwrap_err();
    assert!(matches!(&error, ImportError::Shrunk { before: 7, now: 1, .. }), "{error}");
    let bad = import_boards(&bench, "organisation,role\nX,Y\n", TUESDAY).unwrap_err();
    assert!(matches!(&bad, ImportError::Read { list, .. } if list == "boards"), "{bad}");
    assert!(bad.to_string().contains("no column member"), "{bad}");
    assert_eq!(bench.open().manifest().register("boards"), before.as_ref());
    let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
    request.boards = vec![bench.file("boards.csv", less)];
    request.allow_shrink = true;
    let report = bench.run(&request).unwrap();
    assert_eq!(report.registers[0].change, RegisterChange::Replaced { seats_before: 7 });

    request.boards.clear();
    request.remove = vec!["boards".into()];
    let report = bench.run(&request).unwrap();
    assert_eq!((report.removed, report.registers.len()), (vec!["boards".to_owned()], 0));
    assert!(bench.open().boards().is_none());
    let asked = screener(&bench, 400).boards_of(&organisation("X"), &Options::default(), now()).unwrap();
    assert_eq!(asked, None, "not looked up is not the same as nobody");
    let error = bench.run(&request).unwrap_err();
    assert!(matches!(&error, ImportError::NotLoaded { loaded, .. } if loaded == "alpha, beta"), "{error}");
    request.boards = vec![bench.file("boards.csv", less)];
    assert!(matches!(bench.run(&request), Err(ImportError::NamedTwice { .. })));
}

#[test]
fn nobody_on_a_board_is_a_hit_for_it() {
    let bench = with_boards();
    let screener = screener(&bench, 400);
    let everything = Options { threshold: Some(0.2), ..Options::default() };
    for name in ["Adriana Voorbeeld", "Fictional University of Technology", "虚构理工大学", "某某某"]
    {
        let answer = screener.screen(&Subject::named(name, SubjectKind::Any), &everything, now()).unwrap();
        assert!(answer.hits.is_empty() && answer.set_aside.is_empty(), "{name}");
    }
    let boards = Options { lists: vec!["boards".into()], ..Options::default() };
    assert!(screener.screen(&organisation("X"), &boards, now()).is_err(), "it is no list to screen against");
}

#[test]
fn an_organisation_leads_to_its_board_with_how_old_that_is() {
    let bench = with_boards();
    let screener = screener(&bench, 20);
    let asked = |subject: &Subject| screener.boards_of(subject, &Options::default(), now()).unwrap().unwrap();

    let [board] = &asked(&organisation("Fictional Univ. of Technology"))[..] else { panic!("not one board") };
    assert_eq!(board.country, "NL");
    let BoardFound::Name { query_name, score, strength, .. } = &board.found else { panic!("by number") };
    assert_eq!(query_name, "Fictional Univ. of Technology");
    assert!(*score >= 0.5 && *strength == Strength::Exact);
    let members: Vec<(&str, bool, &str, i64)> =
        board.members.iter().map(|m| (m.name.as_str(), m.former, m.as_of.as_str(), m.age_days)).collect();
    assert_eq!(
        members,
        [
            ("Adriana Voorbeeld", false, "2025-03-15", 24),
            ("Bartholomeus Verzonnen", true, "2024-03-20", 384),
            ("Кирилл Выдуманный", false, "2024-11-02", 157),
        ]
    );
    assert_eq!((board.register.as_of.as_str(), board.register.age_days), ("2025-03-15", 24));
    assert!(board.register.stale);

    // In an affiliation string, by number, in another script's characters; neighbours are kept apart.
    for (name, expected) in [
        (
            "Dept. of Physics, Fictional University of Technology, Nowhere, NL",
            "Fictional University of Technology",
        ),
        ("Fictional University", "Fictional University"),
        ("虛構理工大學", "虚构理工大学"),
    ] {
        let found: Vec<String> = asked(&organisation(name)).into_iter().map(|b| b.organisation).collect();
        assert_eq!(found, [expected], "{name}");
    }
    let mut numbered = organisation("Some Other Name");
    numbered.identifiers.push(SubjectIdentifier { kind: "kvk".into(), number: "0000 2222".into() });
    let [board] = &asked(&numbered)[..] else { panic!("not one board") };
    assert_eq!((board.organisation.as_str(), &board.found), ("Fictional University", &BoardFound::Number));
    assert!(asked(&organisation("Another University Altogether")).is_empty());
}

#[test]
fn a_damaged_register_is_told_and_not_carried_on() {
    let bench = with_boards();
    let file =
        files_below(&bench.data()).into_iter().find(|path| path.ends_with("registers/boards.reg")).unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    assert!(matches!(Snapshot::open(&bench.data()), Err(SnapshotError::Damaged(_))));
    let lists = [(&ALPHA, &*people("A", 30, "2025-02-01"))];
    assert!(matches!(bench.import(&lists, TUESDAY), Err(ImportError::Current(_))));
    std::fs::remove_file(&file).unwrap();
    assert!(Snapshot::open(&bench.data()).is_err());
    // Everything given anew, nothing of the damage stays.
    let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
    request.lists = vec![bench.input(&ALPHA, lists[0].1)];
    request.boards = vec![bench.file("boards.csv", &register())];
    bench.run(&request).unwrap();
    assert!(bench.open().boards().is_some());
}
