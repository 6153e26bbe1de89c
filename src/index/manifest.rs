//! What a snapshot holds and where it came from.

use serde::{Deserialize, Serialize};

use crate::sources::Issue;

/// Counts of what a list brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListCounts {
    /// Entities.
    pub entities: u64,
    /// Persons among them.
    pub persons: u64,
    /// Organisations among them.
    pub organisations: u64,
    /// Names, aliases included.
    pub names: u64,
    /// Birth dates and places.
    pub births: u64,
    /// Citizenships.
    pub citizenships: u64,
    /// Addresses.
    pub addresses: u64,
    /// Documents and registration numbers.
    pub identifiers: u64,
    /// Relations to other entities.
    pub relations: u64,
}

/// One list in a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListManifest {
    /// The list's id (`eu`).
    pub list: String,
    /// Its full name.
    pub title: String,
    /// Files it was read from, as given (file names without folders).
    pub sources: Vec<String>,
    /// As of when it stands, from the file; empty when the file does not say.
    pub as_of: String,
    /// The list's own name for this edition.
    pub edition: String,
    /// When it was imported, RFC 3339.
    pub imported: String,
    /// BLAKE3 of the files' bytes, hexadecimal.
    pub content_hash: String,
    /// Counts.
    pub counts: ListCounts,
    /// How many issues there were.
    pub issue_count: u64,
    /// The first of them (at most 1,000).
    pub issues: Vec<Issue>,
}

/// What a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// Names the snapshot: a hash of its lists' contents and of the code's format version.
    pub id: String,
    /// Version of the generation's layout and of the name analysis.
    pub format: u32,
    /// When it was made, RFC 3339.
    pub created: String,
    /// Whether it holds the bundled demonstration lists.
    pub demo: bool,
    /// Its lists.
    pub lists: Vec<ListManifest>,
}
