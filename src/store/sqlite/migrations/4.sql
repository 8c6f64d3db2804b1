-- From version 3 to 4: what people have done is found by the day on which it was due, for the figures of a period.
CREATE INDEX action_done ON action (local_due) WHERE state = 'done';
