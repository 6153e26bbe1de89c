use proptest::prelude::*;

use crate::matching::score::PRIOR_BITS;
use crate::model::{Address, Entity, EntityKind, Name, NameQuality};

use super::{OrganisationQuery, explain};

/// A listed institution with these names, in this country.
fn listed(names: &[&str], country: &str) -> Entity {
    Entity {
        list: "test".into(),
        id: "1".into(),
        kind: EntityKind::Organisation,
        names: names.iter().map(|n| Name::of(*n)).collect(),
        addresses: vec![Address { country: country.into(), ..Address::default() }],
        ..Entity::default()
    }
}

/// The best bits that the query earns from any of the entity's names.
fn bits_with(query: &OrganisationQuery, entity: &Entity) -> f64 {
    (0..entity.names.len())
        .filter_map(|i| explain(query, entity, i))
        .map(|(found, _)| found.bits)
        .fold(f64::NEG_INFINITY, f64::max)
}

fn bits(query: &str, entity: &Entity) -> f64 {
    bits_with(&OrganisationQuery::new(query, &[], ""), entity)
}

#[track_caller]
fn found(query: &str, names: &[&str]) {
    let bits = bits(query, &listed(names, "CN"));
    assert!(bits >= PRIOR_BITS, "{query:?} should lead to {names:?}, has {bits:.1} bits");
}

#[track_caller]
fn apart(query: &str, names: &[&str]) {
    let bits = bits(query, &listed(names, "CN"));
    assert!(bits < PRIOR_BITS, "{query:?} should not lead to {names:?}, has {bits:.1} bits");
}

/// Must match: (phenomenon, query, listed names).
const SAME: &[(&str, &str, &[&str])] = &[
    (
        "abbreviations",
        "Dept. of Comput. Sci., Harbin Inst. of Technol., Harbin, China",
        &["Harbin Institute of Technology"],
    ),
    (
        "abbreviations",
        "Coll. of Astronaut., Northwestern Polytech. Univ., Xi'an",
        &["Northwestern Polytechnical University"],
    ),
    (
        "abbreviations",
        "Beijing Univ. of Posts & Telecommun.",
        &["Beijing University of Posts and Telecommunications"],
    ),
    ("case and accents", "UNIVERSITÄT VON WUHAN", &["Wuhan University"]),
    ("zero width and full width", "Ｗｕ\u{200b}ｈａｎ University", &["Wuhan University"]),
    ("sub-unit before", "School of Life Sciences, Tianjin University", &["Tianjin University"]),
    (
        "sub-unit before, joined by of",
        "Suzhou Medical College of Soochow University",
        &["Soochow University"],
    ),
    (
        "sub-unit after",
        "Peking University Institute of Hematology, People's Hospital",
        &["Peking University"],
    ),
    (
        "sub-unit after",
        "Department of Surgery, Shanghai Jiao Tong University School of Medicine",
        &["Shanghai Jiao Tong University"],
    ),
    (
        "hospital",
        "The First Affiliated Hospital of Zhejiang University 2 , Yiwu, China",
        &["Zhejiang University"],
    ),
    ("campus", "Shenzhen Campus of Sun Yat-sen University", &["Sun Yat-sen University"]),
    ("campus", "Tianjin University, Peiyang Park Campus", &["Tianjin University"]),
    ("laboratory", "Key Laboratory of Smart Drug Delivery of MOE, Fudan University", &["Fudan University"]),
    (
        "no separators",
        "Key Laboratory of Bioinformatics College of Informatics Wuhan University Wuhan 430070 China",
        &["Wuhan University"],
    ),
    ("joined and split", "Shanghai Jiaotong University", &["Shanghai Jiao Tong University"]),
    ("joined and split", "Shanghai Jiao-Tong University", &["Shanghai Jiaotong University"]),
    (
        "word order",
        "Huazhong Technology and Science University",
        &["Huazhong University of Science and Technology"],
    ),
    ("word order", "Air Force Aviation University", &["Aviation University of Air Force"]),
    (
        "a comma within",
        "School of Computer Science, Harbin, Institute of Technology, Harbin, China",
        &["Harbin Institute of Technology"],
    ),
    (
        "place beside",
        "University of Science and Technology, Beijing, China",
        &["University of Science and Technology Beijing"],
    ),
    ("typo", "Hunan Universty, Changsha", &["Hunan University"]),
    ("typo", "Tsingua University", &["Tsinghua University"]),
    ("pinyin", "Tóngjì Dàxué", &["同济大学"]),
    ("pinyin", "Hā'ěrbīn Gōngyè Dàxué", &["哈尔滨工业大学"]),
    ("pinyin", "Zhōngguó Rénmín Jiěfàngjūn Hǎijūn Gōngchéng Dàxué", &["中国人民解放军海军工程大学"]),
    ("cut off", "Harbin University of Science", &["Harbin University of Science and Technology"]),
    ("another language", "Tongji-Universität", &["Tongji University"]),
    ("traditional characters", "上海交通大學", &["上海交通大学"]),
    ("sub-unit in Han", "哈尔滨工业大学计算机学院", &["哈尔滨工业大学"]),
    ("sub-unit in Han", "南京大学医学院附属鼓楼医院", &["南京大学"]),
    ("Han to English", "南京航空航天大学", &["Nanjing University of Aeronautics and Astronautics"]),
    ("acronym within", "PLA UST", &["PLA University of Science and Technology"]),
    (
        "known abbreviations of bodies",
        "People's Liberation Army Navy Submarine Academy",
        &["PLA Navy Submarine Academy"],
    ),
    ("sort of school", "Army Special Operations College", &["Army Special Operations Academy"]),
    ("body left out", "Naval Command College, Nanjing", &["PLA Naval Command College"]),
    ("legal form", "Molot-Oruzhie", &["Molot-Oruzhie OOO"]),
    ("legal form", "OOO \"Globalkastom\"", &["Globalkastom Limited Liability Company"]),
    ("Cyrillic", "Завод Калашников", &["Kalashnikov Plant"]),
    ("Cyrillic", "ООО «Глобалкастом»", &["Globalkastom LLC"]),
    (
        "acronym in parentheses",
        "Beijing Automation Control Equipment Institute",
        &["Beijing Automation Control Equipment Institute (BACEI)"],
    ),
];

/// Must not match: (why, query, listed names).
const APART: &[(&str, &str, &[&str])] = &[
    ("field", "Northwestern University", &["Northwestern Polytechnical University"]),
    ("field", "Northwestern Polytechnical University", &["Northwestern University"]),
    ("type", "Beijing Institute of Technology", &["Beijing University of Technology"]),
    ("type", "Beijing University of Technology", &["Beijing Institute of Technology"]),
    ("type", "Lanzhou Institute of Technology", &["Lanzhou University of Technology"]),
    ("field", "Chinese Academy of Sciences", &["Chinese Academy of Social Sciences"]),
    ("field", "Chinese Academy of Social Sciences", &["Chinese Academy of Sciences"]),
    ("extension", "Nanjing University", &["Nanjing University of Aeronautics and Astronautics"]),
    ("extension", "Nanjing University of Aeronautics and Astronautics", &["Nanjing University"]),
    ("extension", "南京航空航天大学", &["南京大学"]),
    ("extension", "Shandong University of Technology", &["Shandong University"]),
    ("extension", "Shandong University", &["Shandong University of Technology"]),
    ("extension", "Tianjin University of Traditional Chinese Medicine, Tianjin", &["Tianjin University"]),
    (
        "insertion",
        "Nanjing University of Information Science and Technology",
        &["Nanjing University of Science and Technology"],
    ),
    ("insertion", "Xi'an Jiaotong-Liverpool University", &["Xi'an Jiaotong University"]),
    ("insertion", "Nanjing Medical University", &["Nanjing University"]),
    ("field", "Hunan University of Science and Engineering", &["Hunan University of Science and Technology"]),
    (
        "place",
        "Jiangxi University of Science and Technology",
        &["Jiangsu University of Science and Technology"],
    ),
    (
        "place",
        "University of Science and Technology Liaoning",
        &["University of Science and Technology Beijing"],
    ),
    (
        "place",
        "Hong Kong University of Science and Technology",
        &["University of Science and Technology of China"],
    ),
    (
        "place",
        "Guilin University of Electronic Science and Technology",
        &["University of Electronic Science and Technology of China"],
    ),
    ("direction", "East China University of Geosciences", &["China University of Geosciences"]),
    ("direction", "Northeast Forestry University", &["Northeastern University"]),
    (
        "words of two things",
        "Research Institute of Industrial Technology of Shandong University",
        &["Shandong University of Technology"],
    ),
    ("words of two things", "Southern Medical University Shenzhen Hospital", &["Shenzhen University"]),
    (
        "words of two things",
        "School of Computer Science, Beijing Jiaotong University",
        &["Beijing Computer Science Research Center"],
    ),
    ("no word in common but the sort", "Taliban Organization", &["Tehran Prisons Organization"]),
    ("country", "Northeastern University, Boston, MA, USA", &["Northeastern University"]),
    ("country", "National Defense University of Malaysia", &["National Defense University"]),
    ("a common word", "Corp", &["China Electronics Corp"]),
    ("a common word", "Corp", &["Globalkastom Corp"]),
    (
        "insertion",
        "East China University of Science and Technology",
        &["East China University of Technology"],
    ),
    ("insertion", "中国人民解放军海军医学研究所", &["中国人民解放军海军研究院"]),
    ("omission within", "Hebei University of Technology", &["Hebei University of Science and Technology"]),
    ("places look alike", "Wuzhou University", &["Fuzhou University"]),
    ("places look alike", "Xiangnan University", &["Xiangtan University"]),
    ("type", "湖南科技学院", &["湖南科技大学"]),
    (
        "a translation beside the bearer's own name",
        "上海科技大学",
        &["University of Shanghai for Science and Technology", "上海理工大学"],
    ),
    ("sounds alike only", "统计大学", &["同济大学"]),
];

#[test]
fn finds_what_is_the_same() {
    for (phenomenon, query, names) in SAME {
        let bits = bits(query, &listed(names, "CN"));
        assert!(bits >= PRIOR_BITS, "{phenomenon}: {query:?} should lead to {names:?}, has {bits:.1} bits");
    }
}

#[test]
fn keeps_apart_what_is_not() {
    for (why, query, names) in APART {
        let bits = bits(query, &listed(names, "CN"));
        assert!(bits < PRIOR_BITS, "{why}: {query:?} should not lead to {names:?}, has {bits:.1} bits");
    }
}

#[test]
fn every_name_finds_itself() {
    for (_, query, names) in SAME.iter().chain(APART) {
        for name in names.iter().chain([query]) {
            found(name, &[name]);
        }
    }
    for name in ["HM", "Corp", "九院", "63820部队", "of", "—", "Θ", "شرکت", "第29试验训练基地", "🚢"]
    {
        found(name, &[name]);
    }
}

#[test]
fn weak_names_need_the_whole_query() {
    for weak in ["HM", "SL", "901", "The Academy", "Moscow", "Corp"] {
        found(weak, &[weak]);
        found(&weak.to_lowercase(), &[weak]);
        apart(&format!("{weak} Trading"), &[weak]);
        apart(&format!("Department of Chemistry, {weak}, Wuhan"), &[weak]);
    }
    let mut entity = listed(&["Wolf"], "RU");
    entity.names[0].quality = NameQuality::Weak;
    assert!(bits("wolf", &entity) >= PRIOR_BITS);
    assert!(bits("Wolf, Moscow", &entity) < PRIOR_BITS);
    let (found, _) = explain(&OrganisationQuery::new("Wolf", &[], ""), &entity, 0).unwrap();
    assert!(found.weak && found.exact);
}

#[test]
fn acronyms_need_support() {
    let mut entity = listed(&["University of Electronic Science and Technology of China", "UESTC"], "CN");
    entity.addresses[0].city = "Chengdu".into();
    assert!(bits("UESTC", &entity) >= PRIOR_BITS);
    assert!(bits("Key Laboratory of Control, UESTC, Chengdu, China", &entity) >= PRIOR_BITS);
    assert!(bits("Key Laboratory of Control, UESTC", &entity) < PRIOR_BITS);
    assert!(bits("Key Laboratory of Control, UESTC, Wuhan", &entity) < PRIOR_BITS);
    let (found, explanation) =
        explain(&OrganisationQuery::new("Centre of Physics, UESTC, Chengdu", &[], ""), &entity, 1).unwrap();
    assert!(found.weak && !found.exact);
    assert!(explanation.summary.contains("UESTC"));
}

#[test]
fn country_and_address_are_graded_evidence() {
    let mut entity = listed(&["Northeastern University"], "CN");
    entity.addresses[0].city = "Shenyang".into();
    let asked = |countries: &[&str], address: &str| {
        let countries: Vec<String> = countries.iter().map(|c| (*c).to_owned()).collect();
        bits_with(&OrganisationQuery::new("Northeastern University", &countries, address), &entity)
    };
    assert!(asked(&["cn"], "") > asked(&[], ""));
    assert!(asked(&["US"], "") < asked(&[], ""));
    assert!(asked(&["US", "CN"], "") > asked(&[], ""));
    assert!(asked(&["CN"], "Shenyang") > asked(&["CN"], ""));
    assert!(asked(&["CN"], "Wuhan") < asked(&["CN"], ""));
    // Nothing known is no conflict.
    let nowhere = listed(&["Northeastern University"], "");
    assert_eq!(
        bits_with(&OrganisationQuery::new("Northeastern University", &["US".into()], ""), &nowhere),
        bits("Northeastern University", &nowhere)
    );
}

/// What an explanation must hold, whatever the two sides are.
fn check_explanation(query: &OrganisationQuery, entity: &Entity) {
    for i in 0..entity.names.len() {
        let Some((found, e)) = explain(query, entity, i) else { continue };
        assert!(found.bits.is_finite());
        let names: f64 = e.alignments.iter().map(|a| a.bits).sum();
        let parts: f64 = e.evidence.iter().map(|x| x.bits).sum();
        assert!((parts - found.bits).abs() < 1e-6, "evidence {parts} of {}", found.bits);
        assert!((names - e.evidence[0].bits).abs() < 1e-6, "alignments {names} of {}", e.evidence[0].bits);
        let words: usize = e.alignments.iter().map(|a| a.query.len()).sum();
        assert_eq!(words, query.name.words.len(), "words of the query stand once: {:?}", e.alignments);
    }
}

#[test]
fn explanations_add_up() {
    for (_, query, names) in SAME.iter().chain(APART) {
        check_explanation(&OrganisationQuery::new(query, &["CN".into()], "Harbin"), &listed(names, "CN"));
    }
    // A place that stands apart from the name is told too.
    check_explanation(
        &OrganisationQuery::new("University of Science and Technology, Beijing", &[], ""),
        &listed(&["University of Science and Technology Beijing"], "CN"),
    );
}

/// Words that organisations are named with, and noise.
fn name() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        8 => prop::sample::select(vec![
            "University", "Institute", "of", "Technology", "Science", "and", "Harbin", "Beijing", "China", "PLA",
            "Northwestern", "Polytechnical", "Laboratory", "Key", "Co.", "Ltd", ",", "(", ")", "大学", "哈尔滨",
            "工业", "Jiao", "Tong", "Jiaotong", "UST", "Zavod", "завод", "Univ.", "2", "the", "-", "Tekhnika",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ];
    prop::collection::vec(word, 0..14).prop_map(|w| w.join(" "))
}

proptest! {
    #[test]
    fn never_panics_and_adds_up(query in name(), listed_name in name(), country in "[A-Z]{2}") {
        let query = OrganisationQuery::new(&query, &[country], "Harbin");
        check_explanation(&query, &listed(&[&listed_name], "CN"));
    }

    #[test]
    fn a_name_finds_itself(name in name()) {
        prop_assume!(!name.trim().is_empty());
        prop_assert!(bits(&name, &listed(&[&name], "CN")) >= PRIOR_BITS);
    }

    #[test]
    fn unrelated_segments_do_not_hide_a_name(
        before in "(Department|School) of (Chemistry|Physics|Law|Medicine)",
        after in "(Wuhan|Nanjing|Harbin) [0-9]{6}",
        name in prop::sample::select(vec!["Fudan University", "Harbin Engineering University", "Tongji University"]),
    ) {
        let entity = listed(&[name], "CN");
        let alone = bits(name, &entity);
        let within = bits(&format!("{before}, {name}, {after}, China"), &entity);
        prop_assert!(within >= PRIOR_BITS && within <= alone + 1e-9, "{alone} {within}");
    }

    #[test]
    fn any_text_is_analysed(text in "\\PC{0,80}") {
        let query = OrganisationQuery::new(&text, &[], &text);
        prop_assert!(query.name.words.iter().all(|w| w.bits.is_finite() && w.bits >= 0.0));
        prop_assert!(query.name.words.is_sorted_by_key(|w| w.segment));
    }
}
