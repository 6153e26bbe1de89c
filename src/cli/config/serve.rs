//! Sections into what the service takes.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::sections::{Client, OnFailureWord, WebhookTarget};
use super::values::Secret;
use super::{ConfigError, Fault, Sections};
use crate::cli::exit::CliError;
use crate::cli::plan::{DataPlan, Environment, Folder, MaxAge};
use crate::cli::print;
use crate::review::OnFailure;
use crate::review::monitor::webhook::{self, WebhookConfig};
use crate::review::privacy::Retention;
use crate::review::store::StoreUrl;
use crate::screening::policy::Profile;
use crate::service::access::{
    self, AccessConfig, Allowance, Endpoints, Issuer, KeySet, KeySource, LoginConfig, Oidc, Provider,
};
use crate::service::{Config, RecordsConfig, Tls, TlsFiles, read_keys};

/// How far the clock of an identity provider may be off unless the operator says.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What an identity provider is asked for when somebody logs in, unless the operator says.
const LOGIN_SCOPES: [&str; 2] = ["openid", "profile"];

/// The fault of a key whose value is only tried when it is used.
fn fault(key: &str, what: String) -> CliError {
    ConfigError::Faulty(vec![Fault::of_key(key, what)]).into()
}

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

    /// Whether callers have a way to show who they are, and must.
    pub(in crate::cli) fn asks_who_calls(&self) -> bool {
        let access = &self.access;
        !access.tokens.is_empty() || !access.certificates.is_empty() || access.oidc.is_some()
    }

    /// TLS, if its files are named.
    ///
    /// # Errors
    /// When they cannot be used.
    pub(in crate::cli) fn tls(&self) -> Result<Option<Tls>, CliError> {
        let (Some(certificate), Some(key)) = (&self.tls.certificate, &self.tls.key) else { return Ok(None) };
        let files = TlsFiles {
            certificate: certificate.0.clone(),
            key: key.0.clone(),
            client_authorities: self.tls.client_authorities.as_ref().map(|f| f.0.clone()),
            require_client_certificate: self.tls.require_client_certificate.unwrap_or(true),
        };
        Tls::new(files).map(Some).map_err(|e| fault("tls", e.to_string()))
    }

    /// Who may call. An identity provider that is the same as `before` keeps its keys; another one is asked for
    /// them, which blocks.
    ///
    /// # Errors
    /// When a file cannot be used. A provider that does not answer is asked again later.
    pub(in crate::cli) fn access(&self, before: Option<&AccessConfig>) -> Result<AccessConfig, CliError> {
        let access = &self.access;
        let own = AccessConfig::default();
        let session_key = Secret::given_or_in(
            access.session_key.as_ref(),
            access.session_key_file.as_ref(),
            "access.session_key",
        )?;
        let closed = self.asks_who_calls();
        Ok(AccessConfig {
            tokens: access
                .tokens
                .iter()
                .map(|t| access::Token {
                    name: t.name.clone(),
                    hash: t.sha256.0,
                    scopes: t.scopes.iter().copied().collect(),
                    allowance: t.allowance.as_ref().map(|a| self.allowance(a)),
                    expires: t.expires.map(|e| e.0),
                })
                .collect(),
            certificates: access
                .certificates
                .iter()
                .map(|c| access::Certificate {
                    name: c.name.clone(),
                    fingerprint: c.sha256.0,
                    scopes: c.scopes.iter().copied().collect(),
                    allowance: c.allowance.as_ref().map(|a| self.allowance(a)),
                })
                .collect(),
            oidc: self.oidc(before)?,
            provider: self.provider(before)?,
            anonymous: if closed { access.anonymous.iter().copied().collect() } else { own.anonymous },
            open_reflection: !closed || access.open_reflection,
            allowance: self.allowance(&Client::default()),
            session_key: session_key.map(|key| key.reveal().as_bytes().to_vec()),
            session_length: access.session_length.map_or(own.session_length, |s| s.0),
        })
    }

    /// What a client may ask for: what its entry says, else what is said for all.
    fn allowance(&self, client: &Client) -> Allowance {
        let all = &self.limits.client;
        Allowance {
            per_second: client.per_second.or(all.per_second),
            burst: client.burst.or(all.burst),
            per_day: client.per_day.or(all.per_day),
            calls_at_once: client
                .calls_at_once
                .or(all.calls_at_once)
                .unwrap_or(Allowance::default().calls_at_once),
        }
    }

    fn oidc(&self, before: Option<&AccessConfig>) -> Result<Option<Arc<Oidc>>, CliError> {
        let Some(written) = &self.access.oidc else { return Ok(None) };
        let keys = match (&written.jwks_url, &written.jwks_file) {
            (Some(url), _) => KeySource::Url(url.clone()),
            (None, Some(file)) => KeySource::File(file.0.clone()),
            (None, None) => return Err(fault("access.oidc.jwks_url", "is missing".to_owned())),
        };
        let grants = written.grants.iter();
        let issuer = Issuer {
            issuer: written.issuer.clone(),
            audience: written.audience.clone(),
            keys,
            clock_skew: written.clock_skew.map_or(CLOCK_SKEW, |s| s.0),
            name_claim: written.name_claim.clone().unwrap_or_else(|| "sub".to_owned()),
            scope_claim: written.scope_claim.clone().unwrap_or_else(|| "scope".to_owned()),
            grants: grants.map(|(word, scopes)| (word.clone(), scopes.iter().copied().collect())).collect(),
        };
        if let Some(same) = before.and_then(|b| b.oidc.as_ref()).filter(|o| *o.issuer() == issuer) {
            return Ok(Some(Arc::clone(same)));
        }
        let keys = match (read_keys(&issuer.keys), &issuer.keys) {
            (Ok(keys), _) => keys,
            (Err(error), KeySource::File(_)) => {
                return Err(fault("access.oidc.jwks_file", error.to_string()));
            }
            (Err(error), KeySource::Url(_)) => {
                let text = "nobody is let in by it until it answers";
                print::note(&format!("zeef: access.oidc: {error}; {text}"));
                KeySet::default()
            }
        };
        Ok(Some(Arc::new(Oidc::new(issuer, keys))))
    }

    /// How people log in through the identity provider. One that is the same as `before` goes on with what it has
    /// learnt of it.
    fn provider(&self, before: Option<&AccessConfig>) -> Result<Option<Arc<Provider>>, CliError> {
        let Some((oidc, login)) = self.access.oidc.as_ref().and_then(|o| Some((o, o.login.as_ref()?))) else {
            return Ok(None);
        };
        let secret = Secret::given_or_in(
            login.client_secret.as_ref(),
            login.client_secret_file.as_ref(),
            "access.oidc.login.client_secret",
        )?;
        let given = login.authorization_endpoint.as_ref().zip(login.token_endpoint.as_ref());
        let config = LoginConfig {
            client_id: login.client_id.clone(),
            client_secret: secret.map(|secret| secret.reveal().to_owned()),
            redirect_uri: login.redirect_uri.clone(),
            scopes: match login.scopes.as_slice() {
                [] => LOGIN_SCOPES.map(str::to_owned).to_vec(),
                scopes => scopes.to_vec(),
            },
            endpoints: given.map(|(authorization, token)| Endpoints {
                authorization: authorization.clone(),
                token: token.clone(),
                secret_in_body: false,
            }),
        };
        let same = |known: &&Arc<Provider>| known.issuer() == oidc.issuer && *known.config() == config;
        Ok(Some(match before.and_then(|b| b.provider.as_ref()).filter(same) {
            Some(known) => Arc::clone(known),
            None => Arc::new(Provider::new(&oidc.issuer, config)),
        }))
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
            max_connections_per_address: limits
                .max_connections_per_address
                .unwrap_or(own.max_connections_per_address),
            handshake_timeout: limits.handshake_timeout.map_or(own.handshake_timeout, |s| s.0),
            slow_reader: limits.slow_reader.map_or(own.slow_reader, |s| s.0),
            idle_stream: limits.idle_stream.map_or(own.idle_stream, |s| s.0),
            refuse_stale: self.data.refuse_stale,
            behind_tls_proxy: server.behind_tls_proxy,
            keepalive_interval: limits.keepalive_interval.map_or(own.keepalive_interval, |s| s.0),
            keepalive_timeout: limits.keepalive_timeout.map_or(own.keepalive_timeout, |s| s.0),
            drain_notice: server.drain_notice.map_or(own.drain_notice, |s| s.0),
            drain_limit: server.drain_limit.map_or(own.drain_limit, |s| s.0),
            ..own
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
