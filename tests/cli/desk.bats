#!/usr/bin/env bats
# Every day at the desk: today, script, done, skip, undo.

load helpers

# The morning of the pre-flight call, with the letters sent as they were due.
preflight_day() {
	maria
	ok tick
	at '2026-12-03 10:00'
	ok tick
	at '2026-12-08 10:00'
	ok tick
	at '2026-12-09 12:00'
}

# ---- today ----

@test "today: whom to call, with the phone number; overdue first of all" {
	preflight_day
	ok today
	out <<-'E'
		manager  action  due               by    step             client         phone             about                   why
		anna     A4      2026-12-09 10:00  call  Pre-flight call  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  to be done today

		pps script A4 shows the words, pps done A4 ticks it off
	E
	ok done A4
	at '2026-12-24 12:00'
	ok today --json
	json pps.today/1 rows# 1 'rows[0].id' A8 'rows[0].client' C1 'rows[0].client_name' 'Мария Иванова' \
		'rows[0].phone' '"+79031234567"' 'rows[0].days_late' 2 'rows[0].colour' red 'rows[0].why' 'not ticked' \
		'rows[0].manager' anna 'rows[0].email' maria@example.com 'rows[0].destination' Анталья
}

# bats test_tags=long
@test "today: one manager's, and nobody's first" {
	preflight_day
	ok add-client --name 'Ян' --phone 89031112233 --departure +1d --return +5d --manager ''
	ok today
	sed -n 2p .out >.first
	grep -q '^(nobody)  A18 .*Ян .*nobody.s work: give the trip a manager' .first
	ok today --manager anna
	no_line Ян
	ok today --manager boris
	out 'nobody is to be called today'
	fails 66 '--manager: nobody has the login "bob": there are anna, boris, olga' today --manager bob
}

@test "today, report, doctor: what is due and seen by no tick is red after two hours of work, and not in the night" {
	local unseen='last tick: 2026-12-01 14:00; letters and SMS have waited for the next one since 2026-12-03 10:00: run pps tick, and see why cron does not'
	maria
	ok tick
	sql "UPDATE setting SET value = strftime('%s', '2026-12-02 20:00') WHERE key = 'last_tick_at'"
	unseen=${unseen/2026-12-01 14:00/2026-12-02 23:00}
	at '2026-12-03 11:59' # the packing tips are due at 10:00
	ok today
	no_line 'last tick'
	ok report
	line 'last tick: 2026-12-02 23:00'
	at '2026-12-03 12:00'
	for words in today report 'report --overdue' 'report --checklist'; do
		ok $words
		line "$unseen" || return 1
	done
	ok today --color always
	grep -qF $'\e[31m'"$unseen"$'\e[0m' .out
	ok today --json
	json pps.today/1 last_tick 2026-12-02T23:00:00+03:00 unseen_since 2026-12-03T10:00:00+03:00
	answers 1 report --exit-code
	answers 78 doctor
	line "FAULT  tick          $unseen"
	ok tick
	ok today
	no_line 'last tick'
	# Nothing has become due since: no tick is missed.
	at '2026-12-04 13:00'
	ok report --json
	json pps.report/1 unseen_since null
}

@test "today: due in the evening, and the machine was off: two hours of the next working day" {
	maria
	ok tick
	at '2026-12-04 19:30' # a Friday
	ok edit-client C1 --phone '8 903 999-88-77'
	sql "UPDATE setting SET value = strftime('%s', '2026-12-04 16:00') WHERE key = 'last_tick_at';
		UPDATE action SET due_at = strftime('%s', '2026-12-04 16:30'), next_attempt_at = strftime('%s', '2026-12-04 16:30') WHERE step = 'packing'"
	at '2026-12-07 11:20'
	ok today
	no_line 'last tick'
	at '2026-12-07 11:31' # half an hour on Friday, and an hour and a half today
	ok today
	line 'last tick: 2026-12-04 19:00, 2 days ago: nothing is sent while it does not run'
}

@test "report --checklist: days of another year have their year, and what is held back its sign" {
	at '2026-12-20 10:00'
	ok add-client --name 'Ян' --email yan@example.com --departure 28.12.2026 --return 08.01.2027 --destination Вена
	ok tick
	ok hold T1/loyalty
	ok report --checklist
	grep -q '^T1 .* 28.12  *08.01.27  anna .* 11.01.27 =' .out
	line '= held back   - not to be done   merged: said in another message   a date alone: planned'
	[ "$(awk '{ if (length($0) > n) n = length($0) } END { print n }' < <(tail -n 4 .out))" -le 100 ]
}

@test "today: columns align whatever the alphabet" {
	local name n=0
	for name in 'Ян' 'Константин Константинопольский' 'Jo' '王小明' $'Сёмина е\u0308'; do
		n=$((n + 1))
		ok add-client --name "$name" --phone "890311122$n$n" --departure 10.12.2026 --return 20.12.2026 --destination "Город $n"
	done
	at '2026-12-09 12:00'
	ok today
	# Where the last column begins, counted in columns of a terminal: the same in every row.
	[ "$(/usr/bin/python3 -c '
import sys, unicodedata
def width(s): return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in s)
rows = open(".out", encoding="utf-8").read().split("\n")[:6]
print(len({width(r[:r.index(w)]) for r, w in zip(rows, ["about "] + ["T%d 10.12" % i for i in range(1, 6)])}))')" -eq 1 ]
	# The checklist has many columns, so a long name is cut there.
	ok report --checklist
	grep -q '^T2 !  Константин Константин…  Город 2 ' .out
}

# ---- script ----

# bats test_tags=long
@test "script: the words for the call, filled in" {
	preflight_day
	ok script A4
	line 'Мария Иванова, +7 903 123-45-67'
	line 'Вылет: завтра, в четверг, 10 декабря, в 06:40'
	line '«Здравствуйте, Мария! Это Анна Петрова, Тёплые страны.'
	line 'tick it off: pps done A4   (nobody there: pps done … --outcome no-answer)'
	no_line '\{\{|\}\}'
	ok script T1/preflight --json
	json pps.script/1 action.id A4 action.step preflight action.client C1 action.manager anna
	grep -q 'Вылет: завтра, в четверг, 10 декабря, в 06:40' .out
}

@test "script: in the client's language; after the call without the tick-off line" {
	maria
	ok edit-client C1 --lang en --salutation Maria
	ok script T1/office-call
	no_line '[А-Я]{3}'
	grep -q 'Мария Иванова' .out   # above the words, as on the card
	at '2026-12-22 12:00'
	ok done T1/office-call
	ok script T1/office-call
	no_line 'tick it off'
}

@test "script: every slip" {
	maria
	fails 77 'A1 is an e-mail and needs no script: it goes by itself' script A1
	fails 77 'A5 is an SMS and needs no script: it goes by itself' script T1/bon-voyage
	fails 66 'there is no action A99: pps timeline TRIP lists them' script A99
	fails 66 'T1 has no step "preflite": did you mean preflight?' script T1/preflite
	fails 66 'T1 has no step "xyz": pps timeline T1 lists them' script T1/xyz
	fails 66 'there is no trip T9: look for it with pps find' script T9/preflight
	fails 65 '"preflight" does not name an action: write A156, or T34/preflight' script preflight
	fails 65 '"T1" does not name an action: pps timeline T1 lists them' done T1
	fails 65 '"A" does not name an action: write A156, or T34/preflight' script A
	fails 65 '"A99999999999999999999" does not name an action: write A156, or T34/preflight' script A99999999999999999999
}

@test "script: the agency's own words come first, and their faults are named" {
	preflight_day
	mkdir -p templates/scripts/ru
	echo 'Просто позвоните: {{client.name}}.' >templates/scripts/ru/preflight.md
	ok script A4
	line 'Просто позвоните: Мария Иванова.'
	echo '{{client.nmae}}' >templates/scripts/ru/preflight.md
	fails 65 './templates/scripts/ru/preflight.md:1:1: unknown variable "client.nmae": did you mean "client.name"?' script A4
}

# ---- done ----

# bats test_tags=long
@test "done: ticked off, and no SMS goes" {
	preflight_day
	ok done A4 --note 'всё готово'
	out 'A4 Pre-flight call, Мария Иванова, T1 Анталья: done, reached (pps undo A4 takes it back)'
	ok timeline T1
	line 'A4   2026-12-09 10:00  call    Pre-flight call             done 2026-12-09 12:00 by anna  reached: всё готово'
	ok today
	out 'nobody is to be called today'
	at '2026-12-09 16:05'
	ok tick
	out 'nothing was due'
	ok log T1 --limit 1
	line '2026-12-09 12:00  anna  done  C1      T1     A4      reached'
}

@test "done --json, with an outcome" {
	preflight_day
	ok done T1/preflight --outcome refused --json
	json pps.done/1 closed false action.id A4 action.trip T1 action.client C1 action.manager anna action.state pending \
		action.outcome refused action.cause declined action.fallback_at 2026-12-09T16:00:00+03:00 remark null
	ok done T1/office-call --outcome refused --json
	json pps.done/1 closed true action.id A8 action.trip T1 action.client C1 action.manager anna action.state done \
		action.outcome refused action.done 2026-12-09T12:00:00+03:00 action.done_by anna action.note null
}

# bats test_tags=long
@test "no-answer stays on the list, and the SMS goes after the cut-off" {
	preflight_day
	ok done A4 --outcome no-answer
	out 'A4 Pre-flight call, Мария Иванова, T1 Анталья: no answer at 2026-12-09 12:00, try 1 of 3; next try Wed 2026-12-09 14:00'
	at '2026-12-09 13:30'
	ok done A4 --outcome no-answer --json
	json pps.done/1 closed false action.state pending action.attempts 2 action.cause no_answer \
		action.reason 'no answer at 2026-12-09 13:30, try 2 of 3'
	ok today
	grep -qF 'to be done today (no answer at 2026-12-09 13:30, try 2 of 3)' .out
	at '2026-12-09 16:00'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
}

# bats test_tags=long
@test "a wrong number: no SMS goes, letters take their place, and the call stays red until the right one is known" {
	preflight_day
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	ok done A4 --outcome wrong-number
	out 'A4 Pre-flight call, Мария Иванова, T1 Анталья: wrong number: find the right one, then pps edit-client C1 --phone …; it stays on the list'
	# Whatever else is edited, and for every trip.
	ok edit-trip T1 --note 'x' --manager boris
	ok edit-client C1 --note 'ищем номер' --email new@example.com
	ok edit-trip T1 --manager anna
	[ "$(sql "SELECT count(*) FROM action WHERE channel = 'sms'")" -eq 0 ]
	[ "$(sql "SELECT count(*) FROM action WHERE fallback_channel = 'sms'")" -eq 0 ]
	ok report --json
	json pps.report/1 rows# 1 'rows[0].id' A4 'rows[0].colour' red 'rows[0].cause' wrong_number
	at '2026-12-09 19:35'
	ok tick
	[ "$(find outbox -name '*.txt' | wc -l)" -eq 0 ]
	[ "$(find outbox -name '*-A5-bon-voyage.eml' | wc -l)" -eq 1 ]
	ok edit-client C1 --phone '8 903 999-88-77'
	ok timeline T1
	line 'A6   2026-12-20 12:00  SMS     Welcome back                pending'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
	[ "$(find outbox -name '*.txt' | wc -l)" -eq 1 ]
	grep -qxF 'To: +79039998877' outbox/*-A4-preflight.txt
}

@test "a number that is wrong gets no pre-flight SMS of another trip, although its cut-off has passed" {
	maria
	ok tick
	at '2026-12-09 17:00'
	ok add-trip C1 --departure '2026-12-09 23:30' --return 2026-12-20 --allow-duplicate
	at '2026-12-09 18:20'
	ok done T1/preflight --outcome wrong-number
	at '2026-12-09 19:00'
	ok tick --verbose
	[ "$(sent '*.txt')" -eq 0 ]
	[ "$(sent '*-A18-preflight.eml')" -eq 1 ]
}

# bats test_tags=long
@test "a wrong number without an e-mail address: nothing goes, and it is red" {
	ok add-client --name 'Ян' --phone 89031112233 --departure 10.12.2026 --return 20.12.2026
	ok tick
	at '2026-12-09 12:00'
	ok tick
	ok done T1/preflight --outcome wrong-number
	local before
	before=$(find outbox -type f | wc -l)
	at '2026-12-10 09:00'
	ok tick
	[ "$(find outbox -type f | wc -l)" -eq "$before" ]
	ok report --json
	json pps.report/1 'rows[step=preflight].colour' red
}

@test "a wrong number is wrong on every card that has it" {
	preflight_day
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Пётр Иванов' --phone 89031234567 --email petr@example.com --departure 20.12.2026 --return 30.12.2026
	ok done A4 --outcome wrong-number
	[ "$(sql "SELECT count(*) FROM action WHERE channel = 'sms' AND state = 'pending'")" -eq 0 ]
	ok undo A4
	[ "$(sql "SELECT count(*) FROM action WHERE channel = 'sms' AND state = 'pending'")" -eq 4 ]
}

# A family on one phone: who looks at the other trip must find that nobody can be called there.
family() {
	at '2026-12-01 10:00'
	ok add-client --name 'Мама' --phone 89051111111 --departure '04.12.2026 09:00' --return 14.12.2026
	answers 0 add-client --name 'Сын' --phone 89051111111 --departure '05.12.2026 09:00' --return 14.12.2026
	at '2026-12-03 10:10'
	ok done T1/preflight --outcome wrong-number
}

@test "a wrong number leaves the calls of a relative as work: someone has to find the right one" {
	family
	line 'C2 Сын has the same number: nobody is reached by it there, either'
	ok timeline T2
	grep -q "^A18 .*call .*Pre-flight call .*pending .*the client's number is wrong: find the right one" .out
	at '2026-12-05 10:00'
	ok report --json
	json pps.report/1 'rows[id=A18].colour' red 'rows[id=A18].cause' null
}

@test "a number that was called wrong is right again: given once more, or reached after all" {
	family
	ok edit-client C2 --phone 89051111111
	grep -q '^C2 Сын, +7 905 111-11-11$' .out
	[ "$(sql 'SELECT sum(phone_wrong) FROM client')" -eq 0 ]
	ok timeline T2
	grep -q '^A19 .*SMS .*Bon voyage .*pending' .out
	ok timeline T1
	grep -q '^A4 .*call .*Pre-flight call .*pending  *SMS after' .out
	ok done T1/preflight --outcome wrong-number
	ok done T2/preflight
	[ "$(sql 'SELECT sum(phone_wrong) FROM client')" -eq 0 ]
}

# bats test_tags=long
@test "done --visit plans the visit; came and did-not-come" {
	preflight_day
	ok done A4
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '24.12.2026 15:00' --note 'очень довольна'
	out <<-'E'
		A8 Call: invite to the office, Мария Иванова, T1 Анталья: done, reached (pps undo A8 takes it back)
		the visit: Thu 2026-12-24 15:00
	E
	ok timeline T1
	line 'A15  2026-12-24 15:00  visit   Visit to the office         pending'
	at '2026-12-24 12:00'
	ok today
	line 'anna     A15     2026-12-24 15:00  visit  Visit to the office  Мария Иванова  +7 903 123-45-67  T1 10.12 Анталья  to be done today'
	ok script T1/office-visit
	line 'Встреча: 24 декабря, 15:00'
	line 'tick it off: pps done A15'
	ok done A15 --outcome did-not-come
	line 'A15 Visit to the office, Мария Иванова, T1 Анталья: did-not-come at 2026-12-24 12:00, try 1; it stays on the list'
	line 'the visit: Thu 2026-12-24 15:00'
	ok done A15
	line 'A15 Visit to the office, Мария Иванова, T1 Анталья: done, came (pps undo A15 takes it back)'
}

# bats test_tags=long
@test "a visit that did not happen is agreed anew" {
	preflight_day
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '24.12.2026 15:00'
	at '2026-12-24 16:00'
	ok done T1/office-visit --outcome did-not-come --visit '28.12.2026 12:00'
	line 'A15 Visit to the office, Мария Иванова, T1 Анталья: did not come on 2026-12-24; the visit is now Mon 2026-12-28 12:00 (pps undo A15 takes it back)'
	ok timeline T1 --json
	json pps.timeline/1 trip.visit 2026-12-28T12:00 'actions[step=office-visit].due_local' 2026-12-28T12:00 \
		'actions[step=office-visit].state' pending
}

@test "work that is ticked off before its day is remarked on" {
	maria
	warns 'note: it was planned for a later day; was it the right one?' done A8
	ok done A4 --quiet
}

# bats test_tags=long
@test "done: every slip, and nothing is changed" {
	preflight_day
	dump before
	fails 66 'there is no action A99: pps timeline TRIP lists them' done A99
	fails 77 'A6 is an SMS and goes by itself: pps skip A6 stops it' done A6
	fails 77 'A7 is an e-mail and goes by itself: pps skip A7 stops it' done T1/welcome-home
	fails 66 'T1 has no step "preflite": did you mean preflight?' done T1/preflite
	local outcomes='it is reached, no-answer, later, refused or wrong-number for a call; came, by-phone, refused or did-not-come for a visit; done for a task'
	fails 64 "outcome \"maybe\": $outcomes" done A4 --outcome maybe
	fails 64 "outcome \"came\": $outcomes" done A4 --outcome came
	fails 64 "outcome \"�\": $outcomes" done A4 --outcome $'\xff'
	fails 64 "outcome \"\": $outcomes" done A4 --outcome ''
	fails 64 '--visit belongs to a call in which the client was reached, or to did-not-come' done A4 --outcome no-answer --visit +3d
	fails 64 '--visit belongs to a call in which the client was reached, or to did-not-come' done A4 --outcome refused --visit +3d
	fails 65 'visit: that day has passed' done A8 --visit yesterday
	fails 65 'visit: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' done A8 --visit x
	fails 65 'note is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' done A4 --note $'\xff'
	fails 65 'note contains a control character (U+001B): type it again by hand' done A4 --note $'\e'
	fails 65 'note is too long: at most 2000 characters' done A4 --note "$(printf 'Ж%.0s' {1..2001})"
	unchanged before
}

# bats test_tags=long
@test "done twice, or after the SMS went: says what happened instead" {
	preflight_day
	AS=boris ok done A4
	fails 77 'A4 was ticked off already, by boris at 2026-12-09 12:00 (pps undo A4)' done A4
	fails 77 'A4 was ticked off already, by boris at 2026-12-09 12:00 (pps undo A4)' skip A4
	ok undo A4
	at '2026-12-09 16:05'
	ok tick
	fails 77 'A4 went out by SMS: only that they were reached as well can be noted (pps done A4)' done A4 --outcome no-answer
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' done A1
	ok cancel-trip T1
	fails 77 'A8 is cancelled: the trip is cancelled' done A8
}

# ---- skip ----

# bats test_tags=long
@test "skip: a letter that shall not go, a call that shall not be made" {
	preflight_day
	ok skip T1/welcome-home --note 'просила не писать'
	out 'A7 Welcome home, Мария Иванова, T1 Анталья: will not be done (pps undo A7 takes it back)'
	ok skip A8 --json
	json pps.skip/1 action.id A8 action.client C1 action.manager anna action.state skipped action.cause by_person \
		action.reason 'skipped by anna' action.done_by anna
	ok timeline T1
	line 'A7   -                 -       Welcome home                cancelled              skipped by anna: просила не писать'
	line 'A8   -                 -       Call: invite to the office  skipped                skipped by anna'
	at '2026-12-21 10:00'
	ok tick
	[ "$(find outbox -name '*welcome-home*' | wc -l)" -eq 0 ]
}

@test "a skipped step stays skipped when dates and addresses change" {
	maria
	ok skip T1/challenge
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	ok edit-client C1 --email new@example.org
	state 3 cancelled
}

# bats test_tags=long
@test "skip takes what is red off the list" {
	maria
	at '2026-12-12 12:00'
	ok tick
	ok report --json
	json pps.report/1 'rows[step=bon-voyage].state' missed
	for step in thank-you packing challenge preflight bon-voyage; do
		ok skip T1/$step
	done
	ok report
	line 'nothing is overdue'
}

# bats test_tags=long
@test "skip: every slip" {
	preflight_day
	dump before
	fails 66 'there is no action A99: pps timeline TRIP lists them' skip A99
	fails 77 'A1 went out by e-mail at 2026-12-01 14:00: nothing is left to be done' skip A1
	fails 65 'note is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' skip A7 --note $'\xff'
	fails 65 'note contains a control character (U+000A): type it again by hand' skip A7 --note $'a\nb'
	fails 64 'unknown option --outcome: see pps skip --help' skip A7 --outcome reached
	unchanged before
	ok skip A7
	fails 77 'A7 is cancelled: skipped by anna' skip A7
}

# ---- undo ----

# bats test_tags=long
@test "undo of done, by action, by step, and of one's own last" {
	preflight_day
	ok done A4
	ok undo A4
	out 'done of A4 (preflight) is taken back: it is pending again'
	state 4 pending
	ok done A4
	ok undo T1/preflight --json
	json pps.undo/1 undone 'done of A4 (preflight) is taken back: it is pending again'
	ok done A4
	AS=boris ok skip A7
	ok undo
	out 'done of A4 (preflight) is taken back: it is pending again'
	state 7 cancelled
	AS=boris ok undo
	out 'skip of A7 (welcome-home) is taken back: it is pending again'
	AS=boris fails 66 'nothing is left that boris could take back; what others did takes its number: pps undo T2' undo
}

# bats test_tags=long
@test "undo without a word means what was done last, and says so when that cannot be taken back" {
	preflight_day
	ok done A4
	ok edit-client C1 --note x
	fails 77 'your last work was edit-client, which undo does not take back (change it once more); before it came done: pps undo A4 takes that back' undo
	ok undo A4
	fails 66 'there is nothing to take back' undo
}

# bats test_tags=long
@test "undo is taken back step by step, and never twice" {
	preflight_day
	ok skip A7
	ok skip A8
	ok skip A9
	ok undo
	out 'skip of A9 (loyalty) is taken back: it is pending again'
	ok undo
	out 'skip of A8 (office-call) is taken back: it is pending again'
	ok undo
	out 'skip of A7 (welcome-home) is taken back: it is pending again'
	fails 77 'your last work was add-client of T1, which undo does not take back: pps cancel-trip T1 ends it, pps edit-trip T1 changes it' undo
	fails 66 'there is nothing to take back' undo A7
}

@test "undo of a call brings the cut-off back" {
	preflight_day
	ok done A4
	at '2026-12-09 15:00'
	ok undo A4
	at '2026-12-09 16:05'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
	fails 66 'there is nothing to take back' undo A4
}

@test "what has gone out since then cannot be taken back" {
	preflight_day
	ok done A4 --outcome no-answer
	at '2026-12-09 16:05'
	ok tick
	fails 77 'A4 is sent since then: it cannot be taken back' undo A4
}

@test "undo of a tick-off takes the agreed visit and the note back, too" {
	preflight_day
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '24.12.2026 15:00' --note 'очень довольна'
	ok undo T1/office-call
	ok timeline T1 --json
	json pps.timeline/1 trip.visit null 'actions[step=office-call].state' pending \
		'actions[step=office-call].note' null 'actions[step=office-call].outcome' null \
		'actions[step=office-visit].state' cancelled
}

@test "undo of no-answer and of wrong-number" {
	preflight_day
	ok done A4 --outcome no-answer
	ok undo A4
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=preflight].attempts' 0 'actions[step=preflight].reason' null \
		'actions[step=preflight].cause' null
	ok done A4 --outcome wrong-number
	ok undo A4
	# The number is right after all.
	ok timeline T1
	line 'A4   2026-12-09 10:00  call    Pre-flight call             pending                SMS after 2026-12-09 16:00'
	line 'A5   2026-12-09 19:30  SMS     Bon voyage                  pending'
}

@test "undo of a skip gives back what was there: a missed letter is missed again" {
	maria
	at '2026-12-12 12:00'
	ok tick
	state 5 missed
	ok skip T1/bon-voyage
	ok undo T1/bon-voyage
	out 'skip of A5 (bon-voyage) is taken back: it is missed again'
	state 5 missed
}

@test "undo: every slip" {
	maria
	dump before
	fails 77 'your last work was add-client of T1, which undo does not take back: pps cancel-trip T1 ends it, pps edit-trip T1 changes it' undo
	fails 66 'there is nothing to take back' undo A4
	fails 66 'there is nothing to take back' undo T1
	fails 66 'there is no action A99: pps timeline TRIP lists them' undo A99
	fails 65 '"everything" does not name what was done: write its number, such as A156, T34 or C5, which pps log shows' undo everything
	unchanged before
}

@test "undo: each undo belongs to one entry, in whatever order they come" {
	maria
	at '2026-12-09 10:30'
	ok done A4
	ok skip A5
	ok undo A4
	ok undo
	out 'skip of A5 (bon-voyage) is taken back: it is pending again'
	fails 77 'your last work was add-client of T1, which undo does not take back: pps cancel-trip T1 ends it, pps edit-trip T1 changes it' undo
}

@test "undo of a tick-off in a cancelled trip: the trip comes back first" {
	maria
	at '2026-12-09 10:30'
	ok done A4
	ok cancel-trip T1
	fails 77 'T1 is cancelled: pps undo T1 brings it back first' undo A4
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'pending'")" -eq 0 ]
	ok undo T1
	state 4 done
	ok undo A4
	state 4 pending
}
