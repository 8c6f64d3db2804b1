#!/usr/bin/python3
"""A scripted SMTP server for tests: loopback only, a free port, one connection after the other.

    smtp_server.py LOG [--tls DIR | --starttls DIR] [--cert NAME] [--signed DATE] [--old-tls] [--auth] [STEP=ACTION ...]

Prints its port on stdout when it listens, and ends when its stdin is closed. With --tls or --starttls, DIR
receives ca.pem and a certificate for NAME (default "localhost", which includes 127.0.0.1). The certificate is good
for two days from now, or from DATE. With --old-tls the server knows nothing newer than TLS 1.1.

STEP is connect, ehlo, helo, starttls, auth, mail, rcpt, data, body, dot or quit; ACTION is
    REPLY TEXT   what to say instead of the usual ("550 no"); "\\r\\n" inside makes it several lines
    cut          close the connection;  reset: close it with RST;  hang: say nothing until the client goes
    say+ACTION   as usual, then ACTION ("say+cut");  REPLY TEXT+cut: say this, then close
    part+ACTION  read a mebibyte of what comes, then ACTION
    half         close this direction only, and listen on
Step "body" happens right after 354, before the letter is read; its usual reply is nothing. Step "dot" with an
action that is not a 2xx reply does not log the letter as accepted, except "accept+ACTION"; "pause" there
waits 2.5 seconds ("accept+pause+say").

LOG gets one JSON object a line, written before the reply goes out: {"command": "MAIL FROM:<…>"},
{"accepted": {"from", "to", "data"}} (data as on the wire, dots unstuffed), {"partial": "…"} (what came of a
letter that never had its dot), {"hang": "mail"} (it says nothing from now on), {"end": "cut"}, which has a
"why" when it was TLS that failed."""

import json
import select
import socket
import struct
import sys
import time

PATIENCE = 30  # seconds; nothing here may outlive a test that died
PART_BYTES = 1 << 20

USUAL = {
    "connect": "220 fake.example ESMTP", "helo": "250 fake.example", "starttls": "220 go ahead",
    "mail": "250 2.1.0 Ok", "rcpt": "250 2.1.5 Ok", "data": "354 End with a dot", "body": None,
    "dot": "250 2.0.0 Ok: queued as 4F1A2B3C4D", "quit": "221 2.0.0 Bye",
}

# Options that both servers know, and what tls_context learns from them.
CERTIFICATE = {
    "--cert": lambda rest: {"name": rest.pop(0)},
    "--signed": lambda rest: {"signed": rest.pop(0)},
    "--old-tls": lambda rest: {"old": True},
}


class Gone(Exception):
    """The connection is over."""


class Session:
    def __init__(self, sock, options, log):
        self.sock, self.options, self.log = sock, options, log
        self.encrypted = options.mode == "tls"
        self.buffer = b""
        self.sender = self.recipient = None

    # ---- wire ----
    def send(self, text):
        self.sock.sendall(text.replace("\\r\\n", "\r\n").encode("latin-1") + b"\r\n")

    def read_until(self, end):
        data, at, seen = bytearray(self.buffer), -1, 0  # not looked through anew for every part of a big letter
        try:
            while (at := data.find(end, seen)) < 0:
                seen = max(0, len(data) - len(end) + 1)
                part = self.sock.recv(65536)
                if not part:
                    raise Gone
                data += part
        finally:
            self.buffer = bytes(data[at + len(end):] if at >= 0 else data)
        return bytes(data[:at])

    def read_part(self):
        while len(self.buffer) < PART_BYTES:
            part = self.sock.recv(65536)
            if not part:
                raise Gone
            self.buffer += part

    # ---- script ----
    def act(self, step, usual=None):
        """Does what the script says for step; returns the reply that was given, or None."""
        action = self.options.script.get(step, "say")
        usual = usual or USUAL.get(step)
        said = None
        for part in action.split("+"):
            if part in ("say", "accept"):
                said = usual
                if part == "say" and usual:
                    self.send(usual)
            elif part == "cut":
                raise Gone
            elif part == "part":
                self.read_part()
            elif part == "half":
                self.sock.shutdown(socket.SHUT_WR)
            elif part == "pause":
                time.sleep(2.5)
            elif part == "reset":
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise Gone
            elif part == "hang":
                self.log({"hang": step})
                while self.sock.recv(65536):
                    pass
                raise Gone
            else:
                said = part
                self.send(part)
        return said

    def start_tls(self):
        self.sock = self.options.context.wrap_socket(self.sock, server_side=True)
        self.encrypted = True

    # ---- protocol ----
    def run(self):
        if self.options.mode == "tls":
            self.start_tls()
        self.act("connect")
        while True:
            line = self.read_until(b"\r\n").decode("latin-1")
            self.log({"command": line})
            word = line.split(" ")[0].split(":")[0].lower()
            getattr(self, "do_" + word, self.do_unknown)(line)

    def do_unknown(self, _line):
        self.send("500 5.5.2 what?")

    def do_ehlo(self, _line):
        lines = ["fake.example", "8BITMIME"]
        if self.options.mode == "starttls" and not self.encrypted:
            lines.append("STARTTLS")
        if self.options.auth and self.options.mode in ("tls", "starttls") and self.encrypted:
            lines.append("AUTH LOGIN PLAIN")
        usual = "\r\n".join("250-" + l for l in lines[:-1]) + "\r\n250 " + lines[-1]
        self.act("ehlo", usual)

    def do_helo(self, _line):
        self.act("helo")

    def do_starttls(self, _line):
        if (self.act("starttls") or "").startswith("220"):
            self.start_tls()

    def do_auth(self, line):
        if "auth" in self.options.script:
            self.act("auth")
            return
        if line.upper() == "AUTH LOGIN":
            for prompt in ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6"):
                self.send(prompt)
                self.log({"command": self.read_until(b"\r\n").decode("latin-1")})
        elif len(line.split(" ")) < 3:
            self.send("334 ")
            self.log({"command": self.read_until(b"\r\n").decode("latin-1")})
        self.send("235 2.7.0 welcome")

    def do_mail(self, line):
        self.sender = line
        self.act("mail")

    def do_rcpt(self, line):
        self.recipient = line
        self.act("rcpt")

    def do_data(self, _line):
        said = self.act("data")
        if said is None or not said.startswith("354"):
            return
        self.act("body")
        self.buffer = b"\r\n" + self.buffer
        try:
            data = self.read_until(b"\r\n.\r\n")[2:] + b"\r\n"
        except (Gone, OSError):
            self.log({"partial": self.buffer[2:].decode("latin-1")})
            raise
        data = data.replace(b"\r\n..", b"\r\n.")
        if data.startswith(b".."):
            data = data[1:]
        action = self.options.script.get("dot", "say")
        if action.startswith(("say", "accept", "2")):
            self.log({"accepted": {"from": self.sender, "to": self.recipient,
                                   "data": data.decode("latin-1")}})
        self.act("dot")

    def do_quit(self, _line):
        self.act("quit")
        raise Gone


class Options:
    def __init__(self, argv):
        self.log, self.mode, self.auth, self.script, self.context = argv[0], "plain", False, {}, None
        folder, rest, certificate = None, argv[1:], {}
        while rest:
            word = rest.pop(0)
            if word in ("--tls", "--starttls"):
                self.mode, folder = word[2:], rest.pop(0)
            elif word in CERTIFICATE:
                certificate.update(CERTIFICATE[word](rest))
            elif word == "--auth":
                self.auth = True
            else:
                step, action = word.split("=", 1)
                self.script[step] = action
        if folder:
            self.context = tls_context(folder, **certificate)


def tls_context(folder, name="localhost", signed=None, old=False):
    """A certificate authority of our own, and a server certificate signed by it: now, or at another date."""
    import ssl  # here, because most servers need neither and should start at once
    import subprocess

    def openssl(*args, at=None):
        subprocess.run([*(["faketime", at] if at else []), "openssl", *args], cwd=folder, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2",
            "-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=" + name)
    with open(folder + "/ext", "w", encoding="ascii") as f:
        f.write("subjectAltName=DNS:%s%s\n" % (name, ",IP:127.0.0.1" if name == "localhost" else ""))
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "server.pem", "-days", "2", "-extfile", "ext", at=signed)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/server.pem", folder + "/server.key")
    if old:
        only_old_tls(context, ssl)
    return context


def only_old_tls(context, ssl):
    """TLS 1.0 and 1.1. Their signatures are so weak that OpenSSL has to be asked for them."""
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")


def serve(handle, log_path, port_file=sys.stdout):
    """Serves one connection after the other until stdin ends."""
    with open(log_path, "w", encoding="ascii", buffering=1) as log, socket.socket() as listener:
        def write(event):
            log.write(json.dumps(event) + "\n")
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        print(listener.getsockname()[1], file=port_file, flush=True)
        while True:
            ready, _, _ = select.select([listener, sys.stdin], [], [], PATIENCE)
            if not ready or listener not in ready:
                return  # stdin ended, or nobody came for long: connections that wait are served first
            sock, _ = listener.accept()
            sock.settimeout(PATIENCE)
            handle(sock, write)


def main():
    options = Options(sys.argv[1:])

    def handle(sock, log):
        session = Session(sock, options, log)
        end, why = "cut", None
        try:
            session.run()
        except Gone:
            pass
        except OSError as e:
            end, why = type(e).__name__, getattr(e, "reason", None)
        log({"end": end, "why": why} if why else {"end": end})
        session.sock.close()

    serve(handle, options.log)


if __name__ == "__main__":
    main()
