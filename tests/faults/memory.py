#!/usr/bin/python3
"""A tick that gets no memory: its n-th allocation fails, or all from the n-th on.

The allocations of a tick that sends are counted by a library of ours (nomem.c), also those of SQLite, libcurl and the
others. Alike are those to which the same calls have led; of each kind one fails by itself, and some with all that follow.
The tick may end then, as pps does by itself with exit status 75 and GLib with a signal, but not by a wild pointer; ticks
with memory follow until everything rests, and what holds always must hold (invariants.py). And what went out, before or
after, must be whole: a library that only half did its work must not leave a hole in a letter.

    PPS=build/pps tests/faults/memory.py                every kind: about ten minutes
    PPS=build/pps tests/faults/memory.py --sample 60    about so many for each transport
    … --transport smtp --point 9923+                    one of them, to look at

The program must not be one with sanitisers, which have a malloc of their own. Prints TAP, and how the ticks ended."""

import argparse
import collections
import os
import re
import signal
import subprocess
import sys

sys.dont_write_bytecode = True
import invariants
import rig

HERE = os.path.dirname(os.path.abspath(__file__))
EVERY = 12  # of so many kinds of allocation one fails together with all that follow
# How a tick without memory may end: pps with a word, or a library by giving up.
STATUSES = (0, 1, 69, 74, 75, 78)
SIGNALS = (signal.SIGABRT, signal.SIGTRAP)
MUST_SEE = {"SQLite has said so, exit status 74", "pps has given up, exit status 75"}

Outcome = collections.namedtuple("Outcome", "kind words bad")


def build(shared):
    library = os.path.join(shared, "nomem.so")
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                    "-o", library, os.path.join(HERE, "nomem.c")], check=True)
    return library


def without(library, what):
    return ("env", "LD_PRELOAD=" + library, what)


def plain(content):
    """What every run makes anew does not count: random numbers in identifiers and boundaries."""
    return re.sub(r"[0-9a-f]{16,}", "…", content)


class Count:
    """A task: (the numbers of the first allocation of each kind, how many there are, what goes out)."""

    def __init__(self, library, origin):
        self.library, self.origin = library, origin

    def __call__(self, bench, _):
        with bench.fresh(self.origin) as agency:
            sites = agency.folder + ".sites"
            done = agency.tick(before=without(self.library, "NOMEM_SITES=" + sites))
            if done.status != 0:
                raise AssertionError("a tick with memory failed: %d, %s" % (done.status, done.err))
            look = bench.look(agency)
            with open(sites, encoding="ascii") as f:
                kinds = f.read().split()
        first = {}
        for n, kind in enumerate(kinds, 1):
            first.setdefault(kind, n)
        return sorted(first.values()), len(kinds), {n: (to, plain(text)) for n, (to, text) in look.messages.items()}


class Fail:
    """One point, as "7" or "7+": a task for a worker."""

    def __init__(self, library, origin, expected, whole):
        self.library, self.origin, self.expected, self.whole = library, origin, expected, whole

    def __call__(self, bench, point):
        with bench.fresh(self.origin) as agency:
            done = agency.tick(before=without(self.library, "NOMEM=" + point))
            bad = well_ended(done)
            words = done.err.replace(agency.folder, "")
            agency.said.clear()  # GLib's number of the process may look like anything
            look = bench.look(agency)
            kind = kind_of_end(done, look)
            bad += invariants.always(look, self.expected)
            bad += bench.rest_once(agency, look, self.expected, look.at_risk_once)
            bad += self.holes(invariants.Look(agency))
            return Outcome(kind, words, bad)

    def holes(self, look):
        return ["A%d went out as it would not have with memory" % n for n in look.in_truth - {invariants.LIST}
                if look.messages[n] and (look.messages[n][0], plain(look.messages[n][1])) != self.whole[n]]


def well_ended(done):
    if done.status < 0:
        ended = -done.status in SIGNALS
    else:
        ended = done.status in STATUSES and all(line.startswith("pps: ") for line in done.err.splitlines())
    if ended and done.status in (69, 74, 75) and not done.err:
        return ["exit status %d without a word" % done.status]
    return [] if ended else ["it ended with %d: %s" % (done.status, done.err.strip())]


def kind_of_end(done, look):
    if done.status < 0:
        kind = "a library has given up, %s" % signal.Signals(-done.status).name
    elif done.status == 75:
        kind = "pps has given up, exit status 75" if done.err.startswith("pps: out of memory") else \
            "the answer is kept for the next tick, exit status 75"
    elif done.status == 74:
        kind = "SQLite has said so, exit status 74"
    elif done.status == 78:
        kind = "the configuration could not be read, exit status 78"
    else:
        kind = "it did its work" if done.status == 0 else "it did a part of its work, exit status %d" % done.status
    return kind + (", a message was under way" if look.in_state("at_risk") else "")


def points_of(first, wanted):
    together = first[EVERY // 2::EVERY]
    if wanted is not None:
        first, together = rig.spread(first, wanted - wanted // 4), rig.spread(together, wanted // 4)
    return ["%d" % n for n in first] + ["%d+" % n for n in together]


def run_transport(tap, each, library, transport, agency, options):
    first, n, whole = rig.one(each, Count(library, agency[0]), None)
    points = [options.point] if options.point else points_of(first, options.sample)
    kinds, said, bad = collections.Counter(), collections.Counter(), []
    for point, outcome in each(Fail(library, *agency, whole), points):
        where = "--transport %s --point %s" % (transport, point)
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        kinds[outcome.kind] += 1
        said[outcome.words.strip()] += 1
        bad += ["%s (%s): %s" % (where, outcome.kind, line) for line in outcome.bad]
    unseen = MUST_SEE - set(kinds)
    if unseen and not options.point:
        bad.append("no point met this: " + "; ".join(sorted(unseen)))
    tap.note("%s: %d allocations of %d kinds, %d points" % (transport, n, len(first), len(points)))
    tap.note(*("%6d  %s" % (n, kind) for kind, n in sorted(kinds.items())))
    if options.point:
        tap.note(*(line for words in said for line in words.splitlines()))
    tap.test("%s, without memory: nothing lost, nothing twice, nothing stale, the database whole" % transport,
             bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N points for each transport; without it, all")
    parser.add_argument("--transport", choices=("outbox", "smtp", "http"), action="append")
    parser.add_argument("--point", metavar="N[+]", help="only this one")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        library = build(shared)
        for transport in options.transport or ("outbox", "smtp", "http"):
            run_transport(tap, each, library, transport, rig.make_origin(shared, transport), options)
    tap.end()


if __name__ == "__main__":
    main()
