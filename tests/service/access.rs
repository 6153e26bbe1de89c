//! Who is let in, to what, and how much of it.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::metadata::MetadataValue;
use tonic::{Code, Request};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use zeef::service::access::{
    Access, AccessConfig, Allowance, Issuer, KeySet, KeySource, Oidc, Scope, Scopes, Token, token_hash,
};
use zeef::service::{Config, ScreenerHandle, proto, read_keys};

use crate::http;
use crate::support::{TestServer, check_error, config, demo, person, within};

const SCREENER: &str = "zeef_token-of-a-screener";
const REVIEWER: &str = "zeef_token-of-a-reviewer";
const OPERATOR: &str = "zeef_token-of-an-operator";

fn token(name: &str, token: &str, scope: Scope) -> Token {
    let scopes = [scope].into_iter().collect();
    Token { name: name.into(), hash: token_hash(token), scopes, allowance: None, expires: None }
}

/// Three clients with one scope each, and nobody else.
fn closed() -> AccessConfig {
    AccessConfig {
        tokens: vec![
            token("hr", SCREENER, Scope::Screen),
            token("desk", REVIEWER, Scope::Review),
            token("it", OPERATOR, Scope::Admin),
        ],
        anonymous: Scopes::NONE,
        open_reflection: false,
        ..AccessConfig::default()
    }
}

async fn start(access: AccessConfig) -> (TestServer, Arc<Access>) {
    let access = Arc::new(Access::new(access).unwrap());
    let config = Config { access: Some(Arc::clone(&access)), ..config() };
    (TestServer::start(ScreenerHandle::of(demo()), config).await, access)
}

/// A request to screen somebody made up, with this token.
fn screen(token: Option<&str>) -> Request<proto::ScreenRequest> {
    with_token(proto::ScreenRequest { subject: person("Testname Example"), ..Default::default() }, token)
}

fn with_token<T>(message: T, token: Option<&str>) -> Request<T> {
    let mut request = Request::new(message);
    if let Some(token) = token {
        let value: MetadataValue<_> = format!("Bearer {token}").parse().unwrap();
        request.metadata_mut().insert("authorization", value);
    }
    request
}

#[tokio::test]
async fn only_those_with_the_scope_are_let_in() {
    let (server, _) = start(closed()).await;
    for (token, expected) in [
        (Some(SCREENER), None),
        (Some(REVIEWER), Some((Code::PermissionDenied, "SCOPE_MISSING"))),
        (Some(OPERATOR), Some((Code::PermissionDenied, "SCOPE_MISSING"))),
        (Some("zeef_unknown"), Some((Code::Unauthenticated, "UNAUTHENTICATED"))),
        (Some(""), Some((Code::Unauthenticated, "UNAUTHENTICATED"))),
        (None, Some((Code::Unauthenticated, "UNAUTHENTICATED"))),
    ] {
        let answer = server.screening().screen(screen(token)).await;
        match expected {
            None => assert!(answer.is_ok(), "{token:?}: {answer:?}"),
            Some((code, reason)) => {
                let secrets = ["Testname", token.filter(|t| !t.is_empty()).unwrap_or("Testname")];
                check_error(&answer.unwrap_err(), code, reason, &secrets);
            }
        }
    }
    let mut basic = screen(None);
    basic.metadata_mut().insert("authorization", "Basic aHI6aHI=".parse().unwrap());
    let status = server.screening().screen(basic).await.unwrap_err();
    check_error(&status, Code::Unauthenticated, "UNAUTHENTICATED", &["aHI6aHI"]);
    // What there is no rule for needs the most.
    let status =
        server.lists().list_lists(with_token(proto::ListListsRequest::default(), Some(REVIEWER))).await;
    assert_eq!(status.unwrap_err().code(), Code::PermissionDenied);
    server.stop().await;
}

#[tokio::test]
async fn health_answers_everybody_and_reflection_who_is_known() {
    let (server, access) = start(closed()).await;
    for token in [None, Some("zeef_unknown"), Some(REVIEWER)] {
        let request = with_token(HealthCheckRequest::default(), token);
        assert!(HealthClient::new(server.channel.clone()).check(request).await.is_ok(), "{token:?}");
    }
    let ask = async |token| {
        let questions = tokio_stream::iter([ServerReflectionRequest::default()]);
        let mut client = ServerReflectionClient::new(server.channel.clone());
        let answers = client.server_reflection_info(with_token(questions, token)).await;
        answers.map(drop).map_err(|s| s.code())
    };
    assert_eq!(ask(None).await, Err(Code::Unauthenticated));
    assert_eq!(ask(Some(REVIEWER)).await, Ok(()));
    access.replace(AccessConfig { open_reflection: true, ..closed() });
    assert_eq!(ask(None).await, Ok(()));
    server.stop().await;
}

#[tokio::test]
async fn a_token_that_is_withdrawn_or_has_expired_lets_in_no_longer() {
    let (server, access) = start(closed()).await;
    assert!(server.screening().screen(screen(Some(SCREENER))).await.is_ok());
    let mut expired = token("hr", SCREENER, Scope::Screen);
    expired.expires = Some("2020-01-01T00:00:00Z".parse().unwrap());
    for tokens in [vec![expired], vec![token("desk", REVIEWER, Scope::Review)]] {
        access.replace(AccessConfig { tokens, ..closed() });
        let status = server.screening().screen(screen(Some(SCREENER))).await.unwrap_err();
        check_error(&status, Code::Unauthenticated, "UNAUTHENTICATED", &[SCREENER]);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_asks_too_fast_is_told_when_to_come_back() {
    let mut access = closed();
    let slow =
        Allowance { per_second: NonZeroU32::new(1), burst: NonZeroU32::new(2), ..Allowance::default() };
    access.tokens[0].allowance = Some(slow);
    access.tokens.push(token("other", "zeef_other", Scope::Screen));
    let (server, access) = start(access).await;
    for _ in 0..2 {
        assert!(server.screening().screen(screen(Some(SCREENER))).await.is_ok());
    }
    let status = server.screening().screen(screen(Some(SCREENER))).await.unwrap_err();
    check_error(&status, Code::ResourceExhausted, "RATE_LIMITED", &["Testname"]);
    // Others do not suffer from it, and a new configuration does not forget it.
    assert!(server.screening().screen(screen(Some("zeef_other"))).await.is_ok());
    access.replace(access.config());
    let status = server.screening().screen(screen(Some(SCREENER))).await.unwrap_err();
    check_error(&status, Code::ResourceExhausted, "RATE_LIMITED", &["Testname"]);
    server.stop().await;
}

#[tokio::test]
async fn items_of_a_stream_count_like_calls() {
    let mut access = closed();
    access.tokens[0].allowance = Some(Allowance { per_day: Some(3), ..Allowance::default() });
    let (server, _) = start(access).await;
    let (send, items) = mpsc::channel(1);
    let request = with_token(ReceiverStream::new(items), Some(SCREENER));
    let mut answers = server.screening().screen_stream(request).await.unwrap().into_inner();
    let feed = tokio::spawn(async move {
        for i in 0..100 {
            let item = proto::ScreenStreamRequest {
                id: i.to_string(),
                subject: person("Testname Example"),
                ..Default::default()
            };
            if send.send(item).await.is_err() {
                break;
            }
        }
    });
    let status = loop {
        match within(answers.message()).await {
            Ok(Some(_)) => {}
            Ok(None) => panic!("the stream ended as if nothing had been refused"),
            Err(status) => break status,
        }
    };
    check_error(&status, Code::ResourceExhausted, "QUOTA_EXCEEDED", &["Testname"]);
    feed.abort();
    let status = server.screening().screen(screen(Some(SCREENER))).await.unwrap_err();
    check_error(&status, Code::ResourceExhausted, "QUOTA_EXCEEDED", &["Testname"]);
    server.stop().await;
}

#[tokio::test]
async fn a_client_has_so_many_calls_at_once() {
    let mut access = closed();
    access.tokens[0].allowance = Some(Allowance { calls_at_once: 1, ..Allowance::default() });
    let (server, _) = start(access).await;
    let (send, items) = mpsc::channel::<proto::ScreenStreamRequest>(1);
    let request = with_token(ReceiverStream::new(items), Some(SCREENER));
    let stream = server.screening().screen_stream(request).await.unwrap();
    let status = server.screening().screen(screen(Some(SCREENER))).await.unwrap_err();
    check_error(&status, Code::ResourceExhausted, "TOO_MANY_CALLS", &["Testname"]);
    drop((send, stream));
    within(async {
        while server.screening().screen(screen(Some(SCREENER))).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn a_person_logs_in_with_a_token_and_stays_until_it_is_withdrawn() {
    let (server, access) = start(closed()).await;
    let browser = [("Accept", "text/html")];
    let sent_away = http::request(&server.address, "GET", "/lists?a=b", &browser, "").await;
    assert_eq!(sent_away.status, 303);
    assert_eq!(sent_away.header("location"), Some("/login?next=/lists%3Fa%3Db"));
    let program = http::request(&server.address, "GET", "/lists", &[], "").await;
    assert_eq!(program.status, 401);
    assert!(program.body.contains("UNAUTHENTICATED") && program.header("www-authenticate") == Some("Bearer"));

    let form = http::request(&server.address, "GET", "/login?next=/lists", &browser, "").await;
    assert_eq!(form.status, 200);
    assert!(form.body.contains("name=\"next\" value=\"/lists\""), "{}", form.body);
    let encoded = ("Content-Type", "application/x-www-form-urlencoded");
    let wrong = http::request(&server.address, "POST", "/login", &[encoded], "token=zeef_unknown").await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.header("set-cookie").is_none() && !wrong.body.contains("zeef_unknown"));
    let foreign = [encoded, ("Origin", "https://evil.example")];
    let body = format!("token={SCREENER}&next=/lists");
    assert_eq!(http::request(&server.address, "POST", "/login", &foreign, &body).await.status, 403);

    let let_in = http::request(&server.address, "POST", "/login", &[encoded], &body).await;
    assert_eq!((let_in.status, let_in.header("location")), (303, Some("/lists")));
    let cookie = let_in.header("set-cookie").unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(!cookie.contains(SCREENER));
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let held = [("Accept", "text/html"), ("Cookie", cookie.as_str())];
    assert_eq!(http::request(&server.address, "GET", "/lists", &held, "").await.status, 200);
    // A session has its token's scopes and no others; what is not for it is told on a page.
    assert_eq!(http::request(&server.address, "GET", "/metrics", &held, "").await.status, 403);
    for (method, path) in [("GET", "/review"), ("GET", "/watched"), ("POST", "/watched"), ("GET", "/alerts")]
    {
        let refused = http::request(&server.address, method, path, &held, "").await;
        assert_eq!((refused.status, refused.header("x-frame-options")), (403, Some("DENY")), "{path}");
        assert!(refused.body.contains("not for the token"), "{}", refused.body);
    }
    let forged = cookie.replace('.', "x.");
    let forged = [("Accept", "text/html"), ("Cookie", forged.as_str())];
    assert_eq!(http::request(&server.address, "GET", "/lists", &forged, "").await.status, 303);

    let out = http::request(&server.address, "POST", "/logout", &held, "").await;
    assert!(out.status == 303 && out.header("set-cookie").unwrap().contains("Max-Age=0"));
    access.replace(AccessConfig { tokens: vec![token("desk", REVIEWER, Scope::Review)], ..closed() });
    assert_eq!(http::request(&server.address, "GET", "/lists", &held, "").await.status, 303);
    server.stop().await;
}

#[tokio::test]
async fn an_identity_provider_vouches_for_its_own() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};

    let random = ring::rand::SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap();
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    let keys = serde_json::json!({ "keys": [
        { "kty": "EC", "crv": "P-256", "kid": "k", "x": encode(x), "y": encode(y) },
    ]});
    let issuer = Issuer {
        issuer: "https://login.example".into(),
        audience: "zeef".into(),
        keys: KeySource::File("unused".into()),
        clock_skew: Duration::from_secs(60),
        name_claim: "sub".into(),
        scope_claim: "roles".into(),
        grants: [("screeners".to_owned(), [Scope::Screen].into_iter().collect())].into(),
    };
    let oidc = Oidc::new(issuer, KeySet::read(&keys.to_string()).unwrap());
    let (server, _) = start(AccessConfig { oidc: Some(Arc::new(oidc)), ..closed() }).await;
    let sign = |audience: &str, role: &str| {
        let header = serde_json::json!({ "alg": "ES256", "kid": "k" });
        let exp = jiff::Timestamp::now().as_second() + 300;
        let claims = serde_json::json!({
            "iss": "https://login.example", "aud": audience, "sub": "somebody", "exp": exp, "roles": [role],
        });
        let signed =
            format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()));
        let signature = pair.sign(&random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature.as_ref()))
    };
    assert!(server.screening().screen(screen(Some(&sign("zeef", "screeners")))).await.is_ok());
    // Known, and allowed nothing: another answer than to somebody who is not known.
    let status = server.screening().screen(screen(Some(&sign("zeef", "cooks")))).await.unwrap_err();
    check_error(&status, Code::PermissionDenied, "SCOPE_MISSING", &["somebody"]);
    let status = server.screening().screen(screen(Some(&sign("other", "screeners")))).await.unwrap_err();
    check_error(&status, Code::Unauthenticated, "UNAUTHENTICATED", &["somebody"]);
    // A token of ours still lets in.
    assert!(server.screening().screen(screen(Some(SCREENER))).await.is_ok());
    server.stop().await;
}

#[test]
fn keys_that_cannot_be_had_let_nobody_in() {
    use std::io::{Read, Write};

    // A provider that answers each question in another way.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/keys", listener.local_addr().unwrap());
    let x = "A".repeat(43);
    let good = format!("{{\"keys\":[{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"{x}\",\"y\":\"{x}\"}}]}}");
    let answers = [
        ("200 OK", good),
        ("500 Internal Server Error", String::new()),
        ("200 OK", "<html>please log in</html>".to_owned()),
        ("200 OK", "x".repeat(3 << 20)),
    ];
    let provider = std::thread::spawn(move || {
        for (status, body) in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut question = [0; 4096];
            let _ = stream.read(&mut question);
            let head =
                format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            // Who does not want to hear it all may go.
            let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
        }
    });
    let source = KeySource::Url(url);
    assert!(read_keys(&source).is_ok());
    for what in ["a failure", "a page", "far too much"] {
        assert!(read_keys(&source).is_err(), "{what} is no key set");
    }
    provider.join().unwrap();
    assert!(read_keys(&source).is_err(), "nobody is there");
    assert!(read_keys(&KeySource::File("/no/such/keys.json".into())).is_err());
}
