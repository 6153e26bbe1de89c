//! Responses of the screening service.

use crate::screening::{
    Alignment, AlignmentKind, Answer, Comparison, Evidence, EvidenceKind, Explanation, Hit, Stamp, Strength,
    Verdict,
};
use crate::service::proto;

use super::{entity_kind, length, timestamp};

/// An answer as a message.
pub(in crate::service) fn answer(answer: Answer) -> proto::Answer {
    proto::Answer {
        hits: answer.hits.into_iter().map(hit).collect(),
        set_aside: answer.set_aside.into_iter().map(hit).collect(),
        total_hits: length(answer.total_hits),
        namesakes_per_million: answer.namesakes_per_million,
        stamp: Some(stamp(&answer.stamp, true)),
        record: 0,
    }
}

/// A stamp as a message; `scored` says whether a threshold was used.
pub(in crate::service) fn stamp(stamp: &Stamp, scored: bool) -> proto::Stamp {
    proto::Stamp {
        snapshot: stamp.snapshot.clone(),
        demo: stamp.demo,
        lists: stamp
            .lists
            .iter()
            .map(|l| proto::ListStamp {
                list: l.list.clone(),
                as_of: l.as_of.clone(),
                import_time: timestamp(&l.imported),
                age_days: l.age_days,
                stale: l.stale,
            })
            .collect(),
        matcher_version: stamp.matcher.clone(),
        threshold: scored.then_some(stamp.threshold),
    }
}

/// A comparison as a message; the caller adds what it was asked with.
pub(in crate::service) fn comparison(comparison: Comparison) -> proto::CompareResponse {
    proto::CompareResponse {
        score: comparison.score,
        r#match: comparison.is_match,
        strength: comparison.strength.map_or(proto::Strength::Unspecified, strength).into(),
        explanation: Some(explanation(comparison.explanation)),
        ..Default::default()
    }
}

pub(super) fn hit(hit: Hit) -> proto::Hit {
    proto::Hit {
        list: hit.list,
        entity_id: hit.entity_id,
        kind: entity_kind(hit.kind).into(),
        name: hit.name,
        matched_name: hit.matched_name,
        query_name: hit.query_name,
        score: hit.score,
        strength: strength(hit.strength).into(),
        explanation: Some(explanation(hit.explanation)),
        standing: None,
    }
}

fn explanation(explanation: Explanation) -> proto::Explanation {
    proto::Explanation {
        summary: explanation.summary,
        alignments: explanation.alignments.into_iter().map(alignment).collect(),
        evidence: explanation.evidence.into_iter().map(evidence).collect(),
        bits: explanation.bits,
        settle: explanation.settle,
    }
}

fn alignment(alignment: Alignment) -> proto::Alignment {
    use proto::AlignmentKind as To;
    let kind = match alignment.kind {
        AlignmentKind::Same => To::Same,
        AlignmentKind::Spelling => To::Spelling,
        AlignmentKind::Script => To::Script,
        AlignmentKind::Nickname => To::Nickname,
        AlignmentKind::Initial => To::Initial,
        AlignmentKind::Joined => To::Joined,
        AlignmentKind::QueryOnly => To::QueryOnly,
        AlignmentKind::ListedOnly => To::ListedOnly,
        AlignmentKind::Conflict => To::Conflict,
        AlignmentKind::Ignored => To::Ignored,
    };
    proto::Alignment {
        query: alignment.query,
        listed: alignment.listed,
        kind: kind.into(),
        bits: alignment.bits,
    }
}

fn evidence(evidence: Evidence) -> proto::Evidence {
    use proto::{EvidenceKind as Kind, Verdict as Said};
    let kind = match evidence.kind {
        EvidenceKind::Name => Kind::Name,
        EvidenceKind::WholeName => Kind::WholeName,
        EvidenceKind::OtherName => Kind::OtherName,
        EvidenceKind::BirthDate => Kind::BirthDate,
        EvidenceKind::BirthPlace => Kind::BirthPlace,
        EvidenceKind::Gender => Kind::Gender,
        EvidenceKind::Identifier => Kind::Identifier,
        EvidenceKind::Country => Kind::Country,
        EvidenceKind::Address => Kind::Address,
    };
    let verdict = match evidence.verdict {
        Verdict::Agrees => Said::Agrees,
        Verdict::Close => Said::Close,
        Verdict::Conflicts => Said::Conflicts,
        Verdict::Unknown => Said::Unknown,
    };
    proto::Evidence { kind: kind.into(), verdict: verdict.into(), bits: evidence.bits, text: evidence.text }
}

fn strength(strength: Strength) -> proto::Strength {
    match strength {
        Strength::Weak => proto::Strength::Weak,
        Strength::Possible => proto::Strength::Possible,
        Strength::Strong => proto::Strength::Strong,
        Strength::Exact => proto::Strength::Exact,
    }
}
