//! A small WebDriver client: Debian's chromium driven by its chromedriver.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Longest time that a page may take to show something; a failure to come, never a measure of speed.
const PATIENCE: Duration = Duration::from_secs(30);

/// Height of the window.
const HEIGHT: u32 = 1000;

/// How WebDriver names elements in JSON.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// The browser and its driver, where this machine has them.
pub fn installed() -> Option<(PathBuf, PathBuf)> {
    let first = |names: [&str; 2]| names.into_iter().map(PathBuf::from).find(|p| p.exists());
    first(["/usr/bin/chromium", "/usr/bin/chromium-browser"])
        .zip(first(["/usr/bin/chromedriver", "/usr/lib/chromium/chromedriver"]))
}

/// A browser with one window; it ends when dropped.
pub struct Browser {
    driver: Child,
    session: String,
    width: u32,
    profile: tempfile::TempDir,
}

/// An element of the page.
pub struct Element<'a> {
    browser: &'a Browser,
    path: String,
}

impl Browser {
    /// Starts a browser whose page has this width.
    pub fn start((chromium, chromedriver): &(PathBuf, PathBuf), width: u32) -> Self {
        let mut driver = Command::new(chromedriver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver starts");
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port: u16 = lines
            .map_while(Result::ok)
            .find_map(|line| line.rsplit_once("successfully on port ")?.1.trim_end_matches('.').parse().ok())
            .expect("chromedriver tells its port");
        let profile = tempfile::tempdir().unwrap();
        let arguments = [
            "--headless=new".to_owned(),
            // Tests run as root in containers, where chromium's own sandbox cannot start.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--lang=en".to_owned(),
            // Clicks must not wait for pages that scroll softly.
            "--force-prefers-reduced-motion".to_owned(),
            format!("--user-data-dir={}", profile.path().display()),
        ];
        let options =
            json!({"binary": chromium, "args": arguments, "prefs": {"intl.accept_languages": "en"}});
        let asked = json!({"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let at = format!("http://127.0.0.1:{port}/session");
        let made = send("POST", &at, Some(&asked)).expect("a browser");
        let session = format!("{at}/{}", made["sessionId"].as_str().expect("a session"));
        let browser = Self { driver, session, width, profile };
        browser.resize(HEIGHT);
        browser
    }

    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        send(method, &format!("{}{path}", self.session), body)
    }

    /// Opens an address.
    pub fn open(&self, address: &str) {
        self.call("POST", "/url", Some(&json!({"url": address}))).unwrap();
    }

    /// The address of the page.
    pub fn address(&self) -> String {
        self.call("GET", "/url", None).unwrap().as_str().unwrap().to_owned()
    }

    /// The first element of a selector, waited for.
    #[track_caller]
    pub fn find(&self, selector: &str) -> Element<'_> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.call("POST", "/element", Some(&json!({"using": "css selector", "value": selector}))) {
                Ok(found) => {
                    let path = format!("/element/{}", found[ELEMENT].as_str().unwrap());
                    return Element { browser: self, path };
                }
                Err(why) if Instant::now() > until => panic!("{selector}: {why}\n{}", self.text()),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// The link of a text, waited for.
    #[track_caller]
    pub fn link(&self, text: &str) -> Element<'_> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.call("POST", "/element", Some(&json!({"using": "link text", "value": text}))) {
                Ok(found) => {
                    let path = format!("/element/{}", found[ELEMENT].as_str().unwrap());
                    return Element { browser: self, path };
                }
                Err(why) if Instant::now() > until => panic!("{text}: {why}\n{}", self.text()),
                Err(_) => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// What can be read on the page.
    pub fn text(&self) -> String {
        self.run("return document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page says something.
    #[track_caller]
    pub fn wait_for(&self, said: &str) {
        let until = Instant::now() + PATIENCE;
        while !self.text().contains(said) {
            assert!(Instant::now() < until, "{said:?} does not come; the page says:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Runs a script in the page, as the driver may and the page itself may not.
    pub fn run(&self, script: &str) -> Value {
        self.call("POST", "/execute/sync", Some(&json!({"script": script, "args": []})))
            .unwrap_or(Value::Null)
    }

    /// What the browser complained about: blocked scripts and styles, missing files.
    pub fn complaints(&self) -> Vec<String> {
        let all = self.call("POST", "/se/log", Some(&json!({"type": "browser"}))).unwrap_or_default();
        let all = all.as_array().cloned().unwrap_or_default();
        all.iter().map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Keeps a picture of the whole page in the folder that `ZEEF_SCREENSHOTS` names, if it does.
    pub fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("ZEEF_SCREENSHOTS") else { return };
        let height = self.run("return document.documentElement.scrollHeight").as_u64().unwrap_or(1000);
        self.resize(u32::try_from(height).unwrap_or(1000));
        let picture = self.call("GET", "/screenshot", None).unwrap();
        std::fs::write(Path::new(&folder).join(format!("{name}.png")), unbase64(picture.as_str().unwrap()))
            .unwrap();
        self.resize(HEIGHT);
    }

    /// Shows the page at its width, however narrow, and this height.
    fn resize(&self, height: u32) {
        let size = json!({"width": self.width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        let command = json!({"cmd": "Emulation.setDeviceMetricsOverride", "params": size});
        self.call("POST", "/goog/cdp/execute", Some(&command)).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.call("DELETE", "", None);
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = self.profile.path();
    }
}

impl Element<'_> {
    fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.browser.call(method, &format!("{}{path}", self.path), body)
    }

    /// Clicks it.
    #[track_caller]
    pub fn click(&self) {
        self.call("POST", "/click", Some(&json!({}))).unwrap();
    }

    /// Types into it.
    #[track_caller]
    pub fn fill(&self, text: &str) {
        self.call("POST", "/value", Some(&json!({"text": text}))).unwrap();
    }

    /// Sends the form that it stands in, as its button does.
    #[track_caller]
    pub fn submit(&self) {
        let id = self.path.trim_start_matches("/element/");
        let script = json!({"script": "arguments[0].form.requestSubmit()", "args": [{(ELEMENT): id}]});
        self.browser.call("POST", "/execute/sync", Some(&script)).unwrap();
    }

    /// What can be read of it.
    pub fn text(&self) -> String {
        self.call("GET", "/text", None).unwrap().as_str().unwrap_or_default().to_owned()
    }
}

fn send(method: &str, address: &str, body: Option<&Value>) -> Result<Value, String> {
    // The driver explains its refusals in the body, which must be read whatever the status.
    let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE * 2));
    let agent: ureq::Agent = config.build().into();
    let sent = match (method, body) {
        ("POST", Some(body)) => {
            agent.post(address).header("content-type", "application/json").send(body.to_string())
        }
        ("DELETE", _) => agent.delete(address).call(),
        _ => agent.get(address).call(),
    };
    let mut answer = sent.map_err(|e| e.to_string())?;
    let text = answer.body_mut().with_config().limit(64 << 20).read_to_string().map_err(|e| e.to_string())?;
    let mut value: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let value = value["value"].take();
    match value.get("error").and_then(Value::as_str) {
        Some(error) => Err(format!("{error}: {}", value["message"].as_str().unwrap_or_default())),
        None => Ok(value),
    }
}

fn unbase64(text: &str) -> Vec<u8> {
    let digit = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = text.bytes().filter_map(digit).collect();
    let mut out = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let number = four.iter().fold(0u32, |n, d| n << 6 | u32::from(*d)) << (6 * (4 - four.len()));
        out.extend_from_slice(&number.to_be_bytes()[1..four.len()]);
    }
    out
}
