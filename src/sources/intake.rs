//! What the XML readers do alike: files in turn, each reference once, no list empty.

use std::collections::HashSet;

use super::xml::Xml;
use super::{Header, Input, Issue, ReadError, Severity, Sink};
use crate::model::Entity;

/// What one record of a list gave.
pub(super) struct Record {
    /// The entity; `None` where the record is left out, which an issue tells.
    pub entity: Option<Entity>,
    /// What could not be read of it.
    pub issues: Vec<Issue>,
    /// Line on which it begins.
    pub line: u64,
}

/// The way from records to the sink.
pub(super) struct Intake<'s> {
    sink: &'s mut dyn Sink,
    /// References of the list so far, over all files.
    seen: HashSet<String>,
    /// Bytes of the files before.
    bytes_before: u64,
    /// Entities in the file at hand, those that stood on the list already among them.
    entities: u64,
}

/// Reads all files in turn with `read_file`. The first file's header is the list's.
pub(super) fn read_files(
    inputs: Vec<Input<'_>>,
    sink: &mut dyn Sink,
    read_file: impl Fn(&mut Xml<'_>, &mut Intake<'_>) -> Result<Header, ReadError>,
) -> Result<Header, ReadError> {
    let mut intake = Intake { sink, seen: HashSet::new(), bytes_before: 0, entities: 0 };
    let mut header = None;
    for input in inputs {
        intake.entities = 0;
        let mut xml = Xml::new(input)?;
        let found = read_file(&mut xml, &mut intake)?;
        if intake.entities == 0 {
            return Err(xml.error("there is no entity in the file: a list is never empty, fetch it again"));
        }
        xml.report_unknown(intake.sink);
        intake.bytes_before += xml.bytes_read();
        header.get_or_insert(found);
    }
    Ok(header.unwrap_or_default())
}

impl Intake<'_> {
    /// Delivers a record; an entity whose reference the list has given before is an issue.
    pub fn record(&mut self, xml: &Xml<'_>, record: Record) -> Result<(), ReadError> {
        for issue in record.issues {
            self.sink.issue(issue);
        }
        if let Some(entity) = record.entity {
            self.entities += 1;
            if self.seen.insert(entity.id.clone()) {
                self.sink.entity(entity)?;
            } else {
                self.sink.issue(Issue {
                    severity: Severity::Record,
                    place: place(record.line, &entity.id, ""),
                    what: "this reference stands on the list already: the first entity is kept".to_owned(),
                });
            }
        }
        self.sink.progress(self.bytes_before + xml.bytes_read());
        Ok(())
    }

    /// Checks that the file says as of when it stands, at `place` in it.
    pub fn as_of(&mut self, written: &str, place: &str) -> String {
        let written = written.trim();
        if written.parse::<jiff::Timestamp>().is_ok() || written.parse::<jiff::civil::Date>().is_ok() {
            return written.to_owned();
        }
        self.sink.issue(Issue {
            severity: Severity::Value,
            place: place.to_owned(),
            what: "the list does not say as of when it stands".to_owned(),
        });
        String::new()
    }
}

/// Most bytes of a reference that stand in a place: the longest of the lists have some twenty, and a hostile file
/// may put a megabyte there.
const LONGEST_REFERENCE: usize = 100;

/// Where in a file a value stands: line, reference of the record, field.
pub(super) fn place(line: u64, id: &str, field: &str) -> String {
    let mut place = format!("line {line}");
    for part in [id, field] {
        if !part.is_empty() {
            place.push_str(", ");
            place.push_str(&part[..part.floor_char_boundary(LONGEST_REFERENCE)]);
        }
    }
    place
}
