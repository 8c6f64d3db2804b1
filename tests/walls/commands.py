#!/usr/bin/python3 -B
"""Every cmd_*.c is in the command table, in the manual and in a command-line test; the manual is up to date."""

import re
import subprocess

from _wall import ROOT, done, read, sources, wall

PPS = str(ROOT / "build" / "pps")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


files = sources("src/cli/cmd_*.c")
table = set(re.findall(r"\bCOMMAND\((cmd_\w+)\)", read("src/cli/commands.c")))
names = {}  # file -> name of the command
for path in files:
    m = re.search(r'^const struct command (\w+) = \{\s*\.name = "([^"]+)"', read(path), re.M)
    if m and "src/cli/%s.c" % m.group(1) == path:
        names[path] = m.group(2)
wall("each cmd_x.c defines the command cmd_x", ["%s:1: no `const struct command %s`" % (p, p[8:-2])
                                                for p in files if p not in names])
wall("each is in the command table", ["%s:1: COMMAND(%s) is not in src/cli/commands.c" % (p, p[8:-2])
                                      for p in files if p[8:-2] not in table])

listed = set(re.findall(r"^  ([a-z-]+) ", output(PPS, "help"), re.M))
wall("pps help lists exactly these",
     ["%s:1: pps help does not list %s" % (p, n) for p, n in names.items() if n not in listed] +
     ["src/cli/commands.c:1: pps help lists %s, which no file defines" % n for n in listed - set(names.values())])

# A test calls a command when one of the helpers that run pps has it among its words.
RUNNERS = r"\b(?:ok|fails|says|warns|pps|answers)\b"
called = set()
for path in sources("tests/cli/*.bats"):
    text = read(path).replace("\\\n", " ")
    for line in re.findall(r"^\s*(?!@test|#).*" + RUNNERS + r".*$", text, re.M):
        called.update(re.findall(r"(?<![\w=/-])[a-z][a-z-]*(?![\w=/-])", line[re.search(RUNNERS, line).end():]))
wall("each is called by a command-line test", ["%s:1: no tests/cli/*.bats calls %s" % (p, n)
                                               for p, n in names.items() if n not in called])

page = read("docs/pps.1").split("\n")
sections = {m.group(1) for line in page for m in [re.match(r"\.Ss pps ([a-z-]+)", line)] if m}
wall("each has a section in docs/pps.1", ["%s:1: docs/pps.1 has no section on %s" % (p, n)
                                          for p, n in names.items() if n not in sections])

begin, end = r'.\" generated: begin', r'.\" generated: end'
stale = []
if page.count(begin) != 1 or page.count(end) != 1:
    stale.append("docs/pps.1:1: the two lines %s and %s must stand there once" % (begin, end))
else:
    first = page.index(begin) + 1
    ours, theirs = page[first:page.index(end)], output(PPS, "help", "--man").rstrip("\n").split("\n")
    for i in range(max(len(ours), len(theirs))):
        if ours[i:i + 1] != theirs[i:i + 1]:
            stale.append("docs/pps.1:%d: pps help --man says something else: run make man" % (first + i + 1))
            break
wall("the generated part of docs/pps.1 is up to date", stale)

lint = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", "docs/pps.1", "docs/pps-delivery.7", "build/pps-method.7"],
                      capture_output=True, text=True)
wall("mandoc finds nothing to warn of in the manual pages",
     [re.sub(r"^mandoc: (\S+?):", r"\1:", line) for line in (lint.stdout + lint.stderr).strip().split("\n") if line])
done()
