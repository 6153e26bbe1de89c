//! The pages of logging in. They stand alone, without the frame of the other pages: those are for who is let in.

use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::report::Language;

use super::view::language;
use super::{assets, guard, text, words as w};

/// Why somebody was not let in, as the page says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// The form was sent by another site.
    FormOfAnother,
    /// The token is not known, or has expired.
    TokenUnknown,
    /// No cookie could be made.
    NoSession,
    /// There is no identity provider here.
    NoProvider,
    /// Too many wait for the identity provider.
    TooMany,
    /// The identity provider does not answer, or not as it should.
    ProviderFails,
    /// The identity provider did not let them in.
    ProviderRefuses,
    /// What they bring back belongs to no login of this browser, to an old one, or was used already.
    NotBegunHere,
    /// What the identity provider says of them is not to be believed.
    NotBelieved,
    /// They are known, and nothing is granted to them.
    NothingGranted,
}

impl Hindrance {
    fn status(self) -> StatusCode {
        match self {
            Self::FormOfAnother | Self::NothingGranted => StatusCode::FORBIDDEN,
            Self::TokenUnknown | Self::ProviderRefuses | Self::NotBelieved => StatusCode::UNAUTHORIZED,
            Self::NoSession => StatusCode::INTERNAL_SERVER_ERROR,
            Self::NoProvider => StatusCode::NOT_FOUND,
            Self::TooMany => StatusCode::SERVICE_UNAVAILABLE,
            Self::ProviderFails => StatusCode::BAD_GATEWAY,
            Self::NotBegunHere => StatusCode::BAD_REQUEST,
        }
    }

    fn text(self, l: Language) -> &'static str {
        match self {
            Self::FormOfAnother => w::login_form_of_another(l),
            Self::TokenUnknown => w::login_token_unknown(l),
            Self::NoSession => w::login_no_session(l),
            Self::NoProvider => w::login_no_provider(l),
            Self::TooMany => w::login_too_many(l),
            Self::ProviderFails => w::login_provider_fails(l),
            Self::ProviderRefuses => w::login_provider_refuses(l),
            Self::NotBegunHere => w::login_not_begun_here(l),
            Self::NotBelieved => w::login_not_believed(l),
            Self::NothingGranted => w::login_nothing_granted(l),
        }
    }
}

/// The ways in.
pub(crate) struct Door<'a> {
    /// Where to go on afterwards: a path on this server.
    pub(crate) next: &'a str,
    /// Whether an identity provider lets people in.
    pub(crate) over_provider: bool,
    /// Whether a token does.
    pub(crate) by_token: bool,
}

impl Door<'_> {
    /// The page with the ways in, and what hindered, if anything did.
    pub(crate) fn page(&self, headers: &HeaderMap, hindrance: Option<Hindrance>) -> Response {
        let l = language(headers);
        let body = html! {
            h1 { "zeef" }
            @if let Some(hindrance) = hindrance {
                div.faults role="alert" { p { (hindrance.text(l)) } }
            }
            @if self.over_provider {
                p { a.button href={ "/login/provider?next=" (text::segment(self.next)) } { (w::login_over_provider(l)) } }
            }
            @if self.by_token { (self.token_form(l)) }
        };
        let status = hindrance.map_or(StatusCode::OK, Hindrance::status);
        alone(l, status, w::login_title(l), None, body)
    }

    fn token_form(&self, l: Language) -> Markup {
        html! {
            form method="post" action="/login" {
                div.field {
                    label for="token" { (w::login_token(l)) }
                    input #token name="token" type="password" autocomplete="current-password" required
                        autofocus[!self.over_provider] spellcheck="false";
                }
                input type="hidden" name="next" value=(self.next);
                div.actions { button type="submit" { (w::login_by_token(l)) } }
            }
            p.small { (w::login_tokens_from(l)) }
        }
    }
}

/// Leads somebody on who came back from the identity provider. A page and no redirect: browsers do not send the
/// session's cookie along on a way that began at another site.
pub(crate) fn go_on(headers: &HeaderMap, next: &str) -> Response {
    let l = language(headers);
    let body = html! {
        h1 { "zeef" }
        p { a href=(next) { (w::login_go_on(l)) } }
    };
    alone(l, StatusCode::OK, w::login_go_on(l), Some(next), body)
}

/// A page that stands alone; it goes on to `next` by itself.
fn alone(l: Language, status: StatusCode, title: &str, next: Option<&str>, body: Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang=(l.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex, nofollow";
                meta name="color-scheme" content="light dark";
                @if let Some(next) = next { meta http-equiv="refresh" content={ "0;url=" (next) }; }
                title { (title) " · zeef" }
                link rel="stylesheet" href=(assets::STYLE.address());
                link rel="icon" type="image/svg+xml" href=(assets::ICON.address());
            }
            body { main.narrow { section.card { (body) } } }
        }
    };
    let mut response = (status, Html(page.into_string())).into_response();
    guard::set_headers(response.headers_mut());
    response
}

/// Marks an answer as one that nobody keeps.
pub(crate) fn not_kept(response: &mut Response) {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
}
