//! `zeef review`: the queue of suspected matches.

use std::fmt::Write as _;

use crate::review::queue::{Etag, Queue, QueueError, SuspectedMatch};

use super::exit::{CliError, code};
use super::plan::{ReviewPlan, StorePlan};
use super::print::{safe, table};
use super::records::{change_text, on_store};
use super::{print, screen};

/// Shows suspected matches, or changes one.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(store: &StorePlan, plan: &ReviewPlan) -> Result<u8, CliError> {
    let changed = |found: SuspectedMatch| print::out(&text(&found)).map_err(CliError::from);
    match plan {
        ReviewPlan::List { filter, limit, json } => {
            let page = on_store(store, async |records| records.queue.list(filter, *limit, "").await)?;
            if *json {
                print::json(&page.matches)?;
            } else {
                print::out(&overview(&page.matches, page.total))?;
            }
        }
        ReviewPlan::Show { id, json } => {
            let found = on_store(store, async |records| records.queue.get(id).await)?;
            if *json {
                print::json(&found)?;
            } else {
                changed(found)?;
            }
        }
        ReviewPlan::Assign { id, to } => {
            let to = to.as_deref().unwrap_or(&store.by);
            changed(on_store(store, async |records| {
                let etag = seen(&records.queue, id, None).await?;
                records.queue.assign(id, etag, &store.by, to).await
            })?)?;
        }
        ReviewPlan::Decide { id, etag, decision } => {
            changed(on_store(store, async |records| {
                let etag = seen(&records.queue, id, *etag).await?;
                records.queue.decide(id, etag, &store.by, decision).await
            })?)?;
        }
        ReviewPlan::Reopen { id, etag, reason } => {
            changed(on_store(store, async |records| {
                let etag = seen(&records.queue, id, *etag).await?;
                records.queue.reopen(id, etag, &store.by, reason).await
            })?)?;
        }
    }
    Ok(code::ANSWERED)
}

/// The version that was seen, or that there is.
async fn seen(queue: &Queue, id: &str, etag: Option<Etag>) -> Result<Etag, QueueError> {
    match etag {
        Some(etag) => Ok(etag),
        None => Ok(queue.get(id).await?.etag),
    }
}

fn overview(matches: &[SuspectedMatch], total: i64) -> String {
    let mut table = table(["id", "state", "subject", "listed entity", "score", "raised", "taken by"]);
    for m in matches {
        table.add_row([
            m.id.clone(),
            m.state.as_str().replace('_', " "),
            safe(&m.subject.name),
            format!("{} ({} {})", safe(&m.hit.name), safe(&m.hit.list), safe(&m.hit.entity_id)),
            format!("{:.3}", m.hit.score),
            day(m.raised),
            safe(&m.assignee),
        ]);
    }
    let shown = matches.len();
    format!("{}\n{shown} of {total} suspected matches.\n", table.trim_fmt())
}

fn day(time: jiff::Timestamp) -> String {
    time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()
}

/// One with its reasons and history.
fn text(m: &SuspectedMatch) -> String {
    let mut text = format!(
        "Suspected match {} ({}), {}\n{} may be {} [{} {}] score {:.3}\n",
        m.id,
        m.etag,
        m.state.as_str().replace('_', " "),
        safe(&m.subject.name),
        safe(&m.hit.name),
        safe(&m.hit.list),
        safe(&m.hit.entity_id),
        m.hit.score
    );
    text.push_str(&screen::explanation(&m.hit.explanation));
    for change in &m.difference {
        let _ = writeln!(text, "   Changed since it was cleared: {}", change_text(change));
    }
    let mut history = table(["when", "who", "what", "why"]);
    for event in &m.history {
        let mut why = vec![safe(&event.reason), safe(&event.note)];
        why.extend(event.difference.iter().map(change_text));
        why.retain(|w| !w.is_empty());
        let what = match event.assignee.as_str() {
            assignee if event.action == crate::review::queue::Action::Assigned => {
                format!("assigned to {}", safe(assignee))
            }
            _ => format!("{}: {}", event.action.as_str(), event.state.as_str().replace('_', " ")),
        };
        history.add_row([event.time.to_string(), safe(&event.author), what, why.join("\n")]);
    }
    let _ = writeln!(text, "{}", history.trim_fmt());
    text
}
