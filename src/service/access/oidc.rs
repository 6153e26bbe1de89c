//! Tokens of an identity provider: OpenID Connect or any issuer of JWTs.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Notify;

use super::keys::{KeySet, decode};
use super::scope::Scopes;
use super::session::{Person, now};

/// Longest token read, in bytes. Those of large providers have 2 kB.
const MAX_TOKEN: usize = 8 << 10;

/// Tokens kept as verified, so that each is verified once and not with each call.
const MAX_KEPT: usize = 4_096;

/// Where the keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file, read anew when it changes.
    File(std::path::PathBuf),
    /// An address, asked again each hour and when a token names a key that is not known.
    Url(String),
}

/// Whose tokens are believed, and what they allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The issuer (`iss`), exactly.
    pub issuer: String,
    /// The audience (`aud`) that must be named.
    pub audience: String,
    /// Its keys.
    pub keys: KeySource,
    /// How far its clock may be off. Default: a minute.
    pub clock_skew: Duration,
    /// The claim that names the caller.
    pub name_claim: String,
    /// The claim that holds what the caller may do: a text with words, or a list of texts. A dot leads into an
    /// object (`realm_access.roles`).
    pub scope_claim: String,
    /// What the words of that claim grant.
    pub grants: BTreeMap<String, Scopes>,
}

/// Why a token of an identity provider does not let in. Quotes nothing of the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JwtError {
    /// It is no JWT.
    #[error("the token is malformed")]
    Malformed,
    /// No key that is known signed it.
    #[error("the token's key is not known")]
    UnknownKey,
    /// Its signature is wrong, or its algorithm is not the key's.
    #[error("the token's signature is wrong")]
    Signature,
    /// It is another issuer's.
    #[error("the token is from another issuer")]
    Issuer,
    /// It is for another service.
    #[error("the token is for another audience")]
    Audience,
    /// It has expired.
    #[error("the token has expired")]
    Expired,
    /// It is not valid yet.
    #[error("the token is not valid yet")]
    NotYet,
    /// It does not say who the caller is.
    #[error("the token does not name its bearer")]
    NoName,
    /// It was given to another login, or to another client.
    #[error("the token belongs to another login")]
    Login,
}

/// Whom a token names, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearer {
    /// The caller's name, marked as the provider's, so that nobody passes for a token's.
    pub name: Arc<str>,
    /// What the caller may do.
    pub scopes: Scopes,
    /// Seconds since 1970 from which it is not believed any longer.
    expires: u64,
}

/// An issuer with its keys of now.
#[derive(Debug)]
pub struct Oidc {
    issuer: Issuer,
    keys: ArcSwap<KeySet>,
    /// Tells whoever fetches keys that one is missing.
    pub(in crate::service) missing: Notify,
    /// Tokens verified with the keys of now, by their hash.
    kept: Mutex<HashMap<[u8; 32], Bearer>>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that must be understood. We understand none.
    crit: Option<Value>,
}

impl Oidc {
    /// An issuer whose keys are these.
    pub fn new(issuer: Issuer, keys: KeySet) -> Self {
        Self { issuer, keys: ArcSwap::from_pointee(keys), missing: Notify::new(), kept: Mutex::default() }
    }

    /// Whose tokens are believed.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Believes these keys from now on, and no others. Says whether they differ from those before.
    pub fn set_keys(&self, keys: KeySet) -> bool {
        if **self.keys.load() == keys {
            return false;
        }
        self.keys.store(Arc::new(keys));
        self.kept().clear();
        true
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<[u8; 32], Bearer>> {
        // Nothing that panics runs under the lock.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whom a token names, if it is to be believed.
    ///
    /// # Errors
    /// See [`JwtError`].
    pub fn bearer(&self, token: &str) -> Result<Bearer, JwtError> {
        let now = now();
        let hash = *blake3::hash(token.as_bytes()).as_bytes();
        if let Some(bearer) = self.kept().get(&hash)
            && now < bearer.expires
        {
            return Ok(bearer.clone());
        }
        let bearer = self.verify(token, now)?;
        let mut kept = self.kept();
        if kept.len() >= MAX_KEPT {
            kept.clear();
        }
        kept.insert(hash, bearer.clone());
        Ok(bearer)
    }

    fn verify(&self, token: &str, now: u64) -> Result<Bearer, JwtError> {
        let claims = self.signed_claims(token)?;
        let expires = self.check(&claims, &self.issuer.audience, now)?;
        let scopes = self.granted(&self.words(&claims));
        Ok(Bearer { name: caller_name(self.name(&claims)?).into(), scopes, expires })
    }

    /// Who logged in, by an ID token that was given for this login (`nonce`) to this client.
    ///
    /// # Errors
    /// See [`JwtError`].
    pub(super) fn person(&self, token: &str, client_id: &str, nonce: &str) -> Result<Person, JwtError> {
        let claims = self.signed_claims(token)?;
        self.check(&claims, client_id, now())?;
        let party = claims["azp"].as_str();
        let for_others = claims["aud"].as_array().is_some_and(|all| all.len() > 1);
        if claims["nonce"].as_str() != Some(nonce)
            || party.is_some_and(|party| party != client_id)
            || (for_others && party.is_none())
        {
            return Err(JwtError::Login);
        }
        let words = self.words(&claims).into_iter().filter(|word| self.issuer.grants.contains_key(*word));
        Ok(Person {
            issuer: self.issuer.issuer.clone(),
            name: self.name(&claims)?.to_owned(),
            words: words.map(str::to_owned).collect(),
        })
    }

    /// What these words grant together.
    pub(super) fn granted(&self, words: &[impl AsRef<str>]) -> Scopes {
        let granted = words.iter().filter_map(|word| self.issuer.grants.get(word.as_ref()));
        granted.flat_map(|scopes| scopes.iter()).collect()
    }

    /// The claims of a token that a known key signed. Nothing in them has been looked at.
    fn signed_claims(&self, token: &str) -> Result<Value, JwtError> {
        if token.len() > MAX_TOKEN {
            return Err(JwtError::Malformed);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(JwtError::Malformed)?;
        let (header, claims) = signed.split_once('.').ok_or(JwtError::Malformed)?;
        let json = |part: &str| decode(part).ok_or(JwtError::Malformed);
        let header: Header = serde_json::from_slice(&json(header)?).map_err(|_| JwtError::Malformed)?;
        if header.crit.is_some() {
            return Err(JwtError::Malformed);
        }
        let keys = self.keys.load();
        let id = header.kid.as_deref();
        if !keys.knows(id) {
            self.missing.notify_one();
            return Err(JwtError::UnknownKey);
        }
        if !keys.signed(id, &header.alg, signed.as_bytes(), &json(signature)?) {
            return Err(JwtError::Signature);
        }
        serde_json::from_slice(&json(claims)?).map_err(|_| JwtError::Malformed)
    }

    /// Checks issuer, audience and times; gives the time from which the claims are not believed any longer.
    fn check(&self, claims: &Value, audience: &str, now: u64) -> Result<u64, JwtError> {
        let issuer = &self.issuer;
        if claims["iss"].as_str() != Some(&issuer.issuer) {
            return Err(JwtError::Issuer);
        }
        let for_us = |aud: &Value| aud.as_str() == Some(audience);
        if !for_us(&claims["aud"]) && !claims["aud"].as_array().is_some_and(|all| all.iter().any(for_us)) {
            return Err(JwtError::Audience);
        }
        // Fractions of a second are allowed by the standard and mean nothing here.
        let time = |claim: &Value| claim.as_f64().filter(|t| *t >= 0.0).map(|t| t as u64);
        let skew = issuer.clock_skew.as_secs();
        let expires = time(&claims["exp"]).ok_or(JwtError::Malformed)?.saturating_add(skew);
        if now >= expires {
            return Err(JwtError::Expired);
        }
        if !claims["nbf"].is_null() && time(&claims["nbf"]).ok_or(JwtError::Malformed)? > now + skew {
            return Err(JwtError::NotYet);
        }
        Ok(expires)
    }

    /// Whom the claims name.
    fn name<'a>(&self, claims: &'a Value) -> Result<&'a str, JwtError> {
        let name = claims[self.issuer.name_claim.as_str()].as_str();
        name.filter(|n| !n.is_empty() && n.len() <= 256).ok_or(JwtError::NoName)
    }

    /// The words by which something may be granted.
    fn words<'a>(&self, claims: &'a Value) -> Vec<&'a str> {
        match self.issuer.scope_claim.split('.').fold(claims, |value, key| &value[key]) {
            Value::String(text) => text.split_whitespace().collect(),
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        }
    }
}

/// The name of a caller whom the provider calls so.
pub(super) fn caller_name(name: &str) -> String {
    format!("oidc:{name}")
}

#[cfg(test)]
mod tests;
