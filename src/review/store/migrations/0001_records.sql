-- The audit trail, suspected matches and the decisions on them. Times are microseconds since 1970; what is not
-- known is 0 or an empty text; truth is 0 or 1.

-- One row: how many records there are and the hash of the last. Whoever appends changes it first, which makes
-- all others wait their turn, in SQLite as in PostgreSQL.
CREATE TABLE audit_chain (
    id BIGINT NOT NULL PRIMARY KEY,
    records BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_chain (id, records, hash)
    VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

-- One row per record, never changed and never deleted. `head` is what stays for ever and is hashed; it holds
-- no data of those who were screened, only hashes of them.
CREATE TABLE audit_records (
    number BIGINT NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL,
    kind TEXT NOT NULL,
    purpose TEXT NOT NULL,
    head TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX audit_records_time ON audit_records (time);

-- What can be erased: the personal contents of a record, one line per part, each `salt` and JSON.
CREATE TABLE audit_contents (
    number BIGINT NOT NULL PRIMARY KEY,
    time BIGINT NOT NULL,
    purpose TEXT NOT NULL,
    case_reference TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX audit_contents_time ON audit_contents (time);
CREATE INDEX audit_contents_case ON audit_contents (case_reference) WHERE case_reference <> '';

-- Stamps of answers, kept once: the same for all answers of a day. Named by their hash.
CREATE TABLE audit_stamps (
    hash TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL
);

-- One row per pair of a subject and a listed entity that may be the same.
CREATE TABLE suspected_matches (
    id TEXT NOT NULL PRIMARY KEY,
    pair TEXT NOT NULL UNIQUE,
    list TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    entity_name TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    subject_fold TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    hit TEXT NOT NULL,
    score DOUBLE PRECISION NOT NULL,
    purpose TEXT NOT NULL,
    case_reference TEXT NOT NULL,
    subject_reference TEXT NOT NULL,
    record BIGINT NOT NULL,
    snapshot TEXT NOT NULL,
    -- What of both sides the pair rests on, as last seen, and a hash of each.
    subject_form TEXT NOT NULL,
    subject_mark TEXT NOT NULL,
    entity_form TEXT NOT NULL,
    entity_mark TEXT NOT NULL,
    -- The same as it stood when the last decision was taken.
    decided_subject_form TEXT NOT NULL,
    decided_entity_form TEXT NOT NULL,
    -- Why a cleared pair came back.
    difference TEXT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT NOT NULL,
    four_eyes BIGINT NOT NULL,
    proposal TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    decided BIGINT NOT NULL,
    decided_by TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    retain_days BIGINT NOT NULL,
    raised BIGINT NOT NULL,
    changed BIGINT NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX suspected_matches_raised ON suspected_matches (state, raised, id);
CREATE INDEX suspected_matches_entity ON suspected_matches (list, entity_id);
CREATE INDEX suspected_matches_case ON suspected_matches (case_reference) WHERE case_reference <> '';

-- What happened to a suspected match, in order.
CREATE TABLE match_events (
    match_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    time BIGINT NOT NULL,
    author TEXT NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    assignee TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    difference TEXT NOT NULL,
    PRIMARY KEY (match_id, number)
);
