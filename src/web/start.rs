//! The page that begins.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::html;

use crate::report::Language;
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
        ul.tiles {
            @for (address, title, text) in tiles(l, shared.config.records.is_some() && view.may_review) {
                li.tile { h2 { a href=(address) { (title) } } p { (text) } }
            }
        }
        @if let Ok(screener) = shared.screener() {
            h2 { (w::lists_title(l)) }
            (lists::overview(l, &screener))
        }
    };
    view.page(&shared, Place::Start, w::start(l), body)
}

/// What one can do here.
fn tiles(l: Language, has_queue: bool) -> Vec<(&'static str, &'static str, &'static str)> {
    let mut tiles = vec![
        ("/screen", w::tile_screen(l), w::tile_screen_text(l)),
        ("/case", w::tile_case(l), w::tile_case_text(l)),
        ("/search", w::tile_search(l), w::tile_search_text(l)),
    ];
    if has_queue {
        tiles.push(("/review", w::tile_review(l), w::tile_review_text(l)));
    }
    tiles.push(("/compare", w::tile_compare(l), w::tile_compare_text(l)));
    tiles
}
