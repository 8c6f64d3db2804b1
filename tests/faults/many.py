#!/usr/bin/python3
"""What happens to a tick from outside while it works: other ticks, a frozen machine, SIGTERM, a closed standard output,
a backup, and somebody who cancels the trip or corrects an address.

Nothing here depends on luck: a server holds a reply, or SIGSTOP a tick, until the other thing has happened.

    PPS=build/pps tests/faults/many.py                   everything
    PPS=build/pps tests/faults/many.py --sample 30       SIGTERM at about 30 of the calls of a tick
    … --only frozen                                      the tests whose names contain a word

Prints TAP."""

import argparse
import collections
import contextlib
import datetime
import os
import signal
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import invariants
import rig
import strace
from agency import DIRECTOR, NOW, REST, ZONE
from rig import scenario

TICKS = 20
# How a tick may end that met another one because the lock file was removed: done, in doubt, refusing to go on.
WITHOUT_LOCK = (0, 1, 74, 75, 77)


def expected_now(agency):
    """What is to happen, for a test that will change it."""
    return invariants.Expected(agency, rig.instant(NOW))


def ends_well(done, *statuses):
    if done.status in statuses and all(line.startswith("pps: ") for line in done.err.splitlines()):
        return []
    return ["a tick ended with exit status %d: %s" % (done.status, done.err.strip())]


# ---- many ticks ----

@scenario("twenty ticks at once: what is due goes once, and every tick ends with exit status 0")
def all_at_once(bench, origins):
    origin, expected = origins["both"]
    with bench.fresh(origin) as agency:
        ticks = [agency.start("--verbose", "tick", now=NOW) for _ in range(TICKS)]
        bad = [line for tick in ticks for line in ends_well(agency.finish(tick), 0)]
        return bad + bench.rest(agency, expected, set())


@scenario("one tick works and nineteen find its lock: they do nothing")
def one_works(bench, origins):
    origin, expected = origins["both"]
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold("rcpt")
        first = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        bad = []
        for other in [agency.start("--verbose", "tick", now=NOW) for _ in range(TICKS - 1)]:
            done = agency.finish(other)
            bad += ends_well(done, 0)
            if "another tick" not in done.out + done.err or "sent" in done.out:
                bad.append("a tick without the lock said: %s" % (done.out + done.err).strip())
        hold.release()
        bad += ends_well(agency.finish(first), 0)
        return bad + bench.rest(agency, expected, set())


def after_no_lock(bench, agency, expected):
    """The ticks may refuse to go on with a sent log that two have written at once (77), until a person says so."""
    look = bench.look(agency)
    bad = invariants.always(look, expected)
    if agency.tick().status == 77:
        agency.good("adopt", now=NOW)
    return bad + bench.rest(agency, expected, look.at_risk_once)


def without_lock(bench, origin, expected, server, step):
    """A tick is held at a step; nineteen others come, each of which finds no lock because the file was removed."""
    with bench.fresh(origin) as agency:
        hold = server.hold(step)
        first = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        bad, others = [], []
        for _ in range(TICKS - 1):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(agency.db + ".lock")
            others.append(agency.start("--verbose", "tick", now=NOW))
        for done in [agency.finish(other) for other in others]:
            bad += ends_well(done, *WITHOUT_LOCK)
        hold.release()
        bad += ends_well(agency.finish(first), *WITHOUT_LOCK)
        return bad + after_no_lock(bench, agency, expected)


@scenario("twenty ticks without a lock, one of them before RCPT was answered: nothing twice")
def no_lock_rcpt(bench, origins):
    return without_lock(bench, *origins["smtp"], bench.smtp, "rcpt")


@scenario("twenty ticks without a lock, one of them while the letter is being accepted: nothing twice")
def no_lock_dot(bench, origins):
    return without_lock(bench, *origins["smtp"], bench.smtp, "dot")


@scenario("twenty ticks without a lock, one of them while the SMS gateway has the request: nothing twice")
def no_lock_request(bench, origins):
    return without_lock(bench, *origins["http"], bench.sms, "request")


@scenario("two ticks without a lock, one of them between T2 and its line in the sent log: nothing twice")
def no_lock_line(bench, origins):
    origin, expected = origins["http"]
    calls = bench.calls_of(origin)
    before = next(calls[i - 1] for i, call in enumerate(calls) if '"pps1 risk ' in call.line)
    with bench.fresh(origin) as agency:
        with strace.frozen(agency, before.name, before.number, now=NOW) as (first, thaw):
            os.unlink(agency.db + ".lock")
            bad = ends_well(agency.tick(), *WITHOUT_LOCK)
            thaw()
            bad += ends_well(agency.finish(first), *WITHOUT_LOCK)
        return bad + after_no_lock(bench, agency, expected)


@scenario("two ticks without a lock, one refused at T2 while the other's letter is being accepted: nothing twice")
def no_lock_refused(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        at_rcpt = bench.smtp.hold("rcpt")
        first = agency.start("--verbose", "tick", now=NOW)
        at_rcpt.wait()
        os.unlink(agency.db + ".lock")
        at_dot = bench.smtp.hold("dot")
        second = agency.start("--verbose", "tick", now=NOW)
        at_dot.wait()
        at_rcpt.release()
        bad = ends_well(agency.finish(first), *WITHOUT_LOCK)
        at_dot.release()
        bad += ends_well(agency.finish(second), *WITHOUT_LOCK)
        return bad + after_no_lock(bench, agency, expected)


# ---- a machine that stands still ----

@contextlib.contextmanager
def by_the_clock(bench, transport):
    """An agency by the real clock, with one message that is due: (agency, expected, its id)."""
    with bench.new(transport) as agency:
        departure = datetime.datetime.now(ZONE).date() + datetime.timedelta(days=30)
        agency.sell("Евлампия Канарейкина", "+79031110771", "evlampia@canary.example", departure.isoformat(), sold=None,
                    back=(departure + datetime.timedelta(days=9)).isoformat())
        agency.said.clear()
        expected = invariants.Expected(agency, int(time.time()), real=True)
        (n,) = expected.due
        yield agency, expected, n


def let_it_end(agency, expected, n):
    """The message is given one more second, and it passes, with the moment by which time(2) may lag behind."""
    end = int(time.time()) + 1
    agency.change("UPDATE action SET expires_at = ? WHERE id = ?", end, n)
    expected.overdue(n)
    while time.time() < end + 0.1:
        time.sleep(0.05)


def stale_is_missed(bench, agency, expected, done):
    """Nothing was accepted, and the row says that its time passed (the next tick at the latest)."""
    bad = ends_well(done, 0, 1)
    look = bench.look(agency)
    bad += invariants.always(look, expected) + (["something was accepted after its end"] if look.in_truth else [])
    return bad + bench.rest(agency, expected, set(), (None, None))


@scenario("frozen while RCPT waits for its answer, until the letter is stale: it does not go")
def frozen_smtp(bench, _):
    with by_the_clock(bench, "smtp") as (agency, expected, n):
        hold = bench.smtp.hold("rcpt")
        tick = agency.start("--verbose", "tick", now=None)
        hold.wait()
        os.kill(tick.pid, signal.SIGSTOP)
        hold.release()
        let_it_end(agency, expected, n)
        os.kill(tick.pid, signal.SIGCONT)
        return stale_is_missed(bench, agency, expected, agency.finish(tick))


def frozen_at(bench, transport, call, folder=None):
    with by_the_clock(bench, transport) as (agency, expected, n):
        path = os.path.join(agency.folder, folder) if folder else None
        with strace.frozen(agency, call, path=path, now=None) as (tick, thaw):
            bad = [] if agency.rows("SELECT 1 FROM action WHERE id = ? AND state = 'claimed'", n) else \
                ["it was not frozen between T1 and T2"]
            let_it_end(agency, expected, n)
            thaw()
            return bad + stale_is_missed(bench, agency, expected, agency.finish(tick))


@scenario("frozen while it connects to the SMS gateway, until the SMS is stale: it does not go")
def frozen_http(bench, _):
    return frozen_at(bench, "http", "connect")


@scenario("frozen while it opens the outbox, until the letter is stale: it does not go")
def frozen_outbox(bench, _):
    return frozen_at(bench, "outbox", "openat", "outbox")


# ---- SIGTERM, SIGINT and SIGHUP ----

def begun(agency):
    return agency.rows("SELECT count(*) FROM attempt")[0][0]


def after_signal(bench, agency, expected, done, how, may_doubt):
    """The tick ended by the signal or as one who was asked to end (75); it began nothing after it."""
    bad = ends_well(done, -how, 0, 1, 75)
    if begun(agency) != 1:
        bad.append("%d tries were begun, and the signal came in the first" % begun(agency))
    look = bench.look(agency)
    bad += invariants.always(look, expected)
    if done.status == 75 and look.in_state("claimed", "at_risk"):
        bad.append("it ended of its own will and left a message under way")
    return bad + bench.rest(agency, expected, look.at_risk_once if may_doubt else set())


def signal_during(bench, agencies, server, step, how=signal.SIGTERM):
    """A signal while a reply is held. Before the point of no return the tick does not wait for the reply."""
    (origin, expected), no_return = agencies, step in ("dot", "request")
    with bench.fresh(origin) as agency:
        hold = server.hold(step)
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        tick.send_signal(how)
        if no_return:
            hold.release()
        done = agency.finish(tick)
        late = ["it waited for the reply"] if hold.late else []
        hold.release()
        if not no_return and done.status != 75:
            late.append("it was not asked to end: exit status %d" % done.status)
        return late + after_signal(bench, agency, expected, done, how, no_return)


@scenario("SIGTERM before the connection: it ends, and nothing is lost or twice")
def term_connect(bench, origins):
    origin, expected = origins["smtp"]
    with bench.fresh(origin) as agency:
        done = agency.tick(before=strace.strike("connect", "signal=TERM", 1))
        return after_signal(bench, agency, expected, done, signal.SIGTERM, False)


for _how in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    scenario("%s while RCPT waits for its answer: it ends without it, and the letter goes with the next tick" % _how.name)(
        lambda bench, origins, how=_how: signal_during(bench, origins["smtp"], bench.smtp, "rcpt", how))


@scenario("SIGTERM while the letter waits for its answer: accepted once, and not lost")
def term_dot(bench, origins):
    return signal_during(bench, origins["smtp"], bench.smtp, "dot")


@scenario("SIGTERM while the SMS gateway has the request: accepted once, and not lost")
def term_request(bench, origins):
    return signal_during(bench, origins["http"], bench.sms, "request")


class Term:
    """SIGTERM at one call of a tick: a task for a worker."""

    def __init__(self, origin, expected):
        self.origin, self.expected = origin, expected

    def __call__(self, bench, point):
        with bench.fresh(self.origin) as agency:
            done = agency.tick(before=strace.strike(point[0], "signal=TERM", point[1]))
            bad = ends_well(done, -signal.SIGTERM, 0, 1, 75)
            look = bench.look(agency)
            bad += invariants.always(look, self.expected)
            if done.status >= 0 and look.in_state("claimed", "at_risk"):
                bad.append("it ended of its own will and left a message under way")
            bad += bench.rest(agency, self.expected, look.at_risk_once)
            return done.status, bad


def term_anywhere(tap, each, origin, expected, wanted):
    points = strace.points(strace.distinct(rig.one(each, rig.Record(origin), None)))
    if wanted:
        points = strace.sample(wanted, points)
    statuses, bad = collections.Counter(), []
    for point, result in each(Term(origin, expected), points):
        if isinstance(result, Exception):
            bad.append("%s:%d: %s" % (*point, result))
            continue
        statuses[result[0]] += 1
        bad += ["%s:%d (%d): %s" % (*point, result[0], line) for line in result[1]]
    tap.note("SIGTERM at %d calls, how it ended: %s" % (len(points), ", ".join(
        "%d times %s" % (n, "by the signal" if s < 0 else "exit status %d" % s) for s, n in sorted(statuses.items()))))
    tap.test("SIGTERM between any two changes that a tick makes: nothing lost, nothing twice", bad)


# ---- nobody listens ----

def unheard(bench, origin, expected, statuses, stdout=subprocess.PIPE, shell=""):
    """A tick whose words do not arrive: the messages do."""
    with bench.fresh(origin) as agency:
        before = ["/bin/sh", "-c", 'exec "$@" ' + shell, "sh"] if shell else []
        done = agency.finish(agency.start("--verbose", "tick", now=NOW, before=before, stdout=stdout))
        bad = ends_well(done, *statuses)
        look = bench.look(agency)
        if look.in_truth != expected.due:
            bad.append("%d of %d messages arrived" % (len(look.in_truth), len(expected.due)))
        if done.status != 0 and not done.err and "2>&-" not in shell:
            bad.append("exit status %d without a word" % done.status)
        return bad + invariants.always(look, expected) + bench.rest(agency, expected, set())


@scenario("standard output is closed: everything goes out, and the exit status says that nobody was told")
def closed(bench, origins):
    return [line for t in ("outbox", "both") for line in unheard(bench, *origins[t], (74,), shell=">&-")]


@scenario("standard output is full: everything goes out, and the exit status says that nobody was told")
def full(bench, origins):
    with open("/dev/full", "wb") as device:
        return unheard(bench, *origins["both"], (74,), stdout=device)


@scenario("standard output is a pipe that nobody reads: everything goes out")
def broken_pipe(bench, origins):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return unheard(bench, *origins["both"], (74,), stdout=writer)
    finally:
        os.close(writer)


@scenario("standard input, output and error are closed: everything goes out, and no word ends in a message")
def all_closed(bench, origins):
    return [line for t in ("outbox", "both") for line in unheard(bench, *origins[t], (0, 74), shell="<&- >&- 2>&-")]


# ---- a backup under way ----

def backed_up(bench, agencies, step, killed):
    """A copy is made while a server holds its answer, and put back when the tick has ended, or was killed."""
    origin, expected = agencies
    with bench.fresh(origin) as agency:
        path = os.path.join(agency.folder, "backup.db")
        hold = bench.smtp.hold(step)
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        agency.good("backup", path)
        if killed:
            tick.kill()
        hold.release()
        bad = ends_well(agency.finish(tick), -signal.SIGKILL if killed else 0)
        before = bench.look(agency)
        agency.good("recover", "--from", path)
        agency.good("adopt")
        agency.said.clear()  # it is meant to show of whom it speaks
        if killed:
            doubt = bench.look(agency).in_state("in_doubt")
            bad += ["in doubt: %s, accepted: %s" % (doubt, before.in_truth)] if doubt != before.in_truth else []
            return bad + bench.rest(agency, expected, before.in_truth | {invariants.LIST})
        return bad + invariants.always(before, expected) + nothing_more(bench, agency, expected, before)


def nothing_more(bench, agency, expected, before):
    """Everything had been sent before the copy was put back. (The copy does not know the letters that were written after
    it, so that the truth is compared with what was there before; and whether there was a list of the morning it cannot
    find out, so that none is sent.)"""
    bad = ["due, and not accepted: %s" % (expected.due - before.in_truth)] if before.in_truth != expected.due else []
    for now in REST:
        done = agency.tick(now=now)
        bad += ends_well(done, 0)
    look = bench.look(agency)
    unsent = expected.due - {invariants.LIST} - look.in_state("sent")
    bad += ["not taken for sent: %s" % unsent] if unsent else []
    more = [entry["key"] for _, entry in look.accepted][len(before.accepted):]
    return bad + invariants.silent(agency, look) + ["accepted after it was put back: %s" % key for key in more]


@scenario("a backup while RCPT waits for its answer, put back: each message once")
def backup_rcpt(bench, origins):
    return backed_up(bench, origins["smtp"], "rcpt", False)


@scenario("a backup while the letter waits for its answer, put back: each message once")
def backup_dot(bench, origins):
    return backed_up(bench, origins["smtp"], "dot", False)


@scenario("a backup while RCPT waits for its answer, put back when the tick was killed: each message once")
def backup_rcpt_killed(bench, origins):
    return backed_up(bench, origins["smtp"], "rcpt", True)


@scenario("a backup while the letter waits for its answer, put back when the tick was killed: in doubt, and not twice")
def backup_dot_killed(bench, origins):
    return backed_up(bench, origins["smtp"], "dot", True)


# ---- somebody cancels the trip ----

def withdraw(agency, expected, trip):
    """The trip is cancelled by another process; its messages are not to go any more."""
    flying = ["A%d" % n for n, in agency.rows("SELECT id FROM action WHERE state = 'at_risk'")]
    done = agency.run("cancel-trip", "T%d" % trip, now=NOW)
    lines = done.err.splitlines()
    if done.status != 0 or len(lines) != len(flying) or not all(a + " " in line for a, line in zip(flying, lines)):
        raise AssertionError("pps cancel-trip: exit status %d, %s; on the way: %s" % (done.status, done.err, flying))
    del agency.said[-2:]  # it is meant to show the trip
    gone = {n for n in expected.due if agency.rows("SELECT 1 FROM action WHERE id = ? AND occasion_id = ?", n, trip)}
    return gone


def under_way(agency, state):
    """The one action that is in this state, and its trip."""
    ((n, trip),) = agency.rows("SELECT id, occasion_id FROM action WHERE state = ?", state)
    return n, trip


def cancelled_in_time(bench, origins, agency, tick, go_on):
    """Cancels what is claimed, lets the tick go on, and nothing of the trip may have gone."""
    expected = expected_now(agency)
    n, trip = under_way(agency, "claimed")
    expected.due.add(n)
    gone = withdraw(agency, expected, trip)
    expected.due -= gone
    expected.cancelled |= gone
    go_on()
    bad = ends_well(agency.finish(tick), 0)
    look = bench.look(agency)
    if look.state(n) != "cancelled":
        bad.append("%s was withdrawn in time and is %s" % (look.name(n), look.state(n)))
    return bad + invariants.always(look, expected) + bench.rest(agency, expected, set())


@scenario("the trip is cancelled while DATA waits for its answer: the letter does not go")
def cancel_data(bench, origins):
    with bench.fresh(origins["smtp"][0]) as agency:
        hold = bench.smtp.hold("data")
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        return cancelled_in_time(bench, origins, agency, tick, hold.release)


@scenario("the trip is cancelled while the SMS gateway is being connected: the SMS does not go")
def cancel_connect(bench, origins):
    with bench.fresh(origins["http"][0]) as agency:
        with strace.frozen(agency, "connect") as (tick, thaw):
            return cancelled_in_time(bench, origins, agency, tick, thaw)


def cancelled_too_late(bench, origin, expected, server, step):
    """It has been accepted: it counts as sent, and the trip as cancelled; the rest of the trip does not go."""
    with bench.fresh(origin) as agency:
        expected = expected_now(agency)
        hold = server.hold(step)
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        n, trip = under_way(agency, "at_risk")
        gone = withdraw(agency, expected, trip) - {n}
        expected.due -= gone
        expected.cancelled |= gone
        hold.release()
        bad = ends_well(agency.finish(tick), 0)
        look = bench.look(agency)
        if (look.state(n), n in look.in_truth) != ("sent", True):
            bad.append("%s was accepted and is %s" % (look.name(n), look.state(n)))
        return bad + invariants.always(look, expected) + bench.rest(agency, expected, set())


@scenario("the trip is cancelled while the letter waits for its answer: it was sent, and is said to be")
def cancel_dot(bench, origins):
    return cancelled_too_late(bench, *origins["smtp"], bench.smtp, "dot")


@scenario("the trip is cancelled while the SMS waits for its answer: it was sent, and is said to be")
def cancel_reply(bench, origins):
    return cancelled_too_late(bench, *origins["http"], bench.sms, "reply")


# ---- a client says stop ----

@scenario("the client wants no letters any more while DATA waits for its answer: the letter does not go, and no other")
def stop_data(bench, origins):
    with bench.fresh(origins["smtp"][0]) as agency:
        hold = bench.smtp.hold("data")
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        expected = expected_now(agency)
        n, _ = under_way(agency, "claimed")
        expected.due.add(n)
        ((client,),) = agency.rows("SELECT o.client_id FROM action a JOIN occasion o ON o.id = a.occasion_id WHERE a.id = ?", n)
        done = agency.run("unsubscribe", "C%d" % client, "--channel", "email", "--all", now=NOW)
        if done.status != 0:
            raise AssertionError("pps unsubscribe: exit status %d, %s" % (done.status, done.err))
        del agency.said[-2:]
        gone = {a for a in expected.due if agency.rows(
            "SELECT 1 FROM action a JOIN occasion o ON o.id = a.occasion_id "
            "WHERE a.id = ? AND a.channel = 'email' AND o.client_id = ?", a, client)}
        expected.due -= gone
        expected.cancelled |= gone
        hold.release()
        bad = ends_well(agency.finish(tick), 0)
        look = bench.look(agency)
        if look.state(n) != "suppressed":
            bad.append("%s was not wanted any more and is %s" % (look.name(n), look.state(n)))
        return bad + invariants.always(look, expected) + bench.rest(agency, expected, set())


# ---- somebody corrects the address ----

CORRECTED = "zinaida@canary.example"


def address_edited(bench, agencies, step, state, address):
    """Another process corrects the address while a server holds its answer; the letter has arrived there, once."""
    origin, expected = agencies
    with bench.fresh(origin) as agency:
        hold = bench.smtp.hold(step)
        tick = agency.start("--verbose", "tick", now=NOW)
        hold.wait()
        n, trip = under_way(agency, state)
        ((client, old),) = agency.rows("SELECT c.id, c.email FROM client c JOIN occasion t ON t.client_id = c.id "
                                       "WHERE t.id = ?", trip)
        agency.good("edit-client", "C%d" % client, "--email", CORRECTED, now=NOW)
        del agency.said[-2:]  # it is meant to show the client
        hold.release()
        bad = ends_well(agency.finish(tick), 0) + bench.rest(agency, expected, set())
        arrived = [e["to"] for m, e in bench.look(agency).accepted if m == n]
        return bad + ([] if arrived == [address or old] else ["it went to %s" % arrived])


@scenario("the address is corrected while DATA waits for its answer: the letter goes to the new one, and to it alone")
def edit_data(bench, origins):
    return address_edited(bench, origins["smtp"], "data", "claimed", CORRECTED)


@scenario("the address is corrected while the letter waits for its answer: it was sent to the old one, and to it alone")
def edit_dot(bench, origins):
    return address_edited(bench, origins["smtp"], "dot", "at_risk", None)


# ---- the list of the morning ----

MORNING = "2026-12-10 09:01"


def list_on_its_way(bench, agencies, step, change, then):
    """A colleague is changed by another process while a server holds its answer to their list. `then`: who has got it after
    that tick, and after later ones."""
    origin, _ = agencies
    with bench.fresh(origin) as agency:
        agency.good("staff", "edit", DIRECTOR, "--email", "")
        agency.good("tick", now=NOW)
        agency.good("staff", "edit", DIRECTOR, "--email", OF_DIRECTOR)
        hold = bench.smtp.hold(step)
        tick = agency.start("--verbose", "tick", now=MORNING)
        hold.wait()
        bad = ends_well(agency.run(*change, now=MORNING), 0)
        hold.release()
        bad += ends_well(agency.finish(tick), 0)
        for at, expected in zip((MORNING, "2026-12-10 09:12"), then):
            bad += ends_well(agency.tick(now=at), 0)
            bench.settle()
            got = [e["to"] for e in agency.lists()]
            bad += [] if got == expected else ["at %s the list had gone to %s" % (at, got)]
        return bad


OF_DIRECTOR, MOVED = DIRECTOR + "@agency.example", "moved@agency.example"
MOVES = ("staff", "edit", DIRECTOR, "--email", MOVED)


@scenario("a colleague leaves while DATA waits for its answer: no list goes")
def leaves_data(bench, origins):
    return list_on_its_way(bench, origins["smtp"], "data", ("staff", "leave", DIRECTOR), ([], []))


@scenario("a colleague's address changes while DATA waits for its answer: the list goes to the new one, and to it alone")
def moves_data(bench, origins):
    return list_on_its_way(bench, origins["smtp"], "data", MOVES, ([MOVED], [MOVED]))


@scenario("a colleague's address changes while the list waits for its answer: it went to the old one, and to it alone")
def moves_dot(bench, origins):
    return list_on_its_way(bench, origins["smtp"], "dot", MOVES, ([OF_DIRECTOR], [OF_DIRECTOR]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--sample", type=int, metavar="N", help="SIGTERM at about N calls; without it, at all")
    parser.add_argument("--only", default="", metavar="WORD", help="tests whose names contain it")
    options = parser.parse_args()
    tap = rig.Tap()
    with rig.scratch() as shared, rig.workers(shared) as each:
        origins = rig.make_origins(shared, "outbox", "smtp", "http", "both")
        rig.play(tap, each, origins, options.only)
        if options.only in "SIGTERM between any two changes":
            term_anywhere(tap, each, *origins["smtp"], options.sample)
    tap.end()


if __name__ == "__main__":
    main()
