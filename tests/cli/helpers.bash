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
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	ENV=() NOW='2026-11-02 09:00' AS=''
	mkdir agency && cd agency || return 1
	PPS_DB=pps.db pps init --agency 'Тёплые страны' --phone '+7 495 123-45-67' --email info@warm.example
	pps staff add olga --name 'Ольга Смирнова' --role director --position директор
	pps staff add anna --name 'Анна Петрова' --email anna@warm.example
	pps staff add boris --name 'Борис Ким'
	[ "$status" -eq 0 ] && rm -r templates
}

setup() {
	cp -r "$BATS_FILE_TMPDIR/agency/." "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return 1
	ENV=() AS=anna
	at '2026-12-01 14:00'
}

# Sets the clock of the runs that follow; with nothing there is no --now.
at() {
	NOW=$1
}

# Puts NAME=VALUE... into the environment of the runs that follow.
with() {
	ENV+=("$@")
}

# Runs pps; sets status, and leaves the outputs in the files .out and .err.
pps() {
	status=0
	env -i PATH="$BIN" HOME="$BATS_TEST_TMPDIR/home" LOGNAME=tester PPS_DB=pps.db \
		ASAN_OPTIONS="${ASAN_OPTIONS-}" UBSAN_OPTIONS="${UBSAN_OPTIONS-}" "${ENV[@]}" \
		"$PPS" ${NOW:+--now "$NOW"} ${AS:+--as "$AS"} "$@" >.out 2>.err </dev/null || status=$?
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
	[ "$(<.err)" = "$text" ] || _complain "standard error should be: $text" "$@"
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
	# The full stop keeps the newlines at the end, which $() would drop.
	if [ "$(cat "$1" && echo .)" != "$wanted." ]; then
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
	grep -qxF -- "$1" .out || _complain "no line: $1"
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

# maria [ARG...]: an early booking, by e-mail and phone; T1 with the actions A1 to A11.
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

# A copy of everything that the database holds, to see that a run changed nothing.
dump() {
	sqlite3 pps.db .dump >"$1"
}

unchanged() {
	dump .after
	cmp "$1" .after
}

# sent PATTERN: how many messages of this name lie in the outbox.
sent() {
	find outbox -type f -name "$1" 2>/dev/null | wc -l
}

# killed_at CALL N ARG...: the program dies at its N-th system call of that name.
killed_at() {
	local call=$1 n=$2
	shift 2
	status=0
	env -i PATH="$BIN" HOME="$BATS_TEST_TMPDIR/home" PPS_DB=pps.db ASAN_OPTIONS=detect_leaks=0 \
		strace -f -qq -o /dev/null -e trace="$call" -e inject="$call:signal=KILL:when=$n" \
		"$PPS" --now "$NOW" "$@" >.out 2>.err </dev/null || status=$?
	[ "$status" -eq 137 ] || _complain "it was not killed at $call $n: exit status $status" "$@"
}
