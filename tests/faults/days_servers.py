"""The world around the agency of days.py: a mail server, an SMS gateway, their weather, and their log of what they
accepted, which is the truth.

Weather is what becomes of the next connections; it is drawn from a random.Random of the day, so that the same day has
the same weather. An ambush is something that happens when a connection comes to a step: the tick is killed there, or
another one is started, or a person changes something.

    outside.begin(now, weather, ambush)     before a tick; outside.pid is its process once it runs
    outside.end()                           after it: nothing more is accepted from it
    outside.truth                           what was accepted, in the order of acceptance

Steps of a letter are those of tests/fake/smtp_server.py: connect, ehlo, mail, rcpt, data, then "dot" (the whole
letter is here, and is not accepted), "accepted" (it is, and the answer is not given), quit. Steps of a text: "request"
(it is here, and is not accepted), "accepted", "half" (half of the answer is given)."""

import collections
import os
import signal
import threading
import types
import urllib.parse

import servers  # finds tests/fake for us
import http_server
import smtp_server
import truth

PASSWORD = "canary-s3cret"

# What a server was given and has taken. n: place in the truth; at: the time of the tick.
Entry = collections.namedtuple("Entry", "n channel key to content at")

# ---- weather ----

# What may happen to a letter: step -> action, in the words of smtp_server.py; how often, against the others. Nothing
# happens between the 354 and the end of the letter: how much of it is out then is a race, and the same seed would not
# give the same days.
MAIL_FAULTS = tuple((name, dict([name.split(" ", 1)]), weight) for name, weight in (
    ("connect 421 too busy", 2), ("connect cut", 2), ("connect reset", 1), ("connect 554 no service", 1),
    ("ehlo cut", 1), ("ehlo 421 bye+cut", 1), ("ehlo what is that+cut", 1),
    ("mail 451 later", 2), ("mail 550 not this sender", 1), ("mail 535 5.7.8 who are you", 1), ("mail cut", 2),
    ("rcpt 450 mailbox busy", 4), ("rcpt 550 no such user", 4), ("rcpt 421 bye+cut", 1), ("rcpt cut", 2),
    ("rcpt reset", 1), ("rcpt hello+cut", 1),
    ("data 451 later", 1), ("data 554 not now", 1), ("data cut", 2), ("data garbage+cut", 1),
    ("dot 451 later", 4), ("dot 550 spam", 3), ("dot 421 bye+cut", 1), ("dot cut", 4), ("dot reset", 3),
    ("dot garbage+cut", 2), ("dot accept+cut", 5), ("dot accept+reset", 3), ("dot accept+garbage+cut", 3),
    ("dot say+cut", 2), ("dot 251 taken", 2), ("dot 250-taken\\r\\n250 as 77001", 2),
    ("quit cut", 1), ("quit reset", 1), ("quit 500 what", 1)))

# What may happen to a text: accepted or not, and the answer, in the words of http_server.py.
ACCEPTED, REFUSED = True, False
SMS_FAULTS = (
    ("200 without an id", ACCEPTED, {"body": "OK, thanks"}, 3),
    ("200 and nonsense, accepted", ACCEPTED, {"body": "<html>Welcome to the hotel</html>"}, 3),
    ("200 and nonsense", REFUSED, {"body": "<html>Welcome to the hotel</html>"}, 2),
    ("200 and nothing, accepted", ACCEPTED, {"body": ""}, 1),
    ("429", REFUSED, {"status": 429, "body": "slowly"}, 3),
    ("429 with Retry-After", REFUSED, {"status": 429, "headers": {"Retry-After": "1800"}, "body": "slowly"}, 2),
    ("400", REFUSED, {"status": 400, "body": "no such number"}, 3),
    ("402", REFUSED, {"status": 402, "body": "pay first"}, 1),
    ("302", REFUSED, {"status": 302, "headers": {"Location": "http://127.0.0.1:1/"}}, 1),
    ("408", REFUSED, {"status": 408, "body": "too slow"}, 1),
    ("409, accepted", ACCEPTED, {"status": 409, "body": "being processed"}, 1),
    ("500", REFUSED, {"status": 500, "body": "oops"}, 3),
    ("500, accepted", ACCEPTED, {"status": 500, "body": "oops"}, 4),
    ("503", REFUSED, {"status": 503, "body": "later"}, 2),
    ("cut", REFUSED, {"cut": True}, 3),
    ("reset", REFUSED, {"reset": True}, 2),
    ("cut, accepted", ACCEPTED, {"cut": True}, 5),
    ("reset, accepted", ACCEPTED, {"reset": True}, 3),
    ("half an answer, accepted", ACCEPTED, {"body": "OK id=77", "length": 400}, 3),
    ("no HTTP, accepted", ACCEPTED, {"raw": "good morning\r\n\r\n"}, 2),
    ("no HTTP", REFUSED, {"raw": "good morning\r\n\r\n"}, 1))
# The same for the question what became of a text; None: the true answer.
STATUS_FAULTS = (("500", {"status": 500, "body": "oops"}), ("cut", {"cut": True}), ("429", {"status": 429, "body": "UN"}),
                 ("nonsense", {"body": "<html>Welcome to the hotel</html>"}), ("404 of a front", {"status": 404, "body": "?"}))


class Weather:
    """How likely a fault is on each connection; locked: the password is wrong all the while."""

    def __init__(self, rng, fault, locked=False):
        self.rng = {"email": rng(), "sms": rng(), "status": rng()}
        self.fault, self.locked = fault, locked

    def strikes(self, what):
        return self.rng[what].random() < self.fault

    def choose(self, what, faults):
        return self.rng[what].choices(faults, [f[-1] for f in faults])[0]


CALM = Weather(lambda: types.SimpleNamespace(random=lambda: 1.0), 0.0)  # random() < any chance is false

# On the connection number nth (from 1) of a channel, at a step, act() is called once. When it returns False, the
# connection ends there.
Ambush = collections.namedtuple("Ambush", "name channel nth step act")

# ---- servers ----


class MailSession(smtp_server.Session):
    def __init__(self, sock, outside):
        self.outside, self.n = outside, outside.connected("email")
        script = outside.mail_script()
        super().__init__(sock, types.SimpleNamespace(mode="plain", auth=False, script=script, context=None), self.note)
        self.taken = False

    def note(self, event):
        if "accepted" not in event:
            return
        self.pass_step("dot")
        letter = event["accepted"]["data"].encode("latin-1").decode("utf-8", "replace")
        to = event["accepted"]["to"].split("<", 1)[1].split(">", 1)[0]
        self.outside.accept("email", truth.letter_header(letter, "Message-ID"), to, letter)
        self.taken = True

    def pass_step(self, step):
        if not self.outside.reach("email", self.n, step):
            raise smtp_server.Gone

    def act(self, step, usual=None):
        if step == "dot":  # servers like to repeat the address, and it must not end up on a screen or in a log
            usual = "250 2.0.0 Ok: queued as 4F1A2B3C4D, to " + self.recipient.split(":", 1)[1]
            if self.taken:
                self.pass_step("accepted")
        else:
            self.pass_step(step)
        return super().act(step, usual)


class MailServer(servers.Server):
    def __init__(self, outside):
        self.outside = outside
        super().__init__()

    def speak(self, sock, _log):
        MailSession(sock, self.outside).run()


class SmsServer(servers.Server):
    """A gateway that speaks as the presets of `preset` say. repeat_minutes: for so long it takes a text with a key that
    it knows for the same text."""

    def __init__(self, outside):
        self.outside = outside
        super().__init__()

    def speak(self, sock, _log):
        line, _ = http_server.read_request(sock)
        if line is None:
            return
        path, _, query = line.split(" ")[1].partition("?")
        query = dict(urllib.parse.parse_qsl(query))
        serve = self.tell if path == "/status" else self.take
        serve(sock, query, query.get("password") == PASSWORD and not self.outside.weather.locked)

    def take(self, sock, query, allowed):
        outside, n = self.outside, self.outside.connected("sms")
        taken, answer = outside.sms_answer(query)
        if not allowed:
            taken, answer = REFUSED, {"status": 401, "body": "wrong password " + query.get("password", "")}
        if not outside.reach("sms", n, "request"):
            return
        if taken:
            first = outside.accept("sms", query["key"], query["to"], query["text"])
            if not first and answer["body"].startswith("OK id"):
                answer = {"body": "USED BEFORE id=77001"}
            if not outside.reach("sms", n, "accepted"):
                return
        if taken and outside.waits_at("sms", n, "half"):
            sock.sendall(b"HTTP/1.1 200 x\r\nContent-Length: 40\r\n\r\nOK id=7")
            if not outside.reach("sms", n, "half"):
                return
        http_server.answer(sock, answer)

    def tell(self, sock, query, allowed):
        answer = self.outside.status_answer(query.get("key"))
        http_server.answer(sock, answer if allowed else {"status": 401, "body": "wrong password"})


def preset(repeat_minutes, status):
    """Presets of an invented provider."""
    login = {"user": "{user}", "password": "{password}"}
    made = {
        "name": "Days", "method": "GET", "path": "/send", "max_parts": 10,
        "query": {**login, "to": "{phone}", "text": "{text}", "key": "{idem_key}"},
        "answers": [
            {"http": [200], "body_prefix": "OK id", "verdict": "accepted", "id_after": "id="},
            {"http": [200], "body_prefix": "OK", "verdict": "accepted"},
            {"http": [200], "body_prefix": "USED BEFORE", "verdict": "accepted", "id_after": "id="},
            {"http": [401], "verdict": "config"},
        ],
    }
    if repeat_minutes:
        made["repeat_minutes"] = repeat_minutes
    if status:
        made["status"] = {"path": "/status", "query": {**login, "key": "{idem_key}"}, "answers": [
            {"http": [200], "body_prefix": "HAVE", "verdict": "sent", "id_after": "id="},
            {"http": [404], "body_prefix": "UNKNOWN", "verdict": "unknown"},
        ]}
    return made


# ---- all of it ----


class Outside:
    def __init__(self, repeat_minutes, counts):
        self.repeat_minutes, self.counts = repeat_minutes, counts
        self.truth, self.lock = [], threading.Lock()
        self.first_at, self.lags = {}, {}  # of texts: key -> when it was accepted, how often status does not know it yet
        self.weather, self.ambush, self.struck, self.met = CALM, None, False, collections.Counter()
        self.now, self.pid, self.running = 0, 0, threading.Event()
        self.mail, self.sms = MailServer(self), SmsServer(self)

    def begin(self, now, weather=CALM, ambush=None):
        self.now, self.weather, self.ambush = now, weather, ambush
        self.struck, self.faults = False, 0
        self.met.clear()
        self.running.clear()

    def started(self, pid):
        self.pid = pid
        self.running.set()

    def end(self):
        if self.met:
            self.mail.settle()
            self.sms.settle()

    # ---- what servers ask ----

    def connected(self, channel):
        self.met[channel] += 1
        return self.met[channel]

    def count(self, what):
        self.faults += 1
        self.counts[what] += 1

    def mail_script(self):
        if not self.weather.strikes("email"):
            return {"mail": "535 5.7.8 who are you"} if self.weather.locked else {}
        name, script, _ = self.weather.choose("email", MAIL_FAULTS)
        self.count("mail server: " + name)
        return dict(script)

    def sms_answer(self, query):
        if not self.weather.strikes("sms"):
            # Servers like to repeat what they were told, and it must not end up on a screen or in a log.
            return ACCEPTED, {"body": "OK id=77001 to=%(to)s password=%(password)s" % query}
        name, taken, answer, _ = self.weather.choose("sms", SMS_FAULTS)
        self.count("SMS gateway: " + name)
        return taken, dict({"body": ""}, **answer)

    def status_answer(self, key):
        self.connected("status")
        if self.weather.strikes("status"):
            name, answer = self.weather.rng["status"].choice(STATUS_FAULTS)
            self.count("status query: " + name)
            return answer
        if key in self.first_at and self.lags.pop(key, 0) == 0:
            self.counts["status query: it has it"] += 1
            return {"body": "HAVE id=77001"}
        self.counts["status query: it does not know it"] += 1
        return {"status": 404, "body": "UNKNOWN"}

    def accept(self, channel, key, to, content):
        """Takes a message; False: it was here before, and the gateway keeps it one."""
        with self.lock:
            again = key in self.first_at
            if again and self.repeat_minutes and self.now < self.first_at[key] + self.repeat_minutes * 60:
                self.counts["SMS gateway: the same again, kept one"] += 1
                return False
            if channel == "sms" and not again:
                self.first_at[key] = self.now
                self.lags[key] = self.weather.rng["status"].random() < 0.3  # its list lags behind for one question
            self.truth.append(Entry(len(self.truth), channel, key, to, content, self.now))
            return True

    # ---- ambushes ----

    def waits_at(self, channel, n, step):
        a = self.ambush
        return a is not None and not self.struck and (a.channel, a.nth, a.step) == (channel, n, step)

    def reach(self, channel, n, step):
        if not self.waits_at(channel, n, step):
            return True
        self.struck = True
        self.counts[self.ambush.name] += 1
        return self.ambush.act()

    def kill(self):
        """For an ambush: the tick that is talking to us dies here."""
        self.running.wait(servers.PATIENCE)
        os.kill(self.pid, signal.SIGKILL)
        return False
