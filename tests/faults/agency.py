"""A small agency in a folder of its own, and pps run in it.

Whatever the transport, the same stands in the database at NOW: three messages are due, three have run past their end
while no tick ran, three more belong to a cancelled trip, and the rest lies ahead. The director is to get the list of the
morning after them. The transport decides by which way they go; the list goes as letters do:

    outbox    letters and SMS into files
    smtp      letters to the SMTP server of servers.py
    http      SMS to its SMS gateway
    both      letters by smtp, SMS by http (the clients have both)"""

import collections
import contextlib
import datetime
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess

import truth

PPS = os.path.abspath(os.environ.get("PPS", "build/pps"))
LIMIT = 120.0  # seconds for one run of pps; a hang is a fault, too

ZONE = datetime.timezone(datetime.timedelta(hours=3))  # Europe/Moscow


def instant(text):
    return int(datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE).timestamp())


SOLD = "2026-12-09 14:00"
NOW = "2026-12-10 09:00"
# Ticks after which everything rests: at once, when what is in doubt may be asked about, and when what was certainly not
# accepted has been tried again (after five minutes, more or less).
REST = (NOW, "2026-12-10 09:04", "2026-12-10 09:12")

TRANSPORTS = ("outbox", "smtp", "http", "both")
CLIENTS = (
    # name, phone, e-mail, take-off: thank-you lives until it, bon-voyage until half an hour before, the pre-flight
    # message until three hours before
    ("Евлампия Канарейкина", "+79031110771", "evlampia@canary.example", "2026-12-10 11:40"),
    ("Поликарп Канарейкин", "+79031110772", "polikarp@canary.example", "2026-12-10 09:20"),
    ("Капитолина Канарейкина", "+79031110773", "kapitolina@canary.example", "2026-12-10 11:40"),
)
CANCELLED = "T3"
DUE, EXPIRED, WITHDRAWN = 4, 3, 3  # messages and the list at NOW; what `Expected` must find

DIRECTOR = "olga"  # gets everything that is red, also when nothing is

PASSWORD = "canarys3cret"
CANARIES = [PASSWORD, "anareik", "анарейкин", "canary.example"]
CANARIES += [word for name, phone, email, _ in CLIENTS for word in (name.split()[0], phone[2:], email.split("@")[0])]

Done = collections.namedtuple("Done", "status out err")


class Agency:
    """One folder. `said` keeps all that pps wrote to standard output and standard error."""

    def __init__(self, folder, transport):
        self.folder, self.transport = folder, transport
        self.db = os.path.join(folder, "pps.db")
        self.truth_log = os.path.join(folder, "truth.log")
        self.said = []

    # ---- the program ----

    def command(self, *words, now=NOW):
        return [PPS, "--db", self.db, *(["--now", now] if now else []), *words]

    def environment(self):
        # The leak check of a sanitised build does not work under strace.
        return {"PATH": "/usr/bin:/bin", "HOME": self.folder, "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0"}

    def start(self, *words, now=NOW, before=(), stdout=subprocess.PIPE):
        """A group of its own, so that a tracer never leaves its tracee behind."""
        return subprocess.Popen([*before, *self.command(*words, now=now)], env=self.environment(),
                                stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.PIPE, start_new_session=True)

    def finish(self, process):
        """Waits for what start() began."""
        try:
            out, err = process.communicate(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.communicate()
            raise TimeoutError("pps did not end within %d seconds" % LIMIT) from None
        done = Done(process.returncode, (out or b"").decode("utf-8", "replace"), err.decode("utf-8", "replace"))
        self.said += [done.out, done.err]
        return done

    def run(self, *words, **how):
        return self.finish(self.start(*words, **how))

    def tick(self, **how):
        """Says as much as it can, so that there is something to find that should not be there."""
        return self.run("--verbose", "tick", **how)

    def good(self, *words, **how):
        done = self.run(*words, **how)
        if (done.status, done.err) != (0, ""):
            raise AssertionError("pps %s: exit status %d, %s" % (" ".join(words), done.status, done.err))
        return done.out

    # ---- set-up ----

    def make(self, clients=CLIENTS):
        os.mkdir(self.folder)
        self.good("init")
        for client in clients:
            self.sell(*client)
        self.good("cancel-trip", CANCELLED, now=SOLD)
        self.good("staff", "add", DIRECTOR, "--name", "Ольга", "--role", "director", "--email", DIRECTOR + "@agency.example")
        self.said.clear()  # these commands are meant to show the client

    def sell(self, name, phone, email, departure, sold=SOLD, back="2026-12-20"):
        ways = {"outbox": ["--phone", phone, "--email", email], "both": ["--phone", phone, "--email", email],
                "smtp": ["--email", email], "http": ["--phone", phone]}[self.transport]
        return self.good("add-client", "--name", name, *ways, "--departure", departure, "--return", back, now=sold)

    def configure(self, templates, smtp_port, sms_port):
        """templates is a folder that all agencies share; they only read it."""
        secret = os.path.join(self.folder, "sms.secret")
        with open(secret, "w", encoding="ascii", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
            f.write(PASSWORD + "\n")
        config = {"agency": {"name": "Agency"}, "templates": templates, "digest": {"at": "08:30"},
                  "email": {"gateway": "outbox", "from": "info@agency.example"},
                  "sms": {"gateway": "outbox", "hours": {"from": "00:00", "to": "23:59"}}}
        if self.transport in ("smtp", "both"):
            config["email"].update(gateway="smtp", smtp={"host": "127.0.0.1", "port": smtp_port, "security": "none"})
        if self.transport in ("http", "both"):
            config["sms"].update(gateway="http", http={"preset": "truth", "url": "http://127.0.0.1:%d" % sms_port,
                                                       "user": "agency", "password_file": secret})
        with open(os.path.join(self.folder, "pps.json"), "w", encoding="utf-8") as f:
            json.dump(config, f)

    def copy(self, folder):
        """As it is, whatever lies beside the database."""
        shutil.copytree(self.folder, folder)
        return Agency(folder, self.transport)

    def remove(self):
        shutil.rmtree(self.folder)

    # ---- what there is ----

    @contextlib.contextmanager
    def reading(self):
        """A connection to a copy: reading a database after a crash repairs it, and that is the work of the program."""
        copy = os.path.join(self.folder, "copy.db")
        for ending in ("", "-journal"):
            if os.path.exists(self.db + ending):
                shutil.copyfile(self.db + ending, copy + ending)
        db = sqlite3.connect(copy)
        try:
            yield db
        finally:
            db.close()
            for ending in ("", "-journal"):
                if os.path.exists(copy + ending):
                    os.unlink(copy + ending)

    def rows(self, sql, *values):
        with self.reading() as db:
            return db.execute(sql, values).fetchall()

    def change(self, sql, *values):
        db = sqlite3.connect(self.db)
        with db:
            db.execute(sql, values)
        db.close()

    def has_hot_journal(self):
        """A commit was under way: the journal has its header. (PERSIST overwrites it with zeroes when done.)"""
        try:
            with open(self.db + "-journal", "rb") as f:
                return f.read(8) == b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"
        except FileNotFoundError:
            return False

    def fingerprint(self):
        """Two agencies in which this is the same go on in the same way: all that lies there, but for what another copy
        has otherwise and nobody reads again, which is the number of the database's file in the sent log, and a journal
        that is over. A message has random numbers, so that no two are alike once one is made."""
        found = hashlib.sha256()
        for root, folders, files in os.walk(self.folder):
            folders.sort()
            for name in sorted(files):
                path = os.path.join(root, name)
                if name in ("pps.json", "pps.db.lock") or name.endswith("-journal") and not self.has_hot_journal():
                    continue
                with open(path, "rb") as f:
                    content = f.read()
                if name.endswith(".sent"):
                    content = b"".join(b" ".join(line.split()[:5] + line.split()[6:-1]) + b"\n"
                                       for line in content.splitlines())
                found.update(b"%s %d " % (os.path.relpath(path, self.folder).encode(), len(content)) + content)
        return found.digest()

    def all_accepted(self):
        """The truth, whichever way it went."""
        return truth.read_log(self.truth_log) + truth.read_outbox(os.path.join(self.folder, "outbox"))

    def accepted(self):
        """What went to clients."""
        return [entry for entry in self.all_accepted() if not truth.is_list(entry["key"])]

    def lists(self):
        """What went to the director."""
        return [entry for entry in self.all_accepted() if truth.is_list(entry["key"])]
