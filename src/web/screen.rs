//! Screening one person or organisation by form.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};

use crate::model::Entity;
use crate::report::Language;
use crate::review::Occasion;
use crate::review::audit::{Asked, Receipt};
use crate::screening::{Answer, Hit, Options, Screener, Subject, SubjectKind};
use crate::service::{Deadline, Failure, Shared};

use super::caller::occasion;
use super::form::{Form, Sent};
use super::hit::Pair;
use super::subject::{Extent, Wrong, fields, read};
use super::text::foreign;
use super::view::{Place, View, as_of, screener_to_ask};
use super::watched::{Offered, Offering};
use super::{fault, hit, words as w};

/// Names of a million people from which a name is called common: about as many as carry one of the few
/// hundred commonest full names of a large country.
const COMMON_PER_MILLION: f64 = 100.0;

/// An answer with the entries that it names.
struct Answered {
    subject: Subject,
    answer: Answer,
    /// By hit, then by entry set aside.
    entries: Vec<Option<Entity>>,
    /// What the record of it says; without a number where nothing is recorded.
    receipt: Receipt,
}

/// The empty form.
pub(super) async fn page(view: View, State(shared): State<Arc<Shared>>) -> Response {
    let l = view.language;
    let body = html! {
        h1 { (w::screen_title(l)) }
        p.lead { (w::screen_lead(l)) }
        (form(&view, &shared, &Form::default(), &[]))
    };
    view.page(&shared, Place::Screen, w::screen(l), body)
}

/// Screens what the form says.
pub(super) async fn answer(view: View, State(shared): State<Arc<Shared>>, Sent(sent): Sent) -> Response {
    let l = view.language;
    let sent = match view.believed(&shared, sent) {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let subject = match read(l, &sent, "") {
        Ok(subject) => subject,
        Err(wrong) => return refused(&view, &shared, &sent, &wrong),
    };
    let Ok(occasion) = occasion(&view.caller, sent.get("purpose"), sent.get("case_reference")) else {
        let wrong = Wrong { field: "purpose", what: w::occasion_wrong(l).to_owned() };
        return refused(&view, &shared, &sent, &[wrong]);
    };
    let screener = match screener_to_ask(&view, &shared) {
        Ok(screener) => screener,
        Err(page) => return *page,
    };
    let offered = |subject: &Subject, sent: &Form| Offered {
        subject: subject.clone(),
        reference: sent.get("case_reference").trim().to_owned(),
        about: String::new(),
    };
    match screened(&shared, screener, subject, occasion).await {
        Ok(answered) => {
            let body = html! {
                h1 { (w::outcome_title(l)) }
                (outcome(l, &answered))
                @if let Some(offering) = Offering::of(&view, &shared) {
                    (offering.form(&[offered(&answered.subject, &sent)], sent.get("purpose").trim()))
                }
                details {
                    summary { (w::change_and_again(l)) }
                    (form(&view, &shared, &sent, &[]))
                }
            };
            view.page(&shared, Place::Screen, w::outcome_title(l), body)
        }
        Err(failure) => fault::page(&view, &shared, &failure),
    }
}

/// For what and for which case one screens: recorded with the answer.
pub(super) fn occasion_fields(l: Language, sent: &Form, wrong: &[Wrong]) -> Markup {
    let is_wrong = wrong.iter().any(|w| w.field == "purpose");
    html! {
        @for (name, label, hint) in [
            ("purpose", w::purpose(l), w::purpose_hint(l)),
            ("case_reference", w::case_reference(l), w::case_reference_hint(l)),
        ] {
            div.field {
                label for=(name) { (label) }
                span.hint id={ (name) "-hint" } { (hint) }
                input type="text" id=(name) name=(name) value=(sent.get(name)) maxlength="128" autocomplete="off"
                    aria-invalid=[is_wrong.then_some("true")] aria-describedby={ (name) "-hint" };
            }
        }
    }
}

/// The form again, with what is wrong with it.
fn refused(view: &View, shared: &Shared, sent: &Form, wrong: &[Wrong]) -> Response {
    let l = view.language;
    let body = html! {
        h1 { (w::screen_title(l)) }
        (faults(l, wrong))
        (form(view, shared, sent, wrong))
    };
    view.page_with(StatusCode::UNPROCESSABLE_ENTITY, shared, Place::Screen, w::screen(l), body)
}

/// What is wrong, with links to the fields.
pub(super) fn faults(l: Language, wrong: &[Wrong]) -> Markup {
    html! {
        div.faults role="alert" {
            strong { (w::please_mend(l)) }
            ul { @for one in wrong { li { a href={ "#" (one.field) } { (one.what) } } } }
        }
    }
}

fn form(view: &View, shared: &Shared, sent: &Form, wrong: &[Wrong]) -> Markup {
    let l = view.language;
    html! {
        form.card method="post" action="/screen" {
            (view.token_field())
            div.fields {
                (fields(l, sent, "", Extent::Full, wrong))
                @if shared.config.records.is_some() { (occasion_fields(l, sent, wrong)) }
            }
            div.actions {
                button type="submit" { (w::screen_button(l)) }
                span.hint { (w::screen_hint(l)) }
            }
        }
    }
}

async fn screened(
    shared: &Shared,
    screener: Arc<Screener>,
    subject: Subject,
    occasion: Occasion,
) -> Result<Answered, Failure> {
    let deadline = Deadline::default().within(shared.config.longest_call);
    let recorder = shared.recorder(&screener);
    let work = move |wanted: &crate::service::Wanted<'_, _>| {
        let now = jiff::Timestamp::now();
        let answer = screener.screen_until(&subject, &Options::default(), now, &|| wanted.cancelled())?;
        let draft = recorder.map(|recorder| {
            let asked = Asked { id: "", row: 0, reference: "", subject: &subject, answer: &answer };
            recorder.screening(&occasion, &screener, now, &[asked])
        });
        let all = answer.hits.iter().chain(&answer.set_aside);
        let entry = |hit: &Hit| screener.snapshot().entity(&hit.list, &hit.entity_id);
        let entries = all.map(entry).collect::<Result<_, _>>()?;
        Ok((Answered { subject, answer, entries, receipt: Receipt::default() }, draft))
    };
    let (answered, draft): (Answered, _) = shared.workers.run(deadline, work).await?;
    shared.metrics.screened(&answered.answer);
    let receipt = shared.recorded(draft, deadline).await?;
    Ok(Answered { receipt, ..answered })
}

fn outcome(l: Language, answered: &Answered) -> Markup {
    let Answered { subject, answer, entries, receipt } = answered;
    let found = answer.hits.len();
    html! {
        section.{ "card outcome " (if found == 0 { "clear" } else { "look" }) } {
            span.sign aria-hidden="true" { (if found == 0 { "○" } else { "△" }) }
            div {
                h2 { (foreign(&subject.name)) ": " (w::matches(l, answer.total_hits)) }
                @if found == 0 {
                    p { (w::nothing_found(l)) }
                } @else {
                    p { (w::something_found(l)) }
                    @if answer.total_hits > found { p { (w::best_shown(l)) " " (found) "." } }
                }
                (how_common(l, subject, answer))
                p.small {
                    (w::rests_on(l)) " "
                    @for (n, list) in answer.stamp.lists.iter().enumerate() {
                        @if n > 0 { " · " }
                        (foreign(&list.list)) " " (w::as_of_lower(l)) " " (as_of(&list.as_of, &list.imported))
                        @if list.stale { " (⚠ " (w::too_old(l)) ")" }
                    }
                    @if receipt.number > 0 { " · " (w::recorded(l)) " " (receipt.number) }
                }
            }
        }
        @for ((n, hit), entry) in (1..).zip(&answer.hits).zip(entries) {
            @let standing = receipt.standings.get(n - 1);
            (hit::card(l, n, &Pair { subject, hit, listed: entry.as_ref(), standing }, false))
        }
        @if !answer.set_aside.is_empty() {
            h2 { (w::set_aside_title(l)) }
            p { (w::set_aside_meaning(l)) }
            @for ((n, hit), entry) in (1..).zip(&answer.set_aside).zip(&entries[found..]) {
                (hit::card(l, n, &Pair { subject, hit, listed: entry.as_ref(), standing: None }, true))
            }
        }
    }
}

/// How common the name is, and what that means for the answer.
fn how_common(l: Language, subject: &Subject, answer: &Answer) -> Markup {
    let Some(per_million) =
        answer.namesakes_per_million.filter(|_| subject.kind != SubjectKind::Organisation)
    else {
        return html! {};
    };
    html! {
        p.soft {
            (w::name_frequency(l)) " "
            @if per_million < 0.1 { (w::rarer_than_all(l)) }
            @else if per_million < 10.0 { (format!("{per_million:.1}")) " " (w::of_a_million(l)) }
            @else { (format!("{per_million:.0}")) " " (w::of_a_million(l)) }
            ". "
            @if per_million >= COMMON_PER_MILLION {
                (w::name_says_little(l)) " "
                @if subject.birth_date.is_none() { (w::ask_birth_date(l)) }
            }
        }
    }
}
