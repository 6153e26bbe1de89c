//! An identity provider through which people log in to the page (OpenID Connect, authorization code with PKCE).
//!
//! What is asked of it blocks, and belongs on a thread of its own. Nothing of what it answers is quoted in errors:
//! it can hold a token or a name.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::login::escape;
use super::pending::Pending;

/// Longest time that the provider may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Largest answer read, in bytes. Discovery documents of large providers have some 5 kB, tokens less.
const MAX_ANSWER: u64 = 256 << 10;

/// How long what the provider says of itself is believed.
const DISCOVERED_FOR: Duration = Duration::from_secs(3_600);

/// The path at which people come back from the provider.
pub const CALLBACK: &str = "/login/callback";

/// Where a provider is asked for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoints {
    /// Where people log in.
    pub authorization: String,
    /// Where a code becomes a token.
    pub token: String,
    /// Whether the client's secret goes into the body there and not into a header, for providers that say so.
    pub secret_in_body: bool,
}

/// How people log in through a provider, as the operator says.
#[derive(Clone, PartialEq, Eq)]
pub struct LoginConfig {
    /// Who we are there.
    pub client_id: String,
    /// The secret that proves it; none for a public client, which has PKCE alone.
    pub client_secret: Option<String>,
    /// Where people come back to: an address of this server that ends in [`CALLBACK`], exactly as the provider
    /// knows it. Never taken from a request.
    pub redirect_uri: String,
    /// What is asked for; `openid` must be among it.
    pub scopes: Vec<String>,
    /// The provider's addresses; those of its discovery document where none are given.
    pub endpoints: Option<Endpoints>,
}

impl fmt::Debug for LoginConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client_id, redirect_uri, scopes, endpoints, client_secret: _ } = self;
        f.debug_struct("LoginConfig")
            .field("client_id", client_id)
            .field("redirect_uri", redirect_uri)
            .field("scopes", scopes)
            .field("endpoints", endpoints)
            .finish_non_exhaustive()
    }
}

/// Why a provider is of no use at the moment. Quotes nothing that it sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// It cannot be reached, or answers with an error.
    #[error("the identity provider does not answer at {at}: {what}")]
    Unreachable {
        /// The address.
        at: String,
        /// Why.
        what: String,
    },
    /// What it answers is not what was asked for.
    #[error("the identity provider's answer at {at} cannot be used: {what}")]
    Unusable {
        /// The address.
        at: String,
        /// Why.
        what: &'static str,
    },
    /// It does not take the code: used already, too old, or not its own.
    #[error("the identity provider does not take the code")]
    CodeRefused,
}

/// An identity provider as people log in through it.
#[derive(Debug)]
pub struct Provider {
    config: LoginConfig,
    issuer: String,
    discovered: Mutex<Option<(Instant, Endpoints)>>,
}

/// What a provider says of itself.
#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: Option<String>,
}

/// What a provider says when it gives no token.
#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    error: String,
}

impl Provider {
    /// The provider that is the issuer of such tokens.
    pub fn new(issuer: impl Into<String>, config: LoginConfig) -> Self {
        Self { config, issuer: issuer.into(), discovered: Mutex::default() }
    }

    /// As the operator says.
    pub fn config(&self) -> &LoginConfig {
        &self.config
    }

    /// Whose tokens it gives.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Where to ask for what: configured, or discovered within the last hour. May block.
    fn endpoints(&self) -> Result<Endpoints, ProviderError> {
        if let Some(endpoints) = &self.config.endpoints {
            return Ok(endpoints.clone());
        }
        // Nothing that panics runs under the lock.
        let known = || self.discovered.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((since, endpoints)) = known().as_ref()
            && since.elapsed() < DISCOVERED_FOR
        {
            return Ok(endpoints.clone());
        }
        let endpoints = self.discover()?;
        *known() = Some((Instant::now(), endpoints.clone()));
        Ok(endpoints)
    }

    fn discover(&self) -> Result<Endpoints, ProviderError> {
        let at = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let answer = agent(&at).get(&at).call();
        let said: Discovery = read(answer, &at)?;
        let unusable = |what| ProviderError::Unusable { at: at.clone(), what };
        if said.issuer != self.issuer {
            return Err(unusable("it speaks for another issuer"));
        }
        if !is_guarded(&said.authorization_endpoint) || !is_guarded(&said.token_endpoint) {
            return Err(unusable("it names an address that does not begin with https://"));
        }
        let takes = |method: &str| said.token_endpoint_auth_methods_supported.iter().any(|m| m == method);
        Ok(Endpoints {
            secret_in_body: takes("client_secret_post") && !takes("client_secret_basic"),
            authorization: said.authorization_endpoint,
            token: said.token_endpoint,
        })
    }

    /// The address that somebody is sent to for logging in. May block.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(super) fn authorization(&self, pending: &Pending) -> Result<String, ProviderError> {
        let endpoint = self.endpoints()?.authorization;
        let and = if endpoint.contains('?') { '&' } else { '?' };
        let query: Vec<String> = [
            ("response_type", "code"),
            ("client_id", &self.config.client_id),
            ("redirect_uri", &self.config.redirect_uri),
            ("scope", &self.config.scopes.join(" ")),
            ("state", &pending.state),
            ("nonce", &pending.nonce),
            ("code_challenge", &pending.challenge()),
            ("code_challenge_method", "S256"),
        ]
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)))
        .collect();
        Ok(format!("{endpoint}{and}{}", query.join("&")))
    }

    /// The ID token that a code stands for. Blocks.
    ///
    /// # Errors
    /// See [`ProviderError`].
    pub(super) fn redeem(&self, code: &str, pending: &Pending) -> Result<String, ProviderError> {
        let Endpoints { token: at, secret_in_body, .. } = self.endpoints()?;
        let LoginConfig { client_id, client_secret, redirect_uri, .. } = &self.config;
        let mut form = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", &pending.verifier),
        ];
        let mut request = agent(&at).post(&at).header("accept", "application/json");
        match client_secret {
            Some(secret) if secret_in_body => {
                form.extend([("client_id", client_id.as_str()), ("client_secret", secret)]);
            }
            Some(secret) => {
                let both = STANDARD.encode(format!("{}:{}", escape(client_id), escape(secret)));
                request = request.header("authorization", format!("Basic {both}"));
            }
            None => form.push(("client_id", client_id)),
        }
        let unusable = |what| ProviderError::Unusable { at: at.clone(), what };
        let tokens: Tokens = read(request.send_form(form), &at)?;
        tokens.id_token.ok_or_else(|| unusable("it holds no ID token; is the scope openid asked for?"))
    }
}

/// Whether nobody on the way can read and change what is said there: TLS, or this very machine.
pub fn is_guarded(address: &str) -> bool {
    let Ok(uri) = address.parse::<Uri>() else { return false };
    let Some(authority) = uri.authority().filter(|a| !a.as_str().contains('@')) else { return false };
    match uri.scheme_str() {
        Some("https") => true,
        Some("http") => matches!(authority.host(), "127.0.0.1" | "[::1]" | "localhost"),
        _ => false,
    }
}

/// Asks once: no redirects, which would carry codes and secrets elsewhere.
fn agent(address: &str) -> ureq::Agent {
    ureq::Agent::config_builder()
        .https_only(address.starts_with("https://"))
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("zeef/", env!("CARGO_PKG_VERSION")))
        .build()
        .into()
}

/// Reads an answer as JSON of a kind.
fn read<T: DeserializeOwned>(
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
    at: &str,
) -> Result<T, ProviderError> {
    let unreachable = |what: String| ProviderError::Unreachable { at: at.to_owned(), what };
    let mut answer = answer.map_err(|error| unreachable(error.to_string()))?;
    let status = answer.status().as_u16();
    let text = answer
        .body_mut()
        .with_config()
        .limit(MAX_ANSWER)
        .read_to_string()
        .map_err(|error| unreachable(error.to_string()))?;
    if status == 400 && serde_json::from_str::<Refusal>(&text).is_ok_and(|r| r.error == "invalid_grant") {
        return Err(ProviderError::CodeRefused);
    }
    if status != 200 {
        return Err(unreachable(format!("status {status}")));
    }
    // The reader's own error could quote what it stumbled over.
    serde_json::from_str(&text).map_err(|_| ProviderError::Unusable {
        at: at.to_owned(),
        what: "it is not the JSON that was asked for",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_nobody_on_the_way_can_read_is_spoken_to() {
        for (address, guarded) in [
            ("https://login.example.org/realm", true),
            ("http://127.0.0.1:8080/realm", true),
            ("http://[::1]:8080/realm", true),
            ("http://localhost/realm", true),
            ("http://login.example.org", false),
            ("http://127.0.0.1.example.org", false),
            ("http://localhost.example.org", false),
            ("http://localhost@example.org/", false),
            ("https://user:secret@example.org/", false),
            ("ftp://127.0.0.1", false),
            ("/realm", false),
            ("", false),
        ] {
            assert_eq!(is_guarded(address), guarded, "{address:?}");
        }
    }

    #[test]
    fn a_secret_is_not_shown() {
        let config = LoginConfig {
            client_id: "zeef".into(),
            client_secret: Some("hush".into()),
            redirect_uri: String::new(),
            scopes: Vec::new(),
            endpoints: None,
        };
        assert!(!format!("{:?}", Provider::new("i", config)).contains("hush"));
    }
}
