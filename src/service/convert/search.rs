//! Requests of analysts' search.

use crate::index::SearchRequest;
use crate::model::EntityKind;
use crate::service::proto;
use crate::service::status::Violation;

use super::list_ids;

/// Longest value of a filter, in bytes; the longest category on any list is far shorter.
const MAX_FILTER_BYTES: usize = 500;

/// A search as the snapshot takes it. What the snapshot checks itself is left to it.
pub(in crate::service) fn search(
    message: proto::SearchEntitiesRequest,
    violations: &mut Vec<Violation>,
) -> SearchRequest {
    list_ids("lists", &message.lists, violations);
    let filters = [
        ("programmes", &message.programmes),
        ("countries", &message.countries),
        ("categories", &message.categories),
    ];
    for (field, values) in filters {
        for (i, value) in values.iter().enumerate() {
            if value.is_empty() || value.len() > MAX_FILTER_BYTES {
                let what = format!("is empty or longer than {MAX_FILTER_BYTES} bytes");
                violations.push(Violation::new(format!("{field}[{i}]"), what));
            }
        }
    }
    let kind = match proto::EntityKind::try_from(message.kind) {
        Ok(proto::EntityKind::Unspecified) => None,
        Ok(proto::EntityKind::Person) => Some(EntityKind::Person),
        Ok(proto::EntityKind::Organisation) => Some(EntityKind::Organisation),
        Err(_) => {
            violations.push(Violation::new("kind", "is not a kind of this version"));
            None
        }
    };
    let page_size = usize::try_from(message.page_size).unwrap_or_else(|_| {
        violations.push(Violation::new("page_size", "is negative; 0 stands for the default"));
        0
    });
    SearchRequest {
        query: message.query,
        lists: message.lists,
        kind,
        programmes: message.programmes,
        countries: message.countries,
        categories: message.categories,
        page_size,
        page_token: message.page_token,
    }
}
