//! The sections of the configuration, as written.
//!
//! A section is a structure with `#[serde(default, deny_unknown_fields)]` and a field of [`Sections`];
//! nothing else has to know it: keys, lines of faults and variables of the environment follow from the
//! type. Use [`Span`] for lengths of time, [`FilePath`] for paths, and for a secret the pair `x` of
//! [`Secret`](super::values::Secret) and `x_file` of [`FilePath`]. What must fit together is checked in `check`; the keys that a
//! running server takes up stand in `reload`.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::values::{FilePath, Secret, Span};

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
    /// Limits of the service.
    pub limits: Limits,
    /// Servers that alerts are delivered to, by a name of the operator's choice.
    pub webhooks: BTreeMap<String, WebhookTarget>,
    /// What is logged, and how.
    pub log: Log,
}

/// `[server]`: what is served where.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Server {
    /// Address and port; 127.0.0.1:50051 unless given.
    pub listen: Option<String>,
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

/// `[limits]`: what one server takes upon itself. README says what each is for.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Limits {
    /// Largest request message in bytes.
    pub max_message_bytes: Option<usize>,
    /// Connections open at once.
    pub max_connections: Option<usize>,
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

/// `[log]`: what is logged, and how. Nothing that is screened ever is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(in crate::cli) struct Log {
    /// Levels, as `RUST_LOG` writes them; `warn,zeef=info` unless given.
    pub level: Option<String>,
    /// Lines for people or JSON for programs.
    pub format: LogFormat,
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
