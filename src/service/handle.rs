//! What is being served: one screener, swapped whole.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use tokio::sync::watch;

use crate::screening::Screener;

/// Holds the screener that calls are answered with, if there is one.
///
/// A call takes it once and keeps it to its end, so that it sees one snapshot whatever is published
/// meanwhile. Health follows [`ScreenerHandle::watch`].
pub struct ScreenerHandle {
    current: ArcSwapOption<Screener>,
    loaded: watch::Sender<bool>,
}

impl ScreenerHandle {
    /// A handle that holds nothing yet.
    pub fn empty() -> Self {
        Self { current: ArcSwapOption::empty(), loaded: watch::Sender::new(false) }
    }

    /// A handle that holds `screener`.
    pub fn of(screener: Screener) -> Self {
        let handle = Self::empty();
        handle.publish(screener);
        handle
    }

    /// Answers calls that begin from now on with `screener`.
    pub fn publish(&self, screener: Screener) {
        self.current.store(Some(Arc::new(screener)));
        self.loaded.send_replace(true);
    }

    /// Stops answering: calls that begin from now on fail with FAILED_PRECONDITION.
    pub fn withdraw(&self) {
        self.loaded.send_replace(false);
        self.current.store(None);
    }

    /// The screener of now.
    pub fn current(&self) -> Option<Arc<Screener>> {
        self.current.load_full()
    }

    /// Tells whether there is one, and when that changes.
    pub fn watch(&self) -> watch::Receiver<bool> {
        self.loaded.subscribe()
    }
}

impl Default for ScreenerHandle {
    fn default() -> Self {
        Self::empty()
    }
}
