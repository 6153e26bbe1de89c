//! `zeef case`: worked cases, forms of answers, bad input.

use crate::support::{World, fixture};

/// The findings of a worked case in short: certainty, path, entity.
fn findings(name: &str) -> Vec<String> {
    let run = World::new().run(&["case", &fixture(&format!("cases/{name}")), "--demo", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let answer = run.json();
    assert!(answer["case_id"].as_str().unwrap().starts_with("example-"));
    assert!(!answer["next_step"]["text"]["en"].as_str().unwrap().to_lowercase().contains("approved"));
    let screened = &answer["screened"];
    let short = |f: &serde_json::Value| {
        let subject = usize::try_from(f["subject"].as_u64().unwrap()).unwrap();
        let path = screened["subjects"][subject]["path"].as_str().unwrap();
        let entity = f["hit"]["entity_id"].as_str().unwrap_or("-");
        format!("{} {path} {} {entity}", f["certainty"].as_str().unwrap(), f["kind"].as_str().unwrap())
    };
    screened["findings"].as_array().unwrap().iter().map(short).collect()
}

#[test]
fn worked_cases_give_what_their_heads_say() {
    for (case, expected) in [
        ("clear.yaml", vec![]),
        ("unlisted-institution.json", vec![]),
        ("past-degree.yaml", vec!["likely hire.affiliations[0] listed harbin-institute-of-technology"]),
        ("namesake.yaml", vec!["set_aside hire.candidate listed EU.4159.44"]),
        (
            "partner-board.yaml",
            vec!["likely partner.board[1] listed EU.226.40", "likely partner.organisation tied EU.226.40"],
        ),
    ] {
        assert_eq!(findings(case), expected, "{case}");
    }
    let csc = findings("csc-scholar.yaml");
    for path in ["hire.home_university", "hire.supervisors[1].institution", "hire.affiliations[0]"] {
        assert!(csc.contains(&format!("likely {path} listed beihang-university")), "{csc:?}");
    }
    assert!(csc.contains(&"likely hire.affiliations[0] tied beihang-university".to_owned()), "{csc:?}");
    let group = findings("group-company.yaml");
    assert_eq!(group[0], "likely partner.organisation ownership -");
    assert!(group.contains(&"likely partner.group[0] listed EU.7808.66".to_owned()), "{group:?}");
    assert!(group.contains(&"likely partner.organisation tied EU.7808.66".to_owned()), "{group:?}");
}

#[test]
fn people_read_a_summary_first_in_their_language() {
    let world = World::new();
    let file = fixture("cases/past-degree.yaml");
    for (lang, policy, said) in [
        ("en", "generic", ["Policy:", "likely", "A person decides"]),
        ("nl", "maastricht", ["Beleid:", "waarschijnlijk", "Een mens beslist"]),
    ] {
        let run = world.run(&["case", &file, "--demo", "--policy", policy, "--lang", lang, "--exit-hit"]);
        assert_eq!(run.code, 10, "{run:?}");
        assert!(run.out.contains("example-past-degree") && run.out.contains(policy), "{}", run.out);
        for word in said {
            assert!(run.out.contains(word), "{word:?} is not in: {}", run.out);
        }
        assert!(run.err.contains("DEMONSTRATION LISTS"), "{}", run.err);
    }
    let clear = fixture("cases/clear.yaml");
    assert_eq!(world.run(&["case", &clear, "--demo", "--exit-hit"]).code, 0);
}

#[test]
fn institutions_of_a_cv_are_proposed() {
    let (case, cv) = (fixture("cases/clear.yaml"), fixture("cv/english.txt"));
    let run = World::new().run(&["case", &case, "--demo", "--cv", &cv]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Mentioned in") && run.out.contains("aspi"), "{}", run.out);
    let world = World::new();
    let pdf = world.file("cv.pdf", "%PDF-1.7").display().to_string();
    let run = world.run(&["case", &case, "--demo", "--cv", &pdf]);
    assert!(run.code == 2 && run.out.is_empty() && run.err.contains("a PDF"), "{run:?}");
}

#[test]
fn boards_on_file_are_screened_and_traced() {
    let world = World::new();
    let boards = world.file(
        "boards.csv",
        "organisation,member,birth_date,role,since,until,source\n\
         Voorbeeldinstituut voor Hydrologie,Sergej Lawrow,1950-03-21,trustee,2019,,website\n\
         Voorbeeldinstituut voor Hydrologie,Dmitri Medwedew,1965-09-14,trustee,2015,2018,website\n\
         Voorbeeldinstituut voor Hydrologie,Ramsan Kadyrow,1976-10-05,chair,2021,,website\n",
    );
    let data = world.path("lists").display().to_string();
    let (eu, aspi) = (fixture("eu-demo.xml"), fixture("aspi-demo.json"));
    let boards = format!("boards={}", boards.display());
    let imported = world.run(&["import", "--data", &data, "--eu", &eu, "--aspi", &aspi, "--source", &boards]);
    assert_eq!(imported.code, 0, "{imported:?}");
    let run = world.run(&["case", &fixture("cases/partner-board.yaml"), "--data", &data, "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let answer = run.json();
    let subjects = answer["screened"]["subjects"].as_array().unwrap();
    let on_file: Vec<&str> = subjects
        .iter()
        .filter(|s| !s["on_file_since"].is_null())
        .map(|s| s["subject"]["name"].as_str().unwrap())
        .collect();
    // The member whom the case names itself is not screened twice.
    assert_eq!(on_file, ["Sergej Lawrow", "Dmitri Medwedew"]);
    let ties: Vec<(&str, &str, &str)> = answer["screened"]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["kind"] == "tied")
        .map(|f| &f["trace"][0])
        .map(|t| (t["name"].as_str().unwrap(), t["source"].as_str().unwrap(), t["detail"].as_str().unwrap()))
        .collect();
    assert!(ties.contains(&("Sergej Lawrow", "boards", "trustee")), "{ties:?}");
    assert!(ties.iter().any(|t| t.0 == "Ramsan Kadyrow" && t.1 == "case"), "{ties:?}");
    assert!(ties.iter().all(|t| t.0 != "Dmitri Medwedew"), "{ties:?}");
}

#[test]
fn a_stale_list_is_told() {
    let world = World::new();
    let data = world.imported("lists");
    let clear = fixture("cases/clear.yaml");
    // The demonstration file stands at its own date, which is further back every day.
    let run = world.run(&["case", &clear, "--data", &data]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("! eu: ") && run.out.contains("days old, 7 are allowed"), "{}", run.out);
}

#[test]
fn reports_are_filed_in_three_forms() {
    let world = World::new();
    let file = fixture("cases/past-degree.yaml");
    for (form, begins, holds) in [
        ("html", "<!DOCTYPE html><html lang=\"nl\">", "Samenvatting en volgende stap"),
        ("md", "# Toetsingsrapport: Voorbeeld Xiaoming", "## Samenvatting en volgende stap"),
        ("json", "{", "\"policy_hash\""),
    ] {
        let output = world.path(form).display().to_string();
        let args = ["case", &file, "--demo", "--policy", "maastricht", "--lang", "nl", "--report", form];
        let run = world.run(&[&args[..], &["--output", &output]].concat());
        assert!(run.code == 0 && run.out.is_empty(), "{run:?}");
        let written = std::fs::read_to_string(output).unwrap();
        assert!(written.starts_with(begins) && written.contains(holds), "{written}");
        assert!(written.contains("harbin-institute-of-technology"), "{form}");
    }
    assert_eq!(world.run(&["case", &file, "--demo", "--report", "pdf"]).code, 2);
}

#[test]
fn cases_come_from_standard_input_and_answers_go_to_files() {
    let world = World::new();
    let json = r#"{"case_id": "c-1", "hire": {"candidate": {"names": ["Vladimir Poutine"]}}}"#;
    let run = world.feed(&["case", "-", "--demo", "--json"], json);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.json()["case_id"], "c-1");
    let run = world.feed(&["case", "-", "--demo"], "hire: {candidate: {names: [Vladimir Poutine]}}");
    assert!(run.code == 0 && run.out.contains("case-"), "{run:?}");
    let output = world.path("answer.json");
    let run = world.feed(&["case", "-", "--demo", "--json", "--output", &output.display().to_string()], json);
    assert!(run.code == 0 && run.out.is_empty(), "{run:?}");
    let written: serde_json::Value = serde_json::from_slice(&std::fs::read(output).unwrap()).unwrap();
    assert_eq!(written["case_id"], "c-1");
}

#[test]
fn bad_input_is_named_with_its_place_and_never_quoted() {
    let world = World::new();
    let faulty = world.file(
        "faulty.yaml",
        "hire:\n  candidate: {names: [Secret], birth_date: Secret}\n  affiliations: [{instituton: Secret}]\n",
    );
    let faulty = faulty.display().to_string();
    let output = world.path("never.json").display().to_string();
    let run = world.run(&["case", &faulty, "--demo", "--output", &output]);
    assert_eq!(run.code, 2, "{run:?}");
    for said in [
        "hire.candidate.birth_date (line 2, column 44)",
        "hire.affiliations[0] (line 3, column 19): has an unknown field instituton; did you mean institution?",
        "hire.affiliations[0].institution",
    ] {
        assert!(run.err.contains(said), "{said:?} is not in: {}", run.err);
    }
    assert!(!run.err.contains("Secret") && run.out.is_empty(), "{run:?}");
    assert!(!world.path("never.json").exists());
    for (args, code, said) in [
        (vec!["case", "nowhere.yaml", "--demo"], 2, "nowhere.yaml"),
        (vec!["case", &fixture("cases/clear.yaml"), "--demo", "--policy", "nowhere"], 2, "no such profile"),
        (vec!["case", &faulty, "--demo", "--output", &faulty], 2, "is the input file"),
        (
            vec!["case", &fixture("cases/clear.yaml"), "--data", &world.path("none").display().to_string()],
            3,
            "no snapshot",
        ),
    ] {
        let run = world.run(&args);
        assert_eq!(run.code, code, "{run:?}");
        assert!(run.err.contains(said), "{run:?}");
    }
}
