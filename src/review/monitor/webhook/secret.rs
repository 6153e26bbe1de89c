//! The secret that a delivery is signed with: from a file or the environment, never from a command line.

use std::fmt;
use std::path::Path;

/// Shortest secret, in bytes: as long as half a SHA-256, beyond any guessing.
const SHORTEST_SECRET: usize = 16;

/// A secret. Never shown.
#[derive(Clone)]
pub struct Secret(Vec<u8>);

/// A secret that cannot be had. Never quotes it.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The file cannot be read.
    #[error("the secret's file {file} cannot be read: {source}")]
    File {
        /// The file.
        file: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The variable is not set.
    #[error("the environment has no variable {name}")]
    Variable {
        /// The variable.
        name: String,
    },
    /// It is too short.
    #[error(
        "the secret has fewer than {SHORTEST_SECRET} bytes; make a longer one, with `openssl rand -hex 32`"
    )]
    Short,
}

impl Secret {
    /// A secret of these bytes, without line ends and blanks around it.
    ///
    /// # Errors
    /// [`SecretError::Short`].
    pub fn new(bytes: &[u8]) -> Result<Self, SecretError> {
        let bytes = bytes.trim_ascii();
        if bytes.len() < SHORTEST_SECRET { Err(SecretError::Short) } else { Ok(Self(bytes.to_vec())) }
    }

    /// The secret in a file.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn from_file(path: &Path) -> Result<Self, SecretError> {
        let read = std::fs::read(path);
        Self::new(&read.map_err(|source| SecretError::File { file: path.display().to_string(), source })?)
    }

    /// The secret in a variable of the environment.
    ///
    /// # Errors
    /// See [`SecretError`].
    pub fn from_variable(name: &str) -> Result<Self, SecretError> {
        let value = std::env::var_os(name).ok_or_else(|| SecretError::Variable { name: name.to_owned() })?;
        Self::new(value.as_encoded_bytes())
    }

    /// Its bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
