//! What a case comes to under a university's policy.

use serde::{Deserialize, Serialize};

use super::{Finding, ListGap, Screened};

/// A text in the languages that reports are written in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// English.
    pub en: String,
    /// Dutch.
    pub nl: String,
}

/// What came of one question. Ordered from the least to the most pressing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Nothing found on the lists named; says nothing about lists that are not.
    ClearOnLists,
    /// Lists cannot answer it.
    QuestionForPerson,
    /// It could not be checked; the reason is given.
    NotChecked,
    /// The policy has standing advice on what was found.
    StandingAdvice,
    /// Findings that a person must look at first.
    ToBeReviewed,
}

/// How heavy standing advice is. Ordered from the lightest to the heaviest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Good to know.
    Note,
    /// Allowed under conditions.
    Conditions,
    /// To be decided case by case.
    CaseByCase,
    /// Undesirable.
    Undesirable,
    /// In principle not allowed.
    NotAllowedInPrinciple,
    /// Forbidden by law, if the match is true.
    LegalBar,
}

/// Who decides or advises, by the policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decider {
    /// Short id within the profile (`cvb`).
    pub id: String,
    /// What they are called.
    pub name: Text,
    /// How to reach them, as the policy says; may be empty.
    #[serde(default)]
    pub contact: String,
}

/// Standing advice that a rule of the policy gave.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The rule's id in the profile.
    pub rule: String,
    /// How heavy.
    pub grade: Grade,
    /// The advice.
    pub text: Text,
    /// Where the policy says so.
    pub source: String,
    /// Findings it rests on ([`Finding::id`]); empty for advice on facts of the case itself.
    pub findings: Vec<String>,
    /// Who decides; an id in the profile.
    pub decider: Option<Decider>,
}

/// What information would settle a finding or a question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settle {
    /// The finding ([`Finding::id`]), empty when it is the question as a whole.
    pub finding: String,
    /// Where in the case the information belongs (`hire.candidate.birth_date`).
    pub path: String,
    /// What is asked for.
    pub text: Text,
}

/// One question of the policy with what came of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuestionOutcome {
    /// The question's id (`sanctions`).
    pub question: String,
    /// As the policy prints it (`A`), may be empty.
    pub printed: String,
    /// Heading.
    pub title: Text,
    /// The question.
    pub text: Text,
    /// Why it is asked.
    pub why: Text,
    /// Where the policy asks it.
    pub source: String,
    /// What came of it: the most pressing of all that applies.
    pub outcome: Outcome,
    /// In a sentence: what was checked on which lists, or why it was not.
    pub summary: Text,
    /// Findings that bear on it ([`Finding::id`]).
    pub findings: Vec<String>,
    /// Standing advice, heaviest first.
    pub advice: Vec<Advice>,
    /// Lists that it rests on.
    pub lists: Vec<String>,
    /// What would settle it.
    pub settle: Vec<Settle>,
    /// Who answers it, where a person must.
    pub decider: Option<Decider>,
}

/// The overall next step. Never an approval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NextStep {
    /// What to do now.
    pub text: Text,
    /// Who decides by the policy, in the order they are asked.
    pub deciders: Vec<Decider>,
}

/// A question to ask in the interview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InterviewQuestion {
    /// The question.
    pub text: Text,
    /// What it is meant to bring out.
    pub intent: Text,
    /// Where the policy has it.
    pub source: String,
}

/// How decisions on cases are made and kept, by the policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ReviewRule {
    /// Whether a second person must agree with a decision.
    pub four_eyes: bool,
    /// How many days a case is kept after its decision, before it is purged.
    pub retention_days: u32,
}

/// A list as the policy reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListRule {
    /// The list's id.
    pub list: String,
    /// What it is called.
    pub title: Text,
    /// What a hit on it means, and what it does not.
    pub meaning: Text,
    /// From which age in days on it is stale.
    pub max_age_days: i64,
}

/// A case, screened and read by a policy.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseResult {
    /// The caller's reference.
    pub case_id: String,
    /// The profile's id.
    pub policy: String,
    /// The profile's title.
    pub policy_title: Text,
    /// The profile's version, as it says itself.
    pub policy_version: String,
    /// BLAKE3 over the profile's texts (what it extends and the operator's tables included), in
    /// hexadecimal: which wording was applied.
    pub policy_hash: String,
    /// Lists that the profile reads, and what a hit on each means.
    pub lists: Vec<ListRule>,
    /// How the decision is made and kept.
    pub review: ReviewRule,
    /// What to do now and who decides.
    pub next_step: NextStep,
    /// The policy's questions in its order.
    pub questions: Vec<QuestionOutcome>,
    /// Questions for the interview.
    pub interview: Vec<InterviewQuestion>,
    /// What the lists said.
    pub screened: Screened,
}

impl CaseResult {
    /// The finding of this id.
    pub fn finding(&self, id: &str) -> Option<&Finding> {
        self.screened.findings.iter().find(|f| f.id == id)
    }

    /// Lists that were missing or stale.
    pub fn gaps(&self) -> &[ListGap] {
        &self.screened.gaps
    }
}
