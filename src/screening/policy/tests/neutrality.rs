//! Nationality changes nothing: not by any rule that exists, and not by any that could be written.

use proptest::prelude::*;

use super::*;

fn country() -> impl Strategy<Value = String> {
    prop_oneof![Just("XA".to_owned()), Just("CN".to_owned()), Just("IR".to_owned()), "[A-Z]{2}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The same case, whatever the nationalities of the people in it: the same result, word for word.
    #[test]
    fn any_nationality_gives_the_same_result(nationalities in prop::collection::vec(country(), 0..4)) {
        for profile in [maastricht_with_tables(), Profile::open("leiden").unwrap(), Profile::open("generic").unwrap()] {
            for partner in [false, true] {
                let mut made = if partner { Made::partner("NL") } else { Made::hire() };
                if !partner {
                    made.hire_mut().work.sensitive_technology = Some(true);
                    // A person who pays is still a person.
                    made.subject(Role::Funder, "hire.funders[1]", "Testa Payer", SubjectKind::Person, "");
                }
                made.listed(0, "eu").certainty = Certainty::Possible;
                let before = made.apply(&profile);
                for subject in &mut made.screened.subjects {
                    if subject.subject.kind == SubjectKind::Person {
                        subject.subject.countries = nationalities.clone();
                    }
                }
                if let Some(hire) = &mut made.case.hire {
                    hire.candidate.nationalities = nationalities.clone();
                }
                for finding in &mut made.screened.findings {
                    finding.facts.countries = nationalities.clone();
                }
                let after = made.apply(&profile);
                prop_assert_eq!(before.questions, after.questions);
                prop_assert_eq!(before.next_step, after.next_step);
                prop_assert_eq!(before.interview, after.interview);
            }
        }
    }
}

/// No rule can be written that asks for it, under any name.
#[test]
fn nationality_cannot_be_a_condition() {
    let asking = [
        "when.nationality = [\"XA\"]",
        "when.nationalities = [\"XA\"]",
        "when.citizenship = [\"XA\"]",
        "when.fact = { nationality = true }",
        "when.given = [\"nationalities\"]",
        "when.subject = { nationality = [\"high_risk\"] }",
        "when.subject = { birth_place = [\"high_risk\"] }",
        "when.finding = { citizenship = [\"XA\"] }",
    ];
    for when in asking {
        let text = format!(
            "extends = \"maastricht\"\n[[rule]]\nid = \"x\"\nquestion = \"ethics\"\nsource = \"x\"\ngrade = \"note\"\n\
             text = {{ en = \"x\", nl = \"x\" }}\n{when}\n"
        );
        let fault = Profile::parse("asking.toml", &text, None).unwrap_err().to_string();
        assert!(fault.contains("asking.toml:8: unknown"), "{when}: {fault}");
    }
    // A country asked of a person is never met, even where one stands with the person.
    let text = "extends = \"maastricht\"\n[countries.everywhere]\ntitle = { en = \"x\", nl = \"x\" }\ncodes = [\"XA\"]\n\
                [[rule]]\nid = \"x\"\nquestion = \"ethics\"\nsource = \"x\"\ngrade = \"note\"\n\
                text = { en = \"x\", nl = \"x\" }\nwhen.subject = { role = [\"candidate\"], country = [\"everywhere\"] }\n";
    let profile = Profile::parse("asking.toml", text, None).unwrap();
    let mut made = Made::hire();
    made.screened.subjects[0].subject.countries = vec!["XA".into()];
    let result = made.apply(&profile);
    assert!(advice(&result, "x").is_none());
    assert!(question(&result, "ethics").settle.is_empty());
}
