//! Does a condition hold for a case: yes, no, or unknown until somebody answers a fact.
//!
//! Three values, after Kleene: what is unknown never counts as no. "A and unknown" is unknown unless A is
//! no; "A or unknown" is unknown unless A is yes.

use std::collections::BTreeSet;

use super::condition::{
    Bounds, CaseKind, Condition, Fact, FindingCondition, Part, Rating, SubjectCondition, What,
};
use super::fields::folded;
use super::settle::country_path;
use super::{FieldSet, Profile, wording};
use crate::model::RiskRating;
use crate::screening::SubjectKind;
use crate::screening::case::{
    Case, CaseSubject, Certainty, Finding, FindingKind, Hire, Period, Role, Screened, Text, Tie, Work,
};

/// What a condition came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Truth {
    /// It holds, for these reasons.
    Yes(Reasons),
    /// It does not.
    No,
    /// It depends on facts that are not there.
    Unknown(Vec<Open>),
}

/// What made a condition hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reasons {
    /// Places in [`Screened::findings`].
    pub findings: BTreeSet<usize>,
    /// Places in [`Screened::subjects`].
    pub subjects: BTreeSet<usize>,
    /// Topics recognised in the field of work.
    pub topics: Vec<Text>,
}

impl Reasons {
    fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.subjects.extend(other.subjects);
        for topic in other.topics {
            if !self.topics.contains(&topic) {
                self.topics.push(topic);
            }
        }
    }
}

/// A fact that is not there, and how it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Where in the case, or in the policy, the answer belongs.
    pub path: String,
    /// What is asked.
    pub ask: Text,
}

/// A case as rules see it.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The policy, for its sets and tables.
    pub profile: &'a Profile,
    /// What the university knows.
    pub case: &'a Case,
    /// What the lists said.
    pub screened: &'a Screened,
}

fn yes(met: bool) -> Truth {
    if met { Truth::Yes(Reasons::default()) } else { Truth::No }
}

fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
    let (mut reasons, mut open, mut failed) = (Reasons::default(), Vec::new(), false);
    for part in parts {
        match part {
            Truth::Yes(more) => reasons.add(more),
            Truth::No => failed = true,
            Truth::Unknown(more) => open.extend(more),
        }
    }
    match (failed, open.is_empty()) {
        (true, _) => Truth::No,
        (_, false) => Truth::Unknown(open),
        _ => Truth::Yes(reasons),
    }
}

fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
    let (mut reasons, mut open, mut met) = (Reasons::default(), Vec::new(), false);
    for part in parts {
        match part {
            Truth::Yes(more) => {
                met = true;
                reasons.add(more);
            }
            Truth::No => {}
            Truth::Unknown(more) => open.extend(more),
        }
    }
    match (met, open.is_empty()) {
        (true, _) => Truth::Yes(reasons),
        (_, false) => Truth::Unknown(open),
        _ => Truth::No,
    }
}

impl<'a> View<'a> {
    /// Whether `condition` holds.
    pub fn holds(&self, condition: &Condition) -> Truth {
        let mut parts = Vec::new();
        parts.extend(condition.all.iter().map(|c| self.holds(c)));
        if !condition.any.is_empty() {
            parts.push(any(condition.any.iter().map(|c| self.holds(c))));
        }
        if let Some(not) = &condition.not {
            parts.push(match self.holds(not) {
                Truth::Yes(_) => Truth::No,
                Truth::No => yes(true),
                unknown @ Truth::Unknown(_) => unknown,
            });
        }
        if let Some(finding) = &condition.finding {
            parts.push(any(self.findings().map(|(i, f)| self.finding(finding, i, f))));
        }
        if let Some(subject) = &condition.subject {
            let all = self.screened.subjects.iter().enumerate();
            parts.push(any(all.map(|(i, s)| self.subject(subject, i, s))));
        }
        if !condition.case.is_empty() {
            let kind = if self.case.hire.is_some() { CaseKind::Hire } else { CaseKind::Partner };
            parts.push(yes(condition.case.contains(&kind)));
        }
        if !condition.appointment.is_empty() {
            parts.push(yes(self.hire().is_some_and(|h| condition.appointment.contains(&h.appointment))));
        }
        if let Some(bounds) = condition.duration_months {
            parts.push(self.duration(bounds));
        }
        if !condition.field.is_empty() {
            parts.push(any(condition.field.iter().map(|id| self.field(id))));
        }
        if !condition.scholarship.is_empty() {
            parts.push(any(condition.scholarship.iter().map(|id| self.scholarship(id))));
        }
        if let Some(bounds) = condition.supervisors_here {
            parts.push(self.supervisors_here(bounds));
        }
        parts.extend(condition.fact.iter().map(|(fact, expected)| self.fact(*fact, *expected)));
        parts.extend(condition.given.iter().map(|part| yes(self.has(*part))));
        parts.extend(condition.missing.iter().map(|part| yes(!self.has(*part))));
        all(parts)
    }

    fn findings(&self) -> impl Iterator<Item = (usize, &'a Finding)> + use<'a> {
        self.screened.findings.iter().enumerate()
    }

    fn hire(&self) -> Option<&'a Hire> {
        self.case.hire.as_ref()
    }

    fn work(&self) -> Option<(&'a Work, &'static str)> {
        let hire = self.case.hire.as_ref().map(|h| (&h.work, "hire.work"));
        hire.or_else(|| self.case.partner.as_ref().map(|p| (&p.work, "partner.work")))
    }

    fn finding(&self, wanted: &FindingCondition, place: usize, finding: &Finding) -> Truth {
        let certainty = if wanted.certainty.is_empty() {
            finding.certainty != Certainty::SetAside
        } else {
            wanted.certainty.contains(&finding.certainty)
        };
        let named = |all: &[String], has: &[String]| {
            all.iter().any(|a| has.iter().any(|h| h.trim().to_lowercase() == a.trim().to_lowercase()))
        };
        let facts = &finding.facts;
        let fits = certainty
            && (wanted.list.is_empty()
                || list_of(finding).is_some_and(|l| wanted.list.iter().any(|w| w == l)))
            && (wanted.category.is_empty() || named(&wanted.category, &facts.categories))
            && !named(&wanted.category_not, &facts.categories)
            && (wanted.rating.is_empty() || wanted.rating.contains(&rating(facts.rating)))
            && (wanted.programme.is_empty() || named(&wanted.programme, &facts.programmes))
            && (wanted.what.is_empty() || what(finding).iter().any(|w| wanted.what.contains(w)));
        let Some(subject) = self.screened.subjects.get(finding.subject) else { return Truth::No };
        if !fits {
            return Truth::No;
        }
        let place_of =
            self.plays(&wanted.role, &wanted.period, subject, &wanted.country, &wanted.country_not);
        match place_of {
            Truth::Yes(mut reasons) => {
                reasons.findings.insert(place);
                reasons.subjects.insert(finding.subject);
                Truth::Yes(reasons)
            }
            other => other,
        }
    }

    fn subject(&self, wanted: &SubjectCondition, place: usize, subject: &CaseSubject) -> Truth {
        let mut parts =
            vec![self.plays(&wanted.role, &wanted.period, subject, &wanted.country, &wanted.country_not)];
        if let Some(max) = wanted.democracy_at_most {
            // Only of those whose part fits: of nobody else a country is asked.
            if parts[0] != Truth::No {
                parts.push(self.democracy(max, subject));
            }
        }
        match all(parts) {
            Truth::Yes(mut reasons) => {
                reasons.subjects.insert(place);
                Truth::Yes(reasons)
            }
            other => other,
        }
    }

    /// Part, period and country of a subject.
    fn plays(
        &self,
        role: &[Role],
        period: &[Period],
        subject: &CaseSubject,
        within: &[String],
        outside: &[String],
    ) -> Truth {
        if !(role.is_empty() || role.contains(&subject.role))
            || !(period.is_empty() || period.contains(&subject.period))
        {
            return Truth::No;
        }
        let mut parts = Vec::new();
        if !within.is_empty() {
            parts.push(self.sits_in(within, subject));
        }
        if !outside.is_empty() {
            parts.push(match self.sits_in(outside, subject) {
                Truth::Yes(_) => Truth::No,
                // A natural person sits nowhere, neither within nor outside.
                Truth::No if !sits_somewhere(subject) => Truth::No,
                Truth::No => yes(true),
                unknown @ Truth::Unknown(_) => unknown,
            });
        }
        all(parts)
    }

    /// Whether an institution sits in a country of these sets. Never asked of natural persons: what ties
    /// them to a country is their nationality, and that is nobody's business here.
    fn sits_in(&self, sets: &[String], subject: &CaseSubject) -> Truth {
        if !sits_somewhere(subject) {
            return Truth::No;
        }
        let countries = &subject.subject.countries;
        any(sets.iter().filter_map(|id| self.profile.countries.get(id).map(|set| (id, set))).map(
            |(id, set)| match &set.codes {
                None => Truth::Unknown(vec![Open {
                    path: format!("policy.countries.{id}"),
                    ask: wording::supply_countries(&set.title),
                }]),
                Some(_) if countries.is_empty() => Truth::Unknown(vec![self.ask_country(subject)]),
                Some(codes) => yes(countries.iter().any(|c| codes.contains(&c.to_ascii_uppercase()))),
            },
        ))
    }

    fn ask_country(&self, subject: &CaseSubject) -> Open {
        Open { path: country_path(subject), ask: wording::ask_country(&subject.subject.name) }
    }

    fn democracy(&self, max: f64, subject: &CaseSubject) -> Truth {
        if !sits_somewhere(subject) {
            return Truth::No;
        }
        let Some(table) = &self.profile.democracy else {
            return Truth::Unknown(vec![Open {
                path: "policy.democracy".to_owned(),
                ask: wording::supply_democracy(),
            }]);
        };
        if subject.subject.countries.is_empty() {
            return Truth::Unknown(vec![self.ask_country(subject)]);
        }
        any(subject.subject.countries.iter().map(|country| match table.get(&country.to_ascii_uppercase()) {
            Some(score) => yes(score.score <= max),
            None => Truth::Unknown(vec![Open {
                path: format!("policy.democracy.{country}"),
                ask: wording::democracy_lacks(country),
            }]),
        }))
    }

    fn duration(&self, bounds: Bounds) -> Truth {
        match self.hire() {
            None => Truth::No,
            Some(hire) => match hire.duration_months {
                Some(months) => yes(bounds.hold(months)),
                None => Truth::Unknown(vec![Open {
                    path: "hire.duration_months".to_owned(),
                    ask: wording::ask_duration(),
                }]),
            },
        }
    }

    /// Whether the work is in a field set. What a person has stated counts; words recognised count where
    /// nobody has; words recognised against a stated "no" are a question, and so is silence.
    fn field(&self, id: &str) -> Truth {
        let Some(set) = self.profile.fields.get(id) else { return Truth::No };
        let Some((work, path)) = self.work() else { return Truth::No };
        let (stated, key) = stated(work, set.stated);
        let topics = topics_in(work, set);
        match stated {
            Some(true) => Truth::Yes(Reasons { topics, ..Reasons::default() }),
            Some(false) if topics.is_empty() => Truth::No,
            None if !topics.is_empty() => Truth::Yes(Reasons { topics, ..Reasons::default() }),
            _ => Truth::Unknown(vec![Open {
                path: format!("{path}.{key}"),
                ask: wording::ask_field(&set.title, &topics, work.field.trim().is_empty()),
            }]),
        }
    }

    fn scholarship(&self, id: &str) -> Truth {
        let Some(names) = self.profile.scholarships.get(id) else { return Truth::No };
        let scholarship = self.hire().and_then(|h| h.scholarship.as_ref());
        let funders = match (&self.case.hire, &self.case.partner) {
            (Some(hire), _) => hire.funders.as_slice(),
            (_, Some(partner)) => partner.funders.as_slice(),
            _ => &[],
        };
        let programmes = scholarship.iter().map(|s| &s.programme).chain(funders.iter().map(|f| &f.name));
        let meant = programmes.clone().any(|p| {
            let p = folded(p);
            names.iter().any(|n| n.stands_in(&p))
        });
        match scholarship {
            _ if meant => yes(true),
            Some(s) if s.programme.trim().is_empty() => Truth::Unknown(vec![Open {
                path: "hire.scholarship.programme".to_owned(),
                ask: wording::ask_programme(),
            }]),
            _ => Truth::No,
        }
    }

    fn supervisors_here(&self, bounds: Bounds) -> Truth {
        match self.hire() {
            None => Truth::No,
            Some(hire) => match hire.scholarship.as_ref().and_then(|s| s.supervisors_here) {
                Some(number) => yes(bounds.hold(number)),
                None => Truth::Unknown(vec![Open {
                    path: "hire.scholarship.supervisors_here".to_owned(),
                    ask: wording::ask_supervisors(),
                }]),
            },
        }
    }

    fn fact(&self, fact: Fact, expected: bool) -> Truth {
        let scholarship = self.hire().and_then(|h| h.scholarship.as_ref());
        let (answer, path) = match fact {
            Fact::SelectedHere => (scholarship.and_then(|s| s.selected_here), "scholarship.selected_here"),
            Fact::OwnTopic => (scholarship.and_then(|s| s.own_topic), "scholarship.own_topic"),
            Fact::DoctorateHere => (scholarship.and_then(|s| s.doctorate_here), "scholarship.doctorate_here"),
            Fact::SupervisedFromHome => {
                (scholarship.and_then(|s| s.supervised_from_home), "scholarship.supervised_from_home")
            }
            Fact::Reciprocal => (scholarship.and_then(|s| s.reciprocal), "scholarship.reciprocal"),
            _ => {
                let Some((work, path)) = self.work() else { return Truth::No };
                let (answer, key) = stated(work, fact);
                return match answer {
                    Some(answer) => yes(answer == expected),
                    None => Truth::Unknown(vec![Open {
                        path: format!("{path}.{key}"),
                        ask: wording::ask_fact(fact),
                    }]),
                };
            }
        };
        match answer {
            _ if self.hire().is_none() => Truth::No,
            Some(answer) => yes(answer == expected),
            None => Truth::Unknown(vec![Open { path: format!("hire.{path}"), ask: wording::ask_fact(fact) }]),
        }
    }

    /// Whether the case has a part. Boards on file count as given.
    fn has(&self, part: Part) -> bool {
        let subjects = |roles: &[Role]| self.screened.subjects.iter().any(|s| roles.contains(&s.role));
        match part {
            Part::Funding => subjects(&[Role::Funder, Role::Scholarship]),
            Part::FundingConditions => {
                let scholarship = self.hire().and_then(|h| h.scholarship.as_ref()).map(|s| &s.conditions);
                let hire = self.case.hire.iter().flat_map(|h| &h.funders);
                let partner = self.case.partner.iter().flat_map(|p| &p.funders);
                let mut all = scholarship.into_iter().chain(hire.chain(partner).map(|f| &f.conditions));
                all.any(|c| !c.trim().is_empty())
            }
            Part::HomeUniversity => subjects(&[Role::HomeUniversity]),
            Part::Affiliations => self.hire().is_some_and(|h| !h.affiliations.is_empty()),
            Part::Contacts => subjects(&[Role::Contact]),
            Part::Field => {
                self.work().is_some_and(|(w, _)| !w.field.trim().is_empty() || !w.keywords.is_empty())
            }
            Part::Data => self.work().is_some_and(|(w, _)| !w.data.trim().is_empty()),
            Part::Board => subjects(&[Role::BoardMember]),
            Part::Group => subjects(&[Role::GroupCompany]),
            Part::Owners => subjects(&[Role::Owner]),
        }
    }
}

/// Whether a subject's country may be asked: never of a person, nor of an owner who may be one. A funder's
/// is where the money comes from.
fn sits_somewhere(subject: &CaseSubject) -> bool {
    match subject.subject.kind {
        SubjectKind::Organisation => true,
        SubjectKind::Any => subject.role == Role::Funder,
        SubjectKind::Person => false,
    }
}

/// The list that a finding rests on.
pub fn list_of(finding: &Finding) -> Option<&str> {
    match (&finding.hit, &finding.what) {
        (Some(hit), _) => Some(&hit.list),
        (None, FindingKind::Ownership { list, .. }) => Some(list),
        _ => None,
    }
}

fn rating(rating: Option<RiskRating>) -> Rating {
    match rating {
        Some(RiskRating::Low) => Rating::Low,
        Some(RiskRating::Medium) => Rating::Medium,
        Some(RiskRating::High) => Rating::High,
        Some(RiskRating::VeryHigh) => Rating::VeryHigh,
        None => Rating::Unknown,
    }
}

/// The kinds of a finding; each step of a trace is one.
fn what(finding: &Finding) -> Vec<What> {
    match &finding.what {
        FindingKind::Listed => vec![What::Listed],
        FindingKind::Ownership { .. } => vec![What::Ownership],
        FindingKind::Tied { trace } => trace
            .iter()
            .map(|step| match step.tie {
                Tie::PartOf => What::PartOf,
                Tie::SupervisedBy => What::SupervisedBy,
                Tie::ParentOf => What::ParentOf,
                Tie::BoardOf => What::BoardOf,
                Tie::GroupOf => What::GroupOf,
                Tie::OwnerOf => What::OwnerOf,
                Tie::Related => What::Related,
            })
            .collect(),
    }
}

/// What a person has stated of the work, and under which key.
fn stated(work: &Work, fact: Fact) -> (Option<bool>, &'static str) {
    match fact {
        Fact::SensitiveData => (work.sensitive_data, "sensitive_data"),
        Fact::DataManagementPlan => (work.data_management_plan, "data_management_plan"),
        Fact::PastAgreement => (work.past_agreement, "past_agreement"),
        Fact::DualUse => (work.dual_use, "dual_use"),
        Fact::EnhancedSupervision => (work.enhanced_supervision, "enhanced_supervision"),
        _ => (work.sensitive_technology, "sensitive_technology"),
    }
}

/// Topics of a field set that the words of the work name.
fn topics_in(work: &Work, set: &FieldSet) -> Vec<Text> {
    let texts: Vec<String> =
        std::iter::once(&work.field).chain(&work.keywords).map(|text| folded(text)).collect();
    set.topics
        .iter()
        .filter(|(_, keywords)| keywords.iter().any(|k| texts.iter().any(|t| k.stands_in(t))))
        .map(|(name, _)| name.clone())
        .collect()
}
