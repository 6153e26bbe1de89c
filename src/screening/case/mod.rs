//! Cases: a person about to be hired, or a partner, screened whole.
//!
//! A [`Case`] is what the university knows. Every subject in it is screened against one snapshot, which
//! gives a [`Screened`] case: findings on the lists, ties traced through them, lists that were missing
//! or stale. A policy profile ([`super::policy`]) turns that into a [`CaseResult`]: the university's own
//! questions with their outcomes. A person decides; nothing here ever says "approved".

mod check;
mod engine;
mod fault;
mod finding;
mod given;
mod node;
mod on_file;
mod period;
mod reading;
mod result;
mod subjects;
#[cfg(test)]
mod tests;
mod traces;

pub use check::CheckedCase;
pub use engine::Threads;
pub use fault::{CaseFault, CaseFaults, Place};
pub use finding::{
    CaseSubject, Certainty, Finding, FindingKind, ListGap, ListedFacts, Period, RequiredList, Role, Screened,
    Tie, Trace,
};
pub use given::{
    Affiliation, AffiliationType, Appointment, BoardMember, Candidate, Case, Company, Contact, Country,
    Funding, Hire, OwnCompany, Partner, Scholarship, Work,
};
pub use reading::{CaseForm, MAX_CASE_BYTES};
pub use result::{
    Advice, CaseResult, Decider, Grade, InterviewQuestion, ListRule, NextStep, Outcome, QuestionOutcome,
    ReviewRule, Settle, Text,
};
