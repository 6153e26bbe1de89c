//! Records before they have a number.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Serialize;

use crate::review::Occasion;
use crate::review::queue::Suspect;
use crate::review::store::StoreError;
use crate::screening::case::{CaseResult, CaseSubject, Finding};
use crate::screening::{Answer, Hit, Subject};

use super::chain::part_hash;
use super::head::{Head, Kind};
use super::stamps::StampText;

/// Length of a salt in hexadecimal digits: 128 bits, which nobody guesses.
pub(super) const SALT_DIGITS: usize = 32;

/// Makes salts: a keyed hash of a counter, under a key that lives as long as the process.
#[derive(Clone, Debug)]
pub(in crate::review) struct Salts(Arc<(blake3::Hash, AtomicU64)>);

impl Salts {
    /// Salts under a new random key.
    pub(in crate::review) fn new() -> Result<Self, StoreError> {
        let mut key = [0; 32];
        getrandom::fill(&mut key)
            .map_err(|_| StoreError::Unavailable("the system gives no random numbers".into()))?;
        Ok(Self(Arc::new((key.into(), AtomicU64::new(0)))))
    }

    /// A text of [`SALT_DIGITS`] that was never given before.
    pub(in crate::review) fn next(&self) -> String {
        self.digits(SALT_DIGITS)
    }

    /// An id: 64 bits, which people can still copy.
    pub(in crate::review) fn id(&self) -> String {
        self.digits(16)
    }

    fn digits(&self, count: usize) -> String {
        let n = self.0.1.fetch_add(1, Ordering::Relaxed);
        let hash = blake3::keyed_hash(self.0.0.as_bytes(), &n.to_le_bytes());
        let mut text = hash.to_hex().to_string();
        text.truncate(count);
        text
    }
}

/// One subject that was screened, with its answer.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The asker's id of the item in a stream or batch, empty if none.
    pub id: &'a str,
    /// The number of the row in a file, from 1; 0 if it comes from none.
    pub row: u64,
    /// The asker's own reference of the subject, by which it is known again when its data change; empty if
    /// none.
    pub reference: &'a str,
    /// Who was screened.
    pub subject: &'a Subject,
    /// What was answered.
    pub answer: &'a Answer,
}

/// A record that has no number yet.
#[derive(Debug)]
pub struct Draft {
    pub(super) kind: Kind,
    /// Microseconds since 1970.
    pub(super) time: i64,
    pub(super) purpose: String,
    pub(super) case_reference: String,
    /// JSON of its [`Head`].
    pub(super) head: String,
    /// Its contents: a line per part, each salt and JSON.
    pub(super) body: String,
    pub(super) stamp: Option<Arc<StampText>>,
    /// What is to be raised in the queue, in the order of the hits.
    pub(super) suspects: Vec<Suspect>,
}

/// Contents of a part: one subject with its answer.
#[derive(Serialize)]
struct Screened<'a> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'a str,
    #[serde(skip_serializing_if = "is_none")]
    row: u64,
    #[serde(skip_serializing_if = "str::is_empty")]
    case_reference: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    subject_reference: &'a str,
    subject: &'a Subject,
    hits: &'a [Hit],
    #[serde(skip_serializing_if = "<[Hit]>::is_empty")]
    set_aside: &'a [Hit],
    #[serde(skip_serializing_if = "Option::is_none")]
    total_hits: Option<usize>,
}

/// Contents of a part: one subject of a case with what was found.
#[derive(Serialize)]
struct InCase<'a> {
    case_reference: &'a str,
    path: &'a str,
    role: &'a crate::screening::case::Role,
    subject: &'a Subject,
    findings: Vec<&'a Finding>,
}

/// Whether an item has no row.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_none(row: &u64) -> bool {
    *row == 0
}

impl Draft {
    /// A record of screenings, each a part of its own. `occasion` speaks of them all.
    pub(super) fn screening(
        occasion: &Occasion,
        time: jiff::Timestamp,
        asked: &[Asked<'_>],
        stamp: Arc<StampText>,
        salts: &Salts,
    ) -> Result<Self, serde_json::Error> {
        let mut head = Head::of(Kind::Screening, time, &occasion.asked_by, &occasion.purpose);
        head.run.clone_from(&occasion.run);
        head.stamp.clone_from(&stamp.hash);
        head.hits = asked.iter().map(|a| a.answer.hits.len() as u64).sum();
        let mut body = Body::new(salts);
        for Asked { id, row, reference, subject, answer } in asked {
            body.push(&Screened {
                id,
                row: *row,
                case_reference: &occasion.case_reference,
                subject_reference: reference,
                subject,
                hits: &answer.hits,
                set_aside: &answer.set_aside,
                total_hits: (answer.total_hits > answer.hits.len()).then_some(answer.total_hits),
            })?;
        }
        Self::seal(head, time, &occasion.case_reference, body, Some(stamp))
    }

    /// A record of a case: a part for every subject.
    pub(super) fn case(
        occasion: &Occasion,
        time: jiff::Timestamp,
        result: &CaseResult,
        stamp: Arc<StampText>,
        salts: &Salts,
    ) -> Result<Self, serde_json::Error> {
        let mut head = Head::of(Kind::Case, time, &occasion.asked_by, &occasion.purpose);
        head.stamp.clone_from(&stamp.hash);
        head.hits = result.screened.findings.len() as u64;
        head.policy = vec![result.policy.clone(), result.policy_version.clone(), result.policy_hash.clone()];
        for question in &result.questions {
            let outcome = serde_json::to_value(question.outcome)?;
            let outcome = outcome.as_str().unwrap_or_default().to_owned();
            head.outcomes.insert(question.question.clone(), outcome);
        }
        let mut body = Body::new(salts);
        for (place, CaseSubject { path, role, subject, .. }) in result.screened.subjects.iter().enumerate() {
            let findings = result.screened.findings.iter().filter(|f| f.subject == place).collect();
            body.push(&InCase { case_reference: &occasion.case_reference, path, role, subject, findings })?;
        }
        Self::seal(head, time, &occasion.case_reference, body, Some(stamp))
    }

    /// A record of something done, with what of it is personal.
    pub(in crate::review) fn done(
        mut head: Head,
        time: jiff::Timestamp,
        case_reference: &str,
        contents: Option<&impl Serialize>,
        salts: &Salts,
    ) -> Result<Self, StoreError> {
        let mut body = Body::new(salts);
        let sealed = match contents {
            Some(contents) => body.push(contents).and_then(|()| {
                head.stamp.clear();
                Self::seal(head, time, case_reference, body, None)
            }),
            None => Self::seal(head, time, case_reference, body, None),
        };
        sealed.map_err(|_| StoreError::Damaged("a record cannot be written as JSON".into()))
    }

    fn seal(
        mut head: Head,
        time: jiff::Timestamp,
        case_reference: &str,
        body: Body<'_>,
        stamp: Option<Arc<StampText>>,
    ) -> Result<Self, serde_json::Error> {
        head.parts = body.hashes;
        Ok(Self {
            kind: head.kind,
            time: time.as_microsecond(),
            purpose: head.purpose.clone(),
            // PostgreSQL keeps no NUL in a text.
            case_reference: case_reference.replace('\0', " "),
            head: serde_json::to_string(&head)?,
            body: body.text,
            stamp,
            suspects: Vec::new(),
        })
    }

    /// How many bytes it has.
    pub(super) fn size(&self) -> usize {
        self.head.len() + self.body.len()
    }
}

/// Contents being written.
struct Body<'a> {
    salts: &'a Salts,
    text: String,
    hashes: Vec<String>,
}

impl<'a> Body<'a> {
    fn new(salts: &'a Salts) -> Self {
        Self { salts, text: String::new(), hashes: Vec::new() }
    }

    fn push(&mut self, part: &impl Serialize) -> Result<(), serde_json::Error> {
        // JSON breaks no lines of its own: every line is one part.
        let line = self.salts.next() + &serde_json::to_string(part)?;
        self.hashes.push(part_hash(&line));
        if self.hashes.len() > 1 {
            self.text.push('\n');
        }
        self.text.push_str(&line);
        Ok(())
    }
}
