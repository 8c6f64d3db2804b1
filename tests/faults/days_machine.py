"""What happens to the machine in days.py: copies of the database that are put back later, the folder that moves, and
ticks that die or meet."""

import collections
import contextlib
import os
import re
import shutil

import days_agency as agency
from days_servers import Ambush

COPIES = 5
SAME_FILE, OTHER_FILE, BY_COMMAND = "into the same file", "as another file", "by pps recover --from"
LOG_LOST = "without its sent log"
HOW_PUT_BACK = (SAME_FILE, SAME_FILE, OTHER_FILE, OTHER_FILE, BY_COMMAND, BY_COMMAND, LOG_LOST)
# Where a tick is killed: channel and step; see days_servers.py.
DEATHS = (("email", "connect"), ("email", "ehlo"), ("email", "mail"), ("email", "rcpt"), ("email", "data"),
          ("email", "dot"), ("email", "dot"), ("email", "accepted"), ("email", "accepted"),
          ("email", "quit"), ("sms", "request"), ("sms", "request"), ("sms", "accepted"), ("sms", "accepted"),
          ("sms", "half"))
IN_TIME = ("mail", "rcpt", "data")  # before the point of no return of a letter
TOO_LATE = ("dot", "accepted")

Copy = collections.namedtuple("Copy", "path made_on seq")  # seq: the last handing over that it knows


class Machine:
    def __init__(self, office, check, counts, commands, scratch):
        self.office, self.check, self.counts, self.scratch = office, check, counts, scratch
        self.may_restore, self.may_move = "recover" in commands, "adopt" in commands
        self.copies, self.number = collections.deque(), 0

    # ---- copies ----

    def copy(self, rng, day):
        """With pps backup; or with cp, as the database is, and with its journal when it needs it."""
        self.number += 1
        path = os.path.join(self.scratch, "copy%d.db" % self.number)
        if rng.random() < 0.3:
            self.say(agency.instant(day, 0), "backup", path)
            self.counts["machine: pps backup"] += 1
        else:
            shutil.copyfile(self.office.db, path)
            if self.office.has_hot_journal():
                shutil.copyfile(self.office.db + "-journal", path + "-journal")
            self.counts["machine: the database was copied"] += 1
        self.copies.append(Copy(path, day, self.office.book().seq))
        if len(self.copies) > COPIES:
            self.forget(self.copies.popleft())

    @staticmethod
    def forget(copy):
        for path in (copy.path, copy.path + "-journal"):
            if os.path.exists(path):
                os.unlink(path)

    def put_into_place(self, copy, same_file):
        """By hand. The journal of the one must never lie beside the other."""
        db = self.office.db
        if os.path.exists(db + "-journal"):
            os.unlink(db + "-journal")
        shutil.copyfile(copy.path, db if same_file else db + ".new")
        if not same_file:
            os.rename(db + ".new", db)
        if os.path.exists(copy.path + "-journal"):
            shutil.copyfile(copy.path + "-journal", db + "-journal")

    def log_knows(self):
        """The numbers of the handings over of which the sent log tells: from, until."""
        numbers = re.findall(r"(?m)^pps1 \w+ (\d+) .* [0-9a-f]{8}$", self.office.sent_log())
        return (int(numbers[0]), max(map(int, numbers))) if numbers else (0, 0)

    def last_entered(self):
        """The entry of the audit log that the mark beside the database tells of, as the database has it."""
        try:
            with open(self.office.db + ".seen", encoding="ascii") as f:
                _, _, instance, number, _, _ = f.read().split()
        except FileNotFoundError:
            return None
        if self.office.rows("SELECT value FROM setting WHERE key = 'instance_id'") != [(instance,)]:
            return None
        return self.office.rows("SELECT * FROM audit WHERE id = ?", int(number))

    def held_tick(self, at):
        """A tick that must not do anything."""
        outside = self.office.outside
        before, n = self.office.book(), len(outside.truth)
        outside.begin(at)
        done = self.office.tick(at)
        self.check.held(done, before, self.office.book(), outside.truth[n:])
        self.counts["machine: a tick was held"] += 1

    def say(self, at, *words, status=0):
        done = self.office.person("anna", at, *words)
        out = "".join(line for line in done.out.splitlines(True) if "does not know" not in line)
        line = "%s pps %s: %d %s%s" % (agency.text_of(at), " ".join(words), done.status, out, done.err)
        if done.status != status:
            self.check.wrong("I0", "%s", line)
        return line.strip()

    def restore(self, rng, at):
        """An older database is put back. What was sent meanwhile stands in the sent log, unless that is lost, too."""
        if not self.may_restore or not self.copies:
            return None
        copy, how = rng.choice(self.copies), rng.choice(HOW_PUT_BACK)
        self.counts["machine: an older database was put back " + how] += 1
        lines = ["the copy of day %d is put back %s" % (copy.made_on, how)]
        if how == LOG_LOST:
            self.lose_log(copy)
        begins, _ = self.log_knows()
        entered = self.last_entered()
        if how == BY_COMMAND:
            lines += self.recovered(at, "--from", copy.path)
        else:
            self.put_into_place(copy, how == SAME_FILE)
            lines += self.by_hand(rng, at, how, entered)
        self.office.forget_book()
        self.check.put_back(self.office.book(), at, how == LOG_LOST or copy.seq < begins)
        if rng.random() < 0.5:
            self.copies.remove(copy)
            self.forget(copy)
        self.tidy()
        return "; ".join(lines)

    def lose_log(self, copy):
        """Without it the numbers from the copy on are given a second time, so that later copies tell of other things by
        the same numbers: nobody can put those back any more."""
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.office.db + ".sent")
        for later in [c for c in self.copies if c.seq > copy.seq]:
            self.copies.remove(later)
            self.forget(later)

    def by_hand(self, rng, at, how, entered):
        """A tick notices, unless the copy is as good as what was there."""
        self.office.forget_book()
        seq = self.office.book().seq
        behind = self.last_entered() != entered
        older = behind or (seq > 0 if how == LOG_LOST else seq < self.log_knows()[1])
        if not older and how != OTHER_FILE:
            return []
        self.held_tick(at)
        if not older:
            return [self.say(at, "adopt")]
        lines = []
        if (behind or how != LOG_LOST) and rng.random() < 0.3:
            lines.append(self.say(at, "adopt", status=77))
        return lines + self.recovered(at)

    def recovered(self, at, *words):
        """People would do again now what is not in the copy; until they say that it is done, ticks are held."""
        line = self.say(at, "recover", *words)
        self.office.forget_book()
        self.held_tick(at)
        return [line, self.say(at, "adopt")]

    def tidy(self):
        """What recover --from has put aside."""
        for name in os.listdir(self.office.folder):
            if ".before-recover-" in name:
                os.unlink(os.path.join(self.office.folder, name))

    def move(self, at):
        """The folder is copied to another place, and works there."""
        if not self.may_move:
            return None
        self.number += 1
        self.office.move(os.path.join(self.scratch, "moved%d" % self.number))
        self.counts["machine: the folder was moved"] += 1
        if os.path.exists(self.office.db + ".sent"):
            self.held_tick(at)
        return "the folder was moved; " + self.say(at, "adopt")

    # ---- ambushes ----

    def death(self, rng):
        channel, step = rng.choice(DEATHS)
        return Ambush("machine: a tick was killed, %s %s" % (channel, step), channel, rng.choice((1, 1, 2, 3)), step,
                      self.office.outside.kill)

    def second_tick(self, rng, at):
        def act():
            done = self.office.run("--verbose", "tick", now=agency.text_of(at))
            if done.status != 0 or "another tick" not in done.err:
                self.check.wrong("I0", "a second tick ended with %d: %s", done.status, done.out + done.err)
            return True
        channel, step = rng.choice([d for d in DEATHS if d[1] != "half"])
        return Ambush("machine: a second tick came", channel, rng.choice((1, 1, 2)), step, act)

    def interference(self, rng, at, people, tell):
        early = rng.random() < 0.6
        step = rng.choice(IN_TIME if early else TOO_LATE)

        def act():
            tell("meanwhile, at %s: %s" % (step, people.interfere(rng, at, len(self.office.outside.truth), early)))
            return True
        return Ambush("people: a letter was called off or changed under way, " + ("in time" if early else "too late"),
                      "email", rng.choice((1, 1, 2)), step, act)
