use proptest::prelude::*;

use super::*;
use crate::matching::score::PRIOR_BITS;
use crate::names::cjk::{Atoms, VERSION};

fn bits(a: &str, b: &str) -> Option<f64> {
    let (a, b) = (CjkName::analyse(a)?, CjkName::analyse(b)?);
    compare(&a, &b).map(|m| m.bits)
}

fn check(pairs: &[(&str, &str)], matches: bool) {
    for (a, b) in pairs {
        for (a, b) in [(a, b), (b, a)] {
            let bits = bits(a, b);
            assert_eq!(bits.is_some_and(|b| b >= PRIOR_BITS), matches, "{a} / {b}: {bits:?}");
        }
    }
}

#[test]
fn mandarin_across_scripts() {
    check(
        &[
            ("Wei Zhang", "张伟"),
            ("Zhang Wei", "張偉"),
            ("Xiaoming Wang", "王晓明"),
            ("Wang Xiao-ming", "王曉明"),
            ("WANG Xiao Ming", "王晓明"),
            ("Hsiao-ming Wang", "王曉明"),
            ("Chang Chih-hung", "張志宏"),
            ("Tsai Yü-ch'üan", "蔡玉泉"),
            ("Lü Xiuying", "吕秀英"),
            ("Ouyang Zhiyuan", "欧阳志远"),
            ("Ou-yang Chih-yuan", "歐陽志遠"),
            ("Zhiyuan Sima", "司马志远"),
            ("Zeng Jianguo", "曾建国"),
            ("Xie Lihua", "解丽华"),
            ("Shan Liping", "单丽萍"),
            ("Susan Xiaoling Chen", "陈晓玲"),
            ("Chen, Xiaoling", "陈晓玲"),
        ],
        true,
    );
}

#[test]
fn cantonese_and_southern() {
    check(
        &[
            ("Wong Kwok-keung", "黃國強"),
            ("Cheung Chi-ming", "張志明"),
            ("Peter Chan Wai-man", "陳偉文"),
            ("Leung Siu-ling", "梁小玲"),
            ("Tan Boon Hock", "陈文福"),
            ("Lim Kok Beng", "林国明"),
            ("Tan Wei Ming", "陈伟明"),
            ("Ng Geok Choo", "黄玉珠"),
        ],
        true,
    );
}

#[test]
fn korean_across_scripts() {
    check(
        &[
            ("Kim Young-hee", "김영희"),
            ("KIM Yŏng-hŭi", "김영희"),
            ("Kim Yo'ng-hu'i", "김영희"),
            ("Young Hee Kim", "김영희"),
            ("YoungHee Kim", "김영희"),
            ("Younghee KIM", "金英姬"),
            ("Kim Jun", "김준"),
            ("Park Ji-sung", "박지성"),
            ("Pak Chi-song", "박지성"),
            ("Ri Chol-su", "리철수"),
            ("Lee Cheol-soo", "리철수"),
            ("Yi Ch'ŏl-su", "이철수"),
            ("Rhee Chul Soo", "李哲洙"),
            ("Rim Jong-ok", "임정옥"),
            ("Ryu Mi-kyong", "유미경"),
            ("Choi Eun-young", "崔恩英"),
            ("Noh Moo-chul", "노무철"),
            ("Namgung Min-su", "남궁민수"),
            ("이영희", "李英姬"),
            ("리영희", "李英姬"),
            ("림철", "임철"),
        ],
        true,
    );
}

#[test]
fn variants_of_characters() {
    check(&[("陳國偉", "陈国伟"), ("鍾麗萍", "钟丽萍"), ("金峯秀", "金峰秀")], true);
    check(&[("陈国伟", "陈国维"), ("陈国伟", "程国伟")], false);
}

#[test]
fn romanisations_of_each_other() {
    check(
        &[
            ("Hsiao Ching-chih", "Xiao Jingzhi"),
            ("Hsieh Chih-hsiung", "Xie Zhixiong"),
            ("Kim Myung-chul", "Kim Myong Chol"),
            ("Ri Sang-chol", "Lee Sang-cheol"),
        ],
        true,
    );
}

#[test]
fn different_people() {
    check(
        &[
            ("Li Wu", "Lu Wu"),
            ("Kim Jong Un", "Kim Jong Il"),
            ("Kim Jong Un", "김정일"),
            ("Wang Yanan", "Wang Yan An"),
            ("Wang Yan'an", "王亚楠"),
            ("Xiao Ming Wang", "王明晓"),
            ("Zhang Wei", "张力"),
            ("Kim Young-hee", "김영수"),
            ("Kim Young-hee", "박영희"),
            ("김영희", "김영이"),
            ("Juncheng Wang", "Junzheng Wang"),
            ("Min Zhang", "Min Zheng"),
            ("C. Zhang", "张成"),
            ("Kim", "김영희"),
        ],
        false,
    );
}

#[test]
fn western_names_are_turned_away() {
    for name in
        ["Vladimir Putin", "Maria Rossi", "Mohammed al-Tikriti", "Nguyễn Văn Hoàng", "Иван Петров", "Lee", ""]
    {
        assert_eq!(CjkName::analyse(name), None, "{name}");
    }
}

/// Each word stands in exactly one alignment, and the alignments with the whole name give the bits.
fn check_parts(m: &CjkMatch, q: &CjkName, l: &CjkName) {
    let sum = m.whole_name + m.alignments.iter().map(|a| a.bits).sum::<f64>();
    assert!((sum - m.bits).abs() < 1e-9, "{m:?}");
    for (name, side) in
        [(q, (|a: &CjkAlignment| a.query) as fn(&CjkAlignment) -> u16), (l, |a: &CjkAlignment| a.listed)]
    {
        let mut seen = 0u16;
        for a in &m.alignments {
            assert_eq!(seen & side(a), 0, "{m:?}");
            seen |= side(a);
        }
        assert_eq!(u32::from(seen), (1u32 << name.word_count()) - 1, "{m:?}");
    }
}

#[test]
fn alignments_name_the_words() {
    let (a, b) = ("Susan Xiaoling Chen", "陈晓玲");
    let (q, l) = (CjkName::analyse(a).unwrap(), CjkName::analyse(b).unwrap());
    let m = compare(&q, &l).unwrap();
    check_parts(&m, &q, &l);
    let text = |raw: &str, mask: u16| {
        crate::names::cjk::words(raw)
            .into_iter()
            .enumerate()
            .filter(|(n, _)| mask >> n & 1 != 0)
            .map(|(_, w)| w.to_owned())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let found: Vec<_> = m.alignments.iter().map(|x| (text(a, x.query), text(b, x.listed), x.kind)).collect();
    let expected = [
        ("Chen", "陈", AlignmentKind::Script),
        ("Xiaoling", "晓 玲", AlignmentKind::Script),
        ("Susan", "", AlignmentKind::QueryOnly),
    ];
    assert_eq!(found, expected.map(|(q, l, k)| (q.to_owned(), l.to_owned(), k)));
}

/// Names that an East Asian name may look like, and some that it may not.
fn names() -> impl Strategy<Value = String> {
    let families: &'static [&'static str] = &[
        "王", "陈", "金", "李", "欧阳", "김", "이", "남궁", "Kim", "Lee", "Chang", "Wong", "Tan", "Ou-yang",
    ];
    let given: &'static [&'static str] = &[
        "伟",
        "国强",
        "英姬",
        "晓明",
        "영희",
        "철수",
        "준",
        "Wei",
        "Xiao-ming",
        "Young Hee",
        "younghee",
        "Kuo-ch'iang",
        "J. H.",
        "Susan Wei",
        "Chol Su",
        "Kok Keong",
    ];
    prop_oneof![
        (prop::sample::select(families), prop::sample::select(given), any::<bool>()).prop_map(
            |(f, g, first)| match (f.is_ascii(), first) {
                (false, _) => format!("{f}{g}"),
                (true, true) => format!("{f} {g}"),
                (true, false) => format!("{g} {f}"),
            }
        ),
        "\\PC{0,40}",
        "[a-z'’ŏüŭ]{1,7}[ -][a-zA-Z'.]{1,9}[ ,][A-Za-zŏé.-]{0,9}",
        "[가-힣]{1,6}",
        "[一-鿿·]{1,18}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn comparison_is_symmetric_and_adds_up(a in names(), b in names()) {
        if let (Some(x), Some(y)) = (CjkName::analyse(&a), CjkName::analyse(&b)) {
            let (forth, back) = (compare(&x, &y), compare(&y, &x));
            prop_assert_eq!(forth.as_ref().map(|m| m.bits), super::bits(&x, &y));
            prop_assert_eq!(forth.as_ref().map(|m| m.bits), back.as_ref().map(|m| m.bits));
            if let (Some(forth), Some(back)) = (forth, back) {
                check_parts(&forth, &x, &y);
                check_parts(&back, &y, &x);
                prop_assert!(forth.bits.is_finite() && forth.bits < 200.0);
                // What compares at all has atoms that fit, and what compares well is found by a key.
                let mut fit = Fit::default();
                fit.ready(&x);
                prop_assert!(y.filed().iter().any(|(_, atoms)| fit.may_agree(atoms)), "{} {}", a, b);
                if forth.bits >= 8.0 {
                    let keys = x.keys();
                    let found = |(key, atoms): &(u64, Atoms)| keys.contains(key) && fit.may_agree(atoms);
                    prop_assert!(y.filed().iter().any(found), "{} {}", a, b);
                }
            }
        }
    }

    #[test]
    fn whatever_was_stored_can_be_compared(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
        let bytes = [&[VERSION], bytes.as_slice()].concat();
        if let Some((name, _)) = CjkName::from_bytes(&bytes) {
            let _ = compare(&name, &name);
        }
    }

    #[test]
    fn a_name_in_its_own_script_is_itself(a in names()) {
        if let Some(x) = CjkName::analyse(&a)
            && x.script() != Script::Latin && x.word_count() >= 2 {
                let m = compare(&x, &x);
                prop_assert!(m.is_some_and(|m| m.bits > 4.0), "{}", a);
            }
    }
}
