#!/usr/bin/python3 -B
"""Runs each fuzz target over its seeds and a fixed number of inputs that libFuzzer makes of them, or with --seconds S
for so long. Seeds are the shipped templates, with data to go with them, and the files in corpus/. With a fixed
number the random numbers are fixed as well.

What breaks a promise is written to build/fuzz/TARGET-crash-...; once it is mended, it belongs into corpus/TARGET.

Prints TAP."""

import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "fuzz"
RUNS = {"mustache": 8000, "letter": 2000, "input": 15000}
NAMES = ["Мария Иванова", "*Bob* <script>", "a) [b](javascript:c", "\u202ex\r\ny"]
DATA = '{"client": {"name": "Мария", "salutation": ""}, "trip": {"destination": "<b>"}, "agency": {"phone": "+7 (1)"}}'


def seeds(target, folder):
    for path in (ROOT / "tests" / "fuzz" / "corpus" / target).glob("*"):
        (folder / path.name).write_bytes(path.read_bytes())
    if target == "input":
        (folder / "playbook").write_bytes(b"p" + (ROOT / "templates" / "playbook.json").read_bytes())
        for path in (ROOT / "templates" / "gateways").glob("*.json"):
            (folder / path.name).write_bytes(b"g" + path.read_bytes() + b"\0 0: Accepted for delivery")
    for i, path in enumerate(sorted((ROOT / "templates").glob("*/**/*.*"))):
        text = path.read_bytes()
        if target == "mustache" and path.suffix in (".md", ".txt", ".html"):
            kind = {".md": b"y", ".txt": b"x", ".html": b"z"}[path.suffix]  # see fuzz_mustache.c: lenient
            (folder / ("shipped-%d" % i)).write_bytes(kind + text + b"\0" + DATA.encode())
        elif target == "letter" and "letters" in path.parts:
            (folder / ("shipped-%d" % i)).write_bytes(NAMES[i % len(NAMES)].encode() + b"\0" + text)


def fuzz(target, seconds):
    """None, or what was said when it failed."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        (work / "seeds").mkdir()
        seeds(target, work / "seeds")
        count = len(list((work / "seeds").iterdir()))
        how = ["-max_total_time=%d" % seconds] if seconds else ["-seed=1", "-runs=%d" % RUNS[target]]
        run = subprocess.run(
            [BUILD / target, *how, "-max_len=%d" % (30000 if target == "input" else 5000), "-timeout=20", "-rss_limit_mb=2048", "-print_final_stats=1",
             "-dict=%s" % (ROOT / "tests" / "fuzz" / "templates.dict"), "-artifact_prefix=%s/%s-" % (BUILD, target),
             work / "seeds"],
            cwd=work, capture_output=True, text=True, errors="replace",
            env={"PATH": "/usr/bin:/bin", "HOME": str(work), "TMPDIR": str(work)})
    if run.returncode != 0:
        return run.stdout + run.stderr[-4000:]
    done = int(next(line.rsplit(":", 1)[1] for line in run.stderr.splitlines() if "number_of_executed_units" in line))
    print("# %s: %d seeds, %d inputs" % (target, count, done))
    return None if done >= min(RUNS[target], count) else "only %d inputs were tried" % done


def main():
    seconds = int(sys.argv[2]) if sys.argv[1:2] == ["--seconds"] else 0
    print("1..%d" % len(RUNS), flush=True)
    failed = 0
    for i, target in enumerate(RUNS, 1):
        fault = fuzz(target, seconds)
        failed += fault is not None
        print("%sok %d - %s keeps its promises" % ("not " if fault else "", i, target))
        for line in (fault or "").splitlines():
            print("# " + line)
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
