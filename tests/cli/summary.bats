#!/usr/bin/env bats
# The figures of a period: a small agency in which every one of them is known.

load helpers

of_december=(report --summary --from 01.12.2026 --to 31.12.2026)

# december: what happens until 5 January 2027. Boris has Олег (C3), who flies for the second time, anna Мария (C4).
december() {
	at '2026-10-01 12:00'
	AS=boris
	ok add-client --name 'Ян Котов' --phone '8 903 111-22-33' --departure 01.11.2026 --return 10.11.2026
	ok cancel-trip T1
	ok add-client --name 'Ева Лис' --email eva@example.com --purchase 01.11.2025 --departure 01.12.2025 --return 10.12.2025
	ok add-client --name 'Олег Рыбак' --phone '8 903 222-33-44' --email oleg@example.com --purchase 01.11.2025 \
		--departure 02.12.2025 --return 11.12.2025
	at '2026-11-20 12:00'
	ok add-trip C3 --departure '10.12.2026 07:00' --return 20.12.2026 --destination Каир
	at '2026-12-01 14:00'
	AS=anna
	maria
	ok referral add C3 C4 --reward скидка
	ok lost --name 'Ира' --email ira@example.com --reason цена --manager boris
	ok lost --name 'Нина' --email nina@example.com --reason цена --manager anna
	at '2026-12-09 11:00'
	ok tick
	ok done T5/preflight
	at '2026-12-09 16:30' # boris has not called Олег
	ok tick
	at '2026-12-20 18:00'
	ok tick
	at '2026-12-21 12:00'
	ok complaint add T5 --title 'шумный номер' --promise 28.12.2026 --manager olga
	at '2026-12-22 12:00'
	AS=boris
	ok tick
	at '2026-12-23 12:00'
	ok done T4/office-call # it was due on the 22nd
	ok add-trip C6 --departure 01.03.2027 --return 10.03.2027
	ok feedback add T4 --nps 6 --csat 3
	at '2026-12-24 12:00'
	ok complaint resolve P8 --cause отель --outcome solved --actions 'переселили'
	AS=anna
	ok feedback add T5 --nps 10 --csat 5
	ok done T5/office-call # the same, but the complaint has kept it back
	at '2026-12-26 12:00'
	ok tick
	ok complaint add T4 --title 'потеряли чемодан' --promise 30.12.2026 --manager boris
	at '2027-01-05 12:00'
	ok tick
}

@test "nobody is late with what came up on a day off, nor with a call for which the sale left no time" {
	at '2026-11-28 10:30' # Saturday; a landline alone: the thank-you is a call
	ok add-client --name 'Тамара Зуева' --phone '8 495 555 66 77' --departure 05.12.2026 --return 19.12.2026
	at '2026-11-29 10:00'
	ok report --overdue
	no_line Зуева
	at '2026-11-30 10:00'
	ok done T1/thank-you
	at '2026-11-30 21:50'
	ok add-client --name 'Лев Ким' --phone '8 903 555 66 77' --departure '01.12.2026 05:10' --return 19.12.2026
	at '2026-11-30 21:52'
	ok tick
	ls outbox/*-preflight.txt >/dev/null
	at '2026-12-01 12:00'
	ok report --summary --from 28.11.2026 --to 01.12.2026 --json
	json pps.report/1 period.figures.work 1 period.figures.work_on_time 1 period.figures.work_saved 0
}

@test "every figure of a month is known, beside those of the days before, and by person" {
	december
	ok "${of_december[@]}"
	out <<-'E'
		everybody     01.12.2026-31.12.2026  31.10.2026-30.11.2026
		done on time  29 % of 7              -
		days late     1.0 on average of 1    -
		not done yet  3                      -
		saved by SMS  1                      -
		NPS           0 from 2               -
		CSAT          4.0 on average of 2    -
		sales         2                      1, 1 again (100 %)

		manager  on time     late  left  saved  NPS   sales  rec.  lost
		anna     100 % of 2                     100   1            1
		boris    0 % of 4    1.0   2     1      -100  1      1     1
		olga     0 % of 1          1

		everybody       01.12.2026-31.12.2026       31.10.2026-30.11.2026
		answers         2, 1 not happy              -
		trips answered  100 % of 2                  -
		sent            11 letters, 3 SMS           -
		not delivered   8 missed                    2 missed
		recommended     1 new, 1 owed a reward now  -
		lost sales      2, 1 came back (50 %)       -
		gone in a year  50 % of 2                   -
		complaints      2 new, 1 solved             -
		days to solve   3.0 on average of 1         -
		not solved      1 now, 1 past the day       -
		last tick: 2027-01-05 12:00
	E
	ok "${of_december[@]}" --manager anna
	line 'anna          01.12.2026-31.12.2026  31.10.2026-30.11.2026'
	line 'done on time  100 % of 2             -'
	no_line boris
}

@test "the same as a document: counts that add up over people, and what is worked out of them" {
	december
	ok "${of_december[@]}" --json
	json pps.report/1 manager null period.from 2026-12-01 period.to 2026-12-31 before.from 2026-10-31 before.to 2026-11-30 \
		period.figures.work 7 period.figures.work_on_time 2 period.figures.work_late 1 period.figures.work_not_done 3 \
		period.figures.work_saved 1 period.figures.days_late 1 period.figures.on_time_percent 29 \
		period.figures.days_late_hundredths 100 period.figures.sales 2 period.figures.sales_again 0 \
		period.figures.trips_returned 2 period.figures.trips_answered 2 period.figures.csat_hundredths 400 \
		period.figures.nps 0 period.figures.unhappy 1 period.figures.email_sent 11 period.figures.sms_sent 3 \
		period.figures.lost 2 period.figures.won_back 1 period.figures.year_after 2 period.figures.gone 1 \
		period.figures.complaints 2 period.figures.days_to_solve 3 period.figures.complaints_open 1 \
		period.figures.complaints_late 1 period.figures.rewards_owed 1 before.figures.sales_again 1 \
		before.figures.nps null before.figures.rewards_owed null before.figures.on_time_percent null \
		managers[0].manager anna managers[1].figures.work_saved 1 managers[2].manager olga
	/usr/bin/python3 - <<-'E'
		import json
		document = json.load(open(".out"))
		for figure, n in list(document["period"]["figures"].items())[:36]:
		    assert n == sum(row["figures"][figure] for row in document["managers"]), figure
	E
	ok "${of_december[@]}" --json --manager boris
	json pps.report/1 manager boris period.figures.work 4 period.figures.sales 1 before.figures.sales 1 managers# 0
}

@test "who has left keeps what they did; what is open is whose it is now" {
	december
	AS=olga
	ok staff leave boris --to anna
	ok "${of_december[@]}" --json
	json pps.report/1 managers[0].figures.work_on_time 2 managers[0].figures.work_not_done 2 \
		managers[1].manager boris managers[1].figures.work_late 1 managers[1].figures.lost 1
}

@test "what was taken back counts nowhere" {
	december
	ok "${of_december[@]}" --json
	cp .out before.json
	AS=olga
	ok feedback add T5 --nps 3 --csat 2 --at '2026-12-30 10:00'
	ok undo
	ok complaint add T5 --title 'ошибка'
	ok undo
	ok lost C2 --reason цена
	ok undo
	ok add-trip C3 --purchase 28.12.2026 --departure 05.06.2027 --return 10.06.2027
	ok cancel-trip T16
	ok "${of_december[@]}" --json
	diff before.json .out
}

@test "who has nothing in any column has no row: nobody's complaint counts for everybody" {
	december
	AS=olga
	ok complaint add T1 --title 'потеряли письмо'
	ok report --summary --from 01.12.2026
	line 'complaints      3 new, 1 solved             -'
	no_line nobody
	ok report --summary --from 01.12.2026 --json
	json pps.report/1 managers# 4 managers[3].manager null managers[3].figures.complaints 1
}

@test "the last 30 days, when no day is named; a period ends today" {
	ok report --summary
	out <<-'E'
		02.11.2026-01.12.2026: there is nothing to count yet
		the tick has never run: nothing is sent until cron runs pps tick
	E
	maria
	ok report --summary --to 31.12.2026 # its people are one: no row for each
	out <<-'E'
		everybody  02.11.2026-01.12.2026
		sales      1
		the tick has never run: nothing is sent until cron runs pps tick
	E
	ok report --summary --from today
	line 'everybody  01.12.2026'
	ok report --summary --from 01.12.2016
	line 'everybody  01.12.2016-01.12.2026'
	ok report --summary --manager boris
	line '02.11.2026-01.12.2026: there is nothing to count yet of boris'
	ok report --summary --quiet
	out ''
	at '1970-01-02 10:00' # nothing was before the first day of the calendar
	ok report --summary --json
	json pps.report/1 period.from 1970-01-01 period.to 1970-01-02 before null
}

@test "days that make no period" {
	fails 65 '--from: 02.12.2026 is still to come, there is nothing to count yet' report --summary --from tomorrow
	fails 65 '--from 01.12.2026 is after --to 30.11.2026: exchange them' report --summary --from 01.12.2026 --to 30.11.2026
	fails 65 '--from: "31.11.2026": there is no 31 November 2026' report --summary --from 31.11.2026
	fails 64 '--overdue, --today, --checklist and --summary are four reports: choose one' report --summary --overdue
}

@test "ten people with long names stay within 80 columns and about 30 lines" {
	local i
	at '2026-11-30 12:00'
	AS=olga
	for i in 0 1 2 3 4 5 6 7 8 9; do
		ok staff add "konstantinopolskaya.$i" --name "Анна-Мария Константинопольская $i"
		ok add-client --name "Клиент $i" --phone "8 903 111-22-3$i" --manager "konstantinopolskaya.$i" \
			--departure 05.12.2026 --return 06.12.2026
	done
	at '2026-12-20 12:00'
	ok tick
	ok report --summary
	[ "$(wc -L <.out)" -le 80 ]
	[ "$(wc -l <.out)" -le 32 ]
	line 'konstantinopolskaya.7  0 % of 2  2     1'
}

@test "summary: a sale stays with who made it, and a saved call with whoever had it, when others take the work over" {
	at '2026-12-01 14:00'
	maria # anna's
	ok add-client --name 'Ян Ким' --phone 89031112244 --email jan@example.com --departure 16.12.2026 --return 20.12.2026 --manager anna
	at '2026-12-09 16:30' # nobody has called Мария
	ok tick
	ok edit-trip T1 --manager boris
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager boris, sold by anna'
	AS=olga
	ok staff leave anna --to boris
	at '2026-12-20 12:00'
	ok report --summary --json
	json pps.report/1 'managers[manager=anna].figures.sales' 2 'managers[manager=anna].figures.work_saved' 1 \
		'managers[manager=boris].figures.sales' 0 'managers[manager=boris].figures.work_saved' 0
	ok export C1
	json pps.export/1 'occasions[0].about.manager' boris 'occasions[0].about.sold_by' anna
	ok show C2 --json
	json pps.show/1 'trips[0].manager' boris 'trips[0].sold_by' anna
}

@test "edit-trip: another manager on the day of the sale mends it, later --sold-by does; undo takes both back" {
	maria
	ok edit-trip T1 --manager boris
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager boris'
	[ "$(sql 'SELECT sold_by = manager_id FROM occasion')" = 1 ]
	ok undo T1
	line 'the change of T1 is taken back: manager as before, sold-by as before; what is still ahead was planned anew'
	[ "$(sql 'SELECT login FROM occasion o JOIN staff s ON s.id = sold_by')" = anna ]
	at '2026-12-02 10:00'
	AS=olga
	ok staff leave anna --to boris
	ok edit-trip T1 --sold-by olga
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager boris, sold by olga'
	ok log T1
	grep -q 'sold-by anna -> olga' .out
	ok edit-trip T1 --sold-by anna # who has left may have sold it
	fails 66 'sold-by: nobody has the login "vera": there are boris, olga' edit-trip T1 --sold-by vera
	ok edit-trip T1 --sold-by ''
	[ "$(sql 'SELECT coalesce(sold_by, 0) FROM occasion')" = 0 ]
	ok edit-trip T1 --manager olga # it was nobody's sale
	[ "$(sql 'SELECT login FROM occasion o JOIN staff s ON s.id = sold_by')" = olga ]
}
