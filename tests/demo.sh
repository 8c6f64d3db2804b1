#!/bin/sh
# tests/demo.sh PPS: three weeks of an agency in a few seconds, in a scratch folder, explained (`make demo`).
#
# Enters the sales of tests/demo/diary, runs `pps tick` three times a day by --now, ticks off some of the calls and
# leaves others, then shows what the director, the managers and the clients see. Letters and SMS go nowhere: they are
# files in an outbox. PPS_DEMO_KEEP=DIR keeps everything in that new folder.
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

if [ -n "${PPS_DEMO_KEEP-}" ]; then
	mkdir "$PPS_DEMO_KEEP" || die "PPS_DEMO_KEEP names a folder that is there already, or cannot be made"
	dir=$PPS_DEMO_KEEP
else
	dir=$(mktemp -d "${TMPDIR:-/tmp}/pps-demo.XXXXXX")
	trap 'rm -rf "$dir"' EXIT
	trap 'exit 1' HUP INT TERM
fi

if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
	bold=$(printf '\033[1m') dim=$(printf '\033[2m') plain=$(printf '\033[0m')
else
	bold='' dim='' plain=''
fi

pps() {
	"$program" --db "$dir/pps.db" "$@"
}

title() {
	say
	say "$bold$*$plain"
}

# 2026-12-10 16:05 -> 202612101605, to compare.
number() {
	printf '%s' "$1" | tr -d ' :-'
}

weekday() {
	LC_ALL=C date -u -d "$1" '+%a %d.%m'
}

# ---- the three weeks ----

# "sent A2 packing e-mail T1" and its like in one line; a tick that had nothing to do is not worth one.
tick() {
	pps --now "$1" tick --verbose >"$dir/answer"
	ticks=$((ticks + 1))
	told=$(awk '
		function add(text) { line = line (line == "" ? "" : ", ") text }
		{ trip = $5; sub(/:$/, "", trip) }
		$1 == "sent" { add($3 " " trip (/the call was not ticked/ ? " by SMS, not called" : "")) }
		$1 == "missed" { add("MISSED " $3 " " trip) }
		END { print line }' "$dir/answer")
	[ -z "$told" ] || printf '%s\n' "$told" | fold -s -w 84 |
		sed "1s/^/  ${1#* } ${dim}tick$plain  /; 2,\$s/^/              /; s/ *$//"
}

# Runs the ticks that come before the given moment.
ticks_until() {
	while :; do
		moment="$day $hour"
		[ "$(number "$moment")" -lt "$(number "$1")" ] || return 0
		if [ "$hour" = "$first_hour" ]; then
			say "$bold$(weekday "$day")$plain"
		fi
		case " $dark " in
		*" $day "*) [ "$hour" != "$first_hour" ] || say "  no electricity today: no tick runs" ;;
		*) tick "$moment" ;;
		esac
		case $hour in
		10:05) hour=16:05 ;;
		16:05) hour=19:40 ;;
		*) hour=$first_hour day=$(date -u -d "$day + 1 day" +%F) ;;
		esac
	done
}

# One line of the diary: runs the command, and prints it in short.
happen() {
	at=$1 who=$2 what=$3
	eval "set -- $4"
	command=$1
	pps --now "$at" --as "$who" "$@" >"$dir/answer"
	case $command in
	add-client)
		sales=$((sales + 1))
		short="$(sed -n 's/^\(T[0-9]*\) \(.*\), bought.*/\1 \2/p' "$dir/answer"), $3"
		[ "$short" != ", $3" ] || die "add-client answered something else: $(cat "$dir/answer")"
		;;
	*) short="$*" ;;
	esac
	say "  ${at#* } $who $command: $what"
	say "              $dim$short$plain"
}

say "${bold}pps: three weeks of a travel agency after the sale$plain"
say "Everything happens in a scratch folder, by a clock of its own; letters and SMS become files in an outbox."

title "1. Setting up: one command, then the people"
pps init --agency "Тёплые страны" --email info@warm.example --phone "+7 495 555-01-00" >/dev/null
pps staff add olga --name "Ольга Смирнова" --role director --position "директор" --email olga@warm.example
pps staff add anna --name "Анна Петрова" --email anna@warm.example --phone "+7 495 555-01-01"
pps staff add boris --name "Борис Ёжиков" --phone "+7 495 555-01-02"

title "2. Three weeks: managers sell and call; cron ticks at 10:05, 16:05 and 19:40"
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
say
say "$sales sales, $ticks ticks: $((letters)) letters and $((sms)) SMS went out, and nobody wrote one of them."

# ---- what people see ----

title "3. Monday, 21 December, 09:10. The director looks at the checklist"
say "A row per trip, a column per step. Red: it should have been done and is not; yellow: it is due today. T11 was"
say "cancelled and is not there; T4 is done from the first letter to the visit."
pps --now "$now" report --checklist

title "4. The director asks what is red"
say "Calls that nobody ticked, and a message that came too late to be sent: on its day there was no electricity."
pps --now "$now" report --overdue

title "5. Boris asks whom to call today"
say "What is late, what is due, and the number to dial."
pps --now "$now" --as boris today --manager boris

title "6. Why did Дмитрий Лебедев never get the photo challenge?"
say "Nothing is left out in silence."
pps --now "$now" why T5/challenge

# The file of a step's message: its name ends in the action's id and the step.
outbox() {
	id=$(pps why "$1" | sed -n '1s/^\(A[0-9]*\) .*/\1/p')
	for found in "$dir/outbox"/*-"$id-${1#*/}".*; do
		[ -f "$found" ] || die "$1 is not in the outbox"
		printf '%s\n' "$found"
	done
}

title "7. The thank-you letter of Ольга Ёлкина"
say "She left the next day, so the packing tips came with it. The director signs; there is an HTML part, too."
python3 "$here/letter.py" "$(outbox T4/thank-you)"

title "8. Two SMS that went by themselves"
say "The calls were not ticked by 16:00, the clients' time, on the day before the flight."
for step in T3/preflight T6/preflight; do
	sed -n '1s/^/  /p; 3s/^/  /p' "$(outbox "$step")"
done

if [ -n "${PPS_DEMO_KEEP-}" ]; then
	title "Kept: try pps --db $dir/pps.db --now \"$now\" show T4"
fi
