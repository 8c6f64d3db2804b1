#!/usr/bin/python3
"""A tick, and the forgetting of a client, killed at every instant.

The system calls of a tick that sends are recorded; then, for each of them, a fresh agency runs a tick that is killed by
SIGKILL just before that call. What lies there then is looked at, ticks without faults follow, and it is looked at again
(invariants.py). "Second kill": after some of the first deaths, one of each kind, the tick that recovers is killed as
well, at every one of its calls.

The same with `pps forget` of a client who has letters in the outbox: after each death they are as before, or forgotten, and
the next call does the rest; then no file holds a word of theirs, nobody else has lost anything, and a backup from before that
is put back learns of it from the sent log, or `pps recover` says that nobody is sure.

    PPS=build/pps tests/faults/kill.py                  every point: much of an hour
    PPS=build/pps tests/faults/kill.py --sample 80      about so many for each transport and order
    … --transport smtp --point sendto:7                 one of them, to look at
    … --transport smtp --point sendto:7,pwrite64:90     one with a second kill
    … --transport forget --point unlink:3               of the forgetting

Prints TAP, and how many deaths of each kind there were."""

import argparse
import collections
import os
import shutil
import sys

sys.dont_write_bytecode = True
import agency as agencies
import invariants
import rig
import strace

# Deaths of which every run must see some, or it has looked past what matters.
MUST_SEE = {"before the first message", "claimed, not delivered", "at risk, not delivered", "at risk, delivered",
            "between two messages"}
IN_COMMIT = ", in a commit"
# The calls by which a message leaves the program: a sample has them all.
HAND_OVER = ("sendto", "renameat2")
# First deaths that second kills follow: of each of these kinds one, as far as there are any.
FIRST_DEATHS = ("at risk, delivered" + IN_COMMIT, "at risk, not delivered" + IN_COMMIT, "at risk, delivered",
                "at risk, not delivered", "claimed, not delivered" + IN_COMMIT, "between two messages" + IN_COMMIT,
                "claimed, not delivered", "before the first message" + IN_COMMIT)
MOST_FIRST = {"all": 6, "sample": 4}

Outcome = collections.namedtuple("Outcome", "kind bad")


def kind_of_death(look, expected, in_commit):
    """What the dead tick left: how far the message under way was, and whether a commit was under way."""
    risk, claimed = look.in_state("at_risk"), look.in_state("claimed")
    if risk:
        kind = "at risk, delivered" if risk & look.in_truth else "at risk, not delivered"
    elif claimed:
        kind = "claimed, delivered" if claimed & look.in_truth else "claimed, not delivered"
    else:
        sent = len(look.in_state("sent") & expected.due)
        kind = "before the first message" if sent == 0 else "between two messages"
        if sent == len(expected.due):
            kind = "all sent"
    return kind + (IN_COMMIT if in_commit else "")


def die(bench, agency, expected, point):
    """One tick, killed at a point, and what lies there then: (look, kind of death, violations)."""
    done = agency.tick(before=strace.strike(point[0], "signal=KILL", point[1]))
    look = bench.look(agency)
    kind = kind_of_death(look, expected, agency.has_hot_journal()) if done.status == -9 else "came to its end"
    bad = invariants.always(look, expected)
    if done.status not in (-9, 0, 1):
        bad.append("neither killed nor done: exit status %d, %s" % (done.status, done.err.strip()))
    return look, kind, bad


class Kill:
    """A task for a worker. What it is given is a tuple of one or two points: the deaths of one tick and of the next."""

    def __init__(self, origin, expected):
        self.origin, self.expected = origin, expected

    def __call__(self, bench, deaths):
        bad, may_doubt = [], set()
        with bench.fresh(self.origin) as agency:
            for point in deaths:
                look, kind, wrong = die(bench, agency, self.expected, point)
                bad += wrong
                may_doubt |= look.in_state("at_risk", "in_doubt")
            return Outcome(kind, bad + bench.rest_once(agency, look, self.expected, may_doubt))


class Record:
    """A task: the calls of a tick without faults, after the deaths that it is given."""

    def __init__(self, origin, expected):
        self.origin, self.expected = origin, expected

    def __call__(self, bench, deaths):
        with bench.fresh(self.origin) as agency:
            for point in deaths:
                die(bench, agency, self.expected, point)
            return strace.record(agency)


def written(deaths):
    return ",".join("%s:%d" % point for point in deaths)


def point_of(text):
    return tuple((name, int(number)) for name, number in (part.split(":") for part in text.split(",")))


def run_points(each, task, points, transport):
    """All of them: ({point: kind of death}, complaints)."""
    kinds, bad = {}, []
    for deaths, outcome in each(task, points):
        where = "--transport %s --point %s" % (transport, written(deaths))
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        kinds[deaths] = outcome.kind
        bad += ["%s (%s): %s" % (where, outcome.kind, line) for line in outcome.bad]
    return kinds, bad


def report(tap, title, kinds, bad, promise="nothing lost, nothing twice, nothing stale, the database whole"):
    tap.note("%s: %d points" % (title, len(kinds)))
    tap.note(*("%6d  %s" % (n, kind) for kind, n in sorted(collections.Counter(kinds.values()).items())))
    tap.test("%s: %s" % (title, promise), bad)


def first_order(tap, each, transport, agency, sample):
    calls = rig.one(each, Record(*agency), ())
    points = strace.points(calls) if sample is None else \
        strace.sample(sample, strace.points(strace.distinct(calls)), HAND_OVER)
    kinds, bad = run_points(each, Kill(*agency), [(point,) for point in points], transport)
    unseen = MUST_SEE - {kind.removesuffix(IN_COMMIT) for kind in kinds.values()}
    if unseen:
        bad.append("no point met this: " + "; ".join(sorted(unseen)))
    report(tap, "%s, a kill" % transport, kinds, bad)
    return kinds


def first_deaths(kinds, most):
    """For each kind the point in the middle of those that led to it."""
    by_kind = collections.defaultdict(list)
    for deaths, kind in sorted(kinds.items()):
        by_kind[kind].append(deaths)
    there = [by_kind[kind] for kind in FIRST_DEATHS if kind in by_kind]
    return [points[len(points) // 2] for points in there[:most]]


def second_order(tap, each, transport, agency, sample, kinds):
    chosen = first_deaths(kinds, MOST_FIRST["all" if sample is None else "sample"])
    seen, bad = {}, []
    for first in chosen:
        points = strace.points(strace.distinct(rig.one(each, Record(*agency), first)))
        if sample is not None:
            points = strace.sample(sample // len(chosen), points)
        more, wrong = run_points(each, Kill(*agency), [(*first, point) for point in points], transport)
        tap.note("%s, first kill at %s (%s): %d points" % (transport, written(first), kinds[first], len(more)))
        seen.update(more)
        bad += wrong
    if len(chosen) < 4:
        bad.append("only %d kinds of first death" % len(chosen))
    report(tap, "%s, a second kill after one of %d first ones" % (transport, len(chosen)), seen, bad)


# ---- a client is forgotten ----

FORGET = ("forget", "C1", "--yes")
OF_CARD = "SELECT * FROM client WHERE id = 1"
OF_OTHERS = ("SELECT * FROM client WHERE id <> 1", "SELECT * FROM occasion WHERE client_id <> 1",
             "SELECT a.* FROM action a JOIN occasion o ON o.id = a.occasion_id WHERE o.client_id <> 1",
             "SELECT m.* FROM message m JOIN action a ON a.id = m.action_id JOIN occasion o ON o.id = a.occasion_id "
             "WHERE o.client_id <> 1")
FORGET_MUST_SEE = {"as before", "as before, begun", "forgotten, not noted", "forgotten and noted"}
THEIR_WORDS = [agencies.CLIENTS[0][0].split()[0], agencies.CLIENTS[0][1][2:], agencies.CLIENTS[0][2]]


def make_forget_origin(shared):
    """Letters lie in the outbox, and nothing stands in the way of forgetting C1; beside it a backup from before."""
    agency = rig.make_agency(os.path.join(shared, "forget"), "outbox")
    agency.tick()
    agency.good("cancel-trip", "T1")
    if not holding(agency, THEIR_WORDS, "outbox"):
        raise AssertionError("C1 has no letter in the outbox")
    shutil.copyfile(agency.db, backup_of(agency))
    return agency


def backup_of(agency):
    return os.path.join(agency.folder, "before.backup")


def holding(agency, words, below=""):
    """The files that hold one of these words, but for the backup."""
    found = []
    for root, _, files in os.walk(os.path.join(agency.folder, below)):
        for path in (os.path.join(root, name) for name in sorted(files)):
            with open(path, "rb") as f:
                content = f.read()
            if path != backup_of(agency) and any(word.encode() in content for word in words):
                found.append(os.path.relpath(path, agency.folder))
    return found


def of_others(agency):
    """What everybody else has."""
    letters = [holding(agency, [email], "outbox") for _, _, email, _ in agencies.CLIENTS[1:]]
    return [agency.rows(sql) for sql in OF_OTHERS], letters


def is_noted(agency, kind):
    with open(agency.db + ".sent", "rb") as f:
        return b" %s " % kind in f.read()


class RecordForget:
    """A task: the calls of a forgetting without faults."""

    def __init__(self, origin):
        self.origin = origin

    def __call__(self, bench, _):
        with bench.fresh(self.origin) as agency:
            return strace.record(agency, FORGET)


class KillForget:
    """A task for a worker: the death of one forgetting, and all that follows."""

    def __init__(self, origin):
        self.origin = origin
        self.card, self.others = origin.rows(OF_CARD), of_others(origin)

    def __call__(self, bench, deaths):
        with bench.fresh(self.origin) as agency:
            done = agency.run(*FORGET, before=strace.strike(deaths[0][0], "signal=KILL", deaths[0][1]))
            whole = agency.rows(OF_CARD) == self.card
            begun, ended = is_noted(agency, b"forget"), is_noted(agency, b"forgot")
            if done.status != -9:
                kind = "came to its end"
            elif whole:
                kind = "as before, begun" if begun else "as before"
            else:
                kind = "forgotten and noted" if ended else "forgotten, not noted"
            bad = []
            if done.status not in (-9, 0):
                bad.append("neither killed nor done: exit status %d, %s" % (done.status, done.err.strip()))
            if ended if whole else not begun:
                bad.append("the sent log says otherwise")
            if not whole:
                bad += ["after the death a word of theirs is in " + path for path in holding(agency, THEIR_WORDS)]
            return Outcome(kind, bad + self.next_call(agency, whole) + self.put_back(agency))

    def next_call(self, agency, whole):
        """It finishes what was not done, and refuses what was; the log is sure after it."""
        done = agency.run(*FORGET)
        bad = ["a word of theirs is in " + path for path in holding(agency, THEIR_WORDS)]
        if done.status != (0 if whole else 77):
            bad.append("the next call: exit status %d, %s" % (done.status, done.err.strip()))
        if not is_noted(agency, b"forgot"):
            bad.append("the next call: the sent log is not sure")
        if of_others(agency) != self.others:
            bad.append("somebody else has lost something")
        if agency.rows("PRAGMA integrity_check") != [("ok",)] or agency.rows("PRAGMA foreign_key_check"):
            bad.append("the database is not whole")
        return bad

    def put_back(self, agency):
        """The backup from before learns of it."""
        shutil.copyfile(backup_of(agency), agency.db)
        done = agency.run("recover")
        bad = ["after recover a word of theirs is in " + path for path in holding(agency, THEIR_WORDS)]
        if done.status != 0 or "C1 was forgotten" not in done.out:
            bad.append("recover: exit status %d, %s%s" % (done.status, done.out, done.err.strip()))
        return bad


def forget(tap, each, shared, options):
    origin = make_forget_origin(shared)
    if options.point:
        kinds, bad = run_points(each, KillForget(origin), [options.point], "forget")
    else:
        calls = strace.since(rig.one(each, RecordForget(origin), ()), "pps.db")
        points = strace.points(calls) if options.sample is None else \
            strace.sample(options.sample, strace.points(strace.distinct(calls)), ("unlink",))
        kinds, bad = run_points(each, KillForget(origin), [(point,) for point in points], "forget")
        unseen = FORGET_MUST_SEE - set(kinds.values())
        if unseen:
            bad.append("no point met this: " + "; ".join(sorted(unseen)))
    report(tap, "forget, a kill", kinds, bad, "as before or forgotten, whole after the next call, and nobody else is touched")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N points each; without it, every one")
    parser.add_argument("--transport", choices=("outbox", "smtp", "http", "forget"), action="append")
    parser.add_argument("--order", type=int, choices=(1, 2), default=2, help="1: no second kills")
    parser.add_argument("--point", type=point_of, metavar="CALL:N[,CALL:N]", help="only this one")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        for transport in options.transport or ("outbox", "smtp", "http", "forget"):
            if transport == "forget":
                forget(tap, each, shared, options)
                continue
            agency = rig.make_origin(shared, transport)
            if options.point:
                kinds, bad = run_points(each, Kill(*agency), [options.point], transport)
                report(tap, "%s, %s" % (transport, written(options.point)), kinds, bad)
                continue
            kinds = first_order(tap, each, transport, agency, options.sample)
            if options.order == 2:
                second_order(tap, each, transport, agency, options.sample, kinds)
    tap.end()


if __name__ == "__main__":
    main()
