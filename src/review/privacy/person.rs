//! One person: what is kept of them, and its erasure.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sqlx::Row as _;

use crate::model::PartialDate;
use crate::review::audit::{Draft, Head, Kind, append, content, hold, join, lines};
use crate::review::queue::{MatchState, QueueError, SuspectedMatch};
use crate::review::store::{StoreError, time_of};
use crate::review::{Records, fold_name};

use super::purge::{forget_for_good, remove_watches};

/// Contents looked at in one go.
const PAGE: i64 = 500;

/// A person as they ask: one of their names, and the birth date where it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// A name under which they may have been screened, whatever its case, accents and punctuation.
    pub name: String,
    /// Leaves out those screened with another birth date.
    pub birth_date: Option<PartialDate>,
}

/// Why a request was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrivacyError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The name says nothing.
    #[error("the name is empty; give the name under which the person was screened")]
    NoName,
    /// There are confirmed matches: law may ask that they are kept.
    #[error(
        "{0} confirmed matches are of this person; the law may ask that they are kept. To erase them as well, say \
         --with-confirmed"
    )]
    Confirmed(usize),
}

/// One place where the person was screened or decided about.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Seen {
    /// Number of the record.
    pub record: i64,
    /// When.
    pub time: Timestamp,
    /// For what purpose.
    pub purpose: String,
    /// What is kept of it.
    pub contents: Value,
}

/// Everything that is kept of a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Disclosure {
    /// What was asked, answered and decided.
    pub records: Vec<Seen>,
    /// Suspected matches with their history.
    pub suspected_matches: Vec<SuspectedMatch>,
    /// Watches.
    pub watches: Vec<Watched>,
}

/// A watch on the person.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Watched {
    /// Its id.
    pub id: String,
    /// Who set it.
    pub added_by: String,
    /// For what purpose.
    pub purpose: String,
    /// Since when.
    pub since: Timestamp,
    /// Until when; none for as long as nobody ends it.
    pub until: Option<Timestamp>,
    /// Whom, as given.
    pub subject: Value,
}

/// What an erasure removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Erased {
    /// Parts of contents.
    pub parts: u64,
    /// Suspected matches.
    pub matches: u64,
    /// Watches, with their hits and alerts.
    pub watches: u64,
}

impl Person {
    fn check(&self) -> Result<(), PrivacyError> {
        if fold_name(&self.name).is_empty() { Err(PrivacyError::NoName) } else { Ok(()) }
    }

    /// Whether `subject`, as JSON, may be this person.
    fn is(&self, subject: &Value) -> bool {
        let wanted = fold_name(&self.name);
        let aliases = subject["aliases"].as_array().into_iter().flatten();
        let named = std::iter::once(&subject["name"])
            .chain(aliases)
            .any(|name| name.as_str().is_some_and(|n| fold_name(n) == wanted));
        let born = subject["birth_date"].as_str().and_then(|d| d.parse::<PartialDate>().ok());
        named && !matches!((born, self.birth_date), (Some(theirs), Some(asked)) if theirs != asked)
    }

    /// Whether a line of contents is about this person.
    fn is_in(&self, line: &str) -> bool {
        content(line).is_some_and(|part| self.is(&part["subject"]))
    }
}

/// Everything that is kept of a person (GDPR art. 15). That it was handed out is recorded.
///
/// # Errors
/// See [`PrivacyError`].
pub async fn disclose(records: &Records, by: &str, person: &Person) -> Result<Disclosure, PrivacyError> {
    person.check()?;
    let mut disclosure = Disclosure::default();
    for number in places(records, person).await? {
        let row = sqlx::query("SELECT time, purpose, body FROM audit_contents WHERE number = $1")
            .bind(number)
            .fetch_optional(records.store.pool())
            .await
            .map_err(StoreError::from)?;
        // It may have been purged since.
        let Some(row) = row else { continue };
        let (time, purpose, body): (i64, String, String) = (
            row.try_get("time").map_err(StoreError::from)?,
            row.try_get("purpose").map_err(StoreError::from)?,
            row.try_get("body").map_err(StoreError::from)?,
        );
        for contents in lines(&body).flatten().filter(|line| person.is_in(line)).filter_map(content) {
            let time = time_of(time);
            disclosure.records.push(Seen { record: number, time, purpose: purpose.clone(), contents });
        }
    }
    for id in matches(records, person).await? {
        match records.queue.get(&id).await {
            Ok(found) => disclosure.suspected_matches.push(found),
            Err(QueueError::Store(error)) => return Err(error.into()),
            // Gone since.
            Err(_) => {}
        }
    }
    disclosure.watches = watches(records, person).await?;
    let now = Timestamp::now();
    let draft = Draft::done(Head::of(Kind::Disclosure, now, by, ""), now, "", None::<&()>, &records.salts)?;
    records.recorder.record(draft).await?;
    Ok(disclosure)
}

/// Erases everything that is kept of a person: contents of records, suspected matches, what was said on them.
/// What is recorded while it runs is found when it is run again.
///
/// # Errors
/// See [`PrivacyError`]; nothing has been erased then.
pub async fn erase(
    records: &Records,
    by: &str,
    person: &Person,
    with_confirmed: bool,
) -> Result<Erased, PrivacyError> {
    person.check()?;
    let numbers = places(records, person).await?;
    let ids = matches(records, person).await?;
    if !with_confirmed {
        let mut confirmed = 0;
        for id in &ids {
            let found = records.queue.get(id).await;
            confirmed += usize::from(found.is_ok_and(|m| m.state == MatchState::Confirmed));
        }
        if confirmed > 0 {
            return Err(PrivacyError::Confirmed(confirmed));
        }
    }
    let watches: Vec<String> = watches(records, person).await?.into_iter().map(|w| w.id).collect();
    let erased = carry_out(records, by, person, &numbers, &ids, &watches).await?;
    forget_for_good(&records.store).await?;
    Ok(erased)
}

async fn carry_out(
    records: &Records,
    by: &str,
    person: &Person,
    numbers: &[i64],
    ids: &[String],
    watches: &[String],
) -> Result<Erased, StoreError> {
    let mut erased = Erased::default();
    let mut work = records.store.begin().await?;
    hold(&mut work).await?;
    for number in numbers {
        let row = sqlx::query("SELECT body FROM audit_contents WHERE number = $1")
            .bind(*number)
            .fetch_optional(&mut *work)
            .await?;
        let Some(row) = row else { continue };
        let body: String = row.try_get(0)?;
        let mut parts: Vec<Option<&str>> = lines(&body).collect();
        for part in &mut parts {
            if part.is_some_and(|line| person.is_in(line)) {
                *part = None;
                erased.parts += 1;
            }
        }
        let change = if parts.iter().all(Option::is_none) {
            sqlx::query("DELETE FROM audit_contents WHERE number = $1").bind(*number)
        } else {
            sqlx::query("UPDATE audit_contents SET body = $2 WHERE number = $1")
                .bind(*number)
                .bind(join(&parts))
        };
        change.execute(&mut *work).await?;
    }
    for id in ids {
        let gone = sqlx::query("DELETE FROM suspected_matches WHERE id = $1").bind(id.as_str());
        erased.matches += gone.execute(&mut *work).await?.rows_affected();
        sqlx::query("DELETE FROM match_events WHERE match_id = $1")
            .bind(id.as_str())
            .execute(&mut *work)
            .await?;
    }
    erased.watches = remove_watches(&mut work, watches).await?;
    let now = Timestamp::now();
    let head = Head {
        erased: erased.parts,
        erased_matches: erased.matches,
        erased_watches: erased.watches,
        ..Head::of(Kind::Erasure, now, by, "")
    };
    let draft = Draft::done(head, now, "", None::<&()>, &records.salts)?;
    append(&mut work, &[&draft]).await?;
    work.commit().await?;
    Ok(erased)
}

/// Numbers of the records that have something about the person. Goes through all contents: such requests are
/// rare, and an index of names would cost every screening.
async fn places(records: &Records, person: &Person) -> Result<Vec<i64>, StoreError> {
    let (mut after, mut found) = (0_i64, BTreeSet::new());
    loop {
        let rows =
            sqlx::query("SELECT number, body FROM audit_contents WHERE number > $1 ORDER BY number LIMIT $2")
                .bind(after)
                .bind(PAGE)
                .fetch_all(records.store.pool())
                .await?;
        let Some(last) = rows.last() else { return Ok(found.into_iter().collect()) };
        after = last.try_get("number")?;
        for row in &rows {
            let body: String = row.try_get("body")?;
            if lines(&body).flatten().any(|line| person.is_in(line)) {
                found.insert(row.try_get::<i64, _>("number")?);
            }
        }
    }
}

/// Ids of the suspected matches of the person.
async fn matches(records: &Records, person: &Person) -> Result<Vec<String>, StoreError> {
    let (mut after, mut found) = (String::new(), Vec::new());
    loop {
        let rows =
            sqlx::query("SELECT id, subject FROM suspected_matches WHERE id > $1 ORDER BY id LIMIT $2")
                .bind(after.as_str())
                .bind(PAGE)
                .fetch_all(records.store.pool())
                .await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.try_get("id")?;
        for row in &rows {
            let subject: String = row.try_get("subject")?;
            if serde_json::from_str(&subject).is_ok_and(|s: Value| person.is(&s)) {
                found.push(row.try_get("id")?);
            }
        }
    }
}

/// Watches on the person.
async fn watches(records: &Records, person: &Person) -> Result<Vec<Watched>, StoreError> {
    let (mut after, mut found) = (i64::MIN, Vec::new());
    loop {
        let rows = sqlx::query(
            "SELECT number, id, added_by, purpose, added, ends, subject FROM watched WHERE number > $1 \
             ORDER BY number LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(records.store.pool())
        .await?;
        let Some(last) = rows.last() else { return Ok(found) };
        after = last.try_get("number")?;
        for row in &rows {
            let subject: String = row.try_get("subject")?;
            let Ok(subject) = serde_json::from_str::<Value>(&subject) else { continue };
            if person.is(&subject) {
                let ends: i64 = row.try_get("ends")?;
                found.push(Watched {
                    id: row.try_get("id")?,
                    added_by: row.try_get("added_by")?,
                    purpose: row.try_get("purpose")?,
                    since: time_of(row.try_get("added")?),
                    until: (ends > 0).then(|| time_of(ends)),
                    subject,
                });
            }
        }
    }
}
