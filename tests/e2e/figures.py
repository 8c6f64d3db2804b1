"""The figures of a period, counted a second time: every row of the database is read and looked at one by one, by what
docs/figures.md says and without a word of pps' own SQL. Serves test_year.py."""

import collections
import datetime as dt
import fractions

HUMAN = ("call", "visit", "task")
NOW_ONLY = ("rewards_owed", "complaints_open", "complaints_late")
RATIOS = {"on_time_percent": ("work_on_time", "work"), "days_late_hundredths": ("days_late", "work_late"),
          "sales_again_percent": ("sales_again", "sales"), "answered_percent": ("trips_answered", "trips_returned"),
          "csat_hundredths": ("csat_sum", "csat_answers"), "nps": ("promoters", "nps_answers"),
          "won_back_percent": ("won_back", "lost"), "gone_percent": ("gone", "year_after"),
          "days_to_solve_hundredths": ("days_to_solve", "complaints_solved")}


def day_of(text):
    return dt.date.fromisoformat(text[:10])


def last_day(action, hours_end):
    """The last day on which a piece of work is in time: Monday to Friday are working days."""
    due = day_of(action["local_due"])
    first = due
    chosen = action["fallback_at"] or action["moved_to"]
    let_go = action["was_due_at"] is not None
    if action["channel"] == "visit" or (chosen and not let_go):
        return due
    anchor = action["anchor_at"] or ""
    event = action["kind"] in ("feedback", "complaint") and len(anchor) == 16 and day_of(anchor) == due
    if event or let_go or (due.weekday() < 5 and action["local_due"][11:] >= hours_end):
        due += dt.timedelta(days=1)
    while due.weekday() >= 5:
        due += dt.timedelta(days=1)
    if action["expires_at"] and not let_go:
        lasts = dt.timedelta(seconds=action["expires_at"] - action["due_at"])
        if dt.datetime.fromisoformat(action["local_due"]) + lasts < dt.datetime.fromisoformat(f"{due} {hours_end}"):
            return first  # senseless by then
    return due


def worked_out(counts, ratio):
    """A percent, an NPS, or a mean in hundredths, rounded half away from zero; None when there is nothing."""
    part, whole = RATIOS[ratio]
    if not counts.get(whole):
        return None
    above = counts.get(part, 0) - (counts.get("detractors", 0) if ratio == "nps" else 0)
    exact = fractions.Fraction(100 * above, counts[whole])
    return int(abs(exact) + fractions.Fraction(1, 2)) * (1 if exact >= 0 else -1)


class Book:
    """rows(sql) gives dictionaries; zone is the agency's; hours_end "20:00". sold and whose are logins that somebody has noted
    at the time, and not read out of the columns that pps keeps them in: who sold a trip, whose work it was in the end."""

    def __init__(self, rows, zone, hours_end, sold, whose):
        self.zone, self.hours_end, self.sold, self.whose = zone, hours_end, sold, whose
        self.staff = {row["id"]: row["login"] for row in rows("SELECT * FROM staff")}
        self.occasions = {row["id"]: row for row in rows("SELECT * FROM occasion")}
        self.trips = [o for o in self.occasions.values() if o["kind"] == "trip" and not o["ended"]]
        self.actions = rows("SELECT a.*, o.kind, o.ended, o.end_reason FROM action a "
                            "JOIN occasion o ON o.id = a.occasion_id")
        self.feedback = rows("SELECT * FROM feedback")
        self.complaints = rows("SELECT * FROM complaint")
        self.lost = rows("SELECT * FROM lost")
        self.referrals = rows("SELECT * FROM referral")
        self.attempts = collections.defaultdict(list)
        for row in rows("SELECT * FROM attempt WHERE risk_at IS NOT NULL ORDER BY n"):
            self.attempts[row["action_id"]].append(row)

    def day_at(self, instant):
        return dt.datetime.fromtimestamp(instant, self.zone).date()

    def count(self, first, last, today):
        """{login or None: Counter} for the days from first to last."""
        self.figures, self.inside = collections.defaultdict(collections.Counter), lambda day: first <= day <= last
        self.count_work(today)
        self.count_messages()
        self.count_trips(first, last)
        self.count_words(today)
        return self.figures

    def add(self, staff_id, figure, n=1):
        self.figures[self.staff.get(staff_id)][figure] += n

    def count_work(self, today):
        logins = set(self.staff.values())
        for a in self.actions:
            owner = self.whose.get(a["id"], self.staff.get(self.occasions[a["occasion_id"]]["manager_id"]))
            taken_back = a["ended"] and (a["kind"] in ("feedback", "complaint") or
                                         a["end_reason"] == "entered by mistake")
            if not self.inside(day_of(a["local_due"])):
                continue
            no_call = a["fallback_at"] is not None and a["fallback_at"] <= a["due_at"]  # sold too late for one
            if a["state"] == "done" and not taken_back:
                owner = a["done_by"] if a["done_by"] in logins else owner
                late = (self.day_at(a["done_at"]) - last_day(a, self.hours_end)).days
                self.figures[owner]["work_late" if late > 0 else "work_on_time"] += 1
                self.figures[owner]["days_late"] += max(late, 0)
            elif a["state"] == "pending" and a["channel"] in HUMAN and not a["ended"]:
                waits = a["cause"] in ("paused", "complaint") or (
                    a["cause"] in ("declined", "called_early") and a["fallback_at"])
                if waits or last_day(a, self.hours_end) >= today:
                    continue
                self.figures[owner]["work_not_done"] += 1
            elif a["planned_channel"] == "call" and a["state"] in ("failed", "missed", "in_doubt") and \
                    a["outcome"] != "refused" and not no_call:
                self.figures[owner]["work_not_done"] += 1
            elif a["state"] == "sent" and a["cause"] == "not_ticked" and a["outcome"] != "refused" and not no_call:
                self.figures[owner]["work_saved"] += 1
            else:
                continue
            self.figures[owner]["work"] += 1

    def count_messages(self):
        for a in self.actions:
            owner = self.occasions[a["occasion_id"]]["manager_id"]
            if a["state"] == "sent" and self.attempts[a["id"]]:
                if self.inside(self.day_at(self.attempts[a["id"]][-1]["risk_at"])):
                    self.add(owner, a["channel"] + "_sent")
            elif a["state"] in ("failed", "missed", "in_doubt") and self.inside(day_of(a["local_due"])):
                self.add(owner, "%s_%s" % (a["channel"], a["state"]))

    def count_trips(self, first, last):
        answered = {o["about_id"] for o in self.occasions.values() if o["kind"] == "feedback" and not o["ended"]}
        year, of_client = dt.timedelta(days=365), collections.defaultdict(list)
        for trip in self.trips:
            of_client[trip["client_id"]].append(trip)
            owner = trip["manager_id"]
            if self.inside(day_of(trip["purchase"])):
                seller = self.figures[self.sold[trip["id"]]]
                seller["sales"] += 1
                seller["sales_again"] += any(t["purchase"] < trip["purchase"] for t in self.trips
                                             if t["client_id"] == trip["client_id"])
            if self.inside(day_of(trip["return"])):
                self.add(owner, "trips_returned")
                self.add(owner, "trips_answered", trip["id"] in answered)
        for trips in of_client.values():
            trips.sort(key=lambda trip: (trip["return"], trip["id"]))
            ended = [n for n, trip in enumerate(trips) if first <= day_of(trip["return"]) + year <= last]
            if ended:
                trip, later = trips[ended[-1]], trips[ended[-1] + 1:]
                self.add(trip["manager_id"], "year_after")
                self.add(trip["manager_id"], "gone",
                         not any(day_of(t["purchase"]) <= day_of(trip["return"]) + year for t in later))

    def count_words(self, today):
        for f in self.feedback:
            o = self.occasions[f["occasion_id"]]
            if o["ended"] or not self.inside(day_of(o["answered"])):
                continue
            nps, csat = f["nps"], f["csat"]
            for figure, n in (("answers", 1), ("csat_answers", csat is not None), ("csat_sum", csat or 0),
                              ("nps_answers", nps is not None), ("promoters", nps in (9, 10)),
                              ("detractors", nps is not None and nps < 7),
                              ("unhappy", nps is not None and nps < 7 or csat is not None and csat < 4)):
                self.add(o["manager_id"], figure, n)
        for c in self.complaints:
            o = self.occasions[c["occasion_id"]]
            if o["ended"]:
                continue
            self.add(o["manager_id"], "complaints", self.inside(day_of(o["opened"])))
            if not o["resolved"]:
                self.add(o["manager_id"], "complaints_open")
                self.add(o["manager_id"], "complaints_late", bool(o["promised"]) and day_of(o["promised"]) < today)
            elif self.inside(day_of(o["resolved"])):
                self.add(o["manager_id"], "complaints_solved")
                self.add(o["manager_id"], "days_to_solve", (day_of(o["resolved"]) - day_of(o["opened"])).days)
        for item in self.lost:
            o = self.occasions[item["occasion_id"]]
            mistake = o["ended"] and item["outcome"] is None and o["end_reason"] == "entered by mistake"
            if self.inside(day_of(o["learned"])) and not mistake:
                self.add(item["lost_by"], "lost")
                self.add(item["lost_by"], "won_back", item["outcome"] == "won" and item["trip_id"] is not None and
                         not self.occasions[item["trip_id"]]["ended"])
        for r in self.referrals:
            mine = [t for t in self.trips if t["client_id"] == r["by_client_id"]]
            owner = max(mine, key=lambda t: (t["purchase"], t["id"]))["manager_id"] if mine else None
            if r["dropped_at"] is None:
                self.add(owner, "referrals", self.inside(self.day_at(r["at"])))
                self.add(owner, "rewards_owed", r["rewarded_at"] is None)


def differences(document, book, today):
    """Where pps report --summary says something else than the book; one line each."""
    found = []
    for key in ("period", "before"):
        period = document[key]
        if period is None:
            continue
        people = book.count(dt.date.fromisoformat(period["from"]), dt.date.fromisoformat(period["to"]), today)
        total = sum(people.values(), collections.Counter())
        sides = [("all", period["figures"], total)]
        if key == "period":
            shown = {row["manager"]: row["figures"] for row in document["managers"]}
            sides += [(login, shown.get(login, {}), people.get(login, {})) for login in set(people) | set(shown)]
        for who, said, counted in sides:
            for figure in period["figures"]:
                if key == "before" and figure in NOW_ONLY:
                    continue
                right = worked_out(counted, figure) if figure in RATIOS else counted.get(figure, 0)
                if said.get(figure, 0 if figure not in RATIOS else None) != right:
                    found.append("%s to %s, %s, %s: pps says %s, the book %s" % (
                        period["from"], period["to"], who, figure, said.get(figure), right))
    return found
