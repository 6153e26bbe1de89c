//! Checks a profile once it is whole: what is missing, what names something that is not there, what could
//! never apply. All faults are told at once.

use std::collections::{BTreeMap, BTreeSet};

use super::condition::{Bounds, Condition, Fact, FindingCondition, SubjectCondition};
use super::fault::{Fault, suggestion};
use super::fields::Keyword;
use super::schema::{AnsweredBy, Draft, DraftQuestion, DraftRule, Place};
use super::{CountrySet, DeciderEntry, FieldSet, Profile, Question, Rule, Score};
use crate::screening::case::{Decider, InterviewQuestion, ListRule, Outcome, ReviewRule, Text};

/// Words that no text of a policy may use of a case: zeef lays out, people decide.
const NEVER: &[&str] = &["approved", "goedgekeurd"];

/// Longest time a case may be kept after its decision, in days.
const MAX_RETENTION_DAYS: u32 = 3_650;

/// The profile, or everything that is wrong with it.
pub fn check(draft: Draft, files: &[String], hash: String) -> Result<Profile, Vec<Fault>> {
    let mut check = Check::new(&draft, files);
    let profile = check.profile(draft, hash);
    if check.faults.is_empty() { Ok(profile) } else { Err(check.faults) }
}

struct Check<'a> {
    files: &'a [String],
    faults: Vec<Fault>,
    /// Ids that may be named, gathered before anything is checked.
    lists: BTreeMap<String, Vec<String>>,
    deciders: Vec<String>,
    questions: BTreeMap<String, Vec<String>>,
    countries: Vec<String>,
    fields: Vec<String>,
    scholarships: Vec<String>,
}

impl<'a> Check<'a> {
    fn new(draft: &Draft, files: &'a [String]) -> Self {
        let both = |q: &DraftQuestion| {
            let parts = [q.lists.as_deref(), q.also.as_deref()];
            parts.into_iter().flatten().flatten().cloned().collect()
        };
        let categories = |c: &Option<Vec<String>>| c.clone().unwrap_or_default();
        Self {
            files,
            faults: Vec::new(),
            lists: draft.lists.iter().map(|(id, l)| (id.clone(), categories(&l.categories))).collect(),
            deciders: draft.decider.iter().map(|d| d.id.get_ref().clone()).collect(),
            questions: draft.question.iter().map(|q| (q.id.get_ref().clone(), both(q))).collect(),
            countries: draft.countries.keys().cloned().collect(),
            fields: draft.fields.keys().cloned().collect(),
            scholarships: draft.scholarships.keys().cloned().collect(),
        }
    }

    fn fault(&mut self, at: Place, key: impl Into<String>, what: impl Into<String>) {
        let file = self.files.get(at.file).or(self.files.first()).cloned().unwrap_or_default();
        self.faults.push(Fault { file, line: at.line, key: key.into(), what: what.into() });
    }

    fn text(&mut self, at: Place, key: &str, text: &Text) {
        for (language, words) in [("en", &text.en), ("nl", &text.nl)] {
            if words.trim().is_empty() {
                self.fault(
                    at,
                    format!("{key}.{language}"),
                    "is empty; every text is there in English and Dutch",
                );
            }
            let lower = words.to_lowercase();
            let found = NEVER.iter().find(|n| lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == **n));
            if let Some(word) = found {
                let what = format!("says {word:?}; a case is decided by people, say who decides instead");
                self.fault(at, format!("{key}.{language}"), what);
            }
        }
    }

    fn required_text(&mut self, at: Place, key: &str, text: Option<Text>) -> Text {
        match text {
            Some(text) => {
                self.text(at, key, &text);
                text
            }
            None => {
                self.fault(at, key, "is missing; give it as { en = \"…\", nl = \"…\" }");
                Text::default()
            }
        }
    }

    fn required(&mut self, at: Place, key: &str, value: Option<String>) -> String {
        let value = value.unwrap_or_default();
        if value.trim().is_empty() {
            self.fault(at, key, "is missing or empty");
        }
        value
    }

    fn id(&mut self, at: Place, key: &str, id: &str) {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if id.is_empty() || !id.chars().all(fits) {
            self.fault(at, key, "is no id; use small letters, digits, - and _");
        }
    }

    /// `word` must be one of `known`; `mend` says how to declare it.
    fn known(&mut self, at: Place, key: &str, word: &str, known: &[String], mend: &str) {
        if !known.iter().any(|k| k == word) {
            let hint = suggestion(word, known.iter().map(String::as_str));
            self.fault(at, key, format!("{word:?} is not there{hint}; {mend}"));
        }
    }

    fn decider(&mut self, at: Place, key: &str, id: &str) {
        let known = self.deciders.clone();
        self.known(at, key, id, &known, "declare it with [[decider]] or name another");
    }

    fn profile(&mut self, draft: Draft, hash: String) -> Profile {
        let top = Place::default();
        let id = self.required(top, "id", draft.id);
        self.id(top, "id", &id);
        let version = self.required(top, "version", draft.version);
        let title = self.required_text(top, "title", draft.title);
        let document = self.required(top, "document", draft.document);
        for left in &draft.without_rules {
            self.fault(top, "without_rules", format!("there is no rule {:?} to leave out", left.get_ref()));
        }
        let decides = draft.decides.unwrap_or_default();
        if decides.is_empty() {
            self.fault(top, "decides", "is missing; name who decides in the ordinary course");
        }
        for d in &decides {
            self.decider(top, "decides", d);
        }
        let review = self.review(draft.review.four_eyes, draft.review.retention_days);
        self.next_steps(&draft.next_step);
        let deciders = draft.decider.into_iter().map(|d| {
            let key = format!("decider {:?}", d.id.get_ref());
            self.id(d.at, &key, d.id.get_ref());
            self.text(d.at, &format!("{key}: name"), &d.name);
            if let Some(via) = &d.via {
                self.decider(d.at, &format!("{key}: via"), via);
                if via == d.id.get_ref() {
                    self.fault(d.at, format!("{key}: via"), "is the decider itself; name who is asked first");
                }
            }
            let decider = Decider { id: d.id.into_inner(), name: d.name, contact: d.contact };
            DeciderEntry { decider, via: d.via }
        });
        let deciders: Vec<_> = deciders.collect();
        let used_lists: BTreeSet<String> = self.questions.values().flatten().cloned().collect();
        let mut lists = Vec::new();
        for (list, l) in draft.lists {
            let key = format!("lists.{list}");
            self.id(l.at, &key, &list);
            let title = self.required_text(l.at, &format!("{key}.title"), l.title);
            let meaning = self.required_text(l.at, &format!("{key}.meaning"), l.meaning);
            let max_age_days = l.max_age_days.unwrap_or_default();
            if max_age_days < 1 {
                self.fault(
                    l.at,
                    format!("{key}.max_age_days"),
                    "is missing or below 1; say after how many days the list is stale",
                );
            }
            if !used_lists.contains(&list) {
                self.fault(l.at, &key, "no question reads this list, so that a hit on it would bear on nothing; name it in a question's lists or also");
            }
            lists.push(ListRule { list, title, meaning, max_age_days });
        }
        let mut questions = Vec::new();
        for q in draft.question {
            questions.push(self.question(q));
        }
        if questions.is_empty() {
            self.fault(top, "question", "there is none; a policy asks at least one");
        }
        self.sets_used(
            &draft.rule,
            &draft.countries.iter().map(|(k, v)| (k.clone(), v.at)).collect::<Vec<_>>(),
            "countries",
        );
        self.sets_used(
            &draft.rule,
            &draft.fields.iter().map(|(k, v)| (k.clone(), v.at)).collect::<Vec<_>>(),
            "fields",
        );
        self.sets_used(
            &draft.rule,
            &draft.scholarships.iter().map(|(k, v)| (k.clone(), v.at)).collect::<Vec<_>>(),
            "scholarships",
        );
        let mut rules = Vec::new();
        for r in draft.rule {
            rules.push(self.rule(r));
        }
        let mut countries = BTreeMap::new();
        for (id, c) in draft.countries {
            let key = format!("countries.{id}");
            let title = self.required_text(c.at, &format!("{key}.title"), c.title);
            for code in c.codes.iter().flatten() {
                self.country(c.at, &format!("{key}.codes"), code);
            }
            countries
                .insert(id, CountrySet { title, codes: c.codes.map(|codes| codes.into_iter().collect()) });
        }
        let mut fields = BTreeMap::new();
        for (id, f) in draft.fields {
            let key = format!("fields.{id}");
            let title = self.required_text(f.at, &format!("{key}.title"), f.title);
            let stated = f.stated.unwrap_or(Fact::SensitiveTechnology);
            if !matches!(
                f.stated,
                Some(Fact::SensitiveTechnology | Fact::DualUse | Fact::EnhancedSupervision)
            ) {
                self.fault(f.at, format!("{key}.stated"), "is missing or no fact of the field; use sensitive_technology, dual_use or enhanced_supervision");
            }
            let mut topics = Vec::new();
            for topic in f.topics.unwrap_or_default() {
                self.text(f.at, &format!("{key}.topics.name"), &topic.name);
                topics.push((
                    topic.name,
                    self.keywords(f.at, &format!("{key}.topics.keywords"), &topic.keywords),
                ));
            }
            fields.insert(id, FieldSet { title, stated, topics });
        }
        let mut scholarships = BTreeMap::new();
        for (id, s) in draft.scholarships {
            let key = format!("scholarships.{id}");
            let _ = self.required_text(s.at, &format!("{key}.title"), s.title);
            scholarships
                .insert(id, self.keywords(s.at, &format!("{key}.names"), &s.names.unwrap_or_default()));
        }
        let democracy = draft.democracy.map(|d| self.democracy(d.score));
        let mut interview = Vec::new();
        for i in draft.interview {
            let key = format!("interview {:?}", i.id.get_ref());
            self.text(i.at, &format!("{key}: text"), &i.text);
            self.text(i.at, &format!("{key}: intent"), &i.intent);
            let source = self.required(i.at, &format!("{key}: source"), Some(i.source));
            interview.push(InterviewQuestion { text: i.text, intent: i.intent, source });
        }
        Profile {
            id,
            version,
            hash,
            title,
            document,
            review,
            past_lowers: draft.periods.past_lowers.unwrap_or(1),
            decides,
            next_step: draft.next_step,
            deciders,
            lists,
            countries,
            fields,
            scholarships,
            democracy,
            questions,
            rules,
            interview,
        }
    }

    fn review(&mut self, four_eyes: Option<bool>, retention_days: Option<u32>) -> ReviewRule {
        let top = Place::default();
        if four_eyes.is_none() {
            self.fault(top, "review.four_eyes", "is missing; true where a second person must agree");
        }
        let days = retention_days.unwrap_or_default();
        if !(1..=MAX_RETENTION_DAYS).contains(&days) {
            let what = format!("is missing or outside 1 to {MAX_RETENTION_DAYS}; 6 to 12 months is usual");
            self.fault(top, "review.retention_days", what);
        }
        ReviewRule { four_eyes: four_eyes.unwrap_or(true), retention_days: days }
    }

    fn next_steps(&mut self, steps: &BTreeMap<Outcome, Text>) {
        for (outcome, key) in [
            (Outcome::ClearOnLists, "next_step.clear_on_lists"),
            (Outcome::QuestionForPerson, "next_step.question_for_person"),
            (Outcome::NotChecked, "next_step.not_checked"),
            (Outcome::StandingAdvice, "next_step.standing_advice"),
            (Outcome::ToBeReviewed, "next_step.to_be_reviewed"),
        ] {
            self.required_text(Place::default(), key, steps.get(&outcome).cloned());
        }
    }

    fn country(&mut self, at: Place, key: &str, code: &str) {
        if code.len() != 2 || !code.bytes().all(|b| b.is_ascii_uppercase()) {
            let what = format!("{code:?} is not an ISO 3166-1 alpha-2 code; write two capitals, such as NL");
            self.fault(at, key, what);
        }
    }

    fn keywords(&mut self, at: Place, key: &str, written: &[String]) -> Vec<Keyword> {
        if written.is_empty() {
            self.fault(at, key, "is missing or empty; without words nothing is recognised");
        }
        let mut all = Vec::new();
        for word in written {
            match Keyword::new(word) {
                Some(word) => all.push(word),
                None => self.fault(at, key, format!("{word:?} has neither letter nor digit; remove it")),
            }
        }
        all
    }

    fn democracy(&mut self, scores: Vec<super::schema::DraftScore>) -> BTreeMap<String, Score> {
        let top = Place::default();
        let mut all = BTreeMap::new();
        if scores.is_empty() {
            self.fault(top, "democracy", "has no scores; give table = \"FILE.csv\" or [[democracy.score]]");
        }
        for s in scores {
            self.country(top, "democracy.score.country", &s.country);
            let key = format!("democracy.score {}", s.country);
            if !(0.0..=10.0).contains(&s.score) {
                self.fault(top, &key, "the score lies outside 0 to 10");
            }
            if !(1900..=2200).contains(&s.year) {
                self.fault(top, &key, "the year lies outside 1900 to 2200");
            }
            if s.source.trim().is_empty() {
                self.fault(top, &key, "the source is empty; say who published the score");
            }
            let score = Score { score: s.score, year: s.year, source: s.source };
            if all.insert(s.country, score).is_some() {
                self.fault(top, &key, "stands twice; keep the year that counts");
            }
        }
        all
    }

    fn lists_declared(&mut self, at: Place, key: &str, lists: &[String]) {
        let known: Vec<String> = self.lists.keys().cloned().collect();
        for list in lists {
            self.known(
                at,
                key,
                list,
                &known,
                "declare it as [lists.ID], with title, meaning and max_age_days",
            );
        }
    }

    fn question(&mut self, q: DraftQuestion) -> Question {
        let (at, id) = (q.at, q.id.into_inner());
        let key = |part: &str| format!("question {id:?}: {part}");
        self.id(at, &key("id"), &id);
        let title = self.required_text(at, &key("title"), q.title);
        let text = self.required_text(at, &key("text"), q.text);
        let why = self.required_text(at, &key("why"), q.why);
        let source = self.required(at, &key("source"), q.source);
        let decider = self.required(at, &key("decider"), q.decider);
        if !decider.is_empty() {
            self.decider(at, &key("decider"), &decider);
        }
        let lists = q.lists.unwrap_or_default();
        let also = q.also.unwrap_or_default();
        self.lists_declared(at, &key("lists"), &lists);
        self.lists_declared(at, &key("also"), &also);
        if let Some(twice) = also.iter().find(|l| lists.contains(l)) {
            self.fault(at, key("also"), format!("{twice:?} is required by lists already; name it once"));
        }
        if q.answered_by.is_none() {
            self.fault(at, key("answered_by"), "is missing; write \"lists\" or \"person\"");
        }
        if q.answered_by == Some(AnsweredBy::Lists) && lists.is_empty() {
            self.fault(at, key("lists"), "is empty, so that nothing could answer the question; name lists, or answered_by = \"person\"");
        }
        Question {
            printed: q.printed.unwrap_or_default(),
            title,
            text,
            why,
            source,
            answered_by: q.answered_by.unwrap_or(AnsweredBy::Person),
            lists,
            also,
            findings: q.findings.unwrap_or_default(),
            roles: q.roles.unwrap_or_default(),
            decider,
            id,
        }
    }

    fn rule(&mut self, r: DraftRule) -> Rule {
        let (at, id) = (r.at, r.id.into_inner());
        let key = |part: &str| format!("rule {id:?}: {part}");
        self.id(at, &key("id"), &id);
        let questions: Vec<String> = self.questions.keys().cloned().collect();
        self.known(
            at,
            &key("question"),
            &r.question,
            &questions,
            "declare it with [[question]] or name another",
        );
        self.required(at, &key("source"), Some(r.source.clone()));
        self.text(at, &key("text"), &r.text);
        if let Some(decider) = &r.decider {
            self.decider(at, &key("decider"), decider);
        }
        let asks = r.outcome == Some(Outcome::QuestionForPerson);
        match (r.outcome, r.grade) {
            (Some(Outcome::ClearOnLists | Outcome::NotChecked), _) => {
                self.fault(at, key("outcome"), "only lists can be clear or unchecked; use standing_advice, to_be_reviewed or question_for_person");
            }
            (_, Some(_)) if asks => self.fault(at, key("grade"), "a question has no grade; remove it"),
            (_, None) if !asks => self.fault(
                at,
                key("grade"),
                "is missing; use note, conditions, case_by_case, undesirable, not_allowed_in_principle or legal_bar",
            ),
            _ => {}
        }
        let past = r.past.unwrap_or_default();
        if asks && (past.grade.is_some() || past.text.is_some()) {
            self.fault(at, key("past"), "a question is asked of the past and the present alike; remove it");
        }
        if let Some(text) = &past.text {
            self.text(at, &key("past.text"), text);
        }
        for condition in r.when.walk() {
            self.condition(at, &id, &r.question, condition);
        }
        Rule {
            question: r.question,
            source: r.source,
            outcome: r.outcome,
            grade: r.grade,
            text: r.text,
            past_grade: past.grade,
            past_text: past.text,
            decider: r.decider,
            ask_unknown: r.ask_unknown,
            when: r.when,
            id,
        }
    }

    fn condition(&mut self, at: Place, rule: &str, question: &str, condition: &Condition) {
        let key = |part: &str| format!("rule {rule:?}: when.{part}");
        if condition.is_empty() {
            self.fault(
                at,
                format!("rule {rule:?}: when"),
                "is empty and would always hold; say when the rule applies",
            );
        }
        for (name, bounds) in
            [("duration_months", condition.duration_months), ("supervisors_here", condition.supervisors_here)]
        {
            let empty = |b: &Bounds| match (b.min, b.max) {
                (None, None) => true,
                (Some(min), Some(max)) => min > max,
                _ => false,
            };
            if bounds.as_ref().is_some_and(empty) {
                self.fault(at, key(name), "no number lies within; give min, max, or both with min below max");
            }
        }
        let (fields, scholarships) = (self.fields.clone(), self.scholarships.clone());
        for id in &condition.field {
            self.known(at, &key("field"), id, &fields, "declare it as [fields.ID]");
        }
        for id in &condition.scholarship {
            self.known(at, &key("scholarship"), id, &scholarships, "declare it as [scholarships.ID]");
        }
        if let Some(part) = condition.given.iter().find(|p| condition.missing.contains(p)) {
            self.fault(
                at,
                key("missing"),
                format!("{part:?} cannot be given and missing at once; remove one"),
            );
        }
        if let Some(finding) = &condition.finding {
            self.finding(at, rule, question, finding);
        }
        if let Some(subject) = &condition.subject {
            self.subject(at, rule, subject);
        }
    }

    fn country_sets(&mut self, at: Place, key: &str, sets: &[String]) {
        let known = self.countries.clone();
        for set in sets {
            self.known(at, key, set, &known, "declare it as [countries.ID]");
        }
    }

    fn finding(&mut self, at: Place, rule: &str, question: &str, finding: &FindingCondition) {
        let key = |part: &str| format!("rule {rule:?}: when.finding.{part}");
        if *finding == FindingCondition::default() {
            self.fault(at, format!("rule {rule:?}: when.finding"), "is empty; say which findings are meant");
        }
        self.lists_declared(at, &key("list"), &finding.list);
        if let Some(read) = self.questions.get(question).cloned() {
            for list in finding
                .list
                .iter()
                .filter(|l| self.lists.contains_key(*l) && !read.contains(l))
                .cloned()
                .collect::<Vec<_>>()
            {
                let what = format!(
                    "question {question:?} does not read list {list:?}, so that the rule could not be relied upon; name it in the question's lists or also"
                );
                self.fault(at, key("list"), what);
            }
        }
        let lists: Vec<&String> = finding.list.iter().collect();
        let categories: Vec<String> = if lists.is_empty() {
            self.lists.values().flatten().cloned().collect()
        } else {
            lists.iter().filter_map(|l| self.lists.get(*l)).flatten().cloned().collect()
        };
        for category in finding.category.iter().chain(&finding.category_not) {
            let mend = "spell it as the list does, or declare it in categories of [lists.ID]";
            self.known(at, &key("category"), category, &categories, mend);
        }
        self.country_sets(at, &key("country"), &finding.country);
        self.country_sets(at, &key("country_not"), &finding.country_not);
    }

    fn subject(&mut self, at: Place, rule: &str, subject: &SubjectCondition) {
        let key = |part: &str| format!("rule {rule:?}: when.subject.{part}");
        if *subject == SubjectCondition::default() {
            self.fault(at, format!("rule {rule:?}: when.subject"), "is empty; say which subjects are meant");
        }
        self.country_sets(at, &key("country"), &subject.country);
        self.country_sets(at, &key("country_not"), &subject.country_not);
        if subject.democracy_at_most.is_some_and(|max| !(0.0..=10.0).contains(&max)) {
            self.fault(at, key("democracy_at_most"), "lies outside 0 to 10");
        }
    }

    /// A set that no rule speaks of is most likely misspelt, and would protect nobody.
    fn sets_used(&mut self, rules: &[DraftRule], sets: &[(String, Place)], kind: &str) {
        let conditions: Vec<&Condition> = rules.iter().flat_map(|r| r.when.walk()).collect();
        let used: BTreeSet<&String> = conditions
            .iter()
            .flat_map(|c| -> Vec<&String> {
                match kind {
                    "fields" => c.field.iter().collect(),
                    "scholarships" => c.scholarship.iter().collect(),
                    _ => {
                        let findings = c.finding.iter().flat_map(|f| f.country.iter().chain(&f.country_not));
                        let subjects = c.subject.iter().flat_map(|s| s.country.iter().chain(&s.country_not));
                        findings.chain(subjects).collect()
                    }
                }
            })
            .collect();
        for (id, at) in sets {
            if !used.contains(id) {
                let hint = suggestion(id, used.iter().map(|s| s.as_str()));
                self.fault(
                    *at,
                    format!("{kind}.{id}"),
                    format!("no rule speaks of it{hint}; correct its name or remove it"),
                );
            }
        }
    }
}
