#!/usr/bin/env bats
# pps recover: after a backup was put back nothing goes out until it is known what was sent since, and then nothing twice.
# What holds the tick, and pps adopt, are in adopt.bats; backups that --from refuses are in recover_from.bats.

load helpers

# ---- recover ----

@test "recover: what was sent since counts as sent, and the sale that is lost is named" {
	story
	put_back
	answers 77 tick
	ok recover --verbose
	out <<-'E'
		A2 Packing tips, Мария Иванова, T1 Анталья, 2026-12-03 10:00: counts as sent
		sent 2026-12-08 10:00, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step
		A3 Photo challenge, Мария Иванова, T1 Анталья, 2026-12-08 10:00: counts as sent
		2 sent since, 0 in doubt, 1 of unknown trips
		nothing goes out yet. The last that was done in this copy is of 2026-12-01 14:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		  2. pps adopt lets the tick go on
	E
	state 2 sent
	state 3 sent
	[ "$(sql "SELECT datetime(done_at + 10800, 'unixepoch') FROM action WHERE id = 2")" = '2026-12-03 10:00:00' ]
	[ "$(sql "SELECT actor FROM audit WHERE verb = 'recover'")" = anna ]
	ok adopt
	ok tick
	out 'nothing was due'
	ok doubt
	out 'nothing is in doubt'
	[ "$(sent '2*')" -eq 4 ]
	# A second time there is nothing more to be taken over.
	ok recover
	out <<-'E'
		nothing was sent after this copy was made
		nothing goes out yet. The last that was done in this copy is of 2026-12-08 10:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		  2. pps adopt lets the tick go on
	E
}

@test "recover without --verbose, with --quiet, with --json" {
	story
	put_back
	cp pps.db old.db
	ok recover
	out <<-'E'
		sent 2026-12-08 10:00, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step
		2 sent since, 0 in doubt, 1 of unknown trips
		nothing goes out yet. The last that was done in this copy is of 2026-12-01 14:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		  2. pps adopt lets the tick go on
	E
	cp old.db pps.db
	# What nobody may miss goes to standard error then.
	warns 'sent 2026-12-08 10:00, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step' \
		recover --quiet
	out ''
	cp old.db pps.db
	ok recover --json
	json pps.recover/1 dry_run false by_log true counts.sent 2 counts.in_doubt 0 counts.unknown 1 aside null actions# 2 \
		'actions[0].id' A2 'actions[0].result' sent 'actions[0].state' sent 'actions[0].client' C1 'actions[1].id' A3 \
		unknown# 1 'unknown[0].trip' T2 'unknown[0].step' thank-you 'unknown[0].channel' sms 'unknown[0].result' sent
}

@test "recover --dry-run says what it would do, and changes nothing" {
	story
	put_back
	dump before
	cp pps.db.sent sent.before
	ok recover --dry-run
	out <<-'E'
		A2 Packing tips, Мария Иванова, T1 Анталья, 2026-12-03 10:00: would count as sent
		sent 2026-12-08 10:00, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step
		A3 Photo challenge, Мария Иванова, T1 Анталья, 2026-12-08 10:00: would count as sent
		2 sent since, 0 in doubt, 1 of unknown trips
	E
	ok recover --dry-run --json
	json pps.recover/1 dry_run true counts.sent 2 'actions[0].state' pending 'actions[0].result' sent
	unchanged before
	cmp pps.db.sent sent.before
	answers 77 tick
}

@test "recover: a backup from before the first tick is known to the log, too" {
	maria
	cp pps.db backup.db
	ok tick
	put_back
	answers 77 tick
	err 'pps: nothing goes out: the database is an older copy: something was sent or entered after it was saved; pps recover puts that right'
	ok recover
	line '1 sent since, 0 in doubt, 0 of unknown trips'
	state 1 sent
	ok adopt
	ok tick
	nothing_twice
}

@test "recover: beside the sent log of another database nobody knows what was sent" {
	maria
	cp pps.db backup.db
	ok tick
	put_back
	sql "UPDATE setting SET value = 'another' WHERE key = 'instance_id'"
	answers 77 tick
	err 'pps: nothing goes out: the sent log beside the database belongs to another database: put the right one there, or say pps recover'
	ok recover
	line 'there is no sent log of this database: whatever was due by now is in doubt'
	state 1 in_doubt
	ok doubt resolve A1 --sent
	ok adopt
	ok tick
	out 'nothing was due'
	nothing_twice
}

@test "recover: a message that was under way when the machine died is in doubt" {
	maria
	ok tick
	cp pps.db backup.db
	at '2026-12-03 10:00'
	killed_at renameat2 1 tick
	put_back
	ok recover --verbose
	out <<-'E'
		A2 Packing tips, Мария Иванова, T1 Анталья, 2026-12-03 10:00: is in doubt (handed over before this copy was put back; the sent log has no answer)
		0 sent since, 1 in doubt, 0 of unknown trips
		nothing goes out yet. The last that was done in this copy is of 2026-12-01 14:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		  2. pps doubt shows what is in doubt, and asks for a decision
		  3. pps adopt lets the tick go on
	E
	ok doubt
	line '  by e-mail; its words and its recipient are not in this copy of the database'
	line '  try 1: handed over at 2026-12-03 10:00:00: handed over before this copy was put back; the sent log has no answer'
	line '  of use until 2026-12-09 20:00'
	ok doubt --json
	json pps.doubt/1 'doubts[0].recipient' null 'doubts[0].message_id' null 'doubts[0].cause' restored \
		'doubts[0].tries[0].handed_over' 2026-12-03T10:00:00+03:00
	ok doubt resolve A2 --resend
	ok adopt
	ok tick
	out '1 sent'
	nothing_twice
	[ "$(sent '2*')" -eq 2 ]
}

@test "recover without the sent log: whatever was due is in doubt" {
	story
	put_back
	rm pps.db.sent
	dump before
	ok recover --dry-run
	line 'A2 Packing tips, Мария Иванова, T1 Анталья: would be in doubt (a backup was put back without its sent log)'
	line 'there is no sent log of this database: whatever was due by now would be in doubt'
	unchanged before
	answers 77 tick
	err "pps: nothing goes out: $OLDER"
	rm pps.db.seen
	answers 77 tick
	err "pps: nothing goes out: $NO_LOG"
	ok recover
	out <<-'E'
		there is no sent log of this database: whatever was due by now is in doubt
		0 sent since, 2 in doubt, 0 of unknown trips
		whoever was forgotten after this copy was made is in it again: say pps forget again, by the acts that you kept
		nothing goes out yet. The last that was done in this copy is of 2026-12-01 14:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		  2. pps doubt shows what is in doubt, and asks for a decision
		  3. pps adopt lets the tick go on
	E
	ok doubt
	line '  try 1: perhaps handed over, at 2026-12-03 10:00:00 or later: a backup was put back without its sent log'
	ok doubt resolve A2 A3 --sent
	ok adopt
	ok tick
	out 'nothing was due'
	nothing_twice
}

@test "what recover put in doubt does not stop the ticks after it" {
	story
	put_back
	rm pps.db.sent
	ok recover
	at '2026-12-08 10:10'
	ok adopt
	ok tick --quiet
	state 2 in_doubt
	at '2026-12-09 19:31'
	ok tick --quiet
	[ "$(sent '*-A4-preflight.txt')" -eq 1 ]
	[ "$(sent '*-A5-bon-voyage.txt')" -eq 1 ]
	nothing_twice
}

# provider: a gateway for SMS that takes every text, writes its key into the file keys, and gives no answer to the first
# one. By its preset a repetition with the same key is no second copy.
provider() {
	sms_gateway '{"name": "Keys", "method": "GET", "path": "/send", "max_parts": 9, "repeat_minutes": 1440,
		"query": {"to": "{phone_digits}", "text": "{text}", "key": "{idem_key}"},
		"answers": [{"http": [200], "body_prefix": "accepted", "verdict": "accepted"}]}' <<-'E'
		key = urllib.parse.parse_qs(self.path.split("?")[1])["key"][0]
		with open("keys", "a") as f:
		    f.write(key + "\n")
		    first = f.tell() == len(key) + 1
		if not first:
		    self.send_response(200)
		    self.end_headers()
		    self.wfile.write(b"accepted")
	E
}

@test "a repetition is the same message with the same key" {
	provider
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	answers 69 tick
	state 1 in_doubt
	at '2026-12-01 14:10'
	ok tick
	out '1 sent'
	[ "$(wc -l <keys)" -eq 2 ]
	[ "$(sort -u keys | wc -l)" -eq 1 ]
}

@test "what this copy has never made is not repeated by itself: it would be another message" {
	provider
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	ok add-client --name 'Ева' --email eva@example.com --departure 20.02.2027 --return 27.02.2027
	ok skip A1
	ok tick
	cp pps.db backup.db
	at "$(sql "SELECT local_due FROM action WHERE id = 2")"
	answers 69 tick
	[ "$(wc -l <keys)" -eq 1 ]
	put_back
	ok recover
	state 2 in_doubt
	at "${NOW%:*}:10"
	ok adopt
	ok tick
	state 2 in_doubt
	[ "$(sort -u keys | wc -l)" -eq 1 ]
}

@test "recover: every slip" {
	maria
	fails 64 '"x" is one word too many: pps recover [--from BACKUP] [--dry-run]' recover x
	fails 64 '--from needs a value: --from BACKUP' recover --from ''
	exec 8>>pps.db.lock
	flock 8
	answers 75 recover
	grep -q '^pps: a tick is running (process ' .err
	exec 8>&-
	rm pps.db
	fails 66 'there is no database at pps.db: run pps init first' recover
}

@test "the database is gone: what it left beside it tells that a backup is wanted, and which" {
	maria
	rm -f pps.db pps.db-journal
	fails 66 'there is no database at pps.db: run pps init first' today
	rm -rf ./* && cp -r "$BATS_FILE_TMPDIR/agency/." .
	maria
	ok backup
	at '2026-12-02 03:00'
	ok backup
	rm pps.db
	local command
	for command in today report tick 'recover --dry-run' recover 'show C1' backup; do
		# shellcheck disable=SC2086 # words
		fails 66 'there is no database at pps.db, but backups are beside it: is the name right? if it was lost, pps recover --from ./backups/pps-2026-12-02-0300.db puts the newest back' $command
	done
	cp backups/pps-2026-12-01-1400.db pps.db
	ok recover
	ok adopt
	ok tick
	rm pps.db
	for command in today report tick 'recover --dry-run' recover; do
		# shellcheck disable=SC2086 # words
		fails 66 'there is no database at pps.db, but its sent log is there: if it was lost, pps recover --from ./backups/pps-2026-12-02-0300.db puts a backup back' $command
	done
	rm -r backups
	answers 78 doctor --quiet
	out 'FAULT  database      there is no database at pps.db, but its sent log is there: if it was lost, pps recover --from BACKUP puts a backup back'
	[ ! -e backups ] && [ ! -e pps.db ]
}

@test "a copy that was made while a tick ran: what it had under way is not sent again" {
	local under
	for under in "UPDATE action SET state = 'claimed' WHERE id = 2; INSERT INTO attempt (action_id, n, tick_id, claimed_at)
			VALUES (2, 1, 'x', 1)" \
		"UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2;
			INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, seq) VALUES (2, 1, 'x', 1, 2, 1)"; do
		rm -rf ./* && cp -r "$BATS_FILE_TMPDIR/agency/." . && at '2026-12-01 14:00'
		maria
		ok tick
		cp pps.db backup.db
		sqlite3 backup.db "$under"
		at '2026-12-03 10:00'
		ok tick
		[ "$(sent '*-packing.eml')" -eq 1 ]
		put_back
		answers 77 tick
		ok recover
		state 2 sent
		ok adopt
		ok tick
		nothing_twice
	done
}

# ---- recover --from ----

@test "recover --from: the backup takes its place, and nothing is lost" {
	story
	dump was
	cp backup.db kept.db
	cp pps.db-journal was-journal
	ok recover --from backup.db
	out <<-'E'
		what was there before is kept as pps.db.before-recover-2026-12-08-100000
		sent 2026-12-08 10:00 to Ян, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step
		2 sent since, 0 in doubt, 1 of unknown trips
		nothing goes out yet. The last that was done in this copy is of 2026-12-01 14:00; what was done after it is for you to do again:
		  1. enter sales, cancellations, changes and calls again; pps skip what is named above
		     (pps --db pps.db.before-recover-2026-12-08-100000 log shows what they were, if that file is whole)
		  2. pps adopt lets the tick go on
	E
	cmp backup.db kept.db
	sqlite3 pps.db.before-recover-2026-12-08-100000 .dump | cmp - was
	cmp pps.db.before-recover-2026-12-08-100000-journal was-journal
	[ "$(stat -c %a pps.db)" = 600 ]
	[ ! -e pps.db.restoring ]
	ls >.out
	line pps.db.sent
	[ "$(sql 'SELECT count(*) FROM occasion')" -eq 1 ]
	ok adopt
	ok tick
	out 'nothing was due'
}

@test "recover --from --dry-run shows what would be taken over, and changes nothing" {
	story
	dump before
	cp backup.db kept.db
	ls >names
	ok recover --from backup.db --dry-run
	line 'A2 Packing tips, Мария Иванова, T1 Анталья, 2026-12-03 10:00: would count as sent'
	line 'sent 2026-12-08 10:00 to Ян, for a trip that this backup does not know (T2 then, entered 2026-12-08 10:00): thank-you by SMS: enter that sale again, and skip this step'
	line '2 sent since, 0 in doubt, 1 of unknown trips'
	ls | grep -vx names >.names
	grep -vx names names | cmp - .names
	unchanged before
	cmp backup.db kept.db
	ok tick
}

@test "recover --from: another sale of the same number in the database of before is not the one that was sent" {
	story
	ok recover --from backup.db --json --dry-run
	json pps.recover/1 'unknown[0].client_name' Ян aside null
	sql 'UPDATE occasion SET created_at = created_at + 1 WHERE id = 2'
	ok recover --from backup.db --json
	json pps.recover/1 'unknown[0].client_name' null 'unknown[0].trip' T2 aside pps.db.before-recover-2026-12-08-100000
}

@test "recover --from: the present database is damaged, or gone" {
	story
	yes 'no database' | head -c 20000 >pps.db
	cp pps.db broken
	answers 65 tick
	ok recover --from backup.db --json
	json pps.recover/1 counts.sent 2 aside pps.db.before-recover-2026-12-08-100000
	json pps.recover/1 'unknown[0].client_name' null
	cmp broken pps.db.before-recover-2026-12-08-100000
	ok adopt
	ok tick
	out 'nothing was due'
	rm pps.db pps.db-journal
	at '2026-12-08 10:05'
	ok recover --from backup.db
	no_line 'kept as'
	line '2 sent since, 0 in doubt, 1 of unknown trips'
	ok adopt
	ok tick
	out 'nothing was due'
	[ "$(sent '2*')" -eq 4 ]
}

@test "recover --from: a journal without its database does not get into the new one" {
	story
	head -c 30000 /dev/urandom >pps.db-journal
	cp pps.db-journal stray
	rm pps.db
	ok recover --from backup.db
	line 'what was there before is kept as pps.db.before-recover-2026-12-08-100000-journal'
	no_line 'log shows what they were'
	[ ! -e pps.db.before-recover-2026-12-08-100000 ]
	cmp stray pps.db.before-recover-2026-12-08-100000-journal
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
}

@test "recover --from: the journal of a writer that died belongs to the backup" {
	maria
	ok tick
	local holder
	mkfifo hold held
	{ echo "PRAGMA cache_size = 2; BEGIN; UPDATE playbook SET body = hex(randomblob(40000));
		UPDATE client SET name = 'half'; SELECT 1;"; cat hold; } | sqlite3 pps.db >held 2>/dev/null 3>&- &
	holder=$!
	exec 7>hold
	read -r _ <held
	mkdir half
	cp pps.db pps.db-journal half
	exec 7>&-
	wait "$holder" || true
	[ "$(head -c 1 half/pps.db-journal | od -An -tx1)" != ' 00' ]
	cp -r half kept
	ok recover --from half/pps.db
	[ "$(sql 'SELECT name FROM client')" = 'Мария Иванова' ]
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
	diff -r half kept
	[ ! -e pps.db.restoring-journal ]
}

@test "recover --from: who had the old database open cannot write to it any more" {
	maria
	ok tick
	cp pps.db backup.db
	mkfifo hold held
	{ echo "SELECT 1;"; cat hold; } | sqlite3 pps.db >held 2>refusal 3>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	ok recover --from backup.db
	echo "UPDATE client SET name = 'x';" >&7
	exec 7>&-
	wait "$holder" || true
	grep -q 'readonly database' refusal
	[ "$(sql 'SELECT name FROM client')" = 'Мария Иванова' ]
	[ "$(sqlite3 pps.db.before-recover-2026-12-01-140000 'SELECT name FROM client')" = 'Мария Иванова' ]
}

@test "recover --from: an older database is brought up to date" {
	sqlite3 v1.db <"$BATS_TEST_DIRNAME/../store/old/schema-1.sql"
	sqlite3 v1.db 'PRAGMA application_id = 1886417713; PRAGMA user_version = 1'
	cp v1.db kept.db
	AS='' ok recover --from v1.db --dry-run
	[ "$(sql 'PRAGMA user_version')" -eq 5 ]
	[ "$(sql 'SELECT count(*) FROM staff')" -eq 3 ]
	AS='' ok recover --from v1.db
	[ "$(sql 'PRAGMA user_version')" -eq 5 ]
	[ "$(sql 'SELECT count(*) FROM staff')" -eq 0 ]
	cmp v1.db kept.db
}

# ---- a history that is known in part ----

# The log of the first life is lost; the copy of it is put back, a second life begins, and the same copy comes once more.
@test "a log that began after the copy was made does not answer for what came before it" {
	maria
	ok tick
	cp pps.db copy.db
	at '2026-12-03 10:00'
	ok tick
	[ "$(sent '*-packing.eml')" -eq 1 ]
	rm pps.db.sent pps.db-journal
	cat copy.db >pps.db
	ok recover
	line '0 sent since, 1 in doubt, 0 of unknown trips'
	ok adopt
	ok add-client --name Пётр --email p@example.com --departure 21.12.2026 --return 30.12.2026
	ok tick
	cp pps.db second.db
	rm pps.db-journal
	cat copy.db >pps.db
	answers 77 tick
	ok recover
	line 'sent 2026-12-03 10:00, for a trip that this backup does not know (T2 then, entered 2026-12-03 10:00): thank-you by e-mail: enter that sale again, and skip this step'
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
	line '0 sent since, 1 in doubt, 1 of unknown trips'
	ok adopt
	ok tick
	[ "$(sent '*-packing.eml')" -eq 1 ]
	# A copy of the second life does not know what the third has sent, which the log does.
	at '2026-12-04 10:00'
	ok add-client --name Ян --email y@example.com --departure 22.12.2026 --return 30.12.2026
	ok tick
	rm pps.db-journal
	cat second.db >pps.db
	answers 77 tick
	ok recover
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
	ok adopt
	ok tick
	[ "$(sent '*-packing.eml')" -eq 1 ]
	[ "$(grep -l '^To:.*p@example.com' outbox/*.eml | wc -l)" -eq 1 ]
	[ "$(grep -l '^To:.*y@example.com' outbox/*.eml | wc -l)" -eq 1 ]
}

@test "adopt without the sent log: an older copy is not compared with the new one" {
	maria
	ok tick
	cp pps.db copy.db
	at '2026-12-03 10:00'
	ok tick
	rm pps.db.sent
	ok adopt
	ok add-client --name Пётр --email p@example.com --departure 21.12.2026 --return 30.12.2026
	ok tick
	rm pps.db-journal
	cat copy.db >pps.db
	answers 77 tick
	ok recover
	line 'the sent log does not know all that was sent after this copy was made: whatever was due by now is in doubt'
	ok adopt
	ok tick
	nothing_twice
}

@test "recover: a call that the copy holds for skipped became a letter since" {
	maria
	at '2026-12-22 12:00'
	ok tick
	ok skip T1/office-call
	cp pps.db copy.db
	ok undo
	ok edit-client C1 --phone ''
	ok tick
	[ "$(sent '*-office-call.eml')" -eq 1 ]
	rm pps.db-journal
	cat copy.db >pps.db
	ok recover --verbose
	[ "$(sql "SELECT state FROM action WHERE step = 'office-call'")" = sent ]
	ok adopt
	ok edit-client C1 --phone ''
	answers 77 undo
	ok tick
	[ "$(sent '*-office-call.eml')" -eq 1 ]
}

# ---- the whole story ----

@test "a backup from the second day, the sale entered again, and four weeks to the end: nothing goes out twice" {
	story
	local day hour
	ok recover --from backup.db
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	answers 77 tick
	[ "$(sent '*')" -eq 4 ]
	ok skip T2/thank-you
	ok adopt
	for day in 12-{08,09,10,18,19,20,21,22,23,25,27,28,30,31} 01-{04,05,06,08,11,12}; do
		for hour in 10:30 16:30 19:40; do
			at "$([ "${day%-*}" = 12 ] && echo 2026 || echo 2027)-$day $hour"
			ok tick --quiet
		done
	done
	nothing_twice
	# What goes by itself went once for each of the two; the story and the greeting need an e-mail address.
	find outbox -name '2*' | sed 's/.*Z-A[0-9]*-//; s/\..*//' | sort | uniq -c | sed 's/^ *//' >.out
	out <<-'E'
		2 bon-voyage
		2 challenge
		2 loyalty
		1 new-year
		2 packing
		2 preflight
		1 referral-story
		2 tell-friends
		2 thank-you
		2 welcome-back
		2 welcome-home
	E
}

@test "recover: what a later change had brought has gone, and does not go again when the change is made once more" {
	maria
	ok tick
	at '2026-12-08 17:00'
	ok tick
	ok done A4
	ok backup before.db
	ok edit-trip T1 --departure '12.12.2026 09:00'
	ok tick
	local sent
	sent=$(sent '2*')
	[ "$(sent '*-correction.txt')" -eq 1 ]
	at '2026-12-08 17:30'
	ok recover --from before.db --verbose
	grep -q '^A[0-9]* Correction of the dates, Мария Иванова, T1 Анталья, [-0-9]* [0-9:]*: counts as sent$' .out
	line '1 sent since, 0 in doubt, 0 of unknown trips'
	ok edit-trip T1 --departure '12.12.2026 09:00'
	ok adopt
	at '2026-12-08 17:40'
	ok tick
	[ "$(sent '2*')" -eq "$sent" ]
	# Another change is another one.
	ok edit-trip T1 --departure '13.12.2026 09:00'
	line 'the client was told the old dates: a correction goes by SMS now (A17)'
	ok tick
	[ "$(sent '*-correction.txt')" -eq 2 ]
}

@test "recover: a complaint that the copy knows was solved since: the letter does not go twice" {
	maria
	ok tick
	ok complaint add T1 --title 'шум' --manager olga
	ok tick
	ok backup before.db
	at '2026-12-02 10:00'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'другой номер'
	ok tick
	local sent
	sent=$(sent '*-complaint-solved.*')
	[ "$sent" -eq 1 ]
	at '2026-12-02 11:00'
	ok recover --from before.db
	line '1 sent since, 0 in doubt, 0 of unknown trips'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'другой номер'
	ok adopt
	ok tick
	[ "$(sent '*-complaint-solved.*')" -eq 1 ]
}
