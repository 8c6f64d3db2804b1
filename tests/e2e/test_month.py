#!/usr/bin/python3
"""End to end with real parts: eleven weeks of an agency, and what arrived at its clients.

The fifty sales of sales.tsv are entered by `pps add-client`, calls are ticked off by `pps done`, trips are moved and
cancelled, and `pps tick` runs nine times a day and ten minutes after every entry, all by --now. Letters go in turn
through Postfix smtp-sink, aiosmtpd with STARTTLS and a login, and aiosmtpd with TLS and a login; SMS go through Kannel.
What arrived is parsed and compared with what oracle.py says should have arrived. Then the servers refuse in turn.

    PPS=build/check/pps tests/e2e/test_month.py

Prints TAP. Nothing is left running or lying about, also when it fails or is killed."""

import collections
import contextlib
import datetime as dt
import email
import email.header
import email.policy
import email.utils
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
import oracle
import peers
import texts

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))

FIRST_DAY, LAST_DAY = dt.date(2027, 2, 1), dt.date(2027, 4, 18)
TICKS_OF_A_DAY = "01:10 04:10 07:10 10:05 12:35 16:05 19:40 21:20 22:45".split()
MORNING = dt.time(10, 5)  # when the managers look whom to call
# The office has no power: from Friday evening to Monday morning.
OUTAGE = oracle.by_agency("2027-03-12 20:00"), oracle.by_agency("2027-03-15 08:20")
HOLIDAYS = {dt.date(2027, 2, 22), dt.date(2027, 2, 23), dt.date(2027, 3, 8)}
AFTERWARDS = oracle.by_agency("2027-04-18 23:00")

AGENCY = {"name": "Тёплые страны", "phone": "+74955550100", "email": "info@warm.example",
          "site": "https://warm.example", "address": "Москва, ул. Ёлочная, 5", "hashtag": "#тёплыестраны",
          "survey_url": "https://warm.example/s", "lang": "ru", "tz": "Europe/Moscow", "country": "RU"}
STAFF = {"olga": {"name": "Ольга Смирнова", "role": "director", "position": "директор", "email": "olga@warm.example"},
         "anna": {"name": "Анна Петрова", "email": "anna@warm.example", "phone": "+74955550101"},
         "boris": {"name": "Борис Ёжиков"}}
SIGNED_BY_DIRECTOR = {"thank-you", "loyalty", "tell-friends"}

TEXTS = texts.Templates(os.path.join(ROOT, "templates"))


def rfc3339(instant):
    return instant.astimezone(oracle.AGENCY).isoformat()


class Pps:
    """One agency in a folder of its own, and the program."""

    def __init__(self, folder):
        self.folder = folder
        os.mkdir(folder)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "TZ": "America/Lima",
                    "ASAN_OPTIONS": "exitcode=99", "UBSAN_OPTIONS": "print_stacktrace=1"}
        self.good("init")
        for login, person in STAFF.items():
            self.good("staff", "add", login, *("--%s=%s" % option for option in person.items()))

    def run(self, *args, now=None, actor=None):
        """(exit status, standard output, standard error)"""
        command = [PPS, "--db", os.path.join(self.folder, "pps.db")]
        command += ["--now", rfc3339(now)] if now else []
        command += ["--as", actor] if actor else []
        done = subprocess.run([*command, *args], env=self.env, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=120, check=False)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def good(self, *args, **kwargs):
        status, out, errors = self.run(*args, **kwargs)
        if (status, errors) != (0, ""):
            raise AssertionError("pps %s: exit status %d, %s%s" % (" ".join(args), status, errors, out))
        return out

    def json(self, *args, **kwargs):
        return json.loads(self.good(*args, "--json", **kwargs))

    def add(self, sale):
        """Enters the sale as it stands in the file; the answer's id of the trip."""
        names = {"name", "salutation", "phone", "email", "lang", "tz", "purchase", "departure", "return", "destination"}
        options = ["--%s=%s" % (n, v) for n, v in sale.raw.items() if n in names and v is not None]
        return self.json("add-client", *options, now=sale.entered, actor=sale.manager)["trip"]["id"]

    def happen(self, sale, trip, event):
        options = ["--%s=%s" % option for option in event.options.items()]
        command = {"done": ("done", "%s/%s" % (trip, event.words[0] if event.words else "")),
                   "cancel": ("cancel-trip", trip), "move": ("edit-trip", trip)}[event.verb]
        outcome = ["--outcome", event.words[1]] if event.verb == "done" else []
        self.good(*command, *outcome, *options, now=event.at, actor=sale.manager)

    def secret(self, name, password):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8", opener=lambda p, flags: os.open(p, flags, 0o600)) as f:
            f.write(password + "\n")

    def configure(self, mail, kannel):
        """mail: a running peer of either kind."""
        smtp = {"host": "127.0.0.1", "port": mail.port, "security": "none"}
        if isinstance(mail, peers.AuthSmtp):
            smtp.update(host="localhost", security=mail.mode, user=mail.user, password_file="smtp.secret",
                        ca_file=mail.ca_file)
        http = {"preset": "kannel", "url": "http://127.0.0.1:%d" % kannel.port, "user": kannel.user,
                "password_file": "sms.secret", "sender": "WarmLands"}
        config = {"agency": AGENCY, "calendar": {"holidays": sorted(map(str, HOLIDAYS))},
                  "email": {"gateway": "smtp", "from": AGENCY["email"], "smtp": smtp},
                  "sms": {"gateway": "http", "http": http}}
        with open(os.path.join(self.folder, "pps.json"), "w", encoding="utf-8") as f:
            json.dump(config, f, ensure_ascii=False)


# ---- the eleven weeks ----

def instants_of_ticks(sales):
    days = [FIRST_DAY + i * oracle.DAY for i in range((LAST_DAY - FIRST_DAY).days + 1)]
    ticks = {oracle.by_agency("%s %s" % (day, hour)) for day in days for hour in TICKS_OF_A_DAY}
    ticks |= {sale.entered + dt.timedelta(minutes=10) for sale in sales} | {OUTAGE[1]}
    return sorted(at for at in ticks if not OUTAGE[0] <= at < OUTAGE[1])


class Month:
    """What happened: trips {number of the sale: id}, ticks [(instant, status, out, errors)], letters [(server,
    message)], sms {instant: [message]}, lists {instant: rows of pps today}."""

    def __init__(self, tmp, kannel):
        self.sales = oracle.read_sales(os.path.join(HERE, "sales.tsv"))
        self.instants = instants_of_ticks(self.sales)
        self.world = oracle.World(oracle.read_sales(os.path.join(HERE, "sales.tsv")), self.instants, HOLIDAYS)
        self.trips, self.ticks, self.letters, self.sms, self.lists = {}, [], [], {}, {}
        self.kannel, self.sms_seen = kannel, 0
        self.pps = Pps(os.path.join(tmp, "agency"))
        self.pps.secret("smtp.secret", "парольСёмга")
        self.pps.secret("sms.secret", kannel.password)

    def server_of(self, instant):
        """The servers take turns, so that each gets letters of all kinds."""
        return self.instants.index(instant) % len(self.servers)

    def run(self, servers):
        self.servers = servers
        story = [(sale.entered, 0, sale.number, lambda s=sale: self.enter(s)) for sale in self.sales]
        story += [(e.at, 1, sale.number, lambda s=sale, e=e: self.pps.happen(s, self.trips[s.number], e))
                  for sale in self.sales for e in sale.events]
        story += [(at, 2, 0, lambda at=at: self.tick(at)) for at in self.instants]
        for _at, _kind, _number, happen in sorted(story, key=lambda s: s[:3]):
            happen()
        for server in servers:
            self.letters += [(server, m) for m in server.messages()]
        self.take_sms(None)

    def enter(self, sale):
        self.trips[sale.number] = self.pps.add(sale)

    def tick(self, at):
        self.pps.configure(self.servers[self.server_of(at)], self.kannel)
        status, out, errors = self.pps.run("tick", "--json", now=at)
        self.ticks.append((at, status, out, errors))
        if '"sms"' in out or any(m.tick == at and m.how == "sms" for m in self.world.sent):
            self.take_sms(at)
        if at.astimezone(oracle.AGENCY).time() == MORNING:
            self.lists[at] = self.pps.json("today", now=at)["rows"]

    def take_sms(self, at):
        """What the operator got since the last look."""
        now = self.kannel.messages()
        self.sms[at], self.sms_seen = now[self.sms_seen:], len(now)


# ---- what a message should say ----

def data_of(message):
    """The variables of the templates."""
    sale = message.sale
    now, (leaves, hour), (back, landing) = sale.local(message.tick), message.departure, message.back
    today = now.date()
    manager = STAFF[sale.manager]
    data = {"client.salutation": sale.salutation, "client.name": sale.name, "first_trip": True, "manager.name": manager["name"],
            "manager.phone": texts.grouped(manager.get("phone")), "manager.email": manager.get("email"),
            "agency.name": AGENCY["name"], "agency.phone": texts.grouped(AGENCY["phone"]),
            "agency.hashtag": AGENCY["hashtag"], "agency.survey_url": AGENCY["survey_url"],
            "agency.address": AGENCY["address"], "agency.site": AGENCY["site"],
            "trip.over": back < today or (back == today and bool(landing) and landing <= now.time()),
            "manager": True, "our.phone": texts.grouped(manager.get("phone") or AGENCY["phone"]),
            "departs_at_night": bool(hour) and hour.hour < 5, "trip.nights": back > leaves and "some nights",
            "departs_today": leaves == today, "departs_tomorrow": leaves == today + oracle.DAY,
            "trip.departure": texts.words(leaves, sale.lang), "trip.return": texts.words(back, sale.lang),
            "trip.departure_time": hour and hour.strftime("%H:%M"), "trip.destination": sale.raw["destination"]}
    data["trip.return_time"] = landing and landing.strftime("%H:%M")
    data.update(("merged." + step, True) for step in message.merged)
    data.update(("moved." + name, True) for name in message.moved)
    for key in ("agency.name", "agency.address", "manager.name"):
        data[key] = name_for(sale, data[key])
    return data


def name_for(sale, name):
    """Who reads English gets names in Latin letters."""
    return texts.latin(name) if sale.lang == "en" and name else name


def sms_text(message):
    words, in_latin = TEXTS.sms(message.step, message.sale.lang)
    text = texts.fill(words, data_of(message))
    return texts.latin(text) if in_latin else text


def subject_of(message):
    return texts.fill(TEXTS.letter(message.step, message.sale.lang)[0], data_of(message))


def signer_of(message):
    return STAFF["olga" if message.step in SIGNED_BY_DIRECTOR else message.sale.manager]


def salutation_of(message):
    """How the letter begins: as to a friend, or in plain words when there is nothing to be glad about."""
    sale = message.sale
    opening = TEXTS.letter(message.step, sale.lang)[2].split("\n", 1)[0]
    return texts.fill(opening, {"client.dear": sale.raw["dear"], "client.salutation": sale.salutation})


class Letter:
    """A letter as it arrived."""

    def __init__(self, server, raw):
        self.server, self.envelope = server, raw
        self.mail = email.message_from_bytes(raw["data"], policy=email.policy.default)
        self.at = email.utils.parsedate_to_datetime(self.mail["Date"])
        self.key = (",".join(raw["to"]), str(self.mail["Subject"]), self.at, server)

    def faults(self):
        for part in self.mail.walk():
            yield from part.defects
            for name, value in part.items():
                yield from ("%s: %s" % (name, d) for d in getattr(value, "defects", ()))
        for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type"):
            if len(self.mail.get_all(name, [])) != 1:
                yield "not one %s" % name
        if isinstance(self.server, peers.AuthSmtp) and b"\n" in self.envelope["data"].replace(b"\r\n", b""):
            yield "a line ends without CR"  # smtp-sink turns all into LF
        if any(len(line) > 998 for line in self.envelope["data"].splitlines()):
            yield "a line of more than 998 bytes"
        if self.mail.get_content_type() != "multipart/alternative":
            yield "is %s" % self.mail.get_content_type()
        if [p.get_content_type() for p in self.mail.iter_parts()] != ["text/plain", "text/html"]:
            yield "other parts than text and HTML"

    def person(self, header):
        """(name, address) in a header. By the older parser: the one of the policy puts a blank of its own between two
        encoded words of a name."""
        name, address = email.utils.parseaddr(email.message_from_bytes(self.envelope["data"])[header])
        return str(email.header.make_header(email.header.decode_header(name))), address

    def text(self):
        return self.mail.get_body(("plain",)).get_content()

    def html(self):
        return self.mail.get_body(("html",)).get_content()


def hour(text):
    return dt.time.fromisoformat(text)


def describe(key):
    return " | ".join(rfc3339(k) if isinstance(k, dt.datetime) else
                      type(k).__name__ if isinstance(k, peers.Peer) else str(k) for k in key)


def same(arrived, expected, what):
    """Both are lists of keys; every difference is named."""
    missing = collections.Counter(expected) - collections.Counter(arrived)
    surplus = collections.Counter(arrived) - collections.Counter(expected)
    lines = ["did not arrive: " + describe(k) for k in missing.elements()]
    lines += ["arrived, but should not: " + describe(k) for k in surplus.elements()]
    assert not lines, "\n".join(["%d %s differ:" % (len(lines), what)] + sorted(lines))
    assert expected, "no %s were expected: this would prove nothing" % what


def no_faults(faults):
    faults = list(faults)
    assert not faults, "\n".join(map(str, faults))


# ---- the checks of the eleven weeks ----

class Checks:
    def __init__(self, month):
        self.month, self.sent = month, month.world.sent
        self.letters = [Letter(server, raw) for server, raw in month.letters]
        self.sms = [(m["to"], m["text"], at) for at, messages in month.sms.items() for m in messages]

    def expected(self, how):
        return [m for m in self.sent if m.how == how]

    def letter_key(self, message):
        server = self.month.servers[self.month.server_of(message.tick)]
        return (message.to, subject_of(message), message.tick, server)

    def pairs(self):
        """(what should be, the letter that is)"""
        by_key = {letter.key: letter for letter in self.letters}
        return [(m, by_key[self.letter_key(m)]) for m in self.expected("email")]

    def test_fifty_sales_are_entered(self):
        ids = [self.month.trips[n] for n in sorted(self.month.trips)]
        assert ids == ["T%d" % (i + 1) for i in range(50)], ids

    def test_every_tick_is_content_and_quiet(self):
        no_faults("%s: exit status %d, %s" % (rfc3339(at), status, errors) for at, status, _, errors in self.month.ticks
                  if status != 0 or errors)
        assert len(self.month.ticks) > 700, len(self.month.ticks)

    def test_every_tick_counts_what_it_did(self):
        world, faults = self.month.world, []
        sent = collections.Counter(m.tick for m in self.sent)
        for at, _, out, _ in self.month.ticks:
            counts = {name: n for name, n in json.loads(out)["counts"].items() if n}
            should = {"sent": sent[at], "missed": world.missed[at], "fell_back": world.fell_back[at]}
            if counts != {name: n for name, n in should.items() if n}:
                faults.append("%s: %s, expected %s" % (rfc3339(at), counts, should))
        no_faults(faults)
        assert sum(world.missed.values()) >= 3 and sum(world.fell_back.values()) >= 10, (world.missed, world.fell_back)

    def test_every_letter_arrived_exactly_once_at_its_tick(self):
        same([letter.key for letter in self.letters], [self.letter_key(m) for m in self.expected("email")], "letters")

    def test_every_server_had_its_share_of_letters(self):
        share = collections.Counter(letter.server.port for letter in self.letters)
        assert len(share) == 3 and min(share.values()) >= 50, share

    def test_letters_are_sound_mail(self):
        no_faults("%s: %s" % (describe(letter.key), fault) for letter in self.letters for fault in letter.faults())
        ids = {letter.mail["Message-ID"] for letter in self.letters}
        assert len(ids) == len(self.letters), "a Message-ID was used twice"

    def test_letters_are_addressed_and_signed(self):
        for m, letter in self.pairs():
            signer, mail = signer_of(m), letter.mail
            assert letter.envelope["from"] == AGENCY["email"], letter.envelope["from"]
            assert [letter.person("To")] == [(m.sale.name, to) for to in letter.envelope["to"]], mail["To"]
            person, agency = name_for(m.sale, signer["name"]), name_for(m.sale, AGENCY["name"])
            sender = "%s (%s)" % (person, agency), AGENCY["email"]
            assert letter.person("From") == sender, (mail["From"], sender)
            reply = letter.person("Reply-To")[1]
            assert reply == signer.get("email", AGENCY["email"]), (reply, m.step, m.sale.name)
            signature = texts.squeeze(letter.text())[-300:]
            assert person in signature and agency in signature, signature

    def test_letters_say_the_right_words_in_the_right_language(self):
        for m, letter in self.pairs():
            page = texts.VisibleText(letter.html())
            text, shown = texts.squeeze(letter.text()), page.text()
            wanted = [texts.squeeze(salutation_of(m))]
            wanted += map(texts.squeeze, TEXTS.plain_lines(m.step, m.sale.lang))
            assert len(wanted) >= 2, (m.step, "the letter has no plain lines: this would prove nothing")
            missing = [w for w in wanted if w not in text or w not in shown]
            assert not missing, (m.step, m.sale.name, missing, text)
            assert page.lang == letter.mail["Content-Language"] == m.sale.lang, (page.lang, m.sale.lang)
            assert page.title.strip() == subject_of(m), page.title
            both = text + shown
            assert not any(mark in both for mark in ("{{", "}}", "\ufffd", "???")), both
            if m.step == "thank-you":
                line = texts.squeeze(TEXTS.merged_line("thank-you", "packing", m.sale.lang))
                assert (line in text) == (line in shown) == ("packing" in m.merged), (m.sale.name, m.merged)

    def test_every_sms_arrived_exactly_once_at_its_tick_word_for_word(self):
        same(self.sms, [(m.to, sms_text(m), m.tick) for m in self.expected("sms")], "SMS")

    def test_no_sms_has_more_than_two_parts(self):
        messages = [m for batch in self.month.sms.values() for m in batch]
        no_faults("%d parts: %s" % (m["parts"], m["text"]) for m in messages if not 1 <= m["parts"] <= 2)
        assert any(m["parts"] == 2 for m in messages) and any(m["parts"] == 1 for m in messages)

    def test_no_sms_comes_at_night(self):
        sales = {m.to: m.sale for m in self.expected("sms")}
        times = [(sales[to].local(at), to, text) for to, text, at in self.sms]
        no_faults(t for t in times if not hour("08:00") <= t[0].time() <= hour("22:00"))

    def test_the_preflight_sms_went_where_the_call_was_not_ticked(self):
        """Said from sales.tsv alone, beside the oracle."""
        went = {m.sale.number for m in self.sent if m.instead_of_call}
        calls = {e.words[1] for s in self.month.sales for e in s.events if e.words[:1] == ["preflight"]}
        assert calls == {"reached", "refused", "no-answer"}, calls
        ticked = {s.number for s in self.month.sales for e in s.events
                  if e.words[:1] == ["preflight"] and e.words[1] == "reached"}
        no_phone = {s.number for s in self.month.sales if s.phone is None}
        others = {20: "cancelled", 31: "cancelled an hour before", 27: "sold when it was too late for a reminder",
                  50: "leaves after the end"}
        every = {s.number for s in self.month.sales}
        assert went == every - ticked - no_phone - set(others), (went, ticked)
        assert len(went) >= 15 and len(ticked) >= 15, (went, ticked)
        # And they did arrive, as the words for a flight, at these numbers only.
        words = " вылет: ", "Вылет этой ночью: ", ", you fly "
        flights = {to for to, text, _ in self.sms if any(w in text for w in words) and "изменилась" not in text}
        assert flights == {s.phone for s in self.month.sales if s.number in went}, flights

    def test_nothing_came_after_a_cancellation(self):
        cancelled = [(s, e.at) for s in self.month.sales for e in s.events if e.verb == "cancel"]
        assert len(cancelled) == 3, cancelled
        for sale, at in cancelled:
            late = [k for k in self.sms if k[0] == sale.phone and k[2] > at]
            late += [letter.key for letter in self.letters if letter.key[0] == sale.email and letter.at > at]
            before = [k for k in self.sms if k[0] == sale.phone] + [x for x in self.letters if x.key[0] == sale.email]
            assert not late and before, (sale.name, late)

    def test_every_message_came_on_the_day_the_method_says(self):
        """The method's own words, beside the oracle."""
        full = collections.Counter((to, m.sale.local(m.tick).date()) for m in self.sent
                                   for to in {m.sale.email, m.sale.phone} - {None} if to == m.to)
        assert max(full.values()) >= 2, "nobody had two messages on one day: this would prove nothing"
        for m in self.sent:
            here = m.sale.local(m.tick)
            before, after = (m.departure[0] - here.date()).days, (here.date() - m.back[0]).days
            take_off = dt.datetime.combine(m.departure[0], m.departure[1] or hour("23:59"))
            if m.step == "welcome-back" and m.departure[1] is None:
                take_off = dt.datetime.combine(m.departure[0], hour("00:00"))
            landing = dt.datetime.combine(m.back[0], m.back[1] or hour("00:00"))
            wall = here.replace(tzinfo=None)
            outage = 3 if OUTAGE[1] <= m.tick < OUTAGE[1] + oracle.DAY else 0
            # A day later when the client had two messages on the day itself.
            outage += full[m.to, here.date() - oracle.DAY] >= 2
            fine = {"thank-you": 0 <= (m.tick - m.sale.entered).total_seconds() <= 600 and wall < take_off,
                    "packing": 1 <= before <= 14 and (here.date() - m.sale.purchase).days >= 2,
                    "challenge": 1 <= before <= 2, "preflight": before in (0, 1) and wall < take_off,
                    "bon-voyage": wall < take_off and (before == 0 or (before == 1 and wall.time() >= hour("19:30"))),
                    "welcome-back": after == 0 and wall > take_off and
                    (wall >= landing + dt.timedelta(hours=bool(m.back[1])) or landing.time() > hour("20:00")),
                    "welcome-home": 1 <= after <= 1 + outage, "office-call": 2 <= after <= 2 + outage,
                    "loyalty": 3 <= after <= 3 + outage, "referral-story": 5 <= after <= 5 + outage,
                    "tell-friends": 7 <= after <= 7 + outage,
                    "correction": any(0 <= (m.tick - e.at).total_seconds() <= 7200 for e in m.sale.events if e.verb == "move")
                    }[m.step]
            assert fine, (m.step, m.sale.name, str(here), m.departure, m.back)
        assert len({m.step for m in self.sent}) == 12, "a step never went: this would prove nothing"

    def test_the_managers_have_the_right_list_every_morning(self):
        numbers = {trip: number for number, trip in self.month.trips.items()}
        rows = [(at, numbers[row["trip"]], row["step"], row["colour"], row["manager"])
                for at, rows in self.month.lists.items() for row in rows]
        should = [(at, number, step, colour, self.month.sales[number - 1].manager)
                  for at, works in self.month.world.people.items() for number, step, colour in works
                  if at in self.month.lists]
        assert len(self.month.lists) == 75, len(self.month.lists)  # two mornings are without power
        same(rows, should, "rows of pps today")

    def test_the_director_sees_exactly_what_is_red(self):
        numbers = {trip: number for number, trip in self.month.trips.items()}
        rows = self.month.pps.json("report", "--overdue", now=AFTERWARDS)["rows"]
        red = [(numbers[row["trip"]], row["step"]) for row in rows]
        same(red, sorted(self.month.world.red(AFTERWARDS)), "red rows")
        assert {row["state"] for row in rows} == {"missed", "pending"}, rows

    def test_the_database_agrees_with_the_servers(self):
        with contextlib.closing(sqlite3.connect("file:%s/pps.db?mode=ro" % self.month.pps.folder, uri=True)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            tries = dict(db.execute("SELECT outcome, count(*) FROM attempt GROUP BY outcome"))
            assert tries == {"sent": len(self.letters) + len(self.sms)}, tries
            ids = {row[0] for row in db.execute("SELECT '<' || message_id || '>' FROM message WHERE channel = 'email'")}
            assert ids == {letter.mail["Message-ID"] for letter in self.letters}

    def test_another_tick_sends_nothing(self):
        counts = self.month.pps.json("tick", now=AFTERWARDS)["counts"]
        assert not any(counts.values()), counts
        assert len(self.month.kannel.messages()) == len(self.sms)
        assert sum(len(s.messages()) for s in self.month.servers) == len(self.letters)


# ---- servers that refuse ----

class Moody(peers.AuthSmtp):
    """aiosmtpd that answers the next letters with replies of ours, and refuses one recipient for good."""

    def __init__(self, tmp, user, password):
        super().__init__(tmp, user, password, "starttls")
        self.replies, self.unknown, self.refused = [], set(), 0

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.unknown:
            self.refused += 1
            return "550 5.1.1 %s: no such mailbox" % address
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        if self.replies:
            self.refused += 1
            return self.replies.pop(0)
        return await super().handle_DATA(server, session, envelope)


class Refusals:
    """Each case: one agency, two sales, and a server that does not want at first."""

    NOON = oracle.by_agency("2027-05-11 12:00")

    def __init__(self, tmp, kannel):
        self.tmp, self.kannel = tmp, kannel

    @contextlib.contextmanager
    def agency(self, case, smtp_password="right", sms_password=None):
        folder = os.path.join(self.tmp, case)
        with Moody(self.tmp, "pps", "right") as server:
            pps = Pps(folder)
            pps.secret("smtp.secret", smtp_password)
            pps.secret("sms.secret", sms_password or self.kannel.password)
            pps.configure(server, self.kannel)
            yield pps, server

    def sell(self, pps, *who):
        for name, contact in who:
            pps.good("add-client", "--name", name, *contact, "--departure=2027-06-20", "--return=2027-06-27",
                     now=self.NOON, actor="anna")

    MARIA = ("Мария Ёлкина", ("--email", "maria@example.com"))
    PETR = ("Пётр Ёлкин", ("--email", "petr@example.com"))

    def tick(self, pps, minutes, *options):
        return pps.run("tick", *options, now=self.NOON + dt.timedelta(minutes=minutes))

    def states(self, pps):
        """{trip: state of its thank-you}"""
        plans = [pps.json("timeline", trip) for trip in ("T1", "T2")]
        return [a["state"] for plan in plans for a in plan["actions"] if a["step"] == "thank-you"]

    def test_a_wrong_mail_password_loses_nothing(self):
        with self.agency("password", smtp_password="wrong") as (pps, server):
            self.sell(pps, self.MARIA, self.PETR)
            status, out, errors = self.tick(pps, 5)
            assert status == 69 and errors.startswith("pps: e-mail does not go out: "), (status, out, errors)
            assert errors.count("\n") == 1 and "wrong" not in errors, errors
            assert self.states(pps) == ["pending", "pending"] and server.messages() == []
            status, out, errors = self.tick(pps, 10)
            assert (status, server.messages()) == (69, []), (status, out, errors)
            pps.secret("smtp.secret", "right")
            assert self.tick(pps, 15) == (0, "2 sent\n", ""), "after the password was mended"
            assert self.tick(pps, 20) == (0, "nothing was due\n", "")
            assert sorted(m["to"] for m in server.messages()) == [["maria@example.com"], ["petr@example.com"]]
            assert self.states(pps) == ["sent", "sent"]

    def test_a_letter_put_off_with_450_is_sent_once_later(self):
        with self.agency("later") as (pps, server):
            server.replies = ["450 4.2.1 try again later"]
            self.sell(pps, self.MARIA, self.PETR)
            status, out, errors = self.tick(pps, 5)
            assert (status, out, errors) == (0, "1 sent, 1 to be tried again\n", ""), (status, out, errors)
            assert self.states(pps) == ["pending", "sent"] and server.refused == 1
            assert self.tick(pps, 6) == (0, "nothing was due\n", ""), "a minute later is too early"
            assert self.tick(pps, 20) == (0, "1 sent\n", "")
            assert self.tick(pps, 60) == (0, "nothing was due\n", "")
            assert sorted(m["to"] for m in server.messages()) == [["maria@example.com"], ["petr@example.com"]]
            ids = {email.message_from_bytes(m["data"])["Message-ID"] for m in server.messages()}
            assert len(ids) == 2 and self.states(pps) == ["sent", "sent"], ids

    def test_a_letter_refused_with_550_fails_and_is_red(self):
        with self.agency("never") as (pps, server):
            server.unknown.add("maria@example.com")
            self.sell(pps, self.MARIA, self.PETR)
            status, out, errors = self.tick(pps, 5, "--exit-code")
            assert (status, out, errors) == (1, "1 sent, 1 refused for good\n", ""), (status, out, errors)
            assert self.tick(pps, 60) == (0, "nothing was due\n", "") and server.refused == 1
            assert [m["to"] for m in server.messages()] == [["petr@example.com"]]
            rows = pps.json("report", "--overdue", now=self.NOON + dt.timedelta(hours=1))["rows"]
            seen = [(r["client_name"], r["step"], r["state"], r["colour"]) for r in rows]
            assert seen == [("Мария Ёлкина", "thank-you", "failed", "red")], seen
            assert "550" in rows[0]["why"], rows

    def test_a_wrong_sms_password_loses_nothing(self):
        before = len(self.kannel.messages())
        with self.agency("sms", sms_password="wrong") as (pps, server):
            self.sell(pps, ("Семён Ёлкин", ("--phone", "8 903 555-09-09")), self.PETR)
            status, out, errors = self.tick(pps, 5)
            assert (status, out.split(",")[0].strip()) == (69, "1 sent"), (status, out, errors)
            assert errors.startswith("pps: SMS does not go out: ") and errors.count("\n") == 1, errors
            assert self.states(pps) == ["pending", "sent"] and len(self.kannel.messages()) == before
            pps.secret("sms.secret", self.kannel.password)
            assert self.tick(pps, 10) == (0, "1 sent\n", ""), "after the password was mended"
            assert self.tick(pps, 15) == (0, "nothing was due\n", "")
            new = self.kannel.messages()[before:]
            assert [m["to"] for m in new] == ["+79035550909"] and "Семён, спасибо" in new[0]["text"], new
            assert [m["to"] for m in server.messages()] == [["petr@example.com"]]


# ---- TAP ----

def cases_of(thing):
    return [getattr(thing, name) for name in vars(type(thing)) if name.startswith("test_")]


class Tap:
    def __init__(self):
        self.done, self.failed = 0, 0

    def run(self, case):
        start, self.done = time.monotonic(), self.done + 1
        try:
            case()
            verdict, trouble = "ok", ""
        except Exception as e:
            self.failed += 1
            place = traceback.extract_tb(e.__traceback__)[-1]
            verdict, trouble = "not ok", "%s: %s\nat %s:%d" % (type(e).__name__, e, place.filename, place.lineno)
        print("%s %d - %s" % (verdict, self.done, case.__name__[len("test_"):].replace("_", " ")))
        print("".join("#   %s\n" % line for line in trouble.splitlines()), end="")
        print("# %.1f s" % (time.monotonic() - start), flush=True)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the folder and the servers go with us
    tap = Tap()
    with contextlib.ExitStack() as stack:
        tmp = stack.enter_context(tempfile.TemporaryDirectory(prefix="pps-e2e-"))
        os.chmod(tmp, 0o755)  # smtp-sink writes as nobody when we are root
        kannel = stack.enter_context(peers.kannel(tmp, "pps", "кодПёс"))
        servers = [stack.enter_context(peers.smtp_sink(tmp)),
                   stack.enter_context(peers.auth_smtp(tmp, "pps", "парольСёмга", "starttls")),
                   stack.enter_context(peers.auth_smtp(tmp, "pps", "парольСёмга", "tls"))]
        month = Month(tmp, kannel)
        start = time.monotonic()
        month.run(servers)
        print("# %d ticks, %d letters, %d SMS in %.1f s" % (len(month.ticks), len(month.letters), month.sms_seen,
                                                            time.monotonic() - start), flush=True)
        cases = cases_of(Checks(month)) + cases_of(Refusals(tmp, kannel))
        print("1..%d" % len(cases), flush=True)
        for case in cases:
            tap.run(case)
    return 1 if tap.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception as e:
        traceback.print_exc()
        print("Bail out! %s" % str(e).splitlines()[0] if str(e) else type(e).__name__)
        sys.exit(1)
