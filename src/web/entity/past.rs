//! What changed in an entry between the editions of its list that are kept.

use maud::{Markup, html};

use crate::index::diff::{Change, FieldChange, ListEdition, Past, Step};
use crate::report::Language;

use super::super::text::foreign;
use super::super::view::as_of;
use super::super::words as w;

/// The entry's past, newest first.
pub(super) fn changes(l: Language, past: &Past) -> Markup {
    let Some(since) = &past.since else { return html! {} };
    html! {
        section.card #changes {
            h2 { (w::changes(l)) }
            @if past.steps.is_empty() {
                p { (w::no_changes(l)) " " (day(since)) "." }
            } @else {
                ol.timeline { @for step in &past.steps { li { (told(l, step)) } } }
                p.small { (w::oldest_kept(l)) " " (day(since)) "." }
            }
            @if past.is_cut { p.small { (w::older_unreadable(l)) } }
        }
    }
}

fn day(edition: &ListEdition) -> Markup {
    foreign(as_of(&edition.as_of, &edition.imported))
}

/// The days of both editions; of two of one day the times of their import tell which is which.
fn between(step: &Step) -> [String; 2] {
    let both = [&step.before, &step.after];
    let days = both.map(|edition| as_of(&edition.as_of, &edition.imported));
    if days[0] != days[1] {
        return days.map(str::to_owned);
    }
    // 2026-01-31T10:20:30… as RFC 3339 writes it.
    both.map(|edition| edition.imported.get(..19).unwrap_or(&edition.imported).replace('T', " "))
}

fn told(l: Language, step: &Step) -> Markup {
    html! {
        strong { (foreign(&between(step).join(" → "))) } " "
        @match &step.change {
            Change::Added(_) => span.mark.warn { span aria-hidden="true" { "+ " } (w::entry_added(l)) },
            Change::Removed(_) => span.mark.good { span aria-hidden="true" { "− " } (w::entry_removed(l)) },
            Change::Changed { fields, .. } => {
                @if fields.is_empty() { (w::only_order_changed(l)) }
                dl.facts { @for change in fields { (field(l, change)) } }
            }
        }
    }
}

/// A field's values: those that are gone, then those that came.
fn field(l: Language, change: &FieldChange) -> Markup {
    html! {
        dt { (w::entry_field(l, change.field.as_str())) }
        dd { ul {
            @for value in &change.removed {
                li { span aria-hidden="true" { "− " } span.small { (w::was(l)) " " } del.was { (foreign(value)) } }
            }
            @for value in &change.added {
                li { span aria-hidden="true" { "+ " } span.small { (w::is_now(l)) " " } ins.is { (foreign(value)) } }
            }
        } }
    }
}
