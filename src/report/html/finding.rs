//! Findings beside the listed entry.

use maud::{Markup, html};

use super::foreign;
use crate::matching::{AlignmentKind, Explanation, Verdict};
use crate::report::foreign::link;
use crate::report::{Language, Report, words};
use crate::screening::case::{CaseSubject, Certainty, Finding, FindingKind, Trace};

/// All findings, in the order of the answer.
pub fn section(report: &Report<'_>) -> Markup {
    let l = report.language;
    let screened = &report.result.screened;
    html! {
        section {
            h2 { (l.pick("Findings beside the listed entry", "Bevindingen naast de vermelding op de lijst")) }
            @if screened.findings.is_empty() {
                p {
                    (l.pick("Found: ", "Gevonden: ")) (report.nothing_found()) ". "
                    (l.pick("What was checked, and as of when, stands below.", "Wat er is getoetst, en naar welke stand, staat hieronder."))
                }
            }
            @for finding in &screened.findings {
                @if let Some(subject) = screened.subjects.get(finding.subject) { (card(report, finding, subject)) }
            }
        }
    }
}

fn card(report: &Report<'_>, finding: &Finding, subject: &CaseSubject) -> Markup {
    let l = report.language;
    html! {
        article.finding.aside[finding.certainty == Certainty::SetAside] {
            div.finding-head {
                header {
                    h3 {
                        (finding.id) " · " (foreign(&subject.subject.name)) " " (words::finding(l, finding)) " "
                        @if let Some(hit) = &finding.hit { (foreign(&hit.name)) }
                    }
                    span.badge.plain { (words::certainty(l, finding.certainty)) }
                }
                @match &finding.what {
                    FindingKind::Tied { trace } => (way(l, subject, trace)),
                    FindingKind::Ownership { share, owners, .. } => {
                        p {
                            (l.pick("Together they hold", "Samen bezitten zij")) " " strong { (share) " %" } ": "
                            @for (n, owner) in owners.iter().enumerate() {
                                @if n > 0 { ", " }
                                @if let Some(o) = report.result.screened.subjects.get(*owner) {
                                    (foreign(&o.subject.name)) @if let Some(share) = o.share { " (" (share) " %)" }
                                }
                            }
                        }
                    }
                    FindingKind::Listed => {}
                }
                (sides(report, finding, subject))
            }
            @if let Some(hit) = &finding.hit {
                @match same_match(report, finding) {
                    Some(other) => p.soft { (l.pick("How the names compare stands with", "Hoe de namen zich verhouden, staat bij")) " " (other) "." },
                    None => (why(l, &hit.explanation)),
                }
            }
            @let settle: Vec<_> = report.result.questions.iter().flat_map(|q| &q.settle).filter(|s| s.finding == finding.id).collect();
            @if !settle.is_empty() {
                h4 { (l.pick("What would settle it", "Wat uitsluitsel geeft")) }
                ul { @for (n, s) in settle.iter().enumerate() {
                    // A finding that bears on two questions is settled by the same facts.
                    @if !settle[..n].iter().any(|earlier| earlier.text == s.text) { li { (foreign(l.of(&s.text))) } }
                } }
            }
        }
    }
}

/// The finding that already tells how the same names compare: a tie repeats the match that it leads to.
fn same_match<'a>(report: &Report<'a>, finding: &Finding) -> Option<&'a str> {
    let hit = finding.hit.as_ref().filter(|_| finding.what != FindingKind::Listed)?;
    let same = |other: &&Finding| {
        let reference = other.hit.as_ref().map(|h| (&h.list, &h.entity_id, &h.query_name));
        other.what == FindingKind::Listed && reference == Some((&hit.list, &hit.entity_id, &hit.query_name))
    };
    report.result.screened.findings.iter().find(same).map(|other| other.id.as_str())
}

/// The way from the subject to the listed entity, step by step.
fn way(l: Language, subject: &CaseSubject, trace: &[Trace]) -> Markup {
    html! {
        p {
            (foreign(&subject.subject.name))
            @for step in trace {
                " " em { (words::tie(l, step.tie)) } " " (foreign(&step.name))
                " " small { "(" (foreign(&words::tie_details(l, step))) ")" }
            }
        }
    }
}

/// The name on the case's side: the spelling that matched, or where a tie leads elsewhere the subject's own.
fn own_name<'a>(finding: &'a Finding, subject: &'a CaseSubject) -> &'a str {
    match (&finding.what, &finding.hit) {
        (FindingKind::Listed, Some(hit)) => &hit.query_name,
        _ => &subject.subject.name,
    }
}

fn sides(report: &Report<'_>, finding: &Finding, subject: &CaseSubject) -> Markup {
    let l = report.language;
    let facts = &finding.facts;
    let list_title = |list: &str| {
        let rule = report.result.lists.iter().find(|r| r.list == list);
        rule.map_or(list, |r| l.of(&r.title)).to_owned()
    };
    html! {
        div.sides {
            div.side {
                small { (l.pick("In this case", "In deze opgave")) }
                div.name { (foreign(own_name(finding, subject))) }
                dl.facts {
                    dt { (l.pick("Part", "Rol")) }
                    dd { (words::role(l, subject.role)) @if !subject.role_text.is_empty() { " (" (foreign(&subject.role_text)) ")" } }
                    dt { (l.pick("Tie", "Band")) } dd { (words::period(l, subject)) }
                    @if let Some(born) = subject.subject.birth_date { dt { (l.pick("Born", "Geboren")) } dd { (born) } }
                    dt { (l.pick("Field", "Veld")) } dd { code { (foreign(&subject.path)) } }
                }
            }
            @if let Some(hit) = &finding.hit {
                div.side {
                    small { (l.pick("On the list", "Op de lijst")) }
                    div.name { (foreign(&hit.matched_name)) }
                    dl.facts {
                        @if hit.name != hit.matched_name { dt { (l.pick("Listed as", "Vermeld als")) } dd { (foreign(&hit.name)) } }
                        dt { (l.pick("List", "Lijst")) } dd { (list_title(&hit.list)) ", " (foreign(&hit.entity_id)) }
                        dt { (l.pick("Match", "Match")) } dd { (words::strength(l, hit.strength)) ", " (format!("{:.2}", hit.score)) }
                        @if !facts.categories.is_empty() { dt { (l.pick("Category", "Categorie")) } dd { (foreign(&facts.categories.join("; "))) } }
                        @if hit.list == "aspi" { dt { (l.pick("Rating", "Kwalificatie")) } dd { (words::rating(l, facts.rating)) } }
                        @if !facts.programmes.is_empty() { dt { (l.pick("Programme", "Programma")) } dd { (foreign(&facts.programmes.join(", "))) } }
                        @if !facts.supervised_by.is_empty() { dt { (l.pick("Supervised by", "Valt onder")) } dd { (foreign(&facts.supervised_by.join("; "))) } }
                        @if !facts.links.is_empty() {
                            dt { (l.pick("Pages", "Pagina's")) }
                            dd { @for (n, page) in facts.links.iter().enumerate() {
                                @if n > 0 { br; }
                                @match link(page) {
                                    Some(address) => a href=(address) rel="noopener noreferrer" { (foreign(page)) },
                                    None => (foreign(page)),
                                }
                            } }
                        }
                    }
                }
            }
        }
    }
}

fn why(l: Language, why: &Explanation) -> Markup {
    html! {
        @if !why.alignments.is_empty() {
            h4 { (l.pick("Word for word: above as in the case, below as on the list", "Woord voor woord: boven zoals in de opgave, onder zoals op de lijst")) }
            ol.words { @for a in &why.alignments {
                @let (sign, word) = words::alignment(l, a.kind);
                li.against[a.kind == AlignmentKind::Conflict].alone[a.query.is_empty() || a.listed.is_empty()] {
                    span.q { (foreign(&a.query.join(" "))) }
                    span.rel { span aria-hidden="true" { (sign) " " } (word) }
                    span.l { (foreign(&a.listed.join(" "))) }
                }
            } }
        }
        @if !why.evidence.is_empty() {
            table {
                thead { tr {
                    th { (l.pick("Evidence", "Gegeven")) } th { (l.pick("Verdict", "Oordeel")) }
                    th { (l.pick("What the sides say", "Wat beide zeggen")) } th { (l.pick("Weight (bits)", "Gewicht (bits)")) }
                } }
                tbody { @for e in &why.evidence {
                    @let (sign, word) = words::verdict(l, e.verdict);
                    tr {
                        td { (words::evidence(l, e.kind)) }
                        td { span.verdict.against[e.verdict == Verdict::Conflicts].agrees[e.verdict == Verdict::Agrees] {
                            span.sign aria-hidden="true" { (sign) } (word)
                        } }
                        td { (foreign(&words::sides(l, e))) }
                        td.number { (bits(e.bits)) }
                    }
                } }
            }
        }
    }
}

/// Bits with their sign and one decimal, without a negative nought.
fn bits(bits: f64) -> String {
    if bits.abs() < 0.05 { "0".to_owned() } else { format!("{bits:+.1}") }
}
