//! A university's policy as data: its questions, standing advice and deciders.
//!
//! A profile is a TOML file, checked when it is read ([`Profile::open`]): a rule that could never fire, or
//! that names what is not there, is an error with its place. Applied to a screened case
//! ([`Profile::apply`]) it gives the [`CaseResult`](super::case::CaseResult). It decides nothing.
//!
//! # Layout
//! * `schema`: a profile as its file has it; [`condition`]: the conditions of its rules.
//! * `read`, `merge`, `check`: files, what they extend, faults; `profiles/`: those that come with zeef.
//! * `evaluate`: does a condition hold: yes, no, or unknown until somebody answers a fact.
//! * `apply`: questions, outcomes, next step; `settle`, `wording`: what is asked and said.

mod apply;
mod check;
pub mod condition;
mod evaluate;
mod fault;
mod fields;
mod merge;
mod read;
mod schema;
mod settle;
mod wording;

#[cfg(test)]
pub(crate) mod tests;

use std::collections::{BTreeMap, BTreeSet};

use condition::{Condition, Fact};
use fields::Keyword;
use schema::{AnsweredBy, Bearing};

use super::case::{
    Decider, Grade, InterviewQuestion, ListGap, ListRule, Outcome, RequiredList, ReviewRule, Role, Text,
};
use super::{ListStamp, Stamp};

pub(crate) use fault::suggestion;
pub use fault::{Fault, PolicyError};
pub use read::EMBEDDED;

/// A policy, read and checked.
#[derive(Clone, Debug)]
pub struct Profile {
    id: String,
    version: String,
    hash: String,
    title: Text,
    document: String,
    review: ReviewRule,
    past_lowers: u8,
    decides: Vec<String>,
    next_step: BTreeMap<Outcome, Text>,
    deciders: Vec<DeciderEntry>,
    lists: Vec<ListRule>,
    countries: BTreeMap<String, CountrySet>,
    fields: BTreeMap<String, FieldSet>,
    scholarships: BTreeMap<String, Vec<Keyword>>,
    democracy: Option<BTreeMap<String, Score>>,
    questions: Vec<Question>,
    rules: Vec<Rule>,
    interview: Vec<InterviewQuestion>,
}

/// Who decides or advises, and who must be asked before.
#[derive(Clone, Debug)]
struct DeciderEntry {
    decider: Decider,
    via: Option<String>,
}

/// Countries that rules speak of together.
#[derive(Clone, Debug)]
struct CountrySet {
    title: Text,
    /// None until the operator supplies them.
    codes: Option<BTreeSet<String>>,
}

/// Fields of work that rules speak of together.
#[derive(Clone, Debug)]
struct FieldSet {
    title: Text,
    stated: Fact,
    topics: Vec<(Text, Vec<Keyword>)>,
}

/// A country's democracy score.
#[derive(Clone, Debug, PartialEq)]
struct Score {
    score: f64,
    year: i32,
    source: String,
}

/// A question of the policy.
#[derive(Clone, Debug)]
struct Question {
    id: String,
    printed: String,
    title: Text,
    text: Text,
    why: Text,
    source: String,
    answered_by: AnsweredBy,
    lists: Vec<String>,
    also: Vec<String>,
    findings: Bearing,
    roles: Vec<Role>,
    decider: String,
}

/// A rule of the policy.
#[derive(Clone, Debug)]
struct Rule {
    id: String,
    question: String,
    source: String,
    outcome: Option<Outcome>,
    /// None exactly for rules that ask.
    grade: Option<Grade>,
    text: Text,
    past_grade: Option<Grade>,
    past_text: Option<Text>,
    decider: Option<String>,
    ask_unknown: bool,
    when: Condition,
}

impl Profile {
    /// Its short id (`maastricht`).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version of its wording, as it says itself.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// BLAKE3 over its text, what it extends and the operator's tables, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// What it is called.
    pub fn title(&self) -> &Text {
        &self.title
    }

    /// The document that it follows.
    pub fn document(&self) -> &str {
        &self.document
    }

    /// How decisions on cases are made and kept.
    pub fn review(&self) -> ReviewRule {
        self.review
    }

    /// The lists it reads, with their age limits and what a hit means.
    pub fn lists(&self) -> &[ListRule] {
        &self.lists
    }

    /// Lists without which a question cannot be answered, each once, in the order of the questions.
    pub fn required_lists(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for list in self.questions.iter().flat_map(|q| &q.lists) {
            if !all.contains(&list.as_str()) {
                all.push(list);
            }
        }
        all
    }

    /// These lists with their age limits, for whoever screens a case by this policy.
    pub fn asked_lists(&self) -> Vec<RequiredList> {
        let limit = |list: &str| self.lists.iter().find(|l| l.list == list).map(|l| l.max_age_days);
        let asked = self.required_lists().into_iter();
        asked.map(|list| RequiredList { list: list.to_owned(), max_age_days: limit(list) }).collect()
    }

    /// From which age in days on each list is stale, for [`super::Screener::new`].
    pub fn max_age_days(&self) -> Vec<(String, i64)> {
        self.lists.iter().map(|l| (l.list.clone(), l.max_age_days)).collect()
    }

    /// Lists that the policy asks for and that an answer with this stamp cannot rely upon: missing ones it
    /// requires, stale ones it reads. Demonstration lists are never current; that they are demonstration
    /// lists stands for all their ages.
    pub fn gaps(&self, stamp: &Stamp) -> Vec<ListGap> {
        let mut gaps = Vec::new();
        if stamp.demo {
            gaps.push(ListGap::Demonstration);
        }
        let required = self.required_lists();
        for rule in &self.lists {
            match stamped(stamp, &rule.list) {
                None if required.contains(&rule.list.as_str()) => {
                    gaps.push(ListGap::Missing { list: rule.list.clone() });
                }
                Some(list) if !stamp.demo && list.age_days > rule.max_age_days => {
                    gaps.push(ListGap::Stale {
                        list: rule.list.clone(),
                        age_days: list.age_days,
                        max_age_days: rule.max_age_days,
                    });
                }
                _ => {}
            }
        }
        gaps
    }

    fn decider(&self, id: &str) -> Option<&DeciderEntry> {
        self.deciders.iter().find(|d| d.decider.id == id)
    }

    fn list_title(&self, list: &str) -> Text {
        self.lists
            .iter()
            .find(|l| l.list == list)
            .map_or_else(|| Text { en: list.to_owned(), nl: list.to_owned() }, |l| l.title.clone())
    }
}

/// The list as the stamp has it.
fn stamped<'a>(stamp: &'a Stamp, list: &str) -> Option<&'a ListStamp> {
    stamp.lists.iter().find(|l| l.list == list)
}
