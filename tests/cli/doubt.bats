#!/usr/bin/env bats
# What may or may not have been sent: the evidence, and the decision of a person. Taking it back: doubt_undo.bats.

load helpers
load doubts

# ---- the list ----

@test "nothing is in doubt" {
	maria
	ok doubt
	out 'nothing is in doubt'
	ok doubt --exit-code --quiet
	out ''
	ok doubt --json
	json pps.doubt/1 doubts# 0
}

@test "a letter: everything that a person needs to decide" {
	doubtful
	local id
	id=$(sql 'SELECT message_id FROM message')
	at '2026-12-01 14:00:30'
	ok doubt
	out <<-E
		times are those of Europe/Moscow

		A1 Thank you, Мария Иванова, T1 Анталья, 10.12.2026 06:40 - 20.12.2026, manager anna
		  by e-mail to maria@example.com
		  Message-ID: <$id> (look for it in the log of the mail server)
		  try 1: handed over at 2026-12-01 14:00:00, in doubt after 20 s: the tick died while waiting for the answer
		  of use until 2026-12-04 21:00
		  the playbook says if_in_doubt: ask. What the gateway cannot clear up waits for a person
		  a tick looks at it again after 2026-12-01 14:01:20
		    pps doubt resolve A1 --sent     it has arrived, or was accepted
		    pps doubt resolve A1 --resend   it has not: send it
		    pps doubt resolve A1 --drop     leave it: it is not sent
	E
	ok doubt A1
	line 'A1 Thank you, Мария Иванова, T1 Анталья, 10.12.2026 06:40 - 20.12.2026, manager anna'
	ok doubt T1/thank-you --quiet
	out ''
	# A file that is not in the outbox says nothing: the tick leaves it to a person, and nothing goes out.
	at '2026-12-01 14:02'
	ok doubt
	line '  the next tick looks at it'
	ok tick
	out 'nothing was due'
	ok doubt
	line '  a tick has looked at it; none does so any more'
	[ "$(sent '2*')" -eq 0 ]
}

@test "an SMS: code and reply, the provider's number, that the gateway does not know it" {
	maria
	at '2026-12-09 17:00'
	doubt 4
	sql "UPDATE attempt SET provider_id = 'msg-77', unknown_at = risk_at + 120;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, done_at, outcome, reply)
			VALUES (4, 2, 'x', unixepoch('2026-12-09 14:10:00'), unixepoch('2026-12-09 14:10:05'), 'not_sent', 'no connection')"
	at '2026-12-09 17:30'
	ok doubt
	sed -n '3,/--sent/p' .out >.block
	mv .block .out
	out <<-'E'
		A4 Pre-flight call, Мария Иванова, T1 Анталья, 10.12.2026 06:40 - 20.12.2026, manager anna
		  by SMS to +7 903 123-45-67
		  try 1: handed over at 2026-12-09 16:59:00, in doubt after 60 s, code 504: HTTP 504
		    the provider's number: msg-77
		    at 2026-12-09 17:01:00 the gateway said that it does not know it
		  try 2: at 2026-12-09 17:10:00, not handed over: no connection
		  of use until 2026-12-10 03:40
		  the playbook says if_in_doubt: ask. What the gateway cannot clear up waits for a person
		  the next tick looks at it
		    pps doubt resolve A4 --sent     it has arrived, or was accepted
	E
}

@test "doubt --json" {
	doubtful
	ok doubt --json
	json pps.doubt/1 doubts# 1 'doubts[0].id' A1 'doubts[0].trip' T1 'doubts[0].client' C1 'doubts[0].manager' anna \
		'doubts[0].title' 'Thank you' 'doubts[0].client_name' 'Мария Иванова' 'doubts[0].destination' Анталья \
		'doubts[0].recipient' maria@example.com 'doubts[0].message_id' "$(sql 'SELECT message_id FROM message')" \
		'doubts[0].since' 2026-12-01T14:00:00+03:00 'doubts[0].if_in_doubt' ask 'doubts[0].changed' false \
		'doubts[0].ended' false 'doubts[0].may_resend' true 'doubts[0].state' in_doubt \
		'doubts[0].next_look' 2026-12-01T14:01:20+03:00 'doubts[0].tries#' 1
	json pps.doubt/1 'doubts[0].tries[0].n' 1 'doubts[0].tries[0].handed_over' 2026-12-01T14:00:00+03:00 \
		'doubts[0].tries[0].ended' 2026-12-01T14:00:20+03:00 'doubts[0].tries[0].outcome' in_doubt \
		'doubts[0].tries[0].code' null 'doubts[0].tries[0].settled' null 'doubts[0].tries[0].provider_id' null \
		'doubts[0].tries[0].unknown_since' null
	at '2026-12-01 14:02'
	ok tick
	ok doubt --json
	json pps.doubt/1 'doubts[0].next_look' null
	answers 1 doubt --json --exit-code
	json pps.doubt/1 doubts# 1
}

@test "what the playbook says, and whether it still works by itself" {
	mkdir templates
	sed 's/"if_late": "send_now", "signed_by": "director"/"if_in_doubt": "resend", &/' \
		"$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	grep -q if_in_doubt templates/playbook.json
	maria
	ok tick
	at '2026-12-08 10:00'
	doubt 3
	ok doubt
	line '  the playbook says if_in_doubt: assume_sent. What the gateway cannot clear up is taken for sent by a tick'
	ok doubt resolve A3 --drop
	ok add-trip C1 --departure +20d --return +30d
	doubt 15
	ok doubt
	line '  the playbook says if_in_doubt: resend. What the gateway cannot clear up goes once more by itself'
	sql "INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome) VALUES (15, 2, 'x', 1, 1, 1, 'in_doubt')"
	ok doubt
	line '  the playbook says if_in_doubt: resend. What the gateway cannot clear up waits for a person, because it went once more already'
	sql "DELETE FROM attempt WHERE action_id = 15 AND n = 2"
	ok edit-client C1 --salutation 'Мария Ивановна'
	ok doubt
	line '  the playbook says if_in_doubt: resend. What the gateway cannot clear up waits for a person, because it was changed since'
	sql "UPDATE action SET stale = 0"
	at '2026-12-20 10:00'
	ok doubt
	line '  the playbook says if_in_doubt: resend. What the gateway cannot clear up waits for a person, because its time has passed'
}

@test "an edit that changes nothing changes no doubt" {
	doubtful
	dump before
	ok edit-trip T1 --departure '10.12.2026 06:40' --destination Анталья
	ok edit-client C1 --name 'Мария Иванова' --phone '8 903 123-45-67'
	unchanged before
	ok edit-client C1 --name 'Мария Петрова'
	ok doubt
	line '  its trip or client was changed since it was handed over: --resend makes it anew'
}

@test "changed since, cancelled, or too late: said, and --resend only where it may be" {
	doubtful
	ok edit-trip T1 --departure '11.12.2026 08:00'
	ok doubt
	line '  its trip or client was changed since it was handed over: --resend makes it anew'
	line '    pps doubt resolve A1 --resend   it has not: send it'
	ok cancel-trip T1
	ok doubt
	line '  the trip is cancelled'
	line '    (A1 may not be sent again: the trip is cancelled)'
	no_line '--resend   '
	ok doubt --json
	json pps.doubt/1 'doubts[0].changed' true 'doubts[0].ended' true 'doubts[0].may_resend' false
	ok undo T1
	at '2026-12-04 21:00'
	ok doubt
	line '  of no use since 2026-12-04 21:00'
	line '    (A1 may not be sent again: its time passed at 2026-12-04 21:00)'
	no_line '--resend   |cancelled'
}

@test "the most urgent first, one manager's, by name" {
	maria
	ok add-trip C1 --departure +2d --return +9d --manager boris
	doubt 1
	doubt 15
	ok doubt
	grep -oE '^A[0-9]+' .out | paste -sd ' ' >.order
	[ "$(cat .order)" = 'A15 A1' ]
	ok doubt --manager anna
	line 'A1 Thank you, Мария Иванова, T1 Анталья, 10.12.2026 06:40 - 20.12.2026, manager anna'
	no_line '^A15'
	ok doubt --manager olga --exit-code
	out 'nothing is in doubt'
	answers 1 doubt --manager boris --exit-code --quiet
	ok doubt A1 T2/thank-you
	grep -oE '^A[0-9]+' .out | paste -sd ' ' >.order
	[ "$(cat .order)" = 'A1 A15' ]
}

@test "doubt: every slip" {
	doubtful
	dump before
	fails 66 'there is no action A99: pps timeline TRIP lists them' doubt A99
	fails 65 '"resolv" does not name an action: write A156, or T34/preflight' doubt resolv
	fails 77 'A2 is not in doubt: it is pending' doubt A1 A2
	fails 66 '--manager: nobody has the login "bob": there are anna, boris, olga' doubt --manager bob
	fails 64 '--manager chooses from all: name no action with it' doubt A1 --manager anna
	local option
	for option in sent resend drop; do
		fails 64 "--$option belongs to pps doubt resolve" doubt A1 --$option
	done
	fails 64 '--note belongs to pps doubt resolve' doubt --note x
	local usage='usage: pps doubt resolve ACTION … --sent|--resend|--drop [--note WORDS]'
	fails 64 "$usage" doubt resolve
	fails 64 "$usage" doubt resolve --sent
	fails 64 'say one of --sent, --resend and --drop' doubt resolve A1
	fails 64 'say one of --sent, --resend and --drop' doubt resolve A1 --sent --drop
	fails 64 'say one of --sent, --resend and --drop' doubt resolve A1 --sent --resend --drop
	fails 64 '--manager belongs to the list, pps doubt' doubt resolve A1 --sent --manager anna
	fails 64 '--exit-code belongs to the list, pps doubt' doubt resolve A1 --sent --exit-code
	fails 65 'note contains a control character (U+000A): type it again by hand' doubt resolve A1 --sent --note $'a\nb'
	fails 64 'A1 is named twice' doubt resolve A1 T1/thank-you --sent
	# shellcheck disable=SC2046 # words
	fails 64 '"A52" is one word too many: pps doubt [ACTION …] | resolve ACTION … --sent|--resend|--drop [--note WORDS]' \
		doubt $(seq -f A%g 52)
	# shellcheck disable=SC2046 # words
	fails 64 '"A51" is one word too many: pps doubt [ACTION …] | resolve ACTION … --sent|--resend|--drop [--note WORDS]' \
		doubt resolve $(seq -f A%g 51) --sent
	unchanged before
}

# ---- the decision ----

@test "resolve --sent: it counts as sent, and nothing goes" {
	doubtful
	at '2026-12-01 15:00'
	ok doubt resolve A1 --sent --note 'в журнале почты есть'
	out 'A1 Thank you, Мария Иванова, T1 Анталья: counts as sent (pps undo A1 takes it back)'
	state 1 sent
	settled 1 sent
	[ "$(sql 'SELECT cause, reason, done_by FROM action WHERE id = 1')" = 'by_person|settled as sent by anna: в журнале почты есть|anna' ]
	ok doubt
	out 'nothing is in doubt'
	ok timeline T1
	line 'A1   2026-12-01 14:00  e-mail  Thank you                   sent 2026-12-01 15:00 by anna  settled as sent by anna: в журнале почты есть'
	ok tick
	out 'nothing was due'
	[ "$(sent '2*')" -eq 0 ]
}

@test "resolve --resend: the next tick sends the same words, once" {
	doubtful
	sql 'SELECT bytes FROM message' >frozen
	at '2026-12-01 15:00'
	ok doubt resolve A1 --resend
	out 'A1 Thank you, Мария Иванова, T1 Анталья: goes with the next tick (pps undo A1 takes it back)'
	state 1 pending
	settled 1 not_sent
	[ "$(sql 'SELECT cause, reason FROM action WHERE id = 1')" = 'retry|to go again, settled by anna' ]
	ok tick
	out '1 sent'
	state 1 sent
	settled 1 'not_sent,'
	sql 'SELECT bytes FROM message' | cmp - frozen
	[ "$(sent '*-A1-thank-you.eml')" -eq 1 ]
	grep -qF "$(sql 'SELECT message_id FROM message')" outbox/*-A1-thank-you.eml
	ok tick
	out 'nothing was due'
}

@test "resolve --resend of what was changed since: planned anew, with the new words" {
	doubtful
	sql 'SELECT message_id FROM message' >was
	ok edit-client C1 --salutation 'Мария Ивановна' --email new@example.com
	ok doubt resolve A1 --resend
	out 'A1 Thank you, Мария Иванова, T1 Анталья: is planned anew by the next tick, and goes if there is still time (pps undo A1 takes it back)'
	ok tick
	out '1 sent'
	letter outbox/*-A1-thank-you.eml >.out
	line 'To: Мария Иванова <new@example.com>'
	grep -q '^Дорогая Мария Ивановна!' .out
	[ "$(sql 'SELECT message_id FROM message')" != "$(cat was)" ]
}

@test "resolve --drop: it is not sent" {
	doubtful
	at '2026-12-01 15:00'
	ok doubt resolve T1/thank-you --drop --note 'поблагодарили по телефону'
	out 'A1 Thank you, Мария Иванова, T1 Анталья: will not be sent (pps undo A1 takes it back)'
	state 1 cancelled
	settled 1 dropped
	[ "$(sql 'SELECT cause, reason FROM action WHERE id = 1')" = 'by_person|dropped by anna: поблагодарили по телефону' ]
	ok edit-trip T1 --departure '12.12.2026 08:00'
	state 1 cancelled
	ok tick
	out 'nothing was due'
}

@test "resolve --resend is refused when it is too late, or the trip is cancelled; the other answers are not" {
	doubtful
	dump before
	at '2026-12-04 21:00'
	fails 77 'A1 may not be sent again: its time passed at 2026-12-04 21:00' doubt resolve A1 --resend
	unchanged before
	at '2026-12-04 20:59'
	ok doubt resolve A1 --resend
	ok undo A1
	ok cancel-trip T1
	fails 77 'A1 may not be sent again: the trip is cancelled' doubt resolve A1 --resend
	ok doubt resolve A1 --sent
	ok undo A1
	ok doubt resolve A1 --drop
}

@test "several at once: all or none" {
	maria
	at '2026-12-09 19:40'
	doubt 1
	doubt 4
	doubt 5
	dump before
	fails 77 'A6 is not in doubt: it is pending' doubt resolve A4 A5 A6 --drop
	fails 77 'A1 may not be sent again: its time passed at 2026-12-04 21:00' doubt resolve A4 A5 A1 --resend
	fails 66 'T1 has no step "x": pps timeline T1 lists them' doubt resolve A4 T1/x --sent
	unchanged before
	ok doubt resolve A4 T1/bon-voyage a1 --sent --json
	json pps.doubt/1 actions# 3 'actions[0].id' A4 'actions[1].id' A5 'actions[2].id' A1 'actions[0].state' sent \
		'actions[0].cause' by_person 'actions[0].done_by' anna 'actions[0].client' C1 'actions[0].manager' anna
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'sent'")" -eq 3 ]
	[ "$(sql "SELECT count(*) FROM audit WHERE verb = 'doubt-sent'")" -eq 3 ]
}

@test "fifty at once" {
	local i
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51)
		INSERT INTO client (id, name, phone, search, created_at) SELECT i, 'К' || i, '+7903' || (1000000 + i), 'к', 1 FROM n"
	maria
	sql "INSERT INTO action (id, occasion_id, step, occurrence, channel, planned_channel, state, local_due, tz, due_at, expires_at,
			next_attempt_at, created_at, updated_at)
		SELECT 100 + i.id, 1, 'packing', i.id, 'sms', 'sms', 'in_doubt', '2026-12-01 14:00', 'Europe/Moscow', 1, 2, 1, 1, 1
			FROM client i WHERE i.id <= 50"
	# shellcheck disable=SC2046 # words
	ok doubt resolve $(seq -f A%g 101 150) --sent
	[ "$(wc -l <.out)" -eq 50 ]
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'sent'")" -eq 50 ]
}

@test "only what is in doubt is resolved; the error says what became of it" {
	maria
	ok tick
	fails 77 'A1 is not in doubt: it is sent' doubt resolve A1 --drop
	fails 77 'A3 is not in doubt: it is pending' doubt resolve A3 --sent
	ok skip A3 --note 'не надо'
	fails 77 'A3 is not in doubt: it is cancelled (skipped by anna: не надо)' doubt resolve A3 --sent
	sql "UPDATE action SET state = 'claimed' WHERE id = 2"
	fails 75 'A2 is being sent, or a tick was interrupted: look again after the next one' doubt resolve A2 --sent
	sql "UPDATE action SET state = 'at_risk' WHERE id = 2"
	fails 75 'A2 is being sent, or a tick was interrupted: look again after the next one' doubt A2
}

# ---- seen everywhere ----

@test "every report and today say it in red, and --exit-code counts it" {
	doubtful
	local words
	for words in report 'report --overdue' 'report --today' 'report --checklist' today; do
		# shellcheck disable=SC2086 # words
		ok $words --color always
		[ "$(tail -n 1 .out)" = $'\e[31m1 in doubt: pps doubt\e[0m' ] || _complain "$words"
		# shellcheck disable=SC2086 # words
		ok $words --json
		json "pps.${words%% *}/1" in_doubt 1 hold null
		# shellcheck disable=SC2086 # words
		ok $words --quiet
		out ''
	done
	for words in '' --overdue --today --checklist; do
		# shellcheck disable=SC2086 # words
		answers 1 report $words --exit-code
	done
	ok doubt resolve A1 --drop
	ok report
	no_line 'in doubt'
	ok today --json
	json pps.today/1 in_doubt 0 hold null
	ok report --exit-code
}

@test "with --manager only that manager's doubts are counted" {
	doubtful
	ok today --manager anna
	line '1 in doubt: pps doubt --manager anna'
	ok today --manager boris
	no_line 'in doubt'
	ok report --manager boris --exit-code
	ok report --manager boris --json
	json pps.report/1 in_doubt 0
}

@test "a doubt in a cancelled trip is not forgotten" {
	doubtful
	ok cancel-trip T1
	ok report --checklist
	line '1 in doubt: pps doubt'
	answers 1 report --checklist --exit-code
	ok today
	line '1 in doubt: pps doubt'
}

@test "doctor: a note at first, a fault when nobody decides for three days" {
	doubtful
	ok doctor
	line 'note   in doubt      1: pps doubt'
	at '2026-12-04 14:00'
	ok tick
	ok doctor
	line 'note   in doubt      1: pps doubt'
	at '2026-12-04 14:00:01'
	answers 78 doctor
	line 'FAULT  in doubt      1, for up to 3 days: pps doubt'
	err 'pps: 1 fault: see above'
	ok doubt resolve A1 --sent
	ok doctor
	no_line 'in doubt      '
}

@test "a repeat under way is withdrawn by an edit and by a cancellation, and the doubt stays" {
	maria
	ok tick
	at '2026-12-03 10:00'
	sql "UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2;
		UPDATE action SET state = 'in_doubt', cause = 'no_verdict' WHERE id = 2;
		UPDATE action SET state = 'claimed' WHERE id = 2;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, outcome) VALUES (2, 1, 'x', 1, 2, 'in_doubt');
		INSERT INTO attempt (action_id, n, tick_id, claimed_at) VALUES (2, 2, 'x', 3)"
	ok edit-client C1 --email new@example.com
	state 2 claimed
	[ "$(sql 'SELECT stale FROM action WHERE id = 2')" -eq 1 ]
	ok cancel-trip T1
	state 2 claimed
	ok tick
	state 2 in_doubt
	ok undo T1
	state 2 in_doubt
	ok tick
	[ "$(sent '*-packing.eml')" -eq 0 ]
	ok doubt
	grep -q 'A2 Packing tips' .out
}

# ---- what a tick finds out ----

# forgetful: a gateway for SMS that breaks off whenever it gets a text, and says that it has never heard of it.
forgetful() {
	sms_gateway '{"name": "Forgetful", "method": "GET", "path": "/send", "max_parts": 9,
		"query": {"to": "{phone_digits}", "text": "{text}", "key": "{idem_key}"},
		"answers": [{"http": [200], "body_prefix": "accepted", "verdict": "accepted"}],
		"status": {"path": "/status", "query": {"key": "{idem_key}"},
			"answers": [{"http": [200], "body_prefix": "known", "verdict": "sent"},
				{"http": [404], "body_prefix": "no such key", "verdict": "unknown"}]}}' <<-'E'
		if self.path.startswith("/status"):
		    self.send_response(404)
		    self.end_headers()
		    self.wfile.write(b"no such key")
	E
}

@test "certainly not sent: it goes again, but not in a trip that was cancelled meanwhile" {
	forgetful
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	ok add-client --name 'Ева' --phone 89031112244 --departure 20.12.2026 --return 30.12.2026
	answers 69 tick
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'in_doubt'")" -eq 2 ]
	local second
	second=$(sql "SELECT id FROM action WHERE occasion_id = 2 AND step = 'thank-you'")
	ok cancel-trip T1
	at '2026-12-01 14:05'
	ok tick
	at '2026-12-01 14:11'
	answers 69 tick
	state 1 cancelled
	settled 1 not_sent
	[ "$(sql 'SELECT cause, reason, done_at IS NULL FROM action WHERE id = 1')" = \
		'ended|it was not sent, and the trip is cancelled|1' ]
	[ "$(sql "SELECT detail FROM audit WHERE verb = 'settled' AND action_id = 1")" = 'it was not sent, and the trip is cancelled' ]
	# The other one went again, and was broken off again.
	settled "$second" 'not_sent,'
	ok undo T1
	state 1 pending
}

@test "a doubt in a time zone that is gone stays in doubt, and stops nothing" {
	mkdir templates
	sed 's/"if_late": "send_now", "signed_by": "director"/"if_in_doubt": "resend", &/' \
		"$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	doubtful
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	sql "UPDATE client SET tz = 'Europe/Gone' WHERE id = 1; UPDATE action SET tz = 'Europe/Gone' WHERE occasion_id = 1"
	at '2026-12-01 14:20'
	ok tick
	out '1 sent'
	state 1 in_doubt
	[ "$(sql 'SELECT next_attempt_at - unixepoch('"'2026-12-01 11:20'"') FROM action WHERE id = 1')" -eq 300 ]
}
