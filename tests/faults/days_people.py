"""The people of the agency of days.py: what they sell, change, tick off and decide. Everything is drawn from the rng
that they are given; whatever the program may say no to is counted and forgotten.

Each act takes (rng, book, at) and returns what was done, for the log of the day; None: there was nothing to do."""

import days_agency as agency

NAMES = ("Мария Канарейкина", "Евлампия Канарейкина", "Поликарп Канарейкин", "Пётр Канарейкин", "Анна-Мария Канарейкина")
ZONES = ("Asia/Vladivostok", "America/New_York", "Europe/Sofia", "Asia/Almaty")
MANAGERS = ("anna", "boris")
# What a command may end with: done; not possible now, because of what is there or of what was typed.
USUAL = (0, 65, 66, 73, 77)
# Between them in days: the sale and the departure.
LEADS = ((25, 70), (6, 24), (2, 5), (0, 1))


class People:
    def __init__(self, office, check, truth_has, counts, commands):
        self.office, self.check, self.truth_has, self.counts = office, check, truth_has, counts
        self.knows_doubt = "doubt" in commands
        self.sales = self.clients = self.addresses = 0
        self.did = False

    def say(self, login, at, *words, busy=False):
        """Returns the line for the log. busy: a tick has the action in hand, so that this is a proper answer."""
        done = self.office.person(login, at, *words)
        line = "%s %s: pps %s: %d %s" % (agency.text_of(at), login, " ".join(words), done.status, done.err.strip())
        self.did = done.status == 0
        self.counts["%s: %s" % (words[0], "done" if self.did else "refused")] += 1
        usual = USUAL + ((75,) if busy else ())
        if done.status not in usual or (done.status == 65 and "damaged" in done.err) or \
                [words for words in done.err.splitlines() if not words.startswith("pps: ")]:
            self.check.wrong("I0", "%s", line)
        return line

    # ---- sales ----

    def new_email(self):
        self.addresses += 1
        return "k%d@canary.example" % self.addresses

    def new_phone(self):
        self.addresses += 1
        return "+7903555%04d" % self.addresses

    def ways(self, rng, book):
        """Both, or one of them; sometimes a family has one number."""
        kind = rng.choices(("both", "phone", "email", "family"), (60, 15, 15, 10))[0]
        phone, email = self.new_phone(), self.new_email()
        if kind == "family":
            phone = next((c.phone for c in reversed(book.clients.values()) if c.phone), phone)
        return {"phone": ["--phone", phone], "email": ["--email", email]}.get(kind, ["--phone", phone, "--email", email])

    def dates(self, rng, at):
        today = (at - agency.instant(0, 0)) // agency.DAY
        lead = rng.choices(LEADS, (30, 35, 20, 15))[0]
        leaves = today + rng.randint(*lead)
        hour = rng.choice(("", "", " 06:40", " 11:20", " 17:45", " 23:30"))
        if leaves == today:
            hour = rng.choice(("", " 23:30"))
        lands = rng.choice(("", "", " 04:10", " 13:05", " 22:50"))
        back = leaves + rng.randint(2, 14)
        words = ["--departure", agency.date_of(leaves) + hour, "--return", agency.date_of(back) + lands]
        if rng.random() < 0.08:  # entered late
            words += ["--purchase", agency.date_of(today - rng.randint(1, 6))]
        return words

    def sell(self, rng, book, at):
        self.sales, self.clients = self.sales + 1, self.clients + 1
        extra = ["--tz", rng.choice(ZONES)] if rng.random() < 0.12 else []
        extra += ["--lang", "en"] if rng.random() < 0.1 else []
        return self.say(rng.choice(MANAGERS), at, "add-client", "--name", rng.choice(NAMES), *self.ways(rng, book),
                        *self.dates(rng, at), "--external-id", "X%d" % self.clients, "--destination",
                        "D%d" % self.sales, *extra)

    def sell_again(self, rng, book, at):
        if not book.clients:
            return None
        client = rng.choice(list(book.clients.values())[-40:])
        self.sales += 1
        return self.say(rng.choice(MANAGERS), at, "add-trip", "C%d" % client.id, *self.dates(rng, at), "--destination",
                        "D%d" % self.sales, "--allow-duplicate")

    # ---- changes ----

    @staticmethod
    def current(book, at, cancelled=0):
        """Trips that are not long over."""
        since = agency.text_of(at - 20 * agency.DAY)[:10]
        return [t for t in book.trips.values() if t.back >= since and t.cancelled == cancelled]

    def move_trip(self, rng, book, at, busy=False):
        trips = self.current(book, at)
        return self.shift(rng, rng.choice(trips), at, busy) if trips else None

    def shift(self, rng, trip, at, busy=False):
        days = rng.choice((-9, -4, -2, -1, 1, 2, 3, 7, 15))

        def moved(date):
            day = agency.datetime.date.fromisoformat(date[:10]) + agency.datetime.timedelta(days=days)
            return day.isoformat() + date[10:]
        words = ["--departure", moved(trip.departure), "--return", moved(trip.back)]
        if rng.random() < 0.3:
            words = words[2:]
        return self.say("anna", at, "edit-trip", "T%d" % trip.id, *words, busy=busy)

    def change_address(self, rng, book, at):
        trips = self.current(book, at)
        if not trips:
            return None
        client = book.clients[rng.choice(trips).client]
        kind = rng.choices(("email", "phone", "no email", "no phone", "zone"), (35, 35, 8, 8, 14))[0]
        words = {"email": ["--email", self.new_email()], "phone": ["--phone", self.new_phone()],
                 "no email": ["--email", ""], "no phone": ["--phone", ""], "zone": ["--tz", rng.choice(ZONES)]}[kind]
        return self.say("boris", at, "edit-client", "C%d" % client.id, *words)

    def cancel(self, rng, book, at):
        trips = self.current(book, at)
        return self.say("anna", at, "cancel-trip", "T%d" % rng.choice(trips).id) if trips else None

    def cancel_back(self, rng, book, at):
        trips = self.current(book, at, cancelled=1)
        return self.say("anna", at, "undo", "T%d" % rng.choice(trips).id) if trips else None

    # ---- work ----

    def call(self, rng, book, at):
        work = [r for r in book.in_state("pending") if r.channel in ("call", "visit") and r.due_at <= at]
        if not work:
            return None
        row = rng.choice(work)
        outcomes = ("reached", "reached", "reached", "no-answer", "refused", "wrong-number")
        if row.channel == "visit":
            outcomes = ("came", "did-not-come")
        outcome = rng.choice(outcomes)
        words = ["--outcome", outcome]
        if outcome == "reached" and row.step == "office-call" and rng.random() < 0.6:
            words += ["--visit", agency.text_of(at + rng.randint(1, 5) * agency.DAY)[:10]]
        return self.say("anna", at, "done", "A%d" % row.id, *words)

    def skip(self, rng, book, at):
        rows = [r for r in book.in_state("pending") if not r.cancelled]
        return self.skip_one(rng.choice(rows), at) if rows else None

    def skip_red(self, rng, book, at):
        rows = book.in_state("missed", "failed", "held", "in_doubt")
        return self.skip_one(rng.choice(rows), at) if rows else None

    def skip_one(self, row, at):
        line = self.say("boris", at, "skip", "A%d" % row.id)
        if self.did and row.state == "in_doubt":
            self.check.dropped.add(row.key)
        return line

    def take_back(self, rng, book, at):
        rows = [r for r in book.in_state("done", "skipped", "cancelled", "pending", "sent")
                if r.state in ("done", "skipped") or r.cause in ("by_person", "retry")]
        return self.say("anna", at, "undo", "A%d" % rng.choice(rows).id) if rows else None

    # ---- doubt ----

    def settle(self, rng, book, at):
        """Somebody looks into the log of the server, which knows; sometimes they guess, and are wrong."""
        rows = book.in_state("in_doubt")
        if not rows or not self.knows_doubt:
            return None
        row = rng.choice(rows)
        there, guess = self.truth_has(row.key), rng.random()
        answer = "--sent" if there else "--resend"
        if guess < 0.2:
            answer = "--drop"
        elif guess < 0.35:
            answer = "--resend" if there else "--sent"
        line = self.say("boris", at, "doubt", "resolve", "A%d" % row.id, answer)
        if self.did:
            self.counts["doubt resolve %s%s" % (answer, ", wrongly" if 0.2 <= guess < 0.35 else "")] += 1
            self.check.orders[row.key] += answer == "--resend"
            if answer == "--sent":
                self.check.told_sent.add(row.key)
            if answer == "--drop":
                self.check.dropped.add(row.key)
        return line

    # ---- while a letter is under way ----

    def interfere(self, rng, at, truth_length, in_time):
        """The trip or the client of the letter that a tick has in hand is changed. in_time: before the point of no
        return, so that the letter must not go as it was."""
        book = self.office.book()
        rows = book.in_state("claimed", "at_risk")
        if not rows:
            return "nothing was under way"
        trip = book.trips.get(rows[0].trip)  # None: it is a greeting
        what = rng.choice(("cancel", "move", "address")) if trip else "address"
        if what == "move":
            return self.shift(rng, trip, at, busy=True)
        if what == "cancel":
            line = self.say("anna", at, "cancel-trip", "T%d" % trip.id, busy=True)
            if self.did and in_time:
                self.check.called_off[trip.word] = truth_length
            return line
        client = book.clients[rows[0].client]
        line = self.say("anna", at, "edit-client", "C%d" % client.id, "--email", self.new_email(), busy=True)
        if self.did and in_time:
            self.check.left[client.email] = truth_length
        return line


# How likely each is on a day.
ACTS = ((People.sell_again, 0.08), (People.move_trip, 0.12), (People.change_address, 0.12), (People.cancel, 0.04),
        (People.cancel_back, 0.04), (People.call, 0.45), (People.call, 0.25), (People.skip, 0.04),
        (People.skip_red, 0.12), (People.take_back, 0.06), (People.settle, 0.25), (People.settle, 0.1))
SALES = (0, 0, 1, 1, 2, 3)  # on a day
