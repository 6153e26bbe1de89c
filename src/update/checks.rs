//! What must hold before lists are switched to.
//!
//! That a file is of its format at all is checked by its reader, and that a list has not lost many entries by the
//! import. Here is what could still be wrong with a file that reads well: another list's file, a reader that no
//! longer understands half of it, an index that does not find what it holds.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::index::diff::Edition;
use crate::index::{ListManifest, Snapshot};
use crate::model::{Entity, EntityKind};
use crate::screening::{Options, Screener, Subject, SubjectKind};

/// What must hold of a list that is new.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checks {
    /// The share of its entities, 0 to 1, that a list may lose from one edition to the next. Default: 0.2.
    pub max_shrink: f64,
    /// By how much a list may grow at once. Default: to three times as many entities; another list's file in its
    /// place is more often larger than smaller.
    pub max_growth: f64,
    /// Issues per entity that a list may have. Default: 0.25; a reader that no longer understands a format has one
    /// per record.
    pub max_issue_share: f64,
    /// Entries of the edition before, of each list, that must be found again by their names where they are still
    /// listed. Default: 25.
    pub controls: usize,
}

impl Default for Checks {
    fn default() -> Self {
        Self { max_shrink: 0.2, max_growth: 3.0, max_issue_share: 0.25, controls: 25 }
    }
}

/// Fewer entities than this say nothing about growth: a list that begins.
const TOO_FEW_TO_GROW: u64 = 50;

impl Checks {
    /// Checks a snapshot that is about to be switched to, for the lists named; the first that fails, and why.
    pub(super) fn of(
        &self,
        folder: &Path,
        new: &Arc<Snapshot>,
        lists: &[String],
    ) -> Result<(), (String, String)> {
        // Without an edition before there is nothing to compare with.
        let before = Edition::open(folder, None).ok();
        for list in new.manifest().lists.iter().filter(|l| lists.contains(&l.list)) {
            let old = before.as_ref().and_then(|b| b.manifest().list(&list.list));
            self.counts(list, old).map_err(|what| (list.list.clone(), what))?;
            if let (Some(before), Some(_)) = (&before, old) {
                self.control(before, new, &list.list).map_err(|what| (list.list.clone(), what))?;
            }
        }
        Ok(())
    }

    fn counts(&self, list: &ListManifest, before: Option<&ListManifest>) -> Result<(), String> {
        let (entities, issues) = (list.counts.entities, list.issue_count);
        if issues as f64 > entities as f64 * self.max_issue_share {
            let first = list.issues.first().map(|i| format!(" (the first: {}: {})", i.place, i.what));
            return Err(format!("it has {issues} issues in {entities} entries{}", first.unwrap_or_default()));
        }
        let Some(before) = before.map(|b| b.counts) else { return Ok(()) };
        if before.entities >= TOO_FEW_TO_GROW && entities as f64 > before.entities as f64 * self.max_growth {
            return Err(format!("it has grown from {} to {entities} entries at once", before.entities));
        }
        // Entries can stay while what they say is lost.
        if (list.counts.names as f64) < before.names as f64 * (1.0 - self.max_shrink) {
            return Err(format!("it has shrunk from {} to {} names", before.names, list.counts.names));
        }
        Ok(())
    }

    /// Screens entries of the edition before against the new one.
    fn control(&self, before: &Edition, new: &Arc<Snapshot>, list: &str) -> Result<(), String> {
        let known = before.sample(list, self.controls).map_err(|e| e.to_string())?;
        let mut lost = Vec::new();
        let screener = Screener::new(Arc::clone(new), Vec::new());
        for old in known {
            let Some(now) = new.entity(list, &old.id).map_err(|e| e.to_string())? else { continue };
            let options =
                Options { lists: vec![list.to_owned()], limit: Some(usize::MAX), ..Options::default() };
            let answer = screener.screen(&asked_for(&now, &old), &options, Timestamp::now());
            let answer = answer.map_err(|e| e.to_string())?;
            if !answer.hits.iter().chain(&answer.set_aside).any(|hit| hit.entity_id == old.id) {
                lost.push(old.id);
            }
        }
        match lost.first() {
            None => Ok(()),
            Some(first) => {
                Err(format!("{} known entries are not found by their names, {first} among them", lost.len()))
            }
        }
    }
}

/// A listed entity as somebody who asks for it by name: the name that it was known by, if it still has that.
fn asked_for(now: &Entity, old: &Entity) -> Subject {
    let name = old.display_name();
    let name = if now.names.iter().any(|n| n.whole == name) { name } else { now.display_name() };
    let kind = match now.kind {
        EntityKind::Person => SubjectKind::Person,
        EntityKind::Organisation => SubjectKind::Organisation,
    };
    Subject::named(name, kind)
}
