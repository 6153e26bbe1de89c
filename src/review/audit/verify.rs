//! Does the trail still say what it said?

use std::collections::BTreeSet;
use std::fmt;

use sqlx::Row as _;

use crate::review::store::{Store, StoreError};

use super::chain::{BEGINNING, hash_of, part_hash};
use super::reading::{Stored, lines, pages};
use super::recorder::end_of_chain;
use super::stamps;

/// A record whose number and hash somebody noted elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected {
    /// Its number.
    pub number: i64,
    /// Its hash, or the beginning of it.
    pub hash: String,
}

/// What was found of a trail that is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many records it has.
    pub records: i64,
    /// Hash of the last.
    pub hash: String,
    /// How many parts of contents are there.
    pub parts: u64,
    /// How many were erased or purged, each by a record that says so.
    pub erased: u64,
}

/// The place where a trail is not what it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Number of the record; none where it is the trail as a whole.
    pub record: Option<i64>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.record {
            Some(number) => write!(f, "record {number}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// Goes through the trail until `work` says otherwise.
enum Stop {
    Broken(Fault),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Checks the whole trail, and that it holds the record that is expected. Records that are written meanwhile
/// are left for the next time.
///
/// # Errors
/// When the store cannot be read. A trail that does not verify is an `Ok` with its first fault.
pub async fn verify(
    store: &Store,
    expected: Option<&Expected>,
) -> Result<Result<Verified, Fault>, StoreError> {
    let (records, end) = end_of_chain(store).await?;
    let mut walk = Walk { next: 1, last: BEGINNING.to_owned(), ..Walk::default() };
    let gone_through = pages(store, 1, records, |page| {
        for record in page {
            walk.step(&record, expected).map_err(Stop::Broken)?;
        }
        Ok(())
    })
    .await;
    match gone_through {
        Ok(()) => {}
        Err(Stop::Broken(fault)) => return Ok(Err(fault)),
        Err(Stop::Store(error)) => return Err(error),
    }
    for hash in &walk.stamps {
        let row = sqlx::query("SELECT body FROM audit_stamps WHERE hash = $1")
            .bind(hash.as_str())
            .fetch_optional(store.pool())
            .await?;
        let body: Option<String> = row.map(|row| row.try_get(0)).transpose()?;
        if body.is_none_or(|body| stamps::hash_of(&body) != *hash) {
            let what = format!("the stamp {hash} is missing or was changed");
            return Ok(Err(Fault { record: None, what }));
        }
    }
    Ok(walk.end(records, &end, expected))
}

/// How far it has come.
#[derive(Default)]
struct Walk {
    next: i64,
    last: String,
    parts: u64,
    missing: u64,
    accounted: u64,
    stamps: BTreeSet<String>,
}

impl Walk {
    fn step(&mut self, record: &Stored, expected: Option<&Expected>) -> Result<(), Fault> {
        let fault = |what: &str| Err(Fault { record: Some(record.number), what: what.to_owned() });
        if record.number != self.next {
            return Err(Fault { record: Some(self.next), what: "is missing".into() });
        }
        self.next += 1;
        if hash_of(&self.last, record.number, &record.head) != record.hash {
            return fault("it or the record before it was changed: its hash does not follow");
        }
        if expected.is_some_and(|e| e.number == record.number && !record.hash.starts_with(&e.hash)) {
            return fault("its hash is not the one that is expected: the trail was written anew");
        }
        self.last.clone_from(&record.hash);
        let Some(head) = record.head() else { return fault("its head cannot be read") };
        let time = head.time.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond);
        if head.kind.as_str() != record.kind
            || head.purpose != record.purpose
            || time.ok() != Some(record.time)
        {
            return fault("its columns do not say what its head says");
        }
        self.accounted += head.erased;
        if !head.stamp.is_empty() {
            self.stamps.insert(head.stamp);
        }
        let body = record.body.as_deref().unwrap_or_default();
        // Contents of which every part has gone are no line at all.
        let all_gone = body.is_empty();
        let mut found = lines(body);
        for hash in &head.parts {
            match if all_gone { None } else { found.next().flatten() } {
                Some(line) if part_hash(line) == *hash => self.parts += 1,
                Some(_) => return fault("its contents were changed"),
                None => self.missing += 1,
            }
        }
        if !all_gone && found.next().is_some() {
            return fault("its contents have more parts than its head knows");
        }
        Ok(())
    }

    fn end(self, records: i64, end: &str, expected: Option<&Expected>) -> Result<Verified, Fault> {
        let fault = |what: String| Err(Fault { record: None, what });
        if self.next != records + 1 || self.last != end {
            return fault(format!("its end is missing: record {} is the last of {records}", self.next - 1));
        }
        if let Some(expected) = expected
            && expected.number > records
        {
            return fault(format!("its end is missing: record {} is expected", expected.number));
        }
        if self.missing != self.accounted {
            return fault(format!(
                "{} parts of contents are missing, and erasures and purges account for {}",
                self.missing, self.accounted
            ));
        }
        Ok(Verified { records, hash: self.last, parts: self.parts, erased: self.missing })
    }
}
