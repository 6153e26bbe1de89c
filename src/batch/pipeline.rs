//! Chunks answered on all cores and written in order, a bounded number of them at a time.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::AddAssign;
use std::sync::mpsc::{TryRecvError, channel, sync_channel};

use super::BatchError;
use super::recording::Recorded;
use crate::review::audit::Receipt;
use crate::review::queue::MatchState;

/// Chunks under way for each thread of the pool. A slow chunk holds back the writing of those behind
/// it; four leave the other threads enough to do meanwhile.
const CHUNKS_PER_THREAD: usize = 4;

/// What has been done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Rows answered, bad ones included.
    pub rows: u64,
    /// Rows answered with an error.
    pub errors: u64,
    /// Rows with hits, or that match.
    pub with_hits: u64,
    /// Rows wholly answered without hits, or that do not match.
    pub without_hits: u64,
    /// Names screened or compared: a row of a table may ask about a person and institutions.
    pub names: u64,
    /// Hits of all rows.
    pub hits: u64,
    /// Hits among them that somebody has cleared before.
    pub cleared: u64,
    /// Rows of a table of whose reading something is said beside the answer.
    pub with_remarks: u64,
    /// Rows that were answered and could not be recorded, as the operator chose.
    pub unrecorded: u64,
    /// How much of the input lies behind these answers: bytes, or rows of a workbook.
    pub position: u64,
}

impl AddAssign for Tally {
    /// Adds a later part; its position counts from the beginning of the input.
    fn add_assign(&mut self, later: Self) {
        let Self {
            rows,
            errors,
            with_hits,
            without_hits,
            names,
            hits,
            cleared,
            with_remarks,
            unrecorded,
            position,
        } = later;
        self.rows += rows;
        self.errors += errors;
        self.with_hits += with_hits;
        self.without_hits += without_hits;
        self.names += names;
        self.hits += hits;
        self.cleared += cleared;
        self.with_remarks += with_remarks;
        self.unrecorded += unrecorded;
        self.position = position;
    }
}

/// The answers to one chunk.
#[derive(Default)]
pub(super) struct Answered<A> {
    /// What is written.
    pub answers: A,
    /// What they are; `position` counts from the beginning of the input.
    pub tally: Tally,
    /// Their record, which must have been written before they are.
    pub record: Option<Recorded>,
}

/// Where answers are written, chunk by chunk in the order of the questions.
pub(super) trait Output<A> {
    /// Writes the answers to one chunk. Each name that was answered has a receipt, in order, where the chunk was
    /// recorded; else there are none.
    fn write(&mut self, answers: A, receipts: Vec<Receipt>) -> Result<(), BatchError>;

    /// Lets whoever reads the answers have what was written.
    fn flush(&mut self) -> Result<(), BatchError>;
}

/// Answers that are text.
pub(super) struct Bytes<'a>(pub &'a mut dyn Write);

impl Output<Vec<u8>> for Bytes<'_> {
    fn write(&mut self, answers: Vec<u8>, _: Vec<Receipt>) -> Result<(), BatchError> {
        self.0.write_all(&answers).map_err(BatchError::Write)
    }

    fn flush(&mut self) -> Result<(), BatchError> {
        self.0.flush().map_err(BatchError::Write)
    }
}

/// Takes chunks from `next` until it has no more, answers them on rayon's threads and writes the
/// answers in order. `next` runs on a thread of its own, so that reading, answering and writing
/// overlap; `output` is flushed whenever nothing else is ready, so that whoever feeds rows one by one
/// sees each answer.
pub(super) fn in_order<C: Send, A: Send>(
    mut next: impl FnMut() -> Result<Option<C>, BatchError> + Send,
    answer: impl Fn(C) -> Answered<A> + Sync,
    output: &mut impl Output<A>,
    progress: &dyn Fn(&Tally),
) -> Result<Tally, BatchError> {
    let window = rayon::current_num_threads() * CHUNKS_PER_THREAD;
    // A permit goes to the reader for each chunk that was written: that bounds what is under way.
    let (give_permit, permits) = sync_channel::<()>(window);
    for _ in 0..window {
        // The channel has room for exactly these.
        let _ = give_permit.try_send(());
    }
    let (done, answered) = channel::<(u64, Answered<A>)>();
    let answer = &answer;

    std::thread::scope(|threads| {
        let reader = threads.spawn(move || {
            rayon::in_place_scope(|pool| -> Result<(), BatchError> {
                for number in 0.. {
                    // The writer stopped: nobody wants more.
                    if permits.recv().is_err() {
                        break;
                    }
                    let Some(chunk) = next()? else { break };
                    let done = done.clone();
                    pool.spawn(move |_| {
                        let _ = done.send((number, answer(chunk)));
                    });
                }
                Ok(())
            })
        });

        let mut total = Tally::default();
        let mut early = BTreeMap::new();
        let mut turn = 0;
        let mut write_all = || -> Result<(), BatchError> {
            loop {
                let (number, answers) = match answered.try_recv() {
                    Ok(message) => message,
                    Err(TryRecvError::Disconnected) => break,
                    Err(TryRecvError::Empty) => {
                        output.flush()?;
                        let Ok(message) = answered.recv() else { break };
                        message
                    }
                };
                early.insert(number, answers);
                while let Some(Answered { answers, mut tally, record }) = early.remove(&turn) {
                    let receipts = match record.map(Recorded::wait).transpose()? {
                        None => Vec::new(),
                        Some(Some(receipts)) => receipts,
                        Some(None) => {
                            tally.unrecorded = tally.rows;
                            Vec::new()
                        }
                    };
                    let standings = receipts.iter().flat_map(|receipt| &receipt.standings);
                    tally.cleared = standings.filter(|s| s.state == MatchState::Cleared).count() as u64;
                    output.write(answers, receipts)?;
                    total += tally;
                    progress(&total);
                    turn += 1;
                    // No receiver: the reader has come to its end.
                    let _ = give_permit.send(());
                }
            }
            output.flush()
        };
        let written = write_all();
        // Without permits the reader stops, also where writing failed.
        drop(give_permit);
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        written.and(read).map(|()| total)
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    fn answered(number: u64) -> Answered<Vec<u8>> {
        let tally = Tally { rows: 1, position: number + 1, ..Tally::default() };
        Answered { answers: format!("{number}\n").into_bytes(), tally, record: None }
    }

    #[test]
    fn answers_keep_the_order_and_few_chunks_are_under_way() {
        const CHUNKS: u64 = 500;
        let window = (rayon::current_num_threads() * CHUNKS_PER_THREAD) as u64;
        let (read, written) = (AtomicU64::new(0), AtomicU64::new(0));
        let next = || {
            let number = read.fetch_add(1, Ordering::SeqCst);
            // One permit of the window is for the chunk being read.
            assert!(number <= written.load(Ordering::SeqCst) + window, "too many under way");
            Ok((number < CHUNKS).then_some(number))
        };
        let answer = |number: u64| {
            // Out of order on purpose: every seventh chunk is slow.
            if number.is_multiple_of(7) {
                std::thread::sleep(Duration::from_millis(2));
            }
            answered(number)
        };
        let mut output = Vec::new();
        let progress = |tally: &Tally| written.store(tally.rows, Ordering::SeqCst);
        let total = in_order(next, answer, &mut Bytes(&mut output), &progress).unwrap();
        assert_eq!((total.rows, total.position), (CHUNKS, CHUNKS));
        let expected: String = (0..CHUNKS).map(|n| format!("{n}\n")).collect();
        assert_eq!(String::from_utf8(output).unwrap(), expected);
    }

    #[test]
    fn a_reading_error_comes_after_what_was_answered() {
        let mut number = 0;
        let next = || {
            number += 1;
            if number > 3 { Err(BatchError::Table("broken".into())) } else { Ok(Some(number - 1)) }
        };
        let mut output = Vec::new();
        let error = in_order(next, answered, &mut Bytes(&mut output), &|_| ()).unwrap_err();
        assert!(matches!(error, BatchError::Table(_)));
        assert_eq!(output, b"0\n1\n2\n");
    }

    #[test]
    fn a_writer_that_fails_stops_an_endless_reader() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut number = 0;
        let next = || {
            number += 1;
            Ok(Some(number))
        };
        let error = in_order(next, answered, &mut Bytes(&mut Full), &|_| ()).unwrap_err();
        assert!(error.is_broken_pipe());
    }
}
