//! What changed for those under watch, newest first.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::report::Language;
use crate::review::monitor::{Alert, AlertKind};
use crate::service::{Failure, Reason, Shared};

use super::hit::strength_mark;
use super::text::{entity_address, foreign};
use super::view::{Place, View};
use super::{fault, words as w};

/// Numbers of alerts that a page spans; some may be left out, since watches end.
const SPAN: i64 = 50;

/// Up to which alert is shown; the last when absent.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    until: Option<i64>,
}

/// The page.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let l = view.language;
    let Some(watching) = &shared.config.watching else {
        let failure = Failure::new(Reason::NotRecording, "this service watches nobody");
        return fault::page(&view, &shared, &failure);
    };
    let Ok(Query(asked)) = asked else {
        let failure = Failure::new(Reason::InvalidRequest, "the address cannot be read");
        return fault::page(&view, &shared, &failure);
    };
    let read = async {
        let last = watching.monitor.last_alert().await?;
        let until = asked.until.unwrap_or(last).clamp(0, last);
        let after = (until - SPAN).max(0);
        let mut alerts = watching.monitor.alerts(after, SPAN as usize).await?;
        alerts.retain(|alert| alert.number <= until);
        alerts.reverse();
        Ok((alerts, after))
    };
    let (alerts, after) = match read.await {
        Ok(found) => found,
        Err(error) => {
            let error: crate::review::store::StoreError = error;
            return fault::page(&view, &shared, &error.into());
        }
    };
    let body = html! {
        p.kicker { a href="/watched" { (w::watched_title(l)) } }
        h1 { (w::alerts_title(l)) }
        p.lead { (w::alerts_lead(l)) }
        @if alerts.is_empty() {
            div.card { h2 { (w::no_alerts(l)) } p.soft { (w::no_alerts_more(l)) } }
        } @else {
            ul.found.card { @for alert in &alerts { (line(l, alert)) } }
        }
        nav.pages aria-label=(w::pages(l)) {
            @if asked.until.is_some() { a href="/alerts" { (w::newest(l)) } } @else { span {} }
            @if after > 0 { a.button.plain href={ "/alerts?until=" (after) } rel="next" { (w::older(l)) } }
        }
    };
    view.page(&shared, Place::Alerts, w::alerts(l), body)
}

fn line(l: Language, alert: &Alert) -> Markup {
    let (sign, class, word) = match (alert.kind, alert.delisted) {
        (AlertKind::New, _) => ("+", "warn", w::alert_new(l)),
        (AlertKind::Changed, _) => ("≈", "calm", w::alert_changed(l)),
        (AlertKind::Vanished, true) => ("−", "good", w::alert_delisted(l)),
        (AlertKind::Vanished, false) => ("−", "good", w::alert_vanished(l)),
    };
    let hit = alert.after.as_ref().or(alert.before.as_ref());
    html! {
        li {
            @if let Some(hit) = hit {
                h3 {
                    (foreign(&hit.query_name)) " – "
                    a href=(entity_address(&alert.list, &alert.entity_id)) { (foreign(&hit.name)) }
                }
            }
            ul.chips {
                li { span.{ "mark " (class) } { span aria-hidden="true" { (sign) } " " (word) } }
                @if let Some(hit) = &alert.after { li { (strength_mark(l, hit.strength, false)) } }
                @if alert.first { li.mark { (w::alert_first(l)) } }
            }
            @if let Some(hit) = hit { p { (super::hit::why(l, &hit.explanation)) } }
            p.small {
                (alert.time.strftime("%Y-%m-%d %H:%M").to_string()) " · " (foreign(&alert.list)) " " (foreign(&alert.entity_id))
                @if !alert.reference.is_empty() { " · " (w::reference(l)) " " (foreign(&alert.reference)) }
            }
        }
    }
}
