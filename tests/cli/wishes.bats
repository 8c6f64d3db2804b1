#!/usr/bin/env bats
# What clients want: consent, unsubscribe, pause, resume, note; and how each is taken back.

load helpers

# A short playbook of our own, so that these tests count what they mean and nothing else: two letters that are marketing,
# one of them with a way out by SMS, what is about the trip, and a series about a lost sale.
short_playbook() {
	mkdir -p templates
	cat >templates/playbook.json <<-'E'
		{"name": "short", "steps": [
		  {"key": "thank-you", "title": "Thank you", "channel": "email", "otherwise": ["sms", "call"],
		   "at": {"anchor": "purchase", "days": 1, "time": "10:00"}, "grace": {"days": 3},
		   "signed_by": "director", "class": "service"},
		  {"key": "preflight", "title": "Pre-flight call", "channel": "call",
		   "at": {"anchor": "departure", "days": -1, "time": "10:00"}, "not_after": {"anchor": "departure", "days": 0, "time": "03:00"},
		   "fallback": {"channel": "sms", "at": {"anchor": "departure", "days": -1, "time": "16:00"}},
		   "grace": {"days": 2}, "if_late": "send_now", "class": "service"},
		  {"key": "bon-voyage", "title": "Bon voyage", "channel": "sms",
		   "at": {"anchor": "departure", "days": -1, "time": "19:30"}, "grace": {"days": 0}, "if_late": "skip", "class": "service"},
		  {"key": "loyalty", "title": "Loyalty programme", "channel": "email", "otherwise": ["sms"],
		   "at": {"anchor": "return", "days": 3, "time": "10:00"}, "grace": {"days": 5}, "if_late": "skip", "class": "marketing"},
		  {"key": "tell-friends", "title": "Tell others", "channel": "email", "otherwise": ["sms"],
		   "at": {"anchor": "return", "days": 7, "time": "10:00"}, "grace": {"days": 5}, "if_late": "skip", "class": "marketing"},
		  {"key": "lost-offended", "series": "lost", "title": "How did we offend you?", "channel": "email",
		   "at": {"anchor": "learned", "days": 4, "time": "10:00"}, "grace": {"days": 5}, "if_late": "skip",
		   "signed_by": "service", "class": "marketing"}
		]}
	E
}

# maria and her son, who has no e-mail and the same number; T1 and T2.
family() {
	short_playbook
	maria
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Пётр Иванов' --phone 89031234567 --departure '15.12.2026 06:40' --return 25.12.2026
}

# states TRIP: step by step, as "thank-you pending email".
states() {
	sql "SELECT step, state, channel FROM action WHERE occasion_id = $1 ORDER BY id" | tr '|' ' ' >.out
}

# ---- unsubscribe ----

@test "unsubscribe on the phone: marketing stops by every way at once, what is about the trip goes on" {
	family
	ok unsubscribe C1
	out <<-'E'
		C1 Мария Иванова
		recorded: no to marketing by e-mail maria@example.com and SMS +7 903 123-45-67 (told to anna)
		stopped: 4 messages
		what is about their trips still goes
		C2 Пётр Иванов has the same number: it counts there as well
		pps undo C1 takes it back
	E
	states 1
	out <<-'E'
		thank-you pending email
		preflight pending call
		bon-voyage pending sms
		loyalty suppressed email
		tell-friends suppressed email
	E
	states 2
	out <<-'E'
		thank-you pending sms
		preflight pending call
		bon-voyage pending sms
		loyalty suppressed sms
		tell-friends suppressed sms
	E
	at '2026-12-31 12:00'
	ok tick
	[ "$(sent '*-loyalty.*')" -eq 0 ]
	[ "$(sent '*-tell-friends.*')" -eq 0 ]
}

@test "timeline, why, the card and the log say what they want" {
	family
	ok unsubscribe C1 --channel email --source 'её ответ на письмо'
	ok timeline T1
	line 'A4  -                 -       Loyalty programme  not wanted  the client wants no marketing by e-mail'
	ok why T1/loyalty
	line 'A4 Loyalty programme, T1: not wanted (the client wants no marketing by e-mail)'
	ok show C1
	line '  wants no marketing by e-mail'
	ok log C1
	grep -qE 'anna +unsubscribe +C1 +no to marketing by e-mail$' .out
	[ "$(sql "SELECT count(*) FROM audit WHERE detail LIKE '%maria@%' OR detail LIKE '%7903%'")" -eq 0 ]
	ok report --overdue
	no_line 'Loyalty'
}

@test "a service message still goes to who unsubscribed, and with --all nothing but people's work is left" {
	family
	ok unsubscribe C1
	at '2026-12-02 10:10'
	ok tick
	[ "$(sent '*-A1-thank-you.eml')" -eq 1 ]
	ok unsubscribe C1 --all
	line 'recorded: no to everything by e-mail maria@example.com and SMS +7 903 123-45-67 (told to anna)'
	line 'calls about their trips stay on the list: tell them by phone what the messages would have said'
	ok timeline T1
	line 'A2  2026-12-09 10:00  call    Pre-flight call    pending'
	line 'A3  -                 -       Bon voyage         not wanted             the client wants no messages by SMS'
	at '2026-12-09 20:00'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 0 ]
	[ "$(sent '*-bon-voyage.txt')" -eq 0 ]
	ok today --json
	json pps.today/1 'rows[step=preflight].state' pending 'rows[step=preflight].channel' call
	ok show C1
	line '  wants nothing by e-mail, nothing by SMS'
}

@test "a call that became its SMS is a call again when they want no SMS" {
	family
	at '2026-12-09 17:00'
	echo '{"sms": {"hours": {"from": "18:00", "to": "19:00"}}}' >pps.json
	ok tick
	state 2 pending
	ok unsubscribe C1 --channel sms --all
	ok timeline T1
	line 'A2  2026-12-09 18:00  call    Pre-flight call    pending'
	at '2026-12-09 18:30'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 0 ]
}

# token LETTER NUMBER: as it stands in our letters.
token() {
	/usr/bin/python3 - "$(sql "SELECT value FROM setting WHERE key = 'token_key'")" "$1$2" <<-'E'
		import hmac, sys
		key, about = sys.argv[1:]
		print(about + "-" + hmac.new(key.encode(), about.encode(), "sha256").hexdigest()[:24])
	E
}

@test "what comes back to the mailbox says whose it is: the link, the subject of an answer, the token alone" {
	family
	echo '{"email": {"unsubscribe_url": "https://warm.example/stop/{token}"}}' >pps.json
	at '2026-12-23 11:00'
	ok tick
	u=$(token u 1)
	tr -d '\r\n\t ' <"$(echo outbox/*-loyalty.eml)" | grep -qF "https://warm.example/stop/$u"
	at '2026-12-23 12:00'
	for said in "$u" "https://warm.example/stop/$u" "unsubscribe ${u^^}" "mailto:info@warm.example?subject=unsubscribe%20$u"; do
		ok unsubscribe "$said" --channel email
		out <<-'E'
			C1 Мария Иванова
			recorded: no to marketing by e-mail maria@example.com (their answer to a letter)
			stopped: 1 message
			what is about their trips still goes
			pps undo C1 takes it back
		E
		ok undo C1
		ok consent "$said"
		line 'C1 Мария Иванова'
		ok find "$said"
		line 'C1  Мария Иванова  +7 903 123-45-67  maria@example.com'
	done
	# As it is copied from the head of a letter: in quotes or angles, and where a mail program has broken the line.
	for said in "\"$u\"" "<https://warm.example/stop/$u>," "«$u»." "${u:0:12}"$'=\r\n'"${u:12}" "subject: ${u:0:9}"$'\n '"${u:9}"; do
		ok consent "$said"
		line 'C1 Мария Иванова'
		ok find "$said"
		line 'C1  Мария Иванова  +7 903 123-45-67  maria@example.com'
	done
	ok find "${u:0:12}" "${u:12}"
	line 'C1  Мария Иванова  +7 903 123-45-67  maria@example.com'
	fails 66 "nobody fits these words: ${u:0:12} is not whole, copy all of it" find "<${u:0:12}>"
	ok find "$u" --json
	json pps.find/1 clients# 1 clients[0].id C1 returned null
	ok unsubscribe "$u" --source 'the page of the site'
	line 'recorded: no to marketing by e-mail maria@example.com and SMS +7 903 123-45-67 (the page of the site)'
}

@test "a token that is none of ours, or not whole, stops nobody's letters" {
	family
	ok tick
	u=$(token u 1)
	other=u2${u#u1}
	refusal="$other is in none of our letters: copy the link or the address once more, all of it, or name the client"
	for command in unsubscribe consent find show; do
		fails 65 "$refusal" "$command" "https://warm.example/stop/$other"
	done
	fails 66 "no client fits \"${u:0:20}\": ${u:0:20} is not whole, copy all of it" unsubscribe "${u:0:20}"
	fails 66 'there is no client C77: look for them with pps find' unsubscribe "$(token u 77)"
	[ "$(sql 'SELECT count(*) FROM consent')" -eq 0 ]
	# What another system calls a client comes first, whatever it looks like.
	ok edit-client C2 --external-id "$other"
	ok show "$other"
	line 'C2 Пётр Иванов, +7 903 123-45-67'
}

@test "the address to which a letter came back says which letter it was, and is no wish" {
	family
	at '2026-12-02 10:10'
	ok tick
	b=$(token b 1)
	ok find "bounce+$b@warm.example"
	line 'C1  Мария Иванова  +7 903 123-45-67  maria@example.com'
	line 'what came back is A1, thank-you: pps why A1'
	ok find "bounce$b@warm.example" --json
	json pps.find/1 clients# 1 clients[0].id C1 returned A1
	ok why "$b"
	grep -q '^A1 Thank you, T1: sent' .out
	fails 65 'this is of a letter that came back, A1 to C1: its address may be wrong, but that is no wish of theirs; name the client' \
		unsubscribe "bounce+$b@warm.example"
	[ "$(sql 'SELECT count(*) FROM consent')" -eq 0 ]
}

@test "an address of nobody is remembered, and an address counts for whoever has it later" {
	short_playbook
	ok unsubscribe ' Maria@Example.com ' --source 'её письмо'
	out <<-'E'
		recorded: no to marketing by e-mail Maria@example.com (её письмо)
		stopped: no messages
		what is about their trips still goes
		nobody has this address yet: it is remembered for whoever will
		pps undo Maria@example.com takes it back
	E
	ok unsubscribe '8 903 765-43-21'
	maria
	ok timeline T1
	line 'A4  -                 -       Loyalty programme  not wanted  the client wants no marketing by e-mail'
	ok consent MARIA@example.com
	line 'it is the address of C1 Мария Иванова'
	ok edit-client C1 --email other@example.com
	ok timeline T1
	grep -q '^A4 .*Loyalty programme .*pending' .out
	ok edit-client C1 --email '' --phone '8 903 765-43-21'
	ok timeline T1
	grep -q '^A4 .*Loyalty programme .*not wanted .*the client wants no marketing by SMS' .out
}

@test "unsubscribe by a number or an address: only that one, and it says whose it is" {
	family
	ok unsubscribe +79031234567
	line 'recorded: no to marketing by SMS +7 903 123-45-67 (told to anna)'
	line 'it is the number of C1 Мария Иванова'
	line 'it is the number of C2 Пётр Иванов'
	line 'stopped: 2 messages'
	states 1
	line 'loyalty pending email'
	ok unsubscribe maria@example.com --json
	json pps.unsubscribe/1 client null others# 1 'others[0]' C1 recorded# 1 'recorded[0].channel' email 'recorded[0].purpose' marketing \
		'recorded[0].given' false 'recorded[0].source' 'told to anna' 'recorded[0].client' C1 stopped 2 back 0
}

@test "what is on its way just now is named" {
	family
	at_risk 4
	warns 'A4 e-mail is on its way just now and may still arrive' unsubscribe C1
}

# ---- consent ----

@test "consent: what was said, when, and where the word comes from; the last one counts" {
	family
	ok consent C1
	out <<-'E'
		C1 Мария Иванова
		e-mail maria@example.com: marketing goes; what is about their trips goes
		SMS +7 903 123-45-67: marketing goes; what is about their trips goes
		C2 Пётр Иванов has the same number: it counts there as well
		they have said nothing about it yet
	E
	ok consent C1 --no --channel sms --source 'по телефону'
	at '2026-12-02 11:00'
	ok consent C1 --yes --channel email --purpose all --source 'анкета 02.12'
	ok consent C1
	out <<-'E'
		C1 Мария Иванова
		e-mail maria@example.com: marketing goes, they said yes; what is about their trips goes
		SMS +7 903 123-45-67: no marketing; what is about their trips goes
		C2 Пётр Иванов has the same number: it counts there as well
		when              address                   about      said  source        entered by
		2026-12-02 11:00  e-mail maria@example.com  service    yes   анкета 02.12  anna
		2026-12-02 11:00  e-mail maria@example.com  marketing  yes   анкета 02.12  anna
		2026-12-01 14:00  SMS +7 903 123-45-67      marketing  no    по телефону   anna
	E
	ok consent '8 903 123-45-67' --json
	json pps.consent/1 client null others# 2 words# 1 'words[0].at' 2026-12-01T14:00:00+03:00 'words[0].address' '"+79031234567"' \
		'words[0].given' false 'words[0].actor' anna 'words[0].client' C1
}

@test "they allow it again: what is still ahead comes back, what is too late does not" {
	family
	ok unsubscribe C1
	at '2026-12-24 12:00'
	ok consent C1 --yes --source 'по телефону'
	line 'what had been stopped goes after all, each in its time: 3 messages'
	ok timeline T1
	line 'A4  -                 -       Loyalty programme  cancelled  dropped: its time (2026-12-23 10:00) had passed when it was planned'
	grep -q '^A5 .*Tell others .*pending' .out
}

@test "where nothing goes without a yes, who was not asked has not said no" {
	echo '{"consent": {"marketing": "opt_in"}}' >pps.json
	family
	ok timeline T1
	line 'A4  -                 -       Loyalty programme  not wanted  the client has not allowed marketing by e-mail yet'
	ok consent C1
	line 'e-mail maria@example.com: no marketing until they say yes; what is about their trips goes'
	ok consent C1 --yes --source 'договор 17' --channel email
	ok timeline T1
	grep -q '^A4 .*Loyalty programme .*pending' .out
	ok undo C1
	ok timeline T1
	line 'A4  -                 -       Loyalty programme  not wanted  the client has not allowed marketing by e-mail yet'
}

@test "consent and unsubscribe: every slip, and nothing is changed" {
	family
	dump before
	fails 64 '--yes and --no contradict each other' consent C1 --yes --no --source x
	fails 64 'say what they said: --yes or --no' consent C1 --channel sms
	fails 64 'say where the word comes from: --source "by phone", or the form they signed' consent C1 --yes
	fails 64 'say where the word comes from: --source "by phone", or the form they signed' consent C1 --no --source ' '
	fails 64 'say where the word comes from: --source "by phone", or the form they signed' consent C1 --no --source 'taken back'
	fails 64 '--channel: it is email, sms or all' consent C1 --no --source x --channel fax
	fails 64 '--purpose: it is marketing, service or all' consent C1 --no --source x --purpose fun
	fails 65 'source is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' consent C1 --no --source $'\xff'
	fails 65 'C2 has no e-mail address' unsubscribe C2 --channel email
	fails 65 '--channel sms does not fit: that is an e-mail address' unsubscribe a@example.com --channel sms
	fails 65 '--channel email does not fit: that is a phone number' unsubscribe +79031234567 --channel email
	fails 65 'e-mail: "a@" is not an e-mail address: there is nothing after the @' unsubscribe a@
	fails 66 'there is no client C9: look for them with pps find' unsubscribe C9
	fails 66 'no client fits "Сидоров": look for them with pps find' consent Сидоров
	fails 66 'no client fits "": look for them with pps find' unsubscribe ''
	fails 64 'usage: pps unsubscribe CLIENT|ADDRESS|NUMBER [--channel WORD] [--all] [--source WORDS]' unsubscribe
	unchanged before
}

@test "an id of another system that looks like a number is the client" {
	short_playbook
	maria --external-id 89031112233
	ok consent 89031112233
	line 'C1 Мария Иванова'
}

# ---- undo of a word ----

@test "a word is taken back by a new row, and what it stopped comes back" {
	family
	ok unsubscribe C1
	ok undo C1
	out '"no to marketing by e-mail and SMS" is taken back: what was said before counts again'
	states 1
	line 'loyalty pending email'
	states 2
	line 'tell-friends pending sms'
	[ "$(sql "SELECT group_concat(coalesce(given, '-'), '') FROM consent")" = '00--' ]
	fails 66 'there is nothing to take back' undo C1
}

@test "one word after another is taken back, the last one first" {
	family
	ok unsubscribe C1
	ok consent C1 --yes --source 'передумала'
	ok undo
	states 1
	line 'loyalty suppressed email'
	ok undo
	states 1
	line 'loyalty pending email'
	ok consent C1
	line 'e-mail maria@example.com: marketing goes; what is about their trips goes'
}

@test "what another client said about the same number later is not overruled" {
	family
	ok unsubscribe C1 --channel sms
	ok unsubscribe C2
	fails 77 'something newer was said about this since, and anna noted it: pps consent records another word' undo C1
	ok undo C2
	ok undo C1
	states 2
	line 'loyalty pending sms'
}

# ---- pause and resume ----

@test "pause: what can wait waits, what is about the trip goes, and after the day the rest goes by itself" {
	family
	at '2026-12-22 12:00'
	ok pause C1 --until 25.12.2026 --reason 'в больнице'
	out <<-'E'
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		  paused until 25.12.2026: в больнице
		waiting until then: 1 message; what is about their trips still goes
		pps resume C1 ends the pause
	E
	ok timeline T1
	line 'A4  2026-12-23 10:00  e-mail  Loyalty programme  held     paused until 2026-12-25'
	at '2026-12-24 10:00'
	ok tick --quiet
	[ "$(sent '*-A4-loyalty.eml')" -eq 0 ]
	ok report --overdue
	no_line 'Loyalty'
	at '2026-12-25 10:00'
	ok tick --quiet
	[ "$(sent '*-A4-loyalty.eml')" -eq 1 ]
	ok show C1
	no_line paused
	ok log C1
	grep -qE 'tick +pause-over +C1$' .out
}

@test "a service message goes during a pause" {
	family
	ok pause C1
	line '  paused until 15.12.2026'
	at '2026-12-02 10:10'
	ok tick
	[ "$(sent '*-A1-thank-you.eml')" -eq 1 ]
}

@test "resume before the day: what waited goes" {
	family
	at '2026-12-22 12:00'
	ok pause C1 --until 30.12.2026
	at '2026-12-24 12:00'
	ok resume C1
	out <<-'E'
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		not paused any more; what waited and goes now, each in its time: 2 messages
	E
	ok tick --quiet
	[ "$(sent '*-A4-loyalty.eml')" -eq 1 ]
	fails 77 'C1 is not paused: there is nothing to resume' resume C1
}

@test "a call that invites waits with the letters, and what says what waits names it" {
	maria
	ok pause C1 --until 30.01.2027
	line 'waiting until then: 5 messages, 1 call; what is about their trips still goes'
	ok resume C1 --json
	json pps.resume/1 back 5 back_calls 1
	ok complaint add T1 --title шум --promise 03.12.2026 --manager anna
	grep -q '^waits: .*; A8 Call: invite to the office; ' .out
	no_line 'to do: .*A8'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'поменяли номер'
	no_line 'A8'
}

@test "pause and resume are taken back" {
	family
	ok pause C1 --until +5d --reason раз
	ok pause C1 --until +9d --reason два
	ok undo C1
	out 'pause of C1 is taken back: they are paused until 2026-12-06'
	ok show C1
	line '  paused until 06.12.2026: раз'
	ok resume C1
	ok undo
	out 'resume of C1 is taken back: they are paused until 2026-12-06'
	ok undo
	out 'pause of C1 is taken back: they are not paused'
}

@test "pause: one that runs is changed, not forgotten" {
	family
	ok pause C1 --until 20.12.2026 --reason 'в больнице'
	dump .before
	fails 77 'C1 is paused until 20.12.2026 already, в больнице: --until DATE changes that, pps resume C1 ends it' pause C1
	fails 77 'C1 is paused until 20.12.2026 already, в больнице: --until DATE changes that, pps resume C1 ends it' \
		pause C1 --reason другое
	unchanged .before
	ok pause C1 --until 25.12.2026
	line '  paused until 25.12.2026: в больнице'
	line 'the pause was until 20.12.2026, and is until 25.12.2026 now'
	ok pause C1 --until 28.12.2026 --reason 'в отъезде'
	line '  paused until 28.12.2026: в отъезде'
	line 'the pause was until 25.12.2026 (в больнице), and is until 28.12.2026 now'
	ok undo C1
	out 'pause of C1 is taken back: they are paused until 2026-12-25'
	ok pause C1 --until 20.12.2026 --json
	json pps.pause/1 was_until 2026-12-25 client.paused_until 2026-12-20 client.pause_reason 'в больнице'
}

@test "pause: every slip, and JSON" {
	family
	dump before
	fails 65 'until: say a day after today' pause C1 --until today
	fails 65 'until: a date without an hour' pause C1 --until '25.12.2026 10:00'
	fails 65 'until: that is more than two years ahead; pps unsubscribe is for good' pause C1 --until 25.12.2062
	fails 65 'reason contains a control character (U+001B): type it again by hand' pause C1 --reason $'\e'
	fails 66 'there is no client C9: look for them with pps find' pause C9
	fails 66 'there is no client C9: look for them with pps find' resume C9
	unchanged before
	ok pause C1 --until 25.12.2026 --json
	json pps.pause/1 client.id C1 client.paused_until 2026-12-25 client.pause_reason null waiting 1
	ok resume C1 --json
	json pps.resume/1 client.paused_until null back 1
}

# ---- note ----

@test "a note stands in the log, word for word" {
	family
	ok note C1 'просит звонить после #6 вечера'
	out 'C1 Мария Иванова: noted (pps log C1 shows it)'
	ok note T1 'ждёт ваучер'
	ok note A2 'номер жены'
	ok note T1/loyalty '{"не": "json"}'
	ok log C1
	grep -qE 'anna +note +C1 +просит звонить после #6 вечера$' .out
	grep -qE 'anna +note +C1 +T1 +ждёт ваучер$' .out
	grep -qE 'anna +note +C1 +T1 +A2 +номер жены$' .out
	grep -qF '{"не": "json"}' .out
	ok log A2
	grep -q 'номер жены' .out
	fails 65 'note: write what is to be remembered' note C1 ' '
	fails 66 'there is no trip T9: look for it with pps find' note T9 x
	fails 66 'there is no complaint P1: look for it with pps find' note P1 x
	fails 66 'there is no action A99: pps timeline TRIP lists them' note A99 x
	ok note C1 слово --json
	json pps.note/1 client.id C1 note слово ended# 0 waiting 0
}

# A lost sale of maria's, whose letter is still to come. Who has a trip is not lost.
lost_sale() {
	ok cancel-trip T1
	sql "INSERT INTO occasion (id, client_id, kind, learned, playbook_version, created_at)
		VALUES (7, 1, 'lost', '2026-12-01 13:00', 1, 0);
		INSERT INTO lost (occasion_id, reason) VALUES (7, 'price');"
	ok edit-client C1 --note 'x'
	[ "$(sql "SELECT state FROM action WHERE occasion_id = 7")" = pending ]
}

@test "they have answered: a person takes over, marketing waits a week, and the series about a lost sale ends" {
	family
	lost_sale
	ok note C1 'ответила, перезвоню' --replied
	out <<-'E'
		C1 Мария Иванова: noted (pps log C1 shows it)
		marketing is paused until 08.12.2026; what is about their trips still goes
		waiting until then: no messages
		L7: they have answered, and the letters end
		pps resume C1 ends the pause, pps undo C1 takes it back
	E
	[ "$(sql "SELECT ended, end_reason, outcome FROM occasion JOIN lost ON occasion_id = id")" = '1|the client answered|answered' ]
	[ "$(sql "SELECT state, cause FROM action WHERE occasion_id = 7")" = 'cancelled|ended' ]
	ok undo C1
	out 'replied of C1 is taken back: they are not paused'
	[ "$(sql "SELECT ended, coalesce(outcome, '-') FROM occasion JOIN lost ON occasion_id = id")" = '0|-' ]
	[ "$(sql "SELECT state FROM action WHERE occasion_id = 7")" = pending ]
}

@test "an answer does not shorten a longer pause" {
	family
	ok pause C1 --until 25.12.2026 --reason 'в больнице'
	ok note T1 'ответила' --replied --json
	json pps.note/1 client.paused_until 2026-12-25 client.pause_reason 'в больнице' occasion T1 waiting 1
	ok undo
	ok show C1
	line '  paused until 25.12.2026: в больнице'
}

@test "a bare undo after what it does not know names what it could take back" {
	family
	ok pause C1
	ok edit-client C1 --note x
	fails 77 'your last work was edit-client, which undo does not take back (change it once more); before it came pause: pps undo C1 takes that back' undo
}
