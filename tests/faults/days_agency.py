"""The agency of days.py: its folder, pps run in it, and its database as a value.

Every sale gets a word of its own as its destination ("D17"), and every client one as external id ("X9"). They say which
is which for ever, whereas the program's own numbers come back when an older database is put back."""

import collections
import contextlib
import datetime
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys

from agency import Agency
import days_servers as servers

MOSCOW = datetime.timezone(datetime.timedelta(hours=3))
EPOCH = datetime.date(2026, 1, 5)
DAY = 86400

# In every name, address and number that is sold to. Numbers are looked for without their spaces.
CANARIES = (servers.PASSWORD, "анарейк", "canary.example", "903555")

DIRECTOR = "olga@agency.example"
LISTS = 8 * 60, 14 * 60  # the minutes from and until which the lists of the morning go

GREETINGS = ("birthday", "new-year")  # a tick makes them

ROW = ("id", "trip", "step", "occurrence", "channel", "state", "cause", "tz", "local_due", "due_at", "expires_at",
       "next_attempt_at", "fallback_channel", "fallback_at", "attempts", "priority", "stale", "cancelled", "client")
Row = collections.namedtuple("Row", ROW + ("key",))
Trip = collections.namedtuple("Trip", "id word client purchase departure back cancelled")
List = collections.namedtuple("List", "state next_at")
Client = collections.namedtuple("Client", "id word phone email tz wrong")

SEQ = "SELECT max(coalesce((SELECT max(seq) FROM attempt), 0), coalesce((SELECT max(seq) FROM digest), 0), " \
      "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'seq_before'), 0))"
# A greeting has the client and the year for its name: there is one of them.
WORD = "CASE t.kind WHEN 'greeting' THEN t.title || ' ' || c.external_id || ' ' || substr(t.day, 1, 4) ELSE t.title END"
READ_ROWS = f"""SELECT a.id, {WORD}, a.step, a.occurrence, a.channel, a.state, a.cause, a.tz, a.local_due, a.due_at,
    a.expires_at, a.next_attempt_at, a.fallback_channel, a.fallback_at, a.attempts, a.priority, a.stale, t.ended,
    c.external_id FROM action a JOIN occasion t ON t.id = a.occasion_id JOIN client c ON c.id = t.client_id ORDER BY a.id"""


def instant(day, minute):
    """Day 0 is EPOCH."""
    start = datetime.datetime.combine(EPOCH + datetime.timedelta(days=day), datetime.time(), MOSCOW)
    return int(start.timestamp()) + minute * 60


def text_of(at):
    return datetime.datetime.fromtimestamp(at, MOSCOW).strftime("%Y-%m-%d %H:%M")


def date_of(day):
    return (EPOCH + datetime.timedelta(days=day)).isoformat()


class Book:
    """All that the database says at one moment. rows: (sale or greeting, step, occurrence) -> Row; one that is as it was
    in the book before is the same object. lists: (address, day) -> what became of that list of the morning."""

    def __init__(self, db, before=None):
        self.rows, known = {}, before.by_id if before else {}
        for values in db.execute(READ_ROWS):
            row = known.get(values[0])
            if row is None or row[:-1] != values:
                row = Row(*values, (values[1], values[2], values[3]))
            self.rows[row.key] = row
        self.trips = {t.word: t for t in (Trip(*v) for v in db.execute(
            "SELECT t.id, t.title, c.external_id, t.purchase, t.departure, t.return, t.ended FROM occasion t "
            "JOIN client c ON c.id = t.client_id WHERE t.kind = 'trip' ORDER BY t.id"))}
        self.clients = {c.word: c for c in (Client(*v) for v in db.execute(
            "SELECT id, external_id, phone, email, tz, phone_wrong FROM client ORDER BY id"))}
        self.lists = dict(((email, day), List(*state)) for email, day, *state in db.execute(
            "SELECT s.email, d.day, d.state, d.next_at FROM digest d JOIN staff s ON s.id = d.staff_id"))
        self.seq = db.execute(SEQ).fetchone()[0]
        self.by_id = {row.id: row for row in self.rows.values()}

    def in_state(self, *states):
        return [row for row in self.rows.values() if row.state in states]


class Office(Agency):
    """Agency.py's folder and runs, with the two servers of days_servers.py and some people."""

    def __init__(self, folder, outside):
        super().__init__(folder, "both")
        self.outside = outside
        self.open, self.opened, self.last, self.last_version = None, None, None, None

    def make(self, kind):
        os.mkdir(self.folder)
        self.good("init", now=None)
        for login, name, role, *email in (
                ("anna", "Анна Петрова", "manager", "--email", "anna@agency.example"),
                ("boris", "Борис Ильин", "manager"), ("servis", "Служба заботы", "service"),
                ("olga", "Ольга Смирнова", "director", "--email", DIRECTOR)):
            self.good("staff", "add", login, "--name", name, "--role", role, *email, now=None)
        secret = os.path.join(self.folder, "sms.secret")
        with open(secret, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
            f.write(servers.PASSWORD + "\n")
        config = {"agency": {"name": "Agency"}, "digest": {"at": "%02d:%02d" % divmod(LISTS[0], 60)},
                  "email": {"gateway": "smtp", "from": "info@agency.example",
                            "smtp": {"host": "127.0.0.1", "port": self.outside.mail.port, "security": "none"}},
                  "sms": {"gateway": "http", "http": {
                      "preset": "days", "url": "http://127.0.0.1:%d" % self.outside.sms.port, "user": "agency",
                      "password_file": "sms.secret"}}}
        self.write("pps.json", config)
        self.write("templates/gateways/days.json", servers.preset(kind.repeat_minutes, kind.status))
        self.write("templates/playbook.json", playbook(os.path.join(self.folder, "templates"), kind.resend))
        self.said.clear()

    def write(self, name, value):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            json.dump(value, f)

    def move(self, folder):
        """The whole folder, as it is, to another place."""
        shutil.copytree(self.folder, folder)
        self.remove()
        self.folder, self.db = folder, os.path.join(folder, "pps.db")

    # ---- runs ----

    def person(self, login, at, *words):
        """A command of somebody; its output is for them, and not kept."""
        done = self.run("--as", login, *words, now=text_of(at))
        del self.said[-2:]
        return done

    def tick(self, at):
        process = self.start("--verbose", "tick", now=text_of(at))
        self.outside.started(process.pid)
        done = self.finish(process)
        self.outside.end()
        return done

    # ---- looking ----

    def book(self):
        """The same object as long as nothing is written."""
        version = self.version()
        if self.last is None or version is None or version != self.last_version:
            with self.looking() as db:
                self.last, self.last_version = Book(db, self.last), version
        return self.last

    def forget_book(self):
        """Another database may have come to the same number of changes."""
        self.last = None

    def version(self):
        """Which file it is, and SQLite's counter of its changes; None: it changes."""
        if self.has_hot_journal():
            return None
        with open(self.db, "rb") as f:
            return os.fstat(f.fileno()).st_ino, f.read(28)[24:]

    def rows(self, sql, *values):
        with self.looking() as db:
            return db.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def looking(self):
        """The database itself, read only; after a death in a commit a copy, which may be repaired."""
        if self.has_hot_journal():
            with self.reading() as db:
                yield db
            return
        name = (self.db, os.stat(self.db).st_ino)
        if self.opened != name:
            if self.open is not None:
                self.open.close()
            self.open = sqlite3.connect("file:%s?mode=ro" % self.db, uri=True, check_same_thread=False)
            self.opened = name
        yield self.open

    def sent_log(self):
        with contextlib.suppress(FileNotFoundError):
            with open(self.db + ".sent", encoding="utf-8", errors="replace") as f:
                return f.read()
        return ""


def playbook(templates, resend):
    """The shipped one; the steps in `resend` go once more when they are in doubt."""
    with open(os.path.join(templates, "playbook.json"), encoding="utf-8") as f:
        steps = json.loads(re.sub(r"(?m)//.*$", "", f.read()))
    for step in steps["steps"]:
        if step["key"] in resend:
            step["if_in_doubt"] = "resend"
    return steps


def policies(book):
    """step -> what the playbook says about doubt; the shipped words are those of docs/playbook.md."""
    return {step["key"]: step.get("if_in_doubt", "ask" if step.get("class", "service") == "service" else "assume_sent")
            for step in book["steps"]}


def conditional(book):
    """The steps that a tick may find not to be wanted any more."""
    return {step["key"] for step in book["steps"] if {"only_if", "unless", "once_days"} & step.keys()}


def commands():
    """What `pps help` lists."""
    done = subprocess.run([Agency("", "both").command("help", now=None)[0], "help"], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, check=True)
    return set(re.findall(r"(?m)^  ([a-z-]+) ", done.stdout.decode("utf-8")))


def fail(words):
    print("# " + words, file=sys.stderr)
    sys.exit(1)
