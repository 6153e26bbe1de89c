//! Each call from its first byte to its last.
//!
//! A caller that asks and does not take the answer costs memory for as long as it likes: HTTP/2 sends no more
//! than the caller's window, and the rest waits. What is sent is only known where the body of the answer is
//! asked for its next part: a body that gave a part and is not asked again within the limit belongs to a
//! caller that has stopped reading, and its connection is cut. A body that is asked and has nothing yet is
//! waiting for us, which is no fault of the caller.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use axum::body::{Bytes, HttpBody};
use axum::http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit};
use tonic::body::Body;
use tonic::{Code, Status};
use tracing::Span;

use super::Metrics;
use crate::service::connection::Peer;
use crate::service::routes::Response;

/// How a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::service) enum Outcome {
    /// So.
    Known(Code),
    /// Its last part says so.
    InTrailers,
}

impl Outcome {
    /// From the headers of an answer over gRPC: an answer without a body says there how it ended.
    pub(in crate::service) fn of_grpc(response: &Response) -> Self {
        code_in(response.headers()).map_or(Self::InTrailers, Self::Known)
    }

    /// From the status of any other answer.
    pub(in crate::service) fn of_http(response: &Response) -> Self {
        Self::Known(match response.status().as_u16() {
            100..=399 => Code::Ok,
            401 => Code::Unauthenticated,
            403 => Code::PermissionDenied,
            404 => Code::NotFound,
            408 => Code::Cancelled,
            409 | 412 => Code::FailedPrecondition,
            429 => Code::ResourceExhausted,
            400..=499 => Code::InvalidArgument,
            503 => Code::Unavailable,
            504 => Code::DeadlineExceeded,
            _ => Code::Internal,
        })
    }
}

fn code_in(headers: &HeaderMap) -> Option<Code> {
    headers.get("grpc-status").map(|status| Code::from_bytes(status.as_bytes()))
}

/// The calls under way.
pub(in crate::service) struct Calls {
    metrics: Arc<Metrics>,
    open: Mutex<HashMap<u64, Arc<Entry>>>,
    next: AtomicU64,
    began: Instant,
}

/// A call, as the watch over stalled ones sees it.
struct Entry {
    /// Milliseconds since the server began, doubled; odd while the caller has to act.
    since: AtomicU64,
    cut: Option<Arc<Notify>>,
}

impl Calls {
    /// None yet.
    pub(in crate::service) fn new(metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self { metrics, open: Mutex::default(), next: AtomicU64::new(0), began: Instant::now() })
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, Arc<Entry>>> {
        // Nothing that panics runs under the lock.
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call begins. It waits for its caller until it is answered: what comes late then is the question.
    pub(in crate::service) fn begin(
        self: &Arc<Self>,
        name: &'static str,
        peer: Option<&Peer>,
        span: Span,
    ) -> OpenCall {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let since = AtomicU64::new(self.now() << 1);
        let entry = Arc::new(Entry { since, cut: peer.map(|p| Arc::clone(&p.cut)) });
        self.open().insert(id, Arc::clone(&entry));
        self.metrics.open_calls.increment(1.0);
        let code = Code::Cancelled;
        OpenCall { calls: Arc::clone(self), id, name, entry, began: Instant::now(), code, waits: false, span }
    }

    /// Milliseconds since the server began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX >> 1)
    }

    /// Cuts the connections of callers that have not taken their answers for `patience`. Never returns.
    pub(in crate::service) async fn cut_stalled(self: Arc<Self>, patience: Duration) {
        let limit = u64::try_from(patience.as_millis()).unwrap_or(u64::MAX);
        let pause = (patience / 4).clamp(Duration::from_millis(10), Duration::from_secs(5));
        loop {
            tokio::time::sleep(pause).await;
            let now = self.now();
            for entry in self.open().values() {
                let since = entry.since.load(Ordering::Relaxed);
                if since & 1 == 1 && now.saturating_sub(since >> 1) > limit {
                    // Told once: the mark goes, the connection's end does the rest.
                    entry.since.store(now << 1, Ordering::Relaxed);
                    if let Some(cut) = &entry.cut {
                        cut.notify_one();
                        self.metrics.stalled();
                    }
                }
            }
        }
    }
}

/// A call under way. Dropped without an end it was cancelled.
pub(in crate::service) struct OpenCall {
    calls: Arc<Calls>,
    id: u64,
    name: &'static str,
    entry: Arc<Entry>,
    began: Instant,
    code: Code,
    /// Whether the caller has to act.
    waits: bool,
    /// What traces see of it.
    span: Span,
}

impl OpenCall {
    /// The call is answered; `permit` lasts until the caller has all of it.
    pub(in crate::service) fn answered(
        mut self,
        response: Response,
        outcome: Outcome,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Response {
        if let Outcome::Known(code) = outcome {
            self.code = code;
        }
        let (parts, body) = response.into_parts();
        if body.is_end_stream() {
            return Response::from_parts(parts, body);
        }
        let in_trailers = outcome == Outcome::InTrailers;
        let known = self.code;
        // Until the body has ended nobody knows that the caller stays.
        self.code = Code::Cancelled;
        let body = Answer { body, call: self, known, in_trailers, _permit: permit };
        Response::from_parts(parts, Body::new(body))
    }

    fn caller_has_to_act(&mut self, waits: bool) {
        if waits || self.waits {
            self.waits = waits;
            let since = self.calls.now() << 1 | u64::from(waits);
            self.entry.since.store(since, Ordering::Relaxed);
        }
    }
}

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.span.record("rpc.grpc.status_code", self.code as i32);
        self.calls.open().remove(&self.id);
        self.calls.metrics.open_calls.decrement(1.0);
        self.calls.metrics.call(self.name, self.code, self.began.elapsed().as_secs_f64());
    }
}

/// The body of an answer under way.
struct Answer {
    body: Body,
    call: OpenCall,
    /// How the call ends, unless trailers say so.
    known: Code,
    in_trailers: bool,
    _permit: Option<OwnedSemaphorePermit>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        // Being asked for more says that what was given before is on its way.
        this.call.caller_has_to_act(false);
        let frame = ready!(Pin::new(&mut this.body).poll_frame(context));
        match &frame {
            Some(Ok(frame)) => {
                if let Some(code) = frame.trailers_ref().and_then(code_in) {
                    this.call.code = code;
                } else if this.body.is_end_stream() && !this.in_trailers {
                    this.call.code = this.known;
                }
                this.call.caller_has_to_act(true);
            }
            Some(Err(_)) => this.call.code = Code::Internal,
            None if !this.in_trailers => this.call.code = this.known,
            None => {}
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
