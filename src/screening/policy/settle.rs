//! Which information would settle a finding, and where in the case it belongs.

use super::wording;
use crate::screening::SubjectKind;
use crate::screening::case::{CaseSubject, Certainty, Finding, Period, Role, Settle};

/// What would settle `finding`, which speaks of `subject`. Nothing for one that was set aside: it is settled.
pub fn settling(finding: &Finding, subject: &CaseSubject) -> Vec<Settle> {
    if finding.certainty == Certainty::SetAside {
        return Vec::new();
    }
    let of = &subject.subject.name;
    let mut all: Vec<Settle> = Vec::new();
    let mut add = |key: &str, text| {
        let path = format!("{}.{}", subject.path, key_for(key, subject));
        all.push(Settle { finding: finding.id.clone(), path, text });
    };
    for fact in finding.hit.iter().flat_map(|h| &h.explanation.settle) {
        match wording::ask_settling(fact, of) {
            Some((key, text)) => add(key, text),
            None => add("", wording::ask_named(fact, of)),
        }
    }
    let dated = matches!(subject.role, Role::Affiliation | Role::BoardMember);
    if dated && subject.period == Period::Unknown {
        add(if subject.role == Role::BoardMember { "since" } else { "start" }, wording::ask_period(of));
    }
    all
}

/// The key under which a part of the case takes the information.
fn key_for<'a>(key: &'a str, subject: &CaseSubject) -> &'a str {
    match (key, subject.role) {
        ("names", Role::Candidate) => "names",
        ("names", Role::Partner) => "organisation.names",
        ("names", Role::Affiliation) => "institution",
        ("names", _) if subject.subject.kind == SubjectKind::Person => "aliases",
        ("names", _) => "name",
        _ => key,
    }
}
