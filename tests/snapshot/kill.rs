//! Imports killed at random moments: the folder holds the old or the new snapshot, whole.

use std::collections::HashSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use zeef::index::import::{ImportRequest, Importer, ListInput};
use zeef::index::{NameIndex, Snapshot, SnapshotError};
use zeef::model::Entity;

use crate::support::{ALPHA, BETA, Bench, people};

/// Tells the test below that it is the child, and where to import what.
const CHILD: &str = "ZEEF_TEST_IMPORT_CHILD";
const KILLS: u32 = 60;
const NOW: &str = "2026-03-02T08:00:00Z";

/// Not a test of its own: what the killed process runs.
#[test]
fn child() {
    let Some(argument) = std::env::var_os(CHILD) else { return };
    let argument = argument.into_string().unwrap();
    let (data, file) = argument.split_once('|').unwrap();
    let mut request = ImportRequest::new(NOW.parse().unwrap());
    request.lists.push(ListInput { format: &ALPHA, files: vec![file.into()] });
    Importer::new(data).run(&request, &mut |_| {}).unwrap();
}

fn spawn(data: &Path, file: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child", "--nocapture"])
        .env(CHILD, format!("{}|{}", data.display(), file.display()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Everything of a snapshot agrees with its manifest; gives how many entities of `alpha` it holds.
fn whole(data: &Path) -> u64 {
    let snapshot = Snapshot::open(data).unwrap();
    snapshot.verify().unwrap();
    let manifest = snapshot.manifest();
    let alpha = manifest.list("alpha").unwrap().counts.entities;
    assert_eq!(manifest.list("beta").unwrap().counts.entities, 20, "carried over every time");
    let mut ids = HashSet::new();
    snapshot
        .for_each_entity(|e: Entity| {
            assert!(ids.insert((e.list, e.id)));
            Ok::<(), SnapshotError>(())
        })
        .unwrap();
    assert_eq!(ids.len() as u64, alpha + 20);
    assert!(ids.contains(&("alpha".to_owned(), format!("A.{alpha}"))));
    assert_eq!(snapshot.names().entity_count() as u64, alpha + 20);
    // Whole as it was written, not because opening mended it.
    let current = std::fs::read_to_string(data.join("CURRENT")).unwrap();
    let current: serde_json::Value = serde_json::from_str(&current).unwrap();
    let generation = data.join("generations").join(current["generation"].as_str().unwrap());
    assert_eq!(NameIndex::open(&generation.join("names.idx")).unwrap().entity_count() as u64, alpha + 20);
    alpha
}

#[test]
fn a_killed_import_leaves_the_old_or_the_new_snapshot() {
    let bench = Bench::new();
    let data = bench.data();
    // Two editions by turns, so that old and new can be told apart at every step.
    let sizes = [3_000, 3_001];
    let files = sizes.map(|n| bench.file(&format!("{n}.txt"), &people("A", n, "2026-01-01")));
    let first = people("A", sizes[0], "2026-01-01");
    bench.import(&[(&ALPHA, &first), (&BETA, &people("B", 20, "2026-01-01"))], NOW).unwrap();
    let mut now = sizes[0] as u64;

    // How long an import takes on this machine, so that kills fall on all of its parts.
    let started = Instant::now();
    assert!(spawn(&data, &files[0]).wait().unwrap().success());
    let mut takes = started.elapsed();

    let (mut switched, mut stayed) = (0, 0);
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for round in 0..KILLS {
        let other = usize::from(now == sizes[0] as u64);
        let mut child = spawn(&data, &files[other]);
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
        }
        let found = whole(&data);
        if found == now {
            stayed += 1;
        } else {
            assert_eq!(found, sizes[other] as u64, "round {round}: neither old nor new");
            switched += 1;
            now = found;
        }
    }
    // The lock of a killed process is free, and its remains are swept.
    let last = usize::from(now == sizes[0] as u64);
    assert!(spawn(&data, &files[last]).wait().unwrap().success());
    assert_eq!(whole(&data), sizes[last] as u64);
    let names: Vec<_> = std::fs::read_dir(data.join("generations"))
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() <= 3 && !names.contains(&"importing".to_owned()), "{names:?}");
    println!("{KILLS} kills: {stayed} left the old snapshot, {switched} the new one");
    assert!(stayed > 0, "no kill fell before a switch");
}
