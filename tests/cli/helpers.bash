# What the command-line tests share; `load helpers` at the top of each file.
#
# Each test has a folder of its own, which is also the working directory: paths in outputs are relative and the same
# on every machine. pps runs without any environment but what the test gives it, and with a fixed clock. A run is
# judged by three things at once, standard output, standard error and exit status:
#
#   ok ARG...                status 0, nothing on standard error; then look at standard output with out, line, json
#   warns TEXT ARG...        status 0, and exactly "pps: TEXT" on standard error
#   fails STATUS TEXT ARG... this status, exactly "pps: TEXT" on standard error, nothing on standard output
#   answers STATUS ARG...    this status; look at both outputs afterwards with out and err
#
#   out [TEXT]               standard output is exactly TEXT (or the here-document)
#   err [TEXT]               the same for standard error
#   line TEXT                standard output has this line
#   no_line PATTERN          no line of standard output fits the pattern (extended regular expression)
#   json SCHEMA [PATH VALUE]...  standard output is one sound document of this schema, and holds these values
#
# A sanitiser's finding changes the exit status and standard error, so every test would see it.

# The tests cut and search Cyrillic text by characters; pps itself is given no locale.
export LC_ALL=C.UTF-8

PPS=${PPS:-$BATS_TEST_DIRNAME/../../build/check/pps}
BIN=/usr/local/bin:/usr/bin:/bin

# An agency with its people, made once a file and copied for each test. Templates are the built-in ones.
setup_file() (
	_hide_environment
	cd "$BATS_FILE_TMPDIR" || return 1
	ENV=() NOW='2026-11-02 09:00' AS=''
	mkdir agency && cd agency || return 1
	pps init --agency 'Тёплые страны' --phone '+7 495 123-45-67' --email info@warm.example
	pps staff add olga --name 'Ольга Смирнова' --role director --position директор
	pps staff add anna --name 'Анна Петрова' --email anna@warm.example
	pps staff add boris --name 'Борис Ким'
	[ "$status" -eq 0 ] && rm -r templates
)

setup() {
	_trace_tests_only
	cp -r "$BATS_FILE_TMPDIR/agency/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	ENV=() AS=anna
	at '2026-12-01 14:00'
	_hide_environment
}

# Passes on nothing of the caller's environment any more, but for what the tools of a test need. Done once, and not by
# env -i for each run, which is one more program to start.
_hide_environment() {
	# shellcheck disable=SC2046 # names
	export -n $(compgen -e)
	export -nf bats_readlinkf 2>/dev/null || true
	export PATH HOME TMPDIR LC_ALL
}

# bats notes each command before it is run, to name the line that failed. Those in here are no lines of a test, and to
# note them takes longer than to run them.
_trace_tests_only() {
	if declare -F bats_debug_trap >/dev/null; then
		trap '[[ $BASH_SOURCE = */helpers.bash ]] || bats_debug_trap "$BASH_SOURCE"' DEBUG
	fi
}

# Sets the clock of the runs that follow; with nothing there is no --now.
at() {
	NOW=$1
}

# Puts NAME=VALUE... into the environment of the runs that follow.
with() {
	ENV+=("$@")
}

# bare COMMAND...: runs it in the environment of pps.
bare() {
	local +x LC_ALL=$LC_ALL TMPDIR=
	local -x PATH=$BIN HOME=$BATS_TEST_TMPDIR/home LOGNAME=tester PPS_DB=pps.db \
		ASAN_OPTIONS=${ASAN_OPTIONS-} UBSAN_OPTIONS=${UBSAN_OPTIONS-} "${ENV[@]}"
	"$@"
}

# Runs pps; sets status, and leaves the outputs in the files .out and .err.
pps() {
	status=0
	bare "$PPS" ${NOW:+--now "$NOW"} ${AS:+--as "$AS"} "$@" >.out 2>.err </dev/null || status=$?
}

ok() {
	pps "$@"
	_judge 0 '' "$@"
}

warns() {
	local text=$1
	shift
	pps "$@"
	_judge 0 "pps: $text" "$@"
}

fails() {
	local expected=$1 text=$2
	shift 2
	pps "$@"
	_judge "$expected" "pps: $text" "$@"
	[ ! -s .out ] || _complain 'there should be nothing on standard output' "$@"
}

answers() {
	local expected=$1
	shift
	pps "$@"
	[ "$status" -eq "$expected" ] || _complain "exit status $status instead of $expected" "$@"
}

_judge() {
	local expected=$1 text=$2
	shift 2
	[ "$status" -eq "$expected" ] || _complain "exit status $status instead of $expected" "$@"
	_holds .err "$text${text:+$'\n'}" || _complain "standard error should be: $text" "$@"
}

# Whether the file is exactly this text. (To read up to a byte of zero succeeds only when there is one.)
_holds() {
	local found
	{ ! IFS= read -r -d '' found; } <"$1" && [ "$found" = "$2" ]
}

_complain() {
	echo "$1" "($BATS_TEST_FILENAME)" "${@:2:12}" | cut -c 1-400
	echo "--- standard output:"
	head -c 4000 .out
	echo "--- standard error:"
	head -c 4000 .err
	return 1
}

_exactly() {
	local wanted
	if [ $# -gt 1 ]; then
		wanted=$2${2:+$'\n'}
	else
		IFS= read -r -d '' wanted || true
	fi
	if ! _holds "$1" "$wanted"; then
		diff -u --label expected <(printf '%s' "$wanted") "$1" || true
		return 1
	fi
}

out() {
	_exactly .out "$@"
}

err() {
	_exactly .err "$@"
}

line() {
	local found
	IFS= read -r -d '' found <.out || true
	[[ $'\n'$found = *$'\n'"$1"$'\n'* ]] || _complain "no line: $1"
}

no_line() {
	if grep -qE -- "$1" .out; then
		_complain "a line fits: $1"
	fi
}

json() {
	/usr/bin/python3 -B "$BATS_TEST_DIRNAME/document.py" .out "$@"
}

# ---- the sale that most tests begin with ----

# maria [ARG...]: an early booking, by e-mail and phone; T1 with the actions A1 to A14.
maria() {
	ok add-client --name 'Мария Иванова' --phone '8 903 123-45-67' --email maria@example.com \
		--departure '10.12.2026 06:40' --return 20.12.2026 --destination Анталья "$@"
}

# state ACTION STATE...: what the database says of it, without asking pps.
state() {
	local id=$1
	shift
	[ "$(sql "SELECT state FROM action WHERE id = $id")" = "$*" ] ||
		_complain "action $id is $(sql "SELECT state FROM action WHERE id = $id")"
}

sql() {
	sqlite3 -batch -noheader pps.db "$1"
}

# letter FILE: sender, recipient, subject and text of an e-mail, decoded.
letter() {
	/usr/bin/python3 -B - "$1" <<-'E'
		import email, email.header, email.policy, sys
		raw = open(sys.argv[1], "rb").read()
		plain = email.message_from_bytes(raw)  # its headers are decoded by hand: see bpo-35547
		for name in "From", "To", "Subject", "Date":
		    print("%s: %s" % (name, email.header.make_header(email.header.decode_header(plain[name]))))
		mail = email.message_from_bytes(raw, policy=email.policy.default)
		print(mail.get_body(("plain",)).get_content())
	E
}

# A copy of everything that the database holds, to see that a run changed nothing; but for the line in the log that says so.
dump() {
	sqlite3 pps.db .dump | grep -v "^INSERT INTO audit VALUES([0-9]*,[0-9]*,'[^']*','unchanged'," >"$1"
}

unchanged() {
	dump .after
	cmp "$1" .after
}

# sent PATTERN: how many messages of this name lie in the outbox.
# shellcheck disable=SC2231 # a pattern
sent() (
	shopt -s globstar dotglob
	n=0
	for file in outbox/**/$1; do
		[ ! -f "$file" ] || n=$((n + 1))
	done
	echo "$n"
)

# killed_at CALL N ARG...: the program dies at its N-th system call of that name.
killed_at() {
	local call=$1 n=$2
	shift 2
	status=0
	ASAN_OPTIONS=detect_leaks=0 bare strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
		"$PPS" --now "$NOW" "$@" >.out 2>.err </dev/null || status=$?
	[ "$status" -eq 137 ] || _complain "it was not killed at $call $n: exit status $status" "$@"
}

# As root every file can be read and written whatever its mode; this takes that power away. For a user it does nothing.
mortal() {
	if [ "$(id -u)" -eq 0 ]; then
		printf '#!/bin/sh\nexec setpriv --bounding-set=-dac_override,-dac_read_search "%s" "$@"\n' \
			"$(readlink -f "$PPS")" >mortal
		chmod +x mortal
		PPS=$PWD/mortal
	fi
}

# ---- a backup that is put back ----

OLDER='the database is an older copy: something was sent or entered after it was saved; pps recover puts that right'
NO_LOG='the sent log beside the database is missing; if the database is a backup: pps recover; only if it was just moved: pps adopt'

# story: a letter has gone; a backup is made; then two more letters go, and another sale is entered, whose SMS goes at once.
story() {
	maria
	ok tick
	cp pps.db backup.db
	at '2026-12-03 10:00'
	ok tick
	at '2026-12-08 10:00'
	ok add-client --name 'Ян' --phone 89031112233 --departure 20.12.2026 --return 30.12.2026
	ok tick
	[ "$(sent '2*')" -eq 4 ]
}

# put_back: as people do it without --from.
put_back() {
	mkdir -p away
	mv pps.db pps.db-journal away
	cp backup.db pps.db
}

# nothing_twice: no message of any action lies in the outbox more than once.
nothing_twice() {
	[ -z "$(find outbox -name '2*' | sed 's/.*Z-//' | sort | uniq -d)" ]
}

# Mail goes to a port where nobody listens.
no_mail_server() {
	echo '{"agency": {"name": "Тёплые страны"}, "email": {"gateway": "smtp", "from": "info@warm.example",
		"smtp": {"host": "127.0.0.1", "port": 1, "security": "none"}}}' >pps.json
}

# at_risk ACTION: as a tick leaves it between the last byte and the answer.
at_risk() {
	sql "UPDATE action SET state = 'claimed' WHERE id = $1; UPDATE action SET state = 'at_risk' WHERE id = $1;"
}

# sms_gateway 'JSON of a preset' <<'E' … E: SMS go by HTTP to a server of ours, whose do_GET is the here-document (Python).
# It ends with the test.
sms_gateway() {
	mkdir -p templates/gateways
	echo "$1" >templates/gateways/ours.json
	mkfifo port
	{
		printf '%s\n' 'import http.server, urllib.parse' 'class Handler(http.server.BaseHTTPRequestHandler):' \
			'    def log_message(self, *words):' '        pass' '    def do_GET(self):'
		sed 's/^/        /'
		printf '%s\n' 'server = http.server.HTTPServer(("127.0.0.1", 0), Handler)' 'print(server.server_port, flush=True)' \
			'server.serve_forever()'
	} >server.py
	/usr/bin/python3 server.py >port 3>&- &
	server=$!
	local port
	read -r port <port
	echo "{\"sms\": {\"gateway\": \"http\", \"http\": {\"preset\": \"ours\", \"url\": \"http://127.0.0.1:$port\", \"sender\": \"A\"}}}" >pps.json
}

teardown() {
	if [ -n "${server-}" ]; then
		kill "$server"
	fi
}
