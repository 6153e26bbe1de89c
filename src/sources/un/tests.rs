//! The UN reader on small documents, and on the whole list where it is at hand.

use super::FORMAT;
use crate::model::{Birth, Entity, EntityKind, Gender, NameQuality};
use crate::sources::testing::{Collected, read, read_bytes, read_error, shared_list, unpacked};

fn document(individuals: &str, entities: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<CONSOLIDATED_LIST xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://www.un.org/sc/resources/sc-sanctions.xsd" dateGenerated="2026-02-27T00:00:09.554Z">
<INDIVIDUALS>
{individuals}
</INDIVIDUALS><ENTITIES>{entities}</ENTITIES></CONSOLIDATED_LIST>"#
    )
}

fn individual(content: &str) -> String {
    format!(
        "<INDIVIDUAL><DATAID>7</DATAID><REFERENCE_NUMBER>QDi.001</REFERENCE_NUMBER>{content}</INDIVIDUAL>"
    )
}

fn one(content: &str) -> (Entity, Vec<String>) {
    let mut collected = read(&FORMAT, &document(&individual(content), ""));
    assert_eq!(collected.entities.len(), 1, "{:?}", collected.issues);
    (collected.entities.remove(0), collected.issues())
}

/// Reads one individual named Aaa and expects no issue.
fn clean(content: &str) -> Entity {
    let (entity, issues) = one(&format!("<FIRST_NAME>Aaa</FIRST_NAME>{content}"));
    assert_eq!(issues, Vec::<String>::new());
    entity
}

fn wholes(entity: &Entity) -> Vec<&str> {
    entity.names.iter().map(|n| n.whole.as_str()).collect()
}

#[test]
fn every_element_has_its_place() {
    let (entity, issues) = one(
        "<VERSIONNUM>1</VERSIONNUM><FIRST_NAME>Aaa</FIRST_NAME><SECOND_NAME>Bbb</SECOND_NAME>
        <THIRD_NAME/><FOURTH_NAME>Ddd </FOURTH_NAME><UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE>
        <LISTED_ON>2012-12-31-05:00</LISTED_ON><DELISTED_ON>2020-01-02</DELISTED_ON><GENDER>Female</GENDER>
        <NAME_ORIGINAL_SCRIPT>\u{623}\u{628}\u{648}
            \u{628}\u{643}\u{631}</NAME_ORIGINAL_SCRIPT>
        <COMMENTS1>One &amp; two</COMMENTS1>
        <TITLE><VALUE>Dr.</VALUE><VALUE>Haji</VALUE></TITLE>
        <DESIGNATION><VALUE>General </VALUE><VALUE>Minister</VALUE></DESIGNATION>
        <NATIONALITY><VALUE>Iraq</VALUE><VALUE>Democratic Republic of the Congo</VALUE></NATIONALITY>
        <LIST_TYPE><VALUE>UN List</VALUE></LIST_TYPE>
        <LAST_DAY_UPDATED><VALUE>2016-10-13</VALUE><VALUE>2018-01-02</VALUE></LAST_DAY_UPDATED>
        <INDIVIDUAL_ADDRESS><STREET>S 1</STREET><CITY>C</CITY><STATE_PROVINCE>P</STATE_PROVINCE><ZIP_CODE>Z</ZIP_CODE>
            <COUNTRY>Uganda</COUNTRY><NOTE>in prison</NOTE></INDIVIDUAL_ADDRESS>
        <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1978-04-28</DATE></INDIVIDUAL_DATE_OF_BIRTH>
        <INDIVIDUAL_PLACE_OF_BIRTH><STREET>S</STREET><CITY>C</CITY><STATE_PROVINCE>P</STATE_PROVINCE>
            <COUNTRY>T\u{fc}rkiye</COUNTRY><NOTE>possibly</NOTE></INDIVIDUAL_PLACE_OF_BIRTH>
        <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification
            Number</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>card</TYPE_OF_DOCUMENT2><NUMBER>1-78</NUMBER>
            <ISSUING_COUNTRY>Iraq</ISSUING_COUNTRY><DATE_OF_ISSUE>2013-06-11</DATE_OF_ISSUE>
            <CITY_OF_ISSUE>Mosul</CITY_OF_ISSUE><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT>
        <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><COUNTRY_OF_ISSUE>Oman</COUNTRY_OF_ISSUE></INDIVIDUAL_DOCUMENT>
        <SORT_KEY/><SORT_KEY_LAST_MOD/>",
    );
    assert_eq!(issues, Vec::<String>::new());
    assert_eq!((entity.list.as_str(), entity.id.as_str(), entity.other_id.as_str()), ("un", "QDi.001", "7"));
    assert_eq!((entity.kind, entity.gender), (EntityKind::Person, Some(Gender::Female)));
    assert_eq!(wholes(&entity), ["Aaa Bbb Ddd", "\u{623}\u{628}\u{648} \u{628}\u{643}\u{631}"]);
    assert_eq!(
        (entity.names[0].title.as_str(), entity.names[0].function.as_str()),
        ("Dr., Haji", "General; Minister")
    );
    assert_eq!(entity.remarks, ["One & two"]);
    let listing = &entity.listings[0];
    assert_eq!((listing.programme.as_str(), listing.issued_by.as_str()), ("Al-Qaida", "UN Security Council"));
    assert_eq!(listing.in_force.unwrap().to_string(), "2012-12-31");
    assert_eq!(listing.remark, "amended 2016-10-13, 2018-01-02");
    assert_eq!(entity.designation.date, listing.in_force);
    assert_eq!(entity.designation.delisted.unwrap().to_string(), "2020-01-02");
    assert_eq!(entity.designation.united_nations_id, "QDi.001");
    let countries: Vec<&str> = entity.citizenships.iter().map(|c| c.country.as_str()).collect();
    assert_eq!(countries, ["IQ", "CD"]);
    let [birth] = &entity.births[..] else { panic!("{:?}", entity.births) };
    assert_eq!(birth.when.date.unwrap().to_string(), "1978-04-28");
    assert_eq!((birth.place.as_str(), birth.city.as_str(), birth.region.as_str()), ("S", "C", "P"));
    assert_eq!((birth.country.as_str(), birth.remark.as_str()), ("TR", "possibly"));
    let address = &entity.addresses[0];
    assert_eq!((address.street.as_str(), address.city.as_str(), address.region.as_str()), ("S 1", "C", "P"));
    assert_eq!((address.postal_code.as_str(), address.country.as_str()), ("Z", "UG"));
    assert_eq!((address.country_description.as_str(), address.remark.as_str()), ("Uganda", "in prison"));
    let [card, passport] = &entity.identifiers[..] else { panic!("{:?}", entity.identifiers) };
    assert_eq!(
        (card.kind.as_str(), card.description.as_str()),
        ("id", "National Identification Number, card")
    );
    assert_eq!((card.number.as_str(), card.country.as_str()), ("1-78", "IQ"));
    assert_eq!(card.issued.unwrap().to_string(), "2013-06-11");
    assert_eq!((card.issued_by.as_str(), card.remark.as_str()), ("Mosul", "expired"));
    assert_eq!((passport.kind.as_str(), passport.country.as_str()), ("passport", "OM"));
}

#[test]
fn aliases_carry_their_quality_and_births() {
    let alias = |quality: &str, name: &str, more: &str| {
        format!(
            "<INDIVIDUAL_ALIAS><QUALITY>{quality}</QUALITY><ALIAS_NAME>{name}</ALIAS_NAME>{more}</INDIVIDUAL_ALIAS>"
        )
    };
    let entity = clean(
        &[
            alias("Good", "Bbb", ""),
            alias("Low", "Ccc", "<NOTE>call sign</NOTE>"),
            alias("a.k.a.", "Ddd; Eee", ""),
            alias("f.k.a.", "Fff", ""),
            alias("", "Ggg", "<NOTE>formerly listed as</NOTE>"),
            alias("", "", ""),
            alias(
                "Good",
                "Hhh",
                "<DATE_OF_BIRTH>1958</DATE_OF_BIRTH><CITY_OF_BIRTH>Mosul</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>Iraq</COUNTRY_OF_BIRTH>",
            ),
        ]
        .concat(),
    );
    use NameQuality::{Former, Strong, Weak};
    let names: Vec<_> = entity.names.iter().map(|n| (n.whole.as_str(), n.quality)).collect();
    assert_eq!(
        names,
        [
            ("Aaa", Strong),
            ("Bbb", Strong),
            ("Ccc", Weak),
            ("Ddd", Strong),
            ("Eee", Strong),
            ("Fff", Former),
            ("Ggg", Former),
            ("Hhh", Strong),
        ]
    );
    assert_eq!(entity.names[2].remark, "call sign");
    let [birth] = &entity.births[..] else { panic!("{:?}", entity.births) };
    assert_eq!(
        (birth.when.date.unwrap().year(), birth.city.as_str(), birth.country.as_str()),
        (1958, "Mosul", "IQ")
    );
    assert_eq!(birth.remark, "given with an alias");
}

#[test]
fn births_are_read_as_exactly_as_written() {
    for (content, date, years, circa) in [
        ("<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><YEAR>1971</YEAR>", Some("1971"), (None, None), false),
        ("<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1971</YEAR>", Some("1971"), (None, None), true),
        (
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1974</TO_YEAR>",
            None,
            (Some(1973), Some(1974)),
            false,
        ),
        (
            "<TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1973</FROM_YEAR><TO_YEAR>1974</TO_YEAR><NOTE>Approximately</NOTE>",
            None,
            (Some(1973), Some(1974)),
            true,
        ),
        (
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1973-12-25</DATE>",
            Some("1973-12-25"),
            (None, None),
            false,
        ),
    ] {
        let entity = clean(&format!("<INDIVIDUAL_DATE_OF_BIRTH>{content}</INDIVIDUAL_DATE_OF_BIRTH>"));
        let when = entity.births[0].when;
        assert_eq!(when.date.map(|d| d.to_string()).as_deref(), date, "{content}");
        assert_eq!(((when.first_year, when.last_year), when.circa), (years, circa), "{content}");
    }
}

#[test]
fn dates_and_places_are_joined_only_when_there_is_one_of_each() {
    let date = "<INDIVIDUAL_DATE_OF_BIRTH><YEAR>1971</YEAR></INDIVIDUAL_DATE_OF_BIRTH>";
    let place = "<INDIVIDUAL_PLACE_OF_BIRTH><CITY>Mosul</CITY></INDIVIDUAL_PLACE_OF_BIRTH>";
    let count = |content: &[&str]| clean(&content.concat()).births.len();
    assert_eq!(count(&[date, place]), 1);
    assert_eq!(count(&[date, date, place]), 3);
    assert_eq!(count(&[date, place, place]), 3);
    assert_eq!(count(&[place]), 1);
}

#[test]
fn elements_that_say_nothing_are_left_out() {
    let entity = clean(
        "<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS><INDIVIDUAL_ADDRESS><COUNTRY/></INDIVIDUAL_ADDRESS>
        <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE/></INDIVIDUAL_DATE_OF_BIRTH><INDIVIDUAL_DOCUMENT/>
        <INDIVIDUAL_PLACE_OF_BIRTH><COUNTRY/></INDIVIDUAL_PLACE_OF_BIRTH><NATIONALITY><VALUE/></NATIONALITY>
        <NATIONALITY><VALUE>na</VALUE></NATIONALITY><LAST_DAY_UPDATED><VALUE/></LAST_DAY_UPDATED>",
    );
    assert_eq!(wholes(&entity), ["Aaa"]);
    assert_eq!((entity.addresses.len(), entity.births.len(), entity.identifiers.len()), (0, 0, 0));
    assert_eq!((entity.citizenships.len(), entity.listings[0].remark.as_str()), (0, ""));
}

#[test]
fn a_bad_record_never_ends_the_reading() {
    let records = [
        individual("<FIRST_NAME>A</FIRST_NAME><NATIONALITY><VALUE>Atlantis</VALUE></NATIONALITY>"),
        individual("<FIRST_NAME>B</FIRST_NAME>"),
        "<INDIVIDUAL><DATAID>8</DATAID><FIRST_NAME>C</FIRST_NAME><LISTED_ON>soon</LISTED_ON></INDIVIDUAL>"
            .to_owned(),
        "<INDIVIDUAL><FIRST_NAME>D</FIRST_NAME></INDIVIDUAL>".to_owned(),
        "<INDIVIDUAL><REFERENCE_NUMBER>QDi.002</REFERENCE_NUMBER><PET>x</PET></INDIVIDUAL>".to_owned(),
    ];
    let entity = "<ENTITY><REFERENCE_NUMBER>QDe.001</REFERENCE_NUMBER><FIRST_NAME>E</FIRST_NAME></ENTITY>";
    let collected: Collected = read(&FORMAT, &document(&records.join("\n"), entity));
    let ids: Vec<&str> = collected.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["QDi.001", "8", "QDe.001"]);
    assert_eq!(collected.entities[2].kind, EntityKind::Organisation);
    assert_eq!(
        collected.issues(),
        [
            "line 4, QDi.001, NATIONALITY: a country's name that is not known: kept without a code",
            "line 5, QDi.001: this reference stands on the list already: the first entity is kept",
            "line 6, LISTED_ON: not a date",
            "line 6: no REFERENCE_NUMBER: the DATAID stands for it",
            "line 7: neither REFERENCE_NUMBER nor DATAID: left out",
            "line 8, QDi.002: no name: left out",
            "line 8: unknown element record/PET, once in the file: passed over",
        ]
    );
    assert!(read_error(&FORMAT, document("", "").as_bytes()).contains("there is no entity"));
}

#[test]
fn the_whole_list_comes_in_completely() {
    let Some(bytes) = shared_list("other/un-consolidated.xml.gz") else { return };
    let collected = read_bytes(&FORMAT, &bytes).unwrap();
    // The one country that is no more.
    let issues = collected.issues();
    assert!(issues.iter().all(|i| i.ends_with("kept without a code")), "{issues:?}");
    assert!(issues.len() <= 2, "{issues:?}");

    let text = String::from_utf8(unpacked(&bytes)).unwrap();
    let tags = |tag: &str| text.matches(&format!("<{tag}>")).count();
    let filled = |tag: &str| {
        let open = format!("<{tag}>");
        let values = text.split(&open).skip(1);
        values.filter(|v| !v.split('<').next().unwrap_or_default().trim().is_empty()).count()
    };
    let of = |kind| collected.entities.iter().filter(|e| e.kind == kind).count();
    assert_eq!(of(EntityKind::Person), tags("INDIVIDUAL"));
    assert_eq!(of(EntityKind::Organisation), tags("ENTITY"));
    assert_eq!(collected.header.as_of, "2026-02-27T00:00:09.554Z");
    let sum = |count: fn(&Entity) -> usize| collected.entities.iter().map(count).sum::<usize>();
    assert_eq!(sum(|e| e.remarks.len()), filled("COMMENTS1"));
    let dated = |b: &&Birth| !b.when.is_empty() && b.remark != "given with an alias";
    let dates: usize = collected.entities.iter().flat_map(|e| &e.births).filter(dated).count();
    assert_eq!(dates, filled("DATE") + filled("YEAR") + filled("FROM_YEAR"));
    assert_eq!(sum(|e| e.identifiers.iter().filter(|i| !i.number.is_empty()).count()), filled("NUMBER"));
    // Each alias gives one name, and one more at least for each semicolon in it.
    let aliases: Vec<&str> =
        text.split("<ALIAS_NAME>").skip(1).map(|v| v.split('<').next().unwrap_or_default()).collect();
    let least: usize = aliases
        .iter()
        .filter(|a| !a.trim().is_empty())
        .map(|a| 1 + a.trim().trim_end_matches(';').matches(';').count())
        .sum();
    let names = sum(|e| e.names.len());
    let own = tags("INDIVIDUAL") + tags("ENTITY") + filled("NAME_ORIGINAL_SCRIPT");
    assert!(names >= least + own, "{names} names of {least} in aliases and {own} others");
    assert!(names <= least + own + 60, "{names} names of {least} in aliases and {own} others");
}
