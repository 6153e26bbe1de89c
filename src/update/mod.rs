//! Lists that stay fresh: fetched, checked before they count, switched to, and gone back from.
//!
//! # Layout
//!
//! * [`UpdatePlan`], [`Source`]: which lists come from where.
//! * `fetch`: downloads and watched files, as files to import.
//! * [`Checks`]: what must hold before lists are switched to.
//! * [`update`]: all of it once; [`schedule`]: again and again.
//! * `state`: what is remembered between updates, in `updates.json` of the data folder.
//!
//! # Invariants
//!
//! * Whatever goes wrong with one list, the others are updated, and what was loaded of it stays loaded.
//! * What somebody went back from is not taken up again by itself.
//! * An address is shown without what may be a token.

mod checks;
mod fetch;
mod run;
mod schedule;
mod state;

use std::path::PathBuf;

use crate::index::DEFAULT_KEPT_GENERATIONS;
use crate::sources::download::Download;

pub use checks::Checks;
pub use run::{Outcome, UpdateError, UpdateReport, update};
pub use schedule::{Schedule, schedule};
pub use state::{ListState, State, hold, state};

/// The lender of names, which is fetched like a list and is none.
pub const ROR: &str = "ror";

/// Where the EU's list lies; the token is appended as `?token=…`.
pub const EU_ADDRESS: &str =
    "https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content";

/// Which lists are kept fresh, from where, in which folder.
#[derive(Clone)]
pub struct UpdatePlan {
    /// The data folder.
    pub folder: PathBuf,
    /// The lists.
    pub sources: Vec<Source>,
    /// How many generations stay in the folder.
    pub keep: usize,
    /// What must hold before lists are switched to.
    pub checks: Checks,
}

impl UpdatePlan {
    /// A plan with the usual checks.
    pub fn new(folder: impl Into<PathBuf>, sources: Vec<Source>) -> Self {
        Self { folder: folder.into(), sources, keep: DEFAULT_KEPT_GENERATIONS, checks: Checks::default() }
    }
}

/// One list and where it comes from.
#[derive(Clone)]
pub struct Source {
    /// The list's or register's id (`eu`), or [`ROR`].
    pub list: String,
    /// Where it comes from.
    pub place: Place,
}

/// Where a list comes from.
#[derive(Clone)]
pub enum Place {
    /// A server.
    Address(Box<Download>),
    /// Files that somebody puts there, and folders of such files.
    Files(Vec<PathBuf>),
}
#[cfg(test)]
mod tests;
