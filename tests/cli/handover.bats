#!/usr/bin/env bats
# Somebody leaves: their work goes to another in one command, or is nobody's and red; and comes back by undo.

load helpers

# Two trips of anna's, one of boris's, and one of anna's that is long over; two things and a complaint.
work() {
	AS=anna
	maria
	ok add-client --name 'Ева Ли' --phone 89031112233 --email eva@example.com --departure 15.12.2026 --return 20.12.2026
	ok add-client --name 'Ян Ким' --phone 89031112244 --email jan@example.com --departure 16.12.2026 --return 20.12.2026 --manager boris
	sql "INSERT INTO occasion (id, client_id, kind, purchase, departure, return, manager_id, playbook_version, created_at)
			VALUES (4, 1, 'trip', '2026-01-01', '2026-02-01', '2026-02-10', 2, 1, 0);
		INSERT INTO occasion (id, client_id, kind, title, opened, manager_id, playbook_version, created_at)
			VALUES (5, 1, 'complaint', 'номер', '2026-12-01 10:00', 2, 1, 0);
		INSERT INTO complaint (occasion_id, source) VALUES (5, 'phone');
		INSERT INTO thing (id, client_id, kind, title, owner_id, created_at) VALUES (1, 1, 'gift', 'чай', 2, 0), (2, 1, 'album', 'альбом', 2, 0);
		INSERT INTO thing (id, client_id, kind, title, owner_id, handed_at, created_at) VALUES (3, 1, 'card', 'карта', 2, 1, 0);"
	AS=olga
}

managers() {
	sql "SELECT group_concat(coalesce(login, '-'), ' ') FROM (SELECT login FROM occasion o LEFT JOIN staff s ON s.id = manager_id ORDER BY o.id)"
}

owners() {
	sql "SELECT group_concat(coalesce(login, '-'), ' ') FROM (SELECT login FROM thing t LEFT JOIN staff s ON s.id = owner_id ORDER BY t.id)"
}

@test "all open work moves to another in one command; what is over stays" {
	work
	ok staff leave anna --to boris
	out <<-'E'
		anna Анна Петрова has left; boris Борис Ким takes over: 2 trips, 1 complaint, 2 things
		pps undo anna takes it back
	E
	[ "$(managers)" = 'boris boris boris anna boris' ]
	[ "$(owners)" = 'boris boris anna' ]
	ok staff list
	grep -qE '^anna .*has left$' .out
	at '2026-12-09 11:00'
	ok today --manager boris --json
	json pps.today/1 'rows[step=preflight].client' C1 'rows[step=preflight].manager' boris
}

@test "letters that are planned are signed by who has the work now, also one that was made and waits for another try" {
	work
	ok tick
	no_mail_server
	at '2026-12-03 10:00'
	answers 69 tick
	[ "$(sql "SELECT count(*) FROM message WHERE action_id = 2")" -eq 1 ]
	ok staff leave anna --to boris
	rm pps.json
	answers 0 adopt
	at '2026-12-03 12:00'
	ok tick
	letter outbox/*-A2-packing.eml >.out
	grep -q '^From: Борис Ким ' .out
	no_line 'Анна Петрова'
}

@test "a letter of the director that was made and waits for another try is signed by the next director" {
	maria
	no_mail_server
	answers 69 tick
	ok staff add dana --name 'Дана Белова' --role director --position директор
	AS=anna
	ok staff leave olga --to dana
	[ "$(sql 'SELECT count(*) FROM message WHERE action_id = 1')" -eq 0 ]
	ok undo olga
	answers 69 tick
	ok staff leave olga --to dana
	rm pps.json
	answers 0 adopt
	at '2026-12-01 18:00'
	ok tick
	letter outbox/*-A1-thank-you.eml >.out
	grep -q 'Дана Белова' .out
	no_line 'Ольга Смирнова'
}

@test "without --to the work is nobody's, and red" {
	work
	ok staff leave anna
	out <<-'E'
		anna Анна Петрова has left; nobody's work now, and red when it is due: 2 trips, 1 complaint, 2 things
		pps staff leave anna --to LOGIN gives it to somebody, pps undo anna takes it back
	E
	[ "$(managers)" = '- - boris anna -' ]
	ok report
	line "2 open trips are nobody's: T1, T2: pps staff leave anna --to LOGIN, or pps edit-trip T1 --manager LOGIN"
	ok report --json
	json pps.report/1 'nobodys[0]' T1 'nobodys[1]' T2
	ok report --manager boris --json
	no_line 'T1|T2'
	ok today
	line "2 open trips are nobody's: T1, T2: pps staff leave anna --to LOGIN, or pps edit-trip T1 --manager LOGIN"
	answers 78 doctor
	grep -q "^note   trips         2 open trips are nobody's: T1, T2: " .out
	answers 1 report --exit-code --quiet
	ok tick --quiet
	letter outbox/*-A1-thank-you.eml >.out
	no_line 'Анна Петрова'
	at '2026-12-09 11:00'
	ok report --overdue --json
	json pps.report/1 'rows[step=preflight].manager' null 'rows[step=preflight].colour' red
}

@test "who has left already: what is nobody's since goes on, and undo gives it back" {
	work
	ok staff leave anna
	fails 77 "anna has left already; pps staff leave anna --to LOGIN gives on what is nobody's since" staff leave anna
	ok edit-trip T2 --manager olga
	ok staff leave anna --to boris
	out <<-'E'
		anna Анна Петрова has left; boris Борис Ким takes over: 1 trip, 1 complaint, 2 things
		pps undo anna takes it back
	E
	[ "$(managers)" = 'boris olga boris anna boris' ]
	[ "$(owners)" = 'boris boris anna' ]
	ok report
	no_line "nobody's"
	fails 77 "anna has left already, and nothing of theirs is nobody's" staff leave anna --to boris
	ok undo anna
	[ "$(managers)" = 'anna olga boris anna anna' ]
	[ "$(owners)" = 'anna anna anna' ]
}

@test "a trip for which nobody was named is said at once; an agency without people has nobody to name" {
	AS=''
	pps add-client --name 'Ева Ли' --phone 89031112233 --departure 15.12.2026 --return 20.12.2026
	AS=olga
	ok report
	line "1 open trip is nobody's: T1: pps edit-trip T1 --manager LOGIN"
	ok edit-trip T1 --manager boris
	ok report
	no_line "nobody's"
}

@test "undo gives back exactly what was moved, but for what was given on since" {
	work
	ok staff leave anna --to boris
	ok edit-trip T2 --manager olga
	ok undo anna
	out 'anna is back; work that is theirs again: 4; given on since, and left where it is: 1'
	[ "$(managers)" = 'anna olga boris anna anna' ]
	[ "$(owners)" = 'anna anna anna' ]
	fails 77 'anna has not left: there is nothing to take back' undo anna
	ok staff leave boris --to anna
	ok undo
	out 'boris is back; work that is theirs again: 1'
	[ "$(managers)" = 'anna olga boris anna anna' ]
}

@test "who left gets no work, does nothing, and comes back without their old work" {
	work
	ok staff leave anna --to boris
	fails 65 'manager: anna has left' edit-trip T3 --manager anna
	fails 65 'manager: anna has left' add-trip C1 --departure +50d --return +60d --manager anna
	AS=anna fails 77 '--as: anna has left' show C1
	ok staff return anna
	out 'anna Анна Петрова is back; the work stays with whoever has it now: pps edit-trip TRIP --manager anna'
	[ "$(managers)" = 'boris boris boris anna boris' ]
	ok edit-trip T3 --manager anna
	fails 77 'anna has not left: there is nothing to take back' undo anna
}

@test "the last director leaves with a warning, and the next one signs" {
	work
	warns 'note: nobody is director now: what the director signs is signed by the agency; pps staff add or edit --role director' \
		staff leave olga
	out <<-'E'
		olga Ольга Смирнова has left; no work was open
		pps undo olga takes it back
	E
	AS=boris
	ok staff edit boris --role director
	ok tick --quiet
	letter outbox/*-A1-thank-you.eml >.out
	line 'From: Борис Ким (Тёплые страны) <info@warm.example>'
	ok staff return olga
	ok staff leave olga
}

@test "staff leave and return: every slip, and nothing is changed" {
	work
	dump before
	fails 64 'usage: pps staff leave LOGIN [--to LOGIN]' staff leave
	fails 64 'usage: pps staff return LOGIN' staff return
	fails 66 'nobody has the login "ana": did you mean anna?' staff leave ana
	fails 66 '--to: nobody has the login "bris": did you mean boris?' staff leave anna --to bris
	fails 65 '--to: that is anna: give the work to somebody else' staff leave anna --to anna
	fails 77 'anna has not left' staff return anna
	fails 64 '--name belongs to pps staff add and edit' staff leave anna --name x
	fails 64 '--to belongs to pps staff leave' staff edit anna --to boris
	fails 64 '--to belongs to pps staff leave' staff list --to boris
	fails 64 '--to belongs to pps staff leave' staff return anna --to boris
	unchanged before
	ok staff leave boris --to anna
	fails 77 "boris has left already; pps staff leave boris --to LOGIN gives on what is nobody's since" staff leave boris
	fails 65 '--to: boris has left, too: give the work to somebody else' staff leave anna --to boris
}

@test "staff leave and return --json" {
	work
	ok staff leave anna --to boris --json
	json pps.staff/1 staff.login anna staff.active false to boris 'moved[what=trip].count' 2 'moved[what=lost].count' 0 'moved[what=complaint].count' 1 'moved[what=thing].count' 2
	ok staff return anna --json
	json pps.staff/1 staff.login anna staff.active true
	ok log
	grep -qE 'olga +staff-leave +anna, the work to boris$' .out
}
