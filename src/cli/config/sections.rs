//! The sections of the configuration, as written.
//!
//! A section is a structure with `#[serde(default, deny_unknown_fields)]` and a field of [`Sections`];
//! nothing else has to know it: keys, lines of faults and variables of the environment follow from the
//! type. Use [`Span`] for lengths of time, [`FilePath`] for paths, and for a secret the pair `x` of
//! [`Secret`] and `x_file` of [`FilePath`]. What must fit together is checked in `check`; the keys that a
//! running server takes up stand in `reload`.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::Deserialize;

use super::values::{FilePath, Fingerprint, Instant, Secret, Span};
use crate::service::access::Scope;

/// The whole configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Sections {
    /// What is served where.
    pub server: Server,
    /// The lists.
    pub data: Data,
    /// What is kept of screenings.
    pub records: RecordsSection,
    /// TLS.
    pub tls: Tls,
    /// Who may call.
    pub access: Access,
    /// Limits of the service.
    pub limits: Limits,
    /// Servers that alerts are delivered to, by a name of the operator's choice.
    pub webhooks: BTreeMap<String, WebhookTarget>,
    /// Lists that are kept fresh.
    pub update: Update,
    /// Where the service is watched.
    pub metrics: Metrics,
    /// What is logged, and how.
    pub log: Log,
    /// Where traces go.
    pub traces: Traces,
}

/// `[server]`: what is served where.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Server {
    /// Address and port; 127.0.0.1:50051 unless given.
    pub listen: Option<String>,
    /// Listen beyond this machine although TLS or credentials are missing.
    pub insecure_listen: bool,
    /// A proxy before the service ends TLS: cookies are marked as for TLS.
    pub behind_tls_proxy: bool,
    /// Policies by which cases are read, beside those that come with zeef.
    pub policies: Vec<FilePath>,
    /// Threads for CPU work.
    pub threads: Option<usize>,
    /// Between health NOT_SERVING and the end of accepting, at shutdown.
    pub drain_notice: Option<Span>,
    /// Longest time that running calls are given to end at shutdown.
    pub drain_limit: Option<Span>,
}

/// `[data]`: the lists.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Data {
    /// The folder that `zeef import` fills.
    pub folder: Option<FilePath>,
    /// Work on the bundled demonstration lists.
    pub demo: bool,
    /// Age in days from which a list counts as stale; `default` for all that are not named.
    pub max_age_days: BTreeMap<String, i64>,
    /// Nobody is screened while a list is stale.
    pub refuse_stale: bool,
    /// How often the folder is looked at.
    pub poll_interval: Option<Span>,
}

/// `[records]`: what is kept of screenings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct RecordsSection {
    /// Whether anything is recorded; it is unless this says no.
    pub enabled: Option<bool>,
    /// Where: `sqlite:FILE` or `postgres://USER@HOST/DATABASE`; a file in the data folder unless given.
    pub store: Option<String>,
    /// What happens to a screening that cannot be recorded.
    pub on_failure: OnFailureWord,
    /// Days that personal contents are kept, by purpose; `default` for all that are not named.
    pub keep_days: BTreeMap<String, u32>,
    /// Days that suspected matches are kept after their decision, where no policy says so.
    pub keep_decided_days: Option<u32>,
}

/// What happens to a screening that cannot be recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum OnFailureWord {
    /// It is not answered.
    #[default]
    Refuse,
    /// It is answered, and the log says that it was not recorded.
    Serve,
}

/// `[tls]`: certificates, in PEM. Files that change are taken up.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Tls {
    /// The server's certificate and those between it and the root.
    pub certificate: Option<FilePath>,
    /// Its key.
    pub key: Option<FilePath>,
    /// Authorities whose clients' certificates are accepted (mTLS).
    pub client_authorities: Option<FilePath>,
    /// Whether a client without a certificate is refused; yes unless said otherwise.
    pub require_client_certificate: Option<bool>,
}

/// `[access]`: who may call. With any token, certificate or identity provider, nobody else may.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Access {
    /// What callers may do of whom nothing is known.
    pub anonymous: Vec<Scope>,
    /// Whether reflection answers them.
    pub open_reflection: bool,
    /// Tokens.
    pub tokens: Vec<Token>,
    /// Clients' certificates that stand for a token.
    pub certificates: Vec<Certificate>,
    /// An identity provider.
    pub oidc: Option<Oidc>,
    /// What the page's sessions are signed with; a key of this process unless given.
    pub session_key: Option<Secret>,
    /// The file that holds it.
    pub session_key_file: Option<FilePath>,
    /// How long a person stays logged in.
    pub session_length: Option<Span>,
}

/// `[[access.tokens]]`: a token, as `zeef token new` writes it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Token {
    /// The client's name.
    pub name: String,
    /// SHA-256 of the token.
    pub sha256: Fingerprint,
    /// What the client may do.
    pub scopes: Vec<Scope>,
    /// Until when it lets in.
    #[serde(default)]
    pub expires: Option<Instant>,
    /// How much the client may ask for.
    #[serde(default)]
    pub allowance: Option<Client>,
}

/// `[[access.certificates]]`: a client's certificate.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::cli) struct Certificate {
    /// The client's name.
    pub name: String,
    /// SHA-256 of the certificate (`openssl x509 -fingerprint -sha256`).
    pub sha256: Fingerprint,
    /// What the client may do.
    pub scopes: Vec<Scope>,
    /// How much the client may ask for.
    #[serde(default)]
    pub allowance: Option<Client>,
}

/// `[access.oidc]`: an identity provider.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Oidc {
    /// The issuer, exactly as its tokens write it.
    pub issuer: String,
    /// The audience that tokens must name.
    pub audience: String,
    /// Where its keys are.
    pub jwks_url: Option<String>,
    /// The file that holds them.
    pub jwks_file: Option<FilePath>,
    /// How far its clock may be off.
    pub clock_skew: Option<Span>,
    /// The claim that names the caller; `sub` unless given.
    pub name_claim: Option<String>,
    /// The claim that says what the caller may do; `scope` unless given.
    pub scope_claim: Option<String>,
    /// What the words of that claim grant.
    pub grants: BTreeMap<String, Vec<Scope>>,
    /// How people log in to the page through it; by tokens alone unless given.
    pub login: Option<OidcLogin>,
}

/// `[access.oidc.login]`: how people log in to the page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct OidcLogin {
    /// Who zeef is at the provider.
    pub client_id: String,
    /// The secret that proves it: from the environment, or a file of its own.
    pub client_secret: Option<Secret>,
    /// The file that holds it.
    pub client_secret_file: Option<FilePath>,
    /// Where people come back to, exactly as the provider knows it.
    pub redirect_uri: String,
    /// What the provider is asked for; `openid profile` unless given.
    pub scopes: Vec<String>,
    /// Where people log in; discovered unless given.
    pub authorization_endpoint: Option<String>,
    /// Where a code becomes a token; discovered unless given.
    pub token_endpoint: Option<String>,
}

/// `[metrics]`: where the service is watched.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Metrics {
    /// Address and port for `/metrics`, `/livez` and `/readyz`, without credentials.
    pub listen: Option<String>,
}

/// What one client may ask for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Client {
    /// Screenings a second on average.
    pub per_second: Option<NonZeroU32>,
    /// Screenings at once after a pause.
    pub burst: Option<NonZeroU32>,
    /// Screenings a day.
    pub per_day: Option<u64>,
    /// Calls open at once.
    pub calls_at_once: Option<usize>,
}

/// `[limits]`: what one server takes upon itself. README says what each is for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Limits {
    /// Largest request message in bytes.
    pub max_message_bytes: Option<usize>,
    /// Connections open at once.
    pub max_connections: Option<usize>,
    /// Connections open at once from one address.
    pub max_connections_per_address: Option<usize>,
    /// How long a connection may take for TLS, and again to say what it wants.
    pub handshake_timeout: Option<Span>,
    /// How long an answer may be left untaken.
    pub slow_reader: Option<Span>,
    /// How long a stream may be left without an item.
    pub idle_stream: Option<Span>,
    /// What each client may ask for, where its entry does not say.
    pub client: Client,
    /// Calls open at once on one connection.
    pub max_calls_per_connection: Option<u32>,
    /// Streams of screenings open at once.
    pub max_streams: Option<usize>,
    /// Unary calls that may wait for a thread or run on one.
    pub max_queued: Option<usize>,
    /// Items of a stream screened as one job.
    pub batch_size: Option<usize>,
    /// Batches of one stream read ahead of its answers.
    pub batches_in_flight: Option<usize>,
    /// Longest time of a unary call or an item.
    pub longest_call: Option<Span>,
    /// How often a silent connection is asked whether it is alive.
    pub keepalive_interval: Option<Span>,
    /// How long it may take to say so.
    pub keepalive_timeout: Option<Span>,
}

/// `[webhooks.NAME]`: a server that alerts of watched subjects are delivered to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct WebhookTarget {
    /// `https://…`; `http://` on this machine alone.
    pub url: String,
    /// What deliveries are signed with: from the environment, or a file of its own.
    pub secret: Option<Secret>,
    /// The file that holds the secret.
    pub secret_file: Option<FilePath>,
    /// Longest that one attempt may take.
    pub timeout: Option<Span>,
}

/// `[update]`: lists that are kept fresh.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Update {
    /// How long after an update a running service begins the next; none for only when asked.
    pub every: Option<Span>,
    /// How many generations stay in the folder.
    pub keep: Option<usize>,
    /// The proxy's address, or `none`; that of the environment unless given.
    pub proxy: Option<String>,
    /// Where lists come from, by their ids.
    pub sources: BTreeMap<String, UpdateSource>,
}

/// `[update.sources.LIST]`: where a list comes from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct UpdateSource {
    /// Its address. For `eu` the official one unless given.
    pub url: Option<String>,
    /// The token that the address wants, appended as `?token=`.
    pub token: Option<Secret>,
    /// The file that holds the token.
    pub token_file: Option<FilePath>,
    /// Files or folders in which somebody puts it, instead of an address.
    pub files: Vec<FilePath>,
    /// Longest time for a download, all attempts together.
    pub deadline: Option<Span>,
    /// Largest file taken, in bytes.
    pub max_bytes: Option<u64>,
}

/// `[log]`: what is logged, and how. Nothing that is screened ever is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Log {
    /// Levels, as `RUST_LOG` writes them; `warn,zeef=info` unless given.
    pub level: Option<String>,
    /// Lines for people or JSON for programs.
    pub format: LogFormat,
}

/// `[traces]`: one span for each call, sent by OTLP over gRPC. Off unless an address is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Traces {
    /// Address of the collector, such as `http://127.0.0.1:4317`.
    pub endpoint: Option<String>,
    /// Share of the calls that are traced, 0 to 1, where the caller does not say; 1 unless given.
    pub share: Option<f64>,
}

/// How a log line is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::cli) enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
