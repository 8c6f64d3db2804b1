#!/usr/bin/env bats
# What takes its time: pps waits ten seconds for another process that is writing.

load helpers

@test "database: another process is writing: status 75 after a while, and nothing is half done" {
	maria
	mkfifo hold held
	# The lock is held until the pipe is closed.
	{ echo 'BEGIN IMMEDIATE; SELECT 1;'; cat hold; } | sqlite3 pps.db >held 2>/dev/null 3>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	pps cancel-trip T1
	exec 7>&-
	wait "$holder" || true
	[ "$status" -eq 75 ]
	err 'pps: another pps is writing to pps.db: try again in a moment'
	out ''
	state 1 pending
}

@test "backup: another process has the database for itself: status 75 after a while, and no copy" {
	mkfifo hold held
	{ echo 'BEGIN EXCLUSIVE; SELECT 1;'; cat hold; } | sqlite3 pps.db >held 2>/dev/null 3>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	mkdir to
	pps backup to
	exec 7>&-
	wait "$holder" || true
	[ "$status" -eq 75 ]
	err 'pps: another pps is writing to pps.db: try again in a moment'
	out ''
	[ -z "$(ls -A to)" ]
	ok backup to
}

@test "recover --from: another process is writing to the database: status 75 after a while, and nothing is moved" {
	maria
	cp pps.db backup.db
	mkfifo hold held
	{ echo 'BEGIN IMMEDIATE; SELECT 1;'; cat hold; } | sqlite3 pps.db >held 2>/dev/null 3>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	pps recover --from backup.db
	exec 7>&-
	wait "$holder" || true
	[ "$status" -eq 75 ]
	err 'pps: another program is using pps.db: try again in a moment'
	out ''
	[ -z "$(find . -name '*before-recover*' -o -name '*restoring*')" ]
	ok recover --from backup.db
}

@test "a report is of one instant, although somebody writes at every moment" {
	maria
	ok complaint add T1 --title 'шумный номер'
	# Either the trip counts or the complaint: one transaction exchanges them.
	sqlite3 pps.db 'UPDATE occasion SET ended = 1 WHERE id = 1'
	mkfifo said
	sqlite3 pps.db <said >/dev/null 2>&1 3>&- &
	local writer=$!
	{
		echo '.timeout 10000'
		echo 'PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;'
		yes 'UPDATE occasion SET ended = 1 - ended;' 2>/dev/null
	} >said 3>&- &
	local speaker=$!
	for _ in {1..60}; do
		answers 0 report --summary --json
		jq -r '.period.figures | .sales + .complaints' .out
	done >sums
	kill "$speaker" "$writer"
	wait "$speaker" "$writer" || true
	[ "$(sort -u sums)" = 1 ]
}

@test "whoever does not read on keeps nobody from writing" {
	maria
	sqlite3 pps.db 'UPDATE client SET note = hex(randomblob(100000))' # more than a pipe takes
	mkfifo slow
	bare "$PPS" export C1 >slow 2>/dev/null 3>&- &
	local reader=$!
	exec 7<slow
	head -c 1 <&7 >/dev/null # it has begun to say it
	ok note C1 'перезвонить в пятницу'
	kill -0 "$reader" # and has not ended
	exec 7<&-
	wait "$reader" || true
}
