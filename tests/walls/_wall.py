"""What the wall checks share: TAP, files, and C text without its comments.

A check calls wall("what must hold", violations) for each promise; a violation is one line that begins with
file:line. Paths are relative to the root of the checkout, which is where every check runs."""

import functools
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
os.chdir(ROOT)

_results = []


def wall(promise, violations):
    """Prints one TAP line, and why when the promise is broken."""
    violations = list(dict.fromkeys(violations))
    _results.append(not violations)
    print("%sok %d - %s" % ("not " if violations else "", len(_results), promise))
    for line in violations:
        print("#   " + line)


def done():
    """Prints the plan; a check that looked at nothing is broken itself."""
    print("1..%d" % len(_results))
    sys.exit(0 if _results and all(_results) else 1)


def bail(why):
    print("Bail out! " + why)
    sys.exit(1)


def sources(*patterns):
    """The files that fit, sorted; no pattern may fit nothing, or a moved folder would pass for a clean one."""
    found = []
    for pattern in patterns:
        here = sorted(str(p) for p in pathlib.Path(".").glob(pattern) if p.is_file())
        if not here:
            bail("nothing fits " + pattern)
        found += here
    return found


def read(path):
    if not os.path.exists(path):
        bail("there is no " + path)
    return pathlib.Path(path).read_text(encoding="utf-8")


# Comments, string and character literals of C, in the order in which they hide one another.
_TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def _blank(text):
    return re.sub(r"[^\n]", " ", text)


@functools.lru_cache(None)
def code(path):
    """The text with comments and literals blanked, so that every line and column stays where it was."""
    return _TOKEN.sub(lambda m: _blank(m.group()) if m.group()[0] == "/" else
                      m.group()[0] + _blank(m.group()[1:-1]) + m.group()[-1], read(path))


def literals(path):
    """(line, text) of each string literal; neighbours that the compiler would join are joined."""
    text = read(path)
    joined, last_end = [], None
    for m in _TOKEN.finditer(text):
        if m.group()[0] != '"':
            continue
        between = text[last_end:m.start()] if last_end is not None else "x"
        between = re.sub(r"/\*.*?\*/|//[^\n]*|\\\n", "", between, flags=re.S)
        if joined and not between.strip():
            joined[-1][1] += m.group()[1:-1]
        else:
            joined.append([text.count("\n", 0, m.start()) + 1, m.group()[1:-1]])
        last_end = m.end()
    return [(line, s) for line, s in joined]


def hits(path, pattern, text=None):
    """file:line of every match in the code of a file, with the line itself."""
    text = code(path) if text is None else text
    lines = read(path).split("\n")
    for m in re.finditer(pattern, text):
        at = text.count("\n", 0, m.start())
        yield "%s:%d: %s" % (path, at + 1, lines[at].strip())
