//! The store's statements about watches and alerts.
//!
//! Whoever adds a watch or writes alerts first changes the one row of `monitor_state`, which makes all others
//! wait their turn: numbers are given in the order of commits, so that nobody who reads up to a number misses
//! one below it.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{Any, Row as _, Transaction};

use super::compare::{HitChange, Standing};
use super::{Alert, AlertKind, NewWatch, Screened, WatchError, Watched};
use crate::review::store::{Store, StoreError, in_chunks, placeholders, time_of};
use crate::screening::{Hit, Options};

/// Everything of a watch, in the order that [`watched`] reads.
pub(super) const COLUMNS: &str = "number, id, reference, added_by, purpose, subject, options, ends, added, \
    screened_snapshot, screened_matcher, screened, trouble";

/// A watch that was added, or that was there already.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// The watch.
    pub id: String,
    /// Whether it was there already, with the same reference and data; its end and purpose are now those given.
    pub renewed: bool,
}

/// Which watches to show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchedFilter {
    /// Only the one with this id.
    pub id: String,
    /// Only those with this reference of the caller.
    pub reference: String,
    /// Only those whose last screening could not be done.
    pub troubled: bool,
}

impl WatchedFilter {
    /// Whether no watch can be found by it: none has a NUL in its texts, and PostgreSQL takes none.
    pub(super) fn is_impossible(&self) -> bool {
        self.id.contains('\0') || self.reference.contains('\0')
    }
}

/// A page of watches.
#[derive(Clone, Debug, PartialEq)]
pub struct WatchedPage {
    /// In the order asked for.
    pub watched: Vec<Watched>,
    /// The number after which, or of the newest first before which, the next page begins; none on the last.
    pub next: Option<i64>,
}

/// Lists and threshold, as they are stored.
#[derive(Serialize, Deserialize)]
struct StoredOptions {
    lists: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    threshold: Option<f64>,
}

/// Watches whose hits rest on the same, and are not yet those of the snapshot that is taken up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// The snapshot's id; empty for those never screened.
    pub snapshot: String,
    pub matcher: String,
    pub watched: u64,
}

/// The snapshot and matcher that are taken up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'a> {
    pub snapshot: &'a str,
    pub matcher: &'a str,
}

/// What became of one watch.
pub(super) struct Outcome<'a> {
    pub watched: &'a Watched,
    /// How its hits differ, or why it could not be screened.
    pub result: Result<Vec<HitChange>, String>,
}

/// How many alerts of each kind were written, and how many watches could not be screened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub new: u64,
    pub vanished: u64,
    pub changed: u64,
    pub troubled: u64,
    pub watched: u64,
}

fn damaged(what: &str) -> StoreError {
    StoreError::Damaged(format!("{what} cannot be read"))
}

/// Puts subjects under watch, all or none.
pub(super) async fn add(
    store: &Store,
    watches: &[NewWatch],
    now: Timestamp,
) -> Result<Vec<Added>, WatchError> {
    for watch in watches {
        watch.check(now)?;
    }
    let mut work = store.begin().await?;
    let count = i64::try_from(watches.len()).unwrap_or(i64::MAX);
    let row = sqlx::query(
        "UPDATE monitor_state SET last_watched = last_watched + $1 WHERE id = 1 RETURNING last_watched",
    )
    .bind(count)
    .fetch_one(&mut *work)
    .await?;
    let first = row.try_get::<i64, _>(0)? - count + 1;

    let there = referenced(&mut work, watches).await?;
    let (mut added, mut rows) = (Vec::with_capacity(watches.len()), Vec::new());
    let mut given: HashMap<(&str, &str), usize> = HashMap::new();
    for (at, watch) in watches.iter().enumerate() {
        let subject = json(&watch.subject)?;
        let options =
            json(&StoredOptions { lists: watch.options.lists.clone(), threshold: watch.options.threshold })?;
        let key = (watch.added_by.as_str(), watch.reference.as_str());
        if !watch.reference.is_empty() && given.insert(key, at).is_some() {
            return Err(WatchError::Taken { at });
        }
        match there.get(&(key.0.to_owned(), key.1.to_owned())) {
            Some(known) if known.subject == subject && known.options == options => {
                sqlx::query("UPDATE watched SET ends = $1, purpose = $2 WHERE id = $3")
                    .bind(watch.ends.as_microsecond())
                    .bind(watch.purpose.as_str())
                    .bind(known.id.as_str())
                    .execute(&mut *work)
                    .await?;
                added.push(Added { id: known.id.clone(), renewed: true });
            }
            Some(_) => return Err(WatchError::Taken { at }),
            None => {
                let id = new_id()?;
                added.push(Added { id: id.clone(), renewed: false });
                rows.push((first + i64::try_from(at).unwrap_or(0), id, watch, subject, options));
            }
        }
    }
    for chunk in in_chunks(&rows) {
        let statement = format!(
            "INSERT INTO watched (number, id, reference, added_by, purpose, subject, options, ends, added, \
             screened_snapshot, screened_matcher, screened, tried_snapshot, tried_matcher, trouble) VALUES {}",
            placeholders(chunk.len(), 15)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for (number, id, watch, subject, options) in chunk {
            query = query
                .bind(*number)
                .bind(id.as_str())
                .bind(watch.reference.as_str())
                .bind(watch.added_by.as_str())
                .bind(watch.purpose.as_str())
                .bind(subject.as_str())
                .bind(options.as_str())
                .bind(watch.ends.as_microsecond())
                .bind(now.as_microsecond());
            query = query.bind("").bind("").bind(0_i64).bind("").bind("").bind("");
        }
        query.execute(&mut *work).await?;
    }
    work.commit().await?;
    Ok(added)
}

/// A watch that has a reference already.
struct Known {
    id: String,
    subject: String,
    options: String,
}

async fn referenced(
    work: &mut Transaction<'static, Any>,
    watches: &[NewWatch],
) -> Result<HashMap<(String, String), Known>, StoreError> {
    let mut known = HashMap::new();
    let with: Vec<&NewWatch> = watches.iter().filter(|w| !w.reference.is_empty()).collect();
    for chunk in in_chunks(&with) {
        // Said in full, so that the index serves, which holds references alone.
        let wanted: Vec<String> = (0..chunk.len())
            .map(|i| {
                format!("(added_by = ${} AND reference = ${} AND reference <> '')", 2 * i + 1, 2 * i + 2)
            })
            .collect();
        let statement = format!(
            "SELECT added_by, reference, id, subject, options FROM watched WHERE {}",
            wanted.join(" OR ")
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for watch in chunk {
            query = query.bind(watch.added_by.as_str()).bind(watch.reference.as_str());
        }
        for row in query.fetch_all(&mut **work).await? {
            let found = Known { id: row.try_get(2)?, subject: row.try_get(3)?, options: row.try_get(4)? };
            known.insert((row.try_get(0)?, row.try_get(1)?), found);
        }
    }
    Ok(known)
}

fn new_id() -> Result<String, StoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|_| StoreError::Unavailable("the operating system gives no random numbers".into()))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|_| StoreError::Damaged("a subject cannot be written".into()))
}

/// A page of watches, `after` a number.
pub(super) async fn list(
    store: &Store,
    filter: &WatchedFilter,
    after: i64,
    limit: usize,
) -> Result<WatchedPage, StoreError> {
    if filter.is_impossible() {
        return Ok(WatchedPage { watched: Vec::new(), next: None });
    }
    let statement = format!(
        "SELECT {COLUMNS} FROM watched WHERE number > $1 AND ($2 = '' OR id = $3) AND ($4 = '' OR reference = $5) \
         AND ($6 = 0 OR trouble <> '') ORDER BY number LIMIT $7"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(after)
        .bind(filter.id.as_str())
        .bind(filter.id.as_str())
        .bind(filter.reference.as_str())
        .bind(filter.reference.as_str())
        .bind(i64::from(filter.troubled))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1))
        .fetch_all(store.pool())
        .await?;
    let mut watched = rows.iter().map(self::watched).collect::<Result<Vec<_>, _>>()?;
    let next = (watched.len() > limit).then(|| {
        watched.truncate(limit);
        watched.last().map_or(after, |w| w.number)
    });
    Ok(WatchedPage { watched, next })
}

pub(super) fn watched(row: &AnyRow) -> Result<Watched, StoreError> {
    let text = |at: usize| row.try_get::<String, _>(at);
    let number = |at: usize| row.try_get::<i64, _>(at);
    let options: StoredOptions =
        serde_json::from_str(&text(6)?).map_err(|_| damaged("options of a watch"))?;
    let screened = Screened { snapshot: text(9)?, matcher: text(10)?, at: time_of(number(11)?) };
    Ok(Watched {
        number: number(0)?,
        id: text(1)?,
        watch: NewWatch {
            reference: text(2)?,
            added_by: text(3)?,
            purpose: text(4)?,
            subject: serde_json::from_str(&text(5)?).map_err(|_| damaged("a subject under watch"))?,
            options: Options { lists: options.lists, threshold: options.threshold, limit: None },
            ends: time_of(number(7)?),
        },
        added: time_of(number(8)?),
        screened: (!screened.snapshot.is_empty()).then_some(screened),
        trouble: text(12)?,
    })
}

/// Ends watches and deletes everything that was kept of them. How many there were.
pub(super) async fn remove(store: &Store, ids: &[String]) -> Result<u64, StoreError> {
    let mut work = store.begin().await?;
    // The turn is taken: alerts that are being written of these watches come before, and go with them.
    sqlx::query("UPDATE monitor_state SET last_alert = last_alert WHERE id = 1").execute(&mut *work).await?;
    let mut removed = 0;
    // Ids are ours and hold no NUL, which PostgreSQL does not take.
    for id in ids.iter().filter(|id| !id.contains('\0')) {
        for table in ["watch_alerts", "watch_hits"] {
            let statement = format!("DELETE FROM {table} WHERE watch_id = $1");
            sqlx::query(sqlx::AssertSqlSafe(statement)).bind(id.as_str()).execute(&mut *work).await?;
        }
        let gone = sqlx::query("DELETE FROM watched WHERE id = $1").bind(id.as_str()).execute(&mut *work);
        removed += gone.await?.rows_affected();
    }
    work.commit().await?;
    Ok(removed)
}

/// Ids of watches that ended before `now`.
pub(super) async fn ended(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query("SELECT id FROM watched WHERE ends <= $1 ORDER BY number LIMIT $2")
        .bind(now.as_microsecond())
        .bind(limit)
        .fetch_all(store.pool())
        .await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// Which watches do not yet rest on the target.
pub(super) async fn groups(store: &Store, target: Target<'_>) -> Result<Vec<Group>, StoreError> {
    let rows = sqlx::query(
        "SELECT screened_snapshot, screened_matcher, COUNT(*) FROM watched \
         WHERE NOT (tried_snapshot = $1 AND tried_matcher = $2) \
         GROUP BY screened_snapshot, screened_matcher ORDER BY screened_snapshot, screened_matcher",
    )
    .bind(target.snapshot)
    .bind(target.matcher)
    .fetch_all(store.pool())
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Group {
                snapshot: row.try_get(0)?,
                matcher: row.try_get(1)?,
                watched: u64::try_from(row.try_get::<i64, _>(2)?).unwrap_or(0),
            })
        })
        .collect()
}

/// The next watches of a group after a number, with the hits that stand for each.
pub(super) async fn page(
    store: &Store,
    group: &Group,
    target: Target<'_>,
    after: i64,
    limit: usize,
) -> Result<Vec<(Watched, Vec<Standing>)>, StoreError> {
    let statement = format!(
        "SELECT {COLUMNS} FROM watched WHERE number > $1 AND screened_snapshot = $2 AND screened_matcher = $3 \
         AND NOT (tried_snapshot = $4 AND tried_matcher = $5) ORDER BY number LIMIT $6"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(statement))
        .bind(after)
        .bind(group.snapshot.as_str())
        .bind(group.matcher.as_str())
        .bind(target.snapshot)
        .bind(target.matcher)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(store.pool())
        .await?;
    let watched = rows.iter().map(self::watched).collect::<Result<Vec<_>, _>>()?;
    let (Some(first), Some(last)) = (watched.first(), watched.last()) else { return Ok(Vec::new()) };
    let rows = sqlx::query(
        "SELECT watch_id, list, entity_id, mark, hit FROM watch_hits WHERE number BETWEEN $1 AND $2",
    )
    .bind(first.number)
    .bind(last.number)
    .fetch_all(store.pool())
    .await?;
    let mut standing: HashMap<String, Vec<Standing>> = HashMap::new();
    for row in &rows {
        standing.entry(row.try_get(0)?).or_default().push(Standing {
            list: row.try_get(1)?,
            entity_id: row.try_get(2)?,
            mark: row.try_get(3)?,
            hit: row.try_get(4)?,
        });
    }
    Ok(watched
        .into_iter()
        .map(|one| {
            let hits = standing.remove(&one.id).unwrap_or_default();
            (one, hits)
        })
        .collect())
}

/// Writes what became of a page of watches of one group: alerts, what stands now, and that it rests on the
/// target. Watches that somebody else has moved on meanwhile are passed over.
pub(super) async fn apply(
    store: &Store,
    group: &Group,
    target: Target<'_>,
    outcomes: &[Outcome<'_>],
    delisted: impl Fn(&HitChange) -> bool,
    now: Timestamp,
) -> Result<Written, StoreError> {
    let (Some(first), Some(last)) = (outcomes.first(), outcomes.last()) else {
        return Ok(Written::default());
    };
    let mut work = store.begin().await?;
    sqlx::query("UPDATE monitor_state SET last_alert = last_alert WHERE id = 1").execute(&mut *work).await?;
    let rows = sqlx::query(
        "SELECT number, screened FROM watched WHERE number BETWEEN $1 AND $2 AND screened_snapshot = $3 \
         AND screened_matcher = $4 AND NOT (tried_snapshot = $5 AND tried_matcher = $6)",
    )
    .bind(first.watched.number)
    .bind(last.watched.number)
    .bind(group.snapshot.as_str())
    .bind(group.matcher.as_str())
    .bind(target.snapshot)
    .bind(target.matcher)
    .fetch_all(&mut *work)
    .await?;
    let mut as_read: HashSet<(i64, i64)> = HashSet::new();
    for row in &rows {
        as_read.insert((row.try_get(0)?, row.try_get(1)?));
    }

    let mut written = Written::default();
    let (mut alerts, mut hits, mut gone) = (Vec::new(), Vec::new(), Vec::new());
    for outcome in outcomes {
        let watched = outcome.watched;
        if !as_read.contains(&(watched.number, screened_at(watched))) {
            continue;
        }
        written.watched += 1;
        match &outcome.result {
            Ok(changes) => {
                for change in changes {
                    match change.kind {
                        AlertKind::New => written.new += 1,
                        AlertKind::Vanished => written.vanished += 1,
                        AlertKind::Changed => written.changed += 1,
                    }
                    if change.kind != AlertKind::New {
                        gone.push((watched, change));
                    }
                    if change.kind != AlertKind::Vanished {
                        hits.push((watched, change));
                    }
                    alerts.push((watched, change, delisted(change)));
                }
            }
            Err(trouble) => {
                written.troubled += 1;
                sqlx::query(
                    "UPDATE watched SET tried_snapshot = $1, tried_matcher = $2, trouble = $3 WHERE number = $4",
                )
                .bind(target.snapshot)
                .bind(target.matcher)
                .bind(trouble.as_str())
                .bind(watched.number)
                .execute(&mut *work)
                .await?;
            }
        }
    }
    for (watched, change) in gone {
        sqlx::query("DELETE FROM watch_hits WHERE watch_id = $1 AND list = $2 AND entity_id = $3")
            .bind(watched.id.as_str())
            .bind(change.list.as_str())
            .bind(change.entity_id.as_str())
            .execute(&mut *work)
            .await?;
    }
    for chunk in in_chunks(&hits) {
        let statement = format!(
            "INSERT INTO watch_hits (watch_id, list, entity_id, number, mark, hit) VALUES {}",
            placeholders(chunk.len(), 6)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for (watched, change) in chunk {
            query =
                query.bind(watched.id.as_str()).bind(change.list.as_str()).bind(change.entity_id.as_str());
            query = query.bind(watched.number).bind(change.mark.as_str()).bind(change.after.as_str());
        }
        query.execute(&mut *work).await?;
    }
    write_alerts(&mut work, group, target, &alerts, now).await?;
    sqlx::query(
        "UPDATE watched SET screened_snapshot = $1, screened_matcher = $2, screened = $3, tried_snapshot = $4, \
         tried_matcher = $5, trouble = '' WHERE number BETWEEN $6 AND $7 AND screened_snapshot = $8 \
         AND screened_matcher = $9 AND NOT (tried_snapshot = $10 AND tried_matcher = $11)",
    )
    .bind(target.snapshot)
    .bind(target.matcher)
    .bind(now.as_microsecond())
    .bind(target.snapshot)
    .bind(target.matcher)
    .bind(first.watched.number)
    .bind(last.watched.number)
    .bind(group.snapshot.as_str())
    .bind(group.matcher.as_str())
    .bind(target.snapshot)
    .bind(target.matcher)
    .execute(&mut *work)
    .await?;
    work.commit().await?;
    Ok(written)
}

fn screened_at(watched: &Watched) -> i64 {
    watched.screened.as_ref().map_or(0, |s| s.at.as_microsecond())
}

async fn write_alerts(
    work: &mut Transaction<'static, Any>,
    group: &Group,
    target: Target<'_>,
    alerts: &[(&Watched, &HitChange, bool)],
    now: Timestamp,
) -> Result<(), StoreError> {
    if alerts.is_empty() {
        return Ok(());
    }
    let count = i64::try_from(alerts.len()).unwrap_or(i64::MAX);
    let row = sqlx::query(
        "UPDATE monitor_state SET last_alert = last_alert + $1 WHERE id = 1 RETURNING last_alert",
    )
    .bind(count)
    .fetch_one(&mut **work)
    .await?;
    let mut number = row.try_get::<i64, _>(0)? - count;
    for chunk in in_chunks(alerts) {
        let statement = format!(
            "INSERT INTO watch_alerts (number, id, kind, watch_id, list, entity_id, first, delisted, before_hit, \
             after_hit, snapshot_before, snapshot, matcher, time) VALUES {}",
            placeholders(chunk.len(), 14)
        );
        let mut query = sqlx::query(sqlx::AssertSqlSafe(statement));
        for (watched, change, delisted) in chunk {
            number += 1;
            query = query
                .bind(number)
                .bind(alert_id(watched, change, target))
                .bind(change.kind.as_str())
                .bind(watched.id.as_str())
                .bind(change.list.as_str())
                .bind(change.entity_id.as_str())
                .bind(i64::from(watched.screened.is_none()))
                .bind(i64::from(*delisted))
                .bind(change.before.as_str())
                .bind(change.after.as_str())
                .bind(group.snapshot.as_str())
                .bind(target.snapshot)
                .bind(target.matcher)
                .bind(now.as_microsecond());
        }
        query.execute(&mut **work).await?;
    }
    Ok(())
}

/// The same for the same step of the same watch, whoever takes it: its column is unique, so that a step taken
/// twice, against everything above, fails as a whole.
fn alert_id(watched: &Watched, change: &HitChange, target: Target<'_>) -> String {
    let mut hasher = blake3::Hasher::new();
    let from = screened_at(watched).to_string();
    for part in [
        &watched.id,
        &from,
        target.snapshot,
        target.matcher,
        &change.list,
        &change.entity_id,
        change.kind.as_str(),
    ] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// Alerts with numbers above `after`, in their order.
pub(super) async fn alerts(store: &Store, after: i64, limit: usize) -> Result<Vec<Alert>, StoreError> {
    let rows = sqlx::query(
        "SELECT a.number, a.id, a.kind, a.watch_id, w.reference, a.list, a.entity_id, a.first, a.delisted, \
         a.before_hit, a.after_hit, a.snapshot_before, a.snapshot, a.matcher, a.time FROM watch_alerts a \
         JOIN watched w ON w.id = a.watch_id WHERE a.number > $1 ORDER BY a.number LIMIT $2",
    )
    .bind(after)
    .bind(i64::try_from(limit).unwrap_or(i64::MAX))
    .fetch_all(store.pool())
    .await?;
    rows.iter().map(alert).collect()
}

fn alert(row: &AnyRow) -> Result<Alert, StoreError> {
    let text = |at: usize| row.try_get::<String, _>(at);
    let number = |at: usize| row.try_get::<i64, _>(at);
    let hit = |json: String| match json.as_str() {
        "" => Ok(None),
        json => serde_json::from_str::<Hit>(json).map(Some).map_err(|_| damaged("a hit of an alert")),
    };
    Ok(Alert {
        number: number(0)?,
        id: text(1)?,
        kind: AlertKind::of(&text(2)?).ok_or_else(|| damaged("the kind of an alert"))?,
        watch_id: text(3)?,
        reference: text(4)?,
        list: text(5)?,
        entity_id: text(6)?,
        first: number(7)? != 0,
        delisted: number(8)? != 0,
        before: hit(text(9)?)?,
        after: hit(text(10)?)?,
        snapshot_before: text(11)?,
        snapshot: text(12)?,
        matcher: text(13)?,
        time: time_of(number(14)?),
    })
}

/// The number of the last alert that was written.
pub(super) async fn last_alert(store: &Store) -> Result<i64, StoreError> {
    let row =
        sqlx::query("SELECT last_alert FROM monitor_state WHERE id = 1").fetch_one(store.pool()).await?;
    Ok(row.try_get(0)?)
}

/// Notes a snapshot as the latest, unless it was that once and another has followed (with `only_forward`).
/// Whether it is.
pub(super) async fn note_snapshot(
    store: &Store,
    snapshot: &str,
    only_forward: bool,
) -> Result<bool, StoreError> {
    let mut work = store.begin().await?;
    let row = sqlx::query("UPDATE monitor_state SET last_alert = last_alert WHERE id = 1 RETURNING latest")
        .fetch_one(&mut *work)
        .await?;
    let latest: String = row.try_get(0)?;
    let known = sqlx::query("SELECT snapshot FROM monitored_snapshots WHERE snapshot = $1")
        .bind(snapshot)
        .fetch_optional(&mut *work)
        .await?
        .is_some();
    if latest == snapshot {
        return Ok(true);
    }
    if known && only_forward {
        return Ok(false);
    }
    if !known {
        let add = sqlx::query("INSERT INTO monitored_snapshots (snapshot) VALUES ($1)").bind(snapshot);
        add.execute(&mut *work).await?;
    }
    sqlx::query("UPDATE monitor_state SET latest = $1 WHERE id = 1")
        .bind(snapshot)
        .execute(&mut *work)
        .await?;
    work.commit().await?;
    Ok(true)
}
