//! Analysts' search.

use zeef::index::{PageTokenError, SearchError, SearchPage, SearchRequest, Snapshot};
use zeef::model::EntityKind;

use crate::support::{ALPHA, BETA, Bench, people};

fn snapshot() -> Snapshot {
    let alpha = "as of 2026-01-01\n\
        A.1 | person | Aleksander Przykładowski; Александр Примеров | UKR | RU | | Minister of examples | P-123 456\n\
        A.2 | person | Aleksandra Przykładowska | BLR | BY\n\
        A.3 | person | Jean d’Exemple | UKR | FR | | Cousin of Aleksander\n\
        A.4 | organisation | Red Star Example Works | UKR | RU | | | 7700-01\n\
        A.5 | organisation | Star of the Red Example | IRN | IR\n\
        A.6 | organisation | 김예시 Trading | PRK | KP\n";
    let beta = "as of 2026-01-01\n\
        example-university | organisation | Example University (示例工业大学) | | CN | Seven Sons | | \n\
        other-university | organisation | Other Example University; 工业示例学院 | | CN | Military\n\
        示 | organisation | 示 | | CN | Military\n";
    let bench = Bench::new();
    bench.import(&[(&BETA, beta), (&ALPHA, alpha)], "2026-03-02T08:00:00Z").unwrap();
    bench.open()
}

fn ids(page: &SearchPage) -> Vec<&str> {
    page.found.iter().map(|f| f.entity.id.as_str()).collect()
}

#[test]
fn words_find_entities_whatever_their_spelling() {
    let snapshot = snapshot();
    for (query, expected) in [
        ("PRZYKLADOWSKI", vec!["A.1"]),
        ("przykładowska aleksandra", vec!["A.2"]),
        ("Александр", vec!["A.1"]),
        ("przykladowsk*", vec!["A.1", "A.2"]),
        ("dexemple", vec!["A.3"]),
        ("d'Exemple", vec!["A.3"]),
        // A name counts more than a remark.
        ("aleksander", vec!["A.1", "A.3"]),
        ("minister", vec!["A.1"]),
        // The whole name first.
        ("red star example works", vec!["A.4"]),
        ("\"red star\"", vec!["A.4"]),
        ("star red", vec!["A.4", "A.5"]),
        // References and numbers, however they are written.
        ("A.4", vec!["A.4"]),
        ("7700 01", vec!["A.4"]),
        ("P123456", vec!["A.1"]),
        // Scripts without spaces: parts of the name, in order.
        ("工业大学", vec!["example-university"]),
        ("示例工业大学", vec!["example-university"]),
        ("工业", vec!["other-university", "example-university"]),
        ("大学业", vec![]),
        ("예시", vec!["A.6"]),
        ("seven sons", vec!["example-university"]),
        ("nowhere", vec![]),
        ("!?", vec![]),
    ] {
        let page =
            snapshot.search(&SearchRequest { query: query.into(), ..SearchRequest::default() }).unwrap();
        let mut found = ids(&page);
        assert_eq!(page.total, found.len() as u64, "{query}");
        if query == "工业" || query == "star red" {
            // Both fit; which of them better is not what this test is about.
            found.sort();
            let mut expected = expected.clone();
            expected.sort();
            assert_eq!(found, expected, "{query}");
        } else {
            assert_eq!(found, expected, "{query}");
        }
    }
}

#[test]
fn filters_narrow() {
    let snapshot = snapshot();
    let s = |v: &[&str]| v.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
    let all = SearchRequest::default;
    for (request, expected) in [
        (
            all(),
            s(&["A.1", "A.2", "A.3", "A.4", "A.5", "A.6", "example-university", "other-university", "示"]),
        ),
        (SearchRequest { kind: Some(EntityKind::Person), ..all() }, s(&["A.1", "A.2", "A.3"])),
        (
            SearchRequest { kind: Some(EntityKind::Organisation), lists: s(&["alpha"]), ..all() },
            s(&["A.4", "A.5", "A.6"]),
        ),
        (SearchRequest { programmes: s(&["ukr", "BLR"]), ..all() }, s(&["A.1", "A.2", "A.3", "A.4"])),
        (SearchRequest { countries: s(&["kp", "IR"]), ..all() }, s(&["A.5", "A.6"])),
        (SearchRequest { categories: s(&["SEVEN SONS"]), ..all() }, s(&["example-university"])),
        (SearchRequest { query: "example".into(), programmes: s(&["IRN"]), ..all() }, s(&["A.5"])),
        (SearchRequest { programmes: s(&["none"]), ..all() }, s(&[])),
    ] {
        let page = snapshot.search(&request).unwrap();
        assert_eq!(ids(&page), expected.iter().map(String::as_str).collect::<Vec<_>>(), "{request:?}");
    }
}

#[test]
fn pages_hold_every_entity_once_and_in_order() {
    let bench = Bench::new();
    bench.import(&[(&ALPHA, &people("A", 53, "2026-01-01"))], "2026-03-02T08:00:00Z").unwrap();
    let snapshot = bench.open();
    for query in ["", "testname"] {
        let whole = SearchRequest { query: query.into(), page_size: 1000, ..SearchRequest::default() };
        let all = snapshot.search(&whole).unwrap();
        assert_eq!((all.total, all.next_page_token.as_str()), (53, ""));
        assert_eq!(all.found[10].entity.id, "A.11");
        let mut request = SearchRequest { page_size: 10, ..whole };
        let mut paged = Vec::new();
        loop {
            let page = snapshot.search(&request).unwrap();
            assert_eq!(page.total, 53);
            paged.extend(page.found);
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
            // The size may change from page to page.
            request.page_size += 1;
        }
        assert_eq!(paged, all.found);

        let token = request.page_token;
        let other =
            SearchRequest { query: "number1".into(), page_token: token.clone(), ..SearchRequest::default() };
        assert!(matches!(snapshot.search(&other), Err(SearchError::PageToken(PageTokenError::OtherSearch))));
        bench
            .import(&[(&ALPHA, &people("A", 53 + query.len(), "2026-01-02"))], "2026-03-03T08:00:00Z")
            .unwrap();
        let same = SearchRequest { query: query.into(), page_token: token, ..SearchRequest::default() };
        if query.is_empty() {
            // The contents differ by their date, so the snapshot does.
            let error = bench.open().search(&same);
            assert!(matches!(error, Err(SearchError::PageToken(PageTokenError::OtherSnapshot))));
        }
    }
}

#[test]
fn a_misspelt_word_brings_suggestions() {
    let snapshot = snapshot();
    let search = |query: &str, lists: &[&str]| {
        let lists = lists.iter().map(|l| (*l).to_owned()).collect();
        snapshot.search(&SearchRequest { query: query.into(), lists, ..SearchRequest::default() }).unwrap()
    };
    let page = search("univercity example", &[]);
    assert_eq!((page.total, page.suggestions), (0, vec!["university example".to_owned()]));
    assert_eq!(
        search("univercity", &["alpha"]).suggestions,
        Vec::<String>::new(),
        "it would find nothing there"
    );
    assert_eq!(search("zzzzzzzz", &[]).suggestions, Vec::<String>::new());
    assert!(search("university", &[]).suggestions.is_empty());
}

#[test]
fn requests_at_fault_are_refused() {
    let snapshot = snapshot();
    let list = SearchRequest { lists: vec!["gamma".into()], ..SearchRequest::default() };
    assert!(matches!(
        snapshot.search(&list),
        Err(SearchError::ListNotLoaded { loaded, .. }) if loaded == "alpha, beta"
    ));
    let long = SearchRequest { query: "x".repeat(1_001), ..SearchRequest::default() };
    assert!(matches!(snapshot.search(&long), Err(SearchError::Request { field: "query", .. })));
    let many = SearchRequest { countries: vec!["NL".into(); 101], ..SearchRequest::default() };
    assert!(matches!(snapshot.search(&many), Err(SearchError::Request { field: "countries", .. })));
    // Whatever is typed is a search, never an error.
    for query in ["\"", "a AND (", "*", "name:x^2", "-", "\u{0}", &"word ".repeat(200)] {
        let request = SearchRequest { query: query.into(), ..SearchRequest::default() };
        snapshot.search(&request).unwrap();
    }
}
