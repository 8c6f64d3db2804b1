#!/usr/bin/env bats
# A message sent to oneself: send-test.

load helpers

# mail_server [STEP=ACTION...]: e-mail goes to a scripted server of ours; what it took is in mail.log.
mail_server() {
	mkfifo hold port
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/../fake/smtp_server.py" mail.log "$@" <hold >port 3>&- &
	server=$!
	exec 9>hold
	read -r number <port
	echo "{\"agency\": {\"name\": \"Тёплые страны\", \"phone\": \"+7 495 123-45-67\"}, \"email\": {\"gateway\": \"smtp\",
		\"from\": \"info@warm.example\", \"smtp\": {\"host\": \"127.0.0.1\", \"port\": $number, \"security\": \"none\"}}}" >pps.json
}

# The letters that the server took: to whom, and a header or the text of each.
taken() {
	/usr/bin/python3 -B -c 'import email, email.policy, json, sys
for line in open("mail.log", encoding="ascii"):
    got = json.loads(line).get("accepted")
    if got:
        m = email.message_from_bytes(got["data"].encode("latin-1"), policy=email.policy.default)
        print(eval(sys.argv[1]))' "$1"
}

preset='{"name": "Ours", "method": "GET", "path": "/", "max_parts": 9, "query": {"to": "{phone_digits}", "text": "{text}", "key": "{idem_key}"},
	"answers": [{"http": [200], "body_prefix": "ok", "verdict": "accepted"}, {"http": [400], "body_prefix": "no", "verdict": "permanent"}]}'

# nothing_counts FILE: the database is as it was, but for the line in the log.
nothing_counts() {
	dump .after
	diff <(grep -v "'send-test'" "$1") <(grep -v "'send-test'" .after)
}

@test "a letter goes to the address only, marked, and counts for nothing" {
	mail_server
	maria
	dump .before
	ok send-test thank-you --trip T1 --to olga@desk.example
	out "Thank you of Мария Иванова: a test went, as an e-mail, to olga@desk.example (accepted by 127.0.0.1:$number: 250 2.0.0 Ok: queued as 4F1A2B3C4D)"
	[ "$(taken 'got["to"], m["to"], m["x-pps-test"]')" = "('RCPT TO:<olga@desk.example>', 'olga@desk.example', 'yes')" ]
	[ "$(taken 'm["subject"][:7], m.defects, m["list-unsubscribe"], m["feedback-id"]')" = "('[Test] ', [], None, None)" ]
	ok preview A1 --json
	subject=$(/usr/bin/python3 -c 'import json; print(json.load(open(".out"))["messages"][0]["subject"])')
	[ "$(taken 'm["subject"]')" = "[Test] $subject" ]
	[ "$(taken 'm.get_body(("plain",)).get_content().count("Мария") > 0, m["date"]')" = "(True, 'Tue, 01 Dec 2026 14:00:00 +0300')" ]
	[ "$(grep -c 'maria@example.com' mail.log)" -eq 0 ]
	nothing_counts .before
	[ "$(cat pps.db.sent 2>/dev/null | grep -c ' risk ')" -eq 0 ]
	# The real one goes as if nothing had been.
	ok tick
	[ "$(taken 'got["to"]' | paste -sd ' ')" = 'RCPT TO:<olga@desk.example> RCPT TO:<maria@example.com>' ]
	[ "$(taken 'm["message-id"]' | sort -u | wc -l)" -eq 2 ]
	[ "$(state 1 sent && sql 'SELECT count(*) FROM attempt')" -eq 1 ]
}

@test "it can be sent after the client has got it, and as often as one likes" {
	maria
	ok tick
	dump .before
	ok send-test A1 --to olga@desk.example
	ok send-test A1 --to olga@desk.example
	[ "$(sent '*-test-thank-you-*.eml')" -eq 2 ]
	[ "$(sent '*-A1-thank-you.eml')" -eq 1 ]
	nothing_counts .before
	ok tick
	[ "$(sent '*.eml')" -eq 3 ]
}

@test "the log says who sent a test of what, and not to which address" {
	maria
	ok send-test thank-you --trip T1 --to friend@desk.example
	ok send-test thank-you --trip T1 --to anna@warm.example
	ok send-test bon-voyage --trip T1 --to '8 903 765-43-21'
	ok log --limit 3
	grep -qE '^2026-12-01 14:00  anna  send-test  C1 +T1 +A5 +bon-voyage, to a number that ends in 21$' .out
	grep -qE 'A1 +thank-you, to anna$' .out
	grep -qE 'A1 +thank-you, to somebody at desk.example$' .out
	[ -z "$(sql "SELECT 1 FROM audit WHERE detail LIKE '%friend%' OR detail LIKE '%765%'")" ]
	at '2026-12-09 11:00'
	ok done A4
	ok send-test thank-you --trip T1 --to friend@desk.example
	fails 77 'your last work was send-test, which undo does not take back (change it once more); before it came done: pps undo A4 takes that back' undo
}

@test "nothing in a test unsubscribes the client" {
	maria
	echo '{"email": {"from": "info@warm.example", "unsubscribe_url": "https://warm.example/u/{token}"}}' >pps.json
	ok send-test loyalty --trip T1 --to olga@desk.example
	[ "$(grep -c 'List-Unsubscribe' outbox/*-test-loyalty-*.eml)" -eq 0 ]
	/usr/bin/python3 -B -c 'import email, email.policy, glob
m = email.message_from_bytes(open(glob.glob("outbox/*-test-loyalty-*.eml")[0], "rb").read(), policy=email.policy.default)
print(sum("/u/" in part.get_content() or "unsubscribe%20" in part.get_content() for part in m.walk() if part.get_content_maintype() == "text"))' >found
	[ "$(cat found)" = 0 ]
}

@test "what nobody has caused yet goes as a test, too, and is said to be made up" {
	maria --birthday 12.03.1985
	dump .before
	ok send-test lost-offended --trip T1 --to olga@desk.example
	line 'What did we do wrong? of Мария Иванова: a test went, as an e-mail, to olga@desk.example (written to the outbox)'
	line 'what it is about is made up: nobody has said it'
	ok send-test birthday --trip T1 --to olga@desk.example --json
	json pps.send-test/1 step birthday made_up false
	ok send-test complaint-thanks --trip T1 --to olga@desk.example --json --dry-run
	json pps.send-test/1 step complaint-thanks made_up true
	[ "$(sent '*-test-*.eml')" -eq 2 ]
	nothing_counts .before
	ok log --limit 2
	grep -qE '  anna +send-test +C1 +birthday, to somebody at desk.example$' .out
}

@test "a letter that the client cannot get, because they have no address" {
	ok add-client --name 'Ян' --phone '+7 495 123-45-67' --departure 10.12.2026 --return 20.12.2026
	ok send-test packing --trip T1 --to olga@desk.example
	[ "$(letter outbox/*-test-packing-*.eml | sed -n 2p)" = 'To: olga@desk.example' ]
	[ "$(cat outbox/*-test-packing-*.eml | grep -c 'pps.invalid')" -eq 0 ]
}

@test "an SMS through the gateway, with the key of no other" {
	maria
	sms_gateway "$preset" <<-'E'
		query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
		print(query["to"][0], query["key"][0], query["text"][0], file=open("got", "a"), flush=True)
		self.send_response(200)
		self.end_headers()
		self.wfile.write(b"ok")
	E
	dump .before
	ok send-test preflight --trip T1 --to '8 903 765-43-21'
	ok send-test preflight --trip T1 --to '8 903 765-43-21'
	ok preview preflight --trip T1 --json
	words=$(/usr/bin/python3 -c 'import json; print(json.load(open(".out"))["messages"][1]["text"])')
	[ "$(cut -d ' ' -f 1,3- got | sort -u)" = "79037654321 Test: $words" ]
	[ "$(cut -d ' ' -f 2 got | sort -u | wc -l)" -eq 2 ]
	nothing_counts .before
}

@test "neither a pause, nor the hour, nor the client's word stands in the way of a test" {
	maria
	at '2026-12-01 23:30'
	ok unsubscribe C1 --source 'by phone'
	ok pause C1 --until 20.12.2026
	ok send-test challenge --trip T1 --to olga@desk.example
	ok send-test bon-voyage --trip T1 --to '8 903 765-43-21'
	[ "$(sent '*-test-*')" -eq 2 ]
}

@test "refused, not sent, in doubt: one line, and the log knows what may be on its way" {
	mail_server 'rcpt=550 5.1.1 no such user'
	maria
	dump .before
	fails 69 "the test was refused: 127.0.0.1:$number refused the recipient: 550 5.1.1 no such user" send-test A1 --to olga@desk.example
	unchanged .before
	kill "$server"
	exec 9>&-
	rm hold port
	mail_server dot=cut
	answers 69 send-test A1 --to olga@desk.example
	grep -qE '^pps: the test may have arrived, nobody knows \(.+\): look there before you send another$' .err
	[ "$(wc -l <.err)" -eq 1 ] && [ ! -s .out ]
	[ "$(sql "SELECT count(*) FROM audit WHERE verb = 'send-test'")" -eq 1 ]
	nothing_counts .before
	kill "$server"
	server=
	no_mail_server
	answers 69 send-test A1 --to olga@desk.example
	grep -qE '^pps: the test was not sent: ' .err
	[ "$(sql "SELECT count(*) FROM audit WHERE verb = 'send-test'")" -eq 1 ]
}

@test "--dry-run shows it and sends nothing" {
	maria
	dump .before
	ok send-test bon-voyage --trip T1 --to '8 903 765-43-21' --dry-run
	line 'to +79037654321:'
	grep -q '^Test: ' .out
	line 'Bon voyage of Мария Иванова: this test would go, as an SMS, to +79037654321 (nothing was sent)'
	ok send-test A1 --to olga@desk.example --dry-run
	grep -q '^Subject: \[Test\] ' .out
	ok send-test A1 --to olga@desk.example --dry-run --json
	json pps.send-test/1 dry_run true step thank-you channel email to olga@desk.example reply null
	unchanged .before
	[ ! -e outbox ]
	ok send-test A1 --to olga@desk.example --json
	json pps.send-test/1 dry_run false to olga@desk.example reply 'written to the outbox'
}

@test "every slip; a client's own address needs a word" {
	maria
	dump .before
	fails 77 'maria@example.com is the address of a client, C1 Мария Иванова: name your own, or say --yes if they are to get the test' \
		send-test A1 --to maria@example.com
	fails 77 '+79031234567 is the number of a client, C1 Мария Иванова: name your own, or say --yes if they are to get the test' \
		send-test A5 --to '8 903 123-45-67'
	fails 64 'say where to: --to ADDRESS' send-test A1
	fails 64 'say of which trip: pps send-test thank-you --trip T34 --to ADDRESS' send-test thank-you --to a@b.example
	fails 65 'thank-you goes by e-mail: --to needs an e-mail address' send-test A1 --to '8 903 765-43-21'
	fails 65 'bon-voyage goes by SMS: --to needs a phone number' send-test A5 --to a@b.example
	fails 65 'preflight goes by SMS: --to needs a phone number' send-test A4 --to a@b.example
	fails 65 'office-visit is a visit and sends nothing: pps preview office-visit shows its words' \
		send-test office-visit --trip T1 --to a@b.example
	fails 66 'T1 has no step "thank-yuo": did you mean thank-you?' send-test thank-yuo --trip T1 --to a@b.example
	answers 65 send-test A1 --to 'a@b'
	[ "$(wc -l <.err)" -eq 1 ]
	mkdir -p templates/letters/ru
	printf 'Subject: x\n\n{{visit.time}}\n' >templates/letters/ru/thank-you.md
	fails 65 './templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here' send-test A1 --to a@b.example
	unchanged .before
	[ ! -e outbox ]
	rm -r templates
	ok send-test A1 --to maria@example.com --yes
	[ "$(sent '*-test-thank-you-*.eml')" -eq 1 ]
}

@test "what the log cannot take is not sent" {
	maria
	mortal
	chmod 400 pps.db
	answers 74 send-test A1 --to olga@desk.example
	[ "$(sent '*')" -eq 0 ]
	chmod 600 pps.db
}
