//! The condition language of rules: closed, small, and without a key for nationality.
//!
//! A condition is a table; every key in it must hold. Lists of values are met by any one of them.
//! What a case does not say makes a condition *unknown*, neither met nor failed: the rule then asks.
//!
//! | key | holds when |
//! |---|---|
//! | `finding` | a finding on a list is as described ([`FindingCondition`]) |
//! | `subject` | somebody or something in the case is as described ([`SubjectCondition`]) |
//! | `case` | it is a `hire` or a `partner` |
//! | `appointment` | the hire is an `employee`, an `external_doctoral_candidate` or a `guest` |
//! | `duration_months` | the hire lasts that long |
//! | `field` | the work is in one of the sets under `[fields]` |
//! | `scholarship` | a scholarship or funder is one of the sets under `[scholarships]` |
//! | `supervisors_here` | so many supervisors of this university take part |
//! | `fact` | the case answers these yes-or-no facts so ([`Fact`]) |
//! | `given`, `missing` | the case has, or leaves out, these parts ([`Part`]) |
//! | `all`, `any`, `not` | other conditions, joined |
//!
//! A person's nationality and country of birth cannot be asked for: no key reads them, and `country`
//! is read of institutions and funders only.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::screening::case::{Appointment, Certainty, Period, Role};

/// One condition; all its keys must hold.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// All of these hold.
    pub all: Vec<Condition>,
    /// At least one of these holds.
    pub any: Vec<Condition>,
    /// This does not hold.
    pub not: Option<Box<Condition>>,
    /// A finding is so.
    pub finding: Option<FindingCondition>,
    /// A subject of the case is so.
    pub subject: Option<SubjectCondition>,
    /// Kind of case.
    pub case: Vec<CaseKind>,
    /// Kind of appointment.
    pub appointment: Vec<Appointment>,
    /// Duration of the appointment, in months.
    pub duration_months: Option<Bounds>,
    /// Ids of field sets.
    pub field: Vec<String>,
    /// Ids of scholarship sets.
    pub scholarship: Vec<String>,
    /// Supervisors of this university who are entitled to confer the doctorate.
    pub supervisors_here: Option<Bounds>,
    /// Facts and how the case must answer them.
    pub fact: BTreeMap<Fact, bool>,
    /// Parts that the case must have.
    pub given: Vec<Part>,
    /// Parts that the case must leave out.
    pub missing: Vec<Part>,
}

impl Condition {
    /// Whether it says nothing, and would hold for every case.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This condition and all within it.
    pub fn walk(&self) -> Vec<&Condition> {
        let mut all = vec![self];
        let mut next = 0;
        while next < all.len() {
            let here = all[next];
            all.extend(here.all.iter().chain(&here.any).chain(here.not.as_deref()));
            next += 1;
        }
        all
    }
}

/// What a finding must be.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FindingCondition {
    /// On one of these lists.
    pub list: Vec<String>,
    /// In one of these categories of the list, in the list's own words; case does not matter.
    pub category: Vec<String>,
    /// In none of these.
    pub category_not: Vec<String>,
    /// With one of these ratings; `unknown` is a rating that is missing.
    pub rating: Vec<Rating>,
    /// Under one of these sanctions programmes or list sections.
    pub programme: Vec<String>,
    /// Of one of these kinds; any when absent.
    pub what: Vec<What>,
    /// So sure. Unless it is named, `set_aside` is not meant.
    pub certainty: Vec<Certainty>,
    /// The subject plays one of these parts.
    pub role: Vec<Role>,
    /// The subject's tie holds then.
    pub period: Vec<Period>,
    /// The subject sits in a country of one of these sets.
    pub country: Vec<String>,
    /// The subject sits in a country of none of these sets.
    pub country_not: Vec<String>,
}

/// What a subject of the case must be.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SubjectCondition {
    /// It plays one of these parts.
    pub role: Vec<Role>,
    /// Its tie holds then.
    pub period: Vec<Period>,
    /// It sits in a country of one of these sets. Natural persons have no country here.
    pub country: Vec<String>,
    /// It sits in a country of none of these sets.
    pub country_not: Vec<String>,
    /// Its country's score in the operator's table under `[democracy]` is at most this.
    pub democracy_at_most: Option<f64>,
}

/// A whole number between bounds, both included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bounds {
    /// At least.
    pub min: Option<u32>,
    /// At most.
    pub max: Option<u32>,
}

impl Bounds {
    /// Whether `value` lies within.
    pub fn hold(self, value: u32) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }
}

/// The two kinds of case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaseKind {
    /// A person about to be hired.
    Hire,
    /// An organisation about to become a partner.
    Partner,
}

/// A tracker's rating, with a name for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Low risk.
    Low,
    /// Medium risk.
    Medium,
    /// High risk.
    High,
    /// Very high risk.
    VeryHigh,
    /// The list gives none. Never low.
    Unknown,
}

/// What kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// The subject may be the listed entity itself.
    Listed,
    /// The subject is a laboratory or part of it.
    PartOf,
    /// The subject is supervised by it.
    SupervisedBy,
    /// The subject is its parent.
    ParentOf,
    /// It sits on the subject's board.
    BoardOf,
    /// It belongs to the subject's group.
    GroupOf,
    /// It owns the subject, wholly or in part.
    OwnerOf,
    /// The list names a tie and not which.
    Related,
    /// Listed owners hold half or more together.
    Ownership,
}

/// A yes-or-no fact of a case. Unanswered, it is unknown and becomes a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// This university selected the scholarship holder.
    SelectedHere,
    /// The topic is this university's own.
    OwnTopic,
    /// The doctorate is taken here.
    DoctorateHere,
    /// Somebody at the home university supervises too.
    SupervisedFromHome,
    /// The exchange is reciprocal.
    Reciprocal,
    /// Personal or sensitive data are used.
    SensitiveData,
    /// There is a data-management plan.
    DataManagementPlan,
    /// An agreement from the past covers the work.
    PastAgreement,
    /// The field is one of the policy's sensitive technologies.
    SensitiveTechnology,
    /// The work falls under dual-use or export rules.
    DualUse,
    /// The field is under enhanced government supervision.
    EnhancedSupervision,
}

/// A part of a case that may be given or left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A scholarship or any funder.
    Funding,
    /// Interests or conditions tied to a scholarship or funder.
    FundingConditions,
    /// The home university.
    HomeUniversity,
    /// Institutions on the CV.
    Affiliations,
    /// Contacts, referees or contact persons.
    Contacts,
    /// The field or keywords of the work.
    Field,
    /// Which data are used.
    Data,
    /// The partner's governing board.
    Board,
    /// Companies of the partner's group.
    Group,
    /// Who owns the partner.
    Owners,
}
