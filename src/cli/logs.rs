//! What is logged and traced, how, and at which level, changeable while the server runs.
//!
//! Neither holds anything of what is screened: logs tell of the service, and a trace has one span for each call,
//! with its method and how it ended.

use std::io::{self, IsTerminal};
use std::time::Duration;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer, Registry, fmt, reload};

use crate::service::CALL_SPANS;

use super::config::{ConfigError, Fault, Log, LogFormat, Traces};

/// What is logged unless the operator says otherwise: our own doings, and what others warn of.
const USUAL: &str = "warn,zeef=info";

/// Longest time that the last spans may take to be sent at the end.
const LAST_SPANS: Duration = Duration::from_secs(3);

/// The log and the traces of a running server.
pub(super) struct Logs {
    level: reload::Handle<EnvFilter, Registry>,
    traces: Option<SdkTracerProvider>,
}

impl Logs {
    /// Begins to log to standard error, and to send traces where the operator says. Needs a runtime around it.
    ///
    /// # Errors
    /// When nothing can be sent to the address of traces.
    pub(super) fn begin(log: &Log, traces: &Traces) -> Result<Self, ConfigError> {
        let (level, handle) = reload::Layer::new(filter(log));
        let lines = match log.format {
            // A journal or a file is no place for colours.
            LogFormat::Text => {
                fmt::layer().with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).boxed()
            }
            LogFormat::Json => fmt::layer().json().with_writer(io::stderr).boxed(),
        };
        let provider = traces.endpoint.as_deref().map(|endpoint| provider(endpoint, traces)).transpose()?;
        let spans = provider.as_ref().map(|provider| {
            opentelemetry::global::set_text_map_propagator(TraceContextPropagator::new());
            tracing_opentelemetry::layer()
                .with_tracer(provider.tracer("zeef"))
                .with_location(false)
                .with_threads(false)
                // Spans alone are sent: what is logged within a call stays in the log.
                .with_filter(Targets::new().with_target(CALL_SPANS, LevelFilter::DEBUG))
        });
        // A second subscriber in one process (a test) is no fault.
        let _ = tracing_subscriber::registry().with(lines.with_filter(level)).with(spans).try_init();
        Ok(Self { level: handle, traces: provider })
    }

    /// Logs at other levels from now on.
    pub(super) fn set_level(&self, log: &Log) {
        // It fails only where the log has gone.
        let _ = self.level.reload(filter(log));
    }

    /// The spans that are to be sent before the end.
    pub(super) fn traces(&self) -> Option<SdkTracerProvider> {
        self.traces.clone()
    }
}

/// Sends what is left. Blocks for a moment at most.
pub(super) fn send_last(traces: &SdkTracerProvider) {
    // Whoever should take them may be gone already; then they are lost, and the service ends all the same.
    let _ = traces.shutdown_with_timeout(LAST_SPANS);
}

/// What sends spans to an address by OTLP over gRPC.
fn provider(endpoint: &str, traces: &Traces) -> Result<SdkTracerProvider, ConfigError> {
    let exporter = SpanExporter::builder().with_tonic().with_endpoint(endpoint).build().map_err(|error| {
        ConfigError::Faulty(vec![Fault::of_key(
            "traces.endpoint",
            format!("nothing can be sent there: {error}"),
        )])
    })?;
    // A caller that traces decides for its calls; the share counts for calls that begin here.
    let share = Sampler::TraceIdRatioBased(traces.share.unwrap_or(1.0));
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::ParentBased(Box::new(share)))
        .with_resource(Resource::builder().with_service_name("zeef").build())
        .build())
}

/// The levels that the operator chose. The text has been checked.
fn filter(log: &Log) -> EnvFilter {
    let level = log.level.as_deref().unwrap_or(USUAL);
    EnvFilter::try_new(level).unwrap_or_else(|_| EnvFilter::new(USUAL))
}
