//! The chain: how records are numbered, hashed and appended.

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use crate::review::store::{StoreError, in_chunks, placeholders};

use super::draft::Draft;

/// Hash before the first record, as the schema writes it.
pub(super) const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The hash of a record: over the hash before it, its number, and its head byte for byte.
pub(super) fn hash_of(previous: &str, number: i64, head: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(previous.as_bytes());
    hasher.update(&number.to_le_bytes());
    hasher.update(head.as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// The hash of a part of the contents, over its line: salt and JSON.
pub(super) fn part_hash(line: &str) -> String {
    blake3::hash(line.as_bytes()).to_hex().to_string()
}

/// Makes all others who append wait until this transaction has ended. For work that changes other rows before
/// it appends: everybody takes the chain first, so nobody waits for somebody who waits for him.
///
/// # Errors
/// See [`StoreError`].
pub(in crate::review) async fn hold(work: &mut Transaction<'static, Any>) -> Result<(), StoreError> {
    sqlx::query("UPDATE audit_chain SET records = records WHERE id = 1").execute(&mut **work).await?;
    Ok(())
}

/// Appends records in their order and gives the number of the first.
///
/// The first statement takes the chain's only row, so that whoever else appends waits until this transaction
/// has ended.
///
/// # Errors
/// See [`StoreError`]; the transaction is then of no use.
pub(in crate::review) async fn append(
    work: &mut Transaction<'static, Any>,
    drafts: &[&Draft],
) -> Result<i64, StoreError> {
    let count = i64::try_from(drafts.len()).unwrap_or(i64::MAX);
    let chain =
        sqlx::query("UPDATE audit_chain SET records = records + $1 WHERE id = 1 RETURNING records, hash")
            .bind(count)
            .fetch_one(&mut **work)
            .await?;
    let first = chain.try_get::<i64, _>("records")? - count + 1;
    let mut last: String = chain.try_get("hash")?;

    let mut rows: Vec<(i64, String, &Draft)> = Vec::with_capacity(drafts.len());
    for (draft, number) in drafts.iter().zip(first..) {
        last = hash_of(&last, number, &draft.head);
        rows.push((number, last.clone(), draft));
    }
    for chunk in in_chunks(&rows) {
        let values = placeholders(chunk.len(), 6);
        let sql =
            format!("INSERT INTO audit_records (number, time, kind, purpose, head, hash) VALUES {values}");
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (number, hash, draft) in chunk {
            insert = insert
                .bind(*number)
                .bind(draft.time)
                .bind(draft.kind.as_str())
                .bind(draft.purpose.as_str())
                .bind(draft.head.as_str())
                .bind(hash.as_str());
        }
        insert.execute(&mut **work).await?;
    }
    let with_contents: Vec<_> = rows.iter().filter(|(_, _, draft)| !draft.body.is_empty()).collect();
    for chunk in in_chunks(&with_contents) {
        let values = placeholders(chunk.len(), 5);
        let sql = format!(
            "INSERT INTO audit_contents (number, time, purpose, case_reference, body) VALUES {values}"
        );
        let mut insert = sqlx::query(AssertSqlSafe(sql));
        for (number, _, draft) in chunk {
            insert = insert
                .bind(*number)
                .bind(draft.time)
                .bind(draft.purpose.as_str())
                .bind(draft.case_reference.as_str())
                .bind(draft.body.as_str());
        }
        insert.execute(&mut **work).await?;
    }
    sqlx::query("UPDATE audit_chain SET hash = $1 WHERE id = 1").bind(last).execute(&mut **work).await?;
    Ok(first)
}
