//! What a running server takes up, and what only a new one does.

use super::Settings;

/// Keys that a running server takes up on SIGHUP; those ending in a dot with everything below them.
const TAKEN_UP: &[&str] = &[
    "access.anonymous",
    "access.certificates",
    "access.oidc.",
    "access.open_reflection",
    "access.session_length",
    "access.tokens",
    "data.max_age_days.",
    "limits.client.",
    "log.level",
];

/// What differs between two configurations, by keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::cli) struct Changes {
    /// Taken up at once.
    pub taken_up: Vec<String>,
    /// Left as it was until the server is started anew.
    pub left: Vec<String>,
}

impl Changes {
    /// The changes from `old` to `new`.
    pub(in crate::cli) fn between(old: &Settings, new: &Settings) -> Self {
        let (before, after) = (old.by_key(), new.by_key());
        let mut keys: Vec<&String> = before.keys().chain(after.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut changes = Self::default();
        for key in keys.into_iter().filter(|key| before.get(*key) != after.get(*key)) {
            let taken_up = |known: &&str| *known == key || known.ends_with('.') && key.starts_with(*known);
            if TAKEN_UP.iter().any(taken_up) {
                changes.taken_up.push(key.clone());
            } else {
                changes.left.push(key.clone());
            }
        }
        changes
    }
}
