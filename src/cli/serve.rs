//! `zeef serve`: every door on one port until asked to stop.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::index::Snapshot;
use crate::review::OnFailure;
use crate::review::monitor::{Monitor, MonitorOptions};
use crate::review::store::{Store, StoreUrl};
use crate::screening::{Options, Stamp};
use crate::service::access::Access;
use crate::service::{
    Config, DataSource, Metrics, RecordsConfig, ServeConfig, ServeEvent, Watching, runtime, serve,
};
use crate::update::{Outcome, schedule};

use super::config::{Changes, Settings};
use super::exit::{CliError, code};
use super::logs::{Logs, send_last};
use super::plan::{ConfigPlan, Folder};
use super::systemd::Systemd;
use super::{data, notice, print};

/// Serves until SIGTERM or Ctrl-C.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &ConfigPlan) -> Result<u8, CliError> {
    let settings = Settings::read(&plan.sources)?;
    for remark in &settings.remarks {
        print::note(&format!("zeef: {remark}"));
    }
    let sections = &settings.sections;
    let runtime = runtime()?;
    let logs = {
        // What sends traces lives on the runtime.
        let _within = runtime.enter();
        settings.placed_in(Logs::begin(&sections.log, &sections.traces).map_err(CliError::from))?
    };
    let traces = logs.traces();
    let lists = sections.lists(&plan.world);
    let source = match lists.folder {
        Folder::User(folder) if data::is_untouched(&folder) => DataSource::Fixed(Arc::new(Snapshot::demo()?)),
        Folder::Named(folder) | Folder::User(folder) => DataSource::Folder(folder),
        Folder::Demo => DataSource::Fixed(Arc::new(Snapshot::demo()?)),
    };
    let records = match &source {
        DataSource::Folder(folder) => sections.records(folder)?,
        DataSource::Fixed(_) => None,
    };
    tell_of(records.as_ref(), &source)?;
    let listen = sections.listen()?;
    let limits = sections.limits()?;
    let tls = settings.placed_in(sections.tls())?;
    let access = Access::new(settings.placed_in(sections.access(None))?).map_err(io::Error::other)?;
    let access = Arc::new(access);
    let metrics = Metrics::of_a_server();
    let (ages, max_age_days) = watch::channel(lists.max_age.by_list());
    let mut config = ServeConfig {
        max_age_days: max_age_days.clone(),
        records,
        watched_on: sections.metrics.listen.as_deref().map(listener).transpose()?.map(Arc::new),
        server: Config {
            access: Some(Arc::clone(&access)),
            tls: tls.map(Arc::new),
            metrics: Some(Arc::clone(&metrics)),
            ..limits
        },
        ..ServeConfig::of(source)
    };
    if let Some(interval) = sections.data.poll_interval {
        config.poll_interval = interval.0;
    }
    let webhooks = sections.webhooks()?;
    let updates = match &config.data {
        DataSource::Folder(folder) => sections.updates(folder.clone())?.zip(sections.schedule()),
        DataSource::Fixed(_) => None,
    };
    let systemd = Systemd::at(std::env::var_os("NOTIFY_SOCKET"));
    let watchdog = std::env::var("WATCHDOG_USEC").ok();
    runtime.block_on(async {
        if let DataSource::Folder(folder) = &config.data {
            let records = config.records.as_ref().map(|records| records.store.clone());
            let store = records.unwrap_or_else(|| StoreUrl::in_folder(folder));
            let mut watching = watching(&store, config.server.threads).await?;
            watching.webhooks = webhooks;
            config.server.watching = Some(watching);
        }
        let at = |source| CliError::File { file: listen.to_string(), source };
        let listener = TcpListener::bind(listen).await.map_err(at)?;
        // With port 0 the system chose one.
        let address = listener.local_addr().map_err(at)?;
        let stop = stop_asked()?;
        let mut beside = JoinSet::new();
        if let Some((plan, when)) = updates {
            beside.spawn(schedule(plan, when, move |report| match report {
                Ok(report) => {
                    metrics.updated(&report);
                    report.lists.iter().for_each(|(list, outcome)| match outcome {
                        Outcome::Failed(why) => tracing::warn!(list, why, "a list could not be updated"),
                        outcome => tracing::info!(list, ?outcome, "a list was looked after"),
                    });
                }
                Err(error) => tracing::error!(%error, "lists cannot be updated"),
            }));
        }
        let live = Live { settings, ages, logs, access };
        beside.spawn(live.follow(plan.clone(), Reloads::new()?));
        beside.spawn(systemd.clone().live(watchdog));
        let teller = systemd.clone();
        let events = move |event: ServeEvent| {
            told(&event, address, &max_age_days.borrow());
            teller.tell(&status(&event));
        };
        let stop = async {
            stop.await;
            systemd.tell("STOPPING=1");
        };
        let served = serve(config, listener, stop, events).await.map_err(CliError::from);
        if let Some(traces) = traces {
            // It waits for the runtime, which must not wait for it.
            let _ = tokio::task::spawn_blocking(move || send_last(&traces)).await;
        }
        served
    })?;
    print::note("zeef: stopped");
    Ok(code::ANSWERED)
}

/// Who is under watch, from the store that holds the records.
async fn watching(store: &StoreUrl, threads: usize) -> Result<Watching, CliError> {
    let store = Store::open(store).await?;
    // Half of the threads: callers want to be answered while everybody under watch is screened anew.
    let options = MonitorOptions { threads: (threads / 2).max(1), ..MonitorOptions::default() };
    Ok(Watching::new(Monitor::new(store, options)?))
}

/// Says where records are kept, and loudly where they are not. A folder that is still to be filled is made for
/// them.
fn tell_of(records: Option<&RecordsConfig>, source: &DataSource) -> Result<(), CliError> {
    match (records, source) {
        (None, DataSource::Fixed(_)) => {}
        (None, DataSource::Folder(_)) => {
            print::note("zeef: NOTHING IS RECORDED: there is neither an audit trail nor a review queue");
        }
        (Some(records), source) => {
            if let DataSource::Folder(folder) = source {
                let at = |source| CliError::File { file: folder.display().to_string(), source };
                std::fs::create_dir_all(folder).map_err(at)?;
            }
            print::note(&format!("zeef: records are kept in {}", records.store));
            if records.on_failure == OnFailure::Serve {
                print::note("zeef: screenings that cannot be recorded are ANSWERED ALL THE SAME");
            }
        }
    }
    Ok(())
}

/// A listener on an address that has been checked to be one.
fn listener(address: &str) -> Result<std::net::TcpListener, CliError> {
    let at = |source| CliError::File { file: address.to_owned(), source };
    let listener = std::net::TcpListener::bind(address).map_err(at)?;
    listener.set_nonblocking(true).map_err(at)?;
    Ok(listener)
}

/// What of a running server can be changed, and as of when it stands.
struct Live {
    settings: Settings,
    ages: watch::Sender<Vec<(String, i64)>>,
    logs: Logs,
    access: Arc<Access>,
}

impl Live {
    /// Reads the configuration anew whenever that is asked for. One with a fault changes nothing.
    async fn follow(mut self, plan: ConfigPlan, mut reloads: Reloads) {
        loop {
            reloads.asked().await;
            let (sources, before) = (plan.sources.clone(), self.access.config());
            let read = move || -> Result<_, CliError> {
                let settings = Settings::read(&sources)?;
                let access = settings.placed_in(settings.sections.access(Some(&before)))?;
                Ok((settings, access))
            };
            match tokio::task::spawn_blocking(read).await {
                Ok(Ok((settings, access))) => {
                    self.access.replace(access);
                    self.take_up(settings, &plan);
                }
                Ok(Err(error)) => {
                    print::note(&format!("zeef: reload: {error}\nzeef: reload: nothing has been changed"));
                }
                Err(_) => {
                    print::note("zeef: reload: the configuration could not be read; nothing has been changed")
                }
            }
        }
    }

    /// Takes up what can be, and says what cannot.
    fn take_up(&mut self, settings: Settings, plan: &ConfigPlan) {
        let Changes { taken_up, left } = Changes::between(&self.settings, &settings);
        let ages = settings.sections.lists(&plan.world).max_age.by_list();
        self.ages.send_if_modified(|old| {
            let differ = *old != ages;
            *old = ages;
            differ
        });
        self.logs.set_level(&settings.sections.log);
        self.settings.take_up(settings);
        let keys = |keys: &[String]| if keys.is_empty() { "nothing".to_owned() } else { keys.join(", ") };
        print::note(&format!("zeef: reload: changed: {}", keys(&taken_up)));
        if !left.is_empty() {
            print::note(&format!("zeef: reload: needs a restart: {}", keys(&left)));
        }
    }
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
        ServeEvent::CertificatesTakenUp => print::note("zeef: changed certificates have been taken up"),
        ServeEvent::CertificatesUnusable(error) => {
            let text = "changed certificates cannot be used, those before stay in use";
            print::note(&format!("zeef: {text}: {error}"));
        }
        ServeEvent::KeysTakenUp => {
            print::note("zeef: changed keys of the identity provider have been taken up")
        }
        ServeEvent::KeysUnusable(error) => {
            let text = "keys of the identity provider cannot be had, those before stay in use";
            print::note(&format!("zeef: {text}: {error}"));
        }
    }
}

/// The same for systemd. A server without lists is up as well: it answers that there are none.
fn status(event: &ServeEvent) -> String {
    let status = match event {
        ServeEvent::Serving(snapshot) => format!("serving {} list(s)", snapshot.manifest().lists.len()),
        ServeEvent::Unusable(_) => "NOT SERVING: there are no lists that can be used".to_owned(),
        ServeEvent::CertificatesTakenUp | ServeEvent::KeysTakenUp => return "READY=1".to_owned(),
        ServeEvent::CertificatesUnusable(_) => "changed certificates cannot be used".to_owned(),
        ServeEvent::KeysUnusable(_) => "keys of the identity provider cannot be had".to_owned(),
    };
    format!("READY=1\nSTATUS={status}")
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

/// The operator's wishes that the configuration be read anew: SIGHUP.
#[cfg(unix)]
struct Reloads(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Reloads {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self(signal(SignalKind::hangup())?))
    }

    /// Completes when it is asked for.
    async fn asked(&mut self) {
        if self.0.recv().await.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

/// There is no such signal here: a restart reads the configuration anew.
#[cfg(not(unix))]
struct Reloads;

#[cfg(not(unix))]
impl Reloads {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn asked(&mut self) {
        std::future::pending::<()>().await;
    }
}
