"""The language of the scenarios: text in, a list of scenarios out. README.md describes it for those who write it.

One line is one thing that happens, or one thing that is expected of what happened last. A table of patterns at the end
of this file is the whole grammar; whatever fits none of them is an error that names file and line. Nothing is run here."""

import dataclasses
import datetime
import difflib
import json
import re
import shlex

DATE = r"\d{4}-\d\d-\d\d"
TIME = r"\d\d:\d\d"
STEP = r"[A-Z]\d+/[a-z0-9-]+"
STATES = ("pending", "sent", "missed", "failed", "held", "cancelled", "suppressed", "done", "skipped", "in doubt")
CHANNELS = {"e-mail": "email", "SMS": "sms", "call": "call", "visit": "visit", "task": "task"}
WEEKDAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
MOST_TICKS = 1000


class Wrong(Exception):
    """A line that cannot be meant."""

    def __init__(self, line, words):
        super().__init__(words)
        self.line, self.words = line, words


@dataclasses.dataclass
class Expectation:
    kind: str
    line: int
    text: str
    data: dict


@dataclasses.dataclass
class Happening:
    """Something that is done (a command, a tick, a file) or looked at. A command has expectations."""
    kind: str
    line: int
    text: str
    data: dict
    expected: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Scenario:
    title: str
    line: int
    happenings: list = dataclasses.field(default_factory=list)


# ---- pieces of lines ----


def fields(text):
    """Split at commas, but not inside quotation marks; blanks around the pieces go."""
    return [piece.strip() for piece in re.findall(r'(?:"[^"]*"|[^,"])+', text)]


def moment(text):
    for form in ("%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return datetime.datetime.strptime(text, form)
        except ValueError:
            pass
    raise ValueError('"%s" is no date of the calendar: write 2026-12-09, or 2026-12-09 10:00' % text)


def quoted(text):
    if not re.fullmatch(r'"[^"]+"', text):
        raise ValueError('%s must stand in quotation marks: "…"' % (text or "the text"))
    return " ".join(text[1:-1].split())


def known(word, words, what):
    if word not in words:
        raise ValueError("%s is %s: there are %s" % (word, what, ", ".join(words)))
    return word


def value(text):
    try:
        return json.loads(text)
    except ValueError:
        raise ValueError('%s is not a value: write 5, true, "text" or ["2026-12-31"]' % text) from None


def words_of_command(text):
    try:
        return shlex.split(text)
    except ValueError as wrong:
        raise ValueError("the command cannot be split into words: %s" % wrong) from None


def qualifiers(pieces, forms, data):
    """What follows after the first comma: each piece must begin with one of the forms."""
    for piece in pieces:
        for beginning, (key, reader) in forms.items():
            if piece.startswith(beginning + " "):
                rest = reader(piece[len(beginning):].strip())
                if isinstance(data.get(key), list):
                    data[key].append(rest)
                elif key in data:
                    raise ValueError('"%s" stands twice' % beginning)
                else:
                    data[key] = rest
                break
        else:
            raise ValueError('"%s" is not understood: after the comma comes %s' % (piece, ", ".join(forms)))
    return data


def steps(text):
    if text == "nothing":
        return []
    found = fields(text)
    for name in found:
        if not re.fullmatch(STEP, name):
            raise ValueError('"%s" is no step: write T1/preflight, several with commas, or nothing' % name)
    return found


# ---- what the lines mean; each gives the data of a happening or an expectation ----


def sale(who, buyer, journey):
    m = re.fullmatch(r"(?:(.+), )?(%s(?: %s)?) - (%s(?: %s)?)((?: --.*)?)" % (DATE, TIME, DATE, TIME), journey)
    if not m:
        raise ValueError("after the colon: Анталья, 2026-12-10 06:40 - 2026-12-20 21:15 (the hours may be left out)")
    destination, departure, back, more = m.groups()
    if re.fullmatch(r"C\d+", buyer):
        command = ["add-trip", buyer]
    else:
        name, *ways = fields(buyer)
        command = ["add-client", "--name", name]
        for way in ways:
            if not re.match(r"[+\d]", way) and "@" not in way:
                raise ValueError('"%s" is neither a phone number nor an e-mail address' % way)
            command += ["--email" if "@" in way else "--phone", way]
    command += ["--departure", departure, "--return", back]
    command += ["--destination", destination] if destination else []
    return {"who": who, "command": command + words_of_command(more)}


def run(who, command):
    words = words_of_command(command)
    if words[:1] == ["pps"]:
        raise ValueError("leave out the word pps: %s: %s" % (who, command[4:] or "today"))
    return {"who": None if who == "pps" else who, "command": words}


def tick(options=""):
    return {"who": None, "command": ["tick"] + words_of_command(options or "--verbose")}


def tick_daily(times, until):
    hours = [h.strip() for h in re.split(r",|\band\b", times)]
    for hour in hours:
        moment("2026-01-01 " + hour)
    end = moment(until)
    return {"hours": sorted(hours), "until": end if " " in until else end + datetime.timedelta(hours=23, minutes=59)}


def tick_often(minutes, unit, until):
    every = int(minutes or 1) * (60 if unit.startswith("hour") else 1)
    if every == 0:
        raise ValueError("every 0 minutes is not possible")
    end = moment(until)
    return {"minutes": every, "until": end if " " in until else end + datetime.timedelta(hours=23, minutes=59)}


def clock(weekday, date, time):
    at = moment(date + " " + time)
    if weekday and WEEKDAYS[at.weekday()] != weekday:
        raise ValueError("%s is a %s" % (date, WEEKDAYS[at.weekday()]))
    return {"at": at}


def sent(day, channel, step, rest):
    pieces = fields(rest)
    data = {"channel": known(channel, ("e-mail", "SMS"), "no way to send"), "step": step, "to": pieces[0],
            "day": day, "says": [], "hides": []}
    if day:
        moment(day)
    qualifiers(pieces[1:], {"signed by": ("signer", str), "says": ("says", quoted), "does not say": ("hides", quoted),
                            "about": ("about", str), "in": ("parts", parts)}, data)
    if channel == "SMS" and "signer" in data:
        raise ValueError("an SMS has no signature: use says")
    if channel == "e-mail" and "parts" in data:
        raise ValueError("only an SMS has parts")
    return data


def parts(text):
    m = re.fullmatch(r"([1-9]) parts?", text)
    if not m:
        raise ValueError('"in %s" is not understood: write in 1 part, in 2 parts' % text)
    return int(m.group(1))


def state(name, rest):
    pieces = fields(rest)
    data = {"step": name, "state": pieces[0]}
    if pieces[0] == "not planned":
        if pieces[1:]:
            raise ValueError("what is not planned has nothing after the comma")
        return data
    known(pieces[0], STATES, "no state")
    return qualifiers(pieces[1:], {"due": ("due", lambda t: moment(t).strftime("%Y-%m-%dT%H:%M")),
                                   "by": ("channel", lambda t: CHANNELS[known(t, CHANNELS, "no way")]),
                                   "because": ("because", quoted), "outcome": ("outcome", str)}, data)


def file(path):
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError("the file must lie in the folder of the agency: templates/sms/ru/preflight.txt")
    return {"path": path, "lines": []}


def people(names):
    return {"logins": fields(names)}


# ---- the grammar: kind, what the line looks like, what it means, an example for error messages ----

HAPPENINGS = [
    ("agency", r"agency in (\S+)", lambda zone: {"zone": zone}, "agency in Asia/Kamchatka"),
    ("people", r"people: (.+)", people, "people: anna, olga"),
    ("setting", r"setting ([\w.]+) = (.+)", lambda k, v: {"key": k, "value": value(v)}, "setting per_client_per_day = 1"),
    ("playbook", r"playbook ([\w.-]+) = (.+)", lambda k, v: {"key": k, "value": value(v)},
     'playbook packing.at.time = "12:00"'),
    ("only", r"only these steps: (.+)", lambda names: {"steps": fields(names)}, "only these steps: thank-you, preflight"),
    ("file", r"file (\S+):", file, "file templates/sms/ru/preflight.txt:"),
    ("no file", r"no file (\S+)", file, "no file templates/sms/ru/preflight.txt"),
    ("clock", r"on (?:(%s) )?(%s) (%s)" % ("|".join(WEEKDAYS), DATE, TIME), clock, "on Wed 2026-12-09 10:00"),
    ("later", r"(?:next day|\+(\d+) days?) at (%s)" % TIME, lambda n, t: {"days": int(n or 1), "time": t},
     "next day at 10:00"),
    ("later", r"at (%s)" % TIME, lambda t: {"days": 0, "time": t}, "at 16:00"),
    ("run", r"([a-z][a-z0-9]*) sells (.+?): (.+)", sale,
     "anna sells Мария Иванова, +79031234567: Анталья, 2026-12-10 - 2026-12-20"),
    ("daily", r"tick every day at (%s(?:(?:,| and) %s)*) until (%s(?: %s)?)" % (TIME, TIME, DATE, TIME), tick_daily,
     "tick every day at 10:00 and 16:00 until 2026-12-31"),
    ("often", r"tick every (?:(\d+) )?(minutes?|hours?) until (%s(?: %s)?)" % (DATE, TIME), tick_often,
     "tick every 30 minutes until 2026-12-09 18:00"),
    ("run", r"tick( --.*)?", tick, "tick"),
    ("state", r"(%s) is (.+)" % STEP, state, "T1/preflight is pending, due 2026-12-09 10:00"),
    ("colour", r"(red|yellow)(?: for (\w+))?: (.+)", lambda c, who, s: {"colour": c, "who": who, "steps": steps(s)},
     "red: T1/preflight"),
    ("today", r"today(?: for (\w+))?: (.+)", lambda who, s: {"who": who, "steps": steps(s)},
     "today for anna: T1/preflight"),
    ("run", r"([a-z][a-z0-9]*): (.+)", run, "anna: done T1/preflight"),
]

EXPECTATIONS = [
    ("sent", r"(?:(%s(?: %s)?) )?sent (\S+) ([a-z0-9-]+) to (.+)" % (DATE, TIME), sent,
     'sent e-mail thank-you to Мария, signed by olga, says "чемодан"'),
    ("nothing", r"nothing was sent", lambda: {}, "nothing was sent"),
    ("shows", r"shows (.+)", lambda t: {"words": quoted(t)}, 'shows "merged into thank-you"'),
    ("hides", r"does not show (.+)", lambda t: {"words": quoted(t)}, 'does not show "red"'),
    ("fails", r"fails (\d+): (.+)", lambda n, t: {"status": int(n), "words": t}, "fails 66: there is no trip T9"),
    ("warns", r"warns: (.+)", lambda t: {"words": t}, "warns: another tick is running: nothing to do here"),
    ("status", r"exit status (\d+)", lambda n: {"status": int(n)}, "exit status 1"),
]

# ---- lines to scenarios ----


def guess(text):
    """The form that the line was perhaps meant to have."""
    examples = [e for *_, e in HAPPENINGS + EXPECTATIONS]
    first = text.split()[0].rstrip(":")
    near = [e for e in examples if e.split()[0].rstrip(":") == first] or [
        e for e in examples if e.split()[0] in difflib.get_close_matches(first, [x.split()[0] for x in examples], 1)]
    return "; write for example: " + near[0] if near else "; README.md lists what can stand here"


def find(grammar, text, line):
    for kind, pattern, meaning, example in grammar:
        m = re.fullmatch(pattern, text)
        if m:
            try:
                return kind, meaning(*m.groups())
            except ValueError as wrong:
                raise Wrong(line, str(wrong)) from None
    return None, None


SENDS = ("run", "daily", "often")


def check_expectation(scenario, kind, line, data):
    """What an expectation can be about; gives the command that it stands below."""
    last = scenario.happenings[-1] if scenario.happenings else None
    if last is None or last.kind not in SENDS:
        raise Wrong(line, "this must stand right below the command or the tick of which it speaks")
    kinds = [e.kind for e in last.expected]
    if kind == "nothing" and "sent" in kinds or kind == "sent" and "nothing" in kinds:
        raise Wrong(line, '"nothing was sent" and "sent …" cannot both be true of line %d' % last.line)
    if kind in ("fails", "warns", "status") and any(k in ("fails", "warns", "status") for k in kinds):
        raise Wrong(line, "the end of line %d is expected twice" % last.line)
    if kind == "sent" and bool(data["day"]) != (last.kind != "run"):
        raise Wrong(line, "put the day before it: 2026-12-09 sent …" if last.kind != "run"
                    else "leave out the day: it is the one on which line %d happened" % last.line)
    if last.kind != "run" and kind not in ("sent", "nothing"):
        raise Wrong(line, "of many ticks only what they sent can be expected")
    return last


def check_happening(scenario, kind, line, data):
    """Set-up comes first, and nothing happens before it is known when."""
    started = any(h.kind == "clock" for h in scenario.happenings)
    if kind in ("agency", "people") and scenario.happenings and scenario.happenings[-1].kind not in ("agency", "people"):
        raise Wrong(line, "who works where must stand at the beginning of the scenario")
    if kind in SENDS + ("later", "state", "colour", "today") and not started:
        raise Wrong(line, "say first when this happens: on 2026-12-01 14:00")


def add_line(scenario, text, line):
    kind, data = find(EXPECTATIONS, text, line)
    if kind:
        check_expectation(scenario, kind, line, data).expected.append(Expectation(kind, line, text, data))
        return
    kind, data = find(HAPPENINGS, text, line)
    if not kind:
        raise Wrong(line, '"%s" is not understood%s' % (text, guess(text)))
    check_happening(scenario, kind, line, data)
    scenario.happenings.append(Happening(kind, line, text, data))


def set_clock(scenario):
    """Gives every happening its moment; the clock only goes on."""
    now = None
    for h in scenario.happenings:
        if h.kind in ("clock", "later"):
            at = h.data.get("at")
            if at is None:
                day = now + datetime.timedelta(days=h.data["days"])
                try:
                    at = moment("%s %s" % (day.strftime("%Y-%m-%d"), h.data["time"]))
                except ValueError as wrong:
                    raise Wrong(h.line, str(wrong)) from None
            if now and at < now:
                raise Wrong(h.line, "the clock goes back: it was %s already" % now.strftime("%Y-%m-%d %H:%M"))
            now = at
        if h.kind in ("daily", "often"):
            h.data["ticks"] = ticks(h, now)
            now = h.data["ticks"][-1]
        h.data["now"] = now


def ticks(h, now):
    found, at = [], now
    while at <= h.data["until"] and len(found) <= MOST_TICKS:
        if h.kind == "often":
            found.append(at)
            at += datetime.timedelta(minutes=h.data["minutes"])
            continue
        day = at.replace(hour=0, minute=0)
        for hour in h.data["hours"]:
            t = moment(day.strftime("%Y-%m-%d ") + hour)
            if now <= t <= h.data["until"]:
                found.append(t)
        at = day + datetime.timedelta(days=1)
    if not found:
        raise Wrong(h.line, "no tick falls into that time")
    if len(found) > MOST_TICKS:
        raise Wrong(h.line, "that are more than %d ticks" % MOST_TICKS)
    return found


def parse(text):
    """The scenarios of a file. Raises Wrong at the first line that cannot be meant."""
    scenarios, open_file = [], None
    lines = text.split("\n")
    if not re.match(r"# \S", lines[0]):
        raise Wrong(1, "the first line must say what the file is about: # Trips that are sold at the last moment")
    for n, raw in enumerate(lines, 1):
        stripped = raw.strip()
        if open_file is not None and stripped.startswith("|"):
            open_file.data["lines"].append(re.sub(r"^\| ?", "", stripped))
            continue
        open_file = None
        if not stripped or stripped.startswith("#"):
            continue
        m = re.fullmatch(r"Scenario: (.+)", stripped)
        if m:
            if any(s.title == m.group(1) for s in scenarios):
                raise Wrong(n, "there is a scenario of this title already")
            scenarios.append(Scenario(m.group(1), n))
            continue
        if not scenarios:
            raise Wrong(n, "begin with a line that says in plain words what is shown: Scenario: …")
        add_line(scenarios[-1], " ".join(stripped.split()) if '"' not in stripped else stripped, n)
        if scenarios[-1].happenings[-1].kind == "file" and scenarios[-1].happenings[-1].line == n:
            open_file = scenarios[-1].happenings[-1]
    if not scenarios:
        raise Wrong(1, "there is no scenario in it")
    for s in scenarios:
        if not any(h.kind in SENDS for h in s.happenings):
            raise Wrong(s.line, "nothing happens in this scenario")
        set_clock(s)
    return scenarios
