//! Cases as callers send them.

use std::str::FromStr;

use crate::model::PartialDate;
use crate::screening::SubjectIdentifier;
use crate::screening::case::{
    Affiliation, AffiliationType, Appointment, BoardMember, Candidate, Case, CaseFaults, CheckedCase,
    Company, Contact, Funding, Hire, OwnCompany, Partner, Scholarship, Work,
};
use crate::service::proto;
use crate::service::status::{Failure, Violation};

/// The case of a request, checked. Violations name fields by their path from the request on.
pub(in crate::service) fn case(
    message: Option<proto::Case>,
    mut violations: Vec<Violation>,
    today: jiff::civil::Date,
) -> Result<CheckedCase, Failure> {
    let Some(message) = message else {
        violations.push(Violation::new("case", "is missing; give a hire or a partner"));
        return Err(Failure::invalid(violations));
    };
    let mut reader = Reader { violations };
    let (hire, partner) = match message.about {
        Some(proto::case::About::Hire(hire)) => (Some(reader.hire(hire)), None),
        Some(proto::case::About::Partner(partner)) => (None, Some(reader.partner(partner))),
        None => (None, None),
    };
    let mut violations = reader.violations;
    match (Case { case_id: message.case_id, hire, partner }).checked(today) {
        Ok(case) => {
            Failure::unless_valid(violations)?;
            Ok(case)
        }
        Err(CaseFaults(faults)) => {
            violations.extend(faults.into_iter().map(|fault| match fault.path.as_str() {
                "" => Violation::new("case", fault.what),
                path => Violation::new(format!("case.{path}"), fault.what),
            }));
            Err(Failure::invalid(violations))
        }
    }
}

/// Reads messages and notes what cannot be read: dates and values of enumerations.
struct Reader {
    violations: Vec<Violation>,
}

impl Reader {
    fn date(&mut self, path: &str, text: &str) -> Option<PartialDate> {
        if text.trim().is_empty() {
            return None;
        }
        match PartialDate::from_str(text.trim()) {
            Ok(date) => Some(date),
            Err(error) => {
                self.violations.push(Violation::new(format!("case.{path}"), error.to_string()));
                None
            }
        }
    }

    fn unknown_value(&mut self, path: &str) {
        let what = "is not a value of this version";
        self.violations.push(Violation::new(format!("case.{path}"), what));
    }

    fn hire(&mut self, hire: proto::Hire) -> Hire {
        let appointment = match proto::Appointment::try_from(hire.appointment) {
            Ok(proto::Appointment::Unspecified | proto::Appointment::Employee) => Appointment::Employee,
            Ok(proto::Appointment::ExternalDoctoralCandidate) => Appointment::ExternalDoctoralCandidate,
            Ok(proto::Appointment::Guest) => Appointment::Guest,
            Err(_) => {
                self.unknown_value("hire.appointment");
                Appointment::Employee
            }
        };
        Hire {
            candidate: self.candidate(hire.candidate.unwrap_or_default()),
            appointment,
            home_university: hire.home_university.map(company),
            supervisors: self.contacts("hire.supervisors", hire.supervisors),
            duration_months: hire.duration_months,
            contacts: self.contacts("hire.contacts", hire.contacts),
            affiliations: (0..)
                .zip(hire.affiliations)
                .map(|(i, a)| self.affiliation(&format!("hire.affiliations[{i}]"), a))
                .collect(),
            funders: hire.funders.into_iter().map(funding).collect(),
            scholarship: hire.scholarship.map(scholarship),
            work: hire.work.map(work).unwrap_or_default(),
        }
    }

    fn partner(&mut self, partner: proto::Partner) -> Partner {
        Partner {
            organisation: partner.organisation.map(company).unwrap_or_default(),
            group: self.group("partner.group", partner.group),
            owners: self.group("partner.owners", partner.owners),
            board: (0..).zip(partner.board).map(|(i, m)| self.board_member(i, m)).collect(),
            contacts: self.contacts("partner.contacts", partner.contacts),
            funders: partner.funders.into_iter().map(funding).collect(),
            work: partner.work.map(work).unwrap_or_default(),
        }
    }

    fn candidate(&mut self, candidate: proto::Candidate) -> Candidate {
        Candidate {
            names: candidate.names,
            birth_date: self.date("hire.candidate.birth_date", &candidate.birth_date),
            birth_place: candidate.birth_place,
            nationalities: candidate.nationalities,
            identifiers: candidate.identifiers.into_iter().map(identifier).collect(),
        }
    }

    fn contacts(&mut self, path: &str, contacts: Vec<proto::CaseContact>) -> Vec<Contact> {
        let contact = |(i, c): (usize, proto::CaseContact)| Contact {
            birth_date: self.date(&format!("{path}[{i}].birth_date"), &c.birth_date),
            name: c.name,
            aliases: c.aliases,
            role: c.role,
            institution: c.institution,
            country: c.country,
        };
        contacts.into_iter().enumerate().map(contact).collect()
    }

    fn affiliation(&mut self, path: &str, affiliation: proto::CaseAffiliation) -> Affiliation {
        use proto::AffiliationType as From;
        let kind = match From::try_from(affiliation.r#type) {
            Ok(From::Unspecified | From::Employed) => AffiliationType::Employed,
            Ok(From::Studied) => AffiliationType::Studied,
            Ok(From::Visiting) => AffiliationType::Visiting,
            Ok(From::Funded) => AffiliationType::Funded,
            Err(_) => {
                self.unknown_value(&format!("{path}.type"));
                AffiliationType::Employed
            }
        };
        Affiliation {
            start: self.date(&format!("{path}.start"), &affiliation.start),
            end: self.date(&format!("{path}.end"), &affiliation.end),
            institution: affiliation.institution,
            department: affiliation.department,
            city: affiliation.city,
            country: affiliation.country,
            role: affiliation.role,
            kind,
        }
    }

    fn group(&mut self, path: &str, group: Vec<proto::GroupMember>) -> Vec<OwnCompany> {
        let member = |(i, m): (usize, proto::GroupMember)| OwnCompany {
            birth_date: self.date(&format!("{path}[{i}].birth_date"), &m.birth_date),
            name: m.name,
            aliases: m.aliases,
            person: m.person,
            country: m.country,
            relation: m.relation,
            share: m.share,
        };
        group.into_iter().enumerate().map(member).collect()
    }

    fn board_member(&mut self, i: usize, member: proto::CaseBoardMember) -> BoardMember {
        let path = |field: &str| format!("partner.board[{i}].{field}");
        BoardMember {
            birth_date: self.date(&path("birth_date"), &member.birth_date),
            since: self.date(&path("since"), &member.since),
            until: self.date(&path("until"), &member.until),
            name: member.name,
            aliases: member.aliases,
            role: member.role,
        }
    }
}

fn identifier(identifier: proto::SubjectIdentifier) -> SubjectIdentifier {
    SubjectIdentifier { kind: identifier.kind, number: identifier.number }
}

fn company(company: proto::CaseOrganisation) -> Company {
    Company {
        names: company.names,
        country: company.country,
        address: company.address,
        identifiers: company.identifiers.into_iter().map(identifier).collect(),
    }
}

fn funding(funding: proto::Funding) -> Funding {
    Funding { name: funding.name, country: funding.country, conditions: funding.conditions }
}

fn scholarship(scholarship: proto::Scholarship) -> Scholarship {
    Scholarship {
        programme: scholarship.programme,
        country: scholarship.country,
        conditions: scholarship.conditions,
        selected_here: scholarship.selected_here,
        own_topic: scholarship.own_topic,
        doctorate_here: scholarship.doctorate_here,
        supervised_from_home: scholarship.supervised_from_home,
        supervisors_here: scholarship.supervisors_here,
        reciprocal: scholarship.reciprocal,
    }
}

fn work(work: proto::Work) -> Work {
    Work {
        field: work.field,
        keywords: work.keywords,
        faculty: work.faculty,
        data: work.data,
        sensitive_data: work.sensitive_data,
        data_management_plan: work.data_management_plan,
        sensitive_technology: work.sensitive_technology,
        dual_use: work.dual_use,
        enhanced_supervision: work.enhanced_supervision,
        past_agreement: work.past_agreement,
    }
}
