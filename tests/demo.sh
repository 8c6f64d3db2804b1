#!/bin/sh
# tests/demo.sh PPS: three weeks of an agency in a few seconds, in a scratch folder, explained (`make demo`).
#
# Enters what happens in tests/demo/diary, runs `pps tick` three times a day by --now, ticks off some of the calls and
# leaves others, then shows what the director, the managers and the clients see: the checklist, what is red, letters and
# SMS, a lost sale, a complaint, two answers and a hand-over. Whatever is shown was printed by pps, now or in those weeks;
# of long answers and letters only a part is shown, and in a narrow window tables are cut at its edge. Letters and SMS go
# nowhere: they are files in an outbox. PPS_DEMO_KEEP=DIR keeps everything in that new folder.
set -eu

say() {
	printf '%s\n' "$*"
}

die() {
	printf 'demo: %s\n' "$*" >&2
	exit 1
}

[ $# -eq 1 ] || die "usage: tests/demo.sh build/pps"
program=$1
[ -x "$program" ] || die "$program is not there: make builds it"
here=$(dirname "$0")/demo
unset PPS_DB PPS_CONFIG PPS_NOW PPS_USER
export LC_ALL=C.UTF-8
python="/usr/bin/python3 -IBS"

if [ -n "${PPS_DEMO_KEEP-}" ]; then
	mkdir "$PPS_DEMO_KEEP" || die "PPS_DEMO_KEEP names a folder that is there already, or cannot be made"
	dir=$PPS_DEMO_KEEP
else
	dir=$(mktemp -d "${TMPDIR:-/tmp}/pps-demo.XXXXXX")
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 1' HUP INT TERM
fi
mkdir "$dir/told"

bold='' dim='' plain='' color=never window=1000
if [ -t 1 ]; then
	{ window=$(stty size <&4 2>/dev/null | cut -d ' ' -f 2); } 4>&1
	[ "${window:-0}" -ge 40 ] || window=80
	if [ -z "${NO_COLOR-}" ]; then
		bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m') color=always
	fi
fi
words=$((window < 110 ? window : 110)) # longer lines are no pleasure to read

pps() {
	"$program" --db "$dir/pps.db" --color "$color" "$@"
}

# fit HOW WIDTH INDENT HANG FILE: most answers fit as they are, and Python takes its time to start.
fit() {
	if [ "$(wc -L <"$5")" -le $(($2 - $3)) ]; then
		sed "s/^/$(printf "%$3s" '')/; s/ *\$//" "$5"
	else
		$python "$here/fit.py" "$1" "$2" "$3" "$4" <"$5"
	fi
}

# fold [INDENT [HANG]] for words, cut_off [INDENT] for tables: what comes in, made to fit.
fold() {
	cat >"$dir/words"
	fit fold "$words" "${1-0}" "${2-0}" "$dir/words"
}

cut_off() {
	cat >"$dir/table"
	fit cut "$window" "${1-0}" 0 "$dir/table"
}

title() {
	say
	say "$bold$1$plain"
	[ $# -eq 1 ] || say "$2" | fold
}

# 2026-12-10 16:05 -> number=202612101605, to compare and to name a file.
number_of() {
	IFS=' :-'
	# shellcheck disable=SC2086 # in its parts
	set -- $1
	unset IFS
	number=$1$2$3$4$5
}

weekday() {
	LC_ALL=C date -u -d "$1" '+%a %d.%m'
}

# ---- the three weeks ----

# One line of the three weeks; the day stands before the first of its lines only.
entry() {
	entry=$(printf '%s%-9s%s  %s' "$bold" "$label" "$plain" "$1")
	label=''
	say "$entry" | fold 0 24
}

# Runs one; of what it did only what went otherwise than by itself is told: the checklist shows the rest.
tick() {
	pps --now "$1" tick --verbose >"$dir/answer"
	ticks=$((ticks + 1))
	told=$(awk '
		function add(text) { line = line (line == "" ? "" : ", ") text }
		{ of = $5; sub(/:$/, "", of) }
		$1 == "fell_back" { late = late " " of }
		$1 == "missed" { add("MISSED " $3 " " of) }
		END { if (late != "") add("not called, so by SMS:" late); print line }' "$dir/answer")
	[ -z "$told" ] || entry "${1#* } tick   $told"
}

# Runs the ticks that come before the given moment.
ticks_until() {
	number_of "$1"
	until=$number
	while :; do
		number_of "$day $hour"
		[ "$number" -lt "$until" ] || return 0
		[ "$hour" != "$first_hour" ] || label=$(weekday "$day")
		case " $dark " in
		*" $day "*) [ "$hour" != "$first_hour" ] || entry "no electricity today: no tick runs" ;;
		*) tick "$day $hour" ;;
		esac
		case $hour in
		10:05) hour=16:05 ;;
		16:05) hour=19:40 ;;
		*) hour=$first_hour day=$(date -u -d "$day + 1 day" +%F) ;;
		esac
	done
}

# One line of the diary: runs the command, keeps what it says, and prints it in short.
happen() {
	at=$1 who=$2 what=$3 command=${4#! }
	number_of "$at"
	answer=$dir/told/$number
	say "$bold$(weekday "$at") ${at#* } $who>$plain pps $command" >"$answer"
	eval "set -- $command"
	if [ "$command" = "$args" ]; then
		pps --now "$at" --as "$who" "$@" >"$dir/answer"
	else
		! pps --now "$at" --as "$who" "$@" >"$dir/answer" 2>&1 || die "$at: pps did not refuse"
	fi
	cat "$dir/answer" >>"$answer"
	case $1 in
	add-client | add-trip)
		sales=$((sales + 1))
		short=$(sed -n 's/^\(T[0-9]*\) \(.*\), bought.*/\1 \2/p' "$dir/answer")
		[ -n "$short" ] || die "$1 answered something else: $(cat "$dir/answer")"
		;;
	done | edit-trip | cancel-trip) short="$*" ;;
	*) short=$1 ;;
	esac
	[ -z "$what" ] || entry "${at#* } $(printf %-5s "$who")  $short: $dim$what$plain"
}

say "${bold}pps: three weeks of a travel agency after the sale$plain"
say "Everything happens in a scratch folder, by a clock of its own; letters and SMS become files in an outbox." | fold
[ "$window" -ge 180 ] || say "Tables are cut at the edge of this window; 180 columns show them whole." | fold

title "1. Setting up: one command, then the people"
pps init --agency "Тёплые страны" --email info@warm.example --phone "+7 495 555-01-00" >/dev/null
pps staff add olga --name "Ольга Смирнова" --role director --position "директор" --email olga@warm.example
pps staff add vera --name "Вера Орлова" --role service --position "директор по сервису" --email vera@warm.example
pps staff add anna --name "Анна Петрова" --email anna@warm.example --phone "+7 495 555-01-01"
pps staff add boris --name "Борис Ёжиков" --email boris@warm.example --phone "+7 495 555-01-02"

title "2. Three weeks: managers sell and call; ticks run at 10:05, 16:05 and 19:40"
first_hour=10:05
day=2026-11-30 hour=$first_hour ticks=0 sales=0
dark=$(sed -n 's/^off //p' "$here/diary" | tr '\n' ' ')
# The diary is read on 3, so that nothing in the loop can eat it.
while IFS='|' read -r at who what args <&3; do
	case $at in
	'#'* | off*) continue ;;
	esac
	ticks_until "$at"
	happen "$at" "$who" "$what" "$args"
done 3<"$here/diary"
now="2026-12-21 09:10"
ticks_until "$now"
letters=$(find "$dir/outbox" -name '*.eml' | wc -l)
sms=$(find "$dir/outbox" -name '*.txt' | wc -l)
say "$sales sales, $ticks ticks: $((letters)) letters and $((sms)) SMS went out, and nobody wrote one of them."

# ---- what people see ----

# shown WHO ARG...: a command as it is typed, at $now, and what it says.
shown() {
	who=$1
	shift
	pps --now "$now" --as "$who" "$@" >"$dir/answer"
	say "$bold$(weekday "$now") ${now#* } $who>$plain pps $*"
	cut_off <"$dir/answer"
}

# told MOMENT [PATTERN]: the same, of what happened in the three weeks; with a pattern, only the lines that fit.
told() {
	number_of "$1"
	answer=$dir/told/$number
	[ -f "$answer" ] || die "the diary has nothing at $1"
	sed 1q "$answer" | fold 0 4
	sed 1d "$answer" | grep -E -e "${2-}" >"$dir/answer" || die "$1: nothing of what is to be shown is there"
	if grep -q 'id  ' "$answer"; then
		cut_off 2 <"$dir/answer"
	else
		fold 2 2 <"$dir/answer"
	fi
}

# The file of a step's message: its name ends in the action's id and the step.
outbox() {
	id=$(pps why "$1" | sed -n '1s/^\(A[0-9]*\) .*/\1/p')
	for found in "$dir/outbox"/*-"$id-${1#*/}".*; do
		[ -f "$found" ] || die "$1 is not in the outbox"
		printf '%s\n' "$found"
	done
}

# letter STEP [LINES], sms STEP: as the client sees it.
letter() {
	file=$(outbox "$1")
	$python "$here/letter.py" "$file" "${2-999}" | fold 2
}

sms() {
	file=$(outbox "$1")
	sed -n '1p; 3p' "$file" | fold 2
}

title "3. Monday morning: the director looks at the checklist" \
	"A row per trip, a column per step. Red: it should have been done and is not; yellow: it is due today. T12 was \
cancelled and is not there; T5 is done from the first letter to the visit."
shown olga report --checklist

title "4. The director asks what is red" \
	"Calls that nobody ticked, and a message that came too late to be sent: on its day there was no electricity."
shown olga report --overdue

title "5. Why did Дмитрий Лебедев never get the photo challenge?" "Nothing is left out in silence."
shown anna why T6/challenge

title "6. What went by itself" \
	"The thank-you letter of Ольга Ёлкина, in the director's name; and the SMS of two clients whom nobody had called by \
16:00, their time, on the day before the flight."
letter T5/thank-you 3
sms T3/preflight
sms T7/preflight

title "7. Павел Тихонов buys elsewhere, and comes back" \
	"Two letters of the service director, and a call after ten days. Anna lost the sale: she signs nothing, gets no \
answer, and may not be the one who calls."
told "2026-11-30 16:20"
told "2026-11-30 16:25" "^[^C]"
say "Both letters, as they lie in the outbox:"
letter L4/lost-happy-trip 0
say
letter L4/lost-offended 3
say "A new sale ends the series; so does pps won, when they have only answered. This one is won back:" | fold
shown olga lost --list

title "8. Анна-Мария Корф complains" \
	"When the promised day has passed, the complaint is red. A week after it is settled, somebody asks whether it really \
is: that call is due today, and selling letters wait until it is made."
told "2026-12-09 12:30" "^(P|goes|waits)"
told "2026-12-14 09:10"
told "2026-12-14 12:00" "^(to do|goes)"

title "9. Two clients say how it was" \
	"Whoever would recommend us is asked for it: the words for the visit say so. Whoever was not happy is called within a \
working day, and sold nothing."
told "2026-12-10 11:25" "^(F|  they|goes)"
told "2026-12-14 09:15" "^4[.]|высокие"
told "2026-12-20 18:30" "^(F|  they|to do|stays)"

title "10. Anna leaves, and nothing is nobody's" "Her trips, her calls, the complaint that is to be checked, the client who was not happy: Boris has them all."
now="2026-12-21 09:30"
shown olga staff leave anna --to boris
shown olga today --manager anna
shown olga today

if [ -n "${PPS_DEMO_KEEP-}" ]; then
	title "Kept: try pps --db $dir/pps.db --now \"$now\" show T5"
fi
