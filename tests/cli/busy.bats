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
