//! What holds for any two names.

use std::collections::BTreeSet;

use proptest::prelude::*;
use zeef::model::PartialDate;
use zeef::names::{PersonName, cjk};
use zeef::screening::{Alignment, Comparison, EvidenceKind, Options, Screener, Verdict};

use crate::support::{DEMO, compare, now, person};

/// Words of names in many scripts and parts: names, patronymics, particles, titles, initials.
const WORDS: &[&str] = &[
    "Nikita",
    "Khrushchev",
    "Chruschtschow",
    "Sergeyevich",
    "N.",
    "Mohammed",
    "Mahmud",
    "Muhammad",
    "Ali",
    "Hosseini",
    "al",
    "Al-Qadhafi",
    "bin",
    "Abu",
    "Abd",
    "Allah",
    "Abdullah",
    "Habibullah",
    "Dr",
    "Haji",
    "Jr",
    "von",
    "de",
    "la",
    "Kim",
    "Jong",
    "Il",
    "Un",
    "Zhang",
    "Wei",
    "Yanan",
    "Ya",
    "Nan",
    "Ivan",
    "Ivanov",
    "Bill",
    "William",
    "Dvořák",
    "Atatürk",
    "O'Testnamey",
    "Joliot-Curie",
    "Хрущёв",
    "Никита",
    "Сергеевич",
    "Θεοδωράκης",
    "محمد",
    "محمود",
    "الناصر",
    "עבד",
    "גולדה",
    "毛泽东",
    "毛澤東",
    "박정희",
    "დავით",
    "Թումանյան",
    "Testnameh",
    "Li",
    "Lu",
    "Wu",
    "M",
    "김",
];

/// Ready names, so that two drawn names often have much in common.
const NAMES: &[&str] = &[
    "Nikita Sergeyevich Khrushchev",
    "Khrushchev, Nikita",
    "Никита Хрущёв",
    "Muammar Mohammed Abu Minyar Qadhafi",
    "Moammar Gaddafi",
    "معمر القذافي",
    "Kim Jong Il",
    "KIM Jong-un",
    "김정일",
    "Mao Zedong",
    "毛澤東",
    "Mao Tse-tung",
    "Habib Allah Kalakani",
    "Habibullah Kalakani",
    "Wang Yanan",
    "Wang Ya Nan",
    "Mohamed",
];

/// A name of some words.
fn words() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(WORDS), 1..6).prop_map(|words| words.join(" "))
}

/// Any name that is readable.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![3 => words(), 1 => prop::sample::select(NAMES).prop_map(str::to_owned)]
}

/// Any text at all, of up to 300 characters, with something beside white space.
fn text() -> impl Strategy<Value = String> {
    let any = prop::collection::vec(any::<char>(), 1..300).prop_map(String::from_iter);
    // Letters, marks and format characters in which names are written, thrown together.
    let letters = prop::collection::vec(
        prop_oneof![
            Just(' '),
            Just('-'),
            Just('.'),
            Just('\''),
            prop::char::range('a', 'z'),
            prop::char::range('\u{c0}', '\u{24f}'),
            prop::char::range('\u{300}', '\u{36f}'),
            prop::char::range('\u{370}', '\u{5ff}'),
            prop::char::range('\u{600}', '\u{6ff}'),
            prop::char::range('\u{900}', '\u{97f}'),
            prop::char::range('\u{e00}', '\u{e7f}'),
            prop::char::range('\u{10a0}', '\u{10ff}'),
            prop::char::range('\u{200b}', '\u{200f}'),
            prop::char::range('\u{3040}', '\u{30ff}'),
            prop::char::range('\u{4e00}', '\u{9fff}'),
            prop::char::range('\u{ac00}', '\u{d7a3}'),
        ],
        1..300,
    )
    .prop_map(String::from_iter);
    prop_oneof![any, letters, name()].prop_filter("has something in it", |t: &String| !t.trim().is_empty())
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-6 * a.abs().max(b.abs()).max(1.0)
}

/// The words of one side of the alignments, sorted.
fn aligned(found: &Comparison, side: fn(&Alignment) -> &[String]) -> Vec<String> {
    let mut words: Vec<String> =
        found.explanation.alignments.iter().flat_map(|a| side(a).iter().cloned()).collect();
    words.sort_unstable();
    words
}

/// The words of a name as the matcher cuts it: by sound, and as an East Asian name.
fn cuts(name: &str) -> [Vec<String>; 2] {
    let by_sound = PersonName::analyse(name).words.into_iter().map(|w| w.text).collect();
    let east_asian = cjk::words(name).iter().map(|w| w.to_lowercase()).collect();
    [by_sound, east_asian].map(|mut words: Vec<String>| {
        words.sort_unstable();
        words
    })
}

fn check_parts(a: &str, b: &str, found: &Comparison) {
    let e = &found.explanation;
    assert!((0.0..=1.0).contains(&found.score), "{a} / {b}: {}", found.score);
    let parts: f64 = e.evidence.iter().map(|p| p.bits).sum();
    assert!(close(parts, e.bits), "{a} / {b}: parts {parts}, total {}", e.bits);
    let name: f64 = e.evidence.iter().filter(|p| p.kind == EvidenceKind::Name).map(|p| p.bits).sum();
    let aligned: f64 = e.alignments.iter().map(|a| a.bits).sum();
    // The names' evidence is summed in single precision.
    assert!((aligned - name).abs() < 1e-3, "{a} / {b}: alignments {aligned}, names {name}");
    assert_eq!(found.is_match, found.strength.is_some(), "{a} / {b}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn which_name_is_the_listed_one_does_not_matter(a in name(), b in name()) {
        let (one, other) = (compare(&a, &b), compare(&b, &a));
        prop_assert!(
            (one.score - other.score).abs() < 1e-6,
            "{} / {}: {} ({:?}) and {} ({:?})",
            a, b, one.score, one.explanation.alignments, other.score, other.explanation.alignments
        );
    }

    #[test]
    fn parts_add_up_to_the_score(a in name(), b in name()) {
        check_parts(&a, &b, &compare(&a, &b));
    }

    #[test]
    fn each_word_stands_in_one_alignment(a in name(), b in name()) {
        let found = compare(&a, &b);
        let (query, listed) = (aligned(&found, |a| &a.query), aligned(&found, |a| &a.listed));
        let (query_cuts, listed_cuts) = (cuts(&a), cuts(&b));
        // Both sides are cut in the same manner.
        let whole = (0..2).any(|i| query == query_cuts[i] && listed == listed_cuts[i]);
        prop_assert!(whole, "{:?} / {:?}: {:?}", query_cuts, listed_cuts, found.explanation.alignments);
    }

    #[test]
    fn a_name_is_itself_in_any_order_of_its_words(
        words in prop::collection::vec(prop::sample::select(WORDS), 2..6)
    ) {
        let reversed: Vec<&str> = words.iter().rev().copied().collect();
        let found = compare(&reversed.join(" "), &words.join(" "));
        prop_assert!(found.is_match, "{:?}: {}", words, found.score);
    }

    #[test]
    fn a_birth_date_in_common_never_lowers_a_score(
        a in name(), b in name(), year in 1900..2010i32, month in 1..=12u32, day in 1..=28u32, known in 0..3
    ) {
        let date = PartialDate::new(year, (known > 0).then_some(month), (known > 1).then_some(day)).unwrap();
        let without = compare(&a, &b);
        let (mut query, mut listed) = (person(&a), person(&b));
        query.birth_date = Some(date);
        listed.birth_date = Some(date);
        let with = Screener::compare(&query, &listed, None).unwrap();
        prop_assert!(with.score >= without.score, "{} / {}: {} then {}", a, b, without.score, with.score);
        check_parts(&a, &b, &with);
        let agrees = |e: &zeef::screening::Evidence| e.kind == EvidenceKind::BirthDate && e.verdict == Verdict::Agrees;
        prop_assert!(with.explanation.evidence.iter().any(agrees));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_text_can_be_screened_and_compared(a in text(), b in text()) {
        for (a, b) in [(&a, &b), (&b, &a), (&a, &a)] {
            // A text in which nothing is left after folding may be refused, with a reason.
            if let Ok(found) = Screener::compare(&person(a), &person(b), None) {
                check_parts(a, b, &found);
            }
        }
        DEMO.screen(&person(&a), &Options::default(), now()).unwrap();
    }

    #[test]
    fn a_persons_countries_change_no_hit(name in listed_name(), countries in countries()) {
        let hits = |countries: &[String]| -> BTreeSet<(String, String, u64)> {
            let mut subject = person(&name);
            subject.countries = countries.to_vec();
            let options = Options { threshold: Some(0.2), limit: Some(usize::MAX), ..Options::default() };
            let answer = DEMO.screen(&subject, &options, now()).unwrap();
            let all = answer.hits.into_iter().chain(answer.set_aside);
            all.map(|h| (h.list, h.entity_id, h.score.to_bits())).collect()
        };
        prop_assert_eq!(hits(&[]), hits(&countries), "{} {:?}", name, countries);
    }
}

/// A name of someone on the demonstration lists, or another.
fn listed_name() -> impl Strategy<Value = String> {
    let people = DEMO.snapshot().names().people();
    let listed: Vec<String> = (0..people.len() as u32).map(|n| people.text(n).to_owned()).collect();
    prop_oneof![3 => prop::sample::select(listed), 1 => name()]
}

/// Countries that someone may be tied to: those of the demonstration lists, others, and none there is.
fn countries() -> impl Strategy<Value = Vec<String>> {
    const CODES: &[&str] = &[
        "RU", "BY", "UA", "IR", "IQ", "SY", "LY", "AF", "CN", "KP", "KR", "MM", "VE", "IL", "NL", "US", "br",
        "XX",
    ];
    prop::collection::vec(prop::sample::select(CODES).prop_map(str::to_owned), 1..4)
}

#[test]
fn a_name_without_words_meets_nobody() {
    for text in ["-", "...", "¡", "\u{200b}", "\u{301}", "'", "!?", "\u{3347a}"] {
        let answer = DEMO.screen(&person(text), &Options::default(), now()).unwrap();
        assert!(answer.hits.is_empty(), "{text:?}");
        assert!(!compare(text, "Nikita Khrushchev").is_match, "{text:?}");
        assert!(!compare("Nikita Khrushchev", text).is_match, "{text:?}");
    }
}

#[test]
fn no_country_alone_changes_a_hit() {
    let people = DEMO.snapshot().names().people();
    let answer = |name: &str, country: Option<String>| {
        let mut subject = person(name);
        subject.countries.extend(country);
        let answer = DEMO.screen(&subject, &Options::default(), now()).unwrap();
        let hits = answer.hits.iter().map(|h| (h.entity_id.clone(), h.score.to_bits()));
        hits.collect::<BTreeSet<_>>()
    };
    for name in (0..people.len() as u32).step_by(9).map(|n| people.text(n)) {
        let without = answer(name, None);
        assert!(!without.is_empty(), "{name} does not find itself");
        for (a, b) in ('A'..='Z').flat_map(|a| ('A'..='Z').map(move |b| (a, b))) {
            assert_eq!(answer(name, Some(format!("{a}{b}"))), without, "{name}, {a}{b}");
        }
    }
}
