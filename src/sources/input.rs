//! One file given to a reader: plain or gzip, counted, bounded.

use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// An input stream with the name the operator knows it by.
pub struct Input<'a> {
    /// File as given, for messages.
    pub name: String,
    /// The (decompressed) bytes.
    pub bytes: Box<dyn BufRead + Send + 'a>,
}

impl Input<'static> {
    /// Opens a file, decompressing it if its first bytes are gzip's.
    ///
    /// # Errors
    /// Whatever the operating system says.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::from_reader(path.display().to_string(), std::fs::File::open(path)?)
    }
}

impl<'a> Input<'a> {
    /// Wraps any bytes, decompressing them if they start as gzip does.
    ///
    /// # Errors
    /// Whatever the reader says about its first bytes.
    pub fn from_reader(name: String, reader: impl Read + Send + 'a) -> io::Result<Self> {
        let mut plain = BufReader::with_capacity(1 << 16, reader);
        let gzip = plain.fill_buf()?.starts_with(&[0x1f, 0x8b]);
        let bytes: Box<dyn BufRead + Send + 'a> = if gzip {
            Box::new(BufReader::with_capacity(1 << 16, flate2::bufread::MultiGzDecoder::new(plain)))
        } else {
            Box::new(plain)
        };
        Ok(Self { name, bytes })
    }
}
