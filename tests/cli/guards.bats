#!/usr/bin/env bats
# A tick looks before it leaps: the clock, the room on the disk, and whose turn it is. What happens when the database
# was copied or put back is in recover.bats.

load helpers

# The real clock, moved by libfaketime; the time since the boot stays what it is. The sanitised program cannot be
# preloaded, so these few run the plain one.
faked() {
	local how=$1
	shift
	NOW=''
	PPS=$BATS_TEST_DIRNAME/../../build/pps
	with FAKETIME_DONT_FAKE_MONOTONIC=1 "FAKETIME=$how" LD_PRELOAD="$(ls /usr/lib/*/faketime/libfaketime.so.1)"
	"$@"
}

BACK='nothing goes out: the clock has gone back since the last tick; if it is right now: pps tick --accept-clock'
AHEAD='nothing goes out: the clock has jumped ahead since the last tick; if it is right now: pps tick --accept-clock'

held() {
	answers 77 tick
	err "pps: $1"
	out ''
}

# A sale that is due now, by the real clock, and would be far too late in a year.
sale_today() {
	NOW=''
	PPS=$BATS_TEST_DIRNAME/../../build/pps
	ok add-client --name Мария --email maria@example.com --departure +30d --return +40d
}

@test "a clock that jumps ahead sends nothing and expires nothing" {
	faked +0 ok tick
	sale_today
	sql "UPDATE action SET stale = 1 WHERE id = 2" # changed while it was handed over: to be planned anew, but not now
	sqlite3 pps.db .dump | grep -v last_check >before
	local how
	for how in +2h +4d +20y; do
		faked "$how" held "$AHEAD"
		sqlite3 pps.db .dump | grep -v last_check | diff before -
	done
	[ "$(sent '*')" -eq 0 ]
	# Within the hour it may go on its own; and when it is right again all is as it was.
	faked +30m ok tick
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
}

@test "a clock that goes back holds everything, until it is right again or a person says that it is" {
	faked +0 ok tick
	sale_today
	faked -1d held "$BACK"
	faked -1d ok report
	line "$BACK"
	faked -1d ok adopt
	line "nothing goes out yet: ${BACK#nothing goes out: }"
	faked -1d held "$BACK"
	faked +0 ok report
	no_line 'goes out'
	faked @1970-01-02\ 00:00:00 held "$BACK"
	[ "$(sent '*')" -eq 0 ]
	faked +0 ok tick
	[ "$(sent '*')" -eq 1 ]
	faked -2m ok tick
	faked -1d ok tick --accept-clock
	faked -1d ok tick
}

@test "what a wrong clock made missed comes back when the clock is right" {
	faked +0 ok tick
	sale_today
	faked +90d ok tick --accept-clock
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'missed'")" -gt 3 ]
	faked +0 held "$BACK"
	faked +0 ok tick --accept-clock
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'missed' AND due_at > unixepoch()")" -eq 0 ]
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'pending' AND due_at > unixepoch()")" -gt 3 ]
	ok log
	grep -q 'accept-clock .*the clock has gone back' .out
}

@test "a dry run is held as the tick would be" {
	faked +0 ok tick
	faked +4d answers 77 tick --dry-run
	err "pps: $AHEAD"
}

@test "a hold by the clock is red in the reports until a tick runs again" {
	faked +0 ok tick
	faked -1d held "$BACK"
	answers 1 report --overdue --exit-code
	line "$BACK"
	ok report --json
	json pps.report/1 hold "\"${BACK#nothing goes out: }\""
	faked +0 ok tick
	ok report --overdue
	no_line 'nothing goes out'
}

@test "a mark of the clock that nobody of us wrote holds everything" {
	faked +0 ok tick
	local mark
	for mark in abc '' '-9223372036854775808 0 x' '1 9223372036854775807 y' 9999999999999999999999; do
		sql "UPDATE setting SET value = '$mark' WHERE key = 'clock_mark'"
		faked +0 held "$BACK"
	done
	faked +0 ok tick --accept-clock
	faked +0 ok tick
}

@test "a sent log that is no file: said at once, nothing hangs" {
	maria
	mkfifo pps.db.sent
	answers 74 tick
	err 'pps: cannot open the sent log pps.db.sent: Invalid argument'
	answers 74 adopt
	answers 74 recover
	state 1 pending
}

@test "--now says what time it is: no clock is held against it" {
	maria
	ok tick
	at '2036-12-01 14:00'
	ok tick
	at '2026-12-01 14:10'
	ok tick
}

# Runs its words with ./full as a file system of its own, of so many kilobytes.
on_small_disk() {
	local kb=$1 how=(unshare --mount)
	shift
	[ "$(id -u)" -eq 0 ] || how=(unshare --map-root-user --mount)
	mkdir -p full
	"${how[@]}" bash -c 'mount -t tmpfs -o size="$0"k none full && cp pps.db full && shift 0 && "$@"' "$kb" "$@"
}

@test "a disk that is almost full: nothing is begun, and the next tick goes on when there is room" {
	maria
	cat >story <<-'E'
		set -e
		p() { "$PPS" --db full/pps.db --now '2026-12-01 14:00' "$@"; }
		fallocate -l 8M full/in-the-way
		r=0; p tick >o 2>e || r=$?
		echo "$r $(cat o e)"
		ls full/outbox 2>/dev/null | wc -l
		rm full/in-the-way
		p tick
		ls full/outbox | wc -l
	E
	export PPS
	on_small_disk 24000 bash story >.out
	[ "$(cat .out)" = "77 pps: nothing goes out: the disk of the database is almost full: make room, the next tick goes on by itself
0
1 sent
1" ]
}

@test "a disk that is mounted read-only: one can look, nothing goes out; when it is writable, the next tick goes on" {
	maria
	cat >story <<-'E'
		set -e
		p() { "$PPS" --db full/pps.db --now '2026-12-01 14:00' "$@"; }
		mount -o remount,bind,ro full
		for words in tick 'done A4' backup; do
			r=0; p $words >o 2>e || r=$?
			echo "$words: $r $(cat o e)"
		done
		p show C1 | head -n 1
		p tick --dry-run
		ls full/outbox 2>/dev/null | wc -l
		mount -o remount,bind,rw full
		p tick
		ls full/outbox | wc -l
	E
	export PPS
	on_small_disk 24000 bash story >.out
	out <<-'E'
		tick: 74 pps: cannot open the lock full/pps.db.lock: Read-only file system
		done A4: 74 pps: cannot write the database full/pps.db: attempt to write a readonly database
		backup: 74 pps: cannot create the folder full/backups: Read-only file system
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		would send A1 thank-you e-mail T1
		dry run: 1 sent
		0
		1 sent
		1
	E
}

# ---- whose turn is it? ----

# Clients with several messages due at once, as after an outage.
after_an_outage() {
	at '2026-12-01 10:00'
	ok add-client --name Мария --phone '+7 903 123-45-67' --email maria@example.com \
		--purchase 2026-12-01 --departure 2026-12-20 --return 2026-12-30 --destination Анталья
	answers 0 add-trip C1 --purchase 2026-12-01 --departure 2026-12-21 --return 2026-12-31 --destination Бали
	answers 0 add-trip C1 --purchase 2026-12-01 --departure 2026-12-22 --return 2027-01-01 --destination Крит
}

@test "a client gets two messages a day; the rest comes on the days after, at its hour" {
	after_an_outage
	ok tick --dry-run
	[ "$(grep -c '^would send' .out)" -eq 2 ]
	ok tick --verbose
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
	ok why T3/thank-you
	grep -q '^A29 Thank you, T3: .*waits for another day: 2 messages went to this client today' .out
	grep -q '^next try: 2026-12-02 10:00' .out
	at '2026-12-01 20:00'
	ok tick
	[ "$(sent '*')" -eq 2 ]
	at '2026-12-02 10:00'
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 3 ]
	[ "$(sent '*')" -eq 3 ]
}

@test "two clients with one number share its two messages" {
	at '2026-12-01 10:00'
	for day in 20 21 22; do
		answers 0 add-client --name "Гость $day" --phone '+7 903 123-45-67' --departure 2026-12-$day --return 2026-12-30
	done
	ok tick
	[ "$(sent '*.txt')" -eq 2 ]
}

@test "service goes before the rest, and when it has no other day it goes all the same" {
	at '2026-12-01 10:00'
	printf '%s\n' '{"per_client_per_day": 1}' >pps.json
	ok add-client --name Мария --phone '+7 903 123-45-67' --email maria@example.com --departure '2026-12-02 11:40' \
		--return 2026-12-12
	ok tick --verbose
	at '2026-12-01 16:00'
	ok tick --verbose
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
	[ "$(sent '*-preflight.txt')" -eq 1 ]
}

@test "what goes instead of a call does not wait for another day" {
	at '2026-12-04 12:10'
	ok add-client --name Ира --phone 89051111111 --departure '08.12.2026 15:00' --return 09.12.2026
	at '2026-12-07 12:05'
	ok tick
	[ "$(sent '*')" -eq 2 ]
	at '2026-12-07 16:05'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
	[ "$(sent '*-preflight.txt')" -eq 1 ]
}

@test "what waits for another day says that it waits, not that the tick does not run" {
	at '2026-12-01 10:00'
	printf '%s\n' '{"per_client_per_day": 1}' >pps.json
	ok add-client --name Мария --email maria@example.com --departure 2026-12-20 --return 2026-12-30
	ok add-trip C1 --allow-duplicate --departure 2026-12-21 --return 2026-12-31
	ok tick
	at '2026-12-02 09:00'
	ok report --json
	json pps.report/1 rows# 1 'rows[0].why' 'waits for another day: 1 message went to this client today'
}

@test "what never gets its turn is missed, and says so" {
	at '2026-12-01 10:00'
	printf '%s\n' '{"per_client_per_day": 1}' >pps.json
	ok add-client --name Мария --email maria@example.com --purchase 2026-11-01 --departure 2026-11-10 --return 2026-11-26
	ok add-trip C1 --purchase 2026-12-01 --departure 2026-12-20 --return 2026-12-30
	sql "UPDATE action SET state = 'pending', due_at = $(date -d '2026-12-01 10:00 +0300' +%s), next_attempt_at = $(date -d '2026-12-01 10:00 +0300' +%s),
		local_due = '2026-12-01 10:00', expires_at = $(date -d '2026-12-02 00:00 +0300' +%s) WHERE occasion_id = 1 AND step = 'tell-friends'"
	ok tick --verbose
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
	[ "$(sent '*-tell-friends.eml')" -eq 0 ]
	at '2026-12-02 10:00'
	ok tick --verbose
	grep -q '^missed .* tell-friends .*its turn did not come: waits for another day' .out
}

@test "a channel takes so many a day; the rest waits for tomorrow" {
	printf '%s\n' '{"email": {"per_day": 2}}' >pps.json
	at '2026-12-01 10:00'
	for name in a b c d e; do
		ok add-client --name $name --email $name@example.com --departure 2026-12-20 --return 2026-12-30
	done
	ok tick --dry-run
	[ "$(grep -c '^would send' .out)" -eq 2 ]
	ok tick
	out '2 sent'
	ok tick
	[ "$(sent '*')" -eq 2 ]
	ok why T4/thank-you
	grep -q 'waits for tomorrow: the limit of 2 a day is reached (email.per_day)' .out
	line 'next try: 2026-12-02 10:00'
	at '2026-12-02 00:05'
	ok tick
	[ "$(sent '*')" -eq 2 ]
	at '2026-12-02 10:05'
	ok tick
	[ "$(sent '*')" -eq 4 ]
	at '2026-12-03 10:05'
	ok tick --verbose
	line 'sent A57 thank-you e-mail T5'
	[ "$(sent '*')" -eq 5 ]
}

@test "a channel takes so many a minute: the tick waits between them, and ends when its time is up" {
	printf '%s\n' '{"email": {"per_minute": 240}}' >pps.json
	at '2026-12-01 10:00'
	for name in a b c d; do
		ok add-client --name $name --email $name@example.com --departure 2026-12-20 --return 2026-12-30
	done
	local began=${EPOCHREALTIME/./}
	ok tick
	[ $((${EPOCHREALTIME/./} - began)) -ge 750000 ]
	out '4 sent'
	printf '%s\n' '{"email": {"per_minute": 1}}' >pps.json
	for name in e f g; do
		ok add-client --name $name --email $name@example.com --departure 2026-12-20 --return 2026-12-30
	done
	ok tick --max-runtime 1
	line '1 sent'
	line 'the time was up; the rest goes with the next tick'
}

# ---- the configuration ----

@test "a configuration that is not there for a moment sends nothing into a folder" {
	maria
	printf '%s\n' '{"email": {"gateway": "smtp", "from": "info@warm.example", "smtp": {"host": "127.0.0.1", "port": 1,
		"security": "none"}}}' >pps.json
	answers 69 tick
	mv pps.json away.json
	at '2026-12-01 14:10'
	fails 77 'nothing goes out: the configuration names no gateway any more where it did before: look at pps.json; if messages shall go into files from now on: pps adopt' tick
	[ ! -e outbox ]
	ok report --overdue
	line 'nothing goes out: the configuration names no gateway any more where it did before: look at pps.json; if messages shall go into files from now on: pps adopt'
	mv away.json pps.json
	answers 69 tick
	rm pps.json
	ok adopt
	at '2026-12-01 18:00'
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 1 ]
}
