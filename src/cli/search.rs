//! `zeef search`: entities by words, for analysts. Not screening.

use serde::Serialize;

use crate::index::{SearchPage, SearchRequest};
use crate::model::{Entity, EntityKind};
use crate::screening::SubjectKind;

use super::exit::{CliError, code};
use super::plan::SearchPlan;
use super::print::{safe, table};
use super::{data, print};

/// What was found, as programs read it.
#[derive(Serialize)]
struct Found<'a> {
    total: u64,
    suggestions: &'a [String],
    entities: Vec<&'a Entity>,
}

/// Searches and prints.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &SearchPlan) -> Result<u8, CliError> {
    let screener = data::open(&plan.data)?;
    data::require(&screener, &plan.lists)?;
    let page = screener.snapshot().search(&SearchRequest {
        query: plan.text.clone(),
        lists: plan.lists.clone(),
        kind: match plan.kind {
            SubjectKind::Person => Some(EntityKind::Person),
            SubjectKind::Organisation => Some(EntityKind::Organisation),
            SubjectKind::Any => None,
        },
        page_size: plan.limit,
        ..SearchRequest::default()
    })?;
    if plan.json {
        print::json(&Found {
            total: page.total,
            suggestions: &page.suggestions,
            entities: page.found.iter().map(|f| &f.entity).collect(),
        })?;
    } else {
        print::out(&text(&page))?;
    }
    Ok(code::ANSWERED)
}

fn text(page: &SearchPage) -> String {
    if page.found.is_empty() {
        let suggestions = match page.suggestions.as_slice() {
            [] => String::new(),
            some => format!(" Similar words that occur: {}.", safe(&some.join("; "))),
        };
        return format!(
            "Nothing found. This is no screening: use `zeef screen` to screen a name.{suggestions}\n"
        );
    }
    let mut table = table(["list", "entity", "kind", "name", "other names", "countries"]);
    for found in &page.found {
        let entity = &found.entity;
        table.add_row([
            safe(&entity.list),
            safe(&entity.id),
            entity.kind.as_str().to_owned(),
            safe(entity.display_name()),
            entity.names.len().saturating_sub(1).to_string(),
            entity.countries().join(" "),
        ]);
    }
    format!("{}\n{} of {} shown.\n", table.trim_fmt(), page.found.len(), page.total)
}
