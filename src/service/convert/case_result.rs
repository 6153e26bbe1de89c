//! What came of a case, as a message.

use crate::model::{Gender, PartialDate};
use crate::screening::case::{
    Advice, CaseResult, CaseSubject, Certainty, Decider, Finding, FindingKind, Grade, InterviewQuestion,
    ListGap, ListRule, ListedFacts, NextStep, Outcome, Period, QuestionOutcome, Role, Settle, Text, Tie,
    Trace,
};
use crate::screening::{Subject, SubjectKind};
use crate::service::proto;

use super::answer::{hit, stamp};
use super::entity::rating;
use super::length;

/// A case's result as a message.
pub(in crate::service) fn case_result(result: CaseResult) -> proto::CaseResult {
    let screened = result.screened;
    proto::CaseResult {
        policy: Some(proto::PolicyStamp {
            policy: result.policy,
            title: Some(text(result.policy_title)),
            version: result.policy_version,
            hash: result.policy_hash,
        }),
        next_step: Some(next_step(result.next_step)),
        questions: result.questions.into_iter().map(question).collect(),
        interview: result.interview.into_iter().map(interview).collect(),
        subjects: screened.subjects.into_iter().map(subject).collect(),
        findings: screened.findings.into_iter().map(finding).collect(),
        gaps: screened.gaps.into_iter().map(gap).collect(),
        lists: result.lists.into_iter().map(list_rule).collect(),
        review: Some(proto::ReviewRule {
            four_eyes: result.review.four_eyes,
            retention_days: result.review.retention_days,
        }),
        stamp: Some(stamp(&screened.stamp, true)),
    }
}

fn text(text: Text) -> proto::LocalisedText {
    proto::LocalisedText { en: text.en, nl: text.nl }
}

fn date(date: Option<PartialDate>) -> String {
    date.map(|d| d.to_string()).unwrap_or_default()
}

fn decider(decider: Decider) -> proto::Decider {
    proto::Decider { id: decider.id, name: Some(text(decider.name)), contact: decider.contact }
}

fn next_step(step: NextStep) -> proto::NextStep {
    proto::NextStep {
        text: Some(text(step.text)),
        deciders: step.deciders.into_iter().map(decider).collect(),
    }
}

fn interview(question: InterviewQuestion) -> proto::InterviewQuestion {
    proto::InterviewQuestion {
        text: Some(text(question.text)),
        intent: Some(text(question.intent)),
        source: question.source,
    }
}

fn list_rule(rule: ListRule) -> proto::ListRule {
    proto::ListRule {
        list: rule.list,
        title: Some(text(rule.title)),
        meaning: Some(text(rule.meaning)),
        max_age_days: rule.max_age_days,
    }
}

fn question(question: QuestionOutcome) -> proto::QuestionOutcome {
    use proto::QuestionOutcomeKind as To;
    let outcome = match question.outcome {
        Outcome::ClearOnLists => To::ClearOnLists,
        Outcome::QuestionForPerson => To::QuestionForPerson,
        Outcome::NotChecked => To::NotChecked,
        Outcome::StandingAdvice => To::StandingAdvice,
        Outcome::ToBeReviewed => To::ToBeReviewed,
    };
    proto::QuestionOutcome {
        question: question.question,
        printed: question.printed,
        title: Some(text(question.title)),
        text: Some(text(question.text)),
        why: Some(text(question.why)),
        source: question.source,
        outcome: outcome.into(),
        summary: Some(text(question.summary)),
        findings: question.findings,
        advice: question.advice.into_iter().map(advice).collect(),
        lists: question.lists,
        settle: question.settle.into_iter().map(settle).collect(),
        decider: question.decider.map(decider),
    }
}

fn advice(advice: Advice) -> proto::Advice {
    use proto::AdviceGrade as To;
    let grade = match advice.grade {
        Grade::Note => To::Note,
        Grade::Conditions => To::Conditions,
        Grade::CaseByCase => To::CaseByCase,
        Grade::Undesirable => To::Undesirable,
        Grade::NotAllowedInPrinciple => To::NotAllowedInPrinciple,
        Grade::LegalBar => To::LegalBar,
    };
    proto::Advice {
        rule: advice.rule,
        grade: grade.into(),
        text: Some(text(advice.text)),
        source: advice.source,
        findings: advice.findings,
        decider: advice.decider.map(decider),
    }
}

fn settle(settle: Settle) -> proto::Settle {
    proto::Settle { finding: settle.finding, path: settle.path, text: Some(text(settle.text)) }
}

fn subject(subject: CaseSubject) -> proto::CaseSubject {
    use proto::{CaseRole, Period as When};
    let role = match subject.role {
        Role::Candidate => CaseRole::Candidate,
        Role::Contact => CaseRole::Contact,
        Role::Supervisor => CaseRole::Supervisor,
        Role::Affiliation => CaseRole::Affiliation,
        Role::HomeUniversity => CaseRole::HomeUniversity,
        Role::Funder => CaseRole::Funder,
        Role::Scholarship => CaseRole::Scholarship,
        Role::Partner => CaseRole::Partner,
        Role::GroupCompany => CaseRole::GroupCompany,
        Role::Owner => CaseRole::Owner,
        Role::BoardMember => CaseRole::BoardMember,
    };
    let period = match subject.period {
        Period::Current => When::Current,
        Period::Past => When::Past,
        Period::Unknown => When::Unspecified,
    };
    proto::CaseSubject {
        path: subject.path,
        role: role.into(),
        role_text: subject.role_text,
        on_file: subject.on_file_since.is_some(),
        on_file_since: subject.on_file_since.unwrap_or_default(),
        period: period.into(),
        start: date(subject.start),
        end: date(subject.end),
        share: subject.share,
        belongs_to: subject.belongs_to.map(length),
        subject: Some(screened(subject.subject)),
    }
}

fn screened(subject: Subject) -> proto::Subject {
    let kind = match subject.kind {
        SubjectKind::Person => proto::SubjectKind::Person,
        SubjectKind::Organisation => proto::SubjectKind::Organisation,
        SubjectKind::Any => proto::SubjectKind::Any,
    };
    let gender = match subject.gender {
        None => proto::Gender::Unspecified,
        Some(Gender::Female) => proto::Gender::Female,
        Some(Gender::Male) => proto::Gender::Male,
    };
    let identifiers = subject.identifiers.into_iter();
    proto::Subject {
        name: subject.name,
        aliases: subject.aliases,
        kind: kind.into(),
        birth_date: date(subject.birth_date),
        birth_place: subject.birth_place,
        gender: gender.into(),
        countries: subject.countries,
        address: subject.address,
        identifiers: identifiers
            .map(|i| proto::SubjectIdentifier { kind: i.kind, number: i.number })
            .collect(),
        reference: String::new(),
    }
}

fn finding(finding: Finding) -> proto::CaseFinding {
    use proto::case_finding::What;
    let what = match finding.what {
        FindingKind::Listed => What::Listed(proto::Listed {}),
        FindingKind::Tied { trace } => {
            What::Tied(proto::Tied { trace: trace.into_iter().map(step).collect() })
        }
        FindingKind::Ownership { list, share, owners } => What::Ownership(proto::Ownership {
            list,
            share,
            owners: owners.into_iter().map(length).collect(),
        }),
    };
    let certainty = match finding.certainty {
        Certainty::SetAside => proto::Certainty::SetAside,
        Certainty::Possible => proto::Certainty::Possible,
        Certainty::Likely => proto::Certainty::Likely,
    };
    proto::CaseFinding {
        id: finding.id,
        subject: length(finding.subject),
        what: Some(what),
        certainty: certainty.into(),
        hit: finding.hit.map(hit),
        facts: Some(facts(finding.facts)),
    }
}

fn step(step: Trace) -> proto::TraceStep {
    let tie = match step.tie {
        Tie::PartOf => proto::Tie::PartOf,
        Tie::SupervisedBy => proto::Tie::SupervisedBy,
        Tie::ParentOf => proto::Tie::ParentOf,
        Tie::BoardOf => proto::Tie::BoardOf,
        Tie::GroupOf => proto::Tie::GroupOf,
        Tie::OwnerOf => proto::Tie::OwnerOf,
        Tie::Related => proto::Tie::Related,
    };
    proto::TraceStep {
        tie: tie.into(),
        name: step.name,
        source: step.source,
        detail: step.detail,
        since: date(step.since),
        until: date(step.until),
        share: step.share,
    }
}

fn facts(facts: ListedFacts) -> proto::ListedFacts {
    proto::ListedFacts {
        categories: facts.categories,
        rating: rating(facts.rating).into(),
        programmes: facts.programmes,
        supervised_by: facts.supervised_by,
        links: facts.links,
        countries: facts.countries,
    }
}

fn gap(gap: ListGap) -> proto::ListGap {
    use proto::ListGapKind as Kind;
    match gap {
        ListGap::Missing { list } => {
            proto::ListGap { kind: Kind::Missing.into(), list, age_days: None, max_age_days: None }
        }
        ListGap::Stale { list, age_days, max_age_days } => proto::ListGap {
            kind: Kind::Stale.into(),
            list,
            age_days: Some(age_days),
            max_age_days: Some(max_age_days),
        },
        ListGap::Demonstration => {
            proto::ListGap { kind: Kind::Demonstration.into(), ..proto::ListGap::default() }
        }
    }
}
