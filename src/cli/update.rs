//! `zeef lists update`: lists fetched, checked and switched to.

use crate::update::{Outcome, UpdateReport, update};

use super::config::Settings;
use super::exit::{CliError, code};
use super::plan::{Folder, UpdateListsPlan};
use super::print;
use super::print::safe;

/// Updates the lists that the configuration names.
///
/// # Errors
/// See [`CliError`]. Where a list fails, the others are updated and the exit code says that one was refused.
pub(super) fn run(plan: &UpdateListsPlan) -> Result<u8, CliError> {
    let settings = Settings::read(&plan.config.sources)?;
    let folder = match settings.sections.lists(&plan.config.world).folder {
        Folder::Named(folder) | Folder::User(folder) => folder,
        Folder::Demo => {
            return Err(CliError::Usage("demonstration lists are not updated; name a folder".into()));
        }
    };
    let updates = settings.sections.updates(folder)?.ok_or_else(|| {
        CliError::Usage(
            "no source is configured; name one under [update.sources.LIST] (--config FILE)".into(),
        )
    })?;
    let report = update(&updates, &plan.lists, plan.accept, &|| false)?;
    print::out(&lines(&report))?;
    Ok(if report.has_failures() { code::REFUSED } else { code::ANSWERED })
}

/// What became of each list, a line each.
pub(super) fn lines(report: &UpdateReport) -> String {
    let mut text = String::new();
    for (list, outcome) in &report.lists {
        let became = match outcome {
            Outcome::Imported => "updated".to_owned(),
            Outcome::Unchanged => "unchanged".to_owned(),
            Outcome::Held => "held back, for it was gone back from; `--accept` takes it up".to_owned(),
            Outcome::Failed(why) => format!("FAILED, what was loaded stays: {}", safe(why)),
        };
        text.push_str(&format!("{}: {became}\n", safe(list)));
    }
    if let Some(import) = &report.import {
        text.push_str(&format!("Snapshot {}.\n", super::notice::short(&import.snapshot)));
    }
    text
}
