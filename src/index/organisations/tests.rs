use proptest::prelude::*;

use crate::matching::organisation::{OrganisationQuery, explain};
use crate::matching::score::PRIOR_BITS;
use crate::model::{Address, Entity, EntityKind, Name};

use super::{OrganisationHit, OrganisationIndex, OrganisationIndexBuilder, Scratch};

/// Real institutions and made-up companies, near neighbours among them.
const NAMES: &[&[&str]] = &[
    &["Harbin Institute of Technology", "哈尔滨工业大学", "HIT"],
    &["Harbin Engineering University", "哈尔滨工程大学"],
    &["Northwestern Polytechnical University", "Northwest Polytechnic University", "西北工业大学", "NWPU"],
    &["Nanjing University", "南京大学"],
    &["Nanjing University of Aeronautics and Astronautics", "南京航空航天大学", "NUAA"],
    &["Nanjing University of Science and Technology", "南京理工大学"],
    &["University of Science and Technology of China", "中国科学技术大学", "USTC"],
    &["University of Electronic Science and Technology of China", "电子科技大学", "UESTC"],
    &["Shanghai Jiao Tong University", "上海交通大学", "SJTU"],
    &["Beijing Institute of Technology", "北京理工大学"],
    &["Air Force Early Warning Academy", "中国人民解放军空军预警学院", "Wuhan Radar Institute"],
    &["China Aerospace Science and Technology Corporation (CASC)", "中国航天科技集团", "航天"],
    &["Globalkastom Menedzhment LLC", "ООО \"Глобалкастом-менеджмент\""],
    &["Zavod Tekhnopribor JSC", "АО «Завод Технoприбор»"],
    &["Wolfram Trading and Shipping Company Ltd", "شرکت کشتیرانی ولفرام"],
    &["Sanaye Electro Optic Khorramdarreh", "SEO"],
];

fn entities() -> Vec<Entity> {
    let entity = |names: &&[&str]| Entity {
        kind: EntityKind::Organisation,
        names: names.iter().map(|n| Name::of(*n)).collect(),
        addresses: vec![Address { city: "Harbin".into(), ..Address::default() }],
        ..Entity::default()
    };
    NAMES.iter().map(entity).collect()
}

fn index() -> OrganisationIndex {
    let mut builder = OrganisationIndexBuilder::new();
    for (i, entity) in entities().iter().enumerate() {
        builder.add(i as u32, entity);
    }
    builder.build()
}

fn find(index: &OrganisationIndex, query: &str) -> Vec<OrganisationHit> {
    let mut hits = Vec::new();
    index.find(&OrganisationQuery::new(query, &[], ""), PRIOR_BITS, &mut Scratch::default(), &mut hits);
    hits
}

#[test]
fn every_listed_name_is_found_exactly_and_first() {
    let index = index();
    for (i, names) in NAMES.iter().enumerate() {
        for (j, name) in names.iter().enumerate() {
            let hits = find(&index, name);
            let first = hits.first().unwrap_or_else(|| panic!("{name} is not found"));
            assert_eq!((first.entity, first.name_index, first.exact), (i as u32, j as u32, true), "{name}");
        }
    }
}

#[test]
fn a_person_is_passed_over() {
    let mut builder = OrganisationIndexBuilder::new();
    let mut person = entities().remove(0);
    person.kind = EntityKind::Person;
    builder.add(0, &person);
    assert_eq!(builder.build().name_count(), 0);
}

#[test]
fn an_explanation_has_the_bits_of_its_hit() {
    let (index, entities) = (index(), entities());
    for query in [
        "Dept. of Physics, Harbin Inst. of Technol., Harbin, China",
        "Nanjing Univ. of Aeronaut. & Astronaut., Nanjing",
        "School of Software, Shanghai Jiaotong University",
        "空军预警学院",
        "UESTC, Harbin",
        "China Aerospace Science and Technology Corporation",
        "Globalcastom Menedzhment",
    ] {
        let hits = find(&index, query);
        assert!(!hits.is_empty(), "{query}");
        for hit in hits {
            let asked = OrganisationQuery::new(query, &[], "");
            let (found, _) =
                explain(&asked, &entities[hit.entity as usize], hit.name_index as usize).unwrap();
            assert_eq!((found.bits, found.exact, found.weak), (hit.bits, hit.exact, hit.weak), "{query}");
        }
    }
}

#[test]
fn bytes_hold_the_whole_index() {
    let index = index();
    assert_eq!(OrganisationIndex::from_bytes(&index.to_bytes()).unwrap(), index);
    let empty = OrganisationIndexBuilder::new().build();
    assert_eq!(OrganisationIndex::from_bytes(&empty.to_bytes()).unwrap(), empty);
    assert!(find(&empty, "Harbin Institute of Technology").is_empty());
}

#[test]
fn bytes_that_are_no_index_are_refused() {
    let bytes = index().to_bytes();
    for end in [0, 3, 8, 11, bytes.len() / 2, bytes.len() - 1] {
        assert!(OrganisationIndex::from_bytes(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(OrganisationIndex::from_bytes(&longer).is_err());
}

/// A listed name, changed as writers change names.
fn variant() -> impl Strategy<Value = String> {
    let name = (0..NAMES.len(), 0..4usize).prop_map(|(i, j)| NAMES[i][j % NAMES[i].len()].to_owned());
    let change = prop::sample::select(vec![
        "none",
        "typo",
        "swap",
        "upper",
        "drop",
        "unit",
        "place",
        "abbreviate",
        "join",
        "double",
        "reverse",
    ]);
    (name, prop::collection::vec((change, any::<prop::sample::Index>()), 0..3)).prop_map(|(name, changes)| {
        changes.into_iter().fold(name, |name, (change, at)| changed(&name, change, at))
    })
}

fn changed(name: &str, change: &str, at: prop::sample::Index) -> String {
    let mut words: Vec<String> = name.split(' ').map(str::to_owned).collect();
    let w = at.index(words.len());
    let mut chars: Vec<char> = name.chars().collect();
    let c = at.index(chars.len().max(1));
    match change {
        "typo" if !chars.is_empty() => chars[c] = 'x',
        "double" if !chars.is_empty() => chars.insert(c, chars[c]),
        "swap" if c + 1 < chars.len() => chars.swap(c, c + 1),
        "upper" => return name.to_uppercase(),
        "unit" => return format!("School of Physics, {name}"),
        "place" => return format!("{name}, Harbin, China"),
        "drop" if words.len() > 2 => {
            words.remove(w);
            return words.join(" ");
        }
        "reverse" => {
            words.reverse();
            return words.join(" ");
        }
        "abbreviate" if words[w].len() > 6 && words[w].is_ascii() => {
            words[w].truncate(5);
            words[w].push('.');
            return words.join(" ");
        }
        "join" if w + 1 < words.len() => {
            let next = words.remove(w + 1);
            words[w].push_str(&next);
            return words.join(" ");
        }
        _ => {}
    }
    chars.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_search_loses_nothing(query in variant(), least in 9.0..30.0f64) {
        let index = index();
        let query = OrganisationQuery::new(&query, &["CN".into()], "Harbin");
        let (mut scratch, mut fast, mut slow) = (Scratch::default(), Vec::new(), Vec::new());
        index.find(&query, least, &mut scratch, &mut fast);
        index.find_exhaustively(&query, least, &mut scratch, &mut slow);
        prop_assert_eq!(fast, slow);
    }

    #[test]
    fn damaged_bytes_never_panic(at in any::<prop::sample::Index>(), value in any::<u8>()) {
        let mut bytes = index().to_bytes();
        let at = at.index(bytes.len());
        bytes[at] = value;
        if let Ok(index) = OrganisationIndex::from_bytes(&bytes) {
            for query in ["Harbin Institute of Technology", "哈尔滨工业大学", "UESTC, Harbin", "Globalkastom"] {
                find(&index, query);
            }
        }
    }

    #[test]
    fn a_scratch_may_serve_several_indexes(query in variant()) {
        let (full, empty) = (index(), OrganisationIndexBuilder::new().build());
        let query = OrganisationQuery::new(&query, &[], "");
        let (mut scratch, mut hits, mut again) = (Scratch::default(), Vec::new(), Vec::new());
        full.find(&query, PRIOR_BITS, &mut scratch, &mut hits);
        empty.find(&query, PRIOR_BITS, &mut scratch, &mut again);
        prop_assert!(again.is_empty());
        full.find(&query, PRIOR_BITS, &mut scratch, &mut again);
        prop_assert_eq!(hits, again);
    }
}
