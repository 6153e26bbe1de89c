//! Nationality and country of birth neither raise nor change a finding.

use proptest::prelude::*;

use super::super::{Case, Finding};
use super::{case, now, screener, today};
use crate::matching::EvidenceKind;

/// Candidates with listed names, near ones and innocent ones.
const NAMES: &[&str] = &[
    "Hossein Salami",
    "Vladimir Putin",
    "Wang Junzheng",
    "Kim Yong Chol",
    "Asma Akhras",
    "Roman Abramowitsch",
    "Testname Example",
];

const COUNTRIES: &[&str] = &["NL", "IR", "CN", "RU", "KP", "SY", "US", "BY", "VE", "DE"];

/// Findings without what is shown of countries.
fn findings(case: Case) -> Vec<Finding> {
    let case = case.checked(today()).unwrap();
    let mut findings = screener().screen_case(&case, &[], now()).unwrap().findings;
    for hit in findings.iter_mut().filter_map(|f| f.hit.as_mut()) {
        hit.explanation.evidence.retain(|e| e.kind != EvidenceKind::Country || e.bits != 0.0);
    }
    findings
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_nationality_and_country_of_birth_give_the_same_findings(
        name in proptest::sample::select(NAMES),
        born in proptest::option::of(proptest::sample::select(&["1955", "1960-05-11", "1952-10-07"][..])),
        place in proptest::sample::select(&["", "Tehran", "Leningrad, "][..]),
        nationalities in proptest::collection::vec(proptest::sample::select(COUNTRIES), 0..4),
        birth_country in proptest::option::of(proptest::sample::select(
            &["Iran", "Rusland", "Russian Federation", "China", "Nederland", "Syria"][..],
        )),
    ) {
        let mut plain = case("hire: {candidate: {names: [x]}, affiliations: [{institution: Beihang Univ.}]}")
            .into_inner();
        {
            let candidate = &mut plain.hire.as_mut().unwrap().candidate;
            candidate.names = vec![name.to_owned()];
            candidate.birth_date = born.map(|b| b.parse().unwrap());
            candidate.birth_place = place.to_owned();
        }
        let mut swapped = plain.clone();
        {
            let candidate = &mut swapped.hire.as_mut().unwrap().candidate;
            candidate.nationalities = nationalities.into_iter().map(str::to_owned).collect();
            if let Some(country) = birth_country {
                candidate.birth_place = format!("{place} {country}");
            }
        }
        prop_assert_eq!(findings(plain), findings(swapped));
    }
}
