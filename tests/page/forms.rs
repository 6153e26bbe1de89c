//! Forms: what they answer, what they refuse, and that nothing that is sent comes back as markup.

use crate::support::{Answer, Session, TestServer};

const HOSTILE: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>\u{202e}";

#[test]
fn a_misspelt_name_is_found_and_shown_beside_the_listed_one() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let answer = session.post("/screen", &[("name", "Wladimir Putjin"), ("birth_date", "7-10-1952")]);
    assert_eq!(answer.status, 200);
    for shown in
        ["Wladimir Putjin", "possible match", "Word for word", "birth date", "On the list", "/entity/eu/"]
    {
        assert!(answer.body.contains(shown), "{shown} is missing");
    }
    let entry = answer.body.split("href=\"/entity/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let entry = server.get(&format!("/entity/{entry}"));
    assert_eq!(entry.status, 200);
    assert!(entry.body.contains("History on the list") && entry.body.contains("lang=\"und-Cyrl\""));
}

#[test]
fn institutions_are_found_by_their_own_script() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let answer = session.post("/screen", &[("name", "哈尔滨工业大学"), ("kind", "organisation")]);
    assert!(answer.body.contains("Harbin Institute of Technology"), "not found");
    assert!(answer.body.contains("<bdi dir=\"auto\" lang=\"zh\">"));
    let none = session.post("/screen", &[("name", "Testname Example")]);
    assert!(none.body.contains("nothing found") && !none.body.contains("class=\"card hit"));
}

#[test]
fn another_birth_date_sets_a_namesake_aside_and_shows_it() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let answer =
        session.post("/screen", &[("name", "Vladimir Vladimirovich Putin"), ("birth_date", "1999-01-01")]);
    assert!(answer.body.contains("Same name, but most likely somebody else"));
    assert!(answer.body.contains("nothing found"));
}

#[test]
fn faults_are_told_beside_their_fields_and_nothing_is_lost() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let long = "x".repeat(2_001);
    for (fields, told) in [
        (vec![("name", "  ")], "Name: please fill it in."),
        (vec![("name", "Jan"), ("birth_date", "yesterday")], "Birth date: write"),
        (vec![("name", "Jan"), ("country", "Atlantis")], "Country: write two letters"),
        (vec![("name", long.as_str())], "Too long"),
        (vec![("name", "Jan"), ("birth_place", long.as_str())], "Too long"),
    ] {
        let answer = session.post("/screen", &fields);
        assert_eq!(answer.status, 422, "{told}");
        assert!(answer.body.contains(told), "{told}");
        assert!(answer.body.contains("aria-invalid=\"true\""), "{told}");
    }
    let kept = session.post("/screen", &[("name", "Jan Jansen"), ("birth_date", "x")]);
    assert!(kept.body.contains("value=\"Jan Jansen\""));
    let many = "a\n".repeat(201);
    assert_eq!(session.post("/screen", &[("name", "Jan"), ("aliases", &many)]).status, 422);
}

#[test]
fn forms_that_are_not_ours_are_refused() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let form = |token: &str| format!("token={token}&name=Vladimir+Putin");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let own = session.cookie.as_str();
    let other = "0".repeat(32);
    let send = |headers: &[(&str, &str)], token: &str| -> Answer {
        server.ask("POST", "/screen", headers, form(token).as_bytes())
    };
    assert_eq!(send(&[kind, ("cookie", own)], &session.token).status, 200);
    for (headers, token) in [
        (vec![kind], session.token.as_str()),
        (vec![kind, ("cookie", own)], ""),
        (vec![kind, ("cookie", own)], &other),
        (vec![kind, ("cookie", own), ("origin", "http://evil.example")], &session.token),
        (vec![kind, ("cookie", own), ("origin", "null")], &session.token),
        (vec![kind, ("cookie", own), ("sec-fetch-site", "cross-site")], &session.token),
    ] {
        let refused = send(&headers, token);
        assert_eq!(refused.status, 403, "{headers:?}");
        assert!(refused.body.contains("Nothing was done."), "{headers:?}");
        assert!(!refused.body.contains("Putin"), "{headers:?}");
    }
    for path in ["/compare", "/case"] {
        assert_eq!(server.ask("POST", path, &[kind], b"name=x").status, 403, "{path}");
    }
}

#[test]
fn what_is_sent_is_never_markup() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let fields =
        ["name", "aliases", "birth_place", "address", "documents", "birth_date", "country", "gender", "kind"];
    for field in fields {
        let answer = session.post("/screen", &[("name", "Vladimir Putin"), (field, HOSTILE)]);
        check_harmless(&answer, field);
    }
    for field in ["a_name", "b_name", "a_aliases", "b_country", "a_kind"] {
        check_harmless(
            &session.post("/compare", &[("a_name", "x"), ("b_name", "y"), (field, HOSTILE)]),
            field,
        );
    }
    for field in ["text", "policy", "as", "file"] {
        check_harmless(
            &session.post("/case", &[("text", "hire: {}"), ("policy", "generic"), (field, HOSTILE)]),
            field,
        );
    }
    let encoded: String = HOSTILE.bytes().map(|b| format!("%{b:02X}")).collect();
    for parameter in ["q", "list", "kind", "country", "programme", "category", "page"] {
        check_harmless(&server.get(&format!("/search?{parameter}={encoded}")), parameter);
        check_harmless(&server.get(&format!("/search?q=putin&{parameter}={encoded}")), parameter);
    }
    check_harmless(&server.get(&format!("/entity/eu/{encoded}")), "id");
    check_harmless(&server.get(&format!("/entity/{encoded}/x")), "list");
    check_harmless(&server.get(&format!("/{encoded}")), "path");
    let sql = "'; DROP TABLE subjects; --";
    check_harmless(&session.post("/screen", &[("name", sql)]), "sql");
}

#[track_caller]
fn check_harmless(answer: &Answer, what: &str) {
    assert!(answer.status < 500, "{what}: {}", answer.status);
    for bad in ["<script>alert", "<img src=x", "onerror=alert(1)>\u{202e}\"", "\u{202e}</bdi>"] {
        assert!(!answer.body.contains(bad), "{what} comes back as {bad}");
    }
}

#[test]
fn forms_of_any_size_and_shape_are_refused_with_a_word() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let cookie = ("cookie", session.cookie.as_str());
    let huge = format!("token={}&name={}", session.token, "x".repeat(5 << 20));
    let answer = server.ask("POST", "/screen", &[kind, cookie], huge.as_bytes());
    assert_eq!(answer.status, 413);
    let many: String = (0..300).map(|n| format!("&f{n}=x")).collect();
    let many = format!("token={}&name=x{many}", session.token);
    assert_eq!(server.ask("POST", "/screen", &[kind, cookie], many.as_bytes()).status, 413);
    for (kind, body) in [
        ("application/x-www-form-urlencoded", &b"name=%zz"[..]),
        ("application/x-www-form-urlencoded", b"name=%ff%fe"),
        ("text/plain", b"name=x"),
        ("multipart/form-data", b"name=x"),
        ("multipart/form-data; boundary=xY", b"--xY\r\nbroken"),
    ] {
        let answer = server.ask("POST", "/screen", &[("content-type", kind), cookie], body);
        assert_eq!(answer.status, 400, "{kind}");
        assert!(answer.body.contains("<h1>No answer</h1>"), "{kind}");
    }
    let long = "x".repeat(1_001);
    let answer = server.get(&format!("/search?q={long}"));
    assert!(answer.body.contains("longer than 1,000 characters"));
    assert!(server.get("/search?q=%ff%fe").status < 500);
}

#[test]
fn two_names_are_compared_without_lists() {
    let server = TestServer::empty();
    let session = Session::open(&server, "/compare");
    let answer = session.post("/compare", &[("a_name", "Владимир Путин"), ("b_name", "Vladimir Putin")]);
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("other script") || answer.body.contains("same name"));
    let unlike = session.post("/compare", &[("a_name", "Jan Jansen"), ("b_name", "Maria Garcia")]);
    assert!(unlike.body.contains("not alike"));
}

#[test]
fn a_case_becomes_a_report_to_read_or_keep() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/case");
    let case = include_str!("../../fixtures/cases/past-degree.yaml");
    let page = session.post("/case", &[("policy", "maastricht"), ("text", case)]);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("Screening report") && !page.body.contains("<style"));
    for (form, content_type) in [
        ("html", "text/html; charset=utf-8"),
        ("md", "text/markdown; charset=utf-8"),
        ("json", "application/json"),
    ] {
        let file = session.post("/case", &[("policy", "generic"), ("as", form), ("text", case)]);
        assert_eq!(file.header("content-type"), content_type);
        assert!(file.header("content-disposition").starts_with("attachment"), "{form}");
    }
    let file = session.upload("/case", &[("policy", "generic")], ("file", "case.yaml", case));
    assert_eq!(file.status, 200);
    assert!(file.body.contains("Screening report"));
    let faulty = session.post(
        "/case",
        &[("policy", "generic"), ("text", "hire:\n  candidate: {names: [A]}\n  colour: red\n")],
    );
    assert_eq!(faulty.status, 422);
    assert!(faulty.body.contains("line 3"), "the place is missing");
    assert_eq!(session.post("/case", &[("policy", "none"), ("text", case)]).status, 404);
    assert_eq!(session.post("/case", &[("policy", "generic")]).status, 422);
}
