//! Who looks at a page, and the frame around every page.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query, State};
use axum::http::header::{ACCEPT_LANGUAGE, HOST, LOCATION, REFERER, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};
use serde::Deserialize;

use crate::report::Language;
use crate::screening::{EXPECTED_LISTS, Options, Screener, Stamp};
use crate::service::access::{Scope, Scopes, session_cookie};
use crate::service::{Caller, Failure, Peer, Shared};

use super::form::{Form, FormFault};
use super::text::foreign;
use super::{assets, caller, fault, guard, words as w};

/// The cookie that remembers the language chosen.
const LANGUAGE_COOKIE: &str = "zeef_language";
/// How long it is remembered, in seconds: a year.
const LANGUAGE_KEPT: u32 = 365 * 86_400;

/// Who looks, and from where.
pub(super) struct View {
    /// The language of the page.
    pub(super) language: Language,
    /// The token of this page's forms.
    token: String,
    /// Whether the browser does not hold the token yet.
    token_is_new: bool,
    /// Whether cookies must only go over TLS, because this request came over it.
    secure: bool,
    /// Whether htmx asks for a part of the page.
    pub(super) wants_part: bool,
    /// Whether the pages of review are for this caller.
    pub(super) may_review: bool,
    /// Whether a session can be ended.
    is_logged_in: bool,
    /// Who looks.
    pub(super) caller: Caller,
    /// Path and query of the page, for coming back from the switch of languages.
    address: String,
    /// Headers of the request, by which forms are believed or not.
    headers: HeaderMap,
}

impl<S: Sync> FromRequestParts<S> for View {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let headers = parts.headers.clone();
        let held = guard::token(&headers).map(str::to_owned);
        let token_is_new = held.is_none();
        // Without random numbers there is a page, and no form of it is believed.
        let token = held.or_else(|| guard::new_token().ok()).unwrap_or_default();
        let secure = parts.extensions.get::<Peer>().is_some_and(|peer| peer.is_secure);
        let wants_part = headers.contains_key("hx-request") && !headers.contains_key("hx-boosted");
        let address = parts.uri.path_and_query().map_or("/", |p| p.as_str()).to_owned();
        Ok(Self {
            language: language(&headers),
            token,
            token_is_new,
            secure,
            wants_part,
            may_review: parts.extensions.get::<Scopes>().is_none_or(|s| s.contains(Scope::Review)),
            is_logged_in: guard::cookie(&headers, session_cookie(secure)).is_some(),
            caller: caller::of(parts),
            address,
            headers,
        })
    }
}

/// The language chosen, else the first that the browser asks for and that there is, else English.
pub(super) fn language(headers: &HeaderMap) -> Language {
    let chosen = guard::cookie(headers, LANGUAGE_COOKIE).and_then(by_code);
    let asked = || {
        let asked = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
        // In the order of wishes; browsers write their weights in that order too.
        asked.split(',').find_map(|part| by_code(part.split([';', '-']).next()?.trim()))
    };
    chosen.or_else(asked).unwrap_or_default()
}

fn by_code(code: &str) -> Option<Language> {
    [Language::En, Language::Nl].into_iter().find(|l| code.eq_ignore_ascii_case(l.code()))
}

/// A place in the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The page that begins.
    Start,
    /// Screening one name.
    Screen,
    /// Screening a case.
    Case,
    /// Search and entries.
    Search,
    /// Two names.
    Compare,
    /// The review queue.
    Review,
    /// What changed for those under watch.
    Alerts,
    /// The lists and their age.
    Lists,
    /// None of them.
    Elsewhere,
}

/// Every place of the navigation with its address.
const PLACES: [(Place, &str); 8] = [
    (Place::Start, "/"),
    (Place::Screen, "/screen"),
    (Place::Case, "/case"),
    (Place::Search, "/search"),
    (Place::Compare, "/compare"),
    (Place::Review, "/review"),
    (Place::Alerts, "/alerts"),
    (Place::Lists, "/lists"),
];

impl View {
    /// A form that was sent, if it can be read and is one of ours; else the page that says why not.
    ///
    /// # Errors
    /// The page.
    pub(super) fn believed(
        &self,
        shared: &Shared,
        sent: Result<Form, FormFault>,
    ) -> Result<Form, Box<Response>> {
        let form = sent.map_err(|fault| Box::new(fault::form(self, shared, fault)))?;
        if guard::is_own(&self.headers, form.get("token")) {
            return Ok(form);
        }
        Err(Box::new(fault::not_ours(self, shared)))
    }

    /// The page of ours that the browser says it comes from.
    fn came_from(&self) -> Option<String> {
        let from: Uri = self.headers.get(REFERER)?.to_str().ok()?.parse().ok()?;
        let is_ours = from.authority()?.as_str() == self.headers.get(HOST)?.to_str().ok()?;
        is_ours.then(|| from.path_and_query().map(ToString::to_string)).flatten()
    }

    /// What makes a form one of ours.
    pub(super) fn token_field(&self) -> Markup {
        html! { input type="hidden" name="token" value=(self.token); }
    }

    /// A whole page.
    pub(super) fn page(&self, shared: &Shared, place: Place, title: &str, body: Markup) -> Response {
        self.page_with(StatusCode::OK, shared, place, title, body)
    }

    /// A whole page with a status.
    pub(super) fn page_with(
        &self,
        status: StatusCode,
        shared: &Shared,
        place: Place,
        title: &str,
        body: Markup,
    ) -> Response {
        let l = self.language;
        let page = html! {
            (DOCTYPE)
            html lang=(l.code()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex, nofollow";
                    meta name="color-scheme" content="light dark";
                    // Nothing of a page is kept in the browser's own store, and nothing is evaluated.
                    meta name="htmx-config" content=r#"{"historyCacheSize":0,"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true}"#;
                    title { (title) " · zeef" }
                    link rel="stylesheet" href=(assets::STYLE.address());
                    link rel="icon" type="image/svg+xml" href=(assets::ICON.address());
                    script src=(assets::HTMX.address()) defer {}
                }
                body {
                    a.skip href="#main" { (w::skip_to_content(l)) }
                    (self.head(place, shared))
                    (banner(l, shared))
                    main #main tabindex="-1" { (body) }
                    (foot(l, shared))
                }
            }
        };
        self.send(status, page)
    }

    /// A part of a page, for htmx.
    pub(super) fn part(&self, part: Markup) -> Response {
        self.send(StatusCode::OK, part)
    }

    fn send(&self, status: StatusCode, markup: Markup) -> Response {
        let mut response = (status, Html(markup.into_string())).into_response();
        if self.token_is_new {
            let secure = if self.secure { "; Secure" } else { "" };
            let name = guard::TOKEN_COOKIE;
            let cookie = format!("{name}={}; Path=/; HttpOnly; SameSite=Strict{secure}", self.token);
            if let Ok(cookie) = HeaderValue::try_from(cookie) {
                response.headers_mut().append(SET_COOKIE, cookie);
            }
        }
        // The same address is a page or a part of one, in one of two languages.
        let vary = HeaderValue::from_static("hx-request, accept-language, cookie");
        response.headers_mut().insert(HeaderName::from_static("vary"), vary);
        response
    }

    /// The head of every page. What is not kept here has no place in the navigation.
    fn head(&self, here: Place, shared: &Shared) -> Markup {
        let is_there = |place| match place {
            Place::Review => shared.config.records.is_some() && self.may_review,
            Place::Alerts => shared.config.watching.is_some() && self.may_review,
            _ => true,
        };
        let l = self.language;
        let other = if l == Language::En { Language::Nl } else { Language::En };
        let switch = format!("/language?to={}&back={}", other.code(), super::text::segment(&self.address));
        html! {
            header.top {
                div.bar {
                    a.brand href="/" aria-label=(w::home_of_zeef(l)) {
                        img src=(assets::ICON.address()) alt="" width="28" height="28";
                        span { "zeef" }
                    }
                    nav aria-label=(w::navigation(l)) {
                        @for (place, address) in PLACES.into_iter().filter(|(place, _)| is_there(*place)) {
                            a href=(address) aria-current=[(place == here).then_some("page")] { (w::place(l, place)) }
                        }
                    }
                    a.language href=(switch) lang=(other.code()) hreflang=(other.code()) rel="nofollow" {
                        (if other == Language::Nl { "Nederlands" } else { "English" })
                    }
                    @if self.is_logged_in && !self.caller.is_anonymous() {
                        form.who method="post" action="/logout" {
                            span { (foreign(&self.caller.name)) }
                            button.plain type="submit" { (w::log_out(l)) }
                        }
                    }
                }
            }
        }
    }
}

/// What must be said loudly of the lists behind every answer.
fn banner(l: Language, shared: &Shared) -> Markup {
    let Ok(screener) = shared.screener() else {
        return notice(html! { strong { (w::no_lists_title(l)) } " " (w::no_lists(l)) });
    };
    let stamp = stamp(&screener);
    if stamp.demo {
        return notice(html! { strong { (w::demo_title(l)) } " " (w::demo(l)) });
    }
    let stale: Vec<_> = stamp.lists.iter().filter(|list| list.stale).collect();
    let missing: Vec<_> =
        EXPECTED_LISTS.iter().filter(|(id, _)| stamp.lists.iter().all(|list| list.list != *id)).collect();
    if stale.is_empty() && missing.is_empty() {
        return html! {};
    }
    notice(html! {
        @if !missing.is_empty() {
            strong { (w::missing_title(l)) } " "
            @for (n, (_, title)) in missing.iter().enumerate() { @if n > 0 { ", " } (title) } ". "
            (w::missing(l)) " "
        }
        @if !stale.is_empty() {
            strong { (w::stale_title(l)) } " "
            @for (n, list) in stale.iter().enumerate() {
                @if n > 0 { ", " } (foreign(&list.list)) " (" (crate::report::days(l, list.age_days)) ")"
            } ". "
            (w::stale(l)) " "
        }
        a href="/lists" { (w::see_lists(l)) }
    })
}

fn notice(text: Markup) -> Markup {
    html! {
        div.notice role="status" {
            div.bar { span.sign aria-hidden="true" { "⚠" } p { (text) } }
        }
    }
}

fn foot(l: Language, shared: &Shared) -> Markup {
    html! {
        footer {
            div.bar {
                p { strong { (w::people_decide(l)) } " " (w::people_decide_more(l)) }
                @if let Ok(screener) = shared.screener() {
                    @let stamp = stamp(&screener);
                    p.small {
                        (w::lists_behind(l)) " "
                        @for (n, list) in stamp.lists.iter().enumerate() {
                            @if n > 0 { " · " }
                            (foreign(&list.list)) " " (as_of(&list.as_of, &list.imported))
                        }
                    }
                }
            }
        }
    }
}

/// The day a list stands at, or of its import where it does not say.
pub(super) fn as_of<'a>(as_of: &'a str, imported: &'a str) -> &'a str {
    super::text::day(if as_of.is_empty() { imported } else { as_of })
}

/// What answers of now rest on.
pub(super) fn stamp(screener: &Screener) -> Stamp {
    screener.stamp(&Options::default(), jiff::Timestamp::now())
}

/// The screener that somebody is screened with, or the page that says why nobody is.
pub(super) fn screener_to_ask(view: &View, shared: &Shared) -> Result<Arc<Screener>, Box<Response>> {
    shared.screener_to_ask().map_err(|failure: Failure| Box::new(fault::page(view, shared, &failure)))
}

/// The screener of now, or the page that says that there is none.
pub(super) fn screener(view: &View, shared: &Shared) -> Result<Arc<Screener>, Box<Response>> {
    shared.screener().map_err(|failure: Failure| Box::new(fault::page(view, shared, &failure)))
}

/// Where to, and where back to.
#[derive(Deserialize)]
pub(super) struct Switch {
    to: String,
    #[serde(default)]
    back: String,
}

/// Remembers a language and goes back.
pub(super) async fn switch_language(
    view: View,
    State(_): State<Arc<Shared>>,
    switch: Result<Query<Switch>, QueryRejection>,
) -> Response {
    let Ok(Query(switch)) = switch else { return StatusCode::BAD_REQUEST.into_response() };
    // A live search changes the page's address without a new page: the browser knows it better.
    let from = view.came_from();
    let back =
        [from.as_deref(), Some(&switch.back)].into_iter().flatten().find(|a| is_local(a)).unwrap_or("/");
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.insert(LOCATION, HeaderValue::try_from(back).unwrap_or(HeaderValue::from_static("/")));
    if let Some(language) = by_code(&switch.to) {
        let secure = if view.secure { "; Secure" } else { "" };
        let code = language.code();
        let cookie = format!(
            "{LANGUAGE_COOKIE}={code}; Path=/; Max-Age={LANGUAGE_KEPT}; HttpOnly; SameSite=Lax{secure}"
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.insert(SET_COOKIE, cookie);
        }
    }
    response
}

/// Whether an address is one of our own pages: a path, and nothing that a browser takes for a host.
fn is_local(address: &str) -> bool {
    address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|b| b.is_ascii_graphic() && b != b'\\')
        && !address.starts_with("/language")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_the_one_chosen_then_the_one_asked_for() {
        for (cookie, asked, expected) in [
            ("", "", Language::En),
            ("", "nl-NL,nl;q=0.9,en;q=0.8", Language::Nl),
            ("", "fr, nl;q=0.5", Language::Nl),
            ("", "en-GB,nl", Language::En),
            ("zeef_language=en", "nl", Language::En),
            ("zeef_language=xx", "nl", Language::Nl),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("cookie", cookie.parse().unwrap());
            headers.insert("accept-language", asked.parse().unwrap());
            assert_eq!(language(&headers), expected, "{cookie} {asked}");
        }
    }

    #[test]
    fn one_is_only_sent_back_to_our_own_pages() {
        for good in ["/", "/lists", "/search?q=a%20b&list=eu"] {
            assert!(is_local(good), "{good}");
        }
        for bad in
            ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb: c", "/language?to=nl"]
        {
            assert!(!is_local(bad), "{bad}");
        }
    }
}
