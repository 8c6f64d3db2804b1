#!/usr/bin/python3 -B
"""Words that may stand in some files only: printing, the clock, the environment, SQL; and how long files are."""

import re

from _wall import done, hits, literals, read, sources, wall

everything = sources("src/**/*.[ch]", "include/pps/*.h")


def outside(*allowed):
    return [p for p in everything if not any(p == a or a.endswith("/") and p.startswith(a) for a in allowed)]


def used(files, pattern):
    return [hit for path in files for hit in hits(path, pattern)]


CALL = r"(?<![\w.>])(?:%s)\s*\("

# table.c prints to the FILE that it is given; str.c says with write(2) that there is no memory.
wall("only cli prints",
     used(outside("src/cli/", "src/report/table.c"),
          CALL % "printf|vprintf|fprintf|vfprintf|puts|fputs|putc|fputc|putchar|fwrite|perror|dprintf|psignal"
          + r"|\b(?:stdout|stderr)\b") +
     used(outside("src/cli/", "src/util/str.c"), CALL % "write" + r"\s*(?:1|2|STDOUT_FILENO|STDERR_FILENO)\s*,") +
     used(["src/report/table.c"], r"\b(?:stdout|stderr)\b" + "|" + CALL % "printf|puts|putchar|vprintf|perror"))

wall("only util/clock.c knows what time it is",
     used(outside("src/util/clock.c"),
          CALL % "time|clock_gettime|gettimeofday|timespec_get|ftime|clock"))

wall("nobody asks the C library what time it is elsewhere",
     used(everything, CALL % "localtime|localtime_r|gmtime|mktime|strptime|tzset|ctime|ctime_r|asctime"))

wall("the environment is read in cli only, and never written",
     used(outside("src/cli/"), CALL % "getenv|secure_getenv") +
     # libcurl would write the keys of every connection to this file: it must go before the first one.
     [h for h in used(everything, CALL % "setenv|putenv|unsetenv|clearenv")
      if not (h.startswith("src/gateway/transfer.c:") and 'unsetenv("SSLKEYLOGFILE")' in h)])

SQL = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|PRAGMA|BEGIN|COMMIT|ROLLBACK|VACUUM)\b")
wall("SQL stands only in src/store and schema.sql",
     ["%s:%d: %s" % (path, line, text[:80]) for path in outside("src/store/")
      for line, text in literals(path) if SQL.search(text)])

long_ones = ["%s:%d: the file has %d lines, 600 is the limit" % (path, n, n) for path in everything
             for n in [read(path).count("\n")] if n > 600]
main = read("src/main.c").count("\n")
if main >= 60:
    long_ones.append("src/main.c:%d: main.c has %d lines; it must stay below 60" % (main, main))
wall("main.c is below 60 lines and no file is above 600", long_ones)

wall("every .c and .h begins with a comment that says what it is for",
     ["%s:1: no comment at the beginning" % p for p in everything if not read(p).startswith("/*")])
done()
