#!/usr/bin/env bats
# The command line itself: options, words, slips, the environment, colours, broken pipes, exit statuses.

load helpers

SAY="say what to do: pps today is the day's work, pps help lists the commands"

# How many commands there are.
table() {
	grep -c '^    COMMAND(cmd_' "$BATS_TEST_DIRNAME/../../src/cli/commands.c"
}

@test "without a word: says what to do, and where to look" {
	fails 64 "$SAY"
}

@test "an unknown command, and one that was nearly right" {
	fails 64 'there is no command "frobnicate": pps help lists them' frobnicate
	fails 64 'there is no command "tik": did you mean tick?' tik
	fails 64 'there is no command "Today": did you mean today?' Today
	fails 64 'there is no command "add_client": did you mean add-client?' add_client
	fails 64 'there is no command "": pps help lists them' ''
	fails 64 'unknown option -h: options begin with two dashes, see pps --help' -h
}

@test "exact names only: the beginning of a name is not enough" {
	fails 64 'there is no command "add": did you mean add-client or add-trip?' add
	fails 64 'unknown option --dry: did you mean --dry-run?' tick --dry
}

@test "what people call a command, and an option: the right one is named, and nothing is done" {
	fails 64 'there is no command "sell": did you mean add-client or add-trip?' sell
	fails 64 'there is no command "cancel": did you mean cancel-trip?' cancel T1
	fails 64 'there is no command "Restore": did you mean recover?' Restore
	fails 64 'there is no command "sms": did you mean preview or send-test?' sms
	fails 64 'unknown option --depart: did you mean --departure?' add-client --depart 10.12.2026
	fails 64 'unknown option --tel: did you mean --phone?' add-client --tel 1
	fails 64 'unknown option --language: did you mean --lang?' add-client --language ru
	# What an option is called helps only where there is one.
	fails 64 'unknown option --tel: see pps today --help' today --tel 1
}

# bats test_tags=long
@test "the words that people use: each leads to commands that there are, and is none itself" {
	local source=$BATS_TEST_DIRNAME/../../src/cli/meant.c names words word name n=0
	ok help --json
	cp .out commands.json
	while IFS='|' read -r names words; do
		for name in $names; do
			grep -q "\"name\":	\"$name\"" commands.json || _complain "no command $name"
		done
		for word in $words; do
			grep -q "\"name\":	\"$word\"" commands.json && _complain "$word is a command"
			fails 64 "there is no command \"$word\": did you mean ${names// / or }?" "$word"
			n=$((n + 1))
		done
	done < <(sed -n '/ of_commands\[/,/^};/ s/^    {"\([^"]*\)", "\([^"]*\)"},$/\1|\2/p' "$source")
	[ "$n" -gt 100 ]
}

@test "help WORD: what has to do with it" {
	ok help birthday
	line 'There is no command of this name. These have to do with it:'
	line "  edit-client   correct a client's card"
	ok help sell
	line '  add-trip      enter a further sale to a known client'
	ok help SMS
	line '  hold          hold a letter or an SMS back until it is released'
	fails 64 'there is no command "frobnicate": pps help lists them' help frobnicate
	fails 64 'there is no command "": pps help lists them' help ''
}

# bats test_tags=long
@test "help fits a terminal of 80 columns, and every command has examples" {
	local name
	ok help
	[ "$(wc -L <.out)" -le 80 ]
	for name in $(sed -n 's/^  \([a-z][a-z-]*\) .*/\1/p' .out); do
		ok "$name" --help
		[ "$(sed '/^examples:/,$d' .out | wc -L)" -le 80 ] || _complain "$name"
		sed '1,/^examples:/d' .out | grep -q "pps $name" || _complain "$name has no example"
		[ "$(grep -c '[[:space:]]$' .out)" -eq 0 ] || _complain "$name: a blank at the end of a line"
	done
}

@test "an unknown option, and one that was nearly right" {
	fails 64 'unknown option --frobnicate: see pps tick --help' tick --frobnicate
	fails 64 'unknown option --dryrun: did you mean --dry-run?' tick --dryrun
	fails 64 'unknown option --manger: did you mean --manager?' today --manger anna
	fails 64 'unknown option --departure: see pps today --help' today --departure 2026-12-10
	fails 64 'unknown option --frobnicate: see pps --help' --frobnicate
	fails 64 'unknown option --: see pps tick --help' tick --=
	fails 64 'unknown option -v: options begin with two dashes, see pps --help' tick -v
	fails 64 'unknown option -q: options begin with two dashes, see pps --help' -q staff
}

@test "every option may be given once only" {
	fails 64 '--dry-run is given twice' tick --dry-run --dry-run
	fails 64 '--manager is given twice' today --manager anna --manager=boris
	fails 64 '--json is given twice' --json today --json
	fails 64 '--now is given twice' --now today today
}

@test "a missing value, and a value where none belongs" {
	fails 64 '--manager needs a value: --manager LOGIN' today --manager
	fails 64 '--db needs a value: --db FILE' today --db
	fails 64 '--db needs a value' today --db=
	fails 64 '--config needs a value' today --config ''
	fails 64 '--json takes no value' today --json=yes
	fails 64 '--dry-run takes no value' tick --dry-run=
}

# bats test_tags=long
@test "too few words and too many" {
	fails 64 'usage: pps show CLIENT|TRIP|OCCASION|GIFT' show
	fails 64 'usage: pps why ACTION' why
	fails 64 'usage: pps script ACTION' script
	fails 64 'usage: pps timeline TRIP|OCCASION' timeline
	fails 64 'usage: pps find WORD …' find
	fails 64 'usage: pps done ACTION [--outcome WORD] [--at WHEN] [--note WORDS] [--visit DATE | --by-phone]' done
	fails 64 'usage: pps skip ACTION … [--note WORDS]' skip
	fails 64 'usage: pps snooze ACTION --to WHEN' snooze
	fails 64 'usage: pps hold ACTION [--note WORDS]' hold
	fails 64 'usage: pps release ACTION' release
	fails 64 'usage: pps send-now ACTION' send-now
	fails 64 'usage: pps approve ACTION …' approve
	fails 64 'usage: pps cancel-trip TRIP [--reason WORDS]' cancel-trip
	fails 64 'usage: pps add-trip CLIENT --departure DATE --return DATE [--destination …] …' add-trip
	fails 64 'usage: pps edit-client CLIENT [--phone NUMBER] [--email ADDRESS] …' edit-client
	fails 64 'usage: pps edit-trip TRIP [--departure DATE] [--return DATE] …' edit-trip
	fails 64 'usage: pps staff add|edit LOGIN --name NAME [--role WORD] … | leave LOGIN [--to LOGIN] | return LOGIN | list' staff
	fails 64 '"C2" is one word too many: pps show CLIENT|TRIP|OCCASION|GIFT' show C1 C2
	fails 64 '"now" is one word too many: pps tick [--dry-run] [--accept-clock] [--max-runtime SEC] [--exit-code]' tick now
	fails 64 '"B" is one word too many: pps undo [ACTION|OCCASION|GIFT|REFERRAL|CLIENT|ADDRESS|LOGIN]' undo A B
	fails 64 '"x" is one word too many: pps doctor ' doctor x
}

@test "a word that is not UTF-8 or holds ESC is shown safely" {
	fails 64 'there is no command "�[31m": pps help lists them' $'\e[31m'
	fails 64 'there is no command "��": pps help lists them' $'\xff\xfe'
	fails 64 'unknown option --�]0;x�: see pps tick --help' tick $'--\e]0;x\a'
	fails 64 '"�[2J" is one word too many: pps undo [ACTION|OCCASION|GIFT|REFERRAL|CLIENT|ADDRESS|LOGIN]' undo A1 $'\e[2J'
	fails 66 'no client fits "�[2J": look for them with pps find' show $'\e[2J'
	fails 66 'there is no database at �[2J�: run pps init first' show C1 --db $'\e[2J\xff'
}

@test "what a server said steers no terminal, in report and in what cron writes" {
	maria
	ok tick
	sqlite3 pps.db "UPDATE setting SET value = '550 ' || char(27) || '[2J' || char(13, 10) || 'no' WHERE key = 'gateway_email'"
	ok report
	line 'e-mail does not go out: 550 �[2J� no'
	touch $'\e[2J'              # where the folder should be
	echo '{"outbox": "\u001b[2J", "agency": {"name": "x"}, "email": {"from": "info@warm.example"}}' >pps.json
	at '2026-12-03 10:00'
	pps tick
	grep -q '^pps: e-mail does not go out: .*�\[2J' .err
	! grep -q $'\e' .out .err
}

@test "options stand before or after the command, with = or as the next word" {
	ok --json today --manager anna
	json pps.today/1 rows# 0
	ok today --manager=anna --json
	json pps.today/1 rows# 0
	AS='' ok --as=anna --quiet today
	out ''
}

@test "after -- everything is a word" {
	fails 66 'no client fits "--json": look for them with pps find' show -- --json
	fails 64 "$SAY" -- today
	ok tick --
	out 'nothing was due'
}

@test "a dash alone is a word; other words that begin with one are not" {
	fails 66 'no client fits "-": look for them with pps find' show -
	fails 64 'unknown option -5: options begin with two dashes, see pps --help' show -5
}

@test "contradictions" {
	fails 64 '--quiet and --verbose contradict each other' tick --quiet --verbose
	fails 64 '--overdue, --today, --checklist and --summary are four reports: choose one' report --today --overdue
	fails 64 '--overdue, --today, --checklist and --summary are four reports: choose one' report --checklist --overdue
	fails 64 '--from and --to belong to --checklist and --summary' report --overdue --from today
}

@test "help lists every command with its summary" {
	ok help
	line 'usage: pps COMMAND [OPTIONS]'
	line '  tick          send everything that is due (for cron); safe at any time'
	[ "$(grep -cE '^  [a-z-]+ {2,}' .out)" -eq "$(table)" ]
	cp .out by-word
	ok --help
	cmp by-word .out
}

@test "help --json" {
	ok help --json
	json pps.help/1 commands# "$(table)" 'commands[name=tick].group' Control 'commands[name=undo].usage' '[ACTION|OCCASION|GIFT|REFERRAL|CLIENT|ADDRESS|LOGIN]' \
		'commands[name=done].summary' 'tick off a call or a visit'
}

@test "help of one command: usage, options, examples; the same by --help" {
	ok help undo
	out <<-'E'
		pps undo: take back what was done last: a tick-off, a cancelled trip, a client's
		  word …

		usage: pps undo [ACTION|OCCASION|GIFT|REFERRAL|CLIENT|ADDRESS|LOGIN]

		Without a word it takes back your own last work, and nothing older: when that
		cannot be taken back, it says so.
		Of a command over several things (pps skip A1 A2) it takes back all. What a
		colleague has changed since then, or taken back already, is left alone.
		OCCASION: the last change of a trip (T34), or its end; the last step of a lost
		sale (L35), an answer (F36) or a complaint (P37), and in the end its entry;
		ADDRESS: what was said about an e-mail address or a number; CLIENT: what was
		last recorded of their wishes; LOGIN: that this person has left.

		examples:
		  pps undo
		  pps undo A156
		  pps undo T34
		  pps undo G7
		  pps undo C12
		  pps undo anna

		for every command: --db FILE, --config FILE, --now WHEN, --as LOGIN, --json,
		--quiet, --verbose, --color WHEN (see man pps)
	E
	cp .out by-word
	ok undo --help
	cmp by-word .out
	ok help tick
	line '  --max-runtime SEC         begin no new message after so many seconds (default'
	fails 64 'there is no command "tik": did you mean tick?' help tik
	fails 64 '"tick" is one word too many: pps help [COMMAND|WORD]' help undo tick
}

@test "--help needs no database, and no words" {
	rm pps.db
	ok show --help
	line 'usage: pps show CLIENT|TRIP|OCCASION|GIFT'
}

@test "version, as a command and as an option" {
	ok version
	out 'pps 0.1.0'
	ok --version
	out 'pps 0.1.0'
	ok tick --version
	out 'pps 0.1.0'
	ok version --json
	json pps.version/1 version '"0.1.0"' database 5
}

@test "the manual's part comes from the tables: all commands, all options" {
	ok help --man
	line '.Ss pps tick'
	[ "$(grep -c '^\.Ss pps ' .out)" -eq "$(table)" ]
	[ "$(grep -c '^\.It Fl \\-now Ar WHEN' .out)" -eq 1 ]
}

# bats test_tags=long
@test "--now: a date alone is noon; offsets; what is no moment" {
	maria
	at ''
	ok --now 2026-12-08 tick
	ok --now 2026-12-08 report
	line 'last tick: 2026-12-08 12:00'
	ok --now '2026-12-08T16:05:00+05:00' tick
	ok --now 08.12.2026 report
	line 'last tick: 2026-12-08 14:05'
	ok --now '2026-12-08T16:05:30Z' tick
	ok --now '8.12.2026 20:00' report
	line 'last tick: 2026-12-08 19:05'
	fails 64 '--now: "2026-02-30": there is no 30 February 2026' --now 2026-02-30 today
	fails 64 '--now: "soon" is not a date: write 2026-12-10, 10.12.2026, today, tomorrow or +3d' --now soon today
	fails 64 '--now: "2200-01-01": the year must be between 1970 and 2199' --now 2200-01-01 today
}

@test "PPS_NOW stands in for --now, which wins" {
	maria
	at ''
	with PPS_NOW='2026-12-09 12:00'
	ok today
	line 'anna     A4      2026-12-09 10:00  call  Pre-flight call  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  to be done today'
	ok --now 2026-12-08 today
	line 'nobody is to be called today'
}

# bats test_tags=long
@test "PPS_USER stands in for --as, which wins; both must be on the staff" {
	AS=''
	with PPS_USER=boris
	maria
	ok show T1
	line 'T1 Анталья, 10.12.2026 06:40 - 20.12.2026, bought 01.12.2026, manager boris'
	ok --as anna cancel-trip T1
	ok log T1 --limit 1
	line '2026-12-01 14:00  anna  cancel-trip  C1      T1'
	fails 66 '--as: nobody has the login "bob": there are anna, boris, olga' --as bob today
	fails 66 '--as: nobody has the login "ann": did you mean anna?' --as ann today
	with PPS_USER=nobody
	fails 66 'PPS_USER: nobody has the login "nobody": there are anna, boris, olga' today
	answers 78 doctor
	line 'FAULT  login         PPS_USER: nobody has the login "nobody": there are anna, boris, olga'
}

@test "without --as and PPS_USER the login of the system acts" {
	AS=''
	warns 'note: "tester" is not on the staff, so this trip is nobody'"'"'s work: pps edit-trip T1 --manager LOGIN' \
		add-client --name 'Мария' --phone '8 903 123-45-67' --departure '10.12.2026 06:40' --return 20.12.2026
	ok log T1
	line '2026-12-01 14:00  tester  add-client  C1      T1'
	with LOGNAME= USER=somebody
	ok cancel-trip T1
	ok log T1 --limit 1
	line '2026-12-01 14:00  somebody  cancel-trip  C1      T1'
	with LOGNAME= USER=
	ok undo T1
	ok log T1 --limit 1
	line '2026-12-01 14:00  unknown  undo  C1      T1     cancel-trip'
}

@test "somebody who has left may not act" {
	sql "UPDATE staff SET active = 0 WHERE login = 'anna'"
	fails 77 '--as: anna has left' today
}

# Whoever's name stands in the crontab leaves one day, and no letter must stop for it.
@test "what cron says goes on under a name that is nobody's or has left" {
	AS=boris
	maria
	AS=''
	sql "UPDATE staff SET active = 0 WHERE login = 'anna'"
	with PPS_USER=anna
	fails 77 'PPS_USER: anna has left' today
	warns 'PPS_USER: anna has left; done all the same, as tester: mend the crontab' tick --quiet
	[ -n "$(ls outbox)" ] || _complain 'no letter went'
	warns '--as: nobody has the login "bob": there are boris, olga; done all the same, as tester: mend the crontab' \
		--as bob backup --quiet
	[ -n "$(ls backups)" ] || _complain 'no backup was made'
}

@test "PPS_DB stands in for --db, which wins" {
	with PPS_DB=elsewhere.db
	fails 66 'there is no database at elsewhere.db: run pps init first' today
	ok --db pps.db today
	out 'nobody is to be called today'
}

@test "without either the database lies where the desktop standard says" {
	with PPS_DB= XDG_DATA_HOME=
	fails 66 "there is no database at $BATS_TEST_TMPDIR/home/.local/share/pps/pps.db: run pps init first" today
	with XDG_DATA_HOME=/nowhere
	fails 66 'there is no database at /nowhere/pps/pps.db: run pps init first' today
	# The standard says that a relative path is to be ignored.
	with XDG_DATA_HOME=relative
	fails 66 "there is no database at $BATS_TEST_TMPDIR/home/.local/share/pps/pps.db: run pps init first" today
}

@test "PPS_CONFIG stands in for --config, which wins" {
	with PPS_CONFIG=elsewhere.json
	fails 78 'there is no configuration at elsewhere.json' today
	ok --config pps.json today
}

@test "--quiet: nothing but errors" {
	maria --quiet
	out ''
	ok show T1 --quiet
	out ''
	ok report --overdue --quiet
	out ''
	fails 66 'there is no trip T9: look for it with pps find' show T9 --quiet
}

@test "colours: on a terminal only, unless told otherwise" {
	maria
	at '2026-12-09 12:00'
	ok today
	no_line $'\e'
	ok today --color never
	no_line $'\e'
	ok today --color auto
	no_line $'\e'
	ok today --color always
	line $'\e[33manna     A4      2026-12-09 10:00  call  Pre-flight call  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  to be done today\e[0m'
	line $'\e[1mmanager  action  due               by    step             client         phone             about                   why\e[0m'
	with NO_COLOR=1
	ok today --color always
	line $'\e[33manna     A4      2026-12-09 10:00  call  Pre-flight call  Мария Иванова  +7 903 123-45-67  T1 10.12 06:40 Анталья  to be done today\e[0m'
	fails 64 '--color: it is auto, always or never' today --color blue
	fails 64 '--color needs a value: --color WHEN' today --color
	fails 64 '--color: it is auto, always or never' today --color ''
}

# on_terminal ARG...: what a terminal shows of it.
on_terminal() {
	env -i PATH="$BIN" HOME="$PWD/home" PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" "${ENV[@]}" \
		/usr/bin/python3 -B "$BATS_TEST_DIRNAME/terminal.py" "$PPS" --now "$NOW" --as anna "$@" >.out </dev/null
}

@test "colours on a terminal: by themselves, and never with NO_COLOR or --color never" {
	maria
	at '2026-12-09 12:00'
	on_terminal today
	line $'\e[1mmanager  action  due               by    step             client         phone             about                   why\e[0m'
	on_terminal today --color never
	no_line $'\e'
	with NO_COLOR=1
	on_terminal today
	no_line $'\e'
	with NO_COLOR=
	on_terminal today
	line $'\e[1mmanager  action  due               by    step             client         phone             about                   why\e[0m'
}

@test "errors on a terminal are red" {
	on_terminal show T9 || [ $? -eq 66 ]
	out $'\e[31mpps: there is no trip T9: look for it with pps find\e[0m'
}

# into FILE ARG...: with standard output there.
into() {
	local file=$1
	shift
	status=0
	env -i PATH="$BIN" PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" "$PPS" --now "$NOW" --as anna "$@" \
		>"$file" 2>.err </dev/null || status=$?
	: >.out
}

@test "standard output full or closed: status 74, and the work is done" {
	into /dev/full add-client --name 'Пётр Орлов' --phone '8 903 765-43-21' --departure +20d --return +27d
	[ "$status" -eq 74 ]
	err 'pps: standard output is closed or full; the work itself is done'
	ok find Орлов
	line 'C1  Пётр Орлов  +7 903 765-43-21'
	into /dev/full find Орлов --json
	[ "$status" -eq 74 ]
	status=0
	env -i PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" "$PPS" --now "$NOW" find Орлов >&- 2>.err </dev/null || status=$?
	[ "$status" -eq 74 ]
	err 'pps: standard output is closed or full; the work itself is done'
}

@test "a reader that has gone away is no crash" {
	status=0
	env -i PATH="$BIN" PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" /usr/bin/python3 -B -c '
import os, subprocess, sys
r, w = os.pipe()
os.close(r)
sys.exit(subprocess.run(sys.argv[1:], stdout=w).returncode & 255)' "$PPS" help 2>.err </dev/null || status=$?
	[ "$status" -eq 74 ]
	err 'pps: standard output is closed or full; the work itself is done'
}

@test "too much on one command line" {
	local words
	mapfile -t words < <(seq 300)
	fails 64 'too many words on the command line' find "${words[@]}"
	# The system itself allows 128 KiB in one argument.
	fails 64 'word 7 of the command line is too long' add-client --name "$(head -c 100000 /dev/zero | tr '\0' a)"
}
