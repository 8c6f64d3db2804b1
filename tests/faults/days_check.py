"""What must hold in the days of days.py. Every function adds violations to `bad`: pairs of family and line.

    I0  every command ends as it should, and a tick that a guard must hold does nothing at all
    I1  nothing is accepted twice: neither a Message-ID or key, nor a step of a sale; but for what a person ordered, and
        one repetition that the playbook orders
    I2  what is due is accepted or visible, what is `sent` was accepted, what was accepted is never to be sent again
    I3  nothing is accepted after its end, before its time, after its cancellation, or at an address that is not theirs
    I4  the database is whole
    I5  no secret and nothing about a person is in what a tick prints or in the sent log
    I6  no client gets more than two messages a day, but for service that has no other day and what goes instead of a call
    I7  at rest everything is settled
    I8  database and sent log grow by what is sold and sent, and by nothing else
    I9  a colleague gets at most one list of the morning a day, in its hours, and what the database says of it is true

A key here is (sale, step, occurrence)."""

import collections
import os
import re
import zoneinfo

import days_agency as agency
import truth

INSTEAD_OF_CALL = ("preflight", "sms")  # the shipped playbook sends it by SMS only when the call was not made
TO_GO_OR_GONE = {"pending", "claimed", "at_risk", "in_doubt", "sent"}
PER_DAY = 2  # the default of per_client_per_day
RESEND_AFTER = 15 * 60  # the playbook's repetition waits so long
DECENT = {"sms": (8 * 60, 21 * 60 + 30), "email": (7 * 60, 22 * 60)}  # sms.hours, email.hours, by default
# Bytes: an agency that has sold nothing; what a letter takes in pages for each of its own; a step of a trip with its share
# of everything else; a line of the sent log; the journal that stays.
EMPTY, LETTERS, STEP, LINE, JOURNAL = 350_000, 1.3, 300, 160, 1 << 20
LISTS_A_DAY = 2  # the director's, and one of the managers'
FAMILIES = {
    "I0": "every command ends as it should, and a held tick does nothing",
    "I1": "nothing is accepted twice, unless it was ordered",
    "I2": "nothing is lost: what is due is accepted or visible, and `sent` is true",
    "I3": "nothing is stale, early, called off, or at a wrong address",
    "I4": "the database is whole",
    "I5": "no secret and nothing about a person is in the output or in the sent log",
    "I6": "no client gets more than two messages a day, but for service that has no other day and what goes instead of a call",
    "I7": "after quiet days everything is settled",
    "I8": "database and sent log grow by what is sold and sent, and by nothing else",
    "I9": "a colleague gets at most one list of the morning a day, in its hours, and what the database says of it is true",
}


class Kind(collections.namedtuple("Kind", "name repeat_minutes status resend")):
    """How an agency is set up: what its SMS gateway can do, and which steps the playbook repeats when in doubt."""

    def may_repeat(self, channel, policy):
        return policy == "resend" or (channel == "sms" and bool(self.repeat_minutes or self.status))


class Ran(collections.namedtuple("Ran", "at done before after entries trouble raced killed")):
    """One tick. trouble: a server did what it should not; raced: somebody changed something meanwhile."""

    complete = property(lambda self: self.done.status in (0, 1) and not self.killed)
    planned_anew = property(lambda self: {row.trip for row in self.before.rows.values() if row.stale})


class Checker:
    def __init__(self, kind, policies, conditional):
        self.kind, self.policies, self.conditional = kind, policies, conditional
        self.accepted = collections.defaultdict(list)  # key -> entries
        self.key_of = {}  # Message-ID or key of a text -> key
        self.lists = collections.Counter()  # (address, day) -> lists of the morning
        self.per_day = collections.Counter()  # (address or number, the client's day) -> accepted
        self.orders, self.told_sent, self.dropped = collections.Counter(), set(), set()  # what people decided
        # Of this tick: sale, or old address -> place in the truth from which on nothing for it may stand.
        self.called_off, self.left = {}, {}
        self.ticked_at = None
        self.lists_tried = 0  # ticks in which a list passed the point of no return, at most
        self.disturbed = 0  # deaths of ticks, and databases that were put back or moved
        self.recovered_at = -agency.DAY  # when an older database was put back: who got what that day is not in it
        self.bad = []

    def wrong(self, family, text, *values):
        self.bad.append((family, text % values if values else text))

    def name(self, key):
        return "%s/%s" % key[:2] + (" #%d" % key[2] if key[2] else "")

    # ---- one tick ----

    def tick(self, office, ran):
        self.end_of_tick(ran)
        for entry in ran.entries:
            if truth.is_list(entry.key):
                self.one_list(entry)
                continue
            self.resolve(office, entry)
            self.one_accepted(ran, entry)
        self.lists_of(ran)
        for key in ran.before.rows.keys() - ran.after.rows.keys():
            self.wrong("I2", "%s is not in the database any more", self.name(key))
        self.rows(ran.after, ran.killed)
        for row in ran.after.rows.values():
            self.change_by_tick(ran, ran.before.rows.get(row.key), row)
        self.silent("what a tick printed", ran.done.out + ran.done.err)
        self.idle(office, ran)
        self.called_off.clear()
        self.left.clear()

    def end_of_tick(self, ran):
        status, err = ran.done.status, ran.done.err
        allowed = {-9} if ran.killed else {0, 1} | ({69} if ran.trouble else set())
        if status not in allowed:
            self.wrong("I0", "a tick ended with %d: %s", status, err.strip())
        if status == 1 and not ran.trouble and not ran.before.in_state("at_risk", "in_doubt"):
            self.wrong("I0", "a tick without any fault speaks of doubt: %s", err.strip())
        if [line for line in err.splitlines() if not line.startswith("pps: ")]:
            self.wrong("I0", "standard error is not clear: %s", err.strip())

    def resolve(self, office, entry):
        """Which step of which sale it is. The database says so once; an older one may not know it any more."""
        if entry.key in self.key_of:
            return
        found = office.rows("SELECT " + agency.WORD + ", a.step, a.occurrence FROM message m JOIN action a ON a.id = "
                            "m.action_id JOIN occasion t ON t.id = a.occasion_id JOIN client c ON c.id = t.client_id "
                            "WHERE m.message_id = ?1 OR m.idem_key = ?1", entry.key)
        if found:
            self.key_of[entry.key] = tuple(found[0])

    def one_accepted(self, ran, entry):
        key = self.key_of.get(entry.key)
        row = row_before(ran, key)
        if row is None:
            self.wrong("I2", "the database does not know what was accepted as %s", entry.key)
            return
        earlier = self.accepted[key]
        self.not_twice(entry, key, row, earlier)
        self.in_its_time(ran, entry, row)
        self.to_whom(ran, entry, row)
        self.not_too_many(ran, entry, ran.after.rows[key], repeated=bool(earlier))
        earlier.append(entry)

    def not_twice(self, entry, key, row, earlier):
        """I1."""
        policy = self.policies.get(row.step)
        may = 1 + self.orders[key] + (policy == "resend")
        if len(earlier) >= may:
            self.wrong("I1", "%s (%s before, %s) was accepted %d times, and may be %d times: %s", self.name(key),
                       row.state, row.channel, len(earlier) + 1, may, [e.key for e in (*earlier, entry)])
        elif earlier and not self.orders[key]:
            if entry.key != earlier[0].key:
                self.wrong("I1", "%s was repeated under another name: %s, %s", self.name(key), earlier[0].key, entry.key)
            if entry.at < earlier[0].at + RESEND_AFTER:
                self.wrong("I1", "%s was repeated %d s after the first", self.name(key), entry.at - earlier[0].at)
        if row.state == "in_doubt" and not self.kind.may_repeat(row.channel, policy):
            self.wrong("I1", "%s was in doubt, and went once more without an order", self.name(key))

    def in_its_time(self, ran, entry, row):
        """I3: by what the database said before the tick, or what somebody changed while it ran."""
        name, after = self.name(row.key), ran.after.rows[row.key]
        raced = row.trip in ran.planned_anew or ran.raced
        if entry.at >= max(row.expires_at or 0, after.expires_at or 0 if raced else 0):
            self.wrong("I3", "%s was accepted after its end, %s", name, agency.text_of(row.expires_at or 0))
        with_another = row.cause == "one_call"  # it was to be spoken of in another call, which was not made either
        if row.state not in ("pending", "held", "claimed", "at_risk", "in_doubt") and not with_another:
            self.wrong("I3", "%s was %s (%s) and went out", name, row.state, row.cause)
        due = row.fallback_at if row.channel in ("call", "visit") else row.next_attempt_at
        if row.state == "pending" and not raced and (due is None or due > entry.at):
            self.wrong("I3", "%s went out before its time", name)
        if row.cancelled or entry.n >= self.called_off.get(row.trip, entry.n + 1):
            self.wrong("I3", "%s went out after its trip was cancelled", name)

    def to_whom(self, ran, entry, row):
        def ways(book):
            client = book.clients[row.client]
            return client.email if entry.channel == "email" else client.phone if not client.wrong else None
        allowed = {ways(ran.before)} | ({ways(ran.after)} if ran.raced else set())
        if entry.to not in allowed or entry.n >= self.left.get(entry.to, entry.n + 1):
            self.wrong("I3", "%s went to %s, which is not %s's", self.name(row.key), entry.to, row.client)

    def not_too_many(self, ran, entry, row, repeated):
        """I6. A client is the addresses that they have now: what went to an old one today is not counted."""
        zone = zoneinfo.ZoneInfo(row.tz)
        day, client = local_day(entry.at, zone), ran.after.clients[row.client]
        if row.priority < 0:  # it cannot wait, and takes nothing's place
            return
        had = sum(self.per_day[to, day] for to in {client.email, client.phone, entry.to})
        self.per_day[entry.to, day] += 1
        if had < PER_DAY or repeated or self.orders[row.key] or local_day(self.recovered_at, zone) == day:
            return
        if (row.step, row.channel) == INSTEAD_OF_CALL:
            return
        if row.priority != 0 or tomorrow(row, day, zone) < row.expires_at:
            self.wrong("I6", "%s (%s) is number %d for %s on %s", self.name(row.key), row.channel, had + 1, row.client, day)

    # ---- the lists of the morning ----

    def one_list(self, entry):
        """I9. Databases are put back in the night, so that even then there is no second one."""
        day = agency.text_of(entry.at)[:10]
        self.lists[entry.to, day] += 1
        if self.lists[entry.to, day] > 1:
            self.wrong("I9", "%s got a second list on %s", entry.to, day)
        if not is_hour_of_lists(entry.at):
            self.wrong("I9", "%s got a list at %s", entry.to, agency.text_of(entry.at))

    def lists_of(self, ran):
        """I9: of today's lists, since the database may be older than those before."""
        today = agency.text_of(ran.at)[:10]
        self.lists_tried += LISTS_A_DAY if is_hour_of_lists(ran.at) else 0
        for (to, day), (state, _) in ran.after.lists.items():
            went = self.lists[to, day]
            if day == today and (state == "sent") > went:
                self.wrong("I9", "the list of %s is sent, and nobody accepted it", to)
            if day == today and went and state not in ("sent", "in_doubt") and not (ran.killed and state == "at_risk"):
                self.wrong("I9", "the list of %s was accepted, and is %s", to, state)
        if ran.complete and not ran.trouble and is_hour_of_lists(ran.at):
            state, next_at = ran.after.lists.get((agency.DIRECTOR, today), (None, None))
            if state is None or (state == "waiting" and next_at <= ran.at):
                self.wrong("I9", "the director was to get a list, and it is %s", state)

    # ---- the rows ----

    def rows(self, book, killed=False):
        """I2: what the states say is true, and what was accepted is never to be sent again."""
        for row in book.rows.values():
            copies = len(self.accepted.get(row.key, ()))
            if row.state in ("claimed", "at_risk") and not killed:
                self.wrong("I2", "%s is %s, and no tick runs", self.name(row.key), row.state)
            elif copies and not self.is_spent(row, copies, killed):
                self.wrong("I2", "%s was accepted, and is %s (%s)", self.name(row.key), row.state, row.cause)
            elif row.state == "sent" and not copies and row.cause != "assumed" and row.key not in self.told_sent:
                self.wrong("I2", "%s is sent (%s), and nobody accepted it", self.name(row.key), row.cause)

    def is_spent(self, row, copies, killed):
        if row.state in ("sent", "in_doubt") or (killed and row.state in ("claimed", "at_risk")):
            return True
        if row.state == "cancelled" and (row.cancelled or row.key in self.dropped):
            return True
        return self.orders[row.key] >= copies

    def change_by_tick(self, ran, was, row):
        """I2: what a tick may do with a row, and what it may not leave undone."""
        if ran.complete and not ran.raced and not row.stale and is_lying(row, ran.at):
            self.wrong("I2", "%s is due and pending after a tick that ran to its end", self.name(row.key))
        if was is row or was is None:
            return
        if was.state != "missed" and row.state == "missed" and row.expires_at > ran.at and row.attempts == was.attempts:
            self.wrong("I2", "%s is missed before its end", self.name(row.key))
        planned_anew = ran.raced or row.trip in ran.planned_anew
        if was.state == "pending" and row.state == "cancelled" and not planned_anew and not row.cancelled and \
                not self.may_cancel(ran.after, row):
            self.wrong("I2", "%s was to be sent, and a tick cancelled it (%s)", self.name(row.key), row.cause)

    def may_cancel(self, book, row):
        """Its condition does not hold any more; or the same goes to the same person in another's place."""
        def way(of):
            client = book.clients[of.client]
            return client.email if of.channel == "email" else client.phone
        if row.cause == "condition":
            return row.step in self.conditional
        return row.cause == "shared" and any(
            other.step == row.step and other.key != row.key and other.state in TO_GO_OR_GONE and way(other) == way(row)
            for other in book.rows.values())

    # ---- all in all ----

    def put_back(self, book, at, log_lost):
        """An older database works from now on; what was accepted is not to be sent again for all that. Without the sent
        log that is known only of what was due by now, and not even that when nothing had been sent before the copy."""
        self.recovered_at = at
        self.disturbed += 1
        for row in book.rows.values() if log_lost else ():
            if row.state not in ("sent", "in_doubt") and (book.seq == 0 or not is_lying(row, at)):
                self.orders[row.key] += len(self.accepted.get(row.key, ()))
        self.rows(book, killed=True)

    def held(self, done, before, after, entries):
        """A tick that a guard holds."""
        self.disturbed += 1
        if done.status != 77 or "pps: nothing goes out" not in done.err:
            self.wrong("I0", "a tick was to be held and ended with %d: %s", done.status, done.err.strip())
        if entries:
            self.wrong("I1", "a tick was to be held, and %d messages went out", len(entries))
        if before.rows != after.rows:
            self.wrong("I0", "a tick was held and changed something")

    def whole(self, office):
        for pragma in ("integrity_check", "foreign_key_check"):
            found = office.rows("PRAGMA " + pragma)
            if found not in ([("ok",)], []):
                self.wrong("I4", "%s says %s", pragma, found[:3])
        self.silent("the sent log", office.sent_log())
        self.growth(office)

    def idle(self, office, ran):
        """I8: a tick that changes no row has nothing to note. (Of two ticks in one minute the notes are not told apart.)"""
        self.disturbed += ran.killed
        first, self.ticked_at = ran.at != self.ticked_at, ran.at
        calm = first and not (ran.entries or ran.trouble or ran.raced or ran.killed)
        if not calm or (ran.before.rows, ran.before.lists) != (ran.after.rows, ran.after.lists):
            return
        ((notes,),) = office.rows("SELECT count(*) FROM audit WHERE actor = 'tick' AND at = ?1", ran.at)
        if notes:
            self.wrong("I8", "a tick changed nothing and wrote %d lines into the audit log", notes)

    def growth(self, office):
        """I8."""
        lines = collections.Counter(line.split(" ")[1] for line in office.sent_log().splitlines())
        size, most = len(office.sent_log()), LINE * sum(lines.values())
        if lines["said"] > lines["risk"] + lines["here"] or lines["here"] > 1 + 2 * self.disturbed + self.lists_tried or size > most:
            self.wrong("I8", "the sent log has %d bytes, and these lines, after %d deaths and moves: %s", size,
                       self.disturbed, dict(lines))
        ((steps, letters),) = office.rows("SELECT (SELECT count(*) FROM action), "
                                          "(SELECT coalesce(sum(length(bytes)), 0) FROM message)")
        size, most = os.path.getsize(office.db), EMPTY + LETTERS * letters + STEP * steps
        if size > most:
            self.wrong("I8", "the database has %d bytes, with %d steps and letters of %d bytes", size, steps, letters)
        if os.path.exists(office.db + "-journal") and os.path.getsize(office.db + "-journal") > JOURNAL:
            self.wrong("I8", "the journal keeps %d bytes", os.path.getsize(office.db + "-journal"))

    def silent(self, where, text):
        plain = re.sub(r"[ ()-]", "", text).lower()
        for canary in agency.CANARIES:
            if canary.replace("-", "") in plain:
                self.wrong("I5", "%s shows %s: %s", where, canary, text.strip())

    def at_rest(self, book, at):
        for row in book.rows.values():
            doubt = row.state == "in_doubt" and row.cause != "restored" and \
                self.policies.get(row.step) == "assume_sent"
            if is_lying(row, at) or row.state in ("claimed", "at_risk") or doubt:
                self.wrong("I7", "%s is %s after three quiet days", self.name(row.key), row.state)


def row_before(ran, key):
    """As the database had it before the tick. A tick makes the greetings of its day itself, and sends them at once."""
    row, after = ran.before.rows.get(key), ran.after.rows.get(key)
    born = row is None and after is not None and after.step in agency.GREETINGS
    return after._replace(state="pending", cause="") if born else row


def is_lying(row, at):
    """A message for which a tick should have done something."""
    if row.state != "pending":
        return False
    if row.channel in ("call", "visit") and row.cause == "not_delivered":
        # Somebody is asked to call; the SMS is still tried, unless it was refused for good.
        return row.fallback_at is not None and row.next_attempt_at <= at < row.expires_at
    if row.channel in ("call", "visit"):
        return row.fallback_at is not None and row.fallback_at <= at and row.cause != "expired"
    return row.next_attempt_at <= at or row.expires_at <= at


def is_hour_of_lists(at):
    when = agency.datetime.datetime.fromtimestamp(at, agency.MOSCOW)
    return when.weekday() < 5 and agency.LISTS[0] <= when.hour * 60 + when.minute < agency.LISTS[1]


def local_day(at, zone):
    return agency.datetime.datetime.fromtimestamp(at, zone).date()


def tomorrow(row, day, zone):
    """When it would be its turn on the next day: at the hour at which it was due, or the first decent one."""
    hour, minute = map(int, row.local_due[11:].split(":"))
    opens, closes = DECENT[row.channel]
    minutes = hour * 60 + minute
    if not opens <= minutes < closes:
        minutes = opens
    day += agency.datetime.timedelta(days=1)
    at = agency.datetime.datetime.combine(day, agency.datetime.time(*divmod(minutes, 60)), zone)
    return int(at.timestamp())
