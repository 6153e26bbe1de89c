//! Why something is screened, and for whom.

use std::sync::Arc;

/// The purpose recorded where none was said.
pub const NO_PURPOSE: &str = "unspecified";

/// The purpose that marks traffic as a test: recorded, and never raised in the queue.
pub const TEST_PURPOSE: &str = "test";

/// Longest purpose or run, in bytes.
const MAX_WORD_BYTES: usize = 64;
/// Longest reference of a case or subject, in bytes.
const MAX_REFERENCE_BYTES: usize = 128;

/// Why something is screened, and for whom: recorded with every screening.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// Who asked.
    pub asked_by: Arc<str>,
    /// For what purpose (`hire`); decides how long personal data are kept. Kept for ever itself.
    pub purpose: String,
    /// The case it belongs to; empty if none.
    pub case_reference: String,
    /// The run of a bulk screening it belongs to; empty if it stands alone. Kept for ever.
    pub run: String,
}

/// An occasion that cannot be recorded as given. Never quotes it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct OccasionError {
    /// The field at fault.
    pub field: &'static str,
    /// What is wrong and how to mend it.
    pub what: String,
}

impl Occasion {
    /// An occasion of which only the asker is known.
    pub fn of(asked_by: impl Into<Arc<str>>) -> Self {
        Self {
            asked_by: asked_by.into(),
            purpose: NO_PURPOSE.to_owned(),
            case_reference: String::new(),
            run: String::new(),
        }
    }

    /// The same with this purpose; an empty one says nothing.
    #[must_use]
    pub fn with_purpose(mut self, purpose: &str) -> Self {
        if !purpose.is_empty() {
            purpose.clone_into(&mut self.purpose);
        }
        self
    }

    /// Whether it is marked as a test.
    pub fn is_test(&self) -> bool {
        self.purpose == TEST_PURPOSE
    }

    /// Checks that it can be recorded.
    ///
    /// # Errors
    /// Names the field and says how to mend it.
    pub fn check(&self) -> Result<(), OccasionError> {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:/".contains(c);
        for (field, word) in [("purpose", &self.purpose), ("run", &self.run)] {
            if word.len() > MAX_WORD_BYTES || !word.chars().all(plain) {
                let what = format!(
                    "write at most {MAX_WORD_BYTES} letters, digits and - _ . : /, such as hire-2026; it is kept \
                     for ever, so no names"
                );
                return Err(OccasionError { field, what });
            }
        }
        check_reference("case_reference", &self.case_reference)?;
        Ok(())
    }
}

/// Checks a reference of a case or a subject.
///
/// # Errors
/// Names the field and says how to mend it.
pub fn check_reference(field: &'static str, reference: &str) -> Result<(), OccasionError> {
    if reference.len() > MAX_REFERENCE_BYTES || reference.chars().any(char::is_control) {
        let what = format!("write at most {MAX_REFERENCE_BYTES} bytes on one line");
        return Err(OccasionError { field, what });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_for_ever_is_a_word_and_references_are_one_line() {
        let occasion = |purpose: &str, case: &str| Occasion {
            case_reference: case.into(),
            ..Occasion::of("hr").with_purpose(purpose)
        };
        for (purpose, case, fault) in [
            ("", "", None),
            ("hire-2026:q1/a.b_c", "A 12/é", None),
            ("made up name", "", Some("purpose")),
            ("naïve", "", Some("purpose")),
            (&"x".repeat(65), "", Some("purpose")),
            ("hire", "a\nb", Some("case_reference")),
            ("hire", "a\0b", Some("case_reference")),
            ("hire", &"x".repeat(129), Some("case_reference")),
        ] {
            assert_eq!(occasion(purpose, case).check().err().map(|e| e.field), fault, "{purpose:?} {case:?}");
        }
        assert_eq!(occasion("", "").purpose, NO_PURPOSE);
        assert!(occasion("test", "").is_test());
    }
}
