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
