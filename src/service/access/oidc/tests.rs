//! Tokens signed here and now, and what becomes of those that are not as they should be.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

use super::*;
use crate::service::access::scope::Scope;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An identity provider with one key.
struct Provider {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

impl Provider {
    fn new() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap();
        Self { pair, random }
    }

    fn key_set(&self) -> KeySet {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let keys = json!({ "keys": [
            { "kty": "oct", "k": "AAAA" },
            { "kty": "EC", "crv": "P-256", "kid": "one", "use": "sig", "x": encode(x), "y": encode(y) },
        ]});
        KeySet::read(&keys.to_string()).unwrap()
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

fn issuer() -> Issuer {
    let grant = |word: &str, scopes: &[Scope]| (word.to_owned(), scopes.iter().copied().collect());
    Issuer {
        issuer: "https://login.example".into(),
        audience: "zeef".into(),
        keys: KeySource::File("unused".into()),
        clock_skew: Duration::from_secs(60),
        name_claim: "sub".into(),
        scope_claim: "realm.roles".into(),
        grants: [grant("hr", &[Scope::Screen]), grant("kennisveiligheid", &[Scope::Screen, Scope::Review])]
            .into(),
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn claims() -> Value {
    json!({ "iss": "https://login.example", "aud": ["other", "zeef"], "sub": "a.b", "exp": now() + 300,
            "nbf": now() - 5, "realm": { "roles": ["kennisveiligheid", "unrelated"] } })
}

fn with(key: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[key] = value;
    claims
}

#[test]
fn a_good_token_names_its_bearer_and_grants_by_its_roles() {
    let provider = Provider::new();
    let oidc = Oidc::new(issuer(), provider.key_set());
    let header = json!({ "alg": "ES256", "kid": "one" });
    let token = provider.sign(&header, &claims());
    // The second time it comes from what is kept.
    for _ in 0..2 {
        let bearer = oidc.bearer(&token).unwrap();
        assert_eq!(&*bearer.name, "oidc:a.b");
        assert_eq!(bearer.scopes, [Scope::Screen, Scope::Review].into_iter().collect());
    }
    let words = provider.sign(&header, &with("realm", json!({ "roles": "x hr y" })));
    assert_eq!(oidc.bearer(&words).unwrap().scopes, [Scope::Screen].into_iter().collect());
    let none = provider.sign(&header, &with("realm", Value::Null));
    assert!(oidc.bearer(&none).unwrap().scopes.is_empty());
    // A token without a key's name is tried with every key; one just past its end is within the skew.
    let unnamed = provider.sign(&json!({ "alg": "ES256" }), &with("exp", json!(now() - 30)));
    assert!(oidc.bearer(&unnamed).is_ok());
    // With other keys, nothing that was verified before is believed.
    oidc.set_keys(Provider::new().key_set());
    assert_eq!(oidc.bearer(&token), Err(JwtError::Signature));
}

#[test]
fn what_is_wrong_with_a_token_keeps_its_bearer_out() {
    let provider = Provider::new();
    let oidc = Oidc::new(issuer(), provider.key_set());
    let good = json!({ "alg": "ES256", "kid": "one" });
    for (header, claims, error) in [
        (&good, with("iss", json!("https://evil.example")), JwtError::Issuer),
        (&good, with("iss", Value::Null), JwtError::Issuer),
        (&good, with("aud", json!("other")), JwtError::Audience),
        (&good, with("aud", json!([])), JwtError::Audience),
        (&good, with("exp", json!(now() - 61)), JwtError::Expired),
        (&good, with("exp", Value::Null), JwtError::Malformed),
        (&good, with("nbf", json!(now() + 90)), JwtError::NotYet),
        (&good, with("nbf", json!("soon")), JwtError::Malformed),
        (&good, with("sub", Value::Null), JwtError::NoName),
        (&good, with("sub", json!("")), JwtError::NoName),
        // The algorithm is the key's, whatever the token says.
        (&json!({ "alg": "none", "kid": "one" }), claims(), JwtError::Signature),
        (&json!({ "alg": "HS256", "kid": "one" }), claims(), JwtError::Signature),
        (&json!({ "alg": "RS256", "kid": "one" }), claims(), JwtError::Signature),
        (&json!({ "alg": "ES256", "kid": "two" }), claims(), JwtError::UnknownKey),
        (&json!({ "alg": "ES256", "kid": "one", "crit": ["x"] }), claims(), JwtError::Malformed),
    ] {
        assert_eq!(oidc.bearer(&provider.sign(header, &claims)), Err(error), "{header} {claims}");
    }
    let token = provider.sign(&good, &claims());
    let (signed, signature) = token.rsplit_once('.').unwrap();
    let other = provider.sign(&good, &with("sub", json!("c.d")));
    let other = other.rsplit_once('.').unwrap().0;
    for (token, error) in [
        (format!("{other}.{signature}"), JwtError::Signature),
        (format!("{signed}."), JwtError::Signature),
        (signed.to_owned(), JwtError::Malformed),
        (format!("{signed}.!"), JwtError::Malformed),
        ("a.b.c".to_owned(), JwtError::Malformed),
        ("..".to_owned(), JwtError::Malformed),
        (format!("{token}.x"), JwtError::Malformed),
        ("x".repeat(MAX_TOKEN + 1), JwtError::Malformed),
    ] {
        assert_eq!(oidc.bearer(&token), Err(error), "{}", &token[..token.len().min(40)]);
    }
    assert_eq!(oidc.bearer(&Provider::new().sign(&good, &claims())), Err(JwtError::Signature));
}

#[test]
fn a_key_set_without_a_key_for_us_is_refused() {
    for text in ["", "[]", "{}", r#"{"keys":[]}"#, r#"{"keys":[{"kty":"oct","k":"AA"}]}"#] {
        assert!(KeySet::read(text).is_err(), "{text}");
    }
    let for_encryption = r#"{"keys":[{"kty":"EC","crv":"P-256","use":"enc","x":"AA","y":"AA"}]}"#;
    assert!(KeySet::read(for_encryption).is_err());
}
