#!/usr/bin/python3
"""A database that is damaged, cut, or torn from its journal: every command works or refuses with a clear line, none
crashes or hangs, a command that refuses has written nothing, and no tick sends anything twice.

    damaged         bytes, sectors and pages that are wrong, and files that are cut or too long, drawn from a seed, on a
                    day on which messages have gone; the commands of the desk, ticks of that day, and of the days after,
                    the first of which looks whether the database is whole
    without its hot journal     the database of a tick that was killed in a commit is copied alone, and adopted
    an older copy, and the journal of a newer one     a copy is put into the place of the database by hand, and the hot
                    journal of a tick that was killed stays beside it
    another's journal           the hot journal of another agency beside our database

Nothing twice means: nobody gets the same text, or a letter of the same subject, a second time. Files are written in
place and keep their inodes where it matters that no guard holds the tick for that.

    PPS=build/pps tests/faults/damage.py                a thousand damages, and every write of a commit
    PPS=build/pps tests/faults/damage.py --sample 60    about so many in all
    … --only "another's journal:12"                     one of them, to look at

Prints TAP, and how the commands ended."""

import argparse
import collections
import os
import random
import re
import sys

sys.dont_write_bytecode = True
import disk
import rig
import strace
from agency import Agency, NOW, REST

PAGE, SECTOR = 4096, 512
ALL = 1000
SAME_DAY, DAYS_AFTER = "2026-12-10 09:30", ("2026-12-11 09:00", "2026-12-12 10:00")
LOOKING = (("show", "C1"), ("report", "--checklist"), ("today",), ("find", "а"), ("timeline", "T1"), ("log",), ("doubt",),
           ("doctor",), ("why", "A5"), ("tick", "--dry-run"))
WRITING = (("add-client", "--name", "Z", "--phone", "+79031110700", "--departure", "2027-01-10", "--return", "2027-01-20"),
           ("edit-trip", "T1", "--destination", "X"), ("cancel-trip", "T1"), ("skip", "T1/welcome-home"),
           ("staff", "add", "anna", "--name", "Анна"), ("edit-client", "C1", "--email", "z@canary.example"))
REFUSALS = (65, 74)
# A damage may also look like something that is not there, not allowed, or to be held.
STATUSES = (0, 1, 66, 69, 73, 75, 77, 78, *REFUSALS)

Outcome = collections.namedtuple("Outcome", "ends bad")


class Trial:
    """What commands make of one agency."""

    def __init__(self, agency):
        self.agency, self.ends, self.bad = agency, collections.Counter(), []

    def run(self, *words, now=SAME_DAY):
        before = self.content()
        done = self.agency.run(*words, now=now)
        self.ends["works" if done.status in (0, 1) else "exit status %d" % done.status] += 1
        said = "%s ended with %d: %s" % (words[0], done.status, done.err.strip())
        lines = done.err.splitlines()
        if done.status not in STATUSES or done.status > 1 and not lines:
            self.bad.append(said)
        if [line for line in lines if not line.startswith("pps: ") or not line.isprintable()]:
            self.bad.append("standard error is not clear: " + said)
        # A tick is many transactions: those before the one that fails were good.
        if done.status in REFUSALS and words[0] != "tick" and self.content() != before:
            self.bad.append("it refuses, and has written: " + said)
        return done

    def content(self):
        with open(self.agency.db, "rb") as f:
            return f.read()

    def end(self, bench):
        bench.settle()
        got = collections.Counter((e["to"], subject_or_text(e["content"])) for e in self.agency.accepted())
        self.bad += ["%s: accepted %d times" % (text.split("\n")[0], n) for (_, text), n in got.items() if n > 1]
        return Outcome(self.ends, self.bad)


def subject_or_text(content):
    found = re.search(r"(?m)^Subject: (.*(?:\r\n[ \t].*)*)", content)
    return found.group(1) if found else content


# ---- damaged ----

def flip(data, rng):
    data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def scribble(data, rng):
    for _ in range(rng.randrange(2, 40)):
        data[rng.randrange(len(data))] = rng.randrange(256)


def lose_sector(data, rng):
    at = rng.randrange(len(data) // SECTOR) * SECTOR
    data[at:at + SECTOR] = bytes(SECTOR)


def mistake_page(data, rng):
    to, of = (rng.randrange(len(data) // PAGE) * PAGE for _ in range(2))
    data[to:to + PAGE] = data[of:of + PAGE]


def junk_page(data, rng):
    at = rng.randrange(len(data) // PAGE) * PAGE
    data[at:at + PAGE] = rng.randbytes(PAGE)


def cut(data, rng):
    del data[rng.choice((0, 1, 15, 16, 99, 100, PAGE - 1, PAGE, PAGE + 1, rng.randrange(len(data)))):]


def lengthen(data, rng):
    data += rng.randbytes(rng.randrange(1, 3 * PAGE))


KINDS = (flip, scribble, lose_sector, mistake_page, junk_page, cut, lengthen)


class Day:
    """An agency whose messages of the day have gone, kept to be damaged again and again."""

    def __init__(self, bench, origin):
        self.agency = bench.attend(origin.copy(bench.new_folder()))
        self.agency.tick()
        bench.settle()
        self.vault, self.content = disk.Vault(self.agency.folder), disk.Disk(self.agency.folder).now()
        if len(self.agency.accepted()) != 3:
            raise AssertionError("%d messages went" % len(self.agency.accepted()))

    def with_database(self, bench, change):
        content = dict(self.content)
        data = bytearray(content["pps.db"].data)
        change(data)
        content["pps.db"] = content["pps.db"]._replace(data=bytes(data))
        self.vault.put_back(content)
        return bench.attend(Agency(self.agency.folder, self.agency.transport))


_days = {}  # of this worker process


def damaged(bench, origins, seed):
    if "day" not in _days:
        _days["day"] = Day(bench, origins["both"])
    rng, kind = random.Random(seed), KINDS[seed % len(KINDS)]
    trial = Trial(_days["day"].with_database(bench, lambda data: kind(data, rng)))
    for words in rng.sample(LOOKING, 3):
        trial.run(*words)
    trial.run("tick")
    trial.run(*rng.choice(WRITING))
    for now in DAYS_AFTER:
        trial.run("tick", now=now)
    return trial.end(bench)


# ---- journals ----

def commits(bench, origin):
    """The numbers of the writes into the database itself: after each of them a commit is half done."""
    with bench.fresh(origin) as agency:
        calls = strace.record(agency)
    fd = next(re.search(r"= (\d+)$", c.line).group(1) for c in calls
              if c.name == "openat" and re.search(r'/pps\.db", O_RDWR', c.line))
    return [c.number for c in calls if c.name == "pwrite64" and "pwrite64(%s," % fd in c.line]


def killed(bench, agency, number):
    agency.tick(before=strace.strike("pwrite64", "signal=KILL", number))
    bench.settle()
    if not agency.has_hot_journal():
        raise AssertionError("the tick was not killed in a commit")


def without_journal(bench, origins, number):
    with bench.fresh(origins["http"]) as agency:
        killed(bench, agency, number)
        twin = bench.attend(agency.copy(bench.new_folder()))
        os.unlink(twin.db + "-journal")
        trial = Trial(twin)
        # One that has never sent has no sent log yet, and a copy of it is as good as any.
        if trial.run("tick").status not in (77, 65) and os.path.exists(agency.db + ".sent"):
            trial.bad.append("a copy was not held")
        trial.run("adopt")
        for now in (*REST, *DAYS_AFTER):
            trial.run("tick", now=now)
        outcome = trial.end(bench)
        twin.remove()
        return outcome


def older_copy(bench, origins, number):
    with bench.fresh(origins["http"]) as agency:
        killed(bench, agency, number)
        with open(origins["http"].db, "rb") as f, open(agency.db, "r+b") as place:
            place.write(f.read())
            place.truncate()
        trial = Trial(agency)
        for now in (*REST, *DAYS_AFTER):
            trial.run("tick", now=now)
        return trial.end(bench)


def anothers_journal(bench, origins, number):
    with bench.fresh(origins["smtp"]) as other:
        killed(bench, other, number)
        with open(other.db + "-journal", "rb") as f:
            journal = f.read()
    with bench.fresh(origins["http"]) as agency:
        agency.tick()
        with open(agency.db + "-journal", "wb") as f:
            f.write(journal)
        trial = Trial(agency)
        for now in (*REST, *DAYS_AFTER):
            trial.run("tick", now=now)
        return trial.end(bench)


# ---- all of it ----

FAMILIES = {
    "damaged": (damaged, None),
    "without its hot journal": (without_journal, "http"),
    "an older copy, and the journal of a newer one": (older_copy, "http"),
    "another's journal": (anothers_journal, "smtp"),
}


class Try:
    """A task for a worker: a family and a number."""

    def __init__(self, origins):
        self.origins = origins

    def __call__(self, bench, point):
        return FAMILIES[point[0]][0](bench, self.origins, point[1])


class Commits:
    def __init__(self, origins):
        self.origins = origins

    def __call__(self, bench, transport):
        return commits(bench, self.origins[transport])


def numbers_of(each, origins, family, wanted):
    transport = FAMILIES[family][1]
    if transport is None:
        return range(ALL if wanted is None else wanted // 2)
    every = rig.one(each, Commits(origins), transport)
    return every if wanted is None else rig.spread(every, wanted // 6)


def run_family(tap, each, origins, family, numbers):
    ends, bad, n = collections.Counter(), [], 0
    for point, outcome in each(Try(origins), [(family, number) for number in numbers]):
        n += 1
        if isinstance(outcome, Exception):
            bad.append("%s:%d: %s: %s" % (*point, type(outcome).__name__, outcome))
            continue
        ends.update(outcome.ends)
        bad += ["%s:%d: %s" % (*point, line) for line in outcome.bad]
    tap.note("%s: %d of them; how the commands ended: %s" % (family, n, ", ".join(
        "%d %s" % (count, end) for end, count in sorted(ends.items()))))
    if not any(end.startswith("exit status 65") for end in ends) and len(numbers) > 1 and family == "damaged":
        bad.append("no command has found a damage: was there any?")
    tap.test("%s: a clear word or none, no crash, nothing twice" % family, bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N in all; without it, everything")
    parser.add_argument("--only", metavar="FAMILY:NUMBER", help="only this one, as it is called when it fails")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        origins = {t: rig.make_origin(shared, t)[0] for t in ("smtp", "http", "both")}
        for family in FAMILIES:
            numbers = numbers_of(each, origins, family, options.sample)
            if options.only:
                name, number = options.only.rsplit(":", 1)
                numbers = [int(number)] if name == family else []
            if numbers:
                run_family(tap, each, origins, family, numbers)
    tap.end()


if __name__ == "__main__":
    main()
