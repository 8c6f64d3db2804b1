#!/usr/bin/env bats
# A database that was moved, copied, or is an older one: nothing goes out until a person says what is true. How pps recover
# finds out what was sent since is in recover.bats.

load helpers

MOVED='the database has been copied or moved; if this is now the only one in use: pps adopt'

# what: the database without what a held tick leaves for the reports.
what() {
	sqlite3 pps.db .dump | grep -vE "INTO setting VALUES\('last_check'"
}

# ---- held ----

@test "an older copy: the tick is held, says so, and changes nothing" {
	story
	put_back
	dump before
	answers 77 tick --dry-run
	err "pps: nothing goes out: $OLDER"
	unchanged before
	what >before
	answers 77 tick
	err "pps: nothing goes out: $OLDER"
	out ''
	answers 77 tick --quiet
	err "pps: nothing goes out: $OLDER"
	what | cmp - before
	[ "$(sent '2*')" -eq 4 ]
	# Nothing expires either.
	at '2027-01-20 10:00'
	answers 77 tick
	what | cmp - before
}

@test "what holds the tick is red everywhere, and --exit-code counts it" {
	story
	put_back
	local words
	for words in report 'report --overdue' 'report --today' 'report --checklist' 'report --manager anna' today; do
		# shellcheck disable=SC2086 # words
		ok $words --color always
		[ "$(tail -n 1 .out)" = $'\e[31m'"nothing goes out: $OLDER"$'\e[0m' ] || _complain "$words"
		# shellcheck disable=SC2086 # words
		ok $words --json
		json "pps.${words%% *}/1" hold "$OLDER" in_doubt 0
		# shellcheck disable=SC2086 # words
		ok $words --quiet
		out ''
	done
	ok skip A2
	ok skip A3
	sql "UPDATE setting SET value = unixepoch('2026-12-08 06:00:00') WHERE key = 'last_tick_at'"
	for words in --overdue --today --checklist; do
		# shellcheck disable=SC2086 # words
		answers 1 report $words --exit-code
	done
	ok recover
	answers 1 report --exit-code
	grep -q '^nothing goes out: a backup was put back: ' .out
	ok adopt
	for words in --overdue --today --checklist; do
		# shellcheck disable=SC2086 # words
		ok report $words --exit-code
		no_line 'goes out'
	done
}

@test "doctor: a hold is a fault, also before the first tick has met it" {
	story
	put_back
	sql "UPDATE setting SET value = unixepoch('2026-12-08 06:00:00') WHERE key = 'last_tick_at'"
	answers 78 doctor
	line "FAULT  delivery      nothing goes out: $OLDER"
	err 'pps: 1 fault: see above'
	# That no tick ran meanwhile has its reason.
	at '2026-12-10 10:00'
	answers 78 doctor
	line 'note   tick          last tick: 2026-12-08 09:00, 2 days ago: nothing is sent while it does not run'
	err 'pps: 1 fault: see above'
	at '2026-12-08 10:00'
	ok recover
	ok adopt
	ok doctor
	line 'ok     delivery      nothing holds the tick'
	line 'ok     database      pps.db, schema 5'
	line 'ok     disk          there is room beside the database'
}

# ---- adopt ----

@test "adopt: a copy in another place is held until somebody says that it is the one" {
	story
	mkdir other
	cp pps.db pps.db.sent pps.json other
	cp -r outbox other
	cd other
	answers 77 tick
	err "pps: nothing goes out: $MOVED"
	ok report
	line "nothing goes out: $MOVED"
	answers 78 doctor
	line "FAULT  delivery      nothing goes out: $MOVED"
	ok adopt
	out <<-'E'
		pps.db is the database that works from now on
		no message goes with the next tick
	E
	ok report
	no_line 'goes out'
	[ "$(sql "SELECT actor, detail FROM audit WHERE verb = 'adopt'")" = "anna|$MOVED" ]
	at '2026-12-09 16:05'
	ok tick
	[ "$(find outbox -name '*-A4-preflight.txt' | wc -l)" -eq 1 ]
	ok adopt
	out <<-'E'
		pps.db is the database that works from now on, as it was before
		no message goes with the next tick
	E
}

@test "adopt --json, and without the sent log" {
	story
	ok adopt --json
	json pps.adopt/1 db pps.db was null next_tick_sends 0 hold null
	rm pps.db.sent
	answers 77 tick
	err "pps: nothing goes out: $NO_LOG"
	ok adopt --json
	json pps.adopt/1 db pps.db was "$NO_LOG" next_tick_sends 0 hold null
	ok tick
	out 'nothing was due'
	rm pps.db.sent
	at '2026-12-09 16:05'
	ok adopt
	out <<-'E'
		pps.db is the database that works from now on
		1 message goes with the next tick: pps tick --dry-run lists it
		without its sent log nobody knows what was sent after this copy was made: if it is a backup, that would go twice; pps skip what has gone
	E
}

@test "adopt --dry-run: what would go, what may go twice, and nothing is changed" {
	story
	ok adopt --dry-run
	out <<-'E'
		pps.db would be the database that works from now on, as it was before
		no message goes with the next tick
	E
	at '2026-12-09 16:05'
	mkdir other
	cp pps.db pps.db.sent pps.json other
	cd other
	dump before
	cp pps.db.sent sent.before
	ok adopt --dry-run
	out <<-'E'
		pps.db would be the database that works from now on
		now: the database has been copied or moved; if this is now the only one in use: pps adopt
		1 message goes with the next tick:
		  A4 Pre-flight call, Мария Иванова, T1 Анталья, by SMS
		what another copy of this database has sent is not known here: let none run, and pps skip what it has sent
	E
	ok adopt --dry-run --json
	json pps.adopt/1 dry_run true was "$MOVED" next_tick_sends 1 next# 1 'next[0].id' A4 hold null \
		not_known 'what another copy of this database has sent is not known here: let none run, and pps skip what it has sent'
	unchanged before
	cmp pps.db.sent sent.before
	answers 77 tick
	rm pps.db.sent
	ok adopt --dry-run
	line "now: $NO_LOG"
	line 'without its sent log nobody knows what was sent after this copy was made: if it is a backup, that would go twice; pps skip what has gone'
	[ ! -e pps.db.sent ]
	cd ..
	put_back
	dump before
	fails 77 "$OLDER" adopt --dry-run
	unchanged before
}

@test "adopt after recover: the thank-you of a sale that was entered again is named before it goes twice" {
	story
	put_back
	ok recover
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	ok adopt --dry-run
	out <<-'E'
		pps.db would be the database that works from now on
		now: a backup was put back: enter again what was done since (sales, cancellations, changes), skip what had been sent; then pps adopt
		1 message goes with the next tick:
		  A15 Thank you, Ян, T2, by SMS (entered since the backup was put back)
		a sale that was entered again thanks its client again: pps skip what had gone before
	E
	ok skip A15
	ok adopt
	out <<-'E'
		pps.db is the database that works from now on
		no message goes with the next tick
	E
	ok tick
	nothing_twice
}

@test "adopt is refused for an older copy, for another's log, and while a tick runs" {
	story
	put_back
	dump before
	fails 77 "$OLDER" adopt
	unchanged before
	mkdir theirs
	AS='' ok init --db theirs/pps.db
	AS='' ok tick --db theirs/pps.db
	cp pps.db.sent ours.sent
	cp theirs/pps.db.sent pps.db.sent
	fails 77 'the sent log beside the database belongs to another database: put the right one there, or say pps recover' adopt
	unchanged before
	cp ours.sent pps.db.sent
	exec 8>>pps.db.lock
	flock 8
	answers 75 adopt
	grep -q '^pps: a tick is running (process ' .err
	exec 8>&-
	unchanged before
	fails 64 '"x" is one word too many: pps adopt [--dry-run]' adopt x
}

@test "an older copy is noticed although nothing was sent since: what was entered is missing from it" {
	maria
	ok tick
	cp pps.db copy.db
	ok cancel-trip T1
	cat copy.db >pps.db
	at '2026-12-03 10:00'
	fails 77 "nothing goes out: $OLDER" tick
	fails 77 "$OLDER" adopt
	# Also when more is entered into it than was lost.
	local i
	for i in 1 2 3; do ok edit-client C1 --note "$i"; done
	fails 77 "nothing goes out: $OLDER" tick
	ok recover
	fails 77 'nothing goes out: a backup was put back: enter again what was done since (sales, cancellations, changes), skip what had been sent; then pps adopt' tick
	ok cancel-trip T1
	ok adopt
	ok tick
	out 'nothing was due'
	[ "$(sent '*')" -eq 1 ]
}

@test "the mark of what was entered: a damaged one, another database's, or none at all stops nothing" {
	maria
	ok tick
	printf 'pps1 seen 00112233445566778899aabbccddeeff 99 deadbeef\n' >pps.db.seen
	ok tick
	rm pps.db.seen
	ok edit-client C1 --note y
	cp pps.db.seen before
	ok fact C1 dog Рекс
	cmp -s before pps.db.seen && return 1
	head -c 46 pps.db.seen >mixed # the number of the new one, and the hash of the old one
	tail -c +47 before >>mixed
	mv mixed pps.db.seen
	ok tick
	head -c 40 /dev/urandom >pps.db.seen
	ok tick
	rm pps.db.seen
	ln -s elsewhere pps.db.seen
	ok tick
	[ ! -e elsewhere ]
	rm pps.db.seen
	ok edit-client C1 --note x
	[ "$(stat -c %a pps.db.seen)" = 600 ]
	ok tick
}
