//! Files that are no list, or a list that something happened to: each is refused with its place and
//! what to do, or read with issues that have a place.

use std::collections::BTreeSet;
use std::io::{BufReader, Write};
use std::path::PathBuf;

use proptest::prelude::*;

use super::testing::{Collected, read_bytes};
use super::{Input, ReadError, eu, un};

/// What is to become of a file.
enum Fate {
    /// Refused, at this line, in words with these in them.
    Refused(u64, &'static str),
    /// Read: so many entities, these issues.
    Read(usize, &'static [&'static str]),
}

/// Every file in `fixtures/hostile`, read as the EU list.
const FILES: &[(&str, Fate)] = &[
    ("archive.zip", Fate::Refused(1, "an archive of a kind that is not read: unpack it")),
    ("bad-character-reference.xml", Fate::Refused(5, "a character reference that stands for no character")),
    ("damaged.xml.gz", Fate::Refused(1, "the compressed data is damaged: fetch the file again")),
    ("declared-latin-1.xml", Fate::Refused(1, "an encoding other than UTF-8: convert it")),
    ("deep.xml", Fate::Refused(3, "more than 32 elements inside one another")),
    ("doctype-bomb.xml", Fate::Refused(2, "a DOCTYPE, which no list has and which is refused")),
    (
        "duplicate-ids.xml",
        Fate::Read(
            2,
            &["line 11, EU.1.1: this reference stands on the list already: the first entity is kept"],
        ),
    ),
    ("empty.xml", Fate::Refused(1, "the file is empty")),
    ("error-page-as-xhtml.xml", Fate::Refused(2, "an HTML page, probably an error page of the download")),
    ("error-page.html", Fate::Refused(1, "an HTML page, probably an error page of the download")),
    ("error.json", Fate::Refused(1, "this looks like JSON, not XML")),
    ("lone-ampersand.xml", Fate::Refused(10, "an & that begins no reference")),
    ("mismatched-tags.xml", Fate::Refused(6, "a tag that does not fit the one it should close")),
    ("no-entities.xml", Fate::Refused(4, "there is no entity in the file: a list is never empty")),
    ("no-readable-entity.xml", Fate::Refused(9, "there is no entity in the file: a list is never empty")),
    ("not-utf-8.xml", Fate::Refused(9, "bytes that are not UTF-8")),
    ("plain-text.xml.gz", Fate::Refused(1, "this is not XML: the first character is not <")),
    ("text-after-root.xml", Fate::Refused(7, "text outside the root element")),
    ("truncated-in-value.xml", Fate::Refused(13, "markup that never ends: the file breaks off")),
    ("truncated.xml", Fate::Refused(14, "the file breaks off with elements still open")),
    ("truncated.xml.gz", Fate::Refused(0, "the compressed file breaks off: the download was cut")),
    ("two-roots.xml", Fate::Refused(8, "a second root element: files joined end to end")),
    ("undefined-entity-in-attribute.xml", Fate::Refused(9, "an entity that is not defined: refused")),
    ("undefined-entity.xml", Fate::Refused(10, "an entity that is not defined: refused")),
    ("unquoted-attribute.xml", Fate::Refused(4, "an attribute that is not well-formed")),
    ("utf-16.xml", Fate::Refused(1, "the file is UTF-16: convert it to UTF-8 first")),
    ("white-space.xml", Fate::Refused(1, "there is no element in the file")),
    ("wrong-checksum.xml.gz", Fate::Refused(0, "the compressed data is damaged: fetch the file again")),
    (
        "wrong-namespace.xml",
        Fate::Refused(
            2,
            "not stand in the namespace http://eu.europa.ec/fpi/fsd/export: this is not an EU sanctions",
        ),
    ),
    ("wrong-root.xml", Fate::Refused(2, "the root element is <sanctionsData>, not <export>")),
];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/hostile")
}

#[test]
fn every_hostile_file_meets_its_fate() {
    for (file, fate) in FILES {
        let bytes = std::fs::read(folder().join(file)).unwrap();
        match (read_bytes(&eu::FORMAT, &bytes), fate) {
            (Err(ReadError::Format { place, what, .. }), Fate::Refused(line, words)) => {
                assert!(what.contains(words), "{file}: {what}");
                assert!(!what.contains("Nomen"), "{file} quotes a name: {what}");
                // Where the decompressor fails, the line is that of the last whole block.
                assert!(*line == 0 || place == format!("line {line}"), "{file}: {place}");
                assert!(place.starts_with("line "), "{file}: {place}");
            }
            (Ok(collected), Fate::Read(entities, issues)) => {
                assert_eq!(collected.entities.len(), *entities, "{file}");
                assert_eq!(collected.issues(), *issues, "{file}");
            }
            (Ok(_), Fate::Refused(..)) => panic!("{file} was read"),
            (Err(error), _) => panic!("{file}: {error}"),
        }
    }
    let here: BTreeSet<String> =
        std::fs::read_dir(folder()).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(here, FILES.iter().map(|(file, _)| (*file).to_owned()).collect(), "each file has a fate");
}

#[test]
fn what_is_no_xml_is_refused_by_the_un_reader_alike() {
    for (file, fate) in FILES {
        let Fate::Refused(_, words) = fate else { continue };
        if words.contains("EU sanctions") || words.contains("<export>") {
            continue;
        }
        let error = read_bytes(&un::FORMAT, &std::fs::read(folder().join(file)).unwrap()).map(|_| ());
        assert!(matches!(error, Err(ReadError::Format { .. })), "{file}: {error:?}");
    }
    let eu_list = read_bytes(&un::FORMAT, DEMO.as_bytes()).map(|_| ()).unwrap_err().to_string();
    assert!(eu_list.contains("the root element is <export>, not <CONSOLIDATED_LIST>"), "{eu_list}");
    let in_namespace = r#"<CONSOLIDATED_LIST xmlns="urn:x"/>"#;
    let error = read_bytes(&un::FORMAT, in_namespace.as_bytes()).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("stands in a namespace"), "{error}");
}

/// A list with this in place of one record.
fn list(record: &str) -> String {
    format!(
        r#"<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04Z" globalFileId="1">
<sanctionEntity euReferenceNumber="EU.1.1" logicalId="1"><subjectType code="person"/>{record}</sanctionEntity></export>"#
    )
}

fn refusal(document: &str) -> String {
    read_bytes(&eu::FORMAT, document.as_bytes()).map(|_| ()).unwrap_err().to_string()
}

const NAME: &str = r#"<nameAlias wholeName="Nomen Nescio"/>"#;

#[test]
fn absurd_sizes_are_refused_before_they_fill_the_memory() {
    let megabytes = "x".repeat(3 << 20);
    for (record, words) in [
        (format!(r#"<nameAlias wholeName="{megabytes}"/>"#), "line 2: a tag or text of more than 1 MiB"),
        (format!("{NAME}<remark>{megabytes}</remark>"), "line 2: a tag or text of more than 1 MiB"),
        (format!("{NAME}<!-- {megabytes} -->"), "line 2: a tag or text of more than 1 MiB"),
        (format!("{NAME}<{megabytes}/>"), "line 2: a tag or text of more than 1 MiB"),
        (NAME.repeat((17 << 20) / NAME.len()), "line 2: a record of more than 16 MiB"),
        (
            format!("{NAME}<remark>{}</remark>", "&amp;".repeat(4 << 20)),
            "line 2: a record of more than 16 MiB",
        ),
    ] {
        let error = refusal(&list(&record));
        assert!(error.contains(words), "{error}");
    }
    // Long is not absurd.
    let long = list(&format!(r#"<nameAlias wholeName="{}"/>"#, &megabytes[..500_000]));
    assert_eq!(read_bytes(&eu::FORMAT, long.as_bytes()).unwrap().entities.len(), 1);
}

#[test]
fn a_compressed_bomb_is_refused_at_the_same_limits() {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    bomb.write_all(b"<export xmlns=\"http://eu.europa.ec/fpi/fsd/export\">").unwrap();
    for _ in 0..256 {
        bomb.write_all(&[b' '; 1 << 20]).unwrap();
    }
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20);
    let error = read_bytes(&eu::FORMAT, &bomb).map(|_| ()).unwrap_err().to_string();
    assert!(error.contains("a tag or text of more than 1 MiB"), "{error}");
}

#[test]
fn unknown_kinds_are_told_apart_up_to_a_limit() {
    let unknown: String = (0..1000).map(|n| format!("<e{n} a{n}=\"\"/>")).collect();
    let collected = read_bytes(&eu::FORMAT, list(&format!("{NAME}{unknown}")).as_bytes()).unwrap();
    assert_eq!(collected.issues.len(), 65);
    let last = &collected.issues()[64];
    assert!(collected.issues().iter().any(|i| i.contains("of further kinds, 936 times")), "{last}");
}

const DEMO: &str = include_str!("../../fixtures/eu-demo.xml");

/// Reads through a buffer of this size.
fn read_in_pieces(bytes: &[u8], piece: usize) -> Result<Collected, ReadError> {
    let bytes = Box::new(BufReader::with_capacity(piece, bytes));
    let input = Input { name: "test.xml".to_owned(), bytes };
    let mut collected = Collected::default();
    collected.header = (eu::FORMAT.read)(vec![input], &mut collected)?;
    Ok(collected)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_list_cut_anywhere_is_refused(share in 0.0..1.0f64) {
        let end = DEMO.trim_end().len();
        let cut = (end as f64 * share) as usize;
        prop_assert!(read_bytes(&eu::FORMAT, &DEMO.as_bytes()[..cut]).is_err());
    }

    #[test]
    fn pieces_in_which_a_list_arrives_change_nothing(piece in 1usize..200) {
        let whole = read_bytes(&eu::FORMAT, DEMO.as_bytes()).unwrap();
        let pieces = read_in_pieces(DEMO.as_bytes(), piece).unwrap();
        prop_assert_eq!(whole.entities, pieces.entities);
        prop_assert_eq!(whole.issues, pieces.issues);
        prop_assert_eq!(whole.bytes_read, pieces.bytes_read);
    }

    #[test]
    fn damaged_bytes_never_panic_and_never_put_names_into_messages(
        damage in proptest::collection::vec((0usize..80_000, any::<u8>()), 1..20),
    ) {
        let mut bytes = DEMO.as_bytes().to_vec();
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let names = ["PUTIN", "ПУТИН", "LUKASHENK", "Sharif", "Saddam"];
        match read_bytes(&eu::FORMAT, &bytes) {
            Ok(collected) => {
                for message in collected.issues() {
                    prop_assert!(!names.iter().any(|n| message.contains(n)), "{}", message);
                }
            }
            Err(error) => {
                let message = error.to_string();
                prop_assert!(!names.iter().any(|n| message.contains(n)), "{}", message);
            }
        }
    }
}
