#!/usr/bin/env bats
# With whom nothing has happened for years is forgotten, each as by pps forget; whoever has anything open stays, and so does
# everybody else.

load helpers
load playbooks

# old NAME DEPARTURE RETURN [ARG...]: a client of years ago with whom everything is done.
old() {
	ok add-client --name "$1" --email "c$((++count))@example.com" --departure "$2" --return "$3" "${@:4}"
	sql "UPDATE action SET state = 'cancelled' WHERE state = 'pending' AND occasion_id = (SELECT max(id) FROM occasion)"
}

setup_clients() {
	count=0
	at '2019-05-01 12:00'
	old 'Мария Иванова' 10.06.2019 20.06.2019 # C1: last of all, her return
	old 'Пётр Ли' 10.06.2019 20.06.2019       # C2: came again
	old 'Ева Ким' 10.06.2019 20.06.2019       # C3: called
	at '2024-05-01 12:00'
	ok add-trip C2 --departure 10.06.2024 --return 20.06.2024
	sql "UPDATE action SET state = 'cancelled' WHERE state = 'pending'"
	ok note C3 'звонила, летом не едет'
	at '2026-12-01 14:00'
}

gone() {
	[ "$(sql "SELECT group_concat(id, ' ') FROM client WHERE email = 'forgotten@client.invalid'")" = "$1" ] ||
		_complain "forgotten are $(sql "SELECT group_concat(id) FROM client WHERE name = 'forgotten'")"
}

@test "who is old goes, who came again or called stays; --dry-run lists them and changes nothing" {
	setup_clients
	dump before
	ok purge --older-than 5y --dry-run
	out <<-'E'
		C1 Мария Иванова: last 2019-06-20, back from a trip
		1 would be forgotten: nothing has happened with them since 2021-12-01; 0 would stay
	E
	ok purge --older-than 2y --dry-run
	line 'C2 Пётр Ли: last 2024-06-20, back from a trip'
	line 'C3 Ева Ким: last 2024-05-01, the card changed, or a note'
	ok purge --older-than 2019-06-20 --dry-run # the very day is not before it
	out '0 would be forgotten: nothing has happened with them since 2019-06-20; 0 would stay'
	ok purge --older-than 2019-06-21 --dry-run
	line 'C1 Мария Иванова: last 2019-06-20, back from a trip'
	unchanged before
	ok purge --older-than 5y --yes
	line 'C1 is forgotten: last 2019-06-20, back from a trip'
	line '1 forgotten, of whom nothing was heard since 2021-12-01: 2026-12-01 14:00, by anna; 0 stay'
	no_line Мария
	gone 1
	! grep -aqF Мария pps.db* || false
	ok purge --older-than 18m --yes
	gone '1 2 3'
	ok purge --older-than 18m --yes
	line '0 forgotten, of whom nothing was heard since 2025-06-01: 2026-12-01 14:00, by anna; 0 stay'
	[ "$(sql 'PRAGMA integrity_check')" = ok ]
}

@test "everything that happened counts: a sale, an answer, a complaint, a lost sale, a talk, a word, a thing, a recommendation" {
	count=0
	at '2019-05-01 12:00'
	local n
	for n in 1 2 3 4 5 6 7 8 9 10 11; do
		old "Клиент $n" 10.06.2019 20.06.2019
	done
	at '2024-05-01 12:00'
	ok feedback add T1 --csat 5
	ok lost C2 --reason цена
	ok complaint add T3 --title 'шум' --words 'гремели' --manager anna
	ok consent C4 --no --source 'по телефону'
	ok gift add C5 --kind card --title 'карта'
	ok gift drop G1
	ok referral add C7 C8
	ok edit-client C9 --phone 89035550000
	ok fact C10 собака Жужа
	sql "UPDATE action SET state = 'cancelled' WHERE state IN ('pending', 'missed'); UPDATE referral SET rewarded_at = at;
		UPDATE action SET channel = 'call', state = 'pending' WHERE occasion_id = 6 AND step = 'office-call';
		UPDATE action SET state = 'done', done_at = $(date -d '2024-05-01T12:00+0300' +%s) WHERE state = 'pending';
		UPDATE occasion SET resolved = '2024-05-01 12:00' WHERE kind = 'complaint'"
	at '2026-12-01 14:00'
	ok purge --older-than 5y --yes
	gone 11
	ok purge --older-than 1y --dry-run
	line 'C1 Клиент 1: last 2024-05-01, an answer'
	line 'C2 Клиент 2: last 2024-05-01, a lost sale'
	line 'C3 Клиент 3: last 2024-05-01, a complaint'
	line 'C4 Клиент 4: last 2024-05-01, a word about being written to'
	line 'C5 Клиент 5: last 2024-05-01, a gift or thing'
	line 'C6 Клиент 6: last 2024-05-01, work ticked off'
	line 'C7 Клиент 7: last 2024-05-01, a recommendation'
	line 'C8 Клиент 8: last 2024-05-01, a recommendation'
	line 'C9 Клиент 9: last 2024-05-01, the card changed, or a note'
	line 'C10 Клиент 10: last 2024-05-01, the card changed, or a note'
	line '10 would be forgotten: nothing has happened with them since 2025-12-01; 0 would stay'
}

@test "what the machine sends by itself does not count: greetings of every year keep nobody" {
	count=0
	at '2019-05-01 12:00'
	old 'Мария Иванова' 10.06.2019 20.06.2019 --birthday 17.08.1985
	for day in 2024-08-17 2025-08-17 2026-08-17; do
		at "$day 12:00"
		ok tick --verbose
		line '1 sent'
	done
	ok purge --older-than 5y --yes
	gone 1
	at '2027-08-17 12:00'
	ok tick --verbose
	no_line sent
}

@test "whoever has anything open stays, and is named with the reason" {
	count=0
	at '2019-05-01 12:00'
	local n
	for n in 1 2 3 4 5 6; do
		old "Клиент $n" 10.06.2019 20.06.2019
	done
	ok gift add C2 --kind card --title 'карта'
	ok referral add C3 C6
	ok complaint add T4 --title 'шум' --words 'гремели' --manager anna
	sql "UPDATE client SET paused_until = '2027-01-01' WHERE id = 5; UPDATE action SET state = 'cancelled' WHERE state = 'pending'; UPDATE action SET state = 'pending' WHERE id = 3;
		UPDATE action SET state = 'claimed' WHERE id = 3; UPDATE action SET state = 'at_risk' WHERE id = 3;
		UPDATE action SET state = 'in_doubt' WHERE id = 3"
	at '2026-12-01 14:00'
	ok purge --older-than 5y --dry-run
	line 'C1 Клиент 1 stays: last 2019-06-20, back from a trip; A3 is under way or in doubt: pps doubt'
	line 'C2 Клиент 2 stays: last 2019-06-20, back from a trip; G1 is still to be handed over: pps gift hand G1, or drop'
	line 'C3 Клиент 3 stays: last 2019-06-20, back from a trip; a reward is owed for R1: pps referral reward R1'
	line 'C4 Клиент 4 stays: last 2019-06-20, back from a trip; P7 is not solved'
	line 'C5 Клиент 5 stays: last 2019-06-20, back from a trip; nothing is to be sent until a day that is ahead: pps resume C5'
	line '1 would be forgotten: nothing has happened with them since 2021-12-01; 5 would stay'
	# What was missed holds them until it is as old itself.
	sql "UPDATE action SET state = 'sent' WHERE id = 3; UPDATE action SET state = 'missed' WHERE id = 4 AND state = 'cancelled';
		UPDATE action SET state = 'missed' WHERE id = (SELECT max(id) FROM action WHERE occasion_id = 6) AND state = 'cancelled';
		UPDATE action SET local_due = '2021-12-01 10:00' WHERE id = 4"
	[ "$(sql "SELECT count(*) FROM action WHERE state = 'missed'")" -eq 2 ]
	ok purge --older-than 5y --json --yes
	json pps.purge/1 dry_run false before 2021-12-01 counts.forgotten 1 counts.stay 5 counts.left 0 forgotten# 1 \
		'forgotten[0].client' C6 'forgotten[0].client_name' null 'forgotten[0].last' 2019-06-20 stay# 5 \
		'stay[0].client' C1 'stay[0].why' 'A4 is still to be done, or red: pps why A4'
	gone 6
}

@test "a no stays with its address, sealed; the letters in the outbox go" {
	count=0
	at '2019-05-01 12:00'
	ok add-client --name 'Мария Иванова' --email maria@example.com --departure 10.06.2019 --return 20.06.2019
	ok tick
	[ "$(sent '2*')" -eq 1 ]
	ok unsubscribe C1
	sql "UPDATE action SET state = 'cancelled' WHERE state = 'pending'"
	at '2026-12-01 14:00'
	ok purge --older-than 5y --yes
	line '1 files of the outbox are deleted'
	[ "$(sent '2*')" -eq 0 ]
	ok consent maria@example.com
	line 'e-mail maria@example.com: no marketing; what is about their trips goes'
}

@test "it asks first, and takes no slip for an age" {
	setup_clients
	dump before
	fails 64 'it cannot be undone, and 1 would be forgotten: --dry-run lists whom, and --yes does it' purge --older-than 5y
	fails 64 'say how long ago: pps purge --older-than 3y' purge --yes
	fails 64 '--older-than 3m: at least a year (1y); pps forget is for a single client' purge --older-than 3m --yes
	fails 64 '--older-than 2026-11-30: at least a year (1y); pps forget is for a single client' purge --older-than 2026-11-30 --yes
	fails 65 '--older-than: "5" is neither an age nor a date: write 3y, 18m (months) or 2026-12-10' purge --older-than 5 --yes
	fails 65 '--older-than: "90y" is before 1970' purge --older-than 90y --yes
	unchanged before
}

# on_terminal ARG...: pps with somebody before it; what they type comes from standard input, what is shown goes to .out.
on_terminal() {
	env -i PATH="$BIN" HOME="$PWD/home" PPS_DB=pps.db NO_COLOR=1 ASAN_OPTIONS="${ASAN_OPTIONS-}" \
		UBSAN_OPTIONS="${UBSAN_OPTIONS-}" /usr/bin/python3 -B "$BATS_TEST_DIRNAME/terminal.py" \
		"$PPS" --now "$NOW" --as anna "$@" >.out
}

@test "on a terminal it asks, with their number: Enter is no, yes is yes" {
	setup_clients
	dump before
	on_terminal purge --older-than 2y <<<''
	grep -q 'Forget 3 clients with whom nothing has happened since 2024-12-01? It cannot be undone (yes, or Enter for no)' .out
	grep -q 'nothing was changed' .out
	unchanged before
	on_terminal purge --older-than 5y <<<'yes'
	grep -q 'Forget 1 client with whom nothing' .out
	gone 1
}

@test "who calls after the list was made is not forgotten" {
	setup_clients
	# It stands still at the first client's line in the sent log.
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o calls -e trace=fallocate -e inject=fallocate:signal=STOP:when=1 \
		"$PPS" --now "$NOW" --as anna purge --older-than 2y --yes >shown 2>&1 3>&- &
	local purging=$! n
	for ((n = 0; n < 400; n++)); do
		! grep -qs 'stopped by SIGSTOP' calls || break
		sleep 0.05
	done
	ok note C2 'звонил, едет летом'
	kill -CONT "$(cut -d ' ' -f 1 calls | head -n 1)"
	wait "$purging"
	grep -q 'C2 Пётр Ли stays: last 2024-06-20, back from a trip; something was entered about them just now: pps log C2' shown
	grep -q '^2 forgotten, .*; 1 stay' shown
	gone '1 3'
}

@test "asked to end, it ends after the client whom it has in hand, and says how many are left" {
	count=0
	at '2019-05-01 12:00'
	local n
	for n in 1 2 3; do
		old "Клиент $n" 10.06.2019 20.06.2019
	done
	at '2026-12-01 14:00'
	# At the second client's line in the sent log; the leak check does not work under strace.
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o /dev/null -e trace=fallocate -e inject=fallocate:signal=TERM:when=3 \
		"$PPS" --now "$NOW" --as anna purge --older-than 5y --yes >.out 2>.err || status=$?
	[ "$status" -eq 75 ]
	line '2 forgotten, of whom nothing was heard since 2021-12-01: 2026-12-01 14:00, by anna; 0 stay'
	line '1 is left for the next time: say it again'
	gone '1 2'
	ok purge --older-than 5y --yes
	gone '1 2 3'
}

@test "broken off: each is forgotten or as before, and the next call does the rest" {
	count=0
	at '2019-05-01 12:00'
	local n
	for n in 1 2 3 4; do
		old "Клиент $n" 10.06.2019 20.06.2019
	done
	at '2026-12-01 14:00'
	# Three transactions a client, and two lines in the sent log; somewhere in the third client it dies.
	killed_at fdatasync 32 --as anna purge --older-than 5y --yes
	local done
	done=$(sql "SELECT count(*) FROM client WHERE email = 'forgotten@client.invalid'")
	[ "$done" -gt 0 ] && [ "$done" -lt 4 ]
	[ "$(sql "SELECT count(*) FROM client WHERE (name = 'forgotten') <> (email = 'forgotten@client.invalid')")" -eq 0 ]
	ok purge --older-than 5y --yes
	gone '1 2 3 4'
	! grep -aqF Клиент pps.db* || false
}

@test "not while a tick runs" {
	setup_clients
	dump before
	exec 5>pps.db.lock
	flock 5
	answers 75 purge --older-than 5y --yes
	grep -q 'a tick is running' .err
	exec 5>&-
	unchanged before
}
