"""What should happen to the sales of sales.tsv, worked out a second time and in another way: straight from the
method (the series round a sold trip) with Python's own dates and zones. It reads neither the playbook nor the
program, so that a slip in either shows. Who changes the shipped playbook changes the rules below as well.

    sales = read_sales(path)
    world = World(sales, ticks, holidays)       ticks: instants at which the tick runs
    world.sent                                  every message in the order of the ticks
    world.missed, world.fell_back               {tick: how many}: too late for a message; a call became its SMS
    world.people                                {tick: [(number of the sale, step, colour)]}: the managers' list then
    world.red(now)                              {(number of the sale, step)}: what the overdue report must name
"""

import collections
import datetime as dt
import re
import zoneinfo

AGENCY = zoneinfo.ZoneInfo("Europe/Moscow")
DAY = dt.timedelta(days=1)
OPENING = re.compile("^(Дорогая|Дорогой|Скъпа|Скъпи|Dear|Здравствуйте,|Здравейте,) ")
LETTERS_GO = dt.time(10, 0)  # the hour of letters and of the call before the flight


def moment(text):
    return dt.datetime.strptime(text, "%Y-%m-%d %H:%M")


def by_agency(text):
    """An instant, given by the agency's clock."""
    return moment(text).replace(tzinfo=AGENCY)


def day_and_hour(text):
    """'2027-02-10 06:40' -> (date, time); without an hour (date, None)."""
    if len(text) == 10:
        return dt.date.fromisoformat(text), None
    return moment(text).date(), moment(text).time()


def e164(text):
    """As a Russian agency means it: 8… and ten digits are Russian, + is taken as it is."""
    digits = re.sub(r"\D", "", text)
    if text.startswith("+"):
        return "+" + digits
    return "+7" + digits[-10:]


class Event:
    """"2027-03-16 12:30 done office-call reached visit=2027-03-18 16:00"."""

    def __init__(self, text):
        self.at = by_agency(text[:16])
        self.options = dict(re.findall(r"(\w+)=(\d{4}-\d\d-\d\d(?: \d\d:\d\d)?)", text))
        self.verb, *self.words = [w for w in text[17:].split() if "=" not in w and ":" not in w]


class Sale:
    FIELDS = "entered name salutation dear phone email lang tz purchase departure return destination manager events"

    def __init__(self, number, line):
        names, values = self.FIELDS.split(), line.rstrip("\n").split("\t")
        if len(names) != len(values):
            raise ValueError("sales.tsv: %d fields: %r" % (len(values), line))
        self.raw = {n: None if v == "-" else v for n, v in zip(names, values)}
        self.number = number
        self.name = self.raw["name"]
        self.salutation = self.raw["salutation"] or OPENING.sub("", self.raw["dear"])
        self.phone = e164(self.raw["phone"]) if self.raw["phone"] else None
        box, _, domain = (self.raw["email"] or "").partition("@")
        self.email = box + "@" + domain.lower() if box else None
        self.lang = self.raw["lang"] or "ru"  # there are texts in each
        self.zone = zoneinfo.ZoneInfo(self.raw["tz"] or AGENCY.key)
        self.manager = self.raw["manager"]
        self.entered = by_agency(self.raw["entered"])
        self.purchase = dt.date.fromisoformat(self.raw["purchase"] or self.raw["entered"][:10])
        self.departure = day_and_hour(self.raw["departure"])
        self.back = day_and_hour(self.raw["return"])
        self.cancelled = None  # or when
        self.events = [Event(e.strip()) for e in (self.raw["events"] or "").split(";") if e.strip()]

    def local(self, instant):
        return instant.astimezone(self.zone)

    def at(self, day, time):
        """The instant of a local date and time."""
        return dt.datetime.combine(day, time, self.zone).astimezone(dt.timezone.utc)

    def take_off(self, days, time, minutes):
        """The hour of the departure plus so many minutes when it is known, else a day and an hour round it."""
        return self.known_hour(self.departure, days, time, minutes)

    def known_hour(self, date, days, time, minutes):
        day, hour = date
        if hour is None:
            return self.at(day + days * DAY, time)
        wall = dt.datetime.combine(day, hour) + dt.timedelta(minutes=minutes)
        return self.at(wall.date(), wall.time())


def read_sales(path):
    with open(path, encoding="utf-8") as f:
        lines = [line for line in f if not line.startswith("#")]
    if lines[0].split() != Sale.FIELDS.split():
        raise ValueError("sales.tsv: the heading is not what is expected")
    return [Sale(i + 1, line) for i, line in enumerate(lines[1:])]


def by_our_clock(day, time):
    """People work by the agency's clock."""
    return dt.datetime.combine(day, time, AGENCY).astimezone(dt.timezone.utc)


def call_hour(sale, day, time):
    """A call is made between 10 and 20 by our clock, when it is 8:00 to 21:29 where the client lives: as near as possible
    to the hour that is asked for, in quarters of an hour; when the day has no such hour, at that hour all the same."""
    wanted = by_our_clock(day, time)
    slots = [wanted] + [by_our_clock(day, dt.time(m // 60, m % 60)) for m in range(600, 1200, 15)]
    good = [s for s in slots if dt.time(10) <= s.astimezone(AGENCY).time() < dt.time(20)
            and dt.time(8) <= sale.local(s).time() < dt.time(21, 30)]
    return min(good, key=lambda s: abs(s - wanted), default=wanted)


def day_of(sale, work):
    """By whose day it is late."""
    return work.due.astimezone(AGENCY if work.how in ("call", "visit") else sale.zone).date()


class Work:
    """One step of one sale."""

    def __init__(self, key, how, due, until=None, fallback=None):
        self.key, self.how = key, how       # how: email, sms, call, visit
        self.due, self.until = due, until   # it goes when due <= tick < until; people's work has no until
        self.fallback = fallback            # when the call that is not ticked becomes an SMS
        self.state = "open"                 # open sent done missed cancelled
        self.instead_of_call = False
        self.declined = False               # they do not want to be called: nobody is asked to, and the SMS goes
        self.merged = frozenset()           # steps whose words travel with this message
        self.postponed = False              # entered late, it was given a day of its own
        self.moved = frozenset()            # of a correction: the dates that are new


class Message:
    def __init__(self, tick, sale, work):
        self.tick, self.sale, self.step, self.how = tick, sale, work.key, work.how
        self.merged, self.instead_of_call, self.moved = work.merged, work.instead_of_call, work.moved
        self.departure, self.back = sale.departure, sale.back
        self.to = sale.email if work.how == "email" else sale.phone


class Planner:
    """The rules of the method for one sale, as they look at one instant."""

    def __init__(self, sale, now, over, holidays):
        self.sale, self.now, self.over, self.holidays = sale, now, over, holidays
        self.today = sale.local(now).date()

    def plan(self):
        steps = (self.thank_you, self.packing, self.challenge, self.preflight, self.bon_voyage, self.welcome_back,
                 self.welcome_home, self.office_call, self.loyalty, self.referral_story, self.tell_friends)
        self.works, self.merged = [], set()
        for step in steps:
            key = step.__name__.replace("_", "-")
            if key not in self.over:
                work = step()
                if work is not None:
                    work.key = key
                    self.works.append(work)
        for work in self.works:
            if work.key == "thank-you":
                work.merged = frozenset(self.merged)
        return self.works

    # ---- how to reach the client, and when a message fits ----

    def way(self, *hows):
        for how in hows:
            if self.sale.email if how == "email" else self.sale.phone:
                return how
        return None

    def message(self, how, days, earliest=None, latest=None, grace=0, last_hour=dt.time(21, 0)):
        """The first of the moments (date, time) that is still ahead and fits between the bounds; else None. One that
        leaves less than half an hour gives way to the next, if that fits."""
        short = None
        for day, time in days:
            due = self.sale.at(day, time)
            if earliest is not None and due < earliest:
                due = earliest
            until = self.sale.at(self.sale.local(due).date() + grace * DAY, last_hour)
            until = until if latest is None else min(until, latest)
            if self.now <= due < until:
                work = Work("", how, due, until) if how else None
                if until - due >= dt.timedelta(minutes=30):
                    return work
                short = short or work
        return short

    def at_once(self, how, latest, grace):
        if how is None or self.now >= latest:
            return None
        until = min(self.sale.at(self.today + grace * DAY, dt.time(21, 0)), latest)
        return Work("", how, self.now, until)

    # ---- before the trip ----

    def thank_you(self):
        # At once, and also when the sale was entered late, as long as the client has not left.
        latest = self.sale.take_off(0, dt.time(23, 0), 0)
        return self.at_once(self.way("email", "sms"), latest, 3)

    def packing(self):
        # Two days after the sale, for early bookings two weeks before the trip; in a hurry its words travel with
        # the thank-you.
        leaves = self.sale.departure[0]
        how, latest = self.way("email", "sms"), self.sale.at(leaves - DAY, dt.time(20, 0))
        work = self.message(how, [(self.sale.purchase + 2 * DAY, LETTERS_GO)],
                            self.sale.at(leaves - 14 * DAY, LETTERS_GO), latest, grace=7)
        if work is not None:
            return work
        # A sale that was entered late, with the trip still some days ahead: the tips get a day of their own.
        usual = max(self.sale.at(self.sale.purchase + 2 * DAY, LETTERS_GO),
                    self.sale.at(leaves - 14 * DAY, LETTERS_GO))
        later = self.today + 2 * DAY
        if how and usual < self.now and self.sale.at(later, LETTERS_GO) + 3 * DAY <= latest:
            work = self.message(how, [(later, LETTERS_GO)], None, latest, grace=7)
            work.postponed = True
            return work
        if any(w.key == "thank-you" for w in self.works):
            self.merged.add("packing")
            return None
        return self.at_once(how, latest, 7)

    def challenge(self):
        leaves = self.sale.departure[0]
        return self.message(self.way("email", "sms"), [(leaves - 2 * DAY, LETTERS_GO)],
                            self.sale.at(self.sale.purchase + 3 * DAY, LETTERS_GO),
                            self.sale.at(leaves - DAY, dt.time(20, 0)), grace=2)

    def preflight(self):
        # The manager calls on the day before (on the last working day); not ticked by 16:00 of the day before, the
        # SMS goes, but not in the last three hours. Who sells about the cut-off or after it has an hour to call, when the
        # SMS has one after it, at an hour at which it may ring.
        eve = self.sale.departure[0] - DAY
        latest = self.sale.take_off(0, dt.time(13, 0), -180)
        if self.sale.phone is None:
            work = self.message("email", [(eve, LETTERS_GO)], None, latest, grace=2)
            return work or self.at_once("email", latest, 2)
        day, here = eve, self.now.astimezone(AGENCY).date()
        while day > here and (day.weekday() >= 5 or day in self.holidays):
            day -= DAY
        usual = call_hour(self.sale, day, LETTERS_GO)
        due = max(usual, self.now)
        if due >= latest:
            return None
        fallback = self.sale.at(eve, dt.time(16, 0))
        if fallback <= due == usual and self.sale.zone != AGENCY:
            fallback = due + dt.timedelta(hours=1)  # our hour came first; the call has a chance
        hour = dt.timedelta(hours=1)
        rings = dt.time(8, 0) <= (due + hour).astimezone(self.sale.zone).time() < dt.time(21, 30)
        if due > usual and fallback < due + hour and rings and due + 2 * hour <= latest:
            fallback = due + hour
        fallback = max(fallback, due)
        if fallback >= latest:
            return Work("", "call", due)
        return Work("", "call", due, latest, fallback)

    def bon_voyage(self):
        # In the morning of the departure, or on the evening before when the flight is early; never after take-off.
        leaves = self.sale.departure[0]
        latest = self.sale.take_off(0, dt.time(13, 0), -30)
        return self.message(self.way("sms", "email"), [(leaves, dt.time(8, 0)), (leaves - DAY, dt.time(19, 30))],
                            None, latest)

    # ---- after the trip ----

    def welcome_back(self):
        # On the day of the return, an hour after the landing when its hour is known; when that would be late at
        # night, in the evening before it. Never the next day, and not before they have left.
        back, hour = self.sale.back
        at = dt.datetime.combine(back, hour or dt.time(11, 0)) + dt.timedelta(hours=1)
        return self.message(self.way("sms", "email"), [(at.date(), at.time()), (back, dt.time(18, 0))],
                            self.sale.take_off(0, dt.time(0, 0), 60),
                            self.sale.at(back, dt.time(21, 30)), 0, dt.time(21, 30))

    def after(self, days, *hows):
        return self.message(self.way(*hows), [(self.sale.back[0] + days * DAY, LETTERS_GO)], grace=5)

    def welcome_home(self):
        return self.after(1, "email", "sms")

    def office_call(self):
        day = self.sale.back[0] + 2 * DAY
        if self.sale.phone is None:
            return self.message("email", [(day, dt.time(11, 0))], grace=14)
        while day.weekday() >= 5 or day in self.holidays:
            day += DAY
        return Work("", "call", call_hour(self.sale, day, dt.time(11, 0)))

    def loyalty(self):
        return self.after(3, "email", "sms")

    def referral_story(self):
        return self.after(5, "email")

    def tell_friends(self):
        return self.after(7, "email", "sms")


SERVICE = ("thank-you", "packing", "preflight", "bon-voyage", "welcome-back", "office-call")


class World:
    def __init__(self, sales, ticks, holidays):
        self.holidays, self.sent, self.people, self.plans = holidays, [], {}, {}
        self.missed, self.fell_back = collections.Counter(), collections.Counter()
        story = [(sale.entered, 0, sale, None) for sale in sales]
        story += [(event.at, 1, sale, event) for sale in sales for event in sale.events]
        story += [(at, 2, None, None) for at in ticks]
        for at, kind, sale, event in sorted(story, key=lambda s: (s[0], s[1], s[2].number if s[2] else 0)):
            if kind == 0:
                self.plans[sale] = Planner(sale, at, set(), holidays).plan()
            elif kind == 1:
                self.happen(sale, event)
            else:
                self.tick(at)

    def find(self, sale, key):
        return next(w for w in self.plans[sale] if w.key == key)

    def happen(self, sale, event):
        if event.verb == "cancel":
            sale.cancelled = event.at
            for work in self.plans[sale]:
                if work.state == "open":
                    work.state = "cancelled"
        elif event.verb == "done":
            self.ticked_off(sale, *event.words, event.options.get("visit"))
        elif event.verb == "move":
            self.moved(event.at, sale, event.options)
        else:
            raise ValueError("sales.tsv: sale %d: %r" % (sale.number, event.verb))

    def ticked_off(self, sale, key, outcome, visit):
        work = self.find(sale, key)
        if work.state != "open" or work.how not in ("call", "visit"):
            raise ValueError("sale %d: %s cannot be ticked off then" % (sale.number, key))
        if outcome == "refused" and work.fallback is not None:
            work.declined = True
        elif outcome in ("reached", "refused", "came"):
            work.state = "done"
        if visit is not None:
            day, hour = day_and_hour(visit)
            self.plans[sale].append(Work("office-visit", "visit", by_our_clock(day, hour or dt.time(11, 0))))

    def moved(self, at, sale, dates):
        kept = [w for w in self.plans[sale] if w.state != "open"]
        if any(w.state == "missed" or (w.state == "open" and w.due <= at) for w in self.plans[sale]):
            raise ValueError("sale %d: moved while something is due: no rule for that here" % sale.number)
        over = {w.key for w in kept}
        for work in kept:
            over |= work.merged
        was = {"departure": sale.departure[0], "return": sale.back[0]}
        sale.departure = day_and_hour(dates["departure"]) if "departure" in dates else sale.departure
        sale.back = day_and_hour(dates["return"]) if "return" in dates else sale.back
        before = {w.key: w.due for w in self.plans[sale] if w.state == "open"}
        anew = Planner(sale, at, over, self.holidays).plan()
        for work in anew:
            if work.postponed and before.get(work.key, at) > at:
                work.due = min(work.due, before[work.key])  # it has its day; the new date does not push it on
        self.plans[sale] = kept + anew + list(self.correction(at, sale, was, kept))

    @staticmethod
    def correction(at, sale, was, kept):
        """Of the days that a letter has stated, at once; not while they travel."""
        new = frozenset(name for name, day in (("departure", sale.departure[0]), ("return", sale.back[0])) if day != was[name])
        written = any(w.key == "thank-you" and w.state == "sent" and w.how == "email" for w in kept)
        if written and new and at < sale.at(sale.departure[0], dt.time(23, 0)):
            work = Work("correction", "sms" if sale.phone else "email", at, sale.at(sale.departure[0], dt.time(23, 0)))
            work.moved = new
            yield work

    def tick(self, at):
        open_now = [(sale, work) for sale, works in self.plans.items() for work in works if work.state == "open"]
        due = [(sale, work) for sale, work in open_now if self.is_due(at, work)]
        due.sort(key=lambda sw: (sw[1].key not in SERVICE, sw[1].until))  # in the order in which they are handed over
        for sale, work in due:
            self.tick_one(at, sale, work)
        self.people[at] = list(self.to_do(at.astimezone(AGENCY).date()))

    def to_do(self, today):
        """Calls and visits that are due today (yellow) or were due before (red)."""
        for sale, works in self.plans.items():
            for work in works:
                day = day_of(sale, work)
                if work.state == "open" and work.how in ("call", "visit") and not work.declined and day <= today:
                    yield sale.number, work.key, "red" if day < today else "yellow"

    def is_due(self, at, work):
        if work.fallback is not None and work.fallback <= at:
            work.how, work.fallback, work.instead_of_call = "sms", None, True
            self.fell_back[at] += 1
        return work.how in ("email", "sms") and work.due <= at

    def crowded(self, at, sale, work):
        """Two messages a day are enough for one person; what is not service, or has another day, waits for it."""
        today = sale.local(at).date()
        mine = {sale.email, sale.phone} - {None}
        had = [m for m in self.sent if m.to in mine and sale.local(m.tick).date() == today and m.step != "correction"]
        if work.key == "correction":
            return False
        tomorrow = sale.at(today + DAY, sale.local(work.due).time())
        if len(had) < 2 or (work.key in SERVICE and tomorrow >= work.until):
            return False
        work.due = tomorrow
        return True

    def tick_one(self, at, sale, work):
        # An SMS that would ring at night waits for the morning, unless it would then be too late.
        here = sale.local(at)
        if work.how == "sms" and not dt.time(8, 0) <= here.time() < dt.time(21, 30):
            morning = sale.at(here.date() + (here.time() >= dt.time(21, 30)) * DAY, dt.time(8, 0))
            if morning < work.until:
                return
        if at < work.until and self.crowded(at, sale, work):
            return
        work.state = "sent" if at < work.until else "missed"
        if work.state == "sent":
            self.sent.append(Message(at, sale, work))
        else:
            self.missed[at] += 1

    def red(self, now):
        """What the director must see: missed messages, and people's work that a day ago was due."""
        today = now.astimezone(AGENCY).date()
        return {(sale.number, w.key) for sale, works in self.plans.items() for w in works if w.state == "missed" or
                (w.state == "open" and day_of(sale, w) < today)}
