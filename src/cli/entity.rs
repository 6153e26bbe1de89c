//! `zeef entity`: everything a list says of one entity.

use std::fmt::Write as _;

use crate::model::Entity;

use super::exit::{CliError, code};
use super::plan::DataPlan;
use super::print::safe;
use super::{data, print};

/// Looks the entity up and prints it.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &DataPlan, list: &str, id: &str, json: bool) -> Result<u8, CliError> {
    let screener = data::open(plan)?;
    data::require(&screener, &[list.to_owned()])?;
    let entity = screener.snapshot().entity(list, id)?;
    let entity = entity.ok_or_else(|| CliError::NoEntity { list: list.to_owned(), id: id.to_owned() })?;
    if json {
        print::json(&entity)?;
    } else {
        print::out(&text(&entity)?)?;
    }
    Ok(code::ANSWERED)
}

/// The entity as a person reads it: its name, then every field that says something, by the field's name.
fn text(entity: &Entity) -> Result<String, CliError> {
    let mut text = format!(
        "{} [{} {}], {}\n",
        safe(entity.display_name()),
        safe(&entity.list),
        safe(&entity.id),
        entity.kind.as_str()
    );
    let value = serde_json::to_value(entity).map_err(std::io::Error::from)?;
    if let serde_json::Value::Object(fields) = value {
        for (field, value) in fields.iter().filter(|(f, _)| !["list", "id", "kind"].contains(&f.as_str())) {
            outline(&mut text, field, value, 0);
        }
    }
    Ok(text)
}

/// Writes a value as an outline, leaving out what is empty.
fn outline(text: &mut String, name: &str, value: &serde_json::Value, depth: usize) {
    use serde_json::Value;
    let indent = "  ".repeat(depth);
    let name = name.replace('_', " ");
    match value {
        Value::Null | Value::Bool(false) => {}
        Value::String(s) if s.is_empty() => {}
        Value::String(s) => {
            let _ = writeln!(text, "{indent}{name}: {}", safe(s));
        }
        Value::Bool(true) | Value::Number(_) => {
            let _ = writeln!(text, "{indent}{name}: {value}");
        }
        Value::Array(all) => {
            let mut inner = String::new();
            for value in all {
                match value {
                    Value::Object(_) => outline(&mut inner, "-", value, depth + 1),
                    Value::String(s) => {
                        let _ = writeln!(inner, "{indent}  - {}", safe(s));
                    }
                    other => outline(&mut inner, "-", other, depth + 1),
                }
            }
            if !inner.is_empty() {
                let _ = write!(text, "{indent}{name}:\n{inner}");
            }
        }
        Value::Object(fields) => {
            let mut inner = String::new();
            for (field, value) in fields {
                outline(&mut inner, field, value, depth + 1);
            }
            if !inner.is_empty() {
                let _ = write!(text, "{indent}{name}:\n{inner}");
            }
        }
    }
}
