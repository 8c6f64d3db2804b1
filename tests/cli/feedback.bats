#!/usr/bin/env bats
# What clients tell us: feedback add and list, what follows from an answer, and taking it back.

load helpers
load heard

@test "feedback add: a client who is not happy is called, and selling letters stay away" {
	listening
	ok feedback add T1 --csat 3 --nps 5 --plus 'тише номера' --words 'музыка до трёх' --source visit
	out <<-'E'
		F2 feedback: CSAT 3, NPS 5, answered 21.12.2026 15:00, Мария Иванова
		  they are not happy
		  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		  for five plus: тише номера
		  words: музыка до трёх
		  source: visit
		to do: A5 Not happy: call, call 2026-12-21 15:00
		goes: A4 Thanks, e-mail 2026-12-21 15:00
		stays away: A2 Loyalty (the client was not happy)
	E
	ok timeline T1
	line 'A2  -                 -       Loyalty       cancelled  dropped: the client was not happy'
	ok today
	line 'anna     A5      2026-12-21 15:00  call  Not happy: call  Мария Иванова  +7 903 123-45-67  F2 CSAT 3, NPS 5  to be done today'
	at '2026-12-22 15:00' # until the end of the next working day it is no fault of anybody's
	ok report --overdue
	! grep -q '^anna     A5' .out
	at '2026-12-23 09:00'
	ok report --overdue
	grep -q '^anna     A5      1 d ' .out
}

@test "feedback add: whoever would recommend us is asked to" {
	listening
	ok timeline T1
	line 'A3  -                 -       Tell friends  cancelled  only if the client would recommend us'
	ok feedback add T1 --csat 5 --nps 9
	line '  they would recommend us'
	line 'goes: A4 Thanks, e-mail 2026-12-21 15:00; A3 Tell friends, e-mail 2026-12-27 10:00'
	no_line 'to do|stays away'
}

@test "feedback add: a tick sends nothing that sells to who is not happy" {
	listening
	ok feedback add T1 --csat 1
	at '2026-12-23 11:00'
	pps tick
	[ "$(sent '*-loyalty.*')" -eq 0 ]
	[ "$(sent '*-welcome-home.*')" -eq 1 ]
}

@test "feedback add: the limits of being happy" {
	listening
	for grades in '3 10 true false' '4 10 false true' '4 6 true false' '4 7 false false' '5 8 false false'; do
		# shellcheck disable=SC2086 # words
		set -- $grades
		ok feedback add T1 --csat "$1" --nps "$2" --json
		json pps.feedback/1 feedback.csat "$1" feedback.nps "$2" feedback.unhappy "$3" feedback.promoter "$4" \
			feedback.about T1 feedback.manager anna
		ok undo
	done
	ok feedback add T1 --words 'спасибо' --json
	json pps.feedback/1 feedback.csat null feedback.nps null feedback.unhappy false feedback.title null \
		feedback.words спасибо feedback.source phone 'changed[0].step' feedback-thanks 'changed[0].was' null \
		'changed[0].state' pending 'actions#' 2
}

@test "feedback add: a client stands for the trip that had begun last; a trip can be named" {
	listening
	ok add-trip C1 --departure 15.01.2027 --return 20.01.2027 --destination Рим
	ok feedback add Иванова --nps 10
	line '  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026'
	ok feedback add T2 --nps 9 --about-sale
	line '  about: T2 Рим, 15.01.2027 - 20.01.2027'
	at '2027-01-16 10:00'
	ok feedback add C1 --nps 8
	line '  about: T2 Рим, 15.01.2027 - 20.01.2027'
	ok feedback add C1 --nps 8 --at '14.01.2027 18:00'
	line '  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026'
	fails 66 'C1 has no trip that had begun by then: pps show C1 lists all' feedback add C1 --nps 8 --at 09.12.2026
}

@test "feedback add: about the sale of the only trip, which is still to come, the client is enough" {
	at '2026-12-01 14:00'
	maria
	ok feedback add C1 --nps 9 --about-sale
	line '  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026'
}

@test "feedback add: a trip that has not begun is a slip, unless the answer is about the sale" {
	listening
	ok add-trip C1 --departure 15.01.2027 --return 20.01.2027 --destination Рим
	dump before
	fails 65 'T2 begins on 2027-01-15, after this answer (2026-12-21): is it about another trip? pps show C1 lists all; about the sale: pps feedback add T2 --about-sale …' \
		feedback add T2 --nps 3
	fails 65 'T1 begins on 2026-12-10, after this answer (2026-12-09): is it about another trip? pps show C1 lists all; about the sale: pps feedback add T1 --about-sale …' \
		feedback add T1 --nps 3 --at 09.12.2026
	unchanged before
	printf 'trip,nps\nT1,9\nT2,9\n' >answers.csv
	answers 65 feedback import answers.csv
	grep -q 'T2 begins on 2027-01-15' .out
	ok feedback add T2 --nps 3 --about-sale
	line '  about: T2 Рим, 15.01.2027 - 20.01.2027'
	# On the day of the departure the journey has begun: the flight was late.
	ok feedback add T1 --nps 3 --at 10.12.2026
}

@test "feedback add: whoever is not happy is sold to by no letter, until they buy again" {
	listening
	ok add-trip C1 --departure 15.01.2027 --return 20.01.2027 --destination Рим
	ok feedback add T1 --nps 2
	ok timeline T2
	grep -q 'Loyalty  *cancelled  dropped: the client was not happy' .out
	at '2026-12-22 12:00'
	ok add-trip C1 --departure 15.03.2027 --return 20.03.2027 --destination Вена
	ok timeline T4
	grep -q 'Loyalty  *pending' .out
	ok feedback add T1 --nps 10
	ok timeline T2
	grep -q 'Loyalty  *pending' .out
}

@test "feedback add: what is wrong is named, and nothing is kept" {
	listening
	dump .before
	fails 65 'csat: "6" is no grade: it is a whole number from 1 to 5' feedback add T1 --csat 6
	fails 65 'csat: "0" is no grade: it is a whole number from 1 to 5' feedback add T1 --csat 0
	fails 65 'nps: "11" is no grade: it is a whole number from 0 to 10' feedback add T1 --nps 11
	fails 65 'nps: "4.5" is no grade: it is a whole number from 0 to 10' feedback add T1 --nps 4.5
	fails 65 'nps: "-1" is no grade: it is a whole number from 0 to 10' feedback add T1 --nps -1
	fails 65 'the answer is empty: it needs a grade (csat, nps) or words (plus, words)' feedback add T1
	fails 65 'at: 2026-12-21 15:01 is still to come: when did they answer?' feedback add T1 --nps 9 --at '21.12.2026 15:01'
	fails 65 'at: "x" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' feedback add T1 --nps 9 --at x
	fails 65 'at: 1970-01-01 is before T1 was bought (2026-12-01): when did they answer?' feedback add T1 --nps 9 --at 1970-01-01
	fails 65 'at: 2026-11-30 is before T1 was bought (2026-12-01): when did they answer?' feedback add T1 --nps 9 --at 30.11.2026
	fails 66 'there is no trip T9: look for it with pps find' feedback add T9 --nps 9
	fails 66 'no client fits "Сидоров": look for them with pps find' feedback add Сидоров --nps 9
	fails 64 '--map does not belong to pps feedback add' feedback add T1 --map x=y
	fails 64 'usage: pps feedback add CLIENT|TRIP --csat 1-5 --nps 0-10 …' feedback add
	fails 64 'usage: pps feedback add, pps feedback edit, pps feedback import, pps feedback list' feedback drop T1
	unchanged .before
	ok cancel-trip T1
	fails 77 'T1 is cancelled: pps undo T1 brings it back first' feedback add T1 --nps 9
}

@test "feedback add: the same answer is not taken twice" {
	listening
	ok feedback add T1 --csat 5 --nps 10 --id q-1
	dump .before
	fails 73 'this answer is there already: F2; nothing was added (pps show F2)' feedback add T1 --csat 5 --nps 10
	fails 73 'this answer is there already: F2; nothing was added (pps show F2)' feedback add T1 --csat 5 --nps 10 --id q-1
	fails 65 'id: q-1 is the number of another answer, F2 of C1: leave it out if it only counts rows (import: --map id=)' \
		feedback add T1 --csat 4 --id q-1
	unchanged .before
	ok feedback add T1 --csat 5 --nps 10 --words 'и ещё: кражи'
	ok undo
	ok feedback add T1 --csat 4 --nps 10
	at '2027-02-21 15:00'
	ok feedback add T1 --csat 5 --nps 10
}

@test "undo takes an answer back: its letters are off, the others go again" {
	listening
	ok feedback add T1 --nps 3 --id q-1
	ok undo
	out 'F2 (feedback) is taken back: what followed from it that is not done yet is off'
	ok timeline T1
	line 'A2  2026-12-23 10:00  e-mail  Loyalty       pending'
	ok timeline F2
	line 'F2 feedback: NPS 3, answered 21.12.2026 15:00 (over: taken back by anna), manager anna'
	line 'A4  -    -   Thanks           cancelled  it was taken back'
	fails 66 'there is nothing to take back' undo F2
	ok feedback add T1 --nps 3 --id q-1
	line 'F3 feedback: NPS 3, answered 21.12.2026 15:00, Мария Иванова'
}

@test "show: an answer by its number, and on the card" {
	listening
	ok feedback add T1 --csat 4 --nps 8 --plus 'трансфер' --id 77
	ok show F2
	out <<-'E'
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		F2 feedback: CSAT 4, NPS 8, answered 21.12.2026 15:00, manager anna
		  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		  for five plus: трансфер
		  source: phone
		  number of the answer: 77
		id  due               by      step             state
		A4  2026-12-21 15:00  e-mail  Thanks           pending
		A5  -                 -       Not happy: call  cancelled  only if the client was not happy
	E
	ok show C1
	line 'F2 feedback: CSAT 4, NPS 8, answered 21.12.2026 15:00'
	ok show C1 --json
	json pps.show/1 'others[0].id' F2 'others[0].kind' feedback 'others[0].csat' 4 'others[0].plus' трансфер
	ok log F2
	line '2026-12-21 15:00  anna  feedback-add  C1      F2     about T1: CSAT 4, NPS 8'
}

@test "feedback list: everybody's answers, the averages, and who is not happy" {
	listening
	piotr
	ok feedback list
	out <<-'E'
		answers: 0, not happy: 0
		trips that returned: 2, with an answer: 0 (0 %)
	E
	ok feedback add T1 --csat 5 --nps 10
	ok feedback add T2 --csat 2 --nps 4 --words 'долго ждали' --at '20.12.2026 21:00'
	ok feedback add T2 --nps 7 --at yesterday
	ok feedback list
	out <<-'E'
		id  answered          client         about       CSAT  NPS  source  manager  words
		F3  21.12.2026 15:00  Мария Иванова  T1 Анталья  5     10   phone   anna
		F4  20.12.2026 21:00  Пётр Соколов   T2 Хургада  2     4    phone   boris    долго ждали
		F5  20.12.2026 12:00  Пётр Соколов   T2 Хургада        7    phone   boris
		answers: 3, not happy: 1
		CSAT: 3.5 on average of 2
		NPS: 0 (1 of 3 would recommend us, 1 would not)
		trips that returned: 2, with an answer: 2 (100 %)
	E
	ok feedback list --unhappy --manager boris --from 20.12.2026 --to 20.12.2026
	grep -q '^F4 ' .out
	no_line '^F[35]'
	line 'trips that returned: 1, with an answer: 1 (100 %)'
	ok feedback list --to 19.12.2026
	out 'answers: 0, not happy: 0'
	ok feedback list --json
	json pps.feedback/1 'feedback#' 3 'feedback[0].id' F3 'feedback[0].client_name' 'Мария Иванова' nps 0 promoters 1 \
		detractors 1 csat_hundredths 350 unhappy 1 trips_returned 2 trips_answered 2 'feedback[1].manager' boris
	fails 64 '--csat does not belong to pps feedback list' feedback list --csat 4
	fails 65 '--from: "31.02.2027": there is no 31 February 2027' feedback list --from 31.02.2027
	fails 64 'usage: pps feedback list [--from DATE] [--to DATE] …' feedback list C1
}

# ---- what was mistyped ----

@test "feedback edit: the grades are put right, and what follows from them; nothing goes twice" {
	listening
	ok feedback add T1 --csat 5 --nps 10 --source visit
	ok tick
	out '1 sent'
	at '2026-12-22 10:00'
	ok feedback edit F2 --csat 2 --nps 3 --words 'музыка до трёх'
	out <<-'E'
		F2 feedback: CSAT 2, NPS 3, answered 21.12.2026 15:00, Мария Иванова
		  they are not happy
		  about: T1 Анталья, 10.12.2026 06:40 - 20.12.2026
		  words: музыка до трёх
		  source: visit
		to do: A5 Not happy: call, call 2026-12-22 10:00
		stays away: A2 Loyalty (the client was not happy); A3 Tell friends (only if the client would recommend us)
	E
	ok done A5 --note 'извинились'
	ok feedback edit Иванова --csat 4 --nps '' --words '' --at '21.12.2026 16:00' --json
	json pps.feedback/1 feedback.csat 4 feedback.nps null feedback.words null feedback.answered 2026-12-21T16:00 feedback.unhappy false
	state 2 pending
	state 5 done
	ok tick
	[ "$(sent '*-feedback-thanks.*')" -eq 1 ]
	ok log F2 --limit 3
	line '2026-12-22 10:00  anna  feedback-edit  C1      F2             CSAT 2, NPS 3 -> CSAT 4'
}

@test "feedback edit: undo goes back step by step" {
	listening
	ok feedback add T1 --csat 5 --plus 'чай'
	ok feedback edit F2 --csat 1
	ok feedback edit F2 --plus 'цветы'
	ok undo F2
	out 'the change of F2 is taken back: what follows from it was planned anew'
	ok show F2
	line '  for five plus: чай'
	line '  they are not happy'
	ok undo
	ok show F2
	line 'F2 feedback: CSAT 5, answered 21.12.2026 15:00, manager anna'
	state 2 pending
	state 5 cancelled
	ok undo F2
	out 'F2 (feedback) is taken back: what followed from it that is not done yet is off'
	fails 77 'F2 was taken back: enter it once more' feedback edit F2 --csat 5
	fails 66 'there is nothing to take back' undo F2
}

@test "feedback edit: what is wrong is named, and nothing is changed; nor does what is the same" {
	listening
	ok feedback add T1 --csat 5 --words 'спасибо'
	dump .before
	fails 65 'nps: "30" is no grade: it is a whole number from 0 to 10' feedback edit F2 --nps 30
	fails 65 'the answer is empty: it needs a grade (csat, nps) or words (plus, words)' feedback edit F2 --csat '' --words ''
	fails 65 'at: 2027-01-01 12:00 is still to come: when did they answer?' feedback edit F2 --at 01.01.2027
	fails 64 '--id does not belong to pps feedback edit' feedback edit F2 --id 7
	fails 64 'usage: pps feedback edit CLIENT|F36 [--csat 1-5] [--nps 0-10] [--words TEXT] …' feedback edit F2
	fails 65 'T1 is a trip, and a feedback is needed here' feedback edit T1 --csat 4
	ok feedback edit F2 --csat 5 --words 'спасибо'
	unchanged .before
}
