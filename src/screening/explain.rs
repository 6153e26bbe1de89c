//! A score told in one sentence and in parts.

use crate::matching::attributes::{self, Attributes, ListedAttributes};
use crate::matching::person::{self, NameAgreement, NameView};
use crate::matching::{Alignment, AlignmentKind, Evidence, EvidenceKind, Explanation, Verdict};

/// The explanation of a person's match.
pub fn person(
    query: NameView<'_>,
    listed: NameView<'_>,
    subject: &Attributes,
    entity: &ListedAttributes,
    namesakes: Option<f64>,
) -> Explanation {
    let (agreement, alignments) = person::explain(query, listed);
    let mut evidence = vec![Evidence {
        kind: EvidenceKind::Name,
        verdict: if agreement.conflict { Verdict::Conflicts } else { Verdict::Agrees },
        bits: f64::from(agreement.word_bits),
        text: words_text(&alignments),
    }];
    evidence.push(Evidence {
        kind: EvidenceKind::WholeName,
        verdict: match () {
            () if agreement.exact => Verdict::Agrees,
            () if agreement.complete => Verdict::Close,
            () => Verdict::Unknown,
        },
        bits: f64::from(agreement.whole_bits),
        text: whole_text(&agreement).to_owned(),
    });
    evidence.extend(attributes::explain(subject, entity));
    let bits = evidence.iter().map(|e| e.bits).sum();
    let settle = settle(subject, entity, &alignments);
    let summary = summary(&agreement, &alignments, &evidence, namesakes);
    Explanation { summary, alignments, evidence, bits, settle }
}

/// Adds that another of the subject's names is a weak alias of the entity.
pub fn confirm(explanation: &mut Explanation, given: &str, listed: &str, bits: f64) {
    explanation.evidence.push(Evidence {
        kind: EvidenceKind::OtherName,
        verdict: Verdict::Agrees,
        bits,
        text: format!("also given: {given}; also listed: {listed}"),
    });
    explanation.bits = explanation.evidence.iter().map(|e| e.bits).sum();
    explanation.summary.push_str(" Another name given is an alias of the entry.");
}

/// Bits of two names without a word in common: a score that rounds to nothing.
const NOTHING_BITS: f64 = -40.0;

/// The explanation of two names that share no word.
pub fn nothing_in_common() -> Explanation {
    Explanation {
        summary: "The names have nothing in common.".to_owned(),
        alignments: Vec::new(),
        evidence: vec![Evidence {
            kind: EvidenceKind::Name,
            verdict: Verdict::Conflicts,
            bits: NOTHING_BITS,
            text: "no word in common".to_owned(),
        }],
        bits: NOTHING_BITS,
        settle: Vec::new(),
    }
}

fn whole_text(agreement: &NameAgreement) -> &'static str {
    if agreement.exact && agreement.weak {
        "the whole name is the same, but it is one word and says little"
    } else if agreement.exact {
        "the whole name is the same"
    } else if agreement.weak {
        "one word alone is met only by the same word"
    } else if agreement.complete {
        "all parts of both names agree"
    } else if agreement.whole_bits > 0.0 {
        "what one name leaves out is an initial, a patronymic or a word in the middle"
    } else if agreement.whole_bits < 0.0 {
        "the order of the words or their syllables differ"
    } else {
        "not all parts of both names agree"
    }
}

fn words_text(alignments: &[Alignment]) -> String {
    let count = |kinds: &[AlignmentKind]| alignments.iter().filter(|a| kinds.contains(&a.kind)).count();
    let agree = count(&[
        AlignmentKind::Same,
        AlignmentKind::Spelling,
        AlignmentKind::Script,
        AlignmentKind::Nickname,
        AlignmentKind::Initial,
        AlignmentKind::Joined,
    ]);
    let conflict = count(&[AlignmentKind::Conflict]);
    let alone = count(&[AlignmentKind::QueryOnly, AlignmentKind::ListedOnly]);
    format!("{agree} agreeing, {conflict} conflicting, {alone} on one side only")
}

fn summary(
    agreement: &NameAgreement,
    alignments: &[Alignment],
    evidence: &[Evidence],
    namesakes: Option<f64>,
) -> String {
    let mut parts: Vec<String> = Vec::new();
    if agreement.exact {
        parts.push("the name is the same".into());
    } else {
        let describe = |a: &Alignment| {
            let (q, l) = (a.query.join(" "), a.listed.join(" "));
            match a.kind {
                AlignmentKind::Same => format!("{q} is the same"),
                AlignmentKind::Spelling => format!("{q} is a spelling of {l}"),
                AlignmentKind::Script => format!("{q} is {l} in another script"),
                AlignmentKind::Nickname => format!("{q} is a form of {l}"),
                AlignmentKind::Initial => format!("{q} and {l} begin alike"),
                AlignmentKind::Joined => format!("{q} is {l}, divided otherwise"),
                AlignmentKind::Conflict => format!("{q} stands against {l}"),
                AlignmentKind::QueryOnly => format!("{q} is not in the listed name"),
                AlignmentKind::ListedOnly => format!("{l} is only in the listed name"),
                AlignmentKind::Ignored => String::new(),
            }
        };
        parts.extend(alignments.iter().map(describe).filter(|t| !t.is_empty()));
    }
    for e in evidence {
        match (e.kind, e.verdict) {
            (EvidenceKind::BirthDate, Verdict::Agrees) => parts.push("the birth date agrees".into()),
            (EvidenceKind::BirthDate, Verdict::Close) => parts.push("the birth date is close".into()),
            (EvidenceKind::BirthDate, Verdict::Conflicts) => parts.push("the birth date differs".into()),
            (EvidenceKind::Gender, Verdict::Conflicts) => parts.push("the gender differs".into()),
            (EvidenceKind::Identifier, Verdict::Agrees) => {
                parts.push("a document number is the same".into());
            }
            _ => {}
        }
    }
    let mut text = parts.join("; ");
    if let Some(common) = namesakes.filter(|n| *n >= 0.5) {
        text.push_str(&format!("; about {common:.0} in a million people may bear such a name"));
    }
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => format!("{}{}.", first.to_uppercase(), chars.as_str()),
        None => text,
    }
}

/// Which facts that the list has, or could be asked for, would settle the match.
fn settle(subject: &Attributes, entity: &ListedAttributes, alignments: &[Alignment]) -> Vec<String> {
    let mut out = Vec::new();
    if subject.birth_date.is_none() && !entity.births.is_empty() {
        out.push("birth date".to_owned());
    } else if subject.birth_date.is_some_and(|d| !d.is_full()) && !entity.births.is_empty() {
        out.push("full birth date".to_owned());
    }
    let left_over = |a: &Alignment| {
        matches!(a.kind, AlignmentKind::QueryOnly | AlignmentKind::ListedOnly | AlignmentKind::Initial)
    };
    if alignments.iter().any(left_over) {
        out.push("full name".to_owned());
    }
    if alignments.iter().any(|a| a.kind == AlignmentKind::Spelling) {
        out.push("name in its native script".to_owned());
    }
    if subject.birth_place.is_empty() && !entity.birth_places.is_empty() {
        out.push("birth place".to_owned());
    }
    if subject.numbers.is_empty() && !entity.numbers.is_empty() {
        out.push("document number".to_owned());
    }
    out
}
