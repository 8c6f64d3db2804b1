#!/usr/bin/env bats
# Setting up: init, staff, the configuration, databases that are not to be touched, doctor.

load helpers

# config TEXT: the configuration of the runs that follow.
config() {
	printf '%s' "$1" >pps.json
}

# ---- init ----

@test "init makes database, configuration and templates, private to their owner" {
	AS='' ok init --db new/folder/pps.db --agency 'Тёплые страны' --email info@warm.example
	out <<-'E'
		database       new/folder/pps.db
		configuration  new/folder/pps.json
		templates      new/folder/templates (190 files)
		letters and SMS go into new/folder/outbox until the configuration names a gateway
		next: pps staff add LOGIN --name NAME, then pps add-client
	E
	[ "$(stat -c %a new new/folder new/folder/pps.db new/folder/pps.json | paste -sd ' ')" = '700 700 600 600' ]
	[ -z "$(find new -perm /077)" ]
	[ "$(find new/folder/templates -type f ! -path "*/.pps-*" | wc -l)" -eq 190 ]
	cmp new/folder/templates/playbook.json "$BATS_TEST_DIRNAME/../../templates/playbook.json"
	grep -qF '"name": "Тёплые страны",' new/folder/pps.json
	[ "$(sqlite3 new/folder/pps.db 'PRAGMA user_version; PRAGMA integrity_check' | paste -sd ' ')" = '5 ok' ]
}

@test "init --json" {
	AS='' ok init --db new/pps.db --json
	json pps.init/1 db new/pps.db config new/pps.json templates new/templates outbox new/outbox
}

@test "init without --db follows the desktop standard" {
	with PPS_DB= XDG_DATA_HOME="$PWD/data" XDG_CONFIG_HOME="$PWD/conf"
	AS='' ok init
	line "database       $PWD/data/pps/pps.db"
	line "configuration  $PWD/conf/pps/pps.json"
	line "templates      $PWD/conf/pps/templates (190 files)"
	AS='' ok staff list
	out 'nobody yet: pps staff add LOGIN --name NAME --role director'
}

@test "init never overwrites a database" {
	cp pps.db before.db
	fails 73 'there is a database at pps.db already: nothing was changed' init
	cmp pps.db before.db
	mkdir folder.db
	fails 73 'there is a database at folder.db already: nothing was changed' init --db folder.db
}

@test "init beside the sent log of a database that is gone" {
	maria
	ok tick
	rm pps.db pps.json
	fails 73 'pps.db.sent is there without its database; if that was lost: pps recover --from BACKUP; if it was thrown away, throw this away, too' init
	[ ! -e pps.db ] && [ ! -e pps.json ]
	rm pps.db.sent
	ok init
}

@test "init leaves a configuration and templates that are there" {
	mkdir -p new/templates/sms/ru
	echo '{"agency": {"name": "Наша"}}' >new/pps.json
	echo 'мой текст' >new/templates/sms/ru/preflight.txt
	AS='' ok init --db new/pps.db
	line 'configuration  new/pps.json (was there, left as it is)'
	line 'templates      new/templates (189 files)'
	[ "$(cat new/pps.json new/templates/sms/ru/preflight.txt)" = '{"agency": {"name": "Наша"}}'$'\nмой текст' ]
}

@test "init refuses what the configuration would refuse, before anything is written" {
	AS=''
	fails 65 'pps init:6:13: "lang" must be two letters, such as ru, en or bg' init --db new/pps.db --lang russian
	fails 65 'pps init:6:13: "kz" is a country; did you mean "kk"?' init --db new/pps.db --lang kz
	fails 65 '--tz: unknown time zone "Mars/Phobos": use a name such as Europe/Moscow' \
		init --db new/pps.db --tz Mars/Phobos
	fails 65 '--email: "bad" is not an e-mail address: it has no @' init --db new/pps.db --email bad
	fails 65 'pps init:8:16: "country" must be two capital letters, such as RU or BG' init --db new/pps.db --country Russia
	fails 65 '--agency is not valid UTF-8: is the terminal set to UTF-8?' init --db new/pps.db --agency $'\xd0'
	[ -z "$(find new -type f)" ]
}

@test "init quotes what JSON must quote" {
	AS='' ok init --db new/pps.db --agency 'Тур "Ъ" \ ко'
	grep -qF '"name": "Тур \"Ъ\" \\ ко",' new/pps.json
}

@test "init where nothing can be made" {
	AS=''
	fails 74 'cannot create the folder /proc/pps: No such file or directory' init --db /proc/pps/pps.db
	echo >file
	fails 74 'cannot create the folder file: File exists' init --db file/pps.db
}

# ---- staff ----

@test "staff add and list; columns align in Cyrillic" {
	ok staff add vera --name 'Вера Ли' --role service --position 'служба качества' --phone 89031112233
	out 'vera Вера Ли, service'
	ok staff list
	out <<-'E'
		login  name            role      position         e-mail             phone
		anna   Анна Петрова    manager                    anna@warm.example
		boris  Борис Ким       manager
		olga   Ольга Смирнова  director  директор
		vera   Вера Ли         service   служба качества                     +7 903 111-22-33
	E
	sql "UPDATE staff SET active = 0 WHERE login = 'boris'"
	ok staff list
	line 'boris  Борис Ким       manager                                                         has left'
}

@test "staff --json" {
	ok staff add vera --name 'Вера Ли' --role service --email vera@warm.example --json
	json pps.staff/1 staff.login vera staff.name 'Вера Ли' staff.role service staff.email vera@warm.example \
		staff.phone null staff.position null staff.active true
	ok staff list --json
	json pps.staff/1 staff# 4 'staff[login=olga].position' директор
}

@test "staff edit: what is given changes, the rest stays" {
	ok staff edit anna --name 'Анна Орлова' --phone '8 903 111-22-33' --role director
	out 'anna Анна Орлова, director'
	ok staff list --json
	json pps.staff/1 staff# 3 'staff[login=anna].name' 'Анна Орлова' 'staff[login=anna].phone' '"+79031112233"' \
		'staff[login=anna].email' anna@warm.example 'staff[login=anna].role' director
	ok staff edit anna --phone '' --json
	json pps.staff/1 staff.login anna staff.phone null staff.name 'Анна Орлова'
}

@test "staff: every slip" {
	fails 64 'usage: pps staff add|edit|leave|return LOGIN …, or pps staff list' staff remove
	fails 64 'usage: pps staff add|edit|leave|return LOGIN …, or pps staff list' staff list anna
	fails 64 'usage: pps staff add LOGIN --name NAME …' staff add
	fails 64 'a person needs a name: --name "Анна Петрова"' staff add vera
	fails 64 'a person needs a name: --name "Анна Петрова"' staff add vera --name '  '
	fails 64 'role: "boss" is none: it is manager, director or service' staff add vera --name Вера --role boss
	fails 64 'usage: pps staff edit LOGIN --name NAME …' staff edit
	fails 66 'nobody has the login "vera": there are anna, boris, olga' staff edit vera --name Вера
	fails 64 'role: "boss" is none: it is manager, director or service' staff edit anna --role boss
	fails 65 'e-mail: "anna" is not an e-mail address: it has no @' staff edit anna --email anna
	fails 65 'name contains a control character (U+001B): type it again by hand' staff edit anna --name $'\e'
	fails 64 '--name belongs to pps staff add and edit' staff list --name Вера
	for login in Vera 've ra' вера '' "$(printf 'a%.0s' {1..41})"; do
		fails 65 'login: small Latin letters, digits, dots and dashes, such as anna or o.petrova' \
			staff add "$login" --name Вера
	done
	fails 65 'login: "logo" is the name of the agency'"'"'s own picture: take another, such as o.petrova' \
		staff add logo --name Лого
	fails 65 'name is too long: at most 120 characters' staff add vera --name "$(printf 'Ю%.0s' {1..121})"
	fails 65 'name is not valid UTF-8 (byte 3): is the terminal set to UTF-8?' staff add vera --name $'ab\xff'
	fails 65 'name contains a control character (U+001B): type it again by hand' staff add vera --name $'\e[1mВера'
	fails 65 'position contains a control character (U+000A): type it again by hand' \
		staff add vera --name Вера --position $'a\nb'
	fails 65 'e-mail: "vera" is not an e-mail address: it has no @' staff add vera --name Вера --email vera
	fails 65 'phone: "5" is not a phone number: write 10 digits after 8 or +7, or + and the code of the country' \
		staff add vera --name Вера --phone 5
	fails 73 'the login anna is taken: pps staff edit anna changes it' staff add anna --name Другая
	[ "$(sql 'SELECT count(*) FROM staff')" -eq 3 ]
}

# ---- configuration ----

@test "configuration: faults are named by file, line and column" {
	config '{"agency": {"nmae": "x"}}'
	fails 78 './pps.json:1:21: unknown key "nmae": did you mean "name"?' today
	config $'{\n  // a comment\n  "agency": {"frobnicate": 1}\n}'
	fails 78 './pps.json:3:28: unknown key "frobnicate"' today
	config $'{\n  "agency" {"name": "x"}\n}'
	fails 78 './pps.json:2:12: this is not JSON: look for a missing comma, quote or bracket' today
	config $'{\n  "agency": {"name": x}\n}'
	fails 78 './pps.json:2:22: this is not JSON: look for a missing comma, quote or bracket' today
	config '{"agency": {"name": "x"}'
	fails 78 './pps.json:1:25: the text ends too early: a bracket or a quote is not closed' today
	config '{"agency": {"name": 5}}'
	fails 78 './pps.json:1:21: "name" must be a string, not a number' today
	config '{"agency": []}'
	fails 78 './pps.json:1:12: "agency" must be an object, not a list' today
	config '{"agency": {"name": "a"}, "agency": {"name": "b"}}'
	fails 78 './pps.json:1:37: "agency" is given twice' today
	config '{"email": {"gateway": "smpt"}}'
	fails 78 './pps.json:1:23: "gateway" is "smpt", but must be outbox or smtp' today
	config $'{"agency": {"name": "\xff"}}'
	fails 78 './pps.json:1:22: the text is not UTF-8 here' today
	config '[]'
	fails 78 './pps.json:1:1: the configuration must be an object: { … }' today
	config ''
	fails 78 './pps.json:1:1: the text ends too early: a bracket or a quote is not closed' today
	config '{"agency": {"tz": "Mars/Phobos"}}'
	fails 78 './pps.json:1:19: unknown time zone "Mars/Phobos": use a name such as Europe/Moscow' today
	head -c 300000 /dev/zero | tr '\0' ' ' >pps.json
	fails 78 './pps.json is larger than 262144 bytes' today
}

@test "configuration: everything has a default, and comments are allowed" {
	rm pps.json
	ok today
	config $'// nothing is said here\n{ }\n'
	ok today
	config '{"agency": {"tz": "Asia/Vladivostok"}}'
	maria
	# The clock of the tests is written in the agency's zone; the departure is in it, too.
	sql "SELECT local_due || ' ' || tz FROM action WHERE step = 'preflight'" >.out
	out '2026-12-09 10:00 Asia/Vladivostok'
}

@test "configuration: one that is named must be there" {
	fails 78 'there is no configuration at nope.json' today --config nope.json
	mkdir folder
	fails 74 'cannot read folder: Is a directory' today --config folder
}

@test "configuration: a time zone that cannot be read is not an unknown one" {
	status=0
	local file=/usr/share/zoneinfo/Europe/Moscow
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o /dev/null -P $file -e inject=openat:error=EMFILE \
		"$PPS" --now "$NOW" today >.out 2>.err </dev/null || status=$?
	[ "$status" -eq 74 ]
	err "pps: time zone \"Europe/Moscow\": cannot open $file: Too many open files"
	config '{"agency": {"tz": "Europe/Moscow"}}'
	status=0
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o /dev/null -P $file -e inject=openat:error=EMFILE \
		"$PPS" --now "$NOW" today >.out 2>.err </dev/null || status=$?
	[ "$status" -eq 74 ]
	err "pps: time zone \"Europe/Moscow\": cannot open $file: Too many open files"
}

@test "configuration: templates that are named must be there" {
	local none='there is no folder ./words, which "templates" in ./pps.json names: put it back, or mend that name'
	maria
	config '{"templates": "words"}'
	fails 78 "$none" tick
	fails 78 "$none" tick --dry-run
	fails 78 "$none" script T1/preflight
	fails 78 "$none" add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	[ ! -e outbox ]
	state 1 pending
	echo >words # not a folder
	fails 78 "$none" tick
	rm words
	# What looks only, what people do, and what saves or brings back the database, does without.
	ok today
	ok edit-trip T1 --return 21.12.2026
	ok skip T1/preflight
	ok undo T1/preflight
	ok show T1
	ok backup copy.db
	ok recover --from copy.db --dry-run
	AS='' ok init --db new/pps.db --config pps.json
	[ -f words/playbook.json ]
	echo 'Добрый день!' >words/scripts/ru/preflight.md
	ok script T1/preflight
	grep -q 'Добрый день!' .out
	ok tick
	[ "$(sent '2*')" -eq 1 ]
}

@test "configuration: templates that nobody has named may be missing" {
	[ ! -e templates ]
	maria
	ok tick
	[ "$(sent '2*')" -eq 1 ]
	config '{"templates": "words"}'
	mkdir words # an empty one is there
	ok script T1/preflight
}

@test "secrets: never in the configuration, only in a file that nobody else can read, or in the environment" {
	local smtp='{"email": {"gateway": "smtp", "from": "a@warm.example", "smtp": {"host": "127.0.0.1", "user": "u", '
	config "$smtp\"password\": \"x\"}}}"
	fails 78 './pps.json:1:112: a password does not belong here: put it into a file of mode 0600 and name it in "password_file", or name an environment variable in "password_env"' today
	config "$smtp\"password_file\": \"secret\"}}}"
	maria
	fails_to_send 'secret file: cannot open ./secret: No such file or directory'
	echo geheim >secret
	chmod 644 secret
	fails_to_send 'secret file ./secret can be read by others: run chmod 600 ./secret'
	chmod 600 secret
	printf 'one\ntwo\n' >secret
	fails_to_send 'secret file ./secret must hold one line'
	rm secret
	mkdir secret
	chmod 700 secret
	fails_to_send 'secret file ./secret is not a regular file'
	config "$smtp\"password_env\": \"MAIL_PASSWORD\"}}}"
	fails_to_send 'the environment variable MAIL_PASSWORD, which should hold a password, is not set'
	state 1 pending
}

@test "without libcurl nothing leaves over a network, as doctor and the tick say; all else goes on" {
	maria
	mkdir lib
	ENV=(LD_LIBRARY_PATH=lib) # a colon in the path would end it
	printf 'no library at all\n%4000s' '' >lib/libcurl.so.4
	ok today
	ok tick
	out '1 sent'
	config '{"email": {"gateway": "smtp", "from": "a@warm.example", "smtp": {"host": "127.0.0.1"}}}'
	at '2026-12-03 11:00'
	fails_to_send 'nothing can be sent over the network: lib/libcurl.so.4: invalid ELF header (on Debian: apt install libcurl4)'
	cc -shared -x c -o lib/libcurl.so.4 /dev/null
	fails_to_send 'nothing can be sent over the network: libcurl.so.4 has no curl_easy_cleanup; it is older than what pps was built with'
	state 2 pending
	ok today
}

# fails_to_send WHY: doctor finds the fault, and a tick says it and leaves what is due for the next one.
fails_to_send() {
	answers 78 doctor
	line "FAULT  e-mail        $1"
	answers 69 tick
	err "pps: e-mail does not go out: $1"
}

# ---- databases ----

@test "database: none" {
	fails 66 'there is no database at none.db: run pps init first' today --db none.db
	fails 66 'there is no database at none.db: run pps init first' tick --db none.db
	fails 66 'there is no database at no/folder/none.db: run pps init first' add-client --db no/folder/none.db --name x
	[ ! -e none.db ] && [ ! -e no ]
}

@test "database: a folder" {
	mkdir folder.db
	answers 74 today --db folder.db
	grep -q '^pps: .*folder\.db' .err
	answers 74 tick --db folder.db
	grep -q '^pps: .*folder\.db' .err
}

# refused STATUS TEXT: reading and writing, and the file stays as it was.
refused() {
	cp x.db before.db
	fails "$1" "$2" today --db x.db
	fails "$1" "$2" tick --db x.db
	fails "$1" "$2" add-client --db x.db --name x --phone 89031234567 --departure +1d --return +2d
	cmp x.db before.db
}

@test "database: empty, text, or another program's" {
	: >x.db
	refused 65 'x.db is not a database of pps: it was left untouched'
	yes 'this is some text and no database' | head -n 100 >x.db
	refused 65 'x.db is not a database'
	rm x.db
	sqlite3 x.db 'CREATE TABLE notes (text); INSERT INTO notes VALUES (1)'
	refused 65 'x.db is not a database of pps: it was left untouched'
}

@test "database: of a newer pps" {
	cp pps.db x.db
	sqlite3 x.db 'PRAGMA user_version = 6'
	refused 78 'the database x.db was made by a newer pps (schema 6, this program knows 5): upgrade pps; it was left untouched'
}

@test "database: it says that it is older than its tables are" {
	maria
	cp pps.db x.db
	sqlite3 x.db 'PRAGMA user_version = 2'
	cp x.db before.db
	fails 65 'the database x.db is damaged (duplicate column name: paused_until): restore a backup' tick --db x.db
	cmp x.db before.db
}

@test "database: cut short" {
	maria
	head -c 8192 pps.db >x.db
	answers 65 show C1 --db x.db
	err 'pps: the database x.db is damaged (database disk image is malformed), or its disk is: look with pps doctor; if it says the same, restore a backup'
}

@test "database: a rule of it has become nonsense" {
	maria
	cp pps.db x.db
	sqlite3 x.db "PRAGMA writable_schema = ON;
		UPDATE sqlite_schema SET sql = replace(sql, 'length(', 'leng' || char(7) || 'h(') WHERE name = 'client'"
	fails 65 'the database x.db is damaged (malformed database schema (client) - unrecognized token: "�"), or its disk is: look with pps doctor; if it says the same, restore a backup' show C1 --db x.db
	cp pps.db x.db
	sqlite3 x.db "PRAGMA writable_schema = ON;
		UPDATE sqlite_schema SET sql = replace(sql, 'length(', 'leng_h(') WHERE name = 'client'"
	for change in tick 'edit-client C1 --lang en'; do
		# shellcheck disable=SC2086 # words
		fails 65 'the database x.db is damaged (unknown function: leng_h()): restore a backup' $change --db x.db
	done
}

@test "database: read-only can be read and not written" {
	maria
	mortal
	chmod 400 pps.db
	ok show C1
	line 'C1 Мария Иванова, +7 903 123-45-67, maria@example.com'
	ok tick --dry-run
	line 'dry run: 1 sent'
	fails 74 'cannot write the database pps.db: attempt to write a readonly database' tick
	fails 74 'cannot write the database pps.db: attempt to write a readonly database' cancel-trip T1
	chmod 600 pps.db
	state 1 pending
}

@test "database: one that may not be read" {
	mortal
	chmod 000 pps.db
	answers 74 today
	grep -q '^pps: .*pps\.db' .err
	chmod 600 pps.db
}

@test "database: where nobody may look it is not said to be missing" {
	mortal
	mkdir closed
	chmod 000 closed
	printf '{}' >x.json
	fails 74 'cannot look for the database closed/x.db: Permission denied' today --db closed/x.db --config x.json
	chmod 700 closed
}

@test "database: a folder that may not be written is said before anything is lost" {
	maria
	mortal
	chmod 500 .
	status=0
	env -i PATH="$BIN" PPS_DB=pps.db ASAN_OPTIONS="${ASAN_OPTIONS-}" "$PPS" --now "$NOW" init --db other.db \
		>/dev/null 2>&1 || status=$?
	chmod 700 .
	[ "$status" -eq 74 ]
	[ ! -e other.db ]
}

# ---- doctor ----

@test "doctor: all is well" {
	ok tick
	ok doctor
	out <<-'E'
		ok     pps           0.1.0, database schema 5
		ok     configuration ./pps.json
		note   e-mail        goes into files in ./outbox; name a gateway in ./pps.json to send for real
		note   SMS           goes into files in ./outbox; name a gateway in ./pps.json to send for real
		ok     playbook      32 steps
		ok     templates     every step has its words
		ok     database      pps.db, schema 5
		ok     disk          there is room beside the database
		ok     people        3, the director signs as Ольга Смирнова
		note   people        there is no service director: letters after a lost sale are signed by the agency's name, and the director has to call: pps staff add LOGIN --name NAME --role service
		ok     delivery      nothing holds the tick
		ok     work          clients 0, trips 0, open steps 0
		ok     tick          last tick: 2026-12-01 14:00
		note   lists         nobody gets the list of the morning by e-mail: "digest" in ./pps.json
	E
	ok doctor --quiet
	out ''
	ok doctor --json
	json pps.doctor/1 faults 0 findings# 14 'findings[what=tick].finding' ok 'findings[what=SMS].finding' note \
		'findings[8].text' '3, the director signs as Ольга Смирнова' 'findings[9].finding' note
}

@test "doctor changes nothing" {
	maria
	dump before
	ok tick --dry-run
	answers 78 doctor
	unchanged before
	[ ! -e outbox ]
}

# ill WHAT TEXT: doctor finds this one fault, also with --quiet and --json.
ill() {
	answers 78 doctor
	line "$(printf 'FAULT  %-14s%s' "$1" "$2")"
	err 'pps: 1 fault: see above'
	answers 78 doctor --quiet
	out "$(printf 'FAULT  %-14s%s' "$1" "$2")"
	answers 78 doctor --json
	json pps.doctor/1 faults 1 'findings[finding=FAULT].what' "$1" 'findings[finding=FAULT].text' "$2"
}

@test "doctor: a database that others can read" {
	chmod 640 pps.db
	ill database 'pps.db can be read by others: chmod 600 pps.db'
}

@test "doctor: no database, a broken configuration" {
	rm pps.db
	ill database 'there is no database at pps.db: run pps init first'
	config '{'
	ill configuration './pps.json:1:2: the text ends too early: a bracket or a quote is not closed'
}

@test "doctor: the tick does not run" {
	maria
	ill tick 'the tick has never run: nothing is sent until cron runs pps tick'
	ok tick
	at '2026-12-02 17:00'
	ill tick 'last tick: 2026-12-01 14:00, 27 hours ago: nothing is sent while it does not run'
}

@test "doctor: a playbook and templates that do not work" {
	mkdir -p templates/sms/ru
	echo '{"name": "x", "steps": [{}]}' >templates/playbook.json
	answers 78 doctor
	line 'FAULT  playbook      ./templates/playbook.json:1:25: the step needs a "key" of small letters, digits and dashes'
	rm templates/playbook.json
	echo 'Здравствуйте, {{client.nmae}}!' >templates/sms/ru/preflight.txt
	answers 78 doctor
	line 'FAULT  templates     ./templates/sms/ru/preflight.txt:1:15: unknown variable "client.nmae": did you mean "client.name"?'
	err 'pps: 1 fault: see above'
}

@test "doctor: the folder of templates that the configuration names is not there" {
	ok tick
	config '{"templates": "words"}'
	ill templates 'there is no folder ./words, which "templates" in ./pps.json names: put it back, or mend that name'
	answers 78 doctor
	no_line 'every step has its words'
	mkdir words
	ok doctor
	line 'ok     templates     every step has its words'
}

@test "doctor: nobody, or no director" {
	sql 'DELETE FROM staff'
	AS='' ok doctor
	line 'note   people        nobody is entered: pps staff add LOGIN --name NAME --role director'
	AS='' ok staff add anna --name Анна
	AS='' ok doctor
	grep -q '^note   people  ' .out
}

@test "doctor: letters ask to call, and there is no number" {
	ok doctor
	no_line 'agency.phone'
	sed -i 's/"phone": "[^"]*"/"phone": ""/' pps.json
	ok doctor
	line 'note   agency        agency.phone in ./pps.json is empty: letters and SMS give clients no number to call, but for that of their manager'
}

@test "doctor: who signs and calls after a lost sale; the remark names the remedy" {
	local remark="note   people        there is no service director: letters after a lost sale are signed by the agency's name, and"
	ok doctor
	line "$remark the director has to call: pps staff add LOGIN --name NAME --role service"
	AS=olga
	ok staff edit olga --role manager
	ok doctor
	line "$remark nobody is to make the call: pps staff add LOGIN --name NAME --role service"
	ok staff add vera --name 'Вера Лунина' --role service
	ok doctor
	no_line 'service director'
	warns 'note: nobody is service now: what the service signs is signed by the agency; pps staff add or edit --role service' staff leave vera
	ok doctor
	line "$remark nobody is to make the call: pps staff add LOGIN --name NAME --role service"
	mkdir -p templates
	echo '{"name": "small", "steps": [{"key": "thank-you", "title": "Thank you", "channel": "email",
		"at": {"anchor": "purchase"}, "grace": {"days": 3}}]}' >templates/playbook.json
	ok doctor
	no_line 'service director'
}

@test "doctor: what is in trouble is counted" {
	maria
	at '2026-12-06 10:00'
	ok tick
	ok doctor
	line 'note   trouble       0 in doubt, 0 refused, 1 missed, 0 held: pps report --overdue lists them'
	line 'ok     work          clients 1, trips 1, open steps 12'
}

@test "what a killed init has left does not stand in the way of the next" {
	AS=''
	mkdir half
	printf 'half a database' >half/pps.db.new
	printf 'and its journal' >half/pps.db.new-journal
	ok init --db half/pps.db
	[ ! -e half/pps.db.new ]
	[ ! -e half/pps.db.new-journal ]
	ok today --db half/pps.db
}

@test "calendar.file: days off in a file of their own, and its faults by line" {
	printf '{"calendar": {"file": "days.txt"}}' >pps.json
	fails 78 'there is no file ./days.txt, which "calendar" in ./pps.json names' today
	printf '12-22\n12-23 working\n' >days.txt
	fails 78 './days.txt:2: a working day needs its year' today
	printf '\0\0' >days.txt
	fails 78 './days.txt is no plain text: save it again as text in UTF-8' today
	printf '\xef\xbb\xbf2026-12-23\r\n' >days.txt # as Windows begins a text
	ok today
	# The call after the return falls on Tuesday, 22 December.
	printf '12-22\n2026-12-23  # moved\n' >days.txt
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --purchase 2026-12-01 --departure 2026-12-10 \
		--return 2026-12-20
	line 'A8   2026-12-24 11:00  call  Call: invite to the office  pending'
}

# Only root can give a file away; for anybody else there is no such database to meet.
@test "another user's database: root looks, and changes nothing" {
	[ "$(id -u)" -eq 0 ] || return 0
	maria
	ok backup b.db
	chown 65534 pps.db
	dump before
	local command
	for command in tick 'skip A2' adopt recover 'recover --from b.db'; do
		# shellcheck disable=SC2086 # words
		fails 77 "the database pps.db belongs to another user: say it as that one, sudo -u '#65534' pps …" $command
	done
	unchanged before
	[ ! -e pps.db.sent ] && [ ! -e outbox ]
	ok today
	ok tick --dry-run
	chown 0 pps.db
	ok tick
}

@test "another user's database: what root saves is theirs" {
	[ "$(id -u)" -eq 0 ] || return 0
	chown 65534:65533 pps.db
	ok backup
	[ "$(stat -c %u:%g backups backups/*.db | sort -u)" = 65534:65533 ]
	[ "$(stat -c %a backups/*.db)" = 600 ]
	ok backup other.db
	[ "$(stat -c %u:%g other.db)" = 65534:65533 ]
	# A folder that was there is left as it is: the copy alone is given away.
	mkdir to
	ok backup to/
	[ "$(stat -c %u to)" -eq 0 ]
	[ "$(stat -c %u to/*.db)" -eq 65534 ]
}
