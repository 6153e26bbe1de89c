//! What commands record, and the commands on what is recorded.

use serde_json::Value;

use crate::support::{World, fixture};

/// The store of a data folder, changed behind everybody's back.
fn tamper(folder: &str, statement: &'static str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let url = zeef::review::store::StoreUrl::in_folder(folder.as_ref());
        let store = zeef::review::store::Store::open(&url).await.unwrap();
        sqlx::query(statement).execute(store.pool()).await.unwrap();
        store.close().await;
    });
}

#[test]
fn a_screening_is_recorded_found_and_changes_are_shown() {
    let world = World::new();
    let folder = world.imported("data");
    let run =
        world.run(&["screen", "Vladimir Putin", "--data", &folder, "--purpose", "hire", "--case", "C 1"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Record 1 in the audit trail"), "{run:?}");

    let whole = world.run(&["audit", "verify", "--data", &folder]);
    assert_eq!(whole.code, 0, "{whole:?}");
    let noted = whole.out.split("--expect: ").nth(1).unwrap().trim().to_owned();
    assert_eq!(world.run(&["audit", "verify", "--data", &folder, "--expect", &noted]).code, 0);
    let other = format!("1:{}", "0".repeat(64));
    assert_eq!(world.run(&["audit", "verify", "--data", &folder, "--expect", &other]).code, 1);

    let export = world.run(&["audit", "export", "--data", &folder, "--case", "C 1"]);
    let rows = export.rows();
    assert_eq!((rows.len(), rows[0]["head"]["purpose"].as_str()), (1, Some("hire")));
    assert_eq!(rows[0]["contents"][0]["subject"]["name"], "Vladimir Putin");
    assert!(rows[0]["stamp"]["lists"].as_array().is_some_and(|l| l.len() == 2));
    let table = world.run(&["audit", "export", "--data", &folder, "--format", "csv", "--from", "2020-01-01"]);
    assert!(table.out.lines().count() >= 2 && table.out.contains("EU."), "{table:?}");

    tamper(&folder, "UPDATE audit_contents SET body = REPLACE(body, 'Putin', 'Nobody')");
    let broken = world.run(&["audit", "verify", "--data", &folder]);
    assert_eq!(broken.code, 1, "{broken:?}");
    assert!(broken.err.contains("record 1"), "{broken:?}");
}

#[test]
fn what_was_cleared_is_shown_and_comes_back_when_the_list_changes() {
    let world = World::new();
    let folder = world.imported("data");
    let screen = || world.run(&["screen", "Vladimir Putin", "--case", "C 1", "--data", &folder]);
    screen();
    let queue = world.run(&["review", "list", "--data", &folder, "--json"]).json();
    let found = queue.as_array().unwrap().iter().find(|m| m["hit"]["list"] == "eu").unwrap();
    let id = found["id"].as_str().unwrap();
    let cleared = world.run(&["review", "clear", id, "--reason", "born elsewhere", "--data", &folder]);
    assert_eq!(cleared.code, 0, "{cleared:?}");
    let again = screen();
    assert!(again.out.contains("Cleared on ") && again.out.contains("born elsewhere"), "{again:?}");

    let list = std::fs::read_to_string(fixture("eu-demo.xml")).unwrap();
    let changed = list.replace(
        "wholeName=\"Vladimir Vladimirovich PUTIN\"",
        "wholeName=\"Vladimir Vladimirovich Testname PUTIN\"",
    );
    assert_ne!(list, changed);
    let file = world.file("eu.xml", changed).display().to_string();
    assert_eq!(world.run(&["import", "--data", &folder, "--eu", &file]).code, 0);
    let back = screen();
    assert!(back.out.contains("Was cleared and came back: names (list)"), "{back:?}");
    let shown = world.run(&["review", "show", id, "--data", &folder]);
    assert!(shown.out.contains("returned: open") && shown.out.contains("Testname"), "{shown:?}");
}

#[test]
fn rows_are_a_run_and_people_are_forgotten_on_request() {
    let world = World::new();
    let folder = world.imported("data");
    let rows = world.file("in.jsonl", "{\"name\":\"Made Up One\"}\n{\"name\":\"Vladimir Putin\"}\nbad\n");
    let rows = rows.display().to_string();
    let run = world.run(&["batch", &rows, "--data", &folder, "--purpose", "nightly"]);
    assert_eq!((run.code, run.rows().len()), (0, 3), "{run:?}");
    let records = world.run(&["audit", "export", "--data", &folder]).rows();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0]["contents"].as_array().map(Vec::len), Some(2));
    assert!(records[0]["head"]["run"].as_str().is_some_and(|r| r.starts_with("batch-")));

    let told = world.run(&["person", "export", "--name", "made up ONE", "--data", &folder]).json();
    assert_eq!(told["records"].as_array().map(Vec::len), Some(1));
    let erased = world.run(&["person", "erase", "--name", "Made Up One", "--data", &folder]);
    assert_eq!(erased.code, 0, "{erased:?}");
    let told = world.run(&["person", "export", "--name", "Made Up One", "--data", &folder]).json();
    assert_eq!(told["records"], Value::Array(Vec::new()));
    let purged = world.run(&["purge", "--data", &folder, "--keep-days", "nightly=0"]);
    assert!(purged.out.contains("the contents of 1 "), "{purged:?}");
    assert_eq!(world.run(&["audit", "verify", "--data", &folder]).code, 0);
}

#[test]
fn a_case_is_recorded_with_everyone_in_it() {
    let world = World::new();
    let folder = world.imported("data");
    let case = fixture("cases/past-degree.yaml");
    let run = world.run(&["case", &case, "--data", &folder, "--policy", "maastricht"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.out.contains("Audit record 1"), "{run:?}");
    let records = world.run(&["audit", "export", "--data", &folder]).rows();
    assert_eq!(records[0]["head"]["kind"], "case");
    assert_eq!(records[0]["head"]["policy"][0], "maastricht");
    assert!(records[0]["contents"].as_array().is_some_and(|c| c.len() > 2), "{records:?}");
    let again = world.run(&["case", &case, "--data", &folder, "--policy", "maastricht", "--json"]).json();
    assert_eq!(again["record"], 2);
    assert_eq!(again["standings"]["F1"]["state"], "open", "{again}");
}

#[test]
fn demonstration_lists_and_development_leave_no_trace() {
    let world = World::new();
    let folder = world.imported("data");
    let store = std::path::Path::new(&folder).join("review.sqlite");
    for args in [vec!["--demo"], vec!["--data", &folder, "--no-record"]] {
        let run = world.run(&[vec!["screen", "Made Up"], args].concat());
        assert_eq!(run.code, 0, "{run:?}");
        assert!(!store.exists() && !run.out.contains("Record "), "{run:?}");
    }
    let none = world.run(&["audit", "verify", "--data", &folder]);
    assert_eq!(none.code, 2, "{none:?}");
    let odd = world.run(&["screen", "Made Up", "--data", &folder, "--purpose", "two words"]);
    assert_eq!(odd.code, 2, "{odd:?}");
    let secret = world.run(&[
        "screen",
        "Made Up",
        "--data",
        &folder,
        "--store",
        "postgres://zeef:hush@127.0.0.1/zeef",
    ]);
    assert_eq!(secret.code, 2, "{secret:?}");
    assert!(secret.err.contains("PGPASSWORD") && !secret.err.contains("hush"), "{secret:?}");
}

#[test]
fn what_cannot_be_recorded_is_not_answered_unless_the_user_says_so() {
    let world = World::new();
    let folder = world.imported("data");
    let gone = ["screen", "Vladimir Putin", "--data", &folder, "--store", "postgres://zeef@127.0.0.1:1/zeef"];
    let run = world.run(&gone);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
    assert!(run.err.contains("--record-failure") && !run.err.contains("Putin"), "{run:?}");
    let run = world.run(&[&gone[..], &["--record-failure", "serve"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.err.contains("NOT RECORDED") && run.out.contains("hit"), "{run:?}");
}

/// A disk on which nothing more can be written, as a limit of the size of files.
#[cfg(unix)]
#[test]
fn on_a_full_disk_nothing_is_answered() {
    let world = World::new();
    let folder = world.imported("data");
    assert_eq!(world.run(&["screen", "Made Up", "--data", &folder]).code, 0);
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_zeef")])
        .args(["screen", "Vladimir Putin", "--data", &folder])
        .env_remove("ZEEF_RECORDS_STORE");
    let run = crate::support::Run::from(command.output().unwrap());
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{run:?}");
    assert!(run.err.contains("is not answered"), "{run:?}");
    let whole = world.run(&["audit", "verify", "--data", &folder]);
    assert_eq!(whole.code, 0, "{whole:?}");
    assert!(whole.out.contains("1 record,"), "{whole:?}");
}

/// The cells of a line of CSV or a sheet, by their headings.
fn cells<'a>(headings: &[String], line: &'a [String], names: &[&str]) -> Vec<&'a str> {
    let place = |name: &str| headings.iter().position(|h| h == name).unwrap_or_else(|| panic!("{name}"));
    names.iter().map(|name| line[place(name)].as_str()).collect()
}

#[test]
fn rows_show_what_was_cleared_and_are_found_again_in_the_trail() {
    let world = World::new();
    let folder = world.imported("data");
    // Cases that take turns, a row without one between them, and one at fault.
    let rows = world.file(
        "in.jsonl",
        "{\"id\":\"a1\",\"name\":\"Vladimir Putin\",\"reference\":\"P-1\",\"case_reference\":\"C 7\"}\n\
         {\"id\":2,\"name\":\"Vladimir Putin\"}\nbad\n\
         {\"id\":\"a3\",\"name\":\"Made Up One\",\"case_reference\":\"C 7\"}\n\
         {\"id\":\"a4\",\"name\":\"Harbin Institute of Technology\",\"kind\":\"organisation\",\"case_reference\":\"C 8\"}\n\
         {\"id\":\"a5\",\"name\":\"Made Up\",\"reference\":\"two\\nlines\"}\n",
    );
    let batch = |args: &[&str]| {
        let run = world.run(&[&["batch", "--data", &folder], args].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run
    };
    let rows = rows.display().to_string();
    let first = batch(&[&rows]).rows();
    let of = |answer: &Value, list: &str| {
        let hits = answer["hits"].as_array().unwrap();
        hits.iter().find(|h| h["list"] == list).unwrap_or_else(|| panic!("{answer}"))["standing"].clone()
    };
    let numbers: Vec<Option<i64>> = first.iter().map(|row| row["record"].as_i64()).collect();
    assert_eq!(numbers, [Some(1), Some(2), None, Some(1), Some(3), None]);
    assert!(first[5]["error"].as_str().is_some_and(|e| e.starts_with("reference: ")), "{}", first[5]);
    assert_eq!(of(&first[0], "eu")["state"], "open");
    assert_eq!(of(&first[4], "aspi")["state"], "open");
    let id = of(&first[0], "eu")["match_id"].as_str().unwrap().to_owned();
    assert_ne!(of(&first[1], "eu")["match_id"], id.as_str(), "another subject of the same name");
    world.run(&["review", "clear", &id, "--reason", "born elsewhere", "--data", &folder]);

    let again = batch(&[&rows]);
    let standing = of(&again.rows()[0], "eu");
    assert_eq!(
        (standing["state"].as_str(), standing["reason"].as_str()),
        (Some("cleared"), Some("born elsewhere"))
    );
    assert_eq!(of(&again.rows()[1], "eu")["state"], "open");
    assert!(again.err.contains("of their hits 1 cleared before"), "{again:?}");
    let unrecorded = batch(&[&rows, "--no-record"]).rows();
    assert!(unrecorded[0].get("record").is_none() && unrecorded[0]["hits"][0].get("standing").is_none());

    // The same people in a sheet: who was cleared is known by the reference.
    let table = world.file(
        "in.csv",
        "Nr;Naam;Persoonskenmerk;Zaak\nk1;Vladimir Putin;P-1;C 7\nk2;Vladimir Putin;;\nk3;Made Up One;;C 7\n",
    );
    let table = table.display().to_string();
    let answers = batch(&[&table]).out;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(answers.as_bytes());
    let lines: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    let asked = ["id", "result", "list", "standing", "match"];
    assert_eq!(cells(&lines[0], &lines[1], &asked), ["k1", "hit", "eu", "cleared", &id]);
    assert!(cells(&lines[0], &lines[1], &["decision"])[0].starts_with("Cleared on 2"), "{lines:?}");
    assert_eq!(cells(&lines[0], &lines[2], &asked)[..4], ["k2", "hit", "eu", "open"]);
    assert_eq!(cells(&lines[0], &lines[3], &["result", "standing"]), ["no hit", ""]);

    let book = world.path("out.xlsx").display().to_string();
    batch(&[&table, "--output", &book]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&book).unwrap();
    let mut sheet = |name: &str| -> Vec<Vec<String>> {
        let range = calamine::Reader::worksheet_range(&mut book, name).unwrap();
        range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
    };
    let (hits, outcomes) = (sheet("Hits"), sheet("Rows"));
    assert_eq!(cells(&hits[0], &hits[1], &["Id", "Standing", "Suspected match"]), ["k1", "cleared", &id]);
    assert!(cells(&hits[0], &hits[1], &["Decision"])[0].contains("because: born elsewhere"), "{hits:?}");
    let outcome = |row: &Vec<String>| cells(&outcomes[0], row, &["Id", "Outcome"]).join(" ");
    let told: Vec<String> = outcomes[1..].iter().map(outcome).collect();
    assert_eq!(told, ["k1 cleared before", "k2 hits", "k3 no hit"]);

    let trail = world.run(&["audit", "export", "--data", &folder, "--case", "C 7", "--format", "csv"]).out;
    let mut reader = csv::Reader::from_reader(trail.as_bytes());
    let headings: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let lines: Vec<Vec<String>> =
        reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    // The decision is a record of the case too.
    let decided = lines.iter().find(|l| cells(&headings, l, &["kind"]) == ["decision"]).unwrap();
    assert_eq!(
        cells(&headings, decided, &["list", "decision", "reason"]),
        ["eu", "cleared", "born elsewhere"]
    );
    let screened = lines.iter().filter(|l| cells(&headings, l, &["kind"]) == ["screening"]);
    let found: Vec<Vec<&str>> =
        screened.map(|l| cells(&headings, l, &["id", "row", "reference", "case", "run"])).collect();
    assert_eq!(found[0][..4], ["a1", "1", "P-1", "C 7"]);
    assert_eq!(found[1][..4], ["a3", "4", "", "C 7"]);
    assert!(found.iter().any(|l| l[..4] == ["k1", "2", "P-1", "C 7"]), "{found:?}");
    assert!(found.iter().all(|l| l[3] == "C 7" && l[4].starts_with("batch-")), "{found:?}");
    assert_eq!(world.run(&["audit", "verify", "--data", &folder]).code, 0);
}

#[test]
fn watches_are_kept_where_the_records_are() {
    let world = World::new();
    let folder = world.imported("data");
    let store = format!("sqlite:{}", world.path("elsewhere.sqlite").display());
    let until = "2028-08-31";
    let add =
        ["watch", "add", "Vladimir Putin", "--purpose", "employment", "--until", until, "--reference", "p-1"];
    let place = ["--data", folder.as_str(), "--store", store.as_str()];
    let added = world.run(&[&add[..], &place].concat());
    assert!(added.code == 0 && added.err.contains("1 screened"), "{added:?}");
    let list = world.run(&[&["watch", "list"][..], &place].concat());
    assert!(list.out.contains(until) && list.out.contains("p-1"), "{list:?}");
    assert!(world.run(&[&["alerts"][..], &place].concat()).out.contains("stands at first look"));
    assert!(world.run(&["watch", "list", "--data", &folder]).out.contains("Nobody"), "another store");
    let mut by_environment = world.command(&["watch", "list", "--data", &folder]);
    by_environment.env("ZEEF_RECORDS_STORE", &store);
    let listed = crate::support::Run::from(by_environment.output().unwrap());
    assert!(listed.out.contains("p-1"), "{listed:?}");
}
