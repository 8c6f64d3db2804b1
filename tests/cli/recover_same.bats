#!/usr/bin/env bats
# After a restore: is what the copy holds the message that went? And what a death between the database and its log leaves.

load helpers

# ---- is it the same message? ----

# A1 is frozen by a try that did not get through; then comes the backup.
frozen_and_saved() {
	maria
	printf '%s\n' '{"email": {"gateway": "smtp", "from": "info@warm.example", "smtp": {"host": "127.0.0.1", "port": 1,
		"security": "none"}}}' >pps.json
	answers 69 tick
	ok backup b.db
	rm pps.json
	ok adopt
}

# delivered: A1 is handed over, and the tick dies before it has noted the answer.
delivered() {
	at '2026-12-01 14:10'
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
	sed -i '$d' pps.db.sent
	at '2026-12-01 14:20'
	ok recover --from b.db
}

@test "recover: what this copy has frozen is what was handed over: it can be asked about and repeated" {
	frozen_and_saved
	delivered
	[ "$(sql 'SELECT state, cause, stale FROM action WHERE id = 1')" = 'in_doubt|restored|0' ]
}

@test "recover: it was made anew after the backup: a person decides, and the next one is new" {
	frozen_and_saved
	ok edit-trip T1 --destination Варна
	delivered
	[ "$(sql 'SELECT state, cause, stale FROM action WHERE id = 1')" = 'in_doubt|restored|1' ]
	ok adopt
	ok doubt resolve A1 --resend
	ok tick
	[ "$(sql 'SELECT state, stale FROM action WHERE id = 1')" = 'sent|0' ]
}

@test "recover: a database that is already in doubt stays so, and the playbook does not decide" {
	maria
	ok tick
	sql "UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, outcome) VALUES (2, 1, 'x', 1, 1, 'in_doubt');
		UPDATE action SET state = 'in_doubt', cause = 'no_verdict' WHERE id = 2"
	ok backup b.db
	rm pps.db.sent
	ok recover --from b.db
	[ "$(sql 'SELECT state, cause FROM action WHERE id = 2')" = 'in_doubt|restored' ]
}

# ---- deaths and failures between the database and its log ----

@test "a database that has had a sent log says so, also when the first tick died before it had noted that" {
	maria
	ok tick
	sql "DELETE FROM setting WHERE key = 'sent_log'"
	ok tick
	[ "$(sql "SELECT count(*) FROM setting WHERE key = 'sent_log'")" -eq 1 ]
}

@test "a new name that the sent log could not be told is told with the next one: nothing goes twice" {
	maria
	ok tick
	cp pps.db.sent old.sent
	ok backup b.db
	at '2026-12-03 10:00'
	ok tick
	at '2026-12-08 10:00'
	ok tick
	cp old.sent pps.db.sent
	bare env ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -P "$PWD/pps.db.sent" -e trace=write -e inject=write:error=EIO \
		"$PPS" --now '2026-12-08 10:01' --as anna adopt >.out 2>.err || true
	err 'pps: cannot write to the sent log pps.db.sent: Input/output error'
	at '2026-12-08 10:02'
	answers 77 tick
	err "pps: nothing goes out: $NO_LOG"
	ok adopt
	at '2026-12-09 19:30'
	ok tick
	[ "$(sent '*-bon-voyage.txt')" -eq 1 ]
	at '2026-12-09 19:35'
	ok recover --from b.db
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
	ok adopt
	ok tick
	[ "$(sent '*-bon-voyage.txt')" -eq 1 ]
}

@test "a database that has lost its sent log twice still knows its oldest copies" {
	maria
	ok tick
	ok backup b.db
	local i
	for i in 1 2; do
		at "2026-12-01 15:0$i"
		rm pps.db.sent
		ok adopt
	done
	at '2026-12-03 10:00'
	ok tick
	out '1 sent'
	ok recover --from b.db
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
	ok adopt
	ok tick
	[ "$(sent '*-packing.eml')" -eq 1 ]
}

@test "a sent log of before the database had its new name is still its own" {
	maria
	ok tick
	cp pps.db.sent old.sent
	rm pps.db.sent
	ok adopt
	cp old.sent pps.db.sent
	answers 77 tick
	err "pps: nothing goes out: $NO_LOG"
	ok recover
	no_line "another database's"
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
}
