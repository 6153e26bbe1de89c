//! Two names side by side, without any list.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::report::Language;
use crate::screening::{Comparison, Screener, Subject};
use crate::service::{Deadline, Shared};

use super::form::{Form, Sent};
use super::subject::{Extent, Wrong, fields, read};
use super::text::foreign;
use super::view::{Place, View};
use super::{fault, hit, words as w};

/// What the fields of the two sides begin with.
const SIDES: [&str; 2] = ["a_", "b_"];

/// The empty form.
pub(super) async fn page(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    let body = html! {
        h1 { (w::compare_title(l)) }
        p.lead { (w::compare_lead(l)) }
        (form(&view, &Form::default(), [&[], &[]]))
    };
    view.page(&shared, Place::Compare, w::compare(l), body)
}

/// Compares what the form says.
pub(super) async fn answer(view: View, State(shared): State<Arc<Shared>>, Sent(sent): Sent) -> Response {
    let l = view.language;
    let sent = match view.believed(&shared, sent) {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let (given, listed) = match SIDES.map(|side| read(l, &sent, side)) {
        [Ok(given), Ok(listed)] => (given, listed),
        [given, listed] => {
            let wrong = [given, listed].map(|side| side.err().unwrap_or_default());
            let body = html! {
                h1 { (w::compare_title(l)) }
                div.faults role="alert" { strong { (w::please_mend(l)) } }
                (form(&view, &sent, [&wrong[0], &wrong[1]]))
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return view.page_with(status, &shared, Place::Compare, w::compare(l), body);
        }
    };
    let deadline = Deadline::default().within(shared.config.longest_call);
    let compared = shared
        .workers
        .run(deadline, move |wanted| {
            let comparison = Screener::compare_until(&given, &listed, None, &|| wanted.cancelled())?;
            Ok((given, listed, comparison))
        })
        .await;
    match compared {
        Ok((given, listed, comparison)) => {
            let body = html! {
                h1 { (w::compare_title(l)) }
                (outcome(l, &given, &listed, &comparison))
                details { summary { (w::change_and_again(l)) } (form(&view, &sent, [&[], &[]])) }
            };
            view.page(&shared, Place::Compare, w::compare(l), body)
        }
        Err(failure) => fault::page(&view, &shared, &failure),
    }
}

fn form(view: &View, sent: &Form, wrong: [&[Wrong]; 2]) -> Markup {
    let l = view.language;
    html! {
        form.card method="post" action="/compare" {
            (view.token_field())
            div.sides {
                @for ((side, wrong), title) in SIDES.into_iter().zip(wrong).zip([w::one_side(l), w::other_side(l)]) {
                    section aria-label=(title) {
                        h2 { (title) }
                        div.fields { (fields(l, sent, side, Extent::Short, wrong)) }
                    }
                }
            }
            div.actions { button type="submit" { (w::compare(l)) } }
        }
    }
}

fn outcome(l: Language, given: &Subject, listed: &Subject, comparison: &Comparison) -> Markup {
    html! {
        article.card.hit {
            header {
                h2 { (foreign(&given.name)) " – " (foreign(&listed.name)) }
                @match comparison.strength {
                    Some(strength) => (hit::strength_mark(l, strength, false)),
                    None => span.mark { span aria-hidden="true" { "○" } " " (w::not_alike(l)) },
                }
            }
            div.inside {
                p.why { (hit::why(l, &comparison.explanation)) }
                div.sides {
                    @for (subject, title) in [(given, w::one_side(l)), (listed, w::other_side(l))] {
                        div.side {
                            span.small { (title) }
                            div.name { (foreign(&subject.name)) }
                            dl.facts { (hit::given(l, subject, &subject.name)) }
                        }
                    }
                }
                (hit::comparison(l, &comparison.explanation))
            }
        }
    }
}
