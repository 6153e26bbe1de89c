//! What people do with suspected matches. Everything is signed, kept in the history, and recorded in the trail.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::{Any, Transaction};

use crate::review::audit::{Draft, Head, Kind, append};
use crate::review::store::StoreError;

use super::Queue;
use super::raise::{NewEvent, append_event, json};
use super::read::one;
use super::types::{Action, Decision, Etag, MatchState, QueueError, SuspectedMatch};

/// Longest reason or note, in bytes.
const MAX_TEXT_BYTES: usize = 10_000;
/// Longest name of a person, in bytes.
const MAX_PERSON_BYTES: usize = 256;

/// The personal contents of a decision's record.
#[derive(Serialize)]
struct Said<'a> {
    suspected_match: &'a str,
    state: MatchState,
    list: &'a str,
    entity_id: &'a str,
    subject: &'a crate::screening::Subject,
    case_reference: &'a str,
    assignee: &'a str,
    reason: &'a str,
    note: &'a str,
}

/// The columns of a suspected match that people change.
struct Change<'a> {
    action: Action,
    /// The state afterwards.
    state: MatchState,
    /// The state that the history tells of: with four eyes the one that is proposed.
    told: MatchState,
    assignee: String,
    proposal: &'static str,
    proposed_by: String,
    decided: bool,
    decided_by: &'a str,
    reason: &'a str,
    note: &'a str,
}

impl Queue {
    /// Gives a suspected match to `assignee`, who then reviews it; to nobody, when that is empty.
    ///
    /// # Errors
    /// [`QueueError::Conflict`] when somebody else changed it since `etag`; see the others.
    pub async fn assign(
        &self,
        id: &str,
        etag: Etag,
        author: &str,
        assignee: &str,
    ) -> Result<SuspectedMatch, QueueError> {
        person("assignee", assignee)?;
        self.change(id, etag, author, |found| {
            if found.state.is_decided() {
                return Err(QueueError::State("it is decided; reopen it first"));
            }
            let state = if assignee.is_empty() && found.proposal.is_none() {
                MatchState::Open
            } else {
                MatchState::InReview
            };
            Ok(Change { assignee: assignee.to_owned(), ..Change::keeping(found, Action::Assigned, state) })
        })
        .await
    }

    /// Decides on a suspected match. Where four eyes are asked for, the first decision waits for a second
    /// person's; one who decides otherwise puts another in its place.
    ///
    /// # Errors
    /// [`QueueError::Conflict`] when somebody else changed it since `etag`; see the others.
    pub async fn decide(
        &self,
        id: &str,
        etag: Etag,
        author: &str,
        decision: &Decision,
    ) -> Result<SuspectedMatch, QueueError> {
        text("reason", &decision.reason)?;
        text("note", &decision.note)?;
        if decision.reason.trim().is_empty() {
            let what = "is empty; say why, for whoever asks a year from now".into();
            return Err(QueueError::Request { field: "reason", what });
        }
        let wanted = decision.verdict.state();
        self.change(id, etag, author, |found| {
            if found.state.is_decided() {
                return Err(QueueError::State("it is decided already; reopen it first"));
            }
            let agrees = found.proposal.as_ref().filter(|p| p.verdict == decision.verdict);
            let first = match agrees {
                Some(first) if first.author == author => {
                    return Err(QueueError::State(
                        "four eyes are asked for: somebody else must agree with what you decided",
                    ));
                }
                first => first,
            };
            let mut change = Change::keeping(found, Action::Decided, wanted);
            change.reason = &decision.reason;
            change.note = &decision.note;
            change.decided_by = author;
            change.decided = true;
            change.told = wanted;
            match first {
                // The second person's agreement: both are kept.
                Some(first) => change.proposed_by.clone_from(&first.author),
                None if found.four_eyes => {
                    change.action = Action::Proposed;
                    change.state = MatchState::InReview;
                    change.proposal = wanted.as_str();
                    author.clone_into(&mut change.proposed_by);
                }
                None => change.proposed_by.clear(),
            }
            Ok(change)
        })
        .await
    }

    /// Takes a decision back, or what one person decided; it is open again.
    ///
    /// # Errors
    /// [`QueueError::Conflict`] when somebody else changed it since `etag`; see the others.
    pub async fn reopen(
        &self,
        id: &str,
        etag: Etag,
        author: &str,
        reason: &str,
    ) -> Result<SuspectedMatch, QueueError> {
        text("reason", reason)?;
        if reason.trim().is_empty() {
            let what = "is empty; say why it must be looked at again".into();
            return Err(QueueError::Request { field: "reason", what });
        }
        self.change(id, etag, author, |found| {
            if !found.state.is_decided() && found.proposal.is_none() {
                return Err(QueueError::State("it is not decided, so there is nothing to reopen"));
            }
            let mut change = Change::keeping(found, Action::Reopened, MatchState::Open);
            change.proposal = "";
            change.proposed_by.clear();
            change.assignee.clear();
            change.reason = reason;
            Ok(change)
        })
        .await
    }

    /// Adds a note to a suspected match, in whatever state it is.
    ///
    /// # Errors
    /// [`QueueError::Conflict`] when somebody else changed it since `etag`; see the others.
    pub async fn comment(
        &self,
        id: &str,
        etag: Etag,
        author: &str,
        note: &str,
    ) -> Result<SuspectedMatch, QueueError> {
        text("note", note)?;
        if note.trim().is_empty() {
            return Err(QueueError::Request { field: "note", what: "is empty".into() });
        }
        self.change(id, etag, author, |found| {
            let mut change = Change::keeping(found, Action::Noted, found.state);
            change.note = note;
            Ok(change)
        })
        .await
    }

    /// Changes a suspected match, its history and the trail together, or nothing.
    async fn change<'a>(
        &self,
        id: &str,
        etag: Etag,
        author: &'a str,
        plan: impl FnOnce(&SuspectedMatch) -> Result<Change<'a>, QueueError>,
    ) -> Result<SuspectedMatch, QueueError> {
        person("author", author)?;
        let time = Timestamp::now();
        let mut work = self.store.begin().await?;
        let found = one(&mut *work, id).await?;
        if found.etag != etag {
            return Err(QueueError::Conflict);
        }
        let change = plan(&found)?;
        let head = Head {
            suspected_match: id.to_owned(),
            action: match change.action {
                Action::Decided | Action::Proposed => {
                    format!("{} {}", change.action.as_str(), change.told.as_str())
                }
                other => other.as_str().to_owned(),
            },
            ..Head::of(Kind::Decision, time, author, &found.purpose)
        };
        let said = Said {
            suspected_match: id,
            state: change.state,
            list: &found.hit.list,
            entity_id: &found.hit.entity_id,
            subject: &found.subject,
            case_reference: &found.case_reference,
            assignee: &change.assignee,
            reason: change.reason,
            note: change.note,
        };
        let draft = Draft::done(head, time, &found.case_reference, Some(&said), &self.salts)?;
        append(&mut work, &[&draft]).await?;
        if !change.write(&mut work, &found, time).await? {
            return Err(QueueError::Conflict);
        }
        let event = NewEvent {
            author,
            action: change.action,
            state: change.told,
            assignee: &change.assignee,
            reason: change.reason,
            note: change.note,
            difference: String::new(),
        };
        append_event(&mut work, id, time.as_microsecond(), &event).await?;
        work.commit().await.map_err(StoreError::from)?;
        self.get(id).await
    }
}

impl<'a> Change<'a> {
    /// One that leaves everything as it is but the state.
    fn keeping(found: &SuspectedMatch, action: Action, state: MatchState) -> Self {
        let proposal = found.proposal.as_ref().map_or("", |p| p.verdict.state().as_str());
        let proposed_by = found.proposal.as_ref().or(found.decision.as_ref());
        Self {
            action,
            state,
            told: state,
            assignee: found.assignee.clone(),
            proposal: if state.is_decided() { "" } else { proposal },
            proposed_by: proposed_by.map_or(String::new(), |p| p.proposed_by.clone()),
            decided: false,
            decided_by: "",
            reason: "",
            note: "",
        }
    }

    /// Writes the row, if it is still the one that was found.
    async fn write(
        &self,
        work: &mut Transaction<'static, Any>,
        found: &SuspectedMatch,
        time: Timestamp,
    ) -> Result<bool, QueueError> {
        // A note or an assignment says nothing about a decision, and leaves it.
        let keeps_decision = matches!(self.action, Action::Assigned | Action::Noted);
        let kept = found.decision.as_ref().or(found.proposal.as_ref()).filter(|_| keeps_decision);
        let (decided, decided_by, reason, note) = match kept {
            Some(kept) => {
                (kept.time.as_microsecond(), kept.author.as_str(), kept.reason.as_str(), kept.note.as_str())
            }
            None if self.decided => (time.as_microsecond(), self.decided_by, self.reason, self.note),
            None => (0, "", "", ""),
        };
        // What a decision rests on is what both sides said when it was taken.
        let rests_on = self.state.is_decided() && self.decided;
        let (subject_form, entity_form) = if rests_on {
            (json(&found.subject_form)?, json(&found.entity_form)?)
        } else {
            Default::default()
        };
        let done = sqlx::query(
            "UPDATE suspected_matches SET state = $3, assignee = $4, proposal = $5, proposed_by = $6, decided = $7, \
             decided_by = $8, reason = $9, note = $10, changed = $11, version = version + 1, \
             decided_subject_form = CASE WHEN $12 = 1 THEN $13 ELSE decided_subject_form END, \
             decided_entity_form = CASE WHEN $12 = 1 THEN $14 ELSE decided_entity_form END, \
             difference = CASE WHEN $12 = 1 THEN '' ELSE difference END \
             WHERE id = $1 AND version = $2",
        )
        .bind(found.id.as_str())
        .bind(found.etag.0)
        .bind(self.state.as_str())
        .bind(self.assignee.as_str())
        .bind(self.proposal)
        .bind(self.proposed_by.as_str())
        .bind(decided)
        .bind(decided_by)
        .bind(reason)
        .bind(note)
        .bind(time.as_microsecond())
        .bind(i64::from(rests_on))
        .bind(subject_form)
        .bind(entity_form)
        .execute(&mut **work)
        .await
        .map_err(StoreError::from)?;
        Ok(done.rows_affected() == 1)
    }
}

fn text(field: &'static str, text: &str) -> Result<(), QueueError> {
    if text.len() > MAX_TEXT_BYTES || text.contains('\0') {
        let what = format!("write at most {MAX_TEXT_BYTES} bytes, none of them NUL");
        return Err(QueueError::Request { field, what });
    }
    Ok(())
}

fn person(field: &'static str, name: &str) -> Result<(), QueueError> {
    if name.len() > MAX_PERSON_BYTES || name.chars().any(char::is_control) {
        let what = format!("write at most {MAX_PERSON_BYTES} bytes on one line");
        return Err(QueueError::Request { field, what });
    }
    Ok(())
}
