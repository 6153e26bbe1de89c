//! The style sheet and htmx, built into the program.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

/// One file, with an address that changes with its content, so that browsers may keep it for ever.
pub(super) struct Asset {
    /// Path below `/assets/`.
    file: String,
    content_type: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, bytes: &'static [u8]) -> Self {
        let hash = blake3::hash(bytes).to_hex();
        Self { file: format!("{stem}-{}.{extension}", &hash[..16]), content_type, bytes }
    }

    /// Where pages find it.
    pub(super) fn address(&self) -> String {
        format!("/assets/{}", self.file)
    }
}

/// The one style sheet.
pub(super) static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("zeef", "css", "text/css; charset=utf-8", include_bytes!("style.css")));

/// htmx, as its makers publish it; its licence lies beside it.
pub(super) static HTMX: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("htmx", "js", "text/javascript; charset=utf-8", include_bytes!("vendor/htmx.min.js"))
});

/// The style of reports.
pub(super) static REPORT_STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("report", "css", "text/css; charset=utf-8", crate::report::STYLE.as_bytes()));

/// The sign of the page, for the tab of the browser.
pub(super) static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("zeef", "svg", "image/svg+xml", include_bytes!("icon.svg")));

/// Answers with one of them.
pub(super) async fn file(Path(file): Path<String>) -> Response {
    let Some(asset) = [&STYLE, &REPORT_STYLE, &HTMX, &ICON].into_iter().find(|a| a.file == file) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    let headers =
        [(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type)), (header::CACHE_CONTROL, kept)];
    (headers, asset.bytes).into_response()
}

/// Where browsers look for the sign of a page that names none, such as a report.
pub(super) async fn favicon() -> Redirect {
    Redirect::temporary(&ICON.address())
}
