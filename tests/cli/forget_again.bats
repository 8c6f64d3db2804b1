#!/usr/bin/env bats
# A client who was forgotten stays so when an older backup is put back: pps recover reads it in the sent log, and forgets them
# again. What the log cannot be sure of is never erased; a person is told.

load helpers

# eva: another client, who is to stay as she is.
eva() {
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 15.01.2027 --return 20.01.2027
}

# gone_again WORD...: none of these words is in the database, its journal, or the outbox.
gone_again() {
	local word
	for word in "$@"; do
		! grep -aqF -- "$word" pps.db pps.db-journal pps.db.sent pps.db.seen 2>/dev/null || _complain "in the files: $word"
		! grep -raqF -- "$word" outbox || _complain "in the outbox: $word"
	done
}

# by_hand: the backup takes the place of the database, whose journal went when somebody was forgotten.
by_hand() {
	rm -f pps.db-journal
	cp backup.db pps.db
}

# forgotten_since: a backup of both; then the trip is cancelled, and the client forgotten.
forgotten_since() {
	maria --note 'любит-тишину'
	eva
	ok tick
	cp pps.db backup.db
	at '2026-12-03 10:00'
	ok tick
	ok cancel-trip T1
	ok forget C1 --yes
	at '2026-12-04 12:00'
}

@test "recover --from: whoever was forgotten since is forgotten again, and nobody else" {
	forgotten_since
	dump before
	ok recover --from backup.db --dry-run
	line 'C1 was forgotten 2026-12-03 10:00: would be forgotten again'
	line '1 would be forgotten again'
	unchanged before
	grep -aqF Мария backup.db
	ok recover --from backup.db
	line 'C1 was forgotten 2026-12-03 10:00: forgotten again'
	line '1 forgotten again'
	gone_again Мария maria@example.com любит-тишину
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
	state 2 sent # as the log has it: what was sent is still counted
	ok show C2
	line 'C2 Ева Ли, +7 903 111-22-33, eva@example.com'
	# The trip that had been cancelled since is not ahead of anybody.
	[ "$(sql 'SELECT ended FROM occasion WHERE id = 1')" -eq 1 ]
	ok adopt
	at '2026-12-09 12:00'
	ok tick --verbose
	no_line 'T1'
	ok recover --dry-run
	no_line forgotten
}

@test "recover of a copy that was put back by hand, with --json and --quiet" {
	forgotten_since
	by_hand
	cp pps.db old.db
	dump before
	ok recover --dry-run
	line 'C1 was forgotten 2026-12-03 10:00: would be forgotten again'
	unchanged before
	ok recover --json
	json pps.recover/1 counts.forgotten 1 counts.perhaps_forgotten 0 forgotten# 1 'forgotten[0].client' C1 \
		'forgotten[0].at' 2026-12-03T10:00:00+03:00 perhaps_forgotten# 0
	gone_again Мария maria@example.com
	cp old.db pps.db
	ok recover --quiet
	out ''
	gone_again Мария maria@example.com
}

@test "a letter in doubt of the copy goes to nobody" {
	maria
	ok tick
	at '2026-12-03 10:00'
	killed_at renameat2 1 tick
	cp pps.db backup.db
	cp pps.db-journal backup.db-journal
	answers 1 tick
	ok doubt resolve A2 --sent
	ok cancel-trip T1
	ok forget C1 --yes
	ok recover --from backup.db
	line '1 forgotten again'
	state 2 cancelled
	ok doubt
	out 'nothing is in doubt'
	gone_again Мария maria@example.com
}

@test "the number is not enough: another card that has it by now is not touched" {
	maria
	ok tick
	cp pps.db backup.db
	at '2026-12-02 10:00'
	eva
	ok tick
	ok cancel-trip T2
	ok forget C2 --yes
	by_hand
	ok recover
	no_line 'C2 was'
	ok adopt
	at '2026-12-02 11:00'
	ok add-client --name 'Ян' --phone 89035556677 --departure 20.12.2026 --return 30.12.2026
	line 'C2 Ян, +7 903 555-66-77'
	ok recover
	no_line 'C2'
	ok show C2
	line 'C2 Ян, +7 903 555-66-77'
}

@test "a line of which nobody knows whether it came true erases nobody: a person is told" {
	forgotten_since
	sed -i '/ forgot /d' pps.db.sent
	local told='perhaps forgotten 2026-12-03 10:00: C1 Мария Иванова: pps forget was broken off, or could not end; if they are to be forgotten: pps forget C1'
	cp pps.db.sent sent
	ok recover --from backup.db --dry-run --json
	json pps.recover/1 counts.forgotten 0 counts.perhaps_forgotten 1 'perhaps_forgotten[0].client' C1 \
		'perhaps_forgotten[0].client_name' 'Мария Иванова'
	by_hand
	cp pps.db old.db
	warns "$told" recover --quiet
	cp old.db pps.db
	cp sent pps.db.sent
	ok recover
	line "$told"
	no_line 'forgotten again'
	ok show C1
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
}

@test "killed after the database was changed, and before its line: who says it again makes the log sure" {
	forgotten_since
	sed -i '/ forgot /d' pps.db.sent
	fails 77 'C1 was forgotten, and that cannot be taken back: pps add-client enters whoever comes again' forget C1 --yes
	grep -q ' forgot ' pps.db.sent
	by_hand
	ok recover
	line '1 forgotten again'
}

@test "killed before the database is changed: nothing happened, later copies know that, and the next call does it" {
	maria
	eva
	ok tick
	ok cancel-trip T1
	at '2026-12-03 10:00'
	killed_at fdatasync 3 --as anna forget C1 --yes # the line is on the disk, and nothing else has begun
	grep -q ' forget ' pps.db.sent
	! grep -q ' forgot ' pps.db.sent
	ok show C1
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
	at '2026-12-05 10:00'
	ok note C1 'звонила'
	cp pps.db backup.db
	ok note C2 'звонила'
	by_hand
	ok recover
	no_line forgotten
	ok adopt
	ok forget C1 --yes
	cp backup.db pps.db
	ok recover
	line 'C1 was forgotten 2026-12-05 10:00: forgotten again'
}

@test "without its sent log nobody knows who was forgotten, and recover says so" {
	forgotten_since
	by_hand
	rm pps.db.sent
	ok recover
	line 'whoever was forgotten after this copy was made is in it again: say pps forget again, by the acts that you kept'
	ok show C1
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
}

@test "where no line can be written, nobody is forgotten; nor while a tick runs" {
	maria
	ok tick
	ok cancel-trip T1
	dump before
	mv pps.db.sent sent
	mkdir pps.db.sent
	fails 74 'cannot open the sent log pps.db.sent: Is a directory' forget C1 --yes
	unchanged before
	rmdir pps.db.sent
	mv sent pps.db.sent
	exec 5>pps.db.lock
	flock 5
	answers 75 forget C1 --yes
	grep -q 'a tick is running' .err
	exec 5>&-
	unchanged before
	[ "$(sent '2*')" -gt 0 ]
	ok forget C1 --yes
}

@test "a line about a client does not cover up that the log is missing" {
	maria
	ok tick
	ok cancel-trip T1
	rm pps.db.sent
	ok forget C1 --yes
	[ -f pps.db.sent ]
	answers 77 tick
	err "pps: nothing goes out: $NO_LOG"
}
