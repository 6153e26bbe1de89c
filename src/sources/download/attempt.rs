//! One attempt after the other to get a file to its end.
//!
//! What came before a connection broke is kept where the server offers to go on from there and says what
//! the file is (a strong ETag, or the date of its change): the next attempt asks for the rest with `If-Range`,
//! takes it only if the server means the same file of the same length, and holds the last bytes that it has
//! against the first that come. Anything else begins again: half of one edition and half of another would be a
//! list that never was.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::NamedTempFile;
use ureq::http::{HeaderMap, StatusCode, header};

use super::{Download, DownloadError, Proxy};

/// Bytes of what is there that are asked for again, and must be the same.
const OVERLAP: u64 = 1 << 10;

/// Bytes looked at to see what a file is.
const LOOKED_AT: usize = 512;

/// How an attempt ended that may be followed by another.
pub(super) enum Outcome {
    /// The file is whole.
    Whole,
    /// It is worth another attempt.
    Again {
        why: String,
        /// How long the server asks to wait.
        wait: Option<Duration>,
    },
}

/// A file that is coming.
pub(super) struct Attempt<'a> {
    download: &'a Download,
    file: NamedTempFile,
    have: u64,
    /// What the server said of the file that `have` is the beginning of; none where it cannot be gone on with.
    resumable: Option<Validator>,
}

/// What a server says by which a file can be known again.
#[derive(Clone, PartialEq)]
struct Validator {
    mark: String,
    length: u64,
}

/// The agent of a download.
pub(super) fn agent(download: &Download) -> Result<ureq::Agent, DownloadError> {
    let fault = |what: &str| DownloadError::Address { url: download.shown().to_owned(), what: what.into() };
    let secure = download.url.starts_with("https://");
    if !secure && !download.url.starts_with("http://") {
        return Err(fault("an address begins with https:// or http://"));
    }
    let mut config = ureq::Agent::config_builder()
        // From an encrypted address nothing leads to one that is not.
        .https_only(secure)
        .http_status_as_error(false)
        .max_redirects(5)
        // Lengths and ranges are those of the file, not of a packing of it.
        .accept_encoding("identity")
        .timeout_connect(Some(download.silence.min(Duration::from_secs(30))))
        .timeout_recv_response(Some(download.silence))
        .timeout_per_read(Some(download.silence))
        .user_agent(concat!("zeef/", env!("CARGO_PKG_VERSION")));
    match &download.proxy {
        Proxy::Environment => {}
        Proxy::None => config = config.proxy(None),
        Proxy::Address(address) => {
            let proxy = ureq::Proxy::new(address).map_err(|_| fault("the proxy's address cannot be read"))?;
            config = config.proxy(Some(proxy));
        }
    }
    Ok(config.build().new_agent())
}

impl<'a> Attempt<'a> {
    pub fn new(download: &'a Download, folder: &Path) -> Result<Self, DownloadError> {
        Ok(Self { download, file: NamedTempFile::new_in(folder)?, have: 0, resumable: None })
    }

    /// The file, its length and its hash.
    pub fn finish(mut self) -> Result<(NamedTempFile, u64, String), DownloadError> {
        self.file.as_file_mut().flush()?;
        self.file.as_file().sync_all()?;
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(File::open(self.file.path())?)?;
        Ok((self.file, self.have, hasher.finalize().to_hex().to_string()))
    }

    /// Tries to get the file to its end within `left`.
    pub fn run(
        &mut self,
        agent: &ureq::Agent,
        left: Duration,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<Outcome, DownloadError> {
        let again = |why: String| Ok(Outcome::Again { why, wait: None });
        let from = self.resume_at();
        let mut request = agent.get(&self.download.url);
        if let (Some(from), Some(validator)) = (from, &self.resumable) {
            request = request
                .header(header::RANGE, format!("bytes={from}-"))
                .header(header::IF_RANGE, validator.mark.as_str());
        }
        let request = request.config().timeout_global(Some(left.max(Duration::from_millis(1)))).build();
        let response = match request.call() {
            Ok(response) => response,
            Err(error) => return self.failed(error),
        };
        let (parts, mut body) = response.into_parts();
        match parts.status {
            StatusCode::OK => self.restart()?,
            StatusCode::PARTIAL_CONTENT if self.goes_on(&parts.headers, from) => {}
            // Nothing of what it would mean to go on holds: from the beginning.
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                self.restart()?;
                return again("the server went on with another file".into());
            }
            status if is_passing(status) => {
                let wait = parts.headers.get(header::RETRY_AFTER).and_then(|v| v.to_str().ok()?.parse().ok());
                let why = format!("the server answers {}", status.as_u16());
                return Ok(Outcome::Again { why, wait: wait.map(Duration::from_secs) });
            }
            status => {
                let url = self.download.shown().to_owned();
                return Err(DownloadError::Refused { url, status: status.as_u16() });
            }
        }
        let resumed = parts.status == StatusCode::PARTIAL_CONTENT;
        let length = length(&parts.headers).map(|l| if resumed { from.unwrap_or(0) + l } else { l });
        if !resumed {
            self.resumable = validator(&parts.headers, length);
        }
        if length.is_some_and(|l| l > self.download.max_bytes) {
            return Err(self.too_large());
        }
        let most = self.download.max_bytes.saturating_add(OVERLAP + 1);
        let reader = body.with_config().limit(most).reader();
        let until = Instant::now() + left;
        let same = match self.take(reader, from.filter(|_| resumed), until, cancelled) {
            Ok(same) => same,
            Err(Broken::Write(error)) => return Err(error.into()),
            Err(Broken::TooLarge) => return Err(self.too_large()),
            Err(Broken::Cancelled) => return Err(DownloadError::Cancelled),
            Err(Broken::Read(why)) => return again(why),
        };
        if !same {
            self.restart()?;
            return again("the file has changed while it came".into());
        }
        match length {
            Some(length) if length != self.have => {
                again(format!("it breaks off after {} of {length} bytes", self.have))
            }
            _ => self.looked_at().map(|()| Outcome::Whole),
        }
    }

    fn failed(&self, error: ureq::Error) -> Result<Outcome, DownloadError> {
        let fault = |what: String| DownloadError::Address { url: self.download.shown().to_owned(), what };
        match error {
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => Err(fault("the address cannot be read".into())),
            ureq::Error::RequireHttpsOnly(_) => {
                Err(fault("it leads to an address without encryption".into()))
            }
            ureq::Error::TooManyRedirects => Err(fault("it leads on and on".into())),
            ureq::Error::InvalidProxyUrl => Err(fault("the proxy's address cannot be read".into())),
            // Certificates, name servers and connections come and go; the deadline decides.
            error => Ok(Outcome::Again { why: error.to_string(), wait: None }),
        }
    }

    /// Where the next attempt goes on, if it can: a little before the end of what is there.
    fn resume_at(&self) -> Option<u64> {
        let validator = self.resumable.as_ref()?;
        (self.have > OVERLAP && self.have < validator.length).then(|| self.have - OVERLAP)
    }

    /// Whether an answer is the rest of the same file.
    fn goes_on(&self, headers: &HeaderMap, from: Option<u64>) -> bool {
        let (Some(known), Some(from)) = (&self.resumable, from) else { return false };
        let range = headers.get(header::CONTENT_RANGE).and_then(|v| v.to_str().ok());
        let expected = format!("bytes {from}-{}/{}", known.length - 1, known.length);
        // Without a validator of its own the server had to hold ours against the file before it went on.
        let same = mark(headers).is_none_or(|mark| mark == known.mark);
        range == Some(expected.as_str()) && same
    }

    fn restart(&mut self) -> io::Result<()> {
        self.have = 0;
        self.resumable = None;
        let file = self.file.as_file_mut();
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        Ok(())
    }

    /// Takes what comes; whether the part that was there already is the same.
    fn take(
        &mut self,
        mut reader: impl Read,
        resumed_at: Option<u64>,
        until: Instant,
        cancelled: &dyn Fn() -> bool,
    ) -> Result<bool, Broken> {
        let file = self.file.as_file_mut();
        if let Some(from) = resumed_at {
            let mut known = vec![0; OVERLAP as usize];
            file.seek(SeekFrom::Start(from)).map_err(Broken::Write)?;
            file.read_exact(&mut known).map_err(Broken::Write)?;
            let mut come = vec![0; known.len()];
            reader.read_exact(&mut come).map_err(|e| Broken::Read(e.to_string()))?;
            if come != known {
                return Ok(false);
            }
        }
        let mut buffer = vec![0; 64 << 10];
        loop {
            if cancelled() {
                return Err(Broken::Cancelled);
            }
            if Instant::now() >= until {
                return Err(Broken::Read("the deadline has passed".into()));
            }
            let read = reader.read(&mut buffer).map_err(|e| Broken::Read(e.to_string()))?;
            if read == 0 {
                return Ok(true);
            }
            self.have += read as u64;
            if self.have > self.download.max_bytes {
                return Err(Broken::TooLarge);
            }
            file.write_all(&buffer[..read]).map_err(Broken::Write)?;
        }
    }

    fn too_large(&self) -> DownloadError {
        let max_bytes = self.download.max_bytes;
        DownloadError::TooLarge { url: self.download.shown().to_owned(), max_bytes }
    }

    /// Looks whether the file is what was expected.
    fn looked_at(&self) -> Result<(), DownloadError> {
        let mut first = Vec::new();
        File::open(self.file.path())?.take(LOOKED_AT as u64).read_to_end(&mut first)?;
        match self.download.kind.contradicted_by(&first) {
            None => Ok(()),
            Some(found) => Err(DownloadError::WrongKind {
                url: self.download.shown().to_owned(),
                found,
                expected: self.download.kind.as_str(),
            }),
        }
    }
}

/// Why bytes stopped coming.
enum Broken {
    Write(io::Error),
    Read(String),
    TooLarge,
    Cancelled,
}

/// Whether a status may pass.
fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY
        )
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// By what the file can be known again, where the server offers to go on and says how long it is.
fn validator(headers: &HeaderMap, length: Option<u64>) -> Option<Validator> {
    let offers = headers.get(header::ACCEPT_RANGES).is_some_and(|v| v.as_bytes() == b"bytes");
    let mark = mark(headers).filter(|_| offers)?;
    Some(Validator { mark, length: length? })
}

/// A strong ETag, else the date of the last change.
fn mark(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let strong = text(header::ETAG).filter(|tag| tag.starts_with('"'));
    strong.or_else(|| text(header::LAST_MODIFIED)).map(str::to_owned)
}
