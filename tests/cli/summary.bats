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
	ok done T4/office-call
	at '2026-12-23 12:00'
	ok add-trip C6 --departure 01.03.2027 --return 10.03.2027
	ok feedback add T4 --nps 6 --csat 3
	at '2026-12-24 12:00'
	ok complaint resolve P8 --cause отель --outcome solved --actions 'переселили'
	AS=anna
	ok feedback add T5 --nps 10 --csat 5
	ok done T5/office-call # it was due on the 22nd
	at '2026-12-26 12:00'
	ok tick
	ok complaint add T4 --title 'потеряли чемодан' --promise 30.12.2026 --manager boris
	at '2027-01-05 12:00'
	ok tick
}

@test "every figure of a month is known, beside those of the days before, and by person" {
	december
	ok "${of_december[@]}"
	out <<-'E'
		everybody     01.12.2026-31.12.2026  31.10.2026-30.11.2026
		done on time  29 % of 7              -
		days late     2.0 on average of 1    -
		not done yet  3                      -
		saved by SMS  1                      -
		NPS           0 from 2               -
		CSAT          4.0 on average of 2    -
		sales         2                      1, 1 again (100 %)

		manager  on time    late  left  saved  NPS   sales  rec.  lost
		anna     50 % of 2  2.0                100   1            1
		boris    25 % of 4        2     1      -100  1      1     1
		olga     0 % of 1         1

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
	line 'done on time  50 % of 2              -'
	no_line boris
}
