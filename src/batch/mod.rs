//! Rows in, answers out: bulk screening and comparing.
//!
//! A reader thread cuts the input into chunks of rows, rayon's threads answer the chunks, and the
//! calling thread writes the answers in the order of the questions. Only a bounded number of chunks
//! is under way at a time, so that memory does not grow with the input. A bad row is answered with
//! an error in its place and stops nothing.
//!
//! Nothing here knows files or terminals: bytes come from a reader, go to a writer, and progress is
//! told to a callback.

mod answers;
mod lines;
mod pipeline;
mod rows;
mod table;
#[cfg(test)]
mod tests;

use std::io::{self, Read, Write};

pub use pipeline::Tally;

use crate::screening::{Options, Screener};

/// Form of rows and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// One JSON object a line.
    Jsonl,
    /// A table with a header line.
    Csv,
}

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
}

impl BatchError {
    /// Whether the input is at fault, not the machine.
    pub fn is_input(&self) -> bool {
        match self {
            Self::Table(_) => true,
            Self::Read(e) => matches!(e.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof),
            Self::Write(_) => false,
        }
    }

    /// Whether the reader of the answers went away.
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(e) if e.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Screens every row of `input` and writes the answers to `output` in the same order.
///
/// `now` is the time of all answers (for the lists' ages). `progress` is told after each chunk how
/// much has been read and answered.
///
/// # Errors
/// When the input cannot be read or the output cannot be written; what was answered until then has
/// been written.
pub fn screen(
    screener: &Screener,
    options: &Options,
    now: jiff::Timestamp,
    format: RowFormat,
    input: impl Read + Send,
    output: &mut dyn Write,
    progress: &dyn Fn(&Tally),
) -> Result<Tally, BatchError> {
    let ask = |subject: &_| screener.screen(subject, options, now);
    match format {
        RowFormat::Jsonl => {
            let mut lines = lines::Lines::new(input);
            let answer = |chunk: lines::LineChunk| answers::screen_lines(&chunk, &ask);
            pipeline::in_order(|| lines.next_chunk(), answer, output, progress)
        }
        RowFormat::Csv => table::screen(&ask, input, output, progress),
    }
}

/// Compares the two names of every JSON row of `input` and writes the answers to `output` in the same
/// order.
///
/// # Errors
/// As [`screen`].
pub fn compare(
    threshold: Option<f64>,
    input: impl Read + Send,
    output: &mut dyn Write,
    progress: &dyn Fn(&Tally),
) -> Result<Tally, BatchError> {
    let mut lines = lines::Lines::new(input);
    let ask = |query: &_, candidate: &_| Screener::compare(query, candidate, threshold);
    let answer = |chunk: lines::LineChunk| answers::compare_lines(&chunk, &ask);
    pipeline::in_order(|| lines.next_chunk(), answer, output, progress)
}
