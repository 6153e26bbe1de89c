//! Subjects and lists of the tests.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use zeef::index::Snapshot;
use zeef::screening::{Comparison, Screener, Subject, SubjectKind};

/// The screener on the bundled demonstration lists, imported once.
pub static DEMO: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));

/// A person of whom only the name is known.
pub fn person(name: &str) -> Subject {
    Subject::named(name, SubjectKind::Person)
}

/// Two people's names at the default threshold.
pub fn compare(query: &str, candidate: &str) -> Comparison {
    Screener::compare(&person(query), &person(candidate), None).unwrap()
}

/// A time of screening; the ages of lists follow from it and nothing else.
pub fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

/// A file of the shared lists, where they are at hand.
pub fn shared_list(name: &str) -> Option<PathBuf> {
    let shared = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    Some(shared.join("lists").join(name)).filter(|file| file.exists())
}
