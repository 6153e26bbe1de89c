//! Recording what a command answers.

use tokio::runtime::Runtime;

use crate::batch::Recording;
use crate::review::audit::{Draft, Receipt, Recorder};
use crate::review::queue::{FieldChange, Standing};
use crate::review::store::StoreError;
use crate::review::{Occasion, OnFailure, Records};
use crate::screening::Screener;

use super::exit::CliError;
use super::plan::{RecordPlan, StorePlan};
use super::print;
use super::print::safe;

/// Records, and the runtime that their task runs on.
pub(super) struct Kept {
    runtime: Runtime,
    records: Records,
    occasion: Occasion,
}

impl Kept {
    /// Opens what a screening is recorded in; nothing for demonstration lists, and where nothing is recorded.
    ///
    /// # Errors
    /// When the store cannot be used, unless the user chose to go on without.
    pub(super) fn open(plan: &RecordPlan, screener: &Screener) -> Result<Option<Self>, CliError> {
        let Some(url) = plan.store.as_ref().filter(|_| !screener.snapshot().manifest().demo) else {
            return Ok(None);
        };
        let runtime = runtime()?;
        match (runtime.block_on(Records::open(url, plan.on_failure)), plan.on_failure) {
            (Ok(records), _) => Ok(Some(Self { runtime, records, occasion: plan.occasion.clone() })),
            (Err(error), OnFailure::Refuse) => Err(CliError::Unrecorded(error)),
            (Err(error), OnFailure::Serve) => {
                unrecorded(&error);
                Ok(None)
            }
        }
    }

    /// How rows are recorded, as a run of this name.
    pub(super) fn for_rows(&mut self, run: String) -> Recording<'_> {
        self.occasion.run = run;
        Recording {
            recorder: &self.records.recorder,
            occasion: &self.occasion,
            on_failure: self.records.on_failure,
        }
    }

    /// Drafts a record and waits until it has been written.
    ///
    /// # Errors
    /// When it cannot be, unless the user chose to go on without.
    pub(super) fn record(
        &mut self,
        draft: impl FnOnce(&Recorder, &mut Occasion) -> Result<Draft, StoreError>,
    ) -> Result<Receipt, CliError> {
        let drafted = draft(&self.records.recorder, &mut self.occasion);
        let written = drafted.and_then(|draft| self.runtime.block_on(self.records.recorder.record(draft)));
        match (written, self.records.on_failure) {
            (Ok(receipt), _) => Ok(receipt),
            (Err(error), OnFailure::Refuse) => Err(CliError::Unrecorded(error)),
            (Err(error), OnFailure::Serve) => {
                unrecorded(&error);
                Ok(Receipt::default())
            }
        }
    }
}

fn unrecorded(error: &StoreError) {
    print::note(&format!("zeef: NOT RECORDED, as --record-failure serve allows: {error}"));
}

fn runtime() -> Result<Runtime, CliError> {
    Ok(tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?)
}

/// Runs `work` on an existing store.
///
/// # Errors
/// When the store cannot be used; see also `work`.
pub(super) fn on_store<T, E>(
    plan: &StorePlan,
    work: impl AsyncFnOnce(&Records) -> Result<T, E>,
) -> Result<T, CliError>
where
    CliError: From<E>,
{
    runtime()?.block_on(async {
        let records = Records::open(&plan.store, OnFailure::Refuse).await?;
        let result = work(&records).await;
        records.store.close().await;
        Ok(result?)
    })
}

/// What is said beside a hit of how it stands; nothing of one that is simply open.
pub(super) fn standing_text(standing: &Standing) -> String {
    safe(&standing.sentence())
}

/// A change in words.
pub(super) fn change_text(change: &FieldChange) -> String {
    safe(&change.to_string())
}
