//! The story of an analyst, told in a browser.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::driver::{Browser, installed};

/// `zeef serve` on a folder of its own; it ends when dropped.
struct Zeef {
    folder: tempfile::TempDir,
    server: Option<Child>,
    address: String,
}

impl Zeef {
    /// Imports the demonstration files as if they were the real lists, and serves them.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut zeef = Self { folder, server: None, address: String::new() };
        zeef.import("eu", &fixture("eu-demo.xml"));
        zeef.import("aspi", &fixture("aspi-demo.json"));
        let mut server = Command::new(env!("CARGO_BIN_EXE_zeef"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(zeef.folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
        let ready = lines.find_map(|line| {
            let rest = line.split_once("ready on ")?.1;
            Some(rest.split(['.', ',', ' ']).collect::<Vec<_>>()[..4].join("."))
        });
        // Whatever it says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        zeef.server = Some(server);
        zeef.address = format!("http://{}", ready.expect("the server says that it is ready"));
        zeef
    }

    fn import(&self, list: &str, file: &Path) {
        let source = format!("{list}={}", file.display());
        let mut import = Command::new(env!("CARGO_BIN_EXE_zeef"));
        import.args(["import", "--allow-shrink", "--source", &source, "--data"]).arg(self.folder.path());
        let done = import.output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    }

    fn page(&self, path: &str) -> String {
        format!("{}{path}", self.address)
    }
}

impl Drop for Zeef {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

#[test]
fn an_analyst_screens_finds_and_compares() {
    let Some(programs) = installed() else {
        eprintln!("NOT RUN: chromium and chromedriver are not installed on this machine");
        return;
    };
    let zeef = Zeef::start();
    let browser = Browser::start(&programs, 1280);

    browser.open(&zeef.page("/"));
    browser.picture("01-start");
    browser.link("Screen a person or organisation").click();

    browser.find("#name").fill("Wladimir Putjin");
    browser.find("#birth_date").fill("7-10-1952");
    browser.picture("02-screen");
    browser.find("main form button[type=submit]").click();

    browser.wait_for("1 possible match");
    let hit = browser.find("article.hit").text();
    for shown in ["As given", "On the list", "Word for word", "What to do next"] {
        assert!(hit.contains(shown), "{shown} is not shown:\n{hit}");
    }
    browser.find("article.hit details summary").click();
    browser.wait_for("birth date");
    browser.picture("03-found");

    browser.find("article.hit .inside p.small a").click();
    browser.wait_for("History on the list");
    browser.picture("04-entry");

    // A whole case becomes a report.
    browser.link("Case").click();
    browser.link("Fill in an example").click();
    browser.find("main form button[type=submit]").click();
    browser.wait_for("Screening report");
    browser.picture("05-report");
    browser.link("← Another case").click();

    // What was found waits in the queue; it is cleared with a reason.
    browser.link("Review").click();
    browser.link("Wladimir Putjin – Vladimir Vladimirovich PUTIN").click();
    browser.wait_for("Is it the same?");
    browser.picture("06-review");
    browser.find("#decide-author").fill("Test Author");
    browser.find("input[name=verdict][value=cleared]").click();
    browser.find("#reason").fill("Another person: the passport says so");
    browser.find("#reason").submit();
    browser.wait_for("Decided: somebody else: cleared");

    // For as long as they work here, they are looked at again whenever a list changes.
    browser.find("details.beside summary").click();
    browser.find("#watch-author").fill("Test Author");
    browser.find("#watch-purpose").fill("employment");
    browser.picture("06-watch");
    browser.find("#watch-purpose").submit();
    browser.wait_for("1 is under watch now.");
    browser.picture("06-watched");
    browser.open(&zeef.page("/review?name=putjin"));
    browser.wait_for("Nothing is waiting here");

    // The list changes, and the same screening brings it back with the difference.
    let list = std::fs::read_to_string(fixture("eu-demo.xml")).unwrap();
    let changed = zeef.folder.path().join("changed.xml");
    std::fs::write(&changed, list.replace("birthdate=\"1952-10-07\"", "birthdate=\"1952-10-08\"")).unwrap();
    zeef.import("eu", &changed);
    let back = || {
        browser.open(&zeef.page("/screen"));
        browser.find("#name").fill("Wladimir Putjin");
        browser.find("#birth_date").fill("7-10-1952");
        browser.find("main form button[type=submit]").click();
        browser.wait_for("In the review queue:");
        browser.text().contains("came back")
    };
    // The server looks for new lists every two seconds.
    assert!((0..30).any(|_| back() || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        false
    }));
    browser.find("article.hit .inside a[href^='/review/']").click();
    browser.wait_for("It came back");
    let page = browser.text();
    assert!(page.contains("1952-10-07") && page.contains("1952-10-08"), "{page}");
    browser.picture("07-came-back");
    assert!((0..60).any(|_| {
        browser.open(&zeef.page("/alerts"));
        browser.text().contains("evidence changed") || {
            std::thread::sleep(std::time::Duration::from_millis(500));
            false
        }
    }));
    browser.picture("07-alert");
    browser.link("Who is under watch").click();
    browser.find(".found details summary").click();
    browser.find(".found details button").click();
    browser.wait_for("The watch has ended");

    // Search answers while one types; the address follows.
    browser.link("Search").click();
    browser.find("#q").fill("harbin");
    browser.find("#results mark");
    browser.wait_for("entries found");
    assert!(browser.address().contains("q=harbin"), "{}", browser.address());
    browser.picture("08-search");

    browser.find("a.language").click();
    browser.wait_for("vermeldingen gevonden");
    browser.picture("09-dutch");
    // htmx notes the address of the tab, and nothing of the page.
    let kept = browser.run("return [...Object.keys(localStorage), ...Object.keys(sessionStorage)]");
    assert_eq!(kept, serde_json::json!(["htmx-current-path-for-history"]));
    let complaints = browser.complaints();
    assert!(complaints.is_empty(), "the browser complains: {complaints:#?}");
}

#[test]
fn everything_can_be_done_with_the_keyboard_and_on_a_narrow_screen() {
    let Some(programs) = installed() else {
        eprintln!("NOT RUN: chromium and chromedriver are not installed on this machine");
        return;
    };
    let zeef = Zeef::start();
    let browser = Browser::start(&programs, 420);
    for path in [
        "/",
        "/screen",
        "/case",
        "/search?q=harbin",
        "/compare",
        "/lists",
        "/entity/aspi/harbin-institute-of-technology",
    ] {
        browser.open(&zeef.page(path));
        let over =
            browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
        assert_eq!(over, 0, "{path} is wider than the screen");
        // Each control has a name; each picture a text or none on purpose; there is one main heading.
        let nameless = browser.run(
            "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]\
             .filter(e => !e.labels.length).map(e => e.name)",
        );
        assert_eq!(nameless, serde_json::json!([]), "{path}");
        assert_eq!(browser.run("return document.querySelectorAll('h1').length"), 1, "{path}");
        assert_eq!(browser.run("return document.querySelectorAll('img:not([alt])').length"), 0, "{path}");
        browser.picture(&format!("narrow{}", path.split('?').next().unwrap().replace('/', "-")));
    }
    // The queue and a match in it.
    browser.open(&zeef.page("/screen"));
    browser.find("#name").fill("Wladimir Putjin\u{E007}");
    browser.wait_for("In the review queue:");
    browser.find("details.beside summary").click();
    browser.find("#watch-author").fill("Test Author");
    browser.find("#watch-purpose").fill("employment\u{E007}");
    browser.wait_for("1 is under watch now.");
    let over =
        browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(over, 0, "those under watch are wider than the screen");
    browser.picture("narrow-watched");
    for path in ["/review", "/alerts"] {
        browser.open(&zeef.page(path));
        browser.picture(&format!("narrow{}", path.replace('/', "-")));
    }
    browser.open(&zeef.page("/review"));
    browser.link("Wladimir Putjin – Vladimir Vladimirovich PUTIN").click();
    browser.wait_for("Is it the same?");
    let over =
        browser.run("return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    assert_eq!(over, 0, "a match is wider than the screen");
    browser.picture("narrow-match");
    // The first stop of the tabulator leads past the navigation, the next ones through it.
    browser.open(&zeef.page("/screen"));
    browser.find("body").fill("\u{E004}");
    assert_eq!(browser.run("return document.activeElement.className"), "skip");
    // A form is sent with the enter key.
    browser.find("#name").fill("Wladimir Putjin\u{E007}");
    browser.wait_for("possible match");
    browser.picture("narrow-found");
}
