//! The tracker's files, good and bad.

use crate::model::{Entity, NameQuality, RelationKind, RiskRating};
use crate::sources::testing::{Collected, names, read_bytes, read_files, relations, shared_list};

use super::{FORMAT, id_of_page, risk};

const DEMO: &[u8] = include_bytes!("../../../fixtures/aspi-demo.json");
const RATINGS: &[u8] = include_bytes!("../../../fixtures/aspi-demo-ratings.csv");

fn read(files: &[(&str, &[u8])]) -> Collected {
    read_files(&FORMAT, files).unwrap()
}

fn error(files: &[(&str, &[u8])]) -> String {
    read_files(&FORMAT, files).unwrap_err().to_string()
}

/// A galaxy file of one institution with this `meta` beside its page.
fn galaxy(meta: &str) -> String {
    let page = "https://unitracker.aspi.org.au/universities/north-example-university";
    format!(
        r#"{{"version": 3, "values": [{{"value": "North Example University (北例大学)", "description": "prose",
            "meta": {{"refs": ["{page}"]{}{meta}}}}}]}}"#,
        if meta.is_empty() { "" } else { ", " }
    )
}

fn one(meta: &str) -> (Entity, Vec<String>) {
    let json = galaxy(meta);
    let read = read(&[("galaxy.json", json.as_bytes())]);
    assert_eq!(read.entities.len(), 1);
    (read.entities[0].clone(), read.marked_issues())
}

#[test]
fn reads_everything_a_galaxy_record_says() {
    let (entity, issues) = one(
        r#""aliases": ["北例大学", "NEU", "Old  Example Institute", "NEU"], "categories": ["Civilian"],
           "topics": ["Radar"], "supervising agencies": ["Ministry (MOE)"],
           "major defence laboratories": ["A Lab (甲实验室/乙实验室", "Jointly run with B"],
           "subsidiaries": ["Press Ltd. (出版社)"], "address": "1 Road, Beijing", "lat": "39.5", "long": 116.25"#,
    );
    assert_eq!(entity.list, "aspi");
    assert_eq!(entity.id, "north-example-university");
    assert_eq!(names(&entity), ["North Example University", "北例大学", "NEU", "Old Example Institute"]);
    assert_eq!(entity.names[2].quality, NameQuality::Acronym);
    assert_eq!(entity.categories, ["Civilian"]);
    assert_eq!(entity.topics, ["Radar"]);
    assert_eq!(relations(&entity, RelationKind::SupervisedBy), [("Ministry (MOE)", "", "")]);
    assert_eq!(
        relations(&entity, RelationKind::Laboratory),
        [("A Lab", "甲实验室", ""), ("A Lab", "乙实验室", "")]
    );
    assert_eq!(relations(&entity, RelationKind::Subsidiary), [("Press Ltd.", "出版社", "")]);
    let address = &entity.addresses[0];
    assert_eq!((address.country.as_str(), address.place.as_str()), ("CN", "1 Road, Beijing"));
    assert_eq!(address.remark, "latitude 39.50000, longitude 116.25000");
    assert_eq!(entity.rating, None);
    assert_eq!(entity.links.len(), 1);
    assert!(!format!("{entity:?}").contains("prose"), "descriptions are the tracker's own text");
    assert_eq!(
        issues,
        ["V record 1, north-example-university, major defence laboratories: \
          1 of 2 entries are remarks, not names: left out"]
    );
}

#[test]
fn the_country_is_known_without_an_address() {
    assert_eq!(one("").0.countries(), ["CN"]);
}

#[test]
fn odd_values_are_located_issues_and_the_record_stands() {
    for (meta, expected) in [
        (r#""aliases": ["A B", 7]"#, "aliases[1]: not a text: left out"),
        (r#""topics": {"x": 1}"#, "topics[0]: not a text: left out"),
        (r#""lat": "north""#, "lat: not an angle in degrees: left out"),
        (r#""lat": 91"#, "lat: not an angle in degrees: left out"),
    ] {
        let (entity, issues) = one(meta);
        assert_eq!(issues, [format!("V record 1, north-example-university, {expected}")], "{meta}");
        assert_eq!(entity.names[0].whole, "North Example University");
    }
    let long = format!(r#""aliases": ["{}"]"#, "x".repeat(super::NAME_LIMIT + 1));
    assert_eq!(one(&long).1.len(), 1);
    assert_eq!(one(r#""aliases": "Single Alias""#).0.names[2].whole, "Single Alias");
}

#[test]
fn bad_records_are_left_out_one_by_one() {
    let json = br#"{"values": [
        5,
        {"meta": {}},
        {"value": "No Page University"},
        {"value": "A", "meta": {"refs": ["https://unitracker.aspi.org.au/universities/a"]}},
        {"value": "Again A", "meta": {"refs": ["https://unitracker.aspi.org.au/universities/a/"]}},
        {"value": "B", "meta": []},
        {"value": "..."}
    ]}"#;
    let read = read(&[("galaxy.json", json)]);
    assert_eq!(
        read.entities.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
        ["no-page-university", "a", "b"]
    );
    assert_eq!(
        read.marked_issues(),
        [
            "R record 1: not an object: left out",
            "R record 2, value: no name: left out",
            "V record 3, refs: no tracker page: the id is made from the name",
            "V record 6, meta: not an object: only the name is taken",
            "V record 6, refs: no tracker page: the id is made from the name",
            "R record 7, value: no name in letters and no page: left out",
            "R record 5, a: an institution with this id came before: left out",
        ]
    );
}

#[test]
fn files_that_cannot_be_read_say_where_and_why() {
    let truncated = &DEMO[..DEMO.len() / 2];
    for (file, expected) in [
        (truncated, &["line ", ", column ", "breaks off"][..]),
        (b"{\"values\": [{\"value\": \"A\"} {}]}", &["line 1, column 28", "no valid JSON"]),
        (b"{\"name\": \"x\"}", &["no \"values\"", "MISP galaxy"]),
        (b"{\"values\": {\"value\": 1}}", &["line 1", "MISP galaxy"]),
        (b"[1, 2]", &["line 1", "MISP galaxy"]),
        (b"{\"values\": []}", &["no institution"]),
        (b"{\"values\": [{\"value\": \"\xff\xfe\"}]}", &["line 1", "no valid JSON"]),
        (b"", &["empty"]),
        (b"institution,score\nA,5\n", &["line 1", "id, name, native_name"]),
        (b"just some words", &["line 1", "first line must name the columns"]),
        (b"id,risk\n\n", &["no institution"]),
        (b"id,name\nx,caf\xe9\n", &["line 2", "UTF-8"]),
        (b"<html><p>no table</p></html>", &["no table", "CSV"]),
        (b"<html><table><tr><th>Name</th></tr></table></html>", &["no table"]),
        (b"PK\x03\x04", &["zip"]),
    ] {
        let error = error(&[("some-file", file)]);
        assert!(error.starts_with("some-file: "), "{error}");
        for part in expected {
            assert!(error.contains(part), "{part:?} not in {error:?}");
        }
    }
    let nested = format!("{{\"values\": {}", "[".repeat(100_000));
    assert!(error(&[("nested", nested.as_bytes())]).contains("nested"));
    let quote = format!("id,name\na,\"open {}", "word ".repeat(100_000));
    assert!(error(&[("quote", quote.as_bytes())]).contains("quotation mark"));
}

#[test]
fn understands_ratings_in_two_languages() {
    for (text, rating) in [
        ("Very high", Some(RiskRating::VeryHigh)),
        ("very_high", Some(RiskRating::VeryHigh)),
        ("VERY-HIGH RISK", Some(RiskRating::VeryHigh)),
        ("zeer hoog", Some(RiskRating::VeryHigh)),
        ("Hoog risico", Some(RiskRating::High)),
        ("high", Some(RiskRating::High)),
        ("middel", Some(RiskRating::Medium)),
        ("Gemiddeld", Some(RiskRating::Medium)),
        ("low", Some(RiskRating::Low)),
        ("laag", Some(RiskRating::Low)),
        ("unknown", None),
        ("Onbekend", None),
    ] {
        assert_eq!(risk(text), Ok(rating), "{text}");
    }
    for text in ["3", "highest", "lowish", "very"] {
        assert!(risk(text).is_err(), "{text}");
    }
}

#[test]
fn finds_the_id_in_a_page_address() {
    for (page, id) in [
        ("https://unitracker.aspi.org.au/universities/beihang-university", Some("beihang-university")),
        ("https://unitracker.aspi.org.au/universities/beihang-university/?x=1#y", Some("beihang-university")),
        ("/universities/Beihang-University/", Some("beihang-university")),
        ("https://unitracker.aspi.org.au", None),
        ("https://unitracker.aspi.org.au/", None),
        ("beihang", None),
        ("https://x.org/a b", None),
        ("", None),
    ] {
        assert_eq!(id_of_page(page).as_deref(), id, "{page}");
    }
}

#[test]
fn ratings_of_a_table_land_on_the_galaxy() {
    // The order of the files does not matter.
    for files in
        [[("demo.json", DEMO), ("ratings.csv", RATINGS)], [("ratings.csv", RATINGS), ("demo.json", DEMO)]]
    {
        let (alone, both) = (read(&files[..1]), read(&files));
        assert_eq!(both.entities.len(), alone.entities.len());
        assert_eq!(both.entity_of("beihang-university").rating, Some(RiskRating::VeryHigh));
        assert_eq!(both.entity_of("tsinghua-university").rating, None);
        assert!(names(both.entity_of("beihang-university")).contains(&"北京航空航天大学"));
    }
}

#[test]
fn rows_find_their_institution_by_id_page_or_name() {
    let json = galaxy("");
    for (row, issues) in [
        ("north-example-university,,,hoog", 0),
        (",,https://unitracker.aspi.org.au/universities/north-example-university,high", 0),
        (",NORTH EXAMPLE UNIVERSITY,,High", 0),
        (",北例大学,,High", 0),
        ("other-id,North Example University (北例大学),,high", 1),
    ] {
        let csv = format!("ID,Name,Page,Risk\n{row}\n");
        let read = read(&[("g.json", json.as_bytes()), ("r.csv", csv.as_bytes())]);
        assert_eq!(read.entities.len(), 1, "{row}");
        assert_eq!(read.entities[0].rating, Some(RiskRating::High), "{row}");
        assert_eq!(read.entities[0].id, "north-example-university");
        assert_eq!(read.issues.len(), issues, "{row}: {:?}", read.issues);
    }
}

#[test]
fn a_name_that_is_only_like_another_joins_nothing() {
    let csv = "name,risk\nNanjing University,low\nNUAA,low\nNanjing University of Aeronautics,low\n";
    let read = read(&[("demo.json", DEMO), ("r.csv", csv.as_bytes())]);
    assert_eq!(read.entity_of("nanjing-university").rating, Some(RiskRating::Low));
    assert_eq!(read.entity_of("nanjing-university-of-aeronautics-and-astronautics").rating, None);
    // An acronym joins nothing: HIT is more than one institution.
    assert_eq!(read.entity_of("nuaa").rating, Some(RiskRating::Low));
    assert_eq!(read.entity_of("nanjing-university-of-aeronautics").rating, Some(RiskRating::Low));
}

#[test]
fn a_table_alone_is_a_list_of_its_own() {
    let csv = "\u{feff}naam;eigen naam;aliassen;categorie;risico;affiliaties;labs;pagina;land;adres;extra\r\n\
        Zuid-Voorbeeld Universiteit;南例大学;\"ZVU; South Example University\";Civilian|Security;middel;\
        \"Ministry of Examples; Beihang University\";A Lab (甲实验室);\
        https://unitracker.aspi.org.au/universities/south-example;HK;Hong Kong;?\r\n\
        ;;;;;;;;;;\r\n\
        Second University;;;;fairly risky;;;;Atlantis;;\r\n\
        South Example University;;;;hoog;;;;;;\r\n\
        ;;;;hoog;;;;;;\r\n";
    let read = read(&[("own.csv", csv.as_bytes())]);
    assert_eq!(
        read.marked_issues(),
        [
            "V line 1: column 11 is not known and left out",
            "V line 4: not a rating: very high, high, medium, low or unknown is expected (zeer hoog, hoog, middel, laag, onbekend)",
            "V line 4: not a country's code or English name: left out",
            "R line 6: no id, page or name: left out",
            "R line 5: the institution stands at line 2 already: left out",
        ]
    );
    let entity = read.entity_of("south-example");
    assert_eq!(names(entity), ["Zuid-Voorbeeld Universiteit", "南例大学", "ZVU", "South Example University"]);
    assert_eq!(entity.rating, Some(RiskRating::Medium));
    assert_eq!(entity.categories, ["Civilian", "Security"]);
    assert_eq!(entity.countries(), ["HK"]);
    assert_eq!(relations(entity, RelationKind::Laboratory), [("A Lab", "甲实验室", "")]);
    assert_eq!(read.entity_of("second-university").rating, None);
}

#[test]
fn a_row_without_a_name_must_mean_a_listed_institution() {
    let csv = "id,risk\nno-such-id,high\nbeihang-university,high\n";
    let read = read(&[("demo.json", DEMO), ("r.csv", csv.as_bytes())]);
    assert_eq!(
        read.marked_issues().into_iter().filter(|i| i.contains("r.csv")).collect::<Vec<_>>(),
        [
            "R r.csv: line 2: no listed institution has this id or page, and there is no name to make one: left out"
        ]
    );
}

#[test]
fn the_table_has_the_last_word_over_the_page() {
    let page = r#"<!DOCTYPE html><html><body><table><tr><td>menu</td></tr></table>
        <table class="list"><thead><tr><th>Institution <img alt="sort"></th><th>Kind</th><th>Risk level</th>
          <th>Security credentials</th><th>End-user lists</th></tr></thead>
        <tbody>
        <tr><td><a href="https://unitracker.aspi.org.au/universities/beihang-university">Beihang University</a>
             <div>Beihang &amp; Friends, BUAA</div></td>
            <td>Seven sons of national defence</td><td><span title="x">Very high</span></td><td>Top secret<td>US Entity List</tr>
        <tr><td><a href="/universities/new-university/">New University</a><br>新大学; NewU</td><td>Civilian</td>
            <td><img alt="Low risk"></td></tr>
        <tr><td>Tsinghua University</td><td></td><td></td></tr>
        <tr><td></td><td>Civilian</td><td>low</td></tr>
        </tbody></table>"#;
    let csv = "id,risk\nbeihang-university,unknown\n";
    let page_only = read(&[("demo.json", DEMO), ("page.html", page.as_bytes())]);
    let beihang = page_only.entity_of("beihang-university");
    assert_eq!(beihang.rating, Some(RiskRating::VeryHigh));
    assert!(names(beihang).contains(&"Beihang & Friends"));
    assert_eq!(beihang.categories, ["Seven sons of national defence"]);
    assert_eq!(beihang.remarks, ["Security credentials: Top secret", "End-user lists: US Entity List"]);
    let new = page_only.entity_of("new-university");
    assert_eq!(names(new), ["New University", "新大学", "NewU"]);
    assert_eq!(new.rating, Some(RiskRating::Low));
    assert_eq!(page_only.entity_of("tsinghua-university").rating, None);
    let left_out = page_only.marked_issues().into_iter().filter(|i| i.starts_with('R')).collect::<Vec<_>>();
    assert_eq!(left_out, ["R page.html: line 11: no institution in this row: left out"]);

    let all = read(&[("r.csv", csv.as_bytes()), ("page.html", page.as_bytes()), ("demo.json", DEMO)]);
    assert_eq!(all.entity_of("beihang-university").rating, None);
}

#[test]
fn relations_to_listed_institutions_carry_their_id() {
    let read = read(&[("demo.json", DEMO)]);
    let cetc = "china-electronics-technology-group-corporation";
    assert!(relations(read.entity_of("xidian-university"), RelationKind::SupervisedBy).contains(&(
        "China Electronics Technology Group Corporation (CETC)",
        "",
        cetc
    )));
}

#[test]
fn the_demonstration_list_is_sound() {
    let read = read(&[("aspi-demo.json", DEMO), ("aspi-demo-ratings.csv", RATINGS)]);
    let with =
        |category: &str| read.entities.iter().filter(|e| e.categories == [category]).collect::<Vec<_>>();
    assert_eq!(with("Seven sons of national defence").len(), 7);
    assert!(with("Military").len() >= 8 && with("Civilian").len() >= 10);
    for entity in &read.entities {
        assert_eq!(entity.rating.is_none(), entity.categories == ["Civilian"], "{}", entity.id);
        assert!(
            names(entity).iter().any(|n| n.chars().any(crate::sources::spelling::is_han)),
            "{}",
            entity.id
        );
        assert!(entity.links[0].ends_with(&entity.id));
    }
    // The one remark in the file is an oddity on purpose.
    assert_eq!(read.issues.len(), 1, "{:?}", read.marked_issues());
}

#[test]
fn the_public_file_comes_in_whole() {
    let Some(bytes) = shared_list("aspi/china-defence-universities.misp.json") else { return };
    let read = read_bytes(&FORMAT, &bytes).unwrap();
    assert_eq!(read.header.edition, "1");
    assert_eq!(read.entities.len(), 159);
    // An independent count, with the file as plain JSON.
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    for record in json["values"].as_array().unwrap() {
        let meta = &record["meta"];
        let id = meta["refs"][0].as_str().unwrap().rsplit('/').next().unwrap();
        let entity = read.entity_of(id);
        let names = names(entity);
        for alias in meta["aliases"].as_array().unwrap() {
            let alias = alias.as_str().unwrap();
            assert!(
                names.iter().any(|n| n.split_whitespace().eq(alias.split_whitespace())),
                "{id}: an alias is lost"
            );
        }
        let (english, native) = record["value"].as_str().unwrap().rsplit_once(" (").unwrap();
        assert!(names.contains(&english) || native.ends_with("))"), "{id}: English name");
        assert!(
            names.contains(&native.trim_end_matches(')')) || native.ends_with("))"),
            "{id}: Chinese name"
        );
        let texts = |field: &str| meta[field].as_array().map_or(0, Vec::len);
        assert_eq!(entity.categories.len(), texts("categories"), "{id}");
        assert_eq!(entity.topics.len(), texts("topics"), "{id}");
        let agencies = relations(entity, RelationKind::SupervisedBy).len();
        assert_eq!(agencies, texts("supervising agencies"), "{id}");
        assert!(relations(entity, RelationKind::Subsidiary).len() >= texts("subsidiaries"), "{id}");
        let laboratories = relations(entity, RelationKind::Laboratory);
        for (name, native, _) in &laboratories {
            assert!(
                !name.contains(['\n', '（']) && !native.starts_with(['(', '（']),
                "{id}: {name} {native}"
            );
        }
    }
    let with = |kind| read.entities.iter().filter(|e| e.relations.iter().any(|r| r.kind == kind)).count();
    assert_eq!(with(RelationKind::Laboratory), 68);
    assert_eq!(with(RelationKind::Subsidiary), 33);
    let in_category = |category: &str| read.entities.iter().filter(|e| e.categories == [category]).count();
    assert_eq!(in_category("Military"), 52);
    assert_eq!(in_category("Seven sons of national defence"), 7);
    assert!(read.issues.iter().all(|i| i.what.ends_with("are remarks, not names: left out")));
    assert!(read.entity_of("xidian-university").relations.iter().any(|r| !r.entity_id.is_empty()));
}

proptest::proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
        let _ = read_files(&FORMAT, &[("any", &bytes)]);
    }

    #[test]
    fn no_text_makes_it_panic(text in "[{<i](\"values\"|id|name|risk|:|,|;|\\[|\\{|<td>|<tr>|<table>|\n|é|中|\"){0,30}") {
        let _ = read_files(&FORMAT, &[("any", text.as_bytes())]);
    }
}
