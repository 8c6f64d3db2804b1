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
