//! The reasons for a hit, in parts that add up to its bits.

use crate::model::Entity;
use crate::names::organisation::{WordKind, listed_variants};

use super::super::{Alignment, AlignmentKind, Evidence, EvidenceKind, Explanation, Verdict};
use super::align::{AlignScratch, Part};
use super::query::{OrganisationFacts, OrganisationQuery};
use super::score::{Found, ListedName, Piece, name_class, score_into, whole_hash};
use super::words::WordRef;

/// Why `query` may be `entity` by its name number `name_index`: exactly the bits that a search finds
/// for that name. `None` when the name does not exist or has nothing in common with the query.
pub fn explain(
    query: &OrganisationQuery,
    entity: &Entity,
    name_index: usize,
) -> Option<(Found, Explanation)> {
    explain_in_place(query, entity, name_index).map(|(found, explanation, _)| (found, explanation))
}

/// [`explain`], and where the name stands: the range of the query's words between the first and the last
/// that agree with it, in the segment that says most. A name that agrees only as a whole is all of it.
pub fn explain_in_place(
    query: &OrganisationQuery,
    entity: &Entity,
    name_index: usize,
) -> Option<(Found, Explanation, std::ops::Range<usize>)> {
    let name = entity.names.get(name_index)?;
    let facts = OrganisationFacts::of(entity);
    let words = query.words();
    let mut scratch = AlignScratch::default();
    let variants = listed_variants(&name.whole);
    let whole = whole_hash(variants.first()?);
    let mut best: Option<(Found, Vec<Piece>, usize)> = None;
    for (i, variant) in variants.iter().enumerate() {
        let listed_words: Vec<WordRef<'_>> = variant.words.iter().map(WordRef::from).collect();
        let listed = ListedName {
            words: &listed_words,
            whole,
            class: name_class(name, variant, &facts),
            countries: &facts.countries,
            places: &facts.places,
            named_in_han: facts.named_in_han,
        };
        let mut pieces = Vec::new();
        let found = score_into(query, &words, &listed, &mut scratch, &mut |piece| pieces.push(piece));
        if let Some(found) = found
            && best.as_ref().is_none_or(|b| found.bits > b.0.bits)
        {
            best = Some((found, pieces, i));
        }
    }
    let (found, pieces, variant) = best?;
    let listed: Vec<WordRef<'_>> = variants[variant].words.iter().map(WordRef::from).collect();
    let story = tell(&words, &listed, &pieces);
    let settle =
        if query.countries.is_empty() && !story.evidence.iter().any(|e| e.kind == EvidenceKind::Country) {
            vec!["country of the institution".to_owned()]
        } else {
            Vec::new()
        };
    let summary = summary(&found, &name.whole, &story);
    let place = place(&words, &pieces);
    Some((
        found,
        Explanation {
            summary,
            alignments: story.alignments,
            evidence: story.evidence,
            bits: found.bits,
            settle,
        },
        place,
    ))
}

/// The range of words that agree, in the segment where they say most.
fn place(words: &[WordRef<'_>], pieces: &[Piece]) -> std::ops::Range<usize> {
    let pairs = || {
        pieces.iter().filter_map(|piece| match *piece {
            Piece::Name(Part::Pair { query, query_len, .. }, bits) => Some((query, query_len, bits)),
            _ => None,
        })
    };
    let segment = |query: usize| words[query].segment;
    let weight = |of: u16| pairs().filter(|p| segment(p.0) == of).map(|p| p.2).sum::<f64>();
    let Some(most) = pairs().map(|p| segment(p.0)).max_by(|a, b| weight(*a).total_cmp(&weight(*b))) else {
        return 0..words.len();
    };
    let inside = || pairs().filter(|p| segment(p.0) == most);
    let from = inside().map(|p| p.0).min().unwrap_or(0);
    let to = inside().map(|p| p.0 + p.1).max().unwrap_or(words.len());
    from..to
}

struct Story {
    alignments: Vec<Alignment>,
    evidence: Vec<Evidence>,
}

/// Alignments of every word of both sides, and the evidence whose bits add up to the total.
fn tell(query: &[WordRef<'_>], listed: &[WordRef<'_>], pieces: &[Piece]) -> Story {
    let mut alignments = Vec::new();
    let mut evidence = Vec::new();
    let mut seen_query = vec![false; query.len()];
    let mut seen_listed = vec![false; listed.len()];
    let (mut name_bits, mut whole_bits, mut whole_text) = (0.0, 0.0, "");
    for piece in pieces {
        match *piece {
            Piece::Name(Part::Pair { listed: l, listed_len, query: q, query_len, kind }, bits) => {
                name_bits += bits;
                seen_listed[l..l + listed_len].fill(true);
                seen_query[q..q + query_len].fill(true);
                alignments.push(Alignment {
                    query: texts(&query[q..q + query_len]),
                    listed: texts(&listed[l..l + listed_len]),
                    kind,
                    bits,
                });
            }
            Piece::Name(Part::Conflict { listed: l, query: q }, bits) => {
                name_bits += bits;
                (seen_listed[l], seen_query[q]) = (true, true);
                alignments.push(Alignment {
                    query: texts(&query[q..=q]),
                    listed: texts(&listed[l..=l]),
                    kind: AlignmentKind::Conflict,
                    bits,
                });
            }
            Piece::Name(Part::ListedOnly { listed: l }, bits) => {
                name_bits += bits;
                seen_listed[l] = true;
                alignments.push(Alignment {
                    query: Vec::new(),
                    listed: texts(&listed[l..=l]),
                    kind: AlignmentKind::ListedOnly,
                    bits,
                });
            }
            Piece::Name(Part::QueryOnly { query: q }, bits) => {
                name_bits += bits;
                seen_query[q] = true;
                alignments.push(Alignment {
                    query: texts(&query[q..=q]),
                    listed: Vec::new(),
                    kind: AlignmentKind::QueryOnly,
                    bits,
                });
            }
            Piece::Name(Part::Whole, bits) => {
                whole_bits += bits;
                whole_text = "the listed name stands whole in the query";
            }
            Piece::Name(Part::Order | Part::Translated, bits) => whole_bits += bits,
            Piece::Other(EvidenceKind::WholeName, _, bits) => {
                whole_bits += bits;
                whole_text = "the whole name is the same";
            }
            Piece::Other(kind, verdict, bits) => {
                evidence.push(Evidence {
                    kind,
                    verdict,
                    bits,
                    text: attribute_text(kind, verdict).to_owned(),
                });
            }
        }
    }
    let rest = |word: &WordRef<'_>, kind| {
        let ignored = matches!(word.kind, WordKind::Connector | WordKind::Legal);
        if ignored { AlignmentKind::Ignored } else { kind }
    };
    for (l, word) in listed.iter().enumerate().filter(|(l, _)| !seen_listed[*l]) {
        alignments.push(Alignment {
            query: Vec::new(),
            listed: texts(&listed[l..=l]),
            kind: rest(word, AlignmentKind::ListedOnly),
            bits: 0.0,
        });
    }
    for (q, word) in query.iter().enumerate().filter(|(q, _)| !seen_query[*q]) {
        alignments.push(Alignment {
            query: texts(&query[q..=q]),
            listed: Vec::new(),
            kind: rest(word, AlignmentKind::QueryOnly),
            bits: 0.0,
        });
    }
    evidence.insert(
        0,
        Evidence {
            kind: EvidenceKind::WholeName,
            verdict: if whole_bits > 0.0 { Verdict::Agrees } else { Verdict::Close },
            bits: whole_bits,
            text: if whole_text.is_empty() { "parts of the listed name" } else { whole_text }.to_owned(),
        },
    );
    let against = alignments.iter().any(|a| a.bits < 0.0);
    evidence.insert(
        0,
        Evidence {
            kind: EvidenceKind::Name,
            verdict: if against { Verdict::Close } else { Verdict::Agrees },
            bits: name_bits,
            text: "words of the names".to_owned(),
        },
    );
    Story { alignments, evidence }
}

fn texts(words: &[WordRef<'_>]) -> Vec<String> {
    words.iter().map(|w| w.text.to_owned()).collect()
}

fn attribute_text(kind: EvidenceKind, verdict: Verdict) -> &'static str {
    match (kind, verdict) {
        (EvidenceKind::Country, Verdict::Agrees) => "the country is one of the institution's",
        (EvidenceKind::Country, _) => "the country is none of the institution's",
        (_, Verdict::Agrees) => "a place is one of the institution's",
        _ => "the places differ",
    }
}

/// One sentence for a reader who does not count bits.
fn summary(found: &Found, name: &str, story: &Story) -> String {
    let mut text = match (found.exact, found.weak) {
        (true, true) => {
            format!("The whole query is the short name or acronym “{name}”, which others may bear too")
        }
        (true, false) => format!("The whole name is the same as “{name}”"),
        (false, true) => format!("The acronym “{name}” stands beside a place of the institution"),
        (false, false) => format!("“{name}” was found in the query"),
    };
    let words = |kind: AlignmentKind, query: bool| -> Vec<String> {
        story
            .alignments
            .iter()
            .filter(|a| a.kind == kind && a.bits < 0.0)
            .map(|a| if query { a.query.join(" ") } else { a.listed.join(" ") })
            .collect()
    };
    let other = words(AlignmentKind::Conflict, true);
    let (missing, extra) = (words(AlignmentKind::ListedOnly, false), words(AlignmentKind::QueryOnly, true));
    for (what, found) in [("otherwise written", other), ("missing", missing), ("beside it", extra)] {
        if !found.is_empty() {
            text.push_str(&format!("; {what}: {}", found.join(", ")));
        }
    }
    if story.evidence.iter().any(|e| e.kind == EvidenceKind::Country && e.verdict == Verdict::Conflicts) {
        text.push_str("; the country is another");
    }
    text.push('.');
    text
}
