#!/usr/bin/python3
"""Around the point of no return and the answer: what is on the disk before the last byte leaves, and what the next tick
knows when a tick dies, or the disk fails, between two of its steps.

The sent log makes the difference here: without it each of these would be in doubt.

    PPS=build/pps tests/faults/answer.py
    … --only WORD            the tests whose names contain the word

Prints TAP."""

import argparse
import os
import re
import sqlite3
import subprocess
import sys

sys.dont_write_bytecode = True
import rig
import strace
from agency import NOW
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

def order_of(calls, last_byte):
    """Between the line of the sent log and the byte nothing but the byte: the database was synced before that line."""
    line = first(calls, "write", '"pps1 risk 1 ')
    byte = next(i for i, call in enumerate(calls) if last_byte(call))
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
    calls = bench.calls_of(origins["smtp"][0])
    return order_of(calls, lambda c: c.name == "sendto" and r'"\n", 1,' in c.line)


@scenario("HTTP: marked in the database and in the sent log, on the disk, before the request leaves")
def order_http(bench, origins):
    calls = bench.calls_of(origins["http"][0])
    return order_of(calls, lambda c: c.name == "sendto" and '"GET /send?' in c.line)


@scenario("outbox: marked in the database and in the sent log, on the disk, before the file has its name")
def order_outbox(bench, origins):
    calls = bench.calls_of(origins["outbox"][0])
    return order_of(calls, lambda c: c.name == "renameat2" and ".eml" in c.line)


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

@scenario("the disk fills between handing over and answer: exit status 75, and the next tick has the answer")
def full_at_answer(bench, origins):
    bad = []
    for transport, (origin, expected) in origins.items():
        calls = bench.calls_of(origin)
        said = first(calls, "write", '"pps1 said 1 ')
        with bench.fresh(origin) as agency:
            done = agency.tick(before=strace.strike("pwrite64", "error=ENOSPC", "%d+" % number(calls, said, "pwrite64")))
            if done.status != 75 or "is kept in the sent log, and the next tick takes it over" not in done.err:
                bad.append("%s: exit status %d: %s" % (transport, done.status, done.err))
            if len(agency.accepted()) != 1:
                bad.append("%s: %d accepted before it stopped" % (transport, len(agency.accepted())))
            agency.tick(now=LATER)
            if in_state(agency, "in_doubt"):
                bad.append("%s: in doubt: %s" % (transport, in_state(agency, "in_doubt")))
            bad += bench.rest(agency, expected, set())
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


# ---- the database is not there for us ----

@scenario("another process locks the database while the server delays 354: nothing leaves, and it goes later")
def locked_in_between(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold("data")
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        other = sqlite3.connect(agency.db, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        hold.release()
        done = agency.finish(tick)
        other.execute("ROLLBACK")
        other.close()
        bad = [] if done.status == 75 and not agency.accepted() else \
            ["exit status %d, %d accepted: %s" % (done.status, len(agency.accepted()), done.err)]
        return bad + bench.rest(agency, expected, set())


@scenario("the database is moved away while the tick works: it stops before the last byte, and makes no second database")
def moved_in_between(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold("data")
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        os.rename(agency.db, agency.db + ".away")
        hold.release()
        done = agency.finish(tick)
        bad = []
        if done.status != 74 or "was moved or replaced" not in done.err:
            bad.append("exit status %d: %s" % (done.status, done.err))
        if agency.accepted() or os.path.exists(agency.db):
            bad.append("%d accepted; a database is there: %s" % (len(agency.accepted()), os.path.exists(agency.db)))
        os.rename(agency.db + ".away", agency.db)
        return bad + bench.rest(agency, expected, set())


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        rig.play(tap, each, rig.make_origins(shared, "outbox", "smtp", "http"), options.only)
    tap.end()


if __name__ == "__main__":
    main()
