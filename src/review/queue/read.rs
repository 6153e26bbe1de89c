//! Suspected matches from the store.

use sqlx::any::AnyRow;
use sqlx::{Any, Executor, Row as _};

use crate::review::store::{StoreError, time_of};

use super::Queue;
use super::form::Form;
use super::raise::difference_of;
use super::types::{Etag, Event, MatchState, Outcome, QueueError, SuspectedMatch, Verdict};

/// The columns that [`of_row`] reads.
pub(super) const COLUMNS: &str = "id, subject, hit, purpose, case_reference, subject_reference, record, snapshot, \
     subject_form, entity_form, difference, state, assignee, four_eyes, proposal, proposed_by, decided, decided_by, \
     reason, note, raised, changed, version";

impl Queue {
    /// A suspected match with its history.
    ///
    /// # Errors
    /// [`QueueError::NotFound`], or the store's.
    pub async fn get(&self, id: &str) -> Result<SuspectedMatch, QueueError> {
        let mut found = one(self.store.pool(), id).await?;
        let rows = sqlx::query(
            "SELECT time, author, action, state, assignee, reason, note, difference FROM match_events \
             WHERE match_id = $1 ORDER BY number",
        )
        .bind(id)
        .fetch_all(self.store.pool())
        .await
        .map_err(StoreError::from)?;
        found.history = rows.iter().map(event).collect::<Result<_, _>>()?;
        Ok(found)
    }
}

/// A suspected match without its history.
pub(super) async fn one<'c>(
    executor: impl Executor<'c, Database = Any>,
    id: &str,
) -> Result<SuspectedMatch, QueueError> {
    // Ids are ours and hold none; PostgreSQL takes no NUL in a text.
    if id.contains('\0') {
        return Err(QueueError::NotFound);
    }
    let sql = format!("SELECT {COLUMNS} FROM suspected_matches WHERE id = $1");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(id)
        .fetch_optional(executor)
        .await
        .map_err(StoreError::from)?
        .ok_or(QueueError::NotFound)?;
    Ok(of_row(&row)?)
}

/// Reads a row of [`COLUMNS`].
pub(super) fn of_row(row: &AnyRow) -> Result<SuspectedMatch, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    let damaged = |_| StoreError::Damaged("a suspected match cannot be read".into());
    let form =
        |column: &str| -> Result<Form, StoreError> { serde_json::from_str(&text(column)?).map_err(damaged) };
    let state: MatchState = text("state")?.parse()?;
    let time: i64 = row.try_get("decided")?;
    let outcome = |verdict| -> Result<Outcome, StoreError> {
        Ok(Outcome {
            verdict,
            time: time_of(time),
            author: text("decided_by")?,
            proposed_by: text("proposed_by")?,
            reason: text("reason")?,
            note: text("note")?,
        })
    };
    let decision = match state {
        MatchState::Confirmed => Some(outcome(Verdict::Confirmed)?),
        MatchState::Cleared => Some(outcome(Verdict::Cleared)?),
        MatchState::Open | MatchState::InReview => None,
    };
    let proposal = match text("proposal")?.as_str() {
        "" => None,
        "confirmed" => Some(outcome(Verdict::Confirmed)?),
        _ => Some(outcome(Verdict::Cleared)?),
    };
    // What waits for a second person was said by the first.
    let proposal =
        proposal.filter(|_| decision.is_none()).map(|p| Outcome { author: p.proposed_by.clone(), ..p });
    Ok(SuspectedMatch {
        id: text("id")?,
        etag: Etag(row.try_get("version")?),
        state,
        subject: serde_json::from_str(&text("subject")?).map_err(damaged)?,
        hit: serde_json::from_str(&text("hit")?).map_err(damaged)?,
        purpose: text("purpose")?,
        case_reference: text("case_reference")?,
        subject_reference: text("subject_reference")?,
        record: row.try_get("record")?,
        snapshot: text("snapshot")?,
        assignee: text("assignee")?,
        four_eyes: row.try_get::<i64, _>("four_eyes")? != 0,
        proposal,
        decision,
        subject_form: form("subject_form")?,
        entity_form: form("entity_form")?,
        difference: difference_of(&text("difference")?)?,
        raised: time_of(row.try_get("raised")?),
        changed: time_of(row.try_get("changed")?),
        history: Vec::new(),
    })
}

fn event(row: &AnyRow) -> Result<Event, StoreError> {
    let text = |column: &str| row.try_get::<String, _>(column);
    Ok(Event {
        time: time_of(row.try_get("time")?),
        author: text("author")?,
        action: text("action")?.parse()?,
        state: text("state")?.parse()?,
        assignee: text("assignee")?,
        reason: text("reason")?,
        note: text("note")?,
        difference: difference_of(&text("difference")?)?,
    })
}
