//! Rows in, answers out, with a screener that finds whoever is called "Hit".

use std::sync::Arc;

use serde_json::{Value, json};

use crate::model::EntityKind;
use crate::screening::{
    Answer, AnswerError, Comparison, Explanation, Hit, ListStamp, Stamp, Strength, Subject,
};

use super::answers::JsonLines;
use super::lines::{LineChunk, Lines};
use super::{BatchError, Reading, Table, answers, pipeline};

fn explanation() -> Explanation {
    Explanation {
        summary: "=so it is".into(),
        alignments: Vec::new(),
        evidence: Vec::new(),
        bits: 20.0,
        settle: vec!["birth date".into()],
    }
}

pub(super) fn ask(subject: &Subject) -> Result<Answer, AnswerError> {
    assert!(!subject.name.contains("Panic"), "as a broken matcher would, quoting {}", subject.name);
    let hit = |list: &str| Hit {
        list: list.into(),
        entity_id: "X.1".into(),
        kind: EntityKind::Person,
        name: "@Listed, \"Name\"".into(),
        matched_name: "+Listed".into(),
        query_name: subject.name.clone(),
        score: 0.75,
        strength: Strength::Strong,
        explanation: explanation(),
    };
    let found = subject.name.contains("Hit");
    let list = |list: &str, as_of: &str, stale| ListStamp {
        list: list.into(),
        as_of: as_of.into(),
        imported: "2026-01-01T00:00:00Z".into(),
        age_days: 9,
        stale,
    };
    Ok(Answer {
        hits: if found { vec![hit("eu"), hit("aspi")] } else { vec![] },
        set_aside: if subject.name.contains("Aside") { vec![hit("eu")] } else { vec![] },
        total_hits: if found { 5 } else { 0 },
        namesakes_per_million: None,
        candidates: 0,
        stamp: Arc::new(Stamp {
            snapshot: "s1".into(),
            demo: false,
            lists: vec![list("eu", "2026-02-27", false), list("aspi", "", true)],
            matcher: "1".into(),
            threshold: 0.5,
        }),
    })
}

fn jsonl(input: &str) -> (Vec<Value>, pipeline::Tally) {
    let mut lines = Lines::new(input.as_bytes());
    let mut output = Vec::new();
    let answer = |chunk: LineChunk| answers::screen_lines(&chunk, &ask);
    let tally =
        pipeline::in_order(|| lines.next_chunk(), answer, &mut JsonLines(&mut output), &|_| ()).unwrap();
    let rows = String::from_utf8(output).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    (rows, tally)
}

fn table_to_csv(input: &[u8], output: &mut Vec<u8>) -> Result<pipeline::Tally, BatchError> {
    Table::csv(input, &Reading::default())?.answer_csv(&ask, output, &|_| ())
}

fn csv(input: &[u8]) -> Result<(Vec<Vec<String>>, pipeline::Tally), String> {
    let mut output = Vec::new();
    let tally = table_to_csv(input, &mut output).map_err(|e| e.to_string())?;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(output.as_slice());
    let rows = reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    Ok((rows, tally))
}

#[test]
fn every_row_is_answered_in_its_place_with_its_own_id() {
    let (rows, tally) = jsonl(
        "{\"id\": \"a\", \"name\": \"Hit\", \"extra\": {}}\n\
         {\"id\": 2, \"name\": \"Nobody\"}\n\
         not json\n\n\
         {\"id\": 18446744073709551615, \"name\": \"\"}\n\
         {\"name\": \"Panic at once\"}\n\
         {\"id\": -1.5, \"name\": \"Aside\"}",
    );
    let ids: Vec<&Value> = rows.iter().map(|r| &r["id"]).collect();
    assert_eq!(ids, [&json!("a"), &json!(2), &Value::Null, &json!(u64::MAX), &Value::Null, &json!(-1.5)]);
    let hit = &rows[0]["hits"][0];
    for field in ["entity_id", "list", "name", "matched_name", "score", "strength", "explanation"] {
        assert!(!hit[field].is_null(), "{field}");
    }
    assert_eq!(hit["explanation"]["summary"], "=so it is");
    assert_eq!(rows[0]["total_hits"], 5);
    let stamp = json!({"snapshot": "s1", "lists": {"eu": "2026-02-27", "aspi": ""}, "stale": ["aspi"],
                       "matcher": "1", "threshold": 0.5});
    assert_eq!(rows[0]["stamp"], stamp);
    assert_eq!(rows[1], json!({"id": 2, "hits": [], "stamp": stamp}));
    assert_eq!(rows[2]["line"], 3);
    assert_eq!(rows[3]["error"], "name: is empty; give the name to screen");
    assert!(rows[4]["error"].as_str().unwrap().starts_with("internal error"), "{}", rows[4]);
    assert_eq!(rows[5]["set_aside"].as_array().unwrap().len(), 1);
    assert!(rows[5]["hits"].as_array().unwrap().is_empty());
    assert_eq!((tally.rows, tally.errors, tally.with_hits), (6, 3, 1));
}

#[test]
fn many_rows_keep_their_order() {
    let input: String = (0..5_000).map(|n| format!("{{\"id\":{n},\"name\":\"N{n}\"}}\n")).collect();
    let (rows, tally) = jsonl(&input);
    assert!(rows.iter().zip(0..).all(|(row, n)| row["id"] == json!(n)));
    assert_eq!((tally.rows, tally.position), (5_000, input.len() as u64));
}

#[test]
fn comparisons_have_the_shape_of_the_contract() {
    let compare = |query: &Subject, candidate: &Subject| {
        let is_match = query.name == candidate.name;
        let score = if is_match { 0.9 } else { 0.1 };
        Ok::<_, AnswerError>(Comparison { score, is_match, strength: None, explanation: explanation() })
    };
    let mut lines = Lines::new(
        "{\"id\": 1, \"query\": \"A\", \"candidate\": \"A\", \"kind\": \"person\"}\n\
         {\"id\": 2, \"query\": \"A\", \"candidate\": \"B\", \"candidate_birth_date\": \"1970\"}\n\
         {\"id\": 3, \"query\": \"A\"}\n"
            .as_bytes(),
    );
    let chunk = lines.next_chunk().unwrap().unwrap();
    let answered = answers::compare_lines(&chunk, &compare);
    let rows: Vec<Value> = answered
        .answers
        .split(|b| *b == b'\n')
        .filter(|l| !l.is_empty())
        .map(|l| serde_json::from_slice(l).unwrap())
        .collect();
    let keys = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&rows[0]), ["explanation", "id", "match", "score"]);
    assert_eq!((rows[0]["match"] == true, rows[1]["match"] == false), (true, true));
    assert_eq!(rows[2]["error"], "candidate: is empty; give the name to screen");
    assert_eq!((answered.tally.with_hits, answered.tally.errors), (1, 1));
}

#[test]
fn tables_are_read_by_their_headings() {
    for input in [
        "id,name,kind,birth_date,countries\n7,Hit,person,1970-01-02,IR\n",
        "\u{feff}ID;Naam;Soort;Geboortedatum;Nationaliteit\r\n7;Hit;person;1970-01-02;\"ir;nl\"\r\n",
        "Kenmerk\tVolledige naam\tunknown\tDate of birth\tCountry\n7\tHit\tx\t1970\tIR, NL\n",
    ] {
        let (rows, tally) = csv(input.as_bytes()).unwrap();
        assert_eq!((tally.rows, tally.errors, tally.with_hits), (1, 0, 1), "{input}");
        assert_eq!(rows.len(), 3, "{input}");
        assert_eq!(rows[0][..6], ["id", "row", "result", "score", "strength", "list"]);
        assert_eq!(rows[1][..6], ["7", "2", "hit", "0.7500", "strong", "eu"], "{input}");
        assert_eq!(rows[2][5], "aspi");
    }
}

#[test]
fn every_question_of_a_table_is_seen_to_be_answered() {
    let (rows, tally) =
        csv("id,name,birth_date\n1,Nobody,\n2,,\n3,Aside,\n4,N,soon\n5,a,b,c\n6\n7,Panic,1970\n8,Hit,1970\n"
            .as_bytes())
        .unwrap();
    let results: Vec<(&str, &str)> = rows[1..].iter().map(|r| (r[0].as_str(), r[2].as_str())).collect();
    let expected = [
        ("1", "no hit"),
        ("2", "error"),
        ("3", "set aside"),
        ("4", "error"),
        ("5", "error"),
        ("6", "error"),
        ("7", "error"),
        ("8", "hit"),
        ("8", "hit"),
    ];
    assert_eq!(results, expected);
    assert_eq!((tally.rows, tally.errors), (8, 5));
    assert_eq!(rows[1][13], "eu 2026-02-27; aspi 2026-01-01T00:00:00Z (STALE)");
    assert!(rows[4][12].starts_with("birth_date: a date is written"), "{:?}", rows[4]);
    assert!(rows[5][12].starts_with("row: has 4 cells, the header has 3"), "{:?}", rows[5]);
}

#[test]
fn no_cell_of_an_answer_is_a_formula() {
    let (rows, _) = csv("id,name\n=1+1,Hit\n-2,Hit\n".as_bytes()).unwrap();
    assert_eq!(rows[1][0], "'=1+1");
    assert_eq!(rows[3][0], "'-2");
    assert_eq!(rows[1][8], "'@Listed, \"Name\"");
    assert_eq!(rows[1][9], "'+Listed");
    assert_eq!(rows[1][10], "'=so it is");
}

#[test]
fn tables_that_cannot_be_read_say_why() {
    let unclosed = format!("id,name\n1,A\n2,\"B\n{}", "3,C\n".repeat(1 << 20));
    for (input, says) in [
        (&b""[..], "no column for the name"),
        (b"id,who\n1,A\n", "no column for the name"),
        (b"name,naam\nA,B\n", "more than one column for name"),
        (&b"x".repeat(1 << 17), "header line is longer"),
        (unclosed.as_bytes(), "quotation mark"),
    ] {
        let error = csv(input).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
    let mut output = Vec::new();
    assert!(table_to_csv(unclosed.as_bytes(), &mut output).is_err());
    assert!(String::from_utf8(output).unwrap().contains("1,2,no hit"), "the rows before it are answered");
    let (rows, tally) = csv(b"id,name\n1,A\xff\n2,Hit\n").unwrap();
    assert_eq!(tally.errors, 1);
    assert!(rows[1][12].contains("UTF-8"), "{:?}", rows[1]);
}
