//! Reading ROR, and lending without mistaking one institution for another.

use crate::model::{Address, Entity, EntityKind, Name, NameQuality, RelationKind};
use crate::sources::testing::{names, relations, shared_list};
use crate::sources::{Header, Input, Issue, ReadError};

use super::{LENT_BY, Lender, RorNameKind, RorRecord, read};

/// A record as ROR writes it; a name is `kind:value`.
fn ror(id: &str, country: &str, names: &[&str], relations: &[(&str, &str)], status: &str) -> String {
    let names = names
        .iter()
        .map(|name| {
            let (kind, value) = name.split_once(':').unwrap();
            format!(r#"{{"value": "{value}", "types": ["{kind}"], "lang": null}}"#)
        })
        .collect::<Vec<_>>()
        .join(",");
    let relations = relations
        .iter()
        .map(|(kind, label)| {
            format!(r#"{{"type": "{kind}", "id": "https://ror.org/{label}", "label": "{label}"}}"#)
        })
        .collect::<Vec<_>>()
        .join(",");
    format!(
        r#"{{"id": "https://ror.org/{id}", "status": "{status}", "names": [{names}], "relationships": [{relations}], "locations": [{{"geonames_id": 1, "geonames_details": {{"country_code": "{country}"}}}}], "admin": {{"last_modified": {{"date": "2025-0{}-01"}}}}}}"#,
        id.len()
    )
}

fn read_text(text: &str) -> Result<(Header, Vec<RorRecord>, Vec<Issue>), ReadError> {
    let (mut records, mut issues) = (Vec::new(), Vec::new());
    let input = Input::from_reader("ror".into(), text.as_bytes()).unwrap();
    let header = read(input, &mut |r| records.push(r), &mut |i| issues.push(i))?;
    Ok((header, records, issues))
}

fn lender(records: &[String]) -> Lender {
    Lender::new(read_text(&records.join("\n")).unwrap().1)
}

fn institution(country: &str, names: &[&str]) -> Entity {
    Entity {
        kind: EntityKind::Organisation,
        names: names.iter().map(|n| Name::of(*n)).collect(),
        addresses: vec![Address { country: country.into(), ..Address::default() }],
        ..Entity::default()
    }
}

#[test]
fn reads_lines_and_arrays_alike() {
    let a = ror(
        "a",
        "CN",
        &["label:A  University", "alias:Old A", "acronym:AU", "alias:Old A"],
        &[("parent", "P")],
        "active",
    );
    let b = ror("bb", "cn", &["ror_display:B University"], &[("successor", "S")], "withdrawn");
    let (header, lines, issues) = read_text(&format!("{a}\n\n{b}\n")).unwrap();
    let (_, array, _) = read_text(&format!(" [{a},\n{b}]")).unwrap();
    assert_eq!(lines, array);
    assert!(issues.is_empty());
    assert_eq!(header.as_of, "2025-02-01", "the latest change");
    let names: Vec<_> = lines[0].names.iter().map(|n| (&*n.value, n.kind)).collect();
    assert_eq!(
        names,
        [("A University", RorNameKind::Label), ("Old A", RorNameKind::Alias), ("AU", RorNameKind::Acronym)]
    );
    assert_eq!(&*lines[0].countries[0], "CN");
    assert_eq!(lines[0].relations[0].kind, RelationKind::Parent);
    assert!(lines[1].relations.is_empty(), "a successor is no part");
    assert!(lines[1].withdrawn && !lines[0].withdrawn);
}

#[test]
fn bad_records_are_issues_and_bad_files_errors() {
    let good = ror("a", "CN", &["label:A University"], &[], "active");
    let (_, records, issues) =
        read_text(&format!("{good}\n{{\"id\": 7}}\n{{broken\n{{\"id\": \"x\", \"names\": []}}\n{good}"))
            .unwrap();
    assert_eq!(records.len(), 2);
    assert_eq!(issues.iter().map(|i| i.place.as_str()).collect::<Vec<_>>(), ["line 2", "line 3", "line 4"]);
    for (text, part) in [
        ("", "empty"),
        ("id,name\n", "schema v2"),
        ("{\n  \"id\": 1\n}", "schema v2"),
        ("[]", "no record"),
        ("{\"id\": 1}", "no record"),
        (&format!("[{good}, {{\"id\""), "breaks off"),
        (&format!("[{good}] x"), "no valid JSON"),
    ] {
        let error = read_text(text).unwrap_err().to_string();
        assert!(error.contains(part), "{part:?} not in {error:?}");
    }
}

#[test]
fn lends_names_and_ties_and_says_so() {
    let lender = lender(&[
        ror(
            "a",
            "CN",
            &[
                "label:North Example University",
                "label:北例大学",
                "alias:Old Example College",
                "acronym:NEXU",
            ],
            &[("child", "Lab"), ("parent", "Ministry")],
            "active",
        ),
        ror("Lab", "CN", &["label:Lab", "label:实验室"], &[], "active"),
        // The same record from another file.
        ror("Lab", "CN", &["label:Lab", "label:实验室"], &[], "active"),
    ]);
    assert_eq!(lender.len(), 2);
    let mut entity = institution("CN", &["North  EXAMPLE university"]);
    let record = lender.lend(&mut entity).unwrap();
    assert_eq!(&*record.id, "https://ror.org/a");
    assert_eq!(names(&entity), ["North  EXAMPLE university", "北例大学", "Old Example College", "NEXU"]);
    assert_eq!(entity.names[3].quality, NameQuality::Acronym);
    assert!(entity.names[1..].iter().all(|n| n.lent_by == LENT_BY) && entity.names[0].lent_by.is_empty());
    assert_eq!(relations(&entity, RelationKind::Child), [("Lab", "实验室", "")]);
    assert_eq!(relations(&entity, RelationKind::Parent), [("Ministry", "", "")]);
    assert!(entity.relations.iter().all(|r| r.lent_by == LENT_BY));
    assert_eq!(entity.links, ["https://ror.org/a"]);
    assert_eq!(entity.identifiers[0].number, "https://ror.org/a");
    let once = entity.clone();
    lender.lend(&mut entity);
    assert_eq!(entity, once, "lending twice changes nothing");
}

#[test]
fn lends_nothing_in_doubt() {
    let records = [
        ror("a", "CN", &["label:North Example University", "label:北例大学", "acronym:NEXU"], &[], "active"),
        ror("b", "RU", &["label:North Example University", "acronym:NEXU", "alias:Energia"], &[], "active"),
        ror("c", "CN", &["label:South Example University"], &[], "active"),
        ror("d", "CN", &["label:South Example University"], &[], "active"),
        ror("e", "CN", &["label:Withdrawn University"], &[], "withdrawn"),
        ror("f", "CN", &["label:A Part of Something"], &[], "active"),
        ror("g", "HK", &["label:PLA Island Academy"], &[], "active"),
    ];
    let lender = lender(&records);
    for (country, names, expected) in [
        ("CN", &["North Example University"][..], Some("a")),
        ("RU", &["North Example University"], Some("b")),
        // The country does not agree.
        ("IR", &["North Example University"], None),
        // The country is unknown and two records bear the name; a second name settles it.
        ("", &["North Example University"], None),
        ("", &["North Example University", "北例大学"], Some("a")),
        // Two records in the same country.
        ("CN", &["South Example University"], None),
        // The two names mean different records.
        ("CN", &["A Part of Something", "北例大学"], None),
        ("CN", &["Withdrawn University"], None),
        // One word, with and without a country.
        ("", &["Energia"], None),
        ("RU", &["Energia"], Some("b")),
        // An acronym is no name.
        ("CN", &["NEXU"], None),
        // An alias alone may be that of a part.
        ("CN", &["Whole of Something", "A Part of Something"], None),
        ("CN", &["Island Academy", "PLA Island Academy"], Some("g")),
        // Likeness is not sameness.
        ("CN", &["North Example Universities"], None),
    ] {
        let found = lender.record_of(&institution(country, names)).map(|r| r.id.rsplit('/').next().unwrap());
        assert_eq!(found, expected, "{country} {names:?}");
    }
    let mut entity = institution("CN", &["North Example University"]);
    lender.lend(&mut entity);
    assert!(!names(&entity).contains(&"NEXU"), "an acronym of two records is not lent");
    let mut person = Entity { kind: EntityKind::Person, ..institution("CN", &["North Example University"]) };
    assert!(lender.lend(&mut person).is_none());
}

#[test]
fn the_public_subset_lends_to_the_tracker() {
    let (Some(registry), Some(tracker)) =
        (shared_list("ror/ror-v2-subset.jsonl.gz"), shared_list("aspi/china-defence-universities.misp.json"))
    else {
        return;
    };
    let mut issues = Vec::new();
    let input = Input::from_reader("ror".into(), registry.as_slice()).unwrap();
    let lender = Lender::read(vec![input], &mut |i| issues.push(i)).unwrap();
    assert!(issues.is_empty());
    assert_eq!(lender.len(), 4_121 - 105, "all but the withdrawn");
    let format = crate::sources::format_named("aspi").unwrap();
    let mut read = crate::sources::testing::read_bytes(format, &tracker).unwrap();
    let mut lent = 0;
    for entity in &mut read.entities {
        lent += usize::from(lender.lend(entity).is_some());
    }
    println!("{lent} of {} institutions have a record", read.entities.len());
    assert!(lent >= 108, "{lent}");
    assert!(read.entity_of("nanjing-university").links.len() == 2);
}
