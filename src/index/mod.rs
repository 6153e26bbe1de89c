//! The snapshot: what is loaded, whole and unchanging.
//!
//! A data folder holds generations side by side and one small file that names the current one. A
//! generation holds the tantivy index (store of entities, filters, analysts' search), the compiled
//! [`NameIndex`] of the hot path, and a manifest that says which lists it holds, as of when.

mod compiled;
mod manifest;
mod snapshot;

pub use compiled::{NameIndex, NameIndexBuilder, NameIndexError};
pub use manifest::{ListCounts, ListManifest, Manifest};
pub use snapshot::{Snapshot, SnapshotError};
