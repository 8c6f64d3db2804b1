"""The truth: what the other side accepted.

A log of a line per accepted message, which the accepting server appends to and flushes before it says so. It is the
other side's own knowledge; nothing of pps is asked. An entry is {"key", "to", "content", "at"}: the key is the
Message-ID of a letter or the idem key of an SMS, `at` the wall clock in seconds."""

import json
import os
import re
import threading
import time


class Log:
    """The file that servers append to. Several threads may."""

    def __init__(self, path):
        self.path = path
        self.lock = threading.Lock()

    def accept(self, key, to, content):
        entry = {"key": key, "to": to, "content": content, "at": time.time()}
        with self.lock, open(self.path, "a", encoding="utf-8") as f:
            f.write(json.dumps(entry) + "\n")


def read_log(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def read_outbox(folder):
    """A message is in the outbox when its file has its final name. An SMS has no key in its file, so that the number of
    its action, which stands in every name but that of a list of the morning, serves as one."""
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
        if name.startswith("."):
            continue
        path = os.path.join(folder, name)
        with open(path, encoding="utf-8", newline="") as f:
            content = f.read()
        action = re.search(r"-A(\d+)-", name)
        key = "A" + action.group(1) if action else letter_header(content, "Message-ID")
        entry = {"key": key, "at": os.stat(path).st_mtime}
        if name.endswith(".eml"):
            entry.update(to=letter_header(content, "To"), content=content)
        else:
            head, text = content.split("\n\n", 1)
            entry.update(to=head.removeprefix("To: "), content=text.removesuffix("\n"))
        found.append(entry)
    return found


def is_list(key):
    """Whether it is that of a list of the morning: those are letters to colleagues, and no actions."""
    return key.startswith("digest.")


def letter_header(letter, name):
    """The address or identifier of a header, without its angle brackets; "" when there is none."""
    head = re.sub(r"\r\n[ \t]", " ", letter.split("\r\n\r\n")[0])
    found = re.search(r"^%s:\s*(.*)$" % re.escape(name), head, re.M | re.I)
    value = found.group(1).strip() if found else ""
    inside = re.search(r"<([^>]*)>", value)
    return inside.group(1) if inside else value
