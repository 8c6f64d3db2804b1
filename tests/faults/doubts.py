#!/usr/bin/python3
"""A message in doubt, end to end: what each kind of gateway, the playbook and a person make of it.

The SMS gateway here accepts the request and hangs up before it answers (or hangs up before it accepts), which is all
that pps sees. Then the ticks of the next hours and days are played, by --now.

    PPS=build/pps tests/faults/doubts.py
    … --only WORD            the tests whose names contain the word

Prints TAP."""

import argparse
import datetime
import json
import os
import sys
import urllib.parse

sys.dont_write_bytecode = True
import rig
from servers import http_server
import servers
import truth
from agency import NOW, PASSWORD, ZONE, instant
from rig import scenario

CLIENT = ("Евлампия Канарейкина", "+79031110771", "evlampia@canary.example", "2026-12-20 11:40")
SEND = {"user": "{user}", "password": "{password}", "to": "{phone}", "text": "{text}", "key": "{idem_key}"}
ANSWERS = [{"http": [200], "body_prefix": "OK", "verdict": "accepted", "id_after": "id="},
           {"http": [409], "body_prefix": "used before", "verdict": "accepted"},
           {"http": [401], "verdict": "config"}]
PLAIN = {"name": "Plain", "method": "GET", "path": "/send", "query": SEND, "max_parts": 10, "answers": ANSWERS}
REPEATS = dict(PLAIN, name="Repeats", repeat_minutes=60)
STATUS = {"path": "/status", "query": {"user": "{user}", "password": "{password}", "key": "{idem_key}"},
          "answers": [{"http": [200], "body_prefix": "delivered", "verdict": "sent", "id_after": "id="},
                      {"http": [404], "body_prefix": "no such message", "verdict": "unknown"}]}
ASKED = dict(PLAIN, name="Asked", status=STATUS)


class Gate(servers.SmsServer):
    """`plan` says what happens to the next requests that send, one word each: accept, lose (accepted, no answer), drop
    (not accepted, no answer); then accept. It knows repetitions by their key when `once` is set. `known` is what a
    status query is told: by the truth, or a word for any key."""

    def __init__(self):
        super().__init__()
        self.plan, self.once, self.status, self.requests, self.asked = [], False, "truth", [], 0

    def speak(self, sock, log):
        line, _ = http_server.read_request(sock)
        if line is None:
            return
        url = urllib.parse.urlsplit(line.split(" ")[1])
        query = dict(urllib.parse.parse_qsl(url.query))
        known = any(e["key"] == query["key"] for e in truth.read_log(log.path))
        if url.path == "/status":
            self.tell(sock, known)
            return
        self.requests.append(url.query)
        act = self.plan.pop(0) if self.plan else "accept"
        if self.once and known:
            http_server.answer(sock, {"status": 409, "body": "used before"})
            return
        if act != "drop":
            log.accept(query["key"], query["to"], query["text"])
        if act == "accept":
            http_server.answer(sock, {"body": "OK id=77001"})

    def tell(self, sock, known):
        self.asked += 1
        if self.status == "broken":
            http_server.answer(sock, {"status": 500, "body": "oops"})
        elif self.status == "truth" and known:
            http_server.answer(sock, {"body": "delivered id=77002"})
        else:
            http_server.answer(sock, {"status": 404, "body": "no such message"})


class World:
    """One agency with one client, one SMS due now, and the gate."""

    def __init__(self, bench, gate, preset, policy=None):
        self.gate, self.bad = gate, []
        self.agency = rig.Agency(bench.new_folder(), "http")
        os.mkdir(self.agency.folder)
        bench.attend(self.agency)
        templates = os.path.join(self.agency.folder, "templates")
        os.makedirs(templates + "/gateways")
        with open(templates + "/gateways/gate.json", "w", encoding="utf-8") as f:
            json.dump(preset, f)
        self.write_config(templates)
        if policy:
            self.write_playbook(bench, templates, policy)
        self.agency.good("init")
        gate.log = truth.Log(self.agency.truth_log)
        gate.requests, gate.asked, gate.once, gate.status = [], 0, False, "truth"
        self.agency.sell(*CLIENT, sold=NOW, back="2026-12-30")
        self.action = self.agency.rows("SELECT id FROM action WHERE step = 'thank-you'")[0][0]

    def write_config(self, templates):
        path = os.path.join(self.agency.folder, "pps.json")
        with open(path, encoding="utf-8") as f:
            config = json.load(f)
        config["templates"] = templates
        config["sms"]["http"].update(preset="gate", url="http://127.0.0.1:%d" % self.gate.port)
        with open(path, "w", encoding="utf-8") as f:
            json.dump(config, f)

    def write_playbook(self, bench, templates, policy):
        with open(os.path.join(bench.shared, "templates", "playbook.json"), encoding="utf-8") as f:
            text = f.read()
        key = '"key": "thank-you",'
        with open(templates + "/playbook.json", "w", encoding="utf-8") as f:
            f.write(text.replace(key, key + ' "if_in_doubt": "%s",' % policy))

    def tick(self, minutes, *words):
        at = datetime.datetime.fromtimestamp(instant(NOW) + 60 * minutes, ZONE).strftime("%Y-%m-%d %H:%M")
        return self.agency.run("tick", *words, now=at)

    def expect(self, minutes, state, accepted, status=None):
        done = self.tick(minutes)
        self.is_so("after %d minutes" % minutes, state, accepted)
        if status is not None and done.status != status:
            self.bad.append("after %d minutes: exit status %d: %s" % (minutes, done.status, done.err))

    def is_so(self, when, state, accepted):
        found = self.agency.rows("SELECT state FROM action WHERE id = ?1", self.action)[0][0]
        n = len(self.agency.accepted())
        if (found, n) != (state, accepted):
            self.bad.append("%s: %s and %d accepted, wanted %s and %d" % (when, found, n, state, accepted))

    def same_requests(self, n):
        if len(self.gate.requests) != n or len(set(self.gate.requests)) != 1:
            self.bad.append("%d requests, %d of them different, wanted %d the same" %
                            (len(self.gate.requests), len(set(self.gate.requests)), n))
        return self.bad


# ---- a gateway that can do nothing ----

@scenario("no answer, and nobody to ask: it stays in doubt for ever, said once, and nothing goes again")
def ask_a_person(bench, gate):
    w = World(bench, gate, PLAIN)
    gate.plan = ["lose"]
    w.expect(0, "in_doubt", 1, 69)
    for minutes in (2, 20, 120, 1500, 2700):
        w.expect(minutes, "in_doubt", 1, 0)
    return w.same_requests(1)


@scenario("if_in_doubt resend: the same once more after a quarter of an hour, and never a third time")
def resend_once(bench, gate):
    w = World(bench, gate, PLAIN, "resend")
    gate.plan = ["drop", "lose"]
    w.expect(0, "in_doubt", 0, 69)
    w.expect(6, "in_doubt", 0)
    w.expect(14, "in_doubt", 0)
    w.expect(21, "in_doubt", 1, 69)
    for minutes in (40, 90, 600, 2000):
        w.expect(minutes, "in_doubt", 1, 0)
    return w.same_requests(2)


@scenario("if_in_doubt resend: a try that is certainly not accepted is no second one")
def resend_until_through(bench, gate):
    w = World(bench, gate, PLAIN, "resend")
    gate.plan = ["drop"]
    w.expect(0, "in_doubt", 0, 69)
    port, gate.port = gate.port, 1  # nobody listens there
    w.write_config(os.path.join(w.agency.folder, "templates"))
    w.expect(21, "in_doubt", 0)
    w.expect(60, "in_doubt", 0)
    gate.port = port
    w.write_config(os.path.join(w.agency.folder, "templates"))
    w.expect(140, "sent", 1, 0)
    return w.same_requests(2)


@scenario("if_in_doubt resend: not after the end of the message, not when the trip was changed or cancelled")
def resend_not(bench, gate):
    bad = []
    for words in ((), ("edit-trip", "T1", "--destination", "Бали"), ("cancel-trip", "T1")):
        w = World(bench, gate, PLAIN, "resend")
        gate.plan = ["drop"]
        w.expect(0, "in_doubt", 0, 69)
        if words:
            w.agency.good(*words)
        else:
            w.agency.change("UPDATE action SET expires_at = ?1 WHERE id = ?2", instant(NOW) + 900, w.action)
        w.expect(21, "in_doubt", 0, 0)
        w.expect(600, "in_doubt", 0, 0)
        bad += w.same_requests(1)
    return bad


@scenario("if_in_doubt assume_sent: taken for sent with the next tick, and nothing goes again")
def assume(bench, gate):
    w = World(bench, gate, PLAIN, "assume_sent")
    gate.plan = ["drop"]
    w.expect(0, "in_doubt", 0, 69)
    w.expect(10, "sent", 0, 0)
    cause = w.agency.rows("SELECT cause FROM action WHERE id = ?1", w.action)[0][0]
    if cause != "assumed":
        w.bad.append("cause %s" % cause)
    w.expect(2000, "sent", 0)
    return w.same_requests(1)


# ---- one that knows repetitions ----

@scenario("a gateway that knows repetitions: the same key again until it answers; one SMS, and the requests are the same")
def idempotent(bench, gate):
    w = World(bench, gate, REPEATS)
    gate.once, gate.plan = True, ["lose"]
    w.expect(0, "in_doubt", 1, 69)
    w.expect(2, "sent", 1, 0)
    return w.same_requests(2)


@scenario("a gateway that knows repetitions and never got the first: it gets the second")
def idempotent_dropped(bench, gate):
    w = World(bench, gate, REPEATS)
    gate.once, gate.plan = True, ["drop", "drop", "drop"]
    w.expect(0, "in_doubt", 0, 69)
    w.expect(2, "in_doubt", 0)
    w.expect(10, "in_doubt", 0)
    w.expect(20, "sent", 1, 0)
    return w.same_requests(4)


@scenario("a gateway that knows repetitions for an hour: after it, nothing is repeated")
def idempotent_over(bench, gate):
    w = World(bench, gate, REPEATS)
    gate.once, gate.plan = True, ["lose"]
    w.expect(0, "in_doubt", 1, 69)
    gate.once = False  # it has forgotten the key
    w.expect(59, "in_doubt", 1, 0)
    w.expect(600, "in_doubt", 1, 0)
    return w.same_requests(1)


# ---- one that can be asked ----

@scenario("a gateway that can be asked, and has it: sent, with its id, and nothing goes again")
def asked_found(bench, gate):
    w = World(bench, gate, ASKED)
    gate.plan = ["lose"]
    w.expect(0, "in_doubt", 1, 69)
    w.expect(2, "sent", 1, 0)
    ids = w.agency.rows("SELECT provider_id, settled FROM attempt WHERE action_id = ?1", w.action)
    if ids != [("77002", "sent")]:
        w.bad.append("the attempt says %s" % ids)
    return w.same_requests(1)


@scenario("a gateway that can be asked, and twice has never heard of it: it goes again, once")
def asked_unknown(bench, gate):
    w = World(bench, gate, ASKED)
    gate.plan = ["drop"]
    w.expect(0, "in_doubt", 0, 69)
    w.expect(2, "in_doubt", 0, 0)   # the first time
    w.expect(4, "in_doubt", 0, 0)   # too soon to ask again
    w.expect(8, "sent", 1, 0)       # the second time: it goes with the same tick
    return w.same_requests(2)


@scenario("a gateway that can be asked, and whose list lags behind: found at the second question")
def asked_lagging(bench, gate):
    w = World(bench, gate, ASKED)
    gate.plan = ["lose"]
    w.expect(0, "in_doubt", 1, 69)
    gate.status = "nothing"
    w.expect(2, "in_doubt", 1, 0)
    gate.status = "truth"
    w.expect(8, "sent", 1, 0)
    return w.same_requests(1)


@scenario("a gateway that can be asked, and answers nonsense: it is asked for a day, and then a person")
def asked_broken(bench, gate):
    w = World(bench, gate, ASKED)
    gate.plan, gate.status = ["drop"], "broken"
    w.expect(0, "in_doubt", 0, 69)
    for minutes in (2, 10, 60, 600, 1430):
        w.expect(minutes, "in_doubt", 0, 0)
    if gate.asked != 5:
        w.bad.append("asked %d times" % gate.asked)
    w.expect(1500, "in_doubt", 0, 0)
    w.expect(2700, "in_doubt", 0, 0)
    if gate.asked != 5:
        w.bad.append("asked %d times in the end" % gate.asked)
    return w.same_requests(1)


# ---- a person ----

@scenario("a person: --sent, --drop and --resend; what is sent again is the same, once")
def a_person(bench, gate):
    bad = []
    for words, plan, state, accepted, requests in (
            (["--sent"], ["lose"], "sent", 1, 1), (["--drop"], ["drop"], "cancelled", 0, 1),
            (["--resend"], ["drop"], "sent", 1, 2)):
        w = World(bench, gate, PLAIN)
        gate.plan = list(plan)
        w.expect(0, "in_doubt", accepted if plan == ["lose"] else 0, 69)
        done = w.agency.run("doubt", "resolve", "A%d" % w.action, *words)
        if done.status != 0:
            w.bad.append("doubt resolve %s: %d %s" % (words, done.status, done.err))
        w.expect(5, state, accepted, 0)
        w.expect(600, state, accepted, 0)
        bad += w.same_requests(requests)
    return bad


@scenario("no password and nothing of the client shows in what a tick says about a doubt")
def nothing_shows(bench, gate):
    w = World(bench, gate, ASKED)
    gate.plan, gate.status = ["drop"], "broken"
    w.agency.said.clear()
    w.tick(0, "--verbose")
    w.tick(2, "--verbose")
    said = "".join(w.agency.said)
    return ["it said: %s" % said for word in (PASSWORD, "9031110771", "anareik", "канарейкин") if word in said]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="WORD")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared:
        bench, gate = rig.Bench(shared), Gate()
        gate.password = PASSWORD
        rig.play_in_turn(tap, bench, gate, options.only)
    tap.end()


if __name__ == "__main__":
    main()
