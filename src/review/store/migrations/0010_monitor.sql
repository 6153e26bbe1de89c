-- Monitoring: who is under watch, which hits stand for them, and alerts. Times are microseconds since 1970; what
-- is not known is 0 or an empty text; truth is 0 or 1.

-- One row. Whoever adds watches or writes alerts changes it first, which makes all others wait their turn: numbers
-- are given in the order of commits.
CREATE TABLE monitor_state (
    id BIGINT NOT NULL PRIMARY KEY,
    last_watched BIGINT NOT NULL,
    last_alert BIGINT NOT NULL,
    -- The snapshot that was taken up last.
    latest TEXT NOT NULL
);
INSERT INTO monitor_state (id, last_watched, last_alert, latest) VALUES (1, 0, 0, '');

-- Every snapshot that was ever taken up: a replica that starts on an old one must not lead back to it.
CREATE TABLE monitored_snapshots (
    snapshot TEXT NOT NULL PRIMARY KEY
);

CREATE TABLE watched (
    number BIGINT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL,
    added_by TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- Whom, with which options: JSON.
    subject TEXT NOT NULL,
    options TEXT NOT NULL,
    ends BIGINT NOT NULL,
    added BIGINT NOT NULL,
    -- On what the hits in watch_hits rest.
    screened_snapshot TEXT NOT NULL,
    screened_matcher TEXT NOT NULL,
    screened BIGINT NOT NULL,
    -- What was tried last, and why it failed if it did.
    tried_snapshot TEXT NOT NULL,
    tried_matcher TEXT NOT NULL,
    trouble TEXT NOT NULL
);
CREATE UNIQUE INDEX watched_reference ON watched (added_by, reference) WHERE reference <> '';
CREATE INDEX watched_ends ON watched (ends);

-- The hits that stand.
CREATE TABLE watch_hits (
    watch_id TEXT NOT NULL,
    list TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    -- The watch's number, for reading pages.
    number BIGINT NOT NULL,
    -- The same for the same evidence.
    mark TEXT NOT NULL,
    hit TEXT NOT NULL,
    PRIMARY KEY (watch_id, list, entity_id)
);
CREATE INDEX watch_hits_number ON watch_hits (number);

CREATE TABLE watch_alerts (
    number BIGINT NOT NULL PRIMARY KEY,
    -- Made from the step that it tells of: the same step cannot be written twice.
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    watch_id TEXT NOT NULL,
    list TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    first BIGINT NOT NULL,
    delisted BIGINT NOT NULL,
    before_hit TEXT NOT NULL,
    after_hit TEXT NOT NULL,
    snapshot_before TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    matcher TEXT NOT NULL,
    time BIGINT NOT NULL
);
CREATE INDEX watch_alerts_watch ON watch_alerts (watch_id);

-- One row per webhook: how far it has come, and the delivery under way. Whoever delivers holds it by `held_until`.
CREATE TABLE webhook_state (
    target TEXT NOT NULL PRIMARY KEY,
    delivered BIGINT NOT NULL,
    -- The last alert of the delivery under way, 0 for none: a delivery tried again is the same delivery.
    pending BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt BIGINT NOT NULL,
    held_until BIGINT NOT NULL,
    holder TEXT NOT NULL
);
