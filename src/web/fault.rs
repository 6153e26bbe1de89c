//! Errors of every layer as pages.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::html;

use crate::service::{Failure, Reason, Shared};

use super::view::{Place, View};
use super::words as w;

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

/// There is no such page.
pub(super) async fn not_found(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    let body = html! {
        section.card {
            h1 { (w::not_found_title(l)) }
            p { (w::not_found(l)) }
            p { a href="/" { (w::back_to_start(l)) } }
        }
    };
    view.page_with(StatusCode::NOT_FOUND, &shared, Place::Elsewhere, w::not_found_title(l), body)
}
