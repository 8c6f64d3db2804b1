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
