#!/usr/bin/env bats
# The lists of the morning: pps digest, and what a tick, a server that refuses and a backup make of them. What a death makes
# of them is in digest_death.bats; who gets what on which day is told in tests/scenarios/morning.txt.

load helpers
load digests

# ---- looking ----

@test "digest: who gets one, and what became of it" {
	morning
	ok digest
	out <<-'E'
		login  name            list            e-mail             the last one
		anna   Анна Петрова    their own work  anna@warm.example  none yet
		boris  Борис Ким       their own work                     has no e-mail address
		olga   Ольга Смирнова  everything red  olga@warm.example  none yet
		on working days the first tick from 08:30 on sends them, and none after 14:00
	E
	ok tick
	out '2 lists to colleagues'
	ok digest
	line 'anna   Анна Петрова    their own work  anna@warm.example  09.12.2026: sent at 08:30'
	ok digest --json
	json pps.digest/1 hour 08:30 people# 3 'people[login=anna].last.state' sent 'people[login=anna].last.day' 2026-12-09 \
		'people[login=anna].last.at' '2026-12-09T08:30:00+03:00' 'people[login=boris].last' null 'people[login=olga].role' director
	rm pps.json
	ok digest
	line 'no lists are sent: set "digest": {"at": "08:30"} in ./pps.json'
}

@test "digest LOGIN: what would stand in it now; nothing is changed" {
	morning
	dump before
	ok digest anna
	out <<-'E'
		From:      Тёплые страны <info@warm.example>
		To:        Анна Петрова <anna@warm.example>
		Subject:   На 9 декабря: дел 1
		Preheader: Ваш список на сегодня.

		Анна, вот список на 9 декабря.

		Сегодня

		• 10:00 Мария Иванова, +7 903 123-45-67: Звонок перед вылетом (Анталья). A4

		Что сказать, подскажет pps script, сделанное отмечает pps done: оба с номером из списка.

		Тёплые страны
	E
	ok digest anna --json
	json pps.digest/1 to anna@warm.example subject 'На 9 декабря: дел 1'
	ok digest anna --eml - --as-html page.html
	grep -q '^Auto-Submitted: auto-generated' .out
	! grep -qi '^List-Unsubscribe\|^Precedence' .out
	grep -q 'Мария Иванова' page.html
	! grep -q '<a ' page.html
	! grep -q 'С теплом' page.html
	fails 73 'page.html exists already' digest anna --as-html page.html
	fails 77 'boris has no e-mail address: pps staff edit boris --email …' digest boris
	fails 66 'nobody has the login "ana": did you mean anna?' digest ana
	fails 64 'say whose list: pps digest LOGIN --open' digest --eml -
	fails 64 '--json prints a document: name a file instead of -' digest anna --eml - --json
	ok staff edit boris --email boris@warm.example
	ok digest boris
	out 'boris has nothing to do, and would get no list'
	ok digest boris --json
	json pps.digest/1 to null
	ok staff leave boris
	fails 77 'boris has left, and gets no list' digest boris
}

@test "digest: in the language of the agency" {
	morning
	for lang in en bg; do
		sed -i "s/\"agency\": {[^}]*}/\"agency\": {\"name\": \"Warm\", \"lang\": \"$lang\"}/" pps.json
		ok digest olga
		cp .out "$lang"
	done
	grep -q '^Subject:   9 December: nothing is red$' en
	grep -q '^Before this, it last ran on 8 December at 14:00.$' en
	grep -q '^Subject:   За 9 декември: нищо в червено$' bg
}

# ---- the configuration ----

@test "digest.at: an hour of the morning; empty, or not there: none" {
	lists '14:00'
	fails 78 './pps.json:1:56: the list is one of the morning: "at" must be before 14:00' today
	lists '8 h'
	answers 78 today
	lists ''
	ok digest
	line 'no lists are sent: set "digest": {"at": "08:30"} in ./pps.json'
	echo '{"digest": {"hour": "08:30"}}' >pps.json
	fails 78 './pps.json:1:21: unknown key "hour"' today
	ok init --db other/pps.db
	grep -q '"digest": {"at": ""}' other/pps.json
}

# ---- the tick ----

@test "tick: dry run, verbose, JSON; lists are counted apart, and come last" {
	morning
	dump before
	ok tick --dry-run
	out <<-'E'
		would send the list of the morning to anna
		would send the list of the morning to olga
		dry run: 2 lists to colleagues
	E
	unchanged before
	ok tick --json
	json pps.tick/1 actions# 0 counts.sent 0 digests# 2 'digests[0].to' anna 'digests[0].result' sent digests_waiting 0
	ok tick
	out 'nothing was due'
	at '2026-12-10 08:30'
	ok tick --verbose
	sed 's/^\(sent\|missed\|fell_back\) A[0-9]*.*/\1 …/' .out >told
	[ "$(tail -3 told)" = "$(printf '%s\n' 'sent the list of the morning to anna' 'sent the list of the morning to olga')
$(tail -1 .out)" ]
	[[ "$(tail -1 .out)" = *', 2 lists to colleagues' ]]
	[ "$(sent '*digest-anna.eml')" -eq 2 ]
	ok log
	grep -qE '^2026-12-10 08:30  tick +digest +sent to olga$' .out
}

@test "simulate foresees them, in a column of their own" {
	morning
	ok simulate --to +5d --output played
	line 'day         SMS  parts  calls  lists'
	[ "$(find played -name '*digest-olga.eml' | wc -l)" -eq 4 ]
	ok simulate --to +5d --json
	json pps.simulate/1 total.digests 5
	[ "$(fate olga)" = '' ]
}

# ---- a mail server ----

@test "smtp: it goes once, as a sound letter" {
	mail_server
	morning
	ok tick
	out '2 lists to colleagues'
	ok tick
	at '2026-12-09 13:00'
	ok tick
	[ "$(grep -c accepted mail.log)" -eq 2 ]
	[ "$(fate anna) $(fate olga)" = 'sent sent' ]
	/usr/bin/python3 -B - <<-'E'
		import email, email.policy, json
		for line in open("mail.log", encoding="ascii"):
		    got = json.loads(line).get("accepted")
		    if got:
		        m = email.message_from_bytes(got["data"].encode("latin-1"), policy=email.policy.default)
		        assert not m.defects and m["message-id"].startswith("<digest."), m.items()
		        assert got["to"] == "RCPT TO:<%s>" % m["to"].addresses[0].addr_spec
		        assert m.get_body(("html",)) and m.get_body(("plain",)), m
	E
}

@test "smtp: refused for now it is tried again, until it is of no use; for good it is not" {
	mail_server 'rcpt=450 4.2.0 later'
	morning
	ok tick
	out '2 lists to colleagues to be tried again'
	ok tick
	out 'nothing was due'
	[ "$(fate anna)" = waiting ]
	ok digest
	line 'anna   Анна Петрова    their own work  anna@warm.example  09.12.2026: not gone yet: 127.0.0.1:'$number' refused the recipient: 450 4.2.0 later'
	mail_server 'rcpt=550 5.1.1 no'
	refusing=$number
	lists
	at '2026-12-09 08:40'
	ok tick
	out '2 lists to colleagues refused for good'
	[ "$(fate anna)" = failed ]
	mail_server
	lists
	at '2026-12-09 09:40'
	ok tick
	out 'nothing was due'
	ok doctor
	line 'note   lists         the list of 09.12.2026 did not go to anna: 127.0.0.1:'$refusing' refused the recipient: 550 5.1.1 no'
}

@test "smtp: no answer after the dot: it is in doubt, told of, and never repeated" {
	mail_server 'dot=accept+cut'
	morning
	answers 69 tick
	grep -q '^pps: 1 list of the morning in doubt: not sent again; pps digest shows them$' .err
	grep -q '^pps: e-mail does not go out: ' .err
	out '1 list to colleagues in doubt, 1 list to colleagues waiting until the gateway works'
	[ "$(grep -c accepted mail.log)" -eq 1 ] # a server that has fallen silent keeps nobody else waiting
	mail_server
	lists
	at '2026-12-09 09:40'
	ok tick
	out '1 list to colleagues'
	at '2026-12-09 10:40'
	ok tick
	out 'nothing was due'
	[ "$(grep -c accepted mail.log)" -eq 1 ]
	ok doctor
	grep -q '^note   lists         whether anna got the list of 09.12.2026 is not known: ' .out
}

@test "smtp: no server: the lists wait, the others are not tried, and the tick says so" {
	number=1
	morning
	answers 69 tick
	out '1 list to colleagues to be tried again, 1 list to colleagues waiting until the gateway works'
	grep -q '^pps: e-mail does not go out: ' .err
	mail_server
	lists
	at '2026-12-09 08:40'
	ok tick
	out '2 lists to colleagues'
}

@test "what goes to clients goes first, whatever becomes of the lists" {
	morning
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	mkdir -p templates/digests/ru
	echo 'no header' >templates/digests/ru/manager.md
	answers 1 tick                       # nobody misses a list that does not come, so it is said
	out '1 sent, 1 list to colleagues, 1 list to colleagues that cannot be written'
	err 'pps: 1 list of the morning cannot be written: pps digest shows why'
	rm templates/digests/ru/manager.md
	mkdir templates/digests/ru/manager.md
	fails 1 '1 list of the morning cannot be written: pps digest shows why' tick --quiet
	rmdir templates/digests/ru/manager.md
	echo 'no header' >templates/digests/ru/manager.md
	fails 1 '1 list of the morning cannot be written: pps digest shows why' tick --quiet
	ok digest
	grep -q '^anna .* not gone yet: .*/templates/digests/ru/manager.md:1: ' .out
	answers 78 doctor
	cat .out; grep -q '^FAULT  templates .*templates/digests/ru/manager.md:1:1: ' .out
}

# ---- a backup that is put back ----

@test "a database from before the list is known as an older one" {
	morning
	cp pps.db backup.db
	ok tick
	mkdir away
	mv pps.db pps.db-journal pps.db.seen away 2>/dev/null || true
	cp backup.db pps.db
	answers 77 tick
	err "pps: nothing goes out: $OLDER"
	ok recover
	ok adopt
	warns '2 lists of the morning in doubt: not sent again; pps digest shows them' tick
	out '2 lists to colleagues in doubt'
	[ "$(sent '*digest*')" -eq 2 ]
	[ "$(fate anna) $(fate olga)" = 'in_doubt in_doubt' ]
	# The next morning is as every other.
	at '2026-12-11 08:30'
	answers 0 tick
	[[ "$(tail -1 .out)" = *'2 lists to colleagues' ]]
}

@test "a backup that is put back before the hour of the lists keeps none back" {
	morning
	cp pps.db backup.db
	at '2026-12-09 07:00'
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	cp backup.db pps.db
	ok recover
	ok adopt
	at '2026-12-09 08:30'
	ok tick
	[[ "$(tail -1 .out)" = *'2 lists to colleagues' ]]
}
