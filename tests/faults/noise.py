#!/usr/bin/python3
"""Ticks whose input and output fail at random: each call, with some likelihood, and many in one tick; or only a part of
it is done.

errors.py gives an error to one call, or to all of a name; here the errors of all calls are drawn from a seed by a library
of ours (noise.c). Three ticks in a row suffer, so that those that recover do, too; they may fail, with a clear line. Then
ticks without faults follow until everything rests, and what holds always must hold (invariants.py).

    PPS=build/pps tests/faults/noise.py                 a thousand seeds for each transport
    PPS=build/pps tests/faults/noise.py --sample 30     so many
    … --transport smtp --seed 17                        one of them, to look at

The program must not be one with sanitisers. Prints TAP, and how the ticks ended."""

import argparse
import collections
import os
import subprocess
import sys

sys.dont_write_bytecode = True
import invariants
import rig
from agency import NOW

HERE = os.path.dirname(os.path.abspath(__file__))
ALL = 1000
LIKELY = (2, 5, 15, 40, 100)  # calls of a thousand that fail
FROM = ("/pps.db", ".sent")  # from the opening of the database on, or of the sent log, when the daily check is over
TICKS = (NOW, "2026-12-10 09:02", "2026-12-10 09:04")
REST = ("2026-12-10 09:05", "2026-12-10 09:10", "2026-12-10 09:16")

Outcome = collections.namedtuple("Outcome", "ends failures bad")


def build(shared):
    library = os.path.join(shared, "noise.so")
    subprocess.run([os.environ.get("CC", "cc"), "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared",
                    "-o", library, os.path.join(HERE, "noise.c"), "-ldl"], check=True)
    return library


class Suffer:
    """One seed: a task for a worker."""

    def __init__(self, library, origin, expected):
        self.library, self.origin, self.expected = library, origin, expected

    def __call__(self, bench, seed):
        ends, bad = collections.Counter(), []
        with bench.fresh(self.origin) as agency:
            log = agency.folder + ".noise"
            for i, now in enumerate(TICKS):
                done = agency.tick(now=now, before=(
                    "env", "LD_PRELOAD=" + self.library, "NOISE_LOG=" + log,
                    "NOISE=%d:%d:%s" % (1000 * i + seed, LIKELY[seed % len(LIKELY)], FROM[seed % len(FROM)])))
                ends["exit status %d" % done.status if done.status >= 0 else "signal %d" % -done.status] += 1
                bad += well_ended(done)
            look = bench.look(agency)
            bad += invariants.always(look, self.expected)
            bad += bench.rest(agency, self.expected, look.at_risk_once, REST)
            failures = os.path.getsize(log)
            os.unlink(log)
        return Outcome(ends, failures, bad)


def well_ended(done):
    lines = done.err.splitlines()
    if done.status not in (0, 1, 65, 69, 74, 75, 77, 78):
        return ["a tick ended with %d: %s" % (done.status, done.err.strip())]
    if [line for line in lines if not line.startswith("pps: ")] or len(lines) > 4:
        return ["standard error is not clear: %s" % done.err]
    return ["exit status %d without a word" % done.status] if done.status > 1 and not lines else []


def run_transport(tap, each, library, transport, agency, seeds):
    ends, failures, bad = collections.Counter(), 0, []
    for seed, outcome in each(Suffer(library, *agency), seeds):
        where = "--transport %s --seed %d" % (transport, seed)
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        ends.update(outcome.ends)
        failures += outcome.failures
        bad += ["%s: %s" % (where, line) for line in outcome.bad]
    tap.note("%s: %d seeds, %d failures; how the ticks ended: %s" % (transport, len(seeds), failures, ", ".join(
        "%d %s" % (n, end) for end, n in sorted(ends.items()))))
    if failures < len(seeds):
        bad.append("hardly a call failed: is the library loaded?")
    tap.test("%s, input and output that fail at random: nothing lost, nothing twice, nothing stale, the database whole" %
             transport, bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="N seeds for each transport")
    parser.add_argument("--transport", choices=("outbox", "smtp", "http"), action="append")
    parser.add_argument("--seed", type=int, help="only this one")
    options = parser.parse_args()
    seeds = range(options.sample or ALL) if options.seed is None else [options.seed]
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        library = build(shared)
        for transport in options.transport or ("outbox", "smtp", "http"):
            run_transport(tap, each, library, transport, rig.make_origin(shared, transport), seeds)
    tap.end()


if __name__ == "__main__":
    main()
