//! A span for each call, for traces.

use axum::http::HeaderMap;
use opentelemetry::propagation::Extractor;
use tracing::Span;
use tracing::field::Empty;
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The target of the spans. They are made only where somebody wants them, at the level DEBUG.
pub const CALL_SPANS: &str = "zeef::calls";

/// The headers by which a caller says of which trace its call is a part (W3C Trace Context).
struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(|value| value.to_str().ok())
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(axum::http::HeaderName::as_str).collect()
    }
}

/// The span of a call: its name in our tables, never its path. Costs next to nothing where nobody traces.
pub(in crate::service) fn span_of(name: &'static str, headers: &HeaderMap) -> Span {
    let span = tracing::debug_span!(
        target: "zeef::calls",
        "call",
        otel.name = name,
        otel.kind = "server",
        rpc.system = "grpc",
        rpc.method = name,
        rpc.grpc.status_code = Empty,
    );
    if !span.is_disabled() {
        let caller = opentelemetry::global::get_text_map_propagator(|p| p.extract(&Headers(headers)));
        // It fails only where the layer of traces is missing, and then nobody wants it.
        let _ = span.set_parent(caller);
    }
    span
}
