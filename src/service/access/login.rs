//! How a person with a browser logs in: a form for a token, a cookie, a way out.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::extract::{Extension, Query, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HOST, LOCATION, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use super::session::{Session, set_cookie};
use super::{Access, token_hash};
use crate::service::connection::Peer;

/// Longest token taken from the form, in bytes.
const MAX_TOKEN: usize = 512;

/// Where the way in leads to afterwards.
#[derive(Deserialize)]
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

/// The pages of logging in and out.
pub(in crate::service) fn routes(access: Arc<Access>) -> Router {
    Router::new().route("/login", get(form).post(log_in)).route("/logout", post(log_out)).with_state(access)
}

async fn form(Query(next): Query<Next>) -> Response {
    page(StatusCode::OK, &next.next, None)
}

async fn log_in(
    State(access): State<Arc<Access>>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    Form(given): Form<Credentials>,
) -> Response {
    if !is_own(&headers) {
        return page(StatusCode::FORBIDDEN, &given.next, Some("The form came from another site."));
    }
    let token = given.token.trim();
    let hash = token_hash(token);
    if token.len() > MAX_TOKEN || access.by_hash(&hash).is_none() {
        return page(
            StatusCode::UNAUTHORIZED,
            &given.next,
            Some("This token is not known here, or has expired."),
        );
    }
    let length = access.config().session_length;
    let Some(value) = access.sessions.seal(&Session::begin(hash, length)) else {
        return page(StatusCode::INTERNAL_SERVER_ERROR, &given.next, Some("The session could not be made."));
    };
    let secure = peer.is_some_and(|Extension(p)| p.is_secure);
    see(&local(&given.next), &set_cookie(&value, length, secure))
}

async fn log_out(peer: Option<Extension<Peer>>, headers: HeaderMap) -> Response {
    if !is_own(&headers) {
        return page(StatusCode::FORBIDDEN, "", Some("The form came from another site."));
    }
    let secure = peer.is_some_and(|Extension(p)| p.is_secure);
    see("/login", &set_cookie("", std::time::Duration::ZERO, secure))
}

/// Leads the browser on, with a cookie.
fn see(to: &str, cookie: &str) -> Response {
    let header = |text: &str| HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, header(to)), (SET_COOKIE, header(cookie))]).into_response()
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

/// The form. It stands alone, without the frame of the other pages: those are for who is let in.
fn page(status: StatusCode, next: &str, fault: Option<&str>) -> Response {
    let markup: Markup = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                title { "Log in · zeef" }
                meta name="color-scheme" content="light dark";
                link rel="stylesheet" href=(crate::web::style_address());
            }
            body {
                main.narrow {
                    section.card {
                        h1 { "zeef" }
                        @if let Some(fault) = fault { div.faults role="alert" { p { (fault) } } }
                        form method="post" action="/login" {
                            div.field {
                                label for="token" { "Token" }
                                input #token name="token" type="password" autocomplete="current-password" required
                                    autofocus spellcheck="false";
                            }
                            input type="hidden" name="next" value=(local(next));
                            div.actions { button type="submit" { "Log in" } }
                        }
                        p.small { "Your operator hands out tokens. " span lang="nl" { "Tokens krijgt u van de beheerder." } }
                    }
                }
            }
        }
    };
    let mut response = (status, axum::response::Html(markup.into_string())).into_response();
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

/// Nothing but the pages' own style, and its form to this server.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

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
