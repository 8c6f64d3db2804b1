#!/usr/bin/python3 -B
"""build/pps is as hard as the flags of the Makefile are to make it: its ELF headers, and what it calls, say so."""

import os
import re
import subprocess

from _wall import bail, done, wall

PATH = "build/pps"


def output(*command):
    run = subprocess.run([*command, PATH], capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    if run.returncode != 0 or not run.stdout:
        bail("%s: %s" % (" ".join(command), run.stderr.strip()))
    return run.stdout


def holds(promise, condition, otherwise):
    wall(promise, [] if condition else ["%s:1: %s" % (PATH, otherwise)])


header, dynamic = output("readelf", "-hW"), output("readelf", "-dW")
# Of each segment, its kind and whether it can be read, written and executed: "RW", "R E".
segments = re.findall(r"^ +([A-Z_]+) +(?:0x[0-9a-f]+ +){5}([R ][W ][E ]) ", output("readelf", "-lW"), re.M)
tags = dict(re.findall(r"\((\w+)\) +(.*)", dynamic))
called = {line.split()[0].split("@")[0] for line in output("nm", "-D", "-u", "-P").splitlines()}
if not {"LOAD", "DYNAMIC"} <= {kind for kind, _ in segments} or "NEEDED" not in tags or "free" not in called:
    bail("the words of readelf and nm are not understood")

holds("the program may be loaded anywhere (PIE)",
      re.search(r"Type: +DYN\b", header) and "PIE" in tags.get("FLAGS_1", ""), "not linked with -pie")
holds("what the linker fills in becomes read-only (RELRO)", "GNU_RELRO" in dict(segments), "not linked with -z relro")
holds("and is filled in at the start (BIND_NOW)",
      "BIND_NOW" in tags or "BIND_NOW" in tags.get("FLAGS", "") or "NOW" in tags.get("FLAGS_1", "").split(),
      "not linked with -z now")
holds("the stack is not executable", "E" not in dict(segments).get("GNU_STACK", "E"), "the stack is executable")
holds("nothing is writable and executable", not [k for k, may in segments if "W" in may and "E" in may],
      "a segment is writable and executable")
holds("code is not patched when it is loaded", "TEXTREL" not in tags and "TEXTREL" not in tags.get("FLAGS", ""),
      "it has relocations in its code")
holds("libraries are looked for where the system has them", not {"RPATH", "RUNPATH"} & set(tags), "it has a run path")
holds("the stack is guarded", "__stack_chk_fail" in called, "not compiled with -fstack-protector-strong")
holds("functions that fill buffers are told their size (_FORTIFY_SOURCE)",
      {"__snprintf_chk", "__memcpy_chk"} <= called, "it calls the plain snprintf or memcpy only")
done()
