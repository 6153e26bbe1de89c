//! Each page, and what goes out with it.

use crate::support::TestServer;

#[test]
fn pages_say_which_lists_stand_behind_them() {
    let server = TestServer::demo();
    for path in ["/", "/lists", "/screen", "/case", "/search", "/compare"] {
        let page = server.get(path);
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.body.contains("Demonstration lists."), "{path} does not warn");
        assert!(page.body.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{path}");
    }
    let missing = server.get("/no-such-page");
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("There is no such page."));
}

#[test]
fn without_lists_every_page_says_so() {
    let server = TestServer::empty();
    assert!(server.get("/").body.contains("No lists are loaded."));
    let lists = server.get("/lists");
    assert_eq!(lists.status, 503);
    assert!(lists.body.contains("No lists are loaded."));
}

#[test]
fn every_answer_is_locked_down() {
    let server = TestServer::demo();
    for path in [
        "/",
        "/lists",
        "/no-such-page",
        "/language?to=nl",
        "/language",
        "/assets/none",
        "/screen",
        "/search?q=x",
    ] {
        let page = server.get(path);
        let policy = page.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        for own in ["<style", "<script>", "onclick", "style=\"", "javascript:", "http://", "//cdn"] {
            assert!(!page.body.contains(own), "{path} holds {own}");
        }
    }
}

#[test]
fn files_of_the_page_are_kept_and_nothing_else_is_served() {
    let server = TestServer::demo();
    let start = server.get("/").body;
    let mut files = start.split("\"/assets/").skip(1).filter_map(|rest| rest.split_once('"')).map(|(f, _)| f);
    let types: Vec<String> = files
        .by_ref()
        .map(|file| {
            let answer = server.get(&format!("/assets/{file}"));
            assert_eq!(answer.status, 200, "{file}");
            assert!(answer.header("cache-control").contains("immutable"), "{file}");
            answer.header("content-type").to_owned()
        })
        .collect();
    for wanted in ["text/css; charset=utf-8", "text/javascript; charset=utf-8", "image/svg+xml"] {
        assert!(types.iter().any(|t| t == wanted), "{wanted} is missing");
    }
    for path in ["/assets/../Cargo.toml", "/assets/%2e%2e%2fCargo.toml", "/assets/htmx.min.js"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
}

#[test]
fn the_language_follows_the_browser_and_the_switch() {
    let server = TestServer::demo();
    let dutch = server.ask("GET", "/lists", &[("accept-language", "nl-NL,nl;q=0.9")], b"");
    assert!(dutch.body.contains("<html lang=\"nl\">") && dutch.body.contains("Demonstratielijsten."));
    let switch = server.get("/language?to=nl&back=%2Flists");
    assert_eq!((switch.status, switch.header("location")), (303, "/lists"));
    let cookie = switch.header("set-cookie").split(';').next().unwrap().to_owned();
    let dutch = server.ask("GET", "/", &[("cookie", &cookie), ("accept-language", "en")], b"");
    assert!(dutch.body.contains("<html lang=\"nl\">"));
    let live = format!("http://{}/search?q=x", server.address);
    for (referer, back) in [(live.as_str(), "/search?q=x"), ("http://evil.example/x", "/lists")] {
        let switch = server.ask("GET", "/language?to=en&back=%2Flists", &[("referer", referer)], b"");
        assert_eq!(switch.header("location"), back);
    }
    for elsewhere in
        ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "x%0D%0Ay:%20z"]
    {
        let switch = server.get(&format!("/language?to=nl&back={elsewhere}"));
        assert_eq!(switch.header("location"), "/", "{elsewhere}");
    }
}

#[test]
fn methods_and_requests_that_make_no_sense_are_refused() {
    let server = TestServer::demo();
    for (method, path) in
        [("DELETE", "/"), ("PUT", "/lists"), ("POST", "/lists"), ("OPTIONS", "/"), ("POST", "/search")]
    {
        let answer = server.ask(method, path, &[], b"");
        assert!((400..500).contains(&answer.status), "{method} {path}: {}", answer.status);
    }
    assert_eq!(server.send(b"nonsense\r\n\r\n").status, 400);
    let long = format!("/{}", "a".repeat(100_000));
    assert!(server.get(&long).status >= 400);
}
