//! gRPC, gRPC-Web and the page beside each other on one port.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tonic::service::Routes;
use tonic_web::GrpcWebLayer;
use tower::ServiceExt;

/// Answers gRPC and gRPC-Web with `grpc`, told by the content type that both require, and everything else
/// with `web`.
///
/// By the content type and not by the path, so that an unknown method is answered as its protocol wants it
/// (UNIMPLEMENTED) and an unknown page as a page. The layer of gRPC-Web stands around gRPC alone: it refuses
/// whatever else comes over HTTP/1.1.
pub(super) fn beside(grpc: Routes, web: Router) -> Router {
    let grpc = grpc.into_axum_router().layer(GrpcWebLayer::new());
    web.layer(from_fn_with_state(grpc, by_content_type))
}

async fn by_content_type(State(grpc): State<Router>, request: Request, next: Next) -> Response {
    let content_type = request.headers().get(CONTENT_TYPE);
    if content_type.is_some_and(|t| t.as_bytes().starts_with(b"application/grpc")) {
        return match grpc.oneshot(request).await {
            Ok(response) => response.into_response(),
            Err(never) => match never {},
        };
    }
    next.run(request).await
}
