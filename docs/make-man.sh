#!/bin/sh
# Brings the generated part of docs/pps.1 up to date: what stands between the lines "generated: begin" and
# "generated: end" is replaced by what the program says of its own commands and options, so that the manual
# cannot drift from the option tables.
#
#   docs/make-man.sh PROGRAM            rewrites docs/pps.1
#   docs/make-man.sh PROGRAM --check    changes nothing; exit status 1 when docs/pps.1 is out of date
set -eu

if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "${2:---check}" != --check ]; then
    echo "usage: docs/make-man.sh PROGRAM [--check]" >&2
    exit 64
fi
program=$1
page=$(dirname "$0")/pps.1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

"$program" help --man > "$work/generated"

# Copies the page; between the two marks, the generated text in place of what was there. The marks are counted,
# because with one of them gone the rest of the page would go, too.
awk -v generated="$work/generated" '
    $0 == ".\\\" generated: begin" {
        print
        while ((getline line < generated) > 0)
            print line
        begins++
        inside = 1
        next
    }
    $0 == ".\\\" generated: end" { ends++; inside = 0 }
    !inside { print }
    END { exit !(begins == 1 && ends == 1 && !inside) }
' "$page" > "$work/pps.1" || {
    echo "make-man: $page needs exactly one line '.\\\" generated: begin' and one '.\\\" generated: end'" >&2
    exit 65
}

if cmp -s "$work/pps.1" "$page"; then
    exit 0
fi
if [ $# = 2 ]; then
    echo "make-man: $page is out of date: run make man" >&2
    exit 1
fi
cat "$work/pps.1" > "$page"
