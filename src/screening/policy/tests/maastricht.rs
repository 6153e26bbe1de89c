//! Each rule of Maastricht's policy on a case that it is made for, with the place in the framework that it
//! rests on, and with a case beside it to which it must not apply.

use super::*;
use crate::screening::case::{Grade, Outcome};
use crate::screening::policy::schema::Draft;

/// A rule under test.
struct Rule {
    id: &'static str,
    /// The heading in part II of the framework, as the rule's source must name it.
    heading: &'static str,
    /// None for rules that ask.
    grade: Option<Grade>,
    decider: &'static str,
    /// A case to which it applies.
    applies: fn(&mut Made),
    /// What to change so that it no longer does.
    no_longer: fn(&mut Made),
}

/// The candidate.
const WHO: usize = 0;
/// The institution on the CV.
const CV: usize = 1;
/// The funder.
const FUND: usize = 2;

fn past(made: &mut Made) {
    made.screened.subjects[CV].period = Period::Past;
}

fn csc(made: &mut Made) {
    *made.scholarship("China Scholarship Council (CSC)", "CN") = Scholarship {
        programme: "China Scholarship Council (CSC)".into(),
        selected_here: Some(true),
        own_topic: Some(true),
        doctorate_here: Some(true),
        supervised_from_home: Some(false),
        supervisors_here: Some(2),
        reciprocal: Some(true),
        ..Scholarship::default()
    };
    made.subject(
        Role::HomeUniversity,
        "hire.home_university",
        "Example Home",
        SubjectKind::Organisation,
        "NL",
    );
}

fn visit(made: &mut Made) {
    csc(made);
    made.hire_mut().duration_months = Some(12);
    let scholarship = made.hire_mut().scholarship.as_mut().unwrap();
    scholarship.supervised_from_home = Some(true);
    scholarship.doctorate_here = Some(false);
}

fn board(made: &mut Made) {
    *made = Made::partner("NL");
    made.listed(1, "eu");
}

fn set_aside(made: &mut Made) {
    made.screened.findings[0].certainty = Certainty::SetAside;
}

const A: &str = "A Sanctielijst";
const G: &str = "G Militaire relaties";
const ADVICE: &str = "preadvies bij de vier kwalificaties";
const H: &str = "H Financiering";
const CSC: &str = "lijn voor CSC-beurzen";
const H2: &str = "H Sensitieve (persoons)data";

const RULES: &[Rule] = &[
    Rule {
        id: "sanctions-match",
        heading: A,
        grade: Some(Grade::LegalBar),
        decider: "loket",
        applies: |m| {
            m.listed(WHO, "eu");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-cv",
        heading: A,
        grade: Some(Grade::LegalBar),
        decider: "loket",
        applies: |m| {
            m.listed(CV, "eu");
        },
        no_longer: |m| m.screened.findings.clear(),
    },
    Rule {
        id: "sanctions-group",
        heading: A,
        grade: Some(Grade::LegalBar),
        decider: "loket",
        applies: |m| {
            *m = Made::partner("NL");
            m.listed(2, "eu");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-board",
        heading: A,
        grade: Some(Grade::LegalBar),
        decider: "loket",
        applies: board,
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-ownership",
        heading: A,
        grade: Some(Grade::LegalBar),
        decider: "loket",
        applies: |m| {
            *m = Made::partner("NL");
            let finding = m.listed(0, "eu");
            finding.hit = None;
            finding.what = FindingKind::Ownership { list: "eu".into(), share: 60.0, owners: vec![2] };
        },
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-owner",
        heading: A,
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| {
            *m = Made::partner("NL");
            let owner = m.subject(Role::Owner, "partner.owners[0]", "Testa", SubjectKind::Person, "");
            m.listed(owner, "eu");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-tie",
        heading: A,
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| m.listed(CV, "eu").what = tied(Tie::SupervisedBy),
        no_longer: |m| m.screened.findings[0].what = FindingKind::Listed,
    },
    Rule {
        id: "sanctions-un",
        heading: "inleiding",
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| {
            m.listed(WHO, "un");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "sanctions-cv-missing",
        heading: A,
        grade: None,
        decider: "",
        applies: |m| m.hire_mut().affiliations.clear(),
        no_longer: |m| *m = Made::hire(),
    },
    Rule {
        id: "sanctions-board-missing",
        heading: A,
        grade: None,
        decider: "",
        applies: |m| {
            *m = Made::partner("NL");
            m.screened.subjects.remove(1);
        },
        no_longer: |m| *m = Made::partner("NL"),
    },
    Rule {
        id: "sanctions-group-missing",
        heading: A,
        grade: None,
        decider: "",
        applies: |m| {
            *m = Made::partner("NL");
            m.screened.subjects.remove(2);
        },
        no_longer: |m| *m = Made::partner("NL"),
    },
    Rule {
        id: "supervision-exemption",
        heading: "B Verscherpt toezicht",
        grade: Some(Grade::Conditions),
        decider: "loket",
        applies: |m| m.hire_mut().work.enhanced_supervision = Some(true),
        no_longer: |m| m.hire_mut().work.enhanced_supervision = Some(false),
    },
    Rule {
        id: "dual-use-licence",
        heading: "C Dual use",
        grade: Some(Grade::Conditions),
        decider: "loket",
        applies: |m| {
            m.hire_mut().work.dual_use = None;
            m.hire_mut().work.field = "Inertial navigation of UAVs".into();
        },
        no_longer: |m| m.hire_mut().work.dual_use = Some(false),
    },
    Rule {
        id: "seven-sons",
        heading: G,
        grade: Some(Grade::NotAllowedInPrinciple),
        decider: "cvb",
        applies: |m| {
            m.tracked(CV, "Seven sons of national defence", None);
        },
        no_longer: |m| m.screened.findings[0].facts.categories = vec!["Civilian".into()],
    },
    Rule {
        id: "military-universities",
        heading: G,
        grade: Some(Grade::NotAllowedInPrinciple),
        decider: "cvb",
        applies: |m| {
            m.tracked(CV, "Military", Some(RiskRating::VeryHigh));
        },
        no_longer: |m| m.screened.findings[0].facts.categories = vec!["Civilian".into()],
    },
    Rule {
        id: "defence-organisations",
        heading: G,
        grade: Some(Grade::Undesirable),
        decider: "cvb",
        applies: |m| {
            m.tracked(FUND, "Defence industry conglomerate", None);
        },
        no_longer: |m| m.screened.findings[0].facts.categories = vec!["Civilian".into()],
    },
    Rule {
        id: "rating-very-high",
        heading: ADVICE,
        grade: Some(Grade::Undesirable),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Civilian", Some(RiskRating::VeryHigh));
        },
        no_longer: |m| m.screened.findings[0].facts.rating = Some(RiskRating::High),
    },
    Rule {
        id: "rating-high",
        heading: ADVICE,
        grade: Some(Grade::Conditions),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Civilian", Some(RiskRating::High));
        },
        no_longer: |m| m.screened.findings[0].facts.rating = Some(RiskRating::Medium),
    },
    Rule {
        id: "rating-medium",
        heading: ADVICE,
        grade: Some(Grade::Conditions),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Civilian", Some(RiskRating::Medium));
        },
        no_longer: |m| m.screened.findings[0].facts.rating = Some(RiskRating::Low),
    },
    Rule {
        id: "rating-low",
        heading: ADVICE,
        grade: Some(Grade::Conditions),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Civilian", Some(RiskRating::Low));
        },
        no_longer: |m| m.screened.findings[0].facts.rating = None,
    },
    Rule {
        id: "rating-unknown",
        heading: ADVICE,
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Civilian", None);
        },
        no_longer: |m| m.screened.findings[0].facts.rating = Some(RiskRating::Low),
    },
    Rule {
        id: "military-tie",
        heading: G,
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| m.tracked(CV, "Military", None).what = tied(Tie::SupervisedBy),
        no_longer: |m| m.screened.findings[0].what = tied(Tie::PartOf),
    },
    Rule {
        id: "military-export",
        heading: G,
        grade: Some(Grade::Note),
        decider: "loket",
        applies: |m| {
            m.tracked(CV, "Security", None);
        },
        no_longer: |m| m.screened.findings[0].facts.categories = vec!["Civilian".into()],
    },
    Rule {
        id: "named-by-canada",
        heading: "inleiding",
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| {
            m.listed(CV, "canada-nro");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "named-by-the-us",
        heading: "inleiding",
        grade: Some(Grade::CaseByCase),
        decider: "loket",
        applies: |m| {
            m.listed(CV, "us-1286");
        },
        no_longer: set_aside,
    },
    Rule {
        id: "military-outside-china",
        heading: G,
        grade: None,
        decider: "",
        applies: |m| m.screened.subjects[CV].subject.countries = vec!["US".into()],
        no_longer: |m| m.screened.subjects[CV].subject.countries = vec!["CN".into()],
    },
    Rule {
        id: "funding-missing",
        heading: H,
        grade: None,
        decider: "",
        applies: |m| {
            m.hire_mut().funders.clear();
            m.screened.subjects.remove(FUND);
        },
        no_longer: |m| *m = Made::hire(),
    },
    Rule {
        id: "funding-conditions",
        heading: H,
        grade: Some(Grade::CaseByCase),
        decider: "dean",
        applies: |m| m.hire_mut().funders[0].conditions = "results go to the funder first".into(),
        no_longer: |m| m.hire_mut().funders[0].conditions.clear(),
    },
    Rule {
        id: "csc-sensitive-field",
        heading: CSC,
        grade: Some(Grade::NotAllowedInPrinciple),
        decider: "loket",
        applies: |m| {
            csc(m);
            m.hire_mut().work.sensitive_technology = Some(true);
        },
        no_longer: |m| m.hire_mut().work.sensitive_technology = Some(false),
    },
    Rule {
        id: "csc-home-university",
        heading: CSC,
        grade: Some(Grade::NotAllowedInPrinciple),
        decider: "loket",
        applies: |m| {
            csc(m);
            let home = m.screened.subjects.len() - 1;
            m.tracked(home, "Seven sons of national defence", None);
        },
        no_longer: |m| m.screened.findings[0].facts.categories = vec!["Civilian".into()],
    },
    Rule {
        id: "csc-home-university-missing",
        heading: CSC,
        grade: None,
        decider: "",
        applies: |m| {
            csc(m);
            m.screened.subjects.pop();
        },
        no_longer: |m| {
            m.subject(
                Role::HomeUniversity,
                "hire.home_university",
                "Example Home",
                SubjectKind::Organisation,
                "NL",
            );
        },
    },
    Rule {
        id: "csc-own-selection",
        heading: CSC,
        grade: Some(Grade::Note),
        decider: "dean",
        applies: csc,
        no_longer: |m| m.hire_mut().work.sensitive_technology = Some(true),
    },
    Rule {
        id: "csc-co-supervision",
        heading: CSC,
        grade: Some(Grade::Conditions),
        decider: "dean",
        applies: |m| {
            csc(m);
            let scholarship = m.hire_mut().scholarship.as_mut().unwrap();
            scholarship.supervised_from_home = Some(true);
            scholarship.supervisors_here = Some(1);
        },
        no_longer: |m| m.hire_mut().scholarship.as_mut().unwrap().supervisors_here = Some(2),
    },
    Rule {
        id: "csc-visit",
        heading: CSC,
        grade: Some(Grade::CaseByCase),
        decider: "dean",
        applies: visit,
        no_longer: |m| m.hire_mut().duration_months = Some(48),
    },
    Rule {
        id: "csc-visit-not-reciprocal",
        heading: CSC,
        grade: Some(Grade::Undesirable),
        decider: "dean",
        applies: |m| {
            visit(m);
            m.hire_mut().scholarship.as_mut().unwrap().reciprocal = Some(false);
        },
        no_longer: |m| m.hire_mut().scholarship.as_mut().unwrap().reciprocal = Some(true),
    },
    Rule {
        id: "csc-outside-the-line",
        heading: CSC,
        grade: Some(Grade::CaseByCase),
        decider: "dean",
        applies: |m| {
            csc(m);
            m.hire_mut().scholarship.as_mut().unwrap().own_topic = Some(false);
        },
        no_longer: |m| {
            m.hire_mut().scholarship.as_mut().unwrap().own_topic = Some(true);
        },
    },
    Rule {
        id: "democracy",
        heading: "Democracy Index 0 tot en met 4",
        grade: Some(Grade::CaseByCase),
        decider: "dean",
        applies: |m| m.screened.subjects[FUND].subject.countries = vec!["XA".into()],
        no_longer: |m| m.screened.subjects[FUND].subject.countries = vec!["XB".into()],
    },
    Rule {
        id: "sensitive-high-risk",
        heading: "F Sensitieve technologie",
        grade: Some(Grade::NotAllowedInPrinciple),
        decider: "loket",
        applies: |m| {
            m.hire_mut().work.sensitive_technology = None;
            m.hire_mut().work.keywords = vec!["Qubits".into()];
            m.screened.subjects[CV].subject.countries = vec!["XA".into()];
        },
        no_longer: |m| m.screened.subjects[CV].subject.countries = vec!["NL".into()],
    },
    Rule {
        id: "past-agreements",
        heading: "slot: noot over overeenkomsten uit het verleden",
        grade: Some(Grade::Note),
        decider: "dean",
        applies: |m| m.hire_mut().work.past_agreement = Some(true),
        no_longer: |m| m.hire_mut().work.past_agreement = None,
    },
    Rule {
        id: "data-plan",
        heading: H2,
        grade: Some(Grade::Conditions),
        decider: "dean",
        applies: |m| {
            m.hire_mut().work.sensitive_data = Some(true);
            m.hire_mut().work.data_management_plan = Some(false);
        },
        no_longer: |m| m.hire_mut().work.data_management_plan = Some(true),
    },
    Rule {
        id: "data-missing",
        heading: H2,
        grade: None,
        decider: "",
        applies: |m| m.hire_mut().work.data.clear(),
        no_longer: |m| m.hire_mut().work.data = "Interviews".into(),
    },
];

#[test]
fn each_rule_applies_where_its_source_says_and_not_beside_it() {
    let profile = maastricht_with_tables();
    for rule in RULES {
        let entry = profile.rules.iter().find(|r| r.id == rule.id).unwrap_or_else(|| panic!("{}", rule.id));
        assert!(entry.source.contains("TISK deel II"), "{}: {}", rule.id, entry.source);
        assert!(entry.source.contains(rule.heading), "{}: {}", rule.id, entry.source);
        let mut made = Made::hire();
        (rule.applies)(&mut made);
        let result = made.apply(&profile);
        match rule.grade {
            Some(grade) => {
                let given = advice(&result, rule.id).unwrap_or_else(|| panic!("{} gives no advice", rule.id));
                assert_eq!(given.grade, grade, "{}", rule.id);
                assert_eq!(given.decider.as_ref().map(|d| d.id.as_str()), Some(rule.decider), "{}", rule.id);
                assert_eq!(given.source, entry.source);
            }
            None => {
                let q = question(&result, &entry.question);
                assert!(q.settle.iter().any(|s| s.text.en.ends_with(&entry.text.en)), "{}", rule.id);
                assert!(q.outcome >= Outcome::QuestionForPerson, "{}", rule.id);
            }
        }
        (rule.no_longer)(&mut made);
        let result = made.apply(&profile);
        let q = question(&result, &entry.question);
        assert!(advice(&result, rule.id).is_none(), "{} still applies", rule.id);
        assert!(
            rule.grade.is_some() || !q.settle.iter().any(|s| s.text.en.ends_with(&entry.text.en)),
            "{} still asks",
            rule.id
        );
    }
}

#[test]
fn every_rule_has_its_test() {
    let text = include_str!("../profiles/maastricht.toml");
    let draft: Draft = toml::from_str(text).unwrap();
    let tested: Vec<&str> = RULES.iter().map(|r| r.id).collect();
    let written: Vec<&str> = draft.rule.iter().map(|r| r.id.get_ref().as_str()).collect();
    assert_eq!(tested, written);
}

/// Questions in the order of part II, by words, with the letters that it prints.
#[test]
fn questions_stand_as_part_two_asks_them() {
    let result = Made::hire().apply(&maastricht());
    let questions: Vec<_> =
        result.questions.iter().map(|q| (q.question.as_str(), q.printed.as_str())).collect();
    let expected = [
        ("sanctions", "A"),
        ("supervision", "B"),
        ("dual_use", "C"),
        ("military", "G"),
        ("funding", "H"),
        ("sensitive_technology", "F"),
        ("ethics", "G"),
        ("data", "H"),
    ];
    assert_eq!(questions, expected);
}

#[test]
fn a_past_tie_weighs_less_than_a_current_one() {
    for (category, current, then) in [
        ("Seven sons of national defence", Grade::NotAllowedInPrinciple, Grade::CaseByCase),
        ("Military", Grade::NotAllowedInPrinciple, Grade::Undesirable),
        // No words of its own for the past: one grade lighter, and it says so.
        ("Security", Grade::Undesirable, Grade::CaseByCase),
    ] {
        let rule = match category {
            "Military" => "military-universities",
            "Security" => "defence-organisations",
            _ => "seven-sons",
        };
        for (period, expected) in
            [(Period::Current, current), (Period::Unknown, current), (Period::Past, then)]
        {
            let mut made = Made::hire();
            made.screened.subjects[CV].period = period;
            made.tracked(CV, category, None);
            let result = made.apply(&maastricht());
            let given = advice(&result, rule).unwrap();
            assert_eq!(given.grade, expected, "{category} {period:?}");
            assert_eq!(
                given.text.nl.contains("verleden") || given.text.nl.contains("vroegere"),
                period == Period::Past
            );
        }
    }
    // One current tie beside a past one is current.
    let mut made = Made::hire();
    past(&mut made);
    made.tracked(CV, "Military", None);
    made.tracked(FUND, "Military", None);
    let result = made.apply(&maastricht());
    let given = advice(&result, "military-universities").unwrap();
    assert_eq!((given.grade, given.findings.len()), (Grade::NotAllowedInPrinciple, 2));
}

/// Takes a fact out of a scholarship.
type Forget = fn(&mut Scholarship);

/// What a CSC scholar's case leaves open is asked, fact by fact, and nothing is taken for a no.
#[test]
fn open_facts_of_a_scholarship_become_questions() {
    let mut made = Made::hire();
    csc(&mut made);
    let known = made.hire_mut().scholarship.clone().unwrap();
    let open: [(Forget, &str); 4] = [
        (|s| s.selected_here = None, "hire.scholarship.selected_here"),
        (|s| s.own_topic = None, "hire.scholarship.own_topic"),
        (|s| s.doctorate_here = None, "hire.scholarship.doctorate_here"),
        (
            |s| {
                s.supervised_from_home = Some(true);
                s.supervisors_here = None;
            },
            "hire.scholarship.supervisors_here",
        ),
    ];
    for (forget, path) in open {
        let mut scholarship = known.clone();
        forget(&mut scholarship);
        made.hire_mut().scholarship = Some(scholarship);
        let result = made.apply(&maastricht_with_tables());
        let asked: Vec<&str> = question(&result, "funding").settle.iter().map(|s| s.path.as_str()).collect();
        assert!(asked.contains(&path), "{path}: {asked:?}");
        assert_eq!(asked.iter().filter(|p| **p == path).count(), 1, "{path} is asked once");
        assert!(advice(&result, "csc-own-selection").is_none(), "{path}");
    }
}

#[test]
fn a_council_named_as_funder_counts_as_the_scholarship() {
    let mut made = Made::hire();
    made.funder("国家留学基金管理委员会", "CN");
    made.hire_mut().work.sensitive_technology = Some(true);
    assert!(advice(&made.apply(&maastricht()), "csc-sensitive-field").is_some());
}

/// Without the operator's countries and scores nothing is cleared: it is asked.
#[test]
fn what_the_operator_has_not_supplied_is_asked() {
    let mut made = Made::hire();
    made.hire_mut().work.sensitive_technology = Some(true);
    let result = made.apply(&maastricht());
    let asked = |q: &str, path: &str| question(&result, q).settle.iter().any(|s| s.path == path);
    assert!(asked("sensitive_technology", "policy.countries.high_risk"));
    assert!(asked("funding", "policy.democracy"));
    // A country that the table does not know is asked too.
    let mut made = Made::hire();
    made.screened.subjects[FUND].subject.countries = vec!["XC".into()];
    let result = made.apply(&maastricht_with_tables());
    assert!(question(&result, "funding").settle.iter().any(|s| s.path == "policy.democracy.XC"));
}

#[test]
fn words_against_a_stated_no_are_a_question() {
    let mut made = Made::hire();
    made.hire_mut().work.field = "Machine learning for lidar".into();
    made.screened.subjects[CV].subject.countries = vec!["XA".into()];
    let result = made.apply(&maastricht_with_tables());
    let q = question(&result, "sensitive_technology");
    assert!(
        q.settle
            .iter()
            .any(|s| s.path == "hire.work.sensitive_technology" && s.text.nl.contains("kunstmatige"))
    );
}

/// Deciders stand in the order in which they are asked: the board only by way of the desk.
#[test]
fn the_next_step_names_who_decides() {
    let mut made = Made::hire();
    let ids = |result: &CaseResult| -> Vec<String> {
        result.next_step.deciders.iter().map(|d| d.id.clone()).collect()
    };
    assert_eq!(ids(&made.apply(&maastricht())), ["dean"]);
    made.tracked(CV, "Military", Some(RiskRating::VeryHigh));
    let result = made.apply(&maastricht());
    assert_eq!(ids(&result), ["loket", "dean", "cvb"]);
    assert!(result.next_step.text.en.contains("Decision: Executive Board (CvB)."));
    assert!(result.next_step.text.nl.contains("Besluit: College van Bestuur (CvB)."));
}
