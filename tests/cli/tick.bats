#!/usr/bin/env bats
# The tick: what is due goes once, what is too late does not, and what happens when the world stands in the way.

load helpers

@test "nothing is due" {
	ok tick
	out 'nothing was due'
	ok tick --dry-run
	out 'dry run: nothing to do'
	ok tick --json
	json pps.tick/1 actions# 0 'counts*' 'sent retry failed missed in_doubt held fell_back withdrawn settled shared dropped' counts.sent 0 \
		recovered 0 another_tick_runs false
	ok tick --quiet
	out ''
}

@test "what is due goes; a second tick does nothing" {
	maria
	ok tick --verbose
	out <<-'E'
		sent A1 thank-you e-mail T1
		1 sent
	E
	ok tick
	out 'nothing was due'
	[ "$(sent '*')" -eq 1 ]
	state 1 sent
}

@test "the letter: signed by the director, to the client, in their language, with its date" {
	maria
	ok tick
	letter outbox/*.eml >.out
	line 'From: Ольга Смирнова (Тёплые страны) <info@warm.example>'
	line 'To: Мария Иванова <maria@example.com>'
	line 'Date: Tue, 01 Dec 2026 14:00:00 +0300'
	grep -q '^Дорогая Мария!' .out
	no_line '\{\{|\}\}'
	[ "$(stat -c %a outbox outbox/*.eml | paste -sd ' ')" = '700 600' ]
}

@test "tick --json: counts, and what was touched as it is now" {
	maria
	ok tick --json
	json pps.tick/1 counts.sent 1 counts.missed 0 actions# 1 'actions[0].id' A1 'actions[0].trip' T1 \
		'actions[0].result' sent 'actions[0].step' thank-you 'actions[0].channel' email 'actions[0].why' null
	json pps.tick/1 'actions[0].state' sent 'actions[0].done' 2026-12-01T14:00:00+03:00 'actions[0].client' C1 \
		'actions[0].manager' anna
}

@test "--dry-run says what would be done and changes nothing" {
	maria
	dump before
	ok tick --dry-run
	out <<-'E'
		would send A1 thank-you e-mail T1
		dry run: 1 sent
	E
	unchanged before
	[ ! -e outbox ] && [ ! -e pps.db.lock ]
	at '2026-12-09 16:05'
	ok tick --dry-run --json
	json pps.tick/1 counts.fell_back 1 counts.sent 2 counts.missed 1 'actions[id=A4].channel' sms \
		'actions[id=A4].result' fell_back
	unchanged before
	[ ! -e outbox ] && [ ! -e pps.db.lock ]
}

# As with --verbose, but for the first words and the sum of the SMS: the same actions, for the same reasons, in the same order.
plainly() {
	sed -E -e '/^[0-9]+ SMS, [0-9]+ part/d' -e 's/^(dry run: |would send |would miss |would no longer wait for the call |would hold )//' \
		-e 's/^(sent|missed|fell_back|held) A/A/' "$@"
}

# bats test_tags=long
@test "--dry-run foretells what the tick then does, line by line" {
	maria
	local when
	for when in '2026-12-01 14:00' '2026-12-09 16:05' '2026-12-12 12:00'; do
		at "$when"
		ok tick --dry-run
		plainly .out >foretold
		ok tick --verbose
		plainly .out | diff foretold - || _complain "foretold $(cat foretold)"
		[ "$(wc -l <foretold)" -gt 1 ]
	done
	grep -q 'missed$' foretold
}

# bats test_tags=long
@test "--dry-run says how many parts the SMS take, and what they cost" {
	maria
	at '2026-12-09 16:05'
	ok tick
	at '2026-12-09 19:35'
	echo '{"agency": {"name": "Тёплые страны"}}' >pps.json
	ok tick --dry-run
	out <<-'E'
		would send A5 bon-voyage SMS T1
		dry run: 1 sent
		1 SMS, 1 part
	E
	ok tick --dry-run --json
	json pps.tick/1 sms.messages 1 sms.parts 1 sms.cost null sms.currency null
	mkdir -p templates/sms/ru
	printf 'Долгой вам дороги, %s' "$(printf 'счастливой %.0s' {1..10})" >templates/sms/ru/bon-voyage.txt
	echo '{"sms": {"price": "3.70"}}' >pps.json
	ok tick --dry-run
	line '1 SMS, 2 parts, about 7.40 RUB'
	echo '{"agency": {"currency": "EUR"}, "sms": {"price": "0,045"}}' >pps.json
	ok tick --dry-run --json
	json pps.tick/1 sms.messages 1 sms.parts 2 sms.cost '"0.09"' sms.currency EUR
	printf 'Transliterate: yes\n\nДолгой вам дороги, %s' "$(printf 'счастливой %.0s' {1..10})" >templates/sms/ru/bon-voyage.txt
	ok tick --dry-run
	line '1 SMS, 1 part, about 0.05 EUR'
	ok tick --json
	json pps.tick/1 sms.messages 1 sms.parts 1 sms.cost '"0.05"'
	grep -qx 'Dolgoi vam dorogi, \(schastlivoi \)\{9\}schastlivoi' outbox/*-bon-voyage.txt
	echo '{"sms": {"price": "3 rubles"}}' >pps.json
	fails 78 './pps.json:1:19: "3 rubles" is no price of an SMS part: write 3.70, 0.045 or 3.70 RUB' tick
}

@test "an SMS in Latin letters goes out as it is when a name cannot be written in them" {
	mkdir -p templates/sms/ru
	printf 'Transliterate: yes\n\n{{client.name}}, до встречи!' >templates/sms/ru/bon-voyage.txt
	at '2026-12-09 10:00'
	ok add-client --name 'Юлия Щукина' --phone 89031234567 --departure '10.12.2026 06:40' --return 20.12.2026
	ok add-client --name 'Σωκράτης' --phone 89031234568 --departure '10.12.2026 06:40' --return 20.12.2026
	at '2026-12-09 19:35'
	ok tick
	grep -rqx 'Iuliia Shchukina, do vstrechi!' outbox
	grep -rqx 'Σωκράτης, до встречи!' outbox
}

# Every file of the agency, byte for byte.
files() {
	find . -type f ! -name '.*' -exec sha256sum {} + | sort -k 2 >".$1"
}

# bats test_tags=long
@test "--dry-run foretells birthdays and the ends of pauses, which the tick plans first; no file changes" {
	at '2026-12-01 14:00'
	ok add-client --name Мария --email maria@example.com --birthday 1985-12-22 --departure 2026-12-10 --return 2026-12-20
	ok tick
	at '2026-12-21 09:00'
	ok pause C1 --until 2026-12-22
	files before
	at '2026-12-22 10:00'
	ok tick --dry-run
	grep -qE '^would send A[0-9]+ welcome-home e-mail T1$' .out
	grep -qE '^would send A[0-9]+ birthday e-mail Y2$' .out
	plainly .out >.foretold
	files after
	diff .before .after
	[ "$(sql 'SELECT count(*) FROM occasion')" -eq 1 ]
	[ "$(sql "SELECT paused_until FROM client")" = 2026-12-22 ]
	ok tick --verbose
	plainly .out | diff .foretold -
}

@test "--dry-run says what keeps a way out shut" {
	maria
	printf '%s\n' '{"email": {"gateway": "smtp", "from": "info@warm.example",
		"smtp": {"host": "mail.example", "user": "u", "password_env": "NOT_THERE"}}}' >pps.json
	dump before
	answers 69 tick --dry-run
	err 'pps: e-mail does not go out: the environment variable NOT_THERE, which should hold a password, is not set'
	unchanged before
}

@test "before the cut-off the call is a person's; after it the SMS goes, exactly once" {
	maria
	at '2026-12-09 15:59'
	ok tick
	[ "$(sent '*-preflight.*')" -eq 0 ]
	at '2026-12-09 16:00'
	ok tick --verbose
	out <<-'E'
		fell_back A4 preflight SMS T1: not called by 2026-12-09 16:00, so it goes by SMS
		sent A4 preflight SMS T1: not called by 2026-12-09 16:00, so it goes by SMS
		1 sent, 1 no longer to be called: a message instead
	E
	at '2026-12-09 16:10'
	ok tick
	out 'nothing was due'
	[ "$(sent '*-preflight.txt')" -eq 1 ]
	head -n 3 outbox/*-preflight.txt >.out
	out <<-'E'
		To: +79031234567

		Завтра вылет: 10 декабря в 06:40. Тёплые страны, +7 495 123-45-67
	E
}

@test "a call that is ticked sends nothing, even when the tick comes late" {
	maria
	at '2026-12-09 11:00'
	ok done T1/preflight
	at '2026-12-09 17:00'
	ok tick
	[ "$(sent '*-preflight.*')" -eq 0 ]
}

@test "what came too late is missed, never sent, and red" {
	maria
	at '2026-12-10 06:11'
	ok tick --verbose
	line 'missed A5 bon-voyage SMS T1: in its time no tick ran, or its gateway was down'
	[ "$(sent '*-bon-voyage.*')" -eq 0 ]
	ok report
	line 'anna     A5      1 d   2026-12-09 19:30  SMS     Bon voyage       Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  missed: its time passed unsent (in its time no tick ran, or its gateway was down)'
}

# bats test_tags=long
@test "once a day or many times: the same messages, apart from lateness" {
	maria
	local day hour
	mkdir often
	cp pps.* often
	for day in 01 03 08 09; do
		at "2026-12-$day 20:00"
		ok tick --quiet
	done
	pushd often >.out
	for day in 01 02 03 08 09; do
		for hour in 09 10 14 16 18 19:31 20; do
			at "2026-12-$day $hour$([ ${#hour} -gt 2 ] || echo :00)"
			ok tick --quiet
		done
	done
	popd >.out
	names() {
		find "$1" -type f | sed 's/.*Z-//' | sort
	}
	names outbox >.out
	out <<-'E'
		A1-thank-you.eml
		A2-packing.eml
		A3-challenge.eml
		A4-preflight.txt
		A5-bon-voyage.txt
	E
	names often/outbox | cmp - .out
}

@test "three days without a tick: what still makes sense goes" {
	maria
	ok tick
	at '2026-12-05 09:00'
	ok tick
	out '1 sent'
	[ "$(sent '*-packing.eml')" -eq 1 ]
}

@test "another tick is running: it does nothing, says so, and is no failure" {
	maria
	exec 8>>pps.db.lock
	flock 8
	warns 'another tick is running: nothing to do here' tick
	out ''
	ok tick --quiet
	out ''
	answers 0 tick --json
	json pps.tick/1 another_tick_runs true counts.sent 0
	state 1 pending
	# A dry run needs no lock.
	ok tick --dry-run
	exec 8>&-
	ok tick
	out '1 sent'
}

# bats test_tags=long
@test "two ticks at once send everything once" {
	local i
	maria
	for i in 1 2 3 4 5 6 7 8; do
		ok add-client --name "Клиент $i" --email "client$i@example.com" --phone "890311100$i$i" --departure +20d --return +30d
	done
	for i in 1 2 3; do
		env -i PATH="$BIN" PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" "$PPS" --now "$NOW" tick >"tick$i" 2>&1 &
	done
	wait
	[ "$(sent '*.eml')" -eq 9 ]
	[ "$(sql "SELECT count(*) FROM attempt WHERE outcome = 'sent'")" -eq 9 ]
}

# bats test_tags=long
@test "a template that cannot be rendered: held, red, and nothing is sent with a hole in it" {
	maria
	mkdir -p templates/letters/ru
	printf 'Subject: Спасибо\n\nЗдравствуйте, {{client.nmae}}!\n' >templates/letters/ru/thank-you.md
	local why='./templates/letters/ru/thank-you.md:3:15: unknown variable "client.nmae": did you mean "client.name"?'
	answers 0 tick --verbose
	out <<-E
		held A1 thank-you e-mail T1: $why
		1 held
	E
	[ "$(sent '*')" -eq 0 ]
	ok report --json
	json pps.report/1 rows# 1 'rows[0].state' held 'rows[0].colour' red 'rows[0].cause' template 'rows[0].reason' "$why"
	ok why A1
	sed -n 1p .out >.first
	[ "$(cat .first)" = "A1 Thank you, T1: held ($why)" ]
	# The other messages are not held up by it.
	at '2026-12-03 10:00'
	ok tick
	out '1 sent'
	# Mended, it goes with the next tick; not twice.
	rm templates/letters/ru/thank-you.md
	at '2026-12-03 10:10'
	ok tick
	out '1 sent'
	[ "$(sent '*thank-you.eml')" -eq 1 ]
	ok tick
	out 'nothing was due'
}

@test "--exit-code: 1 when something needs a person" {
	maria
	ok tick --exit-code
	at '2026-12-10 12:00'
	answers 1 tick --exit-code
	err ''
	ok tick --exit-code
	answers 0 tick
}

# bats test_tags=long
@test "no mail server: it is tried again later, and in the end it is missed" {
	maria
	no_mail_server
	answers 69 tick
	out '1 to be tried again'
	grep -q '^pps: e-mail does not go out: 127\.0\.0\.1:1' .err
	[ "$(wc -l <.err)" -eq 1 ]
	ok why A1
	line 'next try: 2026-12-01 14:05'
	grep -q '^A1 Thank you, T1: goes with the next tick .*127\.0\.0\.1:1' .out
	at '2026-12-01 14:04'
	ok tick
	out 'nothing was due'
	at '2026-12-01 14:06'
	answers 69 tick --quiet
	out ''
	grep -q '^pps: e-mail does not go out: 127\.0\.0\.1:1' .err
	answers 78 doctor
	line 'ok     tick          last tick: 2026-12-01 14:06'
	grep -q '^FAULT  tick          e-mail does not go out: 127\.0\.0\.1:1' .out
	at '2026-12-04 21:00'
	answers 69 tick --verbose
	grep -q '^missed A1 thank-you e-mail T1: no try got through: ' .out
	answers 77 done A1
	err "pps: A1 is missed: $(sql 'SELECT reason FROM action WHERE id = 1'); pps skip takes it off the list"
	[ "$(sql "SELECT count(*) FROM attempt WHERE action_id = 1 AND outcome = 'not_sent'")" -eq 2 ]
}

# bats test_tags=long
@test "no mail server: letters wait without trying each, and SMS still go" {
	local i
	for i in 1 2 3 4 5; do
		ok add-client --name "Клиент $i" --email "client$i@example.com" --departure +20d --return +30d
	done
	ok add-client --name 'Ян' --phone 89031112233 --departure +20d --return +30d
	no_mail_server
	answers 69 tick --json
	json pps.tick/1 counts.sent 1 counts.failed 0 'down*' email
	[ "$(sql "SELECT count(*) FROM action WHERE step = 'thank-you' AND state = 'pending'")" -eq 5 ]
	[ "$(sql 'SELECT count(*) <= 3 FROM attempt WHERE outcome = '"'not_sent'")" -eq 1 ]
}

@test "no mail server, then one: it goes once" {
	maria
	cp pps.json good.json
	no_mail_server
	answers 69 tick
	cp good.json pps.json
	at '2026-12-01 15:00'
	answers 77 tick
	ok adopt
	ok tick
	out '1 sent'
	[ "$(sent '*')" -eq 1 ]
}

@test "an outbox that cannot be written: status 69, said on standard error, nothing lost" {
	maria
	echo 'in the way' >outbox
	answers 69 tick
	grep -q '^pps: e-mail does not go out: .*outbox' .err
	no_line 'nothing was due'
	state 1 pending
	rm outbox
	ok tick
	out '1 sent'
}

# bats test_tags=long
@test "a tick that was killed: what it had claimed goes, what it had risked is in doubt and red" {
	maria
	ok tick
	at '2026-12-03 10:00'
	sql "UPDATE action SET state = 'claimed' WHERE id = 2;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at) VALUES (2, 1, 'x', 1)"
	ok tick
	out '1 sent, 1 recovered from a tick that died'
	at '2026-12-08 10:00'
	sql "UPDATE action SET state = 'claimed' WHERE id = 3; UPDATE action SET state = 'at_risk' WHERE id = 3;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at) VALUES (3, 1, 'x', 1, 2)"
	answers 1 tick
	out '1 in doubt, 1 recovered from a tick that died'
	err 'pps: 1 in doubt: it may have arrived, nobody knows: pps doubt'
	[ "$(sent '*-challenge.eml')" -eq 0 ]
	ok report --json
	json pps.report/1 rows# 1 'rows[0].id' A3 'rows[0].state' in_doubt 'rows[0].colour' red 'rows[0].cause' no_verdict
	ok why A3
	grep -q '^A3 Photo challenge, T1: in doubt: it may have been sent ' .out
	# The file is not in the outbox, which says nothing; the playbook takes a greeting of this kind for sent.
	at '2026-12-08 10:05'
	ok tick
	out '1 no longer in doubt'
	state 3 sent
	[ "$(sent '*-challenge.eml')" -eq 0 ]
}

@test "cancelled between the plan and the tick: silence" {
	maria
	ok cancel-trip T1
	at '2026-12-09 20:00'
	ok tick
	out 'nothing was due'
	[ "$(sent '*')" -eq 0 ]
}

@test "one person with two trips: each step of each once" {
	maria
	ok add-trip C1 --allow-duplicate --departure 12.12.2026 --return 22.12.2026 --destination Стамбул
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
	ok tick
	[ "$(sent '*-thank-you.eml')" -eq 2 ]
}

@test "--max-runtime and its slips" {
	ok tick --max-runtime 10
	local wrong
	for wrong in 0 -1 x '' 86401 1e3 '10 s' 99999999999999999999; do
		fails 64 '--max-runtime: seconds, from 1 to 86400' tick --max-runtime "$wrong"
	done
}

@test "where the agency's outbox and templates are may be configured" {
	echo '{"outbox": "post", "templates": "texts"}' >pps.json
	mkdir -p texts/letters/ru
	printf 'Subject: Наше спасибо\n\nЗдравствуйте, {{client.name}}!\n' >texts/letters/ru/thank-you.md
	maria
	ok tick
	letter post/*.eml >.out
	line 'Subject: Наше спасибо'
}

@test "an SMS does not ring at night: it waits for the morning, unless that is too late" {
	ok add-client --name 'Ян' --phone 89031112233 --departure +20d --return +30d
	ok add-client --name 'Ева' --phone 89031112244 --tz Asia/Vladivostok --departure +20d --return +30d
	# 21:00 there; half an hour later it is too late to ring.
	at '2026-12-01 14:31'
	ok tick
	out '1 sent'
	[ "$(sent '*-A1-*.txt')" -eq 1 ]
	at '2026-12-02 00:59'
	ok tick
	out 'nothing was due'
	at '2026-12-02 01:00'
	ok tick
	out '1 sent'
	[ "$(sent '*-A15-*.txt')" -eq 1 ]
}

@test "the hours of SMS may be configured" {
	echo '{"sms": {"hours": {"from": "10:00", "to": "12:00"}}}' >pps.json
	ok add-client --name 'Ян' --phone 89031112233 --departure +20d --return +30d
	ok tick
	out 'nothing was due'
	at '2026-12-02 10:00'
	ok tick
	out '1 sent'
	echo '{"sms": {"hours": {"from": "12:00", "to": "10:00"}}}' >pps.json
	fails 78 './pps.json:1:19: "from" must be earlier than "to"' tick
	echo '{"sms": {"hours": {"from": "25:00"}}}' >pps.json
	fails 78 './pps.json:1:28: "25:00" is not a time of day: write 06:40 (00:00 to 23:59)' tick
}

@test "what is edited while its message is on the wire is planned anew, if the answer is 'not now'" {
	maria
	at '2026-12-03 10:00'
	at_risk 2
	ok edit-trip T1 --departure '10.02.2027 06:40' --return 20.02.2027
	# The server refused it for now.
	sql "UPDATE action SET state = 'pending' WHERE id = 2"
	[ "$(sql 'SELECT stale FROM action WHERE id = 2')" -eq 1 ]
	ok tick
	[ "$(sent '*packing*')" -eq 0 ]
	[ "$(sql 'SELECT stale, local_due FROM action WHERE id = 2')" = '0|2027-01-27 10:00' ]
}

@test "a call that was moved after the tick had listed it is left alone" {
	maria
	# The tick looks again inside its own transaction: a cut-off that lies ahead is not passed.
	at '2026-12-09 16:05'
	ok edit-trip T1 --departure '10.02.2027 06:40' --return 20.02.2027
	ok tick --verbose
	no_line 'fell_back'
	state 4 pending
	[ "$(sql 'SELECT channel FROM action WHERE id = 4')" = call ]
}

@test "a damaged database stops the first tick of the day, before anything is sent" {
	maria
	# The page of the index by which the tick finds its work.
	local page size
	page=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = 'action_to_send'")
	size=$(sql 'PRAGMA page_size')
	head -c 200 /dev/zero | tr '\0' x | dd of=pps.db bs=1 seek=$(((page - 1) * size)) conv=notrunc 2>/dev/null
	answers 65 tick
	out ''
	grep -q '^pps: the database pps.db is damaged' .err
	[ "$(sent '*')" -eq 0 ]
}

@test "an SMS does not ring at night where the client lives; the dry run says the same" {
	ok add-client --name Юрий --phone '8 903 111-22-33' --tz Asia/Kamchatka --departure 2027-02-01 --return 2027-02-09
	at '2026-12-01 22:55' # 07:55 there
	ok tick --dry-run
	out 'dry run: nothing to do'
	ok tick
	out 'nothing was due'
	at '2026-12-01 23:05' # 08:05
	ok tick
	out '1 sent'
}

@test "what the database refuses is told and counted, and the others go on" {
	maria
	ok add-client --name 'Пётр Соколов' --phone '+7 916 222-33-44' --departure 10.12.2026 --return 20.12.2026
	sql "CREATE TRIGGER refuses BEFORE UPDATE ON action WHEN old.occasion_id = 1 AND old.step = 'preflight'
		BEGIN SELECT RAISE(ABORT, 'so it is'); END"
	at '2026-12-09 16:30'
	answers 1 tick --verbose
	err 'pps: stuck, and the others went on: A4 preflight of T1: nothing was changed: the database refuses SQL_ACTION_UPDATE (so it is); please report this'
	line 'sent A18 preflight SMS T2: not called by 2026-12-09 16:00, so it goes by SMS'
	grep -q ', 1 stuck$' .out
	state 4 pending
	answers 1 tick --json
	json pps.tick/1 stuck# 1 'stuck[0]' 'A4 preflight of T1: nothing was changed: the database refuses SQL_ACTION_UPDATE (so it is); please report this'
	sql 'DROP TRIGGER refuses'
	ok tick
	line '1 sent, 1 no longer to be called: a message instead'
}

@test "a client who cannot be planned stops nobody, and is named" {
	maria
	ok pause C1 --until 05.12.2026
	ok add-client --name 'Пётр Соколов' --phone '+7 916 222-33-44' --departure 10.12.2026 --return 20.12.2026
	sql "UPDATE client SET tz = 'Mars/Olympus' WHERE id = 1"
	at '2026-12-05 12:00'
	answers 1 tick
	out '1 sent, 2 missed, 1 held, 1 stuck'
	err 'pps: stuck, and the others went on: C1: unknown time zone "Mars/Olympus": use a name such as Europe/Moscow'
	answers 1 tick --dry-run
	out 'dry run: 1 stuck'
}

@test "a pipe in the folder of templates holds its letter, and the tick goes on" {
	maria
	mkdir -p templates/letters/ru
	mkfifo templates/letters/ru/thank-you.md
	timeout 20 "$PPS" --db pps.db --now '2026-12-01 14:00' tick >.out 2>.err || true
	grep -q '1 held' .out
	ok report --overdue
	grep -q 'it is no ordinary file' .out
}
