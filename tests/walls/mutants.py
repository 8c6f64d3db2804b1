#!/usr/bin/python3 -B
"""What tests/faults/mutants.py breaks is still there to be broken: its own run takes ten minutes, so it is seldom made."""

import sys

from _wall import ROOT, done, read, wall

sys.path.insert(0, str(ROOT / "tests" / "faults"))
import mutants  # noqa: E402

texts = [(m[0], m[1], m[2]) for m in mutants.MUTANTS]
wall("the text of each mutant stands once in its file",
     ["%s:1: the text of \"%s\" stands %d times" % (path, name, read(path).count(text))
      for name, path, text in texts if read(path).count(text) != 1])
done()
