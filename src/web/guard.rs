//! What goes out with every answer, and which forms are believed.
//!
//! A form is believed when three things hold: the browser says that it comes from one of our own pages
//! (`Sec-Fetch-Site`, `Origin`), it carries the token of its page, and the cookie that no other site can
//! read or send along (`SameSite=Strict`) carries the same token. Nothing is remembered between requests,
//! so that forms survive a restart and any replica can answer them.

use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderName, ORIGIN, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::Response;

/// The cookie that carries the form token.
pub(super) const TOKEN_COOKIE: &str = "zeef_form";

/// Nothing but our own style sheet, script and answers; no frames, no plug-ins, no forms to elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Sets the headers of every answer.
pub(super) async fn headers(mut request: Request, next: Next) -> Response {
    // HTTP/2 names the host in the address instead.
    if !request.headers().contains_key(HOST)
        && let Some(host) = request.uri().authority().and_then(|a| HeaderValue::from_str(a.as_str()).ok())
    {
        request.headers_mut().insert(HOST, host);
    }
    let mut response = next.run(request).await;
    set_headers(response.headers_mut());
    response
}

/// Sets the headers of an answer, where it has not set them itself.
pub(super) fn set_headers(headers: &mut HeaderMap) {
    let set = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Nothing is told to other sites. Not `no-referrer`: browsers would then send our own forms
        // without their origin.
        (REFERRER_POLICY, "same-origin"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in set {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    // Pages tell of people; the files that do not say so themselves.
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// A cookie's value.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// The form token that a browser holds, if it has the form of one.
pub(super) fn token(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, TOKEN_COOKIE).filter(|t| t.len() == 32 && t.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// A new form token: 128 bits that nobody can guess.
///
/// # Errors
/// When the operating system gives no random numbers.
pub(super) fn new_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Whether a form with these headers and this token is one of our own.
pub(super) fn is_own(headers: &HeaderMap, given: &str) -> bool {
    let same_token = token(headers).is_some_and(|held| same(held.as_bytes(), given.as_bytes()));
    same_token && is_own_origin(headers)
}

/// Whether the browser says that a page of ours sent this. Programs that say nothing are no browsers, and
/// carry no one's cookies but their own.
fn is_own_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site")
        && !matches!(site.as_bytes(), b"same-origin" | b"none")
    {
        return false;
    }
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let host = headers.get(HOST).and_then(|h| h.to_str().ok());
    let origin = origin.to_str().ok().and_then(|o| o.parse::<Uri>().ok());
    let of_origin = origin.as_ref().and_then(|o| o.authority()).map(|a| a.as_str());
    match (of_origin, host) {
        (Some(origin), Some(host)) => origin.eq_ignore_ascii_case(host),
        _ => false,
    }
}

/// Compares without telling by its time where two tokens differ.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (HeaderName::from_static(n), v.parse().unwrap())).collect()
    }

    #[test]
    fn forms_of_others_are_not_believed() {
        let cookie = format!("a=b; zeef_form={TOKEN}");
        let own = [("cookie", cookie.as_str()), ("host", "zeef.example:1")];
        let with = |more: &[(&'static str, &str)]| headers(&[&own[..], more].concat());
        for (more, believed) in [
            (vec![], true),
            (vec![("origin", "http://zeef.example:1")], true),
            (vec![("origin", "https://ZEEF.example:1"), ("sec-fetch-site", "same-origin")], true),
            (vec![("origin", "http://zeef.example")], false),
            (vec![("origin", "http://evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site")], false),
        ] {
            assert_eq!(is_own(&with(&more), TOKEN), believed, "{more:?}");
        }
        let other = TOKEN.replace('0', "1");
        assert!(!is_own(&with(&[]), &other) && !is_own(&with(&[]), ""));
        assert!(!is_own(&headers(&[("host", "zeef.example:1")]), TOKEN));
        assert!(!is_own(&headers(&[("cookie", "zeef_form="), ("host", "zeef.example:1")]), ""));
    }

    #[test]
    fn tokens_are_new_each_time() {
        let (a, b) = (new_token().unwrap(), new_token().unwrap());
        assert!(a != b && a.len() == 32 && b.len() == 32);
    }
}
