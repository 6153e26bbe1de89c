//! List files over HTTP, from servers as they are.
//!
//! The EU's export is made on the fly: it takes more than a minute, answers in bursts of HTTP 500, and has no
//! ETag. So an attempt that fails is tried again until a deadline; what a server says of sameness is never a
//! reason to think that nothing changed (the content's hash is); and a file counts only once it has come to its
//! end.
//!
//! Blocks: run it on a thread that may wait.

mod attempt;
mod kind;

use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;

pub use kind::ContentKind;

use attempt::{Attempt, Outcome};

/// What to fetch, and how patiently.
#[derive(Clone)]
pub struct Download {
    /// The address. What follows `?` is never shown: it can hold a token.
    pub url: String,
    /// What it must look like.
    pub kind: ContentKind,
    /// Longest time for everything, all attempts together. Default: 30 minutes.
    pub deadline: Duration,
    /// Longest silence of the server, before its answer and within it. Default: 3 minutes; the EU's export takes
    /// more than one to begin.
    pub silence: Duration,
    /// The wait after the first failed attempt; it doubles with each further one up to `longest_wait`.
    /// Default: 2 s.
    pub first_wait: Duration,
    /// Default: 2 minutes.
    pub longest_wait: Duration,
    /// Largest file taken, in bytes. Default: 512 MiB; the EU list has 25.
    pub max_bytes: u64,
    /// Whether and which proxy to use. Default: that of the environment (`HTTPS_PROXY` and the like).
    pub proxy: Proxy,
}

/// How to get out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the environment says.
    #[default]
    Environment,
    /// Not through a proxy.
    None,
    /// Through this one (`http://proxy.example.org:3128`).
    Address(String),
}

impl Download {
    /// A download with the usual patience.
    pub fn new(url: impl Into<String>, kind: ContentKind) -> Self {
        Self {
            url: url.into(),
            kind,
            deadline: Duration::from_secs(30 * 60),
            silence: Duration::from_secs(180),
            first_wait: Duration::from_secs(2),
            longest_wait: Duration::from_secs(120),
            max_bytes: 512 << 20,
            proxy: Proxy::Environment,
        }
    }

    /// The address without what may be secret.
    pub fn shown(&self) -> &str {
        shown(&self.url)
    }

    /// Fetches the file into a folder. `cancelled` is asked between attempts and while bytes come.
    ///
    /// # Errors
    /// See [`DownloadError`]; nothing is left in the folder.
    pub fn run(&self, folder: &Path, cancelled: &dyn Fn() -> bool) -> Result<Downloaded, DownloadError> {
        let began = Instant::now();
        let agent = attempt::agent(self)?;
        let mut attempt = Attempt::new(self, folder)?;
        let mut wait = self.first_wait;
        for attempts in 1.. {
            let left = self.deadline.saturating_sub(began.elapsed());
            let why = match attempt.run(&agent, left, cancelled)? {
                Outcome::Whole => {
                    let (file, bytes, content_hash) = attempt.finish()?;
                    return Ok(Downloaded { file, bytes, content_hash, attempts });
                }
                Outcome::Again { why, wait: asked } => {
                    wait = wait.max(asked.unwrap_or_default()).min(self.longest_wait.max(self.first_wait));
                    why
                }
            };
            if cancelled() {
                return Err(DownloadError::Cancelled);
            }
            if began.elapsed() + wait >= self.deadline {
                return Err(DownloadError::GaveUp { url: self.shown().to_owned(), attempts, why });
            }
            tracing::info!(url = self.shown(), attempts, why, ?wait, "a download is tried again");
            pause(wait, cancelled);
            wait = (wait * 2).min(self.longest_wait);
        }
        Err(DownloadError::Cancelled)
    }
}

/// Waits, but not when nobody wants it any longer.
fn pause(wait: Duration, cancelled: &dyn Fn() -> bool) {
    let until = Instant::now() + wait;
    while !cancelled() {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return;
        }
        std::thread::sleep(left.min(Duration::from_millis(200)));
    }
}

/// An address without what may be secret: its query, and a login before the host.
fn shown(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    match url.split_once("://") {
        Some((_, rest)) => {
            let host = rest.split('/').next().unwrap_or_default();
            host.rfind('@').map_or(url, |at| &rest[at + 1..])
        }
        None => url,
    }
}

/// A file that has come to its end.
#[derive(Debug)]
pub struct Downloaded {
    /// Where it lies; deleted when dropped.
    pub file: NamedTempFile,
    /// Its length.
    pub bytes: u64,
    /// BLAKE3 of its bytes, hexadecimal.
    pub content_hash: String,
    /// How many attempts it took.
    pub attempts: u32,
}

/// A file that could not be had. Never quotes a token.
#[derive(Debug, thiserror::Error)]
pub enum DownloadError {
    /// The address or the proxy cannot be used.
    #[error("{url}: {what}")]
    Address {
        /// The address.
        url: String,
        /// What is wrong.
        what: String,
    },
    /// The server refuses, and will the next time too.
    #[error("{url} answers {status}; look whether the address and its token still hold")]
    Refused {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// It is something else than a list.
    #[error("{url} gives {found} where {expected} was expected")]
    WrongKind {
        /// The address.
        url: String,
        /// What came.
        found: &'static str,
        /// What should have.
        expected: &'static str,
    },
    /// It is too large.
    #[error("{url} is larger than the {max_bytes} bytes that are taken")]
    TooLarge {
        /// The address.
        url: String,
        /// The limit.
        max_bytes: u64,
    },
    /// The deadline would pass before another attempt.
    #[error("{url} could not be had in {attempts} attempts; the last failed: {why}")]
    GaveUp {
        /// The address.
        url: String,
        /// How many.
        attempts: u32,
        /// Why the last failed.
        why: String,
    },
    /// It was not wanted any longer.
    #[error("the download was stopped")]
    Cancelled,
    /// The file cannot be written.
    #[error("the download cannot be written: {0}")]
    Write(#[from] io::Error),
}

#[cfg(test)]
mod tests;
