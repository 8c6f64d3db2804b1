#!/usr/bin/python3
"""A tick to which the system says no: disk full, input and output errors, interrupted calls, a network that breaks, and
files that may not grow.

Each point gives one call (or all from it on) an error, as strace can, or limits the size of files, which makes the
kernel write a part of what it was given. The tick may fail then, with one clear line on standard error; ticks without
faults follow until everything rests, and what holds always must hold (invariants.py).

Short writes are made by the limit, not by strace: strace can only *say* that a part was written, and then the rest
would be missing on a disk or on a wire that never lost anything.

It strikes at the first tick of an agency that sends something, and at one that finds what an earlier one left ("later").

    PPS=build/pps tests/faults/errors.py                every point
    PPS=build/pps tests/faults/errors.py --sample 90    about so many for each tick
    … --tick http --point pwrite64:ENOSPC:100+          one of them, to look at
    … --words                                           also what the struck ticks said, to read

Prints TAP, and for each kind of fault how the struck ticks ended."""

import argparse
import collections
import contextlib
import os
import sys

sys.dont_write_bytecode = True
import invariants
import rig
import strace
from agency import NOW

# title, error, calls, and how often: "%d" once, "%d+" from there on, "%d+3" every third from there
FAULTS = (
    ("disk full, once", "ENOSPC", ("pwrite64", "write", "fallocate", "ftruncate"), "%d"),
    ("disk full from then on", "ENOSPC", ("pwrite64", "write", "fallocate", "ftruncate"), "%d+"),
    ("I/O error, once", "EIO", ("fsync", "fdatasync", "pread64", "unlink", "unlinkat"), "%d"),
    ("I/O error from then on", "EIO", ("fsync", "fdatasync", "pread64", "unlink", "unlinkat"), "%d+"),
    ("interrupted, once", "EINTR", ("read", "write", "pread64", "pwrite64", "fsync", "fdatasync", "openat", "poll",
                                    "connect", "sendto", "recvfrom"), "%d"),
    ("interrupted, every third", "EINTR", ("write", "pread64", "pwrite64", "poll", "sendto", "recvfrom"), "%d+3"),
    ("connection reset, once", "ECONNRESET", ("connect", "sendto", "recvfrom"), "%d"),
    ("connection reset from then on", "ECONNRESET", ("sendto", "recvfrom"), "%d+"),
    ("no descriptor left", "EMFILE", ("openat", "socket"), "%d"),
    ("no memory in the kernel, once", "ENOMEM", ("poll", "socket", "openat"), "%d"),
)
LATER = "later"
BY = {"outbox": "outbox", "smtp": "smtp", "http": "http", LATER: "both"}  # tick: transport
WHEN = dict.fromkeys(BY, NOW) | {LATER: "2026-12-10 09:02"}
FILE_SIZES = "file size limited"
STEP_OF_SIZES = 1733  # bytes; no multiple of a page, so that most limits lie within a write

# title: for the table; before: the words before the command; name: how to ask for it again
Point = collections.namedtuple("Point", "title name before")
Outcome = collections.namedtuple("Outcome", "kind words bad")


def struck(title, call, error, when):
    return Point(title, "%s:%s:%s" % (call, error, when), tuple(strace.strike(call, "error=" + error, when)))


def limited(size):
    return Point(FILE_SIZES, "size:%d" % size, ("prlimit", "--fsize=%d" % size))


def point_of(text):
    """What a point is called when it fails, back into the point."""
    first, *rest = text.split(":")
    return limited(int(rest[0])) if first == "size" else struck("one point", first, *rest)


def points_of(calls, db_bytes, wanted):
    """All of them, or about so many, a share for each kind of fault."""
    share = wanted and max(1, wanted // (len(FAULTS) + 1))
    found = []
    for title, error, names, form in FAULTS:
        here = [p for p in strace.points(calls) if p[0] in names]
        if form.endswith("+3"):
            here = [p for p in here if p[1] <= 3]  # the fourth is on the way of the first
        if share:
            always = ("sendto", "recvfrom") if title == "connection reset from then on" else ()
            here = strace.sample(share, here, always)
        found += [struck(title, name, error, form % number) for name, number in here]
    sizes = range(0, db_bytes + 20 * STEP_OF_SIZES, STEP_OF_SIZES)
    return found + [limited(size) for size in (rig.spread(sizes, share) if share else sizes)]


def words_about_it(done, point):
    """A tick that fails says why, on lines of its own; and it fails by saying so, not by dying."""
    lines = done.err.splitlines()
    if done.status < 0:
        return ["it died of signal %d: %s" % (-done.status, done.err)]
    if [line for line in lines if not line.startswith("pps: ")] or len(lines) > 3:
        return ["standard error is not clear: %s" % done.err]
    silenced = point.name.startswith("write:") and point.name.endswith("+")  # its own words could not be written
    if done.status > 1 and not lines and not silenced:
        return ["exit status %d without a word" % done.status]
    return []


@contextlib.contextmanager
def ready(bench, origin, tick):
    """An agency whose next tick is to be struck."""
    with bench.fresh(origin) as agency:
        if tick == LATER:
            agency.good("tick")
        yield agency


class Record:
    """A task for a worker: the calls of a tick without faults."""

    def __init__(self, origin, tick):
        self.origin, self.tick = origin, tick

    def __call__(self, bench, _):
        with ready(bench, self.origin, self.tick) as agency:
            return strace.record(agency, now=WHEN[self.tick])


class Strike:
    """One point: a task for a worker."""

    def __init__(self, origin, expected, tick):
        self.origin, self.expected, self.tick = origin, expected, tick

    def __call__(self, bench, point):
        with ready(bench, self.origin, self.tick) as agency:
            done = agency.tick(before=point.before, now=WHEN[self.tick])
            bad = words_about_it(done, point)
            look = bench.look(agency)
            bad += invariants.always(look, self.expected)
            bad += bench.rest_once(agency, look, self.expected, look.at_risk_once)
            look = invariants.Look(agency)
            words = done.err.replace(agency.folder, "")
            doubt = ", %d in doubt" % len(look.in_state("in_doubt")) if look.in_state("in_doubt") else ""
            return Outcome("exit status %d%s" % (done.status, doubt), words, bad)


def run(tap, each, tick, origin, expected, options):
    calls = strace.since(rig.one(each, Record(origin, tick), None), "pps.json")
    points = [options.point] if options.point else points_of(calls, os.path.getsize(origin.db), options.sample)
    counts, said, bad = collections.Counter(), collections.Counter(), []
    for point, outcome in each(Strike(origin, expected, tick), points):
        where = "--tick %s --point %s" % (tick, point.name)
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        counts[point.title, outcome.kind] += 1
        said.update(outcome.words.splitlines())
        bad += ["%s (%s): %s" % (where, outcome.kind, line) for line in outcome.bad]
    tap.note("%s: %d points" % (tick, sum(counts.values())))
    tap.note(*("%6d  %s: %s" % (n, *key) for key, n in sorted(counts.items())))
    if options.words or options.point:
        tap.note(*("%6d  %s" % (n, line) for line, n in said.most_common()))
    if not any(kind.startswith("exit status 7") for _, kind in counts) and not options.point:
        bad.append("no fault was noticed: did any strike?")
    tap.test("%s, errors: nothing lost, nothing twice, nothing stale, the database whole" % tick, bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N points for each tick; without it, all")
    parser.add_argument("--tick", choices=BY, action="append", help="only this one")
    parser.add_argument("--point", type=point_of, metavar="NAME", help="only this one, as it is called when it fails")
    parser.add_argument("--words", action="store_true", help="also print what the struck ticks said")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        for tick in options.tick or BY:
            origin, expected = rig.make_origin(shared, BY[tick])
            run(tap, each, tick, origin, expected, options)
    tap.end()


if __name__ == "__main__":
    main()
