#!/usr/bin/env bats
# Saving a copy of the database: where it goes, what it holds, what makes room for it, and what may go wrong.

load helpers

# files FOLDER NAME...: exactly these are in the folder, hidden ones included.
files() {
	local found
	found=$(ls -A "$1" | paste -sd ' ')
	shift
	[ "$found" = "$*" ] || _complain "there is: $found, not: $*"
}

# whole FILE: a database that is sound, private, and alone.
whole() {
	[ "$(sqlite3 "$1" 'PRAGMA integrity_check')" = ok ]
	[ "$(stat -c %a "$1")" = 600 ]
	[ ! -e "$1-journal" ] && [ ! -e "$1-wal" ]
}

# saved FILE CLIENTS: the line that says so, with the size that the file has.
saved() {
	line "saved $((($(stat -c %s "$1") + 999) / 1000)) kB to $1: $2, checked"
}

# struck SPEC STATUS [ARG...]: pps backup to/ with a system call that goes as SPEC of strace's inject says.
struck() {
	local was=$PPS
	# The search for leaks does not work under strace.
	printf '#!/bin/sh\nexec strace -f -qq -o /dev/null -e trace=%s -e inject=%s env ASAN_OPTIONS=detect_leaks=0 "%s" "$@"\n' \
		"${1%%:*}" "$1" "$(readlink -f "$PPS")" >struck
	chmod +x struck
	mkdir -p to
	PPS=$PWD/struck
	pps backup to/ "${@:3}" 2>/dev/null
	PPS=$was
	[ "$status" -eq "$2" ] || _complain "exit status $status instead of $2" "$1"
}

# Where the pages of a table or an index begin.
page_of() {
	sql "SELECT (rootpage - 1) * 4096 FROM sqlite_master WHERE name = '$1'"
}

# ---- where to ----

@test "without a word: a folder beside the database, and a name from the agency's clock" {
	maria
	ok backup
	saved ./backups/pps-2026-12-01-1400.db '1 client'
	[ "$(wc -l <.out)" -eq 1 ]
	[ "$(stat -c %a backups)" = 700 ]
	files backups pps-2026-12-01-1400.db
	whole backups/pps-2026-12-01-1400.db
	at '2026-12-09T21:30:00Z'
	ok backup
	saved ./backups/pps-2026-12-10-0030.db '1 client'
}

@test "in a folder: a second copy of the same minute gets a number" {
	mkdir 'the copies'
	for name in pps-2026-12-01-1400.db pps-2026-12-01-1400-2.db pps-2026-12-01-1400-3.db; do
		ok backup 'the copies'
		saved "the copies/$name" '0 clients'
		whole "the copies/$name"
	done
	ln -s 'the copies' link
	ok backup link/
	saved link/pps-2026-12-01-1400-4.db '0 clients'
	ok backup .
	[ -f pps-2026-12-01-1400.db ]
}

@test "in a file, which must not be there yet" {
	ok backup here.db
	saved here.db '0 clients'
	whole here.db
	cp here.db before.db
	maria
	fails 73 'here.db exists already: nothing was changed' backup here.db
	cmp here.db before.db
	fails 73 'pps.db exists already: nothing was changed' backup pps.db
	ok backup ./-odd.name
	whole ./-odd.name
}

@test "a link at the target is not followed" {
	mkdir to
	echo mine >precious
	ln -s ../precious to/there
	ln -s ../nowhere to/dangling
	fails 73 'to/there exists already: nothing was changed' backup to/there
	fails 73 'to/dangling exists already: nothing was changed' backup to/dangling
	[ "$(<precious)" = mine ] && [ ! -e nowhere ]
	ln -s ../precious to/pps-2026-12-01-1400.db
	ok backup to
	saved to/pps-2026-12-01-1400-2.db '0 clients'
	[ "$(<precious)" = mine ]
}

@test "a journal that was left alone is not mistaken for the copy's" {
	mkdir to
	echo pages >to/old.db-journal
	fails 73 'to/old.db-journal is there, of a database that is gone: move it away first' backup to/old.db
	mv to/old.db-journal to/pps-2026-12-01-1400.db-wal
	ok backup to
	saved to/pps-2026-12-01-1400-2.db '0 clients'
}

@test "folders that are not there, or cannot be written" {
	fails 74 'there is no folder none: create it first' backup none/copy.db
	fails 74 'there is no folder none/: create it first' backup none/
	[ ! -e none ]
	echo >file
	fails 74 'cannot create the copy file/copy.db: Not a directory' backup file/copy.db
	fails 74 'cannot read the folder file/: Not a directory' backup file/
	echo >backups
	fails 74 'cannot create the folder ./backups: File exists' backup
	mkdir closed
	chmod 500 closed
	mortal
	fails 74 'cannot create the copy closed/pps-2026-12-01-1400.db: Permission denied' backup closed
	fails 74 'cannot create the copy closed/x.db: Permission denied' backup closed/x.db
	chmod 700 closed
	files closed
}

@test "slips on the command line" {
	fails 64 'the name of the folder or file is empty' backup ''
	fails 64 '"b" is one word too many: pps backup [FOLDER|FILE] [--keep N]' backup a b
	for n in 0 -1 10001 3x '' '99999999999999999999'; do
		fails 64 '--keep: a number from 1 to 10000' backup "--keep=$n"
	done
	fails 64 '--keep needs a folder, and copy.db is none' backup copy.db --keep 3
	fails 64 '--keep needs a folder, and backups is none' backup backups --keep 3
	fails 66 'there is no database at none.db: run pps init first' backup --db none.db
	[ ! -e backups ] && [ ! -e copy.db ]
}

# ---- what it holds and says ----

@test "the copy is a database of its own: the same card, the same plan" {
	maria
	at '2026-12-09 11:00'
	ok done T1/preflight
	ok backup copy.db
	for words in 'show C1' 'timeline T1' 'log' 'report --checklist' 'staff list'; do
		# shellcheck disable=SC2086 # words
		ok $words && cp .out before
		# shellcheck disable=SC2086
		ok $words --db copy.db && out <before
	done
	dump before
	sqlite3 copy.db .dump | cmp - before
	# One goes on, the other stays.
	ok skip T1/packing
	ok why T1/packing --db copy.db
	no_line 'skipped'
	ok cancel-trip T1 --db copy.db
	ok backup --db copy.db again.db
}

@test "--json and --quiet" {
	maria
	ok backup --json
	json pps.backup/1 path ./backups/pps-2026-12-01-1400.db bytes "$(stat -c %s backups/*)" clients 1 trips 1 removed# 0
	ok backup --keep 1 --json
	json pps.backup/1 path ./backups/pps-2026-12-01-1400-2.db 'removed*' pps-2026-12-01-1400.db
	ok backup --quiet --keep 1
	out ''
	files backups pps-2026-12-01-1400-3.db
	answers 73 backup pps.db --json
	out ''
}

@test "numbers are written apart in thousands" {
	sql 'INSERT INTO playbook (body, added_at) VALUES (hex(zeroblob(1000000)), 1)'
	ok backup big.db
	local size=$((($(stat -c %s big.db) + 999) / 1000))
	out "saved ${size:0:1} ${size:1:3} kB to big.db: 0 clients, checked"
}

@test "nothing is written into the database, and one that may only be read will do" {
	maria
	cp pps.db before.db
	ok backup one.db
	cmp pps.db before.db
	chmod 400 pps.db
	mortal
	ok backup two.db
	whole two.db
	cmp pps.db before.db
	chmod 600 pps.db
}

# ---- while people work ----

@test "a tick that runs, and a sale that is being entered, do not hinder it; what is not saved is not in it" {
	maria
	exec 8>pps.db.lock
	flock 8
	mkfifo hold held
	{ echo "BEGIN IMMEDIATE; UPDATE client SET name = 'Другая'; SELECT 1;"; cat hold; } |
		sqlite3 pps.db >held 2>/dev/null 3>&- 8>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	pps backup copy.db
	echo 'COMMIT;' >&7
	exec 7>&- 8>&-
	wait "$holder"
	[ "$status" -eq 0 ]
	saved copy.db '1 client'
	whole copy.db
	ok show C1 --db copy.db
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
	ok show C1
	line 'C1 Другая, +7 903 123-45-67, maria@example.com'
}

# ---- --keep ----

# The folder to/ with a copy of each of these moments.
copies() {
	mkdir to
	for moment in "$@"; do
		touch "to/pps-$moment.db"
	done
}

@test "--keep leaves the newest by their names, the new one among them" {
	copies 2026-11-30-0300 2026-11-29-0300 2026-11-30-0300-2 2026-11-30-0300-10 2026-11-30-0259 2025-12-31-2359
	touch -d 2020-01-01 to/pps-2026-11-30-0300-10.db
	ok backup to --keep 4
	saved to/pps-2026-12-01-1400.db '0 clients'
	sed -i 1d .out
	out <<-'E'
		removed pps-2026-11-30-0259.db
		removed pps-2026-11-29-0300.db
		removed pps-2025-12-31-2359.db
	E
	files to pps-2026-11-30-0300-10.db pps-2026-11-30-0300-2.db pps-2026-11-30-0300.db pps-2026-12-01-1400.db
	ok backup to --keep 5
	saved to/pps-2026-12-01-1400-2.db '0 clients'
	no_line removed
	ok backup to --keep 1
	files to pps-2026-12-01-1400-3.db
}

@test "--keep never removes the copy that was just made, whatever the clock said before" {
	copies 2026-12-01-1500 2199-12-31-2359
	ok backup to --keep 2
	line 'removed pps-2026-12-01-1500.db'
	files to pps-2026-12-01-1400.db pps-2199-12-31-2359.db
	ok backup to --keep 1
	files to pps-2026-12-01-1400-2.db
	# Within a minute, too: the third is not called the first again because that has gone.
	ok backup to --keep 2
	ok backup to --keep 2
	files to pps-2026-12-01-1400-3.db pps-2026-12-01-1400-4.db
}

@test "--keep touches nothing but files that are named exactly like ours" {
	local others=(pps-2026-11-30-0300.db.gz pps-2026-11-30.db pps-2026-11-30-0300-1.db pps-2026-11-30-0300-02.db
		pps-2026-02-30-0300.db pps-2026-11-30-2400.db pps-2026-11-30-0360.db pps-2026-11-30--100.db PPS-2026-11-30-0300.db
		pps-2026-11-30-0300-.db pps-2026-11-30-0300-1000.db xpps-2026-11-30-0300.db pps-2026-11-30-0300.db-journal
		pps-2026-11-3-0300.db pps-+202-11-30-0300.db pps-2026-11-30-0300 pps.db .pps-2026-11-30-0300.db 'pps-2026-11-30- 300.db')
	mkdir to to/pps-2026-11-30-0301.db
	ln -s ../pps.db to/pps-2026-11-30-0302.db
	for name in "${others[@]}"; do
		echo mine >"to/$name"
	done
	ls -A to >before
	ok backup to --keep 1
	saved to/pps-2026-12-01-1400.db '0 clients'
	rm to/pps-2026-12-01-1400.db
	ls -A to | cmp - before
	[ "$(cat to/*.gz to/pps.db | paste -sd ' ')" = 'mine mine' ]
	[ -L to/pps-2026-11-30-0302.db ] && [ -f pps.db ]
}

@test "--keep works in the folder beside the database, too; a failed backup removes nothing" {
	ok backup
	ok backup
	sqlite3 pps.db 'PRAGMA user_version = 0'
	answers 78 backup --keep 1
	files backups pps-2026-12-01-1400-2.db pps-2026-12-01-1400.db
	sqlite3 pps.db "PRAGMA user_version = $(sqlite3 backups/pps-2026-12-01-1400.db 'PRAGMA user_version')"
	ok backup --keep 1
	files backups pps-2026-12-01-1400-3.db
}

# ---- what may go wrong ----

@test "a damaged database: status 65, and no copy" {
	maria
	ok backup good.db
	# An index whose page is empty: nothing that pps reads at its start, and nothing that copying alone would see.
	dd if=/dev/zero of=pps.db bs=1 seek="$(page_of action_trip)" count=4096 conv=notrunc status=none
	answers 65 backup to.db
	grep -qE '^pps: the database pps\.db is damaged, there is no copy: .+' .err
	out ''
	answers 65 backup
	files backups
	[ ! -e to.db ]
	[ -z "$(find . -name '.pps-backup-*')" ]
}

@test "a full disk: status 74, and nothing is left of it" {
	maria
	struck pwrite64:error=ENOSPC:when=20+ 74
	err 'pps: no space is left for the copy to/pps-2026-12-01-1400.db'
	out ''
	files to
	struck fsync:error=ENOSPC:when=1 74
	err 'pps: cannot write the copy to/pps-2026-12-01-1400.db: No space left on device'
	files to
}

@test "a disk that fails, or lies: status 74, and nothing is left of it" {
	maria
	struck pwrite64:error=EIO:when=3 74
	err 'pps: cannot write the copy to/pps-2026-12-01-1400.db: disk I/O error'
	files to
	struck fsync:error=EIO:when=1 74
	files to
	struck fsync:error=EIO:when=2 74 # of the folder
	err 'pps: cannot write the copy to/pps-2026-12-01-1400.db: Input/output error'
	files to
	struck pwrite64:retval=4096:when=2 74 # says that it has written, and has not
	grep -qE '^pps: the copy to/pps-2026-12-01-1400\.db does not come out whole \(.+\): look after its disk$' .err
	files to
}

@test "file systems that know one way only of giving a name" {
	struck renameat2:error=EINVAL 0
	files to pps-2026-12-01-1400.db
	[ "$(stat -c %h to/pps-2026-12-01-1400.db)" -eq 1 ]
	whole to/pps-2026-12-01-1400.db
	struck fsync:error=EINVAL:when=2 0 # a folder that cannot be synced
	files to pps-2026-12-01-1400-2.db pps-2026-12-01-1400.db
}

@test "a name that somebody takes at the last moment is left to them" {
	struck renameat2:error=EEXIST:when=1 0
	saved to/pps-2026-12-01-1400-2.db '0 clients'
	files to pps-2026-12-01-1400-2.db
}

@test "an old copy that cannot be removed: the new one is there all the same, and it is said" {
	copies 2026-11-30-0300
	struck unlink:error=EPERM:when=1 74 --keep 1
	err 'pps: the copy to/pps-2026-12-01-1400.db is made, but: cannot remove to/pps-2026-11-30-0300.db: Operation not permitted'
	out ''
	whole to/pps-2026-12-01-1400.db
}

@test "killed at any point: at the target is nothing, or a whole copy; the next backup tidies up" {
	maria
	local pages points=0
	pages=$(($(stat -c %s pps.db) / 4096))
	for point in $(seq -f 'pwrite64 %g' "$pages" | tr ' ' :) fsync:1 renameat2:1; do
		struck "${point%:*}:signal=KILL:when=${point#*:}" 137
		[ -z "$(ls to)" ] || _complain "killed at $point: $(ls to)"
		[ "$(ls -A to | grep -cxE '\.pps-backup-[A-Za-z0-9]{6}')" -eq 1 ]
		points=$((points + 1))
		rm -r to
	done
	[ "$points" -ge 40 ]
	struck fsync:signal=KILL:when=2 137 # it has its name, and the folder is not synced yet
	files to pps-2026-12-01-1400.db
	whole to/pps-2026-12-01-1400.db
	rm -r to
	struck pwrite64:signal=KILL:when=9 137
	touch -d '25 hours ago' to/.pps-backup-*
	ok backup to
	files to pps-2026-12-01-1400.db
}

@test "not under the names that the database itself uses" {
	maria
	local name
	for name in pps.db-wal pps.db-shm pps.db.restoring pps.db.new; do
		fails 73 "$name is a name that the database itself uses: take another" backup $name
		[ ! -e $name ]
	done
	state 1 pending
}
