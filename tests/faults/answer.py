#!/usr/bin/python3
"""Around the point of no return and the answer: what is on the disk before the last byte leaves, and what the next tick
knows when a tick dies, the disk fails, or the database is locked or gone, between two of its steps.

The sent log makes the difference here: without it each of these would be in doubt.

    PPS=build/pps tests/faults/answer.py
    … --only WORD            the tests whose names contain the word

Prints TAP."""

import argparse
import contextlib
import filecmp
import os
import re
import shutil
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
import rig
import strace
from agency import Agency, NOW
from rig import scenario

LATER = "2026-12-10 09:01"  # before anything in doubt may be asked about


def first(calls, name, words, after=-1):
    """Where the first call of this name stands whose line has these words."""
    return next(i for i, call in enumerate(calls) if i > after and call.name == name and words in call.line)


def number(calls, at, name):
    """The next call of that name after a place, as strace counts it."""
    return next(call.number for call in calls[at + 1:] if call.name == name)


def states(agency):
    return sorted(agency.rows("SELECT id, state FROM action WHERE id IN (SELECT action_id FROM message)"))


def in_state(agency, state):
    return [i for i, s in states(agency) if s == state]


def after_death(bench, origin, expected, transport, name, when, doubts=0):
    """A tick that is killed at one call; the next one, at once. All messages must be in truth once, and sent."""
    with bench.fresh(origin) as agency:
        done = agency.tick(before=strace.strike(name, "signal=KILL", when))
        bad = [] if done.status == -9 else ["the tick was not killed: exit status %d" % done.status]
        agency.tick(now=LATER)
        if len(in_state(agency, "in_doubt")) != doubts:
            bad.append("in doubt: %s" % in_state(agency, "in_doubt"))
        return bad + bench.rest(agency, expected, set())


# ---- the order ----

# Which call lets the last byte out, or gives the file its name.
LAST_BYTE = {
    "smtp": lambda c: c.name == "sendto" and r'"\n", 1,' in c.line,
    "http": lambda c: c.name == "sendto" and '"GET /send?' in c.line,
    "outbox": lambda c: c.name == "renameat2" and ".eml" in c.line,
}


def last_byte(calls, transport):
    return next(i for i, call in enumerate(calls) if LAST_BYTE[transport](call))


def order_of(calls, transport):
    """Between the line of the sent log and the byte nothing but the byte: the database was synced before that line."""
    line = first(calls, "write", '"pps1 risk 1 ')
    byte = last_byte(calls, transport)
    log = re.match(r"\d+ +write\((\d+),", calls[line].line).group(1)
    synced = [i for i, call in enumerate(calls) if call.name == "fdatasync" and "fdatasync(%s)" % log in call.line]
    database = [i for i, call in enumerate(calls) if call.name in ("fdatasync", "fsync") and i < line]
    written = [i for i, call in enumerate(calls) if call.name == "pwrite64" and i < line]
    bad = []
    if not any(line < i < byte for i in synced):
        bad.append("the line of the sent log was not on the disk when the last byte left")
    if not database or not written:
        bad.append("the database was not written before the line")
    else:
        # The last write of a commit is the header of the journal, and its sync comes after it.
        if database[-1] < written[-1]:
            bad.append("the database was written after its last sync, before the last byte left")
    if byte < line:
        bad.append("the last byte left before the line")
    return bad


@scenario("SMTP: marked in the database and in the sent log, on the disk, before the last byte leaves")
def order_smtp(bench, origins):
    return order_of(bench.calls_of(origins["smtp"][0]), "smtp")


@scenario("HTTP: marked in the database and in the sent log, on the disk, before the request leaves")
def order_http(bench, origins):
    return order_of(bench.calls_of(origins["http"][0]), "http")


@scenario("outbox: marked in the database and in the sent log, on the disk, before the file has its name")
def order_outbox(bench, origins):
    return order_of(bench.calls_of(origins["outbox"][0]), "outbox")


@scenario("the answer is in the sent log before it is in the database")
def order_of_answer(bench, origins):
    bad = []
    for transport, (origin, _) in origins.items():
        calls = bench.calls_of(origin)
        between = calls[last_byte(calls, transport):first(calls, "write", '"pps1 said 1 ')]
        bad += ["%s: the database was written before" % transport for call in between if call.name == "pwrite64"][:1]
    return bad


# ---- deaths between two steps ----

@scenario("killed between the commit and the line of the sent log: certainly not handed over, and it goes at once")
def before_line(bench, origins):
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        line = calls[first(calls, "write", '"pps1 risk 1 ')]
        bad += after_death(bench, origin, expected, transport, "write", line.number)
    return bad


@scenario("killed between the answer's line and its commit: the next tick has the answer, and nothing is in doubt")
def before_commit(bench, origins):
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        said = first(calls, "write", '"pps1 said 1 ')
        bad += after_death(bench, origin, expected, transport, "pwrite64", number(calls, said, "pwrite64"))
    return bad


@scenario("killed while the server hangs in QUIT: it was sent, and the database says so already")
def in_quit(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold("quit")
        tick = agency.start("tick", now=NOW)
        hold.wait()
        found = states(agency)
        tick.kill()
        hold.release()
        agency.finish(tick)
        bad = [] if ("sent" in [s for _, s in found]) else ["before the kill: %s" % found]
        return bad + bench.rest(agency, expected, set())


# ---- the disk fails between the two ----

def kept_in_log(bench, agency, expected, done):
    """The answer came, and the database could not take it: the next tick takes it from the sent log."""
    bad = []
    if done.status != 75 or "is kept in the sent log, and the next tick takes it over" not in done.err:
        bad.append("exit status %d: %s" % (done.status, done.err))
    if len(agency.accepted()) != 1:
        bad.append("%d accepted before it stopped" % len(agency.accepted()))
    agency.tick(now=LATER)
    if in_state(agency, "in_doubt"):
        bad.append("in doubt: %s" % in_state(agency, "in_doubt"))
    return bad + bench.rest(agency, expected, set())


@scenario("the disk fills between handing over and answer: exit status 75, and the next tick has the answer")
def full_at_answer(bench, origins):
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        said = first(calls, "write", '"pps1 said 1 ')
        with bench.fresh(origin) as agency:
            done = agency.tick(before=strace.strike("pwrite64", "error=ENOSPC", "%d+" % number(calls, said, "pwrite64")))
            bad += ["%s: %s" % (transport, line) for line in kept_in_log(bench, agency, expected, done)]
    return bad


@scenario("the disk takes neither the line of the answer nor its commit: in doubt, and nothing twice")
def full_for_both(bench, origins):
    """The same error silences what the tick would say, so that only its exit status is looked at."""
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        said = first(calls, "write", '"pps1 said 1 ')
        before = strace.strike("pwrite64", "error=ENOSPC", "%d+" % number(calls, said, "pwrite64"))
        before += ["-e", "trace=pwrite64,write", "-e", "inject=write:error=ENOSPC:when=%d+" % calls[said].number]
        with bench.fresh(origin) as agency:
            done = agency.tick(before=before)
            look = bench.look(agency)
            if done.status != 74 or len(look.accepted) != 1 or look.in_state("at_risk") != look.in_truth:
                bad.append("%s: exit status %d, accepted %s, at risk %s" % (
                    transport, done.status, sorted(look.in_truth), sorted(look.in_state("at_risk"))))
            agency.tick(now=LATER)
            if in_state(agency, "in_doubt") != sorted(look.in_truth):
                bad.append("%s: in doubt: %s" % (transport, in_state(agency, "in_doubt")))
            bad += bench.rest(agency, expected, look.in_truth)
    return bad


@scenario("the disk is full when the line of the sent log is to be written: nothing leaves")
def full_at_line(bench, origins):
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        line = calls[first(calls, "write", '"pps1 risk 1 ')]
        for call in ("write", "fdatasync", "fallocate"):
            with bench.fresh(origin) as agency:
                when = line.number if call == "write" else \
                    number(calls, first(calls, "write", '"pps1 risk 1 '), call) if call == "fdatasync" else \
                    [c.number for c in calls[:first(calls, "write", '"pps1 risk 1 ')] if c.name == call][-1]
                done = agency.tick(before=strace.strike(call, "error=ENOSPC" if call != "fdatasync" else "error=EIO", when))
                if done.status != 74 or agency.accepted():
                    bad.append("%s, %s: exit status %d, %d accepted: %s" % (transport, call, done.status,
                                                                          len(agency.accepted()), done.err))
                bad += bench.rest(agency, expected, set())
    return bad


# ---- a small disk that is really full ----

SMALL_KB = 24000  # a tick wants 16 MiB to be free before it begins a message
# While the server holds its answer to what: the step, and what follows when the disk is full then.
FILLED = {
    "RCPT": ("rcpt", "nothing leaves"),
    "the letter": ("dot", "it counts, and nothing more is begun"),
    "the letter, and the journal needs room": ("dot", "it is kept in the sent log"),
}


def play_on_small_disk(when):
    """In a mount namespace of its own, by this script once more. What that prints are complaints."""
    own = ["unshare", "--mount"] + (["--map-root-user"] if os.geteuid() != 0 else [])
    done = subprocess.run([*own, sys.executable, "-B", __file__, "--filled-at", when], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return lines if done.returncode == 0 else [*lines, "it ended with exit status %d" % done.returncode]


for _when, (_, _follows) in FILLED.items():
    scenario("a small disk is full to its last byte when the answer comes to %s: %s" % (_when, _follows))(
        lambda bench, origins, when=_when: play_on_small_disk(when))


@contextlib.contextmanager
def small_disk(bench):
    """A folder of its own file system, which needs a mount namespace and must be gone before the folders around it."""
    folder = bench.new_folder()
    os.mkdir(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=%dk" % SMALL_KB, "none", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def fill(path):
    """Until nothing goes in any more; gives back a function that makes room again."""
    with open(path, "wb", buffering=0) as f:
        for size in (1 << 20, 4096, 1):
            with contextlib.suppress(OSError):
                while f.write(bytes(size)):
                    pass
    if os.statvfs(path).f_bfree != 0:
        raise AssertionError("the disk is not full")
    return lambda: os.unlink(path)


def without_journal(agency):
    """As another program may leave it: the next commit must find room for a new one."""
    with contextlib.closing(sqlite3.connect(agency.db)) as other:
        other.execute("PRAGMA journal_mode = TRUNCATE")
        other.execute("PRAGMA journal_mode = DELETE")
    if os.path.exists(agency.db + "-journal"):
        raise AssertionError("the journal is still there")


def filled_at(bench, origin, expected, when):
    with small_disk(bench) as folder:
        shutil.copytree(origin.folder, folder, dirs_exist_ok=True)
        agency = Agency(folder, "smtp")
        agency.truth_log = folder + ".truth"  # another machine's, and not on this disk
        bench.attend(agency)
        hold = bench.smtp.hold(FILLED[when][0])
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        if when.endswith("needs room"):
            without_journal(agency)
        make_room = fill(os.path.join(folder, "in-the-way"))
        hold.release()
        done = agency.finish(tick)
        make_room()
        if when.endswith("needs room"):
            return kept_in_log(bench, agency, expected, done)
        status, accepted = (77, 1) if when == "the letter" else (74, 0)
        found, sent = len(agency.accepted()), len(in_state(agency, "sent"))
        bad = [] if (done.status, found, sent) == (status, accepted, accepted) else \
            ["exit status %d, %d accepted, %d sent: %s" % (done.status, found, sent, done.err)]
        return bad + bench.rest(agency, expected, set())


# ---- the database is not there for us ----

READER, WRITER = ("BEGIN", "SELECT count(*) FROM action"), ("BEGIN EXCLUSIVE",)
FASTER = 10  # a tick waits ten seconds for a lock, and does so more than once


@contextlib.contextmanager
def locked(agency, statements):
    """By another process, as far as SQLite knows. (No file of the database may be opened here meanwhile: closing it
    would drop the lock.)"""
    with contextlib.closing(sqlite3.connect(agency.db, isolation_level=None)) as other:
        for statement in statements:
            other.execute(statement).fetchall()
        yield


def tick_against(bench, agency, step, statements):
    """A tick whose database is locked while the server holds its answer."""
    hold = bench.smtp.hold(step)
    tick = agency.start("--verbose", "tick", now=NOW, before=rig.faster(FASTER))
    hold.wait()
    with locked(agency, statements):
        hold.release()
        return agency.finish(tick)


def nothing_left(bench, agency, expected, done):
    bad = [] if done.status == 75 and not agency.accepted() and "another pps is writing to" in done.err else \
        ["exit status %d, %d accepted: %s" % (done.status, len(agency.accepted()), done.err)]
    return bad + bench.rest(agency, expected, set())


@scenario("another process has locked the database when the tick begins: nothing leaves, and it goes later")
def locked_at_first(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        with locked(agency, WRITER):
            done = agency.tick(before=rig.faster(FASTER))
        return nothing_left(bench, agency, expected, done)


def locked_before(bench, origins, statements):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        return nothing_left(bench, agency, expected, tick_against(bench, agency, "data", statements))


@scenario("another process locks the database while the server delays 354: nothing leaves, and it goes later")
def locked_in_between(bench, origins):
    return locked_before(bench, origins, WRITER)


@scenario("a long reader while the server delays 354: nothing leaves, and it goes later")
def read_in_between(bench, origins):
    return locked_before(bench, origins, READER)


def locked_after(bench, origins, statements):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        return kept_in_log(bench, agency, expected, tick_against(bench, agency, "dot", statements))


@scenario("another process locks the database while the server has the letter: the answer is kept in the sent log")
def locked_at_answer(bench, origins):
    return locked_after(bench, origins, WRITER)


@scenario("a long reader while the server has the letter: the answer is kept in the sent log")
def read_at_answer(bench, origins):
    return locked_after(bench, origins, READER)


# What is done to the database, and what lies in its place then.
AWAY = {
    "deleted": lambda db, other: os.unlink(db),
    "moved away": lambda db, other: os.rename(db, db + ".away"),
    "replaced by another": lambda db, other: os.rename(shutil.copyfile(other.db, db + ".other"), db),
}


@contextlib.contextmanager
def taken_away(bench, origins, how, step):
    """A tick whose database goes while the server holds its answer: gives (agency, expected, how the tick ended,
    complaints) when it is back, the same file. Meanwhile no second one was made, and the other was not written."""
    (origin, expected), other = origins["smtp"], origins["http"][0]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold(step)
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        os.link(agency.db, agency.db + ".kept")
        AWAY[how](agency.db, other)
        hold.release()
        done = agency.finish(tick)
        if how == "replaced by another":
            bad = [] if filecmp.cmp(agency.db, other.db, shallow=False) else ["the other database was written"]
        else:
            bad = ["a database was made"] if os.path.exists(agency.db) else []
        os.replace(agency.db + ".kept", agency.db)
        yield agency, expected, done, bad


def away_before(bench, origins, how):
    with taken_away(bench, origins, how, "data") as (agency, expected, done, bad):
        if done.status != 74 or "was moved or replaced" not in done.err or agency.accepted():
            bad.append("exit status %d, %d accepted: %s" % (done.status, len(agency.accepted()), done.err))
        return bad + bench.rest(agency, expected, set())


def away_after(bench, origins, how):
    with taken_away(bench, origins, how, "dot") as (agency, expected, done, bad):
        return bad + kept_in_log(bench, agency, expected, done)


for _how in AWAY:
    scenario("the database is %s while the server delays 354: the tick stops before the last byte" % _how)(
        lambda bench, origins, how=_how: away_before(bench, origins, how))
    scenario("the database is %s while the server has the letter: the answer is kept in the sent log" % _how)(
        lambda bench, origins, how=_how: away_after(bench, origins, how))


@scenario("a copy of the folder does nothing until it is adopted")
def copied(bench, origins):
    origin, expected = origins["outbox"]
    with bench.fresh(origin) as agency:
        agency.tick()
        twin = agency.copy(bench.new_folder())
        bench.attend(twin)
        done = twin.tick(now="2026-12-10 10:00")
        bad = [] if done.status == 77 and "pps adopt" in done.err else ["exit status %d: %s" % (done.status, done.err)]
        subprocess.run(["rm", "-rf", twin.folder], check=True)
        bench.attend(agency)
        return bad + bench.rest(agency, expected, set())


# ---- all of it ----

def play_inside(when):
    """Inside the mount namespace of play_on_small_disk."""
    with rig.scratch() as shared:
        for line in filled_at(rig.Bench(shared), *rig.make_origin(shared, "smtp"), when):
            print(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="WORD")
    parser.add_argument("--filled-at", choices=FILLED, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.filled_at:
        play_inside(options.filled_at)
        return
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        rig.play(tap, each, rig.make_origins(shared, "outbox", "smtp", "http"), options.only)
    tap.end()


if __name__ == "__main__":
    main()
