#!/usr/bin/python3
"""Real peers for the end-to-end tests, each on free loopback ports, each gone when its block ends, also when
the test is killed:

    with smtp_sink(tmp, "-q", ".") as s:            Postfix smtp-sink, with any of its options
        s.port; s.messages()                        [{"from", "to": [..], "data": bytes}]
        (with LF; also letters that it refused or dropped at the dot, for it had them whole)
    with auth_smtp(tmp, user, password, mode="starttls") as s:      aiosmtpd; mode "starttls" or "tls"
        s.port; s.ca_file; s.messages()             the same; data with CR LF, byte for byte
    with kannel(tmp, user, password) as k:          bearerbox, smsbox and fakesmsc
        k.port; k.messages()                        [{"to", "from", "text", "parts"}], long texts joined

tmp is an existing folder; every peer makes its own folder in it and keeps its logs there. `messages(n)` waits
until there are n, at most ten seconds. Run as a program, the module tests itself."""

import asyncio
import logging
import os
import re
import select
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import warnings

PATIENCE = 10.0  # seconds that a peer may take to do anything
FAKESMSC = "/usr/lib/kannel/test/fakesmsc"


def wait_until(what, condition, patience=PATIENCE):
    """Polls because the peers announce nothing; fails loudly at the deadline."""
    end = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError("waited in vain for " + what)
        time.sleep(0.02)


def free_ports(n):
    """Ports that are free now, all different; whoever uses them must be ready to find one taken."""
    sockets = [socket.socket() for _ in range(n)]
    try:
        for s in sockets:
            s.bind(("127.0.0.1", 0))
        return [s.getsockname()[1] for s in sockets]
    finally:
        for s in sockets:
            s.close()


def accepts(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


# ---- processes that cannot outlive the test ----

def guard(command):
    """Runs command until it ends or our stdin does: the kernel closes that pipe when the test dies, however
    it dies. (PR_SET_PDEATHSIG would not do: it is lost when smtp-sink changes its user.)"""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True,
                             preexec_fn=default_signals)
    ended = os.pidfd_open(child.pid)
    ready, _, _ = select.select([0, ended], [], [])
    if ended not in ready:
        child.terminate()
        try:
            child.wait(2)
        except subprocess.TimeoutExpired:
            pass
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    sys.exit(child.wait() & 255)


def default_signals():
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Process:
    """One guarded process; its output goes to a file."""

    def __init__(self, log, program, *args):
        # Users often have no sbin in their PATH.
        found = shutil.which(program, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/bin")
        if found is None:
            raise FileNotFoundError("%s is not installed" % program)
        command = [found, *args]
        self.log = log
        with open(log, "wb") as out:
            self.guard = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--guard", *command],
                                          stdin=subprocess.PIPE, stdout=out, stderr=out)

    def alive(self):
        return self.guard.poll() is None

    def output(self):
        with open(self.log, "rb") as f:
            return f.read()

    def stop(self):
        self.guard.stdin.close()
        self.guard.wait()


class Peer:
    """What the three have in common: a folder, and an end."""

    def __init__(self, tmp, prefix):
        self.folder = tempfile.mkdtemp(prefix=prefix, dir=os.path.abspath(tmp))
        self.processes = []

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def run(self, name, *command):
        process = Process(os.path.join(self.folder, name), *command)
        self.processes.append(process)
        return process

    def stop(self):
        while self.processes:
            self.processes.pop().stop()

    def on_free_ports(self, n, start):
        """Somebody else may take a free port before the peer does: then it ends, and others are tried."""
        for _ in range(5):
            if start(*free_ports(n)):
                return
            self.stop()
        raise RuntimeError("no free port, or %s does not start; see %s" % (type(self).__name__, self.folder))

    def messages(self, at_least=0):
        if at_least:
            wait_until("%d messages" % at_least, lambda: len(self.read_messages()) >= at_least)
        return self.read_messages()


# ---- Postfix smtp-sink ----

class SmtpSink(Peer):
    def __init__(self, tmp, *options):
        super().__init__(tmp, "sink-")
        self.options, self.port = options, 0
        self.mails = os.path.join(self.folder, "mails")

    def start(self):
        os.mkdir(self.mails)
        self.on_free_ports(1, self.start_on)

    def start_on(self, port):
        where = ["-d", self.mails + "/%Y%m%d%H%M%S."]
        if os.geteuid() == 0:
            # As root it must become somebody else, who could not reach a folder of ours except as its root.
            os.chmod(self.mails, 0o777)
            where = ["-u", "nobody", "-R", self.mails, "-d", "%Y%m%d%H%M%S."]
        process = self.run("log", "smtp-sink", *where, *self.options, "inet:127.0.0.1:%d" % port, "64")
        wait_until("smtp-sink", lambda: accepts(port) or not process.alive())
        self.port = port
        return process.alive()

    def read_messages(self):
        paths = [os.path.join(self.mails, name) for name in os.listdir(self.mails)]
        paths.sort(key=lambda path: os.stat(path).st_mtime_ns)  # the same moment: in any order
        return [self.parse(path) for path in paths]

    @staticmethod
    def parse(path):
        """Its own headers, then a three-line Received:, then the mail with LF, then an empty line."""
        with open(path, "rb") as f:
            own, rest = f.read().split(b"Received: ", 1)
        fields = [line.split(b": ", 1) for line in own.splitlines() if b": " in line]
        address = re.compile(rb"<(.*?)>")
        data = rest.split(b"\n", 3)[3]
        return {"from": address.search(dict(fields)[b"X-Mail-Args"]).group(1).decode(),
                "to": [address.search(v).group(1).decode() for k, v in fields if k == b"X-Rcpt-Args"],
                "data": data[:-1] if data.endswith(b"\n\n") else data}


def smtp_sink(tmp, *options):
    return SmtpSink(tmp, *options)


# ---- aiosmtpd with TLS and a login ----

def make_certificates(folder):
    """An authority of our own (ca.pem) and its certificate for localhost (server.pem, server.key)."""
    def openssl(*args):
        subprocess.run(["openssl", *args], cwd=folder, check=True, capture_output=True)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=pps test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    with open(os.path.join(folder, "names"), "w", encoding="ascii") as f:
        f.write("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "names")


class AuthSmtp(Peer):
    """Runs in a thread of the test: nothing of it can be left over."""

    def __init__(self, tmp, user, password, mode):
        super().__init__(tmp, "smtp-")
        if mode not in ("starttls", "tls"):
            raise ValueError("mode is starttls or tls")
        self.user, self.password, self.mode = user, password, mode
        self.ca_file = os.path.join(self.folder, "ca.pem")
        self.received, self.lock = [], threading.Lock()
        self.port, self.loop, self.thread, self.failure = 0, None, None, None

    def start(self):
        make_certificates(self.folder)
        ready = threading.Event()
        self.thread = threading.Thread(target=self.serve, args=(ready,), daemon=True)
        self.thread.start()
        if not ready.wait(PATIENCE) or self.failure:
            raise RuntimeError("aiosmtpd does not start: %s" % self.failure)

    def stop(self):
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.loop.stop)
            self.thread.join(PATIENCE)
            self.loop = None

    def serve(self, ready):
        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # refused handshakes are meant
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(os.path.join(self.folder, "server.pem"),
                                    os.path.join(self.folder, "server.key"))
            implicit = context if self.mode == "tls" else None
            server = self.loop.run_until_complete(self.loop.create_server(
                lambda: self.protocol(None if implicit else context), "127.0.0.1", 0, ssl=implicit))
            self.port = server.sockets[0].getsockname()[1]
        except Exception as e:  # reported by start()
            self.failure = e
            ready.set()
            return
        ready.set()
        self.loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.close()

    def protocol(self, starttls):
        from aiosmtpd.smtp import SMTP, AuthResult

        def authenticate(_server, _session, _envelope, _mechanism, data):
            right = (data.login, data.password) == (self.user.encode(), self.password.encode())
            return AuthResult(success=right, handled=False)

        with warnings.catch_warnings():
            # aiosmtpd does not know that a connection is inside TLS from its start, and warns.
            warnings.simplefilter("ignore")
            return SMTP(self, hostname="localhost", loop=self.loop, tls_context=starttls,
                        require_starttls=starttls is not None, authenticator=authenticate,
                        auth_required=True, auth_require_tls=starttls is not None)

    async def handle_DATA(self, _server, _session, envelope):
        with self.lock:
            self.received.append({"from": envelope.mail_from, "to": list(envelope.rcpt_tos),
                                  "data": envelope.original_content or envelope.content})
        return "250 2.0.0 Ok: queued as %08X" % len(self.received)

    def read_messages(self):
        with self.lock:
            return list(self.received)


def auth_smtp(tmp, user, password, mode="starttls"):
    return AuthSmtp(tmp, user, password, mode)


# ---- Kannel ----

KANNEL_CONF = """group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = admin
status-password = status
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1
box-deny-ip = *.*.*.*
log-level = 0

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
log-level = 0

group = sendsms-user
username = {user}
password = {password}
max-messages = 10
concatenation = true
"""


class Kannel(Peer):
    def __init__(self, tmp, user, password):
        super().__init__(tmp, "kannel-")
        self.user, self.password, self.port, self.admin, self.smsc = user, password, 0, 0, None

    def start(self):
        self.on_free_ports(4, self.start_on)

    def start_on(self, admin, box, smsc, send):
        conf = os.path.join(self.folder, "kannel.conf")
        with open(conf, "w", encoding="utf-8") as f:
            f.write(KANNEL_CONF.format(admin=admin, box=box, smsc=smsc, send=send, user=self.user,
                                       password=self.password))
        os.chmod(conf, 0o600)
        self.admin, self.port = admin, send
        steps = (("bearerbox", ("bearerbox", conf), box),
                 ("smsbox", ("smsbox", conf), send),
                 # It sends nothing of its own (-m 0); the message is only there because it must be.
                 ("fakesmsc", (FAKESMSC, "-H", "127.0.0.1", "-r", str(smsc), "-m", "0", "1 2 text x"), None))
        for name, command, port in steps:
            self.smsc = self.run(name, *command)
            if port:
                wait_until(name, lambda p=port, s=self.smsc: accepts(p) or not s.alive())
            if not self.smsc.alive():
                return False
        wait_until("Kannel to be on line", self.ready)
        return all(p.alive() for p in self.processes)

    def status(self):
        url = "http://127.0.0.1:%d/status.txt?password=status" % self.admin
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=PATIENCE) as reply:
            return reply.read().decode("utf-8", "replace")

    def ready(self):
        text = self.status()
        return "smsbox:" in text and re.search(r"FAKE:\d+ \(online", text)

    def settled(self):
        """What Kannel has taken is with the fake operator: nothing waits, and all that was sent is seen. A
        text of several parts counts as one."""
        text = self.status()
        queued = [int(n) for n in re.findall(r"queued (\d+) msgs", text)]
        sent = re.search(r"SMS: received \d+ \(\d+ queued\), sent (\d+) \((\d+) queued\)", text)
        return not any(queued) and int(sent.group(2)) == 0 and int(sent.group(1)) == len(self.received()[0])

    def parts(self):
        """(sender, receiver, kind, rest) of everything that fakesmsc has received."""
        log = self.smsc.output().decode("utf-8", "replace")
        found = re.findall(r"Got message \d+: <(\S+) (\S+) (\S+) (.*?)>\n(?=\d{4}-\d\d-\d\d |$)", log, re.S)
        return found

    def received(self):
        """The whole messages, and what there is of others."""
        whole, open_parts = [], {}
        for sender, receiver, kind, rest in self.parts():
            if kind != "udh":
                whole.append(self.message(sender, receiver, 1, self.single(kind, rest)))
                continue
            udh, _data, payload = rest.split(" ", 2)
            head = urllib.parse.unquote_to_bytes(udh.replace("+", " "))
            if head[:3] != b"\x05\x00\x03":
                raise ValueError("a header that is no concatenation: %r" % head)
            reference, total, number = head[3:6]
            key = (sender, receiver, reference)
            parts = open_parts.setdefault(key, {})
            parts[number] = urllib.parse.unquote_to_bytes(payload.replace("+", " "))
            if len(parts) == total:
                joined = b"".join(parts[i] for i in range(1, total + 1))
                whole.append(self.message(sender, receiver, total, decode(joined)))
                del open_parts[key]
        return whole, open_parts

    def read_messages(self):
        wait_until("Kannel's queues to be empty", lambda: self.settled() and self.settled())
        whole, open_parts = self.received()
        if open_parts:
            raise ValueError("parts are missing: %r" % list(open_parts))
        return whole

    @staticmethod
    def message(sender, receiver, parts, text):
        return {"to": receiver, "from": sender, "text": text, "parts": parts}

    @staticmethod
    def single(kind, rest):
        if kind == "text":
            return rest
        payload = urllib.parse.unquote_to_bytes(rest.replace("+", " "))
        return payload.decode("utf-16-be") if kind == "ucs-2" else decode(payload)


def decode(payload):
    """fakesmsc shows a part of a long text without its alphabet: UCS-2 as it is, GSM as UTF-8. Cyrillic in
    UCS-2 always has control characters when it is read as UTF-8."""
    try:
        text = payload.decode("utf-8")
        if not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f]", text):
            return text
    except UnicodeDecodeError:
        pass
    return payload.decode("utf-16-be")


def kannel(tmp, user, password):
    return Kannel(tmp, user, password)


# ---- the module tests itself ----

def test_smtp_sink(tmp):
    with smtp_sink(tmp) as s:
        with smtplib.SMTP("127.0.0.1", s.port) as c:
            c.sendmail("a@x.example", ["b@y.example", "c@y.example"], b"Subject: 1\r\n\r\nbody\r\n.\r\n")
            c.sendmail("a@x.example", ["d@y.example"], b"Subject: 2\r\n\r\n\r\n")
        got = sorted(s.messages(2), key=lambda m: m["to"])
        assert [m["to"] for m in got] == [["b@y.example", "c@y.example"], ["d@y.example"]], got
        assert got[0]["from"] == "a@x.example" and got[0]["data"] == b"Subject: 1\n\nbody\n.\n", got
        assert got[1]["data"] == b"Subject: 2\n\n\n", got
    assert not accepts(s.port)
    with smtp_sink(tmp, "-f", "RCPT") as s, smtplib.SMTP("127.0.0.1", s.port) as c:
        try:
            c.sendmail("a@x.example", ["b@y.example"], b"x\r\n")
            raise AssertionError("RCPT was not refused")
        except smtplib.SMTPRecipientsRefused:
            pass
        assert s.messages() == []


def test_auth_smtp(tmp):
    for mode in ("starttls", "tls"):
        with auth_smtp(tmp, "anna", "geheim", mode) as s:
            context = ssl.create_default_context(cafile=s.ca_file)
            for host in ("localhost", "127.0.0.1"):
                if mode == "tls":
                    c = smtplib.SMTP_SSL(host, s.port, context=context)
                else:
                    c = smtplib.SMTP(host, s.port)
                    c.starttls(context=context)
                with c:
                    try:
                        c.login("anna", "falsch")
                        raise AssertionError("a wrong password was taken")
                    except smtplib.SMTPAuthenticationError:
                        pass
                    c.login("anna", "geheim")
                    c.sendmail("a@x.example", ["b@y.example"], b"Subject: 1\r\n\r\n.\r\nbody\r\n")
            got = s.messages(2)
            assert got[1] == {"from": "a@x.example", "to": ["b@y.example"],
                              "data": b"Subject: 1\r\n\r\n.\r\nbody\r\n"}, got
        assert not accepts(s.port)


def test_kannel(tmp):
    cases = [("Hello [€] 100%", 0, 1), ("Привет, Мария!\nДо встречи 😀", 2, 1),
             ("abc def € %+ <x> " * 20, 0, 3), ("Счастливого пути 😀 «море»\n" * 8, 2, 4),
             ("x", 0, 1), ("ж" * 70, 2, 1), ("ж" * 71, 2, 2)]
    with kannel(tmp, "u", "p") as k:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        for text, coding, _ in cases:
            query = urllib.parse.urlencode({"username": "u", "password": "p", "from": "AGENCY", "text": text,
                                            "to": "+79031234567", "charset": "UTF-8", "coding": coding})
            with opener.open("http://127.0.0.1:%d/cgi-bin/sendsms?%s" % (k.port, query)) as r:
                assert r.status == 202 and r.read().startswith(b"0: Accepted"), r
        got = k.messages()
        want = [{"to": "+79031234567", "from": "AGENCY", "text": t, "parts": n} for t, _, n in cases]
        by_text = lambda m: m["text"]  # bearerbox does not promise an order
        assert sorted(got, key=by_text) == sorted(want, key=by_text), (got, want)
        port = k.port
    assert not accepts(port)


def descendants(pid):
    """Processes whose ancestor is pid."""
    parents = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % entry, "rb") as f:
                parents[int(entry)] = int(f.read().rsplit(b")", 1)[1].split()[1])
        except OSError:
            pass
    found, grew = {pid}, True
    while grew:
        more = {p for p, parent in parents.items() if parent in found} - found
        found, grew = found | more, bool(more)
    return found - {pid}


def is_running(pid):
    try:
        with open("/proc/%d/stat" % pid, "rb") as f:
            return b") Z" not in f.read()
    except OSError:
        return False


def test_nothing_outlives_a_killed_test(tmp):
    victim = subprocess.Popen([sys.executable, os.path.abspath(__file__), "--hang", tmp],
                              stdout=subprocess.PIPE)
    assert victim.stdout.readline() == b"ready\n"
    born = descendants(victim.pid)
    assert len(born) >= 8, born  # four peers, each with its guard
    victim.kill()
    victim.wait()
    victim.stdout.close()
    wait_until("all processes to be gone", lambda: not any(map(is_running, born)))


def hang(tmp):
    with smtp_sink(tmp), auth_smtp(tmp, "u", "p"), kannel(tmp, "u", "p"):
        print("ready", flush=True)
        signal.pause()


def main():
    if sys.argv[1:2] == ["--guard"]:
        guard(sys.argv[2:])
    if sys.argv[1:2] == ["--hang"]:
        hang(sys.argv[2])
    for test in (test_smtp_sink, test_auth_smtp, test_kannel, test_nothing_outlives_a_killed_test):
        with tempfile.TemporaryDirectory() as tmp:
            start = time.monotonic()
            test(tmp)
            print("ok %s (%.1f s)" % (test.__name__, time.monotonic() - start), flush=True)


if __name__ == "__main__":
    main()
