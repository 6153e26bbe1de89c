//! The first bytes of a file: what form it has, whatever its name says; and how much of it is read
//! at most.

use std::io::{self, BufRead, Cursor, Read};

use super::{Input, ReadError};

/// What the first bytes of a file show it to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A JSON object (`{`).
    JsonObject,
    /// A JSON array (`[`).
    JsonArray,
    /// A web page or other markup (`<`).
    Markup,
    /// Anything else that may be text: a table, if it is of use at all.
    Table,
}

/// How much is looked at. A byte-order mark, leading white space and the first character fit easily.
const LOOK: usize = 512;

/// Finds the form of a file from its first bytes, and takes a UTF-8 byte-order mark off.
///
/// # Errors
/// An empty file, one in UTF-16, and a packed or binary file are refused with what to do about it.
pub(super) fn form_of(input: &mut Input<'_>) -> Result<Form, ReadError> {
    let mut first = Vec::with_capacity(LOOK);
    input
        .bytes
        .by_ref()
        .take(LOOK as u64)
        .read_to_end(&mut first)
        .map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
    let refuse = |what: &str| {
        Err(ReadError::Format { file: input.name.clone(), place: "byte 0".into(), what: what.into() })
    };
    let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
    let form = match text {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            return refuse("the file is in UTF-16: save it again as UTF-8");
        }
        [b'P', b'K', 3 | 5, ..] => {
            return refuse("this is a zip archive or a workbook: unpack it, or save the sheet as CSV UTF-8");
        }
        [b'%', b'P', b'D', b'F', ..] => return refuse("a PDF cannot be read: give the data file or a CSV"),
        bytes if bytes.contains(&0) => return refuse("this is a binary file"),
        bytes => match bytes.iter().find(|b| !b.is_ascii_whitespace()) {
            None if first.len() < LOOK => return refuse("the file is empty"),
            Some(b'{') => Form::JsonObject,
            Some(b'[') => Form::JsonArray,
            Some(b'<') => Form::Markup,
            _ => Form::Table,
        },
    };
    let text = text.to_vec();
    let rest = std::mem::replace(&mut input.bytes, Box::new(io::empty()));
    input.bytes = Box::new(Cursor::new(text).chain(rest));
    Ok(form)
}

/// A reader that fails, rather than ends, once more than so many bytes have come through it: a
/// compressed file of a few kilobytes can hold gigabytes.
pub(super) struct Bounded<R> {
    inner: R,
    limit: u64,
    read: u64,
}

impl<R: BufRead> Bounded<R> {
    /// Lets `limit` bytes through.
    pub(super) fn new(inner: R, limit: u64) -> Self {
        Self { inner, limit, read: 0 }
    }

    /// How many bytes have been read so far.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read
    }
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let count = available.len().min(buffer.len());
        buffer[..count].copy_from_slice(&available[..count]);
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let left = usize::try_from(self.limit - self.read).unwrap_or(usize::MAX);
        let available = self.inner.fill_buf()?;
        if left == 0 && !available.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                format!("the file unpacks to more than {} bytes, which no list of this kind has", self.limit),
            ));
        }
        Ok(&available[..available.len().min(left)])
    }

    fn consume(&mut self, count: usize) {
        self.read += count as u64;
        self.inner.consume(count);
    }
}

/// Reads a whole text file of at most `limit` bytes.
///
/// # Errors
/// Unreadable, too large, or not UTF-8 (the line and byte where it stops being so are named).
pub(super) fn whole_text(input: Input<'_>, limit: u64) -> Result<String, ReadError> {
    let mut bytes = Vec::new();
    Bounded::new(input.bytes, limit)
        .read_to_end(&mut bytes)
        .map_err(|source| ReadError::Io { file: input.name.clone(), source })?;
    String::from_utf8(bytes).map_err(|error| {
        let (valid, _) = error.as_bytes().split_at(error.utf8_error().valid_up_to());
        let line = valid.iter().filter(|&&b| b == b'\n').count() + 1;
        ReadError::Format {
            file: input.name,
            place: format!("line {line}, byte {}", valid.len()),
            what: "not UTF-8: save the file again as UTF-8".into(),
        }
    })
}

/// The delimiter the first line has most of outside quotation marks; a comma if it has none.
pub(super) fn delimiter(text: &str) -> u8 {
    let first = text.trim_start().lines().next().unwrap_or_default();
    let count = |delimiter: u8| {
        let mut quoted = false;
        first
            .bytes()
            .filter(|&b| {
                quoted ^= b == b'"';
                b == delimiter && !quoted
            })
            .count()
    };
    let (comma, semicolon, tab) = (count(b','), count(b';'), count(b'\t'));
    if semicolon > comma && semicolon >= tab {
        b';'
    } else if tab > comma {
        b'\t'
    } else {
        b','
    }
}

/// Finds the lines of places that come in the order of the text.
pub(super) struct LineCounter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
}

impl<'a> LineCounter<'a> {
    /// Starts at line 1.
    pub(super) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line of a byte, not before the one asked for last.
    pub(super) fn of(&mut self, byte: usize) -> usize {
        let byte = byte.clamp(self.at, self.bytes.len());
        self.line += self.bytes[self.at..byte].iter().filter(|&&b| b == b'\n').count();
        self.at = byte;
        self.line
    }

    /// The line of a CSV record. (The CSV reader's own count is one behind after `\r\n`, where it takes
    /// the `\n` for the start of the next record.)
    pub(super) fn of_record(&mut self, record: &csv::StringRecord) -> usize {
        let start = record.position().map_or(0, |p| usize::try_from(p.byte()).unwrap_or(usize::MAX));
        let start = start.min(self.bytes.len());
        let ends = self.bytes[start..].iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        self.of(start + ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(bytes: &[u8]) -> Input<'_> {
        Input::from_reader("file".into(), bytes).unwrap()
    }

    #[test]
    fn tells_the_form_and_gives_back_every_byte() {
        for (bytes, form, back) in [
            (&b" \n{\"a\":1}"[..], Form::JsonObject, &b" \n{\"a\":1}"[..]),
            (b"[1]", Form::JsonArray, b"[1]"),
            (b"\xef\xbb\xbf<html>", Form::Markup, b"<html>"),
            (b"\xef\xbb\xbfid;name\n", Form::Table, b"id;name\n"),
        ] {
            let mut input = input(bytes);
            assert_eq!(form_of(&mut input).unwrap(), form);
            let mut all = Vec::new();
            input.bytes.read_to_end(&mut all).unwrap();
            assert_eq!(all, back);
        }
    }

    #[test]
    fn refuses_what_cannot_be_text() {
        for (bytes, word) in [
            (&b""[..], "empty"),
            (b"  \n ", "empty"),
            (b"\xff\xfei\0d\0", "UTF-16"),
            (b"PK\x03\x04rest", "zip"),
            (b"%PDF-1.7", "PDF"),
            (b"id\0name", "binary"),
        ] {
            let error = form_of(&mut input(bytes)).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn fails_beyond_the_limit_and_not_at_it() {
        let mut out = Vec::new();
        assert_eq!(Bounded::new(&b"12345"[..], 5).read_to_end(&mut out).unwrap(), 5);
        let error = Bounded::new(&b"123456"[..], 5).read_to_end(&mut out).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }

    #[test]
    fn names_the_byte_that_is_not_utf8() {
        let error = whole_text(input(b"ab\xe9c"), 100).unwrap_err().to_string();
        assert!(error.contains("line 1, byte 2"), "{error}");
    }
}
