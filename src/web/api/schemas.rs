//! The shapes of requests and answers, field by field.

/// An object's fields.
pub(super) struct Fields {
    /// Name, kind (see `openapi::schema`) and meaning.
    pub(super) fields: &'static [(&'static str, &'static str, &'static str)],
    /// Which of them may be absent.
    pub(super) optional: &'static [&'static str],
    /// Whether there are no others.
    pub(super) is_closed: bool,
}

/// Fields that are all there, and no others.
const fn all(fields: &'static [(&'static str, &'static str, &'static str)]) -> Fields {
    Fields { fields, optional: &[], is_closed: true }
}

const ALIGNMENT_KINDS: &str =
    "same|spelling|script|nickname|initial|joined|query_only|listed_only|conflict|ignored";
const EVIDENCE_KINDS: &str =
    "name|whole_name|other_name|birth_date|birth_place|gender|identifier|country|address";

/// Every schema by its name.
pub(super) const ALL: &[(&str, Fields)] = &[
    (
        "ScreenRequest",
        Fields {
            fields: &[
                ("name", "text", "the name as given, in any script"),
                ("aliases", "[text]", "other names or spellings; the best counts"),
                ("kind", "person|organisation|any", "an organisation is never matched with a person"),
                ("birth_date", "text", "1970-01-02, 1970-01 or 1970"),
                ("birth_place", "text", ""),
                ("gender", "male|female", ""),
                ("countries", "[text]", "ISO 3166-1 alpha-2; of a person only shown"),
                ("address", "text", "of an organisation"),
                ("identifiers", "[Identified]", "documents and registration numbers"),
                ("lists", "[text]", "lists to screen against; all when absent"),
                ("threshold", "number", "lowest score shown, 0 to 1; 0.5 when absent"),
                ("limit", "integer", "most hits, 1 to 1000; 20 when absent"),
                ("purpose", "text", "recorded where answers are, such as hire-2026; no names"),
                ("case_reference", "text", "the caller's own number of the case"),
                ("reference", "text", "the caller's own reference of the subject"),
            ],
            optional: &[
                "aliases",
                "kind",
                "birth_date",
                "birth_place",
                "gender",
                "countries",
                "address",
                "identifiers",
                "lists",
                "threshold",
                "limit",
                "purpose",
                "case_reference",
                "reference",
            ],
            is_closed: false,
        },
    ),
    (
        "Identified",
        Fields {
            fields: &[("kind", "text", "such as passport; may be left out"), ("number", "text", "")],
            optional: &["kind"],
            is_closed: false,
        },
    ),
    (
        "CompareRequest",
        Fields {
            fields: &[
                ("query", "text", "one name"),
                ("candidate", "text", "the other"),
                ("kind", "person|organisation|any", "what both are"),
                ("threshold", "number", "from which score they match; 0.5 when absent"),
                ("birth_date", "text", "of the one; every field of ScreenRequest may stand here"),
                ("candidate_birth_date", "text", "of the other; likewise with candidate_ before it"),
            ],
            optional: &["kind", "threshold", "birth_date", "candidate_birth_date"],
            is_closed: false,
        },
    ),
    (
        "Answer",
        Fields {
            fields: &[
                ("hits", "[Hit]", "at or above the threshold, best first"),
                ("set_aside", "[Hit]", "the same whole name, but other evidence puts it below the threshold"),
                ("total_hits", "integer", "before the limit"),
                (
                    "namesakes_per_million",
                    "number?",
                    "how many of a million people carry such a name, roughly",
                ),
                ("stamp", "Stamp", "what the answer rests on"),
                ("record", "integer", "number of its record, where answers are recorded"),
                ("standings", "[any]", "how each hit stands in the review queue, in the order of the hits"),
            ],
            optional: &["record", "standings"],
            is_closed: true,
        },
    ),
    (
        "Hit",
        all(&[
            ("list", "text", ""),
            ("entity_id", "text", "the list's own reference"),
            ("kind", "person|organisation", ""),
            ("name", "text", "the entity's display name"),
            ("matched_name", "text", "the listed name that matched best"),
            ("query_name", "text", "the subject's name that matched it"),
            ("score", "number", "0 to 1"),
            ("strength", "weak|possible|strong|exact", ""),
            ("explanation", "Explanation", ""),
        ]),
    ),
    (
        "Explanation",
        all(&[
            ("summary", "text", "one sentence for people"),
            ("alignments", "[Alignment]", "each word of both names stands in exactly one"),
            ("evidence", "[Evidence]", "its bits add up to the total"),
            ("bits", "number", "the total"),
            ("settle", "[text]", "facts that would settle the match, most telling first"),
        ]),
    ),
    (
        "Alignment",
        all(&[
            ("query", "[text]", ""),
            ("listed", "[text]", ""),
            ("kind", ALIGNMENT_KINDS, ""),
            ("bits", "number", ""),
        ]),
    ),
    (
        "Evidence",
        all(&[
            ("kind", EVIDENCE_KINDS, ""),
            ("verdict", "agrees|close|conflicts|unknown", "unknown is never a conflict"),
            ("bits", "number", ""),
            ("text", "text", "what both sides say"),
        ]),
    ),
    (
        "Stamp",
        all(&[
            ("snapshot", "text", ""),
            ("demo", "boolean", "demonstration lists, which protect nobody"),
            ("lists", "[ListStamp]", ""),
            ("matcher", "text", "version of the matcher"),
            ("threshold", "number", ""),
        ]),
    ),
    (
        "ListStamp",
        all(&[
            ("list", "text", ""),
            ("as_of", "text", "empty where the file does not say"),
            ("imported", "text", "RFC 3339"),
            ("age_days", "integer", ""),
            ("stale", "boolean", "older than the operator allows"),
        ]),
    ),
    (
        "Comparison",
        all(&[
            ("score", "number", "0 to 1"),
            ("match", "boolean", "whether the score reaches the threshold"),
            ("strength", "text?", "weak, possible, strong or exact"),
            ("explanation", "Explanation", ""),
        ]),
    ),
    (
        "Case",
        Fields {
            fields: &[
                ("case_id", "text", "the caller's own reference"),
                ("hire", "any", "a person about to be hired; README documents its fields"),
                ("partner", "any", "or a partner"),
            ],
            optional: &["case_id", "hire", "partner"],
            is_closed: true,
        },
    ),
    (
        "CaseResult",
        Fields {
            fields: &[
                ("case_id", "text", ""),
                ("policy", "text", "which policy read it"),
                ("policy_version", "text", ""),
                ("next_step", "any", "what to do, and who decides"),
                ("questions", "[any]", "the policy's questions with their outcomes"),
                ("screened", "any", "subjects, findings, gaps and stamp"),
            ],
            optional: &[],
            is_closed: false,
        },
    ),
    (
        "Found",
        all(&[
            ("total", "integer", "on all pages"),
            ("suggestions", "[text]", "searches that would find something, where this one did not"),
            ("entities", "[Entity]", ""),
            ("next_page_token", "text", "empty on the last page"),
        ]),
    ),
    (
        "Entity",
        all(&[
            ("list", "text", ""),
            ("id", "text", "the list's own reference"),
            ("other_id", "text", ""),
            ("kind", "person|organisation", ""),
            ("names", "[any]", "names as the list writes them, with title, function, quality, remark"),
            ("gender", "text?", ""),
            ("births", "[any]", "dates and places"),
            ("citizenships", "[any]", "shown, never scored"),
            ("addresses", "[any]", ""),
            ("identifiers", "[any]", "documents and registration numbers"),
            ("listings", "[any]", "legal acts and programmes"),
            ("acts", "[any]", "acts in which single names, births or documents were published"),
            ("designation", "any", ""),
            ("remarks", "[text]", ""),
            ("categories", "[text]", ""),
            ("rating", "text?", "the tracker's; null is unknown, never low"),
            ("topics", "[text]", ""),
            ("relations", "[any]", "ties to other entities"),
            ("links", "[text]", ""),
        ]),
    ),
    (
        "Loaded",
        all(&[
            ("snapshot", "text", ""),
            ("created", "text", "RFC 3339"),
            ("demo", "boolean", ""),
            ("lists", "[LoadedList]", ""),
            ("registers", "[any]", "reference data; never a hit"),
        ]),
    ),
    (
        "LoadedList",
        Fields {
            fields: &[
                ("list", "text", ""),
                ("title", "text", ""),
                ("sources", "[text]", "files it was read from"),
                ("as_of", "text", ""),
                ("edition", "text", ""),
                ("imported", "text", "RFC 3339"),
                ("content_hash", "text", "BLAKE3"),
                ("lenders", "[any]", ""),
                ("counts", "{integer}", ""),
                ("issue_count", "integer", ""),
                ("issues", "[any]", ""),
                ("age_days", "integer", ""),
                ("stale", "boolean", ""),
            ],
            optional: &[],
            is_closed: false,
        },
    ),
    (
        "MatchRequest",
        Fields {
            fields: &[("queries", "{MatchExample}", "by keys of the caller's own, at most 100")],
            optional: &[],
            is_closed: false,
        },
    ),
    (
        "MatchExample",
        Fields {
            fields: &[
                ("schema", "text", "Person, Organization, Company, PublicBody, Vessel, LegalEntity or Thing"),
                ("properties", "any", "of FollowTheMoney: name, alias, birthDate, nationality, idNumber, …"),
            ],
            optional: &[],
            is_closed: false,
        },
    ),
    (
        "MatchResponse",
        all(&[
            ("responses", "{Matches}", "by the keys of the queries"),
            ("matcher", "{any}", "what the features mean"),
            ("limit", "integer", ""),
        ]),
    ),
    (
        "Matches",
        all(&[
            ("status", "integer", ""),
            ("results", "[Scored]", "best first"),
            ("total", "any", "value and relation"),
            ("query", "any", "as it was sent"),
        ]),
    ),
    (
        "Scored",
        all(&[
            ("id", "text", "list and reference"),
            ("caption", "text", ""),
            ("schema", "text", ""),
            ("properties", "{[text]}", "of FollowTheMoney"),
            ("datasets", "[text]", "the list"),
            ("referents", "[text]", "the list's own reference"),
            ("target", "boolean", ""),
            ("first_seen", "text?", ""),
            ("last_seen", "text?", ""),
            ("last_change", "text?", ""),
            ("score", "number", "zeef's own, 0 to 1"),
            ("features", "{number}", "bits of evidence"),
            ("explanations", "{any}", ""),
            ("match", "boolean", "whether the score reaches the threshold"),
        ]),
    ),
    (
        "Problem",
        Fields {
            fields: &[
                ("type", "text", ""),
                ("title", "text", ""),
                ("status", "integer", ""),
                ("detail", "text", "what is wrong and how to mend it"),
                ("reason", "text", "stable; callers may branch on it"),
                ("errors", "[FieldError]", "fields at fault"),
            ],
            optional: &["errors"],
            is_closed: true,
        },
    ),
    ("FieldError", all(&[("field", "text", ""), ("detail", "text", "")])),
];
