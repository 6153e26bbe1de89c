//! Errors of every layer as pages.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use maud::{DOCTYPE, html};

use crate::service::{Failure, Reason, Shared};

use super::form::FormFault;
use super::view::{Place, View, language};
use super::{assets, guard, words as w};

/// The page that says why there is no answer.
pub(super) fn page(view: &View, shared: &Shared, failure: &Failure) -> Response {
    let l = view.language;
    let reason = failure.reason();
    let body = html! {
        section.card {
            h1 { (w::no_answer(l)) }
            p { (w::reason(l, reason)) }
            @if matches!(reason, Reason::InvalidRequest | Reason::ListNotLoaded) { p.soft lang="en" { (failure.message()) } }
            p { a href="/" { (w::back_to_start(l)) } }
        }
    };
    view.page_with(reason.http_status(), shared, Place::Elsewhere, w::no_answer(l), body)
}

/// A page for a browser that was not let through. It stands alone, without the frame of the other pages:
/// those are for who is let in.
pub(crate) fn refused(headers: &HeaderMap, failure: &Failure) -> Response {
    let l = language(headers);
    let reason = failure.reason();
    let page = html! {
        (DOCTYPE)
        html lang=(l.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (w::no_answer(l)) " · zeef" }
                link rel="stylesheet" href=(assets::STYLE.address());
                link rel="icon" type="image/svg+xml" href=(assets::ICON.address());
            }
            body {
                main.narrow {
                    section.card {
                        h1 { (w::no_answer(l)) }
                        p { (w::reason(l, reason)) }
                        p { a href="/" { (w::back_to_start(l)) } " · " a href="/login" { (w::log_in_otherwise(l)) } }
                    }
                }
            }
        }
    };
    let mut response = (reason.http_status(), Html(page.into_string())).into_response();
    if let Some(wait) = failure.wait() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
    }
    guard::set_headers(response.headers_mut());
    response
}

/// There is no such page.
pub(super) async fn not_found(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    told(&view, &shared, StatusCode::NOT_FOUND, w::not_found_title(l), w::not_found(l))
}

/// A form that cannot be read.
pub(super) fn form(view: &View, shared: &Shared, fault: FormFault) -> Response {
    let l = view.language;
    let status = match fault {
        FormFault::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        FormFault::Unreadable | FormFault::NotText => StatusCode::BAD_REQUEST,
    };
    told(view, shared, status, w::no_answer(l), fault.text(l))
}

/// A form that did not come from one of our own pages.
pub(super) fn not_ours(view: &View, shared: &Shared) -> Response {
    let l = view.language;
    told(view, shared, StatusCode::FORBIDDEN, w::form_not_ours_title(l), w::form_not_ours(l))
}

fn told(view: &View, shared: &Shared, status: StatusCode, title: &str, text: &str) -> Response {
    let body = html! {
        section.card {
            h1 { (title) }
            p { (text) }
            p { a href="/" { (w::back_to_start(view.language)) } }
        }
    };
    view.page_with(status, shared, Place::Elsewhere, title, body)
}
