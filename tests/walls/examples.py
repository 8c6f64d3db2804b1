"""The examples of a page print what the page shows: every console block is run, one after the other, in one shell with a
scratch home, and compared line by line (blank lines and trailing blanks do not count)."""

import os
import re
import subprocess
import tempfile

from _wall import ROOT, done, read, wall

PAGES = ("README.md", "docs/method.md")
PLACE = "/tmp/try-pps"  # where the pages say that they play


def commands(block):
    """The (line, command, what is shown below it) of one console block; a command goes on after a backslash."""
    found, lines = [], block.split("\n")
    at = 0
    while at < len(lines):
        if lines[at].startswith("$ "):
            start, command = at, [lines[at][2:]]
            while command[-1].endswith("\\") or command[-1].endswith("; do"):
                at += 1
                command.append(lines[at])
            found.append((start, "\n".join(command), []))
        elif found and lines[at].strip():
            found[-1][2].append(lines[at].rstrip())
        at += 1
    return found


def judge(page):
    text = read(page)
    violations, count = [], 0
    with tempfile.TemporaryDirectory(dir="/tmp") as scratch:  # a PATH may not hold the colons of TMPDIR
        os.mkdir(scratch + "/bin")
        os.symlink(os.environ.get("PPS", str(ROOT / "build/pps")), scratch + "/bin/pps")
        env = {"PATH": scratch + "/bin:/usr/bin:/bin", "HOME": scratch, "LOGNAME": "admin", "LANG": "C.UTF-8"}
        script, expected = ["exec 2>&1"], []
        for block in re.finditer(r"```console\n(.*?)\n```", text, re.S):
            first = text.count("\n", 0, block.start(1)) + 1
            for line, command, shown in commands(block.group(1)):
                script += [command.replace(PLACE, scratch + "/try"), "echo '@@END'"]
                expected.append((first + line, command, shown))
        out = subprocess.run(["bash", "--norc"], input="\n".join(script), env=env, cwd=scratch, text=True,
                             stdout=subprocess.PIPE, check=False).stdout
        printed = out.replace(scratch + "/try", PLACE).split("@@END\n")
        for (line, command, shown), got in zip(expected, printed):
            count += 1
            lines = [l.rstrip() for l in got.split("\n") if l.strip()]
            if lines != shown:
                wrong = next((i for i, pair in enumerate(zip(lines, shown)) if pair[0] != pair[1]),
                             min(len(lines), len(shown)))
                violations.append("%s:%d: %s prints %r" % (page, line, command.split("\n")[0],
                                                           lines[wrong] if wrong < len(lines) else "less"))
    if count < 10:
        violations.append("%s:1: only %d examples were found" % (page, count))
    wall("the %d examples of %s print what it shows" % (count, page), violations)


for name in PAGES:
    judge(name)
done()
