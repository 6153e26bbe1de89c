//! The review queue: what screening raises, what people decide, and why it comes back.

use crate::support::{Answer, Session, TestServer};

const SUBJECT: [(&str, &str); 3] =
    [("name", "Wladimir Putjin"), ("birth_date", "1952-10-07"), ("purpose", "hire-2026")];

/// The address of the match that an answer links to.
fn match_of(answer: &Answer) -> String {
    let found = answer.body.split("href=\"/review/").nth(1).expect("no link to the queue");
    format!("/review/{}", found.split('"').next().unwrap())
}

fn etag_of(page: &Answer) -> String {
    page.body.split("name=\"etag\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_cleared_pair_is_remembered_until_the_listed_entry_changes() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let answer = session.post("/screen", &SUBJECT);
    assert!(answer.body.contains("Recorded as no. 1"), "{}", answer.body);
    let at = match_of(&answer);

    let waiting = server.get("/review");
    assert!(waiting.body.contains("Wladimir Putjin") && waiting.body.contains(&at));
    let page = server.get(&at);
    for shown in ["Is it the same?", "Word for word", "found by a screening", "hire-2026"] {
        assert!(page.body.contains(shown), "{shown} is missing");
    }
    let etag = etag_of(&page);
    let decide = |etag: &str, more: &[(&str, &str)]| {
        let fields = [("etag", etag), ("action", "decide")];
        session.post(&at, &[&fields[..], more].concat())
    };
    let (by, why) = (("author", "Test Author"), ("reason", "Another birth place, seen in the passport"));
    for (fields, told) in [
        (vec![by, why], "Is it the same?"),
        (vec![by, ("verdict", "cleared")], "Reason: is missing"),
        (vec![why, ("verdict", "cleared")], "Your name: is missing"),
    ] {
        let refused = decide(&etag, &fields);
        assert_eq!(refused.status, 422, "{told}");
        assert!(refused.body.contains(told), "{told}");
    }
    let noted = [("etag", etag.as_str()), ("action", "note"), by, ("note", "Asked for the passport")];
    assert_eq!(session.post(&at, &noted).status, 303);
    // Whoever decides on what they saw before the note is told so, and keeps what they wrote.
    let stale = decide(&etag, &[by, why, ("verdict", "cleared")]);
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("Somebody else changed this meanwhile") && stale.body.contains(why.1));
    let done = decide(&etag_of(&stale), &[by, why, ("verdict", "cleared")]);
    assert_eq!((done.status, done.header("location")), (303, at.as_str()));
    let page = server.get(&at);
    assert!(page.body.contains("Decided: somebody else: cleared") && page.body.contains("Test Author"));

    let again = session.post("/screen", &SUBJECT);
    assert!(again.body.contains("Cleared before") && again.body.contains(why.1));
    assert!(server.get("/review").body.contains("Nothing is waiting here"));

    server.change_list("birthdate=\"1952-10-07\"", "birthdate=\"1952-10-08\"");
    let back = session.post("/screen", &SUBJECT);
    assert!(back.body.contains("came back"), "it does not come back");
    assert_eq!(match_of(&back), at);
    let page = server.get(&at);
    for shown in ["It came back", "<del class=\"was\">", "1952-10-07", "<ins class=\"is\">", "1952-10-08"] {
        assert!(page.body.contains(shown), "{shown} is missing");
    }
    assert!(server.get("/review").body.contains("came back"));
}

#[test]
fn matches_are_assigned_reopened_and_filtered() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let at = match_of(&session.post("/screen", &[&SUBJECT[..], &[("case_reference", "2026-17")]].concat()));
    let act = |action: &str, more: &[(&str, &str)]| {
        let etag = etag_of(&server.get(&at));
        let fields = [("etag", etag.as_str()), ("action", action), ("author", "Test Author")];
        session.post(&at, &[&fields[..], more].concat()).status
    };
    assert_eq!(act("assign", &[("assignee", "Test Reviewer")]), 303);
    for (filter, is_there) in [
        ("", true),
        ("?state=in_review", true),
        ("?state=open", false),
        ("?state=all&assignee=Test+Reviewer", true),
        ("?assignee=Nobody", false),
        ("?case=2026-17", true),
        ("?case=2026-18", false),
        ("?name=putjin", true),
        ("?list=aspi", false),
    ] {
        assert_eq!(server.get(&format!("/review{filter}")).body.contains(&at), is_there, "{filter}");
    }
    assert_eq!(act("decide", &[("verdict", "confirmed"), ("reason", "Same passport")]), 303);
    assert_eq!(act("decide", &[("verdict", "cleared"), ("reason", "No")]), 409);
    assert_eq!(act("reopen", &[("reason", "A new document")]), 303);
    assert!(server.get(&at).body.contains("A new document"));
    assert_eq!(act("nonsense", &[]), 422);
    for path in ["/review/none", "/review/%ff", "/review?page=nonsense"] {
        let answer = server.get(path);
        assert!((400..500).contains(&answer.status), "{path}: {}", answer.status);
    }
}

#[test]
fn decisions_of_others_are_refused_and_nothing_is_markup() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let hostile = "<img src=x onerror=alert(1)>";
    let answer = session
        .post("/screen", &[&SUBJECT[..], &[("case_reference", hostile), ("aliases", hostile)]].concat());
    let at = match_of(&answer);
    let page = server.get(&at);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let body = format!("etag={}&action=decide&verdict=cleared&reason=x&author=x", etag_of(&page));
    assert_eq!(server.ask("POST", &at, &[kind], body.as_bytes()).status, 403);
    let body = format!("{body}&token={}", session.token);
    let cookie = ("cookie", session.cookie.as_str());
    let elsewhere = [kind, cookie, ("origin", "http://evil.example")];
    assert_eq!(server.ask("POST", &at, &elsewhere, body.as_bytes()).status, 403);
    assert!(server.get(&at).body.contains("Is it the same?"), "it was decided");

    let fields = [("etag", etag_of(&page)), ("action", "decide".into()), ("verdict", "cleared".into())];
    let mut fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    fields.extend([("reason", hostile), ("note", hostile), ("author", hostile)]);
    assert_eq!(session.post(&at, &fields).status, 303);
    let encoded: String = hostile.bytes().map(|b| format!("%{b:02X}")).collect();
    let mut pages = vec![answer, server.get(&at), server.get("/review?state=all")];
    for filter in ["state", "list", "assignee", "case", "name", "page"] {
        pages.push(server.get(&format!("/review?{filter}={encoded}")));
    }
    for page in pages {
        assert!(page.status < 500 && !page.body.contains("<img src=x"), "{}", page.body);
    }
    let long = "x".repeat(20_000);
    let etag = etag_of(&server.get(&at));
    let refused = session.post(&at, &[("etag", &etag), ("action", "note"), ("author", "x"), ("note", &long)]);
    assert_eq!(refused.status, 422);
}

#[test]
fn without_records_there_is_no_queue() {
    let server = TestServer::demo();
    assert!(!server.get("/").body.contains("href=\"/review\""));
    let queue = server.get("/review");
    assert!(queue.status >= 400 && queue.body.contains("keeps no records"), "{}", queue.status);
}

#[test]
fn json_answers_are_recorded_too() {
    let server = TestServer::recording();
    let kind = ("content-type", "application/json");
    let ask = br#"{"name": "Vladimir Putin", "purpose": "hire-2026", "case_reference": "2026-18", "reference": "p-1"}"#;
    let answer: serde_json::Value =
        serde_json::from_str(&server.ask("POST", "/v1/screen", &[kind], ask).body).unwrap();
    assert_eq!(answer["record"], 1);
    assert_eq!(answer["standings"][0]["state"], "open");
    let ask = br#"{"queries": {"q": {"schema": "Person", "properties": {"name": ["Vladimir Putin"]}}}}"#;
    assert_eq!(server.ask("POST", "/match/default?purpose=test", &[kind], ask).status, 200);
    let ask = br#"{"name": "Vladimir Putin", "purpose": "Jan Jansen"}"#;
    let refused = server.ask("POST", "/v1/screen", &[kind], ask);
    assert_eq!(refused.status, 400);
    assert!(!refused.body.contains("Jansen") && refused.body.contains("purpose"));
}

#[test]
fn what_was_cleared_is_shown_beside_a_case_too() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let case =
        "case_id: made-up-7\nhire:\n  candidate:\n    names: [Wladimir Putjin]\n    birth_date: 1952-10-07\n";
    let screen =
        || session.upload("/case", &[("policy", "generic"), ("as", "page")], ("file", "c.yaml", case));
    let first = screen();
    assert!(first.body.contains("Suspected matches") && first.body.contains("F1"), "{}", first.body);
    let at = match_of(&first);
    // The policy asks for four eyes.
    for author in ["Test Author", "Second Author"] {
        let etag = etag_of(&server.get(&at));
        let fields =
            [("etag", etag.as_str()), ("action", "decide"), ("verdict", "cleared"), ("author", author)];
        assert_eq!(session.post(&at, &[&fields[..], &[("reason", "Another passport")]].concat()).status, 303);
    }
    let again = screen();
    assert!(
        again.body.contains("Cleared before") && again.body.contains("Another passport"),
        "{}",
        again.body
    );

    let kind = ("content-type", "application/yaml");
    let answer = server.ask("POST", "/v1/case", &[kind], case.as_bytes());
    let answer: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(answer["standings"]["F1"]["state"], "cleared", "{answer}");
}
