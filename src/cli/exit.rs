//! How a command ends: its errors and their exit codes.

use std::io;

use super::config::ConfigError;
use crate::batch::BatchError;
use crate::index::import::ImportError;
use crate::index::{RollBackError, SearchError, SnapshotError};
use crate::review::audit::ExportError;
use crate::review::monitor::webhook::WebhookError;
use crate::review::monitor::{MonitorError, WatchError};
use crate::review::privacy::PrivacyError;
use crate::review::queue::QueueError;
use crate::review::store::StoreError;
use crate::screening::case::CaseFaults;
use crate::screening::policy::PolicyError;
use crate::screening::{AnswerError, CvError, SubjectError};
use crate::service::ServiceError;
use crate::sources::ReadError;
use crate::update::UpdateError;

/// Why a command could not answer. Never quotes the name that was asked about.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// Arguments that do not fit each other or the world.
    #[error("{0}")]
    Usage(String),
    /// A subject that cannot be screened as given.
    #[error(transparent)]
    Subject(#[from] SubjectError),
    /// A case that cannot be screened as given.
    #[error(transparent)]
    Case(#[from] CaseFaults),
    /// A CV in which institutions cannot be looked for.
    #[error("the CV: {0}")]
    Cv(#[from] CvError),
    /// A configuration that cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A policy that cannot be used.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// The snapshot cannot be opened or read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The question cannot be answered.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The import was not done.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The folder was not taken back to an older generation.
    #[error(transparent)]
    RollBack(#[from] RollBackError),
    /// Lists cannot be updated at all.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// The store of records cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A watch cannot be begun.
    #[error(transparent)]
    Watch(#[from] WatchError),
    /// Watched subjects cannot be screened.
    #[error(transparent)]
    Monitor(#[from] MonitorError),
    /// A webhook cannot be used as it is configured.
    #[error("webhooks.{name}: {source}")]
    Webhook {
        /// The webhook.
        name: String,
        /// What is wrong.
        source: WebhookError,
    },
    /// The search cannot be answered.
    #[error(transparent)]
    Search(#[from] SearchError),
    /// The service could not start or broke down.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Nothing under that reference.
    #[error("list {list:?} has no entity {id:?}")]
    NoEntity {
        /// The list.
        list: String,
        /// The reference looked for.
        id: String,
    },
    /// A screening could not be recorded, so it was not answered.
    #[error(
        "{0}. The screening could not be recorded, so it is not answered; mend that, or say --record-failure serve \
         to go on without a record, or --no-record while developing"
    )]
    Unrecorded(#[source] StoreError),
    /// The trail cannot be written out.
    #[error(transparent)]
    Export(#[from] ExportError),
    /// The queue did not do what was asked.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// What is kept of a person was neither handed out nor erased.
    #[error(transparent)]
    Privacy(#[from] PrivacyError),
    /// Rows cannot be read or answered.
    #[error(transparent)]
    Batch(#[from] BatchError),
    /// A file cannot be opened, read or written.
    #[error("{file}: {source}")]
    File {
        /// The file as given.
        file: String,
        /// The cause.
        source: io::Error,
    },
    /// Standard output cannot be written.
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}

/// Exit codes, as `zeef --help` lists them.
pub(super) mod code {
    /// Answered.
    pub const ANSWERED: u8 = 0;
    /// Could not be done.
    pub const FAILED: u8 = 1;
    /// Arguments or input at fault.
    pub const INPUT: u8 = 2;
    /// The lists needed are not there.
    pub const NO_LISTS: u8 = 3;
    /// An import was refused.
    pub const REFUSED: u8 = 4;
    /// With `--exit-hit`: there are hits.
    pub const HIT: u8 = 10;
}

impl CliError {
    /// The exit code that tells a script what went wrong.
    pub(super) fn code(&self) -> u8 {
        match self {
            Self::Usage(_) | Self::Subject(_) | Self::NoEntity { .. } | Self::Case(_) | Self::Cv(_) => {
                code::INPUT
            }
            Self::Config(ConfigError::Faulty(_)) => code::INPUT,
            Self::Config(ConfigError::Read { source, .. }) => match source.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => code::INPUT,
                _ => code::FAILED,
            },
            Self::Policy(PolicyError::Read { source, .. }) if source.kind() != io::ErrorKind::NotFound => {
                code::FAILED
            }
            Self::Policy(_) => code::INPUT,
            Self::Snapshot(e) | Self::RollBack(RollBackError::Snapshot(e)) => match e {
                SnapshotError::Missing { .. } => code::NO_LISTS,
                SnapshotError::NotKept { .. } => code::INPUT,
                _ => code::FAILED,
            },
            Self::Watch(WatchError::Subject(_) | WatchError::Taken { .. }) | Self::Webhook { .. } => {
                code::INPUT
            }
            Self::Store(_) | Self::Watch(WatchError::Store(_)) | Self::Monitor(_) => code::FAILED,
            Self::Update(UpdateError::Write { .. }) => code::FAILED,
            Self::Update(_) => code::INPUT,
            Self::RollBack(RollBackError::NothingOlder { .. } | RollBackError::Already { .. }) => code::INPUT,
            Self::RollBack(RollBackError::Busy { .. } | RollBackError::Write { .. }) => code::FAILED,
            Self::Output(_) | Self::Service(_) => code::FAILED,
            Self::Import(e) => import_code(e),
            Self::Search(SearchError::ListNotLoaded { .. }) => code::NO_LISTS,
            Self::Search(SearchError::Snapshot(_)) => code::FAILED,
            Self::Search(SearchError::Request { .. } | SearchError::PageToken(_)) => code::INPUT,
            Self::Answer(AnswerError::Subject(_)) => code::INPUT,
            Self::Answer(AnswerError::ListNotLoaded { .. } | AnswerError::NoLists) => code::NO_LISTS,
            Self::Answer(AnswerError::DeadlineExceeded | AnswerError::Snapshot(_)) => code::FAILED,
            Self::Queue(QueueError::Store(_)) | Self::Unrecorded(_) | Self::Export(_) => code::FAILED,
            Self::Queue(_) | Self::Privacy(PrivacyError::NoName | PrivacyError::Confirmed(_)) => code::INPUT,
            Self::Privacy(PrivacyError::Store(_)) => code::FAILED,
            Self::Batch(e) if e.is_input() => code::INPUT,
            Self::Batch(_) => code::FAILED,
            Self::File { source, .. } => match source.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::IsADirectory => code::INPUT,
                _ => code::FAILED,
            },
        }
    }

    /// Whether the reader of our output went away: nothing to complain about.
    pub(super) fn is_broken_pipe(&self) -> bool {
        match self {
            Self::Output(e) => e.kind() == io::ErrorKind::BrokenPipe,
            Self::Batch(e) => e.is_broken_pipe(),
            Self::Export(ExportError::Write(e)) => e.kind() == io::ErrorKind::BrokenPipe,
            _ => false,
        }
    }
}

/// Refused because of what the lists hold, because of the arguments, or not possible.
fn import_code(error: &ImportError) -> u8 {
    match error {
        ImportError::Read { source: ReadError::Format { .. }, .. }
        | ImportError::Empty { .. }
        | ImportError::Shrunk { .. }
        | ImportError::Refused { .. } => code::REFUSED,
        ImportError::NothingToDo
        | ImportError::NobodyToLendTo
        | ImportError::NoFiles { .. }
        | ImportError::NamedTwice { .. }
        | ImportError::NotLoaded { .. }
        | ImportError::NoListLeft
        | ImportError::ShrinkShare => code::INPUT,
        ImportError::Read { .. }
        | ImportError::Busy { .. }
        | ImportError::Current(_)
        | ImportError::Write { .. }
        | ImportError::Store(_)
        | ImportError::Names(_) => code::FAILED,
    }
}
