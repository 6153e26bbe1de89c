//! The EU reader on small documents written for one oddity each, and on the whole list where it is at
//! hand.

use super::FORMAT;
use crate::model::{Entity, EntityKind, Gender, NameQuality};
use crate::sources::testing::{read, read_error, shared_list};

/// Reads one entity of this content.
fn entity(content: &str) -> (Entity, Vec<String>) {
    let mut collected = read(&FORMAT, &document(&record(content)));
    assert_eq!(collected.entities.len(), 1, "{:?}", collected.issues);
    (collected.entities.remove(0), collected.issues())
}

/// Reads one entity and expects no issue.
fn clean(content: &str) -> Entity {
    let (entity, issues) = entity(content);
    assert_eq!(issues, Vec::<String>::new());
    entity
}

fn record(content: &str) -> String {
    format!(r#"<sanctionEntity euReferenceNumber="EU.1.1" logicalId="7">{content}</sanctionEntity>"#)
}

fn document(records: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="184961">
{records}
</export>"#
    )
}

const PERSON: &str = r#"<subjectType code="person" classificationCode="P"/>"#;
const NAME: &str = r#"<nameAlias wholeName="Aaa Bbb" strong="true"/>"#;

fn born(attributes: &str) -> (crate::model::Birth, Vec<String>) {
    let content = format!("{PERSON}{NAME}<birthdate {attributes}/>");
    let (mut entity, issues) = entity(&content);
    (entity.births.remove(0), issues)
}

#[test]
fn header_says_as_of_when_and_which_edition() {
    let collected = read(&FORMAT, &document(&record(&format!("{PERSON}{NAME}"))));
    assert_eq!(collected.header.as_of, "2026-08-05T16:47:04.449+02:00");
    assert_eq!(collected.header.edition, "184961");
    assert_eq!(collected.issues(), Vec::<String>::new());

    let undated = document(&record(&format!("{PERSON}{NAME}"))).replace("generationDate", "madeOn");
    let collected = read(&FORMAT, &undated);
    assert_eq!(collected.header.as_of, "");
    assert_eq!(
        collected.issues(),
        [
            "export/@generationDate: the list does not say as of when it stands",
            "line 2: unknown attribute export/@madeOn, once in the file: passed over",
        ]
    );
}

#[test]
fn every_element_and_attribute_has_its_place() {
    let entity = clean(
        r#"<remark>first</remark><remark>second
line</remark>
        <additionalInformation key="KIND" value="of ship"/>
        <regulation regulationType="amendment" organisationType="council" publicationDate="2023-05-25"
            entryIntoForceDate="2023-05-26" numberTitle="2023/1027 (OJ L138)" programme="PRK" logicalId="1">
            <remark>of the act</remark>
            <publicationUrl>https://example.org/?a=1&amp;b=2</publicationUrl>
            <corrigendum numberTitle="2023/9 (OJ L1)" publicationDate="2023-06-01" programme="PRK" logicalId="2">
                <publicationUrl>https://example.org/c</publicationUrl>
            </corrigendum>
        </regulation>
        <subjectType code="person" classificationCode="P"/>
        <nameAlias firstName="Aaa" middleName="Mmm" lastName="Bbb" wholeName="Aaa Mmm Bbb" function="(a) one, (b) two"
            gender="F" title="(a) Maulavi, (b) Mullah" nameLanguage="EN" strong="true" regulationLanguage="en" logicalId="3">
            <remark>as in the act</remark>
            <regulationSummary regulationType="amendment" publicationDate="2020-01-02" numberTitle="2020/1 (OJ L1)" publicationUrl="u1"/>
        </nameAlias>
        <nameAlias wholeName="Bbb" strong="false">
            <regulationSummary regulationType="amendment" publicationDate="2020-01-02" numberTitle="2020/1 (OJ L1)" publicationUrl="u1"/>
        </nameAlias>
        <citizenship acquisitionDate="2001-02-03" disenfranchisementDate="2004-05-06" region="North" countryIso2Code="KP"
            countryDescription="KOREA" regulationLanguage="en" logicalId="4">
            <remark>disputed</remark>
            <regulationSummary regulationType="regulation" publicationDate="2021-01-02" numberTitle="2021/1 (OJ L2)" publicationUrl="u2"/>
        </citizenship>
        <birthdate circa="true" calendarType="GREGORIAN" city="Sinpo" zipCode="123" birthdate="1956-11-25" dayOfMonth="25"
            monthOfYear="11" year="1956" region="South Hamgyong" place="at sea" countryIso2Code="KP" countryDescription="KOREA">
            <remark>from a passport</remark>
        </birthdate>
        <address city="Pyongyang" street="Street 1" poBox="12" zipCode="999" region="R" place="by the river"
            asAtListingTime="true" countryIso2Code="kp" countryDescription="KOREA">
            <remark>old</remark>
            <contactInfo key="PHONE" value="+850 2 1; +850 2 2"/>
            <contactInfo key="WEB" value="example.org"/>
        </address>
        <identification diplomatic="true" knownExpired="true" knownFalse="true" reportedLost="true" revokedByIssuer="true"
            issueDate="2013-01-18" issuedBy="Ministry" latinNumber="ABC 1" nameOnDocument="AAA BBB" number="1, 2 and 3"
            validFrom="2013-01-19" validTo="2018-01-18" region="Reg" identificationTypeCode="passport"
            identificationTypeDescription="National passport" countryIso2Code="KP" countryDescription="KOREA">
            <remark>expired</remark>
        </identification>"#,
    );
    assert_eq!((entity.list.as_str(), entity.id.as_str(), entity.other_id.as_str()), ("eu", "EU.1.1", "7"));
    assert_eq!(entity.kind, EntityKind::Person);
    assert_eq!(entity.gender, Some(Gender::Female));
    assert_eq!(entity.remarks, ["first", "second\nline", "KIND: of ship"]);

    let [act, corrigendum] = &entity.listings[..] else { panic!("{:?}", entity.listings) };
    assert_eq!((act.act_type.as_str(), act.issued_by.as_str()), ("amendment", "council"));
    assert_eq!((act.title.as_str(), act.programme.as_str()), ("2023/1027 (OJ L138)", "PRK"));
    assert_eq!((act.url.as_str(), act.remark.as_str()), ("https://example.org/?a=1&b=2", "of the act"));
    assert_eq!(act.published.unwrap().to_string(), "2023-05-25");
    assert_eq!(act.in_force.unwrap().to_string(), "2023-05-26");
    assert_eq!(
        (corrigendum.act_type.as_str(), corrigendum.title.as_str()),
        ("corrigendum", "2023/9 (OJ L1)")
    );

    let [name, short] = &entity.names[..] else { panic!("{:?}", entity.names) };
    assert_eq!((name.first.as_str(), name.middle.as_str(), name.last.as_str()), ("Aaa", "Mmm", "Bbb"));
    assert_eq!((name.whole.as_str(), name.language.as_str()), ("Aaa Mmm Bbb", "EN"));
    assert_eq!(
        (name.title.as_str(), name.function.as_str()),
        ("(a) Maulavi, (b) Mullah", "(a) one, (b) two")
    );
    assert_eq!((name.remark.as_str(), name.quality), ("as in the act", NameQuality::Strong));
    assert_eq!((short.quality, short.act), (NameQuality::Weak, name.act));
    // Two acts, though three elements name one.
    assert_eq!(entity.acts.len(), 2);
    assert_eq!(entity.acts[name.act.unwrap() as usize].title, "2020/1 (OJ L1)");

    let citizenship = &entity.citizenships[0];
    assert_eq!((citizenship.country.as_str(), citizenship.description.as_str()), ("KP", "KOREA"));
    assert_eq!((citizenship.region.as_str(), citizenship.remark.as_str()), ("North", "disputed"));
    assert_eq!(citizenship.acquired.unwrap().to_string(), "2001-02-03");
    assert_eq!(citizenship.lost.unwrap().to_string(), "2004-05-06");
    assert_eq!(entity.acts[citizenship.act.unwrap() as usize].url, "u2");

    let birth = &entity.births[0];
    assert_eq!(birth.when.date.unwrap().to_string(), "1956-11-25");
    assert!(birth.when.circa);
    assert_eq!((birth.city.as_str(), birth.postal_code.as_str()), ("Sinpo", "123"));
    assert_eq!((birth.region.as_str(), birth.place.as_str()), ("South Hamgyong", "at sea"));
    assert_eq!((birth.country.as_str(), birth.country_description.as_str()), ("KP", "KOREA"));
    assert_eq!((birth.remark.as_str(), birth.as_written.as_str()), ("from a passport", ""));

    let address = &entity.addresses[0];
    assert_eq!((address.street.as_str(), address.po_box.as_str()), ("Street 1", "12"));
    assert_eq!((address.city.as_str(), address.postal_code.as_str()), ("Pyongyang", "999"));
    assert_eq!((address.region.as_str(), address.place.as_str()), ("R", "by the river"));
    assert_eq!((address.country.as_str(), address.country_description.as_str()), ("KP", "KOREA"));
    assert_eq!((address.remark.as_str(), address.at_listing), ("old", true));
    let contacts: Vec<_> = address.contacts.iter().map(|c| (c.kind.as_str(), c.value.as_str())).collect();
    assert_eq!(contacts, [("PHONE", "+850 2 1; +850 2 2"), ("WEB", "example.org")]);

    let document = &entity.identifiers[0];
    assert_eq!((document.kind.as_str(), document.description.as_str()), ("passport", "National passport"));
    assert_eq!((document.number.as_str(), document.latin_number.as_str()), ("1, 2 and 3", "ABC 1"));
    assert_eq!((document.name_on_document.as_str(), document.issued_by.as_str()), ("AAA BBB", "Ministry"));
    assert_eq!((document.country.as_str(), document.country_description.as_str()), ("KP", "KOREA"));
    assert_eq!((document.region.as_str(), document.remark.as_str()), ("Reg", "expired"));
    assert_eq!(document.issued.unwrap().to_string(), "2013-01-18");
    assert_eq!(document.valid_from.unwrap().to_string(), "2013-01-19");
    assert_eq!(document.valid_to.unwrap().to_string(), "2018-01-18");
    assert_eq!(
        document.flags,
        ["diplomatic", "known_expired", "known_false", "reported_lost", "revoked_by_issuer"]
    );
}

#[test]
fn designation_is_kept() {
    let document = document(&format!(
        r#"<sanctionEntity designationDate="2017-08-05" delistingDate="2020-01-01" designationDetails="RES 1" unitedNationId="KPi.001"
            euReferenceNumber="EU.4190.31" logicalId="1">{PERSON}{NAME}</sanctionEntity>"#
    ));
    let designation = read(&FORMAT, &document).entities.remove(0).designation;
    assert_eq!(designation.date.unwrap().to_string(), "2017-08-05");
    assert_eq!(designation.delisted.unwrap().to_string(), "2020-01-01");
    assert_eq!((designation.details.as_str(), designation.united_nations_id.as_str()), ("RES 1", "KPi.001"));
}

#[test]
fn empty_values_and_placeholders_are_missing() {
    let entity = clean(&format!(
        r#"{PERSON}<nameAlias firstName="" middleName="-" lastName="" wholeName="Aaa" title="" function="-" nameLanguage=""/>
        <citizenship region="" countryIso2Code="00" countryDescription="UNKNOWN"/>
        <birthdate city="-" countryIso2Code="00" countryDescription="UNKNOWN" year="1970"/>
        <address city="" street=" " countryIso2Code="" countryDescription=""><contactInfo key="PHONE" value="-"/></address>
        <identification number="-" countryIso2Code="00" countryDescription="UNKNOWN" identificationTypeCode="passport"/>"#
    ));
    assert_eq!(entity.names, [crate::model::Name::of("Aaa")]);
    assert_eq!(entity.citizenships, [crate::model::Citizenship::default()]);
    assert_eq!(entity.births[0].city, "");
    assert_eq!(entity.addresses, [crate::model::Address::default()]);
    assert_eq!(entity.identifiers[0].number, "");
    assert_eq!(entity.gender, None);
    assert_eq!(entity.countries(), Vec::<&str>::new());
}

#[test]
fn quality_stands_in_the_remark() {
    let entity = clean(&format!(
        r#"{PERSON}<nameAlias wholeName="A" strong="true"><remark>low quality alias</remark></nameAlias>
        <nameAlias wholeName="B" strong="true"><remark>Formerly known as</remark></nameAlias>
        <nameAlias wholeName="C" strong="true"><remark>spelt so in the passport</remark></nameAlias>
        <nameAlias wholeName="D" strong="true"/>"#
    ));
    let qualities: Vec<NameQuality> = entity.names.iter().map(|n| n.quality).collect();
    use NameQuality::{Former, Strong, Weak};
    assert_eq!(qualities, [Weak, Former, Strong, Strong]);
    assert_eq!(entity.names[0].remark, "low quality alias");
}

#[test]
fn names_stay_as_written_but_trimmed() {
    let long = "x".repeat(245);
    let zero_width = "Aa\u{200c}Bb";
    let mixed = "Bладимир";
    let decomposed = "Jose\u{301}";
    for (written, kept) in [
        (" Aaa  Bbb ", "Aaa  Bbb"),
        ("&quot;Aaa &amp; Bbb&quot; &#67;o.", "\"Aaa & Bbb\" Co."),
        ("O&apos;Bbb (CCC)", "O'Bbb (CCC)"),
        ("Aaa&#10;Bbb", "Aaa\nBbb"),
        ("HM", "HM"),
        (long.as_str(), long.as_str()),
        (zero_width, zero_width),
        (mixed, mixed),
        (decomposed, decomposed),
        ("محمد", "محمد"),
    ] {
        let entity = clean(&format!(r#"{PERSON}<nameAlias wholeName="{written}"/>"#));
        assert_eq!(entity.names[0].whole, kept);
    }
}

#[test]
fn whole_name_is_the_truth_and_parts_stand_in_for_it() {
    let entity = clean(&format!(r#"{PERSON}<nameAlias firstName="X" lastName="Y" wholeName="Aaa Bbb"/>"#));
    assert_eq!(entity.names[0].whole, "Aaa Bbb");

    let (joined, issues) = self::entity(&format!(
        r#"{PERSON}<nameAlias firstName="Aaa" middleName="" lastName="Bbb" wholeName=""/>"#
    ));
    assert_eq!(joined.names[0].whole, "Aaa Bbb");
    assert_eq!(issues, ["line 3, EU.1.1, nameAlias: no wholeName: its parts are joined"]);
}

#[test]
fn display_name_passes_over_names_without_latin_letters() {
    let entity = clean(&format!(r#"{PERSON}<nameAlias wholeName="Аааа"/><nameAlias wholeName="Aaaa"/>"#));
    assert_eq!(entity.display_name(), "Aaaa");
    assert_eq!(entity.names[0].whole, "Аааа");
}

#[test]
fn duplicate_aliases_are_kept() {
    let entity = clean(&format!("{PERSON}{NAME}{NAME}"));
    assert_eq!(entity.names.len(), 2);
}

#[test]
fn gender_comes_from_any_alias() {
    let entity = clean(&format!(r#"{PERSON}{NAME}<nameAlias wholeName="B" gender="M"/>"#));
    assert_eq!(entity.gender, Some(Gender::Male));
    let (entity, issues) = self::entity(&format!(
        r#"{PERSON}<nameAlias wholeName="A" gender="F"/><nameAlias wholeName="B" gender="M"/><nameAlias wholeName="C" gender="X"/>"#
    ));
    assert_eq!(entity.gender, Some(Gender::Female));
    assert_eq!(
        issues,
        [
            "line 3, EU.1.1, nameAlias/@gender: unlike that of an alias before: the first is kept",
            "line 3, EU.1.1, nameAlias/@gender: neither M nor F",
        ]
    );
}

#[test]
fn births_are_read_as_exactly_as_written() {
    // Attributes; date; first and last year; circa.
    for (attributes, date, years, circa) in [
        (
            r#"birthdate="1937-04-28" year="1937" monthOfYear="4" dayOfMonth="28""#,
            Some("1937-04-28"),
            (None, None),
            false,
        ),
        (r#"year="1970""#, Some("1970"), (None, None), false),
        (r#"year="1970" monthOfYear="6""#, Some("1970-06"), (None, None), false),
        (r#"year="1970" monthOfYear="6" dayOfMonth="5""#, Some("1970-06-05"), (None, None), false),
        (r#"circa="true" year="1957""#, Some("1957"), (None, None), true),
        (r#"yearRangeFrom="1953" yearRangeTo="1958""#, None, (Some(1953), Some(1958)), false),
        (r#"yearRangeTo="1980""#, None, (None, Some(1980)), false),
        (r#"yearRangeFrom="1950" circa="true""#, None, (Some(1950), None), true),
        (r#"city="Tunis""#, None, (None, None), false),
        (r#"year="0" monthOfYear="" dayOfMonth="-""#, None, (None, None), false),
    ] {
        for calendar in ["", r#"calendarType="GREGORIAN""#] {
            let (birth, issues) = born(&format!("{attributes} {calendar}"));
            assert_eq!(birth.when.date.map(|d| d.to_string()).as_deref(), date, "{attributes}");
            assert_eq!((birth.when.first_year, birth.when.last_year), years, "{attributes}");
            assert_eq!(birth.when.circa, circa, "{attributes}");
            assert_eq!((birth.as_written.as_str(), issues), ("", vec![]), "{attributes}");
        }
    }
}

#[test]
fn bad_dates_are_issues_and_kept_as_text() {
    for (attributes, date, as_written, what) in [
        (r#"birthdate="1937-02-30""#, None, "1937-02-30", "not a date"),
        (
            r#"year="1937" monthOfYear="13""#,
            Some("1937"),
            "1937-13",
            "a day that does not exist: the year is kept",
        ),
        (r#"year="1937" dayOfMonth="3""#, Some("1937"), "1937-3", "a day without a month: the year is kept"),
        (r#"monthOfYear="3""#, None, "3", "a month or day without a year"),
        (r#"year="MCM""#, None, "MCM", "a part of a date that is no number"),
        (r#"yearRangeFrom="17""#, None, "17", "a year that is none"),
        (
            r#"birthdate="1937-04-28" year="1938""#,
            Some("1937-04-28"),
            "1938",
            "the date and its parts differ: the date is kept",
        ),
        (
            r#"calendarType="JULIAN" year="1937""#,
            None,
            "1937 JULIAN",
            "a calendar that is neither GREGORIAN nor ISLAMIC: the date is kept as text only",
        ),
    ] {
        let (birth, issues) = born(attributes);
        assert_eq!(birth.when.date.map(|d| d.to_string()).as_deref(), date, "{attributes}");
        assert_eq!(birth.as_written, as_written, "{attributes}");
        assert_eq!(issues, [format!("line 3, EU.1.1, birthdate: {what}")], "{attributes}");
    }
}

#[test]
fn islamic_dates_become_gregorian() {
    // Country of birth; date parts; date; years.
    for (country, parts, date, years) in [
        // Iran and Afghanistan count solar years, others lunar ones.
        ("IR", r#"year="1343""#, None, (Some(1964), Some(1965))),
        ("AF", r#"year="1339""#, None, (Some(1960), Some(1961))),
        ("SA", r#"year="1402""#, None, (Some(1981), Some(1982))),
        // Without a country either may be meant.
        ("00", r#"year="1402""#, None, (Some(1981), Some(2024))),
        ("IR", r#"yearRangeFrom="1340" yearRangeTo="1342""#, None, (Some(1961), Some(1964))),
        ("IR", r#"yearRangeTo="1342""#, None, (None, Some(1964))),
        ("IR", r#"year="1357" monthOfYear="11" dayOfMonth="22""#, Some("1979-02-11"), (None, None)),
        // The export's own conversion is better than ours.
        (
            "00",
            r#"birthdate="1982-04-19" year="1402" monthOfYear="6" dayOfMonth="24""#,
            Some("1982-04-19"),
            (None, None),
        ),
    ] {
        let (birth, issues) =
            born(&format!(r#"calendarType="ISLAMIC" circa="false" countryIso2Code="{country}" {parts}"#));
        assert_eq!(birth.when.date.map(|d| d.to_string()).as_deref(), date, "{country} {parts}");
        assert_eq!((birth.when.first_year, birth.when.last_year), years, "{country} {parts}");
        assert!(birth.as_written.ends_with(" ISLAMIC"), "{}", birth.as_written);
        assert_eq!(issues, Vec::<String>::new(), "{country} {parts}");
    }
    // The country of citizenship stands in for that of birth, wherever it stands in the record.
    let entity = clean(&format!(
        r#"{PERSON}{NAME}<birthdate calendarType="ISLAMIC" year="1343" countryIso2Code="00"/>
        <citizenship countryIso2Code="IR"/>"#
    ));
    assert_eq!(entity.births[0].when.first_year, Some(1964));
    // A Gregorian year marked as Islamic is no year of that calendar.
    let (birth, issues) = born(r#"calendarType="ISLAMIC" countryIso2Code="IR" year="1964""#);
    assert!(birth.when.is_empty());
    assert_eq!(issues.len(), 1);
}

#[test]
fn several_births_are_kept_in_order() {
    let entity = clean(&format!(
        r#"{PERSON}{NAME}<birthdate year="1965"/><birthdate birthdate="1964-03-01" year="1964" monthOfYear="3" dayOfMonth="1"/>"#
    ));
    let dates: Vec<String> = entity.births.iter().map(|b| b.when.date.unwrap().to_string()).collect();
    assert_eq!(dates, ["1965", "1964-03-01"]);
}

#[test]
fn text_split_by_references_is_joined() {
    let entity = clean(&format!(
        "{PERSON}{NAME}<remark> A &amp; B &#65;&#x42;<!-- no --> C <![CDATA[& D]]>\nE </remark>"
    ));
    assert_eq!(entity.remarks, ["A & B AB C & D\nE"]);
}

#[test]
fn kind_is_guessed_only_where_it_is_missing() {
    let code = |code: &str| format!(r#"<subjectType code="{code}"/>{NAME}"#);
    assert_eq!(clean(&code("enterprise")).kind, EntityKind::Organisation);
    let (vessel, issues) = entity(&code("vessel"));
    assert_eq!(vessel.kind, EntityKind::Organisation);
    assert_eq!(
        issues,
        ["line 3, EU.1.1, subjectType: no known kind of subject: taken from what the record has"]
    );
    let (person, _) = entity(&format!("{}<birthdate year=\"1970\"/>", code("")));
    assert_eq!(person.kind, EntityKind::Person);
}

#[test]
fn a_bad_record_never_ends_the_reading() {
    let collected = read(
        &FORMAT,
        &document(&format!(
            r#"<sanctionEntity euReferenceNumber="" logicalId="12">{PERSON}{NAME}</sanctionEntity>
<sanctionEntity>{PERSON}{NAME}</sanctionEntity>
<sanctionEntity euReferenceNumber="EU.3.3" logicalId="3">{PERSON}<nameAlias wholeName=""/></sanctionEntity>
<sanctionEntity euReferenceNumber="12" logicalId="4">{PERSON}{NAME}</sanctionEntity>
<sanctionEntity euReferenceNumber="EU.5.5" logicalId="5">{PERSON}{NAME}<citizenship countryIso2Code="IRN"/></sanctionEntity>"#
        )),
    );
    let ids: Vec<&str> = collected.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["12", "EU.5.5"]);
    assert_eq!(
        collected.issues(),
        [
            "line 3, 12: no euReferenceNumber: the logicalId stands for it",
            "line 4: no euReferenceNumber: the logicalId stands for it",
            "line 4: neither euReferenceNumber nor logicalId: left out",
            "line 5, EU.3.3, nameAlias: an alias without a name: left out",
            "line 5, EU.3.3: no name: left out",
            "line 6, 12: this reference stands on the list already: the first entity is kept",
            "line 7, EU.5.5, citizenship: not a country code of two letters",
        ]
    );
    assert_eq!(collected.records_lost(), 3);
}

#[test]
fn unknown_elements_and_attributes_are_counted_once_a_kind() {
    let (entity, issues) = entity(&format!(
        r#"{PERSON}<nameAlias wholeName="A" shoeSize="41"/><nameAlias wholeName="B" shoeSize="42"><pet name="x"><remark>y</remark></pet></nameAlias>
        <pet/><regulation numberTitle="1"><publicationUrl>u<b>x</b></publicationUrl></regulation> stray
        <citizenship><contactInfo key="a" value="b"/></citizenship>"#
    ));
    assert_eq!(entity.names.len(), 2);
    assert_eq!(entity.listings[0].url, "u");
    assert_eq!(
        issues,
        [
            "line 3: unknown attribute nameAlias/@shoeSize, 2 times in the file: passed over",
            "line 5: unknown element citizenship/contactInfo, once in the file: passed over",
            "line 4: unknown element inside text, once in the file: passed over",
            "line 3: unknown element nameAlias/pet, once in the file: passed over",
            "line 4: unknown element sanctionEntity/pet, once in the file: passed over",
            "line 4: unknown text between elements, once in the file: passed over",
        ]
    );
}

#[test]
fn a_prefix_for_the_namespace_changes_nothing() {
    let plain = document(&record(&format!("{PERSON}{NAME}")));
    let prefixed = ["export", "sanctionEntity", "subjectType", "nameAlias"]
        .iter()
        .fold(plain.clone(), |text, name| {
            text.replace(&format!("<{name}"), &format!("<f:{name}"))
                .replace(&format!("</{name}"), &format!("</f:{name}"))
        })
        .replace("xmlns=", "xmlns:f=");
    let (a, b) = (read(&FORMAT, &plain), read(&FORMAT, &prefixed));
    assert_eq!(a.entities, b.entities);
    assert_eq!(b.issues(), Vec::<String>::new());
}

#[test]
fn several_files_are_one_list() {
    let file = |id: &str| document(&record(&format!("{PERSON}{NAME}")).replace("EU.1.1", id));
    let (one, two) = (file("EU.1.1"), file("EU.2.2").replace("2026-08-05", "2026-08-06"));
    let collected = crate::sources::testing::read_all(&FORMAT, &[&one, &two, &one]);
    let ids: Vec<&str> = collected.entities.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(ids, ["EU.1.1", "EU.2.2"]);
    assert_eq!(collected.records_lost(), 1);
    assert!(collected.header.as_of.starts_with("2026-08-05"));
    assert_eq!(collected.bytes_read, (one.len() * 2 + two.len()) as u64 - "\n</export>".len() as u64);
}

#[test]
fn an_empty_list_is_refused() {
    let error = read_error(&FORMAT, document("").as_bytes());
    assert!(error.contains("there is no entity in the file"), "{error}");
}

/// Counts tags by their bytes, as far from the reader as can be.
fn tags(document: &[u8], tag: &str) -> usize {
    let open = format!("<{tag}");
    document
        .windows(open.len() + 1)
        .filter(|w| w.starts_with(open.as_bytes()) && matches!(w[open.len()], b' ' | b'>' | b'/'))
        .count()
}

#[test]
fn the_whole_list_comes_in_completely() {
    let Some(bytes) = shared_list("eu/eu-fsf-1_1-full.xml.gz") else { return };
    let collected = crate::sources::testing::read_bytes(&FORMAT, &bytes).unwrap();
    assert_eq!(collected.issues(), Vec::<String>::new());
    let plain = crate::sources::testing::unpacked(&bytes);
    type Count = fn(&Entity) -> usize;
    let counts: [(&str, Count); 9] = [
        ("sanctionEntity", |_| 1),
        ("nameAlias", |e| e.names.len()),
        ("birthdate", |e| e.births.len()),
        ("citizenship", |e| e.citizenships.len()),
        ("address", |e| e.addresses.len()),
        ("contactInfo", |e| e.addresses.iter().map(|a| a.contacts.len()).sum()),
        ("identification", |e| e.identifiers.len()),
        ("regulation", |e| e.listings.len()),
        ("remark", |e| e.remarks.len()),
    ];
    for (tag, count) in counts {
        let read: usize = collected.entities.iter().map(count).sum();
        assert_eq!(read, tags(&plain, tag), "{tag}");
    }
    // Every name as the file has it, references aside: those are tested above.
    let text = String::from_utf8(plain).unwrap();
    let mut written = text.split(" wholeName=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    for name in collected.entities.iter().flat_map(|e| &e.names) {
        let written = written.next().unwrap();
        if !written.contains('&') {
            assert_eq!(name.whole, written.trim());
        }
    }
    // Each element that names an act points at one.
    let acts = |e: &Entity| {
        let named = e.names.iter().map(|n| n.act).chain(e.births.iter().map(|b| b.act));
        named.chain(e.addresses.iter().map(|a| a.act)).all(|act| (act.unwrap() as usize) < e.acts.len())
    };
    assert!(collected.entities.iter().all(acts));
}

#[test]
fn the_official_excerpt_comes_in_without_an_issue() {
    let Some(bytes) = shared_list("eu/eu-fsf-1_1-excerpt.xml") else { return };
    let collected = crate::sources::testing::read_bytes(&FORMAT, &bytes).unwrap();
    assert_eq!(collected.issues(), Vec::<String>::new());
    assert_eq!(collected.entities.len(), 4);
}

/// The bundled demonstration list.
const DEMO: &str = include_str!("../../../fixtures/eu-demo.xml");

#[test]
fn the_demonstration_list_shows_every_script_and_oddity() {
    use unicode_script::{Script, UnicodeScript};

    let collected = read(&FORMAT, DEMO);
    assert_eq!(collected.issues(), Vec::<String>::new());
    let entities = &collected.entities;
    assert!((35..=45).contains(&entities.len()), "{}", entities.len());
    let names = || entities.iter().flat_map(|e| &e.names);
    let scripts = [
        Script::Latin,
        Script::Cyrillic,
        Script::Arabic,
        Script::Greek,
        Script::Hangul,
        Script::Han,
        Script::Hebrew,
    ];
    for script in scripts {
        assert!(names().any(|n| n.whole.chars().any(|c| c.script() == script)), "{script:?}");
    }
    // Persian letters that Arabic does not have.
    assert!(names().any(|n| n.whole.contains(['گ', 'پ', 'چ', 'ی'])));
    for quality in [NameQuality::Weak, NameQuality::Former, NameQuality::Acronym] {
        assert!(names().any(|n| n.quality == quality), "{quality:?}");
    }
    let named = |id: &str| entities.iter().find(|e| e.id == id).unwrap();
    assert!(named("EU.7510.16").names.iter().any(|n| n.whole == "Владимир ПУТИН"));
    assert_eq!(named("EU.7510.16").births[0].when.date.unwrap().to_string(), "1952-10-07");
    let spans = |id: &str| -> Vec<_> {
        let whens = named(id).births.iter().map(|b| b.when);
        whens.map(|w| (w.date.map(|d| d.to_string()), w.first_year, w.last_year)).collect()
    };
    assert_eq!(spans("EU.6131.26")[1], (None, Some(1964), Some(1965)));
    assert_eq!(spans("EU.3092.36")[0], (Some("1982-04-19".to_owned()), None, None));
    assert_eq!(spans("EU.502.12"), [(None, Some(1953), Some(1958)), (None, None, None)]);
    assert_eq!(spans("EU.4565.86"), [(None, None, Some(1980))]);
    assert_eq!(named("EU.4156.52").births[0].city, "");
    assert!(named("EU.322.37").remarks[0].contains("\u{201c}Quetta Shura\u{201d} & deputy"));
    assert!(names().any(|n| n.title == "(a) Maulavi, (b) Mullah"));
    assert_eq!(
        entities.iter().filter(|e| e.names.iter().any(|n| n.whole == "Hossein SALAMI")).count(),
        2,
        "the list names him under two programmes"
    );
    assert!(DEMO.contains("It is NOT the official list"));
}

#[test]
fn the_demonstration_list_keeps_to_facts_of_the_real_one() {
    let Some(bytes) = shared_list("eu/eu-fsf-1_1-full.xml.gz") else { return };
    let real = crate::sources::testing::read_bytes(&FORMAT, &bytes).unwrap();
    for entity in read(&FORMAT, DEMO).entities {
        let real = real.entities.iter().find(|e| e.id == entity.id).unwrap();
        assert_eq!((&real.other_id, real.kind), (&entity.other_id, entity.kind), "{}", entity.id);
        assert_eq!(real.listings[0].programme, entity.listings[0].programme, "{}", entity.id);
        let shared = entity.names.iter().filter(|n| real.names.iter().any(|r| r.whole == n.whole)).count();
        assert!(shared * 2 >= entity.names.len(), "{}: {shared} names of the list", entity.id);
        for birth in entity.births {
            assert!(real.births.iter().any(|r| r.when == birth.when), "{}", entity.id);
        }
    }
}
