#!/usr/bin/python3
"""A year of an agency at random, and what may never happen to a client.

Everything is drawn from one seed: sales, edits, cancellations, lost sales, feedback, complaints, "stop" and "you may
again", pauses, work ticked off or left undone, and when the tick runs, or does not for days; before each tick a dry run
says what it will do. The people of this file know
nothing of the planner: they keep a book of their own of what was said when, and look at each message that lies in the
outbox afterwards.

    PPS=build/check/pps tests/e2e/test_year.py [--seed N] [--years N] [--days N] [--verbose]

Prints TAP. On a failure the seed, the day and the work that was done before are shown."""

import argparse
import collections
import datetime as dt
import email
import email.policy
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zoneinfo

sys.dont_write_bytecode = True
import figures  # beside this file

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))
MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")
ZONES = ("Europe/Moscow", "Europe/Kaliningrad", "Asia/Kamchatka", "Europe/Sofia", "America/New_York")
FIRST_DAY = dt.date(2026, 11, 2)
RINGS_FROM, RINGS_TO = dt.time(8, 0), dt.time(21, 30)  # SMS, where the client lives
LETTERS_FROM, LETTERS_TO = dt.time(7, 0), dt.time(22, 0)
# What a person may be told: done; not possible now, because of what is there or of what was typed.
USUAL = {0, 1, 65, 66, 73, 77}
FINAL = {"sent", "done", "skipped", "cancelled", "suppressed", "missed", "failed"}
RULES = ("no message goes twice", "nothing goes after a cancellation, or in a series that is over",
         "no SMS rings outside decent hours, but for a flight before the morning, and no letter that is late comes in the night", "no marketing after \"stop\"", "no selling while a complaint is open, nor before they were asked whether it is solved",
         "nothing goes in a pause that can wait", "nothing goes at or after its end",
         "no letter of a lost sale is signed by who lost it", "two messages a client and day, but for what cannot wait",
         "every step ends in one final state, and what was not done says why", "every command is answered properly",
         "a dry run foretells the tick, to the last action, and leaves every file as it was",
         "the figures of a period are those that somebody counts who reads every row")


class Client:
    def __init__(self, ident, phone, address, zone):
        self.id, self.phone, self.email, self.zone = ident, phone, address, zoneinfo.ZoneInfo(zone)
        self.complaints, self.checks, self.trips, self.lost = set(), set(), set(), set()
        self.paused_until = None


class Agency:
    """The program, and the book of what people said."""

    def __init__(self, folder, rng, verbose):
        self.folder, self.rng, self.verbose = folder, rng, verbose
        self.now = dt.datetime.combine(FIRST_DAY, dt.time(9, 0), MOSCOW)
        self.clients, self.over, self.stopped, self.rejected = {}, set(), {}, set()
        self.faults = collections.defaultdict(list)
        self.counts, self.diary, self.seen = collections.Counter(), collections.deque(maxlen=40), set()
        self.sold, self.whose = {}, {}  # login: who sold a trip; whose work it was when it was settled
        self.actions_sent, self.per_day, self.phones = set(), collections.Counter(), 0
        self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "America/Lima",
                    "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1"}
        self.pps("init", "--agency", "Тёплые страны")
        for login, name, role in (("olga", "Ольга", "director"), ("vera", "Вера", "service"), ("anna", "Анна", "manager"),
                                  ("boris", "Борис", "manager")):
            self.pps("staff", "add", login, "--name", name, "--role", role, "--email", login + "@warm.example")
        with open(os.path.join(folder, "templates/playbook.json"), encoding="utf-8") as book:
            text = re.sub(r"^\s*//.*$|\s//\s.*$", "", book.read(), flags=re.M)
        self.steps = {step["key"]: step for step in json.loads(text)["steps"]}

    def pps(self, *words, actor=None):
        """(exit status, the document of --json, or {})"""
        command = [PPS, "--db", os.path.join(self.folder, "pps.db"), "--now", self.now.isoformat(), "--json"]
        command += ["--as", actor] if actor else []
        done = subprocess.run([*command, *words], env=self.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              check=False)
        line = "%s pps %s: %d %s" % (self.now.isoformat(" ", "minutes"), " ".join(words), done.returncode,
                                     done.stderr.decode().strip())
        self.diary.append(line)
        self.counts[words[0] + (" " + words[1] if words[0] in ("complaint", "feedback") else "")] += 1
        if done.returncode not in USUAL or b"\n" in done.stderr.strip() and b"pps: " not in done.stderr:
            self.fault(RULES[10], line)
        if self.verbose:
            print("#", line)
        return done.returncode, json.loads(done.stdout or b"{}") if done.returncode in (0, 1) else {}

    def fault(self, rule, text):
        if len(self.faults[rule]) < 3:
            self.faults[rule].append((text, list(self.diary)))

    def rows(self, sql, *values):
        with sqlite3.connect("file:%s?mode=ro" % os.path.join(self.folder, "pps.db"), uri=True) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    # ---- what people do ----

    def sell(self):
        rng, today = self.rng, self.now.date()
        self.phones += 1
        phone, address, zone = "+7903%07d" % self.phones, "k%d@client.example" % self.phones, rng.choice(ZONES)
        ways = rng.choices((("--phone", phone, "--email", address), ("--phone", phone), ("--email", address)), (8, 1, 1))[0]
        manager = rng.choice(("anna", "boris"))
        status, card = self.pps("add-client", "--name", "Клиент %d" % self.phones, *ways, "--tz", zone, "--birthday",
                                "%d-%02d-%02d" % (rng.randint(1950, 2000), rng.randint(1, 12), rng.randint(1, 28)),
                                *self.dates(today), "--manager", manager)
        if status == 0:
            client = Client(card["client"]["id"], phone if "--phone" in ways else None,
                            address if "--email" in ways else None, zone)
            client.trips.add(card["trip"]["id"])
            self.sold[card["trip"]["id"]] = (manager, today)
            if self.phones % 5 == 0 and self.clients:
                self.pps("referral", "add", min(self.clients), client.id, actor="anna")
            self.clients[client.id] = client

    def dates(self, today):
        rng = self.rng
        leaves = today + dt.timedelta(days=rng.choice((0, 1, 2, 3, 7, 15, 30, 60)))
        back = leaves + dt.timedelta(days=rng.choice((0, 3, 7, 14)))
        hour = rng.choice(("", " 06:40", " 13:00", " 23:30"))
        return ("--purchase", str(today), "--departure", str(leaves) + (hour if leaves != back else ""), "--return",
                str(back), "--destination", "Анталья")

    def pick(self, kind="clients"):
        """A client, or one of somebody's trips, complaints …; None when there is none."""
        if not self.clients:
            return None
        client = self.rng.choice(list(self.clients.values()))
        if kind == "clients":
            return client
        one = sorted(getattr(client, kind) - self.over)
        return (client, self.rng.choice(one)) if one else None

    def again(self):
        client = self.pick()
        if client:
            status, card = self.pps("add-trip", client.id, *self.dates(self.now.date()), "--manager", "anna")
            if status == 0:
                client.trips.add(card["trip"]["id"])
                self.sold[card["trip"]["id"]] = ("anna", self.now.date())
                self.over |= client.lost  # they are back

    def move(self):
        found = self.pick("trips")
        if found:
            words = self.dates(self.now.date() + dt.timedelta(days=self.rng.randint(-5, 20)))
            self.pps("edit-trip", found[1], *words[2:6])

    def pass_on(self):
        """A colleague takes a trip, or everything, over; on the day of the sale it is the sale that is mended."""
        self.note_whose()
        leaver, heir = self.rng.sample(("anna", "boris"), 2)
        if self.rng.random() < 0.5:
            self.pps("staff", "leave", leaver, "--to", heir)
            self.pps("staff", "return", leaver)
            return
        found, today = self.pick("trips"), self.now.date()
        if found and self.pps("edit-trip", found[1], "--manager", heir)[0] == 0 and self.sold[found[1]][1] == today:
            self.sold[found[1]] = (heir, today)

    def note_whose(self):
        """Whose what was ticked off, or went as a message instead of a call, since we looked last. Asked for before anybody
        gives work away."""
        for a in self.rows("SELECT a.*, s.login FROM action a JOIN occasion o ON o.id = a.occasion_id "
                           "LEFT JOIN staff s ON s.id = o.manager_id WHERE a.done_at > 0 OR a.planned_channel = 'call'"):
            if a["state"] == "done" or (a["planned_channel"] == "call" and a["channel"] in ("email", "sms")):
                self.whose.setdefault(a["id"], a["login"])
            else:
                self.whose.pop(a["id"], None)

    def cancel(self):
        found = self.pick("trips")
        if found and self.pps("cancel-trip", found[1])[0] == 0:
            self.over.add(found[1])

    def restore(self):
        gone = sorted(ident for ident in self.over if ident.startswith("T"))
        if gone:
            ident = self.rng.choice(gone)
            if self.pps("undo", ident)[0] == 0:
                self.over.discard(ident)

    def lose(self):
        client, reasons = self.pick(), ("цена",)
        if client:
            status, card = self.pps("lost", client.id, "--reason", reasons[0], "--manager", self.rng.choice(("anna", "vera")))
            if status == 0:
                client.lost.add(card["lost"]["id"])

    def win(self):
        found = self.pick("lost")
        if found and self.pps("won", found[1])[0] == 0:
            self.over.add(found[1])

    def hear(self):
        found = self.pick("trips")
        if found:
            self.pps("feedback", "add", found[1], "--nps", str(self.rng.randint(0, 10)), "--csat",
                     str(self.rng.randint(1, 5)), "--source", "phone")

    def complain(self):
        client = self.pick()
        if client:
            status, card = self.pps("complaint", "add", client.id, "--title", "шумный номер", "--promise",
                                    str(self.now.date() + dt.timedelta(days=self.rng.randint(0, 10))))
            if status == 0:
                client.complaints.add(card["complaint"]["id"])

    def resolve(self):
        client = self.pick()
        if client and client.complaints:
            ident = sorted(client.complaints)[0]
            outcome = self.rng.choice(("solved", "compensated", "rejected"))
            if self.pps("complaint", "resolve", ident, "--cause", "отель", "--outcome", outcome, "--actions", "разобрались")[0] == 0:
                client.complaints.discard(ident)
                client.checks.add(ident)
                if outcome == "rejected":
                    self.rejected.update("T%d" % row["about_id"] for row in self.rows(
                        "SELECT about_id FROM occasion WHERE id = ? AND about_id IS NOT NULL", int(ident[1:])))

    def stop(self):
        client = self.pick()
        if client:
            for channel, address in (("email", client.email), ("sms", client.phone)):
                if address and self.rng.random() < 0.6 and self.pps("unsubscribe", client.id, "--channel", channel)[0] == 0:
                    self.stopped[address] = True

    def allow(self):
        client = self.pick()
        if client:
            for channel, address in (("email", client.email), ("sms", client.phone)):
                if self.stopped.get(address) and self.pps("consent", client.id, "--channel", channel, "--purpose",
                                                          "marketing", "--yes", "--source", "по телефону")[0] == 0:
                    self.stopped[address] = False

    def pause(self):
        client = self.pick()
        if client:
            until = self.now.date() + dt.timedelta(days=self.rng.randint(1, 20))
            if self.pps("pause", client.id, "--until", str(until))[0] == 0:
                client.paused_until = until

    def resume(self):
        client = self.pick()
        if client and client.paused_until and self.pps("resume", client.id)[0] == 0:
            client.paused_until = None

    def work(self):
        _, today = self.pps("today")
        for row in today.get("rows", []):
            if row["channel"] not in ("call", "visit", "task") or self.rng.random() < 0.3:
                continue
            outcome = self.rng.choices(("reached", "no-answer", "refused"), (7, 2, 1))[0]
            if row["channel"] == "visit":
                outcome = self.rng.choice(("came", "came", "did-not-come"))
            words = ["--visit", str(self.now.date() + dt.timedelta(days=3))] if row["step"] == "office-call" and \
                outcome == "reached" and self.rng.random() < 0.5 else []
            if row["step"] in ("complaint-assign", "complaint-promise", "complaint-due"):
                self.take_care(row["step"], row["id"], row["occasion"])
                continue
            self.pps("done", row["id"], *([] if row["channel"] == "task" else ["--outcome", outcome]), *words,
                     actor=("anna", "olga", None)[int(row["id"][1:]) % 3])

    def take_care(self, step, action, complaint):
        """What a complaint needs is done by a command of its own."""
        if step == "complaint-assign":
            self.note_whose()
            self.pps("complaint", "assign", complaint, self.rng.choice(("anna", "boris")))
        elif step == "complaint-promise" or self.rng.random() < 0.5:
            self.pps("complaint", "plan", complaint, "--promise", str(self.now.date() + dt.timedelta(days=self.rng.randint(1, 10))))
        else:
            self.pps("skip", action, "--note", "ждём отель")

    def steer(self):
        waiting = self.rows("SELECT id FROM action WHERE state = 'pending' ORDER BY id")
        if waiting:
            ident = "A%d" % self.rng.choice(waiting)["id"]
            what = self.rng.choice(("skip", "snooze", "hold", "release", "send-now"))
            self.pps(what, ident, *(("--to", str(self.now.date() + dt.timedelta(days=2)) + " 12:00") if what == "snooze"
                                    else ("--note", "так решили") if what == "skip" else ()))

    # ---- what may never happen ----

    def look(self):
        box = os.path.join(self.folder, "outbox")
        for name in sorted(set(os.listdir(box)) - self.seen if os.path.isdir(box) else ()):
            self.seen.add(name)
            self.counts["messages"] += 1
            self.judge(name, os.path.join(box, name))

    def judge(self, name, path):
        ident = int(re.search(r"-A(\d+)-", name)[1])
        (a,) = self.rows("SELECT a.*, o.kind, o.client_id FROM action a JOIN occasion o ON o.id = a.occasion_id "
                         "WHERE a.id = ?", ident)
        step, client = self.steps[a["step"]], self.clients["C%d" % a["client_id"]]
        occasion = "%s%d" % ({"trip": "T", "lost": "L", "feedback": "F", "complaint": "P", "greeting": "Y"}[a["kind"]],
                             a["occasion_id"])
        what = "%s (%s of %s) at %s" % (name, a["step"], occasion, self.now.isoformat(" ", "minutes"))
        marketing, sms = step.get("class", "service") == "marketing", name.endswith(".txt")
        local = self.now.astimezone(client.zone)
        address = client.phone if sms else client.email
        if ident in self.actions_sent:
            self.fault(RULES[0], what)
        self.actions_sent.add(ident)
        if occasion in self.over:
            self.fault(RULES[1], what)
        if sms and not RINGS_FROM <= local.time() < RINGS_TO and (marketing or not self.only_now(a, local)):
            self.fault(RULES[2], "%s, %s there" % (what, local))
        if not sms and not LETTERS_FROM <= local.time() < LETTERS_TO and not self.may_come_at_night(a, step, client, local):
            self.fault(RULES[2], "%s, %s there" % (what, local))
        if marketing and self.stopped.get(address):
            self.fault(RULES[3], what)
        if marketing and (client.complaints or self.is_to_be_asked(client)):
            self.fault(RULES[4], what)
        if marketing and occasion in self.rejected:
            self.fault(RULES[4], what + ", and the complaint about it was rejected")
        if marketing and client.paused_until and local.date() < client.paused_until:
            self.fault(RULES[5], what)
        if a["expires_at"] is not None and self.now.timestamp() >= a["expires_at"]:
            self.fault(RULES[6], what)
        if a["kind"] == "lost":
            self.judge_signer(what, path, sms, a["occasion_id"])
        day = (client.id, local.date())
        self.per_day[day] += step.get("priority") != "urgent"
        if self.per_day[day] > 2 and marketing:
            self.fault(RULES[8], what)

    def only_now(self, a, local):
        """In the morning it would be too late: they fly in the night."""
        morning = local.replace(hour=RINGS_FROM.hour, minute=0) + dt.timedelta(days=local.time() >= RINGS_TO)
        by = re.search(r"; by (\S+ \S+)$", a["note"] or "")  # a correction: before they set out for what they were told
        if by and dt.datetime.fromisoformat(by[1]).replace(tzinfo=local.tzinfo) <= morning:
            return True
        return a["expires_at"] <= morning.timestamp()

    def may_come_at_night(self, a, step, client, local):
        """At the hour that is its own, when it has waited for a morning already, or when that would be too late."""
        waited = dt.datetime.fromtimestamp(a["next_attempt_at"], client.zone)
        morning = local.replace(hour=LETTERS_FROM.hour, minute=0) + dt.timedelta(days=local.time() >= LETTERS_TO)
        return (step.get("priority") == "urgent" or self.now.timestamp() <= a["due_at"] + 3600 or
                a["next_attempt_at"] > a["due_at"] and LETTERS_FROM <= waited.time() < LETTERS_TO or
                a["expires_at"] <= morning.timestamp())

    def is_to_be_asked(self, client):
        """Whether the call or the letter a week after a complaint was solved is still to come; for a month."""
        for ident in client.checks:
            for check in self.rows("SELECT a.state, o.resolved FROM action a JOIN occasion o ON o.id = a.occasion_id "
                                   "WHERE o.id = ? AND a.step = 'complaint-check' ORDER BY a.occurrence DESC LIMIT 1", int(ident[1:])):
                month = dt.datetime.fromisoformat(check["resolved"][:10]) + dt.timedelta(days=30, hours=18)
                if check["state"] == "pending" and self.now < month.replace(tzinfo=MOSCOW):
                    return True
        return False

    def judge_signer(self, what, path, sms, occasion):
        (lost,) = self.rows("SELECT s.login, s.name FROM lost l JOIN staff s ON s.id = l.lost_by WHERE l.occasion_id = ?",
                            occasion) or ({"login": "?", "name": "?"},)
        with open(path, "rb") as file:
            raw = file.read()
        if sms:
            text, headers = raw.decode(), ""
        else:
            letter = email.message_from_bytes(raw, policy=email.policy.default)
            text = letter.get_body(("plain",)).get_content()
            headers = "%s %s" % (letter["From"], letter["Reply-To"])
        if lost["login"] + "@" in headers or lost["name"] in headers or lost["name"] in text:
            self.fault(RULES[7], what)

    def look_at_the_end(self):
        for a in self.rows("SELECT a.*, o.ended FROM action a JOIN occasion o ON o.id = a.occasion_id"):
            what = "A%d %s is %s (%s)" % (a["id"], a["step"], a["state"], a["reason"])
            human = a["channel"] in ("call", "visit", "task")
            waits = a["state"] == "held" or (a["state"] == "pending" and (human or a["due_at"] > self.now.timestamp()))
            if a["state"] not in FINAL and not waits:
                self.fault(RULES[9], what)
            elif a["state"] in ("cancelled", "suppressed", "missed", "failed", "held") and not a["reason"]:
                self.fault(RULES[9], what)

        self.note_whose()
        self.look_at_the_figures()

    def look_at_the_figures(self):
        today, book = self.now.date(), figures.Book(self.rows, MOSCOW, "20:00",
                                                          {int(trip[1:]): login for trip, (login, _) in self.sold.items()},
                                                          self.whose)
        for first, last in ((29, 0), (400, 0), (100, 50), (51, 51), (14, 3)):
            _, document = self.pps("report", "--summary", "--from", str(today - dt.timedelta(days=first)),
                                   "--to", str(today - dt.timedelta(days=last)))
            for line in figures.differences(document, book, today):
                self.fault(RULES[12], line)

    # ---- time ----

    def content(self):
        """Every file of the agency."""
        files = {}
        for folder, _, names in os.walk(self.folder):
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    files[os.path.join(folder, name)] = file.read()
        return files

    def tick(self):
        before = self.content()
        foretold = self.pps("tick", "--dry-run")
        if self.content() != before:
            self.fault(RULES[11], "a file has changed: %s" % self.diary[-1])
        done = self.pps("tick")
        if done != foretold:
            rows = [[(a["id"], a["step"], a["result"], a["why"]) for a in doc.get("actions", ())] for _, doc in (foretold, done)]
            self.fault(RULES[11], "%s: foretold %s, done %s" % (self.now, *rows))
        self.note_whose()
        self.look()

    def day(self, date):
        rng = self.rng
        acts = (self.sell, self.again, self.move, self.cancel, self.restore, self.lose, self.win, self.hear, self.complain,
                self.resolve, self.stop, self.allow, self.pause, self.resume, self.work, self.steer,
                self.pass_on)
        weights = (6, 2, 4, 2, 1, 2, 1, 3, 2, 3, 2, 2, 1, 1, 6, 3, 1)
        moments = sorted(rng.sample(range(0, 24 * 60, 10), rng.choice((1, 2, 2, 3))))
        for minute in moments:
            self.now = dt.datetime.combine(date, dt.time(minute // 60, minute % 60), MOSCOW)
            if 9 * 60 <= minute < 20 * 60:
                rng.choices(acts, weights)[0]()
            if not self.outage:
                self.tick()
        if self.outage:
            self.outage -= 1
        elif rng.random() < 0.02:
            self.outage = rng.choice((1, 3, 10))

    def year(self, days):
        self.outage = 0
        for n in range(days):
            self.day(FIRST_DAY + dt.timedelta(days=n))
            if n % 60 == 59 and any(self.faults.values()):
                break
        for n in range(days, days + 3):
            self.now = dt.datetime.combine(FIRST_DAY + dt.timedelta(days=n), dt.time(12, 0), MOSCOW)
            self.tick()
            self.now += dt.timedelta(hours=8)
            self.tick()
        self.look_at_the_end()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--years", type=int, default=1)
    parser.add_argument("--days", type=int, default=366)
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    faults, counts = collections.defaultdict(list), collections.Counter()
    for seed in range(options.seed, options.seed + options.years):
        folder = tempfile.mkdtemp(prefix="pps-year.")
        try:
            agency = Agency(folder, random.Random(seed), options.verbose)
            agency.year(options.days)
            counts += agency.counts
            for rule, found in agency.faults.items():
                faults[rule] += [(seed, *one) for one in found]
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print("# %s" % ", ".join("%s %d" % (what, n) for what, n in sorted(counts.items())))
    for n, rule in enumerate(RULES, 1):
        print("%sok %d a year at random: %s" % ("not " if faults[rule] else "", n, rule))
        for seed, text, diary in faults[rule][:3]:
            print("# seed %d: %s" % (seed, text))
            for line in diary[-12:]:
                print("#   %s" % line)
    print("1..%d" % len(RULES))
    return 1 if any(faults.values()) else 0


sys.exit(main())
