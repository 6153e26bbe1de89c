//! Logging in to the page through an identity provider, which can be made to behave badly.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zeef::service::access::{
    Access, AccessConfig, CALLBACK, Endpoints, Issuer, KeySet, KeySource, LoginConfig, Oidc, Provider, Scope,
    Scopes,
};
use zeef::service::{Config, ScreenerHandle, read_keys};

use crate::http::{self, Answer};
use crate::idp::{Faults, Idp, SECRET, parts};
use crate::support::{TestServer, config, demo, within};

fn issuer(idp: &Idp, grants: &[(&str, Scope)]) -> Issuer {
    Issuer {
        issuer: idp.address.clone(),
        audience: "zeef-api".into(),
        keys: KeySource::Url(format!("{}/keys", idp.address)),
        clock_skew: Duration::from_secs(5),
        name_claim: "preferred_username".into(),
        scope_claim: "roles".into(),
        grants: grants.iter().map(|(w, s)| ((*w).to_owned(), [*s].into_iter().collect())).collect(),
    }
}

fn login() -> LoginConfig {
    LoginConfig {
        client_id: "zeef-page".into(),
        client_secret: Some(SECRET.into()),
        // What browsers reach; the test's own requests go to the port.
        redirect_uri: format!("https://zeef.example{CALLBACK}"),
        scopes: vec!["openid".into(), "profile".into()],
        endpoints: None,
    }
}

/// Nobody but those whom the provider lets in. The provider's keys are still to be fetched.
fn closed(idp: &Idp, grants: &[(&str, Scope)]) -> AccessConfig {
    AccessConfig {
        oidc: Some(Arc::new(Oidc::new(issuer(idp, grants), KeySet::default()))),
        provider: Some(Arc::new(Provider::new(&idp.address, login()))),
        anonymous: Scopes::NONE,
        open_reflection: false,
        ..AccessConfig::default()
    }
}

const SCREENERS: &[(&str, Scope)] = &[("screeners", Scope::Screen)];

async fn start(access: AccessConfig) -> (TestServer, Arc<Access>) {
    let access = Arc::new(Access::new(access).unwrap());
    let config = Config { access: Some(Arc::clone(&access)), ..config() };
    (TestServer::start(ScreenerHandle::of(demo()), config).await, access)
}

/// A browser: it keeps cookies, and asks for pages.
struct Browser<'a> {
    server: &'a TestServer,
    cookies: HashMap<String, String>,
}

impl<'a> Browser<'a> {
    fn new(server: &'a TestServer) -> Self {
        Self { server, cookies: HashMap::new() }
    }

    async fn ask(&mut self, method: &str, path: &str, language: &str) -> Answer {
        let held: Vec<String> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let held = held.join("; ");
        let headers = [("Accept", "text/html"), ("Accept-Language", language), ("Cookie", &held)];
        let answer = http::request(&self.server.address, method, path, &headers, "").await;
        for line in answer.head.lines() {
            let Some((name, value)) = line.split_once(": ") else { continue };
            if name.eq_ignore_ascii_case("set-cookie") {
                assert!(value.contains("; HttpOnly; SameSite="), "{value}");
                let (name, rest) = value.split_once('=').unwrap();
                match rest.split(';').next().unwrap() {
                    "" => self.cookies.remove(name),
                    kept => self.cookies.insert(name.to_owned(), kept.to_owned()),
                };
            }
        }
        answer
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, "en").await
    }

    /// Begins a login; gives the address at the provider.
    async fn begin(&mut self, next: &str) -> String {
        let sent = self.get(&format!("/login/provider?next={next}")).await;
        assert_eq!(sent.status, 303, "{}", sent.body);
        assert_eq!(sent.header("cache-control"), Some("no-store"));
        sent.header("location").unwrap().to_owned()
    }

    /// Comes back from the provider.
    async fn come_back(&mut self, query: &str) -> Answer {
        self.get(&format!("{CALLBACK}?{query}")).await
    }

    /// The whole way in.
    async fn log_in(&mut self, idp: &Idp) -> Answer {
        let sent_to = self.begin("/lists").await;
        self.come_back(&idp.log_in(&sent_to)).await
    }

    /// Whether the pages are open.
    async fn is_in(&mut self) -> bool {
        self.get("/lists").await.status == 200
    }
}

#[tokio::test]
async fn a_person_logs_in_through_the_provider_with_the_roles_it_tells() {
    let idp = Idp::start().await;
    let (server, access) = start(closed(&idp, SCREENERS)).await;
    let mut browser = Browser::new(&server);

    let sent_away = browser.get("/lists?a=b").await;
    assert_eq!(sent_away.header("location"), Some("/login?next=/lists%3Fa%3Db"));
    let door = browser.get("/login?next=/lists%3Fa%3Db").await;
    assert!(door.body.contains("href=\"/login/provider?next=%2Flists%3Fa%3Db\""), "{}", door.body);
    assert!(!door.body.contains("name=\"token\""), "there are no tokens here");

    let sent_to = browser.begin("%2Flists%3Fa%3Db").await;
    let asked = parts(sent_to.split_once('?').unwrap().1);
    assert_eq!(
        asked["redirect_uri"],
        format!("https://zeef.example{CALLBACK}"),
        "whatever the host was called"
    );
    assert!(asked["state"].len() >= 43 && asked["nonce"].len() >= 43 && asked["state"] != asked["nonce"]);
    let answer = browser.come_back(&idp.log_in(&sent_to)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.body.contains("content=\"0;url=/lists?a=b\""), "{}", answer.body);
    assert_eq!(browser.cookies.keys().collect::<Vec<_>>(), ["zeef_session"], "the login has ended");
    let cookie = answer.head.lines().find(|l| l.contains("zeef_session=")).unwrap();
    assert!(cookie.contains("SameSite=Strict") && cookie.contains("Max-Age=28800"), "{cookie}");

    let page = browser.get("/lists").await;
    assert!(page.status == 200 && page.body.contains("oidc:a.tester"), "{}", page.body);
    // Their role allows screening and nothing else.
    assert_eq!(browser.get("/review").await.status, 403);
    // What the words grant is looked up each time.
    let same = access.config();
    let regrant = |grants: &[(&str, Scope)]| AccessConfig {
        oidc: Some(Arc::new(Oidc::new(issuer(&idp, grants), KeySet::default()))),
        ..same.clone()
    };
    access.replace(regrant(&[("screeners", Scope::Review)]));
    assert_eq!(browser.get("/lists").await.status, 403);
    access.replace(regrant(&[("others", Scope::Screen)]));
    assert_eq!(browser.get("/lists").await.status, 303, "nothing is granted any longer");
    access.replace(AccessConfig { provider: None, ..same.clone() });
    assert_eq!(browser.get("/lists").await.status, 303, "nobody logs in so any longer");
    access.replace(same);
    assert!(browser.is_in().await);

    let out = browser.ask("POST", "/logout", "en").await;
    assert_eq!((out.status, out.header("location")), (303, Some("/login")));
    assert!(!browser.is_in().await);
    server.stop().await;
}

#[tokio::test]
async fn only_the_browser_that_began_a_login_ends_it_and_only_once() {
    let idp = Idp::start().await;
    let (server, _) = start(closed(&idp, SCREENERS)).await;
    let (mut victim, mut attacker) = (Browser::new(&server), Browser::new(&server));

    // The attacker's own login, ended in the browser of somebody else.
    let brought = idp.log_in(&attacker.begin("/").await);
    assert_eq!(victim.come_back(&brought).await.status, 400);
    // The same while the victim has begun one.
    victim.begin("/").await;
    assert_eq!(victim.come_back(&brought).await.status, 400);
    assert!(!victim.is_in().await);

    // A state that is wrong, missing or given twice.
    let sent_to = victim.begin("/").await;
    let brought = idp.log_in(&sent_to);
    let code = brought.split('&').next().unwrap();
    for query in [code.to_owned(), format!("{code}&state=x"), format!("{brought}&state=x"), String::new()] {
        let held = victim.cookies.clone();
        assert_eq!(victim.come_back(&query).await.status, 400, "{query}");
        victim.cookies = held;
    }
    // A code that belongs to another login is worth nothing: its verifier is missing.
    let other = idp.log_in(&attacker.begin("/").await);
    let stolen = format!("{}&state={}", other.split('&').next().unwrap(), parts(&brought)["state"]);
    let held = victim.cookies.clone();
    assert_eq!(victim.come_back(&stolen).await.status, 400);
    victim.cookies = held.clone();
    // Back from another provider than one was sent to.
    assert_eq!(victim.come_back(&format!("{brought}&iss=https%3A%2F%2Fevil.example")).await.status, 400);
    victim.cookies = held.clone();
    assert!(!victim.is_in().await);

    let iss = idp.address.replace(':', "%3A");
    let good = format!("{brought}&iss={iss}");
    assert_eq!(victim.come_back(&good).await.status, 200);
    assert!(victim.is_in().await);
    // Once more, in the browser that held on to its cookie: the provider does not take the code twice.
    victim.cookies = held;
    let again = victim.come_back(&good).await;
    assert_eq!(again.status, 400);
    assert!(again.header("referrer-policy") == Some("same-origin") && !again.body.contains(code));
    assert!(!victim.is_in().await);
    server.stop().await;
}

#[tokio::test]
async fn tokens_that_say_something_else_let_nobody_in() {
    let idp = Idp::start().await;
    let (server, _) = start(closed(&idp, SCREENERS)).await;
    let past = json!(jiff::Timestamp::now().as_second() - 60);
    let later = json!(jiff::Timestamp::now().as_second() + 600);
    for (claims, status) in [
        (vec![], 200),
        (vec![("aud", json!(["other", "zeef-page"])), ("azp", json!("zeef-page"))], 200),
        (vec![("nonce", json!("another"))], 401),
        (vec![("nonce", Value::Null)], 401),
        (vec![("iss", json!("https://evil.example"))], 401),
        (vec![("aud", json!("zeef-api"))], 401),
        (vec![("aud", json!(["other", "zeef-page"]))], 401),
        (vec![("azp", json!("other"))], 401),
        (vec![("exp", past)], 401),
        (vec![("exp", Value::Null)], 401),
        (vec![("nbf", later)], 401),
        (vec![("preferred_username", json!(""))], 401),
        (vec![("roles", json!(["cooks"]))], 403),
        (vec![("roles", json!({ "screeners": true }))], 403),
    ] {
        idp.misbehave(Faults { claims: claims.clone(), ..Faults::default() });
        let mut browser = Browser::new(&server);
        let answer = browser.log_in(&idp).await;
        assert_eq!(answer.status, status, "{claims:?}: {}", answer.body);
        assert_eq!(browser.is_in().await, status == 200, "{claims:?}");
        assert!(!answer.body.contains("a.tester"), "who it was is nobody's business");
    }
    idp.misbehave(Faults { foreign_key: true, ..Faults::default() });
    let mut browser = Browser::new(&server);
    assert_eq!(browser.log_in(&idp).await.status, 401);
    assert!(!browser.is_in().await);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_that_fails_is_told_on_a_page_in_ones_language() {
    let idp = Idp::start().await;
    let (server, _) = start(closed(&idp, SCREENERS)).await;
    let large: &'static str = Box::leak("x".repeat(1 << 20).into_boxed_str());
    for token in [
        (500, "down"),
        (302, "moved"),
        (200, "<html>log in first</html>"),
        (200, "{\"access_token\": \"x\"}"),
        (401, "{\"error\": \"invalid_client\"}"),
        (200, large),
    ] {
        idp.misbehave(Faults { token: Some(token), ..Faults::default() });
        let mut browser = Browser::new(&server);
        let answer = browser.log_in(&idp).await;
        assert_eq!(answer.status, 502, "{}", token.0);
        assert!(answer.body.contains("does not answer as it should"), "{}", answer.body);
        assert!(!browser.is_in().await);
    }
    // It refuses by itself; its own words are not shown.
    let mut browser = Browser::new(&server);
    let sent_to = browser.begin("/").await;
    let state = parts(sent_to.split_once('?').unwrap().1)["state"].clone();
    let query = format!("{CALLBACK}?error=access_denied&error_description=Zyxx+says+no&state={state}");
    let refused = browser.ask("GET", &query, "nl").await;
    assert_eq!(refused.status, 401);
    assert!(
        refused.body.contains("heeft u niet toegelaten") && !refused.body.contains("Zyxx"),
        "{}",
        refused.body
    );

    // It speaks for another issuer: nobody is sent there.
    idp.misbehave(Faults { issuer: Some("https://evil.example"), ..Faults::default() });
    let (fresh, _) = start(closed(&idp, SCREENERS)).await;
    let answer = Browser::new(&fresh).get("/login/provider").await;
    assert_eq!((answer.status, answer.header("location")), (502, None));
    fresh.stop().await;

    // Nobody is there at all.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let nowhere = Provider::new(format!("http://{gone}"), login());
    let (fresh, _) =
        start(AccessConfig { provider: Some(Arc::new(nowhere)), ..closed(&idp, SCREENERS) }).await;
    assert_eq!(Browser::new(&fresh).get("/login/provider").await.status, 502);
    fresh.stop().await;
    server.stop().await;
}

#[tokio::test]
async fn the_way_in_leads_nowhere_but_here() {
    let idp = Idp::start().await;
    let (server, _) = start(closed(&idp, SCREENERS)).await;
    for next in ["https%3A%2F%2Fevil.example", "%2F%2Fevil.example", "%2F%5Cevil.example", "%2Fa%0D%0Ab", "x"]
    {
        let mut browser = Browser::new(&server);
        let sent_to = browser.begin(next).await;
        let answer = browser.come_back(&idp.log_in(&sent_to)).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("content=\"0;url=/\""), "{next}: {}", answer.body);
    }
    // The host that somebody claims goes into no address.
    let headers = [("Accept", "text/html"), ("X-Forwarded-Host", "evil.example")];
    let sent = http::request(&server.address, "GET", "/login/provider", &headers, "").await;
    assert!(!sent.head.contains("evil.example"));
    // Too long to be kept.
    let long = format!("/login/provider?next=/{}", "a".repeat(5_000));
    let answer = http::request(&server.address, "GET", &long, &headers[..1], "").await;
    assert_eq!((answer.status, answer.header("set-cookie")), (500, None));
    server.stop().await;
}

#[tokio::test]
async fn without_a_provider_there_is_no_way_over_one() {
    let idp = Idp::start().await;
    let (server, _) = start(AccessConfig { provider: None, ..closed(&idp, SCREENERS) }).await;
    let mut browser = Browser::new(&server);
    assert_eq!(browser.get("/login/provider").await.status, 404);
    assert_eq!(browser.come_back("code=x&state=y").await.status, 404);
    assert!(!browser.get("/login").await.body.contains("/login/provider"));
    server.stop().await;
}

#[tokio::test]
async fn addresses_can_be_given_and_sessions_are_as_long_as_the_operator_says() {
    let idp = Idp::start().await;
    let endpoints = Endpoints {
        authorization: format!("{}/authorize", idp.address),
        token: format!("{}/token", idp.address),
        secret_in_body: false,
    };
    let provider = Provider::new(&idp.address, LoginConfig { endpoints: Some(endpoints), ..login() });
    let source = KeySource::Url(format!("{}/keys", idp.address));
    let keys = tokio::task::spawn_blocking(move || read_keys(&source)).await.unwrap().unwrap();
    let access = AccessConfig {
        provider: Some(Arc::new(provider)),
        oidc: Some(Arc::new(Oidc::new(issuer(&idp, SCREENERS), keys))),
        session_length: Duration::from_secs(1),
        ..closed(&idp, SCREENERS)
    };
    let (server, _) = start(access).await;
    // The document that would say otherwise is not asked for.
    idp.misbehave(Faults { issuer: Some("https://evil.example"), ..Faults::default() });
    let mut browser = Browser::new(&server);
    assert_eq!(browser.log_in(&idp).await.status, 200);
    let session = browser.cookies["zeef_session"].clone();
    while browser.is_in().await {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(browser.cookies["zeef_session"], session, "it is the server that ends it");
    server.stop().await;
}

#[tokio::test]
async fn logins_that_wait_for_the_provider_are_so_many_and_no_more() {
    let idp = Idp::start().await;
    // A provider that takes every question and answers none.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", silent.local_addr().unwrap());
    let (hang_up, hung_up) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move {
        let mut held = Vec::new();
        let holding = async {
            while let Ok((stream, _)) = silent.accept().await {
                held.push(stream);
            }
        };
        tokio::select! { () = holding => {}, _ = hung_up => {} }
    });
    let provider = Some(Arc::new(Provider::new(nobody, login())));
    let (server, _) = start(AccessConfig { provider, ..closed(&idp, SCREENERS) }).await;
    let mut logins = tokio::task::JoinSet::new();
    for _ in 0..17 {
        let address = server.address.clone();
        logins.spawn(async move { http::request(&address, "GET", "/login/provider", &[], "").await.status });
    }
    // One too many is told so at once, and all others that the provider does not answer.
    assert_eq!(within(logins.join_next()).await.unwrap().unwrap(), 503);
    assert_eq!(
        http::request(&server.address, "GET", "/login", &[], "").await.status,
        200,
        "others wait for nothing"
    );
    drop(hang_up);
    while let Some(status) = within(logins.join_next()).await {
        assert_eq!(status.unwrap(), 502);
    }
    server.stop().await;
}
