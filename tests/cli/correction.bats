#!/usr/bin/env bats
# The dates of a trip change after a reminder of the old ones has gone out.

load helpers
load playbooks

# A sale whose pre-flight call was ticked the day before the departure: A2 the call, T1 the trip.
told() {
	playbook "$THANKS" "$PREFLIGHT" "$CORRECTION"
	maria
	ok tick
	at '2026-12-09 11:00'
	ok done T1/preflight
}


@test "the dates move after the call: a correction goes at once, and the call is open again" {
	told
	at '2026-12-09 12:00'
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	out <<-'X'
		T1 Анталья, 14.12.2026 09:15 - 24.12.2026, bought 01.12.2026, manager anna
		id  due               by      step                     state
		A1  2026-12-01 14:00  e-mail  thank-you                sent 2026-12-01 14:00
		A2  2026-12-09 10:00  call    Pre-flight call          done 2026-12-09 11:00 by anna  reached
		A4  2026-12-09 12:00  SMS     Correction of the dates  pending
		A3  2026-12-13 10:00  call    Pre-flight call          pending                        SMS after 2026-12-13 16:00
		the client was told the old dates: a correction goes by SMS now (A4); there is little time: call them, too
		Pre-flight call is open again for the new date (A3)
	X
	ok tick
	grep -q 'Новый вылет: 14' outbox/*-correction.txt
	[ "$(sent '*-correction.txt')" -eq 1 ]
	# Once is enough.
	ok edit-trip T1 --note x
	no_line 'correction goes'
	at '2026-12-10 12:00'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 1 ]
	# And the new call is a call like the first one.
	at '2026-12-13 11:00'
	ok today
	grep -q 'A3 .*Pre-flight call' .out
	at '2026-12-13 16:05'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 1 ]
}

@test "with --json: what goes and what is open again" {
	told
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026 --json
	json pps.edit-trip/1 correction A4 opened_again '["A3"]' 'actions[id=A4].state' pending \
		'actions[id=A4].note' 'departure 2026-12-14 09:15, return 2026-12-24; new: departure, return; by 2026-12-10 03:40'
	ok edit-trip T1 --note x --json
	json pps.edit-trip/1 correction null opened_again '[]'
}

@test "before a reminder has gone out, dates move without a word" {
	playbook "$THANKS" "$PREFLIGHT" "$CORRECTION"
	maria
	ok tick
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	no_line 'correction|Correction'
	ok tick
	[ "$(sent '*-correction.*')" -eq 0 ]
}

@test "an SMS in place of the call is a reminder, too" {
	playbook "$THANKS" "$PREFLIGHT" "$CORRECTION"
	maria
	at '2026-12-09 16:05'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 1 ]
	ok edit-trip T1 --departure '10.12.2026 09:15'
	line 'the client was told the old dates: a correction goes by SMS now (A4); there is little time: call them, too'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 1 ]
}

@test "two changes before the correction went: one correction, with the last dates" {
	told
	at '2026-12-09 12:10'
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	at '2026-12-09 12:12'
	ok edit-trip T1 --departure '16.12.2026 10:00' --return 26.12.2026
	line 'the client was told the old dates: a correction goes by SMS now (A4); there is little time: call them, too'
	at '2026-12-09 12:15'
	ok tick
	[ "$(sent '*-correction.*')" -eq 1 ]
	grep -q '16' outbox/*-correction.txt
	! grep -q '14' outbox/*-correction.txt
}

@test "late in the evening: it waits for the morning, unless they would set out by then" {
	told
	at '2026-12-09 23:10'
	ok edit-trip T1 --departure '10.12.2026 14:40'
	line 'the client was told the old dates: a correction goes by SMS now (A4); there is little time: call them, too'
	ok tick
	[ "$(sent '*-correction.*')" -eq 1 ]
	ok edit-trip T1 --departure '16.12.2026 09:15' --return 26.12.2026
	line 'the client was told the old dates: a correction goes by SMS at 2026-12-10 08:00, when it may ring (A5); there is little time: call them, too'
	ok tick
	[ "$(sent '*-correction.*')" -eq 1 ]
	at '2026-12-10 08:00'
	ok tick
	[ "$(sent '*-correction.*')" -eq 2 ]
}

@test "a letter has stated the days, and one of them changes: it is corrected; an hour is not" {
	playbook '{"key": "thank-you", "channel": "email", "otherwise": ["sms"], "at": {"anchor": "purchase"},
		"letter_tells": ["departure", "return"], "grace": {"days": 3}}' "$PREFLIGHT" "$CORRECTION"
	maria
	ok tick
	at '2026-12-02 12:00'
	ok edit-trip T1 --departure '10.12.2026 09:15'
	no_line 'correction|Correction'
	ok edit-trip T1 --return 24.12.2026
	line 'the client was told the old dates: a correction goes by SMS now (A3)'
	no_line 'near'
	ok tick
	grep -q 'Вылет, как был: 10 декабря в 09:15. Новое возвращение: 24 декабря' outbox/*-correction.txt
	[ "$(sent '*-correction.txt')" -eq 1 ]
	# A slip that is mended before the letter goes is nobody's business.
	ok add-client --name 'Пётр' --email petr@example.com --phone +79160000002 --purchase 02.12.2026 \
		--departure 12.12.2026 --return 20.12.2026
	ok edit-trip T2 --departure 13.12.2026
	no_line 'correction|Correction'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 1 ]
}

@test "a correction that did not reach them is work of today, until somebody has told them" {
	maria
	ok tick
	at '2026-12-02 12:00'
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	for state in claimed at_risk failed; do
		sql "UPDATE action SET state = '$state', cause = 'refused', reason = 'no such number' WHERE step = 'correction'"
	done
	at '2026-12-02 12:30'
	ok today
	grep -q '^anna .*A15 .*Correction of the dates .*Мария Иванова .*refused for good (no such number)' .out
	line 'A15 did not reach them: tell them, pps skip A15 takes it off the list'
	ok skip A15 --note 'сказала сама'
	ok today
	out 'nobody is to be called today'
}

@test "moved back before the correction went: nothing goes, and the call is not made twice" {
	told
	at '2026-12-09 12:00'
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	cp pps.db as-it-was.db
	ok edit-trip T1 --departure '10.12.2026 06:40' --return 20.12.2026 --db as-it-was.db --json
	json pps.edit-trip/1 correction null withdrawn A4 tell_client false
	ok edit-trip T1 --departure '10.12.2026 06:40' --return 20.12.2026
	line 'the correction (A4) does not go: what the client was told is right again, or over'
	line 'A3  -                 -       Pre-flight call          cancelled                      dropped: it was done for these dates already'
	line 'A4  -                 -       Correction of the dates  cancelled                      what the client was told is right again, or over'
	no_line 'open again'
	ok edit-client C1 --note x
	ok timeline T1
	line 'A4  -                 -       Correction of the dates  cancelled                      what the client was told is right again, or over'
	ok tick
	[ "$(sent '*-correction.*')" -eq 0 ]
	ok today
	out 'nobody is to be called today'
	# And away again: both come back.
	ok edit-trip T1 --departure '15.12.2026 09:15' --return 25.12.2026
	line 'the client was told the old dates: a correction goes by SMS now (A4); there is little time: call them, too'
	line 'Pre-flight call is open again for the new date (A3)'
}

@test "moved back when the call that was opened again is due already: it is not made twice" {
	told
	at '2026-12-09 20:00'
	ok edit-trip T1 --departure '10.12.2026 09:40'
	line 'Pre-flight call is open again for the new date (A3)'
	ok undo T1
	ok why A3
	line 'A3 Pre-flight call, T1: not to be done (dropped: it was done for these dates already)'
	ok edit-trip T1 --departure '10.12.2026 09:40'
	line 'Pre-flight call is open again for the new date (A3)'
	ok edit-trip T1 --departure '10.12.2026 06:40'
	no_line 'open again'
	ok today
	out 'nobody is to be called today'
	at '2026-12-10 12:00'
	ok report --overdue
	no_line A3
}

@test "moved back after the correction went: what was told last counts, and is corrected" {
	told
	at '2026-12-09 12:00'
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	ok tick
	[ "$(sent '*-correction.*')" -eq 1 ]
	ok edit-trip T1 --departure '10.12.2026 16:40' --return 20.12.2026
	line 'the client was told the old dates: a correction goes by SMS now (A5)'
	line 'Pre-flight call is open again for the new date (A3)'
	at '2026-12-09 12:10'
	ok tick
	[ "$(sent '*-correction.*')" -eq 2 ]
	# A third change, and back to what the second correction told: nothing more.
	ok edit-trip T1 --departure '18.12.2026 16:40' --return 28.12.2026
	line 'the client was told the old dates: a correction goes by SMS now (A6)'
	ok edit-trip T1 --departure '10.12.2026 16:40' --return 20.12.2026
	line 'the correction (A6) does not go: what the client was told is right again, or over'
	at '2026-12-09 13:00'
	ok tick
	[ "$(sent '*-correction.*')" -eq 2 ]
}

@test "moved into the past, or a trip that is over: nothing goes out" {
	told
	at '2026-12-09 12:00'
	ok edit-trip T1 --departure '08.12.2026 06:40' --return 18.12.2026
	no_line 'reminder with the old dates'
	at '2026-12-26 12:00'
	ok edit-trip T1 --departure '20.12.2026 06:40' --return 25.12.2026
	no_line 'reminder with the old dates'
	ok tick
	[ "$(sent '*-correction.*')" -eq 0 ]
}

@test "an hour that becomes known makes no alarm; another hour does" {
	playbook "$THANKS" "$PREFLIGHT" "$CORRECTION"
	ok add-client --name 'Ева' --phone 89031112233 --departure 10.12.2026 --return 20.12.2026
	at '2026-12-09 10:30'
	ok done T1/preflight
	ok edit-trip T1 --departure '10.12.2026 22:40'
	no_line 'correction goes'
	line 'Pre-flight call is open again for the new date (A3)'
	ok done A3
	ok edit-trip T1 --departure '10.12.2026 20:10'
	grep -q '^the client was told the old dates: a correction goes by SMS now' .out
}

@test "who cannot get the correction is named to the manager" {
	playbook "$THANKS" "$PREFLIGHT" "$CORRECTION"
	maria
	ok edit-client C1 --phone ''
	at '2026-12-09 10:30'
	ok tick
	[ "$(sent '*-preflight.eml')" -eq 1 ]
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	line 'the client was told the old dates, and the correction does not go (A4 cancelled, dropped: the client has no phone number): tell the client'
	playbook "$THANKS" "$PREFLIGHT"
	ok add-client --name 'Ева' --phone 89031112233 --departure 10.12.2026 --return 20.12.2026
	ok done T2/preflight
	ok edit-trip T2 --departure 11.12.2026
	line 'the client was told the old dates, and no correction goes now: tell them'
	at '2026-12-09 10:40'
	ok edit-trip T2 --departure 12.12.2026 --json
	json pps.edit-trip/1 correction null withdrawn null tell_client true
	ok edit-trip T2 --note x --json
	json pps.edit-trip/1 correction null withdrawn null tell_client false
}
