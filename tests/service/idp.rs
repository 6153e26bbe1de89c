//! A small identity provider over real sockets: discovery, a page to log in on, codes that are redeemed once with
//! PKCE and a secret, ID tokens signed here and now. It can be made to behave badly.

#![allow(dead_code, reason = "the tests of the page take only a part of it")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The secret of its one client, `zeef-page`.
pub const SECRET: &str = "hush: a/secret&of=ours";

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What an identity provider does wrong.
#[derive(Clone, Default)]
pub struct Faults {
    /// Claims of the ID token that are other than they should be.
    pub claims: Vec<(&'static str, Value)>,
    /// It signs with a key that it shows to nobody.
    pub foreign_key: bool,
    /// It says another issuer of itself.
    pub issuer: Option<&'static str>,
    /// What it answers in place of a token.
    pub token: Option<(u16, &'static str)>,
}

/// An identity provider on a port of its own.
pub struct Idp {
    pub address: String,
    pair: EcdsaKeyPair,
    random: SystemRandom,
    faults: Mutex<Faults>,
    /// Logins that it has answered with a code, by the code: what they asked.
    given: Mutex<HashMap<String, HashMap<String, String>>>,
}

impl Idp {
    /// Starts one, which ends with the runtime.
    pub async fn start() -> Arc<Self> {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let idp = Arc::new(Self { address, pair, random, faults: Mutex::default(), given: Mutex::default() });
        let app = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/authorize", get(authorize))
            .route("/allowed", get(allowed))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(Arc::clone(&idp));
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        idp
    }

    pub fn misbehave(&self, faults: Faults) {
        *self.faults.lock().unwrap() = faults;
    }

    /// Somebody logs in there and is sent back: the query that they bring.
    pub fn log_in(&self, sent_to: &str) -> String {
        let (at, query) = sent_to.split_once('?').unwrap();
        assert_eq!(at, format!("{}/authorize", self.address));
        let asked = parts(query);
        assert_eq!(asked["response_type"], "code");
        assert_eq!(asked["client_id"], "zeef-page");
        assert_eq!(asked["code_challenge_method"], "S256");
        assert_eq!(asked["scope"], "openid profile");
        let code = format!("code-{}", self.given.lock().unwrap().len());
        let state = asked["state"].clone();
        self.given.lock().unwrap().insert(code.clone(), asked);
        format!("code={code}&state={state}")
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "ES256", "kid": "k" });
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        if self.faults.lock().unwrap().foreign_key {
            let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.random).unwrap();
            let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &self.random)
                .unwrap();
            let signature = pair.sign(&self.random, signed.as_bytes()).unwrap();
            return format!("{signed}.{}", encode(signature));
        }
        let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

async fn discovery(State(idp): State<Arc<Idp>>) -> String {
    let issuer = idp.faults.lock().unwrap().issuer.unwrap_or(&idp.address).to_owned();
    json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{}/authorize", idp.address),
        "token_endpoint": format!("{}/token", idp.address),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    })
    .to_string()
}

/// The page on which somebody proves who they are.
async fn authorize(uri: Uri) -> Html<String> {
    let query = uri.query().unwrap_or_default().replace('&', "&amp;");
    Html(format!("<h1>University</h1><a href=\"/allowed?{query}\">It is me</a>"))
}

/// Sends them back to where they came from.
async fn allowed(State(idp): State<Arc<Idp>>, uri: Uri) -> Redirect {
    let sent_to = format!("{}/authorize?{}", idp.address, uri.query().unwrap_or_default());
    let back = parts(uri.query().unwrap_or_default())["redirect_uri"].clone();
    Redirect::to(&format!("{back}?{}", idp.log_in(&sent_to)))
}

async fn keys(State(idp): State<Arc<Idp>>) -> String {
    let (x, y) = idp.pair.public_key().as_ref()[1..].split_at(32);
    json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "k", "x": encode(x), "y": encode(y) }] })
        .to_string()
}

/// Gives a token for a code, once, to the client that asked for it.
async fn token(
    State(idp): State<Arc<Idp>>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refused =
        |what: &str| (StatusCode::BAD_REQUEST, json!({ "error": what }).to_string()).into_response();
    let faults = idp.faults.lock().unwrap().clone();
    if let Some((status, body)) = faults.token {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let both = headers["authorization"].to_str().unwrap().strip_prefix("Basic ").unwrap().to_owned();
    let both = String::from_utf8(STANDARD.decode(both).unwrap()).unwrap();
    let (client, secret) = both.split_once(':').unwrap();
    assert_eq!((client, unescaped(secret).as_str()), ("zeef-page", SECRET));
    assert!(!form.contains_key("client_secret"));
    let Some(asked) = idp.given.lock().unwrap().remove(&form["code"]) else {
        return refused("invalid_grant");
    };
    let challenge = encode(Sha256::digest(&form["code_verifier"]));
    if form["grant_type"] != "authorization_code"
        || form["redirect_uri"] != asked["redirect_uri"]
        || challenge != asked["code_challenge"]
    {
        return refused("invalid_grant");
    }
    let mut claims = json!({
        "iss": idp.address, "aud": "zeef-page", "sub": "u-1", "preferred_username": "a.tester",
        "exp": jiff::Timestamp::now().as_second() + 60, "nonce": asked["nonce"],
        "roles": ["screeners", "cooks"],
    });
    for (key, value) in faults.claims {
        claims[key] = value;
    }
    json!({ "access_token": "unused", "token_type": "Bearer", "id_token": idp.sign(&claims) })
        .to_string()
        .into_response()
}

/// The parts of a query.
pub fn parts(query: &str) -> HashMap<String, String> {
    query.split('&').filter_map(|p| p.split_once('=')).map(|(n, v)| (n.to_owned(), unescaped(v))).collect()
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}
