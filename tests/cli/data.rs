//! Which lists a command works on.

use crate::support::World;

const DEMO: &str = "DEMONSTRATION LISTS";

#[test]
fn where_nothing_was_ever_imported_demonstration_lists_stand_in_and_say_so() {
    let world = World::new();
    for args in [&["screen", "Nobody At All", "--json"][..], &["screen", "Nobody At All", "--json", "--demo"]]
    {
        let run = world.run(args);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.err.contains(DEMO), "{run:?}");
        assert_eq!(run.json()["stamp"]["demo"], true);
    }
    let run = world.feed(&["batch", "-"], "{\"id\":1,\"name\":\"Nobody At All\"}\n");
    assert!(run.err.contains(DEMO), "{run:?}");
    assert_eq!(run.rows()[0]["stamp"]["demo"], true);
    assert!(!world.path("share").exists(), "screening leaves nothing behind");
}

#[test]
fn a_named_folder_without_a_snapshot_is_an_error_and_never_an_empty_answer() {
    let world = World::new();
    let (missing, empty) = (world.path("missing"), world.path("empty"));
    std::fs::create_dir(&empty).unwrap();
    for folder in [&missing, &empty] {
        let folder = folder.display().to_string();
        for args in [
            &["screen", "A Name"][..],
            &["batch", "-"],
            &["lists"],
            &["entity", "eu", "EU.1.1"],
            &["search", "word"],
            &["compare", "--format", "jsonl", "-"],
        ] {
            let run = world.run(&[args, &["--data", &folder]].concat());
            assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
            assert!(run.err.contains("zeef import"), "{run:?}");
        }
        let by_environment = world.command(&["lists"]).env("ZEEF_DATA", &folder).output().unwrap();
        assert_eq!(by_environment.status.code(), Some(3));
    }
}

#[test]
fn the_users_own_folder_is_found_again() {
    let world = World::new();
    let eu = crate::support::fixture("eu-demo.xml");
    let run = world.run(&["import", "--eu", &eu]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("MISSING LIST: aspi"), "{run:?}");
    let run = world.run(&["screen", "Nobody At All", "--json"]);
    assert!(!run.err.contains(DEMO), "{run:?}");
    let answer = run.json();
    assert_eq!(answer["stamp"]["demo"], false);
    assert_eq!(answer["stamp"]["lists"][0]["list"], "eu");
    assert!(world.path("share/zeef").exists());
    // Asked for, the demonstration lists come anyway, and so does a folder by the environment.
    assert_eq!(world.run(&["lists", "--json", "--demo"]).json()["demo"], true);
    let other = world.imported("other");
    let run = world.command(&["lists", "--json"]).env("ZEEF_DATA", other).output().unwrap();
    let lists: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(lists["lists"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_users_folder_that_lost_its_snapshot_is_no_reason_for_demonstration_lists() {
    let world = World::new();
    std::fs::create_dir_all(world.path("share/zeef")).unwrap();
    world.file("share/zeef/rest", "of something");
    let run = world.run(&["screen", "A Name"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
}

#[test]
fn lists_say_what_is_loaded_and_how_old_it_is() {
    let world = World::new();
    let folder = world.imported("lists");
    let run = world.run(&[
        "lists",
        "--data",
        &folder,
        "--json",
        "--max-age-days",
        "eu=0",
        "--max-age-days",
        "99999",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("STALE LIST: eu") && !run.err.contains("STALE LIST: aspi"), "{run:?}");
    let lists = run.json();
    for (list, stale) in [("aspi", false), ("eu", true)] {
        let list = lists["lists"].as_array().unwrap().iter().find(|l| l["list"] == list).unwrap();
        assert_eq!(list["stale"], stale, "{list}");
        assert!(list["counts"]["entities"].as_u64() > Some(10), "{list}");
        assert!(list["age_days"].is_i64() && !list["imported"].as_str().unwrap().is_empty(), "{list}");
    }
    let run = world.run(&["lists", "--data", &folder, "--issues"]);
    assert!(run.out.contains("eu") && run.out.contains("Snapshot"), "{run:?}");
}

#[test]
fn a_list_that_is_not_loaded_is_an_error() {
    let world = World::new();
    for args in [
        &["screen", "A Name", "--list", "nosuch"][..],
        &["batch", "-", "--list", "nosuch"],
        &["search", "word", "--list", "nosuch"],
        &["entity", "nosuch", "X"],
    ] {
        let run = world.run(&[args, &["--demo"]].concat());
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
        assert!(
            run.err.contains("loaded are: aspi, eu") || run.err.contains("loaded are: eu, aspi"),
            "{run:?}"
        );
    }
    // Asking for one list says nothing about the other.
    let run = world.run(&["screen", "Nobody At All", "--demo", "--list", "eu", "--json"]);
    assert_eq!(run.json()["stamp"]["lists"].as_array().map(Vec::len), Some(1));
}
