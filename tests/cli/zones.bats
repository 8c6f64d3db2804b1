#!/usr/bin/env bats
# The law of a time zone changes after everything was planned: the system gets another tzdata.

load helpers

# with_law ZONE OTHER: from now on the program meets a tzdata in which ZONE keeps the clock of OTHER.
with_law() {
	local how='unshare --mount'
	[ "$(id -u)" -eq 0 ] || how='unshare --map-root-user --mount'
	sed '1s/.*/# version 2099a/' /usr/share/zoneinfo/tzdata.zi >tzdata.zi
	cp "/usr/share/zoneinfo/$2" law
	cat >pps-by-law <<-E
		#!/bin/sh
		exec $how sh -c 'mount --bind law "\$(readlink -f /usr/share/zoneinfo/$1)" &&
			mount --bind tzdata.zi /usr/share/zoneinfo/tzdata.zi && exec "$PPS" "\$@"' sh "\$@"
	E
	chmod +x pps-by-law
	PPS=$PWD/pps-by-law
}

due() {
	sql "SELECT group_concat(strftime('%d %H:%M', due_at, 'unixepoch') || ' ' || substr(local_due, 12), ', ')
		FROM (SELECT * FROM action WHERE $1 ORDER BY id)"
}

# bats test_tags=long
@test "what waits keeps its hour by the new clock, what has gone is left alone, and it is told once" {
	maria
	ok tick
	ok edit-client C1 --phone '+7 903 123-45-67' # planned while the old law held
	[ "$(due "step IN ('thank-you', 'packing')")" = '01 11:00 14:00, 03 07:00 10:00' ]
	with_law Europe/Moscow Asia/Dubai
	at '2026-12-03 09:59'
	ok tick
	out 'nothing was due'
	[ "$(due "step IN ('thank-you', 'packing')")" = '01 11:00 14:00, 03 06:00 10:00' ]
	at '2026-12-03 10:00'
	ok tick --dry-run
	ok tick
	[ "$(sent '2*')" -eq 2 ]
	ok log
	[ "$(grep -c 'zone-changed' .out)" -eq 1 ]
	grep -q '^2026-12-03 09:59  tick    zone-changed  *Europe/Moscow$' .out
}

# A file of tzdata that cannot be one, as a disk leaves it; `unknown time zone "Europe/Moscow": did you mean Europe/Moscow?`
# would send people to pps.json.
@test "the file of a zone is damaged: that, and not its name, is what the line is about" {
	maria
	local how='unshare --mount' damage
	[ "$(id -u)" -eq 0 ] || how='unshare --map-root-user --mount'
	cat >pps-damaged <<-E
		#!/bin/sh
		exec $how sh -c 'mount --bind damaged "\$(readlink -f /usr/share/zoneinfo/Europe/Moscow)" && exec "$PPS" "\$@"' sh "\$@"
	E
	cat >pps-empty <<-E
		#!/bin/sh
		exec $how sh -c 'mount -t tmpfs none /usr/share/zoneinfo && exec "$PPS" "\$@"' sh "\$@"
	E
	chmod +x pps-damaged pps-empty
	for damage in '' 'no zone' 'TZif2 and then nothing'; do
		printf '%s' "$damage" >damaged
		PPS=$PWD/pps-damaged fails 78 './pps.json:7:11: time zone "Europe/Moscow": its file /usr/share/zoneinfo/Europe/Moscow is missing or damaged: install the package tzdata anew' today
	done
	PPS=$PWD/pps-damaged answers 78 doctor --quiet
	out 'FAULT  configuration ./pps.json:7:11: time zone "Europe/Moscow": its file /usr/share/zoneinfo/Europe/Moscow is missing or damaged: install the package tzdata anew'
	PPS=$PWD/pps-empty answers 74 today
	grep -q 'time zone "Europe/Moscow": there are no zones in /usr/share/zoneinfo: install the package tzdata$' .err
}

@test "a zone that nobody's work goes by, and a tzdata that says the same, change nothing" {
	maria
	ok tick
	local before
	before=$(sql 'SELECT group_concat(due_at || local_due || updated_at) FROM action')
	with_law Africa/Juba Asia/Dubai
	at '2026-12-02 10:00'
	ok tick
	[ "$(sql 'SELECT group_concat(due_at || local_due || updated_at) FROM action')" = "$before" ]
	ok log
	no_line zone-changed
}

@test "clients live by several clocks: only those of the changed one move" {
	maria
	answers 0 add-client --name 'Пётр Ким' --phone '+7 914 555-66-77' --email petr@example.com --tz Asia/Kamchatka \
		--departure 20.12.2026 --return 30.12.2026
	ok tick
	local home
	home=$(due 'occasion_id = 1')
	with_law Asia/Kamchatka Asia/Tokyo
	at '2026-12-02 12:00'
	[ "$(due "occasion_id = 2 AND step = 'packing'")" = '05 22:00 10:00' ]
	ok tick
	[ "$(due "occasion_id = 2 AND step = 'packing'")" = '06 01:00 10:00' ]
	[ "$(due 'occasion_id = 1')" = "$home" ]
}

@test "a zone that could not be read when the law changed is looked at again" {
	maria
	answers 0 add-client --name 'Пётр Ким' --phone '+7 914 555-66-77' --email petr@example.com --tz Asia/Kamchatka \
		--departure 20.12.2026 --return 30.12.2026
	ok tick
	with_law Asia/Kamchatka Asia/Tokyo
	head -c 100 /usr/share/zoneinfo/Asia/Tokyo >law # the update stands half-way
	at '2026-12-02 12:00'
	ok tick
	at '2026-12-03 10:00'
	ok tick --verbose
	line 'sent A2 packing e-mail T1' # one damaged zone keeps nobody else waiting
	[ "$(due "occasion_id = 2 AND step = 'packing'")" = '05 22:00 10:00' ]
	cp /usr/share/zoneinfo/Asia/Tokyo law
	at '2026-12-03 12:05'
	ok tick
	[ "$(due "occasion_id = 2 AND step = 'packing'")" = '06 01:00 10:00' ]
}
