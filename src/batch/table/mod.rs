//! Tables of rows, CSV and XLSX, in and out.
//!
//! A table's header line is recognised ([`Layout`]) and may be corrected; each row asks about one person or
//! organisation and the institutions beside it (`record`). Both forms of table give rows of cells
//! (`read_csv`, `read_workbook`) and take answered rows (`write_csv`, `write_workbook`); nothing in between
//! knows which form it is. A CSV file is answered in memory that does not grow with it; a workbook is held
//! to limits that `guard` names.

mod answer;
mod fold;
mod guard;
mod headings;
mod layout;
mod merged;
mod read_csv;
mod read_workbook;
mod record;
#[cfg(test)]
mod tests;
mod values;
mod write_csv;
mod write_workbook;

use std::io::{Read, Seek, Write};

pub use guard::MAX_FILE as MAX_WORKBOOK_BYTES;
pub use headings::Meaning;
pub use layout::{Column, Correction, Layout};
pub use write_workbook::About;

use super::BatchError;
use super::pipeline::{self, Answered, Output, Tally};
use super::recording::Ask;
use answer::RowAnswer;
use record::Row;

/// Most rows of a chunk; see [`super::lines`].
const ROWS_PER_CHUNK: usize = 256;

/// How a table is to be read, where it does not speak for itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The sheet of a workbook; the first visible one that holds anything when absent.
    pub sheet: Option<String>,
    /// What columns hold, against what their headings say.
    pub corrections: Vec<Correction>,
}

/// Rows in their order.
struct RowChunk {
    rows: Vec<Row>,
    /// How much of the input lies before the end of this chunk: bytes, or rows of a workbook.
    position: u64,
}

/// Gives the rows of a table, chunk by chunk.
type NextRows<'a> = dyn FnMut() -> Result<Option<RowChunk>, BatchError> + Send + 'a;

/// Where the rows come from.
enum Source<'a> {
    Csv(read_csv::CsvRows<'a>),
    Workbook(Box<read_workbook::Workbook<'a>>),
}

/// A table whose header line has been read.
pub struct Table<'a> {
    layout: Layout,
    source: Source<'a>,
}

impl<'a> Table<'a> {
    /// A table in CSV; reads its header line.
    ///
    /// # Errors
    /// When the input cannot be read, or the header line not be understood.
    pub fn csv(input: impl Read + Send + 'a, reading: &Reading) -> Result<Self, BatchError> {
        let (layout, rows) = read_csv::open(Box::new(input), reading)?;
        Ok(Self { layout, source: Source::Csv(rows) })
    }

    /// A sheet of an XLSX workbook; goes through it once to see that it can be read in bounded memory.
    ///
    /// # Errors
    /// When the input is no such workbook, is damaged, hostile, too large, or its header line cannot be
    /// understood.
    pub fn workbook(input: impl Read + Seek + Send + 'a, reading: &Reading) -> Result<Self, BatchError> {
        let (layout, workbook) = read_workbook::open(Box::new(input), reading)?;
        Ok(Self { layout, source: Source::Workbook(Box::new(workbook)) })
    }

    /// What was recognised.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The rows of a workbook; unknown for CSV.
    pub fn rows(&self) -> Option<u64> {
        match &self.source {
            Source::Csv(_) => None,
            Source::Workbook(workbook) => Some(workbook.rows()),
        }
    }

    /// Answers every row, as CSV.
    pub(super) fn answer_csv(
        self,
        ask: &impl Ask,
        output: &mut dyn Write,
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        output.write_all(&write_csv::heading()).map_err(BatchError::Write)?;
        let layout = self.layout.clone();
        self.answer(ask, &mut write_csv::CsvLines { output, layout: &layout }, progress)
    }

    /// Answers every row, as an XLSX workbook.
    pub(super) fn answer_workbook(
        self,
        ask: &impl Ask,
        about: &About,
        output: &mut (dyn Write + Send),
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        let layout = self.layout.clone();
        let mut book = write_workbook::Book::new(&layout)?;
        let tally = self.answer(ask, &mut book, progress)?;
        book.finish(about, &tally, output)?;
        Ok(tally)
    }

    fn answer(
        self,
        ask: &impl Ask,
        output: &mut impl Output<Vec<RowAnswer>>,
        progress: &dyn Fn(&Tally),
    ) -> Result<Tally, BatchError> {
        let Self { layout, source } = self;
        let answer = |chunk: RowChunk| -> Answered<Vec<RowAnswer>> {
            let answers: Vec<RowAnswer> =
                chunk.rows.iter().map(|row| RowAnswer::of(row, &layout, ask)).collect();
            let mut tally = Tally { position: chunk.position, ..Tally::default() };
            answers.iter().for_each(|row| row.count(&mut tally));
            let record = ask.record(&answers.iter().flat_map(RowAnswer::to_record).collect::<Vec<_>>());
            Answered { answers, tally, record }
        };
        let mut work = |next: &mut NextRows<'_>| pipeline::in_order(next, answer, output, progress);
        match source {
            Source::Csv(mut rows) => work(&mut || rows.next_chunk()),
            Source::Workbook(workbook) => workbook.read(&layout, &mut work),
        }
    }
}
