-- From version 1 to 2: what is needed to settle doubts, to know a database that was put back, and to keep to limits.
-- What the columns mean stands in schema.sql.
ALTER TABLE action ADD COLUMN priority INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempt ADD COLUMN seq INTEGER;
ALTER TABLE attempt ADD COLUMN unknown_at INTEGER;
ALTER TABLE attempt ADD COLUMN settled TEXT CHECK (settled IN ('sent', 'not_sent', 'assumed', 'dropped'));
CREATE INDEX attempt_seq ON attempt (seq) WHERE seq IS NOT NULL;
CREATE INDEX attempt_handed_over ON attempt (risk_at) WHERE risk_at IS NOT NULL;
CREATE INDEX message_recipient ON message (recipient);
INSERT INTO action_transition VALUES
    ('in_doubt', 'claimed'), ('claimed', 'in_doubt'), ('pending', 'in_doubt'), ('sent', 'in_doubt');
CREATE TRIGGER action_sent_is_final BEFORE UPDATE OF state ON action
WHEN OLD.state = 'sent' AND NEW.state <> 'sent' AND EXISTS (
    SELECT 1 FROM attempt WHERE action_id = OLD.id AND (outcome = 'sent' OR settled = 'sent'))
BEGIN
    SELECT RAISE(ABORT, 'action: a gateway has accepted it');
END;
