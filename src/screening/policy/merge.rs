//! A profile laid over the one that it extends.
//!
//! What bears the same id replaces: rules, deciders and interview questions whole; questions, lists,
//! country sets key by key, so that an operator adds a list to a question in two lines. Topics and names
//! of sets are added. Everything new goes to the end.

use super::schema::{
    Draft, DraftCountries, DraftFields, DraftList, DraftPeriods, DraftQuestion, DraftReview,
    DraftScholarships,
};

/// `over` laid over `base`.
pub fn merge(base: Draft, over: Draft) -> Draft {
    let without = over.without_rules;
    let mut rule = base.rule;
    replace(&mut rule, over.rule, |r| r.id.get_ref());
    let mut unknown = base.without_rules;
    for id in without {
        let before = rule.len();
        rule.retain(|r| r.id.get_ref() != id.get_ref());
        if rule.len() == before {
            unknown.push(id);
        }
    }
    let mut decider = base.decider;
    replace(&mut decider, over.decider, |d| d.id.get_ref());
    let mut interview = base.interview;
    replace(&mut interview, over.interview, |i| i.id.get_ref());
    let mut question = base.question;
    for q in over.question {
        match question.iter_mut().find(|b| b.id.get_ref() == q.id.get_ref()) {
            Some(b) => lay_question(b, q),
            None => question.push(q),
        }
    }
    let mut lists = base.lists;
    for (id, l) in over.lists {
        let b = lists.entry(id).or_default();
        *b = DraftList {
            title: l.title.or(b.title.take()),
            meaning: l.meaning.or(b.meaning.take()),
            max_age_days: l.max_age_days.or(b.max_age_days),
            categories: l.categories.or(b.categories.take()),
            at: l.at,
        };
    }
    let mut countries = base.countries;
    for (id, c) in over.countries {
        let b = countries.entry(id).or_default();
        *b =
            DraftCountries { title: c.title.or(b.title.take()), codes: c.codes.or(b.codes.take()), at: c.at };
    }
    let mut fields = base.fields;
    for (id, f) in over.fields {
        let b = fields.entry(id).or_default();
        *b = DraftFields {
            title: f.title.or(b.title.take()),
            stated: f.stated.or(b.stated),
            topics: joined(b.topics.take(), f.topics),
            at: f.at,
        };
    }
    let mut scholarships = base.scholarships;
    for (id, s) in over.scholarships {
        let b = scholarships.entry(id).or_default();
        *b = DraftScholarships {
            title: s.title.or(b.title.take()),
            names: joined(b.names.take(), s.names),
            at: s.at,
        };
    }
    let mut next_step = base.next_step;
    next_step.extend(over.next_step);
    Draft {
        id: over.id.or(base.id),
        version: over.version.or(base.version),
        extends: None,
        title: over.title.or(base.title),
        document: over.document.or(base.document),
        decides: over.decides.or(base.decides),
        without_rules: unknown,
        review: DraftReview {
            four_eyes: over.review.four_eyes.or(base.review.four_eyes),
            retention_days: over.review.retention_days.or(base.review.retention_days),
        },
        periods: DraftPeriods { past_lowers: over.periods.past_lowers.or(base.periods.past_lowers) },
        next_step,
        decider,
        lists,
        countries,
        fields,
        scholarships,
        democracy: over.democracy.or(base.democracy),
        question,
        rule,
        interview,
    }
}

/// Replaces what bears the same id and appends the rest.
fn replace<T>(base: &mut Vec<T>, over: Vec<T>, id: impl Fn(&T) -> &String) {
    for new in over {
        match base.iter_mut().find(|old| id(old) == id(&new)) {
            Some(old) => *old = new,
            None => base.push(new),
        }
    }
}

fn joined<T>(base: Option<Vec<T>>, over: Option<Vec<T>>) -> Option<Vec<T>> {
    match (base, over) {
        (Some(mut base), Some(over)) => {
            base.extend(over);
            Some(base)
        }
        (base, over) => over.or(base),
    }
}

fn lay_question(base: &mut DraftQuestion, over: DraftQuestion) {
    base.printed = over.printed.or(base.printed.take());
    base.title = over.title.or(base.title.take());
    base.text = over.text.or(base.text.take());
    base.why = over.why.or(base.why.take());
    base.source = over.source.or(base.source.take());
    base.answered_by = over.answered_by.or(base.answered_by);
    base.lists = over.lists.or(base.lists.take());
    base.also = over.also.or(base.also.take());
    base.findings = over.findings.or(base.findings);
    base.roles = over.roles.or(base.roles.take());
    base.decider = over.decider.or(base.decider.take());
    base.at = over.at;
}
