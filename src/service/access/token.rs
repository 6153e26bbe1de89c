//! Bearer tokens: 256 random bits, of which the service keeps a hash.

use sha2::{Digest, Sha256};

use super::clients::Allowance;
use super::scope::Scopes;

/// How our tokens begin, so that scanners for leaked secrets and people know one when they see it.
pub const TOKEN_PREFIX: &str = "zeef_";

/// SHA-256 of a token, which stands in the configuration. A fast hash is enough: nobody guesses 256 random bits,
/// and a slow one would be a way to keep the service busy.
pub type TokenHash = [u8; 32];

/// A token that lets a client in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The client's name: in the audit trail, beside what it decides.
    pub name: String,
    /// The token's hash.
    pub hash: TokenHash,
    /// What the client may do.
    pub scopes: Scopes,
    /// How much it may ask for; that of all clients where none is given.
    pub allowance: Option<Allowance>,
    /// Until when it lets in.
    pub expires: Option<jiff::Timestamp>,
}

/// The hash of a token.
pub fn token_hash(token: &str) -> TokenHash {
    Sha256::digest(token.as_bytes()).into()
}

/// A new token.
///
/// # Errors
/// When the operating system gives no random numbers.
pub fn new_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{TOKEN_PREFIX}{}", hexadecimal(&bytes)))
}

/// Bytes in hexadecimal.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// 32 bytes from 64 hexadecimal digits.
pub fn from_hexadecimal(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.as_chunks().0.iter().map(|[high, low]| high << 4 | low).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_new_each_time_and_known_by_their_hash() {
        let (a, b) = (new_token().unwrap(), new_token().unwrap());
        assert!(a != b && a.starts_with(TOKEN_PREFIX) && a.len() == TOKEN_PREFIX.len() + 64);
        assert_ne!(token_hash(&a), token_hash(&b));
        // The hash that `sha256sum` prints.
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hexadecimal(&token_hash("abc")), known);
        assert_eq!(from_hexadecimal(known), Some(token_hash("abc")));
    }

    #[test]
    fn what_is_no_hash_is_told_from_one() {
        for text in ["", "ba", &"g".repeat(64), &"é".repeat(32), &"0".repeat(63), &"0".repeat(66)] {
            assert_eq!(from_hexadecimal(text), None, "{text:?}");
        }
        assert_eq!(from_hexadecimal(&"0F".repeat(32)), Some([15; 32]));
    }
}
