//! The server: listener, health, reflection, services, the page, shutdown.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Server;

use super::accept;
use super::access::{self, Access, AccessConfig, Gate, Gated};
use super::cases::Cases;
use super::config::{Config, ServeConfig};
use super::entities::Entities;
use super::handle::ScreenerHandle;
use super::health;
use super::lists::Lists;
use super::monitor::Monitoring;
use super::proto;
use super::proto::case_service_server::CaseServiceServer;
use super::proto::entity_service_server::EntityServiceServer;
use super::proto::list_service_server::ListServiceServer;
use super::proto::monitor_service_server::MonitorServiceServer;
use super::proto::review_service_server::ReviewServiceServer;
use super::proto::screening_service_server::ScreeningServiceServer;
use super::reload::{self, ServeEvent};
use super::reviews::Reviews;
use super::routes::Routes;
use super::screening::Screening;
use super::status::Failure;
use super::telemetry::calls::Calls;
use super::telemetry::{self, Exporter, Metrics};
use super::upkeep;
use super::watching;
use super::workers::{THREAD_PREFIX, Workers};
use crate::review::Records;
use crate::review::privacy::{self, Retention};
use crate::review::store::StoreError;
use crate::screening::{Options, Screener};
use crate::web;

/// HTTP/2 flow-control windows. The protocol's 64 KiB would stop a stream of screenings every few
/// hundred items to wait for the other side. 256 KiB carry 50,000 items a second over 50 ms of
/// distance; more would only be more to wait behind for calls on the same connection.
const STREAM_WINDOW: u32 = 256 << 10;
const CONNECTION_WINDOW: u32 = 1 << 20;

/// Longest header list taken from a caller, in bytes. Ours need a few hundred.
const MAX_HEADER_BYTES: u32 = 16 << 10;

/// The service could not start, or its listener failed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The operating system gave no threads or no address.
    #[error("cannot start the service: {0}")]
    Start(#[from] io::Error),
    /// The transport failed.
    #[error("the gRPC transport failed: {0}")]
    Transport(#[from] tonic::transport::Error),
    /// The store of records cannot be used.
    #[error("records cannot be kept: {0}")]
    Records(#[from] StoreError),
    /// The embedded descriptors are damaged: a broken build.
    #[error("server reflection cannot be built: {0}")]
    Reflection(#[from] tonic_reflection::server::Error),
}

/// What all services share.
pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) workers: Workers,
    pub(crate) metrics: Arc<Metrics>,
    /// One permit per open `ScreenStream` call.
    pub(super) streams: Arc<Semaphore>,
    handle: Arc<ScreenerHandle>,
    draining: watch::Receiver<bool>,
    /// True as soon as a shutdown is announced, before it begins.
    announced: watch::Receiver<bool>,
}

impl Shared {
    /// The screener that this call is answered with.
    pub(crate) fn screener(&self) -> Result<Arc<Screener>, Failure> {
        self.handle.current().ok_or_else(Failure::no_snapshot)
    }

    /// The screener that somebody is screened with: where the operator wants it, only while no list is too old.
    pub(crate) fn screener_to_ask(&self) -> Result<Arc<Screener>, Failure> {
        let screener = self.screener()?;
        if self.config.refuse_stale {
            let stale = stale_lists(&screener);
            if !stale.is_empty() {
                return Err(Failure::stale_lists(&stale));
            }
        }
        Ok(screener)
    }

    /// The lists that are older than the operator allows; none at all where nothing is loaded.
    pub(super) fn stale_lists(&self) -> Option<Vec<String>> {
        self.handle.current().map(|screener| stale_lists(&screener))
    }

    /// Whether somebody can be screened, and there is no shutdown.
    pub(super) fn is_serving(&self) -> bool {
        self.screener_to_ask().is_ok() && !*self.announced.borrow()
    }

    /// Returns once the service shuts down.
    pub(super) async fn draining(&self) {
        // A dropped sender means that the server has gone.
        let _ = self.draining.clone().wait_for(|draining| *draining).await;
    }
}

/// The lists of a screener that are older than the operator allows, as of now.
fn stale_lists(screener: &Screener) -> Vec<String> {
    let stamp = screener.stamp(&Options::default(), jiff::Timestamp::now());
    stamp.lists.into_iter().filter(|list| list.stale).map(|list| list.list).collect()
}

/// The runtime that a service is served on: half as many threads as there are cores, at least one.
///
/// They carry messages; screening has as many threads of its own as there are cores ([`Config::threads`]). More of
/// these would take turns with those: on two cores a second one woke for nearly every call, and the median of calls
/// at half of the greatest rate was half as long again (`cargo bench --bench grpc`).
///
/// # Errors
/// When the operating system gives no threads.
pub fn runtime() -> io::Result<Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Builder::new_multi_thread().worker_threads((cores / 2).max(1)).enable_all().build()
}

/// Serves what `handle` holds on `listener` until `shutdown`, then drains.
///
/// Draining: health turns NOT_SERVING; after [`Config::drain_notice`] nothing more is accepted, streams
/// end after the items that they have read, running calls may end; after [`Config::drain_limit`] what
/// still runs is cut.
///
/// # Errors
/// See [`ServiceError`]. Errors of single connections are not among them.
pub async fn run(
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    config: Config,
    handle: Arc<ScreenerHandle>,
) -> Result<(), ServiceError> {
    run_watched(listener, shutdown, config, handle, None).await
}

/// [`run`], with a second listener for whoever watches.
async fn run_watched(
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    config: Config,
    handle: Arc<ScreenerHandle>,
    watched_on: Option<TcpListener>,
) -> Result<(), ServiceError> {
    let (drain, draining) = watch::channel(false);
    let (cut, cord) = watch::channel(false);
    let (announcement, announced) = watch::channel(false);
    let metrics = config.metrics.clone().unwrap_or_else(Metrics::of_a_server);
    let access = match config.access.clone() {
        Some(access) => access,
        None => Arc::new(Access::new(AccessConfig::default()).map_err(io::Error::other)?),
    };
    let shared = Arc::new(Shared {
        metrics: Arc::clone(&metrics),
        workers: Workers::new(config.threads, config.max_queued)?,
        streams: Arc::new(Semaphore::new(config.max_streams)),
        handle: Arc::clone(&handle),
        draining: draining.clone(),
        announced,
        config: config.clone(),
    });

    // Ends with this function, wherever it is; what it was doing is done by the next process.
    let mut beside = tokio::task::JoinSet::new();
    if let Some(watching) = config.watching.clone() {
        beside.spawn(watching::run(watching, Arc::clone(&handle)));
    }

    let watched = Arc::clone(&shared);
    let (health, health_service) = tonic_health::server::health_reporter();
    let loaded = handle.watch();
    // Health must not say anything before it is known.
    health::withdraw(&health).await;

    let size = config.max_message_bytes;
    let reflection = || {
        tonic_reflection::server::Builder::configure()
            .register_encoded_file_descriptor_set(proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let screening =
        ScreeningServiceServer::new(Screening(Arc::clone(&shared))).max_decoding_message_size(size);
    let grpc = tonic::service::Routes::new(health_service)
        .add_service(reflection().build_v1()?)
        .add_service(reflection().build_v1alpha()?)
        .add_service(CaseServiceServer::new(Cases(Arc::clone(&shared))).max_decoding_message_size(size))
        .add_service(EntityServiceServer::new(Entities(Arc::clone(&shared))).max_decoding_message_size(size))
        .add_service(ListServiceServer::new(Lists(Arc::clone(&shared))).max_decoding_message_size(size))
        .add_service(
            MonitorServiceServer::new(Monitoring(Arc::clone(&shared))).max_decoding_message_size(size),
        )
        .add_service(ReviewServiceServer::new(Reviews(Arc::clone(&shared))).max_decoding_message_size(size));
    let calls = Calls::new(Arc::clone(&metrics));
    let exporter = Exporter::new(Arc::clone(&metrics), Arc::clone(&shared));
    let web = web::routes(shared)
        .merge(access::login_routes(Arc::clone(&access)))
        .merge(telemetry::page(Arc::clone(&exporter)));
    let gate = Gate { access, calls: Arc::clone(&calls) };
    let gated = Gated::new(gate, Routes::new(screening, grpc, web));
    let builder = Server::builder()
        // The page and gRPC-Web come over HTTP/1.1 too.
        .accept_http1(true)
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_concurrent_streams(config.max_calls_per_connection)
        .http2_keepalive_interval(Some(config.keepalive_interval))
        .http2_keepalive_timeout(Some(config.keepalive_timeout))
        .http2_max_header_list_size(MAX_HEADER_BYTES);

    let incoming = ReceiverStream::new(accept::connections(listener, &config, cord, metrics));
    let mut beside = JoinSet::new();
    beside.spawn(calls.cut_stalled(config.slow_reader));
    beside.spawn(Arc::clone(&exporter).keep_up());
    if let Some(listener) = watched_on {
        beside.spawn(telemetry::listen(listener, exporter));
    }

    let mut stop_accepting = draining;
    let server = builder.serve_with_incoming_shutdown(gated, incoming, async move {
        let _ = stop_accepting.wait_for(|draining| *draining).await;
    });
    let mut server = std::pin::pin!(server);
    tokio::select! {
        result = &mut server => return Ok(result?),
        () = health::follow(&health, &watched, loaded) => {}
        () = shutdown => {}
    }

    announcement.send_replace(true);
    health::withdraw(&health).await;
    tokio::select! {
        result = &mut server => return Ok(result?),
        () = tokio::time::sleep(config.drain_notice) => {}
    }
    drain.send_replace(true);
    // Watchers have been told and would otherwise hold the shutdown to its limit.
    health::end_watches(health).await;
    match tokio::time::timeout(config.drain_limit, &mut server).await {
        Ok(result) => Ok(result?),
        Err(_) => {
            tracing::warn!(limit = ?config.drain_limit, "calls still running at the drain limit are cut");
            cut.send_replace(true);
            // The connections' tasks end at their next read; a moment is enough.
            let _ = tokio::time::timeout(Duration::from_secs(1), &mut server).await;
            Ok(())
        }
    }
}

/// Serves a data folder, or one snapshot, on `listener` until `shutdown`.
///
/// A folder without a snapshot is served as NOT_SERVING until one appears; a folder whose snapshot
/// changes is served anew without a pause. `events` hears of both, for the operator's eyes.
///
/// # Errors
/// See [`ServiceError`].
pub async fn serve(
    config: ServeConfig,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
    events: impl Fn(ServeEvent) + Send + Sync + 'static,
) -> Result<(), ServiceError> {
    report_panics_without_their_texts();
    let mut config = config;
    let mut purged = None;
    if let Some(records) = &config.records {
        let retention = records.retention.clone();
        let records = Records::open(&records.store, records.on_failure).await?;
        purged = Some((records.clone(), retention));
        config.server.records = Some(records);
    }
    let handle = Arc::new(ScreenerHandle::empty());
    let mut server = config.server.clone();
    let metrics = server.metrics.get_or_insert_with(Metrics::of_a_server);
    let metrics = Arc::clone(metrics);
    let watched_on = match &config.watched_on {
        Some(listener) => Some(TcpListener::from_std(listener.try_clone()?)?),
        None => None,
    };
    let events = Arc::new(events);
    let mut beside = JoinSet::new();
    if let Some((records, retention)) = purged {
        beside.spawn(purge_nightly(records, retention));
    }
    if let Some(tls) = server.tls.clone() {
        beside.spawn(upkeep::certificates(tls, config.files_interval, Arc::clone(&events)));
    }
    if let Some(access) = server.access.clone() {
        beside.spawn(upkeep::keys(access, config.files_interval, Arc::clone(&events)));
    }
    let told = move |event: ServeEvent| {
        match &event {
            ServeEvent::Serving(_) => metrics.snapshot(true),
            ServeEvent::Unusable(_) => metrics.snapshot(false),
            _ => {}
        }
        events(event);
    };
    beside.spawn(reload::watch(config, Arc::clone(&handle), told));
    let records = server.records.clone();
    let result = run_watched(listener, shutdown, server, handle, watched_on).await;
    // What works beside the server must be done with the store before it is closed.
    beside.shutdown().await;
    if let Some(records) = records {
        records.store.close().await;
    }
    result
}

/// Between two purges.
const PURGE_EVERY: Duration = Duration::from_secs(24 * 3600);

/// Removes every day what has been kept long enough, beginning soon after the start: a service that is
/// restarted every day purges too.
async fn purge_nightly(records: Records, retention: Retention) {
    let mut wait = Duration::from_secs(60);
    loop {
        tokio::time::sleep(wait).await;
        wait = PURGE_EVERY;
        match privacy::purge(&records, "zeef serve", &retention, jiff::Timestamp::now()).await {
            Ok(purged) => tracing::info!(parts = purged.parts, matches = purged.matches, "purged"),
            Err(error) => {
                tracing::error!(%error, "what has been kept long enough could not be purged; trying again in an hour");
                wait = Duration::from_secs(3600);
            }
        }
    }
}

/// A panic's text can quote the string at hand, and that may be a screened name: of panics on threads
/// that answer calls only the place is reported. Other threads keep the hook that was there.
fn report_panics_without_their_texts() {
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let thread = std::thread::current();
        let answers_calls = |name: &str| name.starts_with(THREAD_PREFIX) || name.starts_with("tokio-");
        if !thread.name().is_some_and(answers_calls) {
            return others(panic);
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a panic was caught; this is a fault of the program, please report it");
    }));
}
