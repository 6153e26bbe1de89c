//! A case as it is given: by file, by gRPC, by form.
//!
//! Unknown fields are refused: a misspelt field would otherwise go unscreened.

use serde::{Deserialize, Serialize};

use crate::model::PartialDate;
use crate::screening::SubjectIdentifier;

/// A country, as ISO 3166-1 alpha-2 code or as its usual English or Dutch name; checked before screening.
pub type Country = String;

/// One case. Exactly one of `hire` and `partner` is given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Case {
    /// The caller's own reference; given back with the answer. Made up from the content when empty.
    pub case_id: String,
    /// A person about to be hired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hire: Option<Hire>,
    /// An organisation about to become a partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<Partner>,
}

/// A person about to be hired or hosted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hire {
    /// Who.
    pub candidate: Candidate,
    /// As what.
    pub appointment: Appointment,
    /// The candidate's home university, where it stays so during the appointment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub home_university: Option<Company>,
    /// Supervisors, here and abroad.
    pub supervisors: Vec<Contact>,
    /// How long, in months.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_months: Option<u32>,
    /// Relevant contacts and referees of the candidate.
    pub contacts: Vec<Contact>,
    /// Institutions on the CV.
    pub affiliations: Vec<Affiliation>,
    /// Who pays, other than a scholarship.
    pub funders: Vec<Funding>,
    /// The scholarship programme, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scholarship: Option<Scholarship>,
    /// The work itself.
    pub work: Work,
}

/// The candidate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Candidate {
    /// Names in any script: the first is how the person is called, the others are spellings of it or
    /// other names.
    pub names: Vec<String>,
    /// Birth date, as much as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// Birth place, free text.
    pub birth_place: String,
    /// Nationalities. Shown, never part of a score and never a finding.
    pub nationalities: Vec<Country>,
    /// Passport or identity numbers.
    pub identifiers: Vec<SubjectIdentifier>,
}

/// The kind of appointment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Appointment {
    /// An employee of the university.
    #[default]
    Employee,
    /// A doctoral candidate who is not employed.
    ExternalDoctoralCandidate,
    /// A guest researcher.
    Guest,
}

/// A person of whom little is known, in a role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Contact {
    /// Name in any script.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Birth date, as much as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// In which role (`referee`, `second supervisor`).
    pub role: String,
    /// The institution the person speaks for; screened too.
    pub institution: String,
    /// The institution's country.
    pub country: Country,
}

/// What tied the candidate to an institution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AffiliationType {
    /// Worked there.
    #[default]
    Employed,
    /// Studied there.
    Studied,
    /// Visited.
    Visiting,
    /// Was paid by it.
    Funded,
}

/// An institution on the CV.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Affiliation {
    /// The institution, as the CV writes it, in any script.
    pub institution: String,
    /// Department, school or laboratory.
    pub department: String,
    /// City.
    pub city: String,
    /// Country.
    pub country: Country,
    /// Role there.
    pub role: String,
    /// Kind of tie.
    #[serde(rename = "type")]
    pub kind: AffiliationType,
    /// From when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<PartialDate>,
    /// Until when. Absent with a start, it goes on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end: Option<PartialDate>,
}

/// Money from elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Funding {
    /// Who pays.
    pub name: String,
    /// Where the funder sits.
    pub country: Country,
    /// Interests or conditions tied to it, free text.
    pub conditions: String,
}

/// A scholarship programme. What is not known is left out, and becomes a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scholarship {
    /// The programme, as written (`China Scholarship Council`, `CSC`).
    pub programme: String,
    /// The country that grants it.
    pub country: Country,
    /// Interests or conditions tied to it, free text.
    pub conditions: String,
    /// Whether this university selected the candidate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selected_here: Option<bool>,
    /// Whether the topic is this university's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_topic: Option<bool>,
    /// Whether the doctorate is taken here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doctorate_here: Option<bool>,
    /// Whether somebody at the home university supervises too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervised_from_home: Option<bool>,
    /// How many supervisors entitled to confer the doctorate this university provides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervisors_here: Option<u32>,
    /// Whether the exchange is reciprocal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reciprocal: Option<bool>,
}

/// What will be worked on. Absent is not "no": it becomes a question.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Work {
    /// Field or topic, free text.
    pub field: String,
    /// Keywords of the topic.
    pub keywords: Vec<String>,
    /// Host faculty.
    pub faculty: String,
    /// Data that will be used or gathered, free text.
    pub data: String,
    /// Whether personal or sensitive data are used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive_data: Option<bool>,
    /// Whether there is a data-management plan.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_management_plan: Option<bool>,
    /// Whether the field is one of the policy's sensitive technologies, where a person has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitive_technology: Option<bool>,
    /// Whether the work falls under dual-use or export rules, where a person has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dual_use: Option<bool>,
    /// Whether the field is under enhanced government supervision, where a person has said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enhanced_supervision: Option<bool>,
    /// Whether an agreement from the past covers this work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub past_agreement: Option<bool>,
}

/// An organisation by its names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Company {
    /// Names in any script; the first is its usual name.
    pub names: Vec<String>,
    /// Country.
    pub country: Country,
    /// City or address, free text.
    pub address: String,
    /// Registration numbers.
    pub identifiers: Vec<SubjectIdentifier>,
}

/// A company of the partner's group, or an owner of it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OwnCompany {
    /// Its name, or an owning person's.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Whether this is a natural person (an owner may be).
    pub person: bool,
    /// Birth date of a person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// Country.
    pub country: Country,
    /// How it belongs to the partner (`parent`, `subsidiary`), free text.
    pub relation: String,
    /// Share of the partner that it owns, in per cent (0 to 100).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<f64>,
}

/// A member of a governing board.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoardMember {
    /// Name in any script.
    pub name: String,
    /// Other spellings.
    pub aliases: Vec<String>,
    /// Role (`rector`, `chair of the supervisory board`).
    pub role: String,
    /// Birth date, as much as is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
    /// Since when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<PartialDate>,
    /// Until when; a former member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<PartialDate>,
}

/// An organisation about to become a partner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Partner {
    /// The organisation.
    pub organisation: Company,
    /// Companies of its group.
    pub group: Vec<OwnCompany>,
    /// Who owns it, with shares.
    pub owners: Vec<OwnCompany>,
    /// Its governing boards.
    pub board: Vec<BoardMember>,
    /// Contact persons.
    pub contacts: Vec<Contact>,
    /// Who pays.
    pub funders: Vec<Funding>,
    /// The work itself.
    pub work: Work,
}
