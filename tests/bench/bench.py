#!/usr/bin/python3
"""Speed and memory with 100,000 trips, beside the sqlite3 program that runs equivalent indexed queries on the same
file with the same settings, in one run and by turns.

    tests/bench/bench.py build/pps              (make bench)

The database is built once, by direct SQL over the schema of `pps init`, and kept under build/bench until the schema or
this file changes. Ten years of a busy agency: 97 of 100 trips are over, the others are somewhere between sale and the
last letter, some of them red. Frozen messages and the audit log of the finished trips are left out: no measured
command reads them.

Only os, sys and time are imported here: a child's peak memory, as the kernel tells it, is never less than what its
parent had when it started it. The database is therefore built by a process of its own (--build)."""

import os
import sys
import time

TRIPS, OPEN_TRIPS = 100_000, 3_000
NOW = "2027-06-15 09:00"  # by the clock of Moscow, as everything here
NOW_AT = 1813039200  # the same, checked by build()
MANAGERS = 12
RUNS = 25
TICK_MS, TICK_MB = 10, 20  # what we expect of an idle tick

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FOLDER = os.path.join(ROOT, "build", "bench")
DB = os.path.join(FOLDER, "pps.db")
ENV = {"PATH": "/usr/bin:/bin", "HOME": FOLDER, "LC_ALL": "C.UTF-8"}

# Days from the anchor: P purchase, D departure, R return. The real times come from the planner; here it only matters
# that every step has a time of about that day.
STEPS = (("thank-you", "email", "P", 0), ("packing", "email", "P", 2), ("challenge", "email", "D", -2),
         ("preflight", "call", "D", -1), ("bon-voyage", "sms", "D", 0), ("welcome-back", "sms", "R", 0),
         ("welcome-home", "email", "R", 1), ("office-call", "call", "R", 2), ("loyalty", "email", "R", 3),
         ("referral-story", "email", "R", 5), ("tell-friends", "email", "R", 7))

SETTINGS = "PRAGMA foreign_keys = ON; PRAGMA synchronous = EXTRA; PRAGMA journal_mode = PERSIST; "
PERSON = "JOIN occasion t ON t.id = a.occasion_id JOIN client c ON c.id = t.client_id LEFT JOIN staff s ON s.id = t.manager_id"
ROW = ("SELECT s.login, a.id, a.local_due, a.channel, a.step, c.name, c.phone, t.id, t.departure, t.title, "
       "a.state, a.reason FROM action a " + PERSON)
RED = "a.state IN ('in_doubt', 'failed', 'missed', 'held')"
OPEN = "a.state IN ('pending', 'claimed', 'at_risk')"
PEOPLE = "a.channel IN ('call', 'visit')"
BY = " ORDER BY s.login, a.local_due, a.id;"

TICK_SQL = SETTINGS + """
UPDATE attempt SET outcome = 'in_doubt' WHERE outcome IS NULL AND risk_at IS NOT NULL;
UPDATE action SET state = 'in_doubt' WHERE state IN ('claimed', 'at_risk') AND state = 'at_risk';
UPDATE action SET state = 'pending' WHERE state IN ('claimed', 'at_risk') AND state = 'claimed';
SELECT id FROM action WHERE state = 'pending' AND fallback_at IS NOT NULL AND fallback_at <= {now}
    ORDER BY fallback_at, id LIMIT 1000;
SELECT id FROM action WHERE state = 'pending' AND channel IN ('email', 'sms') AND expires_at <= {now}
    ORDER BY expires_at, id LIMIT 1000;
SELECT id FROM action WHERE state = 'pending' AND channel IN ('email', 'sms') AND next_attempt_at <= {now}
    ORDER BY +expires_at, id LIMIT 1000;
BEGIN IMMEDIATE;
INSERT INTO setting VALUES ('last_tick_at', '{now}') ON CONFLICT (key) DO UPDATE SET value = excluded.value;
COMMIT;"""
OVERDUE_SQL = (ROW + " WHERE " + OPEN + " AND a.local_due < '2027-06-15'" + BY + ROW + " WHERE " + RED + BY)
TODAY_SQL = (ROW + " WHERE " + OPEN + " AND a.local_due < '2027-06-16' AND " + PEOPLE + BY +
             ROW + " WHERE " + RED + " AND " + PEOPLE + BY)
CHECKLIST_SQL = """
SELECT t.id, c.name, t.title, t.departure, t.return, s.login, a.step, a.state, a.local_due, a.done_at
    FROM occasion t JOIN client c ON c.id = t.client_id JOIN staff s ON s.id = t.manager_id
        JOIN action a ON a.occasion_id = t.id
    WHERE t.id IN (SELECT occasion_id FROM action WHERE state IN ('pending', 'claimed', 'at_risk') UNION
                   SELECT occasion_id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') UNION
                   SELECT id FROM occasion WHERE return >= '2027-06-01')
        AND t.ended = 0 AND s.login = 'm03' ORDER BY t.departure, t.id, a.due_at;"""

# (name, pps's arguments, what sqlite3 does); the first row is what starting the program costs, the second the tick.
CASES = (("--version (starting alone)", ("--version",), "SELECT 1;"),
         ("tick (nothing due)", ("tick",), TICK_SQL),
         ("report --overdue", ("report", "--overdue"), OVERDUE_SQL),
         ("today", ("today",), TODAY_SQL),
         ("report --checklist --manager m03", ("report", "--checklist", "--manager", "m03"), CHECKLIST_SQL))


# ---- the database ----

def fingerprint():
    """Of everything that decides what is in the database."""
    import hashlib
    parts = []
    for path in (os.path.abspath(__file__), os.path.join(ROOT, "schema.sql"),
                 os.path.join(ROOT, "templates", "playbook.json")):
        with open(path, "rb") as f:
            parts.append(f.read())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def build(pps):
    """The database, whole or not at all; nothing when it is there and still right."""
    import datetime as dt
    import random
    import shutil
    import sqlite3
    import subprocess

    stamp = os.path.join(FOLDER, "stamp")
    if os.path.exists(stamp) and open(stamp, encoding="ascii").read() == fingerprint():
        return
    print("building the database of %d trips (once) ..." % TRIPS, flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER)

    def run(*args):
        done = subprocess.run([pps, "--db", DB, "--now", NOW, *args], env=ENV, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit("pps %s: %s" % (" ".join(args), done.stderr))
        return done.stdout

    run("init")
    for i in range(MANAGERS):
        run("staff", "add", "m%02d" % i, "--name", "Менеджер %02d" % i)
    # One real sale, for the playbook that goes with it.
    run("--as", "m00", "add-client", "--name", "Первый Клиент", "--phone", "8 903 000-00-00", "--departure", "+90d",
        "--return", "+100d")

    noise = random.Random(1)
    day_0 = dt.date(1970, 1, 1)
    today = dt.date(2027, 6, 15)
    now = NOW_AT
    if now != int(dt.datetime(2027, 6, 15, 6, tzinfo=dt.timezone.utc).timestamp()):
        sys.exit("NOW_AT is not NOW")
    names = "Иванова Петров Смирнова Кузнецов Попова Соколов Лебедева Козлов Новикова Морозов".split()
    first = "Мария Пётр Алёна Семён Ольга Фёдор Анна Игорь Зоя Лев".split()
    places = "Анталья Сочи Дубай Пхукет Рим Стамбул Ереван Каир Гоа Прага".split()

    def instant(day, hour):
        return ((day - day_0).days * 24 + hour - 3) * 3600

    clients, trips, actions, attempts = [], [], [], []
    action_id = 100

    def add_actions(trip, purchase, departure, back):
        nonlocal action_id
        anchors = {"P": purchase, "D": departure, "R": back}
        for step, channel, anchor, days in STEPS:
            action_id += 1
            day = anchors[anchor] + dt.timedelta(days=days)
            hour = 11 if channel == "call" else 10
            due, human, luck = instant(day, hour), channel == "call", noise.random()
            state, cause, reason, done_at, outcome = "pending", "", None, None, None
            fallback = instant(departure - dt.timedelta(days=1), 16) if step == "preflight" else None
            if due <= now:
                state, done_at = ("done", due + 1800) if human else ("sent", due + 60)
                outcome = "reached" if human else None
                if trip > TRIPS - OPEN_TRIPS and day >= today - dt.timedelta(days=60):
                    # Some of it is red: calls that nobody made, and messages in every kind of trouble.
                    if human and luck < 0.15 and (fallback is None or fallback > now):
                        state, done_at, outcome = "pending", None, None
                    elif not human and luck < 0.02:
                        state, cause, reason = noise.choice((
                            ("missed", "expired", "no tick ran while there was time"),
                            ("failed", "refused", "550 no such mailbox"), ("held", "template", "no such variable"),
                            ("in_doubt", "no_verdict", "the connection was lost")))
                        done_at = None
            if state != "pending":
                fallback = None
            expires = None if human else due + 5 * 86400
            done_by = "m00" if human and done_at else None
            actions.append((action_id, trip, step, channel, channel, state, cause, reason,
                            "%s %02d:00" % (day, hour), "Europe/Moscow", due, expires, due,
                            "sms" if fallback else None, fallback, outcome, done_at, done_by, due, due))
            if state == "sent":
                attempts.append((action_id, due, due, due + 1))

    db = sqlite3.connect(DB, isolation_level=None)
    db.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -400000; BEGIN;")
    version = db.execute("SELECT max(version) FROM playbook").fetchone()[0]

    def flush():
        db.executemany("INSERT INTO client (id, name, phone, email, search, created_at) "
                       "VALUES (?, ?, ?, ?, ?, ?)", clients)
        db.executemany("INSERT INTO occasion (id, client_id, kind, title, purchase, departure, return, manager_id, "
                       "playbook_version, created_at) VALUES (?, ?, 'trip', ?, ?, ?, ?, ?, ?, ?)", trips)
        db.executemany("INSERT INTO action (id, occasion_id, step, channel, planned_channel, state, cause, reason, "
                       "local_due, tz, due_at, expires_at, next_attempt_at, fallback_channel, fallback_at, outcome, "
                       "done_at, done_by, created_at, updated_at) VALUES "
                       "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", actions)
        db.executemany("INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, outcome, code) "
                       "VALUES (?, 1, 'bench', ?, ?, ?, 'sent', 250)", attempts)
        for rows in (clients, trips, actions, attempts):
            rows.clear()

    for trip in range(2, TRIPS + 1):
        if trip <= TRIPS - OPEN_TRIPS:  # over: in ten years up to two months ago
            back = today - dt.timedelta(days=60 + (TRIPS - OPEN_TRIPS - trip) * 3650 // TRIPS)
        else:  # from those who came home last week to those who leave in three months
            back = today + dt.timedelta(days=noise.randrange(-6, 100))
        departure = back - dt.timedelta(days=noise.randrange(3, 15))
        purchase = departure - dt.timedelta(days=noise.randrange(0, 60))
        if purchase > today:
            purchase = today - dt.timedelta(days=noise.randrange(0, 40))
        phone = "+79%09d" % trip
        name = "%s %s" % (noise.choice(first), noise.choice(names))
        address = "client%d@example.com" % trip
        sold = instant(purchase, 12)
        clients.append((trip, name, phone, address, "%s %s %s" % (name.lower(), address, phone[1:]), sold))
        trips.append((trip, trip, noise.choice(places), str(purchase), str(departure), str(back),
                      1 + noise.randrange(MANAGERS), version, sold))
        add_actions(trip, purchase, departure, back)
        if trip % 10_000 == 0:
            flush()
    flush()
    db.execute("COMMIT")
    broken = db.execute("PRAGMA foreign_key_check").fetchall()
    db.close()
    if broken:
        sys.exit("the database is wrong: %r" % broken[:5])
    run("tick")
    run("doctor")  # the program itself finds the database right
    with open(stamp, "w", encoding="ascii") as f:
        f.write(fingerprint())


# ---- measuring ----

def measure(argv, what):
    """(milliseconds, peak MB); what it prints goes nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    files = [(os.POSIX_SPAWN_DUP2, nowhere, 0), (os.POSIX_SPAWN_DUP2, nowhere, 1)]
    start = time.perf_counter()
    pid = os.posix_spawn(argv[0], argv, ENV, file_actions=files)
    _, status, usage = os.wait4(pid, 0)
    spent = (time.perf_counter() - start) * 1000
    os.close(nowhere)
    if status != 0:
        sys.exit("%s: wait status %d" % (what, status))
    return spent, usage.ru_maxrss / 1024


class Side:
    """All runs of one program with one case."""

    def __init__(self, argv, what):
        self.argv, self.what, self.times, self.peak = argv, what, [], 0.0

    def run(self):
        spent, peak = measure(self.argv, self.what)
        self.times.append(spent)
        self.peak = max(self.peak, peak)

    def median(self):
        return sorted(self.times)[len(self.times) // 2]

    def text(self, floor):
        peak = "%.1f" % self.peak if self.peak > floor * 1.05 else "< %.1f" % floor
        return "%8.1f %8.1f %8s" % (min(self.times), self.median(), peak)


def compare(pps):
    floor = measure(["/bin/true"], "true")[1]
    sqlite = next((p for p in ("/usr/bin/sqlite3", "/usr/local/bin/sqlite3") if os.path.exists(p)), None)
    if sqlite is None:
        sys.exit("the sqlite3 program is not there: make deps installs it")
    print("%d trips in %d MB; %d runs of each by turns, after one that does not count" %
          (TRIPS, os.path.getsize(DB) >> 20, RUNS))
    heading = "%8s %8s %8s" % ("best ms", "median", "peak MB")
    print("%-32s | %-26s | %-26s | %s" % ("", "pps", "sqlite3", "ratio of"))
    print("%-32s | %s | %s | %s" % ("", heading, heading, "medians"))
    sides = []
    for name, args, sql in CASES:
        ours = Side([pps, "--db", DB, "--now", NOW, "--color", "never", *args], name)
        theirs = Side([sqlite, "-batch", DB, sql.replace("{now}", str(NOW_AT))], "sqlite3, " + name)
        for _ in range(RUNS + 1):
            ours.run()
            theirs.run()
        ours.times.pop(0)
        theirs.times.pop(0)
        sides.append(ours)
        print("%-32s | %s | %s | %7.2f" % (name, ours.text(floor), theirs.text(floor),
                                             ours.median() / theirs.median()), flush=True)
    start, tick = sides[0], sides[1]
    print("an idle tick: %.1f ms, %.1f ms of them for more than starting; expected under %d: %s" %
          (min(tick.times), min(tick.times) - min(start.times), TICK_MS, "yes" if min(tick.times) < TICK_MS else "NO"))
    print("its memory: %.1f MB; expected under %d: %s" % (tick.peak, TICK_MB, "yes" if tick.peak < TICK_MB else "NO"))


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--build":
        build(os.path.abspath(sys.argv[2]))
        return 0
    if len(sys.argv) != 2 or not os.access(sys.argv[1], os.X_OK):
        print("usage: bench.py build/pps", file=sys.stderr)
        return 64
    pps = os.path.abspath(sys.argv[1])
    builder = os.posix_spawn(sys.executable, [sys.executable, "-I", os.path.abspath(__file__), "--build", pps], ENV)
    if os.waitpid(builder, 0)[1] != 0:
        print("bench.py: the database could not be built", file=sys.stderr)
        return 1
    compare(pps)
    return 0


if __name__ == "__main__":
    sys.exit(main())
