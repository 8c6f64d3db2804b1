#!/usr/bin/env bats
# A client is forgotten: nothing of theirs is left in the files, nothing goes out to them, and the database is as sound as
# before.

load helpers
load playbooks

# nothing_of WORD...: the database and what lies beside it have these words nowhere, in no page, free ones too.
nothing_of() {
	local word
	for word in "$@"; do
		! grep -aqF -- "$word" pps.db* || _complain "still in the files: $word"
		! grep -raqF -- "$word" outbox 2>/dev/null || _complain "still in the outbox: $word"
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
	ok note C1 'просила-забыть'
	pps tick --quiet
}

@test "nothing of a client is left, what was sent is still known, and everybody else is served as before" {
	much_of_maria
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 15.01.2027 --return 20.01.2027
	ok forget C1 --yes
	line 'C1 is forgotten: 2026-12-21 15:00, by anna; it cannot be undone'
	nothing_of Мария любит-тишину Жужа для-Марии воучер шум-у гремели было-шумно письмо-от просила-забыть
	[ "$(sql "SELECT group_concat(DISTINCT state) FROM action WHERE occasion_id = 1 AND state = 'sent'")" = sent ]
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
	[ -z "$(sql 'PRAGMA foreign_key_check')" ]
	[ -z "$(sql "SELECT id FROM action WHERE state NOT IN ('sent', 'done', 'cancelled', 'suppressed', 'skipped')
		AND occasion_id IN (SELECT id FROM occasion WHERE client_id = 1)")" ]
	ok doctor
	ok show C1
	line 'C1 forgotten, forgotten@client.invalid'
	ok show C1 --json
	ok timeline T1
	ok why A1
	ok log C1
	ok find forgotten
	ok today
	no_line 'forgotten|T1 '
	at '2027-01-14 10:30'
	ok tick --verbose
	no_line 'T1|sent.* (P2|F3)'
	ok report
	no_line forgotten
	# The "no" is known again by the address, and only by it.
	nothing_of maria@example.com 9031234567
	[ "$(sql 'SELECT count(*) FROM consent WHERE client_id = 1')" -eq 0 ]
	ok consent Maria@example.com
	line 'e-mail Maria@example.com: no marketing; what is about their trips goes'
	ok add-client --name 'Мария Иванова' --email maria@example.com --departure 15.02.2027 --return 20.02.2027
	[ "$(sql "SELECT group_concat(DISTINCT state) FROM action WHERE occasion_id = (SELECT max(id) FROM occasion)
		AND step = 'loyalty'")" = suppressed ]
	ok consent maria@example.com --yes --source 'форма'
	[ "$(sql "SELECT group_concat(DISTINCT state) FROM action WHERE occasion_id = (SELECT max(id) FROM occasion)
		AND step = 'loyalty'")" = pending ]
}

@test "the log keeps the act without a word about whose it was, and can only be added to, as before" {
	much_of_maria
	ok forget C1 --yes --json
	json pps.forget/1 client C1 dry_run false erased.facts 1 erased.documents 1
	[ "$(sql "SELECT count(*) FROM audit WHERE client_id = 1 AND detail IS NOT NULL")" -eq 1 ]
	[ "$(sql "SELECT json_extract(detail, '\$.facts') FROM audit WHERE verb = 'forget'")" -eq 1 ]
	! sql "UPDATE audit SET detail = 'x'" 2>.err
	grep -q 'append-only' .err
}

@test "--dry-run changes nothing and names what would go; without --yes nothing goes where nobody can be asked" {
	much_of_maria
	dump before
	ok forget C1 --dry-run
	line 'C1 would be forgotten; nothing is changed yet'
	unchanged before
	fails 64 'it cannot be undone: pps forget C1 --dry-run shows what goes, and --yes does it' forget C1
	unchanged before
}

@test "refused while a trip is not over, or a message is in doubt, and the second time" {
	maria
	ok tick
	dump before
	fails 77 'T1 is still ahead: pps cancel-trip T1, or say it again after the return' forget C1 --yes
	unchanged before
	sql "UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2"
	fails 77 'A2 is on its way to them just now: say it again in a minute' forget C1 --yes
	sql "UPDATE action SET state = 'in_doubt' WHERE id = 2"
	dump before
	fails 77 'nobody knows whether A2 has reached them: pps doubt resolve A2 decides it, then say it again' forget C1 --yes
	unchanged before
	ok doubt resolve A2 --sent
	ok cancel-trip T1
	ok forget C1 --yes
	fails 77 'C1 was forgotten, and that cannot be taken back: pps add-client enters whoever comes again' forget C1 --yes
}

@test "it cannot be undone, and nothing is added to an empty card" {
	maria
	ok cancel-trip T1 --reason 'передумала-Мария'
	ok forget C1 --yes
	nothing_of передумала
	local why='C1 was forgotten, and that cannot be taken back: pps add-client enters whoever comes again'
	fails 77 "$why" undo
	pps add-client --name 'Ева Ли' --phone 89031112233 --departure 15.01.2027 --return 20.01.2027
	dump before
	fails 77 "$why" undo T1
	fails 77 "$why" edit-client C1 --phone 89031112233
	fails 77 "$why" add-trip C1 --departure 15.01.2027 --return 20.01.2027
	fails 77 "$why" fact C1 dog Rex
	fails 77 "$why" mark C1 loyal
	fails 77 "$why" note C1 'Мария звонила'
	fails 77 "$why" gift add C1 --kind card --title x
	fails 77 "$why" pause C1
	fails 77 "$why" consent C1 --yes --source 'by phone'
	fails 77 "$why" unsubscribe C1
	fails 77 "$why" complaint add C1 --title x
	fails 77 "$why" lost C1 --reason цена
	fails 77 "$why" referral add C1 C2
	unchanged before
}

@test "whoever has the same number keeps it, their words about it, and their calls" {
	maria
	pps add-client --name 'Пётр Иванов' --phone 89031234567 --departure 10.12.2026 --return 20.12.2026
	ok consent C1 --yes --channel sms --source 'по телефону'
	ok cancel-trip T1
	ok forget C1 --yes
	line 'C2 has the same phone or e-mail, and stays as it is: pps show C2'
	nothing_of Мария maria@example.com
	[ "$(sql "SELECT given FROM consent WHERE channel = 'sms'")" -eq 1 ]
	[ "$(sql "SELECT count(*) FROM action WHERE occasion_id = 2 AND channel = 'call' AND state = 'pending'")" -gt 0 ]
}

@test "the letters in the outbox go, too; those of others stay" {
	maria
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 15.01.2027 --return 20.01.2027
	ok tick
	[ "$(grep -rl maria@example.com outbox | wc -l)" -gt 0 ]
	ok cancel-trip T1
	ok forget C1 --yes
	[ "$(grep -rl maria@example.com outbox | wc -l)" -eq 0 ]
	[ "$(grep -rl eva@example.com outbox | wc -l)" -gt 0 ]
}

@test "reports count what there was as before, and in the years to come nothing is planned" {
	much_of_maria
	ok feedback add T1 --nps 9
	sold_and_said() {
		ok report --summary --from 01.12.2026 --to 31.12.2026 --json
		json pps.report/1 period.figures.sales 1 period.figures.answers 2 period.figures.nps 100 period.figures.csat_answers 1 \
			period.figures.trips_returned 1 period.figures.trips_answered 1 period.figures.email_sent "$1"
	}
	local sent
	sent=$(sql "SELECT count(*) FROM action WHERE channel = 'email' AND state = 'sent'")
	sold_and_said "$sent"
	ok forget C1 --yes
	sold_and_said "$sent"
	ok timeline T1
	no_line cancelled.*T1
	playbook "$LOYALTY" "$ANNIVERSARY"
	at '2026-12-22 12:00'
	ok plan --apply
	local day
	for day in 2026-12-31 2027-01-01 2027-03-20 2027-08-17 2027-12-10 2027-12-31 2028-01-01; do
		at "$day 12:00"
		ok tick --verbose
		no_line sent
	done
	[ "$(sql "SELECT count(*) FROM action WHERE state IN ('pending', 'held', 'missed', 'failed')")" -eq 0 ]
	[ "$(sql "SELECT count(*) FROM occasion WHERE kind = 'greeting'")" -eq 0 ]
}

@test "what a tick that died left in the outbox goes, too, and what is known of a letter from the sent log alone" {
	maria
	killed_at renameat2 1 tick
	answers 1 tick
	ok doubt resolve A1 --drop
	ok cancel-trip T1
	grep -raqF maria@example.com outbox
	ok forget C1 --yes
	[ -z "$(grep -ral maria@example.com outbox)" ]
	at '2026-12-02 10:00'
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 20.12.2026 --return 30.12.2026
	cp pps.db backup.db
	ok tick
	rm -f pps.db-journal
	cp backup.db pps.db
	ok recover
	[ "$(grep -ral eva@example.com outbox | wc -l)" -eq 1 ]
	ok cancel-trip T2
	ok forget C2 --yes
	[ -z "$(grep -ral eva@example.com outbox)" ]
}
