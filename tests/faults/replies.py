#!/usr/bin/python3
"""Servers that answer with anything: whatever they say, each message is in the state that the answer justifies, nothing
goes twice, and a reply without end costs neither memory nor time.

    HTTP            every status from 100 to 599 with every kind of body: accepted, nothing, cut, a page of HTML, JSON that
                    means nothing or is a hundred thousand deep, 10 MB, bytes of no language, wrong lengths, compressed
    SMTP            at each step: garbage, NUL, escapes, a reply and a line without end, 100 MB
    slow            silence at each step, and one byte of the answer a second; the clock of the program runs faster
                    here, by libfaketime
    kept alive      a gateway that would take the next request over the same connection gets each over one of its own

What an answer justifies stands in docs/delivery.md and docs/gateways.md, and here once more, as a table.

    PPS=build/pps tests/faults/replies.py                   everything
    PPS=build/pps tests/faults/replies.py --sample 100      about so many HTTP answers; the rest is always whole
    … --only 'HTTP 503 cut'                                 one of them, to look at

The program must not be one with sanitisers, which libfaketime cannot be loaded into. Prints TAP, and how often which
state followed."""

import argparse
import collections
import random
import re
import sys
import time
import urllib.parse
import zlib

sys.dont_write_bytecode = True
import disk
import invariants
import rig
import servers
from agency import Agency, NOW
from servers import http_server, smtp_server

SMS = ("Евлампия Канарейкина", "+79031110771", "evlampia@canary.example", "2026-12-20 11:40")
MEGABYTE = 1 << 20
MEMORY = 400 * MEGABYTE  # addresses; a tick needs a third of it, and a reply of 100 MB does not fit twice
STATES = {"sent": "sent", "again": "pending", "our set-up": "pending", "refused": "failed", "in doubt": "in_doubt"}

Outcome = collections.namedtuple("Outcome", "kind bad")


# ---- one message, and a server that answers it oddly ----

class Odd:
    """`reply` is what the next message gets; how often it was accepted stands in the truth."""

    def __init__(self, server, speak):
        self.server, self.reply = server, None
        server.speak = lambda sock, log: speak(self, sock, log)


def answer_http(odd, sock, log):
    """Accepts when the reply says that it has."""
    line, _ = http_server.read_request(sock)
    if line is None:
        return
    key = re.search(r"[?&]key=([^& ]+)", line).group(1)
    if odd.reply.accepted:
        log.accept(key, "", "")
    odd.reply.send(sock)


class OddSession(servers.SmtpSession):
    """A session that answers as usual, but at one step."""

    def __init__(self, sock, server, log, reply):
        super().__init__(sock, server, log)
        self.reply = reply

    def act(self, step, usual=None):
        if step != self.reply.step:
            return super().act(step, usual)
        self.reply.send(self.sock)
        raise smtp_server.Gone


def answer_smtp(odd, sock, log):
    OddSession(sock, odd.server, log, odd.reply).run()


class One:
    """An agency with one message due, kept to be answered again and again."""

    def __init__(self, bench, transport):
        self.transport = transport
        with bench.new(transport) as agency:
            agency.sell(*SMS, sold=NOW, back="2026-12-30")
            self.agency = agency.copy(bench.new_folder())
        self.vault, self.content = disk.Vault(self.agency.folder), disk.Disk(self.agency.folder).now()
        self.odd = Odd(bench.smtp, answer_smtp) if transport == "smtp" else Odd(bench.sms, answer_http)

    def fresh(self, bench):
        self.vault.put_back(self.content)
        return bench.attend(Agency(self.agency.folder, self.transport))


_ones = {}  # of this worker process


def one_of(bench, transport):
    if transport not in _ones:
        own = rig.Bench(bench.shared)  # whose servers answer oddly from now on
        _ones[transport] = own, One(own, transport)
    return _ones[transport]


def try_reply(bench, transport, reply, wanted, before=()):
    """One tick that is answered so; then another, which must not send what may have been accepted."""
    bench, one = one_of(bench, transport)
    agency = one.fresh(bench)
    one.odd.reply = reply
    began = time.monotonic()
    done = agency.tick(before=before)
    took = time.monotonic() - began
    bench.settle()
    bad = [] if done.status in (0, 69) else ["exit status %d: %s" % (done.status, done.err.strip())]
    bad += state_is(agency, wanted)
    one.odd.reply = reply
    agency.tick()
    bench.settle()
    accepted = len(agency.accepted())
    if accepted > 1 or (wanted == "sent" and accepted != 1):
        bad.append("accepted %d times" % accepted)
    look = invariants.Look(agency)
    bad += invariants.silent(agency, look)
    said = "".join(agency.said + [line for line in look.log_lines if line])
    if re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", said):
        bad.append("it shows control characters: %r" % said)
    if took > 30:
        bad.append("it took %d seconds" % took)
    return Outcome(wanted, bad)


def state_is(agency, wanted):
    """A try that failed because of our set-up does not count. A thank-you by SMS that is refused for good is called."""
    ((state, attempts, channel, cause),) = agency.rows(
        "SELECT state, attempts, channel, cause FROM action WHERE step = 'thank-you'")
    if wanted == "refused" and channel == "call":
        called = (state, attempts, cause) == ("pending", 0, "not_delivered")
        return [] if called else ["it is a call, %s after %d tries, because %s" % (state, attempts, cause)]
    if state == STATES[wanted] and attempts == (wanted in ("again", "refused")):
        return []
    return ["it is %s after %d tries, wanted: %s" % (state, attempts, wanted)]


# ---- HTTP ----

class HttpReply:
    def __init__(self, status, kind):
        self.status, self.body, self.accepted = status, BODIES[kind], kind == "accepted" and status == 200

    def send(self, sock):
        head, body = self.body(self.status)
        sock.sendall(b"HTTP/1.1 %d x\r\n%s\r\n%s" % (self.status, head, body))


def with_length(body, length=None, more=b""):
    return lambda status: (b"Connection: close\r\n%sContent-Length: %d\r\n" % (
        more, len(body) if length is None else length), body)


def deep(n):
    return b"[" * n + b"]" * n


GZIP = zlib.compressobj(9, zlib.DEFLATED, 31)
BOMB = GZIP.compress(b"OK id=1 " * (10 * MEGABYTE // 8)) + GZIP.flush()
BODIES = {
    "accepted": with_length(b"OK id=77001"),
    "nothing": with_length(b""),
    "cut": with_length(b"OK id=1", 999),
    "HTML": with_length(b"<html><body>Welcome to our hotel! OK id=1</body></html>"),
    "JSON": with_length(b'{"error": {"code": "\\u0000", "ok": "OK id=1"}}'),
    "deep JSON": with_length(deep(100000)),
    "10 MB": with_length(b"OK id=1 " * (10 * MEGABYTE // 8)),
    "no language": with_length(b"\x00\xff\xfe\x1b[2J\x80OK id=1\r\n\x00"),
    "no length": lambda status: (b"Connection: close\r\n", b""),
    "wrong length": lambda status: (b"Content-Length: -5\r\n", b"OK id=1"),
    "chunks, cut": lambda status: (b"Transfer-Encoding: chunked\r\n", b"20\r\nOK id=1"),
    "bad chunks": lambda status: (b"Transfer-Encoding: chunked\r\n", b"zz\r\nOK id=1\r\n0\r\n\r\n"),
    "compressed": with_length(BOMB, more=b"Content-Encoding: gzip\r\n"),
    "long headers": lambda status: (b"X: %s\r\nContent-Length: 0\r\n" % (b"y" * 200000), b""),
}


def justified(status, kind):
    """What follows from a status, whatever the body; only 200 with the preset's words, whole, is an acceptance."""
    if status == 200 and kind == "accepted":
        return "sent"
    if status == 429:
        return "again"
    if 300 <= status <= 399 or status in (401, 402, 403):
        return "our set-up"
    if status < 300 or status >= 500 or status in (408, 409):
        return "in doubt"
    return "refused"


class Http:
    """A task for a worker: a status and a kind of body."""

    def __call__(self, bench, point):
        return try_reply(bench, "http", HttpReply(*point), justified(*point))


def http_points(wanted):
    """About so many: every kind of body equally often, with statuses that mean something and with any."""
    every = [(status, kind) for status in range(100, 600) for kind in BODIES]
    if wanted is None:
        return every
    rng = random.Random(wanted)
    telling = (100, 200, 200, 201, 302, 400, 401, 404, 408, 409, 429, 500, 503)
    return sorted({(rng.choice(telling) if i % 2 else rng.randrange(100, 600), kind)
                   for i in range(max(1, wanted // len(BODIES))) for kind in BODIES} | {(200, kind) for kind in BODIES})


# ---- SMTP ----

class SmtpReply:
    """What is said at a step, piece by piece, and then the connection ends."""

    def __init__(self, step, kind):
        self.step, self.pieces, self.given = step, REPLIES[kind], False

    def send(self, sock):
        self.given = True
        for piece in self.pieces():
            sock.sendall(piece)


def endless(piece):
    return lambda: (piece * (MEGABYTE // len(piece)) for _ in range(100))


REPLIES = {
    "garbage": lambda: [b"\x16\x03\x01 GET / HTTP/1.1 \xff\xfe bonjour\r\n"],
    "NUL": lambda: [b"\x00\x00250 \x00 ok\x00\r\n"],
    "escapes": lambda: [b"\x1b[2J\x1b]0;owned\x07 \x9b31m \xe2\x80\xae\r\n"],
    "a word that is none": lambda: [b"25O ok\r\n", b"2500 ok\r\n", b"-250 ok\r\n"],
    "a reply without end": endless(b"250-more is to come\r\n"),
    "a line without end": endless(b"250 ok and so on and "),
    "no line, without end": endless(b"\x00\xff"),
    "only ends of lines": endless(b"\r\n"),
}
# At QUIT it was accepted already, and nothing that is said then changes it.
STEPS = {"connect": "again", "ehlo": "again", "mail": "again", "rcpt": "again", "data": "again", "dot": "in doubt",
         "quit": "sent"}


class Smtp:
    """A task for a worker: a step and a kind of reply."""

    def __call__(self, bench, point):
        reply, before = SmtpReply(*point), ("prlimit", "--as=%d" % MEMORY)
        outcome = try_reply(bench, "smtp", reply, STEPS[point[0]], before)
        if not reply.given:
            outcome.bad.append("the program never came to this step")
        return outcome


# ---- slow ----

# transport, step, the bytes that drip (none: silence), what follows, and after how many seconds by its own clock the
# program gives up: the limits of docs/delivery.md. A byte comes a second after the one before, so that no limit for
# silence helps.
DRIPS = {
    "silence instead of a greeting": ("smtp", "connect", b"", "again", 30),
    "silence after EHLO": ("smtp", "ehlo", b"", "again", 30),
    "silence after MAIL": ("smtp", "mail", b"", "again", 60),
    "silence after RCPT": ("smtp", "rcpt", b"", "again", 60),
    "silence after DATA": ("smtp", "data", b"", "again", 60),
    "silence after the letter": ("smtp", "dot", b"", "in doubt", 600),
    "silence of an SMS gateway": ("http", None, b"", "in doubt", 60),
    "the greeting of a mail server": ("smtp", "connect", b"220-welcome\r\n", "again", 30),
    "the answer to RCPT": ("smtp", "rcpt", b"250-so\r\n", "again", 900),
    "the answer to the letter": ("smtp", "dot", b"250-so\r\n", "in doubt", 900),
    "the answer of an SMS gateway": ("http", None, b"HTTP/1.1 200 x\r\nContent-Length: 9000\r\n\r\n" + b"OK" * 4500,
                                     "in doubt", 60),
}


LATE_SEC = 5  # so long a busy machine may look away
TRIES = 3  # a second of the machine is five minutes here: what is so each time is a fault


class Dripping:
    """Sends byte by byte until the other side hangs up."""

    accepted = False

    def __init__(self, step, data, faster):
        self.step, self.data, self.faster, self.seconds = step, data, faster, 0.0

    def send(self, sock):
        began = time.monotonic()
        try:
            while not self.data and sock.recv(4096):
                pass
            for i in range(10000 if self.data else 0):
                at = i if i < len(self.data) else i % len(self.data)
                sock.sendall(self.data[at:at + 1])
                time.sleep(1 / self.faster)
        finally:
            self.seconds = self.faster * (time.monotonic() - began)


class Slow:
    """A task for a worker: what drips. The program's clock runs faster, and more so for long limits. A busy machine may be
    late, so that the time is looked at roughly."""

    def __call__(self, bench, point):
        for _ in range(TRIES):
            outcome = self.once(bench, point)
            if not outcome.bad:
                break
        return outcome

    @staticmethod
    def once(bench, point):
        transport, step, data, wanted, limit = DRIPS[point[0]]
        reply = Dripping(step, data, 60 if limit <= 60 else 300)
        outcome = try_reply(bench, transport, reply, wanted, rig.faster(reply.faster))
        if not limit * 0.5 < reply.seconds < limit * 1.5 + LATE_SEC * reply.faster:
            outcome.bad.append("it held on for %d seconds, and its limit is %d" % (reply.seconds, limit))
        return outcome


# ---- kept alive ----

class KeepsAlive(servers.SmsServer):
    """Answers, and then waits for the next request on the same connection; takes it, and hangs up without an answer. A
    client that uses a connection twice would send the text of that request again."""

    def __init__(self):
        super().__init__()
        self.again = 0

    def speak(self, sock, log):
        line, _ = http_server.read_request(sock)
        while line is not None:
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(line.split(" ")[1]).query))
            log.accept(query["key"], query["to"], query["text"])
            sock.sendall(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nKeep-Alive: timeout=60\r\n"
                         b"Content-Length: 11\r\n\r\nOK id=77001")
            line, _ = http_server.read_request(sock)
            if line is not None:
                self.again += 1
                log.accept(query["key"], query["to"], query["text"])
                return


def kept_alive(shared):
    bench = rig.Bench(shared)
    bench.sms = KeepsAlive()
    origin, expected = rig.make_origin(shared, "http")
    with bench.fresh(origin) as agency:
        done = agency.tick()
        bad = [] if done.status == 0 else ["exit status %d: %s" % (done.status, done.err)]
        bad += ["%d requests came over a connection that was used before" % bench.sms.again] if bench.sms.again else []
        return bad + bench.rest(agency, expected, set())


# ---- all of it ----

def run_points(tap, each, title, task, points):
    kinds, bad = collections.Counter(), []
    for point, outcome in each(task, points):
        where = " ".join(map(str, (title, *point)))
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (where, type(outcome).__name__, outcome))
            continue
        kinds[outcome.kind] += 1
        bad += ["%s: %s" % (where, line) for line in outcome.bad]
    tap.note("%s: %d answers; what follows: %s" % (title, len(points), ", ".join(
        "%d %s" % (n, kind) for kind, n in sorted(kinds.items()))))
    tap.test("%s: what each answer justifies, and nothing twice" % title, bad)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N of the HTTP answers; without it, all")
    parser.add_argument("--only", default="", metavar="WORDS", help="answers whose names begin with them")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        for title, task, points in (("HTTP", Http(), http_points(options.sample)),
                                    ("SMTP", Smtp(), [(step, kind) for step in STEPS for kind in REPLIES]),
                                    ("slow", Slow(), [(name,) for name in DRIPS])):
            points = [p for p in points if " ".join(map(str, (title, *p))).startswith(options.only)]
            if points:
                run_points(tap, each, title, task, points)
        if "kept alive".startswith(options.only):
            tap.test("a connection that is kept alive is not used again", kept_alive(shared))
    tap.end()


if __name__ == "__main__":
    main()
