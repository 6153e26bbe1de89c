//! What a running server reads anew by itself: certificates, and the keys of an identity provider.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::access::{Access, KeySet, KeySetError, KeySource, MAX_KEY_SET, Oidc};
use super::reload::ServeEvent;
use super::tls::Tls;

/// How often an identity provider is asked for its keys. Those of large providers change once in weeks, and say so
/// days before.
const KEYS_INTERVAL: Duration = Duration::from_secs(3_600);

/// How soon it may be asked again when a token names a key that is not known: whoever sends such tokens must not
/// make us ask all the time.
const KEYS_PAUSE: Duration = Duration::from_secs(60);

/// Longest time that an identity provider may take.
const KEYS_TIMEOUT: Duration = Duration::from_secs(10);

/// The keys of an identity provider cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// The file cannot be read.
    #[error("{}: {source}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The address does not answer.
    #[error("{url}: {what}")]
    Url {
        /// The address.
        url: String,
        /// Why.
        what: String,
    },
    /// What was read is of no use.
    #[error("{from}: {source}")]
    Unusable {
        /// File or address.
        from: String,
        /// Why.
        source: KeySetError,
    },
}

/// Reads the keys of an identity provider. Blocks.
///
/// # Errors
/// See [`KeysError`].
pub fn read_keys(source: &KeySource) -> Result<KeySet, KeysError> {
    let (from, text) = match source {
        KeySource::File(file) => {
            let text = std::fs::read_to_string(file)
                .map_err(|source| KeysError::File { file: file.clone(), source })?;
            (file.display().to_string(), text)
        }
        KeySource::Url(url) => (url.clone(), fetch(url)?),
    };
    KeySet::read(&text).map_err(|source| KeysError::Unusable { from, source })
}

fn fetch(url: &str) -> Result<String, KeysError> {
    let failed = |error: ureq::Error| KeysError::Url { url: url.to_owned(), what: error.to_string() };
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(KEYS_TIMEOUT))
        // From an encrypted address nothing leads to one that is not.
        .https_only(url.starts_with("https://"))
        .build()
        .into();
    let mut response = agent.get(url).call().map_err(failed)?;
    response.body_mut().with_config().limit(MAX_KEY_SET).read_to_string().map_err(failed)
}

/// Takes up certificates when their files change. Never returns.
pub(super) async fn certificates(
    tls: Arc<Tls>,
    interval: Duration,
    events: Arc<impl Fn(ServeEvent) + Send + Sync + 'static>,
) {
    let mut told = String::new();
    loop {
        tokio::time::sleep(interval.max(Duration::from_millis(10))).await;
        let tls = Arc::clone(&tls);
        let Ok(refreshed) = tokio::task::spawn_blocking(move || tls.refresh()).await else { continue };
        match refreshed {
            Ok(true) => {
                told.clear();
                events(ServeEvent::CertificatesTakenUp);
            }
            // Nothing has changed, be it for the better or for the worse.
            Ok(false) => {}
            Err(error) => {
                let text = error.to_string();
                if text != told {
                    told = text;
                    events(ServeEvent::CertificatesUnusable(error));
                }
            }
        }
    }
}

/// Keeps the keys of the identity provider of now up to date. Never returns.
pub(super) async fn keys(
    access: Arc<Access>,
    interval: Duration,
    events: Arc<impl Fn(ServeEvent) + Send + Sync + 'static>,
) {
    let mut told = String::new();
    loop {
        // Which provider it is can change while the server runs.
        let Some(oidc) = access.config().oidc else {
            tokio::time::sleep(interval).await;
            continue;
        };
        wait(&oidc, interval).await;
        let source = oidc.issuer().keys.clone();
        let Ok(read) = tokio::task::spawn_blocking(move || read_keys(&source)).await else { continue };
        match read {
            Ok(keys) => {
                told.clear();
                if oidc.set_keys(keys) {
                    events(ServeEvent::KeysTakenUp);
                }
            }
            Err(error) => {
                let text = error.to_string();
                if text != told {
                    told = text;
                    events(ServeEvent::KeysUnusable(error));
                }
            }
        }
    }
}

/// Waits until keys should be read again.
async fn wait(oidc: &Oidc, interval: Duration) {
    match oidc.issuer().keys {
        KeySource::File(_) => tokio::time::sleep(interval.max(Duration::from_millis(10))).await,
        KeySource::Url(_) => {
            tokio::time::sleep(KEYS_PAUSE).await;
            tokio::select! {
                () = oidc.missing.notified() => {}
                () = tokio::time::sleep(KEYS_INTERVAL) => {}
            }
        }
    }
}
