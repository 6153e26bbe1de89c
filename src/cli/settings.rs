//! `zeef config check`: what is wrong with a configuration, before a server finds out.

use super::config::Settings;
use super::exit::{CliError, code};
use super::plan::ConfigPlan;
use super::print;

/// Reads the configuration as `serve` would, with the files that it names.
///
/// # Errors
/// All faults at once; see [`CliError`].
pub(super) fn check(plan: &ConfigPlan) -> Result<u8, CliError> {
    let settings = Settings::read(&plan.sources)?;
    settings.sections.limits()?;
    settings.sections.webhooks()?;
    settings.sections.updates(std::path::PathBuf::new())?;
    settings.placed_in(settings.sections.tls())?;
    settings.placed_in(settings.sections.access(None))?;
    for remark in &settings.remarks {
        print::note(&format!("zeef: {remark}"));
    }
    let (file, environment, _) = settings.counts();
    let from = match &plan.sources.file {
        Some(path) => format!("{} from {}", print::count(file, "value", "values"), path.display()),
        None => "no file (give --config FILE, or set ZEEF_CONFIG)".to_owned(),
    };
    let variables = print::count(environment, "value", "values");
    print::out(&format!("the configuration is without fault: {from}, {variables} from the environment\n"))?;
    Ok(code::ANSWERED)
}
