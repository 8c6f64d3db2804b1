-- From version 2 to 3: trips become one kind of occasion, beside lost sales, feedback, complaints and greetings.
-- What the tables and columns mean stands in schema.sql. Foreign keys are off while it runs, and are checked at its end.
ALTER TABLE client ADD COLUMN paused_until TEXT CHECK (length(paused_until) = 10);
ALTER TABLE client ADD COLUMN pause_reason TEXT;
ALTER TABLE client ADD COLUMN gender TEXT CHECK (gender IN ('female', 'male', 'unknown'));
DROP INDEX client_email;
CREATE INDEX client_email ON client (email COLLATE NOCASE) WHERE email IS NOT NULL;
CREATE INDEX client_paused ON client (paused_until) WHERE paused_until IS NOT NULL;
CREATE TABLE client_fact (
    client_id INTEGER NOT NULL REFERENCES client (id),
    key       TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 40),
    value     TEXT NOT NULL CHECK (length(value) > 0),
    PRIMARY KEY (client_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE client_mark (
    client_id INTEGER NOT NULL REFERENCES client (id),
    mark      TEXT NOT NULL CHECK (mark IN ('promising', 'profitable', 'loyal')),
    PRIMARY KEY (client_id, mark)
) STRICT, WITHOUT ROWID;
CREATE TABLE consent (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    channel   TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address   TEXT NOT NULL,
    purpose   TEXT NOT NULL CHECK (purpose IN ('service', 'marketing')),
    given     INTEGER CHECK (given IN (0, 1)),
    source    TEXT NOT NULL CHECK (length(source) > 0),
    actor     TEXT NOT NULL,
    client_id INTEGER REFERENCES client (id)
) STRICT;
CREATE TABLE occasion (
    id               INTEGER PRIMARY KEY,
    client_id        INTEGER NOT NULL REFERENCES client (id),
    kind             TEXT NOT NULL CHECK (kind IN ('trip', 'lost', 'feedback', 'complaint', 'greeting')),
    title            TEXT,
    purchase         TEXT CHECK (length(purchase) = 10),
    departure        TEXT CHECK (length(departure) IN (10, 16)),
    return           TEXT CHECK (length(return) IN (10, 16)),
    visit            TEXT CHECK (length(visit) IN (10, 16)),
    moved            TEXT CHECK (length(moved) = 16),
    learned          TEXT CHECK (length(learned) = 16),
    answered         TEXT CHECK (length(answered) = 16),
    opened           TEXT CHECK (length(opened) = 16),
    promised         TEXT CHECK (length(promised) IN (10, 16)),
    resolved         TEXT CHECK (length(resolved) = 16),
    day              TEXT CHECK (length(day) = 10),
    departure_tz     TEXT,
    product          TEXT,
    adults           INTEGER CHECK (adults BETWEEN 1 AND 99),
    children         INTEGER CHECK (children BETWEEN 0 AND 99),
    about_id         INTEGER REFERENCES occasion (id),
    manager_id       INTEGER REFERENCES staff (id),
    playbook_version INTEGER NOT NULL REFERENCES playbook (version),
    note             TEXT,
    ended            INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)),
    end_reason       TEXT,
    created_at       INTEGER NOT NULL,
    CHECK (kind <> 'trip' OR (purchase IS NOT NULL AND departure IS NOT NULL AND return IS NOT NULL
                              AND substr(departure, 1, 10) >= purchase)),
    CHECK (substr(return, 1, 10) >= substr(departure, 1, 10)),
    CHECK ((adults IS NULL) = (children IS NULL)),
    CHECK (kind <> 'lost' OR learned IS NOT NULL),
    CHECK (kind <> 'feedback' OR answered IS NOT NULL),
    CHECK (kind <> 'complaint' OR (opened IS NOT NULL AND title IS NOT NULL)),
    CHECK (kind <> 'greeting' OR (day IS NOT NULL AND title IS NOT NULL))
) STRICT;
CREATE TABLE lost (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    reason      TEXT NOT NULL,
    words       TEXT,
    lost_by     INTEGER REFERENCES staff (id),
    outcome     TEXT CHECK (outcome IN ('won', 'answered', 'stopped')),
    trip_id     INTEGER REFERENCES occasion (id)
) STRICT;
CREATE TABLE feedback (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    csat        INTEGER CHECK (csat BETWEEN 1 AND 5),
    nps         INTEGER CHECK (nps BETWEEN 0 AND 10),
    plus        TEXT,
    words       TEXT,
    source      TEXT NOT NULL,
    external_id TEXT UNIQUE,
    CHECK (csat IS NOT NULL OR nps IS NOT NULL OR plus IS NOT NULL OR words IS NOT NULL)
) STRICT;
CREATE TABLE complaint (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    source      TEXT NOT NULL,
    words       TEXT,
    cause       TEXT,
    actions     TEXT,
    outcome     TEXT
) STRICT;
CREATE TABLE referral (
    id            INTEGER PRIMARY KEY,
    by_client_id  INTEGER NOT NULL REFERENCES client (id),
    new_client_id INTEGER NOT NULL REFERENCES client (id),
    at            INTEGER NOT NULL,
    reward        TEXT,
    rewarded_at   INTEGER,
    rewarded_by   TEXT,
    dropped_at    INTEGER,
    CHECK (by_client_id <> new_client_id)
) STRICT;
CREATE TABLE document (
    id          INTEGER PRIMARY KEY,
    occasion_id INTEGER NOT NULL REFERENCES occasion (id),
    step        TEXT NOT NULL,
    name        TEXT NOT NULL CHECK (length(name) > 0),
    type        TEXT NOT NULL CHECK (length(type) > 0),
    added_at    INTEGER NOT NULL,
    dropped_at  INTEGER,
    bytes       BLOB NOT NULL CHECK (length(bytes) > 0)
) STRICT;
CREATE UNIQUE INDEX document_name ON document (occasion_id, step, name) WHERE dropped_at IS NULL;
CREATE TABLE message_document (
    action_id   INTEGER NOT NULL REFERENCES message (action_id) ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (action_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_document_of ON message_document (document_id);
CREATE TABLE thing (
    id          INTEGER PRIMARY KEY,
    client_id   INTEGER NOT NULL REFERENCES client (id),
    occasion_id INTEGER REFERENCES occasion (id),
    kind        TEXT NOT NULL CHECK (kind IN ('gift', 'card', 'album', 'photo')),
    title       TEXT NOT NULL CHECK (length(title) > 0),
    cost        INTEGER CHECK (cost >= 0),
    owner_id    INTEGER REFERENCES staff (id),
    ready_at    INTEGER,
    handed_at   INTEGER,
    dropped_at  INTEGER,
    note        TEXT,
    created_at  INTEGER NOT NULL
) STRICT;
INSERT INTO occasion (id, client_id, kind, title, purchase, departure, return, visit, manager_id, playbook_version, note,
                      ended, end_reason, created_at)
SELECT id, client_id, 'trip', destination, purchase, departure, return, visit, manager_id, playbook_version, note,
       cancelled, cancel_reason, created_at FROM trip;
DROP TABLE trip;
CREATE INDEX client_birthday ON client (substr(birthday, 6)) WHERE birthday IS NOT NULL;
CREATE INDEX occasion_client ON occasion (client_id);
CREATE INDEX occasion_departure ON occasion (departure) WHERE departure IS NOT NULL;
CREATE INDEX occasion_return ON occasion (return) WHERE return IS NOT NULL;
CREATE INDEX occasion_about ON occasion (about_id) WHERE about_id IS NOT NULL;
CREATE UNIQUE INDEX occasion_greeting ON occasion (client_id, title, substr(day, 1, 4)) WHERE kind = 'greeting';
CREATE INDEX consent_address ON consent (channel, address, purpose, id);
CREATE INDEX referral_by ON referral (by_client_id);
CREATE UNIQUE INDEX referral_new ON referral (new_client_id) WHERE dropped_at IS NULL;
CREATE INDEX thing_client ON thing (client_id);
CREATE INDEX thing_open ON thing (occasion_id) WHERE handed_at IS NULL AND dropped_at IS NULL;
INSERT INTO action_transition VALUES
    ('claimed', 'held'), ('missed', 'held'), ('missed', 'suppressed'), ('cancelled', 'suppressed'), ('suppressed', 'held'),
    ('suppressed', 'cancelled'), ('suppressed', 'missed');
CREATE TABLE new_action (
    id               INTEGER PRIMARY KEY,
    occasion_id      INTEGER NOT NULL REFERENCES occasion (id),
    step             TEXT NOT NULL,
    occurrence       INTEGER NOT NULL DEFAULT 0,
    channel          TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'call', 'visit', 'task')),
    planned_channel  TEXT NOT NULL CHECK (planned_channel IN ('email', 'sms', 'call', 'visit', 'task')),
    state            TEXT NOT NULL REFERENCES action_state (state),
    cause            TEXT NOT NULL DEFAULT '',
    reason           TEXT,
    local_due        TEXT NOT NULL CHECK (length(local_due) = 16),
    tz               TEXT NOT NULL,
    due_at           INTEGER NOT NULL,
    expires_at       INTEGER,
    next_attempt_at  INTEGER NOT NULL,
    fallback_channel TEXT CHECK (fallback_channel IN ('email', 'sms')),
    fallback_at      INTEGER,
    merged_into      TEXT,
    attempts         INTEGER NOT NULL DEFAULT 0,
    outcome          TEXT,
    note             TEXT,
    done_at          INTEGER,
    done_by          TEXT,
    stale            INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)),
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    priority         INTEGER NOT NULL DEFAULT 0,
    anchor_at        TEXT,
    moved_to         TEXT CHECK (length(moved_to) = 16),
    approved_at      INTEGER,
    held_at          INTEGER,
    UNIQUE (occasion_id, step, occurrence),
    CHECK (channel IN ('call', 'visit', 'task') OR expires_at IS NOT NULL OR state IN ('cancelled', 'suppressed')),
    CHECK (channel NOT IN ('call', 'visit', 'task') OR state IN ('pending', 'done', 'skipped', 'cancelled')),
    CHECK (channel IN ('call', 'visit', 'task') OR state NOT IN ('done', 'skipped')),
    CHECK ((fallback_channel IS NULL) = (fallback_at IS NULL))
) STRICT;
INSERT INTO new_action (id, occasion_id, step, occurrence, channel, planned_channel, state, cause, reason, local_due, tz, due_at, expires_at,
       next_attempt_at, fallback_channel, fallback_at, merged_into, attempts, outcome, note, done_at, done_by, stale, created_at,
       updated_at, priority)
SELECT id, trip_id, step, occurrence, channel, planned_channel, state, CASE cause WHEN 'trip_cancelled' THEN 'ended' ELSE cause END, reason, local_due, tz, due_at, expires_at,
       next_attempt_at, fallback_channel, fallback_at, merged_into, attempts, outcome, note, done_at, done_by, stale, created_at,
       updated_at, priority FROM action;
DROP TABLE action;
ALTER TABLE new_action RENAME TO action;
CREATE INDEX action_occasion ON action (occasion_id);
CREATE INDEX action_to_send ON action (next_attempt_at, expires_at)
    WHERE state = 'pending' AND channel IN ('email', 'sms');
CREATE INDEX action_to_expire ON action (expires_at)
    WHERE state = 'pending' AND channel IN ('email', 'sms');
CREATE INDEX action_to_fall_back ON action (fallback_at)
    WHERE state = 'pending' AND fallback_at IS NOT NULL;
CREATE INDEX action_in_flight ON action (state) WHERE state IN ('claimed', 'at_risk');
CREATE INDEX action_stale ON action (occasion_id) WHERE stale = 1 AND state = 'pending';
CREATE INDEX action_open ON action (local_due) WHERE state IN ('pending', 'claimed', 'at_risk');
CREATE INDEX action_red ON action (state) WHERE state IN ('in_doubt', 'failed', 'missed', 'held');
CREATE INDEX action_unsigned ON action (due_at) WHERE state = 'cancelled' AND cause = 'signer';
CREATE INDEX action_saved ON action (local_due) WHERE state = 'sent' AND cause = 'not_ticked';
CREATE TRIGGER action_state_machine BEFORE UPDATE OF state ON action
WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM action_transition WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'action: this state may not follow that one');
END;
CREATE TRIGGER action_sent_is_final BEFORE UPDATE OF state ON action
WHEN OLD.state = 'sent' AND NEW.state <> 'sent' AND EXISTS (
    SELECT 1 FROM attempt WHERE action_id = OLD.id AND (outcome = 'sent' OR settled = 'sent'))
BEGIN
    SELECT RAISE(ABORT, 'action: a gateway has accepted it');
END;
CREATE TRIGGER action_channel_only_when_open BEFORE UPDATE OF channel ON action
WHEN NEW.channel <> OLD.channel AND OLD.state NOT IN ('pending', 'claimed', 'held', 'missed', 'cancelled', 'suppressed')
BEGIN
    SELECT RAISE(ABORT, 'action: the channel of a settled action is fixed');
END;
DROP INDEX audit_trip;
ALTER TABLE audit RENAME COLUMN trip_id TO occasion_id;
CREATE INDEX audit_occasion ON audit (occasion_id) WHERE occasion_id IS NOT NULL;
CREATE TABLE digest (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    day      TEXT NOT NULL CHECK (length(day) = 10),
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'at_risk', 'sent', 'nothing', 'failed', 'in_doubt')),
    tries    INTEGER NOT NULL DEFAULT 0,
    next_at  INTEGER,
    risk_at  INTEGER,
    done_at  INTEGER,
    seq      INTEGER,
    reply    TEXT,
    PRIMARY KEY (staff_id, day),
    CHECK ((seq IS NULL) = (risk_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX digest_at_risk ON digest (state) WHERE state = 'at_risk';
CREATE INDEX digest_seq ON digest (seq) WHERE seq IS NOT NULL;
CREATE TRIGGER digest_is_once BEFORE UPDATE ON digest
WHEN OLD.state NOT IN ('waiting', 'at_risk')
BEGIN
    SELECT RAISE(ABORT, 'digest: what became of it is final');
END;
