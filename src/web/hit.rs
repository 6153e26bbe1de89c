//! One match, side by side: what was given, what the list says, word for word and fact for fact.

use maud::{Markup, html};

use crate::matching::{Alignment, AlignmentKind, Evidence, EvidenceKind, Explanation, Verdict};
use crate::model::Entity;
use crate::report::{Language, alignment, evidence, sides, verdict};
use crate::review::queue::{MatchState, Standing};
use crate::screening::{Hit, Strength, Subject};

use super::text::{entity_address, foreign};
use super::{entity, review, words as w};

/// A subject and what it may be.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    /// Who was screened.
    pub(super) subject: &'a Subject,
    /// The match.
    pub(super) hit: &'a Hit,
    /// The listed entry, where it can still be read.
    pub(super) listed: Option<&'a Entity>,
    /// How it stands in the review queue, if it does.
    pub(super) standing: Option<&'a Standing>,
}

/// A match with everything that a person needs to judge it. `is_aside`: other evidence puts it below what
/// counts as one.
pub(super) fn card(l: Language, number: usize, both: &Pair<'_>, is_aside: bool) -> Markup {
    let Pair { subject, hit, listed, standing } = *both;
    let heading = format!("hit-{}{number}", if is_aside { "aside-" } else { "" });
    html! {
        article.card.hit.aside[is_aside] aria-labelledby=(heading) {
            header {
                h3 id=(heading) { (foreign(&hit.name)) }
                (strength_mark(l, hit.strength, is_aside))
            }
            div.inside {
                p.small {
                    (w::entity_kind(l, hit.kind)) " · " (foreign(&hit.list)) " · "
                    a href=(entity_address(&hit.list, &hit.entity_id)) { (w::whole_entry(l)) " (" (foreign(&hit.entity_id)) ")" }
                }
                @if let Some(standing) = standing { (in_queue(l, standing)) }
                p.why { (why(l, &hit.explanation)) }
                (pair(l, subject, hit, listed))
                (comparison(l, &hit.explanation))
                (next(l, &hit.explanation, is_aside))
            }
        }
    }
}

/// How a match stands in the review queue.
pub(super) fn in_queue(l: Language, standing: &Standing) -> Markup {
    html! {
        p {
            (w::in_review_queue(l)) " "
            a href=(review::address(&standing.match_id)) { (review::state_mark(l, standing.state)) }
            @if !standing.difference.is_empty() { " " span.mark.warn { "↺ " (w::came_back(l)) } }
            @if standing.state == MatchState::Cleared {
                br; span.small { (w::cleared_before(l)) " (" (foreign(&standing.decided_by)) "): " (foreign(&standing.reason)) }
            }
        }
    }
}

/// How strong a match is: a sign, a word, and what the word means.
pub(super) fn strength_mark(l: Language, strength: Strength, is_aside: bool) -> Markup {
    if is_aside {
        return html! { span.mark { span aria-hidden="true" { "○" } " " (w::set_aside_mark(l)) } };
    }
    let (sign, class) = match strength {
        Strength::Exact => ("▲", "bad"),
        Strength::Strong => ("▲", "bad"),
        Strength::Possible => ("△", "warn"),
        Strength::Weak => ("△", ""),
    };
    html! {
        span.{ "mark " (class) } title=(w::strength_meaning(l, strength)) {
            span aria-hidden="true" { (sign) } " " (w::strength(l, strength))
        }
    }
}

/// Both sides beside each other.
fn pair(l: Language, subject: &Subject, hit: &Hit, listed: Option<&Entity>) -> Markup {
    html! {
        div.sides {
            div.side {
                span.small { (w::given(l)) }
                div.name { (foreign(&hit.query_name)) }
                dl.facts { (given(l, subject, &hit.query_name)) }
            }
            div.side {
                span.small { (w::on_the_list(l)) }
                div.name { (foreign(&hit.matched_name)) }
                dl.facts {
                    @if hit.name != hit.matched_name { dt { (w::listed_as(l)) } dd { (foreign(&hit.name)) } }
                    @if let Some(listed) = listed { (entity::facts(l, listed)) }
                }
            }
        }
    }
}

/// What was given of a subject.
pub(super) fn given(l: Language, subject: &Subject, shown: &str) -> Markup {
    let names = std::iter::once(&subject.name).chain(&subject.aliases);
    let others: Vec<&str> = names.map(String::as_str).filter(|n| *n != shown).take(5).collect();
    html! {
        @if !others.is_empty() { dt { (w::also(l)) } dd { (foreign(&others.join("; "))) } }
        @if let Some(born) = subject.birth_date { dt { (w::born(l)) } dd { (born) } }
        @if !subject.birth_place.is_empty() { dt { (w::birth_place(l)) } dd { (foreign(&subject.birth_place)) } }
        @if let Some(gender) = subject.gender { dt { (w::gender(l)) } dd { (w::gender_named(l, gender)) } }
        @if !subject.countries.is_empty() { dt { (w::country(l)) } dd { (foreign(&subject.countries.join(", "))) } }
        @if !subject.address.is_empty() { dt { (w::address(l)) } dd { (foreign(&subject.address)) } }
        @for identifier in &subject.identifiers {
            dt { (if identifier.kind.is_empty() { html! { (w::document(l)) } } else { foreign(&identifier.kind) }) }
            dd { (foreign(&identifier.number)) }
        }
    }
}

/// The words aligned, and each piece of evidence with its weight.
pub(super) fn comparison(l: Language, explanation: &Explanation) -> Markup {
    html! {
        @if !explanation.alignments.is_empty() {
            h4 { (w::word_for_word(l)) }
            p.hint { (w::word_for_word_hint(l)) }
            ol.words { @for a in &explanation.alignments { (word(l, a)) } }
        }
        @if !explanation.evidence.is_empty() {
            details open[explanation.alignments.is_empty()] {
                summary { (w::evidence_by_part(l)) }
                p.hint { (w::bits_meaning(l)) }
                div.table-frame tabindex="0" role="region" aria-label=(w::evidence_by_part(l)) {
                    table {
                        thead { tr {
                            th scope="col" { (w::part(l)) } th scope="col" { (w::says(l)) }
                            th scope="col" { (w::what_sides_say(l)) } th.number scope="col" { (w::weight(l)) }
                        } }
                        tbody {
                            @for e in &explanation.evidence { (evidence_row(l, e)) }
                            tr { th scope="row" { (w::together(l)) } td {} td {} td.number { strong { (bits(explanation.bits)) } } }
                        }
                    }
                }
            }
        }
    }
}

fn word(l: Language, a: &Alignment) -> Markup {
    let (sign, how) = match a.kind {
        // The report speaks of a case here.
        AlignmentKind::QueryOnly => ("·", w::only_given(l)),
        kind => alignment(l, kind),
    };
    let class = match a.kind {
        AlignmentKind::Same => "same",
        AlignmentKind::Conflict => "against",
        AlignmentKind::QueryOnly | AlignmentKind::ListedOnly | AlignmentKind::Ignored => "alone",
        _ => "like",
    };
    html! {
        li.(class) {
            span.asked { (words_of(&a.query)) }
            span.how { span aria-hidden="true" { (sign) " " } (how) span.bits { (bits(a.bits)) } }
            span.listed { (words_of(&a.listed)) }
        }
    }
}

fn words_of(words: &[String]) -> Markup {
    if words.is_empty() {
        html! { span aria-hidden="true" { "–" } }
    } else {
        foreign(&words.join(" "))
    }
}

fn evidence_row(l: Language, e: &Evidence) -> Markup {
    let (sign, word) = verdict(l, e.verdict);
    let class = match e.verdict {
        Verdict::Agrees => "same",
        Verdict::Close => "like",
        Verdict::Conflicts => "against",
        Verdict::Unknown => "none",
    };
    html! {
        tr {
            th scope="row" { (evidence(l, e.kind)) }
            td { span.{ "verdict " (class) } { span aria-hidden="true" { (sign) " " } (word) } }
            td { (foreign(&sides(l, e))) }
            td.number { (bits(e.bits)) }
        }
    }
}

/// What would settle a match, and what to do.
fn next(l: Language, explanation: &Explanation, is_aside: bool) -> Markup {
    html! {
        div.next {
            h4 { (w::what_next(l)) }
            @if !explanation.settle.is_empty() {
                p {
                    (w::would_settle(l)) " "
                    @for (n, fact) in explanation.settle.iter().enumerate() {
                        @if n > 0 { ", " }
                        strong { (w::fact(l, fact)) }
                    }
                    "."
                }
            }
            p { (if is_aside { w::next_aside(l) } else { w::next_step(l) }) }
        }
    }
}

/// Why a match was found, in a sentence.
pub(super) fn why(l: Language, explanation: &Explanation) -> Markup {
    if l == Language::En || explanation.alignments.is_empty() {
        return html! { span lang="en" { (foreign(&explanation.summary)) } };
    }
    let mut parts: Vec<String> = explanation.alignments.iter().filter_map(dutch_alignment).collect();
    let whole_same = explanation
        .evidence
        .iter()
        .any(|e| e.kind == EvidenceKind::WholeName && e.verdict == Verdict::Agrees);
    if whole_same {
        parts = vec!["de naam is gelijk".to_owned()];
    }
    for e in &explanation.evidence {
        let text = match (e.kind, e.verdict) {
            (EvidenceKind::BirthDate, Verdict::Agrees) => "de geboortedatum klopt",
            (EvidenceKind::BirthDate, Verdict::Close) => "de geboortedatum klopt bijna",
            (EvidenceKind::BirthDate, Verdict::Conflicts) => "de geboortedatum verschilt",
            (EvidenceKind::Gender, Verdict::Conflicts) => "het geslacht verschilt",
            (EvidenceKind::Identifier, Verdict::Agrees) => "een documentnummer is gelijk",
            (EvidenceKind::OtherName, Verdict::Agrees) => {
                "een andere opgegeven naam is een alias van de vermelding"
            }
            _ => continue,
        };
        parts.push(text.to_owned());
    }
    let text = parts.join("; ");
    let mut letters = text.chars();
    let text = letters
        .next()
        .map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), letters.as_str()));
    html! { (foreign(&text)) }
}

fn dutch_alignment(a: &Alignment) -> Option<String> {
    let (given, listed) = (a.query.join(" "), a.listed.join(" "));
    Some(match a.kind {
        AlignmentKind::Same => format!("{given} is gelijk"),
        AlignmentKind::Spelling => format!("{given} is een spelling van {listed}"),
        AlignmentKind::Script => format!("{given} is {listed} in een ander schrift"),
        AlignmentKind::Nickname => format!("{given} is een vorm van {listed}"),
        AlignmentKind::Initial => format!("{given} en {listed} beginnen gelijk"),
        AlignmentKind::Joined => format!("{given} is {listed}, anders verdeeld"),
        AlignmentKind::Conflict => format!("{given} staat tegenover {listed}"),
        AlignmentKind::QueryOnly => format!("{given} staat niet in de vermelde naam"),
        AlignmentKind::ListedOnly => format!("{listed} staat alleen in de vermelde naam"),
        AlignmentKind::Ignored => return None,
    })
}

/// Bits with their sign and one decimal, without a negative nought.
pub(super) fn bits(bits: f64) -> String {
    if bits.abs() < 0.05 { "0".to_owned() } else { format!("{bits:+.1}").replace('-', "\u{2212}") }
}
