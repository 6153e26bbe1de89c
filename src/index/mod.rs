//! The snapshot: what is loaded, whole and unchanging.
//!
//! A data folder holds generations side by side and one small file that names the current one. A
//! generation holds the tantivy index (store of entities, filters, analysts' search), the compiled
//! [`NameIndex`] of the hot path, the register of [`Boards`] if one was imported, and a manifest that
//! says which lists and registers it holds, as of when.

mod boards;
mod compiled;
mod demo;
pub mod diff;
mod generation;
mod hashed;
mod highlight;
pub mod import;
mod kept;
mod manifest;
pub mod organisations;
mod page;
mod search;
mod snapshot;
mod store;
mod ties;
mod tokens;

pub use crate::sources::BOARDS;
pub use boards::{BoardMatch, BoardOnFile, Boards, BoardsBuilder};
pub use compiled::{
    Card, Lift, NameIndex, NameIndexBuilder, NameIndexError, NameRecord, People, Scratch as PeopleScratch,
    collect as collect_people,
};
pub use generation::DEFAULT_KEPT_GENERATIONS;
pub use highlight::Highlighter;
pub use kept::{KeptGeneration, RollBackError, RolledBack, kept_generations, roll_back};
pub use manifest::{
    FORMAT_VERSION, FileSum, LenderManifest, ListCounts, ListManifest, MAX_ISSUES_KEPT, Manifest,
    RegisterCounts, RegisterManifest,
};
pub use page::PageTokenError;
pub use search::{
    DEFAULT_PAGE_SIZE, Found, MAX_FILTER_VALUES, MAX_PAGE_SIZE, MAX_QUERY_CHARS, SearchError, SearchPage,
    SearchRequest,
};
pub use snapshot::{Snapshot, SnapshotError, SnapshotHandle, holds_snapshot};
pub use ties::{TiedEntity, TiedName, Ties};
