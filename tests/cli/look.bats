#!/usr/bin/env bats
# Looking: report in its three forms, find, show, timeline, why, log.

load helpers

# Three trips: one red, one yellow, one with nothing to do; the tick has run.
three_trips() {
	maria
	at '2026-12-10 12:00'
	ok tick
	at '2026-12-12 12:00'
	ok add-client --name 'Борис Орлов' --phone 89031112233 --departure 13.12.2026 --return 20.12.2026 --manager boris
	ok add-client --name 'Ева' --phone 89031112244 --departure 20.02.2027 --return 01.03.2027 --manager olga --destination Рим
	ok tick
}

# ---- report ----

@test "report: nothing is overdue, and when the tick last ran" {
	ok report
	out <<-'E'
		nothing is overdue
		the tick has never run: nothing is sent until cron runs pps tick
	E
	ok tick
	ok report --overdue
	out <<-'E'
		nothing is overdue
		last tick: 2026-12-01 14:00
	E
	at '2026-12-03 14:00'
	ok report
	line 'last tick: 2026-12-01 14:00, 2 days ago: nothing is sent while it does not run'
}

# bats test_tags=long
@test "report --overdue: one list of everything red, per manager, days late, reason" {
	three_trips
	at '2026-12-24 12:00'
	ok tick
	ok report --overdue
	line 'anna     A2      21 d  2026-12-03 10:00  e-mail  Packing tips                Мария Иванова  +7 903 123-45-67  T1 10.12 Анталья  missed: its time passed unsent (in its time no tick ran, or its gateway was down)'
	line 'anna     A8      2 d   2026-12-22 11:00  call    Call: invite to the office  Мария Иванова  +7 903 123-45-67  T1 10.12 Анталья  not ticked'
	line 'boris    A22     2 d   2026-12-22 11:00  call    Call: invite to the office  Борис Орлов    +7 903 111-22-33  T2 13.12          not ticked'
	no_line Ева
	ok report --overdue --json
	json pps.report/1 'rows[id=A8].days_late' 2 'rows[id=A8].colour' red 'rows[id=A8].why' 'not ticked' \
		'rows[id=A8].manager' anna 'rows[id=A8].client_name' 'Мария Иванова' 'rows[id=A2].days_late' 21 \
		'rows[id=A2].state' missed last_tick 2026-12-24T12:00:00+03:00
	ok report --overdue --manager boris
	no_line 'Мария'
	line 'boris    A22     2 d   2026-12-22 11:00  call  Call: invite to the office  Борис Орлов  +7 903 111-22-33  T2 13.12   not ticked'
}

@test "report --today: what is due today and what is red" {
	three_trips
	at '2026-12-12 12:30'
	ok report --today
	line 'boris    A18           2026-12-12 12:00  call    Pre-flight call  Борис Орлов    +7 903 111-22-33  T2 13.12          to be done today (at once: bought 1 day before the departure)'
	grep -q '^anna     A5      3 d ' .out
	no_line Ева
}

# bats test_tags=long
@test "report --checklist: a row per trip, a column per step, dates and ticks, red and yellow" {
	three_trips
	ok report --checklist
	out <<-'E'
		trips: 3, red 1, yellow 1
		trip  client         destination  departs   returns   manager  thanks   packing   challenge  preflight  voyage    back      home      call      loyalty   story  friends
		T1 !  Мария Иванова  Анталья      10.12     20.12     anna     01.12 !  03.12 !   08.12 !    09.12 !    09.12 !   20.12     21.12     22.12     23.12     25.12  27.12
		T2 •  Борис Орлов                 13.12     20.12     boris    12.12 ✓  merged    -          12.12 •    13.12     20.12     21.12     22.12     23.12     -      27.12
		T3    Ева            Рим          20.02.27  01.03.27  olga     12.12 ✓  06.02.27  18.02.27   19.02.27   20.02.27  01.03.27  02.03.27  03.03.27  04.03.27  -      08.03.27

		✓ done or sent   SMS not called, the SMS went   • due today   ! overdue or in trouble
		= held back   - not to be done   merged: said in another message   a date alone: planned
		last tick: 2026-12-12 12:00
	E
	ok report --checklist --color always
	grep -q $'^\e\\[31mT1 !.*\e\\[0m$' .out
	grep -q $'^\e\\[33mT2 •.*\e\\[0m$' .out
	grep -q '^T3    Ева' .out
	ok report --checklist --json
	json pps.report/1 rows# 3 'rows[0].trip.id' T1 'rows[0].client.id' C1 'rows[0].colour' red 'rows[1].colour' yellow \
		'rows[2].colour' null 'rows[0].steps#' 14 'rows[1].steps[step=preflight].colour' yellow \
		'rows[0].steps[step=packing].days_late' 9 last_tick 2026-12-12T12:00:00+03:00
}

# bats test_tags=long
@test "report --checklist: an SMS instead of the call, a tick, a skip" {
	maria
	at '2026-12-09 16:05'
	ok tick
	ok report --checklist
	grep -q ' 09\.12 SMS ' .out
	at '2026-12-22 12:00'
	ok tick
	ok done T1/office-call
	ok skip T1/loyalty
	ok report --checklist
	grep -q '22\.12 ✓  -  ' .out
}

# bats test_tags=long
@test "report --checklist: one manager, a range of departures, what is over" {
	three_trips
	ok report --checklist --manager olga
	no_line 'Мария|Орлов'
	grep -q '^T3 ' .out
	ok report --checklist --from 13.12.2026 --to 2026-12-13
	grep -q '^T2 ' .out
	no_line '^T[13] '
	ok report --checklist --from 2027-03-01
	out <<-'E'
		no trips
		last tick: 2026-12-12 12:00
	E
	ok cancel-trip T3
	ok report --checklist --json
	json pps.report/1 rows# 2
	fails 65 '--from: "31.02.2027": there is no 31 February 2027' report --checklist --from 31.02.2027
	fails 65 '--to: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' report --checklist --to x
	fails 64 '--from and --to belong to --checklist and --summary' report --to today
}

@test "the line on the last tick is red when it is stale, and no escape is shown as text" {
	maria
	ok report --color always
	line $'\e[31mthe tick has never run: nothing is sent until cron runs pps tick\e[0m'
	ok tick
	ok report --color always
	line $'\e[2mlast tick: 2026-12-01 14:00\e[0m'
}

# bats test_tags=long
@test "report --exit-code: 1 when something is red, or the tick does not run" {
	maria
	answers 1 report --exit-code
	err ''
	ok tick
	ok report --exit-code
	ok report --checklist --exit-code
	at '2026-12-10 12:00'
	ok tick
	answers 1 report --exit-code --quiet
	out ''
	answers 1 report --today --exit-code
	answers 1 report --checklist --exit-code
	answers 1 report --exit-code --json
	json pps.report/1 'rows[0].colour' red
	answers 0 report
}

# bats test_tags=long
@test "work that is nobody's is red on its day" {
	maria --manager ''
	ok tick
	at '2026-12-03 10:00'
	ok tick
	at '2026-12-08 10:00'
	ok tick
	at '2026-12-09 12:00'
	ok tick
	ok report
	line '(nobody)  A4      2026-12-09 10:00  call  Pre-flight call  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  nobody'\''s work: give the trip a manager'
	ok edit-trip T1 --manager anna
	ok report
	line 'nothing is overdue'
}

@test "report: every slip" {
	fails 66 '--manager: nobody has the login "ann": did you mean anna?' report --manager ann
	fails 64 'unknown option --csv: see pps report --help' report --csv
	fails 64 '"x" is one word too many: pps report [--overdue | --today | --checklist | --summary] [--manager LOGIN] …' report x
}

# ---- find, show, timeline ----

# bats test_tags=long
@test "find: by words of the name, phone and e-mail; letter case and ё make no difference" {
	maria --note 'собака Бим'
	ok add-client --name 'Пётр Семёнов' --phone '+359 888 123 456' --departure +20d --return +30d
	ok find МАРИЯ
	out <<-'E'
		id  name           phone             e-mail             note
		C1  Мария Иванова  +7 903 123-45-67  maria@example.com  собака Бим
	E
	for words in 'петр' 'семенов пётр' 'СЕМЁ' '888' '+359 888'; do
		# shellcheck disable=SC2086 # words
		ok find $words
		line 'C2  Пётр Семёнов  +359 888 123 456' || return 1
	done
	ok find иван 903 --json
	json pps.find/1 clients# 1 'clients[0].id' C1 'clients[0].name' 'Мария Иванова' 'clients[0].phone' '"+79031234567"'
	answers 66 find zzz --json
	err 'pps: nobody fits these words'
	json pps.find/1 clients# 0
}

@test "find: every slip, and the signs of LIKE are only letters" {
	maria
	fails 66 'nobody fits these words' find zzz
	fails 66 'nobody fits these words' find %
	fails 66 'nobody fits these words' find _
	fails 66 'nobody fits these words' find "'"
	fails 66 'nobody fits these words' find мария zzz
	fails 65 'word 2 is not valid UTF-8: is the terminal set to UTF-8?' find мария $'\xff'
	fails 64 '"e" is one word too many: pps find WORD …' find a b c d e
}

@test "find shows fifty at most, and says so" {
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51)
		INSERT INTO client (name, phone, search, created_at) SELECT 'К' || i, '+7903' || (1000000 + i), 'к' || i, 1 FROM n"
	warns 'only the first 50 are shown: say more words' find к
	[ "$(wc -l <.out)" -eq 51 ]
}

# bats test_tags=long
@test "show: the card with all trips; one trip; by what people type" {
	maria --salutation 'Мария Ивановна' --external-id 77
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027 --destination Дубай
	ok cancel-trip T2
	local words
	for words in C1 c1 77 '8 903 123-45-67' '+79031234567' 'иванова мария'; do
		ok show "$words"
		out <<-'E'
			C1 Мария Иванова, +7 903 123-45-67, maria@example.com
			  salutation: Мария Ивановна
			  external id: 77
			T1 Анталья, 10.12.2026 06:40 - 20.12.2026
			T2 Дубай, 10.02.2027 - 20.02.2027 (cancelled)
			pps timeline TRIP shows what is planned and what was done
		E
	done
	ok show C1 --json
	json pps.show/1 client.id C1 trips# 2 'trips[0].id' T1 'trips[0].manager' anna 'trips[1].cancelled' true
	ok show t1
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager anna'
}

@test "show and timeline: every slip" {
	maria
	fails 66 'there is no client C9: look for them with pps find' show C9
	fails 66 'there is no trip T9: look for it with pps find' show T9
	fails 66 'no client fits "Сидоров": look for them with pps find' show Сидоров
	fails 66 'no client fits "": look for them with pps find' show ''
	fails 66 'there is no trip T9: look for it with pps find' timeline T9
	fails 66 'no client fits "T1x": look for them with pps find' timeline T1x
	fails 66 'no client fits "T99999999999999999999": look for them with pps find' show T99999999999999999999
	ok add-client --name 'Пётр Иванов' --phone 89031112233 --departure +20d --return +30d
	fails 65 '"иванов" fits several clients, say which: C1 Мария Иванова, C2 Пётр Иванов' show иванов
	ok cancel-trip T1
	fails 66 'C1 has no current trip: pps show C1 lists all' timeline Мария
}

@test "timeline: by trip and by client" {
	maria
	ok timeline T1
	cp .out by-trip
	ok timeline Иванова
	cmp by-trip .out
	ok timeline Иванова --json
	json pps.timeline/1 client.id C1 trip.id T1 actions# 14
}

# bats test_tags=long
@test "no blanks at the ends of lines" {
	maria
	at '2026-12-09 12:00'
	ok tick
	for command in 'show T1' 'timeline T1' today report 'report --checklist' log 'staff list' 'find мария'; do
		# shellcheck disable=SC2086 # words
		ok $command
		no_line ' $' || return 1
	done
}

# ---- why ----

@test "why: planned, due, waiting for its cut-off" {
	maria
	ok why A4
	out <<-'E'
		A4 Pre-flight call, T1: planned
		due:     2026-12-09 10:00 (Europe/Moscow), by call
		rule:    departure -1 d at 10:00; not after departure at 13:00 (-180 min when its hour is known); moved to a working day, earlier; becomes an SMS when not ticked by departure -1 d at 16:00; again when its date moves
		cut-off: 2026-12-09 16:00, then by SMS
	E
	ok why T1/packing
	out <<-'E'
		A2 Packing tips, T1: will go by itself
		due:     2026-12-03 10:00 (Europe/Moscow), by e-mail
		rule:    purchase +2 d at 10:00; not before departure -14 d at 10:00; not after departure -1 d at 20:00; once in 14 d
		expires: 2026-12-09 20:00
	E
	at '2026-12-09 12:00'
	ok why A4
	sed -i 2,\$d .out
	out 'A4 Pre-flight call, T1: to be done today'
	at '2026-12-11 12:00'
	ok why A4
	sed -i 2,\$d .out
	out 'A4 Pre-flight call, T1: not ticked'
}

# because ACTION TEXT: the first line of why.
because() {
	ok why "$1"
	sed -i 2,\$d .out
	out "$2"
}

# bats test_tags=long
@test "why: each kind of state" {
	maria
	because A1 'A1 Thank you, T1: goes with the next tick when its hour has come'
	ok tick
	because A1 'A1 Thank you, T1: sent'
	ok why A1
	line 'sent:    2026-12-01 14:00'
	at '2026-12-04 12:00'
	because A2 'A2 Packing tips, T1: due but not sent: does the tick run?'
	at '2026-12-09 20:00'
	ok tick
	because A2 'A2 Packing tips, T1: missed: its time passed unsent (in its time no tick ran, or its gateway was down)'
	because A4 'A4 Pre-flight call, T1: saved by SMS: not called by 2026-12-09 16:00'
	warns 'note: it was planned for a later day; was it the right one?' done T1/office-call --note 'рады'
	because A8 'A8 Call: invite to the office, T1: done: reached, by anna'
	ok skip A9 --note 'не надо'
	because A9 'A9 Loyalty programme, T1: not to be done (skipped by anna: не надо)'
	ok cancel-trip T1
	because A10 'A10 Story of a referred client, T1: not to be done (the trip is cancelled)'
	ok why T1/office-visit
	out <<-'E'
		Visit to the office, T1: waits until the visit is agreed
		rule:    visit at 11:00 (+0 min when its hour is known)
	E
}

@test "why: merged, dropped, by another way" {
	ok add-client --name 'Ева' --phone 89031112233 --departure +1d --return +5d
	because A2 'A2 Packing tips, T1: not to be done (merged into thank-you: bought 1 day before the departure)'
	because A3 'A3 Photo challenge, T1: not to be done (dropped: bought 1 day before the departure)'
	because A1 'A1 Thank you, T1: goes with the next tick when its hour has come (by SMS: the client has no e-mail address)'
	because A10 'A10 Story of a referred client, T1: not to be done (dropped: the client has no e-mail address)'
}

# bats test_tags=long
@test "why: who put it off, held it, let it go, and when; what was taken back is not said" {
	maria
	AS=boris
	at '2026-12-02 10:00'
	ok hold A9 --note 'просят подождать'
	at '2026-12-03 11:00'
	ok snooze A9 --to 28.12.2026
	ok why A9
	line 'held:    2026-12-02 10:00 by boris: просят подождать'
	line 'snoozed: 2026-12-03 11:00 by boris, to 2026-12-28 10:00'
	AS=anna
	ok release A9
	ok undo A9
	ok why A9
	no_line released
	at '2026-12-04 09:30'
	ok release A9
	ok why A9
	tail -n 3 .out >.last
	mv .last .out
	out <<-'E'
		held:    2026-12-02 10:00 by boris: просят подождать
		snoozed: 2026-12-03 11:00 by boris, to 2026-12-28 10:00
		released: 2026-12-04 09:30 by anna
	E
	ok skip A4 --note 'сам позвонил'
	ok why A4
	line 'A4 Pre-flight call, T1: skipped (skipped by anna: сам позвонил)'
	line 'skipped: 2026-12-04 09:30 by anna'
	ok skip A10
	ok why A10
	line 'skipped: 2026-12-04 09:30 by anna'
	ok undo A10
	ok why A10
	no_line skipped
}

# bats test_tags=long
@test "why --json, and every slip" {
	maria
	ok why T1/preflight --json
	json pps.why/1 action.id A4 action.client C1 action.manager anna action.state pending
	ok why T1/office-visit --json
	json pps.why/1 why $'Visit to the office, T1: waits until the visit is agreed\nrule:    visit at 11:00 (+0 min when its hour is known)\n'
	fails 66 'there is no action A99: pps timeline TRIP lists them' why A99
	fails 66 'T1 has no step "packin": did you mean packing?' why T1/packin
	fails 66 'there is no trip T9: look for it with pps find' why T9/packing
	fails 65 '"x" does not name an action: write A156, or T34/preflight' why x
	fails 66 'no client fits "zzz": look for them with pps find' why zzz/packing
}

# ---- log ----

# bats test_tags=long
@test "log: who did what and when, the newest first" {
	maria
	ok tick
	AS=boris ok skip A7 --note 'секрет'
	ok cancel-trip T1 --reason 'болезнь'
	ok log
	line '2026-12-01 14:00  anna    cancel-trip  C1      T1             болезнь'
	[ "$(sed -n 2p .out | awk '{ print $4 }')" = cancel-trip ]
	[ "$(sed -n 3p .out | awk '{ print $3, $4, $5 }')" = 'boris skip C1' ]
	[ "$(sed -n 4p .out | awk '{ print $3, $4 }')" = 'tick sent' ]
	grep -q '  staff-add ' .out
	ok log --json
	json pps.log/1 entries# 7 'entries[0].actor' anna 'entries[0].verb' cancel-trip 'entries[0].client' C1 \
		'entries[0].trip' T1 'entries[0].action' null 'entries[0].at' 2026-12-01T14:00:00+03:00 'entries[0].detail' болезнь \
		'entries[1].action' A7
}

# bats test_tags=long
@test "log: of a client, a trip, an action, a person; so many lines" {
	maria
	ok tick
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	ok log T2 --json
	json pps.log/1 entries# 1 'entries[0].verb' add-trip
	ok log A1 --json
	json pps.log/1 entries# 1 'entries[0].verb' sent 'entries[0].actor' tick
	ok skip T1/packing --note 'собирается сама'
	ok log T1/packing
	line '2026-12-01 14:00  anna  skip  C1      T1     A2      was pending: собирается сама'
	ok undo A2
	ok log --by tick --json
	json pps.log/1 entries# 1
	ok log --by anna --limit 1 --json
	json pps.log/1 entries# 1 'entries[0].verb' undo
	ok log Иванова --json
	json pps.log/1 entries# 5
}

@test "log: every slip" {
	local wrong
	for wrong in 0 -1 x '' 100001; do
		fails 64 '--limit: a number from 1 to 100000' log --limit "$wrong"
	done
	fails 66 'no client fits "x": look for them with pps find' log x
	ok log --by nobody --json
	json pps.log/1 entries# 0
}

@test "the audit log can only grow" {
	maria
	run sqlite3 pps.db "UPDATE audit SET actor = 'x'"
	[ "$status" -ne 0 ]
	run sqlite3 pps.db 'DELETE FROM audit'
	[ "$status" -ne 0 ]
}
