//! What is logged, how, and at which level, changeable while the server runs.

use std::io;

use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, reload};

use super::config::{Log, LogFormat};

/// What is logged unless the operator says otherwise: our own doings, and what others warn of.
const USUAL: &str = "warn,zeef=info";

/// The log of a running server.
pub(super) struct Logs {
    level: reload::Handle<EnvFilter, Registry>,
}

impl Logs {
    /// Begins to log to standard error.
    pub(super) fn begin(log: &Log) -> Self {
        let (level, handle) = reload::Layer::new(filter(log));
        let lines = match log.format {
            LogFormat::Text => fmt::layer().with_writer(io::stderr).boxed(),
            LogFormat::Json => fmt::layer().json().with_writer(io::stderr).boxed(),
        };
        // A second subscriber in one process (a test) is no fault.
        let _ = tracing_subscriber::registry().with(level).with(lines).try_init();
        Self { level: handle }
    }

    /// Logs at other levels from now on.
    pub(super) fn set_level(&self, log: &Log) {
        // It fails only where the log has gone.
        let _ = self.level.reload(filter(log));
    }
}

/// The levels that the operator chose. The text has been checked.
fn filter(log: &Log) -> EnvFilter {
    let level = log.level.as_deref().unwrap_or(USUAL);
    EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new(USUAL))
}
