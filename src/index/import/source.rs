//! Input files of an import, hashed and counted while they are read.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::sources::Input;

/// Where the bytes of one input come from.
#[derive(Clone, Debug)]
pub(in crate::index) enum Source {
    /// A file.
    File(PathBuf),
    /// Bytes built into the program, with the file name they go by.
    BuiltIn(&'static str, &'static [u8]),
}

impl Source {
    /// The name for messages: the path as given.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::BuiltIn(name, _) => (*name).to_owned(),
        }
    }

    /// The file's name without its folder.
    pub fn file_name(&self) -> String {
        match self {
            Self::File(path) => {
                path.file_name().map_or_else(|| self.name(), |n| n.to_string_lossy().into_owned())
            }
            Self::BuiltIn(name, _) => (*name).to_owned(),
        }
    }
}

/// Files being read together, with how far the reading is.
pub(super) struct OpenSources {
    handles: Vec<Handle>,
    read: Arc<AtomicU64>,
    /// Bytes of all files together, 0 when that is not known beforehand (pipes).
    pub total: u64,
}

#[derive(Clone)]
struct Handle {
    state: Arc<Mutex<Hashed>>,
    read: Arc<AtomicU64>,
}

struct Hashed {
    bytes: Box<dyn Read + Send>,
    hasher: blake3::Hasher,
}

/// A file that could not be opened.
pub(super) struct OpenFailure {
    pub file: String,
    pub source: io::Error,
}

impl OpenSources {
    /// Opens all files and gives the inputs for a reader.
    pub fn open(sources: &[Source]) -> Result<(Self, Vec<Input<'static>>), OpenFailure> {
        let mut open = Self { handles: Vec::new(), read: Arc::default(), total: 0 };
        let mut inputs = Vec::new();
        for source in sources {
            let fail = |error| OpenFailure { file: source.name(), source: error };
            let (bytes, length): (Box<dyn Read + Send>, u64) = match source {
                Source::File(path) => {
                    let file = File::open(path).map_err(fail)?;
                    let length = file.metadata().map_err(fail)?.len();
                    (Box::new(file), length)
                }
                Source::BuiltIn(_, bytes) => (Box::new(Cursor::new(*bytes)), bytes.len() as u64),
            };
            open.total += length;
            let state = Arc::new(Mutex::new(Hashed { bytes, hasher: blake3::Hasher::new() }));
            let handle = Handle { state, read: Arc::clone(&open.read) };
            inputs.push(Input::from_reader(source.name(), handle.clone()).map_err(fail)?);
            open.handles.push(handle);
        }
        Ok((open, inputs))
    }

    /// Bytes read so far, of all files together.
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Reads what the reader left (bytes after the end of the list) and gives the hash: BLAKE3 of
    /// the one file, or of the files' hexadecimal hashes joined.
    pub fn finish(mut self) -> io::Result<String> {
        let mut hashes = Vec::new();
        for handle in &mut self.handles {
            io::copy(handle, &mut io::sink())?;
            hashes.push(handle.lock().hasher.finalize().to_hex());
        }
        Ok(match hashes.as_slice() {
            [one] => one.to_string(),
            several => {
                let mut hasher = blake3::Hasher::new();
                for hash in several {
                    hasher.update(hash.as_bytes());
                }
                hasher.finalize().to_hex().to_string()
            }
        })
    }
}

impl Handle {
    fn lock(&self) -> MutexGuard<'_, Hashed> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Read for Handle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut guard = self.lock();
        let state = &mut *guard;
        let read = state.bytes.read(buffer)?;
        state.hasher.update(&buffer[..read]);
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufRead;

    #[test]
    fn hash_is_of_the_whole_file_however_far_the_reader_went() {
        let hash = |bytes: &'static [u8], lines: usize| {
            let (open, mut inputs) = OpenSources::open(&[Source::BuiltIn("a", bytes)]).ok().unwrap();
            let mut line = String::new();
            for _ in 0..lines {
                inputs[0].bytes.read_line(&mut line).unwrap();
            }
            drop(inputs);
            open.finish().unwrap()
        };
        let text = b"one\ntwo\nthree\n";
        assert_eq!(hash(text, 0), hash(text, 3));
        assert_eq!(hash(text, 1), blake3::hash(text).to_hex().to_string());
        let (two, _) =
            OpenSources::open(&[Source::BuiltIn("a", b"x"), Source::BuiltIn("b", b"y")]).ok().unwrap();
        assert_eq!(two.total, 2);
        assert_ne!(two.finish().unwrap(), blake3::hash(b"xy").to_hex().to_string());
    }
}
