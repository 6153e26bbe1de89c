//! Imports killed at random moments: the folder holds the old or the new snapshot, whole.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::index::{NameIndex, Snapshot, SnapshotError};
use zeef::model::Entity;
use zeef::sources::{Format, format_named};

use crate::support::{ALPHA, BETA, Bench, people};

/// Tells [`child`] that it is the child, and where to import what.
const CHILD: &str = "ZEEF_TEST_IMPORT_CHILD";
const KILLS: u32 = 40;
const NOW: &str = "2026-03-02T08:00:00Z";
/// Entities of the list that is carried over in every import.
const BESIDE: u64 = 20;

#[test]
fn a_killed_import_leaves_the_old_or_the_new_snapshot() {
    let bench = Bench::new();
    let editions = [3_000, 3_001].map(|n| bench.file(&n.to_string(), &people("A", n, "2026-01-01")));
    let spawn = |data: &Path, file: &Path| {
        quiet(
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "kill::child"])
                .env(CHILD, format!("{}|{}", data.display(), file.display())),
        )
    };
    kill_often(&bench, &ALPHA, &editions, [3_000, 3_001], spawn);
}

/// Not a test of its own: what the processes of the test above run.
#[test]
fn child() {
    let Some(argument) = std::env::var_os(CHILD) else { return };
    let argument = argument.into_string().unwrap();
    let (data, file) = argument.split_once('|').unwrap();
    let mut request = ImportRequest::new(NOW.parse().unwrap());
    request.lists.push(ListInput { format: &ALPHA, files: vec![file.into()] });
    Importer::new(data).run(&request, &mut |_| {}).unwrap();
}

#[test]
fn a_killed_zeef_import_leaves_the_old_or_the_new_snapshot() {
    let bench = Bench::new();
    let editions = [2_000, 2_001].map(|n| bench.file(&n.to_string(), &eu_list(n)));
    let spawn = |data: &Path, file: &Path| {
        quiet(
            Command::new(env!("CARGO_BIN_EXE_zeef"))
                .arg("import")
                .arg("--data")
                .arg(data)
                .arg("--eu")
                .arg(file),
        )
    };
    kill_often(&bench, format_named("eu").unwrap(), &editions, [2_000, 2_001], spawn);
}

/// An EU list of made-up people, ids `A.1` and on.
fn eu_list(people: u64) -> String {
    let mut xml = String::from(
        r#"<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-01-01T00:00:00.000+01:00" globalFileId="1">"#,
    );
    for i in 1..=people {
        write!(
            xml,
            r#"<sanctionEntity euReferenceNumber="A.{i}" logicalId="{i}"><subjectType code="person" classificationCode="P"/><nameAlias wholeName="Testname Number{i}" strong="true"/></sanctionEntity>"#
        )
        .unwrap();
    }
    xml + "</export>"
}

fn quiet(command: &mut Command) -> Child {
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Imports two editions by turns, so that old and new can be told apart, kills each import at some
/// moment, and looks at what is left.
fn kill_often(
    bench: &Bench,
    format: &'static Format,
    editions: &[PathBuf; 2],
    sizes: [u64; 2],
    spawn: impl Fn(&Path, &Path) -> Child,
) {
    let data = bench.data();
    bench.import(&[(&BETA, &people("B", BESIDE as usize, "2026-01-01"))], NOW).unwrap();
    // How long an import takes on this machine, so that kills fall on all of its parts.
    let started = Instant::now();
    assert!(spawn(&data, &editions[0]).wait().unwrap().success());
    let mut takes = started.elapsed();
    let mut now = sizes[0];

    let (mut switched, mut stayed) = (0, 0);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for round in 0..KILLS {
        let other = usize::from(now == sizes[0]);
        let mut child = spawn(&data, &editions[other]);
        let started = Instant::now();
        // A pseudo-random moment (xorshift) from the start to a little after the usual end.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let after = takes.mul_f64(1.3 * (state % 10_000) as f64 / 10_000.0);
        while started.elapsed() < after && child.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_micros(200));
        }
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            // It had come to its end: a better measure of how long that takes now.
            takes = (takes + started.elapsed()) / 2;
        } else {
            // Perhaps the machine has become busier: let later kills reach the end again.
            takes = takes.mul_f64(1.05);
        }
        let found = whole(&data, format.name);
        if found == now {
            stayed += 1;
        } else {
            assert_eq!(found, sizes[other], "round {round}: neither old nor new");
            switched += 1;
            now = found;
        }
    }
    // The lock of a killed process is free, and its remains are swept.
    let last = usize::from(now == sizes[0]);
    assert!(spawn(&data, &editions[last]).wait().unwrap().success());
    assert_eq!(whole(&data, format.name), sizes[last]);
    let names: Vec<_> = std::fs::read_dir(data.join("generations"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() <= 3 && !names.contains(&"importing".to_owned()), "{names:?}");
    println!("{KILLS} kills: {stayed} left the old snapshot, {switched} the new one");
    assert!(stayed > 0, "no kill fell before a switch");
}

/// Everything of a snapshot agrees with its manifest; gives how many entities of the list it holds.
fn whole(data: &Path, list: &str) -> u64 {
    let snapshot = Snapshot::open(data).unwrap();
    snapshot.verify().unwrap();
    let manifest = snapshot.manifest();
    let entities = manifest.list(list).unwrap().counts.entities;
    assert_eq!(manifest.list("beta").unwrap().counts.entities, BESIDE, "carried over every time");
    let mut ids = HashSet::new();
    snapshot
        .for_each_entity(|e: Entity| {
            assert!(ids.insert((e.list, e.id)));
            Ok::<(), SnapshotError>(())
        })
        .unwrap();
    assert_eq!(ids.len() as u64, entities + BESIDE);
    assert!(ids.contains(&(list.to_owned(), format!("A.{entities}"))));
    // Whole as it was written, not because opening mended it.
    let current = std::fs::read_to_string(data.join("CURRENT")).unwrap();
    let current: serde_json::Value = serde_json::from_str(&current).unwrap();
    let generation = data.join("generations").join(current["generation"].as_str().unwrap());
    let names = NameIndex::open(&generation.join("names.idx")).unwrap();
    assert_eq!(names.entity_count() as u64, entities + BESIDE);
    entities
}
