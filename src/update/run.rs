//! One update of all lists.

use std::io;
use std::sync::Arc;

use jiff::Timestamp;

use super::fetch::{Fetched, fetch};
use super::state::{self, State};
use super::{ROR, UpdatePlan};
use crate::index::diff::Edition;
use crate::index::import::{ImportError, ImportReport, ImportRequest, Importer, ListInput};
use crate::index::{BOARDS, Manifest};
use crate::sources::format_named;

/// What became of one list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was switched to.
    Imported,
    /// It is what is loaded already.
    Unchanged,
    /// It is what somebody went back from, and is left until it is accepted or another edition comes.
    Held,
    /// It could not be had, or did not pass; what is loaded of it stays.
    Failed(String),
}

/// What an update has done.
#[derive(Debug)]
pub struct UpdateReport {
    /// By list, in the plan's order.
    pub lists: Vec<(String, Outcome)>,
    /// The import, if there was one.
    pub import: Option<ImportReport>,
}

impl UpdateReport {
    /// Whether anything failed.
    pub fn has_failures(&self) -> bool {
        self.lists.iter().any(|(_, outcome)| matches!(outcome, Outcome::Failed(_)))
    }
}

/// An update that could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// A list is not one that zeef reads.
    #[error("there is no list format {list:?}; see `zeef import --formats`")]
    NoFormat {
        /// The name.
        list: String,
    },
    /// A list was asked for that has no source.
    #[error("no source is configured for {list:?}")]
    NoSource {
        /// The list.
        list: String,
    },
    /// The folder cannot be written.
    #[error("cannot write to {folder}: {source}")]
    Write {
        /// The folder.
        folder: String,
        /// The cause.
        source: io::Error,
    },
}

/// Updates the plan's lists (`only` these, if any are named): fetches them, imports those that differ from what is
/// loaded, and switches when everything in them holds. `accept` takes up what was held back.
///
/// Blocks for as long as downloads take.
///
/// # Errors
/// See [`UpdateError`]. What fails for one list is told in the report.
pub fn update(
    plan: &UpdatePlan,
    only: &[String],
    accept: bool,
    cancelled: &dyn Fn() -> bool,
) -> Result<UpdateReport, UpdateError> {
    if let Some(list) = only.iter().find(|list| plan.sources.iter().all(|s| s.list != **list)) {
        return Err(UpdateError::NoSource { list: list.clone() });
    }
    let unknown = |list: &str| list != ROR && list != BOARDS && format_named(list).is_none();
    if let Some(source) = plan.sources.iter().find(|s| unknown(&s.list)) {
        return Err(UpdateError::NoFormat { list: source.list.clone() });
    }
    let write = |source| UpdateError::Write { folder: plan.folder.display().to_string(), source };
    std::fs::create_dir_all(&plan.folder).map_err(write)?;
    // Beside the generations, where there is room for lists; gone at the end, whatever it is.
    let downloads = tempfile::Builder::new().prefix("downloads-").tempdir_in(&plan.folder).map_err(write)?;

    let loaded = Edition::open(&plan.folder, None).map(|e| e.manifest().clone()).unwrap_or_default();
    let mut memory = state::state(&plan.folder);
    let mut lists = Vec::new();
    let mut fetched = Vec::new();
    for source in &plan.sources {
        // Names are lent at the import of a list, so that the lender comes along with any.
        if !only.is_empty() && !only.contains(&source.list) && source.list != ROR {
            continue;
        }
        match fetch(source, downloads.path(), cancelled) {
            Ok(files) => fetched.push(files),
            Err(error) => lists.push((source.list.clone(), Outcome::Failed(error.to_string()))),
        }
    }
    let mut due = due(&fetched, &loaded, &memory, accept, &mut lists);
    let import = import(plan, &mut due, &fetched, &mut lists);
    lists.extend(due.into_iter().map(|list| (list, Outcome::Imported)));
    if fetched.iter().any(|f| f.list == ROR) && lists.iter().all(|(list, _)| list != ROR) {
        lists.push((ROR.to_owned(), Outcome::Unchanged));
    }
    let place = |list: &str| plan.sources.iter().position(|s| s.list == list);
    lists.sort_by_key(|(list, _)| place(list));

    let now = Timestamp::now();
    for (list, outcome) in &lists {
        let known = memory.lists.entry(list.clone()).or_default();
        match outcome {
            Outcome::Failed(why) => {
                (known.failed, known.why) = (Some(now), why.clone());
                known.failures = known.failures.saturating_add(1);
            }
            _ => {
                (known.checked, known.failed, known.failures) = (Some(now), None, 0);
                known.why.clear();
            }
        }
    }
    if accept && let Some(import) = &import {
        let taken = |hash: &String| import.lists.iter().any(|l| l.manifest.content_hash == *hash);
        memory.held.retain(|hash| !taken(hash));
    }
    state::remember(&plan.folder, &memory).map_err(write)?;
    Ok(UpdateReport { lists, import })
}

/// The lists that differ from what is loaded. Where the lender of names differs, all that borrow do.
fn due(
    fetched: &[Fetched],
    loaded: &Manifest,
    memory: &State,
    accept: bool,
    lists: &mut Vec<(String, Outcome)>,
) -> Vec<String> {
    let lender = fetched.iter().find(|f| f.list == ROR);
    let mut due = Vec::new();
    for one in fetched.iter().filter(|f| f.list != ROR) {
        let (hash, lent) = match (loaded.list(&one.list), loaded.register(&one.list)) {
            (Some(list), _) => {
                (list.content_hash.as_str(), list.lenders.first().map(|l| l.content_hash.as_str()))
            }
            (None, Some(register)) => (register.content_hash.as_str(), None),
            (None, None) => ("", None),
        };
        let borrows = one.list != BOARDS;
        let same_lender = !borrows || lender.is_none_or(|l| lent == Some(l.content_hash.as_str()));
        if hash == one.content_hash && same_lender {
            lists.push((one.list.clone(), Outcome::Unchanged));
        } else if memory.held.contains(&one.content_hash) && !accept {
            lists.push((one.list.clone(), Outcome::Held));
        } else {
            due.push(one.list.clone());
        }
    }
    due
}

/// Imports what is due, without the lists that do not pass: each is taken out with its reason, and the rest tried
/// again.
fn import(
    plan: &UpdatePlan,
    due: &mut Vec<String>,
    fetched: &[Fetched],
    lists: &mut Vec<(String, Outcome)>,
) -> Option<ImportReport> {
    while !due.is_empty() {
        let error = match Importer::new(&plan.folder).run(&request(plan, due, fetched), &mut |_| {}) {
            Ok(report) => {
                if let Some(ror) = fetched.iter().find(|f| f.list == ROR) {
                    lists.push((ror.list.clone(), Outcome::Imported));
                }
                return Some(report);
            }
            Err(error) => error,
        };
        let at_fault = match &error {
            ImportError::Read { list, .. }
            | ImportError::Empty { list, .. }
            | ImportError::Shrunk { list, .. }
            | ImportError::Refused { list, .. } => due.iter().position(|l| l == list),
            _ => None,
        };
        match at_fault {
            Some(at) => lists.push((due.remove(at), Outcome::Failed(error.to_string()))),
            None => {
                let why = error.to_string();
                lists.extend(due.drain(..).map(|list| (list, Outcome::Failed(why.clone()))));
            }
        }
    }
    None
}

fn request(plan: &UpdatePlan, due: &[String], fetched: &[Fetched]) -> ImportRequest {
    let mut request = ImportRequest::new(Timestamp::now());
    for one in fetched {
        match (one.list.as_str(), format_named(&one.list)) {
            (BOARDS, _) if due.contains(&one.list) => request.boards.clone_from(&one.files),
            (list, Some(format)) if due.iter().any(|l| l == list) => {
                request.lists.push(ListInput { format, files: one.files.clone() });
            }
            _ => {}
        }
    }
    if !request.lists.is_empty()
        && let Some(ror) = fetched.iter().find(|f| f.list == ROR)
    {
        request.ror.clone_from(&ror.files);
    }
    request.keep = plan.keep;
    request.max_shrink = plan.checks.max_shrink;
    let (checks, folder, lists) = (plan.checks, plan.folder.clone(), due.to_vec());
    request.before_switch = Some(Arc::new(move |new| checks.of(&folder, new, &lists)));
    request
}
