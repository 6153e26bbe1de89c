//! Search: filters, marks, pages, parts for htmx.

use crate::support::TestServer;

#[test]
fn words_are_found_and_marked() {
    let server = TestServer::demo();
    let page = server.get("/search?q=harbin");
    assert!(page.body.contains("<mark>Harbin</mark>"), "nothing is marked");
    assert!(page.body.contains("/entity/aspi/harbin-institute-of-technology"));
    let native = server.get("/search?q=%E5%93%88%E5%B0%94%E6%BB%A8");
    assert!(native.body.contains("<mark>哈尔滨</mark>"));
    let nothing = server.get("/search?q=harbinn");
    assert!(nothing.body.contains("No entry has these words") && nothing.body.contains("q=harbin\""));
}

#[test]
fn filters_narrow_and_pages_follow() {
    let server = TestServer::demo();
    let people = server.get("/search?list=eu&kind=person");
    assert!(people.body.contains("Person · "));
    assert!(!people.body.contains("Organisation · "));
    let mut seen = 0;
    let mut next = Some("/search?list=eu".to_owned());
    while let Some(address) = next {
        let page = server.get(&address);
        assert_eq!(page.status, 200, "{address}");
        seen += page.body.matches("<li><h3>").count();
        next = page
            .body
            .split("class=\"button plain\" href=\"")
            .nth(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    }
    let total = server.get("/search?list=eu").body;
    let total: usize = total.split("<strong>").nth(2).unwrap().split('<').next().unwrap().parse().unwrap();
    assert_eq!(seen, total);
    assert!(server.get("/search?q=putin&country=Rusland").body.contains(" found</p>"));
    assert_eq!(server.get("/search?list=mars&q=x").status, 409);
    assert_eq!(server.get("/search?q=x&page=nonsense").status, 400);
}

#[test]
fn htmx_gets_the_results_alone() {
    let server = TestServer::demo();
    let part = server.ask("GET", "/search?q=harbin", &[("hx-request", "true")], b"");
    assert!(!part.body.contains("<html") && part.body.contains("<mark>Harbin</mark>"));
}

#[test]
fn an_entry_that_is_not_there_is_said_to_be_so() {
    let server = TestServer::demo();
    for path in ["/entity/eu/none", "/entity/mars/x", "/entity/eu/%ff"] {
        let answer = server.get(path);
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.body.contains("The list has no such entry."), "{path}");
    }
    assert_eq!(server.get(&format!("/entity/eu/{}", "x".repeat(600))).status, 404);
}

#[test]
fn an_entry_tells_what_changed_between_the_editions_that_are_kept() {
    let server = TestServer::recording();
    let at = "/entity/eu/EU.7510.16";
    assert!(server.get(at).body.contains("Nothing in this entry has changed"));
    server.change_list("birthdate=\"1952-10-07\"", "birthdate=\"1952-10-08\"");
    let page = server.get(at);
    for shown in [
        "Changes on the list",
        "births",
        "<del class=\"was\">",
        "1952-10-07",
        "<ins class=\"is\">",
        "1952-10-08",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    // Another entry of the same list has not changed.
    assert!(server.get("/entity/eu/EU.27.28").body.contains("Nothing in this entry has changed"));
    // A hostile value is text. The entry has another reference now: the old one tells what was.
    server.change_list("euReferenceNumber=\"EU.7510.16\"", "euReferenceNumber=\"EU.0.1\"");
    let gone = server.get(at);
    assert_eq!(gone.status, 200);
    for shown in ["No longer on the list", "taken off the list", "1952-10-08"] {
        assert!(gone.body.contains(shown), "{shown}");
    }
    let come = server.ask("GET", "/entity/eu/EU.0.1", &[("accept-language", "nl")], b"");
    assert!(come.body.contains("op de lijst gekomen"), "{}", come.body);
    assert_eq!(server.get("/entity/eu/EU.0.2").status, 404);
}
