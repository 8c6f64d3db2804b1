#!/usr/bin/python3 -B
"""Every shipped message as its reader gets it: rendered by `pps preview` from fixed sales, complaints and answers, and
compared with what is kept beside this file, as <lang>/<channel>/<step>[.variant].txt. A change of a text, of the engine or
of the typography shows as a diff of what people read. When the new words are meant: `make golden`, and look at the diff
of git before it is committed.

Three agencies, one a language, with the clock fixed. Variants stand where the words depend on who travels: see CASES."""

import concurrent.futures
import difflib
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))
FOLDERS = {"letters": ("email",), "sms": ("sms",), "scripts": ("call", "visit", "task")}

# What differs from one language to the next: names, so that letters read as they will, and numbers as people have them.
LANDLINE = "+7 495 765-43-21"  # known by its numbers to get no SMS, whoever's client it is
PEOPLE = {
    "ru": {"agency": "Тёплые страны", "tz": "Europe/Moscow", "country": "RU", "phone": "+7 495 123-45-67", "land": LANDLINE,
           "address": "Москва, Тверская, 1", "hashtag": "#тёплыестраны", "site": "warm.example",
           "olga": "Ольга Смирнова", "director": "директор", "vera": "Вера Лунина", "service": "служба заботы",
           "anna": "Анна Петрова", "manager": "менеджер", "mobile": "+7 903 765-43-21", "client": "+7 903 123-45-6%d",
           "maria": ("Мария Иванова", "Мария Ивановна"), "petr": ("Пётр Дуб", "Пётр Олегович"),
           "nina": ("Нина Орлова", "Нина"), "ivan": ("Иван Ким", "Иван"), "place": "Тенерифе", "gift": "Чай, кружка",
           "photo": "Утро на пляже", "title": "шум в номере", "actions": "отель вернул деньги за две ночи",
           "found": "отель прислал записи, ночью было тихо", "words": "Всю ночь играла музыка", "plus": "встречать с цветами",
           "reason": "цена", "why": "дороговато", "cause": "отель", "fact": ("собака", "Рекс"),
           "documents": ("Ваучер.pdf", "Программа 10.12")},
    "en": {"agency": "Warm Countries", "tz": "Europe/London", "country": "GB", "phone": "+44 20 7946 0123", "land": LANDLINE,
           "address": "1 High Street, London", "hashtag": "#warmcountries", "site": "warm.example",
           "olga": "Olivia Smith", "director": "director", "vera": "Vera Lane", "service": "client care",
           "anna": "Anna Peters", "manager": "travel adviser", "mobile": "+44 7700 900321", "client": "+44 7700 90012%d",
           "maria": ("Mary Johnson", "Mary"), "petr": ("Peter Oak", "Mr Oak"), "nina": ("Nina Eagle", "Nina"),
           "ivan": ("John King", "John"), "place": "Tenerife", "gift": "Tea, a mug", "photo": "Morning on the beach",
           "title": "noise in the room", "actions": "the hotel paid back two nights",
           "found": "the hotel sent its records, the night was quiet", "words": "Music all night", "plus": "meet us with flowers",
           "reason": "price", "why": "a little dear", "cause": "hotel", "fact": ("dog", "Rex"),
           "documents": ("Voucher.pdf", "Insurance.pdf")},
    "bg": {"agency": "Топли страни", "tz": "Europe/Sofia", "country": "BG", "phone": "+359 2 123 45 67", "land": LANDLINE,
           "address": "София, бул. Витоша 1", "hashtag": "#топлистрани", "site": "warm.example",
           "olga": "Олга Стоянова", "director": "управител", "vera": "Вера Иванова", "service": "грижа за клиента",
           "anna": "Анна Петрова", "manager": "консултант", "mobile": "+359 88 765 4321", "client": "+359 88 123 456%d",
           "maria": ("Мария Иванова", "Мария"), "petr": ("Петър Димитров", "г-н Димитров"),
           "nina": ("Нина Орлова", "Нина"), "ivan": ("Иван Колев", "Иван"), "place": "Тенерифе", "gift": "Чай, чаша",
           "photo": "Утро на плажа", "title": "шум в стаята", "actions": "хотелът върна парите за две нощувки",
           "found": "хотелът изпрати записи, през нощта е било тихо", "words": "Цяла нощ свиреше музика", "plus": "да ни посрещате с цветя",
           "reason": "цена", "why": "скъпичко", "cause": "хотел", "fact": ("куче", "Рекс"),
           "documents": ("Ваучер.pdf", "Застраховка.pdf")},
}
LANGUAGES = sorted(PEOPLE)


class Agency:
    """A folder with a database; run() is pps there, and says what it answered."""

    def __init__(self, lang, bare=False):
        """With its people and nothing else. A bare one has entered neither its own numbers nor theirs."""
        self.lang, self.p, self.made, self.actor = lang, PEOPLE[lang], {}, "anna"
        self.enter(tempfile.mkdtemp(prefix="pps-golden-"))
        agency = {"name": self.p["agency"], "lang": lang, "tz": self.p["tz"], "country": self.p["country"],
                  "email": "info@warm.example"}
        if not bare:
            agency.update(phone=self.p["phone"], address=self.p["address"], hashtag=self.p["hashtag"],
                          site=self.p["site"], survey_url="https://w.example/s")
        with open(os.path.join(self.folder, "pps.json"), "w", encoding="utf-8") as f:
            json.dump({"agency": agency, "email": {"from": "info@warm.example"}}, f)
        self.run("2026-11-02 09:00", "init")
        shutil.rmtree(os.path.join(self.folder, "templates"))  # the built-in ones are what is shown
        for login, role in (("olga", "director"), ("vera", "service"), ("anna", "manager")):
            entered = [] if bare else ["--position", self.p[role]] + ["--phone", self.p["mobile"]] * (login == "anna")
            self.run("2026-11-02 09:00", "staff", "add", login, "--name", self.p[login], "--role", role, "--email",
                     login + "@warm.example", *entered)

    def enter(self, folder):
        self.folder = folder
        self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "PPS_DB": "pps.db", "LOGNAME": "tester"}
        self.env.update({name: os.environ[name] for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS") if name in os.environ})

    def copy(self):
        """Another agency like this one, which a case may change."""
        other = Agency.__new__(Agency)
        other.lang, other.p, other.made, other.actor = self.lang, self.p, {}, self.actor
        other.enter(tempfile.mkdtemp(prefix="pps-golden-"))
        shutil.copytree(self.folder, other.folder, dirs_exist_ok=True)
        return other

    def run(self, now, *args):
        done = subprocess.run([PPS, "--now", now, "--as", self.actor][:3 if args[0] in ("init", "staff") else 5] + list(args),
                              cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
        if done.returncode != 0 or (done.stderr and not done.stderr.startswith(b"pps: note: ")):
            raise RuntimeError("%s: pps %s: exit status %d: %s" % (self.lang, " ".join(args), done.returncode,
                                                                   done.stderr.decode()))
        return done.stdout.decode()

    def sells(self, now, who, departure, back, *more, mail=True, mobile=True, phone=None, place=True):
        """A first sale to somebody."""
        name, salutation = self.p[who]
        number = phone or self.p["client"] % (sorted(("maria", "petr", "nina", "ivan")).index(who) + 1)
        self.run(now, "add-client", "--name", name, "--salutation", salutation, "--departure", departure, "--return",
                 back, *(["--destination", self.p["place"]] if place else []),
                 *(["--email", who + "@example.org"] if mail else []), *(["--phone", number] if mobile else []), *more)

    def shown(self, now, about, only):
        """The messages that the client of `about` would get. --all leaves out what nobody has caused yet."""
        preview = lambda *what: json.loads(self.run(now, "preview", *what, "--trip", about, "--json"))["messages"]
        found = preview("--all")
        for step in sorted(set(only or []) - {m["step"] for m in found}):
            found += preview(step)
        return [m for m in found if only is None or m["step"] in only]

    def keep(self, now, about, variant="", only=None, channels=None):
        """Takes over what the client of `about` would get; `only` some steps, and by some channels."""
        for m in self.shown(now, about, only):
            if channels is not None and m["channel"] not in channels:
                continue
            if m["text"] is None:
                raise RuntimeError("%s: %s of %s cannot be shown: %s" % (self.lang, m["step"], about, m["error"]))
            path = "%s/%s/%s%s.txt" % (self.lang, m["channel"], m["step"], variant and "." + variant)
            if path in self.made:
                raise RuntimeError("%s is made twice" % path)
            self.made[path] = as_text(m)

    def close(self):
        shutil.rmtree(self.folder)


def as_text(m):
    """One message as it is kept: what the reader sees before opening it, and the words."""
    head = []
    if m["channel"] == "email":
        head = ["From: " + m["from"], "Subject: " + m["subject"], "Preheader: " + (m["preheader"] or "")]
    elif m["channel"] == "sms":
        head = ["Parts: %d, %d characters, %s" % (m["parts"], m["characters"], m["alphabet"])]
    return "\n".join(head + [""] * bool(head) + [m["text"].rstrip("\n"), ""])


# ---- the sales, complaints and answers ----

DEPARTS, RETURNS, SOLD = "2026-12-10 06:40", "2026-12-20 21:40", "2026-12-01 14:00"
SALES = ["thank-you", "packing", "challenge", "preflight"]


def everyday(a):
    """E-mail and mobile number, a first trip, and nobody has said who travels."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.keep(SOLD, "T1")
    # The evening before, when there is no time for a decent hour on the day itself; and the day before by e-mail.
    a.sells(SOLD, "nina", DEPARTS, RETURNS, mobile=False)
    a.keep(SOLD, "T2", only=["preflight", "bon-voyage", "welcome-back", "office-call", "correction"], channels=["email"])
    a.keep(SOLD, "T1", only=["correction"])
    a.sells(SOLD, "ivan", "2026-12-10 21:40", RETURNS, mail=False)
    a.keep(SOLD, "T3", variant="phone", only=["preflight", "bon-voyage"], channels=["sms"])
    a.keep(SOLD, "T3", only=["thank-you", "packing", "challenge", "welcome-home", "loyalty", "tell-friends"],
           channels=["sms"])


def who_travels(a):
    """A family, and one who always travels with us, this time alone."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS, "--party", "2+1")
    a.keep(SOLD, "T1", variant="family", only=SALES + ["welcome-home", "next-trip"], channels=["email", "call"])
    a.sells("2025-03-01 12:00", "petr", "2025-03-20", "2025-03-27")
    for year in ("2025-10", "2026-06"):
        a.run(year + "-01 12:00", "add-trip", "C2", "--departure", year + "-10", "--return", year + "-17")
    a.run(SOLD, "add-trip", "C2", "--departure", DEPARTS, "--return", RETURNS, "--destination", a.p["place"], "--party", "1")
    a.keep(SOLD, "T5", variant="regular-alone", only=SALES + ["welcome-home"], channels=["email", "call"])
    a.sells(SOLD, "nina", DEPARTS, RETURNS, "--party", "2+1", mobile=False)
    a.keep(SOLD, "T6", variant="family", only=["preflight", "office-call"], channels=["email"])


def in_a_hurry(a):
    """Bought today, flies tomorrow: the tips stand in the letter of thanks. A landline has calls only."""
    a.sells("2026-12-08 14:00", "maria", "2026-12-09 21:40", RETURNS, "--party", "2+1")
    a.keep("2026-12-08 14:00", "T1", variant="hurry", only=["thank-you"])
    a.sells("2026-12-08 14:00", "ivan", "2026-12-09 21:40", RETURNS, mail=False)
    a.keep("2026-12-08 14:00", "T2", variant="hurry", only=["thank-you"], channels=["sms"])
    a.sells(SOLD, "petr", DEPARTS, RETURNS, mail=False, phone=a.p["land"])
    a.keep(SOLD, "T3", only=["thank-you", "welcome-home"], channels=["call"])


def nothing_known(a):
    """Neither hours nor a place, and an agency that has entered its name and its address only."""
    a.sells(SOLD, "maria", "2026-12-10", "2026-12-20", place=False)
    a.keep(SOLD, "T1", variant="bare", channels=["email", "sms"])
    a.keep(SOLD, "T1", variant="bare", only=["preflight"], channels=["call"])
    a.sells(SOLD, "nina", "2026-12-10", "2026-12-20", mobile=False, place=False)
    a.keep(SOLD, "T2", variant="bare", only=["preflight", "bon-voyage", "office-call", "correction"], channels=["email"])
    a.sells(SOLD, "ivan", "2026-12-10", "2026-12-20", mail=False, place=False)
    a.keep(SOLD, "T3", variant="bare", only=["thank-you", "welcome-home", "challenge"], channels=["sms"])


def attached(a):
    """Documents that go with a letter are spoken of in it."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    for name in a.p["documents"]:
        with open(os.path.join(a.folder, name), "w", encoding="utf-8") as f:
            f.write("%PDF-1.4\n")
        a.run(SOLD, "attach", "T1", name, "--step", "packing")
    a.keep(SOLD, "T1", variant="attached", only=["packing"])


def moved(a):
    """The dates change after people were told the old ones."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.sells(SOLD, "nina", DEPARTS, RETURNS, mobile=False)
    a.sells(SOLD, "ivan", DEPARTS, RETURNS, mobile=False)
    a.run(SOLD, "tick")
    a.run("2026-12-09 12:00", "done", "T1/preflight")
    a.run("2026-12-09 12:10", "tick")  # Nina and Ivan are reminded by e-mail
    for trip, variant, more in (("T1", "departure", []), ("T2", "departure", []),
                                ("T3", "both", ["--return", "2026-12-21 09:30"])):
        a.run("2026-12-09 13:00", "edit-trip", trip, "--departure", "2026-12-10 21:15", *more)
        a.keep("2026-12-09 13:00", trip, variant=variant, only=["correction"])


def things(a):
    """What the manager is reminded of before a call and a visit."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.run(SOLD, "fact", "C1", *a.p["fact"])
    a.run("2026-12-21 12:00", "gift", "add", "C1", "--kind", "gift", "--title", a.p["gift"])
    a.keep("2026-12-21 12:00", "T1", variant="gift", only=["office-call", "office-visit"], channels=["call", "visit"])
    a.sells(SOLD, "nina", DEPARTS, RETURNS, mobile=False)
    a.run("2026-12-21 12:00", "gift", "add", "T2", "--kind", "photo", "--title", a.p["photo"])
    a.keep("2026-12-21 12:00", "T2", variant="photo", only=["office-call"], channels=["email"])


def answers(a):
    """They told us how it was: glad in words, glad in numbers, and not happy."""
    for n, who in enumerate(("maria", "petr", "nina"), 1):
        a.sells(SOLD, who, DEPARTS, RETURNS, mobile=who != "nina")
    a.sells(SOLD, "ivan", DEPARTS, RETURNS, mail=False)
    now = "2026-12-22 12:00"
    a.run(now, "feedback", "add", "C1", "--csat", "5", "--nps", "10", "--plus", a.p["plus"])
    a.keep(now, "F5", variant="promoter", only=["feedback-thanks", "ask-promoter"])
    a.run(now, "feedback", "add", "C2", "--csat", "2", "--nps", "3", "--words", a.p["words"])
    a.keep(now, "F6", variant="unhappy", only=["feedback-thanks", "unhappy-call"])
    a.keep(now, "T2", variant="unhappy", only=["office-call", "office-visit"], channels=["call", "visit"])
    a.run(now, "feedback", "add", "C3", "--csat", "2")
    a.keep(now, "F7", variant="unhappy-number", only=["feedback-thanks"])
    a.keep(now, "F7", only=["unhappy-call"])
    a.run(now, "feedback", "add", "C4", "--csat", "5", "--nps", "9")
    a.keep(now, "F8", only=["feedback-thanks", "ask-promoter"], channels=["sms"])
    a.run(now, "feedback", "add", "C4", "--csat", "1", "--words", a.p["words"])
    a.keep(now, "F9", variant="unhappy", only=["feedback-thanks"], channels=["sms"])


def complaints(a):
    """Open with and without a day, solved, and rejected; by e-mail, SMS and a call."""
    for who, more in (("maria", {}), ("nina", {"mobile": False}), ("ivan", {"mail": False}),
                      ("petr", {"mail": False, "phone": a.p["land"]})):
        a.sells(SOLD, who, DEPARTS, RETURNS, **more)
    now, later = "2026-12-22 12:00", "2026-12-24 12:00"
    for n, trip in enumerate(("T1", "T2", "T3", "T4"), 5):
        promise = ["--promise", "2026-12-28"] if trip != "T2" else []
        a.run(now, "complaint", "add", trip, "--title", a.p["title"], "--words", a.p["words"], *promise)
    a.keep(now, "P5", channels=["email", "task", "call"], only=["complaint-thanks", "complaint-assign", "complaint-due",
                                                               "complaint-day"])
    a.keep(now, "P6", variant="no-day", only=["complaint-thanks"])
    a.keep(now, "P6", only=["complaint-promise"])
    a.run(now, "complaint", "plan", "P6", "--promise", "2026-12-28")
    a.keep(now, "P6", only=["complaint-day"])
    a.keep(now, "P7", only=["complaint-thanks"])
    a.keep(now, "P8", only=["complaint-thanks"])
    a.keep(now, "T1", variant="complaint", only=["office-call", "office-visit"], channels=["call", "visit"])
    for n, outcome in ((5, "compensated"), (6, "solved"), (7, "solved"), (8, "solved")):
        a.run(later, "complaint", "resolve", "P%d" % n, "--cause", a.p["cause"], "--outcome", outcome, "--actions", a.p["actions"])
        a.keep(later, "P%d" % n, only=["complaint-solved"] + ["complaint-check"] * (n < 7), **(
            {} if n != 6 else {"channels": ["email"], "variant": "no-phone"}))


def rejected(a):
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.sells(SOLD, "nina", DEPARTS, RETURNS, mobile=False)
    a.sells(SOLD, "ivan", DEPARTS, RETURNS, mail=False)
    a.sells(SOLD, "petr", DEPARTS, RETURNS, mail=False, phone=a.p["land"])
    for n, only in ((1, ["complaint-solved", "complaint-check"]), (2, ["complaint-check"]), (3, ["complaint-solved"]),
                    (4, ["complaint-solved"])):
        a.run("2026-12-22 12:00", "complaint", "add", "T%d" % n, "--title", a.p["title"])
        a.run("2026-12-24 12:00", "complaint", "resolve", "P%d" % (4 + n), "--cause", a.p["cause"], "--outcome", "rejected",
              "--actions", a.p["found"])
        a.keep("2026-12-24 12:00", "P%d" % (4 + n), variant="rejected", only=only)


def between(a):
    """A lost sale, and the greetings."""
    a.run(SOLD, "lost", "--name", a.p["petr"][0], "--salutation", a.p["petr"][1], "--email", "petr@example.org", "--phone",
          a.p["client"] % 4, "--destination", a.p["place"], "--reason", a.p["reason"], "--words", a.p["why"],
          "--call-by", "vera")
    a.keep(SOLD, "L1")
    a.sells(SOLD, "maria", "2026-12-05", "2026-12-08", "--birthday", "1985-12-30")
    a.sells(SOLD, "ivan", "2026-12-05", "2026-12-08", "--birthday", "1985-12-29", mail=False)
    a.run("2026-12-28 12:00", "tick")
    for n in (4, 5, 6):
        a.keep("2026-12-28 12:00", "Y%d" % n)
    a.run("2026-12-28 12:00", "lost", "--name", a.p["nina"][0], "--salutation", a.p["nina"][1], "--email",
          "nina@example.org", "--reason", a.p["reason"])
    a.keep("2026-12-28 12:00", "L7", variant="anywhere", only=["lost-next-season"])


def odd_trips(a):
    """A flight at half past midnight, and there and back on one day."""
    night = "2026-12-10 00:30"
    a.sells(SOLD, "maria", night, RETURNS)
    a.keep(SOLD, "T1", variant="night", only=["preflight", "correction"], channels=["call", "sms"])
    a.sells(SOLD, "nina", night, RETURNS, mobile=False)
    a.keep(SOLD, "T2", variant="night", only=["preflight", "correction"], channels=["email"])
    a.keep(SOLD, "T1", variant="night", only=["thank-you", "packing"], channels=["email"])
    a.sells(SOLD, "petr", night, RETURNS, mail=False, phone=a.p["land"])
    a.keep(SOLD, "T3", variant="night", only=["thank-you"])
    day = ["--departure", "2027-02-10 06:40", "--return", "2027-02-10 22:00", "--destination", a.p["place"], "--party", "1"]
    a.sells(SOLD, "ivan", *day[1::2][:2], "--party", "1")
    a.run(SOLD, "add-trip", "C2", *day)
    a.run(SOLD, "add-trip", "C3", *day)
    a.keep(SOLD, "T4", variant="one-day", only=SALES + ["welcome-home", "anniversary"], channels=["email", "call"])
    a.keep(SOLD, "T5", variant="one-day", only=["preflight", "welcome-back"], channels=["email"])
    a.keep(SOLD, "T6", variant="one-day", only=["thank-you", "welcome-home"])


def told_us_before(a):
    """They have answered on the way, and were not happy: nobody asks how it was."""
    now = "2026-12-15 12:00"
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.run(now, "feedback", "add", "T1", "--nps", "3", "--words", a.p["words"])
    a.keep(now, "T1", variant="unhappy", only=["welcome-home"], channels=["email"])
    a.sells(SOLD, "ivan", DEPARTS, RETURNS, mail=False)
    a.run(now, "feedback", "add", "C2", "--nps", "3", "--words", a.p["words"])
    a.keep(now, "T3", variant="unhappy", only=["welcome-home"], channels=["sms"])


def one_of_us(a):
    """The director sells herself, takes a complaint herself, and signs both letters."""
    a.sells(SOLD, "maria", DEPARTS, RETURNS, "--manager", "olga")
    a.keep(SOLD, "T1", variant="director", only=["thank-you"], channels=["email"])
    a.run("2026-12-22 12:00", "complaint", "add", "T1", "--title", a.p["title"], "--manager", "olga")
    a.keep("2026-12-22 12:00", "P2", variant="director", only=["complaint-thanks"], channels=["email"])


def reads_english(a):
    """The card is in Cyrillic letters, and the client reads others: names, places and titles are in theirs."""
    if a.lang == "en":
        return
    a.sells(SOLD, "maria", DEPARTS, RETURNS, "--lang", "en")
    a.keep(SOLD, "T1", variant="reads-english", only=["thank-you", "preflight", "bon-voyage"])
    a.sells(SOLD, "petr", DEPARTS, RETURNS, "--lang", "en", mobile=False)
    a.keep(SOLD, "T2", variant="reads-english", only=["preflight"], channels=["email"])


def nobody(a):
    """Everybody has left: nobody's clients, and the agency signs by its name."""
    now = "2026-12-22 12:00"
    a.sells(SOLD, "maria", DEPARTS, RETURNS)
    a.sells(SOLD, "nina", DEPARTS, RETURNS, mobile=False)
    a.sells(SOLD, "ivan", DEPARTS, RETURNS, mail=False, phone=a.p["land"])
    a.run(SOLD, "lost", "--name", a.p["petr"][0], "--salutation", a.p["petr"][1], "--email", "petr@example.org",
          "--destination", a.p["place"], "--reason", a.p["reason"])
    for login in ("anna", "vera", "olga"):
        a.run(SOLD, "staff", "leave", login)
    a.run(SOLD, "staff", "add", "boris", "--name", "B.")
    a.actor = "boris"
    a.keep(SOLD, "T1", variant="nobody", only=["thank-you", "preflight", "office-call"], channels=["email", "call"])
    a.keep(SOLD, "T3", variant="nobody", only=["thank-you", "welcome-home"], channels=["call"])
    a.keep(SOLD, "L4", variant="nobody", only=["lost-offended", "lost-next-season"])
    a.run(now, "complaint", "add", "T1", "--title", a.p["title"])
    a.keep(now, "P5", variant="nobody", only=["complaint-thanks"], channels=["email"])
    a.run(now, "complaint", "add", "T3", "--title", a.p["title"])
    a.keep(now, "P6", variant="nobody", only=["complaint-thanks"], channels=["call"])
    a.run(now, "feedback", "add", "C2", "--csat", "2", "--words", a.p["words"])
    a.keep(now, "F7", variant="nobody", only=["unhappy-call"], channels=["email"])


CASES = [everyday, who_travels, in_a_hurry, moved, things, answers, complaints, rejected, between, nothing_known,
         odd_trips, attached, told_us_before, one_of_us, reads_english, nobody]


def render(agency, case):
    """The messages of one case: {path: text}."""
    try:
        case(agency)
        return agency.made
    finally:
        agency.close()


def render_all():
    """All messages: {path: text}. Most of the time is spent waiting for a disk, so much is done at a time."""
    made = {}
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        new = {(lang, bare): pool.submit(Agency, lang, bare) for lang in LANGUAGES for bare in (False, True)}
        new = {which: agency.result() for which, agency in new.items()}
        jobs = [pool.submit(render, new[lang, case is nothing_known].copy(), case) for lang in LANGUAGES
                for case in CASES]
        for job in jobs:
            twice = set(made) & set(job.result())
            if twice:
                raise RuntimeError("made twice: " + ", ".join(sorted(twice)))
            made.update(job.result())
        for agency in new.values():
            agency.close()
    return made


def kept():
    """{path: text} of what stands beside this file."""
    return {os.path.relpath(os.path.join(folder, name), HERE): open(os.path.join(folder, name), encoding="utf-8").read()
            for folder, _, names in os.walk(HERE) for name in names if name.endswith(".txt")}


def renew(made):
    for path in kept():
        os.remove(os.path.join(HERE, path))
    for path, text in made.items():
        os.makedirs(os.path.dirname(os.path.join(HERE, path)), exist_ok=True)
        with open(os.path.join(HERE, path), "w", encoding="utf-8") as f:
            f.write(text)
    print("%d messages" % len(made))


def not_shown(lang, made):
    """Templates of this language of which no golden message is made."""
    for folder, channels in FOLDERS.items():
        for name in sorted(os.listdir(os.path.join(ROOT, "templates", folder, lang))):
            step = os.path.splitext(name)[0]
            if name == "partials" or any(path.startswith("%s/%s/%s." % (lang, channel, step)) for channel in channels
                                         for path in made):
                continue
            yield "templates/%s/%s/%s is shown nowhere: add it to CASES" % (folder, lang, name)


def main():
    made = render_all()
    found = {lang: {path: text for path, text in made.items() if path.startswith(lang + "/")} for lang in LANGUAGES}
    if sys.argv[1:] == ["--renew"]:
        renew(made)
        return 0
    old, bad, n = kept(), 0, 0
    for lang in LANGUAGES:
        diff = [line for path in sorted(set(found[lang]) | {p for p in old if p.startswith(lang + "/")})
                if old.get(path) != made.get(path)
                for line in difflib.unified_diff(old.get(path, "").splitlines(), made.get(path, "").splitlines(),
                                                 "kept/" + path, "made/" + path, lineterm="", n=1)]
        for what, faults in (("the %d messages are as they are kept (else: make golden)" % len(found[lang]), diff),
                             ("every text is shown at least once", list(not_shown(lang, made)))):
            n += 1
            bad += bool(faults)
            print("%sok %d - %s: %s" % ("not " if faults else "", n, lang, what))
            for line in faults[:200]:
                print("# " + line)
    print("1..%d" % n)
    return bool(bad)


sys.exit(main())
