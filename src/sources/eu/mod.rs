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

use record::Draft;

use super::intake::{self, Intake};
use super::xml::{Node, Xml};
use super::{Format, Header, Input, ReadError, Sink};

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

fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    intake::read_files(inputs, sink, read_file)
}

fn read_file(xml: &mut Xml<'_>, intake: &mut Intake<'_>) -> Result<Header, ReadError> {
    let mut header = Header::default();
    xml.root("export", NAMESPACE, "an EU sanctions list in schema 1_1", |key, value| {
        match key {
            "generationDate" => header.as_of = value.into_owned(),
            "globalFileId" => header.edition = value.trim().to_owned(),
            _ => return false,
        }
        true
    })?;
    header.as_of = intake.as_of(&header.as_of, "export/@generationDate");
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
        intake.record(xml, record)?;
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
