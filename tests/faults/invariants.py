"""What must hold whatever happened. Every function gives a list of violations, one line each.

    I1  no message is twice in the truth, unless an audit line says that a person ordered a repeat
    I2  every message that was due is in the truth or in a visible state that is not `sent`; what is `sent` is in the
        truth; and what is in the truth can never be sent again
    I3  nothing is in the truth after its end
    I4  the database is whole
    I5  no secret and nothing about a person is on standard output, standard error, or in the lines of the log
    I6  what arrived is the frozen message, whole, at its recipient
    I7  nothing is in the truth that was not due: cancelled, ahead, or not known at all

At rest, that is after ticks without faults, more must hold: whatever was due is sent, or in doubt for a reason.

The director's list of the morning is no action, but the same holds for it, and it is looked at as one, under the number
LIST. It is written anew for each try, so that I6 does not speak of it."""

import collections
import re

import agency as agencies
import truth

# In these a message may be that was due and is not known to be accepted; reports and `pps doctor` show them.
VISIBLE = {"pending", "claimed", "at_risk", "in_doubt", "failed", "held"}
# In these it may be when it was accepted: none of them leads to sending by itself.
SPENT = {"at_risk", "sent", "in_doubt"}
# Verbs of the audit log by which a person has a message sent once more although it may be there.
REPEATS = {"doubt-resend"}
# Causes with which a message is `sent` although nobody saw it accepted.
ASSUMED = {"assumed"}

LIST = 0
# The state of an action that says the same; a list of which nothing was written waits for its first try.
OF_LIST = {None: "pending", "waiting": "pending"}

Row = collections.namedtuple("Row", "id trip state cause step expires_at")


def read_list(db):
    """(state, whether it ever passed the point of no return), or nothing when nobody is to get one."""
    return [(OF_LIST.get(state, state), risk is not None) for state, risk in db.execute(
        "SELECT d.state, d.risk_at FROM staff s LEFT JOIN digest d ON d.staff_id = s.id WHERE s.email IS NOT NULL")]


def list_states(agency):
    with agency.reading() as db:
        return [state for state, _ in read_list(db)]


class Expected:
    """What is to happen at an instant, read from the database before anything did. With real=True the clock is the
    machine's, and what was accepted is compared with it."""

    def __init__(self, agency, at, real=False):
        def ids(where):
            return {n for n, in agency.rows(
                "SELECT a.id FROM action a JOIN occasion t ON t.id = a.occasion_id WHERE " + where, at)}
        message = "(a.channel IN ('email', 'sms') AND a.due_at <= ?1 OR a.fallback_at <= ?1)"
        self.real = real
        self.due = ids("a.state = 'pending' AND a.expires_at > ?1 AND " + message)
        self.expired = ids("a.state = 'pending' AND a.expires_at <= ?1 AND " + message)
        self.cancelled = ids("t.ended = 1 AND " + message)
        self.due |= {LIST for state in list_states(agency) if state == "pending"}

    def overdue(self, n):
        """A test saw to it that the end of n passed."""
        self.due.discard(n)
        self.expired.add(n)


class Look:
    """Database and truth at one moment."""

    def __init__(self, agency):
        with agency.reading() as db:
            self.read(db)
        self.accepted = [(LIST if truth.is_list(e["key"]) else self.keys.get(e["key"]), e) for e in agency.all_accepted()]
        self.in_truth = {n for n, _ in self.accepted}

    def read(self, db):
        columns = "id, occasion_id, state, cause, step, expires_at"
        self.rows = {row[0]: Row(*row) for row in db.execute("SELECT %s FROM action" % columns)}
        self.messages, self.keys = {}, {}
        for n, to, content, mid, idem in db.execute(
                "SELECT action_id, recipient, CAST(bytes AS TEXT), message_id, idem_key FROM message"):
            self.messages[n] = (to, content)
            self.keys.update({mid: n, idem: n, "A%d" % n: n})
        self.repeats = collections.Counter(
            n for n, verb in db.execute("SELECT action_id, verb FROM audit") if verb in REPEATS)
        self.at_risk_once = {n for n, in db.execute("SELECT action_id FROM attempt WHERE risk_at IS NOT NULL")}
        for state, at_risk_once in read_list(db):
            self.rows[LIST] = Row(LIST, None, state, None, "list of the morning", None)
            self.at_risk_once |= {LIST} if at_risk_once else set()
        self.whole = [line for line, in db.execute("PRAGMA integrity_check")]
        self.log_lines = [text for text, in db.execute(
            "SELECT detail FROM audit WHERE actor = 'tick' UNION ALL SELECT reply FROM attempt "
            "UNION ALL SELECT reason FROM action UNION ALL SELECT value FROM setting")]

    def state(self, n):
        return self.rows[n].state

    def in_state(self, *states):
        return {n for n, row in self.rows.items() if row.state in states}

    def name(self, n):
        return "A%d %s" % (n, self.rows[n].step)


def always(look, expected):
    """I1 to I4, I6 and I7: at every instant, also while a tick lies dead."""
    bad = []
    for n, copies in collections.Counter(n for n, _ in look.accepted if n is not None).items():
        if copies > 1 + look.repeats[n]:
            bad.append("I1 %s was accepted %d times" % (look.name(n), copies))
    for n in expected.due - look.in_truth:
        if look.state(n) not in VISIBLE and look.rows[n].cause not in ASSUMED:
            bad.append("I2 %s is %s and nobody accepted it" % (look.name(n), look.state(n)))
    for n in look.in_state("sent") - look.in_truth - expected.due:
        bad.append("I2 %s is sent and nobody accepted it" % look.name(n))
    for n in look.in_truth - {None}:
        if look.state(n) not in SPENT:
            bad.append("I2 %s was accepted and is %s" % (look.name(n), look.state(n)))
    if look.whole != ["ok"]:
        bad.append("I4 the database is not whole: %s" % look.whole[0])
    return bad + [line for n, entry in look.accepted for line in arrived(look, expected, n, entry)]


def arrived(look, expected, n, entry):
    """I3, I6 and I7 for one accepted message."""
    if n is None:
        return ["I7 the database does not know what was accepted as %s" % entry["key"]]
    bad = []
    if n in expected.expired or (expected.real and n != LIST and entry["at"] >= look.rows[n].expires_at):
        bad.append("I3 %s was accepted after its end" % look.name(n))
    elif n in expected.cancelled:
        bad.append("I7 %s was accepted although its trip was cancelled" % look.name(n))
    elif n not in expected.due:
        bad.append("I7 %s was accepted and was not due" % look.name(n))
    to, content = look.messages.get(n, (entry["to"], entry["content"]))
    if (entry["to"], entry["content"]) != (to, content):
        bad.append("I6 %s did not arrive as it was frozen" % look.name(n))
    return bad


def at_rest(look, expected, may_doubt):
    """After ticks without faults nothing is under way, and whatever was due is sent; in doubt may be only what had
    passed the point of no return when the fault struck."""
    bad = []
    for n in expected.due:
        if look.state(n) == "in_doubt" and n not in may_doubt:
            bad.append("I2 %s is in doubt, and its fault came before the point of no return" % look.name(n))
        elif look.state(n) not in ("sent", "in_doubt"):
            bad.append("I2 %s is %s, and no tick sends it" % (look.name(n), look.state(n)))
    for n in expected.expired - look.in_state("missed"):
        bad.append("I2 %s is past its end and %s" % (look.name(n), look.state(n)))
    for n in look.in_state("claimed", "at_risk"):
        bad.append("I2 %s is still %s" % (look.name(n), look.state(n)))
    return bad


def silent(agency, look):
    """I5. Numbers count in whatever grouping they are written."""
    bad = []
    for where, text in [("what pps printed", t) for t in agency.said] + [("the log", t) for t in look.log_lines]:
        plain = re.sub(r"[ \-()]", "", text or "").lower()
        bad += ["I5 %s shows %s" % (where, c) for c in agencies.CANARIES if c.lower() in plain]
    return sorted(set(bad))

