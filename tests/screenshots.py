#!/usr/bin/python3 -B
"""screenshots.py [--out FOLDER] [--lang CODE] [STEP ...]: pictures of every letter, to be looked at (`make screenshots`).

Every letter of every language, rendered by pps preview for people of a little agency, as it stands on a phone (375 px) and
on a desktop (1024 px), light and dark, by Chromium without a screen; and index.html with all of them side by side. It
proves that dark is dark, by a pixel, and that nothing in a letter is wider than the screen; whether it is beautiful, a
person has to say. FOLDER is build/screenshots. PPS is the program (build/pps)."""

import argparse
import base64
import fcntl
import html
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
PPS = os.environ.get("PPS", str(ROOT / "build" / "pps"))
WIDTHS = {"phone": 375, "desktop": 1024}
SCHEMES = ("light", "dark")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
HEIGHT, MAX_HEIGHT = 700, 6000


# Its logo and the face of its director, drawn by the browser; twice as large as they are shown.
LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="440" height="120" viewBox="0 0 220 60"><circle cx="28" cy="30" r="14"
fill="#f4a524"/><path d="M4 42q8-7 16 0t16 0 16 0" fill="none" stroke="#0b5cad" stroke-width="5" stroke-linecap="round"/>
<text x="60" y="37" font-family="DejaVu Sans,sans-serif" font-weight="bold" font-size="16" fill="#0b3d70">Тёплые
страны</text></svg>"""
FACE = """<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256" viewBox="0 0 64 64"><rect width="64" height="64"
fill="#dfeaf6"/><path d="M17 34q-3-22 15-22t15 22q1 10-4 12H21q-5-2-4-12" fill="#6b4226"/><circle cx="32" cy="29" r="11"
fill="#f2c9a8"/><path d="M21 27q3-9 11-9t11 9q-5-1-8-5-5 5-14 5" fill="#6b4226"/><path d="M10 64q2-20 22-20t22 20"
fill="#0b5cad"/><path d="M26 42h12v5q-6 5-12 0" fill="#f2c9a8"/></svg>"""


# ---- a little agency ----

class Agency:
    """People for whom every letter has something to say: one can be called, the other only be written to."""

    def __init__(self, folder):
        self.folder, self.now, self.ids = folder, "2026-11-02 09:00", []
        self.run("init", "--agency", "Тёплые страны", "--phone", "+7 495 123-45-67", "--email", "info@warm.example")
        config = folder / "pps.json"
        config.write_text(config.read_text(encoding="utf-8").replace(
            '"country": "RU"', '"country": "RU", "email": "info@warm.example", "site": "https://warm.example", '
            '"address": "Москва, ул. Морская, 5", "hashtag": "#тёплыестраны", "survey_url": "https://warm.example/survey"'),
            encoding="utf-8")
        shutil.rmtree(folder / "templates")  # the ones that are built in
        self.run("staff", "add", "olga", "--name", "Ольга Смирнова", "--role", "director", "--position", "директор",
                 "--email", "olga@warm.example", "--phone", "+7 903 111-22-33")
        self.run("staff", "add", "sofia", "--name", "София Белова", "--role", "service", "--email", "sofia@warm.example",
                 "--position", "директор по сервису")
        self.run("staff", "add", "anna", "--name", "Анна Петрова", "--email", "anna@warm.example", "--phone",
                 "+7 903 765-43-21", "--position", "менеджер")
        self.people()

    def dress(self, browser):
        pictures = self.folder / "templates" / "pictures"
        pictures.mkdir(parents=True)
        for name, drawing in (("logo.png", LOGO), ("olga.png", FACE)):
            width, height = (int(n) for n in re.search(r'width="(\d+)" height="(\d+)"', drawing).groups())
            page = self.folder / "drawing.html"
            page.write_text('<meta charset="utf-8"><style>body{margin:0;background:#fff}</style>' + drawing, encoding="utf-8")
            browser.open(page, width, "light")
            (pictures / name).write_bytes(browser.picture(width, height))

    def run(self, *words):
        done = subprocess.run([PPS, "--db", str(self.folder / "pps.db"), "--now", self.now, *words], text=True,
                              capture_output=True, check=False)
        if done.returncode != 0:
            raise SystemExit("pps %s: %s" % (" ".join(words), done.stderr.strip()))
        return done.stdout

    def note(self, key, *words):
        self.ids.append(json.loads(self.run("--as", "anna", *words, "--json"))[key]["id"])

    def people(self):
        self.now = "2026-12-01 14:00"
        for name, more in (("Мария Иванова", ["--phone", "8 903 123-45-67", "--email", "maria@example.com"]),
                           ("Елена Соколова", ["--email", "elena@example.com"])):
            self.note("trip", "add-client", "--name", name, "--salutation", name.split()[0], *more, "--birthday", "1985-12-24",
                      "--destination", "Анталья", "--departure", "10.12.2026 06:40", "--return", "20.12.2026 15:10")
        self.note("lost", "lost", "--name", "Пётр Орлов", "--salutation", "Пётр", "--email", "petr@example.com", "--reason",
                  "цена", "--destination", "Сочи", "--travel-from", "20.12.2026", "--travel-to", "27.12.2026")
        self.now = "2026-12-21 12:00"
        self.note("feedback", "feedback", "add", "T1", "--csat", "5", "--nps", "10", "--plus", "встречать с цветами")
        self.note("feedback", "feedback", "add", "T2", "--csat", "2", "--nps", "3", "--words", "долго ждали автобус")
        self.note("complaint", "complaint", "add", "T1", "--title", "шум в номере", "--promise", "25.12.2026", "--manager", "anna")
        self.note("complaint", "complaint", "add", "T2", "--title", "нет трансфера", "--promise", "25.12.2026", "--manager", "anna")
        self.now = "2026-12-22 12:00"
        for complaint in self.ids[-2:]:
            self.run("--as", "anna", "complaint", "resolve", complaint, "--outcome", "compensated", "--cause", "отель",
                     "--actions", "вернули деньги за две ночи")
        self.run("tick")  # makes the greetings
        cards = [json.loads(self.run("show", client, "--json")) for client in ("C1", "C2")]
        self.ids += [other["id"] for card in cards for other in card["others"] if other["kind"] == "greeting"]

    def letter(self, step, lang):
        """Its subject and HTML for whoever gets it by e-mail; else why there is none."""
        why = []
        for occasion in self.ids:
            done = subprocess.run([PPS, "--db", str(self.folder / "pps.db"), "--now", self.now, "preview", step, "--trip",
                                   occasion, "--lang", lang, "--json"], text=True, capture_output=True, check=False)
            if done.returncode != 0:
                why.append(done.stderr.strip())
                continue
            for message in json.loads(done.stdout)["messages"]:
                if message["html"]:
                    return message["subject"], message["html"]
        return None, next((w for w in why if "has no step" not in w), "nobody gets it by e-mail")


# ---- a browser ----

class Browser:
    """Chromium without a screen, spoken to through a pipe (the DevTools protocol, one JSON text after the other, each
    ended by a zero byte); no port is opened."""

    def __init__(self, program, home):
        ours_read, theirs_write = os.pipe()
        theirs_read, ours_write = os.pipe()
        ends = [fcntl.fcntl(fd, fcntl.F_DUPFD, 20) for fd in (theirs_read, theirs_write)]

        def take_ends():
            os.dup2(ends[0], 3)
            os.dup2(ends[1], 4)

        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe", "--user-data-dir=" + home,
             "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=take_ends,
            pass_fds=(3, 4))
        for fd in [theirs_read, theirs_write, *ends]:
            os.close(fd)
        self.reader, self.writer = os.fdopen(ours_read, "rb"), os.fdopen(ours_write, "wb")
        self.rest, self.n, self.session = b"", 0, None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")

    def read(self):
        while b"\0" not in self.rest:
            more = os.read(self.reader.fileno(), 1 << 20)
            if not more:
                raise SystemExit("the browser has ended")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        self.n += 1
        request = {"id": self.n, "method": method, "params": params}
        if self.session:
            request["sessionId"] = self.session
        self.writer.write(json.dumps(request).encode() + b"\0")
        self.writer.flush()
        while True:
            answer = self.read()
            if answer.get("id") == self.n:
                if "error" in answer:
                    raise SystemExit("%s: %s" % (method, answer["error"]))
                return answer["result"]

    def open(self, path, width, scheme):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=HEIGHT, deviceScaleFactor=1,
                 mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Page.navigate", url=path.as_uri())
        while self.read().get("method") != "Page.loadEventFired":
            pass

    def size(self):
        return self.ask("Page.getLayoutMetrics")["cssContentSize"]

    def picture(self, width, height):
        shot = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                        clip={"x": 0, "y": 0, "width": width, "height": min(height, MAX_HEIGHT), "scale": 1})
        return base64.b64decode(shot["data"])

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.reader.close()
        self.writer.close()


def corner(png):
    """The colour of the first pixel, as (red, green, blue). Its line may be filtered in any way, but nothing stands before it."""
    at, data = 8, b""
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        if kind == b"IDAT":
            data += png[at + 8:at + 8 + size]
        at += size + 12
    return tuple(zlib.decompress(data)[1:4])


def brightness(colour):
    return (299 * colour[0] + 587 * colour[1] + 114 * colour[2]) / 1000


# ---- all of them ----

def shots_of(browser, page, folder, name):
    """Four pictures of one letter, by (device, scheme); and what is wrong with them."""
    files, faults, corners = {}, [], {}
    for device, width in WIDTHS.items():
        for scheme in SCHEMES:
            browser.open(page, width, scheme)
            size = browser.size()
            if size["width"] > width:
                faults.append("%s: %d px wide on a %s of %d px" % (name, size["width"], device, width))
            png = browser.picture(width, size["height"])
            corners[device, scheme] = brightness(corner(png))
            files[device, scheme] = "%s-%s-%s.png" % (name, device, scheme)
            (folder / files[device, scheme]).write_bytes(png)
        if not corners[device, "dark"] < 100 < corners[device, "light"]:
            faults.append("%s: on a %s dark is not dark: its corner has brightness %d, and %d when light" % (
                name, device, corners[device, "dark"], corners[device, "light"]))
    return files, faults


def sheet(rows):
    out = ["<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Letters</title>\n<style>"
           "body{font:16px/1.4 system-ui,sans-serif;margin:24px;background:#888;color:#fff}"
           "h2{margin:32px 0 8px}div{display:flex;gap:16px;align-items:flex-start}"
           "img{display:block;border:1px solid #555}.phone{width:281px}.desktop{width:512px}</style>\n<h1>Letters</h1>\n"]
    for name, subject, files in rows:
        out.append("<h2>%s: %s</h2>\n<div>\n" % (html.escape(name), html.escape(subject)))
        out += ["<a href=\"%s\"><img class=\"%s\" alt=\"%s, %s\" src=\"%s\"></a>\n" % (file, device, device, scheme, file)
                for (device, scheme), file in files.items()]
        out.append("</div>\n")
    return "".join(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--lang")
    parser.add_argument("steps", nargs="*")
    args = parser.parse_args()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        raise SystemExit("there is no Chromium: apt-get install chromium")
    args.out.mkdir(parents=True, exist_ok=True)
    for old in [*args.out.glob("*.png"), *args.out.glob("*.html")]:
        old.unlink()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        (scratch / "agency").mkdir()
        agency = Agency(scratch / "agency")
        browser = Browser(program, str(scratch / "browser"))
        try:
            agency.dress(browser)
            rows, faults = walk(agency, browser, args, scratch)
        finally:
            browser.close()
    (args.out / "index.html").write_text(sheet(rows), encoding="utf-8")
    print("%d letters, %d pictures: %s" % (len(rows), 4 * len(rows), args.out / "index.html"))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults or not rows else 0)


def walk(agency, browser, args, scratch):
    rows, faults = [], []
    for path in sorted((ROOT / "templates" / "letters").glob("*/*.md")):
        lang, step = path.parent.name, path.stem
        if args.lang not in (None, lang) or args.steps and step not in args.steps:
            continue
        subject, body = agency.letter(step, lang)
        if subject is None:
            faults.append("%s-%s: %s" % (lang, step, body))
            continue
        page = scratch / "letter.html"
        page.write_text(body, encoding="utf-8")
        files, wrong = shots_of(browser, page, args.out, "%s-%s" % (lang, step))
        rows.append(("%s-%s" % (lang, step), subject, files))
        faults += wrong
    return rows, faults


main()
