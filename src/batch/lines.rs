//! Lines of a JSON Lines input, in chunks.

use std::io::{self, BufRead, BufReader, Read};

use super::BatchError;

/// Most rows of a chunk: enough to make handing it to another thread cheap, few enough that all
/// threads get some of a short file.
const ROWS_PER_CHUNK: usize = 256;
/// A chunk is full when it holds this many bytes.
const BYTES_PER_CHUNK: usize = 256 << 10;
/// Longest line accepted, in bytes. The largest subject that can be screened (200 aliases of 2,000
/// characters, each of up to four bytes) is about as long.
pub(super) const MAX_LINE: usize = 2 << 20;

/// A row of a chunk: where it stands, or that it was too long to be kept.
struct Row {
    /// Its line in the file, from 1.
    line: u64,
    /// Its end in the chunk's text; it begins where the one before ended.
    end: usize,
    /// Longer than [`MAX_LINE`]: the text was thrown away.
    too_long: bool,
}

/// Some lines in their order.
pub(super) struct LineChunk {
    text: Vec<u8>,
    rows: Vec<Row>,
    /// Bytes of the input up to the end of this chunk.
    pub bytes_read: u64,
}

/// One line.
pub(super) enum Line<'a> {
    /// Its text, without the line's end.
    Text(&'a [u8]),
    /// It was longer than [`MAX_LINE`].
    TooLong,
}

impl LineChunk {
    /// The lines with their numbers, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (u64, Line<'_>)> {
        let mut start = 0;
        self.rows.iter().map(move |row| {
            let text = &self.text[start..row.end];
            start = row.end;
            (row.line, if row.too_long { Line::TooLong } else { Line::Text(text.trim_ascii()) })
        })
    }
}

/// Cuts an input into chunks of lines. Blank lines are passed over.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: u64,
    bytes_read: u64,
    /// An error met in the middle of a chunk: told once the rows before it have been given.
    failed: Option<io::Error>,
}

impl<R: Read> Lines<R> {
    /// Lines of these bytes.
    pub(super) fn new(input: R) -> Self {
        Self { input: BufReader::with_capacity(1 << 16, input), line: 0, bytes_read: 0, failed: None }
    }

    /// The next chunk; none at the end. A chunk ends early when no more bytes are at hand, so that rows
    /// that come slowly through a pipe are answered as they come.
    pub(super) fn next_chunk(&mut self) -> Result<Option<LineChunk>, BatchError> {
        let mut chunk = LineChunk { text: Vec::new(), rows: Vec::new(), bytes_read: 0 };
        loop {
            let start = chunk.text.len();
            let read_or_failed = match self.failed.take() {
                Some(error) => Err(error),
                None => self.read_line(&mut chunk.text),
            };
            let (read, too_long) = match read_or_failed {
                Ok(read) => read,
                Err(error) if chunk.rows.is_empty() => return Err(BatchError::Read(error)),
                Err(error) => {
                    self.failed = Some(error);
                    chunk.text.truncate(start);
                    break;
                }
            };
            if read == 0 {
                break;
            }
            self.line += 1;
            self.bytes_read += read;
            // Some tools begin a file with a byte order mark; it belongs to no row.
            if self.line == 1 && chunk.text.starts_with(b"\xef\xbb\xbf") {
                chunk.text.drain(..3);
            }
            if chunk.text[start..].trim_ascii().is_empty() && !too_long {
                chunk.text.truncate(start);
            } else {
                chunk.rows.push(Row { line: self.line, end: chunk.text.len(), too_long });
            }
            let full = chunk.rows.len() >= ROWS_PER_CHUNK || chunk.text.len() >= BYTES_PER_CHUNK;
            if full || (self.input.buffer().is_empty() && !chunk.rows.is_empty()) {
                break;
            }
        }
        chunk.bytes_read = self.bytes_read;
        Ok((!chunk.rows.is_empty()).then_some(chunk))
    }

    /// Appends one line, its end included. Of a line that is too long nothing is kept.
    /// Gives how many bytes were read (0 at the end) and whether the line was too long.
    fn read_line(&mut self, text: &mut Vec<u8>) -> io::Result<(u64, bool)> {
        let start = text.len();
        let mut read = (&mut self.input).take(MAX_LINE as u64).read_until(b'\n', text)? as u64;
        if read < MAX_LINE as u64 || text.ends_with(b"\n") {
            return Ok((read, false));
        }
        text.truncate(start);
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|b| *b == b'\n');
            let used = end.map_or(buffer.len(), |i| i + 1);
            self.input.consume(used);
            read += used as u64;
            if end.is_some() || used == 0 {
                return Ok((read, true));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Vec<(u64, Option<String>)> {
        let mut lines = Lines::new(input);
        let mut all = Vec::new();
        let mut bytes_read = 0;
        while let Some(chunk) = lines.next_chunk().unwrap() {
            assert!(chunk.rows.len() <= ROWS_PER_CHUNK);
            bytes_read = chunk.bytes_read;
            all.extend(chunk.lines().map(|(n, line)| match line {
                Line::Text(t) => (n, Some(String::from_utf8_lossy(t).into_owned())),
                Line::TooLong => (n, None),
            }));
        }
        if !all.is_empty() && !input.ends_with(b"\n\n") {
            assert_eq!(bytes_read, input.len() as u64);
        }
        all
    }

    #[test]
    fn lines_keep_their_numbers() {
        let some = |n: u64, t: &str| (n, Some(t.to_owned()));
        for (input, expected) in [
            ("", vec![]),
            ("\n\n", vec![]),
            ("a", vec![some(1, "a")]),
            ("a\r\nb\r\n", vec![some(1, "a"), some(2, "b")]),
            ("\u{feff}a\n\n  \nb", vec![some(1, "a"), some(4, "b")]),
            ("\u{feff}", vec![]),
        ] {
            assert_eq!(read(input.as_bytes()), expected, "{input:?}");
        }
    }

    #[test]
    fn what_was_read_before_an_error_is_given_first() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::ConnectionReset.into())
            }
        }
        let mut lines = Lines::new(b"a\nb\nhalf".chain(Broken));
        let rows = lines.next_chunk().unwrap().unwrap().rows.len();
        let more = lines.next_chunk();
        assert_eq!(rows, 2);
        assert!(matches!(more, Err(BatchError::Read(e)) if e.kind() == io::ErrorKind::ConnectionReset));
    }

    #[test]
    fn many_lines_come_whole() {
        let text: String = (1..=3000).map(|n| format!("row {n}\n")).collect();
        let all = read(text.as_bytes());
        assert_eq!(all.len(), 3000);
        assert!(all.iter().zip(1..).all(|(got, n)| *got == (n, Some(format!("row {n}")))));
    }

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let long = "x".repeat(3 * MAX_LINE);
        let text = format!("a\n{long}\nb\n");
        let expected = vec![(1, Some("a".into())), (2, None), (3, Some("b".into()))];
        assert_eq!(read(text.as_bytes()), expected);
        let exactly = format!("{}\n{}", "x".repeat(MAX_LINE - 1), "y".repeat(MAX_LINE));
        let kept: Vec<_> = read(exactly.as_bytes()).into_iter().map(|(n, t)| (n, t.is_some())).collect();
        assert_eq!(kept, [(1, true), (2, false)]);
    }
}
