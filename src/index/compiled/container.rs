//! One file of checked sections, and plain little-endian values within them.
//!
//! Layout: magic, version, number of sections, then per section its length; the sections; a BLAKE3
//! checksum of all before it. The whole file is checked before any of it is used: what does not check
//! is rebuilt from the store, never trusted.

use std::io::Write;
use std::path::Path;

use super::NameIndexError;

const MAGIC: &[u8; 8] = b"zeefname";

/// Writes sections to a file and syncs it.
pub fn write(path: &Path, version: u32, sections: &[Vec<u8>]) -> Result<(), NameIndexError> {
    let mut header = Vec::with_capacity(16 + sections.len() * 8);
    header.extend_from_slice(MAGIC);
    header.extend_from_slice(&version.to_le_bytes());
    header.extend_from_slice(&(sections.len() as u32).to_le_bytes());
    for section in sections {
        header.extend_from_slice(&(section.len() as u64).to_le_bytes());
    }
    let mut hash = blake3::Hasher::new();
    let mut file = std::fs::File::create(path)?;
    for part in std::iter::once(&header).chain(sections) {
        hash.update(part);
        file.write_all(part)?;
    }
    file.write_all(hash.finalize().as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// Reads a file's sections after checking magic, version, lengths and checksum.
pub fn read(path: &Path, version: u32) -> Result<Vec<Vec<u8>>, NameIndexError> {
    let damaged = |what: &str| NameIndexError::Damaged(what.to_owned());
    let bytes = std::fs::read(path)?;
    let body = bytes.len().checked_sub(32).ok_or_else(|| damaged("too short"))?;
    let mut reader = Bytes::new(&bytes[..body]);
    if reader.take(8)? != MAGIC {
        return Err(damaged("not a compiled file of zeef"));
    }
    if reader.u32()? != version {
        return Err(damaged("of another version"));
    }
    if blake3::hash(&bytes[..body]).as_bytes() != &bytes[body..] {
        return Err(damaged("checksum differs"));
    }
    let count = reader.u32()? as usize;
    let lengths: Vec<u64> = (0..count).map(|_| reader.u64()).collect::<Result<_, _>>()?;
    let sections: Vec<Vec<u8>> = lengths
        .into_iter()
        .map(|n| reader.take(usize::try_from(n).unwrap_or(usize::MAX)).map(<[u8]>::to_vec))
        .collect::<Result<_, _>>()?;
    Ok(sections)
}

/// Reads plain values from bytes; running out of them is damage, never a panic.
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl<'a> Bytes<'a> {
    /// All of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Whether all bytes have been read.
    pub fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// How many bytes have not been read yet.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Result<&'a [u8], NameIndexError> {
        let (head, tail) =
            self.rest.split_at_checked(n).ok_or_else(|| NameIndexError::Damaged("breaks off".to_owned()))?;
        self.rest = tail;
        Ok(head)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, NameIndexError> {
        Ok(self.take(1)?[0])
    }

    /// Two bytes.
    pub fn u16(&mut self) -> Result<u16, NameIndexError> {
        let b = self.take(2)?;
        Ok(u16::from_le_bytes([b[0], b[1]]))
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Result<u32, NameIndexError> {
        let b = self.take(4)?;
        Ok(u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Result<u64, NameIndexError> {
        let low = u64::from(self.u32()?);
        Ok(low | u64::from(self.u32()?) << 32)
    }

    /// A length of one or (from 255 on) five bytes, then that many bytes.
    pub fn slice(&mut self) -> Result<&'a [u8], NameIndexError> {
        let n = match self.u8()? {
            255 => self.u32()? as usize,
            n => usize::from(n),
        };
        self.take(n)
    }

    /// A text written by [`Output::text`].
    pub fn text(&mut self) -> Result<&'a str, NameIndexError> {
        std::str::from_utf8(self.slice()?).map_err(|_| NameIndexError::Damaged("text is not UTF-8".into()))
    }

    /// Four-byte values to the end.
    pub fn u32s(mut self) -> Result<Vec<u32>, NameIndexError> {
        let mut out = Vec::with_capacity(self.rest.len() / 4);
        while !self.is_empty() {
            out.push(self.u32()?);
        }
        Ok(out)
    }
}

/// Writes plain values; the inverse of [`Bytes`].
#[derive(Default)]
pub struct Output {
    /// What has been written.
    pub bytes: Vec<u8>,
}

impl Output {
    /// One byte.
    pub fn u8(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Two bytes.
    pub fn u16(&mut self, value: u16) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Four bytes.
    pub fn u32(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// Eight bytes.
    pub fn u64(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A length and bytes.
    pub fn slice(&mut self, bytes: &[u8]) {
        if bytes.len() < 255 {
            self.u8(bytes.len() as u8);
        } else {
            self.u8(255);
            self.u32(bytes.len() as u32);
        }
        self.bytes.extend_from_slice(bytes);
    }

    /// A length and a text.
    pub fn text(&mut self, text: &str) {
        self.slice(text.as_bytes());
    }
}

/// Four-byte values as bytes.
pub fn u32_bytes(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}
