//! ASPI's China Defence Universities Tracker, list `aspi`.
//!
//! There is no official download. An operator can have three kinds of file, told apart by their
//! content, and may give several of them for the one list:
//!
//! * the **galaxy** cluster that the MISP project publishes (JSON): all institutions with names,
//!   categories, agencies, laboratories and pages, but without ratings;
//! * a **table** kept by the operator (CSV): ratings above all, see [`table`] for its columns;
//! * a saved **page** of the tracker's own table (HTML), see [`page`].
//!
//! Pages are merged into the galaxy's records first and tables last, so that what the operator keeps
//! has the last word. An institution's id is the last segment of its tracker page's address
//! (`beihang-university`). Institutions are in China by the tracker's definition: that is their
//! country where no file says otherwise.
//!
//! A missing rating is unknown, never low.

mod galaxy;
mod merge;
mod naming;
mod page;
mod row;
mod table;

use crate::model::RiskRating;
use crate::sources::opening::{Bounded, Form, form_of, whole_text};
use crate::sources::spelling::key;
use crate::sources::{Format, Header, Input, Issue, ReadError, Severity, Sink};

use merge::Institutions;

/// The tracker, for the registry.
pub(super) const FORMAT: Format = Format {
    name: LIST,
    title: "ASPI China Defence Universities Tracker",
    files: "MISP galaxy cluster (JSON), a CSV of your own with id and risk, a saved tracker page (HTML); \
            several are merged",
    read,
};

/// The list's id.
const LIST: &str = "aspi";

/// The longest name or address taken, in characters. The longest in the published file has 252.
const NAME_LIMIT: usize = 1_000;

/// The largest file taken, unpacked. The published galaxy file has 0.6 MB.
const FILE_LIMIT: u64 = 64 << 20;

/// Reads all files given for the tracker; see the module's text.
///
/// # Errors
/// A file that is none of the three kinds, breaks off or is not UTF-8; or no institution in any.
fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    let several = inputs.len() > 1;
    let mut header = Header::default();
    let mut institutions = Institutions::default();
    let (mut page_rows, mut table_rows) = (Vec::new(), Vec::new());
    let mut bytes_read = 0;
    let files = inputs.iter().map(|i| i.name.as_str()).collect::<Vec<_>>().join(", ");
    for mut input in inputs {
        let file = input.name.clone();
        // With one file its name in every place would be noise.
        let at =
            |place: &str| if several { format!("{}: {place}", base_name(&file)) } else { place.to_owned() };
        let mut issues = Vec::new();
        let mut issue = |mut issue: Issue| {
            issue.place = at(&issue.place);
            issues.push(issue);
        };
        match form_of(&mut input)? {
            Form::JsonObject | Form::JsonArray => {
                let mut bytes = Bounded::new(input.bytes, FILE_LIMIT);
                let mut doubles = Vec::new();
                let galaxy = galaxy::read(
                    &file,
                    &mut bytes,
                    &mut |entity, place| {
                        if !institutions.add(entity) {
                            doubles.push(Issue {
                                severity: Severity::Record,
                                place,
                                what: "an institution with this id came before: left out".into(),
                            });
                        }
                    },
                    &mut issue,
                )?;
                doubles.into_iter().for_each(issue);
                header.edition = galaxy.version;
                bytes_read += bytes.bytes_read();
            }
            form => {
                let text = whole_text(input, FILE_LIMIT)?;
                bytes_read += text.len() as u64;
                let (rows, all) = match form {
                    Form::Markup => (page::read(&file, &text, &mut issue)?, &mut page_rows),
                    _ => (table::read(&file, &text, &mut issue)?, &mut table_rows),
                };
                all.extend(rows.into_iter().map(|mut row| {
                    row.place = at(&row.place);
                    row
                }));
            }
        }
        issues.into_iter().for_each(|issue| sink.issue(issue));
        sink.progress(bytes_read);
    }
    for row in page_rows.into_iter().chain(table_rows) {
        institutions.merge(row, &mut |issue| sink.issue(issue));
    }
    let institutions = institutions.finish();
    if institutions.is_empty() {
        return Err(ReadError::Format {
            file: files,
            place: "whole file".into(),
            what: "no institution could be read".into(),
        });
    }
    for entity in institutions {
        sink.entity(entity)?;
    }
    Ok(header)
}

fn base_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// The id in a tracker page's address: the last segment of its path, without query or fragment.
/// `None` for what has no such segment in lower-case letters, digits and `-`.
fn id_of_page(page: &str) -> Option<String> {
    let page = page.trim().split(['?', '#']).next().unwrap_or_default();
    let path = match page.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => page.strip_prefix('/')?,
    };
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let sound = !last.is_empty()
        && last.len() <= 200
        && last.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    sound.then_some(last)
}

/// A rating in English or Dutch, with or without the word risk; `Ok(None)` is unknown.
///
/// # Errors
/// Anything else, with what is expected.
fn risk(text: &str) -> Result<Option<RiskRating>, String> {
    let folded = key(text);
    let word = folded.strip_suffix(" risk").or(folded.strip_suffix(" risico")).unwrap_or(&folded);
    match word {
        "very high" | "zeer hoog" | "heel hoog" => Ok(Some(RiskRating::VeryHigh)),
        "high" | "hoog" => Ok(Some(RiskRating::High)),
        "medium" | "middel" | "midden" | "gemiddeld" | "matig" => Ok(Some(RiskRating::Medium)),
        "low" | "laag" => Ok(Some(RiskRating::Low)),
        "unknown" | "onbekend" | "" => Ok(None),
        _ => Err("not a rating: very high, high, medium, low or unknown is expected \
                  (zeer hoog, hoog, middel, laag, onbekend)"
            .into()),
    }
}

#[cfg(test)]
mod hostile;
#[cfg(test)]
mod tests;
