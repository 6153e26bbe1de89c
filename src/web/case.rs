//! A whole case, as `zeef case` takes it, and its report.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use maud::{Markup, html};
use serde::Deserialize;

use crate::report::{Language, Report, role};
use crate::review::Occasion;
use crate::review::audit::Receipt;
use crate::review::queue::by_finding;
use crate::screening::case::{CaseFaults, CaseForm, CaseResult, CaseSubject, CheckedCase, Threads};
use crate::service::{Deadline, Failure, Reason, Shared};

use super::caller::occasion;
use super::form::{Form, Sent};
use super::hit::in_queue;
use super::screen::occasion_fields;
use super::text::foreign;
use super::view::{Place, View, screener_to_ask};
use super::watched::{Offered, Offering};
use super::{assets, fault, words as w};

/// A case to look at and change: a worked case of the repository.
const EXAMPLE: &str = include_str!("../../fixtures/cases/past-degree.yaml");

/// How the outcome is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// To be read here.
    Page,
    /// As a file.
    Html,
    Markdown,
    Json,
}

impl Wanted {
    fn of(form: &Form) -> Self {
        match form.get("as") {
            "html" => Self::Html,
            "md" => Self::Markdown,
            "json" => Self::Json,
            _ => Self::Page,
        }
    }
}

/// Whether the form is wanted with an example in it.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    example: String,
}

/// The form.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let l = view.language;
    let text = if asked.is_ok_and(|Query(a)| !a.example.is_empty()) { EXAMPLE } else { "" };
    let body = html! {
        h1 { (w::case_title(l)) }
        p.lead { (w::case_lead(l)) }
        (form(&view, &shared, text, &Form::default()))
    };
    view.page(&shared, Place::Case, w::case(l), body)
}

/// Screens the case of the form and shows or sends its report.
pub(super) async fn answer(view: View, State(shared): State<Arc<Shared>>, Sent(sent): Sent) -> Response {
    let l = view.language;
    let sent = match view.believed(&shared, sent) {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let text = if sent.get("file").trim().is_empty() { sent.get("text") } else { sent.get("file") };
    let now = jiff::Timestamp::now();
    let case = match CheckedCase::read(
        text.as_bytes(),
        CaseForm::of(text.as_bytes()),
        now.to_zoned(TimeZone::UTC).date(),
    ) {
        Ok(case) => case,
        Err(faults) => {
            let body = html! {
                h1 { (w::case_title(l)) }
                (told(l, text.trim().is_empty(), &faults))
                (form(&view, &shared, text, &sent))
            };
            return view.page_with(StatusCode::UNPROCESSABLE_ENTITY, &shared, Place::Case, w::case(l), body);
        }
    };
    let screener = match screener_to_ask(&view, &shared) {
        Ok(screener) => screener,
        Err(page) => return *page,
    };
    let (policies, metrics) = (Arc::clone(&shared.config.policies), Arc::clone(&shared.metrics));
    let wanted_policy = sent.get("policy");
    let Some(chosen) = policies.iter().position(|p| p.id() == wanted_policy) else {
        return fault::page(
            &view,
            &shared,
            &Failure::new(Reason::PolicyNotFound, "no such policy is loaded"),
        );
    };
    let Ok(mut occasion) = occasion(&view.caller, sent.get("purpose"), sent.get("case_reference")) else {
        let told = html! { div.faults role="alert" { p { (w::occasion_wrong(l)) } } };
        let body = html! { h1 { (w::case_title(l)) } (told) (form(&view, &shared, text, &sent)) };
        return view.page_with(StatusCode::UNPROCESSABLE_ENTITY, &shared, Place::Case, w::case(l), body);
    };
    let recorder = shared.recorder(&screener);
    let deadline = Deadline::default().within(shared.config.longest_call);
    let as_what = Wanted::of(&sent);
    let offering = Offering::of(&view, &shared);
    let work = move |wanted: &crate::service::Wanted<'_, _>| {
        let policy = &policies[chosen];
        let cancelled = || wanted.cancelled();
        let screened =
            screener.screen_case_until(&case, &policy.asked_lists(), now, Threads::Own, &cancelled)?;
        metrics.screened_case(&screened);
        let result = policy.apply(&case, screened);
        if occasion.case_reference.is_empty() {
            occasion.case_reference.clone_from(&result.case_id);
        }
        let draft = recorder.map(|recorder| recorder.case(&occasion, &screener, now, &result));
        Ok(((case, result, occasion), draft))
    };
    let answered = async {
        let ((case, result, occasion), draft) = shared.workers.run(deadline, work).await?;
        // Nothing is shown that has not been recorded.
        let receipt = shared.recorded(draft, deadline).await?;
        let render = move |_: &crate::service::Wanted<'_, _>| {
            let report = Report { screened: now, language: l, case: &case, result: &result };
            Ok(match as_what {
                Wanted::Page => {
                    let below = html! {
                        (standings(l, &result, &receipt))
                        @if let Some(offering) = &offering {
                            (offering.form(&offered(l, &result, &occasion), &occasion.purpose))
                        }
                    };
                    report.html_with_style(&assets::REPORT_STYLE.address(), &below)
                }
                Wanted::Html => report.html(),
                Wanted::Markdown => report.markdown(),
                // No case that was screened holds a number without a JSON form.
                Wanted::Json => report
                    .json()
                    .map_err(|_| Failure::new(Reason::Internal, "the report has no JSON form"))?,
            })
        };
        shared.workers.run(deadline, render).await
    };
    match answered.await {
        Ok(text) => sent_as(as_what, text),
        Err(failure) => fault::page(&view, &shared, &failure),
    }
}

/// How findings stand in the review queue: what was cleared before is said beside the report, which is of the
/// lists alone.
fn standings(l: Language, result: &CaseResult, receipt: &Receipt) -> Markup {
    let findings = &result.screened.findings;
    let standings = by_finding(findings, &receipt.standings);
    html! {
        @if !standings.is_empty() {
            section.beside {
                h3 { (w::review_title(l)) }
                @for finding in findings {
                    @if let (Some(standing), Some(hit)) = (standings.get(finding.id.as_str()), &finding.hit) {
                        p { strong { (finding.id) } " " (foreign(&hit.query_name)) " – " (foreign(&hit.name)) }
                        (in_queue(l, standing))
                    }
                }
            }
        }
    }
}

/// Everybody in a case, to be put under watch. The path in the case makes their references different ones.
fn offered(l: Language, result: &CaseResult, occasion: &Occasion) -> Vec<Offered> {
    let of = |subject: &CaseSubject| Offered {
        subject: subject.subject.clone(),
        reference: format!("{} {}", occasion.case_reference, subject.path),
        about: role(l, subject.role).to_owned(),
    };
    result.screened.subjects.iter().map(of).collect()
}

/// The report as a page, or as a file to keep.
fn sent_as(wanted: Wanted, text: String) -> Response {
    let (content_type, name) = match wanted {
        Wanted::Page => return Html(text).into_response(),
        Wanted::Html => ("text/html; charset=utf-8", "report.html"),
        Wanted::Markdown => ("text/markdown; charset=utf-8", "report.md"),
        Wanted::Json => ("application/json", "report.json"),
    };
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    if let Ok(disposition) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// What is wrong with the case, each with its place.
fn told(l: Language, is_empty: bool, faults: &CaseFaults) -> Markup {
    html! {
        div.faults role="alert" {
            strong { (w::please_mend(l)) }
            @if is_empty {
                p { (w::case_missing(l)) }
            } @else {
                ul lang="en" { @for fault in &faults.0 {
                    li {
                        @if fault.path.is_empty() { "the case" } @else { code { (foreign(&fault.path)) } }
                        @if let Some(place) = fault.place { " (line " (place.line) ", column " (place.column) ")" }
                        ": " (foreign(&fault.what))
                    }
                } }
            }
        }
    }
}

fn form(view: &View, shared: &Shared, text: &str, sent: &Form) -> Markup {
    let l = view.language;
    let chosen = match sent.get("policy") {
        "" => "generic",
        policy => policy,
    };
    html! {
        form.card method="post" action="/case" enctype="multipart/form-data" {
            (view.token_field())
            div.fields {
                div.field {
                    label for="policy" { (w::policy(l)) }
                    select #policy name="policy" aria-describedby="policy-hint" {
                        @for policy in shared.config.policies.iter() {
                            option value=(policy.id()) selected[policy.id() == chosen] { (l.of(policy.title())) }
                        }
                    }
                    span.hint #policy-hint { (w::policy_hint(l)) }
                }
                div.field {
                    label for="as" { (w::outcome_as(l)) }
                    select #as name="as" {
                        @for (value, text) in [("page", w::as_page(l)), ("html", w::as_html(l)), ("md", w::as_markdown(l)), ("json", w::as_json(l))] {
                            option value=(value) selected[sent.get("as") == value] { (text) }
                        }
                    }
                }
                @if shared.config.records.is_some() { (occasion_fields(l, sent, &[])) }
                div.field.wide {
                    label for="file" { (w::case_file(l)) }
                    span.hint #file-hint { (w::case_file_hint(l)) }
                    input #file type="file" name="file" accept=".yaml,.yml,.json,application/json" aria-describedby="file-hint";
                }
                div.field.wide {
                    label for="text" { (w::case_text(l)) }
                    span.hint #text-hint { (w::case_text_hint(l)) " " a href="/case?example=1" { (w::case_example(l)) } }
                    textarea.code #text name="text" spellcheck="false" aria-describedby="text-hint" { (text) }
                }
            }
            div.actions { button type="submit" { (w::case_button(l)) } span.hint { (if shared.config.records.is_some() { w::case_hint_recorded(l) } else { w::case_hint(l) }) } }
        }
    }
}
