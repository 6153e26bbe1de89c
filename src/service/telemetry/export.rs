//! The numbers as text, for Prometheus.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;

use super::Metrics;
use crate::screening::{Options, Stamp};
use crate::service::server::Shared;
use crate::update::State as UpdateState;

/// How often measured durations are summed up, so that they do not pile up where nobody asks.
const UPKEEP: Duration = Duration::from_secs(1);

/// Gives the numbers of a server.
pub(in crate::service) struct Exporter {
    handle: PrometheusHandle,
    metrics: Arc<Metrics>,
    shared: Arc<Shared>,
    /// The lists that were told of last.
    lists: Mutex<BTreeSet<String>>,
}

/// What is told of each list that is served.
const OF_LISTS: [&str; 4] =
    ["zeef_list_age_days", "zeef_list_stale", "zeef_list_entities", "zeef_list_imported_timestamp_seconds"];

impl Exporter {
    /// Of this server.
    pub(in crate::service) fn new(metrics: Arc<Metrics>, shared: Arc<Shared>) -> Arc<Self> {
        Arc::new(Self { handle: metrics.handle(), metrics, shared, lists: Mutex::default() })
    }

    /// Sums up what was measured, now and then. Never returns.
    ///
    /// Beside the transport's threads: of a busy service it is tens of thousands of durations, for milliseconds in
    /// which no call would come in or go out.
    pub(in crate::service) async fn keep_up(self: Arc<Self>) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            let handle = self.handle.clone();
            // It fails only where the service has ended.
            let _ = tokio::task::spawn_blocking(move || handle.run_upkeep()).await;
        }
    }

    /// Lists that were told of and are not served any longer have no age: one that was removed must not be called
    /// stale for ever.
    fn forget_all_but(&self, served: BTreeSet<String>) {
        // Nothing that panics runs under the lock.
        let mut told = self.lists.lock().unwrap_or_else(PoisonError::into_inner);
        for list in told.difference(&served) {
            for name in OF_LISTS {
                self.metrics.set(name, &[("list", list.as_str())], f64::NAN);
            }
        }
        *told = served;
    }

    /// What became of updates, whichever process made them.
    fn updates(&self, state: &UpdateState) {
        for (list, known) in &state.lists {
            let labels = [("list", list.as_str())];
            if let Some(checked) = known.checked {
                self.metrics.set("zeef_list_checked_timestamp_seconds", &labels, seconds(checked));
            }
            self.metrics.set("zeef_list_update_failures", &labels, f64::from(known.failures));
        }
    }

    /// Everything, as of now. Reads a small file.
    fn text(&self) -> String {
        let (metrics, shared) = (&self.metrics, &self.shared);
        metrics.set("zeef_queued_calls", &[], count(shared.workers.queued()));
        let streams = shared.config.max_streams.saturating_sub(shared.streams.available_permits());
        metrics.set("zeef_open_streams", &[], count(streams));
        if let Some(records) = &shared.config.records {
            metrics.set("zeef_audit_waiting", &[], count(records.recorder.waiting()));
            metrics.set("zeef_audit_lag_seconds", &[], records.recorder.lag().as_secs_f64());
        }
        let screener = shared.screener().ok();
        metrics.set("zeef_serving", &[], f64::from(u8::from(shared.screener_to_ask().is_ok())));
        let served = screener.iter().flat_map(|screener| &screener.snapshot().manifest().lists);
        self.forget_all_but(served.map(|list| list.list.clone()).collect());
        if let Some(screener) = screener {
            let manifest = screener.snapshot().manifest();
            let stamp: Stamp = screener.stamp(&Options::default(), Timestamp::now());
            for list in &stamp.lists {
                let labels = [("list", list.list.as_str())];
                #[allow(clippy::cast_precision_loss, reason = "no list is 2^53 days old")]
                let age = list.age_days as f64;
                metrics.set("zeef_list_age_days", &labels, age);
                metrics.set("zeef_list_stale", &labels, f64::from(u8::from(list.stale)));
            }
            for list in &manifest.lists {
                #[allow(clippy::cast_precision_loss, reason = "no list has 2^53 entities")]
                let entities = list.counts.entities as f64;
                metrics.set("zeef_list_entities", &[("list", &list.list)], entities);
                if let Ok(imported) = list.imported.parse::<Timestamp>() {
                    let labels = [("list", list.list.as_str())];
                    metrics.set("zeef_list_imported_timestamp_seconds", &labels, seconds(imported));
                }
            }
            if let Some((folder, _)) = screener.snapshot().origin() {
                self.updates(&crate::update::state(folder));
            }
        }
        self.handle.render()
    }
}

/// A time as the number that Prometheus knows.
#[allow(clippy::cast_precision_loss, reason = "seconds since 1970 stay below 2^53")]
fn seconds(time: Timestamp) -> f64 {
    time.as_second() as f64
}

/// A count as the number that Prometheus knows.
#[allow(clippy::cast_precision_loss, reason = "nothing here is counted beyond 2^53")]
fn count(n: usize) -> f64 {
    n as f64
}

/// The page `/metrics`.
pub(in crate::service) fn page(exporter: Arc<Exporter>) -> Router {
    Router::new().route("/metrics", get(numbers)).with_state(exporter)
}

/// Whether there are lists to screen against: for probes that speak no gRPC.
/// Says which lists are older than allowed, too.
async fn ready(State(exporter): State<Arc<Exporter>>) -> (StatusCode, String) {
    let (status, word) = if exporter.shared.is_serving() {
        (StatusCode::OK, "serving")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not serving")
    };
    let stale = exporter.shared.stale_lists().unwrap_or_default();
    let stale = if stale.is_empty() { String::new() } else { format!("; too old: {}", stale.join(", ")) };
    (status, format!("{word}{stale}\n"))
}

async fn numbers(State(exporter): State<Arc<Exporter>>) -> Response {
    // What is remembered of updates lies in a file.
    match tokio::task::spawn_blocking(move || exporter.text()).await {
        Ok(text) => ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Serves `/metrics`, `/livez` and `/readyz` on a port of its own, for whoever watches from the same machine or
/// network and has no credentials. Never returns.
pub(in crate::service) async fn listen(listener: TcpListener, exporter: Arc<Exporter>) {
    let probes = Router::new().route("/livez", get(async || "alive\n")).route("/readyz", get(ready));
    let pages = page(Arc::clone(&exporter)).merge(probes.with_state(exporter));
    if let Err(error) = axum::serve(listener, pages).await {
        tracing::error!(%error, "metrics are served no longer");
    }
}
