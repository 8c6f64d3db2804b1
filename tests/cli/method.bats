#!/usr/bin/env bats
# What is known of a client decides what is done: other trips of theirs, what they told us, dates that moved.

load helpers

# again: a second sale to Maria, for a trip of ten days that begins so many days from now.
again() {
	ok add-trip C1 --departure "$1" --return "$2" --destination Рим
}

@test "two trips at once: one loyalty programme, and nobody asks for the next trip when it is bought" {
	maria
	ok timeline T1
	line 'A13  2027-08-17 10:00  e-mail  Time to plan the next trip  pending'
	again 01.02.2027 10.02.2027
	grep -qE '^A[0-9]+ +- +- +Loyalty programme +cancelled +dropped: it comes with T1, and not twice within 730 days$' .out
	grep -qE '^A[0-9]+ +2027-10-08 10:00 +e-mail +Time to plan the next trip +pending' .out
	ok timeline T1
	line 'A9   2026-12-23 10:00  e-mail  Loyalty programme           pending'
	line 'A13  -                 -       Time to plan the next trip  cancelled  dropped: the client has bought again'
	ok log T1 --limit 5
	no_line 'edit-trip'
}

@test "why: on what a step depends" {
	maria
	ok why T1/loyalty
	line 'rule:    return +3 d at 10:00; not if the client was not happy; once in 730 d'
	ok why T1/second-survey
	line 'rule:    return +90 d at 10:00; once in 60 d; mass: +30 d; premium: +180 d; premium: only when approved'
	ok why T1/bon-voyage
	line 'rule:    departure at 08:00; not after departure at 13:00 (-30 min when its hour is known); by the clock of the place of departure'
	ok why T1/correction
	out <<-'E'
		Correction of the dates, T1: waits: only when the dates are changed
		rule:    moved; not after departure at 23:00 (+0 min when its hour is known); only if the old dates had gone out; again when its date moves
	E
}

@test "the second trip is cancelled, and restored: the first one follows" {
	maria
	again 01.02.2027 10.02.2027
	ok cancel-trip T2
	ok timeline T1
	line 'A13  2027-08-17 10:00  e-mail  Time to plan the next trip  pending'
	ok undo T2
	ok timeline T1
	line 'A13  -                 -       Time to plan the next trip  cancelled  dropped: the client has bought again'
	ok cancel-trip T1
	ok timeline T2
	grep -qE '^A[0-9]+ +2027-02-13 10:00 +e-mail +Loyalty programme +pending' .out
}

@test "a trip that comes to lie over the day of a letter, and away again" {
	maria
	ok edit-trip T1 --departure '20.12.2026 06:40' --return 30.12.2026
	again 15.12.2027 25.12.2027
	ok timeline T1
	line 'A14  -                 -       A year ago                  cancelled  dropped: the client is travelling that day'
	ok edit-trip T2 --departure 22.12.2027 --return 31.12.2027
	ok timeline T1
	line 'A14  2027-12-20 10:00  e-mail  A year ago                  pending'
}

@test "another sale changes nothing about a message that is in doubt" {
	maria
	at_risk 1
	sql "UPDATE action SET state = 'in_doubt' WHERE id = 1"
	again 01.02.2027 10.02.2027
	[ "$(sql 'SELECT stale FROM action WHERE id = 1')" -eq 0 ]
	ok edit-trip T1 --note x
	[ "$(sql 'SELECT stale FROM action WHERE id = 1')" -eq 1 ]
}

# called: the client knows that they fly tomorrow.
called() {
	maria
	at '2026-12-09 12:00'
	ok done T1/preflight
}

@test "the flight moves after the call: one correction at once, and the call is made again" {
	called
	at '2026-12-09 15:00'
	ok edit-trip T1 --departure '12.12.2026 09:15'
	line 'A4   2026-12-09 10:00  call    Pre-flight call             done 2026-12-09 12:00 by anna  reached'
	grep -qE '^A[0-9]+ +2026-12-11 10:00 +call +Pre-flight call +pending +SMS after 2026-12-11 16:00$' .out
	grep -qE '^A[0-9]+ +2026-12-09 15:00 +SMS +Correction of the dates +pending' .out
	ok tick
	[ "$(sent '*-correction.txt')" -eq 1 ]
	grep -q 'Новый вылет: 12 декабря в 09:15. Возвращение, как было: 20 декабря' "$(find outbox -name '*-correction.txt')"
	at '2026-12-09 15:30'
	ok edit-trip T1 --note 'окно'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 1 ]
	# It moves once more: so much for the first correction.
	at '2026-12-09 18:00'
	ok edit-trip T1 --departure '13.12.2026 09:15'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 2 ]
	at '2026-12-11 10:00' # 13 December is a Sunday
	ok today
	grep -qE '^anna +A[0-9]+ +2026-12-11 10:00 +call +Pre-flight call ' .out
}

@test "the flight moves and moves back before a tick comes: nobody is bothered" {
	called
	at '2026-12-09 23:00'
	ok edit-trip T1 --departure '12.12.2026 09:15'
	ok edit-trip T1 --departure '10.12.2026 06:40'
	grep -qE '^A[0-9]+ +- +- +Correction of the dates +cancelled +what the client was told is right again, or over$' .out
	at '2026-12-10 08:00'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 0 ]
}

@test "dates that move before anybody was told need no correction" {
	maria
	at '2026-12-05 12:00'
	ok edit-trip T1 --departure '12.12.2026 09:15'
	no_line 'Correction'
	at '2026-12-11 11:00'
	ok done T1/preflight
	ok edit-trip T1 --return 21.12.2026 --destination Кемер
	no_line 'Correction'
}

@test "who was not happy is sold nothing, but still asked" {
	maria
	sql "INSERT INTO occasion (id, client_id, kind, answered, about_id, playbook_version, created_at)
			VALUES (9, 1, 'feedback', '2026-12-21 12:00', 1, 1, 0);
		INSERT INTO feedback (occasion_id, nps, source) VALUES (9, 6, 'phone');"
	at '2026-12-21 12:00'
	ok edit-client C1 --note 'перепутали отель'
	ok timeline T1
	for step in 'Loyalty programme' 'Story of a referred client' 'Will you tell others?' 'A year ago'; do
		grep -qE "^A[0-9]+ +- +- +${step/\?/\\?} +cancelled +dropped: the client was not happy$" .out
	done
	line 'A12  2027-03-20 10:00  e-mail  Second survey               pending'
	# Their answer is thanked for, and somebody calls the same day.
	[ "$(sql "SELECT step || ' ' || channel || ' ' || state || ' ' || local_due FROM action WHERE occasion_id = 9 ORDER BY step")" = \
		$'ask-promoter email cancelled 2026-12-23 10:00\nfeedback-thanks email pending 2026-12-21 12:00\nunhappy-call call pending 2026-12-21 12:00' ]
	sql "UPDATE feedback SET nps = 9"
	ok edit-client C1 --note 'всё уладили'
	ok timeline T1
	line 'A9   2026-12-23 10:00  e-mail  Loyalty programme           pending'
}

@test "a complaint holds what sells, and lets it go when it is solved and they were asked" {
	maria
	sql "INSERT INTO occasion (id, client_id, kind, title, opened, about_id, playbook_version, created_at)
			VALUES (9, 1, 'complaint', 'трансфер', '2026-12-21 12:00', 1, 1, 0);
		INSERT INTO complaint (occasion_id, source) VALUES (9, 'phone');"
	at '2026-12-22 12:00'
	ok edit-client C1 --note x
	ok timeline T1
	line 'A9   2026-12-23 10:00  e-mail  Loyalty programme           held     waits until the complaint is solved'
	line 'A8   2026-12-22 11:00  call    Call: invite to the office  held     waits until the complaint is solved'
	at '2026-12-23 11:00'
	ok tick
	[ "$(sent '*-loyalty.eml')" -eq 0 ]
	[ "$(sent '*-complaint-thanks.eml')" -eq 1 ]
	sql "UPDATE occasion SET resolved = '2026-12-24 10:00' WHERE id = 9"
	at '2026-12-24 10:00'
	ok edit-client C1 --note y
	ok tick
	[ "$(sent '*-complaint-solved.eml')" -eq 1 ]
	at '2026-12-25 10:00'
	ok tick
	[ "$(sent '*-loyalty.eml')" -eq 0 ] # they are still to be asked whether it really is
	ok skip P9/complaint-check --note 'спросили сразу'
	ok tick
	[ "$(sent '*-loyalty.eml')" -eq 1 ]
	[ "$(sql "SELECT local_due FROM action WHERE step = 'complaint-check'")" = '2026-12-31 11:00' ]
}

@test "by the clock of the place where they start" {
	maria
	sql "UPDATE occasion SET departure_tz = 'Asia/Yekaterinburg', departure = '2026-12-10 12:00'"
	ok edit-trip T1 --note x --json
	json pps.edit-trip/1 'actions[step=bon-voyage].due' 2026-12-10T06:00:00+03:00 \
		'actions[step=bon-voyage].due_local' 2026-12-10T08:00 \
		'actions[step=welcome-back].due_local' 2026-12-20T12:00
}

@test "a call that became its SMS is a call again when they want no SMS" {
	maria
	at '2026-12-09 22:00'
	sql "UPDATE action SET channel = 'sms', cause = 'not_ticked', fallback_at = NULL, fallback_channel = NULL,
			reason = 'the call was not ticked' WHERE id = 4;
		INSERT INTO consent (at, channel, address, purpose, given, source, actor)
			VALUES (1, 'sms', '+79031234567', 'service', 0, 'by phone', 'anna');"
	ok edit-client C1 --note 'просили не писать'
	ok timeline T1
	line 'A4   2026-12-09 10:00  call    Pre-flight call             pending'
	line 'A6   2026-12-20 12:00  e-mail  Welcome back                pending  by e-mail: the client wants no messages by SMS'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 0 ]
}
