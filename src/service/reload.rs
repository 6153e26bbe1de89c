//! Watching a data folder: a new snapshot is taken up without a pause.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::config::{DataSource, ServeConfig};
use super::handle::ScreenerHandle;
use super::tls::TlsError;
use super::upkeep::KeysError;
use crate::index::{Snapshot, SnapshotError};
use crate::screening::Screener;

/// What happens to the lists being served, for the operator's eyes.
pub enum ServeEvent {
    /// A snapshot has been taken up: the first, or a new one. One without any list is not served.
    Serving(Arc<Snapshot>),
    /// The folder cannot be served as it is: told once for each cause. Without an earlier snapshot
    /// every call fails with FAILED_PRECONDITION; with one it goes on being served.
    Unusable(SnapshotError),
    /// Changed certificates have been taken up.
    CertificatesTakenUp,
    /// Changed certificates cannot be used; the ones before stay in use. Told once for each cause.
    CertificatesUnusable(TlsError),
    /// Keys of the identity provider have been taken up.
    KeysTakenUp,
    /// They cannot be had; the ones before stay in use. Told once for each cause.
    KeysUnusable(KeysError),
}

/// Publishes what `config` says to serve, and goes on watching if that is a folder.
pub(super) async fn watch(config: ServeConfig, handle: Arc<ScreenerHandle>, events: impl Fn(ServeEvent)) {
    let mut ages = config.max_age_days;
    let publish = |snapshot: Arc<Snapshot>, ages: &Ages| {
        if snapshot.manifest().lists.is_empty() {
            // The operator has removed the last list: that is as good as no snapshot.
            handle.withdraw();
        } else {
            let max_age_days = ages.borrow().clone();
            handle.publish(Screener::new(Arc::clone(&snapshot), max_age_days));
        }
        events(ServeEvent::Serving(snapshot));
    };
    let folder = match config.data {
        DataSource::Fixed(snapshot) => loop {
            publish(Arc::clone(&snapshot), &ages);
            changed(&mut ages).await;
        },
        DataSource::Folder(folder) => folder,
    };
    let mut seen: Option<Arc<Snapshot>> = None;
    let mut told = String::new();
    loop {
        match open_if_new(folder.clone(), seen.clone()).await {
            Ok(None) => told.clear(),
            Ok(Some(snapshot)) => {
                told.clear();
                let snapshot = Arc::new(snapshot);
                let before = seen.replace(Arc::clone(&snapshot));
                publish(snapshot, &ages);
                if let Some(before) = before {
                    tokio::spawn(let_go(before));
                }
            }
            Err(error) => {
                let text = error.to_string();
                if text != told {
                    told = text;
                    events(ServeEvent::Unusable(error));
                }
            }
        }
        // A watcher without a pause would take a whole thread.
        tokio::select! {
            () = tokio::time::sleep(config.poll_interval.max(Duration::from_millis(10))) => {}
            () = changed(&mut ages) => {
                if let Some(snapshot) = &seen {
                    publish(Arc::clone(snapshot), &ages);
                }
            }
        }
    }
}

/// Per list the age in days from which it counts as stale, as of now.
type Ages = tokio::sync::watch::Receiver<Vec<(String, i64)>>;

/// Returns when other ages count; never, if nobody can say so any longer.
async fn changed(ages: &mut Ages) {
    if ages.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// How often it is looked whether anybody is still answered from a snapshot of before.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Lets go of a snapshot when nobody is answered from it any longer. Whoever lets go last takes millions of small
/// pieces apart: that is to be no thread that answers calls.
async fn let_go(snapshot: Arc<Snapshot>) {
    while Arc::strong_count(&snapshot) > 1 {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
    // At a shutdown it goes with the process.
    let _ = tokio::task::spawn_blocking(move || drop(snapshot)).await;
}

/// Opens the folder's current snapshot, unless it is the one being served. Off the async workers,
/// since it reads files; and on one core where another snapshot is being served, so that calls keep the others.
async fn open_if_new(
    folder: PathBuf,
    seen: Option<Arc<Snapshot>>,
) -> Result<Option<Snapshot>, SnapshotError> {
    let open = move |folder: &Path| match &seen {
        Some(snapshot) if !snapshot.is_superseded(folder)? => Ok(None),
        Some(_) => on_one_core(|| Snapshot::open(folder)).map(Some),
        None => Snapshot::open(folder).map(Some),
    };
    match tokio::task::spawn_blocking(move || open(&folder)).await {
        Ok(result) => result,
        Err(panicked) => Err(SnapshotError::Damaged(format!("it cannot be opened: {panicked}"))),
    }
}

/// Does work that would take all cores on one of them.
fn on_one_core<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
        Ok(one) => one.install(work),
        // The system gives no thread: better on all cores than not at all.
        Err(_) => work(),
    }
}
