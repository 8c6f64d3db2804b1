# Messages in doubt, for the tests of what people do about them: `load doubts` after `load helpers`.

# killed: a tick that dies between the point of no return and the file in the outbox.
killed() {
	killed_at renameat2 1 tick
}

# doubtful: the thank-you letter of T1 is in doubt, with everything that a real tick leaves.
doubtful() {
	maria "$@"
	killed
	state 1 at_risk
	at '2026-12-01 14:00:20'
	answers 1 tick --quiet
	state 1 in_doubt
}

# doubt ACTION [COLUMN=VALUE]: in doubt as a gateway leaves it that did not answer for a minute.
doubt() {
	local now
	now=$(date -d "$NOW +0300" +%s)
	sql "UPDATE action SET channel = ifnull(fallback_channel, channel), fallback_channel = NULL, fallback_at = NULL,
			cause = 'no_verdict', reason = 'no answer' WHERE id = $1;
		UPDATE action SET state = 'claimed' WHERE id = $1; UPDATE action SET state = 'at_risk' WHERE id = $1;
		UPDATE action SET state = 'in_doubt', next_attempt_at = $now + 60 WHERE id = $1;
		INSERT INTO message SELECT id, channel, CASE channel WHEN 'sms' THEN '+79031234567' ELSE 'maria@example.com' END,
			NULL, CAST('words' AS BLOB), 'a$1.id@warm.example', 'key$1', $now FROM action WHERE id = $1;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome, code, reply, seq)
			VALUES ($1, 1, 'x', $now - 62, $now - 60, $now, 'in_doubt', 504, 'HTTP 504', 100 + $1)"
}

# settled ACTION WORD: what is noted with its attempts; "" for nothing.
settled() {
	[ "$(sql "SELECT group_concat(ifnull(settled, '')) FROM attempt WHERE action_id = $1")" = "$2" ]
}
