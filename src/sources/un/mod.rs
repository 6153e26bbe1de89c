//! The United Nations Security Council's consolidated list, official XML.
//!
//! The list writes every value as an element's text, countries by name (a code is looked up, the name
//! kept), a person's names in up to four parts whose meaning differs by culture (they are joined in
//! order), and several spellings in one alias, parted by semicolons (they are taken apart).

mod names;
mod record;
#[cfg(test)]
mod tests;

use super::intake::{self, Intake};
use super::xml::{Node, Xml};
use super::{Format, Header, Input, ReadError, Sink};
use crate::model::EntityKind;

/// The list's id, and the name of its format.
const LIST: &str = "un";

/// The UN list's entry in the registry.
pub(super) const FORMAT: Format = Format {
    name: LIST,
    title: "United Nations Security Council Consolidated List",
    files: "the official XML, plain or gzip",
    read,
};

fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    intake::read_files(inputs, sink, read_file)
}

fn read_file(xml: &mut Xml<'_>, intake: &mut Intake<'_>) -> Result<Header, ReadError> {
    const ROOT: &str = "CONSOLIDATED_LIST";
    let mut header = Header::default();
    xml.root(ROOT, "", "the UN Security Council's consolidated list", |key, value| {
        let known = key == "dateGenerated";
        if known {
            header.as_of = value.into_owned();
        }
        known
    })?;
    header.as_of = intake.as_of(&header.as_of, "CONSOLIDATED_LIST/@dateGenerated");
    loop {
        match xml.next()? {
            Node::Open(element) => match element.name() {
                "INDIVIDUALS" => section(xml, intake, "INDIVIDUAL", EntityKind::Person)?,
                "ENTITIES" => section(xml, intake, "ENTITY", EntityKind::Organisation)?,
                _ => {
                    element.count_unknown(ROOT);
                    xml.skip()?;
                }
            },
            Node::Close => {}
            Node::End => return Ok(header),
        }
    }
}

/// Reads one half of the list.
fn section(
    xml: &mut Xml<'_>,
    intake: &mut Intake<'_>,
    record: &'static str,
    kind: EntityKind,
) -> Result<(), ReadError> {
    while let Node::Open(element) = xml.next()? {
        if element.name() != record {
            element.count_unknown("section");
            xml.skip()?;
            continue;
        }
        let line = element.line;
        xml.begin_record();
        let record = record::read(xml, kind, line)?;
        intake.record(xml, record)?;
    }
    Ok(())
}
