#!/usr/bin/env bats
# pps plan: the playbook was edited while trips are under way.

load helpers
load playbooks

# Three sales: one that leaves soon, one that travels, one that leaves in a month.
sales() {
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY"
	ok add-client --name 'Скоро' --email s@example.com --phone 89031112201 --departure 04.12.2026 --return 14.12.2026
	ok add-client --name 'В пути' --email p@example.com --phone 89031112202 --purchase 2026-11-01 \
		--departure 28.11.2026 --return 08.12.2026
	ok add-client --name 'Через месяц' --email m@example.com --phone 89031112203 --departure 10.01.2027 --return 20.01.2027
	ok tick
}

STORY='{"key": "referral-story", "title": "A story", "channel": "email",
	"at": {"anchor": "return", "days": 5, "time": "10:00"}, "grace": {"days": 5}, "class": "marketing"}'
EARLY='{"key": "bon-voyage", "title": "Early news", "channel": "email",
	"at": {"anchor": "departure", "days": -20, "time": "10:00"}, "grace": {"days": 9}, "if_late": "send_now"}'

@test "nothing was edited: nothing changes" {
	sales
	dump before
	ok plan
	out 'everything that is open is planned with the playbook of today'
	ok plan --apply
	out 'everything that is open is planned with the playbook of today'
	unchanged before
}

@test "a new step: counted, shown, and only looked at" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	dump before
	ok plan
	out <<-'X'
		step               new  moved  dropped  unchanged
		Packing tips       0    0      0        1
		Pre-flight call    0    0      0        2
		Loyalty programme  0    0      0        3
		A story            3    0      0        0
		3 trips: will create 3 actions, 0 due today; leave 6 as they are
		nothing was changed: pps plan --apply does it
	X
	unchanged before
	ok plan --verbose
	line 'T1  Скоро        A story  new     -    2026-12-19 10:00 e-mail'
	line 'T3  Через месяц  A story  new     -    2027-01-25 10:00 e-mail'
	unchanged before
	ok plan --json --verbose
	json pps.plan/1 applied false occasions 3 new 3 new_today 0 moved 0 dropped 0 unchanged 6 \
		'steps[step=referral-story].new' 3 'steps[step=thank-you].new' 0 'left' '[]' \
		'changes[occasion=T1].due_local' 2026-12-19T10:00 'changes[occasion=T1].was_due' null \
		'changes[occasion=T1].channel' email 'changes[occasion=T1].change' new
	unchanged before
}

@test "--apply does what was shown, once; and the log says so" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	ok plan --apply
	line '3 trips: created 3 actions, 0 due today; left 6 as they were'
	ok timeline T2
	grep -q '2026-12-13 10:00  e-mail  A story .* pending' .out
	ok log T2 --limit 1
	line '2026-12-01 14:00  anna  plan  C2      T2     playbook 1 -> 2: 1 new, 0 moved, 0 dropped'
	dump before
	ok plan --apply
	out 'everything that is open is planned with the playbook of today'
	unchanged before
}

@test "the past is never blasted: what is new and late is not for trips that were sold before, also later on" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$EARLY"
	ok plan
	line 'Early news         1    0      0        0'
	line '3 trips: will create 1 action, 0 due today; leave 6 as they are'
	ok plan --apply
	ok timeline T1
	grep -q 'Early news .* cancelled .* not for trips that were sold before$' .out
	ok timeline T3
	grep -q '2026-12-21 10:00  e-mail  Early news .* pending' .out
	ok tick
	out 'nothing was due'
	# An edit, or a change that plans anew, does not bring it back …
	ok edit-client C1 --note x
	ok edit-trip T1 --note x
	ok tick
	out 'nothing was due'
	# … but another date does, when there is time for it.
	ok edit-trip T1 --departure 20.01.2027 --return 30.01.2027
	grep -q '2026-12-31 10:00  e-mail  Early news .* pending' .out
}

@test "what waits moves with the playbook; what would have had its turn keeps its day" {
	sales
	# The loyalty letter a day after the return instead of three; the call ten days before the departure.
	playbook "$THANKS" "$PACKING" "${PREFLIGHT/\"days\": -1, \"time\": \"10:00\"/\"days\": -10, \"time\": \"10:00\"}" \
		"${LOYALTY/\"days\": 3/\"days\": 1}"
	ok plan --verbose
	line 'T1  Скоро        Loyalty programme  moved   2026-12-17 10:00 e-mail  2026-12-15 10:00 e-mail'
	line 'T3  Через месяц  Pre-flight call    moved   2027-01-09 10:00 call    2026-12-31 10:00 call'
	no_line '^T1 .*Pre-flight'
	ok plan --apply
	line '3 trips: created 0 actions, 0 due today; moved 4; left 2 as they were'
	ok timeline T1
	line 'A3  2026-12-03 10:00  call    Pre-flight call    pending                SMS after 2026-12-03 16:00'
	# Also when it is planned once more.
	ok edit-client C1 --note x
	ok timeline T1
	line 'A3  2026-12-03 10:00  call    Pre-flight call    pending                SMS after 2026-12-03 16:00'
	ok tick
	out 'nothing was due'
}

@test "a step that is gone is not done any more; what was sent stays; and back again" {
	sales
	playbook "$PREFLIGHT" "$LOYALTY"
	ok plan
	line 'packing            0    0      1        0'
	line '3 trips: will create 0 actions, 0 due today; drop 1; leave 5 as they are'
	ok plan --apply
	ok timeline T3
	grep -q '^A9 .* thank-you .* sent 2026-12-01 14:00' .out
	grep -q '^A10 .* packing .* cancelled .*dropped: no longer in the playbook$' .out
	ok why T3/packing
	line 'A10 packing, T3: not to be done (dropped: no longer in the playbook)'
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY"
	ok plan --apply
	ok timeline T3
	grep -q '^A10 .*2027-01-05 10:00  e-mail  Packing tips .* pending' .out
	[ "$(sent '*-thank-you.eml')" -eq 3 ]
}

@test "another anchor for a step that is done once more when its date moves: it is not done once more" {
	local call='{"key": "call", "channel": "call", "if_moved": "again", "at": {"anchor": "departure", "days": -1}}'
	playbook "$call"
	ok add-client --name 'Ева' --phone 89031112201 --departure 04.12.2026 --return 14.12.2026
	at '2026-12-03 12:00'
	ok done T1/call
	playbook "${call/departure/return}"
	ok plan --apply
	line '1 trip: created 0 actions, 0 due today'
	ok edit-client C1 --note x
	[ "$(sql "SELECT count(*) FROM action")" -eq 1 ]
	# A return that moves is another matter.
	ok edit-trip T1 --return 15.12.2026
	[ "$(sql "SELECT count(*) FROM action")" -eq 2 ]
}

@test "a call that is overdue stays red, a letter that was missed stays missed" {
	sales
	at '2026-12-13 12:00'
	ok report --json
	json pps.report/1 'rows[trip=T1].state' pending
	ok tick
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "${LOYALTY/\"days\": 3/\"days\": 6}"
	sql "SELECT id, state, due_at FROM action WHERE occasion_id = 1 AND step <> 'loyalty'" >before
	ok plan --apply
	sql "SELECT id, state, due_at FROM action WHERE occasion_id = 1 AND step <> 'loyalty'" | cmp - before
	ok timeline T1
	grep -q '2026-12-20 10:00  e-mail  Loyalty programme .* pending' .out
}

@test "--from: only what lies from that day on; the rest keeps its playbook" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	ok plan --from 01.01.2027 --apply
	line '1 trip: created 1 action, 0 due today; left 3 as they were'
	ok plan
	line '2 trips: will create 2 actions, 0 due today; leave 3 as they are'
	fails 65 '--from: "soon" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' plan --from soon
}

@test "cancelled and long past trips are left alone, and one that cannot be planned stops nobody" {
	sales
	ok cancel-trip T1
	sql "UPDATE client SET tz = 'Mars/Olympus' WHERE id = 2"
	sql "INSERT INTO client (id, name, email, search, created_at) VALUES (9, 'Давно', 'd@example.com', 'd', 0);
		INSERT INTO occasion (client_id, kind, purchase, departure, return, playbook_version, created_at)
		VALUES (9, 'trip', '2020-11-01', '2020-11-02', '2020-11-09', 1, 0)"
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	ok plan --apply
	line 'T2 stays as it is: unknown time zone "Mars/Olympus": use a name such as Europe/Moscow'
	line '1 trip: created 1 action, 0 due today; left 3 as they were'
	ok plan --json
	json pps.plan/1 occasions 0 'left[0].occasion' T2
	sql "UPDATE client SET tz = NULL WHERE id = 2"
	ok plan --apply
	line '1 trip: created 1 action, 0 due today; left 1 as they were'
}

@test "a playbook that is wrong changes nothing, and says where it is wrong" {
	sales
	dump before
	echo '{"steps": [{"key": "x"}]}' >templates/playbook.json
	fails 78 './templates/playbook.json:1:12: the step needs a "channel"' plan --apply
	fails 64 'unknown option --dry-run: see pps plan --help' plan --dry-run
	unchanged before
}

@test "five hundred trips: broken off in the middle, it goes on" {
	playbook "$THANKS" "$PREFLIGHT"
	maria
	ok tick
	sql "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
		INSERT INTO client (id, name, email, search, created_at) SELECT i, 'К' || i, 'k' || i || '@example.com', 'k', 0 FROM n;
		INSERT INTO occasion (client_id, kind, purchase, departure, return, playbook_version, created_at)
		SELECT id, 'trip', '2026-11-01', '2026-12-20', '2026-12-29', 1, 0 FROM client WHERE id > 1"
	playbook "$THANKS" "$PREFLIGHT" "$STORY"
	killed_at fdatasync 8 plan --apply
	n=$(sql "SELECT count(*) FROM occasion WHERE playbook_version = 2")
	[ "$n" -gt 0 ] && [ "$n" -lt 500 ]
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'referral-story'")" -eq "$n" ]
	ok plan --apply
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'referral-story' AND state = 'pending'")" -eq 500 ]
	[ "$(sql "SELECT count(*) FROM occasion WHERE playbook_version = 2")" -eq 500 ]
	# Thanks for a sale of a month ago would be late: nobody gets them.
	ok tick
	out 'nothing was due'
}

@test "consent.marketing is switched: doctor says that the plan is older, until it is applied" {
	maria
	answers 78 doctor
	no_line 'consent.marketing'
	printf '%s\n' '{"consent": {"marketing": "opt_in"}}' >pps.json
	answers 78 doctor
	line 'note   plan          consent.marketing was changed since it was made: pps plan shows what follows'
	ok plan --apply
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'suppressed'")" -gt 0 ]
	answers 78 doctor
	no_line 'consent.marketing'
	# A look changes nothing, and a part is not all.
	printf '%s\n' '{"consent": {"marketing": "opt_out"}}' >pps.json
	ok plan
	ok plan --apply --from 2027-06-01
	answers 78 doctor
	grep -q 'consent.marketing was changed' .out
	[ "$(sql "SELECT count(*) FROM audit WHERE verb = 'plan'")" -eq 1 ]
}

@test "undo of --apply: every trip has its playbook again, and is planned as before" {
	sales
	rows() { sql "SELECT id, step, state, cause, reason, local_due, due_at, expires_at, fallback_at, channel FROM action WHERE $1"; }
	at '2026-12-13 12:00'
	ok tick
	rows 'step <> "referral-story"' >before
	grep -q missed before
	playbook "$THANKS" "$PREFLIGHT" "${LOYALTY/\"days\": 3/\"days\": 6}" "$STORY"
	ok plan --apply
	line '3 trips: created 2 actions, 0 due today; moved 2; dropped 1; left 1 as they were'
	rows 'step <> "referral-story"' >after
	[ -n "$(diff before after)" ]
	ok undo
	out <<-'X'
		T3 has playbook 1 again: what is still ahead was planned anew
		T2 has playbook 1 again: what is still ahead was planned anew
		T1 has playbook 1 again: what is still ahead was planned anew
	X
	rows 'step <> "referral-story"' | diff before -
	[ "$(rows 'step = "referral-story"' | grep -c 'cancelled|no_step|dropped: no longer in the playbook')" -eq 2 ]
	# The file is still the new one: it can be applied once more, and taken back trip by trip.
	ok plan --apply
	ok undo T2
	out 'T2 has playbook 1 again: what is still ahead was planned anew'
	fails 66 'there is nothing to take back' undo T2
	ok undo
	[ "$(wc -l <.out)" -eq 2 ]
	[ "$(sql 'SELECT count(*) FROM occasion WHERE playbook_version = 1')" -eq 3 ]
}

@test "undo of --apply: once more with nothing to do is no work, and undo takes the first back" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	ok plan --apply
	ok plan --apply
	out 'everything that is open is planned with the playbook of today'
	[ "$(sql "SELECT group_concat(verb, ' ') FROM (SELECT verb FROM audit ORDER BY id DESC LIMIT 3)")" = 'plan plan plan' ]
	ok undo
	[ "$(wc -l <.out)" -eq 3 ]
	[ "$(sql 'SELECT count(*) FROM occasion WHERE playbook_version = 1')" -eq 3 ]
}

@test "undo of --apply: what went out since then is named, and does not go once more" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "${EARLY/-20/-38}"
	ok plan --apply
	at '2026-12-03 12:00'
	ok tick
	[ "$(sent '*-bon-voyage.eml')" -eq 1 ]
	ok undo T3
	out "T3 has playbook 1 again: what is still ahead was planned anew; went out since then, and stays so: Early news (A15)"
	ok timeline T3
	grep -q '^A15 .* sent 2026-12-03 12:00' .out
	ok plan --apply
	ok tick
	[ "$(sent '*-bon-voyage.eml')" -eq 1 ]
}

@test "undo of --apply: what was dropped, and is past by then, does not go" {
	playbook "$THANKS" "$PACKING"
	maria
	ok tick
	playbook "$THANKS" "${PACKING/packing/packing9}"
	mkdir -p templates/letters/ru
	cp "$BATS_TEST_DIRNAME/../../templates/letters/ru/packing.md" templates/letters/ru/packing9.md
	ok plan --apply
	at '2026-12-05 12:00'
	ok tick
	[ "$(sent '*-packing9.eml')" -eq 1 ]
	ok undo
	ok tick
	out 'nothing was due'
	[ "$(sent '*-packing.eml')" -eq 0 ]
	ok timeline T1
	grep -q 'Packing.* cancelled .*its time passed while another playbook held' .out
}

@test "undo of --apply: not what a colleague applied since, nor what pps.json has changed" {
	sales
	playbook "$THANKS" "$PACKING" "$PREFLIGHT" "$LOYALTY" "$STORY"
	ok plan --apply
	playbook "$THANKS" "$PACKING" "$PREFLIGHT"
	AS=boris
	ok plan --apply
	AS=anna
	dump before
	fails 77 'T3 was changed since then, by boris (plan): pps undo T3 takes back the last word on it' undo
	unchanged before
	AS=boris
	ok undo
	AS=anna
	ok undo
	[ "$(sql 'SELECT count(*) FROM occasion WHERE playbook_version = 1')" -eq 3 ]
}

@test "undo of --apply: five hundred trips, in many transactions, are taken back by one" {
	playbook "$THANKS" "$PREFLIGHT"
	maria
	ok tick
	sql "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
		INSERT INTO client (id, name, email, search, created_at) SELECT i, 'К' || i, 'k' || i || '@example.com', 'k', 0 FROM n;
		INSERT INTO occasion (client_id, kind, purchase, departure, return, playbook_version, created_at)
		SELECT id, 'trip', '2026-11-01', '2026-12-20', '2026-12-29', 1, 0 FROM client WHERE id > 1"
	playbook "$THANKS" "$PREFLIGHT" "$STORY"
	ok plan --apply
	[ "$(sql "SELECT count(DISTINCT json_extract(detail, '\$.batch')) FROM audit WHERE verb = 'plan'")" -eq 1 ]
	ok undo
	[ "$(wc -l <.out)" -eq 500 ]
	[ "$(sql 'SELECT count(*) FROM occasion WHERE playbook_version = 1')" -eq 500 ]
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'referral-story' AND state = 'pending'")" -eq 0 ]
}
