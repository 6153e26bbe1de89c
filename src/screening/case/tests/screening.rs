//! Who is screened, what is found, what follows.

use super::super::{Certainty, FindingKind, ListGap, Period, Role, Tie};
use super::{all_short, case, now, required, screened, screener};
use crate::screening::SubjectKind;
use crate::screening::case::Threads;

/// Checks the findings of a case, in order: `certainty path: what -> entity`.
#[track_caller]
fn check(yaml: &str, expected: &[&str]) {
    let screened = screened(yaml);
    assert_eq!(all_short(&screened), expected);
    for (finding, number) in screened.findings.iter().zip(1..) {
        assert_eq!(finding.id, format!("F{number}"));
    }
}

#[test]
fn everyone_in_a_case_is_screened_as_what_they_are() {
    let hire = screened(
        "
hire:
  candidate: {names: [Test Name, Naam Test], birth_date: 1990, nationalities: [IR]}
  home_university: {names: [Home Example]}
  supervisors: [{name: Super Visor}]
  contacts: [{name: Con Tact, institution: Example Lab, role: referee, country: DE}]
  affiliations:
    - {institution: EX, department: Unit, city: Town, country: CN, start: 2019, end: 2021, role: PhD student}
    - {institution: EY, start: 2022}
    - {institution: EZ}
  funders: [{name: Fund Example}]
  scholarship: {programme: Example Scholarship, country: CN}
",
    );
    let told: Vec<String> = hire
        .subjects
        .iter()
        .map(|s| format!("{} {:?} {:?} {:?} {}", s.path, s.role, s.period, s.subject.kind, s.subject.name))
        .collect();
    assert_eq!(
        told,
        [
            "hire.candidate Candidate Current Person Test Name",
            "hire.home_university HomeUniversity Current Organisation Home Example",
            "hire.supervisors[0] Supervisor Current Person Super Visor",
            "hire.contacts[0] Contact Current Person Con Tact",
            "hire.contacts[0].institution Affiliation Current Organisation Example Lab",
            "hire.affiliations[0] Affiliation Past Organisation Unit, EX, Town",
            "hire.affiliations[1] Affiliation Current Organisation EY",
            "hire.affiliations[2] Affiliation Unknown Organisation EZ",
            "hire.funders[0] Funder Current Any Fund Example",
            "hire.scholarship Scholarship Current Organisation Example Scholarship",
        ]
    );
    assert_eq!(hire.subjects[5].subject.aliases, ["EX"]);
    assert_eq!(hire.subjects[5].role_text, "PhD student");
    assert_eq!(hire.subjects[4].belongs_to, Some(3));

    let partner = screened(
        "
partner:
  organisation: {names: [Partner Example]}
  group: [{name: Group Example, relation: parent}]
  owners: [{name: Owner Person, person: true, share: 10}, {name: Owner Example}]
  board: [{name: Board One, role: rector, since: 2021}, {name: Board Two, until: 2019}]
  contacts: [{name: Con Tact}]
",
    );
    let told: Vec<(Role, Period, SubjectKind, Option<usize>)> =
        partner.subjects.iter().map(|s| (s.role, s.period, s.subject.kind, s.belongs_to)).collect();
    assert_eq!(
        told,
        [
            (Role::Partner, Period::Current, SubjectKind::Organisation, None),
            (Role::GroupCompany, Period::Current, SubjectKind::Organisation, Some(0)),
            (Role::Owner, Period::Current, SubjectKind::Person, Some(0)),
            (Role::Owner, Period::Current, SubjectKind::Any, Some(0)),
            (Role::BoardMember, Period::Current, SubjectKind::Person, Some(0)),
            (Role::BoardMember, Period::Past, SubjectKind::Person, Some(0)),
            (Role::Contact, Period::Current, SubjectKind::Person, None),
        ]
    );
}

#[test]
fn findings_are_graded_and_the_surest_come_first() {
    check(
        "
hire:
  candidate: {names: [Wladimir Putjin], birth_date: 1952-10-07}
  contacts: [{name: Hossein Salami}]
  affiliations:
    - {institution: Harbin Inst. of Technol., department: School of Astronautics, city: Harbin, country: China, end: 2015}
    - {institution: Beihang University, start: 2020}
    - {institution: Universiteit van Voorbeeld}
",
        &[
            "Likely hire.affiliations[1]: listed -> beihang-university",
            "Likely hire.candidate: listed -> EU.7510.16",
            "Likely hire.affiliations[0]: listed -> harbin-institute-of-technology",
            "Possible hire.contacts[0]: listed -> EU.6133.24",
            "Possible hire.contacts[0]: listed -> EU.9025.8",
        ],
    );
}

#[test]
fn another_birth_date_sets_a_namesake_aside() {
    let screened =
        screened("hire: {candidate: {names: [Vladimir Vladimirovich Putin], birth_date: 1991-04-02}}");
    let [finding] = screened.findings.as_slice() else { panic!("{:?}", all_short(&screened)) };
    assert_eq!(finding.certainty, Certainty::SetAside);
}

#[test]
fn facts_come_from_the_list() {
    let screened =
        screened("hire: {candidate: {names: [A Test]}, affiliations: [{institution: 哈尔滨工业大学}]}");
    let facts = &screened.findings[0].facts;
    assert_eq!(facts.categories, ["Seven sons of national defence"]);
    assert!(facts.rating.is_some());
    assert_eq!(facts.supervised_by, ["Ministry of Industry and Information Technology (MIIT)"]);
    assert!(facts.links[0].ends_with("/harbin-institute-of-technology"));
    assert_eq!(facts.countries, ["CN"]);
}

#[test]
fn laboratories_and_agencies_are_followed() {
    let with = |institution: &str| {
        format!(
            "hire: {{candidate: {{names: [A Test]}}, affiliations: [{{institution: \"{institution}\"}}]}}"
        )
    };
    // A laboratory leads to its university, alone or beside it.
    check(
        &with("State Key Laboratory of Robotics and System"),
        &["Likely hire.affiliations[0]: PartOf laboratory -> harbin-institute-of-technology"],
    );
    check(
        &with("State Key Laboratory of Robotics and System, Harbin Institute of Technology, China"),
        &[
            "Likely hire.affiliations[0]: listed -> harbin-institute-of-technology",
            "Likely hire.affiliations[0]: PartOf laboratory -> harbin-institute-of-technology",
        ],
    );
    // An institution under a listed agency says so.
    check(
        &with("University of Electronic Science and Technology of China"),
        &[
            "Likely hire.affiliations[0]: listed -> university-of-electronic-science-and-technology-of-china",
            "Likely hire.affiliations[0]: SupervisedBy -> china-electronics-technology-group-corporation",
        ],
    );
    // So does its laboratory, on the way.
    let lab = screened(&with("National Laboratory of Radar Signal Processing"));
    let ties: Vec<Vec<Tie>> = lab
        .findings
        .iter()
        .filter_map(|f| match &f.what {
            FindingKind::Tied { trace } => Some(trace.iter().map(|t| t.tie).collect()),
            _ => None,
        })
        .collect();
    assert!(ties.contains(&vec![Tie::PartOf]), "{ties:?}");
    assert!(ties.contains(&vec![Tie::PartOf, Tie::SupervisedBy]), "{ties:?}");
    // An agency itself is told with one of those below it, a university that names it is not.
    check(
        &with("Ministry of Education (MOE)"),
        &["Possible hire.affiliations[0]: ParentOf 1 of 10 -> china-university-of-geosciences-wuhan"],
    );
    check(&with("Key Laboratory of Pottery (Ministry of Education), Universiteit van Voorbeeld"), &[]);
}

#[test]
fn boards_and_group_companies_are_traced_to_the_partner() {
    let screened = screened(
        "
partner:
  organisation: {names: [Voorbeeld Werke AG], country: AT}
  group: [{name: Rosoboronexport, relation: subsidiary}]
  board:
    - {name: Sergej Lawrow, role: chair, since: 2021, birth_date: 1950-03-21}
    - {name: Dmitri Medwedew, role: member, until: 2019, birth_date: 1965-09-14}
    - {name: Jan Voorbeeld}
",
    );
    assert_eq!(
        all_short(&screened),
        [
            "Likely partner.board[0]: listed -> EU.7511.15",
            "Likely partner.group[0]: listed -> EU.7808.66",
            // A former member is listed, and ties the partner to nobody.
            "Likely partner.board[1]: listed -> EU.7485.76",
            "Likely partner.organisation: BoardOf chair -> EU.7511.15",
            "Likely partner.organisation: GroupOf subsidiary -> EU.7808.66",
        ]
    );
    let FindingKind::Tied { trace } = &screened.findings[3].what else { panic!("no trace") };
    assert_eq!(trace[0].name, "Sergej Lawrow");
    assert_eq!(trace[0].source, "case");
    assert_eq!(trace[0].since.unwrap().to_string(), "2021");
}

#[test]
fn shares_of_listed_owners_are_summed() {
    let owned = |owners: &str| {
        let all = screened(&format!(
            "partner: {{organisation: {{names: [Voorbeeld Werke AG]}}, owners: [{owners}]}}"
        ));
        let sums = all.findings.iter().filter_map(|f| match &f.what {
            FindingKind::Ownership { list, share, owners } => {
                Some(format!("{:?} {list} {share} of {}", f.certainty, owners.len()))
            }
            _ => None,
        });
        sums.collect::<Vec<_>>().join("; ")
    };
    let abramovich = "{name: Roman Abramovich, person: true, birth_date: 1966-10-24, share: 30}";
    let deripaska = "{name: Oleg Deripaska, person: true, birth_date: 1968-01-02, share: 20}";
    let possible = "{name: Hossein Salami, person: true, share: 25}";
    let innocent = "{name: Jan Voorbeeld, person: true, share: 50}";
    let aside = "{name: Vladimir Vladimirovich Putin, person: true, birth_date: 1991-04-02, share: 50}";
    let tracked = "{name: Beihang University, share: 60}";
    for (owners, expected) in [
        (format!("{abramovich}, {deripaska}"), "Likely eu 50 of 2"),
        (format!("{abramovich}, {innocent}"), ""),
        (format!("{abramovich}, {possible}"), "Possible eu 55 of 2"),
        (format!("{abramovich}, {deripaska}, {possible}"), "Likely eu 50 of 2"),
        (aside.to_owned(), ""),
        (tracked.to_owned(), "Likely aspi 60 of 1"),
        // Lists are not summed with each other.
        (format!("{abramovich}, {}", tracked.replace("60", "40")), ""),
    ] {
        assert_eq!(owned(&owners), expected, "{owners}");
    }
}

#[test]
fn lists_that_cannot_be_relied_upon_are_told() {
    let case = case("hire: {candidate: {names: [A Test]}}");
    let asked = [required("eu", Some(0)), required("canada-nro", Some(400)), required("aspi", None)];
    let screened = screener().screen_case(&case, &asked, now()).unwrap();
    let eu = screened.stamp.lists.iter().find(|l| l.list == "eu").unwrap();
    assert!(eu.stale && eu.age_days > 0);
    // Demonstration lists are never current: that stands for their ages.
    assert_eq!(screened.gaps, [ListGap::Demonstration, ListGap::Missing { list: "canada-nro".into() }]);
    let stamped = screener().screen_case(&case, &[], now()).unwrap();
    assert_eq!(stamped.gaps, [ListGap::Demonstration]);
}

#[test]
fn one_thread_finds_what_all_find_and_gives_up_when_told() {
    let case = case(
        "hire: {candidate: {names: [Wladimir Putjin]}, affiliations: [{institution: Xidian University}]}",
    );
    let screener = screener();
    let all = screener.screen_case(&case, &[], now()).unwrap();
    let own = screener.screen_case_until(&case, &[], now(), Threads::Own, &|| false).unwrap();
    assert_eq!(all, own);
    for threads in [Threads::Own, Threads::All] {
        let stopped = screener.screen_case_until(&case, &[], now(), threads, &|| true);
        assert!(matches!(stopped, Err(crate::screening::AnswerError::DeadlineExceeded)));
    }
}
