#!/usr/bin/env bats
# A client is forgotten by docs/erase-client.sql: nothing of theirs is left in the file, nothing goes out to them, and the
# database is as sound as before.

load helpers

erase() {
	status=0
	sqlite3 -cmd '.parameter init' -cmd ".parameter set @client $1" pps.db \
		<"$BATS_TEST_DIRNAME/../../docs/erase-client.sql" >.out 2>.err || status=$?
}

# nothing_of WORD...: the database has these words nowhere, in no page, free ones too.
nothing_of() {
	local word
	for word in "$@"; do
		! grep -aqF -- "$word" pps.db || _complain "still in the file: $word"
	done
}

# Everything that can hold a word of hers.
much_of_maria() {
	maria --note 'любит-тишину'
	ok fact C1 собака 'Жужа'
	ok mark C1 loyal
	ok gift add T1 --kind gift --title 'чай-для-Марии'
	printf '%%PDF-1.4\nвоучер-Марии\n' >v.pdf
	ok attach T1 v.pdf
	ok tick
	at '2026-12-21 15:00'
	ok complaint add T1 --title 'шум-у-соседей' --words 'гремели-ночью' --promise 23.12.2026 --manager anna
	ok feedback add T1 --csat 2 --words 'было-шумно'
	ok consent C1 --no --source 'письмо-от-Марии'
	pps tick --quiet
}

@test "nothing of a client is left, what was sent is still known, and everybody else is served as before" {
	much_of_maria
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 15.01.2027 --return 20.01.2027
	ok note C1 'просила забыть'
	erase 1
	out 1
	err ''
	nothing_of Мария любит-тишину Жужа для-Марии воучер шум-у гремели было-шумно письмо-от
	[ "$(sql "SELECT group_concat(state, ' ') FROM action WHERE occasion_id = 1 AND state = 'sent'")" = sent ]
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
	[ -z "$(sql 'PRAGMA foreign_key_check')" ]
	ok doctor
	ok show C1
	line 'C1 erased, erased@client.invalid'
	ok timeline T1
	ok log C1
	ok find erased
	at '2027-01-14 10:30'
	pps tick --verbose
	no_line 'T1|sent.* (P2|F3)'
	ok report
	no_line erased
	# The "no" is still with the address.
	[ "$(sql "SELECT count(*) FROM consent WHERE address = 'maria@example.com' AND given = 0")" -eq 1 ]
}

@test "it stops, and changes nothing, when a message is in doubt, when no note was said, and for nobody" {
	maria
	ok tick
	dump before
	erase 1
	[ "$status" -ne 0 ] && grep -q pps_note_was_said_right_before .err
	unchanged before
	erase 7
	[ "$status" -ne 0 ] && grep -q there_is_such_a_client .err
	unchanged before
	ok note C1 'просила забыть'
	sql "UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2;
		UPDATE action SET state = 'in_doubt' WHERE id = 2"
	dump before
	erase 1
	[ "$status" -ne 0 ] && grep -q nothing_is_under_way_or_in_doubt .err
	unchanged before
}
