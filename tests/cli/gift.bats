#!/usr/bin/env bats
# Things for clients: gift add, ready, hand, drop, list; undo; and what a visit says of them.

load helpers

# Three things for the visit of T1, on Wednesday 23 December at 15:00; the clock stands on the day before.
three_things() {
	maria
	ok gift add T1 --kind album --title 'Анталья, 24 снимка' --cost '1 500,00'
	ok gift add C1 --kind card --title 'Карта 17'
	ok gift add Мария --kind gift --title Чай --cost 300 --owner olga
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '23.12.2026 15:00'
}

@test "gift add: for a trip, and for a client with one current trip" {
	maria
	ok gift add T1 --kind album --title 'Анталья, 24 снимка' --cost '1 500,00' --note 'печать на углу'
	out 'G1 album "Анталья, 24 снимка", for C1 Мария Иванова, T1; anna prepares it (pps undo G1 takes it back)'
	ok gift add C1 --kind card --title 'Карта 17' --owner boris
	out 'G2 card "Карта 17", for C1 Мария Иванова, T1; boris prepares it (pps undo G2 takes it back)'
	ok gift add Иванова --kind photo --title 'снимки с пляжа'
	out 'G3 photo "снимки с пляжа", from C1 Мария Иванова, T1 (pps undo G3 takes it back)'
	ok gift add C1 --kind gift --title Чай --owner ''
	out 'G4 gift "Чай", for C1 Мария Иванова, T1; nobody prepares it (pps undo G4 takes it back)'
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	ok gift add C1 --kind gift --title Мёд --json
	json pps.gift/1 thing.id G5 thing.client C1 thing.trip null thing.kind gift thing.title Мёд thing.cost null \
		thing.owner anna thing.ready null thing.handed_over null thing.dropped null thing.note null \
		thing.created 2026-12-01T14:00:00+03:00 currency RUB
	ok gift list C1 --json
	json pps.gift/1 'things#' 5 'things[id=G1].trip' T1 'things[id=G1].cost' '"1500.00"' \
		'things[id=G1].note' 'печать на углу' 'things[id=G3].owner' null total '"1500.00"'
}

@test "gift add: the owner is the trip's manager, else whoever enters it" {
	maria --manager boris
	ok gift add T1 --kind gift --title Чай
	out 'G1 gift "Чай", for C1 Мария Иванова, T1; boris prepares it (pps undo G1 takes it back)'
	ok edit-trip T1 --manager ''
	ok gift add T1 --kind gift --title Чай --allow-duplicate
	out 'G2 gift "Чай", for C1 Мария Иванова, T1; anna prepares it (pps undo G2 takes it back)'
}

@test "gift add: every slip, and nothing is entered" {
	maria
	dump .before
	fails 64 '--kind: it is gift, card, album or photo' gift add T1 --title Чай
	fails 64 '--kind: it is gift, card, album or photo' gift add T1 --kind tea --title Чай
	fails 64 'say what it is: --title "Альбом из Анталии"' gift add T1 --kind gift
	fails 64 'say what it is: --title "Альбом из Анталии"' gift add T1 --kind gift --title ' '
	fails 65 'cost: "1,500" is no sum: write 1500, 1500.00 or 1 500,00' gift add T1 --kind gift --title Чай --cost 1,500
	fails 65 'cost: "-5" is no sum: write 1500, 1500.00 or 1 500,00' gift add T1 --kind gift --title Чай --cost -5
	fails 66 '--owner: nobody has the login "ann": did you mean anna?' gift add T1 --kind gift --title Чай --owner ann
	fails 66 'there is no trip T9: look for it with pps find' gift add T9 --kind gift --title Чай
	fails 66 'no client fits "Петров": look for them with pps find' gift add Петров --kind gift --title Чай
	fails 65 'title is too long: at most 200 characters' gift add T1 --kind gift --title "$(printf 'я%.0s' {1..201})"
	fails 65 'note contains a control character (U+001B): type it again by hand' \
		gift add T1 --kind gift --title Чай --note $'\e[2J'
	fails 64 '--to-prepare does not belong to pps gift add' gift add T1 --kind gift --title Чай --to-prepare
	fails 64 'usage: pps gift add CLIENT|TRIP --kind WORD --title WORDS [--cost SUM] …' gift add --kind gift --title Чай
	fails 64 'usage: pps gift add, ready, hand, drop or list …' gift give T1
	unchanged .before
	ok cancel-trip T1
	fails 77 'T1 is cancelled: name the client, C1, instead' gift add T1 --kind gift --title Чай
}

@test "gift add: only a trip has a visit; a name that fits several is asked back" {
	maria
	ok add-client --name 'Мария Петрова' --phone 89031112233 --departure 12.12.2026 --return 20.12.2026
	sql "INSERT INTO occasion (client_id, kind, title, opened, playbook_version, created_at)
		VALUES (1, 'complaint', 'отель', '2026-12-01 10:00', 1, 1)"
	dump .before
	fails 66 'there is no trip T3: number 3 is a complaint, P3' gift add T3 --kind gift --title Чай
	fails 65 '"Мария" fits several clients, say which: C1 Мария Иванова, C2 Мария Петрова' \
		gift add Мария --kind gift --title Чай
	unchanged .before
}

@test "gift list: what is still to be given, with what it costs" {
	ok gift list
	out 'nothing is left to be given: pps gift add --help says how they are entered'
	three_things
	ok gift add C1 --kind photo --title 'снимки с пляжа'
	ok gift ready G2
	answers 0 gift hand G3
	ok gift list
	out <<-'E'
		visit             left  id  kind   title               client            trip        owner  state                   cost
		2026-12-23 15:00  1 d   G1  album  Анталья, 24 снимка  C1 Мария Иванова  T1 Анталья  anna   to be prepared          1500.00
		2026-12-23 15:00        G2  card   Карта 17            C1 Мария Иванова  T1 Анталья  anna   ready since 22.12.2026
		2 things, 1500.00 RUB; 1 without a cost
	E
	ok gift list --kind photo
	line '2026-12-23 15:00  G4  photo  снимки с пляжа  C1 Мария Иванова  T1 Анталья  received 22.12.2026'
	ok gift list C1
	line '2026-12-23 15:00        G3  gift   Чай                 C1 Мария Иванова  T1 Анталья  olga   handed over 22.12.2026  300.00'
	line '4 things, 1800.00 RUB; 1 without a cost'
	ok gift list --from 23.12.2026 --to 23.12.2026
	line '4 things, 1800.00 RUB; 1 without a cost'
	ok gift list --from 24.12.2026
	out 'no things: pps gift add --help says how they are entered'
	ok gift list --owner olga --from 01.12.2026
	line '1 thing, 300.00 RUB'
}

@test "gift list --to-prepare: yellow the day before the visit, red on the day and after it" {
	three_things
	at '2026-12-15 12:00'
	ok gift list --to-prepare
	out 'everything is ready for the visits until 22.12.2026'
	at '2026-12-16 12:00'
	ok gift list --to-prepare --color always
	line '2026-12-23 15:00  7 d   G1  album  Анталья, 24 снимка  C1 Мария Иванова  T1 Анталья  anna   to be prepared  1500.00'
	line '3 things, 1800.00 RUB; 1 without a cost'
	at '2026-12-22 12:00'
	ok gift ready G1 G2
	out <<-'E'
		G1 album "Анталья, 24 снимка", Мария Иванова: ready (pps undo G1 takes it back)
		G2 card "Карта 17", Мария Иванова: ready (pps undo G2 takes it back)
	E
	ok gift list --to-prepare --color always
	line $'\e[33m2026-12-23 15:00  1 d   G3  gift  Чай    C1 Мария Иванова  T1 Анталья  olga   to be prepared  300.00\e[0m'
	at '2026-12-23 09:00'
	ok gift list --to-prepare --color always
	line $'\e[31m2026-12-23 15:00  today  G3  gift  Чай    C1 Мария Иванова  T1 Анталья  olga   to be prepared  300.00\e[0m'
	at '2026-12-25 09:00'
	ok gift list --to-prepare --json
	json pps.gift/1 things# 1 'things[0].id' G3 'things[0].colour' red 'things[0].days_left' -2 \
		'things[0].visit' 2026-12-23T15:00 'things[0].client_name' 'Мария Иванова' 'things[0].destination' Анталья
	ok gift list --to-prepare --owner anna
	out 'everything is ready for the visits until 01.01.2027'
	ok gift list --to-prepare --from 24.12.2026
	no_line G3
	ok gift drop G3
	out 'G3 gift "Чай", Мария Иванова: will not be given (pps undo G3 takes it back)'
	ok gift list --to-prepare
	no_line G3
}

@test "gift list: every slip" {
	fails 66 '--owner: nobody has the login "ann": did you mean anna?' gift list --owner ann
	fails 65 '--from: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' gift list --from x
	fails 65 '--from is later than --to' gift list --from tomorrow --to today
	fails 64 '--kind: it is gift, card, album or photo' gift list --kind tea
	fails 64 '--cost does not belong to pps gift list' gift list --cost 5
	fails 64 'usage: pps gift list [CLIENT] [--to-prepare] …' gift list C1 C2
	fails 66 'no client fits "Петров": look for them with pps find' gift list Петров
}

@test "what was ready, handed over or dropped is not so again" {
	three_things
	ok gift ready G1
	dump .before
	fails 77 'G1 is ready since 2026-12-22 12:00 (pps undo G1)' gift ready G1
	fails 77 'G1 is ready since 2026-12-22 12:00 (pps undo G1)' gift ready G2 G1
	fails 77 'G2 is ready since 2026-12-22 12:00 (pps undo G2)' gift ready G2 G2
	fails 66 'there is no G9: pps gift list shows them' gift hand G1 G9
	fails 65 '"чай" does not name a thing: write G7 (pps gift list shows them)' gift hand чай
	fails 64 'usage: pps gift hand G7 … [--note WORDS]' gift hand
	fails 64 '--kind does not belong to pps gift drop' gift drop G1 --kind gift
	unchanged .before
	answers 0 gift hand G1
	fails 77 'G1 was handed over at 2026-12-22 12:00 (pps undo G1)' gift hand G1
	fails 77 'G1 was handed over at 2026-12-22 12:00 (pps undo G1)' gift drop G1
	ok gift drop G2
	fails 77 'G2 was dropped at 2026-12-22 12:00 (pps undo G2)' gift ready G2
	ok gift add T1 --kind photo --title снимки
	fails 77 "G4 are the client's own pictures: what is made of them is an album (pps gift add … --kind album)" \
		gift ready G4
	ok gift drop G4
}

@test "undo: each step of a thing, the last one first, and nothing else of its trip" {
	three_things
	ok gift ready G1 --note 'в шкафу'
	answers 0 gift hand G1 --note 'листали вместе'
	ok undo G1
	out 'gift-hand of G1 album "Анталья, 24 снимка" is taken back: it is ready, and waits to be handed over'
	ok gift list C1 --json
	json pps.gift/1 'things[id=G1].note' 'в шкафу' 'things[id=G1].handed_over' null \
		'things[id=G1].ready' 2026-12-22T12:00:00+03:00
	ok undo g1
	out 'gift-ready of G1 album "Анталья, 24 снимка" is taken back: it is to be prepared'
	ok undo G1 --json
	json pps.undo/1 undone 'gift-add of G1 album "Анталья, 24 снимка" is taken back: it is not given'
	fails 66 'there is nothing to take back' undo G1
	ok gift drop G2
	ok undo
	out 'gift-drop of G2 card "Карта 17" is taken back: it is to be prepared'
	fails 66 'there is no G9: pps gift list shows them' undo G9
	# The trip was not cancelled: its things are none of its own undo.
	fails 66 'there is nothing to take back' undo T1
	ok cancel-trip T1
	answers 0 gift hand G2
	ok undo T1
	out 'T1 is a trip again: what is still ahead was planned anew'
}

@test "undo: what somebody else did to a thing since stays" {
	three_things
	ok gift ready G1
	AS=boris
	answers 0 gift hand G1
	AS=anna
	fails 77 'G1 was changed since then, by boris (gift-hand): pps undo G1 takes back the last word on it' undo
	ok undo G1
	ok undo G1
	out 'gift-ready of G1 album "Анталья, 24 снимка" is taken back: it is to be prepared'
	ok fact C1 dog Рекс
	fails 77 'your last work was fact, which undo does not take back (change it once more); before it came done: pps undo A8 takes that back' undo
	ok gift ready G3
	ok fact C1 dog Бим
	fails 77 'your last work was fact, which undo does not take back (change it once more); before it came gift-ready: pps undo G3 takes that back' undo
}

@test "a visit says what waits to be handed over" {
	three_things
	ok gift ready G1 G2
	at '2026-12-23 15:30'
	ok done T1/office-visit --outcome did-not-come
	no_line 'hand over'
	ok done T1/office-visit
	line 'to hand over: G1 album, G2 card (once given: pps gift hand G1 G2)'
	ok undo T1/office-visit
	ok gift hand G1
	ok done T1/office-visit --json
	json pps.done/1 to_hand_over# 1 'to_hand_over[0].id' G2 'to_hand_over[0].owner' anna closed true
	ok undo T1/office-visit
	ok gift hand G2
	ok done T1/office-visit
	no_line 'hand over'
	ok gift list --json
	json pps.gift/1 things# 1
}

@test "a visit that moves, and a trip that is cancelled, take their things along" {
	three_things
	ok edit-trip T1 --visit '28.12.2026 11:00'
	ok gift list --to-prepare
	line '2026-12-28 11:00  6 d   G1  album  Анталья, 24 снимка  C1 Мария Иванова  T1 Анталья  anna   to be prepared  1500.00'
	ok cancel-trip T1
	ok gift list --to-prepare
	out 'everything is ready for the visits until 29.12.2026'
	ok gift list
	line 'G1  album  Анталья, 24 снимка  C1 Мария Иванова  T1 Анталья (cancelled)  anna   to be prepared  1500.00'
}

@test "the currency is the agency's; who left prepares nothing" {
	echo '{"agency": {"name": "Синьо небе", "currency": "BGN"}}' >pps.json
	maria
	ok gift add T1 --kind gift --title Чай --cost 20,5 --owner boris
	ok gift list
	line '1 thing, 20.50 BGN'
	sql "UPDATE staff SET active = 0 WHERE login = 'boris'"
	ok gift list
	line 'id  kind  title  client            trip        owner     state           cost'
	line 'G1  gift  Чай    C1 Мария Иванова  T1 Анталья  (nobody)  to be prepared  20.50'
	fails 65 '--owner: boris has left' gift add T1 --kind gift --title Чай --owner boris
}

@test "today: what is not ready for the visits of today and the next two days" {
	three_things
	ok done A4
	at '2026-12-20 12:00'
	ok today
	no_line 'not ready yet'
	at '2026-12-21 12:00'
	ok today
	out <<-'E'
		nobody is to be called today

		visit             client         not ready yet               who prepares it
		23.12.2026 15:00  Мария Иванова  G1 album, G2 card, G3 gift  anna, olga
		pps gift ready G1 says that it is there
		the tick has never run: nothing is sent until cron runs pps tick
	E
	ok gift ready G1
	at '2026-12-23 09:00'
	ok today --color always
	line $'\e[31m23.12.2026 15:00  Мария Иванова  G2 card, G3 gift  anna, olga\e[0m'
	line $'pps gift ready G2 says that it is there'
	ok today --manager olga
	line '23.12.2026 15:00  Мария Иванова  G3 gift        olga'
	ok today --manager boris
	no_line 'not ready yet'
	ok today --json
	json pps.today/1 to_prepare# 2 'to_prepare[0].id' G2 'to_prepare[0].visit' 2026-12-23T15:00 \
		'to_prepare[0].client_name' 'Мария Иванова'
	ok gift ready G2
	ok gift drop G3
	ok today
	no_line 'not ready yet'
	ok today --json
	json pps.today/1 to_prepare# 0
}

@test "show and log of one thing" {
	three_things
	ok show G1
	out <<-'E'
		G1 album "Анталья, 24 снимка", to be prepared
		  for: C1 Мария Иванова
		  trip: T1 Анталья
		  visit: 23.12.2026 15:00
		  who prepares it: anna
		  cost: 1500.00 RUB
	E
	ok gift ready G1 --note 'синий'
	answers 0 gift hand G3
	ok show G1
	line 'G1 album "Анталья, 24 снимка", ready since 22.12.2026'
	line '  note: синий'
	ok show G1 --json
	json pps.show/1 thing.id G1 thing.cost '"1500.00"' thing.client_name 'Мария Иванова' thing.destination Анталья \
		thing.visit 2026-12-23T15:00 currency RUB
	ok gift add C1 --kind photo --title 'снимки с пляжа'
	ok show G4
	out <<-'E'
		G4 photo "снимки с пляжа", received 22.12.2026
		  from: C1 Мария Иванова
		  trip: T1 Анталья
	E
	ok undo G1
	ok log G1
	out <<-'E'
		when              who   did         client  about  detail
		2026-12-22 12:00  anna  undo        C1      T1     gift-ready
		2026-12-22 12:00  anna  gift-ready  C1      T1     G1 album
		2026-12-01 14:00  anna  gift-add    C1      T1     G1 album
	E
	ok log G1 --limit 1 --json
	json pps.log/1 entries# 1 'entries[0].verb' undo
	ok log G3
	line '2026-12-22 12:00  anna  gift-hand  C1      T1     G3 gift'
	no_line G1
	ok edit-trip T1 --visit ''
	ok show G1
	line '  visit: none is agreed yet'
	fails 66 'there is no G9: pps gift list shows them' show G9
	fails 66 'there is no G9: pps gift list shows them' log G9
}

@test "log: what was done to things" {
	three_things
	ok gift ready G1
	ok log T1
	grep -qE '^2026-12-22 12:00  anna  gift-ready  C1      T1 +G1 album$' .out
	grep -qE '^2026-12-01 14:00  anna  gift-add    C1      T1 +G3 gift$' .out
}

@test "gift add: the same once more is a double, unless it is meant" {
	maria
	ok gift add T1 --kind card --title 'Карта постоянного клиента'
	dump .before
	fails 73 'there is such a thing already, G1: nothing was added (--allow-duplicate enters a second one)' \
		gift add T1 --kind card --title 'карта постоянного клиента'
	unchanged .before
	ok gift add T1 --kind card --title 'Карта для мужа'
	ok gift add T1 --kind card --title 'Карта постоянного клиента' --allow-duplicate
	line 'G3 card "Карта постоянного клиента", for C1 Мария Иванова, T1; anna prepares it (pps undo G3 takes it back)'
	ok gift drop G1 G3
	ok gift add T1 --kind card --title 'Карта постоянного клиента'
}

@test "report --overdue: what is not ready on the day of the visit, and what was not handed over after it" {
	maria
	ok gift add T1 --kind album --title 'Анталья, 24 снимка'
	ok gift add T1 --kind card --title Карта
	sql "DELETE FROM action WHERE step NOT IN ('office-call', 'office-visit')"
	at '2026-12-22 12:00'
	ok done T1/office-call --visit '2026-12-24 15:00'
	ok gift ready G2
	at '2026-12-23 12:00'
	ok report --overdue
	line 'nothing is overdue'
	at '2026-12-24 10:00'
	answers 1 report --overdue --exit-code
	line 'manager  thing  late   visit             kind   title               client            why'
	line 'anna     G1     today  2026-12-24 15:00  album  Анталья, 24 снимка  C1 Мария Иванова  not ready for the visit (pps gift ready G1)'
	no_line 'nothing is overdue|G2'
	ok gift ready G1
	at '2026-12-24 16:00'
	ok done T1/office-visit
	at '2026-12-25 16:00'
	ok report --overdue
	no_line 'G1|G2'
	at '2026-12-27 16:00'
	ok gift hand G2
	ok report --overdue --manager anna --json
	json pps.report/1 'things#' 1 'things[id=G1].days_late' 1 'things[id=G1].colour' red \
		'things[id=G1].why' 'not handed over at the visit (pps gift hand G1)'
	ok report --overdue --manager boris --json
	json pps.report/1 'things#' 0
	ok gift hand G1
	ok report --overdue
	no_line 'G1|G2'
}
