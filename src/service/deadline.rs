//! How long a call may take.

use std::time::{Duration, Instant};

use tonic::metadata::MetadataMap;

/// Longest time by which the service gives up before the caller does.
///
/// An answer that is ready just at the deadline never arrives. Giving up a little earlier lets the
/// caller learn the reason from the service, and comes before the transport's own timer.
const HEAD_START: Duration = Duration::from_millis(5);

/// When a call must be answered; never, if the caller set no deadline.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The deadline that the `grpc-timeout` header sets, counted from now. A header that cannot be
    /// read sets none, as in the transport.
    pub(super) fn of(metadata: &MetadataMap) -> Self {
        let timeout = metadata.get("grpc-timeout").and_then(|v| v.to_str().ok()).and_then(parse);
        // An instant out of range is as good as no deadline.
        Self(timeout.and_then(|t| Instant::now().checked_add(t - (t / 10).min(HEAD_START))))
    }

    /// The earlier of it and `longest` from now.
    pub(crate) fn within(self, longest: Duration) -> Self {
        let latest = Instant::now().checked_add(longest);
        Self(self.0.into_iter().chain(latest).min())
    }

    /// Whether it has passed.
    pub(crate) fn passed(self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }

    /// Returns when it passes; never, if there is none.
    pub(crate) async fn wait(self) {
        match self.0 {
            Some(at) => tokio::time::sleep_until(at.into()).await,
            None => std::future::pending().await,
        }
    }
}

/// Reads a timeout as the gRPC protocol writes it: up to eight digits and a unit.
fn parse(text: &str) -> Option<Duration> {
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let n: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_timeouts_of_the_protocol() {
        for (text, duration) in [
            ("1H", Some(Duration::from_secs(3600))),
            ("2M", Some(Duration::from_secs(120))),
            ("3S", Some(Duration::from_secs(3))),
            ("250m", Some(Duration::from_millis(250))),
            ("99999999u", Some(Duration::from_micros(99_999_999))),
            ("0n", Some(Duration::ZERO)),
            ("", None),
            ("S", None),
            ("5", None),
            ("5s", None),
            ("-5S", None),
            ("123456789S", None),
            ("5é", None),
        ] {
            assert_eq!(parse(text), duration, "{text:?}");
        }
    }

    #[test]
    fn passes_only_when_set() {
        let mut metadata = MetadataMap::new();
        assert!(!Deadline::of(&metadata).passed());
        metadata.insert("grpc-timeout", "0n".parse().unwrap());
        assert!(Deadline::of(&metadata).passed());
        metadata.insert("grpc-timeout", "1H".parse().unwrap());
        assert!(!Deadline::of(&metadata).passed());
        assert!(Deadline::of(&metadata).within(Duration::ZERO).passed());
        assert!(!Deadline::default().within(Duration::MAX).passed());
        metadata.insert("grpc-timeout", "0n".parse().unwrap());
        assert!(Deadline::of(&metadata).within(Duration::from_secs(1)).passed());
        metadata.insert("grpc-timeout", "99999999H".parse().unwrap());
        assert!(!Deadline::of(&metadata).passed());
    }
}
