#!/usr/bin/env bats
# What is wrong with one client is not the others' fault: the tick goes on.

load helpers

GONE='the time zone Europe/Gone of C1 is not known here: pps edit-client C1 --tz …'

# zone_gone: the system has no longer the zone in which the first client lives.
zone_gone() {
	sql "UPDATE client SET tz = 'Europe/Gone' WHERE id = 1; UPDATE action SET tz = 'Europe/Gone' WHERE occasion_id = 1"
}

# eva: a second sale like the first; T2 with the actions A15 to A28.
eva() {
	ok add-client --name 'Ева' --phone 89031112244 --email eva@example.com \
		--departure '10.12.2026 06:40' --return 20.12.2026 --destination Анталья
}

# bats test_tags=long
@test "a time zone that the system does not have any more: held, and the others go" {
	maria --tz Europe/Minsk
	eva
	zone_gone
	answers 78 doctor
	line "FAULT  time zones    $GONE"
	ok tick --verbose
	out <<-E
		held A1 thank-you e-mail T1: $GONE
		sent A15 thank-you e-mail T2
		1 sent, 1 held
	E
	[ "$(sql 'SELECT state, cause, reason FROM action WHERE id = 1')" = "held|template|$GONE" ]
	ok log A1 --limit 1
	grep -q '  tick .* held ' .out
	ok tick
	out 'nothing was due'
	answers 78 doctor
	line "FAULT  time zones    $GONE"
	ok edit-client C1 --tz Europe/Vilnius
	ok tick
	out '1 sent'
	[ "$(sent '*-A1-thank-you.eml')" -eq 1 ]
	ok doctor
	no_line 'time zones'
}

@test "a message that waits for another try, and whose zone is gone since, is held as well" {
	maria --tz Europe/Minsk
	no_mail_server
	answers 69 tick
	sql 'SELECT message_id FROM message WHERE action_id = 1' >was
	[ -s was ]
	zone_gone
	at '2026-12-01 14:10'
	ok tick --verbose
	line "held A1 thank-you e-mail T1: $GONE"
	# Made anew when it is released, from what is true by then.
	ok edit-client C1 --tz ''
	answers 69 tick
	sql 'SELECT message_id FROM message WHERE action_id = 1' >now
	[ -s now ] && ! cmp -s was now
}

@test "what is held because its message was made for another way is made anew, and goes" {
	maria
	no_mail_server
	answers 69 tick
	sql "UPDATE action SET channel = 'sms' WHERE id = 1"
	at '2026-12-01 14:10'
	ok tick
	out '1 held'
	at '2026-12-01 14:20'
	ok tick
	out '1 sent'
	[ "$(sent '*-A1-thank-you.txt')" -eq 1 ]
}

# bats test_tags=long
@test "doctor: two clients in a zone that is gone, and steps whose client lives elsewhere by now" {
	maria
	eva
	ok tick
	sql "UPDATE client SET tz = 'Europe/Gone'; UPDATE action SET tz = 'Europe/Lost' WHERE occasion_id = 2"
	answers 78 doctor
	line 'FAULT  time zones    the time zone Europe/Gone of C1 (and 1 more) is not known here: pps edit-client C1 --tz …'
	line "note   time zones    Europe/Lost, by which open steps of C2 were planned, is not known here: they go by the client's time zone of today"
	err 'pps: 1 fault: see above'
}

@test "a call in a zone that is gone stays a call; the others become their messages" {
	maria --tz Europe/Minsk
	eva
	ok skip A1
	ok skip A15
	at '2026-12-09 16:05'
	zone_gone
	sql "DELETE FROM action WHERE step NOT IN ('thank-you', 'preflight')"
	stuck='pps: stuck, and the others went on: A4 preflight of T1: the time zone Europe/Gone of C1 is not known here: pps edit-client C1 --tz …'
	answers 1 tick --verbose
	out <<-'E'
		fell_back A18 preflight SMS T2: not called by 2026-12-09 16:00, so it goes by SMS
		sent A18 preflight SMS T2: not called by 2026-12-09 16:00, so it goes by SMS
		1 sent, 1 no longer to be called: a message instead, 1 stuck
	E
	err "$stuck"
	[ "$(sql 'SELECT state, channel, cause FROM action WHERE id = 4')" = 'pending|call|' ]
	answers 1 tick
	out '1 stuck'
	err "$stuck"
	# By the zone in which the client lives now, also what was planned by the old one.
	sql "UPDATE client SET tz = 'Europe/Samara' WHERE id = 1"
	ok tick --verbose
	line 'fell_back A4 preflight SMS T1: not called by 2026-12-09 17:00, so it goes by SMS'
	line '2 sent, 1 no longer to be called: a message instead' # what the test deleted is planned again by the new zone
}

# bats test_tags=long
@test "what was changed on the wire is planned anew, though another client's zone is gone" {
	maria --tz Europe/Minsk
	eva
	ok tick
	at '2026-12-03 10:00'
	at_risk 2
	at_risk 16
	ok edit-trip T1 --departure '10.02.2027 06:40' --return 20.02.2027
	ok edit-trip T2 --departure '10.02.2027 06:40' --return 20.02.2027
	sql "UPDATE action SET state = 'pending' WHERE id IN (2, 16)"
	zone_gone
	answers 1 tick --verbose
	out <<-E
		held A29 correction SMS T1: $GONE
		sent A30 correction SMS T2
		held A2 packing e-mail T1: $GONE
		1 sent, 2 held, 1 stuck
	E
	err 'pps: stuck, and the others went on: T1: unknown time zone "Europe/Gone": did you mean Europe/Rome?'
	[ "$(sql 'SELECT stale, state, local_due FROM action WHERE id = 16')" = '0|pending|2027-01-27 10:00' ]
	[ "$(sql 'SELECT stale, state FROM action WHERE id = 2')" = '1|held' ]
	ok edit-client C1 --tz Europe/Moscow
	ok tick
	[ "$(sql 'SELECT stale, state, local_due FROM action WHERE id = 2')" = '0|pending|2027-01-27 10:00' ]
}

# bats test_tags=long
@test "what comes back from missed is made anew: it goes to the address of today" {
	maria
	ok skip A1
	no_mail_server
	at '2026-12-03 10:00'
	answers 69 tick
	[ "$(sql 'SELECT recipient FROM message WHERE action_id = 2')" = maria@example.com ]
	# The clock is ahead for a while, and somebody works.
	at '2026-12-10 12:00'
	ok tick
	state 2 missed
	ok edit-client C1 --email new@example.com
	state 2 missed
	[ "$(sql 'SELECT count(*) FROM message WHERE action_id = 2')" -eq 1 ]
	at '2026-12-02 10:00'
	ok tick
	state 2 pending
	[ "$(sql 'SELECT count(*) FROM message WHERE action_id = 2')" -eq 0 ]
	at '2026-12-03 10:00'
	answers 69 tick
	[ "$(sql 'SELECT recipient FROM message WHERE action_id = 2')" = new@example.com ]
}
