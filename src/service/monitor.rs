//! `MonitorService`: who is under watch, and what changed for them.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio_stream::Stream;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status};

use super::caller::Caller;
use super::convert::{self, count};
use super::proto::monitor_service_server::MonitorService;
use super::proto::{
    ListWatchedRequest, ListWatchedResponse, UnwatchRequest, UnwatchResponse, WatchAlertsRequest,
    WatchAlertsResponse, WatchRequest, WatchResponse,
};
use super::server::Shared;
use super::status::{Failure, Reason, Violation};
use crate::review::monitor::{Monitor, NewWatch, WatchedFilter};

/// Watches of a page when the caller does not say, and at most.
const DEFAULT_PAGE_SIZE: usize = 100;
const MAX_PAGE_SIZE: usize = 1_000;

/// Most watches ended by one call.
const MAX_UNWATCHED: usize = 1_000;

/// Alerts read from the store at once, and waiting for a slow reader.
const ALERTS_AT_ONCE: usize = 100;

/// How often the store is asked for new alerts: another replica may have written them.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// The service, over what all services share.
pub(super) struct Monitoring(pub(super) Arc<Shared>);

impl Monitoring {
    fn monitor(&self) -> Result<Monitor, Failure> {
        let watching = self.0.config.watching.as_ref();
        watching.map(|w| w.monitor.clone()).ok_or_else(|| {
            let what = "nothing is watched here: the service has no store; serve a data folder";
            Failure::new(Reason::MonitoringOff, what)
        })
    }
}

#[tonic::async_trait]
impl MonitorService for Monitoring {
    type WatchAlertsStream = Pin<Box<dyn Stream<Item = Result<WatchAlertsResponse, Status>> + Send>>;

    async fn watch(&self, request: Request<WatchRequest>) -> Result<Response<WatchResponse>, Status> {
        let monitor = self.monitor()?;
        let caller = Caller::of(request.extensions());
        let request = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        let options = convert::options("options", request.options, &mut violations);
        let subject = convert::subject("subject", request.subject, &mut violations);
        let now = jiff::Timestamp::now();
        let ends = match request.end_time {
            None => Some(NewWatch::usual_end(now)),
            Some(end) => convert::instant(&end),
        };
        if ends.is_none() {
            violations.push(Violation::new("end_time", "is no time"));
        }
        let (subject, ends) = convert::checked(subject.zip(ends), violations)?;
        let watch = NewWatch {
            reference: request.reference,
            subject,
            options,
            purpose: request.purpose,
            added_by: caller.name.to_string(),
            ends,
        };
        watch.check(now).map_err(|error| {
            let field = if error.field == "end" { "end_time".to_owned() } else { error.field };
            Failure::invalid(vec![Violation::new(field, error.what)])
        })?;
        let added = monitor.add(&[watch]).await.map_err(Failure::from)?;
        if let Some(watching) = &self.0.config.watching {
            watching.look_now();
        }
        let (watch_id, renewed) = added.into_iter().next().map(|a| (a.id, a.renewed)).unwrap_or_default();
        Ok(Response::new(WatchResponse { watch_id, renewed, request_id: request.request_id }))
    }

    async fn unwatch(&self, request: Request<UnwatchRequest>) -> Result<Response<UnwatchResponse>, Status> {
        let monitor = self.monitor()?;
        let UnwatchRequest { watch_ids, request_id } = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request_id, &mut violations);
        if watch_ids.len() > MAX_UNWATCHED {
            violations.push(Violation::new("watch_ids", format!("more than {MAX_UNWATCHED}; send fewer")));
        }
        Failure::unless_valid(violations)?;
        let ended = monitor.remove(&watch_ids).await.map_err(Failure::from)?;
        Ok(Response::new(UnwatchResponse { ended: count(ended), request_id }))
    }

    async fn list_watched(
        &self,
        request: Request<ListWatchedRequest>,
    ) -> Result<Response<ListWatchedResponse>, Status> {
        let monitor = self.monitor()?;
        let request = request.into_inner();
        let mut violations = Vec::new();
        convert::request_id("request_id", &request.request_id, &mut violations);
        Failure::unless_valid(violations)?;
        let after = cursor(&request.page_token)?;
        let limit = match usize::try_from(request.page_size) {
            Ok(0) | Err(_) => DEFAULT_PAGE_SIZE,
            Ok(size) => size.min(MAX_PAGE_SIZE),
        };
        let filter =
            WatchedFilter { id: request.watch_id, reference: request.reference, troubled: request.troubled };
        let page = monitor.list(&filter, after, limit).await.map_err(Failure::from)?;
        Ok(Response::new(ListWatchedResponse {
            watched: page.watched.into_iter().map(convert::watched).collect(),
            next_page_token: page.next.map(|n| n.to_string()).unwrap_or_default(),
            request_id: request.request_id,
        }))
    }

    async fn watch_alerts(
        &self,
        request: Request<WatchAlertsRequest>,
    ) -> Result<Response<Self::WatchAlertsStream>, Status> {
        let monitor = self.monitor()?;
        let after = cursor(&request.into_inner().cursor)?;
        let place = Arc::clone(&self.0.streams).try_acquire_owned().map_err(|_| {
            Failure::new(Reason::TooManyStreams, "too many streams are open already; try again later")
        })?;
        let (send, receive) = mpsc::channel(ALERTS_AT_ONCE);
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move {
            tokio::select! {
                // Whoever reads begins again elsewhere, with the last cursor.
                () = shared.draining() => {}
                () = follow(monitor, after, &send, place) => {}
                () = send.closed() => {}
            }
        });
        Ok(Response::new(Box::pin(ReceiverStream::new(receive))))
    }
}

/// Sends alerts after a cursor until the reader has gone or the store fails. A slow reader makes it wait.
async fn follow(
    monitor: Monitor,
    mut after: i64,
    send: &mpsc::Sender<Result<WatchAlertsResponse, Status>>,
    _place: OwnedSemaphorePermit,
) {
    let mut caught_up = false;
    loop {
        let alerts = match monitor.alerts(after, ALERTS_AT_ONCE).await {
            Ok(alerts) => alerts,
            Err(error) => {
                let _ = send.send(Err(Failure::from(error).into())).await;
                return;
            }
        };
        let all = alerts.len() < ALERTS_AT_ONCE;
        for alert in alerts {
            after = alert.number;
            let cursor = after.to_string();
            let response =
                WatchAlertsResponse { alert: Some(convert::alert(alert)), cursor, caught_up: false };
            if send.send(Ok(response)).await.is_err() {
                return;
            }
        }
        if all && !std::mem::replace(&mut caught_up, true) {
            let response = WatchAlertsResponse { alert: None, cursor: after.to_string(), caught_up: true };
            if send.send(Ok(response)).await.is_err() {
                return;
            }
        }
        if all {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// The number in a cursor or page token; 0 for an empty one.
fn cursor(text: &str) -> Result<i64, Failure> {
    match text {
        "" => Ok(0),
        text => text.parse().ok().filter(|n| *n >= 0).ok_or_else(|| {
            Failure::new(
                Reason::PageTokenInvalid,
                "the cursor is not one that was given out; begin without it",
            )
        }),
    }
}
