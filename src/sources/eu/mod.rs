//! The EU's consolidated financial sanctions list: FSF XML, schema 1_1.
//!
//! Every element and attribute of the schema has its place in [`crate::model::Entity`], but for the
//! `logicalId`s of names, births, addresses and the like, `regulationLanguage` (the language of the act,
//! always English today), `classificationCode` (`subjectType/@code` in one letter) and
//! `nameAlias/@strong` where it is `true`, as it is on every alias. Values stay as the list writes them,
//! but trimmed; an empty value and the list's placeholders (`-`, `00`, `UNKNOWN`) are missing values.

mod birth;
mod record;
#[cfg(test)]
mod tests;
mod values;

use std::borrow::Cow;
use std::collections::HashSet;

use record::Draft;

use super::xml::{Node, Xml};
use super::{Format, Header, Input, Issue, ReadError, Severity, Sink};

/// Namespace of the export, schema 1_1.
const NAMESPACE: &str = "http://eu.europa.ec/fpi/fsd/export";

/// The list's id, and the name of its format.
const LIST: &str = "eu";

/// The EU list's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: LIST,
    title: "EU consolidated list of persons, groups and entities subject to financial sanctions",
    files: "the official XML export, schema 1_1, plain or gzip",
    read,
};

/// Reads all files in turn. The first file's header is the list's; an entity that an earlier file gave
/// is an issue.
fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    let mut header = None;
    let mut seen = HashSet::new();
    let mut bytes_before = 0;
    for input in inputs {
        let mut xml = Xml::new(input)?;
        let found = read_file(&mut xml, bytes_before, &mut seen, sink)?;
        xml.report_unknown(sink);
        bytes_before += xml.bytes_read();
        header.get_or_insert(found);
    }
    Ok(header.unwrap_or_default())
}

fn read_file(
    xml: &mut Xml<'_>,
    bytes_before: u64,
    seen: &mut HashSet<String>,
    sink: &mut dyn Sink,
) -> Result<Header, ReadError> {
    let mut header = Header::default();
    xml.root("export", NAMESPACE, "an EU sanctions list in schema 1_1", |key, value| {
        match key {
            "generationDate" => header.as_of = value.trim().to_owned(),
            "globalFileId" => header.edition = value.trim().to_owned(),
            _ => return false,
        }
        true
    })?;
    if header.as_of.parse::<jiff::Timestamp>().is_err() {
        header.as_of = String::new();
        sink.issue(Issue {
            severity: Severity::Value,
            place: "export/@generationDate".to_owned(),
            what: "the list does not say as of when it stands".to_owned(),
        });
    }
    let mut entities = 0u64;
    loop {
        let draft = match xml.next()? {
            Node::Open(element) if element.name() == "sanctionEntity" => Draft::open(&element)?,
            Node::Open(element) => {
                element.count_unknown("export");
                xml.skip()?;
                continue;
            }
            Node::Close => continue,
            Node::End => break,
        };
        xml.begin_record();
        let record = draft.read(xml)?;
        for issue in record.issues {
            sink.issue(issue);
        }
        if let Some(entity) = record.entity {
            entities += 1;
            if seen.insert(entity.id.clone()) {
                sink.entity(entity)?;
            } else {
                sink.issue(Issue {
                    severity: Severity::Record,
                    place: format!("line {}, {}", record.line, entity.id),
                    what: "this reference stands on the list already: the first entity is kept".to_owned(),
                });
            }
        }
        sink.progress(bytes_before + xml.bytes_read());
    }
    if entities == 0 {
        return Err(xml.error("there is no entity in the file: a list is never empty, fetch it again"));
    }
    Ok(header)
}

/// A value, trimmed; empty where the list has nothing, or one of its placeholders, instead of one.
fn kept(value: Cow<'_, str>) -> String {
    let trimmed = value.trim();
    match trimmed {
        "-" | "UNKNOWN" => String::new(),
        _ if trimmed.len() == value.len() => value.into_owned(),
        _ => trimmed.to_owned(),
    }
}
