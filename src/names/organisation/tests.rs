use super::{AnalysedOrganisation, TypeClass, WordKind, listed_variants};

fn keys(text: &str) -> Vec<String> {
    AnalysedOrganisation::of(text).words.iter().map(|w| w.key.to_string()).collect()
}

#[test]
fn spellings_of_a_word_share_its_key() {
    for (words, key) in [
        ("University Univ. université Universität daxue 大学 大學 университет", "university"),
        ("Institute Inst. Institut институт 研究所", "institute"),
        ("Technology Technol. tech technologies", "technology"),
        ("Northwest Northwestern 西北", "northwest"),
        ("Peking Beijing 北京", "beijing"),
        ("Sciences Sci. science", "science"),
    ] {
        for word in words.split(' ') {
            assert_eq!(keys(word), [key], "{word}");
        }
    }
}

#[test]
fn phrases_are_one_word() {
    for (text, expected) in [
        ("People's Liberation Army", vec!["pla"]),
        ("Xi'an", vec!["xian"]),
        ("Xi’an Shiyou", vec!["xian", "petroleum"]),
        ("P. R. China", vec!["china"]),
        ("P.R. China", vec!["china"]),
        ("Inner Mongolia University", vec!["innermongolia", "university"]),
        ("Общество с ограниченной ответственностью «Агат»", vec!["ltd", "agat"]),
        ("Société par actions “Agat”", vec!["ltd", "agat"]),
        ("科技大学", vec!["science", "technology", "university"]),
    ] {
        assert_eq!(keys(text), expected, "{text}");
    }
}

#[test]
fn han_is_cut_at_the_longest_words() {
    for (text, expected) in [
        ("哈尔滨工业大学计算机学院", vec!["harbin", "gongye", "university", "computer", "college"]),
        ("南京航空航天大学", vec!["nanjing", "aeronautics", "astronautics", "university"]),
        ("中国人民解放军海军工程大学", vec!["pla", "navy", "engineering", "university"]),
        ("复旦大学", vec!["fudan", "university"]),
        ("第四军医大学", vec!["4", "militarymedical", "university"]),
        ("63820部队", vec!["63820", "budui"]),
    ] {
        assert_eq!(keys(text), expected, "{text}");
    }
}

#[test]
fn signs_end_segments_and_quotes_do_not() {
    let segments =
        |text: &str| -> Vec<u16> { AnalysedOrganisation::of(text).words.iter().map(|w| w.segment).collect() };
    assert_eq!(segments("Physics, Fudan University; Shanghai (China)"), [0, 1, 1, 2, 3]);
    assert_eq!(segments("JSC “Agat” plant"), [0, 0, 0]);
    assert_eq!(segments("Agat Trading Co., Ltd., Moscow"), [0, 0, 0, 0, 1]);
    assert_eq!(segments("Agat - Moscow"), [0, 1]);
    assert_eq!(segments("Radio-Agat"), [0, 0]);
    assert_eq!(segments("Chemistry, Fudan, someone@example.org"), [0, 1]);
    assert_eq!(segments(",,;  ( )"), Vec::<u16>::new());
}

#[test]
fn words_know_what_they_do() {
    for (word, kind) in [
        ("of", WordKind::Connector),
        ("GmbH", WordKind::Legal),
        ("Akademie", WordKind::Type(TypeClass::Academy)),
        ("Aeronautics", WordKind::Field),
        ("Northeastern", WordKind::Direction),
        ("Harbin", WordKind::Place),
        ("Iranian", WordKind::Country),
        ("Second", WordKind::Number),
        ("901", WordKind::Number),
        ("PLA", WordKind::Body),
        ("Fudan", WordKind::Word),
    ] {
        assert_eq!(AnalysedOrganisation::of(word).words[0].kind, kind, "{word}");
    }
}

#[test]
fn rare_words_tell_more() {
    let bits = |word: &str| AnalysedOrganisation::of(word).words[0].bits;
    let rising = ["of", "ltd", "university", "technology", "nanjing", "zagros"];
    assert!(rising.windows(2).all(|w| bits(w[0]) < bits(w[1])), "{:?}", rising.map(bits));
}

#[test]
fn one_name_has_one_compact_form() {
    let compact = |text: &str| AnalysedOrganisation::of(text).compact;
    assert_eq!(compact("Shanghai Jiao-Tong University"), compact("SHANGHAI JIAO TONG “UNIVERSITY”"));
    assert_eq!(compact("上海交通大學"), compact("上海交通大学"));
    assert_ne!(compact("—"), compact("…!"));
}

#[test]
fn parentheses_are_left_out_unless_they_name_a_place() {
    let texts = |name: &str| listed_variants(name).iter().map(|v| v.compact.clone()).collect::<Vec<_>>();
    assert_eq!(texts("China Academy of Space Technology (CAST)").len(), 2);
    assert_eq!(texts("China University of Geosciences (Wuhan)").len(), 1);
    assert_eq!(texts("Agat").len(), 1);
    assert_eq!(texts("").len(), 1);
}

#[test]
fn words_are_found_where_they_stand() {
    for (text, key, expected) in [
        ("Dept. of Physics,  Harbin Inst. of Technol. (HIT)", "harbin", "Harbin"),
        ("Dept. of Physics,  Harbin Inst. of Technol. (HIT)", "institute", "Inst"),
        ("于哈尔滨工业大学读书", "harbin", "哈尔滨"),
        ("于哈尔滨工业大学读书", "university", "大学"),
        ("  “Université” — Ｐａｒｉｓ", "university", "Université"),
        ("State Key  Laboratory of X", "keylaboratory", "State Key  Laboratory"),
        ("P. R. China", "china", "P. R. China"),
        ("ﬁrst Oﬃce", "office", "Oﬃce"),
        ("Московский университет", "university", "университет"),
    ] {
        let (analysed, places) = super::located(text);
        assert_eq!(analysed.words.len(), places.len());
        let at = analysed.words.iter().position(|w| w.key == key).unwrap_or_else(|| panic!("{text}: {key}"));
        assert_eq!(&text[places[at].clone()], expected, "{text}");
    }
}

#[test]
fn compounds_end_in_a_type_word() {
    for (word, expected) in [
        ("rijksuniversiteit", Some(TypeClass::University)),
        ("forschungsinstitut", Some(TypeClass::Institute)),
        ("hogeschool", Some(TypeClass::School)),
        ("university", None),
        ("collab", None),
        ("", None),
    ] {
        assert_eq!(super::type_of_ending(word), expected, "{word}");
    }
    let korean = AnalysedOrganisation::of("서울대학교");
    assert_eq!(super::type_of_ending(&korean.words[0].key), Some(TypeClass::University));
}

proptest::proptest! {
    #[test]
    fn a_located_text_is_analysed_as_ever(text in "[a-zA-Z ,.()—'é·大学院哈尔滨\n-]{0,60}") {
        let (analysed, places) = super::located(&text);
        proptest::prop_assert_eq!(&analysed, &AnalysedOrganisation::of(&text));
        proptest::prop_assert!(places.windows(2).all(|p| p[0].start <= p[1].start));
    }

    #[test]
    fn places_lie_in_the_text(text in "\\PC{0,60}") {
        let (analysed, places) = super::located(&text);
        proptest::prop_assert_eq!(analysed.words.len(), places.len());
        for place in places {
            proptest::prop_assert!(text.get(place).is_some());
        }
    }
}
