#!/usr/bin/env bats
# pps recover --from: backups that are of no use, and what stands in the way. Where all goes well: recover.bats.

load helpers

@test "recover --from: what is no sound backup is refused, and nothing is changed" {
	story
	cp pps.db present.db
	cp pps.db.sent present.sent
	mkdir away
	ls -A >names
	fails 66 'there is no backup at none.db' recover --from none.db
	fails 74 'away is not a file' recover --from away
	fails 65 'pps.db is the database itself, and no backup of it' recover --from pps.db
	ln pps.db another-name.db
	fails 65 'another-name.db is the database itself, and no backup of it' recover --from another-name.db
	: >x.db
	fails 65 'x.db is not a database of pps: it was left untouched' recover --from x.db
	yes text | head -c 9000 >x.db
	fails 65 'x.db is not a database' recover --from x.db
	rm x.db
	sqlite3 x.db 'CREATE TABLE notes (text)'
	fails 65 'x.db is not a database of pps: it was left untouched' recover --from x.db
	cp backup.db x.db
	sqlite3 x.db 'PRAGMA user_version = 6'
	fails 78 'the backup x.db was made by a newer pps (schema 6, this program knows 5): upgrade pps; nothing was changed' \
		recover --from x.db
	cp backup.db x.db
	dd if=/dev/urandom of=x.db bs=4096 seek=5 count=1 conv=notrunc 2>/dev/null
	answers 65 recover --from x.db
	grep -q '^pps: the backup x.db is damaged, nothing was changed: ' .err
	head -c 12288 backup.db >x.db
	answers 65 recover --from x.db
	cmp pps.db present.db
	cmp pps.db.sent present.sent
	rm x.db another-name.db
	ls -A >names.after
	sed '/^names/d' names >n1
	sed '/^names/d; /^n1$/d' names.after | cmp - n1
	ok tick
}

@test "recover --from: the sent log of another database, and a backup that has lost something, change nothing" {
	story
	cp pps.db present.db
	mkdir theirs
	AS='' ok init --db theirs/pps.db
	AS='' ok tick --db theirs/pps.db
	AS='' ok backup theirs.db --db theirs/pps.db
	fails 77 'the sent log pps.db.sent belongs to another database: if this is the right backup, move that log away first' \
		recover --from theirs.db
	local lost
	for lost in 'trigger action_state_machine' 'table message' 'index action_to_send'; do
		cp backup.db x.db
		sqlite3 x.db "DROP ${lost%% *} ${lost#* }"
		fails 65 "the backup is of no use, nothing was changed: the database pps.db.restoring is damaged: its $lost is missing or was changed: restore a backup" \
			recover --from x.db
		cp x.db lost.db
		fails 65 "the database lost.db is damaged: its $lost is missing or was changed: restore a backup" \
			backup y.db --db lost.db
		answers 78 doctor --db lost.db
		line "FAULT  database      the database lost.db is damaged: its $lost is missing or was changed: restore a backup"
	done
	cmp pps.db present.db
	[ -z "$(ls -d ./*restoring* ./*before-recover* y.db 2>/dev/null)" ]
}

@test "recover --from: the other name is taken; a link in the place" {
	story
	dump before
	touch pps.db.before-recover-2026-12-08-100000-journal
	answers 73 recover --from backup.db
	grep -q '^pps: cannot keep pps.db-journal as pps.db.before-recover-2026-12-08-100000-journal: File exists; nothing was changed$' .err
	unchanged before
	[ ! -e pps.db.before-recover-2026-12-08-100000 ]
	[ ! -e pps.db.restoring ]
	mkdir linked
	ln -s ../pps.db linked/pps.db
	fails 74 'linked/pps.db is a link: name the database itself' recover --db linked/pps.db --from backup.db
	unchanged before
}

@test "recover --from: it goes on where it stopped" {
	story
	ok staff add vera --name 'Вера'
	AS=vera fails 66 '--as: nobody has the login "vera": there are anna, boris, olga' recover --from backup.db
	[ ! -e pps.db.before-recover-2026-12-08-100000 ]
	# The third lock is taken when the backup is in its place.
	killed_at flock 3 recover --from backup.db
	[ -e pps.db.before-recover-2026-12-08-100000 ]
	answers 77 tick
	err "pps: nothing goes out: $OLDER"
	ok recover
	line '2 sent since, 0 in doubt, 1 of unknown trips'
	ok adopt
	ok tick
}

@test "recover --from: one that was killed over its copy leaves nothing to the next but files to clear away" {
	story
	local file
	for file in pps.db.restoring-journal pps.db.restoring-wal; do
		echo 'of another' >$file
	done
	killed_at flock 2 recover --from backup.db
	[ -e pps.db.restoring ]
	ok recover --from backup.db --dry-run
	line '2 sent since, 0 in doubt, 1 of unknown trips'
	[ -z "$(ls -d ./*restoring* 2>/dev/null)" ]
	killed_at flock 2 recover --from backup.db --dry-run
	[ -e pps.db.restoring ]
	ok recover --from backup.db
	[ -z "$(ls -d ./*restoring* 2>/dev/null)" ]
	[ "$(sql 'SELECT count(*) FROM occasion')" -eq 1 ]
}

# halted_at CALL N FILE ARG...: stops the program after its N-th system call of that name with that file, until $halted
# gets SIGCONT.
halted_at() {
	local call=$1 n=$2 file=$3 line
	shift 3
	mkfifo trace
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o trace -P "$file" -P "$PWD/$file" -e inject="$call:signal=STOP:when=$n" \
		"$PPS" --now "$NOW" "$@" >.halted.out 2>.halted.err </dev/null 3>&- &
	tracer=$!
	exec 7<trace
	while read -r halted line <&7; do
		[[ $line != *'stopped by SIGSTOP'* ]] || return 0
	done
	_complain "it was not stopped at $call $n" "$@"
}

teardown() {
	[ -z "${halted-}" ] || kill -KILL "$halted"
}

@test "recover --from: two at a time do not get hold of each other's copy" {
	story
	cp pps.db present.db
	local how dry
	for how in '' --dry-run; do
		# It has made the copy and checked it; now it is being opened.
		halted_at openat 5 pps.db.restoring recover --from backup.db $how
		[ -e pps.db.restoring ]
		for dry in '' --dry-run; do
			fails 75 "a tick is running (process $halted): wait until it ends" recover --from backup.db $dry
		done
		[ -e pps.db.restoring ]
		cmp pps.db present.db
		kill -CONT "$halted"
		cat <&7 >/dev/null
		wait "$tracer"
		halted=
		exec 7<&-
		rm trace
		[ ! -s .halted.err ]
		grep -qx '2 sent since, 0 in doubt, 1 of unknown trips' .halted.out
		[ -z "$(ls -d ./*restoring* 2>/dev/null)" ]
		cp pps.db present.db
	done
}
