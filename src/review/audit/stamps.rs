//! Stamps, kept once and named by their hash.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::screening::Stamp;

/// A stamp as the trail keeps it.
#[derive(Debug)]
pub(super) struct StampText {
    /// Its name: the hash of `body`.
    pub hash: String,
    /// Its JSON.
    pub body: String,
}

impl StampText {
    fn of(stamp: &Stamp) -> serde_json::Result<Self> {
        let body = serde_json::to_string(stamp)?;
        Ok(Self { hash: hash_of(&body), body })
    }
}

/// The name of a stamp of this text.
pub(super) fn hash_of(body: &str) -> String {
    blake3::hash(body.as_bytes()).to_hex().to_string()
}

/// The last stamp seen: all answers of a day share one.
#[derive(Debug, Default)]
pub(super) struct LastStamp(ArcSwapOption<(Arc<Stamp>, Arc<StampText>)>);

impl LastStamp {
    /// The text of a stamp.
    pub(super) fn text(&self, stamp: &Arc<Stamp>) -> serde_json::Result<Arc<StampText>> {
        if let Some(last) = &*self.0.load()
            && Arc::ptr_eq(&last.0, stamp)
        {
            return Ok(Arc::clone(&last.1));
        }
        let text = Arc::new(StampText::of(stamp)?);
        self.0.store(Some(Arc::new((Arc::clone(stamp), Arc::clone(&text)))));
        Ok(text)
    }
}
