//! The keys of an identity provider (JWKS), and what they sign.
//!
//! Verified with ring directly: the algorithm follows from the key, not from the token's header, so that a
//! token cannot choose one (`none`, or HMAC with a public key as its secret). A header that names another
//! is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// Largest key set read, in bytes. Those of large providers have some 10 kB.
pub(in crate::service) const MAX_KEY_SET: u64 = 1 << 20;

/// The public keys of an identity provider.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Debug, PartialEq, Eq)]
struct Key {
    /// The key's own name; tokens say by it which key signed them.
    id: Option<String>,
    material: Material,
}

#[derive(Debug, PartialEq, Eq)]
enum Material {
    /// RS256: modulus and exponent.
    Rsa { modulus: Vec<u8>, exponent: Vec<u8> },
    /// ES256: an uncompressed point.
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Entry {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

/// A key set that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// It is no JWKS.
    #[error("it is no JSON Web Key Set: {0}")]
    Format(#[from] serde_json::Error),
    /// It has no key for signatures with RS256 or ES256.
    #[error("it has no key for RS256 or ES256")]
    NoKeys,
}

impl KeySet {
    /// Reads a JWKS. Keys for other ends and algorithms are passed over, as providers mix them.
    ///
    /// # Errors
    /// See [`KeySetError`].
    pub fn read(text: &str) -> Result<Self, KeySetError> {
        let document: Document = serde_json::from_str(text)?;
        let keys: Vec<Key> = document.keys.into_iter().filter_map(key).collect();
        if keys.is_empty() { Err(KeySetError::NoKeys) } else { Ok(Self { keys }) }
    }

    /// Whether there is a key of this name.
    pub(super) fn knows(&self, id: Option<&str>) -> bool {
        self.fitting(id).next().is_some()
    }

    /// The keys that may have signed a token naming `id`; all where it names none.
    fn fitting<'a>(&'a self, id: Option<&'a str>) -> impl Iterator<Item = &'a Key> {
        self.keys.iter().filter(move |key| id.is_none() || key.id.as_deref() == id)
    }

    /// Whether a key of this set signed `message` by the algorithm that the token names.
    pub(super) fn signed(&self, id: Option<&str>, algorithm: &str, message: &[u8], signature: &[u8]) -> bool {
        self.fitting(id).any(|key| match &key.material {
            Material::Rsa { modulus, exponent } => {
                algorithm == "RS256"
                    && RsaPublicKeyComponents { n: modulus, e: exponent }
                        .verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature)
                        .is_ok()
            }
            Material::P256(point) => {
                algorithm == "ES256"
                    && UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                        .verify(message, signature)
                        .is_ok()
            }
        })
    }
}

fn key(value: serde_json::Value) -> Option<Key> {
    let entry: Entry = serde_json::from_value(value).ok()?;
    if entry.usage.is_some_and(|u| u != "sig") {
        return None;
    }
    let for_algorithm = |name: &str| entry.alg.as_deref().is_none_or(|alg| alg == name);
    let material = match entry.kty.as_str() {
        "RSA" if for_algorithm("RS256") => {
            Material::Rsa { modulus: decode(entry.n.as_deref()?)?, exponent: decode(entry.e.as_deref()?)? }
        }
        "EC" if for_algorithm("ES256") && entry.crv.as_deref() == Some("P-256") => {
            let (x, y) = (decode(entry.x.as_deref()?)?, decode(entry.y.as_deref()?)?);
            // 4 says that both coordinates follow.
            Material::P256([&[4], x.as_slice(), &y].concat())
        }
        _ => return None,
    };
    Some(Key { id: entry.kid, material })
}

/// Reads base64 as tokens and key sets write it.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}
