//! Analysts' search over listed entities.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use maud::{Markup, html};
use serde::Deserialize;

use crate::index::{Found, Highlighter, MAX_QUERY_CHARS, SearchPage, SearchRequest};
use crate::model::{Entity, EntityKind, country};
use crate::report::Language;
use crate::screening::Screener;
use crate::service::{Deadline, Failure, Reason, Shared};

use super::lists::number;
use super::text::{entity_address, foreign, marked, segment};
use super::view::{Place, View, screener};
use super::{fault, words as w};

/// Entities on a page of results.
const PAGE_SIZE: usize = 20;
/// Other names shown with one that was found.
const OTHER_NAMES: usize = 4;
/// Longest value of a filter, in characters.
const MAX_FILTER_CHARS: usize = 200;

/// The search as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    list: String,
    kind: String,
    country: String,
    programme: String,
    category: String,
    page: String,
}

impl Asked {
    /// Whether anything is asked at all.
    fn is_empty(&self) -> bool {
        [&self.q, &self.list, &self.kind, &self.country, &self.programme, &self.category]
            .iter()
            .all(|text| text.trim().is_empty())
    }

    /// The search, or what is wrong with it in words.
    fn request(&self, l: Language) -> Result<SearchRequest, &'static str> {
        let one = |text: &str| match text.trim() {
            "" => Vec::new(),
            text => vec![text.to_owned()],
        };
        let filters = [&self.list, &self.country, &self.programme, &self.category, &self.page];
        if filters.iter().any(|text| text.chars().count() > MAX_FILTER_CHARS) {
            return Err(w::filter_too_long(l));
        }
        if self.q.chars().count() > MAX_QUERY_CHARS {
            return Err(w::search_too_long(l));
        }
        let countries = match self.country.trim() {
            "" => Vec::new(),
            text => vec![country::code(text).ok_or_else(|| w::country_unknown(l))?.to_owned()],
        };
        Ok(SearchRequest {
            query: self.q.clone(),
            lists: one(&self.list),
            kind: match self.kind.as_str() {
                "person" => Some(EntityKind::Person),
                "organisation" => Some(EntityKind::Organisation),
                _ => None,
            },
            programmes: one(&self.programme),
            countries,
            categories: one(&self.category),
            page_size: PAGE_SIZE,
            page_token: self.page.clone(),
        })
    }

    /// The address of the same search with another text or page.
    fn address(&self, q: &str, page: &str) -> String {
        let parts = [
            ("q", q),
            ("list", &self.list),
            ("kind", &self.kind),
            ("country", &self.country),
            ("programme", &self.programme),
            ("category", &self.category),
            ("page", page),
        ];
        let said = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let said: Vec<String> = said.map(|(name, value)| format!("{name}={}", segment(value))).collect();
        format!("/search?{}", said.join("&"))
    }
}

/// The page, or for htmx its results alone.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let l = view.language;
    let screener = match screener(&view, &shared) {
        Ok(screener) => screener,
        Err(page) => return *page,
    };
    let Ok(Query(asked)) = asked else {
        return fault::page(
            &view,
            &shared,
            &Failure::new(Reason::InvalidRequest, "the address cannot be read"),
        );
    };
    let results = match results(l, &shared, &screener, &asked).await {
        Ok(results) => results,
        Err(failure) => return fault::page(&view, &shared, &failure),
    };
    if view.wants_part {
        return view.part(results);
    }
    let body = html! {
        h1 { (w::search_title(l)) }
        p.lead { (w::search_lead(l)) }
        (form(l, &screener, &asked))
        div #results aria-live="polite" { (results) }
    };
    view.page(&shared, Place::Search, w::search(l), body)
}

fn form(l: Language, screener: &Screener, asked: &Asked) -> Markup {
    let lists = &screener.snapshot().manifest().lists;
    html! {
        form.card role="search" method="get" action="/search" hx-get="/search" hx-target="#results"
            hx-trigger="submit, input delay:300ms, change" hx-replace-url="true" hx-sync="this:replace" hx-indicator="this" {
            label for="q" { (w::search_words(l)) }
            p.hint #q-hint { (w::search_hint(l)) }
            div.search-line {
                input #q type="search" name="q" value=(asked.q) dir="auto" maxlength=(MAX_QUERY_CHARS)
                    aria-describedby="q-hint" autocomplete="off" spellcheck="false";
                button type="submit" { (w::search(l)) }
            }
            div.filters {
                div.field {
                    label for="list" { (w::list(l)) }
                    select #list name="list" {
                        option value="" { (w::all_lists(l)) }
                        @for list in lists {
                            option value=(list.list) selected[asked.list == list.list] { (list.title) }
                        }
                    }
                }
                div.field {
                    label for="kind" { (w::kind(l)) }
                    select #kind name="kind" {
                        option value="" { (w::people_and_organisations(l)) }
                        option value="person" selected[asked.kind == "person"] { (w::persons_heading(l)) }
                        option value="organisation" selected[asked.kind == "organisation"] { (w::organisations_heading(l)) }
                    }
                }
                div.field {
                    label for="country" { (w::country(l)) }
                    input #country type="text" name="country" value=(asked.country) maxlength=(MAX_FILTER_CHARS) placeholder=(w::country_example(l));
                }
                div.field {
                    label for="programme" { (w::programme(l)) }
                    input #programme type="text" name="programme" value=(asked.programme) maxlength=(MAX_FILTER_CHARS) placeholder="UKR";
                }
                div.field {
                    label for="category" { (w::category(l)) }
                    input #category type="text" name="category" value=(asked.category) maxlength=(MAX_FILTER_CHARS) placeholder="Military";
                }
            }
            p.busy aria-hidden="true" { (w::searching(l)) }
        }
    }
}

/// What was found, or what is wrong with the search.
async fn results(
    l: Language,
    shared: &Shared,
    screener: &Arc<Screener>,
    asked: &Asked,
) -> Result<Markup, Failure> {
    if asked.is_empty() {
        return Ok(html! { p.soft { (w::search_nothing_asked(l)) } });
    }
    let request = match asked.request(l) {
        Ok(request) => request,
        Err(wrong) => return Ok(html! { div.faults role="alert" { p { (wrong) } } }),
    };
    let deadline = Deadline::default().within(shared.config.longest_call);
    let searched = Arc::clone(screener);
    let page = shared.workers.run(deadline, move |_| Ok(searched.snapshot().search(&request)?)).await?;
    Ok(found(l, asked, &page))
}

fn found(l: Language, asked: &Asked, page: &SearchPage) -> Markup {
    let highlighter = Highlighter::new(&asked.q);
    html! {
        @if page.found.is_empty() {
            div.card {
                h2 { (w::found_nothing(l)) }
                @if !page.suggestions.is_empty() {
                    p {
                        (w::did_you_mean(l)) " "
                        @for (n, other) in page.suggestions.iter().enumerate() {
                            @if n > 0 { ", " }
                            a href=(asked.address(other, "")) { (foreign(other)) }
                        }
                    }
                }
                p.soft { (w::search_is_no_screening(l)) " " a href="/screen" { (w::screen_instead(l)) } }
            }
        } @else {
            p.soft { strong { (number(page.total)) } " " (if page.total == 1 { w::entry_found(l) } else { w::entries_found(l) }) }
            ul.found.card { @for found in &page.found { (line(l, &highlighter, found)) } }
            nav.pages aria-label=(w::pages(l)) {
                @if asked.page.is_empty() { span {} } @else { a href=(asked.address(&asked.q, "")) { (w::first_page(l)) } }
                @if !page.next_page_token.is_empty() {
                    a.button.plain href=(asked.address(&asked.q, &page.next_page_token)) rel="next" { (w::next_page(l)) }
                }
            }
        }
    }
}

fn line(l: Language, highlighter: &Highlighter, found: &Found) -> Markup {
    let entity = &found.entity;
    let shown = entity.display_name();
    html! {
        li {
            h3 { a href=(entity_address(&entity.list, &entity.id)) { (marked(highlighter, shown)) } }
            @let others = other_names(entity, shown, highlighter);
            @if !others.is_empty() {
                p.also {
                    (w::also(l)) " "
                    @for (n, name) in others.iter().enumerate() { @if n > 0 { "; " } (marked(highlighter, name)) }
                    @let more = entity.names.len().saturating_sub(others.len() + 1);
                    @if more > 0 { " " (w::and(l)) " " (more) " " (w::more(l)) }
                }
            }
            p.small {
                (w::entity_kind(l, entity.kind)) " · " (foreign(&entity.list)) " " (foreign(&entity.id))
                @let countries = entity.countries();
                @if !countries.is_empty() { " · " (countries.join(" ")) }
                @for category in entity.categories.iter().take(3) { " · " (foreign(category)) }
            }
        }
    }
}

/// Other names worth a line: those that the search met first.
fn other_names<'a>(entity: &'a Entity, shown: &str, highlighter: &Highlighter) -> Vec<&'a str> {
    let mut others: Vec<&str> = Vec::new();
    let names = || entity.names.iter().map(|n| n.whole.as_str()).filter(|n| *n != shown);
    let met = names().filter(|n| !highlighter.ranges(n).is_empty());
    for name in met.chain(names()) {
        if others.len() == OTHER_NAMES {
            break;
        }
        if !others.contains(&name) {
            others.push(name);
        }
    }
    others
}
