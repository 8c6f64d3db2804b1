#!/usr/bin/env bats
# The coming weeks, played on a copy: what is counted, what is kept, and that nothing of the agency is touched.

load helpers

# Two clients, one of them without an e-mail address.
sales() {
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --email maria@example.com \
		--purchase 2026-12-01 --departure '2026-12-10 06:40' --return 2026-12-20
	ok add-client --name 'Борис Орлов' --phone '8 903 111-22-33' \
		--purchase 2026-12-01 --departure '2026-12-13 18:00' --return 2026-12-16
}

# stamp: what the agency's folder holds.
stamp() {
	find . -type f ! -name '.out' ! -name '.err' ! -name 'stamp*' -print0 | sort -z | xargs -0 sha256sum
}

@test "simulate: a day a row, by channel, and the sum; nothing is touched" {
	sales
	stamp >stamp1
	ok simulate --to 2026-12-12
	out <<-'E'
		day         e-mail  SMS  parts  calls
		2026-12-01  1       1    1
		2026-12-03  1       1    1
		2026-12-08  1
		2026-12-09          1    1      1
		2026-12-11          1    1      1
		together    3       4    4      2
		01.12.2026 - 12.12.2026, played on a copy: nothing was sent, nothing was changed; every call and visit was ticked off
	E
	stamp >stamp2
	cmp stamp1 stamp2
	[ ! -e outbox ]
}

@test "simulate --nobody-calls: what goes by SMS then" {
	sales
	ok simulate --nobody-calls --from 2026-12-09 --to 2026-12-09
	out <<-'E'
		day         SMS  parts  SMS for call
		2026-12-09  2    2      1
		together    2    2      1
		09.12.2026 - 09.12.2026, played on a copy: nothing was sent, nothing was changed; nobody ticked off a call
	E
}

@test "simulate --output keeps the messages of those days, word for word as a tick would send them" {
	sales
	ok simulate --from 2026-12-03 --to 2026-12-08 --output next
	line 'the messages are in next'
	[ "$(find next -type f | wc -l)" -eq 3 ]
	[ "$(stat -c %a next)" = 700 ]
	at '2026-12-03 10:10'
	ok tick
	cmp "$(find next -name '*packing.txt')" "$(find outbox -name '*packing.txt')"
}

@test "simulate: what people decide about a complaint is left to them, and the table comes" {
	sales
	ok complaint add T1 --title 'шум в номере' --manager anna
	ok simulate --to 2026-12-12
	grep -q '^together ' .out
	line '1 task of complaints was left for people to decide, and what waits for that waited on: pps complaint list --open'
	ok complaint plan P3 --promise 2026-12-04
	ok simulate --to 2026-12-12
	line '1 task of complaints was left for people to decide, and what waits for that waited on: pps complaint list --open'
	ok simulate --to 2026-12-12 --json
	json pps.simulate/1 undecided 1 total.failed 0
	ok complaint add T2 --title 'трансфер'
	ok simulate --to 2026-12-12
	line '3 tasks of complaints were left for people to decide, and what waits for that waited on: pps complaint list --open'
	ok simulate --to 2026-12-03
	line '2 tasks of complaints were left for people to decide, and what waits for that waited on: pps complaint list --open'
	ok complaint resolve P3 --cause отель --outcome solved --actions 'разобрались'
	ok complaint resolve P4 --cause трансфер --outcome solved --actions 'разобрались'
	ok simulate --to 2026-12-12
	no_line complaint
	ok complaint reopen P3
	ok simulate --to 2026-12-12
	grep -q '^together ' .out
}

@test "simulate --json" {
	sales
	ok simulate --to 2026-12-03 --json
	json pps.simulate/1 from 2026-12-01 to 2026-12-03 'days[0].day' 2026-12-01 'days[0].emails' 1 'days[0].sms' 1 \
		'days[0].sms_parts' 1 'days[1].day' 2026-12-03 total.emails 2 total.sms 2 total.sms_parts 2 total.missed 0
}

@test "simulate: gateways are not asked, limits a minute do not slow it down, and the database may be held" {
	sales
	printf '{"email": {"gateway": "smtp", "from": "a@warm.example", "per_minute": 1, "smtp": {"host": "127.0.0.1", "port": 1, "security": "none"}}}' >other.json
	ok simulate --config other.json --to 2026-12-12 --quiet
	out ''
	rm -f pps.db.sent
	cp pps.db copy.db
	ok simulate --db copy.db --to 2026-12-12 --quiet
}

@test "simulate: every slip" {
	fails 65 'the simulation would end before it begins' simulate --to 2026-11-30
	fails 65 '--from: what was is no simulation: pps log tells of it' simulate --from 2026-11-30
	fails 64 '--from: a day without an hour' simulate --from '2026-12-05 10:00'
	fails 65 '401 days from today on are too many: 400 at most' simulate --to 2028-01-05
	fails 65 '63218 days from today on are too many: 400 at most' simulate --from 2199-12-31 --to 2199-12-31 --output far
	fails 65 '1502 days from today on are too many: 400 at most' simulate --from +1500d --to +1501d
	[ ! -e far ]
	for folder in outbox ./outbox/ "$PWD/outbox" outbox/next full/../outbox; do
		mkdir -p full
		fails 65 "$folder is the agency's own outbox: name another folder" simulate --output "$folder"
		[ ! -e outbox ]
	done
	mkdir outbox
	ln -s outbox link
	fails 65 "link is the agency's own outbox: name another folder" simulate --output link
	[ -d outbox ]
	rm -r outbox link full
	mkdir full && touch full/x
	fails 73 'full is there already and not empty: name another folder' simulate --output full
	ENV=(TMPDIR=/nowhere)
	fails 74 'cannot make a folder for the copy in /nowhere' simulate
}

@test "simulate: nothing of it is left behind, also when it is asked to end" {
	sales
	mkdir tmp
	ENV=(TMPDIR="$PWD/tmp")
	ok simulate --to 2026-12-03 --quiet
	[ -z "$(ls -A tmp)" ]
	# A signal that is there from the start: blocked by whoever starts it, so that it is pending when it is looked at.
	T=$PWD/tmp /usr/bin/python3 -c '
import os, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
os.kill(os.getpid(), signal.SIGTERM)
os.execve(sys.argv[1], sys.argv[1:], {"TMPDIR": os.environ["T"]})' "$PPS" --db pps.db --now '2026-12-01 14:00' simulate 2>said || [ $? -eq 75 ]
	grep -qx 'pps: the simulation was broken off' said
	[ -z "$(ls -A tmp)" ]
}
