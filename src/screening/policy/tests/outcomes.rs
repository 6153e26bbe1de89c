//! What a question comes to.

use super::*;
use crate::screening::case::{ListGap, Outcome};

fn outcome(result: &CaseResult, id: &str) -> Outcome {
    question(result, id).outcome
}

#[test]
fn a_harmless_case_is_clear_on_the_lists_named() {
    let result = Made::hire().apply(&maastricht_with_tables());
    let sanctions = question(&result, "sanctions");
    assert_eq!(sanctions.outcome, Outcome::ClearOnLists);
    assert_eq!(sanctions.lists, ["eu", "un"]);
    assert!(
        sanctions
            .summary
            .en
            .contains("3 names looked up on EU consolidated list of financial sanctions (as of 2026-03-01)")
    );
    assert_eq!(outcome(&result, "military"), Outcome::ClearOnLists);
    for person in ["supervision", "dual_use", "funding", "sensitive_technology", "ethics", "data"] {
        assert_eq!(outcome(&result, person), Outcome::QuestionForPerson, "{person}");
        assert!(question(&result, person).settle.is_empty(), "{person}: nothing is open but the answer");
    }
}

#[test]
fn a_missing_or_stale_list_never_reads_as_clear() {
    let profile = maastricht();
    for finding in [false, true] {
        for stale in [false, true] {
            let mut made = Made::hire();
            if stale {
                stamp(&mut made.screened).lists[0].age_days = 8;
            } else {
                stamp(&mut made.screened).lists.remove(0);
            }
            if finding {
                made.listed(0, "eu");
            }
            let result = made.apply(&profile);
            let q = question(&result, "sanctions");
            assert_eq!(q.outcome, if finding { Outcome::ToBeReviewed } else { Outcome::NotChecked });
            assert_eq!(q.lists, ["un"]);
            let told = if stale { "8 days old, more than the 7 allowed" } else { "the list is not loaded" };
            assert!(q.summary.en.contains(told), "{}", q.summary.en);
            assert_eq!(result.gaps().len(), 1);
            assert!(result.next_step.text.en.contains("Not every list could be relied upon"));
        }
    }
    // What is only used where it is loaded is named when it is not, and not relied upon when it is stale.
    let mut made = Made::hire();
    stamp(&mut made.screened).lists.retain(|l| l.list != "un");
    let q = question(&made.apply(&profile), "sanctions").clone();
    assert_eq!(q.outcome, Outcome::ClearOnLists);
    assert!(q.summary.nl.contains("Niet geladen en dus niet gebruikt: geconsolideerde lijst van de VN"));
    let mut made = Made::hire();
    stamp(&mut made.screened).lists[2].age_days = 100;
    let result = made.apply(&profile);
    assert_eq!(question(&result, "sanctions").lists, ["eu"]);
    assert_eq!(result.gaps().len(), 1);
}

/// A limit that the operator set tighter than the policy is kept.
#[test]
fn what_the_engine_found_stale_stays_stale() {
    let mut made = Made::hire();
    made.screened.gaps.push(ListGap::Stale { list: "aspi".into(), age_days: 1, max_age_days: 0 });
    let result = made.apply(&maastricht());
    assert_eq!(outcome(&result, "military"), Outcome::NotChecked);
    assert_eq!(result.gaps().len(), 1);
}

#[test]
fn demonstration_lists_say_so_everywhere() {
    let mut made = Made::hire();
    stamp(&mut made.screened).demo = true;
    for list in &mut stamp(&mut made.screened).lists {
        list.age_days = 10_000;
    }
    let result = made.apply(&maastricht());
    assert_eq!(result.gaps(), [ListGap::Demonstration]);
    assert_eq!(outcome(&result, "sanctions"), Outcome::ClearOnLists);
    assert!(question(&result, "sanctions").summary.en.contains("protect nobody"));
    assert!(result.next_step.text.nl.contains("beschermen niemand"));
}

#[test]
fn a_namesake_set_aside_is_shown_and_raises_nothing() {
    let mut made = Made::hire();
    made.listed(0, "eu").certainty = Certainty::SetAside;
    let q = question(&made.apply(&maastricht()), "sanctions").clone();
    assert_eq!(q.outcome, Outcome::ClearOnLists);
    assert_eq!(q.findings, ["F1"]);
    assert!(q.advice.is_empty() && q.settle.is_empty());
    assert!(q.summary.en.contains("1 listed name is the same but was set aside"));
}

#[test]
fn advice_on_an_unsure_match_is_reviewed_first() {
    for (certainty, expected) in
        [(Certainty::Possible, Outcome::ToBeReviewed), (Certainty::Likely, Outcome::StandingAdvice)]
    {
        let mut made = Made::hire();
        made.tracked(1, "Military", Some(RiskRating::VeryHigh)).certainty = certainty;
        let result = made.apply(&maastricht());
        assert_eq!(outcome(&result, "military"), expected);
        let grades: Vec<_> = question(&result, "military").advice.iter().map(|a| a.grade).collect();
        assert!(grades.is_sorted_by(|a, b| a >= b), "heaviest first: {grades:?}");
    }
}

#[test]
fn what_would_settle_a_finding_is_said_with_its_place() {
    let mut made = Made::hire();
    made.listed(0, "eu").certainty = Certainty::Possible;
    made.tracked(1, "Military", None);
    made.screened.subjects[1].period = Period::Unknown;
    let result = made.apply(&maastricht());
    let settle = &question(&result, "sanctions").settle;
    assert!(settle.iter().any(|s| s.finding == "F1" && s.path == "hire.candidate.birth_date"));
    let settle = &question(&result, "military").settle;
    assert!(settle.iter().any(|s| s.finding == "F2" && s.path == "hire.affiliations[0].start"));
}

/// A finding that no question asks for stands under a question of its own.
#[test]
fn nothing_found_vanishes() {
    let mut made = Made::hire();
    made.listed(0, "somewhere-else");
    let result = made.apply(&maastricht());
    let q = question(&result, "other_findings");
    assert_eq!((q.outcome, q.findings.as_slice()), (Outcome::ToBeReviewed, ["F1".to_owned()].as_slice()));
    assert_eq!(q.lists, ["somewhere-else"]);
    // One that was set aside is shown as well.
    made.screened.findings[0].certainty = Certainty::SetAside;
    assert_eq!(outcome(&made.apply(&maastricht()), "other_findings"), Outcome::ClearOnLists);
}

#[test]
fn a_case_that_names_nobody_is_not_clear() {
    let mut made = Made::hire();
    made.screened.subjects.truncate(1);
    let result = made.apply(&maastricht());
    let q = question(&result, "military");
    assert_eq!(q.outcome, Outcome::QuestionForPerson);
    assert!(q.summary.en.contains("names nobody and nothing"));
}

#[test]
fn a_country_that_is_not_given_is_asked() {
    let mut made = Made::hire();
    made.screened.subjects[1].subject.countries.clear();
    let q = question(&made.apply(&maastricht()), "military").clone();
    assert_eq!(q.outcome, Outcome::QuestionForPerson);
    assert_eq!(q.settle.iter().filter(|s| s.path == "hire.affiliations[0].country").count(), 1);
}

/// Whatever the case: zeef lays out and never decides.
#[test]
fn no_text_ever_says_that_a_case_is_accepted() {
    for profile in ["maastricht", "leiden", "generic"].map(|p| Profile::open(p).unwrap()) {
        let mut cases = vec![Made::hire(), Made::partner("US"), Made::partner("CN")];
        let mut found = Made::hire();
        found.listed(0, "eu");
        found.tracked(1, "Military", None);
        cases.push(found);
        for made in cases {
            let result = made.apply(&profile);
            assert!(!result.next_step.deciders.is_empty());
            for text in texts(&result) {
                assert!(!text.en.trim().is_empty() && !text.nl.trim().is_empty(), "{text:?}");
                let both = format!("{} {}", text.en, text.nl).to_lowercase();
                for never in ["approved", "approval", "goedgekeurd", "goedkeuring", "akkoord"] {
                    assert!(!both.contains(never), "{never}: {text:?}");
                }
            }
        }
    }
}
