//! TLS and mTLS: certificates from files, read anew when they change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};

/// Largest file read, in bytes. A bundle of authorities has some 300 kB.
const MAX_BYTES: u64 = 4 << 20;

/// The files of TLS, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The server's certificate, with those of the authorities between it and the root.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Authorities whose clients' certificates are accepted; none to ask for none.
    pub client_authorities: Option<PathBuf>,
    /// Whether a client without a certificate is refused. Counts only with `client_authorities`.
    pub require_client_certificate: bool,
}

/// TLS cannot be had from these files.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read, or does not hold what it should.
    #[error("{}: {what}", file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// The files do not fit together.
    #[error("certificate and key cannot be used: {0}")]
    Unfit(#[from] rustls::Error),
}

/// What new connections are secured with.
pub struct Tls {
    files: TlsFiles,
    now: ArcSwap<ServerConfig>,
    /// Hash of the files that were read last, whether or not they could be used.
    seen: Mutex<blake3::Hash>,
}

impl Tls {
    /// Reads the files.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub fn new(files: TlsFiles) -> Result<Self, TlsError> {
        let contents = Contents::read(&files)?;
        let now = ArcSwap::from_pointee(contents.config(&files)?);
        Ok(Self { files, now, seen: Mutex::new(contents.hash()) })
    }

    /// What a connection that begins now is secured with.
    pub(super) fn config(&self) -> Arc<ServerConfig> {
        self.now.load_full()
    }

    /// Takes up files that have changed. Says whether it did; what is wrong with them is said once, and until it is
    /// mended what was read before stays in use.
    ///
    /// # Errors
    /// See [`TlsError`].
    pub(super) fn refresh(&self) -> Result<bool, TlsError> {
        // A file that is being replaced may be gone for a moment: that is told only when it lasts.
        let contents = Contents::read(&self.files)?;
        let hash = contents.hash();
        {
            // Nothing that panics runs under the lock.
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            if *seen == hash {
                return Ok(false);
            }
            *seen = hash;
        }
        self.now.store(Arc::new(contents.config(&self.files)?));
        Ok(true)
    }
}

/// The bytes of the files.
struct Contents {
    certificate: Vec<u8>,
    key: Vec<u8>,
    client_authorities: Option<Vec<u8>>,
}

impl Contents {
    fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        Ok(Self {
            certificate: bytes(&files.certificate)?,
            key: bytes(&files.key)?,
            client_authorities: files.client_authorities.as_deref().map(bytes).transpose()?,
        })
    }

    fn hash(&self) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new();
        for part in
            [Some(&self.certificate), Some(&self.key), self.client_authorities.as_ref()].into_iter().flatten()
        {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        hasher.finalize()
    }

    fn config(&self, files: &TlsFiles) -> Result<ServerConfig, TlsError> {
        let wrong = |file: &Path, what: String| TlsError::File { file: file.to_owned(), what };
        let chain = certificates(&self.certificate).map_err(|what| wrong(&files.certificate, what))?;
        // Its own texts could quote what they stumble on, and that is a key.
        let key = PrivateKeyDer::from_pem_slice(&self.key)
            .map_err(|_| wrong(&files.key, "it holds no private key in PEM".to_owned()))?;

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?;
        let builder = match (&files.client_authorities, &self.client_authorities) {
            (Some(file), Some(content)) => {
                let mut roots = RootCertStore::empty();
                for authority in certificates(content).map_err(|what| wrong(file, what))? {
                    roots.add(authority)?;
                }
                let mut verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
                if !files.require_client_certificate {
                    verifier = verifier.allow_unauthenticated();
                }
                builder.with_client_cert_verifier(verifier.build().map_err(|e| wrong(file, e.to_string()))?)
            }
            _ => builder.with_no_client_auth(),
        };
        let mut config = builder.with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(config)
    }
}

fn bytes(file: &Path) -> Result<Vec<u8>, TlsError> {
    let wrong = |what: String| TlsError::File { file: file.to_owned(), what };
    let length = std::fs::metadata(file).map_err(|e| wrong(e.to_string()))?.len();
    if length > MAX_BYTES {
        return Err(wrong("it is far too large".to_owned()));
    }
    std::fs::read(file).map_err(|e| wrong(e.to_string()))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    match all {
        Ok(all) if !all.is_empty() => Ok(all),
        Ok(_) => Err("it holds no certificate in PEM".to_owned()),
        Err(error) => Err(format!("it cannot be read as PEM: {error}")),
    }
}
