//! Canada's Named Research Organizations, list `canada-nro`: the official web page, English edition.
//!
//! Under the policy on sensitive technology research, grants are refused where a researcher is
//! affiliated with one of these. The page is the list: an item for each organisation, its name in
//! bold, its country in brackets, its aliases in a paragraph below, parted by semicolons. The page
//! gives no numbers: an organisation's id is its name in lower case with `-` for spaces
//! ([`slug`]), `-2` and so on behind it where two names give one id.

use std::collections::HashSet;

use crate::model::{Address, Designation, Entity, EntityKind, Listing, NameQuality};

use super::html::{Piece, Pieces};
use super::institution::{institution_name_quality, push_name};
use super::opening::{Form, LineCounter, form_of, whole_text};
use super::spelling::{has_han, key, slug, tidy};
use super::{Format, Header, Input, Issue, ReadError, Severity, Sink, country};

/// The list, for the registry.
pub(super) const FORMAT: Format = Format {
    name: LIST,
    title: "Canada's Named Research Organizations",
    files: "the official web page (HTML, English)",
    read,
};

const LIST: &str = "canada-nro";

/// The largest page taken. The page of 2024 has 50 kB.
const PAGE_LIMIT: u64 = 16 << 20;

/// The longest name taken, in bytes.
const NAME_LIMIT: usize = 1_000;

/// Reads the page. With several files each is read; an organisation that an earlier one gave is an
/// issue.
///
/// # Errors
/// A file that is no page of this list.
fn read(inputs: Vec<Input<'_>>, sink: &mut dyn Sink) -> Result<Header, ReadError> {
    let mut header: Option<Header> = None;
    let mut keys = HashSet::new();
    let mut ids = HashSet::new();
    let mut bytes_read = 0;
    for mut input in inputs {
        let file = input.name.clone();
        let refuse = |what: &str| {
            Err(ReadError::Format { file: file.clone(), place: "whole page".into(), what: what.into() })
        };
        if form_of(&mut input)? != Form::Markup {
            return refuse(
                "not a web page: the page of the Named Research Organizations is expected, as HTML",
            );
        }
        let page = whole_text(input, PAGE_LIMIT)?;
        let (items, of_page) = items(&page);
        if items.is_empty() {
            return refuse(
                "no organisation found: the page must list names in bold with a country in brackets",
            );
        }
        for item in items {
            let entity = entity(item, &of_page, &mut keys, &mut ids, sink);
            if let Some(entity) = entity {
                sink.entity(entity)?;
            }
        }
        bytes_read += page.len() as u64;
        sink.progress(bytes_read);
        header.get_or_insert(Header { as_of: of_page.modified, edition: String::new() });
    }
    Ok(header.unwrap_or_default())
}

/// What the page says of itself.
#[derive(Default)]
struct OfPage {
    /// When it was last changed (`dcterms.modified`).
    modified: String,
    /// Its address (the canonical link).
    url: String,
}

/// One item of the page, as text.
struct Item {
    line: usize,
    bold: String,
    /// What stands outside the bold text and the paragraph.
    beside: String,
    paragraph: String,
}

/// All list items with a bold name and a bracket behind it; navigation and prose have none.
fn items(page: &str) -> (Vec<Item>, OfPage) {
    let mut items = Vec::new();
    let mut of_page = OfPage::default();
    let mut item: Option<Item> = None;
    let (mut bold, mut paragraph) = (false, false);
    let mut close = |item: &mut Option<Item>| {
        items.extend(
            item.take().filter(|i| !tidy(&i.bold).is_empty() && i.beside.trim_start().starts_with('(')),
        );
    };
    let mut lines = LineCounter::new(page);
    for (at, piece) in Pieces::new(page) {
        match &piece {
            Piece::Open { name, .. } => match name.as_str() {
                "li" => {
                    close(&mut item);
                    item = Some(Item {
                        line: lines.of(at),
                        bold: String::new(),
                        beside: String::new(),
                        paragraph: String::new(),
                    });
                    (bold, paragraph) = (false, false);
                }
                "strong" | "b" => bold = true,
                "p" => paragraph = true,
                "meta" if piece.attribute("name") == Some("dcterms.modified") => {
                    of_page.modified = piece.attribute("content").unwrap_or_default().trim().to_owned();
                }
                "link" if piece.attribute("rel") == Some("canonical") => {
                    of_page.url = piece.attribute("href").unwrap_or_default().to_owned();
                }
                _ => {}
            },
            Piece::Close(name) => match name.as_str() {
                "li" | "ul" => close(&mut item),
                "strong" | "b" => bold = false,
                "p" => paragraph = false,
                _ => {}
            },
            Piece::Text(text) => {
                if let Some(item) = &mut item {
                    match (paragraph, bold) {
                        (true, _) => item.paragraph.push_str(text),
                        (false, true) => item.bold.push_str(text),
                        (false, false) => item.beside.push_str(text),
                    }
                }
            }
        }
    }
    close(&mut item);
    (items, of_page)
}

fn entity(
    item: Item,
    of_page: &OfPage,
    keys: &mut HashSet<String>,
    ids: &mut HashSet<String>,
    sink: &mut dyn Sink,
) -> Option<Entity> {
    let name = tidy(&item.bold);
    let place = format!("line {}", item.line);
    let mut report = |severity, what: &str| {
        sink.issue(Issue { severity, place: place.clone(), what: what.into() });
    };
    if key(&name).is_empty() || name.len() > NAME_LIMIT {
        report(Severity::Record, "no name that can be read: left out");
        return None;
    }
    if !keys.insert(key(&name)) {
        report(Severity::Record, "this organisation came before: left out");
        return None;
    }
    let mut entity = Entity {
        list: LIST.into(),
        id: free_id(slug(&name), ids),
        kind: EntityKind::Organisation,
        links: Some(of_page.url.clone()).filter(|url| !url.is_empty()).into_iter().collect(),
        listings: vec![Listing {
            programme: "NRO".into(),
            title: "Policy on Sensitive Technology Research and Affiliations of Concern".into(),
            issued_by: "Government of Canada".into(),
            url: of_page.url.clone(),
            published: of_page.modified.parse().ok(),
            ..Listing::default()
        }],
        designation: Designation::default(),
        ..Entity::default()
    };
    push_name(&mut entity.names, &name);
    let paragraph = tidy(&item.paragraph);
    let aliases = match paragraph.split_once(':') {
        Some((_, aliases)) => aliases,
        None => {
            if !paragraph.is_empty() {
                report(Severity::Value, "a paragraph that is no list of aliases: left out");
            }
            ""
        }
    };
    for alias in aliases.split(';').flat_map(parts) {
        if alias.len() > NAME_LIMIT {
            report(Severity::Value, "an alias is absurdly long: left out");
        } else {
            push_name(&mut entity.names, &alias);
        }
    }
    let beside = tidy(&item.beside);
    let description = beside.trim_start_matches('(').split(')').next().unwrap_or_default().trim().to_owned();
    let code = country::code(&description);
    if code.is_none() {
        report(Severity::Value, "the country is not known: kept as text");
    }
    entity.addresses.push(Address {
        country: code.unwrap_or_default().into(),
        country_description: description,
        ..Address::default()
    });
    Some(entity)
}

/// The aliases between two semicolons: several where commas part them and one is an acronym.
fn parts(text: &str) -> Vec<String> {
    let parts: Vec<String> = text.split(',').map(tidy).collect();
    let is_list = parts.iter().any(|p| institution_name_quality(p) == NameQuality::Acronym || has_han(p));
    if is_list { parts } else { vec![tidy(text)] }
}

/// The id, or with `-2`, `-3` … behind it the first that is free.
pub(super) fn free_id(id: String, ids: &mut HashSet<String>) -> String {
    let mut free = id.clone();
    let mut count = 2;
    while !ids.insert(free.clone()) {
        free = format!("{id}-{count}");
        count += 1;
    }
    free
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::testing::{names, read_bytes, read_error, shared_list};

    const PAGE: &[u8] = include_bytes!("../../fixtures/canada-nro-demo.html");

    #[test]
    fn reads_the_page() {
        let read = read_bytes(&FORMAT, PAGE).unwrap();
        assert_eq!(read.header.as_of, "2024-04-18");
        assert_eq!(
            read.entities.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
            [
                "academy-of-military-science",
                "air-force-xian-flight-academy",
                "chinese-academy-of-engineering-physics",
                "imam-hussein-university",
                "moscow-institute-of-physics-and-technology",
                "north-example-university",
            ]
        );
        let engineering = read.entity_of("chinese-academy-of-engineering-physics");
        assert_eq!(
            names(engineering),
            [
                "Chinese Academy of Engineering Physics",
                "CAEP",
                "Beijing Computational Science Research Center",
                "Ninth Academy"
            ]
        );
        assert_eq!(engineering.names[1].quality, NameQuality::Acronym);
        assert_eq!(engineering.countries(), ["CN"]);
        assert_eq!(read.entity_of("imam-hussein-university").countries(), ["IR"]);
        assert_eq!(
            read.marked_issues(),
            [
                "V line 28: the country is not known: kept as text",
                "R line 29: this organisation came before: left out"
            ]
        );
    }

    #[test]
    fn refuses_what_is_not_the_page() {
        for (bytes, part) in [
            (
                &b"<html><ul><li>Home</li><li><strong>Contact</strong> us</li></ul></html>"[..],
                "no organisation",
            ),
            (b"name,country\n", "not a web page"),
            (b"[]", "not a web page"),
            (b"", "empty"),
            (b"<html>\xff", "UTF-8"),
        ] {
            let error = read_error(&FORMAT, bytes);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn the_official_page_comes_in_whole() {
        let (Some(page), Some(json)) =
            (shared_list("other/canada-nro.html"), shared_list("other/canada-nro.json"))
        else {
            return;
        };
        let read = read_bytes(&FORMAT, &page).unwrap();
        assert_eq!(read.issues, []);
        assert_eq!(read.entities.len(), 103);
        // An independent reading of the same page.
        let expected: Vec<serde_json::Value> = serde_json::from_slice(&json).unwrap();
        let mut aliases = 0;
        for (organisation, entity) in expected.iter().zip(&read.entities) {
            assert_eq!(entity.names[0].whole, organisation["name"].as_str().unwrap());
            assert_eq!(entity.addresses[0].country_description, organisation["country"].as_str().unwrap());
            assert!(!entity.addresses[0].country.is_empty());
            let given: Vec<&str> =
                organisation["aliases"].as_array().unwrap().iter().filter_map(|a| a.as_str()).collect();
            aliases += given.len();
            // That reading cut one alias at the semicolon of its `&amp;`.
            for alias in given.join(";").replace("&;", "& ").split(';').filter(|a| !a.is_empty()) {
                for part in parts(alias) {
                    assert!(names(entity).contains(&part.as_str()), "{}: an alias is lost", entity.id);
                }
            }
        }
        assert_eq!(aliases, 254);
    }

    proptest::proptest! {
        #[test]
        fn no_page_makes_it_panic(page in "<(<li>|<strong>|</strong>|<p>|</p>|\\(|\\)|:|;|,|A|é| |</li>){0,40}") {
            let _ = read_bytes(&FORMAT, page.as_bytes());
        }
    }
}
