#!/usr/bin/python3
"""A long soak: thousands of days of an agency, with faults of every kind, drawn from a seed.

Every day people sell, change, cancel, tick off and decide (days_people.py); the mail server and the SMS gateway refuse,
break off and lie still (days_servers.py); ticks are killed, meet, or do not come for days, older copies of the database
are put back, and the folder moves (days_machine.py). After each of it must hold what days_check.py says. The truth is
what the servers accepted. The time is fixed by --now everywhere.

The days are lived by one agency after the other, each with its own database and set-up (KINDS), --life days long, and
then three days without faults. A seed, a life and a day are everything that is needed to see the same again:

    PPS=build/pps tests/faults/days.py                       300 days
    PPS=build/pps tests/faults/days.py --days 10000 --life 500
    … --seed 7 --life 75 --until 131 --words                 the agency of day 131 until that day, and all it did

Prints TAP: a test for each family of invariants, and as comments what struck how often, and what became of the
messages."""

import argparse
import collections
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback

sys.dont_write_bytecode = True
import days_agency as agency
import days_check
import days_machine
import days_people
import days_servers
import rig
import truth
from days_check import Kind

WORKERS = 2
QUIET_DAYS = 3
WHOLE_EVERY = 25  # days
MOST_REPORTS = 5  # of one family

KINDS = (
    Kind("a plain SMS gateway", None, False, ()),
    Kind("an SMS gateway that takes repetitions for a day", 1440, False, ("thank-you",)),
    Kind("an SMS gateway that can be asked", None, True, ("packing", "bon-voyage", "welcome-home")),
    Kind("an SMS gateway that can be asked, and takes repetitions for an hour", 60, True, ("preflight",)),
)
# How likely a fault is on each connection of a day, and how often such a day is; "locked": the password is wrong.
MOODS = ((0.0, 55), (0.15, 24), (0.5, 13), (1.0, 4), ("locked", 4))
TICKS = (0, 1, 1, 1, 1, 1, 2, 2, 2, 3)  # on a day
SOON = (2, 9, 25, 70)  # minutes after a tick in trouble, when more follow
CHANCES = {"kill": 0.14, "second": 0.05, "interference": 0.06, "outage": 0.03, "copy": 0.1, "copy after a kill": 0.25,
           "restore": 0.025, "move": 0.012, "more ticks": 0.5}

# What a soak of this many days must have met, or it has looked past what matters.
MUST_MEET = {300: ("letter accepted", "text accepted", "list accepted", "machine: a tick was killed", "machine: a second tick came",
                   "people: a letter was called off", "machine: no tick for days", "mail server: dot accept+cut",
                   "SMS gateway: cut, accepted", "cancel-trip: done", "edit-trip: done", "edit-client: done")}

Result = collections.namedtuple("Result", "number bad counts fates days")


class Life:
    """One agency, from its first day on."""

    def __init__(self, options, number, scratch):
        self.options, self.number, self.kind = options, number, KINDS[number % len(KINDS)]
        self.counts = collections.Counter()
        self.outside = days_servers.Outside(self.kind.repeat_minutes, self.counts)
        self.office = agency.Office(os.path.join(scratch, "agency"), self.outside)
        self.office.make(self.kind)
        played = agency.playbook(os.path.join(self.office.folder, "templates"), self.kind.resend)
        self.check = days_check.Checker(self.kind, agency.policies(played), agency.conditional(played))
        commands = agency.commands()
        self.people = days_people.People(self.office, self.check, self.check.accepted.get, self.counts, commands)
        self.machine = days_machine.Machine(self.office, self.check, self.counts, commands, scratch)
        self.outage, self.told, self.day = 0, [], 0

    # ---- one day ----

    def tell(self, line):
        if line:
            self.told.append(line)

    def live(self, first, days, until):
        """Returns the day that went wrong, or None."""
        for day in range(first, first + days):
            self.one_day(day)
            if self.check.bad or day == until:
                return day
        return self.quiet_days(first + days)

    def one_day(self, day):
        self.told, self.day = [], day
        rng = random.Random("%d/%d" % (self.options.seed, day))
        self.begin_day(rng, day)
        for minute, act in sorted(self.plan(rng), key=lambda e: e[0]):
            if self.check.bad:
                break
            act(agency.instant(day, minute))
        if not self.check.bad:
            self.check.rows(self.office.book(), killed=True)
        if day % WHOLE_EVERY == 0 and not self.check.bad:
            self.check.whole(self.office)
        if self.options.words:
            words = "\n".join(self.told).splitlines()
            print("\n".join("# day %d: %s" % (day, line) for line in words if line), flush=True)

    def begin_day(self, rng, day):
        at = agency.instant(day, 5)
        mood = rng.choices([m for m, _ in MOODS], [w for _, w in MOODS])[0]
        self.fault, self.locked = (0.0, True) if mood == "locked" else (mood, False)
        if self.outage == 0 and rng.random() < CHANCES["outage"]:
            self.outage = rng.randint(1, 10)
            self.counts["machine: no tick for days"] += 1
        elif self.outage:
            self.outage -= 1
        if rng.random() < CHANCES["move"]:
            self.tell(self.machine.move(at))
        if rng.random() < CHANCES["restore"]:
            self.tell(self.machine.restore(rng, at))

    def plan(self, rng):
        """(minute, what happens then); drawn now, so that what happens before changes nothing of it."""
        events = []

        def add(minute, act):
            seed = rng.random()  # its own, whatever the others use up
            events.append((minute, lambda at: act(random.Random(seed), at)))
        for _ in range(rng.choice(days_people.SALES)):
            add(rng.randint(540, 1200), self.person(days_people.People.sell))
        for act, chance in days_people.ACTS:
            if rng.random() < chance:
                add(rng.randint(540, 1200), self.person(act))
        if rng.random() < CHANCES["copy"]:
            add(rng.randint(0, 1430), lambda rng, _: self.machine.copy(rng, self.day))
        for minute in self.minutes_of_ticks(rng):
            add(minute, self.tick)
        return events

    def minutes_of_ticks(self, rng):
        if self.outage:
            return []
        minutes = [rng.randint(420, 1330) for _ in range(rng.choice(TICKS))]
        if minutes and rng.random() < CHANCES["more ticks"] and (self.fault or self.locked):
            minutes += [min(minutes) + more for more in SOON]
        return minutes

    def person(self, act):
        return lambda rng, at: self.tell(act(self.people, rng, self.office.book(), at))

    # ---- a tick ----

    def tick(self, rng, at):
        weather = days_servers.Weather(lambda: random.Random(rng.random()), self.fault, self.locked)
        self.run_tick(at, weather, self.ambush(rng, at))
        if self.outside.struck and "killed" in self.outside.ambush.name and rng.random() < CHANCES["copy after a kill"]:
            self.machine.copy(rng, self.day)

    def ambush(self, rng, at):
        chance = rng.random()
        for name, make in (("kill", lambda: self.machine.death(rng)),
                           ("second", lambda: self.machine.second_tick(rng, at)),
                           ("interference", lambda: self.machine.interference(rng, at, self.people, self.tell))):
            chance -= CHANCES[name]
            if chance < 0:
                return make()
        return None

    def run_tick(self, at, weather=days_servers.CALM, ambush=None):
        before, n = self.office.book(), len(self.outside.truth)
        self.outside.begin(at, weather, ambush)
        done = self.office.tick(at)
        entries = self.outside.truth[n:]
        struck = ambush.name if self.outside.struck else ""
        self.tell("%s tick: %d %s %s%s" % (agency.text_of(at), done.status, struck, done.out, done.err))
        self.tell("  accepted: " + " ".join("%s>%s" % (e.key, e.to) for e in entries))
        for entry in entries:
            self.counts["list accepted" if truth.is_list(entry.key) else
                        "letter accepted" if entry.channel == "email" else "text accepted"] += 1
        self.counts["tick: exit status %d" % done.status] += 1
        self.check.tick(self.office, days_check.Ran(
            at, done, before, self.office.book(), entries, bool(self.outside.faults) or weather.locked,
            struck.startswith("people"), "killed" in struck))

    # ---- the end ----

    def quiet_days(self, day):
        self.fault, self.locked, self.outage = 0.0, False, 0
        for self.day in range(day, day + QUIET_DAYS):
            self.told = []
            for minute in (425, 500, 620, 730, 850, 970, 1100, 1285):
                if not self.check.bad:
                    self.run_tick(agency.instant(self.day, minute))
        if not self.check.bad:
            self.check.whole(self.office)
            self.check.at_rest(self.office.book(), agency.instant(self.day, 1285))
        return self.day if self.check.bad else None

    def fates(self):
        return collections.Counter(
            "%s%s" % (row.state, " (%s)" % row.cause if row.cause else "") for row in self.office.book().rows.values()
            if row.channel in ("email", "sms"))


def live(task):
    """One life, in a process of its own."""
    options, number, days = task
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = number * options.life
    with tempfile.TemporaryDirectory(dir=options.scratch) as scratch:
        life = Life(options, number, scratch)
        try:
            wrong = life.live(first, days, options.until)
        except Exception:  # what breaks the rig is a failure, and the other lives still count
            life.check.wrong("I0", "the test broke: %s", traceback.format_exc())
            wrong = life.day
        bad = list(life.check.bad)
        if bad:  # all of them are of one day
            bad[0] = (bad[0][0], bad[0][1].strip() + "\n" + report(options, life, wrong))
        return Result(number, bad, life.counts, life.fates() if not bad else collections.Counter(), days)


def report(options, life, day):
    told = "\n".join("    " + line for line in "\n".join(life.told).splitlines())
    return "    agency %d (%s), day %d, to see it again: --seed %d --life %d --until %d --words\n%s" % (
        life.number, life.kind.name, day, options.seed, options.life, day, told)


# ---- the test ----


def tasks_of(options):
    if options.until is not None:
        number = options.until // options.life
        return [(options, number, options.until - number * options.life + 1)]
    numbers = range((options.days + options.life - 1) // options.life)
    return [(options, n, min(options.life, options.days - n * options.life)) for n in numbers]


def run(tap, options):
    counts, fates, bad = collections.Counter(), collections.Counter(), collections.defaultdict(list)
    tasks = tasks_of(options)
    with multiprocessing.get_context("fork").Pool(WORKERS, maxtasksperchild=1) as pool:
        for result in pool.imap_unordered(live, tasks):
            counts.update(result.counts)
            fates.update(result.fates)
            for family, line in result.bad:
                bad[family].append(line)
    days = sum(task[2] for task in tasks)
    tap.note("seed %d: %d days of %d agencies" % (options.seed, days, len(tasks)))
    tap.note(*("%7d  %s" % (n, name) for name, n in sorted(counts.items())))
    tap.note("what became of the messages:", *("%7d  %s" % (n, name) for name, n in sorted(fates.items())))
    for family, sentence in days_check.FAMILIES.items():
        complain(tap, "%s: %s" % (family, sentence), bad[family])
    unmet = [word for least, words in MUST_MEET.items() if days >= least for word in words
             if not any(name.startswith(word) for name in counts)]
    tap.test("the days had what they are for", ["nothing like this happened: " + word for word in unmet])


def complain(tap, name, complaints):
    """The test, after all that is known about what failed."""
    for complaint in complaints[:MOST_REPORTS]:
        tap.note(*complaint.splitlines())
    tap.test(name, [complaint.splitlines()[0] for complaint in complaints])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--days", type=int, default=300)
    parser.add_argument("--seed", type=int, default=20261205)
    parser.add_argument("--life", type=int, default=75, help="days of one agency")
    parser.add_argument("--until", type=int, metavar="DAY", help="only the agency of this day, until this day")
    parser.add_argument("--words", action="store_true", help="also what happened on each day")
    options = parser.parse_args()
    tap = rig.Tap()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options.scratch = tempfile.mkdtemp(prefix="pps-days-", dir=rig.in_memory())
    try:
        run(tap, options)
    finally:
        shutil.rmtree(options.scratch, ignore_errors=True)
    tap.end()


if __name__ == "__main__":
    main()
