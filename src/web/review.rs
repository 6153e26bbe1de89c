//! The review queue: suspected matches, what people decide on them, and why they come back.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde::Deserialize;

use crate::model::Entity;
use crate::report::Language;
use crate::review::queue::{
    Decision, Etag, Event, FieldChange, MatchFilter, MatchPage, MatchState, Outcome, QueueError, Side,
    SuspectedMatch, Verdict,
};
use crate::service::{Deadline, Failure, Reason, Shared};

use super::form::{Form, Sent};
use super::lists::number;
use super::text::{foreign, segment};
use super::view::{Place, View};
use super::watched::{Offered, Offering};
use super::{fault, hit, words as w};

/// Suspected matches on a page.
const PAGE_SIZE: usize = 25;

/// The filters as they stand in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    list: String,
    assignee: String,
    case: String,
    name: String,
    page: String,
}

impl Asked {
    fn filter(&self) -> MatchFilter {
        MatchFilter {
            states: match self.state.as_str() {
                "all" => Vec::new(),
                "confirmed" => vec![MatchState::Confirmed],
                "cleared" => vec![MatchState::Cleared],
                "open" => vec![MatchState::Open],
                "in_review" => vec![MatchState::InReview],
                // What waits for somebody.
                _ => vec![MatchState::Open, MatchState::InReview],
            },
            list: self.list.trim().to_owned(),
            assignee: self.assignee.trim().to_owned(),
            case_reference: self.case.trim().to_owned(),
            name: self.name.trim().to_owned(),
            ..MatchFilter::default()
        }
    }

    fn next(&self, page: &str) -> String {
        let parts = [
            ("state", self.state.as_str()),
            ("list", &self.list),
            ("assignee", &self.assignee),
            ("case", &self.case),
            ("name", &self.name),
            ("page", page),
        ];
        let said = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", segment(value))).collect();
        format!("/review?{}", said.join("&"))
    }
}

/// The address of a suspected match.
pub(super) fn address(id: &str) -> String {
    format!("/review/{}", segment(id))
}

/// The queue.
pub(super) async fn queue(
    view: View,
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let l = view.language;
    let unreadable = || Failure::new(Reason::InvalidRequest, "the address cannot be read");
    let records = match shared.records() {
        Ok(records) => records,
        Err(failure) => return fault::page(&view, &shared, &failure),
    };
    let Ok(Query(asked)) = asked else { return fault::page(&view, &shared, &unreadable()) };
    let page = match records.queue.list(&asked.filter(), PAGE_SIZE, &asked.page).await {
        Ok(page) => page,
        Err(error) => return fault::page(&view, &shared, &error.into()),
    };
    if view.wants_part {
        return view.part(matches(l, &asked, &page));
    }
    let body = html! {
        h1 { (w::review_title(l)) }
        p.lead { (w::review_lead(l)) }
        (filters(l, &shared, &asked))
        div #results aria-live="polite" { (matches(l, &asked, &page)) }
    };
    view.page(&shared, Place::Review, w::review(l), body)
}

fn filters(l: Language, shared: &Shared, asked: &Asked) -> Markup {
    let states = [
        ("", w::to_do(l)),
        ("open", w::match_state(l, MatchState::Open)),
        ("in_review", w::match_state(l, MatchState::InReview)),
        ("cleared", w::match_state(l, MatchState::Cleared)),
        ("confirmed", w::match_state(l, MatchState::Confirmed)),
        ("all", w::all_states(l)),
    ];
    let screener = shared.screener().ok();
    let lists = screener.iter().flat_map(|s| &s.snapshot().manifest().lists);
    html! {
        form.card role="search" method="get" action="/review" hx-get="/review" hx-target="#results"
            hx-trigger="submit, input delay:300ms, change" hx-replace-url="true" hx-sync="this:replace" {
            div.filters {
                div.field {
                    label for="state" { (w::state_heading(l)) }
                    select #state name="state" {
                        @for (value, text) in states { option value=(value) selected[asked.state == value] { (text) } }
                    }
                }
                div.field {
                    label for="list" { (w::list(l)) }
                    select #list name="list" {
                        option value="" { (w::all_lists(l)) }
                        @for list in lists { option value=(list.list) selected[asked.list == list.list] { (list.title) } }
                    }
                }
                @for (name, label, value) in [
                    ("name", w::name(l), &asked.name),
                    ("assignee", w::assignee(l), &asked.assignee),
                    ("case", w::case_reference(l), &asked.case),
                ] {
                    div.field {
                        label for=(name) { (label) }
                        input type="text" id=(name) name=(name) value=(value) maxlength="200" dir="auto" autocomplete="off";
                    }
                }
            }
            div.actions { button.plain type="submit" { (w::filter(l)) } }
        }
    }
}

fn matches(l: Language, asked: &Asked, page: &MatchPage) -> Markup {
    html! {
        @if page.matches.is_empty() {
            div.card { h2 { (w::nothing_waits(l)) } p.soft { (w::nothing_waits_more(l)) } }
        } @else {
            p.soft { strong { (number(u64::try_from(page.total).unwrap_or(0))) } " " (if page.total == 1 { w::one_suspected_match(l) } else { w::suspected_matches(l) }) }
            ul.found.card { @for found in &page.matches { (line(l, found)) } }
            nav.pages aria-label=(w::pages(l)) {
                @if asked.page.is_empty() { span {} } @else { a href=(asked.next("")) { (w::first_page(l)) } }
                @if !page.next.is_empty() { a.button.plain href=(asked.next(&page.next)) rel="next" { (w::next_page(l)) } }
            }
        }
    }
}

fn line(l: Language, found: &SuspectedMatch) -> Markup {
    html! {
        li {
            h3 { a href=(address(&found.id)) { (foreign(&found.subject.name)) " – " (foreign(&found.hit.name)) } }
            ul.chips {
                li { (state_mark(l, found.state)) }
                li { (hit::strength_mark(l, found.hit.strength, false)) }
                @if !found.difference.is_empty() { li.mark.warn { "↺ " (w::came_back(l)) } }
                @if found.proposal.is_some() { li.mark.calm { (w::waits_for_second(l)) } }
            }
            p.small {
                (foreign(&found.hit.list)) " " (foreign(&found.hit.entity_id)) " · " (w::since(l)) " " (instant(found.raised))
                @if !found.assignee.is_empty() { " · " (foreign(&found.assignee)) }
                @if !found.case_reference.is_empty() { " · " (w::case_reference(l)) " " (foreign(&found.case_reference)) }
            }
        }
    }
}

/// How far a match is: a sign and a word.
pub(super) fn state_mark(l: Language, state: MatchState) -> Markup {
    let (sign, class) = match state {
        MatchState::Open => ("○", "warn"),
        MatchState::InReview => ("◐", "calm"),
        MatchState::Confirmed => ("▲", "bad"),
        MatchState::Cleared => ("✓", "good"),
    };
    html! { span.{ "mark " (class) } { span aria-hidden="true" { (sign) } " " (w::match_state(l, state)) } }
}

fn instant(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M").to_string()
}

/// One suspected match.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    path: Result<Path<String>, PathRejection>,
) -> Response {
    match found(&shared, path).await {
        Ok((found, entity)) => {
            shown(&view, &shared, StatusCode::OK, &found, entity.as_ref(), &Form::default(), "")
        }
        Err(failure) => fault::page(&view, &shared, &failure),
    }
}

/// The match of a path, with its entry as it stands now.
async fn found(
    shared: &Shared,
    path: Result<Path<String>, PathRejection>,
) -> Result<(SuspectedMatch, Option<Entity>), Failure> {
    let Path(id) = path.map_err(|_| Failure::from(QueueError::NotFound))?;
    let found = shared.records()?.queue.get(&id).await?;
    let Ok(screener) = shared.screener() else { return Ok((found, None)) };
    let (list, id) = (found.hit.list.clone(), found.hit.entity_id.clone());
    let deadline = Deadline::default().within(shared.config.longest_call);
    let entity = shared.workers.run(deadline, move |_| Ok(screener.snapshot().entity(&list, &id)?)).await?;
    Ok((found, entity))
}

fn shown(
    view: &View,
    shared: &Shared,
    status: StatusCode,
    found: &SuspectedMatch,
    entity: Option<&Entity>,
    sent: &Form,
    wrong: &str,
) -> Response {
    let l = view.language;
    let body = html! {
        p.kicker { a href="/review" { (w::review(l)) } " · " (foreign(&found.hit.list)) " " (foreign(&found.hit.entity_id)) }
        h1 { (foreign(&found.subject.name)) " – " (foreign(&found.hit.name)) }
        ul.chips {
            li { (state_mark(l, found.state)) }
            @if !found.assignee.is_empty() { li.mark { (w::assignee(l)) ": " (foreign(&found.assignee)) } }
            @if !found.case_reference.is_empty() { li.mark { (w::case_reference(l)) ": " (foreign(&found.case_reference)) } }
            li.mark { (w::purpose(l)) ": " (foreign(&found.purpose)) }
        }
        @if !wrong.is_empty() { div.faults role="alert" { p { (wrong) } } }
        @if !found.difference.is_empty() { (difference(l, &found.difference)) }
        @if let Some(decision) = &found.decision { (outcome(l, w::decided(l), decision)) }
        @if let Some(proposal) = &found.proposal { (outcome(l, w::proposed(l), proposal)) }
        (hit::card(l, 1, &hit::Pair { subject: &found.subject, hit: &found.hit, listed: entity, standing: None }, false))
        (forms(view, found, sent))
        @if let Some(offering) = Offering::of(view, shared) { (offering.form(&[offered(found)], &found.purpose)) }
        (history(l, &found.history))
    };
    view.page_with(status, shared, Place::Review, w::suspected_match(l), body)
}

/// The subject, to be put under watch.
fn offered(found: &SuspectedMatch) -> Offered {
    let reference = match found.subject_reference.as_str() {
        "" => &found.case_reference,
        reference => reference,
    };
    Offered { subject: found.subject.clone(), reference: reference.to_owned(), about: String::new() }
}

/// What changed since it was cleared: the reason why it is here again.
fn difference(l: Language, changes: &[FieldChange]) -> Markup {
    html! {
        section.card {
            h2 { "↺ " (w::came_back_title(l)) }
            p { (w::came_back_meaning(l)) }
            (changed(l, changes))
        }
    }
}

fn changed(l: Language, changes: &[FieldChange]) -> Markup {
    html! {
        dl.facts { @for change in changes {
            dt {
                (match change.side { Side::Subject => w::given(l), Side::Entity => w::on_the_list(l) }) ": "
                (w::form_field(l, change.field))
            }
            dd { ul {
                @for value in &change.removed { li { span aria-hidden="true" { "− " } span.small { (w::was(l)) " " } del.was { (foreign(value)) } } }
                @for value in &change.added { li { span aria-hidden="true" { "+ " } span.small { (w::is_now(l)) " " } ins.is { (foreign(value)) } } }
            } }
        } }
    }
}

fn outcome(l: Language, title: &str, outcome: &Outcome) -> Markup {
    html! {
        section.card {
            h2 { (title) ": " (w::verdict(l, outcome.verdict)) }
            dl.facts {
                dt { (w::by(l)) } dd {
                    (foreign(&outcome.author))
                    @if !outcome.proposed_by.is_empty() { " (" (w::after_proposal_of(l)) " " (foreign(&outcome.proposed_by)) ")" }
                }
                dt { (w::when(l)) } dd { (instant(outcome.time)) }
                dt { (w::reason_heading(l)) } dd { (foreign(&outcome.reason)) }
                @if !outcome.note.is_empty() { dt { (w::note(l)) } dd { (foreign(&outcome.note)) } }
            }
        }
    }
}

/// What can be done with it, each a form of its own.
fn forms(view: &View, found: &SuspectedMatch, sent: &Form) -> Markup {
    let l = view.language;
    let begin = |action: &str| {
        html! {
            (view.token_field())
            input type="hidden" name="etag" value=(found.etag);
            input type="hidden" name="action" value=(action);
            @if view.caller.is_anonymous() {
                div.field {
                    label for={ (action) "-author" } { (w::your_name(l)) }
                    span.hint id={ (action) "-author-hint" } { (w::your_name_hint(l)) }
                    input type="text" id={ (action) "-author" } name="author" value=(sent.get("author")) required maxlength="200"
                        dir="auto" autocomplete="name" aria-describedby={ (action) "-author-hint" };
                }
            }
        }
    };
    let at = address(&found.id);
    html! {
        @if found.state.is_decided() {
            section.card {
                h2 { (w::reopen_title(l)) }
                form method="post" action=(at) {
                    (begin("reopen"))
                    div.field {
                        label for="reopen-reason" { (w::reason_heading(l)) }
                        textarea #reopen-reason name="reason" required dir="auto" { (sent.get("reason")) }
                    }
                    div.actions { button.plain type="submit" { (w::reopen(l)) } }
                }
            }
        } @else {
            section.card {
                h2 { (w::decide_title(l)) }
                @if found.four_eyes { p.soft { (w::four_eyes(l)) } }
                form method="post" action=(at) {
                    (begin("decide"))
                    fieldset.field {
                        legend { (w::is_it_the_same(l)) }
                        div.choices {
                            @for (value, verdict) in [("cleared", Verdict::Cleared), ("confirmed", Verdict::Confirmed)] {
                                label {
                                    input type="radio" name="verdict" value=(value) required checked[sent.get("verdict") == value];
                                    (w::verdict(l, verdict))
                                }
                            }
                        }
                    }
                    div.fields {
                        div.field {
                            label for="reason" { (w::reason_heading(l)) }
                            span.hint #reason-hint { (w::reason_hint(l)) }
                            textarea #reason name="reason" required dir="auto" aria-describedby="reason-hint" { (sent.get("reason")) }
                        }
                        div.field {
                            label for="note" { (w::note(l)) }
                            span.hint #note-hint { (w::note_hint(l)) }
                            textarea #note name="note" dir="auto" aria-describedby="note-hint" { (sent.get("note")) }
                        }
                    }
                    div.actions { button type="submit" { (w::decide(l)) } }
                }
                details {
                    summary { (w::assign_title(l)) }
                form method="post" action=(at) {
                    (begin("assign"))
                    div.field {
                        label for="assignee" { (w::assign_to(l)) }
                        input #assignee type="text" name="assignee" value=(found.assignee) maxlength="200" dir="auto" autocomplete="off";
                    }
                    div.actions { button.plain type="submit" { (w::assign(l)) } }
                }
                }
            }
        }
        details.card {
            summary { (w::add_note(l)) }
            form method="post" action=(at) {
                (begin("note"))
                div.field { label.hidden for="only-note" { (w::note(l)) } textarea #only-note name="note" required dir="auto" {} }
                div.actions { button.plain type="submit" { (w::add_note(l)) } }
            }
        }
    }
}

fn history(l: Language, events: &[Event]) -> Markup {
    html! {
        section.card {
            h2 { (w::history_of_match(l)) }
            ol.timeline { @for event in events {
                li {
                    strong { (instant(event.time)) } " " (w::action(l, event.action))
                    @if !event.author.is_empty() { " · " (foreign(&event.author)) }
                    " · " (w::match_state(l, event.state))
                    @if !event.assignee.is_empty() { " → " (foreign(&event.assignee)) }
                    @if !event.reason.is_empty() { br; (foreign(&event.reason)) }
                    @if !event.note.is_empty() { br; span.small { (foreign(&event.note)) } }
                    @if !event.difference.is_empty() { (changed(l, &event.difference)) }
                }
            } }
        }
    }
}

/// Does what a form asks, and shows the match again.
pub(super) async fn act(
    view: View,
    State(shared): State<Arc<Shared>>,
    path: Result<Path<String>, PathRejection>,
    Sent(sent): Sent,
) -> Response {
    let l = view.language;
    let sent = match view.believed(&shared, sent) {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let Ok(Path(id)) = path else { return fault::page(&view, &shared, &QueueError::NotFound.into()) };
    // A caller of whom nothing is known says who it is.
    let author = if view.caller.is_anonymous() { sent.get("author").trim() } else { &*view.caller.name };
    match carried_out(&shared, &id, author, &sent).await {
        Ok(()) => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            if let Ok(to) = HeaderValue::try_from(address(&id)) {
                response.headers_mut().insert(LOCATION, to);
            }
            response
        }
        // The page again, with what was written and why it was not taken.
        Err(error @ (QueueError::Conflict | QueueError::Request { .. } | QueueError::State(_))) => {
            let (status, told) = match &error {
                QueueError::Conflict => (StatusCode::CONFLICT, w::changed_meanwhile(l).to_owned()),
                QueueError::Request { field, .. } => {
                    (StatusCode::UNPROCESSABLE_ENTITY, w::field_wrong(l, field))
                }
                _ => (StatusCode::CONFLICT, w::not_in_this_state(l).to_owned()),
            };
            match found(&shared, Ok(Path(id))).await {
                Ok((found, entity)) => shown(&view, &shared, status, &found, entity.as_ref(), &sent, &told),
                Err(failure) => fault::page(&view, &shared, &failure),
            }
        }
        Err(error) => fault::page(&view, &shared, &error.into()),
    }
}

async fn carried_out(shared: &Shared, id: &str, author: &str, sent: &Form) -> Result<(), QueueError> {
    let records = shared.records().map_err(|_| QueueError::NotFound)?;
    let queue = &records.queue;
    let etag: Etag = sent.get("etag").parse()?;
    if author.is_empty() {
        return Err(QueueError::Request { field: "author", what: "is missing".into() });
    }
    match sent.get("action") {
        "decide" => {
            let verdict = match sent.get("verdict") {
                "cleared" => Verdict::Cleared,
                "confirmed" => Verdict::Confirmed,
                _ => return Err(QueueError::Request { field: "verdict", what: "is missing".into() }),
            };
            let decision = Decision {
                verdict,
                reason: sent.get("reason").to_owned(),
                note: sent.get("note").to_owned(),
            };
            queue.decide(id, etag, author, &decision).await?;
        }
        "assign" => {
            queue.assign(id, etag, author, sent.get("assignee").trim()).await?;
        }
        "reopen" => {
            queue.reopen(id, etag, author, sent.get("reason")).await?;
        }
        "note" => {
            queue.comment(id, etag, author, sent.get("note")).await?;
        }
        _ => return Err(QueueError::Request { field: "action", what: "is unknown".into() }),
    }
    Ok(())
}
