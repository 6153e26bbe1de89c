//! The gate through which every request comes: who is it, may they, and not too much of it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, LOCATION, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::IntoResponse;
use tokio::sync::OwnedSemaphorePermit;
use tonic::Status;
use tonic::body::Body;
use tower::Service;
use tracing::Instrument as _;

use super::rules::{self, Known, Need};
use super::session::cookie_name;
use super::{Access, Identity};
use crate::service::connection::Peer;
use crate::service::routes::{Request, Response, Routes};
use crate::service::status::{Failure, Reason};
use crate::service::telemetry::calls::{Calls, Outcome};
use crate::service::telemetry::span_of;
use crate::web::Problem;

/// What the gate needs.
pub(in crate::service) struct Gate {
    pub(in crate::service) access: Arc<Access>,
    pub(in crate::service) calls: Arc<Calls>,
}

/// By which door a request comes, which says how a refusal must look.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Door {
    /// gRPC, gRPC-Web.
    Grpc,
    /// A browser that wants a page.
    Page,
    /// Anything else over HTTP.
    Http,
}

impl Door {
    fn of(request: &Request) -> Self {
        let begins = |name, with: &str| {
            request
                .headers()
                .get(name)
                .is_some_and(|v: &HeaderValue| v.as_bytes().starts_with(with.as_bytes()))
        };
        if begins(CONTENT_TYPE, "application/grpc") {
            Self::Grpc
        } else if begins(axum::http::header::ACCEPT, "text/html") {
            Self::Page
        } else {
            Self::Http
        }
    }
}

/// The gate with what stands behind it: what every request of every connection comes to.
///
/// A service of the transport's own kind, not a layer of a router: each layer boxes the request's future, the
/// answer's body and a copy of all behind it once more, and every call pays for that.
#[derive(Clone)]
pub(in crate::service) struct Gated {
    gate: Arc<Gate>,
    behind: Arc<Routes>,
}

impl Gated {
    /// Nothing comes to `behind` but through the gate.
    pub(in crate::service) fn new(gate: Gate, behind: Routes) -> Self {
        Self { gate: Arc::new(gate), behind: Arc::new(behind) }
    }

    /// Lets a request through, or answers it as its door wants to be answered.
    async fn answer(self, mut request: Request) -> Response {
        let Self { gate, behind } = self;
        let door = Door::of(&request);
        let path = request.uri().path();
        let known = if door == Door::Grpc { rules::method(path) } else { rules::page(path) };
        let peer = request.extensions().get::<Peer>().cloned();
        let span = span_of(known.name, request.headers());
        let call = gate.calls.begin(known.name, peer.as_ref(), span.clone());
        let admitted = gate.access.admit(request.headers(), peer.as_ref(), known);
        let (response, permit) = match admitted {
            Ok((identity, permit)) => {
                let extensions = request.extensions_mut();
                extensions.insert(identity.client);
                extensions.insert(identity.caller);
                extensions.insert(identity.scopes);
                (behind.answer(request).instrument(span).await, Some(permit))
            }
            Err(failure) => {
                let response = refuse(door, &request, failure);
                if door != Door::Grpc {
                    read_away(request).await;
                }
                (response, None)
            }
        };
        let outcome =
            if door == Door::Grpc { Outcome::of_grpc(&response) } else { Outcome::of_http(&response) };
        call.answered(response, outcome, permit)
    }
}

impl Service<Request> for Gated {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    /// Calls are counted and bounded one by one, behind.
    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let gated = self.clone();
        Box::pin(async move { Ok(gated.answer(request).await) })
    }
}

/// Most bytes of a refused request that are read away, and for how long.
const MOST_READ_AWAY: usize = 64 * 1024;
const LONGEST_READING: Duration = Duration::from_secs(1);

/// Reads what a refused caller still sends, within bounds. An answer to half a request makes HTTP/2 reset the
/// stream, and some clients (curl 7.88) then tell of the reset and never of the answer. Callers by gRPC expect it.
async fn read_away(request: Request) {
    let read = axum::body::to_bytes(axum::body::Body::new(request.into_body()), MOST_READ_AWAY);
    // However it ends, the caller is answered.
    let _ = tokio::time::timeout(LONGEST_READING, read).await;
}

impl Access {
    /// Says who calls and begins the call, or why it is not let through.
    fn admit(
        &self,
        headers: &HeaderMap,
        peer: Option<&Peer>,
        known: Known,
    ) -> Result<(Identity, OwnedSemaphorePermit), Failure> {
        let open_reflection = || self.now.load().config.open_reflection;
        let open = match known.need {
            Need::Nothing => true,
            Need::Reflection => open_reflection(),
            Need::Scope(_) => false,
        };
        // Health must answer whoever asks, also with credentials that have just been withdrawn.
        let identity = match self.identify(headers, peer) {
            Err(_) if open => self.anonymous(peer.map(|p| p.address.ip())),
            identified => identified?,
        };
        match known.need {
            _ if open => {}
            Need::Scope(scope) if identity.scopes.contains(scope) => {}
            _ if identity.caller.is_anonymous() && identity.scopes.is_empty() => {
                return Err(Failure::new(
                    Reason::Unauthenticated,
                    "nobody is let in without credentials; send the header `authorization: Bearer TOKEN`",
                ));
            }
            Need::Scope(scope) => {
                let text = format!("this caller has not the scope `{scope}`, which the call needs");
                return Err(Failure::new(Reason::ScopeMissing, text));
            }
            Need::Reflection | Need::Nothing => {}
        }
        let permit = identity.client.begin()?;
        // A stream pays for each of its items instead.
        if !open && known.name != STREAM {
            identity.client.pay()?;
        }
        Ok((identity, permit))
    }

    /// Who calls: by a bearer token, else by the certificate of the connection, else by a session, else nobody
    /// that is known.
    fn identify(&self, headers: &HeaderMap, peer: Option<&Peer>) -> Result<Identity, Failure> {
        if let Some(value) = headers.get(AUTHORIZATION) {
            let token = value.to_str().ok().and_then(|v| v.split_once(' '));
            return match token {
                Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => self.by_token(token.trim()),
                _ => Err(Failure::new(
                    Reason::Unauthenticated,
                    "the header authorization is not of the form `Bearer TOKEN`",
                )),
            };
        }
        if let Some(identity) = peer.and_then(|p| self.by_certificate(p)) {
            return Ok(identity);
        }
        let name = cookie_name(peer.is_some_and(|p| p.is_secure));
        if let Some(session) = cookie(headers, name).and_then(|value| self.sessions.open(value))
            && let Some(identity) = self.by_session(&session)
        {
            return Ok(identity);
        }
        Ok(self.anonymous(peer.map(|p| p.address.ip())))
    }
}

/// The call whose items are paid for one by one.
const STREAM: &str = "/zeef.v1.ScreeningService/ScreenStream";

/// A cookie's value.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(n, _)| *n == name).map(|(_, value)| value)
}

/// The answer to a request that is not let through.
fn refuse(door: Door, request: &Request, failure: Failure) -> Response {
    let refused = match door {
        Door::Grpc => return Status::from(failure).into_http(),
        Door::Page if failure.reason() == Reason::Unauthenticated && request.method() == Method::GET => {
            // Where to come back to: a path of ours, written so that it cannot lead elsewhere.
            let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
            let to = format!("/login?next={}", super::login::escape(path));
            let location = HeaderValue::try_from(to).unwrap_or(HeaderValue::from_static("/login"));
            (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
        }
        Door::Page => crate::web::refused(request.headers(), &failure),
        Door::Http => {
            let unknown = failure.reason() == Reason::Unauthenticated;
            let mut response = Problem::from(failure).into_response();
            if unknown {
                response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
    };
    refused.map(Body::new)
}
