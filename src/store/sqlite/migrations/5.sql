-- From version 4 to 5: who sold a trip, and whose work it was, stay what they were when others take the work over; and
-- work that was kept back keeps the day on which it was due first.
-- What the columns mean stands in schema.sql.
ALTER TABLE occasion ADD COLUMN sold_by INTEGER REFERENCES staff (id);
ALTER TABLE action ADD COLUMN owner_id INTEGER REFERENCES staff (id);
ALTER TABLE action ADD COLUMN was_due_at INTEGER;
UPDATE occasion SET sold_by = manager_id WHERE kind = 'trip';
-- Who had it before it was first passed on, as the log tells: when somebody left, or by edit-trip, which on the day of the
-- sale corrects it.
UPDATE occasion SET sold_by = first.had FROM (
    SELECT trip, had, min(id) FROM (
        SELECT a.id AS id, j.value AS trip, json_extract(a.detail, '$.from') AS had
        FROM audit a, json_each(CASE WHEN json_valid(a.detail) THEN a.detail ELSE '{}' END, '$.occasions') j
        WHERE a.verb = 'staff-leave'
        UNION ALL
        SELECT a.id, o.id, CAST(json_extract(a.detail, '$.was.manager') AS INTEGER)
        FROM audit a JOIN occasion o ON o.id = a.occasion_id
        WHERE a.verb = 'edit-trip' AND a.at >= o.created_at + 86400
        AND json_extract(CASE WHEN json_valid(a.detail) THEN a.detail END, '$.was.manager') IS NOT NULL)
    GROUP BY trip) AS first
WHERE occasion.kind = 'trip' AND occasion.id = first.trip AND first.had IN (SELECT id FROM staff);
UPDATE action SET owner_id = (SELECT o.manager_id FROM occasion o WHERE o.id = occasion_id)
WHERE state = 'done' OR (planned_channel = 'call' AND channel IN ('email', 'sms') AND fallback_at IS NOT NULL);
