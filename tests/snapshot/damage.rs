//! Damaged data folders: told clearly, or mended, never trusted.

use std::fs;
use std::path::PathBuf;

use zeef::index::import::ImportError;
use zeef::index::{Snapshot, SnapshotError, SnapshotHandle};

use crate::support::{ALPHA, BETA, Bench, files_below, people};

const MONDAY: &str = "2026-03-02T08:00:00Z";

fn imported() -> Bench {
    let bench = Bench::new();
    let lists = [(&ALPHA, &*people("A", 30, "2026-01-01")), (&BETA, &*people("B", 20, "2026-01-01"))];
    bench.import(&lists, MONDAY).unwrap();
    bench
}

fn generation(bench: &Bench) -> PathBuf {
    fs::read_dir(bench.data().join("generations")).unwrap().next().unwrap().unwrap().path()
}

/// Ways to damage a file.
fn damages(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut flipped = bytes.to_vec();
    if let Some(byte) = flipped.get_mut(bytes.len() / 2) {
        *byte ^= 0x10;
    }
    vec![flipped, bytes[..bytes.len() / 2].to_vec(), Vec::new(), [bytes, b"more"].concat()]
}

#[test]
fn every_file_of_the_store_and_the_manifest_is_guarded() {
    let bench = imported();
    let generation = generation(&bench);
    let handle = SnapshotHandle::empty();
    assert!(handle.load().is_none());
    let served = handle.reload(&bench.data()).unwrap().manifest().id.clone();
    let guarded: Vec<PathBuf> = files_below(&generation)
        .into_iter()
        .filter(|p| {
            let name = p.file_name().unwrap().to_str().unwrap();
            name != "names.idx" && !name.starts_with('.')
        })
        .collect();
    assert!(guarded.len() > 3, "{guarded:?}");
    for path in guarded {
        let bytes = fs::read(&path).unwrap();
        for damaged in damages(&bytes).into_iter().filter(|d| *d != bytes) {
            fs::write(&path, &damaged).unwrap();
            let error = handle.reload(&bench.data()).map(|_| ()).unwrap_err();
            assert!(matches!(error, SnapshotError::Damaged(_)), "{}: {error}", path.display());
            assert_eq!(handle.load().unwrap().manifest().id, served, "the old one goes on serving");
            // Other lists are not carried over out of it, and the folder stays as it is.
            let import = bench.import(&[(&ALPHA, &people("A", 30, "2026-02-01"))], MONDAY);
            assert!(matches!(import, Err(ImportError::Current(SnapshotError::Damaged(_)))));
        }
        fs::remove_file(&path).unwrap();
        assert!(handle.reload(&bench.data()).is_err());
        fs::write(&path, &bytes).unwrap();
        handle.reload(&bench.data()).unwrap();
    }
}

#[test]
fn a_damaged_store_is_mended_by_importing_all_lists_again() {
    let bench = imported();
    let store = files_below(&generation(&bench).join("store"));
    fs::write(store.iter().find(|p| p.extension().is_some_and(|e| e == "store")).unwrap(), "x").unwrap();
    assert!(Snapshot::open(&bench.data()).is_err());
    let (a, b) = (people("A", 30, "2026-02-01"), people("B", 20, "2026-02-01"));
    let shrunk = bench.import(&[(&ALPHA, &people("A", 3, "2026-02-01")), (&BETA, &b)], MONDAY);
    assert!(matches!(shrunk, Err(ImportError::Shrunk { .. })), "the manifest still says how many there were");
    bench.import(&[(&ALPHA, &a), (&BETA, &b)], MONDAY).unwrap();
    assert_eq!(bench.open().manifest().entity_count(), 50);
}

#[test]
fn a_damaged_or_missing_name_index_is_rebuilt() {
    let bench = imported();
    let names = generation(&bench).join("names.idx");
    let good = fs::read(&names).unwrap();
    let other = Bench::new();
    other.import(&[(&ALPHA, &people("A", 7, "2026-01-01"))], MONDAY).unwrap();
    let mut bad = damages(&good);
    bad.push(fs::read(generation(&other).join("names.idx")).unwrap());
    for damaged in bad {
        fs::write(&names, damaged).unwrap();
        assert_eq!(bench.open().names().entity_count(), 50);
        assert_eq!(fs::read(&names).unwrap(), good, "rebuilt in its place, the same");
    }
    fs::remove_file(&names).unwrap();
    assert_eq!(bench.open().names().entity_count(), 50);
    assert_eq!(fs::read(&names).unwrap(), good);
}

#[test]
fn a_damaged_or_lost_current_file_is_no_empty_folder() {
    let bench = imported();
    bench.import(&[(&ALPHA, &people("A", 31, "2026-01-02"))], MONDAY).unwrap();
    let current = bench.data().join("CURRENT");
    let good = fs::read(&current).unwrap();
    for damaged in damages(&good) {
        if serde_json::from_slice::<serde_json::Value>(&damaged).is_ok() {
            continue;
        }
        fs::write(&current, damaged).unwrap();
        assert!(matches!(Snapshot::open(&bench.data()), Err(SnapshotError::Damaged(_))));
        let import = bench.import(&[(&ALPHA, &people("A", 30, "2026-02-01"))], MONDAY);
        assert!(matches!(import, Err(ImportError::Current(_))), "beta would be lost");
    }
    fs::remove_file(&current).unwrap();
    assert!(matches!(Snapshot::open(&bench.data()), Err(SnapshotError::Damaged(_))));
    fs::write(&current, good).unwrap();
    assert_eq!(bench.open().manifest().entity_count(), 51);
}

#[test]
#[cfg(unix)]
fn another_user_can_read_what_was_imported() {
    use std::os::unix::fs::PermissionsExt;
    let bench = imported();
    let mode = |path: &PathBuf| fs::metadata(path).unwrap().permissions().mode();
    let usual = mode(&bench.file("made in the ordinary way", ""));
    for path in files_below(&generation(&bench)) {
        assert_eq!(mode(&path), usual, "{}", path.display());
    }
    let names = generation(&bench).join("names.idx");
    fs::remove_file(&names).unwrap();
    bench.open();
    assert_eq!(mode(&names), usual, "rebuilt");
}

#[test]
#[cfg(unix)]
fn a_read_only_folder_can_be_served() {
    use std::os::unix::fs::PermissionsExt;
    let bench = imported();
    let set = |mode: u32| {
        for folder in [generation(&bench).join("store"), generation(&bench), bench.data()] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    let before = files_below(&bench.data());
    set(0o555);
    let snapshot = Snapshot::open(&bench.data());
    set(0o755);
    assert_eq!(snapshot.unwrap().manifest().entity_count(), 50);
    assert_eq!(files_below(&bench.data()), before, "opening writes nothing");
}
