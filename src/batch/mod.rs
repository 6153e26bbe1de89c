//! Rows in, answers out: bulk screening and comparing.
//!
//! A reader thread cuts the input into chunks of rows, rayon's threads answer the chunks, and the
//! calling thread writes the answers in the order of the questions. Only a bounded number of chunks
//! is under way at a time, so that memory does not grow with the input. A bad row is answered with
//! an error in its place and stops nothing.
//!
//! Rows are lines of JSON (`lines`, `rows`, `answers`) or those of a [`Table`]. Nothing here knows files
//! or terminals: bytes come from a reader, go to a writer, and progress is told to a callback.

mod answers;
mod lines;
mod pipeline;
mod recording;
pub(crate) mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Write};

pub use pipeline::Tally;
pub use recording::Recording;
pub use table::{About, Column, Correction, Layout, MAX_WORKBOOK_BYTES, Meaning, Reading, Table};

use crate::review::store::StoreError;
use crate::screening::{Options, Screener};
use answers::JsonLines;
use pipeline::Bytes;

/// Rows that cannot be read or answered at all; a single bad row is no such error.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The input cannot be read.
    #[error("cannot read the rows: {0}")]
    Read(#[source] io::Error),
    /// The answers cannot be written.
    #[error("cannot write the answers: {0}")]
    Write(#[source] io::Error),
    /// The table is not of a form that can be read.
    #[error("{0}")]
    Table(String),
    /// The answers cannot be recorded, so they were not given.
    #[error("the answers cannot be recorded, and were not given: {0}")]
    Record(StoreError),
    /// There are more answers than a sheet can hold.
    #[error(
        "the sheet {sheet:?} of the answers is full after {rows} rows; write them as CSV (--output FILE.csv), or \
         split the input"
    )]
    SheetFull {
        /// The sheet.
        sheet: &'static str,
        /// How many rows it holds below its header line.
        rows: u32,
    },
}

impl BatchError {
    /// Whether the input is at fault, not the machine.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Table(_) | Self::SheetFull { .. } => true,
            Self::Read(e) => matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof),
            Self::Write(_) | Self::Record(_) => false,
        }
    }

    /// Whether the reader of the answers went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// How rows are screened.
#[derive(Clone, Copy)]
pub struct Screening<'a> {
    /// The screener, and with it the lists.
    pub screener: &'a Screener,
    /// Lists, threshold and limit of every row.
    pub options: &'a Options,
    /// The time of all answers, for the lists' ages.
    pub now: jiff::Timestamp,
    /// How rows are recorded; not at all when absent.
    pub recording: Option<Recording<'a>>,
}

impl Screening<'_> {
    /// Screens every row of `input`, one JSON object a line, and writes the answers to `output` in the same
    /// form and order. `progress` is told after each chunk how much has been read and answered.
    ///
    /// # Errors
    /// When the input cannot be read or the output cannot be written; what was answered until then has
    /// been written.
    pub fn lines(
        &self,
        input: impl Read + Send,
        output: &mut dyn Write,
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        let mut lines = lines::Lines::new(input);
        let answer = |chunk: lines::LineChunk| answers::screen_lines(&chunk, self);
        pipeline::in_order(|| lines.next_chunk(), answer, &mut JsonLines(output), progress)
    }

    /// Screens every row of a table and writes the answers to `output` as CSV, in the same order.
    ///
    /// # Errors
    /// As [`Screening::lines`].
    pub fn table_to_csv(
        &self,
        table: Table<'_>,
        output: &mut dyn Write,
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        table.answer_csv(self, output, progress)
    }

    /// Screens every row of a table and writes the answers to `output` as an XLSX workbook. `warnings` are
    /// what must be said loudly of the lists; they stand at its head.
    ///
    /// # Errors
    /// As [`Screening::lines`]; nothing is written before all rows are answered. Also when a sheet is full.
    pub fn table_to_workbook(
        &self,
        table: Table<'_>,
        warnings: Vec<String>,
        output: &mut (dyn Write + Send),
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        let stamp = self.screener.stamp(self.options, self.now);
        let day = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        table.answer_workbook(self, &About { stamp, warnings, day }, output, progress)
    }
}

/// Compares the two names of every JSON row of `input` and writes the answers to `output` in the same
/// order.
///
/// # Errors
/// As [`Screening::lines`].
pub fn compare(
    threshold: Option<f64>,
    input: impl Read + Send,
    output: &mut dyn Write,
    progress: &dyn Fn(&Tally),
) -> Result<Tally, BatchError> {
    let mut lines = lines::Lines::new(input);
    let ask = |query: &_, candidate: &_| Screener::compare(query, candidate, threshold);
    let answer = |chunk: lines::LineChunk| answers::compare_lines(&chunk, &ask);
    pipeline::in_order(|| lines.next_chunk(), answer, &mut Bytes(output), progress)
}
