#!/usr/bin/env bats
# Complaints, from the day on which one comes to the day on which it is solved.

load helpers
load heard

@test "complaint add: it is registered, the director thanks, selling letters wait, nobody is responsible" {
	listening
	ok complaint add T1 --title 'шум в номере' --words 'музыка до трёх' --source letter
	out <<-'E'
		P2 complaint: шум в номере, opened 21.12.2026 15:00, Мария Иванова, manager nobody
		  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		  words: музыка до трёх
		  source: letter
		to do: A5 Who takes care?, task 2026-12-21 15:00; A6 Promise a day, task 2026-12-22 12:00
		goes: A4 Thanks, e-mail 2026-12-21 15:00
		waits: A2 Loyalty (waits until the complaint is solved)
		nobody is responsible yet: pps complaint assign P2 LOGIN
		no day is promised yet: pps complaint plan P2 --promise DATE
	E
	ok report --overdue
	line '(nobody)  A5      2026-12-21 15:00  task  Who takes care?  Мария Иванова  +7 903 123-45-67  P2 шум в номере  nobody is responsible: pps complaint assign'
	ok complaint list
	out <<-'E'
		id  came        client         about       complaint     manager   promise  state
		P2  21.12.2026  Мария Иванова  T1 Анталья  шум в номере  (nobody)  (none)   open
		complaints: 1, open: 1, overdue: 0, settled: 0
	E
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       held       waits until the complaint is solved'
	line 'A1  2026-12-21 18:00  e-mail  Welcome home  pending'
}

@test "complaint: assigned, promised, overdue, settled; the letters that waited go on or are dropped" {
	listening
	ok complaint add C1 --title 'шум в номере'
	ok complaint assign P2 boris
	line 'stays away: A5 Who takes care? (somebody is responsible)'
	line 'no day is promised yet: pps complaint plan P2 --promise DATE'
	ok complaint plan P2 --promise +2d
	line 'to do: A7 To be solved, task 2026-12-23 10:00'
	line 'stays away: A6 Promise a day (a day is promised)'
	no_line 'yet'
	at '2026-12-23 12:00'
	ok today
	line 'boris    A7      2026-12-23 10:00  task  To be solved  Мария Иванова  +7 903 123-45-67  P2 шум в номере  to be done today'
	at '2026-12-24 12:00'
	ok report --overdue
	grep -q '^boris    A7      1 d ' .out
	ok complaint list --open
	line 'P2  21.12.2026  Мария Иванова  T1 Анталья  шум в номере  boris    23.12.2026  overdue, 1 d'
	line 'complaints: 1, open: 1, overdue: 1, settled: 0'
	ok complaint list --color always
	grep -q $'^\e\\[31mP2 ' .out
	ok complaint resolve P2 --cause Отель --outcome compensated --actions 'вернули за две ночи'
	out <<-'E'
		P2 complaint: шум в номере, opened 21.12.2026 15:00, promised 23.12.2026, resolved 24.12.2026 12:00, Мария Иванова, manager boris
		  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		  source: phone
		  cause: отель
		  done about it: вернули за две ночи
		  outcome: compensated
		to do: A9 Solved? Call, call 2026-12-31 11:00
		goes: A8 It is solved, e-mail 2026-12-24 12:00
		stays away: A7 To be solved (the complaint is solved)
		selling letters and greetings wait until they were asked: A9, call 2026-12-31 11:00
	E
	ok complaint list
	line 'P2  21.12.2026  Мария Иванова  T1 Анталья  шум в номере  boris    23.12.2026  compensated 24.12.2026  отель'
	line 'complaints: 1, open: 0, overdue: 0, settled: 1 in 3.0 days on average'
	ok complaint list --open
	out 'complaints: 0, open: 0, overdue: 0, settled: 0'
}

@test "complaint: what waited for too long is dropped when it is settled" {
	listening
	ok complaint add C1 --title 'шум' --manager anna --promise 24.12.2026
	at '2027-01-10 12:00'
	ok complaint resolve P2 --cause другое --outcome solved --actions 'проверили'
	line 'stays away: A2 Loyalty (its time passed while a complaint kept it back); A7 To be solved (the complaint is solved)'
	ok timeline T1
	grep -q 'Loyalty  *cancelled' .out
}

@test "complaint: with two open, the letters wait until both are settled" {
	listening
	ok complaint add C1 --title 'шум'
	ok complaint add C1 --title 'опоздал трансфер'
	no_line '^waits'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       held       waits until the complaint is solved'
	ok complaint resolve P3 --cause трансфер --outcome solved --actions 'вернули деньги'
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       held       waits until they were asked whether the complaint is really solved'
	ok skip P2/complaint-check --note x
	ok timeline T1
	grep -q 'Loyalty  *held' .out
	ok skip P3/complaint-check --note x
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       pending'
}

@test "complaint reopen: the letter and the call are off, everything waits again; the second time they come anew" {
	listening
	ok complaint add C1 --title 'шум' --manager anna --promise +1d
	ok complaint resolve P2 --cause отель --outcome solved --actions 'поговорили'
	ok complaint reopen P2
	line 'stays away: A8 It is solved; A9 Solved? Call (waits until the complaint is solved)'
	line '  cause: отель'
	line '  done about it: поговорили'
	no_line 'outcome:'
	ok timeline T1
	grep -q 'Loyalty  *held' .out
	ok complaint resolve P2 --cause цена --outcome compensated --json
	json pps.complaint/1 complaint.cause цена complaint.actions поговорили complaint.outcome compensated \
		complaint.resolved 2026-12-21T15:00 'changed[step=complaint-solved].state' pending \
		'changed[step=complaint-solved].was' cancelled
}

@test "complaint: the call that asks whether it is solved says what goes on because of it, and how to open it again" {
	listening
	ok complaint add C1 --title 'шум' --manager anna --promise +1d
	ok complaint resolve P2 --cause отель --outcome solved --actions 'поговорили'
	at '2026-12-24 11:00'
	pps tick
	at '2026-12-28 11:00'
	ok script P2/complaint-check
	line 'tick it off: pps done A9   (nobody there: pps done … --outcome no-answer)'
	line 'if it is not solved: pps complaint reopen P2'
	ok done P2/complaint-check --outcome no-answer
	no_line 'goes|reopen'
	ok done P2/complaint-check --note 'снова шум'
	out <<-'E'
		A9 Solved? Call, Мария Иванова, P2 шум: done, reached (pps undo A9 takes it back)
		goes: A2 Loyalty, e-mail 2026-12-28 11:00
		if it is not solved: pps complaint reopen P2
	E
	ok undo
	ok done P2/complaint-check --json
	json pps.done/1 closed true 'changed[id=A2].state' pending 'changed[id=A2].was' held
	ok script P2/complaint-check
	no_line reopen
	ok complaint reopen P2
	line 'waits: A2 Loyalty (waits until the complaint is solved)'
	ok complaint resolve P2 --cause отель --outcome rejected --actions 'записи отеля'
	at '2027-01-04 11:00'
	ok script P2/complaint-check
	line 'if something was overlooked: pps complaint reopen P2'
}

@test "script of a task of a complaint ends with the command that does it" {
	listening
	ok complaint add C1 --title 'шум'
	ok script A5
	[ "$(tail -n 1 .out)" = 'this does it: pps complaint assign P2 LOGIN' ]
	no_line 'pps done'
	ok script A6
	[ "$(tail -n 1 .out)" = 'this does it: pps complaint plan P2 --promise DATE' ]
	ok complaint plan P2 --promise +1d
	ok script P2/complaint-due
	[ "$(tail -n 1 .out)" = 'this does it: pps complaint resolve P2 --cause … --outcome … --actions …' ]
}

@test "script about a complaint: whoever asks says their name, else whoever is responsible" {
	listening
	ok complaint add C1 --title 'шум' --manager anna --promise +1d
	ok complaint resolve P2 --cause отель --outcome solved --actions 'поговорили'
	AS=boris
	ok script P2/complaint-check
	grep -q 'Это Борис Ким, Тёплые страны' .out
	AS=
	ok script P2/complaint-check
	grep -q 'Это Анна Петрова, Тёплые страны' .out
	AS=boris
	ok preview P2/complaint-check
	grep -q 'Это Анна Петрова, Тёплые страны' .out
}

@test "complaint: a tick sends nothing that sells while one is open, nor before they were asked whether it is settled" {
	listening
	ok complaint add C1 --title 'шум'
	at '2026-12-23 11:00'
	pps tick
	[ "$(sent '*-loyalty.*')" -eq 0 ]
	[ "$(sent '*-welcome-home.*')" -eq 1 ]
	ok report --overdue
	no_line Loyalty
	at '2026-12-24 11:00'
	ok complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	line 'selling letters and greetings wait until they were asked: A8, call 2026-12-31 11:00'
	pps tick
	[ "$(sent '*-complaint-solved.*')" -eq 1 ]
	[ "$(sent '*-loyalty.*')" -eq 0 ]
	ok skip P2/complaint-check --note 'говорили сегодня'
	ok report --overdue
	no_line Loyalty
	ok undo
	ok timeline T1
	grep -q 'Loyalty  *held' .out
	ok skip P2/complaint-check --note 'говорили сегодня'
	pps tick
	[ "$(sent '*-loyalty.*')" -eq 1 ]
}

@test "complaint: a client stands for the one that is meant" {
	listening
	ok complaint add C1 --title 'шум'
	ok complaint resolve Иванова --cause отель --outcome solved --actions 'разобрались'
	ok complaint add C1 --title 'трансфер'
	ok complaint assign Иванова anna
	line 'P3 complaint: трансфер, opened 21.12.2026 15:00, Мария Иванова, manager anna'
	ok complaint reopen Иванова
	line 'P2 complaint: шум, opened 21.12.2026 15:00, Мария Иванова, manager nobody'
	fails 65 'C1 has more than one complaint, say which: P2 21.12.2026, P3 21.12.2026' complaint assign Иванова boris
	fails 66 'no client fits "Сидоров": look for them with pps find' complaint assign Сидоров boris
}

@test "complaint plan: another day moves the task, and when it was skipped it comes once more" {
	listening
	ok complaint add C1 --title 'шум' --manager anna --promise +1d
	line 'to do: A7 To be solved, task 2026-12-22 10:00'
	ok complaint plan P2 --promise +2d
	ok timeline P2
	line 'A7  2026-12-23 10:00  task    To be solved     pending'
	at '2026-12-23 12:00'
	ok skip A7 --note 'ждём отель'
	ok complaint plan P2 --promise +2d
	line 'to do: A8 To be solved, task 2026-12-25 10:00'
}

@test "undo takes back each step of a complaint, and the complaint" {
	listening
	dump .before
	ok complaint add C1 --title 'шум'
	ok complaint assign P2 boris
	ok complaint plan P2 --promise +2d
	ok complaint plan P2 --promise +5d
	ok complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	ok undo P2
	out 'resolve of P2 is taken back'
	ok complaint list --json
	json pps.complaint/1 'complaints[0].open' true 'complaints[0].cause' null 'complaints[0].promised' 2026-12-26 open 1
	ok undo P2
	out 'plan of P2 is taken back'
	ok show P2
	line 'P2 complaint: шум, opened 21.12.2026 15:00, promised 23.12.2026, manager boris'
	ok undo
	ok undo
	out 'assign of P2 is taken back'
	ok show P2
	line 'P2 complaint: шум, opened 21.12.2026 15:00, manager nobody'
	ok undo
	out 'P2 (complaint) is taken back: what followed from it that is not done yet is off'
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       pending'
	ok complaint list
	out 'complaints: 0, open: 0, overdue: 0, settled: 0'
	fails 77 'P2 was taken back: enter it once more' complaint assign P2 anna
}

@test "complaint: a task is done by its own command, and a promise that is past stays red whatever was ticked" {
	listening
	ok complaint add C1 --title 'шум'
	fails 77 'A5 is not done by a tick: pps complaint assign P2 LOGIN does it (pps skip A5 --note … if it is not to be done)' done A5
	fails 77 'A6 is not done by a tick: pps complaint plan P2 --promise DATE does it (pps skip A6 --note … if it is not to be done)' done A6
	fails 64 'say why: pps skip A6 --note …; or pps complaint plan P2 --promise DATE' skip A6
	ok today
	line 'pps script A5 shows the words, pps complaint assign P2 LOGIN does it'
	ok complaint assign P2 boris
	ok complaint plan P2 --promise +1d
	fails 77 'A7 is not done by a tick: pps complaint resolve P2 --cause … --outcome … --actions … does it (pps skip A7 --note … if it is not to be done)' done A7
	ok skip A7 --note 'ждём отель'
	ok report --overdue
	no_line 'A7'
	at '2026-12-23 09:00'
	ok report --overdue
	line 'boris    A7      1 d   2026-12-22 10:00  task    To be solved  Мария Иванова  +7 903 123-45-67  P2 шум            not answered yet: pps complaint resolve P2 … (skipped by anna: ждём отель)'
	ok report --overdue --manager anna
	no_line 'A7'
	ok report --overdue --json
	json pps.report/1 'rows[id=A7].colour' red 'rows[id=A7].days_late' 1 'rows[id=A7].state' skipped \
		'rows[id=A7].done_by' anna 'rows[id=A7].why' 'not answered yet: pps complaint resolve P2 … (skipped by anna: ждём отель)'
	ok report --today --json
	json pps.report/1 'rows[id=A7].state' skipped 'rows[id=A7].colour' red
	ok complaint plan P2 --promise +2d
	ok report --overdue --json
	no_line '"skipped"'
	ok undo
	ok complaint resolve P2 --cause отель --outcome solved --actions 'вернули деньги'
	ok report --overdue
	no_line 'A7'
}

@test "undo of a complaint says what the client has had already" {
	listening
	ok complaint add C1 --title 'шум' --manager anna
	pps tick
	ok complaint resolve P2 --cause отель --outcome solved --actions 'вернули деньги'
	pps tick
	ok undo P2
	out 'resolve of P2 is taken back; the client has had "It is solved" (e-mail 2026-12-21 15:00) already'
	ok undo P2
	out 'P2 (complaint) is taken back: what followed from it that is not done yet is off; the client has had "Thanks" (e-mail 2026-12-21 15:00), "It is solved" (e-mail 2026-12-21 15:00) already'
}

@test "undo does not take back what somebody changed since" {
	listening
	ok complaint add C1 --title 'шум'
	ok complaint assign P2 boris
	AS=olga
	ok complaint assign P2 anna
	AS=anna
	fails 77 'P2 was changed since then, by olga (complaint-assign): pps undo P2 takes back the last word on it' undo
}

@test "complaint: what is wrong is named, and nothing is kept" {
	listening
	ok complaint add C1 --title 'шум' --manager anna
	dump .before
	fails 73 'this complaint is open already: P2; nothing was added (pps show P2)' complaint add T1 --title 'Шум'
	fails 64 'say in a few words what it is about, the client reads it: --title "шум в номере"' complaint add T1 --words x
	fails 65 'promise: 2026-12-20 has passed' complaint add T1 --title x --promise yesterday
	fails 65 'promise: 2026-12-21 15:00 has passed' complaint plan P2 --promise '21.12.2026 15:00'
	fails 65 'promise: by when will it be solved? --promise 12.12.2026' complaint plan P2 --promise ''
	fails 66 'manager: nobody has the login "nobody": there are anna, boris, olga' complaint assign P2 nobody
	fails 65 'cause: "отели" is not one of those in pps.json: did you mean отель? (complaint_causes: отель, перелёт, трансфер, экскурсии, документы, наша работа, цена, другое)' \
		complaint resolve P2 --cause отели --outcome solved --actions 'разобрались'
	fails 64 'say what it came from: --cause, one of отель, перелёт, трансфер, экскурсии, документы, наша работа, цена, другое' \
		complaint resolve P2 --outcome solved
	fails 64 'say what came of it: --outcome solved, compensated or rejected' complaint resolve P2 --cause отель
	fails 64 'say what was done, the client reads it: --actions "вернули за две ночи"' complaint resolve P2 --cause отель --outcome solved
	fails 64 'say what was done, the client reads it: --actions "вернули за две ночи"' \
		complaint resolve P2 --cause отель --outcome rejected --actions ' '
	fails 77 'P2 is open' complaint reopen P2
	fails 65 'T1 is a trip, and a complaint is needed here' complaint reopen T1
	fails 66 'there is no complaint P9: look for it with pps find' complaint reopen P9
	fails 64 '--cause does not belong to pps complaint add' complaint add T1 --title x --cause отель
	fails 64 'usage: pps complaint assign P37 LOGIN' complaint assign P2
	fails 64 'usage: pps complaint plan P37 --promise DATE' complaint plan P2
	fails 64 'usage: pps complaint add, assign, plan, resolve, reopen, list or causes' complaint close P2
	fails 64 '--by: it is month, quarter or year' complaint causes --by week
	ok complaint assign P2 anna
	ok complaint list
	unchanged .before
	ok complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	fails 77 'P2 is settled: pps complaint reopen P2 opens it again' complaint assign P2 boris
	fails 77 'P2 is settled: pps complaint reopen P2 opens it again' complaint plan P2 --promise +1d
	fails 77 'P2 is settled: pps complaint reopen P2 opens it again' complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
}

@test "complaint: a client without a trip that has begun, and one who never bought" {
	listening
	ok add-client --name 'Ева' --phone 89031112244 --departure 20.02.2027 --return 01.03.2027 --destination Рим
	ok complaint add C2 --title 'не перезвонили'
	line '  about: T2 Рим, 20.02.2027 - 01.03.2027'
	ok cancel-trip T2
	ok complaint add C2 --title 'счёт' --json
	json pps.complaint/1 complaint.about null complaint.title счёт complaint.opened 2026-12-21T15:00
}

@test "complaint causes: counted by month, quarter and year" {
	listening
	ok complaint add C1 --title a
	ok complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	ok complaint add C1 --title b
	ok complaint resolve P3 --cause отель --outcome compensated --actions 'разобрались'
	ok complaint add C1 --title c
	ok complaint resolve P4 --cause цена --outcome rejected --actions 'разобрались'
	at '2027-01-15 12:00'
	ok complaint add C1 --title d
	ok complaint causes
	out <<-'E'
		cause            complaints  open  solved  compensated  rejected
		отель            2                 1       1
		(not known yet)  1           1
		цена             1                                      1
	E
	ok complaint causes --by month
	out <<-'E'
		when     cause            complaints  open  solved  compensated  rejected
		2027-01  (not known yet)  1           1
		2026-12  отель            2                 1       1
		2026-12  цена             1                                      1
	E
	ok complaint causes --by quarter --to 31.12.2026
	line '2026 Q4  отель  2           1       1'
	no_line 2027
	ok complaint causes --by year --json
	json pps.complaint/1 'causes#' 3 'causes[0].period' '"2027"' 'causes[0].cause' null 'causes[1].cause' отель \
		'causes[1].complaints' 2 'causes[1].compensated' 1
	ok complaint causes --from 01.02.2027
	out 'no complaints'
}

@test "complaint causes: a list of one's own" {
	listening
	echo '{"complaint_causes": ["еда", "Пляж"]}' >pps.json
	ok complaint add C1 --title a
	fails 65 'cause: "отель" is not one of those in pps.json (complaint_causes: еда, Пляж)' \
		complaint resolve P2 --cause отель --outcome solved --actions 'разобрались'
	ok complaint resolve P2 --cause пляж --outcome solved --actions 'разобрались'
	line '  cause: Пляж'
	echo '{"agency": {"lang": "en"}}' >pps.json
	ok complaint reopen P2
	fails 64 'say what it came from: --cause, one of hotel, flight, transfer, excursions, papers, our work, price, other' \
		complaint resolve P2 --outcome solved
	echo '{"complaint_causes": ["еда", "Еда"]}' >pps.json
	fails 78 './pps.json:1:30: this stands twice in "complaint_causes"' complaint list
}

@test "show: a complaint by its number, and on the card" {
	listening
	ok complaint add C1 --title 'шум' --words 'до трёх' --manager anna --promise '24.12.2026 18:00'
	ok show P2
	line 'P2 complaint: шум, opened 21.12.2026 15:00, promised 24.12.2026 18:00, manager anna'
	line '  words: до трёх'
	ok show P2 --json
	json pps.show/1 complaint.id P2 complaint.about T1 complaint.words 'до трёх' complaint.manager anna \
		complaint.promised 2026-12-24T18:00 complaint.cause null
	ok show C1
	line 'P2 complaint: шум, opened 21.12.2026 15:00, promised 24.12.2026 18:00'
	ok show C1 --json
	json pps.show/1 'others[0].kind' complaint 'others[0].words' 'до трёх'
	ok log P2
	line '2026-12-21 15:00  anna  complaint-add  C1      P2     about T1'
}

@test "a call that a complaint has kept back is due when it may go on, and late after the next working day" {
	maria
	at '2026-12-09 11:00'
	ok done T1/preflight
	at '2026-12-21 12:00'
	ok complaint add T1 --title 'шумный номер' --manager anna
	at '2026-12-23 12:00'
	ok done T1/office-call # all the same
	ok why T1/office-call
	line 'was due: 2026-12-22 11:00, and was kept back then'
	ok undo T1/office-call
	ok why T1/office-call
	line 'due:     2026-12-22 11:00 (Europe/Moscow), by call'
	no_line '^was due'
	at '2026-12-24 12:00' # Thursday
	ok undo P2
	ok why T1/office-call
	line 'A8 Call: invite to the office, T1: to be done today'
	line 'due:     2026-12-24 12:00 (Europe/Moscow), by call'
	line 'was due: 2026-12-22 11:00, and was kept back then'
	at '2026-12-25 19:00'
	ok today --json
	json pps.today/1 'rows[step=office-call].colour' yellow 'rows[step=office-call].days_late' 0
	ok report --overdue --json
	! grep -q office-call .out
	at '2026-12-28 09:00'
	ok report --overdue --json
	json pps.report/1 'rows[step=office-call].colour' red 'rows[step=office-call].days_late' 3
	ok done T1/office-call
	ok report --summary --json
	json pps.report/1 period.figures.work_late 1 period.figures.days_late 3
}
