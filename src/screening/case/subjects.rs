//! Who and what of a case is screened, each as the kind that it is.

use jiff::civil::Date;

use crate::screening::{Subject, SubjectKind};

use super::finding::{CaseSubject, Period, Role};
use super::given::{
    Affiliation, BoardMember, Candidate, Case, Company, Contact, Funding, Hire, OwnCompany, Partner,
    Scholarship,
};

/// The subjects of a case in its order, periods as of `today`.
pub(super) fn subjects(case: &Case, today: Date) -> Vec<CaseSubject> {
    let mut all = Gathered { today, subjects: Vec::new() };
    if let Some(hire) = &case.hire {
        all.hire(hire);
    }
    if let Some(partner) = &case.partner {
        all.partner(partner);
    }
    all.subjects
}

/// An affiliation string as people write it, and as the matcher of organisations takes it apart: unit,
/// institution, city.
fn affiliation_string(affiliation: &Affiliation) -> String {
    let parts = [&affiliation.department, &affiliation.institution, &affiliation.city];
    parts.into_iter().filter(|p| !p.is_empty()).map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// The country, if one is given.
fn countries(country: &str) -> Vec<String> {
    if country.is_empty() { Vec::new() } else { vec![country.to_owned()] }
}

struct Gathered {
    today: Date,
    subjects: Vec<CaseSubject>,
}

impl Gathered {
    /// Adds a subject and gives its place.
    fn add(&mut self, path: String, role: Role, subject: Subject) -> &mut CaseSubject {
        let new = CaseSubject {
            path,
            role,
            role_text: String::new(),
            on_file_since: None,
            // What a case names beside the CV are ties of today.
            period: Period::Current,
            start: None,
            end: None,
            share: None,
            belongs_to: None,
            subject,
        };
        let at = self.subjects.len();
        self.subjects.push(new);
        &mut self.subjects[at]
    }

    fn hire(&mut self, hire: &Hire) {
        self.candidate(&hire.candidate);
        if let Some(home) = &hire.home_university {
            self.company("hire.home_university", Role::HomeUniversity, home);
        }
        for (i, contact) in hire.supervisors.iter().enumerate() {
            self.contact(format!("hire.supervisors[{i}]"), Role::Supervisor, contact);
        }
        for (i, contact) in hire.contacts.iter().enumerate() {
            self.contact(format!("hire.contacts[{i}]"), Role::Contact, contact);
        }
        for (i, affiliation) in hire.affiliations.iter().enumerate() {
            self.affiliation(format!("hire.affiliations[{i}]"), affiliation);
        }
        for (i, funding) in hire.funders.iter().enumerate() {
            self.funding(format!("hire.funders[{i}]"), funding);
        }
        if let Some(Scholarship { programme, country, .. }) = &hire.scholarship {
            let subject = Subject {
                countries: countries(country),
                ..Subject::named(programme, SubjectKind::Organisation)
            };
            self.add("hire.scholarship".into(), Role::Scholarship, subject);
        }
    }

    fn partner(&mut self, partner: &Partner) {
        let organisation = self.subjects.len();
        self.company("partner.organisation", Role::Partner, &partner.organisation);
        for (i, company) in partner.group.iter().enumerate() {
            // A company of the group is one; a person stands there only when the case says so.
            let kind = SubjectKind::Organisation;
            let path = format!("partner.group[{i}]");
            self.own_company(path, Role::GroupCompany, company, kind, organisation);
        }
        for (i, owner) in partner.owners.iter().enumerate() {
            // Who owns may be a person, though nobody has said so: it is held against both.
            let path = format!("partner.owners[{i}]");
            self.own_company(path, Role::Owner, owner, SubjectKind::Any, organisation);
        }
        for (i, member) in partner.board.iter().enumerate() {
            self.board_member(format!("partner.board[{i}]"), member, organisation);
        }
        for (i, contact) in partner.contacts.iter().enumerate() {
            self.contact(format!("partner.contacts[{i}]"), Role::Contact, contact);
        }
        for (i, funding) in partner.funders.iter().enumerate() {
            self.funding(format!("partner.funders[{i}]"), funding);
        }
    }

    fn candidate(&mut self, candidate: &Candidate) {
        let Candidate { names, birth_date, birth_place, nationalities, identifiers } = candidate;
        let mut names = names.iter().cloned();
        let subject = Subject {
            name: names.next().unwrap_or_default(),
            aliases: names.collect(),
            kind: SubjectKind::Person,
            birth_date: *birth_date,
            birth_place: birth_place.clone(),
            // Shown beside a hit, never counted: `matching::attributes`.
            countries: nationalities.clone(),
            identifiers: identifiers.clone(),
            ..Subject::default()
        };
        self.add("hire.candidate".into(), Role::Candidate, subject);
    }

    fn company(&mut self, path: &str, role: Role, company: &Company) {
        let Company { names, country, address, identifiers } = company;
        let mut names = names.iter().cloned();
        let subject = Subject {
            name: names.next().unwrap_or_default(),
            aliases: names.collect(),
            kind: SubjectKind::Organisation,
            countries: countries(country),
            address: address.clone(),
            identifiers: identifiers.clone(),
            ..Subject::default()
        };
        self.add(path.into(), role, subject);
    }

    fn contact(&mut self, path: String, role: Role, contact: &Contact) {
        let Contact { name, aliases, birth_date, role: role_text, institution, country } = contact;
        let person = self.subjects.len();
        let subject = Subject {
            aliases: aliases.clone(),
            birth_date: *birth_date,
            ..Subject::named(name, SubjectKind::Person)
        };
        self.add(path.clone(), role, subject).role_text.clone_from(role_text);
        if !institution.is_empty() {
            let subject = Subject {
                countries: countries(country),
                ..Subject::named(institution, SubjectKind::Organisation)
            };
            let added = self.add(format!("{path}.institution"), Role::Affiliation, subject);
            added.role_text.clone_from(role_text);
            added.belongs_to = Some(person);
        }
    }

    fn affiliation(&mut self, path: String, affiliation: &Affiliation) {
        let whole = affiliation_string(affiliation);
        // The bare name too: an acronym is met only as the whole of what is asked.
        let bare = (whole != affiliation.institution).then(|| affiliation.institution.clone());
        let subject = Subject {
            aliases: bare.into_iter().collect(),
            countries: countries(&affiliation.country),
            ..Subject::named(whole, SubjectKind::Organisation)
        };
        let period = Period::of(affiliation.start, affiliation.end, self.today);
        let added = self.add(path, Role::Affiliation, subject);
        added.role_text.clone_from(&affiliation.role);
        added.period = period;
        added.start = affiliation.start;
        added.end = affiliation.end;
    }

    fn funding(&mut self, path: String, funding: &Funding) {
        // A patron may be a person.
        let subject = Subject {
            countries: countries(&funding.country),
            ..Subject::named(&funding.name, SubjectKind::Any)
        };
        self.add(path, Role::Funder, subject);
    }

    fn own_company(
        &mut self,
        path: String,
        role: Role,
        company: &OwnCompany,
        otherwise: SubjectKind,
        of: usize,
    ) {
        let OwnCompany { name, aliases, person, birth_date, country, relation, share } = company;
        let subject = Subject {
            aliases: aliases.clone(),
            birth_date: *birth_date,
            countries: countries(country),
            ..Subject::named(name, if *person { SubjectKind::Person } else { otherwise })
        };
        let added = self.add(path, role, subject);
        added.role_text.clone_from(relation);
        added.share = *share;
        added.belongs_to = Some(of);
    }

    fn board_member(&mut self, path: String, member: &BoardMember, of: usize) {
        let BoardMember { name, aliases, role, birth_date, since, until } = member;
        let subject = Subject {
            aliases: aliases.clone(),
            birth_date: *birth_date,
            ..Subject::named(name, SubjectKind::Person)
        };
        // Who is named as a member without an end is one now.
        let period = match Period::of(*since, *until, self.today) {
            Period::Unknown => Period::Current,
            period => period,
        };
        let added = self.add(path, Role::BoardMember, subject);
        added.role_text.clone_from(role);
        added.period = period;
        added.start = *since;
        added.end = *until;
        added.belongs_to = Some(of);
    }
}
