"""Plays a scenario in an agency of its own and says what did not happen as it is written.

What was sent is looked at after every command. Whatever no line below that command names is a complaint, and so is
every message that no client should ever get: twice, with a hole in it, to an address that is not on the card, about a
trip that was cancelled."""

import dataclasses
import os

from agency import EMAIL, NAME, PEOPLE, Trouble, found

MINUTE = "%Y-%m-%d %H:%M"
# The alphabet of an SMS that has 160 letters; with any other letter in it, it has 70.
NARROW = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
             "abcdefghijklmnopqrstuvwxyzäöñüà")
NARROW_TWICE = set("^{}\\[~]|€")


@dataclasses.dataclass
class Complaint:
    line: int
    text: str      # the line as it is written
    expected: str
    happened: str


def sms_parts(text):
    """How many SMS a phone puts together to this text: reckoned here a second time."""
    if all(c in NARROW or c in NARROW_TWICE for c in text):
        size, one, many = sum(1 + (c in NARROW_TWICE) for c in text), 160, 153
    else:
        size, one, many = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if size <= one else -(-size // many)


def squeeze(text):
    return " ".join(text.split())


def listed(names):
    return ", ".join(names) or "nothing"


class Player:
    def __init__(self, agencies, folder, tell=None):
        self.agencies, self.folder, self.tell = agencies, folder, tell or (lambda text: None)
        self.agency, self.zone, self.logins = None, "Europe/Moscow", tuple(PEOPLE)
        self.complaints, self.actions_sent = [], set()
        self.documents = {}  # what was asked since the last command

    def complain(self, happening, expected, happened):
        self.complaints.append(Complaint(happening.line, happening.text, expected, happened))

    def play(self, scenario):
        """The complaints; none when everything happened as it is written."""
        for h in scenario.happenings:
            self.tell("%s" % h.text)
            try:
                if h.kind not in ("agency", "people") and self.agency is None:
                    self.agency = self.agencies.copy(self.zone, self.logins, self.folder)
                getattr(self, "do_" + h.kind.replace(" ", "_"))(h)
            except Trouble as wrong:
                self.complain(h, "to go on", str(wrong))
                break
        return self.complaints

    # ---- setting up ----

    def do_agency(self, h):
        self.zone = h.data["zone"]

    def do_people(self, h):
        for login in h.data["logins"]:
            if login not in PEOPLE:
                raise Trouble("there is no %s: there are %s" % (login, ", ".join(PEOPLE)))
        self.logins = tuple(h.data["logins"])

    def do_setting(self, h):
        self.agency.set(h.data["key"], h.data["value"])

    def do_playbook(self, h):
        self.agency.set_playbook(h.data["key"], h.data["value"])

    def do_only(self, h):
        self.agency.keep_steps(h.data["steps"])

    def do_file(self, h):
        self.agency.write(h.data["path"], "".join(line + "\n" for line in h.data["lines"]))

    def do_no_file(self, h):
        self.agency.remove(h.data["path"])

    def do_clock(self, h):
        pass

    do_later = do_clock

    # ---- commands and ticks ----

    def do_run(self, h):
        self.documents.clear()
        now = h.data["now"].strftime(MINUTE)
        result = self.agency.pps(now, h.data["who"], h.data["command"])
        self.tell(result.out + result.err)
        self.judge_end(h, result)
        for e in h.expected:
            if e.kind == "shows" and e.data["words"] not in squeeze(result.out):
                self.complain(e, "it prints these words", "it printed:\n" + result.out)
            if e.kind == "hides" and e.data["words"] in squeeze(result.out):
                self.complain(e, "it does not print these words", "it printed:\n" + result.out)
        self.judge_sent(h, self.agency.new_messages(now))

    def do_daily(self, h):
        self.documents.clear()
        messages = []
        for at in h.data["ticks"]:
            now = at.strftime(MINUTE)
            result = self.agency.pps(now, None, ["tick", "--verbose"])
            self.tell("%s %s" % (now, result.out + result.err))
            if result.status != 0 or result.err:
                raise Trouble("the tick at %s ended with %d: %s" % (now, result.status, (result.err or result.out).strip()))
            messages += self.agency.new_messages(now)
        self.judge_sent(h, messages)

    do_often = do_daily

    def judge_end(self, h, result):
        """Exit status and standard error. Without an expectation: 0, and nothing."""
        end = next((e for e in h.expected if e.kind in ("fails", "warns", "status")), None)
        status = end.data.get("status", 0) if end else 0
        words = "pps: " + end.data["words"] if end and "words" in end.data else ""
        spoken = result.err.strip()
        silent = end is None or end.kind != "status"
        if result.status != status or (silent and spoken != words):
            expected = "exit status %d%s" % (status, ", and: " + words if words else "")
            self.complain(end or h, expected, "exit status %d%s" % (result.status, ", and: " + spoken if spoken else ""))
            if not end and result.status != 0:
                raise Trouble("the rest of the scenario makes no sense without it")
        elif end and end.kind == "fails" and result.out:
            self.complain(end, "nothing on standard output when it fails", "it printed:\n" + result.out)

    # ---- what was sent ----

    def judge_sent(self, h, messages):
        left = list(messages)
        for e in (e for e in h.expected if e.kind == "sent"):
            fitting = [m for m in left if self.is_meant(e.data, m)]
            if fitting:
                left.remove(fitting[0])
                self.judge_words(e, fitting[0])
            else:
                others = "\n".join(m.told() for m in left)
                self.complain(e, "this message", "it was not sent; " +
                              ("what was sent and is named by no line:\n" + others if others else "nothing else was sent"))
        if left:
            self.complain(h, "nothing is sent but what stands below this line",
                          "there was also\n" + "\n".join(m.told() for m in left))
        for m in messages:
            self.judge_message(h, m)

    def is_meant(self, data, m):
        if m.channel != data["channel"] or m.step != data["step"] or data.get("about", m.about) != m.about:
            return False
        if data["day"] and not m.at.startswith(data["day"]):
            return False
        # "Мария" is Мария Иванова, but "Иван" is not.
        return data["to"] == m.address or set(data["to"].split()) <= set(m.name.split())

    def judge_words(self, e, m):
        data, words = e.data, m.words()
        for wanted in data["says"]:
            if wanted not in words:
                self.complain(e, 'it says "%s"' % wanted, "it says: " + words)
        for unwanted in data["hides"]:
            if unwanted in words:
                self.complain(e, 'it does not say "%s"' % unwanted, "it says: " + words)
        if "parts" in data and sms_parts(m.text) != data["parts"]:
            self.complain(e, "%d part(s)" % data["parts"],
                          "%d letters, %d part(s): %s" % (len(m.text), sms_parts(m.text), m.text))
        if "signer" in data:
            self.judge_signature(e, m)

    def judge_signature(self, e, m):
        """Who signs stands under the letter and in From:, and answers go to them."""
        login = e.data["signer"]
        if login != "agency" and login not in self.agency.staff():
            self.complain(e, "%s signs" % login, "nobody is called so: there are %s and agency" % ", ".join(self.agency.staff()))
            return
        name, address = (NAME, EMAIL) if login == "agency" else self.agency.staff()[login]
        tail = "\n".join(m.text.rstrip().split("\n")[-12:])
        if not m.sender.startswith(name) or name not in tail or m.reply_to != address:
            self.complain(e, "%s signs, it comes from them, and answers go to %s" % (name, address),
                          "it comes from %s, answers go to %s, and it ends with:\n%s" % (m.sender, m.reply_to, tail))

    def judge_message(self, h, m):
        """What must be true of every message, whatever the scenario is about."""
        never = "no client ever gets such a message"
        empty = not m.text.strip() or (m.channel == "e-mail" and not m.subject.strip())
        words = m.words().replace(m.name, "") if m.name else m.words()  # a name may have braces: it is only a name
        if empty or "{{" in words:
            self.complain(h, never, "there is a hole in it: " + m.told())
        if m.action and m.action in self.actions_sent:
            self.complain(h, never, "it was sent a second time: " + m.told())
        if m.action and m.address not in m.card:
            self.complain(h, never, "this address is not on the card of %s: %s" % (m.name, m.told()))
        if m.about in self.agency.ended_trips():
            self.complain(h, never, "%s is cancelled: %s" % (m.about, m.told()))
        if m.action:
            self.actions_sent.add(m.action)

    # ---- looking ----

    def ask(self, h, *words):
        key = (h.data["now"], words)  # the same question has another answer on another day
        if key not in self.documents:
            self.documents[key] = self.agency.document(h.data["now"].strftime(MINUTE), list(words))
        return self.documents[key]

    def do_state(self, h):
        data = h.data
        about, step = data["step"].split("/")
        actions = [a for a in self.ask(h, "timeline", about)["actions"] if a["step"] == step]
        if data["state"] == "not planned":
            if actions:
                self.complain(h, "it is not planned", "it is " + self.told(actions[-1]))
            return
        if not actions:
            self.complain(h, "the state of a step that is planned", "it is not planned")
            return
        a = max(actions, key=lambda one: int(one["id"][1:]))
        wrong = a["state"].replace("_", " ") != data["state"] or (
            data.get("due", a["due_local"]) != a["due_local"]) or (
            data.get("channel", a["channel"]) != a["channel"]) or (
            data.get("outcome", a["outcome"]) != a["outcome"]) or (
            data.get("because", "") not in squeeze(a["reason"] or ""))
        if wrong:
            self.complain(h, "it is as this line says", "it is " + self.told(a))

    def told(self, a):
        return "%s, due %s, by %s%s%s" % (
            a["state"].replace("_", " "), a["due_local"].replace("T", " "),
            {"email": "e-mail", "sms": "SMS"}.get(a["channel"], a["channel"]),
            ", outcome " + a["outcome"] if a["outcome"] else "", ', because "%s"' % a["reason"] if a["reason"] else "")

    def rows(self, h, command, who):
        words = command + (["--manager", who] if who else [])
        return self.ask(h, *words)["rows"]

    def named(self, row):
        return "%s/%s" % (row.get("trip") or row.get("occasion"), row["step"])

    def do_colour(self, h):
        which = ["report", "--overdue" if h.data["colour"] == "red" else "--today"]
        found_rows = [self.named(r) for r in self.rows(h, which, h.data["who"]) if r["colour"] == h.data["colour"]]
        if sorted(found_rows) != sorted(h.data["steps"]):
            self.complain(h, "%s: %s" % (h.data["colour"], listed(h.data["steps"])), listed(found_rows))

    def do_today(self, h):
        found_rows = [self.named(r) for r in self.rows(h, ["today"], h.data["who"])]
        if found_rows != h.data["steps"]:
            self.complain(h, "the list of the day, in this order: " + listed(h.data["steps"]), listed(found_rows))


class Agencies:
    """New agencies, each kind made once and copied for every scenario."""

    def __init__(self, folder):
        self.folder, self.made = folder, {}

    def copy(self, zone, logins, folder):
        key = (zone, logins)
        if key not in self.made:
            self.made[key] = found(os.path.join(self.folder, "new%d" % len(self.made)), zone, logins)
        return self.made[key].copy(folder)
