//! What can go wrong with the store, in terms that an operator can act on.

use std::error::Error as _;
use std::io;

/// Why the store did not do what was asked. Never quotes what was to be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// It cannot be reached or opened, or its disk fails.
    #[error("the store cannot be used: {0}")]
    Unavailable(String),
    /// Somebody else holds it locked for longer than one waits.
    #[error("the store is locked by another program; end that, or try again")]
    Locked,
    /// There is no room left.
    #[error("the store is full; make room on its disk")]
    Full,
    /// Its contents are not what they must be.
    #[error("the store is damaged: {0}; restore it from a backup")]
    Damaged(String),
    /// It belongs to a newer version of zeef.
    #[error("the store was written by a newer zeef (schema {version}); use that one")]
    Newer {
        /// The schema that this version does not know.
        version: i64,
    },
    /// Somebody else changed the same at the same time.
    #[error("it was changed by somebody else meanwhile; look again, then decide")]
    Conflict,
}

impl StoreError {
    /// Whether the same may succeed when tried again soon.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::Locked | Self::Full)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => match error.code() {
                Some(code) => by_code(&code, error.message()),
                None => Self::Unavailable("the database refused a statement".into()),
            },
            sqlx::Error::Io(error) => Self::from(error),
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection came in time".into()),
            sqlx::Error::PoolClosed => Self::Unavailable("it has been closed".into()),
            sqlx::Error::WorkerCrashed => Self::Unavailable("its worker has ended".into()),
            sqlx::Error::Tls(error) => Self::Unavailable(format!("TLS: {error}")),
            sqlx::Error::Configuration(_) => {
                Self::Unavailable("its URL cannot be read; write postgres://USER@HOST/DATABASE".into())
            }
            sqlx::Error::BeginFailed => Self::Locked,
            sqlx::Error::Migrate(error) => match error.source() {
                Some(cause) => Self::Damaged(cause.to_string()),
                None => Self::Damaged(error.to_string()),
            },
            // Columns and rows that are not as the schema has them. Their texts name columns, not values.
            sqlx::Error::ColumnNotFound(column) => Self::Damaged(format!("column {column} is missing")),
            sqlx::Error::RowNotFound => Self::Damaged("a row is missing".into()),
            sqlx::Error::ColumnDecode { index, .. } => {
                Self::Damaged(format!("column {index} holds what it must not"))
            }
            sqlx::Error::Protocol(_) => Self::Unavailable("the database broke the protocol".into()),
            _ => Self::Damaged("the database gave what cannot be understood".into()),
        }
    }
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            kind => Self::Unavailable(kind.to_string()),
        }
    }
}

/// The error of a database by its code: SQLite's result codes are numbers, those of PostgreSQL five characters.
fn by_code(code: &str, message: &str) -> StoreError {
    if code.len() == 5 {
        return match code {
            "53100" | "53200" => StoreError::Full,
            "55P03" | "40P01" => StoreError::Locked,
            "23505" | "40001" => StoreError::Conflict,
            // The password is never part of these messages; the user's name is.
            _ if code.starts_with("28") => {
                StoreError::Unavailable(format!("it refuses the login (SQLSTATE {code})"))
            }
            _ if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
                StoreError::Unavailable(format!("PostgreSQL says {message} (SQLSTATE {code})"))
            }
            "3D000" => StoreError::Unavailable("there is no such database; create it".into()),
            // Messages of other classes can quote values.
            _ => StoreError::Damaged(format!("PostgreSQL refuses a statement (SQLSTATE {code})")),
        };
    }
    let Ok(code) = code.parse::<i32>() else {
        return StoreError::Damaged(format!("the database says {code}"));
    };
    match (code & 0xff, code) {
        (5 | 6, _) => StoreError::Locked,
        (13, _) => StoreError::Full,
        (11 | 26, _) => StoreError::Damaged(format!("SQLite says so (code {code})")),
        (_, 1555 | 2067) => StoreError::Conflict,
        (8, _) => StoreError::Unavailable("the file or its folder cannot be written".into()),
        (10 | 14, _) => {
            StoreError::Unavailable(format!("the file cannot be opened, read or written (SQLite {code})"))
        }
        _ => StoreError::Damaged(format!("SQLite refuses a statement (code {code})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_say_the_same() {
        use StoreError::{Conflict, Full, Locked};
        for (code, expected) in [
            ("5", Locked),
            ("517", Locked),
            ("13", Full),
            ("2067", Conflict),
            ("1555", Conflict),
            ("53100", Full),
            ("55P03", Locked),
            ("23505", Conflict),
        ] {
            assert_eq!(by_code(code, "message"), expected, "{code}");
        }
        for (code, transient) in
            [("11", false), ("26", false), ("778", true), ("57P01", true), ("28P01", true)]
        {
            assert_eq!(by_code(code, "message").is_transient(), transient, "{code}");
        }
        assert!(!by_code("22P02", "invalid: Made Up Name").to_string().contains("Name"));
    }
}
