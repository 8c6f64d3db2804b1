#!/bin/sh
# tests/run.sh all|fast|faults [SECONDS]: runs the tests and says what failed. The last line is "N passed, N failed"; the
# exit status is 0 only when none failed. `make check`, `make check-fast` and `make check-faults` build what it runs.
# SECONDS: `faults` ends after so many; what did not come to its end by then has failed.
#
# Every test program prints TAP. One that crashes, takes too long, prints no plan, runs another number of tests than
# it planned, or skips any counts as failed: a test that did not run has not passed.
set -u

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 1

# `fast` holds what a change most often breaks, in half a minute on two slow processors: the walls and the single rooms but
# for the SLOW ones (which wait for time-outs, speak to servers, make certificates, are random or go through long tables),
# and of the command-line tests and the scenarios only these. Whoever works on one family of commands runs its file.
# The tests against real servers (tests/e2e) and the fault tests are left to `all`; and only `all` runs the command-line
# tests with the sanitised binary, which starts several times as slowly as the one that is installed.
FAST="tests/cli/contract.bats tests/cli/look.bats tests/cli/sale.bats tests/cli/tick.bats tests/cli/tick_one_client.bats \
tests/scenarios/agency.txt tests/scenarios/explain.txt tests/scenarios/last-days.txt tests/scenarios/undo.txt"
SLOW="tests/unit/test_gateway_ask.c tests/unit/test_gateway_http.c tests/unit/test_gateway_smtp.c \
tests/unit/test_gateway_smtp_tls.c tests/unit/test_gateway_stopping.c tests/unit/test_greeting.c tests/unit/test_lint.c \
tests/unit/test_mail.c tests/unit/test_mustache.c tests/unit/test_occasions.c tests/unit/test_plan_random.c tests/unit/test_sms.c \
tests/unit/test_sms_latin.c tests/unit/test_typography.c tests/unit/test_zone.c tests/store/test_backup.c \
tests/store/test_people.c tests/store/test_planning.c tests/store/test_restore.c tests/store/test_schema.c \
tests/walls/examples.py"
# So are left single command-line tests, those below a line "# bats test_tags=long": whole stories, long tables, and
# what strikes at many points.
LONG=long

LONGEST_FAULTS="tests/faults/kill.py tests/faults/days.py tests/faults/errors.py tests/faults/mutants.py"

LIMIT_SEC=300      # for one test program
LIMIT_E2E_SEC=1200 # for one that starts servers
LIMIT_FAULTS_SEC=7200 # for all that try every point, together

# The fault tests that take a sample belong to `all`, with these options; `faults` runs each of them to its end. They
# strike at the program that is installed: under strace the sanitised one is too slow.
sample_of() {
	case $1 in
	*/kill.py) echo --sample 72 ;;
	*/errors.py) echo --sample 60 ;;
	*/many.py) echo --sample 30 ;;
	*/days.py) echo --days 300 ;;
	*/power.py) echo --sample 40 ;;
	*/memory.py) echo --sample 40 ;;
	*/machine.py) echo --sample 60 ;;
	*/damage.py) echo --sample 60 ;;
	*/replies.py) echo --sample 60 ;;
	*/noise.py) echo --sample 15 ;;
	*/answer.py | */doubts.py) ;;
	*) return 1 ;; # only in `faults`
	esac
}
all_of() {
	case $1 in
	*/days.py) echo --days 10000 ;;
	*/memory.py) echo --sample 1000 ;; # of 17,000; all of them take a quarter of an hour more
	*/answer.py | */doubts.py) return 1 ;; # has no more than `all` has run
	esac
}

# ---- one test program: run.sh --one FOLDER PPS MODE HOW END FILE ----

run_one() {
	work=$1 pps=$2 mode=$3 how=$4 end=$5 file=$6 limit=$LIMIT_SEC
	name=$(printf '%s' "$file" | tr / :)
	mkdir -p "$work/$name.tmp"
	case $file in
	*.bats)
		set -- bats --tap "$file"
		[ "$mode" = all ] || set -- "$@" --filter-tags "!$LONG"
		;;
	tests/scenarios/*.txt) set -- /usr/bin/python3 -B tests/scenarios/run.py "$file" ;;
	tests/e2e/*.py) limit=$LIMIT_E2E_SEC && set -- /usr/bin/python3 -B "$file" ;;
	tests/faults/*.py)
		limit=$((end - $(date +%s)))
		[ $limit -gt 0 ] || limit=1
		# shellcheck disable=SC2046 # words
		set -- /usr/bin/python3 -B "$file" $("$how" "$file")
		;;
	*.py) set -- /usr/bin/python3 -B "$file" ;;
	*) set -- "$file" ;;
	esac
	# Nothing of the caller's environment reaches a test. A sanitiser's finding ends the program with its own status
	# and words, which no test expects.
	start=$(date +%s%N)
	env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		HOME="$work/home" TMPDIR="$work/$name.tmp" PPS="$pps" \
		ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1 \
		CMOCKA_MESSAGE_OUTPUT=TAP \
		timeout -k 10 "$limit" "$@" >"$work/$name.out" 2>&1 </dev/null
	status=$?
	ms=$((($(date +%s%N) - start) / 1000000))
	echo "$status $ms" >"$work/$name.status"
	rm -rf "$work/$name.tmp"
	[ "$mode" != faults ] || echo "$file: exit status $status, in $((ms / 1000)) s" # the whole takes an hour
}

if [ "${1-}" = --one ]; then
	run_one "$2" "$3" "$4" "$5" "$6" "$7"
	exit 0
fi

# ---- all of them ----

case ${1-} in
all) mode=all pps=$root/build/check/pps how=sample_of ;;
fast) mode=fast pps=$root/build/pps how=sample_of ;;
faults) mode=faults pps=$root/build/pps how=all_of ;;
*)
	echo "usage: tests/run.sh all|fast|faults [SECONDS]" >&2
	exit 64
	;;
esac
end=$(($(date +%s) + ${2:-$LIMIT_FAULTS_SEC}))

work=$(mktemp -d "${TMPDIR:-/tmp}/pps-tests.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/home"
passed=0 failed=0

# Prints what went wrong in one program's output and ends with the line "PASSED FAILED".
# shellcheck disable=SC2016 # awk's dollars
tap_rules='
function fault(text) { failed++; complain(text) }
function complain(text) { if (!told++) print "\n---- " file; print text }
/^1\.\.[0-9]+/ { plans++; planned += substr($1, 4) }
/^ok / { if (tolower($0) ~ /# *(skip|todo)/) { ran++; fault("skipped: " $0) } else { ran++; passed++ } showing = 0; first = n; next }
/^not ok / { ran++; failed++; showing = 1; for (i = n - first > 40 ? n - 40 : first; i++ < n;) complain(other[i]); told_of = n }
/^Bail out!/ { showing = 1; bailed = 1 }
!/^(ok |1\.\.|TAP version)/ { other[++n] = $0 }
showing { complain($0); told_of = n }
END {
	was_failed = failed
	if (status == 124 || status == 137) fault("stopped: it took longer than it may (or was killed)")
	else if (bailed) failed++
	else if (!plans) fault("it printed no plan and ended with status " status)
	else if (planned != ran) fault("it planned " planned " tests and ran " ran ", and ended with status " status)
	else if (ran == 0) fault("it ran no test")
	else if (status != 0 && !failed) fault("all passed, but it ended with status " status)
	if (failed > was_failed)
		for (i = n - told_of > 60 ? n - 59 : told_of + 1; i <= n; i++) print other[i]
	print passed + 0, failed + 0
}'

# run FILE...: runs the files, two at a time.
run() {
	[ $# -eq 0 ] || printf '%s\n' "$@" | xargs -P 2 -n 1 sh tests/run.sh --one "$work" "$pps" "$mode" "$how" "$end"
}

# judge NAME FILE...: says what failed in a group that was run, and adds it up.
judge() {
	name=$1 group_passed=0 group_failed=0 group_ms=0
	shift
	for file in "$@"; do
		out=$work/$(printf '%s' "$file" | tr / :)
		[ -f "$out.out" ] || : >"$out.out"
		read -r status ms 2>/dev/null <"$out.status" || status=none ms=0
		awk -v file="$file" -v status="$status" "$tap_rules" "$out.out" >"$work/verdict"
		sed '$d' "$work/verdict"
		counts=$(tail -n 1 "$work/verdict")
		group_passed=$((group_passed + ${counts% *}))
		group_failed=$((group_failed + ${counts#* }))
		group_ms=$((group_ms + ms))
	done
	if [ $# -eq 0 ]; then
		echo "$name: there is no test"
		group_failed=1
	fi
	awk -v name="$name" -v p="$group_passed" -v f="$group_failed" -v ms="$group_ms" \
		'BEGIN { printf "%-9s %5d passed %3d failed %7.1f s\n", name, p, f, ms / 1e3 }'
	passed=$((passed + group_passed))
	failed=$((failed + group_failed))
}

# The files of a pattern; in `fast` only those that belong to it.
pick() {
	for candidate in "$@"; do
		[ -e "$candidate" ] || continue
		if [ "$mode" = fast ]; then
			case $candidate in
			tests/cli/* | tests/scenarios/*) among "$candidate" "$FAST" || continue ;;
			tests/golden/*) continue ;;
			*) ! among "$candidate" "$SLOW" || continue ;;
			esac
		fi
		printf '%s\n' "$candidate"
	done
}

among() {
	case " $2 " in
	*" $1 "*) return 0 ;;
	esac
	return 1
}

# Sources decide which binaries run, so that one left over from a removed test does not.
binaries() {
	for source in $(pick tests/unit/test_*.c tests/store/test_*.c); do
		printf 'build/check/%s\n' "$(printf '%s' "${source#tests/}" | sed 's/\.c$//')"
	done
}

# How many command-line tests and scenarios are not among those of the arguments.
files_left() {
	ran=$#
	set -- tests/cli/*.bats tests/scenarios/*.txt tests/scenarios/test_*.py
	echo "$(($# - ran)) files"
}

now_ms() {
	echo $(($(date +%s%N) / 1000000))
}

# What the programs had to say of what they tried, when nothing failed: the number of points, and what became of them.
tell() {
	for file in "$@"; do
		out=$work/$(printf '%s' "$file" | tr / :)
		grep -h '^# ' "$out.out" | sed "s|^#|$(basename "$file" .py):|"
	done
}

# The fault tests of this mode: those for which there are options. The longest begin first.
faults() {
	# shellcheck disable=SC2086 # words
	printf '%s\n' $LONGEST_FAULTS tests/faults/*.py | awk '!seen[$0]++' | while read -r candidate; do
		grep -q '__main__' "$candidate" && "$how" "$candidate" >/dev/null && printf '%s\n' "$candidate"
	done
}

if [ "$mode" = faults ]; then
	start=$(now_ms) faults=$(faults)
	# shellcheck disable=SC2086
	{
		run $faults
		judge faults $faults
		tell $faults
	}
	awk -v ms="$(($(now_ms) - start))" 'BEGIN { printf "in %.1f s\n", ms / 1e3 }'
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
fi

# The fast groups share one pool, so that a test that waits for a server does not keep a processor idle; the longest
# begin first. The time of a group is the sum of its programs', two of which ran at a time.
walls=$(pick tests/walls/[a-z]*.py) unit=$(binaries) cli=$(pick tests/cli/*.bats)
scenarios=$(pick tests/scenarios/*.txt tests/scenarios/test_*.py) golden=$(pick tests/golden/test_*.py)
start=$(now_ms)
# shellcheck disable=SC2086 # no path of ours has a blank
{
	run $golden $cli $scenarios $unit $walls
	judge walls $walls
	judge unit $unit
	judge cli $cli
	judge scenarios $scenarios
	[ "$mode" = fast ] || judge golden $golden
}
if [ "$mode" = all ]; then
	# The longest begin first, here too.
	e2e=$(pick tests/e2e/test_year.py tests/e2e/test_*.py tests/fuzz/test_*.py | awk '!seen[$0]++') faults=$(faults)
	# shellcheck disable=SC2086
	{
		run $e2e
		judge e2e $e2e
		pps=$root/build/pps
		run $faults
		judge faults $faults
		tell $faults
	}
else
	# shellcheck disable=SC2086 # words
	echo "left to make check: tests/e2e tests/faults tests/golden, $(files_left $cli $scenarios) of the command-line tests" \
		"and scenarios, and $SLOW"
	# shellcheck disable=SC2086
	grep -c "^# bats test_tags=$LONG\$" $cli | awk -F '[/:]' '
		$NF { printf "%s %s %s", n++ ? "," : "and long tests:", $3, $NF }
		END { if (n) print "" }'
fi
awk -v ms="$(($(now_ms) - start))" 'BEGIN { printf "in %.1f s\n", ms / 1e3 }'

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
