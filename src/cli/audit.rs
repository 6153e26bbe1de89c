//! `zeef audit`: does the trail hold, and what does it say.

use std::io::{self, BufWriter, Write as _};

use crate::review::audit::{export, verify};

use super::exit::{CliError, code};
use super::plan::{AuditPlan, StorePlan};
use super::records::on_store;
use super::{print, rows};

/// Checks the trail, or writes it out.
///
/// # Errors
/// See [`CliError`]. A trail that does not hold is none: it is what was asked, and exits with 1.
pub(super) fn run(store: &StorePlan, plan: &AuditPlan) -> Result<u8, CliError> {
    match plan {
        AuditPlan::Verify(expected) => {
            let found = on_store(store, async |records| verify(&records.store, expected.as_ref()).await)?;
            match found {
                Ok(found) => {
                    print::out(&format!(
                        "The trail is whole: {}, {} there, {} erased or purged.\n",
                        print::count(usize::try_from(found.records).unwrap_or(0), "record", "records"),
                        print::count(
                            usize::try_from(found.parts).unwrap_or(0),
                            "part of contents",
                            "parts of contents"
                        ),
                        found.erased,
                    ))?;
                    if found.records > 0 {
                        print::out(&format!(
                            "Note elsewhere, for --expect: {}:{}\n",
                            found.records, found.hash
                        ))?;
                    }
                    Ok(code::ANSWERED)
                }
                Err(fault) => {
                    print::note(&format!("zeef: THE TRAIL IS BROKEN: {fault}"));
                    Ok(code::FAILED)
                }
            }
        }
        AuditPlan::Export { period, form, output } => {
            let count = match output {
                None => on_store(store, async |records| {
                    let mut out = BufWriter::new(io::stdout());
                    export(&records.store, period, *form, &mut out).await
                })?,
                Some(path) => {
                    let mut aside = BufWriter::new(rows::aside(path)?);
                    let count = on_store(store, async |records| {
                        export(&records.store, period, *form, &mut aside).await
                    })?;
                    aside.flush().map_err(rows::file_error(path))?;
                    let aside = aside.into_inner().map_err(|e| rows::file_error(path)(e.into_error()))?;
                    aside.as_file().sync_all().map_err(rows::file_error(path))?;
                    aside.persist(path).map_err(|e| rows::file_error(path)(e.error))?;
                    count
                }
            };
            print::note(&format!("zeef: {count} records"));
            Ok(code::ANSWERED)
        }
    }
}
