//! The lists under Section 1286 of the US National Defense Authorization Act 2019, list `us-1286`:
//! institutions found to engage in problematic activity, and talent programmes.
//!
//! The Department of Defense publishes one PDF a year; what is read is the table that public mirrors
//! make of them, a row for each institution and year, with the columns `name` (needed), `aliases`
//! (parted by `;`), `program`, `authority`, `report-date`, `start-date`, `end-date`, `country`,
//! `reason`, `notes`, `source_url` and `schema`. Rows of one name (acronym in brackets aside) become
//! one entity with a listing for each year; a year in which it is missing, or an end date, is shown
//! and decides nothing. The column `topics` is the mirror's own and not taken.
//!
//! The rows have no numbers: an entity's id is its name in lower case with `-` for spaces
//! ([`slug`]).

use std::collections::{HashMap, HashSet};

use crate::model::{Address, Designation, Entity, EntityKind, Listing, PartialDate};

use super::canada_nro::free_id;
use super::institution::push_name;
use super::opening::{Form, LineCounter, form_of, whole_text};
use super::spelling::{key, slug, tidy};
use super::{Format, Header, Input, Issue, ReadError, Severity, Sink, country};

/// The list, for the registry.
pub(super) const FORMAT: Format = Format {
    name: LIST,
    title: "US Department of Defense, Section 1286 list",
    files: "CSV with the columns name, aliases, report-date, country, source_url",
    read,
};

const LIST: &str = "us-1286";

/// The largest file taken. Four years of the list have 0.2 MB.
const FILE_LIMIT: u64 = 64 << 20;

/// The longest cell taken, in bytes. The longest list of aliases has 1.5 kB.
const CELL_LIMIT: usize = 20_000;

/// Reads the table, or several as one.
///
/// # Errors
/// A file without a column `name`, or without any institution.
fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    let mut institutions = Institutions::default();
    let mut bytes_read = 0;
    for mut input in inputs {
        let file = input.name.clone();
        let refuse =
            |what: &str| ReadError::Format { file: file.clone(), place: "line 1".into(), what: what.into() };
        if form_of(&mut input)? != Form::Table {
            return Err(refuse(
                "not a table: a CSV with the columns name, aliases, report-date, country is expected",
            ));
        }
        let text = whole_text(input, FILE_LIMIT)?;
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let headers = reader.headers().map_err(|error| refuse(&error.to_string()))?;
        let columns: HashMap<String, usize> = headers.iter().map(key).zip(0..).collect();
        if !columns.contains_key("name") {
            return Err(refuse(
                "no column \"name\": expected name, aliases, report-date, country, source_url",
            ));
        }
        let mut lines = LineCounter::new(&text);
        for record in reader.records() {
            let record = record.map_err(|error| refuse(&error.to_string()))?;
            let place = format!("line {}", lines.of_record(&record));
            if record.iter().any(|cell| cell.len() > CELL_LIMIT) {
                let what = "an absurdly long cell (is a quotation mark not closed?): left out".into();
                sink.issue(Issue { severity: Severity::Record, place, what });
                continue;
            }
            let cell =
                |name: &str| columns.get(name).and_then(|&at| record.get(at)).map(tidy).unwrap_or_default();
            institutions.take(&cell, &place, sink);
        }
        if institutions.entities.is_empty() {
            return Err(refuse("the table has no institution"));
        }
        bytes_read += text.len() as u64;
        sink.progress(bytes_read);
    }
    let header = institutions.header();
    for entity in institutions.entities {
        sink.entity(entity)?;
    }
    Ok(header)
}

/// The institutions so far. A few hundred: a later row may add to any.
#[derive(Default)]
struct Institutions {
    entities: Vec<Entity>,
    by_key: HashMap<String, usize>,
    ids: HashSet<String>,
    /// The latest `report-date`.
    latest: String,
}

impl Institutions {
    /// Takes a row; `cell` gives a column's text, empty if there is none.
    fn take(&mut self, cell: &dyn Fn(&str) -> String, place: &str, sink: &mut dyn Sink) {
        let mut report = |severity, what: &str| {
            sink.issue(Issue { severity, place: place.into(), what: what.into() });
        };
        let name = cell("name");
        if key(&name).is_empty() {
            return report(Severity::Record, "no name: left out");
        }
        let plain =
            name.strip_suffix(')').and_then(|n| n.rsplit_once(" (")).map_or(name.as_str(), |(n, _)| n);
        let at = *self.by_key.entry(key(plain)).or_insert_with(|| {
            self.entities.push(Entity {
                list: LIST.into(),
                id: free_id(slug(plain), &mut self.ids),
                kind: if cell("schema") == "Person" { EntityKind::Person } else { EntityKind::Organisation },
                ..Entity::default()
            });
            self.entities.len() - 1
        });
        let entity = &mut self.entities[at];
        push_name(&mut entity.names, &name);
        for alias in cell("aliases").split(';') {
            push_name(&mut entity.names, alias);
        }

        let mut date = |column: &str| -> Option<PartialDate> {
            let text = cell(column);
            let date = text.parse().ok();
            if date.is_none() && !text.is_empty() {
                report(Severity::Value, &format!("{} is no date: left out", column.replace(' ', "-")));
            }
            date
        };
        let (published, in_force, end) = (date("report date"), date("start date"), date("end date"));
        let url = cell("source url");
        if !url.is_empty() && !entity.links.contains(&url) {
            entity.links.push(url.clone());
        }
        entity.listings.push(Listing {
            programme: "Section 1286".into(),
            title: cell("program"),
            issued_by: cell("authority"),
            url,
            published,
            in_force,
            ..Listing::default()
        });
        if let Some(published) = published {
            self.latest = self.latest.clone().max(published.to_string());
        }
        let year = published.map_or_else(String::new, |p| format!("{p}: "));
        let ended = end.map(|end| format!("{year}listed until {end}"));
        let note = Some(cell("notes")).filter(|note| !note.is_empty()).map(|note| format!("{year}{note}"));
        for remark in ended.into_iter().chain(note) {
            if !entity.remarks.contains(&remark) {
                entity.remarks.push(remark);
            }
        }
        let reason = cell("reason");
        if !reason.is_empty() {
            entity.designation = Designation { details: reason, ..Designation::default() };
        }
        let description = cell("country");
        if !description.is_empty() {
            let code = country::code(&description).unwrap_or_default();
            if code.is_empty() {
                report(Severity::Value, "the country is not known: kept as text");
            }
            if !entity.addresses.iter().any(|a| a.country_description == description) {
                entity.addresses.push(Address {
                    country: code.into(),
                    country_description: description,
                    ..Address::default()
                });
            }
        }
    }

    /// Editions go by their year; only a whole date says as of when the list stands.
    fn header(&self) -> Header {
        let whole = self.latest.parse::<PartialDate>().is_ok_and(PartialDate::is_full);
        Header {
            as_of: if whole { self.latest.clone() } else { String::new() },
            edition: self.latest.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{names, read_bytes, read_error, shared_list};

    const TABLE: &[u8] = include_bytes!("../../fixtures/us-1286-demo.csv");

    #[test]
    fn rows_of_one_name_are_one_entity_with_its_years() {
        let read = read_bytes(&FORMAT, TABLE).unwrap();
        assert_eq!(read.header.edition, "2025");
        assert_eq!(
            read.entities.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
            [
                "beijing-university-of-aeronautics-and-astronautics",
                "moscow-institute-of-physics-and-technology",
                "mabna-institute",
                "sharif-university-of-technology",
            ]
        );
        let moscow = read.entity_of("moscow-institute-of-physics-and-technology");
        assert_eq!(
            names(moscow),
            [
                "Moscow Institute of Physics and Technology (MIPT)",
                "Moscow Institute of Physics and Technology",
                "MIPT",
                "MFTI",
            ]
        );
        assert_eq!(moscow.listings.len(), 2);
        assert_eq!(moscow.countries(), ["RU"]);
        assert_eq!(read.entity_of("mabna-institute").remarks, ["2024: listed until 2026-07-23"]);
        assert_eq!(
            read.marked_issues(),
            [
                "R line 7: no name: left out",
                "V line 8: report-date is no date: left out",
                "V line 8: the country is not known: kept as text",
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_the_table() {
        for (bytes, part) in [
            (&b"institution;country\nA;B\n"[..], "no column \"name\""),
            (b"name,aliases\n", "no institution"),
            (b"{}", "not a table"),
            (b"<html>", "not a table"),
            (b"", "empty"),
            (b"name\n\xff\xfe", "UTF-8"),
        ] {
            let error = read_error(&FORMAT, bytes);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn the_public_table_comes_in_whole() {
        let Some(bytes) = shared_list("other/us-section-1286.csv") else { return };
        let read = read_bytes(&FORMAT, &bytes).unwrap();
        assert_eq!(read.issues, []);
        assert_eq!(read.entities.iter().map(|e| e.listings.len()).sum::<usize>(), 443, "rows");
        // Every name and alias of every row is that of an entity.
        let all: HashSet<&str> = read.entities.iter().flat_map(|e| names(e)).collect();
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        for record in reader.records() {
            let record = record.unwrap();
            for name in record[2].split(';').chain([&record[1]]).map(tidy).filter(|n| !n.is_empty()) {
                assert!(all.contains(name.as_str()), "a name is lost");
            }
        }
        let ids: HashSet<&str> = read.entities.iter().map(|e| e.id.as_str()).collect();
        assert_eq!(ids.len(), read.entities.len());
        println!("{} institutions", read.entities.len());
    }

    proptest::proptest! {
        #[test]
        fn no_table_makes_it_panic(table in "name,aliases,report-date\n([a-z(),;\"\n é]{0,60})") {
            let _ = read_bytes(&FORMAT, table.as_bytes());
        }
    }
}
