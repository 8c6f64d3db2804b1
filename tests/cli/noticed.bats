#!/usr/bin/env bats
# What a manager noticed in her first season, as the screen shows it; what became of the plan is in scenarios/noticed.txt.

load helpers

@test "the same person once more is no second card: the next sale goes with add-trip" {
	maria --birthday 12.03.1985
	dump .before
	local text='Мария Иванова is there already, C1, with this birthday: nothing was added (pps add-trip C1 enters the next sale, --allow-duplicate another card)'
	fails 73 "$text" add-client --name 'мария ИВАНОВА' --phone '+7 903 123 45 67' --birthday 1985-03-12 \
		--departure 10.02.2027 --return 20.02.2027
	fails 73 "$text" add-client --name 'Мария Иванова' --email MARIA@example.com --birthday 12.03.1985 \
		--departure 10.02.2027 --return 20.02.2027 --json
	unchanged .before
	# The mother of the same name, somebody else at this number, and a birthday that nobody knows: as before.
	answers 0 add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --birthday 01.05.1958 \
		--departure 10.02.2027 --return 20.02.2027
	answers 0 add-client --name 'Павел Иванов' --phone '8 903 123-45-67' --birthday 12.03.1985 \
		--departure 10.02.2027 --return 20.02.2027
	answers 0 add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 11.02.2027 --return 20.02.2027
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --birthday 12.03.1985 --departure 10.02.2027 \
		--return 20.02.2027 --allow-duplicate
	[ "$(sql 'SELECT count(*) FROM client')" -eq 5 ]
}

@test "a visit that is put off in one command: when they did not come, and when they will" {
	maria
	at '2026-12-22 11:00'
	ok done T1/office-call --visit '28.12.2026 15:00'
	at '2026-12-28 15:30'
	ok done T1/office-visit --outcome did-not-come --visit '30.12.2026 12:00'
	out 'A15 Visit to the office, Мария Иванова, T1 Анталья: did not come on 2026-12-28; the visit is now Wed 2026-12-30 12:00 (pps undo A15 takes it back)'
	ok undo
	ok why T1/office-visit
	line 'due:     2026-12-28 15:00 (Europe/Moscow), by visit'
}

@test "who leaves: lost sales do not go to whoever failed to sell, and the answer names who has them" {
	ok staff add vera --name 'Вера Соколова' --role service --email vera@warm.example
	AS=anna
	ok lost --name 'Пётр Соколов' --phone '8 916 111-11-11' --reason цена
	ok lost --name 'Олег Ким' --phone '8 916 222-22-22' --reason цена
	AS=boris
	ok lost --name 'Яна Ли' --phone '8 916 333-33-33' --reason цена
	AS=olga
	answers 0 staff leave vera --to anna --json
	json pps.staff/1 to anna 'moved[1].count' 3 'others[0].to' olga 'others[0].count' 2
	ok undo vera
	warns 'note: nobody is service now: what the service signs is signed by the agency; pps staff add or edit --role service' \
		staff leave vera --to anna
	out <<-E2
		vera Вера Соколова has left; anna Анна Петрова takes over: 1 lost sale
		2 lost sales go to olga: anna failed to sell
		pps undo vera takes it back
	E2
	[ "$(sql "SELECT group_concat(login, ' ') FROM (SELECT s.login FROM occasion o JOIN staff s ON s.id = o.manager_id ORDER BY o.id)")" = \
		'olga olga anna' ]
}

@test "undo of a command over several things takes back all of it" {
	maria
	ok skip T1/packing T1/challenge T1/office-visit --note 'просила не писать'
	ok undo
	out <<-E2
		skip of A15 (office-visit) is taken back: it is cancelled again
		skip of A3 (challenge) is taken back: it is pending again
		skip of A2 (packing) is taken back: it is pending again
	E2
	fails 77 'your last work was add-client of T1, which undo does not take back: pps cancel-trip T1 ends it, pps edit-trip T1 changes it' undo
	# By its number one of them alone; the rest by the next bare undo.
	ok skip A2 A3
	ok undo A2
	out 'skip of A2 (packing) is taken back: it is pending again'
	state 3 cancelled
	ok undo --json
	json pps.undo/1 undone 'skip of A3 (challenge) is taken back: it is pending again'
	ok gift add T1 --kind gift --title Чай
	ok gift add T1 --kind card --title Карта
	ok gift ready G1 G2
	at '2026-12-01 14:05'
	ok gift hand G1 G2
	ok undo
	out <<-E2
		gift-hand of G2 card "Карта" is taken back: it is ready, and waits to be handed over
		gift-hand of G1 gift "Чай" is taken back: it is ready, and waits to be handed over
	E2
	ok undo
	out <<-E2
		gift-ready of G2 card "Карта" is taken back: it is to be prepared
		gift-ready of G1 gift "Чай" is taken back: it is to be prepared
	E2
	ok undo
	out 'gift-add of G2 card "Карта" is taken back: it is not given'
}

@test "undo of several things: when a colleague has changed one of them, none is taken back" {
	maria
	ok gift add T1 --kind gift --title Чай
	ok gift add T1 --kind card --title Карта
	ok gift ready G1 G2
	at '2026-12-01 14:05'
	AS=boris
	ok gift hand G1
	AS=anna
	dump .before
	fails 77 'G1 was changed since then, by boris (gift-hand): pps undo G1 takes back the last word on it' undo
	unchanged .before
	ok undo G2
}

@test "undo after the import of 250 answers was taken back: what came before it" {
	maria
	ok gift add T1 --kind card --title Карта
	{
		echo 'id,phone,csat,answered'
		for i in {1..250}; do echo "q$i,+79031234567,5,2026-12-21 10:00"; done
	} >answers.csv
	at '2026-12-22 14:00'
	ok feedback import answers.csv
	ok undo
	ok undo
	out 'gift-add of G1 card "Карта" is taken back: it is not given'
}

@test "two commands over several things at once are two, and undo takes back one's own" {
	maria
	for title in Чай Мёд Шарф Зонт; do ok gift add T1 --kind gift --title "$title"; done
	mkfifo hold held
	# Both wait for the lock, and go on at the same moment.
	{ echo 'BEGIN IMMEDIATE; SELECT 1;'; cat hold; } | sqlite3 pps.db >held 2>/dev/null 3>&- &
	local holder=$!
	exec 7>hold
	read -r _ <held
	(AS=anna && pps gift ready G1 G2 && [ "$status" -eq 0 ] && touch anna-went) 7>&- &
	local anna=$!
	(AS=boris && pps gift ready G3 G4 && [ "$status" -eq 0 ] && touch boris-went) 7>&- &
	local boris=$!
	exec 7>&-
	wait "$holder" "$anna" "$boris" || true
	[ -e anna-went ] && [ -e boris-went ]
	[ "$(sql "SELECT count(DISTINCT json_extract(detail, '\$.batch')) FROM audit WHERE verb = 'gift-ready'")" -eq 2 ]
	[ "$(sql "SELECT count(*) FROM (SELECT DISTINCT actor, json_extract(detail, '\$.batch') FROM audit WHERE verb = 'gift-ready')")" -eq 2 ]
	ok undo
	[ "$(sql 'SELECT group_concat(id) FROM thing WHERE ready_at IS NOT NULL')" = 3,4 ]
}

@test "a visit is agreed in the call that invites to it, and on a day when they are here" {
	maria
	ok add-trip C1 --departure '11.01.2027 12:00' --return '20.01.2027 18:00' --destination Рим
	at '2026-12-09 10:01'
	dump .before
	fails 64 '--visit belongs to a call that invites to a visit: pps edit-trip T1 --visit "DATE HOUR" notes a day all the same' \
		done T1/preflight --visit '12.12.2026 12:00'
	unchanged .before
	warns 'note: the visit: they travel 10.12.2026 - 20.12.2026; was it agreed so?' edit-trip T1 --visit '14.12.2026 12:00'
	ok edit-trip T1 --visit '14.12.2026 12:10' --json
	json pps.edit-trip/1 remark 'they travel 10.12.2026 - 20.12.2026'
	at '2026-12-22 11:00'
	warns 'note: the visit: they travel 11.01.2027 - 20.01.2027; was it agreed so?' done T1/office-call --visit '20.01.2027 15:00'
	ok undo
	ok done T1/office-call --visit '11.01.2027 11:00'
	warns 'note: the visit: they travel 11.01.2027 - 20.01.2027; was it agreed so?' edit-trip T1 --visit '11.01.2027 12:00'
	ok edit-trip T1 --visit '20.01.2027 19:00'
}

@test "a lost client who came back and cancelled: the card says so as the list does" {
	maria
	ok cancel-trip T1
	ok lost C1 --reason цена
	ok add-trip C1 --departure 10.02.2027 --return 20.02.2027
	ok show L2
	line '  came back with T3'
	ok cancel-trip T3
	ok show L2
	line '  came back, and cancelled T3'
	no_line 'came back with'
	ok show L2 --json
	json pps.show/1 loss.trip T3 loss.trip_cancelled true
}

@test "today with a held letter only names the commands for it" {
	maria
	at '2026-12-03 10:00'
	ok hold A2 --note 'спросить о визе'
	at '2026-12-04 10:00'
	pps today
	out <<-E2
		manager  action  late  due               by      step          client         phone             about                   why
		anna     A2      1 d   2026-12-03 10:00  e-mail  Packing tips  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  held by anna: спросить о визе (pps release A2)

		pps release A2 lets it go, pps skip A2 leaves it out
		the tick has never run: nothing is sent until cron runs pps tick
	E2
}

@test "sold at night for the next morning: nobody has the time to call, and the answer says so" {
	at '2026-12-01 22:30'
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure '02.12.2026 04:40' --return 12.12.2026
	line 'A4   2026-12-01 22:30  call  Pre-flight call             pending    at once: bought 1 day before the departure; no time is left to call: SMS with the next tick'
	at '2026-12-01 22:40'
	ok tick
	[ "$(sent '*-preflight.txt')" -eq 1 ]
}

@test "gift list: a thing of a trip that is cancelled says so" {
	maria
	ok gift add T1 --kind gift --title Чай
	ok cancel-trip T1
	ok gift list
	[[ $(<.out) = *'T1 Анталья (cancelled)  anna   to be prepared'* ]]
	ok gift list --json
	json pps.gift/1 'things[0].destination' Анталья 'things[0].trip_cancelled' true
	ok show G1
	line '  trip: T1 Анталья (cancelled)'
}

@test "a thing that nobody had called ready is handed over with a remark" {
	maria
	ok gift add T1 --kind gift --title Чай
	ok gift add T1 --kind card --title Карта
	ok gift add T1 --kind album --title Альбом
	ok gift ready G1
	at '2026-12-24 12:00'
	warns 'note: nobody had said that G2 is ready: is it the right one?' gift hand G1 G2
	line 'G2 card "Карта", Мария Иванова: handed over (pps undo G2 takes it back)'
	ok undo
	warns 'note: nobody had said that G2, G3 are ready: are they the right ones?' gift hand G2 G3
}
