//! A screened case read by a policy.

use std::collections::BTreeSet;

use super::evaluate::{Open, Reasons, Truth, View, list_of};
use super::schema::{AnsweredBy, Bearing};
use super::settle::settling;
use super::{Profile, Question, Rule, stamped, wording};
use crate::screening::ListStamp;
use crate::screening::case::{
    Advice, Case, CaseResult, Certainty, Decider, Grade, ListGap, NextStep, Outcome, Period, QuestionOutcome,
    Screened, Settle, Text,
};

/// Grades from the lightest to the heaviest, to weigh a past tie lighter.
const GRADES: &[Grade] = &[
    Grade::Note,
    Grade::Conditions,
    Grade::CaseByCase,
    Grade::Undesirable,
    Grade::NotAllowedInPrinciple,
    Grade::LegalBar,
];

/// The question under which findings stand that no question of the policy asks for.
pub const OTHER_FINDINGS: &str = "other_findings";

/// How the lists of a question stand.
struct Lists<'a> {
    /// Loaded and fresh.
    relied: Vec<&'a ListStamp>,
    /// Required, and missing or stale.
    broken: Vec<&'a ListGap>,
    /// Not required, and stale.
    old: Vec<&'a ListGap>,
    /// Not required, and not loaded.
    absent: Vec<Text>,
}

impl Profile {
    /// Reads a screened case: each question with its outcome, standing advice, what would settle it, and
    /// the next step with who decides. `screened.gaps` are completed with the lists that this policy asks
    /// for ([`Self::gaps`]).
    pub fn apply(&self, case: &Case, mut screened: Screened) -> CaseResult {
        if screened.stamp.demo {
            screened.gaps.retain(|g| !matches!(g, ListGap::Stale { .. }));
        }
        for gap in self.gaps(&screened.stamp) {
            // What the engine said of a list already is replaced: this policy's limits count.
            screened.gaps.retain(|g| g.list() != gap.list());
            screened.gaps.push(gap);
        }
        let view = View { profile: self, case, screened: &screened };
        let mut questions: Vec<QuestionOutcome> =
            self.questions.iter().map(|q| self.question(q, view)).collect();
        questions.extend(self.other_findings(&screened, &questions));
        let next_step = self.next_step(&questions, &screened);
        CaseResult {
            case_id: case.case_id.clone(),
            policy: self.id.clone(),
            policy_title: self.title.clone(),
            policy_version: self.version.clone(),
            policy_hash: self.hash.clone(),
            lists: self.lists.clone(),
            review: self.review,
            next_step,
            questions,
            interview: if case.hire.is_some() { self.interview.clone() } else { Vec::new() },
            screened,
        }
    }

    fn question(&self, q: &Question, view: View<'_>) -> QuestionOutcome {
        let screened = view.screened;
        let lists = self.lists_of(q, screened);
        let about = |i: usize| {
            q.roles.is_empty() || screened.subjects.get(i).is_some_and(|s| q.roles.contains(&s.role))
        };
        let on_its_lists = |list: &str| q.lists.iter().chain(&q.also).any(|l| l == list);
        // Findings that bear on it by themselves; rules may add others.
        let mut bearing: BTreeSet<usize> = match q.findings {
            Bearing::ByRule => BTreeSet::new(),
            Bearing::All => (0..screened.findings.len())
                .filter(|i| {
                    let finding = &screened.findings[*i];
                    about(finding.subject) && list_of(finding).is_some_and(on_its_lists)
                })
                .collect(),
        };
        let mut advice = Vec::new();
        let mut settle: Vec<Settle> = Vec::new();
        let mut outcomes = Vec::new();
        let mut spoken_of: BTreeSet<usize> = BTreeSet::new();
        let mut open_facts = 0;
        for rule in self.rules.iter().filter(|r| r.question == q.id) {
            match view.holds(&rule.when) {
                Truth::No => {}
                Truth::Yes(reasons) => {
                    spoken_of.extend(&reasons.findings);
                    bearing.extend(&reasons.findings);
                    outcomes.push(outcome_of(rule, &reasons, screened));
                    match self.advice(rule, &reasons, screened) {
                        Some(given) => advice.push(given),
                        None => {
                            open_facts += 1;
                            settle.extend(asked(rule, &reasons, screened));
                        }
                    }
                }
                Truth::Unknown(open) if rule.ask_unknown => {
                    outcomes.push(Outcome::QuestionForPerson);
                    open_facts += ask(&mut settle, open);
                }
                Truth::Unknown(_) => {}
            }
        }
        advice.sort_by_key(|a| std::cmp::Reverse(a.grade));
        let count = screened.subjects.iter().enumerate().filter(|(i, _)| about(*i)).count();
        let reads_lists = !q.lists.is_empty() || !lists.relied.is_empty();
        let raised = |i: &usize| screened.findings[*i].certainty != Certainty::SetAside;
        if bearing.iter().any(|i| raised(i) && !spoken_of.contains(i)) {
            outcomes.push(Outcome::ToBeReviewed);
        }
        if !lists.broken.is_empty() {
            outcomes.push(Outcome::NotChecked);
        }
        if reads_lists && count == 0 {
            outcomes.push(Outcome::QuestionForPerson);
        }
        outcomes.push(match q.answered_by {
            AnsweredBy::Lists => Outcome::ClearOnLists,
            AnsweredBy::Person => Outcome::QuestionForPerson,
        });
        let outcome = outcomes.into_iter().max().unwrap_or(Outcome::QuestionForPerson);
        for i in &bearing {
            let finding = &screened.findings[*i];
            if let Some(subject) = screened.subjects.get(finding.subject) {
                settle.extend(settling(finding, subject));
            }
        }
        let summary = {
            let mut parts = Vec::new();
            let open = bearing.iter().filter(|i| raised(i)).count();
            if reads_lists && count == 0 {
                parts.push(wording::nobody_to_check());
            } else if !lists.relied.is_empty() && q.findings == Bearing::All {
                parts.push(self.checked(count, &lists, open, bearing.len() - open));
            }
            parts.extend(lists.broken.iter().chain(&lists.old).map(|g| self.gap_text(g)));
            if !lists.absent.is_empty() {
                parts.push(wording::not_loaded(&wording::row(&lists.absent)));
            }
            if !advice.is_empty() {
                parts.push(wording::advice(advice.len()));
            }
            if open_facts > 0 {
                parts.push(wording::open_facts(open_facts));
            } else if q.answered_by == AnsweredBy::Person {
                parts.push(wording::for_a_person());
            }
            // Where it would otherwise reassure.
            if screened.stamp.demo && outcome == Outcome::ClearOnLists {
                parts.push(wording::demonstration());
            }
            wording::joined(&parts)
        };
        QuestionOutcome {
            question: q.id.clone(),
            printed: q.printed.clone(),
            title: q.title.clone(),
            text: q.text.clone(),
            why: q.why.clone(),
            source: q.source.clone(),
            outcome,
            summary,
            findings: bearing.iter().map(|i| screened.findings[*i].id.clone()).collect(),
            advice,
            lists: lists.relied.iter().map(|l| l.list.clone()).collect(),
            settle,
            decider: self.decider(&q.decider).map(|d| d.decider.clone()),
        }
    }

    fn lists_of<'a>(&self, q: &Question, screened: &'a Screened) -> Lists<'a> {
        let gap = |list: &str| screened.gaps.iter().find(|g| g.list() == Some(list));
        let mut lists = Lists { relied: Vec::new(), broken: Vec::new(), old: Vec::new(), absent: Vec::new() };
        for list in q.lists.iter().chain(&q.also) {
            let required = q.lists.contains(list);
            match (gap(list), stamped(&screened.stamp, list)) {
                (Some(gap), _) if required => lists.broken.push(gap),
                (Some(gap), Some(_)) => lists.old.push(gap),
                (None, Some(stamp)) => lists.relied.push(stamp),
                (_, None) => lists.absent.push(self.list_title(list)),
            }
        }
        lists
    }

    fn checked(&self, count: usize, lists: &Lists<'_>, open: usize, set_aside: usize) -> Text {
        let named: Vec<Text> =
            lists.relied.iter().map(|l| wording::list_as_of(&self.list_title(&l.list), &l.as_of)).collect();
        wording::checked(count, &wording::row(&named), open, set_aside)
    }

    fn gap_text(&self, gap: &ListGap) -> Text {
        match gap {
            ListGap::Missing { list } => wording::missing(&self.list_title(list)),
            ListGap::Stale { list, age_days, max_age_days } => {
                wording::stale(&self.list_title(list), *age_days, *max_age_days)
            }
            ListGap::Demonstration => wording::demonstration(),
        }
    }

    /// The advice of a rule that applies; none for a rule that asks.
    fn advice(&self, rule: &Rule, reasons: &Reasons, screened: &Screened) -> Option<Advice> {
        let grade = rule.grade?;
        let mut texts = Vec::new();
        let grade = if past_only(reasons, screened) {
            texts.push(rule.past_text.clone().unwrap_or_else(|| rule.text.clone()));
            if rule.past_text.is_none() {
                texts.push(wording::past_only());
            }
            rule.past_grade.unwrap_or_else(|| lighter(grade, self.past_lowers))
        } else {
            texts.push(rule.text.clone());
            grade
        };
        if !reasons.topics.is_empty() {
            texts.push(wording::recognised(&reasons.topics));
        }
        let decider = rule.decider.as_ref().and_then(|id| self.decider(id));
        Some(Advice {
            rule: rule.id.clone(),
            grade,
            text: wording::joined(&texts),
            source: rule.source.clone(),
            findings: reasons.findings.iter().map(|i| screened.findings[*i].id.clone()).collect(),
            decider: decider.map(|d| d.decider.clone()),
        })
    }

    /// Findings that bear on none of the questions: nothing found may vanish.
    fn other_findings(&self, screened: &Screened, questions: &[QuestionOutcome]) -> Option<QuestionOutcome> {
        let borne: BTreeSet<&String> = questions.iter().flat_map(|q| &q.findings).collect();
        let left: Vec<_> = screened.findings.iter().filter(|f| !borne.contains(&f.id)).collect();
        if left.is_empty() {
            return None;
        }
        let raised = left.iter().filter(|f| f.certainty != Certainty::SetAside).count();
        let mut lists: Vec<String> = left.iter().filter_map(|f| list_of(f)).map(str::to_owned).collect();
        lists.sort();
        lists.dedup();
        let titles: Vec<Text> = lists.iter().map(|l| self.list_title(l)).collect();
        let [title, text, why] = wording::other_findings();
        let settle = left
            .iter()
            .filter_map(|f| screened.subjects.get(f.subject).map(|s| settling(f, s)))
            .flatten()
            .collect();
        Some(QuestionOutcome {
            question: OTHER_FINDINGS.to_owned(),
            printed: String::new(),
            title,
            text,
            why,
            source: String::new(),
            outcome: if raised > 0 { Outcome::ToBeReviewed } else { Outcome::ClearOnLists },
            summary: wording::checked(
                screened.subjects.len(),
                &wording::row(&titles),
                raised,
                left.len() - raised,
            ),
            findings: left.iter().map(|f| f.id.clone()).collect(),
            advice: Vec::new(),
            lists,
            settle,
            decider: self.decides.first().and_then(|id| self.decider(id)).map(|d| d.decider.clone()),
        })
    }

    /// What to do now. Who is asked stands in the order of the profile's deciders; the last of them decides.
    fn next_step(&self, questions: &[QuestionOutcome], screened: &Screened) -> NextStep {
        let worst = questions.iter().map(|q| q.outcome).max().unwrap_or(Outcome::QuestionForPerson);
        let mut ids: BTreeSet<&str> = self.decides.iter().map(String::as_str).collect();
        for q in questions.iter().filter(|q| q.outcome >= Outcome::NotChecked) {
            ids.extend(q.decider.iter().map(|d| d.id.as_str()));
            let heavy = q.advice.iter().filter(|a| a.grade > Grade::Note);
            ids.extend(heavy.filter_map(|a| a.decider.as_ref()).map(|d| d.id.as_str()));
        }
        // Whoever must be asked before somebody else. Each round adds at least one, or it ends.
        loop {
            let via: Vec<&str> = ids
                .iter()
                .filter_map(|id| self.decider(id)?.via.as_deref())
                .filter(|v| !ids.contains(v))
                .collect();
            if via.is_empty() {
                break;
            }
            ids.extend(via);
        }
        let deciders: Vec<Decider> = self
            .deciders
            .iter()
            .filter(|d| ids.contains(d.decider.id.as_str()))
            .map(|d| d.decider.clone())
            .collect();
        let mut texts = vec![self.next_step.get(&worst).cloned().unwrap_or_default()];
        if screened.gaps.iter().any(|g| *g != ListGap::Demonstration) {
            texts.push(wording::gaps());
        }
        if screened.stamp.demo {
            texts.push(wording::demonstration());
        }
        let names: Vec<Text> = deciders.iter().map(|d| d.name.clone()).collect();
        if let [first @ .., last] = names.as_slice() {
            if !first.is_empty() {
                texts.push(wording::who_decides(first));
            }
            texts.push(wording::decides(last));
        }
        if self.review.four_eyes {
            texts.push(wording::four_eyes());
        }
        NextStep { text: wording::joined(&texts), deciders }
    }
}

/// What a question comes to by a rule that applies.
fn outcome_of(rule: &Rule, reasons: &Reasons, screened: &Screened) -> Outcome {
    let only_possible = |i: &usize| screened.findings[*i].certainty == Certainty::Possible;
    rule.outcome.unwrap_or_else(|| match reasons.findings.iter().any(only_possible) {
        true => Outcome::ToBeReviewed,
        false => Outcome::StandingAdvice,
    })
}

/// Whether everything that a rule rests on lies in the past. What has no known period does not.
fn past_only(reasons: &Reasons, screened: &Screened) -> bool {
    let mut subjects = reasons.subjects.iter().filter_map(|i| screened.subjects.get(*i)).peekable();
    subjects.peek().is_some() && subjects.all(|s| s.period == Period::Past)
}

/// A grade made lighter, never below a note.
fn lighter(grade: Grade, steps: u8) -> Grade {
    let place = GRADES.iter().position(|g| *g == grade).unwrap_or_default();
    GRADES[place.saturating_sub(usize::from(steps))]
}

/// The question of a rule that asks: once for each subject that it rests on, once altogether without any.
fn asked(rule: &Rule, reasons: &Reasons, screened: &Screened) -> Vec<Settle> {
    let settle = |path: &str, text: Text| Settle { finding: String::new(), path: path.to_owned(), text };
    if reasons.subjects.is_empty() {
        return vec![settle("", rule.text.clone())];
    }
    let subjects = reasons.subjects.iter().filter_map(|i| screened.subjects.get(*i));
    subjects
        .map(|s| {
            let name = Text { en: format!("{}:", s.subject.name), nl: format!("{}:", s.subject.name) };
            settle(&s.path, wording::joined(&[name, rule.text.clone()]))
        })
        .collect()
}

/// Adds questions for open facts, each once; says how many were new.
fn ask(settle: &mut Vec<Settle>, open: Vec<Open>) -> usize {
    let before = settle.len();
    for Open { path, ask } in open {
        if !settle.iter().any(|s| s.path == path && s.text == ask) {
            settle.push(Settle { finding: String::new(), path, text: ask });
        }
    }
    settle.len() - before
}
