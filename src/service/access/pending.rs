//! A login that is under way at the identity provider: what ties its end to the browser that began it.
//!
//! It travels in a signed cookie, and nothing is kept by the server, so that any replica with the same key can
//! take the person in who comes back. The cookie is `SameSite=Lax`, since the person comes back from another site.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::session::{SessionKey, now};

/// How long somebody may take at the provider: for a second factor, or a forgotten password.
pub(super) const LONGEST: Duration = Duration::from_secs(15 * 60);

/// What the signature is for.
const PURPOSE: &str = "login:";

/// A login under way.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pending {
    /// What the provider gives back: whoever comes with another did not begin here.
    pub(super) state: String,
    /// What the ID token must hold: a token of another login does not.
    pub(super) nonce: String,
    /// What the code is redeemed with (PKCE): a code that was stolen on its way is of no use.
    pub(super) verifier: String,
    /// Where to go on afterwards, on this server.
    pub(super) next: String,
    /// Seconds since 1970.
    until: u64,
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending").field("until", &self.until).finish_non_exhaustive()
    }
}

impl Pending {
    /// A login that begins now.
    ///
    /// # Errors
    /// When the operating system gives no random numbers.
    pub(super) fn begin(next: String) -> Result<Self, getrandom::Error> {
        let random = || {
            let mut bytes = [0; 32];
            getrandom::fill(&mut bytes)?;
            Ok(URL_SAFE_NO_PAD.encode(bytes))
        };
        let until = now().saturating_add(LONGEST.as_secs());
        Ok(Self { state: random()?, nonce: random()?, verifier: random()?, next, until })
    }

    /// The value of the cookie.
    pub(super) fn seal(&self, key: &SessionKey) -> Option<String> {
        let content = URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).ok()?);
        key.sign(PURPOSE, &content)
    }

    /// The login in a cookie's value, if it is ours, not too old, and the one that this state belongs to.
    pub(super) fn open(key: &SessionKey, value: &str, state: &str) -> Option<Self> {
        let content = URL_SAFE_NO_PAD.decode(key.verified(PURPOSE, value)?).ok()?;
        let pending: Self = serde_json::from_slice(&content).ok()?;
        // Hashes are compared, so that the time it takes tells nothing of the state.
        let same = Sha256::digest(&pending.state) == Sha256::digest(state);
        (same && now() < pending.until).then_some(pending)
    }

    /// What the provider is told of the verifier beforehand.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_ends_only_where_it_began_and_in_time() {
        let key = SessionKey::new(Some(b"secret")).unwrap();
        let pending = Pending::begin("/lists".into()).unwrap();
        let sealed = pending.seal(&key).unwrap();
        assert_eq!(Pending::open(&key, &sealed, &pending.state), Some(pending.clone()));
        let other = Pending::begin("/".into()).unwrap();
        assert!(
            other.state != pending.state
                && other.nonce != pending.nonce
                && other.verifier != pending.verifier
        );
        for state in ["", other.state.as_str()] {
            assert_eq!(Pending::open(&key, &sealed, state), None);
        }
        let elsewhere = SessionKey::new(None).unwrap();
        assert_eq!(Pending::open(&elsewhere, &sealed, &pending.state), None);
        let late = Pending { until: now(), ..pending.clone() };
        assert_eq!(Pending::open(&key, &late.seal(&key).unwrap(), &pending.state), None);
        assert!(!format!("{pending:?}").contains(&pending.verifier));
    }

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        let pending = Pending {
            verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".into(),
            ..Pending::begin(String::new()).unwrap()
        };
        assert_eq!(pending.challenge(), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }
}
