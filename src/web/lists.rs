//! The lists, their age and their issues.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};

use crate::report::{Language, days};
use crate::screening::Screener;
use crate::service::Shared;
use crate::sources::{Issue, Severity};

use super::text::{day, foreign};
use super::view::{Place, View, as_of, screener, stamp};
use super::words as w;

/// Issues shown per list; the command line shows all that are kept.
const ISSUES_SHOWN: usize = 200;

/// The page.
pub(super) async fn page(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    let screener = match screener(&view, &shared) {
        Ok(screener) => screener,
        Err(page) => return *page,
    };
    let manifest = screener.snapshot().manifest();
    let body = html! {
        h1 { (w::lists_title(l)) }
        p.lead { (w::lists_lead(l)) }
        (overview(l, &screener))
        @for list in &manifest.lists {
            section.card #{ "list-" (list.list) } {
                h2 { (foreign(&list.title)) }
                dl.facts {
                    dt { (w::as_of(l)) } dd { (as_of(&list.as_of, &list.imported)) @if list.as_of.is_empty() { " (" (w::date_of_import(l)) ")" } }
                    @if !list.edition.is_empty() { dt { (w::edition(l)) } dd { (foreign(&list.edition)) } }
                    dt { (w::imported(l)) } dd { (day(&list.imported)) }
                    dt { (w::read_from(l)) } dd { (foreign(&list.sources.join(", "))) }
                    dt { (w::holds(l)) } dd {
                        (number(list.counts.persons)) " " (w::persons(l)) ", "
                        (number(list.counts.organisations)) " " (w::organisations(l)) ", "
                        (number(list.counts.names)) " " (w::names(l))
                    }
                    dt { (w::fingerprint(l)) } dd { code { (list.content_hash.get(..16).unwrap_or(&list.content_hash)) } }
                }
                @for lender in &list.lenders {
                    p.soft { (w::names_lent_by(l)) " " (foreign(&lender.lender)) ": " (number(lender.entities)) " " (w::entries(l)) "." }
                }
                (issues(l, list.issue_count, &list.issues))
            }
        }
        @for register in &manifest.registers {
            section.card {
                h2 { (foreign(&register.title)) }
                p.soft { (w::register_is_no_list(l)) }
                dl.facts {
                    dt { (w::as_of(l)) } dd { (as_of(&register.as_of, &register.imported)) }
                    dt { (w::holds(l)) } dd {
                        (number(register.counts.organisations)) " " (w::organisations(l)) ", "
                        (number(register.counts.seats)) " " (w::seats(l))
                    }
                }
                (issues(l, register.issue_count, &register.issues))
            }
        }
        p.small { (w::snapshot(l)) " " code { (manifest.id) } ", " (manifest.created.get(..16).unwrap_or(&manifest.created)) }
    };
    view.page(&shared, Place::Lists, w::lists(l), body)
}

/// All lists in one table: what stands behind every answer.
pub(super) fn overview(l: Language, screener: &Screener) -> Markup {
    let manifest = screener.snapshot().manifest();
    let stamp = stamp(screener);
    html! {
        div.table-frame tabindex="0" role="region" aria-label=(w::lists_title(l)) {
            table {
                caption.hidden { (w::lists_title(l)) }
                thead { tr {
                    th scope="col" { (w::list(l)) } th scope="col" { (w::as_of(l)) }
                    th scope="col" { (w::age(l)) } th.number scope="col" { (w::persons_heading(l)) }
                    th.number scope="col" { (w::organisations_heading(l)) } th scope="col" { (w::state(l)) }
                } }
                tbody {
                    @for list in &manifest.lists {
                        @let age = stamp.lists.iter().find(|s| s.list == list.list);
                        tr {
                            th scope="row" { a href={ "/lists#list-" (list.list) } { (foreign(&list.title)) } }
                            td.date { (as_of(&list.as_of, &list.imported)) }
                            td { (age.map_or_else(String::new, |a| days(l, a.age_days))) }
                            td.number { (number(list.counts.persons)) }
                            td.number { (number(list.counts.organisations)) }
                            td {
                                @if stamp.demo { (mark("⚠", "warn", w::demonstration(l))) }
                                @else if age.is_some_and(|a| a.stale) { (mark("⚠", "warn", w::too_old(l))) }
                                @else { (mark("✓", "good", w::fresh(l))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A state in a sign and a word, so that it needs no colour.
fn mark(sign: &str, class: &str, word: &str) -> Markup {
    html! { span.mark.(class) { span aria-hidden="true" { (sign) } " " (word) } }
}

fn issues(l: Language, count: u64, issues: &[Issue]) -> Markup {
    if count == 0 {
        return html! { p.soft { (w::no_issues(l)) } };
    }
    let shown = issues.len().min(ISSUES_SHOWN);
    html! {
        details {
            summary { (number(count)) " " (w::issues(l)) }
            p.soft { (w::issues_meaning(l)) }
            ul.issues lang="en" {
                @for issue in &issues[..shown] {
                    li {
                        span.place { (foreign(&issue.place)) } " " (foreign(&issue.what))
                        @if issue.severity == Severity::Record { " " strong { (w::left_out(l)) } }
                    }
                }
            }
            @if count > shown as u64 { p.soft { (w::and_more(l)) " " (number(count - shown as u64)) } }
        }
    }
}

/// A number with thin spaces between its thousands, as both languages read it.
pub(super) fn number(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + 6);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_are_parted() {
        for (n, text) in
            [(0, "0"), (999, "999"), (1_000, "1\u{202f}000"), (1_234_567, "1\u{202f}234\u{202f}567")]
        {
            assert_eq!(super::number(n), text);
        }
    }
}
