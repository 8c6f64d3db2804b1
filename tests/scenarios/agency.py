"""The agency in which a scenario plays: a folder with its database and outbox, its people, and the pps that they use.

Everything goes through the program; the database is only asked to whom an action belongs, so that a message in the
outbox can be told by its client's name."""

import contextlib
import dataclasses
import email
import email.header
import email.policy
import email.utils
import json
import os
import re
import shutil
import sqlite3
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PPS = os.path.abspath(os.environ.get("PPS", os.path.join(ROOT, "build/check/pps")))
LIMIT = 60  # seconds for one run; a hang is a fault, too
FOUNDED = "2020-01-09 09:00"
NAME = "Тёплые страны"
EMAIL = "info@warm.example"

# login: name, role, position
PEOPLE = {
    "olga": ("Ольга Смирнова", "director", "директор"),
    "vera": ("Вера Лунина", "service", "служба заботы"),
    "anna": ("Анна Петрова", "manager", "менеджер"),
    "boris": ("Борис Ким", "manager", "менеджер"),
}


class Trouble(Exception):
    """Something that leaves no sense in going on with a scenario."""


@dataclasses.dataclass
class Result:
    status: int
    out: str
    err: str


@dataclasses.dataclass
class Message:
    """One file of the outbox."""
    path: str
    at: str           # when the run began that wrote it
    channel: str      # "e-mail" or "SMS"
    action: int
    step: str
    address: str      # as it stands in the file
    name: str         # of whoever the action is for
    card: tuple       # their address and number at that moment
    about: str        # "T1"; "" when it is about nothing
    sender: str       # the From: an e-mail shows
    reply_to: str
    subject: str
    text: str

    def words(self):
        return " ".join((self.subject + " " + self.text).split())

    def told(self):
        whom = "%s (%s)" % (self.name, self.address) if self.name else self.address
        by = " from %s" % self.sender if self.sender else ""
        return "%s %s to %s%s, %s: %s" % (self.channel, self.step, whom, by, self.at, self.words()[:120])


def without_comments(text):
    """JSON as people write it here: // up to the end of the line is a comment, but not inside a string."""
    return re.sub(r'("(?:\\.|[^"\\])*")|//[^\n]*', lambda m: m.group(1) or "", text)


def header(mail, name):
    """Decoded by hand: the parser of the library joins encoded words with a blank (bpo-35547)."""
    return str(email.header.make_header(email.header.decode_header(mail.get(name, ""))))


def put(tree, path, value, where):
    """tree["a"]["b"] = value for the path "a.b"; null takes it away."""
    *way, last = path.split(".")
    for key in way:
        if not isinstance(tree, dict):
            raise Trouble("%s has no %s" % (where, path))
        tree = tree.setdefault(key, {})
    if not isinstance(tree, dict):
        raise Trouble("%s has no %s" % (where, path))
    if value is None:
        tree.pop(last, None)
    else:
        tree[last] = value


class Agency:
    """found() makes one; copies of it are cheaper than new ones."""

    def __init__(self, folder, logins):
        self.folder, self.logins = folder, logins
        self.seen = set()
        self.env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": os.path.join(folder, "home"), "LOGNAME": "admin",
                    "PPS_DB": "pps.db"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def path(self, name):
        return os.path.join(self.folder, name)

    def pps(self, now, who, words):
        command = [PPS, "--now", now] + (["--as", who] if who else []) + words
        try:
            done = subprocess.run(command, cwd=self.folder, env=self.env, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=LIMIT, check=False)
        except subprocess.TimeoutExpired:
            raise Trouble("it did not end within %d seconds" % LIMIT) from None
        except OSError as wrong:
            raise Trouble("%s cannot be run: %s" % (PPS, wrong.strerror)) from None
        return Result(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    def sure(self, now, who, words):
        """A run that must succeed: founding, looking."""
        result = self.pps(now, who, words)
        if result.status != 0 or result.err:
            raise Trouble("pps %s ended with %d: %s" % (" ".join(words), result.status, (result.err or result.out).strip()))
        return result.out

    def document(self, now, words):
        return json.loads(self.sure(now, None, words + ["--json"]))

    def copy(self, folder):
        shutil.copytree(self.folder, folder)
        return Agency(folder, self.logins)

    # ---- what the scenario changes by hand ----

    def edit(self, name, default, change):
        path = self.path(name)
        with open(path if os.path.exists(path) else default, encoding="utf-8") as f:
            tree = json.loads(without_comments(f.read()))
        change(tree)
        self.write(name, json.dumps(tree, ensure_ascii=False, indent=2) + "\n")

    def set(self, key, value):
        self.edit("pps.json", "", lambda tree: put(tree, key, value, "pps.json"))

    def edit_playbook(self, change):
        self.edit("templates/playbook.json", os.path.join(ROOT, "templates/playbook.json"), change)

    def keep_steps(self, names):
        """Only these: a scenario that is about two steps needs not name what the others send."""

        def change(tree):
            missing = set(names) - {s["key"] for s in tree["steps"]}
            if missing:
                raise Trouble("the playbook has no step %s" % ", ".join(sorted(missing)))
            tree["steps"] = [s for s in tree["steps"] if s["key"] in names]
            for step in tree["steps"]:
                if step.get("invites_to") not in names:
                    step.pop("invites_to", None)

        self.edit_playbook(change)

    def set_playbook(self, key, value):
        step, _, path = key.partition(".")

        def change(tree):
            there = [i for i, s in enumerate(tree["steps"]) if s["key"] == step]
            if path:
                if not there:
                    raise Trouble("the playbook has no step %s" % step)
                put(tree["steps"][there[0]], path, value, "the step %s" % step)
            elif value is None:
                tree["steps"] = [s for s in tree["steps"] if s["key"] != step]
            else:
                at = there[0] if there else len(tree["steps"])
                tree["steps"][at:at + 1] = [{"key": step, **value}]

        self.edit_playbook(change)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8") as f:
            os.fchmod(f.fileno(), 0o600)  # pps refuses passwords that others can read
            f.write(text)

    def remove(self, name):
        if not os.path.exists(self.path(name)):
            raise Trouble("there is no file %s" % name)
        os.unlink(self.path(name))

    # ---- the outbox ----

    def new_messages(self, at):
        """What lies in the outbox since the last look, in the order of the actions' numbers."""
        found = []
        for folder, _, names in os.walk(self.path("outbox")):
            found += [os.path.join(folder, n) for n in names if not n.startswith(".")]
        fresh = [self.message(p, at) for p in sorted(set(found) - self.seen)]
        self.seen.update(found)
        return sorted(fresh, key=lambda m: m.action)

    def message(self, path, at):
        m = re.fullmatch(r"[^-]+-[^-]+-[^-]+(?:-A(\d+))?-(.+)\.(eml|txt)", os.path.basename(path))
        action, step = (int(m.group(1) or 0), m.group(2)) if m else (0, os.path.basename(path))
        name, *card, about = self.whose(action)
        with open(path, "rb") as f:
            raw = f.read()
        if path.endswith(".eml"):
            channel, (address, sender, reply_to, subject, text) = "e-mail", letter(raw)
        else:
            head, _, text = raw.decode("utf-8").partition("\n\n")
            channel, address, sender, reply_to, subject = "SMS", head[len("To: "):], "", "", ""
        if not name:  # to somebody of the agency
            name = next((n for n, there in self.staff().values() if there == address), "")
        return Message(path, at, channel, action, step, address, name, tuple(card), about, sender, reply_to, subject,
                       text.removesuffix("\n"))

    def ask(self, question, *values):
        """One look into the database; it is never written."""
        with contextlib.closing(sqlite3.connect("file:%s?mode=ro" % self.path("pps.db"), uri=True)) as db:
            return db.execute(question, values).fetchall()

    def staff(self):
        """login: name, e-mail address"""
        return {login: (name, address) for login, name, address in self.ask("SELECT login, name, email FROM staff")}

    def ended_trips(self):
        return {"T%d" % n for n, in self.ask("SELECT id FROM occasion WHERE kind = 'trip' AND ended")}

    def whose(self, action):
        """Name, e-mail address, number and occasion of an action."""
        rows = self.ask("SELECT c.name, c.email, c.phone, o.kind, o.id FROM action a JOIN occasion o "
                        "ON o.id = a.occasion_id JOIN client c ON c.id = o.client_id WHERE a.id = ?", action)
        letters = {"trip": "T", "lost": "L", "feedback": "F", "complaint": "P", "greeting": "Y"}
        for name, address, number, kind, about in rows:
            return name, address, number, "%s%d" % (letters[kind], about)
        return "", None, None, ""


def letter(raw):
    """Recipient, sender, reply-to, subject and text of an e-mail."""
    plain = email.message_from_bytes(raw)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    _, address = email.utils.parseaddr(plain.get("To", ""))
    sender, _ = email.utils.parseaddr(header(plain, "From"))
    _, reply_to = email.utils.parseaddr(header(plain, "Reply-To") or header(plain, "From"))
    return address, sender, reply_to, header(plain, "Subject"), mail.get_body(("plain",)).get_content()


def found(folder, zone, logins):
    """A new agency with these people, and nothing sold yet."""
    os.mkdir(folder)
    agency = Agency(folder, logins)
    agency.sure(FOUNDED, None, ["init", "--agency", NAME, "--phone", "+7 495 123-45-67", "--email", EMAIL,
                                "--tz", zone])
    for login in logins:
        name, role, position = PEOPLE[login]
        agency.sure(FOUNDED, None, ["staff", "add", login, "--name", name, "--role", role, "--position", position,
                                    "--email", login + "@warm.example"])
    shutil.rmtree(agency.path("templates"))  # the built-in ones are the same
    return agency
