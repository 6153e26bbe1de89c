//! `batch`, and `compare` of rows.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;

use serde_json::json;

use crate::support::{World, ids};

const ROWS: &str = "\
{\"id\": \"b\", \"name\": \"Wladimir Putjin\", \"kind\": \"person\", \"birth_date\": \"1952-10-07\", \"note\": {}}
{\"id\": 1, \"name\": \"Quillon Brathwick-Ossulton\", \"kind\": \"person\"}
this is no row
{\"id\": \"a\", \"name\": \"哈尔滨工业大学\", \"kind\": \"organisation\", \"countries\": [\"CN\"]}
{\"id\": 7, \"name\": \"Secret Person\", \"birth_date\": \"01/02/1970\"}
";

#[test]
fn rows_are_answered_in_their_order_and_bad_ones_stop_nothing() {
    let world = World::new();
    let run = world.feed(&["batch", "--demo", "--format", "jsonl", "-"], ROWS);
    assert_eq!(run.code, 0, "{run:?}");
    let rows = run.rows();
    let given: Vec<_> = rows.iter().map(|r| r["id"].clone()).collect();
    assert_eq!(given, [json!("b"), json!(1), json!(null), json!("a"), json!(7)]);
    assert_eq!(rows[0]["hits"][0]["list"], "eu", "{}", rows[0]);
    for field in ["entity_id", "list", "name", "matched_name", "score", "strength", "explanation"] {
        assert!(!rows[0]["hits"][0][field].is_null(), "{field}");
    }
    assert_eq!(ids(&rows[1]), [""; 0]);
    assert_eq!(rows[2]["line"], 3);
    assert!(ids(&rows[3]).contains(&"harbin-institute-of-technology"), "{}", rows[3]);
    assert!(rows[4]["error"].as_str().unwrap().starts_with("birth_date"), "{}", rows[4]);
    assert!(!run.err.contains("Secret"), "{run:?}");
}

#[test]
fn one_list_a_threshold_and_a_limit_hold_for_every_row() {
    let world = World::new();
    let run =
        world.feed(&["batch", "--demo", "--list", "eu", "--threshold", "0.9", "--limit", "1", "-"], ROWS);
    let rows = run.rows();
    assert_eq!(ids(&rows[3]), [""; 0], "the tracker was not asked");
    assert_eq!(rows[0]["stamp"]["threshold"], 0.9);
    assert_eq!(rows[0]["stamp"]["lists"].as_object().unwrap().keys().collect::<Vec<_>>(), ["eu"]);
}

#[test]
fn an_output_file_is_whole_or_not_there() {
    let world = World::new();
    let input = world.file("rows.jsonl", ROWS);
    let output = world.path("answers.jsonl");
    let (input, out) = (input.display().to_string(), output.display().to_string());
    let run = world.run(&["batch", "--demo", &input, "--output", &out]);
    assert_eq!((run.code, run.out.as_str()), (0, ""), "{run:?}");
    let whole = std::fs::read_to_string(&output).unwrap();
    assert_eq!(whole.lines().count(), 5);
    // A batch that cannot be done leaves what was there, and nothing half.
    let run = world.run(&["batch", "--demo", &input, "--output", &out, "--list", "nosuch"]);
    assert_eq!(run.code, 3, "{run:?}");
    let broken = world.file("rows.csv", format!("id,name\n1,\"{}", "x\n".repeat(2 << 20)));
    let kept = world.file("kept.csv", "what was there");
    let table = [broken.display().to_string(), kept.display().to_string()];
    let run = world.run(&["batch", "--demo", &table[0], "--output", &table[1]]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("quotation mark"), "{run:?}");
    assert_eq!(std::fs::read_to_string(&output).unwrap(), whole);
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "what was there");
    let left: Vec<_> = std::fs::read_dir(world.path("")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "{left:?}");
    let run = world.run(&["batch", "--demo", &input, "--output", &input]);
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn a_table_in_gives_a_table_out() {
    let world = World::new();
    let input = world.file(
        "people.csv",
        "Kenmerk;Naam;Soort;Geboortedatum\n=7;Wladimir Putjin;person;1952-10-07\n8;Quillon Brathwick-Ossulton;person;\n9;;;\n",
    );
    let run = world.run(&["batch", "--demo", &input.display().to_string()]);
    assert_eq!(run.code, 0, "{run:?}");
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(lines[0].starts_with("id,row,result,score,strength,list,entity_id,"), "{run:?}");
    assert!(lines[1].starts_with("'=7,2,hit,"), "{run:?}");
    assert!(lines[lines.len() - 2].starts_with("8,3,no hit,"), "{run:?}");
    assert!(lines[lines.len() - 1].starts_with("9,4,error,"), "{run:?}");
}

#[test]
fn a_row_fed_through_a_pipe_is_answered_before_the_next_comes() {
    let world = World::new();
    let mut child = world.command(&["batch", "--demo", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for id in 1..=3 {
        writeln!(stdin, "{{\"id\": {id}, \"name\": \"Quillon Brathwick-Ossulton\"}}").unwrap();
        let answer = answers.next().unwrap().unwrap();
        assert!(answer.starts_with(&format!("{{\"id\":{id},\"hits\":[]")), "{answer}");
    }
    drop(stdin);
    assert!(answers.next().is_none());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_reader_that_goes_away_ends_the_batch_quietly() {
    let world = World::new();
    let rows = "{\"id\": 1, \"name\": \"Quillon Brathwick-Ossulton\"}\n".repeat(20_000);
    let input = world.file("rows.jsonl", rows);
    let mut child = world.command(&["batch", "--demo", &input.display().to_string()]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "not every row was answered");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(!err.contains("Broken pipe") && !err.contains("cannot write"), "{err}");
}

#[test]
fn compared_rows_have_the_shape_of_the_contract() {
    let world = World::new();
    let rows = "{\"id\": \"p\", \"query\": \"Владимир Путин\", \"candidate\": \"Vladimir Putin\", \"kind\": \"person\"}\n\
                {\"id\": 2, \"query\": \"Vladimir Putin\", \"candidate\": \"Emmanuel Macron\", \"kind\": \"person\"}\n\
                {\"id\": 3, \"query\": \"Vladimir Putin\"}\n";
    let run = world.feed(&["compare", "--format", "jsonl", "-"], rows);
    assert_eq!(run.code, 0, "{run:?}");
    let answers = run.rows();
    assert_eq!((&answers[0]["id"], &answers[0]["match"]), (&json!("p"), &json!(true)), "{}", answers[0]);
    assert_eq!((&answers[1]["id"], &answers[1]["match"]), (&json!(2), &json!(false)), "{}", answers[1]);
    assert!(answers[0]["score"].is_f64() && answers[0]["explanation"]["summary"].is_string());
    assert!(answers[2]["error"].as_str().unwrap().starts_with("candidate"), "{}", answers[2]);
}
