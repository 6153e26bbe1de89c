//! `import`: what is replaced, kept, dropped and refused.

use crate::support::{World, fixture};

#[test]
fn an_import_replaces_the_lists_it_names_and_keeps_the_others() {
    let world = World::new();
    let folder = world.imported("data");
    let run = world.run(&[
        "import",
        "--data",
        &folder,
        "--aspi",
        &fixture("aspi-demo.json"),
        &fixture("aspi-demo-ratings.csv"),
        "--json",
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    let lists = run.json();
    let changes: Vec<_> =
        lists["lists"].as_array().unwrap().iter().map(|l| (&l["list"], &l["change"])).collect();
    assert_eq!(changes, [(&"aspi".into(), &"replaced".into()), (&"eu".into(), &"kept".into())]);

    let run = world.run(&["import", "--data", &folder, "--remove", "eu"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Removed: eu") && run.err.contains("MISSING LIST: eu"), "{run:?}");
    let lists = world.run(&["lists", "--data", &folder, "--json"]).json();
    assert_eq!(lists["lists"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_summary_tells_counts_and_where_the_issues_are() {
    let world = World::new();
    let folder = world.path("data").display().to_string();
    let run =
        world.run(&["import", "--data", &folder, "--source", &format!("eu={}", fixture("eu-demo.xml"))]);
    assert_eq!(run.code, 0, "{run:?}");
    for part in ["entities", "citizenships", "new", "Snapshot", &folder] {
        assert!(run.out.contains(part), "{part}: {run:?}");
    }
}

#[test]
fn the_research_registry_lends_names_and_says_so() {
    let world = World::new();
    let record =
        |value: &str, kind: &str| format!(r#"{{"value": "{value}", "types": ["{kind}"], "lang": null}}"#);
    let names = [record("Beihang University", "label"), record("A Name Lent For A Test", "alias")].join(",");
    let ror = world.file(
        "ror.jsonl",
        format!(
            r#"{{"id": "https://ror.org/test", "status": "active", "names": [{names}], "relationships": [], "locations": [{{"geonames_id": 1, "geonames_details": {{"country_code": "CN"}}}}]}}"#
        ),
    );
    let ror = ror.display().to_string();
    let folder = world.path("data").display().to_string();
    let run = world.run(&["import", "--data", &folder, "--aspi", &fixture("aspi-demo.json"), "--ror", &ror]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("ror lent names to 1 entities of aspi"), "{run:?}");
    let entity = world.run(&["entity", "aspi", "beihang-university", "--data", &folder, "--json"]).json();
    let lent: Vec<_> = entity["names"].as_array().unwrap().iter().filter(|n| n["lent_by"] == "ror").collect();
    assert!(lent.iter().any(|n| n["whole"] == "A Name Lent For A Test"), "{entity}");
    let run = world.run(&["import", "--data", &folder, "--ror", &ror]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn what_is_no_such_list_is_refused_and_what_was_loaded_stays() {
    let world = World::new();
    let folder = world.imported("data");
    let before = world.run(&["lists", "--data", &folder, "--json"]).json();
    let whole = std::fs::read(fixture("eu-demo.xml")).unwrap();
    let cut = world.file("cut.xml", &whole[..whole.len() / 2]);
    let bomb = world.file(
        "bomb.xml",
        "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><export xmlns=\"http://eu.europa.ec/fpi/fsd/export\">&b;</export>",
    );
    let other = world.file("other.xml", "<?xml version=\"1.0\"?><html/>");
    let empty = world.file("empty.xml", "");
    for file in [cut, bomb, other, empty] {
        let file = file.display().to_string();
        let run = world.run(&["import", "--data", &folder, "--eu", &file]);
        assert_eq!((run.code, run.out.as_str()), (4, ""), "{run:?}");
        assert!(run.err.contains("eu"), "{run:?}");
        assert_eq!(world.run(&["lists", "--data", &folder, "--json"]).json(), before);
    }
    for (args, code) in [
        (&["--eu", "no-such-file.xml"][..], 2),
        (&["--source", "nosuch=x"], 2),
        (&["--remove", "nosuch"], 2),
        (&[], 2),
    ] {
        let run = world.run(&[&["import", "--data", &folder], args].concat());
        assert_eq!((run.code, run.out.as_str()), (code, ""), "{args:?}: {run:?}");
    }
}

#[test]
fn a_register_of_boards_is_imported_shown_kept_and_dropped() {
    let world = World::new();
    let folder = world.imported("data");
    let boards = format!("boards={}", fixture("boards-demo.csv"));
    let run = world.run(&["import", "--data", &folder, "--source", &boards]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Register boards (new): 7 seats on the boards of 4 organisations"), "{run:?}");
    assert!(run.out.contains("line 8: no member"), "{run:?}");

    let run = world.run(&["lists", "--data", &folder, "--max-age-days", "boards=0"]);
    assert!(run.out.contains("Register of governing boards") && run.out.contains("STALE"), "{run:?}");
    let lists = world.run(&["lists", "--data", &folder, "--json"]).json();
    assert_eq!(lists["lists"].as_array().map(Vec::len), Some(2));
    assert_eq!(lists["registers"][0]["counts"]["seats"], 7);
    assert_eq!(lists["registers"][0]["as_of"], "2025-03-15");
    let hits = world.run(&["screen", "Adriana Voorbeeld", "--data", &folder, "--json"]).json();
    assert_eq!(hits["hits"].as_array().map(Vec::len), Some(0));
    assert!(world.run(&["import", "--formats"]).out.contains("never a hit"));

    let run = world.run(&["import", "--data", &folder, "--remove", "boards", "--json"]);
    assert_eq!((run.code, &run.json()["removed"][0]), (0, &"boards".into()), "{run:?}");
    let run = world.run(&["import", "--data", &world.path("new").display().to_string(), "--source", &boards]);
    assert_eq!(run.code, 2, "a register alone is no list: {run:?}");
}
