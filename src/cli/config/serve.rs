//! Sections into what the service takes.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use super::Sections;
use super::sections::{OnFailureWord, WebhookTarget};
use super::values::Secret;
use crate::cli::exit::CliError;
use crate::cli::plan::{DataPlan, Environment, Folder, MaxAge};
use crate::review::OnFailure;
use crate::review::monitor::webhook::{self, WebhookConfig};
use crate::review::privacy::Retention;
use crate::review::store::StoreUrl;
use crate::screening::policy::Profile;
use crate::service::{Config, RecordsConfig};

/// Where the service listens unless it is told.
const LISTEN: &str = "127.0.0.1:50051";

impl Sections {
    /// Where to listen. The text has been checked.
    pub(in crate::cli) fn listen(&self) -> Result<SocketAddr, CliError> {
        let text = self.server.listen.as_deref().unwrap_or(LISTEN);
        text.parse().map_err(|_| CliError::Usage(format!("server.listen: {text:?} is no address")))
    }

    /// Which lists, and when they are too old. Without a word about them the environment and the user's
    /// folder decide, as for every command.
    pub(in crate::cli) fn lists(&self, world: &Environment) -> DataPlan {
        let folder = match (&self.data.folder, self.data.demo) {
            (Some(folder), _) => Folder::Named(folder.0.clone()),
            (None, true) => Folder::Demo,
            (None, false) => Folder::usual(world),
        };
        DataPlan { folder, max_age: self.max_age() }
    }

    /// When lists are too old.
    pub(in crate::cli) fn max_age(&self) -> MaxAge {
        let mut by_list = self.data.max_age_days.clone();
        let all = by_list.remove("default");
        MaxAge::new(all, by_list.into_iter().collect())
    }

    /// Where and how records are kept of what is served from `folder`; not at all when absent.
    ///
    /// # Errors
    /// When the store is not named as one; that has been checked.
    pub(in crate::cli) fn records(&self, folder: &Path) -> Result<Option<RecordsConfig>, CliError> {
        let section = &self.records;
        if section.enabled == Some(false) {
            return Ok(None);
        }
        let store = match &section.store {
            None => StoreUrl::in_folder(folder),
            Some(text) => text.parse().map_err(|what| CliError::Usage(format!("records.store: {what}")))?,
        };
        let usual = Retention::default();
        let mut by_purpose = section.keep_days.clone();
        let retention = Retention {
            days: by_purpose.remove("default").unwrap_or(usual.days),
            by_purpose: by_purpose.into_iter().collect(),
            decided_days: section.keep_decided_days.unwrap_or(usual.decided_days),
        };
        let on_failure = match section.on_failure {
            OnFailureWord::Refuse => OnFailure::Refuse,
            OnFailureWord::Serve => OnFailure::Serve,
        };
        Ok(Some(RecordsConfig { store, on_failure, retention }))
    }

    /// The limits of the service, with its own where nothing is said.
    ///
    /// # Errors
    /// When a policy cannot be used.
    pub(in crate::cli) fn limits(&self) -> Result<Config, CliError> {
        let (own, server, limits) = (Config::default(), &self.server, &self.limits);
        let threads = server.threads.unwrap_or(own.threads);
        let mut config = Config {
            threads,
            max_queued: limits.max_queued.unwrap_or(256 * threads),
            longest_call: limits.longest_call.map_or(own.longest_call, |s| s.0),
            max_streams: limits.max_streams.unwrap_or(own.max_streams),
            batch_size: limits.batch_size.unwrap_or(own.batch_size),
            batches_in_flight: limits.batches_in_flight.unwrap_or(own.batches_in_flight),
            max_message_bytes: limits.max_message_bytes.unwrap_or(own.max_message_bytes),
            max_calls_per_connection: limits.max_calls_per_connection.unwrap_or(own.max_calls_per_connection),
            max_connections: limits.max_connections.unwrap_or(own.max_connections),
            keepalive_interval: limits.keepalive_interval.map_or(own.keepalive_interval, |s| s.0),
            keepalive_timeout: limits.keepalive_timeout.map_or(own.keepalive_timeout, |s| s.0),
            drain_notice: server.drain_notice.map_or(own.drain_notice, |s| s.0),
            drain_limit: server.drain_limit.map_or(own.drain_limit, |s| s.0),
            policies: own.policies,
            watching: own.watching,
            records: None,
        };
        let loaded = Arc::make_mut(&mut config.policies);
        for file in &server.policies {
            let policy = Profile::open(&file.0.display().to_string())?;
            // The operator's own goes before one of the same id that comes with zeef.
            loaded.retain(|p| p.id() != policy.id());
            loaded.push(policy);
        }
        Ok(config)
    }

    /// Servers that alerts are delivered to.
    ///
    /// # Errors
    /// When an address or a secret cannot be used.
    pub(in crate::cli) fn webhooks(&self) -> Result<Vec<WebhookConfig>, CliError> {
        let webhook = |(name, target): (&String, &WebhookTarget)| {
            let faulty = |source| CliError::Webhook { name: name.clone(), source };
            let key = format!("webhooks.{name}.secret");
            let given = Secret::given_or_in(target.secret.as_ref(), target.secret_file.as_ref(), &key)?;
            let given = given.as_ref().map_or("", Secret::reveal);
            let secret = webhook::Secret::new(given.as_bytes()).map_err(|e| faulty(e.into()))?;
            let config = WebhookConfig::new(name, &target.url, secret).map_err(faulty)?;
            let timeout = target.timeout.map_or(config.timeout, |span| span.0);
            Ok(WebhookConfig { timeout, ..config })
        };
        self.webhooks.iter().map(webhook).collect()
    }
}
