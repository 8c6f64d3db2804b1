#!/usr/bin/env bats
# One person gets one message: a family on one address, two trips of one client, and what is not the same.

load helpers

# traveller NAME [DEPARTURE [DESTINATION]]: one more sale to the family's address and number.
traveller() {
	answers 0 add-client --name "$1" --phone '8 903 123-45-67' --email family@example.com \
		--departure "${2:-10.12.2026 06:40}" --return 20.12.2026 --destination "${3:-Анталья}"
}

family_of_five() {
	for name in Мария Пётр Павел Полина Яна; do
		traveller "$name"
	done
}

# left_out ACTION: the database says why it does not go.
left_out() {
	sql "SELECT state, cause, reason FROM action WHERE occasion_id = $1 AND step = '$2'" | tr '|' ' '
}

@test "a family of five gets one letter, and one SMS" {
	family_of_five
	ok tick
	out '1 sent, 4 left out: the same went to the same address'
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
	letter outbox/*-A1-thank-you.eml >.out
	line 'To: Мария <family@example.com>'
	[ "$(left_out 3 thank-you)" = 'cancelled shared goes to C1 as well: same address, same day' ]
	at '2026-12-03 10:00'
	ok tick
	at '2026-12-09 16:00'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 1 ]
	[ "$(left_out 5 preflight)" = 'cancelled shared goes to C1 as well: same number, same day' ]
	at '2026-12-21 10:00'
	ok tick
	[ "$(sent '*-welcome-home.eml')" -eq 1 ]
	nothing_twice
}

@test "a dry run foretells it, and the tick says whom it left out" {
	family_of_five
	ok tick --dry-run
	line 'would send A1 thank-you e-mail T1'
	grep -q '^would leave out A[0-9]* thank-you e-mail T2: goes to C1 as well: same address, same day$' .out
	line 'dry run: 1 sent, 4 left out: the same went to the same address'
	ok tick --json
	json pps.tick/1 counts.sent 1 counts.shared 4 'actions[1].result' shared 'actions[1].state' cancelled 'actions[1].cause' shared \
		'actions[1].trip' T2
	ok tick --dry-run
	out 'dry run: nothing to do'
	ok timeline T2
	grep -q 'Thank you .*cancelled .*goes to C1 as well: same address, same day' .out
	ok why T2/thank-you
	line "$(head -n 1 .out)"
	grep -q 'Thank you, T2: not to be done (goes to C1 as well: same address, same day)' .out
	ok report --overdue
	no_line 'Thank you'
}

@test "who comes into the family's trip later the same day is not written to again" {
	traveller Мария
	ok tick
	at '2026-12-01 18:00'
	traveller Пётр
	ok tick --dry-run
	out <<-E
		would leave out $(sql "SELECT 'A' || id FROM action WHERE occasion_id = 2 AND step = 'thank-you'") thank-you e-mail T2: goes to C1 as well: same address, same day
		dry run: 1 left out: the same went to the same address
	E
	ok tick
	[ "$(sent '*.eml')" -eq 1 ]
}

@test "another day, another letter" {
	traveller Мария
	ok tick
	at '2026-12-02 18:00'
	traveller Пётр
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
}

@test "what is about another flight goes to the same number as well" {
	traveller Мария
	traveller Пётр '10.12.2026 11:40'
	traveller Павел '10.12.2026 06:40' Дубай
	traveller Яна '10.12.2026 06:40' АНТАЛЬЯ
	ok tick
	at '2026-12-09 16:00'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 3 ]
	[ "$(left_out 4 preflight)" = 'cancelled shared goes to C1 as well: same number, same day' ]
}

@test "marketing is the same for all, wherever they have been" {
	traveller Мария
	traveller Пётр '11.12.2026 11:40' Дубай
	at '2026-12-21 10:00'
	ok tick
	[ "$(sent '*-welcome-home.eml')" -eq 1 ]
	[ "$(left_out 2 welcome-home)" = 'cancelled shared goes to C1 as well: same address, same day' ]
}

@test "two trips of one client at once: one letter of thanks is not said twice" {
	traveller Мария
	ok add-trip C1 --departure '10.12.2026 06:40' --return 20.12.2026 --destination Анталья --allow-duplicate
	ok add-trip C1 --departure '25.12.2026 06:40' --return 27.12.2026 --destination Казань
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
	[ "$(left_out 2 thank-you)" = 'cancelled shared goes for T1 as well: same address, same day' ]
}

@test "what was left out does not come back when the card is edited" {
	traveller Мария
	traveller Пётр
	ok tick
	ok edit-client C2 --note x
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
	[ "$(left_out 2 thank-you)" = 'cancelled shared goes to C1 as well: same address, same day' ]
}

@test "who gets another address before the tick gets a letter of their own" {
	traveller Мария
	traveller Пётр
	ok edit-client C2 --email petr@example.com
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
}

@test "a try that failed leaves nobody out: both wait, and one of them goes later" {
	traveller Мария
	traveller Пётр
	no_mail_server
	answers 69 tick
	[ "$(sql "SELECT group_concat(state, ' ') FROM action WHERE step = 'thank-you'")" = 'pending pending' ]
	rm pps.json
	answers 0 adopt
	at '2026-12-01 16:00'
	ok tick
	[ "$(sql "SELECT group_concat(state, ' ') FROM action WHERE step = 'thank-you'")" = 'sent cancelled' ]
}

@test "the two messages a day are not used up by what is left out" {
	echo '{"per_client_per_day": 1}' >pps.json
	family_of_five
	ok tick
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'thank-you' AND cause = 'shared'")" -eq 4 ]
	at '2026-12-02 14:00'
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
}

@test "what was in doubt and is to go again is left out when somebody had the same meanwhile" {
	traveller Мария
	traveller Пётр
	second=$(sql "SELECT id FROM action WHERE occasion_id = 2 AND step = 'thank-you'")
	ok tick
	# As after a handing over without an answer, from before the other letter went.
	sql "UPDATE action SET state = 'pending', cause = '', reason = NULL WHERE id = $second;
		UPDATE action SET state = 'in_doubt', cause = 'no_verdict', next_attempt_at = next_attempt_at + 9999999 WHERE id = $second;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome)
			SELECT id, 1, 'x', due_at, due_at, due_at, 'in_doubt' FROM action WHERE id = $second"
	ok doubt resolve "A$second" --resend
	at '2026-12-01 15:00'
	ok tick
	state "$second" cancelled
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
}

# ---- one person, one call ----

calls_of_today() {
	ok today
	grep -o 'A[0-9]* .*Pre-flight call' .out | grep -o '^A[0-9]*' | tr '\n' ' '
}

preflight_of() {
	sql "SELECT 'A' || id FROM action WHERE occasion_id = $1 AND step = 'preflight'"
}

@test "five travellers with one number are one call, which says for whom it is" {
	family_of_five
	at '2026-12-09 10:00'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
	grep -q 'to be done today; also for Пётр, Павел, Полина, Яна$' .out
	ok today --json
	json pps.today/1 rows# 1 'rows[0].also' 'Пётр, Павел, Полина, Яна'
	ok why T1/preflight
	line 'also for: Пётр, Павел, Полина, Яна'
	ok why T4/preflight
	line "$(preflight_of 4) Pre-flight call, T4: not to be done (asked in $(preflight_of 1) (T1): same number)"
	line "asked:   $(preflight_of 1), Мария, T1: same number"
	ok script T1/preflight
	line 'Летят тоже: Пётр, Павел, Полина, Яна'
	ok timeline T4 --json
	json pps.timeline/1 'actions[step=preflight].cause' one_call 'actions[step=preflight].merged_into' "$(preflight_of 1)" \
		'actions[step=preflight].state' cancelled
	ok done T1/preflight
	grep -q ' Pre-flight call, Мария, T1 [^(]*(also for Пётр, Павел, Полина, Яна): done, reached (pps undo ' .out
	[ -z "$(calls_of_today)" ]
	ok why T4/preflight
	line 'ticked:  2026-12-09 10:00'
	ok undo "$(preflight_of 1)"
	ok why T4/preflight
	no_line '^ticked:'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
}

@test "who is skipped for all is skipped for all, and no SMS goes" {
	family_of_five
	at '2026-12-09 10:00'
	ok skip T1/preflight --note 'летят с нами'
	grep -q ' Pre-flight call, Мария, T1 [^(]*(also for Пётр, Павел, Полина, Яна): will not be done (pps undo ' .out
	[ -z "$(calls_of_today)" ]
	ok edit-trip T3 --note x
	[ -z "$(calls_of_today)" ]
	at '2026-12-09 16:00'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 0 ]
}

@test "who is sold the trip after the call was made is called themselves" {
	traveller Мария
	at '2026-12-09 10:00'
	ok done T1/preflight
	traveller Пётр
	[ "$(calls_of_today)" = "$(preflight_of 2) " ]
}

@test "a call that is put off past the other flight's SMS is not made for that one any more" {
	traveller Мария '10.12.2026 23:40'
	traveller Пётр '10.12.2026 06:40' Дубай
	at '2026-12-09 10:00'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
	ok snooze T1/preflight --to '2026-12-10 12:00'
	[ "$(calls_of_today)" = "$(preflight_of 2) " ]
	at '2026-12-09 16:00'
	ok tick
	[ "$(sql "SELECT state FROM action WHERE occasion_id = 2 AND step = 'preflight'")" = sent ]
	[ "$(sent '*-preflight.txt')" -eq 1 ]
	at '2026-12-10 09:00'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
}

@test "a try in vain is one for all, and the call stays one when a card is edited" {
	family_of_five
	at '2026-12-09 10:00'
	ok done T1/preflight --outcome no-answer
	ok edit-client C4 --note x
	ok edit-trip T5 --note x
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
	[ "$(sql "SELECT count(*) FROM action WHERE cause = 'one_call' AND step = 'preflight'")" -eq 4 ]
}

@test "two trips of one client that end on one day are one call to the office" {
	traveller Мария
	ok add-trip C1 --allow-duplicate --departure '15.12.2026 06:40' --return 20.12.2026 --destination Казань
	at '2026-12-22 11:00'
	ok today
	[ "$(grep -c 'invite to the office' .out)" -eq 1 ]
	ok why T2/office-call
	grep -q 'it comes with T1, and not twice within 21 days' .out
}

@test "the SMS of all is refused: one call for today, not one for each" {
	traveller Мария
	traveller Пётр '10.12.2026 21:40' Дубай
	sms_gateway '{"name": "No", "method": "GET", "path": "/", "max_parts": 9, "query": {"to": "{phone_digits}", "text": "{text}"},
		"answers": [{"http": [200], "body_prefix": "ok", "verdict": "accepted"}, {"http": [400], "body_prefix": "no such number", "verdict": "permanent"}]}' <<-'E'
		self.send_response(400)
		self.end_headers()
		self.wfile.write(b"no such number")
	E
	at '2026-12-09 16:05'
	ok tick
	line "to call $(preflight_of 1) preflight T1: the SMS did not get through: call"
	no_line 'to call .* T2'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
	grep -q 'also for Пётр (T2)$' .out
}

@test "a number that is changed and changed back parts the calls and joins them again" {
	traveller Мария
	traveller Пётр
	ok edit-client C1 --phone '8 903 765-43-21'
	at '2026-12-09 10:00'
	[ "$(calls_of_today)" = "$(preflight_of 1) $(preflight_of 2) " ]
	ok edit-client C1 --phone '8 903 123-45-67'
	[ "$(calls_of_today)" = "$(preflight_of 1) " ]
}
