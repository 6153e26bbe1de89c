//! A comparison by pages, with tokens as AIP-158 wants them: opaque, bound to the two snapshots.

use super::{Edition, EntityChange, Place, differences};
use crate::index::page::{first_eight, unhex};
use crate::index::{PageTokenError, SnapshotError};

/// Changes of a page when the caller does not say.
pub const DEFAULT_DIFF_PAGE_SIZE: usize = 50;
/// Most changes of a page: an entity can be tens of kilobytes.
pub const MAX_DIFF_PAGE_SIZE: usize = 500;

/// One page of changes.
#[derive(Debug)]
pub struct DiffPage {
    /// The changes, in order of list and reference.
    pub changes: Vec<EntityChange>,
    /// Gives the next page; empty on the last.
    pub next_page_token: String,
}

/// A page cannot be given.
#[derive(Debug, thiserror::Error)]
pub enum DiffError {
    /// The page token is at fault.
    #[error(transparent)]
    PageToken(#[from] PageTokenError),
    /// A store cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// The page of `size` changes after the one that `token` came with; the first for an empty token.
///
/// # Errors
/// See [`DiffError`].
pub fn page(before: &Edition, after: &Edition, size: usize, token: &str) -> Result<DiffPage, DiffError> {
    let size = match size {
        0 => DEFAULT_DIFF_PAGE_SIZE,
        size => size.min(MAX_DIFF_PAGE_SIZE),
    };
    let mark = mark(before, after);
    let resume = place(token, mark)?;
    let mut changes: Vec<EntityChange> = Vec::new();
    let mut more = false;
    differences(before, after, resume.as_ref(), |change| {
        more = changes.len() == size;
        if !more {
            changes.push(change);
        }
        Ok::<_, DiffError>(!more)
    })?;
    let next_page_token = match changes.last() {
        Some(last) if more => token_after(&last.list, &last.id, mark),
        _ => String::new(),
    };
    Ok(DiffPage { changes, next_page_token })
}

/// What a token is bound to.
fn mark(before: &Edition, after: &Edition) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(before.name().as_bytes());
    hasher.update(b"\n");
    hasher.update(after.name().as_bytes());
    first_eight(hasher.finalize())
}

/// The mark, the list with its length before it, the reference, then a sum over all of these.
fn token_after(list: &str, id: &str, mark: [u8; 8]) -> String {
    let mut bytes = mark.to_vec();
    // Ids of lists are short; a longer one would only make the token one that is not accepted.
    bytes.push(u8::try_from(list.len()).unwrap_or(u8::MAX));
    bytes.extend(list.as_bytes());
    bytes.extend(id.as_bytes());
    bytes.extend(first_eight(blake3::hash(&bytes)));
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn place(token: &str, expected: [u8; 8]) -> Result<Option<Place>, PageTokenError> {
    if token.is_empty() {
        return Ok(None);
    }
    let malformed = || PageTokenError::Malformed;
    let bytes = unhex(token).ok_or_else(malformed)?;
    let (body, sum) = bytes.split_last_chunk::<8>().ok_or_else(malformed)?;
    if *sum != first_eight(blake3::hash(body)) {
        return Err(malformed());
    }
    let (mark, rest) = body.split_first_chunk::<8>().ok_or_else(malformed)?;
    let (length, rest) = rest.split_first().ok_or_else(malformed)?;
    let (list, id) = rest.split_at_checked(usize::from(*length)).ok_or_else(malformed)?;
    if *mark != expected {
        return Err(PageTokenError::OtherSnapshot);
    }
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).map_err(|_| malformed());
    Ok(Some(Place { list: text(list)?, id: text(id)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_bound_to_its_snapshots_and_cannot_be_changed() {
        let mark = [7; 8];
        assert_eq!(place("", mark), Ok(None));
        let token = token_after("eu", "EU.27.28", mark);
        let expected = Place { list: "eu".into(), id: "EU.27.28".into() };
        assert_eq!(place(&token, mark), Ok(Some(expected)));
        assert_eq!(place(&token, [8; 8]), Err(PageTokenError::OtherSnapshot));
        for bad in [&token[2..], "x", "00", &format!("{token}00"), &token.replacen('7', "8", 1)] {
            assert_eq!(place(bad, mark), Err(PageTokenError::Malformed), "{bad}");
        }
    }
}
