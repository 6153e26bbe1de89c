use proptest::prelude::*;

use super::*;

#[test]
fn words_as_counted() {
    assert_eq!(words("KIM, Young-hee"), ["KIM", "Young-hee"]);
    assert_eq!(words("Dr. Wei  Zhang (PhD)"), ["Dr.", "Wei", "Zhang", "PhD"]);
    assert_eq!(words("김 영희"), ["김", "영", "희"]);
    assert_eq!(words("欧阳·伟"), ["欧", "阳", "伟"]);
    for name in ["KIM, Young-hee", "Wei  Zhang", "김 영희", "欧阳伟", "Joys H. Y. Cheung", "Ai-li S. Chin"]
    {
        let analysed = CjkName::analyse(name).unwrap();
        assert_eq!(analysed.word_count(), words(name).len(), "{name}");
    }
}

#[test]
fn few_keys() {
    for name in
        ["王小明", "曾国强", "Chang Chih-hung", "Kim Young-hee", "김영희", "李英姬", "Li Wu", "欧阳志远"]
    {
        let keys = CjkName::analyse(name).unwrap().keys();
        assert!((1..=24).contains(&keys.len()), "{name}: {}", keys.len());
    }
}

#[test]
fn scripts() {
    assert_eq!(CjkName::analyse("李英姬").map(|n| n.script()), Some(Script::Han));
    assert_eq!(CjkName::analyse("이영희").map(|n| n.script()), Some(Script::Hangul));
    // Decomposed Hangul letters are composed first.
    assert_eq!(
        CjkName::analyse("\u{110b}\u{1175}\u{110b}\u{1167}\u{11bc}").map(|n| n.script()),
        Some(Script::Hangul)
    );
    assert_eq!(CjkName::analyse("Lee Young-hee").map(|n| n.script()), Some(Script::Latin));
    // Mixed scripts are no one's name.
    assert_eq!(CjkName::analyse("李 Young"), None);
}

#[test]
fn another_version_is_not_read() {
    let mut bytes = Vec::new();
    CjkName::analyse("王小明").unwrap().to_bytes(&mut bytes);
    assert!(CjkName::from_bytes(&bytes).is_some());
    bytes[0] ^= 1;
    assert_eq!(CjkName::from_bytes(&bytes), None);
}

proptest! {
    #[test]
    fn any_text_is_analysed_and_stored(raw in any::<String>()) {
        if let Some(name) = CjkName::analyse(&raw) {
            round_trip(&name)?;
        }
    }

    #[test]
    fn names_are_analysed_and_stored(raw in "[a-zŏü'’]{1,8}[ -][A-Za-z'.]{1,9}[ ,][A-Za-z.-]{0,9}|[一-鿿 ·]{1,18}|[가-힣 ]{1,6}") {
        if let Some(name) = CjkName::analyse(&raw) {
            prop_assert!(name.word_count() <= 16);
            round_trip(&name)?;
        }
    }

    #[test]
    fn any_bytes_are_read_or_turned_away(bytes in prop::collection::vec(any::<u8>(), 0..80), version in any::<bool>()) {
        let mut bytes = bytes;
        if let (true, Some(first)) = (version, bytes.first_mut()) {
            *first = VERSION;
        }
        if let Some((name, taken)) = CjkName::from_bytes(&bytes) {
            prop_assert!(taken <= bytes.len());
            // Whatever it holds, it can be keyed.
            let _ = name.keys();
        }
    }
}

fn round_trip(name: &CjkName) -> Result<(), TestCaseError> {
    let mut bytes = vec![1, 2, 3];
    name.to_bytes(&mut bytes);
    bytes.extend([9, 9]);
    let (read, taken) = CjkName::from_bytes(&bytes[3..]).expect("a stored name");
    prop_assert_eq!(&read, name);
    prop_assert_eq!(taken, bytes.len() - 5);
    prop_assert_eq!(name.keys(), read.keys());
    Ok(())
}
