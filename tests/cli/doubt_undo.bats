#!/usr/bin/env bats
# The answers of people to what is in doubt: how they are noted, and how they are taken back.

load helpers
load doubts

@test "each answer has its line in the audit log" {
	doubtful
	local answer
	for answer in sent resend drop; do
		ok doubt resolve A1 --$answer --note "why $answer"
		ok log A1 --limit 1 --json
		json pps.log/1 'entries[0].verb' doubt-$answer 'entries[0].actor' anna 'entries[0].client' C1 \
			'entries[0].trip' T1 'entries[0].action' A1
		/usr/bin/python3 -c '
import json, sys
detail = json.loads(json.load(open(".out"))["entries"][0]["detail"])
assert detail["was"] == "in_doubt" and detail["cause"] == "no_verdict" and detail["why"] == "why " + sys.argv[1], detail' $answer
		ok undo A1
		ok log A1 --limit 1
		grep -q "  anna  undo  C1      T1    A1      doubt-$answer$" .out
	done
}

# whole ACTION: everything of it but when it was changed last.
whole() {
	sql "SELECT state, cause, reason, next_attempt_at, done_at, done_by, stale, expires_at FROM action WHERE id = $1;
		SELECT n, outcome, settled, provider_id FROM attempt WHERE action_id = $1; SELECT * FROM message WHERE action_id = $1"
}

@test "undo takes each answer back, and everything is as it was" {
	doubtful
	# Left to a person: undo must not send the tick after it again.
	at '2026-12-01 14:02'
	ok tick
	whole 1 >was
	local answer
	for answer in sent resend drop; do
		ok doubt resolve A1 --$answer
		whole 1 | cmp -s - was && return 1
		ok undo A1
		out "doubt-$answer of A1 (thank-you) is taken back: it is in doubt again"
		whole 1 | cmp - was
	done
	fails 66 'there is nothing to take back' undo A1
	ok doubt resolve A1 --drop
	ok undo
	whole 1 | cmp - was
	ok doubt resolve A1 --drop
	ok undo --json
	json pps.undo/1 undone 'doubt-drop of A1 (thank-you) is taken back: it is in doubt again'
}

# another_try ACTION N [SETTLED]: one more that is in doubt, and what is noted with it.
another_try() {
	sql "INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome, settled)
		VALUES ($1, $2, 'x', 1, 2, 3, 'in_doubt', ${3:-NULL})"
}

@test "an answer to several tries is taken back from all of them" {
	maria
	doubt 1
	another_try 1 2
	whole 1 >was
	local answer word
	for answer in sent:sent resend:not_sent drop:dropped; do
		word=${answer#*:}
		ok doubt resolve A1 "--${answer%:*}"
		settled 1 "$word,$word"
		ok undo A1
		whole 1 | cmp - was
	done
	ok skip A1
	settled 1 'dropped,dropped'
	ok undo A1
	whole 1 | cmp - was
}

@test "undo of an answer leaves what was settled before it, and after it" {
	maria
	doubt 1
	sql "UPDATE attempt SET settled = 'not_sent'"
	another_try 1 2
	another_try 1 3
	ok doubt resolve A1 --resend
	# It went again, and the gateway had never heard of that either.
	another_try 1 4 "'not_sent'"
	settled 1 'not_sent,not_sent,not_sent,not_sent'
	ok undo A1
	state 1 in_doubt
	settled 1 'not_sent,,,not_sent'
}

@test "undo of an answer that an older program noted takes back the last try" {
	maria
	doubt 1
	another_try 1 2
	sql "UPDATE attempt SET settled = 'not_sent'; UPDATE action SET state = 'pending', cause = 'retry' WHERE id = 1;
		INSERT INTO audit (at, actor, verb, client_id, trip_id, action_id, detail)
			VALUES (1, 'anna', 'doubt-resend', 1, 1, 1, '{\"was\":\"in_doubt\",\"cause\":\"no_verdict\",\"message_id\":\"a1.id@warm.example\"}')"
	ok undo A1
	state 1 in_doubt
	settled 1 'not_sent,'
}

@test "undo of an answer in a cancelled trip" {
	doubtful
	ok cancel-trip T1
	whole 1 >was
	local answer
	for answer in sent drop; do
		ok doubt resolve A1 --$answer
		ok undo A1
		whole 1 | cmp - was
	done
}

@test "undo of --resend: not when it has gone since, was cancelled or planned anew" {
	doubtful
	ok doubt resolve A1 --resend
	cp pps.db again.db
	ok tick
	fails 77 'A1 is sent since then: it cannot be taken back' undo A1
	cp again.db pps.db
	ok cancel-trip T1
	fails 77 'A1 is cancelled since then: it cannot be taken back' undo A1
	cp again.db pps.db
	ok edit-client C1 --salutation 'Мария Ивановна'
	fails 77 'A1 was planned anew since then: it cannot be taken back' undo A1
}

@test "undo of --drop: only while it is as that had left it" {
	doubtful
	ok doubt resolve A1 --drop
	sql "UPDATE action SET cause = 'trip_cancelled' WHERE id = 1"
	fails 77 'A1 is cancelled since then: it cannot be taken back' undo A1
	sql "UPDATE action SET state = 'pending' WHERE id = 1"
	fails 77 'A1 is pending since then: it cannot be taken back' undo A1
	settled 1 dropped
}

@test "what a gateway has accepted stays sent, whatever stands in the audit log" {
	maria
	ok tick
	sql "UPDATE action SET cause = 'by_person' WHERE id = 1;
		INSERT INTO audit (at, actor, verb, client_id, trip_id, action_id, detail)
			VALUES (1, 'anna', 'doubt-sent', 1, 1, 1, '{\"was\":\"in_doubt\",\"cause\":\"no_verdict\"}')"
	dump before
	answers 77 undo A1
	grep -q 'a gateway has accepted it' .err
	unchanged before
}

@test "skip of what is in doubt is the same as --drop; undo brings it back" {
	doubtful
	whole 1 >was
	ok skip A1
	state 1 cancelled
	settled 1 dropped
	ok undo A1
	out 'skip of A1 (thank-you) is taken back: it is in doubt again'
	whole 1 | cmp - was
}

@test "an answer is taken back once, and the newest first" {
	doubtful
	ok doubt resolve A1 --resend
	ok undo A1
	ok doubt resolve A1 --drop
	ok undo A1
	ok doubt resolve A1 --sent
	ok undo A1
	fails 66 'there is nothing to take back' undo A1
	state 1 in_doubt
}
