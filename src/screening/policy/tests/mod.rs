//! What policies come to, on cases put together by hand: no list, no matcher.

mod faults;
mod maastricht;
mod neutrality;
mod outcomes;
mod overlays;
mod profiles;

use std::sync::Arc;

use crate::matching::Explanation;
use crate::model::{EntityKind, RiskRating};
use crate::screening::case::{
    Advice, Affiliation, Candidate, Case, CaseResult, CaseSubject, Certainty, Finding, FindingKind, Funding,
    Hire, ListedFacts, Partner, Period, QuestionOutcome, Role, Scholarship, Screened, Text, Tie, Trace, Work,
};
use crate::screening::policy::Profile;
use crate::screening::{Hit, ListStamp, Stamp, Strength, Subject, SubjectKind};

/// The profile of Maastricht as it comes with zeef.
pub fn maastricht() -> Profile {
    Profile::open("maastricht").unwrap()
}

/// Maastricht with what only the operator can say.
pub fn maastricht_with_tables() -> Profile {
    let text = r#"
        extends = "maastricht"
        [countries.high_risk]
        codes = ["XA"]
        [democracy]
        score = [
            { country = "XA", score = 4.0, year = 2024, source = "made up" },
            { country = "XB", score = 4.1, year = 2024, source = "made up" },
            { country = "NL", score = 9.0, year = 2024, source = "made up" },
        ]
    "#;
    Profile::parse("operator.toml", text, None).unwrap()
}

/// A case under construction, with what the lists said of it.
pub struct Made {
    pub case: Case,
    pub screened: Screened,
}

impl Made {
    /// A hire about whom every fact is known and harmless: nothing left to ask but what is for people.
    pub fn hire() -> Self {
        let work = Work {
            field: "Medieval charters".into(),
            data: "Scans of charters".into(),
            sensitive_data: Some(false),
            data_management_plan: Some(true),
            sensitive_technology: Some(false),
            dual_use: Some(false),
            enhanced_supervision: Some(false),
            ..Work::default()
        };
        let hire = Hire {
            candidate: Candidate { names: vec!["Testa Madeup".into()], ..Candidate::default() },
            affiliations: vec![Affiliation {
                institution: "Example University".into(),
                ..Affiliation::default()
            }],
            duration_months: Some(48),
            work,
            ..Hire::default()
        };
        let case = Case { case_id: "made-up".into(), hire: Some(hire), partner: None };
        let mut made = Self { case, screened: screened() };
        made.subject(Role::Candidate, "hire.candidate", "Testa Madeup", SubjectKind::Person, "");
        made.subject(
            Role::Affiliation,
            "hire.affiliations[0]",
            "Example University",
            SubjectKind::Organisation,
            "NL",
        );
        made.screened.subjects[1].period = Period::Current;
        made.funder("Example Fund", "NL");
        made
    }

    /// A partner of whom every part is known.
    pub fn partner(country: &str) -> Self {
        let partner = Partner {
            work: Work { sensitive_technology: Some(false), ..Work::default() },
            ..Partner::default()
        };
        let case = Case { case_id: "made-up".into(), hire: None, partner: Some(partner) };
        let mut made = Self { case, screened: screened() };
        let organisation = SubjectKind::Organisation;
        made.subject(Role::Partner, "partner", "Example Institute", organisation, country);
        made.subject(Role::BoardMember, "partner.board[0]", "Testa Madeup", SubjectKind::Person, "");
        made.subject(Role::GroupCompany, "partner.group[0]", "Example Holding", organisation, "NL");
        made
    }

    pub fn hire_mut(&mut self) -> &mut Hire {
        self.case.hire.as_mut().unwrap()
    }

    pub fn scholarship(&mut self, programme: &str, country: &str) -> &mut Scholarship {
        self.subject(Role::Scholarship, "hire.scholarship", programme, SubjectKind::Organisation, country);
        self.hire_mut().scholarship.insert(Scholarship {
            programme: programme.into(),
            country: country.into(),
            ..Scholarship::default()
        })
    }

    pub fn funder(&mut self, name: &str, country: &str) {
        self.hire_mut().funders.push(Funding { name: name.into(), ..Funding::default() });
        self.subject(Role::Funder, "hire.funders[0]", name, SubjectKind::Organisation, country);
    }

    pub fn subject(&mut self, role: Role, path: &str, name: &str, kind: SubjectKind, country: &str) -> usize {
        let mut subject = Subject::named(name, kind);
        subject.countries.extend((!country.is_empty()).then(|| country.to_owned()));
        self.screened.subjects.push(CaseSubject {
            path: path.into(),
            role,
            role_text: String::new(),
            on_file_since: None,
            period: Period::Current,
            start: None,
            end: None,
            share: None,
            belongs_to: None,
            subject,
        });
        self.screened.subjects.len() - 1
    }

    /// A likely match of a subject with an entity of a list.
    pub fn listed(&mut self, subject: usize, list: &str) -> &mut Finding {
        let id = format!("F{}", self.screened.findings.len() + 1);
        let hit = Hit {
            list: list.into(),
            entity_id: "example".into(),
            kind: EntityKind::Organisation,
            name: "Listed Example".into(),
            matched_name: "Listed Example".into(),
            query_name: self.screened.subjects[subject].subject.name.clone(),
            score: 0.9,
            strength: Strength::Strong,
            explanation: Explanation {
                summary: String::new(),
                alignments: Vec::new(),
                evidence: Vec::new(),
                bits: 20.0,
                settle: vec!["birth date".into()],
            },
        };
        self.screened.findings.push(Finding {
            id,
            subject,
            what: FindingKind::Listed,
            certainty: Certainty::Likely,
            hit: Some(hit),
            facts: ListedFacts::default(),
        });
        self.screened.findings.last_mut().unwrap()
    }

    /// A likely match with an institution of the tracker.
    pub fn tracked(&mut self, subject: usize, category: &str, rating: Option<RiskRating>) -> &mut Finding {
        let finding = self.listed(subject, "aspi");
        finding.facts.categories = vec![category.into()];
        finding.facts.rating = rating;
        finding
    }

    pub fn apply(&self, profile: &Profile) -> CaseResult {
        profile.apply(&self.case, self.screened.clone())
    }
}

pub fn tied(tie: Tie) -> FindingKind {
    let trace = Trace {
        tie,
        name: "Listed Example".into(),
        source: "case".into(),
        detail: String::new(),
        since: None,
        until: None,
        share: None,
    };
    FindingKind::Tied { trace: vec![trace] }
}

/// Screened on all lists, today's.
pub fn screened() -> Screened {
    let list = |list: &str| ListStamp {
        list: list.into(),
        as_of: "2026-03-01T00:00:00Z".into(),
        imported: "2026-03-01T00:00:00Z".into(),
        age_days: 1,
        stale: false,
    };
    let stamp = Stamp {
        snapshot: "made-up".into(),
        demo: false,
        lists: ["eu", "aspi", "un", "canada-nro", "us-1286"].map(list).into(),
        matcher: "1".into(),
        threshold: 0.5,
    };
    Screened {
        subjects: Vec::new(),
        findings: Vec::new(),
        gaps: Vec::new(),
        stamp: Arc::new(stamp),
        candidates: Vec::new(),
    }
}

/// The stamp, to change it.
pub fn stamp(screened: &mut Screened) -> &mut Stamp {
    Arc::make_mut(&mut screened.stamp)
}

pub fn question<'a>(result: &'a CaseResult, id: &str) -> &'a QuestionOutcome {
    result.questions.iter().find(|q| q.question == id).unwrap_or_else(|| panic!("no question {id}"))
}

pub fn advice<'a>(result: &'a CaseResult, rule: &str) -> Option<&'a Advice> {
    result.questions.iter().flat_map(|q| &q.advice).find(|a| a.rule == rule)
}

/// Every text that a result shows.
pub fn texts(result: &CaseResult) -> Vec<&Text> {
    let mut all = vec![&result.policy_title, &result.next_step.text];
    for q in &result.questions {
        all.extend([&q.title, &q.text, &q.why, &q.summary]);
        all.extend(q.advice.iter().map(|a| &a.text));
        all.extend(q.settle.iter().map(|s| &s.text));
    }
    all.extend(result.interview.iter().flat_map(|i| [&i.text, &i.intent]));
    all.extend(result.lists.iter().flat_map(|l| [&l.title, &l.meaning]));
    all
}
