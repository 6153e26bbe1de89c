//! How a person with a browser logs in: a form for a token, or the way over an identity provider; a cookie; a way
//! out.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Extension, Query, State};
use axum::http::header::{HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::gate::cookie;
use super::oidc::{JwtError, Oidc};
use super::pending::{self, Pending};
use super::provider::{CALLBACK, Provider, ProviderError};
use super::session::{Holder, Person, Session, pending_name, set_cookie, set_pending};
use super::{Access, token_hash};
use crate::service::connection::Peer;
use crate::service::upkeep::read_keys;
use crate::web::login::{Door, Hindrance, go_on};

/// Longest token taken from the form, in bytes.
const MAX_TOKEN: usize = 512;

/// How many logins may wait for the identity provider at once. Each holds a thread for as long as that takes, and
/// whoever likes can begin one.
const MOST_WAITING: usize = 16;

/// Where the way in leads to afterwards.
#[derive(Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// What the form sends.
#[derive(Deserialize)]
struct Credentials {
    #[serde(default)]
    token: String,
    #[serde(default)]
    next: String,
}

/// What people bring back from the identity provider.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Brought {
    code: String,
    state: String,
    /// Who says so (RFC 9207).
    iss: Option<String>,
    error: Option<String>,
}

/// What the pages need.
#[derive(Clone)]
struct Entrance {
    access: Arc<Access>,
    waiting: Arc<Semaphore>,
}

/// The pages of logging in and out.
pub(in crate::service) fn routes(access: Arc<Access>) -> Router {
    let waiting = Arc::new(Semaphore::new(MOST_WAITING));
    Router::new()
        .route("/login", get(form).post(log_in))
        .route("/login/provider", get(to_provider))
        .route(CALLBACK, get(from_provider))
        .route("/logout", post(log_out))
        .with_state(Entrance { access, waiting })
}

impl Entrance {
    /// The page with the ways in; it says what hinders, if anything does.
    fn page(&self, headers: &HeaderMap, next: &str, hindrance: Option<Hindrance>) -> Response {
        let config = self.access.config();
        let door = Door {
            next: &local(next),
            over_provider: config.provider.is_some(),
            // A form for tokens where there are none would only puzzle.
            by_token: !config.tokens.is_empty() || config.provider.is_none(),
        };
        door.page(headers, hindrance)
    }
}

async fn form(
    State(entrance): State<Entrance>,
    headers: HeaderMap,
    next: Result<Query<Next>, QueryRejection>,
) -> Response {
    entrance.page(&headers, &next.unwrap_or_default().next, None)
}

async fn log_in(
    State(entrance): State<Entrance>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Response {
    let hindered = |why| entrance.page(&headers, &given.next, Some(why));
    if !is_own(&headers) {
        return hindered(Hindrance::FormOfAnother);
    }
    let access = &entrance.access;
    let token = given.token.trim();
    let hash = token_hash(token);
    if token.len() > MAX_TOKEN || access.by_hash(&hash).is_none() {
        return hindered(Hindrance::TokenUnknown);
    }
    let length = access.config().session_length;
    let Some(value) = access.sessions.seal(&Session::begin(Holder::Token(hash), length)) else {
        return hindered(Hindrance::NoSession);
    };
    see(&local(&given.next), [set_cookie(&value, length, is_secure(peer))])
}

/// Sends somebody to the identity provider.
async fn to_provider(
    State(entrance): State<Entrance>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    next: Result<Query<Next>, QueryRejection>,
) -> Response {
    let next = next.unwrap_or_default();
    let hindered = |why| entrance.page(&headers, &next.next, Some(why));
    let Some(provider) = entrance.access.config().provider else {
        return hindered(Hindrance::NoProvider);
    };
    let Some(pending) = Pending::begin(local(&next.next)).ok() else {
        return hindered(Hindrance::NoSession);
    };
    let Some(sealed) = pending.seal(&entrance.access.sessions).filter(|value| value.len() < MAX_PENDING)
    else {
        return hindered(Hindrance::NoSession);
    };
    let Ok(_place) = Arc::clone(&entrance.waiting).try_acquire_owned() else {
        return hindered(Hindrance::TooMany);
    };
    let asked = tokio::task::spawn_blocking(move || provider.authorization(&pending)).await;
    match asked {
        Ok(Ok(address)) => see(&address, [set_pending(&sealed, pending::LONGEST, is_secure(peer))]),
        Ok(Err(error)) => {
            tracing::warn!(%error, "nobody can log in through the identity provider now");
            hindered(Hindrance::ProviderFails)
        }
        Err(_) => hindered(Hindrance::ProviderFails),
    }
}

/// Takes in somebody who comes back from the identity provider.
async fn from_provider(
    State(entrance): State<Entrance>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    brought: Result<Query<Brought>, QueryRejection>,
) -> Response {
    // What cannot be read belongs to no login.
    let Query(brought) = brought.unwrap_or_default();
    let secure = is_secure(peer);
    let mut response = match entrance.taken_in(&headers, secure, brought).await {
        Ok((value, next)) => {
            let length = entrance.access.config().session_length;
            let mut response = go_on(&headers, &next);
            add_cookie(&mut response, &set_cookie(&value, length, secure));
            response
        }
        Err(hindrance) => entrance.page(&headers, "", Some(hindrance)),
    };
    // Whatever came of it: it began once and ends once.
    add_cookie(&mut response, &set_pending("", Duration::ZERO, secure));
    response
}

impl Entrance {
    /// The session's cookie for somebody who comes back, and where they wanted to go.
    async fn taken_in(
        &self,
        headers: &HeaderMap,
        secure: bool,
        brought: Brought,
    ) -> Result<(String, String), Hindrance> {
        let config = self.access.config();
        let (Some(provider), Some(oidc)) = (config.provider, config.oidc) else {
            return Err(Hindrance::NoProvider);
        };
        // By the name that others cannot set where there is TLS.
        let pending = cookie(headers, pending_name(secure))
            .and_then(|value| Pending::open(&self.access.sessions, value, &brought.state));
        let pending = pending.ok_or(Hindrance::NotBegunHere)?;
        if brought.iss.as_ref().is_some_and(|issuer| issuer != provider.issuer()) {
            tracing::warn!("somebody came back from another identity provider than they were sent to");
            return Err(Hindrance::NotBegunHere);
        }
        if let Some(error) = brought.error {
            // The provider's own word is shown in the log where it is one of the standard's, and nowhere else.
            let known = error.len() <= 64 && error.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let error = if known { error.as_str() } else { "another error" };
            tracing::warn!(error, "the identity provider did not let somebody in");
            return Err(Hindrance::ProviderRefuses);
        }
        let Ok(_place) = Arc::clone(&self.waiting).try_acquire_owned() else {
            return Err(Hindrance::TooMany);
        };
        let next = pending.next.clone();
        let person = tokio::task::spawn_blocking(move || redeem(&provider, &oidc, &brought.code, &pending))
            .await
            .unwrap_or(Err(Hindrance::ProviderFails))?;
        let session = Session::begin(Holder::Person(person), config.session_length);
        // Looked up as each of the session's requests will be.
        if self.access.by_session(&session).is_none() {
            return Err(Hindrance::NothingGranted);
        }
        let value = self.access.sessions.seal(&session).ok_or(Hindrance::NoSession)?;
        Ok((value, next))
    }
}

/// Who it is that brought a code. Blocks.
fn redeem(provider: &Provider, oidc: &Oidc, code: &str, pending: &Pending) -> Result<Person, Hindrance> {
    let token = provider.redeem(code, pending).map_err(|error| {
        tracing::warn!(%error, "a login through the identity provider failed");
        match error {
            ProviderError::CodeRefused => Hindrance::NotBegunHere,
            ProviderError::Unreachable { .. } | ProviderError::Unusable { .. } => Hindrance::ProviderFails,
        }
    })?;
    let client = &provider.config().client_id;
    let mut person = oidc.person(&token, client, &pending.nonce);
    if person == Err(JwtError::UnknownKey)
        && let Ok(keys) = read_keys(&oidc.issuer().keys)
    {
        // The token comes from the provider itself: it has taken up a new key.
        oidc.set_keys(keys);
        person = oidc.person(&token, client, &pending.nonce);
    }
    person.map_err(|error| {
        tracing::warn!(%error, "a login through the identity provider failed");
        Hindrance::NotBelieved
    })
}

async fn log_out(
    State(entrance): State<Entrance>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    if !is_own(&headers) {
        return entrance.page(&headers, "", Some(Hindrance::FormOfAnother));
    }
    see("/login", [set_cookie("", Duration::ZERO, is_secure(peer))])
}

/// Longest cookie of a login under way, in bytes: browsers keep 4 kB.
const MAX_PENDING: usize = 3_800;

fn is_secure(peer: Option<Extension<Peer>>) -> bool {
    peer.is_some_and(|Extension(p)| p.is_secure)
}

/// Leads the browser on, with cookies.
fn see<const N: usize>(to: &str, cookies: [String; N]) -> Response {
    let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/"));
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
    crate::web::login::not_kept(&mut response);
    cookies.iter().for_each(|cookie| add_cookie(&mut response, cookie));
    response
}

fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
}

/// Whether the browser says that the form is ours. One that says nothing is no browser.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    if headers.get("sec-fetch-site").is_some_and(|v| !matches!(v.as_bytes(), b"same-origin" | b"none")) {
        return false;
    }
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let origin = origin.to_str().ok().and_then(|o| o.parse::<Uri>().ok());
    match (origin.as_ref().and_then(Uri::authority), text(HOST)) {
        (Some(origin), Some(host)) => origin.as_str().eq_ignore_ascii_case(host),
        // Over HTTP/2 the host may stand in the address alone, which browsers do not do for forms.
        _ => false,
    }
}

/// A path on this server, whatever was asked for.
fn local(next: &str) -> String {
    let plain = next.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && next.starts_with('/') && !next.starts_with("//") { next.to_owned() } else { "/".to_owned() }
}

/// A text as the value of a query.
pub(super) fn escape(text: &str) -> String {
    text.bytes().fold(String::new(), |mut all, b| {
        if b.is_ascii_alphanumeric() || b"-._~/".contains(&b) {
            all.push(char::from(b));
        } else {
            // Writing to a text does not fail.
            let _ = write!(all, "%{b:02X}");
        }
        all
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_in_leads_nowhere_else() {
        for (next, expected) in [
            ("/lists?x=1", "/lists?x=1"),
            ("", "/"),
            ("lists", "/"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
        ] {
            assert_eq!(local(next), expected, "{next:?}");
        }
        assert_eq!(escape("/a b?c=é&d"), "/a%20b%3Fc%3D%C3%A9%26d");
    }

    #[test]
    fn forms_of_other_sites_are_not_taken() {
        let headers = |pairs: &[(&'static str, &str)]| {
            pairs.iter().map(|(n, v)| (n.parse().unwrap(), v.parse().unwrap())).collect::<HeaderMap>()
        };
        let host = ("host", "zeef.example");
        assert!(is_own(&headers(&[host])));
        assert!(is_own(&headers(&[host, ("origin", "https://zeef.example")])));
        assert!(!is_own(&headers(&[host, ("origin", "https://evil.example")])));
        assert!(!is_own(&headers(&[host, ("origin", "null")])));
        assert!(!is_own(&headers(&[host, ("sec-fetch-site", "cross-site")])));
    }
}
