#!/usr/bin/env bats
# Steering what waits: snooze, hold, release, send-now, approve, and several at once.

load helpers

# The evening before the departure: the letters after the trip wait, A7 the first of them.
waiting() {
	maria
	ok tick
	at '2026-12-09 10:05'
	ok tick
}

# ---- snooze ----

@test "snooze: a letter goes on another day, whatever is edited; undo gives the old one back" {
	waiting
	ok snooze T1/welcome-home --to 23.12.2026
	out 'A7 Welcome home, Мария Иванова, T1 Анталья: Wed 2026-12-23 10:00 (pps undo A7 takes it back)'
	ok edit-client C1 --name 'Мария'
	ok edit-trip T1 --note x
	at '2026-12-21 10:00'
	ok tick
	[ "$(sent '*welcome-home*')" -eq 0 ]
	ok why A7
	line 'due:     2026-12-23 10:00 (Europe/Moscow), by e-mail'
	line 'put off: 2026-12-23 10:00'
	at '2026-12-23 10:00'
	ok tick
	[ "$(sent '*welcome-home*')" -eq 1 ]
}

@test "snooze --json, and undo" {
	waiting
	ok snooze A7 --to '+15d 15:30' --json
	json pps.snooze/1 action.id A7 action.state pending action.due_local 2026-12-24T15:30 action.manager anna
	ok snooze A7 --to '+16d'
	ok undo A7
	out 'snooze of A7 (welcome-home) is taken back: it is pending again'
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A7].due_local' 2026-12-24T15:30
	ok undo A7
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A7].due_local' 2026-12-21T10:00 'actions[id=A7].expires' 2026-12-26T21:00:00+03:00
	ok log T1 --limit 4
	grep -q '  snooze .* was pending: 2026-12-25 15:30$' .out
}

@test "snooze: a call that is due today is put off, yellow and red by its new day" {
	waiting
	ok done A4
	at '2026-12-22 12:00'
	ok snooze A8 --to '24.12.2026 16:00'
	ok today
	[ "$(head -1 .out)" = 'nobody is to be called today' ]
	at '2026-12-24 12:00'
	ok today --json
	json pps.today/1 'rows[0].id' A8 'rows[0].colour' yellow 'rows[0].due_local' 2026-12-24T16:00
	at '2026-12-25 12:00'
	ok report --json
	json pps.report/1 'rows[id=A8].colour' red 'rows[id=A8].days_late' 1
}

@test "snooze: dates that move make the old choice void" {
	waiting
	ok snooze A7 --to 24.12.2026
	ok edit-trip T1 --return 22.12.2026
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A7].due_local' 2026-12-23T10:00
	ok edit-trip T1 --note x
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A7].due_local' 2026-12-23T10:00
}

@test "snooze: every slip, and nothing is changed" {
	waiting
	dump before
	fails 64 'snooze until when? Add --to, as in --to "+1d 15:00"' snooze A7
	fails 65 'to: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' snooze A7 --to x
	fails 65 'to: 2026-12-08 10:00 has passed' snooze A7 --to 08.12.2026
	fails 65 'to: 2026-12-09 10:00 has passed' snooze A7 --to 10:00
	fails 65 "to: 03:00 is no hour for a message: from 07:00 to 22:00, by the client's clock" snooze A7 --to '+20d 03:00'
	fails 65 'to: 2026-12-11 08:00 is too late: it makes sense until 2026-12-10 06:10' snooze A5 --to '11.12.2026 08:00'
	fails 65 'to: 2026-12-11 10:00 is too late: it makes sense until 2026-12-10 03:40' snooze A4 --to +2d
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' snooze A1 --to +2d
	fails 66 'there is no action A99: pps timeline TRIP lists them' snooze A99 --to +2d
	unchanged before
	ok cancel-trip T1
	fails 77 'A7 is over: T1 is cancelled' snooze A7 --to +20d
}

@test "snooze: a letter goes no later than its step has it make sense, however often it is put off" {
	waiting
	dump before
	fails 65 'to: 2027-12-31 10:00 is too late: it makes sense until 2026-12-26 21:00' snooze T1/welcome-home --to 2027-12-31
	fails 65 'to: 2199-12-31 10:00 is too late: it makes sense until 2026-12-28 21:00' snooze T1/loyalty --to 2199-12-31
	unchanged before
	ok snooze A7 --to 26.12.2026
	fails 65 'to: 2026-12-28 10:00 is too late: it makes sense until 2026-12-26 21:00' snooze A7 --to 28.12.2026
	at '2026-12-26 09:00'
	ok tick
	fails 65 'to: 2026-12-28 10:00 is too late: it makes sense until 2026-12-26 21:00' snooze A7 --to 28.12.2026
	ok snooze A7 --to '26.12.2026 12:00'
}

@test "snooze: people's work without an end of its own is not put off for years" {
	waiting
	ok complaint add T1 --title шум
	fails 65 'to: that is too far ahead: 2028-12-10 at the latest' snooze "A$(sql "SELECT id FROM action WHERE step = 'complaint-promise'")" --to 2199-12-31
	ok snooze "A$(sql "SELECT id FROM action WHERE step = 'complaint-promise'")" --to 20.12.2026
}

@test "snooze: an agreed visit is moved where it was agreed" {
	waiting
	ok edit-trip T1 --visit '24.12.2026 15:00'
	fails 77 "A$(sql "SELECT id FROM action WHERE step = 'office-visit'") is a visit: pps edit-trip T1 --visit \"DATE HOUR\" moves it" snooze T1/office-visit --to 28.12.2026
}

# ---- hold, release ----

@test "hold: a letter waits until it is released; yellow on its day, red after it" {
	waiting
	ok hold A7 --note 'ждём ответа'
	out 'A7 Welcome home, Мария Иванова, T1 Анталья: held until pps release A7 (pps undo A7 takes it back)'
	ok report --today
	line 'nothing is due today' || no_line 'A7'
	ok edit-client C1 --name 'Мария'
	at '2026-12-21 12:00'
	ok tick
	[ "$(sent '*welcome-home*')" -eq 0 ]
	ok today --json
	json pps.today/1 'rows[id=A7].colour' yellow 'rows[id=A7].cause' held_by_person \
		'rows[id=A7].why' 'held by anna: ждём ответа (pps release A7)'
	at '2026-12-22 12:00'
	ok report --json
	json pps.report/1 'rows[id=A7].colour' red 'rows[id=A7].days_late' 1
	ok release A7
	out 'A7 Welcome home, Мария, T1 Анталья: released, goes with the next tick (pps undo A7 takes it back)'
	ok tick
	[ "$(sent '*welcome-home*')" -eq 1 ]
}

@test "hold: what nobody releases in its time is missed, and red" {
	waiting
	ok hold A7
	at '2026-12-26 21:00'
	ok tick
	state 7 missed
	ok report --json
	json pps.report/1 'rows[id=A7].colour' red 'rows[id=A7].reason' 'nobody released it in its time: held by anna'
}

@test "hold: also what is due already and has not gone yet" {
	waiting
	at '2026-12-21 12:00'
	ok hold A7
	ok edit-client C1 --email new@example.com
	state 7 held
	ok tick
	[ "$(sent '*welcome-home*')" -eq 0 ]
	ok undo A7
	ok tick
	[ "$(sent '*welcome-home*')" -eq 1 ]
}

@test "hold outlives a cancellation that is taken back, and dates that move" {
	waiting
	ok hold A7
	ok cancel-trip T1
	ok undo T1
	state 7 held
	ok edit-trip T1 --return 27.12.2026
	state 7 held
	ok release A7 --json
	json pps.release/1 action.state pending action.due_local 2026-12-28T10:00
}

@test "hold, release: undo, and every slip" {
	waiting
	ok hold A7 --json
	json pps.hold/1 action.id A7 action.state held action.cause held_by_person action.reason 'held by anna'
	fails 77 'A7 is held already: pps release A7' hold A7
	ok undo A7
	out 'hold of A7 (welcome-home) is taken back: it is pending again'
	fails 77 'nobody holds A7: it is pending' release A7
	ok hold A7
	ok release A7
	line 'A7 Welcome home, Мария Иванова, T1 Анталья: released, goes Mon 2026-12-21 10:00 (pps undo A7 takes it back)'
	ok undo A7
	out 'release of A7 (welcome-home) is taken back: it is held again'
	state 7 held
	fails 77 'A4 is a call, which people do: pps snooze A4 --to … puts it off' hold A4
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' hold A1
	fails 65 'note is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' hold A9 --note $'\xff'
}

# ---- send-now ----

@test "send-now: the next tick sends it; also what is held by a person" {
	waiting
	ok hold A9
	ok send-now A9
	out 'A9 Loyalty programme, Мария Иванова, T1 Анталья: goes with the next tick (pps undo A9 takes it back)'
	ok send-now A10 --json
	json pps.send-now/1 action.state pending action.due_local 2026-12-09T10:05
	ok undo A10
	ok tick --verbose
	line 'sent A9 loyalty e-mail T1'
	no_line 'A10'
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A10].due_local' 2026-12-25T10:00
	fails 77 'A9 is sent since then: it cannot be taken back' undo A9
}

@test "send-now: an SMS never rings at night" {
	waiting
	at '2026-12-19 23:10'
	ok send-now A6
	out 'A6 Welcome back, Мария Иванова, T1 Анталья: goes Sun 2026-12-20 08:00, when the hour is decent there (pps undo A6 takes it back)'
	ok tick
	[ "$(sent '*welcome-back*')" -eq 0 ]
	at '2026-12-20 08:00'
	ok tick
	[ "$(sent '*welcome-back*')" -eq 1 ]
}

@test "send-now: not while the client is left in peace, not people's work, not what is over" {
	waiting
	sql "UPDATE client SET paused_until = '2027-02-01'"
	ok edit-trip T1 --note x
	dump before
	fails 77 'A9 may not go now: paused until 2027-02-01' send-now A9
	fails 77 'A4 is a call, which people do: pps done A4 ticks it off' send-now A4
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' send-now A1
	unchanged before
}

# ---- approve ----

# The letters of the loyalty programme and to friends wait for a word.
asking() {
	mkdir templates
	sed -E '/"key": "(loyalty|tell-friends)"/s/\{?"key"/"mode": "approve", &/' \
		"$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	waiting
}

@test "approve: what waits for a word stands in today on its day, later red, and goes when it is said" {
	asking
	ok timeline T1
	line 'A9   2026-12-23 10:00  e-mail  Loyalty programme           held                   waits for approval (pps approve A9)'
	at '2026-12-23 10:00'
	ok tick
	[ "$(sent '*loyalty*')" -eq 0 ]
	ok skip A8
	ok today --json
	json pps.today/1 rows# 1 'rows[0].id' A9 'rows[0].colour' yellow 'rows[0].why' 'waits for approval (pps approve A9)'
	ok today
	line 'pps approve A9 lets it go, pps snooze A9 --to … moves it, pps skip A9 leaves it out'
	ok edit-trip T1 --manager ''
	ok report --json
	json pps.report/1 'rows[id=A9].colour' red
	ok edit-trip T1 --manager anna
	at '2026-12-24 10:00'
	ok report --json
	json pps.report/1 'rows[id=A9].colour' red 'rows[id=A9].days_late' 1
	ok approve A9
	out 'A9 Loyalty programme, Мария Иванова, T1 Анталья: approved, goes with the next tick (pps undo A9 takes it back)'
	ok tick
	[ "$(sent '*loyalty*')" -eq 1 ]
}

@test "approve: several at once, all or none; undo takes one back; snooze and send-now" {
	asking
	dump before
	fails 77 'A10 does not wait for approval: it is pending' approve A9 A10
	fails 64 'A9 is named twice' approve A9 T1/loyalty
	unchanged before
	ok approve A9 A11
	out <<-'E2'
		A9 Loyalty programme, Мария Иванова, T1 Анталья: approved, goes Wed 2026-12-23 10:00 (pps undo A9 takes it back)
		A11 Will you tell others?, Мария Иванова, T1 Анталья: approved, goes Sun 2026-12-27 10:00 (pps undo A11 takes it back)
	E2
	fails 77 'A9 is approved already' approve A9
	ok undo A9
	out 'approve of A9 (loyalty) is taken back: it is held again'
	ok edit-trip T1 --note x
	state 9 held
	state 11 pending
	ok snooze A9 --to 26.12.2026
	state 9 held
	ok send-now A9 --json
	json pps.send-now/1 action.state pending action.due_local 2026-12-09T10:05
	ok undo A9
	ok timeline T1 --json
	json pps.timeline/1 'actions[id=A9].state' held 'actions[id=A9].due_local' 2026-12-26T10:00
	ok approve A9 --json
	json pps.approve/1 actions# 1 'actions[0].id' A9 'actions[0].state' pending
}

@test "approve: nobody did in time, and it is missed" {
	asking
	at '2026-12-28 21:00'
	ok tick
	state 9 missed
	[ "$(sql 'SELECT reason FROM action WHERE id = 9')" = 'nobody approved it in its time' ]
	fails 77 'A9 does not wait for approval: it is missed (nobody approved it in its time)' approve A9
}

# ---- several at once ----

@test "skip: several at once, all or none" {
	waiting
	dump before
	fails 66 'there is no action A99: pps timeline TRIP lists them' skip A7 A99
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' skip A7 A1
	fails 64 'A7 is named twice' skip A7 T1/welcome-home
	unchanged before
	ok skip A7 T1/loyalty --note 'просила не писать'
	out <<-'E2'
		A7 Welcome home, Мария Иванова, T1 Анталья: will not be done (pps undo A7 takes it back)
		A9 Loyalty programme, Мария Иванова, T1 Анталья: will not be done (pps undo A9 takes it back)
	E2
	ok undo
	state 9 pending
	state 7 pending
	ok skip A9 A10 --json
	json pps.skip/1 actions# 2 action.id A9 'actions[1].id' A10
}

@test "a tick has it in hand: nobody steers it" {
	waiting
	at_risk 7
	fails 75 'A7 is being sent, or a tick was interrupted: look again after the next one' snooze A7 --to +20d
	fails 75 'A7 is being sent, or a tick was interrupted: look again after the next one' hold A7
	fails 75 'A7 is being sent, or a tick was interrupted: look again after the next one' send-now A7
}
