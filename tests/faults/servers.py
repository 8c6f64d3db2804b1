"""An SMTP server and an SMS gateway over HTTP, in threads of the test, each on a free loopback port.

One server serves many points: `log` says to which truth the next connections belong, and `settle()` returns when every
connection made before has been served to its end, also those that a killed client left in the queue. So what stands in
the log afterwards is final.

    server.log = truth.Log(path)
    hold = server.hold("rcpt")      the next time that this step is reached, its reply waits
    hold.wait(); …; hold.release()

Steps of SMTP are those of tests/fake/smtp_server.py (connect, ehlo, mail, rcpt, data, body, dot, quit): "data" waits
before the 354, "dot" when the letter is accepted and logged and before the 250. Steps of HTTP: "request" waits when the
request is read and before it is accepted, "reply" when it is accepted and before the reply."""

import os
import socket
import sys
import threading
import types
import urllib.parse

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "fake"))
import http_server
import smtp_server
import truth

PATIENCE = 30.0  # seconds; a test that fails must still end


class Hold:
    """One reply that waits until the test says go."""

    def __init__(self):
        self.arrived, self.opened = threading.Event(), threading.Event()
        self.late = False  # nobody said go, and the reply went at last

    def wait(self):
        if not self.arrived.wait(PATIENCE):
            raise TimeoutError("nobody came to the step that is held")

    def release(self):
        self.opened.set()


class Server:
    """Accepts connections and gives each to a thread; subclasses speak."""

    def __init__(self):
        self.log = None
        self.busy, self.changed = 0, threading.Condition()
        self.holds, self.markers = {}, set()
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def hold(self, step):
        self.holds[step] = Hold()
        return self.holds[step]

    def reach(self, step):
        held = self.holds.pop(step, None)
        if held is not None:
            held.arrived.set()
            held.late = not held.opened.wait(PATIENCE)

    def accept(self):
        while True:
            sock, peer = self.listener.accept()
            with self.changed:
                if peer in self.markers:
                    self.markers.remove(peer)
                    self.changed.notify_all()
                    sock.close()
                    continue
                self.busy += 1
            threading.Thread(target=self.serve, args=(sock, self.log), daemon=True).start()

    def serve(self, sock, log):
        sock.settimeout(PATIENCE)
        try:
            self.speak(sock, log)
        except (OSError, smtp_server.Gone):
            pass  # the client is gone, which is what most points are about
        finally:
            sock.close()
            with self.changed:
                self.busy -= 1
                self.changed.notify_all()

    def settle(self):
        """A connection of our own goes through the queue: when it comes out, all before it have."""
        with socket.socket() as marker:
            marker.bind(("127.0.0.1", 0))
            name = marker.getsockname()
            with self.changed:
                self.markers.add(name)
            marker.connect(("127.0.0.1", self.port))
            with self.changed:
                if not self.changed.wait_for(lambda: name not in self.markers and self.busy == 0, PATIENCE):
                    raise TimeoutError("%s: a connection does not end" % type(self).__name__)


class SmtpSession(smtp_server.Session):
    """The scripted session, without TLS, whose acceptances are the truth."""

    def __init__(self, sock, server, log):
        options = types.SimpleNamespace(mode="plain", auth=False, script={}, context=None)
        super().__init__(sock, options, self.note)
        self.server, self.truth = server, log

    def note(self, event):
        if "accepted" in event:
            letter = event["accepted"]["data"].encode("latin-1").decode("utf-8", "replace")
            to = event["accepted"]["to"].split("<", 1)[1].split(">", 1)[0]
            self.truth.accept(truth.letter_header(letter, "Message-ID"), to, letter)

    def act(self, step, usual=None):
        self.server.reach(step)
        if step == "dot":  # servers like to repeat the address, and it must not end up on a screen or in a log
            usual = "250 2.0.0 Ok: queued as 4F1A2B3C4D, to " + self.recipient.split(":", 1)[1]
        return super().act(step, usual)


class SmtpServer(Server):
    def speak(self, sock, log):
        SmtpSession(sock, self, log).run()


class SmsServer(Server):
    """Takes what the preset PRESET sends. Without the right password it takes nothing."""

    password = ""

    PRESET = {
        "name": "Truth", "method": "GET", "path": "/send",
        "query": {"user": "{user}", "password": "{password}", "to": "{phone}", "text": "{text}", "key": "{idem_key}"},
        "max_parts": 10,
        "answers": [
            {"http": [200], "body_prefix": "OK", "verdict": "accepted", "id_after": "id="},
            {"http": [401], "verdict": "config"},
        ],
    }

    def speak(self, sock, log):
        line, _ = http_server.read_request(sock)
        if line is None:
            return
        self.reach("request")
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(line.split(" ")[1]).query))
        if query.get("password") != self.password:
            http_server.answer(sock, {"status": 401, "body": "who are you?"})
            return
        log.accept(query["key"], query["to"], query["text"])
        self.reach("reply")
        http_server.answer(sock, {"body": "OK id=77001 to=%s password=%s" % (query["to"], self.password)})
