#!/usr/bin/python3 -B
"""document.py FILE SCHEMA [PATH VALUE]...: the file is one sound JSON document of this schema and holds these values.

Sound means what docs/json.md promises of every document: "schema" comes first, no key twice, ids are strings such as
"A156", instants are RFC 3339 with offset, dates are YYYY-MM-DD (with THH:MM when the hour is known).

PATH is a.b, a[0].b, or a[key=value].b for the first element that has it; a# is the number of elements, a* the keys of
an object or the values of an array, joined with blanks. VALUE is JSON; what is not JSON is taken as a string."""

import json
import re
import sys

ID = re.compile(r"[ACDTLFPYGR][1-9][0-9]*\Z")
INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})\Z")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2})?\Z")
FORMS = {
    **dict.fromkeys(("id", "trip", "client", "action"), ID),
    **dict.fromkeys(("due", "expires", "created", "done", "fallback_at", "at", "last_tick"), INSTANT),
    **dict.fromkeys(("purchase", "departure", "return", "visit", "due_local", "birthday"), DATE),
}

faults = []


def members(pairs):
    keys = [k for k, _ in pairs]
    for key in {k for k in keys if keys.count(k) > 1}:
        faults.append("the key %r stands twice in one object" % key)
    return dict(pairs)


def inspect(value, path, key=None):
    if isinstance(value, dict):
        for k, v in value.items():
            inspect(v, path + "." + k, k)
    elif isinstance(value, list):
        for i, v in enumerate(value):
            inspect(v, "%s[%d]" % (path, i))
    elif key in FORMS and value is not None and not (isinstance(value, str) and FORMS[key].match(value)):
        faults.append("%s is %r" % (path, value))


def follow(value, path):
    for name, index, sign in re.findall(r"([^.\[\]#*]+)|\[([^\]]+)\]|([#*])", path):
        if name:
            value = value[name]
        elif index.isdigit():
            value = value[int(index)]
        elif index:
            key, wanted = index.split("=", 1)
            value = next(v for v in value if v[key] == wanted)
        elif sign == "#":
            value = len(value)
        else:
            value = " ".join(str(v) for v in value)
    return value


def wanted_value(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def main(file, schema, *pairs):
    with open(file, encoding="utf-8") as f:
        document = json.loads(f.read(), object_pairs_hook=members)
    if not isinstance(document, dict) or next(iter(document), None) != "schema":
        sys.exit("the first field is not \"schema\"")
    if document["schema"] != schema:
        faults.append("the schema is %r" % document["schema"])
    inspect(document, "")
    for path, text in zip(pairs[::2], pairs[1::2]):
        try:
            found = follow(document, path)
        except (KeyError, IndexError, StopIteration, TypeError):
            faults.append("there is no %s" % path)
            continue
        if found != wanted_value(text):
            faults.append("%s is %s, not %s" % (path, json.dumps(found, ensure_ascii=False), text))
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


main(*sys.argv[1:])
