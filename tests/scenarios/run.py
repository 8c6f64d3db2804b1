#!/usr/bin/python3 -B
"""Plays the scenarios of the files that are named, or of all files beside this one, with the program in PPS (default
build/check/pps), and prints TAP: one test a scenario.

    run.py FILE...          these files
    run.py --only WORDS     the scenarios in whose title these words stand
    run.py --tell           also what pps printed, line by line"""

import argparse
import glob
import os
import shutil
import sys
import tempfile

from agency import Trouble
from language import Wrong, parse
from player import Agencies, Player

HERE = os.path.dirname(os.path.abspath(__file__))


def note(text):
    for line in text.rstrip("\n").split("\n"):
        print("# " + line)


def read(name, only):
    """The scenarios of a file; None when it cannot be understood, which is said."""
    try:
        with open(name, encoding="utf-8") as f:
            scenarios = parse(f.read())
        return [s for s in scenarios if only in s.title]
    except Wrong as wrong:
        print("not ok - %s is understood" % name)
        note("%s:%d: %s" % (name, wrong.line, wrong.words))
    except (OSError, UnicodeDecodeError) as wrong:
        print("not ok - %s can be read" % name)
        note("%s: %s" % (name, wrong))
    return None


def play(name, scenario, agencies, folder, tell):
    """The complaints about one scenario; its folder goes whatever happens."""
    try:
        return Player(agencies, folder, note if tell else None).play(scenario)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tell_complaints(name, complaints):
    for c in complaints:
        note("%s:%d: %s" % (name, c.line, c.text))
        note("    expected: " + c.expected.replace("\n", "\n      "))
        note("    happened: " + c.happened.rstrip("\n").replace("\n", "\n      "))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--only", default="", metavar="WORDS")
    parser.add_argument("--tell", action="store_true")
    options = parser.parse_args()
    failed = number = 0
    with tempfile.TemporaryDirectory(prefix="pps-scenarios.") as scratch:
        agencies = Agencies(scratch)
        for name in options.files or [os.path.relpath(f) for f in sorted(glob.glob(HERE + "/*.txt"))]:
            scenarios = read(name, options.only)
            if scenarios is None:
                number, failed = number + 1, failed + 1
                continue
            for s in scenarios:
                number += 1
                complaints = play(name, s, agencies, os.path.join(scratch, "s%d" % number), options.tell)
                failed += bool(complaints)
                print("%s %d - %s" % ("not ok" if complaints else "ok", number, s.title))
                tell_complaints(name, complaints)
                sys.stdout.flush()
    print("1..%d" % number)
    return 1 if failed or not number else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Trouble as wrong:
        print("Bail out! %s" % wrong)
        sys.exit(1)
