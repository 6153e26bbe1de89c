//! Those under watch: who they are, putting somebody under watch, ending it.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};
use serde::{Deserialize, Serialize};

use crate::report::Language;
use crate::review::NO_PURPOSE;
use crate::review::monitor::{MAX_WATCH_DAYS, NewWatch, WatchError, Watched, WatchedFilter, WatchedPage};
use crate::screening::{Options, Subject, SubjectKind};
use crate::service::{Failure, Reason, Shared, Watching};

use super::form::{Form, Sent};
use super::hit::given;
use super::screen::faults;
use super::subject::{Wrong, date};
use super::text::{foreign, segment};
use super::view::{Place, View};
use super::{fault, words as w};

/// Watches on a page.
const PAGE_SIZE: usize = 50;
/// Most who are offered by one form: each takes two fields of it.
const MOST_OFFERED: usize = 80;
/// Longest name that is looked for, in bytes.
const MAX_NAME_BYTES: usize = 800;

/// Somebody who can be put under watch, as the form carries them.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Offered {
    /// Who.
    pub(super) subject: Subject,
    /// By what the watch is known to whoever asks for it; may be empty.
    pub(super) reference: String,
    /// Who that is in the case; empty outside of one.
    pub(super) about: String,
}

/// What the form needs to know of whoever looks. Apart from the page, so that a worker can write it into a
/// report.
pub(super) struct Offering {
    language: Language,
    token: Markup,
    is_anonymous: bool,
}

impl Offering {
    /// Nothing where nobody is watched, or whoever looks may not put anybody under watch.
    pub(super) fn of(view: &View, shared: &Shared) -> Option<Self> {
        (shared.config.watching.is_some() && view.may_review).then(|| Self {
            language: view.language,
            token: view.token_field(),
            is_anonymous: view.caller.is_anonymous(),
        })
    }

    /// The form. `purpose` is what they were screened for.
    pub(super) fn form(&self, offered: &[Offered], purpose: &str) -> Markup {
        html! {
            details.card.beside {
                summary { (w::watch_title(self.language)) }
                (self.fields(offered, purpose, &Form::default(), &[]))
            }
        }
    }

    fn fields(&self, offered: &[Offered], purpose: &str, sent: &Form, wrong: &[Wrong]) -> Markup {
        let l = self.language;
        let purpose = if purpose == NO_PURPOSE { "" } else { purpose };
        let or = |field: &str, usual: String| match sent.get(field) {
            "" => usual,
            given => given.to_owned(),
        };
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        let day =
            |days: i64| today.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(today).to_string();
        let is_one = offered.len() == 1;
        let reference = offered.first().map(|one| one.reference.clone()).unwrap_or_default();
        html! {
            p.soft { (w::watch_lead(l)) }
            @if offered.len() > MOST_OFFERED { p { "⚠ " (w::watch_not_all(l)) } }
            form method="post" action="/watched" {
                (self.token)
                input type="hidden" name="action" value="begin";
                @if is_one {
                    input type="hidden" name="watch-0" value="on";
                } @else {
                    fieldset.field.wide {
                        legend { (w::watch_whom(l)) }
                        div.choices {
                            @for (n, one) in offered.iter().take(MOST_OFFERED).enumerate() {
                                label {
                                    input type="checkbox" id={ "watch-" (n) } name={ "watch-" (n) } checked[!sent.get(&format!("watch-{n}")).is_empty()];
                                    (foreign(&one.subject.name))
                                    @if !one.about.is_empty() { " " span.small { (foreign(&one.about)) } }
                                }
                            }
                        }
                    }
                }
                @for (n, one) in offered.iter().take(MOST_OFFERED).enumerate() {
                    // Only a value that cannot be JSON could fail, and these are texts.
                    input type="hidden" name={ "offered-" (n) } value=(serde_json::to_string(one).unwrap_or_default());
                }
                div.fields {
                    @if self.is_anonymous {
                        (input(wrong, "author", "text", w::your_name(l), w::your_name_hint(l), sent.get("author")))
                    }
                    (input(wrong, "purpose", "text", w::purpose(l), w::watch_purpose_hint(l), &or("purpose", purpose.to_owned())))
                    (input(wrong, "until", "date", w::watch_until(l), w::watch_until_hint(l), &or("until", day(365))))
                    @if is_one {
                        (input(wrong, "reference", "text", w::reference(l), w::watch_reference_hint(l), &or("reference", reference)))
                    }
                }
                div.actions { button.plain type="submit" { (w::watch_button(l)) } }
            }
        }
    }
}

/// A field of the form, with what is wrong with it.
fn input(wrong: &[Wrong], name: &str, kind: &str, label: &str, hint: &str, value: &str) -> Markup {
    // Beside the form that screens, which has fields of the same names.
    let id = format!("watch-{name}");
    let is_wrong = wrong.iter().any(|w| w.field == id);
    html! {
        div.field {
            label for=(id) { (label) }
            span.hint id={ (id) "-hint" } { (hint) }
            input type=(kind) id=(id) name=(name) value=(value) required[name != "reference"] maxlength="256" dir="auto"
                autocomplete="off" aria-invalid=[is_wrong.then_some("true")] aria-describedby={ (id) "-hint" };
        }
    }
}

/// What the address asks for.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    name: String,
    troubled: String,
    before: Option<i64>,
    /// How many have just been put under watch.
    begun: Option<usize>,
    /// How many watches have just been ended.
    ended: Option<u64>,
}

fn watching(shared: &Shared) -> Result<&Watching, Failure> {
    shared
        .config
        .watching
        .as_ref()
        .ok_or_else(|| Failure::new(Reason::MonitoringOff, "nobody is watched here"))
}

/// Those under watch.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let l = view.language;
    let unreadable = || Failure::new(Reason::InvalidRequest, "the address cannot be read");
    let found = async {
        let watching = watching(&shared)?;
        let Ok(Query(asked)) = asked else { return Err(unreadable()) };
        if asked.name.len() > MAX_NAME_BYTES {
            return Err(unreadable());
        }
        let filter = WatchedFilter { troubled: !asked.troubled.is_empty(), ..WatchedFilter::default() };
        let before = asked.before.unwrap_or(i64::MAX);
        let page = watching.monitor.newest(&filter, &asked.name, before, PAGE_SIZE).await?;
        Ok((asked, page))
    };
    let (asked, page) = match found.await {
        Ok(found) => found,
        Err(failure) => return fault::page(&view, &shared, &failure),
    };
    if view.wants_part {
        return view.part(those(&view, &asked, &page));
    }
    let body = html! {
        p.kicker { a href="/alerts" { (w::alerts(l)) } }
        h1 { (w::watched_title(l)) }
        p.lead { (w::watched_lead(l)) " " a href="/screen" { (w::screen_instead(l)) } }
        @if let Some(count) = asked.begun { p.card role="status" { "✓ " (w::watch_begun(l, count)) } }
        @if let Some(count) = asked.ended {
            p.card role="status" { @if count > 0 { "✓ " (w::watch_ended(l)) } @else { (w::watch_gone(l)) } }
        }
        form.card role="search" method="get" action="/watched" hx-get="/watched" hx-target="#results"
            hx-trigger="submit, input delay:300ms, change" hx-replace-url="true" hx-sync="this:replace" {
            div.filters {
                div.field {
                    label for="name" { (w::name(l)) }
                    input #name type="text" name="name" value=(asked.name) maxlength="200" dir="auto" autocomplete="off";
                }
                div.choices {
                    label { input type="checkbox" name="troubled" value="1" checked[!asked.troubled.is_empty()]; (w::only_troubled(l)) }
                }
            }
            div.actions { button.plain type="submit" { (w::filter(l)) } }
        }
        div #results aria-live="polite" { (those(&view, &asked, &page)) }
    };
    view.page(&shared, Place::Alerts, w::watched(l), body)
}

fn those(view: &View, asked: &Asked, page: &WatchedPage) -> Markup {
    let l = view.language;
    let older = |before: i64| {
        let mut address = format!("/watched?before={before}");
        for (name, value) in [("name", &asked.name), ("troubled", &asked.troubled)] {
            if !value.is_empty() {
                address.push_str(&format!("&{name}={}", segment(value)));
            }
        }
        address
    };
    html! {
        @if page.watched.is_empty() {
            div.card { h2 { (w::nobody_watched(l)) } }
        } @else {
            ul.found.card { @for watched in &page.watched { (line(view, watched)) } }
        }
        nav.pages aria-label=(w::pages(l)) {
            @if asked.before.is_some() { a href="/watched" { (w::newest(l)) } } @else { span {} }
            @if let Some(before) = page.next { a.button.plain href=(older(before)) rel="next" { (w::older(l)) } }
        }
    }
}

fn line(view: &View, watched: &Watched) -> Markup {
    let l = view.language;
    let watch = &watched.watch;
    // A watch ends as its last day does.
    let last = watch.ends.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(watch.ends);
    html! {
        li {
            h3 { (foreign(&watch.subject.name)) }
            ul.chips {
                li.mark { (match watch.subject.kind {
                    SubjectKind::Person => w::a_person(l),
                    SubjectKind::Organisation => w::an_organisation(l),
                    SubjectKind::Any => w::people_and_organisations(l),
                }) }
                li.mark { (w::purpose(l)) ": " (foreign(&watch.purpose)) }
                li.mark.calm { (w::watched_until(l)) " " (day(last)) }
                @if !watched.trouble.is_empty() { li.mark.warn { "⚠ " (w::could_not_be_looked_at(l)) } }
            }
            dl.facts { (given(l, &watch.subject, &watch.subject.name)) }
            p.small {
                @if !watch.reference.is_empty() { (w::reference(l)) " " (foreign(&watch.reference)) " · " }
                (w::watched_by(l)) " " (foreign(&watch.added_by)) ", " (day(watched.added)) " · "
                @match &watched.screened {
                    Some(screened) => { (w::looked_at(l)) " " (day(screened.at)) }
                    None => (w::not_looked_at(l)),
                }
            }
            @if !watched.trouble.is_empty() { p.small lang="en" { (foreign(&watched.trouble)) } }
            details {
                summary { (w::end_watch(l)) }
                form method="post" action="/watched" {
                    (view.token_field())
                    input type="hidden" name="action" value="end";
                    input type="hidden" name="id" value=(watched.id);
                    p.soft { (w::end_watch_meaning(l)) }
                    div.actions { button.plain type="submit" { (w::end_watch(l)) } }
                }
            }
        }
    }
}

fn day(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).date().to_string()
}

/// Puts somebody under watch, or ends a watch.
pub(super) async fn act(view: View, State(shared): State<Arc<Shared>>, Sent(sent): Sent) -> Response {
    let sent = match view.believed(&shared, sent) {
        Ok(sent) => sent,
        Err(page) => return *page,
    };
    let done = match sent.get("action") {
        "begin" => begin(&view, &shared, &sent).await,
        "end" => end(&shared, &sent).await,
        _ => Err(NotDone::Failed(Failure::new(Reason::InvalidRequest, "the form asks for nothing known"))),
    };
    match done {
        Ok(to) => {
            let mut response = StatusCode::SEE_OTHER.into_response();
            if let Ok(to) = HeaderValue::try_from(to) {
                response.headers_mut().insert(LOCATION, to);
            }
            response
        }
        Err(NotDone::Failed(failure)) => fault::page(&view, &shared, &failure),
        Err(NotDone::Wrong(status, wrong)) => again(&view, &shared, &sent, status, &wrong),
    }
}

/// Why nothing was done.
enum NotDone {
    /// It cannot be done.
    Failed(Failure),
    /// The form has faults.
    Wrong(StatusCode, Vec<Wrong>),
}

impl From<Failure> for NotDone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// The form again, with what was written and what is wrong with it.
fn again(view: &View, shared: &Shared, sent: &Form, status: StatusCode, wrong: &[Wrong]) -> Response {
    let l = view.language;
    let form = match (Offering::of(view, shared), offered(sent)) {
        (Some(offering), Some(offered)) if !offered.is_empty() => {
            html! { section.card { (offering.fields(&offered, sent.get("purpose"), sent, wrong)) } }
        }
        _ => html! {},
    };
    let body = html! { h1 { (w::watch_title(l)) } (faults(l, wrong)) (form) };
    view.page_with(status, shared, Place::Alerts, w::watch_title(l), body)
}

/// Everybody whom a form offers; none where that cannot be read.
fn offered(sent: &Form) -> Option<Vec<Offered>> {
    let texts =
        (0..MOST_OFFERED).map(|n| sent.get(&format!("offered-{n}"))).take_while(|text| !text.is_empty());
    texts.map(|text| serde_json::from_str(text).ok()).collect()
}

/// Puts those chosen under watch, all or none. Gives the page to go on with.
async fn begin(view: &View, shared: &Shared, sent: &Form) -> Result<String, NotDone> {
    let l = view.language;
    let watching = watching(shared)?;
    let wrong_of = |field: &'static str, what: &str| Wrong { field, what: what.to_owned() };
    let refused = |wrong: Vec<Wrong>| NotDone::Wrong(StatusCode::UNPROCESSABLE_ENTITY, wrong);
    let unreadable = || refused(vec![wrong_of("watch-0", w::watch_unreadable(l))]);
    let offered = offered(sent).filter(|offered| !offered.is_empty()).ok_or_else(unreadable)?;

    let mut wrong = Vec::new();
    let author = if view.caller.is_anonymous() { sent.get("author").trim() } else { &*view.caller.name };
    if author.is_empty() || author.len() > 200 || author.chars().any(char::is_control) {
        wrong.push(Wrong { field: "watch-author", what: w::field_wrong(l, "author") });
    }
    let ends = end_of(sent.get("until").trim());
    if ends.is_none() {
        wrong.push(wrong_of("watch-until", w::watch_until_wrong(l)));
    }
    let is_one = offered.len() == 1;
    let chosen = (0..).zip(offered).filter(|(n, _)| !sent.get(&format!("watch-{n}")).is_empty());
    let watches: Vec<NewWatch> = chosen
        .map(|(_, one)| NewWatch {
            reference: if is_one { sent.get("reference").trim().to_owned() } else { one.reference },
            subject: one.subject,
            options: Options::default(),
            purpose: sent.get("purpose").trim().to_owned(),
            added_by: author.to_owned(),
            ends: ends.unwrap_or_else(|| NewWatch::usual_end(Timestamp::now())),
        })
        .collect();
    if watches.is_empty() {
        wrong.push(wrong_of("watch-0", w::watch_nobody(l)));
    }
    let now = Timestamp::now();
    if let Some(error) = watches.iter().find_map(|watch| watch.check(now).err()) {
        wrong.push(match error.field.as_str() {
            "purpose" => wrong_of("watch-purpose", w::watch_purpose_missing(l)),
            "reference" => wrong_of("watch-reference", w::watch_reference_wrong(l)),
            "end" => wrong_of("watch-until", w::watch_until_wrong(l)),
            _ => return Err(unreadable()),
        });
    }
    if !wrong.is_empty() {
        return Err(refused(wrong));
    }
    match watching.monitor.add(&watches).await {
        Ok(added) => {
            watching.look_now();
            Ok(format!("/watched?begun={}", added.len()))
        }
        Err(WatchError::Taken { .. }) => {
            Err(NotDone::Wrong(StatusCode::CONFLICT, vec![wrong_of("watch-reference", w::watch_taken(l))]))
        }
        Err(error) => Err(Failure::from(error).into()),
    }
}

/// The end of a day that people wrote.
fn end_of(text: &str) -> Option<Timestamp> {
    let date = date(text)?;
    let day = jiff::civil::Date::new(
        i16::try_from(date.year()).ok()?,
        i8::try_from(date.month()?).ok()?,
        i8::try_from(date.day()?).ok()?,
    )
    .ok()?;
    let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
    let now = Timestamp::now();
    let most = SignedDuration::from_hours(24 * MAX_WATCH_DAYS);
    (end > now && end.duration_since(now) <= most).then_some(end)
}

async fn end(shared: &Shared, sent: &Form) -> Result<String, NotDone> {
    let ended =
        watching(shared)?.monitor.remove(&[sent.get("id").to_owned()]).await.map_err(Failure::from)?;
    Ok(format!("/watched?ended={ended}"))
}
