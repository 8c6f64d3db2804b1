#!/usr/bin/env bats
# A sale: add-client and add-trip, dates, hot tours, doubles, and what people type into the fields.

load helpers

# sale [ARG...]: the least that add-client takes, for a client with a phone and no e-mail; options may be added.
sale() {
	add_client "$@" --name 'Пётр Орлов' --phone '+7 903 765-43-21'
}

add_client() {
	ok add-client "$@"
}

# refuses STATUS TEXT ARG...: an add-client that is refused; the test ends with nothing_entered.
refuses() {
	local expected=$1 text=$2
	shift 2
	fails "$expected" "$text" add-client "$@"
}

nothing_entered() {
	[ "$(sql 'SELECT (SELECT count(*) FROM client) + (SELECT count(*) FROM occasion) + (SELECT count(*) FROM action)')" -eq 0 ]
}

@test "an early booking: the whole timeline" {
	maria
	out <<-'E'
		C1 Мария Иванова, +7 903 123-45-67, maria@example.com
		T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager anna
		id   due               by      step                        state
		A1   2026-12-01 14:00  e-mail  Thank you                   pending
		A2   2026-12-03 10:00  e-mail  Packing tips                pending
		A3   2026-12-08 10:00  e-mail  Photo challenge             pending
		A4   2026-12-09 10:00  call    Pre-flight call             pending  SMS after 2026-12-09 16:00
		A5   2026-12-09 19:30  SMS     Bon voyage                  pending
		A6   2026-12-20 12:00  SMS     Welcome back                pending
		A7   2026-12-21 10:00  e-mail  Welcome home                pending
		A8   2026-12-22 11:00  call    Call: invite to the office  pending
		A9   2026-12-23 10:00  e-mail  Loyalty programme           pending
		A10  2026-12-25 10:00  e-mail  Story of a referred client  pending
		A11  2026-12-27 10:00  e-mail  Will you tell others?       pending
		A12  2027-03-20 10:00  e-mail  Second survey               pending
		A13  2027-08-17 10:00  e-mail  Time to plan the next trip  pending
		A14  2027-12-10 10:00  e-mail  A year ago                  pending
		Visit to the office: waits until the visit is agreed
	E
}

@test "add-client --json: client, trip, actions" {
	maria --json
	json pps.add-client/1 client.id C1 client.name 'Мария Иванова' client.phone '"+79031234567"' \
		client.email maria@example.com client.created 2026-12-01T14:00:00+03:00 client.lang null \
		trip.id T1 trip.client C1 trip.departure 2026-12-10T06:40 trip.return 2026-12-20 trip.purchase 2026-12-01 \
		trip.visit null trip.manager anna trip.cancelled false trip.destination Анталья note null \
		actions# 14 'actions[0].id' A1 'actions[0].due' 2026-12-01T14:00:00+03:00 \
		'actions[step=preflight].channel' call 'actions[step=preflight].state' pending \
		'actions[step=preflight].fallback_at' 2026-12-09T16:00:00+03:00 'actions[step=preflight].manager' anna \
		'actions[step=bon-voyage].expires' 2026-12-09T21:00:00+03:00 'actions[step=office-call].expires' null \
		'actions[0]*' 'id occasion trip client step channel state due due_local expires manager reason cause fallback_at merged_into attempts outcome note done done_by'
}

@test "every field of the card" {
	ok add-client --name ' John  Smith ' --salutation 'Mr Smith' --email John.Smith@Example.COM --lang en \
		--tz Asia/Tokyo --birthday 12.03.1985 --note 'likes the sea' --external-id crm-77 --manager boris \
		--purchase 25.11.2026 --departure 2026-12-30 --return 2027-01-08 --json
	json pps.add-client/1 client.name 'John  Smith' client.salutation 'Mr Smith' client.email John.Smith@example.com \
		client.phone null client.lang en client.tz Asia/Tokyo client.birthday 1985-03-12 client.note 'likes the sea' \
		client.external_id crm-77 trip.manager boris trip.purchase 2026-11-25 trip.note null
	ok show crm-77
	out <<-'E'
		C1 John  Smith, John.Smith@example.com
		  salutation: Mr Smith
		  language: en
		  zone: Asia/Tokyo
		  birthday: 1985-03-12
		  note: likes the sea
		  external id: crm-77
		T1 30.12.2026 - 08.01.2027
		pps timeline TRIP shows what is planned and what was done
	E
}

# bats test_tags=long
@test "who travels, as it is typed" {
	local typed
	for typed in 1 2 1+0 2+1 99+99; do
		sale --departure +20d --return +30d --party "$typed" --allow-duplicate --json
		[[ $typed = *+* ]] || typed=$typed+0
		json pps.add-client/1 trip.adults "${typed%+*}" trip.children "${typed#*+}"
	done
	ok add-trip C1 --departure +40d --return +50d --party 2+2 --json
	json pps.add-trip/1 trip.adults 2 trip.children 2
	ok add-trip C1 --departure +60d --return +70d --json
	json pps.add-trip/1 trip.adults null trip.children null
	ok show C1
	grep -q '^T1 .*, party 1+0$' .out
	dump before
	for typed in x 2+ +1 2-1 2+1+1 '2 + 1' 100 1+100 -1 2,1 ' '; do
		fails 65 'party: write 2+1 for two adults and a child, 2 for two adults' \
			add-trip C1 --departure +80d --return +90d --party "$typed"
	done
	for typed in 0 0+2 00; do
		fails 65 'party: at least one adult travels; leave it out when that is not so' \
			add-trip C1 --departure +80d --return +90d --party "$typed"
	done
	unchanged before
}

@test "messages go by the client's own clock, calls by ours, which says what hour it is there" {
	sale --departure 10.12.2026 --return 20.12.2026 --tz Asia/Vladivostok --json
	json pps.add-client/1 'actions[step=bon-voyage].due_local' 2026-12-10T08:00 \
		'actions[step=bon-voyage].due' 2026-12-10T01:00:00+03:00 \
		'actions[step=preflight].due_local' 2026-12-09T10:00 'actions[step=preflight].due' 2026-12-09T10:00:00+03:00
	ok timeline T1
	line 'times of messages are those of Asia/Vladivostok, times of calls and visits ours'
	grep -q '^A4 *2026-12-09 10:00, 17:00 at theirs *call ' .out
}

@test "whose sale it is: as given, else whoever enters it, else nobody's" {
	sale --departure +20d --return +30d
	grep -q ', manager anna$' .out
	ok add-trip C1 --departure +41d --return +50d --manager boris
	grep -q ', manager boris$' .out
	ok add-trip C1 --departure +52d --return +60d --manager ''
	grep -q ', manager nobody$' .out
	AS='' warns 'note: "tester" is not on the staff, so this trip is nobody'"'"'s work: pps edit-trip T4 --manager LOGIN' \
		add-trip C1 --departure +63d --return +70d
	grep -q ', manager nobody$' .out
}

# bats test_tags=long
@test "all forms of dates" {
	local form
	for form in 2026-12-10 10.12.2026 ' 10.12.2026 ' +9d 2026-12-10T06:40 '2026-12-10 06:40' '10.12.2026 06:40' \
		'10.12.2026 6:40' '+9d 06:40' 2026-12-10T06:40:00; do
		sale --departure "$form" --return 20.12.2026 --allow-duplicate --json
		case $form in
		*:40*) json pps.add-client/1 trip.departure 2026-12-10T06:40 ;;
		*) json pps.add-client/1 trip.departure 2026-12-10 ;;
		esac
	done
	sale --purchase yesterday --departure today --return tomorrow --json
	json pps.add-client/1 trip.purchase 2026-11-30 trip.departure 2026-12-01 trip.return 2026-12-02
	sale --purchase -2w --departure +1w --return '+2w' --json
	json pps.add-client/1 trip.purchase 2026-11-17 trip.departure 2026-12-08 trip.return 2026-12-15
}

# bats test_tags=long
@test "dates that do not exist, or are none" {
	local -A wrong=(
		[31.02.2027]=': there is no 31 February 2027'
		[29.02.2027]=': there is no 29 February 2027'
		[2027-04-31]=': there is no 31 April 2027'
		[2026-13-10]=': there is no month 13'
		[00.12.2026]=': there is no 0 December 2026'
		[1969-12-31]=': the year must be between 1970 and 2199'
		[01.01.2200]=': the year must be between 1970 and 2199'
		[10.12.26]=' is not a date: write the year in four digits, as in 10.12.2026'
		[10/12/2026]=' is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d'
		[soon]=' is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d'
		[+3]=' is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d'
		[2026-12-10x]=' is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d'
		[+999999d]=': the date is not between the years 1970 and 2199'
		['2026-12-10 24:00']=': "24:00" is not a time of day: write 06:40 (00:00 to 23:59)'
		['2026-12-10 6.40']=': "6.40" is not a time of day: write 06:40 (00:00 to 23:59)'
		['2026-12-10 06:60']=': "06:60" is not a time of day: write 06:40 (00:00 to 23:59)'
	)
	local text
	for text in "${!wrong[@]}"; do
		refuses 65 "departure: \"$text\"${wrong[$text]}" --name Я --phone 89031234567 --departure "$text" --return +30d
		refuses 65 "return: \"$text\"${wrong[$text]}" --name Я --phone 89031234567 --departure +1d --return "$text"
	done
	refuses 65 'departure: "�[31m" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' \
		--name Я --phone 89031234567 --departure $'\e[31m' --return +30d
	refuses 65 'purchase: a date without an hour' --name Я --phone 89031234567 --departure +1d --return +2d \
		--purchase 'today 10:00'
	nothing_entered
}

@test "29 February, the first day and the last one" {
	sale --departure 29.02.2028 --return 01.03.2028 --json
	json pps.add-client/1 trip.departure 2028-02-29 trip.return 2028-03-01
	sale --purchase 2199-12-01 --departure 2199-12-30 --return 2199-12-31 --json
	json pps.add-client/1 trip.return 2199-12-31
	sale --purchase 1970-01-01 --departure 1970-01-02 --return 1970-01-03 --json
	json pps.add-client/1 trip.purchase 1970-01-01 'actions[0].state' cancelled
}

@test "dates in the wrong order" {
	refuses 65 'the return (2026-12-09) is before the departure (2026-12-10)' \
		--name Я --phone 89031234567 --departure 2026-12-10 --return 2026-12-09
	refuses 65 'the return (2026-12-10 06:00) is before the departure (2026-12-10 06:40)' \
		--name Я --phone 89031234567 --departure '2026-12-10 06:40' --return '2026-12-10 06:00'
	refuses 65 'the departure (2026-12-09) is before the purchase (2026-12-10)' \
		--name Я --phone 89031234567 --purchase 2026-12-10 --departure 2026-12-09 --return 2026-12-12
	nothing_entered
	sale --departure '2026-12-10 06:40' --return '2026-12-10 22:15'
}

@test "what is missing is asked for by the option's name" {
	refuses 64 'a client needs a name: --name "Мария Иванова"' --departure +1d --return +2d
	refuses 64 'a client needs a name: --name "Мария Иванова"'
	refuses 65 'name: a client needs a name (--name "Мария Иванова")' --name '  ' --phone 89031234567
	refuses 65 'a client needs a phone number or an e-mail address (--phone, --email): without either nothing can reach them' \
		--name Я --departure +1d --return +2d
	refuses 64 'the date of the departure is missing: --departure 2026-12-10' --name Я --phone 89031234567 --return +2d
	refuses 64 'the date of the return is missing: --return 2026-12-10' --name Я --phone 89031234567 --departure +2d
	refuses 64 'the date of the departure is missing: --departure 2026-12-10' \
		--name Я --phone 89031234567 --departure '' --return +2d
	nothing_entered
}

# bats test_tags=long
@test "fields that are no such thing" {
	local -a base=(--name Я --email ya@example.com --departure +20d --return +30d)
	refuses 65 'phone: "x" is not a phone number: it has letters' "${base[@]}" --phone x
	refuses 65 'phone: "8 903 123-45-6" is not a phone number: a digit is missing: after 8 or +7 come ten' \
		"${base[@]}" --phone '8 903 123-45-6'
	refuses 65 'phone: "8 903 123-45" is not a phone number: write 10 digits after 8 or +7, or + and the code of the country' \
		"${base[@]}" --phone '8 903 123-45'
	refuses 65 'phone: "+7 903 123-45-67, +7 903" is not a phone number: write one number' \
		"${base[@]}" --phone '+7 903 123-45-67, +7 903'
	refuses 65 'e-mail: "ya" is not an e-mail address: it has no @' --name Я --email ya
	refuses 65 'e-mail: "a@b@c.org" is not an e-mail address: it has more than one @' --name Я --email a@b@c.org
	refuses 65 'e-mail: "a@c.org�Bcc: x@y.org" is not an e-mail address: it contains a control character' \
		--name Я --email $'a@c.org\rBcc: x@y.org'
	refuses 65 'language: two small letters, such as ru, en or bg' "${base[@]}" --lang RU
	refuses 65 'time zone: unknown time zone "Moscow": did you mean Europe/Moscow?' "${base[@]}" --tz Moscow
	refuses 65 'time zone: unknown time zone "../../etc/passwd": use a name such as Europe/Moscow' \
		"${base[@]}" --tz ../../etc/passwd
	refuses 65 'birthday: write 1985-03-12 or 12.03.1985' "${base[@]}" --birthday 12/03/1985
	refuses 65 'birthday: 1985-02-30 is no day from 1900 until today' "${base[@]}" --birthday 1985-02-30
	refuses 65 'birthday: 2026-12-02 is no day from 1900 until today' "${base[@]}" --birthday 2026-12-02
	refuses 66 'manager: nobody has the login "ann": did you mean anna?' "${base[@]}" --manager ann
	sql "UPDATE staff SET active = 0 WHERE login = 'boris'"
	refuses 65 'manager: boris has left' "${base[@]}" --manager boris
	nothing_entered
}

# bats test_tags=long
@test "a name needs something to see" {
	local name
	for name in $'\u200b' $'\u2060\u200d ' $'\u00ad' $'\u3000' $'\u3164' $'\ufeff' $'\u0301'; do
		fails 65 'name: a client needs a name (--name "Мария Иванова")' \
			add-client --name "$name" --phone 89031234567 --departure +20d --return +30d
	done
	maria
	fails 65 'name: a client needs a name' edit-client C1 --name $'\u200b'
	fails 64 'a person needs a name: --name "Анна Петрова"' staff edit anna --name $'\u200b'
	ok edit-client C1 --name $'Ма\u200dрия' # a sign between visible ones stays
	ok edit-client C1 --name '李'
}

# bats test_tags=long
@test "broken UTF-8 and control characters in every text" {
	local option field bad
	local -a base=(--email ya@example.com --departure +20d --return +30d)
	for option in name salutation note external-id destination; do
		field=${option/-/ }
		local -a rest=("${base[@]}")
		[ "$option" = name ] || rest+=(--name Я)
		refuses 65 "$field is not valid UTF-8 (byte 2): is the terminal set to UTF-8?" "${rest[@]}" "--$option" $'a\xff'
		refuses 65 "$field is not valid UTF-8 (byte 1): is the terminal set to UTF-8?" "${rest[@]}" "--$option" $'\xc0\xaf'
		refuses 65 "$field is not valid UTF-8 (byte 1): is the terminal set to UTF-8?" "${rest[@]}" "--$option" $'\xed\xa0\x80'
		for bad in $'\e[31m':001B $'\t.':0009 $'.\n.':000A $'.\r.':000D $'\x7f':007F $'\u202e':202E $'\u2028':2028 $'\u0085':0085; do
			refuses 65 "$field contains a control character (U+${bad##*:}): type it again by hand" \
				"${rest[@]}" "--$option" "x${bad%:*}y"
		done
	done
	refuses 65 'phone: "�" is not a phone number: it is not UTF-8 text' --name Я --phone $'\xff'
	refuses 65 'e-mail: "�@b.org" is not an e-mail address: it has non-ASCII characters: write the domain in its xn-- form' \
		--name Я --email $'\xff@b.org'
	refuses 65 'time zone: unknown time zone "�": use a name such as Europe/Moscow' "${base[@]}" --name Я --tz $'\xff'
	refuses 66 'manager: nobody has the login "�": there are anna, boris, olga' "${base[@]}" --name Я --manager $'\xff'
	nothing_entered
}

@test "what is pasted: signs that nobody sees are left out, and blanks are blanks" {
	ok add-client --name $'\ufeffМа\u00adрия\u200b\u00a0Иванова\u2060' --salutation $'Мария\u202fИвановна' --email m@example.org \
		--departure +20d --return +30d
	ok edit-client C1 --note $'собака\u00a0— Рекс \u2764\ufe0f\u200d\U1f525'
	ok show C1 --json
	json pps.show/1 '.client.name' 'Мария Иванова' '.client.salutation' 'Мария Ивановна' \
		'.client.note' $'собака — Рекс \u2764\ufe0f\u200d\U1f525'
	ok find 'мария иванова'
	answers 73 add-client --name 'Мария Иванова' --email m@example.org --departure +20d --return +30d
}

@test "texts that are too long" {
	local -a base=(--email ya@example.com --departure +20d --return +30d)
	local letters
	letters=$(printf 'Ж%.0s' {1..2001})
	refuses 65 'name is too long: at most 120 characters' "${base[@]}" --name "${letters:0:121}"
	refuses 65 'name is too long: at most 120 characters' "${base[@]}" --name "$(head -c 65000 /dev/zero | tr '\0' a)"
	refuses 65 'salutation is too long: at most 120 characters' "${base[@]}" --name Я --salutation "${letters:0:121}"
	refuses 65 'external id is too long: at most 120 characters' "${base[@]}" --name Я --external-id "${letters:0:121}"
	refuses 65 'destination is too long: at most 200 characters' "${base[@]}" --name Я --destination "${letters:0:201}"
	refuses 65 'note is too long: at most 2000 characters' "${base[@]}" --name Я --note "$letters"
	nothing_entered
	add_client "${base[@]}" --name "${letters:0:120}" --note "${letters:0:2000}" --destination "${letters:0:200}"
}

@test "what could be taken for something else is only text" {
	sale --departure +20d --return +30d --note '%s%n {{name}} <b> "); DROP TABLE client; --' --destination "O'Хара"
	line '  note: %s%n {{name}} <b> "); DROP TABLE client; --'
	sql 'SELECT note FROM client' >.out
	line '%s%n {{name}} <b> "); DROP TABLE client; --'
}

# bats test_tags=long
@test "a database written by others: escapes in it never reach the terminal" {
	maria
	sql "UPDATE client SET name = char(27) || '[2J' || char(8238) || 'x', note = 'a' || char(10) || char(155) || 'b'"
	sql "UPDATE occasion SET title = char(7) || char(27) || ']0;x'"
	sql "CREATE TEMP TABLE evil AS SELECT char(27) || '[2J' || char(8238) || char(155) || char(13) || 'x' AS word;
		UPDATE staff SET name = (SELECT word FROM evil), position = (SELECT word FROM evil);
		UPDATE action SET reason = (SELECT word FROM evil);
		UPDATE action SET state = 'claimed' WHERE id = 2; UPDATE action SET state = 'at_risk' WHERE id = 2;
		UPDATE action SET state = 'in_doubt' WHERE id = 2;
		INSERT INTO message SELECT 2, 'email', word, word, CAST(word AS BLOB), word, word, 1796000000 FROM evil;
		INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome, provider_id, reply, seq)
			SELECT 2, 1, word, 1796000000, 1796000000, 1796000060, 'in_doubt', word, word, NULL FROM evil;
		INSERT INTO audit (at, actor, verb, client_id, occasion_id, action_id, detail)
			SELECT 1796000000, word, word, 1, 1, 2, word FROM evil"
	at '2026-12-09 12:00'
	for command in 'show C1' 'show T1' 'timeline T1' today 'report --today' 'report --checklist' 'report --overdue' \
		'script T1/preflight' 'find maria' 'why T1/preflight' 'why A2' log 'log A2' doubt 'staff list' 'tick --dry-run' 'edit-client C1 --lang en'; do
		# shellcheck disable=SC2086 # words
		ok $command
		[ -s .out ]
		if LC_ALL=C grep -q -e $'[\x01-\x08\x0b-\x1f\x7f]' -e $'\xe2\x80\xae' -e $'\xc2\x9b' .out; then
			_complain 'an escape got through' "$command"
		fi
	done
}

# ---- hot tours ----

@test "bought two days before: tips come with the thanks, no challenge, the reminder stays" {
	ok add-client --name 'Ева' --email eva@example.com --phone 89031112233 \
		--departure '03.12.2026 06:40' --return 10.12.2026
	line 'A1   2026-12-01 14:00  e-mail  Thank you                   pending'
	line 'A4   2026-12-02 10:00  call    Pre-flight call             pending    SMS after 2026-12-02 16:00'
	line 'A5   2026-12-02 19:30  SMS     Bon voyage                  pending'
	line 'A2   -                 -       Packing tips                cancelled  merged into thank-you: bought 2 days before the departure'
	line 'A3   -                 -       Photo challenge             cancelled  dropped: bought 2 days before the departure'
	json_of_actions
}

json_of_actions() {
	ok timeline T1 --json
	json pps.timeline/1 'actions[step=packing].state' cancelled 'actions[step=packing].cause' merged \
		'actions[step=packing].merged_into' thank-you 'actions[step=challenge].cause' late \
		'actions[step=packing].expires' null
}

@test "sold today, flies tomorrow: thanks with the tips, and the reminder at once" {
	ok add-client --name 'Ева' --email eva@example.com --phone 89031112233 --departure +1d --return +8d
	line 'A2   -                 -       Packing tips                cancelled  merged into thank-you: bought 1 day before the departure'
	line 'A4   2026-12-01 14:00  call    Pre-flight call             pending    at once: bought 1 day before the departure; SMS after 2026-12-01 16:00'
	at '2026-12-01 14:05'
	ok tick
	out '1 sent'
	# The tips are in the one letter that went.
	letter outbox/*thank-you.eml | grep -qi паспорт
	at '2026-12-01 16:00'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
}

@test "sold after the cut-off for tomorrow: an hour to call, and then the machine takes the reminder" {
	at '2026-12-01 18:00'
	ok add-client --name 'Ева' --phone 89031112233 --departure '02.12.2026 11:00' --return +8d
	line 'A4   2026-12-01 18:00  call  Pre-flight call             pending    at once: bought 1 day before the departure; SMS after 2026-12-01 19:00'
	ok tick
	out '1 sent'
	at '2026-12-01 19:00'
	ok tick
	out '1 sent, 1 no longer to be called: a message instead'
}

@test "sold today, flies today" {
	ok add-client --name 'Ева' --phone 89031112233 --departure 'today 20:00' --return 'tomorrow 06:00'
	line 'A4   2026-12-01 14:00  call  Pre-flight call             pending    at once: bought on the day of the departure; SMS after 2026-12-01 15:00'
	line 'A5   -                 -     Bon voyage                  cancelled  dropped: bought on the day of the departure'
}

@test "a purchase entered a week late: the thanks at once with the tips, and no challenge" {
	ok add-client --name 'Ева' --email eva@example.com --phone 89031112233 --purchase -7d --departure +2d --return +9d
	line 'A1   2026-12-01 14:00  e-mail  Thank you                   pending    at once: its time (2026-11-24 09:00) had passed when it was planned'
	line 'A2   -                 -       Packing tips                cancelled  merged into thank-you: its time (2026-11-26 10:00) had passed when it was planned'
	no_line '^A3 .*pending'
}

@test "a trip that is over when it is entered: nothing before the return" {
	ok add-client --name 'Ева' --email eva@example.com --phone 89031112233 --purchase -20d --departure -10d --return -1d
	no_line '^A[1-6] .*pending'
	line 'A8   2026-12-02 11:00  call    Call: invite to the office  pending'
}

# ---- ways to the client ----

@test "no e-mail: steps go by SMS, or are dropped when they cannot" {
	sale --departure 10.12.2026 --return 20.12.2026
	line 'A1   2026-12-01 14:00  SMS   Thank you                   pending    by SMS: the client has no e-mail address'
	line 'A10  -                 -     Story of a referred client  cancelled  dropped: the client has no e-mail address'
}

@test "no phone: calls and SMS become letters" {
	ok add-client --name 'Ева' --email eva@example.com --departure 10.12.2026 --return 20.12.2026
	line 'A4   2026-12-09 10:00  e-mail  Pre-flight call             pending  by e-mail: the client has no phone number'
	line 'A5   2026-12-10 08:00  e-mail  Bon voyage                  pending  by e-mail: the client has no phone number'
	line 'A8   2026-12-22 11:00  e-mail  Call: invite to the office  pending  by e-mail: the client has no phone number'
}

@test "calls fall on working days, the pre-flight one earlier, the office one later" {
	# 14.12.2026 is a Monday, 18.12.2026 a Friday.
	ok add-client --name 'Ева' --phone 89031112233 --departure 14.12.2026 --return 18.12.2026
	line 'A4   2026-12-11 10:00  call  Pre-flight call             pending    SMS after 2026-12-13 16:00'
	line 'A8   2026-12-21 11:00  call  Call: invite to the office  pending'
}

# ---- doubles ----

@test "the same sale twice is refused, unless it is meant" {
	maria
	dump before
	local text='this sale is there already: C1, T1 with the same departure; nothing was added (pps edit-trip T1 changes it, --allow-duplicate adds it all the same)'
	fails 73 "$text" add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 10.12.2026 --return 20.12.2026
	fails 73 "$text" add-client --name 'МАРИЯ ИВАНОВА' --email maria@EXAMPLE.com --departure '10.12.2026 09:00' --return 21.12.2026
	unchanged before
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 10.12.2026 --return 20.12.2026 --allow-duplicate
	[ "$(sql 'SELECT count(*) FROM client')" -eq 2 ]
}

@test "a cancelled sale may be entered again" {
	maria
	ok cancel-trip T1
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 10.12.2026 --return 20.12.2026
}

@test "another person with the same number is entered, and mentioned" {
	maria
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Пётр Иванов' --phone '+79031234567' --departure 10.12.2026 --return 20.12.2026
	line 'C2 Пётр Иванов, +7 903 123-45-67'
	ok add-client --name 'Ева' --email maria@example.com --departure 10.12.2026 --return 20.12.2026 --json
	json pps.add-client/1 client.id C3 \
		note 'C1 Мария Иванова has the same e-mail address; if it is the same person, the next sale goes with pps add-trip C1'
	warns 'note: C1 Мария Иванова has the same e-mail address; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Ян' --email maria@example.com --departure 10.12.2026 --return 20.12.2026 --quiet
	out ''
}

@test "an external id belongs to one client" {
	maria --external-id 77
	dump before
	fails 73 'the external id belongs to C1 already: nothing was added' \
		add-client --name Ева --phone 89031112233 --departure +20d --return +30d --external-id 77
	unchanged before
}

# ---- add-trip ----

@test "add-trip: a further sale to a known client" {
	maria
	ok add-trip C1 --departure '10.02.2027 23:55' --return 20.02.2027 --destination Дубай --note 'второй раз' --manager boris
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
	line 'T2 Дубай, 10.02.2027 23:55 - 20.02.2027, bought 01.12.2026, manager boris'
	line '  note: второй раз'
	ok add-trip 'мария' --departure +200d --return +210d --json
	json pps.add-trip/1 client.id C1 trip.id T3 trip.client C1 trip.manager anna trip.note null actions# 14
	ok show C1
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026'
	line 'T2 Дубай, 10.02.2027 23:55 - 20.02.2027'
}

@test "add-trip: every slip" {
	maria
	dump before
	fails 66 'there is no client C9: look for them with pps find' add-trip C9 --departure +50d --return +60d
	fails 66 'no client fits "Сидоров": look for them with pps find' add-trip Сидоров --departure +50d --return +60d
	fails 64 'the date of the departure is missing: --departure 2026-12-10' add-trip C1
	fails 64 'the date of the return is missing: --return 2026-12-10' add-trip C1 --departure +50d
	fails 65 'the return (2027-01-19) is before the departure (2027-01-20)' add-trip C1 --departure +50d --return +49d
	fails 65 'departure: "31.02.2027": there is no 31 February 2027' add-trip C1 --departure 31.02.2027 --return +49d
	fails 65 'destination is not valid UTF-8 (byte 1): is the terminal set to UTF-8?' \
		add-trip C1 --departure +50d --return +60d --destination $'\xff'
	fails 65 'note contains a control character (U+001B): type it again by hand' \
		add-trip C1 --departure +50d --return +60d --note $'\e'
	fails 66 'manager: nobody has the login "x": there are anna, boris, olga' \
		add-trip C1 --departure +50d --return +60d --manager x
	fails 64 'unknown option --phone: see pps add-trip --help' add-trip C1 --phone 89031234567
	fails 73 'this sale is there already: C1, T1 with the same departure; nothing was added (pps edit-trip T1 changes it, --allow-duplicate adds it all the same)' \
		add-trip C1 --departure 10.12.2026 --return 20.12.2026
	unchanged before
	ok add-trip C1 --departure 10.12.2026 --return 20.12.2026 --allow-duplicate
	line 'T2 10.12.2026 - 20.12.2026, bought 01.12.2026, manager anna'
}

@test "add-trip: words that fit several clients name them" {
	maria
	ok add-client --name 'Пётр Иванов' --phone 89031112233 --departure +20d --return +30d
	fails 65 '"иванов" fits several clients, say which: C1 Мария Иванова, C2 Пётр Иванов' \
		add-trip иванов --departure +50d --return +60d
}

@test "--quiet keeps what somebody must look at" {
	fails 65 'the departure (2062-12-20) is more than three years after the purchase (2026-12-01): is the year right?' --quiet \
		add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 20.12.2062 --return 25.12.2062
	warns 'note: the departure is on 20.12.2028: is the year right?' --quiet \
		add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --departure 20.12.2028 --return 25.12.2028
	out ''
	warns 'note: the trip lasts 360 days: are the years right?' add-trip C1 --quiet --departure 20.12.2026 --return 15.12.2027
	out ''
	warns 'note: the purchase is in the future: is the date right?' \
		add-trip C1 --quiet --purchase 02.12.2026 --departure 20.02.2028 --return 25.02.2028
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --quiet --name 'Пётр Иванов' --phone '8 903 123-45-67' --departure 11.12.2026 --return 20.12.2026
	AS='' warns 'note: "tester" is not on the staff, so this trip is nobody'"'"'s work: pps edit-trip T5 --manager LOGIN' \
		add-trip C2 --quiet --departure 11.02.2027 --return 20.02.2027
	out ''
	# What only helps who reads along goes.
	ok find Иван --quiet
	out ''
}

# bats test_tags=long
@test "a trip at the time of another one of the same client: a remark names it" {
	maria # 10.12. - 20.12.
	warns 'note: they travel then already: T1 10.12.2026 - 20.12.2026; pps edit-trip T1 changes it' \
		add-trip C1 --departure 11.12.2026 --return 21.12.2026
	warns 'note: they travel then already: T1 10.12.2026 - 20.12.2026; pps edit-trip T1 changes it' \
		add-trip C1 --departure '09.12.2026 06:40' --return 11.12.2026
	warns 'note: they travel then already: T1 10.12.2026 - 20.12.2026; pps edit-trip T1 changes it' \
		add-trip C1 --quiet --departure 12.12.2026 --return 13.12.2026
	ok cancel-trip T2
	ok cancel-trip T3
	ok cancel-trip T4
	# Home, and off again the same day; before it; and what is known to be right.
	ok add-trip C1 --departure 20.12.2026 --return 25.12.2026
	ok add-trip C1 --departure 05.12.2026 --return 10.12.2026
	ok add-trip C1 --departure 11.12.2026 --return 12.12.2026 --allow-duplicate
	# Of a trip that is off, or somebody else's, nothing is said.
	ok cancel-trip T1
	ok cancel-trip T7
	ok add-trip C1 --departure 11.12.2026 --return 19.12.2026
	ok add-client --name 'Ян Ким' --email jan@example.com --departure 12.12.2026 --return 19.12.2026
	ok add-trip C1 --departure 21.12.2026 --return 24.12.2026 --json
	json pps.add-trip/1 note 'they travel then already: T5 20.12.2026 - 25.12.2026; pps edit-trip T5 changes it'
}
