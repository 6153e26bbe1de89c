//! Somebody logs in through an identity provider, in a browser: what it does with cookies on a way over two sites is
//! its own affair, and nothing else shows it.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;

use crate::driver::{Browser, installed};
use crate::idp::{Idp, SECRET};

#[test]
fn a_browser_comes_back_from_the_provider_logged_in() {
    let Some(programs) = installed() else {
        eprintln!("NOT RUN: chromium and chromedriver are not installed on this machine");
        return;
    };
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tell.send(Idp::start().await.address.clone()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    let idp = told.recv().unwrap();
    // Another site than the provider's, by its name; the port has to be known beforehand.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("secret"), SECRET).unwrap();
    let config = format!(
        "[server]\nlisten = \"127.0.0.1:{port}\"\n[data]\ndemo = true\n\
         [access.oidc]\nissuer = \"{idp}\"\naudience = \"zeef-api\"\njwks_url = \"{idp}/keys\"\n\
         name_claim = \"preferred_username\"\nscope_claim = \"roles\"\ngrants = {{ screeners = [\"screen\"] }}\n\
         [access.oidc.login]\nclient_id = \"zeef-page\"\nclient_secret_file = \"secret\"\n\
         redirect_uri = \"http://localhost:{port}/login/callback\"\n"
    );
    let file = folder.path().join("zeef.toml");
    std::fs::write(&file, config).unwrap();
    let mut server = Command::new(env!("CARGO_BIN_EXE_zeef"))
        .args(["serve", "--config"])
        .arg(&file)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(server.stderr.take().unwrap()).lines().map_while(Result::ok);
    assert!(said.any(|line| line.contains("ready on")), "the server says that it is ready");
    std::thread::spawn(move || said.for_each(drop));

    let browser = Browser::start(&programs, 1280);
    browser.open(&format!("http://localhost:{port}/lists"));
    browser.picture("21-login");
    browser.link("Log in with the account of your organisation").click();
    browser.link("It is me").click();
    // Back where they wanted to go, by name.
    assert!(browser.find("form.who").text().contains("oidc:a.tester"));
    assert_eq!(browser.address(), format!("http://localhost:{port}/lists"));
    // The session goes along from page to page, and ends.
    browser.open(&format!("http://localhost:{port}/search"));
    browser.find("form.who button").click();
    browser.link("Log in with the account of your organisation");
    browser.open(&format!("http://localhost:{port}/lists"));
    assert!(browser.address().contains("/login"), "{}", browser.address());

    server.kill().unwrap();
    server.wait().unwrap();
}
