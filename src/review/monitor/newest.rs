//! Those under watch as people look at them: newest first, found by name.

use sqlx::Row as _;

use super::records::{COLUMNS, WatchedFilter, WatchedPage, watched};
use crate::review::fold_name;
use crate::review::store::{Store, StoreError};

/// Watches read at once. Names lie inside their subjects, so looking for one goes through them all; a hundred
/// thousand take a second or two.
const AT_ONCE: i64 = 2_000;

/// A page of at most `limit` watches with numbers below `before`, newest first, whose names hold `name`; of
/// another name nobody.
pub(super) async fn newest(
    store: &Store,
    filter: &WatchedFilter,
    name: &str,
    before: i64,
    limit: usize,
) -> Result<WatchedPage, StoreError> {
    let wanted = fold_name(name);
    let statement = format!(
        "SELECT {COLUMNS} FROM watched WHERE number < $1 AND ($2 = '' OR id = $3) AND ($4 = '' OR reference = $5) \
         AND ($6 = 0 OR trouble <> '') ORDER BY number DESC LIMIT $7"
    );
    let mut page = WatchedPage { watched: Vec::new(), next: None };
    if filter.is_impossible() {
        return Ok(page);
    }
    let mut before = before;
    loop {
        let rows = sqlx::query(sqlx::AssertSqlSafe(statement.as_str()))
            .bind(before)
            .bind(filter.id.as_str())
            .bind(filter.id.as_str())
            .bind(filter.reference.as_str())
            .bind(filter.reference.as_str())
            .bind(i64::from(filter.troubled))
            .bind(AT_ONCE)
            .fetch_all(store.pool())
            .await?;
        let Some(last) = rows.last() else { return Ok(page) };
        before = last.try_get(0)?;
        for row in &rows {
            let one = watched(row)?;
            let subject = &one.watch.subject;
            let mut names = std::iter::once(&subject.name).chain(&subject.aliases);
            if !wanted.is_empty() && !names.any(|n| fold_name(n).contains(&wanted)) {
                continue;
            }
            if page.watched.len() == limit {
                page.next = page.watched.last().map(|w| w.number);
                return Ok(page);
            }
            page.watched.push(one);
        }
    }
}
