#!/usr/bin/env bats
# Between trips: birthdays, holidays, a pause that is over, and what comes a year after a trip.

load helpers
load playbooks

# born DATE [ARG...]: Мария with this birthday, whose trip was in the summer.
born() {
	local birthday=$1
	shift
	HOLIDAYS='"new-year": "06-20"'
	playbook "$THANKS" "$BIRTHDAY" "$NEW_YEAR"
	at '2026-06-01 12:00'
	maria_in_summer --birthday "$birthday" "$@"
	ok tick
	rm -r outbox
}

maria_in_summer() {
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --email maria@example.com \
		--purchase 2026-06-01 --departure 10.07.2026 --return 20.07.2026 "$@"
}

greetings() {
	sql "SELECT title || ' ' || day FROM occasion WHERE kind = 'greeting' ORDER BY client_id, day"
}

# ---- birthdays ----

@test "a birthday letter goes on the morning of the day, once, and once a year" {
	born 1985-12-03
	at '2026-11-30 12:00'
	ok tick
	[ -z "$(greetings)" ]
	at '2026-12-01 12:00'
	ok tick
	[ "$(greetings)" = 'birthday 2026-12-03' ]
	ok timeline Y2
	line 'Y2 greeting: birthday, 03.12.2026, manager anna'
	line 'A2  2026-12-03 10:00  e-mail  Birthday  pending'
	no_line 'New Year|waits'
	at '2026-12-03 09:50'
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 0 ]
	at '2026-12-03 10:00'
	ok tick
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 1 ]
	letter outbox/*-birthday.eml >.out
	line 'To: Мария Иванова <maria@example.com>'
	at '2026-12-04 10:00'
	ok tick
	[ "$(greetings)" = 'birthday 2026-12-03' ]
	at '2027-12-02 10:00'
	ok tick --accept-clock
	[ "$(sql "SELECT count(*) FROM occasion WHERE title = 'birthday'")" -eq 2 ]
	ok log Y2
	line '2026-12-01 12:00  tick  greeting  C1      Y2             birthday'
}

@test "29 February: on the 28th, or on 1 March if the agency says so; in a leap year on its day" {
	born 1988-02-29
	at '2027-02-26 12:00'
	ok tick --accept-clock
	[ "$(greetings)" = 'birthday 2027-02-28' ]
	at '2028-02-27 12:00'
	ok tick --accept-clock
	[ "$(greetings | tail -1)" = 'birthday 2028-02-29' ]
	echo '{"birthday_feb29": "mar1"}' >pps.json
	at '2029-02-28 12:00'
	ok tick --accept-clock
	[ "$(greetings | tail -1)" = 'birthday 2029-03-01' ]
	echo '{"birthday_feb29": "29feb"}' >pps.json
	fails 78 './pps.json:1:20: "birthday_feb29" is "29feb", but must be feb28 or mar1' tick
}

@test "the tick could not run: a greeting is late within its grace, and never later" {
	born 1985-12-03
	at '2026-11-25 12:00'
	ok tick
	at '2026-12-04 12:00' # a day late: that is the grace
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 1 ]
	ok add-client --name 'Ева' --email eva@example.com --birthday 1990-12-08 --departure +20d --return +30d
	at '2026-12-10 12:00' # two days late
	ok tick
	[ "$(greetings)" = 'birthday 2026-12-03' ]
	# Nor for who was entered after the day.
	at '2026-12-11 12:00'
	ok add-client --name 'Ян' --email jan@example.com --birthday 1990-12-10 --departure +20d --return +30d
	ok tick
	[ "$(greetings)" = 'birthday 2026-12-03' ]
	# Whose birthday is today gets it today, however late they were entered.
	ok add-client --name 'Яна' --email jana@example.com --birthday 1990-12-11 --departure +20d --return +30d
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 2 ]
}

@test "who is entered when the day is over has missed nothing" {
	playbook "$THANKS" "${BIRTHDAY/\"days\": 1/\"days\": 0}"
	at '2026-12-11 20:59'
	ok add-client --name 'Ян' --email jan@example.com --birthday 1990-12-11 --departure +20d --return +30d
	at '2026-12-11 21:00'
	ok tick
	[ -z "$(greetings)" ]
	ok report
	line 'nothing is overdue'
}

@test "a complaint keeps the greeting back: it goes when it is solved in time, and is dropped after its grace" {
	born 1985-12-03
	ok add-client --name 'Ева' --email eva@example.com --birthday 1990-12-03 --departure 10.07.2026 --return 20.07.2026
	at '2026-12-01 12:00'
	sql "INSERT INTO occasion (client_id, kind, title, opened, playbook_version, created_at)
		SELECT id, 'complaint', 'шумный номер', '2026-11-30 10:00', 1, 0 FROM client"
	ok tick
	at '2026-12-03 12:00'
	ok tick
	[ "$(sql "SELECT state || ' ' || cause FROM action WHERE step = 'birthday'")" = $'held complaint\nheld complaint' ]
	sql "UPDATE occasion SET resolved = '2026-12-03 12:00' WHERE kind = 'complaint' AND client_id = 1"
	ok edit-client C1 --note x
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 1 ]
	at '2026-12-04 21:30'
	ok tick
	[ "$(sql "SELECT state FROM action WHERE step = 'birthday'")" = $'sent\ncancelled' ]
	[ "$(sent '*-birthday.eml')" -eq 1 ]
}

@test "only who was sold something and can be reached; a cancelled sale is none" {
	playbook "$THANKS" "$BIRTHDAY"
	ok add-client --name 'Без почты' --phone 89031112233 --birthday 1990-12-02 --departure +20d --return +30d
	ok add-client --name 'Отменил' --email o@example.com --birthday 1990-12-02 --departure +20d --return +30d
	ok cancel-trip T2
	ok add-client --name 'Младенец' --email m@example.com --birthday 2026-11-30 --departure +20d --return +30d
	sql "UPDATE client SET birthday = '2026-12-02' WHERE id = 3"
	ok tick
	[ -z "$(greetings)" ]
	ok edit-client C1 --email b@example.com
	ok tick
	[ "$(greetings)" = 'birthday 2026-12-02' ]
	ok undo T2
	ok tick
	[ "$(greetings)" = $'birthday 2026-12-02\nbirthday 2026-12-02' ]
}

@test "not on a trip: and when the trip is cancelled, it goes after all" {
	born 1985-12-03
	at '2026-12-01 12:00'
	ok add-trip C1 --departure 02.12.2026 --return 08.12.2026
	ok tick
	ok timeline Y3
	line 'A3  -    -   Birthday  cancelled  dropped: the client is travelling that day'
	ok cancel-trip T2
	ok timeline Y3
	line 'A3  2026-12-03 10:00  e-mail  Birthday  pending'
}

@test "a birthday that is corrected takes its greeting along; one that is taken away ends it" {
	born 1985-12-03
	at '2026-12-01 12:00'
	ok tick
	ok edit-client C1 --birthday 1985-12-05
	ok timeline Y2
	line 'Y2 greeting: birthday, 05.12.2026, manager anna'
	line 'A2  2026-12-05 10:00  e-mail  Birthday  pending'
	ok edit-client C1 --birthday ''
	ok timeline Y2
	line 'A2  -    -   Birthday  cancelled  the birthday was taken off the card'
	at '2026-12-05 12:00'
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 0 ]
}

@test "an unknown time zone of one client stops nobody else" {
	playbook "$THANKS" "$BIRTHDAY"
	for name in a b c; do
		ok add-client --name "$name" --email $name@example.com --birthday 1990-12-02 --departure +20d --return +30d
	done
	sql "UPDATE client SET tz = 'Mars/Olympus' WHERE id = 2"
	answers 1 tick
	err 'pps: stuck, and the others went on: C2: unknown time zone "Mars/Olympus": use a name such as Europe/Moscow'
	[ "$(sql "SELECT client_id FROM occasion WHERE kind = 'greeting'")" = $'1\n3' ]
	sql "UPDATE client SET tz = NULL WHERE id = 2"
	ok tick
	[ "$(sql "SELECT count(*) FROM occasion WHERE kind = 'greeting'")" -eq 3 ]
}

@test "a backup that is put back makes no second greeting, also when it knows nothing of the first" {
	born 1985-12-03
	ok add-client --name 'Ева' --email eva@example.com --birthday 1990-12-06 --departure +20d --return +30d
	at '2026-11-30 12:00'
	ok tick
	cp pps.db before.db
	at '2026-12-01 12:00'
	ok tick
	cp pps.db copy.db
	at '2026-12-03 10:30'
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 1 ]
	for backup in copy.db before.db; do
		cp "$backup" pps.db
		at '2026-12-04 09:00'
		ok recover
		ok adopt
		ok tick
		[ "$(sent '*-birthday.eml')" -eq 1 ]
	done
	# What is still ahead goes as ever.
	[ "$(greetings)" = 'birthday 2026-12-06' ]
	at '2026-12-06 10:30'
	ok tick
	[ "$(sent '*-birthday.eml')" -eq 2 ]
}

# ---- holidays ----

@test "a holiday: everybody with a trip of the last three years, once" {
	HOLIDAYS='"new-year": "12-31"'
	playbook "$THANKS" "$NEW_YEAR"
	at '2023-11-01 12:00'
	ok add-client --name 'Давно' --email d@example.com --departure 05.11.2023 --return 15.11.2023
	ok add-client --name 'Недавно' --email n@example.com --departure 20.12.2023 --return 02.01.2024
	at '2026-12-28 12:00'
	ok add-client --name 'Новый' --email x@example.com --departure +20d --return +30d
	ok tick --accept-clock
	[ -z "$(greetings)" ]
	at '2026-12-29 12:00'
	ok tick
	[ "$(sql "SELECT client_id FROM occasion WHERE kind = 'greeting'")" = $'2\n3' ]
	# Who comes later is not forgotten.
	ok add-client --name 'Ещё' --email e@example.com --departure +20d --return +30d
	at '2026-12-30 12:00'
	ok tick
	[ "$(sql "SELECT client_id FROM occasion WHERE kind = 'greeting'")" = $'2\n3\n4' ]
	at '2026-12-31 12:00'
	ok tick
	[ "$(sent '*-new-year.eml')" -eq 3 ]
	at '2027-01-01 12:00'
	ok tick
	[ "$(sent '*-new-year.eml')" -eq 3 ]
}

@test "a holiday that moves: the dates of the list" {
	HOLIDAYS='"new-year": ["2027-05-02", "2028-04-16"]'
	playbook "$THANKS" "$NEW_YEAR"
	maria
	ok tick
	at '2027-05-01 12:00'
	ok tick --accept-clock
	[ "$(greetings)" = 'new-year 2027-05-02' ]
	at '2028-04-14 12:00'
	ok tick --accept-clock
	[ "$(greetings)" = $'new-year 2027-05-02\nnew-year 2028-04-16' ]
	pps doctor
	[ "$(grep -c '^note   holidays ' .out)" -eq 0 ]
	at '2028-04-17 12:00'
	pps doctor
	line 'note   holidays      "new-year" has no date in the coming year: add it to "holidays" in ./templates/playbook.json'
}

@test "many clients: a tick that dies in the middle goes on where it was" {
	HOLIDAYS='"new-year": "12-31"'
	playbook "$THANKS" "$NEW_YEAR"
	maria
	ok tick
	sql "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
		INSERT INTO client (id, name, email, search, created_at) SELECT i, 'К' || i, 'k' || i || '@example.com', 'k', 0 FROM n;
		INSERT INTO occasion (client_id, kind, purchase, departure, return, playbook_version, created_at)
		SELECT id, 'trip', '2026-11-01', '2026-11-02', '2026-11-09', 1, 0 FROM client WHERE id > 1"
	at '2026-12-29 12:00'
	killed_at fdatasync 4 tick
	first=$(greetings | wc -l)
	[ "$first" -eq 500 ] || [ "$first" -eq 0 ]
	ok tick
	[ "$(greetings | wc -l)" -eq 700 ]
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'new-year' AND state = 'pending'")" -eq 700 ]
	[ "$(sql "SELECT value FROM setting WHERE key = 'greeted_new-year'")" = '2026-12-31 700' ]
}

# ---- a pause ----

@test "a pause that is over: what was kept back goes, if it is still of use" {
	playbook "$THANKS" "$LOYALTY"
	maria
	ok tick
	sql "UPDATE client SET paused_until = '2026-12-25'"
	ok edit-client C1 --note x
	state 2 held
	at '2026-12-24 12:00'
	ok tick
	state 2 held
	[ "$(sent '*-loyalty.eml')" -eq 0 ]
	at '2026-12-25 12:00'
	ok tick
	[ "$(sent '*-loyalty.eml')" -eq 1 ]
	state 2 sent
}

@test "a pause that is over before the time of a letter lets it wait for its time" {
	playbook "$THANKS" "$LOYALTY"
	maria
	ok tick
	sql "UPDATE client SET paused_until = '2026-12-30'"
	ok edit-client C1 --note x
	sql "UPDATE client SET paused_until = '2026-12-05'"
	at '2026-12-05 12:00'
	ok tick
	state 2 pending
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty programme  pending'
}

# ---- a year later ----

@test "the anniversary of a trip waits from the start, and is not for who has bought again" {
	playbook "$THANKS" "$ANNIVERSARY"
	maria
	line 'A2  2027-12-06 10:00  e-mail  A year ago  pending'
	ok add-trip C1 --departure 10.08.2027 --return 20.08.2027
	ok timeline T1
	line 'A2  -                 -       A year ago  cancelled  dropped: the client has bought again'
	ok cancel-trip T2
	ok timeline T1
	line 'A2  2027-12-06 10:00  e-mail  A year ago  pending'
}
