#!/usr/bin/python3 -B
"""The language itself: every line that cannot be meant is refused with file and line, and a scenario that does not come
true fails, and says what was expected and what happened. Each row is a scenario that must not pass."""

import os
import sys
import tempfile

from language import Wrong, parse
from player import Agencies, Player

BEGIN = "# A test.\nScenario: One\n  on Tue 2026-12-01 14:00\n"
SALE = "  anna sells Мария Иванова, +79031234567, maria@example.org: Анталья, 2026-12-10 06:40 - 2026-12-20\n"

# Text, and the line and the words with which it is refused.
REFUSED = [
    ("Scenario: x\n", 1, "the first line must say what the file is about"),
    ("# A test.\n", 1, "there is no scenario in it"),
    ("# A test.\ntick\n", 2, "begin with a line that says in plain words what is shown"),
    ("# A test.\nScenario: One\n", 2, "nothing happens in this scenario"),
    ("# A test.\nScenario: One\n  tick\n", 3, "say first when this happens"),
    (BEGIN + "  at 15:00\n", 2, "nothing happens in this scenario"),
    (BEGIN + "  tick\nScenario: One\n", 5, "there is a scenario of this title already"),
    (BEGIN + "  tikc\n", 4, '"tikc" is not understood; write for example: tick'),
    (BEGIN + "  tick twice\n", 4, "is not understood; write for example: tick"),
    (BEGIN + "  frobnicate everything\n", 4, "README.md lists what can stand here"),
    (BEGIN + "  on 2026-12-01 13:59\n  tick\n", 4, "the clock goes back: it was 2026-12-01 14:00 already"),
    (BEGIN + "  at 13:00\n  tick\n", 4, "the clock goes back"),
    (BEGIN + "  at 25:00\n  tick\n", 4, "is no date of the calendar"),
    (BEGIN + "  on Mon 2026-12-01 15:00\n", 4, "2026-12-01 is a Tue"),
    (BEGIN + "  on 2026-02-30 10:00\n", 4, "is no date of the calendar"),
    (BEGIN + "  shows \"x\"\n", 4, "right below the command"),
    (BEGIN + SALE + "  T1/packing is pending\n  shows \"x\"\n", 6, "right below the command"),
    (BEGIN + "  tick\n    nothing was sent\n    sent SMS preflight to Мария\n", 6, "cannot both be true of line 4"),
    (BEGIN + "  tick\n    sent SMS preflight to Мария\n    nothing was sent\n", 6, "cannot both be true of line 4"),
    (BEGIN + "  tick\n    sent fax preflight to Мария\n", 5, "fax is no way to send: there are e-mail, SMS"),
    (BEGIN + "  tick\n    sent SMS preflight to Мария, signed by anna\n", 5, "an SMS has no signature"),
    (BEGIN + "  tick\n    sent e-mail packing to Мария, in 2 parts\n", 5, "only an SMS has parts"),
    (BEGIN + "  tick\n    sent SMS packing to Мария, in two parts\n", 5, "write in 1 part, in 2 parts"),
    (BEGIN + "  tick\n    sent SMS packing to Мария, says чемодан\n", 5, "must stand in quotation marks"),
    (BEGIN + "  tick\n    sent SMS packing to Мария, saying \"x\"\n", 5, "after the comma comes signed by, says"),
    (BEGIN + "  tick\n    sent SMS packing to Мария, about T1, about T2\n", 5, '"about" stands twice'),
    (BEGIN + "  tick\n    2026-12-01 sent SMS packing to Мария\n", 5, "leave out the day"),
    (BEGIN + "  tick every day at 15:00 until 2026-12-03\n    sent SMS packing to Мария\n", 5, "put the day before it"),
    (BEGIN + "  tick every day at 15:00 until 2026-12-03\n    shows \"x\"\n", 5, "only what they sent"),
    (BEGIN + "  tick every day at 13:00 until 2026-12-01\n", 4, "no tick falls into that time"),
    (BEGIN + "  tick every minute until 2026-12-31\n", 4, "more than 1000 ticks"),
    (BEGIN + "  tick every 0 minutes until 2026-12-31\n", 4, "not possible"),
    (BEGIN + "  tick\n    exit status 1\n    fails 1: x\n", 6, "the end of line 4 is expected twice"),
    (BEGIN + "  anna: pps done T1/preflight\n", 4, "leave out the word pps"),
    (BEGIN + "  anna: done \"T1\n", 4, "the command cannot be split into words"),
    (BEGIN + "  anna sells Мария, maria: Анталья, 2026-12-10 - 2026-12-20\n", 4, "neither a phone number nor an e-mail"),
    (BEGIN + "  anna sells Мария, +79031234567: Анталья\n", 4, "after the colon: Анталья, 2026-12-10 06:40 - "),
    (BEGIN + SALE + "  T1/packing is planned\n", 5, "planned is no state: there are pending, sent"),
    (BEGIN + SALE + "  T1/packing is pending, by pigeon\n", 5, "pigeon is no way: there are e-mail, SMS"),
    (BEGIN + SALE + "  T1/packing is pending, due tomorrow\n", 5, "is no date of the calendar"),
    (BEGIN + SALE + "  T1/packing is not planned, due 2026-12-03 10:00\n", 5, "has nothing after the comma"),
    (BEGIN + SALE + "  red: preflight\n", 5, '"preflight" is no step: write T1/preflight'),
    (BEGIN + "  setting per_client_per_day = many\n  tick\n", 4, "many is not a value"),
    (BEGIN + "  file /etc/passwd:\n    | x\n  tick\n", 4, "must lie in the folder of the agency"),
    (BEGIN + "  file ../x:\n    | x\n  tick\n", 4, "must lie in the folder of the agency"),
    (BEGIN + "  tick\n  agency in Europe/Sofia\n", 5, "must stand at the beginning"),
]

# A scenario that is understood and does not come true; line, and words of what happened.
UNTRUE = [
    (SALE + "  tick\n", 5, "there was also\ne-mail thank-you to Мария Иванова (maria@example.org)"),
    (SALE + "  tick\n    nothing was sent\n", 5, "there was also"),
    (SALE + "  tick every day at 15:00 until 2026-12-02\n", 5, "2026-12-01 15:00: Спасибо"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария\n    sent e-mail packing to Мария\n", 7, "nothing else was sent"),
    (SALE + "  tick\n    sent SMS thank-you to Мария\n", 6, "named by no line:\ne-mail thank-you to Мария"),
    (SALE + "  tick\n    sent e-mail thank-you to Иван\n", 6, "it was not sent"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, about T2\n", 6, "it was not sent"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, says \"Дубай\"\n", 6, "it says: Спасибо"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, does not say \"Анталья\"\n", 6, "it says: Спасибо"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, signed by anna\n", 6, "it comes from Ольга Смирнова"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, signed by agency\n", 6, "answers go to olga@warm.example"),
    (SALE + "  tick\n    sent e-mail thank-you to Мария, signed by ivan\n", 6, "nobody is called so: there are olga"),
    (SALE + "  tick every day at 15:00 until 2026-12-02\n    2026-12-02 sent e-mail thank-you to Мария\n", 6, "it was not sent"),
    (SALE + "    shows \"Дубай\"\n", 5, "it printed:\nC1 Мария Иванова"),
    (SALE + "    does not show \"Анталья\"\n", 5, "it printed:\nC1 Мария Иванова"),
    (SALE + "    fails 65: x\n", 5, "exit status 0"),
    (SALE + "    exit status 1\n", 5, "exit status 0"),
    (SALE + "    warns: x\n", 5, "exit status 0"),
    ("  anna: show T1\n", 4, "exit status 66, and: pps: there is no trip T1"),
    ("  anna: show T1\n    fails 66: there is no trip\n", 5, "exit status 66, and: pps: there is no trip T1: look"),
    ("  anna: show T1\n    exit status 65\n", 5, "exit status 66"),
    (SALE + "  T1/packing is sent\n", 5, "it is pending, due 2026-12-03 10:00, by e-mail"),
    (SALE + "  T1/packing is pending, due 2026-12-03 11:00\n", 5, "it is pending, due 2026-12-03 10:00"),
    (SALE + "  T1/packing is pending, by SMS\n", 5, "by e-mail"),
    (SALE + "  T1/packing is pending, because \"late\"\n", 5, "it is pending"),
    (SALE + "  T1/preflight is pending, outcome reached\n", 5, "it is pending"),
    (SALE + "  T1/packing is not planned\n", 5, "it is pending"),
    (SALE + "  T1/office-visit is pending\n", 5, "it is not planned"),
    (SALE + "  T2/packing is pending\n", 5, "there is no trip T2"),
    (SALE + "  red: T1/packing\n", 5, "nothing"),
    (SALE + "  yellow: nothing\n", 5, "T1/thank-you"),
    (SALE + "  today for anna: T1/preflight\n", 5, "nothing"),
    (SALE + "  red: nothing\n  next day at 10:00\n  red: nothing\n", 7, "T1/thank-you"),
    (SALE + "  no file templates/x\n", 5, "there is no file templates/x"),
    ("  playbook tea.at.days = 3\n  tick\n", 4, "the playbook has no step tea"),
    ("  only these steps: tea\n  tick\n", 4, "the playbook has no step tea"),
]

# Everything that the README lists, at once; nothing of it fails.
GOOD = """# A test.
Scenario: One
  agency in Europe/Sofia
  people: anna, olga
  setting per_client_per_day = 1
  only these steps: thank-you, packing, preflight
  playbook packing.at.time = "12:00"
  playbook postcard = {"channel": "email", "at": {"anchor": "purchase"}, "grace": {"days": 3}}
  file templates/letters/ru/postcard.md:
    | Subject: Открытка

  playbook postcard = null
  no file templates/letters/ru/postcard.md
  on Tue 2026-12-01 14:00
""" + SALE + """    shows "Мария Иванова"
    does not show "Дубай"
  anna sells C1: 2027-12-10 - 2027-12-20 --note "вторая, уже"
  T1/packing is pending, due 2026-12-03 12:00, by e-mail
  T1/postcard is not planned
  anna: skip T2/thank-you
  tick
    sent e-mail thank-you to Мария, about T1, signed by olga, says "Анталья", says "Спасибо", does not say "Дубай"
  tick --quiet
    nothing was sent
  pps: show T9
    fails 66: there is no trip T9: look for it with pps find
  pps: show T9
    exit status 66
  next day at 10:00
  +1 days at 09:00
  tick every day at 10:00, 11:00 and 12:00 until 2026-12-04
    2026-12-03 12:00 sent e-mail packing to maria@example.org
  at 13:00
  tick every hour until 2026-12-04 15:00
    nothing was sent
  on 2026-12-09 16:00
  yellow for anna: T1/preflight
  today: T1/preflight
  red: nothing
  tick every 5 minutes until 2026-12-09 16:10
    2026-12-09 16:00 sent SMS preflight to +79031234567, in 1 part
"""


def refusal(text):
    try:
        parse(text)
    except Wrong as wrong:
        return wrong.line, wrong.words
    return 0, "it was not refused"


def complaints(text, agencies, folder):
    return [(c.line, c.happened) for c in Player(agencies, folder).play(parse(text)[0])]


def main():
    number = failed = 0

    def check(good, name, happened):
        nonlocal number, failed
        number, failed = number + 1, failed + (not good)
        print("%s %d - %s" % ("ok" if good else "not ok", number, name))
        if not good:
            print("# " + str(happened).replace("\n", "\n# "))

    for text, line, words in REFUSED:
        happened = refusal(text)
        check(happened[0] == line and words in happened[1], "refused: " + words, (text, happened))
    with tempfile.TemporaryDirectory(prefix="pps-scenarios.") as scratch:
        agencies = Agencies(scratch)
        for n, (text, line, words) in enumerate(UNTRUE):
            happened = complaints(BEGIN + text, agencies, os.path.join(scratch, "s%d" % n))
            check([line] == [l for l, _ in happened][:1] and words in happened[0][1],
                  "it fails: " + text.split("\n")[-2].strip(), (text, happened))
        happened = complaints(GOOD, agencies, os.path.join(scratch, "good"))
        check(not happened, "everything that the language has, at once", happened)
    print("1..%d" % number)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
