-- Forgets a client: everything that says who they are, and every word of theirs, is overwritten. What remains is that
-- something was sent, called or bought, and when. How and when to use it: docs/consent.md, "Forgetting a client".
--
--   sqlite3 -cmd ".parameter init" -cmd ".parameter set @client 5" pps.db < erase-client.sql
--
-- All of it happens, or nothing.
.bail on
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON; -- what is deleted is overwritten in the file, too
BEGIN IMMEDIATE;

CREATE TEMP TABLE theirs AS SELECT id FROM occasion WHERE client_id = @client;
CREATE TEMP TABLE their_action AS SELECT id FROM action WHERE occasion_id IN theirs;

-- Stops here when there is no such client, when pps note was not said right before, or when nobody knows yet whether one of
-- their messages has arrived. (The newest entry of the log stays as it is: by it pps knows that the database is no older copy.)
CREATE TEMP TABLE there_is_such_a_client
    (n INTEGER CONSTRAINT there_is_such_a_client CHECK (n = 1));
INSERT INTO there_is_such_a_client SELECT count(*) FROM client WHERE id = @client;
CREATE TEMP TABLE pps_note_was_said_right_before
    (n INTEGER CONSTRAINT pps_note_was_said_right_before CHECK (n = 1));
INSERT INTO pps_note_was_said_right_before
    SELECT count(*) FROM audit WHERE id = (SELECT max(id) FROM audit) AND verb = 'note' AND client_id = @client;
CREATE TEMP TABLE nothing_is_under_way_or_in_doubt
    (n INTEGER CONSTRAINT nothing_is_under_way_or_in_doubt CHECK (n = 0));
INSERT INTO nothing_is_under_way_or_in_doubt
    SELECT count(*) FROM action WHERE id IN their_action AND state IN ('claimed', 'at_risk', 'in_doubt');

-- Nothing more is done.
UPDATE action SET state = 'cancelled', cause = 'by_person' WHERE id IN their_action AND state IN ('pending', 'held');
UPDATE occasion SET ended = 1, end_reason = 'erased', note = NULL,
    title = CASE WHEN kind = 'complaint' THEN 'erased' ELSE title END WHERE id IN theirs;

-- What was written to them, and what they and others said.
DELETE FROM message_document WHERE action_id IN their_action;
DELETE FROM message WHERE action_id IN their_action;
DELETE FROM document WHERE occasion_id IN theirs;
UPDATE action SET note = NULL, reason = NULL WHERE id IN their_action;
UPDATE attempt SET reply = NULL WHERE action_id IN their_action;
UPDATE lost SET words = NULL WHERE occasion_id IN theirs;
UPDATE feedback SET plus = NULL, words = CASE WHEN csat IS NULL AND nps IS NULL THEN 'erased' END
    WHERE occasion_id IN theirs;
UPDATE complaint SET words = NULL, actions = NULL WHERE occasion_id IN theirs;
UPDATE thing SET title = kind, note = NULL WHERE client_id = @client;
UPDATE referral SET reward = NULL WHERE by_client_id = @client;

-- The log keeps who did what and when, without a word about it.
DROP TRIGGER audit_is_append_only;
UPDATE audit SET detail = NULL
    WHERE (client_id = @client OR occasion_id IN theirs OR action_id IN their_action)
    AND id < (SELECT max(id) FROM audit);
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'audit: append-only');
END;

-- A "no" stays with the address or number, so that nobody writes there again; everything else they said goes.
DELETE FROM consent WHERE client_id = @client AND given IS NOT 0;
UPDATE consent SET client_id = NULL, source = 'erased' WHERE client_id = @client;

-- The card.
DELETE FROM client_fact WHERE client_id = @client;
DELETE FROM client_mark WHERE client_id = @client;
UPDATE client SET name = 'erased', salutation = NULL, phone = NULL, phone_wrong = 0, email = 'erased@client.invalid',
    lang = NULL, tz = NULL, birthday = NULL, note = NULL, external_id = NULL, paused_until = NULL, pause_reason = NULL,
    gender = NULL, search = 'erased' WHERE id = @client;
COMMIT;
