"""strace: which system calls a run makes, and how to strike at one of them.

A call that is struck by SIGKILL is not carried out: the kernel looks at signals between the stop at its entry and its
work. So a kill at every call of a run is a death between every two of its steps.

strace counts the calls of each name and each thread by itself, so that a point is a name and a number."""

import collections
import contextlib
import os
import re
import signal
import time

PATIENCE = 30.0  # seconds

CALL = re.compile(r"(\d+)\s+(\w+)\(")
# Calls that change what a dead process leaves behind, on a disk or on a wire. All others only look, or work on memory,
# descriptors and locks, which the kernel takes back; and a file that is written is there whether it was synced or not,
# since it is the process that dies and not the machine.
CHANGES = {"write", "writev", "pwrite64", "pwritev", "ftruncate", "truncate", "fallocate", "rename", "renameat",
           "renameat2", "link", "linkat", "symlink", "symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir",
           "chmod", "fchmod", "fchmodat", "chown", "fchown", "fchownat", "utimensat", "connect", "send", "sendto",
           "sendmsg", "sendmmsg", "recvfrom", "recvmsg", "shutdown", "kill", "tgkill", "execve", "clone", "clone3"}
Call = collections.namedtuple("Call", "name number line")


def record(agency, command=("--verbose", "tick"), **how):
    """The calls of a tick without faults, or of another command, in their order."""
    log = agency.folder + ".strace"
    done = agency.run(*command, before=["strace", "-f", "-qq", "-o", log], **how)
    if done.status not in (0, 1):
        raise AssertionError("%s without faults failed: %d, %s" % (command, done.status, done.err))
    counted, calls = collections.Counter(), []
    with open(log, encoding="utf-8", errors="replace") as f:
        for line in f:
            found = CALL.match(line)
            if found:
                counted[found.groups()] += 1
                calls.append(Call(found.group(2), counted[found.groups()], line))
    return calls


def since(calls, name):
    """From the first call that names a file. What comes before the configuration ("pps.json") is the loader's work and
    that of the libraries; what comes before the database ("pps.db") leaves nothing behind when it ends early."""
    first = next(i for i, call in enumerate(calls) if name in call.line and call.name != "execve")
    return calls[first:]


def distinct(calls):
    """The calls that follow one that changes something, and the first: a death at any other leaves what a death at the
    one before it left."""
    after_change = [True] + [c.name in CHANGES or c.name.startswith("open") and "O_CREAT" in c.line for c in calls[:-1]]
    return [call for call, keep in zip(calls, after_change) if keep]


def points(calls):
    """(name, number), each once although threads may share them, in the order in which they first come."""
    return list(dict.fromkeys((call.name, call.number) for call in calls))


def sample(wanted, everything, always=()):
    """About so many, spread evenly over each name, and all of the names `always`. Rare calls get more than their share,
    because most calls of a tick are the thousand small writes of the database."""
    by_name = collections.defaultdict(list)
    for point in everything:
        by_name[point[0]].append(point)
    weight = sum(len(v) ** 0.5 for v in by_name.values())
    chosen = []
    for name, of_name in by_name.items():
        share = min(len(of_name), max(1, round(wanted * len(of_name) ** 0.5 / weight)))
        if name in always:
            share = len(of_name)
        chosen += [of_name[(2 * i + 1) * len(of_name) // (2 * share)] for i in range(share)]
    return chosen


@contextlib.contextmanager
def frozen(agency, name, number=1, path=None, **how):
    """A tick that SIGSTOP freezes at such a call (counting only those on this path), which it has carried out: gives the
    tracer, whose end is that of the tick, and a function that lets it go on."""
    log = agency.folder + ".frozen"
    words = strike(name, "signal=STOP", number, log) + (["-P", path] if path else [])
    tracer = agency.start("--verbose", "tick", before=words, **how)
    try:
        pid = await_stop(tracer, log)
        yield tracer, lambda: os.kill(pid, signal.SIGCONT)
    finally:
        if tracer.poll() is None:
            os.killpg(tracer.pid, signal.SIGKILL)


def await_stop(tracer, log):
    deadline = time.monotonic() + PATIENCE
    while tracer.poll() is None and time.monotonic() < deadline:
        if os.path.exists(log):
            with open(log, encoding="utf-8", errors="replace") as f:
                found = re.search(r"^(\d+) +--- stopped by SIGSTOP ---$", f.read(), re.M)
            if found:
                return int(found.group(1))
        time.sleep(0.01)
    raise TimeoutError("the tick did not come to the call at which it was to be frozen")


def strike(name, how, when, log="/dev/null"):
    """The words before a command by which its calls are struck: how is "signal=KILL" or "error=EIO", when a number,
    or "5+" for all from the fifth on. With a filter in the kernel no other call stops, which is faster by far, but then
    signals do not arrive."""
    fast = ["--seccomp-bpf"] if how.startswith("error=") else []
    return ["strace", "-f", *fast, "-qq", "-o", log, "-e", "trace=" + name, "-e",
            "inject=%s:%s:when=%s" % (name, how, when)]
