//! Page tokens as AIP-158 wants them: opaque, bound to the search and the snapshot they came from.

use super::search::SearchRequest;

/// A page token that cannot be used for this request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PageTokenError {
    /// It is none of ours, or was changed.
    #[error("page_token is not one that was given out; begin again without it")]
    Malformed,
    /// It belongs to a search with other words or filters.
    #[error(
        "page_token belongs to another search; repeat that search's words and filters, or begin again without it"
    )]
    OtherSearch,
    /// The lists were imported anew since the first page.
    #[error("the lists have changed since page_token was given out; begin again without it")]
    OtherSnapshot,
}

/// Offset, then the marks of snapshot and search, then a sum over all of these: 8 bytes each.
const TOKEN_BYTES: usize = 32;

/// The token for the page that begins at `offset`.
pub(super) fn token(request: &SearchRequest, snapshot: &str, offset: u64) -> String {
    let mut bytes = Vec::with_capacity(TOKEN_BYTES);
    bytes.extend(offset.to_le_bytes());
    bytes.extend(mark(&[snapshot]));
    bytes.extend(search_mark(request));
    bytes.extend(sum(&bytes));
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Where the request's page begins.
pub(super) fn offset(request: &SearchRequest, snapshot: &str) -> Result<u64, PageTokenError> {
    if request.page_token.is_empty() {
        return Ok(0);
    }
    let bytes = unhex(&request.page_token).ok_or(PageTokenError::Malformed)?;
    let parts = bytes.as_chunks::<8>().0;
    let [offset, of_snapshot, of_search, of_all] = parts else { return Err(PageTokenError::Malformed) };
    if bytes.len() != TOKEN_BYTES || *of_all != sum(&bytes[..TOKEN_BYTES - 8]) {
        return Err(PageTokenError::Malformed);
    }
    if *of_search != search_mark(request) {
        return Err(PageTokenError::OtherSearch);
    }
    if *of_snapshot != mark(&[snapshot]) {
        return Err(PageTokenError::OtherSnapshot);
    }
    // Far beyond any list, and small enough for every later sum.
    let offset = u64::from_le_bytes(*offset);
    if offset > u64::from(u32::MAX) { Err(PageTokenError::Malformed) } else { Ok(offset) }
}

/// The search without its page: what must stay the same from page to page.
fn search_mark(request: &SearchRequest) -> [u8; 8] {
    let kind = request.kind.map_or("", super::store::kind_value);
    let mut parts = vec![request.query.as_str(), kind];
    for values in [&request.lists, &request.programmes, &request.countries, &request.categories] {
        parts.push("\u{0}");
        parts.extend(values.iter().map(String::as_str));
    }
    mark(&parts)
}

fn mark(parts: &[&str]) -> [u8; 8] {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    first_eight(hasher.finalize())
}

/// Guards against tokens that were cut or changed by accident, not against forgery: a token opens
/// nothing that the same search would not.
fn sum(bytes: &[u8]) -> [u8; 8] {
    first_eight(blake3::hash(bytes))
}

/// The first bytes of a hash, enough to tell accidents from what was given out.
pub(super) fn first_eight(hash: blake3::Hash) -> [u8; 8] {
    std::array::from_fn(|i| hash.as_bytes()[i])
}

/// The bytes of hexadecimal text.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).map(|d| d as u8)).collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::EntityKind;

    fn request() -> SearchRequest {
        SearchRequest { query: "institute".into(), lists: vec!["aspi".into()], ..SearchRequest::default() }
    }

    #[test]
    fn a_token_is_bound_to_its_search_and_snapshot() {
        let with = |token: &str| SearchRequest { page_token: token.into(), page_size: 7, ..request() };
        assert_eq!(offset(&request(), "s1"), Ok(0));
        let given = token(&request(), "s1", 50);
        assert_eq!(offset(&with(&given), "s1"), Ok(50));
        assert_eq!(offset(&with(&given), "s2"), Err(PageTokenError::OtherSnapshot));
        for other in [
            SearchRequest { query: "Institute".into(), ..with(&given) },
            SearchRequest { lists: vec!["eu".into()], ..with(&given) },
            SearchRequest { lists: vec![], programmes: vec!["aspi".into()], ..with(&given) },
            SearchRequest { kind: Some(EntityKind::Person), ..with(&given) },
        ] {
            assert_eq!(offset(&other, "s1"), Err(PageTokenError::OtherSearch));
        }
        let mut changed = given.clone();
        changed.replace_range(0..1, if given.starts_with('0') { "1" } else { "0" });
        for bad in [&changed, &given[1..], &given[2..], "x", "é", &format!("{given}00")] {
            assert_eq!(offset(&with(bad), "s1"), Err(PageTokenError::Malformed), "{bad}");
        }
    }
}
