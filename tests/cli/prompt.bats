#!/usr/bin/env bats
# add-client asks on a terminal when it is given nothing.

load helpers

# answer STATUS ARG...: add-client on a terminal; the answers come from standard input; what is shown goes to .out.
answer() {
	local expected=$1
	shift
	status=0
	env -i PATH="$BIN" HOME="$PWD/home" PPS_DB=pps.db NO_COLOR=1 ASAN_OPTIONS="${ASAN_OPTIONS-}" \
		UBSAN_OPTIONS="${UBSAN_OPTIONS-}" /usr/bin/python3 -B "$BATS_TEST_DIRNAME/terminal.py" "${RAW[@]}" \
		"$PPS" --now "$NOW" --as anna "$@" >.out || status=$?
	: >.err
	[ "$status" -eq "$expected" ] || _complain "exit status $status instead of $expected"
}
RAW=()

@test "questions one after another, and the timeline at the end" {
	answer 0 add-client <<-'E'
		Мария Иванова

		8 903 123-45-67
		maria@example.com

		10.12.2026 06:40
		20.12.2026
		Анталья
		любит море
	E
	line 'Name (as on the card): How letters address them (Enter: by the name): Phone: E-mail: Date of the purchase (Enter: today): Departure (10.12.2026, or with the hour: 10.12.2026 06:40): Return (with the hour of landing when known): Destination: Note for the card: C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
	line '  note: любит море'
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager anna'
	ok show T1 --json
	json pps.show/1 client.salutation null client.note 'любит море' trip.departure 2026-12-10T06:40 actions# 11
}

@test "a wrong answer is asked again at once, with the reason" {
	answer 0 add-client <<-'E'

		Ева

		8 903
		8 903 111-22-33
		eva

		вчера
		yesterday
		31.02.2027
		20.12.2026
		30.12.2026


	E
	line 'Name (as on the card):   this is needed'
	grep -qF '  phone: "8 903" is not a phone number: write 10 digits after 8 or +7, or + and the code of the country' .out
	grep -qF '  e-mail: "eva" is not an e-mail address: it has no @' .out
	grep -qF '  purchase: "вчера" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' .out
	grep -qF '  departure: "31.02.2027": there is no 31 February 2027' .out
	ok show T1 --json
	json pps.show/1 client.name Ева client.email null trip.purchase 2026-11-30 trip.departure 2026-12-20
}

@test "control characters and broken UTF-8 are asked again, and never shown" {
	RAW=(--raw)
	printf 'a\e[31mb\nc\xff\nЕва\n\n89031112233\n\n\n20.12.2026\n30.12.2026\n\n\n' >answers
	answer 0 add-client <answers
	grep -qF '  name contains a control character (U+001B): type it again by hand' .out
	grep -qF '  name is not valid UTF-8 (byte 2): is the terminal set to UTF-8?' .out
	no_line $'\e'
	ok show C1
	line 'C1 Ева, +7 903 111-22-33'
}

@test "a name of 10 MB is asked again" {
	RAW=(--raw)
	{
		head -c 10000000 /dev/zero | tr '\0' a
		printf '\nЕва\n\n89031112233\n\n\n20.12.2026\n30.12.2026\n\n\n'
	} >answers
	answer 0 add-client <answers
	grep -qF '  name is too long: at most ' .out
	ok show C1
	line 'C1 Ева, +7 903 111-22-33'
}

@test "a name, a destination or a note of any length is judged at its question, as the options are" {
	local letters
	letters=$(printf 'Ж%.0s' {1..2000})
	RAW=(--raw)
	printf '%s\nЕва\n%s\n\n89031112233\n\n\n20.12.2026\n30.12.2026\n%s\n\n%s\n' \
		"${letters:0:121}" "${letters:0:121}" "${letters:0:201}" "$letters" >answers
	answer 0 add-client <answers
	grep -qF '  name is too long: at most 120 characters' .out
	grep -qF '  salutation is too long: at most 120 characters' .out
	grep -qF '  destination is too long: at most 200 characters' .out
	[ "$(sql 'SELECT length(note) FROM client')" -eq 2000 ]
}

@test "a fault that shows only at the end asks again with what was said" {
	RAW=(--raw)
	# Neither phone nor e-mail, and the return before the departure; then the phone, then the return.
	printf 'Ева\n\n\n\n\n20.12.2026\n10.12.2026\nРим\n\n%s%s' \
		$'\n\n89031112233\n\n\n\n\n\n\n' $'\n\n\n\n\n\n30.12.2026\n\n\n' >answers
	answer 0 add-client <answers
	grep -qF '  a client needs a phone number or an e-mail address (--phone, --email): without either nothing can reach them' .out
	grep -qF '  the return (2026-12-10) is before the departure (2026-12-20)' .out
	grep -qF 'Name (as on the card) [Ева]: ' .out
	line 'T1 Рим, 20.12.2026 - 30.12.2026, bought 01.12.2026, manager anna'
	ok show C1
	line 'C1 Ева, +7 903 111-22-33'
}

@test "a sale that is there already is a question" {
	local sale=$'Мария Иванова\n\n89031234567\n\n\n10.12.2026\n20.12.2026\n\n\n'
	RAW=(--raw)
	maria
	printf '%sno\n' "$sale" >answers
	answer 73 add-client <answers
	grep -qF '  this sale is there already: C1, T1 with the same departure; nothing was added (pps edit-trip T1 changes it, --allow-duplicate adds it all the same)' .out
	line 'Enter it all the same? (yes, or Enter for no): pps: the sale was there already: nothing was added'
	[ "$(sql 'SELECT count(*) FROM trip')" -eq 1 ]
	printf '%syes\n' "$sale" >answers
	answer 0 add-client <answers
	[ "$(sql 'SELECT count(*) FROM trip')" -eq 2 ]
}

@test "the end of input: nothing is entered" {
	# Control-D ends the input of a terminal that is not raw.
	printf 'Ева\n\n\004' >answers
	answer 64 add-client <answers
	grep -qF 'pps: the input ended: nothing was entered' .out
	[ "$(sql 'SELECT count(*) FROM client')" -eq 0 ]
}

@test "no questions when anything is given, with --json, or without a terminal" {
	answer 64 add-client --name Ева --phone 89031112233 --departure +1d </dev/null
	out 'pps: the date of the return is missing: --return 2026-12-10'
	answer 64 add-client --json </dev/null
	out 'pps: a client needs a name: --name "Мария Иванова"'
	fails 64 'a client needs a name: --name "Мария Иванова"' add-client
}
