#!/usr/bin/python3
"""Every shipped letter in every language, as it leaves the program: sound mail, sound HTML, the same words in both
parts, and nothing that a spam filter minds.

An agency with a client of each kind for each language of templates/letters; a playbook with the steps of the shipped one,
all by e-mail and at once; ticks into the outbox. The letters are read by Python's e-mail package and html5lib, and
scored by SpamAssassin, with its local rules. Once with everything that an agency can set, and once with nothing of it.

    PPS=build/check/pps tests/e2e/test_letters.py

What the letters say is kept in tests/golden. Prints TAP."""

import contextlib
import email
import email.header
import email.policy
import email.utils
import hmac
import io
import json
import os
import re
import sqlite3
import struct
import subprocess
import sys
import tempfile
import traceback
import zipfile
import zlib

import html5lib

sys.dont_write_bytecode = True
import texts

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))
LETTERS = os.path.join(ROOT, "templates/letters")
LANGS = sorted(os.listdir(LETTERS))
STEPS = {lang: sorted(f[:-3] for f in os.listdir(os.path.join(LETTERS, lang)) if f.endswith(".md")) for lang in LANGS}

AGENCY = {"name": 'Турагентство "Море, горы"', "phone": "+74955550100", "email": "info@warm.example",
          "site": "https://warm.example/", "address": "Москва, ул. Ёлочная, 5", "color": "#c8511b",
          "hashtag": "#тёплыестраны", "survey_url": "https://warm.example/s", "tz": "Europe/Moscow"}
NAMES = {"trip": "Doe, John", "lost": "Мария \"Маша\" Иванова", "feedback": "Иванов, Пётр; с женой",
         "complaint": "“Доу, Джон” <jd>", "greeting": "Ann Bell"}
# As who reads no Cyrillic gets them.
NAMES_LATIN = dict(NAMES, lost="Mariia \"Masha\" Ivanova", feedback="Ivanov, Petr; s zhenoi", complaint="\"Dou, Dzhon\" <jd>")
MEMO = "Памятка туристу; «важно» 2027.pdf"


def png(width, height, rgb):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes(rgb) * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def playbook():
    """The shipped steps that have a letter, all by e-mail, as soon as the thing they are about has happened."""
    with open(os.path.join(ROOT, "templates/playbook.json"), encoding="utf-8") as f:
        shipped = json.loads(re.sub(r"(?m)//.*$", "", f.read()))
    have = {step for lang in LANGS for step in STEPS[lang]}
    anchors = {"trip": "purchase", "lost": "learned", "feedback": "answered", "greeting": "day"}
    steps = []
    for s in shipped["steps"]:
        if s["key"] not in have:
            continue
        series = s.get("series", "trip")
        anchor = anchors.get(series) or ("resolved" if s["at"]["anchor"] == "resolved" else "opened")
        at = {"anchor": anchor, "time": "10:00"} if series == "greeting" else {"anchor": anchor}
        step = {"key": s["key"], "series": series, "column": "", "channel": "email", "at": at, "grace": {"days": 5},
                "if_late": "send_now", "signed_by": s["signed_by"], "class": s["class"]}
        steps.append({**step, **({"greeting": s["greeting"]} if "greeting" in s else {})})
    return {"name": "all", "steps": steps, "holidays": {"new-year": "02-04"}}


class Agency:
    def __init__(self, folder, config, rich):
        self.folder, self.staffed = folder, False
        os.makedirs(folder)
        self.env = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "exitcode=99"}
        self.run("init")
        self.put("pps.json", json.dumps(config).encode())
        self.put("templates/playbook.json", json.dumps(playbook()).encode())
        if rich:
            self.put("templates/pictures/logo.png", png(440, 120, (200, 81, 27)))
            self.put("templates/pictures/olga.png", png(96, 96, (40, 90, 200)))
            self.put("templates/pictures/vera.png", png(96, 96, (40, 90, 200)))  # the same picture twice: sent once
            phone = ("--phone", "+74955550101")
        else:
            phone = ()
        self.run("staff", "add", "olga", "--name", "Ольга Смирнова", "--role", "director", "--position", "директор",
                 "--email", "olga@warm.example", *phone)
        self.run("staff", "add", "vera", "--name", "Вера, сервис", "--role", "service", "--email", "vera@warm.example")
        self.run("staff", "add", "anna", "--name", "Анна Петрова", "--email", "anna@warm.example", *phone)
        self.staffed = True

    def put(self, path, data):
        path = os.path.join(self.folder, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(data)

    def run(self, *args, day=1, hour=12):
        command = [PPS, "--db", os.path.join(self.folder, "pps.db"), *(("--as", "anna") if self.staffed else ()),
                   "--now", "2027-02-%02dT%02d:05:00+03:00" % (day, hour), *args]
        done = subprocess.run(command, env=self.env, stdin=subprocess.DEVNULL, capture_output=True, timeout=120,
                              check=False)
        if done.returncode or done.stderr:
            raise AssertionError("%s: exit status %d\n%s%s" % (args, done.returncode, done.stdout.decode(),
                                                              done.stderr.decode()))
        return done.stdout.decode()

    def client(self, lang, kind, *more):
        return ["--name", NAMES[kind], "--email", "%s.%s@example.org" % (kind, lang), "--lang", lang, *more]

    def sell(self, lang, kind, *dates):
        options = zip(("--purchase", "--departure", "--return"), dates)
        out = self.run("add-client", "--destination", "Тенерифе", "--json", "--allow-duplicate",
                       *[word for option in options for word in option],
                       *self.client(lang, kind, *(["--birthday", "1980-02-03"] if kind == "greeting" else [])))
        return json.loads(out)["trip"]["id"]

    def play(self):
        past = "2026-12-01", "2026-12-20 09:30", "2026-12-30 18:00"
        complaints = []
        for lang in LANGS:
            self.sell(lang, "trip", "2027-02-01", "2027-03-01 06:40", "2027-03-11")
            self.sell(lang, "greeting", *past)
            self.run("feedback", "add", self.sell(lang, "feedback", *past), "--csat", "5", "--nps", "10", "--plus",
                     "встречать с цветами")
            self.run("lost", *self.client(lang, "lost"), "--allow-duplicate", "--reason", "цена", "--no-call")
            about = self.sell(lang, "complaint", *past)
            complaint = json.loads(self.run("complaint", "add", about, "--title", "шум в номере", "--promise",
                                            "2027-02-05", "--manager", "olga", "--json"))
            complaints.append(complaint["complaint"]["id"])
        self.run("tick")
        for complaint in complaints:
            self.run("complaint", "resolve", complaint, "--cause", "отель", "--outcome", "compensated", "--actions",
                     "вернули деньги за две ночи")
        for day in (1, 3, 4):
            self.run("tick", day=day)

    def letters(self):
        """{(language, step): Letter}"""
        found = {}
        folder = os.path.join(self.folder, "outbox")
        for name in sorted(os.listdir(folder)):
            letter = Letter(os.path.join(folder, name))
            found.setdefault((letter.lang, letter.step), letter)
        return found


class Letter:
    def __init__(self, path):
        self.path = path
        with open(path, "rb") as f:
            self.raw = f.read()
        self.mail = email.message_from_bytes(self.raw, policy=email.policy.default)
        self.old = email.message_from_bytes(self.raw)
        self.lang = self.mail["Content-Language"]
        self.step = re.sub(r".*-A\d+-(.*)\.eml$", r"\1", path)
        self.kind, client_lang = self.mail["To"].addresses[0].username.split(".")
        self.right = client_lang == self.lang
        self.text = self.mail.get_body(("plain",)).get_content()
        self.html = self.mail.get_body(("html",)).get_content()
        self.marketing = self.mail["Feedback-ID"].split(":")[2] == "marketing"

    def name_in(self, header):
        """By the older parser: the newer one puts a blank of its own between two encoded words."""
        name, address = email.utils.parseaddr(self.old[header])
        return str(email.header.make_header(email.header.decode_header(name))), address


# ---- what must hold for each letter; each yields what is wrong ----

def wrong_in_bytes(letter):
    raw = letter.raw
    if re.search(rb"(?<!\r)\n|\r(?!\n)", raw) or not raw.endswith(b"\r\n"):
        yield "a line does not end in CR LF"
    if re.search(rb"[^\x20-\x7e\r\n\t]", raw):
        yield "8-bit or control characters"
    yield from ("a line of %d bytes" % len(line) for line in raw.split(b"\r\n") if len(line) > 998)
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    # An address of List-Unsubscribe is never broken (RFC 2369, 2): only what could have been folded is too long.
    yield from ("a header line over 78: %s" % line for line in head if len(line) > 78 and b" " in line.split(b": ")[-1])
    yield from ("a charset of its own: %s" % c for c in re.findall(rb"=\?([^?]+)\?[bBqQ]\?", raw) if c != b"UTF-8")


def wrong_in_structure(letter):
    for part in letter.mail.walk():
        yield from part.defects
        for name, value in part.items():
            yield from ("%s: %s" % (name, d) for d in getattr(value, "defects", ()))
        if part.get_content_maintype() == "text" and part["Content-Transfer-Encoding"] != "quoted-printable":
            yield "a text in %s" % part["Content-Transfer-Encoding"]
    pictures = [p for p in letter.mail.walk() if p.get_content_maintype() == "image"]
    types = [p.get_content_type() for p in letter.mail.walk()]
    inner = ["multipart/related", "text/html"] + ["image/png"] * len(pictures) if pictures else ["text/html"]
    if types != ["multipart/alternative", "text/plain", *inner]:
        yield "the parts are %s" % types
    ids = [p["Content-ID"].strip("<>") for p in pictures]
    if sorted(set(re.findall(r'cid:([^"]+)"', letter.html))) != sorted(ids):
        yield "pictures %s are not what the page shows" % ids


def wrong_in_headers(letter):
    mail = letter.mail
    one = ["Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Auto-Submitted",
           "X-Auto-Response-Suppress", "Content-Language", "Feedback-ID", "Content-Type"]
    bulk = ["Precedence", "List-Unsubscribe"] if letter.marketing else []
    bulk += ["List-Unsubscribe-Post"] if "https" in (mail["List-Unsubscribe"] or "") else []
    if sorted(h.lower() for h in mail.keys()) != sorted(h.lower() for h in one + bulk):
        yield "the headers are %s" % sorted(mail.keys())
    if not re.fullmatch(r"<a\d+\.[0-9a-f]{32}@warm\.example>", mail["Message-ID"]):
        yield "Message-ID: %s" % mail["Message-ID"]
    if mail["Feedback-ID"] != "%s:warm.example:%s:pps" % (letter.step, mail["Feedback-ID"].split(":")[2]):
        yield "Feedback-ID: %s" % mail["Feedback-ID"]
    if (mail["Auto-Submitted"], mail["Precedence"]) != ("auto-generated", "bulk" if letter.marketing else None):
        yield "Auto-Submitted: %s, Precedence: %s" % (mail["Auto-Submitted"], mail["Precedence"])
    name = (NAMES_LATIN if letter.lang == "en" else NAMES)[letter.kind]
    if letter.name_in("To") != (name, "%s.%s@example.org" % (letter.kind, letter.lang)):
        yield "To: %s" % (letter.name_in("To"),)
    name, address = letter.name_in("From")
    if address != "info@warm.example" or not re.match(r"(Ольга Смирнова|Вера, сервис|Анна Петрова|Olga Smirnova|Vera, servis|Anna Petrova) \(", name):
        yield "From: %s <%s>" % (name, address)
    person = {"Ольга": "olga", "Вера,": "vera", "Анна": "anna", "Olga": "olga", "Vera,": "vera", "Anna": "anna"}.get(name.split()[0])
    if letter.name_in("Reply-To") != ("", "%s@warm.example" % person):
        yield "Reply-To: %s" % mail["Reply-To"]
    if "\n" in mail["Subject"] or not mail["Subject"].strip():
        yield "Subject: %r" % mail["Subject"]


def wrong_in_html(letter):
    parser = html5lib.HTMLParser()
    page = parser.parse(letter.html)
    yield from ("HTML: %s at %s" % (code, where) for where, code, _ in parser.errors)
    ns = "{http://www.w3.org/1999/xhtml}"
    root = page.find(".") if page.tag == ns + "html" else page
    if root.get("lang") != letter.lang or root.get("dir") != "ltr":
        yield "lang or dir is not the letter's"
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        tag = element.tag.replace(ns, "")
        if tag in ("script", "iframe", "object", "embed", "form", "link", "video", "audio", "base"):
            yield "<%s>" % tag
        for key, value in element.items():
            if key in ("src", "srcset", "background", "poster", "data") and not value.startswith("cid:"):
                yield "%s=%s is elsewhere" % (key, value)
            if key.startswith("on") or (key == "style" and "url(" in value):
                yield "%s=%s" % (key, value)
        if tag == "a" and not re.match(r"(https://|mailto:|tel:\+)[^ ]+$", element.get("href", "")):
            yield "a link to %s" % element.get("href")
        if tag == "img" and not (element.get("width") and element.get("alt")):
            yield "a picture without width or alternative text"
        if tag == "style" and re.search(r"url\(|@import", element.text or ""):
            yield "a style that loads something"
    if "prefers-color-scheme: dark" not in letter.html or 'name="viewport"' not in letter.html:
        yield "no colours for dark screens, or no viewport"


def wrong_in_words(letter):
    """Both parts say the same: the words of the letter, read out of either."""
    def words(text):
        return re.findall(r"\w+", text)
    visible = texts.VisibleText(letter.html).text()
    lost = [w for w in set(words(re.sub(r"\S+@\S+|https?://\S+", " ", letter.text))) if w not in words(visible)]
    if lost:
        yield "only in the text: %s" % sorted(lost)
    if letter.marketing != ("warm.example/stop/u" in letter.text or "stop@" in letter.text or
                            bool(re.search(r": \w+@warm\.example\s*$", letter.text))):
        yield "the way out is not where it belongs"
    if re.search(r"\{\{|\}\}|&[a-z]+;", letter.text):
        yield "marks of a template"


CHECKS = {"bytes": wrong_in_bytes, "structure": wrong_in_structure, "headers": wrong_in_headers,
          "HTML": wrong_in_html, "the same words in both parts": wrong_in_words}


# ---- the tests ----

class Tests:
    def __init__(self, folder):
        self.folder = folder
        self.rich = Agency(os.path.join(folder, "rich"), self.config(AGENCY, unsubscribe_to="stop@warm.example",
                           unsubscribe_url="https://warm.example/stop/{token}"), True)
        self.bare = Agency(os.path.join(folder, "bare"), self.config({"name": "Warm"}), False)
        self.played = {}
        for name, agency in (("rich", self.rich), ("bare", self.bare)):
            agency.play()
            self.played[name] = agency.letters()

    @staticmethod
    def config(agency, **more):
        return {"agency": agency, "per_client_per_day": 100, "email": {"from": "info@warm.example", **more}}

    def test_every_shipped_letter_was_sent(self):
        shipped = {(lang, step) for lang in LANGS for step in STEPS[lang]}
        for name, letters in self.played.items():
            missing, wrong = shipped - set(letters), [k for k, v in letters.items() if not v.right]
            assert not missing and not wrong, "%s: not sent: %s; in another language: %s" % (name, missing, wrong)

    def check(self, what):
        faults = ["%s %s/%s: %s" % (name, lang, step, fault) for name, letters in self.played.items()
                  for (lang, step), letter in sorted(letters.items())
                  for fault in CHECKS[what](letter)]
        assert not faults, "\n".join(faults[:40])

    def test_spamassassin_minds_nothing(self):
        state = os.path.join(self.folder, "spam")
        os.mkdir(state)
        spam = os.path.join(state, "spam.eml")  # the sentence that every filter takes for spam: it does look
        with open(spam, "w", encoding="ascii") as f:
            f.write("From: a@b.example\n\nXJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n")
        cases = [(name, key, letter) for name, letters in self.played.items() for key, letter in sorted(letters.items())]
        done = subprocess.run(["perl", os.path.join(HERE, "spam.pl"), state, spam, *[c[2].path for c in cases]],
                              capture_output=True, text=True, timeout=600, check=False,
                              env={"PATH": "/usr/bin:/bin", "HOME": state, "LC_ALL": "C.UTF-8"})
        lines = done.stdout.splitlines()
        assert done.returncode == 0 and len(lines) == len(cases) + 1, "exit status %d\n%s" % (done.returncode, done.stderr)
        assert float(lines.pop(0).split()[0]) > 100, "the filter lets everything through"
        worst = (-99.0, "")
        for (name, (lang, step), _), line in zip(cases, lines):
            score = float(line.split()[0])
            worst = max(worst, (score, "%s %s/%s (%s)" % (name, lang, step, line)))
            print("# %s %s/%s: %s" % (name, lang, step, line))
        print("# the worst: %.1f, %s" % worst)
        assert worst[0] < 1.0, "%s is the worst" % worst[1]  # with the rules that it broke

    def test_one_picture_is_sent_once(self):
        """The logo and the face of whoever signs; the same bytes under two names are one part."""
        self.rich.put("templates/pictures/logo.png", png(96, 96, (40, 90, 200)))
        self.rich.sell("ru", "trip", "2027-02-05", "2027-03-01", "2027-03-11")
        self.rich.run("tick", day=5)
        folder = os.path.join(self.rich.folder, "outbox")
        letters = [Letter(os.path.join(folder, n)) for n in os.listdir(folder) if n.startswith("2027-02-05")]
        by_olga = [x for x in letters if x.step == "thank-you"]
        assert len(by_olga) == 1
        types = [p.get_content_type() for p in by_olga[0].mail.walk()]
        assert types.count("image/png") == 1 and by_olga[0].html.count("cid:") == 2, types

    def attach(self, agency, header, day, more=""):
        """The thank-you letter of another trip, with this header; what the tick did with it."""
        with open(os.path.join(LETTERS, "ru", "thank-you.md"), "rb") as f:
            agency.put("templates/letters/ru/thank-you.md", header.encode() + b"\n" + f.read() + more.encode())
        trip = agency.sell("ru", "trip", "2027-02-%02d" % day, "2027-03-%02d" % day, "2027-03-25")
        agency.run("tick", day=day)
        return next(a for a in json.loads(agency.run("timeline", trip, "--json", day=day))["actions"]
                    if a["step"] == "thank-you")

    def sent(self, agency, action):
        folder = os.path.join(agency.folder, "outbox")
        return Letter(os.path.join(folder, next(n for n in os.listdir(folder) if "-%s-" % action["id"] in n)))

    def test_attachments_arrive_as_they_are(self):
        ics = "BEGIN:VCALENDAR\nSUMMARY:Визит\nEND:VCALENDAR\n".encode()
        word = io.BytesIO()
        with zipfile.ZipFile(word, "w") as archive:
            for part in ("[Content_Types].xml", "word/document.xml"):
                archive.writestr(part, "x")
        files = {MEMO: (b"%PDF-1.4\n" + bytes(range(256)) * 40, "application/pdf"),
                 "visit.ics": (ics, "text/calendar"), "voucher.docx": (word.getvalue(), None),
                 "photo.txt": (png(3, 3, (1, 2, 3)), "image/png")}
        for name, (data, _) in files.items():
            self.bare.put("templates/attachments/" + name, data)
        action = self.attach(self.bare, "Attachments: " + ", ".join(files), 6)
        letter = self.sent(self.bare, action)
        assert not list(wrong_in_bytes(letter)) and letter.mail.get_content_type() == "multipart/mixed"
        found = {p.get_filename(): p for p in letter.mail.iter_attachments()}
        assert list(found) == list(files), list(found)
        for name, (data, kind) in files.items():
            part = found[name]
            assert part.get_payload(decode=True) == data and not part.defects, name
            assert kind is None or part.get_content_type() == kind, (name, part.get_content_type())
        assert "wordprocessingml" in found["voucher.docx"].get_content_type()

    def test_the_largest_letter_goes_through(self):
        self.bare.put("templates/attachments/a.bin", b"\x00\xff" * (5 << 19))
        self.bare.put("templates/attachments/b.bin", b"\x01\xfe" * (5 << 19))
        letter = self.sent(self.bare, self.attach(self.bare, "Attachments: a.bin, b.bin", 7))
        sizes = [len(p.get_payload(decode=True)) for p in letter.mail.iter_attachments()]
        assert sizes == [5 << 20, 5 << 20] and len(letter.raw) > 14 * 10**6, (sizes, len(letter.raw))

    def test_the_largest_letter_goes_by_smtp_from_an_address_of_its_own(self):
        log = os.path.join(self.folder, "smtp.log")
        with subprocess.Popen([sys.executable, os.path.join(ROOT, "tests/fake/smtp_server.py"), log],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            smtp = {"host": "127.0.0.1", "port": int(server.stdout.readline()), "security": "none"}
            config = self.config({"name": "Warm"}, gateway="smtp", smtp=smtp, verp="bounce+{token}@back.warm.example")
            self.bare.put("pps.json", json.dumps(config).encode())
            action = self.attach(self.bare, "Attachments: a.bin, b.bin", 25)
            server.stdin.close()
        with open(log, encoding="utf-8") as f:
            said = [json.loads(line) for line in f]
        letter, = (x["accepted"] for x in said if "<%s." % action["id"].lower() in x.get("accepted", {}).get("data", "")[:2000])
        assert action["state"] == "sent" and len(letter["data"]) > 14 * 10**6, (action, len(letter["data"]))
        key = sqlite3.connect(os.path.join(self.bare.folder, "pps.db")).execute(
            "SELECT value FROM setting WHERE key = 'token_key'").fetchone()[0]
        about = "b" + action["id"][1:]
        mac = hmac.new(key.encode(), about.encode(), "sha256").hexdigest()[:24]
        assert "bounce+%s-%s@back.warm.example" % (about, mac) in letter["from"], letter["from"]
        assert "From: Ольга" not in letter["data"] and "<info@warm.example>" in letter["data"][:500]
        assert len(key) == 64 and key not in letter["data"]

    def test_the_way_out_says_who_and_nothing_else(self):
        letter = self.played["rich"]["ru", "loyalty"]
        key = sqlite3.connect(os.path.join(self.rich.folder, "pps.db")).execute(
            "SELECT value FROM setting WHERE key = 'token_key'").fetchone()[0]
        token = re.search(r"/stop/(u(\d+)-[0-9a-f]{24})>", letter.mail["List-Unsubscribe"])
        about = "u" + token.group(2)
        assert token.group(1) == "%s-%s" % (about, hmac.new(key.encode(), about.encode(), "sha256").hexdigest()[:24])
        assert letter.mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "@example.org" not in letter.mail["List-Unsubscribe"]
        bare = self.played["bare"]["ru", "loyalty"]
        assert bare.mail["List-Unsubscribe"].startswith("<mailto:olga@warm.example?subject=unsubscribe%20u")
        assert bare.mail["List-Unsubscribe-Post"] is None

    def test_what_cannot_be_attached_holds_the_letter(self):
        self.bare.put("templates/attachments/big.bin", b"\x00" * ((5 << 20) + 1))
        self.bare.put("templates/attachments/c.bin", b"c")
        self.bare.put("templates/attachments/setup.pdf", b"MZ\x90\x00")
        self.bare.put("templates/attachments/empty.pdf", b"")
        cases = {"big.bin": "big.bin is larger than 5 MB: make it smaller",
                 "a.bin, b.bin, c.bin": "c.bin the attachments are larger than 10 MB together: leave one out, or make "
                                        "them smaller",
                 "setup.pdf": "setup.pdf is a program, and mail servers refuse that: send another file",
                 "empty.pdf": "empty.pdf is empty", "a.bin, a.bin": '"a.bin" is named twice',
                 "none.pdf": "none.pdf: put it there, or take it out of Attachments",
                 "../pps.json": '"../pps.json" is no name of an attachment, / is in it: write the name of a file in the '
                                'folder attachments'}
        for day, (header, reason) in enumerate(cases.items(), 8):
            action = self.attach(self.bare, "Attachments: " + header, day)
            assert action["state"] == "held" and action["reason"].endswith(reason), (header, action)
            assert "letters/ru/thank-you.md:1:14: " in action["reason"], action["reason"]
        found = self.doctor(self.bare, "templates")
        assert any(word == "FAULT" and "letters/ru/thank-you.md:1:" in line and "../pps.json" in line for word, line in found), found

    def test_from_agency(self):
        action = self.attach(self.rich, "From: agency", 20)
        letter = self.sent(self.rich, action)
        assert letter.name_in("From") == (AGENCY["name"], "info@warm.example"), letter.name_in("From")
        assert letter.mail["Reply-To"] == "info@warm.example" and "Ольга" not in letter.text + letter.html
        action = self.attach(self.rich, "From: anna", 21)
        assert action["reason"].endswith('From is "signer" (who signs this step) or "agency", not "anna"'), action

    def test_pictures_in_the_words_of_a_letter(self):
        beach = png(800, 40, (9, 99, 199))
        self.bare.put("templates/pictures/beach.png", beach)
        more = "\n![Пляж <вечером>](pictures/beach.png)\n\n![](pictures/beach.png)\n"
        letter = self.sent(self.bare, self.attach(self.bare, "From: signer", 22, more))
        assert not list(wrong_in_bytes(letter)) and not list(wrong_in_structure(letter)), "the letter is unsound"
        parts = [p for p in letter.mail.walk() if p.get_content_maintype() == "image"]
        assert [p.get_payload(decode=True) for p in parts] == [beach]
        shown = re.findall(r'<img src="cid:([^"]+)" width="536" style="[^"]*" alt="([^"]*)"', letter.html)
        assert shown == [(parts[0]["Content-ID"].strip("<>"), alt) for alt in ("Пляж &lt;вечером&gt;", "")], shown
        assert "Пляж <вечером>" in letter.text and "pictures/" not in letter.text + letter.html
        action = self.attach(self.bare, "From: signer", 23, "\n![Горы](pictures/hills.png)\n")
        assert action["reason"].endswith("pictures/hills.png: put it there"), action

    @staticmethod
    def doctor(agency, what):
        command = [PPS, "--db", os.path.join(agency.folder, "pps.db"), "doctor"]
        done = subprocess.run(command, env=agency.env, capture_output=True, text=True, timeout=120, check=False)
        return re.findall(r"^(\S+) +%s +(.*)$" % what, done.stdout, re.M)

    def test_bad_pictures_hold_the_letter(self):
        assert self.doctor(self.rich, "pictures") == [("ok", "the logo, 2 of those who sign")]
        for day, (data, reason) in enumerate(((b"%PDF-1.4", "logo.png is no picture: save it anew as PNG, JPEG or GIF"),
                                              (png(2, 2, (0, 0, 0)) + b"\0" * 300000,
                                               "logo.png is larger than 300 kB: make the picture smaller")), 22):
            self.rich.put("templates/pictures/logo.png", data)
            action = self.attach(self.rich, "From: signer", day)
            assert action["state"] == "held" and action["reason"].endswith(reason), action
            found = self.doctor(self.rich, "templates") + self.doctor(self.rich, "pictures")
            assert any(word == "FAULT" and reason.split(" is ")[1].split(":")[0] in line and "logo.png" in line for word, line in found), found

    def test_an_older_database_gets_its_key_from_a_tick(self):
        with contextlib.closing(sqlite3.connect(os.path.join(self.rich.folder, "pps.db"))) as db:
            query = "SELECT value FROM setting WHERE key = 'token_key'"
            before = db.execute(query).fetchone()
            db.execute("DELETE FROM setting WHERE key = 'token_key'")
            db.commit()
            self.rich.run("tick", day=24)
            after = db.execute(query).fetchone()
            self.rich.run("tick", day=24)
            assert re.fullmatch("[0-9a-f]{64}", after[0]) and after != before and db.execute(query).fetchone() == after


def main():
    with tempfile.TemporaryDirectory(prefix="pps-letters-") as folder:
        tests = Tests(folder)
        todo = [("every shipped letter was sent", tests.test_every_shipped_letter_was_sent)]
        todo += [(what, lambda what=what: tests.check(what)) for what in CHECKS]
        todo += [(name[5:].replace("_", " "), getattr(tests, name)) for name in
                 ("test_spamassassin_minds_nothing", "test_one_picture_is_sent_once",
                  "test_attachments_arrive_as_they_are", "test_the_largest_letter_goes_through",
                  "test_the_way_out_says_who_and_nothing_else", "test_what_cannot_be_attached_holds_the_letter", "test_from_agency",
                  "test_pictures_in_the_words_of_a_letter", "test_bad_pictures_hold_the_letter", "test_an_older_database_gets_its_key_from_a_tick",
                  # the last one: from here on the outbox is no gateway for this agency any more
                  "test_the_largest_letter_goes_by_smtp_from_an_address_of_its_own")]
        print("1..%d" % len(todo))
        failed = 0
        for number, (name, test) in enumerate(todo, 1):
            try:
                test()
                print("ok %d - %s" % (number, name))
            except Exception:  # pylint: disable=broad-except
                failed += 1
                print("not ok %d - %s" % (number, name))
                print("".join("# %s\n" % line for line in traceback.format_exc().splitlines()[-45:]), end="")
            sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
