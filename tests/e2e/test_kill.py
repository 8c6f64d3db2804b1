"""A tick that is killed at many instants: the next ticks bring everything to rest, nothing goes out twice, nothing is lost in
silence, and the database is whole. Points are (system call, ordinal) pairs of a tick that writes six messages into the
outbox, sampled evenly; strace delivers the SIGKILL."""

import collections
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

PPS = os.environ["PPS"]
NOW = "2026-12-09 16:05"
os.environ["ASAN_OPTIONS"] = "detect_leaks=0"  # the leak check does not work under strace
CALLS = {"pwrite64": 60, "fdatasync": 20, "openat": 6, "link": 6, "unlink": 6, "ftruncate": 3}  # points of each


def pps(folder, *words, now=NOW, before=()):
    return subprocess.run([*before, PPS, "--db", folder + "/pps.db", "--now", now, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)


def make_agency(folder):
    os.mkdir(folder)
    assert pps(folder, "init").returncode == 0
    for i in range(3):
        done = pps(folder, "add-client", "--name", "Клиент %d" % i, "--phone", "8903111000%d" % i, "--email",
                   "k%d@example.com" % i, "--departure", "10.12.2026 11:40", "--return", "20.12.2026",
                   now="2026-12-09 14:00")
        assert done.returncode == 0, done.stderr


def messages(folder):
    box = folder + "/outbox"
    names = os.listdir(box) if os.path.isdir(box) else []
    return [n for n in names if n.endswith((".eml", ".txt")) and not n.startswith(".")]


def look(folder, wanted):
    """None when all is well, else what is wrong."""
    files = messages(folder)
    db = sqlite3.connect(folder + "/pps.db")
    whole = db.execute("PRAGMA integrity_check").fetchone()[0]
    states = collections.Counter(
        s for s, in db.execute("SELECT state FROM action WHERE id IN (SELECT action_id FROM message)"))
    db.close()
    numbers = {re.search(r"-A(\d+)-", f).group(1) for f in files}
    if whole != "ok":
        return whole
    if len(numbers) != len(files):
        return "twice: %s" % sorted(files)
    if states["sent"] + states["in_doubt"] != wanted:
        return "not at rest: %s" % dict(states)
    if not states["sent"] <= len(files) <= wanted:
        return "%d files, %s" % (len(files), dict(states))
    return None


def count_calls(base, folder):
    shutil.copytree(base, folder)
    log = folder + ".strace"
    done = pps(folder, "tick", before=["strace", "-f", "-qq", "-o", log])
    assert done.returncode == 0, done.stderr
    with open(log, encoding="utf-8", errors="replace") as f:
        return collections.Counter(m.group(1) for m in (re.match(r"\d+\s+(\w+)\(", line) for line in f) if m)


def main():
    faults, points = [], 0
    with tempfile.TemporaryDirectory() as scratch:
        base, folder = scratch + "/base", scratch + "/killed"
        make_agency(base)
        counted = count_calls(base, scratch + "/counted")
        wanted = len(messages(scratch + "/counted"))
        for call, many in CALLS.items():
            step = max(1, counted[call] // many)
            for ordinal in range(1, counted[call] + 1, step):
                shutil.copytree(base, folder)
                pps(folder, "tick", before=["strace", "-f", "-qq", "-o", "/dev/null", "-e",
                                            "inject=%s:signal=KILL:when=%d" % (call, ordinal)])
                rest = [pps(folder, "tick") for _ in range(2)][-1]
                wrong = look(folder, wanted)
                if wrong is None and rest.returncode != 0:
                    wrong = rest.stderr
                if wrong is not None:
                    faults.append("%s %d: %s" % (call, ordinal, wrong))
                points += 1
                shutil.rmtree(folder)
    for fault in faults[:10]:
        print("#   " + fault)
    fine = wanted == 6 and points >= 60 and not faults
    print("%sok 1 - a tick killed at %d points: nothing twice, nothing lost, the database whole" %
          ("" if fine else "not ", points))
    print("1..1")
    sys.exit(0 if fine else 1)


main()
