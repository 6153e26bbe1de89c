//! Made-up CVs with the mentions they should give, as data.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::*;
use crate::index::Snapshot;

static DEMO: LazyLock<Screener> =
    LazyLock::new(|| Screener::new(Arc::new(Snapshot::demo().unwrap()), Vec::new()));

fn found(text: &str) -> CvFindings {
    find_institutions(text, &DEMO, &Options::default(), jiff::Timestamp::UNIX_EPOCH).unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cv").join(name)
}

fn row(mention: &CvMention) -> String {
    let date = |d: Option<PartialDate>| d.map(|d| d.to_string()).unwrap_or_default();
    let period = mention.period.map_or(String::new(), |p| {
        format!("{}/{}", date(p.start), if p.ongoing { "..".to_owned() } else { date(p.end) })
    });
    let listed = mention.proposals.first().map_or("-".to_owned(), |p| format!("{}/{}", p.list, p.entity_id));
    format!("{}\t{}\t{}\t{listed}\t{period}", mention.line, mention.column, mention.text)
}

#[test]
fn mentions_of_made_up_cvs() {
    for name in ["english", "dutch", "chinese"] {
        let bytes = std::fs::read(fixture(&format!("{name}.txt"))).unwrap();
        let expected = std::fs::read_to_string(fixture(&format!("{name}.tsv"))).unwrap();
        let text = cv_text(&bytes).unwrap();
        let findings = found(text);
        let rows: Vec<String> = findings.mentions.iter().map(row).collect();
        let expected: Vec<&str> = expected.lines().filter(|l| !l.starts_with('#')).collect();
        assert_eq!(rows, expected, "{name}");
        for mention in &findings.mentions {
            assert_eq!(&text[mention.bytes.clone()], mention.text);
        }
        assert_eq!(findings.left_out, 0);
        assert!(findings.stamp.demo);
        let again: CvFindings = serde_json::from_str(&serde_json::to_string(&findings).unwrap()).unwrap();
        assert_eq!(again.mentions.len(), findings.mentions.len());
    }
}

#[test]
fn a_mention_stays_within_line_cell_and_sentence() {
    for (text, expected) in [
        ("Harbin Institute\nof Technology", &[][..]),
        ("I came to Nanjing. University life was hard.", &[]),
        ("Nanjing, Beijing", &[]),
        ("Nanjing", &[]),
        ("Nanjing University; Nanjing University", &["Nanjing University", "Nanjing University"]),
        // A near neighbour of a listed one is an institution of its own.
        ("Northwestern University", &["Northwestern University"]),
    ] {
        let listed: Vec<String> = found(text)
            .mentions
            .into_iter()
            .filter(|m| !m.proposals.is_empty() || !expected.is_empty())
            .map(|m| m.text)
            .collect();
        assert_eq!(listed, expected, "{text}");
    }
    assert_eq!(found("Northwestern University").mentions[0].proposals, []);
}

#[test]
fn each_mention_of_a_line_is_found_and_once() {
    let text = "2010-2014 Beihang University; 2014-2018 Beihang Univ.; both in Beijing; 北京航空航天大学";
    let rows: Vec<String> = found(text).mentions.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "1\t11\tBeihang University\taspi/beihang-university\t2010/2014",
            "1\t41\tBeihang Univ\taspi/beihang-university\t2014/2018",
            "1\t73\t北京航空航天大学\taspi/beihang-university\t2014/2018",
        ]
    );
}

#[test]
fn options_choose_lists_and_are_checked() {
    let text = "Harbin Institute of Technology";
    let with = |options: Options| find_institutions(text, &DEMO, &options, jiff::Timestamp::UNIX_EPOCH);
    let eu = with(Options { lists: vec!["eu".into()], ..Options::default() }).unwrap();
    assert_eq!(eu.mentions[0].proposals, [], "it is on the other list only");
    assert_eq!(eu.stamp.lists.len(), 1);
    assert!(matches!(
        with(Options { lists: vec!["nosuch".into()], ..Options::default() }),
        Err(CvError::Options(_))
    ));
    assert!(matches!(with(Options { threshold: Some(2.0), ..Options::default() }), Err(CvError::Options(_))));
}

#[test]
fn what_is_no_plain_text_is_refused_without_quoting_it() {
    for (bytes, part) in [
        (&b"%PDF-1.7 secret"[..], "PDF"),
        (b"PK\x03\x04secret", "DOCX"),
        (b"\xff\xfes\0e\0", "UTF-16"),
        (b"{\\rtf1 secret", "rich text"),
        (b"secret\nname \xe9", "line 2 (byte 12): not UTF-8"),
    ] {
        let error = cv_text(bytes).unwrap_err().to_string();
        assert!(error.contains(part) && !error.contains("secret"), "{error}");
    }
    let long = "x".repeat(MAX_CV_BYTES + 1);
    assert!(matches!(cv_text(long.as_bytes()), Err(CvError::TooLarge { .. })));
    let refused = find_institutions(&long, &DEMO, &Options::default(), jiff::Timestamp::UNIX_EPOCH);
    assert!(matches!(refused, Err(CvError::TooLarge { bytes }) if bytes == MAX_CV_BYTES + 1));
    assert_eq!(cv_text(b"\xef\xbb\xbfa").unwrap(), "a");
    assert_eq!(found("").mentions, []);
}

/// Lines of which none is like another.
fn lines_of(count: usize) -> String {
    (0..count)
        .map(|i| {
            format!(
                "{}–{}\tDept. {i}, Fictional University of X{i}, and prose Number{i} about it.\n",
                1960 + i % 60,
                1961 + i % 60
            )
        })
        .collect()
}

#[test]
fn searches_grow_with_the_text_and_no_faster() {
    let (some, twice) = (found(&lines_of(100)), found(&lines_of(200)));
    assert_eq!((some.mentions.len(), twice.mentions.len()), (100, 200));
    assert!(twice.searches <= 2 * some.searches + 2, "{} {}", some.searches, twice.searches);
    assert!(some.searches <= 400, "{}", some.searches);
}

#[test]
fn a_megabyte_is_read_to_its_end() {
    // Many lines; then one line without any end, and one without a space.
    let mut lines = lines_of(50);
    while lines.len() < MAX_CV_BYTES - 5_000 {
        lines.push_str(&lines.clone()[..lines.len().min(MAX_CV_BYTES - 4_000 - lines.len())]);
        while !lines.is_char_boundary(lines.len()) {
            lines.pop();
        }
    }
    let findings = found(&lines);
    assert_eq!(findings.mentions.len(), MAX_CV_MENTIONS);
    assert!(findings.left_out > 1_000 && findings.searches < 2_000, "{}", findings.searches);

    let words = "Fictional prose and University of words without end ".repeat(MAX_CV_BYTES / 52);
    assert!(found(&words).searches < words.len() / 100);
    for run in ["哈尔滨工业大学", "Xx", "2015-"] {
        let run = run.repeat(MAX_CV_BYTES / run.len());
        let findings = found(&run);
        assert!(findings.searches < run.len() / 10, "{}", findings.searches);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_and_places_lie_in_it(
        text in "(\\PC{0,12}|Harbin Institute of Technology|大学|哈尔滨工业大学|University of | – |2015|[\n\t\r,;.]|至今|Beihang University){0,12}"
    ) {
        let findings = found(&text);
        let mut last = 0;
        for mention in &findings.mentions {
            proptest::prop_assert_eq!(text.get(mention.bytes.clone()), Some(mention.text.as_str()));
            proptest::prop_assert!(!mention.text.contains('\n') && !mention.text.is_empty());
            proptest::prop_assert!(mention.bytes.start >= last, "mentions overlap or are out of order");
            last = mention.bytes.end;
            let line = text[..mention.bytes.start].matches('\n').count() as u32;
            proptest::prop_assert!(mention.line > line);
        }
    }
}
