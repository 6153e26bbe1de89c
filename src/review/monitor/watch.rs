//! Who is under watch, why, until when.

use jiff::{SignedDuration, Timestamp};

use crate::review::store::StoreError;
use crate::screening::{Options, Subject, SubjectError};

/// Days for which a subject is watched unless told otherwise: personal data must not be kept without an end.
pub const DEFAULT_WATCH_DAYS: i64 = 365;
/// Most days for which a subject can be watched; an employment that lasts longer is confirmed by a new watch.
pub const MAX_WATCH_DAYS: i64 = 5 * 366;
/// Longest reference and purpose, in bytes.
pub const MAX_REFERENCE_BYTES: usize = 256;

/// A subject to be put under watch.
#[derive(Clone, Debug, PartialEq)]
pub struct NewWatch {
    /// The caller's own reference (a number in the personnel system). One caller's references are unique; empty
    /// if there is none.
    pub reference: String,
    /// Whom to watch.
    pub subject: Subject,
    /// Lists and threshold. A limit is not taken over: every hit counts.
    pub options: Options,
    /// What for. Required: nobody is watched without a purpose.
    pub purpose: String,
    /// Who asks.
    pub added_by: String,
    /// When the watch ends; what was kept of it is then deleted.
    pub ends: Timestamp,
}

impl NewWatch {
    /// When a watch ends that begins now and of which nothing else is said.
    pub fn usual_end(now: Timestamp) -> Timestamp {
        now.saturating_add(SignedDuration::from_hours(24 * DEFAULT_WATCH_DAYS)).unwrap_or(Timestamp::MAX)
    }

    /// Checks that it can be put under watch at `now`.
    ///
    /// # Errors
    /// Names the field and says how to mend it.
    pub fn check(&self, now: Timestamp) -> Result<(), SubjectError> {
        let fault = |field: &str, what: String| Err(SubjectError { field: field.into(), what });
        self.subject.check()?;
        self.options.check()?;
        if self.purpose.trim().is_empty() {
            return fault("purpose", "is empty; say what the watch is for".into());
        }
        for (field, text) in [("purpose", &self.purpose), ("reference", &self.reference)] {
            if text.len() > MAX_REFERENCE_BYTES {
                return fault(field, format!("longer than {MAX_REFERENCE_BYTES} bytes; shorten it"));
            }
            if text.chars().any(char::is_control) {
                return fault(field, "holds control characters; write it on one line".into());
            }
        }
        if self.ends <= now {
            return fault("end", "is not in the future".into());
        }
        if self.ends.duration_since(now) > SignedDuration::from_hours(24 * MAX_WATCH_DAYS) {
            return fault("end", format!("is more than {MAX_WATCH_DAYS} days away; renew the watch then"));
        }
        Ok(())
    }
}

/// A subject under watch.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// Names the watch.
    pub id: String,
    /// In which order it came; pages go by it.
    pub number: i64,
    /// Whom, why, until when.
    pub watch: NewWatch,
    /// Since when.
    pub added: Timestamp,
    /// On what the hits that stand rest; none before the first screening.
    pub screened: Option<Screened>,
    /// Why the last screening could not be done; empty where it was. What stood before stands.
    pub trouble: String,
}

/// On what the hits that stand rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screened {
    /// The snapshot's id.
    pub snapshot: String,
    /// The matcher's version.
    pub matcher: String,
    /// When.
    pub at: Timestamp,
}

/// A watch that cannot be begun, found or ended.
#[derive(Debug, thiserror::Error)]
pub enum WatchError {
    /// What was given is at fault.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// The reference stands for somebody else.
    #[error(
        "the reference of watch {at} is under watch already, with other data; end that watch first, or give another reference"
    )]
    Taken {
        /// Which of the subjects given, counted from 0.
        at: usize,
    },
    /// The store cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for WatchError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::screening::SubjectKind;

    #[test]
    fn a_watch_has_a_purpose_and_an_end() {
        let now: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let days = |n: i64| now.saturating_add(SignedDuration::from_hours(24 * n)).unwrap();
        let good = NewWatch {
            reference: "p-1".into(),
            subject: Subject::named("Testname One", SubjectKind::Person),
            options: Options::default(),
            purpose: "employment".into(),
            added_by: "tests".into(),
            ends: NewWatch::usual_end(now),
        };
        good.check(now).unwrap();
        for (watch, field) in [
            (NewWatch { purpose: " ".into(), ..good.clone() }, "purpose"),
            (NewWatch { purpose: "x".repeat(257), ..good.clone() }, "purpose"),
            (NewWatch { reference: "x".repeat(257), ..good.clone() }, "reference"),
            (NewWatch { reference: "a\0b".into(), ..good.clone() }, "reference"),
            (NewWatch { purpose: "a\nb".into(), ..good.clone() }, "purpose"),
            (NewWatch { ends: now, ..good.clone() }, "end"),
            (NewWatch { ends: days(-1), ..good.clone() }, "end"),
            (NewWatch { ends: days(MAX_WATCH_DAYS + 1), ..good.clone() }, "end"),
            (NewWatch { subject: Subject::named("", SubjectKind::Any), ..good.clone() }, "name"),
            (
                NewWatch { options: Options { threshold: Some(2.0), ..Options::default() }, ..good.clone() },
                "threshold",
            ),
        ] {
            assert_eq!(watch.check(now).unwrap_err().field, field);
        }
    }
}
