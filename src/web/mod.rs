//! The page: what people see of zeef in a browser, on the same port as gRPC.
//!
//! Thin over [`crate::screening`] and [`crate::index`]: a handler reads a form, asks, and renders. Pages
//! are whole HTML documents that work without JavaScript; htmx only makes search and filters live.
//!
//! # Layout
//!
//! * `view`: who looks at a page (language, form token) and the frame around every page.
//! * `words`: every text of the page, in English and Dutch, in one typed table.
//! * `guard`: what goes out with every answer (headers), and which forms are believed.
//! * `api`: HTTP/JSON for programs.
//! * `form`, `subject`: forms read within limits. `text`: what lists and people wrote, made safe to show.
//! * `fault`: errors of every layer as pages.
//! * one file for each page; `assets`: the style sheet and htmx.
//!
//! # Invariants
//!
//! * What a list or a person wrote is escaped, isolated and its directional marks are made visible.
//! * No page asks anything of another host, holds a script or a style of its own, or may be framed.
//! * No page is kept by browsers or proxies; nobody's name stands in an address that zeef makes, those of
//!   searches and listed entries excepted.
//! * A form is carried out only where its token and its origin say that it is one of ours.
//! * CPU work runs on the service's workers and ends with its deadline.

mod alerts;
mod api;
mod assets;
mod caller;
mod case;
mod compare;
mod entity;
mod fault;
mod form;
mod guard;
mod hit;
mod lists;
pub(crate) mod login;
mod review;
mod screen;
mod search;
mod start;
mod subject;
mod text;
mod view;
mod watched;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::middleware;
use axum::routing::get;

use crate::service::Shared;

pub(crate) use api::Problem;
pub(crate) use fault::refused;

/// All pages.
pub(crate) fn routes(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(start::page))
        .route("/screen", get(screen::page).post(screen::answer))
        .route("/case", get(case::page).post(case::answer))
        .route("/search", get(search::page))
        .route("/entity/{list}/{id}", get(entity::page))
        .route("/compare", get(compare::page).post(compare::answer))
        .route("/review", get(review::queue))
        .route("/review/{id}", get(review::page).post(review::act))
        .route("/alerts", get(alerts::page))
        .route("/watched", get(watched::page).post(watched::act))
        .route("/lists", get(lists::page))
        .route("/language", get(view::switch_language))
        .route("/assets/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::favicon))
        .method_not_allowed_fallback(fault::not_found)
        .merge(api::routes())
        .fallback(fault::not_found)
        .layer(middleware::from_fn(guard::headers))
        .with_state(shared)
}
