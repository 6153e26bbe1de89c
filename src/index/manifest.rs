//! What a snapshot holds and where it came from.

use serde::{Deserialize, Serialize};

use crate::model::{Entity, EntityKind};
use crate::sources::Issue;

/// Version of a generation's layout: of the store's fields and of what readers deliver.
///
/// Raise it whenever a generation written before can no longer be read as it was meant, or the same
/// list files would yield other entities. The compiled name index has a version of its own, since it
/// can be rebuilt from the store.
pub const FORMAT_VERSION: u32 = 1;

/// Most issues kept per list; further ones are counted only.
pub const MAX_ISSUES_KEPT: usize = 1_000;

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
    /// Names, aliases included. Nothing that other sources lend is counted, here or below.
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

impl ListCounts {
    /// Counts one more entity, as its list gives it.
    pub fn add(&mut self, entity: &Entity) {
        self.entities += 1;
        match entity.kind {
            EntityKind::Person => self.persons += 1,
            EntityKind::Organisation => self.organisations += 1,
        }
        self.names += entity.names.len() as u64;
        self.births += entity.births.len() as u64;
        self.citizenships += entity.citizenships.len() as u64;
        self.addresses += entity.addresses.len() as u64;
        self.identifiers += entity.identifiers.len() as u64;
        self.relations += entity.relations.len() as u64;
    }
}

/// A source that lent names or relations to a list's entities at their import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LenderManifest {
    /// Which source (`ror`), as it stands in `lent_by`.
    pub lender: String,
    /// Files it was read from (file names without folders).
    pub sources: Vec<String>,
    /// BLAKE3 of the files' bytes, hexadecimal; see [`ListManifest::content_hash`].
    pub content_hash: String,
    /// How many entities of the list were lent anything.
    pub entities: u64,
    /// How many issues its files had.
    pub issue_count: u64,
    /// The first of them (at most [`MAX_ISSUES_KEPT`]).
    pub issues: Vec<Issue>,
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
    /// BLAKE3 of the file's bytes as given (compressed, if they were), hexadecimal, so that
    /// `b3sum FILE` tells the same. Of several files: BLAKE3 of their hexadecimal hashes, joined.
    pub content_hash: String,
    /// Sources that lent names to its entities, in order of their ids.
    pub lenders: Vec<LenderManifest>,
    /// Counts.
    pub counts: ListCounts,
    /// How many issues there were.
    pub issue_count: u64,
    /// The first of them (at most [`MAX_ISSUES_KEPT`]).
    pub issues: Vec<Issue>,
}

/// Counts of what a register brought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterCounts {
    /// Organisations.
    pub organisations: u64,
    /// Seats on their boards, former ones included.
    pub seats: u64,
}

/// A register in a snapshot: reference data beside the lists, of which nothing is ever a hit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RegisterManifest {
    /// The register's id (`boards`).
    pub register: String,
    /// Its full name.
    pub title: String,
    /// Files it was read from, as given (file names without folders).
    pub sources: Vec<String>,
    /// As of when its newest source stands; empty when no row says.
    pub as_of: String,
    /// When it was imported, RFC 3339.
    pub imported: String,
    /// BLAKE3 of the files' bytes, hexadecimal; see [`ListManifest::content_hash`].
    pub content_hash: String,
    /// Counts.
    pub counts: RegisterCounts,
    /// How many issues there were.
    pub issue_count: u64,
    /// The first of them (at most [`MAX_ISSUES_KEPT`]).
    pub issues: Vec<Issue>,
}

/// One file of a generation, with what is needed to see that it is whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FileSum {
    /// Path inside the generation, with `/` between folders.
    pub path: String,
    /// Length in bytes.
    pub length: u64,
    /// BLAKE3, hexadecimal.
    pub hash: String,
}

/// What a snapshot holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// Names the snapshot: a hash of its lists' contents and of the code's format version. The same
    /// inputs give the same id, whenever they were imported.
    pub id: String,
    /// [`FORMAT_VERSION`] of the code that wrote it.
    pub format: u32,
    /// When it was made, RFC 3339.
    pub created: String,
    /// Whether it holds the bundled demonstration lists.
    pub demo: bool,
    /// Its lists, in order of their ids.
    pub lists: Vec<ListManifest>,
    /// Its registers, in order of their ids.
    pub registers: Vec<RegisterManifest>,
    /// Files of the store and of the registers. The compiled name index is not among them: it carries its own checksum,
    /// because it may be rebuilt in place.
    pub files: Vec<FileSum>,
}

impl Manifest {
    /// The list of this id.
    pub fn list(&self, list: &str) -> Option<&ListManifest> {
        self.lists.iter().find(|l| l.list == list)
    }

    /// The register of this id.
    pub fn register(&self, register: &str) -> Option<&RegisterManifest> {
        self.registers.iter().find(|r| r.register == register)
    }

    /// Entities of all lists together.
    pub fn entity_count(&self) -> u64 {
        self.lists.iter().map(|l| l.counts.entities).sum()
    }

    /// Ids of its lists, separated by commas, for messages.
    pub fn list_ids(&self) -> String {
        let ids: Vec<&str> = self.lists.iter().map(|l| l.list.as_str()).collect();
        ids.join(", ")
    }

    /// The id that these lists give: hexadecimal, 128 bits.
    ///
    /// Each part is preceded by its length, so that no two sequences of parts look alike.
    pub(super) fn compute_id(lists: &[ListManifest], registers: &[RegisterManifest]) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut part = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        part("zeef snapshot");
        part(&FORMAT_VERSION.to_string());
        for list in lists {
            part(&list.list);
            part(&list.content_hash);
            part(&list.lenders.len().to_string());
            for lender in &list.lenders {
                part(&lender.lender);
                part(&lender.content_hash);
            }
        }
        for register in registers {
            part("register");
            part(&register.register);
            part(&register.content_hash);
        }
        hasher.finalize().to_hex()[..32].to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(id: &str, hash: &str, imported: &str) -> ListManifest {
        ListManifest {
            list: id.into(),
            content_hash: hash.into(),
            imported: imported.into(),
            ..ListManifest::default()
        }
    }

    #[test]
    fn id_depends_on_contents_alone() {
        let id = |lists: &[ListManifest]| Manifest::compute_id(lists, &[]);
        let base = id(&[list("eu", "aa", "2026-01-01T00:00:00Z")]);
        assert_eq!(base, id(&[list("eu", "aa", "2027-01-01T00:00:00Z")]));
        assert_eq!(base.len(), 32);
        let lent = ListManifest {
            lenders: vec![LenderManifest {
                lender: "ror".into(),
                content_hash: "cc".into(),
                ..LenderManifest::default()
            }],
            ..list("eu", "aa", "")
        };
        for other in
            [vec![list("eu", "ab", "")], vec![list("un", "aa", "")], vec![list("eua", "a", "")], vec![lent]]
        {
            assert_ne!(base, id(&other));
        }
        let register = |hash: &str| RegisterManifest {
            register: "boards".into(),
            content_hash: hash.into(),
            ..RegisterManifest::default()
        };
        let lists = [list("eu", "aa", "")];
        let with = |hash: &str| Manifest::compute_id(&lists, &[register(hash)]);
        assert_ne!(base, with("bb"));
        assert_ne!(with("bb"), with("bc"));
    }
}
