//! Pages of suspected matches.

use sqlx::{AssertSqlSafe, Row as _};

use crate::review::fold_name;
use crate::review::store::StoreError;

use super::Queue;
use super::read::{COLUMNS, of_row};
use super::types::{MatchState, QueueError, SuspectedMatch};

/// Suspected matches of a page where the caller does not say.
const DEFAULT_PAGE_SIZE: usize = 50;
/// Most suspected matches of a page.
pub const MAX_PAGE_SIZE: usize = 500;
/// Longest text of a filter, in bytes.
const MAX_FILTER_BYTES: usize = 256;

/// Which suspected matches are wanted; what is empty excludes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MatchFilter {
    /// In one of these states; all when empty.
    pub states: Vec<MatchState>,
    /// On this list.
    pub list: String,
    /// With this listed entity.
    pub entity_id: String,
    /// Taken by this person.
    pub assignee: String,
    /// Belonging to this case.
    pub case_reference: String,
    /// Screened for this purpose.
    pub purpose: String,
    /// Whose subject's name holds this, case and accents aside.
    pub name: String,
}

/// One page, oldest first: what has waited longest is looked at first.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchPage {
    /// The suspected matches, without their histories.
    pub matches: Vec<SuspectedMatch>,
    /// Gives the next page; empty on the last.
    pub next: String,
    /// How many there are on all pages.
    pub total: i64,
}

/// The conditions of a filter. One text for all filters, so that nothing is ever pasted into a statement.
const CONDITIONS: &str = "($1 = '' OR $1 LIKE '%,' || state || ',%') AND ($2 = '' OR list = $2) \
     AND ($3 = '' OR entity_id = $3) AND ($4 = '' OR assignee = $4) AND ($5 = '' OR case_reference = $5) \
     AND ($6 = '' OR purpose = $6) AND ($7 = '' OR subject_fold LIKE $7 ESCAPE '!')";

impl Queue {
    /// A page of suspected matches. `size` 0 leaves it to us; `token` is [`MatchPage::next`] of the page
    /// before, empty for the first.
    ///
    /// # Errors
    /// [`QueueError::Request`] names what is at fault; else the store's.
    pub async fn list(
        &self,
        filter: &MatchFilter,
        size: usize,
        token: &str,
    ) -> Result<MatchPage, QueueError> {
        let texts = [
            ("list", &filter.list),
            ("entity_id", &filter.entity_id),
            ("assignee", &filter.assignee),
            ("case_reference", &filter.case_reference),
            ("purpose", &filter.purpose),
            ("name", &filter.name),
        ];
        for (field, text) in texts {
            if text.len() > MAX_FILTER_BYTES || text.contains('\0') {
                let what = format!("write at most {MAX_FILTER_BYTES} bytes");
                return Err(QueueError::Request { field, what });
            }
        }
        let (raised, id) = after(token)?;
        let size = if size == 0 { DEFAULT_PAGE_SIZE } else { size.min(MAX_PAGE_SIZE) };

        let mut states = String::new();
        for state in &filter.states {
            states = format!("{states},{}", state.as_str());
        }
        if !states.is_empty() {
            states.push(',');
        }
        let name = match fold_name(&filter.name) {
            name if name.is_empty() => String::new(),
            name => format!("%{}%", name.replace('!', "!!").replace('%', "!%").replace('_', "!_")),
        };
        let count = format!("SELECT COUNT(*) FROM suspected_matches WHERE {CONDITIONS}");
        let total = sqlx::query(AssertSqlSafe(count))
            .bind(states.as_str())
            .bind(filter.list.as_str())
            .bind(filter.entity_id.as_str())
            .bind(filter.assignee.as_str())
            .bind(filter.case_reference.as_str())
            .bind(filter.purpose.as_str())
            .bind(name.as_str())
            .fetch_one(self.store.pool())
            .await
            .map_err(StoreError::from)?;
        let page = format!(
            "SELECT {COLUMNS} FROM suspected_matches WHERE {CONDITIONS} AND (raised > $8 OR (raised = $8 AND id > $9)) \
             ORDER BY raised, id LIMIT $10"
        );
        let rows = sqlx::query(AssertSqlSafe(page))
            .bind(states)
            .bind(filter.list.as_str())
            .bind(filter.entity_id.as_str())
            .bind(filter.assignee.as_str())
            .bind(filter.case_reference.as_str())
            .bind(filter.purpose.as_str())
            .bind(name)
            .bind(raised)
            .bind(id)
            .bind(i64::try_from(size + 1).unwrap_or(i64::MAX))
            .fetch_all(self.store.pool())
            .await
            .map_err(StoreError::from)?;
        let more = rows.len() > size;
        let matches: Vec<SuspectedMatch> = rows.iter().take(size).map(of_row).collect::<Result<_, _>>()?;
        let next = match matches.last() {
            Some(last) if more => format!("{}-{}", last.raised.as_microsecond(), last.id),
            _ => String::new(),
        };
        Ok(MatchPage { matches, next, total: total.try_get(0).map_err(StoreError::from)? })
    }
}

/// The place behind which a page begins.
fn after(token: &str) -> Result<(i64, String), QueueError> {
    if token.is_empty() {
        return Ok((i64::MIN, String::new()));
    }
    token
        .split_once('-')
        .and_then(|(raised, id)| Some((raised.parse().ok()?, id)))
        .filter(|(_, id)| id.bytes().all(|b| b.is_ascii_hexdigit()))
        .map(|(raised, id)| (raised, id.to_owned()))
        .ok_or_else(|| QueueError::Request {
            field: "page_token",
            what: "is no token of this list; start with the first page".into(),
        })
}
