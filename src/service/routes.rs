//! gRPC, gRPC-Web and the page beside each other on one port.

use axum::Router;
use axum::http::Version;
use axum::http::header::CONTENT_TYPE;
use tonic::body::Body;
use tonic::server::NamedService as _;
use tonic_web::{GrpcWebLayer, GrpcWebService};
use tower::{Layer as _, Service as _};

use super::proto::screening_service_server::ScreeningServiceServer;
use super::screening::Screening;

/// A request as the transport hands it over.
pub(super) type Request = axum::http::Request<Body>;
/// An answer as the transport takes it.
pub(super) type Response = axum::http::Response<Body>;

/// Content types of gRPC and of gRPC-Web begin so.
const GRPC: &[u8] = b"application/grpc";
const GRPC_WEB: &[u8] = b"application/grpc-web";

/// All that answers.
///
/// What is gRPC is told by the content type and not by the path, so that an unknown method is answered as its
/// protocol wants it (UNIMPLEMENTED) and an unknown page as a page.
pub(super) struct Routes {
    /// Asked in bulk, and therefore, over HTTP/2, before the router, which has it for browsers.
    screening: ScreeningServiceServer<Screening>,
    /// All gRPC services.
    grpc: tonic::service::Routes,
    /// The same for browsers. It refuses what is plain gRPC over HTTP/1.1.
    grpc_web: GrpcWebService<tonic::service::Routes>,
    /// Everything else.
    web: Router,
}

impl Routes {
    /// `grpc` are the services beside that of screening.
    pub(super) fn new(
        screening: ScreeningServiceServer<Screening>,
        grpc: tonic::service::Routes,
        web: Router,
    ) -> Self {
        let grpc = grpc.add_service(screening.clone()).prepare();
        let grpc_web = GrpcWebLayer::new().layer(grpc.clone());
        Self { screening, grpc, grpc_web, web: web.with_state(()) }
    }

    /// Answers a request that was let in.
    pub(super) async fn answer(&self, request: Request) -> Response {
        let content_type = request.headers().get(CONTENT_TYPE).map_or(&b""[..], |t| t.as_bytes());
        let answered = if !content_type.starts_with(GRPC) {
            let answered = self.web.clone().call(request.map(axum::body::Body::new)).await;
            answered.map(|response| response.map(Body::new))
        } else if content_type.starts_with(GRPC_WEB) || request.version() != Version::HTTP_2 {
            self.grpc_web.clone().call(request).await
        } else if is_of_screening(request.uri().path()) {
            self.screening.clone().call(request).await
        } else {
            self.grpc.clone().call(request).await
        };
        match answered {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }
}

/// Whether a path is of a method of the screening service, known or not.
fn is_of_screening(path: &str) -> bool {
    let method =
        path.strip_prefix('/').and_then(|p| p.strip_prefix(ScreeningServiceServer::<Screening>::NAME));
    method.is_some_and(|m| m.starts_with('/'))
}
