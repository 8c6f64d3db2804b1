"""What every fault test stands on: a bench with servers and fresh agencies, two benches that work at once, scenarios, and
TAP.

A bench belongs to one process. Agencies are made once, in a folder that all benches share, and copied for every point;
a copy is set to the servers of its bench. Everything lies in one scratch folder, which goes when the test ends."""

import concurrent.futures
import contextlib
import glob
import itertools
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading

from agency import Agency, CLIENTS, DUE, EXPIRED, NOW, PASSWORD, REST, WITHDRAWN, instant
import invariants
import servers
import strace
import truth

WORKERS = 2  # `make check-faults` has two processors to itself


class Bench:
    """Two servers, and a place for agencies."""

    def __init__(self, shared):
        self.shared = shared
        self.scratch = tempfile.mkdtemp(dir=shared)
        self.numbers = itertools.count(1)
        self.good = set()  # states from which ticks without faults have led to a good end
        self.smtp, self.sms = servers.SmtpServer(), servers.SmsServer()
        self.sms.password = PASSWORD

    def new_folder(self):
        return os.path.join(self.scratch, "%d" % next(self.numbers))

    def attend(self, agency):
        """The servers work for this agency from now on."""
        agency.configure(os.path.join(self.shared, "templates"), self.smtp.port, self.sms.port)
        self.smtp.log = self.sms.log = truth.Log(agency.truth_log)
        return agency

    @contextlib.contextmanager
    def fresh(self, origin):
        """A copy of an agency, gone when the block ends."""
        agency = self.attend(origin.copy(self.new_folder()))
        try:
            yield agency
        finally:
            agency.remove()

    @contextlib.contextmanager
    def new(self, transport):
        """An agency in which nothing was sold yet, for tests that need the real clock or many clients."""
        agency = Agency(self.new_folder(), transport)
        os.mkdir(agency.folder)
        self.attend(agency).good("init")
        try:
            yield agency
        finally:
            agency.remove()

    def calls_of(self, origin):
        """The calls of a tick without faults."""
        with self.fresh(origin) as agency:
            return strace.record(agency)

    def settle(self):
        """After it nothing more is accepted from processes that have ended."""
        self.smtp.settle()
        self.sms.settle()

    def look(self, agency):
        self.settle()
        return invariants.Look(agency)

    def rest_once(self, agency, look, expected, may_doubt):
        """The same for the many points that have changed nothing yet, or all the same: what follows from a state is
        found out once."""
        state = agency.fingerprint(), frozenset(may_doubt)
        if state in self.good:
            return invariants.silent(agency, look)
        bad = self.rest(agency, expected, may_doubt)
        if not bad:
            self.good.add(state)
        return bad

    def rest(self, agency, expected, may_doubt, ticks=REST):
        """Ticks without faults, and all that is wrong after them."""
        bad = []
        for now in ticks:
            done = agency.tick(now=now)
            if done.status not in (0, 1):
                bad.append("a tick after it: exit status %d, %s" % (done.status, done.err.strip()))
        look = self.look(agency)
        return bad + invariants.always(look, expected) + invariants.at_rest(look, expected, may_doubt) + \
            invariants.silent(agency, look)


def make_templates(shared):
    """One folder of templates for all agencies, with the preset of our SMS server."""
    maker = Agency(os.path.join(shared, "maker"), "outbox")
    os.mkdir(maker.folder)
    maker.good("init")
    templates = os.path.join(shared, "templates")
    os.rename(os.path.join(maker.folder, "templates"), templates)
    maker.remove()
    with open(os.path.join(templates, "gateways", "truth.json"), "w", encoding="utf-8") as f:
        json.dump(servers.SmsServer.PRESET, f)


def make_agency(folder, transport):
    """The agency of agency.py, without templates of its own."""
    agency = Agency(folder, transport)
    agency.make(CLIENTS)
    shutil.rmtree(os.path.join(agency.folder, "templates"))
    return agency


def make_origin(shared, transport):
    """The same; what is to happen at NOW is what the tests believe."""
    origin = make_agency(os.path.join(shared, transport), transport)
    expected = invariants.Expected(origin, instant(NOW))
    found = (len(expected.due), len(expected.expired), len(expected.cancelled))
    if found != (DUE, EXPIRED, WITHDRAWN):
        raise AssertionError("%s: due, expired, cancelled: %s" % (transport, found))
    return origin, expected


def make_origins(shared, *transports):
    """transport -> the healthy agency that works by it, and what is to happen there."""
    return {t: make_origin(shared, t) for t in transports}


MEMORY, ENOUGH = "/dev/shm", 512 << 20  # a file system in memory, and how much of it must be free


def in_memory():
    """Thousands of commits are made, and none of them needs a disk that is slow: what a power loss leaves is played in
    power.py, and death leaves what was written anywhere."""
    if os.access(MEMORY, os.W_OK):
        space = os.statvfs(MEMORY)
        return MEMORY if space.f_bavail * space.f_frsize > ENOUGH else None
    return None


@contextlib.contextmanager
def scratch():
    """The folder of everything. A test that is asked to end removes it as well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("asked to end"))
    tempfile.tempdir = in_memory() or tempfile.gettempdir()
    shared = tempfile.mkdtemp(prefix="pps-faults-")
    try:
        make_templates(shared)
        yield shared
    finally:
        shutil.rmtree(shared, ignore_errors=True)


# ---- points ----

def spread(things, n):
    """So many of them, evenly."""
    n = min(n, len(things))
    return [things[(2 * i + 1) * len(things) // (2 * n)] for i in range(n)]


# ---- two benches at once ----

_bench = None  # of this worker process


def _begin(shared, counter, parent):
    """Each worker keeps to one processor: a tracer and its tracee take turns at every call, and that is twice as fast
    when no other processor must be woken for it."""
    global _bench
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(parent[1])
    threading.Thread(target=_end_with, args=(parent[0],), daemon=True).start()
    with counter.get_lock():
        mine, counter.value = counter.value, counter.value + 1
    processors = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {processors[mine % len(processors)]})
    _bench = Bench(shared)


def _end_with(pipe):
    """The kernel closes the other end when the test dies, however it dies; then nobody waits for this worker's results."""
    os.read(pipe, 1)
    os._exit(1)


def _work(task, point):
    try:
        return task(_bench, point)
    except Exception as e:  # a point that breaks the rig is a point that failed, and the others still count
        return e


@contextlib.contextmanager
def workers(shared):
    """each(task, points): task(bench, point) for every point, in any order; yields (point, result)."""
    context = multiprocessing.get_context("fork")
    pipe = os.pipe()
    pool = concurrent.futures.ProcessPoolExecutor(WORKERS, context, _begin, (shared, context.Value("i", 0), pipe))

    def each(task, points):
        began = {pool.submit(_work, task, point): point for point in points}
        for future in concurrent.futures.as_completed(began):
            yield began[future], future.result()
    try:
        yield each
    finally:
        pool.shutdown(cancel_futures=True)
        os.close(pipe[0])
        os.close(pipe[1])


class Record:
    """A task: the calls of a tick without faults."""

    def __init__(self, origin):
        self.origin = origin

    def __call__(self, bench, _):
        return bench.calls_of(self.origin)


def one(each, task, point):
    """The result of a single task; what broke it is raised."""
    _, result = next(each(task, [point]))
    if isinstance(result, Exception):
        raise result
    return result


def faster(times):
    """The words before a command whose clock, waits and limits run so many times as fast; not for a program with
    sanitisers, which libfaketime cannot be loaded into."""
    (library,) = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
    return "env", "LD_PRELOAD=" + library, "FAKETIME=+0 x%d" % times


# ---- scenarios ----

SCENARIOS = {}  # of the script that runs: the sentence of a test -> its function


def scenario(name):
    """Registers a function (bench, agencies or whatever the script has for all of them) -> complaints."""
    def register(function):
        SCENARIOS[name] = function
        return function
    return register


class Play:
    """A scenario by its name: a task for a worker."""

    def __init__(self, things):
        self.things = things

    def __call__(self, bench, name):
        return SCENARIOS[name](bench, self.things)


def play(tap, each, things, only=""):
    """All scenarios whose names contain a word, by workers; told in the order in which they stand in the script."""
    names = [name for name in SCENARIOS if only in name]
    results = dict(each(Play(things), names))
    for name in names:
        tap.result(name, results[name])


def play_in_turn(tap, bench, things, only=""):
    """The same, by one bench."""
    for name in SCENARIOS:
        if only in name:
            try:
                tap.result(name, Play(things)(bench, name))
            except Exception as e:  # the others still count
                tap.result(name, e)


# ---- TAP ----

class Tap:
    def __init__(self):
        self.results = []

    def note(self, *lines):
        for line in lines:
            print("# " + line, flush=True)

    def test(self, name, complaints):
        """One test; complaints are lines, of which the first ten are printed."""
        complaints = list(complaints)
        self.results.append(not complaints)
        for line in complaints[:10]:
            print("#   " + line)
        if len(complaints) > 10:
            print("#   and %d more" % (len(complaints) - 10))
        print("%sok %d - %s" % ("not " if complaints else "", len(self.results), name), flush=True)

    def result(self, name, complaints):
        """One test whose function may have broken."""
        broke = isinstance(complaints, Exception)
        self.test(name, ["%s: %s" % (type(complaints).__name__, complaints)] if broke else complaints)

    def end(self):
        print("1..%d" % len(self.results))
        sys.exit(0 if self.results and all(self.results) else 1)
