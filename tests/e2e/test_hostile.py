#!/usr/bin/python3
"""Hostile data through every template and channel. What people type is checked when it is entered; but databases are
imported, copied and repaired by hand, so here everything about a client, their trips, complaints, answers and gifts, and
about the staff, is set in the database itself: line breaks, NUL, tags of templates, HTML, Markdown and addresses, characters
that turn the direction of writing, emoji, three hundred accents on one letter, ten thousand letters, bytes that are no UTF-8.

Each message is then made by `pps preview`, which makes it as a tick does, and compared with the same message made from
harmless data of the same shape: the same elements of HTML, links to the same places, the same header fields in the same
order; and the words of the value are there, as words.

    PPS=build/check/pps tests/e2e/test_hostile.py

Prints TAP: a test for each value."""

import email
import email.policy
import html.parser
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))
LANGS = sorted(os.listdir(os.path.join(ROOT, "templates/letters")))

VALUES = {
    "a line break and a header": "Мария\r\nBcc: evil@evil.example\r\n\r\nbody",
    "a NUL": b"Mar\0ia",
    "tags of templates": "{{secret}} {{client.email}} {{{agency.name}}} {{#trip}}x{{/trip}} {{> part}} {{=<% %>=}} }}",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> </div></body><!-- <b>b</b>",
    "the end of an attribute": "\" onmouseover=\"alert(1)\" x=' style='background:red",
    "entities": "&lt;b&gt; &amp;amp; &#x27; &nbsp;",
    "Markdown": "**b** _i_ `c` # h [l](https://evil.example) ![i](https://evil.example/x.png) \\",
    "the end of a link": "](https://evil.example) [x](https://evil.example/\"t\") [y]: https://evil.example",
    "Markdown at the beginning of a line": "# 1. - + > ``` ~~~ *** ___ === | a | b |",
    "addresses": "https://evil.example www.evil.example <https://evil.example> mailto:x@evil.example x@evil.example",
    "a link that is a program": "javascript:alert(1)//%0d%0a data:text/html,<script>",
    "right to left": "Мария \u202eгнп.exe\u202c \u2066x\u2069 \u200f!",
    "emoji": "Мария 👩‍👩‍👧‍👦 ❤️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "accents": "М" + "\u0301" * 300 + "ария",
    "ten thousand letters": "Очень длинное имя " * 555 + "конец",
    "one word of ten thousand letters": "Ы" * 10000,
    "no UTF-8": b"Mar\xd0\xff\xfe\xc0\x80ia\xed\xa0\x80",
    "an encoded word": "=?utf-8?b?aGVsbG8=?= =?UTF-8?Q?x=0D=0ABcc:_evil?=",
    "an address list": "Doe, John \"Jr\" <j@evil.example>, (comment); group:",
    "control characters": "Mar\x07\x1b[31mia\x7f\x85\u2028\u2029 b\tc",
    "percent signs": "%s %n %d %00 %0a %%",
}
# What is of interest in a header: the whole mail is looked at.
IN_HEADERS = {"a line break and a header", "a NUL", "accents", "ten thousand letters", "one word of ten thousand letters",
              "no UTF-8", "an encoded word", "an address list", "emoji"}
HARMLESS, HARMLESS_LATIN = "Мария", "Mariia"
MAIL = "maria@example.org"
# What a message shows in another order, or not whole; by what people see.
UNSAFE = {"Cc", "Cs"}
BIDI = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
EMPTY_TAGS = {"meta", "br", "img", "hr", "link", "input"}


class Shape(html.parser.HTMLParser):
    """Elements in their order, with their attributes, where an address is only its beginning; and the words."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.seen, self.words, self.hidden, self.open = [], [], 0, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, tuple((k, self.place(v) if k in ("href", "src") else v if k != "alt" else "")
                                     for k, v in attrs)))
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        self.seen.append(("/" + tag,))
        while self.open and self.open.pop() != tag:
            pass

    def handle_decl(self, decl):
        self.seen.append(("!" + decl,))

    def handle_comment(self, data):
        self.seen.append(("comment", data))

    def handle_data(self, data):
        if "style" not in self.open:
            self.words.append(data)

    @staticmethod
    def place(url):
        parts = urllib.parse.urlsplit(url)
        return parts.scheme, parts.netloc if parts.scheme in ("http", "https") else ""

    @property
    def text(self):
        return re.sub(r"\s+", " ", "".join(self.words))


def as_words(value):
    """What is left of it for a reader: one line, without what cannot be seen or turns the direction of writing."""
    text = value.split(b"\0")[0].decode("utf-8", "replace") if isinstance(value, bytes) else value  # a text ends at a NUL
    out = []
    for c in text:
        if c in " \t\r\n\x85\u2028\u2029" or ord(c) < 0x20:
            out.append(" ")
        elif c not in BIDI and unicodedata.category(c) not in UNSAFE:
            out.append(c)
    return re.sub(" +", " ", "".join(out)).strip()


def plain(text):
    """As it was typed: letters are set with the quotation marks and dashes of their language, SMS in signs that cost little."""
    for set_as, typed in (("«»„“”", '"'), ("‘’‚`", "'"), ("–—", "-"), ("…", "...")):
        text = re.sub("[%s]" % set_as, lambda _, t=typed: t, text)
    return re.sub(r"\s+", " ", text)


class Agency:
    def __init__(self, folder):
        self.folder = folder
        self.now = "2026-12-01T14:00"
        self.trips, self.complaints = [], []
        self.pps("init", "--agency", "Тёплые страны", "--phone", "+7 495 123-45-67", "--email", "info@warm.example")
        self.pps("staff", "add", "olga", "--name", "Ольга", "--role", "director", "--position", "директор")
        self.pps("staff", "add", "vera", "--name", "Вера", "--role", "service", "--position", "качество")
        self.pps("staff", "add", "anna", "--name", "Анна", "--email", "anna@warm.example", "--position", "менеджер")
        self.make_clients()
        self.database = sqlite3.connect(os.path.join(folder, "pps.db"))
        self.database.isolation_level = None
        self.protect_off()
        self.occasions = [row[0] for row in self.database.execute(
            "SELECT CASE kind WHEN 'trip' THEN 'T' WHEN 'lost' THEN 'L' WHEN 'feedback' THEN 'F' WHEN 'complaint' THEN 'P' "
            "ELSE 'Y' END || id FROM occasion ORDER BY id")]

    def pps(self, *args, status=(0,), binary=False):
        done = subprocess.run([PPS, "--db", "pps.db", "--as", "olga", "--now", self.now, *args], cwd=self.folder,
                              capture_output=True, check=False, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"})
        if done.returncode not in status:
            raise AssertionError("pps %s ended with %d: %s" % (" ".join(args), done.returncode,
                                                               done.stderr.decode("utf-8", "replace")[-600:]))
        return done.stdout if binary else done.stdout.decode("utf-8")

    def make_clients(self):
        """Whoever can be reached in every way, by mobile only, by e-mail only, by landline only: so each template has its
        turn."""
        self.make_client(1, "--phone", "+79031234567", "--email", MAIL)
        self.make_client(2, "--phone", "+79031234568")
        self.make_client(3, "--email", MAIL)
        self.make_client(4, "--phone", "+74951234567")
        for now in ("2026-12-01T15:00", "2026-12-05T14:00", "2026-12-14T17:30"):
            self.at(now)
        # They have been told of departure and promise: what moves now has to be corrected.
        for occasion in self.trips:
            self.pps("edit-trip", occasion, "--departure", "17.12.2026 07:10")
        for occasion in self.complaints:
            self.pps("complaint", "plan", occasion, "--promise", "2027-01-15")
        self.pps("complaint", "resolve", self.complaints[-1], "--cause", "отель", "--outcome", "solved", "--actions", HARMLESS)
        self.at("2026-12-30T14:00")

    def at(self, now):
        self.now = now
        self.pps("tick", status=(0, 1))  # makes the greetings of the day, and freezes what is sent: preview makes it anew

    def make_client(self, number, *ways):
        """One of everything that a template can speak of."""
        self.now = "2026-12-01T14:00"
        client = "C%d" % number
        done = json.loads(self.pps(
            "add-client", "--name", HARMLESS, "--salutation", HARMLESS, *ways, "--birthday", "1985-12-05", "--purchase",
            "2026-12-01", "--departure", "15.12.2026 06:40", "--return", "22.12.2026 20:15", "--destination", HARMLESS,
            "--manager", "anna", "--allow-duplicate", "--json"))
        trip = done["trip"]["id"]
        self.trips.append(trip)
        self.pps("fact", client, "собака", HARMLESS)
        for kind, words in (("gift", ()), ("card", ("ready",)), ("album", ("ready", "hand")), ("photo", ())):
            thing = json.loads(self.pps("gift", "add", trip, "--kind", kind, "--title", HARMLESS, "--json"))["thing"]["id"]
            for word in words:
                self.pps("gift", word, thing)
        self.pps("edit-trip", trip, "--visit", "24.12.2026 15:00")
        complaint = json.loads(self.pps("complaint", "add", trip, "--title", HARMLESS, "--words", HARMLESS, "--promise",
                                        "2026-12-20", "--json"))["complaint"]["id"]
        self.complaints.append(complaint)
        self.pps("feedback", "add", trip, "--about-sale", "--csat", "2", "--nps", "3", "--plus", HARMLESS, "--words", HARMLESS)
        self.pps("lost", "--name", HARMLESS, *ways, "--reason", "цена", "--words", HARMLESS, "--travel-from", "2027-01-20",
                 "--travel-to", "2027-01-30", "--destination", HARMLESS, "--manager", "anna", "--allow-duplicate")

    def protect_off(self):
        """The schema refuses some of what follows; that is its own test. Here the question is what would come of it."""
        for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            self.database.execute('DROP TRIGGER "%s"' % name)

    def fill(self, value, lang):
        blob = value if isinstance(value, bytes) else value.encode("utf-8")
        for table, columns in (("client", ("name", "salutation", "note")), ("occasion", ("title", "note", "end_reason")),
                               ("client_fact", ("value",)), ("thing", ("title", "note")), ("staff", ("name", "position")),
                               ("complaint", ("words", "actions")), ("feedback", ("plus", "words")), ("lost", ("words",))):
            for column in columns:
                where = "%s IS NOT NULL" % column
                if table == "occasion":
                    where += " AND kind <> 'greeting'"  # named by the playbook
                self.database.execute("UPDATE %s SET %s = CAST(?1 AS TEXT) WHERE %s" % (table, column, where), (blob,))
        self.database.execute("UPDATE client SET lang = ?1", (lang,))
        # Of one name they would be one person, who must not sign what they failed to sell.
        self.database.execute("UPDATE staff SET name = CAST(login || ' ' || CAST(name AS BLOB) AS TEXT)")

    def messages(self):
        """Each step once a channel: it does not matter of which client."""
        seen = set()
        for occasion in self.occasions:
            for m in json.loads(self.pps("preview", "--all", "--trip", occasion, "--json", status=(0, 1)))["messages"]:
                if m["error"] is None and (m["step"], m["channel"]) not in seen:
                    seen.add((m["step"], m["channel"]))
                    yield occasion, m


def skeleton_of_mail(raw):
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    defects = [d for part in mail.walk() for d in part.defects]
    fields = [(name, type(value).__name__) for name, value in mail.items()]
    kinds = [part.get_content_type() for part in mail.walk()]
    faults = ["defect %r" % d for d in defects]
    faults += ["a bare line break"] * bool(re.search(rb"(?<!\r)\n|\r(?!\n)", raw))
    faults += ["a line of %d bytes" % len(line) for line in raw.split(b"\r\n") if len(line) > 998]
    faults += ["the header is not ASCII"] * (not raw.split(b"\r\n\r\n", 1)[0].isascii())
    return mail, (fields, kinds), faults


def faults_of_text(text):
    """Nothing that cannot be seen, and nothing that turns the direction of writing."""
    bad = {c for c in text if c in BIDI or (unicodedata.category(c) in UNSAFE and c != "\n")}
    return ["the words have %s" % ", ".join(sorted("U+%04X" % ord(c) for c in bad))] if bad else []


def harmless_like(value, lang):
    """Who reads no Cyrillic gets names in Latin letters, and positions only when they are: of the same shape is the same
    alphabet."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    return HARMLESS if lang != "en" or re.search("[а-яА-Я]", text) else HARMLESS_LATIN


def judge(agency, value, lang, harmless, as_mail):
    """The faults of all messages with this value in this language; harmless: the same with harmless data."""
    agency.fill(value, lang)
    word = harmless_like(value, lang)
    words = as_words(value)
    made = {(m["step"], m["channel"]): (occasion, m) for occasion, m in agency.messages()}
    for occasion, p in harmless:
        where = "%s %s in %s" % (p["step"], p["channel"], lang)
        if (p["step"], p["channel"]) not in made:
            yield where, "it cannot be made any more"
            continue
        occasion, m = made[p["step"], p["channel"]]
        text = "\n".join(m[key] or "" for key in ("subject", "preheader", "text"))
        for fault in faults_of_text(text):
            yield where, fault
        shown = plain(words if len(words) < 500 else words[:60])
        if word in (p["text"] or "") and shown not in plain(m["text"]):
            yield where, "the value is not there as words: %s" % m["text"][:300]
        if m["channel"] != "email":
            continue
        if m["html"].count("\n") > 3000:
            yield where, "the letter grew to %d lines" % m["html"].count("\n")
        here, there = Shape(m["html"]), Shape(p["html"])
        if here.seen != there.seen:
            first = next((a, b) for a, b in zip(here.seen + [None], there.seen + [None]) if a != b)
            yield where, "other HTML: %r instead of %r" % first
        if word in there.text and shown not in plain(here.text):
            yield where, "the value is not there in HTML as words: %s" % here.text[:300]
        if m["subject"].splitlines() != [m["subject"]]:
            yield where, "the subject has %d lines" % len(m["subject"].splitlines())
        if as_mail:
            yield from ((where, fault) for fault in judge_mail(agency, occasion, m, p))


def judge_mail(agency, occasion, m, p):
    raw = agency.pps("preview", m["step"], "--trip", occasion, "--eml", "-", binary=True)
    mail, shape, faults = skeleton_of_mail(raw)
    yield from faults
    if "shape" in p and shape != p["shape"]:
        yield "other header fields or parts: %s instead of %s" % (shape, p["shape"])
    p.setdefault("shape", shape)
    to = mail["To"].addresses
    if [a.addr_spec for a in to] != [MAIL]:
        yield "it goes to %s" % [str(a) for a in to]
    senders = mail["From"].addresses
    if [a.addr_spec for a in senders] != ["info@warm.example"]:
        yield "it comes from %s" % [str(a) for a in senders]
    if mail.get_body(("plain",)).get_content().strip().replace("\r\n", "\n") != m["text"].strip():
        yield "the mail says other words than the preview"


def not_covered(messages):
    """Templates that none of the messages was made of."""
    folders = {"email": "letters", "sms": "sms", "call": "scripts", "visit": "scripts", "task": "scripts"}
    made = {folders[m["channel"]] + "/" + m["step"] for _, m in messages}
    files = [name.split(".")[0] for folder in ("letters", "sms", "scripts")
             for name in sorted(os.listdir(os.path.join(ROOT, "templates", folder, "en"))) for name in [folder + "/" + name]
             if os.path.isfile(os.path.join(ROOT, "templates", folder, "en", name.split("/")[1]))]
    return [name for name in files if name not in made]


def main():
    with tempfile.TemporaryDirectory(prefix="pps-hostile-") as folder:
        agency = Agency(folder)
        messages, failed = {}, 0
        for lang, word in [(lang, HARMLESS) for lang in LANGS] + [("en", HARMLESS_LATIN)]:
            agency.fill(word, lang)
            messages[lang, word] = list(agency.messages())
            faults = [*judge(agency, word, lang, messages[lang, word], True)]
            faults += [("templates of " + lang, "nothing is made of " + name) for name in not_covered(messages[lang, word])]
            for fault in faults:
                print("#", ": ".join(fault))
            failed += bool(faults)
        print("# %d messages in %s" % (sum(map(len, messages.values())), ", ".join(LANGS)))
        print("%s 1 - harmless data gives sound messages, of every template" % ("not ok" if failed else "ok"))
        for number, (name, value) in enumerate(VALUES.items(), start=2):
            lang = LANGS[number % len(LANGS)]  # the languages differ in their words only
            faults = list(judge(agency, value, lang, messages[lang, harmless_like(value, lang)], name in IN_HEADERS))
            for fault in faults[:6]:
                print("#", ": ".join(fault)[:700].replace("\n", "\\n"))
            print("%s %d - %s" % ("not ok" if faults else "ok", number, name))
            failed += bool(faults)
        print("1..%d" % (len(VALUES) + 1))
        return failed != 0


if __name__ == "__main__":
    sys.exit(main())
