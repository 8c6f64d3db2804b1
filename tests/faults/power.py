#!/usr/bin/python3
"""The power goes while pps works: what was not synced is gone, there in part, or there.

The system calls of a run are recorded. For points spread over it the disk is put together as a power loss at that point
may leave it (disk.py), with nothing of what was not synced, or with a part that is drawn from a seed. Ticks without
faults follow, and nothing may be lost, twice or stale by the truth as it was at that point: what the servers had accepted
by then, and for the outbox what its folder holds after the loss.

    outbox, smtp, http      a tick that sends
    …, recovery             the tick after one that was killed in a commit: the journal is hot, a message under way
    recover --from          a backup is put back after messages were sent; a tick comes before it is repeated
    adopt                   the same with a database that was copied

Files keep their inodes, so that nobody has to adopt anything: the machine comes up again with its own disk. Each process
makes recordings of its own for that.

"What a command has said is done" is there after a power loss right after it.

    PPS=build/pps tests/faults/power.py                 every point
    PPS=build/pps tests/faults/power.py --sample 60     about so many losses of each recording
    … --recording smtp --point 310:sectors:2            one of them, to look at

Prints TAP, and for each recording how far the message under way was, how often."""

import argparse
import collections
import os
import random
import sqlite3
import sys
import tempfile

sys.dont_write_bytecode = True
import disk
import invariants
import kill
import rig
import strace
import truth
from agency import Agency, REST, SOLD

PARTS = ("calls", "sectors", "torn", "zeros")
# Calls that make something last, or change the truth.
TURNS = ("fdatasync", "fsync", "write", "renameat2", "rename", "link", "unlink", "sendto", "recvfrom")
TICK = ("--verbose", "tick")
AGAIN = "2026-12-10 09:01"  # when a command is repeated

Point = collections.namedtuple("Point", "at loss seed")  # at: so many calls were made
Outcome = collections.namedtuple("Outcome", "kind bad")
# prepare: what happens in the agency before; words: what is recorded; see: what losses must have met
Kind = collections.namedtuple("Kind", "transport prepare words see")


# ---- before a recording ----

def nothing_before(_bench, agency):
    return agency


def die(bench, agency, line, call, n):
    """A tick that is killed at the n-th call of a name after a line of the sent log was written."""
    with bench.fresh(agency) as twin:
        calls = strace.record(twin)
    bench.attend(agency)
    at = next(i for i, c in enumerate(calls) if c.name == "write" and line in c.line)
    numbers = [c.number for c in calls[at:] if c.name == call]
    agency.tick(before=strace.strike(call, "signal=KILL", numbers[n]))
    bench.settle()


def killed_before(bench, agency):
    """Within the commit that follows the second answer: the pages are written, and the journal is still hot."""
    die(bench, agency, '"pps1 said 2 ', "fdatasync", 3)
    if not agency.has_hot_journal():
        raise AssertionError("the tick was not killed in a commit")
    return agency


def backed_up_before(bench, agency):
    """The tick before it, which gave the database its name in the sent log, was killed before it sent anything."""
    agency.tick(before=strace.strike("mkdir", "signal=KILL", 1))
    agency.good("backup", os.path.join(agency.folder, "before.db"))
    agency.tick()
    bench.settle()
    return agency


def copied_before(bench, agency):
    """Killed before an answer was noted, and copied."""
    die(bench, agency, '"pps1 said 1 ', "write", 0)
    return bench.attend(agency.copy(bench.new_folder()))


HELD_OR_NOT = {"the tick after it was held", "the tick after it did its work"}
UNDER_WAY = {"at risk, not delivered", "at risk, delivered", "between two messages", "all sent"}
RECORDINGS = {
    "outbox": Kind("outbox", nothing_before, TICK, UNDER_WAY),
    "smtp": Kind("smtp", nothing_before, TICK, UNDER_WAY),
    "http": Kind("http", nothing_before, TICK, UNDER_WAY),
    "outbox, recovery": Kind("outbox", killed_before, TICK, {"at risk, delivered", "between two messages", "all sent"}),
    "smtp, recovery": Kind("smtp", killed_before, TICK, {"at risk, delivered", "between two messages", "all sent"}),
    "recover --from": Kind("outbox", backed_up_before, ("recover", "--from", "{folder}/before.db"), HELD_OR_NOT),
    "adopt": Kind("outbox", copied_before, ("adopt",), HELD_OR_NOT),
}


# ---- recording ----

class Recording:
    """A run in a folder of its own, which stays, because its files do."""

    def __init__(self, bench, name, origin):
        self.kind = RECORDINGS[name]
        self.agency = self.kind.prepare(bench, bench.attend(origin.copy(bench.new_folder())))
        self.before, self.vault = disk.read_folder(self.agency.folder), disk.Vault(self.agency.folder)
        self.done_before = len(self.truth())
        log = self.agency.folder + ".strace"
        done = self.run(self.agency, before=disk.words(log))
        bench.settle()
        if done.status not in (0, 1):
            raise AssertionError("a run without faults failed: %d, %s" % (done.status, done.err))
        self.calls, self.accepted = disk.calls_of(log), self.truth()
        os.unlink(log)
        self.points = self.look_through()

    def truth(self):
        return truth.read_log(self.agency.truth_log)

    def run(self, agency, **how):
        return agency.run(*(word.format(folder=agency.folder) for word in self.kind.words), **how)

    def look_through(self):
        """All losses that can differ: after each call that changed something, with a part of what is not synced; after
        each that synced something, or changed the truth, with nothing of it. Where most depends on it, which is around
        such calls from the first line of the sent log on, all kinds of loss, else one after the other."""
        points, near, sure, risky, d = [Point(0, "nothing", 0)], [], [], False, self.disk_at(0)
        for i, call in enumerate(self.calls, 1):
            changed = d.follow(call)
            risky = risky or call.data.startswith(b"pps1 ") or self.kind.words != TICK
            turn = risky and any(c.name in TURNS for c in self.calls[max(0, i - 2):i + 2])
            here = [Point(i, "nothing", 0)] if call.name in TURNS else []
            if changed and d.is_dirty():
                here += [Point(i, loss, i) for loss in (PARTS if turn else PARTS[i % 4:i % 4 + 1])]
            points += here
            near += here if turn else []
            if call.data.startswith(b"pps1 risk "):
                sure = sure or [Point(i + 1, "nothing", 0)]  # at risk, and it has not left
        must_be_the_same(d.now(), disk.Disk(self.agency.folder).now())
        self.vault.keep(d)
        return points, near, sure

    def disk_at(self, at):
        d = disk.Disk(self.agency.folder)
        d.root = disk.copy_of(self.before)
        for call in self.calls[:at]:
            d.follow(call)
        return d

    def accepted_by(self, at):
        """(surely, perhaps): how many messages the servers had accepted after so many calls. One is accepted between
        its last byte and the answer."""
        surely = perhaps = 0
        for call in self.calls[:at]:
            if call.name == "recvfrom":
                surely += call.data.startswith((b"250 2.0.0 Ok: queued", b"HTTP/1.1 200"))
            if call.name == "sendto":
                perhaps += call.data.endswith(b".\r\n") or call.data.startswith(b"GET /send")
        if not surely <= perhaps <= surely + 1:
            raise AssertionError("%d answers to %d messages" % (surely, perhaps))
        return self.done_before + surely, self.done_before + perhaps

    def restore(self, point):
        """After the power came back: the disk, and the truth."""
        rng = random.Random("%d:%s:%d" % point)
        content = self.disk_at(point.at).lose(point.loss, rng)
        content.pop("truth.log", None)
        self.vault.put_back(content)
        kept = self.accepted[:rng.randint(*self.accepted_by(point.at))] if self.accepted else []
        for entry in kept:
            truth.Log(self.agency.truth_log).accept(entry["key"], entry["to"], entry["content"])


def must_be_the_same(here, there):
    """The disk that is put together must be the disk that is there, or nothing here proves anything."""
    data = [{name: kept and kept.data for name, kept in content.items()} for content in (here, there)]
    wrong = [name for name in set(data[0]) | set(data[1]) if name != "truth.log" and data[0].get(name) != data[1].get(name)]
    if wrong:
        raise AssertionError("the calls do not lead to what is there: %s" % sorted(wrong))


_recordings = {}  # of this worker process


def recording_of(bench, name, origin):
    if name not in _recordings:
        _recordings[name] = Recording(bench, name, origin)
    return _recordings[name]


# ---- losing ----

class Lose:
    """One power loss: a task for a worker."""

    def __init__(self, name, origin, expected):
        self.name, self.origin, self.expected = name, origin, expected

    def __call__(self, bench, point):
        recording = recording_of(bench, self.name, self.origin)
        recording.restore(point)
        agency = bench.attend(Agency(recording.agency.folder, self.origin.transport))
        if recording.kind.words == TICK:
            return self.tick_again(bench, agency)
        return self.command_again(bench, agency, recording)

    def tick_again(self, bench, agency):
        look = bench.look(agency)
        kind = kill.kind_of_death(look, self.expected, agency.has_hot_journal())
        bad = invariants.always(look, self.expected)
        return Outcome(kind, bad + bench.rest(agency, self.expected, look.at_risk_once))

    def command_again(self, bench, agency, recording):
        """The next tick, by cron, may be held and may not find a database; it does nothing that a person then has to
        regret. Then the command is said again, and everything goes on."""
        first = agency.tick()
        bad = [] if first.status in (0, 1, 66, 77) else ["a tick before it: %d, %s" % (first.status, first.err.strip())]
        agency.said.clear()
        done = recording.run(agency, now=AGAIN)
        if done.status == 0:
            done = agency.run("adopt", now=AGAIN)  # after recover a person says when it goes on
        if done.status != 0:
            bad.append("repeated, it fails: %d, %s" % (done.status, done.err.strip()))
        agency.said.clear()  # these tell a person what went to whom
        for now in REST:
            done = agency.tick(now=now)
            bad += [] if done.status in (0, 1) else ["a tick after it: %d, %s" % (done.status, done.err.strip())]
        kind = "the tick after it did its work" if first.status < 2 else "the tick after it was held" \
            if first.status == 77 else "there was no database"
        return Outcome(kind, bad + self.as_it_should_be(agency))

    def as_it_should_be(self, agency):
        """A database that was put back does not know the words that went out, but it knows that they did."""
        accepted = collections.Counter(int(entry["key"][1:]) for entry in agency.accepted())
        states = dict(agency.rows("SELECT id, state FROM action"))
        bad = ["A%d was accepted %d times" % found for found in accepted.items() if found[1] > 1]
        bad += ["A%d was accepted and is %s" % (n, states[n]) for n in accepted if states[n] not in ("sent", "in_doubt")]
        bad += ["A%d was not accepted and is %s" % (n, states[n]) for n in self.expected.due - {invariants.LIST} - set(accepted)
                if states[n] != "in_doubt"]
        bad += ["the list of the morning was accepted %d times" % len(agency.lists())] if len(agency.lists()) > 1 else []
        bad += ["A%d is past its end and %s" % (n, states[n]) for n in self.expected.expired if states[n] != "missed"]
        return bad + ["the database is not whole: %s" % line for line, in agency.rows("PRAGMA integrity_check")
                      if line != "ok"]


class Points:
    """A task: where the power may go, and those points on which most depends."""

    def __init__(self, name, origin):
        self.name, self.origin = name, origin

    def __call__(self, bench, _):
        return recording_of(bench, self.name, self.origin).points


# ---- what was said to be done ----

SALE = ("add-client", "--name", "Агафья Канарейкина", "--phone", "+79031110779", "--departure", "2027-01-10",
        "--return", "2027-01-20")
COMMANDS = (
    SALE, ("add-trip", "C1", "--departure", "2027-02-10", "--return", "2027-02-20"),
    ("edit-client", "C1", "--email", "other@canary.example"), ("edit-trip", "T1", "--destination", "Бали"),
    ("cancel-trip", "T1"), ("undo", "T1"), ("skip", "T1/bon-voyage"), ("undo",), ("staff", "add", "anna", "--name", "Анна"),
    ("tick",), ("backup", "{folder}/copy.db"), ("recover", "--from", "{folder}/copy.db"), ("adopt",),
)


def said_to_be_done(bench, origin):
    """What is there after a command must be there after a power loss, too. `init` promises nothing yet, but the first
    sale does, in a folder that was empty before both."""
    bad = []
    with bench.fresh(origin) as agency:
        for words in COMMANDS:
            bad += lasts(words, after_runs(agency, words))
    agency = Agency(bench.new_folder(), "outbox")
    os.mkdir(agency.folder)
    d = after_runs(agency, ("init",), SALE)
    return bad + [line for line in lasts(SALE, d) if "pps.db" in line or "pps.json" in line]


def after_runs(agency, *all_words):
    """The disk after these commands."""
    log, d = agency.folder + ".strace", disk.Disk(agency.folder)
    for words in all_words:
        done = agency.run(*(w.format(folder=agency.folder) for w in words), now=SOLD, before=disk.words(log))
        if done.status != 0:
            raise AssertionError("pps %s: exit status %d, %s" % (" ".join(words), done.status, done.err.strip()))
        for call in disk.calls_of(log):
            d.follow(call)
    must_be_the_same(d.now(), disk.Disk(agency.folder).now())
    return d


def lasts(words, d):
    return ["after a power loss (%s) %s is not as pps %s has left it" % (loss, name, " ".join(words))
            for loss in ("nothing", *PARTS) for lost in (d.lose(loss, random.Random(0)),)
            for name, kept in d.now().items() if not_there(name, kept, d.now(), lost)]


def not_there(name, kept, now, lost):
    """Databases are compared by what they say. Locks and journals are nothing that anybody waits for, and an answer is
    in the database when its line in the sent log may not last yet."""
    if name.endswith((".lock", "-journal", ".sent", ".seen")) or kept is None and name in lost:
        return False
    if name not in lost:
        return True
    parts = (name, name + "-journal")
    same = [now.get(part) for part in parts] == [lost.get(part) for part in parts]
    return not same and not (name.endswith(".db") and dump(name, now) == dump(name, lost))


def dump(name, content):
    with tempfile.TemporaryDirectory() as folder:
        for part in (name, name + "-journal"):
            if part in content:
                with open(os.path.join(folder, part), "wb") as f:
                    f.write(content[part].data)
        db = sqlite3.connect(os.path.join(folder, name))
        try:
            return list(db.iterdump())
        finally:
            db.close()


# ---- all of it ----

def point_of(text):
    at, loss, seed = text.split(":")
    return Point(int(at), loss, int(seed))


def chosen(points, near, sure, wanted):
    """All, or about so many, half of them where most depends on it."""
    if wanted is None:
        return points
    return sorted(set(sure) | set(rig.spread(near, wanted // 2)) | set(rig.spread(points, wanted - wanted // 2)))


def run_recording(tap, each, name, agency, options):
    points = [options.point] if options.point else \
        chosen(*rig.one(each, Points(name, agency[0]), None), options.sample)
    kinds, bad = collections.Counter(), []
    for point, outcome in each(Lose(name, *agency), points):
        where = '--recording "%s" --point %d:%s:%d' % (name, *point)
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        kinds[outcome.kind.removesuffix(kill.IN_COMMIT)] += 1
        bad += ["%s (%s): %s" % (where, outcome.kind, line) for line in outcome.bad]
    unseen = RECORDINGS[name].see - set(kinds)
    if unseen and not options.point:
        bad.append("no point met this: " + "; ".join(sorted(unseen)))
    tap.note("%s: %d losses of power" % (name, sum(kinds.values())))
    tap.note(*("%6d  %s" % (n, kind) for kind, n in sorted(kinds.items())))
    tap.test("%s, power loss: nothing lost, nothing twice, nothing stale, the database whole" % name,
             bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N losses of each recording; without it, all")
    parser.add_argument("--recording", choices=RECORDINGS, action="append")
    parser.add_argument("--point", type=point_of, metavar="CALLS:LOSS:SEED", help="only this one")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        origins = {t: rig.make_origin(shared, t) for t in ("outbox", "smtp", "http")}
        for name in options.recording or RECORDINGS:
            run_recording(tap, each, name, origins[RECORDINGS[name].transport], options)
        if not options.recording:
            tap.test("what a command has said is done is there after a power loss right after it",
                     said_to_be_done(rig.Bench(shared), origins["outbox"][0]))
    tap.end()


if __name__ == "__main__":
    main()
