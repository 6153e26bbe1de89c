//! Which information would settle a finding, and where in the case it belongs.

use super::wording;
use crate::screening::case::{CaseSubject, Certainty, Finding, Period, Role, Settle};

/// What would settle `finding`, which speaks of `subject`. Nothing for one that was set aside: it is settled.
pub fn settling(finding: &Finding, subject: &CaseSubject) -> Vec<Settle> {
    if finding.certainty == Certainty::SetAside {
        return Vec::new();
    }
    let of = &subject.subject.name;
    let mut all: Vec<Settle> = Vec::new();
    let mut add = |key: &str, text| {
        all.push(Settle { finding: finding.id.clone(), path: path_for(key, subject), text });
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

/// Where in the case a subject's country belongs: a contact's institution has no fields of its own.
pub fn country_path(subject: &CaseSubject) -> String {
    let path = subject.path.as_str();
    format!("{}.country", path.strip_suffix(".institution").unwrap_or(path))
}

/// The path under which a part of the case takes the information.
fn path_for(key: &str, subject: &CaseSubject) -> String {
    let path = subject.path.as_str();
    let key = match (key, subject.role) {
        ("country", _) => return country_path(subject),
        ("names", Role::Affiliation) if path.ends_with(".institution") => return path.to_owned(),
        ("names", Role::Affiliation) => "institution",
        ("names", Role::Candidate | Role::Partner | Role::HomeUniversity) => "names",
        ("names", Role::Scholarship) => "programme",
        ("names", Role::Funder) => "name",
        ("names", _) => "aliases",
        ("", _) => return path.to_owned(),
        (key, _) => key,
    };
    format!("{path}.{key}")
}
