//! `zeef serve`: gRPC on one port until asked to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::index::Snapshot;
use crate::screening::policy::Profile;
use crate::screening::{Options, Stamp};
use crate::service::{DataSource, ServeConfig, ServeEvent, serve};

use super::exit::{CliError, code};
use super::plan::{DataPlan, Folder};
use super::{data, notice, print};

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &DataPlan, listen: SocketAddr, policies: &[String]) -> Result<u8, CliError> {
    // Operators choose what they see with RUST_LOG; nothing that is screened is ever logged.
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn,zeef=info"));
    // A second subscriber in one process (a test) is no fault.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).try_init();

    let source = match &plan.folder {
        Folder::Named(folder) => DataSource::Folder(folder.clone()),
        Folder::User(folder) if data::is_untouched(folder) => DataSource::Fixed(Arc::new(Snapshot::demo()?)),
        Folder::User(folder) => DataSource::Folder(folder.clone()),
        Folder::Demo => DataSource::Fixed(Arc::new(Snapshot::demo()?)),
    };
    let max_age_days = plan.max_age.by_list();
    let mut config = ServeConfig { max_age_days: max_age_days.clone(), ..ServeConfig::of(source) };
    let loaded = Arc::make_mut(&mut config.server.policies);
    for name in policies {
        let policy = Profile::open(name)?;
        // The operator's own goes before one of the same id that comes with zeef.
        loaded.retain(|p| p.id() != policy.id());
        loaded.push(policy);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let at = |source| CliError::File { file: listen.to_string(), source };
        let listener = TcpListener::bind(listen).await.map_err(at)?;
        // With port 0 the system chose one.
        let address = listener.local_addr().map_err(at)?;
        let stop = stop_asked()?;
        let events = move |event: ServeEvent| told(&event, address, &max_age_days);
        serve(config, listener, stop, events).await.map_err(CliError::from)
    })?;
    print::note("zeef: stopped");
    Ok(code::ANSWERED)
}

/// Says what is being served, or why nothing is.
fn told(event: &ServeEvent, address: SocketAddr, max_age_days: &[(String, i64)]) {
    match event {
        ServeEvent::Serving(snapshot) => {
            let now = jiff::Timestamp::now();
            let stamp = Stamp::new(snapshot.manifest(), &Options::default(), max_age_days, now);
            print::note(&format!("zeef: ready on {address}. {}", notice::lists_line(&stamp)));
            notice::warn(&stamp, &[]);
        }
        ServeEvent::Unusable(error) => {
            print::note(&format!("zeef: listening on {address}, but NOT SERVING this folder: {error}"));
        }
    }
}

/// Completes when the operator asks to stop. The handlers stand before it is awaited.
#[cfg(unix)]
fn stop_asked() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Completes when the operator asks to stop.
#[cfg(not(unix))]
fn stop_asked() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Without a handler the process ends by itself on Ctrl-C.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
