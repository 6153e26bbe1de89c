//! What an import does to the lists that it names and to those that it does not.

use std::sync::Arc;

use jiff::Timestamp;
use zeef::index::import::{Change, IdChange, ImportError, ImportRequest, Stage};
use zeef::index::{MAX_ISSUES_KEPT, NameIndex, Snapshot, SnapshotError, SnapshotHandle, holds_snapshot};
use zeef::model::{Entity, EntityKind};

use crate::support::{ALPHA, BETA, Bench, OMEGA, people};

const MONDAY: &str = "2026-03-02T08:00:00Z";
const TUESDAY: &str = "2026-03-03T08:00:00Z";

fn all_ids(snapshot: &Snapshot) -> Vec<String> {
    let mut ids = Vec::new();
    snapshot
        .for_each_entity(|e: Entity| {
            ids.push(format!("{}/{}", e.list, e.id));
            Ok::<(), SnapshotError>(())
        })
        .unwrap();
    ids
}

#[test]
fn what_is_imported_can_be_opened_and_read() {
    let bench = Bench::new();
    assert!(!holds_snapshot(&bench.data()).unwrap());
    assert!(matches!(Snapshot::open(&bench.data()), Err(SnapshotError::Missing { .. })));
    let text = "as of 2026-02-26\n\
        A.1 | person | Ada Made-Up; Ада | UKR | RU | | likes tests | P 123\n\
        ?\n\
        A.2 | organisation | Institute of Invented Things | IRN | IR | Military";
    let report = bench.import(&[(&ALPHA, text)], MONDAY).unwrap();
    // Nothing but the data folder is needed any more.
    std::fs::remove_file(bench.file("alpha.txt", "")).unwrap();

    let snapshot = bench.open();
    let manifest = snapshot.manifest();
    assert_eq!(manifest.id, report.snapshot);
    assert!(!manifest.demo);
    let list = manifest.list("alpha").unwrap();
    assert_eq!(list, &report.lists[0].manifest);
    assert_eq!(report.lists[0].change, Change::New);
    assert_eq!((list.as_of.as_str(), list.imported.as_str()), ("2026-02-26", MONDAY));
    assert_eq!((list.title.as_str(), &list.sources[..]), (ALPHA.title, &["alpha.txt".to_owned()][..]));
    assert_eq!(list.content_hash, blake3::hash(text.as_bytes()).to_hex().as_str());
    assert_eq!((list.issue_count, list.issues[0].place.as_str()), (1, "line 3"));
    let c = list.counts;
    assert_eq!((c.entities, c.persons, c.organisations, c.names), (2, 1, 1, 3));
    assert_eq!((c.citizenships, c.addresses, c.identifiers), (1, 1, 2));
    assert_eq!(snapshot.names().entity_count(), 2);

    let ada = snapshot.entity("alpha", "A.1").unwrap().unwrap();
    assert_eq!((ada.list.as_str(), ada.kind), ("alpha", EntityKind::Person));
    assert_eq!(ada.names.iter().map(|n| n.whole.as_str()).collect::<Vec<_>>(), ["Ada Made-Up", "Ада"]);
    assert_eq!(ada.remarks, ["likes tests"]);
    for (list, id) in [("alpha", "A.3"), ("alpha", "A"), ("beta", "A.1"), ("", "")] {
        assert_eq!(snapshot.entity(list, id).unwrap(), None);
    }
    assert_eq!(all_ids(&snapshot), ["alpha/A.1", "alpha/A.2"]);
    snapshot.verify().unwrap();
}

#[test]
fn lists_not_named_are_carried_over_with_their_dates() {
    let bench = Bench::new();
    let lists = [(&OMEGA, &*people("O", 150, "2026-01-01")), (&ALPHA, &*people("A", 100, "2026-01-02"))];
    bench.import(&lists, MONDAY).unwrap();
    let before = bench.open().manifest().clone();
    assert_eq!(before.list_ids(), "alpha, omega");

    let report = bench.import(&[(&BETA, &people("B", 90, "2026-02-01"))], TUESDAY).unwrap();
    let snapshot = bench.open();
    let after = snapshot.manifest();
    assert_ne!(after.id, before.id);
    assert_eq!(after.list_ids(), "alpha, beta, omega");
    assert_eq!(after.list("alpha"), before.list("alpha"));
    assert_eq!(after.list("omega"), before.list("omega"));
    assert_eq!(after.list("beta").unwrap().imported, TUESDAY);
    let changes: Vec<Change> = report.lists.iter().map(|l| l.change).collect();
    assert_eq!(changes, [Change::CarriedOver, Change::New, Change::CarriedOver]);

    // In the order of list ids and of the lists themselves, whatever the import named.
    let expected: Vec<String> = [("alpha", "A", 100), ("beta", "B", 90), ("omega", "O", 150)]
        .iter()
        .flat_map(|(list, id, n)| (1..=*n).map(move |i| format!("{list}/{id}.{i}")))
        .collect();
    assert_eq!(all_ids(&snapshot), expected);
    assert_eq!(snapshot.names().entity_count(), 340);

    // A replaced list takes its new dates and leaves the others alone.
    let report = bench.import(&[(&ALPHA, &people("A", 105, "2026-03-01"))], TUESDAY).unwrap();
    let before = report.lists[0].manifest.counts;
    let Change::Replaced { before: old, ids } = report.lists[0].change else { panic!("not replaced") };
    assert_eq!((old.entities, before.entities, ids), (100, 105, Some(IdChange { added: 5, gone: 0 })));
    let snapshot = bench.open();
    assert_eq!(snapshot.manifest().list("alpha").unwrap().as_of, "2026-03-01");
    assert_eq!(snapshot.manifest().list("beta").unwrap().as_of, "2026-02-01");
}

#[test]
fn a_list_can_be_removed_but_not_the_last() {
    let bench = Bench::new();
    let lists = [(&ALPHA, &*people("A", 3, "2026-01-01")), (&BETA, &*people("B", 4, "2026-01-01"))];
    bench.import(&lists, MONDAY).unwrap();
    let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
    request.remove = vec!["alpha".into()];
    let report = bench.run(&request).unwrap();
    assert_eq!(report.removed, ["alpha"]);
    let snapshot = bench.open();
    assert_eq!(snapshot.manifest().list_ids(), "beta");
    assert_eq!(snapshot.manifest().list("beta").unwrap().imported, MONDAY);
    assert_eq!(all_ids(&snapshot), ["beta/B.1", "beta/B.2", "beta/B.3", "beta/B.4"]);
    assert_eq!(snapshot.entity("alpha", "A.1").unwrap(), None);

    assert!(matches!(bench.run(&request), Err(ImportError::NotLoaded { loaded, .. }) if loaded == "beta"));
    request.remove = vec!["beta".into()];
    assert!(matches!(bench.run(&request), Err(ImportError::NoListLeft)));
    assert_eq!(bench.open().manifest().list_ids(), "beta");
}

#[test]
fn the_same_contents_give_the_same_snapshot() {
    let (a, b) = (people("A", 70, "2026-01-01"), people("B", 5, "2026-01-01"));
    let together = Bench::new();
    let first = together.import(&[(&ALPHA, &a), (&BETA, &b)], MONDAY).unwrap();
    assert!(!first.unchanged);
    let again = together.import(&[(&BETA, &b), (&ALPHA, &a)], TUESDAY).unwrap();
    assert_eq!((first.snapshot.as_str(), true), (again.snapshot.as_str(), again.unchanged));
    assert_eq!(together.open().manifest().list("beta").unwrap().imported, TUESDAY);

    let apart = Bench::new();
    apart.import(&[(&BETA, &b)], TUESDAY).unwrap();
    let second = apart.import(&[(&ALPHA, &a)], TUESDAY).unwrap();
    assert_eq!(first.snapshot, second.snapshot);
    let other = apart.import(&[(&ALPHA, &(a + "?\n"))], TUESDAY).unwrap();
    assert_ne!(first.snapshot, other.snapshot);
}

#[test]
fn a_failed_import_leaves_the_old_snapshot_serving() {
    let bench = Bench::new();
    bench.import(&[(&ALPHA, &people("A", 100, "2026-01-01"))], MONDAY).unwrap();
    let handle = SnapshotHandle::new(Arc::new(bench.open()));
    let id = handle.load().unwrap().manifest().id.clone();

    let broken = people("A", 90, "2026-02-01") + "!\n";
    let shrunk = people("A", 79, "2026-02-01");
    let empty = "as of 2026-02-01\n?\n";
    for (text, kind) in [(&*broken, "broken"), (&*shrunk, "shrunk"), (empty, "empty")] {
        let error = bench.import(&[(&ALPHA, text)], TUESDAY).unwrap_err();
        match kind {
            "broken" => assert!(matches!(&error, ImportError::Read { .. }), "{error}"),
            "shrunk" => assert!(
                matches!(&error, ImportError::Shrunk { before: 100, now: 79, .. })
                    && error.to_string().contains("by more than 20 %"),
                "{error}"
            ),
            _ => assert!(
                matches!(&error, ImportError::Empty { .. })
                    && error.to_string().contains("(line 2: a question mark)"),
                "{error}"
            ),
        }
        assert!(error.to_string().contains("\"alpha\""), "{error}");
        assert_eq!(bench.open().manifest().id, id);
        assert!(handle.reload_if_superseded(&bench.data()).unwrap().is_none());
    }
    // A missing file is told with its name.
    let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
    request.lists.push(bench.input(&ALPHA, ""));
    std::fs::remove_file(&request.lists[0].files[0]).unwrap();
    assert!(bench.run(&request).unwrap_err().to_string().contains("alpha.txt"));

    // Losing exactly a fifth is allowed, and any share when the operator says so.
    bench.import(&[(&ALPHA, &people("A", 80, "2026-02-01"))], TUESDAY).unwrap();
    let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
    request.lists.push(bench.input(&ALPHA, &people("A", 1, "2026-02-02")));
    request.allow_shrink = true;
    bench.run(&request).unwrap();

    assert_eq!(handle.load().unwrap().manifest().id, id, "nobody has reloaded yet");
    let now = handle.reload_if_superseded(&bench.data()).unwrap().unwrap();
    assert_eq!((now.manifest().entity_count(), all_ids(&now)), (1, vec!["alpha/A.1".to_owned()]));
    assert!(handle.reload_if_superseded(&bench.data()).unwrap().is_none());
}

#[test]
fn bad_records_are_left_out_and_counted() {
    let bench = Bench::new();
    let text = format!(
        "A.1 | person | First\nA.1 | person | Second\n | person | Nobody\nA.3 | person | \n{} | person | Long\n{}",
        "x".repeat(600),
        "?\n".repeat(MAX_ISSUES_KEPT)
    );
    let report = bench.import(&[(&ALPHA, &text)], MONDAY).unwrap();
    let list = &report.lists[0].manifest;
    assert_eq!((list.counts.entities, list.issue_count), (1, 4 + MAX_ISSUES_KEPT as u64));
    assert_eq!(list.issues.len(), MAX_ISSUES_KEPT);
    assert!(list.issues[0].what.contains("same id"), "{:?}", list.issues[0]);
    let kept = bench.open().entity("alpha", "A.1").unwrap().unwrap();
    assert_eq!(kept.names[0].whole, "First", "of two records with one id the first counts");
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let bench = Bench::new();
    let request = || ImportRequest::new(MONDAY.parse::<Timestamp>().unwrap());
    assert!(matches!(bench.run(&request()), Err(ImportError::NothingToDo)));
    let mut twice = request();
    twice.lists = vec![bench.input(&ALPHA, ""), bench.input(&ALPHA, "")];
    assert!(matches!(bench.run(&twice), Err(ImportError::NamedTwice { .. })));
    let mut both = request();
    both.lists = vec![bench.input(&ALPHA, "")];
    both.remove = vec!["alpha".into()];
    assert!(matches!(bench.run(&both), Err(ImportError::NamedTwice { .. })));
    let mut none = request();
    none.lists = vec![bench.input(&ALPHA, "")];
    none.lists[0].files.clear();
    assert!(matches!(bench.run(&none), Err(ImportError::NoFiles { .. })));
    let mut share = request();
    share.lists = vec![bench.input(&ALPHA, "")];
    share.max_shrink = f64::NAN;
    assert!(matches!(bench.run(&share), Err(ImportError::ShrinkShare)));
    assert!(!bench.data().exists(), "nothing was even begun");
}

#[test]
fn two_imports_do_not_mix() {
    let bench = Bench::new();
    let mut request = ImportRequest::new(MONDAY.parse().unwrap());
    request.lists.push(bench.input(&ALPHA, &people("A", 10, "2026-01-01")));
    let mut second = None;
    let report = zeef::index::import::Importer::new(bench.data())
        .run(&request, &mut |progress| {
            if progress.stage == Stage::Finishing {
                second = Some(bench.run(&request));
            }
        })
        .unwrap();
    assert!(matches!(second, Some(Err(ImportError::Busy { .. }))));
    assert_eq!(bench.open().manifest().id, report.snapshot);
}

#[test]
fn a_request_keeps_the_snapshot_it_began_on() {
    let bench = Bench::new();
    bench.import(&[(&ALPHA, &people("A", 40, "2026-01-01"))], MONDAY).unwrap();
    let old = bench.open();
    // More imports than generations are kept.
    for n in 41..47 {
        bench.import(&[(&ALPHA, &people("A", n, "2026-01-01"))], TUESDAY).unwrap();
    }
    assert_eq!(std::fs::read_dir(bench.data().join("generations")).unwrap().count(), 3);
    assert!(old.is_superseded(&bench.data()).unwrap());
    assert_eq!(all_ids(&old).len(), 40);
    assert!(old.entity("alpha", "A.40").unwrap().is_some());
    assert_eq!(old.names().entity_count(), 40);
}

#[test]
fn several_files_make_one_list() {
    let bench = Bench::new();
    let mut request = ImportRequest::new(MONDAY.parse().unwrap());
    let one = bench.file("one.txt", "A.1 | person | One\n");
    let two = bench.file("two.txt", "as of 2026-01-05\nA.2 | person | Two\n");
    request.lists.push(zeef::index::import::ListInput { format: &ALPHA, files: vec![one, two] });
    bench.run(&request).unwrap();
    let snapshot = bench.open();
    let list = snapshot.manifest().list("alpha").unwrap();
    assert_eq!((list.counts.entities, list.as_of.as_str()), (2, "2026-01-05"));
    assert_eq!(list.sources, ["one.txt", "two.txt"]);
    // The compiled index in the folder opens by itself, too.
    let generation = std::fs::read_dir(bench.data().join("generations")).unwrap().next().unwrap().unwrap();
    assert_eq!(NameIndex::open(&generation.path().join("names.idx")).unwrap().entity_count(), 2);
}
