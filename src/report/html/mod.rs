//! The report as one HTML page.

mod finding;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::foreign::visible;
use super::{Language, Report, words};
use crate::screening::case::{Case, Decider, Grade, ListGap, Outcome, QuestionOutcome};

/// The page's whole style. Nothing in it asks for anything outside the page.
pub const STYLE: &str = include_str!("style.css");

/// Names and other foreign text: escaped, made visible, isolated, in the direction of its own letters.
fn foreign(text: &str) -> Markup {
    html! { bdi dir="auto" { (visible(text)) } }
}

/// The page. Its style stands in it, or at `style_at` of whoever serves it under a policy of its own.
pub fn page(report: &Report<'_>, style_at: Option<&str>, below: Option<&Markup>) -> String {
    let l = report.language;
    let title = l.pick("Screening report", "Toetsingsrapport");
    html! {
        (DOCTYPE)
        html lang=(l.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                @if style_at.is_none() {
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                }
                meta name="referrer" content="no-referrer";
                title { (title) " " (visible(&report.result.case_id)) }
                @match style_at {
                    Some(address) => link rel="stylesheet" href=(address);,
                    None => style { (PreEscaped(STYLE)) },
                }
            }
            body {
                header {
                    @if style_at.is_some() { p.kicker { a href="/case" { "← " (l.pick("Another case", "Nog een dossier")) } } }
                    (head(report, title))
                }
                @let gaps = report.gaps();
                @if !gaps.is_empty() {
                    div.alarm role="alert" { @for gap in &gaps { p { "⚠ " (gap) } } }
                }
                main {
                    (summary(report))
                    (finding::section(report))
                    (checked(report))
                    (open(report))
                    (interview(report))
                }
                @if let Some(below) = below { (below) }
                footer { (stamp(report)) }
            }
        }
    }
    .into_string()
}

fn head(report: &Report<'_>, title: &str) -> Markup {
    let l = report.language;
    html! {
        p.kicker { (title) " · " (l.of(&report.result.policy_title)) }
        h1 { (foreign(report.subject())) }
        dl.facts {
            @for (name, value) in case_facts(report.case, l) {
                dt { (name) } dd { (foreign(&value)) }
            }
            dt { (l.pick("Case", "Dossier")) } dd { (foreign(&report.result.case_id)) }
            dt { (l.pick("Screened", "Getoetst")) } dd { (report.day()) }
        }
    }
}

/// What the head says of a case, in order. Nationality is not among it.
pub(super) fn case_facts(case: &Case, l: Language) -> Vec<(&'static str, String)> {
    let mut facts: Vec<(&str, String)> = Vec::new();
    if let Some(hire) = &case.hire {
        let c = &hire.candidate;
        facts.push((l.pick("Kind", "Soort"), l.pick("Appointment", "Aanstelling").to_owned()));
        if c.names.len() > 1 {
            facts.push((l.pick("Also written", "Ook geschreven"), c.names[1..].join("; ")));
        }
        if let Some(date) = c.birth_date {
            facts.push((l.pick("Born", "Geboren"), date.to_string()));
        }
        facts.push((l.pick("As", "Als"), words::appointment(l, hire.appointment).to_owned()));
    } else if let Some(partner) = &case.partner {
        facts.push((l.pick("Kind", "Soort"), l.pick("Partnership", "Samenwerking").to_owned()));
        let o = &partner.organisation;
        if o.names.len() > 1 {
            facts.push((l.pick("Also called", "Ook genaamd"), o.names[1..].join("; ")));
        }
        if !o.country.is_empty() {
            facts.push((l.pick("Country", "Land"), o.country.clone()));
        }
    }
    let hire = case.hire.as_ref().map(|h| &h.work);
    if let Some(work) = hire.or_else(|| case.partner.as_ref().map(|p| &p.work)) {
        if !work.field.is_empty() {
            facts.push((l.pick("Field", "Vakgebied"), work.field.clone()));
        }
        if !work.faculty.is_empty() {
            facts.push((l.pick("Faculty", "Faculteit"), work.faculty.clone()));
        }
    }
    facts
}

fn badge(l: Language, outcome: Outcome) -> Markup {
    let (sign, word) = words::outcome(l, outcome);
    html! { span.badge.(words::outcome_class(outcome)) { span.sign aria-hidden="true" { (sign) } (word) } }
}

fn decider(l: Language, decider: &Decider) -> Markup {
    html! {
        (l.of(&decider.name))
        @if !decider.contact.is_empty() { " (" (decider.contact) ")" }
    }
}

fn summary(report: &Report<'_>) -> Markup {
    let l = report.language;
    let result = report.result;
    html! {
        section {
            h2 { (l.pick("Summary and next step", "Samenvatting en volgende stap")) }
            div.next {
                p { (l.of(&result.next_step.text)) }
                @for d in result.next_step.deciders.iter().filter(|d| !d.contact.is_empty()) { p { (decider(l, d)) } }
                p.soft { (l.pick(
                    "This report lays out what the lists say. It decides nothing; people do.",
                    "Dit rapport zet op een rij wat de lijsten zeggen. Het besluit niets; dat doen mensen.",
                )) }
            }
            table.outcomes {
                thead { tr {
                    th { span aria-hidden="true" { "" } }
                    th { (l.pick("Question", "Vraag")) }
                    th { (l.pick("Outcome", "Uitkomst")) }
                    th { (l.pick("In short", "In het kort")) }
                } }
                tbody { @for q in &result.questions { tr {
                    td.letter { (q.printed) }
                    td { (l.of(&q.title)) }
                    td { (badge(l, q.outcome)) }
                    td { (l.of(&q.summary)) }
                } } }
            }
            @let advised: Vec<&QuestionOutcome> = result.questions.iter().filter(|q| !q.advice.is_empty()).collect();
            @if !advised.is_empty() {
                h3 { (l.pick("Standing advice of the policy", "Vast advies van het beleid")) }
                @for q in advised { (advice(l, q)) }
            }
        }
    }
}

fn advice(l: Language, q: &QuestionOutcome) -> Markup {
    html! {
        h4 { (l.of(&q.title)) }
        @for a in &q.advice {
            div.advice-item.heavy[a.grade >= Grade::Undesirable] {
                p {
                    strong { (words::grade(l, a.grade)) } ": " (l.of(&a.text))
                    @if !a.findings.is_empty() { " [" (a.findings.join(", ")) "]" }
                }
                p.soft {
                    (a.source)
                    @if let Some(d) = &a.decider { " · " (l.pick("decides or advises:", "besluit of advies:")) " " (decider(l, d)) }
                }
            }
        }
    }
}

fn checked(report: &Report<'_>) -> Markup {
    let l = report.language;
    let screened = &report.result.screened;
    let found = |i: usize| -> Vec<&str> {
        screened.findings.iter().filter(|f| f.subject == i).map(|f| f.id.as_str()).collect()
    };
    html! {
        section {
            h2 { (l.pick("What was checked, against which lists", "Wat is getoetst, aan welke lijsten")) }
            table {
                thead { tr {
                    th { (l.pick("List", "Lijst")) } th { (l.pick("As of", "Stand")) }
                    th { (l.pick("Imported", "Ingelezen")) } th { (l.pick("Age", "Ouderdom")) }
                    th { (l.pick("State", "Toestand")) }
                } }
                tbody {
                    @for list in &screened.stamp.lists {
                        @let rule = report.result.lists.iter().find(|r| r.list == list.list);
                        @let stale = screened.gaps.iter().any(|g| matches!(g, ListGap::Stale { list: s, .. } if *s == list.list));
                        tr.stale[stale] {
                            td {
                                (rule.map_or_else(|| foreign(&list.list), |r| html! { (l.of(&r.title)) }))
                                @if let Some(r) = rule { br; small { (l.of(&r.meaning)) } }
                            }
                            td.short { (list.as_of.get(..10).unwrap_or(l.pick("not said", "niet vermeld"))) }
                            td.short { (list.imported.get(..10).unwrap_or("")) }
                            td.short { (words::days(l, list.age_days)) }
                            td {
                                @if stale { strong { "⚠ " (l.pick("too old: cannot be relied upon", "te oud: niet op te vertrouwen")) } }
                                @else if screened.stamp.demo { strong { (l.pick("demonstration list", "demonstratielijst")) } }
                                @else { (l.pick("fresh enough", "recent genoeg")) }
                                @if let Some(r) = rule { br; small { (l.pick("at most", "hoogstens")) " " (words::days(l, r.max_age_days)) } }
                            }
                        }
                    }
                    @for gap in &screened.gaps {
                        @if let ListGap::Missing { list } = gap {
                            @let rule = report.result.lists.iter().find(|r| r.list == *list);
                            tr.stale {
                                td { (rule.map_or_else(|| foreign(list), |r| html! { (l.of(&r.title)) })) }
                                td colspan="3" { "–" }
                                td { strong { "⚠ " (l.pick("not loaded: nothing was checked against it", "niet geladen: hieraan is niets getoetst")) } }
                            }
                        }
                    }
                }
            }
            table {
                thead { tr {
                    th { (l.pick("Who or what", "Wie of wat")) } th { (l.pick("Part in the case", "Rol in de opgave")) }
                    th { (l.pick("Tie", "Band")) } th { (l.pick("Found", "Gevonden")) }
                } }
                tbody { @for (i, s) in screened.subjects.iter().enumerate() {
                    tr {
                        td {
                            (foreign(&s.subject.name))
                            @if !s.subject.aliases.is_empty() { br; small { @for (n, a) in s.subject.aliases.iter().enumerate() { @if n > 0 { "; " } (foreign(a)) } } }
                        }
                        td {
                            (words::role(l, s.role))
                            @if !s.role_text.is_empty() { " (" (foreign(&s.role_text)) ")" }
                            @if let Some(since) = &s.on_file_since { br; small { (l.pick("from the register on file, as of", "uit het register, stand")) " " (visible(since)) } }
                        }
                        td { (words::period(l, s)) @if let Some(share) = s.share { ", " (share) " %" } }
                        td {
                            @let ids = found(i);
                            @if ids.is_empty() { (report.nothing_found()) } @else { strong { (ids.join(", ")) } }
                        }
                    }
                } }
            }
        }
    }
}

fn open(report: &Report<'_>) -> Markup {
    let l = report.language;
    html! {
        section {
            h2 { (l.pick("Questions and open points", "Vragen en open punten")) }
            @for q in &report.result.questions {
                article.question {
                    header {
                        h3 { @if !q.printed.is_empty() { (q.printed) " · " } (l.of(&q.title)) }
                        (badge(l, q.outcome))
                    }
                    p { (l.of(&q.text)) }
                    p.soft { (l.of(&q.why)) }
                    @let open: Vec<_> = q.settle.iter().collect();
                    @if !open.is_empty() {
                        ul.open { @for s in open { li {
                            "☐ "
                            @if !s.finding.is_empty() { strong { (s.finding) } ": " }
                            (foreign(l.of(&s.text)))
                            @if !s.path.is_empty() { " " small { "(" (visible(&s.path)) ")" } }
                        } } }
                    }
                    p.soft {
                        @if let Some(d) = &q.decider {
                            (l.pick("Answered or advised on by:", "Antwoord of advies:")) " " (decider(l, d))
                        }
                        @if !q.source.is_empty() { " · " (q.source) }
                    }
                }
            }
        }
    }
}

fn interview(report: &Report<'_>) -> Markup {
    let l = report.language;
    html! {
        @if !report.result.interview.is_empty() {
            section {
                h2 { (l.pick("For the interview", "Voor het gesprek")) }
                ol { @for i in &report.result.interview { li {
                    p { (l.of(&i.text)) }
                    p.soft { (l.pick("Meant to bring out: ", "Bedoeld om boven tafel te krijgen: ")) (l.of(&i.intent)) " · " (i.source) }
                } } }
            }
        }
    }
}

fn stamp(report: &Report<'_>) -> Markup {
    let l = report.language;
    let result = report.result;
    let stamp = &result.screened.stamp;
    html! {
        div.stamp {
            p { (l.pick("What this answer rests on, so that it can be derived again:", "Waarop dit antwoord rust, zodat het opnieuw is af te leiden:")) }
            dl.facts {
                dt { (l.pick("Snapshot", "Momentopname")) } dd { (visible(&stamp.snapshot)) @if stamp.demo { " (" (l.pick("demonstration", "demonstratie")) ")" } }
                dt { (l.pick("Matcher, threshold", "Vergelijker, drempel")) } dd { (stamp.matcher) ", " (stamp.threshold) }
                dt { (l.pick("Policy", "Beleid")) } dd { (result.policy) " " (result.policy_version) ", BLAKE3 " (result.policy_hash) }
                dt { (l.pick("Decision and keeping", "Besluit en bewaren")) }
                dd {
                    @if result.review.four_eyes { (l.pick("two people must agree", "twee personen moeten instemmen")) }
                    @else { (l.pick("one person decides", "één persoon beslist")) }
                    ", " (l.pick("purged after", "verwijderd na")) " " (words::days(l, i64::from(result.review.retention_days)))
                }
            }
        }
    }
}
