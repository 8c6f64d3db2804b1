#!/usr/bin/python3
"""A machine that has too little, says no, or is set up oddly; and letters of awkward sizes.

    limits          so many descriptors and no more, so much memory and no more; and at each system call of a tick that
                    sends over TLS to a server with a name: no descriptor left in the machine, no thread, no memory, no
                    lock, not allowed, not known here, cannot be done. The tick may fail, with a clear line; ticks without
                    faults follow until everything rests.
    environment     proxies, key logs, certificates, zones, languages, folders and masks of the environment: everything
                    goes as without it, the same words to the same people, and nothing is written for others to read
    sizes           templates of 0 bytes to 10 MB, and letters that are exactly 65535, 65536, 65537 and 131072 bytes long:
                    they arrive as they were frozen, or are held with the reason

    PPS=build/pps tests/faults/machine.py                   every point
    PPS=build/pps tests/faults/machine.py --sample 120      about so many of the limits; the rest is always whole
    … --only proxy                                          the tests whose names contain a word
    … --point clone3:EAGAIN:1+                              one of the limits, to look at

Prints TAP, and how the ticks without enough ended."""

import argparse
import collections
import json
import os
import re
import signal
import socket
import stat
import sys
import threading

sys.dont_write_bytecode = True
import invariants
import rig
import servers
import strace
import truth
from agency import Agency, NOW
from rig import scenario
from servers import smtp_server

# title, error, calls, how often: see errors.py
REFUSALS = (
    ("no descriptor left in the machine", "ENFILE", ("openat", "socket", "socketpair", "pipe2", "eventfd2"), "%d+"),
    ("no thread", "EAGAIN", ("clone3", "clone"), "%d+"),
    ("no memory from the kernel", "ENOMEM", ("mmap", "mremap", "munmap", "mprotect"), "%d+"),
    ("no memory for one call", "ENOMEM", ("poll", "sendto", "recvfrom", "connect", "fstat", "newfstatat"), "%d"),
    ("no lock", "ENOLCK", ("flock", "fcntl"), "%d"),
    ("not allowed", "EACCES", ("openat", "mkdir", "renameat2", "unlinkat", "newfstatat", "flock", "connect"), "%d"),
    ("cannot be done", "EIO", ("close", "lseek", "newfstatat", "renameat2", "mkdir", "getdents64", "statfs"), "%d"),
    ("not known here", "ENOSYS", ("getrandom", "fallocate", "renameat2", "statfs", "prctl", "prlimit64", "umask", "sysinfo",
                                  "rt_sigaction", "setsockopt", "getsockname", "getpeername"), "%d+"),
)
DESCRIPTORS = (*range(3, 26), 32, 48, 64)
MEGABYTES = (*range(4, 132, 4), 160, 200)
# What the loader says before there is a pps, and the signals by which libraries give up.
LOADER, SIGNALS = 127, (signal.SIGABRT, signal.SIGTRAP)

Point = collections.namedtuple("Point", "title name before")
Outcome = collections.namedtuple("Outcome", "kind words bad")


# ---- servers that speak TLS ----

class TlsSmtp(servers.SmtpServer):
    context = None

    def speak(self, sock, log):
        session = servers.SmtpSession(sock, self, log)
        session.options.mode, session.options.context = "tls", self.context
        session.run()


class TlsSms(servers.SmsServer):
    context = None

    def speak(self, sock, log):
        super().speak(self.context.wrap_socket(sock, server_side=True), log)


class TlsBench(rig.Bench):
    """A bench whose servers have a name and a certificate, of an authority that only ca.pem vouches for."""

    def __init__(self, shared):
        super().__init__(shared)
        self.smtp, self.sms = TlsSmtp(), TlsSms()
        self.sms.password = rig.PASSWORD
        self.folder = self.new_folder()
        os.mkdir(self.folder)
        self.smtp.context = self.sms.context = smtp_server.tls_context(self.folder, "localhost")
        self.ca_file = os.path.join(self.folder, "ca.pem")

    def attend(self, agency, own_ca=True):
        super().attend(agency)
        with open(os.path.join(agency.folder, "pps.json"), encoding="utf-8") as f:
            config = json.load(f)
        config["email"]["smtp"].update(host="localhost", security="tls")
        config["sms"]["http"].update(url="https://localhost:%d" % self.sms.port)
        if own_ca:
            config["email"]["smtp"]["ca_file"] = config["sms"]["http"]["ca_file"] = self.ca_file
        with open(os.path.join(agency.folder, "pps.json"), "w", encoding="utf-8") as f:
            json.dump(config, f)
        return agency


_tls = {}  # of this worker process


def tls_bench(bench):
    if "bench" not in _tls:
        _tls["bench"] = TlsBench(bench.shared)
    return _tls["bench"]


# ---- limits ----

def point_of(text):
    first, *rest = text.split(":")
    if first in ("nofile", "as"):
        return Point("at most so much", text, ("prlimit", "--%s=%s" % (first, rest[0])))
    return Point("one point", text, tuple(strace.strike(first, "error=" + rest[0], rest[1])))


def points_of(calls, wanted):
    """All, or about so many, a share for each kind of refusal and each limit."""
    share = wanted and max(2, wanted // (len(REFUSALS) + 2))
    found = []
    for title, error, names, form in REFUSALS:
        here = [p for p in strace.points(calls) if p[0] in names]
        here = strace.sample(share, here) if share else here
        found += [point_of("%s:%s:%s" % (name, error, form % n))._replace(title=title) for name, n in here]
    for title, name, values in (("so many descriptors", "nofile:%d", DESCRIPTORS),
                                ("so much memory", "as:%d", [mb << 20 for mb in MEGABYTES])):
        some = values[::max(1, len(values) // share)] if share else values
        found += [point_of(name % value)._replace(title=title) for value in some]
    return found


def well_ended(done, point):
    lines = done.err.splitlines()
    if done.status == LOADER and point.before[0] == "prlimit":
        return [] if "error while loading shared libraries" in done.err else ["exit status 127: " + done.err]
    if done.status < 0:
        may = point.name.startswith(("as:", "getrandom:")) or ":ENOMEM:" in point.name
        return [] if may and -done.status in SIGNALS else ["it died of signal %d: %s" % (-done.status, done.err)]
    if done.status not in (0, 1, 65, 69, 73, 74, 75, 77, 78):
        return ["it ended with %d: %s" % (done.status, done.err)]
    if [line for line in lines if not line.startswith("pps: ")] or len(lines) > 3:
        return ["standard error is not clear: %s" % done.err]
    return ["exit status %d without a word" % done.status] if done.status > 1 and not lines else []


class Limit:
    """One point: a task for a worker."""

    def __init__(self, origin, expected):
        self.origin, self.expected = origin, expected

    def __call__(self, bench, point):
        bench = tls_bench(bench)
        with bench.fresh(self.origin) as agency:
            done = agency.tick(before=point.before)
            bad, words = well_ended(done, point), done.err.replace(agency.folder, "")
            if done.status < 0 or done.status == LOADER:
                agency.said.clear()  # the words of others
            look = bench.look(agency)
            bad += invariants.always(look, self.expected)
            bad += bench.rest_once(agency, look, self.expected, look.at_risk_once)
            kind = signal.Signals(-done.status).name if done.status < 0 else "exit status %d" % done.status
            return Outcome(kind, words, bad)


class Record(rig.Record):
    def __call__(self, bench, point):
        return strace.since(super().__call__(tls_bench(bench), point), "pps.json")


def run_limits(tap, each, origin, expected, options):
    points = [point_of(options.point)] if options.point else \
        points_of(rig.one(each, Record(origin), None), options.sample)
    counts, said, bad = collections.Counter(), collections.Counter(), []
    for point, outcome in each(Limit(origin, expected), points):
        if isinstance(outcome, Exception):
            bad.append("%s: %s: %s" % (point.name, type(outcome).__name__, outcome))
            continue
        counts[point.title, outcome.kind] += 1
        said.update(outcome.words.splitlines())
        bad += ["%s (%s): %s" % (point.name, outcome.kind, line) for line in outcome.bad]
    tap.note("limits: %d points" % sum(counts.values()))
    tap.note(*("%6d  %s: %s" % (n, *key) for key, n in sorted(counts.items())))
    if options.words or options.point:
        tap.note(*("%6d  %s" % (n, line) for line, n in said.most_common()))
    if not any(kind.startswith("exit status 7") for _, kind in counts) and not options.point:
        bad.append("no limit was felt: did any strike?")
    tap.test("limits: a clear end, nothing lost, nothing twice, nothing stale, the database whole", bad)


# ---- environment ----

def plain(content):
    return re.sub(r"[0-9a-f]{16,}", "…", content)


def what_went(agency):
    return sorted((e["to"], plain(e["content"])) for e in agency.all_accepted())


def readable_by_others(agency):
    """Files and folders that pps makes, and somebody else could read. The configuration is the test's own."""
    bad = []
    for root, folders, files in os.walk(agency.folder):
        for name in folders + files:
            mode = stat.S_IMODE(os.lstat(os.path.join(root, name)).st_mode)
            if mode & 0o077 and name not in ("pps.json", "truth.log"):
                bad.append("%s has the mode %o" % (name, mode))
    return bad


def as_without(bench, origins, variables=(), without=(), shell=""):
    """A tick in an environment with, or without, these variables, and after these words of a shell."""
    bench = tls_bench(bench)
    origin, expected = origins["both"]
    with bench.fresh(origin) as agency:
        agency.good("tick")
        bench.settle()
        usual = what_went(agency)
    with bench.fresh(origin) as agency:
        before = ["env", *(word for name in without for word in ("-u", name)), *variables]
        if shell:
            before = ["/bin/sh", "-c", shell + '; exec "$@"', "sh", *before]
        done = agency.tick(before=before)
        bench.settle()
        bad = [] if (done.status, done.err) == (0, "") else ["exit status %d: %s" % (done.status, done.err.strip())]
        if what_went(agency) != usual or len(usual) != len(expected.due):
            bad.append("not the same went out: %d messages, and %d without it" % (len(what_went(agency)), len(usual)))
        return bad + readable_by_others(agency) + bench.rest(agency, expected, set())


class Proxy:
    """Somebody who listens where nobody should come."""

    def __init__(self):
        self.visits = 0
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(16)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            sock, _ = self.listener.accept()
            self.visits += 1
            sock.close()


@scenario("every proxy of the environment: none is asked")
def proxies(bench, origins):
    proxy, bad = Proxy(), []
    names = ("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "smtp_proxy", "SMTP_PROXY",
             "smtps_proxy", "SMTPS_PROXY")
    for scheme in ("http", "socks5h"):
        bad += as_without(bench, origins, ["%s=%s://127.0.0.1:%d" % (name, scheme, proxy.port) for name in names],
                          ["no_proxy", "NO_PROXY"])
    return bad + (["the proxy was visited %d times" % proxy.visits] if proxy.visits else [])


@scenario("SSLKEYLOGFILE: no key of a connection is written down")
def key_log(bench, origins):
    path = bench.new_folder() + ".keys"
    bad = as_without(bench, origins, ["SSLKEYLOGFILE=" + path])
    return bad + (["the keys were written"] if os.path.exists(path) else [])


@scenario("SSL_CERT_FILE and its like take no trust away")
def no_trust_taken(bench, origins):
    return as_without(bench, origins, ["SSL_CERT_FILE=/nowhere", "SSL_CERT_DIR=/nowhere", "CURL_CA_BUNDLE=/nowhere"])


@scenario("SSL_CERT_FILE and its like give no trust: a server whose certificate only they vouch for gets nothing")
def no_trust_given(bench, origins):
    bench = tls_bench(bench)
    origin, _ = origins["both"]
    with bench.fresh(origin) as agency:
        bench.attend(agency, own_ca=False)
        done = agency.tick(before=["env", "SSL_CERT_FILE=" + bench.ca_file, "CURL_CA_BUNDLE=" + bench.ca_file,
                                   "SSL_CERT_DIR=" + bench.folder])
        bench.settle()
        bad = ["%d messages went" % len(agency.accepted())] if agency.accepted() else []
        lines = done.err.splitlines()
        if done.status != 69 or len(lines) != 2 or not all("certificate" in line for line in lines):
            bad.append("exit status %d: %s" % (done.status, done.err))
        return bad


@scenario("zones, languages, folders and other variables that are garbage")
def garbage(bench, origins):
    odd = "\udcff\udcfe\x1b[2J;$(reboot)%n%s/../"
    names = ("TZ", "TZDIR", "LANG", "LANGUAGE", "LC_ALL", "LC_TIME", "LC_CTYPE", "TMPDIR", "SQLITE_TMPDIR", "HOSTALIASES",
             "LOCALDOMAIN", "RES_OPTIONS", "CURL_HOME", "NETRC", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TERM", "COLUMNS",
             "NO_COLOR", "POSIXLY_CORRECT", "LOGNAME", "USER", "MAIL", "IFS", "OPENSSL_CONF", "G_MESSAGES_DEBUG", "G_SLICE")
    bad = as_without(bench, origins, ["%s=%s" % (name, odd) for name in names])
    return bad + as_without(bench, origins, ["TZ=America/New_York", "LC_ALL=ru_RU.KOI8-R", "LANG=tr_TR", "MALLOC_PERTURB_=165",
                                             "OPENSSL_CONF=/nowhere", "HOME=/nowhere", "TMPDIR=/nowhere"])


@scenario("no variables at all")
def nothing(bench, origins):
    return as_without(bench, origins, ["-i"])


@scenario("an environment of a megabyte")
def huge(bench, origins):
    return as_without(bench, origins, ["V%d=%s" % (i, "x" * 1000) for i in range(1000)])


@scenario("umask 000: files are private all the same, from `init` on")
def open_mask(bench, origins):
    bad = as_without(bench, origins, shell="umask 000")
    agency = Agency(bench.new_folder(), "outbox")
    os.mkdir(agency.folder, 0o700)
    before = ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh"]
    for words in (("init",), ("add-client", "--name", "Агафья", "--email", "a@canary.example", "--departure", "2026-12-20",
                              "--return", "2026-12-30"), ("tick",), ("backup",), ("adopt",)):
        done = agency.run(*words, before=before)
        if done.status != 0:
            bad.append("pps %s: exit status %d: %s" % (words[0], done.status, done.err.strip()))
    made = [name for _, _, names in os.walk(agency.folder) for name in names]
    if not [name for name in made if name.endswith(".eml")]:
        bad.append("no letter was written")
    return bad + readable_by_others(agency)


@scenario("RLIMIT_CORE without limit: a tick that dies leaves no core, and its memory is not for others")
def no_core(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold("rcpt")
        tick = agency.start("tick", now=NOW, before=["prlimit", "--core=unlimited"])
        hold.wait()
        with open("/proc/%d/limits" % tick.pid, encoding="ascii") as f:
            limit = next(line for line in f if line.startswith("Max core file size"))
        tick.send_signal(signal.SIGABRT)
        hold.release()
        agency.finish(tick)
        bad = [] if limit.split()[4:6] == ["0", "0"] else [limit]
        bad += ["there is %s" % name for name in os.listdir(agency.folder) if "core" in name]
        return bad + bench.rest(agency, expected, bench.look(agency).at_risk_once)


# ---- sizes ----

LINE = "All is well with your trip, and here is what to take along, item by item. "
PER_WORD = 8  # "& " in the plain text and "&amp; " in the HTML of a letter
FRAME = 2700  # about so many bytes more are in every letter
TARGETS = (65535, 65536, 65537, 131072)


class Letters:
    """An agency with one letter due, whose template is ours."""

    def __init__(self, bench, transport):
        self.bench, self.transport = bench, transport

    def send(self, template, partial="", email="evlampia@canary.example"):
        """(state, reason, the letter that arrived or None)"""
        with self.bench.new(self.transport) as agency:
            folder = os.path.join(agency.folder, "words")
            os.makedirs(folder + "/letters/ru/partials")
            for name, text in (("thank-you", template), ("partials/big", partial)):
                with open("%s/letters/ru/%s.md" % (folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
            agency.sell("Евлампия", "+79031110771", email, "2026-12-20 11:40", sold=NOW, back="2026-12-30")
            agency.configure(folder, self.bench.smtp.port, self.bench.sms.port)
            agency.said.clear()
            done = agency.tick()
            self.bench.settle()
            ((state, reason),) = agency.rows("SELECT state, reason FROM action WHERE step = 'thank-you'")
            look, expected = invariants.Look(agency), invariants.Expected(agency, 0)
            expected.due = look.in_truth  # so that only I6 speaks: it arrived as it was frozen
            bad = invariants.always(look, expected) + ([] if done.status == 0 else [done.err])
            if bad:
                raise AssertionError("; ".join(bad))
            return state, reason, next((e["content"] for e in agency.accepted()), None)


def template_of(size):
    """A letter's template that is so many bytes long."""
    head = "Subject: Hi\n\n"
    return head + (LINE * (size // len(LINE) + 1))[:size - len(head)] if size > len(head) else "x" * size


def sizes(bench, transport):
    """Templates of all sizes: sent whole, or held with a reason that names the fault."""
    bad, letters = [], Letters(bench, transport)
    for size, fault in ((0, 'there is no line "Subject: '), (1, "a letter begins with lines like"), (14, None), (1000, None),
                        (65535, None), (65536, None), (65537, "is larger than 65536 bytes"), (131072, "is larger than"),
                        (10 << 20, "is larger than")):
        state, reason, letter = letters.send(template_of(size))
        if fault is None and (state != "sent" or letter.count("item") < 2 * (size // len(LINE))):
            bad.append("a template of %d bytes: %s %s, %d bytes" % (size, state, reason, len(letter or "")))
        if fault is not None and (state != "held" or fault not in reason or letter is not None):
            bad.append("a template of %d bytes: %s %s" % (size, state, reason))
    state, reason, letter = letters.send("Subject: Hi\n\n" + "{{> big}}\n" * 200, LINE * 800)
    if state != "held" or "the text grows over 262144 bytes" not in reason or letter is not None:
        bad.append("a letter of 10 MB by its pieces: %s %s" % (state, reason))
    return bad


def exact_letter(letters, target):
    """(words, padding) of the letter that is exactly so long: found by more and less words, and then by the length of
    the address, which stands in it once."""
    low, high = 0, 32000
    words = (target - FRAME) // PER_WORD
    for _ in range(40):
        missing = target - length(letters, words, 0)
        if 0 <= missing <= 2 * PER_WORD:
            return words, missing
        low, high = (words, high) if missing > 0 else (low, words)
        words = min(max(words + missing // PER_WORD, low + 1), high - 1)
    raise AssertionError("no letter of %d bytes was found" % target)


def length(letters, words, padding):
    _, reason, letter = letters.send("Subject: Hi\n\n%s\n" % ("& " * words), email="e%s@canary.example" % ("e" * padding))
    if letter is None:
        raise AssertionError(reason)
    return len(letter.encode("utf-8"))


@scenario("letters of exactly %s bytes arrive whole" % ", ".join(map(str, TARGETS)))
def exact_sizes(bench, _):
    bad, outbox = [], Letters(bench, "outbox")
    for target in TARGETS:
        exact = exact_letter(outbox, target)
        for transport in ("outbox", "smtp"):
            found = length(Letters(bench, transport), *exact)
            if found != target:
                bad.append("%s: %d bytes, wanted %d" % (transport, found, target))
    return bad


for _transport in ("smtp", "outbox"):
    scenario("%s: templates from nothing to 10 MB: sent whole, or held with the reason" % _transport)(
        lambda bench, _, t=_transport: sizes(bench, t))


# ---- all of it ----

def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="about N of the limits; without it, all")
    parser.add_argument("--only", default="", metavar="WORD", help="tests whose names contain it")
    parser.add_argument("--point", metavar="NAME", help="only this limit, as it is called when it fails")
    parser.add_argument("--words", action="store_true", help="also print what the ticks said")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        origins = rig.make_origins(shared, "smtp", "both")
        if not options.point:
            rig.play(tap, each, origins, options.only)
        if options.only in "limits":
            run_limits(tap, each, *origins["both"], options)
    tap.end()


if __name__ == "__main__":
    main()
