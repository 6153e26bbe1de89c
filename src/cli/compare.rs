//! `zeef compare`: two names by the scorer of `screen`.

use serde::Serialize;

use crate::screening::{Comparison, DEFAULT_THRESHOLD, Explanation, Screener, Strength};

use super::exit::{CliError, code};
use super::plan::ComparePlan;
use super::{data, print, screen};

/// A comparison as programs read it: the fields of a `--format jsonl` row, without its id.
#[derive(Serialize)]
struct Compared<'a> {
    score: f64,
    #[serde(rename = "match")]
    is_match: bool,
    strength: Option<Strength>,
    explanation: &'a Explanation,
}

/// Compares and prints.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &ComparePlan) -> Result<u8, CliError> {
    if let Some(folder) = &plan.data {
        data::check(folder)?;
    }
    let comparison = Screener::compare(&plan.query, &plan.candidate, plan.threshold)?;
    let Comparison { score, is_match, strength, explanation } = &comparison;
    if plan.json {
        print::json(&Compared { score: *score, is_match: *is_match, strength: *strength, explanation })?;
    } else {
        let threshold = plan.threshold.unwrap_or(DEFAULT_THRESHOLD);
        let verdict = match strength {
            Some(strength) => format!("match, {}", strength.as_str()),
            None => "no match".to_owned(),
        };
        let head = format!("{verdict}: score {score:.3}, threshold {threshold}\n");
        print::out(&(head + &screen::explanation(explanation)))?;
    }
    Ok(if plan.exit_hit && *is_match { code::HIT } else { code::ANSWERED })
}
