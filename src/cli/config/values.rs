//! Values that the configuration has beside texts and numbers.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::fault::{ConfigError, Fault};
use crate::service::access::from_hexadecimal;

/// A length of time, written as a whole number with its unit: `250ms`, `30s`, `5m`, `12h`, `7d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::cli) struct Span(pub Duration);

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || "write a whole number with its unit, such as 250ms, 30s, 5m, 12h or 7d".to_owned();
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = text.split_at(digits);
        let number: u64 = number.parse().map_err(|_| wrong())?;
        let seconds = |each: u64| number.checked_mul(each).map(Duration::from_secs).ok_or_else(wrong);
        Ok(Self(match unit.trim_start() {
            "ms" => Duration::from_millis(number),
            "s" => seconds(1)?,
            "m" => seconds(60)?,
            "h" => seconds(3_600)?,
            "d" => seconds(86_400)?,
            _ => return Err(wrong()),
        }))
    }
}

/// 32 bytes in hexadecimal: the hash of a token or certificate. Colons between bytes are allowed, as other tools
/// write them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::cli) struct Fingerprint(pub [u8; 32]);

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        from_hexadecimal(&text.replace(':', ""))
            .map(Self)
            .ok_or_else(|| "write 64 hexadecimal digits, as `zeef token new` and `sha256sum` do".to_owned())
    }
}

/// An instant: a date (its first moment in UTC), or a time as RFC 3339 writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(in crate::cli) struct Instant(pub jiff::Timestamp);

impl TryFrom<String> for Instant {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let day = || text.parse::<jiff::civil::Date>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
        let instant = text.parse().ok().or_else(|| day().map(|d| d.timestamp()));
        instant.map(Self).ok_or_else(|| "write a date such as \"2027-01-31\", in quotes".to_owned())
    }
}

/// The path of a file or folder. One in the configuration file counts from that file's folder.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(in crate::cli) struct FilePath(pub PathBuf);

impl FilePath {
    /// The name by which the type is known when its shape is asked for.
    pub(super) const NAME: &'static str = "FilePath";
}

impl AsRef<Path> for FilePath {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

/// A secret: from the environment or a file of its own, never in the configuration file, never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub(in crate::cli) struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Secret {
    /// The name by which the type is known when its shape is asked for.
    pub(super) const NAME: &'static str = "Secret";

    /// Largest file read as a secret, in bytes. Keys have some dozens.
    const MOST: u64 = 64 << 10;

    /// The secret itself. Whoever calls this sees to it that it goes nowhere else.
    pub(in crate::cli) fn reveal(&self) -> &str {
        &self.0
    }

    /// The secret that is given, or that stands in `file`, without the line's end after it.
    ///
    /// # Errors
    /// When both are given, or the file cannot be read, is empty or too large.
    pub(in crate::cli) fn given_or_in(
        given: Option<&Self>,
        file: Option<&FilePath>,
        key: &str,
    ) -> Result<Option<Self>, ConfigError> {
        let fault = |what: String| ConfigError::Faulty(vec![Fault::of_key(key, what)]);
        match (given, file) {
            (Some(_), Some(_)) => Err(fault(format!("is given both itself and as {key}_file; keep one"))),
            (Some(secret), None) => Ok(Some(secret.clone())),
            (None, None) => Ok(None),
            (None, Some(file)) => {
                let unreadable =
                    |e: std::io::Error| fault(format!("the file {} cannot be read: {e}", file.0.display()));
                if std::fs::metadata(file).map_err(unreadable)?.len() > Self::MOST {
                    return Err(fault(format!("the file {} is far too large", file.0.display())));
                }
                let text = std::fs::read_to_string(file).map_err(unreadable)?;
                let text = text.trim_end_matches(['\r', '\n']);
                if text.is_empty() {
                    return Err(fault(format!("the file {} is empty", file.0.display())));
                }
                Ok(Some(Self(text.to_owned())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_units() {
        for (text, expected) in [
            ("250ms", Some(Duration::from_millis(250))),
            ("30s", Some(Duration::from_secs(30))),
            ("5 m", Some(Duration::from_secs(300))),
            ("12h", Some(Duration::from_secs(43_200))),
            ("7d", Some(Duration::from_secs(604_800))),
            ("0s", Some(Duration::ZERO)),
            ("30", None),
            ("s", None),
            ("-1s", None),
            ("1.5s", None),
            ("99999999999999999999s", None),
            ("18446744073709551615d", None),
            ("1w", None),
            ("", None),
        ] {
            assert_eq!(Span::try_from(text.to_owned()).ok().map(|s| s.0), expected, "{text:?}");
        }
    }

    #[test]
    fn hashes_and_instants_are_read_as_tools_write_them() {
        let hash = |text: &str| Fingerprint::try_from(text.to_owned()).ok().map(|f| f.0);
        assert_eq!(hash(&["0A"; 32].join(":")), Some([10; 32]));
        assert_eq!(hash("0a"), None);
        let instant = |text: &str| Instant::try_from(text.to_owned()).ok().map(|i| i.0.to_string());
        assert_eq!(instant("2027-01-31").as_deref(), Some("2027-01-31T00:00:00Z"));
        assert_eq!(instant("2027-01-31T12:00:00+01:00").as_deref(), Some("2027-01-31T11:00:00Z"));
        assert_eq!(instant("soon"), None);
    }

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret("hush".into());
        assert!(!format!("{secret:?}").contains("hush"));
        assert_eq!(secret.reveal(), "hush");
    }

    #[test]
    fn a_secret_comes_from_one_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = FilePath(folder.path().join("key"));
        assert!(Secret::given_or_in(None, Some(&path), "a.key").is_err(), "there is no such file");
        std::fs::write(&path, "\n").unwrap();
        assert!(Secret::given_or_in(None, Some(&path), "a.key").is_err(), "it is empty");
        std::fs::write(&path, "hush\n").unwrap();
        let read = Secret::given_or_in(None, Some(&path), "a.key").unwrap().unwrap();
        assert_eq!(read.reveal(), "hush");
        assert!(Secret::given_or_in(Some(&read), Some(&path), "a.key").is_err(), "there are two");
        assert_eq!(Secret::given_or_in(Some(&read), None, "a.key").unwrap(), Some(read));
        assert_eq!(Secret::given_or_in(None, None, "a.key").unwrap(), None);
    }
}
