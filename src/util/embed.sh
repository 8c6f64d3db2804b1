#!/bin/sh
# Prints a C file that holds the given files as arrays of bytes (string literals over 4,095 bytes are beyond
# what C11 promises). Serves the Makefile; the result is declared in <pps/file.h>.
set -eu
printf '#include <pps/file.h>\n\n'
n=0
for f in "$@"; do
	printf 'static const char file%d[] = {' "$n"
	od -An -v -td1 "$f" | sed 's/  */ /g; s/^ //; s/ *$//; s/ /,/g; s/$/,/'
	printf '0};\n'
	n=$((n + 1))
done
printf '\nconst struct embedded_file embedded_files[] = {\n'
n=0
for f in "$@"; do
	printf '    {"%s", file%d, sizeof file%d - 1},\n' "$f" "$n" "$n"
	n=$((n + 1))
done
printf '};\nconst size_t embedded_files_count = %d;\n' "$n"
