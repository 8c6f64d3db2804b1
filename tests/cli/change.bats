#!/usr/bin/env bats
# Changes after the sale: edit-client, edit-trip, cancel-trip, and undo of a cancellation.

load helpers

# ---- edit-client ----

@test "edit-client: the card is corrected, and emptied where it may be" {
	maria
	warns 'note: they read "en", and letters call them "Mariia Ivanovna" (otherwise: pps edit-client C1 --salutation …)' \
		edit-client C1 --name 'Мария Орлова' --salutation 'Мария Ивановна' --phone '+359 888 123 456' \
		--email m@example.org --lang en --tz Europe/Sofia --birthday 1990-01-02 --note 'собака Бим' --external-id 5
	out <<-'E'
		C1 Мария Орлова, +359 888 123 456, m@example.org
		  salutation: Мария Ивановна
		  language: en
		  zone: Europe/Sofia
		  birthday: 1990-01-02
		  note: собака Бим
		  external id: 5
	E
	ok edit-client 5 --salutation '' --lang '' --tz '' --birthday '' --note '' --external-id '' --json
	json pps.edit-client/1 client.id C1 client.name 'Мария Орлова' client.salutation null client.lang null \
		client.tz null client.birthday null client.note null client.external_id null client.phone '"+359888123456"'
}

@test "edit-client: how letters may address somebody, by a person's word or by the name" {
	mkdir -p templates/letters/ru
	printf 'Subject: {{client.dear}}\n\n{{client.dear}}!\n' >templates/letters/ru/thank-you.md
	maria
	ok edit-client C1 --name 'Саша Кравец' --gender female --json
	json pps.edit-client/1 client.gender female
	ok show C1
	line '  gender: female'
	ok edit-client C1 --gender ''
	no_line 'gender'
	fails 65 'gender: write female, male or unknown (unknown: letters address them neutrally)' \
		edit-client C1 --gender woman
	ok edit-client C1 --json --gender ''
	json pps.edit-client/1 client.gender null
	ok add-client --name 'Женя Левин' --gender male --phone 89031112233 --email z@example.com --departure +20d --return +30d
	ok add-client --name 'Мария Орлова' --gender unknown --phone 89031112234 --email o@example.com --departure +20d --return +30d
	ok add-client --name 'Орлова Анна Ильинична' --phone 89031112235 --email a@example.com --departure +20d --return +30d
	ok tick
	for file in outbox/*thank-you.eml; do letter "$file"; done | grep '^Subject: ' | sort >.out
	out <<-'F'
		Subject: Дорогая Анна Ильинична
		Subject: Дорогой Женя
		Subject: Здравствуйте, Мария
		Subject: Здравствуйте, Саша
	F
}

@test "edit-client: what is still to be sent goes to the new address" {
	maria
	ok edit-client C1 --email new@example.org --name 'Маша'
	ok tick
	letter outbox/*-A1-thank-you.eml >.out
	line 'To: Маша <new@example.org>'
	grep -qE '^(Дорогая|Здравствуйте,) Маша!' .out
}

@test "edit-client: a way to the client that goes, and comes back" {
	maria
	ok edit-client C1 --phone ''
	ok timeline T1
	line 'A4   2026-12-09 10:00  e-mail  Pre-flight call             pending  by e-mail: the client has no phone number'
	line 'A5   2026-12-09 19:30  e-mail  Bon voyage                  pending  by e-mail: the client has no phone number'
	ok edit-client C1 --phone '8 903 123-45-67' --email ''
	ok timeline T1
	line 'A1   2026-12-01 14:00  SMS   Thank you                   pending    by SMS: the client has no e-mail address'
	line 'A4   2026-12-09 10:00  call  Pre-flight call             pending    SMS after 2026-12-09 16:00'
	line 'A10  -                 -     Story of a referred client  cancelled  dropped: the client has no e-mail address'
	ok edit-client C1 --email maria@example.com
	ok timeline T1
	line 'A10  2026-12-25 10:00  e-mail  Story of a referred client  pending'
}

# bats test_tags=long
@test "edit-client: another zone moves the hours, another language the words" {
	maria
	warns 'note: they read "en", and letters call them "Mariia" (otherwise: pps edit-client C1 --salutation …)' \
		edit-client C1 --tz Asia/Vladivostok --lang en
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=packing].due_local' 2026-12-03T10:00 \
		'actions[step=packing].due' 2026-12-03T03:00:00+03:00
	ok tick
	letter outbox/*-A1-thank-you.eml >.out
	grep -q '^Dear Mariia,' .out
}

# bats test_tags=long
@test "edit-client: every slip, and nothing is changed" {
	maria
	ok add-client --name 'Ева' --phone 89031112233 --departure +20d --return +30d --external-id 77
	dump before
	fails 64 'say what to change: pps edit-client --help lists the options' edit-client C1
	fails 66 'there is no client C9: look for them with pps find' edit-client C9 --lang en
	fails 66 'no client fits "Сидоров": look for them with pps find' edit-client Сидоров --lang en
	fails 65 'name: a client needs a name' edit-client C1 --name ''
	fails 65 'a client needs a phone number or an e-mail address: without either nothing can reach them' \
		edit-client C1 --phone '' --email ''
	fails 65 'a client needs a phone number or an e-mail address: without either nothing can reach them' \
		edit-client C2 --phone ''
	fails 65 'phone: "1" is not a phone number: write 10 digits after 8 or +7, or + and the code of the country' \
		edit-client C1 --phone 1
	fails 65 'e-mail: "m" is not an e-mail address: it has no @' edit-client C1 --email m
	fails 65 'language: two small letters, such as ru, en or bg' edit-client C1 --lang rus
	fails 65 'language: "ua" is a country; did you mean "uk"?' edit-client C1 --lang ua
	fails 65 'time zone: unknown time zone "x": use a name such as Europe/Moscow' edit-client C1 --tz x
	fails 65 'birthday: write 1985-03-12 or 12.03.1985' edit-client C1 --birthday soon
	fails 65 'name is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' edit-client C1 --name $'\xff'
	fails 65 'salutation contains a control character (U+001B): type it again by hand' edit-client C1 --salutation $'\e'
	fails 65 'note is not valid UTF-8 (byte 2): is the terminal set to UTF-8?' edit-client C1 --note $'x\xc3'
	fails 65 'external id contains a control character (U+000A): type it again by hand' \
		edit-client C1 --external-id $'7\n7'
	fails 65 'name is too long: at most 120 characters' edit-client C1 --name "$(printf 'Ж%.0s' {1..121})"
	fails 64 'unknown option --departure: see pps edit-client --help' edit-client C1 --departure +1d
	unchanged before
}

@test "edit-client: an external id that is another client's is refused by its name" {
	maria
	ok add-client --name 'Ева' --phone 89031112233 --departure +20d --return +30d --external-id 77
	fails 73 'the external id belongs to C2 already: nothing was changed' edit-client C1 --external-id 77
	ok edit-client C2 --external-id 77 --note 'своё же'
}

# ---- edit-trip ----

@test "edit-trip: dates move the unsent steps only" {
	maria
	ok tick
	at '2026-12-03 10:00'
	ok tick
	ok edit-trip T1 --departure '14.12.2026 09:15' --return 24.12.2026
	line 'T1 Анталья, 14.12.2026 09:15 - 24.12.2026, bought 01.12.2026, manager anna'
	line 'A1   2026-12-01 14:00  e-mail  Thank you                   sent 2026-12-01 14:00'
	line 'A2   2026-12-03 10:00  e-mail  Packing tips                sent 2026-12-03 10:00'
	line 'A3   2026-12-12 10:00  e-mail  Photo challenge             pending'
	# 13.12.2026 is a Sunday: the call comes before it, its SMS does not.
	line 'A4   2026-12-11 10:00  call    Pre-flight call             pending                SMS after 2026-12-13 16:00'
	line 'A5   2026-12-14 08:00  SMS     Bon voyage                  pending'
	line 'A8   2026-12-28 11:00  call    Call: invite to the office  pending'
	ok log T1 --limit 1
	line '2026-12-03 10:00  anna  edit-trip  C1      T1     departure 2026-12-10 06:40 -> 2026-12-14 09:15, return 2026-12-20 -> 2026-12-24'
}

# bats test_tags=long
@test "edit-trip: what was missed and is ahead again comes back; what was sent never goes again" {
	maria
	ok tick
	at '2026-12-10 12:00'
	ok tick
	state 2 missed
	state 5 missed
	ok edit-trip T1 --departure '20.12.2026 09:15' --return 30.12.2026 --json
	json pps.edit-trip/1 'actions[step=thank-you].state' sent 'actions[step=bon-voyage].state' pending \
		'actions[step=bon-voyage].due_local' 2026-12-20T08:00 'actions[step=challenge].due_local' 2026-12-18T10:00
	at '2026-12-20 08:00'
	ok tick
	[ "$(find outbox -name '*-thank-you.*' | wc -l)" -eq 1 ]
	[ "$(find outbox -name '*-bon-voyage.*' | wc -l)" -eq 1 ]
}

@test "edit-trip: earlier, so that the plan compresses" {
	maria
	ok tick
	ok edit-trip T1 --departure '02.12.2026 20:00' --return 08.12.2026
	line 'A3   -                 -       Photo challenge             cancelled              dropped: bought 1 day before the departure'
	grep -qE '^A4 +2026-12-01 14:00 +call +Pre-flight call +pending ' .out
}

@test "edit-trip: manager, destination, note, and what the letters say afterwards" {
	maria
	ok edit-trip T1 --manager boris --destination Кемер --note 'окно'
	line 'T1 Кемер, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager boris'
	line '  note: окно'
	ok edit-trip T1 --manager '' --note '' --destination ''
	line 'T1 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager nobody'
	no_line 'note:'
}

@test "edit-trip --visit plans the visit, moves it, and takes it back" {
	maria
	ok timeline T1
	line 'Visit to the office: waits until the visit is agreed'
	ok edit-trip T1 --visit '24.12.2026 15:00'
	line 'A15  2026-12-24 15:00  visit   Visit to the office         pending'
	ok edit-trip T1 --visit 25.12.2026
	line 'A15  2026-12-25 11:00  visit   Visit to the office         pending'
	ok edit-trip T1 --visit ''
	line 'A15  -                 -       Visit to the office         cancelled  waits until the visit is agreed'
	ok edit-trip T1 --visit '25.12.2026 12:00' --json
	json pps.edit-trip/1 trip.visit 2026-12-25T12:00 'actions[step=office-visit].state' pending
}

@test "edit-trip --party: who travels; the plan stays, the words follow" {
	mkdir -p templates/letters/ru
	printf 'Subject: x\n\n{{trip.party}}{{#trip.with_children}}, с детьми{{/trip.with_children}}\n' \
		>templates/letters/ru/thank-you.md
	maria --party 2
	ok timeline T1
	cp .out before
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, party 2+0, bought 01.12.2026, manager anna'
	ok edit-trip T1 --party 2+1
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, party 2+1, bought 01.12.2026, manager anna'
	ok timeline T1
	diff <(sed 's/party 2+0/party 2+1/' before) .out
	ok log T1 --limit 1
	line '2026-12-01 14:00  anna  edit-trip  C1      T1     party 2+0 -> 2+1'
	ok tick
	letter outbox/*-A1-thank-you.eml >.out
	grep -q '^2 взрослых и 1 ребёнок, с детьми' .out
	ok edit-trip T1 --party '' --json
	json pps.edit-trip/1 trip.adults null trip.children null
	fails 65 'party: write 2+1 for two adults and a child, 2 for two adults' edit-trip T1 --party two
	ok undo
	out 'the change of T1 is taken back: party is 2+1 again; what is still ahead was planned anew'
}

@test "edit-trip --visit: a day or an hour at which nobody works is remarked, and taken" {
	maria
	warns 'note: the visit: at 03:00 you do not work: from 10:00 to 20:00; was it agreed so?' edit-trip T1 --visit '24.12.2026 03:00'
	line 'A15  2026-12-24 03:00  visit   Visit to the office         pending'
	warns 'note: the visit: that is not a working day; was it agreed so?' edit-trip T1 --visit '26.12.2026 12:00'
	ok edit-trip T1 --note x
	ok edit-trip T1 --visit '27.12.2026 12:00' --json
	json pps.edit-trip/1 remark 'that is not a working day'
	ok edit-trip T1 --visit '' --json
	json pps.edit-trip/1 remark null
}

@test "edit-trip: by the client's name when they have one trip only" {
	maria
	ok edit-trip Иванова --note x
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	fails 65 'C1 has more than one trip, say which: T1 10.12.2026, T2 10.02.2027' edit-trip Иванова --note y
}

@test "edit-trip: every slip, and nothing is changed" {
	maria
	dump before
	fails 64 'say what to change: pps edit-trip --help lists the options' edit-trip T1
	fails 66 'there is no trip T9: look for it with pps find' edit-trip T9 --return +30d
	fails 65 'the return (2026-12-09) is before the departure (2026-12-10 06:40)' edit-trip T1 --return 09.12.2026
	fails 65 'the return (2062-12-20) is more than a year after the departure (2026-12-10): is the year right?' edit-trip T1 --return 20.12.2062
	fails 65 'visit: that is too far ahead: 2028-12-02 at the latest' edit-trip T1 --visit '20.12.2062 15:00'
	fails 65 'the departure (2026-12-21) is before the purchase (2026-12-22)' \
		edit-trip T1 --purchase 22.12.2026 --departure 21.12.2026 --return 30.12.2026
	fails 65 'departure: a trip needs this date' edit-trip T1 --departure ''
	fails 65 'return: a trip needs this date' edit-trip T1 --return ''
	fails 65 'purchase: a trip needs this date' edit-trip T1 --purchase ''
	fails 65 'purchase: a date without an hour' edit-trip T1 --purchase '01.12.2026 10:00'
	fails 65 'return: "31.11.2026": there is no 31 November 2026' edit-trip T1 --return 31.11.2026
	fails 65 'departure: "2200-01-01": the year must be between 1970 and 2199' edit-trip T1 --departure 2200-01-01
	fails 65 'visit: that day has passed' edit-trip T1 --visit yesterday
	fails 65 'visit: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' edit-trip T1 --visit x
	fails 66 'manager: nobody has the login "x": there are anna, boris, olga' edit-trip T1 --manager x
	fails 65 'destination is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' edit-trip T1 --destination $'\xff'
	fails 65 'note contains a control character (U+0007): type it again by hand' edit-trip T1 --note $'\a'
	unchanged before
}

# ---- cancel-trip ----

@test "what is red because no tick ran stays red, whatever is edited, and is missed with the next one" {
	ok add-client --name 'Лида' --phone 89051111111 --departure '04.12.2026 09:00' --return 14.12.2026
	at '2026-12-10 10:00'
	ok report --json
	cp .out before
	ok edit-client C1 --salutation 'Лидия' --email lida@example.com
	ok edit-trip T1 --note x --return 15.12.2026
	ok report --json
	json pps.report/1 'rows[step=thank-you].state' pending 'rows[step=bon-voyage].colour' red
	[ "$(grep -c '"step"' .out)" -eq "$(grep -c '"step"' before)" ]
	ok tick
	[ "$(sent '*')" -eq 0 ]
	ok report --json
	json pps.report/1 'rows[step=thank-you].state' missed 'rows[step=bon-voyage].state' missed
	# Its time is ahead again: it comes back.
	ok edit-trip T1 --departure '24.12.2026 09:00' --return 30.12.2026
	ok timeline T1
	grep -q '2026-12-24 08:00  SMS .*Bon voyage .*pending' .out
}

@test "cancel-trip: silence at once" {
	maria
	ok tick
	at '2026-12-09 15:59'
	ok cancel-trip T1 --reason 'заболел ребёнок'
	out <<-'E'
		T1 Анталья, 10.12.2026 06:40 - 20.12.2026 (cancelled)
		13 waiting steps are stopped; pps undo T1 takes it back
		the client was told of it (Thank you, 01.12.2026): if the cancellation is not theirs, tell them
	E
	at '2026-12-09 16:05'
	ok tick
	out 'nothing was due'
	ok today
	out 'nobody is to be called today'
	ok report
	line 'nothing is overdue'
	[ "$(find outbox -type f | wc -l)" -eq 1 ]
	ok show T1 --json
	json pps.show/1 trip.cancelled true trip.cancel_reason 'заболел ребёнок' 'actions[step=preflight].state' cancelled \
		'actions[step=preflight].cause' ended 'actions[step=thank-you].state' sent
}

@test "cancel-trip: what is on its way just now cannot be called back, and is named" {
	maria
	sql "UPDATE action SET state = 'claimed' WHERE id = 1; UPDATE action SET state = 'at_risk' WHERE id = 1"
	warns 'A1 e-mail is on its way just now and may still arrive' cancel-trip T1
}

@test "cancel-trip names what was promised for the trip, and is still open" {
	maria
	ok gift add T1 --kind album --title 'Анталья, 24 снимка' --cost 1500
	ok gift add T1 --kind gift --title Ракушка
	ok gift add T1 --kind card --title Золотая
	ok gift drop G2
	ok cancel-trip T1
	line 'still to be seen to: G1 album "Анталья, 24 снимка", G3 card "Золотая" (not needed any more: pps gift drop G1 G3)'
	no_line 'was told'
	ok undo T1
	ok cancel-trip T1 --json
	json pps.cancel-trip/1 told null 'things[id=G1].title' 'Анталья, 24 снимка' 'things[id=G3].kind' card
}

@test "cancel-trip --json" {
	maria
	ok cancel-trip Иванова --json
	json pps.cancel-trip/1 stopped 14 trip.cancelled true trip.cancel_reason null told null things '[]'
}

@test "undo brings a cancelled trip back: what is still ahead, and nothing twice" {
	maria
	ok tick
	ok cancel-trip T1
	at '2026-12-05 12:00'
	ok undo T1
	out 'T1 is a trip again: what is still ahead was planned anew'
	ok timeline T1
	line 'A1   2026-12-01 14:00  e-mail  Thank you                   sent 2026-12-01 14:00'
	line 'A3   2026-12-08 10:00  e-mail  Photo challenge             pending'
	line 'A4   2026-12-09 10:00  call    Pre-flight call             pending                SMS after 2026-12-09 16:00'
	fails 66 'there is nothing to take back' undo T1
}

@test "cancel-trip and edit-trip on a trip that is cancelled; every slip" {
	maria
	ok cancel-trip T1
	dump before
	fails 77 'T1 is cancelled already' cancel-trip T1
	fails 77 'T1 is cancelled: pps undo T1 brings it back first' edit-trip T1 --return +30d
	fails 66 'C1 has no current trip: pps show C1 lists all' cancel-trip Иванова
	fails 66 'there is no trip T9: look for it with pps find' cancel-trip T9
	fails 66 'there is no trip T9: look for it with pps find' undo T9
	unchanged before
	ok undo T1
	fails 65 'reason is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' cancel-trip T1 --reason $'\xff'
	fails 65 'reason contains a control character (U+001B): type it again by hand' cancel-trip T1 --reason $'\e'
	fails 65 'reason is too long: at most 200 characters' cancel-trip T1 --reason "$(printf 'Ж%.0s' {1..201})"
}

@test "tips that were given a day of their own keep it, whatever is edited meanwhile" {
	at '2026-12-10 10:00'
	ok add-client --name Пётр --email petr@example.com --purchase 2026-12-01 --departure 21.12.2026 --return 28.12.2026
	line 'A2   2026-12-12 10:00  e-mail  Packing tips                pending  later than usual: its time (2026-12-07 10:00) had passed when it was planned'
	at '2026-12-11 10:00'
	ok edit-client C1 --note "звонить после обеда"
	ok timeline T1
	line 'A2   2026-12-12 10:00  e-mail  Packing tips                pending  later than usual: its time (2026-12-07 10:00) had passed when it was planned'
	# What else the edit brings does reach them: the other channel, the text made anew.
	ok edit-client C1 --phone +79035550101 --email ''
	ok timeline T1
	line 'A2   2026-12-12 10:00  SMS   Packing tips                pending    later than usual: its time (2026-12-07 10:00) had passed when it was planned'
}

@test "a client who has answered 1200 times is changed in a moment: each answer costs the same" {
	maria
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
		INSERT INTO occasion (client_id, kind, about_id, answered, playbook_version, created_at)
		SELECT 1, 'feedback', 1, '2026-11-20 10:00', 1, 0 FROM n;
		INSERT INTO feedback (occasion_id, csat, nps, source) SELECT id, 1 + id % 5, id % 11, 'survey' FROM occasion
		WHERE kind = 'feedback'"
	ulimit -S -t 10 # seconds of the processor: more were needed when each answer was planned with a look at all the others
	ok edit-client C1 --note 'много пишет'
	[ "$(sql "SELECT count(DISTINCT occasion_id) FROM action")" -eq 1201 ]
}
