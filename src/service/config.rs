//! Limits of the service. Every default says why it has its value.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::access::Access;
use super::telemetry::Metrics;
use super::tls::Tls;
use super::watching::Watching;
use crate::index::Snapshot;
use crate::review::privacy::Retention;
use crate::review::store::StoreUrl;
use crate::review::{OnFailure, Records};
use crate::screening::policy::{EMBEDDED, Profile};

/// Limits and timings of one server.
#[derive(Clone)]
pub struct Config {
    /// Threads for CPU work. Default: one per core, since screening never waits for anything.
    pub threads: usize,
    /// Unary calls that may wait for a thread or run on one. Default: 256 per thread; a screening
    /// takes well under a millisecond, so that a full queue is a fraction of a second of work.
    pub max_queued: usize,
    /// Longest time that a unary call or an item of a stream may take, whatever its caller allows.
    /// Default: 30 s. An ordinary
    /// screening takes well under a millisecond; but two subjects with hundreds of names at full length
    /// take minutes to compare, and a caller without a deadline would hold a thread as long.
    pub longest_call: Duration,
    /// `ScreenStream` calls served at once, over all connections. Default: 64.
    pub max_streams: usize,
    /// Most items of a stream screened as one job. Default: 64; larger jobs gain nothing and make
    /// other streams wait longer for their turn.
    pub batch_size: usize,
    /// Batches of one stream read ahead of the answers that its caller has taken. Default: 8. With
    /// `batch_size` it bounds the memory of a stream.
    pub batches_in_flight: usize,
    /// Largest request message in bytes. Default: 1 MiB; a subject with all aliases at full length in
    /// Latin script fits.
    pub max_message_bytes: usize,
    /// Calls open at once on one connection. Default: 256.
    pub max_calls_per_connection: u32,
    /// Connections open at once; further ones wait to be accepted. Default: 1,024.
    pub max_connections: usize,
    /// Connections open at once from one address; further ones are closed at once. Default: 256, so that no one
    /// address can keep all others out. A proxy before the service is one address.
    pub max_connections_per_address: usize,
    /// How long a new connection may take to finish TLS, and again to say what it wants. Default: 10 s.
    pub handshake_timeout: Duration,
    /// How long a caller may leave an answer untaken before its connection is cut. Default: 2 minutes, within
    /// which whoever works through a stream slowly takes at least some.
    pub slow_reader: Duration,
    /// How long a stream of screenings may be left without an item. Default: 15 minutes.
    pub idle_stream: Duration,
    /// How often a silent connection is asked whether it is alive. Default: 30 s.
    pub keepalive_interval: Duration,
    /// How long it may take to say so. Default: 20 s.
    pub keepalive_timeout: Duration,
    /// Between the announcement of a shutdown (health NOT_SERVING) and the end of accepting, so that
    /// balancers can turn away. Default: none; set it behind a balancer that polls health.
    pub drain_notice: Duration,
    /// Policies by which cases are read, by their ids. Default: those that come with zeef.
    pub policies: Arc<Vec<Profile>>,
    /// Whether nobody is screened while a list is older than the operator allows. Default: no; answers say it.
    pub refuse_stale: bool,
    /// Who is under watch, and where alerts go. Default: nobody is.
    pub watching: Option<Watching>,
    /// Where answers are recorded and suspected matches are kept. Default: nowhere.
    pub records: Option<Records>,
    /// Longest time that running calls are given to end at shutdown; then their connections are cut.
    /// Default: 10 s.
    pub drain_limit: Duration,
    /// Who may call. Default: everybody, which is for one machine.
    pub access: Option<Arc<Access>>,
    /// What connections are secured with. Default: nothing.
    pub tls: Option<Arc<Tls>>,
    /// Whether a proxy before the service ends TLS: cookies are then marked as for TLS. Default: no.
    pub behind_tls_proxy: bool,
    /// What is counted. Default: counted anew by each server.
    pub metrics: Option<Arc<Metrics>>,
}

impl Default for Config {
    fn default() -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            threads,
            max_queued: 256 * threads,
            longest_call: Duration::from_secs(30),
            max_streams: 64,
            batch_size: 64,
            batches_in_flight: 8,
            max_message_bytes: 1 << 20,
            max_calls_per_connection: 256,
            max_connections: 1024,
            max_connections_per_address: 256,
            handshake_timeout: Duration::from_secs(10),
            slow_reader: Duration::from_secs(120),
            idle_stream: Duration::from_secs(15 * 60),
            keepalive_interval: Duration::from_secs(30),
            keepalive_timeout: Duration::from_secs(20),
            drain_notice: Duration::ZERO,
            // Their tests hold that all of them can be read.
            policies: Arc::new(EMBEDDED.iter().filter_map(|(id, _)| Profile::open(id).ok()).collect()),
            refuse_stale: false,
            watching: None,
            records: None,
            drain_limit: Duration::from_secs(10),
            access: None,
            tls: None,
            behind_tls_proxy: false,
            metrics: None,
        }
    }
}

/// Where the lists come from.
#[derive(Clone)]
pub enum DataSource {
    /// A data folder, watched for new snapshots. May still be without one.
    Folder(PathBuf),
    /// A snapshot that never changes, such as the bundled demonstration lists.
    Fixed(Arc<Snapshot>),
}

/// Where and how records are kept.
#[derive(Clone, Debug)]
pub struct RecordsConfig {
    /// The store.
    pub store: StoreUrl,
    /// What happens to a screening that cannot be recorded.
    pub on_failure: OnFailure,
    /// How long what is kept; purged every night.
    pub retention: Retention,
}

/// What [`serve`](super::serve) serves, and how.
#[derive(Clone)]
pub struct ServeConfig {
    /// The lists.
    pub data: DataSource,
    /// Per list the age in days from which it counts as stale. What is sent later counts from then on.
    pub max_age_days: watch::Receiver<Vec<(String, i64)>>,
    /// How often the data folder is looked at. Default: 2 s.
    pub poll_interval: Duration,
    /// Where records are kept; nowhere when absent. Answers from demonstration lists are never recorded.
    pub records: Option<RecordsConfig>,
    /// How often the files of TLS and the keys of an identity provider's file are looked at. Default: 10 s.
    pub files_interval: Duration,
    /// Where metrics and health are given over HTTP beside the service; none for the service's port alone.
    pub watched_on: Option<Arc<std::net::TcpListener>>,
    /// Limits of the server.
    pub server: Config,
}

impl ServeConfig {
    /// Serves `data` with the defaults.
    pub fn of(data: DataSource) -> Self {
        Self {
            data,
            // Without a sender nothing ever changes.
            max_age_days: watch::channel(Vec::new()).1,
            poll_interval: Duration::from_secs(2),
            records: None,
            files_interval: Duration::from_secs(10),
            watched_on: None,
            server: Config::default(),
        }
    }
}
