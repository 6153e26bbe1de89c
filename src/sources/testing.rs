//! What the readers' tests share: a sink that keeps everything, and the way to the real lists.

use std::io::Read;
use std::path::PathBuf;

use super::{Format, Header, Input, Issue, ReadError, Severity, Sink, SinkError};
use crate::model::{Entity, RelationKind};

/// All that a reader delivered.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub header: Header,
    pub entities: Vec<Entity>,
    pub issues: Vec<Issue>,
    pub bytes_read: u64,
}

impl Collected {
    /// The issues as a person sees them.
    pub fn issues(&self) -> Vec<String> {
        self.issues.iter().map(|i| format!("{}: {}", i.place, i.what)).collect()
    }

    /// The issues with how bad they are: `R place: what` is a record lost, `V place: what` a value.
    pub fn marked_issues(&self) -> Vec<String> {
        let mark = |i: &Issue| if i.severity == Severity::Record { 'R' } else { 'V' };
        self.issues.iter().map(|i| format!("{} {}: {}", mark(i), i.place, i.what)).collect()
    }

    /// The entity of an id.
    pub fn entity_of(&self, id: &str) -> &Entity {
        self.entities.iter().find(|e| e.id == id).unwrap_or_else(|| panic!("no {id}"))
    }

    /// How many records were left out.
    pub fn records_lost(&self) -> usize {
        self.issues.iter().filter(|i| i.severity == Severity::Record).count()
    }
}

impl Sink for Collected {
    fn entity(&mut self, entity: Entity) -> Result<(), SinkError> {
        self.entities.push(entity);
        Ok(())
    }

    fn issue(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    fn progress(&mut self, bytes_read: u64) {
        assert!(bytes_read >= self.bytes_read, "progress never goes back");
        self.bytes_read = bytes_read;
    }
}

/// Reads one document that must be of the format.
pub(super) fn read(format: &Format, document: &str) -> Collected {
    read_all(format, &[document])
}

/// Reads several documents as one list.
pub(super) fn read_all(format: &Format, documents: &[&str]) -> Collected {
    let inputs =
        documents.iter().map(|d| Input::from_reader("test.xml".to_owned(), d.as_bytes()).unwrap()).collect();
    let mut collected = Collected::default();
    collected.header = (format.read)(inputs, &mut collected).unwrap();
    collected
}

/// Reads bytes as a file.
pub(super) fn read_bytes(format: &Format, bytes: &[u8]) -> Result<Collected, ReadError> {
    read_files(format, &[("test.xml", bytes)])
}

/// Reads files, each with its name, as one list.
pub(super) fn read_files(format: &Format, files: &[(&str, &[u8])]) -> Result<Collected, ReadError> {
    let inputs =
        files.iter().map(|(name, bytes)| Input::from_reader((*name).to_owned(), *bytes).unwrap()).collect();
    let mut collected = Collected::default();
    collected.header = (format.read)(inputs, &mut collected)?;
    Ok(collected)
}

/// The error of bytes that are not of the format.
pub(super) fn read_error(format: &Format, bytes: &[u8]) -> String {
    match read_bytes(format, bytes) {
        Ok(collected) => panic!("read {} entities from what is no list", collected.entities.len()),
        Err(error) => error.to_string(),
    }
}

/// A file of the shared lists (`ZEEF_SHARED`, else `../shared`, then `lists/`), where they are at hand;
/// a test without them says that it did not run.
pub(super) fn shared_list(path: &str) -> Option<Vec<u8>> {
    let shared = std::env::var_os("ZEEF_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let file = shared.join("lists").join(path);
    let bytes = std::fs::read(&file).ok();
    if bytes.is_none() {
        eprintln!("NOT RUN: {} is not here", file.display());
    }
    bytes
}

/// The plain bytes of a file that may be packed.
pub(super) fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    Input::from_reader(String::new(), bytes).unwrap().bytes.read_to_end(&mut plain).unwrap();
    plain
}

/// An entity's names, in order.
pub(super) fn names(entity: &Entity) -> Vec<&str> {
    entity.names.iter().map(|n| n.whole.as_str()).collect()
}

/// An entity's relations of a kind: name, native name, id.
pub(super) fn relations(entity: &Entity, kind: RelationKind) -> Vec<(&str, &str, &str)> {
    let of_kind = entity.relations.iter().filter(|r| r.kind == kind);
    of_kind.map(|r| (r.name.as_str(), r.native_name.as_str(), r.entity_id.as_str())).collect()
}
