//! The one place where errors of every layer become gRPC codes with google.rpc details.

use std::time::Duration;

use axum::http::StatusCode;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

use super::proto;
use crate::index::diff::DiffError;
use crate::index::{PageTokenError, SearchError, SnapshotError};
use crate::review::OccasionError;
use crate::review::monitor::WatchError;
use crate::review::queue::QueueError;
use crate::review::store::StoreError;
use crate::screening::{AnswerError, SubjectError};

/// `domain` of the `ErrorInfo` on every error.
pub const ERROR_DOMAIN: &str = "zeef";

/// Why a call or item failed, as `ErrorInfo.reason` says it. Stable: callers may branch on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// `INVALID_REQUEST`: fields are at fault; `BadRequest` names them.
    InvalidRequest,
    /// `PAGE_TOKEN_INVALID`: the token is damaged or belongs to another query.
    PageTokenInvalid,
    /// `SNAPSHOT_CHANGED`: the page token belongs to a snapshot that is no longer served.
    SnapshotChanged,
    /// `NO_SNAPSHOT`: no lists are loaded.
    NoSnapshot,
    /// `STALE_LISTS`: a list is older than the operator allows, who wants nobody screened then.
    StaleLists,
    /// `SNAPSHOT_NOT_KEPT`: the data folder does not hold that generation (any longer).
    SnapshotNotKept,
    /// `MONITORING_OFF`: nothing can be watched here, for there is no store.
    MonitoringOff,
    /// `REFERENCE_TAKEN`: the caller watches another subject under the same reference.
    ReferenceTaken,
    /// `LIST_NOT_LOADED`: a list was asked for that is not loaded.
    ListNotLoaded,
    /// `ENTITY_NOT_FOUND`: the list has no such entity.
    EntityNotFound,
    /// `POLICY_NOT_FOUND`: no policy of that id is loaded.
    PolicyNotFound,
    /// `DEADLINE_EXCEEDED`: the call's deadline passed.
    DeadlineExceeded,
    /// `OVERLOADED`: too many calls wait already.
    Overloaded,
    /// `TOO_MANY_STREAMS`: too many `ScreenStream` calls are open already.
    TooManyStreams,
    /// `TOO_MANY_CALLS`: this client has too many calls open already.
    TooManyCalls,
    /// `RATE_LIMITED`: this client asks faster than it may.
    RateLimited,
    /// `QUOTA_EXCEEDED`: this client has used up what it may ask for today.
    QuotaExceeded,
    /// `UNAUTHENTICATED`: the caller has not shown who it is.
    Unauthenticated,
    /// `SCOPE_MISSING`: the caller may not do this.
    ScopeMissing,
    /// `DRAINING`: the service shuts down.
    Draining,
    /// `MATCH_NOT_FOUND`: there is no suspected match of that id.
    MatchNotFound,
    /// `WRONG_STATE`: a suspected match is not in a state in which that can be done.
    WrongState,
    /// `NOT_RECORDING`: this service keeps no records, so it has no queue either.
    NotRecording,
    /// `STORE_UNAVAILABLE`: what must be recorded or kept cannot be: the store is locked, full or gone.
    StoreUnavailable,
    /// `CHANGED_MEANWHILE`: somebody else changed the same; look again.
    ChangedMeanwhile,
    /// `CANCELLED`: the caller has gone.
    Cancelled,
    /// `INTERNAL`: the service is at fault; its log says where.
    Internal,
}

impl Reason {
    /// The reason as it stands in `ErrorInfo.reason` and `ItemError.reason`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "INVALID_REQUEST",
            Self::PageTokenInvalid => "PAGE_TOKEN_INVALID",
            Self::SnapshotChanged => "SNAPSHOT_CHANGED",
            Self::NoSnapshot => "NO_SNAPSHOT",
            Self::StaleLists => "STALE_LISTS",
            Self::SnapshotNotKept => "SNAPSHOT_NOT_KEPT",
            Self::MonitoringOff => "MONITORING_OFF",
            Self::ReferenceTaken => "REFERENCE_TAKEN",
            Self::ListNotLoaded => "LIST_NOT_LOADED",
            Self::EntityNotFound => "ENTITY_NOT_FOUND",
            Self::PolicyNotFound => "POLICY_NOT_FOUND",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::Overloaded => "OVERLOADED",
            Self::TooManyStreams => "TOO_MANY_STREAMS",
            Self::TooManyCalls => "TOO_MANY_CALLS",
            Self::RateLimited => "RATE_LIMITED",
            Self::QuotaExceeded => "QUOTA_EXCEEDED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ScopeMissing => "SCOPE_MISSING",
            Self::Draining => "DRAINING",
            Self::MatchNotFound => "MATCH_NOT_FOUND",
            Self::WrongState => "WRONG_STATE",
            Self::NotRecording => "NOT_RECORDING",
            Self::StoreUnavailable => "STORE_UNAVAILABLE",
            Self::ChangedMeanwhile => "CHANGED_MEANWHILE",
            Self::Cancelled => "CANCELLED",
            Self::Internal => "INTERNAL",
        }
    }

    /// The gRPC code that goes with it.
    pub fn code(self) -> Code {
        match self {
            Self::InvalidRequest | Self::PageTokenInvalid => Code::InvalidArgument,
            Self::SnapshotChanged
            | Self::NoSnapshot
            | Self::StaleLists
            | Self::ListNotLoaded
            | Self::WrongState
            | Self::NotRecording
            | Self::MonitoringOff => Code::FailedPrecondition,
            Self::ReferenceTaken => Code::AlreadyExists,
            Self::EntityNotFound | Self::PolicyNotFound | Self::SnapshotNotKept | Self::MatchNotFound => {
                Code::NotFound
            }
            Self::DeadlineExceeded => Code::DeadlineExceeded,
            Self::Overloaded
            | Self::TooManyStreams
            | Self::TooManyCalls
            | Self::RateLimited
            | Self::QuotaExceeded => Code::ResourceExhausted,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::ScopeMissing => Code::PermissionDenied,
            Self::Draining | Self::StoreUnavailable => Code::Unavailable,
            Self::ChangedMeanwhile => Code::Aborted,
            Self::Cancelled => Code::Cancelled,
            Self::Internal => Code::Internal,
        }
    }

    /// The HTTP status that goes with it, for the page and the JSON calls.
    pub fn http_status(self) -> StatusCode {
        match self {
            Self::InvalidRequest | Self::PageTokenInvalid => StatusCode::BAD_REQUEST,
            Self::EntityNotFound | Self::PolicyNotFound | Self::SnapshotNotKept | Self::MatchNotFound => {
                StatusCode::NOT_FOUND
            }
            Self::SnapshotChanged
            | Self::ListNotLoaded
            | Self::ChangedMeanwhile
            | Self::WrongState
            | Self::NotRecording
            | Self::MonitoringOff
            | Self::ReferenceTaken => StatusCode::CONFLICT,
            Self::Overloaded
            | Self::TooManyStreams
            | Self::TooManyCalls
            | Self::RateLimited
            | Self::QuotaExceeded => StatusCode::TOO_MANY_REQUESTS,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::ScopeMissing => StatusCode::FORBIDDEN,
            Self::NoSnapshot | Self::StaleLists | Self::Draining | Self::StoreUnavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
            // Nobody is left to read it.
            Self::Cancelled => StatusCode::REQUEST_TIMEOUT,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// How long a caller should wait before trying again, where trying again can help.
    pub(crate) fn retry_after(self) -> Option<Duration> {
        match self {
            // A full queue is a fraction of a second of work (`Config::max_queued`).
            Self::Overloaded => Some(Duration::from_millis(250)),
            // A call of its own has to end first.
            Self::TooManyCalls => Some(Duration::from_millis(250)),
            // Told with the failure; these are for where it is not.
            Self::RateLimited => Some(Duration::from_secs(1)),
            Self::QuotaExceeded => Some(Duration::from_secs(3_600)),
            // Streams are long.
            Self::TooManyStreams => Some(Duration::from_secs(5)),
            // Another replica may answer at once, this address after a restart.
            // A lock is soon gone; a full disk is not, and then asking again costs little.
            Self::Draining | Self::StoreUnavailable => Some(Duration::from_secs(1)),
            _ => None,
        }
    }
}

/// A field of a request at fault. Never quotes the field's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// Path of the field (`subject.aliases[2]`).
    pub(crate) field: String,
    /// What is wrong and how to mend it.
    pub(crate) what: String,
}

impl Violation {
    pub(crate) fn new(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self { field: field.into(), what: what.into() }
    }

    /// A screening layer's error, with the path of the message that held the field.
    pub(super) fn within(message: &str, error: SubjectError) -> Self {
        Self::new(format!("{message}.{}", error.field), error.what)
    }
}

/// Why a call or item failed. Boxed, since it travels through every result of the service.
#[derive(Clone, Debug)]
pub(crate) struct Failure(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    reason: Reason,
    message: String,
    violations: Vec<Violation>,
    /// How long to wait, where more is known than the reason says.
    wait: Option<Duration>,
}

impl Failure {
    /// A failure without fields at fault. `message` never quotes what was screened.
    pub(crate) fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { reason, message: message.into(), violations: Vec::new(), wait: None }))
    }

    /// A request whose fields are at fault.
    pub(crate) fn invalid(violations: Vec<Violation>) -> Self {
        let message = match violations.as_slice() {
            [only] => format!("{}: {}", only.field, only.what),
            all => {
                let fields: Vec<&str> = all.iter().map(|v| v.field.as_str()).collect();
                format!("fields are at fault: {}", fields.join(", "))
            }
        };
        Self(Box::new(Inner { reason: Reason::InvalidRequest, message, violations, wait: None }))
    }

    /// The same failure, with the time after which trying again can help.
    pub(super) fn retry_after(mut self, wait: Duration) -> Self {
        self.0.wait = Some(wait);
        self
    }

    /// How long a caller should wait before trying again, where trying again can help.
    pub(crate) fn wait(&self) -> Option<Duration> {
        self.0.wait.or_else(|| self.0.reason.retry_after())
    }

    /// Why, as callers may branch on it.
    pub(crate) fn reason(&self) -> Reason {
        self.0.reason
    }

    /// Fields at fault.
    pub(crate) fn violations(&self) -> &[Violation] {
        &self.0.violations
    }

    /// Why, in a sentence. Quotes nothing that was screened.
    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    /// `Ok` when no field is at fault.
    pub(super) fn unless_valid(violations: Vec<Violation>) -> Result<(), Self> {
        if violations.is_empty() { Ok(()) } else { Err(Self::invalid(violations)) }
    }

    pub(super) fn no_snapshot() -> Self {
        Self::new(
            Reason::NoSnapshot,
            "no lists are loaded; import some with `zeef import`, the service takes them up by itself",
        )
    }

    pub(super) fn stale_lists(lists: &[String]) -> Self {
        let lists = lists.join(", ");
        Self::new(
            Reason::StaleLists,
            format!("nobody is screened here while lists are older than allowed: {lists}; update them"),
        )
    }

    pub(super) fn deadline() -> Self {
        Self::new(Reason::DeadlineExceeded, "deadline exceeded before the answer was ready")
    }

    pub(super) fn draining() -> Self {
        Self::new(Reason::Draining, "shutting down; items without an answer were not screened")
    }

    /// An internal failure of which the log says more.
    pub(super) fn internal() -> Self {
        Self::new(Reason::Internal, "internal error; the service's log says where")
    }

    /// The same failure as one item's error.
    pub(super) fn into_item_error(self) -> proto::ItemError {
        let Inner { reason, message, violations, .. } = *self.0;
        proto::ItemError {
            code: reason.code() as i32,
            reason: reason.as_str().to_owned(),
            message,
            field_violations: violations
                .into_iter()
                .map(|v| proto::FieldViolation { field: v.field, description: v.what })
                .collect(),
        }
    }
}

impl From<Failure> for Status {
    fn from(failure: Failure) -> Self {
        let wait = failure.wait();
        let Inner { reason, message, violations, .. } = *failure.0;
        let mut details = ErrorDetails::new();
        details.set_error_info(reason.as_str(), ERROR_DOMAIN, [] as [(String, String); 0]);
        for violation in violations {
            details.add_bad_request_violation(violation.field, violation.what);
        }
        if let Some(delay) = wait {
            details.set_retry_info(Some(delay));
        }
        Status::with_error_details(reason.code(), message, details)
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        match error {
            AnswerError::Subject(e) => Self::invalid(vec![Violation::new(e.field, e.what)]),
            AnswerError::ListNotLoaded { .. } => Self::new(Reason::ListNotLoaded, error.to_string()),
            AnswerError::NoLists => Self::no_snapshot(),
            AnswerError::Snapshot(_) => Self::new(Reason::Internal, error.to_string()),
            AnswerError::DeadlineExceeded => Self::deadline(),
        }
    }
}

impl From<SearchError> for Failure {
    fn from(error: SearchError) -> Self {
        match error {
            SearchError::Request { field, what } => Self::invalid(vec![Violation::new(field, what)]),
            SearchError::ListNotLoaded { .. } => Self::new(Reason::ListNotLoaded, error.to_string()),
            SearchError::PageToken(PageTokenError::OtherSnapshot) => {
                Self::new(Reason::SnapshotChanged, error.to_string())
            }
            SearchError::PageToken(PageTokenError::Malformed | PageTokenError::OtherSearch) => {
                Self::new(Reason::PageTokenInvalid, error.to_string())
            }
            SearchError::Snapshot(error) => error.into(),
        }
    }
}

impl From<DiffError> for Failure {
    fn from(error: DiffError) -> Self {
        match error {
            DiffError::PageToken(PageTokenError::OtherSnapshot) => {
                Self::new(Reason::SnapshotChanged, error.to_string())
            }
            DiffError::PageToken(_) => Self::new(Reason::PageTokenInvalid, error.to_string()),
            DiffError::Snapshot(error) => error.into(),
        }
    }
}

impl From<SnapshotError> for Failure {
    fn from(error: SnapshotError) -> Self {
        if let SnapshotError::NotKept { .. } = error {
            let what = "no generation of this name is kept; ListSnapshots gives those that are";
            return Self::new(Reason::SnapshotNotKept, what);
        }
        // Paths and causes are the operator's business, not the caller's.
        tracing::error!(%error, "the snapshot cannot be read");
        Self::internal()
    }
}

impl From<QueueError> for Failure {
    fn from(error: QueueError) -> Self {
        match error {
            QueueError::Store(error) => error.into(),
            QueueError::NotFound => Self::new(Reason::MatchNotFound, error.to_string()),
            QueueError::Conflict => Self::new(Reason::ChangedMeanwhile, error.to_string()),
            QueueError::Request { field, what } => Self::invalid(vec![Violation::new(field, what)]),
            QueueError::State(what) => Self::new(Reason::WrongState, what),
        }
    }
}

impl From<WatchError> for Failure {
    fn from(error: WatchError) -> Self {
        match error {
            WatchError::Subject(e) => Self::invalid(vec![Violation::new(e.field, e.what)]),
            WatchError::Taken { .. } => Self::new(
                Reason::ReferenceTaken,
                "the reference stands for another subject under watch; end that watch first",
            ),
            WatchError::Store(error) => error.into(),
        }
    }
}

impl From<OccasionError> for Violation {
    fn from(error: OccasionError) -> Self {
        Self::new(format!("occasion.{}", error.field), error.what)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict => Self::new(Reason::ChangedMeanwhile, error.to_string()),
            StoreError::Locked | StoreError::Full | StoreError::Unavailable(_) => {
                // Paths and hosts are the operator's business; the caller learns that nothing was answered.
                tracing::error!(%error, "the store cannot be used");
                Self::new(
                    Reason::StoreUnavailable,
                    "the store of records cannot be used now, so nothing was answered; try again later, \
                     and tell the operator",
                )
            }
            StoreError::Damaged(_) | StoreError::Newer { .. } => {
                tracing::error!(%error, "the store cannot be used");
                Self::internal()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Reason; 27] = [
        Reason::InvalidRequest,
        Reason::PageTokenInvalid,
        Reason::SnapshotChanged,
        Reason::NoSnapshot,
        Reason::StaleLists,
        Reason::SnapshotNotKept,
        Reason::MonitoringOff,
        Reason::ReferenceTaken,
        Reason::ListNotLoaded,
        Reason::EntityNotFound,
        Reason::PolicyNotFound,
        Reason::DeadlineExceeded,
        Reason::Overloaded,
        Reason::TooManyStreams,
        Reason::TooManyCalls,
        Reason::RateLimited,
        Reason::QuotaExceeded,
        Reason::Unauthenticated,
        Reason::ScopeMissing,
        Reason::Draining,
        Reason::MatchNotFound,
        Reason::WrongState,
        Reason::NotRecording,
        Reason::StoreUnavailable,
        Reason::ChangedMeanwhile,
        Reason::Cancelled,
        Reason::Internal,
    ];

    #[test]
    fn every_status_carries_its_reason_and_a_delay_where_trying_again_helps() {
        for reason in ALL {
            let status = Status::from(Failure::new(reason, "text"));
            let details = status.check_error_details().unwrap();
            let info = details.error_info().unwrap();
            assert_eq!((info.reason.as_str(), info.domain.as_str()), (reason.as_str(), "zeef"));
            let may_retry = matches!(status.code(), Code::ResourceExhausted | Code::Unavailable);
            assert_eq!(details.retry_info().is_some(), may_retry, "{reason:?}");
        }
    }

    #[test]
    fn a_stream_item_says_the_same_as_a_call() {
        let failure = Failure::invalid(vec![
            Violation::new("subject.name", "is empty"),
            Violation::new("options.limit", "lies outside 1 to 1000"),
        ]);
        let item = failure.clone().into_item_error();
        let status = Status::from(failure);
        assert_eq!(item.code, status.code() as i32);
        assert_eq!(item.message, status.message());
        let details = status.check_error_details().unwrap();
        let fields: Vec<_> =
            details.bad_request().unwrap().field_violations.iter().map(|v| v.field.clone()).collect();
        assert_eq!(fields, ["subject.name", "options.limit"]);
        assert_eq!(
            item.field_violations.iter().map(|v| &v.field).collect::<Vec<_>>(),
            fields.iter().collect::<Vec<_>>()
        );
    }
}
