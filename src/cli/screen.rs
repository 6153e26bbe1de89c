//! `zeef screen`: one subject, answered for a person or a program.

use std::fmt::Write as _;
use std::io;

use comfy_table::Cell;
use serde_json::Value;

use crate::review::audit::{Asked, Receipt};
use crate::screening::{
    AlignmentKind, Answer, Evidence, EvidenceKind, Explanation, Hit, Subject, SubjectKind, Verdict,
};

use super::exit::{CliError, code};
use super::plan::ScreenPlan;
use super::print::{count, safe, table};
use super::records::{Kept, standing_text};
use super::{data, notice, print};

/// Names of a million people from which a name is called common: about as many as carry one of the
/// few hundred commonest full names of a large country.
const COMMON_PER_MILLION: f64 = 100.0;

/// Screens and prints.
///
/// # Errors
/// See [`CliError`].
pub(super) fn run(plan: &ScreenPlan) -> Result<u8, CliError> {
    let screener = data::open(&plan.data)?;
    let mut kept = Kept::open(&plan.record, &screener)?;
    let now = jiff::Timestamp::now();
    let answer = screener.screen(&plan.subject, &plan.options, now)?;
    let receipt = kept.as_mut().map(|kept| {
        kept.record(|recorder, occasion| {
            let asked = Asked { id: "", row: 0, reference: "", subject: &plan.subject, answer: &answer };
            recorder.screening(occasion, &screener, now, &[asked])
        })
    });
    let receipt = receipt.transpose()?.unwrap_or_default();
    notice::warn(&answer.stamp, &plan.options.lists);
    if plan.json {
        print::json(&json(&answer, &receipt)?)?;
    } else {
        print::out(&text(&plan.subject, &answer, &receipt))?;
    }
    Ok(if plan.exit_hit && !answer.hits.is_empty() { code::HIT } else { code::ANSWERED })
}

/// The answer as a program reads it, with the number of its record and how each hit stands.
fn json(answer: &Answer, receipt: &Receipt) -> Result<Value, CliError> {
    let mut value = serde_json::to_value(answer).map_err(io::Error::from)?;
    if receipt.number > 0 {
        value["record"] = receipt.number.into();
    }
    let hits = value["hits"].as_array_mut().into_iter().flatten();
    for (hit, standing) in hits.zip(&receipt.standings) {
        hit["standing"] = serde_json::to_value(standing).map_err(io::Error::from)?;
    }
    Ok(value)
}

/// The answer as a person reads it: what was found, why, and what it rests on.
fn text(subject: &Subject, answer: &Answer, receipt: &Receipt) -> String {
    let mut text = String::new();
    let lists: Vec<&str> = answer.stamp.lists.iter().map(|l| l.list.as_str()).collect();
    let on = lists.join(", ");
    let _ = match answer.total_hits {
        0 => writeln!(text, "No hit on {on} at threshold {}.", answer.stamp.threshold),
        n if n > answer.hits.len() => writeln!(
            text,
            "{} on {on}; the best {} are shown (--limit shows more).",
            count(n, "hit", "hits"),
            answer.hits.len()
        ),
        n => writeln!(
            text,
            "{} on {on}. A person decides whether it is the same bearer.",
            count(n, "hit", "hits")
        ),
    };
    if !answer.hits.is_empty() {
        let _ = writeln!(text, "{}", overview(&answer.hits));
    }
    for (hit, number) in answer.hits.iter().zip(1_usize..) {
        let _ = write!(text, "\n{number}. {}", reasons(hit));
        let standing = receipt.standings.get(number - 1).map(standing_text).unwrap_or_default();
        if !standing.is_empty() {
            let _ = writeln!(text, "   {standing}");
        }
    }
    if !answer.set_aside.is_empty() {
        let _ = writeln!(
            text,
            "\nSet aside: the whole name is the same, but other evidence speaks against it. Look at {}:",
            if answer.set_aside.len() == 1 { "it" } else { "them" }
        );
        for hit in &answer.set_aside {
            let _ = write!(text, "\n-  {}", reasons(hit));
        }
    }
    let _ = write!(text, "\n{}", how_common(subject, answer));
    let _ = writeln!(text, "{}", notice::lists_line(&answer.stamp));
    if receipt.number > 0 {
        let _ = writeln!(text, "Record {} in the audit trail.", receipt.number);
    }
    text
}

fn overview(hits: &[Hit]) -> String {
    let mut table = table(["", "score", "strength", "list", "entity", "kind", "name", "matched name"]);
    for (hit, number) in hits.iter().zip(1..) {
        table.add_row([
            number.to_string(),
            format!("{:.3}", hit.score),
            hit.strength.as_str().to_owned(),
            safe(&hit.list),
            safe(&hit.entity_id),
            hit.kind.as_str().to_owned(),
            safe(&hit.name),
            safe(&hit.matched_name),
        ]);
    }
    table.trim_fmt()
}

/// One hit with its reasons.
fn reasons(hit: &Hit) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} [{} {}] score {:.3}, {}",
        safe(&hit.name),
        safe(&hit.list),
        safe(&hit.entity_id),
        hit.score,
        hit.strength.as_str()
    );
    text.push_str(&explanation(&hit.explanation));
    text
}

/// An explanation: the sentence, the words aligned, the evidence, what would settle it.
pub(super) fn explanation(why: &Explanation) -> String {
    let mut text = format!("   {}\n", safe(&why.summary));
    if !why.alignments.is_empty() {
        let mut words = table(["asked", "listed", "words", "bits"]);
        for a in &why.alignments {
            words.add_row([
                Cell::new(safe(&a.query.join(" "))),
                Cell::new(safe(&a.listed.join(" "))),
                Cell::new(alignment_words(a.kind)),
                Cell::new(bits(a.bits)).set_alignment(comfy_table::CellAlignment::Right),
            ]);
        }
        push_indented(&mut text, &words.trim_fmt());
    }
    let mut parts = table(["evidence", "", "bits", "what the sides say"]);
    let unknown = |e: &&Evidence| e.verdict == Verdict::Unknown && e.bits == 0.0;
    for e in why.evidence.iter().filter(|e| !unknown(e)) {
        parts.add_row([
            Cell::new(evidence_words(e.kind)),
            Cell::new(verdict_words(e.verdict)),
            Cell::new(bits(e.bits)).set_alignment(comfy_table::CellAlignment::Right),
            Cell::new(safe(&e.text)),
        ]);
    }
    parts.add_row([
        Cell::new("total"),
        Cell::new(""),
        Cell::new(bits(why.bits)).set_alignment(comfy_table::CellAlignment::Right),
        Cell::new(""),
    ]);
    push_indented(&mut text, &parts.trim_fmt());
    let missing: Vec<&str> = why.evidence.iter().filter(unknown).map(|e| evidence_words(e.kind)).collect();
    if !missing.is_empty() {
        let _ = writeln!(text, "   Unknown on one side or both: {}.", missing.join(", "));
    }
    if !why.settle.is_empty() {
        let _ = writeln!(text, "   Would settle it: {}.", safe(&why.settle.join(", ")));
    }
    text
}

fn push_indented(text: &mut String, block: &str) {
    for line in block.lines() {
        let _ = writeln!(text, "   {line}");
    }
}

/// How common the subject's name is, and what that means for the answer.
fn how_common(subject: &Subject, answer: &Answer) -> String {
    let Some(per_million) =
        answer.namesakes_per_million.filter(|_| subject.kind != SubjectKind::Organisation)
    else {
        return String::new();
    };
    let how_many = if per_million < 0.1 {
        "fewer than 1 in 10 million people".to_owned()
    } else if per_million < 10.0 {
        format!("about {per_million:.1} of a million people")
    } else {
        format!("about {per_million:.0} of a million people")
    };
    let ask = match (per_million >= COMMON_PER_MILLION, subject.birth_date) {
        (true, None) => "; the name alone says little, ask for the birth date (--born)",
        (true, Some(_)) => "; the name alone says little",
        (false, _) => "",
    };
    format!("How common the name is: {how_many} carry it{ask}.\n")
}

/// Bits with their sign and one decimal.
fn bits(bits: f64) -> String {
    // No "-0.0".
    let bits = if bits.abs() < 0.05 { 0.0 } else { bits };
    if bits == 0.0 { "0".into() } else { format!("{bits:+.1}") }
}

fn alignment_words(kind: AlignmentKind) -> &'static str {
    match kind {
        AlignmentKind::Same => "same",
        AlignmentKind::Spelling => "other spelling",
        AlignmentKind::Script => "other script",
        AlignmentKind::Nickname => "nickname or cognate",
        AlignmentKind::Initial => "initial",
        AlignmentKind::Joined => "joined or split",
        AlignmentKind::QueryOnly => "only asked",
        AlignmentKind::ListedOnly => "only listed",
        AlignmentKind::Conflict => "contradicts",
        AlignmentKind::Ignored => "says little",
    }
}

fn evidence_words(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Name => "name",
        EvidenceKind::WholeName => "whole name",
        EvidenceKind::OtherName => "other name",
        EvidenceKind::BirthDate => "birth date",
        EvidenceKind::BirthPlace => "birth place",
        EvidenceKind::Gender => "gender",
        EvidenceKind::Identifier => "identifier",
        EvidenceKind::Country => "country",
        EvidenceKind::Address => "address",
    }
}

fn verdict_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Agrees => "agrees",
        Verdict::Close => "close",
        Verdict::Conflicts => "conflicts",
        Verdict::Unknown => "unknown",
    }
}
