//! Putting somebody under watch from the page, looking at who is, and ending it.

use std::time::{Duration, Instant};

use crate::support::{Answer, Session, TestServer};

const SUBJECT: [(&str, &str); 4] = [
    ("name", "Wladimir Putjin"),
    ("birth_date", "1952-10-07"),
    ("purpose", "hire-2026"),
    ("case_reference", "2026-17"),
];

/// The day in so many days, as browsers send dates.
fn day(days: i64) -> String {
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    now.checked_add(jiff::SignedDuration::from_hours(24 * days)).unwrap().to_string()
}

/// A hidden field of a page, as it is sent back.
fn hidden(page: &Answer, name: &str) -> String {
    let found = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = found.unwrap_or_else(|| panic!("{name}: {}", page.body)).split('"').next().unwrap();
    value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Puts those whom a page offers under watch; `chosen` are their places.
fn watch(session: &Session<'_>, page: &Answer, chosen: &[usize], more: &[(&str, &str)]) -> Answer {
    let offered: Vec<(String, String)> = (0..)
        .map(|n| format!("offered-{n}"))
        .take_while(|name| page.body.contains(&format!("name=\"{name}\"")))
        .map(|name| (name.clone(), hidden(page, &name)))
        .collect();
    let chosen: Vec<String> = chosen.iter().map(|n| format!("watch-{n}")).collect();
    let mut fields: Vec<(&str, &str)> = vec![("action", "begin")];
    fields.extend(offered.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    fields.extend(chosen.iter().map(|n| (n.as_str(), "on")));
    fields.extend(more);
    session.post("/watched", &fields)
}

fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn whoever_was_screened_is_watched_alerts_come_and_the_watch_ends() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let found = session.post("/screen", &SUBJECT);
    // What they were screened for is at hand.
    for shown in ["Put under watch", "value=\"hire-2026\"", "value=\"2026-17\""] {
        assert!(found.body.contains(shown), "{shown}");
    }
    let until = day(30);
    let good = [
        ("author", "Test Author"),
        ("purpose", "employment"),
        ("until", until.as_str()),
        ("reference", "p-17"),
    ];
    let begun = watch(&session, &found, &[0], &good);
    assert_eq!((begun.status, begun.header("location")), (303, "/watched?begun=1"), "{}", begun.body);
    let page = server.get("/watched?begun=1");
    for shown in [
        "1 is under watch now.",
        "Wladimir Putjin",
        "employment",
        &until,
        "p-17",
        "Test Author",
        "1952-10-07",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    // The same again renews it; the same reference for somebody else does not.
    assert_eq!(watch(&session, &found, &[0], &good).status, 303);
    let other = session.post("/screen", &[("name", "Made Up One")]);
    let taken = watch(&session, &other, &[0], &good);
    assert_eq!(taken.status, 409);
    assert!(
        taken.body.contains("with this reference already") && taken.body.contains("value=\"employment\"")
    );
    assert_eq!(server.get("/watched").body.matches("<li><h3>").count(), 1);

    eventually("nobody was looked at", || server.get("/watched").body.contains("looked at on"));
    server.change_list("birthdate=\"1952-10-07\"", "birthdate=\"1952-10-08\"");
    eventually("no alert came", || server.get("/alerts").body.contains("evidence changed"));
    assert!(server.get("/alerts").body.contains("p-17"));

    let page = server.get("/watched");
    let id = hidden(&page, "id");
    let ended = session.post("/watched", &[("action", "end"), ("id", &id)]);
    assert_eq!((ended.status, ended.header("location")), (303, "/watched?ended=1"));
    let page = server.get("/watched?ended=1");
    assert!(page.body.contains("Nobody is under watch here") && page.body.contains("The watch has ended"));
    assert!(!server.get("/alerts").body.contains("p-17"), "its alerts are gone");
    let again = session.post("/watched", &[("action", "end"), ("id", &id)]);
    assert_eq!(again.header("location"), "/watched?ended=0");
}

#[test]
fn everybody_in_a_case_and_suspected_matches_are_offered_too() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let case = include_str!("../../fixtures/cases/past-degree.yaml");
    let report = session.upload(
        "/case",
        &[("policy", "generic"), ("as", "page"), ("case_reference", "2026-18")],
        ("file", "c.yaml", case),
    );
    assert_eq!(report.status, 200);
    assert!(
        report.body.contains("type=\"checkbox\"") && report.body.contains("offered-1"),
        "{}",
        report.body
    );
    let until = day(30);
    let good = [("author", "Test Author"), ("purpose", "employment"), ("until", until.as_str())];
    let nobody = watch(&session, &report, &[], &good);
    assert_eq!(nobody.status, 422);
    assert!(nobody.body.contains("Choose at least one.") && nobody.body.contains("offered-1"));
    let begun = watch(&session, &nobody, &[0, 1], &good);
    assert_eq!(begun.header("location"), "/watched?begun=2", "{}", begun.body);
    assert!(server.get("/watched").body.contains("2026-18 hire."));
    // As a file to keep, the report has no form.
    let file = session.upload("/case", &[("policy", "generic"), ("as", "html")], ("file", "c.yaml", case));
    assert!(file.status == 200 && !file.body.contains("<form") && !file.body.contains("offered-0"));

    let found = session.post("/screen", &SUBJECT);
    let at = found.body.split("href=\"/review/").nth(1).unwrap().split('"').next().unwrap();
    let page = server.get(&format!("/review/{at}"));
    assert_eq!(watch(&session, &page, &[0], &[&good[..], &[("reference", "")]].concat()).status, 303);
    for (name, count) in [("putjin", 1), ("PUTJIN", 1), ("nobody", 0), ("", 3)] {
        let page = server.get(&format!("/watched?name={name}"));
        assert_eq!(page.body.matches("name=\"id\"").count(), count, "{name}");
    }
    let dutch = server.ask("GET", "/watched", &[("accept-language", "nl")], b"");
    assert!(dutch.body.contains("Wie wordt gevolgd") && dutch.body.contains("Niet meer volgen"));
}

#[test]
fn what_is_wrong_is_said_and_what_is_hostile_is_refused() {
    let server = TestServer::recording();
    let session = Session::open(&server, "/screen");
    let found = session.post("/screen", &SUBJECT);
    let (soon, late, past) = (day(1), day(6 * 366), day(-1));
    let long = "x".repeat(300);
    for (fields, told) in [
        ([("author", ""), ("purpose", "p"), ("until", &*soon), ("reference", "")], "Your name: is missing"),
        ([("author", "A"), ("purpose", " "), ("until", &soon), ("reference", "")], "Purpose: say what"),
        ([("author", "A"), ("purpose", &long), ("until", &soon), ("reference", "")], "Purpose: say what"),
        ([("author", "A"), ("purpose", "p"), ("until", &past), ("reference", "")], "Until: a day to come"),
        ([("author", "A"), ("purpose", "p"), ("until", &late), ("reference", "")], "Until: a day to come"),
        ([("author", "A"), ("purpose", "p"), ("until", "soon"), ("reference", "")], "Until: a day to come"),
        ([("author", "A"), ("purpose", "p"), ("until", &soon), ("reference", "a\0b")], "Reference: at most"),
    ] {
        let refused = watch(&session, &found, &[0], &fields);
        assert_eq!(refused.status, 422, "{told}");
        assert!(refused.body.contains(told), "{told}: {}", refused.body);
    }
    let good =
        [("author", "A"), ("purpose", "p"), ("until", soon.as_str()), ("action", "begin"), ("watch-0", "on")];
    let deep = format!("{{\"subject\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let huge =
        format!("{{\"subject\":{{\"name\":\"{}\"}},\"reference\":\"\",\"about\":\"\"}}", "x".repeat(100_000));
    for offered in
        ["", "{", "{\"subject\":{\"name\":\"\"},\"reference\":\"\",\"about\":\"\"}", "[]", &deep, &huge]
    {
        let refused = session.post("/watched", &[&good[..], &[("offered-0", offered)]].concat());
        assert_eq!(refused.status, 422, "{}", refused.body);
        assert!(refused.body.contains("could not be read"));
    }
    assert_eq!(session.post("/watched", &[("action", "nonsense")]).status, 400);

    // Forms of other sites, and without their token.
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let body = b"action=end&id=x";
    assert_eq!(server.ask("POST", "/watched", &[kind], body).status, 403);
    let body = format!("action=end&id=x&token={}", session.token);
    let elsewhere = [kind, ("cookie", session.cookie.as_str()), ("origin", "http://evil.example")];
    assert_eq!(server.ask("POST", "/watched", &elsewhere, body.as_bytes()).status, 403);

    let hostile = "<img src=x onerror=alert(1)>";
    let page = session.post("/screen", &[("name", hostile), ("aliases", "\" onfocus=alert(1) x=\"")]);
    let fields =
        [("author", hostile), ("purpose", hostile), ("until", soon.as_str()), ("reference", hostile)];
    assert_eq!(watch(&session, &page, &[0], &fields).status, 303);
    let encoded: String = hostile.bytes().map(|b| format!("%{b:02X}")).collect();
    for path in
        ["/watched".to_owned(), format!("/watched?name={encoded}"), format!("/watched?troubled={encoded}")]
    {
        let page = server.get(&path);
        assert!(page.status == 200 && !page.body.contains("<img src=x"), "{}", page.body);
    }
    for path in [
        "/watched?before=x".to_owned(),
        "/watched?begun=-1".to_owned(),
        format!("/watched?name={}", "x".repeat(2_000)),
    ] {
        assert_eq!(server.get(&path).status, 400, "{path}");
    }
    assert_eq!(server.get("/watched?before=-5").status, 200);
}

#[test]
fn where_nobody_is_watched_nothing_is_offered() {
    let server = TestServer::demo();
    let session = Session::open(&server, "/screen");
    let found = session.post("/screen", &SUBJECT[..2]);
    assert!(found.body.contains("possible match") && !found.body.contains("/watched"));
    let page = server.get("/watched");
    assert!(page.status >= 400 && page.body.contains("Nobody can be watched here"), "{}", page.status);
}
