//! The page that begins.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::html;

use crate::service::Shared;

use super::view::{Place, View};
use super::{lists, words as w};

/// What one can do here, and which lists stand behind it.
pub(super) async fn page(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    let body = html! {
        section.hello {
            h1 { (w::start_title(l)) }
            p.lead { (w::start_lead(l)) }
        }
        @if let Ok(screener) = shared.screener() { (lists::overview(l, &screener)) }
    };
    view.page(&shared, Place::Start, w::start(l), body)
}
