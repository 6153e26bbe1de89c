//! Readers of lists: one file per format, named in one `registry`.
//!
//! A reader turns bytes into a stream of entities and issues. It holds one record at a time, so that
//! a list of millions never sits in memory. A bad record is an [`Issue`] with its place and never
//! ends the reading; a file that is not of the format at all is a [`ReadError`].

mod aspi;
mod boards;
mod canada_nro;
pub mod download;
mod eu;
mod hijri;
#[cfg(test)]
mod hostile;
mod html;
mod input;
mod institution;
mod intake;
mod json;
mod opening;
mod registry;
mod remark;
pub mod ror;
mod spelling;
#[cfg(test)]
mod testing;
mod un;
mod us_1286;
mod xml;
mod xsd;

pub use boards::BOARDS;
pub use input::Input;
pub use registry::{
    Format, Reader, Register, RegisterReader, SeatSink, format_named, formats, register_named, registers,
};

use crate::model::{Entity, country};

/// Where a reader delivers what it reads, in file order.
pub trait Sink {
    /// Takes one entity.
    ///
    /// # Errors
    /// A sink that cannot go on (disk full) stops the reader.
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError>;

    /// Takes one issue; reading goes on.
    fn issue(&mut self, issue: Issue);

    /// Tells how many bytes of the input have been read so far, for progress.
    fn progress(&mut self, _bytes_read: u64) {}
}

/// A sink could not go on. Carries the cause's text.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

/// How bad an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// A value could not be read and was left out or kept as text; the record stands.
    Value,
    /// A record could not be read and was left out.
    Record,
}

/// Something in a list that could not be read as the format says.
///
/// Never quotes a name: the place is enough to find it in the public file.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Issue {
    /// Value or record.
    pub severity: Severity,
    /// Where in the file: line, byte offset or row, and the record's reference where known
    /// (`line 1204, EU.27.28, birthdate`).
    pub place: String,
    /// What is wrong, in lower case without a full stop.
    pub what: String,
}

/// What a reader learned of the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// As of when the list stands, RFC 3339 or a date, from the file itself; empty when it says nothing.
    pub as_of: String,
    /// The list's own name for this edition (`globalFileId`, `version`), empty if none.
    pub edition: String,
}

/// A file could not be read as the format it was given as.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The operating system could not read it.
    #[error("cannot read {file}: {source}")]
    Io {
        /// File as given by the operator.
        file: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The bytes are not of this format, or break off.
    #[error("{file}: {place}: {what}")]
    Format {
        /// File as given by the operator.
        file: String,
        /// Where in the file (`line 12`, `byte 2048`, `row 3`).
        place: String,
        /// What is wrong and how to mend it.
        what: String,
    },
    /// The sink could not go on.
    #[error(transparent)]
    Sink(#[from] SinkError),
}
