//! `zeef purge` and `zeef person`: what is kept no longer, handed out, erased.

use crate::review::privacy::{Retention, disclose, erase, purge};

use super::exit::{CliError, code};
use super::plan::{PersonPlan, StorePlan};
use super::records::on_store;
use super::{print, rows};

/// Removes what has been kept long enough.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run_purge(store: &StorePlan, retention: &Retention) -> Result<u8, CliError> {
    let now = jiff::Timestamp::now();
    let purged = on_store(store, async |records| purge(records, &store.by, retention, now).await)?;
    print::out(&format!(
        "Purged: the contents of {} screenings and decisions, {} decided matches, {} ended watches.\n",
        purged.parts, purged.matches, purged.watches
    ))?;
    Ok(code::ANSWERED)
}

/// Hands out, or erases, what is kept of one person.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run_person(store: &StorePlan, plan: &PersonPlan) -> Result<u8, CliError> {
    match plan {
        PersonPlan::Export { person, output } => {
            let told = on_store(store, async |records| disclose(records, &store.by, person).await)?;
            match output {
                None => print::json(&told)?,
                Some(path) => {
                    let text = serde_json::to_string_pretty(&told).map_err(std::io::Error::from)? + "\n";
                    rows::whole_file(path, &text)?;
                }
            }
        }
        PersonPlan::Erase { person, with_confirmed } => {
            let erased =
                on_store(store, async |records| erase(records, &store.by, person, *with_confirmed).await)?;
            print::out(&format!(
                "Erased: the contents of {} screenings and decisions, {} suspected matches, {} watches.\n",
                erased.parts, erased.matches, erased.watches
            ))?;
        }
    }
    Ok(code::ANSWERED)
}
