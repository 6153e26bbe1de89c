//! From hits to suspected matches: new ones raised, known ones remembered, cleared ones brought back.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use crate::review::audit::Salts;
use crate::review::store::{StoreError, in_chunks, time_of};

use super::form::{FieldChange, Form, Side, Suspect};
use super::types::{Action, MatchState, Standing};

/// A pair that is known already.
struct Known {
    standing: Standing,
    subject_mark: String,
    entity_mark: String,
}

/// Raises suspects, each found by the record of a number at a time, and tells how each stands. Pairs are looked
/// up under the chain's row, so that two writers never raise the same one.
pub(in crate::review) async fn raise(
    work: &mut Transaction<'static, Any>,
    suspects: &[(&Suspect, i64, i64)],
    ids: &Salts,
) -> Result<Vec<Standing>, StoreError> {
    let mut known = known(work, suspects).await?;
    let mut standings = Vec::with_capacity(suspects.len());
    for &(suspect, record, time) in suspects {
        let standing = match known.get_mut(&suspect.pair) {
            Some(pair)
                if pair.subject_mark == suspect.subject_mark && pair.entity_mark == suspect.entity_mark =>
            {
                pair.standing.clone()
            }
            Some(pair) => {
                renew(work, &mut pair.standing, suspect, record, time).await?;
                pair.subject_mark.clone_from(&suspect.subject_mark);
                pair.entity_mark.clone_from(&suspect.entity_mark);
                pair.standing.clone()
            }
            None => {
                let standing = Standing {
                    match_id: ids.id(),
                    state: MatchState::Open,
                    decided: None,
                    decided_by: String::new(),
                    reason: String::new(),
                    difference: Vec::new(),
                };
                insert(work, &standing.match_id, suspect, record, time).await?;
                let pair = Known {
                    standing: standing.clone(),
                    subject_mark: suspect.subject_mark.clone(),
                    entity_mark: suspect.entity_mark.clone(),
                };
                known.insert(suspect.pair.clone(), pair);
                standing
            }
        };
        standings.push(standing);
    }
    Ok(standings)
}

async fn known(
    work: &mut Transaction<'static, Any>,
    suspects: &[(&Suspect, i64, i64)],
) -> Result<HashMap<String, Known>, StoreError> {
    let mut pairs: Vec<&str> = suspects.iter().map(|(s, ..)| s.pair.as_str()).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut known = HashMap::with_capacity(pairs.len());
    for chunk in in_chunks(&pairs) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!(
            "SELECT pair, id, state, subject_mark, entity_mark, decided, decided_by, reason, difference \
             FROM suspected_matches WHERE pair IN ({})",
            places.join(", ")
        );
        let mut select = sqlx::query(AssertSqlSafe(sql));
        for pair in chunk {
            select = select.bind(*pair);
        }
        for row in select.fetch_all(&mut **work).await? {
            known.insert(row.try_get("pair")?, Known::read(&row)?);
        }
    }
    Ok(known)
}

impl Known {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let state: MatchState = row.try_get::<String, _>("state")?.parse()?;
        let decided: i64 = row.try_get("decided")?;
        let standing = Standing {
            match_id: row.try_get("id")?,
            state,
            decided: (state.is_decided() && decided != 0).then(|| time_of(decided)),
            decided_by: row.try_get("decided_by")?,
            reason: row.try_get("reason")?,
            difference: difference_of(&row.try_get::<String, _>("difference")?)?,
        };
        Ok(Self {
            standing,
            subject_mark: row.try_get("subject_mark")?,
            entity_mark: row.try_get("entity_mark")?,
        })
    }
}

/// Reads a difference as the store keeps it.
pub(super) fn difference_of(text: &str) -> Result<Vec<FieldChange>, StoreError> {
    match text {
        "" => Ok(Vec::new()),
        text => {
            serde_json::from_str(text).map_err(|_| StoreError::Damaged("a difference cannot be read".into()))
        }
    }
}

/// A value as the store keeps it.
pub(super) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|_| StoreError::Damaged("a suspected match cannot be written as JSON".into()))
}

async fn insert(
    work: &mut Transaction<'static, Any>,
    id: &str,
    suspect: &Suspect,
    record: i64,
    time: i64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO suspected_matches (id, pair, list, entity_id, entity_name, subject_name, subject_fold, \
         subject_kind, subject, hit, score, purpose, case_reference, subject_reference, record, snapshot, \
         subject_form, subject_mark, entity_form, entity_mark, decided_subject_form, decided_entity_form, \
         difference, state, assignee, four_eyes, proposal, proposed_by, decided, decided_by, reason, note, \
         retain_days, raised, changed, version) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
         '', '', '', 'open', '', $21, '', '', 0, '', '', '', $22, $23, $24, 1)",
    )
    .bind(id)
    .bind(suspect.pair.as_str())
    .bind(suspect.list.as_str())
    .bind(suspect.entity_id.as_str())
    .bind(suspect.entity_name.as_str())
    .bind(suspect.subject_name.as_str())
    .bind(suspect.subject_fold.as_str())
    .bind(suspect.subject_kind)
    .bind(suspect.subject.as_str())
    .bind(suspect.hit.as_str())
    .bind(suspect.score)
    .bind(suspect.purpose.as_str())
    .bind(suspect.case_reference.as_str())
    .bind(suspect.subject_reference.as_str())
    .bind(record)
    .bind(suspect.snapshot.as_str())
    .bind(json(&*suspect.subject_form)?)
    .bind(suspect.subject_mark.as_str())
    .bind(json(&*suspect.entity_form)?)
    .bind(suspect.entity_mark.as_str())
    .bind(i64::from(suspect.four_eyes))
    .bind(i64::from(suspect.retain_days))
    .bind(time)
    .bind(time)
    .execute(&mut **work)
    .await?;
    append_event(work, id, time, &NewEvent::of(Action::Raised, MatchState::Open)).await
}

/// Takes over what changed on either side. What was cleared comes back, if it differs from what was cleared.
async fn renew(
    work: &mut Transaction<'static, Any>,
    standing: &mut Standing,
    suspect: &Suspect,
    record: i64,
    time: i64,
) -> Result<(), StoreError> {
    let cleared = standing.state == MatchState::Cleared;
    let row = sqlx::query(
        "SELECT subject_form, entity_form, decided_subject_form, decided_entity_form FROM suspected_matches \
         WHERE id = $1",
    )
    .bind(standing.match_id.as_str())
    .fetch_one(&mut **work)
    .await?;
    let form = |column: &str| -> Result<Form, StoreError> {
        serde_json::from_str(&row.try_get::<String, _>(column)?)
            .map_err(|_| StoreError::Damaged("what a pair rests on cannot be read".into()))
    };
    let before = if cleared {
        (form("decided_subject_form")?, form("decided_entity_form")?)
    } else {
        (form("subject_form")?, form("entity_form")?)
    };
    let mut difference = suspect.subject_form.changes_since(&before.0, Side::Subject);
    difference.extend(suspect.entity_form.changes_since(&before.1, Side::Entity));
    sqlx::query(
        "UPDATE suspected_matches SET entity_name = $2, subject_name = $3, subject_fold = $4, subject = $5, \
         hit = $6, score = $7, record = $8, snapshot = $9, subject_form = $10, subject_mark = $11, \
         entity_form = $12, entity_mark = $13, changed = $14, version = version + 1 WHERE id = $1",
    )
    .bind(standing.match_id.as_str())
    .bind(suspect.entity_name.as_str())
    .bind(suspect.subject_name.as_str())
    .bind(suspect.subject_fold.as_str())
    .bind(suspect.subject.as_str())
    .bind(suspect.hit.as_str())
    .bind(suspect.score)
    .bind(record)
    .bind(suspect.snapshot.as_str())
    .bind(json(&*suspect.subject_form)?)
    .bind(suspect.subject_mark.as_str())
    .bind(json(&*suspect.entity_form)?)
    .bind(suspect.entity_mark.as_str())
    .bind(time)
    .execute(&mut **work)
    .await?;
    if difference.is_empty() {
        // Back to what was decided on.
        return Ok(());
    }
    let mut event = NewEvent::of(Action::Changed, standing.state);
    let told = json(&difference)?;
    if cleared {
        sqlx::query(
            "UPDATE suspected_matches SET state = 'open', assignee = '', proposal = '', proposed_by = '', \
             decided = 0, decided_by = '', reason = '', note = '', difference = $2 WHERE id = $1",
        )
        .bind(standing.match_id.as_str())
        .bind(told.as_str())
        .execute(&mut **work)
        .await?;
        standing.state = MatchState::Open;
        standing.decided = None;
        standing.decided_by.clear();
        standing.reason.clear();
        standing.difference = difference;
        event = NewEvent::of(Action::Returned, MatchState::Open);
    }
    event.difference = told;
    append_event(work, &standing.match_id, time, &event).await
}

/// A step of a history, to be written.
pub(super) struct NewEvent<'a> {
    pub author: &'a str,
    pub action: Action,
    pub state: MatchState,
    pub assignee: &'a str,
    pub reason: &'a str,
    pub note: &'a str,
    /// JSON, or empty.
    pub difference: String,
}

impl NewEvent<'_> {
    /// Something that a screening did.
    pub fn of(action: Action, state: MatchState) -> Self {
        Self { author: "", action, state, assignee: "", reason: "", note: "", difference: String::new() }
    }
}

/// Appends a step to the history of a suspected match.
pub(super) async fn append_event(
    work: &mut Transaction<'static, Any>,
    id: &str,
    time: i64,
    event: &NewEvent<'_>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO match_events (match_id, number, time, author, action, state, assignee, reason, note, \
         difference) SELECT $1, COALESCE(MAX(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM match_events \
         WHERE match_id = $10",
    )
    .bind(id)
    .bind(time)
    .bind(event.author)
    .bind(event.action.as_str())
    .bind(event.state.as_str())
    .bind(event.assignee)
    .bind(event.reason)
    .bind(event.note)
    .bind(event.difference.as_str())
    .bind(id)
    .execute(&mut **work)
    .await?;
    Ok(())
}
