//! What has been kept long enough.

use jiff::Timestamp;
use sqlx::{Any, Row as _, Transaction};

use crate::review::Records;
use crate::review::audit::{Draft, Head, Kind, append, hold, lines};
use crate::review::store::{Store, StoreError};

/// How long personal contents are kept unless told otherwise, in days: twelve months.
pub const DEFAULT_DAYS: u32 = 365;

/// Records purged in one transaction: recording waits meanwhile.
const BATCH: i64 = 2_000;

const MICROS_OF_A_DAY: i64 = 86_400_000_000;

/// How long what is kept, in days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Personal contents of records.
    pub days: u32,
    /// The same for records of single purposes.
    pub by_purpose: Vec<(String, u32)>,
    /// Suspected matches after their decision, where the policy of their case says nothing. Undecided ones are
    /// work to be done and stay.
    pub decided_days: u32,
}

impl Default for Retention {
    fn default() -> Self {
        Self { days: DEFAULT_DAYS, by_purpose: Vec::new(), decided_days: DEFAULT_DAYS }
    }
}

impl Retention {
    fn of(&self, purpose: &str) -> u32 {
        self.by_purpose.iter().rfind(|(p, _)| p == purpose).map_or(self.days, |(_, days)| *days)
    }
}

/// What a purge removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Parts of contents.
    pub parts: u64,
    /// Suspected matches.
    pub matches: u64,
    /// Watches that ended, with their hits and alerts.
    pub watches: u64,
}

/// Removes what has been kept long enough at `now`. Can be repeated and broken off at any time.
///
/// # Errors
/// See [`StoreError`]; what was removed until then is recorded.
pub async fn purge(
    records: &Records,
    by: &str,
    retention: &Retention,
    now: Timestamp,
) -> Result<Purged, StoreError> {
    let store = &records.store;
    let mut purged = Purged::default();
    let rows = sqlx::query("SELECT DISTINCT purpose FROM audit_contents").fetch_all(store.pool()).await?;
    for row in rows {
        let purpose: String = row.try_get(0)?;
        let before = now.as_microsecond() - i64::from(retention.of(&purpose)) * MICROS_OF_A_DAY;
        loop {
            let parts = batch(records, by, &purpose, before, now).await?;
            purged.parts += parts;
            if parts == 0 {
                break;
            }
        }
    }
    purged.matches = matches(records, by, retention, now).await?;
    purged.watches = watches(records, by, retention, now).await?;
    if purged != Purged::default() {
        forget_for_good(store).await?;
    }
    Ok(purged)
}

/// Removes contents of one purpose, some at a time, and tells how many parts.
async fn batch(
    records: &Records,
    by: &str,
    purpose: &str,
    before: i64,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut work = records.store.begin().await?;
    hold(&mut work).await?;
    let rows = sqlx::query(
        "SELECT number, body FROM audit_contents WHERE purpose = $1 AND time < $2 ORDER BY number LIMIT $3",
    )
    .bind(purpose)
    .bind(before)
    .bind(BATCH)
    .fetch_all(&mut *work)
    .await?;
    let Some(last) = rows.last() else { return Ok(0) };
    let last: i64 = last.try_get("number")?;
    let mut parts = 0;
    for row in &rows {
        let body: String = row.try_get("body")?;
        parts += lines(&body).flatten().count() as u64;
    }
    sqlx::query("DELETE FROM audit_contents WHERE purpose = $1 AND time < $2 AND number <= $3")
        .bind(purpose)
        .bind(before)
        .bind(last)
        .execute(&mut *work)
        .await?;
    let head = Head { erased: parts, ..Head::of(Kind::Purge, now, by, purpose) };
    let draft = Draft::done(head, now, "", None::<&()>, &records.salts)?;
    append(&mut work, &[&draft]).await?;
    work.commit().await?;
    Ok(parts)
}

/// Removes suspected matches whose decision is old enough.
async fn matches(
    records: &Records,
    by: &str,
    retention: &Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let mut work = records.store.begin().await?;
    hold(&mut work).await?;
    let gone = sqlx::query(
        "DELETE FROM suspected_matches WHERE decided > 0 AND state IN ('confirmed', 'cleared') AND \
         decided < $1 - (CASE WHEN retain_days > 0 THEN retain_days ELSE $2 END) * $3",
    )
    .bind(now.as_microsecond())
    .bind(i64::from(retention.decided_days))
    .bind(MICROS_OF_A_DAY)
    .execute(&mut *work)
    .await?
    .rows_affected();
    if gone == 0 {
        return Ok(0);
    }
    sqlx::query("DELETE FROM match_events WHERE match_id NOT IN (SELECT id FROM suspected_matches)")
        .execute(&mut *work)
        .await?;
    let head = Head { erased_matches: gone, ..Head::of(Kind::Purge, now, by, "") };
    let draft = Draft::done(head, now, "", None::<&()>, &records.salts)?;
    append(&mut work, &[&draft]).await?;
    work.commit().await?;
    Ok(gone)
}

/// Removes watches that ended long enough ago.
async fn watches(
    records: &Records,
    by: &str,
    retention: &Retention,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let before = now.as_microsecond() - i64::from(retention.days) * MICROS_OF_A_DAY;
    let mut work = records.store.begin().await?;
    hold(&mut work).await?;
    let rows = sqlx::query("SELECT id FROM watched WHERE ends > 0 AND ends < $1")
        .bind(before)
        .fetch_all(&mut *work)
        .await?;
    let ids: Vec<String> = rows.iter().map(|row| row.try_get(0)).collect::<Result<_, _>>()?;
    if ids.is_empty() {
        return Ok(0);
    }
    let gone = remove_watches(&mut work, &ids).await?;
    let head = Head { erased_watches: gone, ..Head::of(Kind::Purge, now, by, "") };
    let draft = Draft::done(head, now, "", None::<&()>, &records.salts)?;
    append(&mut work, &[&draft]).await?;
    work.commit().await?;
    Ok(gone)
}

/// Removes watches with all that is kept of them, and tells how many there were.
pub(super) async fn remove_watches(
    work: &mut Transaction<'static, Any>,
    ids: &[String],
) -> Result<u64, StoreError> {
    // Alerts that are being written of these watches come before, and go with them.
    sqlx::query("UPDATE monitor_state SET last_alert = last_alert WHERE id = 1").execute(&mut **work).await?;
    let mut gone = 0;
    for id in ids {
        sqlx::query("DELETE FROM watch_alerts WHERE watch_id = $1")
            .bind(id.as_str())
            .execute(&mut **work)
            .await?;
        sqlx::query("DELETE FROM watch_hits WHERE watch_id = $1")
            .bind(id.as_str())
            .execute(&mut **work)
            .await?;
        let watch = sqlx::query("DELETE FROM watched WHERE id = $1").bind(id.as_str());
        gone += watch.execute(&mut **work).await?.rows_affected();
    }
    Ok(gone)
}

/// Lets SQLite write over what was removed, in its log too. PostgreSQL does so in time, when it vacuums.
pub(super) async fn forget_for_good(store: &Store) -> Result<(), StoreError> {
    if store.url().is_sqlite() {
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_all(store.pool()).await?;
    }
    Ok(())
}
