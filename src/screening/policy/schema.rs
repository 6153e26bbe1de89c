//! A profile as its file has it, before it is checked.
//!
//! Everything is optional here, because a file may extend another; what must be there is checked on the
//! whole. Unknown keys are refused while reading.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::condition::{Condition, Fact};
use crate::screening::case::{Grade, Outcome, Role, Text};

/// Where something stands: which of the files read, and the line in it, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Number of the file, 0 for the outermost.
    pub file: usize,
    /// Line.
    pub line: usize,
}

/// A profile file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Draft {
    /// Short id.
    pub id: Option<String>,
    /// Version of the wording.
    pub version: Option<String>,
    /// The profile that this one adds to.
    pub extends: Option<String>,
    /// What it is called.
    pub title: Option<Text>,
    /// The document it follows.
    pub document: Option<String>,
    /// Who decides in the ordinary course: ids of deciders.
    pub decides: Option<Vec<String>>,
    /// Rules of the base profile that do not apply here.
    pub without_rules: Vec<Spanned<String>>,
    /// How decisions are made and kept.
    pub review: DraftReview,
    /// How periods weigh.
    pub periods: DraftPeriods,
    /// What to do next, by the most pressing outcome.
    pub next_step: BTreeMap<Outcome, Text>,
    /// Who decides and advises.
    pub decider: Vec<DraftDecider>,
    /// Lists by id.
    pub lists: BTreeMap<String, DraftList>,
    /// Country sets by id.
    pub countries: BTreeMap<String, DraftCountries>,
    /// Field sets by id.
    pub fields: BTreeMap<String, DraftFields>,
    /// Scholarship sets by id.
    pub scholarships: BTreeMap<String, DraftScholarships>,
    /// The operator's table of democracy scores.
    pub democracy: Option<DraftDemocracy>,
    /// Questions, in the order shown.
    pub question: Vec<DraftQuestion>,
    /// Rules.
    pub rule: Vec<DraftRule>,
    /// Interview questions.
    pub interview: Vec<DraftInterview>,
}

/// `[review]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftReview {
    /// Whether a second person must agree.
    pub four_eyes: Option<bool>,
    /// Days a case is kept after its decision.
    pub retention_days: Option<u32>,
}

/// `[periods]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftPeriods {
    /// By how many grades advice weighs less when it rests on past ties only.
    pub past_lowers: Option<u8>,
}

/// `[[decider]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftDecider {
    /// Short id.
    pub id: Spanned<String>,
    /// What they are called.
    pub name: Text,
    /// How to reach them.
    #[serde(default)]
    pub contact: String,
    /// Who must be asked first: id of a decider.
    #[serde(default)]
    pub via: Option<String>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// `[lists.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftList {
    /// What it is called.
    pub title: Option<Text>,
    /// What a hit means.
    pub meaning: Option<Text>,
    /// From which age in days on it is stale.
    pub max_age_days: Option<i64>,
    /// Its categories, as the list spells them.
    pub categories: Option<Vec<String>>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// `[countries.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftCountries {
    /// What the set is called.
    pub title: Option<Text>,
    /// ISO 3166-1 alpha-2 codes. Absent: the operator supplies them, and until then it is unknown who
    /// belongs to it.
    pub codes: Option<Vec<String>>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// `[fields.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftFields {
    /// What the set is called.
    pub title: Option<Text>,
    /// The fact by which a person says whether the work belongs to it.
    pub stated: Option<Fact>,
    /// Topics in it.
    pub topics: Option<Vec<DraftTopic>>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// A topic of a field set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftTopic {
    /// What it is called.
    pub name: Text,
    /// Words and word groups by which it is recognised, in any language; a `*` at the end of a word
    /// stands for any ending.
    pub keywords: Vec<String>,
}

/// `[scholarships.ID]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftScholarships {
    /// What the programmes are called.
    pub title: Option<Text>,
    /// Names by which they are recognised.
    pub names: Option<Vec<String>>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// `[democracy]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftDemocracy {
    /// A CSV or TOML file with the scores, beside the profile.
    pub table: Option<String>,
    /// The scores themselves.
    pub score: Vec<DraftScore>,
}

/// One country's score.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftScore {
    /// ISO 3166-1 alpha-2 code.
    pub country: String,
    /// 0 to 10.
    pub score: f64,
    /// Of which year.
    pub year: i32,
    /// Who published it.
    pub source: String,
}

/// Which findings bear on a question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// Every finding on the question's lists.
    #[default]
    All,
    /// Only those that a rule of the question speaks of.
    ByRule,
}

/// Who answers a question where nothing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The lists.
    Lists,
    /// A person, always.
    Person,
}

/// `[[question]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftQuestion {
    /// Short id.
    pub id: Spanned<String>,
    /// As the policy prints it.
    pub printed: Option<String>,
    /// Heading.
    pub title: Option<Text>,
    /// The question.
    pub text: Option<Text>,
    /// Why it is asked.
    pub why: Option<Text>,
    /// Where the policy asks it.
    pub source: Option<String>,
    /// Who answers it.
    pub answered_by: Option<AnsweredBy>,
    /// Lists that must be there and fresh.
    pub lists: Option<Vec<String>>,
    /// Lists that are used where they are loaded.
    pub also: Option<Vec<String>>,
    /// Which findings on these lists bear on it.
    pub findings: Option<Bearing>,
    /// Parts whose subjects it is about; all when absent.
    pub roles: Option<Vec<Role>>,
    /// Who answers it, where a person must.
    pub decider: Option<String>,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

/// `[[rule]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftRule {
    /// Short id, unique in the profile.
    pub id: Spanned<String>,
    /// The question it belongs to.
    pub question: String,
    /// Where the policy says so.
    pub source: String,
    /// What the question comes to when it applies. Absent: `standing_advice`, and `to_be_reviewed` where a
    /// finding it rests on is only possible. `question_for_person` makes the text a question.
    pub outcome: Option<Outcome>,
    /// How heavy the advice is; every rule but a question has one.
    pub grade: Option<Grade>,
    /// The advice, or the question.
    pub text: Text,
    /// What is otherwise when it rests on past ties only.
    #[serde(default)]
    pub past: Option<DraftPast>,
    /// Who decides.
    #[serde(default)]
    pub decider: Option<String>,
    /// Whether facts that the case leaves open are asked for (yes, unless told otherwise).
    #[serde(default = "yes")]
    pub ask_unknown: bool,
    /// When it applies.
    pub when: Condition,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}

fn yes() -> bool {
    true
}

/// `past` of a rule.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DraftPast {
    /// The grade then.
    pub grade: Option<Grade>,
    /// The advice then.
    pub text: Option<Text>,
}

/// `[[interview]]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftInterview {
    /// Short id.
    pub id: Spanned<String>,
    /// The question.
    pub text: Text,
    /// What it is meant to bring out.
    pub intent: Text,
    /// Where it comes from.
    pub source: String,
    /// Where this stands.
    #[serde(skip)]
    pub at: Place,
}
