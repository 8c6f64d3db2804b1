"""Fits what is read to a window of so many columns: fit.py cut|fold WIDTH INDENT HANG.

Cut is for tables, which are no tables any more when their lines wrap; fold is for words: every line begins with so many
spaces, and what does not fit goes on so many columns further right. Colours take no room. Serves tests/demo.sh.
"""

import re
import sys

COLOUR = re.compile("(\033\\[[0-9;]*m)")


def cut(line, width):
    if len(COLOUR.sub("", line)) <= width:
        return line
    kept, room = "", width - 1
    for piece in COLOUR.split(line):
        if COLOUR.fullmatch(piece):
            kept += piece
        elif room >= 0:
            kept += piece[:room] + ("…" if len(piece) > room else "")
            room = room - len(piece) if len(piece) <= room else -1
    return kept


def fold(line, width):
    lines, room = [""], width
    for word in re.findall(r"\s*\S+", line):
        length = len(COLOUR.sub("", word))
        if length > room and lines[-1].strip():
            lines.append("")
            word = " " * (indent + hang) + word.lstrip()
            length, room = len(COLOUR.sub("", word)), width
        lines[-1] += word
        room -= length
    return "\n".join(lines)


how = {"cut": cut, "fold": fold}[sys.argv[1]]
width, indent, hang = map(int, sys.argv[2:])
for text in sys.stdin:
    print(how((" " * indent + text).rstrip(), width))
