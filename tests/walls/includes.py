#!/usr/bin/python3 -B
"""No #include goes where rooms.txt forbids."""

import collections
import os
import re

from _wall import done, read, sources, wall

rooms, room_of, doors = {}, {}, set()
places = collections.defaultdict(list)
broken_table = []

for number, line in enumerate(read("tests/walls/rooms.txt").split("\n"), 1):
    words = line.split("#")[0].split()
    if not words or words[0] in ("pure", "reads"):
        continue
    if words[0] == "room":
        promises, may = " ".join(words[2:]).split("=")[1].split(">")
        rooms[words[1]] = {words[1], *may.split()}
        for header in promises.split():
            room_of[header] = words[1]
    elif words[0] == "door":
        doors.add(tuple(words[1:3]))
    elif words[0] == "libc":
        for header in words[1:]:
            places[header] = ["src/", "include/"]
    elif words[0] in ("part", "libc-only"):
        places[words[1]] += words[2:]
    else:
        broken_table.append("tests/walls/rooms.txt:%d: not understood: %s" % (number, line))

headers = sources("include/pps/*.h")
files = headers + sources("src/**/*.[ch]")


def room_of_file(path):
    parts = path.split("/")
    if parts[0] == "include":
        return room_of.get(parts[-1][:-2])
    return parts[1] if len(parts) > 2 else "cli"  # main.c is cli's front door


broken_table += ["%s:1: no room of rooms.txt promises this header" % h for h in headers
                 if os.path.basename(h)[:-2] not in room_of]
broken_table += ["tests/walls/rooms.txt:1: there is no include/pps/%s.h" % h for h in room_of
                 if "include/pps/%s.h" % h not in headers]
broken_table += ["tests/walls/rooms.txt:1: there is no folder src/%s" % r for r in rooms
                 if not os.path.isdir("src/" + r)]
broken_table += ["src/%s:1: rooms.txt does not know this room" % d for d in sorted(os.listdir("src"))
                 if os.path.isdir("src/" + d) and d not in rooms]
wall("rooms.txt names every room and every promise, and nothing else", broken_table)

between, private, third = [], [], []
for path in files:
    for number, line in enumerate(read(path).split("\n"), 1):
        m = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if not m:
            continue
        kind, name = m.groups()
        where = "%s:%d: " % (path, number)
        if kind == '"':
            if not os.path.exists(os.path.join(os.path.dirname(path), name)) or "/" in name:
                if (path, name) not in doors:
                    private.append(where + '"%s" is not a private header of this folder' % name)
            elif path.startswith("include/"):
                private.append(where + "a promise includes <pps/...>, never a private header")
        elif name.startswith("pps/"):
            theirs, ours = room_of.get(name[4:-2]), room_of_file(path)
            if theirs not in rooms.get(ours, ()):
                between.append(where + "%s may not include <%s> of %s" % (ours, name, theirs))
        elif not any(path == p or p.endswith("/") and path.startswith(p) for p in places[name]):
            third.append(where + "<%s> may be included by %s only"
                         % (name, ", ".join(places[name]) or "nobody (rooms.txt does not list it)"))

wall("rooms include only the promises of the rooms they may know", between)
wall("private headers stay in their room", private)
wall("headers of libraries and of the system are seen only where rooms.txt says", third)
done()
