//! `screen`, `compare`, `entity`, `search`: answers for people and programs.

use crate::support::{World, ids};

#[test]
fn readmes_first_command_shows_the_hit_with_its_reasons() {
    let world = World::new();
    let run = world.run(&["screen", "Wladimir Putjin", "--born", "1952-10-07"]);
    assert_eq!(run.code, 0, "{run:?}");
    for part in ["1 hit", "PUTIN", "birth date", "total", "Lists: ", "threshold 0.5"] {
        assert!(run.out.contains(part), "{part} is missing in\n{}", run.out);
    }
    assert!(run.err.contains("DEMONSTRATION LISTS"), "{run:?}");
    assert!(!run.out.contains('\u{1b}'), "no colours");
}

#[test]
fn programs_get_the_same_answer() {
    let world = World::new();
    let run = world.run(&["screen", "Wladimir", "Putjin", "--born", "1952-10-07", "--json", "--exit-hit"]);
    assert_eq!(run.code, 10, "{run:?}");
    let answer = run.json();
    let hit = &answer["hits"][0];
    assert_eq!(hit["list"], "eu");
    assert!(hit["score"].as_f64() >= answer["stamp"]["threshold"].as_f64());
    let parts = hit["explanation"]["evidence"].as_array().unwrap();
    let sum: f64 = parts.iter().filter_map(|p| p["bits"].as_f64()).sum();
    assert!((sum - hit["explanation"]["bits"].as_f64().unwrap()).abs() < 1e-6, "{parts:?}");
    assert!(!hit["explanation"]["summary"].as_str().unwrap().is_empty());
}

#[test]
fn no_hit_is_an_answer_too() {
    let world = World::new();
    let run = world.run(&["screen", "Quillon Brathwick-Ossulton", "--demo", "--exit-hit"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("No hit on "), "{run:?}");
    assert!(run.out.contains("Lists: "), "{run:?}");
}

#[test]
fn options_reach_the_matcher() {
    let world = World::new();
    let screen = |args: &[&str]| world.run(&[&["screen", "--demo", "--json"], args].concat()).json();
    let anyone = screen(&["Harbin Institute of Technology", "--kind", "organisation"]);
    assert!(ids(&anyone).contains(&"harbin-institute-of-technology"), "{anyone}");
    assert!(ids(&screen(&["Harbin Institute of Technology", "--kind", "person"])).is_empty());
    assert!(ids(&screen(&["Harbin Institute of Technology", "--list", "eu"])).is_empty());
    let lowest = screen(&["Harbin Institute of Technology", "--threshold", "0", "--limit", "1"]);
    assert_eq!(ids(&lowest).len(), 1);
    assert_eq!(lowest["stamp"]["threshold"], 0.0);
    let by_alias = screen(&["Quillon Brathwick-Ossulton", "--alias", "哈尔滨工业大学"]);
    assert!(ids(&by_alias).contains(&"harbin-institute-of-technology"), "{by_alias}");
}

#[test]
fn two_names_are_compared_by_the_same_scorer() {
    let world = World::new();
    let run = world.run(&["compare", "Владимир Путин", "Vladimir Putin", "--kind", "person", "--exit-hit"]);
    assert_eq!(run.code, 10, "{run:?}");
    assert!(run.out.starts_with("match"), "{run:?}");
    let run = world.run(&["compare", "Vladimir Putin", "Emmanuel Macron", "--kind", "person", "--json"]);
    assert_eq!((run.code, &run.json()["match"]), (0, &serde_json::Value::Bool(false)));
}

#[test]
fn an_entity_is_shown_whole() {
    let world = World::new();
    let run = world.run(&["entity", "aspi", "beihang-university", "--demo"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.starts_with("Beihang University [aspi beihang-university], organisation"), "{run:?}");
    let run = world.run(&["entity", "aspi", "beihang-university", "--demo", "--json"]);
    assert_eq!(run.json()["id"], "beihang-university");
    let run = world.run(&["entity", "aspi", "no-such-university", "--demo"]);
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{run:?}");
}

#[test]
fn entities_are_found_by_words() {
    let world = World::new();
    let run = world.run(&["search", "beihang", "--demo", "--json"]);
    let found = run.json();
    assert_eq!(found["entities"][0]["id"], "beihang-university", "{found}");
    let run = world.run(&["search", "beihang", "--demo", "--kind", "person"]);
    assert!(run.out.starts_with("Nothing found"), "{run:?}");
}

#[test]
fn faults_of_the_command_line_exit_with_two_and_name_the_argument() {
    let world = World::new();
    for (args, says) in [
        (&["screen"][..], "NAME"),
        (&["screen", "  "], "name: is empty"),
        (&["screen", "Secret Person", "--born", "01/02/1970"], "1970-01-02"),
        (&["screen", "Secret Person", "--threshold", "2"], "threshold"),
        (&["screen", "Secret Person", "--country", "Persia"], "countries[0]"),
        (&["screen", "Secret Person", "--no-such"], "--no-such"),
        (&["batch"], "INPUT"),
        (&["batch", "no-such-file"], "no-such-file"),
        (&["no-such-command"], "no-such-command"),
        (&["serve", "--listen", "here"], "--listen"),
    ] {
        let run = world.run(args);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{args:?}: {run:?}");
        assert!(run.err.contains(says), "{args:?}: {run:?}");
        assert!(!run.err.contains("Secret"), "{args:?}: {run:?}");
    }
    for args in [&["--help"][..], &["screen", "--help"], &["--version"], &["import", "--formats"]] {
        let run = world.run(args);
        assert_eq!(run.code, 0, "{args:?}");
        assert!(!run.out.is_empty(), "{args:?}");
    }
}
