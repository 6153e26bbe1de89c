//! HTTP/JSON under `/v1`, and OpenSanctions' `/match`.

use serde_json::{Value, json};

use crate::support::{Answer, TestServer};

const JSON: (&str, &str) = ("content-type", "application/json");

fn post(server: &TestServer, path: &str, body: &Value) -> Answer {
    server.ask("POST", path, &[JSON], body.to_string().as_bytes())
}

fn parsed(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|e| panic!("{e}: {}", answer.body))
}

/// Checks a value against a schema of the description; answers what does not fit.
fn misfits(all: &Value, schema: &Value, value: &Value, at: &str, out: &mut Vec<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let schema = all.pointer(reference.trim_start_matches('#')).expect(reference);
        return misfits(all, schema, value, at, out);
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let fits = any.iter().any(|schema| {
            let mut inner = Vec::new();
            misfits(all, schema, value, at, &mut inner);
            inner.is_empty()
        });
        if !fits {
            out.push(format!("{at} fits none"));
        }
        return;
    }
    let fits = match schema.get("type").and_then(Value::as_str) {
        None => true,
        Some("string") => value.is_string(),
        Some("number") => value.is_number(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("boolean") => value.is_boolean(),
        Some("null") => value.is_null(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        Some(other) => panic!("{other}"),
    };
    if !fits {
        out.push(format!("{at} is {value} and not {}", schema["type"]));
        return;
    }
    if let Some(words) = schema.get("enum").and_then(Value::as_array)
        && !words.contains(value)
    {
        out.push(format!("{at} is {value}"));
    }
    if let (Some(items), Some(values)) = (schema.get("items"), value.as_array()) {
        for (i, value) in values.iter().enumerate() {
            misfits(all, items, value, &format!("{at}[{i}]"), out);
        }
    }
    if let Some(values) = value.as_object() {
        let named = schema.get("properties").and_then(Value::as_object);
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if !values.contains_key(required.as_str().unwrap()) {
                out.push(format!("{at} has no {required}"));
            }
        }
        for (name, value) in values {
            let at = format!("{at}.{name}");
            match named.and_then(|n| n.get(name)).or_else(|| schema.get("additionalProperties")) {
                None => {}
                Some(Value::Bool(false)) => out.push(format!("{at} is not described")),
                Some(schema) => misfits(all, schema, value, &at, out),
            }
        }
    }
}

/// Holds an answer against the description of its call.
#[track_caller]
fn check(description: &Value, method: &str, path: &str, answer: &Answer) -> Value {
    let call = &description["paths"][path][method];
    let (status, content_type) = if answer.status == 200 {
        ("200", "application/json")
    } else {
        ("default", "application/problem+json")
    };
    assert_eq!(answer.header("content-type"), content_type, "{}", answer.body);
    let schema = &call["responses"][status]["content"][content_type]["schema"];
    assert!(schema.is_object(), "{method} {path} is not described");
    let value = parsed(answer);
    let mut out = Vec::new();
    misfits(description, schema, &value, "answer", &mut out);
    assert!(out.is_empty(), "{method} {path}: {out:#?}");
    value
}

#[test]
fn every_call_answers_as_it_is_described() {
    let server = TestServer::demo();
    let description = parsed(&server.get("/v1/openapi.json"));
    assert_eq!(description["openapi"], "3.1.0");

    let ask = json!({"name": "Wladimir Putjin", "birth_date": "1952-10-07", "kind": "person", "aliases": ["Putin"], "limit": 5});
    let answer = check(&description, "post", "/v1/screen", &post(&server, "/v1/screen", &ask));
    assert_eq!(answer["hits"][0]["list"], "eu");
    let hit = &answer["hits"][0];
    let parts: f64 =
        hit["explanation"]["evidence"].as_array().unwrap().iter().map(|e| e["bits"].as_f64().unwrap()).sum();
    assert!((parts - hit["explanation"]["bits"].as_f64().unwrap()).abs() < 1e-6);

    let ask = json!({"query": "Владимир Путин", "candidate": "Vladimir Putin", "kind": "person"});
    let answer = check(&description, "post", "/v1/compare", &post(&server, "/v1/compare", &ask));
    assert_eq!(answer["match"], true);

    let case = include_str!("../../fixtures/cases/past-degree.yaml");
    let answer = server.ask(
        "POST",
        "/v1/case?policy=maastricht",
        &[("content-type", "application/yaml")],
        case.as_bytes(),
    );
    let answer = check(&description, "post", "/v1/case", &answer);
    assert_eq!(answer["policy"], "maastricht");

    let id = hit["entity_id"].as_str().unwrap();
    let entity =
        check(&description, "get", "/v1/entities/{list}/{id}", &server.get(&format!("/v1/entities/eu/{id}")));
    assert_eq!(entity["id"], id);
    let found = server.get("/v1/entities?q=harbin&lists=aspi&kind=organisation&page_size=1");
    let found = check(&description, "get", "/v1/entities", &found);
    assert_eq!(found["entities"].as_array().unwrap().len(), 1);
    check(&description, "get", "/v1/lists", &server.get("/v1/lists"));

    let ask = json!({"queries": {
        "q1": {"schema": "Person", "properties": {"name": ["Vladimir Putin"], "birthDate": ["1952-10-07"]}},
        "q2": {"schema": "Company", "properties": {"name": ["Harbin Institute of Technology"], "country": ["cn"]}},
        "q3": {"schema": "Person", "properties": {"firstName": ["Testname"], "lastName": ["Example"]}},
    }});
    let matched =
        check(&description, "post", "/match/{dataset}", &post(&server, "/match/default?limit=3", &ask));
    let of = |key: &str| matched["responses"][key].clone();
    assert_eq!(of("q1")["results"][0]["match"], true);
    assert_eq!(of("q1")["results"][0]["schema"], "Person");
    assert_eq!(of("q2")["results"][0]["datasets"][0], "aspi");
    assert_eq!(of("q3")["total"]["value"], 0);
    assert_eq!(matched["limit"], 3);
}

#[test]
fn faults_are_problems_with_their_fields_and_quote_nothing() {
    let server = TestServer::demo();
    let description = parsed(&server.get("/v1/openapi.json"));
    let of = |value: Value| value.to_string();
    for (path, described, body, status, reason, field) in [
        ("/v1/screen", "/v1/screen", of(json!({"name": " "})), 400, "INVALID_REQUEST", "name"),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "birth_date": "Secret"})),
            400,
            "INVALID_REQUEST",
            "birth_date",
        ),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "countries": ["Secret"]})),
            400,
            "INVALID_REQUEST",
            "countries[0]",
        ),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "threshold": 7})),
            400,
            "INVALID_REQUEST",
            "threshold",
        ),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "limit": 0})),
            400,
            "INVALID_REQUEST",
            "limit",
        ),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "lists": [1]})),
            400,
            "INVALID_REQUEST",
            "lists[0]",
        ),
        (
            "/v1/screen",
            "/v1/screen",
            of(json!({"name": "Secret", "lists": ["mars"]})),
            409,
            "LIST_NOT_LOADED",
            "",
        ),
        ("/v1/screen", "/v1/screen", "{\"name\": \"Secret".into(), 400, "INVALID_REQUEST", "row"),
        ("/v1/compare", "/v1/compare", of(json!({"query": "Secret"})), 400, "INVALID_REQUEST", "candidate"),
        (
            "/v1/case?policy=none",
            "/v1/case",
            "hire: {candidate: {names: [Secret]}}".into(),
            404,
            "POLICY_NOT_FOUND",
            "",
        ),
        (
            "/v1/case",
            "/v1/case",
            "hire: {candidate: {names: Secret, Secret: 1}}".into(),
            400,
            "INVALID_REQUEST",
            "hire.candidate",
        ),
        (
            "/match/mars",
            "/match/{dataset}",
            of(json!({"queries": {"Secret": {"schema": "Person", "properties": {"name": ["Secret"]}}}})),
            404,
            "LIST_NOT_LOADED",
            "",
        ),
        (
            "/match/default",
            "/match/{dataset}",
            of(json!({"queries": {"Secret": {"schema": "Secret", "properties": {}}}})),
            400,
            "INVALID_REQUEST",
            "queries[0].schema",
        ),
        (
            "/match/default",
            "/match/{dataset}",
            of(json!({"queries": {"Secret": {"schema": "Person", "properties": {"name": [1]}}}})),
            400,
            "INVALID_REQUEST",
            "queries[0].properties.name",
        ),
        ("/match/default", "/match/{dataset}", of(json!({"queries": {}})), 400, "INVALID_REQUEST", "queries"),
        ("/match/default", "/match/{dataset}", "{\"Secret\"".into(), 400, "INVALID_REQUEST", "body"),
    ] {
        let kind = if described == "/v1/case" { "application/yaml" } else { "application/json" };
        let answer = server.ask("POST", path, &[("content-type", kind)], body.as_bytes());
        assert_eq!(answer.status, status, "{path} {body}: {}", answer.body);
        let problem = check(&description, "post", described, &answer);
        assert_eq!(problem["reason"], reason, "{path} {body}");
        let fields = problem["errors"].as_array().cloned().unwrap_or_default();
        assert!(
            field.is_empty() || fields.iter().any(|f| f["field"].as_str().unwrap().starts_with(field)),
            "{body}: {problem}"
        );
        assert!(!answer.body.contains("Secret"), "{path} {body} is quoted: {}", answer.body);
    }
}

#[test]
fn what_is_no_call_is_refused_in_json() {
    let server = TestServer::demo();
    for (method, path, headers, body, status) in [
        ("POST", "/v1/screen", vec![], "{\"name\": \"x\"}".to_owned(), 415),
        ("POST", "/v1/screen", vec![("content-type", "text/plain")], "{\"name\": \"x\"}".to_owned(), 415),
        (
            "POST",
            "/match/default",
            vec![("content-type", "application/x-www-form-urlencoded")],
            "a=b".to_owned(),
            415,
        ),
        ("POST", "/v1/screen", vec![JSON], format!("{{\"name\": \"{}\"}}", "x".repeat(2 << 20)), 413),
        ("GET", "/v1/screen", vec![], String::new(), 405),
        ("GET", "/v1/nothing", vec![], String::new(), 404),
        ("GET", "/v1/entities?colour=red", vec![], String::new(), 400),
        ("GET", "/v1/entities?kind=ship", vec![], String::new(), 400),
        ("GET", "/v1/entities/mars/x", vec![], String::new(), 409),
        ("GET", "/v1/entities/eu/none", vec![], String::new(), 404),
    ] {
        let answer = server.ask(method, path, &headers, body.as_bytes());
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.body);
        assert_eq!(answer.header("content-type"), "application/problem+json", "{method} {path}");
    }
    let empty = TestServer::empty();
    let answer = post(&empty, "/v1/screen", &json!({"name": "x"}));
    assert_eq!((answer.status, parsed(&answer)["reason"].as_str()), (503, Some("NO_SNAPSHOT")));
}
