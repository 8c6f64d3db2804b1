#!/usr/bin/env bats
# The export of a survey service: feedback import.

load helpers
load heard

# answers: the same rows as every test begins with, on standard output. Maria and Pyotr, one of them with line breaks.
answers_csv() {
	printf '%s\r\n' 'ID;Телефон;ФИО;Оценка;Порекомендуете ли вы нас?;Комментарий;Отметка времени' \
		$'1;8 (916) 222 33 44;;5;10;"Всё;\nкак ""обещали""";21.12.2026 10:15:33' \
		'' \
		'2;;Иванова Мария;2;3;плохо;20.12.2026'
}

COLUMNS_RU='columns: id = ID, phone = Телефон, name = ФИО, csat = Оценка, nps = Порекомендуете ли вы нас?, words = Комментарий, at = Отметка времени'

@test "import: who, which trip, what; what follows" {
	listening
	piotr
	answers_csv >answers.csv
	ok feedback import answers.csv
	out <<-E
		line  client
		5     C1 Мария Иванова  taken  F4: they are not happy
		$COLUMNS_RU (UTF-8)
		answers: 2; taken: 2, there already: 0, refused: 0
		not happy: 1, would recommend us: 1
		pps undo takes the import back
	E
	ok show F3
	line 'F3 feedback: CSAT 5, NPS 10, answered 21.12.2026 10:15, manager boris'
	line '  words: Всё; как "обещали"'
	line '  source: survey'
	line '  number of the answer: 1'
	ok show F4
	line 'F4 feedback: CSAT 2, NPS 3, answered 20.12.2026 12:00, manager anna'
	ok today
	grep -q 'Not happy: call  Мария Иванова' .out
	ok timeline T1
	grep -q 'Loyalty  *cancelled  dropped: the client was not happy' .out
	ok log
	line '2026-12-21 15:00  anna    feedback-import                 answers.csv: 2 taken, 0 there already, 0 refused'
}

@test "import: the same file twice changes nothing" {
	listening
	piotr
	answers_csv >answers.csv
	ok feedback import answers.csv --quiet
	dump .before
	at '2026-12-25 10:00'
	ok feedback import answers.csv
	line '2     C2 Пётр Соколов   there already  F3'
	line 'answers: 2; taken: 0, there already: 2, refused: 0'
	unchanged .before
}

@test "import: without numbers and without dates the same file is known, too" {
	listening
	piotr
	printf 'phone,csat,nps,comment\n8 903 123-45-67,5,10,\n8 916 222-33-44,4,8,ok\n8 916 222-33-44,4,8,ok\n' >answers.csv
	ok feedback import answers.csv
	line 'answers: 3; taken: 2, there already: 1, refused: 0'
	at '2027-01-25 10:00'
	ok feedback import answers.csv
	line 'answers: 3; taken: 0, there already: 3, refused: 0'
}

@test "import: a line that is refused stops all of them, or only itself" {
	listening
	piotr
	{
		answers_csv
		printf '%s\n' '3;8 999 000 00 00;;4;8;;' '4;8 916 222-33-44;;7;8;;' '5;8 916 222-33-44;;;;;' '6;;;4;8;;' \
			'7;8 916 222-33-44;;4;8;;22.12.2026' '8;8 916 222-33-44;;4;8;;09.12.2026' '9;12;;4;8;;' '10;8 916 222-33-44;;4;8;;;more'
	} >answers.csv
	dump .before
	answers 65 feedback import answers.csv
	out <<-E
		line  client
		5     C1 Мария Иванова  good     they are not happy
		6                       refused  phone: no client fits
		7                       refused  csat: "7" is no grade: it is a whole number from 1 to 5
		8                       refused  the answer is empty: it needs a grade (csat, nps) or words (plus, words)
		9                       refused  nothing says who answered
		10                      refused  at: 2026-12-22 12:00 is still to come: when did they answer?
		11    C2 Пётр Соколов   refused  C2 has no trip that had begun by then: pps show C2 lists all
		12                      refused  phone: "12" is not a phone number: write 10 digits after 8 or +7, or + and the code of the country
		13                      refused  it has more cells than there are headings: is a quotation mark missing?
		$COLUMNS_RU (UTF-8)
		answers: 10; good: 2, there already: 0, refused: 8
		not happy: 1, would recommend us: 1
	E
	err 'pps: nothing was taken: mend what is refused, or take the rest with --skip-bad'
	unchanged .before
	answers 65 feedback import answers.csv --dry-run
	err ''
	line 'nothing was changed: this was a trial'
	answers 65 feedback import answers.csv --json
	json pps.feedback/1 written false refused 8 taken 2 'lines#' 10 'lines[0].result' taken 'lines[0].feedback' null \
		'lines[0].client' C2 'lines[2].line' 6 'lines[2].result' refused 'lines[2].why' 'phone: no client fits'
	unchanged .before
	ok feedback import answers.csv --skip-bad
	line 'answers: 10; taken: 2, there already: 0, refused: 8'
	ok feedback list
	line 'answers: 2, not happy: 1'
}

@test "import --dry-run: looks and changes nothing" {
	listening
	piotr
	answers_csv >answers.csv
	dump .before
	ok feedback import answers.csv --dry-run
	line 'answers: 2; good: 2, there already: 0, refused: 0'
	line 'nothing was changed: this was a trial'
	unchanged .before
}

@test "undo takes the whole import back, or one answer of it; then it can come again" {
	listening
	piotr
	answers_csv >answers.csv
	ok feedback import answers.csv --quiet
	ok undo F3
	ok undo
	out 'the import is taken back: F3 to F4'
	ok timeline T1
	grep -q 'Loyalty  *pending' .out
	fails 77 'F4 is taken back already' undo F4
	ok feedback import answers.csv --json
	json pps.feedback/1 written true taken 2 there 0 'lines[0].feedback' F5 encoding UTF-8
}

@test "undo after other work does not take an import back without being asked" {
	listening
	piotr
	answers_csv >answers.csv
	ok feedback import answers.csv --quiet
	ok edit-client C1 --note x
	fails 77 'your last work was edit-client, which undo does not take back (change it once more); before it came feedback-import: undo takes back what it did one by one, by its number' \
		undo
	ok undo F4
	out 'F4 (feedback) is taken back: what followed from it that is not done yet is off'
}

@test "import: tabs, commas, a mark at the beginning, UTF-16, Windows-1251" {
	listening
	piotr
	answers_csv >answers.csv
	ok feedback import answers.csv --quiet
	iconv -t CP1251 answers.csv >cp1251.csv
	iconv -t UTF-16 answers.csv >utf16.csv
	{ printf '\xef\xbb\xbf' && cat answers.csv; } >mark.csv
	tr ';' '\t' <answers.csv >tabs.csv
	tr ';' ',' <answers.csv >commas.csv
	tr -d '\r' <answers.csv >unix.csv
	for file in cp1251:Windows-1251 utf16:UTF-16 mark:UTF-8 tabs:UTF-8 commas:UTF-8 unix:UTF-8; do
		ok feedback import "${file%:*}.csv" --dry-run
		line "$COLUMNS_RU (${file#*:})"
		line 'answers: 2; good: 0, there already: 2, refused: 0'
	done
}

@test "import: the client by number, trip, external id, number, address or name" {
	listening
	piotr
	ok edit-client C2 --external-id crm-7
	ok add-trip C2 --departure 2026-12-01 --return 2026-12-05 --purchase 2026-12-01 --destination Рим
	printf '%s\n' 'Клиент,Поездка,E-mail,Имя,NPS' 'C1,,,,1' 'T3,,,,2' 'crm-7,,,,3' ',T2,,,4' ',,MARIA@example.com,,5' \
		',,,Пётр Соколов,6' 'Соколов Пётр,,,,7' '+7 916 2223344,,,,8' 'petr@example.com,,,,9' ',,maria@example.com,Пётр Соколов,10' \
		'C9,,,,1' ',T99,,,1' ',Рим,,,1' 'Соколов,,,,1' >who.csv
	answers 0 feedback import who.csv --skip-bad --json
	json pps.feedback/1 taken 10 refused 4 \
		'lines[0].client' C1 'lines[1].client' C2 'lines[2].client' C2 'lines[3].client' C2 'lines[4].client' C1 \
		'lines[5].client' C2 'lines[6].client' C2 'lines[7].client' C2 'lines[8].client' C2 'lines[9].client' C1 \
		'lines[11].why' 'there is no trip T99: look for it with pps find' \
		'lines[12].why' 'trip: "Рим" is no number of a trip, such as T34' 'lines[13].why' 'client: no client fits'
	[ "$(sql "SELECT group_concat(about_id, ' ') FROM occasion WHERE kind = 'feedback'")" = '1 3 2 2 1 2 2 2 2 1' ]
}

@test "import: who shares a number is told apart by name or address, or refused" {
	listening
	warns 'note: C1 Мария Иванова has the same phone number; if it is the same person, the next sale goes with pps add-trip C1' \
		add-client --name 'Анна Иванова' --phone '8 903 123-45-67' --departure 2026-12-10 --return 2026-12-20 --purchase 2026-12-01
	printf '%s\n' 'phone;name;csat' '8 903 123-45-67;Иванова Анна;5' '8 903 123-45-67;;5' '8 903 123-45-67;Пётр;5' >who.csv
	answers 65 feedback import who.csv
	line '3     refused  phone: fits several clients: C1, C2'
	line '4     refused  phone, name: fits several clients: C1, C2'
	line 'answers: 3; good: 1, there already: 0, refused: 2'
}

@test "import --map: headings of one's own, their beginning, numbers of columns" {
	listening
	printf '%s\n' 'Кто вы, и как вам позвонить?;Довольны ли вы, от 1 до 5?;Ещё слова' '8 903 123-45-67;4 - хорошо;да' >own.csv
	fails 65 'own.csv: no column says who answered: name one with --map phone=HEADING; the headings are "Кто вы, и как вам позвонить?", "Довольны ли вы, от 1 до 5?", "Ещё слова"' \
		feedback import own.csv
	fails 65 'own.csv: no column says what they answered: name one with --map csat=HEADING; the headings are "Кто вы, и как вам позвонить?", "Довольны ли вы, от 1 до 5?", "Ещё слова"' \
		feedback import own.csv --map phone=1
	fails 64 '--map: no column is "нет"; the headings are "Кто вы, и как вам позвонить?", "Довольны ли вы, от 1 до 5?", "Ещё слова"' \
		feedback import own.csv --map phone=нет
	fails 64 '--map: "fone=1": write csat=HEADING,nps=HEADING; the fields are id, client, trip, phone, email, name, csat, nps, plus, words, at, source' \
		feedback import own.csv --map fone=1
	ok feedback import own.csv --map 'phone=Кто вы, и как вам позвонить?,csat=довольны,words=3'
	line 'columns: phone = Кто вы, и как вам позвонить?, csat = Довольны ли вы, от 1 до 5?, words = Ещё слова (UTF-8)'
	ok show F2
	line 'F2 feedback: CSAT 4, answered 21.12.2026 15:00, manager anna'
}

@test "import: times of other services, by the agency's clock" {
	listening
	printf '%s\n' 'phone,timestamp,nps' '8 903 123-45-67,2026-12-21T07:15:33Z,1' '8 903 123-45-67,2026-12-21 07:15:33.123+02:00,2' \
		'8 903 123-45-67,2026/12/21 07:15:33,3' '8 903 123-45-67,21.12.2026 7:15,4' '8 903 123-45-67,12/21/2026 07:15,5' >times.csv
	answers 0 feedback import times.csv --skip-bad
	[ "$(sql "SELECT group_concat(answered, ', ') FROM occasion WHERE kind = 'feedback'")" = \
		'2026-12-21 10:15, 2026-12-21 08:15, 2026-12-21 07:15, 2026-12-21 07:15' ]
	line '6                       refused  at: "12/21/2026 07:15" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d'
}

@test "import: what is no table of answers" {
	listening
	dump .before
	: >empty.csv
	fails 65 'empty.csv is empty: export the answers with their headings' feedback import empty.csv
	fails 66 'cannot open none.csv: No such file or directory' feedback import none.csv
	printf 'phone,csat\n"8 916,5\n' >bad.csv
	fails 65 'bad.csv:2: a quotation mark opens a cell and nothing closes it' feedback import bad.csv
	printf 'phone,csat\n8 91"6,5\n' >bad.csv
	fails 65 'bad.csv:2: a quotation mark inside a cell: it must stand twice, and the cell in quotation marks' \
		feedback import bad.csv
	printf 'phone,csat\n\xd0\x9f\xd0,5\n' >bad.csv
	fails 65 'bad.csv:2: a letter is damaged: save the file as UTF-8 again' feedback import bad.csv
	printf 'phone,csat\n\x00,5\n' >bad.csv
	fails 65 'bad.csv: this is no text: export the answers as CSV' feedback import bad.csv
	fails 64 'usage: pps feedback import FILE.csv [--dry-run] …' feedback import
	fails 64 '--csat does not belong to pps feedback import' feedback import empty.csv --csat 5
	printf 'phone,csat\n' >heads.csv
	ok feedback import heads.csv
	line 'answers: 0; taken: 0, there already: 0, refused: 0'
	unchanged .before
}

@test "import: a number of a row is no number of an answer: next week's first row is taken, and its call is due" {
	listening
	piotr
	for heading in '№' '#' 'N'; do
		printf '%s\n' "$heading;email;nps" '1;maria@example.com;9' >w1.csv
		printf '%s\n' "$heading;email;nps;comment" '1;petr@example.com;1;"ужас, кражи в номере"' >w2.csv
		ok feedback import w1.csv
		line 'columns: email = email, nps = nps (UTF-8)'
		ok feedback import w2.csv
		line 'answers: 1; taken: 1, there already: 0, refused: 0'
		ok today
		grep -q '^boris .* Not happy: call  Пётр Соколов' .out
		ok undo
		ok feedback import w1.csv
		line 'answers: 1; taken: 0, there already: 1, refused: 0'
		ok undo "F$(sql "SELECT max(id) FROM occasion WHERE ended = 0")"
	done
}

@test "import: the number of one answer never stands for another one" {
	listening
	piotr
	printf '%s\n' 'id;email;nps;comment;date' '1;maria@example.com;9;;20.12.2026' >w1.csv
	ok feedback import w1.csv --quiet
	printf '%s\n' 'id;email;nps;comment;date' '1;maria@example.com;9;;21.12.2026' '1;petr@example.com;9;;20.12.2026' \
		'1;maria@example.com;8;;20.12.2026' '1;maria@example.com;9;кражи;20.12.2026' '1;maria@example.com;9;;18.12.2026' >w2.csv
	dump .before
	answers 65 feedback import w2.csv
	local why='id: 1 is the number of another answer, F3 of C1: leave it out if it only counts rows (import: --map id=)'
	out <<-E
		line  client
		2     C1 Мария Иванова  there already  F3
		3     C2 Пётр Соколов   refused        $why
		4     C1 Мария Иванова  refused        $why
		5     C1 Мария Иванова  refused        $why
		6     C1 Мария Иванова  refused        $why
		columns: id = id, email = email, nps = nps, words = comment, at = date (UTF-8)
		answers: 5; good: 0, there already: 1, refused: 4
	E
	err 'pps: nothing was taken: mend what is refused, or take the rest with --skip-bad'
	unchanged .before
	ok feedback import w2.csv --map id=
	line 'answers: 5; taken: 5, there already: 0, refused: 0'
	line 'columns: email = email, nps = nps, words = comment, at = date (UTF-8)'
}

@test "import: the same number twice in one file, for two clients" {
	listening
	piotr
	printf '%s\n' 'response id;email;nps' '1;maria@example.com;9' '1;petr@example.com;1' >one.csv
	answers 65 feedback import one.csv --quiet
	out ''
	err 'pps: 1 of 2 answers are refused, the first in line 3: id: 1 is the number of another answer, F3 of C1: leave it out if it only counts rows (import: --map id=)'
	ok feedback import one.csv --map id=
	line 'answers: 2; taken: 2, there already: 0, refused: 0'
}

@test "import: other words of the same day, with the same grade, are another answer" {
	listening
	printf '%s\n' 'email;nps;comment;date' 'maria@example.com;9;спасибо;20.12.2026' 'maria@example.com;9;кражи;20.12.2026' \
		'maria@example.com;9;;20.12.2026' >words.csv
	ok feedback import words.csv
	line 'answers: 3; taken: 2, there already: 1, refused: 0'
	ok feedback import words.csv
	line 'answers: 3; taken: 0, there already: 3, refused: 0'
}

@test "import: a trip is whose it is" {
	listening
	piotr
	printf '%s\n' 'trip,client,email,nps' 'T1,C2,,9' 'T1,T2,,9' 'T1,,petr@example.com,9' 'T1,нет такого,,9' 'T1,C1,,9' 'T1,T1,,8' \
		'T1,,nobody@example.com,7' 'T1,Мария Иванова,maria@example.com,6' >trips.csv
	answers 65 feedback import trips.csv
	line '2     C1 Мария Иванова  refused  trip: T1 is of C1, and client says somebody else'
	line '3     C1 Мария Иванова  refused  trip: T1 is of C1, and client says somebody else'
	line '4     C1 Мария Иванова  refused  trip: T1 is of C1, and email says somebody else'
	line '5     C1 Мария Иванова  refused  trip: T1 is of C1, and client says somebody else'
	line 'answers: 8; good: 4, there already: 0, refused: 4'
}

@test "import: an answer from before the sale is a slip; a trial says so also when it is told to be quiet" {
	listening
	printf '%s\n' 'trip;nps;date' 'T1;9;20.12.2026' 'T1;9;01.01.1970' >old.csv
	answers 65 feedback import old.csv --dry-run --quiet
	out ''
	err 'pps: 1 of 2 answers are refused, the first in line 3: at: 1970-01-01 is before T1 was bought (2026-12-01): when did they answer?'
	answers 65 feedback import old.csv --dry-run
	err ''
	line '3     C1 Мария Иванова  refused  at: 1970-01-01 is before T1 was bought (2026-12-01): when did they answer?'
}

@test "import: two hundred answers of one client do not plan them two hundred times, nor does undo" {
	listening
	{
		echo 'email;nps;comment'
		for ((i = 1; i <= 200; i++)); do echo "maria@example.com;$((i % 11));$i"; done
	} >many.csv
	ulimit -S -t 20 # seconds of the processor: minutes were needed when each answer planned everything anew
	ok feedback import many.csv
	line 'answers: 200; taken: 200, there already: 0, refused: 0'
	ok undo
	out 'the import is taken back: F2 to F201'
	ok timeline T1
	grep -q 'Loyalty  *pending' .out
}
