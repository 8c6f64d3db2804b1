-- From version 3 to 4: for the figures of a period, what people have done is found by the day on which it was due, and
-- answers by the day on which they came.
CREATE INDEX occasion_answered ON occasion (answered) WHERE answered IS NOT NULL;
CREATE INDEX action_done ON action (local_due) WHERE state = 'done';
