//! Where the store lies.

use std::fmt;
use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use super::{FILE_NAME, StoreError};

/// Where the store lies. Shown without its password.
#[derive(Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by its URL.
    Postgres(String),
}

/// A store that is not named as one.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("write sqlite:FILE or postgres://USER@HOST/DATABASE")]
pub struct StoreUrlError;

impl StoreUrl {
    /// The default: a file in the data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self::Sqlite(folder.join(FILE_NAME))
    }

    /// Whether it is a SQLite file.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Whether it holds a password, which must not stand on a command line.
    pub fn has_password(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(url) => {
                authority(url).is_some_and(|(_, login, _)| login.contains(':')) || url.contains("password=")
            }
        }
    }

    /// What every new connection is told first.
    pub(super) fn settings(&self, patience: Duration) -> String {
        match self {
            // FULL syncs the log with every commit: what was promised survives a power cut.
            Self::Sqlite(_) => format!(
                "PRAGMA busy_timeout = {}; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                 PRAGMA secure_delete = ON;",
                patience.as_millis()
            ),
            Self::Postgres(_) => format!("SET lock_timeout = {}", patience.as_millis()),
        }
    }

    /// As the driver wants it.
    pub(super) fn for_driver(&self) -> Result<String, StoreError> {
        match self {
            Self::Postgres(url) => Ok(url.clone()),
            Self::Sqlite(path) => {
                let text = path.to_str().ok_or_else(|| {
                    StoreError::Unavailable("its path is not written in UTF-8; name another".into())
                })?;
                let mut url = String::from("sqlite://");
                for byte in text.bytes() {
                    match byte {
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                            url.push(char::from(byte));
                        }
                        _ => url.push_str(&format!("%{byte:02X}")),
                    }
                }
                Ok(url)
            }
        }
    }
}

/// The parts of a URL before, in and after its login.
fn authority(url: &str) -> Option<(&str, &str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let at = rest[..end].rfind('@')?;
    Some((scheme, &rest[..at], &rest[at + 1..]))
}

impl FromStr for StoreUrl {
    type Err = StoreUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(StoreUrlError) } else { Ok(Self::Sqlite(path.into())) };
        }
        if ["postgres://", "postgresql://"].iter().any(|p| text.len() > p.len() && text.starts_with(p)) {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(StoreUrlError)
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => {
                // Options may hold a password as well as the login.
                let url = url.split('?').next().unwrap_or_default();
                match authority(url) {
                    Some((scheme, login, rest)) => {
                        let user = login.split(':').next().unwrap_or_default();
                        write!(f, "{scheme}://{user}@{rest}")
                    }
                    None => f.write_str(url),
                }
            }
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Creates the file, if it is not there, so that only its owner reads it: it holds personal data. The log
/// beside it takes over its permissions.
pub(super) fn create_for_owner_alone(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(StoreError::Unavailable(format!("{}: {e}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_are_named_by_scheme_and_shown_without_secrets() {
        for (text, shown, secret) in [
            ("sqlite:/a b/c.sqlite", "sqlite:/a b/c.sqlite", false),
            ("sqlite:///a/c", "sqlite:/a/c", false),
            ("postgres://zeef@db/zeef", "postgres://zeef@db/zeef", false),
            ("postgres://zeef:hush@db:5432/zeef", "postgres://zeef@db:5432/zeef", true),
            ("postgres://zeef:h%40sh@db/zeef?sslmode=require", "postgres://zeef@db/zeef", true),
            ("postgres://db/zeef?user=a&password=hush", "postgres://db/zeef", true),
            ("postgresql:///zeef", "postgresql:///zeef", false),
        ] {
            let url: StoreUrl = text.parse().unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
            assert_eq!(url.has_password(), secret, "{text}");
        }
        for text in ["", "sqlite:", "mysql://x", "postgres://", "/a/b"] {
            assert_eq!(text.parse::<StoreUrl>(), Err(StoreUrlError), "{text}");
        }
    }

    #[test]
    fn odd_paths_reach_the_driver_whole() {
        let url = StoreUrl::Sqlite("/a b/ü?#%.sqlite".into());
        assert_eq!(url.for_driver().unwrap(), "sqlite:///a%20b/%C3%BC%3F%23%25.sqlite");
    }
}
