//! Sessions of people with a browser: a signed cookie.
//!
//! The cookie says what let the person in (the hash of a token; or who an identity provider says they are, with
//! which roles) and until when. Scopes are looked up with each request, so that a token that is withdrawn or a
//! role that grants no longer ends or cuts down its sessions at once. Nothing is kept by the server, and replicas
//! with one key share their sessions.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::token::TokenHash;

/// The cookie's name over TLS. The prefix makes browsers refuse one that other hosts or plain HTTP set.
const SECURE_COOKIE: &str = "__Host-zeef_session";
/// The cookie's name on a loopback address without TLS.
const PLAIN_COOKIE: &str = "zeef_session";

/// What the signature is for.
const PURPOSE: &str = "session:";

/// Longest value, in bytes: browsers keep cookies of 4 kB.
const MAX_VALUE: usize = 3_800;

/// What sessions are signed with.
pub struct SessionKey([u8; 32]);

/// Who is logged in, until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Session {
    /// Who.
    pub(super) holder: Holder,
    /// Seconds since 1970.
    pub(super) until: u64,
}

/// By what somebody is logged in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Holder {
    /// A token of ours.
    #[serde(rename = "t")]
    Token(TokenHash),
    /// The word of an identity provider.
    #[serde(rename = "p")]
    Person(Person),
}

/// Whom an identity provider let in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Person {
    /// The provider.
    #[serde(rename = "i")]
    pub(super) issuer: String,
    /// Who it is, as the provider calls them.
    #[serde(rename = "n")]
    pub(super) name: String,
    /// Words of theirs that grant something; what they grant is looked up with each request.
    #[serde(rename = "w")]
    pub(super) words: Vec<String>,
}

impl SessionKey {
    /// The key made from a secret, or one of this process alone.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub(super) fn new(secret: Option<&[u8]>) -> Result<Self, getrandom::Error> {
        let mut key = [0; 32];
        match secret {
            Some(secret) => key = Sha256::digest(secret).into(),
            None => getrandom::fill(&mut key)?,
        }
        Ok(Self(key))
    }

    fn mac(&self, purpose: &str, content: &str) -> Option<Hmac<Sha256>> {
        // A key of any length will do; there is no error to tell.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(purpose.as_bytes());
        mac.update(content.as_bytes());
        Some(mac)
    }

    /// A text without a full stop, with its signature. What is signed for one purpose is not believed for another.
    pub(super) fn sign(&self, purpose: &str, content: &str) -> Option<String> {
        let signature = self.mac(purpose, content)?.finalize().into_bytes();
        Some(format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The text that was signed, if it was signed here for this purpose.
    pub(super) fn verified<'a>(&self, purpose: &str, value: &'a str) -> Option<&'a str> {
        let (content, signature) = value.split_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // Compared in constant time.
        self.mac(purpose, content)?.verify_slice(&signature).ok()?;
        Some(content)
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, session: &Session) -> Option<String> {
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(session).ok()?);
        self.sign(PURPOSE, &content).filter(|value| value.len() <= MAX_VALUE)
    }

    /// The session in a cookie's value, if it is ours and has not ended.
    pub(super) fn open(&self, value: &str) -> Option<Session> {
        let content = URL_SAFE_NO_PAD.decode(self.verified(PURPOSE, value)?).ok()?;
        let session: Session = serde_json::from_slice(&content).ok()?;
        (now() < session.until).then_some(session)
    }
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

impl Session {
    /// A session that begins now.
    pub(super) fn begin(holder: Holder, length: Duration) -> Self {
        Self { holder, until: now().saturating_add(length.as_secs()) }
    }
}

/// The name of the cookie.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The name of the cookie of a login under way.
pub(super) fn pending_name(secure: bool) -> &'static str {
    if secure { "__Host-zeef_login" } else { "zeef_login" }
}

/// The header that sets the cookie; an empty value removes it.
pub(super) fn set_cookie(value: &str, length: Duration, secure: bool) -> String {
    header(cookie_name(secure), value, length, "Strict", secure)
}

/// The header that sets the cookie of a login under way; an empty value removes it.
pub(super) fn set_pending(value: &str, length: Duration, secure: bool) -> String {
    header(pending_name(secure), value, length, "Lax", secure)
}

fn header(name: &str, value: &str, length: Duration, same_site: &str, secure: bool) -> String {
    let age = if value.is_empty() { 0 } else { length.as_secs() };
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite={same_site}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_believed_only_as_it_was_sealed() {
        let key = SessionKey::new(Some(b"secret")).unwrap();
        let person = Person { issuer: "i".into(), name: "n".into(), words: vec!["w".into()] };
        for holder in [Holder::Token([7; 32]), Holder::Person(person)] {
            let session = Session::begin(holder, Duration::from_secs(60));
            let sealed = key.seal(&session).unwrap();
            assert_eq!(key.open(&sealed), Some(session.clone()));
            assert_eq!(SessionKey::new(Some(b"secret")).unwrap().open(&sealed), Some(session.clone()));
            assert_eq!(SessionKey::new(None).unwrap().open(&sealed), None);
            let longer = Session { until: session.until + 1, ..session.clone() };
            let longer = key.seal(&longer).unwrap();
            let mixed =
                format!("{}.{}", longer.split_once('.').unwrap().0, sealed.split_once('.').unwrap().1);
            for value in ["", ".", "..", "a.b.c", &sealed[1..], &sealed[..sealed.len() - 1], &mixed] {
                assert_eq!(key.open(value), None, "{value}");
            }
            // What was signed for something else is no session.
            let content = sealed.split_once('.').unwrap().0;
            assert_eq!(key.open(&key.sign("login:", content).unwrap()), None);
        }
    }

    #[test]
    fn a_session_ends_and_is_no_longer_than_browsers_keep() {
        let key = SessionKey::new(None).unwrap();
        let sealed = key.seal(&Session::begin(Holder::Token([7; 32]), Duration::ZERO)).unwrap();
        assert_eq!(key.open(&sealed), None);
        let words = (0..1_000).map(|n| format!("word {n}")).collect();
        let person = Person { issuer: "i".into(), name: "n".into(), words };
        assert_eq!(key.seal(&Session::begin(Holder::Person(person), Duration::from_secs(60))), None);
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let cookie = set_cookie("x", Duration::from_secs(60), true);
        for part in ["__Host-", "HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=60"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(set_cookie("", Duration::from_secs(60), false).contains("Max-Age=0"));
        // People come back from the provider's site, which a stricter cookie would not survive.
        assert!(set_pending("x", Duration::from_secs(60), true).contains("__Host-zeef_login=x; "));
        assert!(set_pending("x", Duration::from_secs(60), true).contains("HttpOnly; SameSite=Lax; Secure"));
    }
}
