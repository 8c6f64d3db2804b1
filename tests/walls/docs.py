#!/usr/bin/python3 -B
"""Documents keep their word: every package of make deps is explained, every local link leads somewhere."""

import os
import re
import subprocess

from _wall import done, read, wall

listing = subprocess.run(["make", "--no-print-directory", "-n", "deps"], capture_output=True, text=True, check=True)
packages = listing.stdout.split("tests/deps.sh", 1)[1].split()
explained = read("docs/dependencies.md")
wall("docs/dependencies.md names every package of make deps",
     ["docs/dependencies.md:1: %s is not named" % p for p in packages if "`%s`" % p not in explained] +
     ([] if packages else ["Makefile:1: make deps names no package"]))


def markdown():
    for folder, folders, files in os.walk("."):
        folders[:] = sorted(d for d in folders if d not in (".git", "build"))
        yield from (os.path.join(folder, f)[2:] for f in sorted(files) if f.endswith(".md"))


def without_code(text):
    """Code blocks and code spans blanked: what looks like a link there is none."""
    blank = lambda m: re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"^(```|~~~).*?^\1", blank, text, flags=re.S | re.M)
    return re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", blank, text, flags=re.S)


def anchors(path):
    """The names by which GitHub's readers can link to the headings of a page."""
    found = {}
    for heading in re.findall(r"^#+ +(.*?) *#*$", re.sub(r"^(```|~~~).*?^\1", "", read(path), flags=re.S | re.M), re.M):
        slug = re.sub(r"[^\w\- ]", "", re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()).replace(" ", "-")
        found[slug] = found.get(slug, -1) + 1
    return {s if n == 0 else "%s-%d" % (s, n) for s, count in found.items() for n in range(count + 1)}


broken, links = [], 0
for path in markdown():
    # Templates are Markdown with places to be filled: their links are checked by the message room.
    if path.startswith("templates/"):
        continue
    text = without_code(read(path))
    targets = list(re.finditer(r"\]\(\s*<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^]]+\]:\s*<?(\S+?)>?\s*$", text, re.M))
    for m in targets:
        target = m.group(1) or m.group(2)
        # {{...}} is a template shown as an example.
        if re.match(r"[a-z][a-z0-9+.-]*:", target) or "{{" in target:
            continue
        links += 1
        where = "%s:%d: " % (path, text.count("\n", 0, m.start()) + 1)
        name, _, anchor = target.partition("#")
        file = os.path.normpath(os.path.join(os.path.dirname(path), name)) if name else path
        if target.startswith("/") or not os.path.exists(file):
            broken.append(where + "there is no " + target)
        elif anchor and file.endswith(".md") and anchor not in anchors(file):
            broken.append(where + "no heading of %s gives #%s" % (file, anchor))
wall("every local link of a Markdown page leads somewhere", broken)
wall("there are links to check", [] if links else ["README.md:1: no page has a local link"])
done()
