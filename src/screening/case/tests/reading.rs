//! What is read, and what is wrong with what is not.

use super::super::{CaseFault, CaseForm, CheckedCase, MAX_CASE_BYTES};
use super::{case, today};
use crate::screening::case::{AffiliationType, Appointment};

fn faults(text: &str, form: CaseForm) -> Vec<CaseFault> {
    CheckedCase::read(text.as_bytes(), form, today()).expect_err("the case is faulty").0
}

/// Each fault as `path@line: what it begins with`.
#[track_caller]
fn check(text: &str, form: CaseForm, expected: &[(&str, usize, &str)]) {
    let found = faults(text, form);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert_eq!(found.len(), expected.len(), "{told:#?}");
    for (fault, (path, line, what)) in found.iter().zip(expected) {
        assert_eq!(fault.path, *path, "{told:#?}");
        assert!(fault.what.contains(what), "{told:#?}");
        assert_eq!(fault.place.map_or(0, |p| p.line), *line, "{told:#?}");
        assert!(!fault.to_string().contains("Secret"), "a fault quotes the case: {fault}");
    }
}

const WHOLE: &str = r#"
case_id: HR-2026-017
hire:
  candidate:
    names: [Jan Voorbeeld, "Voorbeeld: Jan"]
    birth_date: 1990
    birth_place: Assen
    nationalities: [Nederland, be]
    identifiers: [{kind: passport, number: 00123}]
  appointment: external_doctoral_candidate
  home_university: {names: [Voorbeeld Universiteit], country: Noorwegen}
  duration_months: 48
  contacts:
    - {name: Contact Persoon, institution: Voorbeeldinstituut, country: NO, role: referee}
  affiliations:
    - institution: Voorbeeldschool
      type: studied
      start: 2010-09
      end: 2014-07-01
    - institution: Another Example
      country: Zuid-Korea
      start:
  scholarship: {programme: CSC, selected_here: nee}
  work: {field: pottery, sensitive_data: no, data_management_plan: yes}
"#;

#[test]
fn a_case_is_read_as_it_is_meant() {
    let case = case(WHOLE);
    assert_eq!(case.case_id, "HR-2026-017");
    let hire = case.hire.as_ref().unwrap();
    assert_eq!(hire.candidate.names, ["Jan Voorbeeld", "Voorbeeld: Jan"]);
    assert_eq!(hire.candidate.birth_date.unwrap().to_string(), "1990");
    assert_eq!(hire.candidate.nationalities, ["NL", "BE"]);
    assert_eq!(hire.candidate.identifiers[0].number, "00123");
    assert_eq!(hire.appointment, Appointment::ExternalDoctoralCandidate);
    assert_eq!(hire.home_university.as_ref().unwrap().country, "NO");
    assert_eq!(hire.contacts[0].country, "NO");
    assert_eq!(hire.affiliations[0].kind, AffiliationType::Studied);
    assert_eq!(hire.affiliations[1].country, "KR");
    assert_eq!(hire.affiliations[1].start, None);
    assert_eq!(hire.scholarship.as_ref().unwrap().selected_here, Some(false));
    assert_eq!(hire.work.sensitive_data, Some(false));
    assert_eq!(hire.work.data_management_plan, Some(true));
    assert_eq!(hire.work.past_agreement, None);
}

#[test]
fn json_says_the_same_as_yaml() {
    let case = case(WHOLE);
    let json = serde_json::to_string(&*case).unwrap();
    assert_eq!(CaseForm::of(json.as_bytes()), CaseForm::Json);
    let read = CheckedCase::read(json.as_bytes(), CaseForm::Json, today()).unwrap();
    assert_eq!(read, case);
    let escaped = r#"{"hire": {"candidate": {"names": ["\ud840\udc0b\u5eb7"], "birth_date": 1990}}}"#;
    let read = CheckedCase::read(escaped.as_bytes(), CaseForm::Json, today()).unwrap();
    assert_eq!(read.hire.as_ref().unwrap().candidate.names, ["\u{2000b}康"]);
}

#[test]
fn a_case_without_a_reference_gets_one_from_its_content() {
    let id = |name: &str| {
        let id = case(&format!("hire: {{candidate: {{names: [{name}]}}}}")).case_id.clone();
        assert!(id.starts_with("case-") && id.len() == 21, "{id}");
        id
    };
    assert_eq!(id("Jan Voorbeeld"), id("Jan Voorbeeld"));
    assert_ne!(id("Jan Voorbeeld"), id("Jan Vorbeeld"));
}

#[test]
fn every_fault_is_told_at_once_with_its_place() {
    let text = "\
hire:
  candidate:
    names: [Secret, \"  \", \"--\"]
    birthdate: 1990-01-02
    birth_date: 2190-01-02
    nationalities: [Secretland]
  appointment: Secret
  duration_months: Secret
  affiliations:
    - institution: Secret
      start: 02-01-2019
    - {institution: Secret, start: 2020, end: 2019-12, country: Secretia}
    - {department: Secret}
    - Secret
    - institution: Secret
      Secret Name: Secret
  contacts: {name: Secret}
  scholarship: {programme: Secret, selected_here: perhaps}
";
    let expected = [
        ("hire.candidate.names[1]", 3, "is empty"),
        ("hire.candidate.names[2]", 3, "no letter"),
        ("hire.candidate", 4, "unknown field birthdate; did you mean birth_date?"),
        ("hire.candidate.birth_date", 5, "future"),
        ("hire.candidate.nationalities[0]", 6, "no country"),
        ("hire.appointment", 7, "employee, external_doctoral_candidate, guest"),
        ("hire.duration_months", 8, "no whole number"),
        ("hire.affiliations[0].start", 11, "1970-01-02"),
        ("hire.affiliations[1].end", 12, "before the beginning"),
        ("hire.affiliations[1].country", 12, "no country"),
        ("hire.affiliations[2].institution", 13, "is empty"),
        ("hire.affiliations[3]", 14, "has no fields"),
        ("hire.affiliations[4]", 16, "unknown field; known here are: institution"),
        ("hire.contacts", 17, "is no list"),
        ("hire.scholarship.selected_here", 18, "neither yes nor no"),
    ];
    let mut found: Vec<(String, usize, String)> = faults(text, CaseForm::Yaml)
        .into_iter()
        .map(|f| {
            assert!(!f.to_string().contains("Secret"), "a fault quotes the case: {f}");
            (f.path, f.place.unwrap().line, f.what)
        })
        .collect();
    for (path, line, what) in expected {
        let at = found
            .iter()
            .position(|(p, l, w)| p == path && *l == line && w.contains(what))
            .unwrap_or_else(|| panic!("{path} in line {line}: {what:?} is not told: {found:#?}"));
        found.remove(at);
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn partners_are_checked_too() {
    let text = "\
partner:
  organisation: {names: []}
  owners:
    - {name: Secret, share: 60}
    - {name: Secret, share: 60.5, birth_date: 1970}
  group:
    - {name: Secret, share: 101}
    - {name: Secret, share: 50%}
  board:
    - {name: Secret, since: 2020, until: 2019}
    - {role: rector}
";
    check(
        text,
        CaseForm::Yaml,
        &[
            ("partner.organisation.names", 2, "at least one name"),
            ("partner.owners", 4, "more than 100 per cent"),
            ("partner.owners[1].birth_date", 5, "person: true"),
            ("partner.group[0].share", 7, "0 to 100"),
            ("partner.group[1].share", 8, "without %"),
            ("partner.board[0].until", 10, "before the beginning"),
            ("partner.board[1].name", 11, "is empty"),
        ],
    );
    check("{\"case_id\": \"x\"}", CaseForm::Json, &[("", 0, "neither a hire nor a partner")]);
    check(
        "hire: {candidate: {names: [A]}}\npartner: {organisation: {names: [B]}}",
        CaseForm::Yaml,
        &[("", 0, "both a hire and a partner")],
    );
}

#[test]
fn hostile_files_are_refused_in_words() {
    let nested = |n: usize| format!("hire: {}{}", "[".repeat(n), "]".repeat(n));
    let (deep, deeper) = (nested(50), nested(5_000));
    let deep_json = format!("{{\"hire\": {}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let bomb = "a: &a [x]\nb: &b [*a, *a]\nhire: *b";
    let large = format!("# {}", "x".repeat(MAX_CASE_BYTES));
    for (text, form, what) in [
        ("", CaseForm::Yaml, "is empty"),
        ("# nothing here", CaseForm::Yaml, "is empty"),
        ("Secret", CaseForm::Yaml, "has no fields"),
        ("- Secret", CaseForm::Yaml, "has no fields"),
        ("[]", CaseForm::Json, "has no fields"),
        ("hire: \"Secret", CaseForm::Yaml, "is not YAML"),
        ("hire:\n\tcandidate: Secret", CaseForm::Yaml, "is not YAML"),
        ("{\"hire\": Secret}", CaseForm::Json, "is not JSON"),
        ("{\"hire\": {}", CaseForm::Json, "is not JSON"),
        (bomb, CaseForm::Yaml, "anchor, alias or tag"),
        ("hire: !Secret x", CaseForm::Yaml, "anchor, alias or tag"),
        ("hire: {}\n---\nhire: {}", CaseForm::Yaml, "one case in a file"),
        ("? [Secret]\n: x", CaseForm::Yaml, "something else than a field's name"),
        (&deep, CaseForm::Yaml, "nested too deeply"),
        (&deeper, CaseForm::Yaml, "is not YAML"),
        (&deep_json, CaseForm::Json, "is not JSON"),
        (&large, CaseForm::Yaml, "larger than 1024 KiB"),
    ] {
        let start: String = text.chars().take(40).collect();
        let found = faults(text, form);
        assert_eq!(found.len(), 1, "{start}: {found:?}");
        assert!(found[0].what.contains(what), "{start}: {}", found[0]);
        assert!(!found[0].to_string().contains("Secret"), "{}", found[0]);
    }
    let error = CheckedCase::read(b"hire:\n  \xff", CaseForm::Yaml, today()).unwrap_err();
    assert!(error.to_string().contains("not UTF-8 text (line 2)"), "{error}");
    let twice = faults("hire: {candidate: {names: [A]}}\nhire: {}", CaseForm::Yaml);
    assert!(twice[0].what.contains("has hire twice"), "{}", twice[0]);
}

#[test]
fn a_file_full_of_faults_ends() {
    let many: String = (0..400).map(|_| "    - {share: x}\n").collect();
    let found =
        faults(&format!("partner:\n  organisation: {{names: [A]}}\n  owners:\n{many}"), CaseForm::Yaml);
    assert!((100..=1_000).contains(&found.len()), "{}", found.len());
}
