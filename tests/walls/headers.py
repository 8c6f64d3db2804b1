#!/usr/bin/python3 -B
"""Every promise compiles alone, and included twice."""

import concurrent.futures
import os
import subprocess

from _wall import done, sources, wall

COMMAND = ["cc", "-std=c11", "-D_GNU_SOURCE", "-Iinclude", "-Wall", "-Wextra", "-Wpedantic", "-Werror",
           "-Wstrict-prototypes", "-fsyntax-only", "-x", "c", "-"]


def compile_alone(path):
    line = "#include <%s>\n" % path.split("/", 1)[1]
    # The declaration keeps a header of macros alone from being an empty translation unit.
    text = line + line + "extern int not_empty;\n"
    run = subprocess.run(COMMAND, input=text, capture_output=True, text=True)
    return [] if run.returncode == 0 else run.stderr.strip().split("\n")


headers = sources("include/pps/*.h")
with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    for header, errors in zip(headers, pool.map(compile_alone, headers)):
        wall(header + " compiles alone and twice", [header + ":1: " + e for e in errors])
done()
