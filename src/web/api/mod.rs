//! HTTP/JSON: the screening, case and entity calls under `/v1`, and OpenSanctions' `/match`.
//!
//! The shapes are those of the command line (`--json`, rows), so that whoever reads the one reads the
//! other. Errors are problem documents (RFC 9457) with the service's own reasons and the fields at fault.
//!
//! Bodies must say that they are JSON (or YAML, for a case): no form of another site can send that, so that
//! a browser that is let in cannot be made to ask for others.

mod calls;
mod ftm;
mod matching;
mod openapi;
mod problem;
mod schemas;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;

use crate::service::{Failure, Shared, Violation};

pub(crate) use problem::Problem;

/// Longest time that a body may take to arrive.
const LONGEST_SENDING: Duration = Duration::from_secs(30);

/// All calls.
pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/screen", post(calls::screen))
        .route("/v1/compare", post(calls::compare))
        .route("/v1/case", post(calls::case))
        .route("/v1/entities", get(calls::search))
        .route("/v1/entities/{list}/{id}", get(calls::entity))
        .route("/v1/lists", get(calls::lists))
        .route("/v1/openapi.json", get(openapi::document))
        .route("/v1/{*rest}", axum::routing::any(unknown))
        .route("/match/{dataset}", post(matching::matches))
        .method_not_allowed_fallback(not_allowed)
}

async fn unknown() -> Problem {
    Problem::plain(StatusCode::NOT_FOUND, "NOT_FOUND", "there is no such call; see /v1/openapi.json")
}

async fn not_allowed() -> Problem {
    let detail = "the call wants another method; see /v1/openapi.json";
    Problem::plain(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", detail)
}

/// An answer as JSON.
fn json(answer: &impl Serialize) -> Result<Response, Problem> {
    let mut text = serde_json::to_vec(answer).map_err(|_| {
        Problem::from(Failure::new(crate::service::Reason::Internal, "the answer has no JSON form"))
    })?;
    text.push(b'\n');
    Ok(([(CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response())
}

/// A body of one of these types, within the service's limit for messages.
async fn body(shared: &Shared, headers: &HeaderMap, body: Body, types: &[&str]) -> Result<Bytes, Problem> {
    let given = headers.get(CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if !types.iter().any(|t| essence.eq_ignore_ascii_case(t)) {
        let detail = format!("send the body as {}", types.join(" or "));
        return Err(Problem::plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE", detail));
    }
    let most = shared.config.max_message_bytes;
    match tokio::time::timeout(LONGEST_SENDING, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => {
            let detail = format!("the body is larger than {most} bytes or broke off");
            Err(Problem::plain(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", detail))
        }
        Err(_) => Err(Problem::plain(
            StatusCode::REQUEST_TIMEOUT,
            "BODY_TOO_SLOW",
            "the body took too long to arrive",
        )),
    }
}

/// A field at fault.
fn fault(field: impl Into<String>, what: impl Into<String>) -> Problem {
    Failure::invalid(vec![Violation::new(field, what)]).into()
}
