//! Everything that a list says of one entry, and what changed in it.

mod past;

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::Response;
use maud::{Markup, html};

use crate::index::diff::past;
use crate::model::{
    Address, Birth, Citizenship, Entity, Identifier, Listing, Name, NameQuality, PartialDate, Relation,
};
use crate::report::{Language, rating};
use crate::service::{Deadline, Failure, Reason, Shared};

use super::text::{entity_address, foreign, outside};
use super::view::{Place, View, as_of, screener};
use super::{fault, words as w};

/// Longest reference of an entity in an address, in bytes; far longer than any list's.
const MAX_REFERENCE_BYTES: usize = 500;

/// The page.
pub(super) async fn page(
    view: View,
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
) -> Response {
    let l = view.language;
    let screener = match screener(&view, &shared) {
        Ok(screener) => screener,
        Err(page) => return *page,
    };
    let not_found = || Failure::new(Reason::EntityNotFound, "the list has no such entity");
    let Ok(Path((list, id))) = path else { return fault::page(&view, &shared, &not_found()) };
    if list.len() > MAX_REFERENCE_BYTES || id.len() > MAX_REFERENCE_BYTES {
        return fault::page(&view, &shared, &not_found());
    }
    let deadline = Deadline::default().within(shared.config.longest_call);
    let looked_up = Arc::clone(&screener);
    let found = shared
        .workers
        .run(deadline, move |_| {
            let past = past(looked_up.snapshot(), &list, &id)?;
            match looked_up.snapshot().entity(&list, &id)? {
                Some(entity) => Ok((entity, past, true)),
                None => Ok((past.last().cloned().ok_or_else(not_found)?, past, false)),
            }
        })
        .await;
    let (entity, past, is_listed) = match found {
        Ok(found) => found,
        Err(failure) => return fault::page(&view, &shared, &failure),
    };
    let manifest = screener.snapshot().manifest();
    let list = manifest.list(&entity.list);
    let body = html! {
        article.entry {
            p.kicker {
                (w::entity_kind(l, entity.kind)) " · "
                @match list {
                    Some(list) => { a href={ "/lists#list-" (list.list) } { (foreign(&list.title)) } ", " (w::as_of_lower(l)) " " (as_of(&list.as_of, &list.imported)) }
                    None => (foreign(&entity.list)),
                }
            }
            h1 { (foreign(entity.display_name())) }
            ul.chips {
                li.mark { (w::reference(l)) " " (foreign(&entity.id)) }
                @if entity.rating.is_some() { li.mark.warn { (w::risk(l)) ": " (rating(l, entity.rating)) } }
                @for category in &entity.categories { li.mark.calm { (foreign(category)) } }
                @if entity.designation.delisted.is_some() { li.mark.good { "✓ " (w::taken_off(l)) } }
            }
            @if !is_listed { p.card role="status" { span aria-hidden="true" { "✓ " } (w::no_longer_listed(l)) " " a href="#changes" { (w::changes(l)) } } }
            (names(l, &entity))
            (about(l, &entity))
            (relations(l, &entity))
            (documents(l, &entity))
            (listings(l, &entity))
            (remarks(l, &entity))
            (past::changes(l, &past))
        }
    };
    view.page(&shared, Place::Search, w::list_entry(l), body)
}

/// The entry as its list has it, for showing it beside something else.
pub(super) fn facts(l: Language, entity: &Entity) -> Markup {
    html! {
        @if !entity.births.is_empty() {
            dt { (w::born(l)) }
            dd { ul { @for birth in entity.births.iter().take(4) { li { (birth_text(birth)) } } } }
        }
        @if let Some(gender) = entity.gender { dt { (w::gender(l)) } dd { (w::gender_named(l, gender)) } }
        @if !entity.citizenships.is_empty() {
            dt { (w::citizenship(l)) }
            dd { (foreign(&entity.citizenships.iter().map(citizenship_text).collect::<Vec<_>>().join("; "))) }
        }
        @if !entity.addresses.is_empty() {
            dt { (w::address(l)) }
            dd { ul { @for address in entity.addresses.iter().take(3) { li { (foreign(&address_text(address))) } } } }
        }
        @if let Some(name) = entity.names.iter().find(|n| !n.function.is_empty()) {
            dt { (w::function(l)) } dd { (foreign(&name.function)) }
        }
        @if !entity.categories.is_empty() { dt { (w::category(l)) } dd { (foreign(&entity.categories.join("; "))) } }
        @if entity.rating.is_some() { dt { (w::risk(l)) } dd { (rating(l, entity.rating)) } }
        @let programmes = programmes(entity);
        @if !programmes.is_empty() { dt { (w::programme(l)) } dd { (foreign(&programmes.join(", "))) } }
    }
}

/// Programmes of an entry, each once.
fn programmes(entity: &Entity) -> Vec<&str> {
    let mut all: Vec<&str> =
        entity.listings.iter().map(|l| l.programme.as_str()).filter(|p| !p.is_empty()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn names(l: Language, entity: &Entity) -> Markup {
    html! {
        section.card {
            h2 { (w::all_names(l)) " (" (entity.names.len()) ")" }
            ul.names { @for name in &entity.names { li { (foreign(&name.whole)) (name_details(l, name)) } } }
        }
    }
}

fn name_details(l: Language, name: &Name) -> Markup {
    let quality = match name.quality {
        NameQuality::Strong => "",
        NameQuality::Weak => w::weak_alias(l),
        NameQuality::Former => w::former_name(l),
        NameQuality::Acronym => w::acronym(l),
    };
    html! {
        @if !quality.is_empty() { span.small { (quality) } }
        @for text in [&name.title, &name.function, &name.remark] {
            @if !text.is_empty() { span.small { (foreign(text)) } }
        }
        @if !name.lent_by.is_empty() { span.small { (w::lent_by(l)) " " (foreign(&name.lent_by)) } }
    }
}

fn about(l: Language, entity: &Entity) -> Markup {
    let says = entity.gender.is_some()
        || !entity.births.is_empty()
        || !entity.citizenships.is_empty()
        || !entity.addresses.is_empty()
        || !entity.topics.is_empty()
        || !entity.links.is_empty();
    html! {
        @if says {
            section.card {
                h2 { (w::about(l)) }
                dl.facts {
                    @if !entity.births.is_empty() {
                        dt { (w::born(l)) }
                        dd { ul { @for birth in &entity.births { li { (birth_text(birth)) (small(&birth.remark)) } } } }
                    }
                    @if let Some(gender) = entity.gender { dt { (w::gender(l)) } dd { (w::gender_named(l, gender)) } }
                    @if !entity.citizenships.is_empty() {
                        dt { (w::citizenship(l)) }
                        dd {
                            ul { @for c in &entity.citizenships { li { (foreign(&citizenship_text(c))) (small(&c.remark)) } } }
                            p.small { (w::never_scored(l)) }
                        }
                    }
                    @if !entity.addresses.is_empty() {
                        dt { (w::address(l)) }
                        dd { ul { @for a in &entity.addresses {
                            li {
                                (foreign(&address_text(a))) (small(&a.remark))
                                @for c in &a.contacts { span.small { " " (foreign(&c.kind)) ": " (foreign(&c.value)) } }
                            }
                        } } }
                    }
                    @if !entity.topics.is_empty() { dt { (w::topics(l)) } dd { (foreign(&entity.topics.join("; "))) } }
                    @if !entity.links.is_empty() {
                        dt { (w::pages_elsewhere(l)) }
                        dd { ul { @for link in &entity.links { li { (outside(link)) } } } }
                    }
                }
            }
        }
    }
}

fn relations(l: Language, entity: &Entity) -> Markup {
    html! {
        @if !entity.relations.is_empty() {
            section.card {
                h2 { (w::relations(l)) }
                dl.facts { @for relation in &entity.relations {
                    dt { (w::relation(l, relation.kind)) }
                    dd { (related(l, entity, relation)) }
                } }
            }
        }
    }
}

fn related(l: Language, entity: &Entity, relation: &Relation) -> Markup {
    html! {
        @if relation.entity_id.is_empty() {
            (foreign(&relation.name))
        } @else {
            a href=(entity_address(&entity.list, &relation.entity_id)) { (foreign(&relation.name)) }
        }
        @if !relation.native_name.is_empty() && relation.native_name != relation.name { " " (foreign(&relation.native_name)) }
        @if !relation.lent_by.is_empty() { " " span.small { (w::lent_by(l)) " " (foreign(&relation.lent_by)) } }
    }
}

fn documents(l: Language, entity: &Entity) -> Markup {
    html! {
        @if !entity.identifiers.is_empty() {
            section.card {
                h2 { (w::documents(l)) }
                dl.facts { @for identifier in &entity.identifiers {
                    dt { (foreign(document_kind(identifier))) }
                    dd {
                        (foreign(&identifier.number))
                        @if !identifier.latin_number.is_empty() && identifier.latin_number != identifier.number {
                            " (" (foreign(&identifier.latin_number)) ")"
                        }
                        @let details = document_details(identifier);
                        @if !details.is_empty() { br; span.small { (foreign(&details)) } }
                    }
                } }
            }
        }
    }
}

fn document_kind(identifier: &Identifier) -> &str {
    if identifier.description.is_empty() { &identifier.kind } else { &identifier.description }
}

fn document_details(identifier: &Identifier) -> String {
    let mut parts: Vec<String> = Vec::new();
    let country = country_text(&identifier.country, &identifier.country_description);
    for text in [&identifier.name_on_document, &identifier.issued_by, &country, &identifier.region] {
        if !text.is_empty() {
            parts.push(text.clone());
        }
    }
    let until = [identifier.issued, identifier.valid_from, identifier.valid_to];
    parts.extend(until.into_iter().flatten().map(|d| d.to_string()));
    parts.extend(identifier.flags.iter().map(|f| f.replace('_', " ")));
    if !identifier.remark.is_empty() {
        parts.push(identifier.remark.clone());
    }
    parts.join(", ")
}

/// Acts under which the entry stands, newest first: its history on the list.
fn listings(l: Language, entity: &Entity) -> Markup {
    let designation = &entity.designation;
    let mut acts: Vec<&Listing> = entity.listings.iter().chain(&entity.acts).collect();
    let when = |act: &Listing| act.published.or(act.in_force);
    acts.sort_by_key(|act| std::cmp::Reverse(when(act)));
    acts.dedup_by(|a, b| a.title == b.title && when(a) == when(b) && a.url == b.url);
    let says = !acts.is_empty() || designation.date.is_some() || !designation.united_nations_id.is_empty();
    html! {
        @if says {
            section.card {
                h2 { (w::history(l)) }
                dl.facts {
                    @if let Some(date) = designation.date { dt { (w::designated(l)) } dd { (date) } }
                    @if !designation.details.is_empty() { dt { (w::remarks(l)) } dd { (foreign(&designation.details)) } }
                    @if let Some(date) = designation.delisted { dt { (w::taken_off(l)) } dd { (date) } }
                    @if !designation.united_nations_id.is_empty() { dt { (w::un_reference(l)) } dd { (foreign(&designation.united_nations_id)) } }
                }
                ol.timeline { @for act in acts { (act_item(l, act, when(act))) } }
            }
        }
    }
}

fn act_item(l: Language, act: &Listing, when: Option<PartialDate>) -> Markup {
    html! {
        li {
            @if let Some(date) = when { strong { (date) } " " }
            @if !act.programme.is_empty() { span.mark { (foreign(&act.programme)) } " " }
            (foreign(&act.title))
            @if !act.act_type.is_empty() || !act.issued_by.is_empty() {
                " " span.small { (foreign(&[act.act_type.as_str(), act.issued_by.as_str()].join(" "))) }
            }
            @if !act.url.is_empty() { br; span.small { (w::read_act(l)) " " (outside(&act.url)) } }
            (small(&act.remark))
        }
    }
}

fn remarks(l: Language, entity: &Entity) -> Markup {
    html! {
        @if !entity.remarks.is_empty() {
            section.card {
                h2 { (w::remarks(l)) }
                @for remark in &entity.remarks { p { (foreign(remark)) } }
            }
        }
    }
}

fn small(text: &str) -> Markup {
    html! { @if !text.is_empty() { " " span.small { (foreign(text)) } } }
}

/// A birth as a list says it: when and where.
fn birth_text(birth: &Birth) -> Markup {
    let when = match (birth.when.date, birth.when.first_year, birth.when.last_year) {
        (Some(date), ..) => date.to_string(),
        (None, Some(first), Some(last)) if first == last => first.to_string(),
        (None, Some(first), Some(last)) => format!("{first} – {last}"),
        (None, Some(year), None) => format!("≥ {year}"),
        (None, None, Some(year)) => format!("≤ {year}"),
        (None, None, None) => birth.as_written.clone(),
    };
    let country = country_text(&birth.country, &birth.country_description);
    let place = joined(&[&birth.city, &birth.place, &birth.region, &country]);
    html! {
        @if birth.when.circa { "± " }
        (foreign(&when))
        @if !when.is_empty() && !place.is_empty() { ", " }
        (foreign(&place))
    }
}

fn citizenship_text(citizenship: &Citizenship) -> String {
    joined(&[&country_text(&citizenship.country, &citizenship.description), &citizenship.region])
}

fn address_text(address: &Address) -> String {
    let country = country_text(&address.country, &address.country_description);
    let city = joined_by(" ", &[&address.postal_code, &address.city]);
    joined(&[&address.street, &address.po_box, &city, &address.place, &address.region, &country])
}

/// A country by the list's own words, else by its code.
fn country_text(code: &str, description: &str) -> String {
    if description.is_empty() { code.to_owned() } else { description.to_owned() }
}

fn joined(parts: &[&str]) -> String {
    joined_by(", ", parts)
}

/// Parts that say something, each once.
fn joined_by(between: &str, parts: &[&str]) -> String {
    let mut said: Vec<&str> = Vec::new();
    for part in parts.iter().map(|p| p.trim()).filter(|p| !p.is_empty()) {
        if !said.contains(&part) {
            said.push(part);
        }
    }
    said.join(between)
}
