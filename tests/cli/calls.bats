#!/usr/bin/env bats
# Calls as work: what came of them, the next try, by whose clock, and what takes their place.

load helpers

# The morning of the pre-flight call.
preflight_day() {
	maria "$@"
	ok tick
	at '2026-12-08 10:00'
	ok tick
	at '2026-12-09 10:05'
	ok tick
}

# Two days after the return, at half past eleven: the office call is due.
office_day() {
	maria
	at '2026-12-22 11:30'
	ok tick
}

# ---- nobody picks up ----

@test "no answer: the next try comes at another time of the day, and then on the next working day" {
	office_day
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer at 2026-12-22 11:30, try 1 of 3; next try Tue 2026-12-22 17:30'
	at '2026-12-22 17:40'
	ok done A8 --outcome no-answer --json
	json pps.done/1 closed false action.state pending action.due_local 2026-12-23T11:00 action.attempts 2 \
		action.cause no_answer action.reason 'no answer at 2026-12-22 17:40, try 2 of 3'
	ok today
	out 'nobody is to be called today'
	at '2026-12-23 09:00'
	ok today --json
	json pps.today/1 rows# 1 'rows[0].id' A8 'rows[0].colour' yellow 'rows[0].days_late' 0
}

@test "no answer on a Friday afternoon: Monday morning; a holiday is no day for calls" {
	office_day
	echo '{"calendar": {"holidays": ["2026-12-28"]}}' >pps.json
	at '2026-12-25 16:00'
	ok done A8 --outcome no-answer
	line 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer at 2026-12-25 16:00, try 1 of 3; next try Tue 2026-12-29 11:00'
}

@test "the agency's calling hours decide" {
	office_day
	echo '{"calls": {"hours": {"from": "12:00", "to": "16:00"}}}' >pps.json
	at '2026-12-22 12:10'
	ok done A8 --outcome no-answer
	grep -q 'next try Tue 2026-12-22 15:00$' .out
	at '2026-12-22 15:20'
	ok done A8 --outcome no-answer
	grep -q 'next try Wed 2026-12-23 12:15$' .out
}

@test "after the last try it is red at once, stays on the list, and can still be ticked off" {
	office_day
	ok done A8 --outcome no-answer
	at '2026-12-22 17:40'
	ok done A8 --outcome no-answer
	at '2026-12-23 11:05'
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer 3 times: write to them, or pps skip A8; it stays on the list'
	ok report --json
	json pps.report/1 'rows[id=A8].colour' red 'rows[id=A8].cause' unreachable \
		'rows[id=A8].why' 'nobody picks up (no answer 3 times: write to them, or pps skip A8)'
	# Whatever is edited.
	ok edit-trip T1 --note x
	ok edit-client C1 --email new@example.com
	ok report --json
	json pps.report/1 'rows[id=A8].colour' red 'rows[id=A8].attempts' 3
	ok undo A8
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].attempts' 2 'actions[id=A8].cause' no_answer 'actions[id=A8].due_local' 2026-12-23T11:00
	ok done A8 --outcome no-answer
	ok done A8
	grep -q 'done, reached' .out
}

@test "how often a call is tried stands in the playbook; somebody may try once more" {
	mkdir templates
	sed 's/"tries": 3/"tries": 1/' "$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	office_day
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer: write to them, or pps skip A8; it stays on the list'
	ok snooze A8 --to '+2d 18:00'
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: Thu 2026-12-24 18:00 (pps undo A8 takes it back)'
	ok report --overdue --json
	[ "$(sql "SELECT count(*) FROM action WHERE cause = 'unreachable'")" -eq 0 ]
	ok undo A8
	[ "$(sql "SELECT cause FROM action WHERE id = 8")" = unreachable ]
}

@test "a new number begins anew" {
	mkdir templates
	sed 's/"tries": 3/"tries": 1/' "$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	office_day
	ok done A8 --outcome no-answer
	ok edit-client C1 --phone '8 903 999-88-77'
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].attempts' 0 'actions[id=A8].cause' null
}

@test "the pre-flight call keeps its cut-off: tries come before it, and the SMS goes" {
	preflight_day
	ok done A4 --outcome no-answer
	grep -q 'next try Wed 2026-12-09 13:00$' .out
	at '2026-12-09 13:10'
	ok done A4 --outcome no-answer
	grep -q 'next try Wed 2026-12-09 14:30$' .out
	ok timeline T1
	grep -q '^A4 .*try 2 of 3; SMS after 2026-12-09 16:00$' .out
	at '2026-12-09 15:45'
	ok done A4 --outcome no-answer
	grep -q 'no answer 3 times' .out
	at '2026-12-09 16:00'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
}

@test "a try that was moved is not pushed back by an edit, and keeps its words" {
	office_day
	ok done A8 --outcome no-answer
	at '2026-12-22 14:00'
	ok edit-client C1 --email new@example.com
	ok edit-trip T1 --note x
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].due_local' 2026-12-22T17:30 'actions[id=A8].attempts' 1 'actions[id=A8].cause' no_answer \
		'actions[id=A8].reason' 'no answer at 2026-12-22 11:30, try 1 of 3'
	at '2026-12-23 09:00'
	ok edit-trip T1 --note y
	ok report --json
	json pps.report/1 'rows[id=A8].colour' red 'rows[id=A8].days_late' 1
}

@test "new dates are a new beginning" {
	office_day
	ok done A8 --outcome no-answer
	ok edit-trip T1 --return 27.12.2026
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].due_local' 2026-12-29T11:00 'actions[id=A8].attempts' 0 'actions[id=A8].cause' null
}

# ---- later ----

@test "later: they want to be called at another hour" {
	office_day
	ok done A8 --outcome later --at '25.12.2026 15:00' --note 'в пятницу'
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: asked at 2026-12-22 11:30 to be called later; call Fri 2026-12-25 15:00'
	ok today
	out 'nobody is to be called today'
	at '2026-12-25 09:00'
	ok edit-trip T1 --note x
	ok today --json
	json pps.today/1 rows# 1 'rows[0].id' A8 'rows[0].colour' yellow 'rows[0].cause' call_back 'rows[0].attempts' 0 \
		'rows[0].outcome' later 'rows[0].note' 'в пятницу'
	ok undo A8
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].due_local' 2026-12-22T11:00 'actions[id=A8].note' null 'actions[id=A8].outcome' null
}

@test "later today, with the hour alone; the SMS waits for that call" {
	preflight_day
	ok done A4 --outcome later --at 18:00
	out 'A4 Pre-flight call, Мария Иванова, T1 Анталья: asked at 2026-12-09 10:05 to be called later; call Wed 2026-12-09 18:00; not ticked off by 2026-12-09 19:00, it goes by SMS'
	at '2026-12-09 16:30'
	ok tick
	out 'nothing was due'
	at '2026-12-09 19:00'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
}

@test "later: every slip, and nothing is changed" {
	preflight_day
	dump before
	fails 64 'later: when? Add --at, as in --outcome later --at "+1d 15:00"' done A4 --outcome later
	fails 64 '--at belongs to --outcome later' done A4 --at 15:00
	fails 65 'at: 2026-12-09 10:00 has passed' done A4 --outcome later --at 10:00
	fails 65 'at: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' done A4 --outcome later --at x
	fails 65 'at: 2026-12-10 10:00 is too late: it makes sense until 2026-12-10 03:40' done A4 --outcome later --at '+1d 10:00'
	local hours='is outside the calling hours, 10:00 to 20:00: agree on another hour (pps.json, calls.hours)'
	fails 65 "at: 23:00 $hours" done A4 --outcome later --at 23:00
	fails 65 "at: 09:59 $hours" done A4 --outcome later --at '+1d 9:59'
	fails 65 "at: 20:00 $hours" done A4 --outcome later --at 20:00
	unchanged before
}

# ---- refused ----

@test "refused is no nag: the visit is not asked for, until they agree to one after all" {
	office_day
	ok done A8 --outcome refused
	ok timeline T1
	line 'Visit to the office: not asked again, the client has refused it'
	ok why T1/office-visit
	line 'Visit to the office, T1: not asked again, the client has refused it'
	ok edit-trip T1 --visit '28.12.2026 15:00'
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=office-visit].state' pending 'actions[step=office-visit].due_local' 2026-12-28T15:00
}

@test "refused: another call that invites to the same thing is dropped, and comes back with undo" {
	mkdir templates
	sed 's|"steps": \[|"steps": [\n{"key": "second-call", "channel": "call", "invites_to": "office-visit",\n"at": {"anchor": "return", "days": 10, "time": "11:00"}},|' \
		"$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	mkdir -p templates/scripts/ru
	echo 'x' >templates/scripts/ru/second-call.md
	office_day
	ok done T1/office-call --outcome refused
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=second-call].state' cancelled 'actions[step=second-call].cause' declined \
		'actions[step=second-call].reason' 'the client has refused it (Call: invite to the office)'
	ok undo T1/office-call
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=second-call].state' pending
}

@test "a task is the agency's own work: it is done" {
	mkdir templates
	sed 's|"steps": \[|"steps": [\n{"key": "papers", "title": "Papers", "channel": "task", "at": {"anchor": "departure", "days": -5, "time": "12:00"}},|' \
		"$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	mkdir -p templates/scripts/ru
	echo 'x' >templates/scripts/ru/papers.md
	maria
	at '2026-12-05 10:00'
	ok today --json
	json pps.today/1 rows# 1 'rows[0].step' papers 'rows[0].channel' task 'rows[0].colour' yellow
	ok done T1/papers
	out 'A1 Papers, Мария Иванова, T1 Анталья: done (pps undo A1 takes it back)'
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=papers].outcome' done
}

# ---- by whose clock ----

@test "calls go by the agency's clock, at an hour that is decent at the client's" {
	at '2026-12-01 14:00'
	ok add-client --name 'John' --phone '+1 212 555 0123' --departure '10.12.2026 18:00' --return 20.12.2026 --tz America/New_York
	ok timeline T1
	grep -q '^A4 *2026-12-09 16:00, 08:00 at theirs *call .*SMS after 2026-12-10 00:00$' .out
	ok why T1/preflight
	line 'due:     2026-12-09 16:00 (Europe/Moscow), by call'
	line 'there:   2026-12-09 08:00 (America/New_York)'
	at '2026-12-09 09:00'
	ok today --json
	json pps.today/1 'rows[0].id' A4 'rows[0].due_local' 2026-12-09T16:00 'rows[0].due_at_client' 2026-12-09T08:00
	ok today
	grep -q '2026-12-09 16:00, 08:00 at theirs' .out
}

@test "the message that takes the place of a call goes by the client's clock" {
	ok add-client --name 'Ян' --phone 89031112233 --departure '10.12.2026 18:00' --return 20.12.2026 --tz Asia/Kamchatka
	ok timeline T1
	grep -q '^A4 *2026-12-09 10:00, 19:00 at theirs *call .*SMS after 2026-12-09 11:00$' .out
	at '2026-12-09 13:00'
	ok tick --verbose
	# Ten in the evening there: it waits for the morning.
	no_line '^sent A4'
	ok timeline T1
	grep -q '^A4 *2026-12-09 19:00 *SMS .*not called by 2026-12-09 20:00, so it goes by SMS$' .out
	at '2026-12-09 23:30'
	ok tick --verbose
	line 'sent A4 preflight SMS T1: not called by 2026-12-09 20:00, so it goes by SMS'
}

# ---- saved by SMS ----

@test "a call that nobody made and whose SMS went is told as saved" {
	preflight_day
	at '2026-12-09 16:05'
	ok tick
	ok timeline T1
	line 'A4   2026-12-09 10:00  SMS     Pre-flight call             sent 2026-12-09 16:05  saved by SMS: not called by 2026-12-09 16:00'
	ok why A4
	line 'A4 Pre-flight call, T1: saved by SMS: not called by 2026-12-09 16:00'
	ok report --today --json
	json pps.report/1 'rows[id=A4].colour' null 'rows[id=A4].cause' not_ticked \
		'rows[id=A4].why' 'saved by SMS: not called by 2026-12-09 16:00'
	ok report --overdue
	line 'nothing is overdue'
	at '2026-12-10 10:00'
	ok report --today
	no_line 'saved by'
}

# ---- what did not get through ----

refusing_gateway() {
	sms_gateway '{"name": "No", "method": "GET", "path": "/", "max_parts": 9, "query": {"to": "{phone_digits}", "text": "{text}"},
		"answers": [{"http": [200], "body_prefix": "ok", "verdict": "accepted"}, {"http": [400], "body_prefix": "no such number", "verdict": "permanent"}]}' <<-'E'
		self.send_response(400)
		self.end_headers()
		self.wfile.write(b"no such number")
	E
}

@test "a pre-flight SMS that is refused becomes a call for today; the call makes the step done" {
	preflight_day
	refusing_gateway
	at '2026-12-09 16:05'
	ok tick
	line '1 refused for good, 1 no longer to be called: a message instead'
	line 'to call A4 preflight T1: the SMS did not get through: call'
	ok today
	grep -q '^anna *A4 *2026-12-09 16:05 *call .*to be done today (the SMS did not get through: call)$' .out
	ok report --json
	json pps.report/1 rows# 0
	# Nothing makes a message of it again.
	ok edit-trip T1 --note x
	at '2026-12-09 18:00'
	ok tick
	out 'nothing was due'
	ok done A4 --outcome no-answer
	ok edit-trip T1 --note y
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A4].channel' call 'actions[id=A4].fallback_at' null 'actions[id=A4].attempts' 1
	at '2026-12-09 20:00'
	ok tick
	ok done A4
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A4].state' done 'actions[id=A4].outcome' reached
	ok log A4
	grep -qE '  tick +call-instead ' .out
}

@test "a wish for a happy journey is never a call" {
	preflight_day
	ok done A4
	refusing_gateway
	at '2026-12-09 19:35'
	ok tick
	out '1 refused for good'
	state 5 failed
	ok today
	out 'nobody is to be called today'
}

@test "an SMS that is refused when no time is left stays refused" {
	preflight_day
	refusing_gateway
	sql "UPDATE action SET channel = 'sms', fallback_at = NULL, fallback_channel = NULL WHERE id = 4;
		UPDATE action SET state = 'claimed' WHERE id = 4; UPDATE action SET state = 'failed' WHERE id = 4"
	at '2026-12-10 04:00'
	ok tick
	state 4 failed
}

# ---- what people stumbled over ----

@test "who does not pick up three times within minutes was tried once; the better hour still comes" {
	office_day
	ok done A8 --outcome no-answer
	at '2026-12-22 11:34'
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: counted as the same try: no answer at 2026-12-22 11:30, try 1 of 3; next try Tue 2026-12-22 17:30'
	at '2026-12-22 12:10'
	ok done A8 --outcome no-answer --note 'занято' --json
	json pps.done/1 closed false same_try true action.attempts 1 action.due_local 2026-12-22T17:30 action.note занято
	# An hour after the first, not after the last of them.
	at '2026-12-22 12:30'
	ok done A8 --outcome no-answer --json
	json pps.done/1 same_try false action.attempts 2
}

@test "no answer said again: undo goes back step by step, and what was taken back counts nothing" {
	office_day
	ok done A8 --outcome no-answer
	at '2026-12-22 11:40'
	ok done A8 --outcome no-answer --note 'ещё раз'
	at '2026-12-22 11:45'
	ok undo A8
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].attempts' 1 'actions[id=A8].note' null 'actions[id=A8].due_local' 2026-12-22T17:30
	ok undo A8
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].attempts' 0 'actions[id=A8].cause' null
	ok done A8 --outcome no-answer --json
	json pps.done/1 same_try false action.attempts 1 action.reason 'no answer at 2026-12-22 11:45, try 1 of 3'
}

@test "the hour of the next try is another try, however soon it comes" {
	preflight_day
	at '2026-12-09 15:00'
	ok done A4 --outcome no-answer
	grep -q 'next try Wed 2026-12-09 15:30$' .out
	at '2026-12-09 15:30'
	ok done A4 --outcome no-answer --json
	json pps.done/1 same_try false action.attempts 2
}

@test "after the last try no next one is promised, and a further one is noted without a date" {
	office_day
	ok done A8 --outcome no-answer
	ok snooze A8 --to '+3d 14:00'
	at '2026-12-22 12:40'
	ok done A8 --outcome no-answer
	at '2026-12-22 13:50'
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer 3 times: write to them, or pps skip A8; it stays on the list'
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A8].due_local' 2026-12-22T13:50 'actions[id=A8].cause' unreachable
	at '2026-12-22 14:00'
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: counted as the same try: no answer 3 times: write to them, or pps skip A8; it stays on the list'
	at '2026-12-22 15:00'
	ok done A8 --outcome no-answer
	out 'A8 Call: invite to the office, Мария Иванова, T1 Анталья: no answer 4 times: write to them, or pps skip A8; it stays on the list'
}

@test "a visit at a day or an hour at which nobody works is taken, with a remark" {
	office_day
	warns 'note: the visit: at 03:00 you do not work: from 10:00 to 20:00; was it agreed so?' done A8 --visit '31.12.2026 03:00'
	ok undo A8
	warns 'note: the visit: that is not a working day; was it agreed so?' done A8 --visit '26.12.2026 12:00'
	ok undo A8
	warns 'note: the visit: 10:30 has passed; was it agreed so?' done A8 --visit '22.12.2026 10:30'
	ok undo A8
	warns 'note: the visit: that is not a working day; was it agreed so?' done A8 --visit '26.12.2026 12:00' --quiet
	ok undo A8
	ok done A8 --visit '26.12.2026 12:00' --json
	json pps.done/1 remark 'that is not a working day' closed true
	ok undo A8
	ok done A8 --visit '29.12.2026 12:00' --json
	json pps.done/1 remark null
}

@test "--by-phone belongs to a call that invites" {
	preflight_day
	fails 64 '--by-phone belongs to a call that invites to a visit' done A4 --by-phone
}

@test "--by-phone: every slip, and nothing is changed" {
	office_day
	dump before
	local both='--by-phone says that all was talked over in the call: without --visit, and the outcome is reached'
	fails 64 "$both" done A8 --by-phone --visit 29.12.2026
	fails 64 "$both" done A8 --by-phone --outcome refused
	fails 66 'T1 has no step "office-visit": pps timeline T1 lists them' done T1/office-visit
	unchanged before
	ok done T1/office-visit --outcome by-phone
	line 'A15 Visit to the office, Мария Иванова, T1 Анталья: done, by-phone (pps undo A15 takes it back)'
}

@test "who was not happy is called once about that; what is agreed there is the visit of the trip" {
	office_day
	ok feedback add T1 --nps 3
	ok timeline T1
	grep -q '^A8 .*cancelled *dropped: ' .out
	ok script F2/unhappy-call
	no_line '--visit|--by-phone'
	ok done F2/unhappy-call --visit '29.12.2026 15:00'
	line 'the visit: Tue 2026-12-29 15:00'
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=office-visit].due_local' 2026-12-29T15:00
	ok undo F2/unhappy-call
	ok timeline T1 --json
	json pps.timeline/1 trip.visit null
}
