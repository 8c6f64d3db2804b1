-- The database of pps: clients, the occasions on which we turn to them, what is to be done, and what became of it.
--
-- This file is a document first; it is built into the program from this one copy, and `pps init` runs it.
-- The same text serves PostgreSQL wherever it can. Conventions:
--   * instants are whole seconds since 1970-01-01 00:00 UTC, in columns that end in _at;
--   * civil dates are text 'YYYY-MM-DD', with a time 'YYYY-MM-DD HH:MM'; they belong to no zone by themselves;
--   * empty means NULL, never '';
--   * rows are not deleted by normal work: a client who asks to be forgotten is the one exception.

-- What belongs to the database as a whole.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,               -- instance_id, last_tick_at, seq_before, token_key (a secret: of the
                                          -- links and addresses in letters) …
    value TEXT NOT NULL
) STRICT;

-- Every playbook with which an occasion was ever planned, word for word: occasions keep their version.
CREATE TABLE playbook (
    version  INTEGER PRIMARY KEY,         -- 1, 2, 3 …
    body     TEXT NOT NULL UNIQUE,        -- the file as it was
    added_at INTEGER NOT NULL
) STRICT;

-- People of the agency.
CREATE TABLE staff (
    id       INTEGER PRIMARY KEY,
    login    TEXT NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 40), -- what --manager and --as take
    name     TEXT NOT NULL CHECK (length(name) > 0),                      -- as it stands under letters
    role     TEXT NOT NULL CHECK (role IN ('manager', 'director', 'service')),
    position TEXT,                        -- under the name in a signature: «директор»
    email    TEXT,                        -- Reply-To of the letters they sign; where their list of the morning goes
    phone    TEXT,                        -- E.164
    active   INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)) -- 0: has left
) STRICT;

-- The people we work for.
CREATE TABLE client (
    id          INTEGER PRIMARY KEY,      -- C12
    name        TEXT NOT NULL CHECK (length(name) > 0),
    salutation  TEXT,                     -- how letters address them; NULL: by name
    phone       TEXT,                     -- E.164
    phone_wrong INTEGER NOT NULL DEFAULT 0 CHECK (phone_wrong IN (0, 1)), -- somebody else answered it: not used
    email       TEXT,
    lang        TEXT,                     -- NULL: the agency's
    tz          TEXT,                     -- IANA zone; NULL: the agency's
    birthday    TEXT,                     -- 'YYYY-MM-DD'
    note        TEXT,                     -- for the card only, never in a message
    external_id TEXT UNIQUE,              -- their id in another system
    paused_until TEXT CHECK (length(paused_until) = 10), -- nothing that can wait goes out before this day
    pause_reason TEXT,
    gender      TEXT CHECK (gender IN ('female', 'male', 'unknown')), -- as a person entered it: how letters address them;
                                          -- unknown: neutrally, whatever the name looks like; NULL: the name may tell
    search      TEXT NOT NULL,            -- folded name, salutation, e-mail and digits of the phone
    created_at  INTEGER NOT NULL,
    CHECK (phone IS NOT NULL OR email IS NOT NULL) -- otherwise nothing could ever reach them
) STRICT;
CREATE INDEX client_phone ON client (phone) WHERE phone IS NOT NULL;
CREATE INDEX client_email ON client (email COLLATE NOCASE) WHERE email IS NOT NULL;
CREATE INDEX client_paused ON client (paused_until) WHERE paused_until IS NOT NULL;
-- Whose birthday it is: found by month and day, without a look at every client.
CREATE INDEX client_birthday ON client (substr(birthday, 6)) WHERE birthday IS NOT NULL;

-- What is worth remembering: the dog's name, the favourite hotel. For the card, for letters and for scripts.
CREATE TABLE client_fact (
    client_id INTEGER NOT NULL REFERENCES client (id),
    key       TEXT NOT NULL CHECK (length(key) BETWEEN 1 AND 40), -- a name that templates can use
    value     TEXT NOT NULL CHECK (length(value) > 0),
    PRIMARY KEY (client_id, key)
) STRICT, WITHOUT ROWID;

-- How the agency sees a client; any combination.
CREATE TABLE client_mark (
    client_id INTEGER NOT NULL REFERENCES client (id),
    mark      TEXT NOT NULL CHECK (mark IN ('promising', 'profitable', 'loyal')),
    PRIMARY KEY (client_id, mark)
) STRICT, WITHOUT ROWID;

-- What people allowed and forbade, each word of theirs in its own row; the last one counts. It belongs to the address or
-- the number, whoever has it, and outlives the client.
CREATE TABLE consent (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    channel   TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    address   TEXT NOT NULL,              -- e-mail address in small letters, or E.164; '#…': the seal of one that was
                                          -- forgotten, by which it is known again and which nobody can read
    purpose   TEXT NOT NULL CHECK (purpose IN ('service', 'marketing')),
    given     INTEGER CHECK (given IN (0, 1)), -- NULL: their only word was taken back, so that nothing is said
    source    TEXT NOT NULL CHECK (length(source) > 0), -- where it comes from: "by phone", "form of 12.03"
    actor     TEXT NOT NULL,
    client_id INTEGER REFERENCES client (id) -- who said so, when known
) STRICT;
CREATE INDEX consent_address ON consent (channel, address, purpose, id);

-- What we turn to a client about: a sold trip, a lost sale, feedback, a complaint, a birthday. Its dates are what
-- everything else is computed from.
CREATE TABLE occasion (
    id               INTEGER PRIMARY KEY, -- T34, L35, F36, P37, Y38: one row of numbers for all kinds
    client_id        INTEGER NOT NULL REFERENCES client (id),
    kind             TEXT NOT NULL CHECK (kind IN ('trip', 'lost', 'feedback', 'complaint', 'greeting')),
    title            TEXT,                -- a destination, what a complaint is about, the key of a greeting
    purchase         TEXT CHECK (length(purchase) = 10),
    departure        TEXT CHECK (length(departure) IN (10, 16)), -- with the hour of take-off when known
    return           TEXT CHECK (length(return) IN (10, 16)),    -- with the hour of landing when known
    visit            TEXT CHECK (length(visit) IN (10, 16)),     -- the agreed visit to the office
    moved            TEXT CHECK (length(moved) = 16),     -- a trip's dates were changed after a reminder had gone out
    learned          TEXT CHECK (length(learned) = 16),   -- a lost sale: when we heard of it
    answered         TEXT CHECK (length(answered) = 16),  -- feedback: when it came
    opened           TEXT CHECK (length(opened) = 16),    -- a complaint: when it came,
    promised         TEXT CHECK (length(promised) IN (10, 16)), -- by when it is to be solved,
    resolved         TEXT CHECK (length(resolved) = 16),  -- and when it was
    day              TEXT CHECK (length(day) = 10),       -- a greeting
    departure_tz     TEXT,                -- where a trip starts, when not at home: IANA zone
    product          TEXT,                -- what was sold, a name of the configuration's products
    adults           INTEGER CHECK (adults BETWEEN 1 AND 99),  -- who travels; NULL: not known,
    children         INTEGER CHECK (children BETWEEN 0 AND 99), -- and then neither is
    about_id         INTEGER REFERENCES occasion (id),    -- the trip that feedback or a complaint is about
    manager_id       INTEGER REFERENCES staff (id),       -- NULL: nobody's, and red
    playbook_version INTEGER NOT NULL REFERENCES playbook (version),
    note             TEXT,
    ended            INTEGER NOT NULL DEFAULT 0 CHECK (ended IN (0, 1)), -- nothing more is done: cancelled, won back
    end_reason       TEXT,
    created_at       INTEGER NOT NULL,
    sold_by          INTEGER REFERENCES staff (id),       -- a trip: who sold it, whoever has it since; NULL: not known
    CHECK (kind <> 'trip' OR (purchase IS NOT NULL AND departure IS NOT NULL AND return IS NOT NULL
                              AND substr(departure, 1, 10) >= purchase)),
    CHECK (substr(return, 1, 10) >= substr(departure, 1, 10)),
    CHECK ((adults IS NULL) = (children IS NULL)),
    CHECK (kind <> 'lost' OR learned IS NOT NULL),
    CHECK (kind <> 'feedback' OR answered IS NOT NULL),
    CHECK (kind <> 'complaint' OR (opened IS NOT NULL AND title IS NOT NULL)),
    CHECK (kind <> 'greeting' OR (day IS NOT NULL AND title IS NOT NULL))
) STRICT;
CREATE INDEX occasion_client ON occasion (client_id);
CREATE INDEX occasion_departure ON occasion (departure) WHERE departure IS NOT NULL;
CREATE INDEX occasion_return ON occasion (return) WHERE return IS NOT NULL;
CREATE INDEX occasion_answered ON occasion (answered) WHERE answered IS NOT NULL;
CREATE INDEX occasion_about ON occasion (about_id) WHERE about_id IS NOT NULL;
-- Once a year, whatever runs how often.
CREATE UNIQUE INDEX occasion_greeting ON occasion (client_id, title, substr(day, 1, 4)) WHERE kind = 'greeting';

-- What is to be done: one row for each step of an occasion. One row, one recipient, at most one success.
CREATE TABLE action (
    id               INTEGER PRIMARY KEY, -- A156
    occasion_id      INTEGER NOT NULL REFERENCES occasion (id),
    step             TEXT NOT NULL,       -- key of the step in the occasion's playbook
    occurrence       INTEGER NOT NULL DEFAULT 0, -- 0, or the number of a repetition: after its date moved
    channel          TEXT NOT NULL CHECK (channel IN ('email', 'sms', 'call', 'visit', 'task')),
    planned_channel  TEXT NOT NULL CHECK (planned_channel IN ('email', 'sms', 'call', 'visit', 'task')),
    state            TEXT NOT NULL REFERENCES action_state (state),
    cause            TEXT NOT NULL DEFAULT '', -- why it is in this state, for programs: late, merged, not_ticked …
    reason           TEXT,                -- the same for people, one line
    local_due        TEXT NOT NULL CHECK (length(local_due) = 16), -- 'YYYY-MM-DD HH:MM' in tz: what people see
    tz               TEXT NOT NULL,       -- zone of local_due, so that due_at can be computed again
    due_at           INTEGER NOT NULL,
    expires_at       INTEGER,             -- not sent at or after this instant; NULL: never expires (people's work)
    next_attempt_at  INTEGER NOT NULL,    -- when the tick looks at it next: due_at, or later after a failed try
    fallback_channel TEXT CHECK (fallback_channel IN ('email', 'sms')),
    fallback_at      INTEGER,             -- a call not ticked by then becomes a message on fallback_channel
    merged_into      TEXT,                -- key of the step whose message carries the words of this one; of a
                                          -- call that is not made, the one that is made for it as well: A12
    attempts         INTEGER NOT NULL DEFAULT 0, -- tries that count: of sending, or of calling
    outcome          TEXT,                -- of people's work: reached, refused …
    note             TEXT,
    done_at          INTEGER,             -- ticked off, or accepted by the gateway
    done_by          TEXT,
    stale            INTEGER NOT NULL DEFAULT 0 CHECK (stale IN (0, 1)), -- 1: its occasion or client was changed while it
                                          -- was at risk; it is planned anew before it may be tried again
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    priority         INTEGER NOT NULL DEFAULT 0, -- -1 urgent, 0 service, 1 survey, 2 loyalty, 3 greeting: whose turn it is
                                          -- when a client may not get everything on one day
    anchor_at        TEXT,                -- the date from which it was planned: work that is over may belong to an old one
    moved_to         TEXT CHECK (length(moved_to) = 16), -- in tz: a person put it off until then
    approved_at      INTEGER,             -- a person has allowed what waits for approval
    held_at          INTEGER,             -- a person holds it back since then, until somebody releases it
    owner_id         INTEGER REFERENCES staff (id), -- whose work it was when it was ticked off, or when a message took the
                                          -- place of the call; NULL: nobody's, or it was neither
    was_due_at       INTEGER,             -- when it was due before a complaint or a pause kept it back; due_at is when it was
                                          -- let go then; NULL: nothing kept it from its day
    UNIQUE (occasion_id, step, occurrence),
    -- Messages have an end, lie after their beginning, and only they can be in the states of sending.
    CHECK (channel IN ('call', 'visit', 'task') OR expires_at IS NOT NULL OR state IN ('cancelled', 'suppressed')),
    CHECK (channel NOT IN ('call', 'visit', 'task') OR state IN ('pending', 'done', 'skipped', 'cancelled')),
    CHECK (channel IN ('call', 'visit', 'task') OR state NOT IN ('done', 'skipped')),
    CHECK ((fallback_channel IS NULL) = (fallback_at IS NULL))
) STRICT;
CREATE INDEX action_occasion ON action (occasion_id);
-- The tick finds its work by these and never scans; each holds only rows that are still open.
CREATE INDEX action_to_send ON action (next_attempt_at, expires_at)
    WHERE state = 'pending' AND channel IN ('email', 'sms');
CREATE INDEX action_to_expire ON action (expires_at)
    WHERE state = 'pending' AND channel IN ('email', 'sms');
CREATE INDEX action_to_fall_back ON action (fallback_at)
    WHERE state = 'pending' AND fallback_at IS NOT NULL;
CREATE INDEX action_in_flight ON action (state) WHERE state IN ('claimed', 'at_risk');
CREATE INDEX action_stale ON action (occasion_id) WHERE stale = 1 AND state = 'pending';
-- The reports find what is due, and what is red, by these.
CREATE INDEX action_open ON action (local_due) WHERE state IN ('pending', 'claimed', 'at_risk');
CREATE INDEX action_red ON action (state) WHERE state IN ('in_doubt', 'failed', 'missed', 'held');
-- What was left out because of who would sign it: looked at again, for roles and addresses change.
CREATE INDEX action_unsigned ON action (due_at) WHERE state = 'cancelled' AND cause = 'signer';
CREATE INDEX action_done ON action (local_due) WHERE state = 'done';
CREATE INDEX action_saved ON action (local_due) WHERE state = 'sent' AND cause = 'not_ticked';

-- The states, and which may follow which. The database itself refuses every other step.
CREATE TABLE action_state (
    state TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO action_state VALUES
    ('pending'), ('claimed'), ('at_risk'), ('sent'), ('in_doubt'), ('failed'), ('missed'), ('held'),
    ('cancelled'), ('suppressed'), ('done'), ('skipped');
CREATE TABLE action_transition (
    from_state TEXT NOT NULL REFERENCES action_state (state),
    to_state   TEXT NOT NULL REFERENCES action_state (state),
    PRIMARY KEY (from_state, to_state)
) STRICT, WITHOUT ROWID;
INSERT INTO action_transition VALUES
    ('pending', 'claimed'),    -- T1: a tick takes it
    ('pending', 'missed'),     -- its time passed
    ('pending', 'held'),       -- it cannot be rendered, or a guard holds it
    ('pending', 'cancelled'),  -- its occasion ended, skipped, dropped by a new plan
    ('pending', 'suppressed'), -- no consent
    ('pending', 'done'),       -- people's work, ticked off
    ('pending', 'skipped'),    -- people's work, not to be done
    ('claimed', 'at_risk'),    -- T2: the point of no return
    ('claimed', 'pending'),    -- T4: certainly not sent, try again; or recovery
    ('claimed', 'failed'),     -- T4: refused for good
    ('claimed', 'missed'),     -- T4: no time is left for another try
    ('claimed', 'cancelled'),  -- a cancellation came before the point of no return
    ('claimed', 'suppressed'),
    ('claimed', 'held'),       -- a complaint came, or a pause, before the point of no return
    ('at_risk', 'sent'),       -- T3: accepted
    ('at_risk', 'pending'),    -- T4: refused for now, certainly
    ('at_risk', 'failed'),     -- T4: refused for good, certainly
    ('at_risk', 'cancelled'),  -- T4: refused for now, and its occasion ended meanwhile
    ('at_risk', 'missed'),     -- T4: refused for now, and no time is left
    ('at_risk', 'in_doubt'),   -- T5: no verdict
    ('in_doubt', 'sent'),      -- a person or evidence decided
    ('in_doubt', 'pending'),
    ('in_doubt', 'cancelled'),
    ('in_doubt', 'claimed'),   -- T1 of a repeat: the gateway promises that it is no second copy, or the playbook orders it
    ('claimed', 'in_doubt'),   -- the repeat did not get through: what became of the first is as unknown as before
    ('pending', 'in_doubt'),   -- an older database was put back: it may have been sent since; undo of a resend
    ('sent', 'in_doubt'),      -- undo of what a person decided; never when a gateway accepted it (see below)
    ('failed', 'pending'),     -- a person tries again
    ('failed', 'cancelled'),
    ('missed', 'pending'),     -- its date moved ahead
    ('missed', 'cancelled'),
    ('held', 'pending'),
    ('held', 'missed'),
    ('held', 'cancelled'),
    ('held', 'suppressed'),
    ('cancelled', 'pending'),  -- a new plan brings it back; undo
    ('cancelled', 'failed'),   -- undo of a skip gives back what was there
    ('cancelled', 'missed'),
    ('cancelled', 'held'),
    ('cancelled', 'in_doubt'),
    ('missed', 'held'),
    ('missed', 'suppressed'),
    ('cancelled', 'suppressed'),
    ('suppressed', 'pending'), -- they allowed it again
    ('suppressed', 'held'),
    ('suppressed', 'cancelled'),
    ('suppressed', 'missed'),
    ('done', 'pending'),       -- undo
    ('skipped', 'pending');    -- undo
CREATE TRIGGER action_state_machine BEFORE UPDATE OF state ON action
WHEN NEW.state <> OLD.state AND NOT EXISTS (
    SELECT 1 FROM action_transition WHERE from_state = OLD.state AND to_state = NEW.state)
BEGIN
    SELECT RAISE(ABORT, 'action: this state may not follow that one');
END;
-- What a gateway has accepted stays sent.
CREATE TRIGGER action_sent_is_final BEFORE UPDATE OF state ON action
WHEN OLD.state = 'sent' AND NEW.state <> 'sent' AND EXISTS (
    SELECT 1 FROM attempt WHERE action_id = OLD.id AND (outcome = 'sent' OR settled = 'sent'))
BEGIN
    SELECT RAISE(ABORT, 'action: a gateway has accepted it');
END;
-- Only waiting work may change its way out: a call becomes its message, a new plan finds another channel.
CREATE TRIGGER action_channel_only_when_open BEFORE UPDATE OF channel ON action
WHEN NEW.channel <> OLD.channel AND OLD.state NOT IN ('pending', 'claimed', 'held', 'missed', 'cancelled', 'suppressed')
BEGIN
    SELECT RAISE(ABORT, 'action: the channel of a settled action is fixed');
END;

-- The frozen message of an action: made once, before the first try, and the same on every try.
CREATE TABLE message (
    action_id  INTEGER PRIMARY KEY REFERENCES action (id),
    channel    TEXT NOT NULL CHECK (channel IN ('email', 'sms')),
    recipient  TEXT NOT NULL,
    subject    TEXT,
    bytes      BLOB NOT NULL,             -- RFC 5322 with CRLF, or UTF-8 text
    message_id TEXT NOT NULL UNIQUE,      -- without <>; for an SMS just unique
    idem_key   TEXT NOT NULL UNIQUE,      -- what providers that can are told, so that a repeat is no second copy
    frozen_at  INTEGER NOT NULL           -- its Date
) STRICT;
CREATE INDEX message_recipient ON message (recipient);

-- Every try to send, with its verdict.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY,
    action_id   INTEGER NOT NULL REFERENCES action (id),
    n           INTEGER NOT NULL,         -- 1, 2, 3 …
    tick_id     TEXT NOT NULL,            -- which run of the tick
    claimed_at  INTEGER NOT NULL,
    risk_at     INTEGER,                  -- when the point of no return was passed
    done_at     INTEGER,
    outcome     TEXT CHECK (outcome IN ('not_sent', 'sent', 'refused_temp', 'refused_perm', 'in_doubt')),
    code        INTEGER,                  -- SMTP or HTTP status of the last reply
    provider_id TEXT,                     -- queue id or the provider's message id
    reply       TEXT,                     -- one line, made safe
    seq         INTEGER,                  -- number of its T2, the same as in the sent log beside the database
    unknown_at  INTEGER,                  -- when the gateway first said that it does not know this message
    settled     TEXT CHECK (settled IN ('sent', 'not_sent', 'assumed', 'dropped')), -- what was found out later, or decided, about
                                          -- an attempt in doubt
    UNIQUE (action_id, n)
) STRICT;
CREATE UNIQUE INDEX attempt_one_open ON attempt (action_id) WHERE outcome IS NULL;
CREATE INDEX attempt_seq ON attempt (seq) WHERE seq IS NOT NULL;
CREATE INDEX attempt_handed_over ON attempt (risk_at) WHERE risk_at IS NOT NULL;
CREATE UNIQUE INDEX attempt_one_sent ON attempt (action_id) WHERE outcome = 'sent';
CREATE TRIGGER attempt_verdict_is_final BEFORE UPDATE OF outcome ON attempt
WHEN OLD.outcome IS NOT NULL AND NEW.outcome IS NOT OLD.outcome
BEGIN
    SELECT RAISE(ABORT, 'attempt: a verdict is final');
END;

-- A lost sale beyond its dates.
CREATE TABLE lost (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    reason      TEXT NOT NULL,            -- one of the configuration's list
    words       TEXT,                     -- the same in the client's or the manager's words
    lost_by     INTEGER REFERENCES staff (id), -- who failed to sell: signs nothing to this client about it
    outcome     TEXT CHECK (outcome IN ('won', 'answered', 'stopped')), -- how the series ended; NULL: it runs, or ran out
    trip_id     INTEGER REFERENCES occasion (id) -- with what they came back
) STRICT;

-- What a client told us about a trip.
CREATE TABLE feedback (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    csat        INTEGER CHECK (csat BETWEEN 1 AND 5),
    nps         INTEGER CHECK (nps BETWEEN 0 AND 10), -- "would you recommend us?"
    plus        TEXT,                     -- "what should we do to get five plus?"
    words       TEXT,
    source      TEXT NOT NULL,            -- survey, phone, visit …
    external_id TEXT UNIQUE,              -- the survey service's number of the answer: it is not taken twice
    CHECK (csat IS NOT NULL OR nps IS NOT NULL OR plus IS NOT NULL OR words IS NOT NULL)
) STRICT;

-- A complaint beyond its dates; occasion.manager_id is who is responsible.
CREATE TABLE complaint (
    occasion_id INTEGER PRIMARY KEY REFERENCES occasion (id),
    source      TEXT NOT NULL,            -- phone, letter, visit, survey …
    words       TEXT,                     -- what they said
    cause       TEXT,                     -- once known: one of the configuration's list
    actions     TEXT,                     -- what was done about it
    outcome     TEXT                      -- what came of it: solved, compensated, rejected
) STRICT;

-- Who brought whom.
CREATE TABLE referral (
    id            INTEGER PRIMARY KEY,    -- R5
    by_client_id  INTEGER NOT NULL REFERENCES client (id),
    new_client_id INTEGER NOT NULL REFERENCES client (id),
    at            INTEGER NOT NULL,
    reward        TEXT,                   -- what the first one gets for it
    rewarded_at   INTEGER,                -- and has got
    rewarded_by   TEXT,
    dropped_at    INTEGER,                -- it was entered by mistake, and taken back
    CHECK (by_client_id <> new_client_id)
) STRICT;
CREATE INDEX referral_by ON referral (by_client_id);
-- Nobody is brought twice.
CREATE UNIQUE INDEX referral_new ON referral (new_client_id) WHERE dropped_at IS NULL;

-- Things for clients: a gift, a loyalty card, a printed album, an entry in the photo challenge.
CREATE TABLE thing (
    id          INTEGER PRIMARY KEY,      -- G7
    client_id   INTEGER NOT NULL REFERENCES client (id),
    occasion_id INTEGER REFERENCES occasion (id), -- the trip at whose visit it is handed over
    kind        TEXT NOT NULL CHECK (kind IN ('gift', 'card', 'album', 'photo')),
    title       TEXT NOT NULL CHECK (length(title) > 0),
    cost        INTEGER CHECK (cost >= 0), -- in hundredths of the agency's currency
    owner_id    INTEGER REFERENCES staff (id), -- who prepares it
    ready_at    INTEGER,
    handed_at   INTEGER,
    dropped_at  INTEGER,                  -- it will not be given after all
    note        TEXT,
    created_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX thing_client ON thing (client_id);
CREATE INDEX thing_open ON thing (occasion_id) WHERE handed_at IS NULL AND dropped_at IS NULL;

-- A file that goes with a letter of one occasion: the voucher with the packing tips, a ticket, a memo.
CREATE TABLE document (
    id          INTEGER PRIMARY KEY,      -- D3
    occasion_id INTEGER NOT NULL REFERENCES occasion (id),
    step        TEXT NOT NULL,            -- the letter that it goes with
    name        TEXT NOT NULL CHECK (length(name) > 0), -- as the client sees it
    type        TEXT NOT NULL CHECK (length(type) > 0), -- by its content: application/pdf …
    added_at    INTEGER NOT NULL,
    dropped_at  INTEGER,                  -- it will not go after all
    bytes       BLOB NOT NULL CHECK (length(bytes) > 0) -- last: nothing that lists documents has to read past it
) STRICT;
CREATE UNIQUE INDEX document_name ON document (occasion_id, step, name) WHERE dropped_at IS NULL;
-- Which documents a frozen message carries; when the message is made anew, so is this.
CREATE TABLE message_document (
    action_id   INTEGER NOT NULL REFERENCES message (action_id) ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES document (id),
    PRIMARY KEY (action_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX message_document_of ON message_document (document_id);

-- The list of the morning, by e-mail: at most one for a person of the agency and a day, whatever runs how often. Its words are
-- not kept: they are made anew for every try, and nothing is tried again of which nobody knows what became.
CREATE TABLE digest (
    staff_id INTEGER NOT NULL REFERENCES staff (id),
    day      TEXT NOT NULL CHECK (length(day) = 10),             -- of the agency
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'at_risk', 'sent', 'nothing', 'failed', 'in_doubt')),
                                          -- waiting: certainly not accepted yet; nothing: they had nothing to do
    tries    INTEGER NOT NULL DEFAULT 0,  -- certain refusals
    next_at  INTEGER,                     -- waiting: not tried again before
    risk_at  INTEGER,                     -- the last point of no return
    done_at  INTEGER,                     -- when it was accepted, refused for good, or given up
    seq      INTEGER,                     -- number of that point, of one row with those of attempts
    reply    TEXT,                        -- one line, made safe
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

-- Who did what and when. Append-only.
CREATE TABLE audit (
    id        INTEGER PRIMARY KEY,
    at        INTEGER NOT NULL,
    actor     TEXT NOT NULL,              -- login of the person, or "tick"
    verb      TEXT NOT NULL,              -- add-client, done, cancel-trip, sent …
    client_id INTEGER,
    occasion_id INTEGER,
    action_id INTEGER,
    detail    TEXT                        -- one line or JSON; never a message's text, address or number
) STRICT;
CREATE INDEX audit_client ON audit (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX audit_occasion ON audit (occasion_id) WHERE occasion_id IS NOT NULL;
CREATE INDEX audit_action ON audit (action_id) WHERE action_id IS NOT NULL;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: append-only');
END;
CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE id = NEW.id)
BEGIN
    SELECT RAISE(ABORT, 'audit: append-only');
END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: append-only');
END;
