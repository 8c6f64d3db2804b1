#!/bin/sh
# Makes the manual page pps-method(7) from docs/method.md, so that the story is written once, and its examples are tested
# once (tests/walls/examples.py).
#
#   docs/method-man.sh > build/pps-method.7
#
# cmark writes the text. Here it gets the head and the foot that a manual page needs, links become the names of pages, and
# what only groff understands is said in a way that every viewer does.
set -eu
cd "$(dirname "$0")"

cat <<END
.\\" Made from docs/method.md.
.TH PPS\\-METHOD 7 "$(sed -n 's/^\.Dd //p' pps.1)" pps "Miscellaneous Information Manual"
.SH NAME
pps\\-method \\- what pps does for one client in a year, and what people do
END
sed -e '1s/.*/# DESCRIPTION/' -e 's/\[\([^]]*\)\]([a-z]*\.md)/\1/g' method.md | cmark --to man | awk '
	/^\.PP/ && heading { heading = 0; next }     # a paragraph begins below a heading anyway
	/^\\f\[C?\]$/ { next }                       # the typeface of a block that is set as it stands
	{ gsub(/\\f\[C\]/, "\\fB"); gsub(/\\f\[\]/, "\\fR"); print }
	{ heading = named; named = /^\.S[HS]/ }'
cat <<END
.SH SEE ALSO
.BR pps (1),
.BR pps\\-delivery (7)
END
