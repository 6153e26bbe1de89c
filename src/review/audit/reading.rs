//! Records and contents as they are read again.

use sqlx::Row as _;

use crate::review::store::{Store, StoreError};

use super::draft::SALT_DIGITS;
use super::head::Head;

/// Records read at once.
const PAGE: i64 = 500;

/// One record.
pub(in crate::review) struct Stored {
    pub number: i64,
    pub time: i64,
    pub kind: String,
    pub purpose: String,
    pub head: String,
    pub hash: String,
    /// Its contents; none when all of them have gone, or there never were any.
    pub body: Option<String>,
}

impl Stored {
    /// Its head; none when that is no head.
    pub fn head(&self) -> Option<Head> {
        serde_json::from_str(&self.head).ok()
    }
}

/// The parts of contents: each line with its salt, or none where the part was erased.
pub(in crate::review) fn lines(body: &str) -> impl Iterator<Item = Option<&str>> {
    body.split('\n').map(|line| (!line.is_empty()).then_some(line))
}

/// The contents of these parts.
pub(in crate::review) fn join(parts: &[Option<&str>]) -> String {
    parts.iter().map(|part| part.unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// A part of contents as JSON: what stands behind the salt of its line.
pub(in crate::review) fn content(line: &str) -> Option<serde_json::Value> {
    serde_json::from_str(line.get(SALT_DIGITS..)?).ok()
}

/// Gives `take` the records from number `from` to `to`, in order, some at a time.
pub(in crate::review) async fn pages<E: From<StoreError>>(
    store: &Store,
    from: i64,
    to: i64,
    mut take: impl FnMut(Vec<Stored>) -> Result<(), E>,
) -> Result<(), E> {
    let mut after = from - 1;
    loop {
        let rows = sqlx::query(
            "SELECT r.number, r.time, r.kind, r.purpose, r.head, r.hash, c.body FROM audit_records r \
             LEFT JOIN audit_contents c ON c.number = r.number \
             WHERE r.number > $1 AND r.number <= $2 ORDER BY r.number LIMIT $3",
        )
        .bind(after)
        .bind(to)
        .bind(PAGE)
        .fetch_all(store.pool())
        .await
        .map_err(StoreError::from)?;
        let page: Vec<Stored> = rows
            .iter()
            .map(|row| {
                Ok(Stored {
                    number: row.try_get("number")?,
                    time: row.try_get("time")?,
                    kind: row.try_get("kind")?,
                    purpose: row.try_get("purpose")?,
                    head: row.try_get("head")?,
                    hash: row.try_get("hash")?,
                    body: row.try_get("body")?,
                })
            })
            .collect::<Result<_, sqlx::Error>>()
            .map_err(StoreError::from)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.number;
        take(page)?;
    }
}
