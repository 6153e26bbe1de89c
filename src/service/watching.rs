//! Watched subjects are brought to each snapshot that is served.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;

use super::handle::ScreenerHandle;
use crate::review::monitor::webhook::{Webhook, WebhookConfig};
use crate::review::monitor::{Monitor, MonitorError, TakenUp};
use crate::screening::Screener;

/// How long to wait for further new watches, so that many that come together are screened together.
const GATHER: Duration = Duration::from_millis(100);

/// How often it is looked for watches that have ended, and for what could not be done before.
const LOOK_EVERY: Duration = Duration::from_secs(600);
/// The same after the store has failed.
const LOOK_AFTER_FAILURE: Duration = Duration::from_secs(10);

/// Who watches, and to whom alerts go.
#[derive(Clone, Debug)]
pub struct Watching {
    /// The watches and their store.
    pub monitor: Monitor,
    /// Servers that alerts are delivered to.
    pub webhooks: Vec<WebhookConfig>,
    /// Tells that there are new watches.
    wake: Arc<Notify>,
}

impl Watching {
    /// Watching without webhooks.
    pub fn new(monitor: Monitor) -> Self {
        Self { monitor, webhooks: Vec::new(), wake: Arc::default() }
    }

    /// Tells that there are new watches, which are then screened soon.
    pub(crate) fn look_now(&self) {
        self.wake.notify_one();
    }
}

/// Takes up whatever `handle` holds, and goes on with each that it holds later; delivers alerts beside that.
pub(super) async fn run(watching: Watching, handle: Arc<ScreenerHandle>) {
    let mut tasks = tokio::task::JoinSet::new();
    for config in watching.webhooks {
        tasks.spawn(Webhook::new(watching.monitor.clone(), config).run());
    }
    let mut changes = handle.watch();
    let mut lead = Lead::default();
    loop {
        changes.mark_unchanged();
        let mut next = LOOK_EVERY;
        if let Some(screener) = handle.current()
            && let Err(error) = take_up(&watching.monitor, &screener, &mut lead).await
        {
            tracing::error!(%error, "watched subjects cannot be screened now; it is tried again");
            next = LOOK_AFTER_FAILURE;
        }
        tokio::select! {
            changed = changes.changed() => if changed.is_err() { return },
            () = watching.wake.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(next) => {}
        }
    }
}

/// Which snapshots this process has seen.
#[derive(Default)]
struct Lead {
    /// The one that it began with.
    first: Option<String>,
    /// The last that it led to.
    last: String,
}

/// Takes a snapshot up, unless others have gone on to a later one: only a process that sees its lists switch
/// leads, to an older edition too, for then somebody went back.
async fn take_up(monitor: &Monitor, screener: &Screener, lead: &mut Lead) -> Result<(), MonitorError> {
    let snapshot = &screener.snapshot().manifest().id;
    let switched = lead.first.get_or_insert_with(|| snapshot.clone()) != snapshot && lead.last != *snapshot;
    if !monitor.leads_on(snapshot, !switched).await? {
        // What is watched anew is screened all the same, by whoever serves the later one.
        tracing::info!(snapshot, "watched subjects stay with a later snapshot until the lists here switch");
        return Ok(());
    }
    snapshot.clone_into(&mut lead.last);
    let TakenUp { watched, screened_whole, new, vanished, changed, troubled } =
        monitor.take_up(screener).await?;
    if watched + troubled > 0 {
        tracing::info!(
            snapshot,
            watched,
            screened_whole,
            new,
            vanished,
            changed,
            troubled,
            "watched subjects have been screened"
        );
    }
    Ok(())
}
