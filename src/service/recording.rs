//! Recording what calls are answered with.

use super::deadline::Deadline;
use super::server::Shared;
use super::status::{Failure, Reason};
use crate::review::audit::{Draft, Receipt, Recorder};
use crate::review::store::StoreError;
use crate::review::{OnFailure, Records};
use crate::screening::Screener;

/// A record to be written; an error where it could not even be drafted; nothing where nothing is recorded.
pub(crate) type Drafted<T> = Option<Result<T, StoreError>>;

impl Shared {
    /// What is kept.
    pub(crate) fn records(&self) -> Result<&Records, Failure> {
        self.config.records.as_ref().ok_or_else(|| {
            Failure::new(Reason::NotRecording, "this service keeps no records, so there is no queue either")
        })
    }

    /// Who records answers of this screener; nobody, where no records are kept or the lists are demonstration
    /// lists, whose answers mean nothing.
    pub(crate) fn recorder(&self, screener: &Screener) -> Option<Recorder> {
        let records = self.config.records.as_ref()?;
        (!screener.snapshot().manifest().demo).then(|| records.recorder.clone())
    }

    /// Waits until a record has been written, but not beyond the deadline: it is written all the same. Without
    /// a number where nothing is recorded.
    pub(crate) async fn recorded(
        &self,
        draft: Drafted<Draft>,
        deadline: Deadline,
    ) -> Result<Receipt, Failure> {
        let drafts = draft.map(|draft| draft.map(|draft| vec![draft]));
        tokio::select! {
            biased;
            receipts = self.recorded_all(drafts) => Ok(receipts?.pop().unwrap_or_default()),
            () = deadline.wait() => Err(Failure::deadline()),
        }
    }

    /// Waits until records have been written; a receipt for each, in order, or none where nothing is recorded.
    pub(crate) async fn recorded_all(&self, drafts: Drafted<Vec<Draft>>) -> Result<Vec<Receipt>, Failure> {
        let (Some(records), Some(drafts)) = (&self.config.records, drafts) else { return Ok(Vec::new()) };
        let written = match drafts {
            Ok(drafts) if drafts.is_empty() => return Ok(Vec::new()),
            Ok(drafts) => records.recorder.record_all(drafts).await,
            Err(error) => Err(error),
        };
        if written.is_err() {
            self.metrics.unrecorded();
        }
        match (written, records.on_failure) {
            (Ok(receipts), _) => Ok(receipts),
            (Err(error), OnFailure::Refuse) => Err(error.into()),
            (Err(error), OnFailure::Serve) => {
                tracing::error!(%error, "ANSWERED WITHOUT A RECORD, as the operator chose");
                Ok(Vec::new())
            }
        }
    }
}
