//! Errors as problem documents (RFC 9457).

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::service::Failure;

/// Why a call failed. Quotes nothing that was screened. Boxed, since it travels through every result.
#[derive(Debug)]
pub(crate) struct Problem(Box<Document>);

#[derive(Debug, Serialize)]
struct Document {
    /// RFC 9457's name of the kind; ours have no pages of their own.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The HTTP status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What is wrong and how to mend it.
    detail: String,
    /// The reason as gRPC's `ErrorInfo` says it; callers may branch on it.
    reason: String,
    /// Fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldError>,
    #[serde(skip)]
    retry_after: Option<std::time::Duration>,
}

#[derive(Debug, Serialize)]
struct FieldError {
    field: String,
    detail: String,
}

impl Problem {
    /// A problem of the transport itself.
    pub(super) fn plain(status: StatusCode, reason: &str, detail: impl Into<String>) -> Self {
        Self(Box::new(Document {
            kind: "about:blank",
            title: status.canonical_reason().unwrap_or_default().to_owned(),
            status: status.as_u16(),
            detail: detail.into(),
            reason: reason.to_owned(),
            errors: Vec::new(),
            retry_after: None,
        }))
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let reason = failure.reason();
        let mut problem = Self::plain(reason.http_status(), reason.as_str(), failure.message());
        let errors = failure.violations().iter();
        problem.0.errors =
            errors.map(|v| FieldError { field: v.field.clone(), detail: v.what.clone() }).collect();
        problem.0.retry_after = failure.wait();
        problem
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let document = *self.0;
        let status = StatusCode::from_u16(document.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let text = serde_json::to_vec(&document).unwrap_or_default();
        let content_type = HeaderValue::from_static("application/problem+json");
        let mut response = (status, [(CONTENT_TYPE, content_type)], text).into_response();
        if let Some(delay) = document.retry_after {
            // Whole seconds, and never none at all.
            let seconds = HeaderValue::from(delay.as_secs().max(1));
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}
