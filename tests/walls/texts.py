#!/usr/bin/python3 -B
"""The words of messages are whole: every way that a step may go has its text in Russian, English and Bulgarian, the
three say the same under the same conditions, and each keeps the rules of its language that a program can see."""

import json
import os
import re

from _wall import done, read, sources, wall

LANGUAGES = ["ru", "en", "bg"]
KINDS = {"email": ("letters", "md"), "sms": ("sms", "txt"), "call": ("scripts", "md"), "visit": ("scripts", "md"),
         "task": ("scripts", "md")}

# ---- every way of every step ----

playbook = json.loads(re.sub(r"//[^\n]*", "", read("templates/playbook.json")))
steps = {step["key"]: step for step in playbook["steps"]}


def ways(step):
    fallback = step.get("fallback", {}).get("channel")
    return [step["channel"]] + step.get("otherwise", []) + ([fallback] if fallback else [])


wall("every way that a step may go has its words in three languages",
     ["templates/%s/%s/%s.%s: there is no such file" % (folder, lang, key, ext)
      for key, step in steps.items() for folder, ext in dict.fromkeys(KINDS[way] for way in ways(step))
      for lang in LANGUAGES if not os.path.exists("templates/%s/%s/%s.%s" % (folder, lang, key, ext))])

files = sources("templates/letters/*/*.md", "templates/sms/*/*.txt", "templates/scripts/*/*.md")
texts = {}  # "letters/packing.md" -> {"ru": text}
for path in files:
    _, folder, lang, name = path.split("/")
    texts.setdefault(folder + "/" + name, {})[lang] = read(path)

lists = {os.path.relpath(path, "templates/digests/" + lang): None
         for lang in LANGUAGES for path in sources("templates/digests/%s/*.md" % lang, "templates/digests/%s/partials/*.md" % lang)}
wall("the lists of the morning, and their pieces, stand in three languages",
     ["templates/digests/%s/%s: there is no such file" % (lang, name) for name in sorted(lists) for lang in LANGUAGES
      if not os.path.exists("templates/digests/%s/%s" % (lang, name))] + ([] if lists else ["there are none at all"]))

wall("every text belongs to a step of the playbook, and stands in three languages",
     ["templates/%s: no step is called so" % name for name in texts
      if os.path.splitext(os.path.basename(name))[0] not in steps] +
     ["templates/%s: in %s only" % (name, ", ".join(sorted(found))) for name, found in texts.items()
      if sorted(found) != sorted(LANGUAGES)])

# ---- the same variables under the same conditions ----

# What one language needs and another does not. Each line must be needed itself.
WEEKDAY = "a date without its weekday needs \"on\" in English and \"на\" in Bulgarian, and nothing in Russian"
EXCEPTIONS = {
    ("letters/packing.md", "^departs_at_night ^trip.departure_weekday"): WEEKDAY,
    ("letters/preflight.md", "^trip.departure_weekday"): WEEKDAY,
    ("letters/preflight.md", "^departs_today ^departs_tomorrow ^trip.departure_weekday"): WEEKDAY,
    ("letters/thank-you.md", "#trip.nights ^departs_at_night"):
        "in the night Bulgarian has another preposition before the date, not a word more",
}
# A Cyrillic SMS has 70 characters, an English one 160: only there is room for a name, a number, a few words more.
SMS_ROOM = ["client.salutation", "manager.phone", "our.phone", "agency.phone", "agency.name", "agency.hashtag"]
# Letters that are not about anything pleasant open with plain words, for which English has no other ones.
PLAIN = ["letters/%s.md" % s for s in ("correction", "preflight", "lost-happy-trip", "lost-offended", "lost-next-season",
                                       "unhappy-call", "complaint-thanks", "complaint-day", "complaint-check",
                                       "complaint-solved")]


def used(name, text):
    """Every variable with the sections around it, "#trip.alone manager.name", and every section with those around it."""
    items, around = set(), []
    for sign, tag in re.findall(r"\{\{([#^/!>]?)\s*(.*?)\s*\}\}", re.sub(r"\{\{!.*?\}\}", "", text, flags=re.S)):
        if sign == "/":
            around.pop()
            continue
        if name in PLAIN and tag in ("client.dear", "client.salutation"):
            tag = "client.dear or client.salutation"
        items.add(" ".join(around + [sign + tag]))
        if sign in "#^" and sign:
            around.append(sign + tag)
    if name.startswith("sms/"):
        items = {i for i in items if i.split(" ")[-1].lstrip("#^") not in SMS_ROOM}
    return items


needed, differing = set(), []
for name, found in sorted(texts.items()):
    items = {lang: used(name, text) for lang, text in found.items()}
    for item in sorted(set.union(*items.values())):
        without = [lang for lang in items if item not in items[lang]]
        if not without:
            continue
        excused = [key for key in EXCEPTIONS if key[0] == name and (item == key[1] or item.startswith(key[1] + " "))]
        needed.update(excused)
        if not excused:
            differing.append("templates/%s: \"%s\" is not used in %s" % (name, item, ", ".join(without)))
wall("the languages use the same variables in the same sections", differing)
wall("no exception is left over", ["tests/walls/texts.py: %s: \"%s\" is no exception" % key for key in EXCEPTIONS
                                   if key not in needed])

# ---- what a program can see of good language ----

files += sources("templates/digests/*/*.md", "templates/digests/*/partials/*.md")

def lines(lang, *kinds):
    """(path, line number, text without its tags and notes) of the texts of one language."""
    for path in files:
        _, folder, its_lang, _ = path.split("/", 3)
        if its_lang == lang and folder in kinds:
            text = re.sub(r"\{\{!.*?\}\}", lambda m: re.sub(r"[^\n]", "", m.group()), read(path), flags=re.S)
            for n, line in enumerate(text.split("\n"), 1):
                yield path, n, re.sub(r"\{\{.*?\}\}", "\0", line)


def seen(lang, kinds, pattern, flags=re.I):
    return ["%s:%d: \"%s\"" % (path, n, m.group()) for path, n, line in lines(lang, *kinds)
            for m in re.finditer(pattern, line, flags)]


ALL = ("letters", "sms", "scripts", "digests")
TO_CLIENTS = ("letters", "sms")

wall("no word mixes Latin and Cyrillic letters",
     [hit for lang in LANGUAGES for hit in seen(lang, ALL, r"\w*(?:[a-z][а-яё]|[а-яё][a-z])\w*")])
wall("the letters of a text are those of its language",
     seen("ru", ALL, r"\w*[іїєґѝ]\w*") + seen("bg", ALL, r"\w*[ыэё]\w*") + seen("en", ALL, r"\w*[а-яё]\w*"))
wall("Russian keeps its ё",
     seen("ru", ALL, r"\b(?:еще|ее|нее|мое|свое|твое|чье|пришлем|пошлем|найдем|ждем|вернемся|придем|пойдем|поедем|зовем|"
                     r"даем|назовем|разберем\w*|вернетесь|придете|поймете|найдется|идет|легкой|легкого|теплая|теплые|"
                     r"перелет|самолет|прием|подъем|счет|черный|зеленый|желтый)\b"))
wall("who is written to in Russian has no sex in verbs, and who signs has none either",
     seen("ru", TO_CLIENTS, r"\b(?:рада?|увере[нh]а?|благодар(?:ен|на)|хотела?|прочла|прочёл|"
                            r"поняла?|узнала?|счастлива?|признательна?)\b"))
wall("Bulgarian says Вие, Ви, Вас and Ваш with a capital letter",
     seen("bg", ALL, r"\b(?:ви|вие|вас|вам|ваш(?:ия|ият|ата|ето|ите|а|е|и)?)\b", 0))
wall("who is written to in Bulgarian has no sex, and who signs has none either",
     seen("bg", TO_CLIENTS, r"\b(?:сигурн[аи]?|сигурен|щастлива?|благодар(?:ен|на)|длъжен|длъжна|рад[аи]?|"
                            r"бихте? искала?|бих искала?|съм \w+(?:л|ла)|доволна?|доволен)\b"))
wall("no line of a letter has two dashes",
     [hit for lang in LANGUAGES for hit in seen(lang, ("letters",), r"[^\n]*[—–][^\n]*[—–][^\n]*")])

# A letter may be opened two days later: these words are for the day on which the program knows them to be true.
DAYS = r"\b(?:сегодня|завтра|вчера|today|tomorrow|yesterday|днес|утре|вчера)\b"
KNOWN_DAY = r"\{\{([#^])(departs_today|departs_tomorrow)\}\}.*?\{\{/\2\}\}"
wall("a letter says today and tomorrow only where it has asked what day it is",
     ["%s: \"%s\"" % (path, m.group()) for path in files if path.startswith("templates/letters/")
      for m in re.finditer(DAYS, re.sub(KNOWN_DAY, "", read(path), flags=re.S), re.I)])
done()
