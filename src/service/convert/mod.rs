//! Messages of the API from and to the types of the layers below.
//!
//! Values pass unchanged: what a list or the matcher says is what a caller gets. Enumerations are
//! matched whole, so that a new variant below does not compile until the API has it too.

mod answer;
mod case;
mod case_result;
mod entity;
mod monitor;
mod review;
mod search;
mod subject;

pub(super) use answer::{answer, comparison, stamp};
pub(super) use case::case;
pub(super) use case_result::case_result;
pub(super) use entity::{entity, entity_kind, summary};
pub(super) use monitor::{alert, instant, watched};
pub(super) use review::{attach, attach_to_case, occasion, reference, suspected_match};
pub(super) use search::search;
pub(super) use subject::{checked, list_ids, options, request_id, subject};

/// An RFC 3339 time as a message; none when the text is no such time.
pub(super) fn timestamp(text: &str) -> Option<prost_types::Timestamp> {
    let time: jiff::Timestamp = text.parse().ok()?;
    // jiff gives both parts the same sign, the message wants nanoseconds counted forward.
    let (mut seconds, mut nanos) = (time.as_second(), time.subsec_nanosecond());
    if nanos < 0 {
        seconds -= 1;
        nanos += 1_000_000_000;
    }
    Some(prost_types::Timestamp { seconds, nanos })
}

/// A count as the API carries it.
pub(super) fn count(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// A length as the API carries it.
pub(super) fn length(n: usize) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_count_forward_from_whole_seconds() {
        let t = |s, n| Some(prost_types::Timestamp { seconds: s, nanos: n });
        assert_eq!(timestamp("1970-01-01T00:00:01.5Z"), t(1, 500_000_000));
        assert_eq!(timestamp("1969-12-31T23:59:59.5Z"), t(-1, 500_000_000));
        assert_eq!(timestamp("2024-05-01"), None);
        assert_eq!(timestamp(""), None);
    }
}
