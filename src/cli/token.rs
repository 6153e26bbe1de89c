//! `zeef token new`: a token for a client, and what the configuration has to know of it.

use std::fmt::Write as _;
use std::io;

use crate::service::access::{hexadecimal, new_token, token_hash};

use super::exit::{CliError, code};
use super::plan::TokenPlan;
use super::print;

/// Makes a token. It is written to standard output once and kept nowhere.
///
/// # Errors
/// When there are no random numbers, or standard output cannot be written.
pub(super) fn new(plan: &TokenPlan) -> Result<u8, CliError> {
    let token = new_token().map_err(io::Error::other)?;
    let scopes: Vec<String> = plan.scopes.iter().map(|s| format!("\"{s}\"")).collect();
    // A text in JSON is one in TOML.
    let name = serde_json::Value::String(plan.name.clone());
    let mut lines = format!(
        "zeef: the token of {} is on standard output, this once. For the configuration:\n\n[[access.tokens]]\n\
         name = {name}\nsha256 = \"{}\"\nscopes = [{}]\n",
        print::safe(&plan.name),
        hexadecimal(&token_hash(&token)),
        scopes.join(", ")
    );
    if let Some(expires) = &plan.expires {
        // Writing to a text does not fail.
        let _ = writeln!(lines, "expires = \"{expires}\"");
    }
    print::note(&lines);
    print::out(&format!("{token}\n"))?;
    Ok(code::ANSWERED)
}
