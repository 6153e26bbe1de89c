//! Organisations: a listed name found in a query, with reasons.
//!
//! A query is an institution's name or an affiliation string. A listed name is aligned as a window
//! inside one of its segments (`align`); what else is known of the institution (country,
//! address) is graded evidence. Short and common names hit only as the whole query; acronyms also
//! with support from a place that the institution is known to be at.

mod align;
mod explain;
mod query;
mod score;
mod words;

#[cfg(test)]
mod tests;

pub use align::AlignScratch;
pub(crate) use align::{LONGEST_JOINED, MOST_JOINED, joins};
pub use explain::{explain, explain_in_place};
pub use query::{OrganisationFacts, OrganisationQuery};
pub use score::{Found, ListedName, NameClass, name_class, score, whole_hash};
pub use words::{WordRef, related_to};

/// Most bits that evidence beside the name can add: what retrieval must allow for.
pub const MOST_OTHER_BITS: f64 = score::COUNTRY_AGREES + score::PLACE_AGREES;
