//! What changed between two generations, and going back to one of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use zeef::index::diff::{Change, Edition, EntityChange, Place, differences};
use zeef::index::import::ImportRequest;
use zeef::index::{RollBackError, Snapshot, SnapshotError, kept_generations, roll_back};
use zeef::model::Entity;

use crate::support::{ALPHA, BETA, Bench, OMEGA, people};

const MONDAY: &str = "2026-03-02T08:00:00Z";
const TUESDAY: &str = "2026-03-03T08:00:00Z";

fn names(bench: &Bench) -> Vec<String> {
    kept_generations(&bench.data()).unwrap().into_iter().map(|g| g.name).collect()
}

fn changes(before: &Edition, after: &Edition, resume: Option<&Place>) -> Vec<EntityChange> {
    let mut found = Vec::new();
    differences(before, after, resume, |change| {
        found.push(change);
        Ok::<_, SnapshotError>(true)
    })
    .unwrap();
    found
}

/// A change in one line: `alpha/A.1 added`, and for a changed entity its fields.
fn line(change: &EntityChange) -> String {
    let mut line = format!("{}/{} {}", change.list, change.id, change.kind().as_str());
    for f in change.fields() {
        write!(line, " {} -[{}] +[{}]", f.field.as_str(), f.removed.join("; "), f.added.join("; ")).unwrap();
    }
    line
}

fn open(bench: &Bench, name: &str) -> Edition {
    Edition::open(&bench.data(), Some(name)).unwrap()
}

#[test]
fn entities_added_removed_and_changed_are_told_field_by_field() {
    let bench = Bench::new();
    let before = "A.1 | person | Testname One | TST | NL\n\
        A.10 | person | Testname Ten | TST | NL\n\
        A.2 | organisation | Institute of Tests | TST | NL | Military | a remark";
    let after = "A.2 | organisation | Institute of Tests; Testers | TST | BE | Military | a remark\n\
        A.3 | person | Testname Three | TST | NL\n\
        A.10 | person | Testname Ten | TST | NL";
    bench.import(&[(&ALPHA, before), (&BETA, &people("B", 3, "2026-01-01"))], MONDAY).unwrap();
    // Beta is carried over, omega is new.
    bench.import(&[(&ALPHA, after), (&OMEGA, "O.1 | person | Testname Omega")], TUESDAY).unwrap();
    let kept = names(&bench);
    let (old, new) = (open(&bench, &kept[0]), open(&bench, &kept[1]));
    assert_eq!(Edition::open(&bench.data(), None).unwrap().name(), kept[1]);

    let lines: Vec<String> = changes(&old, &new, None).iter().map(line).collect();
    assert_eq!(
        lines,
        [
            "alpha/A.1 removed",
            "alpha/A.2 changed addresses -[country: NL] +[country: BE] names -[] +[Testers]",
            "alpha/A.3 added",
            "omega/O.1 added",
        ]
    );
    let back: Vec<String> = changes(&new, &old, None).iter().map(line).collect();
    assert_eq!(back[0], "alpha/A.1 added");
    assert_eq!(back[3], "omega/O.1 removed");
    assert!(changes(&new, &new, None).is_empty());

    // It can stop anywhere and go on from there.
    let place = Place { list: "alpha".into(), id: "A.2".into() };
    let rest: Vec<String> = changes(&old, &new, Some(&place)).iter().map(line).collect();
    assert_eq!(rest, ["alpha/A.3 added", "omega/O.1 added"]);
    let mut taken = 0;
    differences(&old, &new, None, |_| {
        taken += 1;
        Ok::<_, SnapshotError>(taken < 2)
    })
    .unwrap();
    assert_eq!(taken, 2);

    assert!(matches!(Edition::open(&bench.data(), Some("../../etc")), Err(SnapshotError::NotKept { .. })));
}

fn text(list: &BTreeMap<u8, u8>) -> String {
    let mut text = String::new();
    for (id, name) in list {
        writeln!(text, "E.{id} | person | Testname N{name}").unwrap();
    }
    text
}

fn entities(snapshot: &Snapshot) -> BTreeMap<String, Entity> {
    let mut all = BTreeMap::new();
    snapshot
        .for_each_entity(|e: Entity| {
            all.insert(e.id.clone(), e);
            Ok::<(), SnapshotError>(())
        })
        .unwrap();
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Applied to the one edition, the changes give the other.
    #[test]
    fn changes_lead_from_one_edition_to_the_other(
        before in prop::collection::btree_map(0_u8..40, 0_u8..3, 1..25),
        after in prop::collection::btree_map(0_u8..40, 0_u8..3, 1..25),
    ) {
        let bench = Bench::new();
        bench.import(&[(&ALPHA, &text(&before))], MONDAY).unwrap();
        let mut request = ImportRequest::new(TUESDAY.parse().unwrap());
        request.lists.push(bench.input(&ALPHA, &text(&after)));
        request.allow_shrink = true;
        let kept_before = names(&bench);
        let old = Snapshot::open_kept(&bench.data(), &kept_before[0]).unwrap();
        bench.run(&request).unwrap();
        let new = bench.open();
        let mut all = entities(&old);
        let mut keys = Vec::new();
        differences(&old, &new, None, |change| {
            keys.push(change.id.clone());
            match change.change {
                Change::Added(e) => assert!(all.insert(change.id, *e).is_none()),
                Change::Removed(e) => assert_eq!(all.remove(&change.id), Some(*e)),
                Change::Changed { before, after, fields } => {
                    assert!(!fields.is_empty());
                    assert_eq!(all.insert(change.id, *after), Some(*before));
                }
            }
            Ok::<_, SnapshotError>(true)
        }).unwrap();
        prop_assert!(keys.is_sorted());
        prop_assert_eq!(all, entities(&new));
    }
}

#[test]
fn generations_are_kept_as_told_and_can_be_gone_back_to() {
    let bench = Bench::new();
    let data = bench.data();
    assert!(matches!(roll_back(&data, None), Err(RollBackError::Snapshot(SnapshotError::Missing { .. }))));
    let import = |count: usize, keep: usize| {
        let mut request = ImportRequest::new(MONDAY.parse().unwrap());
        request.lists.push(bench.input(&ALPHA, &people("A", count, "2026-01-01")));
        request.keep = keep;
        bench.run(&request).unwrap();
    };
    import(10, 3);
    assert!(matches!(roll_back(&data, None), Err(RollBackError::NothingOlder { .. })));
    (11..=15).for_each(|n| import(n, 4));
    let kept = names(&bench);
    assert_eq!(kept.len(), 4);
    let people = |bench: &Bench| bench.open().manifest().entity_count();
    assert_eq!(people(&bench), 15);

    // Whoever serves sees the switch; the generation it came from stays until the next import.
    let serving = bench.open();
    let rolled_back = roll_back(&data, None).unwrap();
    assert_eq!((&rolled_back.from.name, &rolled_back.to.name), (&kept[3], &kept[2]));
    assert!(serving.is_superseded(&data).unwrap());
    assert_eq!((people(&bench), names(&bench).len()), (14, 4));
    assert!(matches!(roll_back(&data, Some(&kept[2])), Err(RollBackError::Already { .. })));
    roll_back(&data, Some(&kept[3])).unwrap();
    assert_eq!(people(&bench), 15);
    roll_back(&data, Some(&kept[0])).unwrap();
    assert_eq!(people(&bench), 12);
    assert!(matches!(roll_back(&data, None), Err(RollBackError::NothingOlder { .. })));
    let unknown = roll_back(&data, Some("no-such-1"));
    assert!(matches!(unknown, Err(RollBackError::Snapshot(SnapshotError::NotKept { .. }))));

    // A damaged one is not gone back to.
    let store = data.join("generations").join(&kept[1]).join("store");
    let file = std::fs::read_dir(store)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "store"));
    let file = file.unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    assert!(matches!(
        roll_back(&data, Some(&kept[1])),
        Err(RollBackError::Snapshot(SnapshotError::Damaged(_)))
    ));
    assert_eq!(people(&bench), 12);

    // Fewer than two are never kept.
    import(13, 0);
    assert_eq!((people(&bench), names(&bench).len()), (13, 2));
}
