#!/usr/bin/env bats
# Looking before it goes: preview.

load helpers
load doubts

# words: templates of our own, so that a test says what it is about and not how our letters are written.
words() {
	mkdir -p templates/layout templates/{letters,sms,scripts}/{ru,bg}
	printf '{{{body}}}\n-- {{signer.name}}\n' >templates/layout/letter.txt
	printf '<!DOCTYPE html>\n<html lang="ru"><head><style>p { color: red; }</style></head><body class="x">{{{body}}}</body></html>\n' \
		>templates/layout/letter.html
	cat >templates/letters/ru/thank-you.md <<-'E'
		Subject: Спасибо, {{client.name}}, за то, что вы выбрали именно нас и нашу поездку!
		Preheader: {{trip.destination}} ждёт

		Вылет **{{trip.departure}}**.
	E
	printf 'Subject: Завтра?\n\n{{#departs_tomorrow}}Завтра{{/departs_tomorrow}}{{^departs_tomorrow}}Не завтра{{/departs_tomorrow}}\n' \
		>templates/letters/ru/packing.md
	printf '{{#departs_tomorrow}}Завтра вылет{{/departs_tomorrow}}{{^departs_tomorrow}}Вылет {{trip.departure}}{{/departs_tomorrow}}\n' \
		>templates/sms/ru/preflight.txt
	printf 'Спросите о паспорте: {{client.name}}\n' >templates/scripts/ru/preflight.md
	printf 'Счастлив път, {{client.name}}\n' >templates/sms/bg/bon-voyage.txt
	printf 'Good trip\n' >templates/sms/ru/bon-voyage.txt
}

# parse FILE EXPRESSION: what Python finds; the letter is m, the bytes raw.
parse() {
	/usr/bin/python3 -B -c 'import email, email.policy, sys
raw = open(sys.argv[1], "rb").read()
m = email.message_from_bytes(raw, policy=email.policy.default)
print(eval(sys.argv[2]))' "$@"
}

@test "a letter: who it is from, to whom, the subject, what stands beside it, and its words" {
	words
	maria
	ok edit-client C1 --salutation Мария
	dump .before
	ok preview thank-you --trip T1
	out <<-'E'
		Мария Иванова, T1 Анталья

		A1 Thank you: e-mail, 2026-12-01 14:00 (Europe/Moscow)
		State:     goes with the next tick when its hour has come
		From:      Ольга Смирнова (Тёплые страны) <info@warm.example>
		To:        Мария Иванова <maria@example.com>
		Subject:   Спасибо, Мария Иванова, за то, что вы выбрали именно нас и нашу поездку!
		Preheader: Анталья ждёт

		Вылет 10 декабря.
		-- Ольга Смирнова
	E
	cp .out .by-trip
	ok preview A1
	cmp .by-trip .out
	ok preview T1/thank-you
	cmp .by-trip .out
	unchanged .before
	[ ! -e outbox ]
}

@test "it is what a tick sends: the same words, the same subject, the same addresses" {
	words
	maria
	ok preview A1 --eml before.eml
	[ "$(stat -c %a before.eml)" = 600 ]
	ok tick
	for part in 'm["subject"]' 'm["from"]' 'm["to"]' 'm["reply-to"]' 'm["date"]' 'm["content-language"]' \
		'm.get_body(("plain",)).get_content()' 'm.get_body(("html",)).get_content()' 'm.defects'; do
		[ "$(parse before.eml "$part")" = "$(parse outbox/*thank-you.eml "$part")" ]
	done
	ok preview A1 --eml -
	cp .out printed.eml
	[ "$(parse printed.eml 'm["subject"]')" = "$(parse before.eml 'm["subject"]')" ]
	[ "$(parse printed.eml 'raw.count(b"\n") == raw.count(b"\r\n")')" = True ]
}

@test "an SMS with its parts, and the words of a call with the message that goes instead" {
	words
	maria
	ok preview preflight --trip T1
	out <<-'E'
		Мария Иванова, T1 Анталья

		A4 Pre-flight call: call, 2026-12-09 10:00 (Europe/Moscow)
		State:     planned

		Спросите о паспорте: Мария Иванова

		A4 Pre-flight call: SMS instead, when the call is not ticked off, 2026-12-09 16:00 (Europe/Moscow)
		To:        +7 903 123-45-67
		Parts:     1 part, 12 of 70 characters (UCS-2, because of "З")

		Завтра вылет
	E
	ok preview bon-voyage --trip T1
	line 'Parts:     1 part, 9 of 160 characters (GSM-7)'
	ok preview preflight --trip T1 --json
	json pps.preview/1 client.id C1 occasion T1 messages# 2 messages[0].channel call messages[0].action A4 \
		messages[0].instead false messages[1].channel sms messages[1].instead true messages[1].parts 1 \
		messages[1].alphabet UCS-2 messages[1].to +79031234567 messages[1].due_local 2026-12-09T16:00 \
		messages[1].text 'Завтра вылет' messages[1].error null
}

@test "what an SMS costs, when its price is known" {
	words
	maria
	echo '{"agency": {"name": "Тёплые страны", "currency": "RUB"}, "sms": {"price": "3.70"}}' >pps.json
	ok preview bon-voyage --trip T1
	line 'Parts:     1 part, 9 of 160 characters (GSM-7), about 3.70 RUB'
	ok preview --all --trip T1 --json
	json pps.preview/1 'messages[step=bon-voyage].cost' '"3.70"' 'messages[step=bon-voyage].currency' RUB \
		'messages[step=thank-you].cost' null
	ok preview --all --trip T1 --as-html page.html
	grep -qF '1 part, 9 of 160 characters (GSM-7), about 3.70 RUB' page.html
}

@test "the words are those of its own day, or of the day that is asked for" {
	words
	maria
	ok preview packing --trip T1
	line 'Не завтра'
	ok preview packing --trip T1 --date 09.12.2026
	line 'Завтра'
	fails 64 '--date: a day without an hour' preview packing --trip T1 --date '09.12.2026 10:00'
	ok preview preflight --trip T1 --date 01.12.2026
	line 'Вылет 10 декабря'
}

@test "another language" {
	words
	maria
	ok preview bon-voyage --trip T1 --lang bg
	line 'Счастлив път, Мария Иванова'
	fails 65 'language: two small letters, such as ru, en or bg' preview packing --trip T1 --lang Bulgarian
	fails 66 'there is no template letters/xx/packing.md in ./templates' preview packing --trip T1 --lang xx
}

@test "who reads other letters can read the agency, its people and their positions" {
	rm -rf templates
	cat >pps.json <<-'E'
		{"agency": {"name": "ООО «Тёплые страны»", "sms_name": "Тёплые", "address": "София, бул. Витоша 1", "lang": "bg",
		  "email": "info@warm.example", "hashtag": "#топлистрани",
		  "translations": {"en": {"директор": "director", "ООО «Тёплые страны»": "Warm Countries"}}}, "email": {"from": "info@warm.example"}}
	E
	ok staff edit olga --name 'Мила Иванова' --position 'директор' --email mila@warm.example
	ok staff edit anna --name 'Юлия Петрова' --position 'консултант' --email julia@warm.example
	maria --manager anna
	ok preview thank-you --trip T1 --lang en
	line 'From:      "Mila Ivanova (Warm Countries)" <info@warm.example>'
	line 'Mila Ivanova, director'          # as it is entered
	line 'Warm Countries'
	line 'Sofia, bul. Vitosha 1'           # in Latin letters, by the law of the agency's language
	grep -qF 'your contact is Yulia Petrova, e-mail julia@warm.example' .out       # no word is better than konsultant
	ok preview thank-you --trip T1 --lang ru
	line 'From:      Мила Иванова (ООО «Тёплые страны») <info@warm.example>'
	line 'Мила Иванова, директор'
	grep -qF 'Юлия Петрова, консултант, почта julia@warm.example' .out
	ok preview challenge --trip T1 --lang en
	grep -qF '#топлистрани' .out           # nobody finds another one
	# An SMS has little room: the short name.
	ok preview bon-voyage --trip T1 --lang bg
	grep -q 'почивка! Тёплые$' .out
	ok preview bon-voyage --trip T1 --lang en
	grep -q ' Tyoplye$\| Teplye$' .out
}

@test "who reads other letters can read their own name, and where they go" {
	rm -rf templates
	cat >pps.json <<-'E'
		{"agency": {"name": "Тёплые страны", "lang": "ru", "email": "info@warm.example", "translations": {"en": {"Турция": "Turkey"}}},
		  "email": {"from": "info@warm.example"}}
	E
	local note='note: they read "en", and letters call them "Mariia Petrovna" (otherwise: pps edit-client C1 --salutation …)'
	warns "$note and call the trip \"Sochi\" (otherwise: \"translations\" in pps.json)" add-client --name 'Иванова Мария Петровна' --email maria@example.org --lang en --departure +20d \
		--return +27d --destination Сочи
	ok preview thank-you --trip T1
	line 'To:        Ivanova Mariia Petrovna <maria@example.org>'
	line 'Dear Mariia Petrovna,'
	grep -qF 'we have it right: Sochi, 7 nights' .out
	# A title is said as English says it; the trip as the agency does.
	warns "${note/Mariia Petrovna/Ms Ivanova}" edit-client C1 --salutation 'г-жа Иванова'
	ok edit-trip T1 --destination Турция
	ok preview thank-you --trip T1
	line 'Dear Ms Ivanova,'
	grep -qF 'we have it right: Turkey, 7 nights' .out
	# What a person wrote in Latin letters stays, and who reads Cyrillic gets the card as it is.
	ok edit-client C1 --salutation Maria
	ok preview thank-you --trip T1
	line 'Dear Maria,'
	ok preview thank-you --trip T1 --lang ru
	line 'To:        Иванова Мария Петровна <maria@example.org>'
	grep -qF 'Турция, 7 ночей' .out
}

@test "after it was sent: the words as they would be now, and those that went" {
	words
	maria
	fails 66 'thank-you has not been sent: without --sent you see what would go' preview A1 --sent
	ok tick
	ok edit-trip T1 --destination Варна
	ok preview A1
	line 'State:     sent'
	line 'Preheader: Варна ждёт'
	line 'these are the words as they would be now; those that went: pps preview A1 --sent'
	printf 'Subject: Новое\n\nНовое\n' >templates/letters/ru/thank-you.md
	ok preview A1 --sent
	line 'Subject:   Спасибо, Мария Иванова, за то, что вы выбрали именно нас и нашу поездку!'
	no_line 'these are the words'
	ok preview A1 --sent --eml went.eml
	cmp went.eml outbox/*thank-you.eml
	fails 66 'preflight is a call: nothing was sent' preview A4 --sent
}

@test "what was done once more: an action by its number, a step by its last one" {
	words
	maria
	at '2026-12-09 17:00'
	ok tick
	state 4 sent
	ok edit-trip T1 --departure '15.12.2026 06:40'
	again=$(sql "SELECT id FROM action WHERE step = 'preflight' AND occurrence = 1")
	ok preview A4 --sent
	line 'A4 Pre-flight call: SMS, 2026-12-09 10:00 (Europe/Moscow)'
	line 'Завтра вылет'
	ok preview A4
	line 'these are the words as they would be now; those that went: pps preview A4 --sent'
	for what in "A$again" T1/preflight; do
		ok preview "$what"
		line "A$again Pre-flight call: call, 2026-12-14 10:00 (Europe/Moscow)"
	done
}

@test "what is not planned, cancelled, merged: shown, and why" {
	words
	maria
	ok preview office-visit --trip T1
	line 'Visit to the office: visit'
	line 'State:     not planned: waits until the visit is agreed'
	ok skip A2 --note 'сами умеют'
	ok preview A2
	grep -q '^State: .*сами умеют' .out
	line 'Subject:   Завтра?'
	ok cancel-trip T1
	ok preview A1
	grep -q '^State: .*cancelled' .out
	ok preview office-visit --trip T1
	line 'State:     not planned: it has ended'
}

@test "what a tick could not send is the same line here" {
	words
	maria
	printf 'Subject: x\n\n{{visit.time}}\n' >templates/letters/ru/thank-you.md
	fails 65 './templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here' preview A1
	fails 65 './templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here' preview A1 --as-html x.html
	[ ! -e x.html ]
	ok tick
	[ "$(sql 'SELECT state, reason FROM action WHERE id = 1')" = 'held|./templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here' ]
	answers 1 preview --all --trip T1
	err 'pps: the words of 1 message cannot be made: pps doctor may say more'
	line 'its words cannot be made: ./templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here'
	answers 1 preview --all --trip T1 --json
	json pps.preview/1 'messages[step=thank-you].error' './templates/letters/ru/thank-you.md:3:1: "visit.time" is empty here' \
		'messages[step=thank-you].subject' null 'messages[step=packing].error' null
}

@test "other occasions by their ids" {
	words
	maria
	ok complaint add T1 --title 'шумный номер'
	ok preview complaint-thanks --trip P2
	line 'Мария Иванова, P2 шумный номер'
	grep -q '^Subject: ' .out
	fails 66 'P2 has no step "packing": pps preview --all --trip P2 shows them' preview packing --trip P2
	ok preview --all --trip P2 --quiet
}

@test "a greeting that falls into a trip: none will go, and the preview says so" {
	ok add-client --name 'Мария Иванова' --email m@example.org --birthday 12.03.1985 --departure 2027-03-10 --return 2027-03-12
	ok preview birthday --trip C1
	line 'State:     not planned: the client is travelling that day, so none will go'
	ok edit-trip T1 --return 2027-03-11
	ok preview birthday --trip C1
	line 'State:     not planned: a tick plans it when its day is near'
}

@test "a greeting long before its day: the letter, its hour, and that nobody has planned it yet" {
	maria --birthday 12.03.1985
	dump .before
	ok preview birthday --trip T1
	cp .out .by-trip
	[ "$(head -4 .out)" = 'Мария Иванова, greeting: birthday

Birthday: e-mail, 2027-03-12 10:00 (Europe/Moscow)
State:     not planned: a tick plans it when its day is near' ]
	line 'Subject:   С днём рождения, Мария!'
	ok preview birthday --trip C1
	cmp .by-trip .out
	ok preview T1/birthday
	cmp .by-trip .out
	ok preview birthday --trip T1 --json
	json pps.preview/1 occasion null made_up false 'messages#' 1 'messages[0].action' null 'messages[0].goes' false \
		'messages[0].due_local' 2027-03-12T10:00 'messages[0].why' 'not planned: a tick plans it when its day is near'
	ok preview new-year --trip T1 --lang en
	line 'New Year: e-mail, 2026-12-30 10:00 (Europe/Moscow)'
	fails 66 'birthday has not been sent: without --sent you see what would go' preview birthday --trip T1 --sent
	unchanged .before
	# Planned, it is the real one; when its day is over, that of the next year.
	at '2026-12-30 09:00'
	ok tick
	ok preview new-year --trip T1
	line 'Мария Иванова, Y2 new-year'
	ok preview birthday --trip Y2
	line 'Мария Иванова, greeting: birthday'
	at '2026-12-31 09:00'
	ok preview new-year --trip T1
	line 'New Year: e-mail, 2027-12-30 10:00 (Europe/Moscow)'
}

@test "a day that nobody knows is made up, and said to be" {
	maria
	ok preview birthday --trip T1
	line 'Мария Иванова, greeting: birthday (made up)'
	line 'State:     not planned: nobody knows its day: this one is made up'
	ok preview birthday --trip T1 --json
	json pps.preview/1 occasion null made_up true
	# Whoever has no trip has a birthday, too.
	ok lost --name 'Ян' --email jan@example.com --reason цена
	ok preview birthday --trip C2
	line 'To:        Ян <jan@example.com>'
	fails 66 'C2 has no current trip: pps show C2 lists all' preview thank-you --trip C2
}

@test "before there is a lost sale, an answer, a complaint: one that is made up, on paper, on the page and in the document" {
	maria
	dump .before
	for step in lost-happy-trip lost-offended lost-personal-call lost-next-season; do
		ok preview "$step" --trip T1
		line 'Мария Иванова, lost sale: Тенерифе (made up)'
		line 'State:     not planned: this lost sale is made up'
	done
	ok preview lost-personal-call --trip T1
	line 'Почему не с нами: цена. Их слова: Дороговато'
	for step in feedback-thanks ask-promoter unhappy-call; do
		ok preview "$step" --trip T1
		line 'Мария Иванова, feedback (made up)'
		line 'State:     not planned: this answer is made up'
	done
	ok preview unhappy-call --trip T1
	line 'Их слова: В номере было грязно'
	for step in complaint-thanks complaint-assign complaint-promise complaint-day complaint-due complaint-solved complaint-check; do
		ok preview "$step" --trip T1
		line 'Мария Иванова, complaint: шум в номере (made up)'
		line 'State:     not planned: this complaint is made up'
	done
	ok preview complaint-solved --trip T1 --lang bg
	line 'Мария Иванова, complaint: шум в стаята (made up)'
	grep -q 'хотелът върна парите за две нощувки' .out
	ok preview complaint-due --trip T1 --json
	json pps.preview/1 occasion null made_up true 'messages[0].due_local' 2026-12-04T10:00 'messages[0].goes' false \
		'messages[0].why' 'not planned: this complaint is made up'
	warns 'what this is about is made up: nobody has said it' preview complaint-thanks --trip T1 --as-html letter.html
	warns 'what this is about is made up: nobody has said it' preview complaint-due --trip T1 --as-html page.html
	grep -qF '<title>Мария Иванова, complaint: шум в номере (made up)</title>' page.html
	unchanged .before
}

@test "the real one as soon as there is one; that of another trip is not meant" {
	maria
	ok complaint add T1 --title 'холодный суп'
	ok preview complaint-thanks --trip T1
	line 'Мария Иванова, P2 холодный суп'
	grep -q '^A[0-9]* Thanks for the complaint: e-mail, 2026-12-01 14:00 ' .out
	ok preview complaint-thanks --trip T1 --json
	json pps.preview/1 occasion P2 made_up false
	ok preview lost-offended --trip P2
	line 'Мария Иванова, lost sale: Тенерифе (made up)'
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	ok preview complaint-thanks --trip T3
	line 'Мария Иванова, complaint: шум в номере (made up)'
}

@test "a step that is new in the playbook, for a trip that was planned before" {
	maria
	mkdir -p templates/letters/ru
	step='{"key": "visa", "title": "Visa", "channel": "email", "at": {"anchor": "departure", "days": -5, "time": "10:00"},'
	step+='"grace": {"days": 2}, "if_late": "skip", "signed_by": "director", "class": "service"},'
	sed "0,/\"steps\": \[/s//&$step/" "$BATS_TEST_DIRNAME/../../templates/playbook.json" >templates/playbook.json
	printf 'Subject: Виза\n\n{{client.name}}, вот виза.\n' >templates/letters/ru/visa.md
	dump .before
	ok preview visa --trip T1
	[ "$(head -6 .out)" = 'Мария Иванова, T1 Анталья

Visa: e-mail, 2026-12-05 10:00 (Europe/Moscow)
State:     not planned: the playbook got this step later (pps plan)
From:      Ольга Смирнова (Тёплые страны) <info@warm.example>
To:        Мария Иванова <maria@example.com>' ]
	line 'Мария Иванова, вот виза.'
	ok preview visa --trip T1 --json
	json pps.preview/1 occasion T1 made_up false 'messages[0].action' null
	unchanged .before
	ok plan --apply
	ok preview visa --trip T1
	line 'State:     will go by itself'
	grep -q '^A[0-9]* Visa: e-mail, 2026-12-05 10:00 (Europe/Moscow)$' .out
}

@test "what was dropped for want of an address is shown by the way that it would have gone" {
	ok add-client --name 'Ян' --phone '+7 495 123-45-67' --departure 10.12.2026 --return 20.12.2026
	ok preview bon-voyage --trip T1
	line 'A5 Bon voyage: SMS, 2026-12-10 08:00 (Europe/Moscow)'
	line "State:     not to be done (dropped: the client's number takes no SMS)"
	grep -q '^Ян, ' .out
	ok preview packing --trip T1
	line 'A2 Packing tips: e-mail, 2026-12-03 10:00 (Europe/Moscow)'
	line 'State:     not to be done (dropped: the client has no e-mail address)'
	grep -q '^Subject: ' .out
	no_line '^To:'
	ok preview packing --trip T1 --json
	json pps.preview/1 'messages[0].to' null 'messages[0].error' null
	ok preview --all --trip T1
	no_line 'cannot be made'
	ok timeline T1
	grep -qE '^A5 +- +- +Bon voyage +cancelled' .out
}

@test "what waits for a date goes by the way that the planner will take" {
	ok add-client --name 'Ян' --phone '+7 495 123-45-67' --departure 10.12.2026 --return 20.12.2026
	ok complaint add T1 --title 'шумный номер'
	ok preview --all --trip P2
	line 'What we have done: call'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'вернули деньги'
	ok preview complaint-solved --trip P2
	grep -q '^A[0-9]* What we have done: call, 2026-12-01 14:00' .out
}

@test "a preview does not hold the link that stops the client's letters; a letter that has gone does" {
	maria
	echo '{"email": {"from": "info@warm.example", "unsubscribe_url": "https://warm.example/u/{token}"}}' >pps.json
	at '2026-12-23 10:00'
	ok tick
	cp outbox/*loyalty.eml went.eml
	grep -q '^List-Unsubscribe: .*https://warm.example/u/u1-' went.eml
	ok preview loyalty --trip T1
	cp .out now.txt
	ok preview loyalty --trip T1 --json
	cp .out now.json
	ok preview loyalty --trip T1 --eml now.eml
	ok preview loyalty --trip T1 --as-html now.html
	ok preview --all --trip T1 --as-html all.html
	ok preview loyalty --trip T1 --sent
	cp .out sent.txt
	ok preview loyalty --trip T1 --sent --json
	cp .out sent.json
	ok preview loyalty --trip T1 --sent --as-html sent.html
	[ "$(cat now.* all.html sent.* | grep -cE '\bu1-[0-9a-f]{24}')" -eq 0 ]
	grep -qF 'https://warm.example/u/...' sent.html
	ok preview loyalty --trip T1 --sent --eml sent.eml
	cmp went.eml sent.eml
}

@test "of a message in doubt --sent shows the words that may have gone, and its state" {
	doubtful
	ok preview A1 --sent
	grep -qE '^State: +in doubt' .out
	grep -q '^Subject: ' .out
}

@test "every slip" {
	words
	maria
	dump .before
	fails 64 'usage: pps preview STEP --trip TRIP, or pps preview --all --trip TRIP' preview
	fails 64 'usage: pps preview STEP --trip TRIP, or pps preview --all --trip TRIP' preview A1 --all
	fails 64 'say of which trip: pps preview packing --trip T34' preview packing
	fails 64 'say of which trip: --trip T34' preview --all
	fails 64 '--eml is for one step, not for --all' preview --all --trip T1 --eml x
	fails 64 '--sent is for one step, not for --all' preview --all --trip T1 --sent
	fails 64 'one of --as-html, --open and --eml at a time' preview A1 --eml x.eml --as-html x
	fails 64 '--json prints a document: name a file instead of -' preview A1 --json --as-html -
	fails 66 'T1 has no step "pakcing": did you mean packing?' preview pakcing --trip T1
	fails 66 'T1 has no step "something": pps preview --all --trip T1 shows them' preview something --trip T1
	fails 66 'no client fits "C1x": look for them with pps find' preview birthday --trip C1x
	fails 66 'there is no trip T9: look for it with pps find' preview packing --trip T9
	fails 65 'bon-voyage goes by SMS: --eml is for letters' preview bon-voyage --trip T1 --eml x.eml
	[ ! -e x.eml ] && [ ! -e x ]
	mkdir folder.html
	fails 73 'folder.html exists already' preview A1 --as-html folder.html
	cp pps.db was.db
	fails 73 'pps.db exists already' preview A1 --eml pps.db
	cmp pps.db was.db
	[ -z "$(ls folder.html)" ]
	unchanged .before
}

@test "the page of a trip: every message once, in order, letters in frames of their own" {
	words
	maria
	ok preview --all --trip T1 --as-html page.html
	out ''
	[ "$(stat -c %a page.html)" = 600 ]
	grep -qF '<dt>Preheader</dt>' page.html
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/page.py" page.html >.page
	grep -qx 'title: Мария Иванова, T1 Анталья' .page
	[ "$(grep -c '^h2: A[0-9]* ' .page)" -eq 15 ] # the call with its SMS twice
	[ "$(grep '^h2: ' .page | sed -n '1p;4p;5p;6p' | paste -sd '|')" = \
		'h2: A1 Thank you|h2: A4 Pre-flight call|h2: A4 Pre-flight call|h2: A5 Bon voyage' ]
	grep -qx 'frames: 10, outside: nothing' .page
	grep -qx 'sms: Завтра вылет' .page
}

@test "hostile data stays in its place on the page" {
	words
	maria
	local evil='"></iframe><script>alert(1)</script><p class="x" onload='\''y'\''>&quot;&amp;lt; {{trip.destination}} *b*'
	ok edit-client C1 --name "Мария $evil"
	ok edit-trip T1 --destination "</style></title><img src=x onerror=alert(2)><!-- "
	printf 'Subject: {{client.name}}\nPreheader: {{trip.destination}}\n\n{{client.name}} {{trip.destination}}\n' \
		>templates/letters/ru/thank-you.md
	printf '{{client.name}} {{trip.destination}}\n' >templates/sms/ru/preflight.txt
	cp templates/sms/ru/preflight.txt templates/scripts/ru/preflight.md
	ok preview --all --trip T1 --as-html page.html
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/page.py" page.html >.page
	grep -q 'outside: nothing$' .page
	grep -qxF "title: Мария $evil, T1 </style></title><img src=x onerror=alert(2)><!--" .page
	grep -qxF "sms: Мария $evil </style></title><img src=x onerror=alert(2)><!--" .page
	[ "$(grep -ci '<script' page.html)" -eq 0 ]
	# A letter alone: what Markdown let through is text.
	ok preview A1 --as-html letter.html
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/page.py" letter.html >.page
	grep -q 'outside: nothing$' .page
}

@test "--open: a private file, whose path alone the browser is told" {
	words
	maria
	mkdir run
	# Of a folder without colons, which stand between the programs that $BROWSER names.
	here=$(mktemp -d /tmp/pps-open.XXXXXX)
	printf '#!/bin/sh\necho "$#" "$1" >%s/asked\ncat "$1" >%s/seen\n' "$PWD" "$PWD" >"$here/browse"
	chmod +x "$here/browse"
	with BROWSER="$here/browse" XDG_RUNTIME_DIR="$PWD/run"
	ok preview A1 --open
	file=$(cat .out)
	[[ $file = $PWD/run/pps-preview-*/preview.html ]]
	[ "$(stat -c '%a' "$file" "${file%/*}" | paste -sd ' ')" = '600 700' ]
	[ "$(cat asked)" = "1 $file" ]
	cmp seen "$file"
	ok preview A1 --as-html letter.html
	cmp letter.html "$file"
	printf '#!/bin/sh\nexit 3\n' >"$here/browse"
	pps preview --all --trip T1 --open
	[ "$status" -eq 0 ]
	grep -q "^pps: $here/browse could not open it: open $PWD/run/pps-preview-.*/preview.html in a browser yourself$" .err
	with BROWSER="$here/none"
	pps preview A1 --open
	[ "$status" -eq 0 ]
	grep -q "^pps: cannot run $here/none: No such file or directory: open .* in a browser yourself$" .err
	with BROWSER=
	pps preview A1 --open
	[ "$status" -eq 0 ]
	grep -q '^pps: there is no screen here: open .*/preview.html in a browser yourself$' .err
	[ -s "$(cat .out)" ]
	rm -r "$here"
}
