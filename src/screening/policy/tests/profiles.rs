//! The profiles that come with zeef.

use super::*;
use crate::screening::case::Outcome;
use crate::screening::policy::{EMBEDDED, PolicyError};

#[test]
fn every_profile_is_sound() {
    for (id, text) in EMBEDDED {
        let profile = Profile::open(id).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(profile.id(), *id);
        assert_eq!(profile.hash().len(), 64);
        assert_eq!(profile.required_lists(), ["eu", "aspi"], "{id}");
        assert_eq!(profile.interview.len(), 3, "{id}");
        assert!(profile.interview.iter().all(|i| i.source.contains("UHasselt")));
        assert!(
            (1..=366).contains(&profile.review().retention_days),
            "{id}: candidates' data are kept short"
        );
        assert!(profile.review().four_eyes);
        // The same text has the same hash, another text another.
        assert_eq!(Profile::open(id).unwrap().hash(), profile.hash());
        let changed = Profile::parse(id, &format!("{text}\n# a remark\n"), None).unwrap();
        assert_ne!(changed.hash(), profile.hash());
    }
}

#[test]
fn an_unknown_profile_names_those_there_are() {
    let error = Profile::open("maastrich").unwrap_err();
    assert!(matches!(error, PolicyError::Unknown { .. }));
    assert!(error.to_string().contains("maastricht, leiden, generic"));
    let error = Profile::open("not-there.toml").unwrap_err().to_string();
    assert!(error.starts_with("policy file not-there.toml: "), "{error}");
}

/// Leiden: adviser, director, desk, committee; the committee only by way of the desk.
#[test]
fn leiden_ends_with_the_committee() {
    let profile = Profile::open("leiden").unwrap();
    let ids = |result: &CaseResult| -> Vec<String> {
        result.next_step.deciders.iter().map(|d| d.id.clone()).collect()
    };
    let mut made = Made::hire();
    assert_eq!(ids(&made.apply(&profile)), ["director"]);
    let finding = made.tracked(1, "Civilian", None);
    finding.certainty = Certainty::Possible;
    assert_eq!(ids(&made.apply(&profile)), ["adviser", "director"]);
    made.tracked(1, "Military", None);
    assert_eq!(ids(&made.apply(&profile)), ["adviser", "director", "desk", "committee"]);
}

/// Country-neutral: where an institution sits changes nothing.
#[test]
fn the_generic_profile_asks_for_no_country() {
    let profile = Profile::open("generic").unwrap();
    assert!(profile.countries.is_empty() && profile.democracy.is_none());
    let mut made = Made::hire();
    let before = made.apply(&profile);
    assert_eq!(question(&before, "institutions").outcome, Outcome::ClearOnLists);
    for country in ["CN", "US", ""] {
        made.screened.subjects[1].subject.countries = vec![country.into()];
        assert_eq!(made.apply(&profile).questions, before.questions);
    }
    for list in ["eu", "un", "aspi", "canada-nro", "us-1286"] {
        let mut made = Made::hire();
        made.listed(1, list);
        let result = made.apply(&profile);
        assert_eq!(
            result.questions.iter().map(|q| q.advice.len()).sum::<usize>(),
            1,
            "{list} means something"
        );
    }
}
