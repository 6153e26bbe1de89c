//! Sessions of people with a browser: a signed cookie.
//!
//! The cookie says which token let the person in (its hash's beginning is not enough: the whole hash) and until
//! when; scopes are looked up with each request, so that a token that is withdrawn or cut down ends or cuts
//! down its sessions at once. Nothing is kept by the server, and replicas with one key share their sessions.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::token::TokenHash;

/// The cookie's name over TLS. The prefix makes browsers refuse one that other hosts or plain HTTP set.
const SECURE_COOKIE: &str = "__Host-zeef_session";
/// The cookie's name on a loopback address without TLS.
const PLAIN_COOKIE: &str = "zeef_session";

/// What sessions are signed with.
pub struct SessionKey([u8; 32]);

/// Who is logged in, until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Session {
    /// The token that let the person in.
    pub(super) token: TokenHash,
    /// Seconds since 1970.
    pub(super) until: u64,
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

    fn mac(&self, content: &str) -> Option<Hmac<Sha256>> {
        // A key of any length will do; there is no error to tell.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        mac.update(b"session:");
        mac.update(content.as_bytes());
        Some(mac)
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, session: &Session) -> Option<String> {
        let content = format!("{}.{}", URL_SAFE_NO_PAD.encode(session.token), session.until);
        let signature = self.mac(&content)?.finalize().into_bytes();
        Some(format!("{content}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// The session in a cookie's value, if it is ours and has not ended.
    pub(super) fn open(&self, value: &str) -> Option<Session> {
        let (content, signature) = value.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        // Compared in constant time.
        self.mac(content)?.verify_slice(&signature).ok()?;
        let (token, until) = content.split_once('.')?;
        let token = URL_SAFE_NO_PAD.decode(token).ok()?.try_into().ok()?;
        let until = until.parse().ok()?;
        (now() < until).then_some(Session { token, until })
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

impl Session {
    /// A session that begins now.
    pub(super) fn begin(token: TokenHash, length: Duration) -> Self {
        Self { token, until: now().saturating_add(length.as_secs()) }
    }
}

/// The name of the cookie.
pub(crate) fn cookie_name(secure: bool) -> &'static str {
    if secure { SECURE_COOKIE } else { PLAIN_COOKIE }
}

/// The header that sets the cookie; an empty value removes it.
pub(super) fn set_cookie(value: &str, length: Duration, secure: bool) -> String {
    let (name, age) = (cookie_name(secure), if value.is_empty() { 0 } else { length.as_secs() });
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={age}; HttpOnly; SameSite=Strict{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_believed_only_as_it_was_sealed() {
        let key = SessionKey::new(Some(b"secret")).unwrap();
        let session = Session::begin([7; 32], Duration::from_secs(60));
        let sealed = key.seal(&session).unwrap();
        assert_eq!(key.open(&sealed), Some(session.clone()));
        assert_eq!(SessionKey::new(Some(b"secret")).unwrap().open(&sealed), Some(session.clone()));
        assert_eq!(SessionKey::new(None).unwrap().open(&sealed), None);
        let longer = sealed.replace(&session.until.to_string(), &(session.until + 1).to_string());
        for value in ["", ".", "..", "a.b.c", &sealed[1..], &sealed[..sealed.len() - 1], &longer] {
            assert_eq!(key.open(value), None, "{value}");
        }
    }

    #[test]
    fn a_session_ends() {
        let key = SessionKey::new(None).unwrap();
        let sealed = key.seal(&Session::begin([7; 32], Duration::ZERO)).unwrap();
        assert_eq!(key.open(&sealed), None);
    }

    #[test]
    fn the_cookie_is_kept_from_scripts_and_other_sites() {
        let cookie = set_cookie("x", Duration::from_secs(60), true);
        for part in ["__Host-", "HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age=60"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        assert!(set_cookie("", Duration::from_secs(60), false).contains("Max-Age=0"));
    }
}
