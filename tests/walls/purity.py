#!/usr/bin/python3 -B
"""core decides and does nothing else: its objects call only core, util and the pure functions of rooms.txt."""

import re
import subprocess

from _wall import done, read, sources, wall

pure, reads = set(), {}
for line in read("tests/walls/rooms.txt").split("\n"):
    words = line.split("#")[0].split()
    if words[:1] == ["pure"]:
        pure.update(words[1:])
    elif words[:1] == ["reads"]:
        reads[words[1]] = words[2:]


def symbols(option, paths):
    """The names in each object file: nm -A begins every line with "FILE: "."""
    out = subprocess.run(["nm", option, "-A", "-P", *paths], capture_output=True, text=True, check=True).stdout
    names = {path: [] for path in paths}
    for line in out.split("\n"):
        if line:
            path, rest = line.split(": ", 1)
            names[path].append(rest.split()[0])
    return names


def plain(name):
    return re.sub(r"^__(isoc\d+_)?|_chk$", "", name)


objects = sources("build/obj/core/*.o")
# The store, the gateways and so on are not among these: a call of one of them is a violation too.
ours = {s for names in symbols("--defined-only", objects + sources("build/obj/util/*.o")).values() for s in names}

for path, undefined in symbols("-u", objects).items():
    source = path.replace("build/obj", "src")[:-2] + ".c"
    bad = []
    for name in undefined:
        if name in reads and source not in reads[name]:
            bad.append("%s:1: calls %s, which reads the world: only %s may" % (source, name, ", ".join(reads[name])))
        elif name not in ours and plain(name) not in pure:
            bad.append("%s:1: calls %s, which rooms.txt does not call pure" % (source, name))
    wall(source + " is pure", bad)
done()
