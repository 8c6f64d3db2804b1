#!/usr/bin/env bats
# Undo that can be trusted: only one's own last work, never over the head of a colleague, never twice, and everything as it
# was. What is special of each command is in its own file.

load helpers

# An agency of four; T1 is the trip of C1 Мария.
team() {
	AS=olga ok staff add vera --name 'Вера Орлова' --role service
	maria
}

# as LOGIN ARG...: somebody does something that works.
as() {
	AS=$1
	shift
	ok "$@"
	AS=anna
}

# due STEP: when it is due, of which state it is.
due() {
	sql "SELECT state, local_due FROM action WHERE step = '$1' AND occasion_id = 1"
}

# ---- what colleagues did since ----

@test "a letter that others released and held again since stays held" {
	team
	ok hold T1/loyalty
	as boris release T1/loyalty
	as olga hold T1/loyalty --note 'суд'
	dump before
	fails 77 'A9 was changed since then, by olga (hold): pps undo A9 takes back the last word on it' undo
	unchanged before
	at '2026-12-23 12:00'
	ok tick
	[ "$(sent '*-loyalty.*')" -eq 0 ]
	as olga undo
	out 'hold of A9 (loyalty) is taken back: it is pending again'
	as boris undo
	out 'release of A9 (loyalty) is taken back: it is held again'
	ok undo
	out 'hold of A9 (loyalty) is taken back: it is pending again'
}

@test "a pause that somebody prolonged since stays" {
	team
	ok pause C1 --until 05.12.2026
	as boris pause C1 --until 30.12.2026 --reason 'больница'
	dump before
	fails 77 'C1 was changed since then, by boris (pause): pps undo C1 takes back the last word on it' undo
	unchanged before
	as boris undo
	out 'pause of C1 is taken back: they are paused until 2026-12-05'
	ok undo
	out 'pause of C1 is taken back: they are not paused'
}

@test "a pause that is over is not begun again by undo" {
	team
	ok pause C1 --until 03.12.2026
	ok pause C1 --until 05.12.2026
	at '2026-12-05 10:00'
	ok tick --quiet
	ok undo
	out 'pause of C1 is taken back: they are not paused'
}

@test "the tick-off of a colleague stays, with its note" {
	team
	at '2026-12-09 10:30'
	ok done T1/preflight --outcome no-answer
	as boris done T1/preflight --note 'всё хорошо'
	dump before
	fails 77 'A4 was changed since then, by boris (done): pps undo A4 takes back the last word on it' undo
	unchanged before
	as boris undo
	[ "$(sql "SELECT state, attempts, outcome, coalesce(note, '-') FROM action WHERE id = 4")" = 'pending|1|no-answer|-' ]
	ok undo
	[ "$(sql "SELECT state, attempts, coalesce(outcome, '-') FROM action WHERE id = 4")" = 'pending|0|-' ]
}

@test "what was taken back once is not taken back again, whoever did it" {
	team
	at '2026-12-09 10:30'
	ok skip T1/bon-voyage
	ok done T1/preflight
	as olga undo T1/preflight
	as olga 'done' T1/preflight
	dump before
	fails 77 'your last work was done of A4, which olga has taken back; before it came skip: pps undo A5 takes that back' undo
	unchanged before
	ok undo A5
	fails 77 'your last work was done of A4, which olga has taken back' undo
}

@test "hold, undo by another, snooze, hold: nothing of it is lost" {
	team
	ok hold T1/loyalty
	as olga undo T1/loyalty
	as olga snooze T1/loyalty --to '25.12.2026 12:00'
	as boris hold T1/loyalty
	dump before
	fails 77 'your last work was hold of A9, which olga has taken back' undo
	fails 77 'your last work was hold of A9, which olga has taken back' undo
	unchanged before
}

@test "the word of a colleague about the same number stays" {
	team
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Пётр Иванов' --phone '8 903 123-45-67' --departure 11.12.2026 --return 20.12.2026
	local other # on another day, or one call would do for both
	other=$(sql "SELECT id FROM action WHERE occasion_id = 2 AND step = 'preflight'")
	at '2026-12-09 10:30'
	ok done T1/preflight --outcome wrong-number
	as boris done T2/preflight --outcome wrong-number
	dump before
	fails 77 "A4: the number was spoken of since then, by boris (done of A$other of C2): pps undo A$other comes first" \
		undo T1/preflight
	unchanged before
	as boris undo
	[ "$(sql 'SELECT sum(phone_wrong) FROM client')" -eq 2 ]
	ok undo
	[ "$(sql 'SELECT sum(phone_wrong) FROM client')" -eq 0 ]
}

@test "a complaint on which others have worked is not taken back over their heads" {
	team
	ok complaint add C1 --title 'шум' --manager anna
	as boris complaint plan P2 --promise 05.12.2026
	fails 77 'P2 was changed since then, by boris (complaint-plan): pps undo P2 takes back the last word on it' undo
	ok complaint assign P2 vera
	as boris undo
	out 'plan of P2 is taken back'
	ok undo
	out 'assign of P2 is taken back'
	ok undo
	out 'P2 (complaint) is taken back: what followed from it that is not done yet is off'
}

# ---- commands that changed nothing, and what is no work of its own ----

@test "an import without anything new is not what undo passes over" {
	team
	ok unsubscribe C1 --channel email
	echo 'email;nps' >i.csv
	echo 'nobody@example.com;9' >>i.csv
	ok feedback import i.csv --skip-bad --quiet
	dump before
	fails 77 'nothing was changed by feedback import, your last command: there is nothing to take back; before it came unsubscribe: pps undo C1 takes that back' undo
	unchanged before
	ok undo C1
}

@test "every command that changed nothing says so to undo" {
	team
	ok mark C1 loyal
	ok complaint add C1 --title x
	ok complaint plan P2 --promise 05.12.2026
	local command
	for command in 'mark C1 loyal' 'edit-client C1 --lang ru' 'edit-client C1 --lang ru' \
		'edit-trip T1 --destination Анталья' 'complaint plan P2 --promise 05.12.2026'; do
		# shellcheck disable=SC2086 # words
		ok $command --quiet
	done
	[ "$(sql "SELECT group_concat(detail, ', ') FROM audit WHERE verb = 'unchanged'")" = \
		'mark, edit-client, edit-trip, complaint plan' ]
	fails 77 'nothing was changed by complaint plan, your last command: there is nothing to take back; before it came complaint-plan: pps undo P2 takes that back' undo
	ok log --limit 1
	line '2026-12-01 14:00  anna  unchanged  C1      P2     complaint plan'
}

@test "a pause and a fact that are there already change nothing" {
	maria
	ok pause C1 --until 05.12.2026 --reason 'больница'
	ok pause C1 --until 05.12.2026 --reason 'больница'
	ok fact C1 dog Рекс
	ok fact C1 dog Рекс
	[ "$(sql "SELECT group_concat(detail, ', ') FROM audit WHERE verb = 'unchanged'")" = 'pause, fact' ]
	ok undo C1
	out 'pause of C1 is taken back: they are not paused'
}

@test "nothing was changed, and nothing was done before" {
	maria
	ok mark C1 loyal
	ok mark C1 loyal
	fails 66 'nothing was changed by mark, your last command: there is nothing to take back' undo
}

@test "the call that a lost sale goes without is a piece of it" {
	ok lost --name 'Иван Котов' --phone '8 903 123-45-99' --email ivan@example.com --reason цена --no-call
	local call
	call=$(sql "SELECT id FROM action WHERE state = 'skipped' ORDER BY id LIMIT 1")
	pps undo
	[ "$(sql "SELECT state FROM action WHERE id = $call")" != pending ]
}

@test "undo does not jump over what it does not know" {
	team
	at '2026-12-09 10:30'
	ok done T1/preflight
	ok edit-client C1 --note x
	ok hold T1/loyalty
	ok undo
	fails 77 'your last work was edit-client, which undo does not take back (change it once more); before it came done: pps undo A4 takes that back' undo
	state 4 done
}

@test "after a wrong sale undo says how that ends, and nothing of older work" {
	maria
	ok add-trip C1 --departure 20.01.2027 --return 30.01.2027
	ok cancel-trip T2
	ok add-trip C1 --departure 21.02.2027 --return 28.02.2027
	dump before
	fails 77 'your last work was add-trip of T3, which undo does not take back: pps cancel-trip T3 ends it, pps edit-trip T3 changes it' undo
	unchanged before
	as boris cancel-trip T3 # then there is nothing to be done about it
	fails 77 'your last work was add-trip of T3, which has ended already: there is nothing to take back' undo
}

@test "after an import was taken back, older work is within reach" {
	team
	at '2026-12-21 15:00'
	ok skip T1/loyalty
	printf 'email;nps\nmaria@example.com;9\n' >i.csv
	ok feedback import i.csv --quiet
	ok undo
	out 'the import is taken back: F2 to F2'
	ok undo
	out 'skip of A9 (loyalty) is taken back: it is pending again'
}

# ---- everything as it was ----

@test "the visit that was agreed before is agreed again" {
	team
	at '2026-12-22 12:00'
	ok edit-trip T1 --visit '2026-12-23 12:00'
	ok done T1/office-call --visit '2026-12-24 15:00'
	ok undo
	[ "$(sql 'SELECT visit FROM occasion WHERE id = 1')" = '2026-12-23 12:00' ]
	[ "$(due office-visit)" = 'pending|2026-12-23 12:00' ]
	at '2026-12-23 13:00'
	ok done T1/office-visit --outcome did-not-come --visit '2026-12-28 12:00'
	[ "$(due office-visit)" = 'pending|2026-12-28 12:00' ]
	ok undo
	out 'done of A15 (office-visit) is taken back: it is pending again'
	[ "$(due office-visit)" = 'pending|2026-12-23 12:00' ]
}

@test "a visit that somebody else moved since stays where it is" {
	team
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '2026-12-24 15:00'
	as boris edit-trip T1 --visit '2026-12-25 11:00'
	dump before
	fails 77 'A8: the visit was changed since then, by boris (edit-trip): pps edit-trip T1 --visit sets another' undo
	unchanged before
}

@test "an answer that was entered by mistake loses no letter that is due" {
	team
	at '2026-12-23 10:02'
	ok feedback add T1 --nps 3
	[ "$(due loyalty)" = 'cancelled|2026-12-23 10:00' ]
	ok undo
	[ "$(due loyalty)" = 'pending|2026-12-23 10:00' ]
	ok feedback add T1 --nps 3
	at '2026-12-24 09:00'
	ok edit-client C1 --note x
	ok undo F3
	[ "$(due loyalty)" = 'pending|2026-12-23 10:00' ]
	ok tick --quiet
	[ "$(sent '*-loyalty.*')" -eq 1 ]
}

@test "once its grace is over, a letter does not come back by undo" {
	team
	at '2026-12-23 10:02'
	ok feedback add T1 --nps 3
	at '2026-12-29 09:00'
	ok undo
	[ "$(sql "SELECT state FROM action WHERE step = 'loyalty'")" = cancelled ]
}

@test "a stop that was entered by mistake loses no letter that is due, also one that a complaint holds" {
	team
	at '2026-12-21 10:02'
	ok unsubscribe C1
	ok undo C1
	[ "$(due welcome-home)" = 'pending|2026-12-21 10:00' ]
	ok complaint add C1 --title 'шум'
	ok unsubscribe C1
	ok undo C1
	[ "$(due welcome-home)" = 'held|2026-12-21 10:00' ]
	ok undo
	[ "$(sql "SELECT state FROM action WHERE step = 'welcome-home'")" = pending ]
	ok tick --quiet
	[ "$(sent '*-welcome-home.*')" -eq 1 ]
}

@test "a word that is changed and not taken back brings nothing back that came too late" {
	team
	at '2026-12-21 10:02'
	ok unsubscribe C1
	ok consent C1 --yes --source 'передумала'
	[ "$(sql "SELECT state FROM action WHERE step = 'welcome-home'")" = cancelled ]
}

@test "a task of a complaint is as late as it was" {
	team
	ok complaint add C1 --title 'шум'
	local task
	task=$(sql "SELECT id FROM action WHERE step = 'complaint-promise'")
	at '2026-12-11 12:00'
	sql "SELECT state, local_due, due_at FROM action WHERE id = $task" >was
	ok complaint plan P2 --promise +3d
	state "$task" cancelled
	ok undo P2
	sql "SELECT state, local_due, due_at FROM action WHERE id = $task" | cmp - was
	ok complaint resolve P2 --cause отель --outcome solved --actions x
	state "$task" cancelled
	ok edit-client C1 --note x
	ok undo P2
	sql "SELECT state, local_due, due_at FROM action WHERE id = $task" | cmp - was
}

# ---- by whose name ----

@test "undo suggests nothing that it refuses" {
	team
	AS=olga
	ok staff leave anna
	ok staff return anna
	fails 77 'your last work was staff-return, which undo does not take back (change it once more)' undo
	fails 77 'anna has not left: there is nothing to take back' undo anna
}

@test "a word about an address or a number that nobody has is taken back by it" {
	maria
	ok unsubscribe nobody@example.com
	line 'pps undo nobody@example.com takes it back'
	ok unsubscribe '8 903 765-43-21'
	ok undo Nobody@example.com
	out '"no to marketing by e-mail" is taken back: what was said before counts again'
	fails 66 'there is nothing to take back' undo nobody@example.com
	ok undo '+7 903 765-43-21'
	fails 66 'there is nothing to take back' undo '+7 903 765-43-21'
}

@test "a newer word about an address is named with who noted it" {
	maria
	ok unsubscribe maria@example.com
	as boris consent maria@example.com --yes --source 'по телефону'
	fails 77 'something newer was said about this since, and boris noted it: pps consent records another word' undo
}

# ---- a changed trip ----

@test "undo of edit-trip gives every field back, and plans as before" {
	team
	at '2026-12-02 12:00'
	dump before
	ok edit-trip T1 --departure '12.12.2026 09:15' --return 22.12.2026 --destination Кемер --visit '2026-12-23 12:00' \
		--departure-tz Asia/Vladivostok --product premium --manager boris --note 'с собакой'
	[ "$(sql "SELECT detail ->> 'words' FROM audit WHERE verb = 'edit-trip'")" = 'departure 2026-12-10 06:40 -> 2026-12-12 09:15, return 2026-12-20 -> 2026-12-22, visit - -> 2026-12-23 12:00, destination Анталья -> Кемер, departure-tz - -> Asia/Vladivostok, product - -> premium, note, manager anna -> boris' ]
	ok edit-trip T1 --destination Бодрум
	ok undo T1
	out 'the change of T1 is taken back: destination is Кемер again; what is still ahead was planned anew'
	ok undo
	out 'the change of T1 is taken back: departure is 2026-12-10 06:40 again, return is 2026-12-20 again, visit is empty again, destination is Анталья again, departure-tz is empty again, product is empty again, note as before, manager as before; what is still ahead was planned anew'
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=preflight].due_local' 2026-12-09T10:00 'actions[step=office-visit].state' cancelled
	ok show T1 --json
	json pps.show/1 trip.destination Анталья trip.manager anna trip.departure 2026-12-10T06:40 trip.note null
	fails 66 'there is nothing to take back' undo T1
}

@test "undo of edit-trip: what was changed since, and what cannot come back" {
	team
	at '2026-12-22 12:00'
	ok edit-trip T1 --visit '2026-12-23 12:00'
	as boris done T1/office-call --visit '2026-12-24 15:00'
	fails 77 'T1: its visit was changed since then: pps edit-trip T1 --visit sets another' undo
	as boris undo
	ok undo
	ok edit-trip T1 --manager boris
	as olga staff leave anna
	AS=boris
	fails 77 'anna, who had T1 before, has left: pps edit-trip T1 --manager names somebody else' undo T1
	ok cancel-trip T1
	ok undo T1
	out 'T1 is a trip again: what is still ahead was planned anew'
	sql "DROP TRIGGER audit_is_append_only; UPDATE audit SET detail = 'manager' WHERE verb = 'edit-trip'"
	fails 77 'T1: what was there before that change is not known: pps edit-trip T1 changes it once more' undo T1
}
